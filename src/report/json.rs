//! The plan as JSON: the stable interface for scripts, and what a reviewed plan is applied from later.
//!
//! # Schema, version 1
//!
//! Keys are never renamed or dropped within a version; new ones may come. Places hold `file`, `line` and `column`
//! (both 1-based, the column in characters), and `start` and `end` (bytes).
//!
//! | key | what |
//! |---|---|
//! | `version` | `1` |
//! | `tool` | `name` and `version` of the program |
//! | `command` | `diff`, `apply` or `check`; with `apply` the files have been written |
//! | `files[]` | `name`, `before_sha256` and `after_sha256` (lower-case hex, of the bytes on disk), `edits[]` |
//! | `files[].edits[]` | `start`, `end`, `text`, `codemod` (null where several share it); sorted, disjoint |
//! | `units[]` | `codemod`, `place`, `function`, `safety` (`safe`, `declared`, `unsafe`), `outcome` (`taken`, `needs-unsafe`, `needs-select`), `notes[]` (`place`, `text`) |
//! | `left[]` | `codemod`, `place`, `function`, `code`, `message`, `help`, `detail` (or null) |
//! | `waiting[]` | candidates by what is in the way, the fewest barriers first: `barriers[]` (`code`, `message`, `help`, `function`, `file`, `line`, `detail` (or null), `use`: whether it is a use of the function and not the function itself), `more` (whether there are more), `sites` (how many candidates), `halves` (how many of them `--assist` would take) |
//! | `markers[]` | where the files are half migrated once the plan is applied: `place`, `line_after`, `code`, `text`, `new` (whether the plan writes it; then the place is that of the code) |
//! | `chains[]` | with `check`, the async functions that reach a blocking call through sync helpers: `place` (of the call in the async function), `function`, `through[]` (`function`, `file`, `line`), `what` (the blocking call), `codemod`, `end` (its place), `help` |
//! | `advice[]` | with `check`, what its rules found: `rule`, `place`, `function`, `message`, `detail` (or null), `help`, `codemod` (or null) |
//! | `problems[]` | `severity` (`warning`, `error`), `file`, `line` (or null), `message`, `remedy` |
//! | `recoloured` | the functions that become async, as `file: dotted name` |
//! | `public` | those among them that are public names of a library: an API break |
//! | `dependencies` | `add[]` and `may_drop[]`: names of distributions |
//! | `counts` | `files_seen`, `files_parsed`, `files_changed`, `units_taken`, `units_need_unsafe`, `units_need_select`, `left`, `markers`, `chains`, `advice` |
//!
//! Offsets count bytes of the file's text in UTF-8, a byte order mark included: for files in another encoding they are
//! not offsets into the file on disk.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::PlanCommand;
use crate::plan::{
    Advice, BlockingChain, FileChange, HalfDone, InTheWay, Left, Outcome, Place, Plan, PlannedEdit,
    Problem, Severity, UnitReport, Waiting,
};
use crate::unit::{Dependency, Safety};

/// The version of the schema.
pub const VERSION: u32 = 1;

/// The plan as JSON, indented, with a newline at the end. See the [module](self) for the schema.
///
/// # Errors
///
/// None in practice: every value of the schema can be written as JSON.
pub fn json(plan: &Plan, command: PlanCommand) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(&Document::of(plan, command))?;
    text.push('\n');
    Ok(text)
}

// These structs are the schema: a change to the internal types must not change what scripts read.

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    command: &'static str,
    files: Vec<JsonFile<'a>>,
    units: Vec<JsonUnit<'a>>,
    left: Vec<JsonLeft<'a>>,
    waiting: Vec<JsonWaiting<'a>>,
    markers: Vec<JsonMarker<'a>>,
    chains: Vec<JsonChain<'a>>,
    advice: Vec<JsonAdvice<'a>>,
    problems: Vec<JsonProblem<'a>>,
    recoloured: &'a [String],
    public: &'a [String],
    dependencies: JsonDependencies,
    counts: Counts,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    name: &'a str,
    before_sha256: String,
    after_sha256: String,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    start: u32,
    end: u32,
    text: &'a str,
    codemod: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct JsonUnit<'a> {
    codemod: &'static str,
    place: JsonPlace<'a>,
    function: &'a str,
    safety: &'static str,
    outcome: &'static str,
    notes: Vec<JsonNote<'a>>,
}

