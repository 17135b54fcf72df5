//! The calls: verbs, positional and keyword arguments (HTTP.md, sections 2 and 3).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, ExprCall, ExprRef, Keyword};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::values::{self, Query, Type};
use super::work::Work;
use super::{auth, reasons};
use crate::codemod::Refusal;
use crate::edit::Edit;
use crate::semantic::literal;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `GET`
    Get,
    /// `OPTIONS`
    Options,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// The method is an argument.
    Request,
}

struct VerbRow {
    verb: Verb,
    name: &'static str,
    /// The positional parameters of `requests.NAME`.
    module: &'static [&'static str],
    /// The positional parameters of `Session().NAME`.
    session: &'static [&'static str],
    /// Whether `client.NAME` takes a body.
    takes_body: bool,
}

#[rustfmt::skip]
static VERBS: &[VerbRow] = &[
    VerbRow { verb: Verb::Get, name: "get", module: &["url", "params"], session: &["url"], takes_body: false },
    VerbRow { verb: Verb::Options, name: "options", module: &["url"], session: &["url"], takes_body: false },
    VerbRow { verb: Verb::Head, name: "head", module: &["url"], session: &["url"], takes_body: false },
    VerbRow { verb: Verb::Post, name: "post", module: &["url", "data", "json"], session: &["url", "data", "json"], takes_body: true },
    VerbRow { verb: Verb::Put, name: "put", module: &["url", "data"], session: &["url", "data"], takes_body: true },
    VerbRow { verb: Verb::Patch, name: "patch", module: &["url", "data"], session: &["url", "data"], takes_body: true },
    VerbRow { verb: Verb::Delete, name: "delete", module: &["url"], session: &["url"], takes_body: false },
    VerbRow { verb: Verb::Request, name: "request", module: &["method", "url"],
        session: &["method", "url", "params", "data", "headers", "cookies", "files", "auth", "timeout", "allow_redirects"], takes_body: true },
];

impl Verb {
    /// The verb of this name.
    pub fn of(name: &str) -> Option<Self> {
        VERBS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.verb)
    }

    fn row(self) -> &'static VerbRow {
        // Every verb has its row; the first stands in for what cannot happen.
        VERBS
            .iter()
            .find(|row| row.verb == self)
            .unwrap_or(&VERBS[0])
    }
}

/// One request of a unit.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What it does.
    pub verb: Verb,
    /// The call.
    pub call: &'a ExprCall,
    /// Whether it is a method of a session.
    pub is_session: bool,
}

impl<'a> Request<'a> {
    /// The arguments with their names; `None` where they are unpacked or too many.
    pub fn arguments(&self) -> Option<Vec<Argument<'a>>> {
        if literal::has_starred(self.call) {
            return None;
        }
        let row = self.verb.row();
        let names = if self.is_session {
            row.session
        } else {
            row.module
        };
        let mut arguments = Vec::new();
        for (index, value) in self.call.arguments.args.iter().enumerate() {
            arguments.push(Argument {
                name: names.get(index)?,
                value,
                keyword: None,
            });
        }
        for keyword in &self.call.arguments.keywords {
            arguments.push(Argument {
                name: keyword.arg.as_ref()?.as_str(),
                value: &keyword.value,
                keyword: Some(keyword),
            });
        }
        Some(arguments)
    }

    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&'a Expr> {
        self.arguments()?
            .into_iter()
            .find(|argument| argument.name == name)
            .map(|argument| argument.value)
    }

    /// Whether every redirect with a target is followed.
    pub fn follows_redirects(&self) -> bool {
        match self.argument("allow_redirects") {
            Some(value) => literal::boolean(value) == Some(true),
            None => self.verb != Verb::Head,
        }
    }
}

/// One argument of a request.
#[derive(Clone, Copy, Debug)]
pub struct Argument<'a> {
    /// The parameter's name in requests.
    pub name: &'a str,
    /// The value.
    pub value: &'a Expr,
    /// The keyword, where it is passed by name.
    pub keyword: Option<&'a Keyword>,
}

