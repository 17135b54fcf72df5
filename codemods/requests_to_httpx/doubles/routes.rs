//! Writes what is registered: `respx.get(url).respond(json=...)`, and several answers to one request as one route.
//!
//! In responses a request that was registered twice gets the answers in turn, and the last one again and again; so it does
//! with answers that are registered before the first request. In respx a second registration takes the place of the
//! first, which is what responses does with one that comes after a request.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, walk_expr};
use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Work;
use super::answer;
use super::register::{Answer, Registration, Verb};
use crate::codemod::Refusal;
use crate::doubles::FIXTURE;
use crate::edit::{Edit, Piece};
use crate::semantic::Model;

/// What differs where there are several answers.
const IN_TURN: &str = "a request more than there are answers is an error in respx, where the last answer was given again before";

/// The router of the module.
pub(super) const MODULE: &str = "respx";

/// As wide as a line with several answers may be.
const WIDTH: usize = 88;

/// Writes all that is registered in the file.
pub(super) fn write<'a>(work: &mut Work<'a, '_, '_>) -> Result<(), Refusal> {
    let mut all = std::mem::take(&mut work.registrations);
    all.sort_by_key(|registration| registration.call.start());
    let mut groups: Vec<Vec<Registration<'a>>> = Vec::new();
    for registration in all {
        match groups.iter_mut().find(|group| {
            group
                .last()
                .is_some_and(|last| goes_on(work.model, last, &registration))
        }) {
            Some(group) => group.push(registration),
            None => groups.push(vec![registration]),
        }
    }
    for group in groups {
        for registration in &group {
            work.handled(registration.call.range());
            work.import("respx", work.model.id(registration.call))?;
        }
        match &group[..] {
            [one] => single(work, one)?,
            several => merged(work, several)?,
        }
    }
    Ok(())
}

/// Whether two registrations are of one request, and no request can be made between them.
fn goes_on(model: &Model<'_>, first: &Registration<'_>, second: &Registration<'_>) -> bool {
    if key(model, first) != key(model, second) {
        return false;
    }
    let statement = |registration: &Registration<'_>| {
        let parent = model.nodes.parent(model.id(registration.call));
        matches!(model.nodes.get(parent), AnyNodeRef::StmtExpr(_)).then_some(parent)
    };
    let (Some(first), Some(second)) = (statement(first), statement(second)) else {
        return false;
    };
    let (Some((suite, from)), Some((other, to))) = (model.suite_of(first), model.suite_of(second))
    else {
        return false;
    };
    std::ptr::eq(suite, other)
        && suite
            .get(from + 1..to)
            .is_some_and(|between| between.iter().all(|stmt| is_quiet(model, stmt)))
}

/// What tells requests apart, as text.
fn key(
    model: &Model<'_>,
    registration: &Registration<'_>,
) -> (String, String, String, Vec<String>) {
    let request = &registration.request;
    let verb = match &request.verb {
        Some(Verb::Known(verb)) => verb.clone(),
        Some(Verb::Given(expr)) => model.slice(expr.range()).to_string(),
        None => String::new(),
    };
    let url = request
        .url
        .map_or("", |url| model.slice(url.expr.range()))
        .to_string();
    (
        registration.router.clone(),
        verb,
        url,
        request.patterns.clone(),
    )
}

/// Whether a statement makes no request: it registers something, or calls nothing that could.
fn is_quiet(model: &Model<'_>, stmt: &Stmt) -> bool {
    if !matches!(stmt, Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AnnAssign(_)) {
        return false;
    }
    struct Calls<'m, 'a> {
        model: &'m Model<'a>,
        is_quiet: bool,
    }
    impl<'v> SourceOrderVisitor<'v> for Calls<'_, '_> {
        fn visit_expr(&mut self, expr: &'v Expr) {
            if let Expr::Call(call) = expr {
                let path = self.model.meaning(&call.func);
                self.is_quiet &= path.may_be(|path| {
                    let root = path.split('.').next().unwrap_or(path);
                    matches!(
                        root,
                        "builtins" | "json" | "responses" | "re" | "datetime" | "copy"
                    )
                }) || matches!(&*call.func, Expr::Attribute(attribute)
                    if super::register::VERBS.contains(&attribute.attr.as_str()) && call.arguments.args.len() < 2
                        || matches!(attribute.attr.as_str(), "add" | "add_callback" | "format"));
            }
            walk_expr(self, expr);
        }
    }
    let mut calls = Calls {
        model,
        is_quiet: true,
    };
    calls.visit_stmt(stmt);
    calls.is_quiet
}

