//! Bad input: a message with file, place and remedy; the other files go on.

use crate::support::{AFTER, BEFORE, Project, Ran};

/// Runs `diff` and `apply` on a bad file beside a good one, and checks what they say of it.
#[track_caller]
fn skipped(bad: impl AsRef<[u8]>, args: &str, tells: &[&str]) -> Ran {
    let project = Project::with(&[("good.py", BEFORE)]);
    project.write("bad.py", &bad);
    let diff = project
        .run(&format!("diff {args}"))
        .exits(1)
        .tells(&["warning: bad.py", "  help: "])
        .tells(tells);
    assert_eq!(diff.text().matches("--- a/").count(), 1, "{diff}");
    project.run(&format!("check {args}")).exits(1).tells(tells);
    // A warning is no error: the user may leave the file as it is.
    project.run(&format!("apply {args}")).exits(0).tells(tells);
    assert_eq!(project.read("good.py"), AFTER.as_bytes());
    assert_eq!(project.read("bad.py"), bad.as_ref());
    // A file of its own, named: nothing could be done.
    project
        .run(&format!("diff {args} bad.py"))
        .exits(0)
        .prints_nothing()
        .tells(tells);
    diff
}

fn with(line: &str) -> String {
    format!("{BEFORE}{line}\n")
}

#[test]
fn bytes_that_are_not_utf_8() {
    let mut bytes = with("# caf").into_bytes();
    bytes.extend(b"# \xe9\n");
    skipped(&bytes, "", &["bad.py:7: is not UTF-8", "coding"]);
    // Overlong forms, surrogates and what lies beyond Unicode.
    for sequence in [
        &b"\xc0\x80"[..],
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xff",
        b"\x80",
        b"\xe2\x82",
    ] {
        let mut bytes = with("x = '").into_bytes();
        bytes.extend(sequence);
        skipped(&bytes, "", &["is not UTF-8"]);
    }
}

#[test]
fn cookies() {
    let cookie =
        |name: &str| format!("#!/usr/bin/python\n# vim: set fileencoding={name} :\n{BEFORE}");
    skipped(
        cookie("klingon"),
        "",
        &["bad.py:2:", "`klingon`", "which awaitify does not know"],
    );
    skipped(cookie("utf-16"), "", &["bad.py:2:", "UTF-16"]);
    skipped(cookie("utf-7"), "", &["`utf-7`"]);
    skipped(cookie("rot13"), "", &["`rot13`"]);
    let mut lying = cookie("ascii").into_bytes();
    lying.extend("# caf\u{e9}\n".as_bytes());
    skipped(
        &lying,
        "",
        &["bad.py:8: declares the encoding `ascii` but holds bytes that are not"],
    );
    let mut lying = cookie("utf-8").into_bytes();
    lying.extend(b"# \xe9\n");
    skipped(&lying, "", &["bad.py:8: declares the encoding `utf-8`"]);
    skipped(
        format!("\u{feff}{}", cookie("latin-1")),
        "",
        &["byte order mark but declares `latin-1`"],
    );
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(BEFORE.bytes().flat_map(|byte| [byte, 0]))
        .collect();
    // UTF-16 hides even the words that the scan looks for; it is named all the same where those stand in plain bytes.
    let mut mixed = utf_16;
    mixed.extend(BEFORE.as_bytes());
    skipped(&mixed, "", &["bad.py:1: is in UTF-16"]);
    // On line 3 it is a comment like any other.
    let project = Project::with(&[("a.py", &format!("\n\n# coding: klingon\n{BEFORE}"))]);
    project.run("diff").exits(1);
}

#[test]
fn nul_bytes() {
    skipped(
        with("x = '\0'"),
        "",
        &["bad.py:6: holds a NUL byte", "help: remove the NUL bytes"],
    );
}

#[test]
fn syntax_errors() {
    skipped(
        with("def f(:"),
        "",
        &["bad.py:6: syntax error:", "help: mend the syntax"],
    );
    skipped(with("if x:"), "", &["bad.py:", "syntax error"]);
    skipped(with("x = 'abc"), "", &["bad.py:6: syntax error"]);
    skipped(with("x = (1,"), "", &["syntax error"]);
    skipped(with("  x = 1\n y = 2"), "", &["syntax error"]);
    skipped(with("x = 1 + \\"), "", &["syntax error"]);
    skipped(
        "async def f():\n\ttime.sleep(1)\n        time.sleep(2)\n  x\n",
        "",
        &["syntax error"],
    );
}

#[test]
fn python_2() {
    for line in [
        "print 'hello'",
        "exec 'x'",
        "raise E, 'x'",
        "x = 0777",
        "x = `y`",
        "x <> y",
        "x = ur'a'",
    ] {
        skipped(with(line), "", &["bad.py:6: syntax error", "Python 2"]);
    }
    // Python 3.14 has this again, with another meaning.
    let except = with("try:\n    x\nexcept A, e:\n    pass");
    skipped(&except, "--target-version 3.13", &["bad.py:8:", "3.14"]);
}

