//! What becomes of engines, makers, sessions and connections in one file.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::Ranged;

use super::members::{CONNECTION, ENGINE, MAKER, Member, SCOPED, SESSION, TRANSACTION, member};
use super::{
    alembic, classes, engine, lazy, maker, query, reasons, schema, sharing, stale, startup, synced,
};
use crate::callgraph::values::To;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::{Edit, Piece};
use crate::semantic::{Model, NodeId, Runner, literal};
use crate::unit::Dependency;
use crate::values::{Component, Part, ValueUse};

/// An engine that is no function's.
const ENGINE_SHARED: &str = "the engine is shared by all that see it, and its connections belong to one event loop: dispose of \
                             it before a second `asyncio.run`";

/// What the session held after a commit.
const STALE: &str = "objects keep the values that they had before the commit (`expire_on_commit=False`): what this statement \
                     changes in the database is not seen in them before a `refresh`";

/// What the session held after a rollback.
const ROLLED_BACK: &str = "after a rollback the objects of the session are expired, and reading an attribute of one raises: \
                           `refresh` them first";

/// Callers that hand over a session.
const OUTSIDE: &str =
    "who gives the session is not seen: it has to be an AsyncSession with `expire_on_commit=False`";

/// Rewrites one file of a component.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    component: &Component,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    if let Some(&class) = part.derived.first() {
        return Err(derived(model, class));
    }
    for &node in &part.made {
        if let AnyNodeRef::ExprCall(call) = model.nodes.get(node) {
            constructor(context, call, unit)?;
        }
    }
    for named in &part.mentions {
        listener(model, named.node)?;
        classes::rename_mention(context, named, unit)?;
    }
    let migrations = alembic::Migrations::new(model, part)?;
    migrations.rewrite(context, unit)?;
    let mut tables = Vec::new();
    let mut of_tests = Vec::new();
    synced::rewrite(context, part, unit)?;
    for use_ in &part.uses {
        if migrations.holds(use_) || synced::is_taken(use_) {
            continue;
        }
        if use_.kind == ENGINE
            && matches!(&use_.to, To::Handed(path) if path == ".create_all")
            && startup::is_beside_application(model, use_.node)
        {
            tables.push(schema::taken(context, use_.node)?);
            continue;
        }
        if use_.kind == ENGINE
            && matches!(&use_.to, To::Handed(path) if matches!(path.as_str(), ".create_all" | ".drop_all"))
            && startup::is_of_tests(model, use_.node)
        {
            of_tests.push(schema::taken(context, use_.node)?);
            continue;
        }
        one(context, part, use_, unit)?;
    }
    let options = lazy::rewrite(context, component, part, unit)?;
    query::rewrite(context, part, &queries(model, part), &options, unit)?;
    stale::rewrite(model, part, unit);
    startup::rewrite(context, &tables, unit)?;
    startup::run(context, &of_tests, unit)?;
    for (&node, &kind) in sorted(part) {
        sharing::check(model, node, kind)?;
    }
    let makes = |part: &Part| !part.made.is_empty();
    if !component.parts.values().any(makes)
        && let Some(named) = part.mentions.first()
    {
        unit.unsafe_because(named.range, OUTSIDE);
    }
    unit.dependency(Dependency::Add("greenlet"));
    Ok(())
}

/// The calls of `session.query`, in the order of the source.
fn queries<'a>(model: &Model<'a>, part: &Part) -> Vec<&'a ExprCall> {
    let calls = part.uses.iter().filter_map(|use_| match &use_.to {
        To::Attribute {
            name,
            call: Some(call),
            is_store: false,
            ..
        } if member(use_.kind, name) == Member::Query => match model.nodes.get(*call) {
            AnyNodeRef::ExprCall(call) => Some(call),
            _ => None,
        },
        _ => None,
    });
    calls.collect()
}

