//! Who calls whom, as each file alone tells it: read file by file, without the solver's facts, so that files can be added as
//! their names turn up.
//!
//! A call of a name that an import or a definition binds leads to that function. Any other leads by its last name to all
//! functions of that name: too much is found, never too little, apart from calls through names that are made up at run time.
//! A function that is handed on runs where it is handed on, and wherever the one that takes it calls what it was given.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, ExprRef, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::importer::stdlib::is_stdlib;
use crate::semantic::builtins::is_builtin;
use crate::semantic::common::is_common_method;
use crate::semantic::{BindingKind, Meaning, Model, NodeId, Runner};

mod graph;

pub use graph::{CallGraph, Node};

/// What is called, as far as its file tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Callee {
    /// A function or lambda of the same file, by its number.
    Function(u32),
    /// What an import means: a dotted path.
    Path(String),
    /// Anything of this last name.
    Named(String),
    /// An attribute of `self` or `cls`: a method of this name, or else a value that may be any function.
    Own(String),
    /// A parameter, or an expression: any function.
    Unknown,
}

impl Callee {
    /// The last name; `None` for a function by number and for the unknown.
    pub fn last_name(&self) -> Option<&str> {
        match self {
            Self::Path(path) => Some(last(path)),
            Self::Named(name) | Self::Own(name) => Some(name),
            Self::Function(_) | Self::Unknown => None,
        }
    }
}

/// Functions that are called, and whatever else a caller adds: names of classes that are raised.
pub type Callees = FxHashSet<Callee>;

/// What one function does, or the module level.
#[derive(Debug, Default)]
pub struct Calls {
    /// Its last name; empty for lambdas and the module level.
    pub name: String,
    /// The class that it is a method of; empty for others.
    pub class: String,
    /// What it calls.
    pub calls: Callees,
    /// The dotted name within the module.
    qualified_name: String,
    /// The numbers of the functions round it.
    around: Vec<u32>,
    /// What decorates it.
    decorators: Callees,
    /// What it gives values to of which nothing is known: parameters above all.
    forwards: Callees,
    /// The functions that it hands on, each with what takes it.
    hands: FxHashSet<(Callee, Taker)>,
}

/// What becomes of a function that is used as a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Taker {
    /// An argument of a call.
    Call(Callee),
    /// What a function returns: its callers call it.
    Return,
    /// Stored: any call of something unknown may be one of it.
    Anything,
}

/// What one file tells of its calls.
#[derive(Debug, Default)]
pub struct FileCalls {
    module: String,
    /// By number, the module level last.
    pub functions: Vec<Calls>,
}

impl FileCalls {
    /// Reads a file.
    pub fn new(reader: &Reader<'_, '_>) -> Self {
        let model = reader.model;
        let functions = model.scopes.functions();
        let mut file = Self {
            module: model.module.name.clone(),
            functions: Vec::with_capacity(functions.len() + 1),
        };
        for function in functions {
            let mut calls = Calls {
                class: class_of(&function.qualified_name).to_string(),
                qualified_name: function.qualified_name.clone(),
                around: reader.around(function.node),
                ..Calls::default()
            };
            if let Some(definition) = function.definition {
                calls.name = definition.name.to_string();
                for decorator in &definition.decorator_list {
                    let expr = match &decorator.expression {
                        Expr::Call(call) => call.func.as_ref(),
                        other => other,
                    };
                    calls.decorators.extend(reader.meant(expr));
                }
            }
            file.functions.push(calls);
        }
        file.functions.push(Calls::default());
        for number in 0..model.nodes.len() as u32 {
            reader.read(NodeId(number), &mut file.functions);
        }
        file
    }
}

/// Reads what the nodes of one file call.
pub struct Reader<'a, 'm> {
    model: &'m Model<'a>,
    family: &'m str,
    changing: &'m FxHashSet<NodeId>,
    /// The number of each function, by its node.
    numbers: FxHashMap<NodeId, u32>,
}

