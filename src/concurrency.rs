//! How many coroutines run at once: what limits them already, and the new code that does.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::statement::width_of;
use crate::semantic::{BindingKind, Model, NodeId, ScopeKind, literal};

/// So many coroutines run at once in new code.
pub const LIMIT: u32 = 10;

/// Lines longer than this are split (the width of Black and Ruff).
pub const WIDTH: usize = 88;

/// So few items need no limit.
const FEW: i64 = 100;

/// What limits how many tasks go on.
const LIMITERS: &[&str] = &[
    "anyio.CapacityLimiter",
    "anyio.Semaphore",
    "asyncio.BoundedSemaphore",
    "asyncio.Semaphore",
];

/// Coroutines that run at once, one for each of many items.
pub struct Unbounded<'a> {
    /// The items.
    pub items: &'a Expr,
    /// The call that makes one, without the task round it.
    pub call: &'a ExprCall,
    /// Whether what it gives has to be a task.
    pub needs_task: bool,
    /// Whether it is a call of `asyncio.wait_for`.
    pub limited: bool,
    /// The comprehension that makes all of them.
    pub many: &'a Expr,
    /// The expression in it that holds the call: the call itself, or the one that makes a task of it.
    pub element: &'a ExprCall,
}

/// What one file says of limits.
pub struct Limits<'a, 'm> {
    model: &'m Model<'a>,
    callees: &'m Callees<'a, 'm>,
}

impl<'a, 'm> Limits<'a, 'm> {
    /// Answers for this file.
    pub fn new(model: &'m Model<'a>, callees: &'m Callees<'a, 'm>) -> Self {
        Self { model, callees }
    }

    fn path(&self, func: &'a Expr) -> Option<String> {
        match self.callees.of(func) {
            Callee::Path(path) => Some(path),
            Callee::Functions(_) | Callee::Unknown => None,
        }
    }

