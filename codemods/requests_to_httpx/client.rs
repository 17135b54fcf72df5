//! The client: its text, its name and the block that it lives in.

use ruff_text_size::{Ranged, TextRange};

use super::calls::Request;
use super::reasons;
use super::work::Work;
use crate::codemod::{Refusal, Settings};
use crate::colour;
use crate::config::HttpStyle;
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, literal};

/// What a client is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// `verify=False`
    pub without_verification: bool,
    /// `httpx.AsyncClient()`, with the defaults of httpx.
    pub is_idiomatic: bool,
}

impl Options {
    /// The options for these requests.
    pub fn new(settings: &Settings, requests: &[Request<'_>]) -> Self {
        let mut module = requests
            .iter()
            .filter(|request| !request.is_session)
            .peekable();
        let without_verification = module.peek().is_some()
            && module.all(|request| {
                request.argument("verify").and_then(literal::boolean) == Some(false)
            });
        Self {
            without_verification,
            is_idiomatic: settings.http_style == HttpStyle::Idiomatic,
        }
    }

    /// The constructor.
    pub fn text(self) -> String {
        let mut arguments: Vec<&str> = Vec::new();
        if !self.is_idiomatic {
            // The defaults of requests: no timeout, 30 redirects.
            arguments.extend(["timeout=None", "follow_redirects=True", "max_redirects=30"]);
        }
        if self.without_verification {
            arguments.push("verify=False");
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
}

/// A name that is free wherever a request stands.
pub fn name(model: &Model<'_>, requests: &[Request<'_>]) -> String {
    let calls: Vec<NodeId> = requests
        .iter()
        .map(|request| model.id(request.call))
        .collect();
    model.free_name_at("client", &calls)
}

/// The block for the requests of the module: from the first to the last statement that calls, outside of loops.
pub fn block(work: &Work<'_, '_, '_>) -> Result<Option<Block>, Refusal> {
    let model = work.model;
    let calls: Vec<NodeId> = work
        .requests
        .iter()
        .filter(|request| !request.is_session)
        .map(|request| model.id(request.call))
        .collect();
    let Some(&anchor) = calls.first() else {
        return Ok(None);
    };
    let (first, last) = model
        .block_of(work.function(), &calls)
        .ok_or_else(|| Refusal::at(&reasons::NO_PLACE, model.nodes.range(anchor)))?;
    Ok(Some(Block {
        first,
        last,
        header: colour::async_with_header(&format!("{} as {}", work.options.text(), work.client)),
        replaces_first: false,
    }))
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
        check_yields(work, range)?;
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
    edits.push(Edit::replace(first, block.header.clone()));
    edits.push(Edit::indent(model.block_range(block.first, block.last)));
    Some(edits)
}

/// A consumer may leave a generator where it yields, and then nothing closes the client in time.
pub fn check_yields(work: &Work<'_, '_, '_>, range: TextRange) -> Result<(), Refusal> {
    let model = work.model;
    let found = model.yield_in(range, work.function(), work.runner);
    match found {
        Some(node) => Err(Refusal::at(
            &reasons::ASYNC_GENERATOR,
            model.nodes.range(node),
        )),
        None => Ok(()),
    }
}

impl Options {
    /// The constructor in the place of a session's: what its requests are told is not for it.
    pub fn text_for_session(self) -> String {
        Self {
            without_verification: false,
            ..self
        }
        .text()
    }
}