#[test]
fn newer_syntax_than_the_target_version() {
    let run = |line: &str, version: &str, tells: &[&str]| {
        let ran = skipped(
            with(line),
            &format!("--target-version {version}"),
            &["`requires-python`", "--target-version"],
        );
        ran.tells(tells);
    };
    run(
        "match x:\n    case 1: pass",
        "3.9",
        &["bad.py:6:", "`match`", "3.10"],
    );
    run("type X = int", "3.11", &["bad.py:6:", "3.12"]);
    run("try:\n    x\nexcept* E: pass", "3.10", &["3.11"]);
    run("def f[T](x: T): pass", "3.11", &["3.12"]);
    let project = Project::with(&[("a.py", &with("type X = int"))]);
    project.run("diff --target-version 3.12").exits(1);
    // Where nobody names a target, the files say what they run on.
    project
        .run("diff")
        .exits(1)
        .prints(&["+    await asyncio.sleep(1)"])
        .tells(&["1 file would change (1 unit taken)"]);
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let project = Project::with(&[("a.py", BEFORE)]);
    for (args, tells) in [
        (
            "diff --select time_sleep",
            &["'time_sleep'", "awaitify list"][..],
        ),
        (
            "diff --select time_sleep_to_asynci",
            &["time_sleep_to_asyncio"],
        ),
        (
            "diff --ignore time-sleep-to-asyncio",
            &["time_sleep_to_asyncio"],
        ),
        (
            "explain time_slep_to_asyncio",
            &["time_sleep_to_asyncio", "awaitify list"],
        ),
        ("explain", &["<CODEMOD>"]),
        ("diff --selct all", &["--select"]),
        ("dif", &["diff"]),
        ("completions bsh", &["bash"]),
    ] {
        project.run(args).exits(2).prints_nothing().tells(tells);
    }
}

#[test]
fn special_files() {
    let project = Project::with(&[("a.py", BEFORE)]);
    project
        .run("diff /dev/null")
        .exits(2)
        .tells(&["/dev/null", "neither a file nor a directory"]);
    let made = project
        .command("mkfifo")
        .arg(project.path("pipe.py"))
        .status();
    if made.is_ok_and(|status| status.success()) {
        // In a walk it is nothing of ours; named, it would wait for a writer.
        project.run("diff").exits(1);
        project
            .run("diff pipe.py")
            .exits(2)
            .tells(&["pipe.py", "neither a file nor a directory"]);
    }
    // A directory that is called like a module.
    project.write("odd.py/a.py", BEFORE);
    assert_eq!(
        project
            .run("diff")
            .exits(1)
            .text()
            .matches("--- a/")
            .count(),
        2
    );
}

#[test]
fn generated_files_are_left_alone() {
    for text in [
        format!("# Code generated by x. DO NOT EDIT.\n{BEFORE}"),
        format!("# @generated\n{BEFORE}"),
        format!("# Generated by the protocol buffer compiler.\n{BEFORE}"),
    ] {
        let project = Project::with(&[("made.py", &text)]);
        project.run("diff").exits(0).prints_nothing().tells(&[
            "warning: made.py: the file is generated and was left alone",
            "help: ",
        ]);
        // Named, it is meant.
        project
            .run("diff made.py")
            .exits(1)
            .prints(&["+import asyncio"]);
    }
    let project = Project::with(&[("x_pb2.py", BEFORE)]);
    project
        .run("diff")
        .exits(0)
        .tells(&["x_pb2.py: the file is generated"]);
    // Deep in a file it is text like any other.
    let project = Project::with(&[("a.py", &with("# DO NOT EDIT"))]);
    project.run("diff").exits(1);
}

#[test]
fn a_named_file_counts_wherever_it_is_and_whatever_it_is_called() {
    let project = Project::with(&[
        (".venv/lib/a.py", BEFORE),
        ("build/b.py", BEFORE),
        (".hidden/c.py", BEFORE),
        ("ignored/d.py", BEFORE),
        (".gitignore", "ignored/\n"),
        ("script", BEFORE),
        ("node_modules/x/e.py", BEFORE),
    ]);
    project.run("diff").exits(0).prints_nothing();
    for name in [
        ".venv/lib/a.py",
        "build/b.py",
        ".hidden/c.py",
        "ignored/d.py",
        "script",
        "build",
        "ignored",
        ".venv",
    ] {
        project.run(&format!("diff {name}")).exits(1);
    }
    let ran = project.run("diff . build/b.py").exits(1);
    assert_eq!(ran.text().matches("--- a/").count(), 1);
}

#[test]
fn files_without_code() {
    let project = Project::with(&[
        ("empty.py", ""),
        ("blank.py", "\n\n   \n\t\n"),
        (
            "comments.py",
            "# async: time.sleep is named here\n# and here: sleep",
        ),
        ("bom.py", "\u{feff}"),
        ("docstring.py", "\"\"\"async, sleep\"\"\""),
        ("stub.pyi", "async def f(): time.sleep(1)\n"),
        ("form_feed.py", "\u{c}# async sleep\u{c}"),
    ]);
    let ran = project.run("diff").exits(0).prints_nothing();
    assert!(!ran.err.contains("warning"), "{ran}");
    for name in ["empty.py", "blank.py", "comments.py", "bom.py"] {
        let ran = project
            .run(&format!("diff {name}"))
            .exits(0)
            .prints_nothing();
        assert!(!ran.err.contains("warning"), "{ran}");
    }
}
