//! `@overload` signatures: they say `def` and `async def` as what they describe does.

use super::Reader;
use crate::callgraph::{FileFacts, Target};

impl Reader<'_, '_> {
    /// Fills in which functions only describe another one of their name. The last definition is the one that runs; a class
    /// that has no such one (a protocol) describes what others define.
    pub(super) fn overloads(&self, facts: &mut FileFacts) {
        for (_, symbol) in self.model.scopes.symbols() {
            let mut defined: Vec<u32> = symbol
                .bindings
                .iter()
                .filter_map(|&binding| match self.target_of_binding(binding) {
                    Some(Target::Function(index)) => Some(index),
                    _ => None,
                })
                .collect();
            let Some(last) = defined.pop() else {
                continue;
            };
            defined.retain(|&index| self.is_overload(index));
            if defined.is_empty() || self.is_overload(last) {
                continue;
            }
            let is_generator = self.generators.get(last as usize).is_some_and(|&is| is);
            for &index in &defined {
                if let Some(signature) = facts.functions.get_mut(index as usize) {
                    signature.is_signature = true;
                    signature.is_generator = is_generator;
                }
            }
            if let Some(function) = facts.functions.get_mut(last as usize) {
                function.signatures = defined;
            }
        }
    }
}
