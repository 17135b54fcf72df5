//! The legacy `session.query(...)`.

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use super::reasons;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::values::Part;

/// Rewrites one call of `session.query(...)`, its chain and its variables in the function: reports edits and sites to the
/// unit.
///
/// # Errors
/// The reason why the query cannot be rewritten, with its place: the component stays.
pub fn rewrite<'a, 'c>(
    _context: &Context<'a, 'c>,
    _part: &Part,
    call: &'a ExprCall,
    _unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    Err(Refusal::at(&reasons::QUERY_API, call.func.range()))
}
