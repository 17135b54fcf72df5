//! Requests that are built first and sent later: `session.send(session.prepare_request(requests.Request(...)))` (HTTP.md,
//! section 2).
//!
//! What a session builds is `session.build_request(...)` in httpx, what `prepare()` builds by itself `httpx.Request(...)`: neither
//! has the headers of the session. A timeout belongs to the request there, and not to sending it.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::calls::{self, Request, Verb};
use super::work::Work;
use super::{client, reasons, response};
use crate::codemod::Refusal;
use crate::edit::{Edit, Piece};
use crate::semantic::flow::{Certainty, UseKind};
use crate::semantic::{NodeId, literal};
use crate::unit::ImportRequest;

/// What `requests.Request(...)` takes that a request of httpx takes as well.
const TAKEN: &[&str] = &[
    "method", "url", "headers", "files", "data", "params", "json",
];

fn refuse(range: TextRange, detail: impl Into<String>) -> Refusal {
    Refusal::with_detail(&reasons::NO_COUNTERPART, range, detail)
}

/// What prepares a request.
enum Prepared<'a> {
    /// `session.prepare_request(request)`: the call and the session.
    BySession(&'a ExprCall, &'a Expr),
    /// `request.prepare()`.
    Alone(&'a ExprCall),
}

impl<'a> Prepared<'a> {
    fn call(&self) -> &'a ExprCall {
        match self {
            Self::BySession(call, _) | Self::Alone(call) => call,
        }
    }
}

/// Rewrites the requests that are built, and notes where they are sent. `prepares` are the calls of `session.prepare_request`.
pub fn rewrite<'a>(
    work: &mut Work<'a, '_, '_>,
    built: &[&'a ExprCall],
    prepares: &[&'a ExprCall],
) -> Result<(), Refusal> {
    let mut taken: Vec<NodeId> = Vec::new();
    for call in built {
        let (prepared, statement) = consumer(work, call, prepares)?;
        taken.push(work.model.id(prepared.call()));
        one(work, call, &prepared, statement)?;
    }
    match prepares
        .iter()
        .find(|call| !taken.contains(&work.model.id(**call)))
    {
        Some(call) => Err(refuse(
            call.range(),
            "where the request is made that is prepared does not show",
        )),
        None => Ok(()),
    }
}

/// What prepares a request that is made here, and the statement that names it in between.
fn consumer<'a>(
    work: &Work<'a, '_, '_>,
    call: &'a ExprCall,
    prepares: &[&'a ExprCall],
) -> Result<(Prepared<'a>, Option<NodeId>), Refusal> {
    let model = work.model;
    let id = model.id(call);
    let refusal = || {
        refuse(
            call.range(),
            "a request is prepared on the spot or in the statements that follow, and nothing else is done with it",
        )
    };
    let of = |node: NodeId| match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAttribute(attribute) if attribute.attr.as_str() == "prepare" => {
            match model.nodes.parent_node(model.id(attribute)) {
                AnyNodeRef::ExprCall(prepare) if prepare.arguments.is_empty() => {
                    Some(Prepared::Alone(prepare))
                }
                _ => None,
            }
        }
        AnyNodeRef::Arguments(arguments) => prepares
            .iter()
            .find(|prepare| model.id(&prepare.arguments) == model.id(arguments))
            .filter(|prepare| prepare.arguments.len() == 1)
            .and_then(|prepare| match prepare.func.as_ref() {
                Expr::Attribute(attribute) => {
                    Some(Prepared::BySession(prepare, attribute.value.as_ref()))
                }
                _ => None,
            }),
        _ => None,
    };
    if let Some(found) = of(id) {
        return Ok((found, None));
    }
    let statement = model.nodes.parent(id);
    let is_named = matches!(
        model.nodes.get(statement),
        AnyNodeRef::StmtAssign(assign) if matches!(&*assign.targets, [Expr::Name(_)])
    );
    let uses = model.follow(&[id], false).uses;
    let [use_] = &uses[..] else {
        return Err(refusal());
    };
    let found = of(use_.node).filter(|_| is_named && use_.certainty == Certainty::Always);
    found
        .map(|found| (found, Some(statement)))
        .ok_or_else(refusal)
}

