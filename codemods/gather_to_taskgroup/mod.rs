//! `await asyncio.gather(...)` -> `async with asyncio.TaskGroup() as tg:`.
//!
//! Source: `asyncio.TaskGroup`, <https://docs.python.org/3/library/asyncio-task.html#task-groups>; how the two differ
//! was measured and is told in the README.

mod block;

use ruff_python_ast::{AnyNodeRef, Expr, ExprAwait, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::catching::{self, Catching, Failure, is_gather};
use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::coroutines::{Coroutines, UNKNOWN};
use crate::python::PythonVersion;
use crate::semantic::order::{Harmless, Turn};
use crate::semantic::{Meaning, Model, NodeId, literal};
use crate::unit::{ImportRequest, Reason};

use block::Group;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "gather_to_taskgroup",
    summary: "await asyncio.gather(...) -> async with asyncio.TaskGroup() as tg",
    readme: include_str!("README.md"),
    triggers: &["gather"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY311,
    declares: Some(
        "a failure cancels the other coroutines, and arrives as an ExceptionGroup where nothing in the file catches it",
    ),
    doubles: &["\"asyncio.gather\"", "'asyncio.gather'"],
    reasons: &[
        &STORED,
        &WRAPPED,
        &RETURN_EXCEPTIONS,
        &KEYWORDS,
        &SINGLE,
        &UNKNOWN,
        &NESTED,
        &CONDITIONAL,
        &ORDER,
        &SUSPENDS,
        &CAUGHT,
        &CANCELLATION,
        &COMMENT,
    ],
    declared: None,
    run,
};

/// The future that `gather` returns is not awaited at once.
static STORED: Reason = Reason {
    code: "gather-not-awaited",
    message: "the future that `gather` returns is not awaited at once, and a TaskGroup has no such future",
    help: "await the call where it stands, or keep it",
};

/// `wait_for(gather(...))`, `shield(gather(...))`.
static WRAPPED: Reason = Reason {
    code: "gather-wrapped",
    message: "the future that `gather` returns is handed to another call, and a TaskGroup has no such future",
    help: "for a time limit, put `async with asyncio.timeout(...)` round an awaited `gather`",
};

/// `return_exceptions=`.
static RETURN_EXCEPTIONS: Reason = Reason {
    code: "return-exceptions",
    message: "`return_exceptions` collects failures as results, and a TaskGroup cancels the other tasks instead",
    help: "keep `gather`, or catch the exceptions inside of the coroutines",
};

/// Other keywords.
static KEYWORDS: Reason = Reason {
    code: "gather-keywords",
    message: "a keyword of `gather` has no counterpart in a TaskGroup",
    help: "remove the keyword",
};

/// One coroutine, or none.
static SINGLE: Reason = Reason {
    code: "single-coroutine",
    message: "there is only one coroutine, or none: a TaskGroup would add nothing",
    help: "await the coroutine itself",
};

/// A gather within the arguments of another one.
static NESTED: Reason = Reason {
    code: "nested-gather",
    message: "the call stands within another `gather` of the same statement",
    help: "move the inner one into a statement or an `async def` of its own",
};

/// Not always run.
static CONDITIONAL: Reason = Reason {
    code: "conditional-gather",
    message: "the call does not always run, or runs more than once in its statement, so it cannot be moved before it",
    help: "write the condition or loop as a statement",
};

/// Something runs before it.
static ORDER: Reason = Reason {
    code: "evaluation-order",
    message: "code that runs before the call in the same statement would run after it",
    help: "assign the earlier value to a name first",
};

/// An argument suspends in a place that cannot be moved.
static SUSPENDS: Reason = Reason {
    code: "argument-suspends",
    message: "an argument awaits or yields while the coroutines are made, and in a TaskGroup the earlier ones would be running by then",
    help: "assign the awaited value to a name first",
};

/// A failure is caught, and the program goes on.
static CAUGHT: Reason = Reason {
    code: "failure-caught",
    message: "a failure is caught here and the program goes on: with `gather` the other coroutines run to their end, a TaskGroup cancels them",
    help: "keep `gather`, or let the failure leave the function",
};

/// Cancellation is caught.
static CANCELLATION: Reason = Reason {
    code: "cancellation-caught",
    message: "`CancelledError` is caught here: `gather` raises it when a coroutine ends with it, a TaskGroup does not",
    help: "keep `gather`, or handle the cancellation inside of the coroutine",
};

/// A comment would be lost.
static COMMENT: Reason = Reason {
    code: "gather-comment",
    message: "a comment stands where the new code has no place for it",
    help: "move the comment before the statement",
};

/// One `await asyncio.gather(...)`, or `await asyncio.wait_for(asyncio.gather(...), limit)`.
struct Gather<'a> {
    await_: &'a ExprAwait,
    call: &'a ExprCall,
    limit: Option<&'a Expr>,
    args: Vec<Arg<'a>>,
}

