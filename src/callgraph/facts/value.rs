//! What an expression is, as far as one file can tell: a function, a class, an import, an instance of a class.
//!
//! Everything here errs towards [`Known::Unknown`]: a call that is wrongly resolved would get an `await` too many or too
//! few.

use ruff_python_ast::{AnyNodeRef, BoolOp, Expr, ExprCall, ExprRef, Operator, StmtFunctionDef};
use rustc_hash::FxHashSet;

use super::super::{Callee, Target, Type};
use super::Reader;
use crate::importer::stdlib::is_stdlib;
use crate::semantic::builtins;
use crate::semantic::scope::{BindingId, ScopeId, SymbolId};
use crate::semantic::{BindingKind, NodeId, Runner, literal};

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// A function or lambda of this file.
    Function(u32),
    /// A class of this file: the class itself.
    Class(u32),
    /// Something of another file of the project.
    Path(String),
    /// Something of a module that is not part of the project.
    Outside {
        /// The dotted path.
        path: String,
        /// Whether it is a module for sure: `import path`.
        is_module: bool,
    },
    /// A name that is bound in more than one way, one of them by a `def`, `class` or import: what it may be.
    Several(Vec<Target>),
    /// A value of a class.
    Instance(Type),
    /// A value that is made outside of the project for sure, of this class if it is known.
    Foreign(Option<String>),
    /// `super()` in a method of this class.
    Super(u32),
    /// `None`.
    None,
    /// No value: a name that is read to make itself.
    Nothing,
    /// Anything.
    Unknown,
}

/// What is being worked out: the guard against endless recursion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Busy {
    Symbol(SymbolId),
    Returns(u32),
    Attribute(u32, String),
}

/// How deep aliases, quoted annotations and classes are followed.
pub(super) const DEPTH: u32 = 8;

/// Of how many classes a value may be.
const ALTERNATIVES: usize = 8;
/// What `argparse` gives.
pub(super) const NAMESPACE: &str = "argparse.Namespace";

/// Objects of libraries whose attributes are all made by the library: `func.count()`.
const NAMESPACES: &[&str] = &[
    "sqlalchemy.func",
    "sqlalchemy.sql.expression.func",
    "sqlalchemy.sql.func",
    "sqlmodel.func",
];

/// How many names, attributes and functions are followed from one to the next.
const CHAIN: usize = 32;

/// The module that a call of an import function gives, if it says its absolute name.
pub(super) fn import_call<'a>(path: &str, call: &'a ExprCall) -> Option<&'a str> {
    let is_whole = |module: &str| match path {
        "importlib.import_module" => !module.starts_with('.'),
        // With a dot in the name it gives the topmost package.
        "builtins.__import__" => !module.contains('.'),
        _ => false,
    };
    call.arguments
        .args
        .first()
        .and_then(literal::string)
        .filter(|module| is_whole(module))
}

impl Known {
    /// The type of a value, if it has one class.
    pub(super) fn into_type(self) -> Option<Type> {
        match self {
            Self::Instance(class) => Some(class),
            Self::Foreign(Some(path)) => Some(Type::Path(path)),
            _ => None,
        }
    }

    /// What a name is that holds one value or the other.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing | Self::None, other) if other != Self::Nothing => other,
            (known, Self::Nothing | Self::None) => known,
            (Self::Foreign(one), Self::Foreign(other)) => {
                Self::Foreign(if one == other { one } else { None })
            }
            (one, other) if one == other => one,
            (Self::Instance(one), Self::Instance(other)) => either(one, other),
            // An annotation says as much as the value that stands in for it: `given or Client()`.
            (Self::Instance(Type::Path(path)), Self::Foreign(Some(class)))
            | (Self::Foreign(Some(class)), Self::Instance(Type::Path(path)))
                if path == class =>
            {
                Self::Instance(Type::Path(path))
            }
            (Self::Instance(type_), Self::Foreign(Some(class)))
            | (Self::Foreign(Some(class)), Self::Instance(type_)) => {
                either(type_, Type::Path(class))
            }
            _ => Self::Unknown,
        }
    }

    /// Whether nothing certain is known of it, so that an annotation says more.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Instance(type_) => type_.is_given(),
            _ => false,
        }
    }

    /// A value that has no other: `None` alone, or nothing at all, says nothing about what a name holds later.
    pub(super) fn settled(self) -> Self {
        match self {
            Self::None | Self::Nothing => Self::Unknown,
            known => known,
        }
    }
}

/// A value that is of one type or the other.
fn either(one: Type, other: Type) -> Known {
    let parts = |type_: Type| match type_ {
        Type::Either(types) => types,
        type_ => vec![type_],
    };
    let mut types = parts(one);
    for type_ in parts(other) {
        if !types.contains(&type_) {
            types.push(type_);
        }
    }
    let either = Type::Either(types);
    if either.depth() > DEPTH as usize
        || matches!(&either, Type::Either(types) if types.len() > ALTERNATIVES)
    {
        Known::Unknown
    } else {
        Known::Instance(either)
    }
}