fn one<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ExprCall,
    prepared: &Prepared<'a>,
    statement: Option<NodeId>,
) -> Result<(), Refusal> {
    let model = work.model;
    let request = Request::new(model, Verb::Build, call, true);
    arguments(work, &request)?;
    let func = model.id(call.func.as_ref());
    let whole = prepared.call().range();
    work.done.push(func);
    match (prepared, statement) {
        (Prepared::Alone(_), None) => {
            work.unit.rename(func, "httpx.Request");
            let rest = TextRange::new(call.end(), whole.end());
            work.unit.edit(Edit::delete(rest));
        }
        (Prepared::Alone(prepare), Some(_)) => {
            work.unit.rename(func, "httpx.Request");
            if let Expr::Attribute(attribute) = prepare.func.as_ref() {
                let rest = TextRange::new(attribute.value.end(), whole.end());
                work.unit.edit(Edit::delete(rest));
            }
        }
        (Prepared::BySession(prepare, session), statement) => {
            work.unit.release(func);
            let mut pieces = vec![
                Piece::Source(TextRange::new(whole.start(), session.end())),
                Piece::text(".build_request"),
                Piece::Source(call.arguments.range()),
            ];
            let mut span = whole;
            if let Some(statement) = statement {
                span = adjacent(work, statement, prepare)?;
                let outer = model.nodes.range(model.statement_of(model.id(*prepare)));
                pieces.insert(
                    0,
                    Piece::Source(TextRange::new(outer.start(), whole.start())),
                );
                pieces.push(Piece::Source(TextRange::new(whole.end(), outer.end())));
            }
            work.unit.edit(Edit::pieces(span, pieces));
        }
    }
    if let Prepared::Alone(_) = prepared {
        work.unit.import(ImportRequest::Module("httpx"), func)?;
    }
    let made = model.id(prepared.call());
    let sends = sends(work, made)?;
    if sends.is_empty() {
        return Err(refuse(
            call.range(),
            "the request is never sent, and httpx writes its URL differently",
        ));
    }
    timeout(work, &request, prepared, &sends)?;
    response::requests(work, &[made], true)
}

/// The span of two statements that follow each other: the one that names a request, and the one that prepares it.
fn adjacent(
    work: &Work<'_, '_, '_>,
    statement: NodeId,
    prepare: &ExprCall,
) -> Result<TextRange, Refusal> {
    let model = work.model;
    let refusal = || {
        refuse(
            prepare.range(),
            "the request is prepared elsewhere than right behind it",
        )
    };
    let other = model.statement_of(model.id(prepare));
    let (one, two) = model
        .suite_of(statement)
        .zip(model.suite_of(other))
        .ok_or_else(refusal)?;
    let span = TextRange::new(
        model.nodes.range(statement).start(),
        model.nodes.range(other).end(),
    );
    let is_simple = matches!(
        model.nodes.get(other),
        AnyNodeRef::StmtAssign(_) | AnyNodeRef::StmtExpr(_) | AnyNodeRef::StmtReturn(_)
    );
    let follows = std::ptr::eq::<[Stmt]>(one.0, two.0) && two.1 == one.1 + 1;
    if follows && is_simple && !model.has_comment(span) {
        Ok(span)
    } else {
        Err(refusal())
    }
}

fn arguments<'a>(work: &mut Work<'a, '_, '_>, request: &Request<'a>) -> Result<(), Refusal> {
    let call = request.call;
    let are_known = request.forwarded.is_none() && request.options.is_empty();
    let Some(arguments) = request.arguments().filter(|_| are_known) else {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            call.arguments.range(),
            format!("`{}`", work.model.slice(call.func.range())),
        ));
    };
    let has = |name: &str| arguments.iter().any(|argument| argument.name == name);
    if !has("method") || !has("url") {
        return Err(refuse(call.range(), "the method and the URL do not show"));
    }
    for argument in &arguments {
        if literal::is_none(argument.value) && argument.keyword.is_some() {
            calls::drop_it(work, request, argument)?;
        } else if TAKEN.contains(&argument.name) {
            calls::rewrite_argument(work, request, argument)?;
        } else {
            return Err(calls::refused(argument));
        }
    }
    Ok(())
}

/// The calls that send a prepared request.
fn sends<'a>(work: &Work<'a, '_, '_>, made: NodeId) -> Result<Vec<Request<'a>>, Refusal> {
    let model = work.model;
    let mut found: Vec<Request<'a>> = Vec::new();
    for use_ in model.follow(&[made], false).uses {
        if use_.certainty == Certainty::Mixed {
            return Err(refuse(
                model.nodes.range(use_.node),
                "the name may hold another request",
            ));
        }
        if let UseKind::Argument { call, .. } = use_.kind
            && let Some(send) = sending(work, call)
        {
            found.push(send);
        }
    }
    Ok(found)
}

/// The request of the unit that a call sends.
fn sending<'a>(work: &Work<'a, '_, '_>, call: &ExprCall) -> Option<Request<'a>> {
    let is_it =
        |request: &&Request<'a>| request.verb == Verb::Send && std::ptr::eq(request.call, call);
    work.requests.iter().find(is_it).cloned()
}

