//! Sync httpx -> async httpx: `httpx.Client` -> `httpx.AsyncClient`, `httpx.get` -> a client in a block.
//!
//! A client is followed over the whole project, and all that makes, holds and uses it is one unit. The calls of the
//! module's functions in one function are another. The same for httpx2, the maintained continuation of httpx.
//!
//! Sources: <https://www.python-httpx.org/async/>, <https://www.python-httpx.org/advanced/clients/>, and the source of
//! httpx 0.28.1 and httpx2 2.16, compared by running both halves: see the README.

mod body;
mod calls;
mod classes;
mod client;
mod members;
mod reasons;
mod response;

use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Following, Role};
use crate::python::PythonVersion;
use crate::values::Tracked;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "httpx_to_async",
    summary: "httpx.Client, httpx.get and the like -> httpx.AsyncClient",
    readme: include_str!("README.md"),
    triggers: &["httpx"],
    role: Role::Seed,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    #[rustfmt::skip]
    doubles: &[
        "\"httpx.Client",
        "'httpx.Client",
        "\"httpx.delete",
        "'httpx.delete",
        "\"httpx.get",
        "'httpx.get",
        "\"httpx.head",
        "'httpx.head",
        "\"httpx.options",
        "'httpx.options",
        "\"httpx.patch",
        "'httpx.patch",
        "\"httpx.post",
        "'httpx.post",
        "\"httpx.put",
        "'httpx.put",
        "\"httpx.request",
        "'httpx.request",
        "\"httpx.stream",
        "'httpx.stream",
        "(httpx, ",
        "(httpx.Client, ",
        "\"httpx2.Client",
        "'httpx2.Client",
        "\"httpx2.delete",
        "'httpx2.delete",
        "\"httpx2.get",
        "'httpx2.get",
        "\"httpx2.head",
        "'httpx2.head",
        "\"httpx2.options",
        "'httpx2.options",
        "\"httpx2.patch",
        "'httpx2.patch",
        "\"httpx2.post",
        "'httpx2.post",
        "\"httpx2.put",
        "'httpx2.put",
        "\"httpx2.request",
        "'httpx2.request",
        "\"httpx2.stream",
        "'httpx2.stream",
        "(httpx2, ",
        "(httpx2.Client, ",
    ],
    reasons: reasons::REASONS,
    declared: None,
    run,
};

/// The clients and transports of httpx.
pub static FOLLOWING: Following = Following {
    codemod: &CODEMOD,
    tracked: Tracked {
        classes: &[
            "httpx.Client",
            "httpx.HTTPTransport",
            "httpx.BaseTransport",
            "httpx.MockTransport",
        ],
        words: &["httpx"],
        members: members::MEMBERS,
        items: false,
        takers: &[],
        kind: 0,
        kinds: None,
    },
    is_taken: |_, _| false,
    survey: None,
    rewrite: client::rewrite,
    may_thread: true,
    is_of_units: false,
    about_object: reasons::ABOUT_OBJECT,
};

/// Those of httpx2.
pub static FOLLOWING_HTTPX2: Following = Following {
    codemod: &CODEMOD,
    tracked: Tracked {
        classes: &[
            "httpx2.Client",
            "httpx2.HTTPTransport",
            "httpx2.BaseTransport",
            "httpx2.MockTransport",
        ],
        words: &["httpx2"],
        members: members::MEMBERS,
        items: false,
        takers: &[],
        kind: 0,
        kinds: None,
    },
    is_taken: |_, _| false,
    survey: None,
    rewrite: client::rewrite,
    may_thread: true,
    is_of_units: false,
    about_object: reasons::ABOUT_OBJECT,
};

/// The names of the library.
const MODULES: &[&str] = &["httpx", "httpx2"];

fn run(context: &mut Context<'_, '_>) {
    if let Some(statement) = star_import(context) {
        context.skip(statement, &reasons::STAR_IMPORT, None);
        return;
    }
    for module in MODULES {
        calls::run(context, module);
    }
    ambiguous(context);
}

/// Clients whose class may be something else: they are not followed.
fn ambiguous(context: &mut Context<'_, '_>) {
    let model = context.model;
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        let is_client = |path: &str| {
            MODULES
                .iter()
                .any(|module| path.strip_prefix(module) == Some(".Client"))
        };
        if meaning.path().is_none() && meaning.may_be(is_client) {
            let detail = format!("`{}`", model.slice(call.func.range()));
            context.skip(call.func.range(), &AMBIGUOUS_BINDING, Some(detail));
        }
    }
}

/// `from httpx import *`.
fn star_import(context: &Context<'_, '_>) -> Option<TextRange> {
    use ruff_python_ast::AnyNodeRef;
    let model = context.model;
    model
        .nodes
        .all()
        .find_map(|node| match model.nodes.get(node) {
            AnyNodeRef::StmtImportFrom(import)
                if import.level == 0
                    && import
                        .module
                        .as_ref()
                        .is_some_and(|module| MODULES.contains(&module.as_str()))
                    && import.names.iter().any(|alias| alias.name.as_str() == "*") =>
            {
                Some(import.range())
            }
            _ => None,
        })
}
