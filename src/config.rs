//! The configuration: `awaitify.toml`, or `[tool.awaitify]` in `pyproject.toml`, and what the project itself declares
//! (its Python versions and requirements).

// The configuration is one of the edges at which I/O is allowed (see `clippy.toml`).
#![allow(clippy::disallowed_methods)]

mod formatter;
mod pytest;
mod scripts;

pub use formatter::{LINE_LENGTH, line_length};
pub use pytest::{TestNames, test_names};
pub use scripts::{BUILD_HOOKS, Scripts, scripts};

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};
use ignore::gitignore::GitignoreBuilder;
use pep508_rs::pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use pep508_rs::{VerbatimUrl, VersionOrUrl};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codemod::Codemod;
use crate::declare;
use crate::plan::{Problem, Severity};
use crate::python::PythonVersion;

/// The file whose top-level keys are the settings.
const OWN_FILE: &str = "awaitify.toml";

/// The file that holds them under `[tool.awaitify]`.
const PYPROJECT: &str = "pyproject.toml";

/// The word that `select` and `seeds` take besides names of codemods.
const ALL: &str = "all";

/// How far the migration may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Only what is inside `async def` already: no function changes colour.
    Function,
    /// Functions become async where units need it, and their callers await them.
    #[default]
    Project,
}

/// The HTTP client that the new code uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HttpClient {
    /// `httpx.AsyncClient`
    #[default]
    Httpx,
    /// `httpx2.AsyncClient`: the maintained continuation of httpx, for Python 3.11 and newer.
    Httpx2,
    /// `aiohttp.ClientSession`
    Aiohttp,
}

/// How the new HTTP code treats the sync library's defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HttpStyle {
    /// Says explicitly what the sync library did by default (no timeout, redirects followed).
    #[default]
    Faithful,
    /// The bare form, with the async library's own defaults.
    Idiomatic,
}

/// What does the work of blocking file operations in async code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FileIo {
    /// aiofiles: each operation of a file goes to a thread of its own.
    #[default]
    Aiofiles,
    /// anyio: the same, with `anyio.open_file` and `anyio.Path`.
    Anyio,
    /// `asyncio.to_thread`: a helper that only works on its file goes to a thread as a whole.
    Thread,
}

/// The async driver that takes the place of psycopg2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PostgresDriver {
    /// psycopg 3.
    #[default]
    Psycopg,
    /// asyncpg: it has no cursors, other placeholders and strict types.
    Asyncpg,
}

/// What happens to the public names of a library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PublicApi {
    /// They become async like any other function; the summary lists them.
    #[default]
    Change,
    /// They stay sync.
    Keep,
}

/// A name or pattern of functions that stay sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepSync {
    /// As it is written.
    pub name: String,
    /// The file, as shown to the user, and the 1-based line; `None` for one of the command line.
    pub place: Option<(String, u32)>,
}

/// A codemod that a file of the user declares.
#[derive(Clone, Copy, Debug)]
pub struct UserCodemod(pub &'static Codemod);

impl PartialEq for UserCodemod {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name && self.0.readme == other.0.readme
    }
}

impl Eq for UserCodemod {}

/// Where [`Config::target_version`] comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TargetSource {
    /// `target-version` of the configuration.
    Config,
    /// The lowest version that the project's own metadata admits (`requires-python` and the like).
    Project,
    /// Nothing says: [`PythonVersion::DEFAULT`].
    #[default]
    Assumed,
}

/// The settings of a run, resolved; the command line goes over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The codemods to run; empty means the default set.
    pub select: Vec<String>,
    /// The codemods not to run.
    pub ignore: Vec<String>,
    /// `unsafe`: whether units that may change behaviour are taken.
    pub allow_unsafe: bool,
    /// How far the migration may reach.
    pub scope: Scope,
    /// The lowest Python that must run the result.
    pub target_version: PythonVersion,
    /// Where that comes from.
    pub target_source: TargetSource,
    /// `exclude` and `extend-exclude`: gitignore-style patterns relative to [`Self::root`], on top of the default
    /// excludes of [`crate::discovery`]; `!name/` takes a default one back.
    pub exclude: Vec<String>,
    /// Codemods that drive the propagation besides the usual ones, or `all`.
    pub seeds: Vec<String>,
    /// The functions that become async, by name (see [`crate::seeds`]). Where there are any, [`Self::scope`] is the project.
    pub make_async: Vec<String>,
    /// The functions that stay sync, by name.
    pub keep_sync: Vec<KeepSync>,
    /// Whether what the library offers may change.
    pub public_api: PublicApi,
    /// The functions that begin a program besides those that the code and the metadata show, as `package.module:function`.
    pub entry_points: Vec<String>,
    /// The user's own declarative codemods.
    pub codemods: Vec<UserCodemod>,
    /// How many barriers a half unit may have (see [`crate::assist`]); `None`, and no half unit is written. Where there is
    /// a number, [`Self::scope`] is the project.
    pub assist: Option<usize>,
    /// The HTTP client of the new code.
    pub http_client: HttpClient,
    /// How it treats defaults.
    pub http_style: HttpStyle,
    /// What does the work of file operations.
    pub file_io: FileIo,
    /// What takes the place of psycopg2.
    pub postgres_driver: PostgresDriver,
    /// The directories that hold top-level modules and packages: as configured, else the root and its `src`.
    pub src: Vec<PathBuf>,
    /// What the project says that it needs, as far as it can be read.
    pub requirements: Vec<Requirement>,
    /// What is worth knowing but stops nothing.
    pub problems: Vec<Problem>,
    /// The directory of [`Self::file`], else of the nearest project metadata, else where the search began.
    pub root: PathBuf,
    /// The directory that holds the whole project, where settings, metadata or `.git` tell it: what lies in it may call
    /// what is migrated.
    pub project: Option<PathBuf>,
    /// The file that the settings come from.
    pub file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            ignore: Vec::new(),
            allow_unsafe: false,
            scope: Scope::default(),
            target_version: PythonVersion::DEFAULT,
            target_source: TargetSource::default(),
            exclude: Vec::new(),
            seeds: Vec::new(),
            make_async: Vec::new(),
            keep_sync: Vec::new(),
            public_api: PublicApi::default(),
            entry_points: Vec::new(),
            codemods: Vec::new(),
            assist: None,
            http_client: HttpClient::default(),
            http_style: HttpStyle::default(),
            file_io: FileIo::default(),
            postgres_driver: PostgresDriver::default(),
            src: Vec::new(),
            requirements: Vec::new(),
            problems: Vec::new(),
            root: PathBuf::from("."),
            project: None,
            file: None,
        }
    }
}

/// One declared requirement of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The distribution, normalised (PEP 503): `flask-sqlalchemy`.
    pub name: String,
    /// As written. For Poetry, the name, a blank and the constraint.
    pub raw: String,
    /// Any of these sets may hold (Poetry's `||`); within a set, all must. Never empty.
    alternatives: Vec<VersionSpecifiers>,
}

/// What a project says about the versions of one distribution, in all of its declarations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSpec {
    declarations: Vec<Vec<VersionSpecifiers>>,
}

