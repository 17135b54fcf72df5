//! The client: its text, its name and the block that it lives in.

use ruff_python_ast::{AnyNodeRef, Expr, UnaryOp};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::calls::Request;
use super::work::Work;
use super::{helpers, hooks, reasons, values};
use crate::codemod::{Refusal, Settings};
use crate::colour;
use crate::config::{HttpClient, HttpStyle};
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, literal};
use crate::unit::ImportRequest;

/// What a client is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `httpx.AsyncClient()`, with the defaults of httpx.
    pub is_idiomatic: bool,
    /// What else it is told, as source text.
    pub others: Vec<String>,
    /// Whether responses have the encoding that requests gives them.
    pub has_encoding: bool,
}

impl Options {
    /// The options of every client.
    pub fn new(settings: &Settings) -> Self {
        Self {
            is_idiomatic: settings.http_style == HttpStyle::Idiomatic,
            others: Vec::new(),
            has_encoding: false,
        }
    }

    /// The constructor.
    pub fn text(&self) -> String {
        let mut arguments: Vec<&str> = Vec::new();
        if !self.is_idiomatic {
            // The defaults of requests: no timeout, 30 redirects.
            arguments.extend(["timeout=None", "follow_redirects=True", "max_redirects=30"]);
        }
        arguments.extend(self.others.iter().map(String::as_str));
        let hooks = format!("event_hooks={{\"response\": [{}]}}", helpers::ENCODING.name);
        if self.has_encoding {
            arguments.push(&hooks);
        }
        format!("httpx.AsyncClient({})", arguments.join(", "))
    }
}

/// A block that a client lives in: from the first to the last statement, of one body.
#[derive(Clone, Debug)]
pub struct Block {
    /// The first statement.
    pub first: NodeId,
    /// The last statement.
    pub last: NodeId,
    /// The first line.
    pub header: String,
    /// Whether the header takes the place of the first statement.
    pub replaces_first: bool,
    /// Code of the first statement that the new one keeps: then the header is the name for its value.
    pub keeps: Option<TextRange>,
}

/// Gives the clients of a file that asks for encodings the hook that sets them.
pub fn encodings(work: &mut Work<'_, '_, '_>, at: NodeId) -> Result<(), Refusal> {
    if !work.facts.asks_encoding || work.options.is_idiomatic {
        return Ok(());
    }
    let has_hooks = work
        .client_arguments
        .iter()
        .any(|(name, _)| *name == "hooks");
    if has_hooks || work.model.text.contains(".hooks") {
        return Ok(());
    }
    work.unit.helper(&helpers::ENCODING, at)?;
    work.options.has_encoding = true;
    Ok(())
}

/// A name that is free wherever a request stands: `base`, if it is.
/// `others` are more nodes that it must be free at.
pub fn name(model: &Model<'_>, base: &str, requests: &[Request<'_>], others: &[NodeId]) -> String {
    let calls: Vec<NodeId> = requests
        .iter()
        .map(|request| model.id(request.call))
        .chain(others.iter().copied())
        .collect();
    model.free_name_at(base, &calls)
}

/// The blocks for the requests of the module: one from the first to the last statement that calls, outside of loops. Where
/// cookies may matter, or the requests tell their clients different things, each has a client of its own.
pub fn blocks(work: &mut Work<'_, '_, '_>) -> Result<Vec<Block>, Refusal> {
    let calls: Vec<NodeId> = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .map(|request| work.model.id(request.call))
        .chain(work.handed.iter().copied())
        .collect();
    let differ = !work
        .client_arguments
        .len()
        .is_multiple_of(calls.len().max(1))
        || work.client_arguments.iter().any(|(name, value)| {
            let text = work.model.slice(value.range());
            work.client_arguments
                .iter()
                .any(|(other, its)| other == name && work.model.slice(its.range()) != text)
        });
    if calls.len() > 1
        && (differ || names_cookies(work))
        && let Some(runs) = runs_apart(work, &calls)
    {
        work.is_apart = true;
        let mut blocks = Vec::new();
        for (first, last) in runs {
            let range = TextRange::new(
                work.model.nodes.range(first).start(),
                work.model.nodes.range(last).end(),
            );
            let own: Vec<(&str, &Expr)> = work
                .client_arguments
                .iter()
                .copied()
                .filter(|(_, value)| range.contains_range(value.range()))
                .collect();
            let mut options = work.options.clone();
            options.others = arguments(work, first, &own, 1)?;
            blocks.push(Block {
                first,
                last,
                header: colour::async_with_header(&format!(
                    "{} as {}",
                    options.text(),
                    work.client
                )),
                replaces_first: false,
                keeps: None,
            });
        }
        return Ok(blocks);
    }
    Ok(shared_block(work)?.into_iter().collect())
}

