//! Which files to look at, and their bytes.
//!
//! A directory is walked with `.gitignore` and `.ignore` respected (outside of git too), without hidden entries and
//! without the directories that hold other people's code. A file or directory that is named is taken, whatever these
//! rules say about it. Symbolic links that the walk meets are passed over: what they point to inside the tree is
//! found in its own place, and what lies outside of it was not named.

// Discovery is one of the edges at which I/O is allowed (see `clippy.toml`).
#![allow(clippy::disallowed_methods)]

use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, mpsc};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::prelude::*;

use crate::notebook;
use crate::plan::{Problem, Severity};

/// The directories that a walk does not enter: version control, environments, caches, build output, and code that
/// was copied in. gitignore syntax, so that `!name/` in the configuration takes one back.
pub const DEFAULT_EXCLUDES: [&str; 24] = [
    ".git/",
    ".hg/",
    ".svn/",
    ".venv/",
    "venv/",
    "env/",
    ".tox/",
    ".nox/",
    "node_modules/",
    "__pycache__/",
    "__pypackages__/",
    "site-packages/",
    "build/",
    "dist/",
    ".eggs/",
    "*.egg-info/",
    ".mypy_cache/",
    ".ruff_cache/",
    ".pytest_cache/",
    "buck-out/",
    "_vendor/",
    "vendor/",
    "vendored/",
    "third_party/",
];

/// How many bytes of a file may say what runs it: Linux itself reads no more (`BINPRM_BUF_SIZE`).
const SHEBANG_LENGTH: usize = 256;

/// How many lines of a file [`is_generated`] looks at.
const GENERATED_LINES: usize = 5;

/// What a file holds, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A module: `.py`, `.pyw`.
    Module,
    /// A stub (`.pyi`): it describes code and has none to migrate.
    Stub,
    /// Python under any other name, which nobody can import.
    Script,
    /// A notebook or Cython source: it may call the project's functions, and is not migrated.
    Foreign,
}

impl Kind {
    /// What a file of this name holds, if it holds any Python.
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("py" | "pyw") => Self::Module,
            Some("pyi") => Self::Stub,
            Some("ipynb" | "pyx" | "pxi") => Self::Foreign,
            _ => Self::Script,
        }
    }
}

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The canonical path: where to read and write. Kept exactly, whatever bytes the name holds.
    pub path: PathBuf,
    /// The name for people: relative to the working directory where inside it, else to the argument as given; `/`
    /// between the parts, no leading `./`, and U+FFFD for what is not Unicode.
    pub name: String,
    /// The 0-based argument that led to it; the first, where several did.
    pub root: usize,
    /// What it holds.
    pub kind: Kind,
    /// Whether it was named itself, rather than found in a directory.
    pub explicit: bool,
    /// Whether it lies in the project but outside of what is to be migrated: it is read, and never changed.
    pub outside: bool,
}

/// What [`discover`] found.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// The files, sorted by the bytes of their paths, each once.
    pub files: Vec<Found>,
    /// What could not be found or read, sorted by file.
    pub problems: Vec<Problem>,
}

/// What [`discover`] needs to know.
#[derive(Clone, Debug)]
pub struct DiscoveryOptions {
    /// The directory that names are relative to, and that relative arguments start from.
    pub working_directory: PathBuf,
    /// The directory that [`Self::exclude`] is relative to: the configuration's.
    pub root: PathBuf,
    /// gitignore-style patterns, on top of [`DEFAULT_EXCLUDES`].
    pub exclude: Vec<String>,
    /// How many threads walk; 0 lets the machine decide. The result is the same.
    pub threads: usize,
}

impl Default for DiscoveryOptions {
    /// For the current directory.
    fn default() -> Self {
        let working_directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        Self {
            root: working_directory.clone(),
            working_directory,
            exclude: Vec::new(),
            threads: 0,
        }
    }
}

