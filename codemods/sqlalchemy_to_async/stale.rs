//! Objects that a session holds while SQL changes their rows behind its back.
//!
//! A sync session forgets at a commit what its objects held, and reads it again. An async one keeps it, or no attribute could
//! be read. So where a function runs SQL that the session does not see through, and then commits, the session forgets its
//! objects after the commit all the same, and those that the function goes on to read are refreshed there.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::engine;
use super::lazy::{Declared, Objects, Root};
use super::members::{SCOPED, SESSION};
use crate::callgraph::values::To;
use crate::codemod::UnitBuilder;
use crate::colour;
use crate::semantic::{Model, NodeId, Runner, literal};
use crate::values::Part;

/// Writes what follows the commits of a file.
pub fn rewrite<'a>(model: &Model<'a>, part: &Part, unit: &mut UnitBuilder<'a, '_>) {
    let calls = part.uses.iter().filter_map(|use_| match &use_.to {
        To::Attribute {
            name,
            call: Some(call),
            ..
        } if matches!(use_.kind, SESSION | SCOPED) => match model.nodes.get(*call) {
            AnyNodeRef::ExprCall(call) => Some((name.as_str(), call)),
            _ => None,
        },
        _ => None,
    });
    let calls: Vec<(&str, &'a ExprCall)> = calls.collect();
    let hidden: Vec<&'a ExprCall> = calls
        .iter()
        .filter(|(name, call)| is_hidden(model, name, call))
        .map(|(_, call)| *call)
        .collect();
    if hidden.is_empty() {
        return;
    }
    let declared = Declared::default();
    let objects = Objects::new(model, &declared, Some(&part.kinds));
    for (name, commit) in calls {
        let node = model.id(commit);
        let statement = model.nodes.parent(node);
        if name != "commit" || !matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_)) {
            continue;
        }
        let runner = model.runner(node);
        let Some(session) = receiver(model, commit) else {
            continue;
        };
        let is_before = |call: &&&ExprCall| {
            call.end() <= commit.start()
                && model.runner(model.id(**call)) == runner
                && receiver(model, call) == Some(session)
        };
        if !hidden.iter().any(|call| is_before(&call)) {
            continue;
        }
        let Some(read) = read_after(&objects, part, runner, statement) else {
            continue;
        };
        let mut lines = vec![format!("{session}.expire_all()")];
        for name in read {
            lines.push(colour::awaited(&format!("{session}.refresh({name})")));
        }
        if let Some(edits) = model.append(statement, &lines) {
            unit.edits(edits);
            unit.runs_in(statement);
        }
    }
}

fn receiver<'a>(model: &Model<'a>, call: &ExprCall) -> Option<&'a str> {
    match call.func.as_ref() {
        Expr::Attribute(method) => Some(model.slice(method.value.range())),
        _ => None,
    }
}

/// Whether a call of a session changes rows, and not the objects that it holds.
fn is_hidden(model: &Model<'_>, name: &str, call: &ExprCall) -> bool {
    match name {
        // `session.query(User).update(..., synchronize_session=False)`
        "query" => {
            let mut top = model.id(call);
            while let AnyNodeRef::ExprAttribute(method) = model.nodes.parent_node(top)
                && let AnyNodeRef::ExprCall(next) = model.nodes.parent_node(model.id(method))
            {
                top = model.id(next);
                if matches!(method.attr.as_str(), "update" | "delete") {
                    return is_unsynchronized(model, top);
                }
            }
            false
        }
        "execute" | "exec" => call.arguments.args.first().is_some_and(|statement| {
            let is_text = matches!(statement, Expr::Call(call)
                if model.meaning(&call.func).path().is_some_and(|path| path.ends_with(".text")));
            is_text && !engine::only_reads(model, statement)
                || is_unsynchronized(model, model.id(statement))
        }),
        _ => false,
    }
}

/// Whether an expression says `synchronize_session=False`.
fn is_unsynchronized(model: &Model<'_>, node: NodeId) -> bool {
    let by_position = match model.nodes.get(node) {
        AnyNodeRef::ExprCall(call) => call
            .arguments
            .args
            .iter()
            .any(|argument| literal::boolean(argument) == Some(false)),
        _ => false,
    };
    by_position
        || model
            .nodes
            .subtree(node)
            .any(|at| match model.nodes.get(at) {
                AnyNodeRef::Keyword(keyword) => {
                    keyword.arg.as_deref() == Some("synchronize_session")
                        && literal::boolean(&keyword.value) == Some(false)
                }
                _ => false,
            })
}

/// The names of the objects that a function had before a statement and reads behind it; `None` where something else is done
/// with one, so that it cannot be told which attributes are read.
fn read_after(
    objects: &Objects<'_, '_>,
    part: &Part,
    runner: Runner,
    statement: NodeId,
) -> Option<Vec<String>> {
    let model = objects.model;
    let commit = model.nodes.range(statement);
    let in_loop = model.nodes.ancestors(statement).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
        )
    });
    if in_loop {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    let body = match runner {
        Runner::Function(index) => model.scopes.functions().get(index as usize)?.node,
        Runner::Module => model.nodes.all().next()?,
        Runner::Class => return None,
    };
    for node in model.nodes.subtree(body) {
        let AnyNodeRef::ExprName(name) = model.nodes.get(node) else {
            continue;
        };
        if !name.ctx.is_load()
            || name.start() < commit.end()
            || model.runner(node) != runner
            || part.is_value(node)
        {
            continue;
        }
        let values = objects.values_of_name(name);
        let is_held = values.iter().any(|value| {
            let is_object = match &value.root {
                Root::Load(load) => !load.entities.is_empty(),
                Root::New(_) | Root::Called(_) => true,
                _ => false,
            };
            is_object && value.at <= commit.start()
        });
        // What is given to the function may be an object, if its attributes are read.
        let is_given = values
            .iter()
            .any(|value| matches!(value.root, Root::Parameter(..) | Root::Unknown));
        let read = attribute_read(model, node);
        match (is_held, read) {
            (true, true) => {
                let text = name.id.to_string();
                if !names.contains(&text) {
                    names.push(text);
                }
            }
            (true, false) => return None,
            (false, true) if is_given => return None,
            _ => {}
        }
    }
    Some(names)
}

/// Whether an attribute of a name is read, and not called.
fn attribute_read(model: &Model<'_>, node: NodeId) -> bool {
    let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(node) else {
        return false;
    };
    let outer = model.id(attribute);
    !matches!(model.nodes.parent_node(outer), AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == outer)
}
