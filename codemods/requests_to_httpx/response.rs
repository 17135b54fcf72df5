//! Responses: attributes, methods, truth (HTTP.md, section 5).

use ruff_python_ast::{
    self as ast, AnyNodeRef, BoolOp, CmpOp, Expr, ExprAttribute, ExprCall, ExprRef, Number, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::stream::{self, Streamed};
use super::work::Work;
use super::{containers, exceptions, prepared, reasons, values};
use crate::codemod::Refusal;
use crate::colour;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::flow::{Certainty, Flow, Use, UseKind};
use crate::semantic::{BindingKind, NodeId, literal};
use crate::unit::{Dependency, ImportRequest, Told};

/// What becomes of an attribute that is read.
#[derive(Clone, Copy, Debug)]
enum Attribute {
    /// The same.
    Same,
    /// Another name.
    Rename(&'static str),
    /// `not r.is_error`
    Ok,
    /// `str(r.url)`
    Url,
    /// Two conditions.
    PermanentRedirect,
    /// Its own uses count.
    Headers,
    /// Its own uses count.
    Cookies,
    /// A list of responses.
    History,
    /// The request.
    Request,
    /// The request that would follow a redirect.
    Next,
    /// Only streams have it.
    Stream,
    /// `charset_normalizer.detect(r.content)["encoding"]`
    ApparentEncoding,
}

static ATTRIBUTES: &[(&str, Attribute)] = &[
    ("status_code", Attribute::Same),
    ("text", Attribute::Same),
    ("content", Attribute::Same),
    ("links", Attribute::Same),
    ("elapsed", Attribute::Same),
    ("encoding", Attribute::Same),
    ("reason", Attribute::Rename("reason_phrase")),
    ("is_redirect", Attribute::Rename("has_redirect_location")),
    ("next", Attribute::Next),
    ("ok", Attribute::Ok),
    ("url", Attribute::Url),
    ("is_permanent_redirect", Attribute::PermanentRedirect),
    ("headers", Attribute::Headers),
    ("cookies", Attribute::Cookies),
    ("history", Attribute::History),
    ("request", Attribute::Request),
    ("raw", Attribute::Stream),
    ("connection", Attribute::Stream),
    ("apparent_encoding", Attribute::ApparentEncoding),
];

/// What becomes of a method that is called.
#[derive(Clone, Copy, Debug)]
enum Method {
    /// The same; may raise.
    Json,
    /// The same where redirects are followed, else guarded; may raise.
    RaiseForStatus,
    /// `await r.aclose()`
    Close,
    /// `r.iter_bytes(n)`
    IterContent,
    /// `r.content.splitlines()`
    IterLines,
}

static METHODS: &[(&str, Method)] = &[
    ("json", Method::Json),
    ("raise_for_status", Method::RaiseForStatus),
    ("close", Method::Close),
    ("iter_content", Method::IterContent),
    ("iter_lines", Method::IterLines),
];

/// What differs where a response is used out of sight.
pub const DIFFERS: &str =
    "one of httpx is true for errors too, has no `.ok` and no `.reason`, and its `.url` is no text";

/// Methods by which a request of httpx is read as one of requests.
const REQUEST_ATTRIBUTES: &[&str] = &["method"];

/// Migrates every use of a response that has a block of its own.
pub fn migrate_stream<'a>(
    work: &mut Work<'a, '_, '_>,
    streamed: &Streamed<'a>,
    guarded: &[NodeId],
) -> Result<(), Refusal> {
    let flow = work.model.follow(&[streamed.value], true);
    let is_guarded = guarded.contains(&streamed.call);
    let mut parts = Parts::default();
    let first_text = first_text(&flow);
    let encoding = flow.uses.iter().find_map(|use_| match use_.kind {
        UseKind::AttributeStore(attribute) if attribute.attr.as_str() == "encoding" => {
            Some(use_.node)
        }
        _ => None,
    });
    for use_ in &flow.uses {
        // The item of its own `with`, or the argument of `closing`.
        if use_.node == streamed.value {
            continue;
        }
        let mut site = Site {
            work,
            use_: *use_,
            parts: &mut parts,
            is_guarded,
            is_history: false,
            first_text,
            is_stream: streamed.is_stream,
            has_encoding: encoding.is_some_and(|at| at < use_.node),
            origins: &[],
            guarded: &[],
            is_followed: false,
        };
        site.migrate()?;
    }
    parts_of(work, &parts)?;
    let histories = histories(work, &parts.histories)?;
    if histories.is_empty() {
        return Ok(());
    }
    migrate(work, &histories, &histories)
}

/// Migrates every use of these responses. `guarded` are those whose status may be a redirect that was not followed.
pub fn migrate<'a>(
    work: &mut Work<'a, '_, '_>,
    origins: &[NodeId],
    guarded: &[NodeId],
) -> Result<(), Refusal> {
    let asked = guarded;
    let mut guarded: Vec<NodeId> = if guarded.is_empty() {
        Vec::new()
    } else {
        let flow = work.model.follow(guarded, false);
        flow.uses.iter().map(|use_| use_.node).collect()
    };
    let mut pending = origins.to_vec();
    let mut is_history = false;
    while !pending.is_empty() {
        let flow = work.model.follow(&pending, false);
        let mut parts = Parts::default();
        let first_text = first_text(&flow);
        for use_ in &flow.uses {
            let mut site = Site {
                work,
                use_: *use_,
                parts: &mut parts,
                is_guarded: guarded.contains(&use_.node),
                is_history,
                first_text,
                is_stream: false,
                has_encoding: false,
                origins,
                guarded: asked,
                is_followed: false,
            };
            site.migrate()?;
        }
        parts_of(work, &parts)?;
        pending = histories(work, &parts.histories)?;
        // What is in a history was redirected.
        guarded.extend(&pending);
        is_history = true;
    }
    Ok(())
}

