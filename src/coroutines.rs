//! Which expressions give coroutines: only those may be handed to `create_task`. Futures, tasks and other awaitables, which
//! `gather` and `ensure_future` take as well, raise a TypeError there.
//!
//! Source: measured, see the README of `gather_to_taskgroup`.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use crate::codemod::{Context, Refusal};
use crate::index::{Definition, has_yield};
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::{BindingKind, Model, NodeId, literal};
use crate::unit::Reason;

/// Not known to be a coroutine.
pub static UNKNOWN: Reason = Reason {
    code: "unknown-awaitable",
    message: "this is not known to be a coroutine that nothing else holds, and tasks, futures and other awaitables are not taken there",
    help: "pass calls of `async def` functions that the project defines, without decorators",
};

/// Functions and methods of libraries that are `async def`, or whose result is a coroutine object in every respect.
/// A set of names below one path: `("asyncio", &["sleep"])` is `asyncio.sleep`.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "asyncio",
        &[
            "create_subprocess_exec",
            "create_subprocess_shell",
            "open_connection",
            "open_unix_connection",
            "sleep",
            "start_server",
            "start_unix_server",
            "to_thread",
            "wait",
            "wait_for",
        ],
    ),
    ("asyncio.Barrier", &["wait"]),
    ("asyncio.Condition", &["acquire", "wait", "wait_for"]),
    ("asyncio.Event", &["wait"]),
    ("asyncio.Lock", &["acquire"]),
    ("asyncio.Queue", &["get", "join", "put"]),
    ("asyncio.Semaphore", &["acquire"]),
    ("anyio", &["sleep"]),
    ("anyio.to_thread", &["run_sync"]),
    (
        "httpx.AsyncClient",
        &[
            "aclose", "delete", "get", "head", "options", "patch", "post", "put", "request", "send",
        ],
    ),
    (
        "aiohttp.ClientSession",
        &[
            "close", "delete", "get", "head", "options", "patch", "post", "put", "request",
        ],
    ),
    (
        "redis.asyncio.Redis",
        &[
            "decr", "delete", "exists", "expire", "get", "hget", "hgetall", "hset", "incr", "mget",
            "ping", "publish", "sadd", "set", "smembers", "ttl",
        ],
    ),
    (
        "sqlalchemy.ext.asyncio.AsyncSession",
        &[
            "close", "commit", "execute", "flush", "get", "refresh", "rollback", "scalar",
            "scalars",
        ],
    ),
];

/// Whether the code of a node is that of a coroutine which a generator makes: `@asyncio.coroutine` right above the function. A loop
/// runs it like that of an `async def`, and `yield from` awaits in it.
///
/// Source: <https://docs.python.org/3.10/library/asyncio-task.html#generator-based-coroutines>.
pub fn is_of_generator(model: &Model<'_>, node: NodeId) -> bool {
    let Some(function) = model.runner_node(node) else {
        return false;
    };
    let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(function) else {
        return false;
    };
    let innermost = function.decorator_list.last();
    !function.is_async
        && innermost.is_some_and(|decorator| {
            matches!(
                model.meaning(&decorator.expression).path(),
                Some("asyncio.coroutine" | "asyncio.coroutines.coroutine")
            )
        })
}

/// Other paths under which the same things are exported.
const ALIASES: &[(&str, &str)] = &[
    ("asyncio.queues.Queue", "asyncio.Queue"),
    ("asyncio.PriorityQueue", "asyncio.Queue"),
    ("asyncio.LifoQueue", "asyncio.Queue"),
    ("asyncio.BoundedSemaphore", "asyncio.Semaphore"),
    ("httpx2.AsyncClient", "httpx.AsyncClient"),
    ("aiohttp.client.ClientSession", "aiohttp.ClientSession"),
    ("redis.asyncio.client.Redis", "redis.asyncio.Redis"),
    ("redis.asyncio.StrictRedis", "redis.asyncio.Redis"),
];

/// Decorators under which an `async def` still gives coroutines.
const TRANSPARENT: &[&str] = &[
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.staticmethod",
    "typing.final",
    "typing.override",
    "typing_extensions.override",
];

/// How deep the bodies of called functions are looked into.
const DEPTH: u32 = 4;

/// A context manager, as far as this file shows it.
pub enum Manager<'a> {
    /// A generator function, and every `try` in it.
    Generator(Vec<&'a ast::StmtTry>),
    /// A class.
    Class {
        /// Whether it may swallow exceptions.
        may_swallow: bool,
    },
    /// Not of this file.
    Unknown,
}

