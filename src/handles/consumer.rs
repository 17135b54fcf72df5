//! A handle as an argument: the functions that take a file, and what they become.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StringFlags};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Handle, Mode, copy, reasons, writer};
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::flow::{Flow, Use, UseKind};
use crate::semantic::{Model, NodeId, literal};
use crate::unit::{ImportRequest, Reason};

/// What a function does with the file.
#[derive(Clone, Copy, Debug)]
enum Consumer {
    /// `json.load(f)` -> `json.loads(await f.read())`.
    Load(Codec),
    /// `json.dump(o, f)` -> `await f.write(json.dumps(o))`.
    Dump(Codec),
    /// `list(f)` -> `list(await f.readlines())`.
    Lines,
    /// `enumerate(f)`: takes the lines one by one, as long as its own consumer does.
    LazyLines,
    /// `print(x, file=f)`.
    Print,
    /// `next(f)`.
    Next,
    /// `w = csv.writer(f)`.
    Writer,
    /// `shutil.copyfileobj(f, g)`.
    Copy,
}

/// A pair of functions for files and for strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Codec {
    module: &'static str,
    /// The function for strings.
    name: &'static str,
    /// The parameter that takes the file.
    keyword: &'static str,
    /// Whether the function for files stops before the end of the file.
    is_partial: bool,
    /// Whether the file is binary, and the function for strings has text: UTF-8.
    is_utf8: bool,
}

fn codec(module: &'static str, name: &'static str, keyword: &'static str) -> Codec {
    Codec {
        module,
        name,
        keyword,
        is_partial: false,
        is_utf8: false,
    }
}

/// A codec whose files are binary, and whose strings are text.
fn utf8(module: &'static str, name: &'static str, keyword: &'static str) -> Codec {
    Codec {
        is_utf8: true,
        ..codec(module, name, keyword)
    }
}

impl Consumer {
    fn of(context: &Context<'_, '_>, call: &ExprCall) -> Result<Self, &'static Reason> {
        let model = context.model;
        if let Expr::Attribute(attribute) = call.func.as_ref() {
            let takes_lines = match attribute.attr.as_str() {
                "join" => matches!(
                    attribute.value.as_ref(),
                    Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_)
                ),
                "writelines" => true,
                _ => false,
            };
            if takes_lines {
                return Ok(Self::Lines);
            }
        }
        let meaning = model.meaning(&call.func);
        let Some(path) = meaning.path() else {
            return Self::of_choice(context, &call.func).ok_or(&reasons::PASSED);
        };
        Self::of_path(context, path)
    }

    /// One of several modules for the same, `tomllib` or `tomli`: they have the same pair of functions.
    fn of_choice(context: &Context<'_, '_>, func: &Expr) -> Option<Self> {
        let imported = context.model.imported(func);
        let mut choices = (imported.iter()).map(|path| Self::of_path(context, path));
        let Self::Load(first) = choices.next()?.ok()? else {
            return None;
        };
        let is_same = choices.all(|choice| {
            matches!(choice, Ok(Self::Load(other)) if Codec { module: first.module, ..other } == first)
        });
        // Imported by name, the function for strings would have to be imported from each of them.
        (is_same && func.is_attribute_expr()).then_some(Self::Load(first))
    }

    /// What the function of this dotted path does.
    fn of_path(context: &Context<'_, '_>, path: &str) -> Result<Self, &'static Reason> {
        Ok(match path {
            "json.load" => Self::Load(codec("json", "loads", "fp")),
            "json.dump" => Self::Dump(codec("json", "dumps", "fp")),
            "pickle.load" => Self::Load(Codec {
                is_partial: true,
                ..codec("pickle", "loads", "file")
            }),
            "pickle.dump" => Self::Dump(codec("pickle", "dumps", "file")),
            "marshal.load" => Self::Load(Codec {
                is_partial: true,
                ..codec("marshal", "loads", "file")
            }),
            "marshal.dump" => Self::Dump(codec("marshal", "dumps", "file")),
            "tomllib.load" => Self::Load(utf8("tomllib", "loads", "fp")),
            "tomli.load" => Self::Load(utf8("tomli", "loads", "fp")),
            "tomli_w.dump" => Self::Dump(utf8("tomli_w", "dumps", "fp")),
            "toml.load" => Self::Load(codec("toml", "loads", "f")),
            "yaml.load" => Self::Load(codec("yaml", "load", "stream")),
            "yaml.safe_load" => Self::Load(codec("yaml", "safe_load", "stream")),
            "yaml.full_load" => Self::Load(codec("yaml", "full_load", "stream")),
            "yaml.unsafe_load" => Self::Load(codec("yaml", "unsafe_load", "stream")),
            "yaml.dump" => Self::Dump(codec("yaml", "dump", "stream")),
            "yaml.safe_dump" => Self::Dump(codec("yaml", "safe_dump", "stream")),
            // Not `message_from_binary_file`: it translates line ends, and `message_from_bytes` does not.
            "email.message_from_file" => Self::Load(codec("email", "message_from_string", "fp")),
            "csv.reader" | "csv.DictReader" | "builtins.enumerate" | "builtins.zip"
            | "builtins.map" | "builtins.filter" => Self::LazyLines,
            "csv.writer" | "csv.DictWriter" => Self::Writer,
            "shutil.copyfileobj" => Self::Copy,
            "builtins.list"
            | "builtins.tuple"
            | "builtins.set"
            | "builtins.frozenset"
            | "builtins.sorted"
            | "builtins.max"
            | "builtins.min"
            | "collections.deque"
            | "collections.Counter" => Self::Lines,
            "builtins.print" => Self::Print,
            "builtins.next" => Self::Next,
            _ if context.definition(path).is_some() => return Err(&reasons::PASSED),
            _ => return Err(&reasons::NEEDS_FILE),
        })
    }
}

