//! Seeds that the user names with `--make-async`: functions of the project that become async, and callables of libraries
//! that are, with no codemod involved.
//!
//! A name is looked up in the facts of the files whose text holds it. Each function that it names is a [`Unit`] without
//! edits of its own, which needs that function async; each call of a library's callable is one that awaits the call, see
//! [`foreign`]. The propagation and the solver do with them what they do with the units of a seed codemod, and reports name
//! them [`NAME`].

pub mod foreign;

use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::callgraph::project::ProjectFacts;

use crate::callgraph::{FileFacts, Function};
use crate::discovery::{self, Found, Kind, LeftAlone};
use crate::index::Project;
use crate::plan::{Left, Outcome, Place, UnitReport};
use crate::propagate::Loader;
use crate::python::PythonVersion;
use crate::selector::{self, NotFound, Selector};
use crate::source;
use crate::unit::{ColourSite, FileId, FunctionId, Holder, Reason, Reshaped, Safety, Unit};
use foreign::Foreign;

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&foreign::ENTERED];

/// What reports say in place of a codemod's name.
pub const NAME: &str = "make_async";

/// The option, as errors name it.
const OPTION: &str = "make-async";

/// What the names mean.
#[derive(Default)]
pub struct Seeds {
    /// A unit for each function that is not async already, and for each call to await.
    pub units: Vec<(Unit, UnitReport)>,
    /// The calls that cannot be awaited.
    pub left: Vec<Left>,
}

/// How to look at the project.
pub struct Lookup<'l> {
    /// The files.
    pub project: &'l Project,
    /// What is known of them besides, by number.
    pub found: &'l [Found],
    /// Reads more of them.
    pub loader: &'l dyn Loader,
    /// Shows a span of a text to the user.
    pub place: &'l dyn Fn(&str, &str, TextRange) -> Place,
    /// Whether changes that may differ are taken.
    pub allow_unsafe: bool,
}

impl Lookup<'_> {
    /// Whether a file is one to change: a stub is no code, and what a generator writes would be lost with its next run.
    fn is_ours(&self, file: FileId) -> bool {
        let found = &self.found[file.0 as usize];
        let left_alone = || {
            let bytes = discovery::read(&found.path).unwrap_or_default();
            LeftAlone::of(&found.path, &bytes)
        };
        matches!(found.kind, Kind::Module | Kind::Script)
            && left_alone().is_none_or(|why| found.explicit && !why.is_certain())
    }

    fn text(&self, file: FileId) -> Option<String> {
        let bytes = discovery::read(&self.project.file(file).path).ok()?;
        Some(source::decode(&bytes).ok()?.text.clone())
    }
}

/// Finds what these names name. What had to be read for it, and holds seeds, is added to the facts.
///
/// # Errors
/// A name that no function has, and no call is of.
pub fn find(
    names: &[String],
    lookup: &Lookup<'_>,
    facts: &mut ProjectFacts,
) -> Result<Seeds, NotFound> {
    if names.is_empty() {
        return Ok(Seeds::default());
    }
    let (project, loader) = (lookup.project, lookup.loader);
    let wanted: Vec<Selector<'_>> = names.iter().map(|name| Selector::new(name)).collect();
    let known: FxHashSet<FileId> = facts.keys().copied().collect();
    let selectors: Vec<&Selector<'_>> = wanted.iter().collect();
    let candidates = selector::candidates(&selectors, project, facts, loader);
    facts.extend(loader.load(&candidates));

    let mut files: Vec<FileId> = facts.keys().copied().collect();
    files.retain(|&file| lookup.is_ours(file));
    files.sort_unstable();
    let mut matched = vec![false; wanted.len()];
    let mut seeds = Seeds::default();
    for file in files {
        let of_file = &facts[&file];
        let mut chosen: Vec<u32> = Vec::new();
        for (index, function) in of_file.functions.iter().enumerate() {
            let mut is_named = false;
            for (wanted, matched) in wanted.iter().zip(&mut matched) {
                if wanted.names(&project.file(file).module.name, function) {
                    *matched = true;
                    is_named = true;
                }
            }
            // One that is async already is what the user wants.
            if is_named && !function.is_async {
                chosen.push(index as u32);
            }
        }
        if !chosen.is_empty() {
            seeds.units.extend(units(lookup, file, of_file, &chosen));
        }
    }
    let foreign = Foreign::new(names, project);
    if !foreign.is_empty() {
        let calls = foreign.calls(lookup, facts);
        for (index, matched) in matched.iter_mut().enumerate() {
            *matched |= calls.matched.contains(&index);
        }
        seeds.units.extend(calls.units);
        seeds.left.extend(calls.left);
    }
    let missing: Vec<&Selector<'_>> = wanted
        .iter()
        .zip(&matched)
        .filter(|(_, matched)| !**matched)
        .map(|(wanted, _)| wanted)
        .collect();
    if !missing.is_empty() {
        let is_foreign = missing.iter().any(|wanted| foreign.may_mean(wanted.text));
        let names = missing
            .into_iter()
            .map(|wanted| {
                (
                    wanted.text.to_string(),
                    selector::nearest(wanted, project, loader),
                )
            })
            .collect();
        return Err(NotFound {
            option: OPTION,
            names,
            foreign: Some(is_foreign),
        });
    }
    // What a pattern made us read, and nothing came of it, is none of the propagation's business.
    let holding: FxHashSet<FileId> = seeds.units.iter().map(|(unit, _)| unit.file).collect();
    facts.retain(|file| known.contains(&file) || holding.contains(&file));
    Ok(seeds)
}

