//! Streamed responses: `stream=True`, and responses in `with` (HTTP.md, section 6).
//!
//! A streamed response of httpx lives in a block: `async with client.stream("GET", url) as response:`. A response that
//! is assigned gets one round its uses; where it is not streamed but stands in a `with`, the block begins with reading it.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprName, ExprRef, Stmt, StmtWith};
use ruff_text_size::{Ranged, TextRange};

use super::calls::{Request, Verb};
use super::client::Block;
use super::work::Work;
use super::{helpers, reasons};
use crate::codemod::Refusal;
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::flow::{Certainty, UseKind};
use crate::semantic::{BindingKind, Model, NodeId, literal};

/// A request whose response has a block of its own.
#[derive(Clone, Copy, Debug)]
pub struct Streamed<'a> {
    /// The call.
    pub call: NodeId,
    /// The expression whose value has the uses: the call, or `closing(...)` round it.
    pub value: NodeId,
    /// Whether the body is read as it comes, with `stream=True`.
    pub is_stream: bool,
    /// Where its block comes from.
    form: Form<'a>,
    /// The first and the last statement of the block, of one body.
    pub run: (NodeId, NodeId),
}

#[derive(Clone, Copy, Debug)]
enum Form<'a> {
    /// `with requests.get(url) as response:`.
    With(&'a StmtWith, usize),
    /// `with closing(requests.get(url)) as response:`.
    Closing(&'a StmtWith, usize, &'a ExprCall),
    /// `response = requests.get(url, stream=True)`.
    Assigned(&'a str),
}

fn refuse(range: TextRange, detail: impl Into<String>) -> Refusal {
    Refusal::with_detail(&reasons::STREAM, range, detail)
}

/// Whether a request takes `stream=True`.
pub fn is_streamed(request: &Request<'_>) -> bool {
    request.argument("stream").and_then(literal::boolean) == Some(true)
}

/// Finds the requests whose responses get a block.
pub fn find<'a>(work: &mut Work<'a, '_, '_>) -> Result<(), Refusal> {
    for request in work.requests.clone() {
        if let Some(streamed) = form(work, &request)? {
            if request.verb == Verb::Send {
                return Err(refuse(
                    request.call.range(),
                    "a request that was built before is streamed",
                ));
            }
            work.streams.push(streamed);
        }
    }
    Ok(())
}

fn form<'a>(
    work: &mut Work<'a, '_, '_>,
    request: &Request<'a>,
) -> Result<Option<Streamed<'a>>, Refusal> {
    let model = work.model;
    let call = model.id(request.call);
    let is_stream = is_streamed(request);
    let of_item = |value, form, statement: &StmtWith| {
        let statement = model.id(statement);
        Ok(Some(Streamed {
            call,
            value,
            is_stream,
            form,
            run: (statement, statement),
        }))
    };
    if let Some((statement, item)) = with_item(work, call) {
        return of_item(call, Form::With(statement, item), statement);
    }
    if let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(call)
        && let AnyNodeRef::ExprCall(closing) = model.nodes.parent_node(model.id(arguments))
        && model.meaning(&closing.func).path() == Some("contextlib.closing")
        && let Some((statement, item)) = with_item(work, model.id(closing))
        && closing.arguments.len() == 1
    {
        let form = Form::Closing(statement, item, closing);
        return of_item(model.id(closing), form, statement);
    }
    if !is_stream {
        return Ok(None);
    }
    if reads_whole(work, request.call) {
        return Ok(None);
    }
    let statement = model.nodes.parent(call);
    let target = match model.nodes.get(statement) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [Expr::Name(name)] => Some(name),
            _ => None,
        },
        _ => None,
    };
    let Some(target) = target else {
        return Err(refuse(
            request.call.range(),
            "it is not assigned to one name",
        ));
    };
    let uses = model.follow(&[call], false).uses;
    let mut nodes: Vec<NodeId> = std::iter::once(call)
        .chain(uses.iter().map(|use_| use_.node))
        .collect();
    for use_ in &uses {
        if let UseKind::Method { call, .. } = use_.kind
            && is_named(work, model.id(call))
        {
            let uses = model.follow(&[model.id(call)], false).uses;
            nodes.extend(uses.iter().map(|use_| use_.node));
        }
    }
    let run = model
        .common_run(&nodes)
        .filter(|(first, last)| *first == statement && first != last);
    let Some(run) = run else {
        return Err(refuse(
            request.call.range(),
            "its uses are not in the statements that follow it",
        ));
    };
    Ok(Some(Streamed {
        call,
        value: call,
        is_stream,
        form: Form::Assigned(target.id.as_str()),
        run,
    }))
}

