//! Where a response lives: the block that its request gets.

use ruff_python_ast::{AnyNodeRef, Expr, StmtWith};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::reasons as own;
use crate::codemod::Refusal;
use crate::codemods::requests_to_httpx::calls::Request;
use crate::codemods::requests_to_httpx::client::Block;
use crate::codemods::requests_to_httpx::reasons;
use crate::codemods::requests_to_httpx::work::Work;
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::flow::{Certainty, Use, UseKind};
use crate::semantic::order::{Harmless, Turn};
use crate::semantic::{Model, NodeId, literal};

/// How a response gets its block.
#[derive(Clone, Copy, Debug)]
pub enum Form<'a> {
    /// `response = requests.get(url)`: round the statements that use it, up to this one.
    Uses(NodeId),
    /// The same where they do not follow it: the block reads the body, and they stay.
    Read,
    /// `requests.post(url)`, whose response nobody looks at: the block reads the body.
    Dropped,
    /// In an expression: round the statement.
    Statement,
    /// `with requests.get(url) as response:`.
    With(&'a StmtWith, usize),
}

/// The place of one response.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The request.
    pub call: NodeId,
    /// The statement that makes it.
    pub statement: NodeId,
    /// Its block.
    pub form: Form<'a>,
    /// The name of the response.
    pub name: String,
    /// What is done with it.
    pub uses: Vec<Use<'a>>,
    /// Whether the block begins with reading the body, because of handlers between the request and what reads it.
    pub reads_first: bool,
    /// The name of the body, where it is read in the block and used behind it.
    pub content: Option<String>,
}

impl<'a> Place<'a> {
    /// The last statement of the block.
    pub fn last(&self) -> NodeId {
        match self.form {
            Form::Uses(last) => last,
            _ => self.statement,
        }
    }

    /// Whether this use names the response: everywhere but in an expression.
    pub fn is_named(&self, model: &Model<'a>, node: NodeId) -> bool {
        matches!(model.nodes.get(node), AnyNodeRef::ExprName(_))
    }
}

fn refuse(range: TextRange, detail: impl Into<String>) -> Refusal {
    Refusal::with_detail(&own::POSITION, range, detail)
}

/// Finds the places of all responses.
pub fn find<'a>(work: &Work<'a, '_, '_>) -> Result<Vec<Place<'a>>, Refusal> {
    let model = work.model;
    let calls = work.request_nodes();
    let mut places: Vec<Place<'a>> = Vec::new();
    let mut contents: FxHashMap<String, String> = FxHashMap::default();
    for request in &work.requests {
        let mut place = place(work, request, &calls)?;
        if matches!(place.form, Form::Read) {
            let is_content = |use_: &&Use<'a>| matches!(use_.kind, UseKind::Attribute(attribute) if attribute.attr.as_str() == "content");
            let nodes: Vec<NodeId> = place
                .uses
                .iter()
                .filter(is_content)
                .map(|use_| use_.node)
                .collect();
            let other = nodes
                .iter()
                .find(|&&node| model.slice(model.nodes.range(node)) != place.name);
            if let Some(&node) = other {
                return Err(Refusal::with_detail(
                    &reasons::RESPONSE_MIXED,
                    model.nodes.range(node),
                    "the body of a response with two names",
                ));
            }
            if !nodes.is_empty() {
                let taken: Vec<String> = contents.values().cloned().collect();
                let name = contents
                    .entry(place.name.clone())
                    .or_insert_with(|| model.free_name("content", nodes[0], &taken));
                place.content = Some(name.clone());
            }
        }
        if matches!(place.form, Form::Statement)
            && places
                .iter()
                .any(|other| other.statement == place.statement)
        {
            return Err(refuse(
                model.nodes.range(place.call),
                "another request stands in the statement",
            ));
        }
        places.push(place);
    }
    Ok(places)
}

