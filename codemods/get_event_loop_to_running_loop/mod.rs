//! `asyncio.get_event_loop()` in a coroutine -> `asyncio.get_running_loop()`.
//!
//! In a coroutine both are the same loop. Elsewhere the one may make a loop, and the other raises. Source:
//! <https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.get_event_loop>.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::coroutines::Coroutines;
use crate::loops::{self, Assignment, Method};
use crate::python::PythonVersion;
use crate::semantic::{Meaning, Model, NodeId, Runner};
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "get_event_loop_to_running_loop",
    summary: "asyncio.get_event_loop() in async functions -> asyncio.get_running_loop()",
    readme: include_str!("README.md"),
    triggers: &["get_event_loop"],
    role: Role::Idiom,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &["\"asyncio.get_event_loop\"", "'asyncio.get_event_loop'"],
    reasons: &[&OUTSIDE],
    declared: None,
    run,
};

/// Not in a coroutine.
static OUTSIDE: Reason = Reason {
    code: "no-running-loop",
    message: "outside of coroutines `get_running_loop` raises RuntimeError, while `get_event_loop` may make a loop",
    help: "get the loop in the coroutine that needs it, or run the program with `asyncio.run`",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let known = Coroutines::new(context);
    let mut reports: Vec<(TextRange, Result<UnitBuilder<'_, '_>, Refusal>)> = Vec::new();
    for call in model.calls() {
        let node = model.id(call);
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(is_getter) || !call.arguments.is_empty() {
            continue;
        }
        if never_async(model, node) {
            reports.push((call.range(), Err((&OUTSIDE).into())));
            continue;
        }
        if !context.is_coroutine(node) {
            if context.settings.scope == crate::config::Scope::Function {
                reports.push((call.range(), Err((&OUTSIDE).into())));
            }
            continue;
        }
        if !matches!(meaning, Meaning::Path(_)) {
            reports.push((call.range(), Err((&AMBIGUOUS_BINDING).into())));
            continue;
        }
        // The argument that goes, or is another codemod's.
        if let AnyNodeRef::Keyword(keyword) = model.nodes.parent_node(node)
            && keyword
                .arg
                .as_ref()
                .is_some_and(|name| name.as_str() == "loop")
        {
            continue;
        }
        // Others remove it: with its assignment, or with the method that is called on it.
        if let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(node)
            && let AnyNodeRef::ExprCall(method) = model.nodes.parent_node(model.id(attribute))
            && (matches!(loops::executor_call(model, method), Some(Ok(_)))
                || loops::is_task(model, &known, method))
        {
            continue;
        }
        if let Some(assign) = Assignment::at(model, model.nodes.parent(node))
            && [Method::Executor, Method::Task]
                .into_iter()
                .any(|method| loops::needless(model, &known, assign, method).is_some())
        {
            continue;
        }
        let mut unit = context.unit(call.range());
        unit.needs_loop(node);
        let renamed = loops::rename(&mut unit, model, &call.func, "get_running_loop");
        reports.push((call.range(), renamed.map(|()| unit)));
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn is_getter(path: &str) -> bool {
    matches!(
        path,
        "asyncio.get_event_loop" | "asyncio.events.get_event_loop"
    )
}

/// Whether the code of a node can never be that of a coroutine: module level, class bodies, `__init__`.
fn never_async(model: &Model<'_>, node: NodeId) -> bool {
    match model.runner(node) {
        Runner::Module | Runner::Class => true,
        Runner::Function(index) => model
            .scopes
            .functions()
            .get(index as usize)
            .and_then(|function| function.definition)
            .is_none_or(|definition| definition.name.as_str() == "__init__"),
    }
}
