//! Propagation: which functions of the project become async, and what that takes at their callers.
//!
//! [`Propagation`] holds the facts of all files that have joined. [`Propagation::requirements`] turns them into the edges
//! and barriers of [`crate::solve::Graph`]; [`Propagation::recolour`] follows the taken units to the functions that become
//! async and lists the sites to write.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::resolve::{Called, ClassId, Resolver, UNKNOWN_BASE};
use crate::callgraph::{Call, Callee, Decorator, FileFacts, Function, Target, Usage, ValueKind};
use crate::codemod::USED_AS_VALUE;
use crate::colour;
use crate::index::Project;
use crate::semantic::Runner;
use crate::semantic::common::is_common_method;
use crate::solve::{Graph, KEEP_SYNC, MODULE_LEVEL, Node};
use crate::unit::{ColourSite, FileId, FunctionId, Holder, Reason};

/// A special method that Python calls without `await`.
pub static SPECIAL_METHOD: Reason = Reason {
    code: "special-method",
    message: "Python calls this special method itself, and does not await it",
    help: "move the blocking call into a method of another name",
};

/// A decorator that does not take coroutine functions, or is not known to.
pub static DECORATED: Reason = Reason {
    code: "decorated",
    message: "the function's decorator is not known to take a coroutine function",
    help: "remove the decorator, or call the blocking code outside of the decorated function",
};

/// A base class outside of the project may call the method.
pub static FOREIGN_BASE: Reason = Reason {
    code: "foreign-base",
    message: "the class derives from one outside of the project, which may define the method and call it without `await`",
    help: "move the blocking call out of the class, or into a method that the base cannot know",
};

/// A method of this name is called on something of unknown class.
pub static UNKNOWN_RECEIVER: Reason = Reason {
    code: "unknown-receiver",
    message: "a method of this name is called on an object of unknown class, so it is not certain which calls need `await`",
    help: "annotate the object with its class",
};

/// The function is a generator, and a consumer cannot take an async one.
pub static GENERATOR: Reason = Reason {
    code: "generator",
    message: "the function is a generator, and one of its consumers cannot iterate an async generator",
    help: "iterate it with a plain `for` statement or comprehension",
};

/// The generator returns a value or takes sent ones.
pub static GENERATOR_RESULT: Reason = Reason {
    code: "generator-result",
    message: "the generator returns a value, delegates with `yield from` or uses what is sent to it, which an async generator cannot",
    help: "pass the value in another way",
};

/// The generator cleans up when it is left.
pub static GENERATOR_CLEANUP: Reason = Reason {
    code: "generator-cleanup",
    message: "the generator yields inside `try` or `with`, and an async one that is left early would clean up later",
    help: "close it with `contextlib.aclosing`, by hand",
};

/// The function is a context manager, and something else than `with` takes it.
pub static CONTEXT_MANAGER: Reason = Reason {
    code: "context-manager",
    message: "the function is a context manager, and one of its uses is not an item of a `with` statement",
    help: "use it in a plain `with` statement",
};

/// StopIteration cannot leave a coroutine.
pub static STOP_ITERATION: Reason = Reason {
    code: "stop-iteration-contract",
    message: "the function may raise StopIteration, which cannot leave a coroutine",
    help: "return a sentinel instead",
};

/// The result of the function is awaited already.
pub static RETURNS_AWAITABLE: Reason = Reason {
    code: "returns-awaitable",
    message: "the function returns an awaitable, which its callers await",
    help: "make it `async def` by hand",
};

/// A console script calls the function.
pub static CONSOLE_SCRIPT: Reason = Reason {
    code: "console-script",
    message: "the project's metadata names the function as a script, and a script's function is not awaited",
    help: "let the script call a sync function that runs this one with `asyncio.run`",
};

/// pytest or unittest calls the function.
pub static TEST_FUNCTION: Reason = Reason {
    code: "test-function",
    message: "pytest calls the function, and does not await it without a plugin",
    help: "add pytest-asyncio to the project's requirements, and the test becomes async with its marker",
};

/// More than one event loop would run.
pub static SEVERAL_RUNS: Reason = Reason {
    code: "several-runs",
    message: "the script calls async functions in several places, and each `asyncio.run` would have a loop of its own",
    help: "move the calls into one `main()` function",
};

/// A function of this name is called through a module that was not found.
pub static UNRESOLVED_CALL: Reason = Reason {
    code: "unresolved-call",
    message: "a function of this name is called through a module that was not found in the project, or through one of several of its name",
    help: "run awaitify on the folder that the program is started from, or set `src` to it",
};

/// A file that cannot be parsed names the function.
pub static UNREAD_CALLER: Reason = Reason {
    code: "unread-caller",
    message: "a file that cannot be parsed names the function, so its calls there cannot be awaited",
    help: "mend the file, or exclude it if it is not part of the program",
};

/// A string names the function.
pub static NAMED_IN_STRING: Reason = Reason {
    code: "named-in-string",
    message: "a string in the project names the function, so it may be looked up and called where nobody awaits it",
    help: "import the function where it is used",
};

/// The function runs an event loop of its own.
pub static RUNS_LOOP: Reason = Reason {
    code: "runs-loop",
    message: "the function runs an event loop, which is an error where one runs already",
    help: "await what it runs instead",
};

/// An `await` would part a read from the write that depends on it.
pub static RACE: Reason = Reason {
    code: "race",
    message: "an `await` here would part a read of shared state from the write that depends on it, and another task may run in between",
    help: "await into a local name first, or hold an `asyncio.Lock`",
};

