//! The way of the data, from paths to a plan.
//!
//! Phase one looks at each file by itself, in parallel: read, scan, parse, run the codemods, keep units and facts, drop
//! the tree. Phase two solves the requirement graph over all units. Phase three parses the files that change once more,
//! renders their edits and verifies the result. Files are numbered in sorted order and every step keeps that order, so the
//! plan does not depend on the number of threads.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use rayon::prelude::*;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_body};
use ruff_python_ast::{AnyNodeRef, ModModule};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::{FileFacts, facts};
use crate::codemod::{self, Codemod, Context, Role, Settings};
use crate::colour;
use crate::config::{self, Config, Scope, TargetSource};
use crate::discovery::{self, DiscoveryOptions, Found};
use crate::edit::{self, Baseline, Owned};
use crate::exceptions::{self, Facts, Stop};
use crate::importer;
use crate::index::{Exports, Project, ProjectFile};
use crate::plan::{
    FileChange, Left, Outcome, Place, Plan, PlannedEdit, Problem, Severity, UnitReport,
};
use crate::propagate::{Loader, Propagation, Recolour, Rules, TestRunner};
use crate::python::PythonVersion;
use crate::references::{Removal, Search, Stale};
use crate::scan::Scanner;
use crate::seeds;
use crate::semantic::{Model, ModuleName, NodeId};
use crate::solve::{self, Graph, Node, Solution};
use crate::source::{self, Source};
use crate::suppress::Suppressions;
use crate::unit::{
    ColourSite, FileId, FunctionId, Holder, ImportRequest, Reason, Safety, Skip, Unit,
};
use crate::verify;
use crate::why::{Line, Why};

/// Code that is nested deeper than this is left alone: CPython itself gives up far earlier. A level is an expression, a
/// statement or a pattern.
pub const MAX_DEPTH: usize = 20_000;

/// Texts of this many bytes are measured before they are parsed: the parser's own stack grows with the nesting and has
/// no limit, and a megabyte of brackets would take gigabytes.
const LONG_TEXT: usize = 512 << 10;

/// The stack of a worker: room for [`MAX_DEPTH`] levels of every recursive walk, also in debug builds. A level takes up
/// to four nodes (those of an f-string). Only the pages that are touched cost memory.
pub const STACK_SIZE: usize = 512 << 20;

/// Two units want to change the same code in different ways.
pub static OVERLAP: Reason = Reason {
    code: "overlap",
    message: "two units change the same code in different ways",
    help: "apply one of the codemods first, with `--select`",
};

/// The result would not be valid Python.
pub static VERIFY: Reason = Reason {
    code: "verify",
    message: "the result would not be valid Python for the target version",
    help: "please report this: awaitify should have known",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&OVERLAP, &VERIFY];

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
}

impl Request<'_> {
    /// Whether a codemod's units turn functions async.
    fn drives(&self, codemod: &Codemod) -> bool {
        self.config.scope == Scope::Project
            && (codemod.role == Role::Seed || self.seeds.contains(&codemod.name))
    }

    /// The version whose syntax the files may use: the target, or any where nobody named one.
    fn syntax_version(&self) -> PythonVersion {
        match self.config.target_source {
            TargetSource::Assumed => PythonVersion::PY314,
            TargetSource::Config | TargetSource::Project => self.config.target_version,
        }
    }
}

/// Plans a migration.
///
/// # Errors
/// The working directory is gone, the threads cannot be started, or `make-async` names a function that is not there
/// ([`seeds::NotFound`]). What is wrong with single files is in
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
    let discovered = discovery::discover(request.paths, &options);
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

fn phase(request: &Request<'_>, name: &'static str, total: Option<usize>) {
    if let Some(progress) = request.progress {
        progress.phase(name, total);
    }
}

/// What phase one keeps of a file.
struct Analysis {
    /// The text and the bytes that it was read from, kept where a unit may change them.
    baseline: Option<(Arc<Source>, Vec<u8>)>,
    units: Vec<(Unit, UnitReport)>,
    left: Vec<Left>,
    problems: Vec<Problem>,
    functions: Vec<FunctionFacts>,
    /// What the call graph needs to know, with `--scope project`.
    facts: Option<FileFacts>,
    /// Whether the file was parsed.
    parsed: bool,
}

/// What the solver needs to know of a function.
#[derive(Clone, Copy, Debug)]
struct FunctionFacts {
    is_async: bool,
    keep_sync: bool,
}

impl Analysis {
    fn skipped(problems: Vec<Problem>) -> Self {
        Self {
            baseline: None,
            units: Vec::new(),
            left: Vec::new(),
            problems,
            functions: Vec::new(),
            facts: None,
            parsed: false,
        }
    }
}

