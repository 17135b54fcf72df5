//! Blocking calls without an async twin: a thread runs them, `f(x)` -> `await asyncio.to_thread(f, x)`.
//!
//! The same function with the same arguments gives the same result and raises the same errors; what changes is that other
//! tasks run meanwhile. One table says for each codemod which calls those are, and what speaks against some of them.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprName, ExprRef, Stmt, StmtFor};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codemod::{AMBIGUOUS_BINDING, Context, Refusal, USED_AS_VALUE, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Layer};
use crate::python::PythonVersion;
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::reaching::Reaching;
use crate::semantic::{BindingKind, Meaning, Model, NodeId, literal, threads, to_thread};
use crate::unit::{ImportRequest, Reason};

/// What becomes of a blocking call.
#[derive(Clone, Copy, Debug)]
pub enum Verdict {
    /// A thread runs it.
    Thread,
    /// A thread runs it, and that may differ: how, as a sentence for people.
    Unsafe(&'static str),
    /// A thread runs it where the function is async anyway: why no function becomes so for it.
    Follow(&'static Reason),
    /// It does not block.
    Harmless,
    /// It stays.
    Leave(&'static Reason),
}

/// Functions or methods that block.
#[derive(Debug)]
pub struct Blocking {
    /// What they are below: a module (`subprocess`) or a class (`threading.Thread`).
    pub of: &'static str,
    /// Their names.
    pub names: &'static [&'static str],
    /// What becomes of a call.
    pub judge: fn(&Model<'_>, &ExprCall) -> Verdict,
}

/// A thread runs it, whatever its arguments are.
pub fn always(_: &Model<'_>, _: &ExprCall) -> Verdict {
    Verdict::Thread
}

/// A thread runs it, unless its limit of time, at this position or as `timeout`, is zero: then it does not wait.
pub fn unless_at_once(call: &ExprCall, position: usize) -> Verdict {
    let limit = call
        .arguments
        .args
        .get(position)
        .or_else(|| literal::keyword(call, "timeout").map(|keyword| &keyword.value));
    match limit.and_then(literal::integer) {
        Some(0) => Verdict::Harmless,
        _ => Verdict::Thread,
    }
}

/// Whether the code has asked the same object whether it would wait, by one of these methods: in a test round the call, or in
/// one before it in the same body, which leaves that or goes on until it is so. Such a call does not wait, and with an `await` another task could run
/// between the question and the call.
pub fn is_tested(model: &Model<'_>, call: &ExprCall, methods: &[&str]) -> bool {
    let Expr::Attribute(method) = call.func.as_ref() else {
        return false;
    };
    let object = model.slice(method.value.range());
    let asks = |test: &Expr| -> bool {
        model.nodes.subtree(model.id(test)).any(|node| {
            matches!(model.nodes.get(node), AnyNodeRef::ExprAttribute(attribute)
                if methods.contains(&attribute.attr.as_str())
                    && model.slice(attribute.value.range()) == object)
        })
    };
    model
        .nodes
        .ancestors(model.id(call))
        .take_while(|&at| !matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
        .any(|at| {
            let is_round = match model.nodes.get(at) {
                AnyNodeRef::StmtIf(stmt) => asks(&stmt.test),
                AnyNodeRef::ElifElseClause(clause) => clause.test.as_ref().is_some_and(asks),
                AnyNodeRef::StmtWhile(stmt) => asks(&stmt.test),
                AnyNodeRef::ExprIf(expr) => asks(&expr.test),
                AnyNodeRef::ExprBoolOp(expr) => expr.values.iter().any(asks),
                _ => false,
            };
            is_round
                || model.suite_of(at).is_some_and(|(body, index)| {
                    body[..index].iter().any(|before| {
                        match before {
                            Stmt::If(stmt) => asks(&stmt.test) && leaves(&stmt.body),
                            // `while queue.empty():` ends when it is not.
                            Stmt::While(stmt) => asks(&stmt.test),
                            _ => false,
                        }
                    })
                })
        })
}

/// Whether the last statement of a body leaves what is round it.
fn leaves(body: &[Stmt]) -> bool {
    matches!(
        body.last(),
        Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue(_) | Stmt::Break(_))
    )
}

/// Reports every call of the table in async code.
pub fn report(context: &mut Context<'_, '_>, table: &'static [Blocking]) {
    report_if(context, table, &|_| true);
}

/// Reports every call of the table in async code that may block, as far as the codemod knows.
pub fn report_if<'a>(
    context: &mut Context<'a, '_>,
    table: &'static [Blocking],
    may_block: &dyn Fn(&'a ExprCall) -> bool,
) {
    let model = context.model;
    let known = Known::new(table);
    let mut callees: Option<Callees<'a, '_>> = None;
    // The first calls of chains that one thread runs as a whole.
    let mut chained: FxHashSet<NodeId> = FxHashSet::default();
    for node in model.nodes.all() {
        match model.nodes.get(node) {
            AnyNodeRef::ExprCall(_) if chained.contains(&node) => {}
            AnyNodeRef::ExprCall(call) if known.may_mean(model, &call.func) => {
                let found = match model.meaning(&call.func) {
                    Meaning::Path(path) => known.row(&path),
                    Meaning::Ambiguous(paths) => {
                        let is_known = paths.iter().any(|path| known.row(path).is_some());
                        if is_known && context.is_async(node) {
                            context.skip(call.range(), &AMBIGUOUS_BINDING, None);
                        }
                        None
                    }
                    Meaning::Unknown => {
                        let callees = callees.get_or_insert_with(|| Callees::new(model));
                        match callees.of(&call.func) {
                            Callee::Path(path) => known.row(&path),
                            Callee::Functions(_) | Callee::Unknown => None,
                        }
                    }
                };
                if let Some(row) = found
                    && may_block(call)
                {
                    let first = first_of_chain(model, &known, call);
                    chained.extend(first.map(|first| model.id(first)));
                    look_at(context, call, row, first.is_some());
                }
            }
            AnyNodeRef::ExprAttribute(attribute)
                if known.names.contains_key(attribute.attr.as_str()) =>
            {
                value(context, &known, node);
            }
            AnyNodeRef::ExprName(name) if known.may_be_named(model, name) => {
                value(context, &known, node);
            }
            _ => {}
        }
    }
}

/// A function of the table that is not called where it is named.
fn value(context: &mut Context<'_, '_>, known: &Known, node: NodeId) {
    let model = context.model;
    let is_called = match model.nodes.parent_node(node) {
        AnyNodeRef::ExprCall(call) => model.id(call.func.as_ref()) == node,
        AnyNodeRef::ExprAttribute(_) => true,
        _ => false,
    };
    if is_called || !context.is_async(node) {
        return;
    }
    let Some(expr) = model.expr(node) else {
        return;
    };
    let is_known =
        matches!(model.meaning_of(expr), Meaning::Path(path) if known.row(&path).is_some());
    if is_known && !threads::runs_in_thread(model, node) {
        context.skip(expr.range(), &USED_AS_VALUE, None);
    }
}

/// The call that gives the object of a method call, if a thread runs both and may evaluate the arguments too:
/// `urlopen(url)` of `urlopen(url).read()`.
fn first_of_chain<'a>(
    model: &Model<'a>,
    known: &Known,
    call: &'a ExprCall,
) -> Option<&'a ExprCall> {
    let Expr::Attribute(method) = call.func.as_ref() else {
        return None;
    };
    let Expr::Call(first) = method.value.as_ref() else {
        return None;
    };
    let row = known.row(model.meaning(&first.func).path()?)?;
    let is_threaded = matches!((row.judge)(model, first), Verdict::Thread);
    let mut arguments = literal::arguments(first).chain(literal::arguments(call));
    (is_threaded && arguments.all(literal::is_plain)).then_some(first)
}

fn look_at<'a>(
    context: &mut Context<'a, '_>,
    call: &'a ExprCall,
    row: &'static Blocking,
    is_chain: bool,
) {
    let model = context.model;
    let node = model.id(call);
    if threads::runs_in_thread(model, node)
        || matches!(model.nodes.parent_node(node), AnyNodeRef::ExprAwait(_))
    {
        return;
    }
    let verdict = (row.judge)(model, call);
    let note = match verdict {
        Verdict::Harmless => return,
        _ if !context.is_async(node) => {
            if threads::is_in_lambda_of_async(model, node) {
                context.skip(call.range(), &colour::LAMBDA, None);
            }
            return;
        }
        Verdict::Leave(reason) => {
            context.skip(call.range(), reason, None);
            return;
        }
        Verdict::Unsafe(note) => Some(note),
        Verdict::Thread | Verdict::Follow(_) => None,
    };
    let mut result = match is_chain {
        true => chain(context, call, note),
        false => unit(context, call, note),
    };
    if let (Ok(unit), Verdict::Follow(reason)) = (&mut result, verdict) {
        unit.only_follows(reason);
    }
    context.report(call.range(), result);
}

