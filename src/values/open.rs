//! Functions that are called where their arguments are not seen: through the wrapper of a decorator, or as values.

use rustc_hash::FxHashSet;

use super::spots::{Spots, is_transparent_decorator};
use crate::callgraph::place::Place;
use crate::callgraph::resolve::{Called, Resolved};
use crate::callgraph::{Callee, Target, ValueKind};
use crate::unit::FunctionId;

/// Those of the wanted functions that are.
pub(super) fn open_functions(
    spots: &Spots<'_, '_>,
    wanted: &FxHashSet<FunctionId>,
) -> FxHashSet<FunctionId> {
    let mut found: FxHashSet<FunctionId> = FxHashSet::default();
    let mut names: FxHashSet<&str> = FxHashSet::default();
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
        names.insert(&function.name);
    }
    for (&file, facts) in spots.facts {
        for value in &facts.values {
            let is_called = match value.kind {
                ValueKind::TakesCoroutine
                | ValueKind::Program
                | ValueKind::Flows
                | ValueKind::Other => true,
                ValueKind::Identity | ValueKind::Stored | ValueKind::Asked => false,
            };
            // An import may rename a function: only its path tells then.
            let name = last_name(&value.callee);
            if !is_called || name.is_some_and(|name| !names.contains(name)) {
                continue;
            }
            if let Called::Functions(functions) = spots.resolver.called(file, &value.callee) {
                found.extend(functions.into_iter().filter(|id| wanted.contains(id)));
            }
        }
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

/// The last name of what a callee of a method or a dotted path leads to.
fn last_name(callee: &Callee) -> Option<&str> {
    match callee {
        Callee::Target(Target::Path(path)) => path.rsplit('.').next(),
        Callee::Method { name, .. } => Some(name),
        _ => None,
    }
}