fn plan_files(request: &Request<'_>, found: Vec<Found>) -> Result<Plan, seeds::NotFound> {
    let target = request.config.target_version;
    let names = ModuleNames::new(&found, &request.config.src);
    let files: Vec<ProjectFile> = found
        .iter()
        .map(|file| {
            let (module, local) = (names.of(file, &names.roots), names.of(file, &[]));
            ProjectFile::new(file.path.clone(), file.name.clone(), module, local.name)
        })
        .collect();
    let project = Project::new(files, Box::new(load_exports));
    let settings = Settings {
        target,
        scope: request.config.scope,
        http_style: request.config.http_style,
        pins: ["sqlalchemy"]
            .into_iter()
            .filter(|name| request.config.pinned_below(name, 2, 0))
            .map(|name| (name.to_string(), 2, 0))
            .collect(),
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
    let mut plan = Plan {
        files_seen: found.len(),
        ..Plan::default()
    };
    let mut gathered = Gathered::new(analyses, &mut plan);
    let mut propagation = Propagation {
        facts: std::mem::take(&mut gathered.facts),
        ..Propagation::default()
    };
    if request.config.scope == Scope::Project {
        join(
            request,
            &settings,
            &project,
            &scanner,
            &found,
            &mut gathered,
            &mut propagation,
            &mut plan,
        )?;
    }
    let Gathered {
        units,
        mut reports,
        baselines,
        functions,
        ..
    } = gathered;
    let mut state = Choice {
        taken: vec![true; units.len()],
        left: Vec::new(),
    };
    let solution = solve_units(
        request,
        &project,
        &units,
        &functions,
        &propagation,
        &mut state,
    );
    choose_by_safety(request, &units, &mut reports, &mut state);
    leave_missed_exceptions(&project, &units, &baselines, &mut state);
    leave_stale_references(&project, &units, &reports, &baselines, &mut state);

    phase(request, "writing", None);
    let (recolour, hidden) = loop {
        // What becomes async depends on the units that are taken, and what follows depends on that.
        let (recolour, hidden) = follow(
            request,
            &project,
            &units,
            &functions,
            &propagation,
            &mut state,
        );
        let before = state.left.len();
        let renderer = Rendering::new(&project, &units, &baselines, &recolour, request);
        let files = renderer.run(&mut state);
        if state.left.len() == before {
            plan.files = files;
            plan.recoloured = recolour
                .functions
                .iter()
                .filter_map(|id| {
                    let function = propagation
                        .facts
                        .get(&id.file)?
                        .functions
                        .get(id.index as usize)?;
                    Some(format!(
                        "{}: {}",
                        project.file(id.file).name,
                        function.qualified_name
                    ))
                })
                .collect();
            plan.recoloured.sort();
            break (recolour, hidden);
        }
        // Units were dropped: begin again with those that are left.
        for &unit in &hidden {
            state.taken[unit] = true;
        }
    };

    plan.answer = request.explain.map(|place| {
        let loader = FactsLoader {
            project: &project,
            target,
        };
        let why = Why {
            project: &project,
            propagation: &propagation,
            recoloured: &recolour.functions,
            solution: &solution,
            units: &units,
            reports: &reports,
            taken: &state.taken,
            left: &state.left,
            hidden: &hidden,
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

    let mut reasons: FxHashMap<usize, (&'static Reason, Option<String>)> = state
        .left
        .drain(..)
        .map(|(unit, reason, detail)| (unit, (reason, detail)))
        .collect();
    for (number, report) in reports.into_iter().enumerate() {
        match reasons.remove(&number) {
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
    plan.dependencies.sort();
    plan.dependencies.dedup();
    Ok(plan)
}

/// What phase one found, over all files.
struct Gathered {
    units: Vec<Unit>,
    reports: Vec<UnitReport>,
    baselines: Vec<Option<(Arc<Source>, Vec<u8>)>>,
    functions: Vec<Vec<FunctionFacts>>,
    facts: FxHashMap<FileId, FileFacts>,
}

impl Gathered {
    fn new(analyses: Vec<Analysis>, plan: &mut Plan) -> Self {
        let mut gathered = Self {
            units: Vec::new(),
            reports: Vec::new(),
            baselines: Vec::with_capacity(analyses.len()),
            functions: Vec::with_capacity(analyses.len()),
            facts: FxHashMap::default(),
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
        plan.left.extend(analysis.left);
        plan.problems.extend(analysis.problems);
        for (unit, report) in analysis.units {
            self.units.push(unit);
            self.reports.push(report);
        }
        self.baselines[file.0 as usize] = analysis.baseline;
        self.functions[file.0 as usize] = analysis.functions;
        self.facts.extend(analysis.facts.map(|facts| (file, facts)));
    }
}

/// Joins the files that call what the seeds change, and runs the followers on them.
#[expect(
    clippy::too_many_arguments,
    reason = "the whole state of a run, at its one turning point"
)]
fn join(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    scanner: &Scanner,
    found: &[Found],
    gathered: &mut Gathered,
    propagation: &mut Propagation,
    plan: &mut Plan,
) -> Result<(), seeds::NotFound> {
    let known: FxHashSet<FileId> = propagation.facts.keys().copied().collect();
    let loader = FactsLoader {
        project,
        target: settings.target,
    };
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

fn is_seed(request: &Request<'_>, unit: &Unit) -> bool {
    unit.codemod == seeds::NAME || drives(request, unit.codemod)
}

/// Whether a codemod of this name runs, and its units turn functions async.
fn drives(request: &Request<'_>, name: &str) -> bool {
    request
        .codemods
        .iter()
        .any(|codemod| codemod.name == name && request.drives(codemod))
}

/// What stands on a line of a file.
fn line_of(project: &Project, id: FileId, line: u32) -> Line {
    let file = project.file(id);
    let Some(source) = discovery::read(&file.path)
        .ok()
        .and_then(|bytes| source::decode(&bytes).ok())
    else {
        return Line::Unreadable;
    };
    let lines = Lines::new(&source.text);
    let count = source.text.lines().count() as u32;
    if line == 0 || line > count {
        return Line::Beyond(count);
    }
    let Ok(parsed) = parse(&source.text, PythonVersion::PY314) else {
        return Line::Unreadable;
    };
    let model = Model::new(&source.text, &parsed, &file.module);
    // In source order, so that the last one is the innermost.
    let function = model.scopes.functions().iter().rposition(|function| {
        function.definition.is_some_and(|definition| {
            let last = lines.position(definition.end()).0;
            (lines.position(definition.start()).0..=last).contains(&line)
        })
    });
    function.map_or(Line::Module, |index| Line::Function(index as u32))
}

/// The functions that the taken units turn async, and the units that wait for a function which stays sync: those are not
/// taken.
fn follow(
    request: &Request<'_>,
    project: &Project,
    units: &[Unit],
    functions: &[Vec<FunctionFacts>],
    propagation: &Propagation,
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
    let mut recolour = propagation.recolour(&holders, project, test_runner(request));
    recolour.keep_imports = taken_elsewhere(project, &recolour);
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
fn taken_elsewhere(project: &Project, recolour: &Recolour) -> FxHashSet<FileId> {
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
        .map(|stale| FileId(stale.unit as u32))
        .collect()
}

/// What would go stale in any file.
fn stale(project: &Project, search: &Search) -> Vec<Stale> {
    if search.is_empty() {
        return Vec::new();
    }
    let stale: Vec<Vec<Stale>> = project
        .files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            discovery::read(&file.path).map_or_else(
                |_| Vec::new(),
                |bytes| search.stale_in(FileId(index as u32), &bytes),
            )
        })
        .collect();
    stale.into_iter().flatten().collect()
}

/// Reads files for the propagation.
struct FactsLoader<'p> {
    project: &'p Project,
    target: PythonVersion,
}

impl Loader for FactsLoader<'_> {
    fn load(&self, files: &[FileId]) -> Vec<(FileId, FileFacts)> {
        files
            .par_iter()
            .filter_map(|&id| {
                let file = self.project.file(id);
                let bytes = discovery::read(&file.path).ok()?;
                let source = source::decode(&bytes).ok()?;
                let parsed = parse(&source.text, PythonVersion::PY314).ok()?;
                let model = Model::new(&source.text, &parsed, &file.module);
                let comments: Vec<TextRange> = model
                    .tokens()
                    .iter()
                    .filter(|token| token.kind().is_comment())
                    .map(Ranged::range)
                    .collect();
                let suppressions = Suppressions::from_comments(model.text, &comments);
                let is_first_party = |module: &str| self.project.is_first_party(module);
                Some((
                    id,
                    facts::read(&model, &suppressions, self.target, &is_first_party),
                ))
            })
            .collect()
    }

    fn holding(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId> {
        let Ok(finder) = aho_corasick::AhoCorasick::new(words) else {
            return Vec::new();
        };
        self.project
            .files
            .par_iter()
            .enumerate()
            .filter_map(|(index, file)| {
                let id = FileId(index as u32);
                if known.contains(&id) {
                    return None;
                }
                let bytes = discovery::read(&file.path).ok()?;
                let found = finder.find_overlapping_iter(&bytes).any(|hit| {
                    let before = hit
                        .start()
                        .checked_sub(1)
                        .is_some_and(|at| is_part(bytes[at]));
                    let after = bytes.get(hit.end()).is_some_and(|&byte| is_part(byte));
                    !before && !after
                });
                found.then_some(id)
            })
            .collect()
    }
}

/// Which units are taken, and why the others are left for good.
struct Choice {
    taken: Vec<bool>,
    left: Vec<(usize, &'static Reason, Option<String>)>,
}

impl Choice {
    fn leave(&mut self, unit: usize, reason: &'static Reason, detail: Option<String>) {
        if self.taken[unit] {
            self.taken[unit] = false;
            self.left.push((unit, reason, detail));
        }
    }
}

fn solve_units(
    request: &Request<'_>,
    project: &Project,
    units: &[Unit],
    functions: &[Vec<FunctionFacts>],
    propagation: &Propagation,
    state: &mut Choice,
) -> Solution {
    let mut graph = Graph::of_units(units);
    let holders: Vec<Holder> = graph.holders().collect();
    for holder in holders {
        let barrier = match holder {
            Holder::Function(id) => {
                let facts = functions[id.file.0 as usize].get(id.index as usize);
                match (facts, request.config.scope) {
                    (Some(facts), _) if facts.is_async => None,
                    (Some(facts), _) if facts.keep_sync => Some(&solve::KEEP_SYNC),
                    (_, Scope::Project) => None,
                    // With `--scope function` no function changes colour.
                    (_, Scope::Function) => Some(&solve::SYNC_FUNCTION),
                }
            }
            Holder::Module(_) => Some(&solve::MODULE_LEVEL),
            Holder::Class(_) => Some(&colour::CLASS_BODY),
        };
        if let Some(reason) = barrier {
            graph.barrier(Node::Holder(holder), reason, None);
        }
    }
    if request.config.scope == Scope::Project {
        let describe = |file: FileId, line: u32| format!("{}:{line}", project.file(file).name);
        let scripts = config::scripts(&request.config.root);
        let is_script = |file: FileId| is_script(project, file);
        let quoted = |names: &[String]| quoted_names(project, names);
        let held = |files: &[FileId], names: &[String]| held_names(project, files, names);
        let named: FxHashSet<FunctionId> = units
            .iter()
            .filter(|unit| unit.codemod == seeds::NAME)
            .flat_map(|unit| &unit.needs_async)
            .filter_map(|holder| match holder {
                Holder::Function(id) => Some(*id),
                Holder::Module(_) | Holder::Class(_) => None,
            })
            .collect();
        let rules = Rules {
            scripts: &scripts,
            is_script: &is_script,
            allow_unsafe: request.config.allow_unsafe,
            tests: test_runner(request),
            quoted: &quoted,
            held: &held,
            named: &named,
        };
        propagation.requirements(project, &mut graph, &rules, &describe);
    }
    let solution = graph.solve();
    for number in 0..units.len() {
        if let Some(blocked) = solution.blocked(Node::Unit(number)) {
            let detail = explain(project, propagation, &solution, Node::Unit(number));
            state.leave(number, blocked.reason, detail);
        }
    }
    solution
}

/// What runs the tests of the project, by its settings and requirements.
fn test_runner(request: &Request<'_>) -> TestRunner {
    if config::asyncio_mode_is_auto(&request.config.root) {
        TestRunner::Auto
    } else if request.config.requirement("pytest-asyncio").is_some() {
        TestRunner::Strict
    } else {
        TestRunner::Sync
    }
}

/// Whether a file is run and never imported: it stands outside of any package, or is a package's `__main__`, and no other
/// file imports a module of its name.
fn is_script(project: &Project, file: FileId) -> bool {
    let name = &project.file(file).local_name;
    let stem = name.rsplit('.').next().unwrap_or(name);
    if stem == "__main__" {
        return true;
    }
    if stem.is_empty() || name.contains('.') || project.file(file).module.is_package {
        return false;
    }
    let imports = [
        format!("import {stem}"),
        format!("from {stem} "),
        format!("from .{stem} "),
        format!(", {stem}"),
    ];
    let Ok(finder) = aho_corasick::AhoCorasick::new(&imports) else {
        return false;
    };
    !project.files.par_iter().enumerate().any(|(index, other)| {
        index != file.0 as usize
            && discovery::read(&other.path).is_ok_and(|bytes| finder.is_match(&bytes))
    })
}

/// Which of these names, a method's with its dot, stand in one of these files, each with the first such place.
fn held_names(project: &Project, files: &[FileId], names: &[String]) -> FxHashMap<usize, String> {
    let mut places = FxHashMap::default();
    for &id in files {
        let file = project.file(id);
        let Ok(bytes) = discovery::read(&file.path) else {
            continue;
        };
        // Every identifier with its dot and without.
        let mut words: FxHashMap<&[u8], usize> = FxHashMap::default();
        let mut at = 0;
        while at < bytes.len() {
            let length = bytes[at..]
                .iter()
                .take_while(|&&byte| is_part(byte))
                .count();
            if length > 0 {
                words.entry(&bytes[at..at + length]).or_insert(at);
                if at > 0 && bytes[at - 1] == b'.' {
                    words.entry(&bytes[at - 1..at + length]).or_insert(at);
                }
            }
            at += length.max(1);
        }
        for (number, name) in names.iter().enumerate() {
            if let Some(&at) = words.get(name.as_bytes()) {
                let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
                places
                    .entry(number)
                    .or_insert_with(|| format!("{}:{line}", file.name));
            }
        }
    }
    places
}

/// Whether a byte may be part of an identifier.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Which of these dotted names stand right behind a quote in some file, each with its place. A target of `patch(...)` does
/// not count: it gives an async function an async double.
fn quoted_names(project: &Project, names: &[String]) -> FxHashMap<usize, String> {
    let Ok(finder) = aho_corasick::AhoCorasick::new(names) else {
        return FxHashMap::default();
    };
    let found: Vec<Vec<(usize, String)>> = project
        .files
        .par_iter()
        .map(|file| {
            let Ok(bytes) = discovery::read(&file.path) else {
                return Vec::new();
            };
            finder
                .find_overlapping_iter(&bytes)
                .filter(|hit| {
                    let quote = hit
                        .start()
                        .checked_sub(1)
                        .is_some_and(|at| matches!(bytes[at], b'"' | b'\''));
                    let ends = bytes.get(hit.end()).is_none_or(|&byte| !is_part(byte));
                    let patched = hit
                        .start()
                        .checked_sub(7)
                        .is_some_and(|at| bytes[at..].starts_with(b"patch("));
                    quote && ends && !patched
                })
                .map(|hit| {
                    let line = memchr::memchr_iter(b'\n', &bytes[..hit.start()]).count() + 1;
                    (hit.pattern().as_usize(), format!("{}:{line}", file.name))
                })
                .collect()
        })
        .collect();
    // The first place in the order of the files.
    let mut places = FxHashMap::default();
    for (name, place) in found.into_iter().flatten() {
        places.entry(name).or_insert(place);
    }
    places
}

/// The way from a unit to the barrier that forbids it: `load <- Client.__len__ (client.py:50)`.
fn explain(
    project: &Project,
    propagation: &Propagation,
    solution: &Solution,
    node: Node,
) -> Option<String> {
    let (chain, detail) = solution.chain(node);
    let names: Vec<String> = chain
        .iter()
        .filter_map(|node| match node {
            Node::Holder(Holder::Function(id)) => {
                let function = propagation
                    .facts
                    .get(&id.file)?
                    .functions
                    .get(id.index as usize)?;
                Some(format!(
                    "`{}` ({}:{})",
                    function.qualified_name,
                    project.file(id.file).name,
                    function.line
                ))
            }
            _ => None,
        })
        .collect();
    let way = (names.len() > 1).then(|| names.join(", which is needed by "));
    match (way, detail) {
        (Some(way), Some(detail)) => Some(format!("{way}: {detail}")),
        (Some(text), None) => Some(text),
        (None, Some(detail)) => Some(detail.to_string()),
        (None, None) => None,
    }
}

fn choose_by_safety(
    request: &Request<'_>,
    units: &[Unit],
    reports: &mut [UnitReport],
    state: &mut Choice,
) {
    for (number, unit) in units.iter().enumerate() {
        let outcome = match unit.safety {
            Safety::Safe => Outcome::Taken,
            Safety::Declared
                if request.config.allow_unsafe || request.named.contains(&unit.codemod) =>
            {
                Outcome::Taken
            }
            Safety::Declared => Outcome::NeedsSelect,
            Safety::Unsafe if request.config.allow_unsafe => Outcome::Taken,
            Safety::Unsafe => Outcome::NeedsUnsafe,
        };
        reports[number].outcome = outcome;
        if outcome != Outcome::Taken {
            state.taken[number] = false;
        }
    }
}

/// Rounds of looking for callers of callers in files that were not parsed yet. Each round finds all callers within the known
/// files; a chain through more than this many unknown files in a row is longer than any that we have seen.
const CALLER_ROUNDS: usize = 8;

/// Leaves the units whose old exceptions are caught elsewhere. Parses the files that name the family of exceptions, and, if
/// one of them has a handler that could miss something, those that call the functions of the units.
fn leave_missed_exceptions(
    project: &Project,
    units: &[Unit],
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
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
        let mut known: FxHashMap<FileId, Facts> = FxHashMap::default();
        let wanted = |bytes: &[u8]| memchr::memmem::find(bytes, family.as_bytes()).is_some();
        read_facts(project, family, &wanted, &mut known);
        if exceptions::any_handler_elsewhere(&known, &stops) {
            let mut followed: FxHashSet<String> = FxHashSet::default();
            for _ in 0..CALLER_ROUNDS {
                let names = exceptions::names_to_follow(&known, &stops);
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
                let wanted = |bytes: &[u8]| finder.is_match(bytes);
                read_facts(project, family, &wanted, &mut known);
                followed.extend(names);
            }
        }
        for missed in exceptions::missed(&known, &stops) {
            let detail = format!("{}:{}", project.file(missed.file).name, missed.line);
            state.leave(missed.unit, missed.reason, Some(detail));
        }
    }
}

/// Where the units of one file stop raising: their functions, each with the unit's sites.
fn stops_in(
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
        for holder in &unit.needs_async {
            if let Holder::Function(id) = holder {
                stops.push(Stop {
                    unit: number,
                    file: id.file,
                    function: id.index,
                    sites: sites.clone(),
                });
            }
        }
    }
    stops
}

/// Reads the facts of all files that are wanted and not known yet.
fn read_facts(
    project: &Project,
    family: &str,
    wanted: &(dyn Fn(&[u8]) -> bool + Sync),
    known: &mut FxHashMap<FileId, Facts>,
) {
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
            if !wanted(&bytes) {
                return None;
            }
            let source = source::decode(&bytes).ok()?;
            let parsed = parse(&source.text, PythonVersion::PY314).ok()?;
            let model = Model::new(&source.text, &parsed, &file.module);
            Some((id, Facts::new(&model, family)))
        })
        .collect();
    known.extend(read);
}

/// Leaves the units whose removed names other files refer to. Reads every file once more, if anything is removed at all.
fn leave_stale_references(
    project: &Project,
    units: &[Unit],
    reports: &[UnitReport],
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
    state: &mut Choice,
) {
    let removals: Vec<Removal> = units
        .iter()
        .enumerate()
        .filter(|(number, _)| state.taken[*number])
        .filter_map(|(number, unit)| removal(project, number, unit, &reports[number], baselines))
        .collect();
    let search = Search::new(removals);
    for stale in stale(project, &search) {
        let detail = format!("{}:{}", project.file(stale.file).name, stale.line);
        state.leave(stale.unit, stale.reason, Some(detail));
    }
}

fn removal(
    project: &Project,
    number: usize,
    unit: &Unit,
    report: &UnitReport,
    baselines: &[Option<(Arc<Source>, Vec<u8>)>],
) -> Option<Removal> {
    let (source, _) = baselines[unit.file.0 as usize].as_ref()?;
    let mut names: Vec<String> = here(unit.file, &unit.released)
        .map(|&range| source.text[range].to_string())
        .collect();
    names.sort();
    names.dedup();
    let module = &project.file(unit.file).module.name;
    Some(Removal {
        unit: number,
        file: unit.file,
        module: module.rsplit('.').next().unwrap_or(module).to_string(),
        names,
        doubles: unit.doubles,
        functions: vec![
            report
                .function
                .rsplit('.')
                .next()
                .unwrap_or(&report.function)
                .to_string(),
        ],
    })
}

/// Phase one for one file.
fn analyse(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    scanner: &Scanner,
    id: FileId,
    file: &Found,
    joined: bool,
) -> Analysis {
    // A stub has no bodies; it changes with the module that it describes, which is the solver's business.
    if file.stub {
        return Analysis::skipped(Vec::new());
    }
    let problem = |severity, line, message: String, remedy: &str| {
        Analysis::skipped(vec![Problem {
            severity,
            file: file.name.clone(),
            line,
            message,
            remedy: remedy.to_string(),
        }])
    };
    let bytes = match discovery::read(&file.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            return problem(
                Severity::Warning,
                None,
                format!("the file cannot be read: {error}"),
                "check its permissions; the other files go on",
            );
        }
    };
    let codemods = if joined {
        scanner.all_in(&bytes)
    } else {
        scanner.scan(&bytes)
    };
    if codemods.is_empty() {
        return Analysis::skipped(Vec::new());
    }
    if !file.explicit
        && (discovery::is_generated(&bytes) || discovery::is_generated_name(&file.path))
    {
        return problem(
            Severity::Warning,
            None,
            "the file is generated and was left alone".to_string(),
            "change its generator, or name the file on the command line",
        );
    }
    let source = match source::decode(&bytes) {
        Ok(source) => source,
        Err(error) => return Analysis::skipped(vec![error.to_problem(&file.name)]),
    };
    let parsed = match parse(&source.text, request.syntax_version()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let (message, remedy) = error.describe(settings.target);
            let line = error
                .offset()
                .map(|offset| Lines::new(&source.text).position(offset).0);
            return problem(Severity::Warning, line, message, &remedy);
        }
    };
    let module = &project.file(id).module;
    let model = Model::new(&source.text, &parsed, module);
    let mut analysis = examine(settings, project, id, &codemods, &model, request);
    if !analysis.units.is_empty() {
        drop(model);
        drop(parsed);
        analysis.baseline = Some((Arc::new(source), bytes));
    }
    analysis
}

