//! The calls: verbs, positional and keyword arguments (HTTP.md, sections 2 and 3).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, ExprCall, ExprDict, ExprRef, Keyword};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::values::{self, Query, Type};
use super::work::Work;
use super::{auth, forwarded, helpers, multipart, prepared, reasons};
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::{BindingKind, Model, literal};

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
    /// `getattr(requests, verb)`, of a verb that follows redirects.
    Named {
        /// Whether every verb that it may be takes a body.
        takes_body: bool,
    },
    /// `getattr(session, verb)` of a verb that does not show.
    Dynamic,
    /// `requests.Request(...)`: nothing is sent yet.
    Build,
    /// `session.send(request)`.
    Send,
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
    VerbRow { verb: Verb::Build, name: "", module: &[],
        session: &["method", "url", "headers", "files", "data", "params", "auth", "cookies", "hooks", "json"], takes_body: true },
    VerbRow { verb: Verb::Send, name: "", module: &[], session: &["request"], takes_body: true },
    VerbRow { verb: Verb::Dynamic, name: "", module: &["url"], session: &["url"], takes_body: true },
    VerbRow { verb: Verb::Named { takes_body: false }, name: "", module: &["url"], session: &["url"], takes_body: false },
    VerbRow { verb: Verb::Named { takes_body: true }, name: "", module: &["url"], session: &["url"], takes_body: true },
];

impl Verb {
    /// The verb of this name.
    pub fn of(name: &str) -> Option<Self> {
        VERBS
            .iter()
            .find(|row| row.name == name && !name.is_empty())
            .map(|row| row.verb)
    }

    /// The name of its method; empty where the verb does not show.
    pub fn name(self) -> &'static str {
        self.row().name
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
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What it does.
    pub verb: Verb,
    /// The call.
    pub call: &'a ExprCall,
    /// Whether it is a method of a session.
    pub is_session: bool,
    /// The dictionaries whose entries show and are unpacked into the call, with their `**name`.
    pub unpacked: Vec<(TextRange, &'a ExprDict)>,
    /// The `**kwargs` of the function that are handed on, with the number of the function.
    pub forwarded: Option<(TextRange, u32)>,
    /// Dictionaries that are unpacked into the call and whose entries do not show, or not all.
    pub options: Vec<&'a Keyword>,
}

impl<'a> Request<'a> {
    /// A request.
    pub fn new(model: &Model<'a>, verb: Verb, call: &'a ExprCall, is_session: bool) -> Self {
        let unpacked = call
            .arguments
            .keywords
            .iter()
            .filter(|keyword| keyword.arg.is_none())
            .filter_map(|keyword| {
                let dict = values::unpacked_dict(model, &keyword.value)?;
                Some((keyword.range(), dict))
            })
            .collect();
        Self {
            verb,
            call,
            is_session,
            unpacked,
            forwarded: call
                .arguments
                .keywords
                .iter()
                .filter(|keyword| keyword.arg.is_none())
                .find_map(|keyword| {
                    let function = forwarded::function_of(model, &keyword.value)?;
                    Some((keyword.range(), function))
                }),
            options: call
                .arguments
                .keywords
                .iter()
                .filter(|keyword| {
                    keyword.arg.is_none()
                        && forwarded::function_of(model, &keyword.value).is_none()
                        && values::unpacked_dict(model, &keyword.value).is_none()
                        && forwarded::is_dictionary(model, &keyword.value)
                })
                .collect(),
        }
    }

