//! Test doubles of requests, and what takes their place: `responses` and `requests_mock` become respx.
//!
//! The doubles of a file are one unit, which is taken with the code that the file tests or not at all
//! ([`UnitBuilder::migrates_doubles`]). A file with a double that is not known here is refused, and all that it tests with it.
//!
//! Sources: <https://github.com/getsentry/responses>, <https://requests-mock.readthedocs.io/>,
//! <https://lundberg.github.io/respx/api/>, compared by running responses 0.26, requests-mock 1.12 and respx 0.23.

mod answer;
mod local;
mod mocks;
mod patches;
mod record;
mod register;
mod requests_mock;
mod responses;
mod routes;
mod started;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use self::local::Local;
use self::register::Registration;
use super::facts;
use super::names::{self, Mention};
use super::reasons;
use super::work::Unit;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::config::HttpClient;
use crate::doubles::{self, Replaced};
use crate::semantic::{Model, NodeId};
use crate::unit::{Dependency, ImportRequest};

/// Stands for httpx in what is answered with, until the client is written: as wide as that, and no name that code has.
const ANSWERS: &str = "httpX";

/// The doubles of a file, migrated.
pub struct Migrated<'a, 'c> {
    /// The unit.
    pub unit: UnitBuilder<'a, 'c>,
    /// The mentions of requests that it takes care of.
    pub done: FxHashSet<NodeId>,
}

/// The doubles of a file in the making.
struct Work<'a, 'c, 'w> {
    model: &'c Model<'a>,
    unit: Unit<'a, 'c>,
    /// Every mention of requests in the file.
    requests: &'w [Mention],
    /// The mentions of requests that are taken care of.
    done: FxHashSet<NodeId>,
    /// What is registered, in source order.
    registrations: Vec<Registration<'a>>,
    /// The parts of `responses` or `requests_mock` that are taken care of.
    seen: FxHashSet<NodeId>,
    /// The routers of functions, for httpx2: the one of the module takes the requests of httpx.
    local: Option<Local>,
}

/// Migrates the doubles of a file. `None` if it has none.
///
/// # Errors
/// The first double that has no known counterpart.
pub fn migrate<'a, 'c>(
    context: &Context<'a, 'c>,
    requests: &[Mention],
) -> Result<Option<Migrated<'a, 'c>>, Refusal> {
    let model = context.model;
    let all = facts::doubles(model, requests);
    let Some(&first) = all.first() else {
        return Ok(None);
    };
    let refuse = |range| Refusal::with_detail(&reasons::MOCKED, range, quoted(model, range));
    let of_library = all
        .iter()
        .any(|&double| doubles::library_of(model, double).is_some());
    if context.settings.http_client == HttpClient::Aiohttp {
        let detail = "respx takes the requests of httpx, and of no other client";
        return Err(Refusal::with_detail(&reasons::MOCKED, first, detail));
    }
    let is_httpx2 = context.settings.http_client == HttpClient::Httpx2;
    let mut work = Work {
        model,
        unit: Unit::new(context.unit(first)),
        requests,
        done: FxHashSet::default(),
        registrations: Vec::new(),
        seen: FxHashSet::default(),
        local: is_httpx2.then(Local::default),
    };
    let mut libraries: Vec<&'static doubles::Library> = Vec::new();
    for &double in &all {
        match doubles::library_of(model, double) {
            Some(library) if library.becomes == Replaced::Respx => {
                if !libraries.contains(&library) {
                    libraries.push(library);
                }
            }
            Some(_) => return Err(refuse(double)),
            None => {
                let double = patches::migrate(&mut work, double)?;
                work.unit.doubles_calls(double);
            }
        }
    }
    if let Some(text) = error_text(model) {
        let detail = "it waits for the text of an error of requests, and that of httpx differs";
        return Err(Refusal::with_detail(&reasons::MOCKED, text, detail));
    }
    patches::exceptions(&mut work)?;
    for library in libraries {
        let mentions = names::below(model, library.module);
        if let Some(mention) = mentions.iter().find(|mention| mention.is_ambiguous) {
            return Err(refuse(model.nodes.range(mention.node)));
        }
        match library.module {
            "responses" => responses::migrate(&mut work, &mentions)?,
            // Its fixture and its mocks ask for no routes to be called, and the fixture for httpx2 does.
            _ if is_httpx2 => return Err(refuse(first)),
            _ => requests_mock::migrate(&mut work, &mentions)?,
        }
        for mention in &mentions {
            if !work.seen.contains(&mention.node) {
                return Err(refuse(model.nodes.range(mention.node)));
            }
            work.unit.release(mention.node);
        }
        work.unit.dependency(Dependency::Add("respx"));
        work.unit
            .dependency(Dependency::MayDrop(library.distribution));
    }
    if is_httpx2 && of_library {
        work.unit.dependency(Dependency::Add("pytest-httpx2"));
    }
    routes::write(&mut work)?;
    for range in all {
        work.handled(range);
    }
    work.unit.migrates_doubles();
    let mut unit = work.unit.finish();
    super::write_for(context, &mut unit);
    // What respx answers with is a response of httpx, whatever it takes the requests of.
    unit.use_module(ANSWERS, "httpx");
    Ok(Some(Migrated {
        unit,
        done: work.done,
    }))
}

