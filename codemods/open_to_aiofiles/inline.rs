//! Files that are opened inside an expression: `data = json.load(open(path))`.

use ruff_python_ast::{AnyNodeRef, ExprCall, StmtFor};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::opening::Opening;
use super::requires;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::handles::library::Library;
use crate::handles::{Handle, consumer, reasons};
use crate::semantic::flow::UseKind;
use crate::semantic::{Model, NodeId};

/// The blocks made so far in a file.
#[derive(Default)]
pub struct Inline {
    wrapped: FxHashSet<NodeId>,
    /// The span of each block, and the name of its file.
    blocks: Vec<(TextRange, String)>,
}

impl Inline {
    /// Puts the statement round `open(...)` into a block that opens the file.
    pub fn unit<'a, 'c>(
        &mut self,
        context: &Context<'a, 'c>,
        opening: Opening<'a>,
    ) -> Result<UnitBuilder<'a, 'c>, Refusal> {
        let model = context.model;
        let call = opening.call;
        let node = model.id(call);
        let stmt = model.statement_of(node);
        let mut unit = context.unit(call.range());
        let mut handle = Handle::new(context, vec![node], opening.mode());
        let flow = model.follow(&[node], false);
        let name = self.name(model, stmt);
        handle.name = Some(name.clone());
        handle.convert(&mut unit, &flow)?;
        let [use_] = flow.uses.as_slice() else {
            return Err(Refusal::at(&reasons::ESCAPES, call.range()));
        };
        let mut header = name.clone();
        match use_.kind {
            // The data must be in the file before the rest of the statement runs.
            UseKind::Method { attribute, call }
                if matches!(attribute.attr.as_str(), "write" | "writelines")
                    && !is_last(model, call) =>
            {
                return Err((&reasons::POSITION).into());
            }
            UseKind::Method { attribute, .. }
                if !matches!(attribute.attr.as_str(), "fileno" | "detach") => {}
            UseKind::Iterated(_)
            | UseKind::IteratedInComprehension(_)
            | UseKind::Argument { .. }
            | UseKind::Unpacked => {}
            _ => return Err((&reasons::NOT_CLOSED).into()),
        }
        if !is_evaluated_first(model, stmt, node) || self.wrapped.contains(&stmt) {
            return Err((&reasons::POSITION).into());
        }
        let arguments = model.slice(call.arguments.range());
        if arguments.contains('\n') {
            return Err((&reasons::POSITION).into());
        }
        let is_touch = matches!(
            use_.kind,
            UseKind::Method { attribute, call }
                if attribute.attr.as_str() == "close"
                    && model.nodes.parent(model.id(call)) == stmt
                    && model.nodes.get(stmt).is_stmt_expr()
        );
        if is_touch {
            // The block closes the file.
            unit = context.unit(call.range());
            unit.edit(Edit::replace(model.nodes.range(stmt), "pass"));
            unit.runs_in(node);
            header.clear();
        } else if !consumer::drops_argument(context, use_) {
            unit.edit(Edit::replace(call.range(), name.clone()));
        }
        let library = Library::of(context.settings.file_io);
        requires(&mut unit, node, library)?;
        unit.release(model.id(call.func.as_ref()));
        let mut item = opening.text(model, library);
        if library.opens_awaited {
            item = colour::awaited(&item);
        }
        if !header.is_empty() {
            item.push_str(" as ");
            item.push_str(&header);
        }
        let header = colour::async_with_header(&item);
        self.wrapped.insert(stmt);
        if let AnyNodeRef::StmtFor(for_) = model.nodes.get(stmt)
            && !matches!(use_.kind, UseKind::Iterated(_))
        {
            unit.edits(read_before(model, for_, &header).ok_or(&reasons::POSITION)?);
            return Ok(unit);
        }
        let edits = model
            .wrap_statements(stmt, stmt, &header)
            .ok_or(&reasons::POSITION)?;
        unit.edits(edits);
        self.blocks.push((model.nodes.range(stmt), name));
        Ok(unit)
    }

    /// A free name for the file of a statement.
    fn name(&self, model: &Model<'_>, stmt: NodeId) -> String {
        let range = model.nodes.range(stmt);
        let taken: Vec<String> = self
            .blocks
            .iter()
            .filter(|(block, _)| block.contains_range(range))
            .map(|(_, name)| name.clone())
            .collect();
        ["f", "file", "handle"]
            .into_iter()
            .find(|name| !taken.iter().any(|other| other == name) && model.is_free(name, stmt))
            .map_or_else(|| model.free_name("f", stmt, &taken), str::to_string)
    }
}

