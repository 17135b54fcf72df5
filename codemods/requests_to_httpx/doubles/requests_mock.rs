//! `requests_mock` -> respx: the fixture of its pytest plugin, `Mocker` in a `with` statement, and as a decorator.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::names::Mention;
use super::super::values::resolve;
use super::Work;
use super::answer;
use super::record::Kept;
use super::register::{Answer, Argument, Arguments, Registration, Request, Url, VERBS, Verb};
use crate::codemod::Refusal;
use crate::doubles::FIXTURE;
use crate::semantic::flow::{Use, UseKind};
use crate::semantic::{NodeId, Runner, literal};

/// The keywords of an answer, and what `respond` calls them.
const ANSWER: &[(&str, &str)] = &[
    ("content", "content"),
    ("headers", "headers"),
    ("json", "json"),
    ("status_code", "status_code"),
    ("text", "text"),
];

/// Migrates all that a file does with requests_mock. The mentions that it knows are in [`Work::seen`] then.
pub(super) fn migrate<'a>(
    work: &mut Work<'a, '_, '_>,
    mentions: &[Mention],
) -> Result<(), Refusal> {
    let model = work.model;
    // What the plugin fills.
    for (index, parameter) in work.takers(FIXTURE.0) {
        let Some(function) = model.scopes.functions()[index as usize].definition else {
            continue;
        };
        let is_own = model
            .scopes
            .functions()
            .iter()
            .filter_map(|function| function.definition)
            .any(|definition| definition.name.as_str() == FIXTURE.0);
        if is_own || !is_filled(work, function) {
            return Err(work.refuse(model.nodes.range(parameter)));
        }
        rename(work, index, parameter)?;
        let flow = model.follow_in(Runner::Function(index), &[], &[parameter], true);
        for use_ in &flow.uses {
            value(work, use_, FIXTURE.1)?;
        }
    }
    for mention in mentions {
        let node = mention.node;
        let Some(call) = work.call_of(node) else {
            continue;
        };
        if matches!(mention.name.as_str(), "Mocker" | "mock" | "mocker.Mocker") {
            mocker(work, node, call)?;
        }
    }
    // `requests_mock.ANY`, `requests_mock.GET` that no registration has taken, are refused; annotations go with their class.
    for mention in mentions {
        if matches!(mention.name.as_str(), "Mocker" | "mocker.Mocker")
            && is_annotation(work, mention.node)
        {
            work.seen.insert(mention.node);
            let range = model.nodes.range(mention.node);
            work.rename(range, "respx.MockRouter");
            work.import("respx", mention.node)?;
        }
    }
    Ok(())
}

/// Whether pytest fills the parameters of a function: a test or a fixture.
fn is_filled(work: &Work<'_, '_, '_>, function: &ruff_python_ast::StmtFunctionDef) -> bool {
    let model = work.model;
    let is_fixture = function.decorator_list.iter().any(|decorator| {
        let func = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        model
            .meaning(func)
            .path()
            .is_some_and(|path| matches!(path, "pytest.fixture" | "pytest_asyncio.fixture"))
    });
    is_fixture || function.name.starts_with("test")
}

/// Renames a parameter and all that reads it.
fn rename<'a>(work: &mut Work<'a, '_, '_>, index: u32, parameter: NodeId) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = work.refuse(model.nodes.range(parameter));
    let AnyNodeRef::Parameter(declared) = model.nodes.get(parameter) else {
        return Err(refusal);
    };
    let binding = model
        .scopes
        .binding_at(parameter)
        .ok_or_else(|| refusal.clone())?;
    let symbol = model.scopes.binding(binding).symbol;
    let symbol = model.scopes.symbol(symbol);
    if symbol.bindings.len() != 1 {
        return Err(refusal);
    }
    let function = &model.scopes.functions()[index as usize];
    if model.scopes.lookup(function.scope, FIXTURE.1).is_some() {
        return Err(refusal);
    }
    work.rename(declared.name.range(), FIXTURE.1);
    for &reference in &symbol.references {
        work.rename(model.nodes.range(reference), FIXTURE.1);
    }
    Ok(())
}

