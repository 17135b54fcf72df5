//! Mocks that stand for responses: `mock.ok = True` becomes `mock.is_error = False`.
//!
//! A mock has every attribute that it is asked for, and gives something true for those that nobody set. So code that asks a
//! response of httpx for another attribute than before is answered wrongly by a mock that was told the old one only, and by
//! one that was told neither. What all mocks of a file are told of is [`Told`]; the code of which other attributes are read
//! goes with such a file only ([`crate::unit::Reshaped`]).

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext};
use ruff_text_size::{Ranged, TextRange};

use super::Work;
use crate::edit::{Edit, Layer};
use crate::semantic::{BindingKind, NodeId, Runner, literal};
use crate::unit::Told;

/// How many functions and names lie between a call and the mock that it gives.
const DEPTH: u32 = 4;

/// What becomes of an attribute that a mock is told.
struct Row {
    old: &'static str,
    new: &'static str,
    is_negated: bool,
    told: Told,
}

#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { old: "ok", new: "is_error", is_negated: true, told: Told::OK },
    Row { old: "reason", new: "reason_phrase", is_negated: false, told: Told::REASON },
    Row { old: "url", new: "url", is_negated: false, told: Told::URL },
];

impl<'a> Work<'a, '_, '_> {
    /// What the mock that a value is was told, and the mocks behind a name or a call. Those attributes get their new names.
    pub(super) fn told(&mut self, value: &'a Expr) -> Told {
        self.told_in(value, DEPTH)
    }

    /// What is told of the result of a mock that nobody gave one: `get.return_value.ok = True`. `references` are the uses
    /// of the name of that mock.
    pub(super) fn told_of_result(&mut self, references: &[NodeId]) -> Told {
        let model = self.model;
        let results: Vec<NodeId> = references
            .iter()
            .filter_map(|&reference| match model.nodes.parent_node(reference) {
                AnyNodeRef::ExprAttribute(result) if result.attr.as_str() == "return_value" => {
                    Some(model.id(result))
                }
                _ => None,
            })
            .collect();
        // A name for it: `response = get.return_value`.
        let mut told = Told::MOCK;
        for result in results {
            told |= match model.nodes.parent_node(result) {
                AnyNodeRef::ExprAttribute(attribute) => self.stored(attribute),
                AnyNodeRef::StmtAssign(assign) => match &assign.targets[..] {
                    [target @ Expr::Name(_)] => self.stores(target),
                    _ => Told::NOTHING,
                },
                _ => Told::NOTHING,
            };
        }
        told
    }

    /// What a `side_effect` is told: exceptions give no response.
    pub(super) fn told_in_turn(&mut self, value: &'a Expr) -> Told {
        let elements = match value {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::NoneLiteral(_) => return Told::ALL,
            _ if !super::patches::may_be_function(self, value) => return Told::ALL,
            _ => return Told::NOTHING,
        };
        let told =
            elements.iter().map(
                |element| match super::patches::may_be_function(self, element) {
                    true => self.told(element),
                    false => Told::ALL,
                },
            );
        told.fold(Told::ALL, |all, told| all & told)
    }

