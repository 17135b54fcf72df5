//! `os.stat(p)` in async functions -> `await aiofiles.os.stat(p)`; what aiofiles lacks goes to a thread.

mod functions;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use crate::codemod::{
    AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder,
};
use crate::config::{FileIo, Scope};
use crate::listing::{self, Listing};
use crate::python::PythonVersion;
use crate::semantic::listing::Consumer;
use crate::semantic::{Model, NodeId, Runner, literal, threads};
use crate::unit::{Dependency, ImportRequest, Reason};

use functions::{FUNCTIONS, Function, Way};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "os_to_aiofiles_os",
    summary: "os, os.path, shutil and glob in async functions -> aiofiles.os, or asyncio.to_thread where it lacks them",
    readme: include_str!("README.md"),
    triggers: &["os.", "import os", "from os", "shutil", "glob"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: REASONS,
    declared: None,
    run,
};

/// The call asks no disk.
pub static AT_ONCE: Reason = Reason {
    code: "at-once",
    message: "the call asks for the working directory alone, which waits for no disk: no function becomes async for it",
    help: "nothing; it is rewritten where the function is async anyway",
};

/// Every reason of this codemod.
static REASONS: &[&Reason] = &[&AT_ONCE, &listing::PRUNED, &listing::KEPT];

/// What works on text and the working directory.
const QUICK: &[&str] = &["os.getcwd", "os.path.abspath"];

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let paths: Vec<&str> = FUNCTIONS.iter().map(|function| function.path).collect();
    let by_path: FxHashMap<&str, &'static Function> = FUNCTIONS
        .iter()
        .map(|function| (function.path, function))
        .collect();
    for node in model.references_to(&paths) {
        if threads::runs_in_thread(model, node) {
            continue;
        }
        if !context.is_async(node) {
            // A script that becomes async could not walk like that.
            if let Some(range) = prunes_in_script(context, node) {
                context.skip(range, &listing::PRUNED, None);
            }
            continue;
        }
        let range = model.nodes.range(node);
        let call = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => Some(call),
            _ => None,
        };
        let function = model
            .expr(node)
            .and_then(|expr| by_path.get(model.meaning_of(expr).path()?).copied());
        let Some(function) = function else {
            context.skip(call.map_or(range, Ranged::range), &AMBIGUOUS_BINDING, None);
            continue;
        };
        let Some(call) = call else {
            if !is_compared(model, node) {
                context.skip(range, &USED_AS_VALUE, None);
            }
            continue;
        };
        let result = unit(context, call, function);
        context.report(call.range(), result);
    }
}

/// Whether a function is only asked for: `if os.fsync in known`, `os.link is None`.
fn is_compared(model: &Model<'_>, node: NodeId) -> bool {
    model.nodes.parent_node(node).is_expr_compare()
}

/// Where a loop at module level changes the directories of its `os.walk`.
fn prunes_in_script(context: &Context<'_, '_>, node: NodeId) -> Option<TextRange> {
    let model = context.model;
    let is_script =
        context.settings.scope == Scope::Project && model.runner(node) == Runner::Module;
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(node) else {
        return None;
    };
    let meaning = model.meaning(&call.func);
    if !is_script || meaning.path() != Some("os.walk") || is_bottom_up(call) {
        return None;
    }
    match model.consumer_of(model.id(call))? {
        Consumer::Loop { target, node } => model.prunes_walk(target, node),
        _ => None,
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    function: &'static Function,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let mut unit = context.unit(call.range());
    // `anyio.Path("")` is the working directory, and it takes no bytes and no descriptors: not what `os` does.
    let is_thread = context.settings.file_io != FileIo::Aiofiles;
    match function.way {
        Way::Aiofiles if !is_thread => {
            let model = context.model;
            unit.doubles(function.doubles);
            unit.rename(
                model.id(call.func.as_ref()),
                format!("aiofiles.{}", function.path),
            );
            unit.import(ImportRequest::Module("aiofiles.os"), model.id(call))?;
            unit.dependency(Dependency::Add("aiofiles"));
            unit.await_(call)?;
        }
        Way::Aiofiles | Way::Thread => {
            calls_back(&mut unit, call);
            unit.in_thread(call)?;
        }
        Way::Listing => {
            calls_back(&mut unit, call);
            // A generator: it does nothing before it is iterated.
            let listing = Listing {
                is_recursive: true,
                is_steered: function.path == "os.walk" && !is_bottom_up(call),
                is_eager: false,
            };
            listing::in_thread(context.model, &mut unit, call, listing)?;
        }
    }
    if QUICK.contains(&function.path) {
        unit.only_follows(&AT_ONCE);
    }
    Ok(unit)
}

/// Functions of the caller that would run in the thread.
fn calls_back(unit: &mut UnitBuilder<'_, '_>, call: &ExprCall) {
    const CALLBACKS: &[&str] = &["copy_function", "ignore", "onerror", "onexc"];
    for keyword in &call.arguments.keywords {
        let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
        let is_ours = match &keyword.value {
            Expr::NoneLiteral(_) => false,
            // Made by `shutil.ignore_patterns` or the like.
            Expr::Call(_) => name != "ignore",
            _ => true,
        };
        if CALLBACKS.contains(&name) && is_ours {
            let text = format!("a thread calls what `{name}` is given, beside the event loop");
            unit.unsafe_because(keyword.range(), text);
        }
    }
}

/// `os.walk(p, topdown=False)`: then the lists of directories tell it nothing.
fn is_bottom_up(call: &ExprCall) -> bool {
    let value = call
        .arguments
        .args
        .get(1)
        .or_else(|| literal::keyword(call, "topdown").map(|keyword| &keyword.value));
    value.and_then(literal::boolean) == Some(false)
}