impl<'a, 'm> Reader<'a, 'm> {
    /// A reader for one file. What lies below the module `family` is no function of the project. `changing` holds the calls
    /// that become awaited, with other nodes: what is awaited is one of the project, however common its name is.
    pub fn new(model: &'m Model<'a>, family: &'m str, changing: &'m FxHashSet<NodeId>) -> Self {
        let functions = model.scopes.functions().iter().enumerate();
        Self {
            model,
            family,
            changing,
            numbers: functions
                .map(|(number, function)| (function.node, number as u32))
                .collect(),
        }
    }

    /// What the statements of a block call or hand on, without what functions do that are defined in it.
    pub fn in_block(&self, block: &'a [Stmt]) -> Callees {
        let mut calls = InBlock {
            reader: self,
            found: Callees::default(),
        };
        calls.visit_body(block);
        calls.found
    }

    /// The file.
    pub fn model(&self) -> &'m Model<'a> {
        self.model
    }

    /// The function at this node, as a callee.
    pub fn own(&self, function: NodeId) -> Option<Callee> {
        self.numbers.get(&function).copied().map(Callee::Function)
    }

    fn is_foreign(&self, path: &str) -> bool {
        is_below(path, self.family)
    }

    /// Files what one node tells under the function that runs it.
    fn read(&self, id: NodeId, functions: &mut [Calls]) {
        let model = self.model;
        let module = functions.len() - 1;
        let at = || index_of(model, id, module);
        match model.nodes.get(id) {
            AnyNodeRef::ExprCall(call) => {
                let called = self.called(call);
                let of = &mut functions[at()];
                let arguments = call.arguments.args.iter();
                let keywords = call.arguments.keywords.iter().map(|one| &one.value);
                if arguments
                    .chain(keywords)
                    .any(|value| self.is_unknown_value(value))
                {
                    of.forwards.extend(called.iter().cloned());
                }
                of.calls.extend(called);
            }
            // `raise ApiError`, which is not called.
            AnyNodeRef::StmtRaise(raise) => {
                if let Some(expr @ Expr::Name(_)) = raise.exc.as_deref() {
                    functions[at()].calls.extend(self.meant(expr));
                }
            }
            AnyNodeRef::ExprLambda(_) => {
                if let Some(&number) = self.numbers.get(&id) {
                    let taker = self.takers(id);
                    let hands = &mut functions[at()].hands;
                    hands.extend(taker.into_iter().map(|to| (Callee::Function(number), to)));
                }
            }
            AnyNodeRef::ExprName(name) if name.ctx == ExprContext::Load => {
                let expr = ExprRef::Name(name);
                self.value(id, expr, at, functions);
            }
            AnyNodeRef::ExprAttribute(attribute) if attribute.ctx == ExprContext::Load => {
                let expr = ExprRef::Attribute(attribute);
                self.value(id, expr, at, functions);
            }
            _ => {}
        }
    }

