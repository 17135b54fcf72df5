//! Sessions that leave the function that makes them: on `self`, as parameters and results, in other files.
//!
//! [`crate::values`] follows them over the project, and each of them is one unit: the constructor, the annotations, all
//! requests, and the handlers that wait for their errors. Sessions that live and die in one function are the business of
//! [`super::session`].

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::calls::{Request, Verb};
use super::facts::{self, Facts};
use super::names::{self, Kind, Mention};
use super::session::{self, Parts};
use super::verbs::{Value, Values};
use super::{CODEMOD, File, TARGET, client, doubles, prepared, reasons, stream};
use crate::callgraph::values::To;
use crate::codemod::{Context, Following, Refusal, UnitBuilder};
use crate::config::HttpClient;
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::{Dependency, ImportRequest};
use crate::values::{Component, Named, Part, Tracked, ValueUse};

/// The sessions of requests.
pub static FOLLOWING: Following = Following {
    codemod: &CODEMOD,
    tracked: Tracked {
        classes: &[
            "requests.Session",
            "requests.session",
            "requests.sessions.Session",
            "requests.sessions.session",
        ],
        words: &["requests"],
        members: &[
            "adapters",
            "auth",
            "cert",
            "close",
            "cookies",
            "delete",
            "get",
            "get_adapter",
            "head",
            "headers",
            "hooks",
            "max_redirects",
            "mount",
            "options",
            "params",
            "patch",
            "post",
            "prepare_request",
            "proxies",
            "put",
            "request",
            "send",
            "stream",
            "trust_env",
            "verify",
        ],
        items: false,
        takers: &["builtins.getattr"],
        kind: 0,
        kinds: None,
    },
    is_taken: is_local,
    survey: None,
    rewrite,
    may_thread: true,
    is_of_units: false,
    about_object: &[&reasons::SESSION_CLASS, &reasons::SESSION_LIFE],
};

/// Why a client that is no function's is unsafe.
const SHARED: &str = "the client is shared by all that imports it, and works in one event loop only: a second `asyncio.run` fails";

