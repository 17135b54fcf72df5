//! Reaching definitions: which bindings of a name a load may see, within one function or module.
//!
//! A forward analysis over the structured statements. It over-approximates: a binding that is not in the answer cannot
//! be seen by the load; one that is may be.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Model;
use super::nodes::NodeId;
use super::scope::{BindingId, SymbolId};

/// For each load of a tracked name, the bindings it may see, sorted. Loads in nested functions are not in it: they may
/// see any binding.
#[derive(Debug, Default)]
pub struct Reaching {
    loads: FxHashMap<NodeId, Vec<BindingId>>,
}

impl Reaching {
    /// Follows the tracked names through a function's body (or the module's).
    pub fn new<'a>(model: &Model<'a>, body: &'a [Stmt], tracked: &FxHashSet<SymbolId>) -> Self {
        let mut walker = Walker {
            model,
            tracked,
            loads: FxHashMap::default(),
            attempts: Vec::new(),
            loops: Vec::new(),
        };
        // Parameters reach from the start.
        let mut state = State::default();
        for &symbol in tracked {
            for &binding in &model.scopes.symbol(symbol).bindings {
                if matches!(
                    model.scopes.binding(binding).kind,
                    super::BindingKind::Parameter
                ) {
                    state.bind(symbol, binding, true);
                }
            }
        }
        walker.body(body, Some(state));
        Self {
            loads: walker.loads,
        }
    }

    /// The bindings that this `Name` load may see; `None` if the analysis did not pass it.
    pub fn at(&self, load: NodeId) -> Option<&[BindingId]> {
        self.loads.get(&load).map(Vec::as_slice)
    }
}

/// The bindings of each tracked name that may be current.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State(FxHashMap<SymbolId, Vec<BindingId>>);

impl State {
    fn bind(&mut self, symbol: SymbolId, binding: BindingId, replaces: bool) {
        let current = self.0.entry(symbol).or_default();
        if replaces {
            current.clear();
        }
        if let Err(place) = current.binary_search(&binding) {
            current.insert(place, binding);
        }
    }

    fn join(&mut self, other: &Self) {
        for (&symbol, bindings) in &other.0 {
            for &binding in bindings {
                self.bind(symbol, binding, false);
            }
        }
    }
}

fn join(left: Option<State>, right: Option<State>) -> Option<State> {
    match (left, right) {
        (Some(mut left), Some(right)) => {
            left.join(&right);
            Some(left)
        }
        (left, right) => left.or(right),
    }
}

#[derive(Default)]
struct Loop {
    breaks: Option<State>,
    continues: Option<State>,
}

struct Walker<'a, 'm> {
    model: &'m Model<'a>,
    tracked: &'m FxHashSet<SymbolId>,
    loads: FxHashMap<NodeId, Vec<BindingId>>,
    /// For each enclosing `try`: every state in which an exception may leave its body.
    attempts: Vec<State>,
    loops: Vec<Loop>,
}

