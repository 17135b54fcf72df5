//! `responses` -> respx.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprDict, ExprLambda, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::names::Mention;
use super::Work;
use super::answer;
use super::local::USING;
use super::record::Kept;
use super::register::{Answer, Argument, Arguments, FIXTURES, Registration, Request, VERBS};
use super::routes;
use crate::codemod::Refusal;
use crate::edit::{Edit, Piece};
use crate::semantic::flow::{Use, UseKind};
use crate::semantic::{NodeId, Runner, literal};

/// The parameters of `responses.add` and its kin, in order.
const ADD: &[&str] = &["method", "url", "body", "headers"];
const ADD_CALLBACK: &[&str] = &["method", "url", "callback"];

/// The matchers, and what respx calls them.
#[rustfmt::skip]
const MATCHERS: &[(&str, &str)] = &[
    ("header_matcher", "headers"),
    ("json_params_matcher", "json"),
    ("query_param_matcher", "params__eq"),
    ("query_string_matcher", "params__eq"),
    ("urlencoded_params_matcher", "data"),
];

/// Migrates all mentions of responses in a file. Those that it knows are in [`Work::seen`] then.
pub(super) fn migrate<'a>(
    work: &mut Work<'a, '_, '_>,
    mentions: &[Mention],
) -> Result<(), Refusal> {
    for mention in mentions {
        one(work, mention)?;
    }
    for mention in mentions {
        if mention.name == "activate" {
            unanswered(work, mention.node)?;
        }
    }
    // What no registration has taken.
    for mention in mentions {
        let name = mention.name.trim_start_matches("mock.");
        let is_verb = VERBS.contains(&name.to_ascii_lowercase().as_str())
            && name == name.to_ascii_uppercase();
        if is_verb && !is_registered(work, mention.node) && work.seen.insert(mention.node) {
            let range = work.model.nodes.range(mention.node);
            work.rename(range, format!("\"{name}\""));
        }
    }
    Ok(())
}