/// Responses that come from other functions: see [`super::responses`].
pub struct Followed<'s> {
    /// The expressions that give one, in this function.
    pub values: &'s [NodeId],
    /// Those whose uses the unit that makes it has seen to.
    pub seen: &'s FxHashSet<NodeId>,
    /// Those that may give None instead.
    pub perhaps_none: &'s FxHashSet<NodeId>,
    /// Whether one may be a redirect that was not followed.
    pub is_guarded: bool,
}

/// Migrates every use of responses that come from other functions.
pub fn migrate_followed<'a>(
    work: &mut Work<'a, '_, '_>,
    followed: &Followed<'_>,
) -> Result<(), Refusal> {
    let mut flow = work
        .model
        .follow_in(work.runner, followed.values, &[], false);
    flow.uses.retain(|use_| {
        !followed.seen.contains(&use_.node) && work.model.runner(use_.node) == work.runner
    });
    for use_ in &mut flow.uses {
        if followed.values.contains(&use_.node) {
            use_.certainty = if followed.perhaps_none.contains(&use_.node) {
                Certainty::OrNone
            } else {
                Certainty::Always
            };
        }
    }
    let mut parts = Parts::default();
    let first_text = first_text(&flow);
    for use_ in &flow.uses {
        let mut site = Site {
            work,
            use_: *use_,
            parts: &mut parts,
            is_guarded: followed.is_guarded,
            is_history: false,
            first_text,
            is_stream: false,
            has_encoding: false,
            origins: &[],
            guarded: &[],
            is_followed: true,
        };
        site.migrate()?;
    }
    parts_of(work, &parts)?;
    let histories = histories(work, &parts.histories)?;
    if histories.is_empty() {
        return Ok(());
    }
    migrate(work, &histories, &histories)
}

/// Migrates the attributes whose uses are followed on their own.
fn parts_of<'a>(work: &mut Work<'a, '_, '_>, parts: &Parts) -> Result<(), Refusal> {
    let before = work.unit.written().count();
    containers::headers(work, &parts.headers, false, &reasons::RESPONSE_USE)?;
    containers::cookies(work, &parts.cookies, &reasons::RESPONSE_USE)?;
    requests(work, &parts.requests, false)?;
    let first = work.unit.written().nth(before).map(|edit| edit.extent);
    if let Some(extent) = first {
        work.unit.reshapes_response(extent, Told::OTHER);
    }
    Ok(())
}

fn first_text(flow: &Flow<'_>) -> Option<NodeId> {
    flow.uses.iter().find_map(|use_| match use_.kind {
        UseKind::Attribute(attribute) if attribute.attr.as_str() == "text" => Some(use_.node),
        _ => None,
    })
}

/// The attributes whose uses are followed on their own.
#[derive(Default)]
struct Parts {
    headers: Vec<NodeId>,
    cookies: Vec<NodeId>,
    requests: Vec<NodeId>,
    histories: Vec<NodeId>,
}

/// Whether `raise_for_status` may meet a redirect that was not followed: httpx raises for it, requests does not.
pub fn needs_guard(work: &Work<'_, '_, '_>) -> bool {
    work.facts.is_conditional || mentions_redirect_status(work)
}

