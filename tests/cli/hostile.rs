//! Texts that are legal and strange, and large ones.

use crate::support::{AFTER, BEFORE, Project};

/// Migrates a file and checks every byte.
#[track_caller]
fn migrates(before: &str, after: &str) {
    let project = Project::with(&[("a.py", before)]);
    let ran = project.run("diff").exits(1);
    project.git_with(&["apply", "--check"], &ran.out);
    project.run("apply").exits(0);
    let found = String::from_utf8(project.read("a.py")).unwrap();
    assert!(found == after, "{found:?}\n{after:?}\n{ran}");
    project.run("diff").exits(0).prints_nothing();
}

#[test]
fn line_ends() {
    let cr = |text: &str| text.replace('\n', "\r");
    let project = Project::with(&[("a.py", &cr(BEFORE))]);
    // A patch of a file without a line feed is one long line; what counts is that git takes it.
    let diff = project.run("diff").exits(1).out;
    project.git_with(&["apply", "--check"], &diff);
    project.run("apply").exits(0);
    assert_eq!(project.read("a.py"), cr(AFTER).as_bytes());
    project.run("diff").exits(0).prints_nothing();
    let mixed = |text: &str| text.replacen('\n', "\r\n", 1).replace(":\n", ":\r");
    migrates(&mixed(BEFORE), &mixed(AFTER));
}

#[test]
fn odd_characters() {
    let each = |change: &dyn Fn(&str) -> String| migrates(&change(BEFORE), &change(AFTER));
    each(&|text| text.replace("\n\n\n", "\n\u{c}\n\u{c}\n"));
    each(&|text| text.replace("async def", "\u{c}async def"));
    each(&|text| format!("{text}x = '\u{2028}\u{2029}\u{85}\u{b}\u{1c}\u{1d}'  # \u{2028}\n"));
    each(&|text| format!("{text}# \u{1a}"));
    each(&|text| format!("{text}'''\r\n\u{2028}\n'''\n"));
    each(&|text| text.replace("    ", "\t"));
    each(&|text| text.replace("    ", " \t "));
    each(&|text| text.replace("main():", "main( \\\n  \\\n):"));
    each(&|text| text.replace("sleep(1)", "sleep(\\\n1)"));
    each(&|text| {
        format!(
            "{text}{}\n",
            "\u{1f600}\u{301}\u{202e}x = 1".replace(|c: char| !c.is_ascii(), "_")
        )
    });
    each(&|text| format!("{text}# \u{202e}\u{feff}\u{200d}\u{1f468}\u{200d}\u{1f469}\n"));
    each(&|text| text.replace("main", "\u{fb01}_\u{e9}t\u{e9}_\u{3b1}"));
    each(&|text| format!("#!/usr/bin/env python\n# coding: utf-8\n'''\u{e9}'''\n{text}"));
}

#[test]
fn names_are_compared_as_python_compares_them() {
    // `ti\u{1d5c6}e` is `time` (NFKC), and so is its import.
    let project = Project::with(&[("a.py", &BEFORE.replace("    time", "    ti\u{1d5c6}e"))]);
    project
        .run("diff")
        .exits(1)
        .prints(&["+    await asyncio.sleep(1)"]);
    // A parameter that is spelled another way shadows the module.
    let text = BEFORE.replace("main()", "main(\u{fb01}x, ti\u{1d5c6}e)");
    let project = Project::with(&[("a.py", &text)]);
    project.run("diff").exits(0);
}

#[test]
fn a_stray_control_z_is_a_syntax_error() {
    let project = Project::with(&[("a.py", &format!("{BEFORE}\u{1a}"))]);
    project
        .run("diff")
        .exits(0)
        .tells(&["a.py:6: syntax error"]);
}

#[test]
fn long_lines() {
    let list = format!("x = [{}]\n", "1, ".repeat(350_000));
    migrates(&format!("{BEFORE}{list}"), &format!("{AFTER}{list}"));
    let comment = format!("# {}\n", "\u{e9}".repeat(500_000));
    migrates(&format!("{BEFORE}{comment}"), &format!("{AFTER}{comment}"));
    // On the line of the edit.
    let string = format!("time.sleep(1); x = '{}'\n", "\u{e9}".repeat(500_000));
    let before = BEFORE.replace("time.sleep(1)\n", &string);
    let after = AFTER.replace("asyncio.sleep(1)\n", &string.replace("time", "asyncio"));
    migrates(&before, &after);
    let project = Project::with(&[("a.py", &before)]);
    let ran = project.run("check").exits(1);
    assert!(
        ran.out.len() < 10_000,
        "the snippet is cut: {} bytes",
        ran.out.len()
    );
}

#[test]
fn a_file_of_20_megabytes() {
    let line = "'''0123456789 0123456789 0123456789 0123456789 0123456789 0123456789'''\n";
    let rest = line.repeat(20_000_000 / line.len());
    let project = Project::with(&[("a.py", &format!("{BEFORE}{rest}"))]);
    project
        .run_within(4_000, "diff -j 1")
        .exits(1)
        .prints(&["+    await asyncio.sleep(1)"]);
}

/// A file of so many lines: units, candidates that are left, and suppressions, each in every fourth function.
fn lines(count: usize) -> String {
    let mut text = "import time\n".to_string();
    for number in 0..count / 4 {
        let (argument, comment) = match number % 4 {
            0 => ("-1", ""),
            1 => ("1", "  # awaitify: ignore"),
            2 => ("x", "  # prose about awaitify: nothing"),
            _ => ("2", ""),
        };
        let unused = if number % 4 == 2 {
            "  # awaitify: ignore"
        } else {
            ""
        };
        text.push_str(&format!(
            "async def f{number}(x):\n    y{number} = x{unused}\n    time.sleep({argument}){comment}\n    return [f{number}, 'a']\n"
        ));
    }
    text
}

#[test]
fn time_grows_with_the_length() {
    let project = Project::with(&[("small.py", &lines(5_000)), ("large.py", &lines(50_000))]);
    let seconds = |name: &str| {
        let (ran, seconds) = project.time(&format!("diff -j 1 {name}"));
        ran.exits(1);
        seconds
    };
    // The best of three: the machine has other things to do.
    let small = (0..3).map(|_| seconds("small.py")).fold(f64::MAX, f64::min);
    let mut large = f64::MAX;
    for _ in 0..3 {
        large = large.min(seconds("large.py"));
        if large <= small.max(0.02) * 15.0 {
            return;
        }
    }
    panic!("5,000 lines take {small} s, 50,000 lines {large} s");
}
