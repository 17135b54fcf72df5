//! Mocks in the place of functions of requests: `patch("requests.get")`, `monkeypatch.setattr(requests, "get", fake)`.
//!
//! What is patched is the method of the client that the code calls after its migration. `patch` gives a coroutine function
//! an `AsyncMock`, whose result would be another one, so it gets a plain mock as its result. A mock that is put in place is
//! an attribute of the class and is not bound, so that it gets the arguments that it got before.
//!
//! A mock tells the arguments of a call and the names of a response apart: see
//! [`crate::codemod::UnitBuilder::reshapes`].

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, Keyword};
use ruff_text_size::{Ranged, TextRange};

use super::super::facts;
use super::super::names::{self, Kind};
use super::{Work, started};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer};
use crate::semantic::{NodeId, Runner, literal};
use crate::unit::{ImportRequest, OfCalls, Told};

/// The methods of a client that can be patched.
const METHODS: &[&str] = &[
    "delete", "get", "head", "options", "patch", "post", "put", "request",
];

/// The keywords of `patch` that say what its mock gives.
const RESULTS: &[&str] = &["return_value", "side_effect"];

/// What one may do with a mock of a function.
const MEMBERS: &[&str] = &[
    "assert_any_call",
    "assert_called",
    "assert_called_once",
    "assert_called_once_with",
    "assert_called_with",
    "assert_has_calls",
    "assert_not_called",
    "call_args",
    "call_args_list",
    "call_count",
    "called",
    "return_value",
    "side_effect",
];

/// How a call puts a double in place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patcher {
    /// `patch`, `mocker.patch`
    Patch,
    /// `monkeypatch.setattr`
    SetAttribute,
}

/// Migrates one double: the string or the mention that names what it replaces. The answer: what it sees of the calls, and
/// what it is told of the responses.
pub(super) fn migrate<'a>(
    work: &mut Work<'a, '_, '_>,
    double: TextRange,
) -> Result<OfCalls, Refusal> {
    let model = work.model;
    let refusal = work.refuse(double);
    let named = model.nodes.all().find(|&node| {
        model.nodes.range(node) == double
            && matches!(model.nodes.parent_node(node), AnyNodeRef::Arguments(_))
    });
    let node = named.ok_or_else(|| refusal.clone())?;
    let arguments = model.nodes.parent(node);
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(arguments) else {
        return Err(refusal);
    };
    if literal::has_starred(call)
        || call.arguments.args.first().map(|first| model.id(first)) != Some(node)
    {
        return Err(refusal);
    }
    let (patcher, is_object) = patcher(work, call).ok_or_else(|| refusal.clone())?;
    let first = &call.arguments.args[0];
    let position = match first {
        Expr::StringLiteral(text) if !is_object => {
            let method = method(text.value.to_str()).ok_or_else(|| refusal.clone())?;
            let quote = &model.slice(text.range())[..1];
            if !matches!(quote, "\"" | "'") {
                return Err(refusal);
            }
            work.rename(
                text.range(),
                format!("{quote}httpx.AsyncClient.{method}{quote}"),
            );
            1
        }
        _ if is_object => {
            let of_module = match first {
                Expr::Attribute(attribute) => facts::requests_of_module(model, attribute),
                _ => None,
            };
            let is_known = match (work.mention(first), of_module) {
                (Some(mention), _) => matches!(mention.name.as_str(), "" | "api" | "Session"),
                (None, of_module) => of_module.is_some(),
            };
            let attribute = call.arguments.args.get(1).and_then(literal::string);
            if !is_known || !attribute.is_some_and(|name| METHODS.contains(&name)) {
                return Err(refusal);
            }
            work.handled(double);
            match of_module {
                // The name of the module stays in use, or its import is harmless.
                Some(_) => work.rename(double, "httpx.AsyncClient"),
                None => {
                    work.done.insert(node);
                    work.unit.rename(node, "httpx.AsyncClient");
                }
            }
            work.import("httpx", node)?;
            2
        }
        _ => return Err(refusal),
    };
    work.handled(call.range());
    let given = call.arguments.args.get(position);
    let new = given.or_else(|| {
        ["new", "value"]
            .iter()
            .find_map(|name| literal::keyword(call, name))
            .map(|keyword| &keyword.value)
    });
    let others: Vec<&Keyword> = call
        .arguments
        .keywords
        .iter()
        .filter(|keyword| {
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            !RESULTS.contains(&name) && !matches!(name, "new" | "value" | "name" | "raising")
        })
        .collect();
    if let Some(other) = others.first() {
        return Err(work.refuse(other.range()));
    }
    // In httpx, `get` and the others hand all that a request can be told on to `request`.
    let is_general = model.slice(first.range()).contains("request\"")
        || model.slice(first.range()).contains("request'")
        || is_object && call.arguments.args.get(1).and_then(literal::string) == Some("request");
    let says = match new {
        Some(Expr::Call(mock)) => Some(mock),
        Some(_) => None,
        None => Some(call),
    };
    let mut sees_arguments = says.is_none_or(|call| has_effect(work, call));
    let mut told = Told::ALL;
    let result = says.and_then(|call| literal::keyword(call, "return_value"));
    let effect = says.and_then(|call| literal::keyword(call, "side_effect"));
    match (result, effect) {
        (_, Some(effect)) => told &= work.told_in_turn(&effect.value),
        (Some(result), None) => told &= work.told(&result.value),
        (None, None) if new.is_some() => told = Told::NOTHING,
        (None, None) => {}
    }
    match (patcher, new) {
        (_, Some(_)) if is_general => return Err(refusal),
        (_, Some(new)) => replacement(work, new)?,
        (Patcher::SetAttribute, None) => return Err(refusal),
        (Patcher::Patch, None) => {
            let mock = mock(work, call, is_general, result.or(effect).is_some())?;
            sees_arguments |= mock.sees_arguments;
            told &= mock.told;
        }
    }
    Ok(OfCalls {
        sees_arguments,
        told,
    })
}

