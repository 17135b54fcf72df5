//! `requests` -> `httpx.AsyncClient`.
//!
//! Everything that one function does with requests is one unit: calls, sessions, their responses, and the clauses that
//! catch their errors. It is taken whole or left whole, at the first thing that is not known to be the same.
//!
//! Sources: <https://www.python-httpx.org/compatibility/>, <https://www.python-httpx.org/async/>, and the source of
//! requests 2.34 and httpx 0.28, compared by running both.

mod auth;
mod calls;
mod client;
mod codes;
mod containers;
mod exceptions;
mod facts;
mod names;
mod reasons;
mod response;
mod session;
mod values;
mod work;

use ruff_python_ast::{AnyNodeRef, ExprCall, Stmt};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use self::calls::Request;
use self::client::Options;
use self::facts::Facts;
use self::names::{Kind, Mention};
use self::work::{Unit, Work};
use crate::codemod::{
    AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder,
};
use crate::python::PythonVersion;
use crate::semantic::{NodeId, Runner};
use crate::unit::{Dependency, ImportRequest};
use crate::{colour, solve};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "requests_to_httpx",
    summary: "requests in async functions -> httpx.AsyncClient",
    readme: include_str!("README.md"),
    triggers: &["requests"],
    role: Role::Seed,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[
        "\"requests.",
        "'requests.",
        "(requests, ",
        "import responses",
        "from responses",
        "requests_mock",
        "httpretty",
        "vcr.use_cassette",
    ],
    reasons: reasons::REASONS,
    run,
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    if let Some(statement) = star_import(context) {
        context.skip(statement, &reasons::STAR_IMPORT, None);
        return;
    }
    let mentions = names::mentions(model);
    if mentions.is_empty() {
        return;
    }
    let facts = Facts::new(model, &mentions);
    outside_functions(context, &mentions);
    parameters(context, &mentions);
    // By function, in the order of their first mention.
    let mut order: Vec<u32> = Vec::new();
    let mut by_function: FxHashMap<u32, Vec<Mention>> = FxHashMap::default();
    for mention in &mentions {
        if let Runner::Function(index) = mention.runner {
            let own = by_function.entry(index).or_default();
            if own.is_empty() {
                order.push(index);
            }
            own.push(mention.clone());
        }
    }
    for index in order {
        let runner = Runner::Function(index);
        let own = by_function.remove(&index).unwrap_or_default();
        let candidate = own.iter().find(|mention| {
            matches!(
                names::kind(model, mention),
                Kind::Request(..) | Kind::VerbValue | Kind::Session(_)
            )
        });
        let Some(candidate) = candidate else {
            continue;
        };
        let anchor = model.nodes.range(candidate.node);
        let result = unit(context, &facts, runner, &mentions, &own);
        context.report(anchor, result);
    }
}

/// `from requests import *`.
fn star_import(context: &Context<'_, '_>) -> Option<ruff_text_size::TextRange> {
    context
        .model
        .parsed
        .syntax()
        .body
        .iter()
        .find_map(|stmt| match stmt {
            Stmt::ImportFrom(import)
                if import.level == 0
                    && import.module.as_ref().is_some_and(|module| {
                        module.as_str() == "requests" || module.starts_with("requests.")
                    })
                    && import.names.iter().any(|alias| alias.name.as_str() == "*") =>
            {
                Some(import.range())
            }
            _ => None,
        })
}

/// Requests and sessions that no function runs.
fn outside_functions(context: &mut Context<'_, '_>, mentions: &[Mention]) {
    let model = context.model;
    for mention in mentions {
        let reason = match (mention.runner, names::kind(model, mention)) {
            (Runner::Module, Kind::Session(_)) => &reasons::SESSION_GLOBAL,
            (Runner::Module, Kind::Request(..)) => &solve::MODULE_LEVEL,
            (Runner::Class, Kind::Session(_) | Kind::Request(..)) => &colour::CLASS_BODY,
            _ => continue,
        };
        context.skip(model.nodes.range(mention.node), reason, None);
    }
}

