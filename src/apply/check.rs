//! The checks that need nothing but the file system. They change nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::FxHashMap;

use super::error::{ApplyError, Refusal, RefusalReason};
use crate::plan::FileChange;

/// A file that may be written.
#[derive(Debug)]
pub(super) struct Target<'a> {
    /// What to write.
    pub(super) change: &'a FileChange,
    /// Where, with links resolved.
    pub(super) path: PathBuf,
    /// What the file was when its bytes were compared.
    pub(super) stamp: Stamp,
}

/// What tells cheaply that a file is still the one that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    /// Device and inode, where there are such.
    identity: (u64, u64),
}

impl Stamp {
    fn of(meta: &fs::Metadata) -> Self {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt as _;
            (meta.dev(), meta.ino())
        };
        #[cfg(not(unix))]
        let identity = (0, 0);
        Self {
            length: meta.len(),
            modified: meta.modified().ok(),
            identity,
        }
    }

    /// Reads the stamp of a path; links are not followed, so a link that took the file's place has another stamp.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        fs::symlink_metadata(path).map(|meta| Self::of(&meta))
    }
}

/// Checks every change; the targets are in the order of the changes.
pub(super) fn check<'a>(
    changes: &[&'a FileChange],
    roots: &[PathBuf],
) -> Result<Vec<Target<'a>>, ApplyError> {
    let roots = roots
        .iter()
        .map(|root| {
            fs::canonicalize(root).map_err(|source| ApplyError::Root {
                path: root.clone(),
                source,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut refusals = Vec::new();
    let mut targets = Vec::with_capacity(changes.len());
    let mut names: FxHashMap<PathBuf, &str> = FxHashMap::default();
    for &change in changes {
        let checked = check_one(change, &roots).and_then(|target| match names.get(&target.path) {
            Some(other) => Err(RefusalReason::SameFile((*other).to_owned())),
            None => Ok(target),
        });
        match checked {
            Ok(target) => {
                names.insert(target.path.clone(), &change.name);
                targets.push(target);
            }
            Err(reason) => refusals.push(Refusal {
                name: change.name.clone(),
                reason,
            }),
        }
    }
    if refusals.is_empty() {
        Ok(targets)
    } else {
        Err(ApplyError::Refused {
            refusals,
            of: changes.len(),
        })
    }
}

/// Checks one change.
fn check_one<'a>(change: &'a FileChange, roots: &[PathBuf]) -> Result<Target<'a>, RefusalReason> {
    let path = fs::canonicalize(&change.path).map_err(RefusalReason::Unreadable)?;
    if !roots.iter().any(|root| path.starts_with(root)) {
        return Err(RefusalReason::OutsideRoots(path));
    }
    let meta = fs::metadata(&path).map_err(RefusalReason::Unreadable)?;
    // Before it is opened: a pipe would wait for somebody to write to it.
    if !meta.is_file() {
        return Err(RefusalReason::NotAFile);
    }
    if !holds(&path, &change.before).map_err(RefusalReason::Unreadable)? {
        return Err(RefusalReason::Changed);
    }
    // A rename asks for no permission on the file itself, and root is refused nothing: the bits are the only sign that
    // somebody wants the file to stay.
    if meta.permissions().readonly() {
        return Err(RefusalReason::ReadOnly);
    }
    OpenOptions::new()
        .write(true)
        .open(&path)
        .map_err(RefusalReason::NotWritable)?;
    if let Some(directory) = path.parent() {
        let meta = fs::metadata(directory).map_err(RefusalReason::Unreadable)?;
        // On Windows the attribute has no such meaning for directories.
        if cfg!(unix) && meta.permissions().readonly() {
            return Err(RefusalReason::ReadOnlyDirectory(directory.to_owned()));
        }
    }
    Ok(Target {
        change,
        stamp: Stamp::of(&meta),
        path,
    })
}

/// Does a file hold these bytes? Never reads more of it than one byte beyond them.
pub(super) fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let limit = u64::try_from(bytes.len())
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut found = Vec::with_capacity(bytes.len() + 1);
    File::open(path)?.take(limit).read_to_end(&mut found)?;
    Ok(found == bytes)
}