impl<'a> Walker<'a, '_> {
    /// Runs statements; the answer is the state after them, `None` if control never gets there.
    fn body(&mut self, body: &'a [Stmt], mut state: Option<State>) -> Option<State> {
        for stmt in body {
            // Unreachable code is walked with an empty state: its loads see nothing.
            state = match state {
                Some(state) => self.stmt(stmt, state),
                None => break,
            };
        }
        state
    }

    fn expr(&mut self, expr: &'a Expr, state: &mut State) {
        let mut loads = Loads {
            walker: self,
            state,
            conditional: 0,
        };
        loads.visit_expr(expr);
    }

    /// A binding operation: the name, the attempts that may leave here.
    fn bind(&mut self, node: NodeId, state: &mut State, replaces: bool) {
        let Some(binding) = self.model.scopes.binding_at(node) else {
            return;
        };
        let symbol = self.model.scopes.binding(binding).symbol;
        if !self.tracked.contains(&symbol) {
            return;
        }
        state.bind(symbol, binding, replaces);
        for attempt in &mut self.attempts {
            attempt.bind(symbol, binding, false);
        }
    }

    fn target(&mut self, target: &'a Expr, state: &mut State) {
        match target {
            Expr::Name(_) => self.bind(self.model.id(target), state, true),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                for element in elts {
                    self.target(element, state);
                }
            }
            Expr::Starred(starred) => self.target(&starred.value, state),
            _ => self.expr(target, state),
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt, mut state: State) -> Option<State> {
        match stmt {
            Stmt::Assign(assign) => {
                self.expr(&assign.value, &mut state);
                for target in &assign.targets {
                    self.target(target, &mut state);
                }
                Some(state)
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.expr(value, &mut state);
                    self.target(&assign.target, &mut state);
                }
                Some(state)
            }
            Stmt::AugAssign(assign) => {
                if let Expr::Name(_) = assign.target.as_ref() {
                    self.load(self.model.id(assign.target.as_ref()), &state);
                }
                self.expr(&assign.value, &mut state);
                self.target(&assign.target, &mut state);
                Some(state)
            }
            Stmt::If(if_) => self.if_(if_, state),
            Stmt::For(for_) => {
                self.expr(&for_.iter, &mut state);
                let mut after =
                    self.loop_(Some(&for_.target), None, &for_.body, &for_.orelse, state);
                // `iter(lambda: ..., sentinel)` runs its lambda at the head of the loop, and the state there is part of
                // the one behind a loop without `else`.
                if for_.orelse.is_empty()
                    && let Some(polled) = polled(&for_.iter)
                    && let Some(after) = &mut after
                {
                    self.expr(polled, after);
                }
                after
            }
            Stmt::While(while_) => self.loop_(
                None,
                Some(&while_.test),
                &while_.body,
                &while_.orelse,
                state,
            ),
            Stmt::Try(try_) => self.try_(try_, state),
            Stmt::With(with) => self.with(with, state),
            Stmt::Match(match_) => {
                self.expr(&match_.subject, &mut state);
                let mut after = Some(state.clone());
                for case in &match_.cases {
                    let mut inside = state.clone();
                    let mut patterns = Patterns {
                        nodes: Vec::new(),
                        model: self.model,
                    };
                    patterns.visit_pattern(&case.pattern);
                    for node in patterns.nodes {
                        self.bind(node, &mut inside, true);
                    }
                    if let Some(guard) = &case.guard {
                        self.expr(guard, &mut inside);
                    }
                    after = join(after, self.body(&case.body, Some(inside)));
                }
                after
            }
            Stmt::Return(return_) => {
                if let Some(value) = &return_.value {
                    self.expr(value, &mut state);
                }
                None
            }
            Stmt::Raise(raise) => {
                for value in raise.exc.iter().chain(raise.cause.iter()) {
                    self.expr(value, &mut state);
                }
                None
            }
            Stmt::Break(_) => {
                if let Some(around) = self.loops.last_mut() {
                    around.breaks = join(around.breaks.take(), Some(state));
                }
                None
            }
            Stmt::Continue(_) => {
                if let Some(around) = self.loops.last_mut() {
                    around.continues = join(around.continues.take(), Some(state));
                }
                None
            }
            Stmt::FunctionDef(function) => {
                let mut loads = Loads {
                    walker: self,
                    state: &mut state,
                    conditional: 0,
                };
                for decorator in &function.decorator_list {
                    loads.visit_decorator(decorator);
                }
                loads.visit_parameters(&function.parameters);
                self.bind(self.model.id(function), &mut state, true);
                Some(state)
            }
            Stmt::ClassDef(class) => {
                let mut loads = Loads {
                    walker: self,
                    state: &mut state,
                    conditional: 0,
                };
                for decorator in &class.decorator_list {
                    loads.visit_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    loads.visit_arguments(arguments);
                }
                self.bind(self.model.id(class), &mut state, true);
                Some(state)
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.bind(self.model.id(alias), &mut state, true);
                }
                Some(state)
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.bind(self.model.id(alias), &mut state, true);
                }
                Some(state)
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    if let Expr::Name(_) = target {
                        let node = self.model.id(target);
                        self.load(node, &state);
                        self.bind(node, &mut state, true);
                    } else {
                        self.expr(target, &mut state);
                    }
                }
                Some(state)
            }
            _ => {
                let mut loads = Loads {
                    walker: self,
                    state: &mut state,
                    conditional: 0,
                };
                visitor::walk_stmt(&mut loads, stmt);
                Some(state)
            }
        }
    }

    fn if_(&mut self, if_: &'a ast::StmtIf, mut state: State) -> Option<State> {
        self.expr(&if_.test, &mut state);
        let mut after = self.body(&if_.body, Some(state.clone()));
        let mut otherwise = Some(state);
        for clause in &if_.elif_else_clauses {
            let Some(mut entry) = otherwise.take() else {
                break;
            };
            if let Some(test) = &clause.test {
                self.expr(test, &mut entry);
                otherwise = Some(entry.clone());
            }
            after = join(after, self.body(&clause.body, Some(entry)));
        }
        join(after, otherwise)
    }

    fn loop_(
        &mut self,
        target: Option<&'a Expr>,
        test: Option<&'a Expr>,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        entry: State,
    ) -> Option<State> {
        let mut head = entry;
        let mut breaks = None;
        loop {
            let mut state = head.clone();
            if let Some(test) = test {
                self.expr(test, &mut state);
            }
            let mut inside = state.clone();
            if let Some(target) = target {
                self.target(target, &mut inside);
            }
            self.loops.push(Loop::default());
            let end = self.body(body, Some(inside));
            let around = self.loops.pop().unwrap_or_default();
            breaks = join(breaks, around.breaks);
            let mut next = head.clone();
            for back in end.iter().chain(around.continues.iter()) {
                next.join(back);
            }
            // The sets only grow, so this ends: at most as many rounds as there are bindings.
            if next == head {
                let forever = matches!(test, Some(Expr::BooleanLiteral(literal)) if literal.value);
                let after = if forever {
                    None
                } else {
                    self.body(orelse, Some(state))
                };
                return join(after, breaks);
            }
            head = next;
        }
    }

    fn try_(&mut self, try_: &'a ast::StmtTry, state: State) -> Option<State> {
        // Anything bound in the handlers may be current when `finally` runs for an exception of theirs.
        self.attempts.push(state.clone());
        self.attempts.push(state.clone());
        let end = self.body(&try_.body, Some(state));
        let failed = self.attempts.pop().unwrap_or_default();
        let mut after = match end {
            Some(end) => self.body(&try_.orelse, Some(end)),
            None => None,
        };
        for handler in &try_.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let mut entry = failed.clone();
            if let Some(type_) = &handler.type_ {
                self.expr(type_, &mut entry);
            }
            if handler.name.is_some() {
                self.bind(self.model.id(handler), &mut entry, true);
            }
            after = join(after, self.body(&handler.body, Some(entry)));
        }
        let escaping = self.attempts.pop().unwrap_or_default();
        if try_.finalbody.is_empty() {
            return after;
        }
        // Once for the exceptions that pass through, once for the normal way on.
        self.body(&try_.finalbody, Some(escaping));
        match after {
            Some(after) => self.body(&try_.finalbody, Some(after)),
            None => None,
        }
    }

    fn with(&mut self, with: &'a ast::StmtWith, mut state: State) -> Option<State> {
        let mut swallows = false;
        for item in &with.items {
            self.expr(&item.context_expr, &mut state);
            if let Some(target) = &item.optional_vars {
                self.target(target, &mut state);
            }
            // `suppress`, `raises`, ... end the block early and go on after it.
            swallows |= may_swallow(&item.context_expr);
        }
        if !swallows {
            return self.body(&with.body, Some(state));
        }
        self.attempts.push(state.clone());
        let end = self.body(&with.body, Some(state));
        let failed = self.attempts.pop();
        join(end, failed)
    }

    fn load(&mut self, node: NodeId, state: &State) {
        let Some(symbol) = self.model.scopes.symbol_of(node) else {
            return;
        };
        if !self.tracked.contains(&symbol) {
            return;
        }
        let seen = self.loads.entry(node).or_default();
        for &binding in state.0.get(&symbol).map_or(&[][..], Vec::as_slice) {
            if let Err(place) = seen.binary_search(&binding) {
                seen.insert(place, binding);
            }
        }
    }
}

