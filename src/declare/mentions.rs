//! Where a file names what is declared.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef};

use super::{Declared, Named};
use crate::semantic::names::Meaning;
use crate::semantic::{Model, NodeId};

/// One place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention<'a> {
    /// The name or attribute chain.
    pub(super) node: NodeId,
    /// What it names.
    pub(super) named: Named,
    /// What is done with it.
    pub(super) place: Place<'a>,
}

/// What stands round a mention.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// It is called.
    Called(&'a ExprCall),
    /// In the annotation of a variable: the statement.
    Variable(NodeId),
    /// In the annotation of a parameter.
    Parameter,
    /// In the annotation of a result.
    Result,
    /// In an `except` clause.
    Caught,
    /// A base of a class.
    Base,
    /// Anything else.
    Value,
}

/// Every mention, in source order, and the names that may be one of them or something else.
pub(super) fn all<'a>(model: &Model<'a>, declared: &Declared) -> (Vec<Mention<'a>>, Vec<NodeId>) {
    let mut found = Vec::new();
    let mut ambiguous = Vec::new();
    for id in (0..model.nodes.len() as u32).map(NodeId) {
        let expr = match model.nodes.get(id) {
            AnyNodeRef::ExprName(name) if name.ctx.is_load() => ExprRef::Name(name),
            AnyNodeRef::ExprAttribute(attribute) if attribute.ctx.is_load() => {
                ExprRef::Attribute(attribute)
            }
            _ => continue,
        };
        match model.meaning_of(expr) {
            Meaning::Path(path) => {
                if let Some(named) = declared.named(&path) {
                    // `redis.Redis` of `redis.Redis.from_url`: the whole of it is the mention.
                    let is_part = matches!(named, Named::Type(_))
                        && matches!(
                            model.nodes.parent_node(id),
                            AnyNodeRef::ExprAttribute(attribute)
                                if declared.named(&format!("{path}.{}", attribute.attr)).is_some()
                        );
                    if !is_part {
                        found.push(Mention {
                            node: id,
                            named,
                            place: place(model, id),
                        });
                    }
                }
            }
            Meaning::Ambiguous(paths) => {
                if paths.iter().any(|path| declared.named(path).is_some()) {
                    ambiguous.push(id);
                }
            }
            Meaning::Unknown => {}
        }
    }
    (found, ambiguous)
}

fn place<'a>(model: &Model<'a>, node: NodeId) -> Place<'a> {
    if let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(node)
        && model.id(call.func.as_ref()) == node
    {
        return Place::Called(call);
    }
    let mut below = node;
    for ancestor in model.nodes.ancestors(node) {
        let is = |expr: &Expr| model.id(expr) == below;
        match model.nodes.get(ancestor) {
            AnyNodeRef::Parameter(_) => return Place::Parameter,
            AnyNodeRef::StmtAnnAssign(assign) if is(&assign.annotation) => {
                return Place::Variable(ancestor);
            }
            AnyNodeRef::StmtFunctionDef(function) => {
                return match function.returns.as_deref().is_some_and(is) {
                    true => Place::Result,
                    false => Place::Value,
                };
            }
            AnyNodeRef::ExceptHandlerExceptHandler(_) => return Place::Caught,
            AnyNodeRef::Arguments(_)
                if below == node
                    && matches!(
                        model.nodes.parent_node(ancestor),
                        AnyNodeRef::StmtClassDef(_)
                    ) =>
            {
                return Place::Base;
            }
            // `Optional[Redis]`, `Redis | None`, `(A, B)`.
            AnyNodeRef::ExprSubscript(_) | AnyNodeRef::ExprBinOp(_) | AnyNodeRef::ExprTuple(_) => {}
            _ => return Place::Value,
        }
        below = ancestor;
    }
    Place::Value
}
