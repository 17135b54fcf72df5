//! Where a program begins: the calls at module level, and the main guards round them.

use ruff_python_ast::{AnyNodeRef, Stmt, StmtIf};
use rustc_hash::FxHashMap;

use crate::callgraph::{Entry, FileFacts, Guard, Moving};
use crate::semantic::{Model, NodeId, Runner, literal};

/// Fills in the guards of a file, and the entry of every call at module level.
pub fn read(model: &Model<'_>, facts: &mut FileFacts) {
    let mut guards: FxHashMap<NodeId, u32> = FxHashMap::default();
    let runs_code = facts.calls.iter().any(|call| call.runner == Runner::Module)
        || model
            .calls()
            .any(|call| model.runner_node(model.id(call)).is_none());
    for stmt in &model.parsed.syntax().body {
        // Nobody asks where nothing is called.
        if runs_code {
            let moving = if crate::colour::can_move(model, stmt) {
                Moving::Moves
            } else if crate::colour::can_be_passed(model, stmt) {
                Moving::Passed
            } else {
                Moving::Stays
            };
            facts.statements.push((model.id(stmt), moving));
        }
        if let Stmt::If(if_) = stmt
            && literal::is_main_guard(&if_.test)
        {
            guards.insert(model.id(stmt), facts.guards.len() as u32);
            facts.guards.push(guard(model, if_));
        }
    }
    for call in &mut facts.calls {
        call.in_loop = is_in_loop(model, call.node);
        if call.runner != Runner::Module {
            continue;
        }
        let statement = crate::colour::statement_of(model, call.node);
        // A call that something else makes cannot be run where it stands.
        let is_own = !call.is_indirect;
        let mut entry = Entry {
            guard: None,
            statement: statement as u32,
            repeated: !is_own,
        };
        let mut inside_test = false;
        let mut below = call.node;
        for at in model.nodes.ancestors(call.node) {
            match model.nodes.get(at) {
                AnyNodeRef::StmtFor(for_) => {
                    entry.repeated |= model.id(for_.iter.as_ref()) != below
                }
                AnyNodeRef::StmtWhile(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_)
                | AnyNodeRef::ExprGenerator(_) => entry.repeated = true,
                AnyNodeRef::StmtIf(if_) => {
                    inside_test |= model.id(if_.test.as_ref()) == below;
                    if let Some(&guard) = guards.get(&at)
                        && !inside_test
                    {
                        entry.guard = Some(guard);
                    }
                }
                // What a definition evaluates is no statement of the program.
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => {
                    entry.repeated = true
                }
                _ => {}
            }
            below = at;
        }
        call.entry = Some(entry);
    }
}

/// Whether a loop or a comprehension round a node, within the function that runs it, may run it more than once.
fn is_in_loop(model: &Model<'_>, node: NodeId) -> bool {
    let mut below = node;
    for at in model.nodes.ancestors(node) {
        match model.nodes.get(at) {
            AnyNodeRef::StmtFor(for_) if model.id(for_.iter.as_ref()) != below => return true,
            AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_) => return true,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => return false,
            _ => {}
        }
        below = at;
    }
    false
}

fn guard(model: &Model<'_>, if_: &StmtIf) -> Guard {
    let node = model.id(if_);
    let is_movable = crate::colour::is_movable(model, if_);
    let mut runs = model
        .nodes
        .subtree(node)
        .filter(|&at| match model.nodes.get(at) {
            AnyNodeRef::ExprCall(call) => super::is_run(model, &call.func),
            _ => false,
        })
        .peekable();
    let joined = crate::colour::joined(model, if_).filter(|_| is_movable);
    let runs_loop = runs.peek().is_some() && runs.any(|run| Some(run) != joined);
    Guard {
        node,
        is_movable,
        runs_loop,
        joined,
    }
}
