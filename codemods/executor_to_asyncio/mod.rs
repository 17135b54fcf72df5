//! Waiting for what an executor runs: `future.result()` -> `await asyncio.wrap_future(future)`, and `wait`, `as_completed`,
//! `map` and `shutdown` in a thread.
//!
//! The pool stays, with its number of threads, and the futures stay those of `concurrent.futures`. Source:
//! `asyncio.wrap_future`, <https://docs.python.org/3/library/asyncio-future.html#asyncio.wrap_future>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef, StmtFor};
use ruff_text_size::{Ranged, TextRange};

use crate::blocking::{self, Blocking, Verdict, always};
use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::edit::{Edit, Layer, Piece};
use crate::python::PythonVersion;
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::{Model, literal, threads};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "executor_to_asyncio",
    summary: "future.result(), wait(...), as_completed(...), list(pool.map(...)) in async functions -> awaited",
    readme: include_str!("README.md"),
    triggers: &["concurrent", "multiprocessing"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&NOTHING, &COMPLETED],
    declared: None,
    run,
};

/// `wait([])` returns at once.
pub(super) static NOTHING: Reason = Reason {
    code: "nothing-to-wait-for",
    message: "the call waits for no future at all, and returns at once",
    help: "remove the call",
};

/// The loop cannot be written with `next`.
static COMPLETED: Reason = Reason {
    code: "blocking-as-completed",
    message: "each turn of the loop waits for a future, and its variable is used behind the loop, or is no plain name",
    help: "wait in a function that `asyncio.to_thread` runs",
};

static TABLE: &[Blocking] = &[
    Blocking {
        of: "concurrent.futures",
        names: &["wait"],
        judge: wait,
    },
    Blocking {
        of: "concurrent.futures.Future",
        names: &["exception"],
        judge: waits,
    },
    Blocking {
        of: "concurrent.futures.ThreadPoolExecutor",
        names: &["shutdown"],
        judge: shutdown,
    },
    Blocking {
        of: "concurrent.futures.ProcessPoolExecutor",
        names: &["shutdown"],
        judge: shutdown,
    },
    Blocking {
        of: "multiprocessing.Pool",
        names: &["apply", "join", "map", "starmap"],
        judge: always,
    },
    Blocking {
        of: "multiprocessing.pool.ThreadPool",
        names: &["apply", "join", "map", "starmap"],
        judge: always,
    },
    Blocking {
        of: "multiprocessing.pool.AsyncResult",
        names: &["get", "wait"],
        judge: waits,
    },
];

/// The class of what `map` of an executor returns (see [`crate::semantic::callee`]).
const RESULTS: &str = "concurrent.futures.Executor.results";

fn wait(_: &Model<'_>, call: &ExprCall) -> Verdict {
    match call.arguments.args.first() {
        Some(Expr::List(list)) if list.elts.is_empty() => Verdict::Leave(&NOTHING),
        Some(Expr::Tuple(tuple)) if tuple.elts.is_empty() => Verdict::Leave(&NOTHING),
        _ => Verdict::Thread,
    }
}

fn shutdown(_: &Model<'_>, call: &ExprCall) -> Verdict {
    let flag = call
        .arguments
        .args
        .first()
        .or_else(|| literal::keyword(call, "wait").map(|keyword| &keyword.value));
    match flag.and_then(literal::boolean) {
        Some(false) => Verdict::Harmless,
        _ => Verdict::Thread,
    }
}

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, TABLE);
    let model = context.model;
    let callees = Callees::new(model);
    for node in model.nodes.all() {
        match model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) if context.is_async(node) => {
                if threads::runs_in_thread(model, node)
                    || matches!(model.nodes.parent_node(node), AnyNodeRef::ExprAwait(_))
                {
                    continue;
                }
                if is_result(&callees, model, call) {
                    let result = wrapped(context, call);
                    context.report(call.range(), result);
                } else if takes_results(&callees, model, call) {
                    let result = blocking::unit(context, call, None);
                    context.report(call.range(), result);
                }
            }
            AnyNodeRef::StmtFor(loop_) if !loop_.is_async && context.is_async(node) => {
                if is_as_completed(model, &loop_.iter) {
                    let result = next_completed(context, loop_);
                    context.report(loop_.iter.range(), result);
                } else if callees.type_path(&loop_.iter).as_deref() == Some(RESULTS) {
                    let result = listed(
                        context,
                        &loop_.iter,
                        Some(
                            "the loop begins when all results are there: if a call fails, its earlier turns are not run",
                        ),
                    );
                    context.report(loop_.iter.range(), result);
                }
            }
            AnyNodeRef::Comprehension(clause) if !clause.is_async && context.is_async(node) => {
                let waits = is_as_completed(model, &clause.iter)
                    || callees.type_path(&clause.iter).as_deref() == Some(RESULTS);
                if waits {
                    let result = listed(context, &clause.iter, None);
                    context.report(clause.iter.range(), result);
                }
            }
            _ => {}
        }
    }
}

