//! The nodes of one file, numbered in source order, with their parents.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_body};
use ruff_python_ast::{AnyNodeRef, HasNodeIndex, ModModule, NodeIndex};
use ruff_text_size::{Ranged, TextRange};

/// A node of one file: its position in source order (pre-order).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// All nodes of a file.
pub struct Nodes<'a> {
    nodes: Vec<AnyNodeRef<'a>>,
    parents: Vec<NodeId>,
}

impl<'a> Nodes<'a> {
    /// The module node: the root, and its own parent.
    pub const ROOT: NodeId = NodeId(0);

    /// Numbers every node of the tree. Recursive in the depth of the tree: run it on a thread with a large stack (see
    /// [`crate::pipeline::parse`]).
    pub fn new(module: &'a ModModule) -> Self {
        let mut numbering = Numbering {
            nodes: Vec::new(),
            parents: Vec::new(),
            stack: Vec::new(),
        };
        numbering.enter_node(AnyNodeRef::ModModule(module));
        walk_body(&mut numbering, &module.body);
        Self {
            nodes: numbering.nodes,
            parents: numbering.parents,
        }
    }

    /// The number of a node of this file.
    pub fn id(&self, node: &impl HasNodeIndex) -> NodeId {
        // Every node was numbered by `new`; the fallback keeps a foreign node from being an out-of-bounds access.
        NodeId(
            node.node_index()
                .load()
                .as_u32()
                .filter(|&id| (id as usize) < self.nodes.len())
                .unwrap_or(0),
        )
    }

    /// The node of this number.
    pub fn get(&self, id: NodeId) -> AnyNodeRef<'a> {
        self.nodes[id.0 as usize]
    }

    /// The span of this node, in bytes.
    pub fn range(&self, id: NodeId) -> TextRange {
        self.get(id).range()
    }

    /// The parent: the node itself for the root.
    pub fn parent(&self, id: NodeId) -> NodeId {
        self.parents[id.0 as usize]
    }

    /// The parent node.
    pub fn parent_node(&self, id: NodeId) -> AnyNodeRef<'a> {
        self.get(self.parent(id))
    }

    /// The ancestors, nearest first, without the node itself.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            let parent = self.parent(at);
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
    }

    /// The descendants of a node in source order, the node itself first.
    pub fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.range(id).end();
        // Pre-order numbers: the descendants are the run of nodes after it that lie within it.
        (id.0..self.nodes.len() as u32)
            .map(NodeId)
            .take_while(move |&node| {
                node == id || self.range(node).start() < end || self.is_within(node, id)
            })
    }

    /// Whether `node` is `ancestor` or lies below it.
    pub fn is_within(&self, node: NodeId, ancestor: NodeId) -> bool {
        node == ancestor
            || node > ancestor
                && self
                    .ancestors(node)
                    .take_while(|&at| at >= ancestor)
                    .any(|at| at == ancestor)
    }

    /// All nodes, in source order.
    pub fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node at all: never, a file has its module.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

struct Numbering<'a> {
    nodes: Vec<AnyNodeRef<'a>>,
    parents: Vec<NodeId>,
    stack: Vec<NodeId>,
}

impl<'a> SourceOrderVisitor<'a> for Numbering<'a> {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        // A file has fewer than 2^30 nodes: its text is below 2^31 bytes, and ruff reserves the two top bits.
        let id = NodeId(self.nodes.len() as u32);
        node.node_index().set(NodeIndex::from(id.0));
        self.parents.push(self.stack.last().copied().unwrap_or(id));
        self.nodes.push(node);
        self.stack.push(id);
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, _node: AnyNodeRef<'a>) {
        self.stack.pop();
    }
}
