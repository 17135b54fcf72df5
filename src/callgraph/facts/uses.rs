//! Calls, and uses of functions as values.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext, ExprName, FStringPart,
    InterpolatedStringElement, Operator,
};
use ruff_text_size::{Ranged, TextRange};

use super::super::arity::Given;
use super::super::place::Place;
use super::super::{
    Call, Callee, FileFacts, GivenArgument, Handed, Lookup, Target, Type, Usage, Value, ValueKind,
};
use super::flows::{ITERATING, ONLOOKERS};
use super::place::is_container_method;
use super::value::{Known, import_call, is_class_name, last};
use super::values::is_patch;
use super::{Reader, program};
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::{NodeId, Runner, ScopeKind, literal, locks, race};
use crate::unit::{ColourSite, Reason};

/// What takes a coroutine: the result of calling a coroutine function.
const TAKES_RESULT: &[&str] = &[
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.gather",
    "asyncio.run",
    "asyncio.run_coroutine_threadsafe",
    "asyncio.shield",
    "asyncio.wait_for",
];

/// What takes several in one argument.
const TAKES_RESULTS: &[&str] = &["asyncio.as_completed", "asyncio.gather", "asyncio.wait"];

/// Methods that take a coroutine, of whatever loop, runner or group.
const TAKING_METHODS: &[&str] = &["create_task", "run_until_complete"];

/// What takes coroutine functions as well as others.
const TAKES_FUNCTION: &[&str] = &[
    "fastapi.Depends",
    "fastapi.Security",
    "fastapi.param_functions.Depends",
    "fastapi.params.Depends",
    "starlette.background.BackgroundTask",
    "starlette.routing.Route",
];

/// The classes whose `add_task` takes coroutine functions.
const BACKGROUND_TASKS: &[&str] = &[
    "fastapi.BackgroundTasks",
    "fastapi.background.BackgroundTasks",
    "starlette.background.BackgroundTasks",
];

/// What only tells who a function is.
pub(super) const IDENTITY_FUNCTIONS: &[&str] = &[
    "builtins.callable",
    "builtins.hash",
    "builtins.id",
    "builtins.isinstance",
    "builtins.repr",
];

/// What gives a module that the text does not name.
const IMPORTS_MODULE: &[&str] = &[
    "builtins.__import__",
    "importlib.import_module",
    "importlib.util.module_from_spec",
];

/// Builtins that only look at what they are given.
const LOOKS_ONLY: &[&str] = &[
    "builtins.bool",
    "builtins.callable",
    "builtins.hasattr",
    "builtins.hash",
    "builtins.id",
    "builtins.isinstance",
    "builtins.issubclass",
    "builtins.len",
    "builtins.repr",
    "builtins.str",
    "builtins.super",
    "builtins.type",
];

/// What makes objects of a class that it is given, or says that something is one, and calls no method.
const ONLY_MAKE: &[&str] = &[
    "attr.ib",
    "attrs.field",
    "collections.defaultdict",
    "dataclasses.field",
    "functools.partial",
    "typing.NewType",
    "typing.TypeVar",
    "typing.assert_type",
    "typing.cast",
    "typing_extensions.TypeVar",
];

/// What gives a namespace as a dictionary.
const NAMESPACES: &[&str] = &["builtins.globals", "builtins.locals", "builtins.vars"];

/// Attributes of a function that only tell who it is.
pub(super) const IDENTITY: &[&str] = &[
    "__annotations__",
    "__class__",
    "__doc__",
    "__module__",
    "__name__",
    "__qualname__",
];