impl VersionSpec {
    /// Whether no release from `major.minor` on is allowed, by at least one declaration. A project that allows old
    /// releases in one environment and new ones in another must run with both, so one is enough.
    pub fn excludes_at_least(&self, major: u32, minor: u32) -> bool {
        let bound = [u64::from(major), u64::from(minor)];
        self.declarations.iter().any(|alternatives| {
            alternatives
                .iter()
                .all(|set| set.iter().any(|one| ends_below(one, bound)))
        })
    }
}

impl Config {
    /// What the project says about a distribution; `None` if it does not name it.
    pub fn requirement(&self, distribution: &str) -> Option<VersionSpec> {
        let name = normalise(distribution);
        let declarations: Vec<_> = self
            .requirements
            .iter()
            .filter(|requirement| requirement.name == name)
            .map(|requirement| requirement.alternatives.clone())
            .collect();
        (!declarations.is_empty()).then_some(VersionSpec { declarations })
    }

    /// Whether the project keeps a distribution below `major.minor` (`sqlalchemy<2`, `sqlalchemy~=1.4`). False for
    /// one that it does not name.
    pub fn pinned_below(&self, distribution: &str, major: u32, minor: u32) -> bool {
        self.requirement(distribution)
            .is_some_and(|spec| spec.excludes_at_least(major, minor))
    }
}

/// Whether a specifier allows no release from `bound` on. By release numbers only: `==2.0rc1` has the API of 2.0.
fn ends_below(specifier: &VersionSpecifier, bound: [u64; 2]) -> bool {
    let version = specifier.version();
    if version.epoch() > 0 {
        return false;
    }
    let release = version.release();
    // The first version past a prefix: `1.4` -> `1.5`.
    let after = |prefix: &[u64]| {
        let mut after = prefix.to_vec();
        if let Some(last) = after.last_mut() {
            *last = last.saturating_add(1);
        }
        after
    };
    let at_most_bound = |end: &[u64]| compare_releases(end, &bound).is_le();
    match specifier.operator() {
        Operator::LessThan => at_most_bound(release),
        Operator::LessThanEqual | Operator::Equal | Operator::ExactEqual => {
            compare_releases(release, &bound).is_lt()
        }
        Operator::EqualStar => at_most_bound(&after(release)),
        Operator::TildeEqual => {
            let prefix = release.split_last().map_or(&[][..], |(_, prefix)| prefix);
            at_most_bound(&after(prefix))
        }
        Operator::NotEqual
        | Operator::NotEqualStar
        | Operator::GreaterThan
        | Operator::GreaterThanEqual => false,
    }
}

/// Compares release numbers; missing ones are zero (PEP 440).
fn compare_releases(left: &[u64], right: &[u64]) -> std::cmp::Ordering {
    let number = |release: &[u64], at: usize| release.get(at).copied().unwrap_or(0);
    (0..left.len().max(right.len()))
        .map(|at| number(left, at).cmp(&number(right, at)))
        .find(|order| order.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

/// The known word that is most like `word`, if any is like it enough to suggest: a typing error or two, other
/// hyphens, or a part of a longer name. The CLI uses it for `--select` too.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |word: &str| word.to_lowercase().replace('_', "-");
    let word = fold(word);
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let distance = strsim::damerau_levenshtein(&word, &folded);
            if distance <= allowed {
                Some((0, distance, candidate))
            } else {
                let part = word.len() >= 3 && folded.contains(&word);
                part.then_some((1, distance, candidate))
            }
        })
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// Whether the project's settings put pytest-asyncio into auto mode.
pub fn asyncio_mode_is_auto(root: &Path) -> bool {
    [PYPROJECT, "pytest.ini", "setup.cfg", "tox.ini"]
        .iter()
        .any(|name| {
            std::fs::read_to_string(root.join(name)).is_ok_and(|text| {
                text.lines().any(|line| {
                    let line: String = line
                        .chars()
                        .filter(|c| !matches!(c, ' ' | '\t' | '"' | '\''))
                        .collect();
                    line == "asyncio_mode=auto" || line.contains("--asyncio-mode=auto")
                })
            })
        })
}

/// The files that may hold the settings of pytest.
const PYTEST_FILES: [&str; 5] = [
    PYPROJECT,
    "pytest.ini",
    ".pytest.ini",
    "setup.cfg",
    "tox.ini",
];

/// The first line of these files of the project that is as asked, as `file:line`.
fn setting(root: &Path, files: &[&str], is_one: impl Fn(&str) -> bool) -> Option<String> {
    files.iter().find_map(|name| {
        let text = std::fs::read_to_string(root.join(name)).ok()?;
        let line = text.lines().position(&is_one)?;
        Some(format!("{name}:{}", line + 1))
    })
}

/// The line of the project's settings by which pytest-asyncio gives tests or fixtures an event loop of a wider scope than
/// a function.
pub fn shared_test_loop(root: &Path) -> Option<String> {
    setting(root, &PYTEST_FILES, |line| {
        let is_key = |key: &str| line.trim_start().starts_with(key);
        (is_key("asyncio_default_fixture_loop_scope") || is_key("asyncio_default_test_loop_scope"))
            && !line.contains("function")
    })
}

/// The line of the project's settings that has the examples in docstrings run as tests.
pub fn doctests(root: &Path) -> Option<String> {
    let files = PYTEST_FILES.into_iter().chain(["Makefile"]);
    setting(root, &files.collect::<Vec<_>>(), |line| {
        let setting = line.split(['#', ';']).next().unwrap_or(line);
        [
            "doctest-modules",
            "doctest_modules",
            "doctest-glob",
            "-m doctest",
            "xdoctest",
        ]
        .iter()
        .any(|word| setting.contains(word))
    })
}

