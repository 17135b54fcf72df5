//! `shutil.copyfileobj(src, dst)` -> a loop that reads and writes chunks.
//!
//! Source: <https://docs.python.org/3/library/shutil.html#shutil.copyfileobj>; its own chunk is 64 KiB.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Handle, reasons};
use crate::codemod::{Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::literal;

/// Turns a call whose first two arguments are handles.
pub(super) fn convert<'a>(
    handle: &Handle<'a, '_, '_>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
) -> Result<(), Refusal> {
    let model = handle.context.model;
    let refusal = || Refusal::at(&reasons::ARGUMENTS, call.range());
    let (source, target, length) = match &*call.arguments.args {
        [source, target] => (source, target, None),
        [source, target, length] => (source, target, Some(length)),
        _ => return Err(refusal()),
    };
    let length = match (&*call.arguments.keywords, length) {
        ([], length) => length,
        ([_], None) => Some(&literal::keyword(call, "length").ok_or_else(refusal)?.value),
        _ => return Err(refusal()),
    };
    if !handle.uses.contains(&model.id(target)) {
        // The other one blocks, or is no file.
        let detail = format!("`{}`", model.slice(call.func.range()));
        return Err(Refusal::with_detail(
            &reasons::NEEDS_FILE,
            target.range(),
            detail,
        ));
    }
    let is_constant = |length: &Expr| match length {
        Expr::Name(_) => model.is_settled_name(model.id(length)),
        length => literal::is_plain(length),
    };
    let stmt = model.nodes.parent(model.id(call));
    if !model.nodes.get(stmt).is_stmt_expr() {
        return Err(Refusal::at(&reasons::RESULT, call.range()));
    }
    if !source.is_name_expr()
        || !target.is_name_expr()
        || !length.is_none_or(is_constant)
        || model.has_comment(call.range())
    {
        return Err(refusal());
    }
    let slot = model.slot(stmt).ok_or_else(refusal)?;
    let chunk = model.free_name("chunk", stmt, &[]);
    let length = length.map_or("64 * 1024", |length| model.slice(length.range()));
    let read = colour::awaited(&format!("{}.read({length})", model.slice(source.range())));
    let write = colour::awaited(&format!("{}.write({chunk})", model.slice(target.range())));
    let text = format!(
        "while {chunk} := {read}:\n{}{}{write}",
        slot.indent,
        model.indent_unit()
    );
    unit.edits(slot.breaks);
    unit.edit(Edit::pieces(call.range(), vec![Piece::text(text)]));
    unit.release(model.id(call.func.as_ref()));
    unit.runs_in(model.id(call));
    debug_assert!(matches!(model.nodes.get(stmt), AnyNodeRef::StmtExpr(_)));
    Ok(())
}
