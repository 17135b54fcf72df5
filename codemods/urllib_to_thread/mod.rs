//! `urllib.request.urlopen(...)` and the reads of its response, and connections of `http.client`, in a thread.
//!
//! Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use crate::blocking::{self, Blocking, always};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "urllib_to_thread",
    summary: "urllib.request.urlopen(...) and the reads of its response in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &["urllib", "http.client"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[],
    declared: None,
    run,
};

static TABLE: &[Blocking] = &[
    Blocking {
        of: "urllib.request",
        names: &["urlopen", "urlretrieve"],
        judge: always,
    },
    Blocking {
        of: "urllib.request.OpenerDirector",
        names: &["open"],
        judge: always,
    },
    Blocking {
        of: "http.client.HTTPConnection",
        names: &["connect", "getresponse", "request"],
        judge: always,
    },
    Blocking {
        of: "http.client.HTTPSConnection",
        names: &["connect", "getresponse", "request"],
        judge: always,
    },
    Blocking {
        of: "http.client.HTTPResponse",
        names: &["read", "read1", "readinto", "readline", "readlines"],
        judge: always,
    },
];

/// Functions that read all of their first argument.
const CONSUMERS: &[&str] = &[
    "json.load",
    "pickle.load",
    "shutil.copyfileobj",
    "xml.etree.ElementTree.parse",
];

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, TABLE);
    blocking::report_lines(context, &|class| class == "http.client.HTTPResponse");
    blocking::report_consumers(context, CONSUMERS, "http.client.HTTPResponse");
}
