//! Places that flow into each other become one: a union-find with parts.
//!
//! Flow in either direction joins two places, because the functions of both are called at the calls of both: they have one
//! colour. Near-linear in the number of flows (Steensgaard's analysis).

use rustc_hash::{FxHashMap, FxHashSet};

use super::Key;
use crate::callgraph::place::Part;
use crate::callgraph::resolve::ClassId;
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A place in the text: file and 1-based line.
pub(super) type Line = (FileId, u32);

/// What is known of places that are one.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The functions that flow in, and where.
    pub(super) functions: Vec<(FunctionId, Line)>,
    /// Whether one of them flows in otherwise than as the key of a mapping.
    pub(super) is_kept: bool,
    /// Where something flows in of which nothing is known.
    pub(super) unknown: Option<Line>,
    /// Where it goes that is not followed.
    pub(super) escape: Option<Line>,
    /// The calls of it: numbers in the facts of a file.
    pub(super) calls: Vec<(FileId, usize)>,
    /// The variables among the places.
    pub(super) variables: Vec<(FileId, u32)>,
    /// The members of classes among them.
    pub(super) members: Vec<(ClassId, String)>,
    /// The functions whose results are among them.
    pub(super) returned: Vec<FunctionId>,
    /// The attributes that `argparse` sets.
    pub(super) defaults: Vec<String>,
    /// The attributes of objects of unknown class.
    named: Vec<String>,
    /// The calls whose callees are among them.
    called: Vec<(FileId, NodeId)>,
    parts: Vec<(Part, u32)>,
    /// What it is a part of.
    containers: Vec<u32>,
    /// Whether it, or a part of it, holds functions that matter.
    matters: bool,
}

/// The places, as numbers.
#[derive(Debug, Default)]
pub(super) struct Union {
    numbers: FxHashMap<Key, u32>,
    parents: Vec<u32>,
    held: Vec<Held>,
    /// The places that have come to matter, whose flows nobody has looked at.
    fresh: Vec<Key>,
}

impl Union {
    /// The number of a place, and whether it is new.
    pub(super) fn number(&mut self, key: Key) -> (u32, bool) {
        if let Some(&number) = self.numbers.get(&key) {
            return (number, false);
        }
        let number = self.add();
        let held = &mut self.held[number as usize];
        match &key {
            Key::Variable(file, variable) => held.variables.push((*file, *variable)),
            Key::Member(class, name) => held.members.push((*class, name.clone())),
            Key::Returned(function) => held.returned.push(*function),
            Key::Default(name) => held.defaults.push(name.clone()),
            Key::Named(name) => held.named.push(name.clone()),
            Key::Called(file, node) => held.called.push((*file, *node)),
        }
        self.numbers.insert(key, number);
        (number, true)
    }

    /// The number of a place that is there already.
    pub(super) fn known(&self, key: &Key) -> Option<u32> {
        self.numbers.get(key).copied()
    }

    fn add(&mut self) -> u32 {
        let number = self.parents.len() as u32;
        self.parents.push(number);
        self.held.push(Held::default());
        number
    }

