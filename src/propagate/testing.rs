//! Tests are callers too: what pytest and unittest do with functions that become async.
//!
//! Run with pytest 9 and pytest-asyncio 1.4, Python 3.11: a sync test or fixture may take what an async fixture gives, and
//! an async test may not ask for one with `getfixturevalue`, which runs a loop inside of the running one. unittest calls
//! `setUp` before `asyncSetUp` and `asyncTearDown` before `tearDown`.

use super::Propagation;
use super::barriers::Surroundings;
use super::index::CallIndex;
use super::reasons::{TEST_FUNCTION, TEST_HOOK};
use super::rules::TestRunner;
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::{
    ClassId, Resolved, Resolver, is_async_case, is_hook, is_sync_case,
};
use crate::callgraph::{Callee, FileFacts, Fixture, Function};
use crate::colour;
use crate::config::TestNames;
use crate::index::Project;
use crate::semantic::{NodeId, Runner};
use crate::unit::{ColourSite, FileId, FunctionId, Reason};
use rustc_hash::FxHashMap;

/// What calls a function, by its name, its class or its decorator.
pub(super) enum Role<'f> {
    /// Only the project.
    None,
    /// pytest, as a test.
    Test,
    /// pytest, for what it gives to tests.
    Fixture(&'f Fixture),
    /// unittest, as a test.
    Case,
    /// unittest, round each test.
    Hook,
    /// One of them, in a way that nothing async has.
    Sync(&'static str),
}

/// What unittest calls, or relies on, in test cases.
#[rustfmt::skip]
const CASE_METHODS: &[&str] = &[
    "addCleanup", "addClassCleanup", "addTypeEqualityFunc", "countTestCases", "debug", "defaultTestResult",
    "doClassCleanups", "doCleanups", "enterClassContext", "enterContext", "fail", "id", "run", "setUpClass",
    "shortDescription", "skipTest", "subTest", "tearDownClass",
];

/// The methods by which unittest runs a test.
const RUNS: &[&str] = &[
    "__call__",
    "_callSetUp",
    "_callTearDown",
    "_callTestMethod",
    "run",
];

/// What pytest calls by its name, in test files and in the classes from which theirs derive.
#[rustfmt::skip]
const HOOKS: &[&str] = &[
    "setUpModule", "setup_class", "setup_function", "setup_method", "setup_module", "tearDownModule",
    "teardown_class", "teardown_function", "teardown_method", "teardown_module",
];

/// The same with names that other code has as well: in test files only.
const COMMON_HOOKS: &[&str] = &["setup", "teardown"];

/// What calls a function.
pub(super) fn role<'f>(
    names: &TestNames,
    resolver: &Resolver<'_>,
    project: &Project,
    id: FunctionId,
    function: &'f Function,
) -> Role<'f> {
    let name = function.name.as_str();
    let is_case = function.class.is_some_and(|index| {
        resolver.is_part_of_case(ClassId {
            file: id.file,
            index,
        })
    });
    let path = project.file(id.file).name.as_str();
    let stem = path.rsplit('/').next().unwrap_or(path);
    let is_test_file = names.has_tests(path);
    // A class of helpers from which those of tests derive.
    let is_inherited = || {
        function.class.is_some_and(|index| {
            let class = ClassId {
                file: id.file,
                index,
            };
            resolver
                .descendants(class)
                .into_iter()
                .any(|class| names.has_tests(&project.file(class.file).name))
        })
    };
    match &function.fixture {
        Some(_) if is_case => Role::Sync("a fixture in a test case of unittest"),
        Some(fixture) => Role::Fixture(fixture),
        None if is_case && is_hook(name) => Role::Hook,
        None if is_case && (name.starts_with("test") || name == "runTest") => Role::Case,
        None if is_case && CASE_METHODS.contains(&name) => {
            Role::Sync("unittest calls it outside of the event loop of a test")
        }
        None if function.outer.is_some() => Role::None,
        None if names.is_test(name) && (is_test_file || is_inherited()) => Role::Test,
        None if HOOKS.contains(&name)
            || COMMON_HOOKS.contains(&name) && (is_test_file || stem == "conftest.py") =>
        {
            Role::Sync("pytest calls it by its name, and awaits fixtures only")
        }
        None if function.class.is_none()
            && (name.starts_with("pytest_") || name == "load_tests") =>
        {
            Role::Sync("it is a hook of the test runner")
        }
        None => Role::None,
    }
}

impl Propagation {
    /// What runs the tests: a mark for the plugin of anyio says so where the settings do not.
    pub(super) fn test_runner(&self, configured: TestRunner) -> TestRunner {
        match configured {
            TestRunner::Sync | TestRunner::Wanted if self.facts.tables().marks_anyio => {
                TestRunner::Anyio
            }
            TestRunner::Wanted => TestRunner::Strict,
            runner => runner,
        }
    }

