//! The new lines: the `TaskGroup` block before the statement, and the results in the place of the `gather`.

use std::cell::OnceCell;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{AnyNodeRef, Comprehension, Expr, ExprAwait, ExprRef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Arg, COMMENT, CONDITIONAL, Gather};
use crate::catching::Failure;
use crate::codemod::Refusal;
use crate::colour;
use crate::concurrency::WIDTH;
use crate::edit::{Edit, Piece};
use crate::importer;
use crate::semantic::statement::width_of;
use crate::semantic::{Model, NodeId};

/// A `gather` to write as a block.
pub struct Group<'g, 'a> {
    pub gather: &'g Gather<'a>,
    /// The awaited values in its arguments, in order, which move before the block.
    pub hoisted: Vec<&'a ExprAwait>,
    pub failure: Failure,
}

/// What becomes of the results.
enum Form {
    /// They are dropped: a line for each task.
    Dropped,
    /// They are unpacked: a name for each task.
    Named(Vec<String>),
    /// A list of tasks, of this name.
    List(String),
}

/// The edits that write these groups of one statement as blocks before it.
pub fn edits<'a>(
    model: &Model<'a>,
    statement: NodeId,
    groups: &[Group<'_, 'a>],
) -> Result<Vec<Edit>, Refusal> {
    // Every statement is in a body; the reason is for what cannot be.
    let slot = model.slot(statement).ok_or(&CONDITIONAL)?;
    let mut writer = Writer {
        model,
        statement,
        pieces: Vec::new(),
        edits: slot.breaks,
        is_empty: true,
        indent_unit: model.indent_unit(),
        names: Vec::new(),
        protected: OnceCell::new(),
        replaced: Vec::new(),
    };
    let range = model.nodes.range(statement);
    let mut results: Vec<(TextRange, String)> = Vec::new();
    let mut is_dropped = false;
    for group in groups {
        let place = model.parenthesized_range(ExprRef::from(group.gather.await_));
        let form = writer.form(group);
        writer.group(group, place, &form, &slot.indent)?;
        match form {
            Form::Dropped => is_dropped = true,
            form => results.push((place, writer.result(&form, place, &slot.indent))),
        }
    }
    if is_dropped {
        if let Some((body, index)) = model.suite_of(statement)
            && let Some(next) = body.get(index + 1)
        {
            let gap = TextRange::new(range.end(), next.start());
            if !model.slice(gap).contains('\n') {
                writer.edits.push(Edit::line_break(gap, slot.indent));
            }
        }
        writer.edits.push(Edit::pieces(range, writer.pieces));
        return Ok(writer.edits);
    }
    // The statement itself stays where it is, for others to edit; only the results stand for the calls.
    writer.line(&slot.indent);
    writer.edits.push(Edit::hoist(range, writer.pieces));
    writer.edits.extend(
        results
            .into_iter()
            .map(|(place, text)| Edit::replace(place, text)),
    );
    Ok(writer.edits)
}

struct Writer<'a, 'm> {
    model: &'m Model<'a>,
    statement: NodeId,
    pieces: Vec<Piece>,
    edits: Vec<Edit>,
    /// Whether no line was written yet: the first one has its indentation already.
    is_empty: bool,
    indent_unit: &'a str,
    /// The names that this statement's blocks take.
    names: Vec<String>,
    /// Where lines start within string literals.
    protected: OnceCell<Vec<TextRange>>,
    /// Spans within arguments that a name stands for.
    replaced: Vec<(TextRange, String)>,
}

/// The comments between the arguments, by the argument that they belong to.
#[derive(Default)]
struct Comments {
    /// On lines of their own, before the argument.
    before: Vec<Vec<String>>,
    /// At the end of the argument's line.
    behind: Vec<Option<String>>,
}

impl Comments {
    fn is_empty(&self) -> bool {
        self.before.iter().all(Vec::is_empty) && self.behind.iter().all(Option::is_none)
    }
}

