//! Functions that `map` and `filter` call for each element: calls of them, where all elements are taken at once.

use ruff_text_size::Ranged;

use crate::callgraph::{Call, FileFacts, Given, GivenArgument, Usage};
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::{Model, locks, race};

/// Turns the uses of such functions as values into calls.
pub fn read(model: &Model<'_>, target: PythonVersion, facts: &mut FileFacts) {
    for call in model.calls() {
        let Some((function, placement)) = colour::place_mapped(model, call, target) else {
            continue;
        };
        let Some(position) = facts
            .values
            .iter()
            .position(|value| value.range == function.range())
        else {
            continue;
        };
        let value = facts.values.remove(position);
        let node = model.id(call);
        let placement = if locks::lock_held_at(model, node).is_some() {
            Err(&locks::LOCK_HELD)
        } else {
            placement.map(|placement| placement.sites)
        };
        facts.calls.push(Call {
            node,
            range: call.range(),
            line: 0,
            runner: value.runner,
            callee: value.callee,
            placement,
            usage: Usage::Value,
            // What holds its results is not followed.
            escapes: true,
            is_indirect: true,
            made_by: None,
            closing: None,
            lifted: None,
            is_dropped: false,
            consumed: None,
            is_race: race::is_race(model, node),
            in_loop: true,
            is_implicit: false,
            is_unbound: false,
            // The elements.
            arguments: vec![GivenArgument {
                keyword: None,
                is_starred: true,
                given: Given::Unknown,
            }],
            can_thread: false,
            keeps_blocking: false,
            entry: None,
        });
    }
    facts.calls.sort_by_key(|call| call.node);
}
