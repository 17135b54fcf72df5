//! The values that may be functions, or hold some: where they begin to flow.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};

use super::super::place::Place;
use super::super::{Callee, Target, Value, ValueKind};
use super::Reader;
use super::follow::Carried;
use super::place::is_container;
use super::value::{Known, last};
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, NodeId, literal};

impl<'a> Reader<'a, '_> {
    /// A name that is read, and is no function or module.
    pub(super) fn variable_use(&mut self, symbol: SymbolId, node: NodeId) {
        let place = match self.symbol(symbol) {
            Known::Function(_) | Known::Path(_) => return,
            Known::Class(class) => {
                self.class_use(class, node);
                return;
            }
            Known::Several(_) | Known::Outside { .. } => Place::Anything,
            Known::Foreign(None) => return,
            Known::Foreign(Some(class)) if is_inert(&class) => return,
            Known::Instance(_)
            | Known::Foreign(_)
            | Known::Super(_)
            | Known::None
            | Known::Nothing
            | Known::Unknown => match self.place_of_symbol(symbol) {
                Some(place) => place,
                None => Place::Anything,
            },
        };
        self.origin(place, node);
    }

    /// A class that is named.
    fn class_use(&mut self, class: u32, node: NodeId) {
        let model = self.model;
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => return,
            AnyNodeRef::ExprAttribute(_)
            | AnyNodeRef::StmtRaise(_)
            | AnyNodeRef::ExceptHandlerExceptHandler(_) => return,
            AnyNodeRef::Arguments(arguments)
                if matches!(
                    model.nodes.parent_node(model.id(arguments)),
                    AnyNodeRef::StmtClassDef(_)
                ) =>
            {
                return;
            }
            _ => {}
        }
        if self.follow(Place::Anything, node) >= ValueKind::TakesCoroutine
            && !self.flows.classes.contains(&class)
        {
            self.flows.classes.push(class);
        }
    }

    /// What else sets attributes of what `argparse` gives: `add_argument("--func")`, `setattr(args, "func", f)`.
    fn other_defaults(&mut self, call: &'a ExprCall, node: NodeId) {
        let mut names: Vec<String> = Vec::new();
        match call.func.as_ref() {
            Expr::Attribute(method)
                if matches!(method.attr.as_str(), "add_argument" | "add_subparsers") =>
            {
                let dest = call.arguments.find_keyword("dest");
                let given = call
                    .arguments
                    .args
                    .iter()
                    .chain(dest.map(|dest| &dest.value));
                names.extend(
                    given
                        .filter_map(literal::string)
                        .map(|name| name.trim_start_matches('-').replace('-', "_")),
                );
            }
            func => {
                if let [value, name, ..] = &call.arguments.args[..]
                    && let Some(name) = literal::string(name)
                    && self.builtin_path(func).as_deref() == Some("builtins.setattr")
                {
                    let value = self.known(value);
                    if self.default_of(&value, name).is_some() {
                        names.push(name.to_string());
                    }
                }
            }
        }
        for name in names {
            self.flow_into(&Carried::new(Place::Anything), Place::Default(name), node);
        }
    }

    /// The call that is all that a lambda does: it hands on what that gives.
    pub(super) fn handed_on(&self, lambda: NodeId) -> Option<NodeId> {
        match self.model.nodes.get(lambda) {
            AnyNodeRef::ExprLambda(lambda) if lambda.body.is_call_expr() => {
                Some(self.model.id(lambda.body.as_ref()))
            }
            _ => None,
        }
    }

    /// A value that may be a function, or hold some.
    pub(super) fn origin(&mut self, place: Place, node: NodeId) {
        let kind = self.follow(place.clone(), node);
        if !matches!(kind, ValueKind::Identity | ValueKind::Flows) {
            match place {
                Place::Result(call) => {
                    self.flows.results.insert(call);
                }
                Place::Anything => {}
                place => self.escape(place, node),
            }
        }
    }

    /// The result of a call.
    pub(super) fn result_use(&mut self, call: &'a ExprCall, node: NodeId, is_recorded: bool) {
        let is_decorator = matches!(self.model.nodes.parent_node(node), AnyNodeRef::Decorator(_));
        if is_decorator || self.hands_on(call) {
            return;
        }
        self.other_defaults(call, node);
        // `getattr(args, "func", None)`
        if let [value, name, ..] = &call.arguments.args[..]
            && self.builtin_path(&call.func).as_deref() == Some("builtins.getattr")
            && let Some(name) = literal::string(name)
        {
            let value = self.known(value);
            if let Some(place) = self.default_of(&value, name) {
                self.origin(place, node);
                return;
            }
        }
        let place = if is_recorded {
            Place::Result(node)
        } else {
            match self.known_call(call) {
                Known::Foreign(None) => return,
                Known::Foreign(Some(class)) if is_inert(&class) || is_container(&class) => return,
                // A partial is followed from the function.
                Known::Function(_) | Known::Path(_) => return,
                _ => Place::Anything,
            }
        };
        self.origin(place, node);
    }

    fn known_call(&mut self, call: &'a ExprCall) -> Known {
        let model = self.model;
        match model.nodes.parent_node(model.id(call)) {
            AnyNodeRef::StmtExpr(_) => Known::Foreign(None),
            _ => self.result(call),
        }
    }

    /// A lambda: what it is used as where it is made.
    pub(super) fn lambda_use(&mut self, node: NodeId, values: &mut Vec<Value>) {
        let Some(&index) = self.functions_at.get(&node) else {
            return;
        };
        let target = Target::Function(index);
        let kind = self.follow(Place::Target(target.clone()), node);
        if !matches!(kind, ValueKind::Identity | ValueKind::Flows) {
            values.push(Value {
                line: 0,
                range: self.model.nodes.range(node),
                runner: self.model.runner(node),
                callee: Callee::Target(target),
                // It is no coroutine function, whatever it gives.
                kind: ValueKind::Other,
                may_be_property: false,
                attribute: None,
                leaves: false,
            });
        }
    }

    /// What flows into names other than as the value of an expression: nobody knows what `with x as name` gives.
    pub(super) fn other_bindings(&mut self) {
        let model = self.model;
        for (symbol, info) in model.scopes.symbols() {
            for &binding in &info.bindings {
                let binding = model.scopes.binding(binding);
                let is_known = match binding.kind {
                    BindingKind::Assign { .. }
                    | BindingKind::Augmented
                    | BindingKind::Declared
                    | BindingKind::Deleted
                    | BindingKind::Function
                    | BindingKind::Class
                    | BindingKind::Import { .. }
                    | BindingKind::FromImport { .. } => true,
                    BindingKind::For { .. } | BindingKind::Unpacked => {
                        !self.is_bound_by_with(binding.node)
                    }
                    BindingKind::Parameter => !self.is_variadic(binding.node),
                    BindingKind::With { .. }
                    | BindingKind::Except
                    | BindingKind::Match
                    | BindingKind::Type => false,
                };
                if !is_known && let Some(place) = self.place_of_symbol(symbol) {
                    self.flow_into(&Carried::new(Place::Anything), place, binding.node);
                }
            }
        }
    }

    /// Whether a part of a target is bound by a `with` statement or an asynchronous loop.
    fn is_bound_by_with(&self, target: NodeId) -> bool {
        for at in self.model.nodes.ancestors(target) {
            match self.model.nodes.get(at) {
                AnyNodeRef::WithItem(_) => return true,
                AnyNodeRef::StmtFor(for_) => return for_.is_async,
                AnyNodeRef::Comprehension(clause) => return clause.is_async,
                at if at.is_statement() => return false,
                _ => {}
            }
        }
        false
    }
}

/// Classes whose values are no functions and hold none.
fn is_inert(class: &str) -> bool {
    let name = last(class);
    class.starts_with("builtins.")
        && matches!(
            name,
            "bool"
                | "bytearray"
                | "bytes"
                | "complex"
                | "float"
                | "int"
                | "memoryview"
                | "range"
                | "str"
        )
        || class.starts_with("logging.")
        || class.starts_with("pathlib.")
        || class.starts_with("datetime.")
}