/// What becomes of a parameter.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// It stays.
    Keep,
    /// It has another name.
    Rename(&'static str),
    /// It has a rule of its own.
    Special,
    /// It goes where it says what is the default anyway; else the request is refused.
    Default(&'static [Literal]),
    /// As [`Rule::Default`], but `verify=False` may move to the client.
    Verify,
    /// Refused, as a stream.
    Stream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Literal {
    None,
    True,
    False,
}

impl Literal {
    fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::NoneLiteral(_) => Some(Self::None),
            Expr::BooleanLiteral(literal) if literal.value => Some(Self::True),
            Expr::BooleanLiteral(_) => Some(Self::False),
            _ => None,
        }
    }
}

/// The parameters of a request, in the order of `Session.request`.
static PARAMETERS: &[(&str, Rule)] = &[
    ("method", Rule::Keep),
    ("url", Rule::Keep),
    ("params", Rule::Special),
    ("data", Rule::Special),
    ("headers", Rule::Special),
    ("cookies", Rule::Default(&[Literal::None])),
    ("files", Rule::Special),
    ("auth", Rule::Special),
    ("timeout", Rule::Keep),
    ("allow_redirects", Rule::Rename("follow_redirects")),
    ("proxies", Rule::Default(&[Literal::None])),
    ("hooks", Rule::Default(&[Literal::None])),
    ("stream", Rule::Stream),
    ("verify", Rule::Verify),
    ("cert", Rule::Default(&[Literal::None])),
    ("json", Rule::Keep),
];

/// Rewrites one request.
pub fn rewrite<'a>(work: &mut Work<'a, '_, '_>, request: &Request<'a>) -> Result<(), Refusal> {
    let call = request.call;
    let row = request.verb.row();
    let Some(arguments) = request.arguments() else {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            call.arguments.range(),
            format!("`{}`", work.model.slice(call.func.range())),
        ));
    };
    if !arguments.iter().any(|argument| argument.name == "url") {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            call.range(),
            "no URL is passed",
        ));
    }
    let has_body = arguments
        .iter()
        .any(|argument| matches!(argument.name, "data" | "json" | "files"));
    for argument in &arguments {
        rewrite_argument(work, request, argument)?;
    }
    let by_method = has_body && !row.takes_body;
    let method = if by_method { "request" } else { row.name };
    if by_method {
        let quote = quote(work, call)?;
        // The first argument is the URL or a keyword: no other edit writes in front of it.
        if let Some(first) = first_argument(work, call) {
            let method = row.name.to_uppercase();
            work.unit.edit(Edit::insert(
                first.start(),
                call.arguments.range(),
                format!("{quote}{method}{quote}, "),
            ));
        }
    }
    if request.verb == Verb::Head
        && !arguments
            .iter()
            .any(|argument| argument.name == "allow_redirects")
        && let Some(last) = last_argument(work, call)
    {
        work.unit.edit(Edit::insert(
            last.end(),
            call.arguments.range(),
            ", follow_redirects=False",
        ));
    }
    let func = work.model.id(call.func.as_ref());
    if work.model.has_comment(call.func.range()) {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            call.func.range(),
            "a comment stands inside the name of the call",
        ));
    }
    if request.is_session {
        if by_method && let Expr::Attribute(attribute) = call.func.as_ref() {
            work.unit
                .edit(Edit::replace(attribute.attr.range(), method));
        }
    } else {
        let name = format!("{}.{method}", work.client);
        work.unit.rename(func, name);
    }
    work.unit.await_(call)
}

fn quote(work: &Work<'_, '_, '_>, call: &ExprCall) -> Result<char, Refusal> {
    values::quote_at(work.model, work.model.id(call)).ok_or_else(|| {
        Refusal::with_detail(
            &reasons::ARGUMENT,
            call.range(),
            "the call stands in nested f-strings that use both quotes",
        )
    })
}

fn first_argument(work: &Work<'_, '_, '_>, call: &ExprCall) -> Option<TextRange> {
    argument_ranges(work, call).into_iter().next()
}

fn last_argument(work: &Work<'_, '_, '_>, call: &ExprCall) -> Option<TextRange> {
    argument_ranges(work, call).into_iter().next_back()
}

