//! The way of the data, from paths to a plan.
//!
//! Phase one looks at each file by itself, in parallel: read, scan, parse, run the codemods, keep units and facts, drop
//! the tree. Phase two solves the requirement graph over all units. Phase three parses the files that change once more,
//! renders their edits and verifies the result. Files are numbered in sorted order and every step keeps that order, so the
//! plan does not depend on the number of threads.

mod bridges;
mod chains;
mod choice;
mod doubling;
mod examine;
mod given;
mod half;
mod leave;
mod lines;
mod load;
mod markers;
mod modules;
mod notes;
mod parse;
mod render;
mod request;
mod rules;
mod search;
mod spread;
mod stubs;
mod trio;
mod values;
mod waiting;
mod words;

pub use parse::{MAX_DEPTH, ParseFailure, STACK_SIZE, parse};
pub use render::{OVERLAP, REASONS, VERIFY};
pub use request::{Progress, Render, Request};
pub use trio::RUNS_ON_TRIO;

use std::sync::Arc;

use anyhow::Context as _;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::{FileFacts, Function};
use crate::codemod::Settings;
use crate::config::{self, Scope};
use crate::discovery::{self, DiscoveryOptions, Found, Kind};
use crate::index::{Project, ProjectFile};
use crate::pins::Pins;
use crate::plan::{Left, Plan, UnitReport};
use crate::propagate::{Propagation, Recolour};
use crate::public::Api;
use crate::scan::Scanner;
use crate::seeds::foreign::Foreign;
use crate::selector;
use crate::solve::Node;
use crate::source::Source;
use crate::unit::{Dependency, FileId, Holder, Reason, Unit};
use crate::why::Why;
use choice::{Choice, choose_by_safety, note_doubts, solve_units};
use examine::{Analysis, FunctionFacts, analyse};
use leave::{leave_missed_exceptions, leave_stale_references, leave_used_elsewhere};
use load::{FactsLoader, line_of};
use markers::Present;
use modules::{ModuleNames, load_exports};
use render::Rendering;
use request::{blocks, drives, is_seed, phase, programs};
use spread::{changing, follow, join};
use trio::Backends;

/// How many barriers before a function are explained.
const EXPLAINED: usize = 20;

/// Plans a migration.
///
/// # Errors
/// The working directory is gone, the threads cannot be started, or `make-async` or `--keep-sync` names a function that is not there
/// ([`selector::NotFound`]). What is wrong with single files is in
/// [`Plan::problems`].
pub fn plan(request: &Request<'_>) -> anyhow::Result<Plan> {
    let threads = request
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let options = DiscoveryOptions {
        working_directory: std::env::current_dir()
            .context("the working directory cannot be read")?,
        root: request.config.root.clone(),
        exclude: request.config.exclude.clone(),
        threads,
    };
    phase(request, "finding files", None);
    let mut discovered = discovery::discover(request.paths, &options);
    if let Some(project) = &request.config.project {
        let outside = discovery::outside(project, &discovered.files, &options);
        discovered.files = discovery::merge(discovered.files, outside);
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK_SIZE)
        .build()
        .context("the worker threads cannot be started")?;
    let mut plan = pool.install(|| plan_files(request, discovered.files))?;
    plan.problems.extend(discovered.problems);
    plan.problems
        .extend(request.config.problems.iter().cloned());
    plan.problems
        .sort_by(|a, b| (&a.file, a.line, &a.message).cmp(&(&b.file, b.line, &b.message)));
    plan.problems.dedup();
    Ok(plan)
}

