//! Engines: `create_engine(...)` -> `create_async_engine(...)`.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{classes, reasons, url};
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::semantic::{Model, literal};

const UNPACKED: &str =
    "the unpacked arguments may hold a sync pool or arguments of the sync driver";

/// Pools that only sync engines take: without the argument an async engine takes the counterpart.
const SYNC_POOLS: &[&str] = &[
    "sqlalchemy.pool.QueuePool",
    "sqlalchemy.pool.SingletonThreadPool",
    "sqlalchemy.pool.impl.QueuePool",
    "sqlalchemy.pool.impl.SingletonThreadPool",
    "sqlalchemy.QueuePool",
    "sqlalchemy.SingletonThreadPool",
];

/// Pools that both engines take.
const POOLS: &[&str] = &["NullPool", "StaticPool", "AssertionPool"];

/// Rewrites a call that makes an engine.
///
/// # Errors
/// An argument or a driver that async engines do not have.
pub fn constructor<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    path: &str,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    classes::rename(context, model.id(call.func.as_ref()), path, unit)?;
    for keyword in &call.arguments.keywords {
        let Some(name) = &keyword.arg else {
            unit.unsafe_because(keyword.range(), UNPACKED);
            continue;
        };
        match name.as_str() {
            "creator"
            | "convert_unicode"
            | "encoding"
            | "module"
            | "pool"
            | "server_side_cursors"
            | "strategy" => {
                let detail = format!("`{name}=`");
                return Err(Refusal::with_detail(
                    &reasons::ENGINE_ARGUMENT,
                    keyword.range(),
                    detail,
                ));
            }
            "poolclass" => pool(model, call, keyword, unit)?,
            _ => {}
        }
    }
    if path.ends_with("engine_from_config") {
        return url::section(context, call, unit);
    }
    let Some(url) = call.arguments.find_argument_value("url", 0) else {
        return Err(Refusal::at(&reasons::DRIVER, call.range()));
    };
    if url.is_starred_expr() {
        return Err(Refusal::at(&reasons::DRIVER, url.range()));
    }
    url::rewrite(context, url, unit)
}

fn pool<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    keyword: &ruff_python_ast::Keyword,
    unit: &mut UnitBuilder<'a, '_>,
) -> Result<(), Refusal> {
    let meaning = model.meaning(&keyword.value);
    let path = meaning.path().unwrap_or_default();
    if SYNC_POOLS.contains(&path)
        && let Some(edit) = model.drop_argument(call, keyword.range())
    {
        unit.edit(edit);
        unit.release(model.id(&keyword.value));
        return Ok(());
    }
    let is_taken = path.starts_with("sqlalchemy.") && POOLS.iter().any(|pool| path.ends_with(pool));
    if is_taken || literal::is_none(&keyword.value) {
        return Ok(());
    }
    Err(Refusal::with_detail(
        &reasons::ENGINE_ARGUMENT,
        keyword.range(),
        "`poolclass=`",
    ))
}

/// Whether the SQL of a call is visibly one that only reads.
pub fn only_reads(model: &Model<'_>, statement: &Expr) -> bool {
    match statement {
        Expr::Call(call) => match model.meaning(&call.func).path() {
            Some("sqlalchemy.text" | "sqlalchemy.sql.text" | "sqlalchemy.sql.expression.text") => {
                call.arguments
                    .args
                    .first()
                    .and_then(literal::string)
                    .is_some_and(|text| {
                        text.trim_start().to_ascii_lowercase().starts_with("select")
                    })
            }
            Some(
                "sqlalchemy.insert"
                | "sqlalchemy.update"
                | "sqlalchemy.delete"
                | "sqlalchemy.sql.insert"
                | "sqlalchemy.sql.update"
                | "sqlalchemy.sql.delete",
            ) => false,
            Some(_) => true,
            // `select(...).where(...)`
            None => match call.func.as_ref() {
                Expr::Attribute(attribute) => only_reads(model, &attribute.value),
                _ => true,
            },
        },
        _ => true,
    }
}
