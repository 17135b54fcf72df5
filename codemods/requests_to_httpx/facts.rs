//! What is known of a file as a whole: who calls whom by name, who catches errors of requests, test doubles.
//!
//! Calls are matched by the last part of their name: that finds too many callers and never too few, short of a
//! function that is called through another name.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::calls::Verb;
use super::exceptions;
use super::names::{self, Kind, Mention};
use super::reasons;
use crate::codemod::Refusal;
use crate::doubles;
use crate::judges;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};

/// Code that catches errors of requests.
#[derive(Debug)]
struct Catcher {
    /// The `try` or `with` statement, or the decorated function.
    node: NodeId,
    /// The clause.
    range: TextRange,
}

/// A tuple of exceptions with a name of its own: `RETRIED = (requests.Timeout, requests.ConnectionError)`.
#[derive(Debug)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// The assignment.
    pub statement: NodeId,
    /// The statements that catch it: all that it is used for.
    pub handlers: Vec<NodeId>,
}

/// What is known of a file.
#[derive(Debug, Default)]
pub struct Facts {
    /// The tuples of exceptions of the module that `except` clauses name, and nothing else of the file.
    pub constants: FxHashMap<crate::semantic::scope::SymbolId, Constant>,
    /// Whether the file sends conditional requests, so that 304 is an answer.
    pub is_conditional: bool,
    /// The place where the file replaces requests by a double.
    pub double: Option<TextRange>,
    /// Names that are bound to values with exceptions of requests or `OSError` in them.
    pub tainted: FxHashSet<crate::semantic::scope::SymbolId>,
    /// The functions that make requests or raise what those raise, with their names.
    direct: Vec<(Runner, String)>,
    /// Whether anything reads JSON from what may be a response.
    pub reads_json: bool,
    /// The names of attributes that are given an object of a library on top of requests.
    pub foreign_attributes: FxHashSet<String>,
    /// Whether the encoding of a response may be read somewhere.
    pub asks_encoding: bool,
    /// The last parts of the names of the functions.
    functions: Vec<String>,
    /// For each name, the functions in which it stands.
    users: FxHashMap<String, Vec<u32>>,
    catchers: Vec<Catcher>,
    /// For each name, the catchers in whose body it stands.
    caught: FxHashMap<String, Vec<u32>>,
    /// The mentions of requests: names of the library are not those of functions.
    chains: FxHashSet<NodeId>,
}

impl Facts {
    /// Collects the facts of a file.
    pub fn new(model: &Model<'_>, mentions: &[Mention]) -> Self {
        let lower = model.text.to_ascii_lowercase();
        let mut facts = Self {
            is_conditional: lower.contains("if-none-match")
                || lower.contains("if-modified-since")
                || lower.contains("if_none_match")
                || lower.contains("if_modified_since"),
            double: doubles(model, mentions).first().copied(),
            functions: model
                .scopes
                .functions()
                .iter()
                .map(|function| {
                    let mut parts = function.qualified_name.rsplit('.');
                    let last = parts.next().unwrap_or_default();
                    // A constructor is called by the name of its class.
                    match (last, parts.next()) {
                        ("__init__" | "__new__", Some(class)) => class.to_string(),
                        _ => last.to_string(),
                    }
                })
                .collect(),
            chains: mentions.iter().map(|mention| mention.node).collect(),
            ..Self::default()
        };
        facts.find_tainted(model, mentions);
        facts.constants = facts
            .tainted
            .iter()
            .filter_map(|&symbol| Some((symbol, constant(model, symbol)?)))
            .collect();
        facts.find_users(model);
        facts.direct = mentions
            .iter()
            .filter(|mention| makes_requests(model, mention))
            .map(|mention| mention.runner)
            .chain(session_calls(model).map(|call| model.runner(model.id(call))))
            .filter_map(|runner| Some((runner, facts.name_of(runner)?.to_string())))
            .collect();
        facts.find_catchers(model, mentions);
        facts.foreign_attributes = all(model)
            .filter_map(|node| foreign_attribute(model, node))
            .collect();
        facts.asks_encoding = all(model).any(|node| asks_encoding(model, node));
        facts.reads_json = all(model).any(|node| {
            matches!(
                model.nodes.get(node),
                AnyNodeRef::ExprCall(call)
                    if matches!(call.func.as_ref(), Expr::Attribute(attribute) if attribute.attr.as_str() == "json")
            )
        });
        facts
    }

