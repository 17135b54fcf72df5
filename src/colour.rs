//! The sole author of `async` and `await`.
//!
//! Codemods and the solver say which expressions are awaited and which statements turn async; this module says whether
//! Python allows it there ([`place_await`], [`place_with_item`], [`place_for`]) and writes the keywords ([`edits`]), keyed
//! by site, so that no `await` is ever written twice or misplaced. New lines that codemods add take their keywords from
//! [`async_with_header`] and [`awaited`].
//!
//! Sources: the language reference, <https://docs.python.org/3/reference/expressions.html#await> (precedence) and
//! <https://docs.python.org/3/reference/compound_stmts.html#coroutines>; PEP 530 and PEP 492.

mod advance;
mod annotation;
mod closing;
mod counted;
mod create;
mod lambda;
mod main;
mod mapped;
mod mocks;
mod raised;
mod search;
mod special;
mod split;
mod testing;
mod thread;

pub use advance::caught_end;
pub use annotation::{Returned, place_callable, place_yields, returned, yields_site};
pub use closing::place_closing;
pub use counted::counted_loop;
pub use create::decorator_lines;
pub use lambda::{lifts, name_of as lambda_name};
pub use main::{can_be_passed, can_begin, can_move, is_movable, joined, statement_of};
pub use mapped::place_mapped;
pub use mocks::place_mock;
pub use raised::{place_raised, read_raised};
pub use special::{async_special, stack_method};
pub use split::can_split;
pub use testing::{async_hook, fixture_site, is_hook, test_case_site};

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprCall, ExprContext, ExprGenerator, ExprRef, StmtFunctionDef, StmtWith,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::edit::{Edit, Layer, Piece};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId, Runner, ScopeKind};
use crate::unit::{ColourSite, ImportRequest, Reason};

/// `await` is not possible in a lambda.
pub static LAMBDA: Reason = Reason {
    code: "lambda",
    message: "the call stands in a lambda, and a lambda cannot await",
    help: "turn the lambda into a nested `async def`",
};

/// `await` is not possible in a class body.
pub static CLASS_BODY: Reason = Reason {
    code: "class-body",
    message: "the call stands in a class body, which cannot await",
    help: "move the call into a method or a function that is awaited at start-up",
};

/// An `await` would turn a generator expression into an async generator, which its consumer cannot take.
pub static GENERATOR_EXPRESSION: Reason = Reason {
    code: "generator-expression",
    message: "an `await` would turn the generator expression round the call into an async generator, which its consumer cannot iterate",
    help: "build a list first, or write the loop out",
};

/// An async comprehension in a sync one needs Python 3.11.
pub static NESTED_COMPREHENSION: Reason = Reason {
    code: "nested-comprehension",
    message: "an async comprehension inside another comprehension needs Python 3.11",
    help: "write the outer comprehension as a loop, or raise the target version to 3.11",
};

/// `f\"{call()=}\"` prints its own source.
pub static DEBUG_TEXT: Reason = Reason {
    code: "f-string-debug",
    message: "the call stands in an f-string field with `=`, which prints its own source: an `await` would change the text",
    help: "assign the value to a name first",
};

/// Comments between the items of a `with` that must be split.
pub static SPLIT_COMMENT: Reason = Reason {
    code: "with-comment",
    message: "the `with` statement mixes sync and async items and must be split, but comments stand between its items",
    help: "move the comments out of the item list",
};

/// `await` in a type parameter, an annotation scope or another place that runs nothing.
pub static ANNOTATION_SCOPE: Reason = Reason {
    code: "annotation-scope",
    message: "the call stands in a type parameter or type alias, which cannot await",
    help: "move the call out of the annotation",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &LAMBDA,
    &CLASS_BODY,
    &GENERATOR_EXPRESSION,
    &NESTED_COMPREHENSION,
    &DEBUG_TEXT,
    &SPLIT_COMMENT,
    &ANNOTATION_SCOPE,
];

/// Where an awaited expression can stand.
#[derive(Clone, Debug)]
pub struct Placement {
    /// What runs it, and so must be async.
    pub runner: Runner,
    /// The sites to write.
    pub sites: Vec<ColourSite>,
}

