//! `files=`: parts that both libraries send alike stay, and others are made by `_multipart` (HTTP.md, section 3).

use ruff_python_ast::{Expr, ExprRef};
use ruff_text_size::{Ranged, TextRange};

use super::calls::{self, Argument, Request};
use super::values::{self, Type};
use super::work::Work;
use super::{helpers, reasons};
use crate::codemod::Refusal;
use crate::edit::{Edit, Piece};
use crate::semantic::literal;

/// The arguments that `_multipart` takes, in its order.
const TAKEN: &[&str] = &["files", "data", "headers"];

/// The arguments of a request that become one call of `_multipart`.
pub struct Parts<'a> {
    /// From the first of them to the last.
    pub range: TextRange,
    /// Them: files, fields and headers.
    arguments: Vec<Argument<'a>>,
}

impl Parts<'_> {
    /// Whether an argument is one of them.
    pub fn holds(&self, argument: &Argument<'_>) -> bool {
        self.arguments
            .iter()
            .any(|held| held.value.range() == argument.value.range())
    }
}

/// The arguments of a request whose files httpx sends in another form, or may.
///
/// # Errors
/// They cannot be taken out of the call.
pub fn find<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    arguments: &[Argument<'a>],
) -> Result<Option<Parts<'a>>, Refusal> {
    let Some(files) = arguments.iter().find(|argument| argument.name == "files") else {
        return Ok(None);
    };
    if work.options.is_idiomatic
        || literal::is_none(files.value)
        || is_sent_alike(work, files.value)
    {
        return Ok(None);
    }
    let refuse = |range: TextRange, why: &str| Refusal::with_detail(&reasons::FILES, range, why);
    let taken: Vec<Argument<'a>> = TAKEN
        .iter()
        .filter_map(|name| arguments.iter().find(|argument| argument.name == *name))
        .copied()
        .collect();
    let is_open = request.forwarded.is_some() || !request.options.is_empty();
    if is_open || !request.unpacked.is_empty() {
        return Err(refuse(
            files.value.range(),
            "beside arguments that are unpacked",
        ));
    }
    if let Some(data) = taken.iter().find(|argument| argument.name == "data") {
        fields(work, files, data)?;
    }
    if let Some(headers) = taken.iter().find(|argument| argument.name == "headers")
        && let Expr::Dict(dict) = values::resolve(work.model, headers.value)
        && dict.items.iter().any(|item| {
            literal::is_none(&item.value)
                || literal::string(&item.value).is_some_and(|text| !text.is_ascii())
        })
    {
        return Err(refuse(
            headers.value.range(),
            "beside headers that are None or not ASCII",
        ));
    }
    // A session of requests prefers a type of its own.
    if request.is_session && work.model.text.to_lowercase().contains("content-type") {
        work.unit.unsafe_because(
            files.value.range(),
            "the type of the body is sent, whatever Content-Type the session has",
        );
    }
    let spans: Vec<TextRange> = taken.iter().map(|argument| span(work, argument)).collect();
    let range = spans
        .iter()
        .copied()
        .reduce(TextRange::cover)
        .unwrap_or_else(|| files.value.range());
    let url = arguments.iter().find(|argument| argument.name == "url");
    let holds = |argument: &Argument<'_>| range.contains_range(argument.value.range());
    if url.is_some_and(holds)
        || arguments.iter().any(|argument| {
            argument.name == "params" && holds(argument) && !literal::is_none(argument.value)
        })
    {
        return Err(refuse(
            files.value.range(),
            "the URL or `params=` stands between the parts of the body",
        ));
    }
    Ok(Some(Parts {
        range,
        arguments: taken,
    }))
}

/// Form fields beside files. Without files, httpx makes the form.
fn fields<'a>(
    work: &mut Work<'a, '_, '_>,
    files: &Argument<'a>,
    data: &Argument<'a>,
) -> Result<(), Refusal> {
    let is_there = match values::resolve(work.model, files.value) {
        Expr::Dict(dict) => !dict.is_empty(),
        Expr::List(list) => !list.is_empty(),
        _ => false,
    };
    if matches!(
        values::type_of(work.model, data.value),
        Type::Text | Type::Bytes
    ) {
        return Err(Refusal::with_detail(
            &reasons::FILES,
            data.value.range(),
            "beside text",
        ));
    }
    if !is_there && !literal::is_none(data.value) && !calls::is_plain_form(work, data.value) {
        work.unit.unsafe_because(
            data.value.range(),
            "where there are no files, httpx sends None as an empty value and booleans in lower case, and takes no other body than a dictionary",
        );
    }
    Ok(())
}

