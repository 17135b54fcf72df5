//! `requests` -> `httpx.AsyncClient`.
//!
//! Everything that one function does with requests is one unit: calls, sessions, their responses, and the clauses that
//! catch their errors. It is taken whole or left whole, at the first thing that is not known to be the same.
//!
//! Sources: <https://www.python-httpx.org/compatibility/>, <https://www.python-httpx.org/async/>, and the source of
//! requests 2.34 and httpx 0.28, compared by running both.

mod adapters;
mod auth;
pub(super) mod calls;
pub(super) mod client;
pub(super) mod codes;
mod containers;
mod doubles;
pub(super) mod exceptions;
mod facts;
mod follow;
mod forwarded;
mod helpers;
mod hooks;
mod multipart;
pub(super) mod names;
mod prepared;
pub(super) mod reasons;
mod response;
mod responses;
pub(super) mod session;
mod stream;
pub(super) mod target;
pub(super) mod values;
mod verbs;
pub(super) mod work;

use ruff_python_ast::{AnyNodeRef, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use self::calls::Request;
use self::client::Options;
use self::facts::Facts;
pub use self::follow::FOLLOWING;
use self::names::{Kind, Mention};
pub use self::responses::FOLLOWING as FOLLOWING_RESPONSES;
use self::target::Target;
use self::verbs::{Value, Values};
use self::work::{Unit, Work};
use crate::codemod::{
    AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder,
};
use crate::config::HttpClient;
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::{Dependency, ImportRequest};
use crate::{colour, judges, solve};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "requests_to_httpx",
    summary: "requests in async functions -> httpx.AsyncClient",
    readme: include_str!("README.md"),
    triggers: &["requests", "import responses", "from responses"],
    role: Role::Seed,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[
        "\"requests.",
        "'requests.",
        "(requests, ",
        "import responses",
        "from responses",
        "requests_mock",
        "(requests.Session, ",
        "(requests.sessions.Session, ",
        "(requests.api, ",
        // `patch.object(api.requests, "get")`, `patch("pkg.api.requests")`
        ".requests, ",
        ".requests.Session, ",
        ".requests.sessions.Session, ",
        ".requests.api, ",
        ".requests\"",
        ".requests'",
        "requests.get = ",
        "requests.post = ",
        "requests.put = ",
        "requests.patch = ",
        "requests.delete = ",
        "requests.head = ",
        "requests.request = ",
        "requests.Session = ",
        "requests.Session.get = ",
        "requests.Session.request = ",
        "requests.Session.send = ",
        "httpretty",
        "betamax",
        "vcr.use_cassette",
        "pytest.mark.vcr",
        "import pook",
        "import mocket",
    ],
    reasons: reasons::REASONS,
    declared: None,
    run,
};

/// What the requests become: an `httpx.AsyncClient`.
static TARGET: Target = Target {
    module: "httpx",
    client: "client",
    exceptions: &exceptions::HTTPX,
    session: session::text,
    close: "aclose",
    rewrite,
    mentions: plain_mentions,
};

fn run(context: &mut Context<'_, '_>) {
    if context.settings.http_client != HttpClient::Aiohttp {
        run_for(context, &TARGET);
    }
}

