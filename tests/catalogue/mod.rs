//! The lists of the declared codemods agree with the packages that they are about.
//!
//! `tests/catalogue/check.py` runs in the environment of the behaviour tests, which has those packages, and compares each
//! sync class with its async twin, member by member.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::python;

fn files() -> Vec<PathBuf> {
    let codemods = Path::new(env!("CARGO_MANIFEST_DIR")).join("codemods");
    let mut files: Vec<PathBuf> = std::fs::read_dir(codemods)
        .unwrap()
        .map(|folder| folder.unwrap().path().join("codemod.toml"))
        .filter(|file| file.exists())
        .collect();
    files.sort();
    files
}

fn check(files: &[PathBuf]) -> Output {
    let python = python::shared().unwrap_or_else(|problem| panic!("{problem}"));
    Command::new(&python.executable)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue/check.py"))
        .args(files)
        .env_remove("PYTHONPATH")
        .output()
        .unwrap()
}

#[test]
fn every_member_has_the_colour_of_the_twin() {
    let output = check(&files());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        text.trim(),
        format!("{} files agree with the packages", files().len())
    );
}

/// What the check is there for.
#[test]
fn a_wrong_list_is_found() {
    let file = r#"
summary = "wrong in every way"

[[type]]
sync = "redis.Redis"
async = "redis.asyncio.Redis"
await = ["get", "scan_iter", "fetch_it_all"]
same = ["*"]

[[type]]
sync = "pymongo.cursor.Cursor"
async = "pymongo.asynchronous.cursor.AsyncCursor"
await = ["close", "sort"]

[[function]]
sync = "redis.of_url"
async = "redis.asyncio.from_url"
"#;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong/codemod.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, file).unwrap();
    let output = check(&[path]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    for mistake in [
        "wrong: `Redis.scan_iter` is iterated in the twin, and stands in `await`",
        "wrong: `Redis.aclose`",
        "wrong: `Redis.set` is awaited in the twin, and stands in `same`",
        "wrong: `Redis.fetch_it_all` stands in `await`, and the class does not have it",
        "wrong: `Cursor.sort` is plain in the twin, and stands in `await`",
        "wrong: `Cursor.limit` is not named",
        "wrong: there is no `redis.of_url`",
    ] {
        let is_there = text.lines().any(|line| line.starts_with(mistake));
        // The sync client does not have the new name.
        assert_eq!(is_there, !mistake.contains("aclose"), "{mistake}\n{text}");
    }
}
