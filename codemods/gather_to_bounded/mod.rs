//! `asyncio.gather(*[f(x) for x in xs])` -> the same with a semaphore round each call.
//!
//! Source: `asyncio.Semaphore`, <https://docs.python.org/3/library/asyncio-sync.html#semaphore>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::concurrency::{Bounded, Limits, Unbounded, WIDTH};
use crate::edit::{Edit, Piece};
use crate::independence::Independence;
use crate::python::PythonVersion;
use crate::semantic::callee::Callees;
use crate::semantic::{Model, NodeId, Runner, ScopeKind, literal};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "gather_to_bounded",
    summary: "asyncio.gather(*[f(x) for x in xs]) -> the same with a semaphore, so that few run at once",
    readme: include_str!("README.md"),
    triggers: &["gather", "as_completed", "wait"],
    role: Role::Structure,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&PLACE, &LATE, &TASK, &WAITS, &USED],
    declared: None,
    run,
};

/// Not in an `async def`.
static PLACE: Reason = Reason {
    code: "bounded-place",
    message: "the coroutines are not made in an `async def`, so there is no place for the semaphore and the function that takes it",
    help: "make them in a coroutine function",
};

/// An argument does more than read.
static LATE: Reason = Reason {
    code: "late-argument",
    message: "an argument does more than read, and it would be evaluated when the call's turn comes, not at the start",
    help: "put its value into the items first",
};

/// `asyncio.wait` takes tasks.
static TASK: Reason = Reason {
    code: "not-a-task",
    message: "`asyncio.wait` takes tasks, and a function round the call would give a coroutine",
    help: "wrap the call in `asyncio.create_task`",
};

/// The call takes no resources, or never ends.
static WAITS: Reason = Reason {
    code: "keeps-its-place",
    message: "the call only waits, or never ends, so it would keep the others from starting",
    help: "limit what does the work",
};

/// The coroutines go elsewhere too.
static USED: Reason = Reason {
    code: "coroutines-used-elsewhere",
    message: "the coroutines are handed to something else too, which may not run them on an asyncio loop",
    help: "make them in the call that runs them",
};

/// How the result differs.
const NOTE: &str = "10 run at once, no longer all: coroutines that wait for one another, or never end, keep others from starting, \
                    and what a call reads is read when its turn comes";

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let callees = Callees::new(model);
    let limits = Limits::new(model, &callees);
    let independence = Independence::new(model, &callees);
    let mut candidates: Vec<(NodeId, &ExprCall, Unbounded<'_>)> = model
        .calls()
        .filter_map(|call| {
            let found = limits.unbounded(call)?;
            Some((model.id(found.call), call, found))
        })
        .collect();
    candidates.sort_by_key(|(node, ..)| *node);
    candidates.dedup_by_key(|(node, ..)| *node);
    let mut taken: FxHashMap<Runner, Vec<String>> = FxHashMap::default();
    let mut reports = Vec::new();
    for (node, call, found) in candidates {
        let names = taken.entry(model.runner(node)).or_default();
        let result = unit(context, &independence, &limits, &found, call, names);
        reports.push((call.range(), result));
    }
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    independence: &Independence<'a, '_>,
    limits: &Limits<'a, '_>,
    found: &Unbounded<'a>,
    gather: &'a ExprCall,
    taken: &mut Vec<String>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let call = found.call;
    let node = model.id(call);
    if !model.is_async(model.runner(node)) {
        return Err((&PLACE).into());
    }
    if found.needs_task {
        return Err(Refusal::at(&TASK, call.range()));
    }
    if limits.only_waits(call) || limits.never_ends(call) {
        return Err(Refusal::at(&WAITS, call.range()));
    }
    if let Some(other) = used_elsewhere(model, found) {
        return Err(Refusal::at(&USED, model.nodes.range(other)));
    }
    // `wait_for` is given a coroutine, which is made when the turn comes as well.
    let waited = found.limited.then(|| call.arguments.args.first()).flatten();
    let made = waited.and_then(Expr::as_call_expr).map(parts);
    let late = parts(call)
        .filter(|part| !waited.is_some_and(|waited| std::ptr::eq(*part, waited)))
        .chain(made.into_iter().flatten())
        .find(|part| !independence.only_reads(part) || reads_element(model, part, found.many));
    if let Some(late) = late {
        return Err(Refusal::at(&LATE, late.range()));
    }
    let statement = model.statement_of(node);
    let slot = model.slot(statement).ok_or(Refusal::from(&PLACE))?;
    let bounded = Bounded::new(model, statement, call, None, taken);
    taken.extend([bounded.semaphore.clone(), bounded.name.clone()]);
    let mut unit = context.unit(gather.range());
    let range = model.nodes.range(statement);
    unit.edits(slot.breaks);
    unit.edit(Edit::hoist(
        range,
        bounded.pieces(model, &slot.indent, call),
    ));
    unit.edits(bounded.realigned(model, &slot.indent, call));
    let width = match in_one_line(model, found, &bounded) {
        Some((pieces, width)) => {
            unit.edit(Edit::pieces(found.many.range(), pieces));
            Some(width)
        }
        None => {
            unit.edit(Edit::replace(call.range(), bounded.call()));
            let text = model.slice(found.many.range());
            let kept = text.chars().count() - model.slice(call.range()).chars().count();
            (!text.contains('\n')).then(|| kept + bounded.call().len())
        }
    };
    if let Some(width) = width {
        unit.edits(joined(model, found.many, width));
    }
    unit.import(ImportRequest::Module("asyncio"), node)?;
    unit.runs_in(node);
    unit.unsafe_because(gather.range(), NOTE);
    Ok(unit)
}

