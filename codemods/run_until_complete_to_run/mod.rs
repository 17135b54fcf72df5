//! `loop.run_until_complete(main())` -> `asyncio.run(main())`, and several on one loop -> `asyncio.Runner`.
//!
//! Source: <https://docs.python.org/3/library/asyncio-runner.html>: `asyncio.run` makes a loop, runs one coroutine, cancels what
//! is left, closes the async generators and the default pool, and then the loop.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtAssign, StmtTry};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::coroutines::{Coroutines, UNKNOWN};
use crate::edit::{Edit, Piece};
use crate::loops;
use crate::python::PythonVersion;
use crate::semantic::{BindingKind, Model, NodeId, Runner};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "run_until_complete_to_run",
    summary: "loop.run_until_complete(main()) -> asyncio.run(main())",
    readme: include_str!("README.md"),
    triggers: &["run_until_complete"],
    role: Role::Idiom,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&USES, &SEVERAL, &SHAPE, &OPEN, &UNKNOWN],
    declared: None,
    run,
};

/// The loop is used for something else.
static USES: Reason = Reason {
    code: "loop-used",
    message: "the loop is used for more than to run coroutines, and `asyncio.run` makes a loop of its own",
    help: "move what uses the loop into the coroutine",
};

/// Several runs on one loop.
static SEVERAL: Reason = Reason {
    code: "loop-runs-twice",
    message: "several coroutines run on one loop, and may share what belongs to it: each `asyncio.run` would make another loop; \
              `asyncio.Runner` needs Python 3.11, and all runs in one block",
    help: "run one coroutine that awaits the others, or raise the target version to 3.11",
};

/// Not the shape of a program that begins a loop and ends it.
static SHAPE: Reason = Reason {
    code: "loop-shape",
    message: "what makes, uses and closes the loop is not a plain sequence of statements of one function",
    help: "write `asyncio.run(...)` by hand",
};

/// The loop outlives the call.
static OPEN: Reason = Reason {
    code: "loop-left-open",
    message: "the loop is not closed here, so it may be used again; `asyncio.run` closes its own, and leaves none behind for \
              `get_event_loop`",
    help: "write `asyncio.run(...)` where the program begins",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let known = Coroutines::new(context);
    let mut reports: Vec<(TextRange, Result<UnitBuilder<'_, '_>, Refusal>)> = Vec::new();
    let mut seen: Vec<NodeId> = Vec::new();
    let runs: Vec<&ExprCall> = model.calls().filter(|call| is_run(call)).collect();
    for &call in &runs {
        let node = model.id(call);
        if model.is_async(model.runner(node)) {
            continue;
        }
        let Expr::Attribute(method) = call.func.as_ref() else {
            continue;
        };
        match method.value.as_ref() {
            Expr::Call(getter) => {
                let Some(is_new) = makes_loop(model, getter) else {
                    continue;
                };
                let result = at_once(context, &known, call, is_new, runs.len());
                reports.push((call.range(), result));
            }
            name @ Expr::Name(_) => {
                let Some(assign) = made_here(model, model.id(name)) else {
                    continue;
                };
                let made = model.id(assign);
                if !seen.contains(&made) {
                    seen.push(made);
                    reports.push((call.range(), named(context, &known, assign)));
                }
            }
            _ => {}
        }
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn is_run(call: &ExprCall) -> bool {
    matches!(call.func.as_ref(), Expr::Attribute(attribute) if attribute.attr.as_str() == "run_until_complete")
}

/// Whether a call makes a loop (`true`), or gives the one of the thread (`false`).
fn makes_loop(model: &Model<'_>, call: &ExprCall) -> Option<bool> {
    match model.meaning(&call.func).path() {
        Some("asyncio.new_event_loop") if call.arguments.is_empty() => Some(true),
        Some("asyncio.get_event_loop") if call.arguments.is_empty() => Some(false),
        _ => None,
    }
}

/// The one assignment of a loop that a name stands for, in the same function.
fn made_here<'a>(model: &Model<'a>, name: NodeId) -> Option<&'a StmtAssign> {
    let symbol = model.scopes.symbol(model.scopes.symbol_of(name)?);
    let [only] = &*symbol.bindings else {
        return None;
    };
    let BindingKind::Assign { value } = model.scopes.binding(*only).kind else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.get(value) else {
        return None;
    };
    makes_loop(model, call)?;
    match model.nodes.parent_node(value) {
        AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => Some(assign),
        _ => None,
    }
}

/// Whether code runs when the program begins: at module level, under the main guard too.
fn is_program(model: &Model<'_>, node: NodeId) -> bool {
    model.runner(node) == Runner::Module
}

