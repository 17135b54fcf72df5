//! The flows that one look at the places has not seen yet.

use rustc_hash::FxHashSet;

use super::Key;
use crate::callgraph::project::{Mention, ProjectFacts};

/// The flows and escapes that nobody has looked at.
pub(super) struct Unseen<'f> {
    facts: &'f ProjectFacts,
    /// The names whose values were asked for.
    values: FxHashSet<String>,
    /// The names whose calls were asked for.
    calls: FxHashSet<String>,
    done: FxHashSet<Mention>,
}

impl<'f> Unseen<'f> {
    pub(super) fn new(facts: &'f ProjectFacts) -> Self {
        Self {
            facts,
            values: FxHashSet::default(),
            calls: FxHashSet::default(),
            done: FxHashSet::default(),
        }
    }

    /// The flows that mention what has this name as a value.
    pub(super) fn of_name(&mut self, name: &str) -> Vec<Mention> {
        self.by_name(name, false)
    }

    /// The flows that mention what has this name, or a call of it.
    pub(super) fn of_callable(&mut self, name: &str) -> Vec<Mention> {
        self.by_name(name, true)
    }

    fn by_name(&mut self, name: &str, with_calls: bool) -> Vec<Mention> {
        let mentions = &self.facts.tables().mentions;
        let mut found: Vec<Mention> = Vec::new();
        let mut pending: Vec<&str> = vec![name];
        while let Some(name) = pending.pop() {
            let is_new = !self.values.contains(name);
            if is_new {
                self.values.insert(name.to_string());
                found.extend(mentions.values.of(name));
            }
            let is_new_call = with_calls && !self.calls.contains(name);
            if is_new_call {
                self.calls.insert(name.to_string());
                found.extend(mentions.calls.of(name));
            }
            // Whoever asked for it before has asked for its other names as well.
            if is_new || is_new_call {
                let aliases = mentions.aliases.of(name).iter();
                pending.extend(
                    aliases
                        .map(|(file, number)| self.facts[file].names[*number as usize].0.as_str()),
                );
            }
        }
        self.unseen(found)
    }

    /// The flows that mention a place itself.
    pub(super) fn of_place(&mut self, key: &Key) -> Vec<Mention> {
        let mentions = &self.facts.tables().mentions;
        let found = match key {
            Key::Variable(file, variable) => mentions.variables.get(&(*file, *variable)),
            Key::Returned(function) => mentions.returned.get(function),
            Key::Called(file, node) => mentions.callees.get(&(*file, *node)),
            Key::Member(_, name) | Key::Named(name) | Key::Default(name) => {
                return self.of_name(name);
            }
        };
        self.unseen(found.cloned().unwrap_or_default())
    }

    fn unseen(&mut self, mut found: Vec<Mention>) -> Vec<Mention> {
        found.sort_unstable();
        found.retain(|mention| self.done.insert(*mention));
        found
    }
}
