//! Bodies: an async client takes bytes, text, forms and files in forms, but no iterator and no file by itself.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::reasons;
use crate::codemod::Refusal;
use crate::semantic::{BindingKind, Model};

/// How many names are looked through.
const DEPTH: usize = 6;

/// What gives a sync iterator or a file.
const ITERATORS: &[&str] = &[
    "builtins.open",
    "builtins.iter",
    "builtins.map",
    "builtins.filter",
    "builtins.zip",
    "io.BytesIO",
    "io.StringIO",
    "io.open",
    "tempfile.TemporaryFile",
    "tempfile.NamedTemporaryFile",
    "tempfile.SpooledTemporaryFile",
];

/// The annotations of such values.
const TYPES: &[&str] = &[
    "typing.IO",
    "typing.BinaryIO",
    "typing.Iterable",
    "typing.Iterator",
    "typing.Generator",
    "collections.abc.Iterable",
    "collections.abc.Iterator",
    "collections.abc.Generator",
    "io.BytesIO",
    "io.BufferedReader",
    "io.IOBase",
    "io.RawIOBase",
    "io.BufferedIOBase",
];

/// Checks the bodies that a call of a client is given.
pub fn check(model: &Model<'_>, call: &ExprCall) -> Result<(), Refusal> {
    for keyword in &call.arguments.keywords {
        let Some(name) = &keyword.arg else {
            continue;
        };
        let is_body = match name.as_str() {
            "content" => is_iterator(model, &keyword.value, DEPTH),
            "data" => {
                !matches!(keyword.value, Expr::Dict(_)) && is_iterator(model, &keyword.value, DEPTH)
            }
            _ => false,
        };
        if is_body {
            let detail = format!("`{name}=`");
            return Err(Refusal::with_detail(
                &reasons::SYNC_BODY,
                keyword.range(),
                detail,
            ));
        }
    }
    Ok(())
}

/// Checks the body of a request that is made by hand: `client.send(httpx.Request("POST", url, content=file))`.
pub fn check_request(model: &Model<'_>, request: &Expr) -> Result<(), Refusal> {
    match request {
        Expr::Call(call) => check(model, call),
        Expr::Name(name) => {
            let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                return Ok(());
            };
            for &binding in &model.scopes.symbol(symbol).bindings {
                if let BindingKind::Assign { value } = model.scopes.binding(binding).kind
                    && let Some(Expr::Call(call)) = bound_value(model, value)
                {
                    check(model, call)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Whether a value is visibly a sync iterator or a file.
fn is_iterator(model: &Model<'_>, expr: &Expr, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match expr {
        Expr::Generator(_)
        | Expr::List(_)
        | Expr::ListComp(_)
        | Expr::Tuple(_)
        | Expr::Set(_)
        | Expr::SetComp(_) => true,
        Expr::If(if_) => {
            is_iterator(model, &if_.body, depth) || is_iterator(model, &if_.orelse, depth)
        }
        Expr::BoolOp(operation) => operation
            .values
            .iter()
            .any(|value| is_iterator(model, value, depth)),
        Expr::Named(named) => is_iterator(model, &named.value, depth),
        Expr::Call(call) => {
            let meaning = model.meaning(&call.func);
            match meaning.path() {
                Some(path) if ITERATORS.contains(&path) => true,
                Some(_) => false,
                None => is_generator(model, &call.func) || is_opened(&call.func),
            }
        }
        Expr::Name(name) => {
            let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                return false;
            };
            model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
                let binding = model.scopes.binding(binding);
                match binding.kind {
                    BindingKind::Assign { value } | BindingKind::With { value, .. } => {
                        bound_value(model, value)
                            .is_some_and(|value| is_iterator(model, value, depth))
                    }
                    BindingKind::Parameter => match model.nodes.get(binding.node) {
                        AnyNodeRef::Parameter(parameter) => parameter
                            .annotation
                            .as_deref()
                            .is_some_and(|annotation| is_iterator_type(model, annotation)),
                        _ => false,
                    },
                    _ => false,
                }
            })
        }
        _ => false,
    }
}

/// `path.open("rb")`
fn is_opened(func: &Expr) -> bool {
    matches!(func, Expr::Attribute(attribute) if attribute.attr.as_str() == "open")
}

/// Whether a function of the file yields.
fn is_generator(model: &Model<'_>, func: &Expr) -> bool {
    let Expr::Name(name) = func else {
        return false;
    };
    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
        return false;
    };
    model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
        match model.nodes.get(model.scopes.binding(binding).node) {
            AnyNodeRef::StmtFunctionDef(function) => crate::index::has_yield(&function.body),
            _ => false,
        }
    })
}

fn bound_value<'a>(model: &Model<'a>, value: crate::semantic::NodeId) -> Option<&'a Expr> {
    let expr = match model.nodes.parent_node(value) {
        AnyNodeRef::StmtAssign(assign) => assign.value.as_ref(),
        AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref()?,
        AnyNodeRef::ExprNamed(named) => named.value.as_ref(),
        AnyNodeRef::WithItem(item) => &item.context_expr,
        _ => return None,
    };
    (model.id(expr) == value).then_some(expr)
}

fn is_iterator_type(model: &Model<'_>, annotation: &Expr) -> bool {
    match annotation {
        Expr::BinOp(operation) => {
            is_iterator_type(model, &operation.left) || is_iterator_type(model, &operation.right)
        }
        Expr::Subscript(subscript) => {
            let is_it = |path: &str| TYPES.contains(&path);
            let head = model.meaning(&subscript.value);
            if head.path().is_some_and(is_it) {
                return true;
            }
            matches!(
                head.path(),
                Some("typing.Optional" | "typing.Union" | "typing.Annotated")
            ) && match subscript.slice.as_ref() {
                Expr::Tuple(tuple) => tuple.elts.iter().any(|one| is_iterator_type(model, one)),
                one => is_iterator_type(model, one),
            }
        }
        _ => model
            .meaning(annotation)
            .path()
            .is_some_and(|path| TYPES.contains(&path)),
    }
}
