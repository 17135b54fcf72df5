//! What codemods report: units, and candidates that are left with a typed reason.

use ruff_text_size::TextRange;

use crate::edit::Edit;
use crate::helper::Helper;
use crate::python::PythonVersion;
use crate::semantic::NodeId;

/// The family of all exceptions: of a unit that raises in groups what it raised one by one, as a `TaskGroup` does.
pub const ANY_EXCEPTION: &str = "*";

/// A file of the project: an index into [`crate::index::Project::files`], in sorted path order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A function of the project: its file, and its number in source order within that file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId {
    /// The file that holds the function.
    pub file: FileId,
    /// 0-based, in source order of the `def` (or `lambda`).
    pub index: u32,
}

/// Why a candidate is left alone. Each reason is a `static`, declared where the rule lives (the engine or a codemod),
/// so that reasons are typed and a test can list them all.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable kebab-case name, shown in brackets after the message and in JSON.
    pub code: &'static str,
    /// What is in the way, and why that matters: one sentence, no full stop.
    pub message: &'static str,
    /// What the user can do about it: one sentence in the imperative, no full stop.
    pub help: &'static str,
}

/// A candidate that stays as it is.
#[derive(Clone, Debug)]
pub struct Skip {
    /// The codemod that looked at it.
    pub codemod: &'static str,
    /// The file that holds it.
    pub file: FileId,
    /// The span of the candidate, in bytes of the decoded text.
    pub range: TextRange,
    /// The typed reason.
    pub reason: &'static Reason,
    /// What exactly, where the reason is general (a name, a keyword, a place).
    pub detail: Option<String>,
}

/// How far a unit keeps the observable behaviour. Refusals are [`Skip`]s, not units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Same observable behaviour: taken by default.
    Safe,
    /// The codemod declares in its README how its idiom differs: taken with `--unsafe`, or when `--select` names the
    /// codemod.
    Declared,
    /// May differ, and the notes say how: taken with `--unsafe` only.
    Unsafe,
}

/// Something the user should know about a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The span it is about, in bytes.
    pub range: TextRange,
    /// One sentence.
    pub text: String,
}

/// An import that the new code needs. Codemods never write import statements; [`crate::importer`] does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImportRequest {
    /// `import module`
    Module(&'static str),
    /// `from module import name`
    Name {
        /// The module to import from.
        module: &'static str,
        /// The name to import.
        name: &'static str,
    },
}

