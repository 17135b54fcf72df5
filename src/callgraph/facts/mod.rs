//! The facts of one file.
//!
//! Soundness first: every call that gets an `await`, and every use of a function that keeps it sync, is decided from
//! these. What is not certain is [`Target::Unknown`], [`Callee::UnknownMethod`], [`Callee::UnknownValue`] or
//! [`ValueKind::Other`]. A name that is bound in more than one way resolves to nothing, and each function that it may be
//! counts as used as a value.

mod advanced;
mod annotation;
mod attribute;
mod callables;
mod connections;
mod constructor;
mod decorator;
mod doctest;
mod doubles;
mod element;
mod ends;
mod entry;
mod flows;
mod follow;
mod generator;
mod mapped;
mod origin;
mod overload;
mod place;
pub mod program;
mod property;
mod raised;
mod special;
mod split;
mod testing;
pub mod thread;
mod uses;
mod value;
pub mod values;

#[cfg(test)]
mod tests;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprRef, StmtClassDef, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::arity::Arity;
use super::{
    Callee, Class, Decorator, FileFacts, Function, Given, Pin, Stored, Target, Type, Value,
    ValueKind,
};
use crate::colour;
use crate::index::has_yield;
use crate::loops;
use crate::python::PythonVersion;
use crate::semantic::scope::{ScopeId, SymbolId};
use crate::semantic::{BindingKind, Model, NodeId, Runner, ScopeKind, Scopes};
use crate::suppress::Suppressions;
use attribute::Store;
use follow::Flows;
pub(crate) use place::is_container_method;
use value::{Busy, Known};

/// What a file is read for.
#[derive(Clone, Copy)]
pub struct Outlook<'o> {
    /// Whether a top-level module belongs to the project.
    pub is_first_party: &'o dyn Fn(&str) -> bool,
    /// Whether a callable outside of the project is one whose calls count, by its dotted path.
    pub is_seed: &'o dyn Fn(&str) -> bool,
}

/// Reads the facts of one file. `target` decides where `await` is possible.
pub fn read(
    model: &Model<'_>,
    suppressions: &Suppressions,
    target: PythonVersion,
    outlook: Outlook<'_>,
) -> FileFacts {
    let mut reader = Reader::new(model, outlook);
    let mut facts = FileFacts {
        functions: reader.functions(suppressions),
        classes: reader.class_facts(),
        star_imports: reader.star_imports(),
        aliases: reader.type_aliases(),
        moves_search_path: moves_search_path(model),
        ..FileFacts::default()
    };
    reader.module_names(&mut facts);
    reader.redefinitions(&mut facts.values);
    reader.uses(target, &mut facts);
    mapped::read(model, target, &mut facts);
    reader.raised(target, &mut facts);
    reader.assigned_mocks(&mut facts);
    reader.class_flows(&mut facts);
    decorator::read(model, target, &mut facts);
    reader.overloads(&mut facts);
    reader.examples(&mut facts);
    reader.other_bindings();
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', model.text.as_bytes()).collect();
    std::mem::take(&mut reader.flows).finish(&mut facts, &|node| {
        let at = model.nodes.range(node).start().to_usize();
        ends.partition_point(|&end| end < at) as u32 + 1
    });
    decorator::check_kept(&mut facts);
    reader.testing(&mut facts);
    facts.values.sort_by_key(|value| value.range.start());
    facts.stored_elsewhere = reader.other_stores();
    reader.handed(&mut facts);
    reader.callables(&mut facts);
    facts.classes_as_values = reader.classes_as_values();
    program::app_uses(model, &mut facts);
    number_lines(model.text, &mut facts);
    entry::read(model, &mut facts);
    running_loops(model, &mut facts);
    generator::read(model, &mut facts);
    program::read(model, &mut facts);
    interrupts(model, &mut facts);
    thread::read(model, suppressions, &mut facts);
    facts
}

/// Whether a file names the list of folders that modules are looked for in, or what adds to it.
fn moves_search_path(model: &Model<'_>) -> bool {
    let is_searched = |path: &str| matches!(path, "sys.path" | "site.addsitedir");
    let has = |word: &str| memchr::memmem::find(model.text.as_bytes(), word.as_bytes()).is_some();
    (has("sys") || has("addsitedir"))
        && model.nodes.all().any(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprAttribute(attribute) => {
                matches!(attribute.attr.as_str(), "path" | "addsitedir")
                    && model
                        .meaning_of(ExprRef::Attribute(attribute))
                        .may_be(is_searched)
            }
            _ => false,
        })
}

