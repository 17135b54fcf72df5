//! `with` over what has `__aenter__` and no `__enter__`.
//!
//! Source: <https://docs.python.org/3/reference/datamodel.html#asynchronous-context-managers>.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "sync-with",
    summary: "a plain `with` over an async context manager",
    readme: include_str!("README.md"),
    message: "this is an async context manager: a plain `with` cannot enter it",
    help: "write `async with`",
    codemod: None,
    gives_way: false,
    run,
};

/// Classes and functions of libraries that give async context managers only.
const ASYNC_ONLY: &[&str] = &[
    "aiofiles.open",
    "aiohttp.ClientSession",
    "aiosqlite.connect",
    "anyio.create_task_group",
    "anyio.Lock",
    "anyio.Semaphore",
    "asyncio.BoundedSemaphore",
    "asyncio.Condition",
    "asyncio.Lock",
    "asyncio.Semaphore",
    "asyncio.TaskGroup",
    "asyncio.timeout",
    "asyncio.timeout_at",
    "asyncpg.create_pool",
    "contextlib.AsyncExitStack",
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
    "sqlalchemy.ext.asyncio.AsyncSession",
];

fn run(inspection: &mut Inspection<'_, '_>) {
    let model = inspection.model;
    for node in model.nodes.all() {
        let AnyNodeRef::StmtWith(with) = model.nodes.get(node) else {
            continue;
        };
        if with.is_async {
            continue;
        }
        for item in &with.items {
            if is_async_only(inspection, &item.context_expr) {
                inspection.report(item.context_expr.range(), None);
            }
        }
    }
}

fn is_async_only<'a>(inspection: &Inspection<'a, '_>, value: &'a Expr) -> bool {
    let is_listed =
        |path: Option<String>| path.is_some_and(|path| inspection.is_of_library(&path, ASYNC_ONLY));
    if is_listed(inspection.type_path(value)) {
        return true;
    }
    let Expr::Call(call) = value else {
        return false;
    };
    if is_listed(inspection.path(&call.func)) {
        return true;
    }
    match inspection.definition_here(&call.func) {
        Some(AnyNodeRef::StmtFunctionDef(function)) => {
            matches!(&*function.decorator_list, [decorator] if inspection
                .model
                .meaning(&decorator.expression)
                .path()
                .is_some_and(|path| path == "contextlib.asynccontextmanager"))
        }
        Some(AnyNodeRef::StmtClassDef(class)) => {
            class.bases().is_empty() && has(class, "__aenter__") && !has(class, "__enter__")
        }
        _ => false,
    }
}

fn has(class: &ast::StmtClassDef, name: &str) -> bool {
    // A method under a condition may be there: then the class is not known.
    class.body.iter().any(|statement| match statement {
        Stmt::FunctionDef(function) => function.name.as_str() == name,
        Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::Expr(_) | Stmt::Pass(_) => false,
        _ => name == "__enter__",
    })
}
