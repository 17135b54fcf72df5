//! Tests of the harness itself: that it can fail.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::case::{Case, Limit};
use super::check_case;
use super::migrate::Migrator;
use super::program::Run;
use super::python;
use super::verdict::{self, Migration};

/// Migrates to a fixed text.
struct Fake {
    after: Option<&'static str>,
    second: Run,
}

impl Fake {
    fn to(after: &'static str) -> Self {
        Self {
            after: Some(after),
            second: done(""),
        }
    }
}

impl Migrator for Fake {
    fn apply(&self, _case: &Case, folder: &Path) -> Result<Run, String> {
        if let Some(after) = self.after {
            fs::write(folder.join("before.py"), after).map_err(|error| error.to_string())?;
        }
        Ok(done(""))
    }

    fn diff(&self, _case: &Case, _folder: &Path) -> Result<Run, String> {
        Ok(self.second.clone())
    }
}

fn done(stdout: &str) -> Run {
    Run {
        code: Some(0),
        stdout: stdout.to_owned(),
        stderr: String::new(),
    }
}

/// A case with this program, and the folder that holds it.
fn case(before: &str) -> (TempDir, Case) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("before.py"), before).expect("a writable folder");
    let case = Case::read_from(folder.path().to_owned(), "area", "name").expect("a case");
    (folder, case)
}

/// What the harness says about a program and its migration.
fn complaints(before: &str, migrator: &Fake) -> String {
    let python = python::shared().unwrap_or_else(|problem| panic!("{problem}"));
    let (_folder, case) = case(before);
    check_case(&case, python, Some(migrator), &mut None)
        .expect("a verdict")
        .join("\n")
}

#[track_caller]
fn assert_complains(complaints: &str, about: &str) {
    assert!(complaints.contains(about), "no `{about}` in:\n{complaints}");
}

#[test]
fn an_equal_program_passes() {
    assert_eq!(complaints("print(1)", &Fake::to("print(2 - 1)")), "");
    let settings = "# case: expect = 2 - 1\n# case: reject = print(1)\nprint(1)";
    assert_eq!(
        complaints(
            settings,
            &Fake::to("# case: reject = print(1)\nprint(2 - 1)")
        ),
        ""
    );
    let unchanged = Fake {
        after: None,
        second: done(""),
    };
    assert_eq!(complaints("# case: unchanged\nprint(1)", &unchanged), "");
}

#[test]
fn another_output_or_exit_code_fails() {
    let text = complaints("print(1)", &Fake::to("print(2)  # migrated"));
    assert_complains(&text, "-1\n    +2");
    assert_complains(&text, "print(2)  # migrated");
    let text = complaints("print(1)", &Fake::to("print(1); raise SystemExit(3)"));
    assert_complains(&text, "exit code 0, then exit code 3");
}

#[test]
fn a_forgotten_coroutine_fails() {
    let after = "async def f(): pass\nf()\nprint(1)";
    assert_complains(
        &complaints("print(1)", &Fake::to(after)),
        "forgets a coroutine",
    );
    let after = "import asyncio\nasync def f(): 1 / 0\nasync def main():\n    t = asyncio.create_task(f())\n    \
                 await asyncio.sleep(0)\n    print(1)\nasyncio.run(main())";
    assert_complains(&complaints("print(1)", &Fake::to(after)), "never retrieved");
}

#[test]
fn doing_nothing_fails_and_so_does_doing_something_unasked() {
    let nothing = Fake {
        after: None,
        second: done(""),
    };
    assert_complains(&complaints("print(1)", &nothing), "nothing was migrated");
    let text = complaints("# case: unchanged\nprint(1)", &Fake::to("print(2 - 1)"));
    assert_complains(&text, "must stay as it is, but changed: before.py");
}

#[test]
fn a_second_run_with_changes_fails() {
    let migrator = Fake {
        after: Some("print(2 - 1)"),
        second: done("--- a\n+++ b\n"),
    };
    assert_complains(
        &complaints("print(1)", &migrator),
        "a second run is not empty",
    );
    let failed = Run {
        code: Some(2),
        ..Run::default()
    };
    assert_eq!(verdict::second_run(&failed).len(), 1);
}

#[test]
fn a_failed_migration_fails() {
    let run = Run {
        code: Some(2),
        ..Run::default()
    };
    let migration = Migration {
        changed: vec!["before.py".to_owned()],
        ..Migration::default()
    };
    assert_eq!(
        verdict::migration(&Case::default(), &run, &migration).len(),
        1
    );
}

#[test]
fn settings_are_checked() {
    let text = "# case: expect = aiofiles.open\n# case: reject = requests\nprint(1)";
    let text = complaints(
        text,
        &Fake::to("# case: expect = aiofiles.open\nimport requests\nprint(1)"),
    );
    assert_complains(&text, "lacks `aiofiles.open`");
    assert_complains(&text, "still holds `requests`");
}

#[test]
fn a_program_that_fails_or_is_silent_is_no_case() {
    assert_complains(
        &complaints("1 / 0", &Fake::to("print(1)")),
        "fails before the migration",
    );
    assert_complains(
        &complaints("x = 1", &Fake::to("print(1)")),
        "prints nothing",
    );
}

#[test]
fn reads_the_header() {
    let (_folder, case) =
        case("# case: args = --select a --unsafe\n# case: py >= 3.12\n# case: py < 3.14\nprint(1)");
    assert_eq!(case.args, ["--select", "a", "--unsafe"]);
    assert_eq!(case.unmet((3, 11)), Some(&Limit::AtLeast((3, 12))));
    assert_eq!(case.unmet((3, 13)), None);
    assert_eq!(case.unmet((3, 14)), Some(&Limit::Below((3, 14))));
    for wrong in [
        "# case: nothing",
        "# case: py 3.11",
        "# case: speed = 1",
        "# case: unchanged\n# case: expect = x",
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("before.py"), wrong).expect("a writable folder");
        assert!(
            Case::read_from(folder.path().to_owned(), "a", "b").is_err(),
            "{wrong}"
        );
    }
}
