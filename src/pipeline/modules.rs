//! The names of modules, from where their files stand.

use std::path::PathBuf;

use rustc_hash::FxHashSet;

use super::parse::parse;
use crate::discovery::{self, Found};
use crate::index::{Exports, ProjectFile};
use crate::python::PythonVersion;
use crate::semantic::ModuleName;
use crate::source;

/// Module names of discovered files: the package that holds a file starts below the topmost directory with an
/// `__init__.py`, or below a source root.
pub(super) struct ModuleNames {
    pub(super) packages: FxHashSet<PathBuf>,
    pub(super) roots: Vec<PathBuf>,
}

impl ModuleNames {
    pub(super) fn new(found: &[Found], roots: &[PathBuf]) -> Self {
        let packages = found
            .iter()
            .filter(|file| file.path.file_stem().is_some_and(|stem| stem == "__init__"))
            .filter_map(|file| file.path.parent().map(PathBuf::from))
            .collect();
        Self {
            packages,
            roots: roots.to_vec(),
        }
    }

    /// The name below the topmost package, or below one of these roots.
    pub(super) fn of(&self, file: &Found, roots: &[PathBuf]) -> ModuleName {
        let Some(stem) = file.path.file_stem().and_then(|stem| stem.to_str()) else {
            return ModuleName::default();
        };
        let is_package = stem == "__init__";
        let mut parts: Vec<&str> = if is_package { Vec::new() } else { vec![stem] };
        let mut directory = file.path.parent();
        while let Some(at) = directory {
            if roots.iter().any(|root| root == at) {
                break;
            }
            let named = at.file_name().and_then(|name| name.to_str());
            let within_root = roots.iter().any(|root| at.starts_with(root));
            match named {
                Some(name) if self.packages.contains(at) || within_root => parts.push(name),
                _ => break,
            }
            directory = at.parent();
        }
        parts.reverse();
        ModuleName {
            name: parts.join("."),
            is_package,
        }
    }
}

/// The facts of a file that no codemod looked at.
pub(super) fn load_exports(file: &ProjectFile) -> Option<Exports> {
    let bytes = discovery::read(&file.path).ok()?;
    let source = source::decode(&bytes).ok()?;
    let parsed = parse(&source.text, PythonVersion::PY314).ok()?;
    Some(Exports::new(parsed.syntax(), &file.module))
}
