//! Random bytes and mutated Python files: no panic, and git takes every diff. The generator is deterministic.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Project;

/// Xorshift64*: good enough, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `end`, which is not zero.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// Pieces that matter to the parser, the reader or the edits.
const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\t",
    "    ",
    " ",
    "\u{c}",
    "\\\n",
    "\0",
    "\u{1a}",
    "\u{feff}",
    "\u{2028}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ";",
    ",",
    "=",
    ":=",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "f\"{",
    "}\"",
    "rb'",
    "#",
    "# awaitify: ignore\n",
    "# awaitify: ignore[",
    "# awaitify: keep-sync",
    "# coding: latin-1\n",
    "async ",
    "await ",
    "def ",
    "lambda: ",
    "time",
    "time.sleep(1)",
    "time.sleep",
    "import time\n",
    "from time import sleep\n",
    "from time import *\n",
    "sleep(2)",
    "async def f():\n    time.sleep(1)\n",
    "class C:\n",
    "return ",
    "yield ",
    "if x:\n",
    "else:\n",
    "for x in y:\n",
    "with a as b:\n",
    "try:\n",
    "except* E:\n",
    "match x:\n",
    "case [a, *_]:\n",
    "global time\n",
    "del time\n",
    "not ",
    "-",
    "*",
    "**",
    "@",
    "->",
    "asyncio",
    "import asyncio\n",
    "asyncio = 1\n",
    "[x async for x in y]",
    "\u{e9}",
    "\u{fb01}",
    "\u{1f600}",
    "0777",
    "1_000",
    "1e",
    "`",
    "$",
    "?",
    "!",
    "print 'x'\n",
];

fn fixtures(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            fixtures(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "py") {
            found.push(fs::read(entry).unwrap());
        }
    }
}

fn mutate(random: &mut Random, text: &mut Vec<u8>) {
    let at = random.below(text.len() + 1);
    match random.below(6) {
        0 => drop(
            text.splice(at..at, random.pick(PIECES).bytes())
                .collect::<Vec<u8>>(),
        ),
        1 => {
            let end = (at + random.below(8)).min(text.len());
            text.drain(at..end);
        }
        2 if at < text.len() => text[at] = random.next() as u8,
        3 => text.truncate(at),
        // A part of the text again, somewhere else.
        4 => {
            let end = (at + random.below(60)).min(text.len());
            let part = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            text.splice(to..to, part);
        }
        _ => {
            let end = (at + random.below(8)).min(text.len());
            text.splice(at..end, random.pick(PIECES).bytes());
        }
    }
}

fn files(random: &mut Random, count: usize) -> Vec<Vec<u8>> {
    let mut originals = Vec::new();
    fixtures(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("codemods"),
        &mut originals,
    );
    originals.retain(|text| text.len() < 20_000);
    // All files are of one project here, and one that runs on trio speaks for all of them.
    originals.retain(|text| !text.windows(6).any(|part| part == b"\"trio\""));
    let originals: Vec<&[u8]> = originals.iter().map(Vec::as_slice).collect();
    (0..count)
        .map(|number| match number % 8 {
            // Bytes, with the words of the scan, so that they are read at all.
            0 => {
                let mut bytes: Vec<u8> = (0..random.below(200))
                    .map(|_| random.next() as u8)
                    .collect();
                bytes.extend(b"async sleep");
                bytes
            }
            1 => {
                let mut text = String::from("import time\nasync def f():\n    time.sleep(1)\n");
                for _ in 0..random.below(40) {
                    text.push_str(random.pick(PIECES));
                }
                text.into_bytes()
            }
            _ => {
                let mut text = random.pick(&originals).to_vec();
                for _ in 0..=random.below(2) {
                    mutate(random, &mut text);
                }
                text
            }
        })
        .collect()
}

/// The draw of files: the same each time, but for `AWAITIFY_DRAW=N`, which takes another.
fn draw() -> Random {
    let number = std::env::var("AWAITIFY_DRAW").map_or(1, |text| text.parse().unwrap());
    Random(0x5eed_0000 + number)
}

#[test]
fn whatever_the_files_hold_the_diff_applies() {
    let mut random = draw();
    let files = files(&mut random, 2_400);
    let (project, by_git) = (Project::new(), Project::new());
    for (number, bytes) in files.iter().enumerate() {
        let name = format!("d{}/m{number}.py", number % 20);
        project.write(&name, bytes);
        by_git.write(&name, bytes);
    }
    let args = "--target-version 3.14 --select all --unsafe -j 2";
    let diff = project.run(&format!("diff {args}")).exits(1);
    assert!(
        diff.text().matches("--- a/").count() > 60,
        "too few files change: {diff}"
    );
    assert_eq!(
        project
            .run(&format!("diff {args} -j 1").replace("-j 2", ""))
            .out,
        diff.out
    );
    // One patch of all files, as users apply it.
    by_git.git_with(&["apply"], &diff.out);
    project.run(&format!("check {args}")).exits(1);
    serde_json::from_slice::<serde_json::Value>(
        &project
            .run(&format!("diff {args} --output-format json"))
            .out,
    )
    .unwrap();
    project.run(&format!("apply {args}")).exits(0);
    for number in 0..files.len() {
        let name = format!("d{}/m{number}.py", number % 20);
        let (us, git) = (project.read(&name), by_git.read(&name));
        assert!(
            us == git,
            "{name}\n{}\n{}",
            us.escape_ascii(),
            git.escape_ascii()
        );
    }
    // What these two leave is code that others take in the next run; without them nothing is left.
    let args = format!("{args} --ignore coroutine_decorator_to_async,drop_loop_argument");
    let settled = Project::new();
    for (number, bytes) in files.iter().enumerate() {
        settled.write(format!("d{}/m{number}.py", number % 20), bytes);
    }
    settled.run(&format!("apply {args}")).exits(0);
    let again = settled.run(&format!("diff {args}"));
    again.exits(0).prints_nothing();
}
