//! Hooks: `session.hooks["response"].append(log)` and `hooks={"response": log}` (HTTP.md, section 4).
//!
//! Both call their hooks for each response, those of redirects included. One of httpx is awaited and given a response that is
//! not read yet: [`helpers::RESPONSE_HOOK`] stands between, and the hook itself only learns of the other response.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, Parameters};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::response::{self, Followed};
use super::work::Work;
use super::{facts, helpers, reasons};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer};
use crate::semantic::{NodeId, Runner, literal};

fn refuse(range: TextRange, why: &str) -> Refusal {
    Refusal::with_detail(&reasons::SESSION_USE, range, format!("`.hooks`: {why}"))
}

/// The hooks of a session that are read: `session.hooks["response"].append(hook)`, `session.hooks["response"] = hook`.
pub fn read<'a>(work: &mut Work<'a, '_, '_>, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = || refuse(attribute.range(), "it is used in another way");
    let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(model.id(attribute)) else {
        return Err(refusal());
    };
    let is_response = literal::string(&subscript.slice) == Some("response");
    if !is_response || model.id(subscript.value.as_ref()) != model.id(attribute) {
        return Err(refusal());
    }
    rename(work, attribute);
    match model.nodes.parent_node(model.id(subscript)) {
        AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => list(work, &assign.value),
        AnyNodeRef::ExprAttribute(method) => {
            let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(method)) else {
                return Err(refusal());
            };
            match (method.attr.as_str(), &*call.arguments.args) {
                ("append", [hook]) => one(work, hook),
                ("extend", [hooks @ (Expr::List(_) | Expr::Tuple(_))]) => list(work, hooks),
                _ => Err(refusal()),
            }
        }
        _ => Err(refusal()),
    }
}

/// The hooks of a session that are set: `session.hooks = {"response": [hook]}`.
pub fn store<'a>(
    work: &mut Work<'a, '_, '_>,
    attribute: &'a ExprAttribute,
    value: &'a Expr,
) -> Result<(), Refusal> {
    rename(work, attribute);
    table(work, value)
}

/// A table of hooks on the spot: `{"response": hook}`.
pub fn table<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr) -> Result<(), Refusal> {
    let Expr::Dict(dict) = value else {
        return Err(refuse(value.range(), "it is no dictionary display"));
    };
    for item in &dict.items {
        if item.key.as_ref().and_then(literal::string) != Some("response") {
            return Err(refuse(value.range(), "it has other keys than `response`"));
        }
        list(work, &item.value)?;
    }
    Ok(())
}

fn rename(work: &mut Work<'_, '_, '_>, attribute: &ExprAttribute) {
    work.unit
        .edit(Edit::replace(attribute.attr.range(), "event_hooks"));
}

/// One hook, or a list of them: httpx takes lists only.
fn list<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr) -> Result<(), Refusal> {
    match value {
        Expr::List(list) => list.elts.iter().try_for_each(|hook| one(work, hook)),
        Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|hook| one(work, hook)),
        hook => {
            one(work, hook)?;
            let range = hook.range();
            work.unit
                .edit(Edit::surround(range, "[", "]", Layer::Outer));
            Ok(())
        }
    }
}

/// The argument of a client for `hooks={"response": hook}` of its requests.
pub fn argument(work: &mut Work<'_, '_, '_>, value: &Expr) -> Result<String, Refusal> {
    let model = work.model;
    let refusal = || refuse(value.range(), "it is no table of functions on the spot");
    let Expr::Dict(dict) = value else {
        return Err(refusal());
    };
    let [item] = &dict.items[..] else {
        return Err(refusal());
    };
    let key = item
        .key
        .as_ref()
        .filter(|key| literal::string(key) == Some("response"));
    let key = key.ok_or_else(refusal)?;
    let hooks = match &item.value {
        Expr::List(list) => &list.elts[..],
        Expr::Tuple(tuple) => &tuple.elts[..],
        hook => std::slice::from_ref(hook),
    };
    let mut texts = Vec::new();
    for hook in hooks {
        known(work, hook)?;
        let hook = model.slice(hook.range());
        texts.push(format!("{}({hook})", helpers::RESPONSE_HOOK.name));
    }
    let key = model.slice(key.range());
    Ok(format!("event_hooks={{{key}: [{}]}}", texts.join(", ")))
}

fn one<'a>(work: &mut Work<'a, '_, '_>, hook: &'a Expr) -> Result<(), Refusal> {
    known(work, hook)?;
    let open = format!("{}(", helpers::RESPONSE_HOOK.name);
    work.unit
        .edit(Edit::surround(hook.range(), open, ")", Layer::Wrap));
    Ok(())
}

/// Checks a hook, which learns of the other response.
fn known(work: &mut Work<'_, '_, '_>, hook: &Expr) -> Result<(), Refusal> {
    let model = work.model;
    let (index, skipped) = function(work, hook)
        .ok_or_else(|| refuse(hook.range(), "what the hook does is not visible"))?;
    work.unit.helper(&helpers::RESPONSE_HOOK, model.id(hook))?;
    if work.hooks.contains(&index) {
        return Ok(());
    }
    work.hooks.push(index);
    body(work, index, skipped)
}

