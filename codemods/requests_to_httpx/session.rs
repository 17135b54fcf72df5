//! Sessions that live and die in one function (HTTP.md, section 4).

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext};
use ruff_text_size::{Ranged, TextRange};

use super::calls::{self, Request, Verb};
use super::client::{self, Block, Setting};
use super::work::Work;
use super::{adapters, auth, containers, hooks, names, reasons};
use crate::codemod::Refusal;
use crate::colour;
use crate::edit::Edit;
use crate::semantic::flow::{Certainty, Flow, Use, UseKind};
use crate::semantic::{Model, NodeId, Runner, literal};

/// What becomes of an attribute that is set.
#[derive(Clone, Copy, Debug)]
enum Store {
    /// The same.
    Same,
    /// Authentication.
    Auth,
    /// A query for all requests.
    Params,
    /// What is called with each response.
    Hooks,
    /// May differ: how.
    Unsafe(&'static str),
    /// Refused: why.
    Refuse(&'static str),
}

static STORES: &[(&str, Store)] = &[
    ("max_redirects", Store::Same),
    ("auth", Store::Auth),
    (
        "headers",
        Store::Unsafe("httpx keeps its default headers below those that are set"),
    ),
    (
        "cert",
        Store::Refuse("httpx reads it in the constructor only, and would ignore it here"),
    ),
    ("params", Store::Params),
    ("hooks", Store::Hooks),
];

/// Whether a use lets the session out.
fn escapes(kind: &UseKind<'_>) -> bool {
    matches!(
        kind,
        UseKind::Returned
            | UseKind::Yielded
            | UseKind::Stored
            | UseKind::Contained
            | UseKind::Unpacked
            | UseKind::Branch
            | UseKind::BoolOperand
            | UseKind::Argument { .. }
    )
}

/// The uses of the sessions that are left for later, when all requests are known.
#[derive(Default)]
pub struct Parts<'a> {
    /// `session.headers`
    pub headers: Vec<NodeId>,
    /// `session.cookies`
    pub cookies: Vec<NodeId>,
    /// `session.auth = ...` and the like.
    pub stores: Vec<&'a ExprAttribute>,
    /// `session.mount(...)`
    pub mounts: Vec<&'a ExprCall>,
    /// `session.hooks`
    pub hooks: Vec<&'a ExprAttribute>,
    /// `session.prepare_request(...)`
    pub prepares: Vec<&'a ExprCall>,
}

/// Finds the requests of sessions and checks what else is done with them.
pub fn collect<'a>(
    work: &mut Work<'a, '_, '_>,
    constructors: &[&'a ExprCall],
) -> Result<Parts<'a>, Refusal> {
    let mut parts = Parts::default();
    let model = work.model;
    for constructor in constructors {
        if !constructor.arguments.is_empty() {
            return Err(Refusal::with_detail(
                &reasons::SESSION_USE,
                constructor.range(),
                "arguments of the constructor",
            ));
        }
    }
    let origins: Vec<NodeId> = constructors.iter().map(|call| model.id(*call)).collect();
    for use_ in model.follow(&origins, true).uses {
        let range = model.nodes.range(use_.node);
        // `getattr(session, verb)(url)`.
        if let UseKind::Argument { .. } = use_.kind
            && let Some((verb, call)) = names::verb_by_name(model, use_.node)
            && use_.certainty == Certainty::Always
            && !use_.captured
        {
            work.requests.push(Request::new(model, verb, call, true));
            continue;
        }
        if use_.certainty != Certainty::Always {
            return Err(Refusal::with_detail(
                &reasons::RESPONSE_MIXED,
                range,
                work.quoted(range),
            ));
        }
        session_use(work, &use_, &mut parts)?;
    }
    Ok(parts)
}

