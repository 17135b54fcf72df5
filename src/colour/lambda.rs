//! `name = lambda ...` as a nested function: a lambda cannot await, and a function of the same name can. Other lambdas become
//! functions before their statement.

use ruff_python_ast::{AnyNodeRef, Expr, ExprLambda, ExprRef, StmtAssign};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::{Edit, Piece};
use crate::semantic::{Model, NodeId, ScopeKind};

/// The name that a lambda is bound to, if its statement can become the definition of a function of that name.
pub fn name_of<'a>(model: &Model<'a>, lambda: NodeId) -> Option<&'a str> {
    let (assign, lambda) = bound(model, lambda)?;
    let [Expr::Name(name)] = &assign.targets[..] else {
        return None;
    };
    let scopes = &model.scopes;
    let symbol = scopes.symbol(scopes.binding(scopes.binding_at(model.id(name))?).symbol);
    let is_near = matches!(
        scopes.scope(symbol.scope).kind,
        ScopeKind::Module | ScopeKind::Function { .. }
    );
    // Only who calls it sees no difference: a function has a name of its own, which can be asked for.
    let is_only_called = symbol.references.iter().all(|&reference| {
        matches!(model.nodes.parent_node(reference), AnyNodeRef::ExprCall(call)
            if model.id(call.func.as_ref()) == reference)
    });
    let yields = model.nodes.subtree(model.id(lambda)).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
        )
    });
    (symbol.bindings.len() == 1
        && is_near
        && is_only_called
        && symbol.scope == model.scope_at(model.id(assign))
        && !yields
        && !model.has_comment(assign.range())
        && model.is_alone_on_its_lines(model.id(assign)))
    .then(|| name.id.as_str())
}

fn bound<'a>(model: &Model<'a>, lambda: NodeId) -> Option<(&'a StmtAssign, &'a ExprLambda)> {
    match (model.nodes.parent_node(lambda), model.nodes.get(lambda)) {
        (AnyNodeRef::StmtAssign(assign), AnyNodeRef::ExprLambda(lambda))
            if assign.value.range() == lambda.range() =>
        {
            Some((assign, lambda))
        }
        _ => None,
    }
}

/// The definition in place of the statement, with blank lines round it.
pub(super) fn edits(model: &Model<'_>, node: NodeId) -> Vec<Edit> {
    let (Some((assign, lambda)), Some(name)) = (bound(model, node), name_of(model, node)) else {
        return lifted_edits(model, node).unwrap_or_default();
    };
    let statement = model.id(assign);
    let indent = format!(
        "{}{}",
        model.line_indent(assign.start()),
        model.indent_unit()
    );
    let mut pieces = vec![Piece::text(format!("async def {name}("))];
    if let Some(parameters) = &lambda.parameters {
        pieces.push(Piece::Source(parameters.range()));
    }
    pieces.push(Piece::text(format!("):\n{indent}return ")));
    let body = ExprRef::from(lambda.body.as_ref());
    let range = model.parenthesized_range(body);
    // Inside of the parentheses round the lambda a line may end anywhere.
    let is_open = range == body.range()
        && model.slice(range).contains('\n')
        && model.parenthesized_range(ExprRef::from(lambda)) != lambda.range();
    if is_open {
        pieces.push(Piece::text("("));
    }
    pieces.push(Piece::Source(range));
    if is_open {
        pieces.push(Piece::text(")"));
    }
    let mut edits = vec![Edit::pieces(assign.range(), pieces)];
    if model.slice(range).contains('\n') {
        // One level deeper than the statement was.
        edits.push(Edit::indent(range));
    }
    edits.extend(blank_lines(model, statement));
    edits
}

/// What a function is called that was a lambda in the middle of a statement.
const LIFTED: &str = "function";

/// Whether a lambda in a statement of a function can become a function before it. Then it is made before what else the
/// statement does, which nobody sees: it takes no defaults.
pub fn lifts(model: &Model<'_>, node: NodeId) -> bool {
    let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(node) else {
        return false;
    };
    let Some(statement) = statement_of(model, node) else {
        return false;
    };
    let has_defaults = lambda.parameters.as_deref().is_some_and(|parameters| {
        parameters
            .iter_non_variadic_params()
            .any(|parameter| parameter.default.is_some())
    });
    let binds_or_yields = model.nodes.subtree(node).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) | AnyNodeRef::ExprNamed(_)
        )
    });
    // Nothing between the two has names of its own.
    let is_near = matches!(
        model.scopes.scope(model.scope_at(statement)).kind,
        ScopeKind::Function { .. }
    ) && model
        .nodes
        .ancestors(node)
        .take_while(|&at| at != statement)
        .all(|at| {
            !matches!(
                model.nodes.get(at),
                AnyNodeRef::ExprLambda(_)
                    | AnyNodeRef::ExprListComp(_)
                    | AnyNodeRef::ExprSetComp(_)
                    | AnyNodeRef::ExprDictComp(_)
                    | AnyNodeRef::ExprGenerator(_)
            )
        });
    is_near
        && !has_defaults
        && !binds_or_yields
        && !model.slice(lambda.range()).contains('\n')
        && (model.is_alone_on_its_lines(statement) || begins_its_body(model, statement))
}

