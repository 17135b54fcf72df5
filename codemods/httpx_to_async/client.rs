//! What becomes of a client or a transport in one file: its constructor, its uses, the classes that derive from it.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::members::{self, Member};
use super::{body, classes, reasons, response};
use crate::callgraph::values::To;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, Runner, literal};
use crate::values::{Component, Part, ValueUse};

/// A client that is no function's.
const SHARED: &str = "the client is shared by all that see it, and works in one event loop only: a second `asyncio.run` may fail";

/// Rewrites one file of a component.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    component: &Component,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    for &node in &part.made {
        if let AnyNodeRef::ExprCall(call) = model.nodes.get(node) {
            constructor(context, part, call, unit)?;
        }
    }
    for named in &part.mentions {
        classes::rename_mention(context, named, unit)?;
    }
    for use_ in &part.uses {
        one(context, part, use_, unit)?;
    }
    derived(context, part, unit)?;
    sync_auth(model)?;
    if let Some((_, range)) = component.global.filter(|(file, _)| context.is_of(*file)) {
        unit.unsafe_because(range, SHARED);
    }
    Ok(())
}

/// Rewrites a call of the class and checks what it is given.
fn constructor<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let meaning = context.model.meaning(&call.func);
    let path = meaning.path().unwrap_or_default();
    classes::rename(context, context.model.id(call.func.as_ref()), path, unit)?;
    if path.ends_with(".Client") {
        arguments(context, part, call, unit)?;
        if !matches!(
            context.model.runner(context.model.id(call)),
            Runner::Function(_)
        ) {
            unit.unsafe_because(call.range(), SHARED);
        }
    }
    Ok(())
}

/// Checks the arguments of a client.
fn arguments<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    for keyword in &call.arguments.keywords {
        let Some(name) = &keyword.arg else {
            unit.unsafe_because(
                keyword.range(),
                "the unpacked arguments may hold a sync transport or sync event hooks, which an async client does not take",
            );
            continue;
        };
        let refuse = |reason| {
            let detail = format!("`{name}=`");
            Err(Refusal::with_detail(reason, keyword.range(), detail))
        };
        let is_value = |value: &Expr| is_transport(model, part, value);
        match name.as_str() {
            "transport" if !is_value(&keyword.value) => return refuse(&reasons::TRANSPORT),
            "app" if !literal::is_none(&keyword.value) => return refuse(&reasons::TRANSPORT),
            "mounts" => match &keyword.value {
                Expr::Dict(dict) if dict.items.iter().all(|item| is_value(&item.value)) => {}
                Expr::NoneLiteral(_) => {}
                _ => return refuse(&reasons::TRANSPORT),
            },
            "event_hooks" if !is_empty(&keyword.value) => return refuse(&reasons::EVENT_HOOKS),
            _ => {}
        }
    }
    Ok(())
}

/// `None`, `{}`, `{"request": []}`
fn is_empty(value: &Expr) -> bool {
    match value {
        Expr::NoneLiteral(_) => true,
        Expr::Dict(dict) => dict.items.iter().all(|item| is_empty(&item.value)),
        Expr::List(list) => list.elts.is_empty(),
        _ => false,
    }
}

/// Whether a value is a transport that changes with the client, or none at all.
fn is_transport(model: &Model<'_>, part: &Part, value: &Expr) -> bool {
    match value {
        Expr::NoneLiteral(_) => true,
        Expr::If(if_) => {
            is_transport(model, part, &if_.body) && is_transport(model, part, &if_.orelse)
        }
        Expr::BoolOp(operation) => operation
            .values
            .iter()
            .all(|value| is_transport(model, part, value)),
        Expr::Named(named) => is_transport(model, part, &named.value),
        _ => part.is_value(model.id(value)),
    }
}

/// Rewrites one use of a client.
fn one<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    use_: &ValueUse,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    match &use_.to {
        To::With {
            is_async: false, ..
        }
        | To::Stacked { .. } => unit.enter(use_),
        // What a class of the project has under a name that is none of a client's.
        To::Attribute { name, .. }
            if use_.is_own && !matches!(members::member(name), Member::Awaited(_)) =>
        {
            Ok(())
        }
        To::Attribute {
            node,
            name,
            call,
            is_store,
        } => {
            let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(*node) else {
                return Ok(());
            };
            let call = call.and_then(|call| match model.nodes.get(call) {
                AnyNodeRef::ExprCall(call) => Some(call),
                _ => None,
            });
            member(context, part, attribute, name, call, *is_store, unit)
        }
        _ => Ok(()),
    }
}

