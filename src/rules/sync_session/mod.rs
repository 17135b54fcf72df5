//! A query of a sync SQLAlchemy session where an event loop runs.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::{Inspection, Rule};
use crate::semantic::Runner;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "sync-session",
    summary: "a query of a sync SQLAlchemy session where an event loop runs",
    readme: include_str!("README.md"),
    message: "a query of a sync session keeps its thread until the database answers",
    help: "make the session an `AsyncSession`, and await its `execute`, `scalars`, `get` and `commit`",
    codemod: None,
    gives_way: false,
    run,
};

/// Sync sessions.
const SESSIONS: &[&str] = &[
    "sqlalchemy.orm.Session",
    "sqlalchemy.orm.scoped_session",
    "sqlalchemy.orm.scoping.scoped_session",
    "sqlalchemy.orm.session.Session",
    "sqlmodel.Session",
];

/// Methods of them that send something to the database, or begin what does.
const QUERIES: &[&str] = &[
    "commit", "exec", "execute", "flush", "get", "get_one", "merge", "query", "refresh",
    "rollback", "scalar", "scalars",
];

fn run(inspection: &mut Inspection<'_, '_>) {
    let model = inspection.model;
    let serves = names_fastapi(inspection);
    let mut told: FxHashSet<u32> = FxHashSet::default();
    let mut found = Vec::new();
    for call in model.calls() {
        let Expr::Attribute(method) = call.func.as_ref() else {
            continue;
        };
        let Runner::Function(function) = model.runner(model.id(call)) else {
            continue;
        };
        // One of each function is enough.
        if !QUERIES.contains(&method.attr.as_str())
            || told.contains(&function)
            || !(serves || inspection.in_async(model.id(call)))
        {
            continue;
        }
        let class = inspection.type_path(&method.value);
        if class.is_some_and(|class| SESSIONS.contains(&class.as_str())) {
            told.insert(function);
            found.push((call.range(), model.slice(method.range())));
        }
    }
    for (range, text) in found {
        inspection.report(range, Some(format!("`{text}`")));
    }
}

/// Whether the file is one of a FastAPI application.
fn names_fastapi(inspection: &Inspection<'_, '_>) -> bool {
    let model = inspection.model;
    let is_fastapi = |name: &str| name == "fastapi" || name.starts_with("fastapi.");
    model.nodes.all().any(|node| match model.nodes.get(node) {
        AnyNodeRef::StmtImport(import) => import
            .names
            .iter()
            .any(|alias| is_fastapi(alias.name.as_str())),
        AnyNodeRef::StmtImportFrom(import) => import
            .module
            .as_ref()
            .is_some_and(|module| import.level == 0 && is_fastapi(module.as_str())),
        _ => false,
    })
}