    /// Files a function that is used as a value.
    fn value(
        &self,
        id: NodeId,
        expr: ExprRef<'_>,
        at: impl Fn() -> usize,
        functions: &mut [Calls],
    ) {
        let model = self.model;
        let around = model.nodes.parent(id);
        match model.nodes.get(around) {
            // What is called is no value, nor is the object of an attribute; decorators are read with their function.
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == id => return,
            AnyNodeRef::ExprAttribute(_)
            | AnyNodeRef::Decorator(_)
            | AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::ExceptHandlerExceptHandler(_)
            | AnyNodeRef::StmtRaise(_)
            | AnyNodeRef::StmtClassDef(_) => return,
            _ => {}
        }
        let is_argument = matches!(
            model.nodes.get(around),
            AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)
        );
        let known = self.known(expr, is_argument);
        if known.is_empty() {
            return;
        }
        let takers = self.takers(id);
        let hands = &mut functions[at()].hands;
        for callee in known {
            hands.extend(takers.iter().map(|to| (callee.clone(), to.clone())));
        }
    }

    /// What an argument may be that is handed on to be called.
    fn handed(&self, value: &Expr) -> Vec<Callee> {
        match value {
            Expr::Name(name) => self.known(ExprRef::Name(name), true),
            Expr::Attribute(attribute) => self.known(ExprRef::Attribute(attribute), true),
            _ => Vec::new(),
        }
    }

    /// The functions that a value may be. Most attributes are none: only where one is handed on, it may be.
    fn known(&self, expr: ExprRef<'_>, is_argument: bool) -> Vec<Callee> {
        let mut found = self.of(expr);
        found.retain(|callee| match callee {
            Callee::Function(_) => true,
            Callee::Path(path) => !is_outside(path) && !self.is_foreign(path),
            Callee::Own(_) | Callee::Named(_) => {
                is_argument && matches!(expr, ExprRef::Attribute(_))
            }
            Callee::Unknown => false,
        });
        found
    }

    /// What takes a function that is used as a value.
    fn takers(&self, value: NodeId) -> Vec<Taker> {
        let model = self.model;
        let around = model.nodes.parent(value);
        match model.nodes.get(around) {
            AnyNodeRef::StmtReturn(_) => vec![Taker::Return],
            AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_) => {
                let call = model
                    .nodes
                    .ancestors(around)
                    .find(|&at| matches!(model.nodes.get(at), AnyNodeRef::ExprCall(_)));
                let Some((node, AnyNodeRef::ExprCall(call))) =
                    call.map(|at| (at, model.nodes.get(at)))
                else {
                    return vec![Taker::Anything];
                };
                if model.meaning(&call.func).path() == Some("functools.partial") {
                    return self.takers(node);
                }
                let called = self.meant(&call.func);
                called.into_iter().map(Taker::Call).collect()
            }
            _ => vec![Taker::Anything],
        }
    }

    /// Whether a value may be a function that somebody handed on: a parameter, or a name of which nothing is known.
    fn is_unknown_value(&self, value: &Expr) -> bool {
        let name = match value {
            Expr::Name(name) => name,
            Expr::Starred(starred) => return self.is_unknown_value(&starred.value),
            _ => return false,
        };
        let symbol = self.model.scopes.symbol_of(self.model.id(name));
        symbol.is_some_and(|symbol| {
            let bindings = &self.model.scopes.symbol(symbol).bindings;
            bindings.iter().any(|&binding| {
                matches!(
                    self.model.scopes.binding(binding).kind,
                    BindingKind::Parameter | BindingKind::Assign { .. } | BindingKind::For { .. }
                )
            })
        })
    }

    /// What a call calls, without what is foreign for certain.
    fn called(&self, call: &ExprCall) -> Vec<Callee> {
        let is_awaited = || is_changing(self.model, self.model.id(call), self.changing);
        let mut found = self.meant(&call.func);
        found.retain(|callee| match callee {
            Callee::Path(path) => !self.is_foreign(path) || is_awaited(),
            // The `get` of a class of the project is not that of most objects.
            Callee::Named(name) if call.func.is_attribute_expr() => {
                !is_common_method(name) || is_awaited()
            }
            _ => true,
        });
        found
    }

    /// What an expression means that is called.
    pub fn meant(&self, expr: &Expr) -> Vec<Callee> {
        match expr {
            Expr::Name(name) => self.of(ExprRef::Name(name)),
            Expr::Attribute(attribute) => self.of(ExprRef::Attribute(attribute)),
            Expr::Lambda(lambda) => {
                let number = self.numbers.get(&self.model.id(lambda));
                vec![number.map_or(Callee::Unknown, |&number| Callee::Function(number))]
            }
            _ => vec![Callee::Unknown],
        }
    }

    fn of(&self, expr: ExprRef<'_>) -> Vec<Callee> {
        let model = self.model;
        let mut found: Vec<Callee> = match model.meaning_of(expr) {
            // A name that nothing in sight binds, and that is not built in: somebody puts it there at run time.
            Meaning::Path(path) => match path.strip_prefix("builtins.") {
                Some(name) if !is_builtin(name.split('.').next().unwrap_or(name)) => {
                    return vec![Callee::Named(last(name).to_string())];
                }
                _ => return vec![Callee::Path(path)],
            },
            Meaning::Ambiguous(paths) => paths.into_iter().map(Callee::Path).collect(),
            Meaning::Unknown => Vec::new(),
        };
        match expr {
            ExprRef::Attribute(attribute) => {
                let name = attribute.attr.to_string();
                found.push(match attribute.value.as_ref() {
                    Expr::Name(object) if matches!(object.id.as_str(), "self" | "cls") => {
                        Callee::Own(name)
                    }
                    _ => Callee::Named(name),
                });
            }
            ExprRef::Name(name) => {
                let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                    found.push(Callee::Named(name.id.to_string()));
                    return found;
                };
                for &binding in &model.scopes.symbol(symbol).bindings {
                    let binding = model.scopes.binding(binding);
                    let one = match &binding.kind {
                        BindingKind::Function => match self.numbers.get(&binding.node) {
                            Some(&number) => Callee::Function(number),
                            None => Callee::Named(name.id.to_string()),
                        },
                        BindingKind::FromImport { member, .. } => {
                            Callee::Named((*member).to_string())
                        }
                        BindingKind::Import { .. } | BindingKind::Class | BindingKind::Type => {
                            Callee::Named(name.id.to_string())
                        }
                        BindingKind::Declared | BindingKind::Deleted => continue,
                        BindingKind::Assign { .. } => {
                            found.push(Callee::Named(name.id.to_string()));
                            Callee::Unknown
                        }
                        _ => Callee::Unknown,
                    };
                    found.push(one);
                }
            }
            _ => found.push(Callee::Unknown),
        }
        found
    }

    fn around(&self, node: NodeId) -> Vec<u32> {
        let mut found = Vec::new();
        let ancestors = self.model.nodes.ancestors(node);
        found.extend(ancestors.filter_map(|at| self.numbers.get(&at).copied()));
        found
    }
}

