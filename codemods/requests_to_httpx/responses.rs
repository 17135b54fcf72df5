//! Responses that leave the function that makes them: returned by a helper, kept on `self`, handed to other functions.
//!
//! [`crate::values`] follows them over the project. What becomes of their uses there is a part of the unit that makes the
//! request, in all files.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::Facts;
use super::names::{self, Kind, Mention};
use super::response::{self, Followed};
use super::{CODEMOD, File, codes, exceptions, follow, reasons};
use crate::codemod::{Context, Following, Refusal, UnitBuilder};
use crate::config::HttpClient;
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, Runner};
use crate::unit::ImportRequest;
use crate::values::{
    Component, Part, Tracked, Trouble, VALUE_ESCAPES, VALUE_MIXED, VALUE_UNKNOWN_OWNER,
};

/// The classes of responses.
const CLASSES: &[&str] = &["requests.Response", "requests.models.Response"];

/// The responses that units give away.
pub static FOLLOWING: Following = Following {
    codemod: &CODEMOD,
    tracked: Tracked {
        classes: CLASSES,
        words: &["requests"],
        members: &[
            "apparent_encoding",
            "close",
            "content",
            "cookies",
            "elapsed",
            "encoding",
            "headers",
            "history",
            "is_permanent_redirect",
            "is_redirect",
            "iter_content",
            "iter_lines",
            "json",
            "links",
            "next",
            "ok",
            "raise_for_status",
            "raw",
            "reason",
            "request",
            "status_code",
            "text",
            "url",
        ],
        items: false,
        takers: &[],
        kind: 1,
        kinds: None,
    },
    is_taken: |context, _| context.settings.http_client == HttpClient::Aiohttp,
    survey: None,
    rewrite,
    may_thread: true,
    is_of_units: true,
    about_object: &[],
};

/// Rewrites what is done in one file with responses of other functions.
fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    component: &Component,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let here = component
        .troubles
        .iter()
        .filter(|trouble| context.is_of(trouble.file));
    for trouble in here.filter(|trouble| !is_mixed(trouble)) {
        out_of_sight(model, trouble, unit)?;
    }
    let is_mixed = component.troubles.iter().any(is_mixed);
    if !component.derived.is_empty() {
        let range = part.mentions.first().map(|named| named.range);
        return Err(Refusal {
            reason: &reasons::NO_COUNTERPART,
            range,
            detail: Some("a class derives from the response of requests".to_string()),
        });
    }
    if let Some((file, range)) = component.unfed
        && context.is_of(file)
    {
        return Err(Refusal::with_detail(
            &VALUE_MIXED,
            range,
            "nothing in sight gives a parameter of it a response",
        ));
    }
    for &node in &part.made {
        let AnyNodeRef::ExprCall(call) = model.nodes.get(node) else {
            continue;
        };
        let meaning = model.meaning(&call.func);
        if meaning.path().is_some_and(|path| CLASSES.contains(&path)) {
            return Err(Refusal::at(
                &reasons::NO_COUNTERPART,
                model.nodes.range(node),
            ));
        }
    }
    let seen: FxHashSet<NodeId> = component
        .units
        .seen
        .iter()
        .filter(|(file, _)| context.is_of(*file))
        .map(|(_, node)| *node)
        .collect();
    for named in &part.mentions {
        if !seen.contains(&named.node) {
            follow::rename(context, named, "httpx.Response", unit)?;
        }
    }
    let mut perhaps_none: FxHashSet<NodeId> = part.perhaps_none.iter().copied().collect();
    let mut by_runner: Vec<(Runner, Vec<NodeId>)> = Vec::new();
    let mut numbers: FxHashMap<Runner, usize> = FxHashMap::default();
    for &node in &part.values {
        if seen.contains(&node) || part.made.contains(&node) {
            continue;
        }
        let runner = model.runner(node);
        // What a coroutine gives is used where it is awaited.
        let node = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprAwait(await_) => {
                let awaited = model.id(await_);
                if perhaps_none.contains(&node) {
                    perhaps_none.insert(awaited);
                }
                awaited
            }
            _ => node,
        };
        let number = *numbers.entry(runner).or_insert_with(|| {
            by_runner.push((runner, Vec::new()));
            by_runner.len() - 1
        });
        by_runner[number].1.push(node);
    }
    if by_runner.is_empty() {
        super::write_for(context, unit);
        return Ok(());
    }
    let mentions = names::mentions(model);
    let facts = Facts::new(model, &mentions);
    let mut by_function: FxHashMap<u32, Vec<Mention>> = FxHashMap::default();
    for mention in &mentions {
        if let Runner::Function(index) = mention.runner {
            by_function.entry(index).or_default().push(mention.clone());
        }
    }
    let makers: Vec<Runner> = component
        .units
        .functions
        .iter()
        .filter(|id| context.is_of(id.file))
        .map(|id| Runner::Function(id.index))
        .collect();
    let mut group: Vec<Runner> = by_runner.iter().map(|(runner, _)| *runner).collect();
    group.extend(&makers);
    let file = File {
        target: &super::TARGET,
        facts: &facts,
        mentions: &mentions,
        by_function: &by_function,
        others: facts.raising_besides(&group),
    };
    let handled: Vec<NodeId> = component
        .units
        .handlers
        .iter()
        .filter(|(file, _)| context.is_of(*file))
        .map(|(_, node)| *node)
        .collect();
    let mut mapped = handled.clone();
    for (runner, values) in &by_runner {
        let anchor = model.nodes.range(values[0]);
        let mut work = super::empty(context, &file, &group, *runner, anchor, Vec::new(), "");
        // The call of a function that gives one may raise what the request raises.
        work.sites = values
            .iter()
            .copied()
            .filter(|&node| {
                matches!(
                    model.nodes.get(node),
                    AnyNodeRef::ExprCall(_) | AnyNodeRef::ExprAwait(_)
                )
            })
            .collect();
        let followed = Followed {
            values,
            seen: &seen,
            perhaps_none: &perhaps_none,
            is_guarded: component.units.is_marked || response::needs_guard(&work),
        };
        response::migrate_followed(&mut work, &followed)?;
        work.sites.extend(exceptions::raises(&work));
        let handlers = super::handlers(&mut work, &mapped)?;
        // What both kinds of responses have in common can go on as it is, whatever else is there.
        if is_mixed && work.unit.written().next().is_some() {
            return Err(Refusal::at(&VALUE_MIXED, anchor));
        }
        mapped.extend(handlers);
        if let Runner::Function(index) = runner {
            work.unit.raises_in(*index);
        }
        if !work.done.is_empty() {
            work.unit
                .import(ImportRequest::Module("httpx"), values[0])?;
        }
        if !makers.contains(runner) {
            status_codes(&mut work, super::own_mentions(&file, *runner))?;
        }
        unit.absorb(work.unit.finish());
    }
    // Who is given a response raises what it raises, and others wait for that.
    let raising: Vec<Runner> = by_runner.iter().map(|(runner, _)| *runner).collect();
    let names = facts.raising(&raising);
    let catchers = facts.catchers_of(&names);
    let mut runners: Vec<Runner> = catchers.iter().map(|&node| model.runner(node)).collect();
    runners.dedup();
    for runner in runners {
        let first = catchers.iter().find(|&&node| model.runner(node) == runner);
        let anchor = first.map_or(TextRange::default(), |&node| model.nodes.range(node));
        let mut work = super::empty(context, &file, &group, runner, anchor, Vec::new(), "");
        mapped.extend(super::catch(&mut work, &names, &catchers, &mapped)?);
        unit.absorb(work.unit.finish());
    }
    super::facts::check_catchers(model, &facts, &raising, &mapped)?;
    super::write_for(context, unit);
    Ok(())
}