/// Maps the exceptions that mocks raise, and refuses what else of requests the doubles of a file use.
pub(super) fn exceptions<'a>(work: &mut Work<'a, '_, '_>) -> Result<(), Refusal> {
    let model = work.model;
    let all: Vec<(NodeId, bool, bool)> = work
        .requests
        .iter()
        .filter(|mention| !work.done.contains(&mention.node))
        .map(|mention| {
            let kind = names::kind(model, mention);
            let is_other = matches!(kind, Kind::Other | Kind::VerbValue);
            (mention.node, matches!(kind, Kind::ExceptionValue), is_other)
        })
        .collect();
    for (node, is_exception, is_other) in all {
        let range = model.nodes.range(node);
        if is_other {
            return Err(work.refuse(range));
        }
        if !is_exception || !is_effect(work, node) {
            continue;
        }
        let call = work.call_of(node);
        let expr = call.map_or(range, Ranged::range);
        let text = effect(work, node, call)?;
        work.unit.edit(Edit::replace(expr, text));
        work.import("httpx", node)?;
    }
    Ok(())
}

/// The exception of httpx that takes the place of one, as text.
fn effect<'a>(
    work: &mut Work<'a, '_, '_>,
    node: NodeId,
    call: Option<&'a ExprCall>,
) -> Result<String, Refusal> {
    let range = work.model.nodes.range(node);
    let refusal = work.refuse(range);
    let mention = work.requests.iter().find(|mention| mention.node == node);
    let name = mention.ok_or_else(|| refusal.clone())?.name.clone();
    let text = super::answer::raised(work, &name, call).ok_or(refusal)?;
    work.done.insert(node);
    work.unit.release(node);
    Ok(text)
}