fn session_use<'a>(
    work: &mut Work<'a, '_, '_>,
    use_: &Use<'a>,
    parts: &mut Parts<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let refuse = |range: TextRange, detail: String| {
        Refusal::with_detail(&reasons::SESSION_USE, range, detail)
    };
    match use_.kind {
        UseKind::With { .. } | UseKind::IsNone => Ok(()),
        UseKind::Method { attribute, call } => {
            let name = attribute.attr.as_str();
            if let Some(verb) = Verb::of(name) {
                work.requests.push(Request::new(model, verb, call, true));
                return Ok(());
            }
            match name {
                "close" | "mount" => Ok(()),
                "send" if work.is_for_httpx() => {
                    work.requests
                        .push(Request::new(model, Verb::Send, call, true));
                    Ok(())
                }
                "prepare_request" if work.is_for_httpx() => {
                    parts.prepares.push(call);
                    Ok(())
                }
                _ => Err(refuse(call.range(), format!("`.{name}()`"))),
            }
        }
        UseKind::Attribute(attribute) => match attribute.attr.as_str() {
            "headers" => {
                parts.headers.push(model.id(attribute));
                Ok(())
            }
            "cookies" => {
                parts.cookies.push(model.id(attribute));
                Ok(())
            }
            "max_redirects" => Ok(()),
            "hooks" if work.is_for_httpx() => {
                parts.hooks.push(attribute);
                Ok(())
            }
            name => Err(refuse(attribute.range(), format!("`.{name}`"))),
        },
        UseKind::AttributeStore(attribute) => {
            work.session_params |= attribute.attr.as_str() == "params";
            parts.stores.push(attribute);
            Ok(())
        }
        _ => Err(refuse(
            model.nodes.range(use_.node),
            work.quoted(model.nodes.range(model.statement_of(use_.node))),
        )),
    }
}

/// Checks the attributes of the sessions and rewrites what is spelled differently.
pub fn attributes<'a>(work: &mut Work<'a, '_, '_>, parts: &Parts<'a>) -> Result<(), Refusal> {
    for attribute in &parts.stores {
        store(work, attribute)?;
    }
    for attribute in &parts.hooks {
        hooks::read(work, attribute)?;
    }
    containers::headers(work, &parts.headers, true, &reasons::SESSION_USE)?;
    containers::cookies(work, &parts.cookies, &reasons::SESSION_USE)
}

fn store<'a>(work: &mut Work<'a, '_, '_>, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
    let name = attribute.attr.as_str();
    if work.moved.contains(&work.model.id(attribute)) {
        return Ok(());
    }
    let refuse =
        |detail: String| Refusal::with_detail(&reasons::SESSION_USE, attribute.range(), detail);
    let parent = work.model.nodes.parent_node(work.model.id(attribute));
    let AnyNodeRef::StmtAssign(assign) = parent else {
        return Err(refuse(format!("`.{name}` is changed")));
    };
    match STORES.iter().find(|(row, _)| *row == name) {
        Some((_, Store::Same)) => Ok(()),
        Some((_, Store::Hooks)) if work.is_for_httpx() => {
            hooks::store(work, attribute, &assign.value)
        }
        Some((_, Store::Hooks)) => Err(refuse(format!("`.{name}`"))),
        Some((_, Store::Auth)) => auth::authentication(work, &assign.value),
        Some((_, Store::Params)) => calls::session_params(work, &assign.value),
        Some((_, Store::Unsafe(note))) => {
            work.unit.unsafe_because(attribute.range(), *note);
            Ok(())
        }
        Some((_, Store::Refuse(why))) => Err(refuse(format!("`.{name}`: {why}"))),
        None => Err(refuse(format!("`.{name}`"))),
    }
}

/// Gives each session the life of a client: its own `with`, its own `close`, or a block of its own.
pub fn lives<'a>(
    work: &mut Work<'a, '_, '_>,
    constructors: &[&'a ExprCall],
) -> Result<Vec<Block>, Refusal> {
    let mut blocks = Vec::new();
    let mut closed: Vec<NodeId> = Vec::new();
    for constructor in constructors {
        let id = work.model.id(*constructor);
        let flow = work.model.follow(&[id], true);
        if let Some(block) = life(work, constructor, &flow, &mut closed)? {
            blocks.push(block);
        }
    }
    Ok(blocks)
}