/// Looks at a file for one of the clients that can take the place of requests.
pub(super) fn run_for(context: &mut Context<'_, '_>, target: &'static Target) {
    let model = context.model;
    if let Some(statement) = star_import(context) {
        context.skip(statement, &reasons::STAR_IMPORT, None);
        return;
    }
    related(context, target);
    let mut mentions = names::mentions(model);
    // Doubles of requests become doubles of httpx only.
    let is_doubled = if target.module == TARGET.module {
        match doubles::migrate(context, &mentions) {
            Ok(None) => false,
            Ok(Some(mut migrated)) => {
                mentions.retain(|mention| !migrated.done.contains(&mention.node));
                catch_tested(context, target, &mentions, &mut migrated);
                mentions.retain(|mention| !migrated.done.contains(&mention.node));
                context.add(migrated.unit);
                false
            }
            Err(refusal) => {
                context.report(TextRange::default(), Err(refusal));
                true
            }
        }
    } else {
        true
    };
    if mentions.is_empty() {
        return;
    }
    let mut facts = Facts::new(model, &mentions);
    facts.double = facts.double.filter(|_| is_doubled);
    outside_functions(context, target, &mentions);
    // By function, in the order of their first mention.
    let mut order: Vec<u32> = Vec::new();
    let mut by_function: FxHashMap<u32, Vec<Mention>> = FxHashMap::default();
    for mention in &mentions {
        if let Runner::Function(index) = mention.runner {
            let own = by_function.entry(index).or_default();
            if own.is_empty() {
                order.push(index);
            }
            own.push(mention.clone());
        }
    }
    let anchors: FxHashMap<u32, TextRange> = by_function
        .iter()
        .filter_map(|(&index, own)| {
            let candidate = own
                .iter()
                .find(|mention| match names::kind(model, mention) {
                    Kind::Request(..) | Kind::VerbValue => true,
                    Kind::Session(_) => {
                        target.module != TARGET.module || !follow::is_followed(context, mention)
                    }
                    // The module itself: `getattr(requests, verb)`.
                    Kind::Other => mention.name.is_empty(),
                    _ => false,
                })?;
            Some((index, model.nodes.range(candidate.node)))
        })
        .collect();
    order.retain(|index| anchors.contains_key(index));
    let handed = handed(model, target, &mentions);
    let mut anchors = anchors;
    if let Some(values) = &handed {
        for runner in values.runners(model) {
            if let Runner::Function(index) = runner
                && !order.contains(&index)
            {
                let node = model.scopes.functions()[index as usize].node;
                anchors.insert(index, model.nodes.range(node));
                order.push(index);
            }
        }
    }
    let mut groups = facts.groups(model, &order);
    if let Some(values) = &handed {
        groups = together(groups, &values.runners(model));
    }
    for indices in groups {
        let group: Vec<Runner> = indices.iter().copied().map(Runner::Function).collect();
        let file = File {
            target,
            facts: &facts,
            mentions: &mentions,
            by_function: &by_function,
            others: facts.raising_besides(&group),
        };
        match unit(context, &file, &group, handed.as_ref()) {
            Ok(builder) => context.add(builder),
            Err(refusal) => {
                let mut range = refusal.range;
                for index in &indices {
                    // The others stay with the one that cannot change.
                    let at = range.take().unwrap_or(anchors[index]);
                    context.skip(at, refusal.reason, refusal.detail.clone());
                }
            }
        }
    }
}

/// The verbs of requests that functions of the file hand on as values, if all their calls are in sight.
fn handed<'a>(model: &Model<'a>, target: &Target, mentions: &[Mention]) -> Option<Values<'a>> {
    let values: Vec<Value<'a>> = mentions
        .iter()
        .filter(|mention| {
            !mention.is_ambiguous
                && matches!(mention.runner, Runner::Function(_))
                && matches!(names::kind(model, mention), Kind::VerbValue)
        })
        .map(|mention| Value::Function(mention.node, mention.name.clone()))
        .collect();
    if values.is_empty() || target.module != TARGET.module {
        return None;
    }
    Values::find(model, values).ok()
}

/// Joins the groups that hold one of these functions.
fn together(groups: Vec<Vec<u32>>, runners: &[Runner]) -> Vec<Vec<u32>> {
    let (joined, mut others): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| {
        group
            .iter()
            .any(|&index| runners.contains(&Runner::Function(index)))
    });
    let whole: Vec<u32> = joined.into_iter().flatten().collect();
    if !whole.is_empty() {
        others.push(whole);
    }
    others
}

/// What the functions of a file share.
struct File<'f> {
    target: &'static Target,
    facts: &'f Facts,
    mentions: &'f [Mention],
    by_function: &'f FxHashMap<u32, Vec<Mention>>,
    /// The names of functions that raise errors of requests and are not of the unit.
    others: FxHashSet<String>,
}

