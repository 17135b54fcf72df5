//! What only a step between the renames can show; the rest is in `tests/git_apply.rs`.

use std::fs;
use std::io;
use std::path::Path;

use super::*;

fn change(directory: &Path, name: &str) -> FileChange {
    FileChange {
        path: directory.join(name),
        name: name.to_owned(),
        before: format!("old {name}\n").into_bytes(),
        after: format!("new {name}\n").into_bytes(),
        edits: Vec::new(),
    }
}

fn project(names: &[&str]) -> io::Result<(tempfile::TempDir, Vec<FileChange>, ApplyOptions)> {
    let directory = tempfile::tempdir()?;
    let changes: Vec<FileChange> = names
        .iter()
        .map(|name| change(directory.path(), name))
        .collect();
    for change in &changes {
        fs::write(&change.path, &change.before)?;
    }
    let options = ApplyOptions {
        allow_dirty: false,
        roots: vec![directory.path().to_owned()],
    };
    Ok((directory, changes, options))
}

fn names(directory: &Path) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

#[test]
fn a_failing_second_file_brings_the_first_back() -> io::Result<()> {
    let (directory, changes, options) = project(&["a.py", "b.py", "c.py"])?;
    let error = apply_with(&changes, &options, |path| {
        if path.ends_with("b.py") {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        } else {
            Ok(())
        }
    })
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write b.py: no storage space; the file written before it was put back as it was"
    );
    for change in &changes {
        assert_eq!(fs::read(&change.path)?, change.before);
    }
    assert_eq!(names(directory.path())?, ["a.py", "b.py", "c.py"]);
    Ok(())
}

#[test]
fn a_file_that_is_saved_meanwhile_stops_it_and_is_kept() -> io::Result<()> {
    let (directory, changes, options) = project(&["a.py", "b.py"])?;
    let error = apply_with(&changes, &options, |path| {
        if path.ends_with("b.py") {
            fs::write(path, "saved by an editor\n")
        } else {
            Ok(())
        }
    })
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("cannot write b.py: it changed while awaitify was writing"),
        "{error}"
    );
    assert_eq!(fs::read(&changes[0].path)?, changes[0].before);
    assert_eq!(fs::read(&changes[1].path)?, b"saved by an editor\n");
    assert_eq!(names(directory.path())?, ["a.py", "b.py"]);
    Ok(())
}

#[test]
fn what_cannot_be_put_back_is_said() -> io::Result<()> {
    let (directory, changes, options) = project(&["a.py", "b.py"])?;
    let first = directory.path().join("a.py");
    let error = apply_with(&changes, &options, |path| {
        if path.ends_with("b.py") {
            fs::write(&first, "saved by an editor\n")?;
            fs::remove_file(path)?;
        }
        Ok(())
    })
    .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("could not be put back") && text.contains("\n  a.py: it changed again"),
        "{text}"
    );
    assert_eq!(fs::read(&first)?, b"saved by an editor\n");
    assert_eq!(names(directory.path())?, ["a.py"]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_link_that_took_the_place_of_a_file_is_not_followed() -> io::Result<()> {
    let (directory, changes, options) = project(&["a.py"])?;
    let elsewhere = tempfile::tempdir()?;
    let other = elsewhere.path().join("other.py");
    fs::write(&other, &changes[0].before)?;
    let result = apply_with(&changes, &options, |path| {
        fs::remove_file(path)?;
        std::os::unix::fs::symlink(&other, path)
    });
    assert!(matches!(result, Err(ApplyError::Write { restored: 0, .. })));
    assert_eq!(fs::read(&other)?, changes[0].before);
    assert_eq!(names(directory.path())?, ["a.py"]);
    Ok(())
}
