//! What `commit()` ends and `rollback()` takes back, as blocks of `conn.transaction()`.
//!
//! psycopg2 begins a transaction with the first statement behind the last `commit()`. Where that statement and the `commit()`
//! stand in one body, and nothing between them leaves it, the statements are a block that commits at its end. An error that
//! leaves the block rolls back at once: handlers that go on must have done the same.

use ruff_python_ast::{AnyNodeRef, ExceptHandler, ExprCall, Stmt, StmtWith};
use ruff_text_size::{Ranged, TextRange};

use super::Connection;
use super::reasons::{BLOCK, FETCH, TRANSACTION};
use crate::codemod::Refusal;
use crate::declare::rewrite::tries_round;
use crate::semantic::{Model, NodeId};

/// A statement of SQL that runs outside of any block of `with conn:`.
pub(super) struct Step {
    /// Where it runs: the cursor in the call, or what fetches its rows.
    pub(super) node: NodeId,
    /// Whether it can change nothing, so that it does not matter whether it is committed.
    pub(super) only_reads: bool,
    /// Whether its SQL moves, and has line ends that would be indented with it.
    pub(super) has_lines: bool,
}

/// The transactions of a connection that `commit()` ends.
#[derive(Default)]
pub(super) struct Regions<'a> {
    /// The first and the last statement of each one that becomes a block.
    pub(super) wrapped: Vec<(NodeId, NodeId)>,
    /// The blocks of cursors that become the blocks of transactions.
    pub(super) entered: Vec<&'a StmtWith>,
    /// The statements of `commit()` and `rollback()`, which go.
    pub(super) gone: Vec<NodeId>,
}

/// Reads what `commit()` and `rollback()` do with the steps.
///
/// # Errors
/// [`TRANSACTION`] where a step is committed, or not, in a way that no block shows; [`BLOCK`] and [`FETCH`] where a block
/// would have to hold what it cannot.
pub(super) fn read<'a>(
    model: &Model<'a>,
    connection: &Connection<'a>,
    steps: &[Step],
    blocks: &[&'a StmtWith],
    is_dropped: &dyn Fn(NodeId) -> bool,
) -> Result<Regions<'a>, Refusal> {
    let mut reader = Reader {
        model,
        connection,
        steps,
        blocks,
        claimed: vec![false; steps.len()],
        regions: Regions::default(),
    };
    let mut commits = connection.commits.clone();
    // What is committed in a loop belongs to no `commit()` behind the loop.
    commits.sort_by_key(|commit| {
        let depth = model.nodes.ancestors(model.id(*commit)).count();
        (std::cmp::Reverse(depth), commit.start())
    });
    for commit in commits {
        reader.commit(commit, is_dropped)?;
    }
    for &rollback in &connection.rollbacks {
        reader.rollback(rollback)?;
    }
    let mut open = steps.iter().zip(&reader.claimed);
    if let Some((step, _)) = open.find(|(step, claimed)| !**claimed && !step.only_reads) {
        return Err(Refusal::at(&TRANSACTION, model.nodes.range(step.node)));
    }
    reader.errors()?;
    Ok(reader.regions)
}

struct Reader<'a, 'm> {
    model: &'m Model<'a>,
    connection: &'m Connection<'a>,
    steps: &'m [Step],
    blocks: &'m [&'a StmtWith],
    /// The steps that a `commit()` was found for.
    claimed: Vec<bool>,
    regions: Regions<'a>,
}

