//! What becomes of the arguments of a call.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef, Keyword};
use ruff_text_size::{Ranged, TextRange};

use super::{Arguments, Twin, reasons, sql};
use crate::codemod::{Refusal, UnitBuilder};
use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId, literal};

/// Rewrites the arguments of a call, whose line gets longer by `longer` characters besides. Gives the names that stand for
/// arguments and have twins.
///
/// # Errors
/// An argument that the twin does not take, or that cannot be seen.
pub(super) fn rewrite<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
    rules: &'static Arguments,
    longer: usize,
) -> Result<Vec<(NodeId, &'static Twin)>, Refusal> {
    let mut written = Vec::new();
    if rules.is_plain() {
        return Ok(written);
    }
    let refuse = |range: TextRange, detail: String| {
        Err(Refusal::with_detail(&reasons::ARGUMENT, range, detail))
    };
    if let Some(sql) = rules.sql {
        sql::rewrite(model, unit, call, sql)?;
    }
    if let Some((range, why)) = forbidden(model, call, rules) {
        return refuse(range, why);
    }
    if rules.is_about_text() {
        return Ok(written);
    }
    let mut given: Vec<&str> = Vec::new();
    let starred = call.arguments.args.iter().any(Expr::is_starred_expr);
    for keyword in &call.arguments.keywords {
        if keyword.arg.is_some() {
            continue;
        }
        if rules.gather.is_some() {
            continue;
        }
        let needs_to_know = !rules.add.is_empty() || !rules.require.is_empty();
        let keys = match keys_of(model, &keyword.value) {
            _ if starred => return refuse(call.range(), HIDDEN.to_string()),
            Some(keys) => keys,
            None if needs_to_know => return refuse(keyword.range(), HIDDEN.to_string()),
            None => {
                unit.unsafe_because(keyword.range(), MAY_HIDE);
                continue;
            }
        };
        let is_changed = |key: &&&str| {
            let mut changed = rules.refuse.iter().chain(&rules.rename);
            changed.any(|(name, _)| name == **key)
                || rules.values.iter().any(|(name, _)| name == **key)
                || rules.takes.iter().any(|(name, _)| name == **key)
        };
        if let Some(key) = keys.iter().find(is_changed) {
            return refuse(keyword.range(), format!("`{key}`, which `**` passes"));
        }
        given.extend(keys);
    }
    if starred {
        return refuse(call.range(), HIDDEN.to_string());
    }
    for (key, values) in &rules.values {
        let keyword = literal::keyword(call, key).map(|keyword| &keyword.value);
        let position = || call.arguments.args.get(key.parse::<usize>().ok()?);
        let Some(value) = keyword.or_else(position) else {
            continue;
        };
        let meaning = model.meaning(value);
        let twin = meaning.path().and_then(|path| {
            let mut values = values.iter();
            values.find_map(|(old, twin)| (old == path).then_some(twin))
        });
        match twin {
            Some(twin) => written.push((model.id(value), twin)),
            None if literal::is_none(value) => {}
            None => return refuse(value.range(), format!("`{}`", model.slice(value.range()))),
        }
    }
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
        if let Some((_, why)) = rules.refuse.iter().find(|(refused, _)| refused == name) {
            return refuse(argument.range(), format!("`{name}`: {why}"));
        }
        if name.is_empty() {
            continue;
        }
        given.push(name);
        let start = model.parenthesized_range(ExprRef::from(argument)).start();
        // Part of the list of arguments, so that it stands before whatever is written before the argument itself.
        let within = call.arguments.range();
        unit.edit(Edit::insert(start, within, format!("{name}=")));
        unit.edits(wrapped(model, rules, name, argument));
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
        let new = rules.rename.iter().find(|(old, _)| old == name.as_str());
        let new = new.map(|(_, new)| new);
        if rules.drop.iter().any(|dropped| dropped == name.as_str()) {
            let Some(edit) = model.drop_argument(call, keyword.range()) else {
                return refuse(keyword.range(), format!("`{name}` cannot be dropped here"));
            };
            unit.edit(edit);
            continue;
        }
        if rules.gather.is_some() && !is_own(rules, name.as_str()) {
            let new = new.map_or(name.as_str(), String::as_str);
            let value = model.parenthesized_range(ExprRef::from(&keyword.value));
            let equals = TextRange::new(name.start(), value.start());
            unit.edit(Edit::replace(equals, format!("\"{new}\": ")));
            continue;
        }
        let written = new.map_or(name.as_str(), String::as_str);
        unit.edits(wrapped(model, rules, written, &keyword.value));
        match new {
            Some(new) => {
                unit.edit(Edit::replace(name.range(), new));
                given.push(new);
            }
            None => given.push(name.as_str()),
        }
    }
    if let Some(into) = &rules.gather {
        gather(model, unit, call, rules, into)?;
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
    match broken(model, call, rules, &added, (longer, unit.line_length())) {
        Some(edits) => unit.edits(edits),
        None if added.is_empty() => {}
        None => unit.edit(model.append_argument(call, &added.join(", "))),
    }
    Ok(written)
}