impl<'a> Reader<'a, '_> {
    /// Collects the calls and the uses as values: one pass over the nodes.
    pub(super) fn uses(&mut self, target: PythonVersion, facts: &mut FileFacts) {
        let model = self.model;
        // Whether a node only says a type. Calls in an annotation run: `Annotated[Client, Depends(get_client)]`.
        let mut types_only = vec![false; model.nodes.len()];
        let mut imports_any = false;
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            let inherited = types_only[model.nodes.parent(node).0 as usize];
            let is_type = match model.nodes.get(node) {
                AnyNodeRef::Arguments(_) => false,
                _ => inherited || self.is_annotation(node),
            };
            types_only[node.0 as usize] = is_type;
            match model.nodes.get(node) {
                AnyNodeRef::ExprCall(call) => {
                    let before = facts.calls.len();
                    self.call(call, node, target, facts);
                    self.result_use(call, node, facts.calls.len() > before);
                    self.named_member(call, node, facts);
                    self.double(call, node, facts);
                    imports_any |= self.imports_any(call);
                    if let Expr::Attribute(method) = call.func.as_ref()
                        && matches!(method.attr.as_str(), "get" | "pop" | "setdefault")
                        && let Some(name) = call.arguments.args.first()
                        && self.is_namespace(&method.value)
                    {
                        self.member_of_anything(name, &mut facts.values);
                    }
                }
                AnyNodeRef::ExprSubscript(subscript) if self.is_namespace(&subscript.value) => {
                    self.member_of_anything(&subscript.slice, &mut facts.values);
                }
                AnyNodeRef::ExprStringLiteral(literal) => {
                    self.configured(literal.value.to_str(), literal.range(), node, facts);
                }
                AnyNodeRef::ExprName(name) if !is_type && name.ctx == ExprContext::Load => {
                    self.name(name, node, &mut facts.values);
                }
                AnyNodeRef::ExprAttribute(attribute) if !is_type => {
                    self.attribute_use(attribute, node, &mut facts.values);
                    self.property_read(attribute, node, target, facts);
                }
                // `case Job(size=3)` reads the attribute.
                AnyNodeRef::PatternKeyword(keyword) => {
                    let name = keyword.attr.to_string();
                    let callee = Callee::UnknownMethod { name };
                    let values = &mut facts.values;
                    self.value(keyword.range(), node, callee, ValueKind::Other, values);
                }
                AnyNodeRef::ExprLambda(_) => self.lambda_use(node, &mut facts.values),
                AnyNodeRef::ExprAwait(_) | AnyNodeRef::ExprYield(_) => {
                    self.origin(Place::Anything, node);
                }
                _ => {}
            }
            if !is_type {
                self.implicit_calls(node, target, facts);
                self.flow(node, facts);
            }
        }
        if imports_any {
            // Any module may stand behind a receiver that is not known.
            let unknown = facts.calls.iter().filter_map(|call| {
                let name = match &call.callee {
                    Callee::UnknownMethod { name } => name,
                    Callee::Method { receiver, name } if receiver.is_given() => name,
                    _ => return None,
                };
                Some(Value {
                    line: 0,
                    range: call.range,
                    runner: call.runner,
                    callee: Callee::UnknownMethod { name: name.clone() },
                    kind: ValueKind::Other,
                    may_be_property: false,
                    attribute: None,
                    leaves: false,
                })
            });
            facts.values.extend(unknown);
        }
    }

    /// Whether a call gives a module that the text does not name.
    fn imports_any(&mut self, call: &'a ExprCall) -> bool {
        self.outside(&call.func).is_some_and(|path| {
            IMPORTS_MODULE.contains(&path.as_str()) && import_call(&path, call).is_none()
        })
    }

    /// Whether a value is the dictionary of a namespace: `globals()`, `vars(x)`, `x.__dict__`.
    fn is_namespace(&mut self, value: &'a Expr) -> bool {
        match value {
            Expr::Attribute(attribute) => attribute.attr.as_str() == "__dict__",
            Expr::Call(call) => self
                .outside(&call.func)
                .is_some_and(|path| NAMESPACES.contains(&path.as_str())),
            _ => false,
        }
    }

    /// What a string names may be used as a value, whatever carries the name.
    fn member_of_anything(&self, name: &Expr, values: &mut Vec<Value>) {
        if let Some(member) = literal::string(name) {
            self.value(
                name.range(),
                self.model.id(name),
                Callee::UnknownMethod {
                    name: member.to_string(),
                },
                ValueKind::Other,
                values,
            );
        }
    }

    fn is_annotation(&self, node: NodeId) -> bool {
        let is = |expr: &Expr| self.model.id(expr) == node;
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::Parameter(parameter) => parameter.annotation.as_deref().is_some_and(is),
            AnyNodeRef::StmtFunctionDef(function) => function.returns.as_deref().is_some_and(is),
            AnyNodeRef::StmtAnnAssign(assign) => is(&assign.annotation),
            AnyNodeRef::StmtTypeAlias(alias) => is(&alias.value),
            AnyNodeRef::TypeParamTypeVar(_)
            | AnyNodeRef::TypeParamTypeVarTuple(_)
            | AnyNodeRef::TypeParamParamSpec(_) => true,
            _ => false,
        }
    }

    fn call(
        &mut self,
        call: &'a ExprCall,
        node: NodeId,
        target: PythonVersion,
        facts: &mut FileFacts,
    ) {
        let Some(callee) = self.callee(call, &mut facts.values) else {
            return;
        };
        let usage = self.usage(node);
        if let Callee::Method { .. } | Callee::UnknownMethod { .. } = &callee
            && let Some(given) = Given::of(call, usage == Usage::Awaited)
        {
            facts.given.insert(node, given);
        }
        let is_unbound = match call.func.as_ref() {
            Expr::Attribute(attribute) => {
                matches!(self.known(&attribute.value), Known::Class(_))
            }
            _ => false,
        };
        let arguments = self.arguments(call);
        let (placement, consumed, closing) = match &callee {
            Callee::Target(Target::Unknown) => (Ok(Vec::new()), None, None),
            _ if locks::lock_held_at(self.model, node).is_some() => {
                let held = Some(Err(&locks::LOCK_HELD));
                (Err(&locks::LOCK_HELD), held.clone(), held)
            }
            _ => {
                let consumed = self.consumed(node, usage, target);
                let closing = match usage {
                    Usage::Iterated(clause) if self.is_iterated_by(node, clause) => {
                        colour::place_closing(self.model, clause, target)
                            .map(|placed| placed.map(|placement| placement.sites))
                    }
                    Usage::Collected => consumed.clone(),
                    Usage::Advanced if self.is_ended(node) => consumed.clone(),
                    _ => None,
                };
                let placed = colour::place_await(self.model, node, target);
                (placed.map(|placement| placement.sites), consumed, closing)
            }
        };
        let lifted = match placement {
            Err(reason) if std::ptr::eq(reason, &colour::LAMBDA) && !self.is_handed_on(node) => {
                let lifted = colour::place_lifted(self.model, node, target);
                lifted.ok().map(|placement| placement.sites)
            }
            _ => None,
        };
        facts.calls.push(Call {
            line: 0,
            node,
            range: call.range(),
            runner: self.model.runner(node),
            callee,
            is_unbound,
            arguments,
            placement,
            usage,
            closing,
            lifted,
            escapes: false,
            is_indirect: false,
            made_by: None,
            is_dropped: matches!(self.model.nodes.parent_node(node), AnyNodeRef::StmtExpr(_)),
            consumed,
            entry: None,
            in_loop: false,
            can_thread: false,
            keeps_blocking: false,
            is_race: race::is_race(self.model, node),
            is_implicit: false,
        });
    }

    /// What a call gives.
    pub(super) fn arguments(&mut self, call: &'a ExprCall) -> Vec<GivenArgument> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments.args {
            arguments.push(GivenArgument {
                keyword: None,
                is_starred: argument.is_starred_expr(),
                given: self.given_value(argument),
            });
        }
        for keyword in &call.arguments.keywords {
            arguments.push(GivenArgument {
                keyword: keyword.arg.as_ref().map(ToString::to_string),
                is_starred: keyword.arg.is_none(),
                given: self.given_value(&keyword.value),
            });
        }
        arguments
    }

    /// The classes that are used other than by calling them, as a base, in an annotation or to look at an object's class.
    pub(super) fn classes_as_values(&mut self) -> Vec<Target> {
        let model = self.model;
        let mut found: Vec<Target> = Vec::new();
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            let known = match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) if name.ctx == ExprContext::Load => {
                    match model.scopes.symbol_of(node) {
                        Some(symbol) => self.symbol(symbol),
                        None => continue,
                    }
                }
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx == ExprContext::Load => {
                    let value = self.known(&attribute.value);
                    self.member(value, attribute.attr.as_str())
                }
                _ => continue,
            };
            let target = match known {
                Known::Class(class) => Target::Class(class),
                Known::Path(path) if is_class_name(last(&path)) => Target::Path(path),
                _ => continue,
            };
            if !self.only_names_class(node) && !found.contains(&target) {
                found.push(target);
            }
        }
        found
    }

    /// Whether a name of a class does nothing that makes an object of it where nobody sees.
    fn only_names_class(&mut self, node: NodeId) -> bool {
        let model = self.model;
        if self.is_called(node) || self.is_annotation(node) {
            return true;
        }
        match model.nodes.parent_node(node) {
            // `Client.fetch`, `Generic[Client]`
            AnyNodeRef::ExprAttribute(_)
            | AnyNodeRef::ExceptHandlerExceptHandler(_)
            | AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::ExprSubscript(_)
            | AnyNodeRef::ExprBinOp(_) => true,
            AnyNodeRef::Arguments(arguments) => {
                match model.nodes.parent_node(model.id(arguments)) {
                    AnyNodeRef::StmtClassDef(_) => true,
                    // `type(name, bases, members)` makes a class.
                    AnyNodeRef::ExprCall(call) => self.outside(&call.func).is_some_and(|path| {
                        LOOKS_ONLY.contains(&path.as_str())
                            && (path != "builtins.type" || call.arguments.len() == 1)
                    }),
                    _ => false,
                }
            }
            AnyNodeRef::ExprTuple(tuple) => self.only_names_class(model.id(tuple)),
            _ => false,
        }
    }

    /// The objects of the project, and what may be called, that code outside of it is handed.
    pub(super) fn handed(&mut self, facts: &mut FileFacts) {
        let model = self.model;
        let mut handed = Vec::new();
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            match model.nodes.get(node) {
                AnyNodeRef::ExprCall(call) if self.is_foreign_call(call) => {
                    let only_looks = self.outside(&call.func).is_some_and(|path| {
                        ONLOOKERS.contains(&path.as_str())
                            // It asks for the keys.
                            || path != "builtins.dict" && ITERATING.contains(&path.as_str())
                    });
                    // `print(file=stream)` is the one that calls a method.
                    let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
                    if only_looks {
                        for value in keywords {
                            self.hand(value, &mut handed);
                        }
                        continue;
                    }
                    for argument in call.arguments.args.iter().chain(keywords) {
                        self.hand(argument, &mut handed);
                    }
                    for keyword in &call.arguments.keywords {
                        if let Some(name) = &keyword.arg
                            && matches!(
                                self.known(&keyword.value),
                                Known::Function(_) | Known::Path(_) | Known::Unknown
                            )
                        {
                            facts.given_by_name.push(name.to_string());
                        }
                    }
                }
                // `sys.stdout = stream`
                AnyNodeRef::StmtAssign(assign) => {
                    for target in &assign.targets {
                        if let Expr::Attribute(attribute) = target
                            && matches!(
                                self.known(&attribute.value),
                                Known::Outside { .. } | Known::Foreign(_)
                            )
                        {
                            self.hand(&assign.value, &mut handed);
                        }
                    }
                }
                _ => {}
            }
        }
        facts.handed = handed;
        facts.given_by_name.sort_unstable();
        facts.given_by_name.dedup();
    }

    fn hand(&mut self, value: &'a Expr, handed: &mut Vec<Handed>) {
        let parts: &[Expr] = match value {
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::List(list) => &list.elts,
            one => std::slice::from_ref(one),
        };
        for part in parts {
            let of = match self.known(part) {
                Known::Instance(of) => of,
                // Whoever has the class may make objects of it.
                Known::Class(class) => Type::Class(class),
                Known::Path(path) if is_class_name(last(&path)) => Type::Path(path),
                _ => continue,
            };
            handed.push(Handed {
                of,
                range: part.range(),
                line: 0,
            });
        }
    }

    /// Whether a call may be of code outside of the project that keeps or uses what it is given.
    fn is_foreign_call(&mut self, call: &'a ExprCall) -> bool {
        let callee = match call.func.as_ref() {
            Expr::Attribute(attribute) => match self.known(&attribute.value) {
                Known::Outside { path, .. } => {
                    let path = format!("{path}.{}", attribute.attr);
                    return !ONLY_MAKE.contains(&path.as_str());
                }
                // A list keeps it, and a string shows it.
                Known::Foreign(Some(class)) => return !class.starts_with("builtins."),
                Known::Foreign(None) | Known::Unknown => return true,
                Known::Instance(Type::Path(path)) => {
                    return !self.is_own(&path)
                        && path != "logging.Logger"
                        && !path.starts_with("builtins.");
                }
                _ => return false,
            },
            func => self.known(func),
        };
        match callee {
            Known::Outside { path, .. } => {
                !LOOKS_ONLY.contains(&path.as_str()) && !ONLY_MAKE.contains(&path.as_str())
            }
            Known::Foreign(_) | Known::Unknown => true,
            _ => false,
        }
    }

    /// What a call calls; `None` if it is nothing of the project.
    pub(super) fn callee(&mut self, call: &'a ExprCall, values: &mut Vec<Value>) -> Option<Callee> {
        match call.func.as_ref() {
            Expr::Attribute(attribute) => self.method_callee(attribute, values),
            func => match self.known(func) {
                Known::Function(index) => Some(Callee::Target(Target::Function(index))),
                Known::Class(index) => Some(Callee::Target(Target::Class(index))),
                Known::Path(path) => Some(Callee::Target(Target::Path(path))),
                Known::Instance(receiver) if receiver.is_given() => Some(Callee::UnknownValue),
                Known::Instance(receiver) => Some(Callee::Method {
                    receiver,
                    name: "__call__".to_string(),
                }),
                Known::Several(targets) => {
                    if func.is_name_expr()
                        && self.model.scopes.symbol_of(self.model.id(func)).is_none()
                    {
                        self.may_be(&targets, func, values);
                    }
                    self.any_own(&targets).then_some(Callee::UnknownValue)
                }
                Known::Outside { path, .. } => self.foreign(path),
                Known::Foreign(_) => None,
                Known::Super(_) | Known::None | Known::Nothing | Known::Unknown => {
                    Some(Callee::UnknownValue)
                }
            },
        }
    }

    fn method_callee(
        &mut self,
        attribute: &'a ExprAttribute,
        values: &mut Vec<Value>,
    ) -> Option<Callee> {
        let node = self.model.id(attribute);
        let name = self.mangled(attribute.attr.as_str(), node);
        match self.known(&attribute.value) {
            Known::Path(path) => Some(Callee::Target(Target::Path(format!("{path}.{name}")))),
            Known::Outside { path, is_module } => {
                self.foreign(format!("{path}.{name}")).or_else(|| {
                    (!self.is_closed(&path, is_module, &name))
                        .then_some(Callee::UnknownMethod { name })
                })
            }
            known if self.default_of(&known, &name).is_some() => Some(Callee::UnknownValue),
            Known::Foreign(Some(class)) => self.foreign(format!("{class}.{name}")),
            Known::Several(targets) => {
                let members = members(&targets, &name);
                self.may_be(&members, &attribute.value, values);
                self.any_own(&targets)
                    .then_some(Callee::UnknownMethod { name })
            }
            Known::Class(class) => Some(match self.nested_class(class, &name) {
                Some(Known::Class(nested)) => Callee::Target(Target::Class(nested)),
                _ => Callee::Method {
                    receiver: Type::Class(class),
                    name,
                },
            }),
            // `self.__class__(...)`
            Known::Instance(Type::Class(class)) if name == "__class__" => {
                Some(Callee::Target(Target::Class(class)))
            }
            Known::Instance(receiver) => Some(Callee::Method { receiver, name }),
            Known::Super(class) => Some(Callee::Super { class, name }),
            // A method of a function (`f.cache_clear()`): the function itself is a value there.
            Known::Function(_) | Known::Foreign(None) => None,
            Known::None | Known::Nothing | Known::Unknown => Some(Callee::UnknownMethod { name }),
        }
    }

    /// A callable outside of the project, if its calls count.
    fn foreign(&self, path: String) -> Option<Callee> {
        (self.outlook.is_seed)(&path).then_some(Callee::Foreign(path))
    }

    fn any_own(&self, targets: &[Target]) -> bool {
        targets.iter().any(|target| match target {
            Target::Path(path) => self.is_own(path),
            Target::Function(_) | Target::Class(_) | Target::Unknown => true,
        })
    }

    /// Notes everything of the project that an ambiguous name may be.
    fn may_be(&self, targets: &[Target], at: &Expr, values: &mut Vec<Value>) {
        for target in targets {
            if matches!(target, Target::Path(path) if self.is_own(path)) {
                self.value(
                    at.range(),
                    self.model.id(at),
                    Callee::Target(target.clone()),
                    ValueKind::Other,
                    values,
                );
            }
        }
    }

    pub(super) fn value(
        &self,
        range: TextRange,
        node: NodeId,
        callee: Callee,
        kind: ValueKind,
        values: &mut Vec<Value>,
    ) {
        values.push(Value {
            line: 0,
            range,
            runner: self.model.runner(node),
            callee,
            kind,
            may_be_property: false,
            attribute: None,
            leaves: false,
        });
    }

    /// Whether an expression is what a call calls.
    pub(super) fn is_called(&self, node: NodeId) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) => self.model.id(call.func.as_ref()) == node,
            _ => false,
        }
    }

    /// A name that is read.
    fn name(&mut self, name: &'a ExprName, node: NodeId, values: &mut Vec<Value>) {
        let is_called = self.is_called(node);
        let known = match self.model.scopes.symbol_of(node) {
            Some(symbol) => {
                let known = self.symbol(symbol);
                if !matches!(known, Known::Function(_) | Known::Path(_)) {
                    self.variable_use(symbol, node);
                    return;
                }
                known
            }
            None if is_called => return,
            None if self
                .model
                .scopes
                .may_be_starred(self.model.scopes.scope_of(node)) =>
            {
                match self.unbound(name.id.as_str(), self.model.scopes.scope_of(node)) {
                    Known::Several(targets) => {
                        for target in targets {
                            if matches!(&target, Target::Path(path) if self.is_own(path)) {
                                // It may be several things, none of which can be followed.
                                let kind = match self.kind(node, Place::Anything) {
                                    ValueKind::Flows => ValueKind::Other,
                                    kind => kind,
                                };
                                self.value(
                                    name.range(),
                                    node,
                                    Callee::Target(target),
                                    kind,
                                    values,
                                );
                            }
                        }
                        return;
                    }
                    _ => {
                        self.origin(Place::Anything, node);
                        return;
                    }
                }
            }
            None => {
                self.origin(Place::Anything, node);
                return;
            }
        };
        if is_called {
            return;
        }
        let target = match known {
            Known::Function(index) => Target::Function(index),
            Known::Path(path) => {
                if let AnyNodeRef::ExprAttribute(outer) = self.model.nodes.parent_node(node)
                    && self.is_called(self.model.nodes.parent(node))
                    && is_container_method(outer.attr.as_str())
                {
                    self.origin(Place::Target(Target::Path(path)), node);
                    return;
                }
                // A longer chain is a use of the longer path.
                if matches!(self.model.nodes.parent_node(node), AnyNodeRef::ExprAttribute(outer) if !is_identity(outer))
                {
                    return;
                }
                Target::Path(path)
            }
            _ => return,
        };
        if let AnyNodeRef::ExprAttribute(outer) = self.model.nodes.parent_node(node)
            && self.is_accessor_of(outer)
        {
            return;
        }
        let kind = self.kind(node, Place::Target(target.clone()));
        self.value(name.range(), node, Callee::Target(target), kind, values);
        let leaves = self.leaves(node);
        if let Some(value) = values.last_mut() {
            value.leaves = leaves;
            if let AnyNodeRef::ExprAttribute(outer) = self.model.nodes.parent_node(node) {
                value.attribute = Some(outer.attr.to_string());
            }
        }
    }

    /// Whether an expression is an argument of something outside of the project, or of what replaces members.
    fn leaves(&mut self, node: NodeId) -> bool {
        let model = self.model;
        let mut parent = model.nodes.parent(node);
        if let AnyNodeRef::Keyword(_) = model.nodes.get(parent) {
            parent = model.nodes.parent(parent);
        }
        if let AnyNodeRef::Arguments(_) = model.nodes.get(parent) {
            parent = model.nodes.parent(parent);
        }
        match model.nodes.get(parent) {
            AnyNodeRef::ExprCall(call) => is_patch(call) || self.outside(&call.func).is_some(),
            _ => false,
        }
    }

    /// `@x.setter`
    fn is_accessor_of(&self, attribute: &ExprAttribute) -> bool {
        matches!(
            self.model.nodes.parent_node(self.model.id(attribute)),
            AnyNodeRef::Decorator(_)
        ) && self.is_accessor(attribute)
    }

    /// An attribute that is read without being called, set or deleted.
    fn attribute_use(
        &mut self,
        attribute: &'a ExprAttribute,
        node: NodeId,
        values: &mut Vec<Value>,
    ) {
        if is_identity(attribute) || self.is_accessor_of(attribute) {
            return;
        }
        let model = self.model;
        let name = self.mangled(attribute.attr.as_str(), node);
        let known = self.known(&attribute.value);
        let is_stored = attribute.ctx != ExprContext::Load;
        if !is_stored && let Some(place) = self.default_of(&known, &name) {
            self.origin(place, node);
            return;
        }
        if self.is_called(node) {
            return;
        }
        match known {
            Known::Path(path) => {
                let longer = matches!(model.nodes.parent_node(node), AnyNodeRef::ExprAttribute(outer) if !is_identity(outer));
                if longer && !is_stored {
                    return;
                }
                let target = Target::Path(format!("{path}.{name}"));
                let kind = if is_stored {
                    ValueKind::Other
                } else {
                    self.kind(node, Place::Target(target.clone()))
                };
                self.value(
                    attribute.range(),
                    node,
                    Callee::Target(target),
                    kind,
                    values,
                );
                let leaves = self.leaves(node);
                if let Some(value) = values.last_mut() {
                    value.leaves = leaves;
                }
            }
            Known::Several(targets) => {
                let members = members(&targets, &name);
                for target in members {
                    if matches!(&target, Target::Path(path) if self.is_own(path)) {
                        self.value(
                            attribute.range(),
                            node,
                            Callee::Target(target),
                            ValueKind::Other,
                            values,
                        );
                    }
                }
                if self.any_own(&targets) {
                    self.value(
                        attribute.range(),
                        node,
                        Callee::UnknownMethod { name },
                        ValueKind::Other,
                        values,
                    );
                }
            }
            other => {
                let Some(callee) = self.member_callee(other.clone(), name) else {
                    if !is_stored && !matches!(other, Known::Function(_)) {
                        self.origin(Place::Anything, node);
                    }
                    return;
                };
                // `client.fetch.assert_called_once()`: a mock, which is noted where the object gets it.
                if matches!(&callee, Callee::Method { receiver, .. } if !receiver.is_given())
                    && self.is_of_mock(node)
                {
                    return;
                }
                let place = match &callee {
                    Callee::Method { receiver, name } => {
                        Place::Member(Some(receiver.clone()), name.clone())
                    }
                    // An override has the colour of what it overrides.
                    Callee::Super { class, name } => {
                        Place::Member(Some(Type::Class(*class)), name.clone())
                    }
                    Callee::UnknownMethod { name } => Place::Member(None, name.clone()),
                    Callee::Target(_) | Callee::Foreign(_) | Callee::UnknownValue => {
                        Place::Anything
                    }
                };
                let kind = if is_stored {
                    ValueKind::Stored
                } else {
                    self.follow(place, node)
                };
                self.value(attribute.range(), node, callee, kind, values);
                let may_be_property = self.may_be_property(attribute, node);
                if let Some(value) = values.last_mut() {
                    value.may_be_property = may_be_property;
                }
            }
        }
    }

    /// What a member of a value is that is no import.
    pub(super) fn member_callee(&self, known: Known, name: String) -> Option<Callee> {
        match known {
            Known::Class(class) => match self.nested_class(class, &name) {
                Some(_) => None,
                None => Some(Callee::Method {
                    receiver: Type::Class(class),
                    name,
                }),
            },
            Known::Instance(receiver) => Some(Callee::Method { receiver, name }),
            Known::Super(class) => Some(Callee::Super { class, name }),
            Known::Outside { path, is_module } => {
                (!self.is_closed(&path, is_module, &name)).then_some(Callee::UnknownMethod { name })
            }
            Known::None | Known::Nothing | Known::Unknown => Some(Callee::UnknownMethod { name }),
            // The function is a use of its own.
            Known::Function(_) | Known::Foreign(_) | Known::Path(_) | Known::Several(_) => None,
        }
    }

    /// The path of what is called, outside of the project.
    pub(super) fn outside(&mut self, func: &'a Expr) -> Option<String> {
        match self.known(func) {
            Known::Outside { path, .. } => Some(path),
            // With a star import in sight it may still be the builtin.
            Known::Several(targets) => match targets.into_iter().next() {
                Some(Target::Path(path)) => Some(path),
                _ => None,
            },
            _ => None,
        }
    }

    /// `getattr(value, "name")`, `setattr(value, "name", ...)` and `attrgetter("name")`: as good as `value.name`.
    fn named_member(&mut self, call: &'a ExprCall, node: NodeId, facts: &mut FileFacts) {
        self.asked_members(call, node, facts);
        let Some(path) = self.outside(&call.func) else {
            return;
        };
        match path.as_str() {
            "builtins.getattr" | "builtins.setattr" | "builtins.delattr" => {
                let [value, name, ..] = &call.arguments.args[..] else {
                    return;
                };
                let Some(member) = literal::string(name) else {
                    let of = match self.known(value) {
                        Known::Foreign(_) => return,
                        Known::Outside { path, is_module }
                            if self.is_closed(&path, is_module, "") =>
                        {
                            return;
                        }
                        Known::Class(class) | Known::Super(class) => Some(Type::Class(class)),
                        Known::Path(path) => Some(Type::Path(path)),
                        known => known.into_type().filter(|type_| !type_.is_open()),
                    };
                    facts.lookups.push(Lookup {
                        line: 0,
                        range: call.range(),
                        runner: self.model.runner(node),
                        of,
                        prefix: prefix(name),
                    });
                    return;
                };
                let name = member.to_string();
                let callee = match self.known(value) {
                    Known::Path(path) => {
                        Some(Callee::Target(Target::Path(format!("{path}.{name}"))))
                    }
                    Known::Several(targets) => {
                        let members = members(&targets, &name);
                        self.may_be(&members, value, &mut facts.values);
                        Some(Callee::UnknownMethod { name })
                    }
                    known => self.member_callee(known, name),
                };
                if let Some(callee) = callee {
                    self.value(
                        call.range(),
                        node,
                        callee,
                        ValueKind::Other,
                        &mut facts.values,
                    );
                }
            }
            "builtins.eval" | "builtins.exec" => {
                let Some(code) = call.arguments.args.first().and_then(literal::string) else {
                    return;
                };
                let names = code
                    .split(|char: char| !char.is_alphanumeric() && char != '_')
                    .filter(|name| !name.is_empty());
                for name in names {
                    self.value(
                        call.range(),
                        node,
                        Callee::UnknownMethod {
                            name: name.to_string(),
                        },
                        ValueKind::Other,
                        &mut facts.values,
                    );
                }
            }
            "operator.attrgetter" | "operator.methodcaller" => {
                for argument in &call.arguments.args {
                    let Some(name) = literal::string(argument) else {
                        continue;
                    };
                    for name in name.split('.').map(str::to_string) {
                        self.value(
                            argument.range(),
                            node,
                            Callee::UnknownMethod { name },
                            ValueKind::Other,
                            &mut facts.values,
                        );
                    }
                }
            }
            _ => {}
        }
    }

    /// How a function is used as a value.
    fn kind(&mut self, node: NodeId, place: Place) -> ValueKind {
        let is_identity = match self.model.nodes.parent_node(node) {
            AnyNodeRef::ExprAttribute(outer) => {
                outer.ctx == ExprContext::Load && is_identity(outer)
                    || self.is_own_attribute(node, outer)
            }
            _ => false,
        };
        if is_identity {
            ValueKind::Identity
        } else {
            self.follow(place, node)
        }
    }

    /// Whether these targets are names that hold one function whatever happens, so that every use of them is seen as one
    /// of the function.
    pub(super) fn is_tracked(&mut self, targets: &'a [Expr]) -> bool {
        targets.iter().all(|target| {
            let scopes = &self.model.scopes;
            let Expr::Name(_) = target else {
                return false;
            };
            let Some(binding) = scopes.binding_at(self.model.id(target)) else {
                return false;
            };
            let symbol = scopes.binding(binding).symbol;
            let kind = &scopes.scope(scopes.symbol(symbol).scope).kind;
            matches!(
                kind,
                ScopeKind::Module | ScopeKind::Function { .. } | ScopeKind::Lambda
            ) && self.definition(symbol).is_none()
                && matches!(self.symbol(symbol), Known::Function(_) | Known::Path(_))
        })
    }

    /// Whether an attribute of a function is a variable that this file keeps there: it is set and read here, on a
    /// function without decorators that is no method. One that is only set may be a mark for a framework.
    fn is_own_attribute(&mut self, node: NodeId, outer: &ExprAttribute) -> bool {
        let Some(symbol) = self.model.scopes.symbol_of(node) else {
            return false;
        };
        let name = outer.attr.as_str();
        let Known::Function(index) = self.symbol(symbol) else {
            return false;
        };
        let info = &self.model.scopes.functions()[index as usize];
        let is_plain = info
            .definition
            .is_some_and(|definition| definition.decorator_list.is_empty())
            && self.method_class[index as usize].is_none();
        if self.definition(symbol).is_none() {
            // A partial: what it was given.
            return matches!(name, "args" | "keywords") && outer.ctx == ExprContext::Load;
        }
        is_plain
            && !name.starts_with("__")
            && outer.ctx != ExprContext::Del
            && self.marks.get(&(symbol, name)) == Some(&(true, true))
    }

    /// How a call takes a function that it is given, if that is known.
    pub(super) fn takes_function(&mut self, call: &'a ExprCall) -> Option<ValueKind> {
        if let Known::Outside { path, .. } = self.known(&call.func) {
            if TAKES_FUNCTION.contains(&path.as_str()) {
                return Some(ValueKind::TakesCoroutine);
            }
            if program::RUNNERS.contains(&path.as_str()) {
                return Some(ValueKind::Program);
            }
        }
        // `app.command()(f)`
        if let Expr::Call(decorator) = call.func.as_ref()
            && let Target::Path(path) = self.decorator(&decorator.func)
            && program::kind(&path).is_some()
        {
            return Some(ValueKind::Program);
        }
        let Expr::Attribute(attribute) = call.func.as_ref() else {
            return None;
        };
        let receiver = self
            .known(&attribute.value)
            .into_type()
            .filter(|type_| !type_.is_open());
        let takes = match (attribute.attr.as_str(), &receiver) {
            ("add_api_route", None) => true,
            ("add_api_route", Some(Type::Path(path))) => !self.is_own(path),
            ("add_task", Some(Type::Path(path))) => BACKGROUND_TASKS.contains(&path.as_str()),
            _ => false,
        };
        takes.then_some(ValueKind::TakesCoroutine)
    }

    /// How the result of a call is used.
    pub(super) fn usage(&mut self, node: NodeId) -> Usage {
        let model = self.model;
        let is = |expr: &Expr| model.id(expr) == node;
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprAwait(_) => Usage::Awaited,
            AnyNodeRef::StmtFor(for_) if !for_.is_async && is(&for_.iter) => {
                Usage::Iterated(model.id(for_))
            }
            AnyNodeRef::Comprehension(clause) if !clause.is_async && is(&clause.iter) => {
                Usage::Iterated(model.id(clause))
            }
            AnyNodeRef::WithItem(item) if is(&item.context_expr) => {
                let statement = model.nodes.parent(model.id(item));
                match model.nodes.get(statement) {
                    AnyNodeRef::StmtWith(with) if !with.is_async => {
                        let index = with
                            .items
                            .iter()
                            .position(|other| other.range() == item.range())
                            .unwrap_or(0);
                        Usage::With(statement, index as u32)
                    }
                    _ => Usage::Value,
                }
            }
            AnyNodeRef::ExprYieldFrom(yield_from)
                if colour::is_delegation(model, model.nodes.parent(model.id(yield_from))) =>
            {
                Usage::Delegated(model.nodes.parent(model.id(yield_from)))
            }
            _ if self.is_coroutine_argument(node) => Usage::Coroutine,
            AnyNodeRef::Arguments(_) if colour::counted_loop(model, node).is_some() => {
                colour::counted_loop(model, node).map_or(Usage::Value, Usage::Iterated)
            }
            AnyNodeRef::StmtAssign(assign)
                if is(&assign.value) && self.kept_for_loops(&assign.targets).is_some() =>
            {
                Usage::Iterated(model.id(assign))
            }
            AnyNodeRef::Arguments(_) if self.stacked(node).is_some() => {
                self.stacked(node).map_or(Usage::Value, Usage::Stacked)
            }
            _ if colour::is_collected(model, node) => Usage::Collected,
            _ if self.advanced(node).is_some() => Usage::Advanced,
            _ => Usage::Value,
        }
    }

    /// Whether the lambda that runs this does nothing but a call, and hands on what that gives.
    fn is_handed_on(&self, node: NodeId) -> bool {
        match self.model.runner(node) {
            Runner::Function(index) => {
                let lambda = self.model.scopes.functions()[index as usize].node;
                self.handed_on(lambda).is_some()
            }
            Runner::Module | Runner::Class => false,
        }
    }

    /// Whether a `for` statement or comprehension clause iterates just this.
    fn is_iterated_by(&self, node: NodeId, clause: NodeId) -> bool {
        match self.model.nodes.get(clause) {
            AnyNodeRef::StmtFor(for_) => self.model.id(for_.iter.as_ref()) == node,
            AnyNodeRef::Comprehension(clause) => self.model.id(&clause.iter) == node,
            _ => false,
        }
    }

    /// The reads of a local name, if all that is done with what it holds is to iterate it, where it is bound.
    fn kept_for_loops(&self, targets: &'a [Expr]) -> Option<Vec<NodeId>> {
        let model = self.model;
        let [target @ Expr::Name(_)] = targets else {
            return None;
        };
        let scopes = &model.scopes;
        let symbol = scopes.symbol(scopes.binding(scopes.binding_at(model.id(target))?).symbol);
        let is_local = matches!(scopes.scope(symbol.scope).kind, ScopeKind::Function { .. });
        let runner = model.runner(model.id(target));
        let is_loop = |&reference: &NodeId| {
            let is = |expr: &Expr| model.id(expr) == reference;
            model.runner(reference) == runner
                && match model.nodes.parent_node(reference) {
                    AnyNodeRef::StmtFor(for_) => !for_.is_async && is(&for_.iter),
                    AnyNodeRef::Comprehension(clause) => !clause.is_async && is(&clause.iter),
                    _ => colour::is_collected(model, reference),
                }
        };
        let references = &symbol.references;
        (is_local
            && symbol.bindings.len() == 1
            && !references.is_empty()
            && references.iter().all(is_loop))
        .then(|| references.clone())
    }

    /// What to write at the loops over what a name holds.
    fn place_kept(
        &self,
        targets: &'a [Expr],
        target: PythonVersion,
    ) -> Result<Vec<ColourSite>, &'static Reason> {
        let model = self.model;
        let mut sites = Vec::new();
        for reference in self.kept_for_loops(targets).unwrap_or_default() {
            if locks::lock_held_at(model, reference).is_some() {
                return Err(&locks::LOCK_HELD);
            }
            let parent = model.nodes.parent(reference);
            let placement = match model.nodes.get(parent) {
                AnyNodeRef::StmtFor(_) | AnyNodeRef::Comprehension(_) => {
                    colour::place_for(model, parent, target)?
                }
                _ => colour::place_collected(model, reference, target)?,
            };
            sites.extend(placement.sites);
        }
        Ok(sites)
    }

    /// What to write if the result is an async generator, or an async context manager where it is one.
    pub(super) fn consumed(
        &self,
        node: NodeId,
        usage: Usage,
        target: PythonVersion,
    ) -> Option<Result<Vec<ColourSite>, &'static Reason>> {
        let model = self.model;
        let placement = match usage {
            Usage::Value | Usage::Awaited | Usage::Coroutine => return None,
            Usage::Iterated(clause) => match model.nodes.get(clause) {
                AnyNodeRef::StmtAssign(assign) => {
                    return Some(self.place_kept(&assign.targets, target));
                }
                _ => colour::place_for(model, clause, target).map(|mut placement| {
                    if colour::counted_loop(model, node) == Some(clause) {
                        let loop_ = ColourSite::For { node: clause };
                        placement.sites.retain(|site| *site != loop_);
                        placement.sites.push(ColourSite::Counted { node: clause });
                    }
                    placement
                }),
            },
            Usage::Delegated(clause) => colour::place_for(model, clause, target),
            Usage::Collected => colour::place_collected(model, node, target),
            Usage::Stacked(call) => return Some(self.place_stacked(call, target)),
            Usage::Advanced => return self.place_advanced(node, target),
            Usage::With(statement, item) => match model.nodes.get(statement) {
                AnyNodeRef::StmtWith(with) => {
                    colour::place_with_item(model, with, item as usize, target)
                }
                _ => return None,
            },
        };
        Some(placement.map(|placement| placement.sites))
    }

    /// Whether a call is handed to something that takes a coroutine, alone or in a display or comprehension.
    fn is_coroutine_argument(&mut self, node: NodeId) -> bool {
        let model = self.model;
        let mut at = node;
        let mut several = false;
        loop {
            let parent = model.nodes.parent(at);
            let is = |expr: &Expr| model.id(expr) == at;
            match model.nodes.get(parent) {
                AnyNodeRef::ExprList(_)
                | AnyNodeRef::ExprTuple(_)
                | AnyNodeRef::ExprSet(_)
                | AnyNodeRef::ExprStarred(_) => several = true,
                AnyNodeRef::ExprListComp(comprehension) if is(&comprehension.elt) => several = true,
                AnyNodeRef::ExprSetComp(comprehension) if is(&comprehension.elt) => several = true,
                AnyNodeRef::ExprGenerator(comprehension) if is(&comprehension.elt) => {
                    several = true
                }
                AnyNodeRef::Arguments(arguments) => {
                    let AnyNodeRef::ExprCall(call) =
                        model.nodes.get(model.nodes.parent(model.id(arguments)))
                    else {
                        return false;
                    };
                    let first = call.arguments.args.first().is_some_and(is);
                    if let Known::Outside { path, .. } = self.known(&call.func) {
                        if path == "asyncio.gather" {
                            return !several
                                || call
                                    .arguments
                                    .args
                                    .iter()
                                    .any(|argument| is(argument) && argument.is_starred_expr());
                        }
                        let table = if several { TAKES_RESULTS } else { TAKES_RESULT };
                        if table.contains(&path.as_str()) {
                            return first;
                        }
                    }
                    return !several
                        && first
                        && matches!(call.func.as_ref(), Expr::Attribute(method) if TAKING_METHODS.contains(&method.attr.as_str()));
                }
                _ => return false,
            }
            at = parent;
        }
    }
}

