//! SQLite connections, which only the thread may use that made them.
//!
//! Source: `check_same_thread` of `sqlite3.connect`, <https://docs.python.org/3/library/sqlite3.html#sqlite3.connect>: by
//! default another thread gets a `ProgrammingError`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use rustc_hash::FxHashSet;

use crate::semantic::scope::{Scopes, SymbolId};
use crate::semantic::{BindingKind, Model, NodeId, literal};

/// What a function that makes such a connection and does not close it says of itself.
const MAKES: &str = "makes an SQLite connection, which no other thread may use";

/// The same of one that works with a connection of others.
const TAKES: &str = "works with an SQLite connection, which only the thread that made it may use";

/// The connections of one file that live longer than the functions that make them.
pub(super) struct Connections<'a, 'm> {
    model: &'m Model<'a>,
    /// The calls that make them.
    makers: FxHashSet<NodeId>,
    /// The attributes that hold them, whatever the object is.
    attributes: FxHashSet<&'a str>,
    /// The names of modules and parameters that hold them.
    symbols: FxHashSet<SymbolId>,
}

impl<'a, 'm> Connections<'a, 'm> {
    /// Finds them.
    pub(super) fn new(model: &'m Model<'a>) -> Self {
        let mut found = Self {
            model,
            makers: FxHashSet::default(),
            attributes: FxHashSet::default(),
            symbols: FxHashSet::default(),
        };
        if memchr::memmem::find(model.text.as_bytes(), b"sqlite3").is_none() {
            return found;
        }
        for call in model.calls() {
            if is_bound(model, call) {
                found.add(call);
            }
        }
        for (id, symbol) in model.scopes.symbols() {
            let is_annotated = symbol.bindings.iter().any(|&binding| {
                let binding = model.scopes.binding(binding);
                matches!(model.nodes.get(binding.node), AnyNodeRef::Parameter(parameter)
                    if binding.kind == BindingKind::Parameter
                        && parameter.annotation.as_deref().is_some_and(|annotation| is_of_sqlite(model, annotation)))
            });
            if is_annotated {
                found.symbols.insert(id);
            }
        }
        found
    }

    /// Why the function that runs a node is bound to one thread.
    pub(super) fn of(&self, node: NodeId) -> Option<&'static str> {
        match self.model.nodes.get(node) {
            AnyNodeRef::ExprCall(_) if self.makers.contains(&node) => Some(MAKES),
            AnyNodeRef::ExprAttribute(attribute) => self
                .attributes
                .contains(attribute.attr.as_str())
                .then_some(TAKES),
            AnyNodeRef::ExprName(_) if !self.symbols.is_empty() => {
                let symbol = self.model.scopes.symbol_of(node)?;
                self.symbols.contains(&symbol).then_some(TAKES)
            }
            _ => None,
        }
    }

    fn add(&mut self, call: &'a ExprCall) {
        let model = self.model;
        let node = model.id(call);
        let targets: Vec<&'a Expr> = match taker(model, node) {
            AnyNodeRef::StmtAssign(assign) => assign.targets.iter().collect(),
            AnyNodeRef::StmtAnnAssign(assign) => vec![assign.target.as_ref()],
            AnyNodeRef::WithItem(item) => item.optional_vars.as_deref().into_iter().collect(),
            AnyNodeRef::ExprCall(outer) if closes(model, outer) => return,
            _ => Vec::new(),
        };
        let mut is_closed = !targets.is_empty();
        for target in targets {
            match target {
                Expr::Attribute(attribute) => {
                    self.attributes.insert(attribute.attr.as_str());
                    is_closed = false;
                }
                Expr::Name(name) => {
                    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                        is_closed = false;
                        continue;
                    };
                    if model.scopes.symbol(symbol).scope == Scopes::MODULE {
                        self.symbols.insert(symbol);
                        is_closed = false;
                    }
                    is_closed &= is_closed_by_name(model, symbol);
                }
                _ => is_closed = false,
            }
        }
        if !is_closed {
            self.makers.insert(node);
        }
    }
}

/// Whether a call makes a connection of one thread.
fn is_bound(model: &Model<'_>, call: &ExprCall) -> bool {
    let makes = model
        .meaning(&call.func)
        .may_be(|path| matches!(path, "sqlite3.connect" | "sqlite3.dbapi2.connect"));
    let checks = || match literal::keyword(call, "check_same_thread") {
        Some(keyword) => keyword
            .value
            .as_boolean_literal_expr()
            .is_none_or(|literal| literal.value),
        None => true,
    };
    makes && checks()
}

fn is_of_sqlite(model: &Model<'_>, annotation: &Expr) -> bool {
    model
        .meaning(annotation)
        .may_be(|path| matches!(path, "sqlite3.Connection" | "sqlite3.Cursor"))
}

fn closes(model: &Model<'_>, call: &ExprCall) -> bool {
    model
        .meaning(&call.func)
        .may_be(|path| path == "contextlib.closing")
}

/// What takes a value: the call of which it is an argument, or else the parent.
fn taker<'a>(model: &Model<'a>, node: NodeId) -> AnyNodeRef<'a> {
    let parent = model.nodes.parent(node);
    match model.nodes.get(parent) {
        AnyNodeRef::Arguments(_) => model.nodes.parent_node(parent),
        other => other,
    }
}

/// Whether a name's connection is closed in its function: what the function returns is of no use to anybody then.
fn is_closed_by_name(model: &Model<'_>, symbol: SymbolId) -> bool {
    let references = &model.scopes.symbol(symbol).references;
    references
        .iter()
        .any(|&reference| match taker(model, reference) {
            AnyNodeRef::ExprAttribute(attribute) => attribute.attr.as_str() == "close",
            AnyNodeRef::ExprCall(call) => closes(model, call),
            _ => false,
        })
}