/// Checks that Python allows `await` at this expression, apart from the colour of the function that runs it.
///
/// # Errors
/// The reason why it cannot stand there.
pub fn place_await(
    model: &Model<'_>,
    node: NodeId,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    let mut placement = place(model, node, target)?;
    placement.sites.insert(0, ColourSite::Await { node });
    Ok(placement)
}

/// Checks that a `for` statement or comprehension clause can become `async for`.
///
/// # Errors
/// The reason why it cannot.
pub fn place_for(
    model: &Model<'_>,
    node: NodeId,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    let inside = match model.nodes.get(node) {
        // The clause makes the whole comprehension async: what counts is where that stands, and what it is.
        AnyNodeRef::Comprehension(clause) => model.id(&clause.target),
        _ => node,
    };
    let mut placement = place(model, inside, target)?;
    placement.sites.insert(0, ColourSite::For { node });
    Ok(placement)
}

/// Checks that `[item async for item in CALL]` can stand where a call of a generator stands.
///
/// # Errors
/// The reason why it cannot.
pub fn place_collected(
    model: &Model<'_>,
    call: NodeId,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    let mut placement = place_below(model, call, target, 1, false)?;
    placement.sites.insert(0, ColourSite::Collect { call });
    Ok(placement)
}

/// The site of a decorator that [`is_context_manager`].
pub fn context_manager_site(decorator: NodeId) -> ColourSite {
    ColourSite::ContextManager { decorator }
}

/// Whether a decorator is `contextlib.contextmanager`, by whatever name.
pub fn is_context_manager(model: &Model<'_>, decorator: &Expr) -> bool {
    matches!(decorator, Expr::Name(_) | Expr::Attribute(_))
        && model.meaning(decorator).path() == Some("contextlib.contextmanager")
}

/// Checks that an item of a `with` statement can become one of an `async with`.
///
/// # Errors
/// The reason why it cannot.
pub fn place_with_item(
    model: &Model<'_>,
    statement: &StmtWith,
    item: usize,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    let node = model.id(statement);
    let mut placement = place(model, node, target)?;
    let gaps = statement
        .items
        .windows(2)
        .map(|pair| TextRange::new(pair[0].end(), pair[1].start()));
    let header = TextRange::new(statement.start(), header_end(model, statement));
    let around = statement
        .items
        .first()
        .zip(statement.items.last())
        .map(|(first, last)| {
            [
                TextRange::new(header.start(), first.start()),
                TextRange::new(last.end(), header.end()),
            ]
        });
    if statement.items.len() > 1
        && gaps
            .chain(around.into_iter().flatten())
            .any(|gap| model.has_comment(gap))
    {
        return Err(&SPLIT_COMMENT);
    }
    placement.sites.insert(
        0,
        ColourSite::WithItem {
            statement: node,
            item: item as u32,
        },
    );
    Ok(placement)
}

fn place(
    model: &Model<'_>,
    node: NodeId,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    place_below(model, node, target, 0, false)
}

/// [`place_await`] for what stands in a lambda that [`lifts`], once it is a function.
///
/// # Errors
/// The reason why it cannot stand there.
pub fn place_lifted(
    model: &Model<'_>,
    node: NodeId,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    let mut placement = place_below(model, node, target, 0, true)?;
    placement.sites.insert(0, ColourSite::Await { node });
    Ok(placement)
}

