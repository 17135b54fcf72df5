//! The call graph of a project: functions, classes, call sites, and uses of functions as values.
//!
//! [`facts`] reads one file and keeps owned facts, with everything resolved that the file itself can tell. [`resolve`] joins
//! the facts of all files: names through imports and re-exports, methods through bases and overrides.

pub mod arity;
pub mod facts;
mod lookup;
pub(crate) mod names;
pub mod place;
pub mod project;
pub mod resolve;
pub mod values;
pub(crate) mod work;

use ruff_text_size::{TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use place::{Annotated, Escape, PlaceFlow};

use crate::semantic::{NodeId, Runner};
use crate::unit::{ColourSite, FileId, Reason};
use arity::Arity;

/// What a file tells about its functions, classes and calls.
#[derive(Clone, Debug, Default)]
pub struct FileFacts {
    /// Whether the file is read and never changed: it is generated, or not among those to migrate.
    pub is_fixed: bool,
    /// The functions and lambdas, numbered as in [`crate::semantic::Scopes::functions`].
    pub functions: Vec<Function>,
    /// The classes, in source order.
    pub classes: Vec<Class>,
    /// The calls that may be of a function of the project, in source order. Calls of builtins and of modules that are not
    /// part of the project are left out.
    pub calls: Vec<Call>,
    /// What calls of methods give, where nothing leaves that open, by the node of the call.
    pub given: FxHashMap<NodeId, arity::Given>,
    /// The places where a function of the project may be used other than by calling it.
    pub values: Vec<Value>,
    /// What flows where as a value.
    pub place_flows: Vec<PlaceFlow>,
    /// The annotations of places that say `Callable[[A], T]`, each with that.
    pub callables: Vec<(Annotated, NodeId)>,
    /// The variables and parameters that are used in ways that are not followed, each once.
    pub escapes: Vec<Escape>,
    /// The classes of this file that are used as values, as what flows into places sees it.
    pub place_classes: Vec<Target>,
    /// The variables at module level, by name: numbers as in [`place::Place::Variable`].
    pub globals: Vec<(String, u32)>,
    /// The places where a member is looked up by a name that is made at run time.
    pub lookups: Vec<Lookup>,
    /// Where tests ask for a fixture by a name: the name, if it is written there, and the 1-based line.
    pub fixture_lookups: Vec<(Option<String>, u32)>,
    /// The 1-based line of a mark that has tests share one event loop.
    pub shared_loop: Option<u32>,
    /// The 1-based line of an async test or fixture that has an event loop of its own.
    pub own_loop: Option<u32>,
    /// Whether it marks tests for the plugin of anyio.
    pub marks_anyio: bool,
    /// The functions that decorate others in a way that can be followed, by their number.
    pub decorating: FxHashMap<u32, Decorating>,
    /// What test doubles take the place of.
    pub doubles: Vec<Double>,
    /// What the examples in docstrings name.
    pub mentions: Vec<Mention>,
    /// The main guards.
    pub guards: Vec<Guard>,
    /// The statements at module level, in order, and what becomes of each where a script becomes one function.
    pub statements: Vec<(NodeId, Moving)>,
    /// Whether code at module level, outside of the guards, runs an event loop.
    pub runs_loop: bool,
    /// What the module's top-level names are.
    pub names: Vec<(String, Target)>,
    /// The classes of module-level variables: `client = Client()`, `app = FastAPI()`.
    pub variables: Vec<(String, Type)>,
    /// Other names of types at module level: `Session = Client | None`, `C = TypeVar("C", bound=Client)`.
    pub aliases: Vec<(String, Type)>,
    /// The modules of `from module import *`, absolute.
    pub star_imports: Vec<String>,
    /// Whether it changes where modules are looked for, so that its imports may be of files in any folder.
    pub moves_search_path: bool,
    /// The attributes that are set on anything but `self`.
    pub stored_elsewhere: Vec<Stored>,
    /// The names of arguments that give something to call to code outside of the project, which may make members of them:
    /// `SimpleNamespace(fetch=load)`.
    pub given_by_name: Vec<String>,
    /// The classes that are used other than by calling them, as a base or to look at an object's class.
    pub classes_as_values: Vec<Target>,
    /// The objects of the project that code outside of it is handed.
    pub handed: Vec<Handed>,
    /// Where instances of the project's classes, and the classes themselves, go.
    pub flows: Vec<Flow>,
    /// Where functions name a command line application of this file (`app = typer.Typer()`): they may run its commands.
    pub app_uses: Vec<AppUse>,
    /// Tables over what stands above.
    pub lookup: lookup::Lookup,
}

/// `value.name = given`, where the value is not `self`.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The class of the value.
    pub receiver: Option<Type>,
    /// The attribute.
    pub name: String,
    /// What it is set to.
    pub given: Given,
}