impl<'a> Writer<'a, '_> {
    fn text(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::text(text));
        }
    }

    fn keep(&mut self, range: TextRange) {
        if !range.is_empty() {
            self.pieces.push(Piece::Source(range));
        }
    }

    fn line(&mut self, indent: &str) {
        if self.is_empty {
            self.is_empty = false;
        } else {
            self.text(&format!("\n{indent}"));
        }
    }

    fn free(&mut self, base: &str) -> String {
        let name = self.model.free_name(base, self.statement, &self.names);
        self.names.push(name.clone());
        name
    }

    /// A list of tasks. Where the code has `tasks` of its own, those are often the coroutines that the group takes.
    fn listed(&mut self) -> Form {
        let is_free = self.model.free_name("tasks", self.statement, &[]) == "tasks";
        Form::List(self.free(if is_free { "tasks" } else { "running" }))
    }

    fn deeper(&self, indent: &str) -> String {
        format!("{indent}{}", self.indent_unit)
    }

    /// Old code at a new place, its further lines shifted along with the first one.
    fn source(&mut self, range: TextRange, indent: &str) {
        let old = self.model.line_indent(range.start()).len();
        let inside: Vec<(TextRange, String)> = self
            .replaced
            .iter()
            .filter(|(place, _)| range.contains_range(*place) && *place != range)
            .cloned()
            .collect();
        let mut at = range.start();
        for (place, name) in inside {
            self.part(TextRange::new(at, place.start()), old, indent.len());
            self.text(&name);
            at = place.end();
        }
        self.part(TextRange::new(at, range.end()), old, indent.len());
    }

    fn part(&mut self, range: TextRange, old: usize, new: usize) {
        self.keep(range);
        if !self.model.slice(range).contains('\n') {
            return;
        }
        let unit = self.indent_unit.len();
        if new >= old {
            if (new - old).is_multiple_of(unit) {
                for _ in 0..(new - old) / unit {
                    self.edits.push(Edit::indent(range));
                }
            }
            return;
        }
        // Arguments that were aligned with a bracket far to the right.
        let surplus = old - new;
        let model = self.model;
        let protected = self.protected.get_or_init(|| model.protected_lines());
        for (found, _) in model.slice(range).match_indices('\n') {
            let line = range.start() + TextSize::new(found as u32 + 1);
            let width = model.line_indent(line).len();
            let index = protected.partition_point(|one| one.end() <= line);
            let is_text = protected
                .get(index)
                .is_some_and(|literal| literal.start() < line);
            let end = line + TextSize::new(width as u32);
            if !is_text && width > surplus && end <= range.end() {
                let start = end - TextSize::new(surplus as u32);
                self.edits.push(Edit::delete(TextRange::new(start, end)));
            }
        }
    }

    /// How long old code is in one line; `None` if it has several.
    fn width(&self, range: TextRange) -> Option<usize> {
        let mut width = self.model.slice(range).chars().count();
        if self.model.slice(range).contains('\n') {
            return None;
        }
        for (place, name) in &self.replaced {
            if range.contains_range(*place) && *place != range {
                width = width + name.len() - self.model.slice(*place).chars().count();
            }
        }
        Some(width)
    }

    fn form(&mut self, group: &Group<'_, 'a>) -> Form {
        let model = self.model;
        let await_ = model.id(group.gather.await_);
        match model.nodes.get(self.statement) {
            AnyNodeRef::StmtExpr(expr) if model.id(expr.value.as_ref()) == await_ => Form::Dropped,
            AnyNodeRef::StmtAssign(assign) if model.id(assign.value.as_ref()) == await_ => {
                let elements = match &*assign.targets {
                    [Expr::Tuple(tuple)] => &tuple.elts,
                    [Expr::List(list)] => &list.elts,
                    _ => return self.listed(),
                };
                let bases: Option<Vec<&str>> = elements
                    .iter()
                    .map(|target| match target {
                        Expr::Name(name) => Some(name.id.as_str()),
                        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
                        _ => None,
                    })
                    .map(|name| {
                        name.map(|name| name.trim_start_matches('_'))
                            .filter(|name| !name.is_empty())
                    })
                    .collect();
                match bases {
                    Some(bases)
                        if bases.len() == group.gather.args.len()
                            && group
                                .gather
                                .args
                                .iter()
                                .all(|arg| matches!(arg, Arg::One(_))) =>
                    {
                        Form::Named(
                            bases
                                .into_iter()
                                .map(|base| self.free(&format!("{base}_task")))
                                .collect(),
                        )
                    }
                    _ => self.listed(),
                }
            }
            _ => self.listed(),
        }
    }

    /// Whether a comprehension can become a loop: its names become names of the function.
    fn can_loop(&self, clauses: &'a [Comprehension]) -> bool {
        clauses.iter().all(|clause| {
            self.model
                .nodes
                .subtree(self.model.id(&clause.target))
                .all(|node| match self.model.nodes.get(node) {
                    AnyNodeRef::ExprName(name) => self.is_bindable(name.id.as_str()),
                    AnyNodeRef::ExprTuple(_)
                    | AnyNodeRef::ExprList(_)
                    | AnyNodeRef::ExprStarred(_) => true,
                    _ => false,
                })
        })
    }

    /// Whether a name can be bound here: it is free, or a local that is not read from here on.
    fn is_bindable(&self, name: &str) -> bool {
        let model = self.model;
        if model.is_free(name, self.statement) {
            return true;
        }
        let scope = model.scopes.scope_of(self.statement);
        let Some(&symbol) = model.scopes.scope(scope).symbols.get(name) else {
            return false;
        };
        let start = model.nodes.range(self.statement).start();
        let function = model.scopes.scope(scope).node;
        let in_loop = model
            .nodes
            .ancestors(self.statement)
            .take_while(|&at| at != function)
            .any(|at| {
                matches!(
                    model.nodes.get(at),
                    AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
                )
            });
        let symbol = model.scopes.symbol(symbol);
        !in_loop
            && symbol
                .bindings
                .iter()
                .all(|&binding| model.scopes.binding(binding).scope == scope)
            && symbol.references.iter().all(|&node| {
                model.nodes.range(node).start() < start && model.runner_node(node) == Some(function)
            })
    }

    /// The text that stands for the results.
    fn result(&self, form: &Form, place: TextRange, indent: &str) -> String {
        match form {
            Form::Dropped => String::new(),
            Form::List(tasks) => format!("[t.result() for t in {tasks}]"),
            Form::Named(names) => {
                let results: Vec<String> = names
                    .iter()
                    .map(|name| format!("{name}.result()"))
                    .collect();
                let line = results.join(", ");
                let start = self
                    .model
                    .line_start(place.start())
                    .max(self.model.nodes.range(self.statement).start());
                let column = (place.start() - start).to_usize() + width_of(indent);
                if column + line.len() <= WIDTH {
                    return line;
                }
                let deeper = self.deeper(indent);
                let lines: Vec<String> = results
                    .iter()
                    .map(|result| format!("\n{deeper}{result},"))
                    .collect();
                format!("({}\n{indent})", lines.concat())
            }
        }
    }

    fn group(
        &mut self,
        group: &Group<'_, 'a>,
        place: TextRange,
        form: &Form,
        indent: &str,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let comments = self.comments(group.gather, place)?;
        for await_ in &group.hoisted {
            let range = model.parenthesized_range(ExprRef::from(*await_));
            if model.has_comment(TextRange::new(range.start(), await_.start()))
                || model.has_comment(TextRange::new(await_.end(), range.end()))
            {
                return Err(Refusal::at(&COMMENT, range));
            }
            let name = self.free("arg");
            self.line(indent);
            self.text(&format!("{name} = "));
            self.bracketed(await_.range(), indent);
            self.replaced.push((range, name));
        }
        self.replaced.sort_by_key(|(range, _)| range.start());
        let mut outer = indent.to_string();
        if group.failure == Failure::Seen {
            let name = "BaseExceptionGroup";
            if model
                .scopes
                .lookup(model.scope_at(self.statement), name)
                .is_some()
            {
                return Err(Refusal::with_detail(
                    &importer::NAME_TAKEN,
                    place,
                    format!("`{name}`"),
                ));
            }
            self.line(indent);
            self.text("try:");
            outer = self.deeper(indent);
        }
        let tg = model.free_name("tg", self.statement, &[]);
        let library = match group.gather.call.func.as_ref() {
            Expr::Attribute(attribute) => model.slice(attribute.value.range()),
            _ => "asyncio",
        };
        self.line(&outer);
        if let Some(limit) = group.gather.limit {
            let limit = model.slice(limit.range());
            let header = colour::async_with_header(&format!("{library}.timeout({limit})"));
            outer = self.deeper(&outer);
            self.text(&format!("{header}\n{outer}"));
        }
        self.text(&colour::async_with_header(&format!(
            "{library}.TaskGroup() as {tg}"
        )));
        let inner = self.deeper(&outer);
        let args = &group.gather.args;
        match form {
            Form::Dropped => {
                for (index, arg) in args.iter().enumerate() {
                    self.leading(&comments.before[index], &inner);
                    self.line(&inner);
                    match arg {
                        Arg::One(expr) => self.task(&inner, "", &tg, expr.range(), ""),
                        Arg::Comprehension {
                            element, clauses, ..
                        } if self.can_loop(clauses) => self.loops(&inner, &tg, element, clauses),
                        Arg::Comprehension { value, .. } | Arg::Each { value, .. } => {
                            let coro = self.free("coro");
                            self.text(&format!("for {coro} in "));
                            self.bracketed(value.range(), &inner);
                            let deeper = self.deeper(&inner);
                            self.text(&format!(":\n{deeper}{tg}.create_task({coro})"));
                        }
                    }
                    self.trailing(comments.behind[index].as_deref());
                }
                if args.is_empty() {
                    self.line(&inner);
                    self.text("pass");
                }
                self.leading(&comments.before[args.len()], &inner);
            }
            Form::Named(names) => {
                for (index, (arg, name)) in args.iter().zip(names).enumerate() {
                    self.leading(&comments.before[index], &inner);
                    self.line(&inner);
                    self.task(&inner, &format!("{name} = "), &tg, arg.range(), "");
                    self.trailing(comments.behind[index].as_deref());
                }
                self.leading(&comments.before[args.len()], &inner);
            }
            Form::List(tasks) => self.list(&inner, &tg, tasks, args, &comments),
        }
        if group.failure == Failure::Seen {
            let eg = model.free_name("eg", self.statement, &[]);
            let deeper = self.deeper(indent);
            self.text(&format!(
                "\n{indent}except BaseExceptionGroup as {eg}:\n{deeper}raise {eg}.exceptions[0] from None"
            ));
        }
        Ok(())
    }

    fn leading(&mut self, comments: &[String], indent: &str) {
        for comment in comments {
            self.line(indent);
            self.text(comment);
        }
    }

    fn trailing(&mut self, comment: Option<&str>) {
        if let Some(comment) = comment {
            self.text(&format!("  {comment}"));
        }
    }

    /// `PREFIXtg.create_task(VALUE)SUFFIX`, in one line or in three.
    fn task(&mut self, indent: &str, prefix: &str, tg: &str, value: TextRange, suffix: &str) {
        let around =
            width_of(indent) + prefix.len() + tg.len() + ".create_task()".len() + suffix.len();
        self.text(&format!("{prefix}{tg}.create_task("));
        if self
            .width(value)
            .is_some_and(|width| around + width <= WIDTH)
        {
            self.source(value, indent);
            self.text(&format!("){suffix}"));
        } else {
            let deeper = self.deeper(indent);
            self.text(&format!("\n{deeper}"));
            self.source(value, &deeper);
            self.text(&format!("\n{indent}){suffix}"));
        }
    }

    /// A comprehension as loops.
    fn loops(&mut self, indent: &str, tg: &str, element: &Expr, clauses: &'a [Comprehension]) {
        let mut at = indent.to_string();
        for (index, clause) in clauses.iter().enumerate() {
            if index > 0 {
                self.line(&at);
            }
            self.text("for ");
            self.keep(
                self.model
                    .parenthesized_range(ExprRef::from(&clause.target)),
            );
            self.text(" in ");
            self.bracketed(
                self.model.parenthesized_range(ExprRef::from(&clause.iter)),
                &at,
            );
            self.text(":");
            at = self.deeper(&at);
            for test in &clause.ifs {
                self.line(&at);
                self.text("if ");
                self.bracketed(self.model.parenthesized_range(ExprRef::from(test)), &at);
                self.text(":");
                at = self.deeper(&at);
            }
        }
        self.line(&at);
        self.task(&at, "", tg, element.range(), "");
    }

    /// Old code as a part of a statement: in parentheses, if it breaks its line outside of any.
    fn bracketed(&mut self, range: TextRange, indent: &str) {
        let mut depth = 0_i32;
        let mut breaks = false;
        for token in self.model.tokens().in_range(range) {
            match token.kind() {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                TokenKind::NonLogicalNewline => breaks |= depth == 0,
                _ => {}
            }
        }
        if let Some((_, name)) = self.replaced.iter().find(|(place, _)| *place == range) {
            let name = name.clone();
            self.text(&name);
            return;
        }
        if breaks {
            self.text("(");
        }
        self.source(range, indent);
        if breaks {
            self.text(")");
        }
    }

    /// `tasks = [...]`, in one line or in several.
    fn list(&mut self, indent: &str, tg: &str, tasks: &str, args: &[Arg<'a>], comments: &Comments) {
        let prefix = format!("{tasks} = ");
        let deeper = self.deeper(indent);
        if let [arg] = args
            && !matches!(arg, Arg::One(_))
        {
            self.leading(&comments.before[0], indent);
            self.line(indent);
            self.comprehension(indent, &prefix, tg, arg, "");
            self.trailing(comments.behind[0].as_deref());
            self.leading(&comments.before[1], indent);
            return;
        }
        let width: Option<usize> = args
            .iter()
            .map(|arg| self.inline_width(arg, tg).map(|width| width + ", ".len()))
            .sum();
        self.line(indent);
        self.text(&format!("{prefix}["));
        if comments.is_empty()
            && width.is_some_and(|width| width_of(indent) + prefix.len() + width <= WIDTH)
        {
            for (index, arg) in args.iter().enumerate() {
                if index > 0 {
                    self.text(", ");
                }
                match arg {
                    Arg::One(expr) => self.task(indent, "", tg, expr.range(), ""),
                    other => self.comprehension(indent, "*", tg, other, ""),
                }
            }
            self.text("]");
            return;
        }
        for (index, arg) in args.iter().enumerate() {
            self.leading(&comments.before[index], &deeper);
            self.line(&deeper);
            match arg {
                Arg::One(expr) => self.task(&deeper, "", tg, expr.range(), ","),
                other => self.comprehension(&deeper, "*", tg, other, ","),
            }
            self.trailing(comments.behind[index].as_deref());
        }
        self.leading(&comments.before[args.len()], &deeper);
        self.line(indent);
        self.text("]");
    }

    /// `PREFIX[tg.create_task(ELEMENT) for ...]SUFFIX`, in one line or in several.
    fn comprehension(&mut self, indent: &str, prefix: &str, tg: &str, arg: &Arg<'a>, suffix: &str) {
        let is_inline = self.inline_width(arg, tg).is_some_and(|width| {
            // The width counts the `*` that a nested list has.
            width_of(indent) + prefix.len() + width - 1 + suffix.len() <= WIDTH
        });
        let deeper = self.deeper(indent);
        let (at, separator) = if is_inline {
            (indent, " ".to_string())
        } else {
            (deeper.as_str(), format!("\n{deeper}"))
        };
        self.text(&format!("{prefix}["));
        if !is_inline {
            self.text(&format!("\n{deeper}"));
        }
        match arg {
            Arg::One(expr) => self.task(at, "", tg, expr.range(), ""),
            Arg::Each { value, .. } => {
                let coro = "coro";
                self.text(&format!(
                    "{tg}.create_task({coro}){separator}for {coro} in "
                ));
                self.moved(value.range(), at);
            }
            Arg::Comprehension {
                element, clauses, ..
            } => {
                if is_inline {
                    self.text(&format!("{tg}.create_task("));
                    self.source(element.range(), at);
                    self.text(")");
                } else {
                    self.task(at, "", tg, element.range(), "");
                }
                for clause in *clauses {
                    self.text(&separator);
                    let iter = self.model.parenthesized_range(ExprRef::from(&clause.iter));
                    self.source(TextRange::new(clause.start(), iter.end()), at);
                    for test in &clause.ifs {
                        self.text(&format!("{separator}if "));
                        self.moved(self.model.parenthesized_range(ExprRef::from(test)), at);
                    }
                }
            }
        }
        if !is_inline {
            self.text(&format!("\n{indent}"));
        }
        self.text(&format!("]{suffix}"));
    }

    /// Old code, or the name that stands for all of it.
    fn moved(&mut self, range: TextRange, indent: &str) {
        match self.replaced.iter().find(|(place, _)| *place == range) {
            Some((_, name)) => {
                let name = name.clone();
                self.text(&name);
            }
            None => self.source(range, indent),
        }
    }

    /// How long an element of the list is in one line.
    fn inline_width(&self, arg: &Arg<'a>, tg: &str) -> Option<usize> {
        let task = tg.len() + ".create_task()".len();
        match arg {
            Arg::One(expr) => Some(task + self.width(expr.range())?),
            Arg::Each { value, .. } => {
                Some("*[coro for coro in ]".len() + task + self.width(value.range())?)
            }
            Arg::Comprehension {
                element, clauses, ..
            } => {
                let first = clauses.first()?;
                let last = clauses.last()?;
                let clauses = self.width(TextRange::new(first.start(), last.end()))?;
                Some("*[ ]".len() + task + self.width(element.range())? + clauses)
            }
        }
    }

    /// The comments of a `gather` that are not within code that is kept.
    fn comments(&self, gather: &Gather<'a>, place: TextRange) -> Result<Comments, Refusal> {
        let model = self.model;
        let args = &gather.args;
        let mut comments = Comments {
            before: vec![Vec::new(); args.len() + 1],
            behind: vec![None; args.len()],
        };
        let mut kept: Vec<TextRange> = Vec::new();
        for arg in args {
            match arg {
                Arg::One(expr) => kept.push(expr.range()),
                Arg::Each { value, .. } => kept.push(value.range()),
                Arg::Comprehension {
                    element, clauses, ..
                } => {
                    kept.push(element.range());
                    for clause in *clauses {
                        kept.push(model.parenthesized_range(ExprRef::from(&clause.target)));
                        kept.push(model.parenthesized_range(ExprRef::from(&clause.iter)));
                        for test in &clause.ifs {
                            kept.push(model.parenthesized_range(ExprRef::from(test)));
                        }
                    }
                }
            }
        }
        let list = gather.call.arguments.range();
        if let Some(limit) = gather.limit
            && model.slice(limit.range()).contains('\n')
        {
            return Err(Refusal::at(&COMMENT, limit.range()));
        }
        for token in model.tokens().in_range(place) {
            let range = token.range();
            if !token.kind().is_comment() || kept.iter().any(|kept| kept.contains_range(range)) {
                continue;
            }
            let within = args.iter().any(|arg| arg.range().contains_range(range));
            if within || !list.contains_range(range) {
                return Err(Refusal::at(&COMMENT, range));
            }
            let next = args.partition_point(|arg| arg.end() <= range.start());
            let text = model.slice(range).trim_end().to_string();
            let is_behind = next > 0
                && !model
                    .slice(TextRange::new(args[next - 1].end(), range.start()))
                    .contains('\n');
            if is_behind {
                comments.behind[next - 1] = Some(text);
            } else {
                comments.before[next].push(text);
            }
        }
        Ok(comments)
    }
}
