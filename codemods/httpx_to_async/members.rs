//! What clients, transports and responses have, and what becomes of it.
//!
//! Source: `dir()` of both classes in httpx 0.28.1 and httpx2 2.16: the async classes have all that the sync ones have,
//! except for the names that are renamed here.

/// The classes and their async counterparts. `MockTransport` is both.
pub static CLASSES: &[(&str, &str)] = &[
    ("Client", "AsyncClient"),
    ("HTTPTransport", "AsyncHTTPTransport"),
    ("BaseTransport", "AsyncBaseTransport"),
    ("MockTransport", "MockTransport"),
];

/// What becomes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A method that is awaited, by this name.
    Awaited(&'static str),
    /// `stream`: an async context manager.
    Stream,
    /// A method or attribute that is the same.
    Same,
    /// `event_hooks`.
    Hooks,
    /// A private method that is the same, or another private name: not a part of the API.
    Private,
    /// Nothing that is known.
    Unknown,
}

/// The methods that are the same in both clients, though private: they belong to their common base.
const SHARED: &[&str] = &[
    "_build_auth",
    "_build_redirect_request",
    "_build_request_auth",
    "_enforce_trailing_slash",
    "_get_proxy_map",
    "_merge_cookies",
    "_merge_headers",
    "_merge_queryparams",
    "_merge_url",
    "_redirect_headers",
    "_redirect_method",
    "_redirect_stream",
    "_redirect_url",
    "_set_timeout",
];

/// The member of this name.
pub fn member(name: &str) -> Member {
    match name {
        "get" => Member::Awaited("get"),
        "options" => Member::Awaited("options"),
        "head" => Member::Awaited("head"),
        "post" => Member::Awaited("post"),
        "put" => Member::Awaited("put"),
        "patch" => Member::Awaited("patch"),
        "delete" => Member::Awaited("delete"),
        "request" => Member::Awaited("request"),
        "send" => Member::Awaited("send"),
        "handle_request" => Member::Awaited("handle_async_request"),
        "close" => Member::Awaited("aclose"),
        "__enter__" => Member::Awaited("__aenter__"),
        "__exit__" => Member::Awaited("__aexit__"),
        "stream" => Member::Stream,
        "event_hooks" => Member::Hooks,
        "auth" | "base_url" | "build_request" | "cookies" | "follow_redirects" | "headers"
        | "is_closed" | "max_redirects" | "params" | "timeout" | "trust_env" | "__init__"
        | "__class__" => Member::Same,
        _ if SHARED.contains(&name) => Member::Same,
        _ if name.starts_with('_') => Member::Private,
        _ => Member::Unknown,
    }
}

/// The names of the members that are no others' on most objects: what counts where the receiver is not known.
pub static MEMBERS: &[&str] = &[
    "auth",
    "base_url",
    "build_request",
    "close",
    "cookies",
    "delete",
    "event_hooks",
    "get",
    "handle_request",
    "head",
    "headers",
    "is_closed",
    "options",
    "params",
    "patch",
    "post",
    "put",
    "request",
    "send",
    "stream",
    "timeout",
    "trust_env",
];

/// The methods of a streamed response that iterate, and their async counterparts.
pub fn iterator(name: &str) -> Option<&'static str> {
    Some(match name {
        "iter_bytes" => "aiter_bytes",
        "iter_lines" => "aiter_lines",
        "iter_raw" => "aiter_raw",
        "iter_text" => "aiter_text",
        _ => return None,
    })
}

/// The functions of the module that send a request.
pub static VERBS: &[&str] = &[
    "delete", "get", "head", "options", "patch", "post", "put", "request",
];

/// The arguments of those functions that a client takes.
pub static CLIENT_ARGUMENTS: &[&str] = &["cert", "cookies", "proxy", "trust_env", "verify"];