/// Rewrites one file of a session's unit.
fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    component: &Component,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    if let Some(named) = part
        .mentions
        .first()
        .filter(|_| !component.derived.is_empty())
    {
        return Err(Refusal::at(&reasons::SESSION_CLASS, named.range));
    }
    let mentions = names::mentions(model);
    let facts = Facts::new(model, &mentions);
    if let Some(double) = facts.double
        && doubles::migrate(context, &mentions).is_err()
    {
        return Err(facts::mocked(model, double));
    }
    let mut by_function: FxHashMap<u32, Vec<Mention>> = FxHashMap::default();
    for mention in &mentions {
        if let Runner::Function(index) = mention.runner {
            by_function.entry(index).or_default().push(mention.clone());
        }
    }
    let mut by_runner: Vec<(Runner, Vec<&ValueUse>, Vec<NodeId>)> = Vec::new();
    let mut of = |runner: Runner| -> usize {
        by_runner
            .iter()
            .position(|(other, ..)| *other == runner)
            .unwrap_or_else(|| {
                by_runner.push((runner, Vec::new(), Vec::new()));
                by_runner.len() - 1
            })
    };
    let made: Vec<(usize, NodeId)> = part
        .made
        .iter()
        .map(|&node| (of(model.runner(node)), node))
        .collect();
    let uses: Vec<(usize, &ValueUse)> = part
        .uses
        .iter()
        .map(|use_| (of(model.runner(use_.node)), use_))
        .collect();
    for (at, node) in made {
        by_runner[at].2.push(node);
    }
    for (at, use_) in uses {
        by_runner[at].1.push(use_);
    }
    let values = part.uses.iter().filter_map(|use_| verb_value(model, use_));
    let values = Values::find(model, values.collect())?;
    for (runner, _) in &values.calls {
        if !by_runner.iter().any(|(other, ..)| other == runner) {
            by_runner.push((*runner, Vec::new(), Vec::new()));
        }
    }
    let group: Vec<Runner> = by_runner.iter().map(|(runner, ..)| *runner).collect();
    let file = File {
        target: &TARGET,
        facts: &facts,
        mentions: &mentions,
        by_function: &by_function,
        others: facts.raising_besides(&group),
    };
    let names = facts.raising(&group);
    let catchers = facts.catchers_of(&names);
    let common = common(model, component, part, &values);
    let mut seen: Vec<NodeId> = Vec::new();
    for (runner, uses, made) in &by_runner {
        let anchor = uses
            .iter()
            .map(|use_| use_.range)
            .chain(made.iter().map(|&node| model.nodes.range(node)))
            .chain(
                values
                    .calls
                    .iter()
                    .filter_map(|(at, call)| (at == runner).then(|| call.range())),
            )
            .min_by_key(|range| range.start())
            .unwrap_or_default();
        let mut work = super::empty(
            context,
            &file,
            &group,
            *runner,
            anchor,
            Vec::new(),
            "client",
        );
        work.session_params = has_params(component);
        work.common.clone_from(&common);
        let mut parts = Parts::default();
        for use_ in uses {
            one(&mut work, use_, &mut parts)?;
        }
        work.requests.extend(values.requests(model, *runner));
        values.write(&mut work)?;
        if let Some(&node) = made.first() {
            client::encodings(&mut work, node)?;
        }
        for &node in made {
            constructor(&mut work, node, uses, &parts.mounts)?;
        }
        let left = parts
            .mounts
            .iter()
            .find(|call| made.len() != 1 || !work.moved.contains(&model.id(**call)));
        if let Some(call) = left {
            return Err(Refusal::with_detail(
                &reasons::SESSION_USE,
                call.range(),
                "`.mount()`: httpx takes it in the constructor only",
            ));
        }
        stream::find(&mut work)?;
        for request in work.requests.clone() {
            super::call(&mut work, &request)?;
        }
        session::attributes(&mut work, &parts)?;
        let built = if parts.prepares.is_empty() && !super::sends(&work) {
            Vec::new()
        } else {
            super::built(model, super::own_mentions(&file, *runner))
        };
        prepared::rewrite(&mut work, &built, &parts.prepares)?;
        let blocks = stream::blocks(&mut work)?;
        super::responses(&mut work)?;
        prepared::check(&work)?;
        client::write(&mut work, blocks)?;
        seen.extend(super::handlers(&mut work, &[])?);
        seen.extend(super::catch(&mut work, &names, &catchers, &seen)?);
        // What is annotated as a session is renamed below.
        work.done
            .extend(part.mentions.iter().map(|named| named.node));
        if !work.requests.is_empty() {
            super::plain_mentions(&mut work, super::own_mentions(&file, *runner))?;
        }
        unit.absorb(work.unit.finish());
    }
    for named in &part.mentions {
        rename(context, named, "httpx.AsyncClient", unit)?;
    }
    let mut runners: Vec<Runner> = Vec::new();
    for &node in &catchers {
        let runner = model.runner(node);
        if !group.contains(&runner) && !runners.contains(&runner) {
            runners.push(runner);
        }
    }
    for runner in runners {
        let first = catchers.iter().find(|&&node| model.runner(node) == runner);
        let anchor = first.map_or(TextRange::default(), |&node| model.nodes.range(node));
        let mut work = super::empty(context, &file, &group, runner, anchor, Vec::new(), "");
        seen.extend(super::catch(&mut work, &names, &catchers, &seen)?);
        unit.absorb(work.unit.finish());
    }
    facts::check_catchers(model, &facts, &group, &seen)?;
    unit.stops_raising("requests");
    unit.dependency(Dependency::Add("httpx"));
    unit.dependency(Dependency::MayDrop("requests"));
    if let Some(&node) = part.made.first()
        && !is_closed(component)
    {
        unit.note(
            model.nodes.range(node),
            "nothing closes the client: its connections stay open until the program ends",
        );
    }
    super::write_for(context, unit);
    Ok(())
}

