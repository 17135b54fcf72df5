//! Patches that are started by hand: `self.get = patch("requests.get").start()`, `patcher.start()` in `setUp`.
//!
//! The mock is known where it is put into a name, or into an attribute that the class alone has: all that is done with it
//! is in sight then. Where it is stopped does not matter.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, Stmt};
use ruff_text_size::Ranged;

use super::Work;
use crate::codemod::Refusal;
use crate::semantic::{NodeId, Runner};

/// The mock of a patch that is started by hand.
pub(super) struct Started {
    /// Its uses, in source order.
    pub references: Vec<NodeId>,
    /// The functions that have a mock each: those that the patch is started for. `None` where it is used in the function
    /// that starts it.
    pub tests: Option<Vec<Runner>>,
}

/// The uses of a value.
struct Held {
    references: Vec<NodeId>,
    /// The class whose attribute it is.
    class: Option<NodeId>,
}

/// The mock of a patch. `None` if the patch is not started by hand.
///
/// # Errors
/// The patch or its mock goes out of sight.
pub(super) fn find(work: &Work<'_, '_, '_>, call: &ExprCall) -> Result<Option<Started>, Refusal> {
    let model = work.model;
    let node = model.id(call);
    if !model.slice(call.func.range()).contains("patch")
        || model.slice(call.func.range()).starts_with("mocker.")
    {
        return Ok(None);
    }
    let refusal = work.refuse(call.range());
    let starts = match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAttribute(_) => vec![started(work, node).ok_or_else(|| refusal.clone())?],
        AnyNodeRef::StmtAssign(assign) => {
            let [target] = &assign.targets[..] else {
                return Err(refusal);
            };
            let patcher = held(work, target).ok_or_else(|| refusal.clone())?;
            let mut starts = Vec::new();
            for reference in patcher.references {
                let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(reference)
                else {
                    return Err(refusal);
                };
                match attribute.attr.as_str() {
                    "start" => {
                        starts.push(started(work, reference).ok_or_else(|| refusal.clone())?);
                    }
                    "stop" => {}
                    _ => return Err(refusal),
                }
            }
            starts
        }
        _ => return Ok(None),
    };
    // Started in several places, it is not known which of them a test comes to.
    let [start] = &starts[..] else {
        return Err(refusal);
    };
    let (references, class) = match model.nodes.parent_node(*start) {
        AnyNodeRef::StmtExpr(_) => (Vec::new(), class_of(work, *start)),
        AnyNodeRef::StmtAssign(assign) => {
            let [target] = &assign.targets[..] else {
                return Err(refusal);
            };
            let mock = held(work, target).ok_or_else(|| refusal.clone())?;
            let class = class_of(work, *start);
            (mock.references, mock.class.or(class))
        }
        _ => return Err(refusal),
    };
    let tests = match class {
        Some(class) => Some(tests(work, class).ok_or(refusal)?),
        None => None,
    };
    Ok(Some(Started { references, tests }))
}

/// `patch(...).start()`: the call.
fn started(work: &Work<'_, '_, '_>, patcher: NodeId) -> Option<NodeId> {
    let model = work.model;
    let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(patcher) else {
        return None;
    };
    let call = work.call_of(model.id(attribute))?;
    (attribute.attr.as_str() == "start" && call.arguments.is_empty()).then(|| model.id(call))
}

/// All uses of what is put into a name that is bound once, or into an attribute of `self` that is set once.
fn held(work: &Work<'_, '_, '_>, target: &Expr) -> Option<Held> {
    let model = work.model;
    match target {
        Expr::Name(name) => {
            let binding = model.scopes.binding_at(model.id(name))?;
            let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
            let mut references = symbol.references.clone();
            references.sort_unstable();
            (symbol.bindings.len() == 1).then_some(Held {
                references,
                class: None,
            })
        }
        Expr::Attribute(attribute) if is_own(&attribute.value) => {
            let class = class_of(work, model.id(attribute))?;
            let extent = model.nodes.range(class);
            let mut references = Vec::new();
            for node in model.nodes.all() {
                let AnyNodeRef::ExprAttribute(other) = model.nodes.get(node) else {
                    continue;
                };
                if other.attr.as_str() != attribute.attr.as_str() || node == model.id(attribute) {
                    continue;
                }
                if !extent.contains_range(other.range()) {
                    continue;
                }
                if !is_own(&other.value) || other.ctx != ExprContext::Load {
                    return None;
                }
                references.push(node);
            }
            Some(Held {
                references,
                class: Some(class),
            })
        }
        _ => None,
    }
}

fn is_own(value: &Expr) -> bool {
    matches!(value, Expr::Name(name) if name.id.as_str() == "self")
}

fn class_of(work: &Work<'_, '_, '_>, node: NodeId) -> Option<NodeId> {
    let model = work.model;
    model
        .nodes
        .ancestors(node)
        .find(|&at| matches!(model.nodes.get(at), AnyNodeRef::StmtClassDef(_)))
}

/// The tests of a class. `None` where it has none, or where another class may derive from it.
fn tests(work: &Work<'_, '_, '_>, class: NodeId) -> Option<Vec<Runner>> {
    let model = work.model;
    let AnyNodeRef::StmtClassDef(definition) = model.nodes.get(class) else {
        return None;
    };
    let is_base = model.nodes.all().any(|node| {
        matches!(model.nodes.get(node), AnyNodeRef::StmtClassDef(other)
            if other.bases().iter().any(|base| matches!(base, Expr::Name(name) if name.id == definition.name.id)))
    });
    let functions = model.scopes.functions();
    let tests: Vec<Runner> = definition
        .body
        .iter()
        .filter_map(|statement| match statement {
            Stmt::FunctionDef(function) if function.name.starts_with("test") => {
                let node = model.id(function);
                let index = functions.iter().position(|known| known.node == node)?;
                Some(Runner::Function(index as u32))
            }
            _ => None,
        })
        .collect();
    (!is_base && !tests.is_empty()).then_some(tests)
}