/// A member is looked up by a name that is made at run time.
pub static MADE_NAME: Reason = Reason {
    code: "made-name",
    message: "a member is looked up by a name that is made at run time, which may be this function's",
    help: "name the functions in a table, or pin the function with `keep-sync`",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &SPECIAL_METHOD,
    &DECORATED,
    &FOREIGN_BASE,
    &UNKNOWN_RECEIVER,
    &GENERATOR,
    &GENERATOR_RESULT,
    &GENERATOR_CLEANUP,
    &CONTEXT_MANAGER,
    &STOP_ITERATION,
    &RETURNS_AWAITABLE,
    &CONSOLE_SCRIPT,
    &TEST_FUNCTION,
    &SEVERAL_RUNS,
    &RUNS_LOOP,
    &RACE,
    &MADE_NAME,
    &NAMED_IN_STRING,
    &UNRESOLVED_CALL,
    &UNREAD_CALLER,
];

/// The facts of all files that have joined.
#[derive(Debug, Default)]
pub struct Propagation {
    /// By file.
    pub facts: FxHashMap<FileId, FileFacts>,
    /// The names of the functions that matter, as they are called anywhere: calls of other names need not be resolved.
    pub names: FxHashSet<String>,
    /// The files that hold such a name and cannot be parsed.
    pub unread: Vec<FileId>,
}

/// What propagation adds to a plan.
#[derive(Debug, Default)]
pub struct Recolour {
    /// The functions that become async.
    pub functions: FxHashSet<FunctionId>,
    /// The sites to write, by file.
    pub sites: FxHashMap<FileId, Vec<ColourSite>>,
    /// The names that the sites replace, by file.
    pub releases: FxHashMap<FileId, Vec<String>>,
    /// The files whose replaced names others may take from them: their imports stay.
    pub keep_imports: FxHashSet<FileId>,
}

/// Loads the facts of files that are not there yet.
pub trait Loader {
    /// The facts of these files; files that cannot be read are left out.
    fn load(&self, files: &[FileId]) -> Vec<(FileId, FileFacts)>;
    /// The files outside of `known` whose text holds one of these words.
    fn holding(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId>;
}

impl Propagation {
    /// Joins every file that calls, directly or through others, what these holders run.
    pub fn join(&mut self, project: &Project, holders: &[Holder], loader: &dyn Loader) {
        let mut tried: FxHashSet<FileId> = self.facts.keys().copied().collect();
        // What runs an event loop must not be called from what becomes async: its callers matter like those of a seed.
        let runs: Vec<String> = LOOP_RUNNERS
            .iter()
            .map(|name| (*name).to_string())
            .collect();
        let mut files = loader.holding(&runs, &tried);
        loop {
            files.sort_unstable();
            files.dedup();
            tried.extend(files.iter().copied());
            self.facts.extend(loader.load(&files));
            let unread = files.iter().filter(|file| !self.facts.contains_key(file));
            self.unread.extend(unread.copied());
            let (words, missing) = {
                let resolver = Resolver::new(project, &self.facts, &self.names);
                let index = CallIndex::new(&resolver, &self.facts, &self.names);
                let mut starts: Vec<FunctionId> = functions_of(holders);
                starts.extend(self.loop_runners());
                let is_blocked = |id: FunctionId| index.is_blocked(&resolver, id);
                let reached = index.reached(&resolver, &starts, &is_blocked);
                let mut words: FxHashSet<String> = reached
                    .iter()
                    .filter(|&&id| !is_blocked(id))
                    .filter_map(|&id| resolver.function(id))
                    .map(|function| function.name.clone())
                    .collect();
                words.extend(self.aliases());
                words.extend(resolver.wanted());
                // Files that know a function by another name.
                words.extend(
                    resolver
                        .renamed()
                        .into_iter()
                        .filter(|(id, ..)| reached.contains(id))
                        .map(|(_, _, name)| name.to_string()),
                );
                (words, resolver.missing())
            };
            let mut new: Vec<String> = words
                .into_iter()
                .filter(|word| !self.names.contains(word))
                .collect();
            new.sort_unstable();
            self.names.extend(new.iter().cloned());
            files = missing
                .into_iter()
                .filter(|file| !tried.contains(file))
                .collect();
            if !new.is_empty() {
                files.extend(loader.holding(&new, &tried));
            }
            // New names may resolve calls of files that are there already.
            if files.is_empty() && new.is_empty() {
                return;
            }
        }
    }

    /// The sync functions that run an event loop themselves.
    fn loop_runners(&self) -> Vec<FunctionId> {
        let mut found = Vec::new();
        for (&file, facts) in &self.facts {
            for (index, function) in facts.functions.iter().enumerate() {
                if function.runs_loop && !function.is_async {
                    found.push(FunctionId {
                        file,
                        index: index as u32,
                    });
                }
            }
        }
        found
    }

