//! Exceptions that a migrated function no longer raises, and the handlers in other functions that wait for them.
//!
//! A unit that moves a function from `requests` to another library also moves its exceptions. The codemod maps the
//! handlers round its own calls. What it cannot see is everything else: a caller that catches `requests.HTTPError` from a
//! function that now raises something else, and a mapped handler whose `try` also calls a function that still raises the
//! old kind. Both would go wrong in silence, so the unit is left.
//!
//! Calls are matched by their last name, over all files that can matter: too much is found, never too little, apart from
//! calls through names that are made up at run time.

use std::collections::VecDeque;
use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::doubles;
use crate::judges::{self, Judges};
use crate::semantic::common::is_common_method;
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::{FileId, Reason};

/// A handler elsewhere waits for the old exceptions.
pub static CAUGHT_ELSEWHERE: Reason = Reason {
    code: "caught-elsewhere",
    message: "another function catches the old exceptions of this one, and would miss the new ones",
    help: "catch both kinds there, or handle the error in the function itself",
};

/// A function that keeps the old exceptions is called in a `try` that would wait for the new ones.
pub static MIXED_TRY: Reason = Reason {
    code: "mixed-try",
    message: "the `try` round the call also calls a function that may still raise the old exceptions, which its handlers would then miss",
    help: "split the `try`, or migrate both functions",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&CAUGHT_ELSEWHERE, &MIXED_TRY];

/// What one file tells about one family of exceptions (`requests`).
#[derive(Debug, Default)]
pub struct Facts {
    /// For each function (by number; the module level last): its last name, the last names that it calls, whether it names
    /// the family at all.
    functions: Vec<FunctionFacts>,
    handlers: Vec<Handler>,
    judges: Judges,
    /// The line of each judge: functions and constants.
    lines: FxHashMap<NodeId, usize>,
}

#[derive(Debug, Default)]
struct FunctionFacts {
    name: String,
    /// The class that it is a method of; empty for others.
    class: String,
    /// Its 1-based line.
    line: usize,
    calls: FxHashSet<String>,
    uses_family: bool,
    decorated: bool,
}

/// A `try` with a handler for the family, or for what its members are by inheritance.
#[derive(Debug)]
struct Handler {
    /// The statement: a `try`, a `with`, a decorated function.
    node: NodeId,
    /// The function that it stands in; `None` at module level.
    function: Option<u32>,
    /// The span of the `try` body.
    body: TextRange,
    /// The last names that the body calls; a call of a parameter or another unknown is `*`.
    calls: FxHashSet<String>,
    /// 1-based line of the `try`.
    line: usize,
    /// The context manager whose `yield` stands in the body.
    manager: Option<String>,
    /// The last names of what is caught and not known: constants that may hold the family.
    constants: Vec<String>,
    /// Whether it waits for the family by name.
    is_certain: bool,
}

/// What the units change in a file.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'c> {
    /// The nodes that change because a function becomes async: calls, loops and `with` statements.
    pub nodes: &'c FxHashSet<NodeId>,
    /// The spans of the names that another one takes the place of.
    pub names: &'c FxHashSet<TextRange>,
}