/// Finds the Python files (`.py`, `.pyw`, `.pyi`, and files without an extension whose first line says that Python runs
/// them), the notebooks and the Cython sources under `paths`, and takes the files that are named whatever they are called.
///
/// Never fails as a whole: a path that is not there, or a pattern that cannot be read, is a problem with
/// [`Severity::Error`]; a directory that cannot be read is a warning.
pub fn discover(paths: &[PathBuf], options: &DiscoveryOptions) -> Discovered {
    let working = canonical_or_same(&options.working_directory);
    let mut problems = Vec::new();
    let excludes = Arc::new(excludes(options, &mut problems));
    let mut found: Vec<(PathBuf, usize, bool)> = Vec::new();
    // The canonical form of each argument.
    let mut roots = Vec::with_capacity(paths.len());
    for (root, given) in paths.iter().enumerate() {
        let path = match options.working_directory.join(given).canonicalize() {
            Ok(path) => path,
            Err(error) => {
                problems.push(missing(given, &error));
                roots.push(PathBuf::new());
                continue;
            }
        };
        if path.is_dir() {
            let (files, errors) = walk(&path, &excludes, options.threads);
            found.extend(files.into_iter().map(|file| (file, root, false)));
            problems.extend(errors.iter().map(|error| {
                let file = path_of_error(error).unwrap_or(&path);
                unreadable(name_of(file, &working, given, &path), error)
            }));
        } else if path.is_file() {
            found.push((path.clone(), root, true));
        } else {
            problems.push(Problem {
                severity: Severity::Error,
                file: slashes(given),
                line: None,
                message: "neither a file nor a directory".to_string(),
                remedy: "name files and directories".to_string(),
            });
        }
        roots.push(path);
    }

    // By bytes: comparing paths part by part costs several times as much, and any fixed order will do.
    found
        .par_sort_unstable_by(|a, b| (a.0.as_os_str(), a.1, a.2).cmp(&(b.0.as_os_str(), b.1, b.2)));
    found.dedup_by(|later, first| {
        let same = later.0 == first.0;
        first.2 |= same && later.2;
        same
    });
    let name = |(path, root, explicit): (PathBuf, usize, bool)| {
        let given = paths.get(root).map_or(Path::new(""), PathBuf::as_path);
        let canonical = roots.get(root).map_or(Path::new(""), PathBuf::as_path);
        Found {
            name: name_of(&path, &working, given, canonical),
            kind: Kind::of(&path),
            path,
            root,
            explicit,
            outside: false,
        }
    };
    let files = found.into_par_iter().map(name).collect();

    problems.sort_by(|a, b| (&a.file, &a.message).cmp(&(&b.file, &b.message)));
    problems.dedup();
    Discovered { files, problems }
}

/// The files of a project that are not among those that are `inside`: they lie beside the given paths, or the user's
/// patterns exclude them. What cannot be read is passed over. Sorted, with the others, by [`merge`].
pub fn outside(project: &Path, inside: &[Found], options: &DiscoveryOptions) -> Vec<Found> {
    let options = DiscoveryOptions {
        exclude: Vec::new(),
        ..options.clone()
    };
    let mut files = discover(&[project.to_path_buf()], &options).files;
    files.retain(|file| {
        inside
            .binary_search_by(|other| other.path.as_os_str().cmp(file.path.as_os_str()))
            .is_err()
    });
    for file in &mut files {
        file.outside = true;
    }
    files
}

/// Two sorted lists of files in one.
pub fn merge(mut inside: Vec<Found>, outside: Vec<Found>) -> Vec<Found> {
    inside.extend(outside);
    inside.par_sort_unstable_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    inside
}

/// The bytes of a file.
///
/// # Errors
/// As [`std::fs::read`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// The code of a file, to look for names in: its bytes, or the code cells of a notebook.
///
/// # Errors
/// As [`std::fs::read`].
pub fn read_code(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = std::fs::read(path)?;
    let is_notebook = path
        .extension()
        .is_some_and(|extension| extension == "ipynb");
    Ok(match is_notebook {
        true => notebook::code(&bytes).unwrap_or(bytes),
        false => bytes,
    })
}

