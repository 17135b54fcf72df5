//! `asyncio.create_task(f())` as a statement keeps a reference to its task.
//!
//! The event loop holds its tasks weakly, so one that nobody else refers to may be collected before it is done. Source:
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::edit::{Edit, Layer};
use crate::helper;
use crate::loops;
use crate::python::PythonVersion;
use crate::semantic::{BindingKind, Meaning, Model, NodeId, Scopes};
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "create_task_keeps_reference",
    summary: "asyncio.create_task(f()) as a statement -> the task is kept in a set until it is done",
    readme: include_str!("README.md"),
    triggers: &["create_task", "ensure_future"],
    role: Role::Idiom,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&LINE, &SET, &KEPT],
    declared: None,
    run,
};

/// Not on lines of its own.
static LINE: Reason = Reason {
    code: "task-line",
    message: "the task is dropped, and may be collected before it is done; the statement shares its line with others, where the \
              new lines have no place",
    help: "put it on a line of its own",
};

/// The module-level name means something else.
static SET: Reason = Reason {
    code: "task-set",
    message: "the task is dropped, and may be collected before it is done; the name for the set of tasks means something else in \
              this file",
    help: "keep the task in a set of your own until it is done",
};

/// Something keeps the task already.
static KEPT: Reason = Reason {
    code: "task-kept",
    message: "the task goes into a container that outlives the function, and is kept until it is taken out",
    help: "nothing is to be done, unless tasks that are done should leave the container",
};

/// The set of tasks.
const TASKS: &str = "_background_tasks";

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut dropped: Vec<&ExprCall> = Vec::new();
    for call in model.calls() {
        let node = model.id(call);
        let is_dropped = matches!(model.nodes.parent_node(node), AnyNodeRef::StmtExpr(_));
        if !is_dropped {
            if context.is_async(node)
                && is_kept(model, node)
                && makes_task(model, call) == Some(true)
            {
                context.skip(call.range(), &KEPT, None);
            }
            continue;
        }
        // Who was told by a linter, and wants it so, is not asked again.
        let line = TextRange::new(call.end(), model.line_end(call.end()));
        if !context.is_async(node) || model.slice(line).contains("RUF006") {
            continue;
        }
        match makes_task(model, call) {
            Some(true) => dropped.push(call),
            Some(false) => context.skip(call.range(), &AMBIGUOUS_BINDING, None),
            None => {}
        }
    }
    if dropped.is_empty() {
        return;
    }
    let (mut alone, mut others): (Vec<&ExprCall>, Vec<&ExprCall>) = (Vec::new(), Vec::new());
    for call in dropped {
        let statement = model.nodes.parent(model.id(call));
        if model.is_alone_on_its_lines(statement) && model.nodes.range(statement) == call.range() {
            alone.push(call);
        } else {
            others.push(call);
        }
    }
    for call in others {
        context.skip(call.range(), &LINE, None);
    }
    if !alone.is_empty() {
        let result = unit(context, &alone);
        context.report(alone[0].range(), result);
    }
}

/// Whether a value goes into a list or set of the module at once: `tasks.append(...)`.
fn is_kept(model: &Model<'_>, node: NodeId) -> bool {
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.nodes.parent(node)) else {
        return false;
    };
    let Expr::Attribute(method) = call.func.as_ref() else {
        return false;
    };
    let symbol = model.scopes.symbol_of(model.node_of(&method.value));
    matches!(method.attr.as_str(), "add" | "append")
        && method.value.is_name_expr()
        && symbol.is_some_and(|symbol| model.scopes.symbol(symbol).scope == Scopes::MODULE)
}

/// Whether a call makes a task, for certain or perhaps.
fn makes_task(model: &Model<'_>, call: &ExprCall) -> Option<bool> {
    const MAKERS: &[&str] = &["asyncio.create_task", "asyncio.ensure_future"];
    let meaning = model.meaning(&call.func);
    if meaning.may_be(|path| MAKERS.contains(&path)) {
        return Some(matches!(meaning, Meaning::Path(_)));
    }
    match call.func.as_ref() {
        Expr::Attribute(attribute) => (attribute.attr.as_str() == "create_task"
            && loops::is_running_loop(model, &attribute.value))
        .then_some(true),
        _ => None,
    }
}

