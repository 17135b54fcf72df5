//! Exceptions: what `except` clauses round the requests catch (HTTP.md, section 7).

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr, ExprRef, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::facts;
use super::names::{self, Kind, Mention};
use super::reasons;
use super::target::Exceptions;
use super::values;
use super::work::Work;
use crate::codemod::Refusal;
use crate::edit::Edit;
use crate::index::Definition;
use crate::semantic::flow::UseKind;
use crate::semantic::{BindingKind, Model, NodeId, literal};
use crate::unit::ImportRequest;

/// How far a row holds.
#[derive(Clone, Copy, Debug)]
pub enum Verdict {
    /// The same.
    Safe,
    /// May differ: how.
    Unsafe(&'static str),
    /// No match: why.
    Refuse(&'static str),
}

/// What is caught instead of some exceptions of requests.
pub struct Row {
    /// The names in requests.
    pub names: &'static [&'static str],
    /// What is caught instead.
    pub caught: &'static [&'static str],
    /// Whether `json.JSONDecodeError` belongs to it where the body reads JSON.
    pub json: bool,
    /// How far it holds.
    pub verdict: Verdict,
}

/// The exception of a body that is no JSON.
pub const JSON_ERROR: &str = "json.JSONDecodeError";

#[rustfmt::skip]
static EXCEPTIONS: &[Row] = &[
    Row { names: &["RequestException"], caught: &["httpx.HTTPError", "httpx.InvalidURL"], json: true, verdict: Verdict::Safe },
    Row { names: &["HTTPError"], caught: &["httpx.HTTPStatusError"], json: false, verdict: Verdict::Safe },
    Row { names: &["Timeout"], caught: &["httpx.TimeoutException"], json: false, verdict: Verdict::Safe },
    Row { names: &["ReadTimeout"], caught: &["httpx.ReadTimeout"], json: false, verdict: Verdict::Safe },
    Row { names: &["ConnectTimeout"], caught: &["httpx.ConnectTimeout"], json: false, verdict: Verdict::Safe },
    Row { names: &["TooManyRedirects"], caught: &["httpx.TooManyRedirects"], json: false, verdict: Verdict::Safe },
    Row { names: &["ConnectionError"],
        caught: &["httpx.NetworkError", "httpx.ConnectTimeout", "httpx.RemoteProtocolError", "httpx.ProxyError"], json: false, verdict: Verdict::Safe },
    Row { names: &["ContentDecodingError"], caught: &["httpx.DecodingError"], json: false, verdict: Verdict::Safe },
    Row { names: &["InvalidHeader"], caught: &["httpx.LocalProtocolError"], json: false, verdict: Verdict::Safe },
    Row { names: &["StreamConsumedError"], caught: &["httpx.StreamConsumed"], json: false, verdict: Verdict::Safe },
    Row { names: &["MissingSchema", "InvalidSchema"], caught: &["httpx.UnsupportedProtocol"], json: false, verdict: Verdict::Safe },
    Row { names: &["JSONDecodeError", "InvalidJSONError"], caught: &[JSON_ERROR, "UnicodeDecodeError"], json: false, verdict: Verdict::Safe },
    Row { names: &["ChunkedEncodingError"], caught: &["httpx.RemoteProtocolError"], json: false,
        verdict: Verdict::Unsafe("`httpx.RemoteProtocolError` is raised for dropped connections and garbage, too") },
    Row { names: &["InvalidURL"], caught: &["httpx.InvalidURL", "httpx.UnsupportedProtocol"], json: false,
        verdict: Verdict::Unsafe("`httpx.UnsupportedProtocol` also stands for URLs without a scheme or with an unknown one") },
    Row { names: &["ProxyError"], caught: &["httpx.ProxyError"], json: false,
        verdict: Verdict::Unsafe("a proxy that cannot be reached is an `httpx.ConnectError`") },
    Row { names: &["SSLError"], caught: &[], json: false,
        verdict: Verdict::Refuse("httpx raises `ConnectError` for TLS failures and refused connections alike") },
    Row { names: &["RetryError", "UnrewindableBodyError", "URLRequired", "InvalidProxyURL", "RequestsWarning",
        "FileModeWarning", "RequestsDependencyWarning"], caught: &[], json: false, verdict: Verdict::Refuse("httpx has no such exception") },
];

/// The exceptions of httpx.
pub static HTTPX: Exceptions = Exceptions {
    rows: EXCEPTIONS,
    covers,
    raised: RAISED,
    needs_text: true,
    status: "httpx.HTTPStatusError",
    response: None,
    value_error: "URLs that are not valid are no ValueError in httpx (`httpx.UnsupportedProtocol`, `httpx.InvalidURL`)",
    text: "the text of an exception differs in httpx, and that of a timeout is empty",
    status_text: false,
};

