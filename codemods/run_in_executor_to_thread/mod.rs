//! `await loop.run_in_executor(None, f, x)` -> `await asyncio.to_thread(f, x)`.
//!
//! Source: `asyncio.to_thread`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::{ArgOrKeyword, Expr, ExprCall, ExprRef};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::coroutines::Coroutines;
use crate::edit::{Edit, Piece};
use crate::loops::{self, Executor, Method, POOL, STOP_ITERATION, STORED};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId, contexts, literal};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "run_in_executor_to_thread",
    summary: "await loop.run_in_executor(None, f, x) -> await asyncio.to_thread(f, x)",
    readme: include_str!("README.md"),
    triggers: &["run_in_executor"],
    role: Role::Idiom,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[&STORED, &POOL, &STOP_ITERATION, &CONTEXT],
    declared: None,
    run,
};

/// The function would see other values of context variables.
static CONTEXT: Reason = Reason {
    code: "executor-context",
    message: "the file has context variables: `asyncio.to_thread` runs the function with those of the caller, `run_in_executor` \
              with none of them set",
    help: "use `asyncio.to_thread` where the function should see them, or keep the call",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let known = Coroutines::new(context);
    let variables = contexts::variables(model);
    let mut reports = Vec::new();
    let mut together: Vec<NodeId> = Vec::new();
    for call in model.calls() {
        let node = model.id(call);
        if together.contains(&node) || !context.is_coroutine(node) {
            continue;
        }
        let Some(found) = loops::executor_call(model, call) else {
            continue;
        };
        let needless = loops::named_loop(model, call).and_then(|assign| {
            let calls = loops::needless(model, &known, assign, Method::Executor)?;
            Some((assign, calls))
        });
        let result = match (found, needless) {
            (Err(refusal), _) => Err(refusal),
            (Ok(_), _) if variables.is_some() => Err((&CONTEXT).into()),
            (Ok(_), Some((assign, calls))) => {
                together.extend(calls.iter().map(|call| model.id(*call)));
                let executors = calls
                    .iter()
                    .filter_map(|call| loops::executor_call(model, call)?.ok())
                    .collect::<Vec<_>>();
                unit(context, &executors).map(|mut unit| {
                    assign.drop_from(&mut unit, model);
                    unit
                })
            }
            (Ok(executor), None) => unit(context, &[executor]),
        };
        reports.push((call.range(), result));
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    executors: &[Executor<'a>],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(executors[0].range);
    for executor in executors {
        let call = executor.call;
        let node = model.id(call);
        unit.import(ImportRequest::Module("asyncio"), node)?;
        unit.release(model.id(call.func.as_ref()));
        let unpacked = inner(model, executor).and_then(|inner| one_line(model, call, &inner));
        if let (Some(_), Expr::Call(partial)) = (&unpacked, executor.function) {
            unit.release(model.id(partial.func.as_ref()));
        }
        unit.edit(unpacked.unwrap_or_else(|| kept(model, executor)));
    }
    Ok(unit)
}

/// Lines longer than this are split (the width of Black and Ruff).
const WIDTH: usize = 88;

/// The name and the parenthesis, with the line break and the comments that stood before the function.
fn opening(model: &Model<'_>, executor: &Executor<'_>) -> String {
    let call = executor.call;
    let pool = &call.arguments.args[0];
    let gap = TextRange::new(call.arguments.start(), pool.start());
    let before = model.slice(gap).trim_start_matches('(');
    let function = model.parenthesized_range(ExprRef::from(executor.function));
    let rest = TextRange::new(pool.end(), function.start());
    if model.has_comment(gap) || model.has_comment(rest) {
        let (_, after) = model.slice(rest).split_once(',').unwrap_or_default();
        let text = format!("asyncio.to_thread({}{after}", before.trim_end());
        return text.replace('\r', "");
    }
    let gap = if before.trim().is_empty() { before } else { "" };
    // New text has plain line ends; rendering gives it those of the file.
    format!("asyncio.to_thread({}", gap.replace('\r', ""))
}

/// The call with its arguments, on one line where that fits, as its writer had it elsewhere.
fn kept(model: &Model<'_>, executor: &Executor<'_>) -> Edit {
    let call = executor.call;
    let arguments: Vec<TextRange> = call.arguments.args[1..]
        .iter()
        .map(|argument| model.parenthesized_range(ExprRef::from(argument)))
        .collect();
    let end = arguments.last().map_or(call.end(), |last| last.end());
    // A trailing comma asks for a line for each argument.
    let has_comma = model.slice(TextRange::new(end, call.end())).contains(',');
    if model.slice(call.range()).contains('\n')
        && !has_comma
        && !model.has_comment(call.range())
        && let Some(edit) = one_line(model, call, &arguments)
    {
        return edit;
    }
    // Everything before the function goes; the rest of the arguments stays as it is written.
    let function = model.parenthesized_range(ExprRef::from(executor.function));
    Edit::replace(
        TextRange::new(call.start(), function.start()),
        opening(model, executor),
    )
}

/// `asyncio.to_thread(...)` with these arguments on one line, if it fits there.
fn one_line(model: &Model<'_>, call: &ExprCall, arguments: &[TextRange]) -> Option<Edit> {
    let mut pieces = vec![Piece::text("asyncio.to_thread(")];
    let mut width = "asyncio.to_thread()".len();
    for (index, &argument) in arguments.iter().enumerate() {
        let text = model.slice(argument);
        if text.contains('\n') {
            return None;
        }
        if index > 0 {
            pieces.push(Piece::text(", "));
            width += 2;
        }
        pieces.push(Piece::Source(argument));
        width += text.chars().count();
    }
    pieces.push(Piece::text(")"));
    let line = TextRange::new(model.line_start(call.start()), call.start());
    let rest = TextRange::new(call.end(), model.line_end(call.end()));
    width += model.slice(line).chars().count() + model.slice(rest).chars().count();
    let was_on_one = !model.slice(call.range()).contains('\n');
    (was_on_one || width <= WIDTH).then(|| Edit::pieces(call.range(), pieces))
}

/// The arguments for `to_thread` in `lambda: f(a, b=c)`, whose arguments may be read now as well as in the thread, or in
/// `partial(f, a, b=c)`.
fn inner<'a>(model: &Model<'a>, executor: &Executor<'a>) -> Option<Vec<TextRange>> {
    if executor.call.arguments.args.len() != 2 || model.has_comment(executor.call.range()) {
        return None;
    }
    let whole = |argument: ArgOrKeyword<'a>| match argument {
        ArgOrKeyword::Arg(expr) => model.parenthesized_range(ExprRef::from(expr)),
        ArgOrKeyword::Keyword(keyword) => keyword.range(),
    };
    match executor.function {
        Expr::Lambda(lambda) => match lambda.body.as_ref() {
            Expr::Call(call)
                if lambda.parameters.is_none()
                    && !literal::has_starred(call)
                    && is_callee(model, &call.func)
                    && call
                        .arguments
                        .iter_source_order()
                        .all(|argument| is_fixed(argument.value())) =>
            {
                let mut found = vec![call.func.range()];
                found.extend(call.arguments.iter_source_order().map(whole));
                Some(found)
            }
            _ => None,
        },
        Expr::Call(call)
            if model.meaning(&call.func).path() == Some("functools.partial")
                && call
                    .arguments
                    .args
                    .first()
                    .is_some_and(|first| !first.is_starred_expr()) =>
        {
            Some(call.arguments.iter_source_order().map(whole).collect())
        }
        _ => None,
    }
}

/// Names and constants: to read them a moment earlier makes no difference, unless other tasks bind them anew.
fn is_fixed(expr: &Expr) -> bool {
    expr.is_literal_expr() || expr.is_name_expr()
}

fn is_callee(model: &Model<'_>, func: &Expr) -> bool {
    match func {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => {
            attribute.value.is_name_expr() || model.meaning(func).path().is_some()
        }
        _ => false,
    }
}
