//! What the user should change by hand, once functions are async: examples in docstrings, annotations.

use crate::plan::{Problem, Severity};
use crate::propagate::{Recolour, Settled};
use crate::semantic::common::is_common_method;
use crate::unit::{FileId, FunctionId};

/// The notes on what becomes async.
pub(super) fn notes(settled: &Settled<'_>, recolour: &Recolour) -> Vec<Problem> {
    let (project, propagation) = (settled.project, settled.propagation);
    let mut functions: Vec<FunctionId> = recolour.functions.iter().copied().collect();
    functions.sort_unstable();
    if functions.is_empty() {
        return Vec::new();
    }
    let examples = propagation.examples(settled);
    let mut notes = Vec::new();
    for id in functions {
        let function = propagation
            .facts
            .get(&id.file)
            .and_then(|facts| facts.functions.get(id.index as usize));
        let Some(function) = function else {
            continue;
        };
        let name = &function.qualified_name;
        // Every library has a `get`: an example that calls one of those is not worth a word.
        let example = match is_common_method(&function.name) {
            true => examples.of(id),
            false => examples.may_be(id, function),
        };
        let warning = |(file, line): (FileId, u32), message: String, remedy: &str| Problem {
            severity: Severity::Warning,
            file: project.file(file).name.clone(),
            line: Some(line),
            message,
            remedy: remedy.to_string(),
        };
        notes.extend(example.map(|place| {
            warning(
                place,
                format!("an example in a docstring calls `{name}`, which becomes async"),
                "await it in the example",
            )
        }));
        if let Some(line) = function.interrupt {
            notes.push(warning(
                (id.file, line),
                format!("`{name}` becomes async, and its handler of KeyboardInterrupt does not run any more: Ctrl-C cancels the task"),
                "handle KeyboardInterrupt round `asyncio.run`",
            ));
        }
        if function.stale_annotation {
            notes.push(warning(
                (id.file, function.line),
                format!("the annotation of `{name}` says what a sync generator gives, in a way that has no known async form"),
                "change the annotation by hand",
            ));
        }
    }
    notes.dedup();
    notes
}
