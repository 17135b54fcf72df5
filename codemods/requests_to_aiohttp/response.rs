//! Responses: attributes, methods, truth.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::block::{Form, Place};
use super::helpers;
use crate::codemod::Refusal;
use crate::codemods::requests_to_httpx::work::Work;
use crate::codemods::requests_to_httpx::{reasons, values};
use crate::colour;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::flow::{Certainty, Use, UseKind};
use crate::semantic::{NodeId, literal};
use crate::unit::ImportRequest;

/// Rewrites every use of a response, apart from those in `seen`.
pub fn migrate<'a>(
    work: &mut Work<'a, '_, '_>,
    place: &Place<'a>,
    seen: &mut Vec<NodeId>,
) -> Result<(), Refusal> {
    let mut in_text = false;
    for use_ in &place.uses {
        if seen.contains(&use_.node) {
            continue;
        }
        seen.push(use_.node);
        let mut site = Site {
            work,
            place,
            use_,
            in_text: false,
        };
        site.migrate()?;
        in_text |= site.in_text;
    }
    // In an expression the name of the response takes the place of the request, unless new text has it already.
    if matches!(place.form, Form::Statement) && !in_text {
        let range = work.model.nodes.range(place.call);
        work.unit.edit(Edit::replace(range, place.name.clone()));
    }
    Ok(())
}

struct Site<'a, 'c, 'w, 's> {
    work: &'s mut Work<'a, 'c, 'w>,
    place: &'s Place<'a>,
    use_: &'s Use<'a>,
    /// Whether the response stands in new text, and the request with it.
    in_text: bool,
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

    /// The response, in new text.
    fn name(&self) -> String {
        let model = self.work.model;
        if self.place.is_named(model, self.use_.node) {
            model.slice(model.nodes.range(self.use_.node)).to_string()
        } else {
            self.place.name.clone()
        }
    }

    fn migrate(&mut self) -> Result<(), Refusal> {
        let range = self.work.model.nodes.range(self.use_.node);
        match self.use_.kind {
            UseKind::IsNone | UseKind::Discarded | UseKind::Deleted => Ok(()),
            UseKind::Attribute(attribute) => self.attribute(attribute),
            UseKind::Method { attribute, call } => self.method(attribute, call),
            UseKind::Truth if self.use_.certainty == Certainty::Always => {
                self.check_debug_text()?;
                // A request in an expression moves away from here with all that is written round it.
                self.in_text = matches!(self.place.form, Form::Statement);
                let edit = if self.in_text {
                    Edit::replace(range, format!("{}.ok", self.place.name))
                } else {
                    Edit::surround(range, "", ".ok", Layer::Wrap)
                };
                self.work.unit.edit(edit);
                Ok(())
            }
            UseKind::Truth => Err(self.refuse("the truth of a response that may be None")),
            UseKind::Formatted => self.shown(),
            UseKind::Argument {
                call,
                keyword: None,
            } if matches!(
                self.work.model.meaning(&call.func).path(),
                Some("builtins.print" | "builtins.str" | "builtins.repr")
            ) =>
            {
                self.shown()
            }
            UseKind::Returned => Err(self.escapes("returned")),
            UseKind::Yielded => Err(self.escapes("yielded")),
            UseKind::Stored => Err(self.escapes("stored")),
            UseKind::Contained => Err(self.escapes("put into a container")),
            UseKind::Argument { call, .. } => {
                let callee = self.work.quoted(call.func.range());
                Err(self.escapes(&format!("passed to {callee}")))
            }
            UseKind::BoolOperand => Err(self.escapes("the result of `and` or `or`")),
            UseKind::Branch => Err(self.escapes("the result of a conditional expression")),
            UseKind::Compared => Err(self.escapes("compared")),
            UseKind::Unpacked => Err(self.escapes("unpacked")),
            UseKind::AttributeStore(attribute) => {
                Err(self.refuse(format!("`.{}` is set", attribute.attr)))
            }
            UseKind::With { .. } => Err(self.refuse("`with` on a response")),
            UseKind::Iterated(_)
            | UseKind::IteratedInComprehension(_)
            | UseKind::Called(_)
            | UseKind::Subscripted
            | UseKind::Awaited(_)
            | UseKind::Other => Err(self.refuse("a use that is not known")),
        }
    }

    fn shown(&mut self) -> Result<(), Refusal> {
        let range = self.work.model.nodes.range(self.use_.node);
        self.work.unit.note(
            range,
            "the text of a response is another one in aiohttp, with all its headers",
        );
        Ok(())
    }

    /// `f"{r.ok=}"` prints its own source.
    fn check_debug_text(&self) -> Result<(), Refusal> {
        let model = self.work.model;
        let found = model
            .nodes
            .ancestors(self.use_.node)
            .take_while(|&at| !model.nodes.get(at).is_statement())
            .any(|at| {
                matches!(model.nodes.get(at), AnyNodeRef::InterpolatedElement(element) if element.debug_text.is_some())
            });
        if found {
            return Err(self.refuse("an f-string field with `=` prints its own source"));
        }
        Ok(())
    }