fn one<'a>(work: &mut Work<'a, '_, '_>, mention: &Mention) -> Result<(), Refusal> {
    let model = work.model;
    let node = mention.node;
    let range = model.nodes.range(node);
    let name = mention.name.trim_start_matches("mock.");
    let call = work.call_of(node);
    let renamed = |work: &mut Work<'a, '_, '_>, range: TextRange, text: &str| {
        work.seen.insert(node);
        work.rename(range, text);
        work.import("respx", node)
    };
    match (name, call) {
        ("activate", None) => match model.nodes.parent_node(node) {
            AnyNodeRef::Decorator(_) => {
                let text = work.activate(model.nodes.parent(node))?;
                renamed(work, range, &text)
            }
            _ => Ok(()),
        },
        ("activate", Some(call)) if call.arguments.is_empty() => {
            match model.nodes.parent_node(model.id(call)) {
                AnyNodeRef::Decorator(_) => {
                    let text = work.activate(model.nodes.parent(model.id(call)))?;
                    renamed(work, call.range(), &text)
                }
                _ => Ok(()),
            }
        }
        ("RequestsMock", Some(call)) => {
            renamed(work, range, "respx.mock")?;
            router(work, call)
        }
        ("calls", None) => {
            let router = work.router_at(node)?;
            renamed(work, range, &format!("{router}.calls"))?;
            work.recorded(node, Kept::Calls)
        }
        ("start" | "stop", Some(call)) if call.arguments.is_empty() => {
            let router = work.router_at(node)?;
            renamed(work, range, &format!("{router}.{name}"))
        }
        ("reset", Some(call)) if call.arguments.is_empty() && work.is_statement(call) => {
            let statement = model.nodes.parent(model.id(call));
            let router = work.router_at(node)?;
            let Some(edits) = model.append(statement, &[format!("{router}.reset()")]) else {
                return Ok(());
            };
            work.unit.edits(edits);
            renamed(work, range, &format!("{router}.clear"))
        }
        (_, Some(call)) => {
            let known = work.registrations.len();
            let router = work.router_at(node)?;
            if method(work, call, name, router)? {
                for registration in &mut work.registrations[known..] {
                    registration.is_of_module = true;
                }
                work.seen.insert(node);
                work.import("respx", node)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A test that registers nothing waits for the error of a request that nothing answers: a ConnectionError, where respx has
/// an AssertionError. It gets a route for all requests, which fails like that.
fn unanswered<'a>(work: &mut Work<'a, '_, '_>, activate: NodeId) -> Result<(), Refusal> {
    let model = work.model;
    let decorator = model.nodes.ancestors(activate).find_map(|at| {
        let is_decorator = matches!(model.nodes.get(at), AnyNodeRef::Decorator(_));
        is_decorator.then(|| model.nodes.parent_node(at))
    });
    let Some(AnyNodeRef::StmtFunctionDef(function)) = decorator else {
        return Ok(());
    };
    // What other functions register would come behind the route, and never answer.
    let is_own = |registration: &Registration<'_>| {
        let runner = model.runner(model.id(registration.call));
        let Runner::Function(index) = runner else {
            return false;
        };
        let other = model.scopes.functions()[index as usize].definition;
        other.is_some_and(|other| other.name.starts_with("test"))
            && !function.range().contains_range(registration.call.range())
    };
    let waits = work.mentions_in(function.range()).any(|mention| {
        let name = mention.name.rsplit('.').next().unwrap_or_default();
        matches!(name, "ConnectionError" | "RequestException")
    });
    if !waits || !work.registrations.iter().all(is_own) {
        return Ok(());
    }
    let is_docstring =
        |stmt: &&Stmt| matches!(stmt, Stmt::Expr(stmt) if stmt.value.is_string_literal_expr());
    let first = function.body.iter().find(|stmt| !is_docstring(stmt));
    let Some(first) = first.map(|stmt| model.id(stmt)) else {
        return Ok(());
    };
    let router = work.router_at(first)?;
    let line = format!("{router}.route().mock(side_effect=httpx.ConnectError)");
    if let Some(edits) = model.hoist(first, &[line]) {
        work.unit.edits(edits);
        work.import("httpx", first)?;
    }
    Ok(())
}

/// What is called on the module or on a router. The answer: whether it is known.
fn method<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ExprCall,
    name: &str,
    router: &str,
) -> Result<bool, Refusal> {
    let model = work.model;
    match name {
        "add" | "add_callback" => register(work, call, None, name == "add_callback", router)?,
        "add_passthru" => {
            let [prefix @ Expr::StringLiteral(_)] = &*call.arguments.args else {
                return Ok(false);
            };
            if !call.arguments.keywords.is_empty() {
                return Ok(false);
            }
            let pieces = vec![
                Piece::text(format!("{router}.route(url__startswith=")),
                Piece::Source(prefix.range()),
                Piece::text(").pass_through()"),
            ];
            work.unit.edit(Edit::pieces(call.range(), pieces));
            work.handled(call.range());
        }
        "assert_call_count" => {
            let ([url, count], []) = (&*call.arguments.args, &*call.arguments.keywords) else {
                return Ok(false);
            };
            let assert = match model.nodes.parent_node(model.id(call)) {
                AnyNodeRef::StmtExpr(_) => "assert ",
                AnyNodeRef::StmtAssert(_) => "",
                _ => return Ok(false),
            };
            let pieces = vec![
                Piece::text(format!("{assert}sum(call.request.url == ")),
                Piece::Source(url.range()),
                Piece::text(format!(" for call in {router}.calls) == ")),
                Piece::Source(count.range()),
            ];
            work.unit.edit(Edit::pieces(call.range(), pieces));
            work.handled(call.range());
        }
        name if VERBS.contains(&name) => register(work, call, Some(name), false, router)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// `RequestsMock(...)`, and all that is done with it.
fn router<'a>(work: &mut Work<'a, '_, '_>, call: &'a ExprCall) -> Result<(), Refusal> {
    let model = work.model;
    if !call.arguments.args.is_empty() {
        return Err(work.refuse(call.range()));
    }
    for keyword in &call.arguments.keywords {
        match keyword.arg.as_ref() {
            Some(name)
                if name.as_str() == "assert_all_requests_are_fired"
                    && literal::boolean(&keyword.value).is_some() =>
            {
                work.unit
                    .edit(Edit::replace(name.range(), "assert_all_called"));
            }
            _ => return Err(work.refuse(keyword.range())),
        }
    }
    if work.local.is_some() {
        let text = match call.arguments.is_empty() {
            true => USING.to_string(),
            false => format!(", {USING}"),
        };
        let last = call.arguments.keywords.last();
        let at = last.map_or(call.arguments.end() - TextSize::new(1), Ranged::end);
        work.unit
            .edit(Edit::insert(at, call.arguments.range(), text));
        work.import("pytest_httpx2", model.id(call))?;
    }
    let flow = model.follow(&[model.id(call)], true);
    for use_ in &flow.uses {
        value(work, use_, 0)?;
    }
    Ok(())
}

/// One use of a router.
fn value<'a>(work: &mut Work<'a, '_, '_>, use_: &Use<'a>, depth: u32) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(use_.node);
    let at = |attribute: &ruff_python_ast::ExprAttribute| {
        model.slice(attribute.value.range()).to_string()
    };
    match use_.kind {
        UseKind::With { .. } | UseKind::Discarded => Ok(()),
        UseKind::Method { attribute, call } => {
            let name = attribute.attr.as_str();
            if matches!(name, "start" | "stop") && call.arguments.is_empty() {
                return Ok(());
            }
            match method(work, call, name, &at(attribute))? {
                true => Ok(()),
                false => Err(work.refuse(call.range())),
            }
        }
        UseKind::Attribute(attribute) => match attribute.attr.as_str() {
            "calls" => work.recorded(model.id(attribute), Kept::Calls),
            name if name == name.to_ascii_uppercase() => {
                // The first argument of a registration, which says the same by its name.
                match model.nodes.parent_node(model.id(attribute)) {
                    AnyNodeRef::Arguments(_) => Ok(()),
                    _ => Err(work.refuse(attribute.range())),
                }
            }
            _ => Err(work.refuse(attribute.range())),
        },
        UseKind::Yielded | UseKind::Returned if depth < FIXTURES => {
            let Runner::Function(index) = model.runner(use_.node) else {
                return Err(work.refuse(range));
            };
            let name = work.fixture(index).ok_or_else(|| work.refuse(range))?;
            for (taker, parameter) in work.takers(&name) {
                let flow = model.follow_in(Runner::Function(taker), &[], &[parameter], true);
                for use_ in &flow.uses {
                    value(work, use_, depth + 1)?;
                }
            }
            Ok(())
        }
        _ => Err(work.refuse(range)),
    }
}

