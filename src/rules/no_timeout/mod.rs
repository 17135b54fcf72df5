//! A call to another machine that may wait for ever.

use ruff_python_ast::{ExprCall, Keyword};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::semantic::flow::UseKind;
use crate::semantic::{NodeId, literal};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-timeout",
    summary: "a call to another machine that may wait for ever",
    readme: include_str!("README.md"),
    message: "nothing limits how long this may wait",
    help: "pass a `timeout`, or wrap the calls in `async with asyncio.timeout(...)`",
    codemod: None,
    gives_way: false,
    run,
};

/// The methods of an httpx client that send a request and take a `timeout`.
const REQUESTS: &[&str] = &[
    "delete", "get", "head", "options", "patch", "post", "put", "request", "stream",
];

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        let Some(path) = inspection.path(&call.func) else {
            continue;
        };
        let node = inspection.model.id(call);
        let is_unlimited = match path.as_str() {
            "httpx.AsyncClient" | "httpx2.AsyncClient" => {
                is_none(literal::keyword(call, "timeout"))
                    && !each_request_is_limited(inspection, call)
            }
            "aiohttp.ClientTimeout" => {
                is_none(literal::keyword(call, "total"))
                    && !["sock_read", "sock_connect", "connect"]
                        .iter()
                        .any(|name| literal::keyword(call, name).is_some())
            }
            "asyncio.open_connection" => {
                // A socket that is handed over is connected already.
                literal::keyword(call, "sock").is_none()
                    && !is_this_machine(call)
                    && inspection.in_async(node)
                    && !is_limited(inspection, node)
            }
            _ => false,
        };
        if is_unlimited {
            inspection.report(call.range(), Some(format!("`{path}`")));
        }
    }
}

/// Whether a call connects to this machine, which answers or refuses at once.
fn is_this_machine(call: &ExprCall) -> bool {
    call.arguments
        .find_argument_value("host", 0)
        .and_then(literal::string)
        .is_some_and(|host| matches!(host, "127.0.0.1" | "::1" | "localhost"))
}

/// Whether a limit stands round a call, or round all that is done with what it gives: `opened = open_connection(...)` waits
/// only where `opened` is awaited.
fn is_limited(inspection: &Inspection<'_, '_>, call: NodeId) -> bool {
    if inspection.is_timed(call) {
        return true;
    }
    let uses = inspection.model.follow(&[call], true).uses;
    !uses.is_empty() && uses.iter().all(|use_| inspection.is_timed(use_.node))
}

fn is_none(keyword: Option<&Keyword>) -> bool {
    keyword.is_some_and(|keyword| literal::is_none(&keyword.value))
}

/// Whether every request of a client is in sight and has a limit of its own.
fn each_request_is_limited<'a>(inspection: &Inspection<'a, '_>, client: &'a ExprCall) -> bool {
    let flow = inspection
        .model
        .follow(&[inspection.model.id(client)], true);
    let mut requests = 0;
    for use_ in &flow.uses {
        match use_.kind {
            UseKind::Method { attribute, call } if REQUESTS.contains(&attribute.attr.as_str()) => {
                requests += 1;
                let own = literal::keyword(call, "timeout");
                let is_limited = own.is_some_and(|own| !literal::is_none(&own.value));
                if !is_limited && !inspection.is_timed(inspection.model.id(call)) {
                    return false;
                }
            }
            UseKind::Method { .. } | UseKind::With { .. } | UseKind::Attribute(_) => {}
            _ => return false,
        }
    }
    requests > 0
}
