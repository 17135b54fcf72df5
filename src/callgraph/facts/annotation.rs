//! What a value with a type annotation is.

use ruff_python_ast::{AnyNodeRef, Expr, Operator};
use ruff_python_parser::parse_expression;

use super::super::Type;
use super::Reader;
use super::value::{
    BUILTIN_CLASSES, DEPTH, Known, is_capital, is_class_name, last, stands_for_others,
};
use crate::semantic::Scopes;
use crate::semantic::scope::{ScopeId, SymbolId};

/// The names of `typing` that mean builtin classes.
#[rustfmt::skip]
const TYPING_ALIASES: &[&str] = &[
    "AnyStr", "Dict", "FrozenSet", "List", "LiteralString", "Set", "Text", "Tuple",
];

impl<'a> Reader<'a, '_> {
    /// What a value with this annotation is.
    pub(super) fn annotation(&mut self, annotation: &Expr, scope: ScopeId) -> Known {
        self.annotated(annotation, scope, DEPTH)
    }

    fn annotated(&mut self, annotation: &Expr, scope: ScopeId, depth: u32) -> Known {
        let Some(depth) = depth.checked_sub(1) else {
            return Known::Unknown;
        };
        match annotation {
            Expr::StringLiteral(literal) => match parse_expression(literal.value.to_str().trim()) {
                Ok(parsed) => self.annotated(parsed.expr(), scope, depth),
                Err(_) => Known::Unknown,
            },
            Expr::NoneLiteral(_) => Known::None,
            Expr::BinOp(operation) if operation.op == Operator::BitOr => {
                let left = self.annotated(&operation.left, scope, depth);
                let right = self.annotated(&operation.right, scope, depth);
                left.or(right)
            }
            Expr::Name(_) | Expr::Attribute(_) => {
                if let Expr::Name(name) = annotation {
                    if let Some(alias) = self.alias(name.id.as_str(), scope) {
                        return self.annotated(alias, Scopes::MODULE, depth);
                    }
                    if let Some(known) = self.type_variable(name.id.as_str(), scope, depth) {
                        return known;
                    }
                }
                match self.head(annotation, scope) {
                    // What satisfies a protocol need not derive from it.
                    Known::Class(class) if self.classes[class as usize].is_protocol => {
                        Known::Unknown
                    }
                    Known::Class(class) => Known::Instance(Type::Class(class)),
                    // A constant is no annotation: an initial capital is enough.
                    Known::Path(path) if is_capital(last(&path)) => {
                        Known::Instance(Type::Path(path))
                    }
                    Known::Outside { path, .. } => self.foreign_annotation(path, scope),
                    _ => Known::Unknown,
                }
            }
            Expr::Subscript(subscript) => match self.head(&subscript.value, scope) {
                Known::Class(class) if self.classes[class as usize].is_protocol => Known::Unknown,
                Known::Class(class) => Known::Instance(Type::Class(class)),
                Known::Path(path) if is_class_name(last(&path)) => {
                    Known::Instance(Type::Path(path))
                }
                Known::Outside { path, .. } => {
                    self.foreign_generic(&path, &subscript.slice, scope, depth)
                }
                _ => Known::Unknown,
            },
            _ => Known::Unknown,
        }
    }

    /// `typing.Optional[C]` and the like.
    fn foreign_generic(&mut self, path: &str, slice: &Expr, scope: ScopeId, depth: u32) -> Known {
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        let elements = match slice {
            Expr::Tuple(tuple) => &tuple.elts[..],
            slice => std::slice::from_ref(slice),
        };
        let is_typing = matches!(module, "typing" | "typing_extensions");
        match name {
            "Optional" | "Union" if is_typing => {
                let mut known = Known::Nothing;
                for element in elements {
                    let element = self.annotated(element, scope, depth);
                    known = known.or(element);
                }
                known
            }
            "Annotated" | "Final" | "ClassVar" | "Required" | "NotRequired" | "ReadOnly"
                if is_typing =>
            {
                match elements.first() {
                    Some(first) => self.annotated(first, scope, depth),
                    None => Known::Unknown,
                }
            }
            "type" | "Type" if is_typing || module == "builtins" => {
                match self.annotated(slice, scope, depth) {
                    Known::Instance(Type::Class(class)) => Known::Class(class),
                    _ => Known::Unknown,
                }
            }
            "Literal" if is_typing => Known::Foreign(None),
            _ if (is_typing && TYPING_ALIASES.contains(&name))
                || (module == "builtins" && BUILTIN_CLASSES.contains(&name)) =>
            {
                Known::Foreign(Some(format!("builtins.{}", name.to_lowercase())))
            }
            // A foreign generic may stand for what it holds (`Mapped[User]`).
            _ => Known::Unknown,
        }
    }

    fn foreign_annotation(&self, path: String, scope: ScopeId) -> Known {
        let (module, name) = path.rsplit_once('.').unwrap_or(("", &path));
        match module {
            "builtins" if BUILTIN_CLASSES.contains(&name) => Known::Foreign(Some(path)),
            "typing" | "typing_extensions" if name == "Self" => {
                let class = self.model.scopes.enclosing(scope).find_map(|at| {
                    self.classes_at
                        .get(&self.model.scopes.scope(at).node)
                        .copied()
                });
                class.map_or(Known::Unknown, |class| Known::Instance(Type::Class(class)))
            }
            "typing" | "typing_extensions" if TYPING_ALIASES.contains(&name) => {
                Known::Foreign(None)
            }
            // Protocols and placeholders: anything may be behind them.
            "builtins" | "typing" | "typing_extensions" | "collections.abc" | "types" => {
                Known::Unknown
            }
            _ if is_class_name(name) && !stands_for_others(name) => {
                Known::Instance(Type::Path(path))
            }
            _ => Known::Unknown,
        }
    }

    /// The value of a module-level alias of a type: `Client = Annotated[httpx.Client, ...]`.
    fn alias(&self, name: &str, scope: ScopeId) -> Option<&'a Expr> {
        let scopes = &self.model.scopes;
        let symbol = scopes.symbol(scopes.lookup(scope, name)?);
        if symbol.scope != Scopes::MODULE {
            return None;
        }
        let [binding] = symbol.bindings[..] else {
            return None;
        };
        match self.model.nodes.parent_node(scopes.binding(binding).node) {
            AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => {
                match assign.value.as_ref() {
                    value @ (Expr::Subscript(_)
                    | Expr::BinOp(_)
                    | Expr::Name(_)
                    | Expr::Attribute(_)) => Some(value),
                    _ => None,
                }
            }
            AnyNodeRef::StmtTypeAlias(alias) if alias.type_params.is_none() => Some(&alias.value),
            _ => None,
        }
    }

    /// What a value is whose type is a type variable: of its bound, or of one of its constraints.
    fn type_variable(&mut self, name: &str, scope: ScopeId, depth: u32) -> Option<Known> {
        let model = self.model;
        let symbol = model.scopes.symbol(model.scopes.lookup(scope, name)?);
        let [binding] = symbol.bindings[..] else {
            return None;
        };
        let node = model.scopes.binding(binding).node;
        let parameter =
            [node, model.nodes.parent(node)]
                .into_iter()
                .find_map(|at| match model.nodes.get(at) {
                    AnyNodeRef::TypeParamTypeVar(parameter) => Some(parameter),
                    _ => None,
                });
        let (bound, constraints): (Option<&Expr>, &[Expr]) = match parameter {
            Some(parameter) => match parameter.bound.as_deref()? {
                Expr::Tuple(tuple) => (None, &tuple.elts),
                bound => (Some(bound), &[]),
            },
            None => match model.nodes.parent_node(node) {
                AnyNodeRef::StmtAssign(assign) => {
                    let Expr::Call(call) = assign.value.as_ref() else {
                        return None;
                    };
                    let is_variable = model.meaning(&call.func).path().is_some_and(|path| {
                        matches!(path, "typing.TypeVar" | "typing_extensions.TypeVar")
                    });
                    if !is_variable {
                        return None;
                    }
                    let bound = call
                        .arguments
                        .find_keyword("bound")
                        .map(|keyword| &keyword.value);
                    (bound, call.arguments.args.get(1..).unwrap_or(&[]))
                }
                _ => return None,
            },
        };
        if let Some(bound) = bound {
            return Some(self.annotated(bound, symbol.scope, depth));
        }
        let mut known = Known::Nothing;
        for constraint in constraints {
            let constraint = self.annotated(constraint, symbol.scope, depth);
            known = known.or(constraint);
        }
        Some(known.settled())
    }

    /// The names of types at module level that are no classes.
    pub(super) fn type_aliases(&mut self) -> Vec<(String, Type)> {
        let scopes = &self.model.scopes;
        let mut symbols: Vec<SymbolId> = scopes
            .scope(Scopes::MODULE)
            .symbols
            .values()
            .copied()
            .filter(|&symbol| self.definition(symbol).is_none())
            .collect();
        symbols.sort_unstable();
        symbols
            .into_iter()
            .filter_map(|symbol| {
                let name = scopes.symbol(symbol).name;
                if !is_capital(name) {
                    return None;
                }
                let known = match self.alias(name, Scopes::MODULE) {
                    Some(alias) => self.annotated(alias, Scopes::MODULE, DEPTH),
                    None => self.type_variable(name, Scopes::MODULE, DEPTH)?,
                };
                Some((name.to_string(), known.into_type()?))
            })
            .collect()
    }

    /// What a name or attribute chain in an annotation is. By name, not by node: a quoted annotation has no nodes.
    pub(super) fn head(&mut self, expr: &Expr, scope: ScopeId) -> Known {
        match expr {
            Expr::Name(name) => {
                let name = name.id.as_str();
                match self.model.scopes.lookup(scope, name) {
                    Some(symbol) => self.definition(symbol).unwrap_or(Known::Unknown),
                    None => self.unbound(name, scope),
                }
            }
            Expr::Attribute(attribute) => {
                let value = self.head(&attribute.value, scope);
                match value {
                    Known::Path(_) | Known::Outside { .. } | Known::Class(_) => {
                        self.member(value, attribute.attr.as_str())
                    }
                    _ => Known::Unknown,
                }
            }
            _ => Known::Unknown,
        }
    }
}
