//! All barriers that stand before a node, not only the nearest.
//!
//! What is false reaches a barrier; this says how many it reaches, up to a number. The false nodes are condensed to their
//! strongly connected components (recursion and families make cycles), and each component gets the union of what its own
//! nodes and its successors have, cut at that number: linear in the graph for a fixed number, whatever the number of
//! units.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{At, Barrier, Graph, Node};

/// The barriers that false nodes reach.
#[derive(Debug, Default)]
pub struct Obstacles {
    few: FxHashMap<Node, Rc<Few>>,
}

/// Some barriers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Few {
    /// Their numbers in [`Graph::barriers`], sorted.
    pub barriers: Vec<u32>,
    /// Whether there are more than these.
    pub more: bool,
}

impl Obstacles {
    /// What stands before a node; `None` if nothing does.
    pub fn of(&self, node: Node) -> Option<&Few> {
        self.few.get(&node).map(Rc::as_ref)
    }
}

impl Few {
    fn add(&mut self, others: &[u32], most: usize) {
        if others
            .iter()
            .all(|other| self.barriers.binary_search(other).is_ok())
        {
            return;
        }
        self.barriers.extend(others);
        self.barriers.sort_unstable();
        self.barriers.dedup();
        if self.barriers.len() > most {
            self.barriers.truncate(most);
            self.more = true;
        }
    }
}

impl Graph {
    /// Every barrier.
    pub fn barriers(&self) -> &[Barrier] {
        &self.barriers
    }

    /// The barrier because of which a node itself stays sync, if there is one: then its uses do not matter, and nothing that
    /// needs it changes that.
    pub fn definition(&self, node: Node) -> Option<u32> {
        let number = *self.numbers.get(&node)?;
        self.fixed(number)
    }

    /// The barriers of a node itself.
    pub fn own(&self, node: Node) -> &[u32] {
        self.numbers
            .get(&node)
            .map_or(&[], |&number| self.own[number].as_slice())
    }

    fn fixed(&self, number: usize) -> Option<u32> {
        self.own[number]
            .iter()
            .copied()
            .find(|&barrier| self.barriers[barrier as usize].at == At::Definition)
    }

    /// The barriers of a node that count: its own one alone where it stays sync by itself.
    fn counted(&self, number: usize, is_free: &dyn Fn(u32) -> bool) -> Few {
        let mut barriers: Vec<u32> = match self.fixed(number) {
            Some(barrier) => vec![barrier],
            None => self.own[number].clone(),
        };
        barriers.retain(|&barrier| !is_free(barrier));
        barriers.sort_unstable();
        Few {
            barriers,
            more: false,
        }
    }

    /// Whether one of these barriers is reached, for every node: one search against the edges. Through a node that stays
    /// sync by itself nothing goes, unless that barrier is one of these.
    pub fn reaching(&self, is_wanted: &dyn Fn(&Barrier) -> bool) -> Vec<Node> {
        let mut seen = vec![false; self.nodes.len()];
        let mut pending: Vec<usize> = Vec::new();
        for &number in &self.false_nodes {
            let few = self.counted(number, &|_| false);
            if few
                .barriers
                .iter()
                .any(|&barrier| is_wanted(&self.barriers[barrier as usize]))
            {
                seen[number] = true;
                pending.push(number);
            }
        }
        let mut at = 0;
        while let Some(&number) = pending.get(at) {
            at += 1;
            for &next in &self.needed_by[number] {
                if !seen[next] && self.fixed(next).is_none() {
                    seen[next] = true;
                    pending.push(next);
                }
            }
        }
        pending
            .into_iter()
            .map(|number| self.nodes[number])
            .collect()
    }

    /// All barriers before every node, up to `most` for each; those that are free do not count.
    pub fn obstacles(&self, most: usize, is_free: &dyn Fn(u32) -> bool) -> Obstacles {
        // The false nodes, and what they need among themselves.
        let mut is_false = vec![false; self.nodes.len()];
        let mut order: Vec<usize> = Vec::new();
        for &number in &self.false_nodes {
            if !self.counted(number, is_free).barriers.is_empty() {
                is_false[number] = true;
                order.push(number);
            }
        }
        let mut at = 0;
        while let Some(&number) = order.get(at) {
            at += 1;
            for &next in &self.needed_by[number] {
                if !is_false[next] && self.fixed(next).is_none() {
                    is_false[next] = true;
                    order.push(next);
                }
            }
        }
        let mut needs: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for &number in &order {
            for &next in &self.needed_by[number] {
                if is_false[next] && self.fixed(next).is_none() {
                    needs[next].push(number);
                }
            }
        }
        let mut few: FxHashMap<Node, Rc<Few>> = FxHashMap::default();
        for component in components(&order, &needs) {
            let mut all = Few::default();
            for &number in &component {
                let own = self.counted(number, is_free);
                all.add(&own.barriers, most);
                for &next in &needs[number] {
                    // Successors come first; those of the component itself have nothing yet.
                    if let Some(below) = few.get(&self.nodes[next]) {
                        all.more |= below.more;
                        all.add(&below.barriers, most);
                    }
                }
            }
            let all = Rc::new(all);
            for number in component {
                few.insert(self.nodes[number], Rc::clone(&all));
            }
        }
        Obstacles { few }
    }
}