fn plan_files(request: &Request<'_>, found: Vec<Found>) -> Result<Plan, selector::NotFound> {
    let target = request.config.target_version;
    let names = ModuleNames::new(&found, &request.config.src);
    let files: Vec<ProjectFile> = found
        .iter()
        .map(|file| {
            let (module, local) = (names.of(file, &names.roots), names.of(file, &[]));
            let (path, name) = (file.path.clone(), file.name.clone());
            let mut known = ProjectFile::new(path, name, module, local.name);
            known.outside = file.outside;
            known
        })
        .collect();
    let project = Project::new(files, Box::new(load_exports));
    let settings = Settings {
        target,
        rewrites_files: request
            .codemods
            .iter()
            .any(|codemod| codemod.name == "open_to_aiofiles"),
        groups_tasks: request
            .codemods
            .iter()
            .any(|codemod| codemod.name == "gather_to_taskgroup"),
        bounds_gathers: request
            .codemods
            .iter()
            .any(|codemod| codemod.name == "gather_to_bounded"),
        scope: request.config.scope,
        http_client: request.config.http_client,
        http_style: request.config.http_style,
        file_io: request.config.file_io,
        postgres_driver: request.config.postgres_driver,
        pins: ["sqlalchemy"]
            .into_iter()
            .filter(|name| request.config.pinned_below(name, 2, 0))
            .map(|name| (name.to_string(), 2, 0))
            .collect(),
        line_length: config::line_length(&request.config.root),
    };
    let scanner = Scanner::new(&request.codemods, |codemod| request.drives(codemod));

    phase(request, "reading", Some(found.len()));
    let analyses: Vec<Analysis> = found
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let analysis = analyse(
                request,
                &settings,
                &project,
                &scanner,
                FileId(index as u32),
                file,
                false,
            );
            if let Some(progress) = request.progress {
                progress.advance(1);
            }
            analysis
        })
        .collect();

    phase(request, "solving", None);
    let is_python = |file: &&Found| file.kind != Kind::Foreign && !file.outside;
    let has_async: Vec<bool> = analyses.iter().map(|analysis| analysis.has_async).collect();
    let backends: Vec<Backends> = analyses.iter().map(|analysis| analysis.backends).collect();
    let trio = trio::evidence(request, &project, &backends);
    let mut plan = Plan {
        files_seen: found.iter().filter(is_python).count(),
        ..Plan::default()
    };
    let mut gathered = Gathered::new(analyses, &mut plan);
    let mut propagation = Propagation {
        facts: std::mem::take(&mut gathered.facts).into_iter().collect(),
        allow_unsafe: request.config.allow_unsafe,
        programs: programs(request, &project),
        test_names: config::test_names(&request.config.root),
        ..Propagation::default()
    };
    let pins = match request.config.scope {
        Scope::Project => Pins::new(request.config, &project),
        // No function changes colour.
        Scope::Function => Pins::default(),
    };
    let pin = |file: FileId, facts: &mut FileFacts| pins.set(&project, file, facts);
    propagation.facts.pin(pin);
    if request.config.scope == Scope::Project {
        join(
            request,
            &settings,
            &project,
            &scanner,
            &found,
            &mut gathered,
            &mut propagation,
            &pins,
            &mut plan,
        )?;
    }
    if request.config.scope == Scope::Function {
        values::follow_alone(
            request,
            &settings,
            &project,
            &pins,
            &mut gathered,
            &mut plan,
        );
    }
    let settled = propagation.settle(&project);
    let propagation = settled.propagation;
    let Gathered {
        mut units,
        mut reports,
        baselines,
        functions,
        markers,
        ..
    } = gathered;
    let mut state = Choice {
        taken: vec![true; units.len()],
        trio,
        ..Choice::default()
    };
    let mut solved = solve_units(
        request, &units, &plan.left, &functions, &settled, markers, &mut state,
    );
    note_doubts(request, &settled, &mut units, &mut reports, &state);
    choose_by_safety(request, &units, &mut reports, &mut state);
    trio::leave(request, &units, &|unit| is_seed(request, unit), &mut state);
    half::hold_back(request, &settled, &mut units, &plan.left, &state);
    let changing =
        |units: &[Unit], taken: &[bool]| changing(request, units, taken, &settled, &solved);
    leave_missed_exceptions(&project, &units, &baselines, &changing, &mut state);
    leave_used_elsewhere(&project, &units, &mut state);
    leave_stale_references(
        &settled, &units, &reports, &baselines, &plan.left, &mut state,
    );

    phase(request, "writing", None);
    let (mut recolour, hidden) = loop {
        // A barrier that was accepted for a unit which is left now stands before the others again.
        if request.config.assist.is_some() {
            solved.accept(request, propagation, &units, &state.taken);
            solved.leave_blocked(&project, propagation, &mut state);
        }
        // What becomes async depends on the units that are taken, and what follows depends on that.
        let (recolour, hidden) = follow(
            request, &units, &functions, &settled, &solved, &plan.left, &mut state,
        );
        let before = state.left.len();
        trio::leave(request, &units, &|_| true, &mut state);
        let renderer = Rendering::new(&project, &units, &baselines, &recolour, request);
        let files = renderer.run(&mut state);
        if state.left.len() == before {
            plan.files = files;
            list_recoloured(request, &project, propagation, &recolour, &mut plan);
            break (recolour, hidden);
        }
        // Units were dropped: begin again with those that are left.
        for &unit in &hidden {
            state.taken[unit] = true;
        }
    };

    plan.problems.append(&mut recolour.notes);
    bridges::report(&project, propagation, &recolour.bridges, &mut plan);
    plan.problems.extend(notes::notes(&settled, &recolour));
    if request.chains {
        chains::add(
            request, &settings, &project, &found, &has_async, &recolour, &mut plan,
        );
    }
    rules::add(request, &project, &has_async, &mut plan);
    plan.answer = request.explain.map(|place| {
        let foreign = Foreign::new(&request.config.make_async, &project);
        let loader = FactsLoader::new(&project, target, &pins, &foreign);
        let obstacles = solved.graph.obstacles(EXPLAINED, &|barrier| {
            solved.accepted.barriers.contains(&barrier)
        });
        let tell = |number: &u32, file| {
            let barrier = &solved.graph.barriers()[*number as usize];
            waiting::in_the_way(&project, propagation, barrier, file)
        };
        let why = Why {
            stays: &recolour.stays,
            halves: &|id| {
                let own = solved.graph.own(Node::Holder(Holder::Function(id)));
                own.iter()
                    .filter(|number| solved.accepted.barriers.contains(number))
                    .map(|number| tell(number, id.file))
                    .collect()
            },
            obstacles: &|id| {
                let few = obstacles.of(Node::Holder(Holder::Function(id)));
                let barriers = few.map_or(&[][..], |few| &few.barriers).iter();
                let barriers = barriers.map(|number| tell(number, id.file)).collect();
                (barriers, few.is_some_and(|few| few.more))
            },
            project: &project,
            propagation,
            recoloured: &recolour.functions,
            followers: &recolour.followers,
            runners: &recolour.runners,
            solution: &solved.solution,
            units: &units,
            reports: &reports,
            taken: &state.taken,
            left: &state.left,
            hidden: &hidden,
            bridges: &plan.units,
            skipped: &plan.left,
            drives: &|name| {
                // Without propagation every unit asks for its own function, and for no other.
                request.config.scope == Scope::Function || drives(request, name)
            },
            loader: &loader,
            read: &|file| discovery::read(&project.file(file).path).ok(),
            line: &|file, line| line_of(&project, file, line),
        };
        why.answer(place)
    });

    if request.config.scope == Scope::Project {
        plan.waiting = waiting::waiting(&project, propagation, &solved, &units, &|unit| {
            is_seed(request, unit)
        });
    }
    plan.markers = markers::after(&project, &solved.present, &plan.files);

    let mut reasons: FxHashMap<usize, (&'static Reason, Option<String>)> = state
        .left
        .drain(..)
        .map(|(unit, reason, detail)| (unit, (reason, detail)))
        .collect();
    for (number, report) in reports.into_iter().enumerate() {
        let is_blocked = || solved.solution.blocked(Node::Unit(number)).is_some();
        match reasons.remove(&number) {
            // An idiom in a function that cannot be async is no candidate either.
            Some(_)
                if request.config.scope == Scope::Project
                    && !blocks(request, report.codemod)
                    && is_blocked() => {}
            Some((reason, detail)) => plan.left.push(Left {
                codemod: report.codemod,
                place: report.place,
                function: report.function,
                reason,
                detail,
            }),
            // A follower in a function that stays sync is no candidate.
            None if hidden.contains(&number) => {}
            None => {
                if state.taken[number] {
                    plan.dependencies
                        .extend(units[number].dependencies.iter().cloned());
                }
                plan.units.push(report);
            }
        }
    }
    plan.units.sort_by(|a, b| a.place.cmp(&b.place));
    plan.left.sort_by(|a, b| a.place.cmp(&b.place));
    if request::wants_plugin(request, &recolour) {
        plan.dependencies.push(Dependency::Add("pytest-asyncio"));
    }
    plan.dependencies.sort();
    plan.dependencies.dedup();
    Ok(plan)
}