/// Whether other code of the file asks for the loop of the thread outside of coroutines, by itself or in a library.
fn asks_for_loop(model: &Model<'_>, except: &ExprCall) -> Option<TextRange> {
    model
        .calls()
        .filter(|call| call.range() != except.range())
        .find(|call| {
            model
                .meaning(&call.func)
                .path()
                .is_some_and(|path| path == "asyncio.get_event_loop" || loops::runs_loop(path))
                && !model.is_async(model.runner(model.id(*call)))
        })
        .map(Ranged::range)
}

/// What is run must be a coroutine: `asyncio.run` takes no future.
fn coroutine<'a>(known: &Coroutines<'a, '_>, call: &'a ExprCall) -> Result<(), Refusal> {
    match (&*call.arguments.args, call.arguments.keywords.is_empty()) {
        ([Expr::Call(inner)], true) if known.is_coroutine(inner) => Ok(()),
        ([other], true) => Err(known.unknown(other)),
        _ => Err((&SHAPE).into()),
    }
}

/// `asyncio.get_event_loop().run_until_complete(main())`
fn at_once<'a, 'c>(
    context: &Context<'a, 'c>,
    known: &Coroutines<'a, '_>,
    call: &'a ExprCall,
    is_new: bool,
    runs: usize,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    coroutine(known, call)?;
    let getter = match call.func.as_ref() {
        Expr::Attribute(method) => match method.value.as_ref() {
            Expr::Call(getter) => getter,
            _ => return Err((&SHAPE).into()),
        },
        _ => return Err((&SHAPE).into()),
    };
    if !is_new {
        if runs > 1 {
            return Err((&SEVERAL).into());
        }
        if !is_program(model, model.id(call)) || in_loop(model, model.id(call)) {
            return Err((&OPEN).into());
        }
        if let Some(range) = asks_for_loop(model, getter) {
            return Err(Refusal::at(&USES, range));
        }
    }
    let mut unit = context.unit(call.range());
    unit.edit(Edit::replace(call.func.range(), "asyncio.run"));
    unit.release(model.id(getter.func.as_ref()));
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    Ok(unit)
}

/// What is done with a loop.
#[derive(Default)]
struct Uses<'a> {
    runs: Vec<&'a ExprCall>,
    /// `asyncio.set_event_loop(loop)`, `loop.close()`, `loop.run_until_complete(loop.shutdown_asyncgens())`: what
    /// `asyncio.run` does itself.
    routine: Vec<NodeId>,
    is_closed: bool,
}

fn uses<'a>(model: &Model<'a>, assign: &'a StmtAssign) -> Result<Uses<'a>, Refusal> {
    let mut found = Uses::default();
    let binding = assign
        .targets
        .first()
        .and_then(|target| model.scopes.binding_at(model.id(target)))
        .ok_or(Refusal::from(&SHAPE))?;
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    for &reference in &symbol.references {
        let used = || Refusal::at(&USES, model.nodes.range(reference));
        if model.runner(reference) != model.runner(model.id(assign)) {
            return Err(used());
        }
        match model.nodes.parent_node(reference) {
            AnyNodeRef::Arguments(arguments) => {
                let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments))
                else {
                    return Err(used());
                };
                let statement = model.nodes.parent(model.id(call));
                let sets = model.meaning(&call.func).path() == Some("asyncio.set_event_loop");
                if !sets || !matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_)) {
                    return Err(used());
                }
                found.routine.push(statement);
            }
            AnyNodeRef::ExprAttribute(attribute) => {
                let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(attribute))
                else {
                    return Err(used());
                };
                let statement = model.nodes.parent(model.id(call));
                let is_statement = matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_));
                match attribute.attr.as_str() {
                    "close" if is_statement => {
                        found.routine.push(statement);
                        found.is_closed = true;
                    }
                    "run_until_complete" => {
                        let shuts_down = matches!(&*call.arguments.args, [Expr::Call(inner)]
                            if is_shutdown(model, inner, reference));
                        if shuts_down && is_statement {
                            found.routine.push(statement);
                        } else {
                            found.runs.push(call);
                        }
                    }
                    "shutdown_asyncgens" | "shutdown_default_executor" => {}
                    _ => return Err(used()),
                }
            }
            _ => return Err(used()),
        }
    }
    Ok(found)
}

/// `loop.shutdown_asyncgens()` of the same loop.
fn is_shutdown(model: &Model<'_>, call: &ExprCall, reference: NodeId) -> bool {
    match call.func.as_ref() {
        Expr::Attribute(attribute) => {
            matches!(
                attribute.attr.as_str(),
                "shutdown_asyncgens" | "shutdown_default_executor"
            ) && attribute.value.is_name_expr()
                && model.scopes.symbol_of(model.id(attribute.value.as_ref()))
                    == model.scopes.symbol_of(reference)
        }
        _ => false,
    }
}