/// What black makes of a call that fits its line no longer: all arguments on the next line, or each on one of its own. `None`
/// where the call fits or never did, where it has several lines already, and where its arguments may not or need not be told apart.
fn broken(
    model: &Model<'_>,
    call: &ExprCall,
    rules: &Arguments,
    added: &[String],
    (longer, length): (usize, usize),
) -> Option<Vec<Edit>> {
    let is_longer = !rules.wrap.is_empty() || !added.is_empty();
    let is_told = is_longer && rules.drop.is_empty() && rules.gather.is_none();
    let is_formatted = |at| model.nodes.get(at).is_expr_f_string();
    let is_quoted = model.nodes.ancestors(model.id(call)).any(is_formatted);
    let line = TextRange::new(model.line_start(call.start()), model.line_end(call.end()));
    if !is_told || is_quoted || model.slice(call.range()).contains('\n') {
        return None;
    }
    let mut spans = Vec::new();
    let mut width = 0;
    for (index, argument) in call.arguments.args.iter().enumerate() {
        let name = rules.positional.get(index).map_or("", String::as_str);
        let span = model.parenthesized_range(ExprRef::from(argument));
        let named = if name.is_empty() { 0 } else { name.len() + 1 };
        width += named + wrapping(rules, name) + columns(model.slice(span)) + 2;
        spans.push(span);
    }
    for keyword in &call.arguments.keywords {
        let value = model.parenthesized_range(ExprRef::from(&keyword.value));
        let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
        let new = rules.rename.iter().find(|(old, _)| old == name);
        let new = new.map_or(name, |(_, new)| new);
        width += new.len() + wrapping(rules, new) + columns(model.slice(value)) + 3;
        spans.push(TextRange::new(keyword.start(), value.end()));
    }
    spans.sort_unstable_by_key(|span| span.start());
    let (first, last) = (spans.first()?, spans.last()?);
    let added_width: usize = added.iter().map(|text| text.len() + 2).sum();
    // Without the last comma.
    width = width + added_width - 2;
    let (whole, own) = (
        columns(model.slice(line)),
        columns(model.slice(call.arguments.range())),
    );
    // A line that was too long before is so on purpose.
    if whole > length || whole - own + width + 2 + longer <= length {
        return None;
    }
    let outer = model.line_indent(call.start());
    let inner = format!("{outer}{}", model.indent_unit());
    let (between, end) = if columns(&inner) + width <= length {
        (" ".to_string(), "")
    } else {
        (format!("\n{inner}"), ",")
    };
    let arguments = call.arguments.range();
    let open = TextRange::new(arguments.start(), first.start());
    let close = TextRange::new(last.end(), arguments.end());
    let mut edits = vec![Edit::replace(open, format!("(\n{inner}"))];
    for pair in spans.windows(2) {
        let gap = TextRange::new(pair[0].end(), pair[1].start());
        edits.push(Edit::replace(gap, format!(",{between}")));
    }
    let added = added.join(&format!(",{between}"));
    let added = match added.is_empty() {
        true => added,
        false => format!(",{between}{added}"),
    };
    edits.push(Edit::replace(close, format!("{added}{end}\n{outer})")));
    Some(edits)
}

/// How wide a text is: a tab counts as four characters, as ruff's formatter counts it.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// How much longer the text round an argument makes it.
fn wrapping(rules: &Arguments, name: &str) -> usize {
    let wrap = rules.wrap.iter().find(|(own, _)| own == name);
    wrap.map_or(0, |(_, text)| text.len() - "{}".len())
}

/// The text round an argument, where there is one.
fn wrapped(model: &Model<'_>, rules: &Arguments, name: &str, value: &Expr) -> Option<Edit> {
    let (_, text) = rules.wrap.iter().find(|(own, _)| own == name)?;
    let (before, after) = text.split_once("{}")?;
    let range = model.parenthesized_range(ExprRef::from(value));
    Some(Edit::surround(range, before, after, Layer::Outer))
}