#[derive(Serialize)]
struct JsonNote<'a> {
    place: JsonPlace<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonLeft<'a> {
    codemod: &'static str,
    place: JsonPlace<'a>,
    function: &'a str,
    code: &'static str,
    message: &'static str,
    help: &'static str,
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonWaiting<'a> {
    barriers: Vec<JsonInTheWay<'a>>,
    more: bool,
    sites: usize,
    halves: usize,
}

/// A barrier, here and in the answers of `why`.
#[derive(Serialize)]
pub(super) struct JsonInTheWay<'a> {
    code: &'static str,
    message: &'static str,
    help: &'static str,
    function: &'a str,
    file: &'a str,
    line: u32,
    detail: Option<&'a str>,
    r#use: bool,
}

#[derive(Serialize)]
struct JsonMarker<'a> {
    place: JsonPlace<'a>,
    line_after: u32,
    code: &'a str,
    text: &'a str,
    new: bool,
}

#[derive(Serialize)]
struct JsonChain<'a> {
    place: JsonPlace<'a>,
    function: &'a str,
    through: Vec<JsonStep<'a>>,
    what: &'a str,
    codemod: &'static str,
    end: JsonPlace<'a>,
    help: &'a str,
}

#[derive(Serialize)]
struct JsonAdvice<'a> {
    rule: &'static str,
    place: JsonPlace<'a>,
    function: &'a str,
    message: &'static str,
    detail: Option<&'a str>,
    help: &'static str,
    codemod: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    function: &'a str,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonProblem<'a> {
    severity: &'static str,
    file: &'a str,
    line: Option<u32>,
    message: &'a str,
    remedy: &'a str,
}

#[derive(Default, Serialize)]
struct JsonDependencies {
    add: Vec<&'static str>,
    may_drop: Vec<&'static str>,
}

#[derive(Serialize)]
struct Counts {
    files_seen: usize,
    files_parsed: usize,
    files_changed: usize,
    units_taken: usize,
    units_need_unsafe: usize,
    units_need_select: usize,
    left: usize,
    markers: usize,
    chains: usize,
    advice: usize,
}

impl<'a> Document<'a> {
    fn of(plan: &'a Plan, command: PlanCommand) -> Self {
        let with = |outcome| plan.units.iter().filter(|u| u.outcome == outcome).count();
        let mut dependencies = JsonDependencies::default();
        for dependency in &plan.dependencies {
            match dependency {
                Dependency::Add(name) => dependencies.add.push(name),
                Dependency::MayDrop(name) => dependencies.may_drop.push(name),
            }
        }
        Self {
            version: VERSION,
            tool: Tool {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
            },
            command: command.name(),
            files: plan.files.iter().map(JsonFile::of).collect(),
            units: plan.units.iter().map(JsonUnit::of).collect(),
            left: plan.left.iter().map(JsonLeft::of).collect(),
            waiting: plan.waiting.iter().map(JsonWaiting::of).collect(),
            markers: plan.markers.iter().map(JsonMarker::of).collect(),
            chains: plan.chains.iter().map(JsonChain::of).collect(),
            advice: plan.advice.iter().map(JsonAdvice::of).collect(),
            problems: plan.problems.iter().map(JsonProblem::of).collect(),
            recoloured: &plan.recoloured,
            public: &plan.public,
            dependencies,
            counts: Counts {
                files_seen: plan.files_seen,
                files_parsed: plan.files_parsed,
                files_changed: plan.files.len(),
                units_taken: with(Outcome::Taken),
                units_need_unsafe: with(Outcome::NeedsUnsafe),
                units_need_select: with(Outcome::NeedsSelect),
                left: plan.left.len(),
                markers: plan.markers.len(),
                chains: plan.chains.len(),
                advice: plan.advice.len(),
            },
        }
    }
}

impl<'a> JsonFile<'a> {
    fn of(file: &'a FileChange) -> Self {
        Self {
            name: &file.name,
            before_sha256: sha256(&file.before),
            after_sha256: sha256(&file.after),
            edits: file.edits.iter().map(JsonEdit::of).collect(),
        }
    }
}