/// Collects what a block calls.
struct InBlock<'a, 'm, 'r> {
    reader: &'r Reader<'a, 'm>,
    found: Callees,
}

impl<'a> Visitor<'a> for InBlock<'a, '_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Raise(raise) = stmt
            && let Some(expr @ Expr::Name(_)) = raise.exc.as_deref()
        {
            self.found.extend(self.reader.meant(expr));
        }
        // What a nested function does is not done here.
        if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.found.extend(self.reader.called(call));
            let keywords = call.arguments.keywords.iter().map(|one| &one.value);
            for value in call.arguments.args.iter().chain(keywords) {
                self.found.extend(self.reader.handed(value));
            }
        }
        visitor::walk_expr(self, expr);
    }
}

/// Whether a call is one of a function that becomes async, or is: whatever its name is.
fn is_changing(model: &Model<'_>, call: NodeId, changing: &FxHashSet<NodeId>) -> bool {
    let around = model.nodes.parent(call);
    match model.nodes.get(around) {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::WithItem(_) => changing.contains(&model.nodes.parent(around)),
        AnyNodeRef::StmtFor(_) | AnyNodeRef::Comprehension(_) => {
            changing.contains(&around) || changing.contains(&call)
        }
        _ => changing.contains(&call),
    }
}

/// The number of the function that runs a node; `module` for the module level.
pub fn index_of(model: &Model<'_>, id: NodeId, module: usize) -> usize {
    match model.runner(id) {
        Runner::Function(index) => index as usize,
        Runner::Module | Runner::Class => module,
    }
}

/// Whether a dotted path leads to something in a module, or in one below it.
pub fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a dotted path leads to a builtin or into the standard library.
fn is_outside(path: &str) -> bool {
    let root = path.split('.').next().unwrap_or(path);
    root == "builtins" || is_stdlib(root)
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The class in the qualified name of a method.
fn class_of(name: &str) -> &str {
    let mut parts = name.rsplit('.');
    parts.next();
    parts.next().unwrap_or_default()
}
