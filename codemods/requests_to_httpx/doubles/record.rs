//! What the doubles have recorded: `responses.calls[0].request.url`, and routes that are asked how often they were called.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::Work;
use super::register::FIXTURES;
use crate::codemod::Refusal;
use crate::edit::{Edit, Layer};
use crate::semantic::flow::{Use, UseKind};
use crate::semantic::{NodeId, Runner, literal};

/// What a recorded value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// The list of all calls.
    Calls,
    /// The list of all calls where the old list held requests.
    History,
    /// One call.
    Call,
    /// A call that stands where there was a request.
    Past,
    /// A request.
    Request,
    /// A response.
    Response,
}

/// In which form the body of a request is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Either,
    Bytes,
    Text,
}

impl<'a> Work<'a, '_, '_> {
    /// Migrates all that is done with a recorded value.
    pub(super) fn recorded(&mut self, node: NodeId, kept: Kept) -> Result<(), Refusal> {
        let flow = self.model.follow(&[node], false);
        for use_ in &flow.uses {
            self.use_of(use_.node, use_.kind, kept)?;
        }
        Ok(())
    }

    /// The same for the parameter of a function.
    pub(super) fn request_of(&mut self, runner: Runner, parameter: NodeId) -> Result<(), Refusal> {
        let flow = self.model.follow_in(runner, &[], &[parameter], false);
        for use_ in &flow.uses {
            self.use_of(use_.node, use_.kind, Kept::Request)?;
        }
        Ok(())
    }

    /// A route that is kept: `route = responses.add(...)`.
    pub(super) fn route_value(&mut self, call: &'a ExprCall) -> Result<(), Refusal> {
        let model = self.model;
        let flow = model.follow(&[model.id(call)], false);
        self.routes(&flow.uses, FIXTURES)
    }

    /// The uses of a route, through as many fixtures.
    fn routes(&mut self, uses: &[Use<'a>], fixtures: u32) -> Result<(), Refusal> {
        let model = self.model;
        for use_ in uses {
            match use_.kind {
                UseKind::Attribute(attribute) if attribute.attr.as_str() == "calls" => {
                    self.recorded(model.id(attribute), Kept::Calls)?;
                }
                UseKind::Attribute(attribute)
                    if matches!(attribute.attr.as_str(), "call_count" | "called") => {}
                UseKind::Attribute(attribute) if attribute.attr.as_str() == "last_request" => {
                    self.last(attribute)?;
                }
                UseKind::Attribute(attribute) if attribute.attr.as_str() == "request_history" => {
                    self.tail(attribute, ".calls");
                    self.recorded(model.id(attribute), Kept::History)?;
                }
                UseKind::Discarded => {}
                UseKind::Returned | UseKind::Yielded if fixtures > 0 => {
                    let refusal = self.refuse(model.nodes.range(use_.node));
                    let Runner::Function(index) = model.runner(use_.node) else {
                        return Err(refusal);
                    };
                    let name = self.fixture(index).ok_or(refusal)?;
                    for (taker, parameter) in self.takers(&name) {
                        let flow =
                            model.follow_in(Runner::Function(taker), &[], &[parameter], false);
                        self.routes(&flow.uses, fixtures - 1)?;
                    }
                }
                _ => return Err(self.refuse(model.nodes.range(use_.node))),
            }
        }
        Ok(())
    }

    /// `m.last_request` -> `m.calls.last.request`
    pub(super) fn last(&mut self, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        self.tail(attribute, ".calls.last.request");
        self.recorded(self.model.id(attribute), Kept::Request)
    }

    /// Replaces the member of an attribute.
    pub(super) fn tail(&mut self, attribute: &ExprAttribute, text: &str) {
        let range = TextRange::new(attribute.value.end(), attribute.end());
        self.rename(range, text);
    }

    fn use_of(&mut self, node: NodeId, kind: UseKind<'a>, kept: Kept) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(node);
        self.handled(range);
        match (kept, kind) {
            (_, UseKind::Truth | UseKind::Discarded | UseKind::Formatted) => Ok(()),
            (Kept::Calls | Kept::History, UseKind::Argument { call, .. })
                if matches!(model.meaning(&call.func).path(), Some("builtins.len")) =>
            {
                Ok(())
            }
            (Kept::Calls | Kept::History, UseKind::Argument { call, .. })
                if self.has_length(call) =>
            {
                Ok(())
            }
            (Kept::Calls | Kept::History, UseKind::Subscripted) => {
                let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(node) else {
                    return Err(self.refuse(range));
                };
                let next = match (kept, subscript.slice.is_slice_expr()) {
                    (kept, true) => kept,
                    (Kept::Calls, false) => Kept::Call,
                    (_, false) => Kept::Past,
                };
                self.recorded(model.id(subscript), next)
            }
            (Kept::Calls | Kept::History, UseKind::Iterated(statement)) => {
                self.bound(&statement.target, kept)
            }
            (Kept::Calls | Kept::History, UseKind::IteratedInComprehension(clause)) => {
                self.bound(&clause.target, kept)
            }
            (Kept::Calls, UseKind::Method { attribute, call })
                if attribute.attr.as_str() == "reset" && call.arguments.is_empty() =>
            {
                self.tail(attribute, ".clear");
                Ok(())
            }
            (Kept::Calls, UseKind::Compared) if self.is_empty_list(node) => Ok(()),
            (Kept::Call, UseKind::Attribute(attribute)) => match attribute.attr.as_str() {
                "request" => self.recorded(model.id(attribute), Kept::Request),
                "response" => self.recorded(model.id(attribute), Kept::Response),
                _ => Err(self.refuse(attribute.range())),
            },
            (Kept::Past, UseKind::Attribute(attribute)) => {
                self.request(attribute, None, ".request")
            }
            (Kept::Past, UseKind::Method { attribute, call }) => {
                self.request(attribute, Some(call), ".request")
            }
            (Kept::Request, UseKind::Attribute(attribute)) => self.request(attribute, None, ""),
            (Kept::Request, UseKind::Method { attribute, call }) => {
                self.request(attribute, Some(call), "")
            }
            (Kept::Response, UseKind::Attribute(attribute)) => match attribute.attr.as_str() {
                "status_code" | "text" | "content" | "headers" => Ok(()),
                _ => Err(self.refuse(attribute.range())),
            },
            (Kept::Response, UseKind::Method { attribute, call })
                if attribute.attr.as_str() == "json" && call.arguments.is_empty() =>
            {
                Ok(())
            }
            _ => Err(self.refuse(range)),
        }
    }

    /// `self.assertEqual(responses.calls, [])` has no length of its own.
    fn has_length(&self, call: &ExprCall) -> bool {
        matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.as_str() == "assertEqual")
            && call
                .arguments
                .args
                .iter()
                .any(|other| matches!(other, Expr::List(list) if list.elts.is_empty()))
    }