/// Whether the function compares or lists a status between 300 and 399, or above 599.
fn mentions_redirect_status(work: &Work<'_, '_, '_>) -> bool {
    let model = work.model;
    model.nodes.subtree(work.function()).any(|node| {
        let AnyNodeRef::ExprNumberLiteral(number) = model.nodes.get(node) else {
            return false;
        };
        let Number::Int(value) = &number.value else {
            return false;
        };
        value
            .as_i64()
            .is_some_and(|value| (300..400).contains(&value) || (600..1000).contains(&value))
            && matches!(
                model.nodes.parent_node(node),
                AnyNodeRef::ExprCompare(_)
                    | AnyNodeRef::ExprTuple(_)
                    | AnyNodeRef::ExprList(_)
                    | AnyNodeRef::ExprSet(_)
            )
    }) || work
        .mentions_in(model.nodes.range(work.function()))
        .any(|mention| {
            mention.runner == work.runner && mention.name.eq_ignore_ascii_case("codes.not_modified")
        })
}

struct Site<'a, 'c, 'w, 's> {
    work: &'s mut Work<'a, 'c, 'w>,
    use_: Use<'a>,
    parts: &'s mut Parts,
    is_guarded: bool,
    is_history: bool,
    first_text: Option<NodeId>,
    /// Whether it is read as it comes.
    is_stream: bool,
    /// Whether its encoding was set before.
    has_encoding: bool,
    /// The calls that make the responses.
    origins: &'s [NodeId],
    /// Those of them that may be redirects that were not followed.
    guarded: &'s [NodeId],
    /// Whether it comes from another function, and is followed.
    is_followed: bool,
}