/// `responses.add(responses.GET, url, json=...)`, `responses.get(url, json=...)`.
fn register<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ExprCall,
    verb: Option<&str>,
    is_callback: bool,
    router: &str,
) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = work.refuse(call.range());
    let names = match (verb, is_callback) {
        (Some(_), _) => &ADD[1..],
        (None, true) => ADD_CALLBACK,
        (None, false) => ADD,
    };
    let mut arguments = Arguments::new(call, names).ok_or_else(|| refusal.clone())?;
    let verb = match verb {
        Some(verb) => super::register::Verb::Known(verb.to_string()),
        None => {
            let (expr, _) = arguments.take("method").ok_or_else(|| refusal.clone())?;
            // `responses.add(responses.Response(...))` has no URL of its own.
            work.verb(expr)
        }
    };
    let (url, _) = arguments.take("url").ok_or_else(|| refusal.clone())?;
    let url = work.url(url)?;
    let mut dropped = Vec::new();
    let mut patterns = Vec::new();
    if let Some((value, Some(keyword))) = arguments.take("match") {
        patterns = matchers(work, value)?;
        dropped.push(keyword.range());
    }
    for name in [
        "match_querystring",
        "auto_calculate_content_length",
        "stream",
    ] {
        if let Some((value, Some(keyword))) = arguments.take(name) {
            if name == "match_querystring" && literal::boolean(value).is_none() {
                return Err(work.refuse(keyword.range()));
            }
            dropped.push(keyword.range());
        }
    }
    let kind = arguments.take("content_type");
    let kind = kind.map(|(value, keyword)| Argument {
        name: "content_type",
        value,
        keyword,
    });
    let answer = if is_callback {
        let (function, _) = arguments.take("callback").ok_or_else(|| refusal.clone())?;
        let kind = kind.map_or("\"text/plain\"", |kind| model.slice(kind.value.range()));
        callback(work, function, kind)?;
        Answer::Callback(function)
    } else {
        let mut of_response: Vec<Argument<'a>> = Vec::new();
        of_response.extend(kind);
        let body = arguments.take("body");
        let raised = match body {
            Some((value, _)) => work.exception(value)?,
            None => None,
        };
        if let (Some((value, keyword)), None) = (body, &raised) {
            if work.is_stream(value) {
                return Err(work.refuse(value.range()));
            }
            of_response.push(Argument {
                name: work.body(value, kind.is_some()),
                value,
                keyword,
            });
        }
        for (old, name) in [
            ("json", "json"),
            ("status", "status_code"),
            ("headers", "headers"),
            ("adding_headers", "headers"),
        ] {
            if let Some((value, keyword)) = arguments.take(old) {
                of_response.push(Argument {
                    name,
                    value,
                    keyword,
                });
            }
        }
        match raised {
            Some(text) => Answer::Raise(text),
            None => Answer::Response(of_response),
        }
    };
    if let Some(rest) = arguments.rest() {
        return Err(work.refuse(rest));
    }
    if !work.is_statement(call) {
        work.route_value(call)?;
    }
    let registration = Registration {
        call,
        router: router.to_string(),
        is_of_module: false,
        request: Request {
            verb: Some(verb),
            url: Some(url),
            patterns,
        },
        answer,
        dropped,
    };
    work.registrations.push(registration);
    Ok(())
}

