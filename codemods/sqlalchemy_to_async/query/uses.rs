//! What becomes of each use of a query: what runs it, what takes it as a part, and what a statement cannot do.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};

use super::across::Home;
use super::rows::Rows;
use super::state::Agreed;
use super::words::{self, Terminal};
use super::{Work, reasons};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer};
use crate::semantic::builtins::is_builtin;
use crate::semantic::flow::{Use, UseKind};
use crate::semantic::{BindingKind, NodeId, Runner, literal};

/// What negative bounds do.
const BOUNDS: &str = "a bound that is negative when the program runs raised IndexError, and is now handed to the database";

impl<'a> Work<'a, '_, '_> {
    /// Rewrites one use of a query.
    pub fn one(&mut self, use_: &Use<'a>) -> Result<(), Refusal> {
        let query = use_.node;
        let range = self.model.nodes.range(query);
        // Another function of the file goes on with it.
        if self.across.handed.contains(&query) {
            return Ok(());
        }
        match use_.kind {
            UseKind::Method { attribute, call } => self.method(query, attribute, call),
            UseKind::Attribute(attribute) => self.attribute(query, attribute),
            UseKind::Iterated(for_) => {
                if for_.is_async {
                    return Err(Refusal::at(&reasons::METHOD, for_.iter.range()));
                }
                if self.is_in_batches(query) {
                    if let Some(end) = self.model.ends_early(self.model.id(for_)) {
                        return Err(Refusal::at(&reasons::BATCHES, end));
                    }
                    self.unit.async_for(for_)?;
                    return self.stream(query);
                }
                self.rows(query, "", Iterate::Rows)
            }
            UseKind::IteratedInComprehension(clause) => {
                if clause.is_async {
                    return Err(Refusal::at(&reasons::METHOD, clause.iter.range()));
                }
                if self.is_in_batches(query) {
                    self.unit.async_for(clause)?;
                    return self.stream(query);
                }
                self.rows(query, "", Iterate::Rows)
            }
            UseKind::Subscripted => self.subscript(query),
            UseKind::Argument { call, .. } => self.argument(query, call),
            UseKind::Truth | UseKind::BoolOperand => Err(Refusal::at(&reasons::TRUTH, range)),
            UseKind::Branch => self.branch(query),
            UseKind::IsNone | UseKind::Deleted | UseKind::Discarded => Ok(()),
            UseKind::Unpacked => match self.model.nodes.parent_node(query) {
                // `[*query]`
                AnyNodeRef::ExprStarred(_) => self.rows(query, "", Iterate::Rows),
                _ => Err(Refusal::at(&reasons::ESCAPES, range)),
            },
            UseKind::Compared => Err(Refusal::at(&reasons::METHOD, range)),
            _ => Err(Refusal::at(&reasons::ESCAPES, range)),
        }
    }

    fn method(
        &mut self,
        query: NodeId,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        self.unit.is_foreign(self.model.id(call));
        let name = attribute.attr.as_str();
        if let Some(link) = words::link(name) {
            return self.link(link, query, attribute, call);
        }
        if let Some(part) = words::part(name) {
            return self.part(attribute, call, part);
        }
        let Some(terminal) = words::terminal(name) else {
            let detail = format!("`.{name}()`");
            let range = attribute.attr.range();
            return Err(Refusal::with_detail(&reasons::METHOD, range, detail));
        };
        match terminal {
            Terminal::Get => return self.get(query, call),
            Terminal::Delete | Terminal::Update => {
                return self.bulk(terminal, query, attribute, call);
            }
            _ => {}
        }
        if !call.arguments.is_empty() {
            return Err(Refusal::at(&reasons::ARGUMENT, call.arguments.range()));
        }
        if self.is_in_batches(query) {
            return Err(Refusal::at(&reasons::BATCHES, call.range()));
        }
        match terminal {
            Terminal::Count => self.count(query, attribute, call),
            Terminal::Scalar => self.scalar(query, attribute, call),
            Terminal::First => {
                let rows = self.known_rows(query)?;
                let has_text = self.states.of(query).is_some_and(|state| state.has_text);
                let limit = if has_text { "" } else { ".limit(1)" };
                let method = match rows {
                    Rows::Entity => "scalars(",
                    Rows::Mixed | Rows::Columns => "execute(",
                };
                self.run(query, query, &[method.to_string()], limit, "")
            }
            _ => self.rows(query, "", Iterate::Method),
        }
    }