/// The `with` statement whose item this expression is.
fn with_item<'a>(work: &Work<'a, '_, '_>, node: NodeId) -> Option<(&'a StmtWith, usize)> {
    let parent = work.model.nodes.parent(node);
    let AnyNodeRef::WithItem(_) = work.model.nodes.get(parent) else {
        return None;
    };
    let AnyNodeRef::StmtWith(statement) = work.model.nodes.parent_node(parent) else {
        return None;
    };
    let index = statement
        .items
        .iter()
        .position(|item| work.model.id(&item.context_expr) == node)?;
    (!statement.is_async).then_some((statement, index))
}

/// Whether all of a streamed response is read on the spot: then it need not be streamed.
fn reads_whole(work: &Work<'_, '_, '_>, call: &ExprCall) -> bool {
    let model = work.model;
    let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(model.id(call)) else {
        return false;
    };
    let id = model.id(attribute);
    match attribute.attr.as_str() {
        "content" | "text" => true,
        "json" => true,
        "iter_content" | "iter_lines" => match model.nodes.parent_node(id) {
            AnyNodeRef::ExprCall(iterator) => colour::is_collected(model, model.id(iterator)),
            _ => false,
        },
        _ => false,
    }
}

/// Gives the streams their blocks: items of `with` turn async, and assigned responses get a block of their own.
pub fn blocks(work: &mut Work<'_, '_, '_>) -> Result<Vec<Block>, Refusal> {
    let mut blocks = Vec::new();
    for streamed in work.streams.clone() {
        let model = work.model;
        let call = model.nodes.range(streamed.call);
        match streamed.form {
            Form::With(statement, item) => work.unit.async_with(statement, item)?,
            Form::Closing(statement, item, closing) => {
                if model.has_comment(TextRange::new(closing.start(), call.start()))
                    || model.has_comment(TextRange::new(call.end(), closing.end()))
                {
                    return Err(refuse(
                        closing.range(),
                        "a comment stands in `closing(...)`",
                    ));
                }
                work.unit
                    .edit(Edit::pieces(closing.range(), vec![Piece::Source(call)]));
                work.unit.release(model.id(closing.func.as_ref()));
                work.unit.async_with(statement, item)?;
            }
            Form::Assigned(name) => blocks.push(Block {
                first: streamed.run.0,
                last: streamed.run.1,
                header: name.to_string(),
                replaces_first: true,
                keeps: Some(call),
            }),
        }
        if let Form::With(statement, item) | Form::Closing(statement, item, _) = streamed.form
            && !streamed.is_stream
            && let Some(Expr::Name(name)) = statement.items[item].optional_vars.as_deref()
            && let Some(first) = statement.body.first()
        {
            read_before(work, model.id(first), name.id.as_str())?;
        }
    }
    Ok(blocks)
}

/// Puts `await response.aread()` before a statement.
fn read_before(work: &mut Work<'_, '_, '_>, statement: NodeId, name: &str) -> Result<(), Refusal> {
    let line = colour::awaited(&format!("{name}.aread()"));
    match work.model.hoist(statement, &[line]) {
        Some(edits) => {
            work.unit.edits(edits);
            work.unit.runs_in(statement);
            Ok(())
        }
        None => Err(refuse(
            work.model.nodes.range(statement),
            "no place to read it",
        )),
    }
}

/// Checks the uses of streams that need more than those of other responses: they stay in the block, and are not captured.
pub fn check(work: &Work<'_, '_, '_>, streamed: &Streamed<'_>) -> Result<(), Refusal> {
    let model = work.model;
    let (first, last) = streamed.run;
    let run = TextRange::new(
        model.nodes.range(first).start(),
        model.nodes.range(last).end(),
    );
    for use_ in model.follow(&[streamed.value], true).uses {
        let range = model.nodes.range(use_.node);
        if !run.contains_range(range) {
            return Err(refuse(range, "the response is used behind its block"));
        }
        if use_.captured {
            return Err(refuse(range, "an inner function uses the response"));
        }
        if use_.certainty != Certainty::Always {
            return Err(refuse(range, "the name may hold something else"));
        }
    }
    Ok(())
}

