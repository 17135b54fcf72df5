//! Sessions: the text of a `ClientSession`, what it is told, and the settings that move into it.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::Ranged;

use super::arguments;
use crate::codemod::Refusal;
use crate::codemods::requests_to_httpx::calls::Request;
use crate::codemods::requests_to_httpx::client::Block;
use crate::codemods::requests_to_httpx::session::{self as sessions, Parts};
use crate::codemods::requests_to_httpx::work::Work;
use crate::codemods::requests_to_httpx::{reasons, values};
use crate::colour;
use crate::semantic::flow::{Certainty, UseKind};
use crate::semantic::{NodeId, Runner, literal};

/// A client without limits but those of requests. With the proxies and the netrc of the environment.
fn client_text(
    work: &Work<'_, '_, '_>,
    mut settings: Vec<String>,
    timeout: Option<String>,
) -> String {
    if !work.options.is_idiomatic {
        let timeout = timeout.unwrap_or_else(|| "aiohttp.ClientTimeout(total=None)".to_string());
        settings.push(format!("timeout={timeout}"));
        settings.push("trust_env=True".to_string());
    }
    format!("aiohttp.ClientSession({})", settings.join(", "))
}

/// The limit that all requests of the module share: then their client is told.
pub fn shared_timeout<'a>(work: &Work<'a, '_, '_>) -> Option<&'a Expr> {
    let own = || work.requests.iter().filter(|request| !request.is_session);
    let first = own().next()?.argument("timeout")?;
    let text = work.model.slice(first.range());
    let is_shared = own().all(|request| {
        request
            .argument("timeout")
            .is_some_and(|other| work.model.slice(other.range()) == text)
    });
    let is_number = |value: &Expr| matches!(value, Expr::NumberLiteral(_));
    let is_known = match first {
        Expr::Tuple(pair) => pair.elts.iter().all(is_number),
        Expr::Name(_) => {
            is_constant(work, first)
                && matches!(
                    values::resolve(work.model, first),
                    Expr::NumberLiteral(_) | Expr::Tuple(_)
                )
        }
        other => is_number(other),
    };
    (is_shared && is_known && !work.options.is_idiomatic).then_some(first)
}

/// Whether a name is bound outside of all functions: then it has its value wherever the client is made.
fn is_constant(work: &Work<'_, '_, '_>, name: &Expr) -> bool {
    let model = work.model;
    model
        .scopes
        .symbol_of(model.id(name))
        .is_some_and(|symbol| {
            model.scopes.symbol(symbol).bindings.iter().all(|&binding| {
                let at = model.scopes.binding(binding).node;
                matches!(model.runner(at), Runner::Module)
            })
        })
}

/// The block for the requests of the module: from the first to the last statement that holds one or its response, outside
/// of loops. `runs` are the statements of the responses.
pub fn block<'a>(
    work: &mut Work<'a, '_, '_>,
    runs: &[NodeId],
    timeout: Option<&'a Expr>,
) -> Result<Option<Block>, Refusal> {
    let model = work.model;
    let calls: Vec<NodeId> = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .map(|request| model.id(request.call))
        .collect();
    let Some(&anchor) = calls.first() else {
        return Ok(None);
    };
    let nodes: Vec<NodeId> = calls.iter().chain(runs).copied().collect();
    let (first, last) = model
        .block_of(work.function(), &nodes)
        .ok_or_else(|| Refusal::at(&reasons::NO_PLACE, model.nodes.range(anchor)))?;
    let timeout = match timeout {
        Some(value) => Some(arguments::timeout(work, value)?),
        None => None,
    };
    let text = client_text(work, Vec::new(), timeout);
    Ok(Some(Block {
        first,
        last,
        header: colour::async_with_header(&format!("{text} as {}", work.client)),
        replaces_first: false,
        keeps: None,
    }))
}

