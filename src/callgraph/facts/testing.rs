//! What pytest and unittest make of functions: fixtures, marks, and what tests take by name.
//!
//! Sources: <https://docs.pytest.org/en/stable/reference/fixtures.html>,
//! <https://pytest-asyncio.readthedocs.io/en/stable/reference/decorators/index.html>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Parameter, StmtFunctionDef};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::super::{FileFacts, Fixture, Type};
use super::Reader;
use super::value::Known;
use crate::colour;
use crate::importer;
use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId, literal};

/// The marks that have a plugin await a test.
const MARKS: &[&str] = &["pytest.mark.asyncio", "pytest.mark.anyio"];

/// The node of a base class, if another class can be named in its place.
pub(super) fn base_node(model: &Model<'_>, base: &Expr) -> Option<NodeId> {
    let node = model.id(base);
    let (requests, _) = colour::imports(model, colour::test_case_site(node));
    let is_available = requests
        .iter()
        .all(|request| importer::is_available(model, request, node));
    (matches!(base, Expr::Name(_) | Expr::Attribute(_)) && is_available).then_some(node)
}

impl<'a> Reader<'a, '_> {
    /// Fills in what the functions of a file are to pytest.
    pub(super) fn testing(&mut self, facts: &mut FileFacts) {
        let model = self.model;
        self.lookups_of_fixtures(facts);
        let marked_places = marked_places(model);
        let line = |node: NodeId| {
            let at = model.nodes.range(node).start().to_usize();
            memchr::memchr_iter(b'\n', &model.text.as_bytes()[..at]).count() as u32 + 1
        };
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node) else {
                continue;
            };
            if !matches!(attribute.attr.as_str(), "asyncio" | "anyio") {
                continue;
            }
            match model.meaning(&Expr::Attribute(attribute.clone())).path() {
                Some("pytest.mark.anyio") => facts.marks_anyio = true,
                Some("pytest.mark.asyncio") => {
                    let of_loop = match model.nodes.parent_node(node) {
                        AnyNodeRef::ExprCall(call) if !call.arguments.keywords.is_empty() => {
                            &mut facts.shared_loop
                        }
                        _ => &mut facts.own_loop,
                    };
                    of_loop.get_or_insert(line(node));
                }
                _ => {}
            }
        }
        for (index, function) in facts.functions.iter_mut().enumerate() {
            let Some(definition) = model.scopes.functions()[index].definition else {
                continue;
            };
            function.fixture = self.fixture(index as u32, definition);
            if function.is_async && function.fixture.is_some() {
                facts.own_loop.get_or_insert(line(function.node));
            }
            let places = std::iter::once(function.node).chain(model.nodes.ancestors(function.node));
            function.is_marked = places
                .filter(|&at| {
                    matches!(
                        model.nodes.get(at),
                        AnyNodeRef::StmtFunctionDef(_)
                            | AnyNodeRef::StmtClassDef(_)
                            | AnyNodeRef::ModModule(_)
                    )
                })
                .any(|at| marked_places.contains(&at));
        }
    }

    /// Where tests ask for a fixture by a name.
    fn lookups_of_fixtures(&self, facts: &mut FileFacts) {
        let model = self.model;
        for call in model.calls() {
            if let Expr::Attribute(attribute) = call.func.as_ref()
                && attribute.attr.as_str() == "getfixturevalue"
            {
                let name = call.arguments.find_argument_value("argname", 0);
                let name = name.and_then(literal::string).map(str::to_string);
                let at = call.start().to_usize();
                let line = memchr::memchr_iter(b'\n', &model.text.as_bytes()[..at]).count() + 1;
                facts.fixture_lookups.push((name, line as u32));
            }
        }
    }

    /// The fixture that a function is.
    fn fixture(&mut self, index: u32, definition: &'a StmtFunctionDef) -> Option<Fixture> {
        let model = self.model;
        let (func, call) = definition.decorator_list.iter().find_map(|decorator| {
            let (func, call) = parts(&decorator.expression);
            is_fixture(model, func).then_some((func, call))
        })?;
        let name = call
            .and_then(|call| call.arguments.find_keyword("name"))
            .and_then(|keyword| literal::string(&keyword.value))
            .unwrap_or(definition.name.as_str())
            .to_string();
        let gives = match self.generators[index as usize] {
            true => self.yielded(index, definition),
            false => self.returns(index, false).into_type(),
        };
        let is_wide = call.is_some_and(is_wide);
        Some(Fixture {
            name,
            gives,
            decorator: replaceable(model, func, call),
            is_wide,
        })
    }

    /// What a parameter without an annotation is: what a fixture gives, in tests and fixtures.
    pub(super) fn taken(&mut self, symbol: SymbolId, parameter: &Parameter) -> Known {
        let model = self.model;
        let scopes = &model.scopes;
        let name = parameter.name.as_str();
        let node = model.id(parameter);
        let function = model
            .nodes
            .ancestors(node)
            .find_map(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtFunctionDef(function) => Some(function),
                AnyNodeRef::ExprLambda(_) | AnyNodeRef::StmtClassDef(_) => None,
                _ => None,
            });
        let Some(function) = function else {
            return Known::Unknown;
        };
        let is_own =
            |at: &&ruff_python_ast::ParameterWithDefault| at.parameter.range() == parameter.range();
        let is_required = function
            .parameters
            .iter_non_variadic_params()
            .any(|at| is_own(&at) && at.default.is_none());
        // Other decorators than marks may bring arguments of their own.
        let is_plain = function.decorator_list.iter().all(|decorator| {
            let (func, _) = parts(&decorator.expression);
            is_fixture(model, func)
                || model
                    .meaning(func)
                    .path()
                    .is_some_and(|path| path.starts_with("pytest.mark."))
        });
        let is_tested = function.name.starts_with("test")
            || function
                .decorator_list
                .iter()
                .any(|decorator| is_fixture(model, parts(&decorator.expression).0));
        if !is_required
            || !is_plain
            || !is_tested
            || scopes.symbol(symbol).bindings.len() != 1
            || self.is_parametrized(name)
        {
            return Known::Unknown;
        }
        Known::Instance(Type::Fixture(name.to_string()))
    }

    /// Whether tests of the file may get other values for a parameter of this name.
    fn is_parametrized(&mut self, name: &str) -> bool {
        let model = self.model;
        let names = self.parametrized.get_or_insert_with(|| {
            let marks = model.calls().filter(|call| {
                matches!(call.func.as_ref(), Expr::Attribute(attribute)
                    if attribute.attr.as_str() == "parametrize")
            });
            let mut all = FxHashSet::default();
            for mark in marks {
                let names = mark.arguments.find_argument_value("argnames", 0);
                let names = names.and_then(literal::string)?;
                all.extend(names.split(',').map(str::trim));
            }
            Some(all)
        });
        names.as_ref().is_none_or(|names| names.contains(name))
    }
}

