//! Blocking chains: async functions that reach a blocking call through sync helpers. Linters look at one function at a
//! time, and see neither end of such a chain.
//!
//! The search goes up: from every sync function that holds a blocking call to its callers, breadth first and over all at
//! once, until it meets async functions. So each chain is a shortest one, and the whole is linear in the calls.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::resolve::Resolver;
use crate::callgraph::{Call, Function, Usage};
use crate::index::Project;
use crate::propagate::{CallIndex, Propagation};
use crate::semantic::Runner;
use crate::unit::{FileId, FunctionId};

/// The name of the finding, as in `# awaitify: ignore[blocking-chain]`.
pub const NAME: &str = "blocking-chain";

/// A chain: an async function, the sync ones that it goes through, and the one that blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The async function.
    pub caller: FunctionId,
    /// Its call: the file, and the number in that file's facts.
    pub call: (FileId, usize),
    /// The sync functions, from the one that is called to the one that blocks.
    pub through: Vec<FunctionId>,
}

/// The chains to these functions that block, by caller and call. `is_mended` says which functions become async: then they
/// no longer block, but what they call does.
pub fn find(
    project: &Project,
    propagation: &Propagation,
    blocking: &[FunctionId],
    is_mended: &dyn Fn(FunctionId) -> bool,
) -> Vec<Found> {
    let resolver = Resolver::new(project, &propagation.facts, &propagation.names);
    let index = CallIndex::new(&resolver, propagation);
    // Each with the next one on its way down.
    let mut next: FxHashMap<FunctionId, Option<FunctionId>> = FxHashMap::default();
    let mut queue: VecDeque<FunctionId> = VecDeque::new();
    for &id in blocking {
        if !is_mended(id) && next.insert(id, None).is_none() {
            queue.push_back(id);
        }
    }
    let mut found = Vec::new();
    let mut seen: FxHashSet<(FileId, usize)> = FxHashSet::default();
    while let Some(id) = queue.pop_front() {
        let Some(function) = resolver.function(id) else {
            continue;
        };
        for &(file, number) in index.calls_of(id) {
            let Some(call) = resolver.call(file, number) else {
                continue;
            };
            let Runner::Function(runner) = call.runner else {
                continue;
            };
            let caller = FunctionId {
                file,
                index: runner,
            };
            let Some(above) = resolver.function(caller) else {
                continue;
            };
            if !runs(function, call) {
                continue;
            }
            // What becomes async blocks the event loop from then on.
            if above.is_async || is_mended(caller) {
                if seen.insert((file, number)) {
                    let mut through = vec![id];
                    while let Some(&Some(below)) = through.last().and_then(|last| next.get(last)) {
                        through.push(below);
                    }
                    found.push(Found {
                        caller,
                        call: (file, number),
                        through,
                    });
                }
            } else if let Entry::Vacant(entry) = next.entry(caller) {
                entry.insert(Some(id));
                queue.push_back(caller);
            }
        }
    }
    found.sort_by_key(|found| found.call);
    found
}

/// Whether the call runs the function's body, there and then: a generator runs where it is iterated.
fn runs(function: &Function, call: &Call) -> bool {
    !function.is_generator || function.context_manager.is_some() || call.usage != Usage::Value
}
