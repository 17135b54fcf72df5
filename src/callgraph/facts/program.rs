//! What runs functions as programs: command line libraries and task queues.
//!
//! Their functions stay sync at their outside: click and typer would drop a coroutine, Celery would store it as the
//! result. Sources: <https://click.palletsprojects.com/en/stable/api/>, <https://typer.tiangolo.com/reference/>,
//! <https://docs.celeryq.dev/en/stable/userguide/tasks.html>.

use crate::callgraph::{AppUse, FileFacts, Type};
use crate::colour;
use crate::semantic::{Model, Runner, Scopes};
use ruff_python_ast::AnyNodeRef;

/// What runs a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramKind {
    /// A script of the project's metadata, or `typer.run(f)`: the function is called as it is.
    Function,
    /// A name of the settings: whoever takes it calls it where no loop runs.
    Configured,
    /// A click command or group: the name is that of an object, which runs the function when the program does.
    Click,
    /// A command or callback of a typer application.
    Typer,
    /// A Celery task: the name is that of an object, and a worker calls the function.
    Celery,
}

/// What takes a function and runs it as a program.
pub const RUNNERS: &[&str] = &["typer.run", "typer.main.run"];

/// The class of a typer application.
pub const TYPER: &[&str] = &["typer.Typer", "typer.main.Typer"];

/// The methods of a click group that are decorators of functions which it runs.
pub const GROUP_METHODS: &[&str] = &["command", "group", "result_callback"];

/// What a decorator of this path makes of a function; `None` where it is no known one.
pub fn kind(path: &str) -> Option<ProgramKind> {
    let (owner, name) = path.rsplit_once('.')?;
    match (owner, name) {
        ("click" | "click.decorators" | "rich_click", "command" | "group") => {
            Some(ProgramKind::Click)
        }
        ("click.Group" | "click.core.Group" | "rich_click.RichGroup", method)
            if GROUP_METHODS.contains(&method) =>
        {
            Some(ProgramKind::Click)
        }
        (owner, "command" | "callback") if TYPER.contains(&owner) => Some(ProgramKind::Typer),
        ("celery" | "celery.app", "shared_task") => Some(ProgramKind::Celery),
        ("celery.Celery" | "celery.app.base.Celery" | "celery.app.Celery", "task") => {
            Some(ProgramKind::Celery)
        }
        _ => None,
    }
}

/// Collects where functions name a typer application of this file.
pub fn app_uses(model: &Model<'_>, facts: &mut FileFacts) {
    for (name, type_) in &facts.variables {
        let is_app = matches!(type_, Type::Path(path) if TYPER.contains(&path.as_str()));
        let symbol = model
            .scopes
            .scope(Scopes::MODULE)
            .symbols
            .get(name.as_str());
        let Some(&symbol) = symbol.filter(|_| is_app) else {
            continue;
        };
        for &reference in &model.scopes.symbol(symbol).references {
            let runner = model.runner(reference);
            if matches!(runner, Runner::Function(_)) {
                facts.app_uses.push(AppUse {
                    range: model.nodes.range(reference),
                    line: 0,
                    runner,
                });
            }
        }
    }
}

/// Fills in which functions can be split.
pub fn read(model: &Model<'_>, facts: &mut FileFacts) {
    for function in &mut facts.functions {
        if function.is_lambda
            || function.is_async
            || function.is_generator
            || function.class.is_some()
            || function.outer.is_some()
        {
            continue;
        }
        if let AnyNodeRef::StmtFunctionDef(definition) = model.nodes.get(function.node) {
            function.can_split = colour::can_split(model, definition);
        }
    }
}
