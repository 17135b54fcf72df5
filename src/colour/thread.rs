//! A blocking call that a thread runs: `load(key)` -> `asyncio.to_thread(load, key)`.
//!
//! Source: <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>, since Python 3.9.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId};

/// The callee becomes the first argument; the others, and the comments between them, stay where they are.
pub(super) fn edits(model: &Model<'_>, call: NodeId) -> Vec<Edit> {
    let AnyNodeRef::ExprCall(call) = model.nodes.get(call) else {
        return Vec::new();
    };
    let func = call.func.range();
    let opening = TextRange::at(call.arguments.start(), TextSize::new(1));
    let inside = TextRange::new(opening.end(), call.arguments.end() - TextSize::new(1));
    let first = call
        .arguments
        .iter_source_order()
        .next()
        .map(|argument| argument.start());
    let Some(first) = first else {
        return vec![
            Edit::surround(func, "asyncio.to_thread(", "", Layer::Colour),
            Edit::delete(opening),
        ];
    };
    let before = model.slice(TextRange::new(inside.start(), first));
    if before.contains('\n') {
        // An argument on each line: so is this one.
        let indent = model.line_indent(first);
        return vec![
            Edit::surround(
                func,
                format!("asyncio.to_thread(\n{indent}"),
                "",
                Layer::Colour,
            ),
            Edit::replace(opening, ","),
        ];
    }
    let comma = if before.is_empty() { ", " } else { "," };
    vec![
        Edit::surround(func, "asyncio.to_thread(", "", Layer::Colour),
        Edit::replace(opening, comma),
    ]
}