    /// The arguments with their names; `None` where they are unpacked or too many.
    pub fn arguments(&self) -> Option<Vec<Argument<'a>>> {
        if self.call.arguments.args.iter().any(Expr::is_starred_expr) {
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
                is_unpacked: false,
            });
        }
        for keyword in &self.call.arguments.keywords {
            if keyword.arg.is_none() {
                let is_open = self.forwarded.is_some_and(|(at, _)| at == keyword.range())
                    || self
                        .options
                        .iter()
                        .any(|options| options.range() == keyword.range());
                if is_open {
                    continue;
                }
                let unpacked = self
                    .unpacked
                    .iter()
                    .find(|(at, _)| *at == keyword.range())
                    .map(|(_, dict)| dict)?;
                for item in &unpacked.items {
                    let name = item.key.as_ref().and_then(literal::string)?;
                    arguments.push(Argument {
                        name,
                        value: &item.value,
                        keyword: None,
                        is_unpacked: true,
                    });
                }
                continue;
            }
            arguments.push(Argument {
                is_unpacked: false,
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
    /// Whether it is an entry of a dictionary that is unpacked into the call.
    pub is_unpacked: bool,
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
    /// It goes where it says what is the default anyway; else it moves to the client of a request of the module.
    Client(&'static [Literal]),
    /// The response is streamed.
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
    ("cookies", Rule::Client(&[Literal::None])),
    ("files", Rule::Special),
    ("auth", Rule::Special),
    ("timeout", Rule::Keep),
    ("allow_redirects", Rule::Rename("follow_redirects")),
    ("proxies", Rule::Client(&[Literal::None])),
    ("hooks", Rule::Client(&[Literal::None])),
    ("stream", Rule::Stream),
    ("verify", Rule::Client(&[Literal::None, Literal::True])),
    ("cert", Rule::Client(&[Literal::None])),
    ("json", Rule::Keep),
];

/// Rewrites one request.
pub fn rewrite<'a>(work: &mut Work<'a, '_, '_>, request: &Request<'a>) -> Result<(), Refusal> {
    if request.verb == Verb::Send {
        return prepared::send(work, request);
    }
    let call = request.call;
    let row = request.verb.row();
    let Some(arguments) = request.arguments() else {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            call.arguments.range(),
            format!("`{}`", work.model.slice(call.func.range())),
        ));
    };
    if let Some((range, function)) = request.forwarded {
        forwarded::check(work, range, function)?;
    }
    for options in &request.options {
        forwarded::options(work, options)?;
    }
    let may_hold_url = request.verb == Verb::Request && !request.options.is_empty();
    if !may_hold_url && !arguments.iter().any(|argument| argument.name == "url") {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            call.range(),
            "no URL is passed",
        ));
    }
    if request.is_session
        && work.session_params
        && let Some(url) = request.argument("url")
    {
        check_url(work, url);
    }
    let has_body = arguments
        .iter()
        .any(|argument| is_body(argument.name) && !goes(work, request, argument));
    let built = builds(work, request, &arguments);
    let parts = multipart::find(work, request, &arguments)?;
    work.gathered = parts.as_ref().map(|parts| parts.range);
    for argument in &arguments {
        if parts.as_ref().is_some_and(|parts| parts.holds(argument)) {
            continue;
        }
        // `build_request` takes it.
        if built.is_some() && argument.name == "cookies" {
            continue;
        }
        if goes(work, request, argument) {
            drop_it(work, request, argument)?;
            continue;
        }
        rewrite_argument(work, request, argument)?;
    }
    work.gathered = None;
    if let Some(parts) = &parts {
        multipart::write(work, request, parts)?;
    }
    if let Some(session) = built {
        work.unit.reshapes_method(call.range());
        return built_request(work, request, &session);
    }
    if !removed(work, request).is_empty() {
        return Err(Refusal::with_detail(
            &reasons::HEADERS,
            call.range(),
            "None, beside what `build_request` does not take",
        ));
    }
    let is_stream = work.streamed(work.model.id(call)).is_some();
    // What is handed on may be a body.
    let has_body = has_body || request.forwarded.is_some() || !request.options.is_empty();
    let by_method = (has_body && !row.takes_body || is_stream)
        && !matches!(request.verb, Verb::Request | Verb::Dynamic);
    let method = match (is_stream, by_method) {
        (true, _) => "stream",
        (false, true) => "request",
        (false, false) => row.name,
    };
    if by_method {
        work.unit.reshapes_method(call.range());
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
    if request.verb == Verb::Dynamic {
        return by_name(work, request);
    }
    if let Verb::Named { .. } = request.verb {
        if by_method {
            return Err(Refusal::with_detail(
                &reasons::ARGUMENT,
                call.range(),
                "the verb is not visible, and it decides on the call of httpx",
            ));
        }
        if let Expr::Call(getattr) = call.func.as_ref()
            && let Some(object) = getattr.arguments.args.first()
            && !request.is_session
        {
            let client = work.client.clone();
            work.unit.rename(work.model.id(object), client);
        }
        return work.unit.await_(call);
    }
    if work.model.has_comment(call.func.range()) {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            call.func.range(),
            "a comment stands inside the name of the call",
        ));
    }
    if request.is_session {
        if method != row.name
            && let Expr::Attribute(attribute) = call.func.as_ref()
        {
            work.unit
                .edit(Edit::replace(attribute.attr.range(), method));
        }
    } else {
        let name = format!("{}.{method}", work.client);
        work.unit.rename(func, name);
    }
    if is_stream {
        return Ok(());
    }
    work.unit.await_(call)
}

