//! Where an object in a file comes from: the query that loads it, a function that gives it, the parameter that takes it.
//!
//! Lists, rows and single objects are not told apart: an element comes from where its list comes from.

use std::cell::{OnceCell, RefCell};

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprName, ExprRef, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::members;
use super::super::query::words;
use super::declared::{Declared, is_mapped};
use crate::semantic::reaching::Reaching;
use crate::semantic::scope::{BindingId, SymbolId};
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};

/// How deep names are followed.
const DEPTH: usize = 12;

/// What loads a relationship or a column with the query.
pub const LOADERS: &[&str] = &[
    "contains_eager",
    "defaultload",
    "immediateload",
    "joinedload",
    "selectinload",
    "subqueryload",
    "undefer",
];

/// What runs a statement.
pub const RUNS: &[&str] = &[
    "exec",
    "execute",
    "scalar",
    "scalars",
    "stream",
    "stream_scalars",
];

/// Methods of results, lists and queries that hand on what is in them.
pub const HANDS_ON: &[&str] = &[
    "all",
    "copy",
    "fetchall",
    "fetchmany",
    "fetchone",
    "first",
    "get",
    "items",
    "one",
    "one_or_none",
    "pop",
    "scalar",
    "scalar_one",
    "scalar_one_or_none",
    "scalars",
    "unique",
    "values",
];

/// Builtins that hand on what is in their arguments.
const BUILTINS: &[&str] = &[
    "dict",
    "enumerate",
    "filter",
    "frozenset",
    "iter",
    "list",
    "max",
    "min",
    "next",
    "reversed",
    "set",
    "sorted",
    "tuple",
    "zip",
];

/// Methods of a session after which the session's objects may have to be read again.
const ENDS: &[&str] = &["commit", "expire", "expire_all", "rollback"];

/// Methods of a session that may write what is new, so that it is an object of the database.
const WRITES: &[&str] = &[
    "begin",
    "begin_nested",
    "close",
    "commit",
    "exec",
    "execute",
    "flush",
    "get",
    "get_one",
    "merge",
    "query",
    "refresh",
    "rollback",
    "scalar",
    "scalars",
];

/// Options of a statement that do not go with one more table.
const BARE: &[&str] = &[
    "distinct",
    "from_statement",
    "group_by",
    "join",
    "outerjoin",
    "select_from",
    "with_for_update",
    "yield_per",
];

/// How a query is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `session.query(User)`.
    Query,
    /// `select(User)`.
    Select,
    /// `session.get(User, key)`.
    Get,
}

/// A query that loads objects.
#[derive(Clone, Debug)]
pub struct Load {
    /// How it is written.
    pub form: Form,
    /// The call that says which classes.
    pub start: TextRange,
    /// The call of the session.
    pub owner: TextRange,
    /// The classes: as the source names them, and their own names.
    pub entities: Vec<(String, String)>,
    /// The attributes that its options load.
    pub loaded: Vec<String>,
    /// Those that some of its options load, under a condition: each with the loader.
    pub perhaps: Vec<(String, String)>,
    /// Whether another table may be joined without a second thought.
    pub is_plain: bool,
    /// Whether the function ended a transaction before: what the session holds may be old.
    pub after: Ends,
    /// Whether it looks for the object in the session first.
    pub by_key: bool,
    /// Whether it visibly is the first thing that is asked of its session, which then holds no objects.
    pub is_first: bool,
}

/// Whether a transaction may have ended in some code.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// Visibly.
    pub is_sure: bool,
    /// The functions that it calls and that may end one: each with whether it is handed a session.
    pub called: Vec<(Callee, bool)>,
}

/// A function that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callee {
    /// By its dotted path.
    Path(String),
    /// By the name of a method.
    Method(String),
}

impl Callee {
    /// Its own name.
    pub fn name(&self) -> &str {
        match self {
            Self::Path(path) => path.rsplit('.').next().unwrap_or(path),
            Self::Method(name) => name,
        }
    }
}

/// Where an object comes from.
#[derive(Clone, Debug)]
pub enum Root {
    /// A query.
    Load(Load),
    /// What a function gives.
    Called(Callee),
    /// What a function is given: its path, and the parameter.
    Parameter(String, String),
    /// It was made here, of this class.
    New(String),
    /// It is no object of a model.
    Other,
    /// Nobody knows.
    Unknown,
}