/// What all requests of a session tell, where it is made and used in one file.
fn common<'a>(
    model: &Model<'a>,
    component: &Component,
    part: &Part,
    values: &Values<'a>,
) -> Vec<(&'a str, &'a Expr)> {
    let [made] = part.made[..] else {
        return Vec::new();
    };
    let AnyNodeRef::ExprCall(constructor) = model.nodes.get(made) else {
        return Vec::new();
    };
    let sends = part
        .uses
        .iter()
        .any(|use_| matches!(&use_.to, To::Attribute { name, .. } if name == "send"));
    if component.parts.len() != 1 || sends {
        return Vec::new();
    }
    let of_use = |use_: &ValueUse| match &use_.to {
        To::Attribute {
            name,
            call: Some(call),
            ..
        } => match (Verb::of(name), model.nodes.get(*call)) {
            (Some(verb), AnyNodeRef::ExprCall(call)) => Some(Request::new(model, verb, call, true)),
            _ => None,
        },
        To::Handed(_) => names::verb_by_name(model, use_.node)
            .map(|(verb, call)| Request::new(model, verb, call, true)),
        _ => None,
    };
    let mut requests: Vec<Request<'a>> = part.uses.iter().filter_map(of_use).collect();
    for runner in values.runners(model) {
        requests.extend(values.requests(model, runner));
    }
    session::common(model, &requests, constructor)
}

/// The verb that a use hands on as a value.
fn verb_value<'a>(model: &Model<'a>, use_: &ValueUse) -> Option<Value<'a>> {
    let To::Attribute {
        node,
        name,
        call: None,
        is_store: false,
    } = &use_.to
    else {
        return None;
    };
    Verb::of(name)?;
    match model.nodes.get(*node) {
        AnyNodeRef::ExprAttribute(attribute) => Some(Value::Method(attribute)),
        _ => None,
    }
}

/// Whether all of a component is one session in one function, or httpx is not what takes its place.
fn is_local(context: &Context<'_, '_>, component: &Component) -> bool {
    if context.settings.http_client == HttpClient::Aiohttp {
        return true;
    }
    let model = context.model;
    let mut parts = component.parts.values();
    let (Some(part), None) = (parts.next(), parts.next()) else {
        return false;
    };
    !part.made.is_empty()
        && part.made.iter().all(|&node| match model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) => session::is_local(model, call),
            _ => false,
        })
}

fn has_params(component: &Component) -> bool {
    component.parts.values().flat_map(|part| &part.uses).any(
        |use_| matches!(&use_.to, To::Attribute { name, is_store: true, .. } if name == "params"),
    )
}

fn is_closed(component: &Component) -> bool {
    component
        .parts
        .values()
        .flat_map(|part| &part.uses)
        .any(|use_| match &use_.to {
            To::Attribute { name, .. } => name == "close",
            To::With { .. } | To::Stacked { .. } => true,
            _ => false,
        })
}

/// Sorts one use of a session.
fn one<'a>(
    work: &mut super::Work<'a, '_, '_>,
    use_: &ValueUse,
    parts: &mut Parts<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let refuse = |range: TextRange, detail: String| {
        Refusal::with_detail(&reasons::SESSION_USE, range, detail)
    };
    match &use_.to {
        To::With {
            statement,
            is_async: false,
            ..
        } => {
            client::note_yields(work, model.nodes.range(*statement));
            work.unit.enter(use_)
        }
        To::Stacked { .. } => work.unit.enter(use_),
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
            match (call, Verb::of(name)) {
                (Some(call), Some(verb)) => {
                    work.requests.push(Request::new(model, verb, call, true));
                    Ok(())
                }
                // Its calls are requests, wherever they are.
                (None, Some(_)) if !*is_store => Ok(()),
                (None, Some(_)) => Err(refuse(attribute.range(), format!("`.{name}` as a value"))),
                (Some(call), None) if name == "close" => {
                    if !call.arguments.is_empty() {
                        return Err(refuse(call.range(), "arguments of `.close()`".to_string()));
                    }
                    work.unit
                        .edit(Edit::replace(attribute.attr.range(), "aclose"));
                    work.unit.await_(call)
                }
                (Some(call), None) if name == "send" => {
                    work.requests
                        .push(Request::new(model, Verb::Send, call, true));
                    Ok(())
                }
                (Some(call), None) if name == "prepare_request" => {
                    parts.prepares.push(call);
                    Ok(())
                }
                // The constructor takes it.
                (Some(call), None) if name == "mount" => {
                    parts.mounts.push(call);
                    Ok(())
                }
                (Some(call), None) => Err(refuse(call.range(), format!("`.{name}()`"))),
                (None, None) if *is_store => {
                    parts.stores.push(attribute);
                    Ok(())
                }
                (None, None) => read(work, attribute, parts),
            }
        }
        To::Handed(_) => match names::verb_by_name(model, use_.node) {
            Some((verb, call)) => {
                work.requests.push(Request::new(model, verb, call, true));
                Ok(())
            }
            None => Err(refuse(
                use_.range,
                "an attribute of it is looked up by name".to_string(),
            )),
        },
        To::With { .. } | To::Asked { .. } => Ok(()),
        _ => Ok(()),
    }
}

