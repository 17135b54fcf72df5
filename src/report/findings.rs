//! Findings: what can be migrated and what is left alone, each with the source that it is about.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::words::{Paint, clean, count, plural};
use super::{Look, Verbosity, waiting};
use crate::chains;
use crate::codemods::CODEMODS;
use crate::plan::{Advice, BlockingChain, HalfDone, Left, Outcome, Place, Plan, UnitReport};

/// Lines longer than this many bytes are cut round the span before they are drawn: drawing costs time in the line's
/// length, and a generated line may hold thousands of findings.
const LONGEST_LINE: usize = 2_000;

/// How much of a cut line is kept on either side of the span's start, in bytes.
const KEPT: usize = 500;

/// The rule of the markers that `--assist` leaves.
const BLOCKED: &str = "blocked";

/// What a finding says about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Can be migrated, perhaps with an option.
    Unit(Outcome),
    /// Stays as it is.
    Left,
    /// Is half migrated, and waits for the user.
    HalfDone,
    /// Blocks the event loop through sync helpers.
    Chain,
    /// Breaks a rule of `check`.
    Advice,
}

/// One unit or one left candidate, in the words of every findings format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding<'a> {
    pub(super) place: &'a Place,
    pub(super) kind: Kind,
    pub(super) codemod: &'static str,
    /// The codemod, or `codemod/reason`: what the user can filter by.
    pub(super) rule: String,
    /// One sentence without a full stop.
    pub(super) message: String,
    /// One sentence in the imperative, without a full stop.
    pub(super) help: String,
    pub(super) notes: &'a [(Place, String)],
}

impl<'a> Finding<'a> {
    fn of_unit(unit: &'a UnitReport) -> Self {
        let name = unit.codemod;
        let place = within(&unit.function);
        let (message, help) = match unit.outcome {
            Outcome::Taken => (
                format!("this can be migrated{place}"),
                "run `awaitify apply` to migrate it".to_string(),
            ),
            Outcome::NeedsUnsafe => (
                format!("this can be migrated{place}, but it may behave differently afterwards"),
                "check the notes, then take it with `--unsafe`".to_string(),
            ),
            Outcome::NeedsSelect => (
                format!(
                    "this can be migrated{place}, but its idiom differs in the way that `{name}` declares"
                ),
                format!("read `awaitify explain {name}`, then take it with `--select {name}`"),
            ),
        };
        Self {
            place: &unit.place,
            kind: Kind::Unit(unit.outcome),
            codemod: name,
            rule: name.to_string(),
            message,
            help,
            notes: &unit.notes,
        }
    }

    fn of_left(left: &'a Left) -> Self {
        let mut message = format!(
            "left alone{}: {}",
            within(&left.function),
            left.reason.message
        );
        if let Some(detail) = &left.detail {
            message.push_str(": ");
            message.push_str(detail);
        }
        Self {
            place: &left.place,
            kind: Kind::Left,
            codemod: left.codemod,
            rule: format!("{}/{}", left.codemod, left.reason.code),
            message,
            help: left.reason.help.to_string(),
            notes: &[],
        }
    }

    fn of_marker(marker: &'a HalfDone) -> Self {
        let rule = match marker.code.as_str() {
            "" => BLOCKED.to_string(),
            code => format!("{BLOCKED}/{code}"),
        };
        let message = match marker.text.as_str() {
            "" => "half migrated".to_string(),
            text => format!("half migrated: {text}"),
        };
        Self {
            place: &marker.place,
            kind: Kind::HalfDone,
            codemod: BLOCKED,
            rule,
            message,
            help: "mend the code below, then remove the comment".to_string(),
            notes: &[],
        }
    }

    fn of_chain(chain: &'a BlockingChain) -> Self {
        let mut way = format!(
            "{} ({}:{})",
            chain.function, chain.place.file, chain.place.line
        );
        for step in &chain.through {
            way.push_str(&format!(" -> {}", step.function));
        }
        let end = format!("{} ({}:{})", chain.what, chain.end.file, chain.end.line);
        Self {
            place: &chain.place,
            kind: Kind::Chain,
            codemod: chain.codemod,
            rule: chains::NAME.to_string(),
            message: format!("this call blocks the event loop: {way} -> {end}"),
            help: chain.help.clone(),
            notes: &[],
        }
    }

    fn of_advice(advice: &'a Advice) -> Self {
        let mut message = advice.message.to_string();
        if let Some(detail) = &advice.detail {
            message.push_str(": ");
            message.push_str(detail);
        }
        let help = match advice.codemod {
            Some(codemod) if is_opt_in(codemod) => format!(
                "{}; `--select {codemod} --unsafe` does that where it can",
                advice.help
            ),
            Some(codemod) => format!("{}; `{codemod}` can do that", advice.help),
            None => advice.help.to_string(),
        };
        Self {
            place: &advice.place,
            kind: Kind::Advice,
            codemod: advice.rule,
            rule: advice.rule.to_string(),
            message,
            help,
            notes: &[],
        }
    }

