//! `@asyncio.coroutine` with `yield from f()` -> `async def` with `await f()`.
//!
//! Source: <https://docs.python.org/3.10/library/asyncio-task.html#generator-based-coroutines>; Python 3.11 has no
//! `asyncio.coroutine` any more.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef, ExprYieldFrom, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::coroutines::Coroutines;
use crate::edit::Edit;
use crate::index::has_yield;
use crate::python::PythonVersion;
use crate::semantic::scope::ScopeId;
use crate::semantic::{BindingKind, Meaning, Model, NodeId};
use crate::unit::{ColourSite, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "coroutine_decorator_to_async",
    summary: "@asyncio.coroutine with yield from f() -> async def with await f()",
    readme: include_str!("README.md"),
    triggers: &["coroutine"],
    role: Role::Idiom,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: Some(
        "a plain generator of another module that delegates to the function with `yield from` fails: `await` it in a coroutine",
    ),
    doubles: &[],
    reasons: &[
        &YIELDS, &OPERAND, &DELEGATED, &DECORATOR, &ITERATOR, &GENERATOR, &WRAPPED,
    ],
    declared: None,
    run,
};

/// `yield x`.
static YIELDS: Reason = Reason {
    code: "coroutine-yields",
    message: "the function yields by itself, which makes an `async def` a generator and no coroutine",
    help: "await what it waits for, or leave the function to `types.coroutine`",
};

/// `yield from [1, 2]`.
static OPERAND: Reason = Reason {
    code: "coroutine-operand",
    message: "what stands behind `yield from` is no call or name, and `await` takes no plain iterable",
    help: "assign the awaitable to a name first",
};

/// A generator that is no coroutine delegates to it.
static DELEGATED: Reason = Reason {
    code: "coroutine-delegated",
    message: "a generator without the decorator delegates to it with `yield from`, which takes no `async def`",
    help: "decorate that generator with `asyncio.coroutine` as well",
};

/// The decorator cannot be removed by itself.
static DECORATOR: Reason = Reason {
    code: "coroutine-decorator",
    message: "the decorator shares its line with a comment",
    help: "put the comment on a line of its own",
};

/// `__aiter__` that waits.
static ITERATOR: Reason = Reason {
    code: "coroutine-iterator",
    message: "`__aiter__` awaits something, and `async for` takes what it returns without awaiting it",
    help: "await it in `__anext__`, at the first turn",
};

/// `yield from helper()`, where `helper` is a generator.
static GENERATOR: Reason = Reason {
    code: "coroutine-generator",
    message: "the function waits for a generator without the decorator, which cannot be awaited",
    help: "decorate that generator with `asyncio.coroutine` as well",
};

/// `@asyncio.coroutine` above another decorator.
static WRAPPED: Reason = Reason {
    code: "coroutine-wrapped",
    message: "the decorator makes a coroutine of what another decorator returns, and that is no coroutine without it",
    help: "make a coroutine function of the wrapper first, or put `asyncio.coroutine` next to the function",
};

/// Decorators that return the function that they are given, or its wrapper as `functools.wraps` marks it.
const TRANSPARENT: &[&str] = &[
    "abc.abstractmethod",
    "functools.wraps",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.override",
];

/// What differs where it is not known what is awaited.
const UNKNOWN_OPERAND: &str =
    "it is not known whether this is awaitable: `yield from` takes any iterable, `await` does not";

/// What differs where it is not known what a function without `yield from` returns.
const UNKNOWN_RESULT: &str = "`asyncio.coroutine` awaits what such a function returns, if it can be awaited; `async def` returns it as it is";

/// Functions and classes of asyncio that give awaitables, besides those that are coroutines.
const OF_ASYNCIO: &[&str] = &[
    "Future",
    "Task",
    "create_task",
    "ensure_future",
    "gather",
    "shield",
    "wrap_future",
];

