//! Why nothing was written.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::diff::visible;

/// How many files of a dirty work tree are listed.
const LISTED: usize = 10;

/// Why a plan was not applied. The text of each says what to do.
#[derive(Debug)]
pub enum ApplyError {
    /// A root does not exist or cannot be reached. Nothing was changed.
    Root {
        /// The root, as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Some files cannot be changed. Nothing was changed.
    Refused {
        /// Every such file, in the order of the plan.
        refusals: Vec<Refusal>,
        /// How many files were to be changed.
        of: usize,
    },
    /// Git could not bring the old text back. Nothing was changed.
    Dirty(Vec<DirtyTree>),
    /// Git does not tell the state of a work tree. Nothing was changed.
    Git {
        /// The directory in which it was asked.
        directory: PathBuf,
        /// What it says.
        message: String,
    },
    /// Writing failed after the first file was changed.
    Write {
        /// The file at which it failed.
        name: String,
        /// What happened to it.
        source: io::Error,
        /// How many files got their old bytes back.
        restored: usize,
        /// The files that still hold their new bytes, as name and reason.
        not_restored: Vec<(String, String)>,
    },
}

/// A file that cannot be changed.
#[derive(Debug)]
pub struct Refusal {
    /// The file, as shown to the user.
    pub name: String,
    /// Why.
    pub reason: RefusalReason,
}

/// Why a file cannot be changed.
#[derive(Debug)]
pub enum RefusalReason {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is outside of all roots, perhaps through a link. The path has its links resolved.
    OutsideRoots(PathBuf),
    /// It is a directory, a device or the like.
    NotAFile,
    /// It does not hold the bytes that the plan was made for.
    Changed,
    /// Its permissions let nobody write it.
    ReadOnly,
    /// Its directory's permissions let nobody write there.
    ReadOnlyDirectory(PathBuf),
    /// The system does not let us write it.
    NotWritable(io::Error),
    /// The new bytes cannot be stored beside it.
    NotStaged(io::Error),
    /// Another file of the plan leads to the same file.
    SameFile(String),
}

/// A git work tree that is not clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirtyTree {
    /// Its top directory.
    pub root: PathBuf,
    /// Tracked files with uncommitted changes, relative to the top and safe to show, sorted.
    pub modified: Vec<String>,
    /// Files of the plan that git does not track, relative to the top and safe to show, sorted.
    pub untracked: Vec<String>,
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot be read: {error}; run awaitify again"),
            Self::OutsideRoots(path) => {
                write!(
                    f,
                    "is outside of the given paths, at {}; add its directory to them",
                    show(path)
                )
            }
            Self::NotAFile => f.write_str("is not a regular file; exclude it"),
            Self::Changed => f.write_str("changed since it was read; run awaitify again"),
            Self::ReadOnly => {
                f.write_str("is read-only; make it writable (chmod u+w) or exclude it")
            }
            Self::ReadOnlyDirectory(path) => {
                write!(
                    f,
                    "is in a read-only directory, {}; make that writable (chmod u+w) or exclude it",
                    show(path)
                )
            }
            Self::NotWritable(error) => {
                write!(
                    f,
                    "cannot be written: {error}; make it writable for you or exclude it"
                )
            }
            Self::NotStaged(error) => {
                write!(
                    f,
                    "a temporary file beside it cannot be written: {error}; make room or permit it, or exclude it"
                )
            }
            Self::SameFile(other) => {
                write!(
                    f,
                    "is the same file as {}; exclude one of the names",
                    visible(other.as_bytes())
                )
            }
        }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Root { path, source } => {
                write!(
                    f,
                    "nothing was changed: cannot resolve {}: {source}; check the path",
                    show(path)
                )
            }
            Self::Refused { refusals, of } => {
                let files = if *of == 1 { "file" } else { "files" };
                write!(
                    f,
                    "nothing was changed: {} of {of} {files} cannot be written",
                    refusals.len()
                )?;
                for Refusal { name, reason } in refusals {
                    write!(f, "\n  {}: {reason}", visible(name.as_bytes()))?;
                }
                Ok(())
            }
            Self::Dirty(trees) => {
                f.write_str(
                    "nothing was changed: git could not bring back what is there now; \
                     commit or stash first, or pass --allow-dirty",
                )?;
                trees.iter().try_for_each(|tree| tree.list(f))
            }
            Self::Git { directory, message } => write!(
                f,
                "nothing was changed: git does not tell whether {} has uncommitted changes ({}); \
                 mend that, or pass --allow-dirty",
                show(directory),
                visible(message.trim().as_bytes())
            ),
            Self::Write {
                name,
                source,
                restored,
                not_restored,
            } => {
                write!(f, "cannot write {}: {source}; ", visible(name.as_bytes()))?;
                match (restored, not_restored.is_empty()) {
                    (0, true) => return f.write_str("nothing was changed"),
                    (1, true) => {
                        return f.write_str("the file written before it was put back as it was");
                    }
                    (_, true) => {
                        return write!(
                            f,
                            "the {restored} files written before it were put back as they were"
                        );
                    }
                    (_, false) => {
                        f.write_str("these files could not be put back and hold their new text")?
                    }
                }
                for (name, why) in not_restored {
                    write!(f, "\n  {}: {why}", visible(name.as_bytes()))?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ApplyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Root { source, .. } | Self::Write { source, .. } => Some(source),
            Self::Refused { .. } | Self::Dirty(_) | Self::Git { .. } => None,
        }
    }
}

impl DirtyTree {
    /// The lines of the message.
    fn list(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (what, files) in [
            ("uncommitted changes", &self.modified),
            ("not tracked by git", &self.untracked),
        ] {
            if files.is_empty() {
                continue;
            }
            write!(f, "\n  {what} in {}:", show(&self.root))?;
            for file in files.iter().take(LISTED) {
                write!(f, "\n    {file}")?;
            }
            if files.len() > LISTED {
                write!(f, "\n    and {} more", files.len() - LISTED)?;
            }
        }
        Ok(())
    }
}

/// A path that is safe to show.
fn show(path: &std::path::Path) -> String {
    visible(path.as_os_str().as_encoded_bytes())
}
