//! Why a file is left alone.

use crate::unit::Reason;

/// Every reason of [`super`] and of `open_to_aiofiles`.
pub static REASONS: &[&Reason] = &[
    &ESCAPES,
    &CONSTRUCTED,
    &PASSED,
    &NEEDS_FILE,
    &CAPTURED,
    &MIXED,
    &OPENED_BEFORE,
    &NOT_CLOSED,
    &ANNOTATED,
    &METHOD_ALIAS,
    &ATTRIBUTE,
    &NOT_IN_ANYIO,
    &MODE,
    &DESCRIPTOR,
    &TELL,
    &USED_AGAIN,
    &PRINT,
    &RESULT,
    &ARGUMENTS,
    &SENTINEL,
    &CSV_WRITER,
    &STOP_ITERATION,
    &TARGET,
    &POSITION,
    &CODECS,
    &PATCHED,
    &STACK,
    &NOT_A_HELPER,
    &IN_THREAD,
];

/// The handle is returned, yielded, stored, compared ...
pub static ESCAPES: Reason = Reason {
    code: "handle-escapes",
    message: "the file handle leaves this code, and whatever uses it there would get coroutines instead of data",
    help: "read or write the file here and hand on the data, or run the whole helper in `asyncio.to_thread`",
};

/// The handle is opened where an object is made.
pub static CONSTRUCTED: Reason = Reason {
    code: "opened-in-constructor",
    message: "the file is opened in `__init__`, which cannot await, and lives as long as the object: whoever makes one does not \
              expect to await that",
    help: "open the file in a method of its own, which whoever made the object calls",
};

/// The handle is given to a function of the project.
pub static PASSED: Reason = Reason {
    code: "handle-passed",
    message: "the file handle is passed to a function whose use of it is not known: its reads would return coroutines, and its writes would be lost in silence",
    help: "hand on the data instead of the handle, or run the whole helper in `asyncio.to_thread`",
};

/// The handle is given to a library.
pub static NEEDS_FILE: Reason = Reason {
    code: "needs-real-file",
    message: "the file handle is passed to a library function that needs a real file",
    help: "run the whole helper, with its `open`, in `asyncio.to_thread`",
};

/// The handle is used in a nested function or lambda.
pub static CAPTURED: Reason = Reason {
    code: "handle-captured",
    message: "a nested function or lambda uses the file handle, and where that is called is not known",
    help: "open the file in the function that uses it",
};

/// The name may hold something else.
pub static MIXED: Reason = Reason {
    code: "handle-mixed",
    message: "the name may hold something other than this file here, which cannot be awaited",
    help: "use one name for each kind of stream",
};

/// `f = open(p)` and then `with f:`.
pub static OPENED_BEFORE: Reason = Reason {
    code: "opened-before-with",
    message: "the file is opened before the `with` statement that closes it, and an opened aiofiles handle is no context manager",
    help: "open the file in the `with` statement",
};

/// `f = open(p)` without `f.close()`.
pub static NOT_CLOSED: Reason = Reason {
    code: "not-closed",
    message: "the file is never closed: `open` closes it as soon as the name goes, an async handle at some later time, with its last writes",
    help: "open the file in a `with` statement",
};

/// `f: TextIO = open(p)`.
pub static ANNOTATED: Reason = Reason {
    code: "handle-annotated",
    message: "the name is annotated with the type of a sync file",
    help: "remove the annotation, or annotate it with the type of the aiofiles handle",
};

/// `write = f.write`.
pub static METHOD_ALIAS: Reason = Reason {
    code: "method-alias",
    message: "a method of the file is used as a value, so its calls cannot be awaited",
    help: "call the method on the handle",
};

/// An attribute that aiofiles does not have.
pub static ATTRIBUTE: Reason = Reason {
    code: "file-attribute",
    message: "aiofiles handles do not have this attribute",
    help: "leave this file to a sync helper that runs in `asyncio.to_thread`",
};

/// A method that anyio's handles do not have, or run in the event loop.
pub static NOT_IN_ANYIO: Reason = Reason {
    code: "not-in-anyio",
    message: "anyio has nothing for this that runs in a thread",
    help: "leave this file to a sync helper that runs in `anyio.to_thread.run_sync`, or use `file-io = \"aiofiles\"`",
};

/// The mode is not a literal.
pub static MODE: Reason = Reason {
    code: "file-mode",
    message: "whether aiofiles has this method, whether it is awaited, and what the data is depend on the mode, and the mode is not a literal or does not fit",
    help: "pass the mode as a string literal",
};