    fn attribute(&mut self, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        let model = self.work.model;
        let id = model.id(attribute);
        let name = attribute.attr.as_str();
        self.check_debug_text()?;
        match name {
            "ok" | "reason" => Ok(()),
            "status_code" => {
                let edit = Edit::replace(attribute.attr.range(), "status");
                self.work.unit.edit(edit);
                Ok(())
            }
            "url" => {
                if matches!(
                    model.nodes.parent_node(id),
                    AnyNodeRef::InterpolatedElement(_)
                ) {
                    return Ok(());
                }
                let edit = Edit::surround(attribute.range(), "str(", ")", Layer::Wrap);
                self.work.unit.edit(edit);
                Ok(())
            }
            "text" => {
                let Some(quote) = values::quote_at(model, id) else {
                    return Err(self.refuse("it stands in nested f-strings that use both quotes"));
                };
                let text = if self.work.options.is_idiomatic {
                    "text()".to_string()
                } else {
                    format!("text(errors={quote}replace{quote})")
                };
                self.work.sites.push(id);
                self.work
                    .unit
                    .edit(Edit::replace(attribute.attr.range(), text));
                self.work.unit.await_(attribute)
            }
            "content" => {
                if let Some(content) = &self.place.content {
                    let edit = Edit::replace(attribute.range(), content.clone());
                    self.work.unit.edit(edit);
                    return Ok(());
                }
                self.work.sites.push(id);
                self.work
                    .unit
                    .edit(Edit::replace(attribute.attr.range(), "read()"));
                self.work.unit.await_(attribute)
            }
            "headers" => self.headers(id),
            "history" => self.history(id),
            _ => Err(self.refuse(format!("`.{name}`"))),
        }
    }

    /// Headers: look-ups. One that comes twice is there twice in aiohttp, and joined in requests.
    fn headers(&self, headers: NodeId) -> Result<(), Refusal> {
        let model = self.work.model;
        for use_ in model.follow(&[headers], false).uses {
            let range = model.nodes.range(model.nodes.parent(use_.node));
            let refuse = || {
                Refusal::with_detail(
                    &reasons::RESPONSE_USE,
                    range,
                    "headers as a whole: one that comes twice is there twice",
                )
            };
            if use_.certainty != Certainty::Always {
                return Err(refuse());
            }
            let key = match use_.kind {
                UseKind::Subscripted => match model.nodes.parent_node(use_.node) {
                    AnyNodeRef::ExprSubscript(subscript) if subscript.ctx.is_load() => {
                        Some(subscript.slice.as_ref())
                    }
                    _ => return Err(refuse()),
                },
                UseKind::Method { attribute, call } if attribute.attr.as_str() == "get" => {
                    call.arguments.args.first()
                }
                UseKind::Compared
                    if matches!(
                        model.nodes.parent_node(use_.node),
                        AnyNodeRef::ExprCompare(compare)
                            if matches!(&*compare.ops, [CmpOp::In | CmpOp::NotIn])
                                && model.id(compare.left.as_ref()) != use_.node
                    ) =>
                {
                    None
                }
                _ => return Err(refuse()),
            };
            let is_joined = |key: &str| {
                matches!(
                    key.to_ascii_lowercase().as_str(),
                    "set-cookie" | "link" | "vary" | "www-authenticate" | "via" | "allow"
                )
            };
            if key.and_then(literal::string).is_some_and(is_joined) {
                return Err(Refusal::with_detail(
                    &reasons::RESPONSE_USE,
                    range,
                    "the header may come more than once, and aiohttp gives the first",
                ));
            }
        }
        Ok(())
    }

    /// The history: only whether there is one, and how long it is.
    fn history(&self, history: NodeId) -> Result<(), Refusal> {
        let model = self.work.model;
        let is_known = model.follow(&[history], false).uses.iter().all(|use_| {
            use_.certainty == Certainty::Always
                && match use_.kind {
                    UseKind::Truth => true,
                    UseKind::Argument { call, .. } => {
                        model.meaning(&call.func).path() == Some("builtins.len")
                    }
                    _ => false,
                }
        });
        if is_known {
            Ok(())
        } else {
            Err(self.refuse("the responses of `.history`"))
        }
    }

    fn method(&mut self, attribute: &'a ExprAttribute, call: &'a ExprCall) -> Result<(), Refusal> {
        let name = attribute.attr.as_str();
        let id = self.work.model.id(call);
        self.check_debug_text()?;
        match name {
            "raise_for_status" | "close" if call.arguments.is_empty() => {
                self.work.sites.push(id);
                Ok(())
            }
            "json" => {
                self.work.sites.push(id);
                self.json(attribute, call)
            }
            "iter_content" => {
                self.work.sites.push(id);
                self.iter_content(attribute, call)
            }
            "iter_lines" => {
                self.work.sites.push(id);
                self.iter_lines(call)
            }
            _ => Err(self.refuse(format!("`.{name}()`"))),
        }
    }