/// Whether the function has a word for cookies, so that those which a server sets may matter.
fn names_cookies(work: &Work<'_, '_, '_>) -> bool {
    let range = work.model.nodes.range(work.function());
    work.model
        .slice(range)
        .to_ascii_lowercase()
        .contains("cookie")
}

/// The statements of each request, where no two requests share one and none is made again and again by its statement.
fn runs_apart(work: &Work<'_, '_, '_>, calls: &[NodeId]) -> Option<Vec<(NodeId, NodeId)>> {
    let model = work.model;
    let mut runs: Vec<(NodeId, NodeId)> = Vec::new();
    for &call in calls {
        let statement = model.statement_of(call);
        let repeats = matches!(
            model.nodes.get(statement),
            AnyNodeRef::StmtWhile(_) | AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
        ) || model
            .nodes
            .ancestors(call)
            .take_while(|&at| at != statement)
            .any(|at| {
                matches!(
                    model.nodes.get(at),
                    AnyNodeRef::ExprListComp(_)
                        | AnyNodeRef::ExprSetComp(_)
                        | AnyNodeRef::ExprDictComp(_)
                        | AnyNodeRef::ExprGenerator(_)
                        | AnyNodeRef::ExprLambda(_)
                )
            });
        if repeats || model.runner(call) != work.runner {
            return None;
        }
        let run = match work.streamed(call) {
            Some(streamed) => model.common_run(&[call, streamed.run.0, streamed.run.1])?,
            None => (statement, statement),
        };
        runs.push(run);
    }
    runs.sort_unstable();
    let are_apart = runs
        .windows(2)
        .all(|pair| model.nodes.range(pair[0].1).end() <= model.nodes.range(pair[1].0).start());
    are_apart.then_some(runs)
}

fn shared_block(work: &mut Work<'_, '_, '_>) -> Result<Option<Block>, Refusal> {
    let model = work.model;
    let calls: Vec<NodeId> = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .map(|request| model.id(request.call))
        .chain(work.handed.iter().copied())
        .collect();
    let Some(&anchor) = calls.first() else {
        return Ok(None);
    };
    // A stream needs its client as long as it is read.
    let mut calls = calls.clone();
    for call in calls.clone() {
        if let Some(streamed) = work.streamed(call) {
            calls.extend([streamed.run.0, streamed.run.1]);
        }
    }
    let (first, last) = model
        .block_of(work.function(), &calls)
        .ok_or_else(|| Refusal::at(&reasons::NO_PLACE, model.nodes.range(anchor)))?;
    let mut options = work.options.clone();
    let count = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .count();
    let all = work.client_arguments.clone();
    options.others = arguments(work, first, &all, count)?;
    Ok(Some(Block {
        first,
        last,
        header: colour::async_with_header(&format!("{} as {}", options.text(), work.client)),
        replaces_first: false,
        keeps: None,
    }))
}

/// The arguments of `count` requests that become the client's, where all requests agree and the values are there before the
/// first.
fn arguments(
    work: &mut Work<'_, '_, '_>,
    first: NodeId,
    all: &[(&str, &Expr)],
    count: usize,
) -> Result<Vec<String>, Refusal> {
    let model = work.model;
    let mut found: Vec<Setting<'_>> = Vec::new();
    for &(name, value) in all {
        let refuse = |why: &str| {
            Refusal::with_detail(
                &reasons::ARGUMENT,
                value.range(),
                format!("`{name}=` of requests that share a client {why}"),
            )
        };
        let same: Vec<&(&str, &Expr)> = all.iter().filter(|(other, _)| *other == name).collect();
        let text = model.slice(value.range());
        if same.len() != count
            || same
                .iter()
                .any(|(_, other)| model.slice(other.range()) != text)
        {
            return Err(refuse("differs between them"));
        }
        let is_there = literal::is_plain(value)
            || match name {
                "hooks" => hooks::is_settled(value),
                "proxies" | "cert" => is_display(value),
                _ => false,
            };
        if !is_there || !is_settled(model, value, first) {
            return Err(refuse("is made where the client is there already"));
        }
        if !found.iter().any(|other| other.name == name) {
            found.push(Setting::always(name, value));
        }
    }
    texts(work, &found, first)
}

