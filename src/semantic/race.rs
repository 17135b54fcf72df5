//! Reads and writes of shared state that an `await` would part: other tasks may run in between.

use ruff_python_ast::{AnyNodeRef, Expr, ExprContext, ExprRef, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::{Model, NodeId, Runner, ScopeKind, file_race};

/// What such an `await` does, as a note.
pub const NOTE: &str = "an `await` here parts a read of shared state from the write that depends on it, and another task may run in between";

/// The spans between a read of shared state and a write that depends on it: of a file, or through names of the function, as in
/// `count = self.n`, `load()`, `self.n = count + 1`. Names are followed in source order, whatever branches do.
#[derive(Debug, Default)]
pub struct Races {
    /// By function.
    spans: FxHashMap<u32, Vec<TextRange>>,
}

impl Races {
    /// The spans of a file.
    pub fn new(model: &Model<'_>) -> Self {
        let mut races = Self::default();
        for (function, span) in file_race::spans(model) {
            races.spans.entry(function).or_default().push(span);
        }
        let mut reads: FxHashMap<u32, Reads<'_>> = FxHashMap::default();
        for node in model.nodes.all() {
            let (targets, value) = match model.nodes.get(node) {
                AnyNodeRef::StmtAssign(assign) => {
                    (&assign.targets[..], Some(assign.value.as_ref()))
                }
                AnyNodeRef::StmtAnnAssign(assign) => (
                    std::slice::from_ref(assign.target.as_ref()),
                    assign.value.as_deref(),
                ),
                AnyNodeRef::StmtAugAssign(assign) => (
                    std::slice::from_ref(assign.target.as_ref()),
                    Some(assign.value.as_ref()),
                ),
                _ => continue,
            };
            let (Some(value), Runner::Function(function)) = (value, model.runner(node)) else {
                continue;
            };
            let known = reads.entry(function).or_default();
            let sources = known.of(model, value);
            let end = model.nodes.range(node).end();
            for target in targets {
                match target {
                    Expr::Name(name) if !is_shared(model, target) => {
                        known.names.insert(name.id.as_str(), sources.clone());
                    }
                    _ => {
                        let root = root_text(model, target);
                        let earliest = sources.iter().filter(|(text, _)| *text == root);
                        if let Some(&(_, start)) = earliest.min_by_key(|(_, at)| *at) {
                            let span = TextRange::new(start, end);
                            races.spans.entry(function).or_default().push(span);
                        }
                    }
                }
            }
        }
        races
    }

    /// Whether what gives way behind this expression parts a read from its write.
    fn part(&self, model: &Model<'_>, node: NodeId) -> bool {
        let Runner::Function(function) = model.runner(node) else {
            return false;
        };
        let at = model.nodes.range(node).end();
        let mut spans = self.spans.get(&function).into_iter().flatten();
        spans.any(|span| span.start() <= at && at <= span.end())
    }
}

/// How many pieces of shared state are remembered for a name.
const SOURCES: usize = 8;

/// The shared state that the names of a function hold a part of, and where it was read.
#[derive(Debug, Default)]
struct Reads<'m> {
    names: FxHashMap<&'m str, Vec<(&'m str, TextSize)>>,
}

impl<'m> Reads<'m> {
    /// The shared state that an expression is made of: its text, and where the read of it ends.
    fn of(&self, model: &Model<'m>, value: &Expr) -> Vec<(&'m str, TextSize)> {
        let mut sources: Vec<(&'m str, TextSize)> = Vec::new();
        for node in model.nodes.subtree(model.id(value)) {
            let Some(expr) = model.expr(node) else {
                continue;
            };
            let range = expr.range();
            match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) => match self.names.get(name.id.as_str()) {
                    Some(held) => sources.extend(held),
                    None if is_shared_name(model, node) => {
                        sources.push((model.slice(range), range.end()));
                    }
                    None => {}
                },
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx == ExprContext::Load => {
                    sources.push((model.slice(range), range.end()));
                }
                _ => {}
            }
        }
        sources.sort_unstable();
        sources.dedup_by_key(|(text, _)| *text);
        sources.truncate(SOURCES);
        sources
    }
}

/// Whether a call stands between a read of shared state (an attribute, a global, a closure variable, an element of one)
/// and the write that depends on it: `self.n += f()`, `if key not in cache: cache[key] = f()`.
pub fn is_race(model: &Model<'_>, node: NodeId) -> bool {
    model.races().part(model, node) || is_race_around(model, node)
}

