//! What the places of a file are: variables, parameters, attributes, parts of containers.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};

use super::super::place::{Part, Place};
use super::super::{Given, Parameter, Target, Type};
use super::Reader;
use super::value::{Known, NAMESPACE};
use crate::semantic::scope::SymbolId;
use crate::semantic::{NodeId, ScopeKind};

/// Methods of containers that give a part of what they hold, or the container again.
pub(super) const GIVES: &[&str] = &[
    "copy",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "popleft",
    "setdefault",
    "values",
];

/// Methods of containers that give nothing of what they hold.
pub(super) const KEEPS: &[&str] = &[
    "add",
    "append",
    "appendleft",
    "clear",
    "count",
    "discard",
    "extend",
    "index",
    "insert",
    "remove",
    "reverse",
    "update",
];

/// Builtins that give the elements of their first argument.
pub(super) const SAME_ELEMENTS: &[&str] = &[
    "frozenset",
    "iter",
    "list",
    "reversed",
    "set",
    "sorted",
    "tuple",
];

impl<'a> Reader<'a, '_> {
    /// Whether a name holds one function whatever happens, so that every use of it is seen as one of the function.
    pub(super) fn is_alias(&mut self, symbol: SymbolId) -> bool {
        let scopes = &self.model.scopes;
        let kind = &scopes.scope(scopes.symbol(symbol).scope).kind;
        matches!(
            kind,
            ScopeKind::Module
                | ScopeKind::Function { .. }
                | ScopeKind::Lambda
                | ScopeKind::Comprehension
                | ScopeKind::Generator
        ) && match self.definition(symbol) {
            // `name = lambda: ...`
            Some(Known::Function(index)) => self.model.scopes.functions()[index as usize]
                .definition
                .is_none(),
            Some(_) => false,
            None => matches!(self.symbol(symbol), Known::Function(_) | Known::Path(_)),
        }
    }

    /// The place of a name.
    pub(super) fn place_of_symbol(&mut self, symbol: SymbolId) -> Option<Place> {
        if self.definition(symbol).is_some() {
            return None;
        }
        let scopes = &self.model.scopes;
        let info = scopes.symbol(symbol);
        let scope = scopes.scope(info.scope);
        if scope.kind == ScopeKind::Class {
            let class = *self.classes_at.get(&scope.node)?;
            let name = self.private(info.name, scope.node);
            return Some(Place::Member(Some(Type::Class(class)), name));
        }
        let may_hold = match self.symbol(symbol) {
            Known::Unknown | Known::None | Known::Nothing => true,
            Known::Instance(type_) => type_.is_open(),
            Known::Foreign(Some(class)) => is_container(&class),
            _ => false,
        };
        may_hold.then_some(Place::Variable(symbol.number()))
    }

    /// The place of a parameter.
    pub(super) fn variable_of(&mut self, parameter: NodeId) -> Option<Place> {
        let binding = self.model.scopes.binding_at(parameter)?;
        let symbol = self.model.scopes.binding(binding).symbol;
        self.place_of_symbol(symbol)
    }

    /// The place that an expression reads.
    pub(super) fn place_of(&mut self, expr: &'a Expr) -> Option<Place> {
        match expr {
            Expr::Name(_) => {
                let symbol = self.model.scopes.symbol_of(self.model.id(expr))?;
                match self.symbol(symbol) {
                    Known::Path(path) => Some(Place::Target(Target::Path(path))),
                    _ => self.place_of_symbol(symbol),
                }
            }
            Expr::Attribute(attribute) => {
                let name = self.mangled(attribute.attr.as_str(), self.model.id(expr));
                match self.known(&attribute.value) {
                    known if self.default_of(&known, &name).is_some() => Some(Place::Default(name)),
                    Known::Path(path) => {
                        Some(Place::Target(Target::Path(format!("{path}.{name}"))))
                    }
                    Known::Class(class) => Some(Place::Member(Some(Type::Class(class)), name)),
                    Known::Instance(type_) => Some(Place::Member(Some(type_), name)),
                    Known::Unknown | Known::None | Known::Nothing => {
                        Some(Place::Member(None, name))
                    }
                    _ => None,
                }
            }
            Expr::Subscript(subscript) => {
                let of = self.place_of(&subscript.value)?;
                Some(if subscript.slice.is_slice_expr() {
                    of
                } else {
                    Place::Part(Box::new(of), index(&subscript.slice))
                })
            }
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Attribute(method)
                    if matches!(method.attr.as_str(), "get" | "pop" | "setdefault")
                        && !self.is_own_method(&method.value) =>
                {
                    let of = self.place_of(&method.value)?;
                    Some(Place::Part(Box::new(of), Part::Item))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// An attribute of what `argparse` gives, which `set_defaults` may have set.
    pub(super) fn default_of(&mut self, value: &Known, name: &str) -> Option<Place> {
        let is_namespace = match value {
            Known::Foreign(Some(class)) | Known::Instance(Type::Path(class)) => class == NAMESPACE,
            _ => false,
        };
        is_namespace.then(|| Place::Default(name.to_string()))
    }

    /// The parameters of a function that an argument can be given to by position or name.
    pub(super) fn parameters(&mut self, function: u32) -> Vec<Parameter> {
        let model = self.model;
        let info = &model.scopes.functions()[function as usize];
        let parameters = match (info.definition, model.nodes.get(info.node)) {
            (Some(definition), _) => Some(definition.parameters.as_ref()),
            (None, AnyNodeRef::ExprLambda(lambda)) => lambda.parameters.as_deref(),
            _ => None,
        };
        let Some(parameters) = parameters else {
            return Vec::new();
        };
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        positional
            .map(|parameter| (parameter, false))
            .chain(
                parameters
                    .kwonlyargs
                    .iter()
                    .map(|parameter| (parameter, true)),
            )
            .enumerate()
            .filter_map(|(index, (parameter, is_keyword_only))| {
                let binding = model.scopes.binding_at(model.id(&parameter.parameter))?;
                let symbol = model.scopes.binding(binding).symbol;
                Some(Parameter {
                    name: parameter.parameter.name.to_string(),
                    variable: symbol.number(),
                    is_keyword_only,
                    is_positional_only: index < parameters.posonlyargs.len(),
                    default: match parameter.default() {
                        Some(default) => self.given_value(default),
                        None => Given::Nothing,
                    },
                    type_: self.symbol(symbol).into_type(),
                    is_fixture: matches!(
                        self.taken(symbol, &parameter.parameter),
                        Known::Instance(Type::Fixture(_))
                    ),
                })
            })
            .collect()
    }

    /// Whether the methods of a value are those of the project or of a module.
    pub(super) fn is_own_method(&mut self, value: &'a Expr) -> bool {
        match self.known(value) {
            Known::Class(_) | Known::Super(_) | Known::Outside { .. } => true,
            Known::Instance(type_) => !type_.is_open(),
            _ => false,
        }
    }

    pub(super) fn builtin_path(&mut self, func: &'a Expr) -> Option<String> {
        match self.known(func) {
            Known::Outside { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Whether a call hands on what its receiver or its arguments hold, so that its result is followed from there.
    pub(super) fn hands_on(&mut self, call: &'a ExprCall) -> bool {
        match call.func.as_ref() {
            Expr::Attribute(method) => {
                GIVES.contains(&method.attr.as_str())
                    && !self.is_own_method(&method.value)
                    && !matches!(self.known(&method.value), Known::Path(_))
                    && self.place_of(&method.value).is_some()
            }
            func => self
                .builtin_path(func)
                .is_some_and(|path| hands_on(&path) && !call.arguments.args.is_empty()),
        }
    }
}

/// Whether containers have a method of this name.
pub(crate) fn is_container_method(name: &str) -> bool {
    GIVES.contains(&name) || KEEPS.contains(&name)
}

/// What a subscript takes.
pub(super) fn index(slice: &Expr) -> Part {
    match slice {
        Expr::NumberLiteral(number) => number
            .value
            .as_int()
            .and_then(|index| index.as_u64())
            .and_then(|index| u32::try_from(index).ok())
            .map_or(Part::Item, Part::At),
        _ => Part::Item,
    }
}

/// Builtins whose results are followed from their arguments.
fn hands_on(path: &str) -> bool {
    match path {
        "functools.partial" | "typing.cast" | "typing_extensions.cast" => true,
        _ => path.strip_prefix("builtins.").is_some_and(|name| {
            SAME_ELEMENTS.contains(&name)
                || matches!(name, "dict" | "enumerate" | "next" | "staticmethod" | "zip")
        }),
    }
}

/// Classes whose values hold others.
pub(super) fn is_container(class: &str) -> bool {
    matches!(
        class,
        "builtins.dict"
            | "builtins.frozenset"
            | "builtins.list"
            | "builtins.set"
            | "builtins.tuple"
    ) || class.starts_with("collections.") && !class.starts_with("collections.abc.")
}