/// What catches what, among the names that are written.
fn covers(outer: &str, inner: &str) -> bool {
    match outer {
        _ if outer == inner => true,
        "httpx.HTTPError" => {
            inner.starts_with("httpx.")
                && !matches!(inner, "httpx.InvalidURL" | "httpx.StreamConsumed")
        }
        "httpx.TimeoutException" => {
            matches!(inner, "httpx.ReadTimeout" | "httpx.ConnectTimeout")
        }
        _ => false,
    }
}

/// Whether a name below requests is an exception.
pub fn is_exception(name: &str) -> bool {
    EXCEPTIONS.iter().any(|row| row.names.contains(&name))
}

/// Whether a path is `OSError` by one of its names.
pub fn is_os_error(path: &str) -> bool {
    matches!(
        path,
        "builtins.OSError"
            | "builtins.IOError"
            | "builtins.EnvironmentError"
            | "socket.error"
            | "select.error"
    )
}

/// The types that a clause names: the elements of a tuple, or the one.
pub fn types(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::Tuple(tuple) => &tuple.elts,
        other => std::slice::from_ref(other),
    }
}

/// What is raised instead of an exception of requests that the code raises itself.
#[rustfmt::skip]
static RAISED: &[(&str, &str)] = &[
    ("RequestException", "httpx.HTTPError"),
    ("Timeout", "httpx.TimeoutException"),
    ("ReadTimeout", "httpx.ReadTimeout"),
    ("ConnectTimeout", "httpx.ConnectTimeout"),
    ("ConnectionError", "httpx.ConnectError"),
    ("TooManyRedirects", "httpx.TooManyRedirects"),
];

/// What is raised instead of an exception of requests.
pub fn raised_as(name: &str) -> Option<&'static str> {
    let row = RAISED.iter().find(|(old, _)| *old == name);
    row.map(|(_, new)| *new)
}

/// The `raise` statements of the function that raise exceptions of requests.
pub fn raises(work: &Work<'_, '_, '_>) -> Vec<NodeId> {
    work.mentions_in(work.model.nodes.range(work.function()))
        .filter(|mention| {
            mention.runner == work.runner
                && matches!(names::kind(work.model, mention), Kind::Raised)
        })
        .map(|mention| mention.node)
        .collect()
}

/// Migrates `raise requests.Timeout("late")`. Errors of httpx need a message, and take no other arguments.
pub fn raised(work: &mut Work<'_, '_, '_>, mention: &Mention) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(mention.node);
    let refuse = || Refusal::with_detail(&reasons::RAISES, range, work.quoted(range));
    let exceptions = work.target.exceptions;
    let row = exceptions
        .raised
        .iter()
        .find(|(name, _)| *name == mention.name);
    let (_, new) = row.ok_or_else(refuse)?;
    match model.nodes.parent_node(mention.node) {
        AnyNodeRef::ExprCall(call) => {
            let arguments = &call.arguments;
            if !arguments.keywords.is_empty()
                || arguments.args.len() > 1
                || arguments.args.iter().any(Expr::is_starred_expr)
            {
                return Err(refuse());
            }
            if arguments.args.is_empty() && exceptions.needs_text {
                work.unit.edit(Edit::replace(arguments.range(), "(\"\")"));
            }
            work.unit.rename(mention.node, *new);
        }
        _ if exceptions.needs_text => work.unit.rename(mention.node, format!("{new}(\"\")")),
        _ => work.unit.rename(mention.node, *new),
    }
    Ok(())
}

/// `raise requests.HTTPError("text", response=response)` of a response that is migrated.
pub fn raised_with_response<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ast::ExprCall,
    response: NodeId,
) -> Result<bool, Refusal> {
    let model = work.model;
    let func = model.id(call.func.as_ref());
    let is_raised = work.mention(func).is_some_and(|mention| {
        mention.name == "HTTPError" && matches!(names::kind(model, mention), Kind::Raised)
    });
    let [keyword] = &*call.arguments.keywords else {
        return Ok(false);
    };
    if !is_raised || call.arguments.args.len() != 1 || literal::has_starred(call) {
        return Ok(false);
    }
    let Some(ExprRef::Name(name)) = model.expr(response) else {
        return Ok(false);
    };
    work.unit.edit(Edit::insert(
        keyword.start(),
        call.arguments.range(),
        format!("request={}.request, ", name.id),
    ));
    work.unit.rename(func, "httpx.HTTPStatusError");
    work.done.push(func);
    Ok(true)
}

/// The `try` statements and `suppress` blocks of the function that hold a site in their body, and were not seen yet.
pub fn around<'a>(work: &Work<'a, '_, '_>, seen: &[NodeId]) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    for &site in &work.sites {
        // A call in an inner function is not made in this body.
        if work.model.runner(site) != work.runner {
            continue;
        }
        let at = work.model.nodes.range(site);
        for ancestor in work.ancestors(site) {
            let body = match work.model.nodes.get(ancestor) {
                AnyNodeRef::StmtTry(try_) => &try_.body,
                AnyNodeRef::StmtWith(with) => &with.body,
                _ => continue,
            };
            if span(body).contains_range(at)
                && !seen.contains(&ancestor)
                && !found.contains(&ancestor)
            {
                found.push(ancestor);
            }
        }
    }
    found.sort_unstable();
    found
}

