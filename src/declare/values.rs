//! Follows the values of declared types: from what makes them, through the members that give others.

use ruff_python_ast::{AnyNodeRef, ExprCall};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Declared, Found, Member, Named, Type, When};
use crate::callgraph::values::How;
use crate::semantic::flow::{Flow, Use, UseKind};
use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId, Runner, literal};

/// What a value is: its type, and how far into dotted members it is (`chat.completions`; empty for the value itself).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Kind {
    pub(super) type_: usize,
    pub(super) prefix: String,
}

impl Kind {
    pub(super) fn of(type_: usize) -> Self {
        Self {
            type_,
            prefix: String::new(),
        }
    }

    /// The type, if this is a value of it and no namespace below one.
    pub(super) fn whole<'t>(&self, declared: &'t Declared) -> Option<&'t Type> {
        self.prefix.is_empty().then(|| &declared.types[self.type_])
    }

    pub(super) fn member<'t>(&self, declared: &'t Declared, name: &str) -> Option<Found<'t>> {
        declared.types[self.type_].member(&self.prefix, name)
    }
}

/// The uses of the values of one kind that are made in one function.
pub(super) struct Uses<'a> {
    pub(super) kind: Kind,
    pub(super) flow: Flow<'a>,
}

/// Values that depend on each other: they are migrated together, or left together.
#[derive(Default)]
pub(super) struct Values<'a> {
    pub(super) uses: Vec<Uses<'a>>,
    /// What makes or gives them, in source order.
    pub(super) origins: Vec<(NodeId, Kind)>,
}

/// The groups of origins whose values may be held by one name.
///
/// `linked` names, for an origin, what else it depends on.
pub(super) fn groups(
    model: &Model<'_>,
    origins: &[(NodeId, Kind)],
    declared: &Declared,
    linked: &dyn Fn(NodeId) -> Vec<SymbolId>,
) -> Vec<Vec<(NodeId, Kind)>> {
    let mut groups: Vec<Vec<(NodeId, Kind)>> = Vec::new();
    let mut holders: FxHashMap<u32, usize> = FxHashMap::default();
    for (node, kind) in origins {
        let through_with = kind.whole(declared).is_some_and(|type_| type_.with);
        let mut group = groups.len();
        let mut symbols = model.follow(&[*node], through_with).symbols;
        symbols.extend(linked(*node));
        for symbol in &symbols {
            group = group.min(*holders.get(&symbol.number()).unwrap_or(&group));
        }
        for symbol in &symbols {
            // Two groups that were apart so far are one now.
            if let Some(other) = holders.insert(symbol.number(), group)
                && other != group
            {
                let moved = std::mem::take(&mut groups[other]);
                groups[group].extend(moved);
                for holder in holders.values_mut().filter(|holder| **holder == other) {
                    *holder = group;
                }
            }
        }
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push((*node, kind.clone()));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Follows the values of some origins, and all that they give, to the end.
pub(super) fn follow<'a>(
    model: &Model<'a>,
    declared: &Declared,
    origins: &[(NodeId, Kind)],
) -> Values<'a> {
    let known: FxHashSet<(NodeId, Kind)> = origins.iter().cloned().collect();
    // Values of one kind of one function are followed together: a name may hold any of them.
    let mut by_kind: FxHashMap<(Kind, u32), Vec<NodeId>> = FxHashMap::default();
    let key = |node: NodeId, kind: &Kind| (kind.clone(), home(model.runner(node)));
    for (node, kind) in origins {
        by_kind.entry(key(*node, kind)).or_default().push(*node);
    }
    follow_all(model, declared, known, by_kind)
}

