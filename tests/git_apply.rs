//! Patches against the real git, and writing files in real work trees.
//!
//! The texts and edits are made by a deterministic generator; a failure names the case and always comes back.
#![cfg(unix)] // The names and the permissions are.
#![allow(clippy::disallowed_methods)] // These tests are about the file system.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use awaitify::apply::{Applied, ApplyError, ApplyOptions, RefusalReason, apply};
use awaitify::diff::{coloured, counts, stat, unified};
use awaitify::plan::FileChange;

/// A change of the file `name` below `directory`; the file is not written.
fn change(directory: &Path, name: &str, before: &[u8], after: &[u8]) -> FileChange {
    FileChange {
        path: directory.join(name),
        name: name.to_owned(),
        before: before.to_vec(),
        after: after.to_vec(),
        edits: Vec::new(),
    }
}

/// Writes the baseline of every change.
fn write_before(changes: &[FileChange]) {
    for change in changes {
        fs::create_dir_all(change.path.parent().unwrap()).unwrap();
        fs::write(&change.path, &change.before).unwrap();
    }
}

/// A command that no configuration of the machine reaches; the directories above `directory` are no repositories to it.
fn command(program: &str, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", std::env::temp_dir())
        .env("LC_ALL", "C");
    command
}

fn run(program: &str, directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(program, directory, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("these tests need {program}: {error}"));
    // The program may end before it has read everything; its exit code tells.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Runs git, which must succeed; what it prints.
fn git(directory: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = run("git", directory, arguments, b"");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn commit_all(directory: &Path) {
    git(directory, &["add", "--all", "--force"]);
    git(
        directory,
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "commit",
            "-q",
            "-m",
            "all",
        ],
    );
}

/// Applies the patches of the changes as one, and compares every byte.
fn round_trip(directory: &Path, changes: &[FileChange], program: &str, arguments: &[&str]) {
    write_before(changes);
    let patch: Vec<u8> = changes.iter().flat_map(unified).collect();
    if patch.is_empty() {
        return;
    }
    if arguments.contains(&"--index") {
        // The files were written anew: with other times than those that the index holds, they do not match it.
        git(directory, &["update-index", "-q", "--refresh"]);
    }
    if program == "git" {
        let check: Vec<&str> = arguments.iter().copied().chain(["--check"]).collect();
        must_succeed(&run(program, directory, &check, &patch), &patch);
    }
    must_succeed(&run(program, directory, arguments, &patch), &patch);
    for change in changes {
        let found = fs::read(&change.path).unwrap();
        assert!(
            found == change.after,
            "{:?}\nbefore {}\nafter  {}\nfound  {}",
            change.name,
            change.before.escape_ascii(),
            change.after.escape_ascii(),
            found.escape_ascii()
        );
    }
}

fn must_succeed(output: &Output, patch: &[u8]) {
    assert!(
        output.status.success(),
        "{}{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        patch.escape_ascii().to_string().replace("\\n", "\n")
    );
}

/// A linear congruential generator (Knuth's MMIX); good enough to pick lines.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Lines that a patch reader could stumble over, without their ends.
const LINES: &[&[u8]] = &[
    b"",
    b" ",
    b"\t",
    b"def f():",
    b"    return get(x)",
    b"    return await get(x)",
    b"    pass",
    b"pass",
    b"class A:",
    b"    x = 1  ",
    b"-- a/x",
    b"--- a/x",
    b"+++ b/x",
    b"++ b/x",
    b"@@ -1 +1 @@",
    b"diff --git a/x b/x",
    b"\\ No newline at end of file",
    b"index 000..111 100644",
    b"caf\xe9 = 'latin-1'",
    b"\xff\xfe\x80",
    "é = '\u{2028}\u{2029}\u{85}'".as_bytes(),
    b"\x0c",
    b"\x0cdef g():",
    b"a\rb",
    b"\ra",
    b"a\r\r",
    b"\x1b[2J",
    b"\x0b\x1c\x1d\x1e\x1a",
];

/// How lines end in a file.
#[derive(Clone, Copy)]
enum Ends {
    Lf,
    CrLf,
    Mixed,
}

fn end(random: &mut Random, ends: Ends) -> &'static [u8] {
    match ends {
        Ends::Lf => b"\n",
        Ends::CrLf => b"\r\n",
        Ends::Mixed => random.pick(&[b"\n".as_slice(), b"\r\n", b"\r\r\n"]),
    }
}

