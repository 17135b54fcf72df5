//! The names of the classes: `httpx.Client` -> `httpx.AsyncClient`, `Client` -> `AsyncClient`.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::members::CLASSES;
use super::reasons;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::NodeId;
use crate::unit::ImportRequest;
use crate::values::Named;

/// The module and the async counterpart of a class, by its path.
fn counterpart(path: &str) -> Option<(&'static str, &'static str)> {
    let (module, name) = path.rsplit_once('.')?;
    let module = super::MODULES.iter().find(|own| **own == module)?;
    let (_, other) = CLASSES.iter().find(|(own, _)| *own == name)?;
    Some((module, other))
}

/// Writes the async class where the sync one is named: a name or an attribute chain.
pub fn rename<'a, 'c>(
    context: &Context<'a, 'c>,
    node: NodeId,
    path: &str,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let Some((module, name)) = counterpart(path) else {
        return Ok(());
    };
    if path.ends_with(&format!(".{name}")) {
        return Ok(());
    }
    let range = context.model.nodes.range(node);
    if context.model.has_comment(range) {
        return Err(Refusal::at(&reasons::COMMENT, range));
    }
    match context.model.nodes.get(node) {
        AnyNodeRef::ExprAttribute(attribute) => {
            unit.edit(Edit::replace(attribute.attr.range(), name));
            unit.renames(range);
            Ok(())
        }
        _ => unit.succeed(range, ImportRequest::Name { module, name }, node),
    }
}

/// Writes the async class in an annotation, as a base, or where it is asked for.
pub fn rename_mention<'a, 'c>(
    context: &Context<'a, 'c>,
    named: &Named,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let Some((module, name)) = counterpart(&named.path) else {
        return Ok(());
    };
    if says_both(context, named, name) {
        return Err(Refusal::at(&reasons::BOTH, named.range));
    }
    if !named.is_quoted {
        return rename(context, named.node, &named.path, unit);
    }
    if named.path.ends_with(&format!(".{name}")) {
        return Ok(());
    }
    let text = context.model.slice(named.range);
    match text.rfind('.') {
        Some(dot) => {
            let last = TextRange::new(
                named.range.start() + TextSize::new(dot as u32 + 1),
                named.range.end(),
            );
            unit.edit(Edit::replace(last, name));
            Ok(())
        }
        None => unit.succeed(
            named.range,
            ImportRequest::Name { module, name },
            named.node,
        ),
    }
}

/// Whether the annotation, or the check, names the async class as well.
fn says_both(context: &Context<'_, '_>, named: &Named, name: &str) -> bool {
    if name == "MockTransport" {
        return false;
    }
    let model = context.model;
    let holder = model.nodes.parent(named.node);
    if let AnyNodeRef::Arguments(bases) = model.nodes.get(holder)
        && matches!(model.nodes.parent_node(holder), AnyNodeRef::StmtClassDef(_))
    {
        return bases.args.iter().any(|base| {
            let path = model.meaning(base).path().map(str::to_string);
            path.and_then(|path| path.rsplit_once('.').map(|(_, last)| last == name))
                .unwrap_or(false)
        });
    }
    let whole = model
        .nodes
        .ancestors(named.node)
        .take_while(|&at| model.nodes.get(at).is_expression())
        .last()
        .unwrap_or(named.node);
    let holder = model.slice(model.nodes.range(whole));
    // A base is named once.
    !matches!(model.nodes.get(whole), AnyNodeRef::ExprCall(_)) && holder.contains(name)
}