/// `requests_mock.Mocker(...)`, and all that is done with it.
fn mocker<'a>(
    work: &mut Work<'a, '_, '_>,
    node: NodeId,
    call: &'a ExprCall,
) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = work.refuse(call.range());
    if !call.arguments.is_empty() {
        return Err(refusal);
    }
    work.seen.insert(node);
    work.import("respx", node)?;
    let parent = model.nodes.parent(model.id(call));
    if let AnyNodeRef::Decorator(_) = model.nodes.get(parent) {
        let AnyNodeRef::StmtFunctionDef(function) = model.nodes.parent_node(parent) else {
            return Err(refusal);
        };
        // It comes behind all others.
        let parameter = function
            .parameters
            .args
            .last()
            .ok_or_else(|| refusal.clone())?;
        let is_last =
            function.parameters.vararg.is_none() && function.parameters.kwonlyargs.is_empty();
        let is_only = function.decorator_list.len() == 1;
        let index = model
            .scopes
            .functions()
            .iter()
            .position(|other| other.node == model.id(function));
        let (true, true, Some(index)) = (is_last, is_only, index) else {
            return Err(refusal);
        };
        work.rename(call.range(), "respx.mock");
        work.unit.replaces_decorator(call.range());
        let parameter = model.id(&parameter.parameter);
        rename(work, index as u32, parameter)?;
        let flow = model.follow_in(Runner::Function(index as u32), &[], &[parameter], true);
        for use_ in &flow.uses {
            value(work, use_, FIXTURE.1)?;
        }
        return Ok(());
    }
    let flow = model.follow(&[model.id(call)], true);
    work.rename(call.range(), "respx.mock(assert_all_called=False)");
    for use_ in &flow.uses {
        let router = model.slice(model.nodes.range(use_.node)).to_string();
        value(work, use_, &router)?;
    }
    Ok(())
}

/// One use of a router.
fn value<'a>(work: &mut Work<'a, '_, '_>, use_: &Use<'a>, router: &str) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(use_.node);
    match use_.kind {
        UseKind::With { .. } | UseKind::Discarded => Ok(()),
        UseKind::Method { attribute, call } => match attribute.attr.as_str() {
            "start" | "stop" if call.arguments.is_empty() => Ok(()),
            "register_uri" => register(work, call, None, router),
            name if VERBS.contains(&name) => register(work, call, Some(name), router),
            _ => Err(work.refuse(call.range())),
        },
        UseKind::Attribute(attribute) => match attribute.attr.as_str() {
            "called" | "call_count" => {
                work.tail(attribute, &format!(".calls.{}", attribute.attr));
                Ok(())
            }
            "last_request" => work.last(attribute),
            "request_history" => {
                work.tail(attribute, ".calls");
                work.recorded(model.id(attribute), Kept::History)
            }
            _ => Err(work.refuse(attribute.range())),
        },
        // A fixture that hands it on.
        UseKind::Yielded | UseKind::Returned => {
            let Runner::Function(index) = model.runner(use_.node) else {
                return Err(work.refuse(range));
            };
            let name = work.fixture(index).ok_or_else(|| work.refuse(range))?;
            for (taker, parameter) in work.takers(&name) {
                let flow = model.follow_in(Runner::Function(taker), &[], &[parameter], true);
                for use_ in &flow.uses {
                    value(work, use_, &name)?;
                }
            }
            Ok(())
        }
        _ => Err(work.refuse(range)),
    }
}

/// `m.get(url, json=...)`, `m.register_uri("GET", url, ...)`.
fn register<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ExprCall,
    verb: Option<&str>,
    router: &str,
) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = work.refuse(call.range());
    let names: &[&str] = match verb {
        Some(_) => &["url", "response_list"],
        None => &["method", "url", "response_list"],
    };
    let mut arguments = Arguments::new(call, names).ok_or_else(|| refusal.clone())?;
    let verb = match verb {
        Some(verb) => Some(Verb::Known(verb.to_string())),
        None => {
            let (expr, _) = arguments.take("method").ok_or_else(|| refusal.clone())?;
            match is_any(work, expr) {
                true => None,
                false => Some(work.verb(expr)),
            }
        }
    };
    let (url, _) = arguments.take("url").ok_or_else(|| refusal.clone())?;
    let mut patterns = Vec::new();
    let url = of_url(work, url, &mut patterns)?;
    let mut dropped = Vec::new();
    if let Some((value, Some(keyword))) = arguments.take("request_headers") {
        patterns.push(format!("headers={}", model.slice(value.range())));
        dropped.push(keyword.range());
    }
    let answer = match arguments.take("response_list") {
        Some((list, _)) => Answer::Several(several(work, list)?),
        None => one(work, &mut arguments)?,
    };
    if let Some(rest) = arguments.rest() {
        return Err(work.refuse(rest));
    }
    if !work.is_statement(call) {
        work.route_value(call)?;
    }
    work.registrations.push(Registration {
        call,
        router: router.to_string(),
        is_of_module: false,
        request: Request {
            verb,
            url,
            patterns,
        },
        answer,
        dropped,
    });
    Ok(())
}

/// The answer that keywords describe.
fn one<'a>(
    work: &mut Work<'a, '_, '_>,
    arguments: &mut Arguments<'a>,
) -> Result<Answer<'a>, Refusal> {
    if let Some((value, _)) = arguments.take("exc") {
        return match work.exception(value)? {
            Some(text) => Ok(Answer::Raise(text)),
            None => Err(work.refuse(value.range())),
        };
    }
    let mut found = Vec::new();
    for &(old, name) in ANSWER {
        if let Some((value, keyword)) = arguments.take(old) {
            if is_function(work, value) || work.is_stream(value) {
                return Err(work.refuse(value.range()));
            }
            found.push(Argument {
                name,
                value,
                keyword,
            });
        }
    }
    Ok(Answer::Response(found))
}