/// A loop with a name.
fn named<'a, 'c>(
    context: &Context<'a, 'c>,
    known: &Coroutines<'a, '_>,
    assign: &'a StmtAssign,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let Expr::Call(getter) = assign.value.as_ref() else {
        return Err((&SHAPE).into());
    };
    let is_new = makes_loop(model, getter) == Some(true);
    let uses = uses(model, assign)?;
    for run in &uses.runs {
        coroutine(known, run)?;
        if in_loop(model, model.id(*run)) {
            return Err(Refusal::at(&SEVERAL, run.range()));
        }
    }
    let first = *uses.runs.first().ok_or(Refusal::from(&SHAPE))?;
    if !is_new && !is_program(model, model.id(first)) || is_new && !uses.is_closed {
        return Err((&OPEN).into());
    }
    if !is_new && let Some(range) = asks_for_loop(model, getter) {
        return Err(Refusal::at(&USES, range));
    }
    let mut unit = context.unit(first.range());
    unit.import(ImportRequest::Module("asyncio"), model.id(first))?;
    unit.release(model.id(getter.func.as_ref()));
    let shape = || Refusal::from(&SHAPE);
    unit.edit(model.drop_or_pass(model.id(assign)).ok_or_else(shape)?);
    let (suite, _) = model.suite_of(model.id(assign)).ok_or_else(shape)?;
    // What a `finally` does for the loop goes with it.
    let mut closed: Option<&StmtTry> = None;
    for &statement in &uses.routine {
        match model.nodes.parent_node(statement) {
            AnyNodeRef::StmtTry(try_)
                if try_
                    .finalbody
                    .iter()
                    .any(|stmt| model.id(stmt) == statement) =>
            {
                let all_go = try_
                    .finalbody
                    .iter()
                    .all(|stmt| uses.routine.contains(&model.id(stmt)));
                let is_here = suite.iter().any(|stmt| stmt.range() == try_.range());
                if !all_go || !is_here {
                    return Err(shape());
                }
                closed = Some(try_);
            }
            _ => {
                let is_here = suite.iter().any(|stmt| model.id(stmt) == statement);
                if !is_here {
                    return Err(shape());
                }
                unit.edit(model.drop_or_pass(statement).ok_or_else(shape)?);
            }
        }
    }
    if let Some(try_) = closed {
        unit.edits(without_finally(model, try_).ok_or_else(shape)?);
    }
    if let [only] = &*uses.runs {
        unit.edit(Edit::replace(only.func.range(), "asyncio.run"));
        return Ok(unit);
    }
    if context.settings.target < PythonVersion::PY311 || closed.is_some() {
        return Err((&SEVERAL).into());
    }
    unit.needs_python(PythonVersion::PY311);
    let runs: Vec<NodeId> = uses.runs.iter().map(|run| model.id(*run)).collect();
    let (from, to) = model.common_run(&runs).ok_or(Refusal::from(&SEVERAL))?;
    let is_here = |node: NodeId| suite.iter().any(|stmt| model.id(stmt) == node);
    if !is_here(from) || !is_here(to) {
        return Err((&SEVERAL).into());
    }
    let name = model.free_name("runner", from, &[]);
    for run in &uses.runs {
        unit.edit(Edit::replace(run.func.range(), format!("{name}.run")));
    }
    let header = format!("with asyncio.Runner() as {name}:");
    unit.edits(
        model
            .wrap_statements(from, to, &header)
            .ok_or(Refusal::from(&SEVERAL))?,
    );
    Ok(unit)
}

/// A `try` without its `finally`: with handlers it stays, without them its only statement takes its place.
fn without_finally(model: &Model<'_>, try_: &StmtTry) -> Option<Vec<Edit>> {
    let last = try_
        .orelse
        .last()
        .map(Ranged::end)
        .or_else(|| try_.handlers.last().map(Ranged::end));
    if let Some(last) = last {
        let rest = TextRange::new(last, try_.end());
        return (!model.has_comment(rest)).then(|| vec![Edit::delete(rest)]);
    }
    let [only] = &*try_.body else { return None };
    let has_comment = model.has_comment(TextRange::new(try_.start(), only.start()))
        || model.has_comment(TextRange::new(only.end(), try_.end()));
    if has_comment || !is_simple(only) {
        return None;
    }
    let inside = model.line_indent(only.start()).len();
    let outside = model.line_indent(try_.start()).len();
    let mut edits = model.dedent(only.range(), inside.saturating_sub(outside));
    edits.push(Edit::pieces(
        try_.range(),
        vec![Piece::Source(only.range())],
    ));
    Some(edits)
}

/// Whether a statement has no body of its own.
fn is_simple(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::Return(_)
    )
}

/// Whether a `for` or `while` of the same function may run a node more than once.
fn in_loop(model: &Model<'_>, node: NodeId) -> bool {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| !matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
        .any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
            )
        })
}
