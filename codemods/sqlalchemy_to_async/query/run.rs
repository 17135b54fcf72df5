//! Writes what runs a statement: the session's method round it, `await`, and what follows.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::state::Agreed;
use super::{Head, Work, is_plain, reasons, receiver};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer};
use crate::semantic::{BindingKind, NodeId};

impl<'a> Work<'a, '_, '_> {
    /// Puts the session's method round a statement, and awaits the call.
    ///
    /// `target` is what is awaited: the statement itself, or the call that runs it. `openings` are what the statement is handed
    /// to, from outside in, each with its opening parenthesis; `suffix` is called on the statement.
    pub fn run(
        &mut self,
        target: NodeId,
        statement: NodeId,
        openings: &[String],
        suffix: &str,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(target);
        let closing = ")".repeat(openings.len());
        if let Some(start) = self.start_in(statement)
            && let Expr::Attribute(attribute) = start.func.as_ref()
            && (!is_plain(&attribute.value) || model.has_comment(start.func.range()))
        {
            self.check_parentheses(target, model.id(start))?;
            let head = format!("{}{}", openings.concat(), self.name("select", target)?);
            self.heads.insert(model.id(start), Head::Method(head));
            let after = format!("{suffix}{closing}");
            self.unit
                .edit(Edit::surround(range, "", after, Layer::Wrap));
            return self.unit.await_node(target);
        }
        let session = self.session(statement)?;
        let (before, after) = match self.layout(target) {
            None => (
                format!("{session}.{}", openings.concat()),
                format!("{suffix}{closing}"),
            ),
            Some((indent, from)) => {
                let unit = model.indent_unit();
                let mut before = format!("{session}.");
                let mut after = String::new();
                for (level, opening) in openings.iter().enumerate() {
                    let inner = unit.repeat(level + 1);
                    before.push_str(&format!("{opening}\n{indent}{inner}"));
                    self.unit
                        .edit(Edit::indent(TextRange::new(from, range.end())));
                }
                let rest = TextRange::new(range.end(), model.line_end(range.end()));
                if model.slice(rest).trim_start().starts_with('#') {
                    after = format!("{suffix}{closing}");
                } else {
                    if !suffix.is_empty() {
                        let inner = unit.repeat(openings.len());
                        after.push_str(&format!("\n{indent}{inner}{suffix}"));
                    }
                    for level in (0..openings.len()).rev() {
                        after.push_str(&format!("\n{indent}{})", unit.repeat(level)));
                    }
                }
                (before, after)
            }
        };
        self.unit
            .edit(Edit::surround(range, before, after, Layer::Wrap));
        self.unit.await_node(target)
    }

    /// Calls something on what an awaited expression gives: `.unique()`.
    pub fn append(&mut self, node: NodeId, text: &str) {
        if text.is_empty() {
            return;
        }
        let model = self.model;
        let range = model.nodes.range(node);
        let whole = self.whole(node);
        let parent = model.nodes.parent(node);
        let text = match model.nodes.get(parent) {
            AnyNodeRef::ExprAttribute(attribute) => {
                let gap = TextRange::new(whole.end(), attribute.attr.start());
                let line = model.slice(gap);
                if line.contains('\n') && !line.contains('\\') {
                    let indent = model.line_indent(attribute.attr.start());
                    format!("\n{indent}{text}")
                } else {
                    text.to_string()
                }
            }
            _ => text.to_string(),
        };
        if whole != range {
            let within = model.nodes.range(parent);
            self.unit.edit(Edit::insert(whole.end(), within, text));
            return;
        }
        // The place of an await that binds tighter has its parentheses from that.
        let is_tight = match model.nodes.get(parent) {
            AnyNodeRef::ExprAttribute(_) => true,
            AnyNodeRef::ExprSubscript(subscript) => model.id(subscript.value.as_ref()) == node,
            _ => false,
        };
        let (before, after) = if is_tight {
            (String::new(), text)
        } else {
            ("(".to_string(), format!("){text}"))
        };
        self.unit
            .edit(Edit::surround(range, before, after, Layer::Outer));
    }

    /// Where the calls of an expression that starts its line stand on lines of their own: the indentation, and the end of what
    /// they are called on.
    pub fn layout(&self, node: NodeId) -> Option<(&'a str, TextSize)> {
        let model = self.model;
        let start = model.nodes.range(node).start();
        let lead = TextRange::new(model.line_start(start), start);
        if !model.slice(lead).trim().is_empty() {
            return None;
        }
        let mut at = node;
        let mut is_broken = false;
        while !self.starts.contains_key(&at)
            && let Some(value) = receiver(model, at)
        {
            let AnyNodeRef::ExprCall(call) = model.nodes.get(at) else {
                return None;
            };
            let Expr::Attribute(attribute) = call.func.as_ref() else {
                return None;
            };
            let gap = model.slice(TextRange::new(
                self.whole(value).end(),
                attribute.attr.start(),
            ));
            if gap.contains('\\') {
                return None;
            }
            is_broken |= gap.contains('\n');
            at = value;
        }
        is_broken.then(|| (model.line_indent(start), self.whole(at).end()))
    }

    /// Where text is opened at the start of a query and closed at the end of an expression, no parentheses may end between.
    fn check_parentheses(&self, from: NodeId, start: NodeId) -> Result<(), Refusal> {
        let mut at = from;
        while at != start {
            let Some(value) = receiver(self.model, at) else {
                break;
            };
            let range = self.model.nodes.range(value);
            if self.whole(value) != range {
                return Err(Refusal::at(&reasons::SESSION, range));
            }
            at = value;
        }
        Ok(())
    }

    /// The text of the session that runs a query at its place.
    pub fn session(&self, statement: NodeId) -> Result<String, Refusal> {
        let model = self.model;
        let range = model.nodes.range(statement);
        let refuse = || Refusal::at(&reasons::SESSION, range);
        let state = self.states.of(statement).ok_or_else(refuse)?;
        let Agreed::Known(text) = &state.session else {
            return Err(refuse());
        };
        if self.start_in(statement).is_some() {
            return Ok(text.clone());
        }
        // It stands elsewhere: its name has to mean the same there.
        let is_settled = self
            .sessions
            .get(text.as_str())
            .is_some_and(|session| self.is_settled(session, statement));
        if is_settled {
            Ok(text.clone())
        } else {
            Err(refuse())
        }
    }

    /// Whether a session is the same thing at a later place.
    fn is_settled(&self, session: &Expr, at: NodeId) -> bool {
        let model = self.model;
        match session {
            Expr::Name(name) => {
                let node = model.id(name);
                let Some(symbol) = model.scopes.symbol_of(node) else {
                    return false;
                };
                let scope = model.scope_at(at);
                let bound = &model.scopes.symbol(symbol).bindings;
                let bindings = bound.iter().map(|&binding| model.scopes.binding(binding));
                let bindings =
                    bindings.filter(|binding| !matches!(binding.kind, BindingKind::Declared));
                // Bound once, or for the last time before any query starts.
                let is_first = bindings.clone().count() <= 1
                    || bindings
                        .into_iter()
                        .all(|binding| binding.range.end() < self.first);
                is_first && model.scopes.lookup(scope, name.id.as_str()) == Some(symbol)
            }
            Expr::Attribute(attribute) => {
                let text = model.slice(attribute.range());
                !self.names.stores(model.runner(at), text) && self.is_settled(&attribute.value, at)
            }
            _ => false,
        }
    }
}
