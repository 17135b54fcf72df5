//! The legacy `Query` API -> statements: `session.query(User).filter(...).all()` ->
//! `(await session.scalars(select(User).filter(...))).unique().all()`.
//!
//! An async session has no `query`. A query is followed from the call that starts it, through the methods that go on from it
//! and the names that hold it, to what runs it: the start becomes a `select`, and what runs it hands that to the session. All
//! queries of a file change together, or none. What each method becomes stands in `ROWS.md`, beside this file.
//!
//! Source: <https://docs.sqlalchemy.org/en/20/changelog/migration_20.html#migration-orm-usage>, and SQLAlchemy 2.0.57 and
//! 2.1.9, compared by running both.

mod across;
mod bridge;
mod bulk;
mod given;
mod links;
mod names;
pub mod reasons;
mod rows;
mod run;
mod state;
#[cfg(test)]
mod tests;
mod uses;
pub mod words;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::lazy::Options;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::flow::{Certainty, Flow, UseKind};
use crate::semantic::{Model, NodeId, Runner};
use crate::values::Part;
use across::{Across, Home};
use bridge::Bridge;
use names::Names;
use state::States;

/// Rewrites the queries of one file.
///
/// `calls` are the `session.query(...)` calls of the sessions of one component. Nothing else need be known of the session: an
/// async session has the methods that run a statement by the same names, awaited.
///
/// # Errors
/// The first thing that a statement cannot do, with its place. The unit is then not to be used.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    calls: &[&'a ExprCall],
    options: &Options,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let names = Names::new(model);
    unseen(context, calls, unit);
    let (starts, bridges) = sorted(context, part, calls);
    let across = Across::new(model, starts)?;
    let states = States::new(context, &across);
    let mut work = Work {
        model,
        part,
        names: &names,
        unit,
        states: &states,
        across: &across,
        home: Runner::Module,
        starts: FxHashMap::default(),
        sessions: FxHashMap::default(),
        first: TextSize::default(),
        heads: FxHashMap::default(),
        options,
        given: FxHashMap::default(),
    };
    // What stays a query has options as well.
    let statements: FxHashSet<NodeId> = across
        .homes
        .iter()
        .flat_map(|home| home.starts.iter().map(|call| model.id(*call)))
        .collect();
    for call in calls
        .iter()
        .filter(|call| !statements.contains(&model.id(**call)))
    {
        options.write(model, call, work.unit);
    }
    let mut held: Vec<TextRange> = Vec::new();
    for home in &across.homes {
        work.function(home)?;
        let certain = home
            .flow
            .uses
            .iter()
            .filter(|use_| use_.certainty == Certainty::Always);
        held.extend(certain.map(|use_| model.nodes.range(use_.node)));
    }
    for function in &across.functions {
        work.unit.confine(function.name.as_str());
    }
    held.sort_by_key(|range| (range.start(), range.end()));
    for bridge in bridges {
        // A query that stays one takes no statement.
        let range = bridge.range(model);
        let after = held.partition_point(|other| other.start() < range.start());
        if let Some(&other) = held.get(after)
            && range.contains_range(other)
        {
            return Err(Refusal::at(&reasons::ESCAPES, other));
        }
        work.bridge(bridge)?;
    }
    Ok(())
}

/// The calls of each function.
type Starts<'a> = Vec<(Runner, Vec<&'a ExprCall>)>;

/// The calls that start a query, by function; and the queries that stay ones, with all that stands in them.
fn sorted<'a>(
    context: &Context<'a, '_>,
    part: &Part,
    calls: &[&'a ExprCall],
) -> (Starts<'a>, Vec<Bridge<'a>>) {
    let model = context.model;
    let mut bridges: Vec<Bridge<'a>> = Vec::new();
    let mut starts: Starts<'a> = Vec::new();
    let mut positions: FxHashMap<Option<u32>, usize> = FxHashMap::default();
    let mut ordered: Vec<&'a ExprCall> = calls.to_vec();
    // What holds another comes first.
    ordered.sort_by_key(|call| model.id(*call));
    for call in ordered {
        let is_inside = bridges
            .last()
            .is_some_and(|bridge| bridge.range(model).contains_range(call.range()));
        if is_inside {
            continue;
        }
        if let Some(bridge) = Bridge::new(context, part, call) {
            bridges.push(bridge);
            continue;
        }
        let runner = model.runner(model.id(call));
        let position = *positions.entry(names::number(runner)).or_insert_with(|| {
            starts.push((runner, Vec::new()));
            starts.len() - 1
        });
        starts[position].1.push(call);
    }
    // A query that starts further inside may run further outside.
    for (_, calls) in &mut starts {
        calls.retain(|call| {
            !bridges
                .iter()
                .any(|bridge| bridge.range(model).contains_range(call.range()))
        });
    }
    (starts, bridges)
}