/// Whether all exceptions of requests in a span were mapped.
pub fn is_mapped(work: &Work<'_, '_, '_>, range: TextRange) -> bool {
    work.mentions_in(range)
        .all(|mention| !is_exception(&mention.name) || work.done.contains(&mention.node))
}

/// Maps the exceptions that the decorators of a function are told of: `@retry(retry_if_exception_type(requests.Timeout))`.
pub fn migrate_decorators(
    work: &mut Work<'_, '_, '_>,
    function: &ast::StmtFunctionDef,
) -> Result<(), Refusal> {
    let model = work.model;
    let others = FxHashSet::default();
    if let Some(range) = facts::decorator_mention(model, function, &others, &work.facts.tainted) {
        return Err(Refusal {
            reason: &reasons::CAUGHT_ELSEWHERE,
            range: None,
            detail: Some(format!(
                "{} in line {}, round `{}`",
                work.quoted(range),
                facts::line_of(model, range),
                function.name
            )),
        });
    }
    for decorator in &function.decorator_list {
        let nodes: Vec<NodeId> = work
            .mentions_in(decorator.range())
            .filter(|mention| is_exception(&mention.name))
            .map(|mention| mention.node)
            .collect();
        for node in nodes {
            let range = model.nodes.range(node);
            let Some(name) = work.mention(node).map(|mention| mention.name.clone()) else {
                continue;
            };
            let parent = model.nodes.parent_node(node);
            let refuse =
                || Refusal::with_detail(&reasons::EXCEPTION_USE, range, work.quoted(range));
            if !matches!(
                parent,
                AnyNodeRef::ExprTuple(_) | AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)
            ) {
                return Err(refuse());
            }
            let rows = work.target.exceptions.rows;
            let row = rows
                .iter()
                .find(|row| row.names.contains(&name.as_str()))
                .ok_or_else(refuse)?;
            match row.verdict {
                Verdict::Safe => {}
                Verdict::Unsafe(note) => work.unit.unsafe_because(range, note),
                Verdict::Refuse(why) => {
                    return Err(Refusal::with_detail(
                        &reasons::EXCEPTION,
                        range,
                        format!("{}: {why}", work.quoted(range)),
                    ));
                }
            }
            let mut names = row.caught.to_vec();
            if row.json && work.facts.reads_json {
                names.push(JSON_ERROR);
                work.unit.import(ImportRequest::Module("json"), node)?;
            }
            let text = names.join(", ");
            let text = if names.len() > 1 && !matches!(parent, AnyNodeRef::ExprTuple(_)) {
                format!("({text})")
            } else {
                text
            };
            work.unit
                .import(ImportRequest::Module(work.target.module), node)?;
            work.unit.rename(node, text);
            work.done.push(node);
        }
    }
    Ok(())
}

/// The span of a body.
pub fn span(body: &[Stmt]) -> TextRange {
    match (body.first(), body.last()) {
        (Some(first), Some(last)) => TextRange::new(first.start(), last.end()),
        _ => TextRange::default(),
    }
}

/// Migrates the clauses of one `try` or `suppress`. The answer: the nodes that hold the response of an exception.
pub fn migrate<'a>(work: &mut Work<'a, '_, '_>, node: NodeId) -> Result<Vec<NodeId>, Refusal> {
    match work.model.nodes.get(node) {
        AnyNodeRef::StmtTry(try_) => try_statement(work, try_),
        AnyNodeRef::StmtWith(with) => {
            let mut responses = Vec::new();
            for item in &with.items {
                let Expr::Call(call) = &item.context_expr else {
                    continue;
                };
                if names::is_suppress(work.model, call) {
                    let caught: Vec<&Expr> = call.arguments.args.iter().collect();
                    clause(work, &caught, &with.body, Form::Arguments)?;
                }
                if names::is_raises(work.model, call)
                    && let [type_] = &*call.arguments.args
                {
                    let caught: Vec<&Expr> = types(type_).iter().collect();
                    let form = match type_ {
                        Expr::Tuple(_) => Form::Tuple(type_),
                        _ => Form::Single,
                    };
                    let outcome = clause(work, &caught, &with.body, form)?;
                    if !outcome.migrated {
                        raised_below(work, &caught, &with.body)?;
                        continue;
                    }
                    let asked = match item.optional_vars.as_deref() {
                        None => Some(Vec::new()),
                        Some(name) => raised_response(work, name, &outcome),
                    };
                    match asked.filter(|_| call.arguments.keywords.is_empty()) {
                        Some(found) => responses.extend(found),
                        None => {
                            return Err(Refusal::with_detail(
                                &reasons::EXCEPTION_USE,
                                call.range(),
                                "what is raised is looked at",
                            ));
                        }
                    }
                }
            }
            Ok(responses)
        }
        _ => Ok(Vec::new()),
    }
}