/// One unit of several functions: of one, or of those whose errors one handler waits for.
fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    file: &File<'_>,
    group: &[Runner],
    handed: Option<&Values<'a>>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let names = file.facts.raising(group);
    let catchers = file.facts.catchers_of(&names);
    let mut whole: Option<UnitBuilder<'a, 'c>> = None;
    let mut seen: Vec<NodeId> = Vec::new();
    let mut join = |work: Work<'a, 'c, '_>| {
        let builder = work.unit.finish();
        match &mut whole {
            Some(whole) => whole.absorb(builder),
            None => whole = Some(builder),
        }
    };
    for &runner in group {
        let mut work = function(context, file, group, runner, handed)?;
        work.takes_constants = true;
        seen.extend(handlers(&mut work, &[])?);
        seen.extend(catch(&mut work, &names, &catchers, &seen)?);
        let own = own_mentions(file, runner);
        (file.target.mentions)(&mut work, own)?;
        join(work);
    }
    let mut runners: Vec<Runner> = Vec::new();
    for &node in &catchers {
        let runner = model.runner(node);
        if !group.contains(&runner) && !runners.contains(&runner) {
            runners.push(runner);
        }
    }
    for runner in runners {
        let first = catchers.iter().find(|&&node| model.runner(node) == runner);
        let anchor = first.map_or(TextRange::default(), |&node| model.nodes.range(node));
        let mut work = empty(context, file, group, runner, anchor, Vec::new(), "");
        work.takes_constants = true;
        seen.extend(catch(&mut work, &names, &catchers, &seen)?);
        join(work);
    }
    if let Some(work) = constants(context, file, group, &seen)? {
        join(work);
    }
    facts::check_catchers(model, file.facts, group, &seen)?;
    let mut whole = whole.ok_or_else(|| Refusal::from(&reasons::NO_COUNTERPART))?;
    write_for(context, &mut whole);
    Ok(whole)
}

/// Maps the tuples of exceptions that handlers of a unit name: `except RETRIED`.
///
/// # Errors
/// Something else names one, and would catch what is not raised.
fn constants<'a, 'c, 'w>(
    context: &'w Context<'a, 'c>,
    file: &'w File<'w>,
    group: &'w [Runner],
    seen: &[NodeId],
) -> Result<Option<Work<'a, 'c, 'w>>, Refusal> {
    let model = context.model;
    let is_seen = |node: &NodeId| seen.contains(node);
    let mut all: Vec<&facts::Constant> = file.facts.constants.values().collect();
    all.retain(|constant| constant.handlers.iter().any(is_seen));
    all.sort_unstable_by_key(|constant| constant.statement);
    let Some(first) = all.first() else {
        return Ok(None);
    };
    let anchor = model.nodes.range(first.statement);
    let mut work = empty(context, file, group, Runner::Module, anchor, Vec::new(), "");
    for constant in all {
        let AnyNodeRef::StmtAssign(assign) = model.nodes.get(constant.statement) else {
            continue;
        };
        if !constant.handlers.iter().all(is_seen) || context.is_named_elsewhere(&constant.name) {
            return Err(Refusal {
                reason: &reasons::EXCEPTION,
                range: None,
                detail: Some(format!("`{}` is used elsewhere, too", constant.name)),
            });
        }
        // The tuple stands in no function.
        exceptions::assigned(&mut work, &assign.value).map_err(|refusal| Refusal {
            range: None,
            ..refusal
        })?;
    }
    Ok(Some(work))
}

/// Writes the client that the settings ask for. httpx2 has the API of httpx.
fn write_for<'a, 'c>(context: &Context<'a, 'c>, unit: &mut UnitBuilder<'a, 'c>) {
    if context.settings.http_client == HttpClient::Httpx2 {
        unit.use_module("httpx", "httpx2");
        unit.needs_python(PythonVersion::PY311);
    }
}

fn own_mentions<'f>(file: &File<'f>, runner: Runner) -> &'f [Mention] {
    match runner {
        Runner::Function(index) => file.by_function.get(&index).map_or(&[], Vec::as_slice),
        Runner::Module | Runner::Class => &[],
    }
}