/// Fills in where event loops are run, where the process forks, and where greenlets are made and waited for.
fn running_loops(model: &Model<'_>, facts: &mut FileFacts) {
    for call in model.calls() {
        let runner = model.runner(model.id(call));
        if is_fork(model, &call.func)
            && let Runner::Function(index) = runner
            && let Some(function) = facts.functions.get_mut(index as usize)
        {
            function.forks = true;
        }
        if is_of_greenlets(model, &call.func)
            && let Runner::Function(index) = runner
            && let Some(function) = facts.functions.get_mut(index as usize)
        {
            function.greenlets = true;
        }
        if !is_run(model, &call.func) {
            continue;
        }
        match runner {
            Runner::Function(index) => {
                if let Some(function) = facts.functions.get_mut(index as usize) {
                    function.runs_loop = true;
                }
            }
            Runner::Module | Runner::Class => {
                let inside = facts
                    .guards
                    .iter()
                    .any(|guard| model.nodes.is_within(model.id(call), guard.node));
                facts.runs_loop |= !inside;
            }
        }
    }
}

/// Fills in where functions handle Ctrl-C.
fn interrupts(model: &Model<'_>, facts: &mut FileFacts) {
    if !model.text.contains("KeyboardInterrupt") {
        return;
    }
    for node in model.nodes.all() {
        if let Some(at) = model.handles_interrupt(node)
            && let Runner::Function(index) = model.runner(node)
            && let Some(function) = facts.functions.get_mut(index as usize)
        {
            let line = model.text[..at.to_usize()].matches('\n').count() as u32 + 1;
            function.interrupt.get_or_insert(line);
        }
    }
}

/// Whether a callee runs an event loop to the end of what it is given.
fn is_run(model: &Model<'_>, func: &Expr) -> bool {
    let by_name = model.meaning(func).may_be(|path| {
        matches!(
            path,
            "asyncio.run" | "uvloop.run" | "anyio.run" | "trio.run" | "asyncio.runners.run"
        ) || matches!(path, "asgiref.sync.async_to_sync")
            || loops::runs_loop(path)
    });
    by_name
        || matches!(func, Expr::Attribute(attribute)
            if matches!(attribute.attr.as_str(), "run_until_complete" | "run_forever" | "launch_instance"))
}

/// Whether a callee goes on in a copy of the process, where no event loop runs
/// (<https://docs.python.org/3/library/os.html#os.fork>).
fn is_fork(model: &Model<'_>, func: &Expr) -> bool {
    model.meaning(func).may_be(|path| {
        matches!(
            path,
            "os.fork" | "os.forkpty" | "pty.fork" | "daemon.DaemonContext"
        )
    })
}

/// Whether a callee is one of gevent or eventlet: each runs its own loop whenever a greenlet waits
/// (<https://www.gevent.org/intro.html#event-loop>).
fn is_of_greenlets(model: &Model<'_>, func: &Expr) -> bool {
    model
        .meaning(func)
        .may_be(|path| path.starts_with("gevent.") || path.starts_with("eventlet."))
}

/// Fills in the lines, for people.
fn number_lines(text: &str, facts: &mut FileFacts) {
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
    let line = |at: TextSize| ends.partition_point(|&end| end < at.to_usize()) as u32 + 1;
    for function in &mut facts.functions {
        function.line = line(function.header.start());
    }
    for call in &mut facts.calls {
        call.line = line(call.range.start());
    }
    for handed in &mut facts.handed {
        handed.line = line(handed.range.start());
    }
    for app_use in &mut facts.app_uses {
        app_use.line = line(app_use.range.start());
    }
    for flow in &mut facts.flows {
        flow.line = line(flow.range.start());
    }
    for lookup in &mut facts.lookups {
        lookup.line = line(lookup.range.start());
    }
    for double in &mut facts.doubles {
        double.line = line(double.range.start());
    }
    for value in &mut facts.values {
        value.line = line(value.range.start());
    }
}

/// What is known of a class while its file is read.
struct ClassInfo<'a> {
    node: &'a StmtClassDef,
    /// The scope of its body; `None` for an impossible empty body.
    scope: Option<ScopeId>,
    bases: Vec<Target>,
    /// Its subclasses in this file.
    subclasses: Vec<u32>,
    /// `__new__` may make something else than an instance.
    makes_others: bool,
    /// A `typing.Protocol`.
    is_protocol: bool,
}

/// How a lambda without a name is called.
const LAMBDA: &str = "<lambda>";

/// What a function does with generators and with StopIteration.
#[derive(Debug, Default)]
struct Habits {
    /// It uses what a generator gives back, or is sent.
    generator_result: bool,
    /// Where it calls bare `next(...)` outside of a handler.
    nexts: Vec<NodeId>,
    /// Where it raises StopIteration.
    stops: Vec<NodeId>,
    /// It catches StopIteration, or raises again what it has caught.
    catches_stop: bool,
}

