//! Functions of a file that run the query of their caller: `paginate(query, page)`. They get the session as their first
//! parameter, and every call hands it over.

use ruff_python_ast::{AnyNodeRef, ExprCall, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::names::number;
use super::{Work, reasons};
use crate::codemod::Refusal;
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::ImportRequest;

/// What the parameter is called where the callers do not agree.
const NAME: &str = "session";

impl<'a> Work<'a, '_, '_> {
    /// The name of the session in a function that is given its queries: that of a parameter which it gets.
    ///
    /// # Errors
    /// A caller has no name for the session, or not all of them are seen.
    pub fn given_session(&mut self, statement: NodeId) -> Result<String, Refusal> {
        let model = self.model;
        let range = model.nodes.range(statement);
        let refuse = || Refusal::at(&reasons::SESSION, range);
        let Runner::Function(index) = self.home else {
            return Err(refuse());
        };
        if model.runner(statement) != self.home {
            return Err(refuse());
        }
        if let Some(name) = self.given.get(&index) {
            return Ok(name.clone());
        }
        let (function, calls) = self.across.callers.get(&index).ok_or_else(refuse)?;
        let is_own = |(home, _): &(Option<u32>, String)| *home == Some(index);
        let state = self.states.of(statement).ok_or_else(refuse)?;
        if state.sessions.is_empty() || state.sessions.iter().any(is_own) || calls.is_empty() {
            return Err(refuse());
        }
        let mut handed: Vec<(&'a ExprCall, String)> = Vec::new();
        for &call in calls {
            handed.push((call, self.session_of_call(call).ok_or_else(refuse)?));
        }
        let first = handed[0].1.clone();
        let is_agreed = handed.iter().all(|(_, text)| *text == first);
        let wanted = if is_agreed && !first.contains('.') {
            first.as_str()
        } else {
            NAME
        };
        let at = model.id(*function);
        // A parameter of the name hides what the module has under it, which the function does not use.
        let name = if is_free(model, function, wanted) {
            wanted.to_string()
        } else {
            model.free_name(NAME, at, &[])
        };
        self.parameter(function, &name)?;
        for (call, text) in handed {
            let Some(before) = call
                .arguments
                .args
                .first()
                .map(Ranged::start)
                .or_else(|| call.arguments.keywords.first().map(Ranged::start))
            else {
                return Err(refuse());
            };
            self.unit.edit(Edit::insert(
                before,
                call.arguments.range(),
                format!("{text}, "),
            ));
        }
        self.given.insert(index, name.clone());
        Ok(name)
    }

    /// How a caller names the session of the queries that it hands over.
    fn session_of_call(&self, call: &ExprCall) -> Option<String> {
        let model = self.model;
        let by_name = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        let given = call.arguments.args.iter().chain(by_name);
        let mut found: Option<String> = None;
        let home = number(model.runner(model.id(call)));
        for argument in given.filter(|one| self.across.handed.contains(&model.id(*one))) {
            let state = self.states.of(model.id(argument))?;
            let mut sessions = state.sessions.iter();
            let (Some((owner, text)), None) = (sessions.next(), sessions.next()) else {
                return None;
            };
            if *owner != home
                || text.is_empty()
                || found.as_ref().is_some_and(|other| other != text)
            {
                return None;
            }
            let root = text.split('.').next().unwrap_or_default();
            let symbol = model.scopes.lookup(model.scope_at(model.id(call)), root)?;
            if model.scopes.symbol(symbol).bindings.len() != 1 || !is_chain(text) {
                return None;
            }
            found = Some(text.clone());
        }
        found
    }

    /// Puts a parameter before all others of a function, behind `self`.
    fn parameter(&mut self, function: &'a StmtFunctionDef, name: &str) -> Result<(), Refusal> {
        let model = self.model;
        let refuse = || Refusal::at(&reasons::SESSION, function.name.range());
        let parameters = &function.parameters;
        let mut all = parameters.posonlyargs.iter().chain(&parameters.args);
        let mut first = all.next().ok_or_else(refuse)?;
        if matches!(first.parameter.name.as_str(), "self" | "cls") {
            first = all.next().ok_or_else(refuse)?;
        }
        if first.default.is_some() {
            return Err(refuse());
        }
        let text = if first.parameter.annotation.is_some() {
            let import = ImportRequest::Name {
                module: "sqlalchemy.ext.asyncio",
                name: "AsyncSession",
            };
            self.unit.import(import, model.id(&first.parameter))?;
            format!("{name}: AsyncSession")
        } else {
            name.to_string()
        };
        // On a line of its own, where the first one has that.
        let lead = TextRange::new(model.line_start(first.start()), first.start());
        let gap = if model.slice(lead).trim().is_empty() {
            format!("\n{}", model.line_indent(first.start()))
        } else {
            " ".to_string()
        };
        self.unit.edit(Edit::insert(
            first.start(),
            parameters.range(),
            format!("{text},{gap}"),
        ));
        Ok(())
    }
}

/// Names with dots between.
fn is_chain(text: &str) -> bool {
    text.split('.').all(|part| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Whether a function names nothing like that: a parameter of the name would hide it.
fn is_free(model: &Model<'_>, function: &StmtFunctionDef, name: &str) -> bool {
    model.nodes.subtree(model.id(function)).all(|node| {
        let own = match model.nodes.get(node) {
            AnyNodeRef::ExprName(own) => own.id.as_str(),
            AnyNodeRef::Parameter(own) => own.name.as_str(),
            _ => return true,
        };
        own != name
    })
}

/// A function and its calls, which are all of them.
pub type Callers<'a> = (&'a StmtFunctionDef, Vec<&'a ExprCall>);
