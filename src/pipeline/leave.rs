//! Leaves units that would break what other files catch or refer to.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::choice::Choice;
use super::doubling::{Doubling, covers};
use super::load::with_model;
use super::parse::parse;
use super::render::here;
use super::search::{is_part, place_in, stale};
use crate::colour;
use crate::discovery;
use crate::exceptions::{self, Changed, Facts, Stop};
use crate::index::Project;
use crate::plan::{Left, UnitReport};
use crate::propagate::{Propagation, Settled, is_special};
use crate::python::PythonVersion;
use crate::references::{self, Certainty, Removal, Search};
use crate::semantic::{Model, NodeId};
use crate::source::Source;
use crate::unit::{ANY_EXCEPTION, ColourSite, FileId, Holder, Unit};

/// Rounds of looking for callers of callers in files that were not parsed yet. Each round finds all callers within the known
/// files; a chain through more than this many unknown files in a row is longer than any that we have seen.
pub(super) const CALLER_ROUNDS: usize = 8;

/// The nodes of each file that change because functions become async.
pub(super) type Changing = FxHashMap<FileId, FxHashSet<NodeId>>;

/// The spans of the names in each file that units write anew.
type Renamed = FxHashMap<FileId, FxHashSet<TextRange>>;

/// What the units of a family change, by file.
#[derive(Clone, Copy)]
pub(super) struct Changes<'c> {
    nodes: &'c Changing,
    names: &'c Renamed,
}

/// Leaves the units whose old exceptions are caught elsewhere. Parses the files that name the family of exceptions, and, if
/// one of them has a handler that could miss something, those that call the functions of the units. `changing` tells the calls
/// that become awaited, with other nodes, for units of which these are taken.
pub(super) fn leave_missed_exceptions(
    project: &Project,
    units: &[Unit],
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
    changing: &dyn Fn(&[Unit], &[bool]) -> Changing,
    state: &mut Choice,
) {
    let mut families: Vec<&'static str> = units
        .iter()
        .zip(&state.taken)
        .filter(|(_, taken)| **taken)
        .filter_map(|(unit, _)| unit.stops_raising)
        .collect();
    families.sort_unstable();
    families.dedup();
    if families.is_empty() {
        return;
    }
    let raising: Vec<bool> = units
        .iter()
        .zip(&state.taken)
        .map(|(unit, taken)| *taken && unit.stops_raising.is_some())
        .collect();
    let changing = changing(units, &raising);
    for family in families {
        let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
        for (number, unit) in units.iter().enumerate() {
            if state.taken[number] && unit.stops_raising == Some(family) {
                by_file.entry(unit.file).or_default().push(number);
            }
        }
        let stops: Vec<Stop> = by_file
            .into_iter()
            .flat_map(|(file, numbers)| stops_in(project, file, &numbers, units, baselines))
            .collect();
        let of_family = units
            .iter()
            .enumerate()
            .filter(|(number, unit)| state.taken[*number] && unit.stops_raising == Some(family));
        let mut renamed: Renamed = FxHashMap::default();
        for (file, range) in of_family.flat_map(|(_, unit)| &unit.released) {
            renamed.entry(*file).or_default().insert(*range);
        }
        let changes = Changes {
            nodes: &changing,
            names: &renamed,
        };
        let mut known: FxHashMap<FileId, Facts> = FxHashMap::default();
        // Any handler may wait for an exception of whatever kind: there the calls alone tell the files.
        let is_any = family == ANY_EXCEPTION;
        let own: FxHashSet<FileId> = stops.iter().map(|stop| stop.file).collect();
        let wanted = |file: FileId, bytes: &[u8]| match is_any {
            true => own.contains(&file),
            false => memchr::memmem::find(bytes, family.as_bytes()).is_some(),
        };
        read_facts(project, family, &wanted, changes, &mut known);
        if is_any || exceptions::any_handler_elsewhere(&known, &stops) {
            let mut followed: FxHashSet<String> = FxHashSet::default();
            for _ in 0..CALLER_ROUNDS {
                let names = exceptions::names_to_follow(&known, &stops, family);
                let new: Vec<&String> = names
                    .iter()
                    .filter(|name| !followed.contains(*name))
                    .collect();
                let Ok(finder) = aho_corasick::AhoCorasick::new(&new) else {
                    break;
                };
                if new.is_empty() {
                    break;
                }
                let wanted = |_: FileId, bytes: &[u8]| finder.is_match(bytes);
                read_facts(project, family, &wanted, changes, &mut known);
                followed.extend(names);
            }
        }
        let mut tested: FxHashMap<_, usize> = FxHashMap::default();
        for (number, unit) in units.iter().enumerate() {
            if state.taken[number] && unit.doubling.is_some() {
                tested.extend(unit.handlers.iter().map(|&handler| (handler, number)));
            }
        }
        let verdict = exceptions::missed(&known, &stops, &tested, family);
        for missed in verdict.missed {
            let detail = format!("{}:{}", project.file(missed.file).name, missed.line);
            state.leave(missed.unit, missed.reason, Some(detail));
        }
        state.pairs.extend(verdict.pairs);
    }
}

