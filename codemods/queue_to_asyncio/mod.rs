//! `queue.get()`, `queue.put(x)`, `queue.join()` of a thread queue -> `await asyncio.to_thread(queue.get)`. Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};

use crate::blocking::{self, Blocking, Verdict, always};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;
use crate::semantic::{Model, literal};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "queue_to_asyncio",
    summary: "queue.Queue.get(), put(x), join() in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &["queue", "Queue"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[],
    run,
};

static TABLE: &[Blocking] = &[
    Blocking {
        of: "queue.Queue",
        names: &["get"],
        judge: get,
    },
    Blocking {
        of: "queue.Queue",
        names: &["put"],
        judge: put,
    },
    Blocking {
        of: "queue.Queue",
        names: &["join"],
        judge: always,
    },
    Blocking {
        of: "queue.LifoQueue",
        names: &["get"],
        judge: get,
    },
    Blocking {
        of: "queue.LifoQueue",
        names: &["put"],
        judge: put,
    },
    Blocking {
        of: "queue.LifoQueue",
        names: &["join"],
        judge: always,
    },
    Blocking {
        of: "queue.PriorityQueue",
        names: &["get"],
        judge: get,
    },
    Blocking {
        of: "queue.PriorityQueue",
        names: &["put"],
        judge: put,
    },
    Blocking {
        of: "queue.PriorityQueue",
        names: &["join"],
        judge: always,
    },
    Blocking {
        of: "multiprocessing.Queue",
        names: &["get"],
        judge: get,
    },
    Blocking {
        of: "multiprocessing.Queue",
        names: &["put"],
        judge: put,
    },
    Blocking {
        of: "multiprocessing.Queue",
        names: &["join"],
        judge: always,
    },
    Blocking {
        of: "multiprocessing.JoinableQueue",
        names: &["get"],
        judge: get,
    },
    Blocking {
        of: "multiprocessing.JoinableQueue",
        names: &["put"],
        judge: put,
    },
    Blocking {
        of: "multiprocessing.JoinableQueue",
        names: &["join"],
        judge: always,
    },
    Blocking {
        of: "queue.SimpleQueue",
        names: &["get"],
        judge: get,
    },
];

/// Whether `block` is a literal `False`, by its position or name.
fn does_not_wait(call: &ExprCall, position: usize) -> bool {
    let flag = call
        .arguments
        .args
        .get(position)
        .or_else(|| literal::keyword(call, "block").map(|keyword| &keyword.value));
    flag.and_then(literal::boolean) == Some(false)
}

fn get(_: &Model<'_>, call: &ExprCall) -> Verdict {
    if does_not_wait(call, 0) {
        Verdict::Harmless
    } else {
        blocking::unless_at_once(call, 1)
    }
}

/// Nobody waits for room in a queue without a limit.
fn put(model: &Model<'_>, call: &ExprCall) -> Verdict {
    if does_not_wait(call, 1) || has_room(model, call) {
        Verdict::Harmless
    } else {
        blocking::unless_at_once(call, 2)
    }
}

/// Whether the queue is a name or attribute to which this file only assigns queues without a limit.
fn has_room(model: &Model<'_>, call: &ExprCall) -> bool {
    let Expr::Attribute(method) = call.func.as_ref() else {
        return false;
    };
    let last = |expr: &Expr| match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
        _ => None,
    };
    let Some(name) = last(&method.value) else {
        return false;
    };
    let mut made = model.nodes.all().filter_map(|node| {
        let (targets, value) = match model.nodes.get(node) {
            AnyNodeRef::StmtAssign(assign) => (&assign.targets[..], assign.value.as_ref()),
            AnyNodeRef::StmtAnnAssign(assign) => (
                std::slice::from_ref(assign.target.as_ref()),
                assign.value.as_deref()?,
            ),
            _ => return None,
        };
        targets
            .iter()
            .any(|target| last(target).as_ref() == Some(&name))
            .then_some(value)
    });
    let is_endless = |value: &Expr| {
        matches!(value, Expr::Call(call)
            if call.arguments.is_empty() && model.meaning(&call.func).path().is_some())
    };
    made.next().is_some_and(is_endless) && made.all(is_endless)
}

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, TABLE);
}
