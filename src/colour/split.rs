//! The two halves of an entry point: its body as an `async def` beside it, and itself, sync as ever, which runs that.
//!
//! ```python
//! async def _main(argv):
//!     ...
//!
//!
//! def main(argv=None):
//!     """Fetches."""
//!     return asyncio.run(_main(argv))
//! ```

use ruff_python_ast::{AnyNodeRef, Expr, Parameter, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::{Edit, Piece};
use crate::importer;
use crate::semantic::{Model, Runner};
use crate::unit::ImportRequest;

/// Where black breaks a line, in characters.
const LINE: usize = 88;

/// What follows the docstring of a function, and so makes up its async half.
struct Halves {
    /// From the first decorator to the end of the docstring, or of the header: what stays.
    outside: TextRange,
    /// The statements, with the comments before, behind and after them.
    body: TextRange,
    /// Whether the body stands on lines of its own.
    is_block: bool,
    /// Blank lines between the docstring and the body.
    gap: usize,
}

/// Whether the body of a sync function at module level can become that of an async one beside it.
pub fn can_split(model: &Model<'_>, function: &StmtFunctionDef) -> bool {
    let hints = TextRange::new(
        function.parameters.start(),
        function
            .returns
            .as_ref()
            .map_or(function.parameters.end(), |returns| returns.end()),
    );
    let is_plain = !model.slice(hints).contains('\n') || !model.has_comment(hints);
    function.type_params.is_none()
        && is_plain
        && name(model, function).is_some()
        && halves(model, function).is_some()
        && function.body.first().is_some_and(|first| {
            importer::is_available(model, &ImportRequest::Module("asyncio"), model.id(first))
        })
}

/// The first free name for the async half.
fn name(model: &Model<'_>, function: &StmtFunctionDef) -> Option<String> {
    let own = function.name.as_str().trim_start_matches('_');
    let node = model.id(function);
    let inside = model.id(function.body.first()?);
    [
        format!("_{own}"),
        format!("_{own}_async"),
        format!("_async_{own}"),
    ]
    .into_iter()
    .find(|name| model.is_free(name, node) && model.is_free(name, inside))
}

fn is_docstring(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(stmt) if stmt.value.is_string_literal_expr())
}

/// The two parts of a function; `None` where they share a line in a way that cannot be parted.
fn halves(model: &Model<'_>, function: &StmtFunctionDef) -> Option<Halves> {
    let docstring = function.body.first().filter(|first| is_docstring(first));
    let first = function.body.get(usize::from(docstring.is_some()))?;
    let last = function.body.last()?;
    let colon = model
        .tokens()
        .in_range(TextRange::new(
            function
                .returns
                .as_ref()
                .map_or(function.parameters.end(), |returns| returns.end()),
            function.body.first()?.start(),
        ))
        .iter()
        .find(|token| token.kind() == ruff_python_ast::token::TokenKind::Colon)?
        .end();
    let start = function
        .decorator_list
        .first()
        .map_or(function.start(), |decorator| {
            decorator.start().min(function.start())
        });
    let mut outside = docstring.map_or(colon, Ranged::end);
    let between = model.slice(TextRange::new(outside, first.start()));
    let (body, gap, is_block) = match between.split_once('\n') {
        None if docstring.is_some() || between.contains(';') => return None,
        None => (first.start(), 0, false),
        Some((line, rest)) => {
            if line.contains([';', '\\']) {
                return None;
            }
            outside += TextSize::of(line.trim_end());
            let skipped = rest.len() - rest.trim_start().len();
            let gap = rest[..skipped].matches('\n').count();
            (first.start() - TextSize::of(&rest[skipped..]), gap, true)
        }
    };
    // A comment behind the last statement belongs to it, and so do deeper ones below it.
    let tail = &model.text[last.end().to_usize()..];
    let line = tail.find('\n').map_or(tail, |end| &tail[..end]);
    let line = line.trim_end_matches('\r');
    let behind = if line.trim_start_matches([' ', '\t', ';']).starts_with('#') {
        TextSize::of(line)
    } else if line.trim_start().starts_with(';') {
        TextSize::of(line.trim_end())
    } else {
        TextSize::new(0)
    };
    let below = model.block_range(model.id(function), model.id(last)).end();
    Some(Halves {
        outside: TextRange::new(start, outside),
        body: TextRange::new(body, (last.end() + behind).max(below)),
        is_block,
        gap,
    })
}

