//! `async with async_timeout.timeout(t):` -> `async with asyncio.timeout(t):`.
//!
//! Source: the README of async-timeout, <https://github.com/aio-libs/async-timeout>, which names `asyncio.timeout` as its
//! successor.

use ruff_python_ast::{AnyNodeRef, ExprCall};
use ruff_text_size::Ranged;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::Meaning;
use crate::semantic::flow::UseKind;
use crate::unit::{Dependency, ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "async_timeout_to_asyncio",
    summary: "async with async_timeout.timeout(t) -> async with asyncio.timeout(t)",
    readme: include_str!("README.md"),
    triggers: &["async_timeout"],
    role: Role::Idiom,
    outside_async: false,
    min_python: PythonVersion::PY311,
    declares: None,
    doubles: &["\"async_timeout.timeout\"", "'async_timeout.timeout'"],
    reasons: &[&MANAGER, &USE],
    declared: None,
    run,
};

/// Not `async with`.
static MANAGER: Reason = Reason {
    code: "timeout-not-entered",
    message: "the timeout is not entered with `async with` where it is made",
    help: "write `async with async_timeout.timeout(...):`",
};

/// A use without a counterpart.
static USE: Reason = Reason {
    code: "timeout-object",
    message: "`asyncio.Timeout` has nothing that does the same",
    help: "use `when()` and `reschedule()`, whose times are those of the loop's clock",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(|path| target(path).is_some()) || !context.is_async(model.id(call)) {
            continue;
        }
        let result = match &meaning {
            Meaning::Path(path) => match target(path) {
                Some(name) => unit(context, call, name),
                None => continue,
            },
            Meaning::Ambiguous(_) | Meaning::Unknown => Err((&AMBIGUOUS_BINDING).into()),
        };
        context.report(call.range(), result);
    }
}

fn target(path: &str) -> Option<&'static str> {
    match path {
        "async_timeout.timeout" => Some("asyncio.timeout"),
        "async_timeout.timeout_at" => Some("asyncio.timeout_at"),
        _ => None,
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    name: &'static str,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let node = model.id(call);
    let statement = match model.nodes.parent_node(node) {
        AnyNodeRef::WithItem(item) => model.nodes.parent(model.id(item)),
        _ => return Err((&MANAGER).into()),
    };
    if !matches!(model.nodes.get(statement), AnyNodeRef::StmtWith(with) if with.is_async) {
        return Err((&MANAGER).into());
    }
    let mut unit = context.unit(call.range());
    for use_ in model.follow(&[node], true).uses {
        match use_.kind {
            UseKind::With { .. } => {}
            // A property there, a method here.
            UseKind::Attribute(attribute) if attribute.attr.as_str() == "expired" => {
                unit.edit(Edit::insert(attribute.end(), attribute.range(), "()"));
            }
            _ => return Err(Refusal::at(&USE, model.nodes.range(use_.node))),
        }
    }
    unit.rename(model.id(call.func.as_ref()), name);
    unit.import(ImportRequest::Module("asyncio"), node)?;
    unit.needs_loop(node);
    unit.dependency(Dependency::MayDrop("async-timeout"));
    Ok(unit)
}
