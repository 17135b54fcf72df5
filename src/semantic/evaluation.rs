//! When and how often expressions are evaluated, and which errors are caught there.

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::{Model, NodeId};

impl Model<'_> {
    /// Whether a node lies in the first iterable of a comprehension: the part that is evaluated once, outside of it.
    pub fn is_first_iterable(&self, node: NodeId, comprehension: NodeId) -> bool {
        let generators = match self.nodes.get(comprehension) {
            AnyNodeRef::ExprListComp(comprehension) => &comprehension.generators,
            AnyNodeRef::ExprSetComp(comprehension) => &comprehension.generators,
            AnyNodeRef::ExprDictComp(comprehension) => &comprehension.generators,
            AnyNodeRef::ExprGenerator(comprehension) => &comprehension.generators,
            _ => return false,
        };
        generators
            .first()
            .is_some_and(|first| self.nodes.is_within(node, self.id(&first.iter)))
    }

    /// The handler of an enclosing `try`, in the same function, that names one of these builtin exceptions.
    pub fn catches(&self, node: NodeId, names: &[&str]) -> Option<TextRange> {
        let range = self.nodes.range(node);
        self.nodes
            .ancestors(node)
            .take_while(|&at| !matches!(self.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
            .filter_map(|at| match self.nodes.get(at) {
                AnyNodeRef::StmtTry(statement) => Some(statement),
                _ => None,
            })
            .filter(|statement| {
                statement
                    .body
                    .first()
                    .zip(statement.body.last())
                    .is_some_and(|(first, last)| {
                        TextRange::new(first.start(), last.end()).contains_range(range)
                    })
            })
            .flat_map(|statement| &statement.handlers)
            .find_map(|ExceptHandler::ExceptHandler(handler)| {
                let is_named = |expr: &Expr| {
                    self.meaning(expr)
                        .below("builtins")
                        .is_some_and(|name| names.contains(&name))
                };
                let caught = match handler.type_.as_deref() {
                    Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(is_named),
                    Some(expr) => is_named(expr),
                    None => false,
                };
                caught.then(|| handler.range())
            })
    }
}
