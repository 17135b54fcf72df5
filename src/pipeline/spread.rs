//! Joins the files that call what changes, and follows the taken units to them.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Gathered;
use super::choice::{Choice, Solved};
use super::examine::{Analysis, FunctionFacts, analyse};
use super::half::is_brief;
use super::leave::Changing;
use super::lines::Lines;
use super::load::FactsLoader;
use super::request::{Request, blocks, is_seed, test_runner};
use super::search::stale;
use super::stubs;
use super::trio;
use super::values;
use crate::codemod::{self, Codemod, Settings};
use crate::config::Scope;
use crate::discovery::{self, Found};
use crate::doubles;
use crate::index::Project;
use crate::pins::Pins;
use crate::plan::{Left, Plan};
use crate::propagate::{Propagation, Recolour, Settled};
use crate::references::{Certainty, Removal, Search};
use crate::scan::Scanner;
use crate::seeds;
use crate::seeds::foreign::Foreign;
use crate::selector::NotFound;
use crate::solve::{Node, Solution};
use crate::unit::{ColourSite, FileId, FunctionId, Holder, Unit};

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
    let mut known: FxHashSet<FileId> = propagation.facts.keys().copied().collect();
    let foreign = Foreign::new(&request.config.make_async, project);
    let loader = FactsLoader::new(project, settings.target, pins, &foreign);
    let lookup = seeds::Lookup {
        project,
        found,
        loader: &loader,
        place: &|text, file, range| Lines::new(text).place(file, range),
        allow_unsafe: request.config.allow_unsafe,
    };
    let named = seeds::find(&request.config.make_async, &lookup, &mut propagation.facts)?;
    plan.left.extend(named.left);
    for (unit, report) in named.units {
        gathered.units.push(unit);
        gathered.reports.push(report);
    }
    let mut known_values = values::Known::default();
    values::follow(
        request,
        settings,
        project,
        &loader,
        &mut propagation.facts,
        &mut known_values,
        gathered,
        plan,
    );
    for class in known_values.converted {
        propagation.facts.convert(class);
    }
    propagation.followed = known_values.followed;
    let nexts = gathered.units.iter().flat_map(|unit| &unit.nexts);
    propagation.nexts = nexts.map(|(id, call)| (id.file, *call)).collect();
    propagation.overrides = known_values.overrides;
    propagation.blocking = known_values.blocking;
    redecorate(request, &gathered.units, propagation);
    let holders: Vec<Holder> = gathered
        .units
        .iter()
        .filter(|unit| is_seed(request, unit))
        .flat_map(|unit| unit.needs_async.iter().copied())
        .collect();
    propagation.join(project, &holders, &loader, request.config.allow_unsafe);
    plan.problems
        .extend(pins.check(project, &propagation.facts, &loader)?);
    analyse_joined(
        request,
        settings,
        project,
        scanner,
        found,
        &mut known,
        gathered,
        propagation,
        plan,
    );
    // What async code calls may follow it, and who else calls that decides whether it does.
    let may_block = |file: FileId| {
        let read = discovery::read(&project.file(file).path);
        let blocks = |codemod: &&Codemod| codemod.role.blocks();
        read.is_ok_and(|bytes| scanner.all_in(&bytes).iter().any(blocks))
    };
    loop {
        let below = propagation.descend(project, &holders, &loader, &may_block);
        analyse_joined(
            request,
            settings,
            project,
            scanner,
            found,
            &mut known,
            gathered,
            propagation,
            plan,
        );
        let following: Vec<Holder> = gathered
            .units
            .iter()
            .filter(|unit| !is_seed(request, unit))
            .flat_map(|unit| unit.needs_async.iter().copied())
            .filter(|holder| matches!(holder, Holder::Function(id) if below.contains(id)))
            .collect();
        if following.is_empty() {
            break;
        }
        propagation.join(project, &following, &loader, request.config.allow_unsafe);
        if propagation.facts.len() == known.len() {
            break;
        }
    }
    // Whether a test comes to code that stays decides about its doubles.
    if gathered.units.iter().any(|unit| unit.doubling.is_some()) {
        let blocking = plan.left.iter().filter(|left| is_blocking(request, left));
        let staying = functions_with(project, propagation, blocking);
        propagation.join_callers(project, &staying, &loader);
        analyse_joined(
            request,
            settings,
            project,
            scanner,
            found,
            &mut known,
            gathered,
            propagation,
            plan,
        );
    }
    Ok(())
}

