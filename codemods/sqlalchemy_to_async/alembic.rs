//! Alembic's `env.py`: `with engine.connect() as connection: context.configure(connection=connection, ...)`.
//!
//! Alembic runs migrations on a sync connection. So the block becomes a function that is given one, and the async connection
//! runs it by `run_sync`, as in Alembic's own template for async engines.
//!
//! Source: <https://alembic.sqlalchemy.org/en/latest/cookbook.html#using-asyncio-with-alembic>.

use ruff_python_ast::{AnyNodeRef, Expr, StmtWith};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::members::{CONNECTION, TRANSACTION};
use super::reasons;
use crate::callgraph::values::To;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::Edit;
use crate::semantic::{BindingKind, Model, NodeId, Runner};
use crate::values::{Part, ValueUse};

/// The function of Alembic that takes a connection.
const CONFIGURE: &str = "alembic.context.configure";

/// Who may run it.
const IN_A_LOOP: &str = "migrations run in an event loop of their own: code that is async itself calls them by \
                         `await asyncio.to_thread(command.upgrade, config, \"head\")`";

/// The blocks of a file that run migrations.
pub struct Migrations<'a> {
    blocks: Vec<&'a StmtWith>,
}

impl<'a> Migrations<'a> {
    /// Finds them.
    ///
    /// # Errors
    /// Alembic is given a connection that no block of its own opens.
    pub fn new(model: &Model<'a>, part: &Part) -> Result<Self, Refusal> {
        let mut blocks: Vec<&'a StmtWith> = Vec::new();
        for use_ in &part.uses {
            if !matches!(&use_.to, To::Handed(path) if path == ".configure")
                || !is_migration(model, use_.node)
            {
                continue;
            }
            let refuse =
                || Refusal::with_detail(&reasons::TAKEN, use_.range, format!("`{CONFIGURE}`"));
            if use_.kind != CONNECTION {
                return Err(refuse());
            }
            let block = model
                .nodes
                .ancestors(use_.node)
                .find_map(|at| match model.nodes.get(at) {
                    AnyNodeRef::StmtWith(with) if opens(model, part, with) => Some(with),
                    _ => None,
                })
                .ok_or_else(refuse)?;
            if !blocks.iter().any(|other| other.range() == block.range()) {
                if !is_movable(model, block) {
                    return Err(refuse());
                }
                blocks.push(block);
            }
        }
        Ok(Self { blocks })
    }

    /// Whether a use stands in one of them: there the connection is a sync one, as before.
    pub fn holds(&self, use_: &ValueUse) -> bool {
        matches!(use_.kind, CONNECTION | TRANSACTION)
            && self
                .blocks
                .iter()
                .any(|block| block.range().contains_range(use_.range))
    }

    /// Rewrites them.
    ///
    /// # Errors
    /// A block stands where no statement can follow it.
    pub fn rewrite<'c>(
        &self,
        context: &Context<'a, 'c>,
        unit: &mut UnitBuilder<'a, 'c>,
    ) -> Result<(), Refusal> {
        let model = context.model;
        for &block in &self.blocks {
            let node = model.id(block);
            let refuse = || Refusal::at(&reasons::TAKEN, block.range());
            let [item] = &*block.items else {
                return Err(refuse());
            };
            let Some(Expr::Name(connection)) = item.optional_vars.as_deref() else {
                return Err(refuse());
            };
            let end = header_end(model, block).ok_or_else(refuse)?;
            let name = model.free_name("do_run_migrations", node, &[]);
            let header = TextRange::new(block.start(), end);
            unit.edit(Edit::replace(
                header,
                format!("def {name}({})", connection.id),
            ));
            let engine = model.slice(item.context_expr.range());
            let header = colour::async_with_header(&format!("{engine} as {}", connection.id));
            let run = colour::awaited(&format!("{}.run_sync({name})", connection.id));
            let mut lines = vec![
                String::new(),
                header,
                format!("{}{run}", model.indent_unit()),
            ];
            if let Some(engine) = local_engine(model, &item.context_expr) {
                lines.push(colour::awaited(&format!("{engine}.dispose()")));
            }
            unit.edits(model.append(node, &lines).ok_or_else(refuse)?);
            unit.runs_in(node);
            unit.note(block.range(), IN_A_LOOP);
        }
        Ok(())
    }
}

