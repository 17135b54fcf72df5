//! The calls of a place are those of the functions in it.

use super::unify::{Held, Line};
use super::{Joined, Places};
use crate::callgraph::place::Annotated;
use crate::callgraph::resolve::ClassId;
use crate::propagate::decorators;
use crate::propagate::index::CallIndex;
use crate::unit::{FileId, FunctionId};

impl Places<'_, '_, '_> {
    /// Hands the calls of each place to its functions.
    pub(super) fn share(&mut self, index: &mut CallIndex) {
        // A function that flows somewhere is called with other arguments than those of its own calls.
        let mut lost: Vec<(FunctionId, Line)> = self
            .flowing
            .iter()
            .filter_map(|(&function, line)| line.map(|line| (function, line)))
            .collect();
        lost.sort_unstable();
        for (function, line) in lost {
            index.values.entry(function).or_default().push(line);
        }
        self.annotated(index);
        for root in self.union.roots() {
            if !self.matters(root) {
                continue;
            }
            let held = std::mem::take(self.union.held(root));
            if !held.is_lost() {
                self.words(&held, index);
            }
            self.share_one(&held, index);
        }
    }

    /// Notes what an annotation may say of the places that functions flow to.
    fn annotated(&mut self, index: &mut CallIndex) {
        if self.facts.values().all(|facts| facts.callables.is_empty()) {
            return;
        }
        for root in self.union.roots() {
            if !self.matters(root) {
                continue;
            }
            let functions: Vec<FunctionId> = {
                let held = self.union.held(root);
                held.functions
                    .iter()
                    .map(|(function, _)| *function)
                    .collect()
            };
            if functions.is_empty() {
                continue;
            }
            let mut places: Vec<(FileId, Annotated)> = Vec::new();
            for at in self.union.around(root) {
                let held = self.union.held(at);
                let variables = held.variables.iter();
                places.extend(variables.map(|&(file, at)| (file, Annotated::Variable(at))));
                let members = held.members.iter();
                places.extend(members.map(|(class, name)| {
                    (class.file, Annotated::Member(class.index, name.clone()))
                }));
                let returned = held.returned.iter();
                places.extend(returned.map(|id| (id.file, Annotated::Returned(id.index))));
            }
            index.shared.places.push(Joined { functions, places });
        }
    }

    /// Words that other files hold if they know the place.
    fn words(&self, held: &Held, index: &mut CallIndex) {
        let words = &mut index.shared.words;
        words.extend(held.members.iter().map(|(_, name)| name.clone()));
        words.extend(held.defaults.iter().cloned());
        let mut owners = held.returned.clone();
        for &(file, variable) in &held.variables {
            words.extend(self.global_name((file, variable)).map(str::to_string));
            if let Some(owner) = self.owner((file, variable)) {
                owners.push(owner);
                // Others stand below the same `@`.
                owners.extend(self.registrars.get(&owner));
            }
        }
        for owner in owners {
            let Some(function) = self.resolver.function(owner) else {
                continue;
            };
            words.insert(function.name.clone());
            words.extend(
                function
                    .fixture
                    .as_ref()
                    .map(|fixture| fixture.name.clone()),
            );
            if function.name == "__init__"
                && let Some(class) = function.class
                && let Some(class) = self.resolver.class(ClassId {
                    file: owner.file,
                    index: class,
                })
            {
                let name = &class.qualified_name;
                words.insert(name.rsplit('.').next().unwrap_or(name).to_string());
            }
        }
    }

    fn share_one(&mut self, held: &Held, index: &mut CallIndex) {
        let mut functions: Vec<(FunctionId, Line)> = held.functions.clone();
        functions.sort_unstable();
        functions.dedup_by_key(|(function, _)| *function);
        if self.is_decorators(held) {
            return;
        }
        let mut escape = held.escape;
        let mut unknown = held.unknown;
        for &(file, variable) in &held.variables {
            if let Some(owner) = self.owner((file, variable))
                && let Some(line) = self.called_elsewhere(owner, index)
            {
                unknown = unknown.or(Some(line));
            }
        }
        for &owner in &held.returned {
            // Its calls are not all: a test may ask for it by a name that is made at run time.
            let lookups = self
                .resolver
                .function(owner)
                .and_then(|owner| owner.fixture.as_ref())
                .and_then(|fixture| self.asked_for(&fixture.name));
            escape = escape.or(lookups);
            let own = self.resolver.function(owner).map_or(0, |owner| owner.line);
            if self
                .resolver
                .function(owner)
                .is_none_or(|function| function.is_async)
            {
                escape = escape.or(Some((owner.file, own)));
            }
            let result = index.calls_of(owner).iter().find_map(|&(file, call)| {
                let call = self.resolver.call(file, call)?;
                call.escapes.then_some((file, call.line))
            });
            escape = escape
                .or(result)
                .or_else(|| self.called_elsewhere(owner, index));
        }
        // A place that nobody calls is there for somebody else.
        let is_result = held.variables.is_empty()
            && held.members.is_empty()
            && held.defaults.is_empty()
            && !held.returned.is_empty();
        if held.calls.is_empty() && held.is_kept && !is_result {
            escape = escape.or(functions.first().map(|(_, line)| *line));
        }
        if functions
            .iter()
            .any(|(id, _)| self.resolver.function(*id).is_none_or(|one| one.is_async))
        {
            unknown = unknown.or(functions.first().map(|(_, line)| *line));
        }
        let mut calls = held.calls.clone();
        calls.sort_unstable();
        calls.dedup();
        for &(function, line) in &functions {
            if let Some(escape) = escape {
                let at = if self.resolver.function(function).is_some() {
                    escape
                } else {
                    line
                };
                index.values.entry(function).or_default().push(at);
            } else if let Some(unknown) = unknown {
                index.shared.mixed.entry(function).or_insert(unknown);
            }
            let of_function = index.calls.entry(function).or_default();
            of_function.extend(&calls);
            of_function.sort_unstable();
            of_function.dedup();
        }
        for pair in functions.windows(2) {
            let (one, other) = (pair[0].0, pair[1].0);
            let peers = &mut index.shared.peers;
            peers.entry(one).or_default().push(other);
            peers.entry(other).or_default().push(one);
        }
    }

    /// Where a test asks for a fixture of this name with `getfixturevalue`.
    fn asked_for(&self, name: &str) -> Option<Line> {
        let lookups = self.facts.iter().flat_map(|(&file, facts)| {
            let asking = facts.fixture_lookups.iter();
            let asking = asking.filter(|(asked, _)| asked.as_ref().is_none_or(|one| one == name));
            asking.map(move |&(_, line)| (file, line))
        });
        lookups.min()
    }

    /// Whether the functions are the wrappers of a decorator: those are followed from what it decorates, and any other use
    /// of it is a barrier for them.
    fn is_decorators(&self, held: &Held) -> bool {
        let decorates = |id: &FunctionId| {
            let facts = &self.facts[&id.file];
            let outer = facts
                .functions
                .get(id.index as usize)
                .and_then(|function| function.outer);
            let is_one = |decorator: u32, function: u32| {
                facts.decorating.get(&decorator).is_some_and(|decorating| {
                    decorating.wrappers.contains(&function)
                        && !decorating.wrappers.contains(&id.index)
                })
            };
            held.functions.iter().all(|(function, _)| {
                let inner = facts.functions.get(function.index as usize);
                // What a factory gives back is the decorator.
                let is_decorator = facts.decorating.contains_key(&id.index)
                    && inner.is_some_and(|inner| inner.outer == Some(id.index));
                function.file == id.file
                    && (is_decorator
                        || is_one(id.index, function.index)
                        || outer.is_some_and(|outer| is_one(outer, function.index)))
            })
        };
        !held.returned.is_empty() && held.returned.iter().all(decorates)
    }

    /// Whether a decorator that keeps what it decorates may be given something that is not in sight.
    fn registers_elsewhere(&self, maker: FunctionId, index: &CallIndex) -> Option<Line> {
        let function = self.resolver.function(maker)?;
        let decorating = self.resolver.decorating(maker)?;
        if decorators::opaque(self.resolver, maker.file, function).is_some() {
            return Some((maker.file, function.line));
        }
        if function.class.is_some()
            && let Some(at) = index
                .unknown_receivers(self.resolver.stored_name(maker, function))
                .first()
        {
            return Some((at.file, at.line));
        }
        // What makes the decorator is called behind an `@`, and nowhere else.
        let calls = index.calls_of(maker).iter().filter_map(|&(file, call)| {
            let call = self.resolver.call(file, call)?;
            let is_seen = !decorating.is_factory || self.resolver.is_decoration(file, call.range);
            (!is_seen).then_some((file, call.line))
        });
        calls.chain(index.values_of(maker).iter().copied()).next()
    }

    /// Whether a function may be called where its calls are not in sight: with any arguments, its result going anywhere.
    fn called_elsewhere(&self, id: FunctionId, index: &CallIndex) -> Option<Line> {
        if let Some(&maker) = self.registrars.get(&id) {
            return self.registers_elsewhere(maker, index);
        }
        let function = self.resolver.function(id)?;
        let own = (id.file, function.line);
        if decorators::opaque(self.resolver, id.file, function).is_some() {
            return Some(own);
        }
        if function.name == "__init__" {
            let class = ClassId {
                file: id.file,
                index: function.class?,
            };
            let mut related = self.resolver.descendants(class);
            related.push(class);
            return related
                .iter()
                .any(|&class| self.is_handed(class))
                .then_some(own);
        }
        // Python calls those by itself.
        if function.is_property || function.name.starts_with("__") && function.name.ends_with("__")
        {
            return Some(own);
        }
        let mut family = vec![id];
        if function.class.is_some() {
            family.extend(self.resolver.family(id));
            if let Some(at) = index
                .unknown_receivers(self.resolver.stored_name(id, function))
                .first()
            {
                return Some((at.file, at.line));
            }
        }
        family.into_iter().find_map(|id| {
            if self.flowing.contains_key(&id) {
                return Some(own);
            }
            index.values_of(id).first().copied()
        })
    }
}