/// Takes the decorators of test doubles for those that replace them, if nothing turns a test async but the codemod that
/// replaces them: else a test could become async with a decorator that stays, and would run without its doubles.
fn redecorate(request: &Request<'_>, units: &[Unit], propagation: &mut Propagation) {
    for unit in units {
        let Some(doubling) = &unit.doubling else {
            continue;
        };
        let is_alone = units
            .iter()
            .filter(|other| is_seed(request, other))
            // What a program does at module level turns no function async.
            .filter(|other| {
                let mut holders = other.needs_async.iter();
                holders.any(|holder| matches!(holder, Holder::Function(_)))
            })
            .all(|other| other.codemod == unit.codemod);
        for (file, decorator) in doubling.decorators.iter().filter(|_| is_alone) {
            propagation
                .facts
                .redecorate(*file, *decorator, doubles::DECORATOR);
        }
    }
}

/// Runs the codemods on the files that have joined and are not `known` yet: what follows matters there.
#[expect(clippy::too_many_arguments, reason = "see `join`")]
fn analyse_joined(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    scanner: &Scanner,
    found: &[Found],
    known: &mut FxHashSet<FileId>,
    gathered: &mut Gathered,
    propagation: &Propagation,
    plan: &mut Plan,
) {
    let joined = propagation.facts.keys().copied();
    let mut joined: Vec<FileId> = joined.filter(|&file| known.insert(file)).collect();
    joined.sort_unstable();
    let analyses: Vec<(FileId, Analysis)> = joined
        .par_iter()
        .map(|&id| {
            let file = &found[id.0 as usize];
            let analysis = analyse(request, settings, project, scanner, id, file, true);
            (id, analysis)
        })
        .collect();
    for (id, mut analysis) in analyses {
        // Its facts are known, numbered the same way.
        analysis.facts = None;
        gathered.add(id, analysis, plan);
    }
}

/// The nodes that change where the functions of some units become async: calls that are awaited or run, loops and `with`
/// statements.
pub(super) fn changing(
    request: &Request<'_>,
    units: &[Unit],
    taken: &[bool],
    settled: &Settled<'_>,
    solved: &Solved,
) -> Changing {
    if request.config.scope == Scope::Function {
        return Changing::default();
    }
    let holders: Vec<Holder> = units
        .iter()
        .zip(taken)
        .filter(|(unit, taken)| **taken && is_seed(request, unit))
        .flat_map(|(unit, _)| unit.needs_async.iter().copied())
        .collect();
    let halves = solved.halves();
    let runner = test_runner(request);
    let recolour = settled
        .propagation
        .recolour(&holders, settled, runner, &halves);
    let mut nodes = Changing::default();
    for (&file, sites) in &recolour.sites {
        let of_file = sites.iter().filter_map(|site| match *site {
            ColourSite::Await { node }
            | ColourSite::Run { node }
            | ColourSite::For { node }
            | ColourSite::Counted { node }
            | ColourSite::Closing { node }
            | ColourSite::WithItem {
                statement: node, ..
            } => Some(node),
            _ => None,
        });
        nodes.entry(file).or_default().extend(of_file);
    }
    nodes
}

/// The functions that the taken units turn async, and the units that wait for a function which stays sync: those are not
/// taken.
pub(super) fn follow(
    request: &Request<'_>,
    units: &[Unit],
    functions: &[Vec<FunctionFacts>],
    settled: &Settled<'_>,
    solved: &Solved,
    left: &[Left],
    state: &mut Choice,
) -> (Recolour, Vec<usize>) {
    let (project, propagation) = (settled.project, settled.propagation);
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
    let mut recolour = propagation.recolour(&holders, settled, test_runner(request), &halves);
    let followers = followers(
        request,
        units,
        settled,
        &solved.solution,
        left,
        state,
        &recolour,
    );
    if !followers.is_empty() {
        let followed = followers.iter().copied().map(Holder::Function);
        let all: Vec<Holder> = holders.into_iter().chain(followed).collect();
        recolour = propagation.recolour(&all, settled, test_runner(request), &halves);
        recolour.followers = followers.into_iter().collect();
    }
    recolour.markers = solved.markers(propagation, &recolour);
    recolour.keep_imports = taken_elsewhere(project, &recolour);
    stubs::follow(project, propagation, &mut recolour);
    bridge(
        request,
        units,
        settled,
        left,
        state.trio.as_deref(),
        &mut recolour,
    );
    let mut hidden = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        let waits = unit.needs_async.iter().any(|holder| match holder {
            Holder::Function(id) => {
                let index = id.index as usize;
                // No codemod need have looked at the file.
                let is_async = match functions[id.file.0 as usize].get(index) {
                    Some(function) => function.is_async,
                    None => propagation
                        .facts
                        .get(&id.file)
                        .and_then(|facts| facts.functions.get(index))
                        .is_some_and(|function| function.is_async),
                };
                !is_async && !recolour.functions.contains(id)
            }
            Holder::Statement(..) => !recolour.begins.contains(holder),
            Holder::Module(_) | Holder::Class(_) => true,
        });
        if waits && !unit.needs_async.is_empty() {
            match unit.follows {
                Some(reason) => state.leave(number, reason, None),
                None if state.taken[number] => hidden.push(number),
                None => {}
            }
            state.taken[number] = false;
        }
    }
    (recolour, hidden)
}

