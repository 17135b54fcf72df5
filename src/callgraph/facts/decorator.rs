//! Decorators: functions that give something back for the function that they are given.
//!
//! Followed are those whose every use of the decorated function is seen: it is called, asked for its name, or given back.
//! One that gives it back and stores it as well (`HANDLERS[name] = f`) has it flow from its parameter. A function that does
//! anything else with it is none that this module knows, and what it decorates stays sync.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, ExprIf};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::place::Place;
use crate::callgraph::{Callee, Decorating, Decorator, FileFacts, Target, Usage, ValueKind};
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal, locks};

use super::uses::IDENTITY;

/// What only looks at the function that it is given.
const LOOKS_AT: &[&str] = &[
    "builtins.callable",
    "builtins.hash",
    "builtins.id",
    "functools.wraps",
    "inspect.getdoc",
    "inspect.getfullargspec",
    "inspect.getmodule",
    "inspect.signature",
    "typing.get_type_hints",
];

/// What tells coroutine functions from others.
const ASKS_COLOUR: &[&str] = &["asyncio.iscoroutinefunction", "inspect.iscoroutinefunction"];

/// Fills in what the functions of a file do with functions that they decorate.
pub fn read(model: &Model<'_>, target: PythonVersion, facts: &mut FileFacts) {
    let calls: FxHashMap<NodeId, u32> = facts
        .calls
        .iter()
        .enumerate()
        .map(|(number, call)| (call.node, number as u32))
        .collect();
    let returns = returned(model);
    let reader = Reader {
        model,
        calls,
        returns,
    };
    let mut found: FxHashMap<u32, Found> = FxHashMap::default();
    for index in 0..model.scopes.functions().len() as u32 {
        if let Some(decorating) = reader.decorator(facts, index) {
            found.insert(index, decorating);
        }
    }
    let mut inner: FxHashSet<u32> = FxHashSet::default();
    for index in 0..model.scopes.functions().len() as u32 {
        if let Some((decorator, made)) = reader.factory(facts, index, &found) {
            inner.insert(decorator);
            found.insert(index, made);
        }
    }
    found.retain(|index, _| !inner.contains(index));
    let mut accepted: FxHashMap<u32, Vec<TextRange>> = FxHashMap::default();
    let mut found: Vec<(u32, Found)> = found.into_iter().collect();
    found.sort_unstable_by_key(|(index, _)| *index);
    for (index, found) in found {
        for &number in &found.decorating.calls {
            let call = &mut facts.calls[number as usize];
            call.placement = if locks::lock_held_at(model, call.node).is_some() {
                Err(&locks::LOCK_HELD)
            } else {
                colour::place_await(model, call.node, target).map(|placement| placement.sites)
            };
        }
        for (function, range) in found.accepted {
            accepted.entry(function).or_default().push(range);
        }
        facts.decorating.insert(index, found.decorating);
    }
    for value in &mut facts.values {
        if let Callee::Target(Target::Function(index)) = value.callee
            && accepted
                .get(&index)
                .is_some_and(|ranges| ranges.contains(&value.range))
        {
            value.kind = ValueKind::Identity;
        }
    }
}

/// Leaves out decorators from whose parameter nothing was seen to flow.
pub fn check_kept(facts: &mut FileFacts) {
    let places = &facts.place_flows;
    let flows = |variable: u32| {
        places.iter().any(|flow| {
            flow.from == Place::Variable(variable) && !matches!(flow.to, Place::Returned(_))
        })
    };
    facts
        .decorating
        .retain(|_, decorating| decorating.keeps.is_none_or(flows));
}

/// What was found out about one decorator.
#[derive(Clone, Debug, Default)]
struct Found {
    decorating: Decorating,
    /// The uses of functions as values that this accounts for.
    accepted: Vec<(u32, TextRange)>,
}

