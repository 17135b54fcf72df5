//! What `diff` prints is what git takes, and what `apply` writes.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::{AFTER, BEFORE, Project};

/// Checks that git takes the diff, and makes of the files what `apply` makes of them. Returns what `apply` wrote.
fn agrees(files: &[(&OsStr, Vec<u8>)]) -> Vec<Vec<u8>> {
    let write = || {
        let project = Project::new();
        for (name, bytes) in files {
            project.write(name, bytes);
        }
        project
    };
    let (by_git, by_us) = (write(), write());
    let diff = by_git.run("diff").exits(1).out;
    by_git.git_with(&["apply", "--check"], &diff);
    by_git.git_with(&["apply"], &diff);
    by_us.run("apply").exits(0);
    by_us.run("diff").exits(0).prints_nothing();
    files
        .iter()
        .map(|(name, before)| {
            let (git, us) = (by_git.read(name), by_us.read(name));
            assert!(us != *before, "{name:?} was not changed");
            assert!(
                git == us,
                "{name:?}: {}\n{}",
                git.escape_ascii(),
                us.escape_ascii()
            );
            us
        })
        .collect()
}

#[test]
fn line_ends_encodings_and_last_lines() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let latin_1 = |text: &str| {
        let text = format!("# -*- coding: latin-1 -*-\n{text}caf\u{e9} = '\u{fc}'\n");
        text.chars()
            .map(|c| u8::try_from(c).unwrap())
            .collect::<Vec<u8>>()
    };
    let bom = |text: &str| format!("\u{feff}{text}");
    let bom_cookie = |text: &str| format!("\u{feff}# coding: utf-8\n{text}");
    let open = |text: &str| text.trim_end().to_string();
    let form_feed = |text: &str| text.replace("async def", "\u{c}\nasync def");
    let tabs = |text: &str| text.replace("    ", "\t");
    let sub = |text: &str| format!("{text}x = '\u{2028}\u{1a}\u{b}'\n");
    let cases: Vec<(&str, Vec<u8>, Vec<u8>)> = vec![
        ("crlf.py", crlf(BEFORE).into(), crlf(AFTER).into()),
        ("latin_1.py", latin_1(BEFORE), latin_1(AFTER)),
        ("bom.py", bom(BEFORE).into(), bom(AFTER).into()),
        (
            "bom_cookie.py",
            bom_cookie(BEFORE).into(),
            bom_cookie(AFTER).into(),
        ),
        ("open.py", open(BEFORE).into(), open(AFTER).into()),
        (
            "open_crlf.py",
            open(&crlf(BEFORE)).into(),
            open(&crlf(AFTER)).into(),
        ),
        (
            "form_feed.py",
            form_feed(BEFORE).into(),
            form_feed(AFTER).into(),
        ),
        ("tabs.py", tabs(BEFORE).into(), tabs(AFTER).into()),
        ("sub.py", sub(BEFORE).into(), sub(AFTER).into()),
    ];
    let files: Vec<(&OsStr, Vec<u8>)> = cases
        .iter()
        .map(|(name, before, _)| (OsStr::new(*name), before.clone()))
        .collect();
    for (found, (name, _, after)) in agrees(&files).iter().zip(&cases) {
        assert!(found == after, "{name}: {}", found.escape_ascii());
    }
}

#[test]
fn odd_names() {
    let mut names: Vec<&[u8]> = vec![
        b"two words.py",
        b" leading.py",
        b"quote\"d.py",
        b"back\\slash.py",
        b"tab\there.py",
        b"new\nline.py",
        b"escape\x1b[31m.py",
        "caf\u{e9}.py".as_bytes(),
        b"-dash.py",
        b"a b/c d/e.py",
        b"$(touch x)/`y`.py",
    ];
    // Other systems have only names that are Unicode.
    if cfg!(target_os = "linux") {
        names.push(b"latin-\xe9.py");
    }
    let files: Vec<(&OsStr, Vec<u8>)> = names
        .into_iter()
        .map(|name| (OsStr::from_bytes(name), BEFORE.into()))
        .collect();
    for after in agrees(&files) {
        assert_eq!(after, AFTER.as_bytes());
    }
}

#[test]
fn names_are_relative_to_the_working_directory() {
    let project = Project::with(&[("pkg/sub/a.py", BEFORE), ("pkg/b.py", BEFORE)]);
    let root = project.root().display().to_string();
    for args in [
        "diff",
        "diff pkg",
        "diff ./pkg/../pkg",
        &format!("diff {root}"),
    ] {
        let diff = project
            .run(args)
            .exits(1)
            .prints(&["--- a/pkg/b.py\n", "--- a/pkg/sub/a.py\n"]);
        project.git_with(&["apply", "--check"], &diff.out);
    }
    // From a subdirectory, and from one beside it.
    let sub = project
        .command(crate::support::AWAITIFY)
        .arg("diff")
        .current_dir(project.path("pkg/sub"))
        .output()
        .unwrap();
    assert!(sub.stdout.starts_with(b"--- a/a.py\n"));
}

#[test]
fn an_apply_in_a_repository_is_what_git_shows() {
    let project = Project::with(&[
        ("a.py", BEFORE),
        ("pkg/b.py", &BEFORE.replace('\n', "\r\n")),
    ]);
    project.commit();
    let diff = project.run("diff").exits(1).out;
    project.run("apply").exits(0);
    let theirs = project.git(&["diff", "--no-color", "--no-ext-diff"]);
    let lines = |diff: &[u8]| -> Vec<Vec<u8>> {
        diff.split(|&byte| byte == b'\n')
            .filter(|line| {
                !line.starts_with(b"diff ")
                    && !line.starts_with(b"index ")
                    && !line.starts_with(b"@@")
            })
            .map(<[u8]>::to_vec)
            .collect()
    };
    assert_eq!(lines(&diff), lines(&theirs));
    project.git_with(&["apply", "--reverse"], &diff);
    project.run("diff").exits(1);
}
