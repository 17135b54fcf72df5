//! Test doubles of HTTP: the libraries that put them in place of requests, and what becomes of them.
//!
//! One table for all that has to know them: the codemods that migrate them, the propagation, which asks whether a decorator
//! takes a coroutine function, and the search for doubles that would go stale ([`crate::references`]).

use ruff_python_ast::{AnyNodeRef, Decorator, Expr, Parameter};
use ruff_text_size::TextRange;

use crate::semantic::{Model, NodeId};

/// What takes the place of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// respx does the same for httpx.
    Respx,
    /// Nothing that is known here.
    Nothing,
}

/// A library whose doubles take the place of requests.
#[derive(Debug, PartialEq, Eq)]
pub struct Library {
    /// The module.
    pub module: &'static str,
    /// The distribution that has it.
    pub distribution: &'static str,
    /// What takes its place.
    pub becomes: Replaced,
}

/// The libraries.
#[rustfmt::skip]
pub static LIBRARIES: &[Library] = &[
    Library { module: "responses", distribution: "responses", becomes: Replaced::Respx },
    Library { module: "requests_mock", distribution: "requests-mock", becomes: Replaced::Respx },
    Library { module: "requests_cache", distribution: "requests-cache", becomes: Replaced::Nothing },
    Library { module: "httpretty", distribution: "httpretty", becomes: Replaced::Nothing },
    Library { module: "vcr", distribution: "vcrpy", becomes: Replaced::Nothing },
    Library { module: "betamax", distribution: "betamax", becomes: Replaced::Nothing },
    Library { module: "pook", distribution: "pook", becomes: Replaced::Nothing },
];

/// The fixture of the pytest plugin of requests-mock, and that of respx.
pub const FIXTURE: (&str, &str) = ("requests_mock", "respx_mock");

/// The decorator of respx.
pub const DECORATOR: &str = "respx.mock";

/// The library that a module belongs to.
pub fn of_module(module: &str) -> Option<&'static Library> {
    let root = module.split('.').next().unwrap_or(module);
    LIBRARIES.iter().find(|library| library.module == root)
}

/// The library that a statement imports, or whose fixture a parameter is.
pub fn library_of(model: &Model<'_>, double: TextRange) -> Option<&'static Library> {
    let starts = |at: &NodeId| model.nodes.range(*at) == double;
    model
        .nodes
        .all()
        .filter(starts)
        .find_map(|node| match model.nodes.get(node) {
            AnyNodeRef::StmtImport(import) => {
                import.names.iter().find_map(|alias| of_module(&alias.name))
            }
            AnyNodeRef::StmtImportFrom(import) => {
                import.module.as_ref().and_then(|module| of_module(module))
            }
            AnyNodeRef::Parameter(parameter) => of_module(&parameter.name),
            _ => None,
        })
}

/// Whether a decorator of such a library, or what takes its place, awaits a coroutine function. That of requests_mock does
/// not: it puts the real thing back before the coroutine runs.
pub fn awaits(path: &str) -> bool {
    matches!(
        path,
        "responses.activate" | "responses.mock.activate" | DECORATOR
    )
}

/// Whether a decorator is `@patch(...)` or `@patch.object(...)`: the exceptions in it are raised there, and not caught.
pub fn is_patch(decorator: &Decorator) -> bool {
    let Expr::Call(call) = &decorator.expression else {
        return false;
    };
    let is_named = |expr: &Expr| match expr {
        Expr::Name(name) => name.id.as_str() == "patch",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "patch",
        _ => false,
    };
    match &*call.func {
        Expr::Attribute(attribute) if attribute.attr.as_str() == "object" => {
            is_named(&attribute.value)
        }
        func => is_named(func),
    }
}

/// Whether a parameter is what pytest fills with a double of the plugin of requests-mock.
pub fn is_fixture(parameter: &Parameter) -> bool {
    parameter.name.as_str() == FIXTURE.0
}
