//! Reads and writes of shared state that an `await` would part: other tasks may run in between.

use ruff_python_ast::{AnyNodeRef, Expr, Stmt};

use crate::semantic::{Model, NodeId, Runner, ScopeKind};

/// Whether a call stands between a read of shared state (an attribute, a global, a closure variable, an element of one)
/// and the write that depends on it: `self.n += f()`, `if key not in cache: cache[key] = f()`.
pub fn is_race(model: &Model<'_>, node: NodeId) -> bool {
    let statement = model.statement_of(node);
    match model.nodes.get(statement) {
        AnyNodeRef::StmtAugAssign(assign) => is_shared(model, &assign.target),
        AnyNodeRef::StmtAssign(assign) => assign
            .targets
            .iter()
            .any(|target| is_shared(model, target) && is_checked_around(model, statement, target)),
        // What the body writes is written behind what the header awaits.
        AnyNodeRef::StmtWith(_) | AnyNodeRef::StmtFor(_) => {
            is_stored_later(model, node, statement) || is_stored_inside(model, statement)
        }
        _ => is_stored_later(model, node, statement),
    }
}

/// `with f():` or `for x in f():` in an `if` that checks what the block writes.
fn is_stored_inside(model: &Model<'_>, statement: NodeId) -> bool {
    let is_checked = model
        .nodes
        .ancestors(statement)
        .take_while(|&at| !matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
        .any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtIf(_) | AnyNodeRef::StmtWhile(_)
            )
        });
    is_checked
        && model
            .nodes
            .subtree(statement)
            .any(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtAssign(assign) => assign.targets.iter().any(|target| {
                    is_shared(model, target) && is_checked_around(model, statement, target)
                }),
                _ => false,
            })
}

/// `value = f()` in an `if` that checks what a later statement of the same body writes.
fn is_stored_later(model: &Model<'_>, node: NodeId, statement: NodeId) -> bool {
    let _ = node;
    let Some((body, index)) = model.suite_of(statement) else {
        return false;
    };
    body[index..].iter().any(|stmt| match stmt {
        Stmt::Assign(assign) => assign.targets.iter().any(|target| {
            is_shared(model, target) && is_checked_around(model, model.id(stmt), target)
        }),
        _ => false,
    })
}

/// Whether an enclosing `if` or `while` of the same function tests the state that a target belongs to.
fn is_checked_around(model: &Model<'_>, statement: NodeId, target: &Expr) -> bool {
    let root = root_text(model, target);
    let tests = |test: &Expr| {
        model.nodes.subtree(model.id(test)).any(|at| {
            model.expr(at).is_some_and(|expr| {
                matches!(
                    expr,
                    ruff_python_ast::ExprRef::Name(_) | ruff_python_ast::ExprRef::Attribute(_)
                ) && model.slice(ruff_text_size::Ranged::range(&expr)) == root
            })
        })
    };
    model
        .nodes
        .ancestors(statement)
        .take_while(|&at| {
            !matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
            )
        })
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtIf(if_) => tests(&if_.test),
            AnyNodeRef::StmtWhile(while_) => tests(&while_.test),
            _ => false,
        })
}

/// The container or attribute that a target writes to: `cache` for `cache[key]`, `self.n` for `self.n`.
fn root_text<'a>(model: &Model<'a>, target: &Expr) -> &'a str {
    match target {
        Expr::Subscript(subscript) => root_text(model, &subscript.value),
        other => model.slice(ruff_text_size::Ranged::range(other)),
    }
}

/// Whether other code may see the state that a target writes to.
fn is_shared(model: &Model<'_>, target: &Expr) -> bool {
    match target {
        Expr::Attribute(_) => true,
        Expr::Subscript(subscript) => is_shared(model, &subscript.value),
        Expr::Tuple(tuple) => tuple.elts.iter().any(|element| is_shared(model, element)),
        Expr::Name(name) => {
            let node = model.id(name);
            let Some(symbol) = model.scopes.symbol_of(node) else {
                return true;
            };
            let owner = model.scopes.scope(model.scopes.symbol(symbol).scope);
            match (owner.kind, model.runner(node)) {
                // A local of the function itself is nobody else's, unless a closure has it.
                (ScopeKind::Function { .. } | ScopeKind::Lambda, Runner::Function(index)) => {
                    owner.node != model.scopes.functions()[index as usize].node
                }
                (ScopeKind::Module, Runner::Module) => false,
                _ => true,
            }
        }
        _ => false,
    }
}
