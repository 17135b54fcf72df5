//! `thread.join()`, `event.wait()` -> `await asyncio.to_thread(thread.join)`: threads stay threads, and the wait for them no
//! longer stops the event loop. Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::ExprCall;

use crate::blocking::{self, Blocking, Verdict};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;
use crate::semantic::{Model, literal, locks};
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "threading_to_asyncio",
    summary: "thread.join(), event.wait() in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &["threading", "multiprocessing"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[&CONDITION, &LOCK, &SHARED],
    declared: None,
    run,
};

static TABLE: &[Blocking] = &[
    Blocking {
        of: "threading.Thread",
        names: &["join"],
        judge: join,
    },
    Blocking {
        of: "threading.Timer",
        names: &["join"],
        judge: join,
    },
    Blocking {
        of: "threading.Event",
        names: &["wait"],
        judge: wait,
    },
    Blocking {
        of: "threading.Barrier",
        names: &["wait"],
        judge: wait,
    },
    Blocking {
        of: "threading.Condition",
        names: &["wait", "wait_for"],
        judge: condition,
    },
    Blocking {
        of: "threading.Lock",
        names: &["acquire"],
        judge: lock,
    },
    Blocking {
        of: "threading.RLock",
        names: &["acquire"],
        judge: lock,
    },
    Blocking {
        of: "threading.Semaphore",
        names: &["acquire"],
        judge: lock,
    },
    Blocking {
        of: "threading.BoundedSemaphore",
        names: &["acquire"],
        judge: lock,
    },
    Blocking {
        of: "multiprocessing.Process",
        names: &["join"],
        judge: wait,
    },
];

/// A condition belongs to the thread that has its lock.
static CONDITION: Reason = Reason {
    code: "condition-wait",
    message: "only the thread that has the lock of a `threading.Condition` may wait for it, so no other thread can wait in its \
              place, and the event loop stands still",
    help: "use `asyncio.Condition` where all who notify are coroutines, or wait in a function that a thread runs",
};

/// Who waits for a lock in a thread has it in that thread, or holds it over an `await`.
pub(super) static LOCK: Reason = Reason {
    code: "lock-acquired",
    message: "waiting for a thread lock stops the event loop, and a lock that another thread gets may not be released here",
    help: "use `asyncio.Lock` where all who take it are coroutines, or take it in a function that a thread runs",
};

/// Threads that take turns by a lock of the module.
static SHARED: Reason = Reason {
    code: "threads-share-lock",
    message: "the threads take turns by a `threading` lock of the module, which coroutines could not hold over an `await`: no \
              function becomes async only to wait for such threads",
    help: "keep the threads, or let a function that is async already wait for them",
};

fn wait(_: &Model<'_>, call: &ExprCall) -> Verdict {
    blocking::unless_at_once(call, 0)
}

/// The end of a thread: what becomes of threads that share a lock is not decided by who waits for them.
fn join(model: &Model<'_>, call: &ExprCall) -> Verdict {
    match blocking::unless_at_once(call, 0) {
        Verdict::Thread if locks::taken_by_thread(model).is_some() => Verdict::Follow(&SHARED),
        verdict => verdict,
    }
}

fn condition(_: &Model<'_>, _: &ExprCall) -> Verdict {
    Verdict::Leave(&CONDITION)
}

/// `acquire(False)` and `acquire(blocking=False)` do not wait.
fn lock(_: &Model<'_>, call: &ExprCall) -> Verdict {
    let flag = call
        .arguments
        .args
        .first()
        .or_else(|| literal::keyword(call, "blocking").map(|keyword| &keyword.value));
    match flag.and_then(literal::boolean) {
        Some(false) => Verdict::Harmless,
        _ => Verdict::Leave(&LOCK),
    }
}

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, TABLE);
}
