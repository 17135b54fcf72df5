//! Mounted adapters: `session.mount(prefix, HTTPAdapter(max_retries=...))` (HTTP.md, section 4).
//!
//! A client takes its transports in the constructor only. So what stands right behind a session goes there: the retries
//! become those of a transport that asks the same `urllib3.Retry`, and a `Retry` that is made in between moves up.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::work::Work;
use super::{client, helpers, names, reasons, session};
use crate::codemod::Refusal;
use crate::config::HttpClient;
use crate::edit::Edit;
use crate::semantic::{BindingKind, NodeId, literal};
use crate::unit::{Dependency, ImportRequest};

/// What a transport of one's own changes.
const OWN_TRANSPORT: &str = "a client with a transport of its own does not read the proxies of the environment, and a read that fails \
     for the last time keeps its own exception, where requests raises ConnectionError";

/// The prefixes of all URLs that requests has an adapter for.
const ALL: [&str; 2] = ["http://", "https://"];

/// The prefix that an adapter is mounted for, and the text of its retries.
struct Mount<'a> {
    prefix: &'a Expr,
    retries: String,
}

/// The argument of a session's client that its mounted adapters become: `transport=...` or `mounts=...`. `None` where they
/// retry nothing. `transport` are the arguments that a transport takes instead of the client.
pub fn argument<'a>(
    work: &mut Work<'a, '_, '_>,
    constructor: NodeId,
    calls: &[&'a ExprCall],
    transport: &[String],
) -> Result<Option<String>, Refusal> {
    let mut mounts: Vec<Mount<'a>> = Vec::new();
    let mut dropped: Vec<NodeId> = Vec::new();
    let mut hoisted: Vec<NodeId> = Vec::new();
    for call in calls {
        let mount = mount(work, constructor, call, calls, &mut dropped, &mut hoisted)?;
        mounts.extend(mount);
    }
    dropped.sort_unstable();
    dropped.dedup();
    for statement in dropped {
        let range = work.model.nodes.range(statement);
        let edit = work
            .model
            .drop_statement(statement)
            .ok_or_else(|| refuse(range, "it shares its line"))?;
        work.unit.edit(edit);
    }
    let Some(first) = mounts.first() else {
        return Ok(None);
    };
    work.unit
        .unsafe_because(first.prefix.range(), OWN_TRANSPORT);
    let helper = if work.context.settings.http_client == HttpClient::Httpx2 {
        &helpers::RETRY_TRANSPORT_HTTPX2
    } else {
        &helpers::RETRY_TRANSPORT
    };
    work.unit.helper(helper, constructor)?;
    work.unit.dependency(Dependency::Add("urllib3"));
    let inner = if transport.is_empty() {
        String::new()
    } else {
        format!(", httpx.AsyncHTTPTransport({})", transport.join(", "))
    };
    let made = |mount: &Mount<'_>| format!("{}({}{inner})", helper.name, mount.retries);
    let is_for_all = mounts
        .iter()
        .all(|mount| mount.retries == mounts[0].retries)
        && ALL.iter().all(|prefix| {
            mounts
                .iter()
                .any(|mount| literal::string(mount.prefix) == Some(prefix))
        });
    if is_for_all {
        return Ok(Some(format!("transport={}", made(&mounts[0]))));
    }
    let entries: Vec<String> = mounts
        .iter()
        .map(|mount| {
            let prefix = work.model.slice(mount.prefix.range());
            format!("{prefix}: {}", made(mount))
        })
        .collect();
    Ok(Some(format!("mounts={{{}}}", entries.join(", "))))
}

fn refuse(range: TextRange, why: &str) -> Refusal {
    Refusal::with_detail(&reasons::SESSION_USE, range, format!("`.mount()`: {why}"))
}

/// One mounted adapter. The statements that go with it are added to `dropped`, those that move up to `hoisted`.
fn mount<'a>(
    work: &mut Work<'a, '_, '_>,
    constructor: NodeId,
    call: &'a ExprCall,
    calls: &[&'a ExprCall],
    dropped: &mut Vec<NodeId>,
    hoisted: &mut Vec<NodeId>,
) -> Result<Option<Mount<'a>>, Refusal> {
    let model = work.model;
    let [prefix, adapter] = &*call.arguments.args else {
        return Err(refuse(call.range(), "its arguments"));
    };
    let statement = model.nodes.parent(model.id(call));
    let is_statement = matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_));
    let is_behind = session::body_after(work, constructor)
        .zip(model.suite_of(statement))
        .is_some_and(|(body, (other, _))| std::ptr::eq(body, other));
    if !call.arguments.keywords.is_empty() || !is_statement || !is_behind {
        return Err(refuse(
            call.range(),
            "httpx takes it in the constructor only",
        ));
    }
    check_prefix(work, constructor, prefix)?;
    dropped.push(statement);
    let made = match adapter {
        Expr::Call(made) => made,
        Expr::Name(_) => {
            let (made, statement) = bound(work, adapter, calls).ok_or_else(|| {
                refuse(adapter.range(), "where its adapter is made does not show")
            })?;
            dropped.push(statement);
            made
        }
        _ => {
            return Err(refuse(
                adapter.range(),
                "where its adapter is made does not show",
            ));
        }
    };
    let func = model.id(made.func.as_ref());
    let is_adapter = work
        .mention(func)
        .is_some_and(|mention| mention.name == names::ADAPTER && !mention.is_ambiguous);
    if !is_adapter || literal::has_starred(made) {
        return Err(refuse(made.range(), "an adapter of its own class"));
    }
    if !work.done.contains(&func) {
        work.done.push(func);
        work.unit.release(func);
    }
    check_pool(work, made)?;
    let Some(retries) = made.arguments.find_argument_value("max_retries", 2) else {
        return Ok(None);
    };
    let retries = retries_text(work, constructor, retries, hoisted)?;
    Ok(Some(Mount { prefix, retries }))
}

