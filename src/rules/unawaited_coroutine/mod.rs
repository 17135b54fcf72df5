//! A coroutine that is made and never awaited, or used as if it were its own result.
//!
//! Source: <https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines>.

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::semantic::flow::{Certainty, Use, UseKind};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unawaited-coroutine",
    summary: "a coroutine that is never awaited, or used as if it were its result",
    readme: include_str!("README.md"),
    message: "the coroutine is never awaited: its function does not run",
    help: "write `await` before the call, or hand it to `asyncio.create_task` and keep the task",
    codemod: None,
    gives_way: false,
    run,
};

/// What takes values and never awaits them.
const PLAIN: &[&str] = &[
    "abs",
    "bool",
    "bytes",
    "dict",
    "enumerate",
    "float",
    "format",
    "frozenset",
    "int",
    "len",
    "list",
    "max",
    "min",
    "next",
    "print",
    "range",
    "repr",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
];

/// What a coroutine itself has.
const OWN: &[&str] = &[
    "close",
    "cr_await",
    "cr_code",
    "cr_frame",
    "cr_running",
    "send",
    "throw",
    "__await__",
    "__name__",
    "__qualname__",
];

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        if !inspection.is_coroutine(call) {
            continue;
        }
        if let Some(detail) = misuse(inspection, call) {
            inspection.report(call.range(), detail);
        }
    }
}

/// What is wrong with the uses of a coroutine: `None` if nothing is, else what exactly.
fn misuse<'a>(inspection: &Inspection<'a, '_>, call: &'a ExprCall) -> Option<Option<String>> {
    let flow = inspection.model.follow(&[inspection.model.id(call)], false);
    let mut wrong = None;
    for use_ in &flow.uses {
        match verdict(inspection, use_) {
            // Whoever gets it may await it.
            Verdict::HandedOn => return None,
            Verdict::Wrong(detail) => wrong = wrong.or(Some(detail)),
            Verdict::Nothing => {}
        }
    }
    if flow.uses.is_empty() {
        return Some(None);
    }
    wrong
}

enum Verdict {
    HandedOn,
    Wrong(Option<String>),
    Nothing,
}

fn verdict(inspection: &Inspection<'_, '_>, use_: &Use<'_>) -> Verdict {
    let as_result =
        |what: &str| Verdict::Wrong(Some(format!("{what} sees the coroutine, not its result")));
    if use_.certainty != Certainty::Always {
        return Verdict::HandedOn;
    }
    match use_.kind {
        UseKind::Discarded => Verdict::Wrong(None),
        UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) => as_result("the loop"),
        UseKind::Subscripted => as_result("the subscript"),
        UseKind::Formatted => as_result("the f-string"),
        UseKind::Called(_) => as_result("the call"),
        UseKind::Truth => as_result("the test"),
        UseKind::Attribute(attribute) | UseKind::Method { attribute, .. } => {
            match attribute.attr.as_str() {
                name if OWN.contains(&name) => Verdict::HandedOn,
                name => as_result(&format!("`.{name}`")),
            }
        }
        UseKind::Argument { call, .. } => {
            match inspection.model.meaning(&call.func).below("builtins") {
                Some(name) if PLAIN.contains(&name) => as_result(&format!("`{name}`")),
                _ => Verdict::HandedOn,
            }
        }
        UseKind::IsNone | UseKind::Deleted => Verdict::Nothing,
        _ => Verdict::HandedOn,
    }
}
