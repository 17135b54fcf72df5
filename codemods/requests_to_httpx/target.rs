//! What takes the place of requests: the parts of a migration that differ from client to client.

use ruff_python_ast::{ExprAttribute, ExprCall};

use super::exceptions::Row;
use super::names::Mention;
use super::work::Work;
use crate::codemod::Refusal;
use crate::semantic::NodeId;

/// A client that can take the place of requests.
pub struct Target {
    /// The module that the new code imports.
    pub module: &'static str,
    /// The name of a client of its own, where it is free.
    pub client: &'static str,
    /// The errors that are caught and raised.
    pub exceptions: &'static Exceptions,
    /// The constructor of a session's client: see [`super::session::text`].
    pub session: SessionText,
    /// The method that closes a client.
    pub close: &'static str,
    /// Rewrites the requests, sessions and responses of a function; the node is the first of them.
    pub rewrite: Rewrite,
    /// Rewrites status codes, annotations and what is raised.
    pub mentions: Mentions,
}

/// See [`Target::rewrite`].
pub type Rewrite =
    for<'a, 'c, 'w> fn(&mut Work<'a, 'c, 'w>, &[&'a ExprCall], NodeId) -> Result<(), Refusal>;

/// See [`Target::session`].
pub type SessionText = for<'a, 'c, 'w> fn(
    &mut Work<'a, 'c, 'w>,
    &'a ExprCall,
    &[&'a ExprAttribute],
    &[&'a ExprCall],
    Option<NodeId>,
) -> Result<String, Refusal>;

/// See [`Target::mentions`].
pub type Mentions = for<'a, 'c, 'w> fn(&mut Work<'a, 'c, 'w>, &[Mention]) -> Result<(), Refusal>;

/// See [`Exceptions::response`].
pub type ErrorResponse =
    for<'a, 'c, 'w> fn(&mut Work<'a, 'c, 'w>, &'a ExprAttribute, bool) -> Result<(), Refusal>;

/// The exceptions of a client.
pub struct Exceptions {
    /// What is caught instead of each exception of requests.
    pub rows: &'static [Row],
    /// What catches what, among the names that are written: the outer one, and the inner one.
    pub covers: fn(&str, &str) -> bool,
    /// What is raised instead of an exception that the code raises itself.
    pub raised: &'static [(&'static str, &'static str)],
    /// Whether an exception cannot be made without a text.
    pub needs_text: bool,
    /// The exception of an error status.
    pub status: &'static str,
    /// Rewrites `error.response`, where an exception has none, or says why it cannot; the flag says that only errors of the
    /// status are caught. `None` where exceptions have responses.
    pub response: Option<ErrorResponse>,
    /// How URLs that are not valid are no ValueError.
    pub value_error: &'static str,
    /// How the text of an exception differs.
    pub text: &'static str,
    /// Whether the text of [`Self::status`] differs as well.
    pub status_text: bool,
}