/// A place where the colour module writes `async` or `await`. Codemods report these; only [`crate::colour`] writes them.
/// Nodes are numbered by position, so a site outlives the tree that it was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColourSite {
    /// `EXPR` -> `await EXPR`.
    Await {
        /// The expression.
        node: NodeId,
    },
    /// One item of a `with` statement becomes an item of `async with`.
    WithItem {
        /// The `with` statement.
        statement: NodeId,
        /// The 0-based item.
        item: u32,
    },
    /// `for` -> `async for`.
    For {
        /// The `for` statement or the comprehension's clause.
        node: NodeId,
    },
    /// `for i, x in enumerate(g()):` over an async generator: an `async for` over that, which counts in its body.
    Counted {
        /// The `for` statement.
        node: NodeId,
    },
    /// A `for` statement over an async generator that cleans up: `async with aclosing(g()) as items:` and an `async for` in
    /// it, so that a loop that is left early closes the generator at once.
    Closing {
        /// The `for` statement.
        node: NodeId,
    },
    /// `def` -> `async def`.
    Def {
        /// The function.
        node: NodeId,
    },
    /// `main()` -> `asyncio.run(main())`.
    Run {
        /// The call.
        node: NodeId,
    },
    /// The body of `if __name__ == "__main__":` becomes `async def main()`, which is run there.
    Main {
        /// The `if` statement.
        node: NodeId,
    },
    /// `asyncio.run(f())` in the body of a main guard that becomes `async def main()`: `await f()`.
    Joined {
        /// The call of `asyncio.run`.
        call: NodeId,
    },
    /// The statements of a script from one to another become `async def main()`, which is run there.
    Script {
        /// The first statement.
        first: NodeId,
        /// The last one.
        last: NodeId,
    },
    /// The body of an entry point becomes an `async def` beside it, and the function runs that with `asyncio.run`.
    Split {
        /// The function.
        node: NodeId,
    },
    /// `@pytest.mark.asyncio` on a test that becomes async.
    PytestMark {
        /// The function.
        node: NodeId,
        /// `@pytest.mark.anyio`.
        is_anyio: bool,
        /// All tests run in one event loop, for a fixture that they share.
        is_shared: bool,
    },
    /// `@pytest.fixture` -> `@pytest_asyncio.fixture`.
    Fixture {
        /// The expression of the decorator, without arguments.
        decorator: NodeId,
        /// All tests run in one event loop, for a fixture that they share.
        is_shared: bool,
    },
    /// `unittest.TestCase` -> `unittest.IsolatedAsyncioTestCase`.
    TestCase {
        /// The base class.
        base: NodeId,
    },
    /// `setUp` -> `asyncSetUp`, and the calls of the one of the base class in it.
    TestHook {
        /// The function.
        node: NodeId,
    },
    /// A generator expression that is the argument of an eager consumer gets brackets: `sum([...])`.
    ListBrackets {
        /// The generator expression.
        generator: NodeId,
    },
    /// `any(...)` or `all(...)` over a generator expression becomes a loop that stops at the first element that decides.
    Search {
        /// The generator expression.
        generator: NodeId,
    },
    /// `list(map(f, values))` -> `[await f(item) for item in values]`.
    Mapped {
        /// The call of `map` or `filter`.
        call: NodeId,
    },
    /// `self.assertRaises(E, f, x)` -> `with self.assertRaises(E): await f(x)`, on two lines.
    Raised {
        /// The call.
        call: NodeId,
    },
    /// What an async generator yields, where a consumer takes all of it: `sum(g())` -> `sum([item async for item in g()])`.
    Collect {
        /// The call of the generator.
        call: NodeId,
    },
    /// `yield from values` -> `for item in values: yield item`, on two lines.
    Delegate {
        /// The statement.
        statement: NodeId,
    },
    /// `@contextmanager` -> `@asynccontextmanager`.
    ContextManager {
        /// The expression of the decorator.
        decorator: NodeId,
    },
    /// `f(x)` -> `asyncio.to_thread(f, x)`, which [`Self::Await`] awaits.
    ToThread {
        /// The call.
        call: NodeId,
    },
    /// The annotated result of a generator: `Iterator[T]` -> `AsyncIterator[T]`.
    Yields {
        /// The annotation.
        annotation: NodeId,
    },
    /// The type of a place that functions flow to which become async: `Callable[[A], T]` -> `Callable[[A], Awaitable[T]]`.
    Callable {
        /// The subscript `Callable[...]`.
        annotation: NodeId,
    },
    /// A special method becomes its async counterpart: `__enter__` -> `__aenter__`, where it is defined or called by name.
    Special {
        /// The function, or the call.
        node: NodeId,
    },
    /// `next(rows)` -> `anext(rows)`, `rows.close()` -> `rows.aclose()`.
    Advance {
        /// The call.
        call: NodeId,
    },
    /// `StopIteration` -> `StopAsyncIteration`.
    StopIteration {
        /// The name.
        name: NodeId,
    },
    /// A property becomes a method: its decorator goes.
    Property {
        /// The function.
        node: NodeId,
    },
    /// A property that has become a method is called: `x.size` -> `x.size()`.
    Invoke {
        /// The attribute.
        node: NodeId,
    },
    /// `__init__` becomes `async def create`, a class method.
    Create {
        /// The function.
        node: NodeId,
    },
    /// `C(...)` -> `C.create(...)`.
    Constructed {
        /// The call.
        call: NodeId,
    },
    /// `ExitStack()` -> `AsyncExitStack()`.
    Stack {
        /// The call.
        call: NodeId,
    },
    /// `Mock(...)` -> `AsyncMock(...)`.
    AsyncMock {
        /// The call.
        call: NodeId,
    },
    /// A method of an exit stack that has an async counterpart: `enter_context` -> `enter_async_context`.
    StackMethod {
        /// The call.
        call: NodeId,
    },
}