/// Sessions that come in as parameters.
fn parameters(context: &mut Context<'_, '_>, mentions: &[Mention]) {
    let model = context.model;
    for mention in mentions {
        if mention.name != "Session" {
            continue;
        }
        let parameter = model
            .nodes
            .ancestors(mention.node)
            .take_while(|&at| !model.nodes.get(at).is_statement())
            .find(|&at| matches!(model.nodes.get(at), AnyNodeRef::Parameter(_)));
        if let Some(parameter) = parameter {
            let range = model.nodes.range(parameter);
            context.skip(range, &reasons::SESSION_PARAMETER, None);
        }
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    facts: &Facts,
    runner: Runner,
    all: &[Mention],
    own: &[Mention],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut requests: Vec<Request<'a>> = Vec::new();
    let mut sessions: Vec<&'a ExprCall> = Vec::new();
    for mention in own {
        let range = model.nodes.range(mention.node);
        let name = || format!("`{}`", model.slice(range));
        if mention.is_ambiguous {
            return Err(Refusal::with_detail(&AMBIGUOUS_BINDING, range, name()));
        }
        match names::kind(model, mention) {
            Kind::Request(verb, call) => requests.push(Request {
                verb,
                call,
                is_session: false,
            }),
            Kind::Session(call) => sessions.push(call),
            Kind::VerbValue => return Err(Refusal::with_detail(&USED_AS_VALUE, range, name())),
            Kind::Raised => return Err(Refusal::with_detail(&reasons::RAISES, range, name())),
            Kind::ExceptionValue => {
                return Err(Refusal::with_detail(&reasons::EXCEPTION_USE, range, name()));
            }
            Kind::Other => {
                return Err(Refusal::with_detail(
                    &reasons::NO_COUNTERPART,
                    range,
                    name(),
                ));
            }
            Kind::Caught | Kind::Code | Kind::Auth | Kind::Annotation | Kind::Helper => {}
        }
    }
    if let Some(double) = facts.double {
        return Err(Refusal {
            reason: &reasons::MOCKED,
            range: None,
            detail: Some(format!(
                "`{}` in line {}",
                model.slice(double),
                facts::line_of(model, double)
            )),
        });
    }
    let anchor = requests
        .iter()
        .map(|request| request.call)
        .chain(sessions.iter().copied())
        .min_by_key(|call| call.start());
    let Some(anchor) = anchor else {
        return Err((&reasons::NO_COUNTERPART).into());
    };
    let anchor_id = model.id(anchor);
    if let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(function_node(context, runner)) {
        return Err(Refusal::at(&colour::LAMBDA, lambda.range()));
    }
    let mut work = Work {
        model,
        facts,
        runner,
        mentions: all,
        unit: Unit::new(context.unit(anchor.range())),
        context,
        client: client::name(model, &requests),
        options: Options::new(context.settings, &requests),
        requests,
        sites: Vec::new(),
        done: Vec::new(),
    };
    let parts = session::collect(&mut work, &sessions)?;
    let mut blocks = session::lives(&mut work, &sessions)?;
    let requests = work.requests.clone();
    for request in &requests {
        calls::rewrite(&mut work, request)?;
    }
    session::attributes(&mut work, &parts)?;
    responses_and_exceptions(&mut work)?;
    blocks.extend(client::block(&work)?);
    client::write(&mut work, blocks)?;
    plain_mentions(&mut work, own)?;
    finish(&mut work, anchor_id)?;
    Ok(work.unit.finish())
}

fn function_node(context: &Context<'_, '_>, runner: Runner) -> NodeId {
    match runner {
        Runner::Function(index) => context.model.scopes.functions()[index as usize].node,
        Runner::Module | Runner::Class => crate::semantic::Nodes::ROOT,
    }
}

/// Responses show where errors are raised; clauses round those hold responses again (`e.response`).
fn responses_and_exceptions(work: &mut Work<'_, '_, '_>) -> Result<(), Refusal> {
    let model = work.model;
    let origins = work.request_nodes();
    let conditional = response::needs_guard(work);
    let guarded: Vec<NodeId> = work
        .requests
        .iter()
        .filter(|request| conditional || !request.follows_redirects())
        .map(|request| model.id(request.call))
        .collect();
    work.sites = origins.clone();
    response::migrate(work, &origins, &guarded)?;
    let mut seen: Vec<NodeId> = Vec::new();
    loop {
        let around = exceptions::around(work, &seen);
        if around.is_empty() {
            break;
        }
        seen.extend(&around);
        let mut responses = Vec::new();
        for node in around {
            responses.extend(exceptions::migrate(work, node)?);
        }
        if !responses.is_empty() {
            response::migrate(work, &responses, &[])?;
        }
    }
    facts::check_catchers(work, &seen)
}

/// Status codes and annotations.
fn plain_mentions(work: &mut Work<'_, '_, '_>, own: &[Mention]) -> Result<(), Refusal> {
    let model = work.model;
    for mention in own {
        if work.done.contains(&mention.node) {
            continue;
        }
        let range = model.nodes.range(mention.node);
        match names::kind(model, mention) {
            Kind::Code => {
                let name = mention.name.trim_start_matches("codes.");
                let Some(text) = codes::replacement(name) else {
                    return Err(Refusal::with_detail(
                        &reasons::NO_COUNTERPART,
                        range,
                        work.quoted(range),
                    ));
                };
                work.unit.rename(mention.node, text);
            }
            Kind::Annotation => {
                let class = if mention.name == "Response" {
                    "httpx.Response"
                } else {
                    "httpx.AsyncClient"
                };
                work.unit.rename(mention.node, class);
            }
            Kind::Auth => {
                return Err(Refusal::with_detail(
                    &reasons::AUTH,
                    range,
                    work.quoted(range),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Imports, dependencies and what the user should know.
fn finish(work: &mut Work<'_, '_, '_>, anchor: NodeId) -> Result<(), Refusal> {
    work.unit.import(ImportRequest::Module("httpx"), anchor)?;
    work.unit.stops_raising("requests");
    work.unit.dependency(Dependency::Add("httpx"));
    work.unit.dependency(Dependency::MayDrop("requests"));
    let range = work.model.nodes.range(anchor);
    if work.options.is_idiomatic {
        work.unit.unsafe_because(
            range,
            "a client with the defaults of httpx gives up after 5 seconds and follows no redirects",
        );
    }
    let count = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .count();
    if count > 1 {
        work.unit.note(
            range,
            "the requests share one client, and with it the cookies that a server sets",
        );
    }
    Ok(())
}
