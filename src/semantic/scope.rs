//! Scopes, bindings and references of one file, as the language reference defines them
//! (<https://docs.python.org/3/reference/executionmodel.html#naming-and-binding>).
//!
//! Scoping is static in Python: a name that a function binds anywhere is local to it everywhere. So the walk collects
//! bindings and loads, and resolves the loads when all bindings are known.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    self as ast, AnyNodeRef, ExceptHandler, Expr, ExprContext, HasNodeIndex, Parameters, Pattern,
    Stmt,
};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::nodes::{NodeId, Nodes};

/// A scope of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(u32);

/// A name in one scope, with all its bindings and references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(u32);

impl SymbolId {
    /// Its number, in source order of the first binding or so: the same for the same text.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// One binding operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BindingId(u32);

impl BindingId {
    /// Its number among those of the file.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// What a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// A class body. Invisible to the functions in it.
    Class,
    /// A function body.
    Function {
        /// `async def`.
        is_async: bool,
    },
    /// A lambda's body.
    Lambda,
    /// A list, set or dict comprehension, without its first iterable.
    Comprehension,
    /// A generator expression, without its first iterable.
    Generator,
    /// The type parameters of a generic function, class or alias (PEP 695).
    TypeParameters,
}

/// A scope.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What it belongs to.
    pub kind: ScopeKind,
    /// The enclosing scope; `None` for the module.
    pub parent: Option<ScopeId>,
    /// The node that opens it.
    pub node: NodeId,
    /// Its names.
    pub symbols: FxHashMap<&'a str, SymbolId>,
    /// Names declared `global` here.
    pub globals: Vec<&'a str>,
    /// Names declared `nonlocal` here.
    pub nonlocals: Vec<&'a str>,
    /// The modules of `from x import *` statements in it, each with its leading dots: an unbound name may come from
    /// there.
    pub star_imports: Vec<(&'a str, u32)>,
}

/// A name in one scope.
#[derive(Debug)]
pub struct Symbol<'a> {
    /// The name, normalised (NFKC) as Python compares it.
    pub name: &'a str,
    /// The scope that owns it.
    pub scope: ScopeId,
    /// Every binding, in source order, those by `global` and `nonlocal` from inner scopes included.
    pub bindings: Vec<BindingId>,
    /// Every load and delete, in source order, from any scope: the `Name` nodes.
    pub references: Vec<NodeId>,
}

/// How a name is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingKind<'a> {
    /// `import a.b` (binds `a`, means `a`) or `import a.b as c` (binds `c`, means `a.b`).
    Import {
        /// The dotted path that the name means.
        path: &'a str,
    },
    /// `from module import member`.
    FromImport {
        /// The module as written, without its leading dots.
        module: &'a str,
        /// The number of leading dots.
        level: u32,
        /// The member.
        member: &'a str,
    },
    /// `name = value`, also chained, annotated, and `name := value`.
    Assign {
        /// The value.
        value: NodeId,
    },
    /// `with value as name`.
    With {
        /// The context expression.
        value: NodeId,
        /// Whether it is an `async with`.
        is_async: bool,
    },
    /// `for name in value`, in a statement or a comprehension.
    For {
        /// The iterable.
        value: NodeId,
    },
    /// A part of an unpacked target: its value is not followed.
    Unpacked,
    /// `name += value`.
    Augmented,
    /// `name: T`, without a value: no binding at run time, but it makes the name local.
    Declared,
    /// `except E as name`.
    Except,
    /// `def name`.
    Function,
    /// `class name`.
    Class,
    /// A parameter.
    Parameter,
    /// A capture in a `match` pattern.
    Match,
    /// `del name`.
    Deleted,
    /// A type parameter or a `type` alias.
    Type,
}

/// One binding operation.
#[derive(Debug)]
pub struct Binding<'a> {
    /// The name that is bound.
    pub symbol: SymbolId,
    /// How.
    pub kind: BindingKind<'a>,
    /// The node that carries the name: a `Name`, `Alias`, `Parameter`, the `def` or `class`, a handler or pattern.
    pub node: NodeId,
    /// The span of the name itself, in bytes.
    pub range: TextRange,
    /// The scope in which the binding stands; differs from the symbol's under `global` and `nonlocal`.
    pub scope: ScopeId,
    /// Whether it stands under `if TYPE_CHECKING:`, where nothing runs.
    pub type_checking: bool,
}