/// The spans of the arguments, parentheses included, in source order.
fn argument_ranges(work: &Work<'_, '_, '_>, call: &ExprCall) -> Vec<TextRange> {
    let mut ranges: Vec<TextRange> = call
        .arguments
        .args
        .iter()
        .map(|argument| work.model.parenthesized_range(ExprRef::from(argument)))
        .chain(call.arguments.keywords.iter().map(Ranged::range))
        .collect();
    ranges.sort_by_key(Ranged::start);
    ranges
}

fn rewrite_argument<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let Some((_, rule)) = PARAMETERS.iter().find(|(name, _)| *name == argument.name) else {
        return Err(refused(argument));
    };
    match rule {
        Rule::Keep => {
            if argument.name == "timeout" {
                check_timeout(work, argument)?;
            }
            name_it(work, request, argument, argument.name);
        }
        Rule::Rename(name) => name_it(work, request, argument, name),
        Rule::Special => match argument.name {
            "params" => params(work, request, argument)?,
            "data" => data(work, request, argument)?,
            "headers" => headers(work, request, argument)?,
            "files" => files(work, request, argument)?,
            _ => authentication(work, request, argument)?,
        },
        Rule::Default(defaults) => {
            if !Literal::of(argument.value).is_some_and(|value| defaults.contains(&value)) {
                return Err(refused(argument));
            }
            drop_it(work, request, argument)?;
        }
        Rule::Stream => match Literal::of(argument.value) {
            Some(Literal::None | Literal::False) => drop_it(work, request, argument)?,
            _ => return Err(Refusal::at(&reasons::STREAM, argument.value.range())),
        },
        Rule::Verify => match Literal::of(argument.value) {
            Some(Literal::None | Literal::True) => drop_it(work, request, argument)?,
            Some(Literal::False) if !request.is_session && work.options.without_verification => {
                drop_it(work, request, argument)?;
            }
            _ => return Err(refused(argument)),
        },
    }
    Ok(())
}

fn refused(argument: &Argument<'_>) -> Refusal {
    Refusal::with_detail(
        &reasons::ARGUMENT,
        argument
            .keyword
            .map_or(argument.value.range(), Ranged::range),
        format!("`{}=`", argument.name),
    )
}

/// httpx takes numbers, None and tuples; what urllib3 has for it is not known to it.
fn check_timeout(work: &Work<'_, '_, '_>, argument: &Argument<'_>) -> Result<(), Refusal> {
    let value = values::resolve(work.model, argument.value);
    match value {
        Expr::Call(call)
            if work
                .model
                .meaning(&call.func)
                .may_be(|path| path.contains("urllib3")) =>
        {
            Err(Refusal::with_detail(
                &reasons::ARGUMENT,
                argument.value.range(),
                "`timeout=` is a class of urllib3",
            ))
        }
        _ => Ok(()),
    }
}

/// Passes an argument under this name: positional ones are named where httpx takes them by name only.
fn name_it(
    work: &mut Work<'_, '_, '_>,
    request: &Request<'_>,
    argument: &Argument<'_>,
    name: &str,
) {
    match argument.keyword {
        Some(keyword) => {
            if let Some(arg) = &keyword.arg
                && arg.as_str() != name
            {
                work.unit.edit(Edit::replace(arg.range(), name));
            }
        }
        None if matches!(name, "url" | "method") => {}
        None => {
            let value = work
                .model
                .parenthesized_range(ExprRef::from(argument.value));
            work.unit.edit(Edit::insert(
                value.start(),
                request.call.arguments.range(),
                format!("{name}="),
            ));
        }
    }
}