fn read<'a>(
    work: &mut super::Work<'a, '_, '_>,
    attribute: &'a ExprAttribute,
    parts: &mut Parts<'a>,
) -> Result<(), Refusal> {
    let id = work.model.id(attribute);
    match attribute.attr.as_str() {
        "headers" => parts.headers.push(id),
        "cookies" => parts.cookies.push(id),
        "hooks" => parts.hooks.push(attribute),
        "max_redirects" => {}
        name => {
            return Err(Refusal::with_detail(
                &reasons::SESSION_USE,
                attribute.range(),
                format!("`.{name}`"),
            ));
        }
    }
    Ok(())
}

/// `requests.Session()` -> `httpx.AsyncClient(...)`, with the settings that follow it.
fn constructor<'a>(
    work: &mut super::Work<'a, '_, '_>,
    node: NodeId,
    uses: &[&ValueUse],
    mounts: &[&'a ExprCall],
) -> Result<(), Refusal> {
    let model = work.model;
    let AnyNodeRef::ExprCall(call) = model.nodes.get(node) else {
        return Ok(());
    };
    if !call.arguments.is_empty() {
        return Err(Refusal::with_detail(
            &reasons::SESSION_USE,
            call.range(),
            "arguments of the constructor",
        ));
    }
    let is_default = model
        .nodes
        .ancestors(node)
        .any(|at| matches!(model.nodes.get(at), AnyNodeRef::ParameterWithDefault(_)));
    match model.runner(node) {
        Runner::Function(_) if !is_default => {}
        _ if is_default => {
            return Err(Refusal::with_detail(
                &reasons::SESSION_USE,
                call.range(),
                "it is made where the function is defined, before any event loop runs",
            ));
        }
        _ => work.unit.unsafe_because(call.range(), SHARED),
    }
    let func = model.id(call.func.as_ref());
    if work
        .mention(func)
        .is_some_and(|mention| mention.is_ambiguous)
    {
        return Err(Refusal::at(
            &crate::codemod::AMBIGUOUS_BINDING,
            call.range(),
        ));
    }
    let mut stores: Vec<&'a ExprAttribute> = Vec::new();
    let mut first_method = None;
    for use_ in uses.iter().filter(|use_| use_.node > node) {
        let To::Attribute {
            node: attribute,
            call,
            is_store,
            name,
        } = &use_.to
        else {
            continue;
        };
        match model.nodes.get(*attribute) {
            AnyNodeRef::ExprAttribute(attribute) if *is_store => stores.push(attribute),
            _ if name == "mount" => {}
            _ if call.is_some() && first_method.is_none() => first_method = Some(use_.node),
            _ => {}
        }
    }
    let text = session::text(work, call, &stores, mounts, first_method)?;
    work.unit.edit(Edit::replace(call.range(), text));
    work.unit.release(func);
    work.done.push(func);
    work.unit.import(ImportRequest::Module("httpx"), node)
}

/// `requests.Session` -> `httpx.AsyncClient` in annotations and checks.
/// `class` is what takes its place.
pub fn rename<'a, 'c>(
    context: &Context<'a, 'c>,
    named: &Named,
    class: &str,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    if named.path.ends_with(".session") {
        return Ok(());
    }
    if !named.is_quoted && context.model.has_comment(named.range) {
        return Err(Refusal::at(&reasons::SESSION_USE, named.range));
    }
    unit.import(ImportRequest::Module("httpx"), named.node)?;
    if !named.is_quoted {
        unit.rename(named.node, class);
        return Ok(());
    }
    unit.edit(Edit::replace(named.range, class));
    let root = context
        .model
        .slice(named.range)
        .split('.')
        .next()
        .map_or(0, str::len);
    unit.release_quoted(TextRange::at(
        named.range.start(),
        TextSize::new(root as u32),
    ));
    Ok(())
}

/// Whether a mention makes a session that this module follows.
pub fn is_followed(context: &Context<'_, '_>, mention: &Mention) -> bool {
    match names::kind(context.model, mention) {
        Kind::Session(call) => !session::is_local(context.model, call),
        _ => false,
    }
}
