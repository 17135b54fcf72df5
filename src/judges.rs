//! Code that tells exceptions apart by their class without an `except` clause of its own: `isinstance`, tables and tuples of
//! classes, `__exit__`; and context managers whose clauses stand round a `yield`.
//!
//! All of it waits for the exceptions of other functions: those that hand on what they caught, or that run in the `with`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprContext, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callers::{Callee, Callees, Reader};
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Model, NodeId, Runner};

/// What one file tells about classes of a family of exceptions that stand elsewhere than in a clause.
#[derive(Debug, Default)]
pub struct Judges {
    /// The functions that compare with such classes, with the node of the first comparison.
    pub functions: FxHashMap<u32, NodeId>,
    /// The names of constants, attributes, parameters and keywords that hold such classes.
    pub constants: FxHashMap<String, NodeId>,
    /// For each function (by number; the module level last), what its handlers and `with` statements hand an exception to.
    pub handed: Vec<Callees>,
    /// For each function, the constants that it reads elsewhere than in an `except` clause.
    pub reads: Vec<FxHashSet<String>>,
    /// The classes, each with the last names of its bases, and whether one of them is an exception of the family.
    pub classes: Vec<(String, Vec<String>, bool)>,
    /// For each context manager and decorator, by its last name, what runs in it: the calls, and the function that the
    /// statement stands in.
    pub guarded: FxHashMap<String, Callees>,
}

/// The name that stands for the `__exit__` of an object that a `with` does not make itself.
const EXIT: &str = "__exit__";

impl Judges {
    /// Reads a file. `family` is the module at the root of the classes; `mapped` are the spans of the names of it that the
    /// units write anew, so that they tell the new classes; `reader` tells what statements call.
    pub fn new(
        model: &Model<'_>,
        family: &str,
        mapped: &FxHashSet<TextRange>,
        reader: &Reader<'_, '_>,
    ) -> Self {
        let functions = model.scopes.functions();
        let module = functions.len();
        let of = |node: NodeId| match model.runner(node) {
            Runner::Function(index) => index as usize,
            Runner::Module | Runner::Class => module,
        };
        let mut judges = Self {
            handed: vec![Callees::default(); module + 1],
            reads: vec![FxHashSet::default(); module + 1],
            ..Self::default()
        };
        for number in 0..model.nodes.len() as u32 {
            let id = NodeId(number);
            match model.nodes.get(id) {
                AnyNodeRef::ExprName(name) => {
                    let is_of_family = model.meaning_of(name.into()).may_be(|path| {
                        path.strip_prefix(family)
                            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                    });
                    if is_of_family && mapped.contains(&name.range()) {
                        continue;
                    }
                    if is_of_family {
                        judges.mention(model, family, id, of(id));
                    } else if !is_caught(model, id) && is_constant(model, id) {
                        judges.reads[of(id)].insert(name.id.to_string());
                    }
                }
                AnyNodeRef::ExprAttribute(attribute)
                    if attribute.ctx == ExprContext::Load && !is_caught(model, id) =>
                {
                    let name = attribute.attr.as_str();
                    if name.chars().all(|c| c.is_uppercase() || c == '_') {
                        judges.reads[of(id)].insert(name.to_string());
                    }
                }
                AnyNodeRef::ExceptHandlerExceptHandler(handler) if handler.name.is_some() => {
                    judges.handed[of(id)].extend(reader.in_block(&handler.body));
                }
                AnyNodeRef::StmtWith(with) => {
                    let at = of(id);
                    let mut body: Option<Callees> = None;
                    for item in &with.items {
                        let Some(name) = called(&item.context_expr) else {
                            judges.handed[at].insert(Callee::Named(EXIT.to_string()));
                            continue;
                        };
                        judges.handed[at].insert(Callee::Named(name.to_string()));
                        let body = body.get_or_insert_with(|| {
                            let mut calls = reader.in_block(&with.body);
                            calls.extend((at < module).then_some(Callee::Function(at as u32)));
                            calls
                        });
                        let guarded = judges.guarded.entry(name.to_string()).or_default();
                        guarded.extend(body.iter().cloned());
                    }
                }
                AnyNodeRef::StmtClassDef(class) if !class.bases().is_empty() => {
                    let bases = class.bases().iter();
                    let is_of_family = bases
                        .clone()
                        .any(|base| is_exception(model, family, model.id(base)));
                    let names = bases.filter_map(last_name).map(str::to_string).collect();
                    judges
                        .classes
                        .push((class.name.to_string(), names, is_of_family));
                }
                AnyNodeRef::StmtFunctionDef(function) => {
                    for decorator in &function.decorator_list {
                        if let Some(name) = called(&decorator.expression) {
                            let guarded = judges.guarded.entry(name.to_string()).or_default();
                            guarded.extend(reader.own(id));
                        }
                    }
                }
                _ => {}
            }
        }
        judges
    }

