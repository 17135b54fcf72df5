//! Blocks of statements that a resource has to live through: where they begin and end.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::TextRange;

use super::nodes::NodeId;
use super::{Model, Runner};

impl Model<'_> {
    /// The statements of one body of a function, from the first to the last, that hold all these nodes and stand in no loop
    /// of it. `None` where no body does, or where they would take in the function itself or a definition.
    pub fn block_of(&self, function: NodeId, nodes: &[NodeId]) -> Option<(NodeId, NodeId)> {
        let (mut first, mut last) = self.common_run(nodes)?;
        let is_loop = |node: &NodeId| {
            matches!(
                self.nodes.get(*node),
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
            )
        };
        let around = self
            .nodes
            .ancestors(first)
            .take_while(|&at| at != function)
            .filter(is_loop)
            .last();
        if let Some(around) = around {
            (first, last) = (around, around);
        }
        let is_definition = matches!(
            self.nodes.get(first),
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
        );
        (first != function && self.nodes.is_within(first, function) && !is_definition)
            .then_some((first, last))
    }

    /// A name that is free at all these nodes: a comprehension has names of its own.
    pub fn free_name_at(&self, base: &str, nodes: &[NodeId]) -> String {
        let mut taken: Vec<String> = Vec::new();
        let Some(&first) = nodes.first() else {
            return base.to_string();
        };
        loop {
            let name = self.free_name(base, first, &taken);
            if nodes.iter().all(|&node| self.is_free(&name, node)) {
                return name;
            }
            taken.push(name);
        }
    }

    /// The first `yield` in a span that suspends this runner.
    pub fn yield_in(&self, range: TextRange, function: NodeId, runner: Runner) -> Option<NodeId> {
        self.nodes.subtree(function).find(|&node| {
            matches!(
                self.nodes.get(node),
                AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
            ) && range.contains_range(self.nodes.range(node))
                && self.runner(node) == runner
        })
    }
}