impl<'a> Site<'a, '_, '_, '_> {
    fn refuse(&self, detail: impl Into<String>) -> Refusal {
        let parent = self.work.model.nodes.parent(self.use_.node);
        Refusal::with_detail(
            &reasons::RESPONSE_USE,
            self.work.model.nodes.range(parent),
            detail,
        )
    }

    fn escapes(&self, how: &str) -> Refusal {
        Refusal::with_detail(
            &reasons::RESPONSE_ESCAPES,
            self.work.model.nodes.range(self.use_.node),
            format!("it is {how}"),
        )
    }

    /// Whether a comparison only asks which response it is: those of both libraries are equal to themselves alone.
    fn is_told_apart(&self) -> bool {
        let nodes = &self.work.model.nodes;
        let compare = nodes
            .ancestors(self.use_.node)
            .find_map(|at| match nodes.get(at) {
                AnyNodeRef::ExprCompare(compare) => Some(compare),
                _ => None,
            });
        compare.is_some_and(|compare| {
            compare
                .ops
                .iter()
                .all(|op| matches!(op, CmpOp::Eq | CmpOp::NotEq | CmpOp::Is | CmpOp::IsNot))
        })
    }

    /// The response leaves the function. What makes it here is followed from there on; else what differs is told.
    fn leaves(&mut self, how: &str) -> Result<(), Refusal> {
        if self.is_stream {
            return Err(self.escapes(how));
        }
        if self.is_followed || self.gives() {
            return Ok(());
        }
        let range = self.work.model.nodes.range(self.use_.node);
        self.work
            .unit
            .unsafe_because(range, format!("the response is {how}: {DIFFERS}"));
        Ok(())
    }

    /// Whether the name holds a parameter at times.
    fn is_parameter(&self) -> bool {
        let scopes = &self.work.model.scopes;
        scopes.symbol_of(self.use_.node).is_some_and(|symbol| {
            let bindings = &scopes.symbol(symbol).bindings;
            bindings
                .iter()
                .any(|&binding| scopes.binding(binding).kind == BindingKind::Parameter)
        })
    }

    /// Hands the calls over whose response may be here. Whether there is one.
    fn gives(&mut self) -> bool {
        let model = self.work.model;
        let requests = self.work.request_nodes();
        let calls: Vec<NodeId> = self
            .origins
            .iter()
            .copied()
            .filter(|origin| {
                requests.contains(origin)
                    && model
                        .follow(&[*origin], false)
                        .uses
                        .iter()
                        .any(|use_| use_.node == self.use_.node)
            })
            .collect();
        for &call in &calls {
            self.work.unit.gives(call, self.guarded.contains(&call));
        }
        !calls.is_empty()
    }

    fn migrate(&mut self) -> Result<(), Refusal> {
        let node = self.use_.node;
        if self.use_.certainty == Certainty::Mixed {
            // What else is there may be a response of another function; what callers give is not known.
            let is_parameter = self.is_parameter();
            if !self.is_stream && !self.is_followed && !is_parameter && self.gives() {
                return Ok(());
            }
            return Err(Refusal::with_detail(
                &reasons::RESPONSE_MIXED,
                self.work.model.nodes.range(node),
                self.work.quoted(self.work.model.nodes.range(node)),
            ));
        }
        if !self.is_followed {
            self.work.unit.sees(node);
        }
        match self.use_.kind {
            UseKind::IsNone | UseKind::Discarded | UseKind::Deleted => Ok(()),
            UseKind::Attribute(attribute) => self.attribute(attribute),
            UseKind::Method { attribute, call } => self.method(attribute, call),
            UseKind::Truth => self.truth(),
            UseKind::AttributeStore(attribute) => self.store(attribute),
            UseKind::Returned => self.leaves("returned"),
            UseKind::Yielded => self.leaves("yielded"),
            UseKind::Stored => self.leaves("stored"),
            UseKind::Contained => self.leaves("put into a container"),
            UseKind::Formatted => {
                self.note_text();
                Ok(())
            }
            UseKind::Argument {
                call,
                keyword: None,
            } if matches!(
                self.work.model.meaning(&call.func).path(),
                Some("builtins.print" | "builtins.str" | "builtins.repr")
            ) || is_log(call) =>
            {
                self.note_text();
                Ok(())
            }
            UseKind::Argument { keyword: None, .. }
                if colour::is_collected(self.work.model, node) =>
            {
                if self.is_stream {
                    self.work.sites.push(node);
                    return stream::iterate_itself(self.work, node);
                }
                let range = self.work.model.nodes.range(node);
                self.work
                    .unit
                    .edit(Edit::surround(range, "", ".iter_bytes(128)", Layer::Wrap));
                Ok(())
            }
            UseKind::Argument {
                call,
                keyword: None,
            } if self.work.model.meaning(&call.func).path() == Some("builtins.bool") => {
                self.truth()
            }
            UseKind::Argument {
                call,
                keyword: Some("response"),
            } if exceptions::raised_with_response(self.work, call, node)? => Ok(()),
            UseKind::Argument { call, .. } => {
                // Who is given it may raise what it raises.
                self.work.sites.push(self.work.model.id(call));
                let callee = self.work.quoted(call.func.range());
                self.leaves(&format!("passed to {callee}"))
            }
            UseKind::BoolOperand => Err(self.escapes("the result of `and` or `or`")),
            UseKind::Branch => self.leaves("the result of a conditional expression"),
            UseKind::With { .. } => Err(self.refuse("`with` on a response")),
            UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) if self.is_stream => {
                self.work.sites.push(node);
                stream::iterate_itself(self.work, node)
            }
            // Pieces of 128 bytes.
            UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) => {
                let range = self.work.model.nodes.range(node);
                self.work
                    .unit
                    .edit(Edit::surround(range, "", ".iter_bytes(128)", Layer::Wrap));
                Ok(())
            }
            UseKind::Compared if self.is_told_apart() => Ok(()),
            UseKind::Compared => Err(self.escapes("compared")),
            UseKind::Unpacked => Err(self.escapes("unpacked")),
            UseKind::Called(_) | UseKind::Subscripted | UseKind::Awaited(_) | UseKind::Other => {
                Err(self.refuse("a use that is not known"))
            }
        }
    }

    fn note_text(&mut self) {
        let range = self.work.model.nodes.range(self.use_.node);
        self.work.unit.note(
            range,
            "the text of a response is `<Response [200 OK]>` in httpx, `<Response [200]>` in requests",
        );
    }

    fn attribute(&mut self, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        let name = attribute.attr.as_str();
        let row = ATTRIBUTES.iter().find(|(row, _)| *row == name);
        let Some((_, row)) = row else {
            return Err(self.refuse(format!("`.{name}`")));
        };
        let model = self.work.model;
        let id = model.id(attribute);
        if self.is_stream {
            match name {
                "content" | "text" => stream::read_first(self.work, self.use_.node)?,
                "raw" => return stream::raw(self.work, id, attribute.value.range()),
                "elapsed" => return Err(self.refuse("`.elapsed` of a stream")),
                _ => {}
            }
        }
        if !matches!(row, Attribute::Same) {
            self.check_debug_text(id)?;
        }
        let told = match row {
            Attribute::Same | Attribute::Headers | Attribute::Cookies | Attribute::Stream => None,
            Attribute::Ok => Some(Told::OK),
            Attribute::Url => Some(Told::URL),
            Attribute::Rename("reason_phrase") => Some(Told::REASON),
            _ => Some(Told::OTHER),
        };
        if let Some(told) = told {
            self.work.unit.reshapes_response(attribute.range(), told);
        }
        match row {
            Attribute::Same => {}
            Attribute::Rename(name) => self
                .work
                .unit
                .edit(Edit::replace(attribute.attr.range(), *name)),
            Attribute::Ok => {
                self.work
                    .unit
                    .edit(Edit::replace(attribute.attr.range(), "is_error"));
                self.negate(id, attribute.range(), "");
            }
            Attribute::Url => url(self.work, attribute)?,
            Attribute::PermanentRedirect => self.permanent_redirect(attribute)?,
            Attribute::Headers => self.parts.headers.push(id),
            Attribute::Cookies => self.parts.cookies.push(id),
            Attribute::History => self.parts.histories.push(id),
            Attribute::Request => self.parts.requests.push(id),
            // Requests sets it on all hops but the first, httpx on none.
            Attribute::Next if self.is_history => {
                return Err(self.refuse("`.next` in a history"));
            }
            Attribute::Next => {
                self.work
                    .unit
                    .edit(Edit::replace(attribute.attr.range(), "next_request"));
                self.parts.requests.push(id);
            }
            Attribute::ApparentEncoding => {
                if self.is_stream || values::quote_at(model, id) != Some('"') {
                    return Err(self.refuse("`.apparent_encoding`"));
                }
                self.work
                    .unit
                    .import(ImportRequest::Module("charset_normalizer"), id)?;
                self.work
                    .unit
                    .dependency(Dependency::Add("charset-normalizer"));
                self.work.unit.edit(Edit::pieces(
                    attribute.range(),
                    vec![
                        Piece::text("charset_normalizer.detect("),
                        Piece::Source(attribute.value.range()),
                        Piece::text(".content)[\"encoding\"]"),
                    ],
                ));
            }
            Attribute::Stream => {
                return Err(Refusal::with_detail(
                    &reasons::STREAM,
                    attribute.range(),
                    format!("`.{name}`"),
                ));
            }
        }
        Ok(())
    }

    /// `f"{r.ok=}"` prints its own source.
    fn check_debug_text(&self, node: NodeId) -> Result<(), Refusal> {
        let model = self.work.model;
        let found = self.work.ancestors(node).take_while(|&at| !model.nodes.get(at).is_statement()).any(|at| {
            matches!(model.nodes.get(at), AnyNodeRef::InterpolatedElement(element) if element.debug_text.is_some())
        });
        if found {
            return Err(self.refuse("an f-string field with `=` prints its own source"));
        }
        Ok(())
    }

    /// `not` in front of an expression, or away where there is one already. `suffix` follows the expression.
    fn negate(&mut self, node: NodeId, range: TextRange, suffix: &str) {
        let model = self.work.model;
        let outer = model
            .expr(node)
            .map_or(range, |expr| model.parenthesized_range(expr));
        if let AnyNodeRef::ExprUnaryOp(unary) = model.nodes.parent_node(node)
            && unary.op == UnaryOp::Not
        {
            self.work
                .unit
                .edit(Edit::delete(TextRange::new(unary.start(), outer.start())));
            if !suffix.is_empty() {
                self.work
                    .unit
                    .edit(Edit::surround(outer, "", suffix, Layer::Wrap));
            }
            return;
        }
        let bare = outer == range && binds_tighter_than_not(self.work, node);
        let (open, close) = if bare { ("(", ")") } else { ("", "") };
        self.work.unit.edit(Edit::surround(
            range,
            format!("{open}not "),
            format!("{suffix}{close}"),
            Layer::Wrap,
        ));
    }

    fn permanent_redirect(&mut self, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        let Expr::Name(name) = attribute.value.as_ref() else {
            return Err(self.refuse("`.is_permanent_redirect` of an expression"));
        };
        let id = self.work.model.id(attribute);
        let text = format!(
            "{name}.has_redirect_location and {name}.status_code in (301, 308)",
            name = name.id
        );
        let has_own = self
            .work
            .model
            .parenthesized_range(ExprRef::from(attribute))
            != attribute.range();
        let text = if has_own || is_whole_operand(self.work, id) {
            text
        } else {
            format!("({text})")
        };
        self.work.unit.edit(Edit::replace(attribute.range(), text));
        Ok(())
    }

    fn method(&mut self, attribute: &'a ExprAttribute, call: &'a ExprCall) -> Result<(), Refusal> {
        let name = attribute.attr.as_str();
        let Some((_, row)) = METHODS.iter().find(|(row, _)| *row == name) else {
            return Err(self.refuse(format!("`.{name}()`")));
        };
        let model = self.work.model;
        if !matches!(row, Method::Json | Method::RaiseForStatus) {
            let range = attribute.range();
            self.work.unit.reshapes_response(range, Told::OTHER);
        }
        match row {
            Method::Json => {
                if self.is_stream {
                    stream::read_first(self.work, self.use_.node)?;
                }
                self.work.sites.push(model.id(call));
            }
            Method::RaiseForStatus => {
                self.work.sites.push(model.id(call));
                self.raise_for_status(attribute, call)?;
            }
            Method::Close => {
                if self.use_.captured {
                    return Err(self.refuse("an inner function closes the response"));
                }
                self.work
                    .unit
                    .edit(Edit::replace(attribute.attr.range(), "aclose"));
                self.work.unit.await_(call)?;
            }
            Method::IterContent if self.is_stream => stream::iter_content(self.work, call)?,
            Method::IterLines if self.is_stream => {
                stream::iter_lines(self.work, call, self.has_encoding)?;
            }
            Method::IterContent => {
                let is_plain = !literal::has_starred(call)
                    && call.arguments.keywords.iter().all(|keyword| {
                        keyword
                            .arg
                            .as_ref()
                            .is_some_and(|arg| arg.as_str() == "chunk_size")
                    })
                    && call.arguments.len() <= 1;
                if !is_plain {
                    return Err(self.refuse("`decode_unicode` of `.iter_content()`"));
                }
                self.work
                    .unit
                    .edit(Edit::replace(attribute.attr.range(), "iter_bytes"));
                if call.arguments.is_empty() {
                    self.work
                        .unit
                        .edit(Edit::replace(call.arguments.range(), "(1)"));
                }
            }
            Method::IterLines => {
                if !call.arguments.is_empty() {
                    return Err(self.refuse("arguments of `.iter_lines()`"));
                }
                let range = TextRange::new(attribute.attr.start(), call.end());
                self.work
                    .unit
                    .edit(Edit::replace(range, "content.splitlines()"));
            }
        }
        Ok(())
    }

    /// `x = r.raise_for_status()`: None in requests, the response in httpx.
    fn raise_as_value(
        &mut self,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let Expr::Name(name) = attribute.value.as_ref() else {
            return Err(
                self.refuse("`raise_for_status()` gives the response in httpx, None in requests")
            );
        };
        let id = self.work.model.id(call);
        self.check_debug_text(id)?;
        let range = attribute.range();
        self.work.unit.reshapes_response(range, Told::MOCK);
        let outer = self.work.model.parenthesized_range(ExprRef::from(call));
        let bare = outer == call.range() && !is_whole_operand(self.work, id);
        let (open, close) = if bare { ("(", ")") } else { ("", "") };
        self.work.unit.edit(Edit::surround(
            call.range(),
            open,
            format!(" if {}.is_error else None{close}", name.id),
            Layer::Wrap,
        ));
        Ok(())
    }

    fn raise_for_status(
        &mut self,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let model = self.work.model;
        let statement = model.nodes.parent(model.id(call));
        if !matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_)) {
            return self.raise_as_value(attribute, call);
        }
        if !self.is_guarded {
            return Ok(());
        }
        let range = attribute.range();
        self.work.unit.reshapes_response(range, Told::MOCK);
        let Expr::Name(name) = attribute.value.as_ref() else {
            return Err(self.refuse(
                "`raise_for_status()` of httpx raises for redirects that were not followed, too",
            ));
        };
        let header = format!("if {}.is_error:", name.id);
        match model.wrap_statements(statement, statement, &header) {
            Some(edits) => self.work.unit.edits(edits),
            None => return Err(self.refuse("`raise_for_status()`")),
        }
        Ok(())
    }

    fn store(&self, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        let model = self.work.model;
        // httpx refuses another encoding once the text was read.
        if attribute.attr.as_str() == "encoding"
            && let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(model.id(attribute))
            && literal::string(&assign.value).is_some()
            && !self.is_read_before()
        {
            return Ok(());
        }
        Err(self.refuse(format!("`.{}` is set", attribute.attr)))
    }

    /// Whether the text of the same response is read before it is used here.
    fn is_read_before(&self) -> bool {
        let here = self.use_.node;
        if self.first_text.is_none_or(|text| here < text) {
            return false;
        }
        let reads = |origin: &NodeId| {
            let flow = self.work.model.follow(&[*origin], false);
            flow.uses.iter().any(|use_| use_.node == here)
                && first_text(&flow).is_some_and(|text| text < here)
        };
        self.origins.is_empty() || self.origins.iter().any(reads)
    }

    /// `if r:`: a response of requests is false for an error, one of httpx never is.
    fn truth(&mut self) -> Result<(), Refusal> {
        let node = self.use_.node;
        let model = self.work.model;
        self.check_debug_text(node)?;
        let Some(expr) = model.expr(node) else {
            return Err(self.refuse("a test"));
        };
        let range = model.nodes.range(node);
        self.work.unit.reshapes_response(range, Told::OK);
        let outer = model.parenthesized_range(expr);
        if self.use_.certainty == Certainty::OrNone {
            return self.truth_or_none(expr, range);
        }
        match expr {
            ExprRef::Name(_) | ExprRef::Attribute(_) => self.negate(node, range, ".is_error"),
            _ if outer != range => {
                // The parentheses stay round the value: `not (...).is_error`.
                let not = matches!(
                    model.nodes.parent_node(node),
                    AnyNodeRef::ExprUnaryOp(unary) if unary.op == UnaryOp::Not
                );
                if not {
                    self.negate(node, range, ".is_error");
                } else {
                    self.work
                        .unit
                        .edit(Edit::surround(outer, "not ", ".is_error", Layer::Wrap));
                }
            }
            ExprRef::Named(_) => {
                self.work
                    .unit
                    .edit(Edit::surround(range, "not (", ").is_error", Layer::Wrap))
            }
            ExprRef::Call(_) => {
                let not = match model.nodes.parent_node(node) {
                    AnyNodeRef::ExprUnaryOp(unary) if unary.op == UnaryOp::Not => {
                        let not = TextRange::new(unary.start(), range.start());
                        self.work.unit.edit(Edit::delete(not));
                        ""
                    }
                    _ => "not ",
                };
                self.work.unit.edit(Edit::surround(
                    range,
                    format!("{not}("),
                    ").is_error",
                    Layer::Outer,
                ));
            }
            _ => return Err(self.refuse("the truth of a call: assign it to a name first")),
        }
        Ok(())
    }

    fn truth_or_none(&mut self, expr: ExprRef<'a>, range: TextRange) -> Result<(), Refusal> {
        let model = self.work.model;
        // It is read twice.
        let is_chain = match expr {
            ExprRef::Name(_) => true,
            ExprRef::Attribute(attribute) => literal::is_plain(&attribute.value),
            _ => false,
        };
        if !is_chain {
            return Err(self.refuse("the truth of a value that may be None"));
        }
        let name = model.slice(range);
        let parent = model.nodes.parent_node(self.use_.node);
        if let AnyNodeRef::ExprUnaryOp(unary) = parent
            && unary.op == UnaryOp::Not
        {
            let inside = model.nodes.parent_node(model.id(unary));
            let whole = matches!(inside, AnyNodeRef::ExprBoolOp(operation) if operation.op == BoolOp::Or)
                || is_test(inside)
                || model.parenthesized_range(ExprRef::from(unary)) != unary.range();
            let text = format!("{name} is None or {name}.is_error");
            let text = if whole { text } else { format!("({text})") };
            self.work.unit.edit(Edit::replace(unary.range(), text));
            return Ok(());
        }
        self.work.unit.edit(Edit::replace(
            range,
            format!("{name} is not None and not {name}.is_error"),
        ));
        Ok(())
    }
}