/// Lists the functions that become async, and those among them that the library offers.
fn list_recoloured(
    request: &Request<'_>,
    project: &Project,
    propagation: &Propagation,
    recolour: &Recolour,
    plan: &mut Plan,
) {
    let changed: Vec<(FileId, &FileFacts, &Function)> = recolour
        .functions
        .iter()
        .filter(|id| !recolour.split.contains(id))
        .filter_map(|id| {
            let facts = propagation.facts.get(&id.file)?;
            let function = facts.functions.get(id.index as usize)?;
            // A lambda that hands on what it calls stays as it is written.
            (!function.is_signature && !function.is_lambda).then_some((id.file, facts, function))
        })
        .collect();
    let named = |(file, _, function): &(FileId, &FileFacts, &Function)| {
        let file = &project.file(*file).name;
        format!("{file}: {}", function.qualified_name)
    };
    plan.recoloured = changed.iter().map(named).collect();
    plan.recoloured.sort();
    if changed.is_empty() {
        return;
    }
    let api = Api::of(project, &request.config.src);
    plan.public = changed
        .iter()
        .filter(|(file, facts, function)| api.holds(*file, facts, function))
        .map(named)
        .collect();
    plan.public.sort();
}

/// What phase one found, over all files.
struct Gathered {
    units: Vec<Unit>,
    reports: Vec<UnitReport>,
    baselines: Vec<Option<(Arc<Source>, Vec<u8>)>>,
    functions: Vec<Vec<FunctionFacts>>,
    facts: FxHashMap<FileId, FileFacts>,
    markers: FxHashMap<FileId, Vec<Present>>,
    /// The codemods that follow values and whose triggers a file has.
    following: FxHashSet<&'static str>,
}

