//! A blocking call that a thread runs: `load(key)` -> `asyncio.to_thread(load, key)`.

use ruff_python_ast::AnyNodeRef;

use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId, to_thread};

/// The callee becomes the first argument; the others, and the comments between them, stay where they are.
pub(super) fn edits(model: &Model<'_>, call: NodeId) -> Vec<Edit> {
    match model.nodes.get(call) {
        AnyNodeRef::ExprCall(call) => to_thread::edits(model, call, Layer::Colour),
        _ => Vec::new(),
    }
}