/// Classes of other projects are taken for mapped ones, and what they load lazily is not known.
const UNSEEN: &str = "the class is not among the files that are looked at: if it is no mapped class, or has attributes that are \
                      loaded when they are read, the new code differs";

/// Says which classes are not seen, each once.
fn unseen<'a>(context: &Context<'a, '_>, calls: &[&'a ExprCall], unit: &mut UnitBuilder<'_, '_>) {
    let mut told: FxHashSet<String> = FxHashSet::default();
    for argument in calls.iter().flat_map(|call| &call.arguments.args) {
        if let Some(path) = rows::unseen_class(context, argument)
            && told.insert(path)
        {
            unit.unsafe_because(argument.range(), UNSEEN);
        }
    }
}

/// The queries of a file, one function after the other.
struct Work<'a, 'c, 'u> {
    model: &'c Model<'a>,
    part: &'u Part,
    names: &'u Names<'a>,
    unit: &'u mut UnitBuilder<'a, 'c>,
    states: &'u States,
    across: &'u Across<'a>,
    /// The function.
    home: Runner,
    /// The calls in it that start a query.
    starts: FxHashMap<NodeId, &'a ExprCall>,
    /// Their sessions by their text: where each is named first.
    sessions: FxHashMap<&'a str, &'a Expr>,
    /// Where there is a query first.
    first: TextSize,
    /// What has been written in the place of a start that does not become a plain `select`.
    heads: FxHashMap<NodeId, Head>,
    /// What the queries have to load, too.
    options: &'u Options,
    /// The functions that get a session as a parameter: how it is called there.
    given: FxHashMap<u32, String>,
}

/// What becomes of `session.query`.
enum Head {
    /// `session.query` as a whole becomes this function: `select`, `update`.
    Function(&'static str),
    /// `query` becomes this text, and the session stays where it is.
    Method(String),
    /// It has been written already.
    Written,
}

/// The sessions of these calls by their text, each where it is named first.
fn sessions<'a>(model: &Model<'a>, calls: &[&'a ExprCall]) -> FxHashMap<&'a str, &'a Expr> {
    let mut found = FxHashMap::default();
    for call in calls {
        if let Expr::Attribute(attribute) = call.func.as_ref() {
            let text = model.slice(attribute.value.range());
            found.entry(text).or_insert(attribute.value.as_ref());
        }
    }
    found
}

/// Follows queries through what goes on from them, and through conditional expressions of which both ends are queries.
fn follow<'a>(
    model: &Model<'a>,
    home: Runner,
    origins: &[NodeId],
    targets: &[NodeId],
) -> (Vec<NodeId>, Flow<'a>) {
    let mut nodes: Vec<NodeId> = Vec::new();
    let mut known: FxHashSet<NodeId> = FxHashSet::default();
    let mut add = |nodes: &mut Vec<NodeId>, node: NodeId| {
        // All of one expression at once, not one method for each round.
        let mut at = Some(node);
        while let Some(node) = at
            && known.insert(node)
        {
            nodes.push(node);
            at = link_on(model, node);
        }
    };
    for &origin in origins {
        add(&mut nodes, origin);
    }
    loop {
        let flow = model.follow_in(home, &nodes, targets, false);
        let before = nodes.len();
        let holding: FxHashSet<NodeId> = flow.uses.iter().map(|use_| use_.node).collect();
        for use_ in &flow.uses {
            match use_.kind {
                UseKind::Method { .. } => {
                    if let Some(next) = link_on(model, use_.node) {
                        add(&mut nodes, next);
                    }
                }
                UseKind::Branch => {
                    if let AnyNodeRef::ExprIf(if_) = model.nodes.parent_node(use_.node)
                        && holding.contains(&model.id(if_.body.as_ref()))
                        && holding.contains(&model.id(if_.orelse.as_ref()))
                    {
                        add(&mut nodes, model.id(if_));
                    }
                }
                _ => {}
            }
        }
        if nodes.len() == before {
            return (nodes, flow);
        }
    }
}