/// The expressions that give a value, in the order of the source.
fn sorted(part: &Part) -> impl Iterator<Item = (&NodeId, &usize)> {
    let mut all: Vec<_> = part.kinds.iter().collect();
    all.sort_unstable();
    all.into_iter()
}

/// A class that derives from a session.
fn derived(model: &Model<'_>, index: u32) -> Refusal {
    let mut classes = model
        .nodes
        .all()
        .filter_map(|node| match model.nodes.get(node) {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        });
    match classes.nth(index as usize) {
        Some(class) => Refusal::with_detail(
            &reasons::SUBCLASS,
            class.name.range(),
            format!("`{}`", class.name),
        ),
        None => (&reasons::SUBCLASS).into(),
    }
}

/// SQLAlchemy hands a listener the sync object: its annotation stays right as it is.
fn listener(model: &Model<'_>, node: NodeId) -> Result<(), Refusal> {
    let function = model
        .nodes
        .ancestors(node)
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtFunctionDef(function) => Some(function),
            _ => None,
        });
    let Some(function) = function else {
        return Ok(());
    };
    let is_listener = function.decorator_list.iter().any(|decorator| {
        let func = match &decorator.expression {
            Expr::Call(call) => call.func.as_ref(),
            func => func,
        };
        let meaning = model.meaning(func);
        meaning
            .path()
            .is_some_and(|path| path.starts_with("sqlalchemy.event"))
    });
    if is_listener && model.nodes.range(node).start() < function.body[0].range().start() {
        return Err(Refusal::at(&reasons::LISTENER, model.nodes.range(node)));
    }
    Ok(())
}

/// Rewrites a call that makes a value.
fn constructor<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    if let Some((name, ..)) = context
        .settings
        .pins
        .iter()
        .find(|(name, ..)| name == "sqlalchemy")
    {
        let detail = format!("`{name}`");
        return Err(Refusal::with_detail(&reasons::OLD, call.range(), detail));
    }
    let meaning = model.meaning(&call.func);
    let path = meaning.path().unwrap_or_default();
    match classes::kind_of(path) {
        Some(ENGINE) => {
            engine::constructor(context, call, path, unit)?;
            if !matches!(model.runner(model.id(call)), Runner::Function(_)) {
                unit.unsafe_because(call.range(), ENGINE_SHARED);
            }
            Ok(())
        }
        Some(kind) => maker::constructor(context, call, path, kind, unit),
        None => Ok(()),
    }
}

/// Rewrites one use.
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
        | To::Stacked { .. } => {
            entered(model, use_)?;
            unit.enter(use_)
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
            if *is_store {
                return Err(refused(&reasons::MEMBER, attribute, name));
            }
            // No method of the project that has its name, too.
            if let Some(call) = call.filter(|_| !use_.is_own) {
                unit.is_foreign(model.id(call));
            }
            attribute_use(context, part, use_.kind, attribute, name, call, unit)
        }
        To::Called(call) => match model.nodes.get(*call) {
            AnyNodeRef::ExprCall(call) if matches!(use_.kind, MAKER | SCOPED) => {
                maker::called(call)
            }
            _ => Err(Refusal::at(&reasons::MEMBER, use_.range)),
        },
        To::Handed(path) => handed(context, part, use_, path, unit),
        _ => Ok(()),
    }
}

fn refused(reason: &'static crate::unit::Reason, attribute: &ExprAttribute, name: &str) -> Refusal {
    Refusal::with_detail(reason, attribute.range(), format!("`.{name}`"))
}

/// An async connection is entered where it is made, or awaited there and never entered.
fn entered(model: &Model<'_>, use_: &ValueUse) -> Result<(), Refusal> {
    let is_call = matches!(model.nodes.get(use_.node), AnyNodeRef::ExprCall(_));
    if matches!(use_.kind, CONNECTION | TRANSACTION) && !is_call {
        return Err(Refusal::at(&reasons::NOT_ENTERED, use_.range));
    }
    Ok(())
}