    /// What a row of a query is.
    pub fn known_rows(&self, query: NodeId) -> Result<Rows, Refusal> {
        match self.states.of(query).map(|state| &state.rows) {
            Some(Agreed::Known(rows)) => Ok(*rows),
            Some(Agreed::Unknown(range)) => Err(Refusal::at(&reasons::ROWS, *range)),
            None => Err(Refusal::at(
                &reasons::ESCAPES,
                self.model.nodes.range(query),
            )),
        }
    }

    fn is_in_batches(&self, query: NodeId) -> bool {
        self.states.of(query).is_some_and(|state| state.in_batches)
    }

    /// Runs a query for all of its rows: objects without those that came before, as a query gives them.
    fn rows(&mut self, query: NodeId, suffix: &str, then: Iterate) -> Result<(), Refusal> {
        if self.is_in_batches(query) {
            let range = self.model.nodes.range(query);
            return Err(Refusal::at(&reasons::BATCHES, range));
        }
        let (method, unique) = match self.known_rows(query)? {
            Rows::Entity => ("scalars(", ".unique()"),
            Rows::Mixed => ("execute(", ".unique()"),
            Rows::Columns => ("execute(", ""),
        };
        let then = match then {
            Iterate::Method | Iterate::Rows => unique.to_string(),
            Iterate::List => format!("{unique}.all()"),
        };
        self.run(query, query, &[method.to_string()], suffix, &then)
    }

    /// Rows that come in batches: no duplicates are looked for.
    fn stream(&mut self, query: NodeId) -> Result<(), Refusal> {
        let method = match self.known_rows(query)? {
            Rows::Entity => "stream_scalars(",
            Rows::Mixed | Rows::Columns => "stream(",
        };
        self.run(query, query, &[method.to_string()], "", "")
    }

    /// `query.count()`: the rows of the whole statement as a table.
    fn count(
        &mut self,
        query: NodeId,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let node = self.model.id(call);
        let select = self.name("select", node)?;
        let func = self.name("func", node)?;
        self.unit
            .edit(Edit::replace(attribute.attr.range(), "subquery"));
        let openings = [
            "scalar(".to_string(),
            format!("{select}({func}.count()).select_from("),
        ];
        self.run(node, query, &openings, "", "")
    }

    /// `query.scalar()`: an error where there is more than one row.
    fn scalar(
        &mut self,
        query: NodeId,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let is_aggregate = self
            .states
            .of(query)
            .is_some_and(|state| state.is_aggregate);
        match self.known_rows(query)? {
            Rows::Columns if is_aggregate => {
                let rest = TextRange::new(self.whole(query).end(), call.end());
                if self.model.has_comment(rest) {
                    return Err(Refusal::at(&reasons::COMMENT, rest));
                }
                self.unit.edit(Edit::delete(rest));
                self.run(self.model.id(call), query, &["scalar(".to_string()], "", "")
            }
            Rows::Columns => {
                let name = attribute.attr.range();
                self.unit.edit(Edit::replace(name, "scalar_one_or_none"));
                self.run(query, query, &["execute(".to_string()], "", "")
            }
            Rows::Entity => {
                let name = attribute.attr.range();
                self.unit.edit(Edit::replace(name, "one_or_none"));
                self.rows(query, "", Iterate::Method)
            }
            // Duplicates are those of the row, and the first column alone is read.
            Rows::Mixed => Err(Refusal::with_detail(
                &reasons::METHOD,
                attribute.attr.range(),
                "`.scalar()` of rows that hold an object",
            )),
        }
    }