/// [`place`] for what is written in that many new comprehensions. With `lifts` in lambdas too that can become functions.
fn place_below(
    model: &Model<'_>,
    node: NodeId,
    target: PythonVersion,
    mut comprehensions: u32,
    lifts: bool,
) -> Result<Placement, &'static Reason> {
    let mut sites = Vec::new();
    for ancestor in model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.get(at).is_statement())
    {
        if let AnyNodeRef::InterpolatedElement(element) = model.nodes.get(ancestor)
            && element.debug_text.is_some()
        {
            return Err(&DEBUG_TEXT);
        }
    }
    for scope in model.scopes.enclosing(model.scope_at(node)) {
        let scope = model.scopes.scope(scope);
        match scope.kind {
            ScopeKind::Comprehension => {
                comprehensions += 1;
            }
            ScopeKind::Generator => {
                let AnyNodeRef::ExprGenerator(generator) = model.nodes.get(scope.node) else {
                    return Err(&GENERATOR_EXPRESSION);
                };
                if search::is_loop(model, generator) {
                    sites.push(ColourSite::Search {
                        generator: scope.node,
                    });
                    continue;
                }
                if !is_eagerly_consumed(model, scope.node) {
                    return Err(&GENERATOR_EXPRESSION);
                }
                comprehensions += 1;
                sites.push(ColourSite::ListBrackets {
                    generator: scope.node,
                });
            }
            // As a function of its own it can.
            ScopeKind::Lambda if lambda::name_of(model, scope.node).is_some() => break,
            ScopeKind::Lambda if lifts && lambda::lifts(model, scope.node) => break,
            ScopeKind::Lambda => return Err(&LAMBDA),
            ScopeKind::Class => return Err(&CLASS_BODY),
            ScopeKind::TypeParameters => return Err(&ANNOTATION_SCOPE),
            ScopeKind::Module | ScopeKind::Function { .. } => break,
        }
    }
    if comprehensions > 1 && target < PythonVersion::PY311 {
        return Err(&NESTED_COMPREHENSION);
    }
    Ok(Placement {
        runner: model.runner(node),
        sites,
    })
}

/// Whether a generator expression is the argument of a consumer that takes a list as well, and takes all of it:
/// `any`, `all` and `next` stop early, and a list would run every call.
fn is_eagerly_consumed(model: &Model<'_>, node: NodeId) -> bool {
    let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(node) else {
        return false;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments)) else {
        return false;
    };
    if call
        .arguments
        .args
        .first()
        .is_none_or(|first| model.id(first) != node)
    {
        return false;
    }
    // It takes one at a time, for whoever takes all.
    if model.meaning(&call.func).path() == Some("builtins.enumerate") {
        return is_eagerly_consumed(model, model.id(call));
    }
    if let Expr::Attribute(attribute) = call.func.as_ref()
        && attribute.attr.as_str() == "join"
        && matches!(
            attribute.value.as_ref(),
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_)
        )
    {
        return true;
    }
    model
        .meaning(&call.func)
        .below("builtins")
        .is_some_and(|name| {
            matches!(
                name,
                "sum" | "max" | "min" | "sorted" | "set" | "frozenset" | "tuple" | "list" | "dict"
            )
        })
}

/// Whether something takes all that a generator yields, at once, and a list does as well: the argument of `sorted`, `sum`
/// and the like, or what a star unpacks in a call or display.
pub fn is_collected(model: &Model<'_>, node: NodeId) -> bool {
    is_taken_whole(model, node)
        // No comprehension may bind a name of its surroundings in what it iterates.
        && !model.nodes.subtree(node).any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::ExprNamed(_) | AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
            )
        })
}

fn is_taken_whole(model: &Model<'_>, node: NodeId) -> bool {
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprStarred(starred) => {
            let parent = model.nodes.parent(model.id(starred));
            match model.nodes.get(parent) {
                AnyNodeRef::ExprList(list) => list.ctx == ExprContext::Load,
                AnyNodeRef::ExprTuple(tuple) => tuple.ctx == ExprContext::Load,
                AnyNodeRef::ExprSet(_) => true,
                AnyNodeRef::Arguments(_) => {
                    matches!(model.nodes.parent_node(parent), AnyNodeRef::ExprCall(_))
                }
                _ => false,
            }
        }
        AnyNodeRef::Arguments(arguments) => match model.nodes.parent_node(model.id(arguments)) {
            AnyNodeRef::ExprCall(call) => takes_all(model, call, node),
            _ => false,
        },
        // `a, b = g()` takes one more than it wants, to see that there is none.
        AnyNodeRef::StmtAssign(assign) => {
            model.id(assign.value.as_ref()) == node
                && assign.targets.iter().all(|target| match target {
                    Expr::Tuple(tuple) => tuple.elts.iter().all(Expr::is_name_expr),
                    Expr::List(list) => list.elts.iter().all(Expr::is_name_expr),
                    _ => false,
                })
        }
        _ => false,
    }
}

