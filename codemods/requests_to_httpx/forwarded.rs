//! `**kwargs` of a function that are handed on to a request: what the callers in the file put into them.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Keyword};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::reasons;
use super::work::Work;
use crate::codemod::Refusal;
use crate::edit::Edit;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};

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
        "callers may hand on what httpx takes in another form: `allow_redirects`, `verify`, `stream`, `params` with `None` or beside a query in the URL",
    );
    Ok(())
}

/// Whether an unpacked value is a dictionary of options: an attribute, or a name that is bound to nothing but dictionaries, or
/// values that do not show.
pub fn is_dictionary(model: &Model<'_>, value: &Expr) -> bool {
    match value {
        Expr::Attribute(attribute) => literal::is_plain(&attribute.value),
        Expr::Name(name) => model
            .scopes
            .symbol_of(model.id(name))
            .is_some_and(|symbol| {
                let bindings = &model.scopes.symbol(symbol).bindings;
                !bindings.is_empty()
                    && bindings.iter().all(|&binding| {
                        matches!(
                            model.scopes.binding(binding).kind,
                            BindingKind::Assign { .. } | BindingKind::Parameter
                        )
                    })
            }),
        _ => false,
    }
}

/// Accepts a dictionary of options that is unpacked into a request, as unsafe: not all of its entries show. Those that do
/// are renamed.
///
/// # Errors
/// Where an entry is put into it that httpx does not take.
pub fn options(work: &mut Work<'_, '_, '_>, keyword: &Keyword) -> Result<(), Refusal> {
    let model = work.model;
    if let Expr::Name(name) = &keyword.value
        && let Some(symbol) = model.scopes.symbol_of(model.id(name))
    {
        let symbol = model.scopes.symbol(symbol);
        // Who else has the dictionary knows its entries by their old names.
        let is_own = symbol.references.iter().all(|&node| {
            model.runner(node) == work.runner
                && match model.nodes.parent_node(node) {
                    AnyNodeRef::Keyword(keyword) => keyword.arg.is_none(),
                    AnyNodeRef::ExprSubscript(_)
                    | AnyNodeRef::ExprAttribute(_)
                    | AnyNodeRef::ExprCompare(_) => true,
                    _ => false,
                }
        });
        let renames = is_own
            && symbol
                .bindings
                .iter()
                .all(|&binding| model.runner(model.scopes.binding(binding).node) == work.runner);
        for &binding in &symbol.bindings {
            if let BindingKind::Assign { value } = model.scopes.binding(binding).kind {
                entries(work, value, renames)?;
            }
        }
        for &node in &symbol.references {
            entry_of(work, node, renames)?;
        }
    }
    work.unit.unsafe_because(
        keyword.range(),
        "the dictionary may hold what httpx takes in another form: `allow_redirects`, `verify`, `stream`, `params` with `None` or beside a query in the URL",
    );
    Ok(())
}

/// The entries of a dictionary display, or of `dict(...)`.
fn entries(work: &mut Work<'_, '_, '_>, value: NodeId, renames: bool) -> Result<(), Refusal> {
    match work.model.nodes.get(value) {
        AnyNodeRef::ExprDict(dict) => {
            let keys = dict.items.iter().filter_map(|item| item.key.as_ref());
            keys.into_iter()
                .try_for_each(|key| option(work, key, renames))
        }
        AnyNodeRef::ExprCall(call)
            if work.model.meaning(&call.func).path() == Some("builtins.dict") =>
        {
            keywords(work, call, renames)
        }
        _ => Ok(()),
    }
}

/// The options that a call is given by keyword: `dict(timeout=1)`, `options.update(timeout=1)`.
fn keywords(work: &mut Work<'_, '_, '_>, call: &ExprCall, renames: bool) -> Result<(), Refusal> {
    let keywords = call.arguments.keywords.iter();
    for name in keywords.filter_map(|keyword| keyword.arg.as_ref()) {
        named_option(work, name.as_str(), name.range(), None, renames)?;
    }
    Ok(())
}

/// What is done with the dictionary at one place.
fn entry_of(work: &mut Work<'_, '_, '_>, node: NodeId, renames: bool) -> Result<(), Refusal> {
    let model = work.model;
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprSubscript(subscript) if model.id(subscript.value.as_ref()) == node => {
            option(work, &subscript.slice, renames)
        }
        AnyNodeRef::ExprCompare(compare) => match compare.left.as_ref() {
            key @ Expr::StringLiteral(_) => option(work, key, renames),
            _ => Ok(()),
        },
        AnyNodeRef::ExprAttribute(attribute) => {
            let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(attribute)) else {
                return Ok(());
            };
            match (attribute.attr.as_str(), call.arguments.args.first()) {
                ("get" | "pop" | "setdefault", Some(key)) => option(work, key, renames),
                ("update", Some(value)) => entries(work, model.id(value), renames),
                ("update", None) => keywords(work, call, renames),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn option(work: &mut Work<'_, '_, '_>, key: &Expr, renames: bool) -> Result<(), Refusal> {
    let Some(name) = literal::string(key) else {
        return Ok(());
    };
    let quote = work.model.slice(key.range()).chars().next();
    named_option(work, name, key.range(), quote, renames)
}

/// One entry, by its name: it stays, gets another name, or is refused.
fn named_option(
    work: &mut Work<'_, '_, '_>,
    name: &str,
    range: TextRange,
    quote: Option<char>,
    renames: bool,
) -> Result<(), Refusal> {
    match (name, quote) {
        ("method" | "url", _) => Ok(()),
        (name, _) if SAME.contains(&name) => Ok(()),
        ("allow_redirects", None) if renames => {
            work.unit
                .edit_once(Edit::replace(range, "follow_redirects"));
            Ok(())
        }
        ("allow_redirects", Some(quote @ ('"' | '\''))) if renames => {
            let text = format!("{quote}follow_redirects{quote}");
            work.unit.edit_once(Edit::replace(range, text));
            Ok(())
        }
        _ => Err(refuse(range, format!("`{name}` in the dictionary"))),
    }
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
