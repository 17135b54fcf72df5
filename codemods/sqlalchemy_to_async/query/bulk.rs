//! `query.update(...)` and `query.delete()` -> UPDATE and DELETE statements, and `query.get(key)` -> `session.get(Model, key)`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::rows::Rows;
use super::state::Agreed;
use super::words::Terminal;
use super::{Head, Work, is_plain, reasons, receiver};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::{BindingKind, NodeId, literal};

/// What a bulk statement does to objects that the session holds.
pub const STALE: &str = "objects that the session holds keep their old values, also after a commit: an async session does not expire them";

impl<'a> Work<'a, '_, '_> {
    /// Rewrites an UPDATE or DELETE.
    pub fn bulk(
        &mut self,
        terminal: Terminal,
        query: NodeId,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let (start, is_variable) = match self.kept(query) {
            Some(value) => (self.conditions(value, call)?, true),
            None => (self.conditions(query, call)?, false),
        };
        let synchronize = synchronize_session(terminal, call)?;
        let node = model.id(call);
        let whole = self.whole(query);
        let option = synchronize.map(|value| {
            let text = model.slice(value.range());
            format!(".execution_options(synchronize_session={text})")
        });
        let function = match terminal {
            Terminal::Update => "update",
            _ => "delete",
        };
        let mut suffix = String::new();
        if terminal == Terminal::Update {
            self.values(attribute, call, synchronize)?;
            suffix = option.unwrap_or_default();
        } else {
            let rest = TextRange::new(whole.end(), call.end());
            if model.has_comment(rest) {
                return Err(Refusal::at(&reasons::COMMENT, rest));
            }
            match option {
                None => self.unit.edit(Edit::delete(rest)),
                Some(option) => {
                    let rest = TextRange::new(attribute.attr.start(), call.end());
                    let option = option.trim_start_matches('.');
                    self.unit.edit(Edit::replace(rest, option));
                }
            }
        }
        if synchronize.is_some_and(|value| literal::boolean(value) == Some(false)) {
            self.unit.unsafe_because(call.range(), STALE);
        }
        if is_variable {
            self.of_conditions(function, query, start, call)?;
        } else {
            self.heads.insert(model.id(start), Head::Function(function));
        }
        let is_dropped = matches!(model.nodes.parent_node(node), AnyNodeRef::StmtExpr(_));
        let then = if is_dropped { "" } else { ".rowcount" };
        self.run(node, query, &["execute(".to_string()], &suffix, then)
    }

    /// The query that a variable is given, once and with conditions, in the function where it is named.
    fn kept(&self, query: NodeId) -> Option<NodeId> {
        let model = self.model;
        let AnyNodeRef::ExprName(_) = model.nodes.get(query) else {
            return None;
        };
        let symbol = model.scopes.symbol(model.scopes.symbol_of(query)?);
        let [binding] = symbol.bindings[..] else {
            return None;
        };
        let binding = model.scopes.binding(binding);
        let BindingKind::Assign { value } = binding.kind else {
            return None;
        };
        let is_given = model.runner(binding.node) == model.runner(query)
            && matches!(model.nodes.parent_node(value), AnyNodeRef::StmtAssign(assign)
                if matches!(&*assign.targets, [Expr::Name(_)]));
        // Without conditions there is no clause to take.
        let has_conditions = !self.starts.contains_key(&value)
            && matches!(model.nodes.get(value), AnyNodeRef::ExprCall(link)
                if !link.arguments.is_empty() && !literal::has_starred(link));
        (is_given && has_conditions).then_some(value)
    }

