//! The calls: verbs, positional and keyword arguments.

use ruff_python_ast::{Expr, ExprRef};
use ruff_text_size::{Ranged, TextRange};

use super::{helpers, session};
use crate::codemod::Refusal;
use crate::codemods::requests_to_httpx::calls::{self, Argument, Request, Verb};
use crate::codemods::requests_to_httpx::names::{self, Kind};
use crate::codemods::requests_to_httpx::reasons;
use crate::codemods::requests_to_httpx::values::{self, Type};
use crate::codemods::requests_to_httpx::work::Work;
use crate::edit::{Edit, Piece};
use crate::semantic::literal;
use crate::unit::ImportRequest;

/// Rewrites one request. `has_timeout` says that the client was told how long to wait.
pub fn rewrite<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    has_timeout: bool,
) -> Result<(), Refusal> {
    let model = work.model;
    let call = request.call;
    let are_known = request.forwarded.is_none() && request.options.is_empty();
    let Some(arguments) = request.arguments().filter(|_| are_known) else {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            call.arguments.range(),
            work.quoted(call.func.range()),
        ));
    };
    let refuse = |range: TextRange, detail: &str| {
        Refusal::with_detail(&reasons::ARGUMENT, range, detail.to_string())
    };
    if matches!(request.verb, Verb::Named { .. }) {
        return Err(refuse(call.func.range(), "the verb is not visible"));
    }
    let Some(url) = request.argument("url") else {
        return Err(refuse(call.range(), "no URL is passed"));
    };
    if model.has_comment(call.func.range()) {
        return Err(refuse(
            call.func.range(),
            "a comment stands inside the name of the call",
        ));
    }
    check_url(work, url);
    let mut extra: Vec<String> = Vec::new();
    for argument in &arguments {
        one(work, request, argument, has_timeout)?;
    }
    if needs_no_type(work, request) {
        let quote = values::quote_at(model, model.id(call)).ok_or_else(|| {
            refuse(
                call.range(),
                "the call stands in nested f-strings that use both quotes",
            )
        })?;
        extra.push(format!("skip_auto_headers=({quote}Content-Type{quote},)"));
    }
    if let Some(last) = calls::last_argument(work, call)
        && !extra.is_empty()
    {
        work.unit.edit(Edit::insert(
            last.end(),
            call.arguments.range(),
            format!(", {}", extra.join(", ")),
        ));
    }
    if !request.is_session
        && let Expr::Attribute(_) | Expr::Name(_) = call.func.as_ref()
    {
        let verb = request.verb.name();
        let name = format!("{}.{verb}", work.client);
        work.unit.rename(model.id(call.func.as_ref()), name);
    }
    Ok(())
}

fn refused(work: &Work<'_, '_, '_>, argument: &Argument<'_>, why: &str) -> Refusal {
    let range = argument
        .keyword
        .map_or(argument.value.range(), Ranged::range);
    let detail = if why.is_empty() {
        work.quoted(range)
    } else {
        format!("{}: {why}", work.quoted(range))
    };
    Refusal::with_detail(&reasons::ARGUMENT, range, detail)
}

/// A URL whose text shows escapes that aiohttp undoes, or blanks in its query.
fn check_url<'a>(work: &mut Work<'a, '_, '_>, url: &'a Expr) {
    let literals = values::literals(work.model, url);
    let mut in_query = false;
    for text in literals {
        let mut rest = text;
        while let Some(at) = rest.find(['%', '?', ' ']) {
            let found = &rest[at..];
            in_query |= found.starts_with('?');
            let is_undone = found.starts_with('%')
                && found
                    .get(1..3)
                    .is_some_and(|code| is_undone(code, in_query));
            if is_undone || in_query && found.starts_with(' ') {
                work.unit.unsafe_because(
                    url.range(),
                    "aiohttp writes the escapes of a URL anew: `%2C` becomes `,`, and a blank in the query `+`",
                );
                return;
            }
            rest = &found[1..];
        }
    }
}

/// Whether aiohttp writes the character of a percent escape as it is, where requests leaves the escape.
fn is_undone(code: &str, in_query: bool) -> bool {
    let Ok(byte) = u8::from_str_radix(code, 16) else {
        return false;
    };
    match byte {
        b'!' | b'$' | b'\'' | b'(' | b')' | b'*' | b',' | b':' | b'@' => true,
        b'/' | b'?' => in_query,
        b'&' | b';' | b'=' | b'+' => !in_query,
        _ => false,
    }
}

