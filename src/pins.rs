//! The functions that settings keep sync: those that `keep-sync` names, and with `public-api = "keep"` the library's
//! public names.
//!
//! A pin is a fact about a function, like a `keep-sync` comment on it: it is set wherever the facts of a file are read.

use rustc_hash::FxHashMap;

use crate::callgraph::{FileFacts, Function, Pin};
use crate::config::{Config, KeepSync, PublicApi};
use crate::discovery::Kind;
use crate::index::Project;
use crate::plan::{Problem, Severity};
use crate::propagate::Loader;
use crate::public::Api;
use crate::selector::{self, NotFound, Selector};
use crate::unit::{FileId, Reason};

/// The option, as errors name it.
const OPTION: &str = "keep-sync";

/// A setting pins the function.
pub static KEEP_SYNC: Reason = Reason {
    code: "keep-sync",
    message: "a `keep-sync` comment, setting or option pins the function",
    help: "remove it to let the function become async",
};

/// The function belongs to what the library offers.
pub static PUBLIC_API: Reason = Reason {
    code: "public-api",
    message: "the function is a public name of the library, and `public-api = \"keep\"` keeps those as they are",
    help: "write an async function beside it by hand, or set `public-api` to \"change\"",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&KEEP_SYNC, &PUBLIC_API];

/// What the settings keep sync.
#[derive(Default)]
pub struct Pins<'c> {
    kept: Vec<(&'c KeepSync, Selector<'c>)>,
    /// What the library offers, where that is kept.
    api: Option<Api>,
}

impl<'c> Pins<'c> {
    /// The pins of these settings. Reads every module where the public names are kept.
    pub fn new(config: &'c Config, project: &Project) -> Self {
        let kept = config
            .keep_sync
            .iter()
            .map(|keep| (keep, Selector::new(&keep.name)))
            .collect();
        let api = match config.public_api {
            PublicApi::Keep => Some(Api::of(project, &config.src)),
            PublicApi::Change => None,
        };
        Self { kept, api }
    }

    /// Sets the pins of a file's functions.
    pub fn set(&self, project: &Project, file: FileId, facts: &mut FileFacts) {
        if self.kept.is_empty() && self.api.is_none() {
            return;
        }
        let module = &project.file(file).module.name;
        for index in 0..facts.functions.len() {
            if facts.functions[index].pin.is_some() {
                continue;
            }
            facts.functions[index].pin = self.pin(module, file, facts, &facts.functions[index]);
        }
    }

    fn pin(
        &self,
        module: &str,
        file: FileId,
        facts: &FileFacts,
        function: &Function,
    ) -> Option<Pin> {
        let named = self
            .kept
            .iter()
            .find(|(_, name)| name.names(module, function));
        if let Some((keep, _)) = named {
            return Some(Pin::Setting(keep.name.clone()));
        }
        let api = self.api.as_ref()?;
        api.holds(file, facts, function).then_some(Pin::PublicApi)
    }

    /// What is wrong with the names: a warning for each of the settings that no function has.
    ///
    /// # Errors
    /// A name of the command line that no function has.
    pub fn check(
        &self,
        project: &Project,
        known: &FxHashMap<FileId, FileFacts>,
        loader: &dyn Loader,
    ) -> Result<Vec<Problem>, NotFound> {
        let is_code = |file: FileId| matches!(project.file(file).kind, Kind::Module | Kind::Script);
        let has = |name: &Selector<'_>, file: FileId, facts: &FileFacts| {
            let module = &project.file(file).module.name;
            is_code(file) && facts.functions.iter().any(|one| name.names(module, one))
        };
        let mut missing: Vec<&(&KeepSync, Selector<'_>)> = self.kept.iter().collect();
        missing.retain(|(_, name)| !known.iter().any(|(&file, facts)| has(name, file, facts)));
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<&Selector<'_>> = missing.iter().map(|(_, name)| name).collect();
        let loaded = loader.load(&selector::candidates(&names, project, known, loader));
        missing.retain(|(_, name)| !loaded.iter().any(|(file, facts)| has(name, *file, facts)));
        let mut problems = Vec::new();
        let mut given: Vec<(String, Vec<String>)> = Vec::new();
        for (keep, name) in missing {
            let near = selector::nearest(name, project, loader);
            let Some((file, line)) = &keep.place else {
                given.push((keep.name.clone(), near));
                continue;
            };
            let not_found = NotFound {
                option: OPTION,
                names: vec![(keep.name.clone(), near)],
            };
            problems.push(Problem {
                severity: Severity::Warning,
                file: file.clone(),
                line: Some(*line),
                message: not_found.to_string(),
                remedy: not_found.help(),
            });
        }
        if given.is_empty() {
            return Ok(problems);
        }
        Err(NotFound {
            option: OPTION,
            names: given,
        })
    }
}

impl Pin {
    /// Why the function stays sync, and what exactly says so.
    pub fn barrier(&self) -> (&'static Reason, Option<String>) {
        match self {
            Self::Comment => (&KEEP_SYNC, None),
            Self::Setting(name) => (&KEEP_SYNC, Some(format!("`{name}`"))),
            Self::PublicApi => (&PUBLIC_API, None),
        }
    }

    /// Whether a function with which a program begins may not change at its inside either: its outside stays as it is.
    pub fn keeps_inside(&self) -> bool {
        !matches!(self, Self::PublicApi)
    }
}