/// Whether a call takes all of its first argument, and what else it is given cannot tell when.
fn takes_all(model: &Model<'_>, call: &ExprCall, argument: NodeId) -> bool {
    let Some((first, others)) = call.arguments.args.split_first() else {
        return false;
    };
    if model.id(first) != argument {
        return false;
    }
    let is_still = |expr: &Expr| {
        expr.is_literal_expr()
            || matches!(expr, Expr::Name(_) | Expr::Lambda(_))
            || matches!(expr, Expr::UnaryOp(operation) if operation.operand.is_literal_expr())
    };
    let keywords = &call.arguments.keywords;
    if !others.iter().all(is_still)
        || !keywords
            .iter()
            .all(|keyword| keyword.arg.is_some() && is_still(&keyword.value))
    {
        return false;
    }
    if let Expr::Attribute(attribute) = call.func.as_ref() {
        return attribute.attr.as_str() == "join"
            && others.is_empty()
            && keywords.is_empty()
            && matches!(
                attribute.value.as_ref(),
                Expr::StringLiteral(_) | Expr::BytesLiteral(_)
            );
    }
    match model.meaning(&call.func).below("builtins") {
        Some("list" | "tuple" | "set" | "frozenset") => others.is_empty() && keywords.is_empty(),
        Some("max" | "min" | "sorted" | "dict") => others.is_empty(),
        Some("sum") => others.len() < 2,
        _ => false,
    }
}

/// Whether a statement is `yield from values`, on lines of its own.
pub fn is_delegation(model: &Model<'_>, statement: NodeId) -> bool {
    let AnyNodeRef::StmtExpr(stmt) = model.nodes.get(statement) else {
        return false;
    };
    if !stmt.value.is_yield_from_expr() || stmt.value.range() != stmt.range() {
        return false;
    }
    model.is_alone_on_its_lines(statement)
}

/// The imports that a site asks for, and the names that it no longer needs.
pub fn imports(model: &Model<'_>, site: ColourSite) -> (Vec<ImportRequest>, Vec<TextRange>) {
    match site {
        ColourSite::Run { .. }
        | ColourSite::Main { .. }
        | ColourSite::Script { .. }
        | ColourSite::ToThread { .. }
        | ColourSite::Split { .. } => (vec![ImportRequest::Module("asyncio")], Vec::new()),
        ColourSite::PytestMark { .. }
        | ColourSite::Fixture { .. }
        | ColourSite::TestCase { .. } => testing::imports(model, site),
        ColourSite::ContextManager { decorator } => match model.nodes.get(decorator) {
            AnyNodeRef::ExprName(name) => (
                vec![ImportRequest::Name {
                    module: "contextlib",
                    name: ASYNC_CONTEXT_MANAGER,
                }],
                vec![name.range()],
            ),
            _ => (Vec::new(), Vec::new()),
        },
        ColourSite::Closing { .. } => (closing::imports(), Vec::new()),
        ColourSite::Callable { annotation } => {
            (annotation::callable_imports(model, annotation), Vec::new())
        }
        ColourSite::Yields { annotation } => annotation::yields_imports(model, annotation),
        ColourSite::Stack { call } => special::stack_imports(model, call),
        ColourSite::AsyncMock { call } => mocks::imports(model, call),
        _ => (Vec::new(), Vec::new()),
    }
}

/// The async counterpart of `contextmanager`.
const ASYNC_CONTEXT_MANAGER: &str = "asynccontextmanager";

/// The first line of an `async with` block: `async with HEADER:`.
pub fn async_with_header(items: &str) -> String {
    format!("async with {items}:")
}

/// The same round code that stays: `async with CODE as NAME:`.
pub fn async_with_pieces(code: TextRange, name: &str) -> Vec<Piece> {
    vec![
        Piece::text("async with "),
        Piece::Source(code),
        Piece::text(format!(" as {name}:")),
    ]
}

/// The first line of an `async for` loop: `async for TARGET in VALUES:`.
pub fn async_for_header(target: &str, values: &str) -> String {
    format!("async for {target} in {values}:")
}

/// The first line of a coroutine function: `async def NAME(PARAMETERS):`.
pub fn async_def_header(name: &str, parameters: &str) -> String {
    format!("async def {name}({parameters}):")
}

