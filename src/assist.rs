//! `--assist N`: half units, with a marker at each barrier that they leave to the user.
//!
//! A unit that has at most N barriers before it is taken all the same. Where a barrier is a *use* of a function, the function
//! becomes async and the use stays as it is, under a marker. Where it is the *function itself*, that one stays sync, and
//! the calls in it of what became async stay as they are, under a marker at its header. Barriers that no marker can
//! stand for are never taken: the user's own wish (`keep-sync`), races (`--unsafe` takes them), files that cannot be
//! read, and a function that would have to hold an `await` of the unit itself.
//!
//! Barriers that are accepted for one unit, or are marked in the files already, stand before no other: so the choice is a
//! fixpoint, and a second run finds nothing to do.

use rustc_hash::FxHashSet;

use crate::codemod::USED_AS_VALUE;
use crate::colour;
use crate::propagate::{
    CONSOLE_SCRIPT, CONSTRUCTOR, CONTEXT_MANAGER, DECORATED, ENTRY_POINT, FOREIGN_BASE, GENERATOR,
    GENERATOR_CLEANUP, GENERATOR_RESULT, PROPERTY, RUNS_LOOP, SEVERAL_RUNS, SPECIAL_METHOD,
    STOP_ITERATION, TEST_FUNCTION, UNKNOWN_RECEIVER, UNRESOLVED_CALL,
};
use crate::solve::{At, Barrier, Graph, MODULE_LEVEL, Node};
use crate::unit::{Holder, Reason, Unit};

/// What a marker says of a function that stays sync.
static OF_DEFINITIONS: &[(&Reason, &str)] = &[
    (&SPECIAL_METHOD, "Python does not await {}"),
    (&CONSTRUCTOR, "Python does not await {}"),
    (&PROPERTY, "who reads {} does not await it"),
    (&DECORATED, "the decorator may not take an async {}"),
    (
        &FOREIGN_BASE,
        "the base class may call {} without awaiting it",
    ),
    (
        &CONSOLE_SCRIPT,
        "a script's function is not awaited; run {} with asyncio.run",
    ),
    (
        &ENTRY_POINT,
        "a program begins with {}; run what is async in it with asyncio.run",
    ),
    (&TEST_FUNCTION, "pytest does not await {} without a plugin"),
    (&RUNS_LOOP, "{} runs an event loop, or would have to"),
    (
        &GENERATOR_RESULT,
        "an async generator cannot do what {} does",
    ),
    (&GENERATOR_CLEANUP, "an async {} would clean up later"),
    (&STOP_ITERATION, "StopIteration cannot leave an async {}"),
];

/// What a marker says of a use of a function that becomes async.
static OF_USES: &[(&Reason, &str)] = &[
    (
        &USED_AS_VALUE,
        "{} is async now, and is used as a value here",
    ),
    (&UNKNOWN_RECEIVER, "{} is async now, and this may be it"),
    (&UNRESOLVED_CALL, "{} is async now, and this may be it"),
    (&GENERATOR, "{} is an async generator now"),
    (
        &GENERATOR_CLEANUP,
        "{} is an async generator now; close it with contextlib.aclosing",
    ),
    (&CONTEXT_MANAGER, "{} is an async context manager now"),
    (
        &MODULE_LEVEL,
        "{} is async now, and module level cannot await it",
    ),
    (&SEVERAL_RUNS, "{} is async now; run all in one asyncio.run"),
    (
        &colour::LAMBDA,
        "{} is async now, and a lambda cannot await it",
    ),
    (
        &colour::CLASS_BODY,
        "{} is async now, and a class body cannot await it",
    ),
    (
        &colour::GENERATOR_EXPRESSION,
        "{} is async now, and this generator expression cannot await it",
    ),
    (
        &colour::NESTED_COMPREHENSION,
        "{} is async now, and cannot be awaited here before Python 3.11",
    ),
    (
        &colour::DEBUG_TEXT,
        "{} is async now, and an await would change the text",
    ),
    (
        &colour::SPLIT_COMMENT,
        "{} is async now, and this `with` must be split",
    ),
    (
        &colour::ANNOTATION_SCOPE,
        "{} is async now, and cannot be awaited here",
    ),
];

/// What a marker at this barrier says of the function of this name; `None` where no marker can stand for it.
pub fn marker_text(barrier: &Barrier, function: &str) -> Option<String> {
    let texts = match barrier.at {
        At::Definition => OF_DEFINITIONS,
        At::Use(..) => OF_USES,
        At::Elsewhere => return None,
    };
    let (_, text) = texts
        .iter()
        .find(|(reason, _)| reason.code == barrier.reason.code)?;
    // The file of the marker may be in an encoding that cannot hold the name.
    let name = if function.is_ascii() {
        format!("`{function}`")
    } else {
        "the function".to_string()
    };
    Some(text.replace("{}", &name))
}

fn has_marker(barrier: &Barrier) -> bool {
    marker_text(barrier, "").is_some()
}

/// What is accepted.
#[derive(Debug, Default)]
pub struct Accepted {
    /// The barriers, by their numbers in [`Graph::barriers`]: those that are marked in the files, and those that get a
    /// marker.
    pub barriers: FxHashSet<u32>,
    /// Whether each unit is taken in spite of its barriers.
    pub units: Vec<bool>,
}

/// Whether each unit could be taken as a half one, for some number of barriers.
pub fn possible(graph: &Graph, units: &[Unit]) -> Vec<bool> {
    let never: FxHashSet<Node> = graph
        .reaching(&|barrier| !has_marker(barrier))
        .into_iter()
        .collect();
    units
        .iter()
        .enumerate()
        .map(|(number, unit)| {
            !never.contains(&Node::Unit(number))
                && unit
                    .needs_async
                    .iter()
                    .all(|&holder| graph.definition(Node::Holder(holder)).is_none())
        })
        .collect()
}

/// The units that have at most `most` barriers before them that are not accepted yet. `drives` says which units may be the
/// ground to accept a barrier; the others are taken where all of theirs are accepted. `is_marked` says which barriers have
/// their marker in the files.
pub fn accept(
    graph: &Graph,
    units: &[Unit],
    most: usize,
    drives: &dyn Fn(usize) -> bool,
    is_marked: &dyn Fn(&Barrier) -> bool,
) -> Accepted {
    let possible = possible(graph, units);
    let mut accepted = Accepted {
        barriers: graph
            .barriers()
            .iter()
            .enumerate()
            .filter(|(_, barrier)| has_marker(barrier) && is_marked(barrier))
            .map(|(number, _)| number as u32)
            .collect(),
        units: vec![false; units.len()],
    };
    loop {
        let obstacles = graph.obstacles(most, &|barrier| accepted.barriers.contains(&barrier));
        let before = accepted.barriers.len();
        for number in (0..units.len()).filter(|&number| possible[number]) {
            match obstacles.of(Node::Unit(number)) {
                None => accepted.units[number] = true,
                Some(few) if !few.more && drives(number) => {
                    accepted.units[number] = true;
                    accepted.barriers.extend(&few.barriers);
                }
                Some(_) => {}
            }
        }
        if accepted.barriers.len() == before {
            return accepted;
        }
    }
}

/// The barriers that get or have a marker where this holder becomes async (its uses), or would have to (itself).
pub fn accepted_of<'g>(
    graph: &'g Graph,
    accepted: &'g Accepted,
    holder: Holder,
) -> impl Iterator<Item = &'g Barrier> {
    graph
        .own(Node::Holder(holder))
        .iter()
        .filter(|number| accepted.barriers.contains(number))
        .map(|&number| &graph.barriers()[number as usize])
}