impl Gathered {
    fn new(analyses: Vec<Analysis>, plan: &mut Plan) -> Self {
        let mut gathered = Self {
            units: Vec::new(),
            reports: Vec::new(),
            baselines: Vec::with_capacity(analyses.len()),
            functions: Vec::with_capacity(analyses.len()),
            facts: FxHashMap::default(),
            markers: FxHashMap::default(),
            following: FxHashSet::default(),
        };
        for (index, analysis) in analyses.into_iter().enumerate() {
            gathered.baselines.push(None);
            gathered.functions.push(Vec::new());
            gathered.add(FileId(index as u32), analysis, plan);
        }
        gathered
    }

    fn add(&mut self, file: FileId, analysis: Analysis, plan: &mut Plan) {
        plan.files_parsed += usize::from(analysis.parsed);
        self.following.extend(&analysis.following);
        plan.left.extend(analysis.left);
        plan.problems.extend(analysis.problems);
        for (unit, report) in analysis.units {
            self.units.push(unit);
            self.reports.push(report);
        }
        if !analysis.markers.is_empty() {
            self.markers.insert(file, analysis.markers);
        }
        self.baselines[file.0 as usize] = analysis.baseline;
        self.functions[file.0 as usize] = analysis.functions;
        self.facts.extend(analysis.facts.map(|facts| (file, facts)));
    }
}
