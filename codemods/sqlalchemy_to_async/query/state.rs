//! What a query may be at each place: the calls that made it, in one expression or over several statements.
//!
//! A forward analysis over the expressions that hold a query: the call that starts it, the calls that go on from it, and the
//! names that it is bound to, with the bindings that a name may see. Facts of several ways are joined.

use std::collections::BTreeSet;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::rows::{self, Kind, Rows};
use super::words::{self, Link};
use crate::codemod::Context;
use crate::semantic::flow::Flow;
use crate::semantic::reaching::Reaching;
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, NodeId, Runner};

/// A fact that all ways to a place agree on, or do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreed<T> {
    /// All ways have it.
    Known(T),
    /// They do not agree, or one of them is not known: the span to tell.
    Unknown(TextRange),
}

impl<T: Clone + PartialEq> Agreed<T> {
    fn join(&mut self, other: &Self, at: TextRange) {
        match (&*self, other) {
            (Self::Known(one), Self::Known(other)) if one == other => {}
            (Self::Unknown(_), _) => {}
            (_, Self::Unknown(range)) => *self = Self::Unknown(*range),
            _ => *self = Self::Unknown(at),
        }
    }
}

/// What a query may be at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What a row is.
    pub rows: Agreed<Rows>,
    /// What `filter_by` looks at, as the source names it.
    pub entity: Agreed<String>,
    /// The classes and aliases that it selects from.
    pub sources: BTreeSet<String>,
    /// The text of the session.
    pub session: Agreed<String>,
    /// Whether something may be joined, or a source may be given.
    pub is_joined: bool,
    /// Whether it may have an offset.
    pub has_offset: bool,
    /// Whether its text may be given.
    pub has_text: bool,
    /// Whether it may be that all rows are one.
    pub is_aggregate: bool,
    /// Whether rows may come in batches.
    pub in_batches: bool,
}

impl State {
    fn join(&mut self, other: &Self, at: TextRange) {
        self.rows.join(&other.rows, at);
        self.entity.join(&other.entity, at);
        self.session.join(&other.session, at);
        self.sources.extend(other.sources.iter().cloned());
        self.is_joined |= other.is_joined;
        self.has_offset |= other.has_offset;
        self.has_text |= other.has_text;
        self.in_batches |= other.in_batches;
        self.is_aggregate &= other.is_aggregate;
    }

    /// Whether `filter_by` of a statement finds what that of a query does: there is nothing else to look at.
    pub fn has_one_source(&self) -> bool {
        self.sources.len() <= 1 && !self.is_joined
    }
}

/// The states of one function's queries.
pub struct States {
    states: FxHashMap<NodeId, State>,
}

impl States {
    /// Computes the states of these expressions: calls, in source order, and the names that hold them.
    pub fn new<'a>(
        context: &Context<'a, '_>,
        home: Runner,
        origins: &[&'a ExprCall],
        nodes: &[NodeId],
        flow: &Flow<'a>,
    ) -> Self {
        let model = context.model;
        let symbols: FxHashSet<SymbolId> = flow.symbols.iter().copied().collect();
        let reaching = if symbols.is_empty() {
            Reaching::default()
        } else {
            Reaching::new(model, model.body_of(home), &symbols)
        };
        let mut all: Vec<NodeId> = nodes.iter().copied().collect();
        all.extend(flow.uses.iter().map(|use_| use_.node));
        all.sort_unstable();
        all.dedup();
        // Statements in their order; in each, receivers first: they stand inside of what is called on them, and have higher
        // numbers.
        all.sort_by_key(|&node| (model.statement_of(node), std::cmp::Reverse(node)));
        let origins: FxHashMap<NodeId, &ExprCall> = origins
            .iter()
            .map(|call| (model.id(*call), *call))
            .collect();
        let mut found = Self {
            states: FxHashMap::default(),
        };
        // Each round carries facts over at least one more binding; facts only grow, so it ends.
        loop {
            let mut changed = false;
            for &node in &all {
                let state = match origins.get(&node) {
                    Some(call) => Some(start(context, call)),
                    None => found.step(context, &reaching, node),
                };
                if let Some(state) = state
                    && found.states.get(&node) != Some(&state)
                {
                    found.states.insert(node, state);
                    changed = true;
                }
            }
            if !changed {
                return found;
            }
        }
    }

    /// The state of an expression that holds a query.
    pub fn of(&self, node: NodeId) -> Option<&State> {
        self.states.get(&node)
    }

