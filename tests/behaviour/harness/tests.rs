//! Tests of the harness itself: that it can fail.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::case::{self, Case, Limit};
use super::check_case;
use super::migrate::{HandWritten, Migrator};
use super::program::Run;
use super::python;
use super::verdict;

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
fn complaints(before: &str, migrator: &dyn Migrator) -> String {
    complaints_of(before, migrator, false)
}

/// What it says about a case that `PENDING` lists.
fn pending_complaints(before: &str, migrator: &dyn Migrator) -> String {
    complaints_of(before, migrator, true)
}

fn complaints_of(before: &str, migrator: &dyn Migrator, pending: bool) -> String {
    let python = python::shared().unwrap_or_else(|problem| panic!("{problem}"));
    let (_folder, case) = case(before);
    let case = Case { pending, ..case };
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
fn a_coroutine_forgotten_out_of_sight_fails() {
    // Its standard error goes elsewhere, so that only the exit code tells.
    let hidden = "import os\nos.dup2(os.open(os.devnull, os.O_WRONLY), 2)\n";
    let after = format!("{hidden}async def f(): pass\nf()\nprint(1)");
    let text = complaints("print(1)", &Fake::to(after.leak()));
    assert_complains(&text, "exit code 0, then exit code 1");
    // In a child process, for the parent to see.
    let after = "import subprocess, sys\nprint(1, flush=True)\n\
                 child = [sys.executable, '-c', 'async def f(): pass\\nf()']\n\
                 sys.exit(subprocess.run(child, stderr=subprocess.DEVNULL).returncode)";
    assert_complains(
        &complaints("print(1)", &Fake::to(after)),
        "exit code 0, then exit code 1",
    );
}

#[test]
fn another_exit_code_can_be_asked_for() {
    let before = "# case: exit = 3\nprint(1); raise SystemExit(3)";
    let after = "print(2 - 1); raise SystemExit(3)";
    assert_eq!(complaints(before, &Fake::to(after)), "");
    let text = complaints(before, &Fake::to("print(2 - 1)"));
    assert_complains(&text, "exit code 3, then exit code 0");
    let text = complaints("# case: exit = 3\nprint(1)", &Fake::to(after));
    assert_complains(&text, "fails before the migration: exit code 0");
}

#[test]
fn other_files_have_settings_too() {
    let python = python::shared().unwrap_or_else(|problem| panic!("{problem}"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("lib")).expect("a writable folder");
    let header =
        "# case: expect lib/a.py = 2 - 1\n# case: reject lib/a.py = A = 1\n# case: keep lib/b.py\n";
    for (file, text) in [
        (
            "before.py",
            &*format!("{header}from lib.a import A\nprint(A)"),
        ),
        ("lib/a.py", "A = 1"),
        ("lib/b.py", "B = 1"),
    ] {
        fs::write(folder.path().join(file), text).expect("a writable file");
    }
    let read = || Case::read_from(folder.path().to_owned(), "area", "name");
    let check = |by_hand: &[(&str, &str)]| {
        let after = tempfile::tempdir().expect("a temporary folder");
        let lib = after.path().join("area/name/after/lib");
        fs::create_dir_all(&lib).expect("a writable folder");
        for (file, text) in by_hand {
            fs::write(lib.join(file), text).expect("a writable file");
        }
        let migrator = HandWritten::new(after.path().to_owned());
        let case = read().expect("a case");
        check_case(&case, python, Some(&migrator), &mut None)
            .expect("a verdict")
            .join("\n")
    };
    assert_eq!(check(&[("a.py", "A = 2 - 1")]), "");
    let text = check(&[("a.py", "A = 1  # migrated"), ("b.py", "B = 2")]);
    assert_complains(&text, "the migrated lib/a.py lacks `2 - 1`");
    assert_complains(&text, "the migrated lib/a.py still holds `A = 1`");
    assert_complains(&text, "must stay as it is, but changed: lib/b.py");

    fs::remove_file(folder.path().join("lib/b.py")).expect("a file");
    let problem = read().expect_err("the file is gone");
    assert_complains(&problem, "has no `lib/b.py`");
}

#[test]
fn doing_nothing_fails_and_so_does_doing_something_unasked() {
    let nothing = Fake {
        after: None,
        second: done(""),
    };
    assert_complains(&complaints("print(1)", &nothing), "nothing was migrated");
    let either = "# case: may stay\n# case: expect = 2 - 1\nprint(1)";
    assert_eq!(complaints(either, &nothing), "");
    assert_eq!(complaints(either, &Fake::to("print(2 - 1)")), "");
    let text = complaints(either, &Fake::to("print(1 * 1)"));
    assert_complains(&text, "lacks `2 - 1`");
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
    assert_eq!(verdict::applied(&run).len(), 1);
    assert_eq!(verdict::applied(&done("")).len(), 0);
}

#[test]
fn an_unchanged_case_that_changes_is_run_as_well() {
    let text = complaints("# case: unchanged\nprint(1)", &Fake::to("print(2)"));
    assert_complains(&text, "must stay as it is, but changed: before.py");
    assert_complains(&text, "the output differs");
}

#[test]
fn a_pending_case_need_not_meet_its_settings() {
    let nothing = Fake {
        after: None,
        second: done(""),
    };
    assert_eq!(pending_complaints("print(1)", &nothing), "");
    for settings in [
        "# case: expect = 3 - 2",
        "# case: reject = print(2",
        "# case: keep before.py",
        "# case: unchanged",
        "# case: may stay\n# case: expect = 3 - 2",
    ] {
        let before = format!("{settings}\nprint(1)");
        let migrator = Fake::to("print(2 - 1)");
        assert_ne!(complaints(&before, &migrator), "", "{settings}");
        assert_eq!(pending_complaints(&before, &migrator), "", "{settings}");
    }
}

#[test]
fn a_pending_case_must_be_sound() {
    let lacks = |after: &str| format!("# case: expect = nowhere\n{after}");
    let text = pending_complaints(&lacks("print(1)"), &Fake::to("print(2)"));
    assert_complains(&text, "the output differs");
    assert!(!text.contains("lacks"), "{text}");
    let text = pending_complaints("# case: unchanged\nprint(1)", &Fake::to("print(2)"));
    assert_complains(&text, "the output differs");
    let exits = Fake::to("print(1); raise SystemExit(3)");
    let text = pending_complaints(&lacks("print(1)"), &exits);
    assert_complains(&text, "exit code 0, then exit code 3");
    let forgets = Fake::to("async def f(): pass\nf()\nprint(1)");
    let text = pending_complaints(&lacks("print(1)"), &forgets);
    assert_complains(&text, "forgets a coroutine");
    let again = Fake {
        after: Some("print(2 - 1)"),
        second: done("--- a\n+++ b\n"),
    };
    let text = pending_complaints(&lacks("print(1)"), &again);
    assert_complains(&text, "a second run is not empty");
    let text = pending_complaints(&lacks("1 / 0"), &Fake::to("print(1)"));
    assert_complains(&text, "fails before the migration");

    struct Failing;
    impl Migrator for Failing {
        fn apply(&self, _case: &Case, _folder: &Path) -> Result<Run, String> {
            Ok(Run {
                code: Some(2),
                ..Run::default()
            })
        }

        fn diff(&self, _case: &Case, _folder: &Path) -> Result<Run, String> {
            Ok(done(""))
        }
    }
    assert_complains(
        &pending_complaints("print(1)", &Failing),
        "`awaitify apply` failed: exit code 2",
    );
}

#[test]
fn a_pending_case_that_is_done_fails() {
    let done_with = "remove it from area/PENDING";
    let before = "# case: expect = 2 - 1\nprint(1)";
    assert_complains(
        &pending_complaints(before, &Fake::to("print(2 - 1)")),
        done_with,
    );
    let nothing = Fake {
        after: None,
        second: done(""),
    };
    for stays in ["unchanged", "may stay"] {
        let before = format!("# case: {stays}\nprint(1)");
        assert_complains(&pending_complaints(&before, &nothing), done_with);
    }
    // First it must be sound.
    let text = pending_complaints("print(1)", &Fake::to("print(2)"));
    assert!(!text.contains(done_with), "{text}");
}

#[test]
fn reads_the_pending_list() {
    let area = tempfile::tempdir().expect("a temporary folder");
    for name in ["a", "b", "c"] {
        fs::create_dir(area.path().join(name)).expect("a writable folder");
    }
    let read = || case::pending(area.path());
    assert_eq!(read(), Ok(Vec::new()));
    let read = |text: &str| {
        fs::write(area.path().join("PENDING"), text).expect("a writable folder");
        read()
    };
    assert_eq!(
        read("# to come\n\na\nc  # later\n"),
        Ok(vec!["a".to_owned(), "c".to_owned()])
    );
    for (text, about) in [
        ("a\nd\n", "no case `d`"),
        ("PENDING\n", "no case `PENDING`"),
        ("b\na\n", "not sorted"),
        ("a\na\n", "twice the same"),
    ] {
        assert_complains(&read(text).expect_err("a wrong list"), about);
    }
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
    assert_eq!(case.exit, 0);
    assert_eq!(case.unmet((3, 11)), Some(&Limit::AtLeast((3, 12))));
    assert_eq!(case.unmet((3, 13)), None);
    assert_eq!(case.unmet((3, 14)), Some(&Limit::Below((3, 14))));
    for wrong in [
        "# case: nothing",
        "# case: py 3.11",
        "# case: speed = 1",
        "# case: exit = soon",
        "# case: args before.py = --unsafe",
        "# case: keep nothing.py",
        "# case: unchanged\n# case: may stay",
        "# case: expect nothing.py = x",
        "# case: unchanged\n# case: keep before.py",
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

#[test]
fn an_area_may_have_arguments_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let read = |text: &str| {
        fs::write(folder.path().join("before.py"), text).expect("a writable folder");
        Case::read_from(folder.path().to_owned(), "project", "name").expect("a case")
    };
    let args = ["--scope", "project", "--seed", "all"];
    assert_eq!(read("print(1)").args, args);
    assert_eq!(read("# case: args = --unsafe").args, ["--unsafe"]);
}
