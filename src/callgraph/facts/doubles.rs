//! Test doubles: `patch("pkg.mod.load")`, `patch.object(mod, "load", fake)`, `monkeypatch.setattr(mod, "load", fake)`.
//!
//! `patch` gives a coroutine function an `AsyncMock` (<https://docs.python.org/3/library/unittest.mock.html#patch>), which is
//! right where its result is set: a mock that nobody told what to give would give an `AsyncMock` again, and no plain mock.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext, ExprName, InterpolatedStringElement,
    Stmt, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange};

use super::Reader;
use super::value::Known;
use crate::callgraph::{Callee, Double, DoubleKind, FileFacts, Target, ValueKind};
use crate::colour;
use crate::semantic::{NodeId, literal};

/// What one may do with a mock, whatever it stands for.
const MOCK_MEMBERS: &[&str] = &[
    "assert_any_call",
    "assert_called",
    "assert_called_once",
    "assert_called_once_with",
    "assert_called_with",
    "assert_has_calls",
    "assert_not_called",
    "call_args",
    "call_args_list",
    "call_count",
    "called",
    "mock_calls",
    "reset_mock",
    "return_value",
    "side_effect",
];

/// The keywords of `patch` that say what the mock gives, or what it is like.
const MOCK_KEYWORDS: &[&str] = &["autospec", "name", "return_value", "side_effect"];

/// The fixtures of pytest-mock.
const MOCKER_FIXTURES: &[&str] = &[
    "class_mocker",
    "mocker",
    "module_mocker",
    "package_mocker",
    "session_mocker",
];

/// What replaces a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patcher {
    /// `patch`, `patch.object`: what is given is a mock unless something else is.
    Patch,
    /// `monkeypatch.setattr`: something else is always given.
    SetAttribute,
}