/// Whether a call writes to a log: `logger.info(...)`, `_LOGGER.error(...)`, `logging.debug(...)`.
pub fn is_log(call: &ExprCall) -> bool {
    const LEVELS: &[&str] = &[
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "log",
    ];
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return false;
    };
    let receiver = match attribute.value.as_ref() {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(inner) => inner.attr.as_str(),
        _ => return false,
    };
    LEVELS.contains(&attribute.attr.as_str()) && receiver.to_ascii_lowercase().contains("log")
}

fn is_test(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::StmtIf(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::StmtAssert(_)
    )
}

/// Whether what stands round an expression binds tighter than `not`.
fn binds_tighter_than_not(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    match work.model.nodes.parent_node(node) {
        AnyNodeRef::ExprCompare(_)
        | AnyNodeRef::ExprBinOp(_)
        | AnyNodeRef::ExprAttribute(_)
        | AnyNodeRef::ExprStarred(_)
        | AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::ExprUnaryOp(unary) => unary.op != UnaryOp::Not,
        AnyNodeRef::ExprCall(call) => work.model.id(call.func.as_ref()) == node,
        AnyNodeRef::ExprSubscript(subscript) => work.model.id(subscript.value.as_ref()) == node,
        _ => false,
    }
}

/// Whether `a and b` can stand here without parentheses.
fn is_whole_operand(work: &Work<'_, '_, '_>, node: NodeId) -> bool {
    let parent = work.model.nodes.parent_node(node);
    is_test(parent)
        || matches!(
            parent,
            AnyNodeRef::Arguments(_)
                | AnyNodeRef::Keyword(_)
                | AnyNodeRef::StmtAssign(_)
                | AnyNodeRef::StmtAnnAssign(_)
                | AnyNodeRef::StmtReturn(_)
                | AnyNodeRef::StmtExpr(_)
                | AnyNodeRef::ExprTuple(_)
                | AnyNodeRef::ExprList(_)
                | AnyNodeRef::ExprSet(_)
                | AnyNodeRef::ExprDict(_)
        )
}

