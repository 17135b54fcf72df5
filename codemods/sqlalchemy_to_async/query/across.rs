//! Queries that the functions of a file hand each other: `base(db).order_by(...)`, `query = with_filters(query, name)`.
//!
//! A function that takes or gives a query is one whose uses all stand in the file, each a plain call; another file that has
//! its name leaves the unit (see [`crate::codemod::UnitBuilder::confine`]).

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::given::Callers;
use super::names::number;
use super::{follow, reasons};
use crate::codemod::Refusal;
use crate::semantic::flow::{Flow, UseKind};
use crate::semantic::{BindingKind, Model, NodeId, Runner, Scopes};

/// The queries of one function.
pub struct Home<'a> {
    /// The function.
    pub runner: Runner,
    /// The calls that start a query.
    pub starts: Vec<&'a ExprCall>,
    /// The calls of functions that give one.
    given: Vec<NodeId>,
    /// The parameters that take one.
    pub targets: Vec<NodeId>,
    /// The calls that give a query: those, and all that go on from one.
    pub nodes: Vec<NodeId>,
    /// Where they go.
    pub flow: Flow<'a>,
}

/// What a call of a function that gives a query gives.
pub struct Gift<'a> {
    /// The call.
    pub call: &'a ExprCall,
    /// The function.
    pub function: &'a StmtFunctionDef,
    /// Its number.
    pub index: u32,
    /// The values that it returns.
    pub returned: Vec<NodeId>,
}

/// The queries of a file.
#[derive(Default)]
pub struct Across<'a> {
    /// By function, in the order in which they were found.
    pub homes: Vec<Home<'a>>,
    /// What each parameter is given.
    pub passed: FxHashMap<NodeId, Vec<NodeId>>,
    /// What calls of the file's functions give.
    pub gifts: FxHashMap<NodeId, Gift<'a>>,
    /// The arguments and returned values that are followed.
    pub handed: FxHashSet<NodeId>,
    /// The names of the functions.
    pub functions: Vec<&'a StmtFunctionDef>,
    /// Those functions by their number, each with its calls.
    pub callers: FxHashMap<u32, Callers<'a>>,
}

