//! Writing a plan: the only module that changes files.
//!
//! All or nothing, since a unit may span files and half a migration is broken code:
//!
//! 1. **Check**: every file still holds the bytes that were read, is a regular file below a root and may be written,
//!    and git could bring it back.
//! 2. **Stage**: the new bytes of every file are written to a temporary file beside it, and synced. A full disk or a
//!    directory that cannot be written shows here, where nothing has changed yet.
//! 3. **Commit**: the temporary files are renamed over the old ones, each at once. If one fails, the ones before it get
//!    their old bytes back.
//!
//! What a rename means: a file keeps its mode and, where the system allows it, its owner. Hard links are broken (the
//! other names keep the old text), and extended attributes and access control lists go; [`Applied::failed`] tells of
//! the first. A symbolic link inside the roots stays one, and the file that it leads to is changed. Killed by a signal
//! that cannot be caught, the process may leave temporary files (`.awaitify-*.tmp`), never half a file.
//!
//! Files outside of a git repository are changed without further asking, also when git is not installed.
#![allow(clippy::disallowed_methods)] // The edge that writes.

mod check;
mod error;
mod git;
mod write;

use std::path::{Path, PathBuf};

use crate::plan::FileChange;

pub use error::{ApplyError, DirtyTree, Refusal, RefusalReason};

/// How to write.
#[derive(Clone, Debug, Default)]
pub struct ApplyOptions {
    /// Write even where git could not bring the old text back: into a work tree with uncommitted changes, and over
    /// untracked files.
    pub allow_dirty: bool,
    /// Only files at or below these paths are written; links are resolved on both sides. None are when it is empty.
    pub roots: Vec<PathBuf>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The files that hold their new bytes, links resolved, in the order of the changes.
    pub written: Vec<PathBuf>,
    /// What else did not work out on files that **were** written, as name and reason: an owner that could not be kept,
    /// a hard link that was broken, a directory that could not be synced.
    pub failed: Vec<(String, String)>,
}

/// Writes a new file, which is not there yet.
///
/// # Errors
///
/// It is there, or cannot be written.
pub fn create(file: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(file)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
}

/// Writes the changes, all or none. Changes without a difference are passed over.
///
/// # Errors
///
/// With every error but [`ApplyError::Write`], nothing was changed. With that one, the files were put back as they
/// were, but for those that it lists.
pub fn apply(changes: &[FileChange], options: &ApplyOptions) -> Result<Applied, ApplyError> {
    apply_with(changes, options, |_| Ok(()))
}

/// [`apply`], with a step before each rename, in which tests let things go wrong.
fn apply_with(
    changes: &[FileChange],
    options: &ApplyOptions,
    before_rename: impl FnMut(&std::path::Path) -> std::io::Result<()>,
) -> Result<Applied, ApplyError> {
    let changes: Vec<&FileChange> = changes
        .iter()
        .filter(|change| change.before != change.after)
        .collect();
    let targets = check::check(&changes, &options.roots)?;
    if !options.allow_dirty {
        git::refuse_dirty(&targets)?;
    }
    write::write(targets, before_rename)
}

#[cfg(test)]
mod tests;