/// An object that code outside of the project is handed: `print(file=stream)`, `sys.stdout = stream`.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Its class.
    pub of: Type,
    /// The span of the expression.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
}

/// What a place is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A value of this class.
    Type(Type),
    /// `None`, or nothing.
    Nothing,
    /// Anything.
    Unknown,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct GivenArgument {
    /// Its name, if it has one.
    pub keyword: Option<String>,
    /// `*arguments` or `**arguments`.
    pub is_starred: bool,
    /// What it is.
    pub given: Given,
}

impl FileFacts {
    /// The call that is written at a node: its number in [`Self::calls`].
    pub fn call_at(&self, node: NodeId) -> Option<usize> {
        let at = self.calls.partition_point(|call| call.node < node);
        // What Python calls by itself there stands behind it.
        let call = self.calls.get(at)?;
        (call.node == node && !call.is_implicit && !call.is_indirect).then_some(at)
    }
}

/// A function names a command line application.
#[derive(Clone, Debug)]
pub struct AppUse {
    /// The name that is read.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What runs the code.
    pub runner: Runner,
}

/// A function or lambda.
#[derive(Clone, Debug)]
pub struct Function {
    /// The node of the `def` or `lambda`.
    pub node: NodeId,
    /// The last name; `<lambda>` for a lambda that has none.
    pub name: String,
    /// The dotted name within the module.
    pub qualified_name: String,
    /// The span of the header: from the first decorator to the colon.
    pub header: TextRange,
    /// 1-based line of the header.
    pub line: u32,
    /// `async def`.
    pub is_async: bool,
    /// Whether its body yields.
    pub is_generator: bool,
    /// Whether it is a lambda that cannot become a function with a name.
    pub is_lambda: bool,
    /// Whether it is a lambda that can become a function before its statement, which has a name of its own.
    pub lifts: bool,
    /// The call that is all that a lambda does.
    pub hands_on: Option<NodeId>,
    /// The class in whose body it stands directly: a number in [`FileFacts::classes`].
    pub class: Option<u32>,
    /// The function in whose body it stands, at whatever depth of classes.
    pub outer: Option<u32>,
    /// Its decorators.
    pub decorators: Vec<Decorator>,
    /// What it returns, where an annotation or every `return` says the same class.
    pub returns: Option<Type>,
    /// What a call of it gives: [`Self::returns`], if it is no coroutine function and its decorators leave the result as
    /// it is.
    pub result: Option<Type>,
    /// For a context manager of `contextlib`: what `with` gets of it.
    pub enters: Option<Type>,
    /// Whether an annotation says what it returns.
    pub is_annotated: bool,
    /// A method whose every `return` gives `self`, or in a class method `cls(...)`.
    pub returns_self: bool,
    /// What keeps it sync, if the user says so.
    pub pin: Option<Pin>,
    /// `return value` in a generator, `send`-style use of `yield` values: it cannot become an async generator.
    pub generator_result: bool,
    /// A generator that yields inside `try` or `with`: left early, an async one cleans up later.
    pub generator_cleanup: bool,
    /// The statements `yield from values`.
    pub delegations: Vec<NodeId>,
    /// The annotation of a generator's result, if it has an async counterpart.
    pub yields: Option<NodeId>,
    /// The annotation of a generator's result says something that has no known async counterpart.
    pub stale_annotation: bool,
    /// `@contextlib.contextmanager`: the decorator's expression, or why it cannot be `asynccontextmanager`.
    pub context_manager: Option<Result<NodeId, &'static Reason>>,
    /// The names that the two sites above replace.
    pub releases: Vec<String>,
    /// The `@overload` signatures of it: numbers of functions.
    pub signatures: Vec<u32>,
    /// It is such a signature. If it describes a generator, it counts as one.
    pub is_signature: bool,
    /// It runs an event loop (`asyncio.run`), which a running loop forbids.
    pub runs_loop: bool,
    /// It forks the process itself.
    pub forks: bool,
    /// It calls gevent or eventlet, whose loop goes on in the same thread.
    pub greenlets: bool,
    /// Its body can become that of an async function beside it, which it runs.
    pub can_split: bool,
    /// `@pytest.fixture`.
    pub fixture: Option<Fixture>,
    /// A mark on it, on its class or on its module has a plugin of pytest await it.
    pub is_marked: bool,
    /// The line where it handles Ctrl-C, which does not reach a coroutine.
    pub interrupt: Option<u32>,
    /// What others may see of it, or must not, if it ran in a thread: the first such line of its code, and what it does
    /// there. What it calls of the project is not looked at.
    pub thread: Option<(u32, &'static str)>,
    /// What it does, itself, that goes wrong in any thread but the event loop's: the first such line, and what it does there.
    pub bound: Option<(u32, &'static str)>,
    /// It raises StopIteration: it cannot become a coroutine.
    pub stop_iteration: bool,
    /// Its bare calls `next(...)` outside of a handler for StopIteration: it cannot become a coroutine with them.
    pub nexts: Vec<NodeId>,
    /// In a `__next__` method: the names `StopIteration` that it raises.
    pub stops: Vec<NodeId>,
    /// Its parameters, without `*args` and `**kwargs`, in order.
    pub parameters: Vec<Parameter>,
    /// What calls it takes, where its decorators leave that as it is.
    pub arity: Option<Arity>,
    /// A property that a method can replace: nothing but its decorator's line must go.
    pub is_property: bool,
    /// For an `__init__`: whether it can move into a class method that makes the instance, or why not.
    pub creates: Option<Result<(), &'static str>>,
    /// Whether every use of `self` in it is seen. True for what is no method, and for static ones.
    pub tracks_self: bool,
}

impl Function {
    /// Whether StopIteration may leave the function were it a coroutine, apart from these calls of `next`.
    pub fn may_stop(&self, file: FileId, nexts: &FxHashSet<(FileId, NodeId)>) -> bool {
        self.stop_iteration
            || self
                .nexts
                .iter()
                .any(|&call| !nexts.contains(&(file, call)))
    }
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its variable, as in [`place::Place::Variable`].
    pub variable: u32,
    /// Whether only a keyword can give it.
    pub is_keyword_only: bool,
    /// Whether only a position can give it.
    pub is_positional_only: bool,
    /// Its default.
    pub default: Given,
    /// The class of its values, if it is known.
    pub type_: Option<Type>,
    /// Whether it is what a fixture of its name gives, and nothing else, whatever its annotation says.
    pub is_fixture: bool,
}

/// What keeps a function sync because the user says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// A `keep-sync` comment.
    Comment,
    /// This name or pattern of `keep-sync` in the settings.
    Setting(String),
    /// It is a public name of the library, and `public-api` keeps those.
    PublicApi,
}

/// A function that pytest calls for what it gives to tests.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The parameter by which it is taken.
    pub name: String,
    /// What is given, if its class is known.
    pub gives: Option<Type>,
    /// What stands behind the `@`, without arguments (nothing if it is pytest-asyncio's already), or why that cannot become
    /// pytest-asyncio's.
    pub decorator: Result<Option<NodeId>, &'static str>,
    /// Whether several tests share what it gives: its scope is wider than a function.
    pub is_wide: bool,
}

