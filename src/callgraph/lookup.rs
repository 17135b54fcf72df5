//! What the facts of one file say about a name or a number, without a search through them.

use std::sync::OnceLock;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Call, FileFacts, Target, Type};
use crate::semantic::Runner;

/// Filled from the facts when something is asked for the first time: nothing that it tells of may change then.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    top_level: OnceLock<FxHashMap<Box<str>, TopLevel>>,
    owners: OnceLock<FxHashMap<u32, u32>>,
    global_names: OnceLock<FxHashMap<u32, u32>>,
    decorations: OnceLock<FxHashSet<TextRange>>,
    calls: OnceLock<FxHashMap<u32, Vec<u32>>>,
}

/// What a name is at module level: numbers in the lists of the facts.
#[derive(Clone, Copy, Debug, Default)]
struct TopLevel {
    target: Option<u32>,
    variable: Option<u32>,
    alias: Option<u32>,
    global: Option<u32>,
}

impl FileFacts {
    fn top_level(&self, name: &str) -> Option<&TopLevel> {
        let table = self.lookup.top_level.get_or_init(|| {
            let mut table: FxHashMap<Box<str>, TopLevel> = FxHashMap::default();
            let mut of = |name: &str, note: &dyn Fn(&mut TopLevel)| match table.get_mut(name) {
                Some(known) => note(known),
                None => note(table.entry(name.into()).or_default()),
            };
            for (number, (name, _)) in self.names.iter().enumerate() {
                // The last binding of a name counts.
                of(name, &|known| known.target = Some(number as u32));
            }
            for (number, (name, _)) in self.variables.iter().enumerate() {
                of(name, &|known| {
                    known.variable.get_or_insert(number as u32);
                });
            }
            for (number, (name, _)) in self.aliases.iter().enumerate() {
                of(name, &|known| {
                    known.alias.get_or_insert(number as u32);
                });
            }
            for (name, variable) in &self.globals {
                of(name, &|known| {
                    known.global.get_or_insert(*variable);
                });
            }
            table
        });
        table.get(name)
    }

    /// What a top-level name is.
    pub fn named(&self, name: &str) -> Option<&Target> {
        let number = self.top_level(name)?.target?;
        Some(&self.names[number as usize].1)
    }

    /// The class of a module-level variable.
    pub fn variable(&self, name: &str) -> Option<&Type> {
        let number = self.top_level(name)?.variable?;
        Some(&self.variables[number as usize].1)
    }

    /// The type that a module-level name is another name of.
    pub fn alias(&self, name: &str) -> Option<&Type> {
        let number = self.top_level(name)?.alias?;
        Some(&self.aliases[number as usize].1)
    }

    /// The number of a variable at module level.
    pub fn global(&self, name: &str) -> Option<u32> {
        self.top_level(name)?.global
    }

    /// The name of a variable at module level.
    pub fn global_name(&self, variable: u32) -> Option<&str> {
        let table = self.lookup.global_names.get_or_init(|| {
            let numbers = self.globals.iter().enumerate();
            numbers
                .map(|(number, (_, variable))| (*variable, number as u32))
                .collect()
        });
        let number = *table.get(&variable)?;
        Some(self.globals[number as usize].0.as_str())
    }

    /// The function whose parameter a variable is.
    pub fn owner(&self, variable: u32) -> Option<u32> {
        let table = self.lookup.owners.get_or_init(|| {
            let functions = self.functions.iter().enumerate();
            functions
                .flat_map(|(number, function)| {
                    let parameters = function.parameters.iter();
                    parameters.map(move |parameter| (parameter.variable, number as u32))
                })
                .collect()
        });
        table.get(&variable).copied()
    }

    /// The calls that a function itself runs, in order.
    pub fn calls_in(&self, function: u32) -> impl Iterator<Item = &Call> {
        let table = self.lookup.calls.get_or_init(|| {
            let mut table: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
            for (number, call) in self.calls.iter().enumerate() {
                if let Runner::Function(index) = call.runner {
                    table.entry(index).or_default().push(number as u32);
                }
            }
            table
        });
        let numbers = table.get(&function).into_iter().flatten();
        numbers.map(|&number| &self.calls[number as usize])
    }

    /// Whether this span stands behind an `@`.
    pub fn is_decoration(&self, range: TextRange) -> bool {
        let table = self.lookup.decorations.get_or_init(|| {
            let functions = self.functions.iter();
            functions
                .flat_map(|function| &function.decorators)
                .map(|decorator| decorator.range)
                .collect()
        });
        table.contains(&range)
    }
}
