//! Loops that await one call for each item and do nothing else but keep what it gives.

use ruff_python_ast::{
    Expr, ExprAwait, ExprCall, ExprName, ExprSubscript, Stmt, StmtAssign, StmtFor,
};

/// What is done with what a call gives.
#[derive(Clone, Copy, Debug)]
pub enum Keep<'a> {
    /// `results.append(value)`: the receiver, and the name of the method.
    Method(&'a Expr, &'a str),
    /// `results[key] = value`
    Item(&'a ExprSubscript),
}

/// Such a loop.
#[derive(Debug)]
pub struct Collecting<'a> {
    /// The awaited call.
    pub call: &'a ExprCall,
    /// Its `await`.
    pub awaited: &'a ExprAwait,
    /// The name that holds its result in the loop: `page = await fetch(url)`.
    pub held: Option<&'a ExprName>,
    /// What is done with the result; empty if it is dropped.
    pub keeps: Vec<Keep<'a>>,
}

impl<'a> Collecting<'a> {
    /// Reads the body of a loop. `None` if it does anything else.
    pub fn of(loop_: &'a StmtFor) -> Option<Self> {
        let (first, rest) = loop_.body.split_first()?;
        let mut found = match first {
            Stmt::Assign(assign) => Self::assigned(assign)?,
            Stmt::Expr(expression) => match expression.value.as_ref() {
                Expr::Await(awaited) => Self::new(awaited, None, None)?,
                Expr::Call(call) => {
                    let (keep, value) = Self::method(call)?;
                    Self::new(value.as_await_expr()?, None, Some(keep))?
                }
                _ => return None,
            },
            _ => return None,
        };
        for statement in rest {
            let held = found.held?;
            let (keep, value) = match statement {
                Stmt::Assign(assign) => match &*assign.targets {
                    [Expr::Subscript(item)] => (Keep::Item(item), assign.value.as_ref()),
                    _ => return None,
                },
                Stmt::Expr(expression) => Self::method(expression.value.as_call_expr()?)?,
                _ => return None,
            };
            if !matches!(value, Expr::Name(name) if name.id == held.id) {
                return None;
            }
            found.keeps.push(keep);
        }
        Some(found)
    }

    fn new(
        awaited: &'a ExprAwait,
        held: Option<&'a ExprName>,
        keep: Option<Keep<'a>>,
    ) -> Option<Self> {
        Some(Self {
            call: awaited.value.as_call_expr()?,
            awaited,
            held,
            keeps: keep.into_iter().collect(),
        })
    }

    fn assigned(assign: &'a StmtAssign) -> Option<Self> {
        let awaited = assign.value.as_await_expr()?;
        match &*assign.targets {
            [Expr::Name(name)] => Self::new(awaited, Some(name), None),
            [Expr::Subscript(item)] => Self::new(awaited, None, Some(Keep::Item(item))),
            _ => None,
        }
    }

    /// `results.append(value)`
    fn method(call: &'a ExprCall) -> Option<(Keep<'a>, &'a Expr)> {
        let method = call.func.as_attribute_expr()?;
        let ([argument], true) = (&*call.arguments.args, call.arguments.keywords.is_empty()) else {
            return None;
        };
        let name = method.attr.as_str();
        matches!(name, "append" | "add" | "extend" | "update")
            .then_some((Keep::Method(&method.value, name), argument))
    }
}