fn place<'a>(
    work: &Work<'a, '_, '_>,
    request: &Request<'a>,
    calls: &[NodeId],
) -> Result<Place<'a>, Refusal> {
    let model = work.model;
    let call = model.id(request.call);
    let range = request.call.range();
    if model.runner(call) != work.runner {
        return Err(refuse(range, "another function runs it"));
    }
    let statement = model.statement_of(call);
    let parent = model.nodes.parent(call);
    let mut place = Place {
        call,
        statement,
        form: Form::Statement,
        name: String::new(),
        uses: Vec::new(),
        reads_first: false,
        content: None,
    };
    match model.nodes.get(parent) {
        AnyNodeRef::WithItem(_) => {
            let AnyNodeRef::StmtWith(with) = model.nodes.parent_node(parent) else {
                return Err(refuse(range, ""));
            };
            let item = with
                .items
                .iter()
                .position(|item| model.id(&item.context_expr) == call)
                .filter(|_| !with.is_async)
                .ok_or_else(|| refuse(range, ""))?;
            place.form = Form::With(with, item);
            place.name = match with.items[item].optional_vars.as_deref() {
                Some(Expr::Name(name)) => name.id.to_string(),
                None => String::new(),
                Some(other) => return Err(refuse(other.range(), "the target is no name")),
            };
            place.uses = model.follow(&[call], true).uses;
            place.uses.retain(|use_| use_.node != call);
            check_uses(work, &place, with.range())?;
            place.reads_first = !is_streamed(request) && needs_read(work, &place);
        }
        AnyNodeRef::StmtExpr(_) => {
            place.form = Form::Dropped;
            place.name = free_name(model, call);
        }
        AnyNodeRef::StmtAssign(assign) if matches!(&*assign.targets, [Expr::Name(_)]) => {
            if let [Expr::Name(name)] = &*assign.targets {
                place.name = name.id.to_string();
            }
            assigned(work, request, &mut place, calls)?;
        }
        AnyNodeRef::StmtAnnAssign(assign) if assign.target.is_name_expr() => {
            if let Expr::Name(name) = assign.target.as_ref() {
                place.name = name.id.to_string();
            }
            assigned(work, request, &mut place, calls)?;
        }
        AnyNodeRef::ExprNamed(_) => {
            return Err(refuse(range, "it is named in an expression"));
        }
        _ => {
            place.uses = model.follow(&[call], false).uses;
            check_uses(work, &place, model.nodes.range(statement))?;
            in_expression(work, &place)?;
            place.name = free_name(model, call);
        }
    }
    Ok(place)
}

/// A free name for a response.
fn free_name(model: &Model<'_>, call: NodeId) -> String {
    ["response", "reply", "answer"]
        .into_iter()
        .find(|name| model.is_free(name, call))
        .map_or_else(|| model.free_name_at("response", &[call]), str::to_string)
}

/// A response with a name: the block goes round its uses, where they follow.
fn assigned<'a>(
    work: &Work<'a, '_, '_>,
    request: &Request<'a>,
    place: &mut Place<'a>,
    calls: &[NodeId],
) -> Result<(), Refusal> {
    let model = work.model;
    let flow = model.follow(&[place.call], false);
    // Another name may hold it longer than the block lasts, as one of the last round of a loop does.
    let is_aliased = flow.symbols.len() > 1;
    let alone = flow.uses;
    let is_mixed = alone.iter().any(|use_| use_.certainty == Certainty::Mixed);
    if is_mixed {
        // The name holds the response of one request or of another.
        let together = model.follow(calls, false).uses;
        place.uses = together
            .into_iter()
            .filter(|use_| alone.iter().any(|other| other.node == use_.node))
            .collect();
    } else {
        place.uses = alone;
    }
    let whole = model.nodes.range(work.function());
    check_uses(work, place, whole)?;
    place.form = Form::Read;
    if place.uses.is_empty() {
        return Ok(());
    }
    let nodes: Vec<NodeId> = std::iter::once(place.call)
        .chain(place.uses.iter().map(|use_| use_.node))
        .collect();
    let run = model.common_run(&nodes).filter(|(first, last)| {
        *first == place.statement && first != last && !is_mixed && !is_aliased
    });
    if let Some((_, last)) = run {
        place.form = Form::Uses(last);
        place.reads_first = !is_streamed(request) && needs_read(work, place);
    }
    Ok(())
}

