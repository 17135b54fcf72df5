//! The running event loop: which expressions are it, and what is done with a name for it.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{Refusal, UnitBuilder};
use crate::coroutines::{self, Coroutines};
use crate::edit::Edit;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};
use crate::unit::{ImportRequest, Reason};

/// The future that `run_in_executor` returns is not awaited at once.
pub static STORED: Reason = Reason {
    code: "executor-future",
    message: "the future of `run_in_executor` is not awaited at once: its call runs already, and `asyncio.to_thread` would only \
              begin when it is awaited",
    help: "await the call where it stands, or keep it",
};

/// Not the default pool.
pub static POOL: Reason = Reason {
    code: "own-pool",
    message: "the call runs in a pool of its own, and `asyncio.to_thread` knows the default one only",
    help: "pass `None` for the default pool, or keep the call",
};

/// The function takes part in the protocol of iterators.
pub static STOP_ITERATION: Reason = Reason {
    code: "next-in-thread",
    message: "`next` without a default may raise StopIteration, which cannot leave a thread: the await would never end",
    help: "give `next` a default",
};

/// Functions of libraries that run an event loop of their own, or the one of the thread: none of them works where a loop runs
/// already, and none finds a loop where `asyncio.run` has closed it.
///
/// Sources: <https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.run_app>,
/// <https://playwright.dev/python/docs/library> ("Sync API inside the asyncio loop"), <https://pypi.org/project/syncer/>,
/// `uvicorn/main.py`, <https://docs.twisted.org/en/stable/core/howto/reactor-basics.html>.
const RUNNERS: &[&str] = &[
    "aiohttp.web.run_app",
    "playwright.sync_api.sync_playwright",
    "syncer.sync",
    "twisted.internet.reactor.run",
    "twisted.internet.task.react",
    "uvicorn.run",
];

/// The last parts of their names, by which other files find them.
pub const RUNNER_WORDS: &[&str] = &[
    "launch_instance",
    "reactor.run",
    "task.react",
    "run_app",
    "sync_playwright",
    "syncer",
    "uvicorn.run",
];

/// Whether a function of this path, or a method of this name, runs an event loop without being told what loop.
pub fn runs_loop(path: &str) -> bool {
    RUNNERS.contains(&path) || path.ends_with(".launch_instance")
}

/// Whether an expression in a coroutine is the loop that runs it: `asyncio.get_running_loop()`, `asyncio.get_event_loop()`,
/// or a name of this function that only those are assigned to.
pub fn is_running_loop(model: &Model<'_>, expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => is_getter(model, call),
        Expr::Name(_) => assignment(model, model.id(expr)).is_some(),
        _ => false,
    }
}

fn is_getter(model: &Model<'_>, call: &ExprCall) -> bool {
    call.arguments.is_empty()
        && matches!(
            model.meaning(&call.func).path(),
            Some("asyncio.get_running_loop" | "asyncio.get_event_loop")
        )
}

/// Whether an expression is [`is_running_loop`] by way of `get_event_loop`: who wrote `get_running_loop` knows.
fn is_old_getter(model: &Model<'_>, expr: &Expr) -> bool {
    let getter = match expr {
        Expr::Call(call) => Some(call),
        Expr::Name(_) => {
            assignment(model, model.id(expr)).and_then(|assign| assign.value.as_call_expr())
        }
        _ => None,
    };
    getter.is_some_and(|call| {
        is_getter(model, call) && model.meaning(&call.func).path() == Some("asyncio.get_event_loop")
    })
}

/// A statement that gives one name one value, with an annotation or without.
#[derive(Clone, Copy, Debug)]
pub struct Assignment<'a> {
    /// The statement.
    pub node: NodeId,
    /// The name.
    pub target: &'a Expr,
    /// The value.
    pub value: &'a Expr,
    /// The annotation.
    pub annotation: Option<&'a Expr>,
}

impl<'a> Assignment<'a> {
    /// The assignment at a node, if it is one.
    pub fn at(model: &Model<'a>, node: NodeId) -> Option<Self> {
        let (target, value, annotation) = match model.nodes.get(node) {
            AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
                [target] => (target, assign.value.as_ref(), None),
                _ => return None,
            },
            AnyNodeRef::StmtAnnAssign(assign) => (
                assign.target.as_ref(),
                assign.value.as_deref()?,
                Some(assign.annotation.as_ref()),
            ),
            _ => return None,
        };
        target.is_name_expr().then_some(Self {
            node,
            target,
            value,
            annotation,
        })
    }

    /// Drops the statement, with the names in it.
    pub fn drop_from(&self, unit: &mut UnitBuilder<'_, '_>, model: &Model<'_>) {
        unit.edits(model.drop_or_pass(self.node));
        unit.release(model.id(self.value));
        if let Some(annotation) = self.annotation {
            unit.release(model.id(annotation));
        }
    }
}

/// The one assignment `loop = asyncio.get_running_loop()` that a name of the same function stands for.
fn assignment<'a>(model: &Model<'a>, name: NodeId) -> Option<Assignment<'a>> {
    let symbol = model.scopes.symbol(model.scopes.symbol_of(name)?);
    let [only] = &*symbol.bindings else {
        return None;
    };
    let binding = model.scopes.binding(*only);
    let BindingKind::Assign { value } = binding.kind else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.get(value) else {
        return None;
    };
    let assign = Assignment::at(model, model.nodes.parent(value))?;
    let is_same_function = model.runner(name) == model.runner(value)
        && matches!(model.runner(name), Runner::Function(_))
        && binding.scope == symbol.scope;
    (is_same_function && is_getter(model, call)).then_some(assign)
}