/// The constructor of a session's client: with the settings that a client takes there only, where they follow it.
/// `stores` are the attributes that are set behind it, `mounts` the adapters that are mounted, and `first_method` the first
/// other use that calls something.
pub fn text<'a>(
    work: &mut Work<'a, '_, '_>,
    constructor: &'a ExprCall,
    stores: &[&'a ExprAttribute],
    mounts: &[&'a ExprCall],
    first_method: Option<NodeId>,
) -> Result<String, Refusal> {
    let mut options = work.options.clone();
    // What the transport takes, where the client is given one.
    let mut of_transport: Vec<String> = Vec::new();
    let mut settings: Vec<Setting<'a>> = Vec::new();
    for attribute in stores {
        let name = attribute.attr.as_str();
        if !matches!(
            name,
            "verify" | "cert" | "proxies" | "trust_env" | "timeout"
        ) {
            continue;
        }
        let (setting, statement) = setting(work, constructor, attribute, first_method)?;
        if name == "timeout" {
            work.unit.unsafe_because(
                attribute.range(),
                "the attribute has no effect in requests, and goes",
            );
        } else {
            for part in std::iter::once(setting.value).chain(setting.test) {
                check_moved(work, constructor, attribute, part)?;
            }
            if settings.iter().any(|other| other.name == name) {
                return Err(refuse_setting(attribute, "it is set more than once"));
            }
            settings.push(setting);
        }
        drop_setting(work, attribute, statement)?;
    }
    let common = work.common.clone();
    for (name, value) in common {
        if !settings.iter().any(|other| other.name == name) {
            if value.is_attribute_expr() {
                work.unit.unsafe_because(
                    constructor.range(),
                    format!(
                        "`{name}=` of the requests is read once, when the client is made, and not with each of them"
                    ),
                );
            }
            settings.push(Setting::always(name, value));
        }
    }
    let at = work.model.id(constructor);
    for text in client::texts(work, &settings, at)? {
        if text.starts_with("trust_env") || mounts.is_empty() {
            options.others.push(text);
        } else if text.starts_with("mounts=") {
            return Err(Refusal::with_detail(
                &reasons::SESSION_USE,
                constructor.range(),
                "`.mount()` beside `.proxies` that do not show",
            ));
        } else {
            of_transport.push(text);
        }
    }
    if !mounts.is_empty() {
        let argument = adapters::argument(work, work.model.id(constructor), mounts, &of_transport)?;
        work.moved
            .extend(mounts.iter().map(|call| work.model.id(*call)));
        if let Some(argument) = argument {
            options.others.push(argument);
            of_transport.clear();
        }
    }
    options.others.append(&mut of_transport);
    Ok(options.text())
}

/// What a client takes in its constructor only.
const OF_CLIENT: &[&str] = &["verify", "cert", "proxies"];

/// The arguments that all requests of a session have, with the same value, which is there when the session is made.
pub fn common<'a>(
    model: &Model<'a>,
    requests: &[Request<'a>],
    constructor: &ExprCall,
) -> Vec<(&'a str, &'a Expr)> {
    let mut own = requests.iter().filter(|request| request.is_session);
    let Some(first) = own.next() else {
        return Vec::new();
    };
    let given = |request: &Request<'a>, name: &str| {
        let found = request
            .arguments()?
            .into_iter()
            .find(|argument| argument.name == name)?;
        (!found.is_unpacked).then_some(found.value)
    };
    OF_CLIENT
        .iter()
        .filter_map(|&name| {
            let value = given(first, name)?;
            let is_same = own.clone().all(|other| {
                given(other, name)
                    .is_some_and(|other| model.slice(other.range()) == model.slice(value.range()))
            });
            (is_same && is_there(model, value, constructor)).then_some((name, value))
        })
        .collect()
}

/// Whether a value is the same where a session is made: a literal, or an attribute of `self` that is set once, before it.
fn is_there(model: &Model<'_>, value: &Expr, constructor: &ExprCall) -> bool {
    match value {
        Expr::BooleanLiteral(_) | Expr::StringLiteral(_) => true,
        Expr::Attribute(attribute) if matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "self") =>
        {
            let mut stores = model.nodes.all().filter(|&node| {
                matches!(
                    model.nodes.get(node),
                    AnyNodeRef::ExprAttribute(store)
                        if store.attr.as_str() == attribute.attr.as_str() && store.ctx != ExprContext::Load
                )
            });
            let made = model.id(constructor);
            stores.next().is_some_and(|store| {
                model.runner(store) == model.runner(made)
                    && model.nodes.range(store).end() <= constructor.start()
                    && matches!(model.nodes.parent_node(store), AnyNodeRef::StmtAssign(assign)
                        if model.suite_of(model.id(assign)).map(|(suite, _)| suite.as_ptr())
                            == body_at(model, made))
            }) && stores.next().is_none()
        }
        _ => false,
    }
}