/// A URL has a scheme and a host in httpx; in requests it is any text that the URL begins with.
fn check_prefix(
    work: &mut Work<'_, '_, '_>,
    constructor: NodeId,
    prefix: &Expr,
) -> Result<(), Refusal> {
    match literal::string(prefix) {
        Some(text) => {
            let host = ALL.iter().find_map(|scheme| text.strip_prefix(scheme));
            if host.is_none_or(|host| host.trim_end_matches('/').contains('/')) {
                return Err(refuse(
                    prefix.range(),
                    "httpx tells URLs apart by scheme and host only",
                ));
            }
        }
        None => {
            let statement = work.model.statement_of(constructor);
            if !literal::is_plain(prefix) || !client::is_settled(work.model, prefix, statement) {
                return Err(refuse(
                    prefix.range(),
                    "its prefix is made behind the session",
                ));
            }
            work.unit.unsafe_because(
                prefix.range(),
                "httpx tells URLs apart by scheme and host only, where requests looks at the path as well",
            );
        }
    }
    Ok(())
}

/// The sizes of the pool do not bound the connections of a session, and those of a client are 100 and 20.
fn check_pool(work: &mut Work<'_, '_, '_>, made: &ExprCall) -> Result<(), Refusal> {
    let blocks = made.arguments.find_argument_value("pool_block", 3);
    if blocks.is_some_and(|value| literal::boolean(value) != Some(false)) {
        return Err(refuse(
            made.range(),
            "`pool_block`: use `limits=httpx.Limits(max_connections=...)`",
        ));
    }
    let sizes = [("pool_connections", 0), ("pool_maxsize", 1)];
    if sizes
        .iter()
        .any(|(name, at)| made.arguments.find_argument_value(name, *at).is_some())
    {
        work.unit.note(
            made.range(),
            "the sizes of the pool go: a client of httpx keeps up to 20 idle connections, and opens 100 (`limits=httpx.Limits(...)`)",
        );
    }
    Ok(())
}

/// The call that a name is bound to once, and its statement, where the name is used for nothing but these calls.
fn bound<'a>(
    work: &Work<'a, '_, '_>,
    name: &'a Expr,
    calls: &[&'a ExprCall],
) -> Option<(&'a ExprCall, NodeId)> {
    let model = work.model;
    let symbol = model.scopes.symbol(model.scopes.symbol_of(model.id(name))?);
    let [binding] = symbol.bindings[..] else {
        return None;
    };
    let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
        return None;
    };
    let AnyNodeRef::ExprCall(made) = model.nodes.get(value) else {
        return None;
    };
    let statement = model.nodes.parent(value);
    let is_own = model.runner(statement) == work.runner
        && matches!(model.nodes.get(statement), AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1)
        && symbol.references.iter().all(|&reference| {
            calls
                .iter()
                .any(|call| model.nodes.parent(reference) == model.id(&call.arguments))
        });
    is_own.then_some((made, statement))
}