/// The descriptor goes to other code.
pub static DESCRIPTOR: Reason = Reason {
    code: "file-descriptor",
    message: "the file's descriptor is handed on: a lock or a mapping on it would be held while other tasks run",
    help: "run the whole helper, with its `open`, in `asyncio.to_thread`",
};

/// `f.tell()` in `for line in f`.
pub static TELL: Reason = Reason {
    code: "tell-in-loop",
    message: "`tell` of a text file raises OSError while the file is iterated, and returns a number with aiofiles",
    help: "read the lines with `readline`, then `tell` works in both",
};

/// A function that reads everything, and the handle is used afterwards.
pub static USED_AGAIN: Reason = Reason {
    code: "file-used-again",
    message: "the function takes part of the file, the async form reads all of it, and the file is read again later or in a loop",
    help: "read the data first and work on that",
};

/// `print(*args, file=f)` and others.
pub static PRINT: Reason = Reason {
    code: "print-arguments",
    message: "this `print` into the file cannot be written as one `write` of an f-string",
    help: "build the line first and write that",
};

/// The result of `json.dump(...)` is used.
pub static RESULT: Reason = Reason {
    code: "result-used",
    message: "the call stands inside an expression, and the `write` that replaces it returns something else",
    help: "make the call a statement of its own",
};

/// The handle is not where the function's signature has it.
pub static ARGUMENTS: Reason = Reason {
    code: "call-arguments",
    message: "the arguments of this call cannot be matched with its signature, or a comment stands between them",
    help: "pass the file as the plain positional argument that it is",
};

/// `iter(f.readline, "")` that cannot be a `while`.
pub static SENTINEL: Reason = Reason {
    code: "sentinel-loop",
    message: "this `iter` with a sentinel cannot be written as a `while` loop",
    help: "loop over one plain name, with a literal sentinel, and do not use the name after the loop",
};

/// `csv.writer(f)`.
pub static CSV_WRITER: Reason = Reason {
    code: "csv-writer",
    message: "`csv.writer` drops what an async `write` returns, so the file would stay empty, and its rows cannot be collected and written before the block ends",
    help: "write the rows to an `io.StringIO` and write its value to the file before the block ends",
};

/// `next(f)` where StopIteration is caught.
pub static STOP_ITERATION: Reason = Reason {
    code: "stop-iteration",
    message: "at the end of the file `next` raises StopIteration, which is caught here, and the async form StopAsyncIteration",
    help: "use `readline`, which returns an empty string at the end",
};

/// `with open(p) as self.f`.
pub static TARGET: Reason = Reason {
    code: "with-target",
    message: "the `with` statement binds the file to something other than a plain name",
    help: "bind it to a local name",
};

/// `open(p).read()` where it cannot be hoisted.
pub static POSITION: Reason = Reason {
    code: "open-in-expression",
    message: "the file is opened inside an expression where a block before the statement would open it too early, too often, or for nothing",
    help: "open it in a `with` statement of its own",
};

/// `codecs.open`.
pub static CODECS: Reason = Reason {
    code: "codecs-open",
    message: "`codecs.open` has no async twin: it opens in binary mode and does not translate line ends",
    help: "use `open(..., encoding=...)`",
};

/// A test replaces `open`.
pub static PATCHED: Reason = Reason {
    code: "open-patched",
    message: "this file replaces `open` with a double, which `aiofiles.open` does not see",
    help: "let the test write a real file to a temporary directory",
};

/// `stack.enter_context(open(p))` on a stack that goes elsewhere.
pub static STACK: Reason = Reason {
    code: "exit-stack",
    message: "the exit stack that closes the file is not made by a `with` statement here, or used in a way that is not known",
    help: "make the stack in a `with` statement of this function, and only enter contexts and add callbacks",
};

/// With `file-io = "thread"`: a file in an async function.
pub static NOT_A_HELPER: Reason = Reason {
    code: "not-a-helper",
    message: "with `file-io = \"thread\"` only what a sync helper does with its file goes to a thread, and this is an async function that does more than that",
    help: "move the block that works on the file into a sync helper, which async code then calls through `asyncio.to_thread`",
};

/// With `file-io = "thread"`: a file in a sync function.
pub static IN_THREAD: Reason = Reason {
    code: "file-in-helper",
    message: "with `file-io = \"thread\"` a sync function that works on files stays sync, and async code calls it through `asyncio.to_thread`",
    help: "use `file-io = \"aiofiles\"` to turn it async instead",
};