/// A function or lambda, in source order.
#[derive(Debug)]
pub struct Function<'a> {
    /// The `def` or `lambda` node.
    pub node: NodeId,
    /// Its body's scope.
    pub scope: ScopeId,
    /// The dotted name within the module, `<locals>` left out: `Client.fetch.retry`; a lambda is `<lambda>`.
    pub qualified_name: String,
    /// The definition; `None` for a lambda.
    pub definition: Option<&'a ast::StmtFunctionDef>,
}

/// Scopes, names and functions of one file.
pub struct Scopes<'a> {
    scopes: Vec<Scope<'a>>,
    symbols: Vec<Symbol<'a>>,
    bindings: Vec<Binding<'a>>,
    functions: Vec<Function<'a>>,
    /// The scope of each expression and statement node.
    scope_of: Vec<ScopeId>,
    /// The symbol of each resolved `Name` node.
    symbol_of: FxHashMap<NodeId, SymbolId>,
    /// The binding made at each `Name`, `Alias`, ... node.
    binding_at: FxHashMap<NodeId, BindingId>,
    /// The symbols of each name, over all scopes.
    by_name: FxHashMap<&'a str, Vec<SymbolId>>,
    /// Names that are loaded somewhere and bound nowhere in reach: builtins and the like.
    unbound: FxHashSet<&'a str>,
}

impl<'a> Scopes<'a> {
    /// Collects and resolves the names of a file. Recursive in the depth of the tree.
    pub fn new(module: &'a ast::ModModule, nodes: &Nodes<'a>) -> Self {
        let mut binder = Binder {
            nodes,
            model: Self {
                scopes: Vec::new(),
                symbols: Vec::new(),
                bindings: Vec::new(),
                functions: Vec::new(),
                scope_of: vec![ScopeId(0); nodes.len()],
                symbol_of: FxHashMap::default(),
                binding_at: FxHashMap::default(),
                by_name: FxHashMap::default(),
                unbound: FxHashSet::default(),
            },
            scope: ScopeId(0),
            loads: Vec::new(),
            path: Vec::new(),
            type_checking: false,
        };
        binder.open(ScopeKind::Module, Nodes::ROOT);
        binder.visit_body(&module.body);
        binder.resolve();
        binder.model
    }