/// Whether an argument is a body, or a part of one.
pub fn is_body(name: &str) -> bool {
    matches!(name, "data" | "json" | "files")
}

/// Whether an argument is None and goes, because None says nothing: a body that the method of httpx has no parameter for,
/// or what would need a keyword.
fn goes(work: &Work<'_, '_, '_>, request: &Request<'_>, argument: &Argument<'_>) -> bool {
    let takes_body = match request.verb {
        Verb::Named { .. } => false,
        verb => verb.row().takes_body,
    };
    let is_taken = match argument.keyword {
        Some(_) => takes_body || !is_body(argument.name),
        None => !is_body(argument.name) && argument.name != "params",
    };
    // A comment behind it in its line is about it.
    let end = range_of(work, argument).end();
    let rest = work.model.text[end.to_usize()..].lines().next();
    let line = TextRange::at(end, TextSize::of(rest.unwrap_or_default()));
    literal::is_none(argument.value)
        && !argument.is_unpacked
        && !is_taken
        && !work.model.has_comment(line)
        && drop_span(work, request, argument).is_some()
}

/// The session of a request with cookies of its own, which a client takes in `build_request` only.
fn builds(
    work: &Work<'_, '_, '_>,
    request: &Request<'_>,
    arguments: &[Argument<'_>],
) -> Option<String> {
    let has_cookies = arguments.iter().any(|argument| {
        argument.name == "cookies"
            && !argument.is_unpacked
            && argument.keyword.is_some()
            && !literal::is_none(argument.value)
    });
    let is_taken = arguments.iter().all(|argument| {
        !matches!(
            argument.name,
            "auth" | "allow_redirects" | "stream" | "cert" | "proxies" | "verify"
        )
    });
    let Expr::Attribute(attribute) = request.call.func.as_ref() else {
        return None;
    };
    let is_plain = literal::is_plain(&attribute.value);
    let is_verb = !matches!(
        request.verb,
        Verb::Head | Verb::Request | Verb::Dynamic | Verb::Named { .. }
    );
    if !is_taken || !is_plain || !is_verb {
        return None;
    }
    let is_built = request.is_session && has_cookies || !removed(work, request).is_empty();
    is_built.then(|| {
        if request.is_session {
            work.model.slice(attribute.value.range()).to_string()
        } else {
            work.client.clone()
        }
    })
}

/// `session.get(url, cookies=c)` -> `await session.send(session.build_request("GET", url, cookies=c))`.
fn built_request<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    session: &str,
) -> Result<(), Refusal> {
    let call = request.call;
    let quote = quote(work, call)?;
    let first = first_argument(work, call).unwrap_or_default();
    let method = request.verb.row().name.to_uppercase();
    if work.model.has_comment(call.arguments.range()) {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            call.range(),
            "a comment stands in a call with `cookies=`",
        ));
    }
    if !request.is_session {
        let name = format!("{session}.send");
        work.unit.rename(work.model.id(call.func.as_ref()), name);
    } else if let Expr::Attribute(attribute) = call.func.as_ref() {
        work.unit
            .edit(Edit::replace(attribute.attr.range(), "send"));
    }
    if request
        .argument("cookies")
        .is_some_and(|value| !literal::is_none(value))
    {
        work.unit.unsafe_because(
            call.range(),
            "the cookies of one request of a session are not sent again after a redirect",
        );
    }
    let removed = removed(work, request);
    let (open, close) = if removed.is_empty() {
        (String::new(), ")".to_string())
    } else {
        let helper = &helpers::WITHOUT;
        work.unit.helper(helper, work.model.id(call))?;
        (
            format!("{}(", helper.name),
            format!("), {})", removed.join(", ")),
        )
    };
    work.unit.edit(Edit::insert(
        first.start(),
        call.arguments.range(),
        format!("{open}{session}.build_request({quote}{method}{quote}, "),
    ));
    work.unit.edit(Edit::insert(
        call.arguments.end() - TextSize::new(1),
        call.arguments.range(),
        close,
    ));
    work.unit.await_(call)
}