/// What to add to a message about an unknown word: `; did you mean ...?` with the [`nearest`] one, or nothing.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// Finds and reads the configuration.
///
/// `start` is the file or directory to migrate. The search goes up from there and ends at the first directory with
/// settings, at one that holds `.git`, or at the root of the file system. In one directory, `awaitify.toml` wins over
/// `pyproject.toml`. `explicit` (`--config`) names the file instead: `pyproject.toml`, or any other name for the form
/// of `awaitify.toml`. `known_codemods` are the names that `select`, `ignore` and `seeds` may hold.
///
/// What the settings leave open comes from the nearest directory that says it: the target version from
/// `requires-python`, Poetry's `python` or setup.cfg's `python_requires`; the requirements from the same files and
/// `requirements*.txt`.
///
/// # Errors
/// An unreadable or malformed file, an unknown key or name, a wrong type or value: all of them at once, one per line,
/// each with file and line.
pub fn load(
    start: &Path,
    explicit: Option<&Path>,
    known_codemods: &[&str],
) -> Result<Config, anyhow::Error> {
    let start = start_directory(start)?;
    let mut config = Config {
        root: start.clone(),
        ..Config::default()
    };
    let mut target = None;
    let mut errors = Vec::new();
    let mut found = false;
    if let Some(file) = explicit {
        let text = read(file)?;
        let root = start_directory(file)?;
        let is_pyproject = file.file_name().is_some_and(|name| name == PYPROJECT);
        let document = parse(&text, file)?;
        let mut reader = Reader::new(&text, file, &root, known_codemods, &mut errors);
        if is_pyproject {
            let Some(value) = tool_value(document.get_ref()) else {
                bail!("{}: has no [tool.awaitify] table", shown(file));
            };
            reader.read_tool(value, &mut config, &mut target);
        } else {
            reader.read(document.get_ref(), &mut config, &mut target);
        }
        config.root = root;
        config.file = Some(file.to_path_buf());
        found = true;
    }

    let mut metadata_root = None;
    let mut marked = None;
    let mut python = None;
    let mut requirements = Vec::new();
    for directory in start.ancestors() {
        let metadata = Metadata::read(directory)?;
        let own = directory.join(OWN_FILE);
        if !found && own.is_file() {
            let text = read(&own)?;
            let document = parse(&text, &own)?;
            let mut reader = Reader::new(&text, &own, directory, known_codemods, &mut errors);
            reader.read(document.get_ref(), &mut config, &mut target);
            config.root = directory.to_path_buf();
            config.file = Some(own);
            found = true;
        }
        if let Some((file, text)) = &metadata.pyproject {
            let document = parse(text, file)?;
            if !found && let Some(value) = tool_value(document.get_ref()) {
                let mut reader = Reader::new(text, file, directory, known_codemods, &mut errors);
                reader.read_tool(value, &mut config, &mut target);
                config.root = directory.to_path_buf();
                config.file = Some(file.clone());
                found = true;
            }
        }
        let (declared_python, declared) = metadata.declared(&mut config.problems)?;
        if declared_python.is_some() || !declared.is_empty() {
            metadata_root.get_or_insert(directory);
        }
        python = python.or(declared_python);
        if requirements.is_empty() {
            requirements = declared;
        }
        let complete = found && python.is_some() && !requirements.is_empty();
        let is_repository = directory.join(".git").exists();
        if is_repository || is_project(directory) {
            marked.get_or_insert(directory);
        }
        if complete || is_repository {
            break;
        }
    }
    if !errors.is_empty() {
        errors.sort();
        let lines: Vec<String> = errors.into_iter().map(|(_, line)| line).collect();
        bail!(lines.join("\n"));
    }

    if config.file.is_none()
        && let Some(root) = metadata_root
    {
        config.root = root.to_path_buf();
    }
    let told = config.file.is_some() || metadata_root.is_some();
    config.project = match told && start.starts_with(&config.root) {
        true => Some(config.root.clone()),
        false => marked.map(Path::to_path_buf),
    };
    if config.src.is_empty() {
        let mut base = config.root.clone();
        // A package was given, not a project: its modules have their names from where it is imported.
        if config.file.is_none() && metadata_root.is_none() {
            while base.join("__init__.py").is_file() && base.pop() {}
        }
        config.src = vec![base.clone(), base.join("src")];
        config.src.extend(pytest::search_path(&config.root));
    }
    (config.target_version, config.target_source) = match (target, python) {
        (Some(version), _) => (version, TargetSource::Config),
        (None, Some(version)) => (version, TargetSource::Project),
        (None, None) => (PythonVersion::DEFAULT, TargetSource::Assumed),
    };
    config.requirements = requirements;
    Ok(config)
}

/// Whether a directory says that it is a project's.
fn is_project(directory: &Path) -> bool {
    [PYPROJECT, "setup.py", "setup.cfg"]
        .iter()
        .any(|name| directory.join(name).is_file())
}

/// The absolute directory of a path: itself, or its parent for a file or a path that does not exist (which is for
/// discovery to report).
fn start_directory(path: &Path) -> Result<PathBuf, anyhow::Error> {
    let absolute = match path.canonicalize() {
        Ok(path) => path,
        Err(_) => std::path::absolute(path)
            .with_context(|| format!("cannot find the directory of `{}`", path.display()))?,
    };
    if absolute.is_dir() {
        return Ok(absolute);
    }
    Ok(absolute
        .parent()
        .map_or(absolute.clone(), Path::to_path_buf))
}

/// Reads a file that must be there.
fn read(file: &Path) -> Result<String, anyhow::Error> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", shown(file)))
}

/// Parses a TOML document; the error names file and line.
fn parse<'a>(text: &'a str, file: &Path) -> Result<Spanned<DeTable<'a>>, anyhow::Error> {
    DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        anyhow::anyhow!(
            "{}:{line}: not valid TOML: {}",
            shown(file),
            error.message()
        )
    })
}

/// The `[tool.awaitify]` value of a `pyproject.toml`.
fn tool_value<'a, 'i>(document: &'a DeTable<'i>) -> Option<&'a Spanned<DeValue<'i>>> {
    document.get("tool")?.get_ref().get("awaitify")
}

/// A path as people know it: relative to the working directory where it is inside.
fn shown(file: &Path) -> String {
    let working = std::env::current_dir().and_then(|directory| directory.canonicalize());
    let short = working.ok().and_then(|working| {
        let relative = file.strip_prefix(working).ok()?;
        (!relative.as_os_str().is_empty()).then(|| relative.display().to_string())
    });
    short.unwrap_or_else(|| file.display().to_string())
}

/// The 1-based line of an offset.
fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    u32::try_from(memchr::memchr_iter(b'\n', before).count() + 1).unwrap_or(u32::MAX)
}

/// Reads one table of settings, and collects what is wrong with it: messages with the offset that they are about.
struct Reader<'a> {
    text: &'a str,
    file: String,
    root: &'a Path,
    known: Vec<&'a str>,
    errors: &'a mut Vec<(usize, String)>,
}

/// The keys of the table.
const KEYS: [&str; 19] = [
    "select",
    "ignore",
    "unsafe",
    "scope",
    "target-version",
    "exclude",
    "extend-exclude",
    "seeds",
    "make-async",
    "keep-sync",
    "public-api",
    "entry-points",
    "codemods",
    "assist",
    "http-client",
    "http-style",
    "file-io",
    "postgres-driver",
    "src",
];

