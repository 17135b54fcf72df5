//! The requirement graph and its solution: which units can be taken together.
//!
//! Nodes are units and holders (functions, module levels, class bodies). An edge `x -> y` says "x needs y async". A
//! barrier is a node that is false; whatever reaches a false node is false. One reverse search from the barriers
//! finds all of them, linear in the size of the graph, and keeps for each the node through which it was reached: that is
//! the answer to *why*. What is left is the largest set that can be taken.
//!
//! With `--scope function` there are no edges between functions: every sync function is a barrier.

mod obstacles;

pub use obstacles::{Few, Obstacles};

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::unit::{FileId, FunctionId, Holder, Reason, Unit};

/// The unit stands in a sync function.
pub static SYNC_FUNCTION: Reason = Reason {
    code: "sync-function",
    message: "the call stands in a sync function, and with `--scope function` only async functions are migrated",
    help: "make the function `async def` and await it in its callers",
};

/// The unit stands at module level.
pub static MODULE_LEVEL: Reason = Reason {
    code: "module-level",
    message: "the call stands at module level, which cannot await",
    help: "move it into an `async def main()` that the entry point runs",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&SYNC_FUNCTION, &MODULE_LEVEL];

/// A node of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A unit, by its number.
    Unit(usize),
    /// Something that would have to be async.
    Holder(Holder),
}

/// The requirements between units and holders.
#[derive(Debug, Default)]
pub struct Graph {
    numbers: FxHashMap<Node, usize>,
    nodes: Vec<Node>,
    /// For each node, those that need it.
    needed_by: Vec<Vec<usize>>,
    barriers: Vec<Barrier>,
    /// The numbers of [`Self::barriers`] by what they are, so that two functions can have one barrier.
    known: FxHashMap<(BarrierKey, &'static str), u32>,
    /// For each node, the barriers that make it false, in the order in which they were added.
    own: Vec<Vec<u32>>,
    /// The nodes that have barriers, in that order.
    false_nodes: Vec<usize>,
    /// How many barriers of one node are kept, besides one that says there are more.
    most: usize,
}

/// Where a barrier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// The function itself: it stays sync, whatever is done with it.
    Definition,
    /// Something that is no single line of code: a file that cannot be read, say.
    Elsewhere,
    /// A use of the function cannot take an async one: the file and the 1-based line.
    Use(FileId, u32),
}

/// What makes a node false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barrier {
    /// The node.
    pub node: Node,
    /// Why it cannot be async.
    pub reason: &'static Reason,
    /// What exactly is in the way, and where.
    pub detail: Option<String>,
    /// Where it stands.
    pub at: At,
}

/// What tells barriers apart, besides their reason. One use may be of several functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum BarrierKey {
    Node(usize),
    Line(FileId, u32),
}

/// Why a node is false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The barrier's reason.
    pub reason: &'static Reason,
    /// The next node on the way to the barrier; `None` for the barrier itself.
    pub because: Option<Node>,
    /// What exactly is in the way, at the barrier itself.
    pub detail: Option<String>,
}

/// Which nodes are false, and why.
#[derive(Debug, Default)]
pub struct Solution {
    blocked: FxHashMap<Node, Blocked>,
}

impl Graph {
    /// The graph of these units: each needs its holders. Of the barriers of a node it keeps at least `most`.
    pub fn of_units(units: &[Unit], most: usize) -> Self {
        let mut graph = Self {
            most,
            ..Self::default()
        };
        for (number, unit) in units.iter().enumerate() {
            let node = Node::Unit(number);
            graph.number(node);
            for &holder in &unit.needs_async {
                graph.require(node, Node::Holder(holder));
            }
        }
        graph
    }

    /// Adds "`from` needs `to`".
    pub fn require(&mut self, from: Node, to: Node) {
        let from = self.number(from);
        let to = self.number(to);
        self.needed_by[to].push(from);
    }

    /// Declares a node false; the detail says what exactly is in the way, and where.
    pub fn barrier(&mut self, node: Node, reason: &'static Reason, detail: Option<String>) {
        self.add(node, reason, detail, At::Elsewhere);
    }

    /// Declares a node false because of what it is by itself: it stays sync, and its uses do not matter.
    pub fn fixed_barrier(&mut self, node: Node, reason: &'static Reason, detail: Option<String>) {
        self.add(node, reason, detail, At::Definition);
    }

    /// Declares a node false because of one of its uses, on this line.
    pub fn use_barrier(
        &mut self,
        node: Node,
        reason: &'static Reason,
        detail: Option<String>,
        (file, line): (FileId, u32),
    ) {
        self.add(node, reason, detail, At::Use(file, line));
    }

    fn add(&mut self, node: Node, reason: &'static Reason, detail: Option<String>, at: At) {
        let number = self.number(node);
        let key = match at {
            At::Definition | At::Elsewhere => BarrierKey::Node(number),
            At::Use(file, line) => BarrierKey::Line(file, line),
        };
        let barriers = &mut self.barriers;
        let barrier = *self.known.entry((key, reason.code)).or_insert_with(|| {
            barriers.push(Barrier {
                node,
                reason,
                detail,
                at,
            });
            barriers.len() as u32 - 1
        });
        if self.own[number].is_empty() {
            self.false_nodes.push(number);
        }
        let own = &mut self.own[number];
        if own.len() <= self.most && !own.contains(&barrier) {
            own.push(barrier);
        }
    }

