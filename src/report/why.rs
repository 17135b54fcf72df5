//! The answers of `awaitify why`, as text and as JSON.
//!
//! # Schema of the JSON, version 1
//!
//! Keys are never renamed or dropped within a version; new ones may come. A place holds `file` and `line` (1-based).
//!
//! | key | what |
//! |---|---|
//! | `version`, `place` | `1`, and the place as it was asked for |
//! | `candidates[]` | those on the line that was asked for: `codemod`, `what` (what is called there, or null), `place`, `outcome` (`taken`, `needs-unsafe`, `needs-select`, `left`), `code`, `message`, `help`, `detail` (or null) |
//! | `functions[].module`, `.name`, `.place` | which function it is |
//! | `functions[].verdict` | `becomes-async`, `runs-async` (an entry point: sync at its outside), `is-async`, `cannot-be-async`, `stays-sync` (what wants it is left), `nothing` |
//! | `functions[].steps[]` | the way down to what wants it: `link` (`call`, `same-colour`), `function`, `place` |
//! | `functions[].seed` | the candidate at the end of the steps, or null |
//! | `functions[].barrier` | `function`, `needed_by[]` (like the steps), `code`, `message`, `help`, `detail`; or null |
//! | `functions[].barriers[]`, `.more_barriers` | all barriers in the way, up to a number, like those of the plan's `waiting` (see [`super::json`]), and whether there are more |
//! | `functions[].halves[]` | with `--assist`, what stays as it is under a marker, in the same form |
//! | `functions[].candidates[]` | those in the function |

use std::fmt::Write as _;

use serde::Serialize;

use super::json::JsonInTheWay;
use super::words::{Paint, clean, plural};
use super::{Look, waiting};
use crate::plan::{InTheWay, Outcome};
use crate::unit::Reason;
use crate::why::{
    Barrier, Candidate, Explained, Explanation, Fate, Link, Named, Spot, Step, Verdict, Way,
};

/// The version of the schema.
pub const VERSION: u32 = 1;

// Writing to a String cannot fail: the results are dropped in this file.

/// The answer for people: one step a line.
pub fn why(explained: &Explained, look: Look) -> String {
    let mut text = Text {
        out: String::new(),
        paint: Paint::new(look),
    };
    // What a line and its function have in common is said once.
    let is_said = |candidate: &&Candidate| {
        explained.functions.iter().any(|explanation| {
            match (&explanation.verdict, &candidate.fate) {
                (Verdict::Blocked { barrier, .. }, Fate::Left { reason, .. }) => {
                    barrier.reason == *reason
                }
                _ => false,
            }
        })
    };
    for candidate in explained.candidates.iter().filter(|at| !is_said(at)) {
        text.candidate("", candidate);
    }
    for explanation in &explained.functions {
        let needs_no_more = match &explanation.verdict {
            Verdict::Nothing => !explained.candidates.is_empty(),
            Verdict::Waits(way) => {
                let is_seed =
                    |at: &Candidate| (&at.place, at.codemod) == (&way.seed.place, way.seed.codemod);
                way.steps.is_empty() && explained.candidates.iter().any(is_seed)
            }
            _ => false,
        };
        if needs_no_more {
            continue;
        }
        if !text.out.is_empty() {
            text.out.push('\n');
        }
        text.explanation(explanation, explained.candidates.is_empty());
    }
    if text.out.is_empty() {
        text.line("", NOTHING);
    }
    text.out
}

/// What is said where no codemod cares.
const NOTHING: &str = "nothing that awaitify migrates needs it to be async";

struct Text {
    out: String,
    paint: Paint,
}

impl Text {
    fn line(&mut self, indent: &str, line: &str) {
        let _ = writeln!(self.out, "{indent}{line}");
    }

    fn function(&self, function: &Named) -> String {
        format!(
            "{} ({})",
            self.paint.name(&clean(&function.name)),
            place(&function.place)
        )
    }

    fn name(&self, name: &str) -> String {
        self.paint.name(&clean(name))
    }

    /// One function; `with_candidates` lists those in it where nothing else is to say.
    fn explanation(&mut self, explanation: &Explanation, with_candidates: bool) {
        let function = self.function(&explanation.function);
        match &explanation.verdict {
            Verdict::Becomes(way) => {
                self.line("", &format!("{function} becomes async because"));
                self.way(way, "awaits");
            }
            Verdict::Runs(way) => {
                self.line(
                    "",
                    &format!(
                        "{function} begins a program: it stays sync and runs with `asyncio.run`"
                    ),
                );
                self.way(way, "awaits");
            }
            Verdict::Already => {
                self.line("", &format!("{function} is async already"));
                for candidate in explanation.candidates.iter().filter(|_| with_candidates) {
                    self.candidate("  ", candidate);
                }
            }
            Verdict::Blocked {
                way,
                barrier,
                all,
                more,
            } => {
                self.line("", &format!("{function} stays sync:"));
                self.way(way, "would await");
                self.barrier(barrier);
                self.others(all, *more);
            }
            Verdict::Waits(way) => {
                self.line("", &format!("{function} stays sync:"));
                self.way(way, "would await");
                let name = match &way.seed.what {
                    Some(what) => self.name(what),
                    None => "that".to_string(),
                };
                match &way.seed.fate {
                    Fate::Left { reason, detail } => {
                        self.line("", &format!("but {name} is left alone:"));
                        self.reason("  ", reason, detail.as_deref());
                    }
                    Fate::Unit(outcome) => {
                        let how = option(*outcome, way.seed.codemod);
                        self.line("", &format!("but {name} is not taken: {how}"));
                    }
                }
            }
            Verdict::Nothing => {
                self.line("", &format!("{function} stays sync: {NOTHING}"));
                for candidate in &explanation.candidates {
                    self.candidate("  ", candidate);
                }
            }
        }
        self.halves(&explanation.halves);
    }