impl<'a> Reader<'a> {
    fn new(
        text: &'a str,
        file: &Path,
        root: &'a Path,
        known: &'a [&'a str],
        errors: &'a mut Vec<(usize, String)>,
    ) -> Self {
        Self {
            text,
            file: shown(file),
            root,
            known: known.to_vec(),
            errors,
        }
    }

    /// Reads `[tool.awaitify]`.
    fn read_tool(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        config: &mut Config,
        target: &mut Option<PythonVersion>,
    ) {
        match value.get_ref().as_table() {
            Some(table) => self.read(table, config, target),
            None => self.wrong_type("tool.awaitify", "a table", value),
        }
    }

    /// Reads every key.
    fn read(
        &mut self,
        table: &DeTable<'_>,
        config: &mut Config,
        target: &mut Option<PythonVersion>,
    ) {
        // The names that they have may stand in the other settings.
        if let Some(value) = table.get("codemods") {
            self.user_codemods(value, config);
        }
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "codemods" => {}
                "select" => config.select = self.codemods("select", value, &[ALL]),
                "ignore" => config.ignore = self.codemods("ignore", value, &[]),
                "seeds" => config.seeds = self.codemods("seeds", value, &[ALL]),
                "make-async" => {
                    let names = self.strings("make-async", value);
                    config.make_async = names.into_iter().map(|(name, _)| name).collect();
                }
                "keep-sync" => {
                    for (name, at) in self.strings("keep-sync", value) {
                        let place = Some((self.file.clone(), line_of(self.text, at)));
                        config.keep_sync.push(KeepSync { name, place });
                    }
                }
                "public-api" => match self.choice("public-api", value, &["keep", "change"]) {
                    Some("keep") => config.public_api = PublicApi::Keep,
                    Some("change") => config.public_api = PublicApi::Change,
                    _ => {}
                },
                "entry-points" => self.entry_points(value, config),
                "assist" => {
                    let number = value
                        .get_ref()
                        .as_integer()
                        .and_then(|number| number.as_str().parse().ok());
                    match number {
                        Some(0) | None => {
                            self.wrong_type("assist", "a whole number above 0", value)
                        }
                        number => config.assist = number,
                    }
                }
                "unsafe" => match value.get_ref().as_bool() {
                    Some(allow) => config.allow_unsafe = allow,
                    None => self.wrong_type("unsafe", "true or false", value),
                },
                "scope" => self.scope(value, config),
                "target-version" => {
                    if let Some(version) = self.string("target-version", value) {
                        match version.parse() {
                            Ok(version) => *target = Some(version),
                            Err(message) => self.error(value, format!("target-version: {message}")),
                        }
                    }
                }
                "exclude" => self.patterns("exclude", value, config),
                "extend-exclude" => self.patterns("extend-exclude", value, config),
                "http-client" => {
                    match self.choice("http-client", value, &["httpx", "httpx2", "aiohttp"]) {
                        Some("httpx") => config.http_client = HttpClient::Httpx,
                        Some("httpx2") => config.http_client = HttpClient::Httpx2,
                        Some("aiohttp") => config.http_client = HttpClient::Aiohttp,
                        _ => {}
                    }
                }
                "http-style" => {
                    let style = self.choice("http-style", value, &["faithful", "idiomatic"]);
                    match style {
                        Some("faithful") => config.http_style = HttpStyle::Faithful,
                        Some("idiomatic") => config.http_style = HttpStyle::Idiomatic,
                        _ => {}
                    }
                }
                "file-io" => {
                    match self.choice("file-io", value, &["aiofiles", "anyio", "thread"]) {
                        Some("aiofiles") => config.file_io = FileIo::Aiofiles,
                        Some("anyio") => config.file_io = FileIo::Anyio,
                        Some("thread") => config.file_io = FileIo::Thread,
                        _ => {}
                    }
                }
                "postgres-driver" => {
                    match self.choice("postgres-driver", value, &["psycopg", "asyncpg"]) {
                        Some("psycopg") => config.postgres_driver = PostgresDriver::Psycopg,
                        Some("asyncpg") => config.postgres_driver = PostgresDriver::Asyncpg,
                        _ => {}
                    }
                }
                "src" => self.source_roots(value, config),
                other => {
                    let hint = hint(other, KEYS);
                    self.error(key, format!("unknown key `{other}`{hint}"));
                }
            }
        }
        let wants = match (config.make_async.is_empty(), config.assist) {
            (false, _) => "make-async names some",
            (true, Some(_)) => "assist asks for half units",
            (true, None) => return,
        };
        match table.get("scope") {
            Some(scope) if config.scope == Scope::Function => self.error(
                scope,
                format!("scope = \"function\" lets no function become async, but {wants}; drop one of them"),
            ),
            _ => config.scope = Scope::Project,
        }
    }

    /// `entry-points`
    fn entry_points(&mut self, value: &Spanned<DeValue<'_>>, config: &mut Config) {
        for (name, at) in self.strings("entry-points", value) {
            let is_name = name.split_once(':').is_some_and(|(module, function)| {
                !module.is_empty() && !function.is_empty() && !function.contains(':')
            });
            if is_name {
                config.entry_points.push(name);
            } else {
                let message =
                    format!("entry-points: `{name}` is not of the form `package.module:function`");
                self.error_at(at, message);
            }
        }
    }

    /// `codemods`
    fn user_codemods(&mut self, value: &Spanned<DeValue<'_>>, config: &mut Config) {
        for (path, at) in self.strings("codemods", value) {
            let mut file = self.root.join(&path);
            if file.is_dir() {
                file.push(DECLARATION);
            }
            match read_codemod(&file) {
                Ok(codemod) if self.known.contains(&codemod.name) => {
                    let message = format!(
                        "codemods: `{path}` declares `{}`, but there is a codemod of this name already; give it another `name`",
                        codemod.name
                    );
                    self.error_at(at, message);
                }
                Ok(codemod) => {
                    self.known.push(codemod.name);
                    config.codemods.push(UserCodemod(codemod));
                }
                Err(Unread::Missing(error)) => {
                    self.error_at(at, format!("codemods: cannot read `{path}`: {error}"));
                }
                Err(Unread::Wrong(lines)) => {
                    self.errors.extend(lines.into_iter().map(|line| (at, line)));
                }
            }
        }
    }

    /// `scope`
    fn scope(&mut self, value: &Spanned<DeValue<'_>>, config: &mut Config) {
        match self.choice("scope", value, &["function", "project"]) {
            Some("function") => config.scope = Scope::Function,
            Some("project") => config.scope = Scope::Project,
            _ => {}
        }
    }

    /// `exclude` and `extend-exclude`
    fn patterns(&mut self, key: &str, value: &Spanned<DeValue<'_>>, config: &mut Config) {
        for (pattern, at) in self.strings(key, value) {
            if let Err(message) = check_pattern(&pattern) {
                self.error_at(at, format!("{key}: {message}"));
            } else {
                config.exclude.push(pattern);
            }
        }
    }

    /// `src`
    fn source_roots(&mut self, value: &Spanned<DeValue<'_>>, config: &mut Config) {
        for (directory, at) in self.strings("src", value) {
            let path = self.root.join(&directory);
            if path.is_dir() {
                config.src.push(path);
            } else {
                self.error_at(at, format!("src: there is no directory `{directory}`"));
            }
        }
    }

    /// A list of names of codemods.
    fn codemods(&mut self, key: &str, value: &Spanned<DeValue<'_>>, also: &[&str]) -> Vec<String> {
        let mut names = Vec::new();
        for (name, at) in self.strings(key, value) {
            if self.known.contains(&name.as_str()) || also.contains(&name.as_str()) {
                names.push(name);
            } else {
                let known = self.known.iter().chain(also).copied();
                let hint = hint(&name, known);
                self.error_at(at, format!("{key}: unknown codemod `{name}`{hint}"));
            }
        }
        names
    }

    /// A list of strings, each with its offset.
    fn strings(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<(String, usize)> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of strings", value);
            return Vec::new();
        };
        let mut strings = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => strings.push((text.to_string(), item.span().start)),
                None => self.wrong_type(key, "a list of strings", item),
            }
        }
        strings
    }

    /// A string.
    fn string<'v>(&mut self, key: &str, value: &'v Spanned<DeValue<'_>>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, "a string", value);
        }
        text
    }

    /// One of some words.
    fn choice<'v>(
        &mut self,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
        words: &[&str],
    ) -> Option<&'v str> {
        let text = self.string(key, value)?;
        if words.contains(&text) {
            return Some(text);
        }
        let allowed: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let hint = hint(text, words.iter().copied());
        let allowed = match allowed.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => allowed.concat(),
        };
        self.error(
            value,
            format!("{key} must be {allowed}, not \"{text}\"{hint}"),
        );
        None
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        let found = value.get_ref().type_str();
        self.error(value, format!("{key} must be {wanted}, found: {found}"));
    }

    fn error<T>(&mut self, at: &Spanned<T>, message: String) {
        self.error_at(at.span().start, message);
    }

    fn error_at(&mut self, offset: usize, message: String) {
        let line = line_of(self.text, offset);
        let message = format!("{}:{line}: {message}", self.file);
        self.errors.push((offset, message));
    }
}