/// The suite of the statement that a node stands in.
fn body_at(model: &Model<'_>, node: NodeId) -> Option<*const ruff_python_ast::Stmt> {
    model
        .suite_of(model.statement_of(node))
        .map(|(suite, _)| suite.as_ptr())
}

fn refuse_setting(attribute: &ExprAttribute, why: &str) -> Refusal {
    Refusal::with_detail(
        &reasons::SESSION_USE,
        attribute.range(),
        format!("`.{}`: {why}", attribute.attr),
    )
}

/// Why a setting cannot move into the constructor.
const IN_CONSTRUCTOR: &str = "the new client takes it in the constructor only";

/// A setting that may move into the constructor, and the statement that goes then: it is set in the statements that follow
/// the constructor, or in an `if` there that does nothing else, before the session does anything.
pub fn setting<'a>(
    work: &Work<'a, '_, '_>,
    constructor: &'a ExprCall,
    attribute: &'a ExprAttribute,
    first_method: Option<NodeId>,
) -> Result<(Setting<'a>, NodeId), Refusal> {
    let model = work.model;
    let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(model.id(attribute)) else {
        return Err(refuse_setting(attribute, "it is changed"));
    };
    let is_first = first_method.is_none_or(|method| method > model.id(attribute));
    let mut statement = model.id(assign);
    let mut test = None;
    if let AnyNodeRef::StmtIf(branch) = model.nodes.parent_node(statement)
        && branch.body.len() == 1
        && branch.elif_else_clauses.is_empty()
        && literal::is_plain(&branch.test)
    {
        statement = model.id(branch);
        test = Some(&*branch.test);
    }
    let same_body = body_after(work, model.id(constructor))
        .zip(model.suite_of(statement))
        .is_some_and(|(body, (other, _))| std::ptr::eq(body, other));
    if !is_first || !same_body || assign.targets.len() != 1 {
        return Err(refuse_setting(attribute, IN_CONSTRUCTOR));
    }
    let (name, value) = (attribute.attr.as_str(), &*assign.value);
    Ok((Setting { name, value, test }, statement))
}

/// Checks that the value of a [`setting`] is the same where the session is made.
pub fn check_moved(
    work: &Work<'_, '_, '_>,
    constructor: &ExprCall,
    attribute: &ExprAttribute,
    value: &Expr,
) -> Result<(), Refusal> {
    let model = work.model;
    let between = TextRange::new(constructor.end(), attribute.start());
    let made = model.statement_of(model.id(constructor));
    let parts: &[Expr] = match value {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::Dict(_) => return check_display(work, constructor, attribute, value),
        other => std::slice::from_ref(other),
    };
    let is_same = parts.iter().all(|part| {
        literal::is_plain(part)
            && client::is_settled(model, part, made)
            && is_kept(model, part, between)
    });
    if is_same {
        Ok(())
    } else {
        let why = "its value is made behind the session";
        Err(refuse_setting(attribute, why))
    }
}

/// The same of a dictionary display: each of its parts.
fn check_display(
    work: &Work<'_, '_, '_>,
    constructor: &ExprCall,
    attribute: &ExprAttribute,
    value: &Expr,
) -> Result<(), Refusal> {
    let Expr::Dict(dict) = value else {
        return Ok(());
    };
    let parts = dict
        .items
        .iter()
        .flat_map(|item| item.key.iter().chain(std::iter::once(&item.value)));
    let is_open = dict.items.iter().any(|item| item.key.is_none());
    for part in parts {
        if is_open || matches!(part, Expr::Dict(_)) {
            return Err(refuse_setting(
                attribute,
                "its value is made behind the session",
            ));
        }
        check_moved(work, constructor, attribute, part)?;
    }
    Ok(())
}

/// Drops the statement of a [`setting`] that has moved.
pub fn drop_setting(
    work: &mut Work<'_, '_, '_>,
    attribute: &ExprAttribute,
    statement: NodeId,
) -> Result<(), Refusal> {
    let node = work.model.id(attribute);
    let edit = work
        .model
        .drop_statement(statement)
        .ok_or_else(|| refuse_setting(attribute, IN_CONSTRUCTOR))?;
    work.unit.edit(edit);
    work.moved.push(node);
    Ok(())
}

