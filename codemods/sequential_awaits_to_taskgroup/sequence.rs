//! Statements in a row that each await a call of their own -> the calls at once.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAwait, ExprCall, ExprName, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{CARRIED, Looking, NOTE};
use crate::catching::Failure;
use crate::codemod::{Refusal, UnitBuilder};
use crate::colour;
use crate::concurrency::WIDTH;
use crate::edit::{Edit, Piece};
use crate::importer;
use crate::python::PythonVersion;
use crate::semantic::statement::width_of;
use crate::semantic::{Model, NodeId};
use crate::unit::ImportRequest;

/// `name = await call`
#[derive(Clone, Copy)]
pub struct Step<'a> {
    pub name: &'a ExprName,
    pub awaited: &'a ExprAwait,
    pub call: &'a ExprCall,
    pub range: TextRange,
}

/// The statements from this one on that are such steps, on lines that follow each other, and that read nothing of one
/// another.
pub fn steps<'a>(model: &Model<'a>, statement: NodeId) -> Vec<Step<'a>> {
    let Some((body, index)) = model.suite_of(statement) else {
        return Vec::new();
    };
    let mut run: Vec<Step<'a>> = Vec::new();
    for stmt in &body[index..] {
        match step(model, stmt) {
            Some(step)
                if run
                    .last()
                    .is_none_or(|last| joins(model, &run, last, &step)) =>
            {
                run.push(step);
            }
            _ => break,
        }
    }
    run
}

fn step<'a>(model: &Model<'a>, stmt: &'a Stmt) -> Option<Step<'a>> {
    let assign = stmt.as_assign_stmt()?;
    let ([Expr::Name(name)], Expr::Await(awaited)) = (&*assign.targets, assign.value.as_ref())
    else {
        return None;
    };
    let call = awaited.value.as_call_expr()?;
    let is_alone = model.is_alone_on_its_lines(model.id(stmt));
    is_alone.then_some(Step {
        name,
        awaited,
        call,
        range: stmt.range(),
    })
}

/// Whether a step can run together with those before it, as far as names tell.
fn joins(model: &Model<'_>, run: &[Step<'_>], last: &Step<'_>, step: &Step<'_>) -> bool {
    let gap = TextRange::new(last.range.end(), step.range.start());
    let is_next_line = model.slice(gap).matches('\n').count() == 1 && !model.has_comment(gap);
    let reads = |other: &Step<'_>| {
        model
            .nodes
            .subtree(model.id(step.call))
            .any(|node| match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) => name.id == other.name.id,
                _ => false,
            })
    };
    // A name that a call before it reads would be bound too late for nobody: that call is made first.
    is_next_line
        && run
            .iter()
            .all(|other| !reads(other) && other.name.id != step.name.id)
}

impl<'a, 'c> Looking<'a, 'c, '_> {
    /// The steps in one group, or one `gather`.
    ///
    /// # Errors
    /// A call may not overlap with others, or a handler would see a difference.
    pub(super) fn sequence(&self, steps: &[Step<'a>]) -> Result<UnitBuilder<'a, 'c>, Refusal> {
        let model = self.context.model;
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            return Err((&CARRIED).into());
        };
        let mut failure = Failure::Leaves;
        for step in steps {
            self.may_overlap(step.call)?;
            self.only_asks(step.call)?;
            let coroutine: &'a Expr = &step.awaited.value;
            let node = model.id(step.awaited);
            if self.catching.failure(node, &[coroutine], &self.known)? == Failure::Seen {
                failure = Failure::Seen;
            }
        }
        let range = TextRange::new(first.range.start(), last.range.end());
        let node = model.id(first.awaited);
        let statement = model.statement_of(node);
        let indent = model.line_indent(first.range.start());
        let mut unit = self.context.unit(first.awaited.range());
        let groups = self.context.settings.target >= PythonVersion::PY311;
        let (pieces, edits) = match groups {
            true => grouped(model, statement, steps, failure, indent)?,
            false => gathered(model, steps, indent),
        };
        unit.edits(edits);
        unit.edit(Edit::pieces(range, pieces));
        unit.import(ImportRequest::Module("asyncio"), node)?;
        unit.runs_in(node);
        if groups && failure == Failure::Leaves {
            unit.groups_failures(model, node);
        }
        unit.unsafe_because(first.awaited.range(), NOTE);
        Ok(unit)
    }
}

