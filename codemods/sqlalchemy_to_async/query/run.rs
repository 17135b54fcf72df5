//! Writes what runs a statement: the session's method round it, `await`, and what follows.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::names::number;
use super::{Head, Work, is_plain, reasons, receiver};
use crate::codemod::Refusal;
use crate::colour;
use crate::edit::{Edit, Layer};
use crate::semantic::{BindingKind, Model, NodeId};

impl<'a> Work<'a, '_, '_> {
    /// Puts the session's method round a statement, and awaits the call.
    ///
    /// `target` is what is awaited: the statement itself, or the call that runs it. `openings` are what the statement is handed
    /// to, from outside in, each with its opening parenthesis; `suffix` is called on the statement, and `then` on what the
    /// awaited call gives.
    pub fn run(
        &mut self,
        target: NodeId,
        statement: NodeId,
        openings: &[String],
        suffix: &str,
        then: &str,
    ) -> Result<(), Refusal> {
        if self.across.gifts.contains_key(&target) {
            return self.run_gift(target, openings, suffix, then);
        }
        self.run_statement(target, statement, openings, suffix)?;
        self.append(target, then);
        Ok(())
    }

    /// The same of what a function of the file gives: the call itself is awaited as well, if the function becomes async.
    fn run_gift(
        &mut self,
        target: NodeId,
        openings: &[String],
        suffix: &str,
        then: &str,
    ) -> Result<(), Refusal> {
        let session = self.session(target)?;
        let range = self.model.nodes.range(target);
        let closing = ")".repeat(openings.len());
        let call = colour::awaited(&format!("{session}.{}", openings.concat()));
        // Parentheses of its own hold all of it.
        let is_whole = self.whole(target) != range;
        let (before, after) = if (self.is_tight(target) || !then.is_empty()) && !is_whole {
            (format!("({call}"), format!("{suffix}{closing}){then}"))
        } else {
            (call, format!("{suffix}{closing}"))
        };
        self.unit
            .edit(Edit::surround(range, before, after, Layer::Outer));
        if is_whole {
            self.append(target, then);
        }
        self.unit.awaits_around(target)
    }

    fn run_statement(
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
        let (before, after) = if self.is_tight(node) {
            (String::new(), text)
        } else {
            ("(".to_string(), format!("){text}"))
        };
        self.unit
            .edit(Edit::surround(range, before, after, Layer::Outer));
    }

    /// Whether what stands round an expression binds tighter than an `await`, which then has parentheses.
    fn is_tight(&self, node: NodeId) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::ExprAttribute(_) => true,
            AnyNodeRef::ExprSubscript(subscript) => self.model.id(subscript.value.as_ref()) == node,
            _ => false,
        }
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
    pub fn session(&mut self, statement: NodeId) -> Result<String, Refusal> {
        let model = self.model;
        let range = model.nodes.range(statement);
        let refuse = || Refusal::at(&reasons::SESSION, range);
        if let Some(start) = self.start_in(statement)
            && let Expr::Attribute(attribute) = start.func.as_ref()
        {
            return Ok(model.slice(attribute.value.range()).to_string());
        }
        let state = self.states.of(statement).ok_or_else(refuse)?;
        let mut sessions = state.sessions.iter();
        let only = match (sessions.next(), sessions.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        // It stands elsewhere: its name has to mean the same there.
        match only {
            Some((home, text)) if *home == number(self.home) => {
                if self.is_settled(text, statement) {
                    Ok(text.clone())
                } else {
                    Err(refuse())
                }
            }
            _ => self.given_session(statement),
        }
    }

    /// Whether a session is the same thing at a later place: nothing binds its name, or an attribute of it, again.
    fn is_settled(&self, text: &str, at: NodeId) -> bool {
        let model = self.model;
        let is_chain = text.split('.').all(|part| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        let root = text.split('.').next().unwrap_or_default();
        let Some(symbol) = model.scopes.lookup(model.scope_at(at), root) else {
            return false;
        };
        // A function in this one may have a name of its own.
        let is_same = self
            .sessions
            .get(text)
            .is_none_or(|session| model.scopes.symbol_of(root_of(model, session)) == Some(symbol));
        let bindings = model.scopes.symbol(symbol).bindings.iter();
        let bindings = bindings
            .map(|&binding| model.scopes.binding(binding))
            .filter(|binding| !matches!(binding.kind, BindingKind::Declared));
        // Bound once, or for the last time before there is any query.
        let is_first = bindings.clone().count() <= 1
            || bindings
                .into_iter()
                .all(|binding| binding.range.end() < self.first);
        let runners = [model.runner(at), self.home];
        let is_stored = text
            .match_indices('.')
            .map(|(end, _)| &text[..end])
            .chain([text])
            .any(|prefix| {
                runners
                    .iter()
                    .any(|&runner| self.names.stores(runner, prefix))
            });
        is_chain && is_same && is_first && !is_stored
    }
}

/// The name at the start of an attribute chain.
fn root_of(model: &Model<'_>, expr: &Expr) -> NodeId {
    match expr {
        Expr::Attribute(attribute) => root_of(model, &attribute.value),
        _ => model.id(expr),
    }
}
