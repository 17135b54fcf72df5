//! Exceptions and responses that are written as values: the elements of a `side_effect`.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::super::exceptions;
use super::register::{Argument, source};
use super::{ANSWERS, Work};
use crate::codemod::Refusal;
use crate::semantic::NodeId;

/// The exception that an expression makes or names. `None` if it is none.
pub(super) fn exception<'a>(
    work: &mut Work<'a, '_, '_>,
    expr: &'a Expr,
) -> Result<Option<String>, Refusal> {
    let model = work.model;
    let (func, call): (&Expr, Option<&ExprCall>) = match expr {
        Expr::Call(call) => (&call.func, Some(call)),
        other => (other, None),
    };
    if let Some(mention) = work.mention(func) {
        if !exceptions::is_exception(&mention.name) {
            return Ok(None);
        }
        let (node, name) = (mention.node, mention.name.clone());
        // respx makes an instance of a class, with its request.
        let class = exceptions::raised_as(&name).filter(|_| call.is_none());
        let text = class.map(ToString::to_string);
        let Some(text) = text.or_else(|| raised(work, &name, call)) else {
            return Err(work.refuse(expr.range()));
        };
        work.done.insert(node);
        work.unit.release(node);
        return Ok(Some(text));
    }
    let last = match func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return Ok(None),
    };
    let is_class = last.starts_with(|c: char| c.is_ascii_uppercase())
        && (last.ends_with("Error") || last.ends_with("Exception") || last == "Timeout");
    Ok(is_class.then(|| model.slice(expr.range()).to_string()))
}

/// What is raised in the place of an exception of requests, as text.
pub(super) fn raised(
    work: &Work<'_, '_, '_>,
    name: &str,
    call: Option<&ExprCall>,
) -> Option<String> {
    let model = work.model;
    let message = match call {
        None => None,
        Some(call) => match &*call.arguments.args {
            [] => Some("\"\""),
            [message] if !message.is_starred_expr() => Some(model.slice(message.range())),
            _ => return None,
        },
    };
    if name == "HTTPError" {
        // It takes more than a message: https://www.python-httpx.org/exceptions/.
        let response = match call.map(|call| &*call.arguments.keywords) {
            None | Some([]) => "None",
            Some([keyword]) if keyword.arg.as_deref() == Some("response") => {
                model.slice(keyword.value.range())
            }
            Some(_) => return None,
        };
        let message = message.unwrap_or("\"\"");
        return Some(format!(
            "httpx.HTTPStatusError({message}, request=None, response={response})"
        ));
    }
    if call.is_some_and(|call| !call.arguments.keywords.is_empty()) {
        return None;
    }
    let new = exceptions::raised_as(name)?;
    Some(match message {
        Some(message) => format!("{new}({message})"),
        // Those that need no request, but a message.
        None => format!("{new}(\"\")"),
    })
}

/// `httpx.Response(404, json={...})`
pub(super) fn response(
    work: &Work<'_, '_, '_>,
    arguments: &[Argument<'_>],
    indent: &str,
) -> String {
    let model = work.model;
    let text = |argument: &Argument<'_>| source(model, argument.value.range(), indent);
    let of = |name: &str| arguments.iter().find(|argument| argument.name == name);
    let status = of("status_code").map_or_else(|| "200".to_string(), text);
    let mut parts = vec![status];
    let content_type = of("content_type").map(text);
    match (of("headers").map(text), content_type) {
        (Some(headers), Some(kind)) => {
            parts.push(format!("headers={{**{headers}, \"Content-Type\": {kind}}}"));
        }
        (None, Some(kind)) => parts.push(format!("headers={{\"Content-Type\": {kind}}}")),
        (Some(headers), None) => parts.push(format!("headers={headers}")),
        (None, None) => {}
    }
    for name in ["content", "text", "json"] {
        if let Some(argument) = of(name) {
            parts.push(format!("{name}={}", text(argument)));
        }
    }
    format!("{}({})", class(), parts.join(", "))
}

/// The class of what is answered with.
pub(super) fn class() -> String {
    format!("{ANSWERS}.Response")
}

/// Imports what stands in effects.
pub(super) fn import<'e>(
    work: &mut Work<'_, '_, '_>,
    effects: impl IntoIterator<Item = &'e String>,
    node: NodeId,
) -> Result<(), Refusal> {
    for effect in effects {
        for module in ["httpx", ANSWERS] {
            if effect
                .strip_prefix(module)
                .is_some_and(|rest| rest.starts_with('.'))
            {
                work.import(module, node)?;
            }
        }
    }
    Ok(())
}
