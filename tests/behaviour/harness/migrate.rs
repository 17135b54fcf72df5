//! What migrates the program of a case.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::case::{Case, PROGRAM, copy_folder};
use super::program::{self, Run};

/// Migrates a copy of a case in place. Errors are faults of the surroundings, not of the case.
pub trait Migrator: Sync {
    /// `awaitify apply` in `folder`.
    fn apply(&self, case: &Case, folder: &Path) -> Result<Run, String>;

    /// `awaitify diff` in `folder`.
    fn diff(&self, case: &Case, folder: &Path) -> Result<Run, String>;
}

/// The real thing.
pub struct Binary;

impl Binary {
    fn call(verb: &str, case: &Case, folder: &Path) -> Result<Run, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awaitify"));
        command
            .arg(verb)
            .args(&case.args)
            .arg(".")
            .current_dir(folder);
        program::finish(&mut command)
    }
}

impl Migrator for Binary {
    fn apply(&self, case: &Case, folder: &Path) -> Result<Run, String> {
        Self::call("apply", case, folder)
    }

    fn diff(&self, case: &Case, folder: &Path) -> Result<Run, String> {
        Self::call("diff", case, folder)
    }
}

/// Takes the migrated files from `folder/area/name`: `after.py` for the program, or the folder `after` with every file
/// that changes, under its own name.
pub struct HandWritten(PathBuf);

impl HandWritten {
    /// Reads from this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Whether there is a migration of this case: a case that stays as it is needs none.
    pub fn knows(&self, case: &Case) -> bool {
        let folder = self.0.join(&case.area).join(&case.name);
        case.unchanged || folder.join("after.py").is_file() || folder.join("after").is_dir()
    }
}

impl Migrator for HandWritten {
    fn apply(&self, case: &Case, folder: &Path) -> Result<Run, String> {
        let source = self.0.join(&case.area).join(&case.name);
        let (file, tree) = (source.join("after.py"), source.join("after"));
        let copied = if file.is_file() {
            fs::copy(&file, folder.join(PROGRAM)).map(|_| ())
        } else if tree.is_dir() {
            copy_folder(&tree, folder)
        } else {
            Ok(())
        };
        copied.map_err(|error| format!("{}: {error}", source.display()))?;
        Ok(Run {
            code: Some(0),
            ..Run::default()
        })
    }

    fn diff(&self, _case: &Case, _folder: &Path) -> Result<Run, String> {
        Ok(Run {
            code: Some(0),
            ..Run::default()
        })
    }
}