    /// The names of functions that raise errors of requests though these functions do not: by themselves, or because they
    /// call such by name. None where nothing in the file catches any: nobody asks then, and to list them for each of many
    /// groups is quadratic.
    pub fn raising_besides(&self, group: &[Runner]) -> FxHashSet<String> {
        if self.catchers.is_empty() {
            return FxHashSet::default();
        }
        self.callers(
            self.direct
                .iter()
                .filter(|(runner, _)| !group.contains(runner))
                .map(|(_, name)| name.as_str()),
        )
    }

    /// The names of these functions, and of all that call one of them by name.
    pub fn raising(&self, group: &[Runner]) -> FxHashSet<String> {
        self.callers(group.iter().filter_map(|&runner| self.name_of(runner)))
    }

    /// Joins functions whose errors one handler waits for: those that it calls, and the one that it stands in.
    pub fn groups(&self, model: &Model<'_>, candidates: &[u32]) -> Vec<Vec<u32>> {
        let mut group: Vec<usize> = (0..candidates.len()).collect();
        let mut of_catcher: FxHashMap<u32, usize> = FxHashMap::default();
        let mut join = |one: usize, other: usize| {
            let (from, to) = (group[one].max(group[other]), group[one].min(group[other]));
            for at in &mut group {
                if *at == from {
                    *at = to;
                }
            }
        };
        for (number, &index) in candidates.iter().enumerate() {
            for name in self.raising(&[Runner::Function(index)]) {
                for &catcher in self.caught.get(&name).map_or(&[][..], Vec::as_slice) {
                    let first = *of_catcher.entry(catcher).or_insert(number);
                    join(first, number);
                    let node = self.catchers[catcher as usize].node;
                    if let Runner::Function(holder) = model.runner(node)
                        && let Some(other) = candidates.iter().position(|&one| one == holder)
                    {
                        join(number, other);
                    }
                }
            }
        }
        // A tuple of exceptions changes for all that catch it.
        for constant in self.constants.values() {
            let mut first = None;
            for &handler in &constant.handlers {
                let catcher = self.catchers.iter().position(|one| one.node == handler);
                let of_catcher = catcher.and_then(|index| of_catcher.get(&(index as u32)));
                let holder = candidates
                    .iter()
                    .position(|&one| model.runner(handler) == Runner::Function(one));
                for number in of_catcher.copied().into_iter().chain(holder) {
                    join(*first.get_or_insert(number), number);
                }
            }
        }
        let mut found: Vec<Vec<u32>> = Vec::new();
        let mut place: FxHashMap<usize, usize> = FxHashMap::default();
        for (number, &index) in candidates.iter().enumerate() {
            let at = *place.entry(group[number]).or_insert_with(|| {
                found.push(Vec::new());
                found.len() - 1
            });
            found[at].push(index);
        }
        found
    }

    /// The statements that wait for errors of functions of these names, in source order.
    pub fn catchers_of(&self, names: &FxHashSet<String>) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = names
            .iter()
            .filter_map(|name| self.caught.get(name))
            .flatten()
            .map(|&index| self.catchers[index as usize].node)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The statements that wait for errors of code outside of the file: no function of it that makes requests is named in
    /// them.
    pub fn catchers_of_others(&self) -> Vec<NodeId> {
        let own = self.callers(self.direct.iter().map(|(_, name)| name.as_str()));
        let own: FxHashSet<NodeId> = self.catchers_of(&own).into_iter().collect();
        let all = self.catchers.iter().map(|catcher| catcher.node);
        all.filter(|node| !own.contains(node)).collect()
    }

    /// The last part of a function's name.
    pub fn name_of(&self, runner: Runner) -> Option<&str> {
        match runner {
            Runner::Function(index) => self.functions.get(index as usize).map(String::as_str),
            Runner::Module | Runner::Class => None,
        }
    }