struct Reader<'a, 'm> {
    model: &'m Model<'a>,
    outlook: Outlook<'m>,
    functions_at: FxHashMap<NodeId, u32>,
    classes_at: FxHashMap<NodeId, u32>,
    classes: Vec<ClassInfo<'a>>,
    /// For each function, the class in whose body it stands directly.
    method_class: Vec<Option<u32>>,
    /// For each function, whether it yields.
    generators: Vec<bool>,
    /// The first parameters of methods: the class, and whether it is the class itself (`cls`).
    selves: FxHashMap<SymbolId, (u32, bool)>,
    /// The names that a `def`, `class` or import binds.
    definitions: FxHashMap<SymbolId, Known>,
    /// The modules that import statements name, with their packages.
    modules: FxHashSet<&'a str>,
    /// Assignments to attributes of `self`, by class and name.
    stores: FxHashMap<(u32, String), Vec<Store<'a>>>,
    /// Assignments to attributes of anything else, by name, with what has the attribute.
    stored_elsewhere: FxHashMap<String, Vec<(&'a Expr, Store<'a>)>>,
    /// The parameters without annotation: the function, and the number among its parameters.
    parameters: FxHashMap<SymbolId, (u32, u32)>,
    /// For each name and attribute of it, whether it is set and whether it is read.
    marks: FxHashMap<(SymbolId, &'a str), (bool, bool)>,
    /// For each function, the values that it returns.
    return_values: Vec<Vec<&'a Expr>>,
    symbols: FxHashMap<SymbolId, Known>,
    exprs: FxHashMap<NodeId, Known>,
    returned: FxHashMap<u32, Known>,
    /// The parameters that tests of the file may get other values for than those of fixtures; `None` in it for any. Found
    /// where it is first asked for.
    parametrized: Option<Option<FxHashSet<&'a str>>>,
    attributes: FxHashMap<(u32, String), Known>,
    busy: Vec<Busy>,
    /// How often a name was read while it was worked out.
    self_reads: u32,
    /// What flows where.
    flows: Flows,
}

impl<'a, 'm> Reader<'a, 'm> {
    fn new(model: &'m Model<'a>, outlook: Outlook<'m>) -> Self {
        let functions = model.scopes.functions();
        let mut reader = Self {
            model,
            outlook,
            functions_at: FxHashMap::default(),
            classes_at: FxHashMap::default(),
            classes: Vec::new(),
            method_class: Vec::new(),
            generators: Vec::new(),
            selves: FxHashMap::default(),
            definitions: FxHashMap::default(),
            modules: FxHashSet::default(),
            stores: FxHashMap::default(),
            stored_elsewhere: FxHashMap::default(),
            parameters: FxHashMap::default(),
            return_values: vec![Vec::new(); functions.len()],
            marks: FxHashMap::default(),
            symbols: FxHashMap::default(),
            exprs: FxHashMap::default(),
            returned: FxHashMap::default(),
            parametrized: None,
            attributes: FxHashMap::default(),
            busy: Vec::new(),
            self_reads: 0,
            flows: Flows::default(),
        };
        for (index, function) in functions.iter().enumerate() {
            reader.functions_at.insert(function.node, index as u32);
        }
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            match model.nodes.get(node) {
                AnyNodeRef::StmtImport(import) => {
                    for alias in &import.names {
                        reader.note_module(alias.name.as_str());
                    }
                }
                AnyNodeRef::StmtImportFrom(import) if import.level == 0 => {
                    if let Some(module) = &import.module {
                        reader.note_module(module.as_str());
                    }
                }
                AnyNodeRef::StmtClassDef(class) => {
                    reader.classes_at.insert(node, reader.classes.len() as u32);
                    reader.classes.push(ClassInfo {
                        node: class,
                        scope: class
                            .body
                            .first()
                            .map(|stmt| model.scopes.scope_of(model.id(stmt))),
                        bases: Vec::new(),
                        subclasses: Vec::new(),
                        makes_others: false,
                        is_protocol: false,
                    });
                }
                _ => {}
            }
        }
        reader.define();
        for (index, function) in functions.iter().enumerate() {
            reader.note_parameters(index as u32, function.definition);
            let class = reader.class_of(function.scope);
            reader.method_class.push(class);
            reader.generators.push(
                function
                    .definition
                    .is_some_and(|definition| has_yield(&definition.body)),
            );
            if let Some(class) = class {
                reader.note_self(class, function.node, function.definition);
            }
        }
        reader.link_classes();
        reader.collect();
        reader
    }

    /// Notes a module and its packages.
    fn note_module(&mut self, path: &'a str) {
        let packages = path.match_indices('.').map(|(dot, _)| &path[..dot]);
        self.modules.extend(packages);
        self.modules.insert(path);
    }

    /// The class in whose body a function stands directly.
    fn class_of(&self, function: ScopeId) -> Option<u32> {
        let scopes = &self.model.scopes;
        let around = scopes
            .enclosing(function)
            .skip(1)
            .find(|&at| scopes.scope(at).kind != ScopeKind::TypeParameters)?;
        let around = scopes.scope(around);
        (around.kind == ScopeKind::Class)
            .then(|| self.classes_at.get(&around.node).copied())
            .flatten()
    }