    /// The place that stands for all that are one with this.
    pub(super) fn root(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            let up = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = up;
            at = up;
        }
        at
    }

    /// What is known of a place.
    pub(super) fn held(&mut self, at: u32) -> &mut Held {
        let root = self.root(at);
        &mut self.held[root as usize]
    }

    /// The parts of a place.
    pub(super) fn parts(&mut self, of: u32) -> Vec<u32> {
        self.held(of).parts.iter().map(|(_, at)| *at).collect()
    }

    /// The places that stand for others, in order.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> + use<> {
        let roots: Vec<u32> = (0..self.parents.len() as u32)
            .filter(|&at| self.parents[at as usize] == at)
            .collect();
        roots.into_iter()
    }

    /// A place, and the containers that it is a part of.
    pub(super) fn around(&mut self, at: u32) -> Vec<u32> {
        let mut found = vec![self.root(at)];
        let mut next = 0;
        while let Some(&at) = found.get(next) {
            for container in self.held(at).containers.clone() {
                let root = self.root(container);
                if !found.contains(&root) {
                    found.push(root);
                }
            }
            next += 1;
        }
        found
    }

    /// A part of what a place holds.
    pub(super) fn part(&mut self, of: u32, part: Part) -> u32 {
        if part == Part::Both {
            let (item, element) = (self.part(of, Part::Item), self.part(of, Part::Element));
            self.join(item, element);
            return item;
        }
        let root = self.root(of) as usize;
        let parts = &self.held[root].parts;
        let has = |wanted: Part| {
            parts
                .iter()
                .find(|(own, _)| *own == wanted)
                .map(|(_, at)| *at)
        };
        // Elements by position and elements at any position are the same ones.
        let found = match part {
            Part::At(_) => has(part)
                .or_else(|| has(Part::Item))
                .or_else(|| has(Part::Element)),
            _ => has(part),
        };
        if let Some(found) = found {
            return found;
        }
        let number = self.add();
        self.held[root].parts.push((part, number));
        self.held[number as usize].containers.push(root as u32);
        self.collapse(root as u32);
        number
    }

    /// Makes one of all elements, where some are taken at any position.
    fn collapse(&mut self, root: u32) {
        for (one, other) in self.held[root as usize].same_parts() {
            self.join(one, other);
        }
    }

    /// Makes one of two places.
    pub(super) fn join(&mut self, one: u32, other: u32) {
        let mut pending = vec![(one, other)];
        while let Some((one, other)) = pending.pop() {
            let (one, other) = (self.root(one), self.root(other));
            if one == other {
                continue;
            }
            let (big, small) = if self.held[one as usize].size() < self.held[other as usize].size()
            {
                (other, one)
            } else {
                (one, other)
            };
            // What only one of them has been looked at for.
            if self.held[one as usize].matters != self.held[other as usize].matters {
                self.matter(one);
                self.matter(other);
            }
            self.parents[small as usize] = big;
            let from = std::mem::take(&mut self.held[small as usize]);
            let to = &mut self.held[big as usize];
            to.functions.extend(from.functions);
            to.is_kept |= from.is_kept;
            to.unknown = first(to.unknown, from.unknown);
            to.escape = first(to.escape, from.escape);
            to.calls.extend(from.calls);
            to.variables.extend(from.variables);
            to.members.extend(from.members);
            to.returned.extend(from.returned);
            to.defaults.extend(from.defaults);
            to.named.extend(from.named);
            to.called.extend(from.called);
            to.containers.extend(from.containers);
            for (part, at) in from.parts {
                match to.parts.iter().find(|(own, _)| *own == part) {
                    Some(&(_, own)) => pending.push((own, at)),
                    None => to.parts.push((part, at)),
                }
            }
            pending.extend(to.same_parts());
        }
    }

    /// A place has come to hold functions that matter: its flows do, and those of what it is a part of.
    pub(super) fn matter(&mut self, at: u32) {
        let mut pending = vec![at];
        while let Some(at) = pending.pop() {
            let root = self.root(at);
            let held = &mut self.held[root as usize];
            if std::mem::replace(&mut held.matters, true) {
                continue;
            }
            pending.extend(&held.containers);
            let fresh = &mut self.fresh;
            fresh.extend(
                held.variables
                    .iter()
                    .map(|&(file, at)| Key::Variable(file, at)),
            );
            let members = held.members.iter();
            fresh.extend(members.map(|(class, name)| Key::Member(*class, name.clone())));
            fresh.extend(held.named.iter().cloned().map(Key::Named));
            fresh.extend(held.returned.iter().copied().map(Key::Returned));
            fresh.extend(
                held.called
                    .iter()
                    .map(|&(file, call)| Key::Called(file, call)),
            );
            fresh.extend(held.defaults.iter().cloned().map(Key::Default));
        }
    }

    /// A place that has come to matter, once.
    pub(super) fn fresh(&mut self) -> Option<Key> {
        self.fresh.pop()
    }

    pub(super) fn has_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// What a container has gone through, its parts have.
    pub(super) fn spread(&mut self) {
        let mut pending: Vec<u32> = self
            .roots()
            .filter(|&root| {
                let held = &self.held[root as usize];
                held.escape.is_some() || held.unknown.is_some()
            })
            .collect();
        let mut seen: FxHashSet<(u32, bool, bool)> = FxHashSet::default();
        while let Some(at) = pending.pop() {
            let root = self.root(at);
            let (escape, unknown, parts) = {
                let held = &self.held[root as usize];
                (held.escape, held.unknown, held.parts.clone())
            };
            if !seen.insert((root, escape.is_some(), unknown.is_some())) {
                continue;
            }
            for (_, part) in parts {
                let held = self.held(part);
                held.escape = held.escape.or(escape);
                held.unknown = held.unknown.or(unknown);
                pending.push(part);
            }
        }
    }
}

impl Held {
    /// Whether it is a barrier for its functions already.
    pub(super) fn is_lost(&self) -> bool {
        self.escape.is_some() || self.unknown.is_some()
    }

    /// The parts that are the same ones, because some are taken at any position: those at positions go.
    fn same_parts(&mut self) -> Vec<(u32, u32)> {
        let any: Vec<u32> = self
            .parts
            .iter()
            .filter(|(part, _)| !matches!(part, Part::At(_)))
            .map(|(_, at)| *at)
            .collect();
        let mut same = Vec::new();
        if !any.is_empty() {
            self.parts.retain(|&(part, at)| {
                let is_position = matches!(part, Part::At(_));
                if is_position {
                    same.extend(any.iter().map(|&any| (any, at)));
                }
                !is_position
            });
        }
        same
    }

    fn size(&self) -> usize {
        self.functions.len()
            + self.calls.len()
            + self.variables.len()
            + self.members.len()
            + self.named.len()
            + self.called.len()
            + self.containers.len()
            + self.parts.len()
    }
}

/// The earlier of two lines.
fn first(one: Option<Line>, other: Option<Line>) -> Option<Line> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> Key {
        Key::Variable(FileId(0), number)
    }

    #[test]
    fn what_joins_shares_its_parts() {
        let mut union = Union::default();
        let (a, _) = union.number(key(0));
        let (b, _) = union.number(key(1));
        let (in_a, in_b) = (union.part(a, Part::Item), union.part(b, Part::Item));
        assert_ne!(union.root(in_a), union.root(in_b));
        union.join(a, b);
        assert_eq!(union.root(in_a), union.root(in_b));
    }

    #[test]
    fn positions_are_one_where_some_position_is_taken() {
        let mut union = Union::default();
        let (a, _) = union.number(key(0));
        let (first, second) = (union.part(a, Part::At(0)), union.part(a, Part::At(1)));
        assert_ne!(union.root(first), union.root(second));
        let any = union.part(a, Part::Item);
        assert_eq!(union.root(first), union.root(any));
        assert_eq!(union.root(second), union.root(any));
        let third = union.part(a, Part::At(2));
        assert_eq!(union.root(third), union.root(any));
    }

    #[test]
    fn an_escape_reaches_the_parts() {
        let mut union = Union::default();
        let (a, _) = union.number(key(0));
        let inner = union.part(a, Part::Item);
        let innermost = union.part(inner, Part::At(1));
        union.held(a).escape = Some((FileId(0), 3));
        union.spread();
        assert_eq!(union.held(innermost).escape, Some((FileId(0), 3)));
    }
}