fn line(random: &mut Random, ends: Ends, unique: usize) -> Vec<u8> {
    let mut line = random.pick(LINES).to_vec();
    if random.one_in(2) {
        line.extend(format!("  # {unique}").bytes());
    }
    line.extend_from_slice(end(random, ends));
    line
}

/// A text and an edited copy of it.
fn texts(random: &mut Random, longest: usize) -> (Vec<u8>, Vec<u8>) {
    let ends = [Ends::Lf, Ends::CrLf, Ends::Mixed][random.below(3)];
    let length = random.below(longest + 1);
    let before: Vec<Vec<u8>> = (0..length).map(|n| line(random, ends, n)).collect();
    let rate = 1 + random.below(20);
    let mut after = Vec::new();
    for (n, old) in before.iter().enumerate() {
        match random.below(3 * rate) {
            0 => {}
            1 => after.push(line(random, ends, n)),
            2 => after.extend([line(random, ends, n), old.clone()]),
            _ => after.push(old.clone()),
        }
    }
    if random.one_in(4) {
        after.push(line(random, ends, length));
    }
    let mut finish = |lines: Vec<Vec<u8>>| {
        let mut text = lines.concat();
        if random.one_in(3) {
            // No final newline, or a carriage return alone as the last byte.
            text.pop();
        }
        text
    };
    let (mut before, mut after) = (finish(before), finish(after));
    if random.one_in(5) {
        before.splice(..0, *b"\xef\xbb\xbf");
        after.splice(..0, *b"\xef\xbb\xbf");
    }
    if random.one_in(20) {
        if random.one_in(2) {
            before.clear()
        } else {
            after.clear()
        }
    }
    (before, after)
}

/// Names that a patch reader could stumble over; each goes with a number.
const NAMES: &[&str] = &[
    "m",
    "with space",
    " leading",
    "trailing ",
    "quote\"",
    "apostrophe'",
    "back\\slash",
    "tab\t",
    "newline\n",
    "return\r",
    "é",
    "é space",
    "日本",
    "\u{2028}",
    "esc\u{1b}",
    "del\u{7f}",
    "bell\u{7}",
    "-dash",
    "dir/m",
    "d ir/é/m",
    "a/b",
    "x 2020-01-01 00:00:00 +0000",
    "{a => b}",
    "\\303",
];

fn random_changes(
    random: &mut Random,
    directory: &Path,
    files: usize,
    longest: usize,
) -> Vec<FileChange> {
    (0..files)
        .map(|n| {
            let (before, after) = texts(random, longest);
            let name = format!(
                "{}{n}{}",
                random.pick(NAMES),
                random.pick(&[".py", "", " "])
            );
            change(directory, &name, &before, &after)
        })
        .collect()
}

#[test]
fn git_applies_every_patch_at_the_top_of_a_repository() {
    let mut random = Random(1);
    for _ in 0..40 {
        let directory = tempfile::tempdir().unwrap();
        git(directory.path(), &["init", "-q"]);
        round_trip(
            directory.path(),
            &random_changes(&mut random, directory.path(), 20, 30),
            "git",
            &["apply"],
        );
    }
}

#[test]
fn git_applies_every_patch_in_a_sub_directory() {
    let mut random = Random(2);
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        git(directory.path(), &["init", "-q"]);
        let sub = directory.path().join("su b/é");
        fs::create_dir_all(&sub).unwrap();
        round_trip(
            &sub,
            &random_changes(&mut random, &sub, 20, 30),
            "git",
            &["apply"],
        );
    }
}

#[test]
fn git_applies_every_patch_outside_of_a_repository() {
    let mut random = Random(3);
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        round_trip(
            directory.path(),
            &random_changes(&mut random, directory.path(), 20, 30),
            "git",
            &["apply"],
        );
    }
}