/// `[{"json": ...}, {"exc": ...}]`
fn several<'a>(work: &mut Work<'a, '_, '_>, list: &'a Expr) -> Result<Vec<String>, Refusal> {
    let model = work.model;
    let indent = format!(
        "{}{}",
        model.line_indent(list.start()),
        model.indent_unit().repeat(2)
    );
    let Expr::List(elements) = list else {
        return Err(work.refuse(list.range()));
    };
    let mut found = Vec::new();
    for element in &elements.elts {
        let refusal = work.refuse(element.range());
        let Expr::Dict(dict) = element else {
            return Err(refusal);
        };
        let mut parts: Vec<Argument<'a>> = Vec::new();
        let mut raised = None;
        for item in &dict.items {
            let key = item.key.as_ref().and_then(literal::string);
            if key == Some("exc") {
                raised = work.exception(&item.value)?;
                continue;
            }
            let row = ANSWER.iter().find(|(old, _)| Some(*old) == key);
            let Some(&(_, name)) = row.filter(|_| !is_function(work, &item.value)) else {
                return Err(refusal);
            };
            if work.mentions_in(item.value.range()).next().is_some() {
                return Err(refusal);
            }
            parts.push(Argument {
                name,
                value: &item.value,
                keyword: None,
            });
        }
        found.push(match raised {
            Some(text) if parts.is_empty() => text,
            Some(_) => return Err(refusal),
            None => answer::response(work, &parts, &indent),
        });
    }
    Ok(found)
}

/// The URL of a registration: requests_mock takes paths, and a query that others may add to.
fn of_url<'a>(
    work: &mut Work<'a, '_, '_>,
    expr: &'a Expr,
    patterns: &mut Vec<String>,
) -> Result<Option<Url<'a>>, Refusal> {
    if is_any(work, expr) {
        return Ok(None);
    }
    let mut url = work.url(expr)?;
    if let Expr::StringLiteral(literal) = expr
        && let Some(query) = query_of(work.model.slice(expr.range()))
        && literal.value.iter().count() == 1
    {
        let at = |offset: usize| expr.start() + TextSize::new(offset as u32);
        let without = TextRange::new(at(query.start), at(query.end));
        let text = &work.model.slice(expr.range())[query.start + 1..query.end];
        patterns.push(format!("params=\"{text}\""));
        url.without = Some(without);
        let text = &literal.value.to_str();
        if text.starts_with('/') && !text.starts_with("//") {
            url.name = "path=";
        }
        return match text.starts_with("//") {
            true => Err(work.refuse(expr.range())),
            false => Ok(Some(url)),
        };
    }
    let text = match resolve(work.model, expr) {
        Expr::StringLiteral(text) => Some(text.value.to_str()),
        Expr::FString(_) | Expr::BinOp(_) => {
            work.model.slice(expr.range()).contains('?').then_some("?")
        }
        _ => None,
    };
    if text.is_some_and(|text| text.contains('?') || text.starts_with("//")) {
        return Err(work.refuse(expr.range()));
    }
    if text.is_some_and(|text| text.starts_with('/')) {
        url.name = "path=";
    }
    Ok(Some(url))
}

/// The query in the source of a plain string, with its `?`.
fn query_of(source: &str) -> Option<std::ops::Range<usize>> {
    let is_plain = source.starts_with(['"', '\''])
        && !source.contains(['\\', '#'])
        && !source.starts_with("\"\"\"");
    let start = source.find('?').filter(|_| is_plain)?;
    let end = source.len() - 1;
    (start + 1 < end && !source[start + 1..end].contains(['"', '?'])).then_some(start..end)
}

/// `requests_mock.ANY`
fn is_any(work: &mut Work<'_, '_, '_>, expr: &Expr) -> bool {
    let is_any = work
        .model
        .meaning(expr)
        .path()
        .is_some_and(|path| matches!(path, "requests_mock.ANY" | "requests_mock.adapter.ANY"));
    if is_any {
        work.seen.insert(work.model.id(expr));
    }
    is_any
}

/// Whether a value is a function that makes the answer.
fn is_function(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    let model = work.model;
    match value {
        Expr::Lambda(_) => true,
        Expr::Name(name) => model
            .scopes
            .symbol_of(model.id(name))
            .is_some_and(|symbol| {
                model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
                    matches!(
                        model.scopes.binding(binding).kind,
                        crate::semantic::BindingKind::Function
                    )
                })
            }),
        _ => false,
    }
}

/// Whether a class stands in the annotation of a parameter.
fn is_annotation(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    matches!(work.model.nodes.parent_node(node), AnyNodeRef::Parameter(_))
}
