//! `await asyncio.wait_for(x, t)` as a statement, and the block `async with asyncio.timeout(t):` that takes its place.
//!
//! Source: `asyncio.timeout`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAwait, ExprCall, Number};
use ruff_text_size::Ranged;

use crate::codemod::{Refusal, UnitBuilder};
use crate::colour;
use crate::semantic::{Model, NodeId, literal};
use crate::unit::Reason;

/// Not a statement of its own.
pub static PLACE: Reason = Reason {
    code: "wait-for-place",
    message: "the call is not awaited as a statement, the value of an assignment or a `return`, so a block has no place round it",
    help: "assign the awaited value to a name first",
};

/// Zero or less.
pub static LIMIT: Reason = Reason {
    code: "wait-for-limit",
    message: "with a limit of zero or less `wait_for` does not start the coroutine, and `timeout` runs it to its first `await`; \
              with None there is no limit at all",
    help: "remove the call, or await the coroutine itself",
};

/// What differs for a limit that is not known.
const UNKNOWN_LIMIT: &str = "if the limit is zero or less, `wait_for` does not start the coroutine, and `timeout` runs it to its \
                             first `await`";

/// The arguments of `asyncio.wait_for`.
#[derive(Clone, Copy, Debug)]
pub struct TimedWait<'a> {
    /// The call.
    pub call: &'a ExprCall,
    /// What is awaited.
    pub awaited: &'a Expr,
    /// For how long at most, in seconds.
    pub limit: &'a Expr,
}

/// The arguments of a call of `asyncio.wait_for`, if they can be told.
pub fn timed_wait(call: &ExprCall) -> Option<TimedWait<'_>> {
    let keywords = call.arguments.keywords.len();
    let (awaited, limit) = match &*call.arguments.args {
        [awaited, limit] if keywords == 0 => (awaited, limit),
        [awaited] if keywords == 1 => (awaited, &literal::keyword(call, "timeout")?.value),
        _ => return None,
    };
    let is_starred = awaited.is_starred_expr() || limit.is_starred_expr();
    (!is_starred).then_some(TimedWait {
        call,
        awaited,
        limit,
    })
}

impl TimedWait<'_> {
    /// Whether the limit is known to be one that a block has as well.
    ///
    /// # Errors
    /// [`LIMIT`] where it is none, or has passed when the wait begins.
    pub fn has_limit(&self) -> Result<(), Refusal> {
        match literal::is_none(self.limit) || self.is_over_at_once() {
            true => Err(Refusal::at(&LIMIT, self.limit.range())),
            false => Ok(()),
        }
    }

    /// Whether the limit is zero or less, as far as a literal tells.
    pub fn is_over_at_once(&self) -> bool {
        is_zero(self.limit) || literal::is_negative(self.limit)
    }

    /// The header of the block.
    ///
    /// # Errors
    /// [`LIMIT`] where the limit is known to be none that a block has as well, [`PLACE`] where it cannot stand there.
    pub fn header(&self, model: &Model<'_>) -> Result<String, Refusal> {
        let limit = self.limit;
        self.has_limit()?;
        // It is evaluated before the arguments of what is awaited.
        if !literal::is_plain(limit) || model.slice(limit.range()).contains('\n') {
            return Err(Refusal::at(&PLACE, limit.range()));
        }
        let items = format!("asyncio.timeout({})", model.slice(limit.range()));
        Ok(colour::async_with_header(&items))
    }

    /// Notes how a unit may differ with a limit that is not known.
    pub fn doubts(&self, unit: &mut UnitBuilder<'_, '_>) {
        if !self.limit.is_number_literal_expr() {
            unit.unsafe_because(self.limit.range(), UNKNOWN_LIMIT);
        }
    }
}

/// The statement whose whole value is awaited.
pub fn statement_of(model: &Model<'_>, await_: &ExprAwait) -> Option<NodeId> {
    let node = model.id(await_);
    let parent = model.nodes.parent(node);
    let is_value = match model.nodes.get(parent) {
        AnyNodeRef::StmtExpr(_) | AnyNodeRef::StmtReturn(_) => true,
        AnyNodeRef::StmtAssign(assign) => model.id(assign.value.as_ref()) == node,
        AnyNodeRef::StmtAnnAssign(assign) => assign
            .value
            .as_deref()
            .is_some_and(|value| model.id(value) == node),
        _ => false,
    };
    is_value.then_some(parent)
}

fn is_zero(limit: &Expr) -> bool {
    match limit {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(value) => value.as_i64() == Some(0),
            Number::Float(value) => *value == 0.0,
            Number::Complex { .. } => true,
        },
        _ => false,
    }
}
