//! Where instances of the project's classes go, and the classes themselves.
//!
//! Python calls special methods wherever an object gets to: a class whose `__enter__` becomes `__aenter__` must not have
//! one instance in a `with` statement that nobody changes. So every step of a value is looked at: to a name or attribute
//! that holds nothing else, to a parameter or from a function that says so, or out of sight. What is listed here is kept;
//! all that is not is an escape.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprAttribute, ExprCall, ExprContext, ExprRef};
use ruff_text_size::Ranged;

use super::super::{Argument, Callee, FileFacts, Flow, Flowing, Sink, Target, Type, Usage};
use super::Reader;
use super::value::Known;
use crate::semantic::{NodeId, Runner, ScopeKind};

/// Decorators of a class that neither keep it nor make instances.
const CLASS_DECORATORS: &[&str] = &[
    "attr.s",
    "attrs.define",
    "dataclasses.dataclass",
    "functools.total_ordering",
    "typing.final",
    "typing.runtime_checkable",
    "typing_extensions.final",
];

/// Functions outside of the project that only look at what they are given, and do not iterate it.
pub(super) const ONLOOKERS: &[&str] = &[
    "builtins.bool",
    "builtins.callable",
    "builtins.delattr",
    "builtins.format",
    "builtins.getattr",
    "builtins.hash",
    "builtins.id",
    "builtins.len",
    "builtins.print",
    "builtins.repr",
    "builtins.str",
    "builtins.super",
    "logging.critical",
    "logging.debug",
    "logging.error",
    "logging.exception",
    "logging.info",
    "logging.warning",
    "warnings.warn",
];

/// Functions outside of the project that iterate what they are given, and keep nothing of it.
pub(super) const ITERATING: &[&str] = &[
    "builtins.all",
    "builtins.any",
    "builtins.dict",
    "builtins.frozenset",
    "builtins.list",
    "builtins.max",
    "builtins.min",
    "builtins.set",
    "builtins.sorted",
    "builtins.sum",
    "builtins.tuple",
];

/// What becomes of a value.
enum Fate {
    /// It goes nowhere.
    Stays,
    /// To such a sink.
    Goes(Sink),
}

const OUT: Fate = Fate::Goes(Sink::Escapes);