/// Where the units of one file stop raising: their functions, each with the unit's sites.
pub(super) fn stops_in(
    project: &Project,
    file: FileId,
    numbers: &[usize],
    units: &[Unit],
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
) -> Vec<Stop> {
    let Some((source, _)) = &baselines[file.0 as usize] else {
        return Vec::new();
    };
    let Ok(parsed) = parse(&source.text, PythonVersion::PY314) else {
        return Vec::new();
    };
    let model = Model::new(&source.text, &parsed, &project.file(file).module);
    let mut stops = Vec::new();
    for &number in numbers {
        let unit = &units[number];
        let sites: Vec<TextRange> = here(file, &unit.colour)
            .filter_map(|site| match *site {
                ColourSite::Await { node } => Some(model.nodes.range(node)),
                _ => None,
            })
            .collect();
        let handlers = Arc::new(unit.handlers.iter().copied().collect());
        let awaited = unit.needs_async.iter().filter_map(|holder| match holder {
            Holder::Function(id) => Some(id),
            Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
        });
        for id in awaited.chain(&unit.raised_in) {
            stops.push(Stop {
                unit: number,
                file: id.file,
                function: id.index,
                sites: sites.clone(),
                handlers: Arc::clone(&handlers),
            });
        }
    }
    stops
}

/// Reads the facts of all files that are wanted and not known yet.
pub(super) fn read_facts(
    project: &Project,
    family: &str,
    wanted: &(dyn Fn(FileId, &[u8]) -> bool + Sync),
    changes: Changes<'_>,
    known: &mut FxHashMap<FileId, Facts>,
) {
    let (no_nodes, no_names) = (FxHashSet::default(), FxHashSet::default());
    let read: Vec<(FileId, Facts)> = project
        .files
        .par_iter()
        .enumerate()
        .filter_map(|(index, file)| {
            let id = FileId(index as u32);
            if known.contains_key(&id) {
                return None;
            }
            let bytes = discovery::read(&file.path).ok()?;
            if !wanted(id, &bytes) {
                return None;
            }
            let changed = Changed {
                nodes: changes.nodes.get(&id).unwrap_or(&no_nodes),
                names: changes.names.get(&id).unwrap_or(&no_names),
            };
            let facts = with_model(project, id, &bytes, |model| {
                Facts::new(model, family, &changed)
            })?;
            Some((id, facts))
        })
        .collect();
    known.extend(read);
}

/// Leaves the units whose functions other files name. Reads every file once more, if there are such units at all.
pub(super) fn leave_used_elsewhere(project: &Project, units: &[Unit], state: &mut Choice) {
    let mut wanted: FxHashMap<&[u8], Vec<(usize, FileId)>> = FxHashMap::default();
    for (number, unit) in units.iter().enumerate() {
        for (home, name) in unit.confined.iter().filter(|_| state.taken[number]) {
            let known = wanted.entry(name.as_bytes()).or_default();
            known.push((number, *home));
        }
    }
    if wanted.is_empty() {
        return;
    }
    let places: Vec<Vec<(usize, String)>> = (project.files.par_iter().enumerate())
        .map(|(index, file)| {
            let Ok(bytes) = discovery::read_code(&file.path) else {
                return Vec::new();
            };
            let words = bytes.split(|&byte| !is_part(byte));
            let mut found: Vec<(usize, String)> = Vec::new();
            for word in words {
                for &(unit, home) in wanted.get(word).into_iter().flatten() {
                    if home.0 as usize != index && !found.iter().any(|(other, _)| *other == unit) {
                        let at = word.as_ptr() as usize - bytes.as_ptr() as usize;
                        found.push((unit, place_in(&file.name, &bytes, at)));
                    }
                }
            }
            found
        })
        .collect();
    for (unit, place) in places.into_iter().flatten() {
        state.leave(unit, &references::USED_ELSEWHERE, Some(place));
    }
}