/// The response of an exception may be a stream, whose block is over where the exception is handled: its body is gone.
pub fn check_handled(work: &Work<'_, '_, '_>, responses: &[NodeId]) -> Result<(), Refusal> {
    let reads_body = |name: &str| matches!(name, "content" | "text" | "json" | "iter_content");
    let found = work
        .model
        .follow(responses, false)
        .uses
        .into_iter()
        .find(|use_| match use_.kind {
            UseKind::Attribute(attribute) | UseKind::Method { attribute, .. } => {
                reads_body(attribute.attr.as_str())
            }
            _ => false,
        });
    match found {
        Some(use_) => Err(refuse(
            work.model.nodes.range(use_.node),
            "the body of a stream is read where its exception is handled",
        )),
        None => Ok(()),
    }
}

/// What a streamed response does where all of it is read: before the statement, `await response.aread()`.
pub fn read_first(work: &mut Work<'_, '_, '_>, node: NodeId) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(node);
    let Some(ExprRef::Name(name)) = model.expr(node) else {
        return Err(refuse(range, "it is no name"));
    };
    let mut statement = model.statement_of(node);
    // A `finally` or `else` of the block itself has no line of its own before it.
    if let AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtMatch(_) = model.nodes.get(statement) {
        return Err(refuse(range, "it is read in a clause"));
    }
    let is_read = |work: &Work<'_, '_, '_>, at: NodeId| {
        let Some((body, index)) = work.model.suite_of(at) else {
            return false;
        };
        body[..=index].iter().any(|stmt: &Stmt| {
            work.reads
                .contains(&(work.model.id(stmt), name.id.to_string()))
        })
    };
    let mut at = statement;
    loop {
        if is_read(work, at) {
            return Ok(());
        }
        let Some(outer) = work
            .ancestors(at)
            .find(|&outer| model.nodes.get(outer).is_statement())
        else {
            break;
        };
        at = outer;
    }
    // In the header of a loop it would be read before the first round only, which is enough: it is read once.
    if let AnyNodeRef::StmtIf(if_) = model.nodes.get(statement)
        && if_
            .elif_else_clauses
            .iter()
            .any(|clause| clause.range().contains_range(range))
    {
        statement = model.id(if_);
    }
    work.reads.push((statement, name.id.to_string()));
    let name = name.id.to_string();
    read_before(work, statement, &name)
}

/// `iter_content(...)` of a stream.
pub fn iter_content<'a>(work: &mut Work<'a, '_, '_>, call: &'a ExprCall) -> Result<(), Refusal> {
    let model = work.model;
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return Ok(());
    };
    if literal::has_starred(call) || call.arguments.args.len() > 1 {
        return Err(refuse(call.range(), "arguments of `.iter_content()`"));
    }
    let size = call
        .arguments
        .args
        .first()
        .or_else(|| literal::keyword(call, "chunk_size").map(|keyword| &keyword.value));
    let decodes = literal::keyword(call, "decode_unicode");
    let decodes_text = match decodes.map(|keyword| literal::boolean(&keyword.value)) {
        None | Some(Some(false)) => false,
        Some(Some(true)) => true,
        Some(None) => return Err(refuse(call.range(), "`decode_unicode` is not a literal")),
    };
    let name = if decodes_text {
        work.unit.unsafe_because(
            call.range(),
            "where the response names no charset, requests gives bytes or ISO-8859-1 text, httpx UTF-8 text",
        );
        "aiter_text"
    } else {
        "aiter_bytes"
    };
    let arguments = match size {
        None => "(1)".to_string(),
        Some(size) if literal::is_none(size) => "()".to_string(),
        Some(size) => format!("({})", model.slice(size.range())),
    };
    work.unit.edit(Edit::replace(attribute.attr.range(), name));
    let is_same = decodes.is_none() && size.is_some_and(|size| !literal::is_none(size));
    if !is_same {
        if model.has_comment(call.arguments.range()) {
            return Err(refuse(call.range(), "a comment stands in the arguments"));
        }
        work.unit
            .edit(Edit::replace(call.arguments.range(), arguments));
    }
    iterate(work, call)
}

