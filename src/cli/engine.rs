//! What the command line needs from the rest of the program. This file is the only one that knows both sides.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::apply::{self, ApplyOptions};
use crate::codemod::{self, Codemod};
use crate::codemods::{CODEMODS, TELLING};
use crate::config::KeepSync;
use crate::plan::{FileChange, Plan};
use crate::python::PythonVersion;
use crate::rules::{RULES, Rule};
use crate::unit::Reason;
use crate::{config, declare, diff, pipeline, selector, values};

/// Where calls may turn their callers async.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// Only what is inside `async def` already is rewritten
    Function,
    /// Functions become async through the whole project
    Project,
}

/// What the command line says on top of the configuration. `None` and empty lists leave the configuration as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The configuration file to read in place of the nearest one.
    pub config: Option<PathBuf>,
    /// The codemods to run, or the single name `all`.
    pub select: Option<Vec<String>>,
    /// The codemods not to run.
    pub ignore: Vec<String>,
    /// Whether to take units whose behaviour may differ; `false` leaves it to the configuration.
    pub allow_unsafe: bool,
    /// How far async spreads.
    pub scope: Option<Scope>,
    /// Codemods that drive the propagation besides the seeds by nature, or `all`.
    pub seeds: Vec<String>,
    /// Functions that become async, by name.
    pub make_async: Vec<String>,
    /// How many barriers a half unit may have.
    pub assist: Option<usize>,
    /// Functions that stay sync, by name.
    pub keep_sync: Vec<String>,
    /// The lowest Python that must run the result.
    pub target_version: Option<PythonVersion>,
    /// Patterns to exclude besides those of the configuration.
    pub exclude: Vec<String>,
}

/// What to plan.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Files and directories; each exists. Never empty.
    pub paths: &'a [PathBuf],
    /// What the command line overrides.
    pub overrides: &'a Overrides,
    /// The number of threads; `None` is one for each core.
    pub jobs: Option<usize>,
    /// Whom to tell how far the work is.
    pub progress: Option<&'a dyn Progress>,
    /// A place to explain: the answer is in [`Plan::answer`].
    pub explain: Option<&'a str>,
    /// Whether to look for blocking chains: they are in [`Plan::chains`].
    pub chains: bool,
    /// Whether to run the rules of `check`: what they find is in [`Plan::advice`].
    pub rules: bool,
}

pub use crate::pipeline::Progress;

/// Where the configuration is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The paths of the command line; empty is the working directory.
    pub paths: Vec<PathBuf>,
    /// The configuration file to read in place of the nearest one.
    pub config: Option<PathBuf>,
}

/// A codemod, as `list` and `explain` show it.
#[derive(Clone, Debug)]
pub struct CodemodInfo {
    /// Its name, as in `--select`.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Its README, in markdown.
    pub readme: &'static str,
    /// What it does to the callers.
    pub role: Role,
    /// The lowest Python that can run its result.
    pub min_python: PythonVersion,
    /// Why it leaves candidates alone.
    pub reasons: Vec<&'static Reason>,
}

/// A rule of `check`, as `list` and `explain` show it.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// Its name, as in `--ignore`.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its README, in markdown.
    pub readme: &'static str,
}

/// Whether a codemod turns functions async.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It turns the callers of what it rewrites async.
    Seed,
    /// It rewrites only where the function is, or becomes, async.
    Follower,
    /// The same, and what it rewrites blocks nobody.
    Idiom,
    /// It changes how async code is built, and runs only where it is named.
    Structure,
}

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Follower => "follower",
            Self::Idiom => "idiom",
            Self::Structure => "opt-in",
        }
    }
}

/// How to apply.
#[derive(Clone, Copy, Debug)]
pub struct ApplyRequest<'a> {
    /// Whether to write files that hold changes that are not committed.
    pub allow_dirty: bool,
    /// The paths that were given: nothing outside them is written.
    pub roots: &'a [PathBuf],
}

