//! `any(...)` and `all(...)` over a generator expression as a loop: they stop at the first element that decides, and a
//! list would run every call.

use ruff_python_ast::{AnyNodeRef, BoolOp, Expr, ExprCall, ExprGenerator, ExprRef, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use crate::edit::{Edit, Piece};
use crate::semantic::order::{Harmless, Turn};
use crate::semantic::{Model, NodeId, Runner};

/// A call that can become a loop.
struct Search<'a> {
    call: &'a ExprCall,
    generator: &'a ExprGenerator,
    /// `any`, or else `all`.
    is_any: bool,
    statement: NodeId,
    indent: String,
}

/// Whether a generator expression is the argument of `any` or `all`, and the call can become a loop before its statement.
pub(super) fn is_loop(model: &Model<'_>, generator: &ExprGenerator) -> bool {
    find(model, generator).is_some()
}

fn find<'a>(model: &Model<'a>, generator: &ExprGenerator) -> Option<Search<'a>> {
    let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(model.id(generator)) else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments)) else {
        return None;
    };
    let [Expr::Generator(generator)] = &*call.arguments.args else {
        return None;
    };
    let is_any = match model.meaning(&call.func).below("builtins") {
        Some("any") => true,
        Some("all") => false,
        _ => return None,
    };
    let [clause] = &generator.generators[..] else {
        return None;
    };
    let header = TextRange::new(clause.target.start(), clause.iter.start());
    if !call.arguments.keywords.is_empty()
        || clause.is_async
        || !is_names(&clause.target)
        || model.slice(header).contains('\n')
        || is_open(model, &clause.iter)
        || model.has_comment(call.range())
    {
        return None;
    }
    // A lambda would see the variable change after the loop.
    let has_lambda = model
        .nodes
        .subtree(model.id(generator))
        .any(|at| matches!(model.nodes.get(at), AnyNodeRef::ExprLambda(_)));
    let statement = model.statement_of(model.id(call));
    let goes = matches!(
        model.nodes.get(statement),
        AnyNodeRef::StmtAssign(_)
            | AnyNodeRef::StmtAnnAssign(_)
            | AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::StmtReturn(_)
    );
    let harmless = Harmless {
        call: &|_| false,
        moved: &[],
    };
    let slot = model.slot(statement)?;
    let is_first = model.turn(model.id(call), statement, &harmless) == Turn::First;
    let is_local = matches!(model.runner(model.id(call)), Runner::Function(_));
    (goes && !has_lambda && is_first && is_local && slot.breaks.is_empty()).then_some(Search {
        call,
        generator,
        is_any,
        statement,
        indent: slot.indent,
    })
}

fn is_names(target: &Expr) -> bool {
    match target {
        Expr::Name(_) => true,
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_names),
        _ => false,
    }
}

/// The loop in place of the call.
pub(super) fn edits(model: &Model<'_>, generator: &ExprGenerator) -> Vec<Edit> {
    let Some(search) = find(model, generator) else {
        return Vec::new();
    };
    let (mut edits, taken) = search.renames(model);
    let range = model.nodes.range(search.statement);
    let (start, other) = if search.is_any {
        ("False", "True")
    } else {
        ("True", "False")
    };
    let is_value = |value: &Expr| value.range() == search.call.range();
    match model.nodes.get(search.statement) {
        AnyNodeRef::StmtReturn(statement) if statement.value.as_deref().is_some_and(is_value) => {
            let mut pieces = search.head(model, "");
            pieces.push(Piece::text(format!(
                "return {other}\n{}return {start}",
                search.indent
            )));
            edits.push(Edit::pieces(range, pieces));
        }
        AnyNodeRef::StmtExpr(statement) if is_value(&statement.value) => {
            let mut pieces = search.head(model, "");
            pieces.push(Piece::text("break"));
            edits.push(Edit::pieces(range, pieces));
        }
        AnyNodeRef::StmtAssign(assign)
            if is_value(&assign.value) && search.assigns_local(model, &assign.targets) =>
        {
            let name = model.slice(assign.targets[0].range());
            let mut pieces = search.head(model, &format!("{name} = {start}\n{}", search.indent));
            pieces.push(search.stop(model, name, other));
            edits.push(Edit::pieces(range, pieces));
        }
        _ => {
            let base = if search.is_any { "found" } else { "all_true" };
            let name = model.free_name(base, search.statement, &taken);
            let mut pieces = search.head(model, &format!("{name} = {start}\n{}", search.indent));
            pieces.push(search.stop(model, &name, other));
            pieces.push(Piece::text(format!("\n{}", search.indent)));
            edits.push(Edit::hoist(range, pieces));
            edits.push(Edit::replace(search.call.range(), name));
        }
    }
    edits
}