    /// These names, and those of all functions in which one of them stands, and so on.
    fn callers<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> FxHashSet<String> {
        let mut found: FxHashSet<String> = FxHashSet::default();
        let mut pending: Vec<String> = names.into_iter().map(ToString::to_string).collect();
        while let Some(name) = pending.pop() {
            if name == "<lambda>" || found.contains(&name) {
                continue;
            }
            for &user in self.users.get(&name).map_or(&[][..], Vec::as_slice) {
                pending.push(self.functions[user as usize].clone());
            }
            found.insert(name);
        }
        found
    }

    fn names_in(&self, model: &Model<'_>, body: &[Stmt]) -> FxHashSet<String> {
        nodes_of(model, body)
            .filter(|node| !self.chains.contains(node))
            .filter_map(|node| name_at(model, node))
            .map(ToString::to_string)
            .collect()
    }

    fn find_tainted(&mut self, model: &Model<'_>, mentions: &[Mention]) {
        for mention in mentions {
            if !exceptions::is_exception(&mention.name) {
                continue;
            }
            let statement = model.statement_of(mention.node);
            let targets: Vec<&Expr> = match model.nodes.get(statement) {
                AnyNodeRef::StmtAssign(assign) => assign.targets.iter().collect(),
                AnyNodeRef::StmtAnnAssign(assign) => vec![assign.target.as_ref()],
                _ => continue,
            };
            for target in targets {
                if let Expr::Name(name) = target
                    && let Some(symbol) = model.scopes.symbol_of(model.id(name))
                {
                    self.tainted.insert(symbol);
                }
            }
        }
        for (id, symbol) in model.scopes.symbols() {
            let holds_os_error = symbol.bindings.iter().any(|&binding| {
                let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
                    return false;
                };
                let elements: Vec<&Expr> = match model.nodes.get(value) {
                    AnyNodeRef::ExprTuple(tuple) => tuple.elts.iter().collect(),
                    _ => return false,
                };
                elements
                    .iter()
                    .any(|element| model.meaning(element).may_be(exceptions::is_os_error))
            });
            if holds_os_error {
                self.tainted.insert(id);
            }
        }
    }

    /// The names in the `with` statements of a context manager, those of the functions that they stand in, and of those that
    /// it decorates.
    fn guarded(&self, model: &Model<'_>, manager: &str) -> FxHashSet<String> {
        let is_manager = |expr: &Expr| {
            let Expr::Call(call) = expr else {
                return false;
            };
            name_at(model, model.id(call.func.as_ref())) == Some(manager)
        };
        let mut names = FxHashSet::default();
        for node in all(model) {
            match model.nodes.get(node) {
                AnyNodeRef::StmtWith(with)
                    if with.items.iter().any(|item| is_manager(&item.context_expr)) =>
                {
                    names.extend(self.names_in(model, &with.body));
                    names.extend(self.name_of(model.runner(node)).map(ToString::to_string));
                }
                AnyNodeRef::StmtFunctionDef(function)
                    if function
                        .decorator_list
                        .iter()
                        .any(|decorator| is_manager(&decorator.expression)) =>
                {
                    names.insert(function.name.to_string());
                }
                _ => {}
            }
        }
        names
    }

    fn find_users(&mut self, model: &Model<'_>) {
        let functions: FxHashSet<String> = self.functions.iter().cloned().collect();
        for node in all(model) {
            let Some(name) = name_at(model, node).filter(|_| !self.chains.contains(&node)) else {
                continue;
            };
            if !functions.contains(name) {
                continue;
            }
            if let Runner::Function(index) = model.runner(node) {
                let users = self.users.entry(name.to_string()).or_default();
                if users.last() != Some(&index) {
                    users.push(index);
                }
            }
        }
    }

    fn find_catchers(&mut self, model: &Model<'_>, mentions: &[Mention]) {
        let caught: FxHashSet<NodeId> = mentions
            .iter()
            .filter(|mention| exceptions::is_exception(&mention.name))
            .map(|mention| mention.node)
            .collect();
        let catches = |expr: &Expr| {
            exceptions::types(expr).iter().any(|type_| {
                caught.contains(&model.id(type_))
                    || model.meaning(type_).may_be(exceptions::is_os_error)
                    || matches!(type_, Expr::Name(name) if model
                        .scopes
                        .symbol_of(model.id(name))
                        .is_some_and(|symbol| self.tainted.contains(&symbol)))
            })
        };
        let mut found = Vec::new();
        for node in all(model) {
            match model.nodes.get(node) {
                AnyNodeRef::StmtTry(try_) => {
                    let clause = try_.handlers.iter().find_map(|handler| {
                        let ExceptHandler::ExceptHandler(handler) = handler;
                        handler.type_.as_deref().filter(|type_| catches(type_))
                    });
                    if let Some(clause) = clause {
                        let mut names = self.names_in(model, &try_.body);
                        if let Some(manager) = judges::manager(model, node) {
                            names.extend(self.guarded(model, manager));
                        }
                        found.push((node, clause.range(), names));
                    }
                }
                AnyNodeRef::StmtWith(with) => {
                    let clause = with.items.iter().find_map(|item| match &item.context_expr {
                        Expr::Call(call) => call.arguments.args.iter().find(|type_| catches(type_)),
                        _ => None,
                    });
                    if let Some(clause) = clause {
                        found.push((node, clause.range(), self.names_in(model, &with.body)));
                    }
                }
                AnyNodeRef::StmtFunctionDef(function) => {
                    if let Some(range) = decorator_mention(model, function, &caught, &self.tainted)
                    {
                        let names = FxHashSet::from_iter([function.name.to_string()]);
                        found.push((node, range, names));
                    }
                }
                _ => {}
            }
        }
        for (node, range, names) in found {
            let index = self.catchers.len() as u32;
            for name in names {
                self.caught.entry(name).or_default().push(index);
            }
            self.catchers.push(Catcher { node, range });
        }
    }
}