impl<'a> Reader<'a, '_> {
    /// Notes where the value of an expression goes, if it may be an instance of a class of the project, or such a class.
    pub(super) fn flow(&mut self, node: NodeId, facts: &mut FileFacts) {
        let model = self.model;
        let Some(expr) = model.expr(node) else {
            return;
        };
        let is_value = match expr {
            ExprRef::Name(name) => name.ctx == ExprContext::Load,
            ExprRef::Attribute(attribute) => attribute.ctx == ExprContext::Load,
            ExprRef::Subscript(subscript) => subscript.ctx == ExprContext::Load,
            ExprRef::Call(_)
            | ExprRef::Await(_)
            | ExprRef::If(_)
            | ExprRef::BoolOp(_)
            | ExprRef::Named(_) => true,
            _ => false,
        };
        // The most frequent ones first, before anything is worked out.
        let is_base = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprAttribute(outer) => outer.attr.as_str() != "__class__",
            AnyNodeRef::ExprCall(call) => model.id(call.func.as_ref()) == node,
            AnyNodeRef::StmtExpr(_) => true,
            _ => false,
        };
        // A call of a name that may be several things makes instances of a class that nobody sees.
        let is_one_of = is_base
            && matches!(model.nodes.parent_node(node), AnyNodeRef::ExprCall(_))
            && matches!(self.known_at(expr), Known::Several(_));
        if !is_value || is_base && !is_one_of {
            return;
        }
        let values: Vec<Flowing> = match self.known_at(expr) {
            Known::Instance(type_) if self.is_certain(&type_) => vec![Flowing::Instance(type_)],
            Known::Class(class) => vec![Flowing::Class(class)],
            Known::Path(path) => vec![Flowing::Path(path)],
            Known::Several(targets) => targets
                .into_iter()
                .filter_map(|target| match target {
                    Target::Class(class) => Some(Flowing::Class(class)),
                    Target::Path(path) if self.is_own(&path) => Some(Flowing::Path(path)),
                    _ => None,
                })
                .collect(),
            _ => return,
        };
        let is_certain = values.len() == 1 && !matches!(self.known_at(expr), Known::Several(_));
        let range = model.nodes.range(node);
        for value in values {
            let fate = match (&value, is_certain) {
                (_, false) => OUT,
                (Flowing::Instance(type_), true) => {
                    let type_ = type_.clone();
                    self.fate(node, Some(&type_), facts)
                }
                (Flowing::Class(_), true) => self.fate_of_class(node),
                // A variable of another module: its class is known there, and what is done with it here.
                (Flowing::Path(_), true) => match self.fate_of_class(node) {
                    Fate::Stays => Fate::Stays,
                    Fate::Goes(_) => self.fate(node, None, facts),
                },
            };
            if let Fate::Goes(sink) = fate {
                facts.flows.push(Flow {
                    range,
                    line: 0,
                    value,
                    sink,
                });
            }
        }
    }

    /// Classes that something else than their name's readers gets hold of: a decorator, a metaclass, another definition of
    /// the name.
    pub(super) fn class_flows(&mut self, facts: &mut FileFacts) {
        let model = self.model;
        // Names that may be several things, here or where they are imported from here.
        for (id, symbol) in model.scopes.symbols() {
            if !matches!(self.definition(id), Some(Known::Several(_))) {
                continue;
            }
            for &binding in &symbol.bindings {
                let value = match self.target_of_binding(binding) {
                    Some(Target::Class(class)) => Flowing::Class(class),
                    Some(Target::Path(path)) if self.is_own(&path) => Flowing::Path(path),
                    _ => continue,
                };
                facts.flows.push(Flow {
                    range: model.scopes.binding(binding).range,
                    line: 0,
                    value,
                    sink: Sink::Escapes,
                });
            }
        }
        for index in 0..self.classes.len() {
            let node = self.classes[index].node;
            let mut escapes = false;
            for decorator in &node.decorator_list {
                let func = match &decorator.expression {
                    Expr::Call(call) => call.func.as_ref(),
                    other => other,
                };
                let path = match self.known(func) {
                    Known::Outside { path, .. } => path,
                    _ => String::new(),
                };
                escapes |= !CLASS_DECORATORS.contains(&path.as_str());
            }
            for keyword in node
                .arguments
                .iter()
                .flat_map(|arguments| &arguments.keywords)
            {
                let is_abstract = keyword
                    .arg
                    .as_ref()
                    .is_some_and(|name| name.as_str() == "metaclass")
                    && model.meaning(&keyword.value).path() == Some("abc.ABCMeta");
                escapes |= !is_abstract;
            }
            let symbol = model
                .scopes
                .binding_at(model.id(node))
                .map(|binding| model.scopes.binding(binding).symbol);
            // What another `def`, `class` or import gives the name as well.
            escapes |= symbol.is_none_or(|symbol| {
                !matches!(self.definition(symbol), Some(Known::Class(class)) if class as usize == index)
            });
            escapes |= self.classes[index].makes_others;
            if escapes {
                facts.flows.push(Flow {
                    range: node.name.range(),
                    line: 0,
                    value: Flowing::Class(index as u32),
                    sink: Sink::Escapes,
                });
            }
        }
    }

    /// Where a class goes, or what may be one.
    fn fate_of_class(&mut self, node: NodeId) -> Fate {
        let model = self.model;
        let is = |expr: &Expr| model.id(expr) == node;
        let parent = model.nodes.parent(node);
        let stays = match model.nodes.get(parent) {
            AnyNodeRef::ExprCall(call) => is(&call.func),
            AnyNodeRef::ExceptHandlerExceptHandler(_) => true,
            AnyNodeRef::ExprCompare(compare) => is_identity(&compare.ops),
            AnyNodeRef::ExprTuple(_) => match model.nodes.parent_node(parent) {
                AnyNodeRef::ExceptHandlerExceptHandler(_) => true,
                AnyNodeRef::Arguments(arguments) => self.asks_for_class(arguments, parent),
                _ => false,
            },
            AnyNodeRef::Arguments(arguments) => {
                matches!(model.nodes.parent_node(parent), AnyNodeRef::StmtClassDef(_))
                    || self.asks_for_class(arguments, node)
            }
            // `alias = Client`, where every use of the alias is one of the class.
            AnyNodeRef::StmtAssign(assign) => is(&assign.value) && self.is_tracked(&assign.targets),
            // `case Resource():`
            AnyNodeRef::PatternMatchClass(_) => true,
            // `class Pool(Generic[Resource])`, `class Rows(Pages[str])`: a base, or what it is told.
            AnyNodeRef::ExprSubscript(_) => {
                matches!(model.nodes.parent_node(parent), AnyNodeRef::Arguments(_))
                    && model.nodes.ancestors(parent).nth(1).is_some_and(|at| {
                        matches!(model.nodes.get(at), AnyNodeRef::StmtClassDef(_))
                    })
            }
            _ => false,
        };
        if stays { Fate::Stays } else { OUT }
    }

    /// `isinstance(x, C)`, `super(C, self)`: whether this argument only says which class.
    fn asks_for_class(&mut self, arguments: &'a ruff_python_ast::Arguments, node: NodeId) -> bool {
        let model = self.model;
        let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments)) else {
            return false;
        };
        let position = arguments
            .args
            .iter()
            .position(|argument| model.id(argument) == node);
        match self.known(&call.func) {
            Known::Outside { path, .. } => match path.as_str() {
                "builtins.isinstance" | "builtins.issubclass" => position == Some(1),
                "builtins.super" | "typing.cast" => position == Some(0),
                _ => false,
            },
            _ => false,
        }
    }

    /// Where an instance goes. `type_` is `None` for what only another file knows.
    fn fate(&mut self, node: NodeId, type_: Option<&Type>, facts: &FileFacts) -> Fate {
        let model = self.model;
        let is = |expr: &Expr| model.id(expr) == node;
        let parent = model.nodes.parent(node);
        match model.nodes.get(parent) {
            AnyNodeRef::ExprAttribute(outer) => {
                // The class of an instance: only its name, or who it is.
                let after = model.nodes.parent_node(parent);
                let harmless = outer.attr.as_str() != "__class__"
                    || matches!(after, AnyNodeRef::ExprAttribute(_))
                    || matches!(after, AnyNodeRef::ExprCompare(compare) if is_identity(&compare.ops));
                // `self.__class__` where that is known: what becomes of it is looked at by itself.
                let is_known = model
                    .expr(parent)
                    .is_some_and(|expr| matches!(self.known_at(expr), Known::Class(_)));
                if harmless || is_known {
                    Fate::Stays
                } else {
                    Fate::Goes(Sink::Class)
                }
            }
            AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::InterpolatedElement(_)
            | AnyNodeRef::StmtDelete(_) => Fate::Stays,
            AnyNodeRef::StmtAssert(assert) if is(&assert.test) => Fate::Stays,
            AnyNodeRef::ExprUnaryOp(operation) if operation.op == ruff_python_ast::UnaryOp::Not => {
                Fate::Stays
            }
            AnyNodeRef::ExprCall(call) if is(&call.func) => Fate::Stays,
            AnyNodeRef::WithItem(item) if is(&item.context_expr) => match self.usage(node) {
                Usage::With(..) => Fate::Stays,
                _ => OUT,
            },
            AnyNodeRef::StmtFor(for_) if is(&for_.iter) && !for_.is_async => Fate::Stays,
            AnyNodeRef::Comprehension(clause) if is(&clause.iter) && !clause.is_async => {
                Fate::Stays
            }
            AnyNodeRef::ExprYieldFrom(_) => match self.usage(node) {
                Usage::Delegated(_) => Fate::Stays,
                _ => Fate::Goes(Sink::Iterated),
            },
            AnyNodeRef::ExprStarred(_) => match self.usage(node) {
                Usage::Collected => Fate::Stays,
                _ => Fate::Goes(Sink::Iterated),
            },
            AnyNodeRef::ExprCompare(compare) => match &compare.ops[..] {
                [CmpOp::In | CmpOp::NotIn] if !is(&compare.left) => Fate::Goes(Sink::Iterated),
                _ => Fate::Stays,
            },
            AnyNodeRef::ExprIf(if_) if is(&if_.test) => Fate::Stays,
            AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_) => {
                if self.is_test(parent) {
                    return Fate::Stays;
                }
                let whole = model.expr(parent).map(|expr| self.known_at(expr));
                into(whole, type_, None)
            }
            AnyNodeRef::ExprNamed(named) if is(&named.value) => self.stored(&named.target, type_),
            AnyNodeRef::StmtAssign(assign) if is(&assign.value) => {
                let mut types = Vec::new();
                let mut name = None;
                for target in &assign.targets {
                    match self.stored(target, type_) {
                        Fate::Stays => {}
                        Fate::Goes(Sink::Into {
                            types: more,
                            name: other,
                        }) if name.is_none() || other.is_none() => {
                            types.extend(more);
                            name = name.or(other);
                        }
                        Fate::Goes(_) => return OUT,
                    }
                }
                if types.is_empty() {
                    Fate::Stays
                } else {
                    Fate::Goes(Sink::Into { types, name })
                }
            }
            AnyNodeRef::StmtAnnAssign(assign) if assign.value.as_deref().is_some_and(is) => {
                self.stored(&assign.target, type_)
            }
            AnyNodeRef::ParameterWithDefault(parameter) => {
                let known = model
                    .scopes
                    .binding_at(model.id(&parameter.parameter))
                    .map(|binding| model.scopes.binding(binding).symbol)
                    .map(|symbol| self.symbol(symbol));
                into(known, type_, None)
            }
            AnyNodeRef::StmtReturn(_) => match model.runner(node) {
                Runner::Function(index) => Fate::Goes(Sink::Returned(index)),
                _ => OUT,
            },
            // `r[0]`; a key that is only looked up.
            AnyNodeRef::ExprSubscript(subscript) => {
                if is(&subscript.value) || subscript.ctx == ExprContext::Load {
                    Fate::Stays
                } else {
                    OUT
                }
            }
            AnyNodeRef::ExprBinOp(operation) => {
                let is_text = matches!(self.known(&operation.left), Known::Foreign(Some(class)) if class == "builtins.str");
                if is(&operation.left) || is_text {
                    Fate::Stays
                } else {
                    OUT
                }
            }
            AnyNodeRef::ExprTuple(tuple) => match model.nodes.parent_node(parent) {
                // `"%s and %s" % (a, b)`
                AnyNodeRef::ExprBinOp(operation)
                    if model.id(operation.right.as_ref()) == parent
                        && tuple.ctx == ExprContext::Load
                        && matches!(self.known(&operation.left), Known::Foreign(Some(class)) if class == "builtins.str") =>
                {
                    Fate::Stays
                }
                _ => OUT,
            },
            AnyNodeRef::Arguments(arguments) => {
                let position = arguments.args.iter().position(is);
                let is_starred = arguments
                    .args
                    .iter()
                    .take(position.unwrap_or(0))
                    .any(Expr::is_starred_expr);
                match (position, model.nodes.parent_node(parent)) {
                    (Some(position), AnyNodeRef::ExprCall(call)) if !is_starred => {
                        let at = Argument::Position(position as u32);
                        self.given(call, at, node, facts)
                    }
                    _ => OUT,
                }
            }
            AnyNodeRef::Keyword(keyword) => {
                let arguments = model.nodes.parent(parent);
                match (&keyword.arg, model.nodes.parent_node(arguments)) {
                    (Some(name), AnyNodeRef::ExprCall(call)) => {
                        let at = Argument::Keyword(name.to_string());
                        self.given(call, at, node, facts)
                    }
                    _ => OUT,
                }
            }
            _ => OUT,
        }
    }

    /// Whether only the truth of an expression counts.
    fn is_test(&self, node: NodeId) -> bool {
        let model = self.model;
        match model.nodes.parent_node(node) {
            AnyNodeRef::StmtIf(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::StmtExpr(_) => true,
            AnyNodeRef::StmtAssert(assert) => model.id(assert.test.as_ref()) == node,
            AnyNodeRef::ExprIf(if_) => model.id(if_.test.as_ref()) == node,
            AnyNodeRef::ExprUnaryOp(operation) => operation.op == ruff_python_ast::UnaryOp::Not,
            AnyNodeRef::ExprBoolOp(outer) => self.is_test(model.id(outer)),
            _ => false,
        }
    }

    /// What becomes of an instance that is assigned.
    fn stored(&mut self, target: &'a Expr, type_: Option<&Type>) -> Fate {
        let model = self.model;
        match target {
            Expr::Name(name) => {
                let Some(binding) = model.scopes.binding_at(model.id(target)) else {
                    return OUT;
                };
                let symbol = model.scopes.binding(binding).symbol;
                let known = self.symbol(symbol);
                match model.scopes.scope(model.scopes.symbol(symbol).scope).kind {
                    // Other files may read it.
                    ScopeKind::Module => into(Some(known), type_, Some(name.id.to_string())),
                    ScopeKind::Class => OUT,
                    _ => into(Some(known), type_, None),
                }
            }
            Expr::Attribute(attribute) => {
                let name = self.mangled(attribute.attr.as_str(), model.id(target));
                let Known::Instance(receiver) = self.known(&attribute.value) else {
                    return OUT;
                };
                // Only callers can tell what it is.
                if receiver.is_given() {
                    return OUT;
                }
                let known = self.known(target);
                let elsewhere = Type::Attribute(Box::new(receiver), name.clone());
                match into(Some(known), None, Some(name.clone())) {
                    Fate::Goes(Sink::Into { mut types, name }) => {
                        types.push(elsewhere);
                        Fate::Goes(Sink::Into { types, name })
                    }
                    other => other,
                }
            }
            _ => OUT,
        }
    }

    /// What becomes of an instance that a call is given.
    fn given(&mut self, call: &'a ExprCall, at: Argument, node: NodeId, facts: &FileFacts) -> Fate {
        let model = self.model;
        match self.usage(node) {
            Usage::Stacked(_) => return Fate::Stays,
            Usage::Collected
                if matches!(
                    model.nodes.get(node),
                    AnyNodeRef::ExprName(_)
                        | AnyNodeRef::ExprAttribute(_)
                        | AnyNodeRef::ExprCall(_)
                ) =>
            {
                return Fate::Stays;
            }
            _ => {}
        }
        let first = at == Argument::Position(0);
        if let Known::Outside { path, .. } = self.known(&call.func) {
            return match path.as_str() {
                "typing.cast" if at == Argument::Position(1) => {
                    let known = self.result_of_call(call);
                    into(Some(known), None, None)
                }
                "builtins.isinstance" if first => {
                    let asked = call.arguments.args.get(1);
                    if asked.is_some_and(|asked| self.is_plain_class(asked)) {
                        Fate::Stays
                    } else {
                        OUT
                    }
                }
                "builtins.setattr" if first => Fate::Stays,
                "builtins.type" if first && call.arguments.len() == 1 => {
                    match model.nodes.parent_node(model.id(call)) {
                        AnyNodeRef::ExprAttribute(_) => Fate::Stays,
                        AnyNodeRef::ExprCompare(compare) if is_identity(&compare.ops) => {
                            Fate::Stays
                        }
                        AnyNodeRef::InterpolatedElement(_) => Fate::Stays,
                        _ => Fate::Goes(Sink::Class),
                    }
                }
                // It writes to it.
                "builtins.print" if at == Argument::Keyword("file".to_string()) => OUT,
                path if ONLOOKERS.contains(&path) => Fate::Stays,
                path if ITERATING.contains(&path) => Fate::Goes(Sink::Iterated),
                _ => OUT,
            };
        }
        if let Expr::Attribute(method) = call.func.as_ref()
            && let Some(Type::Path(class)) = self.known(&method.value).into_type()
        {
            match (class.as_str(), method.attr.as_str()) {
                ("logging.Logger", _) | ("builtins.str", "format") => return Fate::Stays,
                ("builtins.str", "join") => return Fate::Goes(Sink::Iterated),
                _ => {}
            }
        }
        let called = model.id(call);
        let from = facts.calls.partition_point(|other| other.node < called);
        let callee = facts.calls[from..]
            .iter()
            .take_while(|other| other.node == called)
            .find(|other| !other.is_implicit)
            .map(|other| &other.callee);
        match callee {
            Some(Callee::UnknownMethod { .. } | Callee::UnknownValue) | None => OUT,
            // Only callers can tell what the receiver is.
            Some(Callee::Method { receiver, .. }) if receiver.is_given() => OUT,
            Some(callee) => {
                // `Client.send(client)`: the receiver is an argument.
                if let Expr::Attribute(attribute) = call.func.as_ref()
                    && let Known::Class(class) = self.known(&attribute.value)
                {
                    let is_receiver = first && self.is_method_of_own(class, attribute, node);
                    return if is_receiver { Fate::Stays } else { OUT };
                }
                Fate::Goes(Sink::Parameter {
                    callee: callee.clone(),
                    at,
                })
            }
        }
    }

    /// Whether what `isinstance` asks for is a class of the project, or a builtin one: others may look for special methods.
    fn is_plain_class(&mut self, asked: &'a Expr) -> bool {
        match asked {
            Expr::Tuple(tuple) => tuple.elts.iter().all(|one| self.is_plain_class(one)),
            _ => match self.known(asked) {
                Known::Class(class) => !self.classes[class as usize].is_protocol,
                Known::Path(_) => true,
                Known::Outside { path, .. } => path.starts_with("builtins."),
                _ => false,
            },
        }
    }

    /// Whether this is the `self` of a plain method of its own class, or of a base in this file: every use of that is looked
    /// at. `Base.__init__(self)`
    fn is_method_of_own(&mut self, class: u32, method: &ExprAttribute, receiver: NodeId) -> bool {
        let name = self.mangled(method.attr.as_str(), self.model.id(method));
        let Some(function) = self.method(class, &name) else {
            return false;
        };
        let is_plain = self.model.scopes.functions()[function as usize]
            .definition
            .is_some_and(|definition| definition.decorator_list.is_empty());
        let of = match self.model.expr(receiver).map(|expr| self.known_at(expr)) {
            Some(Known::Instance(Type::Class(of))) => of,
            _ => return false,
        };
        is_plain
            && self
                .family(of)
                .is_some_and(|family| family.contains(&class))
    }

    fn result_of_call(&mut self, call: &'a ExprCall) -> Known {
        self.known_at(ExprRef::from(call))
    }
}

/// What becomes of a value that goes into something of which this is known.
fn into(known: Option<Known>, type_: Option<&Type>, name: Option<String>) -> Fate {
    match known {
        // Only callers can tell what it is.
        Some(Known::Instance(held)) if held.is_given() => OUT,
        Some(Known::Instance(held)) if Some(&held) == type_ && name.is_none() => Fate::Stays,
        Some(Known::Instance(held)) => Fate::Goes(Sink::Into {
            types: vec![held],
            name,
        }),
        _ => OUT,
    }
}

fn is_identity(ops: &[CmpOp]) -> bool {
    ops.iter()
        .all(|op| matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq))
}
