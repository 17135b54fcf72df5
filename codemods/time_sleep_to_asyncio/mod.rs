//! `time.sleep(x)` -> `await asyncio.sleep(x)`.
//!
//! Source: `asyncio.sleep`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.sleep>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Operator, UnaryOp};
use ruff_text_size::Ranged;

use crate::codemod::{
    AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder,
};
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId, literal, threads};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "time_sleep_to_asyncio",
    summary: "time.sleep(x) in async functions -> await asyncio.sleep(x)",
    readme: include_str!("README.md"),
    triggers: &["sleep"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &["\"time.sleep\"", "'time.sleep'"],
    reasons: &[&NEGATIVE, &CAUGHT, &ARGUMENTS],
    declared: None,
    run,
};

/// `time.sleep(-1)` raises, `asyncio.sleep(-1)` returns.
pub(super) static NEGATIVE: Reason = Reason {
    code: "negative-sleep",
    message: "`time.sleep` of a negative number raises ValueError, `asyncio.sleep` returns at once",
    help: "remove the call or raise the error yourself",
};

/// The number may be negative, and somebody waits for the error.
static CAUGHT: Reason = Reason {
    code: "negative-sleep-caught",
    message: "the difference may be negative, and a handler waits for the ValueError that `time.sleep` raises then: \
              `asyncio.sleep` raises none",
    help: "compare the two numbers before the sleep, and drop the handler",
};

/// The arguments are not one plain positional one.
static ARGUMENTS: Reason = Reason {
    code: "sleep-arguments",
    message: "`time.sleep` takes exactly one positional argument, and the call passes something else",
    help: "pass the seconds as one positional argument",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    for node in model.references_to(&["time.sleep"]) {
        let range = model.nodes.range(node);
        let call = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => Some(call),
            _ => None,
        };
        // In a thread, a blocking sleep is in its place.
        if threads::runs_in_thread(model, node) {
            continue;
        }
        if !context.is_async(node) {
            if let Some(call) = call
                && threads::is_in_lambda_of_async(model, node)
            {
                context.skip(call.range(), &colour::LAMBDA, None);
            }
            continue;
        }
        if model
            .expr(node)
            .is_none_or(|expr| model.meaning_of(expr).path().is_none())
        {
            context.skip(call.map_or(range, Ranged::range), &AMBIGUOUS_BINDING, None);
            continue;
        }
        let Some(call) = call else {
            context.skip(range, &USED_AS_VALUE, None);
            continue;
        };
        let result = unit(context, call);
        context.report(call.range(), result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let [seconds] = &*call.arguments.args else {
        return Err((&ARGUMENTS).into());
    };
    if literal::has_starred(call) || !call.arguments.keywords.is_empty() {
        return Err((&ARGUMENTS).into());
    }
    if literal::is_negative(seconds) {
        return Err((&NEGATIVE).into());
    }
    if may_be_negative(seconds) && is_value_error_caught(model, model.id(call)) {
        return Err((&CAUGHT).into());
    }
    let mut unit = context.unit(call.range());
    unit.rename(model.id(call.func.as_ref()), "asyncio.sleep");
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    unit.await_(call)?;
    Ok(unit)
}

/// Whether the number is a difference or a negation: what `deadline - now` yields when the deadline has passed.
fn may_be_negative(seconds: &Expr) -> bool {
    match seconds {
        Expr::BinOp(binary) => {
            binary.op == Operator::Sub
                || may_be_negative(&binary.left)
                || may_be_negative(&binary.right)
        }
        Expr::UnaryOp(unary) => unary.op == UnaryOp::USub || may_be_negative(&unary.operand),
        Expr::Named(named) => may_be_negative(&named.value),
        _ => false,
    }
}

/// Whether a handler round the call names ValueError.
fn is_value_error_caught(model: &Model<'_>, call: NodeId) -> bool {
    let mut below = call;
    for at in model.nodes.ancestors(call) {
        match model.nodes.get(at) {
            AnyNodeRef::StmtTry(try_) if try_.body.iter().any(|stmt| model.id(stmt) == below) => {
                let names_it = |type_: &Expr| {
                    model
                        .meaning(type_)
                        .may_be(|path| path == "builtins.ValueError")
                };
                let caught = try_.handlers.iter().any(|handler| {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    match handler.type_.as_deref() {
                        Some(Expr::Tuple(types)) => types.elts.iter().any(names_it),
                        Some(type_) => names_it(type_),
                        None => false,
                    }
                });
                if caught {
                    return true;
                }
            }
            AnyNodeRef::StmtFunctionDef(_) => return false,
            _ => {}
        }
        below = at;
    }
    false
}