impl Facts {
    /// Reads the facts of a file. `family` is the module at the root of the exceptions' names; whatever inherits from
    /// `OSError` is caught by that name too.
    pub fn new(model: &Model<'_>, family: &str, changed: &Changed<'_>) -> Self {
        let changing = changed.nodes;
        let functions = model.scopes.functions();
        let ends: Vec<usize> = memchr::memchr_iter(b'\n', model.text.as_bytes()).collect();
        let line = |node: NodeId| {
            let at = model.nodes.range(node).start().to_usize();
            ends.partition_point(|&end| end < at) + 1
        };
        let mut facts = Self {
            functions: functions
                .iter()
                .map(|function| FunctionFacts {
                    class: class_of(&function.qualified_name).to_string(),
                    line: line(function.node),
                    name: function
                        .definition
                        .map_or_else(String::new, |definition| definition.name.to_string()),
                    decorated: function
                        .definition
                        .is_some_and(|definition| !definition.decorator_list.is_empty()),
                    ..FunctionFacts::default()
                })
                .chain(std::iter::once(FunctionFacts::default()))
                .collect(),
            handlers: Vec::new(),
            judges: Judges::new(model, family, changed.names, &|body| {
                let mut calls = Calls {
                    model,
                    family,
                    changing,
                    names: FxHashSet::default(),
                };
                calls.visit_body(body);
                calls.names
            }),
            lines: FxHashMap::default(),
        };
        let judged = facts.judges.functions.values();
        let judged = judged.chain(facts.judges.constants.values());
        facts.lines = judged.map(|&node| (node, line(node))).collect();
        let module = functions.len();
        for number in 0..model.nodes.len() as u32 {
            let id = NodeId(number);
            match model.nodes.get(id) {
                AnyNodeRef::ExprCall(call) => {
                    if let Some(name) = called_name(model, call, family, changing) {
                        let at = index_of(model, id, module);
                        facts.functions[at].calls.insert(name);
                    }
                }
                // `raise ApiError`, which is not called.
                AnyNodeRef::StmtRaise(raise) => {
                    if let Some(Expr::Name(name)) = raise.exc.as_deref() {
                        let at = index_of(model, id, module);
                        facts.functions[at].calls.insert(name.id.to_string());
                    }
                }
                AnyNodeRef::ExprName(name) => {
                    let meaning = model.meaning_of(name.into());
                    if meaning.may_be(|path| path == family || is_below(path, family)) {
                        let at = index_of(model, id, module);
                        facts.functions[at].uses_family = true;
                    }
                }
                AnyNodeRef::StmtTry(try_)
                    if try_
                        .handlers
                        .iter()
                        .any(|handler| waits_for(model, handler, family)) =>
                {
                    let handler = Handler::new(model, id, &try_.body, module, family, changing);
                    facts.handlers.push(handler);
                }
                // `except RETRIED:` of a constant, which may be one of another file.
                AnyNodeRef::StmtTry(try_) => {
                    let constants: Vec<String> =
                        try_.handlers.iter().flat_map(constants_of).collect();
                    if !constants.is_empty() {
                        facts.handlers.push(Handler {
                            constants,
                            is_certain: false,
                            ..Handler::new(model, id, &try_.body, module, family, changing)
                        });
                    }
                }
                // `with suppress(requests.Timeout):`, `with pytest.raises(...)`.
                AnyNodeRef::StmtWith(with)
                    if with
                        .items
                        .iter()
                        .any(|item| is_told(model, &item.context_expr, family)) =>
                {
                    facts.handlers.push(Handler::new(
                        model, id, &with.body, module, family, changing,
                    ));
                }
                // `@retry(retry=retry_if_exception_type(requests.Timeout))` waits for what the function raises.
                AnyNodeRef::StmtFunctionDef(function)
                    if function
                        .decorator_list
                        .iter()
                        .filter(|decorator| !doubles::is_patch(decorator))
                        .any(|decorator| mentions(model, &decorator.expression, family)) =>
                {
                    facts.handlers.push(Handler {
                        node: id,
                        function: None,
                        body: TextRange::empty(function.start()),
                        calls: std::iter::once(function.name.to_string()).collect(),
                        line: line_of(model, function.start()),
                        manager: None,
                        constants: Vec::new(),
                        is_certain: true,
                    });
                }
                _ => {}
            }
        }
        facts
    }
}

impl Handler {
    /// Whether a call of the unit stands in the `try` body: then the codemod has mapped the handlers.
    fn covers(&self, file: FileId, stop: &Stop) -> bool {
        let is_round = || {
            self.function == Some(stop.function)
                && stop
                    .sites
                    .iter()
                    .any(|site| self.body.contains_range(*site))
        };
        stop.handlers.contains(&(file, self.node)) || file == stop.file && is_round()
    }

    fn calls_one_of(&self, names: &FxHashSet<&str>, guarded: &Guarded<'_>) -> bool {
        let is_one = |call: &String| names.contains(call.as_str());
        let in_with = |manager: &String| {
            let bodies = guarded.get(manager.as_str());
            bodies.is_some_and(|bodies| bodies.iter().any(|calls| calls.iter().any(is_one)))
        };
        self.calls.iter().any(is_one) || self.manager.as_ref().is_some_and(in_with)
    }