impl ColourSite {
    /// The node that the site is about, and a number that orders sites of one node.
    pub fn order(&self) -> (NodeId, u32) {
        match *self {
            Self::Await { node } => (node, 0),
            Self::WithItem { statement, item } => (statement, 1 + item),
            Self::For { node }
            | Self::Closing { node }
            | Self::Counted { node }
            | Self::Def { node }
            | Self::Run { node }
            | Self::Main { node }
            | Self::Split { node } => (node, 0),
            Self::Script { first, .. } => (first, 2),
            Self::ListBrackets { generator } => (generator, 0),
            Self::PytestMark { node, .. } => (node, 1),
            Self::TestHook { node } => (node, 2),
            Self::Fixture { decorator, .. } => (decorator, 1),
            Self::TestCase { base } => (base, 0),
            Self::Search { generator } => (generator, 1),
            Self::Collect { call } | Self::Mapped { call } | Self::Raised { call } => (call, 0),
            Self::Delegate { statement } => (statement, 0),
            Self::ContextManager { decorator } => (decorator, 0),
            Self::ToThread { call } => (call, 3),
            Self::Yields { annotation } | Self::Callable { annotation } => (annotation, 0),
            Self::Special { node } => (node, 2),
            Self::Advance { call } => (call, 3),
            Self::StopIteration { name } => (name, 0),
            Self::Property { node } => (node, 5),
            Self::Invoke { node } => (node, 6),
            Self::Create { node } => (node, 7),
            Self::Constructed { call } => (call, 8),
            Self::Stack { call } | Self::Joined { call } | Self::AsyncMock { call } => (call, 3),
            Self::StackMethod { call } => (call, 4),
        }
    }
}

/// What holds an awaited site: it must be async, or become so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A function or lambda.
    Function(FunctionId),
    /// The module level of a file.
    Module(FileId),
    /// A statement at module level that can become part of the function with which the program begins: a number among those
    /// of the module's body.
    Statement(FileId, u32),
    /// A class body of a file.
    Class(FileId),
}

/// A change to the project's dependencies that a unit brings. The files themselves are the user's to edit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dependency {
    /// The distribution to add.
    Add(&'static str),
    /// The distribution that may go, once nothing else imports it.
    MayDrop(&'static str),
}

/// A call whose value leaves the function that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Given {
    /// The call.
    pub call: NodeId,
    /// What the codemod wants to know of it where its value is used.
    pub is_marked: bool,
}

/// The test doubles that a unit migrates.
#[derive(Clone, Debug, Default)]
pub struct Doubling {
    /// Their spans, by file, so that they are not taken for ones that go stale.
    pub spans: Vec<(FileId, TextRange)>,
    /// The decorators that put some in place and do not await a coroutine function, while what replaces them does.
    pub decorators: Vec<(FileId, TextRange)>,
    /// Of those that take the place of single calls.
    pub of_calls: Option<OfCalls>,
}

/// Doubles that take the place of single calls, and make up what these give.
#[derive(Clone, Copy, Debug)]
pub struct OfCalls {
    /// Whether some look at the arguments of the calls.
    pub sees_arguments: bool,
    /// What all of them are told of the responses that they give.
    pub told: Told,
}

/// What a mock in the place of a call would tell: where the new code differs in more than the name of what it calls.
#[derive(Clone, Debug, Default)]
pub struct Reshaped {
    /// A call of another method: a mock of the old one would not be called.
    pub method: Option<(FileId, TextRange)>,
    /// A call that gets other arguments.
    pub arguments: Option<(FileId, TextRange)>,
    /// Where other names of what a call gives are read, and what a mock must be told for it.
    pub responses: Vec<(FileId, TextRange, Told)>,
}

impl Reshaped {
    /// Takes in what another unit reshapes.
    pub fn absorb(&mut self, other: Self) {
        self.method = self.method.or(other.method);
        self.arguments = self.arguments.or(other.arguments);
        self.responses.extend(other.responses);
    }

    /// The first place that doubles of single calls would tell, and what is other there.
    pub fn told_by(&self, doubles: &OfCalls) -> Option<(FileId, TextRange, &'static str)> {
        let method = self
            .method
            .map(|(file, range)| (file, range, "another method is called"));
        let arguments = self.arguments.filter(|_| doubles.sees_arguments);
        let arguments = arguments.map(|(file, range)| (file, range, "other arguments are passed"));
        let asked = self.responses.iter();
        let responses = asked
            .filter(|(.., told)| !doubles.told.has(*told))
            .map(|&(file, range, _)| (file, range, "the response is asked for another attribute"));
        let first = responses.min_by_key(|(file, range, _)| (*file, range.start()));
        method.or(arguments).or(first)
    }
}

