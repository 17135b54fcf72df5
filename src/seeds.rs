//! Seeds that the user names with `--make-async`: functions of the project that become async, with no codemod involved.
//!
//! A name is looked up in the facts of the files whose text holds it. Each function that it names is a [`Unit`] without
//! edits of its own, which needs that function async: the propagation and the solver do with it what they do with the
//! units of a seed codemod, and reports name it [`NAME`].

use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::{FileFacts, Function};
use crate::discovery::{self, Found, Kind};
use crate::index::Project;
use crate::plan::{Outcome, Place, UnitReport};
use crate::propagate::Loader;
use crate::python::PythonVersion;
use crate::selector::{self, NotFound, Selector};
use crate::source;
use crate::unit::{FileId, FunctionId, Holder, Safety, Unit};

/// What reports say in place of a codemod's name.
pub const NAME: &str = "make_async";

/// The option, as errors name it.
const OPTION: &str = "make-async";

/// The functions that were named.
#[derive(Default)]
pub struct Seeds {
    /// A unit for each that is not async already.
    pub units: Vec<(Unit, UnitReport)>,
    /// The facts of the files that hold them, where they were not known.
    pub facts: Vec<(FileId, FileFacts)>,
}

/// Finds what these names name. `place` shows a span of a text to the user.
///
/// # Errors
/// A name that no function has.
pub fn find(
    names: &[String],
    project: &Project,
    found: &[Found],
    known: &FxHashMap<FileId, FileFacts>,
    loader: &dyn Loader,
    place: &dyn Fn(&str, &str, TextRange) -> Place,
) -> Result<Seeds, NotFound> {
    let wanted: Vec<Selector<'_>> = names.iter().map(|name| Selector::new(name)).collect();
    // A stub is no code, and what a generator writes would be lost with its next run.
    let is_ours = |file: &FileId| {
        let found = &found[file.0 as usize];
        let is_generated = || {
            discovery::is_generated_name(&found.path)
                || discovery::read(&found.path).is_ok_and(|bytes| discovery::is_generated(&bytes))
        };
        matches!(found.kind, Kind::Module | Kind::Script) && (found.explicit || !is_generated())
    };
    let mut loaded: FxHashMap<FileId, FileFacts> = loader
        .load(&selector::candidates(
            &wanted.iter().collect::<Vec<_>>(),
            project,
            known,
            loader,
        ))
        .into_iter()
        .collect();
    loaded.retain(|file, _| is_ours(file));

    let mut files: Vec<FileId> = known
        .keys()
        .filter(|file| is_ours(file))
        .chain(loaded.keys())
        .copied()
        .collect();
    files.sort_unstable();
    let mut matched = vec![false; wanted.len()];
    let mut seeds = Seeds::default();
    for file in files {
        let Some(facts) = known.get(&file).or_else(|| loaded.get(&file)) else {
            continue;
        };
        let mut chosen: Vec<u32> = Vec::new();
        for (index, function) in facts.functions.iter().enumerate() {
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
            seeds
                .units
                .extend(units(project, file, facts, &chosen, place));
        }
    }
    let missing: Vec<&Selector<'_>> = wanted
        .iter()
        .zip(&matched)
        .filter(|(_, matched)| !**matched)
        .map(|(wanted, _)| wanted)
        .collect();
    if !missing.is_empty() {
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
        });
    }
    // What a pattern made us read, and nothing came of it, is none of the propagation's business.
    let holding: FxHashSet<FileId> = seeds.units.iter().map(|(unit, _)| unit.file).collect();
    loaded.retain(|file, _| holding.contains(file));
    seeds.facts = loaded.into_iter().collect();
    seeds.facts.sort_by_key(|(file, _)| *file);
    Ok(seeds)
}

/// The units of the chosen functions of one file.
fn units(
    project: &Project,
    file: FileId,
    facts: &FileFacts,
    chosen: &[u32],
    place: &dyn Fn(&str, &str, TextRange) -> Place,
) -> Vec<(Unit, UnitReport)> {
    let of_file = project.file(file);
    let text = discovery::read(&of_file.path)
        .ok()
        .and_then(|bytes| Some(source::decode(&bytes).ok()?.text.clone()));
    let Some(text) = text else {
        return Vec::new();
    };
    chosen
        .iter()
        .filter_map(|&index| {
            let function = facts.functions.get(index as usize)?;
            let range = definition(&text, function);
            let unit = Unit {
                codemod: NAME,
                file,
                range,
                needs_async: vec![Holder::Function(FunctionId { file, index })],
                edits: Vec::new(),
                colour: Vec::new(),
                imports: Vec::new(),
                released: Vec::new(),
                doubles: &[],
                stops_raising: None,
                dependencies: Vec::new(),
                min_python: PythonVersion::PY38,
                safety: Safety::Safe,
                notes: Vec::new(),
            };
            let report = UnitReport {
                codemod: NAME,
                place: place(&text, &of_file.name, range),
                function: function.qualified_name.clone(),
                safety: Safety::Safe,
                outcome: Outcome::Taken,
                notes: Vec::new(),
            };
            Some((unit, report))
        })
        .collect()
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
