//! Values that can be read off the source.

use ruff_python_ast::{CmpOp, Expr, ExprCall, Keyword, Number, UnaryOp};

/// The value of a plain string literal (implicit concatenation included).
pub fn string(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringLiteral(literal) => Some(literal.value.to_str()),
        _ => None,
    }
}

/// The value of `True` or `False`.
pub fn boolean(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::BooleanLiteral(literal) => Some(literal.value),
        _ => None,
    }
}

/// Whether this is `None`.
pub fn is_none(expr: &Expr) -> bool {
    matches!(expr, Expr::NoneLiteral(_))
}

/// Whether this is a number literal below zero.
pub fn is_negative(expr: &Expr) -> bool {
    matches!(expr, Expr::UnaryOp(unary) if unary.op == UnaryOp::USub && matches!(&*unary.operand, Expr::NumberLiteral(_)))
}

/// `__name__ == "__main__"`, either way round.
pub fn is_main_guard(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else {
        return false;
    };
    let ([CmpOp::Eq], [right]) = (&*compare.ops, &*compare.comparators) else {
        return false;
    };
    let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == "__name__");
    let is_main = |expr: &Expr| string(expr) == Some("__main__");
    is_name(&compare.left) && is_main(right) || is_main(&compare.left) && is_name(right)
}

/// The value of a small integer literal.
pub fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(value) => value.as_i64(),
            _ => None,
        },
        _ => None,
    }
}

/// The keyword argument of this name.
pub fn keyword<'a>(call: &'a ExprCall, name: &str) -> Option<&'a Keyword> {
    call.arguments
        .keywords
        .iter()
        .find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name))
}

/// The values of a call's arguments, positional ones first.
pub fn arguments(call: &ExprCall) -> impl Iterator<Item = &Expr> {
    let keywords = call.arguments.keywords.iter();
    call.arguments
        .args
        .iter()
        .chain(keywords.map(|keyword| &keyword.value))
}

/// Whether a call has `*args` or `**kwargs`.
pub fn has_starred(call: &ExprCall) -> bool {
    call.arguments.args.iter().any(Expr::is_starred_expr)
        || call
            .arguments
            .keywords
            .iter()
            .any(|keyword| keyword.arg.is_none())
}

/// Whether evaluating the expression does nothing but read: names, constants, attributes of names, and containers,
/// comparisons and f-strings of those. Attributes may be properties; that is accepted here as everywhere in Python.
pub fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_)
        | Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_) => true,
        Expr::Attribute(attribute) => is_plain(&attribute.value),
        Expr::UnaryOp(unary) => is_plain(&unary.operand),
        Expr::BinOp(binary) => is_plain(&binary.left) && is_plain(&binary.right),
        Expr::Compare(compare) => {
            is_plain(&compare.left) && compare.comparators.iter().all(is_plain)
        }
        Expr::BoolOp(operation) => operation.values.iter().all(is_plain),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_plain),
        Expr::List(list) => list.elts.iter().all(is_plain),
        Expr::Set(set) => set.elts.iter().all(is_plain),
        Expr::Dict(dict) => dict
            .items
            .iter()
            .all(|item| item.key.as_ref().is_none_or(is_plain) && is_plain(&item.value)),
        Expr::Subscript(subscript) => is_plain(&subscript.value) && is_plain(&subscript.slice),
        Expr::Starred(starred) => is_plain(&starred.value),
        Expr::FString(string) => string.value.elements().all(|element| match element {
            ruff_python_ast::InterpolatedStringElement::Literal(_) => true,
            ruff_python_ast::InterpolatedStringElement::Interpolation(part) => {
                is_plain(&part.expression)
            }
        }),
        _ => false,
    }
}