/// Maps the handlers in one function that wait for errors of the unit's functions. The answer: their statements.
fn catch(
    work: &mut Work<'_, '_, '_>,
    names: &FxHashSet<String>,
    catchers: &[NodeId],
    seen: &[NodeId],
) -> Result<Vec<NodeId>, Refusal> {
    let model = work.model;
    let mut found = Vec::new();
    for &node in catchers {
        if model.runner(node) != work.runner || seen.contains(&node) {
            continue;
        }
        if let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) {
            exceptions::migrate_decorators(work, function)?;
        } else {
            let is_manager = judges::manager(model, node).is_some();
            work.named = model
                .nodes
                .subtree(node)
                .filter(|&at| match model.nodes.get(at) {
                    AnyNodeRef::ExprName(_) | AnyNodeRef::ExprAttribute(_) => {
                        facts::name_at(model, at).is_some_and(|name| names.contains(name))
                    }
                    // What runs in the `with`.
                    AnyNodeRef::ExprYield(_) => is_manager,
                    _ => false,
                })
                .collect();
            let responses = exceptions::migrate(work, node)?;
            if !responses.is_empty() {
                response::migrate(work, &responses, &[])?;
            }
            if !work.done.is_empty() {
                work.unit
                    .import(ImportRequest::Module(work.target.module), node)?;
            }
            // A context manager that is told of an exception and is not known.
            if let AnyNodeRef::StmtWith(with) = model.nodes.get(node)
                && !with
                    .items
                    .iter()
                    .all(|item| exceptions::is_mapped(work, item.range()))
            {
                continue;
            }
        }
        work.unit.handles(node);
        found.push(node);
    }
    Ok(found)
}

/// Maps the handlers in a file of doubles that wait for errors of what the file tests: `pytest.raises(requests.HTTPError)`
/// round a call of code that is elsewhere. They become a part of the unit of the doubles; one that cannot be mapped stays,
/// and the code whose errors it waits for with it.
fn catch_tested<'a, 'c>(
    context: &Context<'a, 'c>,
    target: &'static Target,
    mentions: &[Mention],
    migrated: &mut doubles::Migrated<'a, 'c>,
) {
    let model = context.model;
    let facts = Facts::new(model, mentions);
    let file = File {
        target,
        facts: &facts,
        mentions,
        by_function: &FxHashMap::default(),
        others: FxHashSet::default(),
    };
    for node in facts.catchers_of_others() {
        let runner = model.runner(node);
        let mut work = empty(
            context,
            &file,
            &[],
            runner,
            model.nodes.range(node),
            Vec::new(),
            "",
        );
        if let Ok(found) = catch(&mut work, &FxHashSet::default(), &[node], &[])
            && !found.is_empty()
        {
            migrated.done.extend(work.done.iter().copied());
            let mut unit = work.unit.finish();
            write_for(context, &mut unit);
            migrated.unit.absorb(unit);
        }
    }
}

/// `from requests import *`.
fn star_import(context: &Context<'_, '_>) -> Option<TextRange> {
    context
        .model
        .parsed
        .syntax()
        .body
        .iter()
        .find_map(|stmt| match stmt {
            Stmt::ImportFrom(import)
                if import.level == 0
                    && import.module.as_ref().is_some_and(|module| {
                        module.as_str() == "requests" || module.starts_with("requests.")
                    })
                    && import.names.iter().any(|alias| alias.name.as_str() == "*") =>
            {
                Some(import.range())
            }
            _ => None,
        })
}

/// Libraries on top of requests, by module, with what takes their place beside httpx.
static RELATED: &[(&str, &str)] = &[
    ("cachecontrol", "hishel"),
    ("grequests", "`asyncio.gather` of requests of httpx"),
    ("requests_cache", "hishel"),
    ("requests_futures", "`asyncio.gather` of requests of httpx"),
    ("requests_kerberos", "httpx-gssapi"),
    ("requests_ntlm", "httpx-ntlm"),
    ("requests_oauthlib", "`AsyncOAuth2Client` of authlib"),
    (
        "requests_toolbelt",
        "httpx itself, which sends `files` as a stream",
    ),
];

/// The calls of libraries that are built on requests.
fn related(context: &mut Context<'_, '_>, target: &Target) {
    let model = context.model;
    if !RELATED
        .iter()
        .any(|(module, _)| model.text.contains(module))
    {
        return;
    }
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        let Some((module, counterpart)) = meaning.path().and_then(|path| {
            let root = path.split('.').next()?;
            RELATED.iter().find(|(module, _)| *module == root)
        }) else {
            continue;
        };
        let detail = if target.module == TARGET.module {
            format!("{module}: use {counterpart}")
        } else {
            format!("`{module}`")
        };
        context.skip(call.func.range(), &reasons::RELATED, Some(detail));
    }
}