impl<'a> JsonEdit<'a> {
    fn of(edit: &'a PlannedEdit) -> Self {
        Self {
            start: edit.start,
            end: edit.end,
            text: &edit.text,
            codemod: edit.codemod,
        }
    }
}

impl<'a> JsonPlace<'a> {
    fn of(place: &'a Place) -> Self {
        Self {
            file: &place.file,
            line: place.line,
            column: place.column,
            start: place.start,
            end: place.end,
        }
    }
}

impl<'a> JsonUnit<'a> {
    fn of(unit: &'a UnitReport) -> Self {
        Self {
            codemod: unit.codemod,
            place: JsonPlace::of(&unit.place),
            function: &unit.function,
            safety: match unit.safety {
                Safety::Safe => "safe",
                Safety::Declared => "declared",
                Safety::Unsafe => "unsafe",
            },
            outcome: match unit.outcome {
                Outcome::Taken => "taken",
                Outcome::NeedsUnsafe => "needs-unsafe",
                Outcome::NeedsSelect => "needs-select",
            },
            notes: unit
                .notes
                .iter()
                .map(|(place, text)| JsonNote {
                    place: JsonPlace::of(place),
                    text,
                })
                .collect(),
        }
    }
}

impl<'a> JsonLeft<'a> {
    fn of(left: &'a Left) -> Self {
        Self {
            codemod: left.codemod,
            place: JsonPlace::of(&left.place),
            function: &left.function,
            code: left.reason.code,
            message: left.reason.message,
            help: left.reason.help,
            detail: left.detail.as_deref(),
        }
    }
}

impl<'a> JsonAdvice<'a> {
    fn of(advice: &'a Advice) -> Self {
        Self {
            rule: advice.rule,
            place: JsonPlace::of(&advice.place),
            function: &advice.function,
            message: advice.message,
            detail: advice.detail.as_deref(),
            help: advice.help,
            codemod: advice.codemod,
        }
    }
}

impl<'a> JsonWaiting<'a> {
    fn of(waiting: &'a Waiting) -> Self {
        Self {
            barriers: waiting.barriers.iter().map(JsonInTheWay::of).collect(),
            more: waiting.more,
            sites: waiting.sites,
            halves: waiting.halves,
        }
    }
}

impl<'a> JsonInTheWay<'a> {
    pub(super) fn of(at: &'a InTheWay) -> Self {
        Self {
            code: at.reason.code,
            message: at.reason.message,
            help: at.reason.help,
            function: &at.function,
            file: &at.file,
            line: at.line,
            detail: at.detail.as_deref(),
            r#use: at.is_use,
        }
    }
}

impl<'a> JsonMarker<'a> {
    fn of(marker: &'a HalfDone) -> Self {
        Self {
            place: JsonPlace::of(&marker.place),
            line_after: marker.line_after,
            code: &marker.code,
            text: &marker.text,
            new: marker.is_new,
        }
    }
}

impl<'a> JsonChain<'a> {
    fn of(chain: &'a BlockingChain) -> Self {
        Self {
            place: JsonPlace::of(&chain.place),
            function: &chain.function,
            through: chain
                .through
                .iter()
                .map(|step| JsonStep {
                    function: &step.function,
                    file: &step.file,
                    line: step.line,
                })
                .collect(),
            what: &chain.what,
            codemod: chain.codemod,
            end: JsonPlace::of(&chain.end),
            help: &chain.help,
        }
    }
}

impl<'a> JsonProblem<'a> {
    fn of(problem: &'a Problem) -> Self {
        Self {
            severity: match problem.severity {
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            file: &problem.file,
            line: problem.line,
            message: &problem.message,
            remedy: &problem.remedy,
        }
    }
}

/// Lower-case hex.
fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::report::PlanCommand;
    use crate::report::samples::plan;

