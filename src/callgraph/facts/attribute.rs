//! What the attributes of instances are.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext, Stmt};

use super::super::{Target, Type};
use super::Reader;
use super::value::{Busy, Known};
use crate::semantic::{NodeId, Runner};

/// Larger families of classes are not looked through for attributes.
const FAMILY: usize = 64;

/// One assignment to an attribute of `self`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Store<'a> {
    /// `self.x = value`
    Value(&'a Expr),
    /// `self.x: annotation`
    Annotated(&'a Expr),
    /// Anything else: unpacked, counted up, a loop variable.
    Opaque,
}

impl<'a> Reader<'a, '_> {
    /// What the attribute of an instance is.
    pub(super) fn attribute(&mut self, class: u32, name: &str) -> Known {
        let key = (class, name.to_string());
        if let Some(known) = self.attributes.get(&key) {
            return known.clone();
        }
        let busy = Busy::Attribute(class, key.1.clone());
        if self.is_endless(&busy) {
            return Known::Unknown;
        }
        self.busy.push(busy);
        let known = self.work_out_attribute(class, name);
        self.busy.pop();
        self.attributes.insert(key, known.clone());
        known
    }

    fn work_out_attribute(&mut self, class: u32, name: &str) -> Known {
        if let Some(method) = self.method(class, name) {
            return if self.is_property(method) && self.returns_annotation(method) {
                self.returns(method, true)
            } else {
                Known::Unknown
            };
        }
        let Some(family) = self.family(class) else {
            return Known::Unknown;
        };
        let model = self.model;
        let mut declared: Option<Known> = None;
        let mut known = Known::Nothing;
        let elsewhere = self.stored_elsewhere.get(name).cloned();
        for (receiver, store) in elsewhere.into_iter().flatten() {
            match (self.known(receiver), store) {
                (Known::Instance(Type::Class(of)) | Known::Class(of), _)
                    if !family.contains(&of) => {}
                (Known::Instance(Type::Class(_)), Store::Value(value)) => {
                    let value = self.known(value);
                    known = known.or(value);
                }
                _ => known = Known::Unknown,
            }
        }
        for member in family {
            if let Some(scope) = self.classes[member as usize].scope
                && let Some(&symbol) = model.scopes.scope(scope).symbols.get(name)
            {
                for binding in model.scopes.symbol(symbol).bindings.clone() {
                    let binding = model.scopes.binding(binding);
                    let found = match model.nodes.parent_node(binding.node) {
                        AnyNodeRef::StmtAnnAssign(assign) => {
                            let found = self.annotation(&assign.annotation, scope);
                            declared = Some(match declared {
                                Some(declared) => declared.or(found),
                                None => found,
                            });
                            continue;
                        }
                        // A descriptor gives something else than itself, so only literals are what they seem.
                        AnyNodeRef::StmtAssign(assign) => match assign.value.as_ref() {
                            call @ Expr::Call(_) => match self.known(call) {
                                Known::Instance(Type::Class(of))
                                    if self.is_no_descriptor(of) && self.keeps_its_body(member) =>
                                {
                                    Known::Instance(Type::Class(of))
                                }
                                _ => Known::Unknown,
                            },
                            Expr::Name(_) | Expr::Attribute(_) => Known::Unknown,
                            value => self.known(value),
                        },
                        _ => Known::Unknown,
                    };
                    known = known.or(found);
                }
            }
            let stores = self
                .stores
                .get(&(member, name.to_string()))
                .cloned()
                .unwrap_or_default();
            for store in stores {
                match store {
                    Store::Annotated(annotation) => {
                        let scope = model.scope_at(model.id(annotation));
                        let found = self.annotation(annotation, scope);
                        declared = Some(match declared {
                            Some(declared) => declared.or(found),
                            None => found,
                        });
                    }
                    Store::Value(value) => {
                        let value = self.known(value);
                        known = known.or(value);
                    }
                    Store::Opaque => known = Known::Unknown,
                }
            }
        }
        match declared {
            Some(declared) if known.is_open() => declared,
            Some(declared) => declared.or(known),
            None => known,
        }
        .settled()
    }

    /// Whether instances of a class that stand in the body of another are what they seem: no base is out of sight, and
    /// none has `__get__`.
    fn is_no_descriptor(&self, class: u32) -> bool {
        self.family(class).is_some_and(|family| {
            family.iter().all(|&member| {
                let info = &self.classes[member as usize];
                let has_get = info.scope.is_some_and(|scope| {
                    let symbols = &self.model.scopes.scope(scope).symbols;
                    symbols.contains_key("__get__") || symbols.contains_key("__getattr__")
                });
                !has_get
                    && info
                        .bases
                        .iter()
                        .all(|base| matches!(base, Target::Class(_)))
            })
        })
    }

    /// Whether the attributes of a class are what its body says: a metaclass (of an `Enum`, a model) makes something else
    /// of them.
    fn keeps_its_body(&self, class: u32) -> bool {
        self.family(class).is_some_and(|family| {
            family.iter().all(|&member| {
                let info = &self.classes[member as usize];
                let plain_bases = info.bases.iter().all(|base| match base {
                    Target::Class(_) => true,
                    Target::Path(path) => {
                        matches!(
                            path.as_str(),
                            "builtins.object" | "abc.ABC" | "typing.Generic"
                        )
                    }
                    _ => false,
                });
                let has_keywords = info
                    .node
                    .arguments
                    .as_ref()
                    .is_some_and(|arguments| !arguments.keywords.is_empty());
                plain_bases && !has_keywords
            })
        })
    }

    /// Whether this file says something of an attribute of a class, so that other files are not asked.
    pub(super) fn is_set_here(&self, class: u32, name: &str) -> bool {
        let Some(family) = self.family(class) else {
            return true;
        };
        self.stored_elsewhere.contains_key(name)
            || family.iter().any(|&member| {
                self.stores.contains_key(&(member, name.to_string()))
                    || self.classes[member as usize].scope.is_some_and(|scope| {
                        self.model.scopes.scope(scope).symbols.contains_key(name)
                    })
            })
    }

    /// Whether a class derives from one of another file of the project.
    pub(super) fn has_base_elsewhere(&self, class: u32) -> bool {
        self.family(class).is_some_and(|family| {
            family.iter().any(|&member| {
                self.classes[member as usize]
                    .bases
                    .iter()
                    .any(|base| matches!(base, Target::Path(path) if self.is_own(path)))
            })
        })
    }

    /// The class with its bases and subclasses in this file: whose methods may set an attribute of its instances.
    pub(super) fn family(&self, class: u32) -> Option<Vec<u32>> {
        let mut family = vec![class];
        for upwards in [true, false] {
            let mut pending = vec![class];
            while let Some(at) = pending.pop() {
                let info = &self.classes[at as usize];
                let next: Vec<u32> = if upwards {
                    info.bases
                        .iter()
                        .filter_map(|base| match base {
                            Target::Class(base) => Some(*base),
                            _ => None,
                        })
                        .collect()
                } else {
                    info.subclasses.clone()
                };
                for class in next {
                    if !family.contains(&class) {
                        family.push(class);
                        pending.push(class);
                        if family.len() > FAMILY {
                            return None;
                        }
                    }
                }
            }
        }
        Some(family)
    }

    /// The attributes that every `__init__` of a class sets to the end: by statements of its body that nothing leaves before.
    pub(super) fn assigned(&self, class: &ast::StmtClassDef) -> Vec<String> {
        let mut inits = class.body.iter().filter_map(|statement| match statement {
            Stmt::FunctionDef(function) if function.name.as_str() == "__init__" => Some(function),
            _ => None,
        });
        let (Some(init), None) = (inits.next(), inits.next()) else {
            return Vec::new();
        };
        let parameters = &init.parameters;
        let Some(receiver) = parameters.posonlyargs.first().or(parameters.args.first()) else {
            return Vec::new();
        };
        let receiver = receiver.parameter.name.as_str();
        let mut assigned = Vec::new();
        for statement in &init.body {
            let targets = match statement {
                Stmt::Assign(assign) => &assign.targets[..],
                Stmt::AnnAssign(assign) if assign.value.is_some() => {
                    std::slice::from_ref(assign.target.as_ref())
                }
                Stmt::Expr(_) | Stmt::Assert(_) | Stmt::Raise(_) | Stmt::Import(_) => continue,
                // Any of these may hold a `return`, or a `del`.
                other if leaves(other) => break,
                _ => continue,
            };
            for target in targets {
                if let Expr::Attribute(attribute) = target
                    && matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == receiver)
                {
                    assigned.push(self.mangled(attribute.attr.as_str(), self.model.id(target)));
                }
            }
        }
        assigned
    }

    /// Notes the attributes that are set, and what functions return: one pass over the file.
    pub(super) fn collect(&mut self) {
        let model = self.model;
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            if let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node)
                && let Expr::Name(name) = attribute.value.as_ref()
                && let Some(symbol) = model.scopes.symbol_of(model.id(name))
            {
                let mark = self
                    .marks
                    .entry((symbol, attribute.attr.as_str()))
                    .or_default();
                mark.0 |= attribute.ctx == ExprContext::Store;
                mark.1 |= attribute.ctx == ExprContext::Load;
            }
            match model.nodes.get(node) {
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx == ExprContext::Store => {
                    let name = self.mangled(attribute.attr.as_str(), node);
                    let class = match attribute.value.as_ref() {
                        Expr::Name(name) => model
                            .scopes
                            .symbol_of(model.id(name))
                            .and_then(|symbol| self.selves.get(&symbol)),
                        _ => None,
                    };
                    let store = match model.nodes.parent_node(node) {
                        AnyNodeRef::StmtAssign(assign) => Store::Value(&assign.value),
                        AnyNodeRef::StmtAnnAssign(assign) => Store::Annotated(&assign.annotation),
                        _ => Store::Opaque,
                    };
                    let Some(&(class, _)) = class else {
                        let stores = self.stored_elsewhere.entry(name).or_default();
                        stores.push((&attribute.value, store));
                        continue;
                    };
                    self.stores.entry((class, name)).or_default().push(store);
                }
                AnyNodeRef::StmtReturn(statement) => {
                    if let Runner::Function(index) = model.runner(node)
                        && let Some(value) = &statement.value
                    {
                        self.return_values[index as usize].push(value);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a statement may end the function that it stands in, or delete something.
fn leaves(statement: &Stmt) -> bool {
    struct Leaving(bool);
    impl<'a> Visitor<'a> for Leaving {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            match statement {
                Stmt::Return(_) | Stmt::Delete(_) => self.0 = true,
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                other => walk_stmt(self, other),
            }
        }
    }
    let mut visitor = Leaving(false);
    visitor.visit_stmt(statement);
    visitor.0
}