/// The call of a method on this expression that gives another query.
fn link_on(model: &Model<'_>, node: NodeId) -> Option<NodeId> {
    let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(node) else {
        return None;
    };
    words::link(attribute.attr.as_str())?;
    match model.nodes.parent_node(model.id(attribute)) {
        AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == model.id(attribute) => {
            Some(model.id(call))
        }
        _ => None,
    }
}

impl<'a> Work<'a, '_, '_> {
    /// Rewrites the queries of one function.
    fn function(&mut self, home: &Home<'a>) -> Result<(), Refusal> {
        let model = self.model;
        self.home = home.runner;
        self.starts = home
            .starts
            .iter()
            .map(|call| (model.id(*call), *call))
            .collect();
        self.sessions = sessions(model, &home.starts);
        self.first = home
            .nodes
            .iter()
            .map(|&node| model.nodes.range(node).start())
            .min()
            .unwrap_or_default();
        for use_ in &home.flow.uses {
            if use_.certainty == Certainty::Mixed {
                return Err(Refusal::at(&reasons::MIXED, model.nodes.range(use_.node)));
            }
            self.one(use_)?;
        }
        for &call in &home.starts {
            self.start(call)?;
        }
        self.annotations(home)
    }

    /// Writes what stands in the place of `session.query`.
    fn start(&mut self, call: &'a ExprCall) -> Result<(), Refusal> {
        let node = self.model.id(call);
        self.unit.is_foreign(node);
        let Expr::Attribute(attribute) = call.func.as_ref() else {
            return Err(Refusal::at(&reasons::METHOD, call.range()));
        };
        let head = self.heads.remove(&node).unwrap_or(Head::Function("select"));
        if !matches!(head, Head::Written) {
            self.options.write(self.model, call, self.unit);
        }
        match head {
            Head::Written => Ok(()),
            Head::Method(text) => {
                self.unit.edit(Edit::replace(attribute.attr.range(), text));
                Ok(())
            }
            Head::Function(name) => {
                let range = call.func.range();
                if self.model.has_comment(range) {
                    return Err(Refusal::at(&reasons::COMMENT, range));
                }
                if !is_plain(&attribute.value) {
                    return Err(Refusal::at(&reasons::SESSION, attribute.value.range()));
                }
                let text = self.name(name, node)?;
                self.unit.edit(Edit::replace(range, text));
                Ok(())
            }
        }
    }

    /// How the code at a place names a function of SQLAlchemy.
    fn name(&mut self, name: &'static str, at: NodeId) -> Result<String, Refusal> {
        self.names.name(self.model, self.unit, name, at)
    }

    /// The call that starts the query of an expression, if it stands in it.
    fn start_in(&self, node: NodeId) -> Option<&'a ExprCall> {
        let mut at = node;
        loop {
            if let Some(call) = self.starts.get(&at) {
                return Some(call);
            }
            at = receiver(self.model, at)?;
        }
    }

    /// The span of an expression with its own parentheses.
    fn whole(&self, node: NodeId) -> TextRange {
        self.model
            .expr(node)
            .map_or(self.model.nodes.range(node), |expr| {
                self.model.parenthesized_range(expr)
            })
    }
}

/// `x` of `x.method(...)`.
fn receiver(model: &Model<'_>, node: NodeId) -> Option<NodeId> {
    match model.nodes.get(node) {
        AnyNodeRef::ExprCall(call) => match call.func.as_ref() {
            Expr::Attribute(attribute) => Some(model.id(attribute.value.as_ref())),
            _ => None,
        },
        _ => None,
    }
}

/// A name, or attributes of one: reading it twice gives the same.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => is_plain(&attribute.value),
        _ => false,
    }
}
