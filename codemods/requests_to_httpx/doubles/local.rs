//! Routers for httpx2: respx takes its requests with `using="httpcore2"`, which importing pytest_httpx2 makes known to it, and
//! for a router of its own only. Without that import it would let every request through.
//!
//! Source: <https://github.com/lundberg/pytest-httpx2>, and respx 0.23.1 with pytest-httpx2 1.0.0, run with httpx2 2.16.

use ruff_python_ast::{AnyNodeRef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::Work;
use super::routes::MODULE;
use crate::codemod::Refusal;
use crate::doubles::FIXTURE;
use crate::edit::Edit;
use crate::semantic::NodeId;

/// What `respx.mock` is told.
pub(super) const USING: &str = "using=\"httpcore2\"";

/// The functions that get a router of their own.
#[derive(Debug, Default)]
pub(super) struct Local {
    functions: FxHashSet<NodeId>,
}

impl Work<'_, '_, '_> {
    /// The decorator of a function whose requests are answered; for httpx2 the function gets its router as a parameter.
    ///
    /// # Errors
    /// The function cannot take it.
    pub(super) fn activate(&mut self, decorator: NodeId) -> Result<String, Refusal> {
        if self.local.is_none() {
            return Ok("respx.mock".to_string());
        }
        let model = self.model;
        let refusal = self.refuse(model.nodes.range(decorator));
        let AnyNodeRef::StmtFunctionDef(function) = model.nodes.parent_node(decorator) else {
            return Err(refusal);
        };
        let node = model.id(function);
        let index = model
            .scopes
            .functions()
            .iter()
            .position(|other| other.node == node);
        let is_free = index.is_some_and(|index| {
            let scope = model.scopes.functions()[index].scope;
            model.scopes.lookup(scope, FIXTURE.1).is_none()
        });
        let edit = parameter(function).filter(|(at, _)| {
            is_free && !model.has_comment(TextRange::new(function.parameters.start(), *at))
        });
        let (at, text) = edit.ok_or(refusal)?;
        self.unit
            .edit(Edit::insert(at, function.parameters.range(), text));
        self.import("pytest_httpx2", decorator)?;
        if let Some(local) = &mut self.local {
            local.functions.insert(node);
        }
        Ok(format!("respx.mock({USING})"))
    }

    /// The router that stands for the module at a node.
    ///
    /// # Errors
    /// No function round it has one of its own.
    pub(super) fn router_at(&self, node: NodeId) -> Result<&'static str, Refusal> {
        let Some(local) = &self.local else {
            return Ok(MODULE);
        };
        let model = self.model;
        if model
            .nodes
            .ancestors(node)
            .any(|at| local.functions.contains(&at))
        {
            Ok(FIXTURE.1)
        } else {
            Err(self.refuse(model.nodes.range(node)))
        }
    }
}

/// Where a parameter is added behind the others, and its text.
fn parameter(function: &StmtFunctionDef) -> Option<(TextSize, String)> {
    let parameters = &function.parameters;
    if parameters.vararg.is_some()
        || parameters.kwarg.is_some()
        || !parameters.kwonlyargs.is_empty()
        || parameters.args.iter().any(|one| one.default.is_some())
    {
        return None;
    }
    match parameters.args.last() {
        Some(last) => Some((last.end(), format!(", {}", FIXTURE.1))),
        None if parameters.posonlyargs.is_empty() => {
            Some((parameters.end() - TextSize::new(1), FIXTURE.1.to_string()))
        }
        None => None,
    }
}