    fn is_empty_list(&self, node: NodeId) -> bool {
        matches!(self.model.nodes.parent_node(node), AnyNodeRef::ExprCompare(compare)
            if compare.comparators.iter().all(|other| matches!(other, Expr::List(list) if list.elts.is_empty())))
    }

    /// The target of a loop over calls.
    fn bound(&mut self, target: &'a Expr, kept: Kept) -> Result<(), Refusal> {
        let model = self.model;
        let Expr::Name(name) = target else {
            return Err(self.refuse(target.range()));
        };
        let node = model.id(name);
        let next = if kept == Kept::Calls {
            Kept::Call
        } else {
            Kept::Past
        };
        let flow = model.follow_in(model.runner(node), &[], &[node], false);
        for use_ in &flow.uses {
            self.use_of(use_.node, use_.kind, next)?;
        }
        Ok(())
    }

    /// A member of a request. `path` leads from what stands there to the request.
    fn request(
        &mut self,
        attribute: &'a ExprAttribute,
        call: Option<&'a ExprCall>,
        path: &str,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let node = model.id(attribute);
        let refusal = self.refuse(attribute.range());
        self.handled(attribute.range());
        match (attribute.attr.as_str(), call) {
            ("method" | "headers", None) => {
                if !path.is_empty() {
                    self.tail(attribute, &format!("{path}.{}", attribute.attr));
                }
                Ok(())
            }
            ("url", None) => {
                if !path.is_empty() {
                    self.tail(attribute, &format!("{path}.url"));
                }
                if !self.is_compared(node) {
                    let wrapped = Edit::surround(attribute.range(), "str(", ")", Layer::Wrap);
                    self.unit.edit(wrapped);
                }
                Ok(())
            }
            ("path_url", None) => {
                self.tail(attribute, &format!("{path}.url.raw_path.decode()"));
                Ok(())
            }
            ("path", None) => {
                self.tail(attribute, &format!("{path}.url.path"));
                Ok(())
            }
            ("scheme", None) => {
                self.tail(attribute, &format!("{path}.url.scheme"));
                Ok(())
            }
            ("hostname", None) => {
                self.tail(attribute, &format!("{path}.url.host"));
                Ok(())
            }
            ("params", None) => {
                self.tail(attribute, &format!("{path}.url.params"));
                let wrapped = Edit::surround(attribute.range(), "dict(", ")", Layer::Wrap);
                self.unit.edit(wrapped);
                Ok(())
            }
            ("text", None) => {
                self.tail(attribute, &format!("{path}.content.decode()"));
                Ok(())
            }
            ("json", Some(call)) if call.arguments.is_empty() => {
                let range = TextRange::new(attribute.value.end(), call.end());
                self.rename(range, format!("{path}.content"));
                self.import("json", node)?;
                let wrapped = Edit::surround(call.range(), "json.loads(", ")", Layer::Wrap);
                self.unit.edit(wrapped);
                Ok(())
            }
            ("body", None) if self.is_none(attribute, path)? => Ok(()),
            ("body", _) => {
                let text = match self.form(node)? {
                    Form::Text => ".content.decode()",
                    Form::Either | Form::Bytes => ".content",
                };
                self.tail(attribute, &format!("{path}{text}"));
                Ok(())
            }
            _ => Err(refusal),
        }
    }