fn follow_all<'a>(
    model: &Model<'a>,
    declared: &Declared,
    mut known: FxHashSet<(NodeId, Kind)>,
    mut by_kind: FxHashMap<(Kind, u32), Vec<NodeId>>,
) -> Values<'a> {
    let key = |node: NodeId, kind: &Kind| (kind.clone(), home(model.runner(node)));
    let mut changed: Vec<(Kind, u32)> = by_kind.keys().cloned().collect();
    let mut flows: FxHashMap<(Kind, u32), Flow<'a>> = FxHashMap::default();
    while let Some(at) = changed.pop() {
        let through_with = at.0.whole(declared).is_some_and(|type_| type_.with);
        let flow = model.follow(&by_kind[&at], through_with);
        for use_ in &flow.uses {
            let Some((node, kind)) = given(model, declared, &at.0, use_) else {
                continue;
            };
            if known.insert((node, kind.clone())) {
                let key = key(node, &kind);
                by_kind.entry(key.clone()).or_default().push(node);
                if !changed.contains(&key) {
                    changed.push(key);
                }
            }
        }
        flows.insert(at, flow);
    }
    let mut flows: Vec<((Kind, u32), Flow<'a>)> = flows.into_iter().collect();
    flows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut origins: Vec<(NodeId, Kind)> = known.into_iter().collect();
    origins.sort();
    Values {
        origins,
        uses: flows
            .into_iter()
            .map(|((kind, _), flow)| Uses { kind, flow })
            .collect(),
    }
}

/// Where values are followed together: a function, or the module.
pub(super) fn home(runner: Runner) -> u32 {
    match runner {
        Runner::Module | Runner::Class => u32::MAX,
        Runner::Function(index) => index,
    }
}

/// The value of another kind that a use gives.
fn given(
    model: &Model<'_>,
    declared: &Declared,
    kind: &Kind,
    use_: &Use<'_>,
) -> Option<(NodeId, Kind)> {
    let (node, how) = match use_.kind {
        UseKind::Method { attribute, call } => {
            let name = attribute.attr.to_string();
            (model.id(call), How::called(name, call))
        }
        UseKind::Attribute(attribute) => {
            let how = How::Attribute(attribute.attr.to_string());
            (model.id(attribute), how)
        }
        UseKind::Called(call) => (model.id(call), How::called(String::new(), call)),
        UseKind::Argument { call, .. } => {
            let meaning = model.meaning(&call.func);
            (model.id(call), How::Handed(meaning.path()?.to_string()))
        }
        UseKind::Subscripted => {
            let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(use_.node) else {
                return None;
            };
            let key = literal::string(&subscript.slice);
            (model.id(subscript), How::Item(key.map(str::to_string)))
        }
        _ => return None,
    };
    Some((node, given_by(declared, kind, &how)?))
}

/// The kind of what a use of a value of another kind gives.
pub(super) fn given_by(declared: &Declared, kind: &Kind, how: &How) -> Option<Kind> {
    match how {
        How::Call { name, told, given } => {
            let name = if name.is_empty() { CALL } else { name };
            match kind.member(declared, name)? {
                Found::Member(member) => of_member(member, told, given).map(Kind::of),
                Found::Prefix(_) | Found::Gives(_) => None,
            }
        }
        How::Attribute(name) => Some(match kind.member(declared, name)? {
            Found::Member(member) => Kind::of(member.gives?),
            Found::Prefix(prefix) => Kind {
                type_: kind.type_,
                prefix,
            },
            Found::Gives(type_) => Kind::of(type_),
        }),
        How::Handed(path) => match declared.named(path)? {
            Named::Function(number) if declared.functions[number].takes => {
                declared.functions[number].member.gives.map(Kind::of)
            }
            _ => None,
        },
        How::Item(key) => {
            let type_ = kind.whole(declared)?;
            let gives = match key {
                Some(key) => type_.items.get(key).copied().or(type_.item),
                None => type_.item,
            };
            gives.map(Kind::of)
        }
    }
}

/// The member that stands for calls of a value.
pub(super) const CALL: &str = "__call__";

/// The type of what a call gives.
pub(super) fn of_call(member: &Member, call: &ExprCall) -> Option<usize> {
    match How::called(String::new(), call) {
        How::Call { told, given, .. } => of_member(member, &told, &given),
        _ => member.gives,
    }
}

/// The type of what a call with these arguments gives: see [`How::Call`].
fn of_member(member: &Member, told: &[String], given: &[String]) -> Option<usize> {
    let decides = |when: &&When| {
        let is_given = |name: &String| given.contains(name);
        let position = || {
            let mut names = member.arguments.positional.iter();
            names.position(|name| *name == when.argument)
        };
        match when.is_given {
            true => {
                is_given(&when.argument) || position().is_some_and(|at| is_given(&at.to_string()))
            }
            false => told.contains(&when.argument),
        }
    };
    let when = member.when.as_ref().filter(decides);
    when.map(|when| when.gives).or(member.gives)
}