/// The rest of the program. Errors may hold a [`Failure`], whose help is printed too.
pub trait Engine {
    /// Every codemod, in the order of `list`: those of the program and those that the configuration of these paths names.
    ///
    /// # Errors
    ///
    /// The configuration cannot be read, or a codemod that it names.
    fn codemods(&self, place: &Place) -> anyhow::Result<Vec<CodemodInfo>>;
    /// Those of the program.
    fn built_in(&self) -> Vec<CodemodInfo>;
    /// The codemod that a file declares.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is wrong.
    fn declared(&self, file: &Path) -> anyhow::Result<CodemodInfo>;
    /// Writes a new file.
    ///
    /// # Errors
    ///
    /// It is there already, or cannot be written.
    fn create(&self, file: &Path, text: &str) -> anyhow::Result<()>;
    /// Every rule of `check`, in the order of `list`.
    fn rules(&self) -> Vec<RuleInfo>;
    /// Plans the migration.
    ///
    /// # Errors
    ///
    /// The configuration or a path cannot be read. What is wrong with single files is in [`Plan::problems`].
    fn plan(&self, request: Request<'_>) -> anyhow::Result<Plan>;
    /// Writes the changes: all or none.
    ///
    /// # Errors
    ///
    /// A file has changed since it was read, holds uncommitted changes, or cannot be written.
    fn apply(&self, files: &[FileChange], request: ApplyRequest<'_>) -> anyhow::Result<()>;
    /// The unified diff of one file, in the encoding of the file.
    fn diff(&self, file: &FileChange, colour: bool) -> Vec<u8>;
    /// The table of changed lines by file, as wide as `width` columns.
    fn stat(&self, files: &[FileChange], width: usize, colour: bool) -> String;
}

/// An error with something that the user can do about it.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do: one sentence in the imperative, without a full stop.
    pub help: String,
}

impl Failure {
    /// An error from its two sentences.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The real engine: hands everything on to the modules that do the work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Awaitify;

impl Engine for Awaitify {
    fn codemods(&self, place: &Place) -> anyhow::Result<Vec<CodemodInfo>> {
        let start = common_directory(&place.paths);
        let config = config::load(&start, place.config.as_deref(), &built_in())?;
        Ok(all(&config).map(info).collect())
    }

    fn built_in(&self) -> Vec<CodemodInfo> {
        CODEMODS.iter().copied().map(info).collect()
    }

    fn declared(&self, file: &Path) -> anyhow::Result<CodemodInfo> {
        match config::read_codemod(file) {
            Ok(codemod) => Ok(info(codemod)),
            Err(config::Unread::Missing(error)) => Err(Failure::new(
                format!("cannot read `{}`: {error}", file.display()),
                "name a codemod (see `awaitify list`), or the file of one",
            )
            .into()),
            Err(config::Unread::Wrong(lines)) => Err(anyhow::anyhow!(lines.join("\n"))),
        }
    }

    fn create(&self, file: &Path, text: &str) -> anyhow::Result<()> {
        apply::create(file, text).map_err(|error| {
            let help = match error.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    "choose another name, or remove the file first"
                }
                _ => "check the directory and its permissions",
            };
            Failure::new(format!("cannot write `{}`: {error}", file.display()), help).into()
        })
    }

    fn rules(&self) -> Vec<RuleInfo> {
        RULES
            .iter()
            .map(|rule| RuleInfo {
                name: rule.name,
                summary: rule.summary,
                readme: rule.readme,
            })
            .collect()
    }

