//! The URL of an engine: the driver that its scheme names.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprCall, InterpolatedStringElement, Operator, StringFlags,
};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use super::reasons;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::{Edit, Layer, Piece};
use crate::helper::Helper;
use crate::semantic::{BindingKind, Model, NodeId, Scopes, literal};
use crate::unit::{Dependency, ImportRequest};

/// Maps the driver of a URL that is not in the code.
static ASYNC_URL: Helper = Helper {
    name: "_async_url",
    source: include_str!("helpers/async_url.py"),
    imports: &[ImportRequest::Name {
        module: "sqlalchemy",
        name: "make_url",
    }],
    at_import: true,
    module: None,
};

/// Maps the driver of a URL in the settings of an engine.
static ASYNC_SECTION: Helper = Helper {
    name: "_async_section",
    source: include_str!("helpers/async_section.py"),
    imports: &[ImportRequest::Name {
        module: "sqlalchemy",
        name: "make_url",
    }],
    at_import: true,
    module: None,
};

const OUTSIDE: &str = "the URL comes from outside of this code, so its driver is changed when the engine is made: install the \
                       async driver of the database (aiosqlite, psycopg or aiomysql)";

const PSYCOPG: &str = "psycopg 3 binds parameters on the server: SQL text with `IN :names`, `INTERVAL :x` or parameters of \
                       unknown type differs from psycopg2";

const OTHER_DRIVER: &str = "the async driver of this database was not compared with the sync one";

/// Schemes, their async counterparts, and the distribution of the driver.
const DRIVERS: &[(&str, &str, &str)] = &[
    ("sqlite", "sqlite+aiosqlite", "aiosqlite"),
    ("sqlite+pysqlite", "sqlite+aiosqlite", "aiosqlite"),
    ("postgresql", "postgresql+psycopg", "psycopg"),
    ("postgresql+psycopg2", "postgresql+psycopg", "psycopg"),
    ("postgresql+psycopg", "postgresql+psycopg", "psycopg"),
    ("mysql", "mysql+aiomysql", "aiomysql"),
    ("mysql+mysqldb", "mysql+aiomysql", "aiomysql"),
    ("mysql+pymysql", "mysql+aiomysql", "aiomysql"),
    ("mariadb+pymysql", "mariadb+aiomysql", "aiomysql"),
    ("mssql+pyodbc", "mssql+aioodbc", "aioodbc"),
    ("oracle+oracledb", "oracle+oracledb", "oracledb"),
];

/// Changes the driver of the URL that an engine is made of.
///
/// # Errors
/// [`reasons::DRIVER`] where it has no async counterpart.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    url: &'a Expr,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    if let Some(literal) = literal_of(context, url) {
        return scheme(&literal, unit);
    }
    unit.helper(&ASYNC_URL, model.id(url))?;
    unit.edit(Edit::surround(
        url.range(),
        format!("{}(", ASYNC_URL.name),
        ")",
        Layer::Wrap,
    ));
    unit.note(url.range(), OUTSIDE);
    Ok(())
}

/// Rewrites the settings that an engine is made from: `engine_from_config(settings, prefix="db.")`.
///
/// # Errors
/// The settings do not show.
pub fn section<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let refuse = || Refusal::at(&reasons::DRIVER, call.range());
    let arguments = &call.arguments;
    let settings = arguments
        .find_argument_value("configuration", 0)
        .filter(|settings| !settings.is_starred_expr())
        .ok_or_else(refuse)?;
    let prefix = match arguments.find_argument_value("prefix", 1) {
        None => None,
        Some(prefix) => Some(literal::string(prefix).ok_or_else(refuse)?),
    };
    unit.helper(&ASYNC_SECTION, model.id(settings))?;
    let after = match prefix {
        None | Some("sqlalchemy.") => ")".to_string(),
        Some(prefix) => format!(", \"{prefix}\")"),
    };
    let name = ASYNC_SECTION.name;
    unit.edit(Edit::surround(
        settings.range(),
        format!("{name}("),
        after,
        Layer::Wrap,
    ));
    unit.note(call.range(), OUTSIDE);
    Ok(())
}

/// The span behind the opening quote of the text that begins a URL, and that text.
struct Start<'a> {
    range: TextRange,
    text: &'a str,
}

