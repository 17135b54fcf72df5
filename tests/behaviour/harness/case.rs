//! A case: its folder, and the `# case:` lines at the top of its `before.py`.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The folder that holds the areas.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/behaviour");

/// The program of a case.
pub const PROGRAM: &str = "before.py";

/// One case.
#[derive(Debug, Default)]
pub struct Case {
    /// The folder of its area.
    pub area: String,
    /// The name of its own folder.
    pub name: String,
    /// The folder itself.
    pub folder: PathBuf,
    /// `# case: args = ...`: what follows `awaitify apply`.
    pub args: Vec<String>,
    /// `# case: py >= 3.12`, `# case: py < 3.13`.
    pub limits: Vec<Limit>,
    /// `# case: unchanged`: the migration must leave every file as it is.
    pub unchanged: bool,
    /// `# case: expect = ...`: what the migrated program must hold.
    pub expect: Vec<String>,
    /// `# case: reject = ...`: what it must not hold.
    pub reject: Vec<String>,
}

/// A bound on the Python version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// This version or newer.
    AtLeast((u32, u32)),
    /// Older than this version.
    Below((u32, u32)),
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast((major, minor)) => write!(f, ">= {major}.{minor}"),
            Self::Below((major, minor)) => write!(f, "< {major}.{minor}"),
        }
    }
}

/// The folders that hold cases, sorted.
pub fn areas() -> Vec<String> {
    let mut areas = folders(Path::new(ROOT));
    areas.retain(|area| area != "harness");
    areas
}

/// The cases of an area, sorted.
pub fn names(area: &str) -> Vec<String> {
    folders(&Path::new(ROOT).join(area))
}

fn folders(parent: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with(['.', '_']))
        .collect();
    names.sort();
    names
}

impl Case {
    /// Reads `tests/behaviour/AREA/NAME`.
    pub fn read(area: &str, name: &str) -> Result<Self, String> {
        Self::read_from(Path::new(ROOT).join(area).join(name), area, name)
    }

    /// Reads a case from any folder.
    pub fn read_from(folder: PathBuf, area: &str, name: &str) -> Result<Self, String> {
        let path = folder.join(PROGRAM);
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let case = Self {
            area: area.to_owned(),
            name: name.to_owned(),
            folder,
            ..Self::default()
        };
        case.with_header(&text)
    }

    fn with_header(mut self, text: &str) -> Result<Self, String> {
        for line in text.lines() {
            let Some(setting) = line.strip_prefix("# case:").map(str::trim) else {
                continue;
            };
            let wrong = || format!("{}: `{line}` is no setting of a case", self.title());
            if setting == "unchanged" {
                self.unchanged = true;
            } else if let Some(limit) = setting.strip_prefix("py ") {
                self.limits.push(Limit::parse(limit).ok_or_else(wrong)?);
            } else {
                let (key, value) = setting.split_once('=').ok_or_else(wrong)?;
                let value = value.trim();
                match key.trim() {
                    "args" => self.args = value.split_whitespace().map(str::to_owned).collect(),
                    "expect" => self.expect.push(value.to_owned()),
                    "reject" => self.reject.push(value.to_owned()),
                    _ => return Err(wrong()),
                }
            }
        }
        if self.unchanged && !(self.expect.is_empty() && self.reject.is_empty()) {
            return Err(format!(
                "{}: `unchanged` rules out `expect` and `reject`",
                self.title()
            ));
        }
        Ok(self)
    }

    /// `area/name`.
    pub fn title(&self) -> String {
        format!("{}/{}", self.area, self.name)
    }

    /// The first bound that this Python does not meet.
    pub fn unmet(&self, version: (u32, u32)) -> Option<&Limit> {
        self.limits.iter().find(|limit| match limit {
            Limit::AtLeast(bound) => version < *bound,
            Limit::Below(bound) => version >= *bound,
        })
    }

    /// Whether a program of the case asks for the server's address.
    pub fn uses_server(&self) -> bool {
        let files = python_files(&self.folder).unwrap_or_default();
        let mut texts = files
            .iter()
            .filter_map(|file| fs::read_to_string(self.folder.join(file)).ok());
        texts.any(|text| text.contains("\"BASE\""))
    }

    /// Copies the folder to a temporary one.
    pub fn copy(&self) -> Result<TempDir, String> {
        // Not the default prefix: it makes a hidden folder.
        let copy = tempfile::Builder::new().prefix("awaitify-case-").tempdir();
        let copy = copy.map_err(|error| format!("no temporary folder: {error}"))?;
        copy_folder(&self.folder, copy.path())
            .map_err(|error| format!("cannot copy {}: {error}", self.folder.display()))?;
        Ok(copy)
    }

    /// The Python files of `copy` that differ from the case's own, sorted.
    pub fn changed_files(&self, copy: &Path) -> Result<Vec<String>, String> {
        let mut files = python_files(&self.folder)?;
        files.extend(python_files(copy)?);
        files.sort();
        files.dedup();
        files
            .retain(|file| fs::read(self.folder.join(file)).ok() != fs::read(copy.join(file)).ok());
        Ok(files)
    }
}

impl Limit {
    fn parse(text: &str) -> Option<Self> {
        let (is_floor, version) = match text.trim().strip_prefix(">=") {
            Some(version) => (true, version),
            None => (false, text.trim().strip_prefix('<')?),
        };
        let (major, minor) = version.trim().split_once('.')?;
        let version = (major.parse().ok()?, minor.parse().ok()?);
        Some(if is_floor {
            Self::AtLeast(version)
        } else {
            Self::Below(version)
        })
    }
}

/// The paths of the Python files below `folder`, relative to it.
fn python_files(folder: &Path) -> Result<Vec<String>, String> {
    fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                collect(root, &path, files)?;
            } else if path.extension().is_some_and(|extension| extension == "py") {
                let relative = path.strip_prefix(root).unwrap_or(&path);
                files.push(relative.to_string_lossy().into_owned());
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    collect(folder, folder, &mut files)
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