/// `respx.get(url, json={...})`
fn route(model: &Model<'_>, registration: &Registration<'_>) -> Vec<Piece> {
    let request = &registration.request;
    let mut pieces = Vec::new();
    let mut is_first = true;
    // A router keeps the name that it has, or gets.
    match call_of_value(registration) {
        Some(receiver) => pieces.push(Piece::Source(receiver)),
        None => pieces.push(Piece::text(registration.router.as_str())),
    }
    match &request.verb {
        Some(Verb::Known(verb)) => pieces.push(Piece::text(format!(".{verb}("))),
        Some(Verb::Given(expr)) => {
            pieces.push(Piece::text(".request("));
            pieces.push(Piece::Source(expr.range()));
            is_first = false;
        }
        None => pieces.push(Piece::text(".route(")),
    }
    if let Some(url) = request.url {
        let comma = if is_first { "" } else { ", " };
        let name = if request.verb.is_none() && url.name.is_empty() {
            "url="
        } else {
            url.name
        };
        pieces.push(Piece::text(format!("{comma}{name}")));
        is_first = false;
        let text = model.slice(url.expr.range());
        match url.expr {
            Expr::StringLiteral(literal)
                if url.is_bare && literal.value.iter().count() == 1 && text.len() > 1 =>
            {
                let (body, quote) = text.split_at(text.len() - 1);
                pieces.push(Piece::text(format!("{body}/{quote}")));
            }
            other => {
                match url.without {
                    Some(query) => {
                        let before = TextRange::new(other.start(), query.start());
                        let after = TextRange::new(query.end(), other.end());
                        pieces.push(Piece::text(format!(
                            "{}{}",
                            model.slice(before),
                            model.slice(after)
                        )));
                    }
                    None => pieces.push(Piece::Source(other.range())),
                }
                if url.is_bare {
                    pieces.push(Piece::text(" + \"/\""));
                }
            }
        }
    }
    for pattern in &request.patterns {
        let comma = if is_first { "" } else { ", " };
        pieces.push(Piece::text(format!("{comma}{pattern}")));
        is_first = false;
    }
    pieces.push(Piece::text(")"));
    pieces
}

/// What a registration is called on, if that is a value and not the module.
fn call_of_value(registration: &Registration<'_>) -> Option<TextRange> {
    match &*registration.call.func {
        Expr::Attribute(attribute) if !registration.is_of_module => Some(attribute.value.range()),
        _ => None,
    }
}

