//! `psycopg2.connect(...)` -> `await asyncpg.connect(...)`, with `postgres-driver = "asyncpg"`.
//!
//! asyncpg has no cursors: a statement and the fetch behind it become one call, so all that is done with a connection has to
//! be seen in one function. The SQL is read by [`sql`], cursors and fetches by [`cursors`], what `commit()` ends by [`regions`], and the
//! exceptions of handlers by [`errors`].

mod cursors;
mod errors;
mod reasons;
mod regions;
mod sql;

use ruff_python_ast::{
    AnyNodeRef, ExceptHandler, ExceptHandlerExceptHandler, Expr, ExprCall, ExprRef, StmtAssign,
    StmtWith,
};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{
    AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder,
};
use crate::config::PostgresDriver;
use crate::declare::rewrite::{is_wide, tries_round};
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::flow::{Certainty, Use, UseKind};
use crate::semantic::names::Meaning;
use crate::semantic::{Model, NodeId, literal};
use crate::unit::{Dependency, ImportRequest};
use cursors::Cursors;
use reasons::{ARGUMENT, BLOCK, CONNECTION, NOT_CLOSED, OTHER_NAME, POOL, TRANSACTION};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "psycopg2_to_asyncpg",
    summary: "psycopg2 connections of one function -> asyncpg (postgres-driver = \"asyncpg\")",
    readme: include_str!("README.md"),
    triggers: &["psycopg2"],
    role: Role::Seed,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &["\"psycopg2.connect\"", "'psycopg2.connect'"],
    reasons: reasons::REASONS,
    declared: None,
    run,
};

const CONNECT: &str = "psycopg2.connect";

const POOLS: &[&str] = &[
    "psycopg2.pool.ThreadedConnectionPool",
    "psycopg2.pool.SimpleConnectionPool",
];

/// What `--unsafe` accepts.
const NOTE: &str = "asyncpg takes values of the very types of the columns (no `str` for an `int`), gives JSON as `str`, UUIDs, `bytes` and times in UTC, fetches no more than the row that is asked for, and raises exceptions of other classes";

/// What rows of a `RealDictCursor` become.
const DICTIONARIES: &str =
    "rows become plain dictionaries, and records of asyncpg where only their columns are read";

fn run(context: &mut Context<'_, '_>) {
    if context.settings.postgres_driver != PostgresDriver::Asyncpg {
        return;
    }
    let model = context.model;
    for node in model.references_to(POOLS) {
        context.skip(model.nodes.range(node), &POOL, None);
    }
    for node in model.references_to(&[CONNECT]) {
        let range = model.nodes.range(node);
        let path = model.expr(node).map(|expr| model.meaning_of(expr));
        if path.as_ref().and_then(|meaning| meaning.path()) != Some(CONNECT) {
            context.skip(range, &AMBIGUOUS_BINDING, None);
            continue;
        }
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => {
                let result = unit(context, call);
                context.report(call.range(), result);
            }
            _ => context.skip(range, &USED_AS_VALUE, None),
        }
    }
}