    /// `query` -> `delete(Model).where(query.whereclause)`, where the query stays a variable that others run.
    fn of_conditions(
        &mut self,
        function: &'static str,
        query: NodeId,
        start: &'a ExprCall,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let [class] = &*start.arguments.args else {
            return Err(Refusal::at(&reasons::BULK, start.range()));
        };
        let class = model.slice(class.range());
        let name = self.name(function, model.id(call))?;
        self.unit.edit(Edit::surround(
            model.nodes.range(query),
            format!("{name}({class}).where("),
            ".whereclause)",
            Layer::Wrap,
        ));
        Ok(())
    }

    /// The start of a query that has plain conditions only, all in one expression.
    fn conditions(&self, query: NodeId, call: &ExprCall) -> Result<&'a ExprCall, Refusal> {
        let model = self.model;
        let refuse = |range| Refusal::at(&reasons::BULK, range);
        let mut at = query;
        let start = loop {
            if let Some(start) = self.starts.get(&at) {
                break start;
            }
            let AnyNodeRef::ExprCall(link) = model.nodes.get(at) else {
                return Err(refuse(call.range()));
            };
            match link.func.as_ref() {
                Expr::Attribute(attribute)
                    if matches!(attribute.attr.as_str(), "filter" | "filter_by" | "where") => {}
                _ => return Err(refuse(link.range())),
            }
            at = receiver(model, at).ok_or_else(|| refuse(link.range()))?;
        };
        if model.has_comment(start.func.range()) {
            return Err(Refusal::at(&reasons::COMMENT, start.func.range()));
        }
        let is_plain_session =
            matches!(start.func.as_ref(), Expr::Attribute(attribute) if is_plain(&attribute.value));
        match self.states.of(model.id(*start)).map(|state| &state.rows) {
            Some(Agreed::Known(Rows::Entity)) if is_plain_session => Ok(start),
            Some(Agreed::Unknown(range)) => Err(Refusal::at(&reasons::ROWS, *range)),
            _ => Err(refuse(start.range())),
        }
    }

    /// `update(values, ...)` -> `values(values)`.
    fn values(
        &mut self,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
        synchronize: Option<&'a Expr>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        self.unit
            .edit(Edit::replace(attribute.attr.range(), "values"));
        if let Some(keyword) = literal::keyword(call, "values") {
            let lead = TextRange::new(keyword.start(), keyword.value.start());
            if model.has_comment(lead) {
                return Err(Refusal::at(&reasons::COMMENT, lead));
            }
            let whole = self.whole(model.id(&keyword.value));
            self.unit
                .edit(Edit::delete(TextRange::new(keyword.start(), whole.start())));
        }
        let Some(value) = synchronize else {
            return Ok(());
        };
        let keyword = literal::keyword(call, "synchronize_session");
        let range = keyword.map_or(self.whole(model.id(value)), Ranged::range);
        let edit = model
            .drop_argument(call, range)
            .ok_or_else(|| Refusal::at(&reasons::COMMENT, range))?;
        self.unit.edit(edit);
        Ok(())
    }

    /// `session.query(Model).get(key)` -> `session.get(Model, key)`.
    pub fn get(&mut self, query: NodeId, call: &'a ExprCall) -> Result<(), Refusal> {
        let model = self.model;
        let refuse = |range| Refusal::at(&reasons::ARGUMENT, range);
        let key = match (&*call.arguments.args, &*call.arguments.keywords) {
            ([key], []) if !key.is_starred_expr() => key,
            ([], [keyword])
                if keyword
                    .arg
                    .as_ref()
                    .is_some_and(|name| name.as_str() == "ident") =>
            {
                &keyword.value
            }
            _ => return Err(refuse(call.range())),
        };
        let mut options: Vec<Piece> = Vec::new();
        let mut listed: Vec<TextRange> = Vec::new();
        let mut at = query;
        let start = loop {
            if let Some(start) = self.starts.get(&at).copied() {
                break start;
            }
            let AnyNodeRef::ExprCall(link) = model.nodes.get(at) else {
                return Err(Refusal::at(&reasons::METHOD, call.range()));
            };
            let name = match link.func.as_ref() {
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => "",
            };
            let arguments = &link.arguments;
            match (name, &*arguments.args, &*arguments.keywords) {
                ("options", [first, .., last], []) | ("options", [first @ last], []) => {
                    listed.push(TextRange::new(
                        self.whole(model.id(first)).start(),
                        self.whole(model.id(last)).end(),
                    ));
                }
                ("populate_existing", [], []) => {
                    options.push(Piece::text(", populate_existing=True"));
                }
                ("with_for_update", [], []) => options.push(Piece::text(", with_for_update=True")),
                _ => return Err(refuse(link.range())),
            }
            at = receiver(model, at).ok_or_else(|| refuse(link.range()))?;
        };
        match self.states.of(model.id(start)).map(|state| &state.rows) {
            Some(Agreed::Known(Rows::Entity)) => {}
            Some(Agreed::Unknown(range)) => return Err(Refusal::at(&reasons::ROWS, *range)),
            _ => return Err(refuse(start.range())),
        }
        let (Some(class), Expr::Attribute(query)) =
            (start.arguments.args.first(), start.func.as_ref())
        else {
            return Err(refuse(start.range()));
        };
        let class = self.whole(model.id(class));
        let key_range = self.whole(model.id(key));
        let rest = TextRange::new(class.end(), call.end());
        if model.has_comment(TextRange::new(query.attr.start(), call.end())) {
            return Err(Refusal::at(&reasons::COMMENT, rest));
        }
        if !listed.is_empty() {
            options.push(Piece::text(", options=["));
            for (index, range) in listed.iter().rev().enumerate() {
                if index > 0 {
                    options.push(Piece::text(", "));
                }
                options.push(Piece::Source(*range));
            }
            options.push(Piece::text("]"));
        }
        if let Some(loaded) = self.options.of(start) {
            match options.pop() {
                Some(Piece::Text(end)) if end == "]" => {
                    options.push(Piece::text(format!(", {}]", loaded.options)));
                }
                last => {
                    options.extend(last);
                    options.push(Piece::text(format!(", options=[{}]", loaded.options)));
                }
            }
            if loaded.is_again {
                options.push(Piece::text(", populate_existing=True"));
            }
        }
        let mut pieces = vec![Piece::text(", "), Piece::Source(key_range)];
        pieces.extend(options);
        pieces.push(Piece::text(")"));
        self.unit.edit(Edit::replace(query.attr.range(), "get"));
        self.unit.edit(Edit::pieces(rest, pieces));
        self.heads.insert(model.id(start), Head::Written);
        self.unit.await_node(model.id(call))
    }
}

/// The value of `synchronize_session`, by name or by position.
fn synchronize_session(terminal: Terminal, call: &ExprCall) -> Result<Option<&Expr>, Refusal> {
    let refuse = |range| Err(Refusal::at(&reasons::ARGUMENT, range));
    let position = match terminal {
        Terminal::Update => 1,
        _ => 0,
    };
    let arguments = &call.arguments;
    for keyword in &arguments.keywords {
        let is_known = keyword.arg.as_ref().is_some_and(|name| {
            name.as_str() == "synchronize_session"
                || terminal == Terminal::Update && name.as_str() == "values"
        });
        if !is_known {
            return refuse(keyword.range());
        }
    }
    if let Some(starred) = arguments
        .args
        .iter()
        .find(|argument| argument.is_starred_expr())
    {
        return refuse(starred.range());
    }
    if let Some(extra) = arguments.args.get(position + 1) {
        return refuse(extra.range());
    }
    let by_name = literal::keyword(call, "synchronize_session").map(|keyword| &keyword.value);
    let value = by_name.or(arguments.args.get(position));
    if let Some(value) = value
        && !literal::is_plain(value)
    {
        return refuse(value.range());
    }
    Ok(value)
}
