//! What is registered with a router: a request, and what it is answered with.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Keyword};
use ruff_text_size::{Ranged, TextRange};

use super::super::values::resolve;
use super::Work;
use super::answer;
use crate::codemod::Refusal;
use crate::semantic::{Model, literal};

/// The verbs, as respx has functions for them.
pub(super) const VERBS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put"];

/// How many fixtures a router or a route goes through.
pub(super) const FIXTURES: u32 = 4;

/// One call that registers answers.
#[derive(Clone, Debug)]
pub(super) struct Registration<'a> {
    /// The call.
    pub(super) call: &'a ExprCall,
    /// What it is registered with: `respx`, `rsps`.
    pub(super) router: String,
    /// Whether it stands in the place of the module: what it is called on is written anew.
    pub(super) is_of_module: bool,
    /// The request that is answered.
    pub(super) request: Request<'a>,
    /// The answer.
    pub(super) answer: Answer<'a>,
    /// Arguments that go.
    pub(super) dropped: Vec<TextRange>,
}

/// The request that is answered.
#[derive(Clone, Debug)]
pub(super) struct Request<'a> {
    /// The verb, lower case, or the expression that gives it; `None` for any.
    pub(super) verb: Option<Verb<'a>>,
    /// The URL; `None` for any.
    pub(super) url: Option<Url<'a>>,
    /// What else must match, as arguments of respx.
    pub(super) patterns: Vec<String>,
}

/// The verb of a request.
#[derive(Clone, Debug)]
pub(super) enum Verb<'a> {
    /// A known one, lower case.
    Known(String),
    /// An expression.
    Given(&'a Expr),
}

/// The URL of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Url<'a> {
    /// The expression.
    pub(super) expr: &'a Expr,
    /// What goes before it: the name of a pattern.
    pub(super) name: &'static str,
    /// Whether it is a host without a path: in respx that would stand for every path.
    pub(super) is_bare: bool,
    /// How much of a literal goes: the query, which becomes a pattern of its own.
    pub(super) without: Option<TextRange>,
}

/// What a request is answered with.
#[derive(Clone, Debug)]
pub(super) enum Answer<'a> {
    /// A response.
    Response(Vec<Argument<'a>>),
    /// An exception, as text.
    Raise(String),
    /// A function that makes the response.
    Callback(&'a Expr),
    /// Responses and exceptions, one after the other, as text.
    Several(Vec<String>),
}

/// An argument of a response.
#[derive(Clone, Copy, Debug)]
pub(super) struct Argument<'a> {
    /// Its name in `respond`.
    pub(super) name: &'static str,
    /// Its value.
    pub(super) value: &'a Expr,
    /// Its keyword, if it is passed by name.
    pub(super) keyword: Option<&'a Keyword>,
}

impl Argument<'_> {
    /// The span with its keyword.
    pub(super) fn range(&self) -> TextRange {
        self.keyword.map_or(self.value.range(), Ranged::range)
    }
}

/// The positional and keyword arguments of a call, by the names of its parameters.
pub(super) struct Arguments<'a> {
    found: Vec<(String, &'a Expr, Option<&'a Keyword>)>,
}

impl<'a> Arguments<'a> {
    /// Names the arguments of a call. `None` where some are unpacked or too many.
    pub(super) fn new(call: &'a ExprCall, positional: &[&str]) -> Option<Self> {
        if literal::has_starred(call) || call.arguments.args.len() > positional.len() {
            return None;
        }
        let args = call.arguments.args.iter().zip(positional);
        let mut found: Vec<_> = args
            .map(|(expr, name)| ((*name).to_string(), expr, None))
            .collect();
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref()?.to_string();
            found.push((name, &keyword.value, Some(keyword)));
        }
        Some(Self { found })
    }

    /// Takes the argument of this name.
    pub(super) fn take(&mut self, name: &str) -> Option<(&'a Expr, Option<&'a Keyword>)> {
        let at = self.found.iter().position(|(other, ..)| other == name)?;
        let (_, expr, keyword) = self.found.remove(at);
        Some((expr, keyword))
    }

    /// The first that was not taken.
    pub(super) fn rest(&self) -> Option<TextRange> {
        self.found
            .first()
            .map(|(_, expr, keyword)| keyword.map_or(expr.range(), Ranged::range))
    }
}