/// Answers for one file.
pub struct Coroutines<'a, 'm> {
    model: &'m Model<'a>,
    callees: Callees<'a, 'm>,
    context: &'m Context<'a, 'm>,
}

impl<'a, 'm> Coroutines<'a, 'm> {
    /// Answers for this file.
    pub fn new(context: &'m Context<'a, 'm>) -> Self {
        Self {
            model: context.model,
            callees: Callees::new(context.model),
            context,
        }
    }

    /// Whether a call gives a coroutine.
    pub fn is_coroutine(&self, call: &'a ExprCall) -> bool {
        self.gives_coroutines(&call.func)
    }

    /// Whether calling this expression gives a coroutine.
    pub fn gives_coroutines(&self, func: &'a Expr) -> bool {
        match self.callees.of(func) {
            Callee::Functions(functions) => functions
                .iter()
                .all(|function| self.is_coroutine_function(function)),
            Callee::Path(path) => {
                is_known(&path) || self.context.definition(&path) == Some(Definition::Coroutine)
            }
            Callee::Unknown => false,
        }
    }

    /// Whether a method may override one of a base class outside of this file, so that code elsewhere calls it.
    pub fn may_override(&self, class: &'a ast::StmtClassDef, name: &str) -> bool {
        self.callees.foreign_bases(class).iter().any(|base| {
            self.context.definition(base) != Some(Definition::Class)
                || self.context.definition(&format!("{base}.{name}")).is_some()
        })
    }