    /// Notes the first parameter of a method, if it is bound once and the method is an ordinary or a class method.
    fn note_self(&mut self, class: u32, node: NodeId, definition: Option<&'a StmtFunctionDef>) {
        let Some(definition) = definition else {
            return;
        };
        let parameters = &definition.parameters;
        let Some(first) = parameters.posonlyargs.first().or(parameters.args.first()) else {
            return;
        };
        let model = self.model;
        let decorated = |names: &[&str]| {
            definition.decorator_list.iter().any(|decorator| {
                model
                    .meaning(&decorator.expression)
                    .may_be(|path| names.contains(&path))
            })
        };
        if decorated(&["builtins.staticmethod", "abc.abstractstaticmethod"]) {
            return;
        }
        // `m = staticmethod(m)` and the like.
        let only_defined = model
            .scopes
            .binding_at(node)
            .map(|binding| model.scopes.symbol(model.scopes.binding(binding).symbol))
            .is_some_and(|symbol| {
                symbol.bindings.iter().all(|&binding| {
                    matches!(
                        model.scopes.binding(binding).kind,
                        BindingKind::Function | BindingKind::Declared
                    )
                })
            });
        let Some(binding) = model.scopes.binding_at(model.id(&first.parameter)) else {
            return;
        };
        let symbol = model.scopes.binding(binding).symbol;
        if !only_defined || model.scopes.symbol(symbol).bindings.len() != 1 {
            return;
        }
        let is_class = decorated(&["builtins.classmethod", "abc.abstractclassmethod"])
            || matches!(
                definition.name.as_str(),
                "__new__" | "__init_subclass__" | "__class_getitem__"
            );
        self.selves.insert(symbol, (class, is_class));
    }

    /// Notes the parameters that only callers can tell the class of.
    fn note_parameters(&mut self, function: u32, definition: Option<&'a StmtFunctionDef>) {
        let Some(definition) = definition else {
            return;
        };
        for (index, parameter) in definition.parameters.iter_non_variadic_params().enumerate() {
            if parameter.parameter.annotation.is_none()
                && let Some(binding) = self
                    .model
                    .scopes
                    .binding_at(self.model.id(&parameter.parameter))
            {
                let symbol = self.model.scopes.binding(binding).symbol;
                self.parameters.insert(symbol, (function, index as u32));
            }
        }
    }

    /// What an expression gives to a place.
    fn given_value(&mut self, expr: &'a Expr) -> Given {
        match self.known(expr) {
            Known::None => Given::Nothing,
            known => known.into_type().map_or(Given::Unknown, Given::Type),
        }
    }

    fn other_stores(&mut self) -> Vec<Stored> {
        let mut names: Vec<String> = self.stored_elsewhere.keys().cloned().collect();
        names.sort_unstable();
        let mut stored = Vec::new();
        for name in names {
            for (receiver, store) in self.stored_elsewhere[&name].clone() {
                let receiver = match self.known(receiver) {
                    Known::Class(class) => Some(Type::Class(class)),
                    known => known.into_type(),
                };
                let given = match store {
                    Store::Value(value) => self.given_value(value),
                    Store::Annotated(_) | Store::Opaque => Given::Unknown,
                };
                stored.push(Stored {
                    receiver,
                    name: name.clone(),
                    given,
                });
            }
        }
        stored
    }

    fn link_classes(&mut self) {
        for index in 0..self.classes.len() {
            let node = self.classes[index].node;
            let bases: Vec<Target> = node.bases().iter().map(|base| self.base(base)).collect();
            for base in &bases {
                if let Target::Class(base) = base {
                    self.classes[*base as usize].subclasses.push(index as u32);
                }
            }
            let info = &self.classes[index];
            let makes_others = info.scope.is_some_and(|scope| {
                self.model
                    .scopes
                    .scope(scope)
                    .symbols
                    .contains_key("__new__")
            });
            let info = &mut self.classes[index];
            info.makes_others = makes_others;
            info.is_protocol = bases
                .iter()
                .any(|base| matches!(base, Target::Path(path) if path.ends_with(".Protocol")));
            info.bases = bases;
        }
    }

    /// What a base class is; `Generic[T]` is `Generic`.
    fn base(&self, base: &'a Expr) -> Target {
        match base {
            Expr::Subscript(subscript) => self.base(&subscript.value),
            Expr::Name(_) => {
                let symbol = self.model.scopes.symbol_of(self.model.id(base));
                match symbol.map(|symbol| self.definition(symbol)) {
                    Some(Some(Known::Class(class))) => Target::Class(class),
                    _ => self.meant(base),
                }
            }
            Expr::Attribute(attribute) => match self.base(&attribute.value) {
                Target::Class(outer) => match self.nested_class(outer, attribute.attr.as_str()) {
                    Some(Known::Class(class)) => Target::Class(class),
                    _ => Target::Unknown,
                },
                _ => self.meant(base),
            },
            _ => Target::Unknown,
        }
    }

    /// What an imported name or a builtin means.
    fn meant(&self, expr: &Expr) -> Target {
        match self.model.meaning(expr).path() {
            Some(path) => Target::Path(path.to_string()),
            None => Target::Unknown,
        }
    }