    /// `it calls load (main.py:31),` and so on, down to what is awaited.
    fn way(&mut self, way: &Way, verb: &str) {
        let mut subject = "it";
        for step in &way.steps {
            let name = self.name(&step.function.name);
            let at = place(&step.at);
            let line = match step.link {
                Link::Call => format!("{subject} calls {name} ({at}),"),
                Link::Colour => format!("{subject} has the colour of {name} ({at}),"),
            };
            self.line("  ", &line);
            subject = "which";
        }
        let seed = &way.seed;
        let line = match &seed.what {
            Some(_) => format!("{subject} {verb} {}", self.head(seed)),
            None => format!("{subject} holds {}", self.head(seed)),
        };
        self.line("  ", &line);
    }

    fn barrier(&mut self, barrier: &Barrier) {
        let name = self.name(&barrier.function.name);
        self.line("", &format!("but {name} cannot be async:"));
        for (number, step) in barrier.needed_by.iter().enumerate() {
            let name = self.name(&step.function.name);
            let at = place(&step.at);
            let subject = if number == 0 { "it" } else { "which" };
            let link = match step.link {
                Link::Call => "is needed by",
                Link::Colour => "has the colour of",
            };
            let is_last = number + 1 == barrier.needed_by.len();
            let end = if is_last { ':' } else { ',' };
            self.line("  ", &format!("{subject} {link} {name} ({at}){end}"));
        }
        self.reason("  ", barrier.reason, barrier.detail.as_deref());
    }

    /// What stays as it is, under markers.
    fn halves(&mut self, halves: &[InTheWay]) {
        if halves.is_empty() {
            return;
        }
        self.line("", "under a marker each, for you to mend:");
        for at in halves {
            let barrier = waiting::barrier(at, self.paint);
            self.line("  ", &barrier);
        }
    }

    /// All barriers, where the nearest is not the only one.
    fn others(&mut self, all: &[InTheWay], more: bool) {
        if all.len() < 2 && !more {
            return;
        }
        let number = plural(all.len(), "barrier");
        let number = if more {
            format!("more than {number}")
        } else {
            number
        };
        self.line("", &format!("in all, {number} stand in the way:"));
        for at in all {
            let barrier = waiting::barrier(at, self.paint);
            self.line("  ", &barrier);
        }
    }

    fn reason(&mut self, indent: &str, reason: &Reason, detail: Option<&str>) {
        let detail = detail.map_or_else(String::new, |detail| format!(": {}", clean(detail)));
        let code = self.paint.faint(&format!("[{}]", reason.code));
        self.line(indent, &format!("{} {code}{detail}", reason.message));
        let help = self.paint.help("help:");
        self.line(indent, &format!("{help} {}", reason.help));
    }

    fn head(&self, candidate: &Candidate) -> String {
        let (at, codemod) = (place(&candidate.place), candidate.codemod);
        match &candidate.what {
            Some(what) => format!("{} ({at}; {codemod})", self.name(what)),
            None => format!("a candidate of {codemod} ({at})"),
        }
    }

    fn candidate(&mut self, indent: &str, candidate: &Candidate) {
        let head = self.head(candidate);
        match &candidate.fate {
            Fate::Unit(Outcome::Taken) => self.line(indent, &format!("{head} is migrated")),
            Fate::Unit(outcome) => {
                let how = option(*outcome, candidate.codemod);
                self.line(indent, &format!("{head} is not taken: {how}"));
            }
            Fate::Left { reason, detail } => {
                self.line(indent, &format!("{head} is left alone:"));
                self.reason(&format!("{indent}  "), reason, detail.as_deref());
            }
        }
    }
}

fn place(spot: &Spot) -> String {
    format!("{}:{}", clean(&spot.file), spot.line)
}

fn option(outcome: Outcome, codemod: &str) -> String {
    match outcome {
        // Taken, and yet without effect: it fell with others.
        Outcome::Taken => "it fits no result".to_string(),
        Outcome::NeedsUnsafe => {
            "the code may behave differently, which `--unsafe` accepts".to_string()
        }
        Outcome::NeedsSelect => {
            format!("its idiom differs, which `--select {codemod}` or `--unsafe` accepts")
        }
    }
}