/// What one argument gives.
enum Arg<'a> {
    /// One coroutine.
    One(&'a Expr),
    /// `*[f(x) for x in xs]`, or the same with a generator expression.
    Comprehension {
        /// The whole argument.
        range: TextRange,
        /// The list or generator expression.
        value: &'a Expr,
        element: &'a Expr,
        clauses: &'a [ruff_python_ast::Comprehension],
    },
    /// `*coros`: an iterable of coroutines.
    Each {
        /// The whole argument.
        range: TextRange,
        value: &'a Expr,
    },
}

impl Ranged for Arg<'_> {
    fn range(&self) -> TextRange {
        match self {
            Self::One(expr) => expr.range(),
            Self::Comprehension { range, .. } | Self::Each { range, .. } => *range,
        }
    }
}

fn run(context: &mut Context<'_, '_>) {
    let reports = look(context);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

type Report<'a, 'c> = (TextRange, Result<UnitBuilder<'a, 'c>, Refusal>);

/// Every candidate of the file, with its unit or refusal.
fn look<'a, 'c>(context: &Context<'a, 'c>) -> Vec<Report<'a, 'c>> {
    let model = context.model;
    let mut reports: Vec<Report<'a, 'c>> = Vec::new();
    // Candidates of one statement are one unit: they are hoisted together, in order.
    let mut statements: Vec<(NodeId, Vec<(&'a ExprAwait, &'a ExprCall)>)> = Vec::new();
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(is_gather) || !context.is_async(model.id(call)) {
            continue;
        }
        if !matches!(meaning, Meaning::Path(_)) {
            reports.push((call.range(), Err((&AMBIGUOUS_BINDING).into())));
            continue;
        }
        match model.nodes.parent_node(model.id(call)) {
            AnyNodeRef::ExprAwait(await_) => {
                let statement = model.statement_of(model.id(call));
                match statements.last_mut() {
                    Some((last, gathers)) if *last == statement => gathers.push((await_, call)),
                    _ => statements.push((statement, vec![(await_, call)])),
                }
            }
            AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_) => match waited(model, call) {
                Some(await_) => {
                    let statement = model.statement_of(model.id(call));
                    match statements.last_mut() {
                        Some((last, gathers)) if *last == statement => gathers.push((await_, call)),
                        _ => statements.push((statement, vec![(await_, call)])),
                    }
                }
                None => reports.push((call.range(), Err((&WRAPPED).into()))),
            },
            _ => reports.push((call.range(), Err((&STORED).into()))),
        }
    }
    if statements.is_empty() {
        return reports;
    }
    let known = Coroutines::new(context);
    let reasons = catching::Reasons {
        caught: &CAUGHT,
        cancellation: &CANCELLATION,
    };
    let catching = Catching::new(model, reasons);
    for (statement, gathers) in statements {
        match unit(context, &known, &catching, statement, &gathers) {
            Ok(unit) => reports.push((gathers[0].0.range(), Ok(unit))),
            Err(refusal) => {
                let place = refusal.range;
                for (index, (await_, _)) in gathers.iter().enumerate() {
                    let mut refusal = refusal.clone();
                    // The others stay because of the one that is refused.
                    if index > 0 && place.is_none_or(|place| !await_.range().contains_range(place))
                    {
                        refusal.range = Some(await_.range());
                    }
                    reports.push((await_.range(), Err(refusal)));
                }
            }
        }
    }
    reports
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    known: &Coroutines<'a, '_>,
    catching: &Catching<'a, '_>,
    statement: NodeId,
    gathers: &[(&'a ExprAwait, &'a ExprCall)],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut parsed = Vec::with_capacity(gathers.len());
    for &(await_, call) in gathers {
        parsed.push(Gather {
            await_,
            call,
            limit: limit(await_, call)?,
            args: arguments(known, call)?,
        });
    }
    let moved: Vec<NodeId> = gathers
        .iter()
        .map(|(await_, _)| model.id(*await_))
        .collect();
    for (outer, inner) in moved.iter().zip(moved.iter().skip(1)) {
        if model.nodes.is_within(*inner, *outer) {
            return Err(Refusal::at(&NESTED, model.nodes.range(*inner)));
        }
    }
    let harmless = Harmless {
        call: &|call| known.is_coroutine(call),
        moved: &moved,
    };
    for gather in &parsed {
        match model.turn(model.id(gather.await_), statement, &harmless) {
            Turn::First => {}
            Turn::After(range) => return Err(Refusal::at(&ORDER, range)),
            Turn::Conditional(_) => return Err((&CONDITIONAL).into()),
        }
    }
    let mut unit = context.unit(gathers[0].0.range());
    let mut groups = Vec::with_capacity(parsed.len());
    for gather in &parsed {
        let hoisted = suspensions(context, statement, gather, &harmless)?;
        let coroutines: Vec<&Expr> = gather
            .args
            .iter()
            .map(|arg| match arg {
                Arg::One(expr) => *expr,
                Arg::Comprehension { element, .. } => element,
                Arg::Each { value, .. } => value,
            })
            .collect();
        let node = model.id(gather.await_);
        let failure = catching.failure(node, &coroutines, known)?;
        if failure == Failure::Leaves {
            unit.groups_failures(model, node);
        }
        groups.push(Group {
            gather,
            hoisted,
            failure,
        });
        let func = gather.call.func.as_ref();
        if func.is_name_expr() {
            unit.import(ImportRequest::Module("asyncio"), model.id(gather.call))?;
            unit.release(model.id(func));
        }
        if let (Some(limit), Expr::Call(wait_for)) = (gather.limit, gather.await_.value.as_ref()) {
            if wait_for.func.is_name_expr() {
                unit.import(ImportRequest::Module("asyncio"), model.id(gather.call))?;
                unit.release(model.id(wait_for.func.as_ref()));
            }
            if !limit.is_number_literal_expr() {
                unit.unsafe_because(limit.range(), UNKNOWN_LIMIT);
            }
        }
    }
    unit.edits(block::edits(model, statement, &groups)?);
    Ok(unit)
}

