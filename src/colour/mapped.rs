//! `map(f, values)` and `filter(f, values)` under something that takes all of it, as a list comprehension that awaits `f`.

use ruff_python_ast::{Expr, ExprCall, ExprRef};
use ruff_text_size::Ranged;

use super::{Placement, is_collected, place_below, whole_list};
use crate::edit::{Edit, Piece};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId};
use crate::unit::{ColourSite, Reason};

/// A call of `map` or `filter` with a function by name, and one iterable.
struct Mapped<'a> {
    /// `filter`, or else `map`.
    is_filter: bool,
    function: &'a Expr,
    values: &'a Expr,
}

fn read<'a>(model: &Model<'a>, call: &'a ExprCall) -> Option<Mapped<'a>> {
    let [function, values] = &*call.arguments.args else {
        return None;
    };
    let is_filter = match model.meaning(&call.func).below("builtins") {
        Some("map") => false,
        Some("filter") => true,
        _ => return None,
    };
    let is_named = match function {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => attribute.value.is_name_expr(),
        _ => false,
    };
    (is_named
        && call.arguments.keywords.is_empty()
        && !values.is_starred_expr()
        && !model.has_comment(call.range()))
    .then_some(Mapped {
        is_filter,
        function,
        values,
    })
}

/// The function that a call of `map` or `filter` calls for each element, if all of them are taken at once, and where the
/// comprehension goes.
pub fn place_mapped<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    target: PythonVersion,
) -> Option<(&'a Expr, Result<Placement, &'static Reason>)> {
    let mapped = read(model, call)?;
    let node = model.id(call);
    if !is_collected(model, node) {
        return None;
    }
    let placement = place_below(model, node, target, 1, false).map(|mut placement| {
        placement.sites.insert(0, ColourSite::Mapped { call: node });
        placement
    });
    Some((mapped.function, placement))
}

/// The comprehension in place of the call.
pub(super) fn edit(model: &Model<'_>, node: NodeId) -> Option<Edit> {
    let call = model.expr(node).and_then(|expr| match expr {
        ExprRef::Call(call) => Some(call),
        _ => None,
    })?;
    let mapped = read(model, call)?;
    let name = model.free_name("item", node, &[]);
    let function = Piece::Source(model.parenthesized_range(mapped.function.into()));
    let values = model.parenthesized_range(mapped.values.into());
    let is_loose = matches!(mapped.values, Expr::If(_) | Expr::Lambda(_))
        && values == model.nodes.range(model.id(mapped.values));
    let (open, close) = if is_loose { ("(", ")") } else { ("", "") };
    let pieces = if mapped.is_filter {
        vec![
            Piece::text(format!("[{name} for {name} in {open}")),
            Piece::Source(values),
            Piece::text(format!("{close} if await ")),
            function,
            Piece::text(format!("({name})]")),
        ]
    } else {
        vec![
            Piece::text("[await "),
            function,
            Piece::text(format!("({name}) for {name} in {open}")),
            Piece::Source(values),
            Piece::text(format!("{close}]")),
        ]
    };
    Some(Edit::pieces(
        whole_list(model, node).unwrap_or(call.range()),
        pieces,
    ))
}
