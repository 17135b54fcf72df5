//! Generators that are advanced by hand: `next(rows)` -> `await anext(rows)`, `rows.close()` -> `await rows.aclose()`.

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::edit::Edit;
use crate::semantic::{Model, NodeId};

/// The one name `StopIteration` of the handler or `with` item of this span; none if it names others beside it, or more is
/// caught there than the end of a generator.
pub fn caught_end(model: &Model<'_>, caught: TextRange) -> Option<NodeId> {
    let is_end = |expr: &&Expr| model.meaning(expr).path() == Some("builtins.StopIteration");
    model
        .nodes
        .all()
        .find_map(|node| match model.nodes.get(node) {
            AnyNodeRef::ExceptHandlerExceptHandler(handler) if handler.range() == caught => {
                let AnyNodeRef::StmtTry(statement) = model.nodes.parent_node(node) else {
                    return None;
                };
                let [_] = statement.body.as_slice() else {
                    return None;
                };
                let [ExceptHandler::ExceptHandler(_)] = statement.handlers.as_slice() else {
                    return None;
                };
                handler
                    .type_
                    .as_deref()
                    .filter(|type_| type_.is_name_expr())
                    .filter(is_end)
                    .map(|name| model.id(name))
            }
            AnyNodeRef::WithItem(item) if item.range() == caught => {
                let AnyNodeRef::StmtWith(statement) = model.nodes.parent_node(node) else {
                    return None;
                };
                let call = item.context_expr.as_call_expr()?;
                let ([_], [name @ Expr::Name(_)]) =
                    (statement.body.as_slice(), &*call.arguments.args)
                else {
                    return None;
                };
                let is_raises = matches!(
                    model.meaning(&call.func).path(),
                    Some("pytest.raises" | "contextlib.suppress")
                );
                (is_raises && is_end(&name)).then(|| model.id(name))
            }
            _ => None,
        })
}

/// The new name of what advances or closes a generator.
pub(super) fn edit(model: &Model<'_>, call: NodeId) -> Option<Edit> {
    let AnyNodeRef::ExprCall(call) = model.nodes.get(call) else {
        return None;
    };
    Some(match call.func.as_ref() {
        Expr::Attribute(method) => Edit::replace(method.attr.range(), "aclose"),
        func => Edit::replace(func.range(), "anext"),
    })
}