/// `match=[matchers.json_params_matcher({...})]`, as arguments of respx.
fn matchers<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr) -> Result<Vec<String>, Refusal> {
    let model = work.model;
    let elements = match value {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => return Err(work.refuse(value.range())),
    };
    let mut patterns: Vec<String> = Vec::new();
    for element in elements {
        let refusal = work.refuse(element.range());
        let Expr::Call(call) = element else {
            return Err(refusal);
        };
        let meaning = model.meaning(&call.func);
        let name = meaning
            .path()
            .and_then(|path| path.strip_prefix("responses."));
        let name = name.map(|name| name.trim_start_matches("matchers."));
        let row = MATCHERS.iter().find(|(matcher, _)| Some(*matcher) == name);
        let (Some((_, pattern)), [given], []) =
            (row, &*call.arguments.args, &*call.arguments.keywords)
        else {
            return Err(refusal);
        };
        if given.is_starred_expr() || patterns.iter().any(|other| other.starts_with(pattern)) {
            return Err(refusal);
        }
        work.seen.insert(model.id(call.func.as_ref()));
        patterns.push(format!("{pattern}={}", model.slice(given.range())));
    }
    Ok(patterns)
}

/// A function that makes responses: it takes a request, and gives status, headers and body.
fn callback<'a>(
    work: &mut Work<'a, '_, '_>,
    function: &'a Expr,
    kind: &str,
) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = work.refuse(function.range());
    match function {
        Expr::Lambda(lambda) => {
            let parameter = lambda_parameter(lambda).ok_or_else(|| refusal.clone())?;
            let index = model
                .scopes
                .functions()
                .iter()
                .position(|other| other.node == model.id(lambda))
                .ok_or_else(|| refusal.clone())?;
            answered(work, &lambda.body, kind)?;
            let parameter = model.id(parameter);
            work.request_of(Runner::Function(index as u32), parameter)
        }
        Expr::Name(name) => {
            let symbol = model
                .scopes
                .symbol_of(model.id(name))
                .ok_or_else(|| refusal.clone())?;
            let symbol = model.scopes.symbol(symbol);
            let [binding] = symbol.bindings[..] else {
                return Err(refusal);
            };
            let binding = model.scopes.binding(binding);
            let AnyNodeRef::StmtFunctionDef(definition) = model.nodes.get(binding.node) else {
                return Err(refusal);
            };
            let parameters = &definition.parameters;
            let [parameter] = &*parameters.args else {
                return Err(refusal);
            };
            let is_plain = parameters.posonlyargs.is_empty()
                && parameters.kwonlyargs.is_empty()
                && parameters.vararg.is_none()
                && parameters.kwarg.is_none()
                && definition.decorator_list.is_empty();
            // Every use registers it, so that nobody else gets what it gives.
            let others = symbol.references.iter().any(|&at| {
                at != model.id(name)
                    || matches!(model.nodes.parent_node(at), AnyNodeRef::ExprCall(_))
            });
            let index = model
                .scopes
                .functions()
                .iter()
                .position(|other| other.node == model.id(definition));
            let (true, false, Some(index)) = (is_plain, others, index) else {
                return Err(refusal);
            };
            let runner = Runner::Function(index as u32);
            let returns: Vec<&'a Expr> = returns_of(work, definition, runner)?;
            for value in returns {
                answered(work, value, kind)?;
            }
            work.request_of(runner, model.id(&parameter.parameter))
        }
        _ => Err(refusal),
    }
}

fn lambda_parameter(lambda: &ExprLambda) -> Option<&ruff_python_ast::Parameter> {
    let parameters = lambda.parameters.as_deref()?;
    let [parameter] = &*parameters.args else {
        return None;
    };
    let is_plain = parameters.posonlyargs.is_empty()
        && parameters.kwonlyargs.is_empty()
        && parameters.vararg.is_none()
        && parameters.kwarg.is_none();
    is_plain.then_some(&parameter.parameter)
}