    fn new<'a>(
        model: &Model<'a>,
        id: NodeId,
        body: &'a [Stmt],
        module: usize,
        family: &str,
        changing: &FxHashSet<NodeId>,
    ) -> Self {
        let mut calls = Calls {
            model,
            family,
            changing,
            names: FxHashSet::default(),
        };
        calls.visit_body(body);
        let at = index_of(model, id, module);
        let start = model.nodes.range(id).start();
        let range = match (body.first(), body.last()) {
            (Some(first), Some(last)) => TextRange::new(first.start(), last.end()),
            _ => TextRange::empty(start),
        };
        Self {
            node: id,
            function: (at != module).then_some(at as u32),
            body: range,
            calls: calls.names,
            line: line_of(model, start),
            manager: judges::manager(model, id).map(str::to_string),
            constants: Vec::new(),
            is_certain: true,
        }
    }
}

/// The class in the qualified name of a method.
fn class_of(name: &str) -> &str {
    let mut parts = name.rsplit('.');
    parts.next();
    parts.next().unwrap_or_default()
}

fn line_of(model: &Model<'_>, at: TextSize) -> usize {
    memchr::memchr_iter(b'\n', &model.text.as_bytes()[..at.to_usize()]).count() + 1
}

/// Whether an expression names the family anywhere.
fn mentions(model: &Model<'_>, expr: &Expr, family: &str) -> bool {
    model
        .nodes
        .subtree(model.id(expr))
        .any(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprName(name) => model
                .meaning_of(name.into())
                .may_be(|path| path == family || is_below(path, family)),
            _ => false,
        })
}

/// Whether a context manager is told of the family, as `suppress` and `raises` are.
fn is_told(model: &Model<'_>, context: &Expr, family: &str) -> bool {
    let Expr::Call(call) = context else {
        return false;
    };
    call.arguments.args.iter().any(|argument| match argument {
        Expr::Tuple(tuple) => tuple
            .elts
            .iter()
            .any(|one| is_waited_for(model, one, family)),
        other => is_waited_for(model, other, family),
    })
}

fn index_of(model: &Model<'_>, id: NodeId, module: usize) -> usize {
    match model.runner(id) {
        Runner::Function(index) => index as usize,
        Runner::Module | Runner::Class => module,
    }
}

fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// The last name of what is called. A parameter or an expression may be anything: `*`.
fn called_name(
    model: &Model<'_>,
    call: &ExprCall,
    family: &str,
    changing: &FxHashSet<NodeId>,
) -> Option<String> {
    match call.func.as_ref() {
        Expr::Attribute(attribute) => {
            let own = matches!(attribute.value.as_ref(), Expr::Name(name) if matches!(name.id.as_str(), "self" | "cls"));
            // `requests.get` is not the `get` of a class of the project, and neither is that of most objects.
            let is_foreign = match model.meaning(&call.func).path() {
                Some(path) => is_below(path, family),
                None => is_common_method(&attribute.attr),
            };
            let is_known = || is_changing(model, model.id(call), changing);
            (own || !is_foreign || is_known()).then(|| attribute.attr.to_string())
        }
        Expr::Name(name) => {
            let symbol = model.scopes.symbol_of(model.id(name));
            let is_parameter = symbol.is_some_and(|symbol| {
                model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
                    matches!(
                        model.scopes.binding(binding).kind,
                        crate::semantic::BindingKind::Parameter
                    )
                })
            });
            if is_parameter {
                return Some(UNKNOWN.to_string());
            }
            // An imported name is called by its own name elsewhere.
            let own = symbol.and_then(|symbol| {
                model
                    .meaning_of_symbol(symbol)
                    .path()
                    .and_then(|path| path.rsplit('.').next().map(str::to_string))
            });
            Some(own.unwrap_or_else(|| name.id.to_string()))
        }
        _ => Some(UNKNOWN.to_string()),
    }
}

