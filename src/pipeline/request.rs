//! What to plan.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::codemod::{Codemod, Role};
use crate::config::{self, Config, Scope, TargetSource};
use crate::index::Project;
use crate::propagate::{Programs, Recolour, TestRunner};
use crate::python::PythonVersion;
use crate::rules::Rule;
use crate::seeds;
use crate::unit::{ColourSite, Unit};

/// Hears how far the work is. Called from any thread.
pub trait Progress: Sync {
    /// A phase begins; `total` is its number of steps where it is known.
    fn phase(&self, name: &'static str, total: Option<usize>);
    /// So many steps of the phase are done.
    fn advance(&self, steps: usize);
}

/// Which edits of the taken units are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Render {
    /// All of them.
    #[default]
    All,
    /// Only `async` and `await`: a result that does not run, but that differs from the baseline in nothing else. The
    /// tests prove it.
    ColourOnly,
}

/// What to plan.
pub struct Request<'a> {
    /// Files and directories.
    pub paths: &'a [PathBuf],
    /// The configuration, with what the command line overrides.
    pub config: &'a Config,
    /// The codemods to run, in the order of the list.
    pub codemods: Vec<&'static Codemod>,
    /// The codemods that do not run, and say why code must stay as it is (see [`crate::codemods::TELLING`]).
    pub telling: Vec<&'static Codemod>,
    /// The codemods that were named one by one: naming one accepts what it declares.
    pub named: Vec<&'static str>,
    /// The codemods whose units drive the propagation besides those that are seeds by nature.
    pub seeds: Vec<&'static str>,
    /// The number of threads; `None` is one for each core.
    pub jobs: Option<usize>,
    /// Whom to tell how far the work is.
    pub progress: Option<&'a dyn Progress>,
    /// Which edits are written.
    pub render: Render,
    /// A place to explain besides (see [`crate::why`]): the answer is in [`Plan::answer`].
    pub explain: Option<&'a str>,
    /// Whether to look for blocking chains besides (see [`crate::chains`]): they are in [`Plan::chains`].
    pub chains: bool,
    /// The rules to run besides (see [`crate::rules`]): what they find is in [`Plan::advice`].
    pub rules: Vec<&'static Rule>,
}

impl Request<'_> {
    /// Whether a codemod's units turn functions async.
    pub(super) fn drives(&self, codemod: &Codemod) -> bool {
        self.config.scope == Scope::Project
            && match codemod.role {
                Role::Seed => true,
                Role::Follower => self.seeds.contains(&codemod.name),
                Role::Idiom | Role::Structure => false,
            }
    }

    /// The version whose syntax the files may use: the target, or any where nobody named one.
    pub(super) fn syntax_version(&self) -> PythonVersion {
        match self.config.target_source {
            TargetSource::Assumed => PythonVersion::PY314,
            TargetSource::Config | TargetSource::Project => self.config.target_version,
        }
    }
}

pub(super) fn phase(request: &Request<'_>, name: &'static str, total: Option<usize>) {
    if let Some(progress) = request.progress {
        progress.phase(name, total);
    }
}

/// Whether a unit turns functions async.
pub(super) fn is_seed(request: &Request<'_>, unit: &Unit) -> bool {
    unit.codemod == seeds::NAME || unit.follows.is_none() && drives(request, unit.codemod)
}

/// Whether a codemod of this name runs, and its units turn functions async.
pub(super) fn drives(request: &Request<'_>, name: &str) -> bool {
    request
        .codemods
        .iter()
        .any(|codemod| codemod.name == name && request.drives(codemod))
}

/// Whether the candidates of a codemod of this name block their thread.
pub(super) fn blocks(request: &Request<'_>, name: &str) -> bool {
    // What only tells why code stays has candidates too.
    let mut known = request.codemods.iter().chain(&request.telling);
    !known.any(|codemod| codemod.name == name && !codemod.role.blocks())
}

/// What runs the tests of the project, by its settings and requirements. With `--unsafe` one that has no plugin for async
/// tests gets one, see [`wants_plugin`].
pub(super) fn test_runner(request: &Request<'_>) -> TestRunner {
    if config::asyncio_mode_is_auto(&request.config.root) {
        TestRunner::Auto
    } else if request.config.requirement("pytest-asyncio").is_some() {
        TestRunner::Strict
    } else if request.config.requirement("anyio").is_some() {
        TestRunner::Anyio
    } else if request.config.allow_unsafe && !followers_drive(request) {
        TestRunner::Wanted
    } else {
        TestRunner::Sync
    }
}

/// Whether files, sleeps and the like turn functions async: then most tests would, for nothing that the program does.
fn followers_drive(request: &Request<'_>) -> bool {
    let mut codemods = request.codemods.iter();
    codemods.any(|codemod| codemod.role == Role::Follower && request.drives(codemod))
}

/// Whether tests or fixtures are written for pytest-asyncio in a project that has not got it.
pub(super) fn wants_plugin(request: &Request<'_>, recolour: &Recolour) -> bool {
    test_runner(request) == TestRunner::Wanted
        && recolour.sites.values().flatten().any(|site| {
            matches!(
                site,
                ColourSite::Fixture { .. }
                    | ColourSite::PytestMark {
                        is_anyio: false,
                        ..
                    }
            )
        })
}

/// Where the programs of the project begin, by its metadata and settings: that of the root and of every directory above
/// a file.
pub(super) fn programs(request: &Request<'_>, project: &Project) -> Programs {
    if request.config.scope == Scope::Function {
        return Programs::default();
    }
    let root = request.config.root.as_path();
    let mut directories: FxHashSet<&Path> = FxHashSet::default();
    directories.insert(root);
    for file in &project.files {
        for directory in file.path.ancestors().skip(1) {
            if !directories.insert(directory) {
                break;
            }
        }
    }
    let scripts = config::scripts(directories);
    let configured = &request.config.entry_points;
    let mut begins: Vec<String> = scripts.programs.into_iter().collect();
    let mut others: Vec<String> = scripts.others.into_iter().collect();
    others.retain(|name| !configured.contains(name));
    begins.sort_unstable();
    others.sort_unstable();
    Programs {
        begins: in_modules(project, &begins),
        configured: in_modules(project, configured),
        named: in_modules(project, &others),
        with_tasks: request.config.allow_unsafe,
    }
}

/// The dotted paths that `package.module:function` may mean, each with that: metadata names modules as they are installed,
/// and a project may stand in a folder of another one.
fn in_modules(project: &Project, names: &[String]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in names {
        let Some((module, function)) = name.split_once(':') else {
            continue;
        };
        for file in &project.files {
            let own = file.module.name.as_str();
            let fits = own
                .strip_suffix(module)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'));
            if fits {
                found.push((format!("{own}.{function}"), name.clone()));
            }
        }
    }
    found
}