/// The units of the chosen functions of one file.
fn units(
    lookup: &Lookup<'_>,
    file: FileId,
    facts: &FileFacts,
    chosen: &[u32],
) -> Vec<(Unit, UnitReport)> {
    let Some(text) = lookup.text(file) else {
        return Vec::new();
    };
    chosen
        .iter()
        .filter_map(|&index| {
            let function = facts.functions.get(index as usize)?;
            let range = definition(&text, function);
            let holder = Holder::Function(FunctionId { file, index });
            let place = (lookup.place)(&text, &lookup.project.file(file).name, range);
            let function = function.qualified_name.clone();
            Some((
                unit(file, range, holder, Vec::new()),
                report(place, function),
            ))
        })
        .collect()
}

/// What becomes of a seed: its function must be async, and nothing but these sites is written.
pub(crate) fn unit(file: FileId, range: TextRange, holder: Holder, sites: Vec<ColourSite>) -> Unit {
    Unit {
        codemod: NAME,
        file,
        range,
        needs_async: vec![holder],
        edits: Vec::new(),
        colour: sites.into_iter().map(|site| (file, site)).collect(),
        imports: Vec::new(),
        helpers: Vec::new(),
        released: Vec::new(),
        successions: Vec::new(),
        renamed: Vec::new(),
        doubles: &[],
        doubling: None,
        reshaped: Reshaped::default(),
        confined: Vec::new(),
        stops_raising: None,
        raised_in: Vec::new(),
        handlers: Vec::new(),
        made: Vec::new(),
        foreign: Vec::new(),
        nexts: Vec::new(),
        gives: Vec::new(),
        seen: Vec::new(),
        follows: None,
        dependencies: Vec::new(),
        min_python: PythonVersion::PY38,
        safety: Safety::Safe,
        notes: Vec::new(),
    }
}

fn report(place: Place, function: String) -> UnitReport {
    UnitReport {
        codemod: NAME,
        place,
        function,
        safety: Safety::Safe,
        outcome: Outcome::Taken,
        notes: Vec::new(),
    }
}

/// The header of a function without its decorators: from `def` to the colon.
fn definition(text: &str, function: &Function) -> TextRange {
    let header = function.header;
    let start = function
        .decorators
        .iter()
        .map(|decorator| decorator.range.end())
        .max()
        .unwrap_or(header.start());
    let mut offset = start.to_usize();
    // A call's closing bracket or a comment may follow a decorator: the definition has a line of its own.
    let between = text.get(offset..header.end().to_usize()).unwrap_or("");
    for line in between.split_inclusive('\n') {
        let code = line.trim_start();
        if code.starts_with("def") {
            offset += line.len() - code.len();
            return TextRange::new(TextSize::new(offset as u32), header.end());
        }
        offset += line.len();
    }
    header.range()
}
