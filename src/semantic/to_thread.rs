//! A blocking call that a thread runs: `load(key)` -> `asyncio.to_thread(load, key)`.
//!
//! The arguments are evaluated where they were, in the same order; only the call itself runs elsewhere, in a copy of the
//! context. Source: `asyncio.to_thread`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>, since
//! Python 3.9.

use ruff_python_ast::{Expr, ExprCall, ExprRef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Model;
use crate::edit::{Edit, Layer};

/// What is written before the callee.
const OPENING: &str = "asyncio.to_thread(";

/// The callee becomes the first argument; the others, and the comments between them, stay where they are.
pub fn edits(model: &Model<'_>, call: &ExprCall, layer: Layer) -> Vec<Edit> {
    // `(f)(x)` keeps its parentheses round the callee.
    let func = model.parenthesized_range(ExprRef::from(call.func.as_ref()));
    let opening = TextRange::at(call.arguments.start(), TextSize::new(1));
    let inside = TextRange::new(opening.end(), call.arguments.end() - TextSize::new(1));
    let first = call
        .arguments
        .iter_source_order()
        .next()
        .map(|argument| argument.start());
    let Some(first) = first else {
        return vec![
            Edit::surround(func, OPENING, "", layer),
            Edit::delete(opening),
        ];
    };
    let before = model.slice(TextRange::new(inside.start(), first));
    if before.contains('\n') {
        // An argument on each line: so is this one.
        let indent = model.line_indent(first);
        return vec![
            Edit::surround(func, format!("{OPENING}\n{indent}"), "", layer),
            Edit::replace(opening, ","),
        ];
    }
    let is_apart = before.starts_with([' ', '\t', '\\']);
    let mut edits = vec![
        Edit::surround(func, OPENING, "", layer),
        Edit::replace(opening, if is_apart { "," } else { ", " }),
    ];
    // Beside another argument, a generator expression needs parentheses of its own.
    if let [Expr::Generator(only)] = &*call.arguments.args
        && !only.parenthesized
    {
        edits.push(Edit::surround(only.range(), "(", ")", Layer::Wrap));
    }
    edits
}