/// Whether an exception is what a mock raises: `side_effect=...`, `mock.side_effect = ...`.
fn is_effect(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let model = work.model;
    model.nodes.ancestors(node).any(|at| {
        match model.nodes.get(at) {
        AnyNodeRef::Keyword(keyword) => keyword
            .arg
            .as_ref()
            .is_some_and(|name| name.ends_with("side_effect")),
        AnyNodeRef::StmtAssign(assign) => assign.targets.iter().any(|target| {
            matches!(target, Expr::Attribute(attribute) if attribute.attr.as_str() == "side_effect")
        }),
        _ => false,
    }
    })
}

/// `patch`, `patch.object`, `mocker.patch`, `monkeypatch.setattr`: how, and whether an object and a name are given.
fn patcher(work: &Work<'_, '_, '_>, call: &ExprCall) -> Option<(Patcher, bool)> {
    let is_string = matches!(call.arguments.args.first(), Some(Expr::StringLiteral(_)));
    match work.model.meaning(&call.func).path() {
        Some("unittest.mock.patch" | "mock.patch") => return Some((Patcher::Patch, false)),
        Some("unittest.mock.patch.object" | "mock.patch.object") => {
            return Some((Patcher::Patch, true));
        }
        _ => {}
    }
    match work.model.slice(call.func.range()) {
        "mocker.patch" => Some((Patcher::Patch, false)),
        "mocker.patch.object" => Some((Patcher::Patch, true)),
        "monkeypatch.setattr" => Some((Patcher::SetAttribute, !is_string)),
        _ => None,
    }
}

/// The method of a client that a dotted path below requests becomes: `get` of `pkg.mod.requests.get`.
fn method(path: &str) -> Option<&str> {
    let (before, below) = path.split_once("requests.")?;
    if !before.is_empty() && !before.ends_with('.') {
        return None;
    }
    let name = ["api.", "sessions.Session.", "Session."]
        .iter()
        .find_map(|part| below.strip_prefix(part))
        .unwrap_or(below);
    METHODS.contains(&name).then_some(name)
}

/// What is put in place: a function becomes what an `AsyncMock` calls, a mock becomes one.
fn replacement<'a>(work: &mut Work<'a, '_, '_>, new: &'a Expr) -> Result<(), Refusal> {
    let model = work.model;
    let at = model.id(new);
    let mock = ImportRequest::Name {
        module: "unittest.mock",
        name: "AsyncMock",
    };
    match new {
        Expr::Call(call) => {
            let is_mock = model.meaning(&call.func).path().is_some_and(|path| {
                matches!(path, "unittest.mock.Mock" | "unittest.mock.MagicMock")
            });
            let says = RESULTS
                .iter()
                .any(|name| literal::keyword(call, name).is_some());
            if !is_mock || !says || !call.arguments.args.is_empty() {
                return Err(work.refuse(new.range()));
            }
            let func = model.id(call.func.as_ref());
            work.unit.import(mock, at)?;
            work.unit.rename(func, "AsyncMock");
            Ok(())
        }
        Expr::Lambda(_) => wrapped(work, new, mock),
        Expr::Name(name) => {
            let symbol = model.scopes.symbol_of(model.id(name));
            let is_function = symbol.is_some_and(|symbol| {
                let bindings = &model.scopes.symbol(symbol).bindings;
                !bindings.is_empty()
                    && bindings.iter().all(|&binding| {
                        let node = model.scopes.binding(binding).node;
                        matches!(model.nodes.get(node), AnyNodeRef::StmtFunctionDef(function) if !function.is_async)
                    })
            });
            match is_function {
                true => wrapped(work, new, mock),
                false => Err(work.refuse(new.range())),
            }
        }
        _ => Err(work.refuse(new.range())),
    }
}

fn wrapped<'a>(
    work: &mut Work<'a, '_, '_>,
    new: &'a Expr,
    mock: ImportRequest,
) -> Result<(), Refusal> {
    work.unit.import(mock, work.model.id(new))?;
    let edit = Edit::surround(new.range(), "AsyncMock(side_effect=", ")", Layer::Wrap);
    work.unit.edit(edit);
    Ok(())
}

