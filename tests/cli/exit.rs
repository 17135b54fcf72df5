//! Exit codes and streams.

use std::process::Stdio;

use crate::support::{AFTER, AWAITIFY, BEFORE, Project};

#[test]
fn changes_are_1_and_nothing_to_do_is_0() {
    let project = Project::with(&[("a.py", BEFORE)]);
    let diff = project.run("diff").exits(1).tells(&["1 file would change"]);
    assert!(
        diff.text().starts_with("--- a/a.py\n+++ b/a.py\n"),
        "{diff}"
    );
    project
        .run("diff --exit-zero")
        .exits(0)
        .prints(&["+import asyncio"]);
    project.run("diff --stat").exits(1).prints(&["a.py"]);
    project.run("check").exits(1).prints(&["a.py:5"]);
    project
        .run("check --exit-zero")
        .exits(0)
        .prints(&["a.py:5"]);
    project
        .run("apply")
        .exits(0)
        .prints_nothing()
        .tells(&["1 file changed"]);
    assert_eq!(project.read("a.py"), AFTER.as_bytes());
    for command in ["diff", "apply", "check", "diff --stat"] {
        project.run(command).exits(0);
    }
    project
        .run("diff")
        .prints_nothing()
        .tells(&["Nothing to migrate"]);
    project.run("apply").prints_nothing();
}

#[test]
fn errors_are_2() {
    let project = Project::with(&[("a.py", BEFORE)]);
    for (args, tells) in [
        (
            "diff nowhere",
            &["no such file or directory: `nowhere`"][..],
        ),
        ("diff a.py nowhere elsewhere", &["`nowhere`, `elsewhere`"]),
        ("diff --nonsense", &["--nonsense"]),
        ("diff --config nowhere.toml", &["nowhere.toml"]),
        ("diff -j 0", &["-j", "0"]),
        ("diff --target-version 2.7", &["2.7"]),
        ("diff --target-version nine", &["nine"]),
        ("diff --color pink", &["pink", "always"]),
        ("diff --output-format yaml", &["yaml", "json"]),
        ("diff --output-format html", &["html", "json"]),
        ("apply --output-format sarif", &["check"]),
        ("diff --scope galaxy", &["galaxy", "function, project"]),
        ("diff -q -v", &["-q", "-v"]),
        ("frobnicate", &["frobnicate"]),
    ] {
        // An error is one whatever the exit code of findings.
        let exit_zero = if args.starts_with("diff") {
            " --exit-zero"
        } else {
            ""
        };
        project
            .run(&format!("{args}{exit_zero}"))
            .exits(2)
            .prints_nothing()
            .tells(tells);
    }
    assert_eq!(project.read("a.py"), BEFORE.as_bytes());
}

#[test]
fn help_and_version_are_data() {
    let project = Project::new();
    for (args, text) in [
        ("--help", "Usage: awaitify"),
        ("diff --help", "--select"),
        ("help apply", "--allow-dirty"),
        ("--version", "awaitify "),
    ] {
        let ran = project.run(args).exits(0).prints(&[text]);
        assert!(ran.err.is_empty(), "{ran}");
    }
    project
        .run("")
        .exits(2)
        .prints_nothing()
        .tells(&["Usage: awaitify"]);
}

#[test]
fn an_empty_directory_says_that_it_is_one() {
    let project = Project::new();
    project
        .run("diff")
        .exits(0)
        .prints_nothing()
        .tells(&["no Python files were found", "help:"]);
}

#[test]
fn quiet_and_verbose() {
    let project = Project::with(&[
        ("a.py", BEFORE),
        ("bad.py", "async def f(:\n    time.sleep(1)\n"),
    ]);
    let quiet = project.run("diff -q").exits(1).prints(&["+import asyncio"]);
    assert!(quiet.err.is_empty(), "{quiet}");
    project
        .run("diff -q nowhere")
        .exits(2)
        .tells(&["no such file or directory"]);
    let normal = project.run("diff").exits(1);
    let verbose = project.run("diff -v").exits(1);
    assert_eq!(normal.out, verbose.out);
    assert!(verbose.err.len() >= normal.err.len());
    // Global options may stand in front too.
    let quiet = project.run("-q apply").exits(0).prints_nothing();
    assert!(quiet.err.is_empty(), "{quiet}");
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let project = Project::with(&[("a.py", BEFORE)]);
    let escape = |bytes: &[u8]| bytes.contains(&0x1b);
    for args in [
        "diff",
        "check",
        "list",
        "explain time_sleep_to_asyncio",
        "diff --stat",
        "diff --nonsense",
    ] {
        let plain = project.run(args);
        assert!(
            !escape(&plain.out) && !escape(plain.err.as_bytes()),
            "{plain}"
        );
    }
    let always = project.run("diff --color always").exits(1);
    assert!(
        escape(&always.out) && escape(always.err.as_bytes()),
        "{always}"
    );
    for (variable, value, args, coloured) in [
        ("CLICOLOR_FORCE", "1", "diff", true),
        ("CLICOLOR_FORCE", "1", "diff --color never", false),
        ("NO_COLOR", "1", "diff --color always", true),
        ("CLICOLOR_FORCE", "0", "diff", false),
    ] {
        let output = project
            .command(AWAITIFY)
            .args(args.split(' '))
            .env(variable, value)
            .output()
            .unwrap();
        assert_eq!(
            escape(&output.stdout),
            coloured,
            "{variable}={value} {args}"
        );
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let project = Project::new();
    for number in 0..200 {
        project.write(format!("m{number:03}.py"), BEFORE);
    }
    for command in [
        "diff",
        "check",
        "diff --output-format json",
        "completions bash",
    ] {
        let script = format!("{{ \"$0\" {command} 2>err; echo $? >code; }} | head -n 1");
        let output = project
            .command("sh")
            .args(["-c", &script, AWAITIFY])
            .output()
            .unwrap();
        assert_eq!(
            output.stdout.iter().filter(|&&byte| byte == b'\n').count(),
            1
        );
        let err = String::from_utf8(project.read("err")).unwrap();
        assert!(
            !err.contains("panicked") && !err.contains("Broken pipe"),
            "{err}"
        );
        let code = String::from_utf8(project.read("code")).unwrap();
        assert!(matches!(code.trim(), "0" | "1"), "{command}: {code}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let project = Project::with(&[("a.py", BEFORE)]);
    for args in ["diff", "check", "list", "--help"] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = project
            .command(AWAITIFY)
            .args(args.split(' '))
            .stdout(Stdio::from(full))
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args}: {err}");
        assert!(
            err.contains("cannot write to standard output"),
            "{args}: {err}"
        );
    }
}

#[test]
fn threads_and_the_order_of_paths_do_not_matter() {
    let project = Project::new();
    for number in 0..30 {
        project.write(format!("a/m{number}.py"), BEFORE);
        project.write(format!("b/m{number}.py"), BEFORE.replace('1', "-1"));
        project.write(format!("c/m{number}.py"), "async def f(: time.sleep(1)\n");
    }
    for command in ["diff", "check", "diff --output-format json"] {
        let one = project.run(&format!("{command} -j 1 a b c")).exits(1);
        for other in ["-j 4 a b c", "-j 1 c b a", "-j 4 b a c a/m1.py b", "-j 3 ."] {
            let ran = project.run(&format!("{command} {other}")).exits(1);
            assert!(ran.out == one.out, "{command} {other}: stdout differs");
            assert_eq!(ran.err, one.err, "{command} {other}");
        }
    }
}
