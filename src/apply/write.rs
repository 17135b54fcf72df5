//! Staging, renaming and putting back.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use rayon::prelude::*;
use tempfile::TempPath;

use super::Applied;
use super::check::{Stamp, Target, holds};
use super::error::{ApplyError, Refusal, RefusalReason};

/// New bytes beside the file that they are for. The temporary file goes when this is dropped.
struct Staged {
    temporary: TempPath,
    /// What of the file could not be kept.
    lost: Vec<String>,
}

/// Writes all targets or none.
pub(super) fn write(
    targets: Vec<Target>,
    mut before_rename: impl FnMut(&Path) -> io::Result<()>,
) -> Result<Applied, ApplyError> {
    let staged = stage_all(&targets)?;
    let mut applied = Applied::default();
    for (done, (target, staged)) in targets.iter().zip(staged).enumerate() {
        let renamed = before_rename(&target.path)
            .and_then(|()| unchanged(target))
            .and_then(|()| {
                // On failure the temporary file is dropped, and so removed, with the error.
                staged
                    .temporary
                    .persist(&target.path)
                    .map_err(|failed| failed.error)
            });
        if let Err(source) = renamed {
            let (restored, not_restored) = put_back(&targets[..done]);
            return Err(ApplyError::Write {
                name: target.change.name.clone(),
                source,
                restored,
                not_restored,
            });
        }
        applied.written.push(target.path.clone());
        applied.failed.extend(
            staged
                .lost
                .into_iter()
                .map(|why| (target.change.name.clone(), why)),
        );
    }
    applied.failed.extend(sync_directories(&targets));
    Ok(applied)
}

/// Stages every target, or refuses those that cannot be. In parallel: a sync waits for the disk.
fn stage_all(targets: &[Target]) -> Result<Vec<Staged>, ApplyError> {
    let results: Vec<io::Result<Staged>> = targets
        .par_iter()
        .map(|target| stage(&target.path, &target.change.after))
        .collect();
    let mut staged = Vec::with_capacity(results.len());
    let mut refusals = Vec::new();
    for (target, result) in targets.iter().zip(results) {
        match result {
            Ok(file) => staged.push(file),
            Err(error) => refusals.push(Refusal {
                name: target.change.name.clone(),
                reason: RefusalReason::NotStaged(error),
            }),
        }
    }
    if refusals.is_empty() {
        Ok(staged)
    } else {
        Err(ApplyError::Refused {
            refusals,
            of: targets.len(),
        })
    }
}

/// Writes bytes to a temporary file beside `path`, with its mode and owner, and syncs it.
fn stage(path: &Path, bytes: &[u8]) -> io::Result<Staged> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let meta = fs::metadata(path)?;
    // The name does not end in `.py`, so that a watcher or a test run does not pick it up.
    let mut file = tempfile::Builder::new()
        .prefix(".awaitify-")
        .suffix(".tmp")
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    let lost = keep_owner(file.as_file(), &meta)?;
    // After the owner: changing that clears some bits of the mode.
    file.as_file().set_permissions(meta.permissions())?;
    file.as_file().sync_all()?;
    // Closes the file: the plan may have more of them than a process may have open.
    Ok(Staged {
        temporary: file.into_temp_path(),
        lost,
    })
}

/// Gives a new file the owner of the old one; says what a rename will lose.
#[cfg(unix)]
fn keep_owner(file: &fs::File, old: &fs::Metadata) -> io::Result<Vec<String>> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let mut lost = Vec::new();
    let new = file.metadata()?;
    if new.gid() != old.gid() && fchown(file, None, Some(old.gid())).is_err() {
        lost.push(format!(
            "its group is now {}, as group {} could not be kept",
            new.gid(),
            old.gid()
        ));
    }
    if new.uid() != old.uid() && fchown(file, Some(old.uid()), None).is_err() {
        lost.push(format!(
            "its owner is now {}, as owner {} could not be kept",
            new.uid(),
            old.uid()
        ));
    }
    if old.nlink() > 1 {
        lost.push("it had other names (hard links), which keep the old text".to_owned());
    }
    Ok(lost)
}

#[cfg(not(unix))]
fn keep_owner(_file: &fs::File, _old: &fs::Metadata) -> io::Result<Vec<String>> {
    Ok(Vec::new())
}

/// Is the file still the one that was checked? Staging many files takes a while, in which an editor may save.
fn unchanged(target: &Target) -> io::Result<()> {
    if Stamp::read(&target.path)? == target.stamp {
        Ok(())
    } else {
        Err(io::Error::other(
            "it changed while awaitify was writing; run awaitify again",
        ))
    }
}

/// Gives written files their old bytes back, the last one first. How many got them, and which did not, and why.
fn put_back(written: &[Target]) -> (usize, Vec<(String, String)>) {
    let mut restored = 0;
    let mut failed = Vec::new();
    for target in written.iter().rev() {
        let result = holds(&target.path, &target.change.after).and_then(|ours| {
            if !ours {
                return Err(io::Error::other("it changed again after it was written"));
            }
            let old = stage(&target.path, &target.change.before)?;
            old.temporary
                .persist(&target.path)
                .map_err(|failed| failed.error)
        });
        match result {
            Ok(()) => restored += 1,
            Err(error) => failed.push((target.change.name.clone(), error.to_string())),
        }
    }
    // They are only synced for a crash of the machine; there is nothing to add to the error that is on its way.
    drop(sync_directories(written));
    failed.reverse();
    (restored, failed)
}

/// Makes renames last over a crash of the machine; each directory once. Returns what failed.
#[cfg(unix)]
fn sync_directories(targets: &[Target]) -> Vec<(String, String)> {
    let directories: BTreeSet<&Path> = targets
        .iter()
        .filter_map(|target| target.path.parent())
        .collect();
    let sync =
        |directory: &Path| fs::File::open(directory).and_then(|directory| directory.sync_all());
    directories
        .into_iter()
        .filter_map(|directory| {
            let error = sync(directory).err()?;
            // Some file systems know no such thing, and keep renames in their own way.
            let unknown = matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            );
            (!unknown).then(|| {
                (
                    directory.display().to_string(),
                    format!("cannot be synced to disk: {error}"),
                )
            })
        })
        .collect()
}

/// Other systems have no way to sync a directory.
#[cfg(not(unix))]
fn sync_directories(_targets: &[Target]) -> Vec<(String, String)> {
    Vec::new()
}
