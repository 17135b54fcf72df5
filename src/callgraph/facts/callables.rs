//! The annotations of what holds functions.

use ruff_python_ast::{AnyNodeRef, Expr};

use super::super::FileFacts;
use super::super::place::Annotated;
use super::Reader;
use crate::colour;
use crate::semantic::{NodeId, Runner, ScopeKind};

impl<'a> Reader<'a, '_> {
    /// Collects the annotations that say `Callable[[A], T]`.
    pub(super) fn callables(&mut self, facts: &mut FileFacts) {
        let model = self.model;
        if memchr::memmem::find(model.text.as_bytes(), b"Callable[").is_none() {
            return;
        }
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            let annotation = match model.nodes.get(node) {
                AnyNodeRef::Parameter(parameter) => parameter.annotation.as_deref(),
                AnyNodeRef::StmtAnnAssign(assign) => Some(assign.annotation.as_ref()),
                AnyNodeRef::StmtFunctionDef(function) => function.returns.as_deref(),
                _ => None,
            };
            let Some(callable) =
                annotation.and_then(|annotation| colour::place_callable(model, annotation))
            else {
                continue;
            };
            if let Some(annotated) = self.place_of_annotation(node) {
                facts.callables.push((annotated, callable));
            }
        }
    }

    /// What the annotation of a parameter, an assignment or a function says the type of.
    fn place_of_annotation(&mut self, node: NodeId) -> Option<Annotated> {
        let model = self.model;
        match model.nodes.get(node) {
            AnyNodeRef::Parameter(_) => self.variable_number(node),
            AnyNodeRef::StmtAnnAssign(assign) => match assign.target.as_ref() {
                target @ Expr::Name(_) => self.variable_number(model.id(target)),
                Expr::Attribute(attribute) => {
                    let symbol = model.scopes.symbol_of(model.id(attribute.value.as_ref()))?;
                    let &(class, _) = self.selves.get(&symbol)?;
                    let name = self.mangled(attribute.attr.as_str(), node);
                    Some(Annotated::Member(class, name))
                }
                _ => None,
            },
            AnyNodeRef::StmtFunctionDef(function) => {
                let body = model.id(function.body.first()?);
                match model.runner(body) {
                    Runner::Function(index) => Some(Annotated::Returned(index)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn variable_number(&self, node: NodeId) -> Option<Annotated> {
        let scopes = &self.model.scopes;
        let symbol = scopes.binding(scopes.binding_at(node)?).symbol;
        let info = scopes.symbol(symbol);
        let scope = scopes.scope(info.scope);
        if scope.kind == ScopeKind::Class {
            let class = *self.classes_at.get(&scope.node)?;
            let name = self.private(info.name, scope.node);
            return Some(Annotated::Member(class, name));
        }
        Some(Annotated::Variable(symbol.number()))
    }
}