    fn plan(&self, request: Request<'_>) -> anyhow::Result<Plan> {
        let overrides = request.overrides;
        let start = common_directory(request.paths);
        let mut config = config::load(&start, overrides.config.as_deref(), &built_in())?;
        config.allow_unsafe |= overrides.allow_unsafe;
        if let Some(version) = overrides.target_version {
            config.target_version = version;
            config.target_source = config::TargetSource::Config;
        }
        config
            .make_async
            .extend(overrides.make_async.iter().cloned());
        let kept = overrides.keep_sync.iter().map(|name| KeepSync {
            name: name.clone(),
            place: None,
        });
        config.keep_sync.extend(kept);
        if !config.make_async.is_empty() {
            if overrides.scope == Some(Scope::Function) {
                return Err(Failure::new(
                    "with `--scope function` no function becomes async, but make-async names some",
                    "drop `--scope function`, or `--make-async` and the key `make-async` of the configuration",
                )
                .into());
            }
            config.scope = config::Scope::Project;
        }
        config.assist = overrides.assist.or(config.assist);
        if config.assist.is_some() {
            if overrides.scope == Some(Scope::Function) {
                return Err(Failure::new(
                    "with `--scope function` no function becomes async, so there are no half units",
                    "drop `--scope function`, or `--assist` and the key `assist` of the configuration",
                )
                .into());
            }
            config.scope = config::Scope::Project;
        }
        match overrides.scope {
            Some(Scope::Function) => config.scope = config::Scope::Function,
            Some(Scope::Project) => config.scope = config::Scope::Project,
            None => {}
        }
        config.exclude.extend(overrides.exclude.iter().cloned());
        let select = overrides.select.as_ref().unwrap_or(&config.select);
        let ignore: Vec<&str> = config
            .ignore
            .iter()
            .chain(&overrides.ignore)
            .map(String::as_str)
            .collect();
        let all = select.is_empty() || select.iter().any(|name| name == "all");
        let chosen: Vec<&'static Codemod> = self::all(&config)
            .filter(|codemod| {
                all && !codemod.role.is_opt_in() || select.iter().any(|name| name == codemod.name)
            })
            .filter(|codemod| !ignore.contains(&codemod.name))
            .collect();
        let telling = TELLING
            .iter()
            .map(|(codemod, _)| *codemod)
            .filter(|codemod| all && !ignore.contains(&codemod.name))
            .filter(|codemod| !chosen.iter().any(|other| other.name == codemod.name))
            .collect();
        let named = chosen
            .iter()
            .map(|codemod| codemod.name)
            .filter(|name| select.iter().any(|selected| selected == name))
            .collect();
        let driving = self::all(&config)
            .map(|codemod| codemod.name)
            .filter(|name| {
                config
                    .seeds
                    .iter()
                    .chain(&overrides.seeds)
                    .any(|seed| seed == name || seed == "all")
            })
            .collect();
        let rules: Vec<&'static Rule> = RULES
            .iter()
            .copied()
            .filter(|_| request.rules)
            .filter(|rule| all || select.iter().any(|name| name == rule.name))
            .filter(|rule| !ignore.contains(&rule.name))
            .collect();
        pipeline::plan(&pipeline::Request {
            paths: request.paths,
            config: &config,
            codemods: chosen,
            telling,
            named,
            seeds: driving,
            jobs: request.jobs,
            progress: request.progress,
            render: pipeline::Render::All,
            explain: request.explain,
            chains: request.chains,
            rules,
        })
        .map_err(|error| match error.downcast::<selector::NotFound>() {
            Ok(missing) => Failure::new(missing.to_string(), missing.help()).into(),
            Err(error) => error,
        })
    }

    fn apply(&self, files: &[FileChange], request: ApplyRequest<'_>) -> anyhow::Result<()> {
        let options = ApplyOptions {
            allow_dirty: request.allow_dirty,
            roots: request.roots.to_vec(),
        };
        apply::apply(files, &options)?;
        Ok(())
    }

    fn diff(&self, file: &FileChange, colour: bool) -> Vec<u8> {
        if colour {
            diff::coloured(file)
        } else {
            diff::unified(file)
        }
    }

    fn stat(&self, files: &[FileChange], width: usize, colour: bool) -> String {
        diff::stat(files, width, colour)
    }
}

/// The names of the codemods and rules of the program.
fn built_in() -> Vec<&'static str> {
    let names = CODEMODS.iter().map(|codemod| codemod.name);
    names.chain(RULES.iter().map(|rule| rule.name)).collect()
}

/// Every codemod: those of the program, then those of the user.
fn all(config: &config::Config) -> impl Iterator<Item = &'static Codemod> {
    let own = config.codemods.iter().map(|own| own.0);
    CODEMODS.iter().copied().chain(own)
}

fn info(codemod: &'static Codemod) -> CodemodInfo {
    let of_declared = declare::REASONS.iter().chain(values::REASONS);
    let declared = of_declared.filter(|_| codemod.declared.is_some());
    CodemodInfo {
        name: codemod.name,
        summary: codemod.summary,
        readme: codemod.readme,
        role: match codemod.role {
            codemod::Role::Seed => Role::Seed,
            codemod::Role::Follower => Role::Follower,
            codemod::Role::Idiom => Role::Idiom,
            codemod::Role::Structure => Role::Structure,
        },
        min_python: codemod.min_python,
        reasons: codemod.reasons.iter().chain(declared).copied().collect(),
    }
}

/// The deepest directory (or the file) that holds all paths: where the search for the configuration starts.
fn common_directory(paths: &[PathBuf]) -> PathBuf {
    let Some((first, rest)) = paths.split_first() else {
        return PathBuf::from(".");
    };
    if rest.is_empty() {
        return first.clone();
    }
    let absolute: Vec<PathBuf> = paths
        .iter()
        .filter_map(|path| std::path::absolute(path).ok())
        .collect();
    absolute
        .first()
        .and_then(|first| {
            first
                .ancestors()
                .find(|ancestor| absolute.iter().all(|path| path.starts_with(ancestor)))
        })
        .map_or_else(|| PathBuf::from("."), PathBuf::from)
}
