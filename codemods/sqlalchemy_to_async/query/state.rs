//! What a query may be at each place: the calls that made it, in one expression or over several statements.
//!
//! A forward analysis over the expressions that hold a query: the call that starts it, the calls that go on from it, and the
//! names that it is bound to, with the bindings that a name may see. Facts of several ways are joined. Functions of the file
//! that hand queries on are looked at once, for all of their callers.

use std::collections::BTreeSet;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::across::{self, Across, Gift};
use super::names::number;
use super::rows::{self, Kind, Rows};
use super::words::{self, Link};
use crate::codemod::Context;
use crate::semantic::reaching::Reaching;
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, NodeId, Runner, Scopes};

/// A fact that all ways to a place agree on, or do not.
#[derive(Clone, Debug)]
pub enum Agreed<T> {
    /// All ways have it.
    Known(T),
    /// They do not agree, or one of them is not known: the span to tell.
    Unknown(TextRange),
}

/// What is not known is not known, whatever there is to tell: the analysis ends.
impl<T: PartialEq> PartialEq for Agreed<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => one == other,
            (Self::Unknown(_), Self::Unknown(_)) => true,
            _ => false,
        }
    }
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
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What a row is.
    pub rows: Agreed<Rows>,
    /// What `filter_by` looks at, as the source names it.
    pub entity: Agreed<String>,
    /// The classes and aliases that it selects from.
    pub sources: BTreeSet<String>,
    /// The sessions that it may be of: the function where each has the name, and its text. One that has no name is the empty
    /// text.
    pub sessions: BTreeSet<(Option<u32>, String)>,
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
        self.sessions.extend(other.sessions.iter().cloned());
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

/// The states of a file's queries.
pub struct States {
    states: FxHashMap<NodeId, State>,
}

impl States {
    /// Computes the states of all expressions that hold a query.
    pub fn new<'a>(context: &Context<'a, '_>, across: &Across<'a>) -> Self {
        let model = context.model;
        let mut all: Vec<(NodeId, usize)> = Vec::new();
        let mut reachings: Vec<Reaching> = Vec::new();
        for (number, home) in across.homes.iter().enumerate() {
            all.extend(home.nodes.iter().map(|&node| (node, number)));
            all.extend(home.flow.uses.iter().map(|use_| (use_.node, number)));
            let symbols: FxHashSet<SymbolId> = home.flow.symbols.iter().copied().collect();
            reachings.push(if symbols.is_empty() {
                Reaching::default()
            } else {
                Reaching::new(model, model.body_of(home.runner), &symbols)
            });
        }
        all.sort_unstable();
        all.dedup();
        // Statements in their order; in each, receivers first: they stand inside of what is called on them, and have higher
        // numbers.
        all.sort_by_key(|&(node, _)| (model.statement_of(node), std::cmp::Reverse(node)));
        let starts: FxHashMap<NodeId, (&ExprCall, Runner)> = across
            .homes
            .iter()
            .flat_map(|home| home.starts.iter().map(|call| (*call, home.runner)))
            .map(|(call, runner)| (model.id(call), (call, runner)))
            .collect();
        let mut found = Self {
            states: FxHashMap::default(),
        };
        // Each round carries facts over at least one more binding; facts only grow, so it ends.
        loop {
            let mut changed = false;
            for &(node, number) in &all {
                let state = match starts.get(&node) {
                    Some((call, runner)) => Some(start(context, call, *runner)),
                    None => match across.gifts.get(&node) {
                        Some(gift) => found.gift(context, gift, across.homes[number].runner),
                        None => found.step(context, across, &reachings[number], node),
                    },
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

    /// What a call of a function of the file gives: what the function returns, with the sessions as the caller names them.
    fn gift(&self, context: &Context<'_, '_>, gift: &Gift<'_>, home: Runner) -> Option<State> {
        let mut joined: Option<State> = None;
        for &value in &gift.returned {
            let Some(state) = self.of(value) else {
                continue;
            };
            match &mut joined {
                Some(joined) => joined.join(state, gift.call.range()),
                None => joined = Some(state.clone()),
            }
        }
        let mut joined = joined?;
        let (home, inner) = (number(home), Some(gift.index));
        let sessions = std::mem::take(&mut joined.sessions);
        for (owner, text) in sessions {
            if owner == inner {
                let named = outer_name(context, gift, &text);
                joined.sessions.insert((home, named.unwrap_or_default()));
            } else if owner == home {
                joined.sessions.insert((owner, text));
            }
            // What other callers hand over is not what this call gives.
        }
        Some(joined)
    }

    /// The state of an expression that holds a query.
    pub fn of(&self, node: NodeId) -> Option<&State> {
        self.states.get(&node)
    }

    fn step(
        &self,
        context: &Context<'_, '_>,
        across: &Across<'_>,
        reaching: &Reaching,
        node: NodeId,
    ) -> Option<State> {
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
                    let binding = model.scopes.binding(binding);
                    let values: &[NodeId] = match &binding.kind {
                        BindingKind::Assign { value } => std::slice::from_ref(value),
                        BindingKind::Parameter => across
                            .passed
                            .get(&binding.node)
                            .map_or(&[][..], Vec::as_slice),
                        _ => continue,
                    };
                    for state in values.iter().filter_map(|&value| self.of(value)) {
                        match &mut joined {
                            Some(joined) => joined.join(state, name.range()),
                            None => joined = Some(state.clone()),
                        }
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

/// How a caller names the session of a function that it calls: `self.session` of the same object, what it hands over for a
/// parameter, or a variable of the module.
fn outer_name(context: &Context<'_, '_>, gift: &Gift<'_>, text: &str) -> Option<String> {
    let model = context.model;
    let (root, rest) = text.split_once('.').unwrap_or((text, ""));
    if root == "self" {
        return gift.call.func.is_attribute_expr().then(|| text.to_string());
    }
    if let Some(argument) = across::argument_for(gift, root) {
        let is_kept = super::is_plain(argument) && !across::rebinds(gift.function, root);
        let outer = model.slice(argument.range());
        return is_kept.then(|| match rest {
            "" => outer.to_string(),
            rest => format!("{outer}.{rest}"),
        });
    }
    // A variable of the module has the same name everywhere, unless a function binds that itself: that is asked where it is
    // used.
    let symbol = model.scopes.lookup(Scopes::MODULE, root)?;
    let is_shared = model
        .scopes
        .named(root)
        .iter()
        .all(|&other| other == symbol);
    is_shared.then(|| text.to_string())
}

/// `session.query(...)`.
fn start(context: &Context<'_, '_>, call: &ExprCall, home: Runner) -> State {
    let session = match call.func.as_ref() {
        Expr::Attribute(attribute) => context.model.slice(attribute.value.range()).to_string(),
        _ => String::new(),
    };
    let mut state = State {
        rows: Agreed::Unknown(call.range()),
        entity: Agreed::Unknown(call.range()),
        sources: BTreeSet::new(),
        sessions: BTreeSet::from([(number(home), session)]),
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