#[test]
fn git_applies_patches_of_long_files() {
    let mut random = Random(4);
    let directory = tempfile::tempdir().unwrap();
    round_trip(
        directory.path(),
        &random_changes(&mut random, directory.path(), 4, 30_000),
        "git",
        &["apply"],
    );
}

#[test]
fn git_applies_to_the_index_and_in_reverse() {
    let mut random = Random(5);
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    git(directory, &["init", "-q"]);
    let changes = random_changes(&mut random, directory, 30, 30);
    write_before(&changes);
    commit_all(directory);
    round_trip(directory, &changes, "git", &["apply", "--index"]);
    let patch: Vec<u8> = changes.iter().flat_map(unified).collect();
    must_succeed(
        &run("git", directory, &["apply", "--index", "--reverse"], &patch),
        &patch,
    );
    assert_eq!(git(directory, &["status", "--porcelain"]), b"");
}

/// The one trap of headers that are relative to the working directory; `diff`'s module tells of it.
#[test]
fn a_directory_named_like_the_one_it_is_in_takes_p1() {
    let directory = tempfile::tempdir().unwrap();
    git(directory.path(), &["init", "-q"]);
    let sub = directory.path().join("mysite");
    round_trip_in_new(
        &sub,
        &[change(&sub, "mysite/m.py", b"a\n", b"b\n")],
        &["apply", "-p1"],
    );
}

fn round_trip_in_new(directory: &Path, changes: &[FileChange], arguments: &[&str]) {
    fs::create_dir_all(directory).unwrap();
    round_trip(directory, changes, "git", arguments);
}

#[test]
fn names_that_lead_out_are_taken_as_relative() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["/x/m.py", "../x/m.py", "../../x/m.py", "./x/m.py"] {
        let mut change = change(directory.path(), "x/m.py", b"a\n", b"b\n");
        change.name = name.to_owned();
        round_trip(directory.path(), &[change], "git", &["apply"]);
    }
}

#[test]
fn patch_p1_applies_every_patch() {
    if Command::new("patch").arg("--version").output().is_err() {
        return;
    }
    let mut random = Random(6);
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        let mut changes = random_changes(&mut random, directory.path(), 20, 30);
        // GNU patch (2.7.6) refuses a name with a line feed, and loses a space at the end of one; git's own patches
        // fare no better.
        changes.retain(|change| !change.name.contains('\n') && !change.name.ends_with(' '));
        round_trip(directory.path(), &changes, "patch", &["-p1", "--batch"]);
    }
}

#[test]
fn headers_are_those_of_git_diff() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    git(directory, &["init", "-q"]);
    for (n, name) in NAMES.iter().enumerate() {
        let change = change(directory, &format!("{n}{name}"), b"a\n", b"b\n");
        write_before(std::slice::from_ref(&change));
        git(directory, &["add", "--all"]);
        fs::write(&change.path, &change.after).unwrap();
        let theirs = git(directory, &["diff"]);
        // Without `diff --git` and `index`.
        let theirs: Vec<&[u8]> = theirs
            .split_inclusive(|&byte| byte == b'\n')
            .skip(2)
            .collect();
        let ours = unified(&change);
        assert_eq!(ours, theirs.concat(), "{}", ours.escape_ascii());
        git(directory, &["add", "--all"]);
    }
}