/// Runs the codemods on a parsed file.
fn examine(
    settings: &Settings,
    project: &Project,
    id: FileId,
    codemods: &[&'static Codemod],
    model: &Model<'_>,
    request: &Request<'_>,
) -> Analysis {
    let name = &project.file(id).name;
    let lines = Lines::new(model.text);
    let comments: Vec<TextRange> = model
        .tokens()
        .iter()
        .filter(|token| token.kind().is_comment())
        .map(Ranged::range)
        .collect();
    let suppressions = Suppressions::from_comments(model.text, &comments);
    let mut analysis = Analysis::skipped(Vec::new());
    analysis.parsed = true;
    if request.config.scope == Scope::Project {
        let is_first_party = |module: &str| project.is_first_party(module);
        analysis.facts = Some(facts::read(
            model,
            &suppressions,
            settings.target,
            &is_first_party,
        ));
    }
    analysis.functions = model
        .scopes
        .functions()
        .iter()
        .map(|function| FunctionFacts {
            is_async: function
                .definition
                .is_some_and(|definition| definition.is_async),
            keep_sync: function.definition.is_some_and(|definition| {
                let end = definition
                    .body
                    .first()
                    .map_or(definition.end(), Ranged::start);
                suppressions.keep_sync(TextRange::new(definition.start(), end))
            }),
        })
        .collect();
    for codemod in codemods {
        let mut context = Context::new(model, settings, project, id, codemod);
        (codemod.run)(&mut context);
        let (units, mut skips) = context.finish();
        for unit in units {
            if let Some(range) = suppressed(&unit, &suppressions, model) {
                skips.push(Skip {
                    codemod: codemod.name,
                    file: id,
                    range,
                    reason: &codemod::SUPPRESSED,
                    detail: None,
                });
                continue;
            }
            let report = UnitReport {
                codemod: unit.codemod,
                place: lines.place(name, unit.range),
                function: context_of(model, unit.range),
                safety: unit.safety,
                outcome: Outcome::Taken,
                notes: unit
                    .notes
                    .iter()
                    .map(|note| (lines.place(name, note.range), note.text.clone()))
                    .collect(),
            };
            analysis.units.push((unit, report));
        }
        for skip in skips {
            let is_suppressed = skip.reason == &codemod::SUPPRESSED
                || suppressions.suppresses(codemod.name, skip.range);
            analysis.left.push(Left {
                codemod: skip.codemod,
                place: lines.place(name, skip.range),
                function: context_of(model, skip.range),
                reason: if is_suppressed {
                    &codemod::SUPPRESSED
                } else {
                    skip.reason
                },
                detail: skip.detail.filter(|_| !is_suppressed),
            });
        }
    }
    let known: Vec<&str> = crate::codemods::CODEMODS
        .iter()
        .map(|codemod| codemod.name)
        .collect();
    let ran: Vec<&str> = request
        .codemods
        .iter()
        .map(|codemod| codemod.name)
        .collect();
    for (range, message) in suppressions
        .unknown(&known)
        .into_iter()
        .chain(suppressions.unused(&ran, &known))
    {
        analysis.problems.push(Problem {
            severity: Severity::Warning,
            file: name.clone(),
            line: Some(lines.position(range.start()).0),
            message,
            remedy: "correct or remove the comment".to_string(),
        });
    }
    analysis
}

/// The span of a unit that a comment suppresses: its anchor or one of its sites.
fn suppressed(unit: &Unit, suppressions: &Suppressions, model: &Model<'_>) -> Option<TextRange> {
    let sites = unit.colour.iter().filter_map(|(file, site)| {
        let node = match *site {
            ColourSite::Await { node } => node,
            _ => return None,
        };
        (*file == unit.file).then(|| model.nodes.range(node))
    });
    std::iter::once(unit.range)
        .chain(sites)
        .find(|&range| suppressions.suppresses(unit.codemod, range))
}

/// The dotted name of the function round a span.
fn context_of(model: &Model<'_>, range: TextRange) -> String {
    let functions = model.scopes.functions();
    let after = functions
        .partition_point(|function| model.nodes.range(function.node).start() <= range.start());
    functions[..after]
        .iter()
        .rev()
        .find(|function| {
            function.definition.is_some() && model.nodes.range(function.node).contains_range(range)
        })
        .map_or_else(
            || "<module>".to_string(),
            |function| function.qualified_name.clone(),
        )
}

/// Phase three.
struct Rendering<'p> {
    project: &'p Project,
    units: &'p [Unit],
    baselines: &'p [Option<(Arc<Source>, Vec<u8>)>],
    target: PythonVersion,
    render: Render,
    recolour: &'p Recolour,
    /// The units that touch each file, in order.
    by_file: FxHashMap<FileId, Vec<usize>>,
}