/// The file of a codemod in its folder.
const DECLARATION: &str = "codemod.toml";

/// Why a declarative codemod could not be read.
pub enum Unread {
    /// The file cannot be read: why.
    Missing(std::io::Error),
    /// What is wrong in it: a line for each mistake, with file and line.
    Wrong(Vec<String>),
}

/// Reads a declarative codemod. It has the name that the file gives, else that of the file or its folder.
///
/// # Errors
/// The file cannot be read, or is wrong.
pub fn read_codemod(file: &Path) -> Result<&'static Codemod, Unread> {
    let text = std::fs::read_to_string(file).map_err(Unread::Missing)?;
    let stem = |path: &Path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        stem.to_lowercase()
            .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
    };
    let is_folder = file.file_name().is_some_and(|name| name == DECLARATION);
    let folder = file.parent().filter(|_| is_folder);
    let readme = folder
        .and_then(|folder| std::fs::read_to_string(folder.join("README.md")).ok())
        .map(|text| -> &'static str { text.leak() });
    declare::read(&text, &stem(folder.unwrap_or(file)), readme).map_err(|mistakes| {
        let shown = shown(file);
        let lines = mistakes.into_iter();
        Unread::Wrong(
            lines
                .map(|mistake| format!("{shown}:{}: {}", mistake.line, mistake.message))
                .collect(),
        )
    })
}

/// Whether a gitignore-style pattern can be read; the error says what is wrong with it.
fn check_pattern(pattern: &str) -> Result<(), String> {
    let mut builder = GitignoreBuilder::new("");
    builder
        .add_line(None, pattern)
        .map(|_| ())
        .map_err(|error| format!("`{pattern}` is not a gitignore-style pattern: {error}"))
}

/// The files of one directory that say something about the project.
struct Metadata {
    pyproject: Option<(PathBuf, String)>,
    setup_cfg: Option<(PathBuf, String)>,
    requirements: Vec<String>,
}

impl Metadata {
    /// Reads what is there. Files of other tools that cannot be read are passed over: they are not ours to judge.
    fn read(directory: &Path) -> Result<Self, anyhow::Error> {
        let pyproject = directory.join(PYPROJECT);
        let pyproject = if pyproject.is_file() {
            let text = read(&pyproject)?;
            Some((pyproject, text))
        } else {
            None
        };
        let setup_cfg = directory.join("setup.cfg");
        let setup_cfg = std::fs::read_to_string(&setup_cfg)
            .ok()
            .map(|text| (setup_cfg, text));

        let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
            .map(|entries| {
                let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
                paths.filter(|path| is_requirements_file(path)).collect()
            })
            .unwrap_or_default();
        files.sort();
        let requirements = files
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .collect();
        Ok(Self {
            pyproject,
            setup_cfg,
            requirements,
        })
    }

    /// The lowest Python, and the requirements.
    fn declared(
        &self,
        problems: &mut Vec<Problem>,
    ) -> Result<(Option<PythonVersion>, Vec<Requirement>), anyhow::Error> {
        let mut python = None;
        let mut requirements = Vec::new();
        let mut note = |file: &Path, line: Option<u32>, key: &str, error: &BadSpecifier| {
            problems.push(Problem {
                severity: Severity::Warning,
                file: shown(file),
                line,
                message: format!("{key} = \"{}\" is not a version specifier", error.0),
                remedy: "write it like \">=3.11\", or set target-version".to_string(),
            });
        };
        if let Some((file, text)) = &self.pyproject {
            let document = parse(text, file)?;
            let document = document.get_ref();
            let project = document.get("project").map(Spanned::get_ref);
            if let Some(value) = project.and_then(|project| project.get("requires-python"))
                && let Some(specifier) = value.get_ref().as_str()
            {
                match parse_specifiers(specifier) {
                    Ok(set) => python = lowest_python(&[set]),
                    Err(error) => {
                        let line = line_of(text, value.span().start);
                        note(file, Some(line), "requires-python", &error);
                    }
                }
            }
            if let Some(project) = project {
                read_project(project, &mut requirements);
            }
            let tool = |name: &str| {
                let tool = document.get("tool")?.get_ref().get(name)?;
                Some(tool.get_ref())
            };
            read_lists(document.get("dependency-groups"), &mut requirements);
            if let Some(list) = tool("uv").and_then(|uv| uv.get("dev-dependencies")) {
                read_list(list.get_ref(), &mut requirements);
            }
            let poetry = |name: &str| tool("poetry")?.get(name)?.get_ref().as_table();
            if let Some(dependencies) = poetry("dev-dependencies") {
                read_poetry(dependencies, &mut requirements);
            }
            for group in poetry("group")
                .into_iter()
                .flat_map(|groups| groups.values())
            {
                let dependencies = group.get_ref().get("dependencies");
                if let Some(dependencies) = dependencies.and_then(|all| all.get_ref().as_table()) {
                    read_poetry(dependencies, &mut requirements);
                }
            }
            if let Some(dependencies) = poetry("dependencies") {
                let versions = dependencies.get("python");
                if python.is_none()
                    && let Some(value) = versions
                    && let Some(constraint) = value.get_ref().as_str()
                {
                    match parse_poetry(constraint) {
                        Ok(alternatives) => python = lowest_python(&alternatives),
                        Err(error) => {
                            let line = line_of(text, value.span().start);
                            note(file, Some(line), "python", &error);
                        }
                    }
                }
                read_poetry(dependencies, &mut requirements);
            }
        }
        if let Some((file, text)) = &self.setup_cfg {
            if python.is_none()
                && let Some(specifier) = ini_value(text, "options", "python_requires")
            {
                match parse_specifiers(specifier.trim()) {
                    Ok(set) => python = lowest_python(&[set]),
                    Err(error) => note(file, None, "python_requires", &error),
                }
            }
            if let Some(lines) = ini_value(text, "options", "install_requires") {
                requirements.extend(lines.lines().filter_map(parse_requirement));
            }
        }
        for text in &self.requirements {
            requirements.extend(
                requirement_lines(text)
                    .iter()
                    .filter_map(|line| parse_requirement(line)),
            );
        }
        Ok((python, requirements))
    }
}

/// `requirements.txt`, `requirements-dev.txt`, `requirements_test.txt` ...
fn is_requirements_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with("requirements") && name.ends_with(".txt"))
}

/// `dependencies` and `optional-dependencies` of `[project]` (PEP 621).
fn read_project(project: &DeValue<'_>, requirements: &mut Vec<Requirement>) {
    if let Some(list) = project.get("dependencies") {
        read_list(list.get_ref(), requirements);
    }
    read_lists(project.get("optional-dependencies"), requirements);
}

/// A list of requirements; what is none of them (`{include-group = "..."}`) is left out.
fn read_list(list: &DeValue<'_>, requirements: &mut Vec<Requirement>) {
    let items = list.as_array().into_iter().flat_map(|items| items.iter());
    requirements.extend(items.filter_map(|item| parse_requirement(item.get_ref().as_str()?)));
}

