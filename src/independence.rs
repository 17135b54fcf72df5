//! Whether calls of one function may overlap: none of them changes what another one sees.
//!
//! Only what is known to share nothing is taken: work on names of the call's own, functions on the lists of
//! [`crate::callgraph::facts::thread`], requests of clients that are made to be shared, and functions of the same file for
//! which the same holds. Everything else is an obstacle, with its place.

use std::cell::RefCell;

use ruff_python_ast::{
    self as ast, AnyNodeRef, Expr, ExprCall, ExprContext, Stmt, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use crate::callgraph::facts::thread::Holds;
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::common::is_plain_decorator;
use crate::semantic::{BindingKind, Model, NodeId, ScopeKind, literal};

/// Libraries whose clients take requests of many tasks at once, and whose other classes hold nothing that is shared: their
/// own documentation says to make one client for a program.
const SHARED_CLIENTS: &[&str] = &["aiohttp.", "httpx.", "httpx2.", "redis.asyncio.Redis."];

/// Members of those that end the client for all.
const ENDING: &[&str] = &["aclose", "close", "connection_pool"];

/// Methods of those that may change something, by their names; everything of redis but reading.
const CHANGING: &[&str] = &[
    "append", "decr", "delete", "expire", "flushall", "flushdb", "hdel", "hincrby", "hset", "incr",
    "incrby", "lpop", "lpush", "patch", "pipeline", "post", "publish", "put", "rename", "request",
    "rpop", "rpush", "sadd", "send", "set", "setex", "setnx", "spop", "srem", "stream", "xadd",
    "zadd", "zrem",
];

/// Functions that run what they are given, which is looked at as an argument.
const RUNNERS: &[&str] = &[
    "asyncio.gather",
    "asyncio.shield",
    "asyncio.timeout",
    "asyncio.wait_for",
    "async_timeout.timeout",
];

/// Methods of strings, and those of mappings that only read: no type that changes its objects gives them these names.
const READING: &[&str] = &[
    "capitalize",
    "casefold",
    "decode",
    "encode",
    "endswith",
    "format",
    "isdigit",
    "items",
    "join",
    "keys",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "title",
    "upper",
    "values",
    "zfill",
];

/// How far values are followed through names.
const DEPTH: u32 = 8;

/// What stands in the way of two calls that overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Where, in bytes.
    pub range: TextRange,
    /// What: a predicate without a subject, for people.
    pub what: &'static str,
    /// How much is known of it.
    pub kind: ObstacleKind,
}

/// What an obstacle says of the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// One call may see what another one does, as far as is known.
    Unknown,
    /// One call does what another one sees.
    Shared,
    /// It is a pause, so that the calls are spread over time on purpose.
    Pause,
}

impl Obstacle {
    fn at(range: TextRange, what: &'static str) -> Self {
        Self {
            range,
            what,
            kind: ObstacleKind::Unknown,
        }
    }

    fn shared(range: TextRange, what: &'static str) -> Self {
        Self {
            kind: ObstacleKind::Shared,
            ..Self::at(range, what)
        }
    }
}

/// Answers for one file.
pub struct Independence<'a, 'm> {
    model: &'m Model<'a>,
    callees: &'m Callees<'a, 'm>,
    holds: RefCell<Holds<'a, 'm>>,
}

impl<'a, 'm> Independence<'a, 'm> {
    /// Answers for this file.
    pub fn new(model: &'m Model<'a>, callees: &'m Callees<'a, 'm>) -> Self {
        Self {
            model,
            callees,
            holds: RefCell::new(Holds::new(model)),
        }
    }

    /// Whether calls like this one may overlap, whatever its arguments are.
    ///
    /// # Errors
    /// The first obstacle.
    pub fn overlap(&self, call: &'a ExprCall) -> Result<(), Obstacle> {
        self.call(call, &mut FxHashSet::default())
    }