fn single<'a>(work: &mut Work<'a, '_, '_>, registration: &Registration<'a>) -> Result<(), Refusal> {
    let model = work.model;
    let call = registration.call;
    let mut pieces = route(model, registration);
    let node = model.id(call);
    match &registration.answer {
        Answer::Callback(function) => {
            if model.has_comment(call.range()) {
                return Err(work.refuse(call.range()));
            }
            pieces.push(Piece::text(".mock(side_effect="));
            pieces.push(Piece::Source(function.range()));
            pieces.push(Piece::text(")"));
            work.unit.edit(Edit::pieces(call.range(), pieces));
        }
        Answer::Raise(effect) => {
            if model.has_comment(call.range()) {
                return Err(work.refuse(call.range()));
            }
            answer::import(work, [effect], node)?;
            pieces.push(Piece::text(format!(".mock(side_effect={effect})")));
            work.unit.edit(Edit::pieces(call.range(), pieces));
        }
        Answer::Several(effects) => {
            if model.has_comment(call.range()) {
                return Err(work.refuse(call.range()));
            }
            answer::import(work, effects, node)?;
            let effects = side_effects(model, call.start(), effects, width(&pieces));
            pieces.push(Piece::text(format!(".mock({effects})")));
            work.unit.edit(Edit::pieces(call.range(), pieces));
            work.unit.note(call.range(), IN_TURN);
        }
        Answer::Response(arguments) => {
            let mut arguments = arguments.clone();
            arguments.sort_by_key(|argument| argument.range().start());
            for argument in &arguments {
                work.codes(argument.range())?;
                match argument.keyword.and_then(|keyword| keyword.arg.as_ref()) {
                    Some(name) if name.as_str() != argument.name => {
                        work.unit.edit(Edit::replace(name.range(), argument.name));
                    }
                    Some(_) => {}
                    None => work.unit.edit(Edit::insert(
                        argument.value.start(),
                        call.range(),
                        format!("{}=", argument.name),
                    )),
                }
            }
            let Some(first) = arguments.first() else {
                if model.has_comment(call.range()) {
                    return Err(work.refuse(call.range()));
                }
                pieces.push(Piece::text(".respond()"));
                work.unit.edit(Edit::pieces(call.range(), pieces));
                return Ok(());
            };
            let head = TextRange::new(call.start(), first.range().start());
            let is_before = registration
                .request
                .url
                .is_none_or(|url| head.contains_range(url.expr.range()));
            let before = TextRange::new(
                call.start(),
                registration
                    .request
                    .url
                    .map_or(call.start(), |url| url.expr.end()),
            );
            if !is_before || model.has_comment(before) {
                return Err(work.refuse(call.range()));
            }
            let comments: String = model
                .tokens()
                .in_range(head)
                .iter()
                .filter(|token| token.kind().is_comment())
                .map(|token| format!("  {}", model.slice(token.range())))
                .collect();
            // Lines stay lines.
            let open = call.arguments.start() + TextSize::new(1);
            let breaks = model
                .slice(TextRange::new(open, model.line_end(open)))
                .trim()
                .is_empty();
            let lead = model.slice(TextRange::new(
                model.line_start(first.range().start()),
                first.range().start(),
            ));
            let lead = match (breaks || !comments.is_empty()) && lead.trim().is_empty() {
                true => format!("{comments}\n{lead}"),
                false if comments.is_empty() => String::new(),
                false => return Err(work.refuse(call.range())),
            };
            pieces.push(Piece::text(format!(".respond({lead}")));
            if lead.is_empty() {
                realign(work, call, first.range().start(), &pieces);
            }
            work.unit.edit(Edit::pieces(head, pieces));
            for &range in &registration.dropped {
                if range.start() < first.range().start() {
                    continue;
                }
                let Some(edit) = model.drop_argument(call, range) else {
                    return Err(work.refuse(range));
                };
                work.unit.edit(edit);
            }
        }
    }
    Ok(())
}

/// Several registrations of one request: one route with all answers in turn.
fn merged<'a>(work: &mut Work<'a, '_, '_>, group: &[Registration<'a>]) -> Result<(), Refusal> {
    let model = work.model;
    let Some((first, others)) = group.split_first() else {
        return Ok(());
    };
    let call = first.call;
    let statement = model.nodes.parent(model.id(call));
    let indent = format!(
        "{}{}",
        model.line_indent(call.start()),
        model.indent_unit().repeat(2)
    );
    let mut effects = Vec::new();
    for registration in group {
        if model.has_comment(registration.call.range()) {
            return Err(work.refuse(registration.call.range()));
        }
        effects.push(match &registration.answer {
            Answer::Response(arguments) => {
                let mentions = arguments
                    .iter()
                    .any(|argument| work.mentions_in(argument.value.range()).next().is_some());
                if mentions {
                    return Err(work.refuse(registration.call.range()));
                }
                answer::response(work, arguments, &indent)
            }
            Answer::Raise(effect) => effect.clone(),
            Answer::Callback(_) | Answer::Several(_) => {
                return Err(work.refuse(registration.call.range()));
            }
        });
    }
    answer::import(work, &effects, statement)?;
    let mut pieces = route(model, first);
    let effects = side_effects(model, call.start(), &effects, width(&pieces));
    pieces.push(Piece::text(format!(".mock({effects})")));
    work.unit.edit(Edit::pieces(call.range(), pieces));
    for registration in others {
        let statement = model.nodes.parent(model.id(registration.call));
        let Some(edit) = model.drop_statement(statement) else {
            return Err(work.refuse(registration.call.range()));
        };
        work.unit.edit(edit);
    }
    work.unit.note(call.range(), IN_TURN);
    Ok(())
}