impl<'a> Reader<'a, '_> {
    fn range(&self, step: &Step) -> TextRange {
        self.model.nodes.range(step.node)
    }

    /// What one `commit()` ends.
    fn commit(
        &mut self,
        commit: &ExprCall,
        is_dropped: &dyn Fn(NodeId) -> bool,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let refuse = |why: &str| Err(Refusal::with_detail(&TRANSACTION, commit.range(), why));
        let statement = model.statement_of(model.id(commit));
        let Some((body, end)) = model.suite_of(statement) else {
            return refuse("it stands in no body");
        };
        self.regions.gone.push(statement);
        let is_commit = |stmt: &Stmt| {
            let mut commits = self.connection.commits.iter();
            commits.any(|other| model.statement_of(model.id(*other)) == model.id(stmt))
        };
        let from = body[..end]
            .iter()
            .rposition(is_commit)
            .map_or(0, |at| at + 1);
        let holds = |stmt: &Stmt| {
            let mut steps = self.steps.iter().zip(&self.claimed);
            steps.any(|(step, claimed)| !claimed && stmt.range().contains_range(self.range(step)))
        };
        let Some(first) = body[from..end].iter().position(holds) else {
            return Ok(());
        };
        let first = from + first;
        let stays = |stmt: &Stmt| !is_dropped(model.id(stmt));
        let Some(last) = body[first..end].iter().rposition(stays) else {
            return refuse("nothing is left of what it commits");
        };
        let within = &body[first..=first + last];
        let span = TextRange::new(within[0].start(), body[first + last].end());
        let block = self.block_of(body);
        let whole = block.map_or(within, |_| &body[..end]);
        for stmt in whole {
            self.stays_inside(stmt, whole)?;
        }
        for (step, claimed) in self.steps.iter().zip(&mut self.claimed) {
            *claimed |= span.contains_range(model.nodes.range(step.node));
        }
        let of_cursor = |block: &&&StmtWith| span.contains_range(block.range());
        let refuse = |why: &str| Err(Refusal::with_detail(&BLOCK, commit.range(), why));
        match (block, within, self.blocks.iter().find(of_cursor)) {
            (Some(block), _, None) if from == 0 && end + 1 == body.len() => {
                self.regions.entered.push(block);
                Ok(())
            }
            (Some(_), ..) => refuse("the block of a cursor goes on behind it"),
            (None, [Stmt::With(only)], Some(block)) if only.range() == block.range() => {
                let inner = |other: &&&StmtWith| {
                    other.range() != only.range() && only.range().contains_range(other.range())
                };
                if self.blocks.iter().any(|other| inner(&other)) {
                    return refuse("it ends a block in a block");
                }
                self.regions.entered.push(block);
                Ok(())
            }
            (None, _, Some(_)) => refuse("it ends the block of a cursor and other statements"),
            (None, _, None) => {
                let is_within = |block: &&StmtWith| block.range().contains_range(span);
                if self.blocks.iter().any(is_within) {
                    return refuse("it stands in the block of a cursor, which goes");
                }
                let lines = |step: &&Step| step.has_lines && span.contains_range(self.range(step));
                if let Some(step) = self.steps.iter().find(lines) {
                    let why = "the lines of its SQL would be indented";
                    return Err(Refusal::with_detail(&FETCH, self.range(step), why));
                }
                let ends = (model.id(&within[0]), model.id(&body[first + last]));
                self.regions.wrapped.push(ends);
                Ok(())
            }
        }
    }

    /// The block of a cursor whose body this is.
    fn block_of(&self, body: &[Stmt]) -> Option<&'a StmtWith> {
        let first = body.first()?;
        let mut blocks = self.blocks.iter();
        blocks
            .find(|block| {
                block
                    .body
                    .first()
                    .is_some_and(|own| own.range() == first.range())
            })
            .copied()
    }

    /// Whether a statement of a transaction neither leaves it nor ends it.
    fn stays_inside(&self, stmt: &Stmt, whole: &[Stmt]) -> Result<(), Refusal> {
        let model = self.model;
        let connection = self.connection;
        let ends = connection.commits.iter().chain(&connection.rollbacks);
        if let Some(end) = ends
            .chain(&connection.closes)
            .find(|end| stmt.range().contains_range(end.range()))
        {
            let why = "it stands among the statements that another `commit()` ends";
            return Err(Refusal::with_detail(&TRANSACTION, end.range(), why));
        }
        let runner = whole.first().map(|first| model.runner(model.id(first)));
        for node in model.nodes.subtree(model.id(stmt)) {
            let leaves = match model.nodes.get(node) {
                AnyNodeRef::StmtReturn(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_) => Some(model.runner(node)) == runner,
                AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtContinue(_) => {
                    let mut above = model.nodes.ancestors(node);
                    let loop_ = above.find(|&at| {
                        matches!(
                            model.nodes.get(at),
                            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
                        )
                    });
                    loop_.is_some_and(|at| !stmt.range().contains_range(model.nodes.range(at)))
                }
                _ => false,
            };
            if leaves {
                let why =
                    "it leaves the statements before `commit()`, and a block would commit them";
                return Err(Refusal::with_detail(
                    &TRANSACTION,
                    model.nodes.range(node),
                    why,
                ));
            }
        }
        Ok(())
    }

    /// A `rollback()` takes back what an error left open: the block did that already.
    fn rollback(&mut self, rollback: &ExprCall) -> Result<(), Refusal> {
        let model = self.model;
        let statement = model.statement_of(model.id(rollback));
        let is_of_handler = matches!(
            model.nodes.parent_node(statement),
            AnyNodeRef::ExceptHandlerExceptHandler(_)
        );
        if !is_of_handler {
            let why = "`rollback()` outside of a handler";
            return Err(Refusal::with_detail(&TRANSACTION, rollback.range(), why));
        }
        self.regions.gone.push(statement);
        Ok(())
    }

    /// Whether no statement runs in a transaction that an error broke: psycopg2 would fail there, asyncpg begins a new one.
    fn errors(&self) -> Result<(), Refusal> {
        let model = self.model;
        for step in self.steps {
            let goes_on = |at: NodeId| {
                let range = model.nodes.range(at);
                let mut steps = self.steps.iter();
                let again = model.repeats(at).map(|by| model.nodes.range(by));
                again.is_some_and(|by| !by.contains_range(self.connection.made))
                    || steps.any(|one| self.range(one).start() >= range.end())
            };
            let refuse = |range: TextRange| {
                let why =
                    "an error is caught here, and statements run behind it without a `rollback()`";
                Err(Refusal::with_detail(&TRANSACTION, range, why))
            };
            for at in tries_round(model, &[step.node]) {
                let AnyNodeRef::StmtTry(try_) = model.nodes.get(at) else {
                    continue;
                };
                let mut last = self.steps.iter();
                let is_last = |one: &Step| {
                    let mut body = try_.finalbody.iter();
                    body.any(|stmt| stmt.range().contains_range(self.range(one)))
                };
                if let Some(one) = last.find(|one| is_last(one)) {
                    return refuse(self.range(one));
                }
                for ExceptHandler::ExceptHandler(handler) in &try_.handlers {
                    let leaves =
                        matches!(handler.body.last(), Some(Stmt::Raise(_) | Stmt::Return(_)));
                    let takes_back = handler
                        .body
                        .iter()
                        .any(|stmt| self.regions.gone.contains(&model.id(stmt)));
                    let mut inside = self.steps.iter();
                    if inside.any(|one| handler.range().contains_range(self.range(one))) {
                        return refuse(handler.range());
                    }
                    if !leaves && !takes_back && goes_on(at) {
                        return refuse(handler.range());
                    }
                }
            }
            // A context manager may swallow the error as well.
            for at in model.nodes.ancestors(step.node) {
                match model.nodes.get(at) {
                    AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ModModule(_) => break,
                    AnyNodeRef::StmtWith(with) => {
                        let is_own = |block: &&StmtWith| block.range() == with.range();
                        if !self.blocks.iter().any(is_own) && goes_on(at) {
                            return refuse(with.items[0].range());
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
