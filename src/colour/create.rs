//! What becomes of properties and constructors, which cannot await: a method, and an async class method.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId, Runner};

/// The class method that makes an instance.
const CREATE: &str = "create";

/// The lines of a decorator, if nothing else stands on them.
pub fn decorator_lines(model: &Model<'_>, decorator: &Expr) -> Option<TextRange> {
    let start = model.line_start(decorator.start());
    let lead = model.slice(TextRange::new(start, decorator.start()));
    let rest = &model.text[decorator.end().to_usize()..];
    let line = rest.find('\n')?;
    let is_alone = lead.trim() == "@" && rest[..line].trim().is_empty();
    let end = decorator.end() + TextSize::try_from(line + 1).ok()?;
    is_alone.then(|| TextRange::new(start, end))
}

/// The line of `@property` goes.
pub(super) fn property_edit(model: &Model<'_>, function: &StmtFunctionDef) -> Option<Edit> {
    let decorator = function.decorator_list.iter().find(|decorator| {
        model.meaning(&decorator.expression).path() == Some("builtins.property")
    })?;
    decorator_lines(model, &decorator.expression).map(Edit::delete)
}

/// A property that has become a method is called where it was read.
pub(super) fn invoke_edit(model: &Model<'_>, node: NodeId) -> Edit {
    Edit::surround(model.nodes.range(node), "", "()", Layer::Wrap)
}

/// `C(...)` -> `C.create(...)`
pub(super) fn constructed_edit(model: &Model<'_>, call: NodeId) -> Option<Edit> {
    match model.nodes.get(call) {
        AnyNodeRef::ExprCall(call) => Some(Edit::surround(
            call.func.range(),
            "",
            format!(".{CREATE}"),
            Layer::Wrap,
        )),
        _ => None,
    }
}

/// `__init__` as a class method that makes the instance, fills it as before and gives it back.
pub(super) fn create_edits(model: &Model<'_>, function: &StmtFunctionDef) -> Option<Vec<Edit>> {
    let node = model.id(function);
    let class = model
        .nodes
        .ancestors(node)
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        })?;
    let parameters = &function.parameters;
    let own = &parameters
        .posonlyargs
        .first()
        .or(parameters.args.first())?
        .parameter
        .name;
    let keyword = model
        .tokens()
        .in_range(TextRange::new(function.start(), function.name.start()))
        .iter()
        .find(|token| token.kind() == TokenKind::Def)?;
    let indent = model.line_indent(function.start());
    let header = TextRange::new(keyword.start(), function.name.end());
    let mut edits = vec![
        Edit::replace(header, format!("@classmethod\n{indent}async def {CREATE}")),
        Edit::replace(own.range(), "cls"),
    ];
    if let Some(returns) = function.returns.as_deref() {
        edits.push(Edit::replace(
            returns.range(),
            format!("\"{}\"", class.name.as_str()),
        ));
    }
    // A stub.
    let is_blank =
        |stmt: &Stmt| matches!(stmt, Stmt::Expr(expr) if expr.value.is_ellipsis_literal_expr());
    if function.body.iter().all(is_blank) {
        return Some(edits);
    }
    let is_text =
        |stmt: &Stmt| matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr());
    let first = function.body.iter().find(|stmt| !is_text(stmt));
    let last = function.body.last()?;
    let body_indent = model.line_indent(last.start());
    let made = format!("{own} = cls.__new__(cls)");
    let runner = model.runner(model.id(last));
    for at in model.nodes.subtree(node) {
        if let AnyNodeRef::StmtReturn(statement) = model.nodes.get(at)
            && model.runner(at) == runner
            && matches!(runner, Runner::Function(_))
        {
            edits.push(Edit::replace(statement.range(), format!("return {own}")));
        }
    }
    let rest = &model.text[last.end().to_usize()..];
    let line = rest.find('\n').unwrap_or(rest.len());
    let line = rest[..line].trim_end_matches('\r').len();
    let end = last.end() + TextSize::try_from(line).ok()?;
    let mut after = String::new();
    match first {
        Some(first) => edits.push(Edit::surround(
            first.range(),
            format!("{made}\n{body_indent}"),
            "",
            Layer::Hoist,
        )),
        None => after = format!("\n{body_indent}{made}"),
    }
    if !matches!(last, Stmt::Return(_)) {
        after.push_str(&format!("\n{body_indent}return {own}"));
    }
    if !after.is_empty() {
        edits.push(Edit::insert(
            end,
            TextRange::new(function.start(), end),
            after,
        ));
    }
    Some(edits)
}