/// A decorator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decorator {
    /// The span of the expression.
    pub range: TextRange,
    /// What the decorator (or the function that makes it: `retry` in `@retry(3)`) is.
    pub target: Target,
    /// Whether it is called: `@retry(3)`.
    pub is_called: bool,
}

/// What a function does with the functions that it decorates. Nothing else becomes of them than is told here: they are
/// called, looked at and given back, or flow on from a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decorating {
    /// It can stand as `@decorator`.
    pub is_plain: bool,
    /// It can stand as `@decorator(...)`: it makes the decorator.
    pub is_factory: bool,
    /// The functions that it gives back instead of the decorated one, by their numbers in the same file. None if it gives
    /// back the decorated one itself, or has a wrapper for coroutine functions already.
    pub wrappers: Vec<u32>,
    /// The calls of the decorated function: numbers in [`FileFacts::calls`].
    pub calls: Vec<u32>,
    /// The attributes that it sets on its wrappers.
    pub attributes: Vec<String>,
    /// The parameter through which what it decorates flows on: it keeps it somewhere, and gives it back. Its variable, as in
    /// [`place::Place::Variable`].
    pub keeps: Option<u32>,
}

/// A class.
#[derive(Clone, Debug)]
pub struct Class {
    /// The node of the `class`.
    pub node: NodeId,
    /// The dotted name within the module.
    pub qualified_name: String,
    /// The bases, in order. A base that is no name is [`Target::Unknown`].
    pub bases: Vec<Target>,
    /// For each of the bases, its node, if another class can be named there.
    pub base_nodes: Vec<Option<NodeId>>,
    /// The methods: name and number of the function. The last definition of a name wins; overloads are in
    /// [`Self::overloads`].
    pub methods: Vec<(String, u32)>,
    /// Other definitions of the same names (`@overload`, `@x.setter`, conditional ones).
    pub overloads: Vec<(String, u32)>,
    /// The types of attributes: of `self.x = C()`, `self.x: C`, `x: C` in the body, `self.x = parameter` with an annotated
    /// parameter. An attribute with several types is left out.
    pub attributes: Vec<(String, Type)>,
    /// The attributes that are set, but not to values of one known class.
    pub untyped: Vec<String>,
    /// The attributes that its `__init__` sets whatever happens: what is read of an instance is no method then.
    pub assigned: Vec<String>,
    /// Whether it has a metaclass or another class keyword.
    pub has_keywords: bool,
    /// Whether a unit replaces its base outside of the project by the async counterpart of that.
    pub is_converted: bool,
}

