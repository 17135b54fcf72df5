//! Exceptions that a migrated function no longer raises, and the handlers in other functions that wait for them.
//!
//! A unit that moves a function from `requests` to another library also moves its exceptions. The codemod maps the
//! handlers round its own calls. What it cannot see is everything else: a caller that catches `requests.HTTPError` from a
//! function that now raises something else, and a mapped handler whose `try` also calls a function that still raises the
//! old kind. Both would go wrong in silence, so the unit is left.
//!
//! Who calls whom is told by [`crate::callers`], over all files that can matter: too much is found, never too little.

use std::collections::VecDeque;
use std::sync::Arc;

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callers::{CallGraph, Callee, Callees, FileCalls, Node, Reader, index_of, is_below};
use crate::catching;
use crate::doubles;
use crate::judges::{self, Judges};
use crate::semantic::{Model, NodeId};
use crate::unit::{ANY_EXCEPTION, FileId, Reason};

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

/// A handler elsewhere waits for an exception that a group would hold.
pub static GROUP_ELSEWHERE: Reason = Reason {
    code: "group-elsewhere",
    message: "another function catches an exception of this one by its class, and would not see it in the group that a TaskGroup raises",
    help: "catch the group there with `except*`, or handle the error in the function itself",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&CAUGHT_ELSEWHERE, &GROUP_ELSEWHERE, &MIXED_TRY];

/// What one file tells about one family of exceptions (`requests`).
#[derive(Debug, Default)]
pub struct Facts {
    calls: FileCalls,
    /// For each function by number, the module level last.
    functions: Vec<FunctionFacts>,
    handlers: Vec<Handler>,
    judges: Judges,
    /// The line of each judge: functions and constants.
    lines: FxHashMap<NodeId, usize>,
}

