//! The functions that a migrated module may need: what requests does and httpx does not.

use crate::helper::Helper;
use crate::unit::ImportRequest;

/// `params=` beside a URL that may hold a query, or with values that httpx sends in another form.
pub static WITH_PARAMS: Helper = Helper {
    name: "_with_params",
    source: include_str!("helpers/with_params.py"),
    imports: &[ImportRequest::Name {
        module: "urllib.parse",
        name: "urlencode",
    }],
    at_import: false,
    module: None,
};

/// `data=` whose kind does not show.
pub static BODY: Helper = Helper {
    name: "_body",
    source: include_str!("helpers/body.py"),
    imports: &[],
    at_import: false,
    module: None,
};

/// `files=` of parts that httpx sends in another form.
pub static MULTIPART: Helper = Helper {
    name: "_multipart",
    source: include_str!("helpers/multipart.py"),
    imports: &[ImportRequest::Module("os")],
    at_import: false,
    module: None,
};

/// `iter_lines()` of a stream.
pub static ITER_LINES: Helper = Helper {
    name: "_iter_lines",
    source: include_str!("helpers/iter_lines.py"),
    imports: &[],
    at_import: false,
    module: None,
};

/// `proxies=` of a value that does not show.
pub static MOUNTS: Helper = Helper {
    name: "_mounts",
    source: include_str!("helpers/mounts.py"),
    imports: &[ImportRequest::Module("httpx")],
    at_import: false,
    module: None,
};

/// The same for httpx2.
pub static MOUNTS_HTTPX2: Helper = Helper {
    module: Some(("httpx", "httpx2")),
    ..MOUNTS
};

/// `cert=`
pub static VERIFY: Helper = Helper {
    name: "_verify",
    source: include_str!("helpers/verify.py"),
    imports: &[ImportRequest::Module("httpx"), ImportRequest::Module("ssl")],
    at_import: false,
    module: None,
};

/// The same for httpx2.
pub static VERIFY_HTTPX2: Helper = Helper {
    module: Some(("httpx", "httpx2")),
    ..VERIFY
};

/// Where a file asks for the encoding of responses.
pub static ENCODING: Helper = Helper {
    name: "_requests_encoding",
    source: include_str!("helpers/requests_encoding.py"),
    imports: &[],
    at_import: false,
    module: None,
};

/// `headers={"Accept": None}`
pub static WITHOUT: Helper = Helper {
    name: "_without",
    source: include_str!("helpers/without.py"),
    imports: &[],
    at_import: false,
    module: None,
};

/// `session.hooks["response"].append(hook)`.
pub static RESPONSE_HOOK: Helper = Helper {
    name: "_response_hook",
    source: include_str!("helpers/response_hook.py"),
    imports: &[],
    at_import: false,
    module: None,
};

/// `HTTPAdapter(max_retries=...)`.
pub static RETRY_TRANSPORT: Helper = Helper {
    name: "_RetryTransport",
    source: include_str!("helpers/retry_transport.py"),
    imports: &[
        ImportRequest::Module("asyncio"),
        ImportRequest::Module("httpx"),
        ImportRequest::Module("urllib3"),
    ],
    at_import: false,
    module: None,
};

/// The same for httpx2.
pub static RETRY_TRANSPORT_HTTPX2: Helper = Helper {
    module: Some(("httpx", "httpx2")),
    ..RETRY_TRANSPORT
};