/// A test that waits for an error of another library, or of the project, from a request alone: what raises it stands below requests
/// (a socket that is replaced, an adapter), and httpx maps what its transports raise.
fn raised_below(work: &Work<'_, '_, '_>, caught: &[&Expr], body: &[Stmt]) -> Result<(), Refusal> {
    let model = work.model;
    let [stmt] = body else {
        return Ok(());
    };
    let value = match stmt {
        Stmt::Expr(stmt) => stmt.value.as_ref(),
        Stmt::Assign(assign) => assign.value.as_ref(),
        _ => return Ok(()),
    };
    if !work.request_nodes().contains(&model.id(value)) {
        return Ok(());
    }
    let stranger = caught.iter().find(|type_| {
        model.meaning(type_).path().is_some_and(|path| {
            let module = path.split('.').next().unwrap_or(path);
            !matches!(
                module,
                "builtins" | "requests" | "select" | "socket" | "urllib3"
            )
        })
    });
    match stranger {
        Some(type_) => Err(Refusal::with_detail(
            &reasons::EXCEPTION,
            type_.range(),
            format!("{}: raised below requests", work.quoted(type_.range())),
        )),
        None => Ok(()),
    }
}

/// The nodes that hold the response of what a test waits for: `raised.value.response`, `caught.exception.response`. `None`
/// where anything else is asked of it.
fn raised_response<'a>(
    work: &Work<'a, '_, '_>,
    name: &'a Expr,
    outcome: &Outcome,
) -> Option<Vec<NodeId>> {
    let model = work.model;
    let Expr::Name(name) = name else {
        return None;
    };
    let bound = model.id(name);
    let uses = model
        .follow_in(model.runner(bound), &[], &[bound], false)
        .uses;
    let mut responses = Vec::new();
    for use_ in &uses {
        let UseKind::Attribute(raised) = use_.kind else {
            return None;
        };
        if !matches!(raised.attr.as_str(), "value" | "exception") {
            return None;
        }
        match model.nodes.parent_node(model.id(raised)) {
            AnyNodeRef::ExprAttribute(response)
                if response.attr.as_str() == "response" && outcome.only_status =>
            {
                responses.push(model.id(response));
            }
            _ => return None,
        }
    }
    Some(responses)
}

fn try_statement<'a>(
    work: &mut Work<'a, '_, '_>,
    try_: &'a ast::StmtTry,
) -> Result<Vec<NodeId>, Refusal> {
    let mut responses = Vec::new();
    let mut is_covered = false;
    let mut above: Vec<(&str, &str)> = Vec::new();
    for handler in &try_.handlers {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let Some(type_) = &handler.type_ else {
            break;
        };
        let constant = match type_.as_ref() {
            Expr::Name(name) => constant(work, name),
            _ => None,
        };
        let caught: Vec<&Expr> = types(constant.unwrap_or(type_)).iter().collect();
        let form = match type_.as_ref() {
            _ if constant.is_some() => Form::Constant,
            Expr::Tuple(_) => Form::Tuple(type_),
            _ => Form::Single,
        };
        // `OSError` behind a clause that takes everything of requests catches nothing of it.
        let outcome = if is_covered {
            clause_without_os_error(work, &caught, &try_.body, form)
        } else {
            clause(work, &caught, &try_.body, form)
        };
        let outcome = outcome.map_err(|refusal| match form {
            Form::Constant => Refusal {
                range: Some(type_.range()),
                ..refusal
            },
            _ => refusal,
        })?;
        if outcome.migrated && try_.is_star {
            return Err(Refusal::with_detail(
                &reasons::EXCEPTION,
                type_.range(),
                "`except*`",
            ));
        }
        if outcome.migrated && handler.name.is_some() {
            responses.extend(name_uses(work, handler, &outcome)?);
        }
        check_reached(work, type_, &outcome.caught, &above)?;
        above.extend(&outcome.caught);
        is_covered |= outcome.covers_all;
        if outcome.catches_everything {
            break;
        }
    }
    Ok(responses)
}

/// Refuses a clause that nothing would reach: those above it catch all of the new exceptions, and not the old one.
fn check_reached(
    work: &Work<'_, '_, '_>,
    type_: &Expr,
    caught: &[(&str, &str)],
    above: &[(&str, &str)],
) -> Result<(), Refusal> {
    let covers = work.target.exceptions.covers;
    for (old, _) in caught {
        // In requests it is caught above as well.
        if above.iter().any(|(other, _)| is_base(other, old)) {
            continue;
        }
        let mut new = caught.iter().filter(|(other, _)| other == old);
        let hidden = new
            .clone()
            .next()
            .and_then(|(_, first)| above.iter().find(|(_, outer)| covers(outer, first)));
        if let Some((_, outer)) = hidden
            && new.all(|(_, new)| above.iter().any(|(_, outer)| covers(outer, new)))
        {
            return Err(Refusal::with_detail(
                &reasons::EXCEPTION,
                type_.range(),
                format!(
                    "{} would be caught as `{outer}` above it",
                    work.quoted(type_.range())
                ),
            ));
        }
    }
    Ok(())
}

