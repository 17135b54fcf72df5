//! What several test crates need: plans as text.

use std::fmt::Write as _;
use std::path::Path;

use awaitify::diff;
use awaitify::plan::{Outcome, Plan};

/// The diff, what was left and why, and the notes, as the snapshot shows them.
pub fn describe(plan: &Plan, folder: &Path) -> String {
    let prefix = format!("{}/", folder.display());
    let mut text = String::new();
    for change in &plan.files {
        text.push_str(&String::from_utf8_lossy(&diff::unified(change)));
    }
    for unit in &plan.units {
        if unit.outcome != Outcome::Taken || !unit.notes.is_empty() {
            let place = &unit.place;
            writeln!(
                text,
                "{:?} {}:{} in {}",
                unit.outcome, place.file, place.line, unit.function
            )
            .unwrap();
        }
        for (place, note) in &unit.notes {
            writeln!(text, "  note {}:{}: {note}", place.file, place.line).unwrap();
        }
    }
    for left in &plan.left {
        let detail = left
            .detail
            .as_ref()
            .map(|detail| format!(": {detail}"))
            .unwrap_or_default();
        writeln!(
            text,
            "left {}:{} in {} [{}]{detail}",
            left.place.file, left.place.line, left.function, left.reason.code
        )
        .unwrap();
        writeln!(text, "  {}", left.place.snippet.trim()).unwrap();
    }
    for problem in &plan.problems {
        writeln!(
            text,
            "problem {}:{:?}: {}",
            problem.file, problem.line, problem.message
        )
        .unwrap();
    }
    for dependency in &plan.dependencies {
        writeln!(text, "dependency {dependency:?}").unwrap();
    }
    text.replace(&format!("a{prefix}"), "a/")
        .replace(&format!("b{prefix}"), "b/")
        .replace(&prefix, "")
}