impl<'a> Across<'a> {
    /// Follows the queries that start in these functions.
    ///
    /// # Errors
    /// A function that may be given, or may return, something else.
    pub fn new(
        model: &Model<'a>,
        starts: Vec<(Runner, Vec<&'a ExprCall>)>,
    ) -> Result<Self, Refusal> {
        let mut across = Self::default();
        let mut positions: FxHashMap<Option<u32>, usize> = FxHashMap::default();
        for (runner, starts) in starts {
            let at = across.home(&mut positions, runner);
            across.homes[at].starts = starts;
        }
        let callables = Callables::new(model);
        let mut pending: Vec<usize> = (0..across.homes.len()).collect();
        while let Some(at) = pending.pop() {
            let home = &across.homes[at];
            let mut origins: Vec<NodeId> = home.starts.iter().map(|call| model.id(*call)).collect();
            origins.extend(&home.given);
            let (nodes, flow) = follow(model, home.runner, &origins, &home.targets);
            let runner = home.runner;
            for use_ in &flow.uses {
                match use_.kind {
                    UseKind::Argument { call, keyword } => {
                        let Some((index, parameter)) =
                            callables.parameter(model, call, use_.node, keyword)
                        else {
                            continue;
                        };
                        across.handed.insert(use_.node);
                        let given = across.passed.entry(parameter).or_default();
                        if !given.contains(&use_.node) {
                            given.push(use_.node);
                        }
                        let to = across.home(&mut positions, Runner::Function(index));
                        if !across.homes[to].targets.contains(&parameter) {
                            across.homes[to].targets.push(parameter);
                            pending.push(to);
                        }
                    }
                    UseKind::Returned if !use_.captured => {
                        let Runner::Function(index) = runner else {
                            continue;
                        };
                        let Some((function, calls)) = callables.of(index) else {
                            continue;
                        };
                        across.handed.insert(use_.node);
                        for &call in calls {
                            let node = model.id(call);
                            let gift = across.gifts.entry(node).or_insert_with(|| Gift {
                                call,
                                function,
                                index,
                                returned: Vec::new(),
                            });
                            if !gift.returned.contains(&use_.node) {
                                gift.returned.push(use_.node);
                            }
                            let to = across.home(&mut positions, model.runner(node));
                            if !across.homes[to].given.contains(&node) {
                                across.homes[to].given.push(node);
                                pending.push(to);
                            }
                        }
                    }
                    _ => {}
                }
            }
            across.homes[at].nodes = nodes;
            across.homes[at].flow = flow;
        }
        across.check(model, &callables)?;
        Ok(across)
    }

    fn home(&mut self, positions: &mut FxHashMap<Option<u32>, usize>, runner: Runner) -> usize {
        *positions.entry(number(runner)).or_insert_with(|| {
            self.homes.push(Home {
                runner,
                starts: Vec::new(),
                given: Vec::new(),
                targets: Vec::new(),
                nodes: Vec::new(),
                flow: Flow::default(),
            });
            self.homes.len() - 1
        })
    }

    /// Every call gives the parameter a query, and every `return` is one.
    fn check(&mut self, model: &Model<'a>, callables: &Callables<'a>) -> Result<(), Refusal> {
        let mut indices: Vec<u32> = self.gifts.values().map(|gift| gift.index).collect();
        for home in &self.homes {
            let Runner::Function(index) = home.runner else {
                continue;
            };
            if home.targets.is_empty() {
                continue;
            }
            indices.push(index);
            let Some((_, calls)) = callables.of(index) else {
                continue;
            };
            for parameter in &home.targets {
                let given = self.passed.get(parameter).map_or(&[][..], Vec::as_slice);
                let other = calls.iter().find(|call| {
                    let arguments = model.id(&call.arguments);
                    !given
                        .iter()
                        .any(|&node| is_argument(model, node, arguments))
                });
                if let Some(call) = other {
                    return Err(Refusal::at(&reasons::MIXED, call.range()));
                }
            }
        }
        indices.sort_unstable();
        indices.dedup();
        let returned: FxHashSet<NodeId> = self
            .gifts
            .values()
            .flat_map(|gift| gift.returned.iter().copied())
            .collect();
        let giving: FxHashSet<u32> = self.gifts.values().map(|gift| gift.index).collect();
        for &index in &indices {
            let Some((function, calls)) = callables.of(index) else {
                continue;
            };
            self.functions.push(function);
            self.callers.insert(index, (function, calls.to_vec()));
            if !giving.contains(&index) {
                continue;
            }
            for node in model.nodes.subtree(model.id(function)) {
                let AnyNodeRef::StmtReturn(return_) = model.nodes.get(node) else {
                    continue;
                };
                let is_own = model.runner(node) == Runner::Function(index);
                let is_query = return_
                    .value
                    .as_deref()
                    .is_some_and(|value| returned.contains(&model.id(value)));
                if is_own && !is_query {
                    return Err(Refusal::at(&reasons::MIXED, return_.range()));
                }
            }
        }
        Ok(())
    }
}

/// Whether an expression is an argument in these, by name or by position.
fn is_argument(model: &Model<'_>, node: NodeId, arguments: NodeId) -> bool {
    let parent = model.nodes.parent(node);
    parent == arguments || model.nodes.parent(parent) == arguments
}

/// The functions of a file whose uses are all plain calls in it.
struct Callables<'a> {
    by_index: FxHashMap<u32, (&'a StmtFunctionDef, Vec<&'a ExprCall>)>,
    by_call: FxHashMap<NodeId, u32>,
}