/// A connection, and what is done with it.
pub(super) struct Connection<'a> {
    /// Its name.
    name: &'a str,
    /// The blocks that are its transactions, each with the item.
    transactions: Vec<(&'a StmtWith, usize)>,
    /// The calls that make its cursors.
    cursors: Vec<&'a ExprCall>,
    /// Those of them whose rows are dictionaries, each with what says so.
    dicts: Vec<(TextRange, NodeId)>,
    /// The calls that close it.
    closes: Vec<&'a ExprCall>,
    /// The calls that end a transaction.
    commits: Vec<&'a ExprCall>,
    /// The calls that take one back.
    rollbacks: Vec<&'a ExprCall>,
    /// `conn.autocommit = True`.
    autocommit: Option<NodeId>,
    /// Where it is made.
    made: TextRange,
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let made = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtAssign(made) => made,
        AnyNodeRef::WithItem(_) => return Err((&NOT_CLOSED).into()),
        _ => return Err((&CONNECTION).into()),
    };
    let [Expr::Name(name)] = made.targets.as_slice() else {
        return Err((&CONNECTION).into());
    };
    let mut unit = context.unit(call.range());
    unit.unsafe_because(call.range(), NOTE);
    arguments(&mut unit, call)?;
    let connection = uses(model, call, made, name.id.as_str())?;
    if connection.closes.is_empty() {
        return Err((&NOT_CLOSED).into());
    }
    unit.rename(model.id(call.func.as_ref()), "asyncpg.connect");
    unit.import(ImportRequest::Module("asyncpg"), model.id(call))?;
    unit.await_(call)?;
    for &close in &connection.closes {
        unit.await_(close)?;
    }
    let mut cursors = Cursors::new(model, &connection);
    cursors.read()?;
    let mut calls: Vec<NodeId> = cursors.calls().collect();
    calls.push(model.id(call));
    calls.extend(connection.closes.iter().map(|&close| model.id(close)));
    let mut handled = handlers(model, &mut unit, call, &calls)?;
    for &(cursor, factory) in &connection.dicts {
        unit.release(factory);
        unit.unsafe_because(cursor, DICTIONARIES);
        handled.push(model.nodes.range(factory));
    }
    other_names(model, call, &handled)?;
    if let Some(statement) = connection.autocommit {
        cursors.drop_statement(statement)?;
    }
    cursors.write(&mut unit)?;
    unit.dependency(Dependency::Add("asyncpg"));
    unit.dependency(Dependency::MayDrop("psycopg2"));
    unit.dependency(Dependency::MayDrop("psycopg2-binary"));
    unit.stops_raising("psycopg2");
    Ok(unit)
}

/// The arguments of `connect`.
fn arguments(unit: &mut UnitBuilder<'_, '_>, call: &ExprCall) -> Result<(), Refusal> {
    const SAME: &[&str] = &["host", "port", "user", "password", "database", "dsn"];
    let refuse = |range: TextRange, why: &str| Refusal::with_detail(&ARGUMENT, range, why);
    if literal::has_starred(call) || call.arguments.args.len() > 1 {
        return Err(refuse(call.arguments.range(), "unpacked, or by position"));
    }
    let mut dsn = call.arguments.args.first();
    for keyword in &call.arguments.keywords {
        match keyword.arg.as_ref().map_or("**", |name| name.as_str()) {
            "dbname" => {
                let name = TextRange::at(
                    keyword.start(),
                    "dbname".len().try_into().unwrap_or_default(),
                );
                unit.edit(Edit::replace(name, "database"));
            }
            name if SAME.contains(&name) => {
                if name == "dsn" {
                    dsn = Some(&keyword.value);
                }
            }
            name => return Err(refuse(keyword.range(), &format!("`{name}`"))),
        }
    }
    match dsn {
        Some(Expr::StringLiteral(text)) => {
            let text = text.value.to_str();
            let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
            if !is_url || text.contains('?') {
                return Err(refuse(
                    call.arguments.range(),
                    "asyncpg takes URLs, without options of libpq",
                ));
            }
        }
        Some(dsn) => unit.unsafe_because(
            dsn.range(),
            "asyncpg takes a URL here, and neither `host=... dbname=...` nor options of libpq",
        ),
        None => {}
    }
    Ok(())
}