/// Requests and sessions that no function runs.
fn outside_functions(context: &mut Context<'_, '_>, target: &Target, mentions: &[Mention]) {
    let model = context.model;
    for mention in mentions {
        let reason = match (mention.runner, names::kind(model, mention)) {
            (Runner::Module, Kind::Request(..)) => &solve::MODULE_LEVEL,
            (Runner::Module | Runner::Class, Kind::VerbValue) => &USED_AS_VALUE,
            (Runner::Class, Kind::Request(..)) => &colour::CLASS_BODY,
            // Those of httpx are followed.
            (Runner::Module | Runner::Class, Kind::Base) if target.module != TARGET.module => {
                &reasons::SESSION_CLASS
            }
            (Runner::Module | Runner::Class, Kind::Session(_))
                if target.module != TARGET.module =>
            {
                &reasons::SESSION_LIFE
            }
            _ => continue,
        };
        context.skip(model.nodes.range(mention.node), reason, None);
    }
}

/// What is known of a function before its requests are looked at.
fn empty<'a, 'c, 'w>(
    context: &'w Context<'a, 'c>,
    file: &'w File<'w>,
    group: &'w [Runner],
    runner: Runner,
    anchor: TextRange,
    requests: Vec<Request<'a>>,
    client: &str,
) -> Work<'a, 'c, 'w> {
    Work {
        model: context.model,
        target: file.target,
        facts: file.facts,
        runner,
        group,
        others: &file.others,
        named: Vec::new(),
        mentions: file.mentions,
        unit: Unit::new(context.unit(anchor)),
        context,
        client: client.to_string(),
        options: Options::new(context.settings),
        requests,
        streams: Vec::new(),
        reads: Vec::new(),
        decoded: FxHashSet::default(),
        common: Vec::new(),
        handed: Vec::new(),
        gathered: None,
        dropped: Vec::new(),
        takes_constants: false,
        client_arguments: Vec::new(),
        is_apart: false,
        moved: Vec::new(),
        session_params: false,
        sites: Vec::new(),
        done: Vec::new(),
        hooks: Vec::new(),
        sent: Vec::new(),
    }
}

/// The requests, sessions and responses of one function.
fn function<'a, 'c, 'w>(
    context: &'w Context<'a, 'c>,
    file: &'w File<'w>,
    group: &'w [Runner],
    runner: Runner,
    handed: Option<&Values<'a>>,
) -> Result<Work<'a, 'c, 'w>, Refusal> {
    let model = context.model;
    let facts = file.facts;
    let own = own_mentions(file, runner);
    let mut requests: Vec<Request<'a>> = Vec::new();
    let mut sessions: Vec<&'a ExprCall> = Vec::new();
    for mention in own {
        let range = model.nodes.range(mention.node);
        let name = || format!("`{}`", model.slice(range));
        if mention.is_ambiguous {
            return Err(Refusal::with_detail(&AMBIGUOUS_BINDING, range, name()));
        }
        match names::kind(model, mention) {
            Kind::Request(calls::Verb::Dynamic, _) if file.target.module != TARGET.module => {
                return Err(Refusal::with_detail(
                    &reasons::NO_COUNTERPART,
                    range,
                    name(),
                ));
            }
            Kind::Request(verb, call) => requests.push(Request::new(model, verb, call, false)),
            Kind::Session(_)
                if file.target.module == TARGET.module && follow::is_followed(context, mention) => {
            }
            Kind::Session(call) => sessions.push(call),
            // Its calls are requests, wherever they are.
            Kind::VerbValue if handed.is_some() => {}
            Kind::VerbValue => return Err(Refusal::with_detail(&USED_AS_VALUE, range, name())),
            Kind::ExceptionValue => {
                return Err(Refusal::with_detail(&reasons::EXCEPTION_USE, range, name()));
            }
            Kind::Built(_) if file.target.module == TARGET.module => {}
            Kind::Other | Kind::Base | Kind::Built(_) => {
                return Err(Refusal::with_detail(
                    &reasons::NO_COUNTERPART,
                    range,
                    name(),
                ));
            }
            Kind::Raised
            | Kind::Caught
            | Kind::Code
            | Kind::Auth
            | Kind::Adapter
            | Kind::Retry
            | Kind::Annotation
            | Kind::Helper => {}
        }
    }
    if let Some(double) = facts.double {
        return Err(facts::mocked(model, double));
    }
    let of_client = handed.map_or_else(Vec::new, |values| values.of_client(model, runner));
    requests.extend(handed.map_or_else(Vec::new, |values| values.requests(model, runner)));
    let anchor = requests
        .iter()
        .map(|request| model.id(request.call))
        .chain(sessions.iter().map(|call| model.id(*call)))
        .chain(of_client.iter().copied())
        .min_by_key(|&node| model.nodes.range(node).start());
    let Some(anchor) = anchor else {
        return Err((&reasons::NO_COUNTERPART).into());
    };
    if let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(function_node(context, runner)) {
        return Err(Refusal::at(&colour::LAMBDA, lambda.range()));
    }
    let name = client::name(model, file.target.client, &requests, &of_client);
    let range = model.nodes.range(anchor);
    let mut work = empty(context, file, group, runner, range, requests, &name);
    work.handed = of_client;
    if let Some(values) = handed {
        values.write(&mut work)?;
    }
    (file.target.rewrite)(&mut work, &sessions, anchor)?;
    Ok(work)
}

