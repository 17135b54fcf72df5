//! The functions that a migrated module may need: what requests does and aiohttp does not.

use crate::helper::Helper;
use crate::unit::ImportRequest;

/// A query or form whose values do not show: aiohttp takes neither None nor booleans in a query.
pub static PAIRS: Helper = Helper {
    name: "_pairs",
    source: include_str!("helpers/pairs.py"),
    imports: &[ImportRequest::Name {
        module: "urllib.parse",
        name: "parse_qsl",
    }],
    at_import: false,
    module: None,
};

/// `iter_lines()`.
pub static ITER_LINES: Helper = Helper {
    name: "_iter_lines",
    source: include_str!("helpers/iter_lines.py"),
    imports: &[],
    at_import: false,
    module: None,
};
