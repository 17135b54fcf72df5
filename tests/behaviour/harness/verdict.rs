//! What is wrong with a run or a migration. Pure: each function returns its complaints, none where all is well.

use std::collections::BTreeMap;

use similar::TextDiff;

use super::case::{Case, PENDING, Promise};
use super::program::Run;

/// What asyncio says, at exit, of coroutines and tasks that the program forgot. It changes neither output nor code.
const FORGOTTEN: [&str; 3] = ["never awaited", "never retrieved", "was destroyed"];

/// What became of a case.
#[derive(Debug, Default)]
pub struct Migration {
    /// The Python files that changed.
    pub changed: Vec<String>,
    /// The texts, after it, of the program, the files that changed and those that the case speaks of.
    pub files: BTreeMap<String, String>,
    /// The files that had to stay as they were, and did not.
    pub not_kept: Vec<String>,
    /// What `awaitify apply` had to say.
    pub log: String,
}

/// A program must run, end as the case says, and print something that can be compared.
pub fn before(case: &Case, run: &Run) -> Vec<String> {
    if run.code != Some(case.exit) {
        return vec![format!(
            "the program fails before the migration: {}\n{}",
            exit(run),
            indent(&run.stderr)
        )];
    }
    if run.stdout.trim().is_empty() {
        return vec!["the program prints nothing, so that nothing can be compared".to_owned()];
    }
    Vec::new()
}

/// The migration must succeed.
pub fn applied(run: &Run) -> Vec<String> {
    if run.code == Some(0) {
        return Vec::new();
    }
    vec![format!("`awaitify apply` failed: {}", exit(run))]
}

/// The migration must change something (or nothing, where the case says so) and keep the case's promises. Of a pending
/// case this is not asked yet.
pub fn unmet(case: &Case, migration: &Migration) -> Vec<String> {
    let mut problems = Vec::new();
    match (case.unchanged, migration.changed.is_empty()) {
        (false, true) if case.may_stay => return problems,
        (false, true) => problems
            .push("nothing was migrated (`# case: unchanged` says that this is right)".to_owned()),
        (true, false) => problems.push(format!(
            "must stay as it is, but changed: {}",
            migration.changed.join(", ")
        )),
        _ => {}
    }
    for file in &migration.not_kept {
        problems.push(format!("must stay as it is, but changed: {file}"));
    }
    for promise in &case.expect {
        if !migration.holds(promise) {
            let Promise { file, text } = promise;
            problems.push(format!("the migrated {file} lacks `{text}`"));
        }
    }
    for promise in &case.reject {
        if migration.holds(promise) {
            let Promise { file, text } = promise;
            problems.push(format!("the migrated {file} still holds `{text}`"));
        }
    }
    problems
}

impl Migration {
    fn holds(&self, promise: &Promise) -> bool {
        let Some(text) = self.files.get(&promise.file) else {
            return false;
        };
        // The case's own settings quote what they ask for.
        let lines = text.lines().filter(|line| !line.starts_with("# case:"));
        lines.collect::<Vec<_>>().join("\n").contains(&promise.text)
    }
}

/// A second run must have nothing left to do.
pub fn second_run(run: &Run) -> Vec<String> {
    if run.code == Some(0) && run.stdout.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "a second run is not empty: `awaitify diff` gave {}\n{}",
        exit(run),
        indent(&run.stdout)
    )]
}

/// Both runs must print the same and end the same way, and the second must forget no coroutine.
pub fn outputs(before: &Run, after: &Run) -> Vec<String> {
    let mut problems = Vec::new();
    if before.code != after.code {
        problems.push(format!(
            "the exit code differs: {}, then {}",
            exit(before),
            exit(after)
        ));
    }
    if before.stdout != after.stdout {
        let diff = TextDiff::from_lines(&before.stdout, &after.stdout);
        let diff = diff.unified_diff().header("before", "after").to_string();
        problems.push(format!("the output differs\n{}", indent(&diff)));
    }
    for words in FORGOTTEN {
        if let Some(line) = after.stderr.lines().find(|line| line.contains(words)) {
            problems.push(format!(
                "the migrated program forgets a coroutine or task: {line}"
            ));
        }
    }
    if !problems.is_empty() && !after.stderr.is_empty() {
        problems.push(format!(
            "stderr of the migrated program:\n{}",
            indent(&after.stderr)
        ));
    }
    problems
}

/// A pending case whose migration is all that its settings ask for would hide the day on which it no longer is.
pub fn no_longer_pending(case: &Case) -> String {
    format!(
        "the migration is all that the case asks for: remove it from {}/{PENDING}",
        case.area
    )
}

/// What helps to understand the complaints.
pub fn context(migration: &Migration) -> String {
    let files = migration.files.iter();
    let files: String = files
        .map(|(file, text)| format!("the migrated {file}:\n{}\n", indent(text)))
        .collect();
    format!("{files}stderr of awaitify:\n{}", indent(&migration.log))
}

fn exit(run: &Run) -> String {
    match run.code {
        Some(code) => format!("exit code {code}"),
        None => "ended by a signal".to_owned(),
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
