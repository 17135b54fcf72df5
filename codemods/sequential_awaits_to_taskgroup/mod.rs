//! A loop that awaits a call for each item -> the calls at once, in a `TaskGroup` or with `gather`, a few at a time.
//!
//! Source: `asyncio.TaskGroup` and `asyncio.gather`, <https://docs.python.org/3/library/asyncio-task.html>; when calls
//! may overlap is what [`crate::independence`] says.

mod sequence;
mod writer;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprAwait, ExprCall, StmtFor};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::blocking;
use crate::catching::{self, Catching, Failure};
use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::collecting::{Collecting, Keep};
use crate::concurrency::{Bounded, Limits};
use crate::coroutines::Coroutines;
use crate::independence::{Independence, Obstacle, ObstacleKind};
use crate::index::has_yield;
use crate::python::PythonVersion;
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::order::{Harmless, Turn};
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};
use crate::unit::{ImportRequest, Reason};

use writer::Writer;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "sequential_awaits_to_taskgroup",
    summary: "loops and lines that await call after call, though none needs another -> the calls at once",
    readme: include_str!("README.md"),
    triggers: &["await"],
    role: Role::Structure,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[
        &SHAPE,
        &CALLEE,
        &ORDERED,
        &PACED,
        &CARRIED,
        &ITEMS,
        &ARGUMENTS,
        &CAUGHT,
        &CANCELLATION,
        &PLACE,
    ],
    declared: None,
    run,
};

/// The body does something else besides.
static SHAPE: Reason = Reason {
    code: "loop-body",
    message: "the loop does more than to await one call for each item and keep what it gives",
    help: "move what it does for one item into a coroutine function",
};

/// The calls share something.
static CALLEE: Reason = Reason {
    code: "calls-share-state",
    message: "whether calls of this function can overlap is not known",
    help: "keep the order, or write the `TaskGroup` by hand",
};

/// The calls share something for certain.
static ORDERED: Reason = Reason {
    code: "calls-in-order",
    message: "the called function does what the next call sees, so the calls depend on their order",
    help: "keep the order, or give each call what it needs and put the results together afterwards",
};

/// The calls are spread over time.
static PACED: Reason = Reason {
    code: "paced-calls",
    message: "the called function pauses, so the calls may be spread over time on purpose",
    help: "keep the loop, or limit the rate in another way",
};

/// A turn needs the one before, or the code behind the loop the last one.
static CARRIED: Reason = Reason {
    code: "loop-carried",
    message: "a name of the loop is read in another turn, or behind the loop",
    help: "keep the loop, or collect what is needed",
};

/// The items may come one by one.
static ITEMS: Reason = Reason {
    code: "lazy-items",
    message: "the items may come one by one, or without end, or change while the loop runs; all are taken at once then",
    help: "put them into a list first",
};

/// An argument does more than read.
static ARGUMENTS: Reason = Reason {
    code: "argument-effects",
    message: "an argument, filter or key does more than read, and would be evaluated at another time",
    help: "put its value into the items first",
};

/// A failure is caught, and the program goes on.
static CAUGHT: Reason = Reason {
    code: "stops-at-failure",
    message: "a failure is caught here and the program goes on: the loop starts no call after one that fails, and at once others \
              have been started by then",
    help: "keep the loop, or let the failure leave the function",
};

/// Cancellation is caught.
static CANCELLATION: Reason = Reason {
    code: "stops-at-cancellation",
    message: "`CancelledError` is caught here, and a call that ends with it does not end the others in a TaskGroup",
    help: "keep the loop, or handle the cancellation inside of the coroutine",
};

/// There is no place for new lines.
static PLACE: Reason = Reason {
    code: "no-place-for-block",
    message: "there is no place for the new lines: a comment would be lost, the line holds other statements, or the expression is \
              not always evaluated first",
    help: "put it on lines of its own, without comments inside",
};

/// The reasons that the file shows, and that hold whatever the user wants of the loop.
pub(super) static TOLD: &[&Reason] = &[&ORDERED, &PACED, &CAUGHT, &CANCELLATION];

