//! Test clients that need the tables which a module makes when it is imported: the lifespan would make them, and a test client
//! that is not entered does not run it.
//!
//! Where the tests put a database of their own in the place of the application's (`app.dependency_overrides`), they need no
//! other, unless the application opens its own beside its dependencies: a task in the background, a middleware.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::members::SESSION;
use super::{reasons, startup};
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::FileId;
use crate::values::{Fact, Files, Trouble};

/// A test client that is not entered.
const CLIENT: u8 = 0;
/// Tables that a module makes beside its application when it is imported.
const AT_IMPORT: u8 = 1;
/// Tables that tests make.
const BY_TESTS: u8 = 2;
/// A dependency that tests override.
const OVERRIDDEN: u8 = 3;
/// The application opens the database beside its dependencies.
const OPENED: u8 = 4;

/// The classes of test clients.
const CLIENTS: &[&str] = &[
    "fastapi.testclient.TestClient",
    "starlette.testclient.TestClient",
];

/// The first test client that needs the tables of an import; `None` where there is none.
pub fn trouble(files: &dyn Files) -> Option<Trouble> {
    let find = |word: &str, look: &(dyn Fn(&Model<'_>) -> Vec<Fact> + Sync)| {
        let found = files.facts(&files.holding(&[word.to_string()]), look);
        let all = found.into_iter();
        all.flat_map(|(file, facts)| facts.into_iter().map(move |fact| (file, fact)))
            .collect::<Vec<_>>()
    };
    let (file, client) = find("TestClient", &unentered).into_iter().next()?;
    let made = find("create_all", &tables);
    if !made.iter().any(|(_, fact)| fact.what == AT_IMPORT) {
        return None;
    }
    let overridden = find("dependency_overrides", &overridden);
    let is_opened = || {
        let mut engines = find("create_engine", &engines).into_iter();
        engines.next().is_some() || opens_session(files, &overridden)
    };
    let has_own = made.iter().any(|(_, fact)| fact.what == BY_TESTS) || !overridden.is_empty();
    (!has_own || is_opened()).then_some(Trouble {
        file,
        range: client.range,
        reason: &reasons::UNENTERED,
        detail: None,
    })
}

fn fact(what: u8, range: TextRange, name: &str) -> Fact {
    Fact {
        what,
        range,
        name: name.to_string(),
        of: String::new(),
    }
}

/// The test clients of a file that nothing enters.
fn unentered(model: &Model<'_>) -> Vec<Fact> {
    let clients = model.calls().filter(|call| {
        let meaning = model.meaning(&call.func);
        meaning.path().is_some_and(|path| CLIENTS.contains(&path)) && !is_entered(model, call)
    });
    clients.map(|call| fact(CLIENT, call.range(), "")).collect()
}

/// Whether a `with` statement, or what keeps what is entered, gets a value or the name that it is bound to.
fn is_entered(model: &Model<'_>, call: &ExprCall) -> bool {
    if is_item(model, model.id(call)) {
        return true;
    }
    let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(model.id(call)) else {
        return false;
    };
    let [Expr::Name(name)] = &*assign.targets else {
        return false;
    };
    let symbol = model.scopes.symbol_of(model.id(name));
    model.nodes.all().any(|node| {
        matches!(model.nodes.get(node), AnyNodeRef::ExprName(_))
            && model.scopes.symbol_of(node) == symbol
            && is_item(model, node)
    })
}

fn is_item(model: &Model<'_>, node: NodeId) -> bool {
    let parent = model.nodes.parent(node);
    match model.nodes.get(parent) {
        AnyNodeRef::WithItem(_) => true,
        AnyNodeRef::Arguments(_) => {
            matches!(model.nodes.parent_node(parent), AnyNodeRef::ExprCall(call)
                if matches!(call.func.as_ref(), Expr::Attribute(attribute) if attribute.attr.as_str() == "enter_context"))
        }
        _ => false,
    }
}

/// Whether a module is one of tests.
fn is_of_tests(model: &Model<'_>) -> bool {
    let mut parts = model.module.name.split('.');
    parts.any(|part| {
        matches!(part, "conftest" | "tests" | "test")
            || part.starts_with("test_")
            || part.ends_with("_test")
    })
}

/// The calls of a file that make tables.
fn tables(model: &Model<'_>) -> Vec<Fact> {
    let is_of_tests = is_of_tests(model);
    let calls = model.calls().filter_map(|call| {
        let Expr::Attribute(method) = call.func.as_ref() else {
            return None;
        };
        if method.attr.as_str() != "create_all" {
            return None;
        }
        if is_of_tests {
            return Some(fact(BY_TESTS, call.range(), ""));
        }
        startup::is_beside_application(model, model.id(call))
            .then(|| fact(AT_IMPORT, call.range(), ""))
    });
    calls.collect()
}

/// The functions of `app.dependency_overrides[get_session] = ...`, and of a dict that is assigned or handed to `update`.
fn overridden(model: &Model<'_>) -> Vec<Fact> {
    let found = model
        .attributes()
        .filter(|attribute| attribute.attr.as_str() == "dependency_overrides")
        .map(|attribute| {
            let name = match model.nodes.parent_node(model.id(attribute)) {
                AnyNodeRef::ExprSubscript(subscript) => match subscript.slice.as_ref() {
                    Expr::Name(name) => name.id.as_str(),
                    Expr::Attribute(name) => name.attr.as_str(),
                    _ => "",
                },
                _ => "",
            };
            fact(OVERRIDDEN, attribute.range(), name)
        });
    found.collect()
}

/// The function of an application that runs a node: none of its tests, none of a script, none that only starts it.
fn function_of<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a StmtFunctionDef> {
    if is_of_tests(model) || model.text.contains("__main__") || model.text.contains("alembic") {
        return None;
    }
    let Runner::Function(_) = model.runner(node) else {
        return None;
    };
    let function = model
        .nodes
        .ancestors(node)
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtFunctionDef(function) => Some(function),
            _ => None,
        })?;
    let starts = |decorator: &ruff_python_ast::Decorator| {
        let text = model.slice(decorator.range());
        text.contains("on_event") || text.contains("contextmanager")
    };
    (!function.decorator_list.iter().any(starts)).then_some(function)
}