/// Methods of event loops whose results are awaited.
const OF_LOOPS: &[&str] = &[
    "connect_read_pipe",
    "connect_write_pipe",
    "create_connection",
    "create_datagram_endpoint",
    "create_server",
    "create_task",
    "create_unix_connection",
    "create_unix_server",
    "getaddrinfo",
    "getnameinfo",
    "run_in_executor",
    "sock_accept",
    "sock_connect",
    "sock_recv",
    "sock_sendall",
    "subprocess_exec",
    "subprocess_shell",
];

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut functions: Vec<(&StmtFunctionDef, usize)> = Vec::new();
    let mut ambiguous: Vec<TextRange> = Vec::new();
    for node in model.nodes.all() {
        let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) else {
            continue;
        };
        for (number, decorator) in function.decorator_list.iter().enumerate() {
            let meaning = model.meaning(&decorator.expression);
            if !meaning
                .may_be(|path| matches!(path, "asyncio.coroutine" | "asyncio.coroutines.coroutine"))
            {
                continue;
            }
            if matches!(meaning, Meaning::Path(_)) && !function.is_async {
                functions.push((function, number));
            } else if !function.is_async {
                ambiguous.push(decorator.range());
            }
        }
    }
    for range in ambiguous {
        context.skip(range, &AMBIGUOUS_BINDING, None);
    }
    if functions.is_empty() {
        return;
    }
    let around = Around::new(model, &functions);
    let known = Coroutines::new(context);
    let mut reports = Vec::new();
    for (function, number) in functions {
        let decorator = &function.decorator_list[number].expression;
        let result = match around.refusal(model, function, number) {
            Some(refusal) => Err(refusal),
            None => unit(context, &known, &around, function, decorator),
        };
        reports.push((decorator.range(), result));
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

/// What else in the file delegates, is delegated to, and decorates.
struct Around<'a> {
    /// The names of the decorated functions.
    names: FxHashSet<&'a str>,
    /// Every `yield from` of a function without the decorator, or of no function.
    delegating: Vec<&'a ExprYieldFrom>,
    /// What is called and gives a generator without the decorator, each with whether it is a method.
    generators: FxHashSet<(&'a str, bool)>,
    /// The names of functions of this file that decorate such generators.
    of_generators: FxHashSet<&'a str>,
    /// By the name of a function of this file: where what its parameter gives is delegated to, in a function without the decorator.
    delegating_decorators: FxHashMap<&'a str, &'a ExprYieldFrom>,
}

impl<'a> Around<'a> {
    fn new(model: &Model<'a>, functions: &[(&'a StmtFunctionDef, usize)]) -> Self {
        let own: FxHashSet<NodeId> = functions
            .iter()
            .map(|(function, _)| model.id(*function))
            .collect();
        let delegating: Vec<&'a ExprYieldFrom> = yields_from(model, None)
            .filter(|yield_| {
                model
                    .runner_node(model.id(*yield_))
                    .is_none_or(|runner| !own.contains(&runner))
            })
            .collect();
        let delegating_decorators: FxHashMap<&str, &ExprYieldFrom> = delegating
            .iter()
            .flat_map(|yield_| takers(model, &yield_.value).map(|name| (name, *yield_)))
            .collect();
        let (mut generators, mut of_generators) = (FxHashSet::default(), FxHashSet::default());
        for function in model.scopes.functions() {
            let Some(definition) = function.definition else {
                continue;
            };
            let is_method = matches!(
                model.nodes.parent_node(function.node),
                AnyNodeRef::StmtClassDef(_)
            );
            // The wrapper that takes its place is a generator.
            let outermost = definition.decorator_list.first();
            if outermost
                .and_then(|decorator| last_name(&decorator.expression))
                .is_some_and(|name| delegating_decorators.contains_key(name))
            {
                generators.insert((definition.name.as_str(), is_method));
            }
            if definition.is_async || own.contains(&function.node) || !has_yield(&definition.body) {
                continue;
            }
            if definition.decorator_list.is_empty() {
                generators.insert((definition.name.as_str(), is_method));
            }
            of_generators.extend(
                definition
                    .decorator_list
                    .iter()
                    .filter_map(|decorator| last_name(&decorator.expression)),
            );
        }
        Self {
            names: functions
                .iter()
                .map(|(function, _)| function.name.as_str())
                .collect(),
            delegating,
            generators,
            of_generators,
            delegating_decorators,
        }
    }

    /// Why a function stays, whatever it does itself: the decorators that it has besides, and what delegates to it.
    fn refusal(
        &self,
        model: &Model<'a>,
        function: &'a StmtFunctionDef,
        number: usize,
    ) -> Option<Refusal> {
        let (above, below) = function.decorator_list.split_at(number);
        let wrapping = below.iter().skip(1).find(|decorator| {
            let callee = match &decorator.expression {
                Expr::Call(call) => call.func.as_ref(),
                expr => expr,
            };
            !model
                .meaning(callee)
                .path()
                .is_some_and(|path| TRANSPARENT.contains(&path) || path.starts_with("pytest.mark."))
        });
        if let Some(decorator) = wrapping {
            return Some(Refusal::at(&WRAPPED, decorator.range()));
        }
        let name = function.name.as_str();
        let delegating = self
            .delegating
            .iter()
            .find(|yield_| called(&yield_.value) == Some(name))
            .or_else(|| {
                above.iter().find_map(|decorator| {
                    self.delegating_decorators
                        .get(last_name(&decorator.expression)?)
                })
            });
        delegating.map(|yield_| Refusal::at(&DELEGATED, yield_.range()))
    }

    /// Whether the file shows that a value is a generator: a call of one, or of what a decorator is given.
    fn is_generator(&self, model: &Model<'a>, value: &'a Expr) -> bool {
        let Expr::Call(call) = value else {
            return false;
        };
        let is_called = match call.func.as_ref() {
            Expr::Name(name) => self.generators.contains(&(name.id.as_str(), false)),
            Expr::Attribute(attribute) => {
                matches!(attribute.value.as_ref(), Expr::Name(name) if matches!(name.id.as_str(), "self" | "cls"))
                    && self.generators.contains(&(attribute.attr.as_str(), true))
            }
            _ => false,
        };
        is_called || takers(model, value).any(|name| self.of_generators.contains(name))
    }
}

