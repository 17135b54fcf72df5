//! `requests` -> `aiohttp.ClientSession`, with `http-client = "aiohttp"`.
//!
//! What is a request, a session or a handler, and what belongs to one unit, is the business of
//! [`super::requests_to_httpx`]. A response of aiohttp lives in a block and its body is awaited: that is what this module
//! adds. Its README holds what was measured, and `measure.py` measures it again.

mod arguments;
mod block;
mod exceptions;
mod helpers;
mod reasons;
mod response;
mod session;

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use super::requests_to_httpx::client;
use super::requests_to_httpx::codes;
use super::requests_to_httpx::names::{self, Kind, Mention};
use super::requests_to_httpx::reasons as shared;
use super::requests_to_httpx::session as sessions;
use super::requests_to_httpx::target::Target;
use super::requests_to_httpx::work::Work;
use crate::codemod::{Codemod, Context, Refusal, Role};
use crate::config::HttpClient;
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::NodeId;
use crate::unit::{Dependency, ImportRequest};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "requests_to_aiohttp",
    summary: "requests in async functions -> aiohttp.ClientSession (http-client = \"aiohttp\")",
    readme: include_str!("README.md"),
    triggers: super::requests_to_httpx::CODEMOD.triggers,
    role: Role::Seed,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: super::requests_to_httpx::CODEMOD.doubles,
    reasons: reasons::REASONS,
    declared: None,
    run,
};

static TARGET: Target = Target {
    module: "aiohttp",
    client: "session",
    exceptions: &exceptions::AIOHTTP,
    session: session::text,
    close: "close",
    rewrite,
    mentions,
};

fn run(context: &mut Context<'_, '_>) {
    if context.settings.http_client == HttpClient::Aiohttp {
        super::requests_to_httpx::run_for(context, &TARGET);
    }
}

/// The requests, sessions and responses of a function.
fn rewrite<'a>(
    work: &mut Work<'a, '_, '_>,
    constructors: &[&'a ExprCall],
    anchor: NodeId,
) -> Result<(), Refusal> {
    let parts = sessions::collect(work, constructors)?;
    let mut blocks = sessions::lives(work, constructors)?;
    session::attributes(work, &parts)?;
    let places = block::find(work)?;
    let timeout = session::shared_timeout(work);
    for request in work.requests.clone() {
        let has_timeout = timeout.is_some() && !request.is_session;
        arguments::rewrite(work, &request, has_timeout)?;
    }
    work.sites = work.request_nodes();
    work.sites
        .extend(super::requests_to_httpx::exceptions::raises(work));
    let mut seen = Vec::new();
    for place in &places {
        response::migrate(work, place, &mut seen)?;
    }
    let runs: Vec<NodeId> = places.iter().map(block::Place::last).collect();
    blocks.extend(block::write(work, &places)?);
    blocks.extend(session::block(work, &runs, timeout)?);
    client::write(work, blocks)?;
    finish(work, anchor)
}

/// Status codes and what is raised; annotations stay with their import.
fn mentions(work: &mut Work<'_, '_, '_>, own: &[Mention]) -> Result<(), Refusal> {
    let model = work.model;
    for mention in own {
        if work.done.contains(&mention.node) {
            continue;
        }
        let range = model.nodes.range(mention.node);
        let refuse = |reason| Refusal::with_detail(reason, range, work.quoted(range));
        match names::kind(model, mention) {
            Kind::Code => {
                let subscript = names::code_of(model, mention.node);
                let name = match subscript {
                    Some((_, name)) => name,
                    None => mention.name.trim_start_matches("codes."),
                };
                let text = codes::in_http(name).ok_or_else(|| refuse(&shared::NO_COUNTERPART))?;
                if text.starts_with("http.") {
                    work.unit
                        .import(ImportRequest::Module("http"), mention.node)?;
                }
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
                    "aiohttp.ClientResponse"
                } else {
                    "aiohttp.ClientSession"
                };
                work.unit.rename(mention.node, class);
            }
            Kind::Raised => super::requests_to_httpx::exceptions::raised(work, mention)?,
            Kind::Auth => return Err(refuse(&shared::AUTH)),
            _ => {}
        }
    }
    Ok(())
}

/// Imports, dependencies and what the user should know.
fn finish(work: &mut Work<'_, '_, '_>, anchor: NodeId) -> Result<(), Refusal> {
    work.unit.import(ImportRequest::Module("aiohttp"), anchor)?;
    work.unit.stops_raising("requests");
    work.unit.dependency(Dependency::Add("aiohttp"));
    work.unit.dependency(Dependency::MayDrop("requests"));
    let range = work.model.nodes.range(anchor);
    if work.options.is_idiomatic {
        work.unit.unsafe_because(
            range,
            "a client with the defaults of aiohttp gives up after 5 minutes, uses no proxy of the environment, and wants a content type of JSON",
        );
    }
    let own = work.requests.iter().filter(|request| !request.is_session);
    if own.count() > 1 {
        work.unit.note(
            range,
            "the requests share one client, and with it the cookies that a server sets",
        );
    }
    Ok(())
}
