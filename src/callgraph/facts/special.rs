//! The calls of special methods that Python makes itself: `with x` calls `__enter__` and `__exit__` of the class of `x`,
//! `for a in x` calls `__iter__` and `__next__`.
//!
//! Where the class is not known there is no such call: an instance gets there only if it escapes, which [`super::flows`]
//! tells.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::Ranged;

use super::super::{Call, Callee, FileFacts, Target, Usage};
use super::Reader;
use super::value::Known;
use crate::colour;
use crate::importer;
use crate::python::PythonVersion;
use crate::semantic::{BindingKind, NodeId, locks, race};
use crate::unit::{ColourSite, Reason};

/// What `with` calls.
const ENTERED: &[&str] = &["__enter__", "__exit__"];

/// What a loop calls.
const ITERATED: &[&str] = &["__iter__", "__next__"];

/// The methods of `contextlib.ExitStack` that `AsyncExitStack` has too, by the same name or an async one.
const STACK_METHODS: &[&str] = &["callback", "close", "enter_context", "push"];

/// An exit stack whose every use is seen.
struct Stack {
    /// `ExitStack()`
    constructor: NodeId,
    /// The items of `with` statements that enter it.
    items: Vec<(NodeId, usize)>,
    /// The calls of `close`.
    closes: Vec<NodeId>,
}

