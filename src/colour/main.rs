//! The code with which a program begins, as one `async def main()` that is run: the body of a main guard, or the
//! statements of a script.

use std::collections::BTreeSet;

use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtIf};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::await_around;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::{Model, NodeId, Scopes, builtins, literal};

/// Names for the function, the first free one is taken.
const NAMES: [&str; 3] = ["main", "async_main", "_main"];

/// The first name that is free at module level.
fn name(model: &Model<'_>, at: NodeId) -> Option<&'static str> {
    NAMES.into_iter().find(|name| model.is_free(name, at))
}

/// Whether the body of a main guard can become that of a function.
pub fn is_movable(model: &Model<'_>, if_: &StmtIf) -> bool {
    let node = model.id(if_);
    let body: Vec<NodeId> = if_.body.iter().map(|stmt| model.id(stmt)).collect();
    if !if_.elif_else_clauses.is_empty() || name(model, node).is_none() {
        return false;
    }
    let shared = shared(model, &body);
    body.iter().all(|&stmt| {
        stays_the_same(model, stmt) && !annotates(model, stmt, &|name| shared.contains(name))
    })
}

/// Whether a statement of a script can be moved into a function.
pub fn can_move(model: &Model<'_>, stmt: &Stmt) -> bool {
    let node = model.id(stmt);
    let is_plain = !matches!(
        stmt,
        Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::TypeAlias(_)
    );
    // The imports of a file are edited where they stand.
    let has_import = model.nodes.subtree(node).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::StmtImport(_)
                | AnyNodeRef::StmtImportFrom(_)
                | AnyNodeRef::StmtFunctionDef(_)
                | AnyNodeRef::StmtClassDef(_)
        )
    });
    is_plain
        && !has_import
        && name(model, node).is_some()
        && stays_the_same(model, node)
        && !annotates(model, node, &|_| true)
}

/// The number of the statement at module level that a node stands in.
pub fn statement_of(model: &Model<'_>, node: NodeId) -> usize {
    let start = model.nodes.range(node).start();
    let body = &model.parsed.syntax().body;
    body.partition_point(|stmt| stmt.start() <= start)
        .saturating_sub(1)
}

/// Whether the statement at module level of this number can become part of the function with which the program begins: it
/// does so as the body of a main guard, or as it is.
pub fn can_begin(model: &Model<'_>, statement: usize) -> bool {
    match model.parsed.syntax().body.get(statement) {
        Some(Stmt::If(if_)) if literal::is_main_guard(&if_.test) => is_movable(model, if_),
        Some(stmt) => can_move(model, stmt),
        None => false,
    }
}

/// Whether code means the same inside of a function: nothing in it asks for the names around it.
fn stays_the_same(model: &Model<'_>, stmt: NodeId) -> bool {
    !model
        .nodes
        .subtree(stmt)
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtImportFrom(import) => {
                import.names.iter().any(|alias| alias.name.as_str() == "*")
            }
            AnyNodeRef::ExprName(name) => {
                matches!(
                    name.id.as_str(),
                    "globals" | "locals" | "vars" | "dir" | "eval" | "exec"
                ) && model.scopes.symbol_of(at).is_none()
            }
            AnyNodeRef::StmtGlobal(_) => true,
            // Ctrl-C does not reach a coroutine.
            _ if model.handles_interrupt(at).is_some() => true,
            _ => false,
        })
}

/// Whether code annotates such a name of the module: a name cannot be both annotated and global.
fn annotates(model: &Model<'_>, stmt: NodeId, which: &dyn Fn(&str) -> bool) -> bool {
    model
        .nodes
        .subtree(stmt)
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtAnnAssign(assign) => match assign.target.as_ref() {
                Expr::Name(name) => {
                    model.scopes.scope_of(model.id(name)) == Scopes::MODULE
                        && which(name.id.as_str())
                }
                _ => false,
            },
            _ => false,
        })
}

