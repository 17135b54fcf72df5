//! Local variables that hold different things one after the other: `response = fetch()`, `response = response.json()`.
//!
//! Each set of bindings that some load may see together is a variable of its own. The set of the parameter, or else of the
//! first binding, keeps the number of the symbol; the others get numbers behind those of all symbols.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::semantic::reaching::Reaching;
use crate::semantic::scope::{BindingId, SymbolId};
use crate::semantic::{BindingKind, Model, NodeId, Runner, ScopeKind};

/// The variables of a file that are several.
#[derive(Debug, Default)]
pub(super) struct Split {
    bindings: FxHashMap<BindingId, u32>,
    loads: FxHashMap<NodeId, u32>,
}

impl Split {
    /// Splits the variables of all functions of a file.
    pub(super) fn new(model: &Model<'_>) -> Self {
        let mut split = Self::default();
        let mut by_function: FxHashMap<u32, FxHashSet<SymbolId>> = FxHashMap::default();
        let mut count = 0;
        for (id, symbol) in model.scopes.symbols() {
            count = count.max(id.number() + 1);
            let scope = model.scopes.scope(symbol.scope);
            let [first, _, ..] = symbol.bindings[..] else {
                continue;
            };
            if !matches!(scope.kind, ScopeKind::Function { .. }) {
                continue;
            }
            let is_plain = symbol.bindings.iter().all(|&binding| {
                matches!(
                    model.scopes.binding(binding).kind,
                    BindingKind::Assign { .. }
                        | BindingKind::Parameter
                        | BindingKind::For { .. }
                        | BindingKind::Unpacked
                )
            });
            let home = model.runner(model.scopes.binding(first).node);
            let Runner::Function(function) = home else {
                continue;
            };
            let is_local = symbol
                .references
                .iter()
                .all(|&reference| model.runner(reference) == home)
                && model.scopes.functions()[function as usize].node == scope.node;
            if is_plain && is_local {
                by_function.entry(function).or_default().insert(id);
            }
        }
        for (function, symbols) in by_function {
            let body = model.body_of(Runner::Function(function));
            let reaching = Reaching::new(model, body, &symbols);
            for symbol in symbols {
                split.symbol(model, &reaching, symbol, count);
            }
        }
        split
    }

    fn symbol(&mut self, model: &Model<'_>, reaching: &Reaching, id: SymbolId, count: u32) {
        let symbol = model.scopes.symbol(id);
        // For each binding, the first one of its set.
        let mut first: FxHashMap<BindingId, BindingId> = symbol
            .bindings
            .iter()
            .map(|&binding| (binding, binding))
            .collect();
        for &load in &symbol.references {
            let seen = match reaching.at(load) {
                Some(seen) if !seen.is_empty() => seen,
                // It was not passed: it may see any of them.
                _ => &symbol.bindings,
            };
            let sets: Vec<BindingId> = seen
                .iter()
                .filter_map(|binding| first.get(binding).copied())
                .collect();
            let Some(&low) = sets.iter().min() else {
                continue;
            };
            for of in first.values_mut() {
                if sets.contains(of) {
                    *of = low;
                }
            }
        }
        let own = symbol
            .bindings
            .iter()
            .find(|&&binding| model.scopes.binding(binding).kind == BindingKind::Parameter)
            .or(symbol.bindings.first())
            .map(|binding| first[binding]);
        let number = |of: BindingId| {
            if Some(of) == own {
                id.number()
            } else {
                count + of.number()
            }
        };
        for &load in &symbol.references {
            let seen = reaching.at(load).and_then(|seen| seen.first().copied());
            let seen = seen.or(symbol.bindings.first().copied());
            if let Some(of) = seen.and_then(|seen| first.get(&seen)) {
                self.loads.insert(load, number(*of));
            }
        }
        self.bindings
            .extend(first.into_iter().map(|(binding, of)| (binding, number(of))));
    }

    /// The number of the variable that a load reads, where its symbol is several.
    pub(super) fn at_load(&self, load: NodeId) -> Option<u32> {
        self.loads.get(&load).copied()
    }

    /// The number of the variable that a binding sets, where its symbol is several.
    pub(super) fn at_binding(&self, binding: BindingId) -> Option<u32> {
        self.bindings.get(&binding).copied()
    }
}