/// The `await` of the `wait_for` that a `gather` is handed to.
fn waited<'a>(model: &Model<'a>, call: &ExprCall) -> Option<&'a ExprAwait> {
    let list = model.nodes.parent(model.id(call));
    let AnyNodeRef::ExprCall(outer) = model.nodes.parent_node(list) else {
        return None;
    };
    let is_first = outer
        .arguments
        .args
        .first()
        .is_some_and(|first| model.id(first) == model.id(call));
    match model.nodes.parent_node(model.id(outer)) {
        AnyNodeRef::ExprAwait(await_)
            if is_first && model.meaning(&outer.func).path() == Some("asyncio.wait_for") =>
        {
            Some(await_)
        }
        _ => None,
    }
}

/// The limit of the `wait_for` round a `gather`, if there is one.
///
/// # Errors
/// It is not one positional or named argument that only reads, or not above zero.
fn limit<'a>(await_: &'a ExprAwait, call: &'a ExprCall) -> Result<Option<&'a Expr>, Refusal> {
    let Expr::Call(outer) = await_.value.as_ref() else {
        return Ok(None);
    };
    if outer.range() == call.range() {
        return Ok(None);
    }
    let limit = match (&*outer.arguments.args, &*outer.arguments.keywords) {
        ([_, limit], []) => limit,
        ([_], [keyword]) if keyword.arg.as_ref().is_some_and(|name| name == "timeout") => {
            &keyword.value
        }
        _ => return Err(Refusal::at(&WRAPPED, outer.range())),
    };
    let is_zero = literal::integer(limit) == Some(0) || literal::is_none(limit);
    match literal::is_plain(limit) && !is_zero && !literal::is_negative(limit) {
        true => Ok(Some(limit)),
        false => Err(Refusal::at(&WRAPPED, limit.range())),
    }
}