/// Whether an exception of requests is a base of another one, or that itself.
fn is_base(base: &str, name: &str) -> bool {
    base == name
        || matches!(
            (base, name),
            ("RequestException", _)
                | (
                    "ConnectionError",
                    "ConnectTimeout" | "ProxyError" | "SSLError"
                )
                | ("Timeout", "ConnectTimeout" | "ReadTimeout")
                | ("InvalidJSONError", "JSONDecodeError")
                | ("InvalidURL", "InvalidProxyURL")
        )
}

#[derive(Clone, Copy)]
enum Form<'e> {
    Single,
    Tuple(&'e Expr),
    /// A name for a tuple, which is written once for all that catch it.
    Constant,
    /// That tuple.
    Assigned(&'e Expr),
    Arguments,
}

/// The tuple that a name of this unit stands for.
fn constant<'a>(work: &Work<'a, '_, '_>, name: &'a ast::ExprName) -> Option<&'a Expr> {
    let symbol = work.model.scopes.symbol_of(work.model.id(name))?;
    let constant = work.facts.constants.get(&symbol);
    let constant = constant.filter(|_| work.takes_constants)?;
    match work.model.nodes.get(constant.statement) {
        AnyNodeRef::StmtAssign(assign) => Some(&assign.value),
        _ => None,
    }
}

/// Maps the exceptions of a tuple with a name of its own.
///
/// # Errors
/// One of them has no counterpart.
pub fn assigned<'a>(work: &mut Work<'a, '_, '_>, tuple: &'a Expr) -> Result<(), Refusal> {
    let caught: Vec<&Expr> = types(tuple).iter().collect();
    let outcome = clause_with(work, &caught, &[], Form::Assigned(tuple), false)?;
    if outcome.migrated {
        let module = ImportRequest::Module(work.target.module);
        work.unit.import(module, work.model.id(tuple))?;
    }
    Ok(())
}

#[derive(Clone, Debug, Default)]
struct Outcome {
    /// An exception of requests stood in it.
    migrated: bool,
    /// It catches only `HTTPStatusError`.
    only_status: bool,
    /// The exceptions of requests that it names, with what is caught instead.
    caught: Vec<(&'static str, &'static str)>,
    /// It names `TooManyRedirects`, which has a response in requests.
    has_redirects: bool,
    /// It catches all that requests raises.
    covers_all: bool,
    /// `except Exception`.
    catches_everything: bool,
}

fn clause_without_os_error<'a>(
    work: &mut Work<'a, '_, '_>,
    caught: &[&'a Expr],
    body: &'a [Stmt],
    form: Form<'a>,
) -> Result<Outcome, Refusal> {
    clause_with(work, caught, body, form, false)
}

fn clause<'a>(
    work: &mut Work<'a, '_, '_>,
    caught: &[&'a Expr],
    body: &'a [Stmt],
    form: Form<'a>,
) -> Result<Outcome, Refusal> {
    clause_with(work, caught, body, form, true)
}