    fn functions(&mut self, suppressions: &Suppressions) -> Vec<Function> {
        let model = self.model;
        let count = model.scopes.functions().len();
        let mut habits = self.habits();
        (0..count)
            .map(|index| {
                let info = &model.scopes.functions()[index];
                let header = self.header(info.node, info.definition);
                let outer = model
                    .scopes
                    .enclosing(info.scope)
                    .skip(1)
                    .find_map(|at| self.functions_at.get(&model.scopes.scope(at).node).copied())
                    .filter(|&outer| outer != index as u32);
                let name = match info.definition {
                    Some(definition) => Some(definition.name.as_str()),
                    None => colour::lambda_name(model, info.node),
                };
                let Habits {
                    generator_result,
                    nexts,
                    stops,
                    catches_stop,
                } = std::mem::take(&mut habits[index]);
                // An async iterator has an exception of its own for the end.
                let is_next = self.method_class[index].is_some()
                    && info
                        .definition
                        .is_some_and(|definition| definition.name.as_str() == "__next__");
                let stop_iteration = !stops.is_empty() && (!is_next || catches_stop);
                Function {
                    line: 0,
                    node: info.node,
                    name: name.unwrap_or(LAMBDA).to_string(),
                    qualified_name: match (name, info.qualified_name.strip_suffix(LAMBDA)) {
                        (Some(name), Some(outer)) => format!("{outer}{name}"),
                        _ => info.qualified_name.clone(),
                    },
                    header,
                    is_async: info
                        .definition
                        .is_some_and(|definition| definition.is_async),
                    is_generator: self.generators[index],
                    is_lambda: name.is_none(),
                    lifts: name.is_none()
                        && self.handed_on(info.node).is_none()
                        && colour::lifts(model, info.node),
                    hands_on: name.is_none().then(|| self.handed_on(info.node)).flatten(),
                    class: self.method_class[index],
                    outer,
                    parameters: self.parameters(index as u32),
                    decorators: info
                        .definition
                        .map(|definition| self.decorators(definition))
                        .unwrap_or_default(),
                    returns: self.returns(index as u32, false).into_type(),
                    result: (!self.is_async(index as u32))
                        .then(|| self.returns(index as u32, true).into_type())
                        .flatten(),
                    enters: info
                        .definition
                        .and_then(|definition| self.entered(index as u32, definition)),
                    is_annotated: self.returns_annotation(index as u32),
                    returns_self: self.returns_self(index as u32),
                    pin: (info.definition.is_some() && suppressions.keep_sync(header))
                        .then_some(Pin::Comment),
                    generator_result: generator_result && self.generators[index],
                    stop_iteration,
                    nexts,
                    stops: if is_next { stops } else { Vec::new() },
                    arity: info
                        .definition
                        .and_then(|definition| self.arity(index as u32, definition)),
                    tracks_self: self.tracks_self(index as u32),
                    is_property: info
                        .definition
                        .is_some_and(|definition| self.is_replaceable_property(index, definition)),
                    creates: self.creates(index as u32),
                    fixture: None,
                    is_marked: false,
                    interrupt: None,
                    thread: None,
                    bound: None,
                    runs_loop: false,
                    forks: false,
                    greenlets: false,
                    can_split: false,
                    generator_cleanup: false,
                    delegations: Vec::new(),
                    yields: None,
                    context_manager: None,
                    releases: Vec::new(),
                    stale_annotation: false,
                    signatures: Vec::new(),
                    is_signature: false,
                }
            })
            .collect()
    }

    /// From the first decorator to the colon.
    fn header(&self, node: NodeId, definition: Option<&StmtFunctionDef>) -> TextRange {
        let range = self.model.nodes.range(node);
        let start = definition
            .and_then(|definition| definition.decorator_list.first())
            .map_or(range.start(), |decorator| {
                decorator.start().min(range.start())
            });
        let (from, to) = match (definition, self.model.nodes.get(node)) {
            (Some(definition), _) => (
                definition
                    .returns
                    .as_ref()
                    .map_or(definition.parameters.end(), |returns| returns.end()),
                definition.body.first().map_or(range.end(), Ranged::start),
            ),
            (None, AnyNodeRef::ExprLambda(lambda)) => (
                lambda
                    .parameters
                    .as_ref()
                    .map_or(range.start() + TextSize::new(6), |parameters| {
                        parameters.end()
                    }),
                lambda.body.start(),
            ),
            _ => return range,
        };
        let end = self
            .model
            .tokens()
            .in_range(TextRange::new(from, to.max(from)))
            .iter()
            .find(|token| token.kind() == TokenKind::Colon)
            .map_or(to, Ranged::end);
        TextRange::new(start, end)
    }

    fn decorators(&mut self, definition: &'a StmtFunctionDef) -> Vec<Decorator> {
        definition
            .decorator_list
            .iter()
            .map(|decorator| {
                let (expr, is_called) = match &decorator.expression {
                    Expr::Call(call) => (call.func.as_ref(), true),
                    expr => (expr, false),
                };
                Decorator {
                    range: decorator.expression.range(),
                    target: self.decorator(expr),
                    is_called,
                }
            })
            .collect()
    }

