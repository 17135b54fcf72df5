//! What becomes of the arguments of a call.

use ruff_python_ast::{ExprCall, ExprRef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Arguments, reasons};
use crate::codemod::{Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::{Model, literal};

/// Rewrites the arguments of a call.
///
/// # Errors
/// An argument that the twin does not take, or that cannot be seen.
pub(super) fn rewrite<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
    rules: &Arguments,
) -> Result<(), Refusal> {
    if rules.is_plain() {
        return Ok(());
    }
    let refuse = |range: TextRange, detail: String| {
        Err(Refusal::with_detail(&reasons::ARGUMENT, range, detail))
    };
    if literal::has_starred(call) {
        return refuse(call.range(), "`*` or `**` hides what is passed".to_string());
    }
    let mut given: Vec<&str> = Vec::new();
    for (index, argument) in call.arguments.args.iter().enumerate() {
        if rules.positional.is_empty() {
            break;
        }
        let Some(name) = rules.positional.get(index) else {
            return refuse(
                argument.range(),
                format!("the argument at position {}", index + 1),
            );
        };
        given.push(name);
        if name.is_empty() {
            continue;
        }
        let start = model.parenthesized_range(ExprRef::from(argument)).start();
        // Part of the list of arguments, so that it stands before whatever is written before the argument itself.
        let within = call.arguments.range();
        unit.edit(Edit::insert(start, within, format!("{name}=")));
    }
    for keyword in &call.arguments.keywords {
        let Some(name) = &keyword.arg else {
            continue;
        };
        if let Some((_, why)) = rules
            .refuse
            .iter()
            .find(|(refused, _)| refused == name.as_str())
        {
            return refuse(keyword.range(), format!("`{name}`: {why}"));
        }
        match rules.rename.iter().find(|(old, _)| old == name.as_str()) {
            Some((_, new)) => {
                unit.edit(Edit::replace(name.range(), new));
                given.push(new);
            }
            None => given.push(name.as_str()),
        }
    }
    if let Some((name, why)) = rules
        .require
        .iter()
        .find(|(name, _)| !given.contains(&name.as_str()))
    {
        return refuse(call.range(), format!("`{name}` is not given: {why}"));
    }
    let added: Vec<String> = rules
        .add
        .iter()
        .filter(|(name, _)| !given.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    let arguments = &call.arguments;
    let last = arguments
        .args
        .iter()
        .map(|argument| model.parenthesized_range(ExprRef::from(argument)).end())
        .chain(arguments.keywords.iter().map(Ranged::end))
        .max();
    let text = added.join(", ");
    unit.edit(match last {
        Some(at) => Edit::insert(at, arguments.range(), format!(", {text}")),
        None => {
            let inside = TextSize::new(1);
            Edit::insert(arguments.start() + inside, arguments.range(), text)
        }
    });
    Ok(())
}
