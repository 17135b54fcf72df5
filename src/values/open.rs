//! Functions that are called where their arguments are not seen: through the wrapper of a decorator, or as values.

use rustc_hash::FxHashSet;

use super::spots::{Spots, is_transparent_decorator};
use crate::callgraph::place::Place;
use crate::callgraph::resolve::{Called, Resolved};
use crate::callgraph::{Callee, Value, ValueKind};
use crate::unit::{FileId, FunctionId};

/// A use of functions as a value.
pub(super) struct Used<'f> {
    /// The file.
    pub(super) file: FileId,
    /// The use.
    pub(super) value: &'f Value,
    /// What it may be.
    pub(super) functions: Vec<FunctionId>,
}

/// The uses of the wanted functions as values, over all files.
pub(super) fn used_as_values<'f>(
    spots: &Spots<'_, 'f>,
    wanted: &FxHashSet<FunctionId>,
) -> Vec<Used<'f>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let functions = wanted.iter().filter_map(|&id| spots.resolver.function(id));
    let names: FxHashSet<&str> = functions.map(|function| function.name.as_str()).collect();
    let mut found = Vec::new();
    for (&file, facts) in spots.facts {
        for value in &facts.values {
            // An import may rename a function, and a module may hand it on under that name: only a method is told by its name.
            if let Callee::Method { name, .. } = &value.callee
                && !names.contains(name.as_str())
            {
                continue;
            }
            if let Called::Functions(functions) = spots.resolver.called(file, &value.callee)
                && functions.iter().any(|id| wanted.contains(id))
            {
                found.push(Used {
                    file,
                    value,
                    functions,
                });
            }
        }
    }
    found
}

/// Those of the wanted functions that are called where their arguments are not seen.
pub(super) fn open_functions(
    spots: &Spots<'_, '_>,
    wanted: &FxHashSet<FunctionId>,
) -> FxHashSet<FunctionId> {
    let mut found: FxHashSet<FunctionId> = FxHashSet::default();
    for &id in wanted {
        let Some(function) = spots.resolver.function(id) else {
            continue;
        };
        // What another library decorates it calls, or hands on to itself.
        let is_wrapped = function.decorators.iter().any(|decorator| {
            !is_transparent_decorator(&decorator.target)
                && !matches!(
                    spots.resolver.target(id.file, &decorator.target),
                    Resolved::Foreign(_)
                )
        });
        if is_wrapped {
            found.insert(id);
        }
    }
    for used in used_as_values(spots, wanted) {
        let is_called = match used.value.kind {
            ValueKind::TakesCoroutine
            | ValueKind::Program
            | ValueKind::Flows
            | ValueKind::Other => true,
            ValueKind::Identity | ValueKind::Stored | ValueKind::Asked => false,
        };
        if is_called {
            found.extend(used.functions.iter().filter(|id| wanted.contains(id)));
        }
    }
    // What `functools.partial` holds is no use as a value, and flows.
    for (&file, facts) in spots.facts {
        for flow in &facts.place_flows {
            if let Place::Target(target) = &flow.from
                && let Resolved::Function(id) = spots.resolver.target(file, target)
                && wanted.contains(&id)
            {
                found.insert(id);
            }
        }
    }
    found
}