/// What a client is told when it is made.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Its name in requests.
    pub name: &'a str,
    /// The value.
    pub value: &'a Expr,
    /// What must be true for it; `None` where it always holds.
    pub test: Option<&'a Expr>,
}

impl<'a> Setting<'a> {
    /// One that always holds.
    pub fn always(name: &'a str, value: &'a Expr) -> Self {
        let test = None;
        Self { name, value, test }
    }

    /// An argument of the client, `name=value`, with what httpx does by default where the setting does not hold.
    fn argument(&self, model: &Model<'_>, text: String) -> String {
        match text.split_once('=') {
            Some((name, value)) if self.test.is_some() => {
                let default = match name {
                    "verify" | "trust_env" => "True",
                    _ => "None",
                };
                format!("{name}={}", self.or(model, value, default))
            }
            _ => text,
        }
    }

    /// Its value as text, or a default where it does not hold.
    fn or(&self, model: &Model<'_>, value: &str, default: &str) -> String {
        let Some(test) = self.test else {
            return value.to_string();
        };
        let asked = model.slice(test.range());
        match (test, value, default) {
            (Expr::UnaryOp(not), "False", "True") if not.op == UnaryOp::Not => {
                format!("bool({})", model.slice(not.operand.range()))
            }
            (Expr::Name(_) | Expr::Attribute(_), "False", "True") => format!("not {asked}"),
            (_, _, "None") if asked == value => format!("{value} or None"),
            (_, _, "None") if asked == format!("{value} is not None") => value.to_string(),
            _ => format!("{value} if {asked} else {default}"),
        }
    }
}

/// The arguments of a client, from those of requests or the attributes of a session: one for each name. The client is made at
/// a node.
pub fn texts(
    work: &mut Work<'_, '_, '_>,
    found: &[Setting<'_>],
    at: NodeId,
) -> Result<Vec<String>, Refusal> {
    let model = work.model;
    let mut texts = Vec::new();
    let of = |wanted: &str| found.iter().find(|setting| setting.name == wanted);
    let verify = match (of("verify"), of("cert")) {
        (verify, Some(cert)) => Some(certificate(work, verify, cert, at)?),
        (Some(verify), None) => {
            let text = argument(work, "verify", verify.value)?;
            Some(verify.argument(model, text))
        }
        (None, None) => None,
    };
    texts.extend(verify.clone());
    for setting in found {
        let text = match setting.name {
            "verify" | "cert" => continue,
            "proxies" => proxies(work, setting.value, verify.as_deref(), at)?,
            name => argument(work, name, setting.value)?,
        };
        texts.push(setting.argument(model, text));
    }
    Ok(texts)
}

/// `verify=` and `cert=`: httpx takes both as one.
fn certificate(
    work: &mut Work<'_, '_, '_>,
    verify: Option<&Setting<'_>>,
    cert: &Setting<'_>,
    at: NodeId,
) -> Result<String, Refusal> {
    let helper = if work.context.settings.http_client == HttpClient::Httpx2 {
        &helpers::VERIFY_HTTPX2
    } else {
        &helpers::VERIFY
    };
    work.unit.helper(helper, at)?;
    let model = work.model;
    let text = |setting: &Setting<'_>, default: &str| {
        setting.or(model, model.slice(setting.value.range()), default)
    };
    let verify = verify.map_or("True".to_string(), |verify| text(verify, "True"));
    let cert = text(cert, "None");
    Ok(format!("verify={}({verify}, {cert})", helper.name))
}

