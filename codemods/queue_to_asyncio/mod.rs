//! `queue.get()`, `queue.put(x)`, `queue.join()` of a thread queue -> `await asyncio.to_thread(queue.get)`. Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use rustc_hash::{FxHashMap, FxHashSet};

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
    declared: None,
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

fn get(model: &Model<'_>, call: &ExprCall) -> Verdict {
    if does_not_wait(call, 0) || blocking::is_tested(model, call, &["empty", "qsize"]) {
        Verdict::Harmless
    } else {
        blocking::unless_at_once(call, 1)
    }
}

fn put(model: &Model<'_>, call: &ExprCall) -> Verdict {
    if does_not_wait(call, 1) || blocking::is_tested(model, call, &["full", "qsize"]) {
        Verdict::Harmless
    } else {
        blocking::unless_at_once(call, 2)
    }
}

/// The last part of a name or attribute chain.
fn last(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The names and attributes to which this file assigns queues without a limit, and nothing else: nobody waits for room in
/// them.
fn endless<'a>(model: &Model<'a>) -> FxHashSet<&'a str> {
    let mut names: FxHashMap<&'a str, bool> = FxHashMap::default();
    for node in model.nodes.all() {
        let (targets, value) = match model.nodes.get(node) {
            AnyNodeRef::StmtAssign(assign) => (&assign.targets[..], Some(assign.value.as_ref())),
            AnyNodeRef::StmtAnnAssign(assign) => (
                std::slice::from_ref(assign.target.as_ref()),
                assign.value.as_deref(),
            ),
            _ => continue,
        };
        let is_endless = matches!(value, Some(Expr::Call(call))
            if call.arguments.is_empty() && model.meaning(&call.func).path().is_some());
        for name in targets.iter().filter_map(last) {
            *names.entry(name).or_insert(true) &= is_endless;
        }
    }
    names.retain(|_, is_endless| *is_endless);
    names.into_keys().collect()
}

fn run(context: &mut Context<'_, '_>) {
    let endless = endless(context.model);
    blocking::report_if(context, TABLE, &|call| match call.func.as_ref() {
        Expr::Attribute(method) => {
            method.attr.as_str() != "put"
                || last(&method.value).is_none_or(|name| !endless.contains(name))
        }
        _ => true,
    });
}