/// What a name or attribute chain is, as far as one file can tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A function of this file.
    Function(u32),
    /// A class of this file.
    Class(u32),
    /// Something imported: a dotted path. Builtins are `builtins.NAME`. What follows the name of a function, class or
    /// variable in it is a chain of attributes: `pkg.app.client.fetch` may be a method of the variable `client`, and
    /// `pkg.tasks.send.delay` is a use of the function `send` as a value.
    Path(String),
    /// Cannot be told.
    Unknown,
}

/// The class of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// An instance of a class of this file.
    Class(u32),
    /// An instance of what a dotted path names: of the project, or foreign where an annotation says so (a subclass in
    /// the project may be behind that). A call of a name in capitals counts as one of a class, so the path may turn out to
    /// be a function.
    Path(String),
    /// What a call gives, which other files tell.
    Returned(Box<Callee>),
    /// What the fixture of this name gives: that of the file, or of a `conftest.py` above it.
    Fixture(String),
    /// The attribute of a value, which other files tell.
    Attribute(Box<Type>, String),
    /// One of these.
    Either(Vec<Type>),
    /// What callers give for a parameter without an annotation: the numbers of the function of this file and of the
    /// parameter. Nobody can list the callers for sure.
    Parameter(u32, u32),
    /// What a method of a foreign object gives, by its path. Such objects may hand out some of the project.
    Made(String),
}

impl Type {
    /// Whether only other files can tell the class.
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Returned(_)
                | Self::Fixture(_)
                | Self::Attribute(..)
                | Self::Either(_)
                | Self::Parameter(..)
                | Self::Made(_)
        )
    }

    /// Whether it rests on what callers or foreign objects give, which nobody can tell for sure.
    pub fn is_given(&self) -> bool {
        match self {
            Self::Class(_) | Self::Path(_) | Self::Fixture(_) => false,
            Self::Returned(callee) => match callee.as_ref() {
                Callee::Method { receiver, .. } => receiver.is_given(),
                _ => false,
            },
            Self::Attribute(of, _) => of.is_given(),
            Self::Either(types) => types.iter().any(Self::is_given),
            Self::Parameter(..) | Self::Made(_) => true,
        }
    }

    /// How many steps lead to the class.
    pub fn depth(&self) -> usize {
        match self {
            Self::Class(_)
            | Self::Path(_)
            | Self::Fixture(_)
            | Self::Parameter(..)
            | Self::Made(_) => 0,
            Self::Returned(callee) => match callee.as_ref() {
                Callee::Method { receiver, .. } => 1 + receiver.depth(),
                _ => 1,
            },
            Self::Attribute(of, _) => 1 + of.depth(),
            Self::Either(types) => 1 + types.iter().map(Self::depth).max().unwrap_or(0),
        }
    }
}

