//! Finds the blocking chains of `awaitify check`: looks for blocking calls in sync functions, which the codemods pass over
//! with `--scope function`, and joins the files that call them.

use rayon::prelude::*;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::examine::{Analysis, analyse};
use super::lines::Lines;
use super::load::FactsLoader;
use super::parse::parse;
use super::request::{Render, Request};
use crate::callgraph::FileFacts;
use crate::chains::{self, Found as FoundChain};
use crate::codemod::{self, Codemod, Settings};
use crate::config::Scope;
use crate::discovery::{self, Found};
use crate::index::Project;
use crate::pins::Pins;
use crate::plan::{BlockingChain, ChainStep, Place, Plan};
use crate::propagate::{Propagation, Recolour};
use crate::python::PythonVersion;
use crate::scan::Scanner;
use crate::seeds::foreign::Foreign;
use crate::source;
use crate::suppress::Suppressions;
use crate::unit::{FileId, FunctionId, Holder};
use crate::why;

/// A blocking call in a sync function.
struct End {
    holder: FunctionId,
    codemod: &'static str,
    place: Place,
    what: String,
}

/// Adds the blocking chains to a plan. `has_async` says which files name `async`; where none does there are no chains, and
/// no file is read.
pub(super) fn add(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    found: &[Found],
    has_async: &[bool],
    recolour: &Recolour,
    plan: &mut Plan,
) {
    // What works outside of async functions, or declares another idiom, is about code that does not block.
    let codemods: Vec<&'static Codemod> = request
        .codemods
        .iter()
        .copied()
        .filter(|codemod| {
            !codemod.outside_async && codemod.declares.is_none() && codemod.role.blocks()
        })
        .collect();
    if codemods.is_empty() || !has_async.contains(&true) {
        return;
    }
    let mut config = request.config.clone();
    config.scope = Scope::Project;
    let look = Request {
        config: &config,
        codemods,
        telling: Vec::new(),
        named: Vec::new(),
        seeds: Vec::new(),
        progress: None,
        render: Render::All,
        explain: None,
        rules: Vec::new(),
        ..*request
    };
    let settings = Settings {
        scope: Scope::Project,
        ..settings.clone()
    };
    let scanner = Scanner::new(&look.codemods, |_| true);
    let analyses: Vec<(FileId, Analysis)> = found
        .par_iter()
        .enumerate()
        .filter_map(|(index, file)| {
            let id = FileId(index as u32);
            let analysis = analyse(&look, &settings, project, &scanner, id, file, true);
            analysis.facts.is_some().then_some((id, analysis))
        })
        .collect();
    let mut propagation = Propagation::default();
    let mut ends: Vec<End> = Vec::new();
    for (id, mut analysis) in analyses {
        if let Some(facts) = analysis.facts.take() {
            ends.extend(ends_of(id, &facts, analysis));
            propagation.facts.insert(id, facts);
        }
    }
    ends.sort_by(|a, b| (a.holder, &a.place).cmp(&(b.holder, &b.place)));
    let mut holders: Vec<FunctionId> = ends.iter().map(|end| end.holder).collect();
    holders.dedup();
    // Who blocks whom is the same whatever the user pins or names.
    let (pins, foreign) = (Pins::default(), Foreign::new(&[], project));
    let loader = FactsLoader::new(project, settings.target, &pins, &foreign);
    propagation.join_callers(project, &holders, &loader);
    let is_mended = |id: FunctionId| recolour.functions.contains(&id);
    let mut found = chains::find(project, &propagation, &holders, &is_mended);
    // A thread runs it.
    let threaded: FxHashSet<(FileId, usize)> = recolour
        .bridges
        .iter()
        .filter(|bridge| bridge.outcome.is_ok())
        .map(|bridge| (bridge.file, bridge.call))
        .collect();
    found.retain(|chain| !threaded.contains(&chain.call));
    let mut by_file: FxHashMap<FileId, Vec<FoundChain>> = FxHashMap::default();
    for chain in found {
        by_file.entry(chain.call.0).or_default().push(chain);
    }
    let told: Vec<Told> = by_file
        .into_par_iter()
        .map(|(file, chains)| tell(request, project, &propagation, &ends, file, &chains))
        .collect();
    for told in told {
        plan.chains.extend(told.chains);
        forget_used(plan, &told.used);
    }
    plan.chains.sort_by(|a, b| a.place.cmp(&b.place));
}

/// What a directive without names is told where no codemod had a use for it.
const UNUSED: &str = "unused `# awaitify: ignore`";

/// Takes back that directives are unused: those on these lines hide what only `check` finds.
pub(super) fn forget_used(plan: &mut Plan, used: &FxHashSet<(String, u32)>) {
    plan.problems.retain(|problem| {
        let is_used = problem
            .line
            .is_some_and(|line| used.contains(&(problem.file.clone(), line)));
        !(is_used && problem.message == UNUSED)
    });
}

