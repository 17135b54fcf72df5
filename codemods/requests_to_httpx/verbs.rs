//! Verbs that are handed on as values: `self._send(self.session.put, url)`, `{"GET": requests.get}[verb](url)`.
//!
//! All calls of such a value are found in the file, or what it belongs to stays. Methods that take no body in httpx become
//! `partial(session.request, "GET")` where a call may have one.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprDict, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::calls::{self, Request, Verb};
use super::reasons;
use super::work::Work;
use crate::codemod::Refusal;
use crate::edit::{Edit, Piece};
use crate::semantic::flow::{Certainty, Use, UseKind};
use crate::semantic::{Model, NodeId, Runner, literal};
use crate::unit::ImportRequest;

/// A verb that is a value.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// `session.get`
    Method(&'a ExprAttribute),
    /// `requests.get`: the mention, and the name of the verb.
    Function(NodeId, String),
}

impl<'a> Value<'a> {
    fn node(&self, model: &Model<'a>) -> NodeId {
        match self {
            Self::Method(attribute) => model.id(*attribute),
            Self::Function(node, _) => *node,
        }
    }

    fn verb(&self) -> &str {
        match self {
            Self::Method(attribute) => attribute.attr.as_str(),
            Self::Function(_, verb) => verb,
        }
    }
}

/// The calls of verbs that are handed on as values.
#[derive(Debug, Default)]
pub struct Values<'a> {
    /// The values.
    pub values: Vec<Value<'a>>,
    /// The calls of them, with the functions that they stand in.
    pub calls: Vec<(Runner, &'a ExprCall)>,
    /// The functions of the file that are handed one.
    takers: Vec<&'a StmtFunctionDef>,
    /// The functions with values whose calls may have a body.
    with_body: Vec<Runner>,
}

impl<'a> Values<'a> {
    /// Finds the calls of these values.
    ///
    /// # Errors
    /// A value goes out of sight.
    pub fn find(model: &Model<'a>, values: Vec<Value<'a>>) -> Result<Self, Refusal> {
        let mut found = Self {
            values,
            ..Self::default()
        };
        let mut runners: Vec<Runner> = Vec::new();
        for value in &found.values {
            let runner = model.runner(value.node(model));
            if !runners.contains(&runner) {
                runners.push(runner);
            }
        }
        for runner in runners {
            let nodes: Vec<NodeId> = found
                .values
                .iter()
                .map(|value| value.node(model))
                .filter(|&node| model.runner(node) == runner)
                .collect();
            let mut own = Self {
                values: found.values.clone(),
                ..Self::default()
            };
            for use_ in model.follow(&nodes, false).uses {
                own.use_(model, &use_)?;
            }
            if own.calls.iter().any(|(_, call)| may_have_body(model, call)) {
                found.with_body.push(runner);
            }
            for (_, call) in own.calls {
                found.called(model, call)?;
            }
            for taker in own.takers {
                if !found.is_taker(taker) {
                    found.takers.push(taker);
                }
            }
        }
        Ok(found)
    }

    fn is_taker(&self, taker: &StmtFunctionDef) -> bool {
        self.takers
            .iter()
            .any(|known| known.range() == taker.range())
    }

    fn is_value(&self, model: &Model<'a>, expr: &Expr) -> bool {
        let node = model.id(expr);
        self.values.iter().any(|value| value.node(model) == node)
    }

    fn use_(&mut self, model: &Model<'a>, use_: &Use<'a>) -> Result<(), Refusal> {
        let refusal = refusal(model, use_.node);
        if use_.certainty != Certainty::Always || use_.captured {
            return Err(refusal);
        }
        match use_.kind {
            UseKind::Called(call) => self.called(model, call),
            UseKind::Argument { call, keyword } => {
                let taker = taker(model, call, use_.node).ok_or_else(|| refusal.clone())?;
                let parameter = parameter(model, taker, call, use_.node, keyword).ok_or(refusal)?;
                self.handed(model, taker, parameter)
            }
            UseKind::Contained => {
                let AnyNodeRef::ExprDict(table) = model.nodes.parent_node(use_.node) else {
                    return Err(refusal);
                };
                self.table(model, table).ok_or(refusal)
            }
            _ => Err(refusal),
        }
    }

    fn called(&mut self, model: &Model<'a>, call: &'a ExprCall) -> Result<(), Refusal> {
        if !self
            .calls
            .iter()
            .any(|(_, known)| known.range() == call.range())
        {
            self.calls.push((model.runner(model.id(call)), call));
        }
        Ok(())
    }