fn one<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
    has_timeout: bool,
) -> Result<(), Refusal> {
    let value = argument.value;
    // The entries of a dictionary stay as they are.
    if argument.is_unpacked && !matches!(argument.name, "headers" | "json") {
        return Err(Refusal::with_detail(
            &reasons::STARRED,
            request.call.arguments.range(),
            format!("`{}` in the dictionary", argument.name),
        ));
    }
    let is_none = literal::is_none(value);
    match argument.name {
        "url" | "method" | "allow_redirects" => {}
        "params" => return form(work, request, argument, &reasons::PARAMS_VALUE),
        "data" => return data(work, request, argument),
        "json" => {
            let data = request.argument("data");
            if data.is_some_and(|data| !literal::is_none(data)) && !is_none {
                return Err(body(work, argument, "both `data=` and `json=`"));
            }
        }
        "headers" => headers(work, value)?,
        "cookies" if !is_none => cookies(work, argument)?,
        "auth" if !is_none => {
            let text = session::authentication(work, value)?;
            let range = whole(work, value);
            work.unit.edit(Edit::replace(range, text));
        }
        "timeout" if is_none || has_timeout => return calls::drop_it(work, request, argument),
        "timeout" => {
            let text = timeout(work, value)?;
            let range = whole(work, value);
            work.unit.edit(Edit::replace(range, text));
        }
        "stream" if literal::boolean(value).is_some() => {
            return calls::drop_it(work, request, argument);
        }
        "verify" if is_none || literal::boolean(value) == Some(true) => {
            return calls::drop_it(work, request, argument);
        }
        "verify" => {
            let text = verification(work, argument)?;
            return keyword(work, argument, &text);
        }
        "proxies" if !is_none => {
            let proxy = proxy(work, argument)?;
            return keyword(work, argument, &proxy);
        }
        "files" if !is_none => {
            return Err(Refusal::at(&reasons::FILES, value.range()));
        }
        "files" | "proxies" | "cert" | "hooks" if is_none => {
            return calls::drop_it(work, request, argument);
        }
        "cookies" | "auth" => {}
        _ => return Err(refused(work, argument, "")),
    }
    calls::name_it(work, request, argument, argument.name);
    Ok(())
}

fn body(work: &Work<'_, '_, '_>, argument: &Argument<'_>, why: &str) -> Refusal {
    let mut refusal = refused(work, argument, why);
    refusal.reason = &reasons::BODY;
    refusal
}

/// The span of a value with its parentheses.
fn whole<'a>(work: &Work<'a, '_, '_>, value: &'a Expr) -> TextRange {
    work.model.parenthesized_range(ExprRef::from(value))
}

/// Replaces a keyword and its value.
fn keyword(
    work: &mut Work<'_, '_, '_>,
    argument: &Argument<'_>,
    text: &str,
) -> Result<(), Refusal> {
    let Some(keyword) = argument.keyword else {
        return Err(refused(work, argument, "it is positional"));
    };
    if work.model.has_comment(keyword.range()) {
        return Err(refused(work, argument, "a comment stands inside"));
    }
    work.unit.edit(Edit::replace(keyword.range(), text));
    Ok(())
}

/// A query or form: aiohttp takes no None and no booleans in a query, and sends them as text in a form. What does not show
/// to be text and numbers goes through `_pairs`.
fn form<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
    reason: &'static crate::unit::Reason,
) -> Result<(), Refusal> {
    let model = work.model;
    let value = argument.value;
    // aiohttp escapes `%` in text once more, and reads `+` as a blank.
    let is_text = literal::string(value).is_some_and(|text| !text.contains(['%', '+', ' ', '#']));
    if literal::is_none(value) || is_text || calls::is_plain_form(work, value) {
        if let Some((dict, stored)) = values::dict_of(model, value, &work.request_nodes()) {
            for value in dict.items.iter().map(|item| &item.value).chain(stored) {
                calls::entry(work, value, reason)?;
            }
        }
    } else if work.options.is_idiomatic {
        work.unit.unsafe_because(
            value.range(),
            "aiohttp takes no None and no booleans in a query, and sends them as text in a form; requests leaves None out",
        );
    } else {
        let range = whole(work, value);
        work.unit.helper(&helpers::PAIRS, model.id(request.call))?;
        work.unit.edit(Edit::pieces(
            range,
            vec![
                Piece::text(match argument.keyword {
                    Some(_) => format!("{}(", helpers::PAIRS.name),
                    None => format!("{}={}(", argument.name, helpers::PAIRS.name),
                }),
                Piece::Source(value.range()),
                Piece::text(")"),
            ],
        ));
        return Ok(());
    }
    calls::name_it(work, request, argument, argument.name);
    Ok(())
}