/// The names that these statements bind and other code of the module binds or reads as well, or that are builtins before:
/// they stay global.
fn shared(model: &Model<'_>, statements: &[NodeId]) -> BTreeSet<String> {
    let inside = |at: NodeId| {
        statements
            .iter()
            .any(|&stmt| model.nodes.is_within(at, stmt))
    };
    let module = model.scopes.scope(Scopes::MODULE);
    module
        .symbols
        .iter()
        .filter(|(name, symbol)| {
            let symbol = model.scopes.symbol(**symbol);
            let mut bindings = symbol
                .bindings
                .iter()
                .map(|&binding| inside(model.scopes.binding(binding).node));
            let mut bound = symbol
                .bindings
                .iter()
                .map(|&binding| inside(model.scopes.binding(binding).node));
            bound.any(|inside| inside)
                && (bindings.any(|inside| !inside)
                    || symbol
                        .references
                        .iter()
                        .any(|&reference| !inside(reference))
                    || builtins::is_builtin(name))
        })
        .map(|(name, _)| (*name).to_string())
        .collect()
}

/// `global a, b`; nothing where no name is shared.
fn declaration(shared: &BTreeSet<String>) -> Option<String> {
    let names: Vec<&str> = shared.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| format!("global {}", names.join(", ")))
}

/// The body of a main guard as a function before it, and one run of that in its place.
pub(super) fn guard_edits(model: &Model<'_>, if_: &StmtIf) -> Vec<Edit> {
    let (Some(first), Some(last)) = (if_.body.first(), if_.body.last()) else {
        return Vec::new();
    };
    let Some(name) = name(model, model.id(if_)) else {
        return Vec::new();
    };
    // A comment behind the last statement belongs to it.
    let rest = &model.text[last.end().to_usize()..];
    let line = rest
        .find('\n')
        .map_or(rest, |end| &rest[..end])
        .trim_end_matches('\r');
    let comment = if line.trim_start().starts_with('#') {
        TextSize::of(line)
    } else {
        TextSize::new(0)
    };
    // With the space before it, the body is more than its one statement, whose edits stay within.
    let line = model.line_start(first.start());
    let before = &model.text[if_.start().to_usize()..first.start().to_usize()];
    let is_block = before.contains('\n');
    let lead = if is_block {
        // Comments above the first statement are about it.
        let comments: usize = model.text[if_.start().to_usize()..line.to_usize()]
            .split_inclusive('\n')
            .rev()
            .take_while(|line| line.trim_start().starts_with('#'))
            .map(str::len)
            .sum();
        line - TextSize::try_from(comments).unwrap_or_default()
    } else {
        let space = before.len() - before.trim_end_matches([' ', '\t']).len();
        first.start() - TextSize::try_from(space).unwrap_or_default()
    };
    let body = TextRange::new(lead, last.end() + comment);
    let space = model.slice(TextRange::new(lead.max(line), first.start()));
    let space = if is_block { space } else { "" };
    let gap = if is_block { space } else { " " };
    let missing = blank_lines_to_add(&model.text[..if_.start().to_usize()]);
    let blank = "\n".repeat(missing);
    let statements: Vec<NodeId> = if_.body.iter().map(|stmt| model.id(stmt)).collect();
    let global = declaration(&shared(model, &statements));
    let header = match (global, is_block) {
        (Some(line), true) => format!("async def {name}():\n{space}{line}\n"),
        (None, true) => format!("async def {name}():\n"),
        (Some(line), false) => format!("async def {name}(): {line};"),
        (None, false) => format!("async def {name}():"),
    };
    vec![
        Edit::hoist(
            TextRange::new(if_.start(), body.end()),
            vec![
                Piece::text(format!("{blank}{header}")),
                Piece::Source(body),
                Piece::text("\n\n\n"),
            ],
        ),
        Edit::replace(body, format!("{gap}asyncio.run({name}())")),
    ]
}

/// The one call of `asyncio.run` in the body of a main guard that can be awaited in one run of the whole body: it is the last
/// that the program does, so that what it leaves running ends with it as before.
pub fn joined(model: &Model<'_>, if_: &StmtIf) -> Option<NodeId> {
    let last = match if_.body.last()? {
        Stmt::Expr(statement) => statement.value.as_ref(),
        Stmt::Assign(statement) => statement.value.as_ref(),
        _ => return None,
    };
    let node = model.id(last);
    let mut runs = std::iter::once(node)
        .chain(model.nodes.subtree(node))
        .filter(|&at| run_argument(model, at).is_some());
    let run = runs.next()?;
    // Nothing decides whether it runs, or how often.
    let is_sure = model
        .nodes
        .ancestors(run)
        .take_while(|&at| at != node)
        .chain([node])
        .filter(|&at| at != run)
        .all(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::ExprCall(_) | AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)
            )
        });
    (is_sure && runs.all(|other| other == run)).then_some(run)
}