/// Whether the twin has a parameter for a keyword, so that it does not go into the dictionary for the others.
fn is_own(rules: &Arguments, name: &str) -> bool {
    let new = rules.rename.iter().find(|(old, _)| old == name);
    let new = new.map_or(name, |(_, new)| new);
    let mut own = rules.positional.iter().chain(&rules.drop);
    own.any(|own| own == new || own == name)
}

/// Puts the keywords that the twin takes in a dictionary into one: `f(1, host=h)` -> `f(1, kwargs={"host": h})`.
fn gather(
    model: &Model<'_>,
    unit: &mut UnitBuilder<'_, '_>,
    call: &ExprCall,
    rules: &Arguments,
    into: &str,
) -> Result<(), Refusal> {
    let is_named = |keyword: &Keyword| {
        let name = keyword.arg.as_ref().map(|name| name.as_str());
        name.is_some_and(|name| is_own(rules, name))
    };
    let mut gathered = call.arguments.keywords.iter().filter(|one| !is_named(one));
    let Some(first) = gathered.next() else {
        return Ok(());
    };
    let last = gathered.next_back().unwrap_or(first);
    let range = TextRange::new(first.start(), last.end());
    let mut between = call.arguments.keywords.iter();
    if let Some(other) = between.find(|one| is_named(one) && range.contains_range(one.range())) {
        let detail = "it stands between arguments that go into one dictionary".to_string();
        return Err(Refusal::with_detail(
            &reasons::ARGUMENT,
            other.range(),
            detail,
        ));
    }
    let is_whole = first.arg.is_none() && first.range() == last.range();
    let hidden = call.arguments.keywords.iter().find(|one| one.arg.is_none());
    if let Some(hidden) = hidden {
        unit.unsafe_because(hidden.range(), MAY_HIDE);
    }
    if is_whole {
        // `**options` alone is the dictionary.
        let value = model.parenthesized_range(ExprRef::from(&first.value));
        let stars = TextRange::new(first.start(), value.start());
        unit.edit(Edit::replace(stars, format!("{into}=")));
        return Ok(());
    }
    // One on each line stays so.
    let line = model.slice(TextRange::new(
        model.line_start(first.start()),
        first.start(),
    ));
    let (before, after) = match line.trim().is_empty() {
        true => {
            unit.edit(Edit::indent(range));
            let inner = format!("{line}{}", model.indent_unit());
            (format!("{into}={{\n{inner}"), format!(",\n{line}}}"))
        }
        false => (format!("{into}={{"), "}".to_string()),
    };
    // Outside of the indentation.
    unit.edit(Edit::surround(range, before, after, Layer::Block));
    Ok(())
}

/// What an argument means that cannot be seen.
const MAY_HIDE: &str =
    "`**` hides what is passed: the async twin may not take all of it, or under other names";

const HIDDEN: &str = "`*` or `**` hides what is passed";

/// The keys of a dictionary that `**name` passes: it is written once, as a display or a call of `dict`, and used for nothing
/// else.
fn keys_of<'a>(model: &Model<'a>, value: &'a Expr) -> Option<Vec<&'a str>> {
    let symbol = model
        .scopes
        .symbol(model.scopes.symbol_of(model.id(value))?);
    let [binding] = symbol.bindings[..] else {
        return None;
    };
    let is_passed = |&reference: &NodeId| {
        matches!(
            model.nodes.parent_node(reference),
            AnyNodeRef::Keyword(keyword) if keyword.arg.is_none()
        )
    };
    if !symbol.references.iter().all(is_passed) {
        return None;
    }
    let target = model.scopes.binding(binding).node;
    let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(target) else {
        return None;
    };
    match assign.value.as_ref() {
        Expr::Dict(dict) => {
            let items = dict.items.iter();
            items
                .map(|item| literal::string(item.key.as_ref()?))
                .collect()
        }
        Expr::Call(made)
            if made.arguments.args.is_empty()
                && model.meaning(&made.func).path() == Some("builtins.dict") =>
        {
            let keywords = made.arguments.keywords.iter();
            keywords
                .map(|keyword| Some(keyword.arg.as_ref()?.as_str()))
                .collect()
        }
        _ => None,
    }
}

/// What a text in the first argument may not hold.
fn forbidden(model: &Model<'_>, call: &ExprCall, rules: &Arguments) -> Option<(TextRange, String)> {
    let first = call
        .arguments
        .args
        .first()
        .filter(|_| !rules.forbid.is_empty())?;
    let text = sql::texts(model, first).to_lowercase();
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let (part, why) = rules.forbid.iter().find(|(part, _)| text.contains(part))?;
    Some((first.range(), format!("`{part}`: {why}")))
}