/// The literal that the URL begins with: here, or in a variable that only engines are made of.
fn literal_of<'a>(context: &Context<'a, '_>, url: &'a Expr) -> Option<Start<'a>> {
    let model = context.model;
    match url {
        Expr::Name(name) => {
            let symbol = model.scopes.symbol_of(model.id(name))?;
            let info = model.scopes.symbol(symbol);
            let [binding] = info.bindings[..] else {
                return None;
            };
            let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
                return None;
            };
            let is_only_url = info
                .references
                .iter()
                .all(|&node| node == model.id(name) || is_looked_at(model, node));
            // Another file may make a sync engine of it: the migrations of the database.
            let is_seen = info.scope != Scopes::MODULE || !context.is_named_elsewhere(info.name);
            let value = bound_value(model, value).filter(|_| is_only_url && is_seen)?;
            start(model, value)
        }
        _ => start(model, url),
    }
}

/// Whether a reference only asks for the scheme: `URL.startswith("sqlite")`, `"sqlite" in URL`.
fn is_looked_at(model: &Model<'_>, node: NodeId) -> bool {
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprAttribute(attribute) => attribute.attr.as_str() == "startswith",
        AnyNodeRef::ExprCompare(_) => true,
        _ => false,
    }
}

fn bound_value<'a>(model: &Model<'a>, value: NodeId) -> Option<&'a Expr> {
    let expr = match model.nodes.parent_node(value) {
        AnyNodeRef::StmtAssign(assign) => assign.value.as_ref(),
        AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref()?,
        _ => return None,
    };
    (model.id(expr) == value).then_some(expr)
}

fn start<'a>(model: &Model<'a>, expr: &'a Expr) -> Option<Start<'a>> {
    let begun = |range: TextRange, opener: TextSize| {
        let inner = TextRange::new(range.start() + opener, range.end());
        Some(Start {
            range: inner,
            text: model.slice(inner),
        })
    };
    match expr {
        Expr::StringLiteral(literal) => {
            let first = literal.value.iter().next()?;
            begun(first.range(), first.flags.opener_len())
        }
        Expr::FString(f_string) => {
            let first = f_string.value.iter().next()?;
            match first {
                ruff_python_ast::FStringPart::Literal(literal) => {
                    begun(literal.range(), literal.flags.opener_len())
                }
                ruff_python_ast::FStringPart::FString(f_string) => {
                    match f_string.elements.iter().next()? {
                        InterpolatedStringElement::Literal(literal) => {
                            begun(literal.range(), TextSize::new(0))
                        }
                        InterpolatedStringElement::Interpolation(_) => None,
                    }
                }
            }
        }
        Expr::BinOp(operation) if matches!(operation.op, Operator::Add | Operator::Mod) => {
            start(model, &operation.left)
        }
        Expr::Call(call) => match call.func.as_ref() {
            // `"postgresql://{}".format(host)`
            Expr::Attribute(attribute) if attribute.attr.as_str() == "format" => {
                start(model, &attribute.value)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Writes the async scheme.
fn scheme(start: &Start<'_>, unit: &mut UnitBuilder<'_, '_>) -> Result<(), Refusal> {
    let refuse = |detail: &str| {
        Err(Refusal::with_detail(
            &reasons::DRIVER,
            TextRange::at(start.range.start(), TextSize::new(0)),
            format!("`{detail}`"),
        ))
    };
    let Some((scheme, _)) = start.text.split_once("://") else {
        // The scheme itself is made of parts.
        return refuse(
            start
                .text
                .split(['"', '\'', '\n'])
                .next()
                .unwrap_or_default(),
        );
    };
    let Some(&(_, other, package)) = DRIVERS.iter().find(|(own, ..)| *own == scheme) else {
        return refuse(scheme);
    };
    let range = TextRange::at(start.range.start(), scheme.text_len());
    if other != scheme {
        unit.edit(Edit::pieces(range, vec![Piece::text(other)]));
    }
    match package {
        "aiosqlite" => {}
        "psycopg" if scheme == "postgresql+psycopg" => {}
        "psycopg" => unit.unsafe_because(range, PSYCOPG),
        _ => unit.unsafe_because(range, OTHER_DRIVER),
    }
    unit.dependency(Dependency::Add(package));
    Ok(())
}