/// What the `return` statements of a function give.
fn returns_of<'a>(
    work: &Work<'a, '_, '_>,
    definition: &'a ruff_python_ast::StmtFunctionDef,
    runner: Runner,
) -> Result<Vec<&'a Expr>, Refusal> {
    let model = work.model;
    let mut found = Vec::new();
    for node in model.nodes.subtree(model.id(definition)) {
        if let AnyNodeRef::StmtReturn(statement) = model.nodes.get(node)
            && model.runner(node) == runner
        {
            let value = statement.value.as_deref();
            found.push(value.ok_or_else(|| work.refuse(statement.range()))?);
        }
    }
    match definition.body.last() {
        Some(Stmt::Return(_) | Stmt::Raise(_)) => Ok(found),
        _ => Err(work.refuse(definition.name.range())),
    }
}

/// `(200, {}, body)` -> `httpx.Response(200, headers={...}, content=body)`
fn answered<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr, kind: &str) -> Result<(), Refusal> {
    let model = work.model;
    let Expr::Tuple(tuple) = value else {
        return Err(work.refuse(value.range()));
    };
    let [status, headers, body] = &*tuple.elts else {
        return Err(work.refuse(value.range()));
    };
    if [status, headers, body]
        .iter()
        .any(|part| part.is_starred_expr())
        || model.has_comment(tuple.range())
    {
        return Err(work.refuse(value.range()));
    }
    work.codes(status.range())?;
    let kind = format!("\"Content-Type\": {kind}");
    let headers = match headers {
        Expr::Dict(dict) if names_type(dict) => vec![Piece::Source(headers.range())],
        Expr::Dict(dict) if dict.items.is_empty() => vec![Piece::text(format!("{{{kind}}}"))],
        Expr::Dict(dict) => {
            let open = TextSize::new(1);
            let inside = TextRange::new(dict.start() + open, dict.end() - open);
            vec![
                Piece::text(format!("{{{kind}, ")),
                Piece::Source(inside),
                Piece::text("}"),
            ]
        }
        _ => vec![
            Piece::text(format!("{{{kind}, **")),
            Piece::Source(headers.range()),
            Piece::text("}"),
        ],
    };
    let parts = vec![
        ("", vec![Piece::Source(status.range())]),
        ("headers=", headers),
        ("content=", vec![Piece::Source(body.range())]),
    ];
    let pieces = routes::call(model, tuple.start(), &answer::class(), parts);
    work.import(super::ANSWERS, model.id(tuple))?;
    work.unit.edit(Edit::pieces(tuple.range(), pieces));
    Ok(())
}

/// Whether a verb is an argument of something that registers answers: with a router that is not known here.
fn is_registered(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let model = work.model;
    model.nodes.ancestors(node).take(3).any(|at| {
        matches!(model.nodes.get(at), AnyNodeRef::ExprCall(call) if match &*call.func {
            Expr::Attribute(attribute) => matches!(
                attribute.attr.as_str(),
                "Response" | "CallbackResponse" | "add" | "add_callback" | "remove" | "replace" | "upsert"
            ),
            Expr::Name(name) => matches!(name.id.as_str(), "Response" | "CallbackResponse" | "add" | "add_callback"),
            _ => false,
        })
    })
}

/// Whether headers say the type of the content themselves.
fn names_type(dict: &ExprDict) -> bool {
    dict.items.iter().any(|item| {
        let name = item.key.as_ref().and_then(literal::string);
        name.is_some_and(|name| name.eq_ignore_ascii_case("content-type"))
    })
}

impl<'a> Work<'a, '_, '_> {
    /// The name of the pytest fixture that a function is, if it serves this file only.
    pub(super) fn fixture(&self, index: u32) -> Option<String> {
        let model = self.model;
        let definition = model.scopes.functions().get(index as usize)?.definition?;
        let [decorator] = &*definition.decorator_list else {
            return None;
        };
        let (func, is_named) = match &decorator.expression {
            Expr::Call(call) => (&*call.func, literal::keyword(call, "name").is_some()),
            other => (other, false),
        };
        let is_fixture = model
            .meaning(func)
            .path()
            .is_some_and(|path| matches!(path, "pytest.fixture" | "pytest_asyncio.fixture"));
        let is_shared = model.module.name.rsplit('.').next() == Some("conftest");
        (is_fixture && !is_named && !is_shared).then(|| definition.name.to_string())
    }

    /// The parameters of this name.
    pub(super) fn takers(&self, name: &str) -> Vec<(u32, NodeId)> {
        let model = self.model;
        let mut found = Vec::new();
        for (index, function) in model.scopes.functions().iter().enumerate() {
            let Some(definition) = function.definition else {
                continue;
            };
            let parameters = definition.parameters.iter_non_variadic_params();
            for parameter in parameters {
                if parameter.parameter.name.as_str() == name {
                    found.push((index as u32, model.id(&parameter.parameter)));
                }
            }
        }
        found
    }
}