/// What a mock is told of the response that it stands for, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told(u8);

impl Told {
    /// Nothing is known of it.
    pub const NOTHING: Self = Self(0);
    /// It is a mock, which has an attribute of every name.
    pub const MOCK: Self = Self(1);
    /// Whether it is an error.
    pub const OK: Self = Self(2);
    /// The phrase of its status.
    pub const REASON: Self = Self(4);
    /// Its URL.
    pub const URL: Self = Self(8);
    /// All of these.
    pub const ALL: Self = Self(15);
    /// What no mock is told.
    pub const OTHER: Self = Self(16);

    /// Whether all of another set is in this one.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl std::ops::BitOr for Told {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Told {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl std::ops::BitAnd for Told {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl std::ops::BitAndAssign for Told {
    fn bitand_assign(&mut self, other: Self) {
        *self = *self & other;
    }
}

/// Sites that only make sense together. Invariant: taken whole or left whole, across files.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The codemod that reported it.
    pub codemod: &'static str,
    /// The file of the anchor. Edits may lie in other files.
    pub file: FileId,
    /// The anchor: the span to show the user (the first call, the `with` statement ...).
    pub range: TextRange,
    /// What holds an awaited site: each must be async.
    pub needs_async: Vec<Holder>,
    /// The textual edits, by file. None of them writes `async` or `await`.
    pub edits: Vec<(FileId, Edit)>,
    /// Where `async` and `await` go, by file.
    pub colour: Vec<(FileId, ColourSite)>,
    /// The imports that the new code needs, by file.
    pub imports: Vec<(FileId, ImportRequest)>,
    /// The functions that the new code calls and no library has, by file.
    pub helpers: Vec<(FileId, &'static Helper)>,
    /// Spans of name references that the edits remove: an import that loses its last reference goes.
    pub released: Vec<(FileId, TextRange)>,
    /// Spans of such references, and the import whose name takes the place of each: one from the same module can stand where
    /// the old one stood.
    pub successions: Vec<(FileId, TextRange, ImportRequest)>,
    /// Spans of attribute chains that the edits replace while their first name stays: `httpx.get`. What patches one by name
    /// would go stale.
    pub renamed: Vec<(FileId, TextRange)>,
    /// Byte strings that show, in another file, a test double of what it replaces.
    pub doubles: &'static [&'static str],
    /// For a unit that migrates the test doubles of its file. It is taken with the code that the file comes to, or not at
    /// all.
    pub doubling: Option<Doubling>,
    /// What a mock would tell.
    pub reshaped: Reshaped,
    /// Functions all of whose uses it has seen in their file: each with that file, and its name. Another file that has one of
    /// these words may use the function as well.
    pub confined: Vec<(FileId, String)>,
    /// The module at the root of the exceptions that its functions no longer raise, or [`ANY_EXCEPTION`].
    pub stops_raising: Option<&'static str>,
    /// Functions that raise them no longer though nothing in them is awaited: they are given what raises.
    pub raised_in: Vec<FunctionId>,
    /// The statements elsewhere whose handlers the unit maps from the old exceptions to the new ones, by file.
    pub handlers: Vec<(FileId, NodeId)>,
    /// The calls whose values it follows by itself, inside one function.
    pub made: Vec<NodeId>,
    /// Calls of methods on values that the unit knows, which no function of the project is behind, whatever it is called.
    pub foreign: Vec<(FileId, NodeId)>,
    /// Calls of `next` that become awaited calls of `anext`, each with its function: what ends them may leave a coroutine,
    /// unlike StopIteration.
    pub nexts: Vec<(FunctionId, NodeId)>,
    /// The calls whose values leave the functions that make them, by file: what becomes of those elsewhere is a part of the
    /// unit (see [`crate::values`]).
    pub gives: Vec<(FileId, Given)>,
    /// The expressions that give such a value and whose uses the unit has seen to.
    pub seen: Vec<(FileId, NodeId)>,
    /// Why it turns no function async by itself, though its codemod does: it is taken where functions are async anyway.
    pub follows: Option<&'static Reason>,
    /// What to add to or drop from the dependencies.
    pub dependencies: Vec<Dependency>,
    /// The lowest Python that can run the result.
    pub min_python: PythonVersion,
    /// Whether it is taken by default.
    pub safety: Safety,
    /// What the user should know.
    pub notes: Vec<Note>,
}