/// Whether a call is one of a function that becomes async, or is: whatever its name is.
fn is_changing(model: &Model<'_>, call: NodeId, changing: &FxHashSet<NodeId>) -> bool {
    let around = model.nodes.parent(call);
    match model.nodes.get(around) {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::WithItem(_) => changing.contains(&model.nodes.parent(around)),
        AnyNodeRef::StmtFor(_) | AnyNodeRef::Comprehension(_) => {
            changing.contains(&around) || changing.contains(&call)
        }
        _ => changing.contains(&call),
    }
}

fn waits_for(model: &Model<'_>, handler: &ExceptHandler, family: &str) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    match handler.type_.as_deref() {
        None => false,
        Some(Expr::Tuple(tuple)) => tuple
            .elts
            .iter()
            .any(|one| is_waited_for(model, one, family)),
        Some(other) => is_waited_for(model, other, family),
    }
}

/// Whether a class of exceptions is of the family, or one that its members derive from and that is not too general.
fn is_waited_for(model: &Model<'_>, class: &Expr, family: &str) -> bool {
    model.meaning(class).may_be(|path| {
        is_below(path, family)
            || matches!(
                path,
                "builtins.OSError" | "builtins.IOError" | "builtins.EnvironmentError"
            )
    })
}

/// The last names of what a handler catches that are neither built in nor a class by their looks: `RETRIED`, `self.errors`.
fn constants_of(handler: &ExceptHandler) -> Vec<String> {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let types = match handler.type_.as_deref() {
        None => &[],
        Some(Expr::Tuple(tuple)) => &tuple.elts[..],
        Some(other) => std::slice::from_ref(other),
    };
    let name = |expr: &Expr| match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
        Expr::Starred(starred) => match starred.value.as_ref() {
            Expr::Name(name) => Some(name.id.to_string()),
            Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
            _ => None,
        },
        _ => None,
    };
    // A class has lower case behind its first letter.
    let is_class =
        |name: &String| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    let names = types.iter().filter_map(name);
    names.filter(|name| !is_class(name)).collect()
}

struct Calls<'a, 'm> {
    model: &'m Model<'a>,
    family: &'m str,
    changing: &'m FxHashSet<NodeId>,
    names: FxHashSet<String>,
}

impl<'a> Visitor<'a> for Calls<'a, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Raise(raise) = stmt
            && let Some(Expr::Name(name)) = raise.exc.as_deref()
        {
            self.names.insert(name.id.to_string());
        }
        // What a nested function does is not done here.
        if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Some(name) = called_name(self.model, call, self.family, self.changing)
        {
            self.names.insert(name);
        }
        visitor::walk_expr(self, expr);
    }
}

/// For each context manager and decorator, by its last name, what runs in it, in each file.
type Guarded<'f> = FxHashMap<&'f str, Vec<&'f FxHashSet<String>>>;

/// A taken unit that stops raising the family.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The unit.
    pub unit: usize,
    /// Its file.
    pub file: FileId,
    /// The function that it changes, by number.
    pub function: u32,
    /// The spans of its calls.
    pub sites: Vec<TextRange>,
    /// The statements whose handlers it maps, in all files.
    pub handlers: Arc<FxHashSet<(FileId, NodeId)>>,
}

/// A unit that must be left.
#[derive(Clone, Debug)]
pub struct Missed {
    /// The unit.
    pub unit: usize,
    /// Why.
    pub reason: &'static Reason,
    /// The file of the handler.
    pub file: FileId,
    /// 1-based line of its `try`.
    pub line: usize,
}

/// Who calls whom, by last name, over all known files.
struct CallGraph<'f> {
    callers: FxHashMap<&'f str, Vec<&'f str>>,
    decorated: FxHashSet<&'f str>,
}

impl<'f> CallGraph<'f> {
    fn new(facts: &'f FxHashMap<FileId, Facts>) -> Self {
        let mut graph = Self {
            callers: FxHashMap::default(),
            decorated: FxHashSet::default(),
        };
        for function in facts.values().flat_map(|facts| &facts.functions) {
            if function.name.is_empty() {
                continue;
            }
            for call in &function.calls {
                graph.callers.entry(call).or_default().push(&function.name);
            }
            if function.decorated {
                graph.decorated.insert(&function.name);
            }
        }
        graph
    }