    fn decorator(&mut self, expr: &'a Expr) -> Target {
        if let Expr::Attribute(attribute) = expr
            && self.is_accessor(attribute)
        {
            return Target::Path(format!("builtins.property.{}", attribute.attr));
        }
        match self.known(expr) {
            Known::Function(index) => Target::Function(index),
            Known::Class(index) => Target::Class(index),
            Known::Path(path) | Known::Outside { path, .. } => Target::Path(path),
            _ => match expr {
                // `@cli.command()` with a function `cli`.
                Expr::Attribute(attribute)
                    if let Known::Function(index) = self.known(&attribute.value) =>
                {
                    let name = &self.model.scopes.functions()[index as usize].qualified_name;
                    let module = &self.model.module.name;
                    Target::Path(format!("{module}.{name}.{}", attribute.attr))
                }
                // `@app.get("/")` with `app = FastAPI()`: `fastapi.FastAPI.get`.
                Expr::Attribute(attribute) => {
                    let class = match self.known(&attribute.value) {
                        Known::Class(class) => Some(Type::Class(class)),
                        value => value.into_type(),
                    };
                    match class {
                        Some(Type::Path(path)) => {
                            Target::Path(format!("{path}.{}", attribute.attr))
                        }
                        Some(Type::Class(class)) => self.method_of(class, attribute.attr.as_str()),
                        _ => Target::Unknown,
                    }
                }
                _ => Target::Unknown,
            },
        }
    }

    /// The method that a class of this file defines itself, once.
    fn method_of(&self, class: u32, name: &str) -> Target {
        let scopes = &self.model.scopes;
        let symbol = self.classes[class as usize]
            .scope
            .and_then(|scope| scopes.scope(scope).symbols.get(name).copied());
        match symbol.map(|symbol| scopes.symbol(symbol).bindings.as_slice()) {
            Some(&[binding]) => self.target_of_binding(binding).unwrap_or(Target::Unknown),
            _ => Target::Unknown,
        }
    }

    /// `x.setter`, `x.getter` or `x.deleter` of a name of the class body.
    fn is_accessor(&self, attribute: &ExprAttribute) -> bool {
        let Expr::Name(name) = attribute.value.as_ref() else {
            return false;
        };
        let scopes = &self.model.scopes;
        matches!(attribute.attr.as_str(), "setter" | "getter" | "deleter")
            && scopes.symbol_of(self.model.id(name)).is_some_and(|symbol| {
                scopes.scope(scopes.symbol(symbol).scope).kind == ScopeKind::Class
            })
    }

