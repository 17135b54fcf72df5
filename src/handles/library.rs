//! The libraries that open files in async code: what each calls its functions, and which methods of its handles are awaited.
//!
//! Sources: <https://github.com/Tinche/aiofiles/tree/v25.1.0/src/aiofiles/threadpool>,
//! <https://anyio.readthedocs.io/en/4.16.0/api.html#anyio.AsyncFile>; what follows from them was measured, see the README of
//! `open_to_aiofiles`.

use super::Mode;
use super::reasons;
use crate::config::FileIo;
use crate::unit::{ImportRequest, Reason};

/// What becomes of a method of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is awaited, under this name.
    Awaited(&'static str),
    /// It stays as it is.
    Plain,
    /// It depends on the mode, which is not known.
    ByMode,
    /// The handle does not have it, or runs it in the event loop.
    Missing,
}

/// One library.
#[derive(Debug)]
pub struct Library {
    /// The module, which is the distribution's name as well.
    pub name: &'static str,
    /// What opens a file.
    pub open: &'static str,
    /// Whether that is a coroutine function. If not, it gives what is awaited or entered.
    pub opens_awaited: bool,
    /// What stands before `TemporaryDirectory` and the like, and the module that has it.
    pub temporary: (&'static str, ImportRequest),
    /// Whether its handles have `__anext__`.
    pub has_next: bool,
    /// Why a method is refused.
    pub missing: &'static Reason,
    methods: fn(&str, Mode) -> Way,
}

static AIOFILES: Library = Library {
    name: "aiofiles",
    open: "aiofiles.open",
    opens_awaited: false,
    temporary: (
        "aiofiles.tempfile.",
        ImportRequest::Module("aiofiles.tempfile"),
    ),
    has_next: true,
    missing: &reasons::ATTRIBUTE,
    methods: of_aiofiles,
};

static ANYIO: Library = Library {
    name: "anyio",
    open: "anyio.open_file",
    opens_awaited: true,
    temporary: ("anyio.", ImportRequest::Module("anyio")),
    has_next: false,
    missing: &reasons::NOT_IN_ANYIO,
    methods: of_anyio,
};

impl Library {
    /// The library that a setting names. Where threads do the work, it is not asked.
    pub fn of(setting: FileIo) -> &'static Self {
        match setting {
            FileIo::Aiofiles | FileIo::Thread => &AIOFILES,
            FileIo::Anyio => &ANYIO,
        }
    }

    /// What becomes of a method of a file that is opened in this mode.
    pub fn method(&self, name: &str, mode: Mode) -> Way {
        (self.methods)(name, mode)
    }
}

/// Methods that both libraries run in a thread.
const AWAITED: &[&str] = &[
    "read",
    "readline",
    "readlines",
    "write",
    "writelines",
    "seek",
    "tell",
    "truncate",
    "flush",
    "readinto",
    "read1",
];

/// The name of a method, as it stands in a list.
fn listed(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().copied().find(|one| *one == name)
}

fn of_aiofiles(name: &str, mode: Mode) -> Way {
    const MORE: &[&str] = &["close", "isatty", "seekable", "writable", "readall"];
    if let Some(name) = listed(AWAITED, name).or_else(|| listed(MORE, name)) {
        return Way::Awaited(name);
    }
    match name {
        "peek" if mode == Mode::BinaryReader => Way::Awaited("peek"),
        "readable" if mode == Mode::Text => Way::Awaited("readable"),
        "readable" if mode.is_binary() => Way::Plain,
        "peek" | "readable" => Way::ByMode,
        // The only methods that stay as they are.
        "detach" | "fileno" => Way::Plain,
        _ => Way::Missing,
    }
}

fn of_anyio(name: &str, _: Mode) -> Way {
    if let Some(name) = listed(AWAITED, name).or_else(|| listed(&["readinto1"], name)) {
        return Way::Awaited(name);
    }
    match name {
        "close" => Way::Awaited("aclose"),
        "detach" | "fileno" | "isatty" | "readable" | "seekable" | "writable" => Way::Plain,
        _ => Way::Missing,
    }
}
