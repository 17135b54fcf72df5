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

/// `iter_lines()` of a stream.
pub static ITER_LINES: Helper = Helper {
    name: "_iter_lines",
    source: include_str!("helpers/iter_lines.py"),
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