/// The requests, sessions and responses of a function, for httpx.
fn rewrite<'a>(
    work: &mut Work<'a, '_, '_>,
    sessions: &[&'a ExprCall],
    anchor: NodeId,
) -> Result<(), Refusal> {
    let parts = session::collect(work, sessions)?;
    if let [session] = sessions {
        work.common = session::common(work.model, &work.requests, session);
    }
    client::encodings(work, anchor)?;
    stream::find(work)?;
    let mut blocks = session::lives(work, sessions)?;
    let requests = work.requests.clone();
    for request in &requests {
        call(work, request)?;
    }
    session::attributes(work, &parts)?;
    let own: Vec<Mention> = work
        .mentions
        .iter()
        .filter(|mention| mention.runner == work.runner)
        .cloned()
        .collect();
    prepared::rewrite(work, &built(work.model, &own), &parts.prepares)?;
    blocks.extend(stream::blocks(work)?);
    responses(work)?;
    prepared::check(work)?;
    blocks.extend(client::blocks(work)?);
    client::write(work, blocks)?;
    finish(work, anchor)
}

/// The requests that are built in a function, to be sent later.
fn built<'a>(model: &Model<'a>, own: &[Mention]) -> Vec<&'a ExprCall> {
    own.iter()
        .filter_map(|mention| match names::kind(model, mention) {
            Kind::Built(call) => Some(call),
            _ => None,
        })
        .collect()
}

/// Whether a function sends a request that was built before.
fn sends(work: &Work<'_, '_, '_>) -> bool {
    work.requests
        .iter()
        .any(|request| request.verb == calls::Verb::Send)
}

/// Mentions that belong to a function which goes with the unit, those in its header included.
fn mentions_beside(work: &mut Work<'_, '_, '_>, own: &[Mention]) -> Result<(), Refusal> {
    for mention in own {
        if mention.name == "Response" {
            work.unit
                .import(ImportRequest::Module("httpx"), mention.node)?;
            work.unit.rename(mention.node, "httpx.Response");
            work.unit.sees(mention.node);
            work.done.push(mention.node);
        }
    }
    plain_mentions(work, own)
}

fn function_node(context: &Context<'_, '_>, runner: Runner) -> NodeId {
    match runner {
        Runner::Function(index) => context.model.scopes.functions()[index as usize].node,
        Runner::Module | Runner::Class => crate::semantic::Nodes::ROOT,
    }
}

/// Rewrites one request, and notes what a mock of it would tell apart: anything but its name.
fn call<'a>(work: &mut Work<'a, '_, '_>, request: &Request<'a>) -> Result<(), Refusal> {
    let before = work.unit.written().count();
    calls::rewrite(work, request)?;
    let func = request.call.func.range();
    let is_other = |edit: &Edit| !func.contains_range(edit.extent);
    if work.unit.written().skip(before).any(is_other) {
        work.unit.reshapes_arguments(request.call.range());
    }
    Ok(())
}

/// The responses of a function: they show where errors are raised.
fn responses(work: &mut Work<'_, '_, '_>) -> Result<(), Refusal> {
    follow_responses(work)?;
    if let Some(streamed) = work.streams.first() {
        let range = work.model.nodes.range(streamed.call);
        work.unit.reshapes_method(range);
    }
    Ok(())
}