fn clause_with<'a>(
    work: &mut Work<'a, '_, '_>,
    caught: &[&'a Expr],
    body: &'a [Stmt],
    form: Form<'a>,
    mind_os_error: bool,
) -> Result<Outcome, Refusal> {
    let model = work.model;
    let mut outcome = Outcome::default();
    let mut os_error = None;
    let mut parts: Vec<(NodeId, TextRange, Vec<&'static str>)> = Vec::new();
    let has_named = work
        .named
        .iter()
        .any(|&site| span(body).contains_range(model.nodes.range(site)));
    let reads_json = match form {
        Form::Constant | Form::Assigned(_) => work.facts.reads_json,
        _ => reads_json(model, body) || has_named && work.facts.reads_json,
    };
    let mut others: Vec<&Expr> = Vec::new();
    for &type_ in caught {
        let id = model.id(type_);
        if let Some(mention) = work.mention(id) {
            let name = mention.name.clone();
            let rows = work.target.exceptions.rows;
            let Some(row) = rows.iter().find(|row| row.names.contains(&name.as_str())) else {
                return Err(Refusal::with_detail(
                    &reasons::EXCEPTION,
                    type_.range(),
                    work.quoted(type_.range()),
                ));
            };
            match row.verdict {
                Verdict::Safe => {}
                Verdict::Unsafe(note) => work.unit.unsafe_because(type_.range(), note),
                Verdict::Refuse(why) => {
                    return Err(Refusal::with_detail(
                        &reasons::EXCEPTION,
                        type_.range(),
                        format!("{}: {why}", work.quoted(type_.range())),
                    ));
                }
            }
            let mut new = row.caught.to_vec();
            if row.json && reads_json {
                new.push(JSON_ERROR);
                if matches!(form, Form::Assigned(_)) {
                    work.unit.unsafe_because(
                        type_.range(),
                        "JSON that is read from elsewhere in a body that waits for these is caught, too",
                    );
                }
            }
            outcome.covers_all |= name == "RequestException";
            for known in row.names.iter().filter(|known| **known == name) {
                outcome.caught.extend(new.iter().map(|new| (*known, *new)));
            }
            outcome.has_redirects |= name == "TooManyRedirects";
            parts.push((id, type_.range(), new));
            continue;
        }
        others.push(type_);
        let meaning = model.meaning(type_);
        if meaning.may_be(is_os_error) {
            os_error = Some(type_.range());
        }
        match meaning.path() {
            Some("builtins.Exception" | "builtins.BaseException") => {
                outcome.catches_everything = true;
            }
            Some("builtins.ValueError") if has_request(work, body) => work
                .unit
                .note(type_.range(), work.target.exceptions.value_error),
            Some(path) if path.starts_with("urllib3.") => {
                return Err(Refusal::with_detail(
                    &reasons::EXCEPTION,
                    type_.range(),
                    format!(
                        "{} is not raised by {}",
                        work.quoted(type_.range()),
                        work.target.module
                    ),
                ));
            }
            // A constant of another module may hold exceptions of requests.
            Some(path) if work.context.definition(path) == Some(Definition::Other) => {
                return Err(not_visible(work, type_));
            }
            Some(_) => {}
            None => check_defined(work, type_)?,
        }
    }
    if let Some(range) = os_error
        && mind_os_error
        && !outcome.covers_all
        && !outcome.catches_everything
    {
        return Err(Refusal::with_detail(
            &reasons::CAUGHT_AS_OSERROR,
            range,
            work.quoted(range),
        ));
    }
    // A type that catches undecodable JSON stands there already.
    let has_json = others.iter().any(|other| {
        model.meaning(other).may_be(|path| {
            matches!(
                path,
                "json.JSONDecodeError" | "json.decoder.JSONDecodeError" | "builtins.ValueError"
            )
        })
    });
    if has_json {
        for (.., new) in &mut parts {
            if new.len() > 2 {
                new.retain(|name| *name != JSON_ERROR);
            }
        }
    }
    outcome.migrated = !parts.is_empty();
    if !outcome.migrated {
        return Ok(outcome);
    }
    check_other_callees(work, body)?;
    outcome.only_status = others.is_empty()
        && parts.iter().all(|(.., new)| {
            new.iter()
                .all(|name| *name == work.target.exceptions.status)
        });
    if !matches!(form, Form::Constant) {
        write(work, caught, &parts, form)?;
    }
    Ok(outcome)
}

/// Writes the new types. A name that another one of the clause covers is left out.
fn write<'a>(
    work: &mut Work<'a, '_, '_>,
    caught: &[&'a Expr],
    parts: &[(NodeId, TextRange, Vec<&'static str>)],
    form: Form<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let all: Vec<&str> = parts.iter().flat_map(|(.., new)| new).copied().collect();
    let mut written: Vec<&str> = Vec::new();
    let mut texts: Vec<(NodeId, Vec<&str>)> = Vec::new();
    for (id, _, new) in parts {
        let mut kept = Vec::new();
        for name in new {
            let is_covered = all
                .iter()
                .any(|other| other != name && (work.target.exceptions.covers)(other, name))
                || written.contains(name);
            if !is_covered {
                written.push(name);
                kept.push(*name);
            }
        }
        texts.push((*id, kept));
    }
    if written.contains(&JSON_ERROR)
        && let Some((id, ..)) = parts.first()
    {
        work.unit.import(ImportRequest::Module("json"), *id)?;
    }
    for (id, ..) in parts {
        work.unit.release(*id);
        work.done.push(*id);
    }
    let has_empty = texts.iter().any(|(_, kept)| kept.is_empty());
    match form {
        Form::Single => {
            let (_, range, _) = &parts[0];
            let text = written.join(", ");
            let expr = caught.first().map(|expr| ExprRef::from(*expr));
            let has_own = expr.is_some_and(|expr| model.parenthesized_range(expr) != *range);
            let text = if written.len() > 1 && !has_own {
                format!("({text})")
            } else {
                text
            };
            work.unit.edit(Edit::replace(*range, text));
        }
        Form::Constant => {}
        Form::Tuple(tuple) | Form::Assigned(tuple) if has_empty => {
            let mut elements: Vec<String> = Vec::new();
            for expr in caught {
                match texts.iter().find(|(id, _)| *id == model.id(*expr)) {
                    Some((_, kept)) => elements.extend(kept.iter().map(ToString::to_string)),
                    None => elements.push(model.slice(expr.range()).to_string()),
                }
            }
            if model.has_comment(tuple.range()) {
                return Err(Refusal::with_detail(
                    &reasons::EXCEPTION,
                    tuple.range(),
                    "comments stand in a tuple that becomes shorter",
                ));
            }
            let text = match &elements[..] {
                [one] => one.clone(),
                more => format!("({})", more.join(", ")),
            };
            work.unit.edit(Edit::replace(tuple.range(), text));
        }
        Form::Tuple(_) | Form::Assigned(_) | Form::Arguments => {
            for (id, kept) in &texts {
                let kept = if kept.is_empty() {
                    // Only in a `suppress`, where one name more does no harm.
                    parts
                        .iter()
                        .find(|(part, ..)| part == id)
                        .map(|(.., new)| new.clone())
                        .unwrap_or_default()
                } else {
                    kept.clone()
                };
                work.unit
                    .edit(Edit::replace(model.nodes.range(*id), kept.join(", ")));
            }
        }
    }
    Ok(())
}

/// Whether something that is called `json` may run in a body.
fn reads_json(model: &Model<'_>, body: &[Stmt]) -> bool {
    facts::nodes_of(model, body).any(|node| {
        matches!(
            model.nodes.get(node),
            AnyNodeRef::ExprCall(call)
                if matches!(call.func.as_ref(), Expr::Attribute(attribute) if attribute.attr.as_str() == "json")
        )
    })
}

fn has_request(work: &Work<'_, '_, '_>, body: &[Stmt]) -> bool {
    let span = span(body);
    work.requests
        .iter()
        .any(|request| span.contains_range(request.call.range()))
}

fn not_visible(work: &Work<'_, '_, '_>, type_: &Expr) -> Refusal {
    Refusal::with_detail(
        &reasons::EXCEPTION,
        type_.range(),
        format!(
            "what {} holds is not visible here",
            work.quoted(type_.range())
        ),
    )
}

/// A name in a clause that is bound here: a class is itself; a constant may hold exceptions of requests.
fn check_defined(work: &Work<'_, '_, '_>, type_: &Expr) -> Result<(), Refusal> {
    let model = work.model;
    let refuse = || not_visible(work, type_);
    match type_ {
        Expr::Name(name) => {
            let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                return Ok(());
            };
            for &binding in &model.scopes.symbol(symbol).bindings {
                match model.scopes.binding(binding).kind {
                    BindingKind::Class
                    | BindingKind::Import { .. }
                    | BindingKind::FromImport { .. }
                    | BindingKind::Declared => {}
                    BindingKind::Assign { .. } if !work.facts.tainted.contains(&symbol) => {}
                    _ => return Err(refuse()),
                }
            }
            Ok(())
        }
        // `self.errors`, `module.ERRORS`: an attribute of something that is not an import.
        Expr::Attribute(_) | Expr::Subscript(_) | Expr::Call(_) | Expr::Starred(_) => Err(refuse()),
        _ => Ok(()),
    }
}

/// A body whose clause is migrated must not call what raises errors of requests on its own.
fn check_other_callees(work: &Work<'_, '_, '_>, body: &[Stmt]) -> Result<(), Refusal> {
    if work.group.is_empty() {
        // A test, whose file makes no requests there: what it comes to is known to the call graph.
        return Ok(());
    }
    let model = work.model;
    let span = span(body);
    if let Some(mention) = work.mentions_in(span).find(|mention| {
        let is_own = || {
            work.group.contains(&mention.runner)
                && (mention.runner != work.runner || is_own_request(work, mention))
        };
        facts::makes_requests(model, mention) && !is_own()
    }) {
        let range = model.nodes.range(mention.node);
        return Err(Refusal::with_detail(
            &reasons::MIXED_TRY,
            range,
            work.quoted(range),
        ));
    }
    let foreign = facts::session_calls(model).find(|call| {
        span.contains_range(call.range())
            && !work
                .requests
                .iter()
                .any(|request| model.id(request.call) == model.id(*call))
            && model.runner(model.id(*call)) == work.runner
    });
    if let Some(call) = foreign {
        return Err(Refusal::with_detail(
            &reasons::MIXED_TRY,
            call.range(),
            work.quoted(call.range()),
        ));
    }
    for node in facts::nodes_of(model, body) {
        let Some(name) = facts::name_at(model, node) else {
            continue;
        };
        if !work.others.contains(name) || is_own_value(work, node) {
            continue;
        }
        let range = model.nodes.range(node);
        return Err(Refusal::with_detail(
            &reasons::MIXED_TRY,
            range,
            work.quoted(range),
        ));
    }
    Ok(())
}

/// Whether a mention is a request or a session of this function's unit, or raises.
fn is_own_request(work: &Work<'_, '_, '_>, mention: &Mention) -> bool {
    let model = work.model;
    match names::kind(model, mention) {
        Kind::Request(_, call) => work
            .requests
            .iter()
            .any(|request| model.id(request.call) == model.id(call)),
        _ => true,
    }
}

/// Whether a name or attribute belongs to a request, a session or a response of the unit.
fn is_own_value(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let model = work.model;
    work.requests
        .iter()
        .any(|request| model.id(request.call.func.as_ref()) == node)
        || work.sites.iter().any(|&site| match model.nodes.get(site) {
            AnyNodeRef::ExprCall(call) => model.id(call.func.as_ref()) == node,
            _ => false,
        })
}

/// The uses of `as e`. The answer: the nodes that hold its response.
fn name_uses<'a>(
    work: &mut Work<'a, '_, '_>,
    handler: &'a ast::ExceptHandlerExceptHandler,
    outcome: &Outcome,
) -> Result<Vec<NodeId>, Refusal> {
    let model = work.model;
    let mut responses = Vec::new();
    let Some(binding) = model.scopes.binding_at(model.id(handler)) else {
        return Ok(responses);
    };
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    let mut is_shown = false;
    for &reference in &symbol.references {
        if !handler.range().contains_range(model.nodes.range(reference)) {
            continue;
        }
        match model.nodes.parent_node(reference) {
            AnyNodeRef::ExprAttribute(attribute) => {
                let id = model.id(attribute);
                if let ("response", Some(rewrite)) =
                    (attribute.attr.as_str(), work.target.exceptions.response)
                {
                    rewrite(work, attribute, outcome.only_status)?;
                    continue;
                }
                match attribute.attr.as_str() {
                    "response" if outcome.has_redirects => {
                        return Err(Refusal::with_detail(
                            &reasons::EXCEPTION_USE,
                            attribute.range(),
                            "`TooManyRedirects` has no response in httpx",
                        ));
                    }
                    "response" => {
                        if !outcome.only_status {
                            let quote = values::quote_at(model, id).ok_or_else(|| {
                                Refusal::with_detail(
                                    &reasons::EXCEPTION_USE,
                                    attribute.range(),
                                    "it stands in nested f-strings that use both quotes",
                                )
                            })?;
                            let name = model.slice(attribute.value.range());
                            work.unit.edit(Edit::replace(
                                attribute.range(),
                                format!("getattr({name}, {quote}response{quote}, None)"),
                            ));
                        }
                        responses.push(id);
                    }
                    "with_traceback" | "add_note" | "__class__" | "__cause__" | "__context__"
                    | "__traceback__" => {}
                    name => {
                        return Err(Refusal::with_detail(
                            &reasons::EXCEPTION_USE,
                            attribute.range(),
                            format!("`.{name}`"),
                        ));
                    }
                }
            }
            AnyNodeRef::Arguments(arguments)
                if matches!(
                    model.nodes.parent_node(model.id(arguments)),
                    AnyNodeRef::ExprCall(call) if matches!(
                        model.meaning(&call.func).path(),
                        Some("builtins.hasattr" | "builtins.getattr" | "builtins.isinstance")
                    )
                ) =>
            {
                return Err(Refusal::with_detail(
                    &reasons::EXCEPTION_USE,
                    model.nodes.range(reference),
                    "its attributes or its type are asked for by name",
                ));
            }
            AnyNodeRef::StmtRaise(_) | AnyNodeRef::StmtExpr(_) => {}
            AnyNodeRef::InterpolatedElement(_)
            | AnyNodeRef::Arguments(_)
            | AnyNodeRef::Keyword(_) => {
                is_shown = true;
            }
            AnyNodeRef::StmtReturn(_) | AnyNodeRef::ExprYield(_) => {
                work.unit.unsafe_because(
                    model.nodes.range(reference),
                    format!(
                        "the exception leaves the function and is one of {} now",
                        work.target.module
                    ),
                );
            }
            _ => is_shown = true,
        }
    }
    if !outcome.only_status && !responses.is_empty() {
        // It may be None, which shows in the text of an expression only.
        let truth = model
            .follow(&responses, false)
            .uses
            .into_iter()
            .find(|use_| matches!(use_.kind, UseKind::Truth));
        if let Some(truth) = truth {
            return Err(Refusal::with_detail(
                &reasons::EXCEPTION_USE,
                model.nodes.range(truth.node),
                "the truth of a response that may be None: compare it with None",
            ));
        }
    }
    let exceptions = work.target.exceptions;
    if is_shown && (exceptions.status_text || !outcome.only_status) {
        work.unit.note(
            TextRange::new(
                handler.start(),
                handler
                    .type_
                    .as_ref()
                    .map_or(handler.end(), |type_| type_.end()),
            ),
            exceptions.text,
        );
    }
    Ok(responses)
}