/// What is done with a connection.
fn uses<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    made: &'a StmtAssign,
    name: &'a str,
) -> Result<Connection<'a>, Refusal> {
    let mut connection = Connection {
        name,
        transactions: Vec::new(),
        cursors: Vec::new(),
        dicts: Vec::new(),
        closes: Vec::new(),
        commits: Vec::new(),
        rollbacks: Vec::new(),
        autocommit: None,
        made: call.range(),
    };
    for use_ in model.follow(&[model.id(call)], false).uses {
        let range = model.nodes.range(use_.node);
        is_local(model, &use_, name)?;
        match use_.kind {
            UseKind::With { statement, item } => {
                if statement.is_async || statement.items[item].optional_vars.is_some() {
                    return Err(Refusal::at(&BLOCK, range));
                }
                connection.transactions.push((statement, item));
            }
            UseKind::Method { attribute, call } => match attribute.attr.as_str() {
                "cursor" if call.arguments.is_empty() => connection.cursors.push(call),
                "cursor" if let Some(factory) = dictionaries(model, call) => {
                    connection.cursors.push(call);
                    connection.dicts.push((call.range(), factory));
                }
                "cursor" => {
                    let why = "cursors with a name, and rows of other kinds";
                    return Err(Refusal::with_detail(&reasons::CURSOR, call.range(), why));
                }
                "close" if is_plain(model, call) => connection.closes.push(call),
                "commit" if is_plain(model, call) => connection.commits.push(call),
                "rollback" if is_plain(model, call) => connection.rollbacks.push(call),
                "commit" | "rollback" => return Err(Refusal::at(&TRANSACTION, call.range())),
                other => {
                    let why = format!("`.{other}()`");
                    return Err(Refusal::with_detail(&CONNECTION, call.range(), why));
                }
            },
            UseKind::AttributeStore(attribute) if attribute.attr.as_str() == "autocommit" => {
                connection.autocommit = Some(autocommit(model, attribute.range(), made)?);
            }
            _ => return Err(Refusal::at(&CONNECTION, range)),
        }
    }
    let is_within = |inner: &StmtWith, outer: &StmtWith| {
        inner.range() != outer.range() && outer.range().contains_range(inner.range())
    };
    for (inner, _) in &connection.transactions {
        if connection
            .transactions
            .iter()
            .any(|(outer, _)| is_within(inner, outer))
        {
            return Err(Refusal::with_detail(
                &TRANSACTION,
                inner.range(),
                "a transaction in a transaction",
            ));
        }
    }
    let ends = connection.commits.iter().chain(&connection.rollbacks);
    if let Some(end) = ends.min_by_key(|end| end.start())
        && (connection.autocommit.is_some() || !connection.transactions.is_empty())
    {
        let why = "beside `with conn:` or `autocommit`";
        return Err(Refusal::with_detail(&TRANSACTION, end.range(), why));
    }
    Ok(connection)
}

/// Gives handlers the exceptions of asyncpg: what they name, and what they read of it. Returns the names of psycopg2 that are
/// seen to.
fn handlers(
    model: &Model<'_>,
    unit: &mut UnitBuilder<'_, '_>,
    call: &ExprCall,
    calls: &[NodeId],
) -> Result<Vec<TextRange>, Refusal> {
    let refuse = |range: TextRange| {
        let why = format!("`{}`", model.slice(range));
        Err(Refusal::with_detail(&OTHER_NAME, range, why))
    };
    let mut seen = Vec::new();
    for node in tries_round(model, calls) {
        let AnyNodeRef::StmtTry(try_) = model.nodes.get(node) else {
            continue;
        };
        let connects = try_
            .body
            .iter()
            .any(|stmt| stmt.range().contains_range(call.range()));
        for ExceptHandler::ExceptHandler(handler) in &try_.handlers {
            let kinds = match handler.type_.as_deref() {
                None => continue,
                Some(Expr::Tuple(tuple)) => tuple.elts.as_slice(),
                Some(one) => std::slice::from_ref(one),
            };
            let mut has_state = true;
            for kind in kinds {
                let path = model.meaning(kind);
                let Some(path) = path.path() else {
                    return refuse(kind.range());
                };
                if is_wide(path) || errors::is_of_neither(path) {
                    has_state = false;
                    continue;
                }
                // What fails before there is a connection is an `OSError` in asyncpg.
                let twin = errors::twin(path).filter(|_| !connects);
                let Some(twin) = twin else {
                    return refuse(kind.range());
                };
                has_state &= twin.has_state;
                let names: Vec<String> = twin
                    .names
                    .iter()
                    .map(|name| format!("asyncpg.{name}"))
                    .collect();
                let text = match names.as_slice() {
                    [_, _, ..] if kinds.len() == 1 && !kind_is_in_tuple(handler) => {
                        format!("({})", names.join(", "))
                    }
                    _ => names.join(", "),
                };
                unit.rename(model.id(kind), text);
                seen.push(kind.range());
            }
            let Some(name) = &handler.name else {
                continue;
            };
            for attribute in model.attributes() {
                let is_of_caught = handler.range().contains_range(attribute.range())
                    && matches!(attribute.value.as_ref(), Expr::Name(read) if read.id == name.id);
                if !is_of_caught {
                    continue;
                }
                match attribute.attr.as_str() {
                    "pgcode" if has_state => {
                        unit.edit(Edit::replace(attribute.attr.range(), "sqlstate"));
                        seen.push(attribute.range());
                    }
                    "args" | "with_traceback" | "add_note" => {}
                    _ => return refuse(attribute.range()),
                }
            }
        }
    }
    Ok(seen)
}

