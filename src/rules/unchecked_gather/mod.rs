//! `gather(..., return_exceptions=True)` whose results nobody looks at for exceptions.
//!
//! Source: <https://docs.python.org/3/library/asyncio-task.html#asyncio.gather>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::semantic::flow::{Flow, UseKind};
use crate::semantic::{NodeId, literal};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unchecked-gather",
    summary: "`gather(..., return_exceptions=True)` whose exceptions are lost",
    readme: include_str!("README.md"),
    message: "the exceptions come back as results, and nothing looks for them: a failure goes unseen",
    help: "test each result with `isinstance(result, BaseException)`, or drop `return_exceptions=True`",
    codemod: None,
    gives_way: false,
    run,
};

/// Calls that only hand the results on to a loop or to the reader.
const PASSING: &[&str] = &[
    "enumerate",
    "len",
    "list",
    "print",
    "reversed",
    "tuple",
    "zip",
];

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    let model = inspection.model;
    for call in calls {
        let collects = inspection
            .path(&call.func)
            .is_some_and(|path| path == "asyncio.gather")
            && literal::keyword(call, "return_exceptions")
                .is_some_and(|keyword| literal::boolean(&keyword.value) == Some(true));
        let awaited = model.nodes.parent(model.id(call));
        if !collects || !matches!(model.nodes.get(awaited), AnyNodeRef::ExprAwait(_)) {
            continue;
        }
        let flow = model.follow(&[awaited], false);
        let stays = flow.uses.iter().all(|use_| match use_.kind {
            UseKind::Discarded
            | UseKind::Iterated(_)
            | UseKind::IteratedInComprehension(_)
            | UseKind::Subscripted
            | UseKind::Unpacked
            | UseKind::Formatted
            | UseKind::Truth => true,
            UseKind::Argument { call, .. } => model
                .meaning(&call.func)
                .below("builtins")
                .is_some_and(|name| PASSING.contains(&name)),
            _ => false,
        });
        // Unpacked and subscripted values go on under other names: a test of any value counts.
        if stays
            && !is_tested(inspection, &flow)
            && !tests_a_value(inspection, call)
            && !is_clean_up(inspection, call)
        {
            inspection.report(call.range(), None);
        }
    }
}

/// Whether the function has cancelled tasks before, and waits for them to end, or has a callback look at what they give.
fn is_clean_up(inspection: &Inspection<'_, '_>, gather: &ExprCall) -> bool {
    let model = inspection.model;
    let runner = model.runner(model.id(gather));
    model.calls().any(|call| {
        call.start() < gather.start()
            && model.runner(model.id(call)) == runner
            && matches!(call.func.as_ref(), Expr::Attribute(method)
                if matches!(method.attr.as_str(), "add_done_callback" | "cancel"))
    })
}

/// Whether a loop over the results looks at each: `if result is not None`.
fn is_tested(inspection: &Inspection<'_, '_>, flow: &Flow<'_>) -> bool {
    let model = inspection.model;
    flow.uses.iter().any(|use_| {
        let loop_ = model
            .nodes
            .ancestors(use_.node)
            .find_map(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtFor(loop_) => Some(loop_),
                _ => None,
            })
            .filter(|loop_| model.nodes.is_within(use_.node, model.id(loop_.iter.as_ref())));
        let Some(loop_) = loop_ else { return false };
        let names: Vec<&str> = model
            .nodes
            .subtree(model.id(loop_.target.as_ref()))
            .filter_map(|node| match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) => Some(name.id.as_str()),
                _ => None,
            })
            .collect();
        let names_one = |node: NodeId| {
            model.nodes.subtree(node).any(|node| {
                matches!(model.nodes.get(node), AnyNodeRef::ExprName(name) if names.contains(&name.id.as_str()))
            })
        };
        model.nodes.subtree(model.id(loop_)).any(|node| match model.nodes.get(node) {
            AnyNodeRef::StmtIf(if_) => names_one(model.id(if_.test.as_ref())),
            AnyNodeRef::ExprIf(if_) => names_one(model.id(if_.test.as_ref())),
            _ => false,
        })
    })
}

/// Whether the function round a call tests what class something has.
fn tests_a_value(inspection: &Inspection<'_, '_>, call: &ExprCall) -> bool {
    let model = inspection.model;
    let Some(function) = model
        .nodes
        .ancestors(model.id(call))
        .find(|&at| matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
    else {
        return true;
    };
    model
        .nodes
        .subtree(function)
        .any(|node| match model.nodes.get(node) {
            AnyNodeRef::StmtMatch(_) => true,
            AnyNodeRef::ExprCall(call) => model
                .meaning(&call.func)
                .below("builtins")
                .is_some_and(|name| matches!(name, "isinstance" | "issubclass" | "type")),
            _ => false,
        })
}