    /// The message and the help on one line.
    pub(super) fn sentence(&self) -> String {
        format!("{}; {}", self.message, self.help)
    }
}

/// ` in `f``, or nothing at module level.
fn within(function: &str) -> String {
    if function == "<module>" {
        String::new()
    } else {
        format!(" in `{function}`")
    }
}

/// Every finding of the plan, sorted by place.
pub(super) fn collect(plan: &Plan) -> Vec<Finding<'_>> {
    let mut all: Vec<Finding<'_>> = plan
        .units
        .iter()
        .map(Finding::of_unit)
        .chain(plan.left.iter().map(Finding::of_left))
        .chain(
            plan.markers
                .iter()
                .filter(|marker| !marker.is_new)
                .map(Finding::of_marker),
        )
        .chain(plan.chains.iter().map(Finding::of_chain))
        .chain(plan.advice.iter().map(Finding::of_advice))
        .collect();
    all.sort_by(|a, b| {
        (a.place, a.kind, &a.rule, &a.message).cmp(&(b.place, b.kind, &b.rule, &b.message))
    });
    all
}

/// Each unit that can be taken and each candidate that is left alone, sorted by place, with its source line; then a
/// line that counts them. The text ends in a newline.
///
/// [`Verbosity::Verbose`] lists everything that is in the way.
pub fn findings(plan: &Plan, verbosity: Verbosity, look: Look) -> String {
    let all = collect(plan);
    let renderer = if look.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(look.width);
    let mut text = String::new();
    for finding in &all {
        text.push_str(&draw(finding, &renderer));
        text.push_str("\n\n");
    }
    let paint = Paint::new(look);
    let waiting = waiting::lines(plan, paint, verbosity >= Verbosity::Verbose);
    for line in &waiting {
        text.push_str(line);
        text.push('\n');
    }
    if !waiting.is_empty() {
        text.push('\n');
    }
    text.push_str(&paint.heading(&tally(plan)));
    text.push('\n');
    text
}

/// `5 findings: 2 can be migrated, 1 needs an option, 2 left alone; 1,204 files seen, 31 parsed`.
fn tally(plan: &Plan) -> String {
    let files = format!(
        "{} seen, {} parsed",
        plural(plan.files_seen, "file"),
        count(plan.files_parsed)
    );
    let half_done = plan.markers.iter().filter(|marker| !marker.is_new).count();
    let total =
        plan.units.len() + plan.left.len() + half_done + plan.chains.len() + plan.advice.len();
    if total == 0 {
        return format!("No findings; {files}");
    }
    let taken = plan
        .units
        .iter()
        .filter(|unit| unit.outcome == Outcome::Taken)
        .count();
    let optional = plan.units.len() - taken;
    let mut parts = Vec::new();
    if taken > 0 {
        parts.push(format!("{} can be migrated", count(taken)));
    }
    if optional > 0 {
        let verb = if optional == 1 { "needs" } else { "need" };
        parts.push(format!(
            "{} {verb} `--unsafe` or `--select`",
            count(optional)
        ));
    }
    if !plan.left.is_empty() {
        parts.push(format!("{} left alone", count(plan.left.len())));
    }
    if half_done > 0 {
        parts.push(format!("{} half migrated", count(half_done)));
    }
    if !plan.chains.is_empty() {
        let verb = if plan.chains.len() == 1 {
            "blocks"
        } else {
            "block"
        };
        parts.push(format!(
            "{} {verb} the event loop through helpers",
            count(plan.chains.len())
        ));
    }
    if !plan.advice.is_empty() {
        let verb = if plan.advice.len() == 1 {
            "breaks a rule"
        } else {
            "break rules"
        };
        parts.push(format!("{} {verb} of async code", count(plan.advice.len())));
    }
    format!(
        "{}: {}; {files}",
        plural(total, "finding"),
        parts.join(", ")
    )
}

