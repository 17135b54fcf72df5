//! The exceptions of aiohttp, and `error.response` (README, the table).

use ruff_python_ast::{AnyNodeRef, ExprAttribute};
use ruff_text_size::Ranged;

use crate::codemod::Refusal;
use crate::codemods::requests_to_httpx::exceptions::{JSON_ERROR, Row, Verdict};
use crate::codemods::requests_to_httpx::reasons;
use crate::codemods::requests_to_httpx::target::Exceptions;
use crate::codemods::requests_to_httpx::work::Work;
use crate::edit::{Edit, Piece};

/// The exceptions of aiohttp.
pub static AIOHTTP: Exceptions = Exceptions {
    rows: ROWS,
    covers,
    raised: RAISED,
    needs_text: false,
    status: "aiohttp.ClientResponseError",
    response: Some(response),
    value_error: "URLs with an unknown scheme are no ValueError in aiohttp (`aiohttp.NonHttpUrlClientError`)",
    text: "the text of an exception differs in aiohttp",
    status_text: true,
};

#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { names: &["RequestException"], caught: &["aiohttp.ClientError"], json: true, verdict: Verdict::Safe },
    Row { names: &["HTTPError"], caught: &["aiohttp.ClientResponseError"], json: false, verdict: Verdict::Safe },
    Row { names: &["Timeout"], caught: &["aiohttp.ServerTimeoutError"], json: false, verdict: Verdict::Safe },
    Row { names: &["ReadTimeout"], caught: &["aiohttp.SocketTimeoutError"], json: false, verdict: Verdict::Safe },
    Row { names: &["ConnectTimeout"], caught: &["aiohttp.ConnectionTimeoutError"], json: false, verdict: Verdict::Safe },
    Row { names: &["TooManyRedirects"], caught: &["aiohttp.TooManyRedirects"], json: false, verdict: Verdict::Safe },
    Row { names: &["ConnectionError"],
        caught: &["aiohttp.ClientOSError", "aiohttp.ServerDisconnectedError", "aiohttp.ConnectionTimeoutError"], json: false, verdict: Verdict::Safe },
    Row { names: &["SSLError"], caught: &["aiohttp.ClientSSLError"], json: false, verdict: Verdict::Safe },
    Row { names: &["InvalidSchema"], caught: &["aiohttp.NonHttpUrlClientError"], json: false, verdict: Verdict::Safe },
    Row { names: &["JSONDecodeError", "InvalidJSONError"], caught: &[JSON_ERROR, "UnicodeDecodeError"], json: false, verdict: Verdict::Safe },
    Row { names: &["MissingSchema", "InvalidURL"], caught: &["aiohttp.InvalidURL"], json: false,
        verdict: Verdict::Unsafe("`aiohttp.InvalidURL` stands for URLs without a scheme and for other mistakes in them alike") },
    Row { names: &["ChunkedEncodingError"], caught: &["aiohttp.ClientPayloadError"], json: false,
        verdict: Verdict::Unsafe("`aiohttp.ClientPayloadError` is raised for a body that cannot be decoded, too, and not for a chunk that is none") },
    Row { names: &["ContentDecodingError"], caught: &["aiohttp.ClientPayloadError"], json: false,
        verdict: Verdict::Unsafe("`aiohttp.ClientPayloadError` is raised for a body that ends too early, too") },
    Row { names: &["ProxyError"], caught: &["aiohttp.ClientProxyConnectionError", "aiohttp.ClientHttpProxyError"], json: false,
        verdict: Verdict::Unsafe("a proxy that hangs up is an `aiohttp.ServerDisconnectedError`") },
    Row { names: &["RetryError", "UnrewindableBodyError", "URLRequired", "InvalidProxyURL", "InvalidHeader", "StreamConsumedError",
        "RequestsWarning", "FileModeWarning", "RequestsDependencyWarning"], caught: &[], json: false, verdict: Verdict::Refuse("aiohttp has no such exception") },
];

/// What is raised instead of an exception of requests that the code raises itself.
#[rustfmt::skip]
static RAISED: &[(&str, &str)] = &[
    ("RequestException", "aiohttp.ClientError"),
    ("Timeout", "aiohttp.ServerTimeoutError"),
    ("ReadTimeout", "aiohttp.SocketTimeoutError"),
    ("ConnectTimeout", "aiohttp.ConnectionTimeoutError"),
    ("ConnectionError", "aiohttp.ClientOSError"),
];

/// What catches what, among the names that are written.
fn covers(outer: &str, inner: &str) -> bool {
    match outer {
        _ if outer == inner => true,
        "aiohttp.ClientError" => inner.starts_with("aiohttp."),
        "aiohttp.ServerTimeoutError" => matches!(
            inner,
            "aiohttp.SocketTimeoutError" | "aiohttp.ConnectionTimeoutError"
        ),
        "aiohttp.ClientOSError" => matches!(
            inner,
            "aiohttp.ClientSSLError" | "aiohttp.ClientProxyConnectionError"
        ),
        "aiohttp.ClientResponseError" => {
            matches!(
                inner,
                "aiohttp.TooManyRedirects" | "aiohttp.ClientHttpProxyError"
            )
        }
        _ => false,
    }
}

/// `error.response.status_code` -> `error.status`: the error of a status has what is known of the response, and no body.
fn response<'a>(
    work: &mut Work<'a, '_, '_>,
    attribute: &'a ExprAttribute,
    only_status: bool,
) -> Result<(), Refusal> {
    let model = work.model;
    let refuse =
        |detail: String| Refusal::with_detail(&reasons::EXCEPTION_USE, attribute.range(), detail);
    if !only_status {
        return Err(refuse(
            "errors of aiohttp have no response, and only one of a status has its parts"
                .to_string(),
        ));
    }
    let AnyNodeRef::ExprAttribute(part) = model.nodes.parent_node(model.id(attribute)) else {
        return Err(refuse("errors of aiohttp have no response".to_string()));
    };
    if model.has_comment(part.range()) {
        return Err(refuse("a comment stands inside".to_string()));
    }
    let name = match part.attr.as_str() {
        "status_code" => "status",
        "reason" => "message",
        "url" => {
            work.unit.edit(Edit::pieces(
                part.range(),
                vec![
                    Piece::text("str("),
                    Piece::Source(attribute.value.range()),
                    Piece::text(".request_info.real_url)"),
                ],
            ));
            return Ok(());
        }
        other => {
            return Err(refuse(format!(
                "an error of aiohttp has no `.response.{other}`"
            )));
        }
    };
    work.unit.edit(Edit::pieces(
        part.range(),
        vec![
            Piece::Source(attribute.value.range()),
            Piece::text(format!(".{name}")),
        ],
    ));
    Ok(())
}
