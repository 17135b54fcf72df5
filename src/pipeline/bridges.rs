//! What is said of the bridges from async code to what blocks.

use super::examine::MODULE;
use super::lines::Lines;
use crate::discovery;
use crate::index::Project;
use crate::plan::{Left, Outcome, Plan, UnitReport};
use crate::propagate::{Bridge, Propagation, TO_THREAD};
use crate::source;
use crate::unit::{FileId, Safety};

/// Reports each bridge: the calls that threads run, and those that are left.
pub(super) fn report(
    project: &Project,
    propagation: &Propagation,
    bridges: &[Bridge],
    plan: &mut Plan,
) {
    let mut read: Option<(FileId, String)> = None;
    for bridge in bridges {
        let file = project.file(bridge.file);
        if read.as_ref().is_none_or(|(of, _)| *of != bridge.file) {
            let source = discovery::read(&file.path)
                .ok()
                .and_then(|bytes| source::decode(&bytes).ok());
            read = source.map(|source| (bridge.file, source.text));
        }
        let (Some((_, text)), Some(facts)) = (&read, propagation.facts.get(&bridge.file)) else {
            continue;
        };
        let place = Lines::new(text).place(&file.name, facts.calls[bridge.call].range);
        let function = bridge.caller.map_or_else(
            || MODULE.to_string(),
            |caller| {
                facts.functions[caller.index as usize]
                    .qualified_name
                    .clone()
            },
        );
        match &bridge.outcome {
            Ok((_, note)) => plan.units.push(UnitReport {
                codemod: TO_THREAD,
                notes: note
                    .iter()
                    .map(|note| {
                        let text = format!("a thread runs it beside the event loop, and {note}");
                        (place.clone(), text)
                    })
                    .collect(),
                place,
                function,
                safety: match note {
                    Some(_) => Safety::Unsafe,
                    None => Safety::Safe,
                },
                outcome: Outcome::Taken,
            }),
            Err((reason, detail)) => plan.left.push(Left {
                codemod: TO_THREAD,
                place,
                function,
                reason,
                detail: detail.clone(),
            }),
        }
    }
}