/// Whether nothing of a statement runs after this call.
fn is_last(model: &Model<'_>, call: &ExprCall) -> bool {
    matches!(
        model.nodes.parent_node(model.id(call)),
        AnyNodeRef::StmtExpr(_) | AnyNodeRef::StmtAssign(_) | AnyNodeRef::StmtReturn(_)
    )
}

/// `for x in f(open(p).read()):` -> the block reads the file, and the loop behind it runs with the file closed, as before.
fn read_before(model: &Model<'_>, for_: &StmtFor, opening: &str) -> Option<Vec<Edit>> {
    let stmt = model.id(for_);
    let header = TextRange::new(for_.start(), for_.iter.end());
    if for_.is_async
        || model.has_comment(header)
        || model.parenthesized_range(for_.iter.as_ref().into()) != for_.iter.range()
    {
        return None;
    }
    let slot = model.slot(stmt)?;
    let indent = &slot.indent;
    let name = model.free_name("lines", stmt, &[]);
    let mut edits = slot.breaks;
    edits.push(Edit::pieces(
        header,
        vec![
            Piece::text(format!(
                "{opening}\n{indent}{}{name} = ",
                model.indent_unit()
            )),
            Piece::Source(for_.iter.range()),
            Piece::text(format!("\n{indent}for ")),
            Piece::Source(for_.target.range()),
            Piece::text(format!(" in {name}")),
        ],
    ));
    Some(edits)
}

/// Whether a statement evaluates this expression once, whatever happens, and before anything that could have an effect.
fn is_evaluated_first(model: &Model<'_>, stmt: NodeId, node: NodeId) -> bool {
    let range = model.nodes.range(node);
    let within = |outer: TextRange| outer.contains_range(range);
    // What the statement evaluates after the expression, although it is written before it.
    let targets_end = match model.nodes.get(stmt) {
        AnyNodeRef::StmtExpr(_) | AnyNodeRef::StmtAugAssign(_) | AnyNodeRef::StmtReturn(_) => None,
        AnyNodeRef::StmtAssign(assign) if within(assign.value.range()) => {
            assign.targets.last().map(Ranged::end)
        }
        AnyNodeRef::StmtAnnAssign(assign)
            if assign
                .value
                .as_ref()
                .is_some_and(|value| within(value.range())) =>
        {
            Some(assign.annotation.end())
        }
        AnyNodeRef::StmtAssert(assert) if within(assert.test.range()) => None,
        AnyNodeRef::StmtFor(for_) if within(for_.iter.range()) => Some(for_.target.end()),
        _ => return false,
    };
    let mut child = node;
    // The elements of comprehensions come first in the source, but run after their first iterable.
    let mut elements: Vec<TextRange> = Vec::new();
    for parent in model.nodes.ancestors(node) {
        if parent == stmt {
            break;
        }
        let child_range = model.nodes.range(child);
        let is_certain = match model.nodes.get(parent) {
            AnyNodeRef::ExprBoolOp(operation) => operation.values[0].range() == child_range,
            AnyNodeRef::ExprIf(choice) => choice.test.range() == child_range,
            AnyNodeRef::ExprCompare(compare) => {
                compare.left.range() == child_range || compare.comparators[0].range() == child_range
            }
            AnyNodeRef::ExprLambda(_) => false,
            AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_) => {
                elements.push(TextRange::new(
                    model.nodes.range(parent).start(),
                    model.nodes.range(child).start(),
                ));
                model.is_first_iterable(node, parent)
            }
            _ => true,
        };
        if !is_certain {
            return false;
        }
        child = parent;
    }
    !model
        .nodes
        .subtree(stmt)
        .take_while(|&at| at < node)
        .any(|at| {
            let earlier = model.nodes.range(at);
            earlier.end() <= range.start()
                && targets_end.is_none_or(|end| earlier.start() >= end)
                && !elements
                    .iter()
                    .any(|element| element.contains_range(earlier))
                && matches!(
                    model.nodes.get(at),
                    AnyNodeRef::ExprCall(_)
                        | AnyNodeRef::ExprAwait(_)
                        | AnyNodeRef::ExprYield(_)
                        | AnyNodeRef::ExprYieldFrom(_)
                        | AnyNodeRef::ExprNamed(_)
                        | AnyNodeRef::ExprListComp(_)
                        | AnyNodeRef::ExprSetComp(_)
                        | AnyNodeRef::ExprDictComp(_)
                )
        })
}