/// Whether a request takes `stream=True`: then the body is read where the code reads it.
fn is_streamed(request: &Request<'_>) -> bool {
    request.argument("stream").and_then(literal::boolean) == Some(true)
}

/// Checks that the response stays where it is seen, and within a span.
fn check_uses<'a>(
    work: &Work<'a, '_, '_>,
    place: &Place<'a>,
    within: TextRange,
) -> Result<(), Refusal> {
    let model = work.model;
    for use_ in &place.uses {
        let range = model.nodes.range(use_.node);
        if use_.captured {
            return Err(Refusal::with_detail(
                &reasons::RESPONSE_ESCAPES,
                range,
                "an inner function uses it",
            ));
        }
        if use_.certainty == Certainty::Mixed {
            return Err(Refusal::with_detail(
                &reasons::RESPONSE_MIXED,
                range,
                work.quoted(range),
            ));
        }
        if !within.contains_range(range) {
            return Err(Refusal::with_detail(
                &reasons::RESPONSE_ESCAPES,
                range,
                "it is used behind its block",
            ));
        }
    }
    Ok(())
}

/// Whether a handler that does not stand round the request stands round what reads the body: in requests the body is
/// there, and its errors with it, before that.
fn needs_read(work: &Work<'_, '_, '_>, place: &Place<'_>) -> bool {
    let model = work.model;
    place.uses.iter().any(|use_| {
        let reads = match use_.kind {
            UseKind::Attribute(attribute) | UseKind::Method { attribute, .. } => {
                matches!(attribute.attr.as_str(), "text" | "content" | "json")
            }
            _ => false,
        };
        reads
            && model
                .nodes
                .ancestors(use_.node)
                .take_while(|&at| !model.nodes.is_within(place.statement, at))
                .any(|at| {
                    matches!(
                        model.nodes.get(at),
                        AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtWith(_)
                    )
                })
    })
}

/// Whether a request in an expression runs once, and before everything else in its statement.
fn in_expression(work: &Work<'_, '_, '_>, place: &Place<'_>) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(place.call);
    let within = |expr: &Expr| expr.range().contains_range(range);
    let root = match model.nodes.get(place.statement) {
        AnyNodeRef::StmtExpr(_)
        | AnyNodeRef::StmtAssign(_)
        | AnyNodeRef::StmtAnnAssign(_)
        | AnyNodeRef::StmtAugAssign(_)
        | AnyNodeRef::StmtReturn(_)
        | AnyNodeRef::StmtAssert(_)
        | AnyNodeRef::StmtRaise(_) => place.statement,
        AnyNodeRef::StmtIf(if_) if within(&if_.test) => model.id(if_.test.as_ref()),
        AnyNodeRef::StmtFor(for_) if within(&for_.iter) => model.id(for_.iter.as_ref()),
        _ => {
            return Err(refuse(
                range,
                "its statement runs it more than once, or not always",
            ));
        }
    };
    if root == place.call {
        return Ok(());
    }
    let harmless = Harmless {
        call: &|_| false,
        moved: &[],
    };
    match model.turn(place.call, root, &harmless) {
        Turn::First => Ok(()),
        Turn::After(span) => Err(refuse(
            range,
            format!("{} runs before it", work.quoted(span)),
        )),
        Turn::Conditional(span) => Err(refuse(
            range,
            format!(
                "{} runs it more than once, or not always",
                work.quoted(span)
            ),
        )),
    }
}