impl<'a> Callables<'a> {
    fn new(model: &Model<'a>) -> Self {
        let functions = model.scopes.functions();
        let mut by_name: FxHashMap<&str, u32> = FxHashMap::default();
        for function in functions {
            if let Some(definition) = function.definition {
                *by_name.entry(definition.name.as_str()).or_default() += 1;
            }
        }
        let mut attributes: FxHashMap<&str, Vec<NodeId>> = FxHashMap::default();
        for attribute in model.attributes() {
            attributes
                .entry(attribute.attr.as_str())
                .or_default()
                .push(model.id(attribute));
        }
        let mut found = Self {
            by_index: FxHashMap::default(),
            by_call: FxHashMap::default(),
        };
        for (index, function) in functions.iter().enumerate() {
            let Some(definition) = function.definition else {
                continue;
            };
            let name = definition.name.as_str();
            let is_plain = !definition.is_async
                && definition.decorator_list.is_empty()
                && !name.starts_with("__")
                && by_name.get(name) == Some(&1);
            if !is_plain || crate::index::has_yield(&definition.body) {
                continue;
            }
            let names = match model.nodes.parent_node(function.node) {
                AnyNodeRef::ModModule(_) => {
                    let Some(binding) = model.scopes.binding_at(function.node) else {
                        continue;
                    };
                    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
                    let is_only = symbol.scope == Scopes::MODULE
                        && symbol.bindings.len() == 1
                        && matches!(model.scopes.binding(binding).kind, BindingKind::Function);
                    // An attribute of the name may be this function, of the module.
                    if !is_only || attributes.contains_key(name) {
                        continue;
                    }
                    symbol.references.clone()
                }
                AnyNodeRef::StmtClassDef(class) => {
                    let used = attributes.get(name).cloned().unwrap_or_default();
                    let class = model.id(class);
                    let of_self = used.iter().all(|&node| match model.nodes.get(node) {
                        AnyNodeRef::ExprAttribute(attribute) => {
                            matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "self")
                                && model.nodes.is_within(node, class)
                        }
                        _ => false,
                    });
                    if !of_self {
                        continue;
                    }
                    used
                }
                _ => continue,
            };
            let calls: Option<Vec<&'a ExprCall>> = names
                .iter()
                .map(|&node| match model.nodes.parent_node(node) {
                    AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => {
                        Some(call)
                    }
                    _ => None,
                })
                .collect();
            let Some(calls) = calls.filter(|calls| !calls.is_empty()) else {
                continue;
            };
            let index = index as u32;
            for call in &calls {
                found.by_call.insert(model.id(*call), index);
            }
            found.by_index.insert(index, (definition, calls));
        }
        found
    }

    fn of(&self, index: u32) -> Option<(&'a StmtFunctionDef, &[&'a ExprCall])> {
        self.by_index
            .get(&index)
            .map(|(function, calls)| (*function, calls.as_slice()))
    }

    /// The function that a call calls, and the parameter that takes an argument.
    fn parameter(
        &self,
        model: &Model<'a>,
        call: &ExprCall,
        argument: NodeId,
        keyword: Option<&str>,
    ) -> Option<(u32, NodeId)> {
        let index = *self.by_call.get(&model.id(call))?;
        let (function, _) = self.of(index)?;
        parameter_of(model, function, call, argument, keyword).map(|node| (index, node))
    }
}

/// The parameter of a function that takes an argument of a call.
fn parameter_of(
    model: &Model<'_>,
    function: &StmtFunctionDef,
    call: &ExprCall,
    argument: NodeId,
    keyword: Option<&str>,
) -> Option<NodeId> {
    let parameters = &function.parameters;
    let mut by_position = parameters.posonlyargs.iter().chain(&parameters.args);
    if let Some(keyword) = keyword {
        return parameters
            .args
            .iter()
            .chain(&parameters.kwonlyargs)
            .find(|parameter| parameter.parameter.name.as_str() == keyword)
            .map(|parameter| model.id(&parameter.parameter));
    }
    let arguments = &call.arguments.args;
    let position = arguments
        .iter()
        .position(|other| model.id(other) == argument)?;
    if arguments[..position].iter().any(Expr::is_starred_expr) {
        return None;
    }
    let skipped = usize::from(call.func.is_attribute_expr());
    by_position
        .nth(position + skipped)
        .map(|parameter| model.id(&parameter.parameter))
}

/// What a call gives for a parameter, by its name.
pub fn argument_for<'a>(gift: &Gift<'a>, name: &str) -> Option<&'a Expr> {
    let parameters = &gift.function.parameters;
    let by_name = gift.call.arguments.keywords.iter().find(|keyword| {
        keyword
            .arg
            .as_ref()
            .is_some_and(|other| other.as_str() == name)
    });
    if let Some(keyword) = by_name {
        return Some(&keyword.value);
    }
    let position = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .position(|parameter| parameter.parameter.name.as_str() == name)?;
    let skipped = usize::from(gift.call.func.is_attribute_expr());
    let arguments = &gift.call.arguments.args;
    let position = position.checked_sub(skipped)?;
    if arguments
        .iter()
        .take(position + 1)
        .any(Expr::is_starred_expr)
    {
        return None;
    }
    arguments.get(position)
}

/// Whether a function binds one of its own parameters again.
pub fn rebinds(function: &StmtFunctionDef, name: &str) -> bool {
    use ruff_python_ast::visitor::{self, Visitor};
    struct Finder<'n> {
        name: &'n str,
        found: bool,
    }
    impl<'a> Visitor<'a> for Finder<'_> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Name(name) = expr {
                self.found |= name.id.as_str() == self.name && !name.ctx.is_load();
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut finder = Finder { name, found: false };
    for stmt in &function.body {
        let stmt: &Stmt = stmt;
        finder.visit_stmt(stmt);
    }
    finder.found
}