/// How the result differs.
const NOTE: &str = "the calls overlap: what they do outside of the program comes in another order, and when one fails, later ones \
                    may have been started";

/// Functions whose values come one by one, by an effect or without end.
const LAZY: &[&str] = &[
    "builtins.filter",
    "builtins.iter",
    "builtins.map",
    "builtins.open",
    "itertools.accumulate",
    "itertools.count",
    "itertools.cycle",
    "itertools.repeat",
    "itertools.takewhile",
];

/// How far the items are followed through names.
const DEPTH: u32 = 6;

/// One loop or comprehension.
struct Loop<'a> {
    /// The `for` statement, or the comprehension.
    pub node: NodeId,
    pub target: &'a Expr,
    pub items: &'a Expr,
    pub filters: &'a [Expr],
    pub awaited: &'a ExprAwait,
    pub call: &'a ExprCall,
    pub result: Results<'a>,
}

/// What becomes of the results.
#[derive(Clone, Copy)]
enum Results<'a> {
    /// They are dropped.
    Dropped,
    /// A method of an object takes each.
    Method(&'a Expr, &'a str),
    /// Each is stored under a key.
    Item(&'a ast::ExprSubscript),
    /// A list comprehension holds them.
    List,
    /// A dict comprehension holds them, under this key.
    Dict(&'a Expr),
}

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut reports = Vec::new();
    {
        let context: &Context<'_, '_> = context;
        let callees = Callees::new(model);
        let looking = Looking {
            context,
            callees: &callees,
            limits: Limits::new(model, &callees),
            independence: Independence::new(model, &callees),
            known: Coroutines::new(context),
            catching: Catching::new(
                model,
                catching::Reasons {
                    caught: &CAUGHT,
                    cancellation: &CANCELLATION,
                },
            ),
        };
        let mut taken: FxHashMap<Runner, Vec<String>> = FxHashMap::default();
        if context.settings.bounds_gathers {
            // A function that is made again under the same name would be called in the place of the other.
            for call in model.calls() {
                if looking.limits.unbounded(call).is_some() {
                    let names = taken.entry(model.runner(model.id(call))).or_default();
                    names.extend(Bounded::names(names.len() / 2));
                }
            }
        }
        // Where the last steps in a row ended.
        let mut seen = TextSize::new(0);
        for node in model.nodes.all() {
            let runner = model.runner(node);
            if !model.is_async(runner) {
                continue;
            }
            if let AnyNodeRef::StmtAssign(_) = model.nodes.get(node) {
                if model.nodes.range(node).start() < seen {
                    continue;
                }
                let steps = sequence::steps(model, node);
                if let [first, .., last] = &*steps {
                    seen = last.range.end();
                    reports.push((first.awaited.range(), looking.sequence(&steps)));
                }
                continue;
            }
            let Some((anchor, found)) = find(model, node) else {
                continue;
            };
            let names = taken.entry(runner).or_default();
            let result = found.and_then(|found| looking.unit(&found, names));
            reports.push((anchor, result));
        }
    }
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

/// The loop or comprehension at a node that awaits in its turns.
fn find<'a>(model: &Model<'a>, node: NodeId) -> Option<(TextRange, Result<Loop<'a>, Refusal>)> {
    let shape = |range| Err(Refusal::at(&SHAPE, range));
    match model.nodes.get(node) {
        AnyNodeRef::StmtFor(loop_) if !loop_.is_async => of_statement(model, node, loop_),
        AnyNodeRef::ExprListComp(list) => {
            let awaited = list.elt.as_await_expr()?;
            let (anchor, clauses) = (awaited.range(), &list.generators[..]);
            Some((
                anchor,
                match (clauses, awaited.value.as_ref()) {
                    ([clause], Expr::Call(call)) if !clause.is_async => Ok(Loop {
                        node,
                        target: &clause.target,
                        items: &clause.iter,
                        filters: &clause.ifs,
                        awaited,
                        call,
                        result: Results::List,
                    }),
                    ([clause], _) if clause.is_async => return None,
                    _ => shape(anchor),
                },
            ))
        }
        AnyNodeRef::ExprDictComp(dict) => {
            let awaited = dict.value.as_await_expr()?;
            let (anchor, clauses) = (awaited.range(), &dict.generators[..]);
            Some((
                anchor,
                match (clauses, awaited.value.as_ref(), dict.key.as_ref()) {
                    ([clause], Expr::Call(call), Some(key)) if !clause.is_async => Ok(Loop {
                        node,
                        target: &clause.target,
                        items: &clause.iter,
                        filters: &clause.ifs,
                        awaited,
                        call,
                        result: Results::Dict(key),
                    }),
                    ([clause], ..) if clause.is_async => return None,
                    _ => shape(anchor),
                },
            ))
        }
        _ => None,
    }
}

