//! Authentication values: of a request and of a session.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::names::{self, Kind};
use super::reasons;
use super::work::Work;
use crate::codemod::Refusal;
use crate::semantic::flow::UseKind;
use crate::semantic::{BindingKind, Model, literal};

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
        Expr::Call(call) if sets_headers_only(work.model, call) => return Ok(()),
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
        // Its class shows at run time only. Callables that set a header work in both.
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_)
            if !is_foreign(work.model, value) && !is_foreign_attribute(work, value) =>
        {
            work.unit.unsafe_because(
                value.range(),
                "what httpx takes as `auth` is a pair, a callable that sets headers, or a class of its own, and the value is not visible",
            );
            return Ok(());
        }
        _ => {}
    }
    Err(Refusal::with_detail(
        &reasons::AUTH,
        value.range(),
        work.quoted(value.range()),
    ))
}

/// Whether an attribute of this name is given an object of a library on top of requests somewhere in the file.
fn is_foreign_attribute(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    match value {
        Expr::Attribute(attribute) => work
            .facts
            .foreign_attributes
            .contains(attribute.attr.as_str()),
        _ => false,
    }
}

/// Whether a name is bound to an object of a class of requests, or of a library on top of it.
fn is_foreign(model: &Model<'_>, value: &Expr) -> bool {
    let Expr::Name(name) = value else {
        return false;
    };
    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
        return false;
    };
    model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
        let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
            return false;
        };
        match model.nodes.get(value) {
            AnyNodeRef::ExprCall(call) => model
                .meaning(&call.func)
                .may_be(|path| path.starts_with("requests")),
            _ => false,
        }
    })
}

/// Whether a call makes an object of a class of this file that derives from `AuthBase` and only sets headers: httpx calls it
/// with its own request, which has headers and a method as well.
fn sets_headers_only(model: &Model<'_>, call: &ExprCall) -> bool {
    let Expr::Name(name) = call.func.as_ref() else {
        return false;
    };
    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
        return false;
    };
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return false;
    };
    let AnyNodeRef::StmtClassDef(class) = model.nodes.get(model.scopes.binding(binding).node)
    else {
        return false;
    };
    let is_auth = class.arguments.as_ref().is_some_and(|arguments| {
        arguments.keywords.is_empty()
            && arguments.args.len() == 1
            && matches!(
                model.meaning(&arguments.args[0]).path(),
                Some("requests.auth.AuthBase")
            )
    });
    let method = class.body.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.as_str() == "__call__" => Some(function),
        _ => None,
    });
    let Some(method) = method.filter(|method| is_auth && method.decorator_list.is_empty()) else {
        return false;
    };
    let [_, request] = &*method.parameters.args else {
        return false;
    };
    let Some(binding) = model.scopes.binding_at(model.id(&request.parameter)) else {
        return false;
    };
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    symbol.bindings.len() == 1
        && symbol
            .references
            .iter()
            .all(|&reference| match model.nodes.parent_node(reference) {
                AnyNodeRef::ExprAttribute(attribute) => {
                    matches!(attribute.attr.as_str(), "headers" | "method")
                }
                AnyNodeRef::StmtReturn(_) => true,
                _ => false,
            })
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