    #[test]
    fn the_schema() -> serde_json::Result<()> {
        // A change here that renames or drops a key needs a new `VERSION`.
        insta::assert_snapshot!(json(&plan(), PlanCommand::Diff)?, @r##"
        {
          "version": 1,
          "tool": {
            "name": "awaitify",
            "version": "0.1.0"
          },
          "command": "diff",
          "files": [
            {
              "name": "app/api.py",
              "before_sha256": "a6f9e07d5da1dab3bfd605400753eb3a0560be971aeaeaa1d3844c1e80b9c412",
              "after_sha256": "29f827895455da432d7940adc6b367afe5a9faccd81a8486f4d2202d943b44fa",
              "edits": [
                {
                  "start": 7,
                  "end": 15,
                  "text": "httpx",
                  "codemod": null
                },
                {
                  "start": 20,
                  "end": 28,
                  "text": "await httpx",
                  "codemod": "requests_to_httpx"
                }
              ]
            }
          ],
          "units": [
            {
              "codemod": "requests_to_httpx",
              "place": {
                "file": "app/api.py",
                "line": 2,
                "column": 5,
                "start": 104,
                "end": 121
              },
              "function": "Client.fetch",
              "safety": "safe",
              "outcome": "taken",
              "notes": [
                {
                  "place": {
                    "file": "app/api.py",
                    "line": 2,
                    "column": 5,
                    "start": 104,
                    "end": 121
                  },
                  "text": "a redirect to another host keeps no cookies"
                }
              ]
            },
            {
              "codemod": "requests_to_httpx",
              "place": {
                "file": "app/b.py",
                "line": 7,
                "column": 9,
                "start": 108,
                "end": 117
              },
              "function": "Client.fetch",
              "safety": "unsafe",
              "outcome": "needs-unsafe",
              "notes": []
            },
            {
              "codemod": "gather_to_task_group",
              "place": {
                "file": "app/b.py",
                "line": 9,
                "column": 11,
                "start": 110,
                "end": 122
              },
              "function": "Client.fetch",
              "safety": "declared",
              "outcome": "needs-select",
              "notes": []
            }
          ],
          "left": [
            {
              "codemod": "requests_to_httpx",
              "place": {
                "file": "app/a.py",
                "line": 5,
                "column": 13,
                "start": 112,
                "end": 119
              },
              "function": "<module>",
              "code": "sort-key",
              "message": "the function is a sort key, which cannot be async",
              "help": "sort the results after they are awaited",
              "detail": "by_size"
            }
          ],
          "waiting": [
            {
              "barriers": [
                {
                  "code": "sort-key",
                  "message": "the function is a sort key, which cannot be async",
                  "help": "sort the results after they are awaited",
                  "function": "by_size",
                  "file": "app/a.py",
                  "line": 5,
                  "detail": null,
                  "use": true
                }
              ],
              "more": false,
              "sites": 14,
              "halves": 14
            }
          ],
          "markers": [
            {
              "place": {
                "file": "app/c.py",
                "line": 4,
                "column": 5,
                "start": 104,
                "end": 142
              },
              "line_after": 4,
              "code": "sort-key",
              "text": "mend me",
              "new": false
            }
          ],
          "chains": [
            {
              "place": {
                "file": "app/d.py",
                "line": 31,
                "column": 12,
                "start": 111,
                "end": 118
              },
              "function": "list_users",
              "through": [
                {
                  "function": "fetch",
                  "file": "app/api.py",
                  "line": 12
                }
              ],
              "what": "requests.get",
              "codemod": "requests_to_httpx",
              "end": {
                "file": "app/api.py",
                "line": 14,
                "column": 5,
                "start": 104,
                "end": 121
              },
              "help": "make the call in a thread"
            }
          ],
          "advice": [
            {
              "rule": "lost-task",
              "place": {
                "file": "app/e.py",
                "line": 8,
                "column": 5,
                "start": 104,
                "end": 120
              },
              "function": "main",
              "message": "nobody keeps this task",
              "detail": null,
              "help": "keep it",
              "codemod": null
            }
          ],
          "problems": [
            {
              "severity": "warning",
              "file": "app/bad.py",
              "line": 3,
              "message": "this is not valid Python: expected `:`",
              "remedy": "fix the syntax, or exclude the file"
            }
          ],
          "recoloured": [],
          "public": [],
          "dependencies": {
            "add": [
              "aiofiles",
              "httpx"
            ],
            "may_drop": [
              "requests"
            ]
          },
          "counts": {
            "files_seen": 1204,
            "files_parsed": 31,
            "files_changed": 1,
            "units_taken": 1,
            "units_need_unsafe": 1,
            "units_need_select": 1,
            "left": 1,
            "markers": 1,
            "chains": 1,
            "advice": 1
          }
        }
        "##);
        Ok(())
    }
}