    fn step(&self, context: &Context<'_, '_>, reaching: &Reaching, node: NodeId) -> Option<State> {
        let model = context.model;
        match model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) => {
                let Expr::Attribute(attribute) = call.func.as_ref() else {
                    return None;
                };
                let before = self.of(model.id(attribute.value.as_ref()))?;
                words::link(attribute.attr.as_str())?;
                Some(after(context, before, attribute.attr.as_str(), call))
            }
            AnyNodeRef::ExprName(name) => {
                let symbol = model.scopes.symbol_of(model.id(name))?;
                let all = &model.scopes.symbol(symbol).bindings;
                let seen = reaching.at(node).unwrap_or(all);
                let mut joined: Option<State> = None;
                for &binding in seen {
                    let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
                        continue;
                    };
                    let Some(state) = self.of(value) else {
                        continue;
                    };
                    match &mut joined {
                        Some(joined) => joined.join(state, name.range()),
                        None => joined = Some(state.clone()),
                    }
                }
                joined
            }
            AnyNodeRef::ExprNamed(named) => self.of(model.id(named.value.as_ref())).cloned(),
            AnyNodeRef::ExprIf(if_) => {
                let one = self.of(model.id(if_.body.as_ref()));
                let other = self.of(model.id(if_.orelse.as_ref()));
                let mut joined = one.or(other)?.clone();
                joined.join(other.or(one)?, if_.range());
                Some(joined)
            }
            _ => None,
        }
    }
}

/// `session.query(...)`.
fn start(context: &Context<'_, '_>, call: &ExprCall) -> State {
    let session = match call.func.as_ref() {
        Expr::Attribute(attribute) => {
            Agreed::Known(context.model.slice(attribute.value.range()).to_string())
        }
        _ => Agreed::Unknown(call.range()),
    };
    let mut state = State {
        rows: Agreed::Unknown(call.range()),
        entity: Agreed::Unknown(call.range()),
        sources: BTreeSet::new(),
        session,
        is_joined: false,
        has_offset: false,
        has_text: false,
        is_aggregate: false,
        in_batches: false,
    };
    columns(context, &mut state, call);
    state
}

/// The arguments of a call say what a row is.
fn columns(context: &Context<'_, '_>, state: &mut State, call: &ExprCall) {
    match rows::shape(context, call) {
        Ok(shape) => {
            state.rows = Agreed::Known(shape.rows);
            state.is_aggregate = shape.is_aggregate;
            if !state.is_joined {
                state.entity = match shape.first {
                    Some(first) => Agreed::Known(first),
                    None => Agreed::Unknown(call.range()),
                };
            }
            state.sources.extend(shape.sources);
        }
        Err(range) => {
            state.rows = Agreed::Unknown(range);
            state.is_aggregate = false;
        }
    }
}

/// What a call makes of a query.
fn after(context: &Context<'_, '_>, before: &State, name: &str, call: &ExprCall) -> State {
    let mut state = before.clone();
    match name {
        "with_entities" => columns(context, &mut state, call),
        "add_columns" | "add_column" | "add_entity" => {
            state.is_aggregate = false;
            match rows::shape(context, call) {
                Ok(shape) => {
                    state.sources.extend(shape.sources);
                    if let Agreed::Known(rows) = &mut state.rows {
                        *rows = match (*rows, shape.rows) {
                            (Rows::Columns, Rows::Columns) => Rows::Columns,
                            _ => Rows::Mixed,
                        };
                    }
                }
                Err(range) => state.rows = Agreed::Unknown(range),
            }
        }
        // What is joined counts more than what is selected from, and the first of that more than others.
        "select_from" if state.is_joined => state.entity = Agreed::Unknown(call.range()),
        "join" | "outerjoin" | "select_from" => {
            state.is_joined = true;
            let target = call.arguments.args.first();
            let is_one = name != "select_from" || call.arguments.args.len() == 1;
            let entity = target
                .filter(|target| is_one && rows::kind(context, target, 8) == Some(Kind::Entity));
            state.entity = match entity {
                Some(target) => Agreed::Known(context.model.slice(target.range()).to_string()),
                None => Agreed::Unknown(call.range()),
            };
        }
        "offset" | "slice" => state.has_offset = true,
        "from_statement" => state.has_text = true,
        "group_by" | "having" => state.is_aggregate = false,
        "yield_per" => state.in_batches = true,
        "execution_options" => {
            let asks = |name: &str| crate::semantic::literal::keyword(call, name).is_some();
            state.in_batches |= asks("yield_per") || asks("stream_results");
        }
        _ => {}
    }
    debug_assert!(words::link(name) != Some(Link::YieldPer) || state.in_batches);
    state
}