/// `getattr(session, verb)(url)` -> `session.request(verb, url)`.
fn by_name<'a>(work: &mut Work<'a, '_, '_>, request: &Request<'a>) -> Result<(), Refusal> {
    let model = work.model;
    let call = request.call;
    work.unit.reshapes_method(call.range());
    let refuse = |why: &str| Refusal::with_detail(&reasons::ARGUMENT, call.range(), why);
    let Expr::Call(getattr) = call.func.as_ref() else {
        return Err(refuse("the verb is not visible"));
    };
    let [object, verb] = &*getattr.arguments.args else {
        return Err(refuse("the verb is not visible"));
    };
    let is_stream = work.streamed(model.id(call)).is_some();
    let first = argument_ranges(work, call).into_iter().next();
    let Some(first) = first.filter(|_| !model.has_comment(getattr.range()) && !is_stream) else {
        return Err(refuse("the verb is not visible"));
    };
    work.unit.unsafe_because(
        getattr.range(),
        "the verb does not show: a request with HEAD follows redirects, which `head()` of requests does not",
    );
    if request.is_session {
        let object = model.slice(object.range());
        work.unit
            .edit(Edit::replace(getattr.range(), format!("{object}.request")));
    } else {
        let client = format!("{}.request", work.client);
        work.unit.release(model.id(object));
        work.unit.edit(Edit::replace(getattr.range(), client));
    }
    let verb = model.slice(verb.range());
    work.unit.edit(Edit::insert(
        first.start(),
        call.arguments.range(),
        format!("{verb}, "),
    ));
    work.unit.await_(call)
}

/// The quote that text in a call can be written with.
pub fn quote(work: &Work<'_, '_, '_>, call: &ExprCall) -> Result<char, Refusal> {
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

/// The span of the last argument, parentheses included.
pub fn last_argument(work: &Work<'_, '_, '_>, call: &ExprCall) -> Option<TextRange> {
    argument_ranges(work, call).into_iter().next_back()
}

/// The spans of the arguments, parentheses included, in source order.
pub fn argument_ranges(work: &Work<'_, '_, '_>, call: &ExprCall) -> Vec<TextRange> {
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

/// Rewrites one argument of a request.
pub fn rewrite_argument<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    // The entries of a dictionary stay as they are.
    if argument.is_unpacked && !matches!(argument.name, "headers" | "timeout" | "json") {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            request.call.arguments.range(),
            format!("`{}` in the dictionary", argument.name),
        ));
    }
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
            "files" => multipart::files(work, request, argument)?,
            _ => authentication(work, request, argument)?,
        },
        Rule::Stream => match Literal::of(argument.value) {
            // What is streamed has a block of its own, or is read at once.
            Some(_) => drop_it(work, request, argument)?,
            None => {
                return Err(Refusal::with_detail(
                    &reasons::STREAM,
                    argument.value.range(),
                    "whether it is streamed is not visible",
                ));
            }
        },
        Rule::Client(defaults) => {
            let is_default =
                Literal::of(argument.value).is_some_and(|value| defaults.contains(&value));
            if !is_default {
                let is_common = work.common.iter().any(|(name, _)| *name == argument.name);
                match request.is_session {
                    true if is_common => {}
                    true => return Err(refused(argument)),
                    false => work.client_arguments.push((argument.name, argument.value)),
                }
            }
            drop_it(work, request, argument)?;
        }
    }
    Ok(())
}

