//! What units give away: the values that leave the functions which make them, see [`crate::unit::Unit::gives`].
//!
//! Such a value is followed over the project like any other. Its component is no unit of its own: what is to change where the
//! value is used becomes a part of the unit that makes it, and where several units make what one place holds, they are one.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Gathered;
use super::values::{Known, Whole, merge};
use crate::plan::{Left, Plan};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId, Holder, Unit};
use crate::values::{Component, VALUE_ESCAPES};

/// The calls whose values the units of a codemod give away, by file.
pub(super) fn of(codemod: &str, units: &[Unit]) -> FxHashMap<FileId, FxHashSet<NodeId>> {
    let mut given: FxHashMap<FileId, FxHashSet<NodeId>> = FxHashMap::default();
    for unit in units.iter().filter(|unit| unit.codemod == codemod) {
        for (file, one) in &unit.gives {
            given.entry(*file).or_default().insert(one.call);
        }
    }
    given
}

/// The units by the calls whose values they give away.
type Owners = FxHashMap<(FileId, NodeId), usize>;

fn owners(codemod: &str, units: &[Unit]) -> Owners {
    let mut owners = Owners::default();
    for (index, unit) in units.iter().enumerate() {
        if unit.codemod == codemod {
            let given = unit.gives.iter();
            owners.extend(given.map(|(file, given)| ((*file, given.call), index)));
        }
    }
    owners
}

/// The units that give a value of a component, sorted.
fn givers(component: &Component, owners: &Owners) -> Vec<usize> {
    let made = component
        .parts
        .iter()
        .flat_map(|(&file, part)| part.made.iter().map(move |&node| (file, node)));
    let mut found: Vec<usize> = made.filter_map(|key| owners.get(&key).copied()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Drops the components of no unit, and tells the others what their units say.
pub(super) fn tell(components: &mut Vec<Component>, codemod: &str, units: &[Unit]) {
    let owners = owners(codemod, units);
    components.retain(|component| !givers(component, &owners).is_empty());
    for component in components {
        for index in givers(component, &owners) {
            let unit = &units[index];
            let of_units = &mut component.units;
            of_units.is_marked |= unit.gives.iter().any(|(_, given)| given.is_marked);
            of_units.functions.extend(functions(unit));
            of_units.handlers.extend(&unit.handlers);
            of_units.seen.extend(&unit.seen);
        }
    }
}

fn functions(unit: &Unit) -> Vec<FunctionId> {
    let holders = unit.needs_async.iter();
    holders
        .filter_map(|holder| match holder {
            Holder::Function(id) => Some(*id),
            Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
        })
        .collect()
}

/// Makes the components parts of their units, or leaves these where one of them has to stay.
pub(super) fn attach(
    codemod: &str,
    components: &[Component],
    parts: Vec<Result<Option<Whole>, Vec<Left>>>,
    known: &mut Known,
    gathered: &mut Gathered,
    plan: &mut Plan,
) {
    let owners = owners(codemod, &gathered.units);
    let of_component: Vec<Vec<usize>> = components
        .iter()
        .map(|component| givers(component, &owners))
        .collect();
    // Which units are one: the lowest number stands for all.
    let mut parents: Vec<usize> = (0..gathered.units.len()).collect();
    let root = |parents: &[usize], mut at: usize| {
        while parents[at] != at {
            at = parents[at];
        }
        at
    };
    for pair in of_component.iter().flat_map(|units| units.windows(2)) {
        let (one, other) = (root(&parents, pair[0]), root(&parents, pair[1]));
        parents[one.max(other)] = one.min(other);
    }
    let first: Vec<usize> = (0..parents.len()).map(|at| root(&parents, at)).collect();
    let mut additions: FxHashMap<usize, Vec<Whole>> = FxHashMap::default();
    let mut refused: FxHashMap<usize, Left> = FxHashMap::default();
    for (units, part) in of_component.iter().zip(parts) {
        let Some(&unit) = units.first() else {
            continue;
        };
        match part {
            Ok(Some(whole)) => additions.entry(first[unit]).or_default().push(whole),
            Ok(None) => {}
            Err(mut troubles) => {
                let trouble = troubles.swap_remove(0);
                refused.entry(first[unit]).or_insert(trouble);
            }
        }
    }
    // What is given away and was not followed.
    let followed: FxHashSet<(FileId, NodeId)> = components
        .iter()
        .flat_map(|component| &component.parts)
        .flat_map(|(&file, part)| part.made.iter().map(move |&node| (file, node)))
        .collect();
    let all = std::mem::take(&mut gathered.units)
        .into_iter()
        .zip(std::mem::take(&mut gathered.reports));
    let mut place: FxHashMap<usize, usize> = FxHashMap::default();
    for (index, (unit, report)) in all.enumerate() {
        let is_lost = unit.codemod == codemod
            && unit
                .gives
                .iter()
                .any(|(file, given)| !followed.contains(&(*file, given.call)));
        if is_lost {
            refused.entry(first[index]).or_insert_with(|| Left {
                codemod: unit.codemod,
                place: report.place.clone(),
                function: report.function.clone(),
                reason: &VALUE_ESCAPES,
                detail: None,
            });
        }
        if let Some(trouble) = refused.get(&first[index]) {
            known.blocking.extend(functions(&unit));
            let is_there = trouble.place == report.place;
            let detail = format!(
                "{}:{}{}",
                trouble.place.file,
                trouble.place.line,
                trouble
                    .detail
                    .as_ref()
                    .map_or(String::new(), |detail| format!(": {detail}"))
            );
            plan.left.push(Left {
                codemod: unit.codemod,
                place: report.place,
                function: report.function,
                reason: trouble.reason,
                detail: if is_there {
                    trouble.detail.clone()
                } else {
                    Some(detail)
                },
            });
            continue;
        }
        match place.get(&first[index]) {
            // The first of several.
            None => {
                place.insert(first[index], gathered.units.len());
                let mut whole = (unit, report);
                for (unit, report) in additions.remove(&first[index]).unwrap_or_default() {
                    whole = merge(whole, unit, report);
                }
                gathered.units.push(whole.0);
                gathered.reports.push(whole.1);
            }
            Some(&at) => {
                let whole = (gathered.units[at].clone(), gathered.reports[at].clone());
                let (unit, report) = merge(whole, unit, report);
                gathered.units[at] = unit;
                gathered.reports[at] = report;
            }
        }
    }
}