/// The engines that functions of an application make for themselves.
fn engines(model: &Model<'_>) -> Vec<Fact> {
    let calls = model.calls().filter(|call| {
        let meaning = model.meaning(&call.func);
        meaning
            .path()
            .is_some_and(|path| path.ends_with(".create_engine"))
    });
    let own = calls.filter(|call| {
        let name = match model.nodes.parent_node(model.id(*call)) {
            AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
                [Expr::Name(name)] => name,
                _ => return false,
            },
            _ => return false,
        };
        function_of(model, model.id(*call)).is_some() && !is_given(model, name.id.as_str(), call)
    });
    own.map(|call| fact(OPENED, call.range(), "")).collect()
}

/// Whether a function gives the engine of a name to its callers, or to the module.
fn is_given(model: &Model<'_>, name: &str, call: &ExprCall) -> bool {
    let runner = model.runner(model.id(call));
    model.nodes.all().any(|node| {
        let is_name = |expr: &Expr| matches!(expr, Expr::Name(own) if own.id.as_str() == name);
        let gives = match model.nodes.get(node) {
            AnyNodeRef::StmtReturn(return_) => return_.value.as_deref().is_some_and(is_name),
            AnyNodeRef::ExprYield(yield_) => yield_.value.as_deref().is_some_and(is_name),
            AnyNodeRef::StmtGlobal(global) => global.names.iter().any(|own| own.as_str() == name),
            _ => false,
        };
        gives && model.runner(node) == runner
    })
}

/// Whether a module of requests opens a session in a function that tests do not override: one that a background task or a
/// middleware calls.
fn opens_session(files: &dyn Files, overridden: &[(FileId, Fact)]) -> bool {
    let held = files.held();
    let opened = std::sync::atomic::AtomicBool::new(false);
    files.visit(&files.holding(&["fastapi".to_string()]), &|file, model| {
        let Some(kinds) = held.of_file(file) else {
            return;
        };
        let opens = model.calls().any(|call| {
            let node = model.id(call);
            let is_opened = kinds.get(&node) == Some(&SESSION);
            is_opened
                && function_of(model, node).is_some_and(|function| {
                    let is_own = |(_, fact): &(FileId, Fact)| fact.name == function.name.as_str();
                    !overridden.iter().any(is_own) && !is_generator(model, node)
                })
        });
        if opens {
            opened.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    opened.into_inner()
}

/// Whether the function that runs a node yields: it is a dependency.
fn is_generator(model: &Model<'_>, node: NodeId) -> bool {
    let runner = model.runner(node);
    model.nodes.all().any(|at| {
        matches!(model.nodes.get(at), AnyNodeRef::ExprYield(_)) && model.runner(at) == runner
    })
}