    /// Other names under which modules hand out what matters: `from .impl import _load as load`.
    fn aliases(&self) -> Vec<String> {
        self.facts
            .values()
            .flat_map(|facts| &facts.names)
            .filter(|(name, target)| match target {
                Target::Path(path) => {
                    let last = path.rsplit('.').next().unwrap_or(path);
                    last != name && self.names.contains(last)
                }
                _ => false,
            })
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Adds what the functions reachable from the graph's holders require, and their barriers. `describe` names a place.
    pub fn requirements(
        &self,
        project: &Project,
        graph: &mut Graph,
        rules: &Rules<'_>,
        describe: &Describe<'_>,
    ) {
        let resolver = Resolver::new(project, &self.facts, &self.names);
        let index = CallIndex::new(&resolver, &self.facts, &self.names);
        let holders: Vec<Holder> = graph.holders().collect();
        let mut functions: Vec<FunctionId> = index
            .reached(&resolver, &functions_of(&holders), &|id| {
                index.is_blocked(&resolver, id)
            })
            .into_iter()
            .collect();
        functions.sort_unstable();
        let entries = self.entries(&index, &functions, &resolver);
        let loops = self.running_loops(&index, &resolver);
        let late = self.late_cleanups(&index, &resolver);
        let mut with_lookups: Vec<FileId> = self
            .facts
            .iter()
            .filter(|(_, facts)| !facts.lookups.is_empty())
            .map(|(&file, _)| file)
            .collect();
        with_lookups.sort_unstable();
        let around = Surroundings {
            project,
            resolver: &resolver,
            rules,
            loops: &loops,
            late: &late,
            with_lookups: &with_lookups,
        };
        let dotted: Vec<String> = functions
            .iter()
            .map(|&id| {
                let function = resolver
                    .function(id)
                    .map_or("", |function| function.qualified_name.as_str());
                format!("{}.{function}", project.file(id.file).module.name)
            })
            .collect();
        let quoted = (rules.quoted)(&dotted);
        let names: Vec<String> = functions
            .iter()
            .map(|&id| match resolver.function(id) {
                Some(function) if function.class.is_some() => format!(".{}", function.name),
                Some(function) => function.name.clone(),
                None => String::new(),
            })
            .collect();
        let unread = if self.unread.is_empty() {
            Places::default()
        } else {
            (rules.held)(&self.unread, &names)
        };
        self.renamed_barriers(&around, &functions, graph);
        for (number, id) in functions.into_iter().enumerate() {
            let Some(function) = resolver.function(id) else {
                continue;
            };
            let node = Node::Holder(Holder::Function(id));
            if !function.is_async
                && let Some(place) = unread.get(&number)
            {
                graph.barrier(node, &UNREAD_CALLER, Some(place.clone()));
            }
            if !function.is_async
                && let Some(place) = quoted.get(&number)
            {
                graph.barrier(node, &NAMED_IN_STRING, Some(place.clone()));
            }
            if function.is_async {
                continue;
            }
            if let Some((reason, detail)) = self.intrinsic_barrier(&around, id, function) {
                graph.barrier(node, reason, detail);
                continue;
            }
            let shape = Shape::of(function);
            for other in resolver.family(id).into_iter().chain(index.peers_of(id)) {
                graph.require(node, Node::Holder(Holder::Function(other)));
                // One call may reach both, and it is written in one way.
                if let Some(other) = resolver.function(other)
                    && Shape::of(other) != shape
                {
                    let reason = match (shape, Shape::of(other)) {
                        (Shape::ContextManager, _) | (_, Shape::ContextManager) => &CONTEXT_MANAGER,
                        _ => &GENERATOR,
                    };
                    let detail = format!("`{}` is of another kind", other.qualified_name);
                    graph.barrier(node, reason, Some(detail));
                }
            }
            for &(file, call) in index.calls_of(id) {
                let call = &self.facts[&file].calls[call];
                let holder = holder(file, call.runner);
                match self.call_requirement(function, call, rules) {
                    Ok(()) if call.runner == Runner::Module => {
                        match self.entry_barrier(file, call, &entries, rules, shape) {
                            None => {}
                            Some(reason) => {
                                graph.barrier(node, reason, Some(describe(file, call.line)))
                            }
                        }
                    }
                    Ok(()) => graph.require(node, Node::Holder(holder)),
                    Err(reason) => graph.barrier(node, reason, Some(describe(file, call.line))),
                }
            }
            if let Some(&(file, line)) = index.values_of(id).first() {
                graph.barrier(node, &USED_AS_VALUE, Some(describe(file, line)));
            }
            if function.class.is_none()
                && let Some(&(file, line)) = index
                    .unresolved
                    .get(&function.name)
                    .and_then(|places| places.first())
            {
                graph.barrier(node, &UNRESOLVED_CALL, Some(describe(file, line)));
            }
            if function.class.is_none()
                && let Some(&(file, line)) = index
                    .taken
                    .get(&function.name)
                    .and_then(|places| places.first())
            {
                graph.barrier(node, &USED_AS_VALUE, Some(describe(file, line)));
            }
            // Nobody calls it here, and its name is one that the methods of files, streams and clients have: whoever is
            // handed the object may. A user who names it knows better. A call of what it overrides is one of it.
            if function.class.is_some()
                && is_common_method(&function.name)
                && std::iter::once(id)
                    .chain(resolver.family(id))
                    .all(|id| index.calls_of(id).is_empty() && !rules.named.contains(&id))
            {
                let detail = format!(
                    "no call of `{}` is in sight; `--make-async` takes it",
                    function.qualified_name
                );
                graph.barrier(node, &UNKNOWN_RECEIVER, Some(detail));
            }
            if let Some(&(file, line)) = index
                .unknown_receivers(resolver.stored_name(id, function))
                .first()
                && function.class.is_some()
            {
                graph.barrier(node, &UNKNOWN_RECEIVER, Some(describe(file, line)));
            }
        }
    }

    /// The other names of functions are looked up and named in strings and metadata too.
    fn renamed_barriers(
        &self,
        around: &Surroundings<'_>,
        functions: &[FunctionId],
        graph: &mut Graph,
    ) {
        let mut renamed = around.resolver.renamed();
        renamed.retain(|(id, ..)| functions.binary_search(id).is_ok());
        let dotted: Vec<String> = renamed
            .iter()
            .map(|(_, file, name)| format!("{}.{name}", around.project.file(*file).module.name))
            .collect();
        let quoted = (around.rules.quoted)(&dotted);
        for (number, &(id, file, name)) in renamed.iter().enumerate() {
            if around
                .resolver
                .function(id)
                .is_none_or(|function| function.is_async)
            {
                continue;
            }
            let node = Node::Holder(Holder::Function(id));
            let module = &around.project.file(file).module.name;
            let script = format!("{module}:{name}");
            if let Some(place) = quoted.get(&number) {
                graph.barrier(node, &NAMED_IN_STRING, Some(place.clone()));
            } else if around.rules.scripts.contains(&script) {
                graph.barrier(node, &CONSOLE_SCRIPT, Some(format!("`{script}`")));
            }
            for &other in around.with_lookups {
                for lookup in &self.facts[&other].lookups {
                    let is_module = match &lookup.of {
                        None => !lookup.prefix.is_empty(),
                        Some(crate::callgraph::Type::Path(path)) => {
                            around.resolver.is_module(path, file)
                        }
                        Some(_) => false,
                    };
                    if is_module && name.starts_with(lookup.prefix.as_str()) {
                        let place = format!("{}:{}", around.project.file(other).name, lookup.line);
                        graph.barrier(node, &MADE_NAME, Some(place));
                    }
                }
            }
        }
    }

    /// Whether a call can be awaited, apart from what runs it.
    fn call_requirement(
        &self,
        function: &Function,
        call: &Call,
        rules: &Rules<'_>,
    ) -> Result<(), &'static Reason> {
        if call.is_race && !rules.allow_unsafe {
            return Err(&RACE);
        }
        match call.usage {
            Usage::Awaited | Usage::Coroutine => Err(&RETURNS_AWAITABLE),
            _ if Shape::of(function) != Shape::Plain => match Shape::of(function).sites(call) {
                Some(Ok(_)) => Ok(()),
                Some(Err(reason)) => Err(reason),
                None if function.context_manager.is_some() => Err(&CONTEXT_MANAGER),
                None => Err(&GENERATOR),
            },
            Usage::Value
            | Usage::With(..)
            | Usage::Iterated(_)
            | Usage::Collected
            | Usage::Delegated(_) => match (&call.placement, call.runner) {
                (Ok(_), Runner::Class) => Err(&colour::CLASS_BODY),
                (Ok(_), Runner::Module | Runner::Function(_)) => Ok(()),
                (Err(reason), _) => Err(reason),
            },
        }
    }