/// Whether a function is known to take a file.
pub fn is_known(context: &Context<'_, '_>, call: &ExprCall) -> bool {
    Consumer::of(context, call).is_ok()
}

/// Whether a call copies from one file to another one.
pub fn is_copy(context: &Context<'_, '_>, call: &ExprCall) -> bool {
    matches!(Consumer::of(context, call), Ok(Consumer::Copy))
}

/// Whether the new code no longer has the argument that holds the handle.
pub fn drops_argument(context: &Context<'_, '_>, use_: &Use<'_>) -> bool {
    matches!(use_.kind, UseKind::Argument { call, .. }
        if matches!(Consumer::of(context, call), Ok(Consumer::Dump(_) | Consumer::Print)))
}

/// Turns a call that takes the handle.
pub fn convert<'a>(
    handle: &Handle<'a, '_, '_>,
    unit: &mut UnitBuilder<'a, '_>,
    flow: &Flow<'a>,
    node: NodeId,
    call: &'a ExprCall,
    keyword: Option<&str>,
) -> Result<(), Refusal> {
    let model = handle.context.model;
    let range = model.nodes.range(node);
    if handle.helpers.contains(&node) {
        return Ok(());
    }
    let consumer = Consumer::of(handle.context, call).map_err(|reason| {
        let detail = format!("`{}`", model.slice(call.func.range()));
        Refusal::with_detail(reason, range, detail)
    })?;
    let arguments = Refusal::at(&reasons::ARGUMENTS, range);
    let position = call
        .arguments
        .args
        .iter()
        .take_while(|argument| !argument.is_starred_expr())
        .position(|argument| model.id(argument) == node);
    let is_partial = match consumer {
        Consumer::LazyLines | Consumer::Next => true,
        Consumer::Load(codec) => codec.is_partial,
        Consumer::Dump(_)
        | Consumer::Lines
        | Consumer::Print
        | Consumer::Writer
        | Consumer::Copy => false,
    };
    if is_partial && !matches!(consumer, Consumer::Next) && handle.is_used_again(flow, node) {
        let detail = format!("`{}`", model.slice(call.func.range()));
        return Err(Refusal::with_detail(&reasons::USED_AGAIN, range, detail));
    }
    match consumer {
        Consumer::Load(codec) => {
            match (position, keyword) {
                (Some(0), None) => {}
                // The function for strings has another name for it.
                (None, Some(name))
                    if name == codec.keyword
                        && call.arguments.args.is_empty()
                        && call
                            .arguments
                            .keywords
                            .first()
                            .is_some_and(|first| first.value.range() == range) =>
                {
                    let first = &call.arguments.keywords[0];
                    unit.edit(Edit::delete(TextRange::new(first.start(), range.start())));
                }
                _ => return Err(arguments),
            }
            rename(handle, unit, call, codec)?;
            if codec.is_utf8 {
                // Such a function refuses text files.
                if handle.mode != Mode::BinaryReader {
                    return Err(Refusal::at(&reasons::MODE, range));
                }
                unit.edit(Edit::surround(range, "(", ").decode()", Layer::Outer));
            }
            handle.takes_all(unit, node)
        }
        Consumer::Dump(codec) => {
            match (position, keyword) {
                (Some(1), None) => {}
                (None, Some(name)) if name == codec.keyword => {}
                _ => return Err(arguments),
            }
            is_statement(model, call)?;
            if codec.module == "yaml" && !writes_whole(handle, call) {
                return Err(arguments);
            }
            if codec.is_utf8 && !handle.mode.is_binary() {
                return Err(Refusal::at(&reasons::MODE, range));
            }
            rename(handle, unit, call, codec)?;
            let dropped = argument_span(model, call, node).ok_or(arguments)?;
            unit.edit(Edit::delete(dropped));
            let before = format!("{}.write(", handle.text(node));
            let after = if codec.is_utf8 { ".encode())" } else { ")" };
            unit.edit(Edit::surround(call.range(), before, after, Layer::Wrap));
            handle.awaits(unit, model.id(call))
        }
        Consumer::Lines => {
            if position != Some(0) {
                return Err(arguments);
            }
            if call.arguments.len() == 1
                && model.meaning(&call.func).path() == Some("builtins.list")
            {
                // `readlines` returns a new list itself.
                let pieces = vec![Piece::Source(range), Piece::text(".readlines()")];
                unit.edit(Edit::pieces(call.range(), pieces));
                unit.release(model.id(call.func.as_ref()));
                return handle.awaits(unit, model.id(call));
            }
            handle.takes_lines(unit, node)
        }
        Consumer::LazyLines => {
            if keyword.is_some() || position.is_none() {
                return Err(arguments);
            }
            let function = model.slice(call.func.range());
            unit.note(
                call.range(),
                format!("`{function}` took the lines one by one; now the whole file is read first"),
            );
            handle.takes_lines(unit, node)
        }
        Consumer::Next => {
            if position != Some(0) || !model.is_builtin("anext", node) {
                return Err(arguments);
            }
            if !handle.library().has_next {
                return Err(Refusal::at(handle.library().missing, call.range()));
            }
            if let Some(handler) = model.catches(node, &["StopIteration"]) {
                return Err(Refusal::at(&reasons::STOP_ITERATION, handler));
            }
            unit.anext(call);
            handle.awaits(unit, model.id(call))
        }
        Consumer::Print => {
            is_statement(model, call)?;
            let refusal = || Refusal::at(&reasons::PRINT, call.range());
            if keyword != Some("file") {
                return Err(refusal());
            }
            let written = printed(model, call).ok_or_else(refusal)?;
            if literal::keyword(call, "flush")
                .is_some_and(|flush| literal::boolean(&flush.value) == Some(true))
            {
                let flush = format!("{}.flush()", handle.text(node));
                let stmt = model.statement_of(model.id(call));
                let lines = model.append(stmt, &[colour::awaited(&flush)]);
                unit.edits(lines.ok_or_else(refusal)?);
            }
            let mut pieces = vec![Piece::text(format!("{}.write(", handle.text(node)))];
            pieces.extend(written);
            pieces.push(Piece::text(")"));
            unit.edit(Edit::pieces(call.range(), pieces));
            unit.release(model.id(call.func.as_ref()));
            handle.awaits(unit, model.id(call))
        }
        Consumer::Writer => writer::convert(handle, unit, flow, node, call),
        Consumer::Copy => {
            // The one that is read from does it for both.
            match position {
                Some(0) => copy::convert(handle, unit, call),
                Some(1) => {
                    let source = &call.arguments.args[0];
                    if handle.uses.contains(&model.id(source)) {
                        return Ok(());
                    }
                    let detail = format!("`{}`", model.slice(call.func.range()));
                    Err(Refusal::with_detail(
                        &reasons::NEEDS_FILE,
                        source.range(),
                        detail,
                    ))
                }
                _ => Err(arguments),
            }
        }
    }
}