/// `iter_lines(...)` of a stream.
pub fn iter_lines<'a>(
    work: &mut Work<'a, '_, '_>,
    call: &'a ExprCall,
    has_encoding: bool,
) -> Result<(), Refusal> {
    let model = work.model;
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return Ok(());
    };
    let is_known = call.arguments.args.len() <= 1
        && !literal::has_starred(call)
        && !model.has_comment(call.arguments.range());
    if !is_known {
        return Err(refuse(call.range(), "arguments of `.iter_lines()`"));
    }
    let delimiter =
        literal::keyword(call, "delimiter").filter(|keyword| !literal::is_none(&keyword.value));
    match literal::keyword(call, "decode_unicode").map(|keyword| literal::boolean(&keyword.value)) {
        Some(Some(true)) => {
            if delimiter.is_some() {
                return Err(refuse(call.range(), "`delimiter` with `decode_unicode`"));
            }
            if !has_encoding {
                work.unit.unsafe_because(
                    call.range(),
                    "where the response names no charset, requests gives bytes or ISO-8859-1 text, httpx UTF-8 text",
                );
            }
            let range = TextRange::new(attribute.attr.start(), call.end());
            work.unit.edit(Edit::replace(range, "aiter_lines()"));
        }
        Some(None) => return Err(refuse(call.range(), "`decode_unicode` is not a literal")),
        None | Some(Some(false)) => {
            work.unit.helper(&helpers::ITER_LINES, model.id(call))?;
            let mut pieces = vec![
                Piece::text(format!("{}(", helpers::ITER_LINES.name)),
                Piece::Source(attribute.value.range()),
            ];
            if let Some(delimiter) = delimiter {
                pieces.push(Piece::text(", "));
                pieces.push(Piece::Source(delimiter.range()));
            }
            pieces.push(Piece::text(")"));
            work.unit.edit(Edit::pieces(call.range(), pieces));
        }
    }
    iterate(work, call)
}

/// A loop over a stream itself: pieces of 128 bytes.
pub fn iterate_itself(work: &mut Work<'_, '_, '_>, node: NodeId) -> Result<(), Refusal> {
    let range = work.model.nodes.range(node);
    work.unit.edit(Edit::surround(
        range,
        "",
        ".aiter_bytes(128)",
        crate::edit::Layer::Wrap,
    ));
    consume(work, node)
}

/// Turns what takes the values of an async iterator async.
fn iterate<'a>(work: &mut Work<'a, '_, '_>, call: &'a ExprCall) -> Result<(), Refusal> {
    let model = work.model;
    let id = model.id(call);
    work.sites.push(id);
    if !is_named(work, id) {
        return consume(work, id);
    }
    let run = work
        .streams
        .iter()
        .map(|streamed| {
            let (first, last) = streamed.run;
            TextRange::new(
                model.nodes.range(first).start(),
                model.nodes.range(last).end(),
            )
        })
        .filter(|run| run.contains_range(call.range()))
        .min_by_key(|run| run.len());
    for use_ in model.follow(&[id], false).uses {
        let is_inside = run.is_some_and(|run| run.contains_range(model.nodes.range(use_.node)));
        if use_.certainty != Certainty::Always || use_.captured || !is_inside {
            return Err(refuse(
                model.nodes.range(use_.node),
                "the iterator goes where its uses are not known",
            ));
        }
        consume(work, use_.node)?;
    }
    Ok(())
}

/// Whether a value is assigned to one name.
fn is_named(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    match work.model.nodes.parent_node(node) {
        AnyNodeRef::StmtAssign(assign) => matches!(&*assign.targets, [Expr::Name(_)]),
        _ => false,
    }
}

