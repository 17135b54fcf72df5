//! `open` in async functions -> `aiofiles.open`.
//!
//! A unit is a `with` statement with all the files that it opens, the assignments of a name that is closed by hand, or a
//! file that is opened and used within one statement. Every use of the handle must be known: an aiofiles handle that
//! reaches a sync function raises nothing and loses data.
//!
//! Source: <https://github.com/Tinche/aiofiles/tree/v25.1.0/src/aiofiles/threadpool> (which methods are coroutines).

mod block;
mod inline;
mod opening;
mod trace;

use ruff_python_ast::{Expr, ExprCall, WithItem};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::config::FileIo;
use crate::handles::library::Library;
use crate::handles::reasons;
use crate::python::PythonVersion;
use crate::semantic::callee::Callees;
use crate::semantic::{NodeId, literal, threads};
use crate::unit::{Dependency, ImportRequest};

use opening::Opening;
use trace::Trace;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "open_to_aiofiles",
    summary: "open(...) in async functions -> aiofiles.open(...), with awaited reads and writes",
    readme: include_str!("README.md"),
    triggers: &["open"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[
        "\"builtins.open\"",
        "'builtins.open'",
        "mock_open",
        "pyfakefs",
    ],
    reasons: reasons::REASONS,
    declared: None,
    run,
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let callees = Callees::new(model);
    let mut openings: Vec<Opening<'_>> = Vec::new();
    let mut is_patched = false;
    for call in model.calls() {
        is_patched = is_patched || patches_open(call);
        if let Expr::Attribute(method) = call.func.as_ref()
            && method.attr.as_str() == "open"
            && context.is_async(model.id(call))
            && callees.is_path(&method.value)
        {
            if !threads::runs_in_thread(model, model.id(call)) {
                openings.push(Opening::method(call, &method.value));
            }
            continue;
        }
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(is_open) || !context.is_async(model.id(call)) {
            continue;
        }
        match meaning.path() {
            None => context.skip(call.range(), &AMBIGUOUS_BINDING, None),
            Some("codecs.open") => context.skip(call.range(), &reasons::CODECS, None),
            Some(_) => openings.push(Opening::function(call)),
        }
    }
    if is_patched {
        for opening in openings {
            context.skip(opening.call.range(), &reasons::PATCHED, None);
        }
        return;
    }
    if context.settings.file_io == FileIo::Thread {
        in_threads(context, &openings);
        return;
    }
    let mut done: FxHashSet<NodeId> = FxHashSet::default();
    let mut inline = inline::Inline::default();
    for &opening in &openings {
        let node = model.id(opening.call);
        if done.contains(&node) {
            continue;
        }
        let anchor = opening.call.range();
        let mut trace = Trace::new(context, &callees, &openings);
        let result = match trace.open(opening) {
            Ok(true) => Some(trace.unit(anchor)),
            Ok(false) => None,
            Err(refusal) => Some(Err(refusal)),
        };
        done.insert(node);
        done.extend(trace.openings());
        let result = result.unwrap_or_else(|| inline.unit(context, opening));
        context.report(anchor, result);
    }
}

/// With `file-io = "thread"`: a sync function stays sync, and async code calls it through a thread. In an async function, a
/// block that only works on its files becomes a nested one.
fn in_threads<'a>(context: &mut Context<'a, '_>, openings: &[Opening<'a>]) {
    let model = context.model;
    let mut done: FxHashSet<NodeId> = FxHashSet::default();
    for opening in openings {
        let node = model.id(opening.call);
        let anchor = opening.call.range();
        if !model.is_async(model.runner(node)) {
            context.skip(anchor, &reasons::IN_THREAD, None);
            continue;
        }
        let Some((statement, _)) = opening.with(model) else {
            context.skip(anchor, &reasons::NOT_A_HELPER, None);
            continue;
        };
        // The outermost block of files takes those in it along.
        if model.nodes.ancestors(node).any(|at| done.contains(&at)) {
            continue;
        }
        let opens = |item: &WithItem| {
            let call = model.id(&item.context_expr);
            openings
                .iter()
                .any(|opening| model.id(opening.call) == call)
        };
        let result = if statement.items.iter().all(opens) {
            block::unit(context, statement, anchor, opening.reads())
        } else {
            Err((&reasons::NOT_A_HELPER).into())
        };
        if result.is_ok() {
            done.insert(model.id(statement));
        }
        context.report(anchor, result);
    }
}

fn is_open(path: &str) -> bool {
    matches!(path, "builtins.open" | "io.open" | "codecs.open")
}

/// Whether a call replaces `open` by name: `patch("builtins.open")`, `patch.object(module, "open")`,
/// `monkeypatch.setattr(...)`.
fn patches_open(call: &ExprCall) -> bool {
    let patches = match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str() == "patch",
        Expr::Attribute(attribute) => {
            matches!(attribute.attr.as_str(), "patch" | "object" | "setattr")
        }
        _ => false,
    };
    patches
        && call
            .arguments
            .args
            .iter()
            .take(2)
            .filter_map(literal::string)
            .any(|name| name == "open" || name.ends_with(".open"))
}

/// What every unit needs.
fn requires(
    unit: &mut UnitBuilder<'_, '_>,
    at: NodeId,
    library: &'static Library,
) -> Result<(), Refusal> {
    unit.import(ImportRequest::Module(library.name), at)?;
    unit.dependency(Dependency::Add(library.name));
    Ok(())
}