/// The refusal of an argument that the new client does not take.
pub fn refused(argument: &Argument<'_>) -> Refusal {
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
pub fn name_it(
    work: &mut Work<'_, '_, '_>,
    request: &Request<'_>,
    argument: &Argument<'_>,
    name: &str,
) {
    if argument.is_unpacked {
        return;
    }
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

/// Drops an argument that says what is the default in httpx.
///
/// # Errors
/// A comment stands beside it.
pub fn drop_it(
    work: &mut Work<'_, '_, '_>,
    request: &Request<'_>,
    argument: &Argument<'_>,
) -> Result<(), Refusal> {
    if argument.is_unpacked {
        return Err(refused(argument));
    }
    let range = range_of(work, argument);
    if work
        .gathered
        .is_some_and(|gathered| gathered.contains_range(range))
    {
        work.dropped.push(range);
        return Ok(());
    }
    let Some(span) = drop_span(work, request, argument) else {
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            range,
            format!(
                "a comment stands beside `{}=`, which would go",
                argument.name
            ),
        ));
    };
    work.unit.edit(Edit::delete(span));
    Ok(())
}

/// The span of an argument: its keyword, or its value with the parentheses round it.
fn range_of(work: &Work<'_, '_, '_>, argument: &Argument<'_>) -> TextRange {
    match argument.keyword {
        Some(keyword) => keyword.range(),
        None => work
            .model
            .parenthesized_range(ExprRef::from(argument.value)),
    }
}

/// What goes with an argument: the comma before it, or the one behind it. `None` where a comment stands there.
fn drop_span(
    work: &Work<'_, '_, '_>,
    request: &Request<'_>,
    argument: &Argument<'_>,
) -> Option<TextRange> {
    let range = range_of(work, argument);
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
        .take_while(|other| other.end() <= range.start())
        .last()
        .and_then(|previous| comma(TextRange::new(previous.end(), range.start()), true));
    let span = match before {
        Some(before) => TextRange::new(before.start(), range.end()),
        None => {
            let next = argument_ranges(work, request.call)
                .into_iter()
                .find(|other| other.start() >= range.end());
            let end = match next {
                Some(next) => next.start(),
                None => comma(
                    TextRange::new(range.end(), whole.end() - TextSize::new(1)),
                    false,
                )
                .map_or(range.end(), |found| found.end()),
            };
            TextRange::new(range.start(), end)
        }
    };
    (!work.model.has_comment(span)).then_some(span)
}

fn params<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let value = argument.value;
    let has_session_params = request.is_session && work.session_params;
    if literal::is_none(value) {
        name_it(work, request, argument, "params");
        return Ok(());
    }
    let url = request.argument("url");
    let query = url.map_or(Query::Possible, |url| values::query_of(work.model, url));
    let is_plain = query == Query::Absent && is_plain_form(work, value);
    if is_plain || has_session_params {
        entries(work, argument, &reasons::PARAMS_VALUE)?;
        name_it(work, request, argument, "params");
        return Ok(());
    }
    if work.options.is_idiomatic {
        if query != Query::Absent {
            work.unit.unsafe_because(
                url.map_or(value.range(), Ranged::range),
                "httpx replaces the query of the URL by `params`: the URL must not hold one",
            );
        }
        if values::dict_of(work.model, value, &work.request_nodes()).is_some() {
            entries(work, argument, &reasons::PARAMS_VALUE)?;
        } else {
            work.unit.unsafe_because(
                value.range(),
                "httpx sends None as an empty value, which requests leaves out, and booleans in lower case",
            );
        }
        name_it(work, request, argument, "params");
        return Ok(());
    }
    with_params(work, request, argument)
}

