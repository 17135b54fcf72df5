//! What the elements of containers are.

use ruff_python_ast::{AnyNodeRef, Expr, ExprSubscript};

use super::super::Type;
use super::Reader;
use super::value::{Known, last};
use crate::semantic::scope::ScopeId;
use crate::semantic::{BindingKind, NodeId};

/// The generic types of whose elements each is of the one type that stands between the brackets.
#[rustfmt::skip]
const OF_ONE: &[&str] = &[
    "AbstractSet", "Collection", "Deque", "FrozenSet", "Iterable", "Iterator", "List", "MutableSequence", "MutableSet",
    "Sequence", "Set", "deque", "frozenset", "list", "set",
];

/// Those of them that take an index.
const INDEXED: &[&str] = &[
    "Deque",
    "List",
    "MutableSequence",
    "Sequence",
    "deque",
    "list",
];

/// The generic types of keys and values.
#[rustfmt::skip]
const MAPPINGS: &[&str] = &[
    "DefaultDict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "dict",
];

/// Builtins that give the elements of their first argument.
const THE_SAME: &[&str] = &["iter", "list", "reversed", "set", "sorted", "tuple"];

/// An annotation `name[parts]`.
struct Container<'a> {
    name: String,
    parts: &'a [Expr],
    scope: ScopeId,
}