/// `r.url` and `r.request.url`: text in requests, an object in httpx that is equal to its text and prints as it.
fn url(work: &mut Work<'_, '_, '_>, attribute: &ExprAttribute) -> Result<(), Refusal> {
    let model = work.model;
    let id = model.id(attribute);
    let is_plain = match model.nodes.parent_node(id) {
        AnyNodeRef::InterpolatedElement(element) => {
            element.format_spec.is_none() && element.conversion == ast::ConversionFlag::None
        }
        AnyNodeRef::ExprCompare(compare) => matches!(&*compare.ops, [CmpOp::Eq | CmpOp::NotEq]),
        AnyNodeRef::Arguments(arguments) => match model.nodes.parent_node(model.id(arguments)) {
            AnyNodeRef::ExprCall(call) => matches!(
                model.meaning(&call.func).path(),
                Some("builtins.print" | "builtins.str")
            ),
            _ => false,
        },
        AnyNodeRef::StmtExpr(_) => true,
        _ => false,
    };
    if is_plain {
        return Ok(());
    }
    if model.scopes.lookup(model.scope_at(id), "str").is_some() {
        return Err(Refusal::with_detail(
            &reasons::RESPONSE_USE,
            attribute.range(),
            "`str` means something else here, and the URL of httpx is not a string",
        ));
    }
    work.unit
        .edit(Edit::surround(attribute.range(), "str(", ")", Layer::Wrap));
    Ok(())
}