    /// These names and those of all functions that call one of them, directly or through others. A decorated function may
    /// be called by whatever calls an unknown (`*`): its decorator's wrapper.
    fn reaching(&self, names: impl IntoIterator<Item = &'f str>) -> FxHashSet<&'f str> {
        let mut found: FxHashSet<&str> = FxHashSet::default();
        let mut pending: Vec<&str> = names.into_iter().collect();
        while let Some(name) = pending.pop() {
            if !found.insert(name) {
                continue;
            }
            pending.extend(self.callers_of(name));
        }
        found
    }

    /// Who calls a function of this name.
    fn callers_of(&self, name: &str) -> impl Iterator<Item = &'f str> {
        let unknown = self.decorated.contains(name).then_some(UNKNOWN);
        let callers = self.callers.get(name).into_iter().flatten();
        callers.copied().chain(unknown)
    }
}

/// The name of a callee that may be anything.
const UNKNOWN: &str = "*";

/// The names of the functions whose exceptions change, and of all that call them: other files that hold one of them should
/// be among the facts.
pub fn names_to_follow(facts: &FxHashMap<FileId, Facts>, stops: &[Stop]) -> FxHashSet<String> {
    let graph = CallGraph::new(facts);
    let own = stops.iter().filter_map(|stop| name_of(facts, stop));
    graph
        .reaching(own)
        .into_iter()
        .filter(|name| *name != UNKNOWN)
        .map(str::to_string)
        .collect()
}

/// Whether any handler waits for the family without standing round a call of a unit.
pub fn any_handler_elsewhere(facts: &FxHashMap<FileId, Facts>, stops: &[Stop]) -> bool {
    facts.iter().any(|(&file, facts)| {
        !facts.judges.is_empty()
            || facts
                .handlers
                .iter()
                .any(|handler| !stops.iter().any(|stop| handler.covers(file, stop)))
    })
}

fn name_of<'f>(facts: &'f FxHashMap<FileId, Facts>, stop: &Stop) -> Option<&'f str> {
    let function = facts
        .get(&stop.file)?
        .functions
        .get(stop.function as usize)?;
    (!function.name.is_empty()).then_some(function.name.as_str())
}

/// What the handlers elsewhere say.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The units that must be left.
    pub missed: Vec<Missed>,
    /// Units that must be taken together: one that stops raising, and one of tests that maps a handler for it.
    pub pairs: Vec<(usize, usize)>,
}