/// The coroutine of a plain `asyncio.run(f())`.
fn run_argument<'m>(model: &Model<'m>, node: NodeId) -> Option<&'m Expr> {
    let AnyNodeRef::ExprCall(call) = model.nodes.get(node) else {
        return None;
    };
    let is_run =
        call.func.is_attribute_expr() && model.meaning(&call.func).path() == Some("asyncio.run");
    match (&call.arguments.args[..], call.arguments.keywords.is_empty()) {
        ([argument @ Expr::Call(_)], true) if is_run => Some(argument),
        _ => None,
    }
}

/// `asyncio.run(f())` -> `await f()`.
pub(super) fn joined_edit(model: &Model<'_>, call: NodeId) -> Option<Edit> {
    let argument = run_argument(model, call)?;
    let (before, after) = await_around(model, call);
    Some(Edit::pieces(
        model.nodes.range(call),
        vec![
            Piece::text(before),
            Piece::Source(argument.range()),
            Piece::text(after),
        ],
    ))
}

/// The statements of a script from one to another as a function, and the run of it.
pub(super) fn script_edits(model: &Model<'_>, first: NodeId, last: NodeId) -> Option<Vec<Edit>> {
    let name = name(model, first)?;
    let (body, from) = model.suite_of(first)?;
    let (_, to) = model.suite_of(last)?;
    let statements: Vec<NodeId> = body
        .get(from..=to)?
        .iter()
        .map(|stmt| model.id(stmt))
        .collect();
    let above = if from > 0 {
        comments_above(model, body.get(from)?.start())
    } else {
        None
    };
    let start = above.map_or(body.get(from)?.start(), |above| above.start());
    let blank = "\n".repeat(blank_lines_to_add(&model.text[..start.to_usize()]));
    let global = declaration(&shared(model, &statements));
    let mut header = format!("{blank}async def {name}():");
    if let Some(line) = global {
        header.push_str(&format!("\n{}{line}", model.indent_unit()));
    }
    for line in above.map_or("", |above| model.slice(above)).lines() {
        header.push_str(&format!("\n{}{line}", model.indent_unit()));
    }
    let extent = model.block_range(first, last);
    // A comment behind the last statement belongs to it.
    let rest = &model.text[extent.end().to_usize()..];
    let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
    let behind = if line.trim_start().starts_with('#') {
        TextSize::of(line.trim_end_matches('\r'))
    } else {
        TextSize::new(0)
    };
    let mut edits = vec![Edit::surround(
        TextRange::new(extent.start(), extent.end() + behind),
        "",
        format!("\n\n\nasyncio.run({name}())"),
        Layer::Block,
    )];
    edits.extend(model.wrap_statements(first, last, &header)?);
    edits.extend(above.map(Edit::delete));
    Some(edits)
}

/// The comments on lines of their own right above code at module level, to its start: they are about it.
fn comments_above(model: &Model<'_>, code: TextSize) -> Option<TextRange> {
    let before = &model.text[..code.to_usize()];
    let lines = before.split_inclusive('\n').rev();
    let length: usize = lines
        .take_while(|line| line.starts_with('#'))
        .map(str::len)
        .sum();
    let start = code - TextSize::try_from(length).ok()?;
    (length > 0).then(|| TextRange::new(start, code))
}

/// How many of the two blank lines before a definition (PEP 8) are missing after this text, which ends with a line. A
/// comment right above stays with what follows.
fn blank_lines_to_add(before: &str) -> usize {
    let lines = || before.lines().rev();
    let blank = lines()
        .take(2)
        .take_while(|line| line.trim().is_empty())
        .count();
    match lines().nth(blank) {
        None => 0,
        Some(line) if blank == 0 && line.starts_with('#') => 0,
        Some(_) => 2_usize.saturating_sub(blank),
    }
}