#[derive(Debug, Default)]
struct FunctionFacts {
    /// Its 1-based line.
    line: usize,
    /// Whether it names the family at all.
    uses_family: bool,
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
    /// What the body calls.
    calls: Callees,
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
        let reader = Reader::new(model, family, changed.nodes);
        let functions = model.scopes.functions();
        let ends: Vec<usize> = memchr::memchr_iter(b'\n', model.text.as_bytes()).collect();
        let line = |node: NodeId| {
            let at = model.nodes.range(node).start().to_usize();
            ends.partition_point(|&end| end < at) + 1
        };
        let mut facts = Self {
            calls: FileCalls::new(&reader),
            functions: functions
                .iter()
                .map(|function| FunctionFacts {
                    line: line(function.node),
                    uses_family: false,
                })
                .chain(std::iter::once(FunctionFacts::default()))
                .collect(),
            handlers: Vec::new(),
            judges: Judges::new(model, family, changed.names, &reader),
            lines: FxHashMap::default(),
        };
        let judged = facts.judges.functions.values();
        let judged = judged.chain(facts.judges.constants.values());
        facts.lines = judged.map(|&node| (node, line(node))).collect();
        let module = functions.len();
        for number in 0..model.nodes.len() as u32 {
            let id = NodeId(number);
            match model.nodes.get(id) {
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
                    let handler = Handler::new(&reader, id, &try_.body, module);
                    facts.handlers.push(handler);
                }
                // `except RETRIED:` of a constant, which may be one of another file.
                AnyNodeRef::StmtTry(try_) if family != ANY_EXCEPTION => {
                    let constants: Vec<String> =
                        try_.handlers.iter().flat_map(constants_of).collect();
                    if !constants.is_empty() {
                        facts.handlers.push(Handler {
                            constants,
                            is_certain: false,
                            ..Handler::new(&reader, id, &try_.body, module)
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
                    facts
                        .handlers
                        .push(Handler::new(&reader, id, &with.body, module));
                }
                // `@retry(retry=retry_if_exception_type(requests.Timeout))` waits for what the function raises.
                AnyNodeRef::StmtFunctionDef(function)
                    if family != ANY_EXCEPTION
                        && function
                            .decorator_list
                            .iter()
                            .filter(|decorator| !doubles::is_patch(decorator))
                            .any(|decorator| mentions(model, &decorator.expression, family)) =>
                {
                    facts.handlers.push(Handler {
                        node: id,
                        function: None,
                        body: TextRange::empty(function.start()),
                        calls: reader.own(id).into_iter().collect(),
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

    /// Whether the body calls one of these nodes of the graph, or what runs in the context manager that it is.
    fn calls_one_of<'f>(
        &self,
        file: FileId,
        nodes: &FxHashSet<Node<'f>>,
        known: &Known<'f>,
    ) -> bool {
        let in_with = |manager: &String| {
            let bodies = known.guarded.get(manager.as_str());
            bodies.is_some_and(|bodies| {
                bodies
                    .iter()
                    .any(|(file, calls)| calls.iter().any(|call| known.is_one(*file, call, nodes)))
            })
        };
        let is_handed = || {
            nodes.contains(&Node::Anything)
                || self.function.is_some_and(|function| {
                    let mut inside = known.inside(file, function);
                    inside.any(|node| nodes.contains(&node))
                })
        };
        self.calls.iter().any(|call| {
            known.is_one(file, call, nodes) || known.graph.is_unknown(call) && is_handed()
        }) || self.manager.as_ref().is_some_and(in_with)
    }

    fn new<'a>(reader: &Reader<'a, '_>, id: NodeId, body: &'a [Stmt], module: usize) -> Self {
        let model = reader.model();
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
            calls: reader.in_block(body),
            line: line_of(model, start),
            manager: judges::manager(model, id).map(str::to_string),
            constants: Vec::new(),
            is_certain: true,
        }
    }
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
    if family == ANY_EXCEPTION && !catching::swallows(context) {
        return false;
    }
    call.arguments.args.iter().any(|argument| match argument {
        Expr::Tuple(tuple) => tuple
            .elts
            .iter()
            .any(|one| is_waited_for(model, one, family)),
        other => is_waited_for(model, other, family),
    })
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
    if family == ANY_EXCEPTION {
        return catching::misses_groups(class);
    }
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

/// What is known of all files together.
struct Known<'f> {
    facts: &'f FxHashMap<FileId, Facts>,
    graph: CallGraph<'f>,
    /// For each context manager and decorator, by its last name, what runs in it, in each file.
    guarded: FxHashMap<&'f str, Vec<(FileId, &'f Callees)>>,
}

impl<'f> Known<'f> {
    fn new(facts: &'f FxHashMap<FileId, Facts>) -> Self {
        let mut guarded: FxHashMap<&str, Vec<(FileId, &Callees)>> = FxHashMap::default();
        for (&file, facts) in facts {
            for (name, calls) in &facts.judges.guarded {
                guarded.entry(name).or_default().push((file, calls));
            }
        }
        Self {
            facts,
            graph: graph_of(facts),
            guarded,
        }
    }

    /// What an unknown call in a function may be.
    fn inside(&self, file: FileId, function: u32) -> impl Iterator<Item = Node<'f>> {
        let facts = self.facts.get(&file);
        let calls = facts.and_then(|facts| facts.calls.functions.get(function as usize));
        calls
            .into_iter()
            .flat_map(move |calls| calls.inside(file, function))
    }

    /// Whether a callee of a file is one of these nodes.
    fn is_one(&self, file: FileId, callee: &Callee, nodes: &FxHashSet<Node<'_>>) -> bool {
        self.graph
            .nodes(file, callee)
            .any(|node| nodes.contains(&node))
    }
}

fn graph_of(facts: &FxHashMap<FileId, Facts>) -> CallGraph<'_> {
    CallGraph::new(facts.iter().map(|(&file, facts)| (file, &facts.calls)))
}

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

/// The names of the functions whose exceptions change, and of all that call them: other files that hold one of them should
/// be among the facts.
pub fn names_to_follow(
    facts: &FxHashMap<FileId, Facts>,
    stops: &[Stop],
    family: &str,
) -> FxHashSet<String> {
    let graph = graph_of(facts);
    let nodes = reaching(&graph, stops.iter().map(Stop::node), family);
    let of_file = |file: FileId| facts.get(&file).map(|facts| &facts.calls);
    let names = graph.names(&nodes, of_file);
    names.map(str::to_string).collect()
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

/// These functions and what calls them. Nearly everything calls what is stored somewhere: so much is left for exceptions that
/// are lost, and not for those that come in a group, which a unit says of itself.
fn reaching<'f>(
    graph: &CallGraph<'f>,
    starts: impl IntoIterator<Item = Node<'f>>,
    family: &str,
) -> FxHashSet<Node<'f>> {
    match family {
        ANY_EXCEPTION => graph.surely_reaching(starts),
        _ => graph.reaching(starts),
    }
}