    /// A function of the file whose parameter is given values at every call, and only calls it.
    fn handed(
        &mut self,
        model: &Model<'a>,
        taker: &'a StmtFunctionDef,
        parameter: (usize, NodeId),
    ) -> Result<(), Refusal> {
        if self.is_taker(taker) {
            return Ok(());
        }
        self.takers.push(taker);
        let (position, parameter) = parameter;
        let name = taker.name.as_str();
        for node in model.nodes.all() {
            let is_named = match model.nodes.get(node) {
                AnyNodeRef::ExprName(found) => found.id.as_str() == name,
                AnyNodeRef::ExprAttribute(found) => found.attr.as_str() == name,
                _ => false,
            };
            if !is_named {
                continue;
            }
            let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(node) else {
                return Err(refusal(model, node));
            };
            let given = argument(model, call, position, parameter);
            let is_value = given.is_some_and(|given| self.is_value(model, given));
            if model.id(call.func.as_ref()) != node || !is_value {
                return Err(refusal(model, node));
            }
        }
        let index = model
            .scopes
            .functions()
            .iter()
            .position(|function| function.node == model.id(taker));
        let Some(index) = index else {
            return Err(refusal(model, parameter));
        };
        let runner = Runner::Function(index as u32);
        for use_ in model.follow_in(runner, &[], &[parameter], false).uses {
            match use_.kind {
                UseKind::Called(call) if use_.certainty == Certainty::Always && !use_.captured => {
                    self.called(model, call)?;
                }
                _ => return Err(refusal(model, use_.node)),
            }
        }
        Ok(())
    }

