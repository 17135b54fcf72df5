//! The calls that open a file: `open(p)`, `io.open(p)` and `Path(p).open()`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtWith};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::requires;
use crate::codemod::{Refusal, UnitBuilder};
use crate::edit::{Edit, Piece};
use crate::handles::Mode;
use crate::handles::library::Library;
use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId, literal};

/// A call that opens a file.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// The call.
    pub call: &'a ExprCall,
    /// The path, for a method of one.
    path: Option<&'a Expr>,
}

impl<'a> Opening<'a> {
    /// `open(p)`.
    pub fn function(call: &'a ExprCall) -> Self {
        Self { call, path: None }
    }

    /// `path.open()`.
    pub fn method(call: &'a ExprCall, path: &'a Expr) -> Self {
        Self {
            call,
            path: Some(path),
        }
    }

    /// Text or binary.
    pub fn mode(&self) -> Mode {
        let position = if self.path.is_some() { 0 } else { 1 };
        Mode::of(self.call, position, Mode::Text)
    }

    /// Whether the mode says that the file is read.
    pub fn reads(&self) -> bool {
        let position = usize::from(self.path.is_none());
        let mode = self
            .call
            .arguments
            .args
            .get(position)
            .or_else(|| literal::keyword(self.call, "mode").map(|keyword| &keyword.value));
        mode.is_none_or(|mode| literal::string(mode).is_some_and(|mode| mode.starts_with('r')))
    }

    /// The new call, as text.
    pub fn text(&self, model: &Model<'_>, library: &Library) -> String {
        let arguments = model.slice(self.call.arguments.range());
        match self.path {
            None => format!("{}{arguments}", library.open),
            Some(path) => {
                let (before, after) = self.around(model, library);
                let path = model.slice(path.range());
                format!("{before}{path}{after}{}", &arguments[1..])
            }
        }
    }

    /// What stands before the path, and between it and the first argument.
    fn around(&self, model: &Model<'_>, library: &Library) -> (String, &'static str) {
        let arguments = &self.call.arguments;
        let callee = format!("{}(", library.open);
        let Some(first) = arguments.iter_source_order().next() else {
            return (callee, "");
        };
        let gap = TextRange::new(arguments.start(), first.start());
        if model.slice(gap).contains('\n') {
            // An argument on each line: so is this one.
            let indent = model.line_indent(first.start());
            (format!("{callee}\n{indent}"), ",")
        } else {
            (callee, ", ")
        }
    }

    /// Calls the library's function instead.
    pub fn convert(
        &self,
        unit: &mut UnitBuilder<'_, '_>,
        model: &Model<'_>,
        library: &'static Library,
    ) -> Result<(), Refusal> {
        match self.path {
            None => unit.rename(model.id(self.call.func.as_ref()), library.open),
            Some(path) => {
                let opening = self.call.arguments.start() + TextSize::new(1);
                let callee = TextRange::new(self.call.start(), opening);
                let (before, after) = self.around(model, library);
                unit.edit(Edit::pieces(
                    callee,
                    vec![
                        Piece::text(before),
                        Piece::Source(path.range()),
                        Piece::text(after),
                    ],
                ));
            }
        }
        requires(unit, model.id(self.call), library)
    }

    /// The `with` statement that opens the file, and the item.
    pub fn with(&self, model: &Model<'a>) -> Option<(&'a StmtWith, usize)> {
        with_item(model, model.id(self.call))
    }

    /// The name that the file is bound to, by assignment or by a `with` statement.
    pub fn symbol(&self, model: &Model<'a>) -> Option<SymbolId> {
        let node = model.id(self.call);
        let target = match model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) if assign.value.range() == self.call.range() => {
                match assign.targets.as_slice() {
                    [target @ Expr::Name(_)] => target,
                    _ => return None,
                }
            }
            AnyNodeRef::WithItem(item) => item.optional_vars.as_deref()?,
            _ => return None,
        };
        model.scopes.symbol_of(model.id(target))
    }
}

/// The `with` statement of which an expression is an item.
pub fn with_item<'a>(model: &Model<'a>, node: NodeId) -> Option<(&'a StmtWith, usize)> {
    let AnyNodeRef::WithItem(item) = model.nodes.parent_node(node) else {
        return None;
    };
    if model.id(&item.context_expr) != node {
        return None;
    }
    let AnyNodeRef::StmtWith(statement) = model.nodes.parent_node(model.id(item)) else {
        return None;
    };
    let index = statement
        .items
        .iter()
        .position(|other| other.range() == item.range())?;
    Some((statement, index))
}