    /// Migrates `self.assertIsNone(request.body)` and `request.body is None`: httpx has empty bytes for no body.
    fn is_none(&mut self, attribute: &'a ExprAttribute, path: &str) -> Result<bool, Refusal> {
        let model = self.model;
        let node = model.id(attribute);
        let range = TextRange::new(attribute.value.end(), attribute.end());
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCompare(compare) if model.id(compare.left.as_ref()) == node => {
                let ([op @ (CmpOp::Is | CmpOp::IsNot)], [other]) =
                    (&*compare.ops, &*compare.comparators)
                else {
                    return Ok(false);
                };
                if !literal::is_none(other) {
                    return Ok(false);
                }
                let op = if *op == CmpOp::Is { "==" } else { "!=" };
                let rest = TextRange::new(attribute.value.end(), compare.end());
                self.rename(rest, format!("{path}.content {op} b\"\""));
                Ok(true)
            }
            AnyNodeRef::Arguments(arguments) => {
                let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(arguments))
                else {
                    return Ok(false);
                };
                let (Expr::Attribute(func), [_], []) = (
                    &*call.func,
                    &*call.arguments.args,
                    &*call.arguments.keywords,
                ) else {
                    return Ok(false);
                };
                let name = match func.attr.as_str() {
                    "assertIsNone" => "assertEqual",
                    "assertIsNotNone" => "assertNotEqual",
                    _ => return Ok(false),
                };
                self.rename(func.attr.range(), name);
                self.rename(range, format!("{path}.content, b\"\""));
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Whether a URL is only compared, which one of httpx can be as well.
    fn is_compared(&self, node: NodeId) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::ExprCompare(compare) => compare
                .ops
                .iter()
                .all(|op| matches!(op, CmpOp::Eq | CmpOp::NotEq)),
            AnyNodeRef::InterpolatedElement(_) => true,
            _ => false,
        }
    }

    /// In which form a body is used, wherever it goes.
    fn form(&self, node: NodeId) -> Result<Form, Refusal> {
        let model = self.model;
        let mut form = Form::Either;
        for use_ in &model.follow(&[node], false).uses {
            let range = model.nodes.range(use_.node);
            let next = match use_.kind {
                UseKind::Truth => Form::Either,
                UseKind::Method { attribute, .. } => match attribute.attr.as_str() {
                    "decode" => Form::Bytes,
                    "split" | "startswith" | "endswith" => Form::Text,
                    _ => return Err(self.refuse(range)),
                },
                UseKind::Argument { call, .. } => {
                    let meaning = model.meaning(&call.func);
                    match meaning.path() {
                        Some("json.loads") => Form::Either,
                        Some("urllib.parse.parse_qs" | "urllib.parse.parse_qsl") => Form::Text,
                        _ if is_assertion(call) => self
                            .literals(&call.arguments.args, use_.node)
                            .ok_or_else(|| self.refuse(range))?,
                        _ => return Err(self.refuse(range)),
                    }
                }
                UseKind::Compared => match model.nodes.parent_node(use_.node) {
                    AnyNodeRef::ExprCompare(compare) => {
                        let all =
                            std::iter::once(compare.left.as_ref()).chain(&*compare.comparators);
                        self.literals(all, use_.node)
                            .ok_or_else(|| self.refuse(range))?
                    }
                    _ => return Err(self.refuse(range)),
                },
                _ => return Err(self.refuse(range)),
            };
            form = match (form, next) {
                (Form::Either, next) => next,
                (form, Form::Either) => form,
                (form, next) if form == next => form,
                _ => return Err(self.refuse(range)),
            };
        }
        Ok(form)
    }

    /// What the literals say that a body is compared with. JSON is written in another form by httpx.
    fn literals<'e>(&self, all: impl IntoIterator<Item = &'e Expr>, node: NodeId) -> Option<Form> {
        // `"name": 3` as well, a part of an object.
        let is_json = |text: &str| text.starts_with(['{', '[']) || text.contains("\": ");
        let mut form = None;
        for other in all {
            if self.model.id(other) == node {
                continue;
            }
            form = Some(match other {
                Expr::BytesLiteral(bytes) => {
                    let text: String = bytes.value.bytes().map(char::from).collect();
                    if is_json(&text) {
                        return None;
                    }
                    Form::Bytes
                }
                other => {
                    let text = literal::string(other)?;
                    if is_json(text) {
                        return None;
                    }
                    Form::Text
                }
            });
        }
        form
    }
}

/// `self.assertEqual(...)` and the like.
fn is_assertion(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.starts_with("assert"))
}