    fn attribute(&mut self, query: NodeId, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        let name = attribute.attr.as_str();
        match name {
            "whereclause" | "column_descriptions" => Ok(()),
            "statement" => {
                let rest = TextRange::new(self.whole(query).end(), attribute.end());
                if self.model.has_comment(rest) {
                    return Err(Refusal::at(&reasons::COMMENT, rest));
                }
                self.unit.edit(Edit::delete(rest));
                Ok(())
            }
            _ => {
                let detail = format!("`.{name}`");
                let range = attribute.attr.range();
                Err(Refusal::with_detail(&reasons::METHOD, range, detail))
            }
        }
    }

    /// A branch of a conditional expression that is a query as a whole.
    fn branch(&self, query: NodeId) -> Result<(), Refusal> {
        let if_ = self.model.nodes.parent(query);
        if self.states.of(if_).is_some() {
            Ok(())
        } else {
            let range = self.model.nodes.range(query);
            Err(Refusal::at(&reasons::MIXED, range))
        }
    }

    /// `query[3]`, `query[:10]`, `query[10:20]`.
    fn subscript(&mut self, query: NodeId) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(query);
        let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(query) else {
            return Err(Refusal::at(&reasons::ESCAPES, range));
        };
        if !subscript.ctx.is_load() {
            return Err(Refusal::at(&reasons::ESCAPES, range));
        }
        let refuse = || Refusal::at(&reasons::SLICE, subscript.slice.range());
        match subscript.slice.as_ref() {
            Expr::Slice(slice) => {
                if slice.step.is_some() {
                    return Err(refuse());
                }
                let (lower, upper) = (
                    slice
                        .lower
                        .as_deref()
                        .filter(|bound| !literal::is_none(bound)),
                    slice
                        .upper
                        .as_deref()
                        .filter(|bound| !literal::is_none(bound)),
                );
                for bound in lower.iter().chain(upper.iter()) {
                    self.bound(bound)?;
                }
                let text = |bound: &Expr| model.slice(bound.range());
                let has_offset = self.states.of(query).is_some_and(|state| state.has_offset);
                let suffix = match (lower, upper) {
                    (None, None) => String::new(),
                    (None, Some(upper)) => format!(".limit({})", text(upper)),
                    (Some(lower), None) if !has_offset => format!(".offset({})", text(lower)),
                    (Some(_), None) => return Err(refuse()),
                    (Some(lower), Some(upper)) => {
                        format!(".slice({}, {})", text(lower), text(upper))
                    }
                };
                let rest = TextRange::new(self.whole(query).end(), subscript.end());
                if model.has_comment(rest) {
                    return Err(Refusal::at(&reasons::COMMENT, rest));
                }
                self.unit.edit(Edit::delete(rest));
                self.rows(query, &suffix, Iterate::List)
            }
            index => self.index(query, subscript, index),
        }
    }

    fn index(
        &mut self,
        query: NodeId,
        subscript: &'a ExprSubscript,
        index: &'a Expr,
    ) -> Result<(), Refusal> {
        let suffix = match literal::integer(index) {
            Some(0) => ".limit(1)".to_string(),
            Some(number) if number > 0 => {
                self.unit.edit(Edit::replace(index.range(), "0"));
                format!(".slice({number}, {})", number.saturating_add(1))
            }
            _ => return Err(Refusal::at(&reasons::SLICE, subscript.slice.range())),
        };
        self.rows(query, &suffix, Iterate::List)
    }

    /// A bound of a slice: not below zero, as far as can be seen.
    fn bound(&mut self, bound: &'a Expr) -> Result<(), Refusal> {
        if literal::is_negative(bound) || !literal::is_plain(bound) {
            return Err(Refusal::at(&reasons::SLICE, bound.range()));
        }
        if self.model.has_comment(bound.range()) {
            return Err(Refusal::at(&reasons::COMMENT, bound.range()));
        }
        if literal::integer(bound).is_none() {
            self.unit.unsafe_because(bound.range(), BOUNDS);
        }
        Ok(())
    }

    /// A query that is handed to a call.
    fn argument(&mut self, query: NodeId, call: &'a ExprCall) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(query);
        let meaning = model.meaning(&call.func);
        if let Some(path) = meaning.path() {
            if let Some(name) = path.strip_prefix("builtins.")
                && is_builtin(name)
            {
                return match name {
                    "dict" => self.rows(query, "", Iterate::List),
                    "list" | "tuple" | "set" | "frozenset" | "sorted" | "enumerate" | "map"
                    | "filter" | "zip" | "iter" | "sum" | "min" | "max" | "any" | "all" => {
                        self.rows(query, "", Iterate::Rows)
                    }
                    _ => {
                        let detail = format!("`{name}()`");
                        Err(Refusal::with_detail(&reasons::METHOD, range, detail))
                    }
                };
            }
            if path.starts_with("sqlalchemy.") && !path.contains(".orm.Query") {
                return Ok(());
            }
        }
        match call.func.as_ref() {
            Expr::Attribute(attribute)
                if matches!(
                    attribute.attr.as_str(),
                    "in_" | "not_in" | "notin_" | "from_select"
                ) =>
            {
                Ok(())
            }
            // What the session executes, and what another query of the file takes as a source or condition.
            Expr::Attribute(attribute)
                if self.part.is_value(model.id(attribute.value.as_ref()))
                    || self.states.of(model.id(attribute.value.as_ref())).is_some()
                    || self.starts.contains_key(&model.id(call)) =>
            {
                Ok(())
            }
            _ => Err(Refusal::at(&reasons::ESCAPES, range)),
        }
    }

    /// `query: Query = session.query(...)`: the annotation changes with the value.
    pub fn annotations(&mut self, home: &Home<'a>) -> Result<(), Refusal> {
        let model = self.model;
        for &binding in &home.flow.bindings {
            match model.scopes.binding(binding).kind {
                BindingKind::Assign { value } => {
                    if let AnyNodeRef::StmtAnnAssign(assign) = model.nodes.parent_node(value) {
                        self.annotation(&assign.annotation)?;
                    }
                }
                BindingKind::Parameter => {
                    if let AnyNodeRef::Parameter(parameter) =
                        model.nodes.get(model.scopes.binding(binding).node)
                        && let Some(annotation) = parameter.annotation.as_deref()
                    {
                        self.annotation(annotation)?;
                    }
                }
                _ => {}
            }
        }
        // The result of a function that gives a query.
        let Runner::Function(index) = home.runner else {
            return Ok(());
        };
        let giver = self.across.gifts.values().find(|gift| gift.index == index);
        match giver.and_then(|gift| gift.function.returns.as_deref()) {
            Some(returns) => self.annotation(returns),
            None => Ok(()),
        }
    }

    /// `Query` -> `Select`, `Query[User]` -> `Select[tuple[User]]`.
    fn annotation(&mut self, annotation: &'a Expr) -> Result<(), Refusal> {
        let model = self.model;
        let (name, argument) = match annotation {
            Expr::Subscript(subscript) => {
                (subscript.value.as_ref(), Some(subscript.slice.as_ref()))
            }
            other => (other, None),
        };
        let is_query = model.meaning(name).path().is_some_and(|path| {
            matches!(path, "sqlalchemy.orm.Query" | "sqlalchemy.orm.query.Query")
        });
        if !is_query {
            return Ok(());
        }
        let node = model.id(name);
        let select = self.name("Select", node)?;
        self.unit.rename(node, select);
        // The rows of a statement are typed as tuples.
        if let Some(argument) = argument
            && !matches!(argument, Expr::Subscript(_))
        {
            let wrapped = Edit::surround(argument.range(), "tuple[", "]", Layer::Wrap);
            self.unit.edit(wrapped);
        }
        Ok(())
    }
}

/// How the rows of a query are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Iterate {
    /// By the method that stands there: `.all()`.
    Method,
    /// As an iterable.
    Rows,
    /// As a list.
    List,
}