/// `r.request` and what was built to be sent: a request.
pub fn requests<'a>(
    work: &mut Work<'a, '_, '_>,
    nodes: &[NodeId],
    writable: bool,
) -> Result<(), Refusal> {
    if nodes.is_empty() {
        return Ok(());
    }
    let mut headers = Vec::new();
    for use_ in work.model.follow(nodes, false).uses {
        match use_.kind {
            UseKind::Attribute(attribute) if use_.certainty == Certainty::Always => {
                match attribute.attr.as_str() {
                    "url" => url(work, attribute)?,
                    "headers" => headers.push(work.model.id(attribute)),
                    "body" => {
                        work.unit.unsafe_because(
                            attribute.range(),
                            "the body of a request is bytes in httpx: it is decoded, also JSON, which is bytes in requests, and an empty text where requests has None",
                        );
                        work.unit
                            .edit(Edit::replace(attribute.attr.range(), "content.decode()"));
                    }
                    name if REQUEST_ATTRIBUTES.contains(&name) => {}
                    name => {
                        return Err(Refusal::with_detail(
                            &reasons::RESPONSE_USE,
                            attribute.range(),
                            format!("`.request.{name}`"),
                        ));
                    }
                }
            }
            UseKind::Discarded | UseKind::IsNone | UseKind::Truth => {}
            UseKind::AttributeStore(attribute) => prepared::store(work, attribute)?,
            kind if prepared::is_sent(work, &kind) => work.sent.push(use_.node),
            _ => {
                return Err(Refusal::with_detail(
                    &reasons::RESPONSE_ESCAPES,
                    work.model.nodes.range(use_.node),
                    "its request goes where its uses are not known",
                ));
            }
        }
    }
    containers::headers(work, &headers, writable, &reasons::RESPONSE_USE)
}

