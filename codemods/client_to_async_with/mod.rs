//! `client = httpx.AsyncClient()` that nobody closes -> `async with httpx.AsyncClient() as client:` round what uses it.
//!
//! Source: <https://www.python-httpx.org/async/#opening-and-closing-clients>,
//! <https://docs.aiohttp.org/en/stable/client_quickstart.html>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use crate::clients;
use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::python::PythonVersion;
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::order::{Harmless, Turn};
use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId};
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "client_to_async_with",
    summary: "client = httpx.AsyncClient() that is not closed -> async with httpx.AsyncClient() as client",
    readme: include_str!("README.md"),
    triggers: &[
        "AsyncClient",
        "ClientSession",
        "AsyncSession",
        "aiofiles",
        "aiosqlite",
    ],
    role: Role::Structure,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&SYNC, &PLACE, &NAME, &OUTLIVES, &YIELDS],
    declared: None,
    run,
};

/// Not in an `async def`.
static SYNC: Reason = Reason {
    code: "opened-in-sync",
    message: "it is opened in a sync function, which has no `async with`",
    help: "open it in the coroutine that uses it",
};

/// Not a statement of its own.
static PLACE: Reason = Reason {
    code: "opening-place",
    message: "it is not opened in an assignment to a plain name on a line of its own, so a block has no place",
    help: "assign it to a name first",
};

/// The name holds something else, too.
static NAME: Reason = Reason {
    code: "opening-name",
    message: "its name is bound elsewhere too, or read in another function, which may run when it is closed",
    help: "give it a name of its own",
};

/// It is used behind the statements that a block can hold.
static OUTLIVES: Reason = Reason {
    code: "used-behind-block",
    message: "it is not used behind its opening, or used outside of the statements that follow it in the same block",
    help: "open it where all of its uses are",
};

/// It would stay open while something else runs.
static YIELDS: Reason = Reason {
    code: "opened-in-generator",
    message: "the code that uses it yields, and a generator that is given up half-way would close it late",
    help: "open it in the code that iterates, and hand it in",
};

/// How the result differs.
const NOTE: &str = "it is closed behind the last use that is seen: what still reads from it later, by a task that nobody awaits for \
                    example, fails";

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let callees = Callees::new(model);
    let mut reports = Vec::new();
    for call in model.calls() {
        let Callee::Path(path) = callees.of(&call.func) else {
            continue;
        };
        if clients::OPENED.contains(&path.as_str()) && clients::is_left_open(model, call) {
            reports.push((call.range(), unit(context, call, &path)));
        }
    }
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    path: &str,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let node = model.id(call);
    if !model.is_async(model.runner(node)) {
        return Err((&SYNC).into());
    }
    let opened = clients::opened(model, call);
    let statement = model.statement_of(node);
    let mut unit = context.unit(call.range());
    match model.nodes.get(statement) {
        AnyNodeRef::StmtAssign(assign) if model.id(assign.value.as_ref()) == opened => {
            let [Expr::Name(name)] = &*assign.targets else {
                return Err((&PLACE).into());
            };
            let last = last_use(model, model.id(name), statement, call)?;
            let pieces = colour::async_with_pieces(call.range(), name.id.as_str());
            unit.edit(Edit::pieces(assign.range(), pieces));
            let block = model.block_range(statement, last);
            unit.edit(Edit::indent(TextRange::new(assign.end(), block.end())));
        }
        _ => inline(model, &mut unit, call, statement, path)?,
    }
    unit.runs_in(node);
    unit.unsafe_because(call.range(), NOTE);
    Ok(unit)
}