/// Whether a call of a future's method may wait: not with a limit of no time, nor behind `if future.done()`.
fn may_wait(model: &Model<'_>, call: &ExprCall) -> bool {
    matches!(blocking::unless_at_once(call, 0), Verdict::Thread)
        && !blocking::is_tested(model, call, &["done", "ready"])
}

fn waits(model: &Model<'_>, call: &ExprCall) -> Verdict {
    match may_wait(model, call) {
        true => Verdict::Thread,
        false => Verdict::Harmless,
    }
}

/// `future.result()`.
fn is_result<'a>(callees: &Callees<'a, '_>, model: &Model<'a>, call: &'a ExprCall) -> bool {
    matches!(call.func.as_ref(), Expr::Attribute(attribute) if attribute.attr.as_str() == "result")
        && matches!(callees.of(&call.func), Callee::Path(path) if path == "concurrent.futures.Future.result")
        && may_wait(model, call)
}

/// `future.result()` -> `await asyncio.wrap_future(future)`; with a time limit, a thread waits.
fn wrapped<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let Expr::Attribute(method) = call.func.as_ref() else {
        return blocking::unit(context, call, None);
    };
    if !call.arguments.is_empty() {
        return blocking::unit(context, call, None);
    }
    let model = context.model;
    let mut unit = context.unit(call.range());
    unit.edit(Edit::pieces(
        call.range(),
        vec![
            Piece::text("asyncio.wrap_future("),
            Piece::Source(method.value.range()),
            Piece::text(")"),
        ],
    ));
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    unit.await_(call)?;
    Ok(unit)
}

/// `list(pool.map(...))` and the like: what takes all results waits for them.
fn takes_results<'a>(callees: &Callees<'a, '_>, model: &Model<'a>, call: &'a ExprCall) -> bool {
    let takes_all = matches!(
        model.meaning(&call.func).below("builtins"),
        Some("all" | "any" | "dict" | "list" | "max" | "min" | "set" | "sorted" | "sum" | "tuple")
    );
    takes_all
        && call.arguments.args.first().is_some_and(|first| {
            callees.type_path(first).as_deref() == Some(RESULTS) || is_as_completed(model, first)
        })
}

fn is_as_completed(model: &Model<'_>, expr: &Expr) -> bool {
    expr.as_call_expr().is_some_and(|call| {
        model.meaning(&call.func).path() == Some("concurrent.futures.as_completed")
    })
}

/// `results` -> `await asyncio.to_thread(list, results)`.
fn listed<'a, 'c>(
    context: &Context<'a, 'c>,
    results: &'a Expr,
    note: Option<&str>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let node = model.id(results);
    let mut unit = context.unit(results.range());
    if !model.is_builtin("list", node) {
        return Err(Refusal::with_detail(
            &crate::importer::NAME_TAKEN,
            results.range(),
            "`list`",
        ));
    }
    unit.edit(Edit::surround(
        results.range(),
        "asyncio.to_thread(list, ",
        ")",
        Layer::Wrap,
    ));
    unit.import(ImportRequest::Module("asyncio"), node)?;
    unit.await_node(node)?;
    unit.needs_python(PythonVersion::PY39);
    if let Some(note) = note {
        unit.unsafe_because(results.range(), note);
    }
    Ok(unit)
}

/// `for future in as_completed(futures):` asks for one future at a time: `completed = as_completed(futures)`,
/// `while future := await asyncio.to_thread(next, completed, None):`. A future is always true.
fn next_completed<'a, 'c>(
    context: &Context<'a, 'c>,
    loop_: &'a StmtFor,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let refused = || Refusal::at(&COMPLETED, loop_.target.range());
    let Expr::Name(target) = loop_.target.as_ref() else {
        return Err(refused());
    };
    let Expr::Call(call) = loop_.iter.as_ref() else {
        return Err(refused());
    };
    let statement = model.id(loop_);
    let is_bare = model.parenthesized_range(ExprRef::from(loop_.iter.as_ref())) == call.range()
        && !model.has_comment(TextRange::new(loop_.start(), call.end()));
    if !is_bare || !blocking::is_only_of(model, target, loop_) {
        return Err(refused());
    }
    let slot = model.slot(statement).ok_or_else(refused)?;
    let completed = model.free_name("completed", statement, &[]);
    let mut unit = context.unit(call.range());
    unit.edits(slot.breaks.iter().cloned());
    // The call moves before the loop, with what others edit in it; `await` goes where it was.
    unit.edit(Edit::hoist(
        loop_.range(),
        vec![
            Piece::text(format!("{completed} = ")),
            Piece::Source(call.func.range()),
            Piece::Source(call.arguments.range()),
            Piece::text(format!("\n{}", slot.indent)),
        ],
    ));
    unit.edit(Edit::replace(
        TextRange::new(loop_.start(), call.start()),
        format!("while {} := ", target.id),
    ));
    unit.edit(Edit::replace(
        call.range(),
        format!("asyncio.to_thread(next, {completed}, None)"),
    ));
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    unit.await_(call)?;
    unit.needs_python(PythonVersion::PY39);
    Ok(unit)
}
