//! Projects whose code runs on trio as well, through anyio: what only runs on an event loop of asyncio is not written there.
//!
//! Source: <https://anyio.readthedocs.io/en/stable/testing.html#specifying-the-backends-to-run-on>: a test with the mark of
//! anyio runs on each backend that is installed, unless a fixture `anyio_backend` says which.

use super::choice::Choice;
use super::request::Request;
use crate::codemod::Role;
use crate::index::Project;
use crate::propagate::Recolour;
use crate::unit::{FileId, ImportRequest, Reason, Unit};

/// The code runs on trio as well.
pub static RUNS_ON_TRIO: Reason = Reason {
    code: "runs-on-trio",
    message: "the project runs its code on trio as well, through anyio, and the new code would only run on asyncio",
    help: "write it with anyio (`anyio.sleep`, `anyio.to_thread.run_sync`, `anyio.open_file`), or run the code on asyncio only",
};

/// What only runs on an event loop of asyncio, by the first part of its path.
const OF_ASYNCIO: &[&str] = &[
    "aioboto3",
    "aiofiles",
    "aiohttp",
    "aiomysql",
    "aiosmtplib",
    "aiosqlite",
    "asyncio",
    "asyncpg",
    "elasticsearch",
    "mysql",
    "neo4j",
    "opensearchpy",
    "psycopg",
    "pymongo",
    "pytest_asyncio",
    "redis",
    "slack_sdk",
    "sqlalchemy",
    "websockets",
];

/// What the bytes of one file tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backends {
    /// It imports anyio.
    anyio: bool,
    /// It imports trio.
    trio: bool,
    /// It names anyio, and trio as one of its backends.
    chosen: bool,
}

impl Backends {
    /// Reads the bytes of a file.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let holds = |text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
        let imports = |name: &str| {
            [format!("import {name}"), format!("from {name}")]
                .iter()
                .any(|text| begins_line(bytes, text.as_bytes()))
        };
        let (anyio, trio) = (holds("anyio"), holds("trio"));
        Self {
            anyio: anyio && imports("anyio"),
            trio: trio && imports("trio"),
            chosen: anyio && trio && (holds("\"trio\"") || holds("'trio'")),
        }
    }
}

/// Whether a line begins with a text that ends with a word.
fn begins_line(bytes: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, text).any(|at| {
        let line = bytes[..at]
            .iter()
            .rev()
            .take_while(|byte| !matches!(byte, b'\n' | b'\r'));
        let is_first = line.into_iter().all(|byte| matches!(byte, b' ' | b'\t'));
        let next = bytes.get(at + text.len());
        is_first && next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
    })
}

/// Where a project shows that its code runs on trio through anyio: a file, or its requirements.
pub(super) fn evidence(
    request: &Request<'_>,
    project: &Project,
    files: &[Backends],
) -> Option<String> {
    let name = |index: usize| project.file(FileId(index as u32)).name.clone();
    if let Some(file) = files.iter().position(|file| file.chosen) {
        return Some(name(file));
    }
    let requires = |name: &str| request.config.requirement(name).is_some();
    let uses_anyio = requires("anyio");
    let trio = files
        .iter()
        .position(|file| file.trio && (file.anyio || uses_anyio));
    match trio {
        Some(file) => Some(name(file)),
        None if uses_anyio && requires("trio") => Some("the requirements name it".to_string()),
        None => None,
    }
}

/// Leaves what would only run on asyncio, of the units that it `concerns`. Idioms stand in code of asyncio already.
pub(super) fn leave(
    request: &Request<'_>,
    units: &[Unit],
    concerns: &dyn Fn(&Unit) -> bool,
    state: &mut Choice,
) {
    let Some(evidence) = state.trio.clone() else {
        return;
    };
    let is_idiom = |unit: &Unit| {
        let mut codemods = request.codemods.iter();
        codemods.any(|codemod| codemod.name == unit.codemod && codemod.role == Role::Idiom)
    };
    for (number, unit) in units.iter().enumerate() {
        let is_bound = |(_, import): &(FileId, ImportRequest)| {
            let (ImportRequest::Module(module) | ImportRequest::Name { module, .. }) = import;
            OF_ASYNCIO.contains(&module.split('.').next().unwrap_or(module))
        };
        if state.taken[number]
            && concerns(unit)
            && !is_idiom(unit)
            && unit.imports.iter().any(is_bound)
        {
            state.leave(number, &RUNS_ON_TRIO, Some(evidence.clone()));
        }
    }
}

/// Takes back the calls that were handed to threads of asyncio.
pub(super) fn leave_bridges(evidence: &str, recolour: &mut Recolour) {
    for bridge in &mut recolour.bridges {
        if bridge.outcome.is_ok() {
            bridge.outcome = Err((&RUNS_ON_TRIO, Some(evidence.to_string())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Backends;

    #[test]
    fn what_shows_trio() {
        let of = |text: &str| {
            let found = Backends::of(text.as_bytes());
            (found.anyio, found.trio, found.chosen)
        };
        assert_eq!(
            of("import anyio\nfrom trio import run\n"),
            (true, true, false)
        );
        assert_eq!(of("if x:\r\n    import trio\r\n"), (false, true, false));
        assert_eq!(
            of("def anyio_backend():\n    return \"trio\"\n"),
            (false, false, true)
        );
        assert_eq!(
            of("# import trio\nimport anyio_extras, patriotic\nx = 'trio'"),
            (false, false, true)
        );
        assert_eq!(of("import asyncio, patriot\n"), (false, false, false));
    }
}
