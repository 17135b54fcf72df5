//! Helpers: functions that new code needs and no library has.
//!
//! A codemod keeps their source beside it, as Python, and asks for them like for imports. This module writes each into
//! the file once, before the first function or class, and knows the one that an earlier run has written.

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::Edit;
use crate::importer;
use crate::semantic::nodes::NodeId;
use crate::semantic::{BindingKind, Model, Scopes};
use crate::unit::ImportRequest;

/// A function at module level that new code calls.
#[derive(Debug, PartialEq, Eq)]
pub struct Helper {
    /// Its name.
    pub name: &'static str,
    /// Its source: one `def`, decorated or not, with a docstring of one line, indented by four spaces.
    pub source: &'static str,
    /// What it imports.
    pub imports: &'static [ImportRequest],
}

impl Helper {
    /// The docstring's line, by which a helper is known again, however it was formatted since.
    fn docstring(&self) -> Option<&'static str> {
        let mut lines = self.source.lines().map(str::trim);
        let line = lines.find(|line| line.starts_with("\"\"\""))?;
        line.strip_prefix("\"\"\"")?.strip_suffix("\"\"\"")
    }
}

/// The helper in this module, if it was written before.
fn existing<'a>(model: &Model<'a>, helper: &Helper) -> Option<&'a StmtFunctionDef> {
    model
        .parsed
        .syntax()
        .body
        .iter()
        .find_map(|stmt| match stmt {
            Stmt::FunctionDef(function) if function.name.as_str() == helper.name => {
                let first = function.body.first()?.as_expr_stmt()?;
                let Expr::StringLiteral(docstring) = first.value.as_ref() else {
                    return None;
                };
                (Some(docstring.value.to_str()) == helper.docstring()).then_some(function)
            }
            _ => None,
        })
}

/// Whether the helper's name is free in the module and at a place, or means the helper.
pub fn is_available(model: &Model<'_>, helper: &Helper, at: NodeId) -> bool {
    let Some(symbol) = model.scopes.lookup(model.scope_at(at), helper.name) else {
        return !model.scopes.is_unbound(helper.name)
            && !model
                .scopes
                .scope(Scopes::MODULE)
                .symbols
                .contains_key(helper.name);
    };
    let Some(function) = existing(model, helper) else {
        return false;
    };
    match model.scopes.symbol(symbol).bindings[..] {
        [binding] => {
            let binding = model.scopes.binding(binding);
            matches!(binding.kind, BindingKind::Function) && binding.node == model.id(function)
        }
        _ => false,
    }
}

/// The edits that write these helpers, each once, apart from those that the module has already.
pub fn edits(model: &Model<'_>, helpers: &[&'static Helper]) -> Vec<Edit> {
    let mut wanted: Vec<&'static Helper> = helpers
        .iter()
        .copied()
        .filter(|helper| existing(model, helper).is_none())
        .collect();
    wanted.sort_by_key(|helper| helper.name);
    wanted.dedup_by_key(|helper| helper.name);
    let Some(at) = place(model).filter(|_| !wanted.is_empty()) else {
        return Vec::new();
    };
    let mut text = String::new();
    for helper in wanted {
        for line in helper.source.lines() {
            let content = line.trim_start_matches("    ");
            let levels = (line.len() - content.len()) / 4;
            text.push_str(&model.indent_unit().repeat(levels));
            text.push_str(content);
            text.push('\n');
        }
        text.push_str("\n\n");
    }
    vec![Edit::insert(
        at,
        TextRange::up_to(TextSize::of(model.text)),
        text,
    )]
}

/// The line of the first statement behind the imports that defines something, or of the comments right above it.
fn place(model: &Model<'_>) -> Option<TextSize> {
    let body = &model.parsed.syntax().body;
    let head = importer::head_length(model);
    let first = body[head..].iter().find(|stmt| {
        matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_))
            || model.nodes.subtree(model.id(*stmt)).any(|node| {
                matches!(
                    model.nodes.get(node),
                    ruff_python_ast::AnyNodeRef::StmtFunctionDef(_)
                )
            })
    })?;
    let mut at = model.line_start(first.start());
    while at > TextSize::new(0) {
        let above = model.line_start(at - TextSize::new(1));
        let line = model.slice(TextRange::new(above, at));
        if !line.starts_with('#') {
            break;
        }
        at = above;
    }
    Some(at)
}