/// A table of such lists: extras, or the `[dependency-groups]` of PEP 735.
fn read_lists(table: Option<&Spanned<DeValue<'_>>>, requirements: &mut Vec<Requirement>) {
    let table = table.and_then(|table| table.get_ref().as_table());
    for list in table.into_iter().flat_map(|lists| lists.values()) {
        read_list(list.get_ref(), requirements);
    }
}

/// `[tool.poetry.dependencies]` and those of its groups: a constraint, a table with `version`, or a list of such tables.
fn read_poetry(dependencies: &DeTable<'_>, requirements: &mut Vec<Requirement>) {
    for (name, value) in dependencies {
        let name = name.get_ref().as_ref();
        if name == "python" {
            continue;
        }
        let mut add = |value: &DeValue<'_>| {
            let version = value.get("version").map(Spanned::get_ref);
            let constraint = value.as_str().or_else(|| version?.as_str());
            if let Some(constraint) = constraint
                && let Ok(alternatives) = parse_poetry(constraint)
            {
                requirements.push(Requirement {
                    name: normalise(name),
                    raw: format!("{name} {constraint}"),
                    alternatives,
                });
            }
        };
        match value.get_ref().as_array() {
            Some(values) => values.iter().for_each(|value| add(value.get_ref())),
            None => add(value.get_ref()),
        }
    }
}

/// A requirement in the form of PEP 508; `None` for what is none (an option, a path).
fn parse_requirement(raw: &str) -> Option<Requirement> {
    let raw = raw.trim();
    let parsed = pep508_rs::Requirement::<VerbatimUrl>::from_str(raw).ok()?;
    let specifiers = match parsed.version_or_url {
        Some(VersionOrUrl::VersionSpecifier(specifiers)) => specifiers,
        Some(VersionOrUrl::Url(_)) | None => VersionSpecifiers::empty(),
    };
    Some(Requirement {
        name: parsed.name.to_string(),
        raw: raw.to_string(),
        alternatives: vec![specifiers],
    })
}

/// The logical lines of a requirements file, without comments, options and hashes.
fn requirement_lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let without = |line: &str| {
        let mut line = format!(" {line}");
        // A comment starts the line or follows a blank; so does an option. A `#` in a URL does neither.
        for mark in [" #", "\t#", " --", "\t--", " -"] {
            line.truncate(line.find(mark).unwrap_or(line.len()));
        }
        line.trim().to_string()
    };
    joined
        .lines()
        .map(without)
        .filter(|line| !line.is_empty())
        .collect()
}

/// The value of a key in an INI file, with its continuation lines.
fn ini_value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut inside = false;
    let mut value: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) || trimmed.is_empty() {
            if let Some(value) = &mut value {
                value.push('\n');
                value.push_str(trimmed);
            }
            continue;
        }
        if value.is_some() {
            break;
        }
        if let Some(name) = trimmed.strip_prefix('[') {
            inside = name.strip_suffix(']') == Some(section);
        } else if inside
            && let Some((name, first)) = trimmed.split_once(['=', ':'])
            && name.trim() == key
        {
            value = Some(first.trim().to_string());
        }
    }
    value
}

/// The name of a distribution, normalised (PEP 503).
fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if !matches!(c, '-' | '_' | '.') {
            normal.extend(c.to_lowercase());
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    normal
}

/// A text that is no version specifier.
#[derive(Debug, PartialEq, Eq)]
struct BadSpecifier(String);

impl fmt::Display for BadSpecifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of version specifiers (PEP 440).
fn parse_specifiers(text: &str) -> Result<VersionSpecifiers, BadSpecifier> {
    VersionSpecifiers::from_str(text).map_err(|_| BadSpecifier(text.to_string()))
}

/// A Poetry constraint: `^1.2`, `~1.2`, `1.2.*`, `*`, a bare version, or PEP 440; blanks or commas for "and", `||`
/// for "or".
fn parse_poetry(text: &str) -> Result<Vec<VersionSpecifiers>, BadSpecifier> {
    let bad = || BadSpecifier(text.to_string());
    text.split("||")
        .map(|alternative| {
            let mut terms: Vec<String> = Vec::new();
            for word in alternative
                .split([',', ' ', '\t'])
                .filter(|word| !word.is_empty())
            {
                // `>= 1.2`: the operator waits for its version.
                match terms.last_mut() {
                    Some(last) if last.ends_with(['<', '>', '=', '~', '^', '!']) => {
                        last.push_str(word);
                    }
                    _ => terms.push(word.to_string()),
                }
            }
            let mut plain = Vec::new();
            for term in &terms {
                plain.push(poetry_term(term).ok_or_else(bad)?);
            }
            plain.retain(|term| !term.is_empty());
            VersionSpecifiers::from_str(&plain.join(",")).map_err(|_| bad())
        })
        .collect()
}

/// One term of a Poetry constraint in PEP 440; empty for `*`.
fn poetry_term(term: &str) -> Option<String> {
    let range = |version: &str, last_kept: &dyn Fn(&[u64]) -> usize| {
        let version = Version::from_str(version).ok()?;
        let mut end = version.release().to_vec();
        end.truncate(last_kept(&end) + 1);
        let last = end.last_mut()?;
        *last = last.checked_add(1)?;
        let end: Vec<String> = end.iter().map(u64::to_string).collect();
        Some(format!(">={version},<{}", end.join(".")))
    };
    if term == "*" {
        return Some(String::new());
    }
    if let Some(version) = term.strip_prefix('^') {
        // Up to the next change of the first number that is not zero.
        return range(version, &|release| {
            let first = release.iter().position(|number| *number > 0);
            first.unwrap_or(release.len().saturating_sub(1))
        });
    }
    if let Some(version) = term.strip_prefix('~')
        && !version.starts_with('=')
    {
        return range(version, &|release| release.len().saturating_sub(1).min(1));
    }
    if term.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!("=={term}"));
    }
    Some(term.to_string())
}