/// Hands the blocking functions that stay sync to threads where async code calls them.
fn bridge(
    request: &Request<'_>,
    units: &[Unit],
    settled: &Settled<'_>,
    left: &[Left],
    trio: Option<&str>,
    recolour: &mut Recolour,
) {
    let (project, propagation) = (settled.project, settled.propagation);
    let mut blocking: Vec<FunctionId> = Vec::new();
    for unit in units {
        let is_blocking = unit.codemod != seeds::NAME && blocks(request, unit.codemod);
        if is_blocking && !is_brief(unit) && values::may_thread(unit.codemod) {
            blocking.extend(functions_of(unit));
        }
    }
    blocking.extend(&propagation.blocking);
    let left = left.iter().filter(|left| is_blocking(request, left));
    blocking.extend(functions_with(project, propagation, left));
    blocking.sort_unstable();
    blocking.dedup();
    recolour.bridges = propagation.bridges(
        settled,
        &blocking,
        recolour,
        request.config.target_version,
        request.config.allow_unsafe,
    );
    if let Some(evidence) = trio {
        trio::leave_bridges(evidence, recolour);
    }
    for bridge in &recolour.bridges {
        if let Ok((sites, _)) = &bridge.outcome {
            let of_file = recolour.sites.entry(bridge.file).or_default();
            of_file.extend(sites.iter().copied());
        }
    }
}

/// Whether a candidate that is left blocks where it stands.
pub(super) fn is_blocking(request: &Request<'_>, left: &Left) -> bool {
    left.reason != &codemod::SUPPRESSED
        && blocks(request, left.codemod)
        && !values::is_about_object(left)
}

/// The functions that hold one of these candidates.
pub(super) fn functions_with<'l>(
    project: &Project,
    propagation: &Propagation,
    left: impl Iterator<Item = &'l Left>,
) -> Vec<FunctionId> {
    let left: FxHashSet<(&str, &str)> = left
        .map(|left| (left.place.file.as_str(), left.function.as_str()))
        .collect();
    let mut found = Vec::new();
    for (&file, facts) in &propagation.facts {
        let name = project.file(file).name.as_str();
        for (index, function) in facts.functions.iter().enumerate() {
            if left.contains(&(name, function.qualified_name.as_str())) {
                let index = index as u32;
                found.push(FunctionId { file, index });
            }
        }
    }
    found
}

/// The functions that must be async for a unit.
pub(super) fn functions_of(unit: &Unit) -> Vec<FunctionId> {
    let functions = unit.needs_async.iter();
    functions
        .filter_map(|holder| match holder {
            Holder::Function(id) => Some(*id),
            Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
        })
        .collect()
}

/// The functions that no seed needs and that become async all the same: everything in them that blocks is rewritten then.
fn followers(
    request: &Request<'_>,
    units: &[Unit],
    settled: &Settled<'_>,
    solution: &Solution,
    left: &[Left],
    state: &Choice,
    recolour: &Recolour,
) -> Vec<FunctionId> {
    let (project, propagation) = (settled.project, settled.propagation);
    let mut wanted: Vec<FunctionId> = Vec::new();
    // What goes on blocking in a function is better run in a thread.
    let mut blocking: FxHashSet<FunctionId> = FxHashSet::default();
    for (number, unit) in units.iter().enumerate() {
        if !blocks(request, unit.codemod) || is_brief(unit) {
            continue;
        }
        if !state.taken[number] {
            blocking.extend(functions_of(unit));
        } else if !is_seed(request, unit) {
            wanted.extend(functions_of(unit));
        }
    }
    let left: FxHashSet<(&str, &str)> = left
        .iter()
        .filter(|left| blocks(request, left.codemod))
        .map(|left| (left.place.file.as_str(), left.function.as_str()))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|id| !recolour.functions.contains(id));
    let is_barred = |id: FunctionId| {
        let node = Node::Holder(Holder::Function(id));
        let function = propagation
            .facts
            .get(&id.file)
            .and_then(|facts| facts.functions.get(id.index as usize));
        let file = project.file(id.file).name.as_str();
        solution.blocked(node).is_some()
            || blocking.contains(&id)
            || function
                .is_none_or(|function| left.contains(&(file, function.qualified_name.as_str())))
    };
    propagation.followers(settled, &wanted, recolour, &is_barred)
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