/// `proxies=`: one proxy for all, or a transport for each.
fn proxies(
    work: &mut Work<'_, '_, '_>,
    value: &Expr,
    verify: Option<&str>,
    at: NodeId,
) -> Result<String, Refusal> {
    if let Some(text) = one_proxy(work, value)? {
        return Ok(text);
    }
    let helper = if work.context.settings.http_client == HttpClient::Httpx2 {
        &helpers::MOUNTS_HTTPX2
    } else {
        &helpers::MOUNTS
    };
    work.unit.helper(helper, at)?;
    work.unit.unsafe_because(
        value.range(),
        "`NO_PROXY` of the environment counts before the proxies that are named, which it does not in requests",
    );
    let text = work.model.slice(value.range());
    let verify = verify.map_or(String::new(), |verify| format!(", {verify}"));
    Ok(format!("mounts={}({text}{verify})", helper.name))
}

/// Whether every name in an expression has its value before a statement, and keeps it.
pub fn is_settled(model: &Model<'_>, value: &Expr, before: NodeId) -> bool {
    model.nodes.subtree(model.id(value)).all(|node| {
        !matches!(model.nodes.get(node), AnyNodeRef::ExprName(_))
            || is_settled_name(model, node, before)
    })
}

/// Whether a name has its value before a statement, and keeps it.
pub fn is_settled_name(model: &Model<'_>, name: NodeId, before: NodeId) -> bool {
    let start = model.nodes.range(before).start();
    let Some(symbol) = model.scopes.symbol_of(name) else {
        return true;
    };
    model.scopes.symbol(symbol).bindings.iter().all(|&binding| {
        let at = model.scopes.binding(binding).node;
        model.nodes.range(at).end() <= start || model.runner(at) != model.runner(before)
    })
}

/// Whether a value is a dictionary or tuple display of plain values.
fn is_display(value: &Expr) -> bool {
    match value {
        Expr::Dict(dict) => dict.items.iter().all(|item| {
            item.key.as_ref().is_some_and(literal::is_plain) && literal::is_plain(&item.value)
        }),
        Expr::Tuple(tuple) => tuple.elts.iter().all(literal::is_plain),
        _ => false,
    }
}

/// One argument of a client, from the argument of a request or the attribute of a session.
fn argument(work: &mut Work<'_, '_, '_>, name: &str, value: &Expr) -> Result<String, Refusal> {
    let model = work.model;
    let text = model.slice(value.range());
    match name {
        "verify" => match values::resolve(model, value) {
            Expr::StringLiteral(path) => {
                let at = model.id(value);
                work.unit.import(ImportRequest::Module("ssl"), at)?;
                let path = model.slice(path.range());
                Ok(format!("verify=ssl.create_default_context(cafile={path})"))
            }
            resolved => {
                if !is_flag(model, resolved) {
                    work.unit.unsafe_because(
                        value.range(),
                        "the path of a certificate as `verify` is deprecated in httpx, and None stands for True in requests",
                    );
                }
                Ok(format!("verify={text}"))
            }
        },
        "hooks" => hooks::argument(work, value),
        _ => Ok(format!("{name}={text}")),
    }
}

/// The argument for one proxy that a dictionary display names for both schemes.
fn one_proxy(work: &mut Work<'_, '_, '_>, value: &Expr) -> Result<Option<String>, Refusal> {
    let model = work.model;
    let Expr::Dict(dict) = values::resolve(model, value) else {
        return Ok(None);
    };
    let of = |scheme: &str| {
        let found = dict
            .items
            .iter()
            .find(|item| item.key.as_ref().and_then(literal::string) == Some(scheme));
        found.map(|item| &item.value)
    };
    let (2, Some(http), Some(https)) = (dict.items.len(), of("http"), of("https")) else {
        return Ok(None);
    };
    if model.slice(http.range()) != model.slice(https.range()) {
        return Ok(None);
    }
    let text = model.slice(http.range());
    match literal::string(http) {
        Some(proxy) if !proxy.contains("://") => Ok(Some(format!("proxy=\"http://{proxy}\""))),
        Some(_) => Ok(Some(format!("proxy={text}"))),
        None if literal::is_none(http) || !literal::is_plain(http) => Ok(None),
        None => {
            work.unit.unsafe_because(
                http.range(),
                "the proxy needs its scheme in httpx: `http://host:port`",
            );
            Ok(Some(format!("proxy={text}")))
        }
    }
}

