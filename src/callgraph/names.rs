//! The names by which calls and uses may mean something: what has none of them need not be resolved.

use rustc_hash::FxHashSet;

use super::{Call, Callee, FileFacts, Target, Usage};
use crate::semantic::Runner;

/// A private name as it is written: `__step` for `_Client__step`.
pub(crate) fn unmangled(name: &str) -> &str {
    match name.strip_prefix('_').and_then(|rest| rest.find("__")) {
        Some(at) if at > 0 => &name[at + 1..],
        _ => name,
    }
}

/// The last part of a dotted path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// What a generator iterates decides whether it has something to clean up, whatever its name.
pub(crate) fn matters_always(facts: &FileFacts, call: &Call) -> bool {
    matches!(call.usage, Usage::Iterated(_) | Usage::Delegated(..))
        && matches!(call.runner, Runner::Function(index)
            if facts.functions.get(index as usize).is_some_and(|function| function.is_generator))
}

/// Whether one of the names that make a callee matter is as asked.
pub(crate) fn any_name<'f>(
    facts: &'f FileFacts,
    callee: &'f Callee,
    mut is_one: impl FnMut(&'f str) -> bool,
) -> bool {
    match callee {
        Callee::Target(target) => any_name_of_target(facts, target, is_one),
        Callee::Foreign(_) | Callee::UnknownValue => false,
        Callee::Method { name, .. }
        | Callee::Super { name, .. }
        | Callee::UnknownMethod { name } => {
            let own = unmangled(name);
            is_one(own) || own != name && is_one(name)
        }
    }
}

/// [`any_name`] of a call of this target.
pub(crate) fn any_name_of_target<'f>(
    facts: &'f FileFacts,
    target: &'f Target,
    mut is_one: impl FnMut(&'f str) -> bool,
) -> bool {
    match target {
        Target::Function(index) => facts
            .functions
            .get(*index as usize)
            .is_some_and(|function| is_one(&function.name)),
        Target::Path(path) => path.split('.').any(is_one),
        Target::Class(index) => facts
            .classes
            .get(*index as usize)
            .is_some_and(|class| is_one(last(&class.qualified_name))),
        Target::Unknown => false,
    }
}

/// Whether a callee may be one of the functions that matter, by name: all others need not be resolved.
pub(crate) fn is_wanted(facts: &FileFacts, callee: &Callee, names: &FxHashSet<String>) -> bool {
    any_name(facts, callee, |name| names.contains(name))
}