/// Splits a function for which [`can_split`] holds.
pub(super) fn edit(model: &Model<'_>, function: &StmtFunctionDef) -> Option<Edit> {
    let name = name(model, function)?;
    let halves = halves(model, function)?;
    let indent = model.line_indent(halves.outside.start());
    let body_indent = if halves.is_block {
        model.line_indent(function.body.last()?.start()).to_string()
    } else {
        format!("{indent}{}", model.indent_unit())
    };
    let blank = if indent.is_empty() { "\n\n\n" } else { "\n\n" };
    let returns = function
        .returns
        .as_deref()
        .map_or(String::new(), |returns| {
            format!(" -> {}", annotation(model, returns))
        });
    let result = if returns_value(model, function) {
        "return "
    } else {
        ""
    };
    let unit = model.indent_unit();
    let head = listed(
        &format!("async def {name}("),
        &parameters(model, function),
        &format!("){returns}:"),
        indent,
        unit,
    );
    let run = run(result, &name, &arguments(function), &body_indent, unit);
    let gap = "\n".repeat(halves.gap);
    Some(Edit::pieces(
        TextRange::new(halves.outside.start(), halves.body.end()),
        vec![
            Piece::text(format!("{head}\n{body_indent}")),
            Piece::Source(halves.body),
            Piece::text(format!("{blank}{indent}")),
            Piece::Source(halves.outside),
            Piece::text(format!("{gap}\n{body_indent}{run}")),
        ],
    ))
}

/// A list on one line, or with each item on its own where that would be too long.
fn listed(before: &str, items: &[String], after: &str, indent: &str, unit: &str) -> String {
    let line = format!("{before}{}{after}", items.join(", "));
    if items.is_empty() || indent.chars().count() + line.chars().count() <= LINE {
        return line;
    }
    let items: String = items
        .iter()
        .map(|item| format!("\n{indent}{unit}{item},"))
        .collect();
    format!("{before}{items}\n{indent}{after}")
}

/// The run of the async half, on one line or on three, or with each argument on its own.
fn run(result: &str, name: &str, arguments: &[String], indent: &str, unit: &str) -> String {
    let line = format!("{result}asyncio.run({name}({}))", arguments.join(", "));
    if indent.chars().count() + line.chars().count() <= LINE {
        return line;
    }
    let inner = format!("{indent}{unit}");
    let call = listed(&format!("{name}("), arguments, ")", &inner, unit);
    format!("{result}asyncio.run(\n{inner}{call}\n{indent})")
}

/// Whether a `return` of the function itself gives a value.
fn returns_value(model: &Model<'_>, function: &StmtFunctionDef) -> bool {
    let node = model.id(function);
    let Some(first) = function.body.first() else {
        return false;
    };
    let runner = model.runner(model.id(first));
    model.nodes.subtree(node).any(|at| {
        matches!(model.nodes.get(at), AnyNodeRef::StmtReturn(statement) if statement.value.is_some())
            && matches!(runner, Runner::Function(_))
            && model.runner(at) == runner
    })
}

/// The parameters of the async half: without defaults, which the outside fills in.
fn parameters(model: &Model<'_>, function: &StmtFunctionDef) -> Vec<String> {
    let one = |prefix: &str, parameter: &Parameter| {
        let name = parameter.name.as_str();
        match parameter.annotation.as_deref() {
            Some(hint) => format!("{prefix}{name}: {}", annotation(model, hint)),
            None => format!("{prefix}{name}"),
        }
    };
    let parameters = &function.parameters;
    let mut list: Vec<String> = Vec::new();
    list.extend(
        parameters
            .posonlyargs
            .iter()
            .map(|at| one("", &at.parameter)),
    );
    if !parameters.posonlyargs.is_empty() {
        list.push("/".to_string());
    }
    list.extend(parameters.args.iter().map(|at| one("", &at.parameter)));
    match &parameters.vararg {
        Some(vararg) => list.push(one("*", vararg)),
        None if !parameters.kwonlyargs.is_empty() => list.push("*".to_string()),
        None => {}
    }
    list.extend(
        parameters
            .kwonlyargs
            .iter()
            .map(|at| one("", &at.parameter)),
    );
    list.extend(parameters.kwarg.iter().map(|at| one("**", at)));
    list
}

/// The arguments with which the outside calls it.
fn arguments(function: &StmtFunctionDef) -> Vec<String> {
    let parameters = &function.parameters;
    let mut list: Vec<String> = Vec::new();
    let plain = parameters.posonlyargs.iter().chain(&parameters.args);
    list.extend(plain.map(|at| at.parameter.name.to_string()));
    list.extend(parameters.vararg.iter().map(|at| format!("*{}", at.name)));
    list.extend(parameters.kwonlyargs.iter().map(|at| {
        let name = &at.parameter.name;
        format!("{name}={name}")
    }));
    list.extend(parameters.kwarg.iter().map(|at| format!("**{}", at.name)));
    list
}

/// An annotation for the async half, on one line: what `Annotated` adds is for the library that reads the outside.
fn annotation(model: &Model<'_>, hint: &Expr) -> String {
    let text = |hint: &Expr| {
        let text = model.slice(hint.range());
        if text.contains('\n') {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.join(" ").replace("[ ", "[").replace(" ]", "]")
        } else {
            text.to_string()
        }
    };
    if let Expr::Subscript(subscript) = hint
        && let Expr::Tuple(arguments) = subscript.slice.as_ref()
        && let Some(first) = arguments.elts.first()
        && matches!(
            model.meaning(&subscript.value).path(),
            Some("typing.Annotated" | "typing_extensions.Annotated")
        )
    {
        return text(first);
    }
    text(hint)
}