/// Finds the units whose exceptions are waited for elsewhere. `facts` are those of every file that names the family, and of
/// those that call, directly or through others, a function of a unit (see [`names_to_follow`]). `tested` are the handlers
/// in tests that a unit of doubles maps, each with that unit.
pub fn missed(
    facts: &FxHashMap<FileId, Facts>,
    stops: &[Stop],
    tested: &FxHashMap<(FileId, NodeId), usize>,
) -> Verdict {
    let graph = CallGraph::new(facts);
    let mut taken: FxHashSet<(FileId, u32)> = stops
        .iter()
        .map(|stop| (stop.file, stop.function))
        .collect();
    // A function that waits for the family names it, and no longer does so once its handlers are mapped.
    let mut units: FxHashSet<usize> = FxHashSet::default();
    for stop in stops.iter().filter(|stop| units.insert(stop.unit)) {
        let files: FxHashSet<FileId> = stop.handlers.iter().map(|(file, _)| *file).collect();
        for file in files {
            let of_file = facts.get(&file).map_or(&[][..], |facts| &facts.handlers);
            let mapped = of_file
                .iter()
                .filter(|handler| stop.handlers.contains(&(file, handler.node)));
            taken.extend(mapped.filter_map(|handler| Some((file, handler.function?))));
        }
    }
    for (file, handler) in handlers_of(facts) {
        if tested.contains_key(&(file, handler.node)) {
            taken.extend(handler.function.map(|function| (file, function)));
        }
    }
    // Classes of the project that derive from the family stay what they are, and so does what makes one.
    let derived = judges::derived(facts.values().map(|facts| &facts.judges));
    // Functions that may still raise the family: they name it and no unit changes them, or they call one that does.
    let still = derived.iter().copied();
    let keeps = graph.reaching(still.chain(facts.iter().flat_map(|(&file, facts)| {
        let taken = &taken;
        facts
            .functions
            .iter()
            .enumerate()
            .filter_map(move |(index, function)| {
                let keeps = function.uses_family
                    && !function.name.is_empty()
                    && !taken.contains(&(file, index as u32));
                keeps.then_some(function.name.as_str())
            })
    })));
    let constants: FxHashSet<&str> = facts
        .values()
        .flat_map(|facts| facts.judges.constants.keys().map(String::as_str))
        .collect();
    let mut handlers: Vec<(FileId, &Handler)> = handlers_of(facts)
        .filter(|(_, handler)| {
            let named = handler.constants.iter();
            handler.is_certain || named.clone().any(|name| constants.contains(name.as_str()))
        })
        .collect();
    handlers.sort_by_key(|(file, handler)| (*file, handler.line));
    let mut guarded = Guarded::default();
    for (name, calls) in facts.values().flat_map(|facts| &facts.judges.guarded) {
        guarded.entry(name).or_default().push(calls);
    }
    let judging = Judging::new(facts, &graph, &constants);
    let mut found = Verdict::default();
    for (file, handler) in &handlers {
        if let Some(&unit) = tested.get(&(*file, handler.node))
            && handler.calls_one_of(&keeps, &guarded)
        {
            found.missed.push(Missed {
                unit,
                reason: &MIXED_TRY,
                file: *file,
                line: handler.line,
            });
        }
    }
    for stop in stops {
        let names = graph.reaching(name_of(facts, stop));
        let first = handlers.iter().find_map(|(file, handler)| {
            let reason = if handler.covers(*file, stop) {
                handler.calls_one_of(&keeps, &guarded).then_some(&MIXED_TRY)
            } else if !handler.calls_one_of(&names, &guarded) {
                None
            } else if let Some(&unit) = tested.get(&(*file, handler.node)) {
                found.pairs.push((stop.unit, unit));
                None
            } else {
                Some(&CAUGHT_ELSEWHERE)
            };
            reason.map(|reason| Missed {
                unit: stop.unit,
                reason,
                file: *file,
                line: handler.line,
            })
        });
        let judged = || {
            let (file, line) = judging.of(&names)?;
            Some(Missed {
                unit: stop.unit,
                reason: &CAUGHT_ELSEWHERE,
                file,
                line,
            })
        };
        found.missed.extend(first.or_else(judged));
    }
    found
}

/// The functions that are handed exceptions, and tell them apart by their class: see [`Judges`].
struct Judging<'f> {
    /// For each name of a function that judges, or hands an exception to one that does: the judge.
    names: FxHashMap<&'f str, (FileId, usize)>,
}