/// The mention of an exception of requests in a decorator: retries are told what to catch there.
pub fn decorator_mention(
    model: &Model<'_>,
    function: &ast::StmtFunctionDef,
    caught: &FxHashSet<NodeId>,
    tainted: &FxHashSet<crate::semantic::scope::SymbolId>,
) -> Option<TextRange> {
    let decorators = function.decorator_list.iter();
    let mut decorators = decorators.filter(|decorator| !doubles::is_patch(decorator));
    decorators.find_map(|decorator| {
        model
            .nodes
            .subtree(model.id(&decorator.expression))
            .find(|&node| {
                caught.contains(&node)
                    || matches!(model.nodes.get(node), AnyNodeRef::ExprName(_))
                        && model
                            .scopes
                            .symbol_of(node)
                            .is_some_and(|symbol| tainted.contains(&symbol))
                    || model.expr(node).is_some_and(|expr| {
                        matches!(model.nodes.get(node), AnyNodeRef::ExprName(_))
                            && model.meaning_of(expr).may_be(exceptions::is_os_error)
                    })
            })
            .map(|node| model.nodes.range(node))
    })
}

/// Refuses a unit whose errors are caught by other code of the file.
pub fn check_catchers(
    model: &Model<'_>,
    facts: &Facts,
    group: &[Runner],
    migrated: &[NodeId],
) -> Result<(), Refusal> {
    if facts.catchers.is_empty() {
        return Ok(());
    }
    let callers = facts.raising(group);
    let found = callers
        .iter()
        .filter_map(|name| Some((name, facts.caught.get(name)?)))
        .flat_map(|(name, catchers)| catchers.iter().map(move |&index| (index, name)))
        .filter(|(index, _)| !migrated.contains(&facts.catchers[*index as usize].node))
        .min();
    if let Some((index, name)) = found {
        let range = facts.catchers[index as usize].range;
        // At the call: the clause is fine where it is.
        return Err(Refusal {
            reason: &reasons::CAUGHT_ELSEWHERE,
            range: None,
            detail: Some(format!(
                "`{}` in line {}, round `{name}`",
                model.slice(range),
                line_of(model, range)
            )),
        });
    }
    Ok(())
}

