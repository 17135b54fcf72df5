//! Special methods, exit stacks and what goes with them: the names that change with the colour.
//!
//! Sources: <https://docs.python.org/3/reference/datamodel.html#coroutines> (asynchronous iterators and context managers)
//! and <https://docs.python.org/3/library/contextlib.html#contextlib.AsyncExitStack>.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::edit::Edit;
use crate::semantic::{Model, NodeId};
use crate::unit::ImportRequest;

/// The special method that does for `async with` and `async for` what this one does for `with` and `for`.
pub fn async_special(name: &str) -> Option<&'static str> {
    Some(match name {
        "__enter__" => "__aenter__",
        "__exit__" => "__aexit__",
        "__iter__" => "__aiter__",
        "__next__" => "__anext__",
        _ => return None,
    })
}

/// The method of `AsyncExitStack` that takes what an async context manager is, for one of `ExitStack`.
pub fn stack_method(name: &str) -> Option<&'static str> {
    Some(match name {
        "enter_context" => "enter_async_context",
        "close" => "aclose",
        _ => return None,
    })
}

/// The name of a special method, where it is defined or called.
pub(super) fn special_edit(model: &Model<'_>, node: NodeId) -> Option<Edit> {
    let name = match model.nodes.get(node) {
        AnyNodeRef::StmtFunctionDef(function) => &function.name,
        AnyNodeRef::ExprCall(call) => match call.func.as_ref() {
            Expr::Attribute(attribute) => &attribute.attr,
            _ => return None,
        },
        _ => return None,
    };
    Some(Edit::replace(name.range(), async_special(name.as_str())?))
}

pub(super) fn stop_iteration_edit(model: &Model<'_>, name: NodeId) -> Edit {
    Edit::replace(model.nodes.range(name), "StopAsyncIteration")
}

/// The async counterpart of `ExitStack`.
const ASYNC_STACK: &str = "AsyncExitStack";

pub(super) fn stack_imports(
    model: &Model<'_>,
    call: NodeId,
) -> (Vec<ImportRequest>, Vec<TextRange>) {
    match model.nodes.get(call) {
        AnyNodeRef::ExprCall(call) if call.func.is_name_expr() => (
            vec![ImportRequest::Name {
                module: "contextlib",
                name: ASYNC_STACK,
            }],
            vec![call.func.range()],
        ),
        _ => (Vec::new(), Vec::new()),
    }
}

pub(super) fn stack_edit(model: &Model<'_>, call: NodeId) -> Option<Edit> {
    match model.nodes.get(call) {
        AnyNodeRef::ExprCall(call) => match call.func.as_ref() {
            Expr::Name(name) => Some(Edit::replace(name.range(), ASYNC_STACK)),
            Expr::Attribute(attribute) => Some(Edit::replace(attribute.attr.range(), ASYNC_STACK)),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn stack_method_edit(model: &Model<'_>, call: NodeId) -> Option<Edit> {
    match model.nodes.get(call) {
        AnyNodeRef::ExprCall(call) => match call.func.as_ref() {
            Expr::Attribute(attribute) => Some(Edit::replace(
                attribute.attr.range(),
                stack_method(attribute.attr.as_str())?,
            )),
            _ => None,
        },
        _ => None,
    }
}