/// Whether a call says by a keyword that a function makes what its mock gives.
fn has_effect(work: &Work<'_, '_, '_>, call: &ExprCall) -> bool {
    let effect = literal::keyword(call, "side_effect");
    effect.is_some_and(|keyword| may_be_function(work, &keyword.value))
}

/// Whether what a `side_effect` is set to may be a function, which gets the arguments of the call.
pub(super) fn may_be_function(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    match value {
        Expr::List(_) | Expr::Tuple(_) | Expr::NoneLiteral(_) => false,
        Expr::Call(call) => !is_exception(work, &call.func),
        other => !is_exception(work, other),
    }
}

/// Whether the name of a class says that it is one of exceptions.
fn is_exception(work: &Work<'_, '_, '_>, class: &Expr) -> bool {
    let name = match class {
        _ if work.mention(class).is_some() => return true,
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    name.starts_with(char::is_uppercase) && (name.ends_with("Error") || name.ends_with("Exception"))
}

/// A mock that `patch` makes: it gets a plain mock as its result where nothing says what it gives. `is_told` says that its
/// call says what it gives.
fn mock<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ExprCall,
    is_general: bool,
    is_told: bool,
) -> Result<OfCalls, Refusal> {
    let model = work.model;
    let started = started::find(work, call)?;
    let (references, tests) = match started {
        Some(started) => (started.references, started.tests),
        None => (references(work, call)?, None),
    };
    let start = model.runner(model.id(call));
    let mut seen = false;
    let mut told = Told::ALL;
    let mut given: Vec<Runner> = Vec::new();
    let mut says = RESULTS
        .iter()
        .any(|name| literal::keyword(call, name).is_some());
    for (number, &reference) in references.iter().enumerate() {
        let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(reference) else {
            return Err(work.refuse(model.nodes.range(reference)));
        };
        let name = attribute.attr.as_str();
        let sees_arguments =
            name.starts_with("call_args") || name.ends_with("with") || name.ends_with("calls");
        seen |= sees_arguments || name == "assert_any_call";
        let assigned = match model.nodes.parent_node(model.id(attribute)) {
            AnyNodeRef::StmtAssign(assign) if attribute.ctx == ExprContext::Store => {
                Some(&*assign.value)
            }
            _ => None,
        };
        match (name, assigned) {
            ("side_effect", Some(value)) => {
                seen |= may_be_function(work, value);
                told &= work.told_in_turn(value);
                given.push(model.runner(reference));
            }
            ("side_effect", None) => {
                seen = true;
                told = Told::NOTHING;
            }
            ("return_value", Some(value)) => {
                told &= work.told(value);
                given.push(model.runner(reference));
            }
            _ => {}
        }
        if !MEMBERS.contains(&name)
            || is_general && (sees_arguments || matches!(name, "assert_any_call" | "side_effect"))
        {
            return Err(work.refuse(attribute.range()));
        }
        says |= number == 0
            && (tests.is_none() || model.runner(reference) == start)
            && RESULTS.contains(&name)
            && attribute.ctx == ExprContext::Store;
    }
    if !says {
        let at = model.id(call);
        let mock = ImportRequest::Name {
            module: "unittest.mock",
            name: "MagicMock",
        };
        work.unit.import(mock, at)?;
        let last = call.arguments.keywords.last().map(Ranged::end);
        let last = last.or_else(|| call.arguments.args.last().map(Ranged::end));
        let end = last.unwrap_or(call.arguments.end());
        let text = ", return_value=MagicMock()";
        work.unit
            .edit(Edit::insert(end, call.arguments.range(), text));
    }
    match tests {
        None if !is_told && given.is_empty() => told = work.told_of_result(&references),
        None => {}
        // What one test tells its mock is not known to the mock of another one.
        Some(tests) => {
            let of = |runner: Runner| -> Vec<NodeId> {
                let all = references.iter().copied();
                all.filter(|&node| model.runner(node) == runner).collect()
            };
            let first = match is_told || given.contains(&start) {
                true => told,
                false => work.told_of_result(&of(start)),
            };
            for test in tests {
                if !given.contains(&test) {
                    let own = work.told_of_result(&of(test));
                    told &= first | own;
                }
            }
        }
    }
    Ok(OfCalls {
        sees_arguments: seen,
        told,
    })
}