/// Whether something else than a response may be where one is.
fn is_mixed(trouble: &Trouble) -> bool {
    std::ptr::eq(trouble.reason, &VALUE_MIXED)
}

/// What is in the way of following a response: one that goes out of sight makes the unit unsafe, the rest keeps it.
fn out_of_sight(
    model: &Model<'_>,
    trouble: &Trouble,
    unit: &mut UnitBuilder<'_, '_>,
) -> Result<(), Refusal> {
    let is_lost = [&VALUE_ESCAPES, &VALUE_UNKNOWN_OWNER]
        .iter()
        .any(|reason| std::ptr::eq(*reason, trouble.reason));
    if !is_lost {
        return Err(Refusal {
            reason: trouble.reason,
            range: Some(trouble.range),
            detail: trouble.detail.clone(),
        });
    }
    if is_shown(model, trouble.range) {
        return Ok(());
    }
    if let Some(copier) = copier(model, trouble.range) {
        return Err(Refusal::with_detail(
            trouble.reason,
            trouble.range,
            format!("`{copier}` gives it back, and what is done with that is not followed"),
        ));
    }
    let why = trouble
        .detail
        .as_deref()
        .unwrap_or("it leaves the function");
    unit.unsafe_because(
        trouble.range,
        format!(
            "the response goes out of sight ({why}): {}",
            response::DIFFERS
        ),
    );
    Ok(())
}

/// Functions that give what they are handed, or a copy of it, to other code.
const COPIERS: &[&str] = &["copy.copy", "copy.deepcopy", "pickle.dump", "pickle.dumps"];

/// The function that makes a copy of the expression of a span.
fn copier(model: &Model<'_>, range: TextRange) -> Option<&'static str> {
    model.calls().find_map(|call| {
        let first = call.arguments.args.first()?;
        let path = model.meaning(&call.func);
        let known = COPIERS.iter().find(|known| path.path() == Some(**known));
        known
            .copied()
            .filter(|_| ruff_text_size::Ranged::range(first) == range)
    })
}

/// Whether the expression of a span is only shown: printed or logged.
fn is_shown(model: &Model<'_>, range: TextRange) -> bool {
    model.calls().any(|call| {
        let is_argument = call
            .arguments
            .args
            .iter()
            .any(|argument| ruff_text_size::Ranged::range(argument) == range);
        is_argument && response::is_log(call)
    })
}

/// `requests.codes` in a function that makes no request.
fn status_codes(work: &mut super::Work<'_, '_, '_>, own: &[Mention]) -> Result<(), Refusal> {
    let model = work.model;
    let makes_requests = own
        .iter()
        .any(|mention| super::facts::makes_requests(model, mention));
    if makes_requests {
        return Ok(());
    }
    for mention in own {
        if !matches!(names::kind(model, mention), Kind::Code) {
            continue;
        }
        let subscript = names::code_of(model, mention.node);
        let name = match subscript {
            Some((_, name)) => name,
            None => mention.name.trim_start_matches("codes."),
        };
        let Some(text) = codes::replacement(name) else {
            continue;
        };
        work.unit
            .import(ImportRequest::Module("httpx"), mention.node)?;
        match subscript {
            Some((subscript, _)) => {
                work.unit.edit(Edit::replace(
                    ruff_text_size::Ranged::range(subscript),
                    text,
                ));
                work.unit.release(mention.node);
            }
            None => work.unit.rename(mention.node, text),
        }
    }
    Ok(())
}
