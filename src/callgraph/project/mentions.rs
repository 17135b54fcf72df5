//! The flows by what they mention: only those of places that come to hold functions that matter are ever resolved.

use rustc_hash::FxHashMap;

use super::{ByName, Spot};
use crate::callgraph::names::{last, unmangled};
use crate::callgraph::place::Place;
use crate::callgraph::{Callee, FileFacts, Target};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A flow or an escape, by its number in the facts of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Mention {
    Flow(FileId, u32),
    Escape(FileId, u32),
}

/// The flows and escapes of all files, by what they mention.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mentions {
    /// By the names of what flows: functions, classes, members, variables of modules.
    pub(crate) values: ByName<Mention>,
    /// By the names of what is called, where a flow goes into the call or comes from it.
    pub(crate) calls: ByName<Mention>,
    pub(crate) variables: FxHashMap<(FileId, u32), Vec<Mention>>,
    pub(crate) returned: FxHashMap<FunctionId, Vec<Mention>>,
    pub(crate) callees: FxHashMap<(FileId, NodeId), Vec<Mention>>,
    /// Other names of the same, as modules hand them out: their numbers among [`FileFacts::names`].
    pub(crate) aliases: ByName<Spot>,
}

impl Mentions {
    pub(super) fn add_file(&mut self, file: FileId, facts: &FileFacts) {
        for (number, flow) in facts.place_flows.iter().enumerate() {
            let mention = Mention::Flow(file, number as u32);
            self.add(facts, file, &flow.from, mention);
            self.add(facts, file, &flow.to, mention);
        }
        for (number, escape) in facts.escapes.iter().enumerate() {
            let mention = Mention::Escape(file, number as u32);
            self.add(facts, file, &escape.place, mention);
        }
        for (number, (name, target)) in facts.names.iter().enumerate() {
            let own = match target {
                Target::Path(path) => Some(last(path)),
                Target::Function(index) => facts
                    .functions
                    .get(*index as usize)
                    .map(|function| function.name.as_str()),
                Target::Class(index) => facts
                    .classes
                    .get(*index as usize)
                    .map(|class| last(&class.qualified_name)),
                Target::Unknown => None,
            };
            if let Some(own) = own.filter(|own| own != name) {
                self.aliases.add(own, (file, number as u32));
            }
        }
    }

    fn add(&mut self, facts: &FileFacts, file: FileId, place: &Place, mention: Mention) {
        match place {
            Place::Variable(variable) => {
                let same = self.variables.entry((file, *variable)).or_default();
                same.push(mention);
            }
            Place::Target(target) => {
                target_names(facts, target, &mut |name| self.values.add(name, mention));
            }
            Place::Member(_, name) | Place::Default(name) => {
                self.values.add(name, mention);
                let plain = unmangled(name);
                if plain != name {
                    self.values.add(plain, mention);
                }
            }
            Place::Result(node) | Place::Argument(node, _) => {
                let Some(call) = facts.call_at(*node) else {
                    return;
                };
                let mut note = |name: &str| self.calls.add(name, mention);
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
}

/// The names by which something may be meant: a method or attribute may be at the end of what a path names.
fn target_names(facts: &FileFacts, target: &Target, note: &mut dyn FnMut(&str)) {
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
