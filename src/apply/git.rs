//! Would git bring the old text back?
//!
//! The rule is cargo fix's, and a little stricter: the whole work tree that holds a changed file must have no
//! uncommitted changes in tracked files, so that `git checkout .` undoes the migration and nothing else; and the
//! changed files must be tracked. Git is only asked, and takes no lock.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rustc_hash::FxHashSet;

use super::check::Target;
use super::error::{ApplyError, DirtyTree};
use crate::diff::visible;

/// Fails when a target is in a dirty work tree, or is not tracked in its work tree.
pub(super) fn refuse_dirty(targets: &[Target]) -> Result<(), ApplyError> {
    let mut dirty = Vec::new();
    for (root, files) in work_trees(targets)? {
        let modified = modified(&root)?;
        let untracked = untracked(&root, &files)?;
        if !modified.is_empty() || !untracked.is_empty() {
            dirty.push(DirtyTree {
                root,
                modified,
                untracked,
            });
        }
    }
    if dirty.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::Dirty(dirty))
    }
}

/// The work trees that hold targets, with their targets. Git is asked once for each `.git` above a target.
fn work_trees<'t>(targets: &'t [Target]) -> Result<BTreeMap<PathBuf, Vec<&'t Path>>, ApplyError> {
    let mut tops: BTreeMap<&Path, Option<PathBuf>> = BTreeMap::new();
    let mut trees: BTreeMap<PathBuf, Vec<&Path>> = BTreeMap::new();
    for target in targets {
        let above = target
            .path
            .ancestors()
            .skip(1)
            .find(|directory| directory.join(".git").exists());
        let Some(above) = above else { continue };
        let top = match tops.get(above) {
            Some(top) => top.clone(),
            None => {
                let top = top_level(above)?;
                tops.insert(above, top.clone());
                top
            }
        };
        if let Some(top) = top {
            trees.entry(top).or_default().push(&target.path);
        }
    }
    Ok(trees)
}

/// The top of the work tree that a directory is in; `None` when it is in none, or git is not installed.
fn top_level(directory: &Path) -> Result<Option<PathBuf>, ApplyError> {
    let Some(output) = run(directory, &["rev-parse", "--show-toplevel"])? else {
        return Ok(None);
    };
    if output.status.success() {
        let line = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout);
        let top = path(line);
        // Targets have their links resolved, and are made relative to this.
        return Ok(Some(std::fs::canonicalize(&top).unwrap_or(top)));
    }
    let message = String::from_utf8_lossy(&output.stderr);
    // The second is what git says inside of a bare repository.
    if message.contains("not a git repository") || message.contains("must be run in a work tree") {
        return Ok(None);
    }
    Err(ApplyError::Git {
        directory: directory.to_owned(),
        message: message.into_owned(),
    })
}

/// The tracked files with changes, staged or not.
fn modified(root: &Path) -> Result<Vec<String>, ApplyError> {
    // What is dirty inside of a submodule is no matter of this work tree; another commit of it is.
    let status = [
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=no",
        "--ignore-submodules=dirty",
    ];
    let output = answer(root, &status)?;
    let mut entries = output.split(|&byte| byte == 0);
    let mut files = BTreeSet::new();
    // An entry is `XY name`; that of a rename or copy has the old name as a second entry.
    while let Some(entry) = entries.next() {
        let Some((state, name)) = entry.split_at_checked(3) else {
            continue;
        };
        files.insert(visible(name));
        if state.iter().any(|state| matches!(state, b'R' | b'C')) {
            entries.next();
        }
    }
    Ok(files.into_iter().collect())
}

/// The targets that git does not track.
fn untracked(root: &Path, files: &[&Path]) -> Result<Vec<String>, ApplyError> {
    // All tracked files: the targets may be more than a command line holds.
    let output = answer(root, &["ls-files", "-z"])?;
    let tracked: FxHashSet<PathBuf> = output.split(|&byte| byte == 0).map(path).collect();
    let names: BTreeSet<String> = files
        .iter()
        .map(|file| file.strip_prefix(root).unwrap_or(file))
        .filter(|file| !tracked.contains(*file))
        .map(|file| visible(file.as_os_str().as_encoded_bytes()))
        .collect();
    Ok(names.into_iter().collect())
}

/// What git prints; a failure is an error.
fn answer(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, ApplyError> {
    match run(root, arguments)? {
        Some(output) if output.status.success() => Ok(output.stdout),
        Some(output) => Err(ApplyError::Git {
            directory: root.to_owned(),
            message: String::from_utf8_lossy(&output.stderr).into_owned(),
        }),
        // It was there a moment ago.
        None => Err(ApplyError::Git {
            directory: root.to_owned(),
            message: "git is gone".to_owned(),
        }),
    }
}

/// Runs git; `None` when it is not installed.
fn run(directory: &Path, arguments: &[&str]) -> Result<Option<Output>, ApplyError> {
    let result = Command::new("git")
        .arg("-C")
        .arg(directory)
        // A repository may name a program to ask for changed files; it is not ours to start.
        .args(["-c", "core.fsmonitor=false"])
        .args(arguments)
        .env("GIT_OPTIONAL_LOCKS", "0")
        // The messages are looked at.
        .env("LC_ALL", "C")
        // Set when we run in a git hook; they would turn git to another repository or index than the directory's.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_PREFIX")
        .stdin(Stdio::null())
        .output();
    match result {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ApplyError::Git {
            directory: directory.to_owned(),
            message: error.to_string(),
        }),
    }
}

/// A path that git printed with `-z`: raw bytes on unix, UTF-8 elsewhere.
fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    let name = {
        use std::os::unix::ffi::OsStrExt as _;
        OsStr::from_bytes(bytes).to_owned()
    };
    #[cfg(not(unix))]
    let name = OsStr::new(&*String::from_utf8_lossy(bytes)).to_owned();
    name.into()
}