impl Search<'_> {
    /// The loop up to the statements that end it.
    fn head(&self, model: &Model<'_>, before: &str) -> Vec<Piece> {
        let clause = &self.generator.generators[0];
        let iterable = model.parenthesized_range(ExprRef::from(&clause.iter));
        let unit = model.indent_unit();
        let mut pieces = vec![
            Piece::text(before),
            Piece::Source(TextRange::new(clause.start(), iterable.end())),
            Piece::text(format!(":\n{}{unit}if ", self.indent)),
        ];
        for condition in &clause.ifs {
            pieces.extend(operand(model, condition, true));
            pieces.push(Piece::text(" and "));
        }
        let several = !clause.ifs.is_empty();
        match self.generator.elt.as_ref() {
            element if self.is_any => pieces.extend(operand(model, element, several)),
            Expr::UnaryOp(negation)
                if negation.op == UnaryOp::Not
                    && !model.slice(self.generator.elt.range()).contains('\n') =>
            {
                pieces.extend(operand(model, &negation.operand, several));
            }
            element => {
                pieces.push(Piece::text("not "));
                pieces.extend(operand(model, element, true));
            }
        }
        pieces.push(Piece::text(format!(":\n{}{unit}{unit}", self.indent)));
        pieces
    }

    /// What the loop does at the element that decides.
    fn stop(&self, model: &Model<'_>, name: &str, value: &str) -> Piece {
        let unit = model.indent_unit();
        Piece::text(format!(
            "{name} = {value}\n{}{unit}{unit}break",
            self.indent
        ))
    }

    /// Other names for the variables of the expression, where the function has some of theirs; and all the names.
    fn renames(&self, model: &Model<'_>) -> (Vec<Edit>, Vec<String>) {
        let mut edits = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        let scopes = &model.scopes;
        let target = &self.generator.generators[0].target;
        for at in model.nodes.subtree(model.id(target)) {
            let AnyNodeRef::ExprName(name) = model.nodes.get(at) else {
                continue;
            };
            let Some(binding) = scopes.binding_at(at) else {
                continue;
            };
            let own = name.id.as_str();
            let new = model.free_name(own, self.statement, &taken);
            if new != own {
                let symbol = scopes.symbol(scopes.binding(binding).symbol);
                let bound = symbol
                    .bindings
                    .iter()
                    .map(|&binding| scopes.binding(binding).range);
                let read = symbol
                    .references
                    .iter()
                    .map(|&node| model.nodes.range(node));
                edits.extend(bound.chain(read).map(|range| Edit::replace(range, &*new)));
            }
            taken.push(new);
        }
        (edits, taken)
    }

    /// Whether the statement gives the answer to a local name that the expression does not read.
    fn assigns_local(&self, model: &Model<'_>, targets: &[Expr]) -> bool {
        let [Expr::Name(name)] = targets else {
            return false;
        };
        let scopes = &model.scopes;
        let node = model.id(name);
        let Some(binding) = scopes.binding_at(node) else {
            return false;
        };
        let symbol = scopes.symbol(scopes.binding(binding).symbol);
        // Where an error is caught the name still has its former value, and must not have lost it.
        let may_go_on = model
            .nodes
            .ancestors(self.statement)
            .take_while(|&at| !matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
            .any(|at| {
                matches!(
                    model.nodes.get(at),
                    AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtWith(_)
                )
            });
        symbol.scope == model.scope_at(node)
            && !may_go_on
            && symbol.references.iter().all(|&reference| {
                model.scope_at(reference) == symbol.scope
                    && !self
                        .call
                        .range()
                        .contains_range(model.nodes.range(reference))
            })
    }
}

/// An expression as an operand of `and` or `not` (`bound`), or by itself.
fn operand(model: &Model<'_>, expr: &Expr, bound: bool) -> Vec<Piece> {
    let range = model.parenthesized_range(ExprRef::from(expr));
    let is_loose = match expr {
        Expr::BoolOp(operation) => operation.op == BoolOp::Or || bound,
        Expr::If(_) | Expr::Named(_) | Expr::Lambda(_) => true,
        _ => false,
    };
    let is_bare = range == expr.range();
    if is_bare && (bound && is_loose || is_open(model, expr)) {
        vec![Piece::text("("), Piece::Source(range), Piece::text(")")]
    } else {
        vec![Piece::Source(range)]
    }
}

/// Whether an expression goes over a line end that no bracket of its own holds.
fn is_open(model: &Model<'_>, expr: &Expr) -> bool {
    let range = model.parenthesized_range(ExprRef::from(expr));
    range == expr.range()
        && model.slice(range).contains('\n')
        && !matches!(
            expr,
            Expr::List(_)
                | Expr::Dict(_)
                | Expr::Set(_)
                | Expr::ListComp(_)
                | Expr::DictComp(_)
                | Expr::SetComp(_)
        )
}