    /// Whether a call is made for what goes on meanwhile: it only lets others run, as `asyncio.sleep(0)` does, or a function
    /// that does so.
    pub fn gives_way(&self, call: &'a ExprCall) -> Option<Obstacle> {
        self.pause(call, &mut FxHashSet::default())
            .map(|range| Obstacle {
                range,
                what: "lets others run",
                kind: ObstacleKind::Pause,
            })
    }

    fn pause(&self, call: &'a ExprCall, seen: &mut FxHashSet<NodeId>) -> Option<TextRange> {
        match self.callees.of(&call.func) {
            Callee::Path(path) => is_sleep(&path).then(|| call.range()),
            Callee::Functions(functions) => functions.iter().find_map(|function| {
                let nodes = &self.model.nodes;
                let id = self.model.id(*function);
                if !seen.insert(id) {
                    return None;
                }
                nodes.subtree(id).find_map(|node| match nodes.get(node) {
                    AnyNodeRef::ExprCall(inner) => self.pause(inner, seen),
                    _ => None,
                })
            }),
            Callee::Unknown => None,
        }
    }

    /// Whether a call that may overlap with others only asks for something: it sends no request that may change what another
    /// kind of call sees.
    ///
    /// # Errors
    /// The first request that may change something.
    pub fn only_asks(&self, call: &'a ExprCall) -> Result<(), Obstacle> {
        self.asks(call, &mut FxHashSet::default())
    }

    fn asks(&self, call: &'a ExprCall, seen: &mut FxHashSet<NodeId>) -> Result<(), Obstacle> {
        match self.callees.of(&call.func) {
            Callee::Path(path) => {
                let name = path.rsplit('.').next().unwrap_or(&path);
                match is_shared_client(&path) && CHANGING.contains(&name) {
                    true => Err(Obstacle::at(
                        call.range(),
                        "sends a request that may change what others see",
                    )),
                    false => Ok(()),
                }
            }
            Callee::Functions(functions) => functions.iter().try_for_each(|function| {
                if !seen.insert(self.model.id(*function)) {
                    return Ok(());
                }
                let nodes = &self.model.nodes;
                nodes
                    .subtree(self.model.id(*function))
                    .try_for_each(|node| match nodes.get(node) {
                        AnyNodeRef::ExprCall(inner) => self.asks(inner, seen),
                        _ => Ok(()),
                    })
            }),
            Callee::Unknown => Ok(()),
        }
    }

    /// Whether an expression reads only, so that it may be evaluated earlier, later or between others: the names that it
    /// reads are those of the code round it, which others may hold.
    pub fn only_reads(&self, expr: &'a Expr) -> bool {
        let nodes = &self.model.nodes;
        nodes
            .subtree(self.model.id(expr))
            .all(|node| match nodes.get(node) {
                AnyNodeRef::ExprCall(call) => {
                    let is_reading = matches!(call.func.as_ref(), Expr::Attribute(attribute)
                        if READING.contains(&attribute.attr.as_str()));
                    is_reading || self.holds.borrow_mut().is_listed(call)
                }
                AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::ExprNamed(_) => false,
                _ => true,
            })
    }

    fn function(
        &self,
        function: &'a StmtFunctionDef,
        seen: &mut FxHashSet<NodeId>,
    ) -> Result<(), Obstacle> {
        if !seen.insert(self.model.id(function)) {
            return Ok(());
        }
        if is_stub(function) {
            let range = function.name.range();
            return Err(Obstacle::at(
                range,
                "is written elsewhere, in a class that derives",
            ));
        }
        for decorator in &function.decorator_list {
            let meaning = self.model.meaning(&decorator.expression);
            if !meaning.path().is_some_and(is_plain_decorator) {
                return Err(Obstacle::at(
                    decorator.range(),
                    "has a decorator that is not known",
                ));
            }
        }
        for statement in &function.body {
            for node in self.model.nodes.subtree(self.model.id(statement)) {
                self.node(self.model.nodes.get(node), seen)?;
            }
        }
        Ok(())
    }