/// The name of the function whose parameter a value calls, and of those round it: one of them is the decorator.
fn takers<'a>(model: &Model<'a>, value: &Expr) -> impl Iterator<Item = &'a str> {
    let owner = match value {
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Name(name) => parameter_of(model, model.id(name)),
            _ => None,
        },
        _ => None,
    };
    owner
        .into_iter()
        .flat_map(|scope| model.scopes.enclosing(scope))
        .filter_map(
            |scope| match model.nodes.get(model.scopes.scope(scope).node) {
                AnyNodeRef::StmtFunctionDef(function) => Some(function.name.as_str()),
                _ => None,
            },
        )
}

/// The scope of the function that has a name as a parameter.
fn parameter_of(model: &Model<'_>, name: NodeId) -> Option<ScopeId> {
    let symbol = model.scopes.symbol(model.scopes.symbol_of(name)?);
    let is_parameter = symbol
        .bindings
        .iter()
        .any(|&binding| model.scopes.binding(binding).kind == BindingKind::Parameter);
    is_parameter.then_some(symbol.scope)
}

/// The last name of a decorator, called or not.
fn last_name(decorator: &Expr) -> Option<&str> {
    match decorator {
        Expr::Call(_) => called(decorator),
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The `yield from` of a function, or of the whole file.
fn yields_from<'a>(
    model: &Model<'a>,
    function: Option<NodeId>,
) -> impl Iterator<Item = &'a ExprYieldFrom> {
    let (first, all) = match function {
        Some(function) => (Some(model.nodes.subtree(function)), None),
        None => (None, Some(model.nodes.all())),
    };
    let nodes = first.into_iter().flatten();
    let nodes: Vec<NodeId> = nodes.chain(all.into_iter().flatten()).collect();
    let found: Vec<&'a ExprYieldFrom> = nodes
        .into_iter()
        .filter(|&node| function.is_none() || model.runner_node(node) == function)
        .filter_map(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprYieldFrom(yield_) => Some(yield_),
            _ => None,
        })
        .collect();
    found.into_iter()
}