/// [`is_race`] as far as one statement and what stands round it tell.
fn is_race_around(model: &Model<'_>, node: NodeId) -> bool {
    let statement = model.statement_of(node);
    match model.nodes.get(statement) {
        AnyNodeRef::StmtAugAssign(assign) => is_shared(model, &assign.target),
        AnyNodeRef::StmtAssign(assign) => assign
            .targets
            .iter()
            .any(|target| is_shared(model, target) && is_checked_around(model, statement, target)),
        // What the body writes is written behind what the header awaits.
        AnyNodeRef::StmtWith(_) | AnyNodeRef::StmtFor(_) => {
            is_stored_later(model, node, statement) || is_stored_inside(model, statement)
        }
        _ => is_stored_later(model, node, statement),
    }
}

/// `with f():` or `for x in f():` in an `if` that checks what the block writes.
fn is_stored_inside(model: &Model<'_>, statement: NodeId) -> bool {
    let is_checked = model
        .nodes
        .ancestors(statement)
        .take_while(|&at| !matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
        .any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtIf(_) | AnyNodeRef::StmtWhile(_)
            )
        });
    is_checked
        && model
            .nodes
            .subtree(statement)
            .any(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtAssign(assign) => assign.targets.iter().any(|target| {
                    is_shared(model, target) && is_checked_around(model, statement, target)
                }),
                _ => false,
            })
}

/// `value = f()` in an `if` that checks what a later statement of the same body writes.
fn is_stored_later(model: &Model<'_>, node: NodeId, statement: NodeId) -> bool {
    let _ = node;
    let Some((body, index)) = model.suite_of(statement) else {
        return false;
    };
    let is_checked = |stmt: &Stmt, target: &Expr| {
        is_shared(model, target) && is_checked_around(model, model.id(stmt), target)
    };
    body[index..].iter().any(|stmt| match stmt {
        Stmt::Assign(assign) => assign.targets.iter().any(|target| is_checked(stmt, target)),
        Stmt::AugAssign(assign) => is_checked(stmt, &assign.target),
        Stmt::Delete(delete) => delete.targets.iter().any(|target| is_checked(stmt, target)),
        _ => false,
    })
}

/// Whether an enclosing `if` or `while` of the same function tests the state that a target belongs to.
fn is_checked_around(model: &Model<'_>, statement: NodeId, target: &Expr) -> bool {
    let root = root_text(model, target);
    let tests = |test: &Expr| {
        model.nodes.subtree(model.id(test)).any(|at| {
            model.expr(at).is_some_and(|expr| {
                matches!(expr, ExprRef::Name(_) | ExprRef::Attribute(_))
                    && model.slice(expr.range()) == root
            })
        })
    };
    model
        .nodes
        .ancestors(statement)
        .take_while(|&at| {
            !matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
            )
        })
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtIf(if_) => tests(&if_.test),
            AnyNodeRef::StmtWhile(while_) => tests(&while_.test),
            _ => false,
        })
}

/// The container or attribute that a target writes to: `cache` for `cache[key]`, `self.n` for `self.n`.
fn root_text<'a>(model: &Model<'a>, target: &Expr) -> &'a str {
    match target {
        Expr::Subscript(subscript) => root_text(model, &subscript.value),
        other => model.slice(other.range()),
    }
}

/// Whether other code may see the state that a target writes to.
fn is_shared(model: &Model<'_>, target: &Expr) -> bool {
    match target {
        Expr::Attribute(_) => true,
        Expr::Subscript(subscript) => is_shared(model, &subscript.value),
        Expr::Tuple(tuple) => tuple.elts.iter().any(|element| is_shared(model, element)),
        Expr::Name(name) => is_shared_name(model, model.id(name)),
        _ => false,
    }
}

/// Whether other code may see what a name is bound to.
fn is_shared_name(model: &Model<'_>, node: NodeId) -> bool {
    let Some(symbol) = model.scopes.symbol_of(node) else {
        return true;
    };
    let owner = model.scopes.scope(model.scopes.symbol(symbol).scope);
    match (owner.kind, model.runner(node)) {
        // A local of the function itself is nobody else's, unless a closure has it.
        (ScopeKind::Function { .. } | ScopeKind::Lambda, Runner::Function(index)) => {
            owner.node != model.scopes.functions()[index as usize].node
        }
        (ScopeKind::Module, Runner::Module) => false,
        _ => true,
    }
}