/// The last statement behind the opening that uses it, or what was made with it.
fn last_use(
    model: &Model<'_>,
    name: NodeId,
    statement: NodeId,
    call: &ExprCall,
) -> Result<NodeId, Refusal> {
    if !model.is_alone_on_its_lines(statement) {
        return Err((&PLACE).into());
    }
    let symbol = model.scopes.symbol_of(name).or_else(|| {
        let binding = model.scopes.binding_at(name)?;
        Some(model.scopes.binding(binding).symbol)
    });
    let symbol = symbol.ok_or(Refusal::from(&NAME))?;
    let known = model.scopes.symbol(symbol);
    let runner = model.runner_node(model.id(call));
    let other = known
        .references
        .iter()
        .find(|&&at| model.runner_node(at) != runner);
    if let Some(&other) = other {
        return Err(Refusal::at(&NAME, model.nodes.range(other)));
    }
    if known.bindings.len() != 1 || Some(model.scopes.scope(known.scope).node) != runner {
        return Err((&NAME).into());
    }
    let (body, index) = model.suite_of(statement).ok_or(Refusal::from(&PLACE))?;
    let mut held: FxHashSet<SymbolId> = FxHashSet::from_iter([symbol]);
    let mut last = None;
    for following in &body[index + 1..] {
        if mentions(model, following, &held) {
            last = Some(following);
            held.extend(bound(model, following));
        }
    }
    let last = last.ok_or(Refusal::from(&OUTLIVES))?;
    let block = TextRange::new(body[index].start(), last.end());
    let outside = known
        .references
        .iter()
        .find(|&&at| !block.contains_range(model.nodes.range(at)));
    if let Some(&outside) = outside {
        return Err(Refusal::at(&OUTLIVES, model.nodes.range(outside)));
    }
    // Statements on one line have no block between them.
    let starts_line = |stmt: &Stmt| model.is_alone_on_its_lines(model.id(stmt));
    let inside = body
        .iter()
        .filter(|stmt| block.contains_range(stmt.range()));
    if !inside.clone().all(starts_line) {
        return Err((&PLACE).into());
    }
    if let Some(function) = runner
        && let Some(yields) = model.yield_in(block, function, model.runner(model.id(call)))
    {
        return Err(Refusal::at(&YIELDS, model.nodes.range(yields)));
    }
    Ok(model.id(last))
}

fn mentions(model: &Model<'_>, statement: &Stmt, held: &FxHashSet<SymbolId>) -> bool {
    model
        .nodes
        .subtree(model.id(statement))
        .filter_map(|node| model.scopes.symbol_of(node))
        .any(|symbol| held.contains(&symbol))
}

/// The names that a statement binds.
fn bound(model: &Model<'_>, statement: &Stmt) -> Vec<SymbolId> {
    model
        .nodes
        .subtree(model.id(statement))
        .filter_map(|node| model.scopes.binding_at(node))
        .map(|binding| model.scopes.binding(binding).symbol)
        .collect()
}

/// `await httpx.AsyncClient().get(url)`, in one statement.
fn inline<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
    statement: NodeId,
    path: &str,
) -> Result<(), Refusal> {
    let node = model.id(call);
    let method = match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAttribute(attribute) => attribute.attr.as_str(),
        _ => return Err((&PLACE).into()),
    };
    // Responses of httpx hold their whole body; those of others are read from the connection.
    let is_whole = path.starts_with("httpx") && method != "stream";
    let is_simple = matches!(
        model.nodes.get(statement),
        AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtAssign(_)
            | AnyNodeRef::StmtAnnAssign(_)
            | AnyNodeRef::StmtReturn(_)
    );
    let is_awaited = model
        .nodes
        .ancestors(node)
        .take_while(|&at| at != statement)
        .any(|at| matches!(model.nodes.get(at), AnyNodeRef::ExprAwait(_)));
    let harmless = Harmless {
        call: &|_| false,
        moved: &[],
    };
    let is_first = model.turn(node, statement, &harmless) == Turn::First;
    if !is_whole
        || !is_simple
        || !is_awaited
        || !is_first
        || !model.is_alone_on_its_lines(statement)
    {
        return Err((&PLACE).into());
    }
    let text = model.slice(call.range());
    if text.contains('\n') || model.has_comment(call.range()) {
        return Err((&PLACE).into());
    }
    let name = model.free_name("client", statement, &[]);
    let header = colour::async_with_header(&format!("{text} as {name}"));
    let block = model
        .wrap_statements(statement, statement, &header)
        .ok_or(Refusal::from(&PLACE))?;
    unit.edits(block);
    unit.edit(Edit::pieces(call.range(), vec![Piece::text(name)]));
    Ok(())
}