/// The text of the retries. What they are bound to behind the session moves before it.
fn retries_text<'a>(
    work: &mut Work<'a, '_, '_>,
    constructor: NodeId,
    retries: &'a Expr,
    hoisted: &mut Vec<NodeId>,
) -> Result<String, Refusal> {
    let model = work.model;
    let before = model.statement_of(constructor);
    let between = TextRange::new(
        model.nodes.range(before).start(),
        retries.range().start().max(model.nodes.range(before).end()),
    );
    let is_there = |value: &Expr| {
        client::is_settled(model, value, before) && session::is_kept(model, value, between)
    };
    if is_there(retries) && (literal::is_plain(retries) || is_retry(work, retries)) {
        return source_of(work, retries);
    }
    // `retries = Retry(total=retries)` between the two: what it is made of was there before.
    let moved = match retries {
        Expr::Name(name) => model.scopes.symbol_of(model.id(name)).and_then(|symbol| {
            let symbol = model.scopes.symbol(symbol);
            let start = model.nodes.range(before).start();
            let mut later = symbol
                .bindings
                .iter()
                .map(|&binding| model.scopes.binding(binding))
                .filter(|binding| model.nodes.range(binding.node).end() > start);
            let (Some(binding), None) = (later.next(), later.next()) else {
                return None;
            };
            let BindingKind::Assign { value } = binding.kind else {
                return None;
            };
            let statement = model.nodes.parent(value);
            let gap = TextRange::new(start, model.nodes.range(statement).start().max(start));
            let is_read = symbol
                .references
                .iter()
                .any(|&reference| gap.contains_range(model.nodes.range(reference)));
            (!is_read).then_some((statement, model.scopes.symbol_of(model.id(name))))
        }),
        _ => None,
    };
    let Some((statement, own)) = moved else {
        return Err(refuse(
            retries.range(),
            "its retries are made behind the session",
        ));
    };
    let value = match model.nodes.get(statement) {
        AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => Some(assign.value.as_ref()),
        _ => None,
    };
    let value = value.filter(|&value| {
        let is_beside = model
            .suite_of(statement)
            .zip(model.suite_of(before))
            .is_some_and(|((one, _), (other, _))| std::ptr::eq(one, other));
        let in_block = session::body_after(work, constructor)
            .zip(model.suite_of(statement))
            .is_some_and(|(body, (other, _))| std::ptr::eq(body, other));
        let is_made_of = model.nodes.subtree(model.id(value)).all(|node| {
            let AnyNodeRef::ExprName(_) = model.nodes.get(node) else {
                return true;
            };
            model.scopes.symbol_of(node) == own || client::is_settled_name(model, node, before)
        }) && session::is_kept(model, value, between);
        (is_beside || in_block) && is_retry(work, value) && is_made_of
    });
    let Some(value) = value else {
        return Err(refuse(
            retries.range(),
            "its retries are made behind the session",
        ));
    };
    if !hoisted.contains(&statement) {
        hoisted.push(statement);
        hoist(work, value, statement, before)?;
    }
    Ok(model.slice(retries.range()).to_string())
}

/// Whether an expression is `Retry(...)`, which only says something.
fn is_retry(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    let Expr::Call(call) = value else {
        return false;
    };
    let is_call_free = work
        .model
        .nodes
        .subtree(work.model.id(value))
        .skip(1)
        .all(|node| {
            !matches!(
                work.model.nodes.get(node),
                AnyNodeRef::ExprCall(_) | AnyNodeRef::ExprNamed(_) | AnyNodeRef::ExprLambda(_)
            ) || matches!(work.model.nodes.get(node), AnyNodeRef::ExprCall(inner)
                if matches!(work.model.meaning(&inner.func).path(), Some(path) if path.starts_with("builtins.")))
        });
    is_call_free
        && work.model.meaning(&call.func).path().is_some_and(|path| {
            path.ends_with(".Retry") && path.contains("urllib3")
                || path == "requests.adapters.Retry"
        })
}

/// The text of an expression, with `urllib3.Retry` for the class that requests hands out.
fn source_of(work: &mut Work<'_, '_, '_>, value: &Expr) -> Result<String, Refusal> {
    let model = work.model;
    let range = value.range();
    let handed: Vec<NodeId> = work
        .mentions_in(range)
        .filter(|mention| names::is_retry(&mention.name))
        .map(|mention| mention.node)
        .collect();
    let mut text = String::new();
    let mut at = range.start();
    for node in handed {
        let name = model.nodes.range(node);
        text.push_str(model.slice(TextRange::new(at, name.start())));
        text.push_str("urllib3.Retry");
        at = name.end();
        work.unit.release(node);
        work.unit.import(ImportRequest::Module("urllib3"), node)?;
        work.done.push(node);
    }
    text.push_str(model.slice(TextRange::new(at, range.end())));
    Ok(text)
}

/// Moves `name = Retry(...)` before a statement, with the comments right above it.
fn hoist(
    work: &mut Work<'_, '_, '_>,
    value: &Expr,
    statement: NodeId,
    before: NodeId,
) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(statement);
    let target = model.nodes.range(before);
    let shares = || refuse(range, "it shares its line");
    let Some(Edit { extent, .. }) = model.drop_statement(statement) else {
        return Err(shares());
    };
    if !model.is_alone_on_its_lines(before)
        || model.line_indent(range.start()) != model.line_indent(target.start())
            && model.slice(range).contains('\n')
    {
        return Err(shares());
    }
    let indent = model.line_indent(target.start()).to_string();
    let mut start = extent.start();
    while start > TextSize::new(0) {
        let above = model.line_start(start - TextSize::new(1));
        let line = model.slice(TextRange::new(above, start)).trim();
        if !line.starts_with('#') || above <= target.end() {
            break;
        }
        start = above;
    }
    let head = model.slice(TextRange::new(start, range.start()));
    let comments: String = head
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| format!("{indent}{line}\n"))
        .collect();
    let name = model.slice(TextRange::new(range.start(), value.start()));
    let tail = model
        .slice(TextRange::new(range.end(), model.line_end(range.end())))
        .to_string();
    let text = source_of(work, value)?;
    let at = model.line_start(target.start());
    work.unit.edit(Edit::replace(
        TextRange::empty(at),
        format!("{comments}{indent}{name}{text}{tail}\n"),
    ));
    work.unit
        .edit(Edit::delete(TextRange::new(start, extent.end())));
    Ok(())
}
