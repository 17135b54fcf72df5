//! `open` in async functions -> `aiofiles.open`.
//!
//! A unit is a `with` statement with all the files that it opens, the assignments of a name that is closed by hand, or a
//! file that is opened and used within one statement. Every use of the handle must be known: an aiofiles handle that
//! reaches a sync function raises nothing and loses data.
//!
//! Source: <https://github.com/Tinche/aiofiles/tree/v25.1.0/src/aiofiles/threadpool> (which methods are coroutines).

mod consumer;
mod handle;
mod inline;
mod reasons;
mod sentinel;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtWith};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::python::PythonVersion;
use crate::semantic::flow::{Certainty, UseKind};
use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId, literal};
use crate::unit::{Dependency, ImportRequest};

use handle::Handle;

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
    run,
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut opened = Vec::new();
    let mut is_patched = false;
    for call in model.calls() {
        is_patched = is_patched || patches_open(call);
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(is_open) || !context.is_async(model.id(call)) {
            continue;
        }
        match meaning.path() {
            None => context.skip(call.range(), &AMBIGUOUS_BINDING, None),
            Some("codecs.open") => context.skip(call.range(), &reasons::CODECS, None),
            Some(_) => opened.push(call),
        }
    }
    if is_patched {
        for call in opened {
            context.skip(call.range(), &reasons::PATCHED, None);
        }
        return;
    }
    let mut done: FxHashSet<NodeId> = FxHashSet::default();
    let mut inline = inline::Inline::default();
    for &call in &opened {
        let node = model.id(call);
        if !done.insert(node) {
            continue;
        }
        match model.nodes.parent_node(node) {
            AnyNodeRef::WithItem(item) if item.context_expr.range() == call.range() => {
                let parent = model.nodes.parent(model.id(item));
                if let AnyNodeRef::StmtWith(statement) = model.nodes.get(parent) {
                    let files = files(model, statement);
                    done.extend(files.iter().map(|&(_, call)| model.id(call)));
                    let result = with_unit(context, statement, &files);
                    context.report(call.range(), result);
                }
            }
            AnyNodeRef::StmtAssign(assign) if assign.value.range() == call.range() => {
                let calls = assigned_together(model, call, &opened, &done);
                done.extend(calls.iter().map(|call| model.id(*call)));
                let result = assigned_unit(context, &calls);
                context.report(call.range(), result);
            }
            AnyNodeRef::StmtAnnAssign(_) => {
                context.skip(call.range(), &reasons::ANNOTATED, None);
            }
            _ => {
                let result = inline.unit(context, call);
                context.report(call.range(), result);
            }
        }
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

/// The items of a `with` statement that open a file.
fn files<'a>(model: &Model<'a>, statement: &'a StmtWith) -> Vec<(usize, &'a ExprCall)> {
    let items = statement.items.iter().enumerate();
    items
        .filter_map(|(index, item)| {
            let call = item.context_expr.as_call_expr()?;
            let meaning = model.meaning(&call.func);
            meaning
                .path()
                .is_some_and(|path| is_open(path) && path != "codecs.open")
                .then_some((index, call))
        })
        .collect()
}

fn with_unit<'a, 'c>(
    context: &Context<'a, 'c>,
    statement: &'a StmtWith,
    files: &[(usize, &'a ExprCall)],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(files[0].1.range());
    for &(index, call) in files {
        let node = model.id(call);
        if let Some(target) = &statement.items[index].optional_vars
            && !target.is_name_expr()
        {
            return Err(Refusal::at(&reasons::TARGET, target.range()));
        }
        opens(&mut unit, model, call)?;
        unit.async_with(statement, index)?;
        let flow = model.follow(&[node], true);
        Handle::new(context, &[call]).convert(&mut unit, &flow)?;
    }
    Ok(unit)
}

/// The calls that must be taken together with `f = open(p)`, because some use of `f` may see any of them.
fn assigned_together<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    opened: &[&'a ExprCall],
    done: &FxHashSet<NodeId>,
) -> Vec<&'a ExprCall> {
    let mut calls = vec![call];
    let flow = model.follow(&[model.id(call)], false);
    if flow
        .uses
        .iter()
        .any(|use_| use_.certainty == Certainty::Mixed)
    {
        let target = assigned_symbol(model, call);
        calls.extend(opened.iter().copied().filter(|&other| {
            !done.contains(&model.id(other))
                && target.is_some()
                && assigned_symbol(model, other) == target
        }));
    }
    calls
}

/// The name that an `open` call is assigned to.
fn assigned_symbol(model: &Model<'_>, call: &ExprCall) -> Option<SymbolId> {
    match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtAssign(assign) if assign.value.range() == call.range() => {
            match assign.targets.as_slice() {
                [target @ Expr::Name(_)] => model.scopes.symbol_of(model.id(target)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn assigned_unit<'a, 'c>(
    context: &Context<'a, 'c>,
    calls: &[&'a ExprCall],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(calls[0].range());
    let nodes: Vec<NodeId> = calls.iter().map(|call| model.id(*call)).collect();
    let flow = model.follow(&nodes, false);
    let handle = Handle::new(context, calls);
    for call in calls {
        opens(&mut unit, model, call)?;
        handle.awaits(&mut unit, model.id(*call))?;
    }
    handle.convert(&mut unit, &flow)?;
    let is_closed = flow.uses.iter().any(|use_| {
        matches!(use_.kind, UseKind::Method { attribute, .. } if attribute.attr.as_str() == "close")
    });
    if !is_closed {
        return Err((&reasons::NOT_CLOSED).into());
    }
    Ok(unit)
}

/// `open(...)` -> `aiofiles.open(...)`.
fn opens(
    unit: &mut UnitBuilder<'_, '_>,
    model: &Model<'_>,
    call: &ExprCall,
) -> Result<(), Refusal> {
    unit.rename(model.id(call.func.as_ref()), "aiofiles.open");
    requires(unit, model.id(call))
}

/// What every unit needs.
fn requires(unit: &mut UnitBuilder<'_, '_>, at: NodeId) -> Result<(), Refusal> {
    unit.import(ImportRequest::Module("aiofiles"), at)?;
    unit.dependency(Dependency::Add("aiofiles"));
    Ok(())
}
