//! Functions that the examples in docstrings name: doctest calls them, and cannot await.

use rustc_hash::FxHashMap;

use super::index::is_wanted;
use super::{Propagation, Settled};
use crate::callgraph::resolve::Called;
use crate::callgraph::{Callee, Function};
use crate::unit::{FileId, FunctionId};

/// Where examples name functions, each the first place.
#[derive(Debug, Default)]
pub struct Examples {
    functions: FxHashMap<FunctionId, (FileId, u32)>,
    /// Methods of something that the example does not tell, and functions that it gets from nowhere.
    names: FxHashMap<String, (FileId, u32)>,
}

impl Examples {
    /// Where an example names a function for sure.
    pub fn of(&self, id: FunctionId) -> Option<(FileId, u32)> {
        self.functions.get(&id).copied()
    }

    /// Where an example names a function, or something of its name.
    pub fn may_be(&self, id: FunctionId, function: &Function) -> Option<(FileId, u32)> {
        self.of(id)
            .or_else(|| self.names.get(&function.name).copied())
    }
}

impl Propagation {
    /// What the examples of all files that have joined name.
    pub fn examples(&self, settled: &Settled<'_>) -> Examples {
        let mut examples = Examples::default();
        let mut files: Vec<FileId> = self.facts.keys().copied().collect();
        files.retain(|file| !self.facts[file].mentions.is_empty());
        if files.is_empty() {
            return examples;
        }
        files.sort_unstable();
        let resolver = settled.resolver();
        for file in files {
            let facts = &self.facts[&file];
            for mention in &facts.mentions {
                if !is_wanted(facts, &mention.callee, &self.names) {
                    continue;
                }
                let place = (file, mention.line);
                match resolver.called(file, &mention.callee) {
                    Called::Functions(functions) => {
                        for function in functions {
                            examples.functions.entry(function).or_insert(place);
                        }
                    }
                    Called::AttributeOf(function, _) => {
                        examples.functions.entry(function).or_insert(place);
                    }
                    Called::Method(name) | Called::Member(name) | Called::Unresolved(name) => {
                        examples.names.entry(name).or_insert(place);
                    }
                    Called::Nothing => {}
                    Called::Unknown => {
                        if let Callee::UnknownMethod { name } = &mention.callee {
                            examples.names.entry(name.clone()).or_insert(place);
                        }
                    }
                }
            }
        }
        examples
    }
}