fn names(steps: &[Step<'_>]) -> String {
    let names: Vec<&str> = steps.iter().map(|step| step.name.id.as_str()).collect();
    names.join(", ")
}

fn grouped<'a>(
    model: &Model<'a>,
    statement: NodeId,
    steps: &[Step<'a>],
    failure: Failure,
    indent: &str,
) -> Result<(Vec<Piece>, Vec<Edit>), Refusal> {
    let unit = model.indent_unit();
    let mut outer = indent.to_string();
    let mut head = String::new();
    if failure == Failure::Seen {
        let name = "BaseExceptionGroup";
        if model
            .scopes
            .lookup(model.scope_at(statement), name)
            .is_some()
        {
            let detail = format!("`{name}`");
            let range = steps[0].range;
            return Err(Refusal::with_detail(&importer::NAME_TAKEN, range, detail));
        }
        outer.push_str(unit);
        head = format!("try:\n{outer}");
    }
    let tg = model.free_name("tg", statement, &[]);
    let inner = format!("{outer}{unit}");
    head.push_str(&colour::async_with_header(&format!(
        "asyncio.TaskGroup() as {tg}"
    )));
    let (mut pieces, mut edits) = (vec![Piece::text(head)], Vec::new());
    let mut taken: Vec<String> = Vec::new();
    for step in steps {
        let task = model.free_name(&format!("{}_task", step.name.id), statement, &taken);
        let open = format!("{task} = {tg}.create_task(");
        let text = model.slice(step.call.range());
        let width = width_of(&inner) + open.len() + text.chars().count() + 1;
        let deeper = format!("{inner}{unit}");
        pieces.push(Piece::text(format!("\n{inner}{open}")));
        if text.contains('\n') || width > WIDTH {
            pieces.push(Piece::text(format!("\n{deeper}")));
            edits.extend(model.realign(step.call.range(), deeper.len()));
            pieces.push(Piece::Source(step.call.range()));
            pieces.push(Piece::text(format!("\n{inner})")));
        } else {
            pieces.push(Piece::Source(step.call.range()));
            pieces.push(Piece::text(")"));
        }
        taken.push(task);
    }
    if failure == Failure::Seen {
        let eg = model.free_name("eg", statement, &[]);
        pieces.push(Piece::text(format!(
            "\n{indent}except BaseExceptionGroup as {eg}:\n{outer}raise {eg}.exceptions[0] from None"
        )));
    }
    let results: Vec<String> = taken
        .iter()
        .map(|task| format!("{task}.result()"))
        .collect();
    let line = format!("{} = {}", names(steps), results.join(", "));
    if width_of(indent) + line.len() <= WIDTH {
        pieces.push(Piece::text(format!("\n{indent}{line}")));
    } else {
        for (step, result) in steps.iter().zip(results) {
            let name = step.name.id.as_str();
            pieces.push(Piece::text(format!("\n{indent}{name} = {result}")));
        }
    }
    Ok((pieces, edits))
}

fn gathered<'a>(model: &Model<'a>, steps: &[Step<'a>], indent: &str) -> (Vec<Piece>, Vec<Edit>) {
    let head = format!("{} = {}", names(steps), colour::awaited("asyncio.gather("));
    let calls = steps.iter().map(|step| model.slice(step.call.range()));
    let width: usize = calls.clone().map(|call| call.chars().count() + 2).sum();
    let is_inline = calls.clone().all(|call| !call.contains('\n'))
        && width_of(indent) + head.len() + width <= WIDTH;
    let (mut pieces, mut edits) = (vec![Piece::text(head)], Vec::new());
    let deeper = format!("{indent}{}", model.indent_unit());
    for (index, step) in steps.iter().enumerate() {
        let before = match (is_inline, index) {
            (false, _) => format!("\n{deeper}"),
            (true, 0) => String::new(),
            (true, _) => ", ".to_string(),
        };
        pieces.push(Piece::text(before));
        if !is_inline {
            edits.extend(model.realign(step.call.range(), deeper.len()));
        }
        pieces.push(Piece::Source(step.call.range()));
        if !is_inline {
            pieces.push(Piece::text(","));
        }
    }
    let close = match is_inline {
        true => ")".to_string(),
        false => format!("\n{indent})"),
    };
    pieces.push(Piece::text(close));
    (pieces, edits)
}