/// Whether `yaml.dump` returns what it would have written: with `encoding` it returns bytes, and nothing may follow the
/// file, as its function for strings is the same one.
fn writes_whole(handle: &Handle<'_, '_, '_>, call: &ExprCall) -> bool {
    let arguments = &call.arguments;
    let takes_encoding = (arguments.keywords.iter())
        .any(|keyword| keyword.arg.as_ref().is_none_or(|name| name == "encoding"));
    arguments.args.len() <= 2 && (handle.mode.is_binary() || !takes_encoding)
}

/// The result of the call must not be used: `write` returns a number.
fn is_statement(model: &Model<'_>, call: &ExprCall) -> Result<(), Refusal> {
    match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtExpr(_) => Ok(()),
        _ => Err(Refusal::at(&reasons::RESULT, call.range())),
    }
}

/// `json.load` -> `json.loads`, also where it is imported by name.
fn rename<'a>(
    handle: &Handle<'a, '_, '_>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
    codec: Codec,
) -> Result<(), Refusal> {
    let model = handle.context.model;
    match call.func.as_ref() {
        Expr::Attribute(attribute) => {
            if attribute.attr.as_str() != codec.name {
                unit.edit(Edit::replace(attribute.attr.range(), codec.name));
            }
        }
        func => {
            let name = model.slice(func.range());
            if name != codec.name {
                unit.import(ImportRequest::Module(codec.module), model.id(call))?;
                unit.rename(model.id(func), format!("{}.{}", codec.module, codec.name));
            }
        }
    }
    Ok(())
}