impl<'a> Work<'a, '_, '_> {
    /// The URL that a registration names.
    pub(super) fn url(&self, expr: &'a Expr) -> Result<Url<'a>, Refusal> {
        let model = self.model;
        let text = literal::string(resolve(model, expr));
        if text.is_some_and(|text| text.contains('*')) {
            // Part of a pattern in respx.
            return Err(self.refuse(expr.range()));
        }
        Ok(Url {
            expr,
            name: "",
            is_bare: text.is_some_and(is_bare),
            without: None,
        })
    }

    /// `responses.GET`, `rsps.GET`, `"GET"`.
    pub(super) fn verb(&mut self, expr: &'a Expr) -> Verb<'a> {
        let name = match expr {
            Expr::StringLiteral(text) => Some(text.value.to_str()),
            Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
            Expr::Name(name) => Some(name.id.as_str()),
            _ => None,
        };
        let known = name.filter(|name| {
            let upper = name.to_ascii_uppercase();
            upper == *name && VERBS.contains(&name.to_ascii_lowercase().as_str())
        });
        match known {
            Some(name) => {
                self.seen.insert(self.model.id(expr));
                Verb::Known(name.to_ascii_lowercase())
            }
            None => Verb::Given(expr),
        }
    }

    /// Whether a value may be a file or another thing that httpx sends as a stream.
    pub(super) fn is_stream(&self, value: &Expr) -> bool {
        let Expr::Call(call) = resolve(self.model, value) else {
            return false;
        };
        self.model
            .meaning(&call.func)
            .may_be(|path| path == "builtins.open" || path.starts_with("io."))
    }

    /// What a body is in `respond`: text that shows to be text gets a content type, as it does in responses.
    pub(super) fn body(&self, value: &'a Expr, has_type: bool) -> &'static str {
        let is_text = match value {
            Expr::StringLiteral(_) | Expr::FString(_) => true,
            Expr::Call(call) => self.model.meaning(&call.func).path() == Some("json.dumps"),
            _ => false,
        };
        if is_text && !has_type {
            "text"
        } else {
            "content"
        }
    }

    /// The exception that an expression makes or names, as text for `side_effect`.
    pub(super) fn exception(&mut self, expr: &'a Expr) -> Result<Option<String>, Refusal> {
        answer::exception(self, expr)
    }

    /// Renames the status codes of requests in a span.
    pub(super) fn codes(&mut self, range: TextRange) -> Result<(), Refusal> {
        let model = self.model;
        let found: Vec<(crate::semantic::NodeId, String)> = self
            .mentions_in(range)
            .filter(|mention| !self.done.contains(&mention.node))
            .map(|mention| (mention.node, mention.name.clone()))
            .collect();
        for (node, name) in found {
            let code = name.strip_prefix("codes.");
            let Some(text) = code.and_then(super::super::codes::replacement) else {
                return Err(self.refuse(model.nodes.range(node)));
            };
            self.unit.rename(node, text);
            self.done.insert(node);
        }
        Ok(())
    }

    /// Whether a call is one of several in the arguments of something that is not known.
    pub(super) fn is_statement(&self, call: &ExprCall) -> bool {
        let node = self.model.id(call);
        matches!(self.model.nodes.parent_node(node), AnyNodeRef::StmtExpr(_))
    }
}

/// `https://example.org`
fn is_bare(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains(['/', '?', '#']))
}

/// The source of an expression, shifted to the indentation of new lines.
pub(super) fn source(model: &Model<'_>, range: TextRange, indent: &str) -> String {
    let text = model.slice(range);
    let old = model.line_indent(range.start());
    let protected = model.protected_lines();
    if !text.contains('\n') || protected.iter().any(|lines| range.contains_range(*lines)) {
        return text.to_string();
    }
    text.replace(&format!("\n{old}"), &format!("\n{indent}"))
}