    /// Why a call at module level cannot be run: a program has one event loop, where it begins.
    fn entry_barrier(
        &self,
        file: FileId,
        call: &Call,
        entries: &Entries,
        rules: &Rules<'_>,
        shape: Shape,
    ) -> Option<&'static Reason> {
        let Some(entry) = call.entry else {
            return Some(&MODULE_LEVEL);
        };
        let facts = &self.facts[&file];
        let count = entries.get(&(file, entry.guard)).map_or(0, FxHashSet::len);
        match entry.guard {
            Some(guard) => {
                let guard = &facts.guards[guard as usize];
                if guard.runs_loop || facts.runs_loop {
                    return Some(&SEVERAL_RUNS);
                }
                // `asyncio.run` takes neither an async generator nor a context manager.
                if shape != Shape::Plain && !guard.is_movable {
                    return Some(&MODULE_LEVEL);
                }
                (!guard.is_movable && (count > 1 || entry.repeated)).then_some(&SEVERAL_RUNS)
            }
            None if shape != Shape::Plain => Some(&MODULE_LEVEL),
            None if !(rules.is_script)(file) => Some(&MODULE_LEVEL),
            None => {
                let others = facts.runs_loop || facts.guards.iter().any(|guard| guard.runs_loop);
                let guarded = entries
                    .keys()
                    .any(|(other, guard)| *other == file && guard.is_some());
                (count > 1 || entry.repeated || others || guarded).then_some(&SEVERAL_RUNS)
            }
        }
    }

    /// The calls at module level of these functions, by file and guard.
    fn entries(
        &self,
        index: &CallIndex,
        functions: &[FunctionId],
        resolver: &Resolver<'_>,
    ) -> Entries {
        let mut entries = Entries::default();
        for &id in functions {
            if resolver
                .function(id)
                .is_none_or(|function| function.is_async)
            {
                continue;
            }
            for &(file, number) in index.calls_of(id) {
                let call = &self.facts[&file].calls[number];
                if let Some(entry) = call.entry {
                    entries
                        .entry((file, entry.guard))
                        .or_default()
                        .insert(number);
                }
            }
        }
        entries
    }

    /// The functions that run an event loop, themselves or through sync functions that they call: none of them may be
    /// called where a loop runs. Each with the function that it is through.
    fn running_loops(
        &self,
        index: &CallIndex,
        resolver: &Resolver<'_>,
    ) -> FxHashMap<FunctionId, Option<String>> {
        let mut loops: FxHashMap<FunctionId, Option<String>> = FxHashMap::default();
        let mut pending: Vec<(FunctionId, Option<String>)> = Vec::new();
        for (&file, facts) in &self.facts {
            for (number, function) in facts.functions.iter().enumerate() {
                if function.runs_loop && !function.is_async {
                    pending.push((
                        FunctionId {
                            file,
                            index: number as u32,
                        },
                        None,
                    ));
                }
            }
        }
        pending.sort_by_key(|(id, _)| *id);
        while let Some((id, through)) = pending.pop() {
            if loops.contains_key(&id) {
                continue;
            }
            let Some(function) = resolver.function(id) else {
                continue;
            };
            let name = Some(format!("through `{}`", function.qualified_name));
            for &(file, call) in index.calls_of(id) {
                if let Runner::Function(caller) = self.facts[&file].calls[call].runner {
                    let caller = FunctionId {
                        file,
                        index: caller,
                    };
                    if resolver
                        .function(caller)
                        .is_some_and(|caller| !caller.is_async)
                    {
                        pending.push((caller, name.clone()));
                    }
                }
            }
            loops.insert(id, through);
        }
        loops
    }