/// Whether a use of a request is that it is sent.
pub fn is_sent(work: &Work<'_, '_, '_>, kind: &UseKind<'_>) -> bool {
    match kind {
        UseKind::Argument {
            call,
            keyword: None,
        } => sending(work, call).is_some(),
        _ => false,
    }
}

/// Moves the timeout of sending into the request, where all that send it agree.
fn timeout<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    prepared: &Prepared<'a>,
    sends: &[Request<'a>],
) -> Result<(), Refusal> {
    let model = work.model;
    let values: Vec<Option<&Expr>> = sends
        .iter()
        .map(|send| {
            send.argument("timeout")
                .filter(|value| !literal::is_none(value))
        })
        .collect();
    let Some(value) = values.iter().flatten().next() else {
        return Ok(());
    };
    let text = model.slice(value.range());
    let refusal = |why: &str| {
        Refusal::with_detail(
            &reasons::ARGUMENT,
            value.range(),
            format!("`timeout=`: {why}"),
        )
    };
    let agree = values
        .iter()
        .all(|other| other.is_some_and(|other| model.slice(other.range()) == text));
    let before = model.statement_of(model.id(request.call));
    let parts: &[Expr] = match value {
        Expr::Tuple(tuple) => &tuple.elts,
        other => std::slice::from_ref(other),
    };
    let is_there = parts
        .iter()
        .all(|part| literal::is_plain(part) && client::is_settled(model, part, before));
    if !agree || !is_there {
        return Err(refusal(
            "the request takes it when it is built, and it is not the same there",
        ));
    }
    let argument = match prepared {
        Prepared::BySession(..) => format!(", timeout={text}"),
        Prepared::Alone(_) => {
            let quote = calls::quote(work, request.call)?;
            format!(", extensions={{{quote}timeout{quote}: httpx.Timeout({text}).as_dict()}}")
        }
    };
    let last = calls::last_argument(work, request.call)
        .map_or(request.call.arguments.end() - TextSize::new(1), |last| {
            last.end()
        });
    work.unit
        .edit(Edit::insert(last, request.call.arguments.range(), argument));
    Ok(())
}

/// `session.send(request, timeout=5, allow_redirects=False)`: what is left of it.
pub fn send<'a>(work: &mut Work<'a, '_, '_>, request: &Request<'a>) -> Result<(), Refusal> {
    let Some(arguments) = request.arguments() else {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            request.call.arguments.range(),
            format!("`{}`", work.model.slice(request.call.func.range())),
        ));
    };
    for argument in &arguments {
        match argument.name {
            "request" if argument.keyword.is_none() => {}
            "allow_redirects" => calls::name_it(work, request, argument, "follow_redirects"),
            // The request has it.
            "timeout" => calls::drop_it(work, request, argument)?,
            "verify" if literal::boolean(argument.value) == Some(true) => {
                calls::drop_it(work, request, argument)?;
            }
            "stream" if literal::boolean(argument.value) == Some(false) => {
                calls::drop_it(work, request, argument)?;
            }
            "proxies" | "cert" | "verify" | "stream" if literal::is_none(argument.value) => {
                calls::drop_it(work, request, argument)?;
            }
            _ => return Err(calls::refused(argument)),
        }
    }
    work.unit.await_(request.call)
}

/// Refuses what sends a request that comes from elsewhere. `sent` are the uses that were seen.
pub fn check(work: &Work<'_, '_, '_>) -> Result<(), Refusal> {
    for request in &work.requests {
        if request.verb != Verb::Send {
            continue;
        }
        let argument = request.call.arguments.args.first();
        let is_known = argument.is_some_and(|value| work.sent.contains(&work.model.id(value)));
        if !is_known {
            return Err(refuse(
                request.call.range(),
                "where the request is made that is sent does not show",
            ));
        }
    }
    Ok(())
}

/// `request.url = url`, `request.url += path`.
pub fn store<'a>(work: &mut Work<'a, '_, '_>, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
    let model = work.model;
    let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(model.id(attribute)) else {
        return Err(refuse(attribute.range(), "a request is changed"));
    };
    match attribute.attr.as_str() {
        "url" => {
            work.unit
                .import(ImportRequest::Module("httpx"), model.id(attribute))?;
            work.unit.edit(Edit::surround(
                assign.value.range(),
                "httpx.URL(",
                ")",
                crate::edit::Layer::Outer,
            ));
            Ok(())
        }
        "method" => Ok(()),
        name => Err(refuse(
            attribute.range(),
            format!("`.{name}` of a request is set"),
        )),
    }
}