/// Whether the start of a file says that a program wrote it. `head` may be the whole file: only its first five lines
/// count. See [`is_generated_name`] too.
pub fn is_generated(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n')
        .take(GENERATED_LINES)
        .any(|line| {
            let contains = |text: &str| memchr::memmem::find(line, text.as_bytes()).is_some();
            // At the start of a line it would be a decorator.
            let marked = contains("@generated") && !line.trim_ascii_start().starts_with(b"@");
            let comment = memchr::memchr(b'#', line).and_then(|hash| line.get(hash..));
            let forbids = comment.is_some_and(|comment| {
                memchr::memmem::find(&comment.to_ascii_uppercase(), b"DO NOT EDIT").is_some()
            });
            marked || forbids || contains("Generated by the protocol buffer compiler")
        })
}

/// Why a file is read, and not changed, though it is among those to migrate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftAlone {
    /// A program writes it.
    Generated,
    /// A tool runs it by its name, before the project's dependencies are there, and awaits nothing in it: `setup.py`, the
    /// `conf.py` of Sphinx.
    Tool,
    /// Its coroutines run in the loop of another library, in which nothing of `asyncio` works.
    OtherLoop(&'static str),
}

impl LeftAlone {
    /// Whether a file is left alone, by its name and text.
    pub fn of(path: &Path, bytes: &[u8]) -> Option<Self> {
        if is_generated(bytes) || is_generated_name(path) {
            return Some(Self::Generated);
        }
        if is_of_tool(path, bytes) {
            return Some(Self::Tool);
        }
        other_loop(bytes).map(Self::OtherLoop)
    }

    /// Whether it counts for a file that is named on the command line, too: no name makes `asyncio` work there.
    pub fn is_certain(self) -> bool {
        matches!(self, Self::OtherLoop(_))
    }

    /// What to tell the user, and what can be done.
    pub fn describe(self) -> (String, &'static str) {
        match self {
            Self::Generated => (
                "the file is generated and was left alone".to_string(),
                "change its generator, or name the file on the command line",
            ),
            Self::Tool => (
                "the file is run by a tool, before the dependencies of the project are there, and was left alone".to_string(),
                "keep what it runs sync, or name the file on the command line",
            ),
            Self::OtherLoop(library) => (
                format!("the file runs on {library}, in which nothing of asyncio works, and was left alone"),
                "use the library's own functions for files, threads and sleeping",
            ),
        }
    }
}

/// Whether a tool runs a file by its name: the scripts of setuptools with versioneer's, and the settings of Sphinx.
fn is_of_tool(path: &Path, bytes: &[u8]) -> bool {
    let holds = |text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
    match path.file_name().and_then(|name| name.to_str()) {
        Some("setup.py") => ["setuptools", "distutils", "skbuild"]
            .iter()
            .any(|text| holds(text)),
        Some("versioneer.py") => holds("versioneer"),
        Some("conf.py") => ["\nextensions", "sphinx", "html_theme"]
            .iter()
            .any(|text| holds(text)),
        _ => false,
    }
}

/// The libraries whose event loops are not those of `asyncio`.
const OTHER_LOOPS: [&str; 2] = ["curio", "trio"];

/// The other library whose loop a file imports, if it does without `asyncio`.
fn other_loop(bytes: &[u8]) -> Option<&'static str> {
    let holds = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
    if !OTHER_LOOPS.iter().any(|name| holds(name)) {
        return None;
    }
    let imports = |name: &str| {
        bytes.split(|byte| *byte == b'\n').any(|line| {
            let line = line.trim_ascii_start();
            let Some(rest) = line
                .strip_prefix(b"import ")
                .or_else(|| line.strip_prefix(b"from "))
            else {
                return false;
            };
            rest.trim_ascii_start()
                .strip_prefix(name.as_bytes())
                .is_some_and(|after| {
                    !after
                        .first()
                        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                })
        })
    };
    let found = OTHER_LOOPS.into_iter().find(|name| imports(name))?;
    (!imports("asyncio")).then_some(found)
}

