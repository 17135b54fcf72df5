//! `uvloop.install()` and `asyncio.run(main())` -> `uvloop.run(main())`.
//!
//! Source: the README of uvloop, <https://github.com/MagicStack/uvloop#using-uvloop>; policies are deprecated since Python
//! 3.14: <https://docs.python.org/3/library/asyncio-policy.html>.

use ruff_python_ast::{AnyNodeRef, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::python::PythonVersion;
use crate::semantic::{Meaning, Model, NodeId};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "uvloop_policy_to_run",
    summary: "uvloop.install() and asyncio.run(main()) -> uvloop.run(main())",
    readme: include_str!("README.md"),
    triggers: &["uvloop"],
    role: Role::Idiom,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&PLACE, &RUNS],
    declared: None,
    run,
};

/// In another function, in a condition, in an expression.
static PLACE: Reason = Reason {
    code: "uvloop-place",
    message: "the policy is not set by a statement of its own before `asyncio.run` in the same block, so it may hold for other \
              runs, or not for this one",
    help: "write `uvloop.run(main())` by hand where the program begins",
};

/// None, or several runs, or another use of the policy.
static RUNS: Reason = Reason {
    code: "uvloop-runs",
    message: "the policy holds for more than one `asyncio.run` of the file, or for none",
    help: "write `uvloop.run(main())` for each by hand",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut installs: Vec<&ExprCall> = Vec::new();
    let mut runs: Vec<&ExprCall> = Vec::new();
    let mut others: Option<TextRange> = None;
    let mut ambiguous: Vec<TextRange> = Vec::new();
    for call in model.calls() {
        match model.meaning(&call.func) {
            Meaning::Path(path) => match path.as_str() {
                "uvloop.install" if call.arguments.is_empty() => installs.push(call),
                "asyncio.set_event_loop_policy" if sets_policy(model, call) => installs.push(call),
                "asyncio.run" => runs.push(call),
                "asyncio.new_event_loop"
                | "asyncio.get_event_loop"
                | "asyncio.Runner"
                | "asyncio.set_event_loop_policy"
                | "uvloop.new_event_loop" => others = others.or(Some(call.range())),
                _ => {}
            },
            meaning if meaning.may_be(|path| path == "uvloop.install") => {
                ambiguous.push(call.range());
            }
            _ => {}
        }
    }
    for range in ambiguous {
        context.skip(range, &AMBIGUOUS_BINDING, None);
    }
    for install in &installs {
        let result = match (&*installs, &*runs, others) {
            ([_], [run], None) => unit(context, install, run),
            (_, _, Some(other)) => Err(Refusal::at(&RUNS, other)),
            _ => Err((&RUNS).into()),
        };
        context.report(install.range(), result);
    }
}

/// `asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())`
fn sets_policy(model: &Model<'_>, call: &ExprCall) -> bool {
    match &*call.arguments.args {
        [ruff_python_ast::Expr::Call(policy)] => {
            model.meaning(&policy.func).path() == Some("uvloop.EventLoopPolicy")
                && policy.arguments.is_empty()
        }
        _ => false,
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    install: &ExprCall,
    run: &ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let statement = model.nodes.parent(model.id(install));
    let (body, index) = match model.nodes.get(statement) {
        AnyNodeRef::StmtExpr(_) => model.suite_of(statement).ok_or(Refusal::from(&PLACE))?,
        _ => return Err((&PLACE).into()),
    };
    // The run stands behind it, in the same block or deeper in it, and in the same function.
    let node = model.id(run);
    let is_behind = body[index + 1..]
        .iter()
        .any(|stmt| stmt.range().contains_range(run.range()));
    if !is_behind
        || body.len() == 1
        || model.runner(node) != model.runner(statement)
        || in_loop(model, node, statement)
    {
        return Err((&PLACE).into());
    }
    let removal = model.drop_or_pass(statement).ok_or(Refusal::from(&PLACE))?;
    let mut unit = context.unit(install.range());
    unit.edit(removal);
    unit.release(model.id(install.func.as_ref()));
    for argument in &install.arguments.args {
        if let ruff_python_ast::Expr::Call(policy) = argument {
            unit.release(model.id(policy.func.as_ref()));
        }
    }
    unit.rename(model.id(run.func.as_ref()), "uvloop.run");
    unit.import(ImportRequest::Module("uvloop"), node)?;
    Ok(unit)
}

/// Whether a loop that does not hold the other statement runs this one more than once.
fn in_loop(model: &Model<'_>, node: NodeId, other: NodeId) -> bool {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.is_within(other, at))
        .any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
            )
        })
}