/// `r.history`: the responses in it are responses.
fn histories<'a>(work: &mut Work<'a, '_, '_>, nodes: &[NodeId]) -> Result<Vec<NodeId>, Refusal> {
    let mut found = Vec::new();
    if nodes.is_empty() {
        return Ok(found);
    }
    let model = work.model;
    for use_ in model.follow(nodes, false).uses {
        let refuse = || {
            Refusal::with_detail(
                &reasons::RESPONSE_ESCAPES,
                model.nodes.range(use_.node),
                "its history goes where its uses are not known",
            )
        };
        match use_.kind {
            _ if use_.certainty == Certainty::Mixed => return Err(refuse()),
            UseKind::Truth | UseKind::IsNone | UseKind::Discarded => {}
            UseKind::Argument {
                call,
                keyword: None,
            } if matches!(
                model.meaning(&call.func).path(),
                Some("builtins.len" | "builtins.bool")
            ) => {}
            UseKind::Subscripted => match model.nodes.parent_node(use_.node) {
                AnyNodeRef::ExprSubscript(subscript) if !subscript.slice.is_slice_expr() => {
                    found.push(model.id(subscript));
                }
                _ => return Err(refuse()),
            },
            UseKind::Iterated(for_) => {
                found.extend(elements(work, &for_.target).ok_or_else(refuse)?);
            }
            UseKind::IteratedInComprehension(clause) => {
                found.extend(elements(work, &clause.target).ok_or_else(refuse)?);
            }
            _ => return Err(refuse()),
        }
    }
    Ok(found)
}

/// The uses of a loop's target, where nothing else binds it.
fn elements(work: &Work<'_, '_, '_>, target: &Expr) -> Option<Vec<NodeId>> {
    let Expr::Name(name) = target else {
        return None;
    };
    let scopes = &work.model.scopes;
    let binding = scopes.binding_at(work.model.id(name))?;
    let symbol = scopes.symbol(scopes.binding(binding).symbol);
    let is_for = matches!(scopes.binding(binding).kind, BindingKind::For { .. });
    let is_local = symbol
        .references
        .iter()
        .all(|&node| work.model.runner(node) == work.runner);
    (symbol.bindings.len() == 1 && is_for && is_local).then(|| symbol.references.clone())
}
