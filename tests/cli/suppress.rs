//! Suppression comments.

use crate::support::{BEFORE, Project};

fn run(text: &str) -> crate::support::Ran {
    Project::with(&[("a.py", text)])
        .run("check --exit-zero")
        .exits(0)
}

#[test]
fn comments_on_the_line_and_before_it() {
    for comment in [
        "# awaitify: ignore",
        "# awaitify: ignore[time_sleep_to_asyncio]",
        "# awaitify: ignore[time_sleep_to_asyncio] the API needs it",
        "# noqa  # awaitify: ignore",
    ] {
        for text in [
            BEFORE.replace("sleep(1)", &format!("sleep(1)  {comment}")),
            BEFORE.replace("    time", &format!("    {comment}\n    time")),
            BEFORE.replace("(1)", &format!("(\n        1  {comment}\n    )")),
            format!("# awaitify: ignore-file\n{BEFORE}"),
            format!("{BEFORE}# awaitify: ignore-file[time_sleep_to_asyncio]\n"),
            format!("\u{feff}# awaitify: ignore-file\n{BEFORE}"),
            BEFORE
                .replace("sleep(1)", &format!("sleep(1)  {comment}"))
                .replace('\n', "\r\n"),
        ] {
            let project = Project::with(&[("a.py", &text)]);
            let ran = project.run("diff").exits(0).prints_nothing();
            assert!(!ran.err.contains("warning"), "{text}{ran}");
            // It is told all the same that something was left.
            project
                .run("check")
                .exits(1)
                .prints(&["suppressed", "`awaitify: ignore` comment"]);
        }
    }
}

#[test]
fn unused_and_unknown_ones_are_reported() {
    for (comment, tells) in [
        (
            "x = 1  # awaitify: ignore",
            &["a.py:6: unused `# awaitify: ignore`", "help:"][..],
        ),
        (
            "x = 1  # awaitify: ignore[time_sleep_to_asyncio]",
            &["a.py:6: unused `# awaitify: ignore[time_sleep_to_asyncio]`"],
        ),
        (
            "x = 1  # awaitify: ignore[time_sleep]",
            &["a.py:6: unknown codemod `time_sleep`; did you mean `time_sleep_to_asyncio`?"],
        ),
        (
            "x = 1  # awaitify: ignroe",
            &["a.py:6: unknown directive `ignroe`; did you mean `ignore`?"],
        ),
        (
            "x = 1  # awaitify: ignore[",
            &["a.py:6: `ignore[` without its `]`"],
        ),
        ("x = 1  # awaitify: ignore[]", &["names no codemod"]),
        ("x = 1  # awaitify:", &["without a word"]),
        (
            "x = 1  # awaitify: keep-sync",
            &["unused `# awaitify: keep-sync`"],
        ),
        (
            "  # awaitify: ignore-file",
            &["`ignore-file` counts only in a comment that starts in column 0"],
        ),
        (
            "# awaitify: ignore-file[nonsense]",
            &["unknown codemod `nonsense`"],
        ),
    ] {
        let ran = run(&format!("{BEFORE}{comment}\n"))
            .tells(&["warning: a.py:"])
            .tells(tells);
        assert!(
            ran.text().contains("a.py:5"),
            "the unit is still found: {ran}"
        );
    }
    // In a string it is no comment.
    let ran = run(&format!("{BEFORE}x = '# awaitify: ignroe'\n"));
    assert!(!ran.err.contains("warning"), "{ran}");
}

#[test]
fn of_two_units_only_the_named_is_left() {
    let text = format!("{BEFORE}    time.sleep(2)  # awaitify: ignore\n");
    let project = Project::with(&[("a.py", &text)]);
    let diff = project.run("diff").exits(1);
    assert!(!diff.err.contains("warning"), "{diff}");
    diff.prints(&[
        "+    await asyncio.sleep(1)",
        "     time.sleep(2)  # awaitify: ignore",
        " import time",
    ]);
}

#[test]
fn problems_of_lines_behind_a_lone_carriage_return() {
    // CPython ends lines there too.
    let text = BEFORE.replace('\n', "\r") + "x = 1  # awaitify: ignroe\r";
    run(&text)
        .tells(&["a.py:6: unknown directive"])
        .prints(&["a.py:5"]);
}