/// Drops a keyword that says what is the default in httpx.
fn drop_it(
    work: &mut Work<'_, '_, '_>,
    request: &Request<'_>,
    argument: &Argument<'_>,
) -> Result<(), Refusal> {
    let Some(keyword) = argument.keyword else {
        return Err(refused(argument));
    };
    let whole = request.call.arguments.range();
    let comma = |range: TextRange, last: bool| {
        let mut found = work
            .model
            .tokens()
            .in_range(range)
            .iter()
            .filter(|token| token.kind() == TokenKind::Comma)
            .map(Ranged::range);
        if last {
            found.next_back()
        } else {
            found.next()
        }
    };
    let before = argument_ranges(work, request.call)
        .into_iter()
        .take_while(|range| range.end() <= keyword.start())
        .last()
        .and_then(|previous| comma(TextRange::new(previous.end(), keyword.start()), true));
    let span = match before {
        Some(before) => TextRange::new(before.start(), keyword.end()),
        None => {
            let next = argument_ranges(work, request.call)
                .into_iter()
                .find(|range| range.start() >= keyword.end());
            let end = match next {
                Some(next) => next.start(),
                None => comma(
                    TextRange::new(keyword.end(), whole.end() - TextSize::new(1)),
                    false,
                )
                .map_or(keyword.end(), |found| found.end()),
            };
            TextRange::new(keyword.start(), end)
        }
    };
    if work.model.has_comment(span) {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            keyword.range(),
            format!(
                "a comment stands beside `{}=`, which would go",
                argument.name
            ),
        ));
    }
    work.unit.edit(Edit::delete(span));
    Ok(())
}

fn params<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    if !literal::is_none(argument.value) {
        let url = request.argument("url");
        match url.map_or(Query::Possible, |url| values::query_of(work.model, url)) {
            Query::Absent => {}
            Query::BeforePath => {
                let range = url.map_or(argument.value.range(), Ranged::range);
                work.unit.unsafe_because(
                    range,
                    "httpx replaces the query of the URL by `params`: the part before the path must not hold one",
                );
            }
            Query::Possible => {
                let range = url.map_or(argument.value.range(), Ranged::range);
                return Err(Refusal::with_detail(
                    &reasons::PARAMS_URL,
                    range,
                    format!("`{}`", work.model.slice(range)),
                ));
            }
        }
        entries(work, argument, &reasons::PARAMS_VALUE)?;
    }
    name_it(work, request, argument, "params");
    Ok(())
}

/// Checks the entries of a query or form.
fn entries<'a>(
    work: &mut Work<'a, '_, '_>,
    argument: &Argument<'a>,
    reason: &'static crate::unit::Reason,
) -> Result<(), Refusal> {
    let refuse = |range: TextRange, what: &str| {
        Refusal::with_detail(reason, range, format!("`{}=`: {what}", argument.name))
    };
    let model = work.model;
    let range = argument.value.range();
    if let Expr::List(list) = argument.value {
        return pairs(work, &list.elts)
            .ok_or_else(|| refuse(range, "not a list of different literal keys"));
    }
    let calls = work.request_nodes();
    let Some((dict, stored)) = values::dict_of(model, argument.value, &calls) else {
        return Err(refuse(range, "not a dictionary display"));
    };
    let mut values: Vec<&Expr> = stored;
    for item in &dict.items {
        let Some(key) = &item.key else {
            return Err(refuse(item.value.range(), "entries are unpacked into it"));
        };
        if !matches!(values::type_of(model, key), Type::Text | Type::Number) {
            return Err(refuse(key.range(), "the type of the key is not visible"));
        }
        values.push(&item.value);
    }
    let mut unknown: Vec<&Expr> = Vec::new();
    for value in values {
        if !entry(work, value, reason)? {
            unknown.push(value);
        }
    }
    if let Some(first) = unknown.first() {
        let texts: Vec<String> = unknown
            .iter()
            .map(|value| work.quoted(value.range()))
            .collect();
        work.unit.unsafe_because(
            first.range(),
            format!(
                "{} in `{}=`: httpx sends None as an empty value, which requests leaves out, and booleans in lower case",
                texts.join(", "),
                argument.name
            ),
        );
    }
    Ok(())
}

