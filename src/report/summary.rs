//! The summary after `diff` and `apply`: what changed, what stayed and why, and what the user can do about it.

use std::collections::{BTreeMap, BTreeSet};

use super::waiting;
use super::words::{Paint, clean, count, enumerate, plural};
use super::{Look, PlanCommand, Verbosity};
use crate::plan::{Left, Outcome, Place, Plan, Problem, Severity, UnitReport};
use crate::unit::{Dependency, Reason};

/// How many places of one kind are shown without `--verbose`.
const PLACES: usize = 3;

/// How many different notes are shown without `--verbose`.
const NOTES: usize = 10;

/// The summary of a plan, for stderr. The text is empty or ends in a newline.
///
/// [`Verbosity::Quiet`] leaves only the problems that are errors.
pub fn summary(plan: &Plan, command: PlanCommand, verbosity: Verbosity, look: Look) -> String {
    if verbosity == Verbosity::Quiet {
        return problems(plan, verbosity, look);
    }
    let paint = Paint::new(look);
    let mut text = Text {
        lines: Vec::new(),
        paint,
        places: if verbosity >= Verbosity::Verbose {
            usize::MAX
        } else {
            PLACES
        },
    };
    text.changed(plan, command);
    text.recoloured(plan, command);
    text.notes(plan);
    text.optional(plan);
    text.left(plan);
    text.waiting(plan);
    text.markers(plan, command);
    text.dependencies(plan);
    text.problems(plan, verbosity);
    text.last_line(plan, command);
    text.finish()
}

/// The problems of a plan, for stderr: what `check` and the machine formats tell beside their data. The text is empty
/// or ends in a newline. [`Verbosity::Quiet`] leaves only errors.
pub fn problems(plan: &Plan, verbosity: Verbosity, look: Look) -> String {
    let mut text = Text {
        lines: Vec::new(),
        paint: Paint::new(look),
        places: PLACES,
    };
    text.problems(plan, verbosity);
    text.finish()
}

/// An error that ends a run, for stderr: what is wrong, and what to do where that is known. The text ends in a newline.
pub fn error(message: &str, help: Option<&str>, look: Look) -> String {
    let paint = Paint::new(look);
    let mut text = Text {
        lines: Vec::new(),
        paint,
        places: PLACES,
    };
    // Messages may have several lines (the files that have changed, say): each is cleaned for itself.
    let message: Vec<_> = message.lines().map(clean).collect();
    text.lines
        .push(format!("{} {}", paint.error("error:"), message.join("\n")));
    if let Some(help) = help {
        text.help("  ", help);
    }
    text.finish()
}

/// The lines so far, and how to write more.
struct Text {
    lines: Vec<String>,
    paint: Paint,
    /// How many places of one kind are shown.
    places: usize,
}