fn member<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    attribute: &'a ExprAttribute,
    name: &str,
    call: Option<&'a ExprCall>,
    is_store: bool,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let detail = || format!("`.{name}`");
    match (members::member(name), call) {
        (Member::Awaited(_) | Member::Stream, None) => Err(Refusal::with_detail(
            &reasons::METHOD_VALUE,
            attribute.range(),
            detail(),
        )),
        (Member::Awaited(other), Some(call)) => {
            if other != name {
                unit.edit(Edit::replace(attribute.attr.range(), other));
            }
            body::check(model, call)?;
            // What is awaited already is written for an async client.
            if !matches!(
                model.nodes.parent_node(model.id(call)),
                AnyNodeRef::ExprAwait(_)
            ) {
                unit.await_(call)?;
            }
            if name == "send"
                && let Some(request) = call.arguments.args.first()
            {
                body::check_request(model, request)?;
            }
            match name {
                "send" if response::is_streamed(call) => response::streamed(context, call, unit),
                "close" | "__enter__" | "__exit__" | "handle_request" => Ok(()),
                _ => response::plain(context, call, unit),
            }
        }
        (Member::Stream, Some(call)) => {
            body::check(model, call)?;
            let Some((statement, item)) = response::entered(context, model.id(call)) else {
                return Err(Refusal::at(&reasons::STREAM, call.range()));
            };
            if let AnyNodeRef::StmtWith(with) = model.nodes.get(statement) {
                unit.async_with(with, item)?;
            }
            response::streamed(context, call, unit)
        }
        (Member::Same, call) => {
            if name == "build_request"
                && let Some(call) = call
            {
                body::check(model, call)?;
            }
            // `super().__init__(transport=...)`
            if name == "__init__"
                && let Some(call) = call
            {
                arguments(context, part, call, unit)?;
            }
            Ok(())
        }
        (Member::Hooks, _) => Err(Refusal::at(&reasons::EVENT_HOOKS, attribute.range())),
        // An attribute that the project sets itself.
        (Member::Unknown | Member::Private, None) if is_store => Ok(()),
        (Member::Unknown | Member::Private, _) => Err(Refusal::with_detail(
            &reasons::MEMBER,
            attribute.range(),
            detail(),
        )),
    }
}

/// The methods of classes that derive from a client or a transport.
fn derived<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let classes: Vec<NodeId> = model
        .nodes
        .all()
        .filter(|&node| matches!(model.nodes.get(node), AnyNodeRef::StmtClassDef(_)))
        .collect();
    for &index in &part.derived {
        let Some(&node) = classes.get(index as usize) else {
            continue;
        };
        let AnyNodeRef::StmtClassDef(class) = model.nodes.get(node) else {
            continue;
        };
        for statement in &class.body {
            let Stmt::FunctionDef(function) = statement else {
                continue;
            };
            let name = function.name.as_str();
            let refuse = || {
                let detail = format!("`{}.{name}`", class.name);
                Refusal::with_detail(&reasons::OVERRIDE, function.name.range(), detail)
            };
            match members::member(name) {
                // The engine gives these their other names.
                Member::Awaited("__aenter__" | "__aexit__") => return Err(refuse()),
                Member::Awaited(other) => {
                    if !function.decorator_list.is_empty() {
                        return Err(refuse());
                    }
                    if other != name {
                        unit.edit(Edit::replace(function.name.range(), other));
                    }
                    let functions = model.scopes.functions();
                    let id = model.id(function);
                    if let Some(index) = functions.iter().position(|own| own.node == id)
                        && !function.is_async
                    {
                        unit.needs_async(index as u32);
                    }
                }
                Member::Stream | Member::Hooks => return Err(refuse()),
                Member::Private
                    if matches!(
                        name,
                        "_send_handling_auth"
                            | "_send_handling_redirects"
                            | "_send_single_request"
                            | "_transport_for_url"
                            | "_init_transport"
                            | "_init_proxy_transport"
                    ) =>
                {
                    return Err(refuse());
                }
                Member::Same | Member::Private | Member::Unknown => {}
            }
        }
    }
    Ok(())
}

/// An async client never calls `sync_auth_flow`: where the file has a class with nothing else, no client of it changes.
fn sync_auth(model: &Model<'_>) -> Result<(), Refusal> {
    for node in model.nodes.all() {
        let AnyNodeRef::StmtClassDef(class) = model.nodes.get(node) else {
            continue;
        };
        let method = |name: &str| {
            class.body.iter().find_map(|statement| match statement {
                Stmt::FunctionDef(function) if function.name.as_str() == name => Some(function),
                _ => None,
            })
        };
        if let Some(sync) = method("sync_auth_flow")
            && method("async_auth_flow").is_none()
        {
            let detail = format!("`{}`", class.name);
            return Err(Refusal::with_detail(
                &reasons::SYNC_AUTH,
                sync.name.range(),
                detail,
            ));
        }
    }
    Ok(())
}