/// `f(x)` -> `await asyncio.to_thread(f, x)`; `note` says how it may differ.
///
/// # Errors
/// The reason why there can be no `await`, or no `asyncio`.
pub fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &ExprCall,
    note: Option<&str>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let mut unit = context.unit(call.range());
    hand_over(&mut unit, context.model, call)?;
    if let Some(note) = note {
        unit.unsafe_because(call.range(), note);
    }
    Ok(unit)
}

/// `f(x).g()` -> `await asyncio.to_thread(lambda: f(x).g())`.
fn chain<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &ExprCall,
    note: Option<&str>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let mut unit = context.unit(call.range());
    let opening = "asyncio.to_thread(lambda: ";
    unit.edit(Edit::surround(call.range(), opening, ")", Layer::Wrap));
    unit.import(ImportRequest::Module("asyncio"), context.model.id(call))?;
    unit.await_(call)?;
    unit.needs_python(PythonVersion::PY39);
    if let Some(note) = note {
        unit.unsafe_because(call.range(), note);
    }
    Ok(unit)
}

/// Lets a thread run a call, as a part of a unit.
///
/// # Errors
/// The reason why there can be no `await`, or no `asyncio`.
pub fn hand_over(
    unit: &mut UnitBuilder<'_, '_>,
    model: &Model<'_>,
    call: &ExprCall,
) -> Result<(), Refusal> {
    unit.edits(to_thread::edits(model, call, Layer::Wrap));
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    unit.await_(call)?;
    unit.needs_python(PythonVersion::PY39);
    Ok(())
}