    /// How many barriers of one node are kept, besides one that says there are more.
    pub fn most(&self) -> usize {
        self.most
    }

    /// Every holder that something needs, in the order in which it was added.
    pub fn holders(&self) -> impl Iterator<Item = Holder> + '_ {
        self.nodes.iter().filter_map(|node| match node {
            Node::Holder(holder) => Some(*holder),
            Node::Unit(_) => None,
        })
    }

    fn number(&mut self, node: Node) -> usize {
        *self.numbers.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            self.needed_by.push(Vec::new());
            self.own.push(Vec::new());
            self.nodes.len() - 1
        })
    }

    /// One breadth-first search against the edges, from all barriers at once: shortest reasons, no recursion.
    pub fn solve(&self) -> Solution {
        let mut solution = Solution::default();
        let mut queue = VecDeque::new();
        for &number in &self.false_nodes {
            // The first barrier of a node is the one that is told.
            let barrier = &self.barriers[self.own[number][0] as usize];
            solution.blocked.insert(
                self.nodes[number],
                Blocked {
                    reason: barrier.reason,
                    because: None,
                    detail: barrier.detail.clone(),
                },
            );
            queue.push_back((number, barrier.reason));
        }
        while let Some((number, reason)) = queue.pop_front() {
            for &next in &self.needed_by[number] {
                let node = self.nodes[next];
                if let Entry::Vacant(entry) = solution.blocked.entry(node) {
                    entry.insert(Blocked {
                        reason,
                        because: Some(self.nodes[number]),
                        detail: None,
                    });
                    queue.push_back((next, reason));
                }
            }
        }
        solution
    }

    /// The functions that are false whatever becomes of the barriers with this reason.
    pub fn blocked_without(&self, reason: &Reason) -> FxHashSet<FunctionId> {
        let is_other = |&&number: &&usize| {
            let mut own = self.own[number].iter();
            own.any(|&barrier| self.barriers[barrier as usize].reason != reason)
        };
        let mut pending: Vec<usize> = self.false_nodes.iter().filter(is_other).copied().collect();
        let mut seen: FxHashSet<usize> = pending.iter().copied().collect();
        while let Some(number) = pending.pop() {
            let next = self.needed_by[number].iter().copied();
            pending.extend(next.filter(|&next| seen.insert(next)));
        }
        let functions = seen
            .into_iter()
            .filter_map(|number| match self.nodes[number] {
                Node::Holder(Holder::Function(id)) => Some(id),
                _ => None,
            });
        functions.collect()
    }
}

impl Solution {
    /// Why a node is false; `None` if it is true.
    pub fn blocked(&self, node: Node) -> Option<&Blocked> {
        self.blocked.get(&node)
    }

    /// The nodes from a false one to its barrier, without the first, and what the barrier says exactly.
    pub fn chain(&self, node: Node) -> (Vec<Node>, Option<&str>) {
        let mut chain = Vec::new();
        let mut at = self.blocked(node);
        while let Some(blocked) = at {
            let Some(next) = blocked.because else {
                return (chain, blocked.detail.as_deref());
            };
            chain.push(next);
            at = self.blocked(next);
        }
        (chain, None)
    }
}

#[cfg(test)]
mod tests {
    use super::{Graph, MODULE_LEVEL, Node, SYNC_FUNCTION};
    use crate::unit::{FileId, FunctionId, Holder};

    fn function(index: u32) -> Node {
        Node::Holder(Holder::Function(FunctionId {
            file: FileId(0),
            index,
        }))
    }

    #[test]
    fn whatever_reaches_a_barrier_is_blocked_and_nothing_else() {
        let mut graph = Graph::default();
        graph.require(Node::Unit(0), function(0));
        graph.require(function(0), function(1));
        graph.require(Node::Unit(1), function(2));
        graph.barrier(function(1), &SYNC_FUNCTION, None);
        let solution = graph.solve();
        let blocked = solution.blocked(Node::Unit(0)).unwrap();
        assert_eq!(
            (blocked.reason, blocked.because),
            (&SYNC_FUNCTION, Some(function(0)))
        );
        assert_eq!(solution.blocked(Node::Unit(1)), None);
        assert_eq!(solution.blocked(function(2)), None);
    }

    #[test]
    fn the_first_barrier_is_told_with_its_own_detail() {
        let mut graph = Graph::of_units(&[], 8);
        graph.require(Node::Unit(0), function(0));
        graph.barrier(function(0), &SYNC_FUNCTION, Some("first".to_string()));
        graph.barrier(function(0), &MODULE_LEVEL, Some("second".to_string()));
        let solution = graph.solve();
        let blocked = solution.blocked(Node::Unit(0)).unwrap();
        assert_eq!(blocked.reason, &SYNC_FUNCTION);
        assert_eq!(solution.chain(Node::Unit(0)).1, Some("first"));
    }

    #[test]
    fn cycles_and_long_chains_end() {
        let mut graph = Graph::default();
        for index in 0..50_000 {
            graph.require(function(index), function(index + 1));
        }
        graph.require(function(50_000), function(0));
        assert_eq!(graph.solve().blocked(function(0)), None);
        graph.barrier(function(25_000), &MODULE_LEVEL, None);
        assert!(graph.solve().blocked(function(0)).is_some());
    }
}
