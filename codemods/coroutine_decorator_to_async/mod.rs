//! `@asyncio.coroutine` with `yield from f()` -> `async def` with `await f()`.
//!
//! Source: <https://docs.python.org/3.10/library/asyncio-task.html#generator-based-coroutines>; Python 3.11 has no
//! `asyncio.coroutine` any more.

use ruff_python_ast::{AnyNodeRef, Expr, ExprRef, ExprYieldFrom, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::coroutines::Coroutines;
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::{Meaning, Model, NodeId};
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
    reasons: &[&YIELDS, &OPERAND, &DELEGATED, &DECORATOR, &ITERATOR],
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

/// What differs where it is not known what is awaited.
const UNKNOWN_OPERAND: &str =
    "it is not known whether this is awaitable: `yield from` takes any iterable, `await` does not";

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
    let mut functions: Vec<(&StmtFunctionDef, &Expr)> = Vec::new();
    let mut ambiguous: Vec<TextRange> = Vec::new();
    for node in model.nodes.all() {
        let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) else {
            continue;
        };
        for decorator in &function.decorator_list {
            let meaning = model.meaning(&decorator.expression);
            if !meaning
                .may_be(|path| matches!(path, "asyncio.coroutine" | "asyncio.coroutines.coroutine"))
            {
                continue;
            }
            if matches!(meaning, Meaning::Path(_)) && !function.is_async {
                functions.push((function, &decorator.expression));
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
    let names: FxHashSet<&str> = functions
        .iter()
        .map(|(function, _)| function.name.as_str())
        .collect();
    let own: FxHashSet<NodeId> = functions
        .iter()
        .map(|(function, _)| model.id(*function))
        .collect();
    let delegating: Vec<&ExprYieldFrom> = yields_from(model, None)
        .filter(|yield_| {
            model
                .runner_node(model.id(*yield_))
                .is_none_or(|runner| !own.contains(&runner))
        })
        .collect();
    let known = Coroutines::new(context);
    let mut reports = Vec::new();
    for (function, decorator) in functions {
        let name = function.name.as_str();
        let delegated = delegating
            .iter()
            .find(|yield_| called(&yield_.value) == Some(name));
        let result = match delegated {
            Some(yield_) => Err(Refusal::at(&DELEGATED, yield_.range())),
            None => unit(context, &known, &names, function, decorator),
        };
        reports.push((decorator.range(), result));
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
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
    names: &FxHashSet<&str>,
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
    for yield_ in yields_from(model, Some(node)) {
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
        if !is_awaitable(context, known, names, value) {
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
    unit.recolour(sites);
    Ok(unit)
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
