//! Clients, sessions and files of async libraries: which hold connections until they are closed, and which are made to be
//! shared.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};

use crate::semantic::flow::UseKind;
use crate::semantic::{Model, NodeId, Runner, ScopeKind};

/// What holds connections or a file until it is closed, and is an async context manager.
pub const OPENED: &[&str] = &[
    "aiofiles.open",
    "aiohttp.ClientSession",
    "aiosqlite.connect",
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
    "sqlalchemy.ext.asyncio.AsyncSession",
];

/// What keeps connections for its next use.
pub const POOLS: &[&str] = &[
    "aiohttp.ClientSession",
    "asyncpg.connect",
    "asyncpg.create_pool",
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
    "motor.motor_asyncio.AsyncIOMotorClient",
    "openai.AsyncOpenAI",
    "anthropic.AsyncAnthropic",
    "pymongo.AsyncMongoClient",
    "redis.asyncio.Redis",
    "redis.asyncio.from_url",
    "redis.asyncio.Redis.from_url",
    "sqlalchemy.ext.asyncio.create_async_engine",
];

/// Those of [`POOLS`] that tasks may use at once, and that nothing but their creation tells apart.
pub const SHARED: &[&str] = &[
    "aiohttp.ClientSession",
    "anthropic.AsyncAnthropic",
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
    "openai.AsyncOpenAI",
    "redis.asyncio.Redis",
];

const CLOSING: &[&str] = &["__aexit__", "aclose", "close"];

/// Whether what a call of a function opens is neither closed, nor entered, nor handed on: for calls in functions.
pub fn is_left_open(model: &Model<'_>, call: &ExprCall) -> bool {
    let node = model.id(call);
    // A client of the module lives as long as the program.
    if !matches!(model.runner(node), Runner::Function(_)) {
        return false;
    }
    let flow = model.follow(&[opened(model, call)], true);
    !flow.uses.iter().any(|use_| match use_.kind {
        UseKind::Method { attribute, .. } => CLOSING.contains(&attribute.attr.as_str()),
        UseKind::Attribute(_)
        | UseKind::AttributeStore(_)
        | UseKind::IsNone
        | UseKind::Truth
        | UseKind::Iterated(_)
        | UseKind::Discarded => false,
        _ => true,
    })
}

/// The expression that holds what a call opens: the call, or its `await`.
pub fn opened(model: &Model<'_>, call: &ExprCall) -> NodeId {
    let node = model.id(call);
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAwait(awaited) => model.id(awaited),
        _ => node,
    }
}

/// Whether an expression reads names of functions: parameters, and what their code binds.
pub fn reads_locals(model: &Model<'_>, expr: &Expr) -> bool {
    model
        .nodes
        .subtree(model.id(expr))
        .filter(|&node| matches!(model.nodes.get(node), AnyNodeRef::ExprName(_)))
        .filter_map(|node| model.scopes.symbol_of(node))
        .any(|symbol| {
            let scope = model.scopes.symbol(symbol).scope;
            matches!(
                model.scopes.scope(scope).kind,
                ScopeKind::Function { .. } | ScopeKind::Lambda | ScopeKind::Comprehension
            )
        })
}