/// What a call calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A function or class by name.
    Target(Target),
    /// A method of a value whose class is known (`self.m()`, `client.m()`), or of a class itself (`Client.m(...)`). The
    /// value may be of a subclass. Where the class has no such method, it is an attribute or a method of a subclass:
    /// then it is as good as [`Self::UnknownMethod`]. Private names are mangled, here and in [`Class::methods`].
    Method {
        /// The class of the receiver.
        receiver: Type,
        /// The method's name.
        name: String,
    },
    /// `super().m()` in a method of this class.
    Super {
        /// The class that the call stands in.
        class: u32,
        /// The method's name.
        name: String,
    },
    /// A callable outside of the project that counts ([`facts::Outlook::is_seed`]), by its dotted path.
    Foreign(String),
    /// A method of a value of unknown class.
    UnknownMethod {
        /// The method's name.
        name: String,
    },
    /// A call of a local value: a parameter, a variable, the result of an expression.
    UnknownValue,
}

/// One call site.
#[derive(Clone, Debug)]
pub struct Call {
    /// The call.
    pub node: NodeId,
    /// Its span.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What runs it.
    pub runner: Runner,
    /// What it calls.
    pub callee: Callee,
    /// Whether a method is called on its class, so that the first argument is the object.
    pub is_unbound: bool,
    /// What it is given.
    pub arguments: Vec<GivenArgument>,
    /// Where `await` goes, or why it cannot.
    pub placement: Result<Vec<ColourSite>, &'static Reason>,
    /// Where `await` goes once the lambda that it stands in is a function, if that [lifts](Function::lifts).
    pub lifted: Option<Vec<ColourSite>>,
    /// How its result is used.
    pub usage: Usage,
    /// Whether its result, or a part of it, goes where it is not followed.
    pub escapes: bool,
    /// What is called makes it (`map`, once for each element; `assertRaises`, once): the node is the call of that.
    pub is_indirect: bool,
    /// The method that makes it, which may be one of the project that does something else.
    pub made_by: Option<Callee>,
    /// It is a statement of its own: its result goes nowhere.
    pub is_dropped: bool,
    /// What to write where the result is an async generator or an async context manager, or why that cannot be. `None` where
    /// the usage is no known one of either.
    pub consumed: Option<Result<Vec<ColourSite>, &'static Reason>>,
    /// The same for an async generator that cleans up: it is closed where it is left. `None` where nothing can do that.
    pub closing: Option<Result<Vec<ColourSite>, &'static Reason>>,
    /// Whether an `await` here would part a read of shared state from the write that depends on it.
    pub is_race: bool,
    /// Whether it can be handed to a thread as it is written: a plain callee, and arguments that are evaluated at once.
    pub can_thread: bool,
    /// A comment says that no thread is wanted here.
    pub keeps_blocking: bool,
    /// Whether it may run more than once in one run of what holds it.
    pub in_loop: bool,
    /// For a call at module level: how the program comes to it.
    pub entry: Option<Entry>,
    /// Python calls the special method itself: `with x` calls `__enter__` and `__exit__`.
    pub is_implicit: bool,
}

/// How a program comes to a call at module level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The main guard that it stands in: a number in [`FileFacts::guards`].
    pub guard: Option<u32>,
    /// The statement at module level that holds it: a number in [`FileFacts::statements`].
    pub statement: u32,
    /// Whether it may run more than once, or is no statement of the program.
    pub repeated: bool,
}

/// What becomes of a statement at module level where a script becomes one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    /// It can become part of the function.
    Moves,
    /// A definition that can stand before the function as well: statements on both sides of it can move.
    Passed,
    /// It stays where it is, and so does what is on its other side.
    Stays,
}

/// `if __name__ == "__main__":`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The `if` statement.
    pub node: NodeId,
    /// Whether its body can become that of a function.
    pub is_movable: bool,
    /// Whether it runs an event loop already, other than by [`Self::joined`].
    pub runs_loop: bool,
    /// The one `asyncio.run(f())` in it, if one run of the whole body can do it.
    pub joined: Option<NodeId>,
}

/// How the result of a call is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// As a value: an `await` may stand there.
    Value,
    /// It is awaited already.
    Awaited,
    /// It is an argument of something that takes a coroutine: `asyncio.run(f())`, `create_task(f())`, `gather(f())`,
    /// `wait_for(f(), 1)`, `tg.create_task(f())`.
    Coroutine,
    /// The iterable of a `for` statement or a comprehension clause: that node.
    Iterated(NodeId),
    /// A context expression of a `with` statement: the statement and the 0-based item.
    With(NodeId, u32),
    /// Something takes all of its elements at once: `sorted(f())`, `[*f()]`.
    Collected,
    /// The statement `yield from f()`.
    Delegated(NodeId),
    /// It is advanced by hand: `next(f())`.
    Advanced,
    /// An exit stack whose every use is seen enters it: that call.
    Stacked(NodeId),
}

