//! The annotations of what generators and context managers give: `Iterator[T]` -> `AsyncIterator[T]`, quoted ones too; and
//! those of what holds functions: `Callable[[A], T]` -> `Callable[[A], Awaitable[T]]`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprSubscript, StringFlags as _};
use ruff_python_parser::parse_expression;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::{Edit, Layer};
use crate::importer;
use crate::semantic::{Meaning, Model, NodeId};
use crate::unit::{ColourSite, ImportRequest};

/// The classes of what generators and context managers give: module, name, and the async counterpart's name there.
const ASYNC_CLASSES: &[(&str, &str, &str)] = &[
    ("typing", "Iterator", "AsyncIterator"),
    ("typing", "Iterable", "AsyncIterable"),
    ("typing", "Generator", "AsyncGenerator"),
    ("typing", "ContextManager", "AsyncContextManager"),
    ("collections.abc", "Iterator", "AsyncIterator"),
    ("collections.abc", "Iterable", "AsyncIterable"),
    ("collections.abc", "Generator", "AsyncGenerator"),
    (
        "contextlib",
        "AbstractContextManager",
        "AbstractAsyncContextManager",
    ),
    (
        "contextlib",
        "_GeneratorContextManager",
        "_AsyncGeneratorContextManager",
    ),
];

/// The annotation of a generator's result, if an async generator has a counterpart of it that can be named there.
pub fn place_yields(model: &Model<'_>, annotation: &Expr) -> Option<NodeId> {
    let node = model.id(annotation);
    let (requests, _) = imports(&yielded(model, node)?);
    requests
        .iter()
        .all(|request| importer::is_available(model, request, node))
        .then_some(node)
}

/// The site of an annotation that [`place_yields`] found.
pub fn yields_site(annotation: NodeId) -> ColourSite {
    ColourSite::Yields { annotation }
}

/// The imports that the counterpart of an annotation asks for, and the names that it replaces.
pub(super) fn yields_imports(
    model: &Model<'_>,
    annotation: NodeId,
) -> (Vec<ImportRequest>, Vec<TextRange>) {
    yielded(model, annotation).map_or_else(Default::default, |yielded| imports(&yielded))
}

/// `Iterator[T]` -> `AsyncIterator[T]`, `Generator[Y, S, R]` -> `AsyncGenerator[Y, S]`.
pub(super) fn yields_edits(model: &Model<'_>, annotation: NodeId) -> Vec<Edit> {
    let Some(yielded) = yielded(model, annotation) else {
        return Vec::new();
    };
    std::iter::once(Edit::replace(yielded.last_name, yielded.name))
        .chain(yielded.dropped.map(Edit::delete))
        .collect()
}

/// What an annotation of a generator's result says.
struct Yielded {
    /// The last name of the class.
    last_name: TextRange,
    /// Whether that is the whole chain, which an import binds.
    is_plain: bool,
    /// The module of the async class.
    module: &'static str,
    /// Its name.
    name: &'static str,
    /// The argument that it does not take.
    dropped: Option<TextRange>,
}

fn imports(yielded: &Yielded) -> (Vec<ImportRequest>, Vec<TextRange>) {
    if !yielded.is_plain {
        return (Vec::new(), Vec::new());
    }
    let request = ImportRequest::Name {
        module: yielded.module,
        name: yielded.name,
    };
    (vec![request], vec![yielded.last_name])
}

/// What a generator's annotation says of the value that it returns.
pub struct Returned {
    /// The annotation, without quotes.
    pub annotation: TextRange,
    /// The part that says what is returned: `R` of `Generator[Y, S, R]`. `None` where none does.
    pub result: Option<TextRange>,
}

/// What the annotation of a function's result says, if that is a generator: what a coroutine made of it returns.
pub fn returned(model: &Model<'_>, annotation: &Expr) -> Option<Returned> {
    with_result(model, model.id(annotation), |annotation, start, path| {
        let (class, arguments) = match annotation {
            Expr::Subscript(subscript) => {
                (subscript.value.as_ref(), Some(subscript.slice.as_ref()))
            }
            other => (other, None),
        };
        let path = path(class)?;
        let (module, name) = path.rsplit_once('.')?;
        let is_class = matches!(module, "typing" | "collections.abc")
            && matches!(name, "Generator" | "Iterator" | "Iterable");
        let result = match arguments {
            Some(Expr::Tuple(arguments)) if name == "Generator" => match &arguments.elts[..] {
                [_, _, result] => Some(result.range() + start),
                _ => None,
            },
            _ => None,
        };
        is_class.then_some(Returned {
            annotation: annotation.range() + start,
            result,
        })
    })
}

/// What an annotation says, if it is the result of a function and has an async counterpart.
fn yielded(model: &Model<'_>, node: NodeId) -> Option<Yielded> {
    with_result(model, node, read)
}

