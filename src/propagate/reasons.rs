//! Why a function cannot become async.

use crate::unit::Reason;

/// A special method that Python calls without `await`.
pub static SPECIAL_METHOD: Reason = Reason {
    code: "special-method",
    message: "Python calls this special method itself, and does not await it",
    help: "move the blocking call into a method of another name",
};

/// A constructor cannot await.
pub static CONSTRUCTOR: Reason = Reason {
    code: "constructor",
    message: "Python calls `__init__` itself, and does not await it",
    help: "take it with `--unsafe`, which moves it into `async def create` and changes every place that makes an instance",
};

/// A constructor that cannot move.
pub static CONSTRUCTOR_FORM: Reason = Reason {
    code: "constructor-form",
    message: "`__init__` cannot move into `async def create` as it stands",
    help: "move the blocking call out of `__init__`",
};

/// A property cannot be awaited.
pub static PROPERTY: Reason = Reason {
    code: "property",
    message: "the function is a property, and who reads an attribute does not await it",
    help: "take it with `--unsafe`, which makes it a method and changes every place that reads it",
};

/// A property that cannot be a method.
pub static PROPERTY_USE: Reason = Reason {
    code: "property-use",
    message: "the property cannot become a method, because it is overridden by something else or its value is called",
    help: "move the blocking call into a method of another name",
};

/// The class has the async protocol already.
pub static ASYNC_PROTOCOL: Reason = Reason {
    code: "async-protocol-there",
    message: "the class, or one of its family, has the async counterpart of this special method already",
    help: "use the async counterpart where the class is used, and drop the sync one",
};

/// What a script does at module level blocks all the same.
pub static PROGRAM_BLOCKS: Reason = Reason {
    code: "program-blocks",
    message: "the program begins here, and other code at module level goes on blocking, so nothing would run meanwhile",
    help: "see to the other candidates at module level first, or move all of it into an `async def main()`",
};

/// What a function does besides blocks all the same.
pub static GOES_ON_BLOCKING: Reason = Reason {
    code: "goes-on-blocking",
    message: "the function would become async only for this and go on blocking, because another candidate in it, or in what it \
              calls, stays: then it would stop the event loop, and could not be handed to a thread any more",
    help: "see to the other candidate first, or run the function as it is with `asyncio.to_thread`",
};

/// A special method without the others of its protocol.
pub static HALF_PROTOCOL: Reason = Reason {
    code: "half-protocol",
    message: "the special method can only become async together with the others of its protocol",
    help: "define the whole protocol in one class of the project",
};

/// Python would call the special method where nobody awaits it.
pub static INSTANCE_ESCAPES: Reason = Reason {
    code: "instance-escapes",
    message: "an instance of the class, or the class itself, goes where its further uses cannot be listed, and Python may call the special method there",
    help: "annotate what holds the instance with its class, or move the blocking call into a method of another name",
};

/// A decorator that does not take coroutine functions, or is not known to.
pub static DECORATED: Reason = Reason {
    code: "decorated",
    message: "the function's decorator is not known to take a coroutine function",
    help: "remove the decorator, or call the blocking code outside of the decorated function",
};

/// A decorator of the project is used in a way that cannot be followed.
pub static DECORATOR_USE: Reason = Reason {
    code: "decorator-use",
    message: "the function stands in for whatever its decorator decorates, and not every such function can be awaited where it is called",
    help: "use the decorator only with `@`, on functions that may become async together",
};

/// A base class outside of the project may call the method.
pub static FOREIGN_BASE: Reason = Reason {
    code: "foreign-base",
    message: "the class derives from one outside of the project, which may define the method and call it without `await`",
    help: "move the blocking call out of the class, or into a method that the base cannot know",
};

/// A method of this name is called on something of unknown class.
pub static UNKNOWN_RECEIVER: Reason = Reason {
    code: "unknown-receiver",
    message: "a method of this name is called on an object of unknown class, so it is not certain which calls need `await`",
    help: "annotate the object with its class",
};

/// Code outside of the project may call the method.
pub static CALLED_OUTSIDE: Reason = Reason {
    code: "called-outside",
    message: "nothing in sight calls the method, and code outside of the project that gets hold of the object may: it awaits nothing",
    help: "if only code that awaits calls it, name the method with `--make-async`",
};

/// A tool calls the function.
pub static CALLED_BY_TOOL: Reason = Reason {
    code: "called-by-tool",
    message: "the tool that the file is for calls the function by its name, and awaits nothing",
    help: "call `asyncio.run` in it, or name it with `--make-async` if the tool awaits it",
};