/// The lowest Python that awaitify knows and that any of the sets admits, in some patch release. The newest one where
/// only newer ones are admitted; `None` where none is (Python 2).
fn lowest_python(alternatives: &[VersionSpecifiers]) -> Option<PythonVersion> {
    /// No minor version has had more patch releases.
    const PATCHES: u64 = 40;
    let (oldest, newest) = (PythonVersion::PY38, PythonVersion::PY314);
    let admits = |minor: u8| {
        (0..PATCHES).any(|patch| {
            let version = Version::new([3, u64::from(minor), patch]);
            alternatives.iter().any(|set| set.contains(&version))
        })
    };
    (oldest.minor..=newest.minor)
        .find(|minor| admits(*minor))
        .map(|minor| PythonVersion { major: 3, minor })
        .or_else(|| {
            let newer = (newest.minor + 1..newest.minor + 20).any(admits);
            newer.then_some(newest)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["requests_to_httpx", "sleep", "redis"];

    /// A directory with these files, and a `.git` so that the search ends there.
    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(directory.path().join(".git")).expect("a directory");
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("a file");
        }
        directory
    }

    #[track_caller]
    fn config_of(files: &[(&str, &str)]) -> Config {
        load(project(files).path(), None, &KNOWN).expect("is valid")
    }

    /// The error lines, without the directory.
    #[track_caller]
    fn errors_of(files: &[(&str, &str)]) -> Vec<String> {
        let directory = project(files);
        let error = load(directory.path(), None, &KNOWN).expect_err("is wrong");
        let root = directory.path().canonicalize().expect("exists");
        let prefix = format!("{}/", root.display());
        format!("{error:#}")
            .lines()
            .map(|line| line.replace(&prefix, ""))
            .collect()
    }

    #[test]
    fn defaults() {
        let directory = project(&[]);
        let root = directory.path().canonicalize().expect("exists");
        let expected = Config {
            src: vec![root.clone(), root.join("src")],
            project: Some(root.clone()),
            root,
            ..Config::default()
        };
        assert_eq!(
            load(directory.path(), None, &KNOWN).expect("is valid"),
            expected
        );
    }

    #[test]
    fn reads_every_key() {
        let directory = project(&[
            (
                "pyproject.toml",
                "[project]\nname='x'\n[tool.awaitify]\nselect=['sleep']\nignore=['redis']\nunsafe=true\n\
                 scope='function'\ntarget-version='3.12'\nexclude=['a/']\nextend-exclude=['b/**']\n\
                 seeds=['all']\nhttp-client='httpx'\nhttp-style='idiomatic'\nfile-io='thread'\n\
                 postgres-driver='asyncpg'\nsrc=['lib']\n",
            ),
            ("lib/pkg/m.py", ""),
        ]);
        let root = directory.path().canonicalize().expect("exists");
        let config = load(&root.join("lib/pkg/m.py"), None, &KNOWN).expect("is valid");
        let expected = Config {
            select: vec!["sleep".into()],
            ignore: vec!["redis".into()],
            allow_unsafe: true,
            target_version: PythonVersion::PY312,
            target_source: TargetSource::Config,
            exclude: vec!["a/".into(), "b/**".into()],
            seeds: vec!["all".into()],
            http_style: HttpStyle::Idiomatic,
            file_io: FileIo::Thread,
            postgres_driver: PostgresDriver::Asyncpg,
            src: vec![root.join("lib")],
            file: Some(root.join("pyproject.toml")),
            project: Some(root.clone()),
            root,
            scope: Scope::Function,
            ..Config::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn entry_points_are_functions_of_modules() {
        let config = config_of(&[("awaitify.toml", "entry-points = ['pkg.jobs:run']")]);
        assert_eq!(config.entry_points, ["pkg.jobs:run"]);
        let errors = errors_of(&[("awaitify.toml", "entry-points = ['pkg.jobs.run', ':x']")]);
        assert_eq!(
            errors,
            [
                "awaitify.toml:1: entry-points: `pkg.jobs.run` is not of the form `package.module:function`",
                "awaitify.toml:1: entry-points: `:x` is not of the form `package.module:function`",
            ]
        );
    }

    #[test]
    fn functions_to_make_async_imply_the_project() {
        let config = config_of(&[("awaitify.toml", "make-async = ['C.m']\n")]);
        assert_eq!(config.make_async, ["C.m"]);
        assert_eq!(config.scope, Scope::Project);
    }

    #[test]
    fn a_package_is_named_from_where_it_is_imported() {
        let directory = project(&[("pkg/__init__.py", ""), ("pkg/sub/__init__.py", "")]);
        let root = directory.path().canonicalize().expect("exists");
        let config = load(&root.join("pkg/sub"), None, &KNOWN).expect("is valid");
        assert_eq!(config.src, [root.clone(), root.join("src")]);
    }

    #[test]
    fn tells_every_mistake_with_its_line() {
        let errors = errors_of(&[(
            "awaitify.toml",
            "selct = ['sleep']\nignore = [\n  'sleeep',\n  3,\n]\nunsafe = 'yes'\nscope = 'projects'\n\
             target-version = '2.7'\nexclude = ['[z-a]']\nhttp-client = 'aiohtp'\nhttp-style = 'faithfull'\n\
             src = ['nowhere']\nseeds = 'all'\nfile-io = 'threads'\npostgres-driver = 'asyncpgs'\n",
        )]);
        let expected = [
            "awaitify.toml:1: unknown key `selct`; did you mean `select`?",
            "awaitify.toml:3: ignore: unknown codemod `sleeep`; did you mean `sleep`?",
            "awaitify.toml:4: ignore must be a list of strings, found: integer",
            "awaitify.toml:6: unsafe must be true or false, found: string",
            "awaitify.toml:7: scope must be \"function\" or \"project\", not \"projects\"; did you mean `project`?",
            "awaitify.toml:8: target-version: `2.7` is not a Python version from 3.8 to 3.14; write it as 3.11 or py311",
            "awaitify.toml:9: exclude: `[z-a]` is not a gitignore-style pattern: ",
            "awaitify.toml:10: http-client must be \"httpx\", \"httpx2\" or \"aiohttp\", not \"aiohtp\"; did you mean `aiohttp`?",
            "awaitify.toml:11: http-style must be \"faithful\" or \"idiomatic\", not \"faithfull\"; did you mean `faithful`?",
            "awaitify.toml:12: src: there is no directory `nowhere`",
            "awaitify.toml:13: seeds must be a list of strings, found: string",
            "awaitify.toml:14: file-io must be \"aiofiles\", \"anyio\" or \"thread\", not \"threads\"; did you mean `thread`?",
            "awaitify.toml:15: postgres-driver must be \"psycopg\" or \"asyncpg\", not \"asyncpgs\"; did you mean `asyncpg`?",
        ];
        assert_eq!(errors.len(), expected.len(), "{errors:#?}");
        for (error, expected) in errors.iter().zip(expected) {
            assert!(error.starts_with(expected), "{error}\n{expected}");
        }
        let errors = errors_of(&[(
            "awaitify.toml",
            "make-async = ['C.m']\nscope = 'function'\n",
        )]);
        assert!(
            errors[0].starts_with("awaitify.toml:2: scope = \"function\" lets no function"),
            "{errors:?}"
        );
        let errors = errors_of(&[("pyproject.toml", "a = 1\nb =\n")]);
        assert!(
            errors[0].starts_with("pyproject.toml:2: not valid TOML: "),
            "{errors:?}"
        );
        let errors = errors_of(&[("pyproject.toml", "[tool]\nawaitify = 1\n")]);
        assert_eq!(
            errors,
            ["pyproject.toml:2: tool.awaitify must be a table, found: integer"]
        );
    }

    #[test]
    fn finds_the_nearest_settings() {
        let directory = project(&[
            (
                "pyproject.toml",
                "[tool.awaitify]\nselect=['redis']\n[project]\nrequires-python='>=3.9'\n",
            ),
            ("awaitify.toml", "select=['sleep']\n"),
            (
                "packages/a/pyproject.toml",
                "[project]\nrequires-python='>=3.12'\n",
            ),
            ("packages/b/pyproject.toml", "[tool.awaitify]\n"),
            ("other.toml", "unsafe = true\n"),
        ]);
        let root = directory.path().canonicalize().expect("exists");
        let load = |path: &str, explicit: Option<&str>| {
            let explicit = explicit.map(|file| root.join(file));
            super::load(&root.join(path), explicit.as_deref(), &KNOWN)
        };
        let config = load("packages/a", None).expect("is valid");
        assert_eq!(config.select, ["sleep"]);
        assert_eq!(
            (config.root.as_path(), config.target_version),
            (root.as_path(), PythonVersion::PY312)
        );
        assert_eq!(config.target_source, TargetSource::Project);
        let config = load("packages/b", None).expect("is valid");
        assert!(config.select.is_empty());
        assert_eq!(config.root, root.join("packages/b"));
        assert_eq!(config.target_version, PythonVersion::PY39);
        let config = load("packages/b", Some("other.toml")).expect("is valid");
        assert!(config.allow_unsafe);
        let config = load("packages/b", Some("pyproject.toml")).expect("is valid");
        assert_eq!(config.select, ["redis"]);
        let error = load(".", Some("packages/a/pyproject.toml")).expect_err("has no table");
        assert!(error.to_string().ends_with("has no [tool.awaitify] table"));
        let error = load(".", Some("missing.toml")).expect_err("is missing");
        assert!(error.to_string().starts_with("cannot read"));
    }

    #[test]
    fn the_lowest_python_of_the_project() {
        for (specifier, minor) in [
            (">=3.10", 10),
            (">= 3.9, <4", 9),
            ("~=3.11", 11),
            ("~=3.11.2", 11),
            ("==3.12.*", 12),
            ("==3.12.4", 12),
            (">3.9", 9),
            (">3.9,!=3.9.*", 10),
            (">=3.6", 8),
            (">=3.15", 14),
            // Python 2: nothing that helps.
            ("<3", 11),
        ] {
            let text = format!("[project]\nrequires-python = '{specifier}'\n");
            let config = config_of(&[("pyproject.toml", &text)]);
            assert_eq!(config.target_version.minor, minor, "{specifier}");
        }
        let poetry = |python: &str| {
            let text = format!("[tool.poetry.dependencies]\npython = '{python}'\n");
            config_of(&[("pyproject.toml", &text)]).target_version.minor
        };
        assert_eq!(poetry("^3.10"), 10);
        assert_eq!(poetry("~3.12"), 12);
        assert_eq!(poetry("3.9.*"), 9);
        assert_eq!(poetry("^3.13 || ^3.12"), 12);
        assert_eq!(poetry(">= 3.9 < 4"), 9);
        let config = config_of(&[("setup.cfg", "[options]\npython_requires = >=3.12\n")]);
        assert_eq!(config.target_version, PythonVersion::PY312);
        let config = config_of(&[("pyproject.toml", "[project]\nrequires-python = 'three'\n")]);
        assert_eq!(config.target_source, TargetSource::Assumed);
        assert_eq!(config.problems[0].line, Some(2));
    }

    #[test]
    fn pins_of_the_project() {
        for (requirement, below_2_0) in [
            ("sqlalchemy", false),
            ("sqlalchemy<2", true),
            ("SQLAlchemy>=1.4,<2.0", true),
            ("sqlalchemy<2.0.1", false),
            ("sqlalchemy<=1.4.99", true),
            ("sqlalchemy<=2.0", false),
            ("sqlalchemy==1.4.*", true),
            ("sqlalchemy==1.*", true),
            ("sqlalchemy==2.0.0b1", false),
            ("sqlalchemy~=1.4", true),
            ("sqlalchemy~=1.4.2", true),
            ("sqlalchemy~=2.0.0", false),
            ("sqlalchemy>=1.4", false),
            ("sqlalchemy!=2.0", false),
            ("sqlalchemy[asyncio]===1.4.50; python_version < '3.9'", true),
        ] {
            let text = format!("[project]\ndependencies = [\"{requirement}\"]\n");
            let config = config_of(&[("pyproject.toml", &text)]);
            assert_eq!(
                config.pinned_below("sqlalchemy", 2, 0),
                below_2_0,
                "{requirement}"
            );
            assert_eq!(config.requirements[0].raw, requirement);
            assert!(!config.pinned_below("redis", 2, 0));
        }
        for (constraint, below_2_0) in [
            ("\"^1.4\"", true),
            ("\"^2.0\"", false),
            ("\"~1.4\"", true),
            ("\"~1\"", true),
            ("\"1.4.50\"", true),
            ("\"^1.4 || ^2.0\"", false),
            ("\"*\"", false),
            ("{version = \"^1.4\", extras = [\"asyncio\"]}", true),
            (
                "[{version = \"^1.4\", python = \"<3.9\"}, {version = \"^2\", python = \">=3.9\"}]",
                true,
            ),
            ("{git = \"https://example.org/x.git\"}", false),
        ] {
            let text = format!("[tool.poetry.dependencies]\nSQLAlchemy = {constraint}\n");
            let config = config_of(&[("pyproject.toml", &text)]);
            assert_eq!(
                config.pinned_below("sqlalchemy", 2, 0),
                below_2_0,
                "{constraint}"
            );
        }
    }

    #[test]
    fn requirements_files_and_setup_cfg() {
        let config = config_of(&[
            (
                "requirements-dev.txt",
                "# c\n-r other.txt\n--index-url https://x\nredis==3.5 \\\n  --hash=sha256:00 # c\n\
                 Flask_SQLAlchemy <3 # c\n./local\n",
            ),
            (
                "setup.cfg",
                "[metadata]\nname = x\n[options]\ninstall_requires =\n    requests>=2\n    # no\n    httpx\nzip_safe = no\n",
            ),
        ]);
        let names: Vec<_> = config.requirements.iter().map(|r| r.raw.as_str()).collect();
        assert_eq!(
            names,
            ["requests>=2", "httpx", "redis==3.5", "Flask_SQLAlchemy <3"]
        );
        assert!(config.pinned_below("redis", 4, 2));
        assert!(config.pinned_below("flask.sqlalchemy", 3, 0));
        assert!(
            config
                .requirement("httpx")
                .is_some_and(|spec| !spec.excludes_at_least(0, 1))
        );
    }

    #[test]
    fn requirements_of_groups() {
        let config = config_of(&[(
            "pyproject.toml",
            "[project]\nname = \"x\"\n[dependency-groups]\ndev = [\"pytest-asyncio==1.1.0\", {include-group = \"docs\"}]\n\
             [tool.uv]\ndev-dependencies = [\"trio\"]\n[tool.poetry.dev-dependencies]\nredis = \"^3.5\"\n\
             [tool.poetry.group.test.dependencies]\npytest-mock = \"*\"\n",
        )]);
        let names: Vec<_> = config
            .requirements
            .iter()
            .map(|r| r.name.as_str())
            .collect();
        assert_eq!(names, ["pytest-asyncio", "trio", "redis", "pytest-mock"]);
    }

    #[test]
    fn suggests_the_nearest_word() {
        assert_eq!(
            nearest("request_to_httpx", KNOWN),
            Some("requests_to_httpx")
        );
        assert_eq!(
            nearest("Requests-To-HTTPX", KNOWN),
            Some("requests_to_httpx")
        );
        assert_eq!(nearest("requests", KNOWN), Some("requests_to_httpx"));
        assert_eq!(nearest("selep", KNOWN), Some("sleep"));
        assert_eq!(nearest("unrelated", KNOWN), None);
        assert_eq!(nearest("", KNOWN), None);
    }
}