/// `get(url, params=query)` -> `get(_with_params(url, query))`.
fn with_params<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let call = request.call;
    let refuse =
        |detail: &str| Refusal::with_detail(&reasons::ARGUMENT, argument.value.range(), detail);
    let arguments = request.arguments().unwrap_or_default();
    let url = arguments
        .iter()
        .find(|argument| argument.name == "url")
        .filter(|url| url.value.start() < argument.value.start())
        .ok_or_else(|| refuse("`params=` stands before the URL"))?;
    let url = model.parenthesized_range(ExprRef::from(url.value));
    let value = model.parenthesized_range(ExprRef::from(argument.value));
    let start = argument.keyword.map_or(value.start(), Ranged::start);
    let previous = argument_ranges(work, call)
        .into_iter()
        .rfind(|range| range.end() <= start)
        .ok_or_else(|| refuse("`params=` stands before the URL"))?;
    let helper = &helpers::WITH_PARAMS;
    work.unit.helper(helper, model.id(call))?;
    if model.has_comment(TextRange::new(previous.end(), value.start())) {
        return Err(refuse("a comment stands before `params`"));
    }
    work.unit.edit(Edit::pieces(
        TextRange::new(url.start(), value.end()),
        vec![
            Piece::text(format!("{}(", helper.name)),
            Piece::Source(url),
            Piece::text(", "),
            Piece::Source(value),
            Piece::text(")"),
            Piece::Source(TextRange::new(url.end(), previous.end())),
        ],
    ));
    Ok(())
}

/// Whether both libraries send a query or form alike, as far as shows: a dictionary display or a list of pairs with text
/// and numbers in it.
pub fn is_plain_form(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    if let Expr::List(list) = value {
        return pairs(work, &list.elts).is_some();
    }
    let model = work.model;
    let Some((dict, stored)) = values::dict_of(model, value, &work.request_nodes()) else {
        return false;
    };
    let is_sent = |value: &Expr| {
        literal::boolean(value).is_some()
            || !matches!(value, Expr::NoneLiteral(_)) && values::is_sendable(model, value)
    };
    let is_key = |key: &Expr| matches!(values::type_of(model, key), Type::Text | Type::Number);
    stored.iter().all(|value| is_sent(value))
        && dict
            .items
            .iter()
            .all(|item| item.key.as_ref().is_some_and(is_key) && is_sent(&item.value))
}

/// The query of a session: `session.params = {...}`.
pub fn session_params<'a>(work: &mut Work<'a, '_, '_>, value: &'a Expr) -> Result<(), Refusal> {
    if !is_plain_form(work, value) {
        work.unit.unsafe_because(
            value.range(),
            "httpx sends None as an empty value, which requests leaves out, and booleans in lower case",
        );
    } else if let Expr::Dict(dict) = value {
        for item in &dict.items {
            entry(work, &item.value, &reasons::PARAMS_VALUE)?;
        }
    }
    Ok(())
}