/// Whether a name is written as classes are: `CapWords`, not `CONSTANT`.
pub(super) fn is_class_name(name: &str) -> bool {
    is_capital(name) && name.contains(|c: char| c.is_lowercase())
}

pub(super) fn is_capital(name: &str) -> bool {
    name.trim_start_matches('_')
        .starts_with(|first: char| first.is_uppercase())
}

pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether values of a foreign class may stand for objects of the project.
pub(super) fn stands_for_others(class: &str) -> bool {
    [
        "Proxy",
        "Lazy",
        "Wrap",
        "Mock",
        "Partial",
        "Decorator",
        "Generic",
    ]
    .iter()
    .any(|word| class.contains(word))
}

/// Whether Python binds a name everywhere.
fn is_builtin(name: &str) -> bool {
    builtins::RESULTS.contains(&name) || builtins::OTHERS.contains(&name) || is_capital(name)
}

/// The builtin classes that annotations name.
#[rustfmt::skip]
pub(super) const BUILTIN_CLASSES: &[&str] = &[
    "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "memoryview", "range",
    "set", "str", "tuple",
];

/// Modules whose functions give nothing of the project back.
#[rustfmt::skip]
const CLOSED_MODULES: &[&str] = &[
    "base64", "binascii", "calendar", "datetime", "decimal", "fnmatch", "fractions", "glob", "hashlib", "hmac",
    "html", "ipaddress", "locale", "math", "os", "pathlib", "platform", "re", "shlex", "shutil", "socket", "stat",
    "string", "struct", "subprocess", "tempfile", "textwrap", "time", "traceback", "unicodedata", "urllib", "uuid",
    "zlib", "zoneinfo",
];

/// The decorators that leave the result of a call as it is.
#[rustfmt::skip]
/// The annotations of generators whose first part is what they yield.
const YIELDING: &[&str] = &[
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Generator",
    "Iterable",
    "Iterator",
];

const TRANSPARENT: &[&str] = &[
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.property",
    "builtins.staticmethod",
    "deprecated.deprecated",
    "deprecation.deprecated",
    "functools.cache",
    "functools.cached_property",
    "functools.lru_cache",
    "typing.final",
    "typing.overload",
    "typing.override",
    "typing_extensions.deprecated",
    "typing_extensions.final",
    "typing_extensions.overload",
    "typing_extensions.override",
    "warnings.deprecated",
];