/// The function is a generator, and a consumer cannot take an async one.
pub static GENERATOR: Reason = Reason {
    code: "generator",
    message: "the function is a generator, and one of its consumers cannot iterate an async generator",
    help: "iterate it with a plain `for` statement or comprehension",
};

/// The generator returns a value or takes sent ones.
pub static GENERATOR_RESULT: Reason = Reason {
    code: "generator-result",
    message: "the generator returns a value, delegates with `yield from` or uses what is sent to it, which an async generator cannot",
    help: "pass the value in another way",
};

/// The generator cleans up when it is left.
pub static GENERATOR_CLEANUP: Reason = Reason {
    code: "generator-cleanup",
    message: "the generator, or one that it iterates, cleans up when it is left, and this use of it cannot close an async one at once",
    help: "iterate it with a plain `for` statement, for Python 3.10 or newer",
};

/// The function is a context manager, and something else than `with` takes it.
pub static CONTEXT_MANAGER: Reason = Reason {
    code: "context-manager",
    message: "the function is a context manager, and one of its uses is not an item of a `with` statement",
    help: "use it in a plain `with` statement",
};

/// StopIteration cannot leave a coroutine.
pub static STOP_ITERATION: Reason = Reason {
    code: "stop-iteration-contract",
    message: "the function may raise StopIteration, which cannot leave a coroutine",
    help: "return a sentinel instead",
};

/// The result of the function is awaited already.
pub static RETURNS_AWAITABLE: Reason = Reason {
    code: "returns-awaitable",
    message: "the function returns an awaitable, which its callers await",
    help: "make it `async def` by hand",
};

/// The project's metadata names the function, and not as a plain script.
pub static CONSOLE_SCRIPT: Reason = Reason {
    code: "console-script",
    message: "the project's metadata names the function for something that does not await it, and that may run a loop",
    help: "name a sync function there that runs this one with `asyncio.run`, or list it in `entry-points`",
};

/// A program begins with the function, and it cannot be split.
pub static ENTRY_POINT: Reason = Reason {
    code: "entry-point",
    message: "a program begins with the function, and its body cannot become that of an async function beside it",
    help: "make it a plain function at module level, its body on lines of its own, or call one from it",
};

/// pytest or unittest calls the function.
pub static TEST_FUNCTION: Reason = Reason {
    code: "test-function",
    message: "pytest calls the function, and does not await it without a plugin",
    help: "add pytest-asyncio to the project's requirements, and the test becomes async with its marker; `--unsafe` takes it for granted",
};

/// pytest or unittest calls the function as it is.
pub static TEST_HOOK: Reason = Reason {
    code: "test-hook",
    message: "pytest or unittest calls the function itself, and would not await it",
    help: "let a fixture of function scope, `asyncSetUp` or `asyncTearDown` do what blocks, or run it there with `asyncio.run`",
};

/// More than one event loop would run.
pub static SEVERAL_RUNS: Reason = Reason {
    code: "several-runs",
    message: "the script calls async functions in several places, and each `asyncio.run` would have a loop of its own",
    help: "move the calls into one `main()` function",
};

/// A function of this name is called through a module that was not found.
pub static UNRESOLVED_CALL: Reason = Reason {
    code: "unresolved-call",
    message: "a function of this name is called through a module that was not found in the project, or through one of several of its name",
    help: "run awaitify on the folder that the program is started from, or set `src` to it",
};

/// A file that is read and not changed calls or defines the function.
pub static FIXED_FILE: Reason = Reason {
    code: "fixed-file",
    message: "the function is defined or called in a file that this run does not change: one outside of the given paths, an excluded or a generated one, or the `setup.py` of a package",
    help: "give awaitify the whole project, or take the file out of `exclude`",
};

/// A file that cannot be changed by a migration names the function.
pub static UNREAD_CALLER: Reason = Reason {
    code: "unread-caller",
    message: "a file that cannot be changed (a syntax error, a notebook, Cython) names the function, so its calls there cannot be awaited",
    help: "mend the file, call something else there, or exclude it if it is not part of the program",
};

/// Only a stub describes the function.
pub static STUB_ONLY: Reason = Reason {
    code: "stub-only",
    message: "only a stub describes the function, and the code behind it is no Python that could change",
    help: "do not override the compiled method, or change its source to async first",
};

/// A test double takes the function's place.
pub static DOUBLE: Reason = Reason {
    code: "double",
    message: "a test double takes the function's place, and what that gives could not be awaited",
    help: "let `patch` make the double, with `return_value` or `side_effect`, or use a function of the tests",
};

/// An example in a docstring calls the function, and the project runs such examples.
pub static DOCTEST: Reason = Reason {
    code: "doctest",
    message: "an example in a docstring names the function, and doctest, which the project runs, cannot await",
    help: "let the example call `asyncio.run`, once the function is async, or keep doctest from this docstring",
};