fn data<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
    argument: &Argument<'a>,
) -> Result<(), Refusal> {
    let value = argument.value;
    match values::type_of(work.model, value) {
        _ if literal::is_none(value) => {}
        Type::Dict => return form(work, request, argument, &reasons::BODY),
        // A file reads like bytes, and is sent in another way.
        Type::Text | Type::Bytes => {}
        _ if matches!(value, Expr::List(list) if calls::pairs(work, &list.elts).is_some()) => {}
        Type::Unknown if matches!(value, Expr::Name(_) | Expr::Attribute(_)) => {
            work.unit.unsafe_because(
                value.range(),
                "None in form fields is sent as text, and text or a file that has no content type gets one",
            );
        }
        _ => return Err(body(work, argument, "its kind does not show")),
    }
    calls::name_it(work, request, argument, "data");
    Ok(())
}

/// Whether a body has no content type in requests and gets one in aiohttp: text, bytes, and the empty one of a POST.
fn needs_no_type(work: &Work<'_, '_, '_>, request: &Request<'_>) -> bool {
    if work.options.is_idiomatic {
        return false;
    }
    let has = |name: &str| {
        request
            .argument(name)
            .is_some_and(|value| !literal::is_none(value))
    };
    if has("json") || has("files") {
        return false;
    }
    if let Some(Expr::Dict(dict)) = request
        .argument("headers")
        .map(|headers| values::resolve(work.model, headers))
    {
        let names_it = dict.items.iter().any(|item| {
            item.key
                .as_ref()
                .and_then(literal::string)
                .is_some_and(|key| key.eq_ignore_ascii_case("content-type"))
        });
        if names_it {
            return false;
        }
    }
    match request.argument("data").filter(|_| has("data")) {
        Some(data) => matches!(values::type_of(work.model, data), Type::Text | Type::Bytes),
        None => match request.verb {
            Verb::Post | Verb::Put | Verb::Patch => true,
            Verb::Request => request
                .argument("method")
                .and_then(literal::string)
                .is_none_or(|method| {
                    ["post", "put", "patch"].contains(&method.to_ascii_lowercase().as_str())
                }),
            _ => false,
        },
    }
}

fn headers<'a>(work: &Work<'a, '_, '_>, value: &'a Expr) -> Result<(), Refusal> {
    let Expr::Dict(dict) = values::resolve(work.model, value) else {
        return Ok(());
    };
    for item in &dict.items {
        let is_text = literal::string(&item.value).is_none_or(str::is_ascii)
            && !matches!(item.value, Expr::BytesLiteral(_))
            && !literal::is_none(&item.value);
        if !is_text {
            return Err(Refusal::with_detail(
                &reasons::HEADERS,
                item.value.range(),
                work.quoted(item.value.range()),
            ));
        }
    }
    Ok(())
}

/// Cookies of a call: aiohttp puts values in quotes that have other characters than these.
fn cookies<'a>(work: &mut Work<'a, '_, '_>, argument: &Argument<'a>) -> Result<(), Refusal> {
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
    };
    let shows = matches!(
        values::resolve(work.model, argument.value),
        Expr::Dict(dict) if dict.items.iter().all(|item| literal::string(&item.value).is_some_and(is_plain))
    );
    if !shows {
        work.unit.unsafe_because(
            argument.value.range(),
            "aiohttp puts the value of a cookie in quotes if it has characters like `=` or `/`",
        );
    }
    Ok(())
}