    /// What a context manager of this file may do with exceptions.
    pub fn manager(&self, context: &'a Expr) -> Manager<'a> {
        let Expr::Call(call) = context else {
            return Manager::Unknown;
        };
        let nodes = &self.model.nodes;
        if let Callee::Functions(functions) = self.callees.of(&call.func) {
            return Manager::Generator(
                functions
                    .iter()
                    .flat_map(|function| nodes.subtree(self.model.id(*function)))
                    .filter_map(|node| match nodes.get(node) {
                        AnyNodeRef::StmtTry(try_) => Some(try_),
                        _ => None,
                    })
                    .collect(),
            );
        }
        let Some(class) = self.callees.constructs(context) else {
            return Manager::Unknown;
        };
        Manager::Class {
            // `__exit__` swallows what it is called for by returning something true.
            may_swallow: nodes
                .subtree(self.model.id(class))
                .any(|node| match nodes.get(node) {
                    AnyNodeRef::StmtReturn(return_) => {
                        return_.value.as_deref().is_some_and(|value| {
                            !literal::is_none(value) && literal::boolean(value) != Some(false)
                        }) && nodes.ancestors(node).any(|at| {
                            matches!(nodes.get(at), AnyNodeRef::StmtFunctionDef(function)
                                if matches!(function.name.as_str(), "__exit__" | "__aexit__"))
                        })
                    }
                    _ => false,
                }),
        }
    }

    fn is_coroutine_function(&self, function: &ast::StmtFunctionDef) -> bool {
        function.is_async
            && !has_yield(&function.body)
            && function.decorator_list.iter().all(|decorator| {
                self.model
                    .meaning(&decorator.expression)
                    .path()
                    .is_some_and(|path| TRANSPARENT.contains(&path))
            })
    }

    /// Whether a value is a coroutine that nothing else holds: a call, or a local name for one.
    ///
    /// # Errors
    /// The value, where it is not known to be one.
    pub fn check(&self, value: &'a Expr) -> Result<(), Refusal> {
        match value {
            Expr::Call(call) if self.is_coroutine(call) => Ok(()),
            Expr::Name(name) if self.is_stored_coroutine(name) => Ok(()),
            _ => Err(self.unknown(value)),
        }
    }

    /// The refusal for a value that is not known to be a coroutine.
    pub fn unknown(&self, value: &Expr) -> Refusal {
        let text = match value {
            Expr::Call(call) => self.model.slice(call.func.range()),
            other => self.model.slice(other.range()),
        };
        let line = text.lines().next().unwrap_or(text);
        Refusal::with_detail(&UNKNOWN, value.range(), format!("`{line}`"))
    }

    /// `a = f()`, and `a` is used nowhere else.
    fn is_stored_coroutine(&self, name: &ast::ExprName) -> bool {
        let model = self.model;
        let node = model.id(name);
        let Some(symbol) = model.scopes.symbol_of(node) else {
            return false;
        };
        let symbol = model.scopes.symbol(symbol);
        let ([binding], [only]) = (&*symbol.bindings, &*symbol.references) else {
            return false;
        };
        let BindingKind::Assign { value } = model.scopes.binding(*binding).kind else {
            return false;
        };
        *only == node
            && model.scopes.scope(symbol.scope).node == model.runner_node(node).unwrap_or(node)
            && matches!(model.nodes.get(value), AnyNodeRef::ExprCall(call) if self.is_coroutine(call))
            // In a loop the same object would be met again.
            && model.nodes.parent(model.statement_of(value))
                == model.nodes.parent(model.statement_of(node))
    }

    /// Whether an iterable gives coroutines that nothing else holds: `map(f, xs)`, or a list that this function fills.
    ///
    /// # Errors
    /// What is not known.
    pub fn check_all(&self, value: &'a Expr) -> Result<(), Refusal> {
        match value {
            Expr::Call(call) => {
                let is_map = self.model.meaning(&call.func).path() == Some("builtins.map");
                match &*call.arguments.args {
                    [func, _, ..]
                        if is_map && !literal::has_starred(call) && self.gives_coroutines(func) =>
                    {
                        Ok(())
                    }
                    _ => Err(self.unknown(value)),
                }
            }
            Expr::Name(name) => self.check_list(name),
            _ => Err(self.unknown(value)),
        }
    }

    /// A local list that is only filled with coroutine calls and handed on once.
    fn check_list(&self, name: &'a ast::ExprName) -> Result<(), Refusal> {
        let model = self.model;
        let node = model.id(name);
        let refuse = |place: NodeId| {
            Refusal::with_detail(&UNKNOWN, model.nodes.range(place), format!("`{}`", name.id))
        };
        let symbol = model.scopes.symbol_of(node).ok_or_else(|| refuse(node))?;
        let symbol = model.scopes.symbol(symbol);
        if model.runner_node(node) != Some(model.scopes.scope(symbol.scope).node) {
            return Err(refuse(node));
        }
        for &binding in &symbol.bindings {
            let binding = model.scopes.binding(binding);
            if binding.scope != symbol.scope {
                return Err(refuse(binding.node));
            }
            let value = match (&binding.kind, model.nodes.parent_node(binding.node)) {
                (BindingKind::Declared, _) => continue,
                (BindingKind::Assign { .. }, AnyNodeRef::StmtAssign(assign))
                    if assign.targets.len() == 1 =>
                {
                    assign.value.as_ref()
                }
                (BindingKind::Assign { .. }, AnyNodeRef::StmtAnnAssign(assign)) => {
                    assign.value.as_deref().ok_or_else(|| refuse(node))?
                }
                (BindingKind::Augmented, AnyNodeRef::StmtAugAssign(assign))
                    if assign.op == ast::Operator::Add =>
                {
                    assign.value.as_ref()
                }
                _ => return Err(refuse(binding.node)),
            };
            self.check_display(value)?;
        }
        let mut handed_on = 0;
        for &reference in &symbol.references {
            if model.runner_node(reference) != model.runner_node(node) {
                return Err(refuse(reference));
            }
            match model.nodes.parent_node(reference) {
                AnyNodeRef::ExprStarred(_) => handed_on += 1,
                AnyNodeRef::StmtAugAssign(_)
                | AnyNodeRef::StmtIf(_)
                | AnyNodeRef::StmtWhile(_)
                | AnyNodeRef::ElifElseClause(_) => {}
                AnyNodeRef::ExprUnaryOp(unary) if unary.op == ast::UnaryOp::Not => {}
                AnyNodeRef::ExprAttribute(attribute) => {
                    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(attribute))
                    else {
                        return Err(refuse(reference));
                    };
                    match (attribute.attr.as_str(), &*call.arguments.args) {
                        ("append", [Expr::Call(value)]) if self.is_coroutine(value) => {}
                        ("append", [value]) => return Err(self.unknown(value)),
                        ("extend", [value]) => self.check_display(value)?,
                        ("clear", []) => {}
                        _ => return Err(refuse(reference)),
                    }
                }
                AnyNodeRef::Arguments(arguments)
                    if matches!(
                        model.nodes.parent_node(model.id(arguments)),
                        AnyNodeRef::ExprCall(call)
                            if model.meaning(&call.func).path() == Some("builtins.len")
                    ) => {}
                _ => return Err(refuse(reference)),
            }
        }
        if handed_on == 1 {
            Ok(())
        } else {
            Err(refuse(node))
        }
    }

