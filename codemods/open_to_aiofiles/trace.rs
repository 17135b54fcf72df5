//! All that belongs to one file: the calls that open it, and every place that its handle comes to, through names, helpers
//! that take it or give it, context managers that yield it, exit stacks and attributes of `self`.
//!
//! The set grows until no use leads to a new place. Then every use is converted, or the whole unit is refused.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, StmtFunctionDef, StmtWith};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::opening::{Opening, with_item};
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::handles::{Handle, Mode, consumer, moves, reasons, stays};
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::flow::{Certainty, Flow, Use, UseKind};
use crate::semantic::{BindingKind, Model, NodeId, Runner};

/// Where a handle comes from, or comes to.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    /// `with open(p) as f`.
    With(Opening<'a>),
    /// `f = open(p)`.
    Assigned(Opening<'a>),
    /// `stack.enter_context(open(p))`.
    Entered {
        opening: Opening<'a>,
        /// The call of `enter_context`.
        enter: &'a ExprCall,
        /// The `with` statement of the stack, and the item.
        stack: (&'a StmtWith, usize),
        /// Whether its value goes into a list.
        in_list: bool,
    },
    /// `self.f = open(p)`.
    Stored(Opening<'a>),
    /// `return open(p)`; with `unopened`, for callers that open it in a `with` statement.
    Returned {
        opening: Opening<'a>,
        unopened: bool,
    },
    /// A parameter of a function of this file.
    Parameter { function: u32, node: NodeId },
    /// The result of a function of this file, of which a `with` statement makes the handle if it is `unopened`.
    Result { call: NodeId, unopened: bool },
    /// `self.f`, or an element of a list.
    Load(NodeId),
    /// The name that a loop over a list binds.
    Element(NodeId),
}

impl<'a> Place<'a> {
    fn opening(&self) -> Option<Opening<'a>> {
        match *self {
            Self::With(opening)
            | Self::Assigned(opening)
            | Self::Stored(opening)
            | Self::Entered { opening, .. }
            | Self::Returned { opening, .. } => Some(opening),
            _ => None,
        }
    }

    /// The expression whose value is the handle, or the node that binds it.
    fn node(&self, model: &Model<'a>) -> NodeId {
        match *self {
            Self::With(opening)
            | Self::Assigned(opening)
            | Self::Stored(opening)
            | Self::Returned { opening, .. } => model.id(opening.call),
            Self::Entered { enter, .. } => model.id(enter),
            Self::Parameter { node, .. }
            | Self::Result { call: node, .. }
            | Self::Load(node)
            | Self::Element(node) => node,
        }
    }

    fn home(&self, model: &Model<'a>) -> Runner {
        match *self {
            Self::Parameter { function, .. } => Runner::Function(function),
            _ => model.runner(self.node(model)),
        }
    }

    /// Whether the node binds the handle, and is not an expression that has it.
    fn is_target(&self) -> bool {
        matches!(self, Self::Parameter { .. } | Self::Element(_))
    }

    /// Whether its value is followed from here.
    fn is_followed(&self) -> bool {
        !matches!(
            self,
            Self::Stored(_) | Self::Returned { .. } | Self::Entered { in_list: true, .. }
        )
    }
}

/// A growing set of places.
pub struct Trace<'a, 'c, 'x> {
    context: &'x Context<'a, 'c>,
    callees: &'x Callees<'a, 'c>,
    /// Every call of the file that opens one.
    openings: &'x [Opening<'a>],
    places: Vec<Place<'a>>,
    /// Arguments for parameters that take a handle: all must be one.
    required: Vec<NodeId>,
    /// Functions all of whose uses must be in this file.
    confined: Vec<&'a str>,
}

type Flows<'a> = Vec<(Runner, Flow<'a>)>;

