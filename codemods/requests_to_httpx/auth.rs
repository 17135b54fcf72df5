//! Authentication values: of a request and of a session.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::Ranged;

use super::names::{self, Kind};
use super::reasons;
use super::work::Work;
use crate::codemod::Refusal;
use crate::semantic::flow::UseKind;
use crate::semantic::literal;

/// The classes of requests that have a counterpart with the same arguments.
static CLASSES: &[(&str, &str)] = &[
    ("HTTPBasicAuth", "httpx.BasicAuth"),
    ("HTTPDigestAuth", "httpx.DigestAuth"),
];

/// Migrates a value of `auth`: a pair, or one of the classes, on the spot or through a local name.
pub fn authentication<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr) -> Result<(), Refusal> {
    let resolved = super::values::resolve(work.model, value);
    match resolved {
        Expr::Tuple(tuple) if tuple.elts.len() == 2 => {
            let is_ascii = |part: &Expr| literal::string(part).is_none_or(str::is_ascii);
            if tuple.elts.iter().all(is_ascii) && !tuple.elts.iter().any(Expr::is_starred_expr) {
                return Ok(());
            }
        }
        Expr::Call(call) => {
            let node = work.model.id(call.func.as_ref());
            if let Some(mention) = work.mention(node)
                && let Kind::Auth = names::kind(work.model, mention)
                && is_only_authentication(work, resolved)
            {
                if !work.done.contains(&node) {
                    let class = CLASSES.iter().find(|(name, _)| *name == mention.name);
                    work.unit
                        .rename(node, class.map_or("httpx.BasicAuth", |(_, class)| class));
                    work.done.push(node);
                }
                return Ok(());
            }
        }
        _ => {}
    }
    Err(Refusal::with_detail(
        &reasons::AUTH,
        value.range(),
        work.quoted(value.range()),
    ))
}

/// Whether an authentication object goes nowhere but into requests of this unit and attributes `auth` of its sessions.
fn is_only_authentication(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    let node = work.model.id(value);
    if work.model.runner(node) != work.runner {
        return false;
    }
    let requests = work.request_nodes();
    work.model
        .follow(&[node], false)
        .uses
        .iter()
        .all(|use_| match use_.kind {
            UseKind::Argument {
                call,
                keyword: Some("auth"),
            } => requests.contains(&work.model.id(call)),
            // `session.auth = ...`: whose attribute it is, the session's uses tell.
            UseKind::Stored => matches!(
                work.model.nodes.parent_node(node),
                AnyNodeRef::StmtAssign(assign) if matches!(
                    &*assign.targets,
                    [Expr::Attribute(attribute)] if attribute.attr.as_str() == "auth"
                )
            ),
            _ => false,
        })
}