impl<'a> Reader<'a, '_> {
    /// Notes what a call replaces by a double.
    pub(super) fn double(&mut self, call: &'a ExprCall, node: NodeId, facts: &mut FileFacts) {
        let Expr::Attribute(ExprAttribute { attr, value, .. }) = call.func.as_ref() else {
            if matches!(call.func.as_ref(), Expr::Name(_)) && self.is_patch(&call.func) {
                self.double_by_string(call, node, Patcher::Patch, facts);
            }
            return;
        };
        match attr.as_str() {
            "patch" => self.double_by_string(call, node, Patcher::Patch, facts),
            "object" if last_name(value) == Some("patch") => {
                self.double_of_member(call, node, Patcher::Patch, facts);
            }
            "multiple" if last_name(value) == Some("patch") => self.doubles_by_keyword(call, facts),
            "setattr" => match call.arguments.args.first() {
                Some(Expr::StringLiteral(_) | Expr::FString(_) | Expr::BinOp(_)) => {
                    self.double_by_string(call, node, Patcher::SetAttribute, facts);
                }
                _ => self.double_of_member(call, node, Patcher::SetAttribute, facts),
            },
            _ => {}
        }
    }

    /// Notes the mocks that objects get as attributes: `client.fetch = Mock(return_value=3)`.
    pub(super) fn assigned_mocks(&mut self, facts: &mut FileFacts) {
        let model = self.model;
        if !model.text.contains("Mock") {
            return;
        }
        for node in model.nodes.all() {
            let AnyNodeRef::StmtAssign(assign) = model.nodes.get(node) else {
                continue;
            };
            let [Expr::Attribute(attribute)] = &assign.targets[..] else {
                continue;
            };
            let Some(call) = self.assigned_mock(&assign.value) else {
                continue;
            };
            let stored = facts
                .values
                .iter()
                .find(|value| value.range == attribute.range() && value.kind == ValueKind::Stored);
            if let Some(stored) = stored
                && matches!(&stored.callee, Callee::Method { receiver, .. } if !receiver.is_given())
            {
                facts.doubles.push(Double {
                    line: 0,
                    range: assign.range(),
                    callee: stored.callee.clone(),
                    text: None,
                    is_specced: true,
                    kind: DoubleKind::Assigned {
                        attribute: attribute.range(),
                        call,
                    },
                });
            }
        }
    }

    /// The call that makes a mock which is assigned, if it can become another one: every use of it is seen, and something says
    /// what it gives.
    fn assigned_mock(&self, value: &'a Expr) -> Option<NodeId> {
        let model = self.model;
        match value {
            Expr::Call(call) => colour::place_mock(model, call)?.then(|| model.id(call)),
            Expr::Name(name) => {
                let symbol = model.scopes.symbol_of(model.id(name))?;
                let symbol = model.scopes.symbol(symbol);
                let &[binding] = &symbol.bindings[..] else {
                    return None;
                };
                let binding = model.scopes.binding(binding);
                let AnyNodeRef::StmtAssign(made) = model.nodes.parent_node(binding.node) else {
                    return None;
                };
                let ([Expr::Name(_)], Expr::Call(call)) = (&made.targets[..], &*made.value) else {
                    return None;
                };
                let mut is_set = colour::place_mock(model, call)?;
                for &reference in &symbol.references {
                    if reference == model.id(name) {
                        continue;
                    }
                    if !self.is_plain_use(reference) {
                        return None;
                    }
                    is_set |= matches!(model.nodes.parent_node(reference), AnyNodeRef::ExprAttribute(member)
                        if member.ctx == ExprContext::Store);
                }
                is_set.then(|| model.id(call))
            }
            _ => None,
        }
    }

    /// Whether an attribute is one of a mock that stands for a method: no method has it.
    pub(super) fn is_of_mock(&self, member: NodeId) -> bool {
        matches!(self.model.nodes.parent_node(member), AnyNodeRef::ExprAttribute(outer)
            if MOCK_MEMBERS.contains(&outer.attr.as_str()))
            && self.is_plain_use(member)
    }

    /// What `configure_mock(**{"load.return_value": 3})` names: something like a method that is no real one.
    pub(super) fn configured(
        &self,
        text: &str,
        at: TextRange,
        node: NodeId,
        facts: &mut FileFacts,
    ) {
        let name = [".return_value", ".side_effect"]
            .iter()
            .find_map(|member| text.strip_suffix(member))
            .and_then(|rest| rest.rsplit('.').next());
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            let callee = Callee::UnknownMethod {
                name: name.to_string(),
            };
            self.value(at, node, callee, ValueKind::Other, &mut facts.values);
        }
    }

    /// Whether a name is `unittest.mock.patch`, or pytest-mock's.
    fn is_patch(&mut self, func: &'a Expr) -> bool {
        let by_import = self.outside(func).is_some_and(|path| {
            matches!(
                path.as_str(),
                "unittest.mock.patch"
                    | "unittest.mock.patch.object"
                    | "mock.patch"
                    | "mock.patch.object"
            )
        });
        by_import || receiver(func).is_some_and(|name| MOCKER_FIXTURES.contains(&name))
    }

    /// `patch("pkg.mod.load", ...)`
    fn double_by_string(
        &mut self,
        call: &'a ExprCall,
        node: NodeId,
        patcher: Patcher,
        facts: &mut FileFacts,
    ) {
        let target = literal::keyword(call, "target").map(|keyword| &keyword.value);
        let Some(target) = call.arguments.args.first().or(target) else {
            return;
        };
        let (callee, text) = match target {
            Expr::StringLiteral(literal) => {
                let path = literal.value.to_str();
                if !path.contains('.') || !self.is_own(path) {
                    return;
                }
                (
                    Callee::Target(Target::Path(path.to_string())),
                    Some(literal.start()),
                )
            }
            // `f"{__name__}.load"`, `MODULE + ".load"`
            other => match tail(other) {
                Some(name) => (Callee::UnknownMethod { name }, None),
                None => return,
            },
        };
        let new = call.arguments.args.get(1);
        self.note_double(call, node, callee, new, patcher, text, facts);
    }

    /// `patch.object(mod, "load", ...)`
    fn double_of_member(
        &mut self,
        call: &'a ExprCall,
        node: NodeId,
        patcher: Patcher,
        facts: &mut FileFacts,
    ) {
        let argument = |at: usize, name: &str| {
            let keyword = literal::keyword(call, name).map(|keyword| &keyword.value);
            call.arguments.args.get(at).or(keyword)
        };
        let Some(of) = argument(0, "target") else {
            return;
        };
        let attribute = argument(1, "attribute").or_else(|| argument(1, "name"));
        let Some(name) = attribute.and_then(literal::string) else {
            return;
        };
        let name = name.to_string();
        let callee = match self.known(of) {
            Known::Path(path) => Callee::Target(Target::Path(format!("{path}.{name}"))),
            known => match self.member_callee(known, name) {
                Some(callee) => callee,
                None => return,
            },
        };
        let new = call.arguments.args.get(2);
        self.note_double(call, node, callee, new, patcher, None, facts);
    }

    /// `patch.multiple("pkg.mod", load=...)`
    fn doubles_by_keyword(&mut self, call: &'a ExprCall, facts: &mut FileFacts) {
        for keyword in &call.arguments.keywords {
            if let Some(name) = &keyword.arg {
                facts.doubles.push(Double {
                    line: 0,
                    range: call.range(),
                    callee: Callee::UnknownMethod {
                        name: name.to_string(),
                    },
                    text: None,
                    is_specced: false,
                    kind: DoubleKind::Other("`patch.multiple` replaces it"),
                });
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn note_double(
        &mut self,
        call: &'a ExprCall,
        node: NodeId,
        callee: Callee,
        new: Option<&'a Expr>,
        patcher: Patcher,
        text: Option<ruff_text_size::TextSize>,
        facts: &mut FileFacts,
    ) {
        let keyword = |name: &str| literal::keyword(call, name).map(|keyword| &keyword.value);
        let new = new.or_else(|| keyword("new")).or_else(|| {
            (patcher == Patcher::SetAttribute)
                .then(|| keyword("value"))
                .flatten()
        });
        let kind = match (new, patcher) {
            (Some(new), _) => match self.known(new) {
                Known::Function(index) if !self.is_lambda(index) => DoubleKind::Function {
                    range: new.range(),
                    target: Target::Function(index),
                },
                Known::Path(path) => DoubleKind::Function {
                    range: new.range(),
                    target: Target::Path(path),
                },
                _ => DoubleKind::Other("what takes its place is not awaitable, or not known"),
            },
            (None, Patcher::SetAttribute) => DoubleKind::Other("what takes its place is not known"),
            (None, Patcher::Patch) if !self.is_patch(&call.func) => {
                DoubleKind::Other("what replaces it is not known")
            }
            (None, Patcher::Patch) => self.mock_kind(call, node),
        };
        let is_specced = ["autospec", "spec", "spec_set"]
            .iter()
            .any(|name| literal::keyword(call, name).is_some());
        facts.doubles.push(Double {
            line: 0,
            range: call.range(),
            callee,
            text,
            is_specced,
            kind,
        });
    }

    fn is_lambda(&self, index: u32) -> bool {
        let function = self.model.scopes.functions().get(index as usize);
        function.is_some_and(|function| function.definition.is_none())
    }

    /// What the mock of a call of `patch` is, with everything that is done to it.
    fn mock_kind(&mut self, call: &'a ExprCall, node: NodeId) -> DoubleKind {
        let keywords = &call.arguments.keywords;
        let is_known =
            |name: &str| MOCK_KEYWORDS.contains(&name) || name == "target" || name == "attribute";
        if !keywords.iter().all(|keyword| {
            keyword
                .arg
                .as_ref()
                .is_some_and(|name| is_known(name.as_str()))
        }) {
            return DoubleKind::Other("its mock is made in a way of its own");
        }
        let mut is_set = ["return_value", "side_effect"]
            .iter()
            .any(|name| literal::keyword(call, name).is_some());
        match self.mock_names(call, node) {
            Err(detail) => return DoubleKind::Other(detail),
            Ok(None) => {}
            Ok(Some((names, block))) => {
                if !names.iter().all(|&name| self.is_plain_use(name)) {
                    return DoubleKind::Other(
                        "its mock is used in ways that a coroutine function changes",
                    );
                }
                is_set |= self.is_set_first(&names, block);
            }
        }
        match is_set {
            true => DoubleKind::Mock,
            false => DoubleKind::Other("nothing says what its mock gives"),
        }
    }

    /// The uses of the name that a mock gets, and the statements that begin with it; `None` if it gets none.
    #[expect(clippy::type_complexity, reason = "two things that belong together")]
    fn mock_names(
        &self,
        call: &'a ExprCall,
        node: NodeId,
    ) -> Result<Option<(Vec<NodeId>, &'a [Stmt])>, &'static str> {
        let model = self.model;
        let parent = model.nodes.parent(node);
        match model.nodes.get(parent) {
            AnyNodeRef::WithItem(item) => {
                let AnyNodeRef::StmtWith(with) = model.nodes.parent_node(parent) else {
                    return Err("its mock is not seen");
                };
                match item.optional_vars.as_deref() {
                    None => Ok(None),
                    Some(Expr::Name(name)) => Ok(Some((self.uses_of(name), &with.body))),
                    Some(_) => Err("its mock is not seen"),
                }
            }
            AnyNodeRef::Decorator(_) => {
                let AnyNodeRef::StmtFunctionDef(function) = model.nodes.parent_node(parent) else {
                    return Err("a class is decorated with it");
                };
                let parameter = self
                    .mock_parameter(function, call)
                    .ok_or("the parameter of its mock is not found")?;
                let binding = model
                    .scopes
                    .binding_at(parameter)
                    .ok_or("the parameter of its mock is not found")?;
                let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
                Ok(Some((symbol.references.clone(), &function.body)))
            }
            AnyNodeRef::StmtExpr(_) if receiver(&call.func).is_some() => Ok(None),
            AnyNodeRef::StmtAssign(assign) if receiver(&call.func).is_some() => {
                let [Expr::Name(name)] = &assign.targets[..] else {
                    return Err("its mock is not seen");
                };
                let (suite, at) = model.suite_of(parent).ok_or("its mock is not seen")?;
                Ok(Some((
                    self.uses_of(name),
                    suite.get(at + 1..).unwrap_or(&[]),
                )))
            }
            _ => Err("its mock is not seen"),
        }
    }

    /// Every use of a name that is bound here, under all its bindings.
    fn uses_of(&self, name: &ExprName) -> Vec<NodeId> {
        let scopes = &self.model.scopes;
        scopes
            .binding_at(self.model.id(name))
            .map(|binding| scopes.binding(binding).symbol)
            .map_or_else(Vec::new, |symbol| scopes.symbol(symbol).references.clone())
    }

    /// The parameter that `patch` as a decorator fills: the decorators that give a mock fill them in order, the lowest one
    /// first.
    fn mock_parameter(&self, function: &'a StmtFunctionDef, call: &ExprCall) -> Option<NodeId> {
        let mut position = 0;
        for decorator in function.decorator_list.iter().rev() {
            let Expr::Call(other) = &decorator.expression else {
                continue;
            };
            if other.range() == call.range() {
                break;
            }
            let Some(name) = last_name(&other.func) else {
                continue;
            };
            let gives_mock = match name {
                "patch" => other.arguments.args.len() < 2,
                "object" => other.arguments.args.len() < 3,
                _ => false,
            };
            position += usize::from(gives_mock && literal::keyword(other, "new").is_none());
        }
        let parameters = &function.parameters;
        let is_method = self
            .functions_at
            .get(&self.model.id(function))
            .and_then(|&index| self.method_class.get(index as usize).copied().flatten())
            .is_some();
        let parameter = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .nth(position + usize::from(is_method))?;
        Some(self.model.id(&parameter.parameter))
    }

    /// Whether a use of a mock is the same for one of a coroutine function.
    fn is_plain_use(&self, name: NodeId) -> bool {
        match self.model.nodes.parent_node(name) {
            AnyNodeRef::ExprAttribute(attribute) => {
                let is_known = MOCK_MEMBERS.contains(&attribute.attr.as_str());
                let is_stored = attribute.ctx == ExprContext::Store;
                let is_result = matches!(attribute.attr.as_str(), "return_value" | "side_effect");
                // What the mock gives unless it is set is a mock of another kind.
                is_known && (is_stored || !is_result)
            }
            _ => false,
        }
    }

    /// Whether a block begins by setting what a mock gives, before anything can call it.
    fn is_set_first(&self, names: &[NodeId], block: &[Stmt]) -> bool {
        let model = self.model;
        for stmt in block {
            let Stmt::Assign(assign) = stmt else {
                let is_text =
                    matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr());
                match is_text {
                    true => continue,
                    false => return false,
                }
            };
            for target in &assign.targets {
                if let Expr::Attribute(attribute) = target
                    && matches!(attribute.attr.as_str(), "return_value" | "side_effect")
                    && names.contains(&model.id(attribute.value.as_ref()))
                {
                    return true;
                }
            }
        }
        false
    }
}

/// The last name of a chain.
fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The name of pytest-mock's fixture in `mocker.patch` and `mocker.patch.object`.
fn receiver(func: &Expr) -> Option<&str> {
    let Expr::Attribute(attribute) = func else {
        return None;
    };
    match attribute.value.as_ref() {
        Expr::Name(name) if attribute.attr.as_str() == "patch" => Some(name.id.as_str()),
        Expr::Attribute(_) if attribute.attr.as_str() == "object" => receiver(&attribute.value),
        _ => None,
    }
    .filter(|name| MOCKER_FIXTURES.contains(name))
}

/// What a text that is made at run time ends with, behind its last dot.
fn tail(expr: &Expr) -> Option<String> {
    let text = match expr {
        Expr::FString(string) => {
            let last = string.value.elements().last()?;
            match last {
                InterpolatedStringElement::Literal(literal) => literal.value.to_string(),
                InterpolatedStringElement::Interpolation(_) => return None,
            }
        }
        Expr::BinOp(operation) => literal::string(&operation.right)?.to_string(),
        _ => return None,
    };
    let (_, name) = text.rsplit_once('.')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_string())
}