    /// The generators that iterate one which cleans up when it is left, each with that one: it is left with them.
    fn late_cleanups(
        &self,
        index: &CallIndex,
        resolver: &Resolver<'_>,
    ) -> FxHashMap<FunctionId, String> {
        let mut late: FxHashMap<FunctionId, String> = FxHashMap::default();
        let mut pending: Vec<(FunctionId, String)> = index
            .calls
            .keys()
            .filter_map(|&id| {
                let function = resolver.function(id)?;
                (function.generator_cleanup && Shape::of(function) == Shape::Generator)
                    .then(|| (id, function.qualified_name.clone()))
            })
            .collect();
        pending.sort_unstable();
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        while let Some((id, name)) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            for &(file, call) in index.calls_of(id) {
                let call = &self.facts[&file].calls[call];
                let Runner::Function(caller) = call.runner else {
                    continue;
                };
                let caller = FunctionId {
                    file,
                    index: caller,
                };
                let iterates = matches!(call.usage, Usage::Iterated(_) | Usage::Delegated(_));
                if iterates
                    && resolver
                        .function(caller)
                        .is_some_and(|caller| Shape::of(caller) == Shape::Generator)
                {
                    late.entry(caller).or_insert_with(|| name.clone());
                    pending.push((caller, name.clone()));
                }
            }
        }
        late
    }

    /// The place where a member is looked up by a made name that may be this function's.
    fn looked_up(
        &self,
        with_lookups: &[FileId],
        resolver: &Resolver<'_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(FileId, u32)> {
        for &file in with_lookups {
            for lookup in &self.facts[&file].lookups {
                if !function.name.starts_with(lookup.prefix.as_str()) {
                    continue;
                }
                let matches = match &lookup.of {
                    None => !lookup.prefix.is_empty(),
                    Some(type_) => match resolver.class_of(file, type_) {
                        Ok(class) => resolver.method(class, &function.name).is_some_and(|found| {
                            found == id || resolver.family(id).contains(&found)
                        }),
                        // A module: its own functions.
                        Err(_) => match type_ {
                            crate::callgraph::Type::Path(path) => {
                                function.class.is_none() && resolver.is_module(path, id.file)
                            }
                            _ => false,
                        },
                    },
                };
                if matches {
                    return Some((file, lookup.line));
                }
            }
        }
        None
    }

    /// Why a function cannot become async whoever calls it.
    fn intrinsic_barrier(
        &self,
        around: &Surroundings<'_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(&'static Reason, Option<String>)> {
        if function.is_lambda {
            return Some((&colour::LAMBDA, None));
        }
        if function.keep_sync {
            return Some((&KEEP_SYNC, None));
        }
        if function.name.starts_with("__") && function.name.ends_with("__") {
            return Some((
                &SPECIAL_METHOD,
                Some(format!("`{}`", function.qualified_name)),
            ));
        }
        if let Some(line) = around.loops.get(&id) {
            return Some((&RUNS_LOOP, line.clone()));
        }
        if let Some((file, line)) =
            self.looked_up(around.with_lookups, around.resolver, id, function)
        {
            return Some((
                &MADE_NAME,
                Some(format!("{}:{line}", around.project.file(file).name)),
            ));
        }
        if function.generator_result {
            return Some((&GENERATOR_RESULT, None));
        }
        if let Some(Err(reason)) = function.context_manager {
            return Some((reason, None));
        }
        // With `async with` the clean-up of a context manager runs at the same place.
        if function.is_generator
            && function.generator_cleanup
            && Shape::of(function) != Shape::ContextManager
        {
            return Some((&GENERATOR_CLEANUP, None));
        }
        if Shape::of(function) == Shape::Generator
            && let Some(other) = around.late.get(&id)
        {
            return Some((&GENERATOR_CLEANUP, Some(format!("through `{other}`"))));
        }
        if function.stop_iteration {
            return Some((&STOP_ITERATION, None));
        }
        let opaque = function
            .decorators
            .iter()
            .find(|decorator| match Shape::of(function) {
                Shape::ContextManager => !goes_with_context_manager(decorator),
                Shape::Plain | Shape::Generator => !takes_coroutine_functions(decorator),
            });
        if let Some(decorator) = opaque {
            let detail = match &decorator.target {
                Target::Path(path) => Some(format!("`{}`", path.trim_start_matches("builtins."))),
                _ => None,
            };
            return Some((&DECORATED, detail));
        }
        if let Some(class) = function.class
            && let Some(base) = around.resolver.foreign_base(ClassId {
                file: id.file,
                index: class,
            })
        {
            return Some((&FOREIGN_BASE, Some(format!("`{base}`"))));
        }
        let file = around.project.file(id.file);
        let script = format!("{}:{}", file.module.name, function.qualified_name);
        if around.rules.scripts.contains(&script) {
            return Some((&CONSOLE_SCRIPT, Some(format!("`{script}`"))));
        }
        if is_test(&file.name, function) && around.rules.tests == TestRunner::Sync {
            return Some((&TEST_FUNCTION, None));
        }
        None
    }

    /// The functions that become async for these holders, and the sites that this takes.
    pub fn recolour(&self, holders: &[Holder], project: &Project, tests: TestRunner) -> Recolour {
        let resolver = Resolver::new(project, &self.facts, &self.names);
        let index = CallIndex::new(&resolver, &self.facts, &self.names);
        let mut recolour = Recolour::default();
        let mut functions: Vec<FunctionId> = index
            .reached(&resolver, &functions_of(holders), &|_| false)
            .into_iter()
            .filter(|&id| {
                resolver
                    .function(id)
                    .is_some_and(|function| !function.is_async)
            })
            .collect();
        functions.sort_unstable();
        let entries = self.entries(&index, &functions, &resolver);
        // More than one call at the beginning of a program: its guard becomes a function.
        let mut moved: FxHashSet<(FileId, Option<u32>)> = FxHashSet::default();
        // What is iterated or entered there cannot be run.
        let mut entered: FxHashSet<(FileId, Option<u32>)> = FxHashSet::default();
        for &id in &functions {
            let shape = resolver.function(id).map(Shape::of);
            if shape.is_none_or(|shape| shape == Shape::Plain) {
                continue;
            }
            for &(file, call) in index.calls_of(id) {
                if let Some(entry) = self.facts[&file].calls[call].entry {
                    entered.insert((file, entry.guard));
                }
            }
        }
        for (&(file, guard), calls) in &entries {
            let Some(guard_number) = guard else { continue };
            let repeated = calls.iter().any(|&call| {
                self.facts[&file].calls[call]
                    .entry
                    .is_some_and(|entry| entry.repeated)
            });
            let guard_facts = &self.facts[&file].guards[guard_number as usize];
            let must_move = calls.len() > 1 || repeated || entered.contains(&(file, guard));
            if must_move && guard_facts.is_movable {
                moved.insert((file, guard));
                recolour
                    .sites
                    .entry(file)
                    .or_default()
                    .push(ColourSite::Main {
                        node: guard_facts.node,
                    });
            }
        }
        for id in functions {
            let Some(function) = resolver.function(id) else {
                continue;
            };
            recolour.functions.insert(id);
            if tests == TestRunner::Strict && is_test(&project.file(id.file).name, function) {
                let mark = ColourSite::PytestMark {
                    node: function.node,
                };
                recolour.sites.entry(id.file).or_default().push(mark);
            }
            if !function.releases.is_empty() {
                let names = recolour.releases.entry(id.file).or_default();
                names.extend(function.releases.iter().cloned());
            }
            let shape = Shape::of(function);
            let sites = recolour.sites.entry(id.file).or_default();
            sites.push(ColourSite::Def {
                node: function.node,
            });
            sites.extend(
                function
                    .delegations
                    .iter()
                    .map(|&statement| ColourSite::Delegate { statement }),
            );
            sites.extend(
                function
                    .yields
                    .map(|annotation| ColourSite::Yields { annotation }),
            );
            if let Some(Ok(decorator)) = function.context_manager {
                sites.push(ColourSite::ContextManager { decorator });
            }
            for &(file, call) in index.calls_of(id) {
                let call = &self.facts[&file].calls[call];
                let sites = recolour.sites.entry(file).or_default();
                match () {
                    () if call
                        .entry
                        .is_some_and(|entry| !moved.contains(&(file, entry.guard))) =>
                    {
                        sites.push(ColourSite::Run { node: call.node });
                    }
                    () if shape != Shape::Plain => {
                        if let Some(Ok(placed)) = shape.sites(call) {
                            sites.extend(placed);
                        }
                    }
                    () => sites.extend(call.placement.iter().flatten()),
                }
            }
        }
        recolour
    }
}