/// Why a file cannot be rendered: units to drop.
enum Failure {
    /// These two want the same code.
    Overlap(edit::Conflict),
    /// The result is not valid: what the verifier said.
    Invalid(String),
}

impl Failure {
    fn message(&self) -> Option<String> {
        match self {
            Self::Overlap(_) => None,
            Self::Invalid(message) => Some(message.clone()),
        }
    }
}

impl<'p> Rendering<'p> {
    fn new(
        project: &'p Project,
        units: &'p [Unit],
        baselines: &'p [Option<(Arc<Source>, Vec<u8>)>],
        recolour: &'p Recolour,
        request: &Request<'_>,
    ) -> Self {
        let (target, render) = (request.config.target_version, request.render);
        let mut by_file: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
        for (number, unit) in units.iter().enumerate() {
            for file in touched(unit) {
                by_file.entry(file).or_default().push(number);
            }
        }
        Self {
            project,
            units,
            baselines,
            target,
            render,
            recolour,
            by_file,
        }
    }

    /// The taken units that touch a file.
    fn taken_in<'s>(&'s self, file: FileId, taken: &'s [bool]) -> impl Iterator<Item = usize> + 's {
        self.by_file
            .get(&file)
            .into_iter()
            .flatten()
            .copied()
            .filter(|&unit| taken[unit])
    }

