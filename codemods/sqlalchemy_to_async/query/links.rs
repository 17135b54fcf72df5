//! What becomes of the methods that go on from a query, and of those that make it a part of another statement.

use ruff_python_ast::{Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::state::{Agreed, State};
use super::words::Link;
use super::{Head, Work, reasons};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer};
use crate::semantic::{NodeId, literal};

impl<'a> Work<'a, '_, '_> {
    /// Rewrites `query.method(...)` that gives another query.
    pub fn link(
        &mut self,
        link: Link,
        before: NodeId,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        // `session.get` has taken in the whole chain.
        if let Some(start) = self.start_in(before)
            && matches!(self.heads.get(&self.model.id(start)), Some(Head::Written))
        {
            return Ok(());
        }
        let name = attribute.attr.as_str();
        match link {
            Link::Same => check_arguments(name, call),
            Link::Renamed(new) => {
                self.unit.edit(Edit::replace(attribute.attr.range(), new));
                Ok(())
            }
            Link::PopulateExisting => {
                let arguments = &call.arguments;
                if !arguments.is_empty() || self.model.has_comment(arguments.range()) {
                    return Err(Refusal::at(&reasons::ARGUMENT, call.range()));
                }
                let range = TextRange::new(attribute.attr.start(), call.end());
                self.unit.edit(Edit::replace(
                    range,
                    "execution_options(populate_existing=True)",
                ));
                Ok(())
            }
            Link::YieldPer => {
                let [argument] = &*call.arguments.args else {
                    return Err(Refusal::at(&reasons::ARGUMENT, call.range()));
                };
                if !call.arguments.keywords.is_empty() || argument.is_starred_expr() {
                    return Err(Refusal::at(&reasons::ARGUMENT, call.range()));
                }
                self.unit
                    .edit(Edit::replace(attribute.attr.range(), "execution_options"));
                self.unit.edit(Edit::surround(
                    argument.range(),
                    "yield_per=",
                    "",
                    Layer::Wrap,
                ));
                Ok(())
            }
            Link::FilterBy => self.filter_by(before, attribute, call),
        }
    }

    /// `filter_by(name=x)`: a query looks at the entity that was joined last, a statement at all that there are.
    fn filter_by(
        &mut self,
        before: NodeId,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let refuse = || Refusal::at(&reasons::FILTER_BY, call.range());
        let state: &State = self.states.of(before).ok_or_else(refuse)?;
        if state.has_one_source() {
            return Ok(());
        }
        let Agreed::Known(entity) = &state.entity else {
            return Err(refuse());
        };
        if literal::has_starred(call) || !call.arguments.args.is_empty() {
            return Err(refuse());
        }
        let mut edits = vec![Edit::replace(attribute.attr.range(), "filter")];
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else {
                return Err(refuse());
            };
            let lead = TextRange::new(keyword.start(), keyword.value.start());
            let whole = self.whole(self.model.id(&keyword.value));
            let is_parenthesized = whole != keyword.value.range();
            if self.model.has_comment(lead) {
                return Err(Refusal::at(&reasons::COMMENT, lead));
            }
            let head = TextRange::new(keyword.start(), whole.start());
            edits.push(Edit::replace(head, format!("{entity}.{name} == ")));
            if binds_looser_than_comparison(&keyword.value) && !is_parenthesized {
                edits.push(Edit::surround(
                    keyword.value.range(),
                    "(",
                    ")",
                    Layer::Outer,
                ));
            }
        }
        self.unit.edits(edits);
        Ok(())
    }

    /// Rewrites `query.subquery()` and the like.
    pub fn part(
        &mut self,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
        new: &'static str,
    ) -> Result<(), Refusal> {
        if let Some(keyword) = call.arguments.keywords.iter().find(|keyword| {
            keyword
                .arg
                .as_ref()
                .is_none_or(|name| matches!(name.as_str(), "with_labels" | "reduce_columns"))
        }) {
            return Err(Refusal::at(&reasons::ARGUMENT, keyword.range()));
        }
        let taken = if new == "exists" { 0 } else { 1 };
        if new != "cte"
            && let Some(argument) = call.arguments.args.get(taken)
        {
            return Err(Refusal::at(&reasons::ARGUMENT, argument.range()));
        }
        if attribute.attr.as_str() != new {
            self.unit.edit(Edit::replace(attribute.attr.range(), new));
        }
        Ok(())
    }
}

/// The forms of SQLAlchemy 1.x that a statement does not take.
fn check_arguments(name: &str, call: &ExprCall) -> Result<(), Refusal> {
    let refuse = |range| Err(Refusal::at(&reasons::ARGUMENT, range));
    let arguments = &call.arguments;
    match name {
        "join" | "outerjoin" => {
            for keyword in &arguments.keywords {
                let is_known = keyword.arg.as_ref().is_some_and(|name| {
                    matches!(name.as_str(), "onclause" | "full" | "isouter" | "target")
                });
                if !is_known {
                    return refuse(keyword.range());
                }
            }
            if let Some(third) = arguments.args.get(2) {
                return refuse(third.range());
            }
            let old = arguments
                .args
                .iter()
                .find(|argument| argument.is_string_literal_expr() || argument.is_tuple_expr());
            old.map_or(Ok(()), |argument| refuse(argument.range()))
        }
        "order_by" | "group_by" => {
            let reset = arguments
                .args
                .iter()
                .find(|argument| literal::boolean(argument).is_some());
            reset.map_or(Ok(()), |argument| refuse(argument.range()))
        }
        "options" => {
            let old = arguments
                .args
                .iter()
                .find(|argument| argument.is_string_literal_expr());
            old.map_or(Ok(()), |argument| refuse(argument.range()))
        }
        _ => Ok(()),
    }
}

/// Whether an expression needs parentheses to the right of `==`.
fn binds_looser_than_comparison(expr: &Expr) -> bool {
    match expr {
        Expr::BoolOp(_) | Expr::If(_) | Expr::Lambda(_) | Expr::Compare(_) | Expr::Named(_) => true,
        Expr::UnaryOp(operation) => operation.op == ruff_python_ast::UnaryOp::Not,
        _ => false,
    }
}