/// For each function, the values of its `return` statements.
fn returned<'a>(model: &Model<'a>) -> FxHashMap<u32, Vec<Option<&'a Expr>>> {
    let mut returns: FxHashMap<u32, Vec<Option<&'a Expr>>> = FxHashMap::default();
    for node in model.nodes.all() {
        if let AnyNodeRef::StmtReturn(statement) = model.nodes.get(node)
            && let Runner::Function(index) = model.runner(node)
        {
            let values = returns.entry(index).or_default();
            match statement.value.as_deref() {
                Some(value) => alternatives(value, values),
                None => values.push(None),
            }
        }
    }
    returns
}

/// The values that a conditional expression may have.
fn alternatives<'a>(value: &'a Expr, values: &mut Vec<Option<&'a Expr>>) {
    match value {
        Expr::If(if_) => {
            alternatives(&if_.body, values);
            alternatives(&if_.orelse, values);
        }
        value => values.push(Some(value)),
    }
}

struct Reader<'a, 'm> {
    model: &'m Model<'a>,
    /// The numbers of the calls.
    calls: FxHashMap<NodeId, u32>,
    returns: FxHashMap<u32, Vec<Option<&'a Expr>>>,
}

impl<'a> Reader<'a, '_> {
    /// A plain function, and the parameter that takes what it decorates.
    fn candidate(&self, facts: &FileFacts, index: u32) -> Option<Option<SymbolId>> {
        let function = &facts.functions[index as usize];
        let definition = self.model.scopes.functions()[index as usize].definition?;
        let path = |decorator: &Decorator| match &decorator.target {
            Target::Path(path) => path.clone(),
            _ => String::new(),
        };
        let around: Vec<String> = function.decorators.iter().map(path).collect();
        let is_static = around.iter().any(|path| path == "builtins.staticmethod");
        let goes = ["builtins.staticmethod", "builtins.classmethod"];
        if function.is_async
            || function.is_generator
            || !around.iter().all(|path| goes.contains(&path.as_str()))
        {
            return None;
        }
        let is_bound = function.class.is_some() && !is_static;
        let parameters = &definition.parameters;
        let first = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .nth(usize::from(is_bound));
        let symbol = first.and_then(|first| {
            let scopes = &self.model.scopes;
            let binding = scopes.binding_at(self.model.id(&first.parameter))?;
            let symbol = scopes.binding(binding).symbol;
            (scopes.symbol(symbol).bindings.len() == 1).then_some(symbol)
        });
        Some(symbol)
    }

    /// `def decorator(f): def wrapper(...): ... f(...) ...; return wrapper`
    fn decorator(&self, facts: &FileFacts, index: u32) -> Option<Found> {
        let parameter = self.candidate(facts, index)??;
        let own = self.own_symbol(index);
        let mut found = Found::default();
        found.decorating.is_plain = true;
        let mut wrappers: Vec<SymbolId> = Vec::new();
        for value in self.returns.get(&index)? {
            let value = (*value)?;
            if let Some(range) = own.and_then(|own| self.partial_of(value, own)) {
                // `return functools.partial(decorator, times=times)` where nothing is decorated yet.
                found.decorating.is_factory = true;
                found.accepted.push((index, range));
                continue;
            }
            self.given_back(value, parameter, &mut wrappers)?;
        }
        wrappers.sort_unstable();
        wrappers.dedup();
        for &wrapper in &wrappers {
            let functions = self.nested(wrapper, index, facts)?;
            found.decorating.wrappers.extend(functions);
        }
        let mut asks = false;
        for &reference in &self.model.scopes.symbol(parameter).references {
            match self.parameter_use(reference) {
                Some(ParameterUse::Called(number)) => found.decorating.calls.push(number),
                Some(ParameterUse::Looked) => {}
                Some(ParameterUse::Asked) => asks = true,
                // `HANDLERS[f.__name__] = f; return f`
                None if wrappers.is_empty() => found.decorating.keeps = Some(parameter.number()),
                None => return None,
            }
        }
        if found.decorating.keeps.is_some() && (asks || found.decorating.is_factory) {
            return None;
        }
        if asks {
            // It has an answer for coroutine functions already.
            let is_async = |&wrapper: &u32| facts.functions[wrapper as usize].is_async;
            let calls = found.decorating.calls.iter();
            let mut calls = calls.map(|&number| &facts.calls[number as usize]);
            let lost = calls.any(|call| {
                self.model.is_async(call.runner)
                    && !matches!(call.usage, Usage::Awaited | Usage::Coroutine)
            });
            if lost || !found.decorating.wrappers.iter().any(is_async) {
                return None;
            }
            return Some(Found {
                decorating: Decorating {
                    wrappers: Vec::new(),
                    calls: Vec::new(),
                    ..found.decorating
                },
                accepted: Vec::new(),
            });
        }
        // Two definitions of one name: nobody can tell which one is called.
        if found.decorating.wrappers.len() > wrappers.len() {
            return None;
        }
        for &wrapper in &wrappers {
            self.wrapper_uses(wrapper, &mut found, facts);
        }
        Some(found)
    }

    /// `def factory(...): def decorator(f): ...; return decorator`, by the number of the inner function.
    fn factory(
        &self,
        facts: &FileFacts,
        index: u32,
        decorators: &FxHashMap<u32, Found>,
    ) -> Option<(u32, Found)> {
        let parameter = self.candidate(facts, index)?;
        let mut inner: Option<SymbolId> = None;
        let mut handed_on: Vec<NodeId> = Vec::new();
        let returns = self.returns.get(&index)?;
        for value in returns {
            let name = match (*value)? {
                // `return decorator(f)` where the factory itself is the decorator.
                Expr::Call(call) => {
                    let [argument] = &*call.arguments.args else {
                        return None;
                    };
                    if !call.arguments.keywords.is_empty()
                        || parameter.is_none()
                        || self.model.scopes.symbol_of(self.model.id(argument)) != parameter
                    {
                        return None;
                    }
                    handed_on.push(self.model.id(argument));
                    call.func.as_ref()
                }
                name => name,
            };
            let symbol = self.symbol(name)?;
            if *inner.get_or_insert(symbol) != symbol {
                return None;
            }
        }
        let inner = inner?;
        let [decorator] = self.nested(inner, index, facts)?[..] else {
            return None;
        };
        // It must not be used for anything else.
        if self.model.scopes.symbol(inner).references.len() != returns.len() {
            return None;
        }
        let mut found = decorators.get(&decorator)?.clone();
        if !found.decorating.is_plain || found.decorating.is_factory {
            return None;
        }
        found.decorating.is_factory = returns.len() > handed_on.len();
        found.decorating.is_plain = !handed_on.is_empty();
        if let (true, Some(parameter)) = (found.decorating.is_plain, parameter) {
            for &reference in &self.model.scopes.symbol(parameter).references {
                if !handed_on.contains(&reference)
                    && !matches!(self.parameter_use(reference), Some(ParameterUse::Looked))
                {
                    return None;
                }
            }
        }
        let references = &self.model.scopes.symbol(inner).references;
        found.accepted.extend(
            references
                .iter()
                .map(|&reference| (decorator, self.model.nodes.range(reference))),
        );
        Some((decorator, found))
    }

    fn symbol(&self, expr: &Expr) -> Option<SymbolId> {
        match expr {
            Expr::Name(_) => self.model.scopes.symbol_of(self.model.id(expr)),
            _ => None,
        }
    }

    /// The name of a function, if nothing else binds it.
    fn own_symbol(&self, index: u32) -> Option<SymbolId> {
        let scopes = &self.model.scopes;
        let node = scopes.functions()[index as usize].node;
        let symbol = scopes.binding(scopes.binding_at(node)?).symbol;
        (scopes.symbol(symbol).bindings.len() == 1).then_some(symbol)
    }

    /// The functions that a name binds, if they are all defined directly in this one.
    fn nested(&self, symbol: SymbolId, within: u32, facts: &FileFacts) -> Option<Vec<u32>> {
        let scopes = &self.model.scopes;
        let symbol = scopes.symbol(symbol);
        symbol
            .bindings
            .iter()
            .map(|&binding| {
                let binding = scopes.binding(binding);
                if !matches!(binding.kind, BindingKind::Function) {
                    return None;
                }
                let functions = scopes.functions();
                let index =
                    functions.partition_point(|function| function.node < binding.node) as u32;
                let function = &facts.functions[index as usize];
                (function.node == binding.node && function.outer == Some(within)).then_some(index)
            })
            .collect()
    }

    /// Whether what a decorator gives back is what it was given, or a function of its own: those.
    fn given_back(
        &self,
        value: &'a Expr,
        parameter: SymbolId,
        wrappers: &mut Vec<SymbolId>,
    ) -> Option<()> {
        match value {
            Expr::Name(_) => {
                let symbol = self.symbol(value)?;
                if symbol != parameter {
                    wrappers.push(symbol);
                }
                Some(())
            }
            Expr::Call(call) => self.given_back(self.handed_through(call)?, parameter, wrappers),
            _ => None,
        }
    }

    /// What a call gives back of its arguments: `update_wrapper(wrapper, f)`, `cast(F, wrapper)`, `wraps(f)(wrapper)`.
    fn handed_through(&self, call: &'a ExprCall) -> Option<&'a Expr> {
        let arguments = &call.arguments.args;
        if let Expr::Call(maker) = call.func.as_ref() {
            let is_wraps = self.model.meaning(&maker.func).path() == Some("functools.wraps");
            return (is_wraps && arguments.len() == 1).then(|| &arguments[0]);
        }
        match self.model.meaning(&call.func).path()? {
            "functools.update_wrapper" => arguments.first(),
            "typing.cast" | "typing_extensions.cast" => arguments.get(1),
            _ => None,
        }
    }

    /// `functools.partial(decorator, ...)`: the place of the name.
    fn partial_of(&self, value: &'a Expr, decorator: SymbolId) -> Option<TextRange> {
        let Expr::Call(call) = value else {
            return None;
        };
        let [first] = &*call.arguments.args else {
            return None;
        };
        let is_partial = self.model.meaning(&call.func).path() == Some("functools.partial");
        (is_partial && self.symbol(first) == Some(decorator)).then(|| first.range())
    }

    /// What becomes of the decorated function at a place; `None` if that cannot be told.
    fn parameter_use(&self, reference: NodeId) -> Option<ParameterUse> {
        let model = self.model;
        match model.nodes.parent_node(reference) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == reference => self
                .calls
                .get(&model.id(call))
                .map(|&number| ParameterUse::Called(number)),
            AnyNodeRef::ExprAttribute(attribute) => (attribute.ctx == ExprContext::Load
                && IDENTITY.contains(&attribute.attr.as_str()))
            .then_some(ParameterUse::Looked),
            AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtIf(_) | AnyNodeRef::ElifElseClause(_) => {
                Some(ParameterUse::Looked)
            }
            AnyNodeRef::ExprIf(if_) => (model.id(if_.test.as_ref()) == reference
                || self.is_returned(if_))
            .then_some(ParameterUse::Looked),
            AnyNodeRef::ExprCompare(compare) => compare
                .ops
                .iter()
                .all(|op| op.is_is() || op.is_is_not())
                .then_some(ParameterUse::Looked),
            AnyNodeRef::ExprUnaryOp(operation) => {
                operation.op.is_not().then_some(ParameterUse::Looked)
            }
            AnyNodeRef::Arguments(arguments) => {
                let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments))
                else {
                    return None;
                };
                self.argument_use(call, reference)
            }
            _ => None,
        }
    }

    /// What a call does with the decorated function that it is given.
    fn argument_use(&self, call: &'a ExprCall, reference: NodeId) -> Option<ParameterUse> {
        let arguments = &call.arguments.args;
        let position = arguments
            .iter()
            .position(|argument| self.model.id(argument) == reference)?;
        let meaning = self.model.meaning(&call.func);
        let path = meaning.path()?;
        if ASKS_COLOUR.contains(&path) {
            // As it stands in a condition: nothing else may come of the answer.
            let nodes = &self.model.nodes;
            let mut at = self.model.id(call);
            if matches!(nodes.parent_node(at), AnyNodeRef::ExprUnaryOp(operation) if operation.op.is_not())
            {
                at = nodes.parent(at);
            }
            let decides = match nodes.parent_node(at) {
                AnyNodeRef::StmtIf(if_) => self.model.id(if_.test.as_ref()) == at,
                AnyNodeRef::ExprIf(if_) => self.model.id(if_.test.as_ref()) == at,
                _ => false,
            };
            return decides.then_some(ParameterUse::Asked);
        }
        let looks = match path {
            "builtins.getattr" | "builtins.hasattr" => {
                position == 0
                    && arguments
                        .get(1)
                        .and_then(literal::string)
                        .is_some_and(|name| IDENTITY.contains(&name))
            }
            "functools.update_wrapper" => position == 1,
            "typing.cast" | "typing_extensions.cast" => {
                matches!(
                    self.model.nodes.parent_node(self.model.id(call)),
                    AnyNodeRef::StmtReturn(_)
                ) && position == 1
            }
            _ => LOOKS_AT.contains(&path) && position == 0,
        };
        looks.then_some(ParameterUse::Looked)
    }

    /// Whether a conditional expression is what a function gives back.
    fn is_returned(&self, if_: &ExprIf) -> bool {
        matches!(
            self.model.nodes.parent_node(self.model.id(if_)),
            AnyNodeRef::StmtReturn(_)
        )
    }

    /// Accounts for the uses of a wrapper that leave it as it is.
    fn wrapper_uses(&self, wrapper: SymbolId, found: &mut Found, facts: &FileFacts) {
        let model = self.model;
        let symbol = model.scopes.symbol(wrapper);
        let Some(index) = found.decorating.wrappers.iter().copied().find(|&index| {
            symbol.bindings.iter().any(|&binding| {
                model.scopes.binding(binding).node == facts.functions[index as usize].node
            })
        }) else {
            return;
        };
        for &reference in &symbol.references {
            let is_accounted_for = match model.nodes.parent_node(reference) {
                AnyNodeRef::StmtReturn(_) => true,
                AnyNodeRef::ExprIf(if_) => self.is_returned(if_),
                AnyNodeRef::ExprAttribute(attribute) => {
                    let name = attribute.attr.as_str();
                    if name.starts_with("__") {
                        IDENTITY.contains(&name)
                    } else {
                        if attribute.ctx == ExprContext::Store {
                            found.decorating.attributes.push(name.to_string());
                        }
                        true
                    }
                }
                AnyNodeRef::Arguments(arguments) => {
                    match model.nodes.parent_node(model.id(arguments)) {
                        AnyNodeRef::ExprCall(call) => {
                            self.handed_through(call).is_some_and(|through| {
                                model.id(through) == reference
                                    && matches!(
                                        model.nodes.parent_node(model.id(call)),
                                        AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtExpr(_)
                                    )
                            })
                        }
                        _ => false,
                    }
                }
                _ => false,
            };
            if is_accounted_for {
                found.accepted.push((index, model.nodes.range(reference)));
            }
        }
        found.decorating.attributes.sort_unstable();
        found.decorating.attributes.dedup();
    }
}

/// What becomes of the decorated function at a place.
enum ParameterUse {
    /// It is called: the number of the call.
    Called(u32),
    /// It is only looked at, or given back.
    Looked,
    /// It is asked for its colour.
    Asked,
}