impl<'f> Judging<'f> {
    fn new(
        facts: &'f FxHashMap<FileId, Facts>,
        graph: &CallGraph<'f>,
        constants: &FxHashSet<&str>,
    ) -> Self {
        let mut judges: Vec<(FileId, usize, &'f str)> = Vec::new();
        for (&file, one) in facts {
            let line_of = |node: &NodeId| one.lines.get(node).copied().unwrap_or_default();
            for (index, function) in one.functions.iter().enumerate() {
                let compared = one.judges.functions.get(&(index as u32)).map(line_of);
                let reads = || {
                    let reads = one.judges.reads.get(index)?.iter();
                    let name = reads
                        .filter(|name| constants.contains(name.as_str()))
                        .min()?;
                    let node = one.judges.constants.get(name);
                    Some(node.map_or(function.line, line_of))
                };
                if let Some(line) = compared.or_else(reads)
                    && !function.name.is_empty()
                {
                    judges.push((file, line, &function.name));
                    // Made by its class, in a `with`.
                    if function.name == "__exit__" || function.name == "__aexit__" {
                        judges.push((file, line, &function.class));
                    }
                }
            }
        }
        judges.sort_unstable();
        let mut names: FxHashMap<&str, (FileId, usize)> = FxHashMap::default();
        let mut handed: FxHashMap<&str, (FileId, usize)> = FxHashMap::default();
        let mut pending: VecDeque<(&str, (FileId, usize))> = VecDeque::new();
        for (file, line, name) in judges {
            names.entry(name).or_insert((file, line));
            pending.push_back((name, (file, line)));
        }
        while let Some((name, judge)) = pending.pop_front() {
            if handed.contains_key(name) {
                continue;
            }
            handed.insert(name, judge);
            pending.extend(graph.callers_of(name).map(|caller| (caller, judge)));
        }
        for one in facts.values() {
            for (function, calls) in one.functions.iter().zip(&one.judges.handed) {
                let judge = calls
                    .iter()
                    .filter_map(|call| handed.get(call.as_str()))
                    .min();
                if let Some(&judge) = judge
                    && !function.name.is_empty()
                {
                    names.entry(&function.name).or_insert(judge);
                }
            }
        }
        Self { names }
    }

    /// The first judge that functions of these names hand what they catch to.
    fn of(&self, names: &FxHashSet<&str>) -> Option<(FileId, usize)> {
        names
            .iter()
            .filter_map(|name| self.names.get(name))
            .min()
            .copied()
    }
}

fn handlers_of(facts: &FxHashMap<FileId, Facts>) -> impl Iterator<Item = (FileId, &Handler)> {
    facts
        .iter()
        .flat_map(|(&file, facts)| facts.handlers.iter().map(move |handler| (file, handler)))
}

#[cfg(test)]
mod tests {
    use super::{Changed, Facts, Stop, missed};
    use crate::semantic::{Model, ModuleName};
    use crate::unit::FileId;
    use ruff_text_size::{TextRange, TextSize};
    use rustc_hash::{FxHashMap, FxHashSet};

    /// The reasons for leaving the function `fetch` of the first file, whose call is the first `requests.get(`.
    fn reasons(files: &[&str]) -> Vec<&'static str> {
        let module = ModuleName::default();
        let (no_nodes, no_names) = (FxHashSet::default(), FxHashSet::default());
        let nothing = Changed {
            nodes: &no_nodes,
            names: &no_names,
        };
        let mut facts = FxHashMap::default();
        let mut stops = Vec::new();
        for (index, text) in files.iter().enumerate() {
            let parsed = ruff_python_parser::parse_module(text).unwrap();
            let model = Model::new(text, &parsed, &module);
            let file = FileId(index as u32);
            if index == 0 {
                let function = model
                    .scopes
                    .functions()
                    .iter()
                    .position(|one| one.qualified_name == "fetch")
                    .unwrap();
                let at = text.find("requests.get(").unwrap() as u32;
                let site = TextRange::at(TextSize::new(at), TextSize::new(12));
                stops.push(Stop {
                    unit: 0,
                    file,
                    function: function as u32,
                    sites: vec![site],
                    handlers: std::sync::Arc::default(),
                });
            }
            facts.insert(file, Facts::new(&model, "requests", &nothing));
        }
        missed(&facts, &stops, &FxHashMap::default())
            .missed
            .iter()
            .map(|missed| missed.reason.code)
            .collect()
    }

    const FETCH: &str = "import requests\nasync def fetch():\n    requests.get(u)\n";

    #[test]
    fn callers_that_catch_the_old_kind_are_found() {
        let direct = "import requests\nasync def f():\n    try:\n        await fetch()\n    except requests.Timeout:\n        pass\n";
        assert_eq!(reasons(&[FETCH, direct]), ["caught-elsewhere"]);
        let through = "async def middle():\n    return await api.fetch()\n";
        let outer = direct.replace("fetch()", "middle()");
        assert_eq!(reasons(&[FETCH, through, &outer]), ["caught-elsewhere"]);
        let renamed = format!(
            "from a import fetch as load\n{}",
            direct.replace("fetch()", "load()")
        );
        assert_eq!(reasons(&[FETCH, &renamed]), ["caught-elsewhere"]);
        let as_os_error = direct.replace("requests.Timeout", "OSError");
        assert_eq!(reasons(&[FETCH, &as_os_error]), ["caught-elsewhere"]);
    }

