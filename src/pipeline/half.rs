//! Functions that `--seed` would turn async though part of what blocks in them stays.

use rustc_hash::FxHashSet;

use super::choice::Choice;
use super::request::{Request, blocks, is_seed};
use super::spread::{functions_of, functions_with, is_blocking};
use crate::codemod::{self, Role};
use crate::codemods;
use crate::config::Scope;
use crate::plan::Left;
use crate::propagate::{GOES_ON_BLOCKING, Settled};
use crate::seeds;
use crate::unit::{FileId, FunctionId, Unit};

/// A follower drives because the user says so, to free the event loop of what it rewrites. Where a function would go on blocking it
/// all the same, nothing is won and a function that could be handed to a thread is lost: such units only follow.
pub(super) fn hold_back(
    request: &Request<'_>,
    settled: &Settled<'_>,
    units: &mut [Unit],
    left: &[Left],
    state: &Choice,
) {
    if request.config.scope == Scope::Function || request.seeds.is_empty() {
        return;
    }
    let left = left.iter().filter(|left| goes_on(request, left));
    let mut staying = functions_with(settled.project, settled.propagation, left);
    for (number, unit) in units.iter().enumerate() {
        let stays = !state.taken[number] && !is_brief(unit);
        if stays && unit.codemod != seeds::NAME && blocks(request, unit.codemod) {
            staying.extend(functions_of(unit));
        }
    }
    if staying.is_empty() {
        return;
    }
    let staying: FxHashSet<FunctionId> = staying.into_iter().collect();
    let mut driving: Vec<&mut Unit> = units
        .iter_mut()
        .zip(&state.taken)
        .filter(|(unit, taken)| **taken && is_follower(request, unit) && is_seed(request, unit))
        .map(|(unit, _)| unit)
        .collect();
    let mut half = staying.clone();
    let files: FxHashSet<FileId> = driving
        .iter()
        .flat_map(|unit| functions_of(unit))
        .map(|id| id.file)
        .collect();
    for file in files {
        half.extend(settled.callers(file, &staying));
    }
    for unit in &mut driving {
        if functions_of(unit).iter().any(|id| half.contains(id)) {
            unit.follows = Some(&GOES_ON_BLOCKING);
        }
    }
}

/// Whether a unit that only follows does so because its calls do not block for longer than a moment.
pub(super) fn is_brief(unit: &Unit) -> bool {
    let mut brief = codemods::BRIEF.iter();
    unit.follows
        .is_some_and(|reason| brief.any(|other| std::ptr::eq(*other, reason)))
}

fn is_follower(request: &Request<'_>, unit: &Unit) -> bool {
    let mut codemods = request.codemods.iter();
    codemods.any(|codemod| codemod.name == unit.codemod && codemod.role == Role::Follower)
}

/// Whether a candidate that is left goes on blocking where it stands, for longer than a moment.
fn goes_on(request: &Request<'_>, left: &Left) -> bool {
    let is_brief = codemods::BRIEF
        .iter()
        .any(|reason| std::ptr::eq(*reason, left.reason));
    is_blocking(request, left) && left.reason != &codemod::USED_AS_VALUE && !is_brief
}