/// A string names the function.
pub static NAMED_IN_STRING: Reason = Reason {
    code: "named-in-string",
    message: "a string in the project names the function, so it may be looked up and called where nobody awaits it",
    help: "import the function where it is used",
};

/// The function runs an event loop of its own.
pub static RUNS_LOOP: Reason = Reason {
    code: "runs-loop",
    message: "the function runs an event loop, which is an error where one runs already",
    help: "await what it runs instead",
};

/// The function forks the process.
pub static FORKS: Reason = Reason {
    code: "forks",
    message: "the function forks the process, and no event loop runs in the copy",
    help: "fork before the event loop runs, or start a process with `asyncio.create_subprocess_exec`",
};

/// The function makes greenlets or waits for them.
pub static GREENLETS: Reason = Reason {
    code: "greenlets",
    message: "the function calls gevent or eventlet, whose loop stops while the event loop runs, and the other way round",
    help: "keep what runs in greenlets sync: there what blocks lets other greenlets run",
};

/// A web server calls the function without awaiting it.
pub static WSGI: Reason = Reason {
    code: "wsgi-application",
    message: "the function has the parameters of a WSGI application, which a server calls and does not await",
    help: "serve an ASGI application instead",
};

/// An `await` would part a read from the write that depends on it.
pub static RACE: Reason = Reason {
    code: "race",
    message: "an `await` here would part a read of shared state from the write that depends on it, and another task may run in between",
    help: "await into a local name first, or hold an `asyncio.Lock`",
};

/// The function flows into a place with others that stay sync.
pub static MIXED: Reason = Reason {
    code: "mixed-functions",
    message: "the function is kept where functions that stay sync are, or may be, and their calls are the same",
    help: "keep them apart, or make all of them async",
};

/// A member is looked up by a name that is made at run time.
pub static MADE_NAME: Reason = Reason {
    code: "made-name",
    message: "a member is looked up by a name that is made at run time, which may be this function's",
    help: "name the functions in a table, or pin the function with `keep-sync`",
};

/// The function handles Ctrl-C.
pub static KEYBOARD_INTERRUPT: Reason = Reason {
    code: "keyboard-interrupt",
    message: "the function handles KeyboardInterrupt, which does not reach a coroutine: under `asyncio.run`, Ctrl-C cancels the task",
    help: "move what the handler guards into a function of its own, and handle KeyboardInterrupt where the program begins, round the call of it",
};

/// A blocking function may share state with other code, so it is not certain that a thread may run it.
pub static THREAD_STATE: Reason = Reason {
    code: "thread-state",
    message: "async code calls this blocking function, which stays sync, and it cannot be seen that a thread may run it beside the event loop",
    help: "wrap the call in `asyncio.to_thread` by hand, or with `--unsafe`, if nothing else uses what the function works on meanwhile",
};

/// A blocking function cannot be handed to a thread.
pub static NO_THREAD: Reason = Reason {
    code: "no-thread",
    message: "async code calls this blocking function, which stays sync, and the call cannot be handed to a thread as it is",
    help: "move the blocking part into a plain function, and await `asyncio.to_thread` of that",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &SPECIAL_METHOD,
    &CONSTRUCTOR,
    &CONSTRUCTOR_FORM,
    &PROPERTY,
    &PROPERTY_USE,
    &ASYNC_PROTOCOL,
    &HALF_PROTOCOL,
    &INSTANCE_ESCAPES,
    &DECORATED,
    &DECORATOR_USE,
    &FOREIGN_BASE,
    &UNKNOWN_RECEIVER,
    &CALLED_OUTSIDE,
    &CALLED_BY_TOOL,
    &GENERATOR,
    &GENERATOR_RESULT,
    &GENERATOR_CLEANUP,
    &CONTEXT_MANAGER,
    &STOP_ITERATION,
    &RETURNS_AWAITABLE,
    &CONSOLE_SCRIPT,
    &ENTRY_POINT,
    &TEST_FUNCTION,
    &TEST_HOOK,
    &PROGRAM_BLOCKS,
    &GOES_ON_BLOCKING,
    &SEVERAL_RUNS,
    &RUNS_LOOP,
    &FORKS,
    &GREENLETS,
    &WSGI,
    &RACE,
    &MADE_NAME,
    &MIXED,
    &NAMED_IN_STRING,
    &UNRESOLVED_CALL,
    &UNREAD_CALLER,
    &FIXED_FILE,
    &DOCTEST,
    &DOUBLE,
    &STUB_ONLY,
    &KEYBOARD_INTERRUPT,
    &THREAD_STATE,
    &NO_THREAD,
];
