//! Who catches a failure of coroutines that run together, as far as this file shows.
//!
//! A `TaskGroup` cancels the other coroutines and raises a group; with `gather` they run on, and one after the other they
//! would never have started. So a handler that names an exception needs the group unwrapped, and code that catches and
//! goes on may only do so if it cannot tell what became of the others.

use std::cell::OnceCell;

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr, ExprCall, Stmt, StmtFunctionDef, StmtTry};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codemod::Refusal;
use crate::coroutines::{Coroutines, Manager};
use crate::semantic::common::is_common_method;
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::Reason;

/// What becomes of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing in this file catches it.
    Leaves,
    /// Something in this file looks at its type: the group must be unwrapped.
    Seen,
}

/// Exceptions that a `TaskGroup` never puts into a group.
const UNGROUPED: &[&str] = &["KeyboardInterrupt", "SystemExit", "GeneratorExit"];

/// Decorators that do not look at exceptions.
const TRANSPARENT: &[&str] = &[
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.staticmethod",
    "contextlib.asynccontextmanager",
    "functools.wraps",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.override",
];

/// Looks for handlers in one file.
pub struct Catching<'a, 'm> {
    model: &'m Model<'a>,
    reasons: Reasons,
    mentions: OnceCell<Mentions<'a>>,
}

/// What a codemod says of the handlers that it cannot live with.
#[derive(Clone, Copy)]
pub struct Reasons {
    /// A failure is caught, and the program goes on.
    pub caught: &'static Reason,
    /// Cancellation is caught.
    pub cancellation: &'static Reason,
}

/// Where the names of functions stand in the file.
#[derive(Default)]
struct Mentions<'a> {
    /// Every call, by the last name of what it calls.
    calls: FxHashMap<&'a str, Vec<&'a ExprCall>>,
    /// Every attribute that is read but not called: `self.update` as a callback.
    values: FxHashSet<&'a str>,
}

/// How a function is called.
struct Callers {
    calls: Vec<NodeId>,
    /// Whether others may call it, or await it elsewhere: then nobody knows what they catch.
    is_handed_on: bool,
}

impl<'a, 'm> Catching<'a, 'm> {
    /// A search in this file.
    pub fn new(model: &'m Model<'a>, reasons: Reasons) -> Self {
        Self {
            model,
            reasons,
            mentions: OnceCell::new(),
        }
    }