/// Whether a value is True or False.
fn is_flag(model: &Model<'_>, value: &Expr) -> bool {
    match value {
        Expr::BooleanLiteral(_) | Expr::Compare(_) => true,
        Expr::UnaryOp(unary) => unary.op == UnaryOp::Not,
        Expr::Name(_) => values::is_annotated(model, value, "builtins.bool"),
        _ => false,
    }
}

/// Writes the blocks. One that begins in another and ends behind it is made to end with it.
pub fn write(work: &mut Work<'_, '_, '_>, mut blocks: Vec<Block>) -> Result<(), Refusal> {
    let model = work.model;
    blocks.sort_by_key(|block| model.nodes.range(block.first).start());
    let mut changed = true;
    while changed {
        changed = false;
        for inner in 1..blocks.len() {
            for outer in 0..inner {
                let end = |block: &Block| model.nodes.range(block.last).end();
                let begins_inside =
                    model.nodes.range(blocks[inner].first).start() < end(&blocks[outer]);
                if begins_inside && end(&blocks[outer]) < end(&blocks[inner]) {
                    let last = blocks[inner].last;
                    blocks[outer].last = last;
                    changed = true;
                }
            }
        }
    }
    for block in &blocks {
        let range = TextRange::new(
            model.nodes.range(block.first).start(),
            model.nodes.range(block.last).end(),
        );
        note_yields(work, range);
        let edits = if block.replaces_first {
            replace_first(model, block)
        } else {
            model.wrap_statements(block.first, block.last, &block.header)
        };
        let Some(edits) = edits else {
            return Err(Refusal::at(
                &reasons::NO_PLACE,
                model.nodes.range(block.first),
            ));
        };
        work.unit.edits(edits);
        work.unit.runs_in(block.first);
    }
    Ok(())
}

/// The statements become the body of a block whose header takes the place of the first.
fn replace_first(model: &Model<'_>, block: &Block) -> Option<Vec<Edit>> {
    let slot = model.slot(block.first)?;
    let mut edits = slot.breaks;
    let (body, index) = model.suite_of(block.first)?;
    let (_, last) = model.suite_of(block.last)?;
    for at in [index, last] {
        let Some(next) = body.get(at + 1) else {
            continue;
        };
        let gap = TextRange::new(body[at].end(), next.start());
        if !model.slice(gap).contains('\n') {
            edits.push(Edit::line_break(gap, slot.indent.clone()));
        }
    }
    let first = model.nodes.range(block.first);
    // No blank line follows the header.
    if let Some(next) = body.get(index + 1).filter(|_| last > index) {
        let (end, start) = (model.line_end(first.end()), model.line_start(next.start()));
        if end < start && model.slice(TextRange::new(end, start)).trim().is_empty() {
            let gap = model.slice(TextRange::new(end, start));
            let blank = gap.find('\n').map_or(0, |at| at + 1);
            let blank = TextRange::new(end + TextSize::new(blank as u32), start);
            edits.extend((!blank.is_empty()).then(|| Edit::delete(blank)));
        }
    }
    edits.push(match block.keeps {
        Some(code) => Edit::pieces(first, colour::async_with_pieces(code, &block.header)),
        None => Edit::replace(first, block.header.clone()),
    });
    // The header stands where the first statement stood: what is put above it is not moved.
    let rest = model.block_range(block.first, block.last).end();
    edits.push(Edit::indent(TextRange::new(first.end(), rest)));
    Some(edits)
}

/// A consumer may leave a generator where it yields: then the client is closed when the generator is collected.
pub fn note_yields(work: &mut Work<'_, '_, '_>, range: TextRange) {
    let model = work.model;
    if let Some(node) = model.yield_in(range, work.function(), work.runner) {
        work.unit.note(
            model.nodes.range(node),
            "a consumer that stops early leaves the client open until the generator is closed: `contextlib.aclosing` closes it in time",
        );
    }
}