    /// The module's scope.
    pub const MODULE: ScopeId = ScopeId(0);

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }

    /// A symbol.
    pub fn symbol(&self, id: SymbolId) -> &Symbol<'a> {
        &self.symbols[id.0 as usize]
    }

    /// A binding.
    pub fn binding(&self, id: BindingId) -> &Binding<'a> {
        &self.bindings[id.0 as usize]
    }

    /// All symbols.
    pub fn symbols(&self) -> impl Iterator<Item = (SymbolId, &Symbol<'a>)> {
        self.symbols
            .iter()
            .enumerate()
            .map(|(index, symbol)| (SymbolId(index as u32), symbol))
    }

    /// All functions and lambdas, in source order.
    pub fn functions(&self) -> &[Function<'a>] {
        &self.functions
    }

    /// The symbols of this name, over all scopes.
    pub fn named(&self, name: &str) -> &[SymbolId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a name is loaded somewhere without a binding in reach: a builtin, or a name from a star import.
    pub fn is_unbound(&self, name: &str) -> bool {
        self.unbound.contains(name)
    }

    /// The scope in which an expression or statement is evaluated.
    pub fn scope_of(&self, node: NodeId) -> ScopeId {
        self.scope_of[node.0 as usize]
    }

    /// The symbol that a `Name` node loads, stores or deletes; `None` for builtins and unknown names.
    pub fn symbol_of(&self, name: NodeId) -> Option<SymbolId> {
        self.symbol_of.get(&name).copied()
    }

    /// The binding made at this node.
    pub fn binding_at(&self, node: NodeId) -> Option<BindingId> {
        self.binding_at.get(&node).copied()
    }

    /// The scopes from `scope` outwards, itself first.
    pub fn enclosing(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        std::iter::successors(Some(scope), |&at| self.scope(at).parent)
    }

    /// The name as seen from `scope`: looks through the enclosing scopes as Python does.
    pub fn lookup(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        let at = self.scope(scope);
        if at.globals.contains(&name) {
            return self.scope(Self::MODULE).symbols.get(name).copied();
        }
        if !at.nonlocals.contains(&name)
            && let Some(&symbol) = at.symbols.get(name)
        {
            return Some(symbol);
        }
        let mut parent = at.parent;
        while let Some(id) = parent {
            let outer = self.scope(id);
            if outer.kind != ScopeKind::Class {
                if outer.globals.contains(&name) {
                    return self.scope(Self::MODULE).symbols.get(name).copied();
                }
                if !outer.nonlocals.contains(&name)
                    && let Some(&symbol) = outer.symbols.get(name)
                {
                    return Some(symbol);
                }
            }
            parent = outer.parent;
        }
        None
    }

    /// Whether a name that no scope binds may come from a star import visible in `scope`.
    pub fn may_be_starred(&self, scope: ScopeId) -> bool {
        self.star_imports(scope).next().is_some()
    }

    /// The modules whose star imports are visible in `scope`, each with its leading dots.
    pub fn star_imports(&self, scope: ScopeId) -> impl Iterator<Item = (&'a str, u32)> + '_ {
        self.enclosing(scope)
            .flat_map(|at| self.scope(at).star_imports.iter().copied())
    }
}

struct Binder<'a, 'n> {
    nodes: &'n Nodes<'a>,
    model: Scopes<'a>,
    scope: ScopeId,
    /// Loads to resolve at the end: the `Name` node, its name, the scope it stands in.
    loads: Vec<(NodeId, &'a str, ScopeId)>,
    /// The names of the enclosing classes and functions.
    path: Vec<&'a str>,
    type_checking: bool,
}

impl<'a> Binder<'a, '_> {
    fn id(&self, node: &impl HasNodeIndex) -> NodeId {
        self.nodes.id(node)
    }

    /// The dotted name of the innermost function. Python has no more than 100 levels of indentation, but lambdas nest
    /// without end, and the names of all would take the square of that: the outermost parts are left out.
    fn qualified_name(&self) -> String {
        const LONGEST: usize = 128;
        self.path[self.path.len().saturating_sub(LONGEST)..].join(".")
    }

    /// Opens a scope and returns the one to come back to.
    fn open(&mut self, kind: ScopeKind, node: NodeId) -> ScopeId {
        let id = ScopeId(self.model.scopes.len() as u32);
        let outer = self.scope;
        self.model.scopes.push(Scope {
            kind,
            parent: (id != outer).then_some(outer),
            node,
            symbols: FxHashMap::default(),
            globals: Vec::new(),
            nonlocals: Vec::new(),
            star_imports: Vec::new(),
        });
        self.scope = id;
        outer
    }

    fn symbol_in(&mut self, scope: ScopeId, name: &'a str) -> SymbolId {
        let next = SymbolId(self.model.symbols.len() as u32);
        let symbol = *self.model.scopes[scope.0 as usize]
            .symbols
            .entry(name)
            .or_insert(next);
        if symbol == next {
            self.model.symbols.push(Symbol {
                name,
                scope,
                bindings: Vec::new(),
                references: Vec::new(),
            });
        }
        symbol
    }

    /// The scope that a binding in `scope` writes to.
    fn target_scope(&self, scope: ScopeId, name: &str) -> ScopeId {
        let here = self.model.scope(scope);
        if here.globals.contains(&name) {
            return Scopes::MODULE;
        }
        if here.nonlocals.contains(&name) {
            let mut parent = here.parent;
            while let Some(id) = parent {
                let outer = self.model.scope(id);
                let is_function =
                    matches!(outer.kind, ScopeKind::Function { .. } | ScopeKind::Lambda);
                if is_function
                    && outer.symbols.contains_key(name)
                    && !outer.nonlocals.contains(&name)
                {
                    return id;
                }
                parent = outer.parent;
            }
        }
        scope
    }

    fn bind(&mut self, name: &'a str, kind: BindingKind<'a>, node: NodeId, range: TextRange) {
        self.bind_in(self.scope, name, kind, node, range);
    }

    fn bind_in(
        &mut self,
        scope: ScopeId,
        name: &'a str,
        kind: BindingKind<'a>,
        node: NodeId,
        range: TextRange,
    ) {
        let owner = self.target_scope(scope, name);
        let symbol = self.symbol_in(owner, name);
        let id = BindingId(self.model.bindings.len() as u32);
        let type_checking = self.type_checking;
        self.model.bindings.push(Binding {
            symbol,
            kind,
            node,
            range,
            scope,
            type_checking,
        });
        self.model.symbols[symbol.0 as usize].bindings.push(id);
        self.model.binding_at.insert(node, id);
        self.model.symbol_of.insert(node, symbol);
    }

    /// Binds the names of an assignment target; attributes and subscripts are only evaluated.
    fn bind_target(&mut self, target: &'a Expr, kind: &BindingKind<'a>) {
        let id = self.id(target);
        self.model.scope_of[id.0 as usize] = self.scope;
        match target {
            Expr::Name(name) => self.bind(name.id.as_str(), kind.clone(), id, name.range()),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                for element in elts {
                    self.bind_target(element, &BindingKind::Unpacked);
                }
            }
            Expr::Starred(starred) => self.bind_target(&starred.value, &BindingKind::Unpacked),
            _ => visitor::walk_expr(self, target),
        }
    }

    fn bind_parameters(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            let parameter = parameter.as_parameter();
            let id = self.id(parameter);
            self.bind(
                parameter.name.as_str(),
                BindingKind::Parameter,
                id,
                parameter.name.range(),
            );
        }
    }

    fn visit_defaults(&mut self, parameters: &'a Parameters) {
        for default in parameters
            .iter_non_variadic_params()
            .filter_map(|parameter| parameter.default())
        {
            self.visit_expr(default);
        }
    }

    fn visit_parameter_annotations(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            if let Some(annotation) = parameter.annotation() {
                self.visit_expr(annotation);
            }
        }
    }

    /// Type parameters have a scope of their own, round the rest of the definition.
    fn open_type_parameters(
        &mut self,
        parameters: Option<&'a ast::TypeParams>,
        node: NodeId,
    ) -> Option<ScopeId> {
        let parameters = parameters?;
        let outer = self.open(ScopeKind::TypeParameters, node);
        for parameter in &parameters.type_params {
            let id = self.id(parameter);
            let name = parameter.name();
            self.bind(name.as_str(), BindingKind::Type, id, name.range());
            self.visit_type_param(parameter);
        }
        Some(outer)
    }

    fn visit_function(&mut self, function: &'a ast::StmtFunctionDef) {
        let id = self.id(function);
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        self.visit_defaults(&function.parameters);
        self.bind(
            function.name.as_str(),
            BindingKind::Function,
            id,
            function.name.range(),
        );
        let outer = self.open_type_parameters(function.type_params.as_deref(), id);
        self.visit_parameter_annotations(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_expr(returns);
        }
        self.path.push(function.name.as_str());
        let around = self.open(
            ScopeKind::Function {
                is_async: function.is_async,
            },
            id,
        );
        self.model.functions.push(Function {
            node: id,
            scope: self.scope,
            qualified_name: self.qualified_name(),
            definition: Some(function),
        });
        self.bind_parameters(&function.parameters);
        self.visit_body(&function.body);
        self.path.pop();
        self.scope = outer.unwrap_or(around);
    }

    fn visit_class(&mut self, class: &'a ast::StmtClassDef) {
        let id = self.id(class);
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        let outer = self.open_type_parameters(class.type_params.as_deref(), id);
        if let Some(arguments) = &class.arguments {
            self.visit_arguments(arguments);
        }
        self.path.push(class.name.as_str());
        let around = self.open(ScopeKind::Class, id);
        self.visit_body(&class.body);
        self.path.pop();
        self.scope = outer.unwrap_or(around);
        self.bind(
            class.name.as_str(),
            BindingKind::Class,
            id,
            class.name.range(),
        );
    }

    fn visit_comprehension_expr(
        &mut self,
        kind: ScopeKind,
        node: NodeId,
        generators: &'a [ast::Comprehension],
        elements: [Option<&'a Expr>; 2],
    ) {
        // The first iterable is evaluated in the enclosing scope.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let outer = self.open(kind, node);
        for (index, generator) in generators.iter().enumerate() {
            if index > 0 {
                self.visit_expr(&generator.iter);
            }
            let value = self.id(&generator.iter);
            self.bind_target(&generator.target, &BindingKind::For { value });
            for condition in &generator.ifs {
                self.visit_expr(condition);
            }
        }
        for element in elements.into_iter().flatten() {
            self.visit_expr(element);
        }
        self.scope = outer;
    }

    fn visit_import(&mut self, import: &'a ast::StmtImport) {
        for alias in &import.names {
            let id = self.id(alias);
            let path = alias.name.as_str();
            match &alias.asname {
                Some(name) => self.bind(
                    name.as_str(),
                    BindingKind::Import { path },
                    id,
                    name.range(),
                ),
                None => {
                    let first = path.split('.').next().unwrap_or(path);
                    self.bind(
                        first,
                        BindingKind::Import { path: first },
                        id,
                        alias.name.range(),
                    );
                }
            }
        }
    }

    fn visit_import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.model.scopes[self.scope.0 as usize]
                    .star_imports
                    .push((module, import.level));
                continue;
            }
            let id = self.id(alias);
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            let kind = BindingKind::FromImport {
                module,
                level: import.level,
                member: alias.name.as_str(),
            };
            self.bind(name.as_str(), kind, id, name.range());
        }
    }

    fn resolve(&mut self) {
        for (node, name, scope) in std::mem::take(&mut self.loads) {
            if let Some(symbol) = self.model.lookup(scope, name) {
                self.model.symbol_of.insert(node, symbol);
                self.model.symbols[symbol.0 as usize].references.push(node);
            } else {
                self.model.unbound.insert(name);
            }
        }
        for (index, symbol) in self.model.symbols.iter_mut().enumerate() {
            self.model
                .by_name
                .entry(symbol.name)
                .or_default()
                .push(SymbolId(index as u32));
            symbol.references.sort_unstable();
            symbol.references.dedup();
        }
    }
}

