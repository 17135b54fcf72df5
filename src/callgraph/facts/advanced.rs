//! Generators that are advanced by hand: `next(load())`, and `rows = load()` with `next(rows)` and `rows.close()`.
//!
//! The form of a test of a dependency: <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>. An async
//! generator has `anext` (Python 3.10) and `aclose`, and ends with StopAsyncIteration.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};

use super::Reader;
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::scope::ScopeKind;
use crate::semantic::{Model, NodeId};
use crate::unit::{ColourSite, Reason};

impl<'a> Reader<'a, '_> {
    /// The calls that advance or close what a call gives, if that is all that is done with it.
    pub(super) fn advanced(&self, node: NodeId) -> Option<Vec<NodeId>> {
        let model = self.model;
        if let Some(call) = advance(model, node) {
            return Some(vec![model.id(call)]);
        }
        let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(node) else {
            return None;
        };
        let [target @ Expr::Name(_)] = assign.targets.as_slice() else {
            return None;
        };
        if model.id(assign.value.as_ref()) != node {
            return None;
        }
        let scopes = &model.scopes;
        let binding = scopes.binding_at(model.id(target))?;
        let symbol = scopes.symbol(scopes.binding(binding).symbol);
        let runner = model.runner(node);
        let is_local = matches!(scopes.scope(symbol.scope).kind, ScopeKind::Function { .. });
        if !is_local || symbol.bindings.len() != 1 {
            return None;
        }
        let calls: Option<Vec<NodeId>> = symbol
            .references
            .iter()
            .map(|&reference| {
                let call = advance(model, reference).or_else(|| close(model, reference))?;
                (model.runner(reference) == runner).then(|| model.id(call))
            })
            .collect();
        calls.filter(|calls| !calls.is_empty())
    }

    /// Whether what is advanced is kept and ended: closed, or advanced again. What is dropped in the middle would clean up at
    /// once, and an async generator in a task of its own, beside what uses the value.
    pub(super) fn is_ended(&self, node: NodeId) -> bool {
        self.advanced(node).is_some_and(|calls| calls.len() > 1)
    }

    /// The call whose result `next(...)` takes a value of, if it is advanced by hand.
    pub(super) fn advances(&self, call: &'a ExprCall) -> Option<NodeId> {
        let model = self.model;
        let taken = call.arguments.args.first()?;
        advance(model, model.id(taken))?;
        let made = match taken {
            Expr::Call(_) => model.id(taken),
            Expr::Name(_) => {
                let symbol = model.scopes.symbol_of(model.id(taken))?;
                let [binding] = model.scopes.symbol(symbol).bindings[..] else {
                    return None;
                };
                let bound = model.scopes.binding(binding).node;
                match model.nodes.parent_node(bound) {
                    AnyNodeRef::StmtAssign(assign) => model.id(assign.value.as_ref()),
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.advanced(made).map(|_| made)
    }

    /// What to write at the calls that advance or close an async generator.
    ///
    /// Nothing if the end of the generator is caught in a way that has no counterpart, or there is no `anext`; an error if
    /// they stand where nothing can be awaited.
    pub(super) fn place_advanced(
        &self,
        node: NodeId,
        target: PythonVersion,
    ) -> Option<Result<Vec<ColourSite>, &'static Reason>> {
        let model = self.model;
        if target < PythonVersion::PY310 {
            return None;
        }
        let mut sites = Vec::new();
        for call in self.advanced(node).unwrap_or_default() {
            if !model.is_builtin("anext", call) {
                return None;
            }
            match colour::place_await(model, call, target) {
                Ok(placement) => sites.extend(placement.sites),
                Err(reason) => return Some(Err(reason)),
            }
            sites.push(ColourSite::Advance { call });
            if let Some(caught) = model.catches(call, &["StopIteration"]) {
                let name = colour::caught_end(model, caught)?;
                let site = ColourSite::StopIteration { name };
                if !sites.contains(&site) {
                    sites.push(site);
                }
            }
        }
        Some(Ok(sites))
    }
}

/// The call `next(...)` that takes an expression.
fn advance<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    let arguments = model.nodes.parent(node);
    let AnyNodeRef::Arguments(given) = model.nodes.get(arguments) else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(arguments) else {
        return None;
    };
    let first = given.args.first()?;
    let is_plain = given.args.len() <= 2
        && given.keywords.is_empty()
        && !given.args.iter().any(Expr::is_starred_expr);
    (is_plain
        && model.id(first) == node
        && model.meaning(&call.func).path() == Some("builtins.next"))
    .then_some(call)
}

/// The call `name.close()` of a name.
fn close<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    let attribute = model.nodes.parent(node);
    let AnyNodeRef::ExprAttribute(method) = model.nodes.get(attribute) else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(attribute) else {
        return None;
    };
    (method.attr.as_str() == "close"
        && model.id(call.func.as_ref()) == attribute
        && call.arguments.is_empty())
    .then_some(call)
}
