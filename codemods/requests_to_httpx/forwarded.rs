//! `**kwargs` of a function that are handed on to a request: what the callers in the file put into them.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::reasons;
use super::work::Work;
use crate::codemod::Refusal;
use crate::semantic::{Model, NodeId, Runner, literal};

/// What a request of httpx takes by the same name, and in the same form or in one that the note speaks of.
const SAME: &[&str] = &[
    "auth", "data", "files", "headers", "json", "params", "timeout",
];

/// How many functions are looked through.
const DEPTH: usize = 32;

/// Whether an unpacked name is the `**kwargs` of the function that it stands in: that function.
pub fn function_of(model: &Model<'_>, value: &Expr) -> Option<u32> {
    let Expr::Name(name) = value else {
        return None;
    };
    let node = model.id(name);
    let Runner::Function(index) = model.runner(node) else {
        return None;
    };
    let definition = model.scopes.functions()[index as usize].definition?;
    let parameter = definition.parameters.kwarg.as_deref()?;
    let binding = model.scopes.binding_at(model.id(parameter))?;
    let symbol = model.scopes.symbol_of(node)?;
    let is_it = model.scopes.binding(binding).symbol == symbol
        && model.scopes.symbol(symbol).bindings.len() == 1;
    is_it.then_some(index)
}

/// Accepts a `**kwargs` that goes into a request, as unsafe: callers of other files are not seen.
///
/// # Errors
/// Where code of the file puts something into it that httpx does not take.
pub fn check(
    work: &mut Work<'_, '_, '_>,
    keyword: TextRange,
    function: u32,
) -> Result<(), Refusal> {
    let model = work.model;
    let mut pending = vec![function];
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    while let Some(index) = pending.pop() {
        if !seen.insert(index) {
            continue;
        }
        if seen.len() > DEPTH {
            return Err(refuse(keyword, "too many functions hand it on"));
        }
        own_uses(model, index, keyword)?;
        let Some(definition) = model.scopes.functions()[index as usize].definition else {
            continue;
        };
        for call in model.calls() {
            // A function of a library with the same name is another one.
            if called(call) != Some(definition.name.as_str())
                || model.meaning(&call.func).path().is_some()
            {
                continue;
            }
            for given in &call.arguments.keywords {
                match &given.arg {
                    Some(name) => {
                        let is_named = definition
                            .parameters
                            .iter_non_variadic_params()
                            .any(|parameter| parameter.parameter.name.as_str() == name.as_str());
                        if !is_named && !SAME.contains(&name.as_str()) {
                            return Err(refuse(given.range(), format!("`{name}=` in a call")));
                        }
                    }
                    None => match function_of(model, &given.value) {
                        Some(other) => pending.push(other),
                        None => return Err(refuse(given.range(), "it is unpacked into a call")),
                    },
                }
            }
        }
    }
    work.unit.unsafe_because(
        keyword,
        "callers may hand on what httpx takes in another form: `allow_redirects`, `verify`, `stream`, `params` beside a query in the URL",
    );
    Ok(())
}

/// What the function itself does with its `**kwargs`.
fn own_uses(model: &Model<'_>, index: u32, keyword: TextRange) -> Result<(), Refusal> {
    let Some(parameter) = model.scopes.functions()[index as usize]
        .definition
        .and_then(|definition| definition.parameters.kwarg.as_deref())
    else {
        return Ok(());
    };
    let Some(binding) = model.scopes.binding_at(model.id(parameter)) else {
        return Err(refuse(keyword, "it is bound twice"));
    };
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    for &node in &symbol.references {
        let is_fine = match model.nodes.parent_node(node) {
            AnyNodeRef::Keyword(keyword) => keyword.arg.is_none(),
            AnyNodeRef::ExprSubscript(subscript) => is_same(&subscript.slice),
            AnyNodeRef::ExprCompare(_) | AnyNodeRef::InterpolatedElement(_) => true,
            AnyNodeRef::ExprAttribute(attribute) => method(model, model.id(attribute)),
            _ => false,
        };
        if !is_fine {
            return Err(refuse(
                model.nodes.range(model.nodes.parent(node)),
                "what is put into it is not visible",
            ));
        }
    }
    Ok(())
}

fn is_same(key: &Expr) -> bool {
    literal::string(key).is_some_and(|key| SAME.contains(&key))
}

/// `kwargs.setdefault("timeout", 5)`, `kwargs.pop("anything", None)`
fn method(model: &Model<'_>, attribute: NodeId) -> bool {
    let AnyNodeRef::ExprAttribute(node) = model.nodes.get(attribute) else {
        return false;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(attribute) else {
        return false;
    };
    match node.attr.as_str() {
        "get" | "pop" => true,
        "setdefault" => call.arguments.args.first().is_some_and(is_same),
        _ => false,
    }
}

fn called(call: &ExprCall) -> Option<&str> {
    match call.func.as_ref() {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn refuse(range: TextRange, detail: impl Into<String>) -> Refusal {
    Refusal::with_detail(&reasons::STARRED, range, detail)
}