impl<'a> Reader<'a, '_> {
    /// Whether a dotted path belongs to the project.
    pub(super) fn is_own(&self, path: &str) -> bool {
        let root = path.split('.').next().unwrap_or(path);
        let here = self.model.module.name.split('.').next().unwrap_or("");
        root == here || (self.outlook.is_first_party)(root)
    }

    /// What is imported.
    fn imported(&self, path: String, is_module: bool) -> Known {
        if self.is_own(&path) {
            Known::Path(path)
        } else {
            let is_module = is_module || self.modules.contains(path.as_str());
            Known::Outside { path, is_module }
        }
    }

    /// What an expression is.
    pub(super) fn known(&mut self, expr: &'a Expr) -> Known {
        self.known_at(ExprRef::from(expr))
    }

    /// What an expression is.
    pub(super) fn known_at(&mut self, expr: ExprRef<'a>) -> Known {
        let node = self.model.id(&expr);
        if let Some(known) = self.exprs.get(&node) {
            return known.clone();
        }
        let before = self.self_reads;
        let known = self.work_out(expr, node);
        // What is found while a name is being worked out may rest on not knowing that name yet.
        if self.self_reads == before {
            self.exprs.insert(node, known.clone());
        }
        known
    }

    fn work_out(&mut self, expr: ExprRef<'a>, node: NodeId) -> Known {
        match expr {
            ExprRef::Name(name) => match self.model.scopes.symbol_of(node) {
                Some(symbol) => self.symbol(symbol),
                None => self.unbound(name.id.as_str(), self.model.scopes.scope_of(node)),
            },
            ExprRef::Attribute(attribute) => {
                let value = self.known(&attribute.value);
                let name = self.mangled(attribute.attr.as_str(), node);
                self.member(value, &name)
            }
            ExprRef::Call(call) => self.result(call),
            ExprRef::Await(await_) => match await_.value.as_ref() {
                Expr::Call(call) => match self.known(&call.func) {
                    Known::Function(index) if self.is_async(index) => self.returns(index, true),
                    Known::Outside { path, .. } if path == "asyncio.to_thread" => {
                        self.result_of_thread(call)
                    }
                    _ => Known::Unknown,
                },
                _ => Known::Unknown,
            },
            ExprRef::Named(named) => self.known(&named.value),
            ExprRef::If(if_) => {
                let body = self.known(&if_.body);
                let orelse = self.known(&if_.orelse);
                body.or(orelse)
            }
            ExprRef::BoolOp(operation) if operation.op == BoolOp::Or => {
                let mut known = Known::Nothing;
                for value in &operation.values {
                    let value = self.known(value);
                    known = known.or(value);
                }
                known
            }
            ExprRef::BinOp(operation) => match (operation.op, operation.left.as_ref()) {
                (Operator::Mod, Expr::StringLiteral(_)) => {
                    Known::Foreign(Some("builtins.str".into()))
                }
                _ => Known::Unknown,
            },
            ExprRef::StringLiteral(_) | ExprRef::FString(_) => {
                Known::Foreign(Some("builtins.str".into()))
            }
            ExprRef::BytesLiteral(_) => Known::Foreign(Some("builtins.bytes".into())),
            ExprRef::List(_) | ExprRef::ListComp(_) => Known::Foreign(Some("builtins.list".into())),
            ExprRef::Dict(_) | ExprRef::DictComp(_) => Known::Foreign(Some("builtins.dict".into())),
            ExprRef::Set(_) | ExprRef::SetComp(_) => Known::Foreign(Some("builtins.set".into())),
            ExprRef::Tuple(_) => Known::Foreign(Some("builtins.tuple".into())),
            ExprRef::Subscript(subscript) => self.item(subscript),
            ExprRef::NumberLiteral(_)
            | ExprRef::BooleanLiteral(_)
            | ExprRef::EllipsisLiteral(_)
            | ExprRef::Generator(_) => Known::Foreign(None),
            ExprRef::NoneLiteral(_) => Known::None,
            ExprRef::Lambda(_) => self
                .functions_at
                .get(&node)
                .map_or(Known::Unknown, |&index| Known::Function(index)),
            _ => Known::Unknown,
        }
    }

    /// A name without a binding: a builtin, or a name of a star import.
    pub(super) fn unbound(&self, name: &str, scope: ScopeId) -> Known {
        let builtin = format!("builtins.{name}");
        if !self.model.scopes.may_be_starred(scope) {
            return Known::Outside {
                path: builtin,
                is_module: false,
            };
        }
        let mut modules = self.model.scopes.star_imports(scope);
        if let (Some((module, level)), None) = (modules.next(), modules.next())
            && !is_builtin(name)
            && !name.starts_with('_')
            && let Some(module) = self.model.module.resolve(level, module)
            && self.is_own(&module)
        {
            return Known::Path(format!("{module}.{name}"));
        }
        let mut targets = vec![Target::Path(builtin)];
        for (module, level) in self.model.scopes.star_imports(scope) {
            let Some(module) = self.model.module.resolve(level, module) else {
                continue;
            };
            let target = Target::Path(format!("{module}.{name}"));
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        Known::Several(targets)
    }

    /// What a name is.
    pub(super) fn symbol(&mut self, symbol: SymbolId) -> Known {
        if let Some(known) = self.symbols.get(&symbol) {
            return known.clone();
        }
        if self.busy.last() == Some(&Busy::Symbol(symbol)) {
            self.self_reads += 1;
            return Known::Nothing;
        }
        if self.is_endless(&Busy::Symbol(symbol)) {
            return Known::Unknown;
        }
        self.busy.push(Busy::Symbol(symbol));
        let known = match self.definition(symbol) {
            Some(known) => known,
            None => self.variable(symbol),
        };
        self.busy.pop();
        self.symbols.insert(symbol, known.clone());
        known
    }

    /// Whether something rests on itself, or on more names than are worth following.
    pub(super) fn is_endless(&self, busy: &Busy) -> bool {
        self.busy.len() >= CHAIN || self.busy.contains(busy)
    }

    /// What a name is that a `def`, `class` or import binds; `None` if none does.
    pub(super) fn definition(&self, symbol: SymbolId) -> Option<Known> {
        self.definitions.get(&symbol).cloned()
    }

    /// Reads the definitions of every name.
    pub(super) fn define(&mut self) {
        let found: Vec<(SymbolId, Known)> = self
            .model
            .scopes
            .symbols()
            .filter_map(|(id, _)| self.work_out_definition(id).map(|known| (id, known)))
            .collect();
        self.definitions.extend(found);
    }

    fn work_out_definition(&self, symbol: SymbolId) -> Option<Known> {
        let scopes = &self.model.scopes;
        let bindings: Vec<BindingId> = scopes
            .symbol(symbol)
            .bindings
            .iter()
            .copied()
            .filter(|&binding| !self.is_nothing(binding))
            .collect();
        let mut targets: Vec<Target> = Vec::new();
        let mut paths: FxHashSet<String> = FxHashSet::default();
        let mut others = false;
        for &binding in &bindings {
            match self.target_of_binding(binding) {
                // Imports of one thing in several places.
                Some(Target::Path(path)) => {
                    if paths.insert(path.clone()) {
                        targets.push(Target::Path(path));
                    }
                }
                Some(target) => targets.push(target),
                None => others = true,
            }
        }
        if targets.is_empty() {
            let undefined = bindings.iter().any(|&binding| {
                matches!(scopes.binding(binding).kind, BindingKind::FromImport { .. })
            });
            return undefined.then_some(Known::Unknown);
        }
        // `@overload` definitions and the one that they describe.
        if !others
            && let Some((Target::Function(implementation), overloads)) = targets.split_last()
            && overloads
                .iter()
                .all(|target| matches!(target, Target::Function(index) if self.is_overload(*index)))
        {
            return Some(Known::Function(*implementation));
        }
        if others || targets.len() > 1 {
            return Some(Known::Several(targets));
        }
        let is_module = bindings
            .iter()
            .all(|&binding| matches!(scopes.binding(binding).kind, BindingKind::Import { .. }));
        Some(match targets.swap_remove(0) {
            Target::Function(index) => Known::Function(index),
            Target::Class(index) => Known::Class(index),
            Target::Path(path) => self.imported(path, is_module),
            Target::Unknown => Known::Unknown,
        })
    }

    /// Whether a binding gives a name nothing to call: a declaration, or `None`.
    fn is_nothing(&self, binding: BindingId) -> bool {
        match self.model.scopes.binding(binding).kind {
            BindingKind::Declared => true,
            BindingKind::Assign { value } => {
                matches!(self.model.nodes.get(value), AnyNodeRef::ExprNoneLiteral(_))
            }
            _ => false,
        }
    }

    /// What a `def`, `class`, import or `name = lambda` binds.
    pub(super) fn target_of_binding(&self, binding: BindingId) -> Option<Target> {
        let binding = self.model.scopes.binding(binding);
        match &binding.kind {
            BindingKind::Function => self
                .functions_at
                .get(&binding.node)
                .map(|&index| Target::Function(index)),
            BindingKind::Class => self
                .classes_at
                .get(&binding.node)
                .map(|&index| Target::Class(index)),
            BindingKind::Assign { value } => match self.model.nodes.get(*value) {
                AnyNodeRef::ExprLambda(_) => self
                    .functions_at
                    .get(value)
                    .map(|&index| Target::Function(index)),
                _ => None,
            },
            kind => self.model.import_path(kind).map(Target::Path),
        }
    }

    /// What a variable or parameter holds: every binding must say the same.
    fn variable(&mut self, symbol: SymbolId) -> Known {
        if let Some(&(class, is_class)) = self.selves.get(&symbol) {
            return if is_class {
                Known::Class(class)
            } else {
                Known::Instance(Type::Class(class))
            };
        }
        let model = self.model;
        let bindings = model.scopes.symbol(symbol).bindings.clone();
        let mut declared: Option<Known> = None;
        let mut known = Known::Nothing;
        let mut trusted = true;
        for binding in bindings {
            let binding = model.scopes.binding(binding);
            let annotation = match model.nodes.get(binding.node) {
                AnyNodeRef::Parameter(parameter) => {
                    trusted = false;
                    if self.is_variadic(binding.node) {
                        known = known.or(Known::Foreign(None));
                        continue;
                    }
                    match parameter.annotation.as_deref() {
                        Some(annotation) => Some(annotation),
                        None => {
                            // A fixture gives it, or only the callers tell.
                            let taken = self.taken(symbol, parameter);
                            if taken != Known::Unknown {
                                return taken;
                            }
                            let Some(&(function, index)) = self.parameters.get(&symbol) else {
                                return Known::Unknown;
                            };
                            let given = Type::Parameter(function, index);
                            known = known.or(Known::Instance(given));
                            continue;
                        }
                    }
                }
                AnyNodeRef::ExprName(_) => match model.nodes.parent_node(binding.node) {
                    AnyNodeRef::StmtAnnAssign(assign) => Some(assign.annotation.as_ref()),
                    _ => None,
                },
                _ => None,
            };
            if let Some(annotation) = annotation {
                let found = self.annotation(annotation, model.scope_at(model.id(annotation)));
                if found == Known::Unknown {
                    return Known::Unknown;
                }
                declared = Some(match declared {
                    Some(declared) => declared.or(found),
                    None => found,
                });
                continue;
            }
            let value = match binding.kind {
                BindingKind::Assign { value } => match model.expr(value) {
                    Some(expr) => self.known_ref(expr),
                    None => Known::Unknown,
                },
                BindingKind::With { value, is_async } => {
                    // A file is what `with open(...)` gives; other context managers may give anything.
                    let opened = match model.nodes.get(value) {
                        AnyNodeRef::ExprCall(call) => {
                            model.meaning(&call.func).path() == Some("builtins.open")
                        }
                        _ => false,
                    };
                    if opened {
                        Known::Foreign(None)
                    } else {
                        match model.nodes.parent_node(value) {
                            AnyNodeRef::WithItem(item) => {
                                let manager = self.known(&item.context_expr);
                                let enter = if is_async { "__aenter__" } else { "__enter__" };
                                self.method_result(manager, enter)
                            }
                            _ => Known::Unknown,
                        }
                    }
                }
                BindingKind::For { value } => match model.nodes.parent_node(value) {
                    AnyNodeRef::StmtFor(for_) if !for_.is_async => self.element(&for_.iter),
                    AnyNodeRef::Comprehension(clause) if !clause.is_async => {
                        self.element(&clause.iter)
                    }
                    _ => Known::Unknown,
                },
                BindingKind::Unpacked => self.unpacked(binding.node),
                BindingKind::Deleted => Known::Nothing,
                _ => Known::Unknown,
            };
            known = known.or(value);
        }
        match declared {
            // What an annotated variable is assigned is of its type, unless it visibly is not.
            Some(declared) if trusted && known.is_open() => declared,
            Some(declared) => declared.or(known),
            None => known,
        }
        .settled()
    }

    fn known_ref(&mut self, expr: ruff_python_ast::ExprRef<'a>) -> Known {
        let node = self.model.id(&expr);
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) if self.model.id(assign.value.as_ref()) == node => {
                self.known(&assign.value)
            }
            AnyNodeRef::ExprNamed(named) if self.model.id(named.value.as_ref()) == node => {
                self.known(&named.value)
            }
            _ => Known::Unknown,
        }
    }

    pub(super) fn is_variadic(&self, parameter: NodeId) -> bool {
        match self.model.nodes.parent_node(parameter) {
            AnyNodeRef::Parameters(parameters) => [&parameters.vararg, &parameters.kwarg]
                .into_iter()
                .flatten()
                .any(|variadic| self.model.id(variadic.as_ref()) == parameter),
            _ => false,
        }
    }

    /// What an attribute is.
    pub(super) fn member(&mut self, value: Known, name: &str) -> Known {
        match value {
            Known::Path(path) => Known::Path(format!("{path}.{name}")),
            Known::Outside { path, .. } => {
                let path = format!("{path}.{name}");
                let is_module = self.modules.contains(path.as_str());
                Known::Outside { path, is_module }
            }
            Known::Several(targets) => Known::Several(
                targets
                    .into_iter()
                    .map(|target| match target {
                        Target::Path(path) => Target::Path(format!("{path}.{name}")),
                        _ => Target::Unknown,
                    })
                    .collect(),
            ),
            Known::Class(class) => match self.nested_class(class, name) {
                Some(nested) => nested,
                None if self.method(class, name).is_none() => self.attribute(class, name),
                None => Known::Unknown,
            },
            Known::Instance(Type::Class(class)) if name == "__class__" => Known::Class(class),
            Known::Instance(Type::Class(class)) => match self.attribute(class, name) {
                Known::Unknown if !self.is_set_here(class, name) => self.open(Type::Attribute(
                    Box::new(Type::Class(class)),
                    name.to_string(),
                )),
                // Its base may set it to something else.
                Known::Instance(_) if self.has_base_elsewhere(class) => self.open(Type::Attribute(
                    Box::new(Type::Class(class)),
                    name.to_string(),
                )),
                known => known,
            },
            Known::Instance(type_) if self.is_of_project(&type_) => {
                self.open(Type::Attribute(Box::new(type_), name.to_string()))
            }
            _ => Known::Unknown,
        }
    }

    /// A class in the body of a class.
    pub(super) fn nested_class(&self, class: u32, name: &str) -> Option<Known> {
        let scope = self.classes[class as usize].scope?;
        let &symbol = self.model.scopes.scope(scope).symbols.get(name)?;
        match self.definition(symbol)? {
            Known::Class(nested) => Some(Known::Class(nested)),
            _ => None,
        }
    }

    /// What a call gives.
    pub(super) fn result(&mut self, call: &'a ExprCall) -> Known {
        if let Expr::Attribute(attribute) = call.func.as_ref() {
            let receiver = self.known(&attribute.value);
            if let Known::Foreign(Some(class)) = &receiver
                && matches!(class.as_str(), "builtins.str" | "builtins.bytes")
            {
                return Known::Foreign(None);
            }
            if let Known::Foreign(Some(class)) = &receiver
                && class == "argparse.ArgumentParser"
                && matches!(
                    attribute.attr.as_str(),
                    "parse_args" | "parse_intermixed_args"
                )
            {
                return Known::Foreign(Some(NAMESPACE.to_string()));
            }
            let name = self.mangled(attribute.attr.as_str(), self.model.id(attribute));
            if let Some(entered) = self.entered_on_stack(call, attribute, &receiver) {
                return entered;
            }
            return match receiver {
                Known::Instance(_) | Known::Class(_) => self.method_result(receiver, &name),
                Known::Foreign(Some(class)) if !self.may_give_own(call) => {
                    Known::Instance(Type::Made(format!("{class}.{name}")))
                }
                _ => self.result_of(call),
            };
        }
        self.result_of(call)
    }

    /// What calling a method gives.
    pub(super) fn method_result(&mut self, receiver: Known, name: &str) -> Known {
        let class = match receiver {
            Known::Instance(Type::Class(class)) | Known::Class(class) => class,
            Known::Instance(receiver) if self.is_of_project(&receiver) => {
                let name = name.to_string();
                return self.open(Type::Returned(Box::new(Callee::Method { receiver, name })));
            }
            _ => return Known::Unknown,
        };
        if let Some(Known::Class(nested)) = self.nested_class(class, name) {
            return self.instance(nested);
        }
        match self.method(class, name) {
            // Overrides keep to an annotation, but not to what one body happens to return.
            Some(method) if self.returns_annotation(method) => {
                if self.is_async(method) {
                    Known::Unknown
                } else {
                    self.returns(method, true)
                }
            }
            _ => {
                let receiver = Type::Class(class);
                let name = name.to_string();
                self.open(Type::Returned(Box::new(Callee::Method { receiver, name })))
            }
        }
    }

    /// A value whose class other files tell.
    fn open(&self, type_: Type) -> Known {
        if type_.depth() > DEPTH as usize {
            Known::Unknown
        } else {
            Known::Instance(type_)
        }
    }

    /// Whether a type leads to classes of the project, or may, and rests on nothing that nobody can tell.
    pub(super) fn is_certain(&self, type_: &Type) -> bool {
        self.is_of_project(type_) && !type_.is_given()
    }

    /// Whether a type leads to classes of the project, or may.
    pub(super) fn is_of_project(&self, type_: &Type) -> bool {
        match type_ {
            Type::Path(path) => self.is_own(path),
            _ => true,
        }
    }

    /// What `await asyncio.to_thread(f, x)` gives: what `f(x)` would.
    fn result_of_thread(&mut self, call: &'a ExprCall) -> Known {
        let Some(func) = call.arguments.args.first() else {
            return Known::Unknown;
        };
        if let Expr::Attribute(attribute) = func {
            let receiver = self.known(&attribute.value);
            if matches!(receiver, Known::Instance(_) | Known::Class(_)) {
                let name = self.mangled(attribute.attr.as_str(), self.model.id(attribute));
                return self.method_result(receiver, &name);
            }
        }
        match self.known(func) {
            Known::Outside { .. } => Known::Unknown,
            known => self.result_of_known(known),
        }
    }

    fn result_of(&mut self, call: &'a ExprCall) -> Known {
        match self.known(&call.func) {
            Known::Outside { path, .. } => self.foreign_result(call, path),
            known => self.result_of_known(known),
        }
    }

    /// What calling something of the project gives.
    fn result_of_known(&mut self, known: Known) -> Known {
        match known {
            Known::Class(class) => self.instance(class),
            Known::Function(index) if self.is_manager(index) => self.open(Type::Returned(
                Box::new(Callee::Target(Target::Function(index))),
            )),
            Known::Function(index) if !self.is_async(index) => self.returns(index, true),
            Known::Path(path) if is_class_name(last(&path)) => Known::Instance(Type::Path(path)),
            Known::Path(path) => {
                self.open(Type::Returned(Box::new(Callee::Target(Target::Path(path)))))
            }
            _ => Known::Unknown,
        }
    }

    fn foreign_result(&mut self, call: &'a ExprCall, path: String) -> Known {
        if path == "builtins.super" {
            return self.super_of(call);
        }
        if let Some(name) = path.strip_prefix("builtins.")
            && builtins::RESULTS.contains(&name)
        {
            let class = BUILTIN_CLASSES.contains(&name);
            return Known::Foreign(class.then(|| path.clone()));
        }
        if let Some(module) = import_call(&path, call) {
            return self.imported(module.to_string(), true);
        }
        // Called, it gives what the function gives. Who may see it is up to the uses of the name.
        if path == "functools.partial" {
            return match call.arguments.args.first() {
                Some(first @ (Expr::Name(_) | Expr::Attribute(_))) => match self.known(first) {
                    known @ (Known::Function(_) | Known::Path(_)) => known,
                    _ => Known::Unknown,
                },
                _ => Known::Unknown,
            };
        }
        if matches!(path.as_str(), "typing.cast" | "typing_extensions.cast") {
            return match call.arguments.args.first() {
                Some(class) => {
                    let scope = self.model.scope_at(self.model.id(class));
                    self.annotation(class, scope)
                }
                None => Known::Unknown,
            };
        }
        if is_class_name(last(&path))
            && !stands_for_others(last(&path))
            && !path.starts_with("typing.")
        {
            return if self.is_given_own(call) {
                Known::Unknown
            } else {
                Known::Foreign(Some(path))
            };
        }
        let root = path.split('.').next().unwrap_or(&path);
        match path.as_str() {
            "logging.getLogger" => Known::Foreign(Some("logging.Logger".to_string())),
            _ if CLOSED_MODULES.contains(&root) => Known::Foreign(None),
            _ => Known::Unknown,
        }
    }

    /// Whether a call is given an object of the project, which its result may hand calls on to.
    fn is_given_own(&mut self, call: &'a ExprCall) -> bool {
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        call.arguments
            .args
            .iter()
            .chain(keywords)
            .any(|argument| match self.known(argument) {
                Known::Instance(Type::Class(_)) => true,
                Known::Instance(Type::Path(path)) => self.is_own(&path),
                _ => false,
            })
    }

    /// Whether a call of a foreign object is given anything that its result may come from: an object, a class or a function
    /// of the project, or who knows what.
    fn may_give_own(&mut self, call: &'a ExprCall) -> bool {
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        let mut arguments = call.arguments.args.iter().chain(keywords);
        arguments.any(|argument| match self.known(argument) {
            Known::Foreign(_) | Known::None | Known::Nothing | Known::Outside { .. } => false,
            // A constant.
            Known::Path(path) => !last(&path).chars().all(|c| !c.is_lowercase()),
            _ => true,
        })
    }

    /// `super()`, or `super(Class, self)` with the class round it, in a method.
    fn super_of(&self, call: &'a ExprCall) -> Known {
        let Runner::Function(index) = self.model.runner(self.model.id(call)) else {
            return Known::Unknown;
        };
        let Some(class) = self.method_class[index as usize] else {
            return Known::Unknown;
        };
        let is_self = |expr: &Expr| {
            self.model
                .scopes
                .symbol_of(self.model.id(expr))
                .and_then(|symbol| self.selves.get(&symbol))
                .is_some_and(|&(of, _)| of == class)
        };
        let plain = call.arguments.keywords.is_empty();
        match &call.arguments.args[..] {
            [] if plain => Known::Super(class),
            [named, first] if plain && is_self(first) => match named {
                Expr::Name(name)
                    if self
                        .model
                        .scopes
                        .symbol_of(self.model.id(name))
                        .and_then(|symbol| self.definition(symbol))
                        == Some(Known::Class(class)) =>
                {
                    Known::Super(class)
                }
                _ => Known::Unknown,
            },
            _ => Known::Unknown,
        }
    }

    /// What calling a class gives.
    fn instance(&self, class: u32) -> Known {
        if self.classes[class as usize].makes_others {
            Known::Unknown
        } else {
            Known::Instance(Type::Class(class))
        }
    }

    /// The function of a method, looked for in the class and in its bases in this file. `None` where another file or a
    /// second definition may say otherwise.
    pub(super) fn method(&self, class: u32, name: &str) -> Option<u32> {
        self.method_in(class, name, DEPTH)
    }

    fn method_in(&self, class: u32, name: &str, depth: u32) -> Option<u32> {
        let info = &self.classes[class as usize];
        if let Some(scope) = info.scope
            && let Some(&symbol) = self.model.scopes.scope(scope).symbols.get(name)
        {
            return match self.definition(symbol) {
                Some(Known::Function(index)) => Some(index),
                // A property and its setter.
                Some(Known::Several(targets)) => match targets.first() {
                    Some(Target::Function(index)) if self.is_property(*index) => Some(*index),
                    _ => None,
                },
                _ => None,
            };
        }
        let depth = depth.checked_sub(1)?;
        match info.bases[..] {
            [Target::Class(base)] => self.method_in(base, name, depth),
            _ => None,
        }
    }

    pub(super) fn is_async(&self, function: u32) -> bool {
        self.model.scopes.functions()[function as usize]
            .definition
            .is_some_and(|definition| definition.is_async)
    }

    fn has_decorator(&self, function: u32, names: &[&str]) -> bool {
        self.model.scopes.functions()[function as usize]
            .definition
            .is_some_and(|definition| {
                definition.decorator_list.iter().any(|decorator| {
                    self.model
                        .meaning(&decorator.expression)
                        .may_be(|path| names.contains(&path))
                })
            })
    }

    pub(super) fn is_overload(&self, function: u32) -> bool {
        self.has_decorator(function, &["typing.overload", "typing_extensions.overload"])
    }

    pub(super) fn is_property(&self, function: u32) -> bool {
        self.has_decorator(
            function,
            &["builtins.property", "functools.cached_property"],
        )
    }

    pub(super) fn returns_annotation(&self, function: u32) -> bool {
        self.model.scopes.functions()[function as usize]
            .definition
            .is_some_and(|definition| definition.returns.is_some())
    }

    /// What a function returns. With `called`, what a call of its name gives: decorators may change that.
    pub(super) fn returns(&mut self, function: u32, called: bool) -> Known {
        let model = self.model;
        let info = &model.scopes.functions()[function as usize];
        if called && let Some(definition) = info.definition {
            let transparent = definition.decorator_list.iter().all(|decorator| {
                let expr = match &decorator.expression {
                    Expr::Call(call) => call.func.as_ref(),
                    expr => expr,
                };
                model
                    .meaning(expr)
                    .path()
                    .is_some_and(|path| TRANSPARENT.contains(&path))
            });
            if !transparent {
                return Known::Unknown;
            }
        }
        if let Some(known) = self.returned.get(&function) {
            return known.clone();
        }
        let busy = Busy::Returns(function);
        if self.is_endless(&busy) {
            return Known::Unknown;
        }
        self.busy.push(busy);
        let known = self.work_out_returns(function);
        self.busy.pop();
        self.returned.insert(function, known.clone());
        known
    }

    /// Whether a method gives `self`, or `cls(...)` in a class method, and nothing else.
    pub(super) fn returns_self(&self, function: u32) -> bool {
        let Some(class) = self.method_class[function as usize] else {
            return false;
        };
        let is_own = |expr: &Expr, of_class: bool| {
            self.model
                .scopes
                .symbol_of(self.model.id(expr))
                .and_then(|symbol| self.selves.get(&symbol))
                == Some(&(class, of_class))
        };
        let values = &self.return_values[function as usize];
        !values.is_empty()
            && values.iter().all(|value| match value {
                Expr::Name(_) => is_own(value, false),
                Expr::Call(call) => call.func.is_name_expr() && is_own(&call.func, true),
                _ => false,
            })
    }

    fn work_out_returns(&mut self, function: u32) -> Known {
        if self.generators[function as usize] {
            return Known::Unknown;
        }
        let model = self.model;
        let Some(definition) = model.scopes.functions()[function as usize].definition else {
            return match model
                .nodes
                .get(model.scopes.functions()[function as usize].node)
            {
                AnyNodeRef::ExprLambda(lambda) => self.known(&lambda.body).settled(),
                _ => Known::Unknown,
            };
        };
        if let Some(annotation) = definition.returns.as_deref() {
            let scope = model.scope_at(model.id(annotation));
            return self.annotation(annotation, scope).settled();
        }
        let mut known = Known::Nothing;
        for value in self.return_values[function as usize].clone() {
            let value = self.known(value);
            known = known.or(value);
        }
        known.settled()
    }

    /// What a generator yields, if every `yield` says the same class, or its annotation does.
    pub(super) fn yielded(&mut self, index: u32, definition: &'a StmtFunctionDef) -> Option<Type> {
        let model = self.model;
        let mut known = Known::Nothing;
        for node in model.nodes.subtree(model.id(definition)) {
            if let AnyNodeRef::ExprYield(yield_) = model.nodes.get(node)
                && model.runner(node) == Runner::Function(index)
            {
                let value = match yield_.value.as_deref() {
                    Some(value) => self.known(value),
                    None => Known::None,
                };
                known = known.or(value);
            }
        }
        if !known.is_open() {
            return known.settled().into_type();
        }
        let Some(Expr::Subscript(annotation)) = definition.returns.as_deref() else {
            return known.settled().into_type();
        };
        let is_generator = model.meaning(&annotation.value).path().is_some_and(|path| {
            matches!(path.rsplit_once('.'), Some(("typing" | "collections.abc", name)) if YIELDING.contains(&name))
        });
        let first = match annotation.slice.as_ref() {
            Expr::Tuple(several) => several.elts.first(),
            one => Some(one),
        };
        let scope = model.scope_at(model.id(annotation));
        first
            .filter(|_| is_generator)
            .and_then(|first| self.annotation(first, scope).settled().into_type())
    }

    /// What a `with` statement gets of a function that `contextlib` makes a context manager of, and nothing else decorates.
    pub(super) fn entered(&mut self, index: u32, definition: &'a StmtFunctionDef) -> Option<Type> {
        self.is_manager(index)
            .then(|| self.yielded(index, definition))
            .flatten()
    }

    /// Whether `contextlib` makes a context manager of a function, and nothing else decorates it.
    fn is_manager(&self, function: u32) -> bool {
        let definition = self.model.scopes.functions()[function as usize].definition;
        let decorators = definition.map_or(&[][..], |definition| &definition.decorator_list);
        self.generators[function as usize]
            && matches!(decorators, [decorator]
                if matches!(self.model.meaning(&decorator.expression).path(),
                    Some("contextlib.contextmanager" | "contextlib.asynccontextmanager")))
    }

    /// Whether nothing of the project can be reached by calling this member of a foreign name.
    pub(super) fn is_closed(&self, path: &str, is_module: bool, member: &str) -> bool {
        let is_class = |name: &str| is_class_name(name) && !stands_for_others(name);
        is_module
            || is_stdlib(path)
            || is_class(last(path))
            || is_class(member)
            || NAMESPACES.contains(&path)
    }

    /// An attribute's name as Python stores it: private names of a class are mangled
    /// (<https://docs.python.org/3/reference/expressions.html#private-name-mangling>).
    pub(super) fn mangled(&self, name: &str, node: NodeId) -> String {
        if !name.starts_with("__") {
            return name.to_string();
        }
        let class = self
            .model
            .nodes
            .ancestors(node)
            .find(|&at| matches!(self.model.nodes.get(at), AnyNodeRef::StmtClassDef(_)));
        match class {
            Some(class) => self.private(name, class),
            None => name.to_string(),
        }
    }

    /// The name as the body of this class stores it.
    pub(super) fn private(&self, name: &str, class: NodeId) -> String {
        if name.starts_with("__")
            && !name.ends_with("__")
            && let AnyNodeRef::StmtClassDef(class) = self.model.nodes.get(class)
        {
            let class = class.name.trim_start_matches('_');
            if !class.is_empty() {
                return format!("_{class}{name}");
            }
        }
        name.to_string()
    }
}