    /// Renders every file that a taken unit touches. A unit that does not fit is dropped in all files, and the files that
    /// it touched are rendered again.
    fn run(&self, state: &mut Choice) -> Vec<FileChange> {
        let mut done: FxHashMap<FileId, Option<FileChange>> = FxHashMap::default();
        let mut pending: Vec<FileId> = self
            .by_file
            .keys()
            .copied()
            .filter(|&file| self.taken_in(file, &state.taken).next().is_some())
            .chain(self.recolour.sites.keys().copied())
            .collect();
        pending.sort_unstable();
        pending.dedup();
        while !pending.is_empty() {
            let results: Vec<(FileId, Result<Option<FileChange>, Failure>)> = pending
                .par_iter()
                .map(|&file| (file, self.file(file, &state.taken)))
                .collect();
            let mut again: FxHashSet<FileId> = FxHashSet::default();
            for (file, result) in results {
                match result {
                    Ok(change) => {
                        done.insert(file, change);
                    }
                    Err(failure) => {
                        let message = failure.message();
                        let mut dropped = self.drop_for(file, failure, state);
                        if dropped.is_empty() {
                            // No unit of this file: the colour that others spread to it does not fit. Without knowing
                            // whose it is, all go; nothing is half done.
                            dropped = (0..self.units.len())
                                .filter(|&unit| state.taken[unit])
                                .collect();
                            for &unit in &dropped {
                                state.leave(unit, &VERIFY, message.clone());
                            }
                        }
                        if dropped.is_empty() {
                            continue;
                        }
                        for unit in dropped {
                            again.extend(touched(&self.units[unit]));
                        }
                        again.insert(file);
                    }
                }
            }
            pending = again.into_iter().collect();
            pending.sort_unstable();
        }
        let mut changes: Vec<FileChange> = done.into_values().flatten().collect();
        changes.sort_by(|a, b| a.name.cmp(&b.name));
        changes
    }