    fn node(&self, node: AnyNodeRef<'a>, seen: &mut FxHashSet<NodeId>) -> Result<(), Obstacle> {
        let refuse = |range: TextRange, what| Err(Obstacle::at(range, what));
        let shares = |range: TextRange, what| Err(Obstacle::shared(range, what));
        match node {
            AnyNodeRef::StmtGlobal(stmt) => shares(stmt.range(), "binds a global name"),
            AnyNodeRef::StmtNonlocal(stmt) => {
                shares(stmt.range(), "binds a name of the function round it")
            }
            AnyNodeRef::ExprAttribute(attribute)
                if attribute.ctx != ExprContext::Load && !self.is_own(&attribute.value, DEPTH) =>
            {
                shares(attribute.range(), "sets an attribute")
            }
            AnyNodeRef::ExprSubscript(subscript)
                if subscript.ctx != ExprContext::Load && !self.is_own(&subscript.value, DEPTH) =>
            {
                shares(subscript.range(), "sets an element of what others may hold")
            }
            AnyNodeRef::StmtAugAssign(assign)
                if assign.target.is_name_expr() && !self.is_own(&assign.target, DEPTH) =>
            {
                refuse(assign.range(), "may change an object that others hold")
            }
            AnyNodeRef::StmtWith(with) => with.items.iter().try_for_each(|item| {
                let context = &item.context_expr;
                match context.is_call_expr() || self.is_own(context, DEPTH) {
                    true => Ok(()),
                    false => refuse(
                        context.range(),
                        "enters a context manager that others may hold",
                    ),
                }
            }),
            AnyNodeRef::ExprCall(call) => self.call(call, seen),
            _ => Ok(()),
        }
    }

    fn call(&self, call: &'a ExprCall, seen: &mut FxHashSet<NodeId>) -> Result<(), Obstacle> {
        match self.callees.of(&call.func) {
            Callee::Functions(functions) => functions
                .iter()
                .try_for_each(|function| self.function(function, seen)),
            Callee::Path(path) if is_sleep(&path) => {
                let is_zero = match &*call.arguments.args {
                    [time] => literal::integer(time) == Some(0),
                    _ => false,
                };
                match is_zero {
                    true => Ok(()),
                    false => Err(Obstacle {
                        range: call.range(),
                        what: "pauses",
                        kind: ObstacleKind::Pause,
                    }),
                }
            }
            Callee::Path(path) if path == "builtins.print" => Err(Obstacle::shared(
                call.range(),
                "prints, and the lines would come in another order",
            )),
            Callee::Path(path) if is_shared_client(&path) || RUNNERS.contains(&path.as_str()) => {
                Ok(())
            }
            Callee::Path(_) => match self.is_harmless(call) {
                true => Ok(()),
                false => Err(Obstacle::at(
                    call.range(),
                    "calls what is not known to share nothing",
                )),
            },
            Callee::Unknown => {
                let is_known = match call.func.as_ref() {
                    Expr::Attribute(attribute) => {
                        READING.contains(&attribute.attr.as_str())
                            || self.is_own(&attribute.value, DEPTH)
                    }
                    _ => false,
                };
                match is_known || self.is_harmless(call) {
                    true => Ok(()),
                    false => Err(Obstacle::at(call.range(), "calls what is not known")),
                }
            }
        }
    }

    fn is_harmless(&self, call: &'a ExprCall) -> bool {
        let is_captured = root(&call.func).is_some_and(|name| self.is_captured(name));
        let mut holds = self.holds.borrow_mut();
        holds.is_listed(call) || !is_captured && holds.is_harmless(call)
    }