/// The span to delete for one argument: with the comma before it, or the one after it if it is the first.
fn argument_span(model: &Model<'_>, call: &ExprCall, node: NodeId) -> Option<TextRange> {
    let spans: Vec<TextRange> = call
        .arguments
        .iter_source_order()
        .map(|argument| match argument {
            ruff_python_ast::ArgOrKeyword::Arg(expr) => model
                .expr(model.id(expr))
                .map_or(expr.range(), |expr| model.parenthesized_range(expr)),
            ruff_python_ast::ArgOrKeyword::Keyword(keyword) => {
                let value = model.id(&keyword.value);
                let end = model
                    .expr(value)
                    .map_or(keyword.end(), |expr| model.parenthesized_range(expr).end());
                TextRange::new(keyword.start(), end.max(keyword.end()))
            }
        })
        .collect();
    let range = model.nodes.range(node);
    let index = spans.iter().position(|span| span.contains_range(range))?;
    let span = if index > 0 {
        TextRange::new(spans[index - 1].end(), spans[index].end())
    } else {
        TextRange::new(spans[0].start(), spans.get(1)?.start())
    };
    (!model.has_comment(span)).then_some(span)
}

/// What `print` writes, as one string.
fn printed(model: &Model<'_>, call: &ExprCall) -> Option<Vec<Piece>> {
    let mut separator = " ".to_string();
    let mut end = "\n".to_string();
    for keyword in &call.arguments.keywords {
        match keyword.arg.as_ref()?.as_str() {
            "file" => {}
            "sep" => separator = literal::string(&keyword.value)?.to_string(),
            "end" => end = literal::string(&keyword.value)?.to_string(),
            "flush" if literal::boolean(&keyword.value).is_some() => {}
            _ => return None,
        }
    }
    let range = call.arguments.range();
    if model.has_comment(range) || model.slice(range).contains('\n') {
        return None;
    }
    let arguments = &*call.arguments.args;
    if let [only] = arguments
        && let Some(pieces) = with_end(only, &end)
    {
        return Some(pieces);
    }
    // The fields hold code: its quotes must differ from those of the f-string.
    let mut fields: Vec<Result<&str, TextRange>> = Vec::new();
    for argument in arguments {
        match argument {
            Expr::StringLiteral(literal) => fields.push(Ok(literal.value.to_str())),
            Expr::Name(_)
            | Expr::Attribute(_)
            | Expr::Call(_)
            | Expr::Await(_)
            | Expr::Subscript(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::BinOp(_)
            | Expr::UnaryOp(_) => fields.push(Err(argument.range())),
            _ => return None,
        }
    }
    let code = || fields.iter().filter_map(|field| field.err());
    let has = |text: &str| code().any(|range| model.slice(range).contains(text));
    if has("\\") || has("{") {
        return None;
    }
    let quote = match (has("\""), has("'")) {
        (false, _) => '"',
        (true, false) => '\'',
        (true, true) => return None,
    };
    let prefix = if code().next().is_some() { "f" } else { "" };
    let text = |text: &str| escaped(text, quote, !prefix.is_empty()).map(Piece::text);
    let mut pieces = vec![Piece::text(format!("{prefix}{quote}"))];
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            pieces.push(text(&separator)?);
        }
        match *field {
            Ok(literal) => pieces.push(text(literal)?),
            Err(range) => {
                pieces.push(Piece::text("{"));
                pieces.push(Piece::Source(range));
                pieces.push(Piece::text("!s}"));
            }
        }
    }
    pieces.push(text(&end)?);
    pieces.push(Piece::text(quote.to_string()));
    Some(pieces)
}

