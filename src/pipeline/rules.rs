//! Runs the rules of `awaitify check` over the files that name `async` or `await`.

use rayon::prelude::*;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::chains::forget_used;
use super::examine::context_of;
use super::lines::Lines;
use super::parse::parse;
use super::request::Request;
use crate::discovery;
use crate::index::Project;
use crate::plan::{Advice, Plan};
use crate::rules::{self, Inspection};
use crate::semantic::Model;
use crate::source;
use crate::suppress::Suppressions;
use crate::unit::FileId;

/// Adds what the rules find to a plan. `has_async` says which files name `async`: in others there is nothing to find but
/// `await`, which needs an `async def` to be in its place.
pub(super) fn add(request: &Request<'_>, project: &Project, has_async: &[bool], plan: &mut Plan) {
    if request.rules.is_empty() {
        return;
    }
    let found: Vec<Found> = (0..has_async.len())
        .into_par_iter()
        .filter(|&index| has_async[index])
        .filter_map(|index| look(request, project, FileId(index as u32)))
        .collect();
    for found in found {
        forget_used(plan, &found.used);
        plan.advice.extend(found.advice);
    }
    let gives_way = |advice: &Advice| rules::named(advice.rule).is_some_and(|rule| rule.gives_way);
    let units = plan.units.iter().map(|unit| (&unit.place, &unit.function));
    let left = plan.left.iter().map(|left| (&left.place, &left.function));
    let chains = plan
        .chains
        .iter()
        .map(|chain| (&chain.place, &chain.function));
    let others = plan.advice.iter().filter(|advice| !gives_way(advice));
    let told: FxHashSet<(String, String)> = units
        .chain(left)
        .chain(chains)
        .chain(others.map(|advice| (&advice.place, &advice.function)))
        .map(|(place, function)| (place.file.clone(), function.clone()))
        .collect();
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_string();
    let mut first_file: FxHashMap<String, String> = FxHashMap::default();
    let mut shared: FxHashSet<String> = FxHashSet::default();
    for advice in plan.advice.iter().filter(|advice| gives_way(advice)) {
        let (name, file) = (last(&advice.function), &advice.place.file);
        if first_file
            .entry(name.clone())
            .or_insert_with(|| file.clone())
            != file
        {
            shared.insert(name);
        }
    }
    plan.advice.retain(|advice| {
        let place = (advice.place.file.clone(), advice.function.clone());
        !gives_way(advice) || !told.contains(&place) && !shared.contains(&last(&advice.function))
    });
    plan.advice
        .sort_by(|a, b| (&a.place, a.rule).cmp(&(&b.place, b.rule)));
}

/// What the rules found in one file, and the lines of directives that hide other findings.
struct Found {
    advice: Vec<Advice>,
    used: FxHashSet<(String, u32)>,
}

fn look(request: &Request<'_>, project: &Project, file: FileId) -> Option<Found> {
    let known = project.file(file);
    let bytes = discovery::read(&known.path).ok()?;
    let source = source::decode(&bytes).ok()?;
    let parsed = parse(&source.text, request.syntax_version()).ok()?;
    let model = Model::new(&source.text, &parsed, &known.module);
    let breaches = Inspection::run(&model, project, file, &request.rules);
    if breaches.is_empty() {
        return None;
    }
    let comments: Vec<TextRange> = parsed
        .tokens()
        .iter()
        .filter(|token| token.kind().is_comment())
        .map(Ranged::range)
        .collect();
    let suppressions = Suppressions::from_comments(&source.text, &comments);
    let lines = Lines::new(&source.text);
    let mut found = Found {
        advice: Vec::new(),
        used: FxHashSet::default(),
    };
    for breach in breaches {
        let place = lines.place(&known.name, breach.range);
        if suppressions.suppresses(breach.rule.name, breach.range) {
            // On the line itself, or on a line of its own above.
            for line in [place.line, place.line.saturating_sub(1)] {
                found.used.insert((known.name.clone(), line));
            }
            continue;
        }
        found.advice.push(Advice {
            rule: breach.rule.name,
            function: context_of(&model, breach.range),
            message: breach.rule.message,
            detail: breach.detail,
            help: breach.rule.help,
            codemod: breach.codemod,
            place,
        });
    }
    Some(found)
}