impl<'a> Reader<'a, '_> {
    /// What `value[index]` is.
    pub(super) fn item(&mut self, subscript: &'a ExprSubscript) -> Known {
        let Some(container) = self.container(&subscript.value) else {
            return Known::Unknown;
        };
        let Container { name, parts, scope } = container;
        match (name.as_str(), parts) {
            (_, [_, value]) if MAPPINGS.contains(&name.as_str()) => self.annotation(value, scope),
            _ if subscript.slice.is_slice_expr() => Known::Unknown,
            (_, [element]) if INDEXED.contains(&name.as_str()) => self.annotation(element, scope),
            ("tuple" | "Tuple", [element, Expr::EllipsisLiteral(_)]) => {
                self.annotation(element, scope)
            }
            ("tuple" | "Tuple", parts) => match subscript.slice.as_ref() {
                Expr::NumberLiteral(number) => {
                    let index = number.value.as_int().and_then(|index| index.as_usize());
                    match index.and_then(|index| parts.get(index)) {
                        Some(part) if !parts.iter().any(Expr::is_starred_expr) => {
                            self.annotation(part, scope)
                        }
                        _ => Known::Unknown,
                    }
                }
                _ => Known::Unknown,
            },
            _ => Known::Unknown,
        }
    }

    /// What the elements of an iterable are.
    pub(super) fn element(&mut self, iterable: &'a Expr) -> Known {
        match iterable {
            Expr::Tuple(tuple) => self.either(&tuple.elts),
            Expr::List(list) => self.either(&list.elts),
            Expr::Set(set) => self.either(&set.elts),
            Expr::Call(call) => {
                if let Some(name) = self.builtin(&call.func)
                    && THE_SAME.contains(&name.as_str())
                    && let [first, ..] = &call.arguments.args[..]
                {
                    return self.element(first);
                }
                match self.mapping_view(iterable) {
                    Some(("values", [_, value], scope)) => self.annotation(value, scope),
                    Some(("keys", [key, _], scope)) => self.annotation(key, scope),
                    Some(_) => Known::Unknown,
                    None => self.container_element(iterable),
                }
            }
            _ => self.container_element(iterable),
        }
    }

    fn container_element(&mut self, iterable: &'a Expr) -> Known {
        let Some(Container { name, parts, scope }) = self.container(iterable) else {
            return Known::Unknown;
        };
        match parts {
            [element] if OF_ONE.contains(&name.as_str()) => self.annotation(element, scope),
            [element, Expr::EllipsisLiteral(_)] if matches!(name.as_str(), "tuple" | "Tuple") => {
                self.annotation(element, scope)
            }
            [key, _] if MAPPINGS.contains(&name.as_str()) => self.annotation(key, scope),
            _ => Known::Unknown,
        }
    }

    /// One of the values of a display.
    fn either(&mut self, elements: &'a [Expr]) -> Known {
        let mut known = Known::Nothing;
        let mut types: Vec<Type> = Vec::new();
        for element in elements {
            let element = match element {
                Expr::Starred(_) => return Known::Unknown,
                element => self.known(element),
            };
            if let Known::Instance(type_) = &element
                && !types.contains(type_)
            {
                types.push(type_.clone());
            } else if !matches!(element, Known::Instance(_)) {
                types.clear();
                // Several classes only where every element has one.
                known = if known == Known::Nothing && elements.len() == 1 {
                    element
                } else {
                    return Known::Unknown;
                };
                continue;
            }
            known = element;
        }
        match types.len() {
            0 | 1 => known.settled(),
            _ => Known::Instance(Type::Either(types)),
        }
    }

    /// What a name holds that is a part of an unpacked target.
    pub(super) fn unpacked(&mut self, node: NodeId) -> Known {
        let model = self.model;
        let parent = model.nodes.parent(node);
        let parts = match model.nodes.get(parent) {
            AnyNodeRef::ExprTuple(tuple) => &tuple.elts,
            AnyNodeRef::ExprList(list) => &list.elts,
            _ => return Known::Unknown,
        };
        if parts.iter().any(Expr::is_starred_expr) {
            return Known::Unknown;
        }
        let Some(index) = parts.iter().position(|part| model.id(part) == node) else {
            return Known::Unknown;
        };
        let is_target = |target: &Expr| model.id(target) == parent;
        match model.nodes.parent_node(parent) {
            AnyNodeRef::StmtAssign(assign) if assign.targets.iter().any(is_target) => {
                self.part(&assign.value, index, parts.len())
            }
            AnyNodeRef::StmtFor(for_) if !for_.is_async && is_target(&for_.target) => {
                self.part_of_element(&for_.iter, index, parts.len())
            }
            AnyNodeRef::Comprehension(clause) if !clause.is_async && is_target(&clause.target) => {
                self.part_of_element(&clause.iter, index, parts.len())
            }
            _ => Known::Unknown,
        }
    }

    /// One part of a value that is unpacked.
    fn part(&mut self, value: &'a Expr, index: usize, count: usize) -> Known {
        if let Expr::Tuple(tuple) = value {
            let elements = &tuple.elts;
            return if elements.len() == count && !elements.iter().any(Expr::is_starred_expr) {
                self.known(&elements[index])
            } else {
                Known::Unknown
            };
        }
        match self.container(value) {
            Some(Container { name, parts, scope })
                if matches!(name.as_str(), "tuple" | "Tuple")
                    && parts.len() == count
                    && !parts
                        .iter()
                        .any(|part| part.is_starred_expr() || part.is_ellipsis_literal_expr()) =>
            {
                self.annotation(&parts[index], scope)
            }
            _ => Known::Unknown,
        }
    }

    /// One part of each element of an iterable.
    fn part_of_element(&mut self, iterable: &'a Expr, index: usize, count: usize) -> Known {
        if count != 2 {
            return Known::Unknown;
        }
        if let Some(("items", parts @ [_, _], scope)) = self.mapping_view(iterable) {
            return self.annotation(&parts[index], scope);
        }
        let Expr::Call(call) = iterable else {
            return Known::Unknown;
        };
        match (
            self.builtin(&call.func).as_deref(),
            &call.arguments.args[..],
        ) {
            (Some("enumerate"), [first, ..]) if index == 1 => self.element(first),
            (Some("zip"), [_, _]) => self.element(&call.arguments.args[index]),
            _ => Known::Unknown,
        }
    }

    /// `mapping.values()` of an annotated mapping: the method, and the types of keys and values.
    fn mapping_view(&mut self, expr: &'a Expr) -> Option<(&'a str, &'a [Expr], ScopeId)> {
        let Expr::Call(call) = expr else {
            return None;
        };
        let Expr::Attribute(attribute) = call.func.as_ref() else {
            return None;
        };
        if !call.arguments.is_empty() {
            return None;
        }
        let container = self.container(&attribute.value)?;
        MAPPINGS.contains(&container.name.as_str()).then_some((
            attribute.attr.as_str(),
            container.parts,
            container.scope,
        ))
    }

    fn builtin(&mut self, func: &'a Expr) -> Option<String> {
        match self.known(func) {
            Known::Outside { path, .. } => path.strip_prefix("builtins.").map(str::to_string),
            _ => None,
        }
    }

    /// The annotation of a container: of a parameter or variable that is bound once, or of what a function of this file
    /// returns.
    fn container(&mut self, expr: &'a Expr) -> Option<Container<'a>> {
        let model = self.model;
        let annotation = match expr {
            Expr::Name(_) => {
                let symbol = model.scopes.symbol_of(model.id(expr))?;
                let mut annotation = None;
                for &binding in &model.scopes.symbol(symbol).bindings {
                    let binding = model.scopes.binding(binding);
                    let found = match model.nodes.get(binding.node) {
                        AnyNodeRef::Parameter(parameter) if !self.is_variadic(binding.node) => {
                            parameter.annotation.as_deref()
                        }
                        AnyNodeRef::ExprName(_) => match model.nodes.parent_node(binding.node) {
                            AnyNodeRef::StmtAnnAssign(assign) => Some(assign.annotation.as_ref()),
                            _ => None,
                        },
                        _ => None,
                    };
                    // Something else may be in it.
                    if found.is_none() || annotation.is_some() {
                        return None;
                    }
                    if matches!(binding.kind, BindingKind::Deleted) {
                        return None;
                    }
                    annotation = found;
                }
                annotation?
            }
            Expr::Call(call) => match self.known(&call.func) {
                Known::Function(index)
                    if model.scopes.functions()[index as usize]
                        .definition
                        .is_some_and(|definition| {
                            !definition.is_async && definition.decorator_list.is_empty()
                        }) =>
                {
                    model.scopes.functions()[index as usize]
                        .definition?
                        .returns
                        .as_deref()?
                }
                _ => return None,
            },
            _ => return None,
        };
        let Expr::Subscript(subscript) = annotation else {
            return None;
        };
        let scope = model.scope_at(model.id(annotation));
        let Known::Outside { path, .. } = self.head(&subscript.value, scope) else {
            return None;
        };
        let module = path.rsplit_once('.').map_or("", |(module, _)| module);
        if !matches!(
            module,
            "builtins" | "typing" | "typing_extensions" | "collections" | "collections.abc"
        ) {
            return None;
        }
        let parts = match subscript.slice.as_ref() {
            Expr::Tuple(tuple) => &tuple.elts[..],
            one => std::slice::from_ref(one),
        };
        Some(Container {
            name: last(&path).to_string(),
            parts,
            scope,
        })
    }
}