/// Names a place for people.
pub type Describe<'d> = dyn Fn(FileId, u32) -> String + 'd;

/// What a function is looked at with.
struct Surroundings<'s> {
    project: &'s Project,
    resolver: &'s Resolver<'s>,
    rules: &'s Rules<'s>,
    /// See [`Propagation::running_loops`].
    loops: &'s FxHashMap<FunctionId, Option<String>>,
    /// See [`Propagation::late_cleanups`].
    late: &'s FxHashMap<FunctionId, String>,
    /// The files that look members up by made names.
    with_lookups: &'s [FileId],
}

/// The calls at module level, by file and guard.
type Entries = FxHashMap<(FileId, Option<u32>), FxHashSet<usize>>;

/// Where names were found: by the number of the name, `file:line`.
pub type Places = FxHashMap<usize, String>;

/// What the propagation needs to know from outside of the call graph.
pub struct Rules<'r> {
    /// The functions that the project's metadata names as scripts.
    pub scripts: &'r FxHashSet<String>,
    /// Whether a file is run and never imported.
    pub is_script: &'r dyn Fn(FileId) -> bool,
    /// Whether changes that may differ are taken.
    pub allow_unsafe: bool,
    /// What runs the tests.
    pub tests: TestRunner,
    /// Which of these dotted names stand in a string somewhere in the project, each with its place.
    pub quoted: &'r dyn Fn(&[String]) -> Places,
    /// Which of these names stand in one of these files, each with the file.
    pub held: &'r dyn Fn(&[FileId], &[String]) -> Places,
    /// The functions that the user wants async, by name.
    pub named: &'r FxHashSet<FunctionId>,
}