/// An object.
#[derive(Clone, Debug)]
pub struct Value {
    /// Where it comes from.
    pub root: Root,
    /// The attributes on the way.
    pub path: Vec<String>,
    /// Where this function has it from.
    pub at: TextSize,
    /// Whether it is a part of what comes from there: an element, or what a method of it gives.
    pub is_part: bool,
}

impl Value {
    /// What comes from somewhere as it is.
    pub fn new(root: Root, at: TextSize) -> Self {
        Self {
            root,
            path: Vec::new(),
            at,
            is_part: false,
        }
    }
}

/// A file.
pub struct Objects<'a, 'm> {
    /// The file.
    pub model: &'m Model<'a>,
    /// What the models say.
    pub declared: &'m Declared,
    /// The kinds of its engines, sessions and connections, by the expressions that give them.
    kinds: Option<&'m FxHashMap<NodeId, usize>>,
    /// Which bindings names see, as far as it was asked for.
    reaching: RefCell<FxHashMap<(Runner, SymbolId), Reaching>>,
    /// The calls of each function.
    calls: OnceCell<FxHashMap<Runner, Vec<&'a ExprCall>>>,
    /// The classes that the file asks a session for.
    asked: OnceCell<FxHashSet<String>>,
    /// What attributes of classes that the file imports are called: `user` and `users` of `User`.
    named: OnceCell<FxHashSet<String>>,
}

impl<'a, 'm> Objects<'a, 'm> {
    /// The objects of a file.
    pub fn new(
        model: &'m Model<'a>,
        declared: &'m Declared,
        kinds: Option<&'m FxHashMap<NodeId, usize>>,
    ) -> Self {
        Self {
            model,
            declared,
            kinds,
            reaching: RefCell::default(),
            calls: OnceCell::new(),
            asked: OnceCell::new(),
            named: OnceCell::new(),
        }
    }
}

