//! What a call calls: a function of this file, or a dotted path, through names, methods and the types of receivers.
//!
//! Types are read off what the file says: constructors, annotations, `self`. Where two answers are possible there is
//! none.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext, ExprRef, Operator};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use std::cell::RefCell;

use super::nodes::NodeId;
use super::reaching::Reaching;
use super::scope::{BindingId, BindingKind, SymbolId};
use super::{Meaning, Model, Runner};

/// What a call calls.
#[derive(Clone, Debug)]
pub enum Callee<'a> {
    /// One of these functions of this file (a method and its overrides).
    Functions(Vec<&'a ast::StmtFunctionDef>),
    /// What this dotted path names: a function, or a method as `module.Class.method`.
    Path(String),
    /// Not known.
    Unknown,
}

/// The class of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    /// A class of this file.
    Local(NodeId),
    /// What this dotted path names.
    Path(String),
}

/// It cannot be told.
struct Unknown;

/// What a list is made of.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// One of its elements.
    Element(&'a Expr),
    /// A list.
    Whole(ExprRef<'a>),
}

/// Finds callees in one file.
pub struct Callees<'a, 'm> {
    model: &'m Model<'a>,
    /// Every `x.attr = ...` of the file, by `attr`: the attribute node.
    stores: FxHashMap<&'a str, Vec<NodeId>>,
    /// Every class of the file.
    classes: Vec<&'a ast::StmtClassDef>,
    /// What the loads of names with several kinds of values may see, filled in when asked for.
    reaching: RefCell<FxHashMap<SymbolId, Reaching>>,
}

/// How far types are followed through names and attributes.
const DEPTH: u32 = 6;

impl<'a, 'm> Callees<'a, 'm> {
    /// Collects attribute stores and classes: one pass over the file.
    pub fn new(model: &'m Model<'a>) -> Self {
        let mut stores: FxHashMap<&'a str, Vec<NodeId>> = FxHashMap::default();
        let mut classes = Vec::new();
        for id in model.nodes.all() {
            match model.nodes.get(id) {
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx != ExprContext::Load => {
                    stores.entry(attribute.attr.as_str()).or_default().push(id);
                }
                AnyNodeRef::StmtClassDef(class) => classes.push(class),
                _ => {}
            }
        }
        Self {
            model,
            stores,
            classes,
            reaching: RefCell::default(),
        }
    }

    /// Whether the value of an expression is a `pathlib.Path`.
    pub fn is_path(&self, expr: &'a Expr) -> bool {
        self.type_of(expr, DEPTH)
            .is_some_and(|type_| is_path_type(&type_))
    }

    /// What a call of this expression calls.
    pub fn of(&self, func: &'a Expr) -> Callee<'a> {
        self.of_within(func, DEPTH)
    }

    fn of_within(&self, func: &'a Expr, depth: u32) -> Callee<'a> {
        match func {
            Expr::Name(_) => {
                if let Some(symbol) = self.model.scopes.symbol_of(self.model.id(func))
                    && let Some(functions) = self.functions(symbol)
                {
                    return Callee::Functions(functions);
                }
                self.path(func)
            }
            Expr::Attribute(attribute) => {
                if let Callee::Path(path) = self.path(func) {
                    return Callee::Path(path);
                }
                match self.type_of(&attribute.value, depth) {
                    Some(type_) => self.method(&type_, attribute.attr.as_str()),
                    None => Callee::Unknown,
                }
            }
            _ => Callee::Unknown,
        }
    }

    /// The class of this file of which the expression is an object.
    pub fn constructs(&self, expr: &'a Expr) -> Option<&'a ast::StmtClassDef> {
        match self.type_of(expr, DEPTH)? {
            Type::Local(class) => match self.model.nodes.get(class) {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            },
            Type::Path(_) => None,
        }
    }

    /// The dotted path of the class of a value, where the class is not of this file.
    pub fn type_path(&self, value: &'a Expr) -> Option<String> {
        match self.type_of(value, DEPTH)? {
            Type::Path(path) => Some(path),
            Type::Local(_) => None,
        }
    }

    fn path(&self, func: &Expr) -> Callee<'a> {
        match self.model.meaning(func) {
            Meaning::Path(path) => Callee::Path(path),
            Meaning::Ambiguous(_) | Meaning::Unknown => Callee::Unknown,
        }
    }

    /// The functions that a name can only mean.
    fn functions(&self, symbol: SymbolId) -> Option<Vec<&'a ast::StmtFunctionDef>> {
        let bindings = &self.model.scopes.symbol(symbol).bindings;
        let mut functions = Vec::with_capacity(bindings.len());
        for &binding in bindings {
            match self
                .model
                .nodes
                .get(self.model.scopes.binding(binding).node)
            {
                AnyNodeRef::StmtFunctionDef(function) => functions.push(function),
                _ => return None,
            }
        }
        (!functions.is_empty()).then_some(functions)
    }

    fn method(&self, type_: &Type, name: &str) -> Callee<'a> {
        match type_ {
            Type::Path(path) => Callee::Path(format!("{path}.{name}")),
            Type::Local(class) => {
                // `self.method = ...` replaces it on one object.
                if self.stores.contains_key(name) {
                    return Callee::Unknown;
                }
                let mut callee = self.inherited(*class, name, DEPTH);
                if let Callee::Functions(functions) = &mut callee {
                    for &other in &self.classes {
                        let other_id = self.model.id(other);
                        if other_id == *class || !self.is_below(other, *class, DEPTH) {
                            continue;
                        }
                        match self.own(other_id, name) {
                            Some(Some(more)) => functions.extend(more),
                            Some(None) => return Callee::Unknown,
                            None => {}
                        }
                    }
                }
                callee
            }
        }
    }

    /// What the class body itself binds to a name: nothing, functions, or something else.
    fn own(&self, class: NodeId, name: &str) -> Option<Option<Vec<&'a ast::StmtFunctionDef>>> {
        let AnyNodeRef::StmtClassDef(definition) = self.model.nodes.get(class) else {
            return Some(None);
        };
        let first = definition.body.first()?;
        let scope = self.model.scopes.scope_of(self.model.id(first));
        let symbol = *self.model.scopes.scope(scope).symbols.get(name)?;
        Some(self.functions(symbol))
    }

    fn inherited(&self, class: NodeId, name: &str, depth: u32) -> Callee<'a> {
        match self.own(class, name) {
            Some(Some(functions)) => return Callee::Functions(functions),
            Some(None) => return Callee::Unknown,
            None => {}
        }
        let AnyNodeRef::StmtClassDef(definition) = self.model.nodes.get(class) else {
            return Callee::Unknown;
        };
        if depth == 0 {
            return Callee::Unknown;
        }
        // In the order of the bases: the first that has the method, or that may have it.
        for base in definition.bases() {
            match self.class_of(base) {
                Some(Type::Local(base)) => match self.inherited(base, name, depth - 1) {
                    Callee::Unknown if self.lacks(base, name, depth - 1) => {}
                    found => return found,
                },
                Some(Type::Path(path)) if is_empty_base(&path) => {}
                Some(Type::Path(path)) => return Callee::Path(format!("{path}.{name}")),
                None => return Callee::Unknown,
            }
        }
        Callee::Unknown
    }

    /// Whether a class of this file and all its bases are known not to have a method.
    fn lacks(&self, class: NodeId, name: &str, depth: u32) -> bool {
        if depth == 0 || self.own(class, name).is_some() {
            return false;
        }
        let AnyNodeRef::StmtClassDef(definition) = self.model.nodes.get(class) else {
            return false;
        };
        definition
            .bases()
            .iter()
            .all(|base| match self.class_of(base) {
                Some(Type::Local(base)) => self.lacks(base, name, depth - 1),
                Some(Type::Path(path)) => is_empty_base(&path),
                None => false,
            })
    }

    /// Whether a class inherits from another one of this file.
    fn is_below(&self, class: &'a ast::StmtClassDef, above: NodeId, depth: u32) -> bool {
        depth > 0
            && class.bases().iter().any(|base| match self.class_of(base) {
                Some(Type::Local(base)) if base == above => true,
                Some(Type::Local(base)) => match self.model.nodes.get(base) {
                    AnyNodeRef::StmtClassDef(base) => self.is_below(base, above, depth - 1),
                    _ => false,
                },
                _ => false,
            })
    }

    /// The dotted paths of the bases of a class that are not in this file, those of its bases here included; an empty
    /// string for one that is not known.
    pub fn foreign_bases(&self, class: &'a ast::StmtClassDef) -> Vec<String> {
        let mut found = Vec::new();
        let mut pending = vec![class];
        let mut seen = Vec::new();
        while let Some(class) = pending.pop() {
            for base in class.bases() {
                match self.class_of(base) {
                    Some(Type::Local(base)) => {
                        if !seen.contains(&base)
                            && let AnyNodeRef::StmtClassDef(class) = self.model.nodes.get(base)
                        {
                            seen.push(base);
                            pending.push(class);
                        }
                    }
                    Some(Type::Path(path)) if is_empty_base(&path) => {}
                    Some(Type::Path(path)) => found.push(path),
                    None => found.push(String::new()),
                }
            }
        }
        found
    }

    /// The class that an expression names: `Client`, `httpx.AsyncClient`, `Base[T]`.
    fn class_of(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::Subscript(subscript) => self.class_of(&subscript.value),
            Expr::Name(_) | Expr::Attribute(_) => {
                if let Meaning::Path(path) = self.model.meaning(expr) {
                    return Some(Type::Path(path));
                }
                let Expr::Name(_) = expr else { return None };
                let symbol = self.model.scopes.symbol_of(self.model.id(expr))?;
                match &*self.model.scopes.symbol(symbol).bindings {
                    [only] => {
                        let node = self.model.scopes.binding(*only).node;
                        matches!(self.model.nodes.get(node), AnyNodeRef::StmtClassDef(_))
                            .then_some(Type::Local(node))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The class of a value, or the class itself where it is one.
    fn type_of(&self, expr: &'a Expr, depth: u32) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        match expr {
            Expr::Call(call) => match self.class_of(&call.func) {
                Some(Type::Path(path)) => {
                    let last = path.rsplit('.').next().unwrap_or(&path);
                    if last.starts_with(|first: char| first.is_ascii_uppercase()) {
                        return Some(Type::Path(path));
                    }
                    matches!(&*path, "pathlib.Path.cwd" | "pathlib.Path.home")
                        .then(path_type)
                        .or_else(|| result_of(&path).map(|class| Type::Path(class.to_string())))
                }
                Some(local) => Some(local),
                None => self.type_of_result(call, depth).or_else(|| {
                    match self.of_within(&call.func, depth) {
                        Callee::Path(path) => {
                            result_of(&path).map(|class| Type::Path(class.to_string()))
                        }
                        Callee::Functions(_) | Callee::Unknown => None,
                    }
                }),
            },
            Expr::Name(_) => {
                let node = self.model.id(expr);
                let symbol = self.model.scopes.symbol_of(node)?;
                self.type_of_symbol(symbol, depth)
                    .or_else(|| self.type_here(symbol, node, depth))
            }
            Expr::Attribute(attribute) => match self.type_of(&attribute.value, depth)? {
                Type::Local(class) => self.type_of_attribute(class, attribute.attr.as_str(), depth),
                type_ if is_path_type(&type_) => {
                    (attribute.attr.as_str() == "parent").then(path_type)
                }
                Type::Path(path) => attribute_of(&path, attribute.attr.as_str())
                    .map(|class| Type::Path(class.to_string())),
            },
            Expr::Subscript(subscript) => match subscript.value.as_ref() {
                Expr::Attribute(attribute) if attribute.attr.as_str() == "parents" => self
                    .type_of(&attribute.value, depth)
                    .filter(|type_| is_path_type(type_) && !subscript.slice.is_slice_expr()),
                _ => None,
            },
            // `path / name`, and `name / path`.
            Expr::BinOp(operation) if operation.op == Operator::Div => {
                [operation.left.as_ref(), operation.right.as_ref()]
                    .into_iter()
                    .find_map(|side| self.type_of(side, depth).filter(is_path_type))
            }
            Expr::If(choice) => self
                .type_of(&choice.body, depth)
                .filter(|type_| self.type_of(&choice.orelse, depth).as_ref() == Some(type_)),
            Expr::Named(named) => self.type_of(&named.value, depth),
            _ => None,
        }
    }

    /// The type of what a function or method returns: of a path, or as the annotation of a function of this file says.
    fn type_of_result(&self, call: &'a ast::ExprCall, depth: u32) -> Option<Type> {
        if let Expr::Attribute(attribute) = call.func.as_ref()
            && makes_path(attribute.attr.as_str())
            && let Some(type_) = self.type_of(&attribute.value, depth)
            && is_path_type(&type_)
        {
            return Some(type_);
        }
        // `page = page.next()` leads to itself.
        let Callee::Functions(functions) = self.of_within(&call.func, depth) else {
            return None;
        };
        let mut types = functions.iter().map(|function| {
            let is_plain = !function.is_async
                && function.decorator_list.iter().all(|decorator| {
                    matches!(
                        self.model.meaning(&decorator.expression).path(),
                        Some(
                            "builtins.staticmethod"
                                | "builtins.classmethod"
                                | "functools.cache"
                                | "functools.lru_cache"
                        )
                    )
                });
            let annotation = function.returns.as_deref().filter(|_| is_plain)?;
            self.annotated(annotation)
        });
        let first = types.next()??;
        types
            .all(|other| other.as_ref() == Some(&first))
            .then_some(first)
    }

    /// The type of a name at one place, where its bindings differ: by those that reach it.
    fn type_here(&self, symbol: SymbolId, load: NodeId, depth: u32) -> Option<Type> {
        let model = self.model;
        let bindings = &model.scopes.symbol(symbol).bindings;
        let owner = model.scopes.scope(model.scopes.symbol(symbol).scope).node;
        let runner = model.runner(load);
        let runs_owner = match runner {
            Runner::Function(index) => model.scopes.functions().get(index as usize)?.node == owner,
            // A function that says `global` may run in between.
            Runner::Module => bindings
                .iter()
                .all(|&binding| model.runner(model.scopes.binding(binding).node) == Runner::Module),
            Runner::Class => false,
        };
        if bindings.len() < 2 || !runs_owner {
            return None;
        }
        let reaching: Vec<BindingId> = {
            let mut known = self.reaching.borrow_mut();
            let known = known.entry(symbol).or_insert_with(|| {
                let body = model.body_of(runner);
                Reaching::new(model, body, &std::iter::once(symbol).collect())
            });
            known.at(load)?.to_vec()
        };
        if reaching.len() == bindings.len() {
            return None;
        }
        self.type_of_bindings(&reaching, depth)
    }

    fn type_of_symbol(&self, symbol: SymbolId, depth: u32) -> Option<Type> {
        self.type_of_bindings(&self.model.scopes.symbol(symbol).bindings, depth)
    }

    fn type_of_bindings(&self, bindings: &[BindingId], depth: u32) -> Option<Type> {
        let scopes = &self.model.scopes;
        let mut found: Option<Type> = None;
        let mut is_derived = false;
        for &id in bindings {
            let binding = scopes.binding(id);
            // `path = path.parent`, `path /= name`: a path if it was one.
            let derives = match binding.kind {
                BindingKind::Assign { value } => self
                    .expr_at(value)
                    .is_some_and(|value| self.derives_path(value, binding.symbol)),
                BindingKind::Augmented => matches!(
                    self.model.nodes.parent_node(binding.node),
                    AnyNodeRef::StmtAugAssign(assign) if assign.op == Operator::Div
                ),
                _ => false,
            };
            if derives && bindings.len() > 1 {
                is_derived = true;
                continue;
            }
            let type_ = match &binding.kind {
                BindingKind::Class => Some(Type::Local(binding.node)),
                BindingKind::Parameter => self.type_of_parameter(binding.node),
                BindingKind::Declared => continue,
                BindingKind::Assign { value } => {
                    let node = self.model.nodes.get(*value);
                    if matches!(node, AnyNodeRef::ExprNoneLiteral(_)) {
                        continue;
                    }
                    self.expr_at(*value)
                        .and_then(|value| self.type_of(value, depth))
                }
                // Only of foreign classes is it known by convention that `__enter__` returns the object itself.
                BindingKind::With { value, .. } => self
                    .expr_at(*value)
                    .and_then(|value| self.type_of(value, depth))
                    .filter(|type_| matches!(type_, Type::Path(_))),
                BindingKind::Unpacked => self.unpacked(binding.node, depth),
                BindingKind::For { value } => {
                    let listed = self
                        .expr_at(*value)
                        .and_then(|value| self.type_of_element(value, depth));
                    match listed {
                        Some(type_) => Some(type_),
                        None => {
                            let iterable = self.model.expr(*value)?;
                            match self.type_of_elements(iterable, binding.symbol, depth) {
                                Ok(None) => continue,
                                Ok(found) => found,
                                Err(Unknown) => None,
                            }
                        }
                    }
                }
                _ => None,
            }?;
            match &found {
                Some(other) if *other != type_ => return None,
                _ => found = Some(type_),
            }
        }
        found.filter(|type_| !is_derived || is_path_type(type_))
    }

    /// Whether an expression makes another path of this name's path.
    fn derives_path(&self, expr: &Expr, symbol: SymbolId) -> bool {
        match expr {
            Expr::Name(_) => self.model.scopes.symbol_of(self.model.id(expr)) == Some(symbol),
            Expr::Attribute(attribute) => {
                attribute.attr.as_str() == "parent" && self.derives_path(&attribute.value, symbol)
            }
            Expr::BinOp(operation) => {
                operation.op == Operator::Div && self.derives_path(&operation.left, symbol)
            }
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Attribute(attribute) => {
                    makes_path(attribute.attr.as_str())
                        && self.derives_path(&attribute.value, symbol)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// The type of the elements of an iterable: of a directory's listing, or as an annotation says.
    fn type_of_element(&self, iterable: &'a Expr, depth: u32) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        match iterable {
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = call.func.as_ref()
                    && matches!(attribute.attr.as_str(), "iterdir" | "glob" | "rglob")
                {
                    return self.type_of(&attribute.value, depth).filter(is_path_type);
                }
                let takes = self
                    .model
                    .meaning(&call.func)
                    .below("builtins")
                    .is_some_and(|name| {
                        matches!(
                            name,
                            "sorted" | "list" | "tuple" | "set" | "reversed" | "frozenset"
                        )
                    });
                let first = call.arguments.args.first().filter(|_| takes)?;
                self.type_of_element(first, depth)
            }
            Expr::Attribute(attribute) if attribute.attr.as_str() == "parents" => {
                self.type_of(&attribute.value, depth).filter(is_path_type)
            }
            Expr::Name(_) => {
                let symbol = self.model.scopes.symbol_of(self.model.id(iterable))?;
                let [only] = &*self.model.scopes.symbol(symbol).bindings else {
                    return None;
                };
                let binding = self.model.scopes.binding(*only);
                match binding.kind {
                    BindingKind::Assign { value } => {
                        self.type_of_element(self.expr_at(value)?, depth)
                    }
                    BindingKind::Parameter => {
                        let AnyNodeRef::Parameter(parameter) = self.model.nodes.get(binding.node)
                        else {
                            return None;
                        };
                        self.annotated_element(parameter.annotation.as_deref()?)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `list[T]`, `Iterable[T]`, `tuple[T, ...]`.
    fn annotated_element(&self, annotation: &Expr) -> Option<Type> {
        let Expr::Subscript(subscript) = annotation else {
            return None;
        };
        let path = self.model.meaning(&subscript.value);
        let last = path.path()?.rsplit('.').next()?.to_ascii_lowercase();
        let is_collection = matches!(
            &*last,
            "list"
                | "set"
                | "frozenset"
                | "sequence"
                | "iterable"
                | "iterator"
                | "collection"
                | "tuple"
        );
        if !is_collection {
            return None;
        }
        match subscript.slice.as_ref() {
            Expr::Tuple(tuple) => match tuple.elts.as_slice() {
                [of, Expr::EllipsisLiteral(_)] => self.annotated(of),
                _ => None,
            },
            of => self.annotated(of),
        }
    }

    /// The class of a name in `a, b = A(), B()`, and of the first of what `accept` of a socket returns.
    fn unpacked(&self, target: NodeId, depth: u32) -> Option<Type> {
        let nodes = &self.model.nodes;
        let tuple = nodes.parent(target);
        let AnyNodeRef::ExprTuple(targets) = nodes.get(tuple) else {
            return None;
        };
        let AnyNodeRef::StmtAssign(assign) = nodes.parent_node(tuple) else {
            return None;
        };
        let is_target = |element: &Expr| self.model.id(element) == target;
        let index = targets.elts.iter().position(is_target)?;
        match assign.value.as_ref() {
            Expr::Tuple(values)
                if values.elts.len() == targets.elts.len()
                    && !values
                        .elts
                        .iter()
                        .chain(&targets.elts)
                        .any(Expr::is_starred_expr) =>
            {
                self.type_of(values.elts.get(index)?, depth)
            }
            Expr::Call(call) if index == 0 => match self.of_within(&call.func, depth) {
                Callee::Path(path) if path == "socket.socket.accept" => {
                    Some(Type::Path("socket.socket".to_string()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The foreign class of all the elements of what is iterated: a display, a comprehension, or a list of this function that
    /// is filled with such objects only. Elements that are `of` itself say nothing: `Ok(None)` if there are no others.
    fn type_of_elements(
        &self,
        iterable: ExprRef<'a>,
        of: SymbolId,
        depth: u32,
    ) -> Result<Option<Type>, Unknown> {
        let depth = depth.checked_sub(1).ok_or(Unknown)?;
        let mut found: Option<Type> = None;
        let mut add = |type_: Option<Type>| match (type_, &found) {
            (None, _) => Ok(()),
            (Some(Type::Local(_)), _) => Err(Unknown),
            (Some(type_), Some(other)) if type_ != *other => Err(Unknown),
            (Some(type_), _) => {
                found = Some(type_);
                Ok(())
            }
        };
        let element = |element: &'a Expr| {
            if element.is_name_expr()
                && self.model.scopes.symbol_of(self.model.id(element)) == Some(of)
            {
                return Ok(None);
            }
            self.type_of(element, depth).map(Some).ok_or(Unknown)
        };
        match iterable {
            ExprRef::List(list) => {
                for part in &list.elts {
                    add(element(part)?)?;
                }
            }
            ExprRef::Tuple(tuple) => {
                for part in &tuple.elts {
                    add(element(part)?)?;
                }
            }
            ExprRef::ListComp(comprehension) => add(element(&comprehension.elt)?)?,
            ExprRef::SetComp(comprehension) => add(element(&comprehension.elt)?)?,
            ExprRef::Generator(comprehension) => add(element(&comprehension.elt)?)?,
            ExprRef::Name(name) => {
                let symbol = self.model.scopes.symbol_of(self.model.id(name));
                let parts = symbol.and_then(|symbol| self.parts_of(symbol));
                for part in parts.ok_or(Unknown)? {
                    add(match part {
                        Part::Element(part) => element(part)?,
                        Part::Whole(whole) => self.type_of_elements(whole, of, depth)?,
                    })?;
                }
            }
            _ => return Err(Unknown),
        }
        Ok(found)
    }

    /// What a list of this file is made of: what is assigned to its name, and what is appended. `None` where anything else
    /// is done with it than to look at it.
    fn parts_of(&self, symbol: SymbolId) -> Option<Vec<Part<'a>>> {
        let model = self.model;
        let symbol = model.scopes.symbol(symbol);
        let mut parts = Vec::new();
        for &binding in &symbol.bindings {
            let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
                return None;
            };
            match model.expr(value)? {
                ExprRef::List(list) if list.elts.is_empty() => {}
                whole @ (ExprRef::List(_)
                | ExprRef::Tuple(_)
                | ExprRef::ListComp(_)
                | ExprRef::SetComp(_)) => parts.push(Part::Whole(whole)),
                _ => return None,
            }
        }
        for &reference in &symbol.references {
            match model.nodes.parent_node(reference) {
                AnyNodeRef::StmtFor(_) | AnyNodeRef::Comprehension(_) => {}
                AnyNodeRef::Arguments(arguments) => {
                    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments))
                    else {
                        return None;
                    };
                    let looks = matches!(
                        model.meaning(&call.func).path(),
                        Some(
                            "builtins.len"
                                | "builtins.enumerate"
                                | "builtins.reversed"
                                | "builtins.zip"
                                | "concurrent.futures.as_completed"
                                | "concurrent.futures.wait"
                        )
                    );
                    if !looks {
                        return None;
                    }
                }
                AnyNodeRef::ExprAttribute(attribute) if attribute.attr.as_str() == "append" => {
                    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(attribute))
                    else {
                        return None;
                    };
                    let [element] = &*call.arguments.args else {
                        return None;
                    };
                    parts.push(Part::Element(element));
                }
                _ => return None,
            }
        }
        Some(parts)
    }

    /// `self` and `cls` are the class round the method; other parameters have their annotation.
    fn type_of_parameter(&self, node: NodeId) -> Option<Type> {
        let AnyNodeRef::Parameter(parameter) = self.model.nodes.get(node) else {
            return None;
        };
        if let Some(annotation) = &parameter.annotation {
            return self.annotated(annotation);
        }
        let function = self
            .model
            .nodes
            .ancestors(node)
            .find(|&at| self.model.nodes.get(at).is_statement())?;
        let AnyNodeRef::StmtFunctionDef(definition) = self.model.nodes.get(function) else {
            return None;
        };
        let class = self.model.nodes.parent(function);
        let is_first = definition
            .parameters
            .posonlyargs
            .iter()
            .chain(&definition.parameters.args)
            .next()
            .is_some_and(|first| first.parameter.range() == parameter.range());
        let is_static = definition.decorator_list.iter().any(|decorator| {
            self.model
                .meaning(&decorator.expression)
                .below("builtins")
                .is_some_and(|name| name == "staticmethod")
        });
        (is_first
            && !is_static
            && matches!(self.model.nodes.get(class), AnyNodeRef::StmtClassDef(_)))
        .then_some(Type::Local(class))
    }

    /// `T`, `T | None`, `Optional[T]`.
    fn annotated(&self, annotation: &Expr) -> Option<Type> {
        match annotation {
            Expr::BinOp(union) if union.op == Operator::BitOr => {
                match (&*union.left, &*union.right) {
                    (Expr::NoneLiteral(_), other) | (other, Expr::NoneLiteral(_)) => {
                        self.annotated(other)
                    }
                    _ => None,
                }
            }
            Expr::Subscript(subscript)
                if self
                    .model
                    .meaning(&subscript.value)
                    .path()
                    .is_some_and(|path| path == "typing.Optional") =>
            {
                self.annotated(&subscript.slice)
            }
            Expr::Subscript(subscript)
                if self
                    .model
                    .meaning(&subscript.value)
                    .path()
                    .is_some_and(|path| path == "typing.Annotated") =>
            {
                match subscript.slice.as_ref() {
                    Expr::Tuple(tuple) => self.annotated(tuple.elts.first()?),
                    _ => None,
                }
            }
            Expr::Subscript(_) => None,
            other => self.class_of(other),
        }
    }

    /// The type of `self.attr`: all its stores in the class, and all through other names in the file, agree.
    fn type_of_attribute(&self, class: NodeId, attr: &str, depth: u32) -> Option<Type> {
        if let Some(type_) = self.type_of_field(class, attr) {
            return Some(type_);
        }
        // A property or method of that name is something else.
        if self.own(class, attr).is_some() && !self.is_only_declared(class, attr) {
            return None;
        }
        let mut found: Option<Type> = None;
        for &store in self.stores.get(attr)? {
            let AnyNodeRef::ExprAttribute(attribute) = self.model.nodes.get(store) else {
                return None;
            };
            if self.is_other_self(attribute, store, class) {
                continue;
            }
            let value = match self.model.nodes.parent_node(store) {
                AnyNodeRef::StmtAssign(assign) => Some(assign.value.as_ref()),
                AnyNodeRef::StmtAnnAssign(assign) => {
                    if let Some(type_) = self.annotated(&assign.annotation) {
                        if found.as_ref().is_some_and(|other| *other != type_) {
                            return None;
                        }
                        found = Some(type_);
                        continue;
                    }
                    assign.value.as_deref()
                }
                _ => None,
            }?;
            if value.is_none_literal_expr() {
                continue;
            }
            let type_ = self.type_of(value, depth)?;
            if found.as_ref().is_some_and(|other| *other != type_) {
                return None;
            }
            found = Some(type_);
        }
        found
    }

    /// The path that the class body announces, with a value or without: `attr: Path = ...`.
    fn type_of_field(&self, class: NodeId, attr: &str) -> Option<Type> {
        let AnyNodeRef::StmtClassDef(definition) = self.model.nodes.get(class) else {
            return None;
        };
        definition
            .body
            .iter()
            .find_map(|stmt| match stmt {
                ast::Stmt::AnnAssign(assign) => match assign.target.as_ref() {
                    Expr::Name(name) if name.id.as_str() == attr => Some(&assign.annotation),
                    _ => None,
                },
                _ => None,
            })
            .and_then(|annotation| self.annotated(annotation))
            .filter(is_path_type)
    }

    /// Whether the class body only announces an attribute: `attr: T`, `attr = None`.
    fn is_only_declared(&self, class: NodeId, attr: &str) -> bool {
        let AnyNodeRef::StmtClassDef(definition) = self.model.nodes.get(class) else {
            return false;
        };
        let scopes = &self.model.scopes;
        definition
            .body
            .first()
            .map(|first| scopes.scope_of(self.model.id(first)))
            .and_then(|scope| scopes.scope(scope).symbols.get(attr).copied())
            .is_some_and(|symbol| {
                scopes.symbol(symbol).bindings.iter().all(|&binding| {
                    match scopes.binding(binding).kind {
                        BindingKind::Declared => true,
                        BindingKind::Assign { value } => {
                            matches!(self.model.nodes.get(value), AnyNodeRef::ExprNoneLiteral(_))
                        }
                        _ => false,
                    }
                })
            })
    }

    /// Whether a store goes through the `self` of another class.
    fn is_other_self(
        &self,
        attribute: &'a ast::ExprAttribute,
        store: NodeId,
        class: NodeId,
    ) -> bool {
        let Expr::Name(name) = attribute.value.as_ref() else {
            return false;
        };
        name.id.as_str() == "self"
            && self
                .model
                .nodes
                .ancestors(store)
                .find(|&at| matches!(self.model.nodes.get(at), AnyNodeRef::StmtClassDef(_)))
                .is_some_and(|owner| match self.model.nodes.get(owner) {
                    AnyNodeRef::StmtClassDef(definition) => {
                        owner != class && !self.is_below(definition, class, DEPTH)
                    }
                    _ => false,
                })
    }

    /// The expression with this number, where it can be a receiver.
    /// The value of an assignment, a walrus or an item of a `with`, by its number.
    pub fn expr_at(&self, node: NodeId) -> Option<&'a Expr> {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) => Some(assign.value.as_ref()),
            AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref(),
            AnyNodeRef::ExprNamed(named) => Some(named.value.as_ref()),
            AnyNodeRef::WithItem(item) => Some(&item.context_expr),
            AnyNodeRef::StmtFor(for_) => Some(for_.iter.as_ref()),
            AnyNodeRef::Comprehension(clause) => Some(&clause.iter),
            _ => None,
        }
        .filter(|expr| self.model.id(*expr) == node)
    }
}

fn path_type() -> Type {
    Type::Path("pathlib.Path".to_string())
}

/// Whether this is `pathlib.Path` or the class of this system's paths.
fn is_path_type(type_: &Type) -> bool {
    matches!(type_, Type::Path(path) if matches!(&**path, "pathlib.Path" | "pathlib.PosixPath" | "pathlib.WindowsPath"))
}

/// Methods of a path that return another one.
fn makes_path(method: &str) -> bool {
    matches!(
        method,
        "absolute"
            | "expanduser"
            | "joinpath"
            | "readlink"
            | "relative_to"
            | "rename"
            | "replace"
            | "resolve"
            | "with_name"
            | "with_segments"
            | "with_stem"
            | "with_suffix"
    )
}

/// Bases that have no methods of their own to inherit.
fn is_empty_base(path: &str) -> bool {
    matches!(
        path,
        "builtins.object"
            | "abc.ABC"
            | "typing.Generic"
            | "typing.Protocol"
            | "typing_extensions.Protocol"
    )
}

/// The class of what a function or method of the standard library returns, and of classes in small letters. What `map` of
/// an executor returns has a name of our own.
fn result_of(path: &str) -> Option<&'static str> {
    Some(match path {
        "socket.socket" | "socket.create_connection" => "socket.socket",
        "concurrent.futures.Executor.submit"
        | "concurrent.futures.ThreadPoolExecutor.submit"
        | "concurrent.futures.ProcessPoolExecutor.submit"
        | "concurrent.futures.thread.ThreadPoolExecutor.submit" => "concurrent.futures.Future",
        "asyncio.get_event_loop" | "asyncio.get_running_loop" | "asyncio.new_event_loop" => {
            "asyncio.AbstractEventLoop"
        }
        "concurrent.futures.Executor.map"
        | "concurrent.futures.ThreadPoolExecutor.map"
        | "concurrent.futures.ProcessPoolExecutor.map" => "concurrent.futures.Executor.results",
        "multiprocessing.Pool.apply_async"
        | "multiprocessing.Pool.map_async"
        | "multiprocessing.Pool.starmap_async"
        | "multiprocessing.pool.ThreadPool.apply_async"
        | "multiprocessing.pool.ThreadPool.map_async"
        | "multiprocessing.pool.ThreadPool.starmap_async" => "multiprocessing.pool.AsyncResult",
        "os.popen" => "os._wrap_close",
        "sqlite3.connect" => "sqlite3.Connection",
        "threading.local" => "threading.local",
        "urllib.request.build_opener" => "urllib.request.OpenerDirector",
        "http.client.HTTPConnection.getresponse"
        | "http.client.HTTPSConnection.getresponse"
        | "urllib.request.OpenerDirector.open"
        | "urllib.request.urlopen" => "http.client.HTTPResponse",
        _ => return None,
    })
}

/// The class of an attribute of a class of the standard library; for the files of a process, a name of our own.
fn attribute_of(class: &str, attribute: &str) -> Option<&'static str> {
    match (class, attribute) {
        ("subprocess.Popen", "stdin" | "stdout" | "stderr") => Some("subprocess.Popen.file"),
        _ => None,
    }
}