fn of_statement<'a>(
    model: &Model<'a>,
    node: NodeId,
    loop_: &'a StmtFor,
) -> Option<(TextRange, Result<Loop<'a>, Refusal>)> {
    let body = loop_.body.first()?;
    let within = TextRange::new(body.start(), loop_.body.last()?.end());
    // An inner loop is one of its own.
    let first = model.nodes.subtree(node).find(|&at| {
        matches!(model.nodes.get(at), AnyNodeRef::ExprAwait(_))
            && within.contains_range(model.nodes.range(at))
            && model.runner(at) == model.runner(node)
            && !model
                .nodes
                .ancestors(at)
                .take_while(|&outer| outer != node)
                .any(|outer| repeats(model, outer))
    })?;
    let anchor = model.nodes.range(first);
    let shape = Err(Refusal::at(&SHAPE, anchor));
    let Some(found) = Collecting::of(loop_).filter(|_| loop_.orelse.is_empty()) else {
        return Some((anchor, shape));
    };
    let result = match found.keeps[..] {
        [] if found.held.is_none() => Results::Dropped,
        [Keep::Method(receiver, name)] => Results::Method(receiver, name),
        [Keep::Item(item)] => Results::Item(item),
        _ => return Some((anchor, shape)),
    };
    let loop_ = Loop {
        node,
        target: &loop_.target,
        items: &loop_.iter,
        filters: &[],
        awaited: found.awaited,
        call: found.call,
        result,
    };
    Some((anchor, Ok(loop_)))
}

fn repeats(model: &Model<'_>, node: NodeId) -> bool {
    matches!(
        model.nodes.get(node),
        AnyNodeRef::StmtFor(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_)
    )
}

struct Looking<'a, 'c, 'x> {
    context: &'x Context<'a, 'c>,
    callees: &'x Callees<'a, 'x>,
    limits: Limits<'a, 'x>,
    independence: Independence<'a, 'x>,
    known: Coroutines<'a, 'x>,
    catching: Catching<'a, 'x>,
}