/// The last name of what a call calls.
fn called(expr: &Expr) -> Option<&str> {
    let Expr::Call(call) = expr else {
        return None;
    };
    match call.func.as_ref() {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    known: &Coroutines<'a, '_>,
    around: &Around<'a>,
    function: &'a StmtFunctionDef,
    decorator: &'a Expr,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let node = model.id(function);
    let own_yield = model.nodes.subtree(node).find(|&at| {
        matches!(model.nodes.get(at), AnyNodeRef::ExprYield(_))
            && model.runner_node(at) == Some(node)
    });
    if let Some(at) = own_yield {
        return Err(Refusal::at(&YIELDS, model.nodes.range(at)));
    }
    let mut unit = context.unit(decorator.range());
    let line = colour::decorator_lines(model, decorator)
        .ok_or_else(|| Refusal::at(&DECORATOR, decorator.range()))?;
    unit.edit(Edit::delete(line));
    unit.release(model.id(decorator));
    // Since Python 3.7 `async for` does not await what `__aiter__` returns.
    let is_iterator = function.name.as_str() == "__aiter__";
    let mut sites = match is_iterator {
        true => Vec::new(),
        false => vec![ColourSite::Def { node }],
    };
    if !is_iterator {
        retype(&mut unit, model, function);
    }
    let mut delegates = false;
    for yield_ in yields_from(model, Some(node)) {
        delegates = true;
        let value = yield_.value.as_ref();
        if is_iterator {
            return Err(Refusal::at(&ITERATOR, yield_.range()));
        }
        if !matches!(
            value,
            Expr::Call(_) | Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_)
        ) {
            return Err(Refusal::at(&OPERAND, value.range()));
        }
        if around.is_generator(model, value) {
            return Err(Refusal::at(&GENERATOR, value.range()));
        }
        if !is_awaitable(context, known, &around.names, value) {
            unit.unsafe_because(value.range(), UNKNOWN_OPERAND);
        }
        let (outside, inside) = (
            model.parenthesized_range(ExprRef::from(yield_)),
            model.parenthesized_range(ExprRef::from(value)),
        );
        let before = TextRange::new(yield_.start(), inside.start());
        if model.has_comment(before) {
            return Err(Refusal::at(&OPERAND, value.range()));
        }
        unit.edit(Edit::delete(before));
        let (open, close) = (
            TextRange::new(outside.start(), yield_.start()),
            TextRange::new(yield_.end(), outside.end()),
        );
        if model.slice(open) == "("
            && model.slice(close) == ")"
            && !binds_tighter(model, model.id(yield_))
            && !model.slice(yield_.range()).contains('\n')
        {
            unit.edit(Edit::delete(open));
            unit.edit(Edit::delete(close));
        }
        sites.push(ColourSite::Await {
            node: model.id(value),
        });
    }
    if !delegates && !is_iterator {
        for at in model.nodes.subtree(node) {
            let AnyNodeRef::StmtReturn(return_) = model.nodes.get(at) else {
                continue;
            };
            let Some(value) = return_.value.as_deref() else {
                continue;
            };
            if model.runner_node(at) != Some(node) || is_plain(function, value) {
                continue;
            }
            if value.is_generator_expr() || around.is_generator(model, value) {
                return Err(Refusal::at(&GENERATOR, value.range()));
            }
            if is_awaited_result(context, known, &around.names, value) {
                sites.push(ColourSite::Await {
                    node: model.id(value),
                });
            } else {
                unit.unsafe_because(value.range(), UNKNOWN_RESULT);
            }
        }
    }
    unit.recolour(sites);
    Ok(unit)
}

/// Whether a result can certainly not be awaited: a literal, or the object itself.
fn is_plain(function: &StmtFunctionDef, value: &Expr) -> bool {
    match value {
        Expr::Name(name) => {
            let first = function.parameters.iter_non_variadic_params().next();
            first.is_some_and(|first| {
                first.name().as_str() == name.id.as_str() && name.id.as_str() == "self"
            })
        }
        Expr::UnaryOp(operation) => is_plain(function, &operation.operand),
        Expr::BinOp(operation) => {
            is_plain(function, &operation.left) || is_plain(function, &operation.right)
        }
        Expr::BoolOp(operation) => operation
            .values
            .iter()
            .all(|value| is_plain(function, value)),
        Expr::If(either) => is_plain(function, &either.body) && is_plain(function, &either.orelse),
        Expr::Compare(_)
        | Expr::Dict(_)
        | Expr::DictComp(_)
        | Expr::FString(_)
        | Expr::Lambda(_)
        | Expr::List(_)
        | Expr::ListComp(_)
        | Expr::Set(_)
        | Expr::SetComp(_)
        | Expr::Tuple(_) => true,
        _ => value.is_literal_expr(),
    }
}

