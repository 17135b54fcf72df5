//! A case: its folder, and the `# case:` lines at the top of its `before.py`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The folder that holds the areas.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/behaviour");

/// The program of a case. Other files of its folder are migrated with it.
pub const PROGRAM: &str = "before.py";

/// The file of an area that names the cases whose migration is still to come.
pub const PENDING: &str = "PENDING";

/// What follows `awaitify apply` in the cases of an area that name no arguments of their own.
const AREA_ARGS: [(&str, &[&str]); 1] = [("project", &["--scope", "project", "--seed", "all"])];

/// One case.
#[derive(Debug, Default)]
pub struct Case {
    /// The folder of its area.
    pub area: String,
    /// The name of its own folder.
    pub name: String,
    /// The folder itself.
    pub folder: PathBuf,
    /// `# case: args = ...`: what follows `awaitify apply`. Without it, the arguments of the area.
    pub args: Vec<String>,
    /// `# case: exit = 3`: how the program must end; 0 without it.
    pub exit: i32,
    /// `# case: py >= 3.12`, `# case: py < 3.13`.
    pub limits: Vec<Limit>,
    /// `# case: unchanged`: the migration must leave every file as it is.
    pub unchanged: bool,
    /// `# case: may stay`: leaving every file as it is would be right as well.
    pub may_stay: bool,
    /// `# case: keep FILE`: a file that must stay as it is.
    pub keep: Vec<String>,
    /// `# case: expect = ...`, `# case: expect FILE = ...`: what a migrated file must hold.
    pub expect: Vec<Promise>,
    /// `# case: reject = ...`, `# case: reject FILE = ...`: what it must not hold.
    pub reject: Vec<Promise>,
    /// Listed in `PENDING`: the migration must be sound, and is not yet all that the lines above ask for.
    pub pending: bool,
}

/// A text that a migrated file must, or must not, hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The path of the file in the case's folder.
    pub file: String,
    /// The text.
    pub text: String,
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

/// The cases that `PENDING` in the folder of an area lists; none without that file.
///
/// The error is a name without a case, which would stay for ever, or one that is out of order or there twice.
pub fn pending(area: &Path) -> Result<Vec<String>, String> {
    let path = area.join(PENDING);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let names = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    let cases = folders(area);
    for name in &names {
        if !cases.iter().any(|case| case == name) {
            return Err(format!("{}: there is no case `{name}`", path.display()));
        }
    }
    if let Some(pair) = names.windows(2).find(|pair| pair[0] >= pair[1]) {
        return Err(format!(
            "{}: not sorted, or twice the same: `{}`, `{}`",
            path.display(),
            pair[0],
            pair[1]
        ));
    }
    Ok(names.into_iter().map(str::to_owned).collect())
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
            args: AREA_ARGS
                .iter()
                .filter(|(of, _)| *of == area)
                .flat_map(|(_, args)| args.iter().map(|&arg| arg.to_owned()))
                .collect(),
            ..Self::default()
        };
        case.with_header(&text)?.with_files()
    }

    fn with_header(mut self, text: &str) -> Result<Self, String> {
        for line in text.lines() {
            let Some(setting) = line.strip_prefix("# case:").map(str::trim) else {
                continue;
            };
            let wrong = || format!("{}: `{line}` is no setting of a case", self.title());
            if setting == "unchanged" {
                self.unchanged = true;
            } else if setting == "may stay" {
                self.may_stay = true;
            } else if let Some(limit) = setting.strip_prefix("py ") {
                self.limits.push(Limit::parse(limit).ok_or_else(wrong)?);
            } else if let Some(file) = setting.strip_prefix("keep ") {
                self.keep.push(file.trim().to_owned());
            } else {
                let (key, value) = setting.split_once('=').ok_or_else(wrong)?;
                let value = value.trim();
                let (key, file) = match key.trim().split_once(' ') {
                    Some((key, file)) => (key, Some(file.trim())),
                    None => (key.trim(), None),
                };
                let promise = || Promise {
                    file: file.unwrap_or(PROGRAM).to_owned(),
                    text: value.to_owned(),
                };
                match (key, file) {
                    ("args", None) => {
                        self.args = value.split_whitespace().map(str::to_owned).collect();
                    }
                    ("exit", None) => self.exit = value.parse().map_err(|_| wrong())?,
                    ("expect", _) => self.expect.push(promise()),
                    ("reject", _) => self.reject.push(promise()),
                    _ => return Err(wrong()),
                }
            }
        }
        let promises = self.expect.len() + self.reject.len() + self.keep.len();
        if self.unchanged && (promises > 0 || self.may_stay) {
            return Err(format!(
                "{}: `unchanged` rules out `expect`, `reject`, `keep` and `may stay`",
                self.title()
            ));
        }
        Ok(self)
    }

    /// A promise about a file that is not there would hold for ever.
    fn with_files(self) -> Result<Self, String> {
        let promised = self.expect.iter().chain(&self.reject);
        let mut files = promised.map(|promise| &promise.file).chain(&self.keep);
        match files.find(|file| !self.folder.join(file).is_file()) {
            Some(file) => Err(format!("{}: has no `{file}`", self.title())),
            None => Ok(self),
        }
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
        files.retain(|file| self.is_changed(file, copy));
        Ok(files)
    }

    /// The texts in `copy` of the program, the files that `changed` and those that the case makes a promise about.
    pub fn texts(
        &self,
        copy: &Path,
        changed: &[String],
    ) -> Result<BTreeMap<String, String>, String> {
        let promised = self.expect.iter().chain(&self.reject);
        let files = promised.map(|promise| promise.file.as_str());
        let files = files.chain(changed.iter().map(String::as_str));
        let mut texts = BTreeMap::new();
        for file in files.chain([PROGRAM]) {
            let path = copy.join(file);
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            texts.insert(file.to_owned(), text);
        }
        Ok(texts)
    }

    /// Whether a file of `copy` differs from the case's own.
    pub fn is_changed(&self, file: &str, copy: &Path) -> bool {
        fs::read(self.folder.join(file)).ok() != fs::read(copy.join(file)).ok()
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

/// Copies what is in `from` into `to`, over what is there.
pub fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
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