/// The tuple of exceptions that a name stands for, where it is bound once, in the module, and only caught.
fn constant(model: &Model<'_>, id: crate::semantic::scope::SymbolId) -> Option<Constant> {
    let symbol = model.scopes.symbol(id);
    let [binding] = symbol.bindings[..] else {
        return None;
    };
    let binding = model.scopes.binding(binding);
    let BindingKind::Assign { value } = binding.kind else {
        return None;
    };
    let statement = model.nodes.parent(value);
    let is_plain = match (model.nodes.get(value), model.nodes.get(statement)) {
        (AnyNodeRef::ExprTuple(tuple), AnyNodeRef::StmtAssign(assign)) => {
            assign.targets.len() == 1 && !tuple.elts.iter().any(Expr::is_starred_expr)
        }
        _ => false,
    };
    if !is_plain || model.runner(statement) != Runner::Module {
        return None;
    }
    let name = match model.nodes.get(binding.node) {
        AnyNodeRef::ExprName(name) => name.id.to_string(),
        _ => return None,
    };
    let mut handlers = Vec::new();
    for &reference in &symbol.references {
        match model.nodes.parent_node(reference) {
            AnyNodeRef::ExceptHandlerExceptHandler(handler) => {
                handlers.push(model.nodes.parent(model.id(handler)));
            }
            _ => return None,
        }
    }
    handlers.sort_unstable();
    handlers.dedup();
    (!handlers.is_empty()).then_some(Constant {
        name,
        statement,
        handlers,
    })
}

/// The calls of a verb of something that is named as a session is.
pub fn session_calls<'a, 'm>(model: &'m Model<'a>) -> impl Iterator<Item = &'a ast::ExprCall> + 'm {
    model.calls().filter(|call| {
        let Expr::Attribute(attribute) = call.func.as_ref() else {
            return false;
        };
        let is_verb = Verb::of(&attribute.attr).is_some() || attribute.attr.as_str() == "send";
        let receiver = match attribute.value.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(inner) => inner.attr.as_str(),
            _ => return false,
        };
        is_verb && receiver.to_ascii_lowercase().contains("session")
    })
}

/// The refusal of a unit in a file with a test double.
pub fn mocked(model: &Model<'_>, double: TextRange) -> Refusal {
    Refusal {
        reason: &reasons::MOCKED,
        range: None,
        detail: Some(format!(
            "`{}` in line {}",
            model.slice(double),
            line_of(model, double)
        )),
    }
}

/// The 1-based line of a span.
pub fn line_of(model: &Model<'_>, range: TextRange) -> usize {
    let before = &model.text.as_bytes()[..range.start().to_usize()];
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// Whether a mention makes requests, or hands out what does.
pub fn makes_requests(model: &Model<'_>, mention: &Mention) -> bool {
    matches!(
        names::kind(model, mention),
        Kind::Request(..) | Kind::VerbValue | Kind::Session(_) | Kind::Raised
    )
}

/// The attribute that is given an object of a library on top of requests: `self.auth = OAuth1(...)`.
fn foreign_attribute(model: &Model<'_>, node: NodeId) -> Option<String> {
    let AnyNodeRef::StmtAssign(assign) = model.nodes.get(node) else {
        return None;
    };
    let Expr::Call(call) = assign.value.as_ref() else {
        return None;
    };
    let is_foreign = model.meaning(&call.func).may_be(|path| {
        path.starts_with("requests_") || path.starts_with("requests.auth.HTTPDigestAuth")
    });
    if !is_foreign {
        return None;
    }
    assign.targets.iter().find_map(|target| match target {
        Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
        _ => None,
    })
}

/// Whether the encoding of a response may be read here: `response.encoding`, and not `sys.stdout.encoding`.
fn asks_encoding(model: &Model<'_>, node: NodeId) -> bool {
    let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node) else {
        return false;
    };
    attribute.attr.as_str() == "encoding"
        && attribute.ctx == ast::ExprContext::Load
        && match attribute.value.as_ref() {
            Expr::Name(name) => name.id.as_str() != "self",
            Expr::Call(_) => true,
            _ => false,
        }
}

