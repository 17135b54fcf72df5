//! Joins the files that call what changes, and follows the taken units to them.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Gathered;
use super::choice::{Choice, Solved};
use super::examine::{Analysis, FunctionFacts, analyse};
use super::lines::Lines;
use super::load::FactsLoader;
use super::request::{Request, is_seed, test_runner};
use super::search::stale;
use super::stubs;
use crate::codemod::Settings;
use crate::config::Scope;
use crate::discovery::Found;
use crate::index::Project;
use crate::pins::Pins;
use crate::plan::Plan;
use crate::propagate::{Propagation, Recolour};
use crate::references::{Certainty, Removal, Search};
use crate::scan::Scanner;
use crate::seeds;
use crate::selector::NotFound;
use crate::unit::{FileId, Holder, Unit};

/// Joins the files that call what the seeds change, and runs the followers on them.
#[expect(
    clippy::too_many_arguments,
    reason = "the whole state of a run, at its one turning point"
)]
pub(super) fn join(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    scanner: &Scanner,
    found: &[Found],
    gathered: &mut Gathered,
    propagation: &mut Propagation,
    pins: &Pins<'_>,
    plan: &mut Plan,
) -> Result<(), NotFound> {
    let known: FxHashSet<FileId> = propagation.facts.keys().copied().collect();
    let loader = FactsLoader::new(project, settings.target, pins);
    let named = seeds::find(
        &request.config.make_async,
        project,
        found,
        &propagation.facts,
        &loader,
        &|text, file, range| Lines::new(text).place(file, range),
    )?;
    propagation.facts.extend(named.facts);
    for (unit, report) in named.units {
        gathered.units.push(unit);
        gathered.reports.push(report);
    }
    let holders: Vec<Holder> = gathered
        .units
        .iter()
        .filter(|unit| is_seed(request, unit))
        .flat_map(|unit| unit.needs_async.iter().copied())
        .collect();
    propagation.join(project, &holders, &loader);
    plan.problems
        .extend(pins.check(project, &propagation.facts, &loader)?);
    let mut joined: Vec<FileId> = propagation
        .facts
        .keys()
        .copied()
        .filter(|file| !known.contains(file))
        .collect();
    joined.sort_unstable();
    let analyses: Vec<(FileId, Analysis)> = joined
        .par_iter()
        .map(|&id| {
            (
                id,
                analyse(
                    request,
                    settings,
                    project,
                    scanner,
                    id,
                    &found[id.0 as usize],
                    true,
                ),
            )
        })
        .collect();
    for (id, mut analysis) in analyses {
        // Its facts are known, numbered the same way.
        analysis.facts = None;
        gathered.add(id, analysis, plan);
    }
    Ok(())
}

/// The functions that the taken units turn async, and the units that wait for a function which stays sync: those are not
/// taken.
pub(super) fn follow(
    request: &Request<'_>,
    project: &Project,
    units: &[Unit],
    functions: &[Vec<FunctionFacts>],
    propagation: &Propagation,
    solved: &Solved,
    state: &mut Choice,
) -> (Recolour, Vec<usize>) {
    if request.config.scope == Scope::Function {
        return (Recolour::default(), Vec::new());
    }
    let holders: Vec<Holder> = units
        .iter()
        .enumerate()
        .filter(|(number, unit)| state.taken[*number] && is_seed(request, unit))
        .flat_map(|(_, unit)| unit.needs_async.iter().copied())
        .collect();
    let halves = solved.halves();
    let mut recolour = propagation.recolour(&holders, project, test_runner(request), &halves);
    recolour.markers = solved.markers(propagation, &recolour);
    recolour.keep_imports = taken_elsewhere(project, &recolour);
    stubs::follow(project, propagation, &mut recolour);
    let mut hidden = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        let waits = unit.needs_async.iter().any(|holder| match holder {
            Holder::Function(id) => {
                let is_async = functions[id.file.0 as usize]
                    .get(id.index as usize)
                    .is_some_and(|facts| facts.is_async);
                !is_async && !recolour.functions.contains(id)
            }
            Holder::Module(_) | Holder::Class(_) => true,
        });
        if waits && !unit.needs_async.is_empty() {
            if state.taken[number] {
                hidden.push(number);
            }
            state.taken[number] = false;
        }
    }
    (recolour, hidden)
}

/// The files whose names that the recolouring replaces may be taken from them by others.
pub(super) fn taken_elsewhere(project: &Project, recolour: &Recolour) -> FxHashSet<FileId> {
    let removals = recolour
        .releases
        .iter()
        .map(|(&file, names)| {
            let module = &project.file(file).module.name;
            Removal {
                unit: file.0 as usize,
                file,
                module: module.rsplit('.').next().unwrap_or(module).to_string(),
                names: names.clone(),
                doubles: &[],
                functions: Vec::new(),
            }
        })
        .collect();
    stale(project, &Search::new(removals))
        .into_iter()
        .filter(|stale| stale.certainty == Certainty::Certain)
        .map(|stale| FileId(stale.unit as u32))
        .collect()
}