impl<'a, 'c> Looking<'a, 'c, '_> {
    fn unit(
        &self,
        found: &Loop<'a>,
        taken: &mut Vec<String>,
    ) -> Result<UnitBuilder<'a, 'c>, Refusal> {
        let model = self.context.model;
        let call = found.call;
        // What the code does with a failure is known for certain, what the function does often is not.
        let failure = self.catching.failure(
            model.id(found.awaited),
            &[&found.awaited.value],
            &self.known,
        )?;
        self.may_overlap(call)?;
        // Without results, the turns are there for what happens between them.
        let is_dropped = match found.result {
            Results::Dropped => true,
            Results::List => matches!(model.nodes.parent_node(found.node), AnyNodeRef::StmtExpr(_)),
            _ => false,
        };
        if is_dropped && let Some(obstacle) = self.independence.gives_way(call) {
            return Err(self.shares(call, &obstacle));
        }
        let read: Vec<&'a Expr> = literal::arguments(call)
            .chain(std::iter::once(call.func.as_ref()))
            .chain(found.filters)
            .chain(match found.result {
                Results::Item(item) => Some(item.slice.as_ref()),
                Results::Dict(key) => Some(key),
                _ => None,
            })
            .collect();
        if let Some(other) = read.iter().find(|part| !self.independence.only_reads(part)) {
            return Err(Refusal::at(&ARGUMENTS, other.range()));
        }
        self.items(found)?;
        self.carried(found)?;
        self.write(found, failure, taken)
    }

    /// Whether calls like this one may overlap with others.
    fn may_overlap(&self, call: &'a ExprCall) -> Result<(), Refusal> {
        if !self.known.is_coroutine(call) {
            let name = self.context.model.slice(call.func.range());
            let detail = format!("`{}` is not known", name.lines().next().unwrap_or(name));
            return Err(Refusal::with_detail(&CALLEE, call.range(), detail));
        }
        self.independence
            .overlap(call)
            .map_err(|obstacle| self.shares(call, &obstacle))
    }

    /// Whether a call sends nothing but requests that only read, so that those of another kind may come before it.
    fn only_asks(&self, call: &'a ExprCall) -> Result<(), Refusal> {
        let other = literal::arguments(call).find(|part| !self.independence.only_reads(part));
        if let Some(other) = other {
            return Err(Refusal::at(&ARGUMENTS, other.range()));
        }
        self.independence
            .only_asks(call)
            .map_err(|obstacle| self.shares(call, &obstacle))
    }

    fn shares(&self, call: &ExprCall, obstacle: &Obstacle) -> Refusal {
        let model = self.context.model;
        let line = 1 + memchr::memchr_iter(
            b'\n',
            &model.text.as_bytes()[..obstacle.range.start().to_usize()],
        )
        .count();
        let reason = match obstacle.kind {
            ObstacleKind::Pause => &PACED,
            ObstacleKind::Shared => &ORDERED,
            ObstacleKind::Unknown => &CALLEE,
        };
        let detail = match call.range().contains_range(obstacle.range) {
            true => format!("it {}", obstacle.what),
            false => format!("it {} (line {line})", obstacle.what),
        };
        Refusal::with_detail(reason, call.range(), detail)
    }

    /// Whether all items are there before the loop begins, as far as the file shows.
    fn items(&self, found: &Loop<'a>) -> Result<(), Refusal> {
        match self.is_lazy(found.items, DEPTH) || !self.independence.only_reads(found.items) {
            true => Err(Refusal::at(&ITEMS, found.items.range())),
            false => Ok(()),
        }
    }

    fn is_lazy(&self, items: &'a Expr, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let model = self.context.model;
        match items {
            Expr::Generator(_) => true,
            Expr::Name(_) => {
                let symbol = model.scopes.symbol_of(model.id(items));
                let bindings = symbol.map(|symbol| &model.scopes.symbol(symbol).bindings);
                bindings.into_iter().flatten().any(|&binding| {
                    let binding = model.scopes.binding(binding);
                    match (&binding.kind, model.nodes.get(binding.node)) {
                        (BindingKind::Assign { value }, _) => self
                            .callees
                            .expr_at(*value)
                            .is_some_and(|value| self.is_lazy(value, depth)),
                        (_, AnyNodeRef::Parameter(parameter)) => {
                            parameter.annotation.as_deref().is_some_and(|annotation| {
                                let text = model.slice(annotation.range());
                                text.contains("Iterator") || text.contains("Generator")
                            })
                        }
                        _ => false,
                    }
                })
            }
            Expr::Call(call) => match self.callees.of(&call.func) {
                Callee::Path(path) => {
                    LAZY.contains(&path.as_str())
                        || !self.independence.only_reads(items)
                        || call
                            .arguments
                            .args
                            .iter()
                            .any(|one| self.is_lazy(one, depth))
                }
                Callee::Functions(functions) => {
                    functions.iter().any(|function| has_yield(&function.body))
                }
                // A progress bar, a generator ...
                Callee::Unknown => !self.independence.only_reads(items),
            },
            _ => false,
        }
    }

    /// No name of the loop is read by another turn or behind it, and the call reads nothing that the loop fills.
    fn carried(&self, found: &Loop<'a>) -> Result<(), Refusal> {
        let model = self.context.model;
        if let AnyNodeRef::StmtFor(loop_) = model.nodes.get(found.node) {
            let held = Collecting::of(loop_).and_then(|found| found.held);
            let bound = model
                .nodes
                .subtree(model.id(found.target))
                .filter_map(|node| match model.nodes.get(node) {
                    AnyNodeRef::ExprName(name) if name.ctx.is_store() => Some(name),
                    _ => None,
                });
            for name in bound.chain(held) {
                if !blocking::is_only_of(model, name, loop_) {
                    return Err(Refusal::at(&CARRIED, name.range()));
                }
            }
            let is_plain_target = model.nodes.subtree(model.id(found.target)).all(|node| {
                matches!(
                    model.nodes.get(node),
                    AnyNodeRef::ExprName(_)
                        | AnyNodeRef::ExprTuple(_)
                        | AnyNodeRef::ExprList(_)
                        | AnyNodeRef::ExprStarred(_)
                )
            });
            if !is_plain_target {
                return Err(Refusal::at(&CARRIED, found.target.range()));
            }
        }
        let filled = match found.result {
            Results::Method(receiver, _) => Some(receiver),
            Results::Item(item) => Some(item.value.as_ref()),
            _ => None,
        };
        let Some(filled) = filled else {
            return Ok(());
        };
        // What is filled is a plain name or attribute, and neither the call nor the items read it.
        let text = match filled {
            Expr::Name(_) | Expr::Attribute(_) if literal::is_plain(filled) => {
                model.slice(filled.range())
            }
            _ => return Err(Refusal::at(&SHAPE, filled.range())),
        };
        let root = text.split('.').next().unwrap_or(text);
        let reads = [model.id(found.call), model.node_of(found.items)]
            .into_iter()
            .flat_map(|node| model.nodes.subtree(node))
            .find(|&node| match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) if filled.is_name_expr() => name.id.as_str() == root,
                AnyNodeRef::ExprAttribute(attribute) => model.slice(attribute.range()) == text,
                _ => false,
            });
        match reads {
            Some(node) => Err(Refusal::at(&CARRIED, model.nodes.range(node))),
            None => Ok(()),
        }
    }

    fn write(
        &self,
        found: &Loop<'a>,
        failure: Failure,
        taken: &mut Vec<String>,
    ) -> Result<UnitBuilder<'a, 'c>, Refusal> {
        let model = self.context.model;
        let node = model.id(found.awaited);
        let statement = match model.nodes.get(found.node) {
            AnyNodeRef::StmtFor(_) => found.node,
            _ => {
                let statement = model.statement_of(found.node);
                let harmless = Harmless {
                    call: &|call| self.known.is_coroutine(call),
                    moved: &[],
                };
                if model.turn(found.node, statement, &harmless) != Turn::First {
                    return Err(Refusal::at(&PLACE, model.nodes.range(found.node)));
                }
                statement
            }
        };
        let is_few = self.limits.is_few(found.items) || self.limits.is_limited_call(found.call);
        let key = match found.result {
            Results::Item(item) => Some(item.slice.as_ref()),
            Results::Dict(key) => Some(key),
            _ => None,
        };
        let bounded = (!is_few || key.is_some())
            .then(|| Bounded::new(model, statement, found.call, key, taken));
        if let Some(bounded) = &bounded {
            taken.extend([bounded.semaphore.clone(), bounded.name.clone()]);
        }
        let mut unit = self.context.unit(found.awaited.range());
        let groups = self.context.settings.target >= PythonVersion::PY311;
        let writer = Writer::new(model, found, statement, bounded, groups.then_some(failure));
        unit.edits(writer.edits()?);
        unit.import(ImportRequest::Module("asyncio"), node)?;
        unit.runs_in(node);
        if groups && failure == Failure::Leaves {
            unit.groups_failures(model, node);
        }
        unit.unsafe_because(found.awaited.range(), NOTE);
        Ok(unit)
    }
}