/// The uses of the name that the mock gets.
fn references<'a>(work: &Work<'a, '_, '_>, call: &'a ExprCall) -> Result<Vec<NodeId>, Refusal> {
    let model = work.model;
    let refusal = work.refuse(call.range());
    let node = model.id(call);
    let of = |binding: NodeId| -> Result<Vec<NodeId>, Refusal> {
        let binding = model
            .scopes
            .binding_at(binding)
            .ok_or_else(|| refusal.clone())?;
        let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
        let mut references = symbol.references.clone();
        references.sort_unstable();
        Ok(references)
    };
    match model.nodes.parent_node(node) {
        AnyNodeRef::WithItem(item) => match item.optional_vars.as_deref() {
            None => Ok(Vec::new()),
            // Behind the block it still tells what it has seen, until the name gets something else.
            Some(Expr::Name(name)) => {
                let bound = model.id(name);
                let start = model.nodes.range(bound).start();
                let mut references = of(bound)?;
                let symbol = model.scopes.symbol_of(bound);
                let others = symbol.map(|symbol| &model.scopes.symbol(symbol).bindings);
                let next = others.into_iter().flatten().filter_map(|&binding| {
                    let at = model.scopes.binding(binding).node;
                    let is_own = model.runner(at) == model.runner(bound);
                    Some(model.nodes.range(at).start()).filter(|at| is_own && *at > start)
                });
                let end = next.min();
                references.retain(|&at| {
                    let at = model.nodes.range(at).start();
                    at > start && end.is_none_or(|end| at < end)
                });
                Ok(references)
            }
            Some(_) => Err(refusal),
        },
        AnyNodeRef::Decorator(_) => {
            let decorator = model.nodes.parent(node);
            let AnyNodeRef::StmtFunctionDef(function) = model.nodes.parent_node(decorator) else {
                return Err(refusal);
            };
            let mut before = 0;
            for other in function.decorator_list.iter().rev() {
                if other.range().contains_range(call.range()) {
                    break;
                }
                if let Expr::Call(other) = &other.expression {
                    before += usize::from(gives_mock(work, other));
                }
            }
            let is_method = matches!(
                model.nodes.parent_node(model.id(function)),
                AnyNodeRef::StmtClassDef(_)
            );
            let parameter = function
                .parameters
                .args
                .get(before + usize::from(is_method));
            let parameter = parameter.ok_or_else(|| refusal.clone())?;
            of(model.id(&parameter.parameter))
        }
        AnyNodeRef::StmtExpr(_) if model.slice(call.func.range()).starts_with("mocker.") => {
            Ok(Vec::new())
        }
        AnyNodeRef::StmtAssign(assign) if model.slice(call.func.range()).starts_with("mocker.") => {
            match &assign.targets[..] {
                [Expr::Name(name)] => of(model.id(name)),
                _ => Err(refusal),
            }
        }
        _ => Err(refusal),
    }
}

/// Whether a decorator fills a parameter with a mock.
fn gives_mock(work: &Work<'_, '_, '_>, call: &ExprCall) -> bool {
    let has_new = literal::keyword(call, "new").is_some();
    match work.model.meaning(&call.func).path() {
        Some("unittest.mock.patch" | "mock.patch") => !has_new && call.arguments.args.len() < 2,
        Some("unittest.mock.patch.object" | "mock.patch.object") => {
            !has_new && call.arguments.args.len() < 3
        }
        _ => false,
    }
}