impl Stop {
    /// The function in the graph of calls.
    fn node<'f>(&self) -> Node<'f> {
        Node::Function(self.file, self.function)
    }
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
    family: &str,
) -> Verdict {
    let caught = match family {
        ANY_EXCEPTION => &GROUP_ELSEWHERE,
        _ => &CAUGHT_ELSEWHERE,
    };
    let known = Known::new(facts);
    let graph = &known.graph;
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
    let still = derived.iter().map(|name| Node::Name(name));
    let keeps = graph.reaching(still.chain(facts.iter().flat_map(|(&file, facts)| {
        let taken = &taken;
        let functions = facts.functions.iter().zip(&facts.calls.functions);
        functions
            .enumerate()
            .filter_map(move |(index, (function, calls))| {
                let at = (file, index as u32);
                let keeps = function.uses_family && !calls.name.is_empty() && !taken.contains(&at);
                keeps.then_some(Node::Function(at.0, at.1))
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
    let judging = Judging::new(facts, &known, &constants);
    let mut found = Verdict::default();
    for (file, handler) in &handlers {
        if let Some(&unit) = tested.get(&(*file, handler.node))
            && handler.calls_one_of(*file, &keeps, &known)
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
        let nodes = reaching(graph, [stop.node()], family);
        let first = handlers.iter().find_map(|(file, handler)| {
            let reason = if handler.covers(*file, stop) {
                handler
                    .calls_one_of(*file, &keeps, &known)
                    .then_some(&MIXED_TRY)
            } else if !handler.calls_one_of(*file, &nodes, &known) {
                None
            } else if let Some(&unit) = tested.get(&(*file, handler.node)) {
                found.pairs.push((stop.unit, unit));
                None
            } else {
                Some(caught)
            };
            reason.map(|reason| Missed {
                unit: stop.unit,
                reason,
                file: *file,
                line: handler.line,
            })
        });
        let judged = || {
            let (file, line) = judging.of(&nodes)?;
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
    /// For each function that judges, or hands an exception to one that does, and for the classes whose `__exit__` does: the
    /// judge.
    nodes: FxHashMap<Node<'f>, (FileId, usize)>,
}

impl<'f> Judging<'f> {
    fn new(
        facts: &'f FxHashMap<FileId, Facts>,
        known: &Known<'f>,
        constants: &FxHashSet<&str>,
    ) -> Self {
        let mut judges: Vec<(FileId, usize, Node<'f>)> = Vec::new();
        for (&file, one) in facts {
            let line_of = |node: &NodeId| one.lines.get(node).copied().unwrap_or_default();
            for (index, function) in one.calls.functions.iter().enumerate() {
                let compared = one.judges.functions.get(&(index as u32)).map(line_of);
                let reads = || {
                    let reads = one.judges.reads.get(index)?.iter();
                    let name = reads
                        .filter(|name| constants.contains(name.as_str()))
                        .min()?;
                    let node = one.judges.constants.get(name);
                    Some(node.map_or_else(|| one.functions[index].line, line_of))
                };
                if let Some(line) = compared.or_else(reads)
                    && !function.name.is_empty()
                {
                    judges.push((file, line, Node::Function(file, index as u32)));
                    // Made by its class, in a `with`.
                    if function.name == "__exit__" || function.name == "__aexit__" {
                        judges.push((file, line, Node::Name(&function.class)));
                    }
                }
            }
        }
        judges.sort_unstable();
        let mut nodes: FxHashMap<Node<'f>, (FileId, usize)> = FxHashMap::default();
        let mut handed: FxHashMap<Node<'f>, (FileId, usize)> = FxHashMap::default();
        let mut pending: VecDeque<(Node<'f>, (FileId, usize))> = VecDeque::new();
        for (file, line, node) in judges {
            nodes.entry(node).or_insert((file, line));
            pending.push_back((node, (file, line)));
        }
        while let Some((node, judge)) = pending.pop_front() {
            if handed.contains_key(&node) {
                continue;
            }
            handed.insert(node, judge);
            let callers = known.graph.callers_of(node);
            pending.extend(callers.map(|caller| (caller, judge)));
        }
        for (&file, one) in facts {
            let functions = one.calls.functions.iter().zip(&one.judges.handed);
            for (index, (function, calls)) in functions.enumerate() {
                let callees = calls.iter().flat_map(|call| known.graph.nodes(file, call));
                let judge = callees.filter_map(|node| handed.get(&node)).min();
                if let Some(&judge) = judge
                    && !function.name.is_empty()
                {
                    nodes
                        .entry(Node::Function(file, index as u32))
                        .or_insert(judge);
                }
            }
        }
        Self { nodes }
    }

    /// The first judge that one of these nodes hands what it catches to.
    fn of(&self, nodes: &FxHashSet<Node<'_>>) -> Option<(FileId, usize)> {
        nodes
            .iter()
            .filter_map(|node| self.nodes.get(node))
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

    /// The reasons for leaving the function `fetch` of the first file, whose call is the first `requests.get(`. The files are
    /// the modules `m0`, `m1`, and so on.
    fn reasons(files: &[&str]) -> Vec<&'static str> {
        let (no_nodes, no_names) = (FxHashSet::default(), FxHashSet::default());
        let nothing = Changed {
            nodes: &no_nodes,
            names: &no_names,
        };
        let mut facts = FxHashMap::default();
        let mut stops = Vec::new();
        for (index, text) in files.iter().enumerate() {
            let parsed = ruff_python_parser::parse_module(text).unwrap();
            let module = ModuleName {
                name: format!("m{index}"),
                is_package: false,
            };
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
        missed(&facts, &stops, &FxHashMap::default(), "requests")
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
            "from m0 import fetch as load\n{}",
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

    const WAITING: &str = "import requests\nasync def f():\n    try:\n        await middle()\n    except requests.Timeout:\n        pass\n";

    #[test]
    fn another_function_of_the_same_name_is_not_meant() {
        let other = "async def fetch():\n    pass\n";
        let user = WAITING.replace("middle", "fetch");
        let of_other = format!("from m1 import fetch\n{user}");
        assert!(reasons(&[FETCH, other, &of_other]).is_empty());
        let of_own = format!("from m0 import fetch\n{user}");
        assert_eq!(reasons(&[FETCH, other, &of_own]), ["caught-elsewhere"]);
        // What a module hands on is sought by its name, whatever else has it.
        let handed_on = of_own.replace("m0", "m3.api");
        let api = "from m0 import fetch\n";
        assert_eq!(
            reasons(&[FETCH, other, &handed_on, api]),
            ["caught-elsewhere"]
        );
        let nested = format!("{user}async def g():\n    async def fetch():\n        pass\n");
        assert_eq!(reasons(&[FETCH, &nested]), ["caught-elsewhere"]);
        let local = format!("async def fetch():\n    pass\n{user}");
        assert!(reasons(&[FETCH, &local]).is_empty());
    }

    #[test]
    fn functions_that_are_handed_on_are_called_there() {
        let import = "import asyncio, functools\nfrom m0 import fetch\n";
        for body in [
            "await asyncio.to_thread(fetch, 1)",
            "await loop.run_in_executor(None, functools.partial(fetch, 1))",
            "await twice(lambda: fetch())",
        ] {
            let middle = format!("{import}async def middle():\n    {body}\n");
            let found = reasons(&[FETCH, &middle, WAITING]);
            assert_eq!(found, ["caught-elsewhere"], "{body}");
        }
        let direct = WAITING.replace("middle()", "asyncio.to_thread(fetch, 1)");
        assert_eq!(
            reasons(&[FETCH, &format!("{import}{direct}")]),
            ["caught-elsewhere"]
        );
        let other = format!("{import}async def middle():\n    await fetch_all()\n");
        assert!(reasons(&[FETCH, &other, WAITING]).is_empty());
    }

    #[test]
    fn what_takes_a_function_calls_it() {
        let retry = "import requests\ndef retry(fn):\n    try:\n        return fn()\n    except requests.Timeout:\n        pass\n";
        let handing = "from m0 import fetch\nfrom m1 import retry\ndef g():\n    retry(fetch)\n";
        assert_eq!(reasons(&[FETCH, retry, handing]), ["caught-elsewhere"]);
        let lambda = handing.replace("retry(fetch)", "retry(lambda: fetch())");
        assert_eq!(reasons(&[FETCH, retry, &lambda]), ["caught-elsewhere"]);
        let through = "from m1 import retry\ndef again(fn):\n    return retry(fn)\n";
        let outer = handing
            .replace("m1 import retry", "m2 import again")
            .replace("retry(", "again(");
        assert_eq!(
            reasons(&[FETCH, retry, through, &outer]),
            ["caught-elsewhere"]
        );
        let stored = "from m0 import fetch\nHANDLERS = {'a': fetch}\n";
        let table = retry
            .replace("retry(fn)", "run(key)")
            .replace("fn()", "HANDLERS[key]()");
        assert_eq!(reasons(&[FETCH, &table, stored]), ["caught-elsewhere"]);
        // Another function is handed to it.
        let other = handing.replace("m0 import fetch", "m3 import fetch");
        let own = "def fetch():\n    pass\n";
        assert!(reasons(&[FETCH, retry, &other, own]).is_empty());
    }

    #[test]
    fn classes_that_decorate_call_what_they_hold() {
        let text = "\
import requests
class Retry:
    def __init__(self, fn):
        self.fn = fn
    def __call__(self):
        try:
            return self.fn()
        except requests.Timeout:
            pass
@Retry
async def fetch():
    requests.get(u)
";
        assert_eq!(reasons(&[text]), ["caught-elsewhere"]);
        let other = text.replace("@Retry\n", "@Other\n");
        let plain = format!("class Other:\n    def __init__(self, fn): pass\n{other}");
        assert!(reasons(&[&plain]).is_empty());
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