impl<'a> Visitor<'a> for Binder<'a, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let id = self.id(stmt);
        self.model.scope_of[id.0 as usize] = self.scope;
        match stmt {
            Stmt::FunctionDef(function) => self.visit_function(function),
            Stmt::ClassDef(class) => self.visit_class(class),
            Stmt::Import(import) => self.visit_import(import),
            Stmt::ImportFrom(import) => self.visit_import_from(import),
            Stmt::Global(global) => {
                let names = global.names.iter().map(ast::Identifier::as_str);
                self.model.scopes[self.scope.0 as usize]
                    .globals
                    .extend(names);
            }
            Stmt::Nonlocal(nonlocal) => {
                let names = nonlocal.names.iter().map(ast::Identifier::as_str);
                self.model.scopes[self.scope.0 as usize]
                    .nonlocals
                    .extend(names);
            }
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                let kind = BindingKind::Assign {
                    value: self.id(assign.value.as_ref()),
                };
                for target in &assign.targets {
                    self.bind_target(target, &kind);
                }
            }
            Stmt::AnnAssign(assign) => {
                self.visit_annotation(&assign.annotation);
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
                let kind = match &assign.value {
                    Some(value) => BindingKind::Assign {
                        value: self.id(value.as_ref()),
                    },
                    None => BindingKind::Declared,
                };
                self.bind_target(&assign.target, &kind);
            }
            Stmt::AugAssign(assign) => {
                self.visit_expr(&assign.value);
                if let Expr::Name(name) = assign.target.as_ref() {
                    let node = self.id(name);
                    self.loads.push((node, name.id.as_str(), self.scope));
                }
                self.bind_target(&assign.target, &BindingKind::Augmented);
            }
            Stmt::For(for_) => {
                self.visit_expr(&for_.iter);
                let kind = BindingKind::For {
                    value: self.id(for_.iter.as_ref()),
                };
                self.bind_target(&for_.target, &kind);
                self.visit_body(&for_.body);
                self.visit_body(&for_.orelse);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    self.visit_expr(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        let kind = BindingKind::With {
                            value: self.id(&item.context_expr),
                            is_async: with.is_async,
                        };
                        self.bind_target(target, &kind);
                    }
                }
                self.visit_body(&with.body);
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.visit_expr(target);
                }
            }
            Stmt::TypeAlias(alias) => {
                if let Expr::Name(name) = alias.name.as_ref() {
                    let node = self.id(name);
                    self.bind(name.id.as_str(), BindingKind::Type, node, name.range());
                }
                let outer = self.open_type_parameters(alias.type_params.as_deref(), id);
                self.visit_expr(&alias.value);
                if let Some(outer) = outer {
                    self.scope = outer;
                }
            }
            Stmt::If(if_) => {
                self.visit_expr(&if_.test);
                let outer = self.type_checking;
                self.type_checking |= is_type_checking(&if_.test);
                self.visit_body(&if_.body);
                self.type_checking = outer;
                for clause in &if_.elif_else_clauses {
                    self.visit_elif_else_clause(clause);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let id = self.id(expr);
        self.model.scope_of[id.0 as usize] = self.scope;
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Load | ExprContext::Invalid => {
                    self.loads.push((id, name.id.as_str(), self.scope))
                }
                ExprContext::Store => {
                    self.bind(name.id.as_str(), BindingKind::Unpacked, id, name.range())
                }
                ExprContext::Del => {
                    self.loads.push((id, name.id.as_str(), self.scope));
                    self.bind(name.id.as_str(), BindingKind::Deleted, id, name.range());
                }
            },
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                if let Expr::Name(name) = named.target.as_ref() {
                    // A walrus in a comprehension binds in the enclosing function or module (PEP 572).
                    let scope = self
                        .model
                        .enclosing(self.scope)
                        .find(|&at| {
                            !matches!(
                                self.model.scope(at).kind,
                                ScopeKind::Comprehension | ScopeKind::Generator
                            )
                        })
                        .unwrap_or(self.scope);
                    let kind = BindingKind::Assign {
                        value: self.id(named.value.as_ref()),
                    };
                    let node = self.id(name);
                    self.model.scope_of[node.0 as usize] = self.scope;
                    self.bind_in(scope, name.id.as_str(), kind, node, name.range());
                }
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_defaults(parameters);
                }
                self.path.push("<lambda>");
                let outer = self.open(ScopeKind::Lambda, id);
                self.model.functions.push(Function {
                    node: id,
                    scope: self.scope,
                    qualified_name: self.qualified_name(),
                    definition: None,
                });
                if let Some(parameters) = &lambda.parameters {
                    self.bind_parameters(parameters);
                }
                self.visit_expr(&lambda.body);
                self.path.pop();
                self.scope = outer;
            }
            Expr::ListComp(comp) => {
                self.visit_comprehension_expr(
                    ScopeKind::Comprehension,
                    id,
                    &comp.generators,
                    [Some(comp.elt.as_ref()), None],
                );
            }
            Expr::SetComp(comp) => {
                self.visit_comprehension_expr(
                    ScopeKind::Comprehension,
                    id,
                    &comp.generators,
                    [Some(comp.elt.as_ref()), None],
                );
            }
            Expr::DictComp(comp) => {
                self.visit_comprehension_expr(
                    ScopeKind::Comprehension,
                    id,
                    &comp.generators,
                    [comp.key.as_deref(), Some(comp.value.as_ref())],
                );
            }
            Expr::Generator(comp) => {
                self.visit_comprehension_expr(
                    ScopeKind::Generator,
                    id,
                    &comp.generators,
                    [Some(comp.elt.as_ref()), None],
                );
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(type_) = &handler.type_ {
            self.visit_expr(type_);
        }
        if let Some(name) = &handler.name {
            let id = self.id(handler);
            self.bind(name.as_str(), BindingKind::Except, id, name.range());
        }
        self.visit_body(&handler.body);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let id = self.id(pattern);
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        visitor::walk_pattern(self, pattern);
        if let Some(name) = name {
            self.bind(name.as_str(), BindingKind::Match, id, name.range());
        }
    }
}

/// `TYPE_CHECKING` or `typing.TYPE_CHECKING`, by name: what it is imported from does not matter to a type checker.
fn is_type_checking(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id.as_str() == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        _ => false,
    }
}

/// Whether a node opens a scope of its own.
pub fn opens_scope(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::StmtFunctionDef(_)
            | AnyNodeRef::StmtClassDef(_)
            | AnyNodeRef::ExprLambda(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_)
    )
}