/// A decorator without its arguments, and the call that holds them.
fn parts(decorator: &Expr) -> (&Expr, Option<&ExprCall>) {
    match decorator {
        Expr::Call(call) => (call.func.as_ref(), Some(call)),
        expr => (expr, None),
    }
}

fn is_fixture(model: &Model<'_>, func: &Expr) -> bool {
    model.meaning(func).may_be(|path| {
        matches!(
            path,
            "pytest.fixture" | "pytest_asyncio.fixture" | "pytest.yield_fixture"
        )
    })
}

fn is_scope(scope: &str) -> bool {
    matches!(
        scope,
        "function" | "class" | "module" | "package" | "session"
    )
}

/// Whether the arguments of a fixture give it a wider scope than a test.
fn is_wide(call: &ExprCall) -> bool {
    let scope = call.arguments.find_keyword("scope");
    scope.is_some_and(|keyword| literal::string(&keyword.value) != Some("function"))
}

/// What becomes pytest-asyncio's, or why nothing can.
fn replaceable(
    model: &Model<'_>,
    func: &Expr,
    call: Option<&ExprCall>,
) -> Result<Option<NodeId>, &'static str> {
    for keyword in call.iter().flat_map(|call| &call.arguments.keywords) {
        match keyword.arg.as_ref().map(|name| name.as_str()) {
            Some("scope") if !literal::string(&keyword.value).is_some_and(is_scope) => {
                return Err("the scope of the fixture is not written out");
            }
            Some("loop_scope") => return Err("the fixture names the event loop that it runs in"),
            Some(_) => {}
            None => return Err("the arguments of the fixture are not written out"),
        }
    }
    if call.is_some_and(|call| !call.arguments.args.is_empty()) {
        return Err("the arguments of the fixture are not written out");
    }
    let node = model.id(func);
    match model.meaning(func).path() {
        Some("pytest_asyncio.fixture") if call.is_some_and(is_wide) => {
            Err("a fixture of a wider scope has another event loop than the tests")
        }
        Some("pytest_asyncio.fixture") => Ok(None),
        Some("pytest.fixture") => {
            let (requests, _) = colour::imports(model, colour::fixture_site(node));
            let is_available = |request| importer::is_available(model, request, node);
            match requests.iter().all(is_available) {
                true => Ok(Some(node)),
                false => Err("the name `pytest_asyncio` means something else in the file"),
            }
        }
        _ => Err("the decorator may be another one"),
    }
}

/// The functions, classes and modules that a mark stands on.
fn marked_places(model: &Model<'_>) -> Vec<NodeId> {
    let mut places = Vec::new();
    for node in (0..model.nodes.len() as u32).map(NodeId) {
        let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node) else {
            continue;
        };
        if !matches!(attribute.attr.as_str(), "asyncio" | "anyio")
            || !model
                .meaning_of(ruff_python_ast::ExprRef::Attribute(attribute))
                .may_be(|path| MARKS.contains(&path))
        {
            continue;
        }
        let mut above = model.nodes.ancestors(node);
        let place = above.find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::Decorator(_) => Some(model.nodes.parent(at)),
            AnyNodeRef::StmtAssign(assign) => {
                let is_mark = matches!(assign.targets.as_slice(), [Expr::Name(name)] if name.id.as_str() == "pytestmark");
                is_mark.then(|| model.nodes.parent(at))
            }
            _ => None,
        });
        places.extend(place);
    }
    places
}