impl<'a, 'c, 'x> Trace<'a, 'c, 'x> {
    /// A trace over these openings, of which none is in it yet.
    pub fn new(
        context: &'x Context<'a, 'c>,
        callees: &'x Callees<'a, 'c>,
        openings: &'x [Opening<'a>],
    ) -> Self {
        Self {
            context,
            callees,
            openings,
            places: Vec::new(),
            required: Vec::new(),
            confined: Vec::new(),
        }
    }

    /// The calls in it.
    pub fn openings(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.places
            .iter()
            .filter_map(|place| Some(self.context.model.id(place.opening()?.call)))
    }

    /// Takes an opening in. `false`: it stands where only the statement round it can open the file.
    ///
    /// # Errors
    /// Why it cannot be opened there.
    pub fn open(&mut self, opening: Opening<'a>) -> Result<bool, Refusal> {
        let model = self.context.model;
        let node = model.id(opening.call);
        if self.openings().any(|other| other == node) {
            return Ok(true);
        }
        match model.nodes.parent_node(node) {
            AnyNodeRef::WithItem(_) => {
                let Some((statement, item)) = opening.with(model) else {
                    return Ok(false);
                };
                if let Some(target) = &statement.items[item].optional_vars
                    && !target.is_name_expr()
                {
                    return Err(Refusal::at(&reasons::TARGET, target.range()));
                }
                self.places.push(Place::With(opening));
                // One statement, one unit.
                for item in &statement.items {
                    if let Some(other) = self.opening_at(model.id(&item.context_expr)) {
                        self.open(other)?;
                    }
                }
            }
            AnyNodeRef::StmtAnnAssign(_) => return Err((&reasons::ANNOTATED).into()),
            AnyNodeRef::StmtAssign(assign) => match assign.targets.as_slice() {
                [Expr::Attribute(attribute)] => {
                    self.places.push(Place::Stored(opening));
                    self.attribute(attribute)?;
                }
                _ => self.places.push(Place::Assigned(opening)),
            },
            AnyNodeRef::StmtReturn(_) => return self.returned_opening(opening),
            AnyNodeRef::Arguments(_) => return self.enter_all(opening),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn opening_at(&self, node: NodeId) -> Option<Opening<'a>> {
        let model = self.context.model;
        let found = |opening: &&Opening<'a>| model.id(opening.call) == node;
        self.openings.iter().find(found).copied()
    }

    /// Takes in the openings that a name may hold at one place. Says whether there is any.
    fn open_name(&mut self, name: NodeId) -> Result<bool, Refusal> {
        let model = self.context.model;
        let symbol = model.scopes.symbol_of(name);
        let mut found = false;
        for opening in self.openings {
            if symbol.is_some()
                && opening.symbol(model) == symbol
                && model.runner(model.id(opening.call)) == model.runner(name)
                && model
                    .follow(&[model.id(opening.call)], true)
                    .uses
                    .iter()
                    .any(|use_| use_.node == name)
            {
                found |= self.open(*opening)?;
            }
        }
        Ok(found)
    }

    /// Follows the handle until no new place is found.
    fn grow(&mut self) -> Result<Flows<'a>, Refusal> {
        loop {
            let flows = self.flows();
            let before = (self.places.len(), self.required.len());
            for (home, flow) in &flows {
                for use_ in &flow.uses {
                    self.discover(*home, flow, use_)?;
                }
            }
            if before != (self.places.len(), self.required.len()) {
                continue;
            }
            let model = self.context.model;
            let is_handle = |node: NodeId| {
                let uses =
                    |(_, flow): &(Runner, Flow<'a>)| flow.uses.iter().any(|use_| use_.node == node);
                flows.iter().any(uses)
            };
            let missing: Vec<NodeId> = (self.required.iter().copied())
                .filter(|&node| !is_handle(node))
                .collect();
            for node in missing {
                let known = self.places.len();
                let is_name = model.nodes.get(node).is_expr_name();
                if !is_name || !self.open_name(node)? || self.places.len() == known {
                    return Err(Refusal::at(&reasons::PASSED, model.nodes.range(node)));
                }
            }
            if before == (self.places.len(), self.required.len()) {
                return Ok(flows);
            }
        }
    }

    fn flows(&self) -> Flows<'a> {
        let model = self.context.model;
        let mut homes: Vec<Runner> = Vec::new();
        for place in &self.places {
            let home = place.home(model);
            if !homes.contains(&home) {
                homes.push(home);
            }
        }
        homes
            .into_iter()
            .map(|home| {
                let of = |is_target: bool| -> Vec<NodeId> {
                    self.places
                        .iter()
                        .filter(|place| {
                            place.is_followed()
                                && place.is_target() == is_target
                                && place.home(model) == home
                        })
                        .map(|place| place.node(model))
                        .collect()
                };
                (home, model.follow_in(home, &of(false), &of(true), true))
            })
            .collect()
    }

    /// The uses of each place's handle for itself.
    fn lives(&self) -> Vec<Flow<'a>> {
        let model = self.context.model;
        self.places
            .iter()
            .filter(|place| place.is_followed())
            .map(|place| {
                let node = [place.node(model)];
                let (origins, targets): (&[NodeId], &[NodeId]) = if place.is_target() {
                    (&[], &node)
                } else {
                    (&node, &[])
                };
                model.follow_in(place.home(model), origins, targets, true)
            })
            .collect()
    }

    fn discover(&mut self, home: Runner, flow: &Flow<'a>, use_: &Use<'a>) -> Result<(), Refusal> {
        if use_.captured {
            return Ok(());
        }
        if use_.certainty == Certainty::Mixed && !stays(&use_.kind) {
            self.open_name(use_.node)?;
        }
        match use_.kind {
            UseKind::Argument { call, .. } if consumer::is_copy(self.context, call) => {
                for argument in &call.arguments.args {
                    if argument.is_name_expr() {
                        self.open_name(self.context.model.id(argument))?;
                    }
                }
                Ok(())
            }
            UseKind::Argument { call, keyword } if !consumer::is_known(self.context, call) => {
                self.parameter(use_.node, call, keyword)
            }
            UseKind::Yielded => self.managed(home, flow),
            UseKind::Returned => self.returned(home, flow),
            _ => Ok(()),
        }
    }

    /// The handle is an argument of a function of this file: its parameter is one wherever it is called.
    fn parameter(
        &mut self,
        node: NodeId,
        call: &'a ExprCall,
        keyword: Option<&str>,
    ) -> Result<(), Refusal> {
        let model = self.context.model;
        if self.required.contains(&node) {
            return Ok(());
        }
        // The conversion says that it does not know the function.
        let Callee::Functions(functions) = self.callees.of(&call.func) else {
            return Ok(());
        };
        let [function] = functions.as_slice() else {
            return Ok(());
        };
        let Some(runner) = self.own_function(function) else {
            return Ok(());
        };
        if !function.decorator_list.is_empty() {
            return Ok(());
        }
        let position = call
            .arguments
            .args
            .iter()
            .take_while(|argument| !argument.is_starred_expr())
            .position(|argument| model.id(argument) == node);
        let is_method = self.is_method(function);
        let parameters: Vec<_> = function
            .parameters
            .posonlyargs
            .iter()
            .chain(&function.parameters.args)
            .collect();
        let parameter = match (position, keyword) {
            (Some(position), None) => parameters.get(position + usize::from(is_method)).copied(),
            (None, Some(name)) => parameters
                .iter()
                .copied()
                .chain(&function.parameters.kwonlyargs)
                .find(|parameter| parameter.parameter.name.as_str() == name),
            _ => None,
        };
        let Some(parameter) = parameter else {
            return Ok(());
        };
        if let Some(annotation) = &parameter.parameter.annotation {
            return Err(Refusal::at(&reasons::ANNOTATED, annotation.range()));
        }
        let name = parameter.parameter.name.as_str();
        let index = parameters
            .iter()
            .position(|other| other.range() == parameter.range())
            .map(|index| index - usize::from(is_method && index > 0));
        let Some(calls) = self.calls_of(function) else {
            return Ok(());
        };
        for call in &calls {
            let positional = index.and_then(|index| call.arguments.args.get(index));
            let has_starred = call.arguments.args.iter().any(Expr::is_starred_expr)
                || call
                    .arguments
                    .keywords
                    .iter()
                    .any(|keyword| keyword.arg.is_none());
            let named = call
                .arguments
                .keywords
                .iter()
                .find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name))
                .map(|keyword| &keyword.value);
            let Some(argument) = positional.or(named).filter(|_| !has_starred) else {
                return Err(Refusal::at(&reasons::PASSED, call.range()));
            };
            self.required.push(model.id(argument));
        }
        self.places.push(Place::Parameter {
            function: runner,
            node: model.id(&parameter.parameter),
        });
        Ok(())
    }

    /// The number of a function that may be, or become, async.
    fn own_function(&self, function: &'a StmtFunctionDef) -> Option<u32> {
        let model = self.context.model;
        let first = function.body.first()?;
        let Runner::Function(index) = model.runner(model.id(first)) else {
            return None;
        };
        let name = function.name.as_str();
        let is_special = name.starts_with("__") && name.ends_with("__");
        (self.context.is_async(model.id(first)) && !is_special).then_some(index)
    }

    fn is_method(&self, function: &StmtFunctionDef) -> bool {
        let model = self.context.model;
        model
            .nodes
            .parent_node(model.id(function))
            .is_stmt_class_def()
    }

    /// Every call of a function, if all its uses are calls, and confines it to this file where others could name it.
    fn calls_of(&mut self, function: &'a StmtFunctionDef) -> Option<Vec<&'a ExprCall>> {
        let model = self.context.model;
        let name = function.name.as_str();
        let called = |node: NodeId| match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => Some(call),
            _ => None,
        };
        let calls: Option<Vec<&'a ExprCall>> = if self.is_method(function) {
            let same_name = |other: &&crate::semantic::scope::Function<'a>| {
                other
                    .definition
                    .is_some_and(|definition| definition.name.as_str() == name)
            };
            if model.scopes.functions().iter().filter(same_name).count() > 1 {
                return None;
            }
            let uses = model
                .attributes()
                .filter(|attribute| attribute.attr.as_str() == name);
            uses.map(|attribute| {
                let call = called(model.id(attribute))?;
                match self.callees.of(&call.func) {
                    Callee::Functions(functions) => (functions.len() == 1
                        && functions[0].range() == function.range())
                    .then_some(call),
                    _ => None,
                }
            })
            .collect()
        } else {
            let binding = model.scopes.binding_at(model.id(function))?;
            let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
            if symbol.bindings.len() > 1 {
                return None;
            }
            symbol.references.iter().map(|&node| called(node)).collect()
        };
        let calls = calls.filter(|calls| !calls.is_empty())?;
        let is_nested = matches!(model.runner(model.id(function)), Runner::Function(_));
        if !is_nested && !self.confined.contains(&name) {
            self.confined.push(name);
        }
        Some(calls)
    }

    fn definition(&self, home: Runner) -> Option<&'a StmtFunctionDef> {
        match home {
            Runner::Function(index) => {
                self.context.model.scopes.functions()[index as usize].definition
            }
            Runner::Module | Runner::Class => None,
        }
    }

    /// `yield f` in a context manager: the `with` statements of its callers get the handle.
    fn managed(&mut self, home: Runner, flow: &Flow<'a>) -> Result<(), Refusal> {
        let model = self.context.model;
        let Some(function) = self.definition(home) else {
            return Ok(());
        };
        let [decorator] = function.decorator_list.as_slice() else {
            return Ok(());
        };
        let manages = matches!(
            model.meaning(&decorator.expression).path(),
            Some("contextlib.contextmanager" | "contextlib.asynccontextmanager")
        );
        let yields_it =
            model
                .nodes
                .subtree(model.id(function))
                .all(|at| match model.nodes.get(at) {
                    AnyNodeRef::ExprYieldFrom(_) => false,
                    AnyNodeRef::ExprYield(yielded) => {
                        yielded.value.as_deref().is_some_and(|value| {
                            flow.uses.iter().any(|use_| use_.node == model.id(value))
                        }) && model.nodes.parent_node(at).is_stmt_expr()
                    }
                    _ => true,
                });
        if !manages || !yields_it || self.own_function(function).is_none() {
            return Ok(());
        }
        let Some(calls) = self.calls_of(function) else {
            return Ok(());
        };
        for call in calls {
            let node = model.id(call);
            let is_bound = with_item(model, node).is_some_and(|(statement, item)| {
                let target = &statement.items[item].optional_vars;
                target.as_ref().is_none_or(|target| target.is_name_expr())
            });
            if !is_bound {
                return Err(Refusal::at(&reasons::ESCAPES, call.range()));
            }
            self.result(node, false);
        }
        Ok(())
    }

    fn result(&mut self, call: NodeId, unopened: bool) {
        let is_known = |place: &Place<'_>| matches!(place, Place::Result { call: other, .. } if *other == call);
        if !self.places.iter().any(is_known) {
            self.places.push(Place::Result { call, unopened });
        }
    }

    /// `return open(p)` in a helper, all of whose callers open it in a `with` statement, or assign it.
    fn returned_opening(&mut self, opening: Opening<'a>) -> Result<bool, Refusal> {
        let model = self.context.model;
        let node = model.id(opening.call);
        let Some(calls) = self.callers(model.runner(node), &[node]) else {
            return Ok(false);
        };
        let in_with = calls
            .iter()
            .filter(|call| with_item(model, model.id(**call)).is_some())
            .count();
        let unopened = in_with == calls.len();
        if !unopened && in_with > 0 {
            return Ok(false);
        }
        self.places.push(Place::Returned { opening, unopened });
        for call in calls {
            self.result(model.id(call), unopened);
        }
        Ok(true)
    }

    /// `return f` in a helper, all of whose callers assign it.
    fn returned(&mut self, home: Runner, flow: &Flow<'a>) -> Result<(), Refusal> {
        let model = self.context.model;
        let handles: Vec<NodeId> = flow.uses.iter().map(|use_| use_.node).collect();
        let Some(calls) = self.callers(home, &handles) else {
            return Ok(());
        };
        if calls
            .iter()
            .any(|call| with_item(model, model.id(*call)).is_some())
        {
            return Ok(());
        }
        for call in calls {
            self.result(model.id(call), false);
        }
        Ok(())
    }

    /// The calls of a plain sync function that returns one of these handles, or None: each is assigned, or an item of a
    /// `with` statement.
    fn callers(&mut self, home: Runner, handles: &[NodeId]) -> Option<Vec<&'a ExprCall>> {
        let model = self.context.model;
        let function = self.definition(home)?;
        let returns_it =
            model
                .nodes
                .subtree(model.id(function))
                .all(|at| match model.nodes.get(at) {
                    AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => false,
                    AnyNodeRef::StmtReturn(return_) => {
                        return_.value.as_deref().is_none_or(|value| {
                            value.is_none_literal_expr() || handles.contains(&model.id(value))
                        })
                    }
                    _ => true,
                });
        let has_annotation = function.returns.is_some();
        if !returns_it
            || has_annotation
            || function.is_async
            || !function.decorator_list.is_empty()
            || self.own_function(function).is_none()
        {
            return None;
        }
        let calls = self.calls_of(function)?;
        let is_taken = |call: &&&'a ExprCall| {
            let node = model.id(**call);
            match model.nodes.parent_node(node) {
                AnyNodeRef::StmtAssign(assign) => assign.targets.iter().all(Expr::is_name_expr),
                AnyNodeRef::WithItem(item) => {
                    let target = item.optional_vars.as_deref();
                    target.is_none_or(Expr::is_name_expr)
                }
                _ => false,
            }
        };
        (calls.iter().filter(is_taken).count() == calls.len()).then_some(calls)
    }

    /// `stack.enter_context(open(p))`, with all that the stack enters. `false`: another call.
    fn enter_all(&mut self, opening: Opening<'a>) -> Result<bool, Refusal> {
        let model = self.context.model;
        let Some((enter, stack)) = entering(model, opening.call) else {
            return Ok(false);
        };
        let refusal = |range: TextRange| Err(Refusal::at(&reasons::STACK, range));
        let Some(stack) = self.stack_of(stack) else {
            return refusal(enter.range());
        };
        let made = model.id(&stack.0.items[stack.1].context_expr);
        let flow = model.follow(&[made], true);
        for use_ in &flow.uses {
            let (attribute, call) = match use_.kind {
                UseKind::With { .. } if use_.node == made => continue,
                UseKind::Method { attribute, call }
                    if !use_.captured && use_.certainty == Certainty::Always =>
                {
                    (attribute, call)
                }
                _ => return refusal(model.nodes.range(use_.node)),
            };
            match attribute.attr.as_str() {
                "callback" | "push" => {}
                "enter_context" => {
                    let entered = call.arguments.args.first();
                    let entered = entered.and_then(|entered| self.opening_at(model.id(entered)));
                    if let Some(opening) = entered {
                        let list = match model.nodes.parent_node(model.id(call)) {
                            AnyNodeRef::ExprListComp(list)
                                if model.id(list.elt.as_ref()) == model.id(call) =>
                            {
                                Some(model.id(list))
                            }
                            _ => None,
                        };
                        self.places.push(Place::Entered {
                            opening,
                            enter: call,
                            stack,
                            in_list: list.is_some(),
                        });
                        if let Some(list) = list {
                            self.list(list)?;
                        }
                    }
                }
                _ => return refusal(call.range()),
            }
        }
        Ok(true)
    }

    /// The `with` statement that makes an exit stack.
    fn stack_of(&self, stack: &'a Expr) -> Option<(&'a StmtWith, usize)> {
        let model = self.context.model;
        let symbol = model.scopes.symbol_of(model.id(stack))?;
        let [only] = &*model.scopes.symbol(symbol).bindings else {
            return None;
        };
        let BindingKind::With { value, is_async } = model.scopes.binding(*only).kind else {
            return None;
        };
        let (statement, item) = with_item(model, value)?;
        let made = statement.items[item].context_expr.as_call_expr()?;
        let is_stack = model.meaning(&made.func).path() == Some("contextlib.ExitStack");
        (is_stack && !is_async).then_some((statement, item))
    }

    /// `files = [stack.enter_context(open(p)) for p in paths]`: the elements are handles wherever the list goes.
    fn list(&mut self, list: NodeId) -> Result<(), Refusal> {
        let model = self.context.model;
        let flow = model.follow(&[list], false);
        for use_ in &flow.uses {
            let target = match use_.kind {
                UseKind::Iterated(for_) => Some(for_.target.as_ref()),
                UseKind::IteratedInComprehension(clause) => Some(&clause.target),
                UseKind::Argument { call, .. } => numbered(model, call),
                _ => None,
            };
            let place = match (use_.kind, target) {
                _ if use_.captured || use_.certainty != Certainty::Always => None,
                (_, Some(Expr::Name(name))) => Some(Place::Element(model.id(name))),
                (UseKind::Subscripted, _) => Some(Place::Load(model.nodes.parent(use_.node))),
                (UseKind::Discarded | UseKind::Truth, _) => continue,
                (UseKind::Argument { call, .. }, _)
                    if model.meaning(&call.func).path() == Some("builtins.len") =>
                {
                    continue;
                }
                _ => None,
            };
            let range = model.nodes.range(use_.node);
            let place = place.ok_or_else(|| {
                Refusal::with_detail(&reasons::ESCAPES, range, "put into a container")
            })?;
            let node = place.node(model);
            if !self.places.iter().any(|other| other.node(model) == node) {
                self.places.push(place);
            }
        }
        Ok(())
    }

    /// `self.f = open(p)`: every use of `self.f` in the file.
    fn attribute(&mut self, target: &'a ruff_python_ast::ExprAttribute) -> Result<(), Refusal> {
        let model = self.context.model;
        let escapes =
            |range: TextRange| Err(Refusal::with_detail(&reasons::ESCAPES, range, "stored"));
        let Some(class) = self.class_of_self(&target.value) else {
            return escapes(target.range());
        };
        let name = target.attr.as_str();
        // `vars(self)["f"]`, `getattr(self, "f")`, `case Log(f=file)`
        let in_text = model
            .string_literals()
            .find(|literal| literal.value.to_str() == name)
            .map(Ranged::range);
        let in_pattern = || {
            model
                .nodes
                .all()
                .find_map(|node| match model.nodes.get(node) {
                    AnyNodeRef::PatternKeyword(keyword) if keyword.attr.as_str() == name => {
                        Some(keyword.range())
                    }
                    _ => None,
                })
        };
        if let Some(range) = in_text.or_else(in_pattern) {
            return escapes(range);
        }
        for attribute in model
            .attributes()
            .filter(|attribute| attribute.attr.as_str() == name)
        {
            let node = model.id(attribute);
            match self.class_of_self(&attribute.value) {
                Some(other) if other == class => {}
                Some(other) if self.is_related(class, other) => {
                    return escapes(attribute.range());
                }
                // Of another class, or a method of a module: `io.open`.
                Some(_) => continue,
                None if model.meaning(&attribute.value).path().is_some() => continue,
                None => return escapes(attribute.range()),
            }
            if attribute.ctx == ExprContext::Load {
                if !self.places.iter().any(|place| place.node(model) == node) {
                    self.places.push(Place::Load(node));
                }
                continue;
            }
            let value = match model.nodes.parent_node(node) {
                AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => {
                    assign.value.as_ref()
                }
                AnyNodeRef::StmtAnnAssign(assign) => {
                    return Err(Refusal::at(&reasons::ANNOTATED, assign.range()));
                }
                _ => return escapes(attribute.range()),
            };
            if value.is_none_literal_expr() {
                continue;
            }
            match self.opening_at(model.id(value)) {
                Some(opening) => {
                    if !self.openings().any(|known| known == model.id(opening.call)) {
                        self.places.push(Place::Stored(opening));
                    }
                }
                None => return Err(Refusal::at(&reasons::MIXED, value.range())),
            }
        }
        Ok(())
    }

    /// Whether an object may be an instance of both classes: some chain of bases and subclasses of this file joins them.
    fn is_related(&self, one: NodeId, other: NodeId) -> bool {
        let model = self.context.model;
        let classes: Vec<(NodeId, &str, Vec<&str>)> = model
            .nodes
            .all()
            .filter_map(|node| match model.nodes.get(node) {
                AnyNodeRef::StmtClassDef(class) => {
                    let bases = class.bases().iter().filter_map(|base| match base {
                        Expr::Name(name) => Some(name.id.as_str()),
                        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
                        Expr::Subscript(subscript) => match subscript.value.as_ref() {
                            Expr::Name(name) => Some(name.id.as_str()),
                            _ => None,
                        },
                        _ => None,
                    });
                    Some((node, class.name.as_str(), bases.collect()))
                }
                _ => None,
            })
            .collect();
        let mut family = vec![one];
        let mut at = 0;
        while let Some(&member) = family.get(at) {
            at += 1;
            let Some((_, name, bases)) = classes.iter().find(|(node, ..)| *node == member) else {
                continue;
            };
            let near = classes.iter().filter(|(node, own, above)| {
                !family.contains(node) && (above.contains(name) || bases.contains(own))
            });
            let near: Vec<NodeId> = near.map(|(node, ..)| *node).collect();
            family.extend(near);
        }
        family.contains(&other)
    }

    /// The class of which an expression is the `self` of a method.
    fn class_of_self(&self, expr: &Expr) -> Option<NodeId> {
        let model = self.context.model;
        if !expr.is_name_expr() {
            return None;
        }
        let symbol = model.scopes.symbol_of(model.id(expr))?;
        let [only] = &*model.scopes.symbol(symbol).bindings else {
            return None;
        };
        let binding = model.scopes.binding(*only);
        let function = model
            .nodes
            .ancestors(binding.node)
            .find(|&at| model.nodes.get(at).is_statement())?;
        let AnyNodeRef::StmtFunctionDef(definition) = model.nodes.get(function) else {
            return None;
        };
        let first = definition
            .parameters
            .posonlyargs
            .iter()
            .chain(&definition.parameters.args)
            .next()?;
        let class = model.nodes.parent(function);
        let is_self = model.id(&first.parameter) == binding.node
            && definition.decorator_list.is_empty()
            && model.nodes.get(class).is_stmt_class_def();
        is_self.then_some(class)
    }

    /// Whether other code may read on where a function leaves off.
    fn is_spread(&self, home: Runner, flows: &Flows<'a>) -> bool {
        let model = self.context.model;
        self.places
            .iter()
            .filter(|place| place.home(model) == home)
            .any(|place| match *place {
                Place::Load(_) | Place::Element(_) | Place::Stored(_) => true,
                // The callers may go on with it.
                Place::Parameter { .. } => true,
                Place::Result { .. } => flows.iter().any(|(other, flow)| {
                    *other != home
                        && flow.uses.iter().any(|use_| {
                            moves(&use_.kind)
                                && !matches!(use_.kind, UseKind::Yielded | UseKind::Returned)
                                && self.gives(*other)
                        })
                }),
                _ => false,
            })
            && !self.is_last_stop(home, flows)
    }

    /// Whether a function gives its handle to callers.
    fn gives(&self, home: Runner) -> bool {
        let model = self.context.model;
        self.places.iter().any(|place| match *place {
            Place::Result { call, .. } => match model.nodes.get(call) {
                AnyNodeRef::ExprCall(call) => match self.callees.of(&call.func) {
                    Callee::Functions(functions) => functions.iter().any(|function| {
                        function
                            .body
                            .first()
                            .is_some_and(|first| model.runner(model.id(first)) == home)
                    }),
                    _ => true,
                },
                _ => true,
            },
            _ => false,
        })
    }

    /// Whether a helper that takes a handle is the last that its callers do with it.
    fn is_last_stop(&self, home: Runner, flows: &Flows<'a>) -> bool {
        let model = self.context.model;
        let only_takes = self
            .places
            .iter()
            .filter(|place| place.home(model) == home)
            .all(|place| matches!(place, Place::Parameter { .. }));
        only_takes
            && flows
                .iter()
                .filter(|(other, _)| *other != home)
                .all(|(other, flow)| {
                    let is_plain = self
                        .places
                        .iter()
                        .filter(|place| place.home(model) == *other)
                        .all(|place| matches!(place, Place::With(_) | Place::Assigned(_)));
                    let mut handle = Handle::new(self.context, self.origins(), Mode::Unknown);
                    handle.lives = self.lives();
                    is_plain
                        && flow.uses.iter().all(|use_| match use_.kind {
                            UseKind::Argument { .. } if self.required.contains(&use_.node) => {
                                !handle.is_used_again(flow, use_.node)
                            }
                            _ => true,
                        })
                })
    }

    /// The expressions that are items of `with` statements.
    fn origins(&self) -> Vec<NodeId> {
        let model = self.context.model;
        self.places
            .iter()
            .filter(|place| matches!(place, Place::With(_) | Place::Result { .. }))
            .map(|place| place.node(model))
            .collect()
    }

    /// The unit of all that is in the trace.
    ///
    /// # Errors
    /// The first use that is in the way.
    pub fn unit(&mut self, anchor: TextRange) -> Result<UnitBuilder<'a, 'c>, Refusal> {
        let model = self.context.model;
        let flows = self.grow()?;
        let mut unit = self.context.unit(anchor);
        let modes = self.places.iter().filter_map(Place::opening);
        let mode = modes
            .map(|opening| opening.mode())
            .reduce(Mode::or)
            .unwrap_or(Mode::Unknown);
        let origins = self.origins();
        let handle = Handle::new(self.context, origins.clone(), mode);
        let mut stacks: Vec<(NodeId, usize)> = Vec::new();
        let library = handle.library();
        for place in &self.places {
            if let Some(opening) = place.opening() {
                opening.convert(&mut unit, model, library)?;
            }
            match *place {
                Place::With(opening) => {
                    if let Some((statement, item)) = opening.with(model) {
                        unit.async_with(statement, item)?;
                    }
                    if library.opens_awaited {
                        unit.await_(opening.call)?;
                    }
                }
                Place::Assigned(opening) => handle.awaits(&mut unit, model.id(opening.call))?,
                Place::Stored(opening) if is_in_constructor(model, model.id(opening.call)) => {
                    return Err(Refusal::at(&reasons::CONSTRUCTED, opening.call.range()));
                }
                Place::Stored(opening) => {
                    handle.awaits(&mut unit, model.id(opening.call))?;
                    unit.unsafe_because(
                        opening.call.range(),
                        "the handle is an attribute: code outside of this file that uses it would get coroutines",
                    );
                }
                // A coroutine is no context manager.
                Place::Returned {
                    opening,
                    unopened: true,
                } if library.opens_awaited => {
                    return Err(Refusal::at(library.missing, opening.call.range()));
                }
                Place::Returned { unopened: true, .. } => {}
                Place::Returned { opening, .. } => {
                    handle.awaits(&mut unit, model.id(opening.call))?;
                }
                Place::Entered { enter, stack, .. } => {
                    let (statement, item) = stack;
                    let made = &statement.items[item].context_expr;
                    if !stacks.contains(&(model.id(made), item)) {
                        stacks.push((model.id(made), item));
                        unit.async_with(statement, item)?;
                        if let Expr::Call(made) = made {
                            unit.exit_stack(made)?;
                        }
                    }
                    unit.enters(enter)?;
                    if library.opens_awaited
                        && let Some(opening) = place.opening()
                    {
                        unit.await_(opening.call)?;
                    }
                }
                Place::Result {
                    call,
                    unopened: true,
                } => {
                    if let Some((statement, item)) = with_item(model, call) {
                        unit.async_with(statement, item)?;
                    }
                }
                Place::Result { .. }
                | Place::Parameter { .. }
                | Place::Load(_)
                | Place::Element(_) => {}
            }
        }
        let uses: FxHashSet<NodeId> = flows
            .iter()
            .flat_map(|(_, flow)| flow.uses.iter())
            .filter(|use_| use_.certainty == Certainty::Always)
            .map(|use_| use_.node)
            .collect();
        let lives = self.lives();
        for (home, flow) in &flows {
            let mut handle = Handle::new(self.context, origins.clone(), mode);
            handle.helpers = self.required.iter().copied().collect();
            handle.lives.clone_from(&lives);
            handle.uses.clone_from(&uses);
            handle.is_spread = self.is_spread(*home, &flows);
            handle.given = self.given(*home, flow);
            handle.convert(&mut unit, flow)?;
        }
        let is_opened_by_hand = self.places.iter().any(|place| {
            matches!(
                place,
                Place::Assigned(_)
                    | Place::Stored(_)
                    | Place::Returned {
                        unopened: false,
                        ..
                    }
            )
        });
        let is_closed = flows.iter().flat_map(|(_, flow)| flow.uses.iter()).any(|use_| {
            matches!(use_.kind, UseKind::Method { attribute, .. } if attribute.attr.as_str() == "close")
        });
        if is_opened_by_hand && !is_closed {
            return Err((&reasons::NOT_CLOSED).into());
        }
        for name in &self.confined {
            unit.confine(name);
        }
        Ok(unit)
    }

    /// The uses of a function's handle that hand it to callers which are in the trace.
    fn given(&self, home: Runner, flow: &Flow<'a>) -> FxHashSet<NodeId> {
        if !self.gives(home) {
            return FxHashSet::default();
        }
        flow.uses
            .iter()
            .filter(|use_| matches!(use_.kind, UseKind::Yielded | UseKind::Returned))
            .map(|use_| use_.node)
            .collect()
    }
}