/// A single string literal or f-string, with the end of the line inside of its closing quotes.
fn with_end(only: &Expr, end: &str) -> Option<Vec<Piece>> {
    let (range, quotes, raw) = match only {
        Expr::StringLiteral(literal) if literal.value.iter().count() == 1 => {
            let part = literal.value.iter().next()?;
            let flags = part.flags;
            (only.range(), flags.quote_str(), flags.prefix().is_raw())
        }
        Expr::FString(string) => {
            let mut parts = string.value.iter();
            let ruff_python_ast::FStringPart::FString(part) = parts.next()? else {
                return None;
            };
            if parts.next().is_some() {
                return None;
            }
            (
                only.range(),
                part.flags.quote_str(),
                part.flags.prefix().is_raw(),
            )
        }
        _ => return None,
    };
    if raw {
        return None;
    }
    let is_format = only.is_f_string_expr();
    let quote = quotes.chars().next()?;
    let before_quotes = range.end() - TextSize::new(u32::try_from(quotes.len()).ok()?);
    let end = escaped(end, quote, is_format)?;
    Some(vec![
        Piece::Source(TextRange::new(range.start(), before_quotes)),
        Piece::text(end),
        Piece::text(quotes),
    ])
}

/// Text inside of a string literal. `None` for what would need escapes that nobody writes by hand.
fn escaped(text: &str, quote: char, is_format: bool) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            '{' | '}' if is_format => {
                out.push(char);
                out.push(char);
            }
            _ if char == quote => {
                out.push('\\');
                out.push(char);
            }
            _ if char.is_control() => return None,
            _ => out.push(char),
        }
    }
    Some(out)
}