/// What is called, and the values of the arguments.
fn parts(call: &ExprCall) -> impl Iterator<Item = &Expr> {
    std::iter::once(call.func.as_ref()).chain(literal::arguments(call))
}

/// Whether an expression reads an element of what others may change meanwhile: not of the item, nor of a name of the
/// function.
fn reads_element<'a>(model: &Model<'a>, part: &'a Expr, many: &Expr) -> bool {
    model
        .nodes
        .subtree(model.id(part))
        .any(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprSubscript(subscript) => {
                let Expr::Name(name) = subscript.value.as_ref() else {
                    return true;
                };
                let symbol = model.scopes.symbol_of(model.id(name));
                !symbol.is_some_and(|symbol| {
                    let scope = model.scopes.scope(model.scopes.symbol(symbol).scope);
                    model.nodes.is_within(scope.node, model.id(many))
                        || matches!(scope.kind, ScopeKind::Function { .. })
                            && literal::string(&subscript.slice).is_some()
                })
            }
            _ => false,
        })
}

/// Where the coroutines go besides, if a name holds them: to a function that is none of `asyncio`.
fn used_elsewhere<'a>(model: &Model<'a>, found: &Unbounded<'a>) -> Option<NodeId> {
    let name = match model.nodes.parent_node(model.id(found.many)) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [name @ Expr::Name(_)] => name,
            _ => return None,
        },
        _ => return None,
    };
    let binding = model.scopes.binding_at(model.id(name))?;
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    let is_task = !std::ptr::eq(found.element, found.call);
    symbol.references.iter().copied().find(|&node| {
        let mut at = model.nodes.parent(node);
        if matches!(model.nodes.get(at), AnyNodeRef::ExprStarred(_)) {
            at = model.nodes.parent(at);
        }
        match model.nodes.get(at) {
            AnyNodeRef::Arguments(_) => match model.nodes.parent_node(at) {
                AnyNodeRef::ExprCall(call) => {
                    !model.meaning(&call.func).path().is_some_and(|path| {
                        path.starts_with("asyncio.")
                            || matches!(path, "builtins.len" | "builtins.list")
                    })
                }
                _ => true,
            },
            AnyNodeRef::StmtIf(_) | AnyNodeRef::ElifElseClause(_) | AnyNodeRef::ExprUnaryOp(_) => {
                false
            }
            _ => !is_task,
        }
    })
}