/// Whether a file has a name that the protocol buffer compiler gives: `x_pb2.py`, `x_pb2_grpc.py`.
pub fn is_generated_name(path: &Path) -> bool {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .is_some_and(|stem| stem.ends_with("_pb2") || stem.ends_with("_pb2_grpc"))
}

/// The default excludes and those of the user in one matcher, so that a later pattern may take an earlier one back.
fn excludes(options: &DiscoveryOptions, problems: &mut Vec<Problem>) -> Gitignore {
    let mut builder = GitignoreBuilder::new(canonical_or_same(&options.root));
    let mut bad = |pattern: &str, error: &ignore::Error| {
        problems.push(Problem {
            severity: Severity::Error,
            file: "exclude".to_string(),
            line: None,
            message: format!("`{pattern}` is not a gitignore-style pattern: {error}"),
            remedy: "correct the pattern".to_string(),
        });
    };
    let user = options.exclude.iter().map(String::as_str);
    for pattern in DEFAULT_EXCLUDES.into_iter().chain(user) {
        if let Err(error) = builder.add_line(None, pattern) {
            bad(pattern, &error);
        }
    }
    builder.build().unwrap_or_else(|error| {
        bad(&options.exclude.join(" "), &error);
        Gitignore::empty()
    })
}

/// The files to look at under a canonical directory, in any order, and what could not be read.
fn walk(
    root: &Path,
    excludes: &Arc<Gitignore>,
    threads: usize,
) -> (Vec<PathBuf>, Vec<ignore::Error>) {
    let excludes = Arc::clone(excludes);
    let walker = WalkBuilder::new(root)
        .follow_links(false)
        // Hidden entries are left to `enters`, so that a pattern can take one back.
        .hidden(false)
        .require_git(false)
        // The result must not depend on who runs it.
        .git_global(false)
        .threads(threads)
        .filter_entry(move |entry| enters(entry, &excludes))
        .build_parallel();
    let (sender, receiver) = mpsc::channel();
    walker.run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            let message = match entry {
                Ok(entry) if is_wanted(&entry) => Ok(entry.into_path()),
                Ok(_) => return WalkState::Continue,
                Err(error) => Err(error),
            };
            // The receiver outlives the walk, so this cannot fail; stopping is right if it ever does.
            match sender.send(message) {
                Ok(()) => WalkState::Continue,
                Err(_) => WalkState::Quit,
            }
        })
    });
    drop(sender);
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for message in receiver {
        match message {
            Ok(file) => files.push(file),
            Err(error) => errors.push(error),
        }
    }
    (files, errors)
}

/// Whether the walk goes on with an entry. The root itself always does: it was named.
fn enters(entry: &DirEntry, excludes: &Gitignore) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    if entry.path_is_symlink() {
        return false;
    }
    let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    let verdict = excludes.matched(entry.path(), is_directory);
    if verdict.is_whitelist() {
        return true;
    }
    let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
    // A virtual environment may have any name (PEP 405), and so may one of Conda.
    let holds = |name: &str| entry.path().join(name).exists();
    let environment = || is_directory && (holds("pyvenv.cfg") || holds("conda-meta"));
    !(verdict.is_ignore() || hidden || environment())
}

/// A regular file that holds Python, or may name what Python files define.
fn is_wanted(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
        && match Kind::of(entry.path()) {
            Kind::Module | Kind::Stub | Kind::Foreign => true,
            Kind::Script => entry.path().extension().is_none() && is_run_by_python(entry.path()),
        }
}

/// Whether the first line of a file says that Python runs it.
fn is_run_by_python(path: &Path) -> bool {
    let mut head = [0; SHEBANG_LENGTH];
    let mut length = 0;
    let Ok(mut file) = std::fs::File::open(path) else {
        return false;
    };
    while let Ok(read) = file.read(&mut head[length..])
        && read > 0
    {
        length += read;
    }
    let line = head[..length]
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let names = |text: &str| memchr::memmem::find(line, text.as_bytes()).is_some();
    line.starts_with(b"#!") && ["python", "pypy", "uv run"].into_iter().any(names)
}

