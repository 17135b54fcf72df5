//! What is wrong with a run or a migration. Pure: each function returns its complaints, none where all is well.

use similar::TextDiff;

use super::case::{Case, PROGRAM};
use super::program::Run;

/// What asyncio says, at exit, of coroutines and tasks that the program forgot. It changes neither output nor code.
const FORGOTTEN: [&str; 3] = ["never awaited", "never retrieved", "was destroyed"];

/// What became of a case.
#[derive(Debug, Default)]
pub struct Migration {
    /// The Python files that changed.
    pub changed: Vec<String>,
    /// The program after it.
    pub program: String,
    /// What `awaitify apply` had to say.
    pub log: String,
}

/// A program must run, and print something that can be compared.
pub fn before(run: &Run) -> Vec<String> {
    if run.code != Some(0) {
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

/// The migration must succeed, change something (or nothing, where the case says so) and keep the case's promises.
pub fn migration(case: &Case, run: &Run, migration: &Migration) -> Vec<String> {
    let mut problems = Vec::new();
    if run.code != Some(0) {
        problems.push(format!("`awaitify apply` failed: {}", exit(run)));
    }
    match (case.unchanged, migration.changed.is_empty()) {
        (false, true) => problems
            .push("nothing was migrated (`# case: unchanged` says that this is right)".to_owned()),
        (true, false) => problems.push(format!(
            "must stay as it is, but changed: {}",
            migration.changed.join(", ")
        )),
        _ => {}
    }
    // The case's own settings quote what they ask for.
    let code: Vec<&str> = migration
        .program
        .lines()
        .filter(|line| !line.starts_with("# case:"))
        .collect();
    let code = code.join("\n");
    for text in case.expect.iter().filter(|text| !code.contains(*text)) {
        problems.push(format!("the migrated program lacks `{text}`"));
    }
    for text in case.reject.iter().filter(|text| code.contains(*text)) {
        problems.push(format!("the migrated program still holds `{text}`"));
    }
    problems
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

/// What helps to understand the complaints.
pub fn context(migration: &Migration) -> String {
    format!(
        "the migrated {PROGRAM}:\n{}\nstderr of awaitify:\n{}",
        indent(&migration.program),
        indent(&migration.log)
    )
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