/// The edits that put a comprehension on the line of the call that it is the only argument of, where both fit on it.
fn joined(model: &Model<'_>, many: &Expr, width: usize) -> Vec<Edit> {
    let mut at = model.id(many);
    if let AnyNodeRef::ExprStarred(_) = model.nodes.parent_node(at) {
        at = model.nodes.parent(at);
    }
    let parent = model.nodes.parent(at);
    let AnyNodeRef::Arguments(arguments) = model.nodes.get(parent) else {
        return Vec::new();
    };
    let argument = model.nodes.range(at);
    let one = TextSize::from(1);
    let before = TextRange::new(arguments.start() + one, argument.start());
    let after = TextRange::new(argument.end(), arguments.end() - one);
    let is_blank = |range| model.slice(range).trim().is_empty();
    if !model.slice(before).contains('\n') || !is_blank(before) || !is_blank(after) {
        return Vec::new();
    }
    let start = TextRange::new(model.line_start(arguments.start()), arguments.start());
    let rest = &model.text[arguments.end().to_usize()..];
    let rest = rest.split(['\n', '\r']).next().unwrap_or_default();
    let star = usize::from(argument.start() != many.start());
    let columns = model.slice(start).chars().count() + rest.chars().count();
    if columns + star + width + "()".len() > WIDTH {
        return Vec::new();
    }
    vec![Edit::delete(before), Edit::delete(after)]
}

/// The comprehension in one line, where it had several only because of the call; with its width.
fn in_one_line<'a>(
    model: &Model<'a>,
    found: &Unbounded<'a>,
    bounded: &Bounded<'a>,
) -> Option<(Vec<Piece>, usize)> {
    let many = found.many.range();
    let text = model.slice(many);
    let first_line = TextRange::new(many.start(), many.start() + TextSize::from(1));
    if !text.contains('\n') || !model.slice(first_line).starts_with(['[', '(', '{']) {
        return None;
    }
    let clauses = match found.many {
        Expr::ListComp(list) => &list.generators,
        Expr::SetComp(set) => &set.generators,
        Expr::Generator(generator) => &generator.generators,
        _ => return None,
    };
    let [clause] = &clauses[..] else {
        return None;
    };
    let kept = [found.call.range()];
    let lost = model.tokens().in_range(many).iter().any(|token| {
        token.kind().is_comment() && !kept.iter().any(|one| one.contains_range(token.range()))
    });
    let element = match std::ptr::eq(found.element, found.call) {
        true => bounded.call(),
        false if literal::arguments(found.element).count() == 1 => {
            let func = model.slice(found.element.func.range());
            format!("{func}({})", bounded.call())
        }
        false => return None,
    };
    let iter = model.parenthesized_range(ExprRef::from(&clause.iter));
    let mut parts = vec![(" for ", clause.target.range()), (" in ", iter)];
    for test in &clause.ifs {
        parts.push((" if ", model.parenthesized_range(ExprRef::from(test))));
    }
    let column = (many.start() - model.line_start(many.start())).to_usize();
    let mut width = column + element.len() + "[],".len();
    for (word, range) in &parts {
        let part = model.slice(*range);
        width += word.len() + part.chars().count();
        if part.contains('\n') {
            return None;
        }
    }
    if lost || width > WIDTH {
        return None;
    }
    let (open, close) = (&text[..1], &text[text.len() - 1..]);
    let mut pieces = vec![Piece::text(format!("{open}{element}"))];
    for (word, range) in parts {
        pieces.extend([Piece::text(word), Piece::Source(range)]);
    }
    pieces.push(Piece::text(close));
    Some((pieces, width - column - 1))
}
