//! Functions that a test hands to `self.assertRaises(E, f, x)` or `pytest.raises(E, f, x)`, which call them: calls of them.

use ruff_text_size::Ranged;

use super::Reader;
use crate::callgraph::{Call, FileFacts, Usage};
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::{locks, race};

impl Reader<'_, '_> {
    /// Turns the uses of such functions as values into calls.
    pub(super) fn raised(&mut self, target: PythonVersion, facts: &mut FileFacts) {
        let model = self.model;
        for call in model.calls() {
            let Some(raised) = colour::read_raised(model, call) else {
                continue;
            };
            let Some(position) = facts
                .values
                .iter()
                .position(|value| value.range == raised.function.range())
            else {
                continue;
            };
            let value = facts.values.remove(position);
            let node = model.id(call);
            let placement = if locks::lock_held_at(model, node).is_some() {
                Err(&locks::LOCK_HELD)
            } else {
                colour::place_raised(model, &raised, target).map(|placement| placement.sites)
            };
            let mut arguments = self.arguments(call);
            arguments.drain(..raised.first_argument());
            facts.calls.push(Call {
                node,
                range: call.range(),
                line: 0,
                runner: value.runner,
                callee: value.callee,
                placement,
                usage: Usage::Value,
                escapes: false,
                closing: None,
                lifted: None,
                is_dropped: false,
                is_indirect: true,
                made_by: self.callee(call, &mut Vec::new()),
                consumed: None,
                is_race: race::is_race(model, node),
                in_loop: false,
                is_implicit: false,
                is_unbound: false,
                arguments,
                can_thread: false,
                keeps_blocking: false,
                entry: None,
            });
        }
        facts.calls.sort_by_key(|call| call.node);
    }
}