/// A use of a function other than by calling it.
#[derive(Clone, Debug)]
pub struct Value {
    /// The name or attribute.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What runs the code.
    pub runner: Runner,
    /// What it is: a function by name, or a method. The name of a method may be one that is set (`client.fetch = fake`),
    /// and a property is read by it.
    pub callee: Callee,
    /// How it is used.
    pub kind: ValueKind,
    /// An attribute of an instance is read: a property's read is in the calls as well.
    pub may_be_property: bool,
    /// The attribute of a function that is read or set: `calls` in `load.calls`.
    pub attribute: Option<String>,
    /// It is an argument of something outside of the project, or of what replaces its members: nothing in sight calls a
    /// function of a module that is handed on so.
    pub leaves: bool,
}

/// How a function is used as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueKind {
    /// Only who it is counts: `is`, `==`, a dictionary key, `f.__name__`. A property at the end of a path is read all the
    /// same.
    Identity,
    /// Handed to something that takes coroutine functions as well: `Depends(f)`, `app.add_api_route(path, f)`.
    TakesCoroutine,
    /// Handed to something that runs it as a program, from sync code: `typer.run(f)`.
    Program,
    /// It flows into places: see [`FileFacts::place_flows`].
    Flows,
    /// The attribute is set, not read. If it is a method, that may be called where nobody awaits.
    Stored,
    /// Only what is a property is used by it: `patch.object(Job, "size")`.
    Asked,
    /// Anything else: it may be called where nobody awaits.
    Other,
}

/// A call that puts a test double in the place of something.
#[derive(Clone, Debug)]
pub struct Double {
    /// The call.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What is replaced.
    pub callee: Callee,
    /// Where the string begins that names it, if a string does.
    pub text: Option<TextSize>,
    /// Whether the mock has what the original has, coroutine functions too.
    pub is_specced: bool,
    /// What replaces it.
    pub kind: DoubleKind,
}

/// What takes the place of a function.
#[derive(Clone, Debug)]
pub enum DoubleKind {
    /// A mock that is right for a coroutine function, if the original is one.
    Mock,
    /// A mock that an object gets as an attribute, at this place, and that can become an `AsyncMock`.
    Assigned {
        /// The attribute.
        attribute: TextRange,
        /// The call that makes the mock.
        call: NodeId,
    },
    /// A function of the project, used as a value at this place.
    Function {
        /// The use.
        range: TextRange,
        /// The function.
        target: Target,
    },
    /// Anything else: why that cannot be awaited.
    Other(&'static str),
}

/// A name in an example of a docstring.
#[derive(Clone, Debug)]
pub struct Mention {
    /// What it names.
    pub callee: Callee,
    /// 1-based line.
    pub line: u32,
}

impl ValueKind {
    /// One use that is both: the one that asks for more.
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// `getattr(self, f"do_{command}")`: every member whose name starts like that may be used as a value.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The call.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What runs the code.
    pub runner: Runner,
    /// The class of the value, or the module, if it is known.
    pub of: Option<Type>,
    /// What the name starts with; empty if that is not known.
    pub prefix: String,
}

/// One step of an instance of a class of the project, or of the class itself, to where the next reader finds it. Steps
/// that go nowhere (`x.attribute`, `x is None`, `with x`) are left out.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The expression.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What goes.
    pub value: Flowing,
    /// Where it goes.
    pub sink: Sink,
}

/// What goes somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flowing {
    /// An instance.
    Instance(Type),
    /// A class of this file.
    Class(u32),
    /// What another file has under this dotted path: perhaps a class, or a variable.
    Path(String),
}

/// Where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sink {
    /// Into what holds values of these classes only, under a name that other places may read it by.
    Into {
        /// What the file knows, and what it cannot know by itself: all must be of the family.
        types: Vec<Type>,
        /// The attribute or variable of the module.
        name: Option<String>,
    },
    /// To a parameter.
    Parameter {
        /// What is called.
        callee: Callee,
        /// Which argument: a 0-based position, not counting `self`, or a keyword.
        at: Argument,
    },
    /// Back from this function.
    Returned(u32),
    /// Python iterates it where no `async for` can stand.
    Iterated,
    /// Something takes its class from it, and may make further instances.
    Class,
    /// Out of sight.
    Escapes,
}

/// Which argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// By position.
    Position(u32),
    /// By name.
    Keyword(String),
}