/// With edits that can be shown in one way only, the whole patch and the counts are git's.
#[test]
fn hunks_and_table_are_those_of_git_diff() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    git(directory, &["init", "-q"]);
    fs::write(directory.join(".gitattributes"), "*.py diff=python\n").unwrap();
    let mut random = Random(7);
    let mut changes = Vec::new();
    for n in 0..40 {
        let lines = random.below(200);
        let rate = 2 + random.below(30);
        let before: Vec<String> = (0..lines)
            .map(|n| {
                if n % 9 == 4 {
                    format!("    async def f{n}():\n")
                } else {
                    format!("{n}\n")
                }
            })
            .collect();
        let after: String = before
            .iter()
            .map(|line| match random.below(rate) {
                0 => format!("await {line}"),
                1 => String::new(),
                _ => line.clone(),
            })
            .collect();
        let name = format!(
            "{}{n}.py",
            random.pick(&["m", "some/rather/long/path/in/a/package/module", "é"])
        );
        changes.push(change(
            directory,
            &name,
            before.concat().as_bytes(),
            after.as_bytes(),
        ));
    }
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    write_before(&changes);
    git(directory, &["add", "--all"]);
    for change in &changes {
        fs::write(&change.path, &change.after).unwrap();
        let theirs = git(directory, &["diff", "--", &change.name]);
        let theirs: Vec<&[u8]> = theirs
            .split_inclusive(|&byte| byte == b'\n')
            .skip(2)
            .collect();
        assert_eq!(
            String::from_utf8_lossy(&unified(change)),
            String::from_utf8_lossy(&theirs.concat())
        );
        let counted = counts(change);
        if counted != Default::default() {
            let theirs = git(directory, &["diff", "--numstat", "--", &change.name]);
            assert!(
                theirs.starts_with(format!("{}\t{}\t", counted.added, counted.removed).as_bytes())
            );
        }
    }
    for width in [20, 40, 60, 80, 200] {
        let theirs = git(directory, &["diff", &format!("--stat={width}")]);
        assert_eq!(
            stat(&changes, width, false),
            String::from_utf8_lossy(&theirs),
            "width {width}"
        );
    }
}

/// The coloured form has the patch's lines, and no control characters but those of its colours.
#[test]
fn the_coloured_form_has_every_line_and_is_harmless() {
    let mut random = Random(8);
    let colours = ["0", "1", "7", "31", "32", "36"].map(|code| format!("\u{1b}[{code}m"));
    for change in random_changes(&mut random, Path::new("x"), 2_000, 30) {
        let mut text = String::from_utf8(coloured(&change)).unwrap();
        for colour in &colours {
            text = text.replace(colour, "");
        }
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
            "{text:?}"
        );
        let patch = unified(&change);
        assert_eq!(
            text.split('\n').count(),
            patch.split(|&byte| byte == b'\n').count(),
            "{text:?}"
        );
    }
}

/// Long files with few changes, with many, and with lines that are all the same; a quadratic search would take minutes.
#[test]
fn long_files_are_compared_in_no_time() {
    let text =
        |line: &dyn Fn(usize) -> String| (0..200_000).map(|n| line(n) + "\n").collect::<String>();
    let texts = [
        (
            text(&|n| format!("line {n}")),
            text(&|n| format!("{}line {n}", if n % 3 == 0 { "await " } else { "" })),
        ),
        (
            text(&|_| "pass".to_owned()),
            text(&|n| if n % 50_000 == 7 { "x" } else { "pass" }.to_owned()),
        ),
        (
            text(&|n| format!("{}", n % 10)),
            text(&|n| format!("{}", n % 7)),
        ),
    ];
    for (before, after) in texts {
        let start = std::time::Instant::now();
        assert!(
            !unified(&change(
                Path::new("x"),
                "m.py",
                before.as_bytes(),
                after.as_bytes()
            ))
            .is_empty()
        );
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
        println!("{:?}", start.elapsed());
    }
}

/// A committed work tree with files, the changes that turn `old` into `new` in them, and options that allow them.
fn project(names: &[&str]) -> (tempfile::TempDir, Vec<FileChange>, ApplyOptions) {
    let directory = tempfile::tempdir().unwrap();
    let changes: Vec<FileChange> = names
        .iter()
        .map(|name| change(directory.path(), name, b"old\r\n\xe9", b"new\r\n\xe9\n"))
        .collect();
    write_before(&changes);
    git(directory.path(), &["init", "-q"]);
    commit_all(directory.path());
    let options = ApplyOptions {
        allow_dirty: false,
        roots: vec![directory.path().to_owned()],
    };
    (directory, changes, options)
}

fn canonical(change: &FileChange) -> PathBuf {
    fs::canonicalize(&change.path).unwrap()
}