/// `side_effect=[...]`, on one line or on several. `used` is how wide the line is without it.
fn side_effects(model: &Model<'_>, at: TextSize, effects: &[String], used: usize) -> String {
    let indent = model.line_indent(at);
    let unit = model.indent_unit();
    let line = format!("side_effect=[{}]", effects.join(", "));
    if !line.contains('\n') && indent.len() + used + line.len() + 7 <= WIDTH {
        return line;
    }
    let items: String = effects
        .iter()
        .map(|effect| format!("\n{indent}{unit}{unit}{effect},"))
        .collect();
    format!("\n{indent}{unit}side_effect=[{items}\n{indent}{unit}]\n{indent}")
}

/// A call of a function with these arguments, on one line or, where that is too wide, one line for each.
pub(super) fn call(
    model: &Model<'_>,
    at: TextSize,
    function: &str,
    arguments: Vec<(&str, Vec<Piece>)>,
) -> Vec<Piece> {
    let text: usize = arguments
        .iter()
        .map(|(name, pieces)| name.len() + 2 + width(pieces))
        .sum();
    let lead = (at - model.line_start(at)).to_usize();
    let indent = model.line_indent(at);
    let is_wide = lead + function.len() + text > WIDTH;
    let (before, between, after) = match is_wide {
        true => {
            let line = format!("\n{indent}{}", model.indent_unit());
            (line.clone(), format!(",{line}"), format!(",\n{indent}"))
        }
        false => (String::new(), ", ".to_string(), String::new()),
    };
    let mut all = vec![Piece::text(format!("{function}({before}"))];
    for (number, (name, pieces)) in arguments.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { between.as_str() };
        all.push(Piece::text(format!("{comma}{name}")));
        all.extend(pieces);
    }
    all.push(Piece::text(format!("{after})")));
    all
}

fn width(pieces: &[Piece]) -> usize {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Source(range) => range.len().to_usize(),
        })
        .sum()
}

/// Moves the lines behind the first argument that stays, where they are aligned with it, to its new column.
fn realign(work: &mut Work<'_, '_, '_>, call: &ExprCall, first: TextSize, head: &[Piece]) {
    let model = work.model;
    let column = |at: TextSize| {
        model
            .slice(TextRange::new(model.line_start(at), at))
            .chars()
            .count()
    };
    let is_aligned = column(first) == column(call.arguments.start()) + 1;
    let rest = TextRange::new(first, call.end());
    if !is_aligned || !model.slice(rest).contains('\n') {
        return;
    }
    let is_renamed =
        |piece: &Piece| matches!(piece, Piece::Source(range) if model.slice(*range) == FIXTURE.0);
    let shorter = match head.iter().any(is_renamed) {
        true => FIXTURE.0.len() - FIXTURE.1.len(),
        false => 0,
    };
    let (old, new) = (column(first), column(call.start()) + width(head) - shorter);
    let protected = model.protected_lines();
    let mut at = first;
    while let Some(found) = model.slice(TextRange::new(at, call.end())).find('\n') {
        at += TextSize::new(found as u32 + 1);
        let line = model.slice(TextRange::new(at, model.line_end(at)));
        let indent = line.len() - line.trim_start_matches(' ').len();
        if protected.iter().any(|lines| lines.contains(at)) || indent < old {
            continue;
        }
        if new > old {
            work.unit
                .edit(Edit::insert(at, rest, " ".repeat(new - old)));
        } else if old > new {
            let blank = TextRange::at(at, TextSize::new((old - new) as u32));
            work.unit.edit(Edit::delete(blank));
        }
    }
}