fn draw(finding: &Finding<'_>, renderer: &Renderer) -> String {
    let place = finding.place;
    let file = clean(&place.file);
    let line = place.line as usize;
    let level = match finding.kind {
        Kind::Unit(_) | Kind::HalfDone | Kind::Chain | Kind::Advice => Level::WARNING,
        Kind::Left => Level::INFO,
    };
    let title = level
        .primary_title(clean(&finding.message))
        .id(clean(&finding.rule));
    let window = Window::round(place);
    let snippet = Snippet::source(window.text)
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(window.span));
    let mut group = if window.cut {
        // In a cut line the renderer would count the column from the cut: name the place apart from the source.
        let origin = Origin::path(file)
            .line(line)
            .char_column(place.column as usize);
        title.element(origin).element(snippet)
    } else {
        title.element(snippet.path(file))
    };
    for (at, note) in finding.notes {
        let text = if at == place {
            clean(note).into_owned()
        } else {
            format!("{}:{}: {}", clean(&at.file), at.line, clean(note))
        };
        group = group.element(Level::NOTE.message(text));
    }
    group = group.element(Level::HELP.message(clean(&finding.help)));
    renderer.render(&[group])
}

/// The part of a source line that is drawn.
struct Window<'a> {
    text: &'a str,
    /// The finding's span in `text`, in bytes, on character boundaries.
    span: Range<usize>,
    /// Whether `text` is less than the line.
    cut: bool,
}

impl<'a> Window<'a> {
    /// The line of `place`, cut round the span if it is very long. A span that goes on behind the line, or that does
    /// not fit it, is shortened to it.
    fn round(place: &'a Place) -> Self {
        let line = place.snippet.as_str();
        let start = line
            .char_indices()
            .nth((place.column as usize).saturating_sub(1))
            .map_or(line.len(), |(offset, _)| offset);
        let length = place.end.saturating_sub(place.start) as usize;
        let end = line.ceil_char_boundary(start.saturating_add(length));
        if line.len() <= LONGEST_LINE {
            return Self {
                text: line,
                span: start..end,
                cut: false,
            };
        }
        let from = line.floor_char_boundary(start.saturating_sub(KEPT));
        let to = line.ceil_char_boundary(start.saturating_add(KEPT));
        Self {
            text: &line[from..to],
            span: start - from..end.min(to) - from,
            cut: true,
        }
    }
}

