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

    /// The handler of an enclosing `try`, or the item of an enclosing `with` (`suppress(...)`), in the same function,
    /// that names one of these builtin exceptions.
    pub fn catches(&self, node: NodeId, names: &[&str]) -> Option<TextRange> {
        let range = self.nodes.range(node);
        let is_named = |expr: &Expr| {
            self.meaning(expr)
                .below("builtins")
                .is_some_and(|name| names.contains(&name))
        };
        let is_any_named = |expr: &Expr| match expr {
            Expr::Tuple(tuple) => tuple.elts.iter().any(is_named),
            expr => is_named(expr),
        };
        self.nodes
            .ancestors(node)
            .take_while(|&at| !matches!(self.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
            .find_map(|at| match self.nodes.get(at) {
                AnyNodeRef::StmtTry(statement) => {
                    let (first, last) = statement.body.first().zip(statement.body.last())?;
                    if !TextRange::new(first.start(), last.end()).contains_range(range) {
                        return None;
                    }
                    statement
                        .handlers
                        .iter()
                        .find_map(|ExceptHandler::ExceptHandler(handler)| {
                            handler
                                .type_
                                .as_deref()
                                .is_some_and(is_any_named)
                                .then(|| handler.range())
                        })
                }
                AnyNodeRef::StmtWith(statement) => statement.items.iter().find_map(|item| {
                    let call = item.context_expr.as_call_expr()?;
                    call.arguments
                        .args
                        .iter()
                        .any(is_any_named)
                        .then(|| item.range())
                }),
                _ => None,
            })
    }
}