fn consume(work: &mut Work<'_, '_, '_>, node: NodeId) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(node);
    let is = |expr: &Expr| model.id(expr) == node;
    match model.nodes.parent_node(node) {
        AnyNodeRef::StmtFor(for_) if is(&for_.iter) => work.unit.async_for(for_),
        AnyNodeRef::Comprehension(clause) if is(&clause.iter) => work.unit.async_for(clause),
        AnyNodeRef::Arguments(arguments) => {
            let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments)) else {
                return Err(refuse(range, "the iterator is passed on"));
            };
            if colour::is_collected(model, node) {
                let expr = model.expr(node);
                return match expr {
                    Some(ExprRef::Call(call)) => work.unit.collect(call),
                    Some(ExprRef::Name(name)) => work.unit.collect(name),
                    _ => Err(refuse(range, "the iterator is passed on")),
                };
            }
            if model.meaning(&call.func).path() == Some("builtins.next")
                && call.arguments.args.first().is_some_and(is)
            {
                check_once(work, node)?;
                return next(work, call);
            }
            Err(refuse(
                range,
                format!(
                    "the iterator is passed to `{}`",
                    model.slice(call.func.range())
                ),
            ))
        }
        AnyNodeRef::StmtExpr(_) | AnyNodeRef::StmtDelete(_) => Ok(()),
        _ => Err(refuse(
            range,
            "the iterator goes where its uses are not known",
        )),
    }
}

/// Refuses a stream of which one piece is taken, and that is read again: httpx reads a stream once.
fn check_once(work: &Work<'_, '_, '_>, node: NodeId) -> Result<(), Refusal> {
    let model = work.model;
    let AnyNodeRef::ExprCall(iterator) = model.nodes.get(node) else {
        return Ok(());
    };
    let range = iterator.range();
    let repeats = work.ancestors(node).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) | AnyNodeRef::Comprehension(_)
        )
    });
    let is_read = |kind: &UseKind<'_>| match kind {
        UseKind::Method { attribute, .. } | UseKind::Attribute(attribute) => matches!(
            attribute.attr.as_str(),
            "iter_content" | "iter_lines" | "content" | "text" | "json" | "raw"
        ),
        UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) => true,
        _ => false,
    };
    let is_again = work.streams.iter().any(|streamed| {
        let uses = model.follow(&[streamed.value], true).uses;
        let is_its = |use_: &&crate::semantic::flow::Use<'_>| {
            range.contains_range(model.nodes.range(use_.node))
        };
        uses.iter().any(|use_| is_its(&use_))
            && uses.iter().filter(|use_| is_read(&use_.kind)).count() > 1
    });
    if repeats || is_again {
        return Err(refuse(
            range,
            "one piece of the stream is taken and it is read again, which httpx does not do",
        ));
    }
    Ok(())
}

/// `next(values)` -> `await anext(values)`, with the handler that waits for its end.
fn next<'a>(work: &mut Work<'a, '_, '_>, call: &'a ExprCall) -> Result<(), Refusal> {
    let model = work.model;
    let node = model.id(call);
    if !model.is_builtin("anext", node) {
        return Err(refuse(call.range(), "`anext` means something else here"));
    }
    if let Some(handler) = model.catches(node, &["StopIteration"]) {
        end_of(work, call, handler)?;
    } else if call.arguments.len() == 1
        && model
            .catches(node, &["Exception", "BaseException"])
            .is_none()
        && !work.context.is_async(node)
    {
        work.unit.unsafe_because(
            call.range(),
            "where nothing is left it raises StopAsyncIteration instead of StopIteration",
        );
    }
    work.unit.anext(call);
    work.unit.await_(call)
}

/// `except StopIteration:` -> `except StopAsyncIteration:`, where no other iterator may end in the same `try`.
fn end_of(work: &mut Work<'_, '_, '_>, call: &ExprCall, handler: TextRange) -> Result<(), Refusal> {
    let model = work.model;
    let refusal = || {
        refuse(
            handler,
            "what else raises StopIteration there does not show",
        )
    };
    let names: Vec<TextRange> = model
        .nodes
        .all()
        .filter(|&node| handler.contains_range(model.nodes.range(node)))
        .filter_map(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprName(name) if name.id.as_str() == "StopIteration" => Some(name.range()),
            _ => None,
        })
        .collect();
    let statement = work
        .ancestors(model.id(call))
        .find(|&at| model.nodes.range(at).contains_range(handler))
        .ok_or_else(refusal)?;
    let AnyNodeRef::StmtTry(try_) = model.nodes.get(statement) else {
        return Err(refusal());
    };
    let body = try_.body.iter().map(Ranged::range);
    let span = body.reduce(TextRange::cover).ok_or_else(refusal)?;
    let others = model.calls().filter(|other| {
        span.contains_range(other.range())
            && other.range() != call.range()
            && model.meaning(&other.func).path() == Some("builtins.next")
    });
    let ([name], 0) = (&names[..], others.count()) else {
        return Err(refusal());
    };
    work.unit
        .edit_once(Edit::replace(*name, "StopAsyncIteration"));
    Ok(())
}