    /// The value that a name was given, where it is bound once, by an assignment.
    pub fn value_of(&self, name: &Expr) -> Option<&'a Expr> {
        let Expr::Name(_) = name else { return None };
        let symbol = self.model.scopes.symbol_of(self.model.id(name))?;
        match self.model.scopes.symbol(symbol).bindings[..] {
            [binding] => match self.model.scopes.binding(binding).kind {
                BindingKind::Assign { value } => self.callees.expr_at(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a call runs at once for each of many items, if it is one that does and nothing limits them.
    pub fn unbounded(&self, call: &'a ExprCall) -> Option<Unbounded<'a>> {
        let path = self.path(&call.func)?;
        let many = match path.as_str() {
            "asyncio.gather" => call
                .arguments
                .args
                .iter()
                .find_map(|argument| argument.as_starred_expr())
                .map(|starred| starred.value.as_ref())?,
            "asyncio.wait" | "asyncio.as_completed" => call.arguments.args.first()?,
            _ => return None,
        };
        let many = match many {
            Expr::Name(_) => self.value_of(many)?,
            other => other,
        };
        let (element, clauses) = match many {
            Expr::ListComp(list) => (list.elt.as_ref(), &list.generators),
            Expr::SetComp(set) => (set.elt.as_ref(), &set.generators),
            Expr::Generator(generator) => (generator.elt.as_ref(), &generator.generators),
            _ => return None,
        };
        let items = &clauses.first()?.iter;
        if self.is_few(items) {
            return None;
        }
        let made = element.as_call_expr()?;
        // The call that does the work: inside of `create_task(...)`, if it is wrapped.
        let (mut work, mut runs) = (made, made);
        let mut is_task = false;
        match self.path(&made.func).as_deref() {
            Some("asyncio.create_task" | "asyncio.ensure_future") => {
                work = made.arguments.args.first()?.as_call_expr()?;
                (runs, is_task) = (work, true);
            }
            Some("asyncio.wait_for") => runs = made.arguments.args.first()?.as_call_expr()?,
            _ => {}
        }
        if self.is_limited_call(runs) {
            return None;
        }
        Some(Unbounded {
            items,
            call: work,
            needs_task: path == "asyncio.wait" && !is_task,
            limited: !std::ptr::eq(work, runs),
            many,
            element: made,
        })
    }

    /// Whether there are few items, or a batch of them.
    pub fn is_few(&self, items: &'a Expr) -> bool {
        match items {
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => true,
            Expr::Subscript(subscript) => subscript.slice.is_slice_expr(),
            Expr::Name(_) => self.value_of(items).is_some_and(|value| self.is_few(value)),
            Expr::Call(call) => match self.path(&call.func).as_deref() {
                Some("builtins.range") => match call.arguments.args.last() {
                    Some(stop) => literal::integer(stop).is_some_and(|stop| stop <= FEW),
                    None => false,
                },
                Some("itertools.islice") => true,
                Some(
                    "builtins.enumerate" | "builtins.zip" | "builtins.reversed" | "builtins.sorted",
                ) => call
                    .arguments
                    .args
                    .iter()
                    .any(|argument| self.is_few(argument)),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the functions of this file that a call may run take a semaphore.
    pub fn is_limited_call(&self, call: &'a ExprCall) -> bool {
        match self.callees.of(&call.func) {
            Callee::Functions(functions) => {
                functions.iter().any(|function| self.is_limited(function))
            }
            Callee::Path(_) | Callee::Unknown => false,
        }
    }

    /// Whether a call takes no resources, but only waits: for an event, a queue, a task that runs already.
    pub fn only_waits(&self, call: &'a ExprCall) -> bool {
        let path = self.path(&call.func);
        let is_method = matches!(call.func.as_ref(), Expr::Attribute(attribute)
            if matches!(attribute.attr.as_str(), "join" | "wait" | "wait_closed" | "wait_for"));
        path.as_deref() == Some("asyncio.shield")
            || is_method && path.as_deref() != Some("asyncio.wait_for")
    }

    /// Whether the functions of this file that a call may run have a loop that never ends, or wait for one that has.
    pub fn never_ends(&self, call: &'a ExprCall) -> bool {
        self.runs_endless(call, &mut FxHashSet::default())
    }

    fn runs_endless(&self, call: &'a ExprCall, seen: &mut FxHashSet<NodeId>) -> bool {
        match self.callees.of(&call.func) {
            Callee::Functions(functions) => functions.iter().any(|function| {
                let function = self.model.id(*function);
                seen.insert(function)
                    && self
                        .model
                        .nodes
                        .subtree(function)
                        .any(|node| self.is_endless(node, seen))
            }),
            Callee::Path(_) | Callee::Unknown => false,
        }
    }

    /// Whether a statement or an `await` never comes to its end.
    fn is_endless(&self, node: NodeId, seen: &mut FxHashSet<NodeId>) -> bool {
        let nodes = &self.model.nodes;
        let is_left = || {
            nodes.subtree(node).any(|inner| {
                matches!(
                    nodes.get(inner),
                    AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtReturn(_)
                )
            })
        };
        match nodes.get(node) {
            AnyNodeRef::StmtWhile(loop_) => {
                literal::boolean(&loop_.test) == Some(true) && !is_left()
            }
            AnyNodeRef::StmtFor(loop_) if loop_.is_async => match loop_.iter.as_ref() {
                Expr::Call(call) => !is_left() && self.runs_endless(call, seen),
                _ => false,
            },
            AnyNodeRef::ExprAwait(awaited) => match awaited.value.as_ref() {
                Expr::Call(call) => self.runs_endless(call, seen),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_limited(&self, function: &'a ast::StmtFunctionDef) -> bool {
        let nodes = &self.model.nodes;
        nodes
            .subtree(self.model.id(function))
            .any(|node| match nodes.get(node) {
                AnyNodeRef::StmtWith(with) => {
                    with.is_async
                        && with
                            .items
                            .iter()
                            .any(|item| self.is_limiter(&item.context_expr))
                }
                _ => false,
            })
    }

    /// Whether a value is a semaphore, or has the name of one where its class is not known.
    fn is_limiter(&self, value: &'a Expr) -> bool {
        if let Some(path) = self.callees.type_path(value) {
            return LIMITERS.contains(&path.as_str());
        }
        let name = match value {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            Expr::Subscript(subscript) => return self.is_limiter(&subscript.value),
            Expr::Call(call) => return self.is_limiter(&call.func),
            _ => return false,
        };
        let name = name.to_ascii_lowercase();
        ["sem", "limit", "throttle", "slot", "acquire"]
            .iter()
            .any(|part| name.contains(part))
    }
}

/// A nested coroutine function that makes one call while it holds a semaphore.
pub struct Bounded<'a> {
    /// The name of the semaphore.
    pub semaphore: String,
    /// Its own name.
    pub name: String,
    parameters: Vec<&'a str>,
    /// What it returns besides, before the call's value.
    key: Option<TextRange>,
}

impl<'a> Bounded<'a> {
    /// The names of the one behind so many others of a function, as far as no other name is in their way.
    pub fn names(others: usize) -> [String; 2] {
        ["semaphore", "bounded"].map(|base| match others {
            0 => base.to_string(),
            _ => format!("{base}_{}", others + 1),
        })
    }

    /// One for a call, before a statement; it returns the value of `key` as well. Its names are none of `taken`.
    pub fn new(
        model: &Model<'a>,
        statement: NodeId,
        call: &'a ExprCall,
        key: Option<&'a Expr>,
        taken: &[String],
    ) -> Self {
        let read = std::iter::once(call.func.as_ref())
            .chain(literal::arguments(call))
            .chain(key);
        Self {
            semaphore: model.free_name("semaphore", statement, taken),
            name: model.free_name("bounded", statement, taken),
            parameters: parameters(model, read),
            key: key.map(Ranged::range),
        }
    }

    /// The call of it: `bounded(url)`.
    pub fn call(&self) -> String {
        format!("{}({})", self.name, self.parameters.join(", "))
    }

    /// Its lines and the semaphore's, up to the indentation of the line behind them.
    pub fn pieces(&self, model: &Model<'a>, indent: &str, call: &ExprCall) -> Vec<Piece> {
        let unit = model.indent_unit();
        let (semaphore, deeper) = (&self.semaphore, format!("{indent}{unit}"));
        let def = colour::async_def_header(&self.name, &self.parameters.join(", "));
        let with = colour::async_with_header(semaphore);
        let key = self
            .key
            .map_or_else(String::new, |key| format!("{}, ", model.slice(key)));
        let waits = colour::awaited("");
        let head = format!("{deeper}{unit}return {key}{waits}");
        let mut pieces = vec![Piece::text(format!(
            "{semaphore} = asyncio.Semaphore({LIMIT})\n\n{indent}{def}\n{deeper}{with}\n{head}"
        ))];
        let text = model.slice(call.range());
        let width = width_of(indent) + head.len() - indent.len() + text.chars().count();
        if width > WIDTH && !text.contains('\n') && !call.arguments.is_empty() {
            let (open, close) = (call.arguments.start(), call.arguments.end());
            let (open, close) = (open + TextSize::from(1), close - TextSize::from(1));
            pieces.extend([
                Piece::Source(TextRange::new(call.start(), open)),
                Piece::text(format!("\n{deeper}{unit}{unit}")),
                Piece::Source(TextRange::new(open, close)),
                Piece::text(format!("\n{deeper}{unit})")),
            ]);
        } else {
            pieces.push(Piece::Source(call.range()));
        }
        pieces.push(Piece::text(format!("\n\n{indent}")));
        pieces
    }

    /// The edits that move the further lines of the call along with it.
    pub fn realigned(&self, model: &Model<'a>, indent: &str, call: &ExprCall) -> Vec<Edit> {
        let range = call.arguments.range();
        model.realign(range, indent.len() + 2 * model.indent_unit().len())
    }
}

/// The names in these expressions whose values differ from call to call, in order: those of comprehensions and loops, and
/// those that are bound more than once. The others a nested function sees.
fn parameters<'a>(model: &Model<'a>, exprs: impl Iterator<Item = &'a Expr>) -> Vec<&'a str> {
    let scopes = &model.scopes;
    let mut found: Vec<&'a str> = Vec::new();
    for expr in exprs {
        for node in model.nodes.subtree(model.id(expr)) {
            let AnyNodeRef::ExprName(name) = model.nodes.get(node) else {
                continue;
            };
            let Some(symbol) = scopes.symbol_of(node) else {
                continue;
            };
            let symbol = scopes.symbol(symbol);
            let differs = match scopes.scope(symbol.scope).kind {
                // One of a comprehension within the call goes along with it.
                ScopeKind::Comprehension | ScopeKind::Generator => !model
                    .nodes
                    .is_within(scopes.scope(symbol.scope).node, model.id(expr)),
                ScopeKind::Function { .. } => match symbol.bindings[..] {
                    [binding] => {
                        let binding = scopes.binding(binding);
                        match binding.kind {
                            BindingKind::Parameter | BindingKind::Function | BindingKind::Class => {
                                false
                            }
                            BindingKind::Assign { .. } | BindingKind::With { .. } => {
                                is_in_loop(model, binding.node)
                            }
                            _ => true,
                        }
                    }
                    _ => true,
                },
                _ => false,
            };
            if differs && !found.contains(&name.id.as_str()) {
                found.push(name.id.as_str());
            }
        }
    }
    found
}

fn is_in_loop(model: &Model<'_>, node: NodeId) -> bool {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| !matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
        .any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
            )
        })
}