/// The function that a hook is, and how many of its parameters are bound: a lambda, or a function or method of the file that is
/// used for nothing else.
fn function(work: &mut Work<'_, '_, '_>, hook: &Expr) -> Option<(u32, usize)> {
    let model = work.model;
    let number = |node: NodeId| {
        let functions = model.scopes.functions();
        let found = functions.iter().position(|function| function.node == node);
        found.map(|index| index as u32)
    };
    if let Expr::Lambda(lambda) = hook {
        return Some((number(model.id(lambda))?, 0));
    }
    let name = match hook {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return None,
    };
    let mut named = model
        .nodes
        .all()
        .filter(|&node| match model.nodes.get(node) {
            AnyNodeRef::StmtFunctionDef(function) => function.name.as_str() == name,
            _ => false,
        });
    let (Some(node), None) = (named.next(), named.next()) else {
        return None;
    };
    let AnyNodeRef::StmtFunctionDef(definition) = model.nodes.get(node) else {
        return None;
    };
    let class = match model.nodes.parent_node(node) {
        AnyNodeRef::StmtClassDef(class) => Some(class),
        _ => None,
    };
    let is_own = match hook {
        Expr::Name(_) => class.is_none(),
        Expr::Attribute(attribute) => {
            class.is_some_and(|class| class.range().contains_range(attribute.range()))
                && matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "self")
        }
        _ => false,
    };
    let is_hook = |node: NodeId| model.nodes.range(node) == hook.range() || is_in_hooks(work, node);
    let is_alone = model
        .nodes
        .all()
        .filter(|&node| facts::name_at(model, node) == Some(name))
        .all(is_hook);
    let is_plain = definition.decorator_list.is_empty() && !definition.is_async;
    if !(is_own && is_plain && is_alone) {
        return None;
    }
    if class.is_some() || model.runner(node) == Runner::Module {
        work.unit.confine(name);
    }
    Some((number(node)?, usize::from(class.is_some())))
}

/// Whether a name stands where a hook does: below `.hooks` or in the value of `hooks`.
fn is_in_hooks(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let model = work.model;
    let statement = model.nodes.range(model.statement_of(node));
    let is_value = !matches!(model.nodes.parent_node(node), AnyNodeRef::ExprCall(_));
    is_value && {
        let text = model.slice(statement);
        text.contains(".hooks") || text.contains("hooks=")
    }
}

/// What the hook does with the response, and that it gives none of its own.
fn body(work: &mut Work<'_, '_, '_>, index: u32, skipped: usize) -> Result<(), Refusal> {
    let model = work.model;
    let function = &model.scopes.functions()[index as usize];
    let range = model.nodes.range(function.node);
    let parameters: Option<&Parameters> = match model.nodes.get(function.node) {
        AnyNodeRef::StmtFunctionDef(definition) => Some(&definition.parameters),
        AnyNodeRef::ExprLambda(lambda) => lambda.parameters.as_deref(),
        _ => None,
    };
    let refusal = |why: &str| refuse(range, why);
    let parameter = parameters
        .and_then(|parameters| parameters.args.get(skipped))
        .ok_or_else(|| refusal("a hook without a parameter for the response"))?;
    let more = parameters.map_or(0, |parameters| {
        let needed = parameters.args.iter().skip(skipped + 1);
        needed.filter(|more| more.default.is_none()).count()
    });
    if more > 0 {
        return Err(refusal("a hook of httpx gets the response only"));
    }
    let target = model.id(&parameter.parameter);
    let binding = model
        .scopes
        .binding_at(target)
        .ok_or_else(|| refusal("its parameter is bound twice"))?;
    let symbol = model.scopes.binding(binding).symbol;
    let symbol = model.scopes.symbol(symbol);
    if symbol.bindings.len() != 1 {
        return Err(refusal("its parameter is bound twice"));
    }
    let references = symbol.references.clone();
    for node in model.nodes.subtree(function.node) {
        if model.runner(node) != Runner::Function(index) {
            continue;
        }
        let is_fine = match model.nodes.get(node) {
            AnyNodeRef::StmtReturn(statement) => match statement.value.as_deref() {
                None => true,
                Some(value) => literal::is_none(value) || references.contains(&model.id(value)),
            },
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => false,
            _ => true,
        };
        if !is_fine {
            return Err(refusal(
                "a response that a hook returns counts in requests only",
            ));
        }
    }
    if let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(function.node)
        && !gives_nothing(&lambda.body)
    {
        return Err(refusal(
            "a response that a hook returns counts in requests only",
        ));
    }
    let mut inner = work.beside(Runner::Function(index));
    let followed = Followed {
        values: &references,
        seen: &FxHashSet::default(),
        perhaps_none: &FxHashSet::default(),
        is_guarded: true,
    };
    response::migrate_followed(&mut inner, &followed)?;
    super::handlers(&mut inner, &[])?;
    let own: Vec<super::Mention> = inner
        .mentions_in(range)
        .filter(|mention| {
            let parameter = parameter.range();
            parameter.contains_range(model.nodes.range(mention.node))
                || mention.runner == Runner::Function(index)
        })
        .cloned()
        .collect();
    super::mentions_beside(&mut inner, &own)?;
    work.done.extend(own.iter().map(|mention| mention.node));
    work.unit.absorb(inner.unit.finish());
    Ok(())
}

/// Whether what a lambda gives is None: a method that gives nothing, or a call that only says something.
fn gives_nothing(body: &Expr) -> bool {
    let Expr::Call(call) = body else {
        return literal::is_none(body);
    };
    match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str() == "print",
        Expr::Attribute(attribute) => {
            matches!(
                attribute.attr.as_str(),
                "raise_for_status" | "append" | "extend" | "add"
            ) || response::is_log(call)
        }
        _ => false,
    }
}

/// Whether the value of `hooks=` can move to the client: hooks on the spot.
pub fn is_settled(value: &Expr) -> bool {
    match value {
        Expr::Dict(dict) => dict.items.iter().all(|item| match &item.value {
            Expr::List(list) => list.elts.iter().all(literal::is_plain),
            Expr::Tuple(tuple) => tuple.elts.iter().all(literal::is_plain),
            hook => literal::is_plain(hook),
        }),
        _ => false,
    }
}
