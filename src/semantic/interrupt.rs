//! Handlers of Ctrl-C.
//!
//! `asyncio.run` takes SIGINT itself: it cancels the main task, where the code sees `CancelledError`, and raises
//! `KeyboardInterrupt` itself once that has ended. A handler in a coroutine never runs; one round `asyncio.run` does.
//! Source: <https://docs.python.org/3/library/asyncio-runner.html#handling-keyboard-interruption>.

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::{Model, NodeId};

const NAME: &str = "builtins.KeyboardInterrupt";

impl Model<'_> {
    /// Where a node is a handler of `KeyboardInterrupt`: an `except` that names it and does more than to raise it again, or
    /// `contextlib.suppress(KeyboardInterrupt)`.
    pub fn handles_interrupt(&self, node: NodeId) -> Option<TextSize> {
        match self.nodes.get(node) {
            AnyNodeRef::StmtTry(stmt) => {
                let mut handlers = stmt.handlers.iter();
                let ExceptHandler::ExceptHandler(handler) =
                    handlers.find(|ExceptHandler::ExceptHandler(handler)| {
                        handler
                            .type_
                            .as_deref()
                            .is_some_and(|of| self.names_interrupt(of))
                    })?;
                let raises_again = matches!(handler.body.as_slice(),
                    [Stmt::Raise(raise)] if raise.exc.is_none() && raise.cause.is_none());
                // What is cancelled would go to a wider one behind it.
                let is_last = handlers.next().is_none();
                (!raises_again || !is_last).then(|| handler.start())
            }
            AnyNodeRef::ExprCall(call) => {
                let suppresses = self.meaning(&call.func).path() == Some("contextlib.suppress")
                    && call
                        .arguments
                        .args
                        .iter()
                        .any(|of| self.names_interrupt(of));
                suppresses.then(|| call.start())
            }
            _ => None,
        }
    }

    fn names_interrupt(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Tuple(tuple) => tuple.elts.iter().any(|part| self.names_interrupt(part)),
            expr => self.meaning(expr).may_be(|path| path == NAME),
        }
    }
}