/// Reports every call of these functions whose first argument is an object of this class: they read from it.
pub fn report_consumers<'a>(context: &mut Context<'a, '_>, functions: &[&str], class: &str) {
    let model = context.model;
    let mut callees: Option<Callees<'a, '_>> = None;
    for call in model.calls() {
        let Some(first) = call.arguments.args.first() else {
            continue;
        };
        let meaning = model.meaning(&call.func);
        let reads = meaning.path().is_some_and(|path| functions.contains(&path));
        if !reads || !context.is_async(model.id(call)) {
            continue;
        }
        let callees = callees.get_or_insert_with(|| Callees::new(model));
        if callees.type_path(first).as_deref() == Some(class) {
            let result = unit(context, call, None);
            context.report(call.range(), result);
        }
    }
}

/// Reports every loop over the lines of an object of these classes, or of a module's (`sys.stdin`).
pub fn report_lines<'a>(context: &mut Context<'a, '_>, is_file: &dyn Fn(&str) -> bool) {
    let model = context.model;
    let mut callees: Option<Callees<'a, '_>> = None;
    for node in model.nodes.all() {
        let AnyNodeRef::StmtFor(loop_) = model.nodes.get(node) else {
            continue;
        };
        if loop_.is_async || !context.is_async(node) {
            continue;
        }
        let iterable = loop_.iter.as_ref();
        let class = match model.meaning(iterable) {
            Meaning::Path(path) => Some(path),
            _ if iterable.is_name_expr() || iterable.is_attribute_expr() => callees
                .get_or_insert_with(|| Callees::new(model))
                .type_path(iterable),
            _ => None,
        };
        if class.as_deref().is_some_and(is_file) {
            let result = read_lines(context, loop_);
            context.report(iterable.range(), result);
        }
    }
}

/// A loop over the lines of a file that blocks becomes one that asks for a line at a time: `for line in file:` ->
/// `while line := await asyncio.to_thread(file.readline):`.
///
/// # Errors
/// The loop cannot be written so, or cannot await.
fn read_lines<'a, 'c>(
    context: &Context<'a, 'c>,
    loop_: &'a StmtFor,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let iterable = loop_.iter.as_ref();
    let refused = || Refusal::at(&LINES, loop_.iter.range());
    let Expr::Name(target) = loop_.target.as_ref() else {
        return Err(refused());
    };
    let node = model.id(iterable);
    let is_bare = model.parenthesized_range(ExprRef::from(iterable)) == iterable.range()
        && model.parenthesized_range(ExprRef::from(loop_.target.as_ref())) == target.range();
    let root = root_of(iterable).ok_or_else(refused)?;
    if !is_bare || !is_only_of(model, target, loop_) || is_bound_in(model, root, loop_) {
        return Err(refused());
    }
    let mut unit = context.unit(iterable.range());
    let header = TextRange::new(loop_.start(), iterable.start());
    unit.edit(Edit::replace(header, format!("while {} := ", target.id)));
    unit.edit(Edit::surround(
        iterable.range(),
        "asyncio.to_thread(",
        ".readline)",
        Layer::Wrap,
    ));
    unit.import(ImportRequest::Module("asyncio"), node)?;
    unit.await_node(node)?;
    unit.needs_python(PythonVersion::PY39);
    Ok(unit)
}