/// The answer for scripts. See the [module](self) for the schema.
///
/// # Errors
///
/// None in practice: every value of the schema can be written as JSON.
pub fn why_json(place: &str, explained: &Explained) -> serde_json::Result<String> {
    let document = Document {
        version: VERSION,
        place,
        candidates: explained.candidates.iter().map(JsonCandidate::of).collect(),
        functions: explained.functions.iter().map(JsonFunction::of).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

// These structs are the schema: a change to the internal types must not change what scripts read.

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    place: &'a str,
    candidates: Vec<JsonCandidate<'a>>,
    functions: Vec<JsonFunction<'a>>,
}

#[derive(Serialize)]
struct JsonFunction<'a> {
    module: &'a str,
    name: &'a str,
    place: JsonSpot<'a>,
    verdict: &'static str,
    steps: Vec<JsonStep<'a>>,
    seed: Option<JsonCandidate<'a>>,
    barrier: Option<JsonBarrier<'a>>,
    barriers: Vec<JsonInTheWay<'a>>,
    more_barriers: bool,
    halves: Vec<JsonInTheWay<'a>>,
    candidates: Vec<JsonCandidate<'a>>,
}

#[derive(Serialize)]
struct JsonSpot<'a> {
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    link: &'static str,
    function: &'a str,
    place: JsonSpot<'a>,
}

#[derive(Serialize)]
struct JsonBarrier<'a> {
    function: &'a str,
    needed_by: Vec<JsonStep<'a>>,
    code: &'static str,
    message: &'static str,
    help: &'static str,
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonCandidate<'a> {
    codemod: &'static str,
    what: Option<&'a str>,
    place: JsonSpot<'a>,
    outcome: &'static str,
    code: Option<&'static str>,
    message: Option<&'static str>,
    help: Option<&'static str>,
    detail: Option<&'a str>,
}

impl<'a> JsonFunction<'a> {
    fn of(explanation: &'a Explanation) -> Self {
        let (verdict, way, barrier) = match &explanation.verdict {
            Verdict::Becomes(way) => ("becomes-async", Some(way), None),
            Verdict::Runs(way) => ("runs-async", Some(way), None),
            Verdict::Already => ("is-async", None, None),
            Verdict::Blocked { way, barrier, .. } => ("cannot-be-async", Some(way), Some(barrier)),
            Verdict::Waits(way) => ("stays-sync", Some(way), None),
            Verdict::Nothing => ("nothing", None, None),
        };
        let (all, more) = match &explanation.verdict {
            Verdict::Blocked { all, more, .. } => (all.as_slice(), *more),
            _ => (&[][..], false),
        };
        Self {
            module: &explanation.function.module,
            name: &explanation.function.name,
            place: JsonSpot::of(&explanation.function.place),
            verdict,
            steps: way
                .into_iter()
                .flat_map(|way| &way.steps)
                .map(JsonStep::of)
                .collect(),
            seed: way.map(|way| JsonCandidate::of(&way.seed)),
            barrier: barrier.map(JsonBarrier::of),
            barriers: all.iter().map(JsonInTheWay::of).collect(),
            more_barriers: more,
            halves: explanation.halves.iter().map(JsonInTheWay::of).collect(),
            candidates: explanation
                .candidates
                .iter()
                .map(JsonCandidate::of)
                .collect(),
        }
    }
}

impl<'a> JsonSpot<'a> {
    fn of(spot: &'a Spot) -> Self {
        Self {
            file: &spot.file,
            line: spot.line,
        }
    }
}

impl<'a> JsonStep<'a> {
    fn of(step: &'a Step) -> Self {
        Self {
            link: step.link.name(),
            function: &step.function.name,
            place: JsonSpot::of(&step.at),
        }
    }
}

impl<'a> JsonBarrier<'a> {
    fn of(barrier: &'a Barrier) -> Self {
        Self {
            function: &barrier.function.name,
            needed_by: barrier.needed_by.iter().map(JsonStep::of).collect(),
            code: barrier.reason.code,
            message: barrier.reason.message,
            help: barrier.reason.help,
            detail: barrier.detail.as_deref(),
        }
    }
}

impl<'a> JsonCandidate<'a> {
    fn of(candidate: &'a Candidate) -> Self {
        let (outcome, reason, detail) = match &candidate.fate {
            Fate::Unit(Outcome::Taken) => ("taken", None, None),
            Fate::Unit(Outcome::NeedsUnsafe) => ("needs-unsafe", None, None),
            Fate::Unit(Outcome::NeedsSelect) => ("needs-select", None, None),
            Fate::Left { reason, detail } => ("left", Some(*reason), detail.as_deref()),
        };
        Self {
            codemod: candidate.codemod,
            what: candidate.what.as_deref(),
            place: JsonSpot::of(&candidate.place),
            outcome,
            code: reason.map(|reason| reason.code),
            message: reason.map(|reason| reason.message),
            help: reason.map(|reason| reason.help),
            detail,
        }
    }
}