    /// Whether nothing is told apart here.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.constants.is_empty()
    }

    /// A name of the family: a class of exceptions that is compared with, or put into something that has a name.
    fn mention(&mut self, model: &Model<'_>, family: &str, name: NodeId, at: usize) {
        let mut node = name;
        while let AnyNodeRef::ExprAttribute(_) = model.nodes.parent_node(node) {
            node = model.nodes.parent(node);
        }
        if !is_exception(model, family, node) {
            return;
        }
        let mut inner = node;
        for ancestor in model.nodes.ancestors(node) {
            match model.nodes.get(ancestor) {
                AnyNodeRef::ExceptHandlerExceptHandler(_)
                | AnyNodeRef::StmtRaise(_)
                | AnyNodeRef::StmtClassDef(_)
                | AnyNodeRef::Decorator(_)
                | AnyNodeRef::WithItem(_) => return,
                AnyNodeRef::ExprCompare(_) | AnyNodeRef::PatternMatchClass(_) => {
                    return self.compared(at, node);
                }
                AnyNodeRef::ExprCall(call) => {
                    let path = model.meaning(&call.func);
                    if matches!(
                        path.path(),
                        Some("builtins.isinstance" | "builtins.issubclass")
                    ) {
                        return self.compared(at, node);
                    }
                    // An exception that is made, or what something else is told of.
                    if model.id(call.func.as_ref()) == inner
                        || !matches!(path.path(), Some("builtins.tuple" | "builtins.frozenset"))
                    {
                        return;
                    }
                }
                AnyNodeRef::Keyword(keyword) => {
                    if let Some(arg) = &keyword.arg
                        && let AnyNodeRef::Arguments(_) = model.nodes.parent_node(ancestor)
                        && is_class(model, node, ancestor)
                        && !is_decorating(model, ancestor)
                    {
                        self.constants.entry(arg.to_string()).or_insert(node);
                    }
                    return;
                }
                AnyNodeRef::ParameterWithDefault(parameter) => {
                    let name = parameter.parameter.name.to_string();
                    self.constants.entry(name).or_insert(node);
                    return;
                }
                AnyNodeRef::StmtAssign(assign) => {
                    for target in &assign.targets {
                        self.constant(target, node);
                    }
                    return;
                }
                AnyNodeRef::StmtAnnAssign(assign) => {
                    if assign
                        .value
                        .as_ref()
                        .is_some_and(|value| model.id(value.as_ref()) == inner)
                    {
                        self.constant(&assign.target, node);
                    }
                    return;
                }
                other if other.is_statement() => return,
                _ => {}
            }
            inner = ancestor;
        }
    }

    fn constant(&mut self, target: &Expr, node: NodeId) {
        let name = match target {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return,
        };
        self.constants.entry(name.to_string()).or_insert(node);
    }

    /// Code at module level compares nothing that a function raised.
    fn compared(&mut self, at: usize, node: NodeId) {
        if at + 1 < self.handed.len() {
            self.functions.entry(at as u32).or_insert(node);
        }
    }
}