/// Leaves the units whose removed names other files refer to. Reads every file once more, if anything is removed at all.
pub(super) fn leave_stale_references(
    settled: &Settled<'_>,
    units: &[Unit],
    reports: &[UnitReport],
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
    left: &[Left],
    state: &mut Choice,
) {
    let (project, propagation) = (settled.project, settled.propagation);
    let mut doubling = Doubling::new(units, state);
    let removals: Vec<Removal> = units
        .iter()
        .enumerate()
        .filter(|(number, _)| state.taken[*number])
        .flat_map(|(number, unit)| {
            removals(
                project,
                propagation,
                number,
                unit,
                &reports[number],
                baselines,
            )
        })
        .collect();
    let search = Search::new(removals).migrating(lines_of_doubles(units, baselines, state));
    let stale = stale(project, &search);
    let mut unsure: Vec<usize> = stale
        .iter()
        .filter(|stale| stale.certainty != Certainty::Certain)
        .map(|stale| stale.unit)
        .collect();
    unsure.sort_unstable();
    unsure.dedup();
    let holders: Vec<&[Holder]> = unsure
        .iter()
        .map(|&unit| units[unit].needs_async.as_slice())
        .collect();
    let reaching = propagation.files_reaching(settled, &holders);
    for stale in stale {
        let comes = |at: usize| {
            let mut files = reaching[at].iter();
            files.any(|&other| covers(project, stale.file, other))
        };
        let concerns = match stale.certainty {
            Certainty::Certain => true,
            // Without a call graph, the names of modules must do.
            Certainty::NamesModule if propagation.facts.is_empty() => true,
            _ => unsure.binary_search(&stale.unit).is_ok_and(comes),
        };
        if !concerns {
            continue;
        }
        if stale.is_migrated {
            doubling.pair(units, &stale);
            continue;
        }
        let detail = format!("{}:{}", project.file(stale.file).name, stale.line);
        state.leave(stale.unit, stale.reason, Some(detail));
    }
    doubling.settle(settled, units, left, &propagation.blocking, state);
}

/// The lines, from 1, whose doubles the units migrate.
fn lines_of_doubles(
    units: &[Unit],
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
    state: &Choice,
) -> FxHashSet<(FileId, usize)> {
    let mut lines = FxHashSet::default();
    for (unit, _) in units.iter().zip(&state.taken).filter(|(_, taken)| **taken) {
        let Some(doubling) = &unit.doubling else {
            continue;
        };
        let Some((source, _)) = &baselines[unit.file.0 as usize] else {
            continue;
        };
        let ends: Vec<usize> = memchr::memchr_iter(b'\n', source.text.as_bytes()).collect();
        let line = |at: usize| ends.partition_point(|&end| end < at) + 1;
        for (file, span) in &doubling.spans {
            let (first, last) = (line(span.start().to_usize()), line(span.end().to_usize()));
            lines.extend((first..=last).map(|line| (*file, line)));
        }
    }
    lines
}

/// What a unit removes, by file.
fn removals(
    project: &Project,
    propagation: &Propagation,
    number: usize,
    unit: &Unit,
    report: &UnitReport,
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
) -> Vec<Removal> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_string();
    let mut files: Vec<FileId> = unit
        .released
        .iter()
        .chain(&unit.renamed)
        .map(|(file, _)| *file)
        .chain([unit.file])
        .collect();
    files.sort_unstable();
    files.dedup();
    let removal = |file: FileId| {
        let (source, _) = baselines[file.0 as usize].as_ref()?;
        let mut names: Vec<String> = here(file, &unit.released)
            .chain(here(file, &unit.renamed))
            .map(|&range| source.text[range].to_string())
            .collect();
        names.sort();
        names.dedup();
        let mut functions: Vec<String> = unit
            .needs_async
            .iter()
            .filter_map(|holder| match holder {
                Holder::Function(id) if id.file == file => {
                    let facts = propagation.facts.get(&file)?;
                    Some(facts.functions.get(id.index as usize)?.name.clone())
                }
                _ => None,
            })
            .collect();
        if file == unit.file {
            functions.push(last(&report.function));
        }
        // Any class has methods of these names, and a file that names one need not mean this: the calls tell.
        functions.retain(|name| !colour::is_hook(name) && !is_special(name));
        functions.sort();
        functions.dedup();
        let module = &project.file(file).module.name;
        Some(Removal {
            unit: number,
            file,
            module: last(module),
            names,
            doubles: unit.doubles,
            functions,
        })
    };
    files.into_iter().filter_map(removal).collect()
}