impl Text {
    fn finish(self) -> String {
        let mut text = self.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// Starts a section, with an empty line before it unless it is the first.
    fn section(&mut self, heading: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.push(self.paint.heading(heading));
    }

    fn help(&mut self, indent: &str, help: &str) {
        let label = self.paint.help("help:");
        self.lines.push(format!("{indent}{label} {}", clean(help)));
    }

    /// The places, as many as may be shown, and how many more there are.
    fn places<'a>(
        &mut self,
        places: impl ExactSizeIterator<Item = (&'a Place, &'a str, Option<&'a str>)>,
    ) {
        let total = places.len();
        for (place, function, detail) in places.take(self.places) {
            let mut line = format!("    {}", at(place));
            if !function.is_empty() && function != "<module>" {
                line.push_str(" in ");
                line.push_str(&clean(function));
            }
            if let Some(detail) = detail {
                line.push_str(": ");
                line.push_str(&clean(detail));
            }
            self.lines.push(line);
        }
        self.more("    ", total, self.places);
    }

    fn more(&mut self, indent: &str, total: usize, shown: usize) {
        if total > shown {
            let more = format!("... {} more (-v lists all)", count(total - shown));
            self.lines
                .push(format!("{indent}{}", self.paint.faint(&more)));
        }
    }

    fn changed(&mut self, plan: &Plan, command: PlanCommand) {
        if plan.files.is_empty() {
            return;
        }
        self.section(match command {
            PlanCommand::Apply => "Changed:",
            PlanCommand::Diff | PlanCommand::Check => "Would change:",
        });
        let rows = rows(plan);
        let width = rows
            .iter()
            .map(|(name, _)| label(*name).len())
            .max()
            .unwrap_or(0);
        for (name, row) in &rows {
            let padded = format!("{:width$}", label(*name));
            let edits = format!(
                "{} in {}",
                plural(row.edits, "edit"),
                plural(row.files.len(), "file")
            );
            let line = match (name, row.units, row.edits) {
                (None, ..) => format!("{edits} (imports, `async`, `await`)"),
                (Some(_), units, 0) => plural(units, "unit"),
                (Some(_), units, _) => format!("{}, {edits}", plural(units, "unit")),
            };
            self.lines
                .push(format!("  {}  {line}", self.paint.name(&padded)));
        }
        // The files themselves are in the diff; they are worth their lines only to those who ask for more.
        if self.places == usize::MAX {
            for file in &plan.files {
                self.lines.push(format!(
                    "    {}: {}",
                    clean(&file.name),
                    plural(file.edits.len(), "edit")
                ));
            }
        }
    }

    /// Functions that become async: whoever calls the public ones from outside of the project must await them.
    fn recoloured(&mut self, plan: &Plan, command: PlanCommand) {
        let verb = match command {
            PlanCommand::Apply => "became",
            PlanCommand::Diff | PlanCommand::Check => "would become",
        };
        let public: Vec<&str> = plan.public.iter().map(String::as_str).collect();
        let others: Vec<&str> = plan
            .recoloured
            .iter()
            .map(String::as_str)
            .filter(|name| {
                plan.public
                    .binary_search_by(|one| one.as_str().cmp(name))
                    .is_err()
            })
            .collect();
        let callers = "callers outside of the project must await them";
        self.functions(&public, |names| {
            format!(
                "{} {verb} async; {callers}:",
                plural(names, "public function")
            )
        });
        self.functions(&others, |names| {
            let kind = if public.is_empty() { "" } else { "other " };
            format!(
                "{} {verb} async:",
                plural(names, &format!("{kind}function"))
            )
        });
    }

    /// Functions under a heading that tells their number.
    fn functions(&mut self, names: &[&str], heading: impl Fn(usize) -> String) {
        if names.is_empty() {
            return;
        }
        self.section(&heading(names.len()));
        let shown = names.len().min(self.places.max(10));
        for name in &names[..shown] {
            self.lines.push(format!("  {}", clean(name)));
        }
        self.more("  ", names.len(), shown);
    }

    fn notes(&mut self, plan: &Plan) {
        // The same remark about many units is told once, with its places.
        let mut groups: BTreeMap<(&'static str, &str), Vec<&Place>> = BTreeMap::new();
        for unit in plan.units.iter().filter(|u| u.outcome == Outcome::Taken) {
            for (place, note) in &unit.notes {
                groups.entry((unit.codemod, note)).or_default().push(place);
            }
        }
        if groups.is_empty() {
            return;
        }
        self.section("Worth knowing:");
        let total = groups.len();
        let shown = if self.places == usize::MAX {
            total
        } else {
            NOTES
        };
        for ((codemod, note), places) in groups.into_iter().take(shown) {
            let name = self.paint.name(codemod);
            self.lines.push(format!("  {name}: {}", clean(note)));
            self.places(places.into_iter().map(|place| (place, "", None)));
        }
        self.more("  ", total, shown);
    }

    /// The units that an option takes.
    fn optional(&mut self, plan: &Plan) {
        let mut groups: BTreeMap<(Outcome, &'static str), Vec<&UnitReport>> = BTreeMap::new();
        for unit in plan.units.iter().filter(|u| u.outcome != Outcome::Taken) {
            groups
                .entry((unit.outcome, unit.codemod))
                .or_default()
                .push(unit);
        }
        if groups.is_empty() {
            return;
        }
        self.section("Not taken without an option:");
        for ((outcome, codemod), units) in groups {
            let name = self.paint.name(codemod);
            let total = plural(units.len(), "unit");
            let (why, help) = match outcome {
                Outcome::NeedsSelect => (
                    "the new idiom differs in the way that the codemod declares",
                    format!(
                        "read `awaitify explain {codemod}`, then take them with `--select {codemod}` (or `--unsafe`)"
                    ),
                ),
                Outcome::NeedsUnsafe | Outcome::Taken => (
                    "the code may behave differently afterwards",
                    "check the notes, then take them with `--unsafe`".to_string(),
                ),
            };
            self.lines.push(format!("  {name}: {total}: {why}"));
            self.places(units.iter().map(|unit| {
                let note = unit.notes.first().map(|(_, note)| note.as_str());
                (&unit.place, unit.function.as_str(), note)
            }));
            self.help("    ", &help);
        }
    }

    fn left(&mut self, plan: &Plan) {
        let mut groups: BTreeMap<(&'static str, &'static str), (&'static Reason, Vec<&Left>)> =
            BTreeMap::new();
        for left in &plan.left {
            groups
                .entry((left.codemod, left.reason.code))
                .or_insert_with(|| (left.reason, Vec::new()))
                .1
                .push(left);
        }
        if groups.is_empty() {
            return;
        }
        self.section("Left alone:");
        for ((codemod, code), (reason, all)) in groups {
            let name = self.paint.name(codemod);
            let code = self.paint.faint(&format!("[{code}]"));
            self.lines.push(format!(
                "  {name}: {}: {} {code}",
                plural(all.len(), "candidate"),
                clean(reason.message)
            ));
            self.places(
                all.iter()
                    .map(|left| (&left.place, left.function.as_str(), left.detail.as_deref())),
            );
            self.help("    ", reason.help);
        }
    }

    /// The to-do list: what stands before what is left.
    fn waiting(&mut self, plan: &Plan) {
        let lines = waiting::lines(plan, self.paint, self.places == usize::MAX);
        if !lines.is_empty() && !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
    }

    /// Where the migration is half done: what the user has to mend.
    fn markers(&mut self, plan: &Plan, command: PlanCommand) {
        let total = plan.markers.len();
        if total == 0 {
            return;
        }
        self.section(&format!(
            "Half migrated, {} for you to mend and remove:",
            plural(total, "marker")
        ));
        let shown = total.min(self.places.max(NOTES));
        for marker in &plan.markers[..shown] {
            let line = match command {
                PlanCommand::Apply => marker.line_after,
                PlanCommand::Diff | PlanCommand::Check => marker.place.line,
            };
            let code = self.paint.faint(&format!("[{}]", clean(&marker.code)));
            let new = if marker.is_new && command != PlanCommand::Apply {
                " (new)"
            } else {
                ""
            };
            self.lines.push(format!(
                "  {}:{line}: {} {code}{new}",
                clean(&marker.place.file),
                clean(&marker.text)
            ));
        }
        self.more("  ", total, shown);
    }

    fn dependencies(&mut self, plan: &Plan) {
        let mut add = Vec::new();
        let mut may_drop = Vec::new();
        for dependency in &plan.dependencies {
            match dependency {
                Dependency::Add(name) => add.push((*name).to_string()),
                Dependency::MayDrop(name) => may_drop.push((*name).to_string()),
            }
        }
        let mut parts = Vec::new();
        if !add.is_empty() {
            parts.push(format!("add {} to your dependencies", enumerate(&add)));
        }
        if !may_drop.is_empty() {
            let imports = if may_drop.len() == 1 { "it" } else { "them" };
            parts.push(format!(
                "{} may go once nothing else imports {imports}",
                enumerate(&may_drop)
            ));
        }
        if !parts.is_empty() {
            self.section("Dependencies:");
            self.lines.push(format!("  {}", parts.join("; ")));
        }
    }

    fn problems(&mut self, plan: &Plan, verbosity: Verbosity) {
        let mut shown = plan
            .problems
            .iter()
            .filter(|problem| verbosity > Verbosity::Quiet || problem.severity == Severity::Error)
            .peekable();
        if shown.peek().is_some() && !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        for problem in shown {
            self.problem(problem);
        }
    }

    fn problem(&mut self, problem: &Problem) {
        let label = match problem.severity {
            Severity::Warning => self.paint.warning("warning:"),
            Severity::Error => self.paint.error("error:"),
        };
        let line = problem.line.map(|line| format!(":{line}"));
        self.lines.push(format!(
            "{label} {}{}: {}",
            clean(&problem.file),
            line.unwrap_or_default(),
            clean(&problem.message)
        ));
        if !problem.remedy.is_empty() {
            self.help("  ", &problem.remedy);
        }
    }

    fn last_line(&mut self, plan: &Plan, command: PlanCommand) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let tally = tally(plan).join(", ");
        let seen = format!(
            "{} seen, {} parsed",
            plural(plan.files_seen, "file"),
            count(plan.files_parsed)
        );
        let line = if !plan.files.is_empty() {
            let files = plural(plan.files.len(), "file");
            let verb = match command {
                PlanCommand::Apply => "changed",
                PlanCommand::Diff | PlanCommand::Check => "would change",
            };
            format!("{files} {verb} ({tally}); {seen}")
        } else if plan.files_seen == 0 {
            "Nothing to migrate: no Python files were found".to_string()
        } else if tally.is_empty() {
            format!("Nothing to migrate: the selected codemods found no candidates; {seen}")
        } else {
            format!("Nothing to migrate: {tally}; {seen}")
        };
        self.lines.push(self.paint.heading(&line));
        if plan.files_seen == 0 && plan.files.is_empty() {
            self.help("  ", "check the paths, .gitignore and the excludes");
        }
    }
}

/// `api.py:14:5`
fn at(place: &Place) -> String {
    format!("{}:{}:{}", clean(&place.file), place.line, place.column)
}

/// What one codemod does in a plan.
#[derive(Default)]
struct Row<'a> {
    units: usize,
    edits: usize,
    files: BTreeSet<&'a str>,
}

/// The work by codemod; `None` is what several of them share, and comes last.
fn rows(plan: &Plan) -> Vec<(Option<&'static str>, Row<'_>)> {
    let mut rows: BTreeMap<_, Row<'_>> = BTreeMap::new();
    for unit in plan.units.iter().filter(|u| u.outcome == Outcome::Taken) {
        rows.entry(Some(unit.codemod)).or_default().units += 1;
    }
    for file in &plan.files {
        for edit in &file.edits {
            let row = rows.entry(edit.codemod).or_default();
            row.edits += 1;
            row.files.insert(&file.name);
        }
    }
    let shared = rows.remove_entry(&None);
    rows.into_iter().chain(shared).collect()
}

fn label(codemod: Option<&'static str>) -> &'static str {
    codemod.unwrap_or("shared")
}

/// `7 units taken`, `1 needs --unsafe`, `2 left alone`: whatever is not zero.
fn tally(plan: &Plan) -> Vec<String> {
    let with = |outcome| plan.units.iter().filter(|u| u.outcome == outcome).count();
    let needs = |number: usize, option: &str| {
        let verb = if number == 1 { "needs" } else { "need" };
        format!("{} {verb} {option}", count(number))
    };
    let mut parts = Vec::new();
    match with(Outcome::Taken) {
        0 => {}
        number => parts.push(format!("{} taken", plural(number, "unit"))),
    }
    match with(Outcome::NeedsUnsafe) {
        0 => {}
        number => parts.push(needs(number, "--unsafe")),
    }
    match with(Outcome::NeedsSelect) {
        0 => {}
        number => parts.push(needs(number, "--select")),
    }
    match plan.left.len() {
        0 => {}
        number => parts.push(format!("{} left alone", count(number))),
    }
    match plan.markers.len() {
        0 => {}
        number => parts.push(format!("{} to mend", plural(number, "marker"))),
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{problems, summary};
    use crate::plan::{Plan, Severity};
    use crate::report::samples::{left, plan};
    use crate::report::{Look, PlanCommand, Verbosity};

    fn text(plan: &Plan, verbosity: Verbosity) -> String {
        summary(plan, PlanCommand::Diff, verbosity, Look::default())
    }

    #[test]
    fn one_of_everything() {
        insta::assert_snapshot!(text(&plan(), Verbosity::Normal), @r##"
        Would change:
          requests_to_httpx  1 unit, 1 edit in 1 file
          shared             1 edit in 1 file (imports, `async`, `await`)

        Worth knowing:
          requests_to_httpx: a redirect to another host keeps no cookies
            app/api.py:2:5

        Not taken without an option:
          requests_to_httpx: 1 unit: the code may behave differently afterwards
            app/b.py:7:9 in Client.fetch
            help: check the notes, then take them with `--unsafe`
          gather_to_task_group: 1 unit: the new idiom differs in the way that the codemod declares
            app/b.py:9:11 in Client.fetch
            help: read `awaitify explain gather_to_task_group`, then take them with `--select gather_to_task_group` (or `--unsafe`)

        Left alone:
          requests_to_httpx: 1 candidate: the function is a sort key, which cannot be async [sort-key]
            app/a.py:5:13: by_size
            help: sort the results after they are awaited

        In the way, the fewest barriers first:
          1 barrier stands before 14 sites: sort-key, app/a.py:5 of by_size
          help: mend them; or migrate what waits with `--assist 1`, which leaves a marker comment at each

        Half migrated, 1 marker for you to mend and remove:
          app/c.py:4: mend me [sort-key]

        Dependencies:
          add aiofiles and httpx to your dependencies; requests may go once nothing else imports it

        warning: app/bad.py:3: this is not valid Python: expected `:`
          help: fix the syntax, or exclude the file

        1 file would change (1 unit taken, 1 needs --unsafe, 1 needs --select, 1 left alone, 1 marker to mend); 1,204 files seen, 31 parsed
        "##);
    }

    #[test]
    fn functions_that_become_async_are_listed() {
        let mut plan = plan();
        plan.recoloured = (0..12)
            .map(|index| format!("api.py: load_{index:02}"))
            .collect();
        let summary = text(&plan, Verbosity::Normal);
        assert!(summary.contains("12 functions would become async:"));
        assert!(summary.contains("load_09"), "{summary}");
        assert!(!summary.contains("load_10"), "{summary}");
        assert!(text(&plan, Verbosity::Verbose).contains("load_11"));
        plan.public = vec![plan.recoloured[10].clone()];
        let summary = text(&plan, Verbosity::Normal);
        let public = "1 public function would become async; callers outside of the project must await them:\n  api.py: load_10\n";
        assert!(summary.contains(public), "{summary}");
        assert!(summary.contains("11 other functions would become async:"));
    }

    #[test]
    fn applied() {
        let text = summary(
            &plan(),
            PlanCommand::Apply,
            Verbosity::Normal,
            Look::default(),
        );
        assert!(text.starts_with("Changed:\n"), "{text}");
        assert!(text.contains("\n1 file changed (1 unit taken, "), "{text}");
    }

    #[test]
    fn three_places_unless_verbose() {
        let plan = Plan {
            left: (1..=5)
                .map(|line| left("a.py", line, "f(by_size)", "by_size"))
                .collect(),
            files_seen: 1,
            files_parsed: 1,
            ..Plan::default()
        };
        insta::assert_snapshot!(text(&plan, Verbosity::Normal), @r##"
        Left alone:
          requests_to_httpx: 5 candidates: the function is a sort key, which cannot be async [sort-key]
            a.py:1:3: by_size
            a.py:2:3: by_size
            a.py:3:3: by_size
            ... 2 more (-v lists all)
            help: sort the results after they are awaited

        Nothing to migrate: 5 left alone; 1 file seen, 1 parsed
        "##);
        let verbose = text(&plan, Verbosity::Verbose);
        assert!(verbose.contains("a.py:5:3: by_size"), "{verbose}");
        assert!(!verbose.contains("more"), "{verbose}");
    }

    #[test]
    fn the_same_note_is_told_once_and_many_are_cut() {
        let mut plan = plan();
        let note = plan.units[0].notes[0].clone();
        plan.units[0].notes.extend(vec![note.clone(); 6]);
        for number in 0..20 {
            plan.units[0]
                .notes
                .push((note.0.clone(), format!("note {number:02}")));
        }
        let normal = text(&plan, Verbosity::Normal);
        assert_eq!(normal.matches("keeps no cookies").count(), 1, "{normal}");
        assert!(
            normal.contains("\n    ... 4 more (-v lists all)\n"),
            "{normal}"
        );
        assert!(
            normal.contains("\n  ... 11 more (-v lists all)\n"),
            "{normal}"
        );
        let verbose = text(&plan, Verbosity::Verbose);
        assert!(verbose.contains("note 19"), "{verbose}");
        assert!(verbose.contains("    app/api.py: 2 edits"), "{verbose}");
    }

    #[test]
    fn quiet_tells_errors_only() {
        let mut plan = plan();
        assert_eq!(text(&plan, Verbosity::Quiet), "");
        plan.problems[0].severity = Severity::Error;
        insta::assert_snapshot!(text(&plan, Verbosity::Quiet), @r##"
        error: app/bad.py:3: this is not valid Python: expected `:`
          help: fix the syntax, or exclude the file
        "##);
        assert_eq!(
            problems(&plan, Verbosity::Quiet, Look::default()),
            text(&plan, Verbosity::Quiet)
        );
    }

    #[test]
    fn nothing_to_do_says_why() {
        let mut plan = Plan::default();
        assert_eq!(
            text(&plan, Verbosity::Normal),
            "Nothing to migrate: no Python files were found\n  help: check the paths, .gitignore and the excludes\n"
        );
        plan.files_seen = 2_000;
        assert_eq!(
            text(&plan, Verbosity::Normal),
            "Nothing to migrate: the selected codemods found no candidates; 2,000 files seen, 0 parsed\n"
        );
    }
}