/// Whether what a call gives is entered at once.
fn is_entered(part: &Part, call: NodeId) -> bool {
    part.uses
        .iter()
        .any(|use_| use_.node == call && matches!(use_.to, To::With { .. } | To::Stacked { .. }))
}

/// Whether all that is read of the URL of an engine is what an async driver does not change: something else may open the
/// database by it.
fn is_part_of_url(model: &Model<'_>, url: &ExprAttribute) -> bool {
    match model.nodes.parent_node(model.id(url)) {
        AnyNodeRef::ExprAttribute(part) => matches!(
            part.attr.as_str(),
            "database" | "get_backend_name" | "host" | "password" | "port" | "query" | "username"
        ),
        _ => false,
    }
}

fn attribute_use<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    kind: usize,
    attribute: &'a ExprAttribute,
    name: &str,
    call: Option<&'a ExprCall>,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    if kind == ENGINE && name == "url" && !is_part_of_url(model, attribute) {
        return Err(refused(&reasons::MEMBER, attribute, name));
    }
    match (member(kind, name), call) {
        (Member::Refused(reason), _) => Err(refused(reason, attribute, name)),
        // A maker without its engine would be half of a change.
        (Member::Same, Some(call)) if name == "configure" => {
            let bind = literal::keyword(call, "bind").map(|keyword| &keyword.value);
            match bind {
                Some(value) if part.kind(model.id(value)).is_none() => {
                    Err(Refusal::at(&reasons::TAKEN, value.range()))
                }
                _ => maker::called(call),
            }
        }
        (Member::Same, _) => Ok(()),
        (Member::Bind, call) => {
            let read = call.map_or(model.id(attribute), |call| model.id(call));
            match model.nodes.parent_node(read) {
                AnyNodeRef::ExprAttribute(of)
                    if matches!(of.attr.as_str(), "dialect" | "driver" | "name" | "url") =>
                {
                    Ok(())
                }
                _ => Err(refused(&reasons::MEMBER, attribute, name)),
            }
        }
        (_, None) => Err(refused(&reasons::METHOD_VALUE, attribute, name)),
        // All queries of the file are rewritten together.
        (Member::Query, Some(_)) => Ok(()),
        (Member::Synced, Some(call)) => synced(context, attribute, call, unit),
        (Member::Entered, Some(call)) => {
            if is_entered(part, model.id(call)) {
                Ok(())
            } else {
                Err(refused(&reasons::NOT_ENTERED, attribute, name))
            }
        }
        (Member::Block, Some(call)) => {
            if is_entered(part, model.id(call)) {
                Ok(())
            } else {
                unit.await_(call)
            }
        }
        (Member::Awaited, Some(call)) => {
            // What is awaited already is written for an async session.
            if matches!(
                model.nodes.parent_node(model.id(call)),
                AnyNodeRef::ExprAwait(_)
            ) {
                return Ok(());
            }
            // `engine.connect().execution_options(...)` configures a connection that is not open yet.
            if kind == CONNECTION && name == "execution_options" && attribute.value.is_call_expr() {
                return Err(refused(&reasons::NOT_ENTERED, attribute, name));
            }
            unit.await_or_hand_on(model.id(call))?;
            match name {
                "execute" | "scalar" | "scalars" | "exec" => statement(context, kind, call, unit),
                "rollback" if matches!(kind, SESSION | SCOPED) && goes_on(model, call) => {
                    unit.unsafe_because(call.range(), ROLLED_BACK);
                    Ok(())
                }
                _ => Ok(()),
            }
        }
    }
}

