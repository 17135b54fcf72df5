//! What the propagation needs to know from outside of the call graph.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::unit::{FileId, FunctionId, Holder};

/// Names a place for people.
pub type Describe<'d> = dyn Fn(FileId, u32) -> String + 'd;

/// Where names were found: by the number of the name, `file:line`.
pub type Places = FxHashMap<usize, String>;

/// Strings of the project, each by its file and the offset that it begins at.
pub type Texts = FxHashSet<(FileId, u32)>;

/// What the propagation needs to know from outside of the call graph.
pub struct Rules<'r> {
    /// Whether a file is run and never imported.
    pub is_script: &'r dyn Fn(FileId) -> bool,
    /// Whether a tool loads a file by its name, as pytest does with `conftest.py`: it is no program.
    pub is_loaded: &'r dyn Fn(FileId) -> bool,
    /// The statements at module level that hold what drives the propagation.
    pub begins: &'r [Holder],
    /// The files whose code at module level goes on blocking.
    pub blocking: &'r FxHashSet<FileId>,
    /// Whether changes that may differ are taken.
    pub allow_unsafe: bool,
    /// Whether half units are written (see [`crate::assist`]).
    pub halves: bool,
    /// What runs the tests.
    pub tests: TestRunner,
    /// The setting by which tests or fixtures share event loops: its place.
    pub shared_loop: Option<String>,
    /// Whether the project may have a pytest-asyncio that knows `loop_scope`: 0.24.
    pub has_loop_scope: bool,
    /// Which of these dotted names stand in a string somewhere in the project, each with its place. The strings that begin
    /// at these offsets do not count.
    pub quoted: &'r dyn Fn(&[String], &Texts) -> Places,
    /// Which of these names stand in one of these files, each with the file.
    pub held: &'r dyn Fn(&[FileId], &[String]) -> Places,
    /// What runs the examples of docstrings as tests: the place that says so.
    pub doctests: &'r dyn Fn() -> Option<String>,
    /// The functions that the user wants async, by name.
    pub named: &'r FxHashSet<FunctionId>,
    /// Functions that are known to stay sync: what calls them need not begin to run an event loop for it.
    pub stays: &'r FxHashSet<FunctionId>,
}

/// What runs the tests of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestRunner {
    /// Nothing that awaits a test.
    Sync,
    /// pytest-asyncio in auto mode: an async test needs nothing else.
    Auto,
    /// pytest-asyncio in strict mode: an async test needs its marker.
    Strict,
    /// The plugin that anyio brings: an async test needs its marker.
    Anyio,
    /// Nothing yet: the project has to add pytest-asyncio, which then runs in strict mode.
    Wanted,
}