/// Whether a codemod runs only where it is named.
fn is_opt_in(name: &str) -> bool {
    CODEMODS
        .iter()
        .any(|codemod| codemod.name == name && codemod.role.is_opt_in())
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::plan::{Outcome, Plan};
    use crate::report::samples::{left, place, plan, unit};
    use crate::report::{Look, Verbosity};

    #[test]
    fn sorted_by_place_with_a_count() {
        insta::assert_snapshot!(findings(&plan(), Verbosity::Normal, Look::default()), @r##"
        info[requests_to_httpx/sort-key]: left alone: the function is a sort key, which cannot be async: by_size
         --> app/a.py:5:13
          |
        5 | xs.sort(key=by_size)
          |             ^^^^^^^
          |
          = help: sort the results after they are awaited

        warning[requests_to_httpx]: this can be migrated in `Client.fetch`
         --> app/api.py:2:5
          |
        2 | r = requests.get(url)
          |     ^^^^^^^^^^^^^^^^^
          |
          = note: a redirect to another host keeps no cookies
          = help: run `awaitify apply` to migrate it

        warning[requests_to_httpx]: this can be migrated in `Client.fetch`, but it may behave differently afterwards
         --> app/b.py:7:9
          |
        7 |     s = Session()
          |         ^^^^^^^^^
          |
          = help: check the notes, then take it with `--unsafe`

        warning[gather_to_task_group]: this can be migrated in `Client.fetch`, but its idiom differs in the way that `gather_to_task_group` declares
         --> app/b.py:9:11
          |
        9 |     await gather(a, b)
          |           ^^^^^^^^^^^^
          |
          = help: read `awaitify explain gather_to_task_group`, then take it with `--select gather_to_task_group`

        warning[blocked/sort-key]: half migrated: mend me
         --> app/c.py:4:5
          |
        4 |     # awaitify: blocked: sort-key: mend me
          |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: mend the code below, then remove the comment

        warning[blocking-chain]: this call blocks the event loop: list_users (app/d.py:31) -> fetch -> requests.get (app/api.py:14)
          --> app/d.py:31:12
           |
        31 |     return fetch()
           |            ^^^^^^^
           |
           = help: make the call in a thread

        warning[lost-task]: nobody keeps this task
         --> app/e.py:8:5
          |
        8 |     create_task(f())
          |     ^^^^^^^^^^^^^^^^
          |
          = help: keep it

        In the way, the fewest barriers first:
          1 barrier stands before 14 sites: sort-key, app/a.py:5 of by_size
          help: mend them; or migrate what waits with `--assist 1`, which leaves a marker comment at each

        7 findings: 1 can be migrated, 2 need `--unsafe` or `--select`, 1 left alone, 1 half migrated, 1 blocks the event loop through helpers, 1 breaks a rule of async code; 1,204 files seen, 31 parsed
        "##);
    }

    #[test]
    fn nothing_found() {
        let plan = Plan {
            files_seen: 1_204,
            files_parsed: 31,
            ..Plan::default()
        };
        assert_eq!(
            findings(&plan, Verbosity::Normal, Look::default()),
            "No findings; 1,204 files seen, 31 parsed\n"
        );
    }

    #[test]
    fn tabs_and_wide_characters_keep_the_carets_under_the_span() {
        let line = "\tname = get(\"日本\",\trequests.get(url))  # \u{1b}[31m";
        let plan = Plan {
            units: vec![unit("a.py", 3, line, "requests.get(url)", Outcome::Taken)],
            ..Plan::default()
        };
        insta::assert_snapshot!(findings(&plan, Verbosity::Normal, Look::default()), @r##"
        warning[requests_to_httpx]: this can be migrated in `Client.fetch`
         --> a.py:3:19
          |
        3 |     name = get("日本",    requests.get(url))  # ␛[31m
          |                           ^^^^^^^^^^^^^^^^^
          |
          = help: run `awaitify apply` to migrate it

        1 finding: 1 can be migrated; 0 files seen, 0 parsed
        "##);
    }

    #[test]
    fn long_lines_are_trimmed_round_the_span() {
        let line = format!(
            "{}requests.get(url){}",
            "x + ".repeat(100),
            " + y".repeat(100)
        );
        let plan = Plan {
            units: vec![unit("a.py", 3, &line, "requests.get(url)", Outcome::Taken)],
            ..Plan::default()
        };
        insta::assert_snapshot!(findings(&plan, Verbosity::Normal, Look::default()), @r##"
        warning[requests_to_httpx]: this can be migrated in `Client.fetch`
         --> a.py:3:401
          |
        3 | ...x + x + x + x + x + x + x + x + x + requests.get(url) + y + y + y + y + y + y + y + y + y ...
          |                                        ^^^^^^^^^^^^^^^^^
          |
          = help: run `awaitify apply` to migrate it

        1 finding: 1 can be migrated; 0 files seen, 0 parsed
        "##);
    }

    #[test]
    fn huge_lines_keep_their_column() {
        let line = format!(
            "{}requests.get(é){}",
            "é + ".repeat(9_000),
            " + é".repeat(9_000)
        );
        let plan = Plan {
            left: vec![left("a.py", 3, &line, "requests.get(é)")],
            ..Plan::default()
        };
        // The renderer ends its mark for a cut in a space, which editors would take away here.
        let text = findings(&plan, Verbosity::Normal, Look::default()).replace("::: \n", ":::\n");
        insta::assert_snapshot!(text, @r##"
        info[requests_to_httpx/sort-key]: left alone: the function is a sort key, which cannot be async: by_size
         --> a.py:3:36001
          |
         :::
        3 | ... é + é + é + é + é + é + é + é + é + requests.get(é) + é + é + é + é + é + é + é + é + é +...
          |                                         ^^^^^^^^^^^^^^^
          |
          = help: sort the results after they are awaited

        1 finding: 1 left alone; 0 files seen, 0 parsed
        "##);
    }

    #[test]
    fn spans_that_do_not_fit_the_line_are_drawn_all_the_same() {
        for (column, start, end) in [(1, 0, 900), (5, 4, 4), (900, 0, 7), (0, 9, 3)] {
            let mut unit = unit("a.py", 3, "with é:", "with", Outcome::NeedsUnsafe);
            unit.place.column = column;
            unit.place.start = start;
            unit.place.end = end;
            let plan = Plan {
                units: vec![unit],
                ..Plan::default()
            };
            assert!(findings(&plan, Verbosity::Normal, Look::default()).contains("with é:"));
        }
    }

    #[test]
    fn notes_elsewhere_name_their_place() {
        let mut unit = unit("a.py", 3, "x = get()", "get()", Outcome::NeedsUnsafe);
        unit.notes.push((
            place("b.py", 9, "y", "y"),
            "the caller sees a coroutine".into(),
        ));
        let plan = Plan {
            units: vec![unit],
            ..Plan::default()
        };
        let text = findings(&plan, Verbosity::Normal, Look::default());
        assert!(
            text.contains("note: b.py:9: the caller sees a coroutine"),
            "{text}"
        );
    }

    #[test]
    fn colour_only_where_it_is_wanted() {
        assert!(!findings(&plan(), Verbosity::Normal, Look::default()).contains('\u{1b}'));
        let look = Look {
            colour: true,
            ..Look::default()
        };
        assert!(findings(&plan(), Verbosity::Normal, look).contains('\u{1b}'));
    }
}