/// The loop over lines cannot be written with `readline`.
pub static LINES: Reason = Reason {
    code: "blocking-lines",
    message: "each turn of the loop waits for a line, and it cannot be written as a loop over `readline`: its variable is \
              used elsewhere, or what it reads from is bound anew in it",
    help: "read the lines in a function that `asyncio.to_thread` runs",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&LINES];

/// The name at the root of `name.attr.attr`.
fn root_of(expr: &Expr) -> Option<&ExprName> {
    match expr {
        Expr::Name(name) => Some(name),
        Expr::Attribute(attribute) => root_of(&attribute.value),
        _ => None,
    }
}

/// Whether what a loop assigns to its variable is read in its body only: at the end a loop over `readline` leaves something
/// else there.
pub fn is_only_of(model: &Model<'_>, target: &ExprName, loop_: &StmtFor) -> bool {
    let node = model.id(target);
    let Some(own) = model.scopes.binding_at(node) else {
        return false;
    };
    let binding = model.scopes.binding(own);
    let symbol = model.scopes.symbol(binding.symbol);
    if symbol.scope != binding.scope || model.runner_node(node).is_none() {
        return false;
    }
    let body = loop_.body.first().zip(loop_.body.last());
    let inside = body.map(|(first, last)| TextRange::new(first.start(), last.end()));
    let outside: Vec<NodeId> = symbol
        .references
        .iter()
        .copied()
        .filter(|&reference| {
            inside.is_none_or(|inside| !inside.contains_range(model.nodes.range(reference)))
        })
        .collect();
    if outside.is_empty() {
        return true;
    }
    let tracked = std::iter::once(binding.symbol).collect();
    let reaching = Reaching::new(model, model.body_of(model.runner(node)), &tracked);
    outside.into_iter().all(|reference| {
        reaching
            .at(reference)
            .is_some_and(|seen| !seen.contains(&own))
    })
}

/// Whether a name is bound anew in a loop.
fn is_bound_in(model: &Model<'_>, name: &ExprName, loop_: &StmtFor) -> bool {
    model
        .scopes
        .symbol_of(model.id(name))
        .is_some_and(|symbol| {
            let mut bindings = model.scopes.symbol(symbol).bindings.iter();
            bindings.any(|&binding| {
                let node = model.scopes.binding(binding).node;
                loop_.range().contains_range(model.nodes.range(node))
            })
        })
}

/// The table, by the last part of the names.
struct Known {
    names: FxHashMap<&'static str, Vec<&'static Blocking>>,
}

impl Known {
    fn new(table: &'static [Blocking]) -> Self {
        let mut names: FxHashMap<&'static str, Vec<&'static Blocking>> = FxHashMap::default();
        for row in table {
            for name in row.names {
                names.entry(name).or_default().push(row);
            }
        }
        Self { names }
    }

    fn row(&self, path: &str) -> Option<&'static Blocking> {
        let (of, name) = path.rsplit_once('.')?;
        let rows = self.names.get(name)?;
        rows.iter().copied().find(|row| row.of == of)
    }

    /// Whether an expression may be one of the table, as far as its last name tells: cheap, and asked of every call.
    fn may_mean(&self, model: &Model<'_>, func: &Expr) -> bool {
        match func {
            Expr::Attribute(attribute) => self.names.contains_key(attribute.attr.as_str()),
            Expr::Name(name) => self.may_be_named(model, name),
            _ => false,
        }
    }

    /// Whether a name is bound by an import of one of the table, or unbound like a builtin.
    fn may_be_named(&self, model: &Model<'_>, name: &ExprName) -> bool {
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return self.names.contains_key(name.id.as_str());
        };
        let mut bindings = model.scopes.symbol(symbol).bindings.iter();
        bindings.any(|&binding| match model.scopes.binding(binding).kind {
            BindingKind::FromImport { member, .. } => self.names.contains_key(member),
            BindingKind::Import { path } => {
                let last = path.rsplit('.').next().unwrap_or(path);
                self.names.contains_key(last)
            }
            _ => false,
        })
    }
}