    /// Why what runs the tests could not await a function.
    pub(super) fn test_barrier(
        &self,
        around: &Surroundings<'_, '_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(&'static Reason, Option<String>)> {
        let hook = |detail: &str| Some((&TEST_HOOK, Some(detail.to_string())));
        let runner = self.test_runner(around.rules.tests);
        match role(
            &self.test_names,
            around.resolver,
            around.project,
            id,
            function,
        ) {
            Role::None => None,
            Role::Test if runner == TestRunner::Sync => Some((&TEST_FUNCTION, None)),
            Role::Test => None,
            Role::Sync(detail) => hook(detail),
            Role::Fixture(fixture) => match (&fixture.decorator, runner) {
                (_, TestRunner::Sync) => Some((&TEST_FUNCTION, Some("a fixture".to_string()))),
                (_, TestRunner::Anyio) => {
                    hook("the plugin of anyio gives async fixtures to async tests only")
                }
                (Err(detail), _) => hook(detail),
                (Ok(_), TestRunner::Auto | TestRunner::Strict | TestRunner::Wanted) => {
                    let place = |file: FileId, line: u32| {
                        format!("{}:{line}", around.project.file(file).name)
                    };
                    let tables = self.facts.tables();
                    let shared = around.rules.shared_loop.clone();
                    let marked = || {
                        let (file, line) = first(&self.facts, &tables.with_shared_loop, |facts| {
                            facts.shared_loop
                        })?;
                        Some(place(file, line))
                    };
                    if let Some(place) = shared.or_else(marked) {
                        return hook(&format!(
                            "tests may run in another event loop than it ({place})"
                        ));
                    }
                    if fixture.is_wide
                        && let Some(detail) = self.own_loops(around, runner, &place)
                    {
                        return hook(&detail);
                    }
                    let (file, line) = first(&self.facts, &tables.with_fixture_lookups, |facts| {
                        let mut lookups = facts.fixture_lookups.iter();
                        lookups
                            .find(|(name, _)| {
                                name.as_ref().is_none_or(|name| *name == fixture.name)
                            })
                            .map(|(_, line)| *line)
                    })?;
                    hook(&format!(
                        "`getfixturevalue` may ask for it while a loop runs ({})",
                        place(file, line)
                    ))
                }
            },
            Role::Case | Role::Hook => {
                if self
                    .case_bases(around.resolver, id, function)
                    .contains(&None)
                {
                    return hook("the base class cannot be replaced");
                }
                if let Some(place) = self.own_run(around, id, function) {
                    return hook(&format!("{place} runs the tests in a way of its own"));
                }
                self.hook_barrier(around, id, function)
            }
        }
    }

    /// Why the tests cannot all run in the event loop of a fixture that they share.
    fn own_loops(
        &self,
        around: &Surroundings<'_, '_>,
        runner: TestRunner,
        place: &dyn Fn(FileId, u32) -> String,
    ) -> Option<String> {
        const OTHER: &str = "a fixture of a wider scope has another event loop than the tests";
        // In auto mode nothing on a test says which loop it gets.
        if runner != TestRunner::Strict || !around.rules.has_loop_scope {
            return Some(OTHER.to_string());
        }
        let tables = self.facts.tables();
        let (file, line) = first(&self.facts, &tables.with_own_loop, |facts| facts.own_loop)?;
        Some(format!("{OTHER} ({})", place(file, line)))
    }

    /// Whether one of these functions is a fixture that several tests share: they share the event loop, too.
    pub(super) fn shares_loop(resolver: &Resolver<'_>, functions: &[FunctionId]) -> bool {
        functions.iter().any(|&id| {
            let fixture = resolver
                .function(id)
                .and_then(|function| function.fixture.as_ref());
            fixture.is_some_and(|fixture| fixture.is_wide)
        })
    }

    /// Why a method that unittest calls round each test cannot get its other name.
    fn hook_barrier(
        &self,
        around: &Surroundings<'_, '_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(&'static Reason, Option<String>)> {
        let new = colour::async_hook(&function.name)?;
        let resolver = around.resolver;
        let index = function.class?;
        let file = id.file;
        let class = ClassId { file, index };
        let related = resolver
            .descendants(class)
            .into_iter()
            .flat_map(|class| resolver.ancestors(class));
        let is_taken = related
            .filter_map(|class| resolver.class(class))
            .any(|class| {
                let mut names = class
                    .methods
                    .iter()
                    .chain(&class.overloads)
                    .map(|(name, _)| name);
                names.any(|name| name == new) || class.untyped.iter().any(|name| name == new)
            });
        is_taken.then(|| (&TEST_HOOK, Some(format!("there is an `{new}` already"))))
    }

    /// A method of the project, with its place, that takes the place of one by which unittest runs tests, and does not go on
    /// to that: it awaits nothing.
    fn own_run(
        &self,
        around: &Surroundings<'_, '_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<String> {
        let resolver = around.resolver;
        let class = ClassId {
            file: id.file,
            index: function.class?,
        };
        let related = resolver
            .descendants(class)
            .into_iter()
            .flat_map(|class| resolver.ancestors(class));
        let replaces = |class: &ClassId| {
            let facts = self.facts.get(&class.file)?;
            let methods = resolver.class(*class)?.methods.iter();
            methods
                .filter(|(name, _)| RUNS.contains(&name.as_str()))
                .find(|(name, number)| {
                    !facts.calls.iter().any(|call| {
                        call.runner == Runner::Function(*number)
                            && matches!(&call.callee, Callee::Super { name: to, .. } if to == name)
                    })
                })
                .map(|(_, number)| (class.file, *number))
        };
        let (file, number) = related.collect::<Vec<_>>().iter().find_map(replaces)?;
        let method = self.facts[&file].functions.get(number as usize)?;
        let file = &around.project.file(file).name;
        Some(format!(
            "`{}` ({file}:{})",
            method.qualified_name, method.line
        ))
    }

    /// The base classes that become async ones for a method of a test case; none for one that cannot be replaced.
    fn case_bases(
        &self,
        resolver: &Resolver<'_>,
        id: FunctionId,
        function: &Function,
    ) -> Vec<Option<(FileId, NodeId)>> {
        let Some(index) = function.class else {
            return Vec::new();
        };
        let file = id.file;
        let mut bases = Vec::new();
        for class in resolver.descendants(ClassId { file, index }) {
            let mut own = Vec::new();
            let mut is_async = false;
            for above in resolver.ancestors(class) {
                let Some(facts) = resolver.class(above) else {
                    continue;
                };
                for (base, node) in facts.bases.iter().zip(&facts.base_nodes) {
                    if let Resolved::Foreign(path) = resolver.target(above.file, base) {
                        is_async |= is_async_case(&path);
                        if is_sync_case(&path) {
                            let may_change = !self.facts[&above.file].is_fixed;
                            own.push(node.filter(|_| may_change).map(|node| (above.file, node)));
                        }
                    }
                }
            }
            if !is_async {
                bases.extend(own);
            }
        }
        bases
    }

    /// What the test runners need of a function that becomes async; `is_shared` is whether all tests share one event loop.
    pub(super) fn test_sites(
        &self,
        resolver: &Resolver<'_>,
        project: &Project,
        runner: TestRunner,
        is_shared: bool,
        id: FunctionId,
        function: &Function,
    ) -> Vec<(FileId, ColourSite)> {
        let node = function.node;
        let runner = self.test_runner(runner);
        let mut sites = Vec::new();
        match role(&self.test_names, resolver, project, id, function) {
            Role::Test if !function.is_marked => {
                let is_anyio = runner == TestRunner::Anyio;
                if is_anyio || runner == TestRunner::Strict {
                    sites.push((
                        id.file,
                        ColourSite::PytestMark {
                            node,
                            is_anyio,
                            is_shared,
                        },
                    ));
                }
            }
            Role::Fixture(fixture) if runner == TestRunner::Strict => {
                if let Ok(Some(decorator)) = fixture.decorator {
                    sites.push((
                        id.file,
                        ColourSite::Fixture {
                            decorator,
                            is_shared,
                        },
                    ));
                }
            }
            Role::Case | Role::Hook => {
                let bases = self.case_bases(resolver, id, function);
                sites.extend(
                    bases
                        .into_iter()
                        .flatten()
                        .map(|(file, base)| (file, ColourSite::TestCase { base })),
                );
                if colour::async_hook(&function.name).is_some() {
                    sites.push((id.file, ColourSite::TestHook { node }));
                    let of_file = &self.facts[&id.file];
                    let above = of_file.calls_in(id.index).filter(|call| {
                        matches!(&call.callee, Callee::Super { name, .. } if *name == function.name)
                    });
                    let placed = above.flat_map(|call| call.placement.iter().flatten());
                    sites.extend(placed.map(|&site| (id.file, site)));
                }
            }
            _ => {}
        }
        sites
    }
}

/// Whether all calls of a hook are those in the same hook of a class below.
pub(super) fn hook_calls(
    resolver: &Resolver<'_>,
    facts: &FxHashMap<FileId, FileFacts>,
    index: &CallIndex,
    id: FunctionId,
    function: &Function,
) -> Option<(FileId, u32)> {
    index
        .calls_of(id)
        .iter()
        .map(|&(file, number)| (file, &facts[&file].calls[number]))
        .find(|(file, call)| {
            let caller = match call.runner {
                Runner::Function(index) => resolver.function(FunctionId { file: *file, index }),
                Runner::Module | Runner::Class => None,
            };
            !matches!(call.callee, Callee::Super { .. })
                || caller.is_none_or(|caller| caller.name != function.name)
        })
        .map(|(file, call)| (file, call.line))
}

/// The first place in these files, by file, that is as asked.
fn first(
    facts: &ProjectFacts,
    files: &[FileId],
    find: impl Fn(&FileFacts) -> Option<u32>,
) -> Option<(FileId, u32)> {
    let found = files
        .iter()
        .filter_map(|file| Some((*file, find(&facts[file])?)));
    found.min()
}
