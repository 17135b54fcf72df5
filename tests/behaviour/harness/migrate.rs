//! What migrates the program of a case.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::case::{Case, PROGRAM};
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

/// Takes the migrated program from `folder/area/name/after.py`. A case without that file is left as it is.
pub struct HandWritten(PathBuf);

impl HandWritten {
    /// Reads from this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
}

impl Migrator for HandWritten {
    fn apply(&self, case: &Case, folder: &Path) -> Result<Run, String> {
        let after = self.0.join(&case.area).join(&case.name).join("after.py");
        if after.is_file() {
            fs::copy(&after, folder.join(PROGRAM))
                .map_err(|error| format!("{}: {error}", after.display()))?;
        }
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