    /// A list display or comprehension of coroutine calls.
    fn check_display(&self, value: &'a Expr) -> Result<(), Refusal> {
        let call = |value: &'a Expr| match value {
            Expr::Call(call) if self.is_coroutine(call) => Ok(()),
            _ => Err(self.unknown(value)),
        };
        match value {
            Expr::List(list) => list.elts.iter().try_for_each(call),
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(call),
            Expr::ListComp(comprehension) => call(&comprehension.elt),
            Expr::Generator(comprehension) => call(&comprehension.elt),
            _ => Err(self.unknown(value)),
        }
    }

    /// Whether a coroutine does nothing that anybody could see, apart from its result or failure: so that nobody can
    /// tell whether it was cancelled.
    pub fn is_quiet(&self, value: &'a Expr) -> bool {
        match value {
            Expr::Call(call) => self.is_quiet_call(call, DEPTH),
            _ => false,
        }
    }

    fn is_quiet_call(&self, call: &'a ExprCall, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let plain = |call: &ExprCall| {
            call.arguments.args.iter().all(literal::is_plain)
                && call
                    .arguments
                    .keywords
                    .iter()
                    .all(|keyword| literal::is_plain(&keyword.value))
        };
        match self.callees.of(&call.func) {
            Callee::Path(path) if path == "asyncio.sleep" => plain(call),
            Callee::Path(path) if path == "asyncio.gather" => call
                .arguments
                .args
                .iter()
                .all(|arg| matches!(arg, Expr::Call(call) if self.is_quiet_call(call, depth))),
            Callee::Functions(functions) => {
                plain(call)
                    && functions.iter().all(|function| {
                        self.is_coroutine_function(function)
                            && self.is_quiet_body(&function.body, depth)
                    })
            }
            _ => false,
        }
    }

    fn is_quiet_body(&self, body: &'a [Stmt], depth: u32) -> bool {
        body.iter().all(|stmt| match stmt {
            Stmt::Pass(_) => true,
            Stmt::Expr(expr) => self.is_quiet_value(&expr.value, depth),
            Stmt::Return(return_) => return_
                .value
                .as_deref()
                .is_none_or(|value| self.is_quiet_value(value, depth)),
            Stmt::Assign(assign) => {
                assign.targets.iter().all(|target| {
                    matches!(target, Expr::Name(_))
                        && self.model.is_settled_name(self.model.id(target))
                        && self
                            .model
                            .scopes
                            .symbol_of(self.model.id(target))
                            .is_some_and(|symbol| {
                                self.model.scopes.symbol(symbol).scope
                                    != crate::semantic::Scopes::MODULE
                            })
                }) && self.is_quiet_value(&assign.value, depth)
            }
            Stmt::If(if_) => {
                literal::is_plain(&if_.test)
                    && self.is_quiet_body(&if_.body, depth)
                    && if_.elif_else_clauses.iter().all(|clause| {
                        clause.test.as_ref().is_none_or(literal::is_plain)
                            && self.is_quiet_body(&clause.body, depth)
                    })
            }
            Stmt::Raise(raise) => {
                raise
                    .exc
                    .iter()
                    .chain(&raise.cause)
                    .all(|value| match value.as_ref() {
                        Expr::Call(call) => {
                            matches!(call.func.as_ref(), Expr::Name(_))
                                && self.model.meaning(&call.func).below("builtins").is_some()
                                && call.arguments.args.iter().all(literal::is_plain)
                                && call.arguments.keywords.is_empty()
                        }
                        other => literal::is_plain(other),
                    })
            }
            _ => false,
        })
    }

    fn is_quiet_value(&self, value: &'a Expr, depth: u32) -> bool {
        match value {
            Expr::Await(await_) => match await_.value.as_ref() {
                Expr::Call(call) => self.is_quiet_call(call, depth),
                _ => false,
            },
            other => literal::is_plain(other),
        }
    }
}

fn is_known(path: &str) -> bool {
    let Some((owner, name)) = path.rsplit_once('.') else {
        return false;
    };
    let owner = ALIASES
        .iter()
        .find(|(alias, _)| *alias == owner)
        .map_or(owner, |(_, owner)| owner);
    KNOWN
        .iter()
        .any(|(known, names)| *known == owner && names.contains(&name))
}
