//! Phase two: which units are taken, and why the others are left.

use rustc_hash::FxHashSet;

use super::examine::FunctionFacts;
use super::request::{Request, test_runner};
use super::search::{held_names, is_script, quoted_names, runs_doctests};
use crate::colour;
use crate::config::{self, Scope};
use crate::index::Project;
use crate::plan::{Outcome, UnitReport};
use crate::propagate::{Propagation, Rules, Texts};
use crate::seeds;
use crate::solve::{self, Graph, Node, Solution};
use crate::unit::{FileId, FunctionId, Holder, Reason, Safety, Unit};

/// Which units are taken, and why the others are left for good.
pub(super) struct Choice {
    pub(super) taken: Vec<bool>,
    pub(super) left: Vec<(usize, &'static Reason, Option<String>)>,
}

impl Choice {
    pub(super) fn leave(&mut self, unit: usize, reason: &'static Reason, detail: Option<String>) {
        if self.taken[unit] {
            self.taken[unit] = false;
            self.left.push((unit, reason, detail));
        }
    }
}

pub(super) fn solve_units(
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
        let is_script = |file: FileId| is_script(project, file);
        let quoted = |names: &[String], known: &Texts| quoted_names(project, names, known);
        let held = |files: &[FileId], names: &[String]| held_names(project, files, names);
        let runner = std::cell::OnceCell::new();
        let doctests = || {
            let find = || config::doctests(&request.config.root).or_else(|| runs_doctests(project));
            runner.get_or_init(find).clone()
        };
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
            is_script: &is_script,
            allow_unsafe: request.config.allow_unsafe,
            tests: test_runner(request),
            quoted: &quoted,
            held: &held,
            doctests: &doctests,
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

/// The way from a unit to the barrier that forbids it: `load <- Client.__len__ (client.py:50)`.
pub(super) fn explain(
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

pub(super) fn choose_by_safety(
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