/// One set for the file, and every dropped task in it until it is done.
fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    calls: &[&'a ExprCall],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(calls[0].range());
    if !is_made(model)? {
        unit.edits(set(model).ok_or(Refusal::from(&SET))?);
    }
    for call in calls {
        let node = model.id(*call);
        let statement = model.nodes.parent(node);
        if shadowed(model, node) {
            return Err(Refusal::at(&SET, call.range()));
        }
        let task = model.free_name("task", statement, &[]);
        let indent = model.line_indent(call.start());
        unit.edit(Edit::surround(
            call.range(),
            format!("{task} = "),
            "",
            Layer::Outer,
        ));
        // Behind a comment that stands on the line.
        let end = model.line_end(call.end());
        unit.edit(Edit::insert(
            end,
            TextRange::new(call.start(), end),
            format!(
                "\n{indent}{TASKS}.add({task})\n{indent}{task}.add_done_callback({TASKS}.discard)"
            ),
        ));
    }
    Ok(unit)
}

/// Whether the file has the set already.
fn is_made(model: &Model<'_>) -> Result<bool, Refusal> {
    let Some(&symbol) = model.scopes.scope(Scopes::MODULE).symbols.get(TASKS) else {
        // A name that a star import may bind is nobody's.
        return Ok(false);
    };
    let symbol = model.scopes.symbol(symbol);
    let is_set = |value: NodeId| match model.nodes.get(value) {
        AnyNodeRef::ExprCall(call) => {
            model.meaning(&call.func).path() == Some("builtins.set") && call.arguments.is_empty()
        }
        _ => false,
    };
    let all = symbol.bindings.iter().all(|&binding| {
        matches!(model.scopes.binding(binding).kind, BindingKind::Assign { value } if is_set(value))
    });
    if all { Ok(true) } else { Err((&SET).into()) }
}

/// Whether a function binds the name for itself.
fn shadowed(model: &Model<'_>, node: NodeId) -> bool {
    model
        .scopes
        .lookup(model.scope_at(node), TASKS)
        .is_some_and(|symbol| model.scopes.symbol(symbol).scope != Scopes::MODULE)
}

/// The edits that make the set, above the first function or class.
fn set(model: &Model<'_>) -> Option<Vec<Edit>> {
    let at = helper::before_definitions(model)?;
    let body = &model.parsed.syntax().body;
    let before = body.iter().take_while(|stmt| stmt.end() <= at).last();
    let mut blank = Vec::new();
    let mut line = at;
    while line > TextSize::new(0) {
        let above = model.line_start(line - TextSize::new(1));
        if !model.slice(TextRange::new(above, line)).trim().is_empty() {
            break;
        }
        line = above;
        blank.push(line);
    }
    // A constant follows constants without a blank line, and other code after one.
    let follows = before.is_some_and(|stmt| {
        matches!(stmt, Stmt::Assign(_) | Stmt::AnnAssign(_))
            && !model.slice(stmt.range()).contains('\n')
            && model.line_start(line.checked_sub(TextSize::new(1)).unwrap_or(line)) <= stmt.start()
    });
    let wanted = usize::from(line > TextSize::new(0) && !follows);
    let mut edits = Vec::new();
    if let Some(surplus) = blank.len().checked_sub(wanted + 1) {
        edits.push(Edit::delete(TextRange::new(blank[surplus], at)));
    }
    let missing = "\n".repeat(wanted.saturating_sub(blank.len()));
    edits.push(Edit::insert(
        at,
        TextRange::up_to(TextSize::of(model.text)),
        format!("{missing}{TASKS} = set()\n\n\n"),
    ));
    Some(edits)
}