fn follow_responses(work: &mut Work<'_, '_, '_>) -> Result<(), Refusal> {
    let model = work.model;
    let all = work.request_nodes();
    let (streams, origins): (Vec<NodeId>, Vec<NodeId>) =
        all.iter().partition(|&&call| work.streamed(call).is_some());
    let conditional = response::needs_guard(work);
    let guarded: Vec<NodeId> = work
        .requests
        .iter()
        .filter(|request| conditional || !request.follows_redirects())
        .map(|request| model.id(request.call))
        .collect();
    work.sites = all;
    work.sites.extend(exceptions::raises(work));
    response::migrate(work, &origins, &guarded)?;
    for call in streams {
        if let Some(streamed) = work.streamed(call) {
            stream::check(work, &streamed)?;
            response::migrate_stream(work, &streamed, &guarded)?;
        }
    }
    Ok(())
}

/// Maps the handlers round the requests; they hold responses again (`e.response`). The answer: their statements.
/// `known` are those that are mapped already.
fn handlers(work: &mut Work<'_, '_, '_>, known: &[NodeId]) -> Result<Vec<NodeId>, Refusal> {
    let mut seen: Vec<NodeId> = known.to_vec();
    loop {
        let around = exceptions::around(work, &seen);
        if around.is_empty() {
            break;
        }
        seen.extend(&around);
        for &node in &around {
            work.unit.handles(node);
        }
        let mut responses = Vec::new();
        for node in around {
            responses.extend(exceptions::migrate(work, node)?);
        }
        if !responses.is_empty() {
            if !work.streams.is_empty() {
                stream::check_handled(work, &responses)?;
            }
            response::migrate(work, &responses, &[])?;
        }
    }
    Ok(seen)
}

/// Status codes and annotations.
fn plain_mentions(work: &mut Work<'_, '_, '_>, own: &[Mention]) -> Result<(), Refusal> {
    let model = work.model;
    for mention in own {
        if work.done.contains(&mention.node) {
            continue;
        }
        let range = model.nodes.range(mention.node);
        match names::kind(model, mention) {
            Kind::Code => {
                let subscript = names::code_of(model, mention.node);
                let name = match subscript {
                    Some((_, name)) => name,
                    None => mention.name.trim_start_matches("codes."),
                };
                let Some(text) = codes::replacement(name) else {
                    return Err(Refusal::with_detail(
                        &reasons::NO_COUNTERPART,
                        range,
                        work.quoted(range),
                    ));
                };
                match subscript {
                    Some((subscript, _)) => {
                        work.unit.edit(Edit::replace(subscript.range(), text));
                        work.unit.release(mention.node);
                    }
                    None => work.unit.rename(mention.node, text),
                }
            }
            Kind::Annotation => {
                let class = if mention.name == "Response" {
                    "httpx.Response"
                } else {
                    "httpx.AsyncClient"
                };
                work.unit.rename(mention.node, class);
                work.unit.sees(mention.node);
            }
            Kind::Raised => exceptions::raised(work, mention)?,
            Kind::Adapter => {
                return Err(Refusal::with_detail(
                    &reasons::NO_COUNTERPART,
                    range,
                    work.quoted(range),
                ));
            }
            Kind::Retry => {
                work.unit
                    .import(ImportRequest::Module("urllib3"), mention.node)?;
                work.unit.rename(mention.node, "urllib3.Retry");
            }
            Kind::Auth => {
                return Err(Refusal::with_detail(
                    &reasons::AUTH,
                    range,
                    work.quoted(range),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Imports, dependencies and what the user should know.
fn finish(work: &mut Work<'_, '_, '_>, anchor: NodeId) -> Result<(), Refusal> {
    work.unit.import(ImportRequest::Module("httpx"), anchor)?;
    work.unit.stops_raising("requests");
    work.unit.dependency(Dependency::Add("httpx"));
    work.unit.dependency(Dependency::MayDrop("requests"));
    let range = work.model.nodes.range(anchor);
    if work.options.is_idiomatic {
        work.unit.unsafe_because(
            range,
            "a client with the defaults of httpx gives up after 5 seconds and follows no redirects",
        );
    }
    let count = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .count();
    if count > 1 && !work.is_apart {
        work.unit.note(
            range,
            "the requests share one client, and with it the cookies that a server sets",
        );
    }
    Ok(())
}