    /// What becomes of a failure at `node`, whose siblings are `coroutines`.
    ///
    /// # Errors
    /// A handler that would see a difference.
    pub fn failure(
        &self,
        node: NodeId,
        coroutines: &[&'a Expr],
        known: &Coroutines<'a, '_>,
    ) -> Result<Failure, Refusal> {
        let mut failure = Failure::Leaves;
        let mut pending = vec![node];
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        while let Some(node) = pending.pop() {
            failure = self.around(node, coroutines, known, failure)?;
            let Runner::Function(index) = self.model.runner(node) else {
                continue;
            };
            let function = &self.model.scopes.functions()[index as usize];
            let Some(definition) = function.definition else {
                continue;
            };
            if !seen.insert(function.node) {
                continue;
            }
            if definition
                .decorator_list
                .iter()
                .any(|decorator| !self.is_transparent(&decorator.expression))
            {
                failure = Failure::Seen;
            }
            let callers = self.callers(function.node, definition, known);
            if callers.is_handed_on {
                failure = Failure::Seen;
            }
            pending.extend(callers.calls);
        }
        Ok(failure)
    }

    /// The calls that may call a function, by name.
    fn callers(
        &self,
        node: NodeId,
        definition: &'a StmtFunctionDef,
        known: &Coroutines<'a, '_>,
    ) -> Callers {
        let model = self.model;
        let mentions = self.mentions.get_or_init(|| self.mentions());
        let class = match model.nodes.parent_node(node) {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        };
        let name = definition.name.as_str();
        let calls: Vec<&ExprCall> = mentions
            .calls
            .get(name)
            .into_iter()
            .flatten()
            .copied()
            .filter(|call| match call.func.as_ref() {
                Expr::Name(_) => class.is_none() && self.is_bound_to(&call.func, node),
                // A coroutine that is dropped at once never runs: it is some other method, like `dict.update`.
                Expr::Attribute(_) => {
                    class.is_some()
                        && model.meaning(&call.func).path().is_none()
                        && !matches!(
                            model.nodes.parent_node(model.id(*call)),
                            AnyNodeRef::StmtExpr(_)
                        )
                }
                _ => false,
            })
            .collect();
        // A coroutine that is not awaited where it is made fails somewhere else.
        let mut is_handed_on = calls
            .iter()
            .any(|call| is_own(call, name) && !self.is_awaited_here(model.id(*call)));
        match class {
            Some(class) => {
                is_handed_on |= mentions.values.contains(name)
                    || calls.is_empty() && known.may_override(class, name);
            }
            None => {
                let binding = model.scopes.binding_at(node);
                let symbol = binding.map(|binding| model.scopes.binding(binding).symbol);
                is_handed_on |= symbol.is_some_and(|symbol| {
                    model
                        .scopes
                        .symbol(symbol)
                        .references
                        .iter()
                        .any(|&name| !self.is_only_called(name))
                });
            }
        }
        Callers {
            calls: calls.into_iter().map(|call| model.id(call)).collect(),
            is_handed_on,
        }
    }

    fn mentions(&self) -> Mentions<'a> {
        let model = self.model;
        let mut mentions = Mentions::default();
        for call in model.calls() {
            let name = last_name(&call.func);
            mentions.calls.entry(name).or_default().push(call);
        }
        for node in model.nodes.all() {
            if let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node)
                && attribute.ctx.is_load()
                && !self.is_only_called(node)
            {
                mentions.values.insert(attribute.attr.as_str());
            }
        }
        mentions
    }

    /// Whether a function is called here, by its name or by `map`.
    fn is_only_called(&self, function: NodeId) -> bool {
        let model = self.model;
        match model.nodes.parent_node(function) {
            AnyNodeRef::ExprCall(call) => model.id(call.func.as_ref()) == function,
            AnyNodeRef::Arguments(arguments) => {
                match model.nodes.parent_node(model.id(arguments)) {
                    AnyNodeRef::ExprCall(call) => {
                        model.meaning(&call.func).path() == Some("builtins.map")
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn is_bound_to(&self, name: &Expr, function: NodeId) -> bool {
        let scopes = &self.model.scopes;
        scopes.symbol_of(self.model.id(name)).is_some_and(|symbol| {
            scopes
                .symbol(symbol)
                .bindings
                .iter()
                .any(|&binding| scopes.binding(binding).node == function)
        })
    }

    /// Whether a coroutine is awaited in the statement that makes it: at once, or by `asyncio.run` or an awaited `gather`.
    fn is_awaited_here(&self, call: NodeId) -> bool {
        let model = self.model;
        for at in model.nodes.ancestors(call) {
            match model.nodes.get(at) {
                AnyNodeRef::ExprAwait(_) => return true,
                AnyNodeRef::ExprCall(outer) => {
                    let meaning = model.meaning(&outer.func);
                    if meaning.path() == Some("asyncio.run") {
                        return true;
                    }
                    if !meaning.path().is_some_and(is_gather) {
                        return false;
                    }
                }
                AnyNodeRef::Arguments(_)
                | AnyNodeRef::ExprStarred(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprGenerator(_)
                | AnyNodeRef::ExprList(_) => {}
                _ => return false,
            }
        }
        false
    }

    fn is_transparent(&self, decorator: &Expr) -> bool {
        let callable = match decorator {
            Expr::Call(call) => call.func.as_ref(),
            other => other,
        };
        self.model.meaning(callable).path().is_some_and(|path| {
            TRANSPARENT.contains(&path)
                || path.starts_with("pytest.")
                || path.starts_with("typing.")
        })
    }

    /// What stands round one place, up to its function.
    fn around(
        &self,
        node: NodeId,
        coroutines: &[&'a Expr],
        known: &Coroutines<'a, '_>,
        mut failure: Failure,
    ) -> Result<Failure, Refusal> {
        let model = self.model;
        let mut below = node;
        for at in model.nodes.ancestors(node) {
            match model.nodes.get(at) {
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => break,
                AnyNodeRef::StmtTry(try_) if is_in(&try_.body, model.nodes.range(below)) => {
                    failure = self.tried(try_, coroutines, known, failure)?;
                }
                AnyNodeRef::StmtWith(with) if is_in(&with.body, model.nodes.range(below)) => {
                    for item in &with.items {
                        if swallows(&item.context_expr) {
                            return Err(Refusal::at(
                                self.reasons.caught,
                                item.context_expr.range(),
                            ));
                        }
                        failure = self.managed(&item.context_expr, coroutines, known, failure)?;
                    }
                }
                // Another `gather` that collects failures looks at their types.
                AnyNodeRef::ExprCall(call)
                    if call.arguments.keywords.iter().any(|keyword| {
                        keyword
                            .arg
                            .as_ref()
                            .is_some_and(|name| name.as_str() == "return_exceptions")
                    }) =>
                {
                    failure = self.goes_on(call.range(), coroutines, known)?;
                }
                _ => {}
            }
            below = at;
        }
        Ok(failure)
    }

    fn managed(
        &self,
        context: &'a Expr,
        coroutines: &[&'a Expr],
        known: &Coroutines<'a, '_>,
        mut failure: Failure,
    ) -> Result<Failure, Refusal> {
        match known.manager(context) {
            Manager::Generator(tries) => {
                for try_ in tries {
                    failure = self.tried(try_, coroutines, known, failure)?;
                }
                Ok(failure)
            }
            Manager::Class { may_swallow: true } => {
                self.goes_on(context.range(), coroutines, known)
            }
            Manager::Class { may_swallow: false } => Ok(Failure::Seen),
            Manager::Unknown => Ok(failure),
        }
    }

    fn tried(
        &self,
        try_: &'a StmtTry,
        coroutines: &[&'a Expr],
        known: &Coroutines<'a, '_>,
        mut failure: Failure,
    ) -> Result<Failure, Refusal> {
        for handler in &try_.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let types: Vec<&Expr> = match handler.type_.as_deref() {
                None => Vec::new(),
                Some(Expr::Tuple(tuple)) => tuple.elts.iter().collect(),
                Some(other) => vec![other],
            };
            let names: Vec<&str> = types.iter().map(|one| last_name(one)).collect();
            if names.contains(&"CancelledError") {
                return Err(Refusal::at(self.reasons.cancellation, header(handler)));
            }
            if !names.is_empty() && names.iter().all(|name| UNGROUPED.contains(name)) {
                continue;
            }
            if raises_again(&handler.body) {
                failure = Failure::Seen;
                continue;
            }
            let is_broad = names.is_empty()
                || names
                    .iter()
                    .any(|name| matches!(*name, "Exception" | "BaseException" | ""));
            if is_broad {
                return Err(Refusal::at(self.reasons.caught, header(handler)));
            }
            failure = self.goes_on(header(handler), coroutines, known)?;
        }
        Ok(failure)
    }

    /// The failure is dealt with and the program goes on: it must not be able to tell whether the others ran on.
    fn goes_on(
        &self,
        place: TextRange,
        coroutines: &[&'a Expr],
        known: &Coroutines<'a, '_>,
    ) -> Result<Failure, Refusal> {
        if coroutines.iter().all(|coroutine| known.is_quiet(coroutine)) {
            Ok(Failure::Seen)
        } else {
            Err(Refusal::at(self.reasons.caught, place))
        }
    }
}

/// Whether this is the path of `asyncio.gather`.
pub fn is_gather(path: &str) -> bool {
    matches!(path, "asyncio.gather" | "asyncio.tasks.gather")
}

/// Whether the receiver of a call is certainly one of ours: a name alone, or `self`.
fn is_own(call: &ExprCall, name: &str) -> bool {
    match call.func.as_ref() {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => {
            !is_common_method(name)
                || matches!(
                    attribute.value.as_ref(),
                    Expr::Name(object) if matches!(object.id.as_str(), "self" | "cls")
                )
        }
        _ => false,
    }
}

fn is_in(body: &[Stmt], range: TextRange) -> bool {
    match (body.first(), body.last()) {
        (Some(first), Some(last)) => {
            TextRange::new(first.start(), last.end()).contains_range(range)
        }
        _ => false,
    }
}

/// The last part of a dotted name: `ClientError` of `aiohttp.ClientError`; empty for anything else.
fn last_name(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}

/// `except ... as e`, without the body.
fn header(handler: &ruff_python_ast::ExceptHandlerExceptHandler) -> TextRange {
    let end = handler
        .name
        .as_ref()
        .map(Ranged::end)
        .or(handler.type_.as_deref().map(Ranged::end))
        .unwrap_or(handler.start() + ruff_text_size::TextSize::of("except"));
    TextRange::new(handler.start(), end)
}

/// Whether a handler always ends in a `raise`: it may clean up or translate, but the failure stays one.
fn raises_again(body: &[Stmt]) -> bool {
    use ruff_python_ast::visitor::{self, Visitor};
    struct Leaves(bool);
    impl<'a> Visitor<'a> for Leaves {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => self.0 = true,
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                _ => visitor::walk_stmt(self, stmt),
            }
        }
    }
    let mut leaves = Leaves(false);
    leaves.visit_body(body);
    !leaves.0 && matches!(body.last(), Some(Stmt::Raise(_)))
}

/// Whether an `except` clause of this class, as it is written, sees an exception by itself and not in a group: it is neither
/// one that a group is too, nor one that a `TaskGroup` never groups.
pub fn misses_groups(class: &Expr) -> bool {
    let name = match class {
        Expr::Starred(starred) => last_name(&starred.value),
        other => last_name(other),
    };
    let sees = matches!(
        name,
        "BaseException" | "BaseExceptionGroup" | "CancelledError" | "Exception" | "ExceptionGroup"
    );
    !name.is_empty() && !sees && !UNGROUPED.contains(&name)
}

/// Whether a context manager swallows exceptions, by its name: `suppress`, `raises`, `assertRaises`.
pub fn swallows(context: &Expr) -> bool {
    let name = match context {
        Expr::Call(call) => last_name(&call.func),
        other => last_name(other),
    };
    let name = name.to_ascii_lowercase();
    ["suppress", "raises", "ignore"]
        .iter()
        .any(|word| name.contains(word))
}