/// Whether no attribute in an expression is set in a span.
pub fn is_kept(model: &Model<'_>, value: &Expr, between: TextRange) -> bool {
    let attributes: Vec<&str> = model
        .nodes
        .subtree(model.id(value))
        .filter_map(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprAttribute(attribute) => Some(attribute.attr.as_str()),
            _ => None,
        })
        .collect();
    attributes.is_empty()
        || !model.nodes.all().any(|node| {
            between.contains_range(model.nodes.range(node))
                && matches!(
                    model.nodes.get(node),
                    AnyNodeRef::ExprAttribute(attribute)
                        if attribute.ctx != ExprContext::Load
                            && attributes.contains(&attribute.attr.as_str())
                )
        })
}

/// Whether a session lives and dies in the function that makes it.
pub fn is_local(model: &Model<'_>, constructor: &ExprCall) -> bool {
    let id = model.id(constructor);
    matches!(model.runner(id), Runner::Function(_))
        && model.follow(&[id], true).uses.iter().all(|use_| {
            let is_verb = names::verb_by_name(model, use_.node).is_some();
            (is_verb || !escapes(&use_.kind)) && !use_.captured
        })
}

/// The statements that come next to a constructor: the body of its `with`, or those beside its assignment.
pub fn body_after<'a>(
    work: &Work<'a, '_, '_>,
    constructor: NodeId,
) -> Option<&'a [ruff_python_ast::Stmt]> {
    let model = work.model;
    let parent = model.nodes.parent(constructor);
    if let AnyNodeRef::WithItem(_) = model.nodes.get(parent)
        && let AnyNodeRef::StmtWith(with) = model.nodes.parent_node(parent)
    {
        return Some(&with.body);
    }
    // What follows `session or Session()` is done with other sessions as well.
    if !matches!(
        model.nodes.get(parent),
        AnyNodeRef::StmtAssign(_) | AnyNodeRef::StmtAnnAssign(_)
    ) {
        return None;
    }
    model
        .suite_of(model.statement_of(constructor))
        .map(|(body, _)| body)
}

fn dies(range: TextRange, detail: impl Into<String>) -> Refusal {
    Refusal::with_detail(&reasons::SESSION_LIFE, range, detail)
}

