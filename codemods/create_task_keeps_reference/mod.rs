//! `asyncio.create_task(f())` as a statement keeps a reference to its task.
//!
//! The event loop holds its tasks weakly, so one that nobody else refers to may be collected before it is done. Source:
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::edit::{Edit, Layer};
use crate::loops;
use crate::python::PythonVersion;
use crate::semantic::{BindingKind, Meaning, Model, NodeId, Runner, Scopes};
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
        let first = first_statement(model).ok_or(Refusal::from(&SET))?;
        let mut lines = vec![format!("{TASKS} = set()")];
        if matches!(
            model.nodes.get(first),
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
        ) {
            lines.extend([String::new(), String::new()]);
            // One blank line is between imports and what is no definition.
            let line = model.line_start(model.nodes.range(first).start());
            for end in ["\n\n\n", "\r\n\r\n\r\n"] {
                if model.text[..line.to_usize()].ends_with(end) {
                    let one = TextSize::new(end.len() as u32 / 3);
                    unit.edit(Edit::delete(TextRange::new(line - one, line)));
                }
            }
        }
        let edits = model.hoist(first, &lines).ok_or(Refusal::from(&SET))?;
        unit.edits(edits);
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

/// The first function, class or other statement behind the imports, which starts its line at module level.
fn first_statement(model: &Model<'_>) -> Option<NodeId> {
    let body = &model.parsed.syntax().body;
    let is_head = |index: usize, stmt: &Stmt| match stmt {
        Stmt::Import(_) | Stmt::ImportFrom(_) => true,
        Stmt::Expr(expr) => index == 0 && expr.value.is_string_literal_expr(),
        Stmt::Try(try_) => try_
            .body
            .iter()
            .all(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))),
        Stmt::If(if_) => if_
            .body
            .iter()
            .all(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))),
        _ => false,
    };
    let last = body
        .iter()
        .enumerate()
        .take_while(|(index, stmt)| is_head(*index, stmt))
        .count();
    let statement = model.id(body.get(last)?);
    debug_assert_eq!(model.runner(statement), Runner::Module);
    model.is_alone_on_its_lines(statement).then_some(statement)
}