    /// `response.json()` -> `json.loads(await response.text())`: `json()` of aiohttp wants a content type, and gives None for
    /// an empty body.
    fn json(&mut self, attribute: &'a ExprAttribute, call: &'a ExprCall) -> Result<(), Refusal> {
        let model = self.work.model;
        let id = model.id(call);
        if self.work.options.is_idiomatic {
            if !call.arguments.is_empty() {
                return Err(self.refuse("arguments of `.json()`"));
            }
            return self.work.unit.await_(call);
        }
        if literal::has_starred(call)
            || !call.arguments.args.is_empty()
            || model.has_comment(TextRange::new(
                attribute.value.end(),
                call.arguments.start(),
            ))
        {
            return Err(self.refuse("arguments of `.json()`"));
        }
        // Many a variable is called `json`.
        let loads = if self
            .work
            .unit
            .import(ImportRequest::Module("json"), id)
            .is_ok()
        {
            "json.loads"
        } else {
            let import = ImportRequest::Name {
                module: "json",
                name: "loads",
            };
            self.work.unit.import(import, id)?;
            "loads"
        };
        let text = colour::awaited(&format!("{}.text()", self.name()));
        let mut pieces = vec![Piece::text(format!("{loads}({text}"))];
        if !call.arguments.is_empty() {
            let inside = TextRange::new(
                call.arguments.start() + ruff_text_size::TextSize::new(1),
                call.arguments.end() - ruff_text_size::TextSize::new(1),
            );
            pieces.push(Piece::text(", "));
            pieces.push(Piece::Source(inside));
        }
        pieces.push(Piece::text(")"));
        self.in_text = true;
        self.work.unit.edit(Edit::pieces(call.range(), pieces));
        self.work.unit.awaits_around(id)
    }

    /// `response.iter_content(n)` -> `response.content.iter_chunked(n)`.
    fn iter_content(
        &mut self,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let model = self.work.model;
        let refuse = |detail: &str| Refusal::with_detail(&reasons::STREAM, call.range(), detail);
        if !matches!(
            self.place.form,
            Form::Uses(_) | Form::With(..) | Form::Statement
        ) {
            return Err(refuse("it is read behind its block"));
        }
        if literal::has_starred(call) || model.has_comment(call.arguments.range()) {
            return Err(refuse("arguments of `.iter_content()`"));
        }
        let size = match (&*call.arguments.args, &*call.arguments.keywords) {
            ([], []) => Some("1".to_string()),
            ([size], []) if literal::is_none(size) => None,
            ([size], []) => Some(model.slice(size.range()).to_string()),
            ([], [keyword]) if keyword.arg.as_ref().is_some_and(|arg| arg == "chunk_size") => {
                (!literal::is_none(&keyword.value))
                    .then(|| model.slice(keyword.value.range()).to_string())
            }
            _ => return Err(refuse("arguments of `.iter_content()`")),
        };
        let text = match size {
            Some(size) => format!("content.iter_chunked({size})"),
            None => "content.iter_any()".to_string(),
        };
        let range = TextRange::new(attribute.attr.start(), call.end());
        self.work.unit.edit(Edit::replace(range, text));
        self.iterate(call)
    }

    /// `response.iter_lines()` -> `_iter_lines(response)`.
    fn iter_lines(&mut self, call: &'a ExprCall) -> Result<(), Refusal> {
        let model = self.work.model;
        if !call.arguments.is_empty()
            || matches!(self.place.form, Form::Read | Form::Dropped)
            || model.has_comment(call.range())
        {
            return Err(Refusal::with_detail(
                &reasons::STREAM,
                call.range(),
                "arguments of `.iter_lines()`, or it is read behind its block",
            ));
        }
        self.work
            .unit
            .helper(&helpers::ITER_LINES, model.id(call))?;
        let text = format!("{}({})", helpers::ITER_LINES.name, self.name());
        self.in_text = true;
        self.work.unit.edit(Edit::replace(call.range(), text));
        self.iterate(call)
    }

    /// The loop or clause over a stream turns async.
    fn iterate(&mut self, call: &'a ExprCall) -> Result<(), Refusal> {
        let model = self.work.model;
        let is_values = |iter: &Expr| model.id(iter) == model.id(call);
        match model.nodes.parent_node(model.id(call)) {
            AnyNodeRef::StmtFor(for_) if is_values(&for_.iter) && !for_.is_async => {
                self.work.unit.async_for(for_)
            }
            AnyNodeRef::Comprehension(clause) if is_values(&clause.iter) => {
                self.work.unit.async_for(clause)
            }
            _ => Err(Refusal::with_detail(
                &reasons::STREAM,
                call.range(),
                "it is not the iterable of a loop",
            )),
        }
    }
}
