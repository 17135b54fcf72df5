//! Blocks of statements that a resource has to live through: where they begin and end.

use ruff_python_ast::{AnyNodeRef, Stmt};
use ruff_text_size::{Ranged, TextRange};

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

    /// The innermost loop or comprehension of the same function that runs a node again and again.
    pub fn repeats(&self, node: NodeId) -> Option<NodeId> {
        let nodes = &self.nodes;
        let mut below = node;
        for at in nodes.ancestors(node) {
            let is_repeated = match nodes.get(at) {
                AnyNodeRef::StmtFor(statement) => self.is_in_suite(below, &statement.body),
                AnyNodeRef::StmtWhile(statement) => self.is_in_suite(below, &statement.body),
                AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_)
                | AnyNodeRef::ExprGenerator(_) => !self.is_first_iterable(node, at),
                AnyNodeRef::StmtFunctionDef(_)
                | AnyNodeRef::StmtClassDef(_)
                | AnyNodeRef::ExprLambda(_) => return None,
                _ => false,
            };
            if is_repeated {
                return Some(at);
            }
            below = at;
        }
        None
    }

    /// Whether a node stands in these statements.
    pub fn is_in_suite(&self, statement: NodeId, body: &[Stmt]) -> bool {
        let range = self.nodes.range(statement);
        body.first().zip(body.last()).is_some_and(|(first, last)| {
            TextRange::new(first.start(), last.end()).contains_range(range)
        })
    }
}