    fn told_in(&mut self, value: &'a Expr, depth: u32) -> Told {
        let model = self.model;
        if depth == 0 {
            return Told::NOTHING;
        }
        match value {
            Expr::Call(call) if self.is_mock(call) => self.keywords(call),
            Expr::Call(call) => match self.function_of(call) {
                Some(index) => self.results(index, depth),
                None => Told::NOTHING,
            },
            Expr::Name(name) => {
                let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                    return Told::NOTHING;
                };
                let mut told = Told::ALL;
                for &binding in &model.scopes.symbol(symbol).bindings {
                    let binding = model.scopes.binding(binding);
                    told &= match binding.kind {
                        BindingKind::Assign { value } => match model.nodes.parent_node(value) {
                            AnyNodeRef::StmtAssign(assign) => {
                                self.told_in(&assign.value, depth - 1)
                            }
                            _ => Told::NOTHING,
                        },
                        BindingKind::Parameter => match self.fixture_of(binding.node) {
                            Some(index) => self.results(index, depth - 1),
                            None => Told::NOTHING,
                        },
                        _ => Told::NOTHING,
                    };
                }
                match told.has(Told::MOCK) {
                    true => told | self.stores(value),
                    false => told,
                }
            }
            _ => Told::NOTHING,
        }
    }

    /// What a function gives: all that it returns or yields.
    fn results(&mut self, index: u32, depth: u32) -> Told {
        let model = self.model;
        let function = model.scopes.functions()[index as usize].node;
        let given: Vec<&'a Expr> = model
            .nodes
            .subtree(function)
            .filter(|&node| model.runner(node) == Runner::Function(index))
            .filter_map(|node| match model.nodes.get(node) {
                AnyNodeRef::StmtReturn(given) => given.value.as_deref(),
                AnyNodeRef::ExprYield(given) => given.value.as_deref(),
                _ => None,
            })
            .collect();
        if given.is_empty() {
            return Told::NOTHING;
        }
        let told = given
            .into_iter()
            .map(|value| self.told_in(value, depth - 1));
        told.fold(Told::ALL, |all, told| all & told)
    }

    /// `Mock(...)`, `MagicMock(...)` that may have any attribute.
    fn is_mock(&self, call: &ExprCall) -> bool {
        let path = self.model.meaning(&call.func);
        let is_mock = path.path().is_some_and(|path| {
            let class = path
                .strip_prefix("unittest.mock.")
                .or_else(|| path.strip_prefix("mock."));
            matches!(class, Some("Mock" | "MagicMock"))
        });
        let is_free = call.arguments.keywords.iter().all(|keyword| {
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            !matches!(name, None | Some("spec" | "spec_set" | "wraps" | "unsafe"))
        });
        is_mock && is_free && call.arguments.args.is_empty()
    }

    /// `Mock(ok=True)`
    fn keywords(&mut self, call: &'a ExprCall) -> Told {
        let mut told = Told::MOCK;
        for row in ROWS {
            if let Some(keyword) = literal::keyword(call, row.old)
                && let Some(name) = &keyword.arg
            {
                self.tell(row, name.range(), &keyword.value);
                told |= row.told;
            }
        }
        told
    }

    /// What is set on a name: `response.ok = True`.
    fn stores(&mut self, name: &'a Expr) -> Told {
        let model = self.model;
        let node = model.id(name);
        let bound = || {
            let binding = model.scopes.binding_at(node)?;
            Some(model.scopes.binding(binding).symbol)
        };
        let Some(symbol) = model.scopes.symbol_of(node).or_else(bound) else {
            return Told::NOTHING;
        };
        let mut told = Told::NOTHING;
        for &reference in &model.scopes.symbol(symbol).references {
            if let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(reference) {
                told |= self.stored(attribute);
            }
        }
        told
    }

    fn stored(&mut self, attribute: &'a ExprAttribute) -> Told {
        let model = self.model;
        let row = ROWS.iter().find(|row| row.old == attribute.attr.as_str());
        let (Some(row), ExprContext::Store) = (row, attribute.ctx) else {
            return Told::NOTHING;
        };
        match model.nodes.parent_node(model.id(attribute)) {
            AnyNodeRef::StmtAssign(assign) if assign.targets.len() == 1 => {
                self.tell(row, attribute.attr.range(), &assign.value);
                row.told
            }
            _ => Told::NOTHING,
        }
    }

    /// Writes the new name, and the new value.
    fn tell(&mut self, row: &Row, name: TextRange, value: &Expr) {
        if row.new != row.old {
            self.unit.edit_once(Edit::replace(name, row.new));
        }
        if !row.is_negated {
            return;
        }
        let range = value.range();
        self.unit.edit_once(match value {
            Expr::BooleanLiteral(known) => {
                Edit::replace(range, if known.value { "False" } else { "True" })
            }
            Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_) | Expr::Subscript(_) => {
                Edit::insert(range.start(), range, "not ")
            }
            _ => Edit::surround(range, "not (", ")", Layer::Wrap),
        });
    }

    /// The function of this file that a call calls: `reply(...)`, `self.reply(...)`.
    fn function_of(&self, call: &ExprCall) -> Option<u32> {
        let name = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) if matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == "self") => {
                attribute.attr.as_str()
            }
            _ => return None,
        };
        self.only_function(name)
    }

    /// The fixture that fills a parameter.
    fn fixture_of(&self, parameter: NodeId) -> Option<u32> {
        let AnyNodeRef::Parameter(parameter) = self.model.nodes.get(parameter) else {
            return None;
        };
        let index = self.only_function(parameter.name.as_str())?;
        self.fixture(index).map(|_| index)
    }

    /// The only function of this name in the file.
    fn only_function(&self, name: &str) -> Option<u32> {
        let functions = self.model.scopes.functions().iter().enumerate();
        let mut found = functions.filter(|(_, function)| {
            function
                .definition
                .is_some_and(|definition| definition.name.as_str() == name && !definition.is_async)
        });
        let (index, _) = found.next()?;
        found.next().is_none().then_some(index as u32)
    }
}