    /// Drops the smallest set of units that holds a failure, and returns it.
    fn drop_for(&self, file: FileId, failure: Failure, state: &mut Choice) -> Vec<usize> {
        match failure {
            Failure::Overlap(conflict) => {
                // Both go: if one stayed, a second run would find the other one alone and take it.
                let both: Vec<usize> = conflict.first.into_iter().chain(conflict.second).collect();
                for &unit in &both {
                    state.leave(unit, &OVERLAP, None);
                }
                if !both.is_empty() {
                    return both;
                }
                // Edits of the file itself (imports) cannot overlap; should they, all units of the file go.
                self.drop_all(file, &OVERLAP, None, state)
            }
            Failure::Invalid(message) => {
                let here: Vec<usize> = self.taken_in(file, &state.taken).collect();
                for &unit in &here {
                    let mut without = state.taken.clone();
                    without[unit] = false;
                    if self.file(file, &without).is_ok() {
                        state.leave(unit, &VERIFY, Some(message));
                        return vec![unit];
                    }
                }
                self.drop_all(file, &VERIFY, Some(message), state)
            }
        }
    }

    fn drop_all(
        &self,
        file: FileId,
        reason: &'static Reason,
        detail: Option<String>,
        state: &mut Choice,
    ) -> Vec<usize> {
        let here: Vec<usize> = self.taken_in(file, &state.taken).collect();
        for &unit in &here {
            state.leave(unit, reason, detail.clone());
        }
        here
    }

    fn file(&self, id: FileId, taken: &[bool]) -> Result<Option<FileChange>, Failure> {
        let loaded;
        let (source, bytes) = match &self.baselines[id.0 as usize] {
            Some((source, bytes)) => (source, bytes),
            // A file that only calls what changes: nothing but its facts was kept.
            None => {
                let read = discovery::read(&self.project.file(id).path).ok();
                let Some((source, bytes)) =
                    read.and_then(|bytes| Some((source::decode(&bytes).ok()?, bytes)))
                else {
                    return Ok(None);
                };
                loaded = (Arc::new(source), bytes);
                (&loaded.0, &loaded.1)
            }
        };
        // Phase one has parsed the same text, and judged its syntax: the target may be older where nobody named one.
        let Ok(parsed) = parse(&source.text, PythonVersion::PY314) else {
            return Ok(None);
        };
        let file = self.project.file(id);
        let model = Model::new(&source.text, &parsed, &file.module);
        let edits = self.edits(id, &model, taken);
        if edits.is_empty() {
            return Ok(None);
        }
        let protected = model.protected_lines();
        let baseline = Baseline {
            text: &source.text,
            protected: &protected,
            indent_unit: model.indent_unit(),
        };
        let mut rendered = edit::render(&baseline, &edits).map_err(Failure::Overlap)?;
        let original = source.original();
        for edit in &mut rendered {
            source.return_lines(edit.range.start().to_usize(), &mut edit.text);
        }
        let text = edit::apply(&original, &rendered);
        if text == *original {
            return Ok(None);
        }
        if let Some(problem) = verify::new_problems(&original, &text, self.target).first() {
            let line = Lines::new(&text).position(problem.range.start()).0;
            return Err(Failure::Invalid(format!(
                "{} (line {line} of the result)",
                problem.message
            )));
        }
        let after = source.encode(&text).map_err(|_| {
            Failure::Invalid("the file's encoding cannot hold the new text".to_string())
        })?;
        Ok(Some(FileChange {
            path: file.path.clone(),
            name: file.name.clone(),
            before: bytes.clone(),
            after,
            edits: rendered
                .into_iter()
                .map(|edit| PlannedEdit {
                    start: edit.range.start().to_u32(),
                    end: edit.range.end().to_u32(),
                    text: edit.text,
                    codemod: edit.codemod,
                })
                .collect(),
        }))
    }