/// What differs for a limit that is not known.
const UNKNOWN_LIMIT: &str = "if the limit is zero or less, `wait_for` starts no coroutine, and `timeout` runs each to its first `await`";

/// The arguments, all of them known to give coroutines.
fn arguments<'a>(known: &Coroutines<'a, '_>, call: &'a ExprCall) -> Result<Vec<Arg<'a>>, Refusal> {
    for keyword in &call.arguments.keywords {
        return Err(match keyword.arg.as_ref().map(|name| name.as_str()) {
            Some("return_exceptions") if literal::boolean(&keyword.value) == Some(false) => {
                continue;
            }
            Some("return_exceptions") => Refusal::at(&RETURN_EXCEPTIONS, keyword.range()),
            _ => Refusal::at(&KEYWORDS, keyword.range()),
        });
    }
    let mut args = Vec::with_capacity(call.arguments.args.len());
    for arg in &call.arguments.args {
        let Expr::Starred(starred) = arg else {
            known.check(arg)?;
            args.push(Arg::One(arg));
            continue;
        };
        match starred.value.as_ref() {
            Expr::List(ruff_python_ast::ExprList { elts, .. })
            | Expr::Tuple(ruff_python_ast::ExprTuple { elts, .. }) => {
                for element in elts {
                    known.check(element)?;
                    args.push(Arg::One(element));
                }
            }
            Expr::ListComp(ruff_python_ast::ExprListComp {
                elt, generators, ..
            })
            | Expr::Generator(ruff_python_ast::ExprGenerator {
                elt, generators, ..
            }) => {
                match elt.as_ref() {
                    Expr::Call(call) if known.is_coroutine(call) => {}
                    other => return Err(known.unknown(other)),
                }
                args.push(Arg::Comprehension {
                    range: starred.range(),
                    value: &starred.value,
                    element: elt,
                    clauses: generators,
                });
            }
            value => {
                known.check_all(value)?;
                args.push(Arg::Each {
                    range: starred.range(),
                    value,
                });
            }
        }
    }
    let is_starred = call.arguments.args.iter().any(Expr::is_starred_expr);
    if args.len() < 2 && !is_starred {
        return Err((&SINGLE).into());
    }
    Ok(args)
}

/// The awaited values within the arguments that move before the block.
fn suspensions<'a>(
    context: &Context<'a, '_>,
    statement: NodeId,
    gather: &Gather<'a>,
    harmless: &Harmless<'_, 'a>,
) -> Result<Vec<&'a ExprAwait>, Refusal> {
    let model = context.model;
    let arguments = model.id(&gather.call.arguments);
    let mut found: Vec<&'a ExprAwait> = Vec::new();
    for node in model.nodes.subtree(arguments) {
        let range = model.nodes.range(node);
        // Nested functions do not run here; a lambda cannot await.
        if found
            .last()
            .is_some_and(|outer| outer.range().contains_range(range))
        {
            continue;
        }
        match model.nodes.get(node) {
            AnyNodeRef::ExprAwait(await_) => {
                let mut moved = harmless.moved.to_vec();
                moved.extend(found.iter().map(|&outer| model.id(outer)));
                let harmless = Harmless {
                    call: harmless.call,
                    moved: &moved,
                };
                if model.turn(node, statement, &harmless) != Turn::First {
                    return Err(Refusal::at(&SUSPENDS, range));
                }
                found.push(await_);
            }
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => {
                return Err(Refusal::at(&SUSPENDS, range));
            }
            AnyNodeRef::Comprehension(clause) if clause.is_async => {
                return Err(Refusal::at(&SUSPENDS, range));
            }
            _ => {}
        }
    }
    Ok(found)
}
