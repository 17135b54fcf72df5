//! Findings as workflow commands: GitHub shows them at the lines of a pull request.

use std::fmt::Write as _;

use super::findings::{Finding, Kind, collect};
use crate::plan::{Plan, Problem, Severity};

/// One workflow command a line: `::warning` for what can be migrated, `::notice` for what is left alone, and the
/// problems. Empty where there is nothing to tell.
pub fn github(plan: &Plan) -> String {
    let mut text = String::new();
    for finding in collect(plan) {
        push_finding(&mut text, &finding);
    }
    for problem in &plan.problems {
        push_problem(&mut text, problem);
    }
    text
}

// Writing to a String cannot fail: the results are dropped below.

fn push_finding(text: &mut String, finding: &Finding<'_>) {
    let level = match finding.kind {
        Kind::Unit(_) | Kind::HalfDone | Kind::Chain | Kind::Advice => "warning",
        Kind::Left => "notice",
    };
    let _ = writeln!(
        text,
        "::{level} file={},line={},col={},title={}::{}",
        property(&finding.place.file),
        finding.place.line,
        finding.place.column,
        property(&finding.rule),
        data(&finding.sentence()),
    );
}

fn push_problem(text: &mut String, problem: &Problem) {
    let level = match problem.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let line = problem.line.map(|line| format!(",line={line}"));
    let _ = writeln!(
        text,
        "::{level} file={}{},title=awaitify::{}",
        property(&problem.file),
        line.unwrap_or_default(),
        data(&format!("{}; {}", problem.message, problem.remedy)),
    );
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::github;
    use crate::plan::{Outcome, Plan};
    use crate::report::samples::{plan, unit};

    #[test]
    fn one_of_everything() {
        insta::assert_snapshot!(github(&plan()), @r##"
        ::notice file=app/a.py,line=5,col=13,title=requests_to_httpx/sort-key::left alone: the function is a sort key, which cannot be async: by_size; sort the results after they are awaited
        ::warning file=app/api.py,line=2,col=5,title=requests_to_httpx::this can be migrated in `Client.fetch`; run `awaitify apply` to migrate it
        ::warning file=app/b.py,line=7,col=9,title=requests_to_httpx::this can be migrated in `Client.fetch`, but it may behave differently afterwards; check the notes, then take it with `--unsafe`
        ::warning file=app/b.py,line=9,col=11,title=gather_to_task_group::this can be migrated in `Client.fetch`, but its idiom differs in the way that `gather_to_task_group` declares; read `awaitify explain gather_to_task_group`, then take it with `--select gather_to_task_group`
        ::warning file=app/c.py,line=4,col=5,title=blocked/sort-key::half migrated: mend me; mend the code below, then remove the comment
        ::warning file=app/d.py,line=31,col=12,title=blocking-chain::this call blocks the event loop: list_users (app/d.py:31) -> fetch -> requests.get (app/api.py:14); make the call in a thread
        ::warning file=app/e.py,line=8,col=5,title=lost-task::nobody keeps this task; keep it
        ::warning file=app/bad.py,line=3,title=awaitify::this is not valid Python: expected `:`; fix the syntax, or exclude the file
        "##);
    }

    #[test]
    fn values_are_escaped() {
        let mut unit = unit("a:b,c%\n.py", 3, "get()", "get()", Outcome::Taken);
        unit.function = "f\r\n::error::100%".to_string();
        let plan = Plan {
            units: vec![unit],
            ..Plan::default()
        };
        assert_eq!(
            github(&plan),
            "::warning file=a%3Ab%2Cc%25%0A.py,line=3,col=1,title=requests_to_httpx::this can be migrated in \
             `f%0D%0A::error::100%25`; run `awaitify apply` to migrate it\n"
        );
    }
}