/// Whether a `try` with this body waits for what runs in a `with`: the function of a context manager, by its last name.
pub fn manager<'a>(model: &Model<'a>, try_: NodeId) -> Option<&'a str> {
    let Runner::Function(index) = model.runner(try_) else {
        return None;
    };
    let function = model.scopes.functions()[index as usize].definition?;
    let AnyNodeRef::StmtTry(statement) = model.nodes.get(try_) else {
        return None;
    };
    let body = statement.body.first()?.start()..statement.body.last()?.end();
    let yields = model.nodes.subtree(try_).any(|node| {
        matches!(model.nodes.get(node), AnyNodeRef::ExprYield(_))
            && model.runner(node) == model.runner(try_)
            && body.contains(&model.nodes.range(node).start())
    });
    (yields && is_manager(model, function)).then_some(function.name.as_str())
}

/// Whether `@contextmanager` stands on a function.
fn is_manager(model: &Model<'_>, function: &StmtFunctionDef) -> bool {
    function.decorator_list.iter().any(|decorator| {
        matches!(
            model.meaning(&decorator.expression).path(),
            Some("contextlib.contextmanager" | "contextlib.asynccontextmanager")
        )
    })
}

/// The last name of what is called.
fn called(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Call(call) => last_name(&call.func),
        _ => None,
    }
}

fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The names of the classes that derive from an exception of the family, over all files, directly or through others.
pub fn derived<'f>(all: impl Iterator<Item = &'f Judges> + Clone) -> FxHashSet<&'f str> {
    let mut found: FxHashSet<&str> = FxHashSet::default();
    loop {
        let before = found.len();
        for (name, bases, is_of_family) in all.clone().flat_map(|judges| &judges.classes) {
            if *is_of_family || bases.iter().any(|base| found.contains(base.as_str())) {
                found.insert(name);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Whether the last part of a name of the family is that of an exception.
fn is_exception(model: &Model<'_>, family: &str, node: NodeId) -> bool {
    let Some(expr) = model.expr(node) else {
        return false;
    };
    let below = |path: &str| {
        path.strip_prefix(family)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    model.meaning_of(expr).may_be(|path| {
        let last = path.rsplit('.').next().unwrap_or(path);
        below(path)
            && last.starts_with(char::is_uppercase)
            && [
                "Error",
                "Exception",
                "Timeout",
                "Redirects",
                "Schema",
                "URL",
                "Header",
                "Required",
            ]
            .iter()
            .any(|end| last.ends_with(end))
    })
}

/// Whether a class stands in a keyword as itself, or in a collection: no call of it.
fn is_class(model: &Model<'_>, node: NodeId, keyword: NodeId) -> bool {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| at != keyword)
        .all(|at| !matches!(model.nodes.get(at), AnyNodeRef::ExprCall(_)))
}

/// Whether a node stands in a decorator, which is a handler of its own.
fn is_decorating(model: &Model<'_>, node: NodeId) -> bool {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.get(at).is_statement())
        .any(|at| matches!(model.nodes.get(at), AnyNodeRef::Decorator(_)))
}

/// Whether a node stands in the types of an `except` clause.
fn is_caught(model: &Model<'_>, node: NodeId) -> bool {
    let mut inner = node;
    for ancestor in model.nodes.ancestors(node) {
        match model.nodes.get(ancestor) {
            AnyNodeRef::ExceptHandlerExceptHandler(handler) => {
                return handler
                    .type_
                    .as_deref()
                    .is_some_and(|type_| model.id(type_) == inner);
            }
            other if other.is_statement() => return false,
            _ => inner = ancestor,
        }
    }
    false
}

/// Whether a name is read that may be a constant of a module: bound there by assignment, or imported.
fn is_constant(model: &Model<'_>, node: NodeId) -> bool {
    let symbol: Option<SymbolId> = model.scopes.symbol_of(node);
    symbol.is_some_and(|symbol| {
        model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
            matches!(
                model.scopes.binding(binding).kind,
                BindingKind::Assign { .. }
                    | BindingKind::FromImport { .. }
                    | BindingKind::Parameter
            )
        })
    })
}