/// The first text that quotes an HTTPError of requests: `404 Client Error: Not Found for url: ...`.
fn error_text(model: &Model<'_>) -> Option<TextRange> {
    model.nodes.all().find_map(|node| {
        let AnyNodeRef::ExprStringLiteral(literal) = model.nodes.get(node) else {
            return None;
        };
        let text = literal.value.to_str();
        let is_quoted = |what: &str| {
            text.find(what).is_some_and(|at| {
                let status = text[..at].bytes().rev().take(3);
                status.clone().count() == 3 && status.into_iter().all(|byte| byte.is_ascii_digit())
            })
        };
        let quotes = is_quoted(" Client Error: ") || is_quoted(" Server Error: ");
        quotes.then(|| literal.range())
    })
}

impl<'a> Work<'a, '_, '_> {
    /// Says that a double in this span is migrated.
    fn handled(&mut self, range: TextRange) {
        self.unit.handles_double(range);
    }

    /// Replaces a chain of names by another one. The name at its root is released with its mention.
    fn rename(&mut self, range: TextRange, text: impl Into<String>) {
        self.unit.edit_once(crate::edit::Edit::replace(range, text));
        self.handled(range);
    }

    /// Imports a module whose name is written at a node.
    fn import(&mut self, module: &'static str, at: NodeId) -> Result<(), Refusal> {
        self.unit.import(ImportRequest::Module(module), at)
    }

    /// The refusal of a double that has no known counterpart.
    fn refuse(&self, range: TextRange) -> Refusal {
        Refusal::with_detail(&reasons::MOCKED, range, quoted(self.model, range))
    }

    /// The mention of requests that an expression is.
    fn mention(&self, expr: &Expr) -> Option<&Mention> {
        let node = self.model.id(expr);
        self.requests.iter().find(|mention| mention.node == node)
    }

    /// The mentions of requests in a span.
    fn mentions_in(&self, range: TextRange) -> impl Iterator<Item = &Mention> {
        let model = self.model;
        let is_in = move |mention: &&Mention| range.contains_range(model.nodes.range(mention.node));
        self.requests.iter().filter(is_in)
    }

    /// The call whose function is this node.
    fn call_of(&self, node: NodeId) -> Option<&'a ExprCall> {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if self.model.id(call.func.as_ref()) == node => Some(call),
            _ => None,
        }
    }
}

/// A span, for people: its first line.
fn quoted(model: &Model<'_>, range: TextRange) -> String {
    let text = model.slice(range);
    let line = text.lines().next().unwrap_or_default();
    let more = if line.len() == text.len() { "" } else { " ..." };
    format!("`{line}{more}` in line {}", facts::line_of(model, range))
}
