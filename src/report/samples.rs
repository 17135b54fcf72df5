//! A small plan for the tests of the reports and the command line.

use std::path::PathBuf;

use crate::plan::{
    Advice, BlockingChain, ChainStep, FileChange, HalfDone, InTheWay, Left, Outcome, Place, Plan,
    PlannedEdit, Problem, Severity, UnitReport, Waiting,
};
use crate::unit::{Dependency, Reason, Safety};

/// The reason of [`left`].
pub(crate) static SORT_KEY: Reason = Reason {
    code: "sort-key",
    message: "the function is a sort key, which cannot be async",
    help: "sort the results after they are awaited",
};

/// The place of `span` in `line`.
pub(crate) fn place(file: &str, number: u32, line: &str, span: &str) -> Place {
    let offset = line.find(span).unwrap_or(0);
    // The offset of the line in its file plays no part in a report: any will do.
    let start = 100 + offset as u32;
    Place {
        file: file.to_string(),
        line: number,
        column: line[..offset].chars().count() as u32 + 1,
        start,
        end: start + span.len() as u32,
        snippet: line.to_string(),
    }
}

/// A unit of `requests_to_httpx`; a declared one is of `gather_to_task_group`.
pub(crate) fn unit(
    file: &str,
    number: u32,
    line: &str,
    span: &str,
    outcome: Outcome,
) -> UnitReport {
    UnitReport {
        codemod: match outcome {
            Outcome::NeedsSelect => "gather_to_task_group",
            _ => "requests_to_httpx",
        },
        place: place(file, number, line, span),
        function: "Client.fetch".to_string(),
        safety: match outcome {
            Outcome::Taken => Safety::Safe,
            Outcome::NeedsUnsafe => Safety::Unsafe,
            Outcome::NeedsSelect => Safety::Declared,
        },
        outcome,
        notes: Vec::new(),
    }
}

/// A candidate that is left because it is a sort key.
pub(crate) fn left(file: &str, number: u32, line: &str, span: &str) -> Left {
    Left {
        codemod: "requests_to_httpx",
        place: place(file, number, line, span),
        function: "<module>".to_string(),
        reason: &SORT_KEY,
        detail: Some("by_size".to_string()),
    }
}

/// A file in which two edits make `import requests` and `get()` async.
pub(crate) fn change() -> FileChange {
    FileChange {
        path: PathBuf::from("app/api.py"),
        name: "app/api.py".to_string(),
        before: b"import requests\nr = requests.get(url)\n".to_vec(),
        after: b"import httpx\nr = await httpx.get(url)\n".to_vec(),
        edits: vec![
            PlannedEdit {
                start: 7,
                end: 15,
                text: "httpx".to_string(),
                codemod: None,
            },
            PlannedEdit {
                start: 20,
                end: 28,
                text: "await httpx".to_string(),
                codemod: Some("requests_to_httpx"),
            },
        ],
    }
}

/// One of everything.
pub(crate) fn plan() -> Plan {
    let mut taken = unit(
        "app/api.py",
        2,
        "r = requests.get(url)",
        "requests.get(url)",
        Outcome::Taken,
    );
    taken.notes.push((
        taken.place.clone(),
        "a redirect to another host keeps no cookies".to_string(),
    ));
    Plan {
        recoloured: Vec::new(),
        markers: vec![HalfDone {
            place: place(
                "app/c.py",
                4,
                "    # awaitify: blocked: sort-key: mend me",
                "# awaitify: blocked: sort-key: mend me",
            ),
            line_after: 4,
            code: "sort-key".to_string(),
            text: "mend me".to_string(),
            is_new: false,
        }],
        waiting: vec![Waiting {
            barriers: vec![InTheWay {
                reason: &SORT_KEY,
                is_use: true,
                function: "by_size".to_string(),
                file: "app/a.py".to_string(),
                line: 5,
                detail: None,
            }],
            more: false,
            sites: 14,
            halves: 14,
        }],
        advice: vec![Advice {
            rule: "lost-task",
            place: place("app/e.py", 8, "    create_task(f())", "create_task(f())"),
            function: "main".to_string(),
            message: "nobody keeps this task",
            detail: None,
            help: "keep it",
            codemod: None,
        }],
        chains: vec![BlockingChain {
            place: place("app/d.py", 31, "    return fetch()", "fetch()"),
            function: "list_users".to_string(),
            through: vec![ChainStep {
                function: "fetch".to_string(),
                file: "app/api.py".to_string(),
                line: 12,
            }],
            what: "requests.get".to_string(),
            codemod: "requests_to_httpx",
            end: place(
                "app/api.py",
                14,
                "r = requests.get(url)",
                "requests.get(url)",
            ),
            help: "make the call in a thread".to_string(),
        }],
        public: Vec::new(),
        files: vec![change()],
        units: vec![
            taken,
            unit(
                "app/b.py",
                7,
                "    s = Session()",
                "Session()",
                Outcome::NeedsUnsafe,
            ),
            unit(
                "app/b.py",
                9,
                "    await gather(a, b)",
                "gather(a, b)",
                Outcome::NeedsSelect,
            ),
        ],
        left: vec![left("app/a.py", 5, "xs.sort(key=by_size)", "by_size")],
        problems: vec![Problem {
            severity: Severity::Warning,
            file: "app/bad.py".to_string(),
            line: Some(3),
            message: "this is not valid Python: expected `:`".to_string(),
            remedy: "fix the syntax, or exclude the file".to_string(),
        }],
        dependencies: vec![
            Dependency::Add("aiofiles"),
            Dependency::Add("httpx"),
            Dependency::MayDrop("requests"),
        ],
        answer: None,
        files_seen: 1_204,
        files_parsed: 31,
    }
}