    /// All edits of one file: those of the units, the colour's, the imports'.
    fn edits(&self, id: FileId, model: &Model<'_>, taken: &[bool]) -> Vec<Owned> {
        let mut owned = Vec::new();
        let mut imports: Vec<ImportRequest> = Vec::new();
        let mut released: Vec<TextRange> = Vec::new();
        let mut written: FxHashSet<ColourSite> = FxHashSet::default();
        let mut with_statements: BTreeMap<NodeId, (Option<usize>, Vec<ColourSite>)> =
            BTreeMap::new();
        for number in self.taken_in(id, taken) {
            let unit = &self.units[number];
            let own = |edit| Owned {
                edit,
                unit: Some(number),
                codemod: Some(unit.codemod),
            };
            if self.render == Render::All {
                owned.extend(here(id, &unit.edits).cloned().map(own));
                imports.extend(here(id, &unit.imports).cloned());
                released.extend(here(id, &unit.released).copied());
            }
            // Two units may want the same site: it is written once.
            for site in here(id, &unit.colour)
                .copied()
                .filter(|site| written.insert(*site))
            {
                match site {
                    // The items of one `with` are written together, whoever wants them.
                    ColourSite::WithItem { statement, .. } => {
                        with_statements
                            .entry(statement)
                            .or_insert_with(|| (Some(number), Vec::new()))
                            .1
                            .push(site);
                    }
                    _ => owned.extend(colour::edits(model, &[site]).into_iter().map(own)),
                }
            }
        }
        for site in self
            .recolour
            .sites
            .get(&id)
            .into_iter()
            .flatten()
            .copied()
            .filter(|site| written.insert(*site))
        {
            let (wanted, dropped) = colour::imports(model, site);
            imports.extend(wanted);
            if !self.recolour.keep_imports.contains(&id) {
                released.extend(dropped);
            }
            if let ColourSite::WithItem { statement, .. } = site {
                let sites = with_statements.entry(statement).or_default();
                sites.1.push(site);
                continue;
            }
            let own = |edit| Owned {
                edit,
                unit: None,
                codemod: None,
            };
            owned.extend(colour::edits(model, &[site]).into_iter().map(own));
        }
        for (number, sites) in with_statements.into_values() {
            owned.extend(colour::edits(model, &sites).into_iter().map(|edit| Owned {
                edit,
                unit: number,
                codemod: number.map(|number| self.units[number].codemod),
            }));
        }
        if owned.is_empty() {
            return owned;
        }
        released.sort_unstable_by_key(|range| range.start());
        let is_first_party = |module: &str| self.project.is_first_party(module);
        let import_edits = importer::edits(model, &imports, &released, &is_first_party);
        owned.extend(import_edits.into_iter().map(|edit| Owned {
            edit,
            unit: None,
            codemod: None,
        }));
        owned
    }
}

/// The files that a unit touches, sorted.
fn touched(unit: &Unit) -> Vec<FileId> {
    let mut files: Vec<FileId> = unit.edits.iter().map(|(file, _)| *file).collect();
    files.extend(unit.colour.iter().map(|(file, _)| *file));
    files.extend(unit.imports.iter().map(|(file, _)| *file));
    files.push(unit.file);
    files.sort_unstable();
    files.dedup();
    files
}

fn here<T>(id: FileId, items: &[(FileId, T)]) -> impl Iterator<Item = &T> {
    items
        .iter()
        .filter(move |(file, _)| *file == id)
        .map(|(_, item)| item)
}

/// Why a text cannot be worked on.
#[derive(Debug)]
pub enum ParseFailure {
    /// It is not Python 3.
    Syntax {
        /// Where, in bytes.
        offset: TextSize,
        /// What the parser says.
        message: String,
    },
    /// It uses syntax that the target version does not have.
    Unsupported {
        /// Where, in bytes.
        offset: TextSize,
        /// What the parser says.
        message: String,
    },
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl ParseFailure {
    fn offset(&self) -> Option<TextSize> {
        match self {
            Self::Syntax { offset, .. } | Self::Unsupported { offset, .. } => Some(*offset),
            Self::TooDeep => None,
        }
    }

    fn describe(&self, target: PythonVersion) -> (String, String) {
        match self {
            Self::Syntax { message, .. } => (
                format!("syntax error: {message}"),
                "mend the syntax (Python 2 code must be ported first); the other files go on"
                    .to_string(),
            ),
            Self::Unsupported { message, .. } => (
                message.clone(),
                format!(
                    "the target version is {target}: raise `requires-python` or pass `--target-version`"
                ),
            ),
            Self::TooDeep => (
                format!("the code is nested more than {MAX_DEPTH} levels deep and was left alone"),
                "split the expression".to_string(),
            ),
        }
    }
}

/// Parses a text for a target version. Runs on a worker of [`plan`], whose stack is large enough for [`MAX_DEPTH`].
///
/// # Errors
/// The first error in the text, or what makes it unfit.
pub fn parse(text: &str, target: PythonVersion) -> Result<Parsed<ModModule>, ParseFailure> {
    if is_text_too_deep(text) {
        return Err(ParseFailure::TooDeep);
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(target.to_ruff());
    let parsed = parse_unchecked(text, options);
    let Some(parsed) = parsed.try_into_module() else {
        return Err(ParseFailure::Syntax {
            offset: TextSize::new(0),
            message: "not a module".to_string(),
        });
    };
    if let Some(error) = parsed
        .errors()
        .iter()
        .min_by_key(|error| error.location.start())
    {
        let failure = ParseFailure::Syntax {
            offset: error.location.start(),
            message: error.error.to_string(),
        };
        discard(parsed);
        return Err(failure);
    }
    if is_too_deep(&parsed) {
        // Dropping a tree recurses once for each level, with no limit of its own: a leak is the lesser evil.
        std::mem::forget(parsed);
        return Err(ParseFailure::TooDeep);
    }
    if let Some(error) = parsed
        .unsupported_syntax_errors()
        .iter()
        .min_by_key(|error| error.range.start())
    {
        return Err(ParseFailure::Unsupported {
            offset: error.range.start(),
            message: error.to_string(),
        });
    }
    Ok(parsed)
}

/// Whether a text is certainly deeper than [`MAX_DEPTH`], told from its brackets and operators alone; most texts are
/// let through by their length and by counting bytes.
fn is_text_too_deep(text: &str) -> bool {
    use ruff_python_ast::token::TokenKind;
    // Brackets in strings and comments count here: it is enough that none is missed.
    let opening = || memchr::memchr3_iter(b'(', b'[', b'{', text.as_bytes()).count();
    if text.len() < LONG_TEXT && opening() <= MAX_DEPTH {
        return false;
    }
    let mut lexer = ruff_python_parser::lexer::lex(text, Mode::Module);
    let (mut brackets, mut operators) = (0_usize, 0_usize);
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return false,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                brackets += 1;
                operators = 0;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                brackets = brackets.saturating_sub(1);
            }
            // The operators whose operand is parsed one level down.
            TokenKind::Not
            | TokenKind::Minus
            | TokenKind::Plus
            | TokenKind::Tilde
            | TokenKind::Star
            | TokenKind::DoubleStar
            | TokenKind::Await
            | TokenKind::Yield
            | TokenKind::Lambda
            | TokenKind::Else => operators += 1,
            // What ends an operand and begins another at the same level.
            TokenKind::Newline
            | TokenKind::Comma
            | TokenKind::Semi
            | TokenKind::Equal
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::For => operators = 0,
            _ => {}
        }
        // `-a if -b else c` holds three operators for one level.
        if brackets > MAX_DEPTH || operators > 4 * MAX_DEPTH {
            return true;
        }
    }
}