/// What runs an event loop to the end, as it stands in a text.
const LOOP_RUNNERS: &[&str] = &[
    "asyncio.run",
    "uvloop.run",
    "anyio.run",
    "trio.run",
    "run_until_complete",
    "run_forever",
    "async_to_sync",
];

fn functions_of(holders: &[Holder]) -> Vec<FunctionId> {
    holders
        .iter()
        .filter_map(|holder| match holder {
            Holder::Function(id) => Some(*id),
            Holder::Module(_) | Holder::Class(_) => None,
        })
        .collect()
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
}

/// Whether pytest collects a function as a test, by its name and its file's.
fn is_test(file: &str, function: &Function) -> bool {
    let stem = file.rsplit('/').next().unwrap_or(file);
    (stem.starts_with("test_") || stem.ends_with("_test.py"))
        && function.name.starts_with("test")
        && function.outer.is_none()
}

/// What holds the code that a runner runs.
pub fn holder(file: FileId, runner: Runner) -> Holder {
    match runner {
        Runner::Function(index) => Holder::Function(FunctionId { file, index }),
        Runner::Module => Holder::Module(file),
        Runner::Class => Holder::Class(file),
    }
}

/// What a call of a function gives, and so how a caller takes it once the function is async.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Something to await.
    Plain,
    /// Something to iterate.
    Generator,
    /// Something to enter.
    ContextManager,
}

impl Shape {
    fn of(function: &Function) -> Self {
        match function {
            Function {
                context_manager: Some(_),
                ..
            } => Self::ContextManager,
            Function {
                is_generator: true, ..
            } => Self::Generator,
            _ => Self::Plain,
        }
    }

    /// What to write at a call; `None` where the call is not used as one of a function of this kind must be.
    fn sites(self, call: &Call) -> Option<Result<&[ColourSite], &'static Reason>> {
        let is_entered = matches!(call.usage, Usage::With(..));
        match self {
            Self::Plain => None,
            Self::Generator if is_entered => None,
            Self::ContextManager if !is_entered => None,
            Self::Generator | Self::ContextManager => call
                .consumed
                .as_ref()
                .map(|sites| sites.as_deref().map_err(|reason| *reason)),
        }
    }
}

/// Decorators round `contextmanager` that do not look at the function.
fn goes_with_context_manager(decorator: &Decorator) -> bool {
    matches!(&decorator.target, Target::Path(path) if matches!(
        path.as_str(),
        "contextlib.contextmanager"
            | "builtins.staticmethod"
            | "builtins.classmethod"
            | "abc.abstractmethod"
            | "typing.override"
            | "typing_extensions.override"
            | "typing.final"
    ))
}

/// Decorators that hand a coroutine function through, or know it.
fn takes_coroutine_functions(decorator: &Decorator) -> bool {
    let Target::Path(path) = &decorator.target else {
        return false;
    };
    matches!(
        path.as_str(),
        "builtins.staticmethod"
            | "builtins.classmethod"
            | "abc.abstractmethod"
            | "typing.override"
            | "typing_extensions.override"
            | "typing.final"
            | "typing.overload"
            | "typing.no_type_check"
            | "functools.wraps"
            | "tenacity.retry"
            | "backoff.on_exception"
            | "backoff.on_predicate"
            | "pytest.mark.parametrize"
            | "warnings.deprecated"
            | "typing_extensions.deprecated"
    )
}

/// A private name as it is written: `__step` for `_Client__step`.
fn unmangled(name: &str) -> &str {
    match name.strip_prefix('_').and_then(|rest| rest.find("__")) {
        Some(at) if at > 0 => &name[at + 1..],
        _ => name,
    }
}

/// Whether a callee may be one of the functions that matter, by name: all others need not be resolved.
fn is_wanted(facts: &FileFacts, callee: &Callee, names: &FxHashSet<String>) -> bool {
    match callee {
        Callee::Target(Target::Function(index)) => facts
            .functions
            .get(*index as usize)
            .is_some_and(|function| names.contains(&function.name)),
        Callee::Target(Target::Path(path)) => path.split('.').any(|part| names.contains(part)),
        Callee::Target(Target::Class(_) | Target::Unknown) | Callee::UnknownValue => false,
        Callee::Method { name, .. }
        | Callee::Super { name, .. }
        | Callee::UnknownMethod { name } => names.contains(name) || names.contains(unmangled(name)),
    }
}

/// Calls and value uses by function.
pub(crate) struct CallIndex {
    /// Methods that one call may reach: they have one colour.
    peers: FxHashMap<FunctionId, Vec<FunctionId>>,
    calls: FxHashMap<FunctionId, Vec<(FileId, usize)>>,
    values: FxHashMap<FunctionId, Vec<(FileId, u32)>>,
    unknown: FxHashMap<String, Vec<(FileId, u32)>>,
    /// Calls of this name through a module that was not found.
    unresolved: FxHashMap<String, Vec<(FileId, u32)>>,
    /// Members of this name that are taken from something unknown without a call: `getattr(module, "load")`.
    taken: FxHashMap<String, Vec<(FileId, u32)>>,
}