/// The last part of a name that is read.
pub fn name_at<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a str> {
    match model.nodes.get(node) {
        AnyNodeRef::ExprName(name) => Some(name.id.as_str()),
        AnyNodeRef::ExprAttribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The nodes of a body.
pub fn nodes_of<'m>(model: &'m Model<'_>, body: &[Stmt]) -> impl Iterator<Item = NodeId> + 'm {
    let first = body.first().map(|stmt| model.id(stmt));
    let end = exceptions::span(body).end();
    first.into_iter().flat_map(move |first| {
        (first.0..model.nodes.len() as u32)
            .map(NodeId)
            .take_while(move |&node| model.nodes.range(node).start() < end)
    })
}

fn all<'m>(model: &'m Model<'_>) -> impl Iterator<Item = NodeId> + 'm {
    (0..model.nodes.len() as u32).map(NodeId)
}

/// Where the file replaces requests by doubles: libraries for it, patches by name, or of the module. In source order.
pub fn doubles(model: &Model<'_>, mentions: &[Mention]) -> Vec<TextRange> {
    let is_double = |module: &str| doubles::of_module(module).is_some();
    let of_node = |node: NodeId| match model.nodes.get(node) {
        AnyNodeRef::StmtImport(import) => import
            .names
            .iter()
            .any(|alias| is_double(&alias.name))
            .then(|| import.range()),
        AnyNodeRef::StmtImportFrom(import) => import
            .module
            .as_ref()
            .is_some_and(|module| import.level == 0 && is_double(module))
            .then(|| import.range()),
        AnyNodeRef::Parameter(parameter) if doubles::is_fixture(parameter) => {
            Some(parameter.range())
        }
        AnyNodeRef::ExprStringLiteral(string) => {
            let text = string.value.to_str();
            let names_requests = text.split_once("requests.").is_some_and(|(before, after)| {
                (before.is_empty() || before.ends_with('.'))
                    && after.split('.').all(|part| {
                        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_')
                    })
            });
            let is_argument = matches!(
                model.nodes.parent_node(node),
                AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)
            );
            (names_requests && is_argument && is_patch_argument(model, node))
                .then(|| string.range())
        }
        AnyNodeRef::ExprAttribute(attribute) if requests_of_module(model, attribute).is_some() => {
            is_patch_argument(model, node).then(|| attribute.range())
        }
        _ => None,
    };
    let mut found: Vec<TextRange> = all(model).filter_map(of_node).collect();
    let by_hand = mentions
        .iter()
        .filter(|mention| is_patch_argument(model, mention.node) || is_store(model, mention.node));
    found.extend(by_hand.map(|mention| model.nodes.range(mention.node)));
    found.sort_by_key(|range| range.start());
    found.dedup();
    found
}

/// What requests is called in another module, as its users call it: `api.requests`, `api.requests.Session`. The answer: the
/// part of requests.
pub fn requests_of_module<'a>(
    model: &Model<'a>,
    attribute: &'a ast::ExprAttribute,
) -> Option<&'static str> {
    let meaning = model.meaning_of(attribute.into());
    let path = meaning.path()?;
    ["", "Session"].into_iter().find(|part| {
        let module = match *part {
            "" => Some(path),
            part => path
                .strip_suffix(part)
                .and_then(|path| path.strip_suffix('.')),
        };
        module.is_some_and(|module| module.ends_with(".requests"))
    })
}

/// Whether a part of requests is replaced by hand: `requests.get = fake`.
fn is_store(model: &Model<'_>, node: NodeId) -> bool {
    matches!(
        model.nodes.get(node),
        AnyNodeRef::ExprAttribute(attribute) if attribute.ctx != ast::ExprContext::Load
    )
}

/// Whether a node is an argument of `patch(...)`, `patch.object(...)`, `monkeypatch.setattr(...)` and the like.
fn is_patch_argument(model: &Model<'_>, node: NodeId) -> bool {
    let call = match model.nodes.parent_node(node) {
        AnyNodeRef::Arguments(arguments) => model.nodes.parent_node(model.id(arguments)),
        _ => return false,
    };
    let AnyNodeRef::ExprCall(call) = call else {
        return false;
    };
    let last = match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    matches!(
        last,
        "patch" | "object" | "multiple" | "setattr" | "delattr" | "replace" | "spy"
    ) && !literal::has_starred(call)
}
