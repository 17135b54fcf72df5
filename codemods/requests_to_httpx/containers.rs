//! Headers and cookies, of sessions and responses (HTTP.md, sections 4 and 5).

use ruff_python_ast::{CmpOp, Expr, ExprAttribute, ExprCall};
use ruff_text_size::Ranged;

use super::values;
use super::work::Work;
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::flow::{Certainty, Use, UseKind};
use crate::semantic::{NodeId, literal};
use crate::unit::Reason;

/// Methods of headers that are the same in both.
const HEADER_READS: &[&str] = &["get"];
const HEADER_WRITES: &[&str] = &["update", "pop", "setdefault"];

/// Methods of cookies that are the same in both.
const COOKIE_METHODS: &[&str] = &["get", "update", "clear", "keys", "values", "items"];

/// Checks every use of headers.
pub fn headers<'a>(
    work: &mut Work<'a, '_, '_>,
    nodes: &[NodeId],
    writable: bool,
    reason: &'static Reason,
) -> Result<(), Refusal> {
    for use_ in uses(work, nodes, reason)? {
        let is_known = match use_.kind {
            UseKind::Subscripted
            | UseKind::Truth
            | UseKind::IsNone
            | UseKind::Deleted
            | UseKind::Discarded => true,
            UseKind::Compared => is_membership(work, use_.node),
            UseKind::Method { attribute, call } => {
                let name = attribute.attr.as_str();
                if !writable && matches!(name, "items" | "keys" | "values") {
                    lower_case(work, use_.node);
                }
                HEADER_READS.contains(&name)
                    || !writable && matches!(name, "items" | "keys" | "values")
                    || writable && HEADER_WRITES.contains(&name) && has_text_values(call)
            }
            UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) if !writable => {
                lower_case(work, use_.node);
                true
            }
            UseKind::Argument {
                call,
                keyword: None,
            } if !writable
                && matches!(
                    work.model.meaning(&call.func).path(),
                    Some("builtins.dict" | "builtins.len" | "builtins.list")
                ) =>
            {
                lower_case(work, use_.node);
                true
            }
            UseKind::Returned
            | UseKind::Stored
            | UseKind::Contained
            | UseKind::Formatted
            | UseKind::Argument { .. }
                if !writable =>
            {
                lower_case(work, use_.node);
                true
            }
            _ => false,
        };
        if !is_known {
            return Err(unknown(work, use_.node, "headers", reason));
        }
    }
    Ok(())
}

/// Names of headers keep their case in requests and are lower case in httpx.
fn lower_case(work: &mut Work<'_, '_, '_>, node: NodeId) {
    work.unit.unsafe_because(
        work.model.nodes.range(node),
        "the names of headers are in lower case in httpx",
    );
}

fn has_text_values(call: &ExprCall) -> bool {
    call.arguments.args.iter().all(|argument| match argument {
        Expr::Dict(dict) => dict.items.iter().all(|item| {
            !literal::is_none(&item.value) && literal::string(&item.value).is_none_or(str::is_ascii)
        }),
        _ => true,
    })
}

/// Checks every use of cookies, and rewrites those that are spelled differently.
pub fn cookies<'a>(
    work: &mut Work<'a, '_, '_>,
    nodes: &[NodeId],
    reason: &'static Reason,
) -> Result<(), Refusal> {
    for use_ in uses(work, nodes, reason)? {
        let model = work.model;
        match use_.kind {
            UseKind::Subscripted
            | UseKind::Truth
            | UseKind::IsNone
            | UseKind::Deleted
            | UseKind::Discarded => {}
            UseKind::Compared if is_membership(work, use_.node) => {}
            UseKind::Argument {
                call,
                keyword: None,
            } if matches!(
                model.meaning(&call.func).path(),
                Some("builtins.dict" | "builtins.len" | "builtins.bool")
            ) => {}
            // A helper of requests for a jar; cookies of httpx hold one.
            UseKind::Argument {
                call,
                keyword: None,
            } if model
                .meaning(&call.func)
                .path()
                .is_some_and(|path| path.starts_with("requests.utils.")) =>
            {
                let range = model.nodes.range(use_.node);
                work.unit
                    .edit(Edit::surround(range, "", ".jar", Layer::Wrap));
            }
            // Requests iterates over cookie objects, httpx over their names; its jar is the one of requests.
            UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) => {
                let range = model.nodes.range(use_.node);
                work.unit
                    .edit(Edit::surround(range, "", ".jar", Layer::Wrap));
            }
            UseKind::Method { attribute, call } => cookie_method(work, attribute, call, reason)?,
            _ => return Err(unknown(work, use_.node, "cookies", reason)),
        }
    }
    Ok(())
}

fn cookie_method<'a>(
    work: &mut Work<'a, '_, '_>,
    attribute: &'a ExprAttribute,
    call: &'a ExprCall,
    reason: &'static Reason,
) -> Result<(), Refusal> {
    let name = attribute.attr.as_str();
    let refuse = |detail: &str| Refusal::with_detail(reason, call.range(), detail.to_string());
    match name {
        _ if COOKIE_METHODS.contains(&name) => Ok(()),
        "set" => {
            let known = call.arguments.args.len() == 2
                && !literal::is_none(&call.arguments.args[1])
                && !literal::has_starred(call)
                && call.arguments.keywords.iter().all(|keyword| {
                    keyword
                        .arg
                        .as_ref()
                        .is_some_and(|arg| matches!(arg.as_str(), "domain" | "path"))
                });
            if known {
                Ok(())
            } else {
                Err(refuse(
                    "`cookies.set` takes a name, a value, `domain` and `path` in httpx",
                ))
            }
        }
        "get_dict" if call.arguments.is_empty() => {
            if values::quote_at(work.model, work.model.id(call)) != Some('"') {
                return Err(refuse("`get_dict` in an f-string"));
            }
            work.unit.edit(Edit::pieces(
                call.range(),
                vec![
                    Piece::text("{cookie.name: cookie.value for cookie in "),
                    Piece::Source(attribute.value.range()),
                    Piece::text(".jar}"),
                ],
            ));
            Ok(())
        }
        _ => Err(refuse(&format!("`cookies.{name}`"))),
    }
}

fn uses<'a>(
    work: &Work<'a, '_, '_>,
    nodes: &[NodeId],
    reason: &'static Reason,
) -> Result<Vec<Use<'a>>, Refusal> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let uses = work.model.follow(nodes, false).uses;
    match uses.iter().find(|use_| use_.certainty == Certainty::Mixed) {
        Some(mixed) => Err(unknown(work, mixed.node, "a name that holds more", reason)),
        None => Ok(uses),
    }
}

fn unknown(work: &Work<'_, '_, '_>, node: NodeId, what: &str, reason: &'static Reason) -> Refusal {
    let statement = work.model.nodes.range(work.model.nodes.parent(node));
    Refusal::with_detail(
        reason,
        work.model.nodes.range(node),
        format!("{what} in {}", work.quoted(statement)),
    )
}

/// `x in value`, `value == x`.
fn is_membership(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let parent = work.model.nodes.parent_node(node);
    let ruff_python_ast::AnyNodeRef::ExprCompare(compare) = parent else {
        return false;
    };
    match &*compare.ops {
        [CmpOp::In | CmpOp::NotIn] => work.model.id(&compare.comparators[0]) == node,
        _ => false,
    }
}