    /// What each function does with generators and with StopIteration.
    fn habits(&mut self) -> Vec<Habits> {
        let model = self.model;
        let mut all: Vec<Habits> = Vec::new();
        all.resize_with(model.scopes.functions().len(), Habits::default);
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            let mut found = Habits::default();
            match model.nodes.get(node) {
                AnyNodeRef::StmtReturn(statement) => {
                    found.generator_result = statement.value.is_some();
                }
                AnyNodeRef::ExprYield(_) => {
                    found.generator_result =
                        !matches!(model.nodes.parent_node(node), AnyNodeRef::StmtExpr(_));
                }
                AnyNodeRef::ExprYieldFrom(_) => {
                    found.generator_result =
                        !colour::is_delegation(model, model.nodes.parent(node));
                }
                AnyNodeRef::StmtRaise(raise) => {
                    let raised = match raise.exc.as_deref() {
                        Some(Expr::Call(call)) => Some(call.func.as_ref()),
                        raised => raised,
                    };
                    match raised {
                        Some(raised) if self.may_be_builtin(raised, "StopIteration") => {
                            found.stops.push(model.id(raised));
                            // Only the plain name has a counterpart.
                            found.catches_stop = !raised.is_name_expr();
                        }
                        Some(_) => {}
                        // What is raised again may be one.
                        None => found.catches_stop = true,
                    }
                }
                AnyNodeRef::ExceptHandlerExceptHandler(handler) => {
                    let types = match handler.type_.as_deref() {
                        Some(Expr::Tuple(tuple)) => &tuple.elts[..],
                        Some(one) => std::slice::from_ref(one),
                        None => &[],
                    };
                    found.catches_stop = types
                        .iter()
                        .any(|caught| self.may_be_builtin(caught, "StopIteration"));
                }
                AnyNodeRef::ExprCall(call) => {
                    let is_bare = call.arguments.len() == 1
                        && self.may_be_builtin(&call.func, "next")
                        && !self.fails_a_test(node, call)
                        && model
                            .catches(node, &["StopIteration", "Exception", "BaseException"])
                            .is_none();
                    found.nexts.extend(is_bare.then_some(node));
                }
                _ => continue,
            }
            if let Runner::Function(index) = model.runner(node) {
                let habits = &mut all[index as usize];
                habits.generator_result |= found.generator_result;
                habits.nexts.append(&mut found.nexts);
                habits.catches_stop |= found.catches_stop;
                habits.stops.append(&mut found.stops);
            }
        }
        all
    }

    /// Whether all that the end of a generator does here is to fail a test, which its async counterpart does, too.
    fn fails_a_test(&self, node: NodeId, call: &'a ExprCall) -> bool {
        let Runner::Function(index) = self.model.runner(node) else {
            return false;
        };
        let definition = self.model.scopes.functions()[index as usize].definition;
        definition.is_some_and(|definition| definition.name.starts_with("test"))
            && self.advances(call).is_some()
    }

    /// The signature that callers see.
    fn arity(&mut self, function: u32, definition: &StmtFunctionDef) -> Option<Arity> {
        let is_kept = |decorator: &ruff_python_ast::Decorator| {
            matches!(
                self.model.meaning(&decorator.expression).path(),
                Some("builtins.staticmethod" | "builtins.classmethod" | "abc.abstractmethod")
            )
        };
        let is_seen = definition.decorator_list.iter().all(is_kept);
        if !is_seen {
            return None;
        }
        let arity = Arity::of(definition, self.gives_plain(function, definition));
        let decorators = definition.decorator_list.iter();
        Some(decorators.fold(arity, |arity, decorator| {
            match self.model.meaning(&decorator.expression).path() {
                Some(path) => arity.decorated_by(path),
                None => arity,
            }
        }))
    }

    /// Whether a function gives `None` or an object of a builtin class, and nothing else.
    fn gives_plain(&mut self, function: u32, definition: &StmtFunctionDef) -> bool {
        let is_plain = |known: &Known| match known {
            Known::None => true,
            Known::Foreign(Some(path)) => path.starts_with("builtins."),
            _ => false,
        };
        if definition.is_async || self.generators[function as usize] {
            return false;
        }
        if let Some(annotation) = definition.returns.as_deref() {
            let scope = self.model.scope_at(self.model.id(annotation));
            return is_plain(&self.annotation(annotation, scope));
        }
        let values = self.return_values[function as usize].clone();
        values.into_iter().all(|value| is_plain(&self.known(value)))
    }

    /// Whether a method is a property, and `@property` stands on a line of its own.
    fn is_replaceable_property(&self, index: usize, definition: &StmtFunctionDef) -> bool {
        let mut found = definition.decorator_list.iter().filter(|decorator| {
            self.model.meaning(&decorator.expression).path() == Some("builtins.property")
        });
        self.method_class[index].is_some()
            && !definition.is_async
            && !self.generators[index]
            && found.next().is_some_and(|decorator| {
                colour::decorator_lines(self.model, &decorator.expression).is_some()
            })
            && found.next().is_none()
    }

    /// Whether every use of `self` in a method is seen.
    fn tracks_self(&self, function: u32) -> bool {
        let info = &self.model.scopes.functions()[function as usize];
        let (Some(_), Some(definition)) = (self.method_class[function as usize], info.definition)
        else {
            return true;
        };
        let parameters = &definition.parameters;
        let is_static = definition.decorator_list.iter().any(|decorator| {
            self.model.meaning(&decorator.expression).path() == Some("builtins.staticmethod")
        });
        is_static
            || match parameters.posonlyargs.first().or(parameters.args.first()) {
                Some(first) => self
                    .model
                    .scopes
                    .binding_at(self.model.id(&first.parameter))
                    .map(|binding| self.model.scopes.binding(binding).symbol)
                    .is_some_and(|symbol| self.selves.contains_key(&symbol)),
                None => parameters.vararg.is_none(),
            }
    }

    /// Whether a name means this builtin, or may.
    fn may_be_builtin(&mut self, expr: &'a Expr, name: &str) -> bool {
        let is = |path: &str| path.strip_prefix("builtins.") == Some(name);
        match self.known(expr) {
            Known::Outside { path, .. } => is(&path),
            Known::Several(targets) => targets
                .iter()
                .any(|target| matches!(target, Target::Path(path) if is(path))),
            _ => false,
        }
    }

    fn class_facts(&mut self) -> Vec<Class> {
        let mut stored: Vec<Vec<String>> = vec![Vec::new(); self.classes.len()];
        for (class, name) in self.stores.keys() {
            stored[*class as usize].push(name.clone());
        }
        let model = self.model;
        let mut classes = Vec::new();
        for (index, mut attributes) in stored.into_iter().enumerate() {
            let mut methods = Vec::new();
            let mut overloads = Vec::new();
            if let Some(scope) = self.classes[index].scope {
                let mut symbols: Vec<SymbolId> = model
                    .scopes
                    .scope(scope)
                    .symbols
                    .values()
                    .copied()
                    .collect();
                symbols.sort_unstable();
                for symbol in symbols {
                    let symbol = model.scopes.symbol(symbol);
                    let node = model.id(self.classes[index].node);
                    let name = self.private(symbol.name, node);
                    let mut defined: Vec<u32> = symbol
                        .bindings
                        .iter()
                        .filter_map(|&binding| match self.target_of_binding(binding) {
                            Some(Target::Function(function)) => Some(function),
                            _ => None,
                        })
                        .collect();
                    match defined.pop() {
                        Some(last) => {
                            methods.push((name.clone(), last));
                            overloads.extend(defined.into_iter().map(|one| (name.clone(), one)));
                        }
                        None => attributes.push(symbol.name.to_string()),
                    }
                }
            }
            attributes.sort_unstable();
            attributes.dedup();
            let mut typed = Vec::new();
            let mut untyped = Vec::new();
            for name in attributes {
                match self.attribute(index as u32, &name).into_type() {
                    Some(type_) => typed.push((name, type_)),
                    None => untyped.push(name),
                }
            }
            let node = self.classes[index].node;
            classes.push(Class {
                node: model.id(node),
                qualified_name: self.class_name(model.id(node)),
                bases: self.classes[index].bases.clone(),
                base_nodes: node
                    .bases()
                    .iter()
                    .map(|base| testing::base_node(model, base))
                    .collect(),
                methods,
                overloads,
                attributes: typed,
                untyped,
                is_converted: false,
                assigned: self.assigned(node),
                has_keywords: node
                    .arguments
                    .as_ref()
                    .is_some_and(|arguments| !arguments.keywords.is_empty()),
            });
        }
        classes
    }

    /// The dotted name of a class within the module.
    fn class_name(&self, class: NodeId) -> String {
        let mut parts: Vec<&str> = std::iter::once(class)
            .chain(self.model.nodes.ancestors(class))
            .filter_map(|at| match self.model.nodes.get(at) {
                AnyNodeRef::StmtClassDef(class) => Some(class.name.as_str()),
                AnyNodeRef::StmtFunctionDef(function) => Some(function.name.as_str()),
                _ => None,
            })
            .collect();
        parts.reverse();
        parts.join(".")
    }

    fn star_imports(&self) -> Vec<String> {
        self.model
            .scopes
            .star_imports(Scopes::MODULE)
            .filter_map(|(module, level)| self.model.module.resolve(level, module))
            .collect()
    }

    fn module_names(&mut self, facts: &mut FileFacts) {
        let mut symbols: Vec<SymbolId> = self
            .model
            .scopes
            .scope(Scopes::MODULE)
            .symbols
            .values()
            .copied()
            .collect();
        symbols.sort_unstable();
        for id in symbols {
            let name = self.model.scopes.symbol(id).name.to_string();
            let target = match self.definition(id) {
                Some(Known::Function(index)) => Target::Function(index),
                Some(Known::Class(index)) => Target::Class(index),
                Some(Known::Path(path) | Known::Outside { path, .. }) => Target::Path(path),
                Some(_) => continue,
                None => match self.symbol(id) {
                    Known::Function(index) => Target::Function(index),
                    Known::Class(index) => Target::Class(index),
                    Known::Path(path) => Target::Path(path),
                    other => {
                        facts.globals.push((name.clone(), id.number()));
                        if let Some(type_) = other.into_type() {
                            facts.variables.push((name, type_));
                        }
                        continue;
                    }
                },
            };
            facts.names.push((name, target));
        }
    }

    /// The functions behind names that are bound in more than one way: nobody can tell which one a call of the name
    /// calls, here or in another file. Methods are told by [`Class::overloads`].
    fn redefinitions(&self, values: &mut Vec<Value>) {
        let scopes = &self.model.scopes;
        for (id, symbol) in scopes.symbols() {
            if !matches!(self.definition(id), Some(Known::Several(_))) {
                continue;
            }
            let in_class = scopes.scope(symbol.scope).kind == ScopeKind::Class;
            let all_defined = symbol
                .bindings
                .iter()
                .all(|&binding| matches!(scopes.binding(binding).kind, BindingKind::Function));
            if in_class && all_defined {
                continue;
            }
            // Two routes of one name, say: their decorators have them, and nobody asks for either by the name.
            let all_decorated = symbol.bindings.iter().all(|&binding| {
                matches!(self.model.nodes.get(scopes.binding(binding).node), AnyNodeRef::StmtFunctionDef(function)
                    if !function.decorator_list.is_empty())
            });
            if all_defined && all_decorated && symbol.references.is_empty() {
                continue;
            }
            for &binding in &symbol.bindings {
                let target = match self.target_of_binding(binding) {
                    Some(Target::Function(index)) => Target::Function(index),
                    Some(Target::Path(path)) if self.is_own(&path) => Target::Path(path),
                    _ => continue,
                };
                let binding = scopes.binding(binding);
                values.push(Value {
                    line: 0,
                    range: binding.range,
                    runner: self.model.runner(binding.node),
                    callee: Callee::Target(target),
                    kind: ValueKind::Other,
                    may_be_property: false,
                    attribute: None,
                    leaves: false,
                });
            }
        }
    }
}
