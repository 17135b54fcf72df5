//! Whether a function may end without a `return` of its own, and so gives `None`.

use ruff_python_ast::{Expr, Stmt};

/// Whether the end of a body may be reached. One that holds nothing (a docstring, `...`, `pass`) says nothing of what
/// functions like it give.
pub fn falls_through(body: &[Stmt]) -> bool {
    let is_stub = body.iter().all(|statement| match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(statement) => matches!(
            statement.value.as_ref(),
            Expr::StringLiteral(_) | Expr::EllipsisLiteral(_)
        ),
        _ => false,
    });
    !is_stub && passes(body)
}

fn passes(body: &[Stmt]) -> bool {
    let Some(last) = body.last() else {
        return true;
    };
    match last {
        Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue(_) | Stmt::Break(_) => false,
        Stmt::If(if_) => {
            let has_else = if_
                .elif_else_clauses
                .last()
                .is_some_and(|clause| clause.test.is_none());
            !has_else
                || passes(&if_.body)
                || if_
                    .elif_else_clauses
                    .iter()
                    .any(|clause| passes(&clause.body))
        }
        Stmt::With(with) => {
            let may_suppress = with.items.iter().any(|item| match &item.context_expr {
                Expr::Call(call) => match call.func.as_ref() {
                    Expr::Name(name) => name.id.as_str() == "suppress",
                    Expr::Attribute(attribute) => attribute.attr.as_str() == "suppress",
                    _ => false,
                },
                _ => false,
            });
            may_suppress || passes(&with.body)
        }
        Stmt::Try(try_) => {
            if !try_.finalbody.is_empty() && !passes(&try_.finalbody) {
                return false;
            }
            let behind = if try_.orelse.is_empty() {
                &try_.body
            } else {
                &try_.orelse
            };
            let handled = try_.handlers.iter().any(|handler| {
                let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                passes(&handler.body)
            });
            handled || passes(&try_.body) && passes(behind)
        }
        Stmt::While(while_) => {
            let is_endless = matches!(
                while_.test.as_ref(),
                Expr::BooleanLiteral(literal) if literal.value
            ) || matches!(while_.test.as_ref(), Expr::NumberLiteral(_));
            !is_endless || breaks(&while_.body)
        }
        _ => true,
    }
}

/// Whether a `break` leaves the loop with this body.
fn breaks(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::Break(_) => true,
        Stmt::If(if_) => {
            breaks(&if_.body)
                || if_
                    .elif_else_clauses
                    .iter()
                    .any(|clause| breaks(&clause.body))
        }
        Stmt::With(with) => breaks(&with.body),
        Stmt::Try(try_) => {
            breaks(&try_.body)
                || breaks(&try_.orelse)
                || breaks(&try_.finalbody)
                || try_.handlers.iter().any(|handler| {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    breaks(&handler.body)
                })
        }
        Stmt::Match(match_) => match_.cases.iter().any(|case| breaks(&case.body)),
        Stmt::For(for_) => breaks(&for_.orelse),
        Stmt::While(while_) => breaks(&while_.orelse),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::falls_through;

    fn ends(body: &str) -> bool {
        let parsed = ruff_python_parser::parse_module(body).map(|parsed| parsed.into_syntax().body);
        parsed.is_ok_and(|body| falls_through(&body))
    }

    #[test]
    fn a_body_falls_through_where_no_statement_stops_it() {
        assert!(ends("x = 1\n"));
        assert!(ends("if x:\n    return 1\n"));
        assert!(ends("try:\n    return 1\nexcept E:\n    log()\n"));
        assert!(ends("with suppress(E):\n    return 1\n"));
        assert!(ends("while True:\n    if x:\n        break\n"));
        assert!(ends("for x in y:\n    return x\n"));
    }

    #[test]
    fn one_that_returns_or_raises_does_not() {
        assert!(!ends("return 1\n"));
        assert!(!ends("if x:\n    return 1\nelse:\n    raise E\n"));
        assert!(!ends("try:\n    return 1\nexcept E:\n    raise\n"));
        assert!(!ends("with a:\n    return 1\n"));
        assert!(!ends("while True:\n    work()\n"));
        assert!(!ends("'''Only a name.'''\n...\n"));
    }
}