/// Whether the class of a handler stands in a tuple: `except (psycopg2.Error,):`.
fn kind_is_in_tuple(handler: &ExceptHandlerExceptHandler) -> bool {
    matches!(handler.type_.as_deref(), Some(Expr::Tuple(_)))
}

/// Refuses what else the function has of psycopg2: exceptions outside of handlers, adapters.
fn other_names(model: &Model<'_>, call: &ExprCall, handled: &[TextRange]) -> Result<(), Refusal> {
    let refuse = |range: TextRange| {
        Err(Refusal::with_detail(
            &OTHER_NAME,
            range,
            format!("`{}`", model.slice(range)),
        ))
    };
    let is_of_psycopg2 = |path: &str| path.starts_with("psycopg2.") && path != CONNECT;
    for node in model.nodes.subtree(cursors::scope(model, model.id(call))) {
        let expr = match model.nodes.get(node) {
            AnyNodeRef::ExprName(name) if name.ctx.is_load() => ExprRef::Name(name),
            AnyNodeRef::ExprAttribute(attribute) => ExprRef::Attribute(attribute),
            _ => continue,
        };
        let range = model.nodes.range(node);
        if handled.iter().any(|one| one.contains_range(range)) {
            continue;
        }
        // What handlers of wide classes read of an exception.
        if let ExprRef::Attribute(attribute) = expr
            && matches!(attribute.attr.as_str(), "pgcode" | "pgerror" | "diag")
        {
            return refuse(range);
        }
        let is_other = match model.meaning_of(expr) {
            Meaning::Path(path) => is_of_psycopg2(&path),
            Meaning::Ambiguous(paths) => paths.iter().any(|path| is_of_psycopg2(path)),
            Meaning::Unknown => false,
        };
        if is_other {
            return refuse(range);
        }
    }
    Ok(())
}

/// The statement `conn.autocommit = True`, right behind the one that makes the connection.
fn autocommit(model: &Model<'_>, target: TextRange, made: &StmtAssign) -> Result<NodeId, Refusal> {
    let refuse = || Refusal::at(&TRANSACTION, target);
    let (body, index) = model.suite_of(model.id(made)).ok_or_else(refuse)?;
    let next = body
        .get(index + 1)
        .and_then(|next| next.as_assign_stmt())
        .ok_or_else(refuse)?;
    let is_it = next.targets.len() == 1
        && next.targets[0].range() == target
        && literal::boolean(&next.value) == Some(true);
    if is_it {
        Ok(model.id(next))
    } else {
        Err(refuse())
    }
}

/// Whether a use is one of the followed value alone, under its own name, in its own function.
fn is_local(model: &Model<'_>, use_: &Use<'_>, name: &str) -> Result<(), Refusal> {
    let range = model.nodes.range(use_.node);
    let is_named = model.slice(range) == name;
    if use_.certainty == Certainty::Always && !use_.captured && is_named {
        return Ok(());
    }
    Err(Refusal::at(&CONNECTION, range))
}

/// What a cursor whose rows are dictionaries is made with: `cursor_factory=RealDictCursor`.
fn dictionaries(model: &Model<'_>, call: &ExprCall) -> Option<NodeId> {
    let ([], [keyword]) = (&*call.arguments.args, &*call.arguments.keywords) else {
        return None;
    };
    let is_factory = keyword.arg.as_ref()?.as_str() == "cursor_factory"
        && model.meaning(&keyword.value).path() == Some("psycopg2.extras.RealDictCursor");
    is_factory.then(|| model.id(&keyword.value))
}

/// Whether a call without arguments is a statement of its own.
fn is_plain(model: &Model<'_>, call: &ExprCall) -> bool {
    call.arguments.is_empty() && is_statement(model, call)
}

/// Whether a call is a statement of its own.
fn is_statement(model: &Model<'_>, call: &ExprCall) -> bool {
    matches!(
        model.nodes.parent_node(model.id(call)),
        AnyNodeRef::StmtExpr(_)
    )
}