/// Every file below a directory but git's own, to see that nothing else was left.
fn files(directory: &Path) -> Vec<String> {
    fn walk(directory: &Path, top: &Path, out: &mut Vec<String>) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.ends_with(".git") {
                continue;
            }
            if path.is_dir() && !path.is_symlink() {
                walk(&path, top, out)?;
            } else {
                out.push(
                    path.strip_prefix(top)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned(),
                );
            }
        }
        Ok(())
    }
    let mut out = Vec::new();
    walk(directory, directory, &mut out).unwrap();
    out.sort();
    out
}

/// Nothing was written: every file holds its old bytes.
fn assert_untouched(changes: &[FileChange]) {
    for change in changes {
        assert_eq!(
            fs::read(&change.path).unwrap(),
            change.before,
            "{}",
            change.name
        );
    }
}

/// The only refusal.
fn refusal(result: Result<Applied, ApplyError>) -> RefusalReason {
    match result {
        Err(ApplyError::Refused { mut refusals, .. }) if refusals.len() == 1 => {
            refusals.remove(0).reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_are_written_with_their_mode_and_nothing_is_left_over() {
    let (directory, changes, options) = project(&["a.py", "d/b.py", "d/c.py"]);
    fs::set_permissions(&changes[1].path, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&changes[2].path, fs::Permissions::from_mode(0o640)).unwrap();
    commit_all(directory.path());
    let applied = apply(&changes, &options).unwrap();
    assert_eq!(
        applied.written,
        changes.iter().map(canonical).collect::<Vec<_>>()
    );
    assert_eq!(applied.failed, []);
    for change in &changes {
        assert_eq!(fs::read(&change.path).unwrap(), change.after);
    }
    assert_eq!(
        fs::metadata(&changes[1].path).unwrap().mode() & 0o7777,
        0o755
    );
    assert_eq!(
        fs::metadata(&changes[2].path).unwrap().mode() & 0o7777,
        0o640
    );
    assert_eq!(files(directory.path()), ["a.py", "d/b.py", "d/c.py"]);
}

#[test]
fn nothing_to_do_is_done() {
    assert_eq!(
        apply(&[], &ApplyOptions::default()).unwrap(),
        Applied::default()
    );
    let (directory, ..) = project(&["a.py"]);
    let same = change(directory.path(), "gone.py", b"x", b"x");
    assert_eq!(
        apply(&[same], &ApplyOptions::default()).unwrap(),
        Applied::default()
    );
}

#[test]
fn a_file_that_changed_stops_all_and_every_such_file_is_named() {
    let (directory, changes, options) = project(&["a.py", "b.py", "c.py"]);
    fs::write(&changes[1].path, "else\n").unwrap();
    fs::remove_file(&changes[2].path).unwrap();
    let error = apply(&changes, &options).unwrap_err().to_string();
    assert!(
        error.starts_with("nothing was changed: 2 of 3 files"),
        "{error}"
    );
    assert!(
        error.contains(
            "\n  b.py: changed since it was read; run awaitify again\n  c.py: cannot be read"
        ),
        "{error}"
    );
    assert_untouched(&changes[..1]);
    assert_eq!(files(directory.path()), ["a.py", "b.py"]);
}

#[test]
fn more_bytes_after_the_same_start_are_a_change() {
    let (_directory, changes, options) = project(&["a.py"]);
    fs::write(&changes[0].path, b"old\r\n\xe9 and more").unwrap();
    assert!(matches!(
        refusal(apply(&changes, &options)),
        RefusalReason::Changed
    ));
}

#[test]
fn a_dirty_work_tree_is_refused_and_can_be_allowed() {
    let (directory, changes, mut options) = project(&["a.py", "b.py"]);
    for n in 0..12 {
        fs::write(directory.path().join(format!("other {n:02}.py")), "x\n").unwrap();
    }
    // Untracked files that are none of ours do no harm, tracked ones do.
    let other = apply(&changes[..1], &options);
    assert!(other.is_ok(), "{other:?}");
    git(directory.path(), &["add", "--all"]);
    let Err(ApplyError::Dirty(trees)) = apply(&changes[1..], &options) else {
        panic!("it was written")
    };
    assert_eq!(trees[0].modified.len(), 13);
    assert_eq!(trees[0].untracked, Vec::<String>::new());
    let text = ApplyError::Dirty(trees).to_string();
    assert!(
        text.contains("commit or stash first, or pass --allow-dirty"),
        "{text}"
    );
    assert!(
        text.contains("\n    a.py\n") && text.contains("other 08.py\n    and 3 more"),
        "{text}"
    );
    assert_untouched(&changes[1..]);
    options.allow_dirty = true;
    assert_eq!(apply(&changes[1..], &options).unwrap().written.len(), 1);
}

#[test]
fn a_rename_in_the_index_counts_once() {
    let (directory, changes, options) = project(&["a.py", "b.py"]);
    git(directory.path(), &["mv", "b.py", "c.py"]);
    let Err(ApplyError::Dirty(trees)) = apply(&changes[..1], &options) else {
        panic!("it was written")
    };
    assert_eq!(trees[0].modified, ["c.py"]);
}

#[test]
fn an_untracked_or_ignored_file_is_refused() {
    let (directory, mut changes, options) = project(&["a.py", ".gitignore"]);
    fs::write(directory.path().join(".gitignore"), "ignored.py\n").unwrap();
    commit_all(directory.path());
    changes.truncate(1);
    for name in ["nëw.py", "ignored.py"] {
        changes.push(change(directory.path(), name, b"old\n", b"new\n"));
    }
    write_before(&changes[1..]);
    let Err(ApplyError::Dirty(trees)) = apply(&changes, &options) else {
        panic!("it was written")
    };
    assert_eq!(trees[0].modified, Vec::<String>::new());
    assert_eq!(trees[0].untracked, ["ignored.py", "nëw.py"]);
    assert_untouched(&changes);
}

#[test]
fn every_repository_is_asked() {
    let (directory, mut changes, options) = project(&["a.py"]);
    let inner = directory.path().join("inner");
    changes.push(change(&inner, "deep/b.py", b"old\n", b"new\n"));
    write_before(&changes[1..]);
    git(&inner, &["init", "-q"]);
    commit_all(&inner);
    assert_eq!(apply(&changes, &options).unwrap().written.len(), 2);
    write_before(&changes);
    fs::write(inner.join("deep/b.py"), "dirty\n").unwrap();
    assert_eq!(apply(&changes[..1], &options).unwrap().written.len(), 1);
    changes[1].before = b"dirty\n".to_vec();
    let Err(ApplyError::Dirty(trees)) = apply(&changes[1..], &options) else {
        panic!("it was written")
    };
    assert_eq!(trees[0].root, fs::canonicalize(&inner).unwrap());
    assert_eq!(trees[0].modified, ["deep/b.py"]);
}

#[test]
fn outside_of_a_repository_it_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let changes = [change(directory.path(), "a.py", b"old\n", b"new\n")];
    write_before(&changes);
    let options = ApplyOptions {
        allow_dirty: false,
        roots: vec![changes[0].path.clone()],
    };
    assert_eq!(
        apply(&changes, &options).unwrap().written,
        [canonical(&changes[0])]
    );
}

#[test]
fn a_link_out_of_the_roots_is_not_followed() {
    let (directory, _, options) = project(&["a.py"]);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("x.py"), "old\n").unwrap();
    symlink(
        elsewhere.path().join("x.py"),
        directory.path().join("link.py"),
    )
    .unwrap();
    symlink(elsewhere.path(), directory.path().join("dir")).unwrap();
    for name in ["link.py", "dir/x.py"] {
        let changes = [change(directory.path(), name, b"old\n", b"new\n")];
        assert!(
            matches!(
                refusal(apply(&changes, &options)),
                RefusalReason::OutsideRoots(_)
            ),
            "{name}"
        );
        assert_untouched(&changes);
    }
}

#[test]
fn a_link_within_the_roots_stays_one() {
    let (directory, changes, options) = project(&["a.py"]);
    let link = directory.path().join("link.py");
    symlink("a.py", &link).unwrap();
    let mut through = changes[0].clone();
    through.path = link.clone();
    through.name = "link.py".to_owned();
    // Both names at once would be two plans for one file.
    let both = [changes[0].clone(), through.clone()];
    assert!(
        matches!(refusal(apply(&both, &options)), RefusalReason::SameFile(name) if name == "a.py")
    );
    assert_eq!(
        apply(&[through], &options).unwrap().written,
        [canonical(&changes[0])]
    );
    assert!(link.is_symlink());
    assert_eq!(fs::read(&changes[0].path).unwrap(), changes[0].after);
}

#[test]
fn a_prefix_of_a_name_is_no_root() {
    let (directory, _, _) = project(&["root/a.py"]);
    let changes = [change(directory.path(), "root2/a.py", b"old\n", b"new\n")];
    write_before(&changes);
    let options = ApplyOptions {
        allow_dirty: true,
        roots: vec![directory.path().join("root")],
    };
    assert!(matches!(
        refusal(apply(&changes, &options)),
        RefusalReason::OutsideRoots(_)
    ));
    let nowhere = ApplyOptions {
        allow_dirty: true,
        roots: vec![directory.path().join("gone")],
    };
    assert!(matches!(
        apply(&changes, &nowhere),
        Err(ApplyError::Root { .. })
    ));
}

#[test]
fn what_is_no_file_is_refused() {
    let (directory, _, options) = project(&["a.py"]);
    fs::create_dir(directory.path().join("d.py")).unwrap();
    let changes = [change(directory.path(), "d.py", b"old\n", b"new\n")];
    assert!(matches!(
        refusal(apply(&changes, &options)),
        RefusalReason::NotAFile
    ));
    let pipe = directory.path().join("p.py");
    if Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        let changes = [change(directory.path(), "p.py", b"old\n", b"new\n")];
        assert!(matches!(
            refusal(apply(&changes, &options)),
            RefusalReason::NotAFile
        ));
    }
}