/// An awaited expression for new lines: `await EXPRESSION`.
pub fn awaited(expression: &str) -> String {
    format!("await {expression}")
}

/// Writes the keywords of these sites of one file. Equal sites are written once.
pub fn edits(model: &Model<'_>, sites: &[ColourSite]) -> Vec<Edit> {
    let unique: FxHashSet<ColourSite> = sites.iter().copied().collect();
    let mut unique: Vec<ColourSite> = unique.into_iter().collect();
    unique.sort_by_key(ColourSite::order);
    let mut edits = Vec::new();
    let mut with_items: Vec<(NodeId, Vec<u32>)> = Vec::new();
    for site in unique {
        match site {
            ColourSite::Await { node } => edits.push(await_edit(model, node)),
            ColourSite::ToThread { call } => edits.extend(thread::edits(model, call)),
            ColourSite::For { node } => {
                edits.push(Edit::surround(
                    model.nodes.range(node),
                    "async ",
                    "",
                    Layer::Colour,
                ));
            }
            ColourSite::Counted { node } => {
                if let AnyNodeRef::StmtFor(statement) = model.nodes.get(node) {
                    edits.extend(counted::edits(model, statement).unwrap_or_default());
                }
            }
            ColourSite::Closing { node } => {
                if let AnyNodeRef::StmtFor(statement) = model.nodes.get(node) {
                    edits.extend(closing::edits(model, statement));
                }
            }
            ColourSite::WithItem { statement, item } => match with_items.last_mut() {
                Some((last, items)) if *last == statement => items.push(item),
                _ => with_items.push((statement, vec![item])),
            },
            ColourSite::Def { node } => match model.nodes.get(node) {
                AnyNodeRef::StmtFunctionDef(function) => edits.extend(def_edit(model, function)),
                _ => edits.extend(lambda::edits(model, node)),
            },
            ColourSite::PytestMark { .. }
            | ColourSite::Fixture { .. }
            | ColourSite::TestCase { .. }
            | ColourSite::TestHook { .. } => edits.extend(testing::edits(model, site)),
            ColourSite::Main { node } => {
                if let AnyNodeRef::StmtIf(if_) = model.nodes.get(node) {
                    edits.extend(main::guard_edits(model, if_));
                }
            }
            ColourSite::Run { node } => {
                edits.push(Edit::surround(
                    model.nodes.range(node),
                    "asyncio.run(",
                    ")",
                    Layer::Colour,
                ));
            }
            ColourSite::Script { first, last } => {
                edits.extend(main::script_edits(model, first, last).unwrap_or_default());
            }
            ColourSite::Split { node } => {
                if let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) {
                    edits.extend(split::edit(model, function));
                }
            }
            ColourSite::Joined { call } => edits.extend(main::joined_edit(model, call)),
            ColourSite::Collect { call } => edits.push(collect_edit(model, call)),
            ColourSite::Delegate { statement } => edits.extend(delegate_edit(model, statement)),
            ColourSite::ContextManager { decorator } => {
                let name = model.expr(decorator).and_then(|expr| match expr {
                    ExprRef::Name(name) => Some(name.range()),
                    ExprRef::Attribute(attribute) => Some(attribute.attr.range()),
                    _ => None,
                });
                edits.extend(name.map(|name| Edit::replace(name, ASYNC_CONTEXT_MANAGER)));
            }
            ColourSite::Yields { annotation } => {
                edits.extend(annotation::yields_edits(model, annotation));
            }
            ColourSite::Callable { annotation } => {
                edits.extend(annotation::callable_edit(model, annotation));
            }
            ColourSite::Property { node } => {
                if let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) {
                    edits.extend(create::property_edit(model, function));
                }
            }
            ColourSite::Invoke { node } => edits.push(create::invoke_edit(model, node)),
            ColourSite::Create { node } => {
                if let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) {
                    edits.extend(create::create_edits(model, function).unwrap_or_default());
                }
            }
            ColourSite::Constructed { call } => {
                edits.extend(create::constructed_edit(model, call));
            }
            ColourSite::Special { node } => edits.extend(special::special_edit(model, node)),
            ColourSite::Advance { call } => edits.extend(advance::edit(model, call)),
            ColourSite::StopIteration { name } => {
                edits.push(special::stop_iteration_edit(model, name));
            }
            ColourSite::Stack { call } => edits.extend(special::stack_edit(model, call)),
            ColourSite::AsyncMock { call } => edits.extend(mocks::edit(model, call)),
            ColourSite::StackMethod { call } => {
                edits.extend(special::stack_method_edit(model, call));
            }
            ColourSite::Mapped { call } => edits.extend(mapped::edit(model, call)),
            ColourSite::Raised { call } => edits.extend(raised::edit(model, call)),
            ColourSite::Search { generator } => {
                if let AnyNodeRef::ExprGenerator(generator) = model.nodes.get(generator) {
                    edits.extend(search::edits(model, generator));
                }
            }
            ColourSite::ListBrackets { generator } => {
                if let AnyNodeRef::ExprGenerator(generator) = model.nodes.get(generator) {
                    edits.extend(bracket_edits(generator));
                }
            }
        }
    }
    for (statement, items) in with_items {
        if let AnyNodeRef::StmtWith(statement) = model.nodes.get(statement) {
            edits.extend(with_edits(model, statement, &items));
        }
    }
    edits
}

