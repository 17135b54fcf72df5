//! Tests: the marks, decorators, base classes and names by which pytest and unittest await them.
//!
//! Sources: <https://pytest-asyncio.readthedocs.io/en/stable/>, <https://anyio.readthedocs.io/en/stable/testing.html>,
//! <https://docs.python.org/3/library/unittest.html#unittest.IsolatedAsyncioTestCase>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprRef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId};
use crate::unit::{ColourSite, ImportRequest};

/// The counterpart of `unittest.TestCase`.
const ASYNC_CASE: &str = "IsolatedAsyncioTestCase";

/// The counterpart of `pytest.fixture`.
const FIXTURE: &str = "pytest_asyncio.fixture";

/// The argument of marks and fixtures that has all tests of a run share one event loop: what a fixture of a wider scope
/// gives belongs to the loop that it runs in.
const SHARED_LOOP: &str = "loop_scope=\"session\"";

/// The site of a decorator `pytest.fixture`, without its arguments.
pub fn fixture_site(decorator: NodeId) -> ColourSite {
    ColourSite::Fixture {
        decorator,
        is_shared: false,
    }
}

/// The site of a base class `unittest.TestCase`.
pub fn test_case_site(base: NodeId) -> ColourSite {
    ColourSite::TestCase { base }
}

/// What a method becomes that unittest calls round each test: `asyncSetUp`, `asyncTearDown`.
pub fn async_hook(name: &str) -> Option<&'static str> {
    match name {
        "setUp" => Some("asyncSetUp"),
        "tearDown" => Some("asyncTearDown"),
        _ => None,
    }
}

/// Whether unittest calls a method of this name round each test, in a test case of either kind.
pub fn is_hook(name: &str) -> bool {
    const HOOKS: [&str; 2] = ["setUp", "tearDown"];
    HOOKS
        .iter()
        .any(|&hook| name == hook || async_hook(hook) == Some(name))
}

/// The imports that a site asks for, and the names that it no longer needs.
pub(super) fn imports(model: &Model<'_>, site: ColourSite) -> (Vec<ImportRequest>, Vec<TextRange>) {
    match site {
        ColourSite::PytestMark { .. } => (vec![ImportRequest::Module("pytest")], Vec::new()),
        ColourSite::Fixture { decorator, .. } => {
            let root = model.expr(decorator).and_then(root);
            (
                vec![ImportRequest::Module("pytest_asyncio")],
                root.into_iter().collect(),
            )
        }
        ColourSite::TestCase { base } => match model.expr(base) {
            Some(ExprRef::Attribute(attribute)) if is_unittest(model, &attribute.value) => {
                (Vec::new(), Vec::new())
            }
            base => (
                vec![ImportRequest::Name {
                    module: "unittest",
                    name: ASYNC_CASE,
                }],
                base.and_then(root).into_iter().collect(),
            ),
        },
        _ => (Vec::new(), Vec::new()),
    }
}

/// The name that a chain of attributes begins with.
fn root(expr: ExprRef<'_>) -> Option<TextRange> {
    match expr {
        ExprRef::Name(name) => Some(name.range()),
        ExprRef::Attribute(attribute) => root(ExprRef::from(attribute.value.as_ref())),
        _ => None,
    }
}

fn is_unittest(model: &Model<'_>, expr: &Expr) -> bool {
    model.meaning(expr).path() == Some("unittest")
}

/// Writes one of the sites of this module.
pub(super) fn edits(model: &Model<'_>, site: ColourSite) -> Vec<Edit> {
    match site {
        ColourSite::PytestMark {
            node,
            is_anyio,
            is_shared,
        } => {
            let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) else {
                return Vec::new();
            };
            let indent = model.line_indent(function.start());
            let plugin = if is_anyio { "anyio" } else { "asyncio" };
            let arguments = match is_shared {
                true => format!("({SHARED_LOOP})"),
                false => String::new(),
            };
            let mark = format!("@pytest.mark.{plugin}{arguments}\n{indent}");
            vec![Edit::surround(function.range(), mark, "", Layer::Hoist)]
        }
        ColourSite::Fixture {
            decorator,
            is_shared,
        } => {
            let range = model.nodes.range(decorator);
            match model.nodes.parent_node(decorator) {
                AnyNodeRef::ExprCall(call) if is_shared => vec![
                    Edit::replace(range, FIXTURE),
                    model.append_argument(call, SHARED_LOOP),
                ],
                _ if is_shared => vec![Edit::replace(range, format!("{FIXTURE}({SHARED_LOOP})"))],
                _ => vec![Edit::replace(range, FIXTURE)],
            }
        }
        ColourSite::TestCase { base } => {
            let range = match model.expr(base) {
                Some(ExprRef::Attribute(attribute)) if is_unittest(model, &attribute.value) => {
                    attribute.attr.range()
                }
                _ => model.nodes.range(base),
            };
            vec![Edit::replace(range, ASYNC_CASE)]
        }
        ColourSite::TestHook { node } => match model.nodes.get(node) {
            AnyNodeRef::StmtFunctionDef(function) => rename(model, function),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The new name of a hook, at its definition and where it calls that of the base class.
fn rename(model: &Model<'_>, function: &StmtFunctionDef) -> Vec<Edit> {
    let Some(new) = async_hook(function.name.as_str()) else {
        return Vec::new();
    };
    let mut edits = vec![Edit::replace(function.name.range(), new)];
    for node in model.nodes.subtree(model.id(function)) {
        let AnyNodeRef::ExprCall(call) = model.nodes.get(node) else {
            continue;
        };
        if let Expr::Attribute(attribute) = call.func.as_ref()
            && attribute.attr.as_str() == function.name.as_str()
            && let Expr::Call(receiver) = attribute.value.as_ref()
            && model.meaning(&receiver.func).path() == Some("builtins.super")
        {
            edits.push(Edit::replace(attribute.attr.range(), new));
        }
    }
    edits
}