/// What a method of the running loop can be written as, if it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `await loop.run_in_executor(None, f, x)`: `asyncio.to_thread(f, x)`.
    Executor,
    /// `loop.create_task(f())`: `asyncio.create_task(f())`.
    Task,
}

/// The assignment to a name for the running loop that nobody needs once all its uses are written so, with their calls.
pub fn needless<'a>(
    model: &Model<'a>,
    known: &Coroutines<'a, '_>,
    assign: Assignment<'a>,
    method: Method,
) -> Option<Vec<&'a ExprCall>> {
    let binding = model.scopes.binding_at(model.id(assign.target))?;
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    model.drop_or_pass(assign.node)?;
    let mut calls = Vec::new();
    for &reference in &symbol.references {
        assignment(model, reference)?;
        let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(reference) else {
            return None;
        };
        let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(attribute)) else {
            return None;
        };
        let can = match method {
            Method::Executor => executor_call(model, call)?.is_ok(),
            Method::Task => is_task(model, known, call),
        };
        if !can {
            return None;
        }
        calls.push(call);
    }
    (!calls.is_empty()).then_some(calls)
}

/// The assignment that a call's receiver, a name, stands for.
pub fn named_loop<'a>(model: &Model<'a>, call: &'a ExprCall) -> Option<Assignment<'a>> {
    let attribute = call.func.as_attribute_expr()?;
    let name = attribute.value.as_name_expr()?;
    assignment(model, model.id(name))
}

/// Whether a call is `loop.create_task(f())` with the running loop and a call of a known coroutine function.
pub fn is_task<'a>(model: &Model<'a>, known: &Coroutines<'a, '_>, call: &'a ExprCall) -> bool {
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return false;
    };
    attribute.attr.as_str() == "create_task"
        && is_old_getter(model, &attribute.value)
        && takes_coroutine(known, call)
}

/// Whether the only positional argument is a call of a known coroutine function.
pub fn takes_coroutine<'a>(known: &Coroutines<'a, '_>, call: &'a ExprCall) -> bool {
    match &*call.arguments.args {
        [Expr::Call(coroutine)] => known.is_coroutine(coroutine) && !literal::has_starred(call),
        _ => false,
    }
}

/// What a thread is to run.
#[derive(Clone, Copy, Debug)]
pub struct Executor<'a> {
    /// The `await`, or the `yield from` of a coroutine that a generator makes.
    pub range: TextRange,
    /// The call of `run_in_executor`.
    pub call: &'a ExprCall,
    /// What it runs.
    pub function: &'a Expr,
}

/// `loop.run_in_executor(None, f, ...)` that is awaited at once, or why it stays; `None` if the call is another one.
pub fn executor_call<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
) -> Option<Result<Executor<'a>, Refusal>> {
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return None;
    };
    if attribute.attr.as_str() != "run_in_executor" || !is_some_loop(model, &attribute.value) {
        return None;
    }
    let (pool, function) = match &*call.arguments.args {
        [pool, function, ..] if !pool.is_starred_expr() && !function.is_starred_expr() => {
            (pool, function)
        }
        _ => return None,
    };
    if !call.arguments.keywords.is_empty() {
        return None;
    }
    if !literal::is_none(pool) {
        return Some(Err(Refusal::at(&POOL, pool.range())));
    }
    let range = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::ExprAwait(await_) => await_.range(),
        AnyNodeRef::ExprYieldFrom(yield_) if coroutines::is_of_generator(model, model.id(call)) => {
            yield_.range()
        }
        _ => return Some(Err(Refusal::at(&STORED, call.range()))),
    };
    if model.meaning(function).path() == Some("builtins.next") && call.arguments.args.len() < 4 {
        return Some(Err(Refusal::at(&STOP_ITERATION, call.range())));
    }
    Some(Ok(Executor {
        range,
        call,
        function,
    }))
}

/// Whether an expression is an event loop, as far as its name tells: what is awaited here belongs to the running one.
fn is_some_loop(model: &Model<'_>, expr: &Expr) -> bool {
    let name = match expr {
        Expr::Call(call) => return is_getter(model, call),
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    name == "loop" || name.ends_with("_loop") || is_running_loop(model, expr)
}

/// Calls another function of asyncio: `asyncio.old` keeps the module as it is named, a name of its own becomes
/// `asyncio.new`.
///
/// # Errors
/// `asyncio` means something else there.
pub fn rename(
    unit: &mut UnitBuilder<'_, '_>,
    model: &Model<'_>,
    func: &Expr,
    new: &str,
) -> Result<(), Refusal> {
    match func {
        Expr::Attribute(attribute) if attribute.value.is_name_expr() => {
            unit.edit(Edit::replace(attribute.attr.range(), new));
            Ok(())
        }
        _ => {
            unit.rename(model.id(func), format!("asyncio.{new}"));
            unit.import(ImportRequest::Module("asyncio"), model.id(func))
        }
    }
}