/// Whether a value is an argument of [`CONFIGURE`].
fn is_migration(model: &Model<'_>, node: NodeId) -> bool {
    let taker = model
        .nodes
        .ancestors(node)
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::ExprCall(call) => Some(call),
            _ => None,
        });
    taker.is_some_and(|call| model.meaning(&call.func).path() == Some(CONFIGURE))
}

/// Whether a statement opens one connection under a name.
fn opens(model: &Model<'_>, part: &Part, with: &StmtWith) -> bool {
    let [item] = &*with.items else {
        return false;
    };
    let is_named = matches!(item.optional_vars.as_deref(), Some(Expr::Name(_)));
    !with.is_async && is_named && part.kind(model.id(&item.context_expr)) == Some(CONNECTION)
}

/// Whether the body means the same in a function: it leaves by its end, awaits nothing, and what it binds is its own.
fn is_movable(model: &Model<'_>, with: &StmtWith) -> bool {
    let own = model.runner(model.id(with));
    let header = match header_end(model, with) {
        Some(end) => TextRange::new(with.start(), end),
        None => return false,
    };
    if model.has_comment(header) {
        return false;
    }
    model.nodes.subtree(model.id(with)).all(|node| {
        if model.runner(node) != own {
            return true;
        }
        match model.nodes.get(node) {
            AnyNodeRef::StmtReturn(_)
            | AnyNodeRef::StmtBreak(_)
            | AnyNodeRef::StmtContinue(_)
            | AnyNodeRef::StmtGlobal(_)
            | AnyNodeRef::StmtNonlocal(_)
            | AnyNodeRef::ExprAwait(_)
            | AnyNodeRef::ExprYield(_)
            | AnyNodeRef::ExprYieldFrom(_) => false,
            AnyNodeRef::ExprName(name) if !name.ctx.is_load() => is_own(model, with, node),
            _ => true,
        }
    })
}

/// Whether a name that a block binds is used in it alone.
fn is_own(model: &Model<'_>, with: &StmtWith, name: NodeId) -> bool {
    let Some(binding) = model.scopes.binding_at(name) else {
        return false;
    };
    let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
    let is_inside = |range: TextRange| with.range().contains_range(range);
    let bindings = symbol.bindings.iter();
    symbol
        .references
        .iter()
        .all(|&reference| is_inside(model.nodes.range(reference)))
        && bindings
            .map(|&binding| model.scopes.binding(binding))
            .all(|binding| is_inside(binding.range))
}

/// Where the header of a block ends: before its colon.
fn header_end(model: &Model<'_>, with: &StmtWith) -> Option<TextSize> {
    let last = with.items.last()?.end();
    let first = with.body.first()?.start();
    let at = model.slice(TextRange::new(last, first)).find(':')?;
    Some(last + TextSize::try_from(at).ok()?)
}

/// The variable of the function that holds the engine of `engine.connect()`, if nothing disposes of it.
fn local_engine<'a>(model: &Model<'a>, connect: &'a Expr) -> Option<&'a str> {
    let Expr::Call(call) = connect else {
        return None;
    };
    let Expr::Attribute(method) = call.func.as_ref() else {
        return None;
    };
    let Expr::Name(name) = method.value.as_ref() else {
        return None;
    };
    let node = model.id(name);
    let symbol = model.scopes.symbol(model.scopes.symbol_of(node)?);
    let [binding] = symbol.bindings[..] else {
        return None;
    };
    let binding = model.scopes.binding(binding);
    let is_made_here = matches!(binding.kind, BindingKind::Assign { .. })
        && model.runner(binding.node) == model.runner(node);
    let is_disposed = symbol.references.iter().any(|&reference| {
        matches!(model.nodes.parent_node(reference), AnyNodeRef::ExprAttribute(attribute)
            if attribute.attr.as_str() == "dispose")
    });
    (is_made_here && !is_disposed && matches!(model.runner(node), Runner::Function(_)))
        .then_some(name.id.as_str())
}