/// Drops a tree, or leaks it where dropping would overflow the stack.
fn discard(parsed: Parsed<ModModule>) {
    if is_too_deep(&parsed) {
        std::mem::forget(parsed);
    }
}

/// Whether the tree is deeper than [`MAX_DEPTH`]. A logical line of few tokens cannot be, so that most files are told
/// apart by their tokens alone.
fn is_too_deep(parsed: &Parsed<ModModule>) -> bool {
    use ruff_python_ast::token::TokenKind;
    // A level takes at least one token; statements nest at most a hundred deep in CPython, by indentation.
    let mut tokens = 0;
    let mut indents: usize = 0;
    let mut suspicious = false;
    for token in parsed.tokens().iter() {
        match token.kind() {
            TokenKind::Newline => tokens = 0,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            _ => tokens += 1,
        }
        if tokens + 4 * indents > MAX_DEPTH / 8 {
            suspicious = true;
            break;
        }
    }
    if !suspicious {
        return false;
    }
    let mut gate = DepthGate {
        depth: 0,
        too_deep: false,
    };
    walk_body(&mut gate, &parsed.syntax().body);
    gate.too_deep
}

struct DepthGate {
    depth: usize,
    too_deep: bool,
}

impl<'a> SourceOrderVisitor<'a> for DepthGate {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        self.depth += usize::from(is_level(node));
        if self.depth > MAX_DEPTH {
            self.too_deep = true;
        }
        if self.too_deep {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }

    fn leave_node(&mut self, node: AnyNodeRef<'a>) {
        self.depth -= usize::from(is_level(node));
    }
}

/// Whether a node is a level of nesting to its author: a call is one, though its arguments are a node of their own.
fn is_level(node: AnyNodeRef<'_>) -> bool {
    node.is_expression() || node.is_statement() || node.is_pattern()
}

/// The facts of a file that no codemod looked at.
fn load_exports(file: &ProjectFile) -> Option<Exports> {
    let bytes = discovery::read(&file.path).ok()?;
    let source = source::decode(&bytes).ok()?;
    let parsed = parse(&source.text, PythonVersion::PY314).ok()?;
    Some(Exports::new(parsed.syntax(), &file.module))
}

/// Module names of discovered files: the package that holds a file starts below the topmost directory with an
/// `__init__.py`, or below a source root.
struct ModuleNames {
    packages: FxHashSet<PathBuf>,
    roots: Vec<PathBuf>,
}

impl ModuleNames {
    fn new(found: &[Found], roots: &[PathBuf]) -> Self {
        let packages = found
            .iter()
            .filter(|file| file.path.file_stem().is_some_and(|stem| stem == "__init__"))
            .filter_map(|file| file.path.parent().map(PathBuf::from))
            .collect();
        Self {
            packages,
            roots: roots.to_vec(),
        }
    }

    /// The name below the topmost package, or below one of these roots.
    fn of(&self, file: &Found, roots: &[PathBuf]) -> ModuleName {
        let Some(stem) = file.path.file_stem().and_then(|stem| stem.to_str()) else {
            return ModuleName::default();
        };
        let is_package = stem == "__init__";
        let mut parts: Vec<&str> = if is_package { Vec::new() } else { vec![stem] };
        let mut directory = file.path.parent();
        while let Some(at) = directory {
            if roots.iter().any(|root| root == at) {
                break;
            }
            let named = at.file_name().and_then(|name| name.to_str());
            let within_root = roots.iter().any(|root| at.starts_with(root));
            match named {
                Some(name) if self.packages.contains(at) || within_root => parts.push(name),
                _ => break,
            }
            directory = at.parent();
        }
        parts.reverse();
        ModuleName {
            name: parts.join("."),
            is_package,
        }
    }
}

/// Lines and columns of a text, for people.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|found| found + 1));
        Self { text, starts }
    }

    /// 1-based line and column; the column counts characters.
    fn position(&self, offset: TextSize) -> (u32, u32) {
        let offset = offset.to_usize().min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let before = self.text[start..offset].trim_start_matches('\u{feff}');
        (line as u32, before.chars().count() as u32 + 1)
    }

    fn place(&self, file: &str, range: TextRange) -> Place {
        let (line, column) = self.position(range.start());
        let start = self.starts[line as usize - 1];
        let end = self
            .starts
            .get(line as usize)
            .copied()
            .unwrap_or(self.text.len());
        Place {
            file: file.to_string(),
            line,
            column,
            start: range.start().to_u32(),
            end: range.end().to_u32(),
            snippet: self.text[start..end]
                .trim_start_matches('\u{feff}')
                .trim_end_matches(['\n', '\r'])
                .to_string(),
        }
    }
}