/// The constructor of a session: with the settings that follow it. Like requests, and unlike aiohttp by default, it keeps the
/// cookies of hosts without a name.
pub fn text<'a>(
    work: &mut Work<'a, '_, '_>,
    constructor: &'a ExprCall,
    stores: &[&'a ExprAttribute],
    mounts: &[&'a ExprCall],
    first_method: Option<NodeId>,
) -> Result<String, Refusal> {
    if let Some(mount) = mounts.first() {
        return Err(Refusal::with_detail(
            &reasons::SESSION_USE,
            mount.range(),
            "`.mount()`",
        ));
    }
    let mut settings = Vec::new();
    if !work.options.is_idiomatic
        && !work
            .requests
            .iter()
            .all(|request| has_named_host(work, request))
    {
        settings.push("cookie_jar=aiohttp.CookieJar(unsafe=True)".to_string());
    }
    for attribute in stores {
        let name = attribute.attr.as_str();
        if !matches!(name, "auth" | "verify" | "trust_env" | "timeout") {
            continue;
        }
        let refuse = |why: &str| {
            Refusal::with_detail(
                &reasons::SESSION_USE,
                attribute.range(),
                format!("`.{name}`: {why}"),
            )
        };
        let (setting, statement) = sessions::setting(work, constructor, attribute, first_method)?;
        if setting.test.is_some() {
            return Err(refuse("it is set under a condition"));
        }
        let value = setting.value;
        match name {
            "auth" => {
                sessions::check_moved(work, constructor, attribute, value)?;
                settings.push(format!("auth={}", authentication(work, value)?));
            }
            "verify" if literal::boolean(value) == Some(false) => {
                settings.push("connector=aiohttp.TCPConnector(ssl=False)".to_string());
            }
            "verify" if literal::boolean(value) == Some(true) => {}
            "verify" => return Err(refuse("it may be a path")),
            "timeout" => work.unit.unsafe_because(
                attribute.range(),
                "the attribute has no effect in requests, and goes",
            ),
            _ => {
                return Err(refuse(
                    "it is no setting of the environment alone in aiohttp",
                ));
            }
        }
        sessions::drop_setting(work, attribute, statement)?;
    }
    Ok(client_text(work, settings, None))
}

/// Whether the URL shows a host that is no address.
fn has_named_host(work: &Work<'_, '_, '_>, request: &Request<'_>) -> bool {
    let Some(url) = request.argument("url") else {
        return false;
    };
    let prefix = values::prefix(work.model, url);
    let Some((_, rest)) = prefix.split_once("://") else {
        return false;
    };
    let Some(end) = rest.find(['/', '?', '#']) else {
        return false;
    };
    let host = rest[..end].split(':').next().unwrap_or_default();
    host.rsplit('.')
        .next()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// `("u", "p")` and `HTTPBasicAuth("u", "p")` -> `aiohttp.BasicAuth("u", "p")`.
pub fn authentication<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr) -> Result<String, Refusal> {
    let model = work.model;
    let refuse = || Refusal::with_detail(&reasons::AUTH, value.range(), work.quoted(value.range()));
    if model.has_comment(value.range()) {
        return Err(refuse());
    }
    // In requests `auth` takes the place of such a header; aiohttp takes only one of the two.
    let header = model.nodes.subtree(work.function()).find(|&node| {
        matches!(
            model.nodes.get(node),
            AnyNodeRef::ExprStringLiteral(text) if text.value.to_str().eq_ignore_ascii_case("authorization")
        )
    });
    if let Some(header) = header {
        return Err(Refusal::with_detail(
            &reasons::AUTH,
            model.nodes.range(header),
            "beside a header of the same meaning",
        ));
    }
    match value {
        Expr::Tuple(pair) => match &*pair.elts {
            [user, password]
                if !user.is_starred_expr()
                    && !literal::string(user).is_some_and(|user| user.contains(':'))
                    && !literal::is_none(user)
                    && !password.is_starred_expr()
                    && !literal::is_none(password) =>
            {
                Ok(format!(
                    "aiohttp.BasicAuth({}, {})",
                    model.slice(user.range()),
                    model.slice(password.range())
                ))
            }
            _ => Err(refuse()),
        },
        Expr::Call(call) => {
            let class = arguments::authentication_class(work, call);
            if class.as_deref() != Some("HTTPBasicAuth") || literal::has_starred(call) {
                return Err(refuse());
            }
            let func = model.id(call.func.as_ref());
            let names = ["username", "password"];
            let mut parts: Vec<String> = call
                .arguments
                .args
                .iter()
                .map(|part| model.slice(part.range()).to_string())
                .collect();
            for keyword in &call.arguments.keywords {
                let name = keyword.arg.as_ref().map_or("", |arg| arg.as_str());
                if names.get(parts.len()) != Some(&name) {
                    return Err(refuse());
                }
                parts.push(model.slice(keyword.value.range()).to_string());
            }
            if parts.len() != 2 {
                return Err(refuse());
            }
            work.unit.release(func);
            work.done.push(func);
            Ok(format!("aiohttp.BasicAuth({})", parts.join(", ")))
        }
        Expr::Name(name) if matches!(values::resolve(model, value), Expr::Tuple(pair) if pair.len() == 2) => {
            Ok(format!("aiohttp.BasicAuth(*{})", name.id))
        }
        _ => Err(refuse()),
    }
}

/// Checks what is done with the attributes of the sessions.
pub fn attributes<'a>(work: &mut Work<'a, '_, '_>, parts: &Parts<'a>) -> Result<(), Refusal> {
    let model = work.model;
    let refuse = |node: NodeId, detail: String| {
        Refusal::with_detail(&reasons::SESSION_USE, model.nodes.range(node), detail)
    };
    for attribute in &parts.stores {
        let id = model.id(*attribute);
        if !work.moved.contains(&id) {
            return Err(refuse(id, format!("`.{}`", attribute.attr)));
        }
    }
    if let Some(&cookies) = parts.cookies.first() {
        return Err(refuse(cookies, "`.cookies`".to_string()));
    }
    for use_ in model.follow(&parts.headers, false).uses {
        // Those of aiohttp begin empty: what is put into them is sent with every request, as in requests.
        let is_known = use_.certainty == Certainty::Always
            && match use_.kind {
                UseKind::Subscripted => is_store(work, use_.node),
                UseKind::Method { attribute, call } => {
                    attribute.attr.as_str() == "update"
                        && !literal::has_starred(call)
                        && call.arguments.args.iter().all(has_text)
                }
                _ => false,
            };
        if !is_known {
            let range = model.nodes.range(model.statement_of(use_.node));
            return Err(Refusal::with_detail(
                &reasons::SESSION_USE,
                range,
                work.quoted(range),
            ));
        }
    }
    Ok(())
}

/// `session.headers["X"] = value`, of a value that is no None on the spot.
fn is_store(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let model = work.model;
    let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(node) else {
        return false;
    };
    match model.nodes.parent_node(model.id(subscript)) {
        AnyNodeRef::StmtAssign(assign) => subscript.ctx.is_store() && is_text(&assign.value),
        _ => false,
    }
}

fn has_text(argument: &Expr) -> bool {
    match argument {
        Expr::Dict(dict) => dict.items.iter().all(|item| is_text(&item.value)),
        _ => true,
    }
}

fn is_text(value: &Expr) -> bool {
    !literal::is_none(value)
        && !value.is_bytes_literal_expr()
        && literal::string(value).is_none_or(str::is_ascii)
}