/// Checks what is executed.
fn statement<'a, 'c>(
    context: &Context<'a, 'c>,
    kind: usize,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let Some(executed) = call.arguments.args.first() else {
        return Ok(());
    };
    for node in model.nodes.subtree(model.id(call)) {
        let (name, range) = match model.nodes.get(node) {
            AnyNodeRef::Keyword(keyword) => {
                (keyword.arg.as_deref().unwrap_or_default(), keyword.range())
            }
            AnyNodeRef::ExprAttribute(attribute) => {
                (attribute.attr.as_str(), attribute.attr.range())
            }
            AnyNodeRef::ExprStringLiteral(literal) => (literal.value.to_str(), literal.range()),
            _ => continue,
        };
        if matches!(name, "yield_per" | "stream_results") {
            let detail = format!("`{name}`");
            return Err(Refusal::with_detail(&reasons::STREAMED, range, detail));
        }
    }
    // `session.execute(query).yield_per(100)`
    if let AnyNodeRef::ExprAttribute(next) = model.nodes.parent_node(model.id(call))
        && next.attr.as_str() == "yield_per"
    {
        return Err(Refusal::at(&reasons::STREAMED, next.attr.range()));
    }
    if matches!(kind, SESSION | SCOPED) && !engine::only_reads(model, executed) {
        unit.unsafe_because(executed.range(), STALE);
    }
    Ok(())
}

/// Whether the function goes on after a rollback with what it had: not where the handler raises or the function returns a
/// plain value.
fn goes_on(model: &Model<'_>, call: &ExprCall) -> bool {
    let statement = model.statement_of(model.id(call));
    let Some((suite, index)) = model.suite_of(statement) else {
        return true;
    };
    !suite[index + 1..]
        .iter()
        .any(|next| matches!(next, ruff_python_ast::Stmt::Raise(_)))
}

/// `session.bulk_save_objects(objects)` -> `session.run_sync(lambda session: session.bulk_save_objects(objects))`.
fn synced<'a, 'c>(
    context: &Context<'a, 'c>,
    attribute: &'a ExprAttribute,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let has_await = model.nodes.subtree(model.id(&call.arguments)).any(|node| {
        matches!(
            model.nodes.get(node),
            AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::ExprNamed(_)
        )
    });
    if has_await || model.has_comment(call.range()) {
        return Err(Refusal::at(&reasons::MEMBER, attribute.range()));
    }
    let name = match attribute.value.as_ref() {
        Expr::Name(name) => name.id.to_string(),
        _ => model.free_name("session", model.id(call), &[]),
    };
    unit.edit(Edit::pieces(
        call.range(),
        vec![
            Piece::Source(attribute.value.range()),
            Piece::text(format!(
                ".run_sync(lambda {name}: {name}.{}",
                attribute.attr
            )),
            Piece::Source(call.arguments.range()),
            Piece::text(")"),
        ],
    ));
    unit.await_(call)
}

/// A value is handed to a function of the library, or to a method.
fn handed<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    use_: &ValueUse,
    path: &str,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    match path {
        ".create_all" | ".drop_all" | ".reflect" => {
            schema::rewrite(context, use_.node, use_.kind, unit)
        }
        // `SessionLocal.configure(bind=engine)`
        ".configure" => {
            let taker = model
                .nodes
                .ancestors(use_.node)
                .find_map(|at| match model.nodes.get(at) {
                    AnyNodeRef::ExprCall(call) => Some(call),
                    _ => None,
                });
            let is_maker = taker.is_some_and(|call| match call.func.as_ref() {
                Expr::Attribute(method) => matches!(
                    part.kind(model.id(method.value.as_ref())),
                    Some(MAKER | SCOPED)
                ),
                _ => false,
            });
            match taker {
                Some(call) if is_maker => maker::called(call),
                _ => Err(Refusal::at(&reasons::TAKEN, use_.range)),
            }
        }
        _ if path.starts_with("sqlalchemy.event.") && use_.kind == ENGINE => {
            unit.edit(maker::sync_half(use_.range));
            Ok(())
        }
        _ => Err(Refusal::with_detail(
            &reasons::TAKEN,
            use_.range,
            format!("`{path}`"),
        )),
    }
}
