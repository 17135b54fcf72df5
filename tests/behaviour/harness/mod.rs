//! The harness of the behaviour tests.

pub mod case;
mod migrate;
mod program;
pub mod python;
mod server;
mod verdict;

#[cfg(test)]
mod compile;
#[cfg(test)]
mod tests;

use std::env;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use case::Case;
use migrate::{Binary, HandWritten, Migrator};
use program::{Mode, Run};
use python::Python;
use server::Server;
use verdict::Migration;

/// Runs the cases of one folder on a few threads, and fails with all that is wrong with any of them.
///
/// `AWAITIFY_CASES=text` runs only the cases whose `area/name` holds the text. `AWAITIFY_BEFORE_ONLY=1` only checks
/// that the programs run as they stand. `AWAITIFY_AFTER=folder` takes `folder/area/name/after.py`, or what is in
/// `folder/area/name/after`, for the migrated files, to try a case before its codemod exists.
pub fn run_area(area: &str) {
    let hand_written = env::var_os("AWAITIFY_AFTER").map(|folder| HandWritten::new(folder.into()));
    let filter = env::var("AWAITIFY_CASES").unwrap_or_default();
    let python = python::shared().unwrap_or_else(|problem| panic!("{problem}"));
    let pending = case::pending(&Path::new(case::ROOT).join(area))
        .unwrap_or_else(|problem| panic!("{problem}"));
    // The list is about what the binary does, not about what was migrated by hand.
    let is_pending = |name: &String| hand_written.is_none() && pending.contains(name);
    let cases: Vec<_> = case::names(area)
        .into_iter()
        .map(|name| {
            let case = Case::read(area, &name)?;
            let pending = is_pending(&name);
            Ok(Case { pending, ..case })
        })
        .filter(|case| match case {
            Ok(case) => {
                let is_known = hand_written
                    .as_ref()
                    .is_none_or(|by_hand| by_hand.knows(case));
                is_known && case.title().contains(&filter)
            }
            Err(_) => true,
        })
        .collect();

    assert!(
        !case::names(area).is_empty(),
        "tests/behaviour/{area} holds no case"
    );

    let migrator: Option<Box<dyn Migrator>> = match hand_written {
        Some(by_hand) => Some(Box::new(by_hand)),
        None if env::var_os("AWAITIFY_BEFORE_ONLY").is_some() => None,
        None => Some(Box::new(Binary)),
    };

    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, |n| n.get().div_ceil(2).max(2));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                // Each worker has a server of its own, so that resetting it disturbs no other case.
                let mut server = None;
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let problems = run_case(case, python, migrator.as_deref(), &mut server);
                    if !problems.is_empty() {
                        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                        failures.push(problems);
                    }
                }
            });
        }
    });

    let mut failures = failures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} cases in {area} fail\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// Runs one case and prints its line. Returns what is wrong with it, or nothing.
fn run_case(
    case: &Result<Case, String>,
    python: &Python,
    migrator: Option<&dyn Migrator>,
    server: &mut Option<Server>,
) -> String {
    let case = match case {
        Ok(case) => case,
        Err(problem) => {
            println!("FAIL {problem}");
            return format!("{problem}\n");
        }
    };
    if let Some(limit) = case.unmet(python.version) {
        println!("skip {} (needs Python {limit})", case.title());
        return String::new();
    }
    let start = Instant::now();
    let problems =
        check_case(case, python, migrator, server).unwrap_or_else(|problem| vec![problem]);
    let verdict = match (problems.is_empty(), case.pending && migrator.is_some()) {
        (true, false) => "ok  ",
        (true, true) => "pend",
        (false, _) => "FAIL",
    };
    println!(
        "{verdict} {} ({:.1} s)",
        case.title(),
        start.elapsed().as_secs_f32()
    );
    if problems.is_empty() {
        return String::new();
    }
    format!("==== {}\n{}\n", case.title(), problems.join("\n"))
}

/// Runs, migrates and runs again. The error is a fault of the harness or its environment.
fn check_case(
    case: &Case,
    python: &Python,
    migrator: Option<&dyn Migrator>,
    server: &mut Option<Server>,
) -> Result<Vec<String>, String> {
    let base = if case.uses_server() {
        if server.is_none() {
            *server = Some(Server::start(python)?);
        }
        server.as_ref()
    } else {
        None
    };
    let run = |folder: &Path, mode| -> Result<Run, String> {
        let url = match base {
            Some(server) => {
                server.reset()?;
                server.url()
            }
            None => "http://127.0.0.1:9",
        };
        program::run(python, folder, url, mode)
    };

    let before_copy = case.copy()?;
    let before = run(before_copy.path(), Mode::Plain)?;
    let mut problems = verdict::before(case, &before);
    let Some(migrator) = migrator.filter(|_| problems.is_empty()) else {
        return Ok(problems);
    };

    let copy = case.copy()?;
    let first = migrator.apply(case, copy.path())?;
    let changed = case.changed_files(copy.path())?;
    let is_changed = |file: &&String| case.is_changed(file, copy.path());
    let migration = Migration {
        files: case.texts(copy.path(), &changed)?,
        changed,
        not_kept: case.keep.iter().filter(is_changed).cloned().collect(),
        log: first.stderr.clone(),
    };
    problems.extend(verdict::applied(&first));
    let unmet = verdict::unmet(case, &migration);
    if !case.pending {
        problems.extend(unmet.iter().cloned());
    }
    // The diff comes before the run: the program may leave files behind.
    let second = migrator.diff(case, copy.path())?;
    problems.extend(verdict::second_run(&second));
    if case.pending || !case.unchanged || !migration.changed.is_empty() {
        let after = run(copy.path(), Mode::Strict)?;
        problems.extend(verdict::outputs(&before, &after));
    }
    if !problems.is_empty() {
        problems.push(verdict::context(&migration));
    } else if case.pending && unmet.is_empty() {
        problems.push(verdict::no_longer_pending(case));
    }
    Ok(problems)
}