impl<'a> Objects<'a, '_> {
    /// Where the value of an expression comes from; nothing for what is no object (`None`).
    pub fn values(&self, expr: &'a Expr) -> Vec<Value> {
        let mut found = Vec::new();
        self.expr(expr, DEPTH, &mut Vec::new(), &mut found);
        found
    }

    /// Where the value of a name comes from.
    pub fn values_of_name(&self, name: &'a ExprName) -> Vec<Value> {
        let mut found = Vec::new();
        self.name(name, DEPTH, &mut Vec::new(), &mut found);
        found
    }

    fn expr(
        &self,
        expr: &'a Expr,
        depth: usize,
        names: &mut Vec<SymbolId>,
        found: &mut Vec<Value>,
    ) {
        let root = |root| Value::new(root, expr.end());
        let Some(depth) = depth.checked_sub(1) else {
            found.push(root(Root::Unknown));
            return;
        };
        match expr {
            Expr::Name(name) => self.name(name, depth, names, found),
            Expr::NoneLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::FString(_)
            | Expr::Compare(_)
            | Expr::UnaryOp(_) => {}
            Expr::Await(await_) => self.expr(&await_.value, depth, names, found),
            Expr::Named(named) => self.expr(&named.value, depth, names, found),
            Expr::Starred(starred) => self.expr(&starred.value, depth, names, found),
            Expr::Subscript(subscript) => {
                let from = found.len();
                self.expr(&subscript.value, depth, names, found);
                for value in &mut found[from..] {
                    value.is_part = true;
                }
            }
            Expr::If(if_) => {
                self.expr(&if_.body, depth, names, found);
                self.expr(&if_.orelse, depth, names, found);
            }
            Expr::BoolOp(operation) => {
                for value in &operation.values {
                    self.expr(value, depth, names, found);
                }
            }
            Expr::BinOp(operation) => {
                self.expr(&operation.left, depth, names, found);
                self.expr(&operation.right, depth, names, found);
            }
            Expr::List(list) => {
                for element in &list.elts {
                    self.expr(element, depth, names, found);
                }
            }
            Expr::Tuple(tuple) => {
                for element in &tuple.elts {
                    self.expr(element, depth, names, found);
                }
            }
            Expr::Set(set) => {
                for element in &set.elts {
                    self.expr(element, depth, names, found);
                }
            }
            Expr::Dict(dict) => {
                for item in &dict.items {
                    self.expr(&item.value, depth, names, found);
                }
            }
            Expr::ListComp(comp) => self.expr(&comp.elt, depth, names, found),
            Expr::SetComp(comp) => self.expr(&comp.elt, depth, names, found),
            Expr::Generator(comp) => self.expr(&comp.elt, depth, names, found),
            Expr::DictComp(comp) => {
                self.expr(&comp.value, depth, names, found);
            }
            Expr::Attribute(attribute) => self.attribute(attribute, depth, names, found),
            Expr::Call(call) => self.call(call, depth, names, found),
            _ => found.push(root(Root::Unknown)),
        }
    }

    fn attribute(
        &self,
        attribute: &'a ExprAttribute,
        depth: usize,
        names: &mut Vec<SymbolId>,
        found: &mut Vec<Value>,
    ) {
        let at = attribute.end();
        let name = attribute.attr.as_str();
        let meaning = self.model.meaning_of(ExprRef::Attribute(attribute));
        if meaning.path().is_some() {
            found.push(Value::new(Root::Other, at));
            return;
        }
        // `row.User`
        if self.declared.mapped.contains_key(name) {
            return self.expr(&attribute.value, depth, names, found);
        }
        let from = found.len();
        self.expr(&attribute.value, depth, names, found);
        let is_lazy =
            self.declared.lazy.contains_key(name) || self.declared.eager.contains_key(name);
        for value in &mut found[from..] {
            match value.root {
                Root::Other => value.root = Root::Unknown,
                _ if is_lazy || is_query_result(&value.root) => value.path.push(name.to_string()),
                _ => value.root = Root::Unknown,
            }
        }
    }

    fn name(
        &self,
        name: &'a ExprName,
        depth: usize,
        names: &mut Vec<SymbolId>,
        found: &mut Vec<Value>,
    ) {
        let model = self.model;
        let root = |root| Value::new(root, name.end());
        if model.meaning_of(ExprRef::Name(name)).path().is_some() {
            found.push(root(Root::Other));
            return;
        }
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            found.push(root(Root::Unknown));
            return;
        };
        if names.contains(&symbol) {
            return;
        }
        names.push(symbol);
        let own = model.runner(model.id(name));
        let seen = self.bindings_at(model.id(name), symbol, own);
        for binding in seen {
            let binding = model.scopes.binding(binding);
            // What another function binds: a variable of the module, or of the function round this one.
            let is_far = !matches!(binding.kind, BindingKind::Parameter)
                && model.runner(binding.node) != own;
            let from = found.len();
            match binding.kind {
                BindingKind::Declared | BindingKind::Deleted => {}
                BindingKind::Parameter => self.parameter(binding.node, found),
                BindingKind::Assign { value }
                | BindingKind::For { value }
                | BindingKind::With { value, .. } => match self.expr_at(value) {
                    Some(value) => self.expr(value, depth, names, found),
                    None => found.push(root(Root::Unknown)),
                },
                BindingKind::Unpacked => match self.unpacked(binding.node) {
                    Some(value) => self.expr(value, depth, names, found),
                    None => found.push(root(Root::Unknown)),
                },
                BindingKind::Class
                | BindingKind::Function
                | BindingKind::Import { .. }
                | BindingKind::FromImport { .. }
                | BindingKind::Except
                | BindingKind::Type => found.push(root(Root::Other)),
                _ => found.push(root(Root::Unknown)),
            }
            let is_element = matches!(
                binding.kind,
                BindingKind::For { .. } | BindingKind::Unpacked
            );
            for value in &mut found[from..] {
                value.is_part |= is_element;
                if is_far {
                    value.at = TextSize::new(0);
                }
            }
        }
        names.pop();
    }

    /// The bindings that a name may see.
    fn bindings_at(&self, node: NodeId, symbol: SymbolId, own: Runner) -> Vec<BindingId> {
        let model = self.model;
        let all = &model.scopes.symbol(symbol).bindings;
        if all.len() < 2 {
            return all.clone();
        }
        let mut known = self.reaching.borrow_mut();
        let reaching = known.entry((own, symbol)).or_insert_with(|| {
            let tracked: FxHashSet<SymbolId> = FxHashSet::from_iter([symbol]);
            Reaching::new(model, model.body_of(own), &tracked)
        });
        reaching.at(node).map_or_else(|| all.clone(), <[_]>::to_vec)
    }

    /// The value of an assignment, a walrus, a loop or an item of a `with`, by its number.
    pub fn expr_at(&self, node: NodeId) -> Option<&'a Expr> {
        let expr = match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) => assign.value.as_ref(),
            AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref()?,
            AnyNodeRef::ExprNamed(named) => named.value.as_ref(),
            AnyNodeRef::StmtFor(for_) => for_.iter.as_ref(),
            AnyNodeRef::Comprehension(clause) => &clause.iter,
            AnyNodeRef::WithItem(item) => &item.context_expr,
            _ => return None,
        };
        (self.model.id(expr) == node).then_some(expr)
    }

    /// What a target with several names is given: `for user, post in rows`.
    fn unpacked(&self, node: NodeId) -> Option<&'a Expr> {
        self.model.nodes.ancestors(node).find_map(|at| {
            Some(match self.model.nodes.get(at) {
                AnyNodeRef::StmtFor(for_) => Some(for_.iter.as_ref()),
                AnyNodeRef::Comprehension(clause) => Some(&clause.iter),
                AnyNodeRef::StmtAssign(assign) => Some(assign.value.as_ref()),
                AnyNodeRef::WithItem(item) => Some(&item.context_expr),
                node if node.is_statement() => None,
                _ => return None,
            })
        })?
    }

    fn parameter(&self, node: NodeId, found: &mut Vec<Value>) {
        let model = self.model;
        let AnyNodeRef::Parameter(parameter) = model.nodes.get(node) else {
            return;
        };
        let root = match self.function_of(node) {
            Some(function) => {
                let path = self.path_of(function);
                Root::Parameter(path, parameter.name.to_string())
            }
            None => Root::Unknown,
        };
        found.push(Value::new(root, parameter.end()));
    }

    /// The function that a node stands in; `None` in a lambda.
    pub fn function_of(&self, node: NodeId) -> Option<&'a StmtFunctionDef> {
        self.model
            .nodes
            .ancestors(node)
            .find_map(|at| match self.model.nodes.get(at) {
                AnyNodeRef::StmtFunctionDef(function) => Some(Some(function)),
                AnyNodeRef::ExprLambda(_) => Some(None),
                _ => None,
            })?
    }

    /// The dotted path of a function of this file.
    pub fn path_of(&self, function: &StmtFunctionDef) -> String {
        let model = self.model;
        let node = model.id(function);
        let functions = model.scopes.functions();
        let at = functions
            .binary_search_by_key(&node, |other| other.node)
            .ok()
            .or_else(|| functions.iter().position(|other| other.node == node));
        let own = at.map_or("", |at| functions[at].qualified_name.as_str());
        format!("{}.{own}", model.module.name)
    }

    fn call(
        &self,
        call: &'a ExprCall,
        depth: usize,
        names: &mut Vec<SymbolId>,
        found: &mut Vec<Value>,
    ) {
        let model = self.model;
        let root = |root| Value::new(root, call.end());
        let arguments = &call.arguments.args;
        let meaning = model.meaning(&call.func);
        if let Some(path) = meaning.path() {
            if let Some(builtin) = path.strip_prefix("builtins.") {
                if !BUILTINS.contains(&builtin) {
                    let is_plain = matches!(
                        builtin,
                        "len"
                            | "str"
                            | "int"
                            | "bool"
                            | "sum"
                            | "any"
                            | "all"
                            | "range"
                            | "isinstance"
                    );
                    found.push(root(if is_plain { Root::Other } else { Root::Unknown }));
                    return;
                }
                for argument in arguments {
                    if !argument.is_lambda_expr() {
                        self.expr(argument, depth, names, found);
                    }
                }
                return;
            }
            let last = path.rsplit('.').next().unwrap_or(path);
            found.push(root(if self.names_class(&call.func) {
                Root::New(last.to_string())
            } else if path.starts_with("sqlalchemy.") || is_cap_words(last) {
                Root::Other
            } else {
                Root::Called(Callee::Path(path.to_string()))
            }));
            return;
        }
        match call.func.as_ref() {
            Expr::Attribute(method) => {
                let name = method.attr.as_str();
                if name == "query"
                    || matches!(name, "get" | "get_one")
                        && arguments
                            .first()
                            .is_some_and(|class| self.names_class(class))
                {
                    let form = if name == "query" {
                        Form::Query
                    } else {
                        Form::Get
                    };
                    let load = self.load(form, call, call);
                    found.push(root(Root::Load(load)));
                    return;
                }
                if RUNS.contains(&name)
                    && let Some(statement) = arguments.first()
                {
                    return self.statement(statement, call, depth, names, found);
                }
                if HANDS_ON.contains(&name) || words::link(name).is_some() {
                    let from = found.len();
                    self.expr(&method.value, depth, names, found);
                    for value in &mut found[from..] {
                        match &mut value.root {
                            // `session.query(User).get(key)`
                            Root::Load(load) => load.by_key |= name == "get",
                            // A method that an object of the project has under this name.
                            Root::New(_) | Root::Other if value.path.is_empty() => {
                                *value = root(Root::Called(self.method(method)));
                            }
                            _ => value.is_part = true,
                        }
                    }
                    return;
                }
                found.push(root(Root::Called(self.method(method))));
            }
            Expr::Name(name) => {
                if self.names_class(&call.func) {
                    found.push(root(Root::New(name.id.to_string())));
                    return;
                }
                found.push(root(match self.local_function(name) {
                    Some(function) => Root::Called(Callee::Path(self.path_of(function))),
                    None if is_cap_words(name.id.as_str()) => Root::Other,
                    None => Root::Unknown,
                }));
            }
            _ => found.push(root(Root::Unknown)),
        }
    }

    /// The method that is called: of the class round it, if that has it, or of the one class that has.
    pub fn method(&self, method: &ExprAttribute) -> Callee {
        let name = method.attr.as_str();
        let is_own = matches!(method.value.as_ref(), Expr::Name(name) if matches!(name.id.as_str(), "self" | "cls"));
        let class = self
            .model
            .nodes
            .ancestors(self.model.id(method))
            .find_map(|at| match self.model.nodes.get(at) {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            });
        let own = class.filter(|_| is_own).and_then(|class| {
            class.body.iter().find_map(|stmt| match stmt {
                ruff_python_ast::Stmt::FunctionDef(function) if function.name.as_str() == name => {
                    Some(function)
                }
                _ => None,
            })
        });
        match own {
            Some(function) => Callee::Path(self.path_of(function)),
            None => Callee::Method(name.to_string()),
        }
    }

    /// The function of this file that a name means.
    pub fn local_function(&self, name: &ExprName) -> Option<&'a StmtFunctionDef> {
        let symbol = self.model.scopes.symbol_of(self.model.id(name))?;
        let [binding] = self.model.scopes.symbol(symbol).bindings[..] else {
            return None;
        };
        match self
            .model
            .nodes
            .get(self.model.scopes.binding(binding).node)
        {
            AnyNodeRef::StmtFunctionDef(function) => Some(function),
            _ => None,
        }
    }

    /// What a statement loads that a call runs.
    fn statement(
        &self,
        statement: &'a Expr,
        run: &'a ExprCall,
        depth: usize,
        names: &mut Vec<SymbolId>,
        found: &mut Vec<Value>,
    ) {
        let root = |root| Value::new(root, run.end());
        let Some(depth) = depth.checked_sub(1) else {
            found.push(root(Root::Unknown));
            return;
        };
        match statement {
            Expr::Call(call) => {
                let meaning = self.model.meaning(&call.func);
                match meaning.path().map(|path| path.rsplit('.').next()) {
                    Some(Some("select")) => {
                        let load = self.load(Form::Select, call, run);
                        found.push(root(Root::Load(load)));
                    }
                    Some(_) => found.push(root(Root::Unknown)),
                    None => match call.func.as_ref() {
                        Expr::Attribute(method)
                            if words::link(method.attr.as_str()).is_some()
                                || method.attr.as_str() == "with_only_columns" =>
                        {
                            self.statement(&method.value, run, depth, names, found);
                        }
                        _ => found.push(root(Root::Unknown)),
                    },
                }
            }
            Expr::If(if_) => {
                self.statement(&if_.body, run, depth, names, found);
                self.statement(&if_.orelse, run, depth, names, found);
            }
            Expr::Name(name) => {
                let Some(symbol) = self.model.scopes.symbol_of(self.model.id(name)) else {
                    found.push(root(Root::Unknown));
                    return;
                };
                if names.contains(&symbol) {
                    return;
                }
                names.push(symbol);
                for &binding in &self.model.scopes.symbol(symbol).bindings {
                    let value = match self.model.scopes.binding(binding).kind {
                        BindingKind::Declared => continue,
                        BindingKind::Assign { value } => self.expr_at(value),
                        _ => None,
                    };
                    match value {
                        Some(value) => self.statement(value, run, depth, names, found),
                        None => found.push(root(Root::Unknown)),
                    }
                }
                names.pop();
            }
            _ => found.push(root(Root::Unknown)),
        }
    }

    fn load(&self, form: Form, start: &'a ExprCall, run: &'a ExprCall) -> Load {
        let model = self.model;
        let listed = match form {
            Form::Get => &start.arguments.args[..1],
            _ => &start.arguments.args,
        };
        let entities = listed.iter().filter_map(|argument| {
            let text = model.slice(argument.range()).to_string();
            let meaning = model.meaning(argument);
            let own = match (meaning.path(), argument) {
                (Some(path), _) => path.rsplit('.').next()?.to_string(),
                (None, Expr::Name(name)) => name.id.to_string(),
                _ => return None,
            };
            // A column is no object.
            is_cap_words(&own).then_some((text, own))
        });
        let block = model.nodes.parent(model.statement_of(model.id(start)));
        let mut loaded = Vec::new();
        let mut perhaps = Vec::new();
        let mut is_plain = true;
        for node in self.statements_of(model.id(start)) {
            for at in model.nodes.subtree(node) {
                let AnyNodeRef::ExprCall(call) = model.nodes.get(at) else {
                    continue;
                };
                let name = match call.func.as_ref() {
                    Expr::Attribute(attribute) => attribute.attr.as_str(),
                    Expr::Name(name) => name.id.as_str(),
                    _ => continue,
                };
                is_plain &= !BARE.contains(&name);
                if !LOADERS.contains(&name) {
                    continue;
                }
                for argument in &call.arguments.args {
                    let Expr::Attribute(attribute) = argument else {
                        continue;
                    };
                    let attribute = attribute.attr.to_string();
                    if model.nodes.parent(node) == block {
                        loaded.push(attribute);
                    } else {
                        perhaps.push((attribute, name.to_string()));
                    }
                }
            }
        }
        let before = TextRange::new(self.begin_of(model.id(start)), start.start());
        Load {
            form,
            start: start.range(),
            owner: run.range(),
            entities: entities.collect(),
            loaded,
            perhaps,
            is_plain,
            after: self.ends_in(model.id(start), before),
            by_key: form == Form::Get,
            is_first: !self.writes_in(model.id(start), before) && self.is_fresh(run),
        }
    }

    /// Whether the session of a call is one that the function gets for itself: it opens it, or a dependency does.
    fn is_fresh(&self, call: &ExprCall) -> bool {
        let model = self.model;
        let Expr::Attribute(method) = call.func.as_ref() else {
            return false;
        };
        let Expr::Name(name) = method.value.as_ref() else {
            return false;
        };
        let node = model.id(name);
        let Some(symbol) = model.scopes.symbol_of(node) else {
            return false;
        };
        let bindings = model.scopes.symbol(symbol).bindings.iter();
        bindings
            .map(|&binding| model.scopes.binding(binding))
            .all(|binding| match binding.kind {
                BindingKind::Parameter => {
                    let depends = |parameter: &ruff_python_ast::ParameterWithDefault| {
                        model.id(&parameter.parameter) == binding.node
                            && parameter.default.as_deref().is_some_and(Expr::is_call_expr)
                    };
                    self.function_of(binding.node).is_some_and(|function| {
                        let parameters = &function.parameters;
                        parameters
                            .args
                            .iter()
                            .chain(&parameters.kwonlyargs)
                            .any(depends)
                    })
                }
                _ => model.runner(binding.node) == model.runner(node),
            })
    }

    /// The statement of a node, and those that name the variable that it assigns.
    fn statements_of(&self, node: NodeId) -> Vec<NodeId> {
        let model = self.model;
        let statement = model.statement_of(node);
        let mut found = vec![statement];
        if let AnyNodeRef::StmtAssign(assign) = model.nodes.get(statement)
            && let [Expr::Name(name)] = &*assign.targets
            && let Some(binding) = model.scopes.binding_at(model.id(name))
        {
            let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
            for &reference in &symbol.references {
                let statement = model.statement_of(reference);
                let is_simple = matches!(
                    model.nodes.get(statement),
                    AnyNodeRef::StmtAssign(_) | AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtExpr(_)
                );
                if is_simple && !found.contains(&statement) {
                    found.push(statement);
                }
            }
        }
        found
    }

    /// Where the function of a node begins.
    fn begin_of(&self, node: NodeId) -> TextSize {
        match self.model.runner(node) {
            Runner::Function(index) => self
                .model
                .scopes
                .functions()
                .get(index as usize)
                .map_or(TextSize::new(0), |function| {
                    self.model.nodes.range(function.node).start()
                }),
            Runner::Module | Runner::Class => TextSize::new(0),
        }
    }

    /// Whether the function of a node, in a span of the file, ends a transaction: by a method of a session, or by a function
    /// that is handed one, or that has one itself.
    pub fn ends_in(&self, node: NodeId, span: TextRange) -> Ends {
        let mut ends = Ends::default();
        for call in self.calls_in(node, span) {
            let takes_session = self.takes_session(call);
            match call.func.as_ref() {
                Expr::Attribute(method) if ENDS.contains(&method.attr.as_str()) => {
                    ends.is_sure = true;
                }
                Expr::Attribute(method) => {
                    let callee = match self.model.meaning(&call.func).path() {
                        Some(path) => Callee::Path(path.to_string()),
                        None => self.method(method),
                    };
                    if takes_session || is_of_self(&method.value) {
                        ends.called.push((callee, takes_session));
                    }
                }
                Expr::Name(name) => {
                    let callee = match self.model.meaning(&call.func).path() {
                        Some(path) if path.starts_with("builtins.") => continue,
                        Some(path) => Callee::Path(path.to_string()),
                        None => match self.local_function(name) {
                            Some(function) => Callee::Path(self.path_of(function)),
                            None => Callee::Method(name.id.to_string()),
                        },
                    };
                    ends.called.push((callee, takes_session));
                }
                _ => {}
            }
        }
        ends
    }

    /// Whether the function of a node, in a span of the file, may write a new object.
    pub fn writes_in(&self, node: NodeId, span: TextRange) -> bool {
        self.calls_in(node, span).any(|call| {
            let is_write = matches!(call.func.as_ref(), Expr::Attribute(method)
                if WRITES.contains(&method.attr.as_str()));
            is_write || self.takes_session(call)
        })
    }

    /// Whether the function of a node, in a span of the file, asks a session for anything, or hands one on.
    pub fn asks_in(&self, node: NodeId, span: TextRange) -> bool {
        self.calls_in(node, span).any(|call| {
            let is_call = matches!(call.func.as_ref(), Expr::Attribute(method)
                if self.is_session(&method.value) || is_of_self(&method.value));
            is_call || self.takes_session(call)
        })
    }

    /// The calls of the function of a node, in a span of the file.
    fn calls_in(&self, node: NodeId, span: TextRange) -> impl Iterator<Item = &'a ExprCall> + '_ {
        let own = self.calls_of(self.model.runner(node));
        own.iter()
            .copied()
            .filter(move |call| span.contains(call.func.end()) && span.contains(call.func.start()))
    }

    /// Whether the file asks a session for objects of a class.
    pub fn asks_for(&self, class: &str) -> bool {
        let asked = self.asked.get_or_init(|| {
            let calls = self.model.calls().filter(|call| {
                let name = match call.func.as_ref() {
                    Expr::Attribute(method) => method.attr.as_str(),
                    Expr::Name(name) => name.id.as_str(),
                    _ => "",
                };
                matches!(name, "get" | "get_one" | "query" | "select")
            });
            let named = calls.flat_map(|call| &call.arguments.args);
            named
                .filter_map(|argument| match argument {
                    Expr::Name(name) => Some(name.id.to_string()),
                    Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
                    _ => None,
                })
                .filter(|name| is_cap_words(name))
                .collect()
        });
        asked.contains(class)
    }

    /// Whether an attribute is called as a class that the file imports: `user` and `users` of `User`.
    pub fn knows_class(&self, attribute: &str) -> bool {
        let named = self.named.get_or_init(|| {
            let symbols = self.model.scopes.symbols();
            let classes = symbols.filter(|(id, symbol)| {
                is_cap_words(symbol.name) && self.model.meaning_of_symbol(*id).path().is_some()
            });
            classes
                .flat_map(|(_, symbol)| {
                    let name = symbol.name.to_lowercase();
                    [format!("{name}s"), name]
                })
                .collect()
        });
        named.contains(&attribute.replace('_', ""))
    }

    /// The calls of a function.
    pub fn calls_of(&self, runner: Runner) -> &[&'a ExprCall] {
        let model = self.model;
        let all = self.calls.get_or_init(|| {
            let mut calls: FxHashMap<Runner, Vec<&'a ExprCall>> = FxHashMap::default();
            for call in model.calls() {
                let runner = model.runner(model.id(call));
                calls.entry(runner).or_default().push(call);
            }
            calls
        });
        all.get(&runner).map_or(&[], Vec::as_slice)
    }

    /// Whether an expression gives a session.
    pub fn is_session(&self, expr: &Expr) -> bool {
        let kind = self.kinds.and_then(|kinds| kinds.get(&self.model.id(expr)));
        matches!(kind, Some(&(members::SESSION | members::SCOPED)))
    }

    /// Whether a function is handed a session.
    pub fn takes_session(&self, call: &ExprCall) -> bool {
        literal::arguments(call).any(|argument| self.is_session(argument))
    }

    /// Whether an expression is a mapped class.
    pub fn names_class(&self, expr: &Expr) -> bool {
        let meaning = self.model.meaning(expr);
        if let Some(path) = meaning.path() {
            let last = path.rsplit('.').next().unwrap_or(path);
            return self.declared.mapped.contains_key(last)
                || is_cap_words(last)
                    && !path.starts_with("builtins.")
                    && !path.starts_with("sqlalchemy.")
                    && !path.starts_with("fastapi.")
                    && !path.starts_with("pydantic.");
        }
        match expr {
            Expr::Name(name) => {
                let Some(symbol) = self.model.scopes.symbol_of(self.model.id(name)) else {
                    return false;
                };
                self.declared.mapped.contains_key(name.id.as_str())
                    || self.model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
                        let node = self.model.scopes.binding(binding).node;
                        matches!(self.model.nodes.get(node), AnyNodeRef::StmtClassDef(class) if is_mapped(class))
                    })
            }
            Expr::Attribute(attribute) => {
                self.declared.mapped.contains_key(attribute.attr.as_str())
            }
            _ => false,
        }
    }

    /// The functions that a parameter's default hands over: `Depends(get_user)`.
    pub fn depends(&self, default: &'a Expr) -> Option<Callee> {
        let Expr::Call(call) = default else {
            return None;
        };
        let meaning = self.model.meaning(&call.func);
        let path = meaning.path()?;
        if !matches!(path.rsplit('.').next(), Some("Depends" | "Security")) {
            return None;
        }
        let given = literal::arguments(call).next()?;
        match given {
            Expr::Name(name) => match self.model.meaning(given).path() {
                Some(path) => Some(Callee::Path(path.to_string())),
                None => {
                    let function = self.local_function(name)?;
                    Some(Callee::Path(self.path_of(function)))
                }
            },
            _ => Some(Callee::Path(self.model.meaning(given).path()?.to_string())),
        }
    }
}

/// `self`, or an attribute of it.
fn is_of_self(expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) => name.id.as_str() == "self",
        Expr::Attribute(attribute) => is_of_self(&attribute.value),
        _ => false,
    }
}

/// Objects of what a query gives may have attributes that nothing says are lazy.
fn is_query_result(root: &Root) -> bool {
    matches!(root, Root::Load(load) if !load.entities.is_empty())
}

/// `User`, and neither `USERS` nor `users`.
pub fn is_cap_words(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with(char::is_uppercase)
        && (name.contains(char::is_lowercase) || name.chars().count() == 1)
}