/// A session's own query replaces that of the URL in httpx.
fn check_url<'a>(work: &mut Work<'a, '_, '_>, url: &'a Expr) {
    if values::query_of(work.model, url) != Query::Absent {
        work.unit.unsafe_because(
            url.range(),
            "httpx replaces the query of the URL by the session's: the URL must not hold one",
        );
    }
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
pub fn entry<'a>(
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
pub fn pairs<'a>(work: &Work<'a, '_, '_>, elements: &'a [Expr]) -> Option<()> {
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
        Type::Dict
            if !work.options.is_idiomatic
                && !values::is_plain_mapping(work.model, argument.value)
                && values::dict_of(work.model, argument.value, &work.request_nodes()).is_none() =>
        {
            return unpacked_body(work, request, argument);
        }
        Type::Dict => {
            if !values::is_plain_mapping(work.model, argument.value) {
                entries(work, argument, &reasons::BODY)?;
            }
            "data"
        }
        Type::Unknown if !work.options.is_idiomatic && !is_lazy(argument.value) => {
            return unpacked_body(work, request, argument);
        }
        Type::Unknown if matches!(argument.value, Expr::Name(_) | Expr::Attribute(_)) => {
            return body_of_either_kind(work, request, argument);
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

/// Whether a value is made piece by piece, and is sent that way.
fn is_lazy(value: &Expr) -> bool {
    matches!(value, Expr::Generator(_))
}

/// `data=body` -> `**_body(body)`, where the kind of the body shows at run time.
fn unpacked_body<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let value = model.parenthesized_range(ExprRef::from(argument.value));
    let refuse = || {
        Refusal::with_detail(
            &reasons::BODY,
            argument.value.range(),
            format!("`data={}`", model.slice(argument.value.range())),
        )
    };
    // What is opened here is a file, and is sent as it is read.
    if is_opened(model, argument.value) || argument.is_unpacked {
        return Err(refuse());
    }
    let helper = &helpers::BODY;
    work.unit.helper(helper, model.id(request.call))?;
    let range = argument.keyword.map_or(value, Ranged::range);
    if model.has_comment(TextRange::new(range.start(), value.start())) {
        return Err(refuse());
    }
    work.unit.note(
        value,
        "a file or a generator as body is read at once and sent whole",
    );
    work.unit.edit(Edit::pieces(
        range,
        vec![
            Piece::text(format!("**{}(", helper.name)),
            Piece::Source(argument.value.range()),
            Piece::text(")"),
        ],
    ));
    Ok(())
}

/// Whether a value is a file that is opened in sight.
fn is_opened<'a>(model: &Model<'a>, value: &'a Expr) -> bool {
    let opens = |expr: &Expr| match expr {
        Expr::Call(call) => matches!(
            model.meaning(&call.func).path(),
            Some("builtins.open" | "io.open" | "io.BytesIO" | "io.StringIO")
        ),
        _ => false,
    };
    if opens(values::resolve(model, value)) {
        return true;
    }
    let Expr::Name(name) = value else {
        return false;
    };
    model
        .scopes
        .symbol_of(model.id(name))
        .is_some_and(|symbol| {
            model.scopes.symbol(symbol).bindings.iter().any(|&binding| {
                matches!(model.scopes.binding(binding).kind, BindingKind::With { .. })
            })
        })
}

/// `data=body` of a body that may be form fields or text: which of them it is shows at run time.
fn body_of_either_kind<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let refuse = || {
        Refusal::with_detail(
            &reasons::BODY,
            argument.value.range(),
            format!("`data={}`", model.slice(argument.value.range())),
        )
    };
    let at = model.id(request.call);
    let value = argument.value.range();
    // A file or a generator by its use: what is opened here is neither.
    let resolved = values::resolve(model, argument.value);
    let is_bound = |expr: &Expr| match expr {
        Expr::Name(name) => model.scopes.symbol_of(model.id(name)).is_none_or(|symbol| {
            model.scopes.symbol(symbol).bindings.iter().all(|&binding| {
                matches!(
                    model.scopes.binding(binding).kind,
                    BindingKind::Parameter | BindingKind::Assign { .. }
                )
            })
        }),
        _ => true,
    };
    let is_value =
        matches!(resolved, Expr::Name(_) | Expr::Attribute(_)) && is_bound(argument.value);
    let is_last = !request
        .call
        .arguments
        .args
        .iter()
        .any(|other| other.start() > value.start());
    let free = ["isinstance", "dict"]
        .iter()
        .all(|name| model.is_builtin(name, at));
    if !is_value
        || argument.is_unpacked
        || !free
        || !is_last
        || request.argument("json").is_some()
        || request.argument("files").is_some()
    {
        return Err(refuse());
    }
    let Some(quote) = values::quote_at(model, at) else {
        return Err(refuse());
    };
    work.unit.unsafe_because(
        value,
        "form fields are sent as they are (httpx sends None as an empty value, and booleans in lower case), and what is no dictionary as content: a file, a generator or pairs fail",
    );
    let text = model.slice(value);
    let range = argument.keyword.map_or(value, Ranged::range);
    work.unit.edit(Edit::replace(
        range,
        format!(
            "**({{{quote}data{quote}: {text}}} if isinstance({text}, dict) else {{{quote}content{quote}: {text}}})"
        ),
    ));
    Ok(())
}