fn life<'a>(
    work: &mut Work<'a, '_, '_>,
    constructor: &'a ExprCall,
    flow: &Flow<'a>,
    closed: &mut Vec<NodeId>,
) -> Result<Option<Block>, Refusal> {
    let model = work.model;
    let id = model.id(constructor);
    let stores: Vec<&ExprAttribute> = flow
        .uses
        .iter()
        .filter_map(|use_| match use_.kind {
            UseKind::AttributeStore(attribute) => Some(attribute),
            _ => None,
        })
        .collect();
    let mounts: Vec<&ExprCall> = flow
        .uses
        .iter()
        .filter_map(|use_| match use_.kind {
            UseKind::Method { attribute, call } if attribute.attr.as_str() == "mount" => Some(call),
            _ => None,
        })
        .collect();
    let first_method = flow
        .uses
        .iter()
        .find(|use_| match use_.kind {
            UseKind::Method { attribute, .. } => attribute.attr.as_str() != "mount",
            _ => false,
        })
        .map(|use_| use_.node);
    if let (Some(first), Some(last)) = (first_method, mounts.last())
        && work.model.id(*last) > first
    {
        return Err(Refusal::with_detail(
            &reasons::SESSION_USE,
            last.range(),
            "`.mount()`: the session was used before",
        ));
    }
    let text = (work.target.session)(work, constructor, &stores, &mounts, first_method)?;
    let with = flow.uses.iter().find_map(|use_| match use_.kind {
        UseKind::With { statement, item } => Some((use_.node, statement, item)),
        _ => None,
    });
    let others = flow.uses.iter().filter(|use_| use_.node != id);
    if let Some((node, statement, item)) = with {
        if node != id {
            return Err(dies(
                model.nodes.range(node),
                "it is entered after it was made",
            ));
        }
        for use_ in others {
            let range = model.nodes.range(use_.node);
            if !statement.range().contains_range(range) {
                return Err(dies(range, "it is used behind its `with` block"));
            }
        }
        client::note_yields(work, statement.range());
        work.unit.edit(Edit::replace(constructor.range(), text));
        work.unit.release(model.id(constructor.func.as_ref()));
        work.unit.async_with(statement, item)?;
        close_calls(work, flow, closed)?;
        return Ok(None);
    }
    let statement = model.nodes.parent(id);
    let target = match model.nodes.get(statement) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [Expr::Name(name)] => Some(name),
            _ => None,
        },
        AnyNodeRef::StmtAnnAssign(assign) => match assign.target.as_ref() {
            Expr::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    };
    let Some(target) = target else {
        return Err(dies(constructor.range(), "it is not assigned to one name"));
    };
    let closes: Vec<NodeId> = flow
        .uses
        .iter()
        .filter(|use_| matches!(use_.kind, UseKind::Method { attribute, .. } if attribute.attr.as_str() == "close"))
        .map(|use_| use_.node)
        .collect();
    if !closes.is_empty() {
        check_closes(work, flow, id, &closes)?;
        work.unit.edit(Edit::replace(constructor.range(), text));
        work.unit.release(model.id(constructor.func.as_ref()));
        close_calls(work, flow, closed)?;
        return Ok(None);
    }
    let nodes: Vec<NodeId> = std::iter::once(id)
        .chain(others.map(|use_| use_.node))
        .collect();
    let run = model
        .common_run(&nodes)
        .filter(|(first, last)| *first == statement && last != first);
    let Some((first, last)) = run else {
        return Err(dies(
            constructor.range(),
            "its uses are not in the statements that follow it",
        ));
    };
    // An annotation goes with the assignment.
    let annotations: Vec<NodeId> = work
        .mentions_in(model.nodes.range(first))
        .map(|mention| mention.node)
        .filter(|&node| node != model.id(constructor.func.as_ref()))
        .collect();
    for node in annotations {
        work.done.push(node);
        work.unit.release(node);
    }
    work.unit.release(model.id(constructor.func.as_ref()));
    Ok(Some(Block {
        first,
        last,
        header: colour::async_with_header(&format!("{text} as {}", target.id)),
        replaces_first: true,
        keeps: None,
    }))
}

/// A closed session of requests works on; a closed client raises.
fn check_closes(
    work: &Work<'_, '_, '_>,
    flow: &Flow<'_>,
    constructor: NodeId,
    closes: &[NodeId],
) -> Result<(), Refusal> {
    let model = work.model;
    let loop_of = |node: NodeId| {
        work.ancestors(node).find(|&at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
            )
        })
    };
    for &close in closes {
        if loop_of(close) != loop_of(constructor) && loop_of(close).is_some() {
            return Err(dies(
                model.nodes.range(close),
                "it is closed in a loop that it is made outside of",
            ));
        }
        let later = flow
            .uses
            .iter()
            .find(|use_| use_.node > close && !closes.contains(&use_.node));
        let leaves = |later: NodeId| {
            model
                .suite_of(model.statement_of(close))
                .and_then(|(body, index)| body.get(index + 1))
                .is_some_and(|next| {
                    matches!(
                        next,
                        ruff_python_ast::Stmt::Return(_) | ruff_python_ast::Stmt::Raise(_)
                    ) && !next.range().contains_range(model.nodes.range(later))
                })
        };
        if let Some(later) = later
            && !leaves(later.node)
        {
            return Err(dies(
                model.nodes.range(later.node),
                "it is used after it was closed",
            ));
        }
    }
    Ok(())
}

fn close_calls<'a>(
    work: &mut Work<'a, '_, '_>,
    flow: &Flow<'a>,
    closed: &mut Vec<NodeId>,
) -> Result<(), Refusal> {
    for use_ in &flow.uses {
        if let UseKind::Method { attribute, call } = use_.kind
            && attribute.attr.as_str() == "close"
            && !closed.contains(&use_.node)
        {
            closed.push(use_.node);
            if literal::has_starred(call) {
                return Err(dies(call.range(), "arguments of `.close()`"));
            }
            if work.target.close != "close" {
                work.unit
                    .edit(Edit::replace(attribute.attr.range(), work.target.close));
            }
            work.unit.await_(call)?;
        }
    }
    Ok(())
}
