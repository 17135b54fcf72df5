//! What stands before the candidates that are left: the to-do list of the migration.

use std::collections::BTreeMap;

use super::choice::{MOST, Solved, function_of, place_of};
use crate::assist;
use crate::index::Project;
use crate::plan::{InTheWay, Waiting};
use crate::propagate::Propagation;
use crate::solve::{At, Barrier, Node};
use crate::unit::{FileId, Holder, Unit};

/// The blocked units by the barriers before them, the fewest barriers first, then the most units. `drives` says which units
/// turn functions async: the others wait for them, not for barriers.
pub(super) fn waiting(
    project: &Project,
    propagation: &Propagation,
    solved: &Solved,
    units: &[Unit],
    drives: &dyn Fn(&Unit) -> bool,
) -> Vec<Waiting> {
    let graph = &solved.graph;
    let obstacles = graph.obstacles(MOST, &|barrier| solved.accepted.barriers.contains(&barrier));
    let possible = assist::possible(graph, units);
    // By barriers: how many units, how many of them can be halves, and the first of them.
    let mut groups: BTreeMap<(Vec<u32>, bool), (usize, usize, usize)> = BTreeMap::new();
    for (number, unit) in units.iter().enumerate() {
        let is_half = solved.accepted.units.get(number).is_some_and(|half| *half);
        if is_half || !drives(unit) {
            continue;
        }
        if let Some(few) = obstacles.of(Node::Unit(number)) {
            let key = (few.barriers.clone(), few.more);
            let group = groups.entry(key).or_insert((0, 0, number));
            group.0 += 1;
            group.1 += usize::from(possible[number] && !few.more);
        }
    }
    let mut all: Vec<Waiting> = groups
        .into_iter()
        .map(|((barriers, more), (sites, halves, first))| Waiting {
            barriers: barriers
                .iter()
                .map(|&barrier| {
                    let barrier = &graph.barriers()[barrier as usize];
                    in_the_way(project, propagation, barrier, units[first].file)
                })
                .collect(),
            more,
            sites,
            halves,
        })
        .collect();
    all.sort_by_key(|waiting| {
        (
            waiting.more,
            waiting.barriers.len(),
            std::cmp::Reverse(waiting.sites),
        )
    });
    all
}

/// A barrier for people; `file` is where it counts as standing if it has no place of its own.
pub(super) fn in_the_way(
    project: &Project,
    propagation: &Propagation,
    barrier: &Barrier,
    file: FileId,
) -> InTheWay {
    let (file, line) = place_of(propagation, barrier).unwrap_or((
        match barrier.node {
            Node::Holder(
                Holder::Module(file) | Holder::Statement(file, _) | Holder::Class(file),
            ) => file,
            _ => file,
        },
        1,
    ));
    let function = match barrier.node {
        Node::Holder(Holder::Function(id)) => function_of(propagation, id)
            .map(|function| function.qualified_name.clone())
            .unwrap_or_default(),
        _ => String::new(),
    };
    let file = &project.file(file).name;
    // What the place and the name say already needs no second time.
    let (place, name) = (format!("{file}:{line}"), format!("`{function}`"));
    let detail = barrier.detail.clone();
    InTheWay {
        reason: barrier.reason,
        is_use: matches!(barrier.at, At::Use(..)),
        function,
        line,
        detail: detail.filter(|detail| *detail != place && *detail != name),
        file: file.clone(),
    }
}