/// What a string starts with whatever its other parts are.
fn prefix(expr: &Expr) -> String {
    match expr {
        Expr::StringLiteral(literal) => literal.value.to_str().to_string(),
        Expr::FString(string) => match string.value.iter().next() {
            Some(FStringPart::Literal(literal)) => literal.as_str().to_string(),
            Some(FStringPart::FString(part)) => match part.elements.first() {
                Some(InterpolatedStringElement::Literal(literal)) => literal.value.to_string(),
                _ => String::new(),
            },
            None => String::new(),
        },
        Expr::BinOp(operation) => match (operation.op, operation.left.as_ref()) {
            (Operator::Add, left) => prefix(left),
            (Operator::Mod, Expr::StringLiteral(literal)) => {
                let text = literal.value.to_str();
                text.split('%').next().unwrap_or(text).to_string()
            }
            _ => String::new(),
        },
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "format" => {
                match literal::string(&attribute.value) {
                    Some(text) => text.split('{').next().unwrap_or(text).to_string(),
                    None => String::new(),
                }
            }
            _ => String::new(),
        },
        _ => String::new(),
    }
}

pub(super) fn is_identity(attribute: &ExprAttribute) -> bool {
    IDENTITY.contains(&attribute.attr.as_str())
}

/// The members of this name of everything that a name may be.
fn members(targets: &[Target], name: &str) -> Vec<Target> {
    targets
        .iter()
        .map(|target| match target {
            Target::Path(path) => Target::Path(format!("{path}.{name}")),
            _ => Target::Unknown,
        })
        .collect()
}
