//! `Mock(...)` in the place of a method that becomes async, as `AsyncMock(...)`: what it gives, or raises, comes when it is
//! awaited (<https://docs.python.org/3/library/unittest.mock.html#unittest.mock.AsyncMock>).

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::edit::Edit;
use crate::importer;
use crate::semantic::{Model, NodeId};
use crate::unit::ImportRequest;

/// The class of mocks that are awaited.
const ASYNC_MOCK: &str = "AsyncMock";

/// The classes that it can replace, with the modules that have both.
const MOCKS: &[(&str, &str)] = &[
    ("unittest.mock.Mock", "unittest.mock"),
    ("unittest.mock.MagicMock", "unittest.mock"),
    ("mock.Mock", "mock"),
    ("mock.MagicMock", "mock"),
];

/// What an `AsyncMock` takes in the same way.
const KEYWORDS: &[&str] = &["name", "return_value", "side_effect"];

/// The module of the class that a call makes a mock of.
fn module_of(model: &Model<'_>, call: &ExprCall) -> Option<&'static str> {
    let meaning = model.meaning(&call.func);
    let path = meaning.path()?;
    let (_, module) = MOCKS.iter().find(|(class, _)| *class == path)?;
    Some(module)
}

/// Whether a call makes a mock that can be an `AsyncMock`, and whether it says what the mock gives.
pub fn place_mock(model: &Model<'_>, call: &ExprCall) -> Option<bool> {
    module_of(model, call)?;
    let node = model.id(call);
    let arguments = &call.arguments;
    let is_known = arguments.args.is_empty()
        && arguments.keywords.iter().all(|keyword| {
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            name.is_some_and(|name| KEYWORDS.contains(&name))
        });
    let (requests, _) = imports(model, node);
    let is_available = requests
        .iter()
        .all(|request| importer::is_available(model, request, node));
    let is_set = arguments.keywords.iter().any(|keyword| {
        let name = keyword.arg.as_ref().map(|name| name.as_str());
        matches!(name, Some("return_value" | "side_effect"))
    });
    (is_known && is_available && matches!(call.func.as_ref(), Expr::Name(_) | Expr::Attribute(_)))
        .then_some(is_set)
}

pub(super) fn imports(model: &Model<'_>, node: NodeId) -> (Vec<ImportRequest>, Vec<TextRange>) {
    match model.nodes.get(node) {
        AnyNodeRef::ExprCall(call) if call.func.is_name_expr() => {
            let request = module_of(model, call).map(|module| ImportRequest::Name {
                module,
                name: ASYNC_MOCK,
            });
            (request.into_iter().collect(), vec![call.func.range()])
        }
        _ => (Vec::new(), Vec::new()),
    }
}

/// The name of the class in the call.
pub(super) fn edit(model: &Model<'_>, node: NodeId) -> Option<Edit> {
    let AnyNodeRef::ExprCall(call) = model.nodes.get(node) else {
        return None;
    };
    match call.func.as_ref() {
        Expr::Name(name) => Some(Edit::replace(name.range(), ASYNC_MOCK)),
        Expr::Attribute(attribute) => Some(Edit::replace(attribute.attr.range(), ASYNC_MOCK)),
        _ => None,
    }
}