/// `async ` before the `def` keyword, which stands between the decorators and the name.
fn def_edit(model: &Model<'_>, function: &StmtFunctionDef) -> Option<Edit> {
    let from = function
        .decorator_list
        .last()
        .map_or(function.start(), Ranged::end);
    let keyword = model
        .tokens()
        .in_range(TextRange::new(from, function.name.start()))
        .iter()
        .find(|token| token.kind() == ruff_python_ast::token::TokenKind::Def)?;
    let extent = TextRange::new(keyword.start(), function.end());
    Some(Edit::surround(extent, "async ", "", Layer::Colour))
}

/// `await` binds looser than attribute access, call and subscript, and tighter than everything else; a second `await`
/// takes a primary too.
fn await_edit(model: &Model<'_>, node: NodeId) -> Edit {
    let (before, after) = await_around(model, node);
    Edit::surround(model.nodes.range(node), before, after, Layer::Colour)
}

/// Whether an awaited expression stands in parentheses: its own, or those that the `await` brings.
pub fn is_parenthesized(model: &Model<'_>, node: NodeId) -> bool {
    let (_, after) = await_around(model, node);
    let range = model.nodes.range(node);
    let own = model.expr(node).map(|expr| model.parenthesized_range(expr));
    !after.is_empty() || own.is_some_and(|own| own != range)
}

/// What stands round the operand of an `await` in the place of an expression.
fn await_around(model: &Model<'_>, node: NodeId) -> (&'static str, &'static str) {
    let range = model.nodes.range(node);
    let binds_tighter = match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAttribute(_) | AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::ExprCall(call) => call.func.range() == range,
        AnyNodeRef::ExprSubscript(subscript) => subscript.value.range() == range,
        _ => false,
    };
    let has_own_parentheses = model
        .expr(node)
        .is_some_and(|expr| model.parenthesized_range(expr) != range);
    if binds_tighter && !has_own_parentheses {
        ("(await ", ")")
    } else {
        ("await ", "")
    }
}

/// The elements of an async generator as a list. `list(g())` is that list itself.
fn collect_edit(model: &Model<'_>, node: NodeId) -> Edit {
    let range = model.nodes.range(node);
    let name = model.free_name("item", node, &[]);
    let before = format!("[{name} async for {name} in ");
    if let Some(list) = whole_list(model, node) {
        let pieces = vec![Piece::text(before), Piece::Source(range), Piece::text("]")];
        return Edit::pieces(list, pieces);
    }
    Edit::surround(range, before, "]", Layer::Colour)
}

/// The span of `list(...)` round an expression: a list in its place is that list itself.
fn whole_list(model: &Model<'_>, node: NodeId) -> Option<TextRange> {
    let range = model.nodes.range(node);
    let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(node) else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments)) else {
        return None;
    };
    (call.func.is_name_expr()
        && model.meaning(&call.func).path() == Some("builtins.list")
        && !model.has_comment(TextRange::new(call.start(), range.start()))
        && !model.has_comment(TextRange::new(range.end(), call.end())))
    .then(|| call.range())
}

