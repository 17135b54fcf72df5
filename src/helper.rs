//! Helpers: functions that new code needs and no library has.
//!
//! A codemod keeps their source beside it, as Python, and asks for them like for imports. This module writes each into
//! the file once, before the first function or class, and knows the one that an earlier run has written.

use ruff_python_ast::{AnyNodeRef, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::codemod::renamed;
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
    /// Its source: one `def`, decorated or not, or one `class`, with a docstring of one line, indented by four spaces.
    pub source: &'static str,
    /// What it imports.
    pub imports: &'static [ImportRequest],
    /// Whether code at module level calls it: then it stands right behind the imports.
    pub at_import: bool,
    /// A module that another one of the same API stands in for in the source: `("httpx", "httpx2")`.
    pub module: Option<(&'static str, &'static str)>,
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
fn existing<'a>(model: &Model<'a>, helper: &Helper) -> Option<&'a Stmt> {
    model.parsed.syntax().body.iter().find(|stmt| {
        let (name, body) = match stmt {
            Stmt::FunctionDef(function) => (&function.name, &function.body),
            Stmt::ClassDef(class) => (&class.name, &class.body),
            _ => return false,
        };
        let docstring = body.first().and_then(|first| match first {
            Stmt::Expr(statement) => statement.value.as_string_literal_expr(),
            _ => None,
        });
        name.as_str() == helper.name
            && docstring.map(|docstring| docstring.value.to_str()) == helper.docstring()
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
    let Some(definition) = existing(model, helper) else {
        return false;
    };
    match model.scopes.symbol(symbol).bindings[..] {
        [binding] => {
            let binding = model.scopes.binding(binding);
            matches!(binding.kind, BindingKind::Function | BindingKind::Class)
                && binding.node == model.id(definition)
        }
        _ => false,
    }
}

/// The edits that write these helpers, each once, apart from those that the module has already. `at_import` says that code at
/// module level calls one.
pub fn edits(model: &Model<'_>, helpers: &[&'static Helper], at_import: bool) -> Vec<Edit> {
    let mut wanted: Vec<&'static Helper> = helpers
        .iter()
        .copied()
        .filter(|helper| existing(model, helper).is_none())
        .collect();
    wanted.sort_by_key(|helper| helper.name);
    wanted.dedup_by_key(|helper| helper.name);
    let at_import = at_import || wanted.iter().any(|helper| helper.at_import);
    let Some(at) = place(model, at_import).filter(|_| !wanted.is_empty()) else {
        return Vec::new();
    };
    // Two blank lines before it (PEP 8), where the imports leave one.
    let before = &model.text[..at.to_usize()];
    let blank = before
        .lines()
        .rev()
        .take_while(|line| line.trim().is_empty())
        .count();
    let missing = if at_import && !before.is_empty() {
        2_usize.saturating_sub(blank)
    } else {
        0
    };
    let mut text = "\n".repeat(missing);
    for helper in wanted {
        for line in helper.source.lines() {
            let content = line.trim_start_matches("    ");
            let levels = (line.len() - content.len()) / 4;
            text.push_str(&model.indent_unit().repeat(levels));
            match helper.module {
                Some((from, to)) => text.push_str(&renamed(content, from, to)),
                None => text.push_str(content),
            }
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

/// The line of the first statement behind the imports that defines something, or of the comments right above it; of the
/// first one whatever it does, for what is called when the module is imported.
fn place(model: &Model<'_>, at_import: bool) -> Option<TextSize> {
    let body = &model.parsed.syntax().body;
    let head = importer::head_length(model);
    let first = body[head..]
        .iter()
        .find(|stmt| at_import || defines(model, stmt))?;
    Some(with_comments(model, first))
}

/// The line of the first statement that defines a function or class, or of the comments right above it: whatever the module
/// holds for its functions to use may stand there, below the imports and constants. `None` where nothing is defined.
pub fn before_definitions(model: &Model<'_>) -> Option<TextSize> {
    let body = &model.parsed.syntax().body;
    let first = body.iter().find(|stmt| defines(model, stmt))?;
    Some(with_comments(model, first))
}

/// Whether a statement defines a function or class that runs; what only type checkers read does not.
fn defines(model: &Model<'_>, stmt: &Stmt) -> bool {
    if let Stmt::If(if_) = stmt
        && model.meaning(&if_.test).path() == Some("typing.TYPE_CHECKING")
    {
        return false;
    }
    matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_))
        || model
            .nodes
            .subtree(model.id(stmt))
            .any(|node| matches!(model.nodes.get(node), AnyNodeRef::StmtFunctionDef(_)))
}

/// The line of a statement, or of the comments right above it.
fn with_comments(model: &Model<'_>, first: &Stmt) -> TextSize {
    let mut at = model.line_start(first.start());
    while at > TextSize::new(0) {
        let above = model.line_start(at - TextSize::new(1));
        let line = model.slice(TextRange::new(above, at));
        if !line.starts_with('#') {
            break;
        }
        at = above;
    }
    at
}