/// The blocking calls in the sync functions of a file.
fn ends_of(file: FileId, facts: &FileFacts, analysis: Analysis) -> Vec<End> {
    let is_sync = |holder: &FunctionId| {
        facts
            .functions
            .get(holder.index as usize)
            .is_some_and(|function| !function.is_async)
    };
    let mut ends = Vec::new();
    for (unit, report) in analysis.units {
        let what = why::what(&report.place);
        for holder in unit.needs_async {
            if let (Holder::Function(holder), Some(what)) = (holder, &what)
                && is_sync(&holder)
            {
                ends.push(End {
                    holder,
                    codemod: report.codemod,
                    place: report.place.clone(),
                    what: what.clone(),
                });
            }
        }
    }
    for left in analysis.left {
        // Not certain to be a call of the library, or asked to be left.
        let passed = [
            &codemod::SUPPRESSED,
            &codemod::USED_AS_VALUE,
            &codemod::AMBIGUOUS_BINDING,
        ];
        if passed.iter().any(|reason| reason.code == left.reason.code) {
            continue;
        }
        let index = facts.functions.iter().rposition(|function| {
            function.qualified_name == left.function && function.line <= left.place.line
        });
        let what = why::what(&left.place).filter(|what| {
            // Making an object blocks nobody.
            let last = what.rsplit('.').next().unwrap_or(what);
            !last.starts_with(char::is_uppercase)
        });
        if let (Some(index), Some(what)) = (index, what) {
            let holder = FunctionId {
                file,
                index: index as u32,
            };
            if is_sync(&holder) {
                ends.push(End {
                    holder,
                    codemod: left.codemod,
                    place: left.place,
                    what,
                });
            }
        }
    }
    ends
}

/// The chains of one file for people, and the lines of directives that hide others.
struct Told {
    chains: Vec<BlockingChain>,
    used: FxHashSet<(String, u32)>,
}

fn tell(
    request: &Request<'_>,
    project: &Project,
    propagation: &Propagation,
    ends: &[End],
    file: FileId,
    found: &[FoundChain],
) -> Told {
    let name = &project.file(file).name;
    let mut told = Told {
        chains: Vec::new(),
        used: FxHashSet::default(),
    };
    let Some(source) = discovery::read(&project.file(file).path)
        .ok()
        .and_then(|bytes| source::decode(&bytes).ok())
    else {
        return told;
    };
    let Ok(parsed) = parse(&source.text, PythonVersion::PY314) else {
        return told;
    };
    let comments: Vec<TextRange> = parsed
        .tokens()
        .iter()
        .filter(|token| token.kind().is_comment())
        .map(Ranged::range)
        .collect();
    let suppressions = Suppressions::from_comments(&source.text, &comments);
    let lines = Lines::new(&source.text);
    for chain in found {
        let (Some(call), Some(caller)) = (
            propagation.facts[&file].calls.get(chain.call.1),
            step(project, propagation, chain.caller),
        ) else {
            continue;
        };
        if suppressions.suppresses(chains::NAME, call.range) {
            // On the line itself, or on a line of its own above.
            told.used.insert((name.clone(), call.line));
            told.used
                .insert((name.clone(), call.line.saturating_sub(1)));
            continue;
        }
        let through: Vec<ChainStep> = chain
            .through
            .iter()
            .filter_map(|&id| step(project, propagation, id))
            .collect();
        let Some(end) = chain
            .through
            .last()
            .and_then(|last| ends.iter().find(|end| end.holder == *last))
        else {
            continue;
        };
        told.chains.push(BlockingChain {
            place: lines.place(name, call.range),
            function: caller.function,
            through,
            what: end.what.clone(),
            codemod: end.codemod,
            end: end.place.clone(),
            help: remedy(request, end.codemod),
        });
    }
    told
}

fn step(project: &Project, propagation: &Propagation, id: FunctionId) -> Option<ChainStep> {
    let function = propagation
        .facts
        .get(&id.file)?
        .functions
        .get(id.index as usize)?;
    Some(ChainStep {
        function: function.qualified_name.clone(),
        file: project.file(id.file).name.clone(),
        line: function.line,
    })
}

/// What the user can do about a chain to a call that this codemod migrates.
fn remedy(request: &Request<'_>, codemod: &str) -> String {
    let is_seed = request.codemods.iter().any(|other| {
        other.name == codemod
            && (other.role == codemod::Role::Seed || request.seeds.contains(&other.name))
    });
    let thread = "`await asyncio.to_thread(...)`";
    match (request.config.scope, is_seed) {
        (Scope::Function, true) => {
            format!(
                "let `--scope project` turn the helpers async, or make the call through {thread}"
            )
        }
        (_, false) => format!(
            "let `--scope project --seed {codemod}` turn the helpers async, or make the call through {thread}"
        ),
        (Scope::Project, true) => format!(
            "ask `awaitify why` what keeps the helper sync, or make the call through {thread}"
        ),
    }
}