/// Headers that a request has whatever its client says.
const FIXED: &[&str] = &[
    "accept-encoding",
    "content-length",
    "content-type",
    "host",
    "user-agent",
];

fn headers<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let model = work.model;
    let refuse = |value: &Expr| {
        Refusal::with_detail(
            &reasons::HEADERS,
            value.range(),
            format!("`{}`", model.slice(value.range())),
        )
    };
    let Expr::Dict(dict) = values::resolve(model, argument.value) else {
        name_it(work, request, argument, "headers");
        return Ok(());
    };
    let is_here = argument.value.is_dict_expr() && !argument.is_unpacked;
    let is_latin = |text: &str| text.chars().all(|c| u32::from(c) < 256);
    let mut encodes = false;
    for item in &dict.items {
        let text = literal::string(&item.value);
        if text.is_some_and(|text| !text.is_ascii()) {
            if !is_here || !text.is_some_and(is_latin) {
                return Err(refuse(&item.value));
            }
            encodes = true;
        }
        if literal::is_none(&item.value) {
            let name = item.key.as_ref().and_then(literal::string);
            let is_free = name.is_some_and(|name| !FIXED.contains(&name.to_lowercase().as_str()));
            if !is_here || !is_free {
                return Err(refuse(&item.value));
            }
        }
    }
    if encodes {
        let quote = quote(work, request.call)?;
        work.unit.edit(Edit::surround(
            argument.value.range(),
            "httpx.Headers(",
            format!(", encoding={quote}latin-1{quote})"),
            Layer::Wrap,
        ));
    }
    let gone = dict
        .items
        .iter()
        .filter(|item| literal::is_none(&item.value))
        .count();
    if gone > 0 && gone == dict.len() {
        return drop_it(work, request, argument);
    }
    if gone > 0 {
        drop_items(work, dict)?;
    }
    name_it(work, request, argument, "headers");
    Ok(())
}

/// Drops the entries of a dictionary display that are None, where others stay: each run of them with the comma behind it, or
/// with the one before it at the end.
fn drop_items(work: &mut Work<'_, '_, '_>, dict: &ExprDict) -> Result<(), Refusal> {
    let start = |index: usize| {
        let item = &dict.items[index];
        item.key.as_ref().map_or(item.value.start(), Ranged::start)
    };
    let mut index = 0;
    while index < dict.len() {
        let run = dict.items[index..]
            .iter()
            .take_while(|item| literal::is_none(&item.value))
            .count();
        if run == 0 {
            index += 1;
            continue;
        }
        let behind = index + run;
        let span = if behind < dict.len() {
            TextRange::new(start(index), start(behind))
        } else {
            TextRange::new(
                dict.items[index - 1].value.end(),
                dict.items[behind - 1].value.end(),
            )
        };
        if work.model.has_comment(span) {
            return Err(Refusal::at(
                &reasons::HEADERS,
                dict.items[index].value.range(),
            ));
        }
        work.unit.edit(Edit::delete(span));
        index = behind;
    }
    Ok(())
}

/// The headers that a request leaves out, as they stand in the source: those that its client may have.
fn removed(work: &Work<'_, '_, '_>, request: &Request<'_>) -> Vec<String> {
    let Some(Expr::Dict(dict)) = request.argument("headers") else {
        return Vec::new();
    };
    let names = dict
        .items
        .iter()
        .filter(|item| literal::is_none(&item.value))
        .filter_map(|item| item.key.as_ref());
    names
        .filter(|key| {
            let name = literal::string(key).unwrap_or_default().to_lowercase();
            request.is_session || matches!(name.as_str(), "accept" | "connection")
        })
        .map(|key| work.model.slice(key.range()).to_string())
        .collect()
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