/// Whether `asyncio.coroutine` certainly awaits a result: such a call, or a name that only such calls are given.
fn is_awaited_result<'a>(
    context: &Context<'a, '_>,
    known: &Coroutines<'a, '_>,
    names: &FxHashSet<&str>,
    value: &'a Expr,
) -> bool {
    let model = context.model;
    if let Expr::Name(name) = value {
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return false;
        };
        let bindings = &model.scopes.symbol(symbol).bindings;
        return !bindings.is_empty()
            && bindings.iter().all(|&binding| {
                let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
                    return false;
                };
                matches!(model.nodes.get(value), AnyNodeRef::ExprCall(call)
                if is_awaited_call(context, known, names, call))
            });
    }
    matches!(value, Expr::Call(call) if is_awaited_call(context, known, names, call))
}

fn is_awaited_call<'a>(
    context: &Context<'a, '_>,
    known: &Coroutines<'a, '_>,
    names: &FxHashSet<&str>,
    call: &'a ExprCall,
) -> bool {
    let gives = context
        .model
        .meaning(&call.func)
        .path()
        .is_some_and(|path| {
            path.strip_prefix("asyncio.")
                .is_some_and(|name| OF_ASYNCIO.contains(&name))
        });
    gives
        || known.is_coroutine(call)
        || last_name(&call.func).is_some_and(|name| {
            names.contains(name) || OF_LOOPS.contains(&name) || name == "create_future"
        })
}

/// The annotated result of the generator becomes that of the coroutine: `Generator[Y, S, R]` -> `R`. One that does not tell goes.
fn retype(unit: &mut UnitBuilder<'_, '_>, model: &Model<'_>, function: &StmtFunctionDef) {
    let Some(annotation) = function.returns.as_deref() else {
        return;
    };
    let Some(returned) = colour::returned(model, annotation) else {
        return;
    };
    let whole = model.parenthesized_range(ExprRef::from(annotation));
    let dropped = match returned.result {
        Some(result) => vec![
            TextRange::new(returned.annotation.start(), result.start()),
            TextRange::new(result.end(), returned.annotation.end()),
        ],
        None => vec![TextRange::new(function.parameters.end(), whole.end())],
    };
    if dropped.iter().any(|&range| model.has_comment(range)) {
        return;
    }
    let is_dropped = |range: TextRange| dropped.iter().any(|part| part.contains_range(range));
    for node in model.nodes.subtree(model.id(annotation)) {
        if let AnyNodeRef::ExprName(name) = model.nodes.get(node)
            && is_dropped(name.range())
        {
            unit.release(node);
        }
    }
    for range in dropped {
        unit.edit(Edit::delete(range));
    }
}

/// Whether what stands round an expression binds tighter than `await`.
fn binds_tighter(model: &Model<'_>, node: NodeId) -> bool {
    let range = model.nodes.range(node);
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAttribute(_) | AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::ExprCall(call) => call.func.range() == range,
        AnyNodeRef::ExprSubscript(subscript) => subscript.value.range() == range,
        _ => false,
    }
}

/// Whether a value is known to be awaitable.
fn is_awaitable<'a>(
    context: &Context<'a, '_>,
    known: &Coroutines<'a, '_>,
    names: &FxHashSet<&str>,
    value: &'a Expr,
) -> bool {
    let Expr::Call(call) = value else {
        return false;
    };
    let of_asyncio = context
        .model
        .meaning(&call.func)
        .path()
        .is_some_and(|path| path.starts_with("asyncio."));
    of_asyncio
        || known.is_coroutine(call)
        || called(value).is_some_and(|name| names.contains(name) || OF_LOOPS.contains(&name))
}