/// Writes the blocks. The answer: those that take in statements behind their own.
pub fn write<'a>(work: &mut Work<'a, '_, '_>, places: &[Place<'a>]) -> Result<Vec<Block>, Refusal> {
    let model = work.model;
    let mut blocks = Vec::new();
    for place in places {
        let call = model.nodes.range(place.call);
        drop_annotation(work, place);
        match place.form {
            Form::With(with, item) => {
                work.unit.async_with(with, item)?;
                if place.reads_first
                    && let Some(first) = with.body.first()
                {
                    read_before(work, model.id(first), &place.name)?;
                }
            }
            Form::Uses(last) => {
                if place.reads_first {
                    let next = model
                        .suite_of(place.statement)
                        .and_then(|(body, index)| body.get(index + 1))
                        .ok_or_else(|| refuse(call, ""))?;
                    read_before(work, model.id(next), &place.name)?;
                }
                work.unit.awaits_around(place.call)?;
                blocks.push(Block {
                    first: place.statement,
                    last,
                    header: place.name.clone(),
                    replaces_first: true,
                    keeps: Some(call),
                });
            }
            Form::Read | Form::Dropped => read(work, place)?,
            Form::Statement => {
                work.unit.awaits_around(place.call)?;
                wrap(work, place)?;
            }
        }
    }
    Ok(blocks)
}

/// The target of a block has no annotation.
fn drop_annotation(work: &mut Work<'_, '_, '_>, place: &Place<'_>) {
    if let AnyNodeRef::StmtAnnAssign(assign) = work.model.nodes.get(place.statement)
        && !matches!(place.form, Form::Statement)
    {
        let mentions: Vec<NodeId> = work
            .mentions_in(assign.annotation.range())
            .map(|mention| mention.node)
            .collect();
        for node in mentions {
            work.unit.release(node);
            work.done.push(node);
        }
    }
}

fn read_before(work: &mut Work<'_, '_, '_>, statement: NodeId, name: &str) -> Result<(), Refusal> {
    let line = colour::awaited(&format!("{name}.read()"));
    let edits = work
        .model
        .hoist(statement, &[line])
        .ok_or_else(|| refuse(work.model.nodes.range(statement), "no place to read it"))?;
    work.unit.edits(edits);
    Ok(())
}

/// The statement becomes a block that reads the body.
fn read(work: &mut Work<'_, '_, '_>, place: &Place<'_>) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(place.statement);
    let call = model.nodes.range(place.call);
    let slot = model
        .slot(place.statement)
        .ok_or_else(|| refuse(range, "no place for a block"))?;
    if model.has_comment(TextRange::new(range.start(), call.start())) {
        return Err(refuse(range, "a comment stands in the statement"));
    }
    let mut pieces = colour::async_with_pieces(call, &place.name);
    let target = place
        .content
        .as_ref()
        .map_or_else(String::new, |name| format!("{name} = "));
    pieces.push(Piece::text(format!(
        "\n{}{}{target}{}",
        slot.indent,
        model.indent_unit(),
        colour::awaited(&format!("{}.read()", place.name))
    )));
    work.unit.edits(slot.breaks);
    work.unit
        .edits(break_behind(model, place.statement, &slot.indent));
    work.unit.edit(Edit::pieces(range, pieces));
    work.unit.awaits_around(place.call)
}

/// What follows a statement on its line gets a line of its own.
fn break_behind(model: &Model<'_>, statement: NodeId, indent: &str) -> Option<Edit> {
    let (body, index) = model.suite_of(statement)?;
    let next = body.get(index + 1)?;
    let gap = TextRange::new(body[index].end(), next.start());
    (!model.slice(gap).contains('\n')).then(|| Edit::line_break(gap, indent))
}

/// A block round the statement; its request becomes the name of the response.
fn wrap(work: &mut Work<'_, '_, '_>, place: &Place<'_>) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(place.statement);
    let call = model.nodes.range(place.call);
    let slot = model
        .slot(place.statement)
        .ok_or_else(|| refuse(range, "no place for a block"))?;
    let mut pieces = colour::async_with_pieces(call, &place.name);
    pieces.push(Piece::text(format!("\n{}", slot.indent)));
    work.unit.edits(slot.breaks);
    work.unit
        .edits(break_behind(model, place.statement, &slot.indent));
    // The lines of the request go with the header, which is not indented.
    let unit = model.indent_unit().len();
    work.unit.edits(model.dedent(call, unit));
    work.unit.edit(Edit::hoist(range, pieces));
    let block = model.block_range(place.statement, place.statement);
    work.unit.edit(Edit::indent(block));
    Ok(())
}