/// `yield from values` as a loop.
fn delegate_edit(model: &Model<'_>, statement: NodeId) -> Option<Edit> {
    let AnyNodeRef::StmtExpr(stmt) = model.nodes.get(statement) else {
        return None;
    };
    let Expr::YieldFrom(yield_from) = stmt.value.as_ref() else {
        return None;
    };
    let values = model.parenthesized_range(ExprRef::from(yield_from.value.as_ref()));
    let name = model.free_name("item", statement, &[]);
    let indent = model.line_indent(stmt.start());
    let unit = model.indent_unit();
    Some(Edit::pieces(
        stmt.range(),
        vec![
            Piece::text(format!("for {name} in ")),
            Piece::Source(values),
            Piece::text(format!(":\n{indent}{unit}yield {name}")),
        ],
    ))
}

fn bracket_edits(generator: &ExprGenerator) -> Vec<Edit> {
    let range = generator.range();
    if generator.parenthesized {
        let one = TextSize::new(1);
        vec![
            Edit::replace(TextRange::at(range.start(), one), "["),
            Edit::replace(TextRange::at(range.end() - one, one), "]"),
        ]
    } else {
        vec![Edit::surround(range, "[", "]", Layer::Colour)]
    }
}

/// The end of a `with` header: behind its colon.
fn header_end(model: &Model<'_>, statement: &StmtWith) -> TextSize {
    let from = statement
        .items
        .last()
        .map_or(statement.start(), Ranged::end);
    let to = statement
        .body
        .first()
        .map_or(statement.end(), Ranged::start);
    model
        .tokens()
        .in_range(TextRange::new(from, to))
        .iter()
        .find(|token| token.kind() == ruff_python_ast::token::TokenKind::Colon)
        .map_or(to, Ranged::end)
}

/// `with` -> `async with`. One statement takes one kind of item, so a mixed one is split where the kind changes; the
/// order of the items stays.
fn with_edits(model: &Model<'_>, statement: &StmtWith, items: &[u32]) -> Vec<Edit> {
    let is_async = |index: usize| statement.is_async || items.contains(&(index as u32));
    let count = statement.items.len();
    let mut edits = Vec::new();
    if is_async(0) && !statement.is_async {
        edits.push(Edit::surround(
            statement.range(),
            "async ",
            "",
            Layer::Colour,
        ));
    }
    let changes: Vec<usize> = (1..count)
        .filter(|&index| is_async(index) != is_async(index - 1))
        .collect();
    if changes.is_empty() {
        return edits;
    }
    // Parentheses round the item list cannot span two statements.
    let end = header_end(model, statement);
    let first = statement.items[0].start();
    let last = statement.items[count - 1].end();
    use ruff_python_ast::token::TokenKind;
    let opening = model
        .tokens()
        .in_range(TextRange::new(statement.start(), first))
        .iter()
        .find(|token| token.kind() == TokenKind::Lpar)
        .filter(|_| {
            model
                .tokens()
                .in_range(TextRange::new(last, end))
                .iter()
                .any(|token| token.kind() == TokenKind::Rpar)
        });
    if let Some(opening) = opening {
        edits.push(Edit::delete(TextRange::new(opening.start(), first)));
        edits.push(Edit::delete(TextRange::new(last, end - TextSize::new(1))));
    }
    let indent = model.line_indent(statement.start());
    let unit = model.indent_unit();
    for (depth, &index) in changes.iter().enumerate() {
        let gap = TextRange::new(
            statement.items[index - 1].end(),
            statement.items[index].start(),
        );
        let keyword = if is_async(index) {
            "async with "
        } else {
            "with "
        };
        edits.push(Edit::replace(
            gap,
            format!(":\n{indent}{}{keyword}", unit.repeat(depth + 1)),
        ));
    }
    let id = model.id(statement);
    let block = TextRange::new(end, model.block_range(id, id).end());
    for _ in &changes {
        edits.push(Edit::indent(block));
    }
    edits
}