#[test]
fn read_only_files_and_directories_are_refused() {
    let (directory, changes, options) = project(&["a.py", "b.py", "d/c.py"]);
    let sub = directory.path().join("d");
    fs::set_permissions(&changes[1].path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&sub, fs::Permissions::from_mode(0o555)).unwrap();
    let error = apply(&changes, &options).unwrap_err();
    // So that the directory can be removed.
    fs::set_permissions(&sub, fs::Permissions::from_mode(0o755)).unwrap();
    let text = error.to_string();
    assert!(
        text.contains("\n  b.py: is read-only; make it writable (chmod u+w) or exclude it"),
        "{text}"
    );
    assert!(
        text.contains("\n  d/c.py: is in a read-only directory"),
        "{text}"
    );
    assert_untouched(&changes);
    assert_eq!(files(directory.path()), ["a.py", "b.py", "d/c.py"]);
}

#[test]
fn a_broken_hard_link_is_said() {
    let (directory, changes, options) = project(&["a.py"]);
    let other = directory.path().join("other.py");
    fs::hard_link(&changes[0].path, &other).unwrap();
    let applied = apply(&changes, &options).unwrap();
    assert_eq!(fs::read(&other).unwrap(), changes[0].before);
    assert_eq!(applied.failed.len(), 1);
    assert!(applied.failed[0].1.contains("hard links"));
}

/// Staging fails for one file: nothing is written, and the temporary files of the others go. The test runs itself in a
/// process with a limit on the size of files, which stands in for a full disk.
#[test]
fn a_file_that_cannot_be_staged_stops_all() {
    const CHILD: &str = "AWAITIFY_TEST_STAGE";
    if let Some(directory) = std::env::var_os(CHILD).map(PathBuf::from) {
        let mut big = change(&directory, "b.py", b"old\r\n\xe9", b"");
        big.after = vec![b'x'; 4 << 20];
        let changes = [change(&directory, "a.py", b"old\r\n\xe9", b"new\n"), big];
        let options = ApplyOptions {
            allow_dirty: false,
            roots: vec![directory],
        };
        println!("{}", apply(&changes, &options).unwrap_err());
        return;
    }
    let (directory, changes, _) = project(&["a.py", "b.py"]);
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 1024; exec \"$0\" --exact a_file_that_cannot_be_staged_stops_all --nocapture",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, directory.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        text.contains("b.py: a temporary file beside it cannot be written"),
        "{text}"
    );
    assert_untouched(&changes);
    assert_eq!(files(directory.path()), ["a.py", "b.py"]);
}