/// The canonical path, or the path itself where there is none.
fn canonical_or_same(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// [`Found::name`]: `file` was found at `path`, the canonical form of the argument `given`.
fn name_of(file: &Path, working: &Path, given: &Path, path: &Path) -> String {
    if let Ok(inside) = file.strip_prefix(working) {
        return slashes(inside);
    }
    match file.strip_prefix(path) {
        Ok(below) if below.as_os_str().is_empty() => slashes(given),
        Ok(below) => slashes(&given.join(below)),
        Err(_) => slashes(file),
    }
}

/// A path with `/` between the parts and without `.` parts; `.` for the empty one.
fn slashes(path: &Path) -> String {
    let mut name = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::RootDir => name.push('/'),
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {
                if !name.is_empty() && !name.ends_with('/') {
                    name.push('/');
                }
                name.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    if name.is_empty() {
        ".".to_string()
    } else {
        name
    }
}

/// A named path that cannot be reached.
fn missing(given: &Path, error: &io::Error) -> Problem {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_string(),
        _ => format!("cannot be reached: {error}"),
    };
    Problem {
        severity: Severity::Error,
        file: slashes(given),
        line: None,
        message,
        remedy: "check the path".to_string(),
    }
}

/// A directory or entry that the walk cannot read.
fn unreadable(file: String, error: &ignore::Error) -> Problem {
    // The bare error: `ignore` puts the absolute path in front of it.
    let reason = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    Problem {
        severity: Severity::Warning,
        file,
        line: None,
        message: format!("cannot be read: {reason}"),
        remedy: "check its permissions, or exclude it".to_string(),
    }
}

/// The path that a walk's error is about.
fn path_of_error(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of_error(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of_error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory with these files; the text of each is empty.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        for file in files {
            write(directory.path(), file, "");
        }
        directory
    }

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }

    fn options(root: &Path) -> DiscoveryOptions {
        DiscoveryOptions {
            working_directory: root.to_path_buf(),
            root: root.to_path_buf(),
            ..DiscoveryOptions::default()
        }
    }

    /// The names under the arguments; no problem is expected.
    #[track_caller]
    fn names(root: &Path, paths: &[&str], exclude: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let mut options = options(root);
        options.exclude = exclude.iter().map(ToString::to_string).collect();
        let found = discover(&paths, &options);
        assert_eq!(found.problems, []);
        for threads in [1, 4] {
            options.threads = threads;
            assert_eq!(discover(&paths, &options).files, found.files);
        }
        found.files.into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn finds_python_files_and_nothing_else() {
        let root = tree(&[
            "b.py",
            "a/x.pyi",
            "a/y.pyw",
            "a/z.txt",
            "a/.hidden.py",
            ".dir/q.py",
            "a.py/c.py",
        ]);
        let root = root.path();
        assert_eq!(
            names(root, &["."], &[]),
            ["a.py/c.py", "a/x.pyi", "a/y.pyw", "b.py"]
        );
        let found = discover(&[PathBuf::from(".")], &options(root));
        let stubs: Vec<bool> = found
            .files
            .iter()
            .map(|file| file.kind == Kind::Stub)
            .collect();
        assert_eq!(stubs, [false, true, false, false]);
    }

    #[test]
    fn respects_gitignore_outside_of_git() {
        let root = tree(&["a.py", "gen/b.py", "sub/c.py", "sub/d.py"]);
        let root = root.path();
        write(root, ".gitignore", "gen/\n");
        write(root, "sub/.gitignore", "c.py\n");
        assert_eq!(names(root, &["."], &[]), ["a.py", "sub/d.py"]);
        // Of a parent, too; but what is named is taken.
        assert_eq!(names(root, &["sub"], &[]), ["sub/d.py"]);
        assert_eq!(
            names(root, &["sub/c.py", "gen"], &[]),
            ["gen/b.py", "sub/c.py"]
        );
    }

    #[test]
    fn skips_what_belongs_to_others() {
        let root = tree(&[
            "a.py",
            "env.py",
            "x/build/b.py",
            "vendor/c.py",
            "site-packages/d.py",
            "p.egg-info/e.py",
            "my-env/lib/f.py",
            "my-env/pyvenv.cfg",
            "other/lib/g.py",
            "other/conda-meta/history",
        ]);
        let root = root.path();
        assert_eq!(names(root, &["."], &[]), ["a.py", "env.py"]);
        assert_eq!(
            names(root, &["."], &["!vendor/"]),
            ["a.py", "env.py", "vendor/c.py"]
        );
        assert_eq!(
            names(root, &["x/build", "vendor", "my-env"], &[]),
            ["my-env/lib/f.py", "vendor/c.py", "x/build/b.py"]
        );
    }

    #[test]
    fn a_directory_inside_an_excluded_one_can_be_walked() {
        let root = tree(&["build/.venv/a.py"]);
        let inner = root.path().join("build/.venv");
        assert_eq!(names(&inner, &["."], &[]), ["a.py"]);
    }

    #[test]
    fn user_excludes_are_relative_to_the_configuration() {
        let root = tree(&["tests/a.py", "src/tests/b.py", "src/c.py", "src/c_old.py"]);
        let root = root.path();
        assert_eq!(
            names(root, &["."], &["/tests", "*_old.py"]),
            ["src/c.py", "src/tests/b.py"]
        );
        assert_eq!(
            names(root, &["."], &["tests/", ".hg"]),
            ["src/c.py", "src/c_old.py"]
        );
        assert_eq!(
            names(root, &["src"], &["src/tests"]),
            ["src/c.py", "src/c_old.py"]
        );
        assert_eq!(names(root, &["tests"], &["/tests"]), ["tests/a.py"]);
        let mut options = options(root);
        options.exclude = vec!["[z-a]".to_string()];
        let found = discover(&[PathBuf::from("src")], &options);
        assert_eq!(found.problems[0].severity, Severity::Error);
        assert_eq!(found.files.len(), 3);
    }

    #[test]
    fn names_and_duplicates() {
        let root = tree(&["in/a.py", "out/b.py", "in/noext"]);
        let inside = root.path().join("in");
        assert_eq!(
            names(
                &inside,
                &[
                    "./a.py",
                    ".",
                    "../in/a.py",
                    "noext",
                    "../out",
                    "./../out/b.py"
                ],
                &[]
            ),
            ["a.py", "noext", "../out/b.py"]
        );
        let absolute = root.path().join("out");
        let given = absolute.to_str().expect("Unicode");
        assert_eq!(names(&inside, &[given], &[]), [format!("{given}/b.py")]);
        let paths = [PathBuf::from("."), PathBuf::from("a.py")];
        let found = discover(&paths, &options(&inside));
        assert_eq!((found.files[0].root, found.files[0].explicit), (0, true));
    }

    #[test]
    fn missing_paths_are_errors() {
        let root = tree(&["a.py"]);
        let paths = ["nowhere/x.py", "a.py", "a.py/b"].map(PathBuf::from);
        let found = discover(&paths, &options(root.path()));
        assert_eq!(found.files.len(), 1);
        assert_eq!(found.problems[1].file, "nowhere/x.py");
        assert_eq!(found.problems[1].severity, Severity::Error);
        assert_eq!(found.problems[1].message, "no such file or directory");
        assert_eq!(found.problems[1].remedy, "check the path");
        assert_eq!(found.problems[0].file, "a.py/b");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_but_can_be_named() {
        use std::os::unix::fs::symlink;
        let root = tree(&["in/a.py", "out/b.py"]);
        let inside = root.path().join("in");
        symlink("../out", inside.join("dir")).expect("a link");
        symlink("../out/b.py", inside.join("file.py")).expect("a link");
        symlink("a.py", inside.join("same.py")).expect("a link");
        symlink("gone.py", inside.join("broken.py")).expect("a link");
        symlink(".", inside.join("loop")).expect("a link");
        assert_eq!(names(&inside, &["."], &[]), ["a.py"]);
        assert_eq!(names(&inside, &["same.py"], &[]), ["a.py"]);
        assert_eq!(names(&inside, &["file.py"], &[]), ["file.py"]);
        assert_eq!(names(&inside, &["dir"], &[]), ["dir/b.py"]);
        let found = discover(&[PathBuf::from("file.py")], &options(&inside));
        let real = root.path().join("out/b.py").canonicalize().expect("exists");
        assert_eq!(found.files[0].path, real);
        let found = discover(&[PathBuf::from("broken.py")], &options(&inside));
        assert_eq!(found.problems[0].message, "no such file or directory");
    }

    #[cfg(unix)]
    #[test]
    fn unreadable_directories_are_warnings() {
        use std::os::unix::fs::PermissionsExt;
        let root = tree(&["a.py", "locked/b.py"]);
        let locked = root.path().join("locked");
        let allow = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&locked, permissions).expect("is ours");
        };
        allow(0o000);
        let is_superuser = std::fs::read_dir(&locked).is_ok();
        let found = discover(&[PathBuf::from(".")], &options(root.path()));
        allow(0o755);
        if is_superuser {
            return;
        }
        assert_eq!(found.files.len(), 1);
        assert_eq!(found.problems[0].severity, Severity::Warning);
        assert_eq!(found.problems[0].file, "locked");
    }

    #[test]
    fn errors_of_the_walk_name_the_place() {
        let error = ignore::Error::WithDepth {
            depth: 1,
            err: Box::new(ignore::Error::WithPath {
                path: PathBuf::from("/w/locked"),
                err: Box::new(ignore::Error::Io(io::ErrorKind::PermissionDenied.into())),
            }),
        };
        assert_eq!(path_of_error(&error), Some(Path::new("/w/locked")));
        let problem = unreadable("locked".to_string(), &error);
        assert_eq!(problem.message, "cannot be read: permission denied");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_unicode() {
        use std::os::unix::ffi::OsStrExt;
        let root = tree(&[]);
        let path = root.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.py"));
        std::fs::write(&path, "x = 1\n").expect("a file");
        let found = discover(&[PathBuf::from(".")], &options(root.path()));
        assert_eq!(found.files[0].name, "caf\u{fffd}.py");
        assert_eq!(read(&found.files[0].path).expect("exists"), b"x = 1\n");
    }

    #[test]
    fn scripts_are_known_by_their_first_line() {
        let root = tree(&["LICENSE", "n.ipynb", "c.pyx", "tool.txt"]);
        let root = root.path();
        for (name, head) in [
            ("env", "#!/usr/bin/env python3\nimport sys\n"),
            ("plain", "#!/usr/bin/python -u"),
            ("uv", "#!/usr/bin/env -S uv run --script\n"),
            ("shell", "#!/bin/sh\npython x.py\n"),
            ("late", "\n#!/usr/bin/env python3\n"),
            ("text.md", "#!/usr/bin/env python3\n"),
        ] {
            write(root, name, head);
        }
        assert_eq!(
            names(root, &["."], &[]),
            ["c.pyx", "env", "n.ipynb", "plain", "uv"]
        );
        let kinds = |name: &str| Kind::of(Path::new(name));
        assert_eq!(kinds("a/env"), Kind::Script);
        assert_eq!(kinds("n.ipynb"), Kind::Foreign);
        assert_eq!(kinds("a.pyw"), Kind::Module);
    }

    #[test]
    fn recognises_generated_files() {
        for head in [
            "# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\n",
            "\"\"\"x\n\nThis is @generated.\n",
            "# @generated by x\n",
            "x = 1  # do not edit\n",
        ] {
            assert!(is_generated(head.as_bytes()), "{head}");
        }
        assert!(!is_generated(b"\n\n\n\n\n# @generated\n"));
        assert!(!is_generated(b"@generated\ndef f(): pass\n"));
        assert!(!is_generated(b"print('DO NOT EDIT')\n"));
        assert!(is_generated_name(Path::new("a/x_pb2.py")));
        assert!(is_generated_name(Path::new("x_pb2_grpc.py")));
        assert!(!is_generated_name(Path::new("pb2.py")));
    }
}