    /// Whether nothing else holds a value: it is made by this call, or comes out of such a value.
    fn is_own(&self, expr: &'a Expr, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        if root(expr).is_some_and(|name| self.is_captured(name)) {
            return false;
        }
        if self.holds.borrow_mut().is_own(expr) {
            return true;
        }
        match expr {
            Expr::Await(awaited) => self.is_own(&awaited.value, depth),
            Expr::Attribute(attribute) => self.is_own(&attribute.value, depth),
            Expr::Subscript(subscript) => self.is_own(&subscript.value, depth),
            Expr::Call(call) => match self.callees.of(&call.func) {
                Callee::Path(path) if is_shared_client(&path) => true,
                Callee::Unknown | Callee::Path(_) => match call.func.as_ref() {
                    Expr::Attribute(attribute) => self.is_own(&attribute.value, depth),
                    _ => false,
                },
                Callee::Functions(_) => false,
            },
            Expr::Name(name) => self.is_own_name(name, depth),
            _ => false,
        }
    }

    /// Whether a name is one of a function round the one that reads it: all calls of that share it.
    fn is_captured(&self, name: &ast::ExprName) -> bool {
        let (scopes, node) = (&self.model.scopes, self.model.id(name));
        let Some(symbol) = scopes.symbol_of(node) else {
            return false;
        };
        let home = scopes.symbol(symbol).scope;
        let function = scopes.enclosing(home).find_map(|scope| {
            let scope = scopes.scope(scope);
            let is_function = matches!(scope.kind, ScopeKind::Function { .. } | ScopeKind::Lambda);
            is_function.then_some(scope.node)
        });
        function.is_some() && function != self.model.runner_node(node)
    }

    fn is_own_name(&self, name: &'a ast::ExprName, depth: u32) -> bool {
        let scopes = &self.model.scopes;
        let Some(symbol) = scopes.symbol_of(self.model.id(name)) else {
            return false;
        };
        let symbol = scopes.symbol(symbol);
        let is_local = matches!(
            scopes.scope(symbol.scope).kind,
            ScopeKind::Function { .. } | ScopeKind::Comprehension | ScopeKind::Generator
        );
        is_local
            && symbol
                .bindings
                .iter()
                .all(|&binding| match scopes.binding(binding).kind {
                    BindingKind::Assign { value }
                    | BindingKind::With { value, .. }
                    | BindingKind::For { value } => self
                        .callees
                        .expr_at(value)
                        .is_some_and(|value| self.is_own(value, depth)),
                    BindingKind::Declared | BindingKind::Except => true,
                    _ => false,
                })
    }
}

fn is_sleep(path: &str) -> bool {
    matches!(path, "asyncio.sleep" | "anyio.sleep")
}

/// Whether a function only says what others have to write: a protocol's or an abstract method.
fn is_stub(function: &StmtFunctionDef) -> bool {
    let is_abstract = function.decorator_list.iter().any(|decorator| {
        let name = match &decorator.expression {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return false,
        };
        name.starts_with("abstract")
    });
    is_abstract
        || function.body.iter().all(|statement| match statement {
            Stmt::Pass(_) | Stmt::Raise(_) => true,
            Stmt::Expr(expr) => {
                expr.value.is_string_literal_expr() || expr.value.is_ellipsis_literal_expr()
            }
            _ => false,
        })
}

/// The name at the root of `name.attribute[0].method()`.
fn root(expr: &Expr) -> Option<&ast::ExprName> {
    match expr {
        Expr::Name(name) => Some(name),
        Expr::Attribute(attribute) => root(&attribute.value),
        Expr::Subscript(subscript) => root(&subscript.value),
        Expr::Call(call) => root(&call.func),
        Expr::Await(awaited) => root(&awaited.value),
        _ => None,
    }
}

/// Whether a path is one of a library whose clients are made to be shared, apart from what ends one.
fn is_shared_client(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    SHARED_CLIENTS.iter().any(|prefix| path.starts_with(prefix)) && !ENDING.contains(&name)
}