/// `files=f, data=d, headers=h` -> `**_multipart(f, d, h)`.
///
/// # Errors
/// A comment stands between them.
pub fn write<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    parts: &Parts<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let helper = &helpers::MULTIPART;
    work.unit.helper(helper, model.id(request.call))?;
    let own: Vec<TextRange> = parts
        .arguments
        .iter()
        .map(|argument| span(work, argument))
        .collect();
    let all: Vec<TextRange> = calls::argument_ranges(work, request.call)
        .into_iter()
        .filter(|range| parts.range.contains_range(*range))
        .collect();
    let has_comment = |range: TextRange| model.has_comment(range);
    let is_parted = all
        .windows(2)
        .any(|pair| has_comment(TextRange::new(pair[0].end(), pair[1].start())));
    let is_dropped = all
        .iter()
        .any(|range| work.dropped.contains(range) && has_comment(*range));
    if is_parted || is_dropped {
        return Err(Refusal::with_detail(
            &reasons::FILES,
            parts.range,
            "a comment stands between the parts of the body",
        ));
    }
    let mut pieces = Vec::new();
    let others = all
        .into_iter()
        .filter(|range| !own.contains(range) && !work.dropped.contains(range));
    for range in others {
        pieces.push(Piece::Source(range));
        pieces.push(Piece::text(", "));
    }
    pieces.push(Piece::text(format!("**{}(", helper.name)));
    let has_fields = parts
        .arguments
        .iter()
        .any(|argument| argument.name == "data");
    for (index, argument) in parts.arguments.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::text(", "));
        }
        if argument.name == "headers" && !has_fields {
            pieces.push(Piece::text("headers="));
        }
        let value = model.parenthesized_range(ExprRef::from(argument.value));
        pieces.push(Piece::Source(value));
    }
    pieces.push(Piece::text(")"));
    work.unit.edit(Edit::pieces(parts.range, pieces));
    Ok(())
}

/// The span of an argument: with its name, or with its parentheses.
fn span(work: &Work<'_, '_, '_>, argument: &Argument<'_>) -> TextRange {
    argument.keyword.map_or_else(
        || {
            work.model
                .parenthesized_range(ExprRef::from(argument.value))
        },
        Ranged::range,
    )
}

/// `files=` that stays.
///
/// # Errors
/// In the idiomatic style: httpx does not take it.
pub fn files<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    if !literal::is_none(argument.value) && !is_sent_alike(work, argument.value) {
        let parts = match values::resolve(work.model, argument.value) {
            Expr::Dict(dict) => dict.items.iter().map(|item| &item.value).collect(),
            _ => Vec::new(),
        };
        let is_text = |part: &&Expr| match part {
            Expr::Call(call) => work.model.meaning(&call.func).path() == Some("io.StringIO"),
            _ => false,
        };
        if let Some(part) = parts.into_iter().find(is_text) {
            return Err(Refusal::at(&reasons::FILES, part.range()));
        }
        work.unit.unsafe_because(
            argument.value.range(),
            "httpx adds a guessed Content-Type to a part that has none, calls bytes without a name `upload`, and refuses text files",
        );
    }
    calls::name_it(work, request, argument, "files");
    Ok(())
}

/// Whether both libraries send the same bytes for these files: each has a name, content in sight, and a type, or is a field.
fn is_sent_alike(work: &Work<'_, '_, '_>, files: &Expr) -> bool {
    let model = work.model;
    let calls = work.request_nodes();
    let parts: Vec<&Expr> = match files {
        Expr::List(list) => list
            .elts
            .iter()
            .map(|pair| match pair {
                Expr::Tuple(tuple) => tuple.elts.get(1).unwrap_or(pair),
                other => other,
            })
            .collect(),
        _ => match values::dict_of(model, files, &calls) {
            Some((dict, stored)) => {
                if dict.items.iter().any(|item| item.key.is_none()) {
                    return false;
                }
                let shown = dict.items.iter().map(|item| &item.value);
                shown.chain(stored).collect()
            }
            None => return false,
        },
    };
    !parts.is_empty()
        && parts.iter().all(|part| {
            let Expr::Tuple(tuple) = part else {
                return false;
            };
            match &*tuple.elts {
                [Expr::NoneLiteral(_), content] => is_content(work, content),
                [_, content, kind, ..] => {
                    is_content(work, content) && values::type_of(model, kind) == Type::Text
                }
                _ => false,
            }
        })
}

/// Text, bytes, or a file opened for bytes on the spot: a handle that was read from would be sent differently.
fn is_content(work: &Work<'_, '_, '_>, content: &Expr) -> bool {
    let model = work.model;
    if matches!(values::type_of(model, content), Type::Text | Type::Bytes) {
        return true;
    }
    let Expr::Call(call) = content else {
        return false;
    };
    model.meaning(&call.func).path() == Some("builtins.open")
        && call
            .arguments
            .args
            .get(1)
            .and_then(literal::string)
            .is_some_and(|mode| mode.contains('b'))
}