impl<'a> Reader<'a, '_> {
    /// Notes the special methods that Python calls on the value of an expression.
    pub(super) fn implicit_calls(
        &mut self,
        node: NodeId,
        target: PythonVersion,
        facts: &mut FileFacts,
    ) {
        let model = self.model;
        let Some(expr) = model.expr(node) else {
            return;
        };
        if !matches!(
            model.nodes.parent_node(node),
            AnyNodeRef::WithItem(_)
                | AnyNodeRef::StmtFor(_)
                | AnyNodeRef::Comprehension(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::ExprStarred(_)
                | AnyNodeRef::Arguments(_)
        ) {
            return;
        }
        let known = self.known_at(expr);
        if !matches!(known, Known::Instance(_) | Known::Path(_)) {
            return;
        }
        let usage = match self.usage(node) {
            // What the name holds is iterated where it is read.
            Usage::Iterated(clause)
                if matches!(self.model.nodes.get(clause), AnyNodeRef::StmtAssign(_)) =>
            {
                Usage::Value
            }
            usage => usage,
        };
        let names = match usage {
            Usage::With(..) | Usage::Stacked(_) => ENTERED,
            Usage::Collected if !is_simple(model.nodes.get(node)) => return,
            Usage::Iterated(_) | Usage::Collected | Usage::Delegated(_) => ITERATED,
            Usage::Value | Usage::Awaited | Usage::Coroutine | Usage::Advanced => return,
        };
        let consumed = if locks::lock_held_at(model, node).is_some() {
            Some(Err(&locks::LOCK_HELD))
        } else {
            self.consumed(node, usage, target)
        };
        for &name in names {
            let callee = match &known {
                Known::Instance(receiver) if self.is_certain(receiver) => Callee::Method {
                    receiver: receiver.clone(),
                    name: name.to_string(),
                },
                Known::Path(path) => Callee::Target(Target::Path(format!("{path}.{name}"))),
                _ => return,
            };
            facts.calls.push(Call {
                is_unbound: false,
                arguments: Vec::new(),
                can_thread: false,
                keeps_blocking: false,
                line: 0,
                node,
                range: model.nodes.range(node),
                runner: model.runner(node),
                callee,
                placement: Ok(Vec::new()),
                usage,
                escapes: false,
                is_indirect: false,
                made_by: None,
                closing: None,
                lifted: None,
                is_dropped: false,
                consumed: consumed.clone(),
                entry: None,
                is_race: race::is_race(model, node),
                is_implicit: true,
                in_loop: false,
            });
        }
    }

    /// What `stack.enter_context(manager)` gives: what entering the manager gives.
    pub(super) fn entered_on_stack(
        &mut self,
        call: &'a ExprCall,
        method: &'a ExprAttribute,
        receiver: &Known,
    ) -> Option<Known> {
        let is_own = matches!(receiver, Known::Instance(type_) if self.is_certain(type_));
        if method.attr.as_str() != "enter_context" || is_own {
            return None;
        }
        let manager = self.known(call.arguments.args.first()?);
        Some(self.method_result(manager, "__enter__"))
    }

    /// The call of `enter_context` that has this expression as its only argument, if every use of its stack is seen.
    pub(super) fn stacked(&self, node: NodeId) -> Option<NodeId> {
        let model = self.model;
        let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(node) else {
            return None;
        };
        let call = model.nodes.parent(model.id(arguments));
        let AnyNodeRef::ExprCall(entering) = model.nodes.get(call) else {
            return None;
        };
        let Expr::Attribute(method) = entering.func.as_ref() else {
            return None;
        };
        let is_only = arguments.keywords.is_empty()
            && matches!(&arguments.args[..], [only] if model.id(only) == node);
        (method.attr.as_str() == "enter_context" && is_only && self.stack(&method.value).is_some())
            .then_some(call)
    }

    /// What to write where a stack enters what becomes an async context manager: the whole stack turns.
    pub(super) fn place_stacked(
        &self,
        call: NodeId,
        target: PythonVersion,
    ) -> Result<Vec<ColourSite>, &'static Reason> {
        let model = self.model;
        let stack = match model.nodes.get(call) {
            AnyNodeRef::ExprCall(call) => match call.func.as_ref() {
                Expr::Attribute(method) => self.stack(&method.value),
                _ => None,
            },
            _ => None,
        };
        let Some(stack) = stack else {
            return Ok(Vec::new());
        };
        let constructor = ColourSite::Stack {
            call: stack.constructor,
        };
        let (requests, _) = colour::imports(model, constructor);
        if !requests
            .iter()
            .all(|request| importer::is_available(model, request, stack.constructor))
        {
            return Err(&importer::NAME_TAKEN);
        }
        let mut sites = vec![constructor];
        for (statement, item) in stack.items {
            if let AnyNodeRef::StmtWith(with) = model.nodes.get(statement) {
                sites.extend(colour::place_with_item(model, with, item, target)?.sites);
            }
        }
        for call in stack.closes.into_iter().chain([call]) {
            if locks::lock_held_at(model, call).is_some() {
                return Err(&locks::LOCK_HELD);
            }
            sites.push(ColourSite::StackMethod { call });
            sites.extend(colour::place_await(model, call, target)?.sites);
        }
        Ok(sites)
    }

    /// The stack that a name holds: it is bound once, to `ExitStack()`, and only its methods are called, where it is made.
    fn stack(&self, value: &Expr) -> Option<Stack> {
        let model = self.model;
        let scopes = &model.scopes;
        let symbol = scopes.symbol(
            scopes
                .symbol_of(model.id(value))
                .filter(|_| value.is_name_expr())?,
        );
        let [binding] = symbol.bindings[..] else {
            return None;
        };
        let mut items = Vec::new();
        let constructor = match scopes.binding(binding).kind {
            BindingKind::With {
                value,
                is_async: false,
            } => {
                items.push(self.with_item(value)?);
                value
            }
            BindingKind::Assign { value } => match model.nodes.parent_node(value) {
                AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => value,
                _ => return None,
            },
            _ => return None,
        };
        let AnyNodeRef::ExprCall(call) = model.nodes.get(constructor) else {
            return None;
        };
        if model.meaning(&call.func).path() != Some("contextlib.ExitStack")
            || !call.arguments.is_empty()
        {
            return None;
        }
        let runner = model.runner(constructor);
        let mut closes = Vec::new();
        for &reference in &symbol.references {
            if model.runner(reference) != runner {
                return None;
            }
            match model.nodes.parent_node(reference) {
                AnyNodeRef::ExprAttribute(method)
                    if STACK_METHODS.contains(&method.attr.as_str()) =>
                {
                    let call = model.nodes.parent(model.id(method));
                    let AnyNodeRef::ExprCall(called) = model.nodes.get(call) else {
                        return None;
                    };
                    if called.func.range() != method.range() {
                        return None;
                    }
                    if method.attr.as_str() == "close" {
                        closes.push(call);
                    }
                }
                AnyNodeRef::WithItem(item) if item.optional_vars.is_none() => {
                    items.push(self.with_item(reference)?);
                }
                _ => return None,
            }
        }
        Some(Stack {
            constructor,
            items,
            closes,
        })
    }

    /// The statement and the number of the item that has this context expression, in a sync `with`.
    fn with_item(&self, context: NodeId) -> Option<(NodeId, usize)> {
        let model = self.model;
        let item = model.nodes.parent(context);
        let statement = model.nodes.parent(item);
        let AnyNodeRef::StmtWith(with) = model.nodes.get(statement) else {
            return None;
        };
        let index = with
            .items
            .iter()
            .position(|other| model.id(&other.context_expr) == context)?;
        (!with.is_async).then_some((statement, index))
    }
}

/// Whether an expression can stand behind `in` in a comprehension as it is.
fn is_simple(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::ExprName(_) | AnyNodeRef::ExprAttribute(_) | AnyNodeRef::ExprCall(_)
    )
}