/// What `iter(lambda: EXPRESSION, sentinel)` evaluates.
fn polled(iterable: &Expr) -> Option<&Expr> {
    let call = iterable.as_call_expr()?;
    match &*call.arguments.args {
        [Expr::Lambda(lambda), _]
            if lambda.parameters.is_none()
                && call.func.as_name_expr()?.id.as_str() == "iter"
                && !lambda.body.is_named_expr() =>
        {
            Some(&lambda.body)
        }
        _ => None,
    }
}

/// Whether a context manager is known by name to swallow exceptions.
fn may_swallow(context: &Expr) -> bool {
    let func = match context {
        Expr::Call(call) => call.func.as_ref(),
        other => other,
    };
    let name = match func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    ["suppress", "raises", "ignore"]
        .iter()
        .any(|word| name.contains(word))
}

/// Loads and walruses of an expression, in evaluation order.
struct Loads<'a, 'm, 's, 'w> {
    walker: &'w mut Walker<'a, 'm>,
    state: &'s mut State,
    /// Above zero where a binding may not happen: right of `and`/`or`, in a branch, in a comprehension.
    conditional: u32,
}

impl<'a> Loads<'a, '_, '_, '_> {
    fn maybe(&mut self, expr: &'a Expr) {
        self.conditional += 1;
        self.visit_expr(expr);
        self.conditional -= 1;
    }
}

impl<'a> Visitor<'a> for Loads<'a, '_, '_, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(_) => {
                let node = self.walker.model.id(expr);
                self.walker.load(node, self.state);
            }
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                let node = self.walker.model.id(named.target.as_ref());
                self.walker.bind(node, self.state, self.conditional == 0);
            }
            Expr::BoolOp(operation) => {
                for (index, value) in operation.values.iter().enumerate() {
                    if index == 0 {
                        self.visit_expr(value)
                    } else {
                        self.maybe(value)
                    }
                }
            }
            Expr::If(if_) => {
                self.visit_expr(&if_.test);
                self.maybe(&if_.body);
                self.maybe(&if_.orelse);
            }
            // The body of a lambda runs later, with whatever binding is current then.
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_parameters(parameters);
                }
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.conditional += 1;
                visitor::walk_expr(self, expr);
                self.conditional -= 1;
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// The capture nodes of a pattern.
struct Patterns<'a, 'm> {
    nodes: Vec<NodeId>,
    model: &'m Model<'a>,
}

impl<'a> Visitor<'a> for Patterns<'a, '_> {
    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        self.nodes.push(self.model.id(pattern));
        visitor::walk_pattern(self, pattern);
    }
}