/// Reads the annotation of a function's result, a quoted one too: the expression, where its text begins, and what its names
/// mean.
fn with_result<R>(
    model: &Model<'_>,
    node: NodeId,
    read: impl FnOnce(&Expr, TextSize, &dyn Fn(&Expr) -> Option<String>) -> Option<R>,
) -> Option<R> {
    let AnyNodeRef::StmtFunctionDef(function) = model.nodes.parent_node(node) else {
        return None;
    };
    let annotation = function
        .returns
        .as_deref()
        .filter(|annotation| model.id(*annotation) == node)?;
    let Expr::StringLiteral(literal) = annotation else {
        let path = |class: &Expr| Some(model.meaning(class).path()?.to_string());
        return read(annotation, TextSize::new(0), &path);
    };
    // Quoted: its names have no nodes, and mean what they mean in the scope round it.
    let part = literal.as_single_part_string()?;
    let start = part.start() + part.flags.opener_len();
    let text: &str = &part.value;
    if model.slice(TextRange::at(start, TextSize::of(text))) != text {
        return None;
    }
    let parsed = parse_expression(text).ok()?;
    let path = |class: &Expr| quoted_path(model, node, class);
    read(parsed.expr(), start, &path)
}

/// What a chain of names in a quoted annotation means.
fn quoted_path(model: &Model<'_>, node: NodeId, chain: &Expr) -> Option<String> {
    match chain {
        Expr::Name(name) => {
            let scope = model.scopes.scope_of(node);
            let symbol = model.scopes.lookup(scope, name.id.as_str())?;
            match model.meaning_of_symbol(symbol) {
                Meaning::Path(path) => Some(path),
                _ => None,
            }
        }
        Expr::Attribute(attribute) => {
            let of = quoted_path(model, node, &attribute.value)?;
            Some(format!("{of}.{}", attribute.attr))
        }
        _ => None,
    }
}

/// Reads an annotation whose text begins at `start`. `path` tells what its class means.
fn read(
    annotation: &Expr,
    start: TextSize,
    path: &dyn Fn(&Expr) -> Option<String>,
) -> Option<Yielded> {
    let (class, arguments) = match annotation {
        Expr::Subscript(subscript) => (subscript.value.as_ref(), Some(subscript.slice.as_ref())),
        other => (other, None),
    };
    let path = path(class)?;
    let (module, name) = path.rsplit_once('.')?;
    let (module, _, name) = ASYNC_CLASSES
        .iter()
        .find(|(of, sync, _)| *of == module && *sync == name)?;
    // One argument stands for three, and an async generator takes one or two as well.
    let dropped = match arguments {
        Some(Expr::Tuple(arguments)) if *name == "AsyncGenerator" => match &arguments.elts[..] {
            [_, sent, result] => Some(TextRange::new(sent.end(), result.end()) + start),
            [_, _] => None,
            _ => return None,
        },
        _ => None,
    };
    let last_name = match class {
        Expr::Name(name) => name.range(),
        Expr::Attribute(attribute) => attribute.attr.range(),
        _ => return None,
    };
    Some(Yielded {
        last_name: last_name + start,
        is_plain: class.is_name_expr(),
        module,
        name,
        dropped,
    })
}

/// The one `Callable[[A], T]` in an annotation of what holds functions, if its result can be made awaitable there. Where there
/// are several it is not told which of them is meant.
pub fn place_callable(model: &Model<'_>, annotation: &Expr) -> Option<NodeId> {
    let mut found = model
        .nodes
        .subtree(model.id(annotation))
        .filter(|&at| callable(model, at).is_some());
    let (node, None) = (found.next()?, found.next()) else {
        return None;
    };
    callable_imports(model, node)
        .iter()
        .all(|request| importer::is_available(model, request, node))
        .then_some(node)
}

/// What `Callable[...]` gives is awaited: `Awaitable[T]`.
const AWAITABLE: &str = "Awaitable";

/// The module of a `Callable[[A], T]`, the expression before the name, and `T`.
struct Called<'m> {
    module: &'static str,
    of: Option<&'m Expr>,
    result: &'m Expr,
}

fn callable<'m>(model: &Model<'m>, node: NodeId) -> Option<Called<'m>> {
    let AnyNodeRef::ExprSubscript(ExprSubscript { value, slice, .. }) = model.nodes.get(node)
    else {
        return None;
    };
    let module = match model.meaning(value).path()? {
        "typing.Callable" => "typing",
        "collections.abc.Callable" => "collections.abc",
        _ => return None,
    };
    let of = match value.as_ref() {
        Expr::Attribute(attribute) => Some(attribute.value.as_ref()),
        _ => None,
    };
    let Expr::Tuple(arguments) = slice.as_ref() else {
        return None;
    };
    let [_, result] = &arguments.elts[..] else {
        return None;
    };
    // It may be a coroutine already, or is anything.
    let class = match result {
        Expr::Subscript(subscript) => subscript.value.as_ref(),
        other => other,
    };
    let says = model.meaning(class).path().map(str::to_string);
    let is_open = says.is_some_and(|path| {
        let name = path.rsplit('.').next().unwrap_or(&path);
        matches!(name, AWAITABLE | "Coroutine" | "Any" | "object")
    });
    (!is_open).then_some(Called { module, of, result })
}

pub(super) fn callable_imports(model: &Model<'_>, node: NodeId) -> Vec<ImportRequest> {
    let Some(Called {
        module, of: None, ..
    }) = callable(model, node)
    else {
        return Vec::new();
    };
    vec![ImportRequest::Name {
        module,
        name: AWAITABLE,
    }]
}

pub(super) fn callable_edit(model: &Model<'_>, node: NodeId) -> Option<Edit> {
    let called = callable(model, node)?;
    let before = match called.of {
        Some(of) => format!("{}.{AWAITABLE}[", model.slice(of.range())),
        None => format!("{AWAITABLE}["),
    };
    Some(Edit::surround(
        called.result.range(),
        before,
        "]",
        Layer::Colour,
    ))
}