impl CallIndex {
    pub(crate) fn new(
        resolver: &Resolver<'_>,
        facts: &FxHashMap<FileId, FileFacts>,
        names: &FxHashSet<String>,
    ) -> Self {
        let mut index = Self {
            peers: FxHashMap::default(),
            calls: FxHashMap::default(),
            values: FxHashMap::default(),
            unknown: FxHashMap::default(),
            unresolved: FxHashMap::default(),
            taken: FxHashMap::default(),
        };
        let mut files: Vec<FileId> = facts.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            let of_file = &facts[&file];
            for (number, call) in of_file.calls.iter().enumerate() {
                // What a generator iterates decides whether it has something to clean up, whatever its name.
                let is_iterated_by_generator = matches!(
                    call.usage,
                    Usage::Iterated(_) | Usage::Delegated(..)
                ) && matches!(call.runner, Runner::Function(index)
                        if of_file.functions.get(index as usize).is_some_and(|function| function.is_generator));
                if !is_iterated_by_generator && !is_wanted(of_file, &call.callee, names) {
                    continue;
                }
                match resolver.called(file, &call.callee) {
                    Called::Functions(functions) => {
                        for pair in functions.windows(2) {
                            index.peers.entry(pair[0]).or_default().push(pair[1]);
                            index.peers.entry(pair[1]).or_default().push(pair[0]);
                        }
                        for function in functions {
                            index
                                .calls
                                .entry(function)
                                .or_default()
                                .push((file, number));
                        }
                    }
                    Called::Method(name) => index
                        .unknown
                        .entry(name)
                        .or_default()
                        .push((file, call.line)),
                    Called::Unresolved(name) => {
                        let place = (file, call.line);
                        index
                            .unresolved
                            .entry(name.clone())
                            .or_default()
                            .push(place);
                        index.unknown.entry(name).or_default().push(place);
                    }
                    Called::AttributeOf(function) => {
                        index
                            .values
                            .entry(function)
                            .or_default()
                            .push((file, call.line));
                    }
                    Called::Nothing | Called::Unknown => {}
                }
            }
            for value in of_file
                .values
                .iter()
                .filter(|value| value.kind != ValueKind::TakesCoroutine)
            {
                if !is_wanted(of_file, &value.callee, names) {
                    continue;
                }
                let is_identity = value.kind == ValueKind::Identity;
                match resolver.called(file, &value.callee) {
                    Called::Functions(functions) => {
                        for function in functions {
                            // At the end of a path a property is read, whatever becomes of the value.
                            let is_plain = resolver
                                .function(function)
                                .is_some_and(|function| function.class.is_none());
                            if is_identity && is_plain {
                                continue;
                            }
                            index
                                .values
                                .entry(function)
                                .or_default()
                                .push((file, value.line));
                        }
                    }
                    _ if is_identity => {}
                    Called::Method(name) | Called::Unresolved(name) => {
                        index
                            .taken
                            .entry(name.clone())
                            .or_default()
                            .push((file, value.line));
                        index
                            .unknown
                            .entry(name)
                            .or_default()
                            .push((file, value.line));
                    }
                    Called::AttributeOf(function) => {
                        index
                            .values
                            .entry(function)
                            .or_default()
                            .push((file, value.line));
                    }
                    Called::Nothing | Called::Unknown => {
                        if let Callee::UnknownMethod { name } = &value.callee {
                            index
                                .unknown
                                .entry(name.clone())
                                .or_default()
                                .push((file, value.line));
                        }
                    }
                }
            }
        }
        index
    }

    pub(crate) fn calls_of(&self, id: FunctionId) -> &[(FileId, usize)] {
        self.calls.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn peers_of(&self, id: FunctionId) -> impl Iterator<Item = FunctionId> + '_ {
        self.peers.get(&id).into_iter().flatten().copied()
    }

    fn values_of(&self, id: FunctionId) -> &[(FileId, u32)] {
        self.values.get(&id).map_or(&[], Vec::as_slice)
    }

    fn unknown_receivers(&self, name: &str) -> &[(FileId, u32)] {
        self.unknown.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a function is a barrier by what is known of it alone, or by a use that is known already.
    fn is_blocked(&self, resolver: &Resolver<'_>, id: FunctionId) -> bool {
        let Some(function) = resolver.function(id) else {
            return true;
        };
        function.is_lambda
            || function.keep_sync
            || function.name.starts_with("__") && function.name.ends_with("__")
            || function.generator_result
            || function.stop_iteration
            || function
                .decorators
                .iter()
                .any(|decorator| match Shape::of(function) {
                    Shape::ContextManager => !goes_with_context_manager(decorator),
                    Shape::Plain | Shape::Generator => !takes_coroutine_functions(decorator),
                })
            || !self.values_of(id).is_empty()
            || function
                .class
                .and_then(|class| {
                    resolver.foreign_base(ClassId {
                        file: id.file,
                        index: class,
                    })
                })
                // A base that is not known yet may be one of the project.
                .is_some_and(|base| base != UNKNOWN_BASE)
    }

    /// The functions that must be async if these are: they, their callers, their families. Async functions are in
    /// it, but nothing is required of their callers.
    fn reached(
        &self,
        resolver: &Resolver<'_>,
        starts: &[FunctionId],
        is_blocked: &dyn Fn(FunctionId) -> bool,
    ) -> FxHashSet<FunctionId> {
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let mut pending: Vec<FunctionId> = starts.to_vec();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(function) = resolver.function(id) else {
                continue;
            };
            // Nothing above a barrier can become async because of what is below it.
            if function.is_async || is_blocked(id) {
                continue;
            }
            pending.extend(resolver.family(id));
            pending.extend(self.peers_of(id));
            for &(file, call) in self.calls_of(id) {
                let Some(call) = resolver.call(file, call) else {
                    continue;
                };
                if let Runner::Function(index) = call.runner {
                    pending.push(FunctionId { file, index });
                }
            }
        }
        seen
    }
}