    /// A dictionary display of nothing but values, which is only looked up, and what is found is called.
    fn table(&mut self, model: &Model<'a>, table: &'a ExprDict) -> Option<()> {
        let is_value = |expr: &Expr| self.is_value(model, expr);
        if !table
            .items
            .iter()
            .all(|item| item.key.is_some() && is_value(&item.value))
        {
            return None;
        }
        let mut looked_up = Vec::new();
        for use_ in model.follow(&[model.id(table)], false).uses {
            let UseKind::Subscripted = use_.kind else {
                return None;
            };
            if use_.certainty != Certainty::Always || use_.captured {
                return None;
            }
            looked_up.push(model.nodes.parent(use_.node));
        }
        for use_ in model.follow(&looked_up, false).uses {
            match use_.kind {
                UseKind::Called(call) if use_.certainty == Certainty::Always && !use_.captured => {
                    self.called(model, call).ok()?;
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Writes the values of a function that take no body in httpx, and says what is not seen.
    ///
    /// # Errors
    /// A value is `head`, which follows no redirects in requests.
    pub fn write(&self, work: &mut Work<'a, '_, '_>) -> Result<(), Refusal> {
        let model = work.model;
        for value in &self.values {
            let node = value.node(model);
            if model.runner(node) != work.runner {
                continue;
            }
            let verb = value.verb();
            let range = model.nodes.range(node);
            if verb == "head" || verb == "request" || model.has_comment(range) {
                return Err(refusal(model, node));
            }
            let keeps =
                !self.with_body.contains(&work.runner) || matches!(verb, "post" | "put" | "patch");
            if keeps {
                if let Value::Function(..) = value {
                    let name = format!("{}.{verb}", work.client);
                    work.unit.rename(node, name);
                    work.done.push(node);
                }
                continue;
            }
            let quote = super::values::quote_at(model, node).ok_or_else(|| refusal(model, node))?;
            let partial = ImportRequest::Name {
                module: "functools",
                name: "partial",
            };
            work.unit.import(partial, node)?;
            let request = format!(".request, {quote}{}{quote})", verb.to_uppercase());
            match value {
                Value::Method(attribute) => work.unit.edit(Edit::pieces(
                    range,
                    vec![
                        Piece::text("partial("),
                        Piece::Source(attribute.value.range()),
                        Piece::text(request),
                    ],
                )),
                Value::Function(..) => {
                    let text = format!("partial({}{request}", work.client);
                    work.unit.rename(node, text);
                    work.done.push(node);
                }
            }
        }
        for taker in &self.takers {
            if work.function() != model.id(*taker) {
                continue;
            }
            work.unit.unsafe_because(
                taker.name.range(),
                format!(
                    "what calls `{}` from elsewhere must hand on a method of the new client",
                    taker.name
                ),
            );
        }
        Ok(())
    }

    /// The nodes of a function that need the client of the module's requests: values of it, and their calls there.
    pub fn of_client(&self, model: &Model<'a>, runner: Runner) -> Vec<NodeId> {
        let values: Vec<NodeId> = self
            .values
            .iter()
            .map(|value| value.node(model))
            .filter(|&node| model.runner(node) == runner)
            .collect();
        if values.is_empty() {
            return values;
        }
        let calls = self.calls.iter().filter(|(at, _)| *at == runner);
        let calls = calls.map(|(_, call)| model.id(*call));
        values.into_iter().chain(calls).collect()
    }

    /// The functions that a value stands in, is called in, or is handed to.
    pub fn runners(&self, model: &Model<'a>) -> Vec<Runner> {
        let values = self
            .values
            .iter()
            .map(|value| model.runner(value.node(model)));
        let mut found: Vec<Runner> = values
            .chain(self.calls.iter().map(|(runner, _)| *runner))
            .collect();
        found.sort_unstable_by_key(|runner| match runner {
            Runner::Function(index) => (1, *index),
            Runner::Module | Runner::Class => (0, 0),
        });
        found.dedup();
        found
    }

    /// The requests that are calls of values, in one function.
    pub fn requests(&self, model: &Model<'a>, runner: Runner) -> Vec<Request<'a>> {
        self.calls
            .iter()
            .filter(|(at, _)| *at == runner)
            .map(|(_, call)| Request::new(model, Verb::Named { takes_body: true }, call, true))
            .collect()
    }
}

/// Whether a call has a body, or what is handed on to it may be one.
fn may_have_body<'a>(model: &Model<'a>, call: &'a ExprCall) -> bool {
    let request = Request::new(model, Verb::Named { takes_body: true }, call, true);
    request.forwarded.is_some()
        || !request.options.is_empty()
        || request.arguments().is_some_and(|all| {
            let mut bodies = all.iter().filter(|one| calls::is_body(one.name));
            bodies.any(|one| !literal::is_none(one.value))
        })
}

fn refusal(model: &Model<'_>, node: NodeId) -> Refusal {
    let range = model.nodes.range(node);
    Refusal::with_detail(
        &reasons::SESSION_USE,
        range,
        format!("`{}` as a value", model.slice(range)),
    )
}

/// The function of the file that a call calls: one of the module, or a method of the class that the call stands in.
fn taker<'a>(model: &Model<'a>, call: &'a ExprCall, at: NodeId) -> Option<&'a StmtFunctionDef> {
    let functions = model.scopes.functions();
    let qualified = match call.func.as_ref() {
        Expr::Name(name) => name.id.to_string(),
        Expr::Attribute(attribute) => {
            let is_own =
                matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "self");
            let Runner::Function(index) = model.runner(at) else {
                return None;
            };
            let (class, _) = functions[index as usize].qualified_name.rsplit_once('.')?;
            is_own.then(|| format!("{class}.{}", attribute.attr))?
        }
        _ => return None,
    };
    let mut same = functions
        .iter()
        .filter(|function| function.qualified_name == qualified);
    let found = same.next().filter(|_| same.next().is_none())?.definition?;
    found.decorator_list.is_empty().then_some(found)
}

/// The parameter that an argument is for: its position among those without `self`, and its node.
fn parameter(
    model: &Model<'_>,
    taker: &StmtFunctionDef,
    call: &ExprCall,
    argument: NodeId,
    keyword: Option<&str>,
) -> Option<(usize, NodeId)> {
    let is_method = matches!(call.func.as_ref(), Expr::Attribute(_));
    let own: Vec<_> = taker
        .parameters
        .posonlyargs
        .iter()
        .chain(&taker.parameters.args)
        .skip(usize::from(is_method))
        .collect();
    let position = match keyword {
        Some(name) => own
            .iter()
            .position(|one| one.parameter.name.as_str() == name)?,
        None => {
            let before = &call.arguments.args;
            let index = before.iter().position(|expr| model.id(expr) == argument)?;
            if before[..index].iter().any(Expr::is_starred_expr) {
                return None;
            }
            index
        }
    };
    let parameter = own.get(position)?;
    parameter
        .default
        .is_none()
        .then(|| (position, model.id(&parameter.parameter)))
}

/// What a call gives a parameter.
fn argument<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    position: usize,
    parameter: NodeId,
) -> Option<&'a Expr> {
    let name = match model.nodes.get(parameter) {
        AnyNodeRef::Parameter(parameter) => parameter.name.as_str(),
        _ => return None,
    };
    if let Some(keyword) = literal::keyword(call, name) {
        return Some(&keyword.value);
    }
    let before = call.arguments.args.get(..=position)?;
    if before.iter().any(Expr::is_starred_expr) {
        return None;
    }
    before.last()
}
