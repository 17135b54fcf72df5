//! The unit in the making: what the parts of the codemod share.

use ruff_python_ast::Expr;
use ruff_text_size::TextRange;
use rustc_hash::FxHashSet;

use super::calls::Request;
use super::client::Options;
use super::facts::Facts;
use super::names::Mention;
use super::stream::Streamed;
use super::target::Target;
use crate::codemod::{Context, UnitBuilder};
use crate::semantic::{Model, NodeId, Nodes, Runner};

/// One function's unit in the making.
pub struct Work<'a, 'c, 'w> {
    /// The model of the file.
    pub model: &'c Model<'a>,
    /// The project, for what names of other files are.
    pub context: &'w Context<'a, 'c>,
    /// What the requests become.
    pub target: &'static Target,
    /// What is known of the file as a whole.
    pub facts: &'w Facts,
    /// The function.
    pub runner: Runner,
    /// The functions of the unit. None for a handler in a test, round code of other files.
    pub group: &'w [Runner],
    /// The names of functions that raise errors of requests and are not of the unit.
    pub others: &'w FxHashSet<String>,
    /// The calls of functions that raise what the unit raises, by name.
    pub named: Vec<NodeId>,
    /// Every mention of requests in the file, in source order.
    pub mentions: &'w [Mention],
    /// The unit.
    pub unit: Unit<'a, 'c>,
    /// The name of the client for `requests.get` and the like.
    pub client: String,
    /// What the client is told.
    pub options: Options,
    /// Every request.
    pub requests: Vec<Request<'a>>,
    /// The requests whose responses get a block of their own.
    pub streams: Vec<Streamed<'a>>,
    /// The statements before which a stream is read to its end, with the name of its response.
    pub reads: Vec<(NodeId, String)>,
    /// The names of responses whose raw stream is decoded.
    pub decoded: FxHashSet<String>,
    /// Arguments that all requests of a session have, and that its client is told instead.
    pub common: Vec<(&'a str, &'a Expr)>,
    /// Verbs of the client that are handed on as values, and their calls.
    pub handed: Vec<NodeId>,
    /// The span of a call whose arguments are written as a whole: what is dropped in it is only noted.
    pub gathered: Option<TextRange>,
    /// The arguments that are dropped in such spans.
    pub dropped: Vec<TextRange>,
    /// Arguments of requests that a client of httpx takes instead.
    pub client_arguments: Vec<(&'a str, &'a Expr)>,
    /// Whether each request has a client of its own.
    pub is_apart: bool,
    /// Attributes of sessions that moved into the constructor of their client.
    pub moved: Vec<NodeId>,
    /// Whether a session has a query of its own.
    pub session_params: bool,
    /// The nodes that may raise what requests raises.
    pub sites: Vec<NodeId>,
    /// Mentions that were migrated as a part of something else.
    pub done: Vec<NodeId>,
    /// Whether the unit writes the tuples of exceptions that its handlers name.
    pub takes_constants: bool,
    /// The functions that are hooks, by number, once they know the new response.
    pub hooks: Vec<u32>,
    /// The requests, built before, that are sent: where they stand in the call.
    pub sent: Vec<NodeId>,
}

impl<'a, 'c, 'w> Work<'a, 'c, 'w> {
    /// The mention at a node.
    pub fn mention(&self, node: NodeId) -> Option<&Mention> {
        self.mentions_in(self.model.nodes.range(node))
            .find(|mention| mention.node == node)
    }

    /// The mentions in a span.
    pub fn mentions_in(&self, range: TextRange) -> impl Iterator<Item = &Mention> {
        let start = |mention: &Mention| self.model.nodes.range(mention.node).start();
        let first = self
            .mentions
            .partition_point(|mention| start(mention) < range.start());
        self.mentions[first..]
            .iter()
            .take_while(move |mention| start(mention) < range.end())
    }

    /// The work on another function that goes into the same unit.
    pub fn beside(&self, runner: Runner) -> Work<'a, 'c, 'w> {
        Work {
            model: self.model,
            context: self.context,
            target: self.target,
            facts: self.facts,
            runner,
            group: self.group,
            others: self.others,
            named: Vec::new(),
            mentions: self.mentions,
            unit: Unit::new(self.context.unit(TextRange::default())),
            client: String::new(),
            options: self.options.clone(),
            requests: Vec::new(),
            streams: Vec::new(),
            reads: Vec::new(),
            decoded: FxHashSet::default(),
            common: Vec::new(),
            handed: Vec::new(),
            gathered: None,
            dropped: Vec::new(),
            client_arguments: Vec::new(),
            is_apart: false,
            moved: Vec::new(),
            session_params: false,
            sites: Vec::new(),
            done: Vec::new(),
            takes_constants: false,
            hooks: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// Whether the requests become those of httpx, and not of another client.
    pub fn is_for_httpx(&self) -> bool {
        self.target.module == "httpx"
    }

    /// The nodes of the requests.
    pub fn request_nodes(&self) -> Vec<NodeId> {
        self.requests
            .iter()
            .map(|request| self.model.id(request.call))
            .collect()
    }

    /// The block that a request's response gets.
    pub fn streamed(&self, call: NodeId) -> Option<Streamed<'a>> {
        self.streams
            .iter()
            .find(|streamed| streamed.call == call)
            .copied()
    }

    /// The node of the function; the module for code that no function runs.
    pub fn function(&self) -> NodeId {
        match self.runner {
            Runner::Function(index) => self.model.scopes.functions()[index as usize].node,
            Runner::Module | Runner::Class => Nodes::ROOT,
        }
    }

    /// The ancestors of a node below the function, nearest first.
    pub fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let function = self.function();
        self.model
            .nodes
            .ancestors(node)
            .take_while(move |&at| at != function)
    }

    /// The source text of a span, as a detail.
    pub fn quoted(&self, range: TextRange) -> String {
        let text = self.model.slice(range);
        let line = text.lines().next().unwrap_or_default();
        if line.len() == text.len() {
            format!("`{line}`")
        } else {
            format!("`{line} ...`")
        }
    }
}

/// A unit builder that writes an edit once where two uses ask for the same.
pub struct Unit<'a, 'c> {
    builder: UnitBuilder<'a, 'c>,
    written: Vec<TextRange>,
}

impl<'a, 'c> Unit<'a, 'c> {
    /// Wraps a builder.
    pub fn new(builder: UnitBuilder<'a, 'c>) -> Self {
        Self {
            builder,
            written: Vec::new(),
        }
    }

    /// Adds an edit unless one of the same extent was added this way.
    pub fn edit_once(&mut self, edit: crate::edit::Edit) {
        if !self.written.contains(&edit.extent) {
            self.written.push(edit.extent);
            self.builder.edit(edit);
        }
    }

    /// The builder.
    pub fn finish(self) -> UnitBuilder<'a, 'c> {
        self.builder
    }
}

impl<'a, 'c> std::ops::Deref for Unit<'a, 'c> {
    type Target = UnitBuilder<'a, 'c>;

    fn deref(&self) -> &Self::Target {
        &self.builder
    }
}

impl std::ops::DerefMut for Unit<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.builder
    }
}
