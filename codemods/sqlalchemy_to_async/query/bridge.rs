//! Queries that no statement stands for, run as they are: `session.query(model).all()` ->
//! `await session.run_sync(lambda session: session.query(model).all())`.
//!
//! An async session hands its sync half to a function and runs that beside the event loop's other work. So a query whose rows
//! are not known, or that has a method of its own (`union`), stays a query, where all of it is one expression. So does one that
//! is all that a lambda does.
//!
//! Source: <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#running-synchronous-methods-and-functions-under-asyncio>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::bulk::STALE;
use super::{Work, is_plain, rows, words};
use crate::codemod::{Context, Refusal};
use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId, literal};
use crate::values::Part;

/// A query that stays one.
#[derive(Clone, Copy, Debug)]
pub struct Bridge<'a> {
    /// The call that starts it.
    start: &'a ExprCall,
    /// The expression that runs it.
    top: NodeId,
    /// Whether rows are iterated over, and have to be read first.
    is_iterated: bool,
}

impl<'a> Bridge<'a> {
    /// Whether a query has to stay one, and can.
    pub fn new(context: &Context<'a, '_>, part: &Part, start: &'a ExprCall) -> Option<Self> {
        let model = context.model;
        let Expr::Attribute(query) = start.func.as_ref() else {
            return None;
        };
        let mut at = model.id(start);
        let mut needs = false;
        let mut has_known_rows = rows::shape(context, start).is_ok();
        // Up to what runs it.
        let top = loop {
            let Some((name, call)) = method_on(model, at) else {
                // Rows that a loop takes one by one.
                let is_iterated = match model.nodes.parent_node(at) {
                    AnyNodeRef::StmtFor(for_) => {
                        !for_.is_async && model.id(for_.iter.as_ref()) == at
                    }
                    AnyNodeRef::Comprehension(clause) => {
                        !clause.is_async && model.id(&clause.iter) == at
                    }
                    _ => false,
                };
                if !is_iterated {
                    return None;
                }
                break (at, true);
            };
            at = call;
            if let Some(terminal) = words::terminal(name) {
                // Whatever the rows are, they can be counted.
                has_known_rows |= terminal == words::Terminal::Count && is_listed(start);
                break (at, false);
            }
            match words::link(name) {
                Some(words::Link::YieldPer) => return None,
                // What it is for is said again.
                Some(words::Link::Renamed("with_only_columns")) => return None,
                Some(_) => {}
                None if words::part(name).is_some() => return None,
                None => needs |= STAYING.contains(&name),
            }
            if words::link(name).is_none() && !STAYING.contains(&name) {
                return None;
            }
        };
        let (top, is_iterated) = top;
        // A lambda cannot await, but what it gives can be awaited.
        let in_lambda = matches!(model.nodes.parent_node(top), AnyNodeRef::ExprLambda(_));
        needs |= !has_known_rows || in_lambda;
        let is_possible =
            needs && is_plain(&query.value) && is_movable(model, part, top, &query.value);
        is_possible.then_some(Self {
            start,
            top,
            is_iterated,
        })
    }

    /// An UPDATE or DELETE that leaves the objects of the session as they are.
    fn leaves_stale(&self, model: &Model<'a>) -> bool {
        let AnyNodeRef::ExprCall(call) = model.nodes.get(self.top) else {
            return false;
        };
        let is_bulk = matches!(call.func.as_ref(), Expr::Attribute(attribute)
            if matches!(attribute.attr.as_str(), "update" | "delete"));
        let by_name = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        let mut values = call.arguments.args.iter().chain(by_name);
        is_bulk && values.any(|value| literal::boolean(value) == Some(false))
    }

    /// The span of what runs it.
    pub fn range(&self, model: &Model<'a>) -> TextRange {
        model.nodes.range(self.top)
    }
}

/// Whether what a query is for is listed in the call.
fn is_listed(start: &ExprCall) -> bool {
    !start.arguments.args.is_empty() && start.arguments.keywords.is_empty()
}

/// Methods of a query that a statement has not, or has in another form.
const STAYING: &[&str] = &[
    "autoflush",
    "enable_assertions",
    "enable_eagerloads",
    "except_",
    "except_all",
    "from_self",
    "intersect",
    "intersect_all",
    "only_return_tuples",
    "reset_joinpoint",
    "select_entity_from",
    "union",
    "union_all",
    "with_parent",
];

/// The method that is called on an expression, and the call.
fn method_on<'a>(model: &Model<'a>, node: NodeId) -> Option<(&'a str, NodeId)> {
    let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(node) else {
        return None;
    };
    let inner = model.id(attribute);
    match model.nodes.parent_node(inner) {
        AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == inner => {
            Some((attribute.attr.as_str(), model.id(call)))
        }
        _ => None,
    }
}

/// Whether an expression means the same in a lambda that is called at once, with the session as its argument: it awaits and
/// binds nothing, and uses no other session.
fn is_movable(model: &Model<'_>, part: &Part, top: NodeId, session: &Expr) -> bool {
    let text = model.slice(session.range());
    model
        .nodes
        .subtree(top)
        .all(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprAwait(_)
            | AnyNodeRef::ExprYield(_)
            | AnyNodeRef::ExprYieldFrom(_)
            | AnyNodeRef::ExprNamed(_) => false,
            AnyNodeRef::Comprehension(clause) => !clause.is_async,
            _ if part.is_value(node) => {
                let is_start = matches!(method_on(model, node), Some(("query", _)));
                is_start && model.slice(model.nodes.range(node)) == text
            }
            _ => true,
        })
}

impl<'a> Work<'a, '_, '_> {
    /// Writes the bridge.
    pub fn bridge(&mut self, bridge: Bridge<'a>) -> Result<(), Refusal> {
        let model = self.model;
        let Expr::Attribute(query) = bridge.start.func.as_ref() else {
            return Ok(());
        };
        let session = model.slice(query.value.range());
        let name = match query.value.as_ref() {
            Expr::Name(name) => name.id.to_string(),
            _ => model.free_name("session", bridge.top, &[]),
        };
        for node in model.nodes.subtree(bridge.top) {
            let Some((member, call)) = method_on(model, node) else {
                continue;
            };
            self.unit.is_foreign(call);
            let range = model.nodes.range(node);
            if member == "query" && name != session && model.slice(range) == session {
                self.unit.edit(Edit::replace(range, name.clone()));
            }
        }
        let range = model.nodes.range(bridge.top);
        if bridge.leaves_stale(model) {
            self.unit.unsafe_because(range, STALE);
        }
        let all = if bridge.is_iterated { ".all()" } else { "" };
        let (before, after) = match self.layout(bridge.top) {
            None => (
                format!("{session}.run_sync(lambda {name}: "),
                format!("{all})"),
            ),
            Some((indent, from)) => {
                let unit = model.indent_unit();
                self.unit
                    .edit(Edit::indent(TextRange::new(from, range.end())));
                (
                    format!("{session}.run_sync(\n{indent}{unit}lambda {name}: "),
                    if all.is_empty() {
                        format!("\n{indent})")
                    } else {
                        format!("\n{indent}{unit}{all}\n{indent})")
                    },
                )
            }
        };
        self.unit
            .edit(Edit::surround(range, before, after, Layer::Wrap));
        self.unit.await_or_hand_on(bridge.top)
    }
}