/// Whether both send a value alike. Booleans become the text that requests sends; what httpx never sends alike is
/// refused.
fn entry<'a>(
    work: &mut Work<'a, '_, '_>,
    value: &'a Expr,
    reason: &'static crate::unit::Reason,
) -> Result<bool, Refusal> {
    if let Some(flag) = literal::boolean(value) {
        let quote = values::quote_at(work.model, work.model.id(value)).unwrap_or('"');
        let text = if flag { "True" } else { "False" };
        let edit = Edit::replace(value.range(), format!("{quote}{text}{quote}"));
        work.unit.edit_once(edit);
        return Ok(true);
    }
    let is_odd = matches!(
        value,
        Expr::NoneLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::Set(_)
            | Expr::Dict(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
    );
    if is_odd {
        return Err(Refusal::with_detail(
            reason,
            value.range(),
            work.quoted(value.range()),
        ));
    }
    Ok(values::is_sendable(work.model, value))
}

/// A list of pairs with different literal keys: httpx groups equal ones.
fn pairs<'a>(work: &Work<'a, '_, '_>, elements: &'a [Expr]) -> Option<()> {
    let mut keys: Vec<&str> = Vec::new();
    for element in elements {
        let Expr::Tuple(pair) = element else {
            return None;
        };
        let [key, value] = &*pair.elts else {
            return None;
        };
        let key = literal::string(key)?;
        if keys.contains(&key) || !values::is_sendable(work.model, value) {
            return None;
        }
        keys.push(key);
    }
    Some(())
}

fn data<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let name = match values::type_of(work.model, argument.value) {
        _ if literal::is_none(argument.value) => "data",
        Type::Text | Type::Bytes => "content",
        Type::Dict => {
            entries(work, argument, &reasons::BODY)?;
            "data"
        }
        Type::Number | Type::Unknown => {
            return Err(Refusal::with_detail(
                &reasons::BODY,
                argument.value.range(),
                format!("`data={}`", work.model.slice(argument.value.range())),
            ));
        }
    };
    if name == "content"
        && request
            .argument("json")
            .is_some_and(|json| !literal::is_none(json))
    {
        return Err(Refusal::with_detail(
            &reasons::BODY,
            argument.value.range(),
            "both `data=` and `json=`",
        ));
    }
    name_it(work, request, argument, name);
    Ok(())
}

fn headers<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    if let Expr::Dict(dict) = values::resolve(work.model, argument.value) {
        for item in &dict.items {
            let is_ascii = literal::string(&item.value).is_none_or(str::is_ascii);
            if literal::is_none(&item.value) || !is_ascii {
                return Err(Refusal::with_detail(
                    &reasons::HEADERS,
                    item.value.range(),
                    format!("`{}`", work.model.slice(item.value.range())),
                ));
            }
        }
    }
    name_it(work, request, argument, "headers");
    Ok(())
}

fn files<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    if !literal::is_none(argument.value) {
        let refuse = |range: TextRange| Refusal::at(&reasons::FILES, range);
        let calls = work.request_nodes();
        let Some((dict, stored)) = values::dict_of(work.model, argument.value, &calls) else {
            return Err(refuse(argument.value.range()));
        };
        for value in dict.items.iter().map(|item| &item.value).chain(stored) {
            let Expr::Tuple(tuple) = value else {
                return Err(refuse(value.range()));
            };
            let [name, content, rest @ ..] = &*tuple.elts else {
                return Err(refuse(value.range()));
            };
            if !is_file_content(work, content) {
                return Err(refuse(content.range()));
            }
            if rest.is_empty() && !literal::is_none(name) {
                work.unit.unsafe_because(
                    value.range(),
                    "httpx adds a guessed Content-Type to a part that has none",
                );
            }
        }
    }
    name_it(work, request, argument, "files");
    Ok(())
}

/// Text, bytes, or a file opened for bytes on the spot: a handle that was read from would be sent differently.
fn is_file_content(work: &Work<'_, '_, '_>, content: &Expr) -> bool {
    if matches!(
        values::type_of(work.model, content),
        Type::Text | Type::Bytes
    ) {
        return true;
    }
    let Expr::Call(call) = content else {
        return false;
    };
    work.model.meaning(&call.func).path() == Some("builtins.open")
        && call
            .arguments
            .args
            .get(1)
            .and_then(literal::string)
            .is_some_and(|mode| mode.contains('b'))
}

fn authentication<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    if literal::is_none(argument.value) {
        // On a session, None means its own authentication in requests and none at all in httpx.
        if request.is_session {
            return drop_it(work, request, argument);
        }
    } else {
        auth::authentication(work, argument.value)?;
    }
    name_it(work, request, argument, "auth");
    Ok(())
}