/// Whether a statement is the first of a body on the line of its header, with nothing behind it: `def f(): return g(lambda: 1)`.
fn begins_its_body(model: &Model<'_>, statement: NodeId) -> bool {
    let end = model.nodes.range(statement).end();
    let rest = TextRange::new(end, model.line_end(end));
    model.slice(rest).trim().is_empty()
        && matches!(model.suite_of(statement), Some(([_], 0)))
        && model.slot(statement).is_some()
}

/// The simple statement that an expression stands in.
fn statement_of(model: &Model<'_>, node: NodeId) -> Option<NodeId> {
    let statement = model
        .nodes
        .ancestors(node)
        .find(|&at| model.nodes.get(at).is_statement())?;
    matches!(
        model.nodes.get(statement),
        AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtAssign(_)
            | AnyNodeRef::StmtAnnAssign(_)
            | AnyNodeRef::StmtReturn(_)
    )
    .then_some(statement)
}

/// The definition before the statement, and its name in the place of the lambda.
fn lifted_edits(model: &Model<'_>, node: NodeId) -> Option<Vec<Edit>> {
    let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(node) else {
        return None;
    };
    if !lifts(model, node) {
        return None;
    }
    let statement = statement_of(model, node)?;
    let base = match model.nodes.parent_node(node) {
        AnyNodeRef::Keyword(keyword) => keyword.arg.as_ref().map_or(LIFTED, |name| name.as_str()),
        _ => LIFTED,
    };
    // Those before it in the statement have names of their own.
    let before = model
        .nodes
        .subtree(statement)
        .filter(|&at| at < node && lifts(model, at))
        .count();
    let mut taken = Vec::new();
    for _ in 0..before {
        taken.push(model.free_name(base, statement, &taken));
    }
    let name = model.free_name(base, statement, &taken);
    let slot = model.slot(statement)?;
    let (indent, unit) = (slot.indent, model.indent_unit());
    let mut pieces = vec![Piece::text(format!("async def {name}("))];
    if let Some(parameters) = &lambda.parameters {
        pieces.push(Piece::Source(parameters.range()));
    }
    let body = model.parenthesized_range(ExprRef::from(lambda.body.as_ref()));
    pieces.extend([
        Piece::text(format!("):\n{indent}{unit}return ")),
        Piece::Source(body),
        Piece::text(format!("\n\n{indent}")),
    ]);
    let mut edits = vec![
        Edit::hoist(model.nodes.range(statement), pieces),
        Edit::replace(lambda.range(), name),
    ];
    // The first one of the statement ends the line before it for all.
    if before == 0 {
        edits.extend(slot.breaks);
    }
    Some(edits)
}

/// What PEP 8 wants round a definition.
fn blank_lines(model: &Model<'_>, statement: NodeId) -> Vec<Edit> {
    let Some((body, index)) = model.suite_of(statement) else {
        return Vec::new();
    };
    let wanted = match model.nodes.parent_node(statement) {
        AnyNodeRef::ModModule(_) => 2,
        _ => 1,
    };
    let mut edits = Vec::new();
    let mut part = |from: TextSize, to: TextSize| {
        // Comments between the two belong to one of them, and stay with it.
        let gap = TextRange::new(from, to);
        let lines = model.slice(gap).matches('\n').count();
        if lines > 0 && lines <= wanted && !model.has_comment(gap) {
            let missing = "\n".repeat(wanted + 1 - lines);
            edits.push(Edit::insert(from, gap, missing));
        }
    };
    let range = model.nodes.range(statement);
    // The one before puts its own behind it.
    if let Some(before) = index.checked_sub(1).map(|index| &body[index])
        && !matches!(before, ruff_python_ast::Stmt::Assign(assign) if assign.value.is_lambda_expr())
    {
        part(model.line_end(before.end()), range.start());
    }
    if let Some(after) = body.get(index + 1) {
        part(model.line_end(range.end()), after.start());
    }
    edits
}