/// `timeout=5` -> `aiohttp.ClientTimeout(sock_connect=5, sock_read=5)`.
pub fn timeout(work: &mut Work<'_, '_, '_>, value: &Expr) -> Result<String, Refusal> {
    let model = work.model;
    let refuse = |detail: &str| {
        Refusal::with_detail(
            &reasons::ARGUMENT,
            value.range(),
            format!("{}: {detail}", work.quoted(value.range())),
        )
    };
    let limits = |connect: Option<&Expr>, read: Option<&Expr>| {
        let mut limits = Vec::new();
        for (name, limit) in [("sock_connect", connect), ("sock_read", read)] {
            if let Some(limit) = limit.filter(|limit| !literal::is_none(limit)) {
                limits.push(format!("{name}={}", model.slice(limit.range())));
            }
        }
        format!("aiohttp.ClientTimeout({})", limits.join(", "))
    };
    match values::resolve(model, value) {
        Expr::Tuple(pair) => {
            let [connect, read] = &*pair.elts else {
                return Err(refuse("it is no pair"));
            };
            if !std::ptr::eq(values::resolve(model, value), value) {
                let name = model.slice(value.range());
                return Ok(format!(
                    "aiohttp.ClientTimeout(sock_connect={name}[0], sock_read={name}[1])"
                ));
            }
            if model.has_comment(value.range()) {
                return Err(refuse("a comment stands inside"));
            }
            Ok(limits(Some(connect), Some(read)))
        }
        resolved
            if values::type_of(model, resolved) == Type::Number && literal::is_plain(value) =>
        {
            Ok(limits(Some(value), Some(value)))
        }
        _ if literal::is_plain(value) && !matches!(value, Expr::StringLiteral(_)) => {
            if values::type_of(model, value) != Type::Number && !has_number(work, value) {
                work.unit.unsafe_because(
                    value.range(),
                    "a pair as `timeout` would need another form: `aiohttp.ClientTimeout` takes numbers and None",
                );
            }
            Ok(limits(Some(value), Some(value)))
        }
        _ => Err(refuse("its kind does not show")),
    }
}

/// Whether a name is a parameter whose default is a number.
fn has_number(work: &Work<'_, '_, '_>, value: &Expr) -> bool {
    matches!(
        values::default_of(work.model, value),
        Some(Expr::NumberLiteral(_))
    )
}

/// `verify=False` -> `ssl=False`, and a file of certificates.
fn verification(work: &mut Work<'_, '_, '_>, argument: &Argument<'_>) -> Result<String, Refusal> {
    let model = work.model;
    let value = argument.value;
    match values::resolve(model, value) {
        Expr::BooleanLiteral(_) => Ok(format!("ssl={}", model.slice(value.range()))),
        Expr::StringLiteral(_) => {
            let at = model.id(value);
            work.unit.import(ImportRequest::Module("ssl"), at)?;
            Ok(format!(
                "ssl=ssl.create_default_context(cafile={})",
                model.slice(value.range())
            ))
        }
        Expr::Name(_) if values::is_annotated(model, value, "builtins.bool") => {
            Ok(format!("ssl={}", model.slice(value.range())))
        }
        _ => Err(refused(work, argument, "it may be a path")),
    }
}

/// `proxies={"http": p, "https": p}` -> `proxy=p`.
fn proxy(work: &Work<'_, '_, '_>, argument: &Argument<'_>) -> Result<String, Refusal> {
    let model = work.model;
    let refuse = || refused(work, argument, "not one proxy for `http` and `https`");
    let Expr::Dict(dict) = argument.value else {
        return Err(refuse());
    };
    let mut keys: Vec<&str> = Vec::new();
    let mut texts: Vec<&str> = Vec::new();
    for item in &dict.items {
        keys.extend(item.key.as_ref().and_then(literal::string));
        texts.push(model.slice(item.value.range()));
        let has_scheme = match literal::string(&item.value) {
            Some(proxy) => proxy.starts_with("http://"),
            None => literal::is_plain(&item.value) && !literal::is_none(&item.value),
        };
        if !has_scheme {
            return Err(refuse());
        }
    }
    keys.sort_unstable();
    match (&keys[..], &texts[..]) {
        (["http", "https"], [one, other]) if one == other => Ok(format!("proxy={one}")),
        _ => Err(refuse()),
    }
}

/// Whether a call is one of the classes of requests for authentication.
pub fn authentication_class<'a>(
    work: &Work<'a, '_, '_>,
    call: &'a ruff_python_ast::ExprCall,
) -> Option<String> {
    let mention = work.mention(work.model.id(call.func.as_ref()))?;
    matches!(names::kind(work.model, mention), Kind::Auth).then(|| mention.name.clone())
}