/// What is done with `response.raw`: `shutil.copyfileobj(response.raw, file)` and `response.raw.read()`.
pub fn raw<'a>(
    work: &mut Work<'a, '_, '_>,
    node: NodeId,
    response: TextRange,
) -> Result<(), Refusal> {
    let model = work.model;
    let range = model.nodes.range(node);
    let response = model.slice(response);
    match model.nodes.parent_node(node) {
        AnyNodeRef::Arguments(arguments) => {
            let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments)) else {
                return Err(refuse(range, "`.raw` is passed on"));
            };
            let statement = model.nodes.parent(model.id(call));
            let is_copy = model.meaning(&call.func).path() == Some("shutil.copyfileobj")
                && matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_))
                && !literal::has_starred(call)
                && call.arguments.keywords.is_empty()
                && !model.has_comment(call.range())
                && matches!(call.arguments.args.len(), 2 | 3);
            let (true, [_, Expr::Name(file), ..]) = (is_copy, &*call.arguments.args) else {
                return Err(refuse(range, "`.raw` is passed on"));
            };
            if work.context.settings.rewrites_files && is_opened_here(model, file) {
                return Err(refuse(
                    range,
                    "it is copied into a file that is opened here, which `open_to_aiofiles` could only see to afterwards",
                ));
            }
            let chunk = model.free_name("chunk", statement, &[]);
            let slot = model
                .slot(statement)
                .ok_or_else(|| refuse(range, "`.raw` is passed on"))?;
            let values = if work.decoded.contains(response) {
                "aiter_bytes()"
            } else {
                "aiter_raw()"
            };
            let header = colour::async_for_header(&chunk, &format!("{response}.{values}"));
            let text = format!(
                "{header}\n{}{}{}.write({chunk})",
                slot.indent,
                model.indent_unit(),
                file.id
            );
            work.unit.edits(slot.breaks);
            work.unit
                .edit(Edit::replace(model.nodes.range(statement), text));
            work.unit.release(model.id(call.func.as_ref()));
            work.sites.push(model.id(call));
            work.unit.runs_in(statement);
            Ok(())
        }
        AnyNodeRef::ExprAttribute(attribute) => {
            let id = model.id(attribute);
            match (attribute.attr.as_str(), model.nodes.parent_node(id)) {
                // `response.raw.decode_content = True`: what follows is decoded.
                ("decode_content", AnyNodeRef::StmtAssign(assign))
                    if literal::boolean(&assign.value) == Some(true)
                        && assign.targets.len() == 1 =>
                {
                    let statement = model.id(assign);
                    let edit = model
                        .drop_statement(statement)
                        .ok_or_else(|| refuse(range, "`.raw.decode_content`"))?;
                    work.decoded.insert(response.to_string());
                    work.unit.edit(edit);
                    Ok(())
                }
                _ => Err(refuse(range, format!("`.raw.{}`", attribute.attr))),
            }
        }
        _ => Err(refuse(range, "`.raw` is passed on")),
    }
}

/// Whether a name holds a file that this file's code opens: the codemods for files would turn it async only once the copy is
/// a loop of writes, in a second run.
fn is_opened_here(model: &Model<'_>, file: &ExprName) -> bool {
    let Some(symbol) = model.scopes.symbol_of(model.id(file)) else {
        return false;
    };
    let bindings = &model.scopes.symbol(symbol).bindings;
    bindings.iter().any(|&binding| {
        let (BindingKind::With { value, .. } | BindingKind::Assign { value }) =
            model.scopes.binding(binding).kind
        else {
            return false;
        };
        let AnyNodeRef::ExprCall(call) = model.nodes.get(value) else {
            return false;
        };
        match call.func.as_ref() {
            Expr::Name(_) => model
                .meaning(&call.func)
                .may_be(|path| matches!(path, "builtins.open" | "io.open")),
            Expr::Attribute(attribute) => {
                attribute.attr.as_str() == "open" || attribute.attr.ends_with("TemporaryFile")
            }
            _ => false,
        }
    })
}