/// The strongly connected components of these nodes, successors first (Tarjan's algorithm, without recursion).
fn components(nodes: &[usize], needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; needs.len()];
    let mut low = vec![0_u32; needs.len()];
    let mut on_stack = vec![false; needs.len()];
    let mut stack: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut count = 0;
    // Each with how many of its edges have been followed.
    let mut work: Vec<(usize, usize)> = Vec::new();
    for &root in nodes {
        if index[root] != UNSEEN {
            continue;
        }
        work.push((root, 0));
        while let Some(&mut (node, ref mut edge)) = work.last_mut() {
            if *edge == 0 && index[node] == UNSEEN {
                index[node] = count;
                low[node] = count;
                count += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&next) = needs[node].get(*edge) {
                *edge += 1;
                if index[next] == UNSEEN {
                    work.push((next, 0));
                } else if on_stack[next] {
                    low[node] = low[node].min(index[next]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == index[node] {
                let mut component = Vec::new();
                while let Some(top) = stack.pop() {
                    on_stack[top] = false;
                    component.push(top);
                    if top == node {
                        break;
                    }
                }
                found.push(component);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Graph, MODULE_LEVEL, Node, SYNC_FUNCTION};
    use crate::pins::KEEP_SYNC;
    use crate::unit::{FileId, FunctionId, Holder};

    fn function(index: u32) -> Node {
        Node::Holder(Holder::Function(FunctionId {
            file: FileId(0),
            index,
        }))
    }

    fn graph() -> Graph {
        Graph::of_units(&[], 64)
    }

    fn used(graph: &mut Graph, node: Node, line: u32) {
        graph.use_barrier(node, &MODULE_LEVEL, None, (FileId(0), line));
    }

    fn count(graph: &Graph, node: Node, most: usize) -> Option<(usize, bool)> {
        let obstacles = graph.obstacles(most, &|_| false);
        obstacles.of(node).map(|few| (few.barriers.len(), few.more))
    }

    #[test]
    fn every_barrier_counts_once_through_cycles_and_diamonds() {
        let mut graph = graph();
        graph.require(Node::Unit(0), function(0));
        graph.require(function(0), function(1));
        graph.require(function(0), function(2));
        graph.require(function(1), function(0));
        graph.require(function(1), function(3));
        graph.require(function(2), function(3));
        used(&mut graph, function(3), 7);
        used(&mut graph, function(2), 8);
        used(&mut graph, function(1), 8);
        assert_eq!(count(&graph, Node::Unit(0), 9), Some((2, false)));
        assert_eq!(count(&graph, function(3), 9), Some((1, false)));
        assert_eq!(count(&graph, Node::Unit(0), 1), Some((1, true)));
        assert_eq!(count(&graph, function(4), 9), None);
    }

    #[test]
    fn what_stays_sync_by_itself_has_one_barrier() {
        let mut graph = graph();
        graph.require(function(0), function(1));
        graph.require(function(1), function(2));
        used(&mut graph, function(1), 3);
        used(&mut graph, function(2), 4);
        graph.fixed_barrier(function(1), &SYNC_FUNCTION, None);
        assert_eq!(count(&graph, function(0), 9), Some((1, false)));
        assert_eq!(count(&graph, function(1), 9), Some((1, false)));
        let reaching = graph.reaching(&|barrier| barrier.reason == &MODULE_LEVEL);
        assert_eq!(reaching, [function(2)]);
    }

    #[test]
    fn free_barriers_do_not_count() {
        let mut graph = graph();
        graph.require(function(0), function(1));
        used(&mut graph, function(1), 3);
        graph.fixed_barrier(function(0), &KEEP_SYNC, None);
        let obstacles = graph.obstacles(9, &|barrier| {
            graph.barriers()[barrier as usize].reason == &KEEP_SYNC
        });
        assert_eq!(obstacles.of(function(0)), None);
        assert!(obstacles.of(function(1)).is_some());
    }

    #[test]
    fn long_chains_are_no_recursion() {
        let mut graph = graph();
        for index in 0..50_000 {
            graph.require(function(index), function(index + 1));
            used(&mut graph, function(index), index);
        }
        graph.require(function(50_000), function(0));
        assert_eq!(count(&graph, function(17), 8), Some((8, true)));
    }
}