    #[test]
    fn decorators_that_catch_the_old_kind_are_found() {
        let text = "\
import requests
def retry(fn):
    async def wrapper():
        try:
            return await fn()
        except requests.Timeout:
            pass
    return wrapper
@retry
async def fetch():
    requests.get(u)
";
        assert_eq!(reasons(&[text]), ["caught-elsewhere"]);
        assert!(reasons(&[&text.replace("@retry\n", "")]).is_empty());
    }

    #[test]
    fn a_try_that_also_calls_an_old_function_is_found() {
        let text = "\
import requests
def old():
    requests.post(u)
async def fetch():
    try:
        requests.get(u)
        old()
    except requests.Timeout:
        pass
";
        assert_eq!(reasons(&[text]), ["mixed-try"]);
        assert!(reasons(&[&text.replace("        old()\n", "")]).is_empty());
    }

    #[test]
    fn classes_that_derive_from_the_old_kind_stay_old() {
        let text = "\
import requests
class ApiError(requests.RequestException):
    pass
class NotFound(ApiError):
    pass
async def fetch():
    try:
        requests.get(u)
        raise NotFound(1)
    except requests.RequestException:
        pass
";
        assert_eq!(reasons(&[text]), ["mixed-try"]);
        let bare = text.replace("NotFound(1)", "NotFound");
        assert_eq!(reasons(&[&bare]), ["mixed-try"]);
        let own = text.replace("ApiError(requests.RequestException)", "ApiError(Exception)");
        assert!(reasons(&[&own]).is_empty());
    }

    #[test]
    fn what_tells_exceptions_apart_by_their_class_is_found() {
        let judge = "import requests\ndef kind(e):\n    return isinstance(e, requests.Timeout)\n";
        let handing = "async def f():\n    try:\n        await fetch()\n    except Exception as e:\n        kind(e)\n";
        assert_eq!(
            reasons(&[FETCH, &format!("{judge}{handing}")]),
            ["caught-elsewhere"]
        );
        // In two files, and with another class.
        assert_eq!(reasons(&[FETCH, judge, handing]), ["caught-elsewhere"]);
        let own = judge.replace("requests.Timeout", "KeyError");
        assert!(reasons(&[FETCH, &own, handing]).is_empty());
        // Of something else that was caught.
        let other = handing.replace("fetch()", "other()");
        assert!(reasons(&[FETCH, judge, &other]).is_empty());
    }

    #[test]
    fn constants_of_other_files_are_found() {
        let constant = "import requests\nRETRIED = (requests.Timeout, ValueError)\n";
        let handler = "from c import RETRIED\nasync def f():\n    try:\n        await fetch()\n    except RETRIED:\n        pass\n";
        assert_eq!(reasons(&[FETCH, constant, handler]), ["caught-elsewhere"]);
        let own = constant.replace("requests.Timeout", "KeyError");
        assert!(reasons(&[FETCH, &own, handler]).is_empty());
    }

    #[test]
    fn handlers_round_the_yield_of_a_context_manager_are_found() {
        let manager = "\
import contextlib, requests
@contextlib.contextmanager
def mapped():
    try:
        yield
    except requests.Timeout:
        pass
";
        let user = "async def f():\n    with mapped():\n        await fetch()\n";
        assert_eq!(reasons(&[FETCH, manager, user]), ["caught-elsewhere"]);
        let other = user.replace("mapped()", "other()");
        assert!(reasons(&[FETCH, manager, &other]).is_empty());
        let plain = manager.replace("@contextlib.contextmanager\n", "");
        assert!(reasons(&[FETCH, &plain, user]).is_empty());
    }

    #[test]
    fn handlers_of_something_else_do_not_matter() {
        let other = "async def f():\n    try:\n        await other()\n    except requests.Timeout:\n        pass\n";
        assert!(reasons(&[FETCH, &format!("import requests\n{other}")]).is_empty());
        let general = "async def f():\n    try:\n        await fetch()\n    except Exception:\n        pass\n";
        assert!(reasons(&[FETCH, general]).is_empty());
    }
}
