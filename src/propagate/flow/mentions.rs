//! The flows by what they mention: only those of places that come to hold functions that matter are ever resolved.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Key;
use crate::callgraph::place::Place;
use crate::callgraph::{Callee, FileFacts, Target};
use crate::propagate::index::unmangled;
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A flow or an escape, by its number in the facts of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mention {
    Flow(FileId, usize),
    Escape(FileId, usize),
}

/// The flows and escapes of all files that nobody has looked at, by what they mention.
#[derive(Default)]
pub(super) struct Mentions<'f> {
    /// By the names of what flows: functions, classes, members, variables of modules.
    values: FxHashMap<&'f str, Vec<Mention>>,
    /// By the names of what is called, where a flow goes into the call or comes from it.
    calls: FxHashMap<&'f str, Vec<Mention>>,
    variables: FxHashMap<(FileId, u32), Vec<Mention>>,
    returned: FxHashMap<FunctionId, Vec<Mention>>,
    callees: FxHashMap<(FileId, NodeId), Vec<Mention>>,
    /// Other names of the same, as modules hand them out.
    aliases: FxHashMap<&'f str, Vec<&'f str>>,
    done: FxHashSet<Mention>,
}

impl<'f> Mentions<'f> {
    pub(super) fn new(facts: &'f FxHashMap<FileId, FileFacts>, files: &[FileId]) -> Self {
        let mut mentions = Self::default();
        for &file in files {
            let of_file = &facts[&file];
            for (number, flow) in of_file.place_flows.iter().enumerate() {
                let mention = Mention::Flow(file, number);
                mentions.add(of_file, file, &flow.from, mention);
                mentions.add(of_file, file, &flow.to, mention);
            }
            for (number, escape) in of_file.escapes.iter().enumerate() {
                mentions.add(of_file, file, &escape.place, Mention::Escape(file, number));
            }
            for (name, target) in &of_file.names {
                let own = match target {
                    Target::Path(path) => Some(last(path)),
                    Target::Function(index) => of_file
                        .functions
                        .get(*index as usize)
                        .map(|function| function.name.as_str()),
                    Target::Class(index) => of_file
                        .classes
                        .get(*index as usize)
                        .map(|class| last(&class.qualified_name)),
                    Target::Unknown => None,
                };
                if let Some(own) = own.filter(|own| own != name) {
                    mentions.aliases.entry(own).or_default().push(name);
                }
            }
        }
        mentions
    }

    fn add(&mut self, facts: &'f FileFacts, file: FileId, place: &'f Place, mention: Mention) {
        match place {
            Place::Variable(variable) => {
                let same = self.variables.entry((file, *variable)).or_default();
                same.push(mention);
            }
            Place::Target(target) => target_names(facts, target, &mut |name| {
                self.values.entry(name).or_default().push(mention);
            }),
            Place::Member(_, name) | Place::Default(name) => {
                self.values.entry(name).or_default().push(mention);
                let plain = unmangled(name);
                if plain != name {
                    self.values.entry(plain).or_default().push(mention);
                }
            }
            Place::Result(node) | Place::Argument(node, _) => {
                let Some(call) = facts.call_at(*node) else {
                    return;
                };
                let mut note = |name| self.calls.entry(name).or_default().push(mention);
                match &facts.calls[call].callee {
                    Callee::Target(target) => target_names(facts, target, &mut note),
                    Callee::Method { name, .. }
                    | Callee::Super { name, .. }
                    | Callee::UnknownMethod { name } => {
                        note(name);
                        let plain = unmangled(name);
                        if plain != name {
                            note(plain);
                        }
                    }
                    Callee::Foreign(_) | Callee::UnknownValue => {}
                }
            }
            Place::Returned(index) => {
                let id = FunctionId {
                    file,
                    index: *index,
                };
                self.returned.entry(id).or_default().push(mention);
            }
            Place::Called(node) => {
                let same = self.callees.entry((file, *node)).or_default();
                same.push(mention);
            }
            Place::Part(of, _) => self.add(facts, file, of, mention),
            Place::Anything => {}
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
        let mut found: Vec<Mention> = Vec::new();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut pending: Vec<&str> = vec![name];
        while let Some(name) = pending.pop() {
            if !seen.insert(name) {
                continue;
            }
            found.extend(self.values.remove(name).into_iter().flatten());
            if with_calls {
                found.extend(self.calls.remove(name).into_iter().flatten());
            }
            pending.extend(self.aliases.get(name).into_iter().flatten());
        }
        self.unseen(found)
    }

    /// The flows that mention a place itself.
    pub(super) fn of_place(&mut self, key: &Key) -> Vec<Mention> {
        let found = match key {
            Key::Variable(file, variable) => self.variables.remove(&(*file, *variable)),
            Key::Returned(function) => self.returned.remove(function),
            Key::Called(file, node) => self.callees.remove(&(*file, *node)),
            Key::Member(_, name) | Key::Named(name) | Key::Default(name) => {
                return self.of_name(name);
            }
        };
        self.unseen(found.unwrap_or_default())
    }

    fn unseen(&mut self, mut found: Vec<Mention>) -> Vec<Mention> {
        found.sort_unstable();
        found.retain(|mention| self.done.insert(*mention));
        found
    }
}

/// The names by which something may be meant: a method or attribute may be at the end of what a path names.
fn target_names<'f>(facts: &'f FileFacts, target: &'f Target, note: &mut dyn FnMut(&'f str)) {
    match target {
        Target::Function(index) => {
            if let Some(function) = facts.functions.get(*index as usize) {
                note(&function.name);
            }
        }
        Target::Class(index) => {
            if let Some(class) = facts.classes.get(*index as usize) {
                note(last(&class.qualified_name));
            }
        }
        Target::Path(path) => path.rsplit('.').take(2).for_each(note),
        Target::Unknown => {}
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