/// Whether code runs where an object is made.
fn is_in_constructor(model: &Model<'_>, node: NodeId) -> bool {
    let Runner::Function(index) = model.runner(node) else {
        return false;
    };
    let function = model.scopes.functions().get(index as usize);
    function
        .and_then(|function| function.definition)
        .is_some_and(|definition| definition.name.as_str() == "__init__")
}

/// The second name of a loop over `enumerate(...)`.
fn numbered<'a>(model: &Model<'a>, call: &ExprCall) -> Option<&'a Expr> {
    if model.meaning(&call.func).path() != Some("builtins.enumerate") {
        return None;
    }
    let target = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtFor(for_) => for_.target.as_ref(),
        AnyNodeRef::Comprehension(clause) => &clause.target,
        _ => return None,
    };
    match target {
        Expr::Tuple(names) => names.elts.get(1).filter(|_| names.elts.len() == 2),
        _ => None,
    }
}

/// The call of `enter_context` that takes an opening, and the stack.
fn entering<'a>(model: &Model<'a>, opening: &ExprCall) -> Option<(&'a ExprCall, &'a Expr)> {
    let arguments = model.nodes.parent(model.id(opening));
    let AnyNodeRef::ExprCall(enter) = model.nodes.parent_node(arguments) else {
        return None;
    };
    let Expr::Attribute(method) = enter.func.as_ref() else {
        return None;
    };
    (method.attr.as_str() == "enter_context" && enter.arguments.len() == 1)
        .then_some((enter, method.value.as_ref()))
}
