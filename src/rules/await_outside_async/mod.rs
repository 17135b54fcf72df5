//! `await`, `async with` or `async for` outside of an `async def`.
//!
//! Source: <https://docs.python.org/3/reference/expressions.html#await>.

use ruff_python_ast::{AnyNodeRef, Comprehension};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Inspection, Rule};
use crate::semantic::{NodeId, Runner, ScopeKind};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "await-outside-async",
    summary: "`await`, `async with` or `async for` outside of an `async def`",
    readme: include_str!("README.md"),
    message: "Python has this only inside of an `async def`: the file does not compile",
    help: "make the function an `async def`, or run the coroutine with `asyncio.run` where the program begins",
    codemod: None,
    gives_way: false,
    run,
};

fn run(inspection: &mut Inspection<'_, '_>) {
    let model = inspection.model;
    for node in model.nodes.all() {
        let head = |keywords: &str, start: TextSize| TextRange::at(start, TextSize::of(keywords));
        let range = match model.nodes.get(node) {
            AnyNodeRef::ExprAwait(awaited) => awaited.range(),
            AnyNodeRef::StmtWith(with) if with.is_async => head("async with", with.start()),
            AnyNodeRef::StmtFor(loop_) if loop_.is_async => head("async for", loop_.start()),
            AnyNodeRef::Comprehension(Comprehension {
                is_async: true,
                range,
                ..
            }) => *range,
            _ => continue,
        };
        if !is_allowed(inspection, node) {
            inspection.report(range, None);
        }
    }
}

fn is_allowed(inspection: &Inspection<'_, '_>, node: NodeId) -> bool {
    let model = inspection.model;
    // A generator expression runs wherever it is consumed. Its clauses are numbered in the scope round it.
    let clause = matches!(model.nodes.parent_node(node), AnyNodeRef::ExprGenerator(_));
    let in_generator = clause
        || model
            .scopes
            .enclosing(model.scope_at(node))
            .any(|scope| model.scopes.scope(scope).kind == ScopeKind::Generator);
    match model.runner(node) {
        runner @ Runner::Function(_) => model.is_async(runner) || in_generator,
        // A cell of a notebook and the console with `-m asyncio` have it at the top level; a module has not.
        Runner::Module | Runner::Class => in_generator,
    }
}
