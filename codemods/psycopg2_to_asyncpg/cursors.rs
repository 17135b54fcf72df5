//! Cursors go: `cursor.execute(...)` and the fetch behind it become one call of the connection.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::{AnyNodeRef, Comprehension, Expr, ExprCall, Stmt, StmtWith};
use ruff_text_size::{Ranged, TextRange};

use super::reasons::{BLOCK, CURSOR, FETCH, ROW, SQL};
use super::regions::{self, Regions, Step};
use super::{Connection, is_local, is_statement, sql};
use crate::codemod::{Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Layer};
use crate::semantic::flow::UseKind;
use crate::semantic::{Model, NodeId, literal};

/// A call of `execute`.
struct Execute<'a> {
    /// The name of the cursor in it.
    cursor: NodeId,
    call: &'a ExprCall,
    statement: sql::Statement,
    /// The number of its cursor.
    of: usize,
    /// What the call is assigned to, and the name of its method then.
    kept: Option<(String, &'static str)>,
}

/// An expression that gives rows.
struct Fetch {
    /// What is replaced: the call, or the cursor that is iterated.
    node: NodeId,
    method: &'static str,
    shape: Shape,
    /// The class of its rows: `tuple` or `dict`.
    class: &'static str,
    /// The number of its cursor.
    of: usize,
}

/// An expression that reads how many rows a statement changed.
struct Count {
    node: NodeId,
    range: TextRange,
    /// The number of its cursor.
    of: usize,
    /// What holds the status of the statement.
    status: String,
}

/// What stands round the new call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Nothing: the rows are only unpacked and indexed.
    Rows,
    /// `[tuple(row) for row in ...]`
    Tuples,
    /// `map(tuple, ...)`
    Map,
    /// `tuple(row) if row else None`, behind a statement that gives the row a name.
    Row,
}

/// All cursors of a connection.
pub(super) struct Cursors<'a, 'm> {
    model: &'m Model<'a>,
    connection: &'m Connection<'a>,
    executes: Vec<Execute<'a>>,
    fetches: Vec<Fetch>,
    counts: Vec<Count>,
    /// The statements that go.
    dropped: BTreeSet<NodeId>,
    /// The blocks that enter cursors.
    blocks: Vec<&'a StmtWith>,
    /// What `commit()` ends.
    regions: Regions<'a>,
}

impl<'a, 'm> Cursors<'a, 'm> {
    pub(super) fn new(model: &'m Model<'a>, connection: &'m Connection<'a>) -> Self {
        Self {
            model,
            connection,
            executes: Vec::new(),
            fetches: Vec::new(),
            counts: Vec::new(),
            dropped: BTreeSet::new(),
            blocks: Vec::new(),
            regions: Regions::default(),
        }
    }

    /// Says that a statement goes.
    pub(super) fn drop_statement(&mut self, statement: NodeId) -> Result<(), Refusal> {
        if !self.model.is_alone_on_its_lines(statement) {
            return Err(Refusal::at(&BLOCK, self.model.nodes.range(statement)));
        }
        self.dropped.insert(statement);
        Ok(())
    }

    /// The edits that take the statements that go, each with the first one that it takes.
    fn drops(&self) -> Result<BTreeMap<NodeId, Edit>, Refusal> {
        let model = self.model;
        let mut edits = BTreeMap::new();
        for &statement in &self.dropped {
            let range = model.nodes.range(statement);
            let refuse = || Refusal::at(&BLOCK, range);
            let (body, index) = model.suite_of(statement).ok_or_else(refuse)?;
            let stays = |stmt: &Stmt| !self.dropped.contains(&model.id(stmt));
            if body[index..].iter().any(stays) {
                edits.insert(
                    statement,
                    model.drop_statement(statement).ok_or_else(refuse)?,
                );
                continue;
            }
            match body[..index].iter().rposition(stays) {
                // The line end of the last statement belongs to no block that ends with it.
                Some(before) => {
                    let first = model.id(&body[before + 1]);
                    let end = body.last().map_or(range.end(), Ranged::end);
                    let rest = TextRange::new(model.line_end(body[before].end()), end);
                    edits.insert(first, Edit::delete(rest));
                }
                None if body.len() == 1 => {
                    edits.insert(statement, model.drop_or_pass(statement).ok_or_else(refuse)?);
                }
                None => return Err(refuse()),
            }
        }
        Ok(edits)
    }

    /// Reads what is done with the cursors.
    pub(super) fn read(&mut self) -> Result<(), Refusal> {
        for (number, &call) in self.connection.cursors.iter().enumerate() {
            let model = self.model;
            let refuse = || Refusal::at(&CURSOR, call.range());
            let name = match model.nodes.parent_node(model.id(call)) {
                AnyNodeRef::StmtAssign(assign) => {
                    let [Expr::Name(name)] = assign.targets.as_slice() else {
                        return Err(refuse());
                    };
                    self.drop_statement(model.id(assign))?;
                    name.id.as_str()
                }
                AnyNodeRef::WithItem(item) => {
                    let AnyNodeRef::StmtWith(block) = model.nodes.parent_node(model.id(item))
                    else {
                        return Err(refuse());
                    };
                    if !self
                        .blocks
                        .iter()
                        .any(|other| other.range() == block.range())
                    {
                        self.blocks.push(block);
                    }
                    match item.optional_vars.as_deref() {
                        Some(Expr::Name(name)) => name.id.as_str(),
                        _ => return Err(refuse()),
                    }
                }
                _ => return Err(refuse()),
            };
            self.cursor(number, call, name)?;
        }
        self.pair()?;
        self.counted()?;
        self.transactions()
    }

    /// Reads what is done with one cursor.
    fn cursor(&mut self, number: usize, made: &'a ExprCall, name: &str) -> Result<(), Refusal> {
        let model = self.model;
        let mut dicts = self.connection.dicts.iter();
        let class = match dicts.any(|(call, _)| *call == made.range()) {
            true => "dict",
            false => "tuple",
        };
        for use_ in model.follow(&[model.id(made)], true).uses {
            let range = model.nodes.range(use_.node);
            if let UseKind::With { .. } = use_.kind
                && range == made.range()
            {
                continue;
            }
            is_local(model, &use_, name)?;
            match use_.kind {
                UseKind::Method { attribute, call } => match attribute.attr.as_str() {
                    "executemany" if self.connection.autocommit.is_some() => {
                        let why = "`.executemany()`: asyncpg takes all rows or none";
                        return Err(Refusal::with_detail(&CURSOR, call.range(), why));
                    }
                    method @ ("execute" | "executemany") if is_statement(model, call) => {
                        let statement = match method {
                            "execute" => sql::rewrite(model, call)?,
                            _ => sql::rewrite_many(model, call)?,
                        };
                        self.executes.push(Execute {
                            cursor: use_.node,
                            call,
                            statement,
                            of: number,
                            kept: None,
                        });
                    }
                    "fetchone" | "fetchall" if call.arguments.is_empty() => {
                        let is_one = attribute.attr.as_str() == "fetchone";
                        let method = if is_one { "fetchrow" } else { "fetch" };
                        let node = model.id(call);
                        let shape = if is_one {
                            self.row(node, class)?
                        } else {
                            self.rows(node, class)?
                        };
                        self.fetches.push(Fetch {
                            node,
                            method,
                            shape,
                            class,
                            of: number,
                        });
                    }
                    "close" if is_statement(model, call) => {
                        self.drop_statement(model.statement_of(use_.node))?;
                    }
                    other => {
                        let why = format!("`.{other}()`");
                        return Err(Refusal::with_detail(&CURSOR, call.range(), why));
                    }
                },
                UseKind::Iterated(_) | UseKind::IteratedInComprehension(_) => {
                    let shape = self.rows(use_.node, class)?;
                    self.fetches.push(Fetch {
                        node: use_.node,
                        method: "fetch",
                        shape,
                        class,
                        of: number,
                    });
                }
                UseKind::Attribute(attribute) if attribute.attr.as_str() == "rowcount" => {
                    self.counts.push(Count {
                        node: use_.node,
                        range: attribute.range(),
                        of: number,
                        status: String::new(),
                    });
                }
                UseKind::Attribute(attribute) => {
                    let why = format!("`.{}`", attribute.attr);
                    return Err(Refusal::with_detail(&CURSOR, attribute.range(), why));
                }
                _ => return Err(Refusal::at(&CURSOR, range)),
            }
        }
        Ok(())
    }

    /// Finds what `commit()` ends, for what runs in no block of `with conn:`.
    fn transactions(&mut self) -> Result<(), Refusal> {
        let model = self.model;
        if self.connection.autocommit.is_some() {
            return Ok(());
        }
        let is_loose = |node: NodeId| {
            let range = model.nodes.range(node);
            let mut blocks = self.connection.transactions.iter();
            !blocks.any(|(block, _)| {
                let mut body = block.body.iter();
                body.any(|statement| statement.range().contains_range(range))
            })
        };
        let mut steps = Vec::new();
        for execute in &self.executes {
            let statement = model.statement_of(execute.cursor);
            if self.dropped.contains(&statement) || !is_loose(execute.cursor) {
                continue;
            }
            steps.push(Step {
                node: execute.cursor,
                only_reads: execute.statement.only_reads,
                has_lines: false,
            });
        }
        let loose = |fetch: &&Fetch| fetch.shape != Shape::Row && is_loose(fetch.node);
        for fetch in self.fetches.iter().filter(loose) {
            let execute = self.executed(fetch);
            steps.push(Step {
                node: fetch.node,
                only_reads: execute.is_some_and(|one| one.statement.only_reads),
                has_lines: execute.is_some_and(|one| one.statement.has_lines),
            });
        }
        let is_dropped = |statement| self.dropped.contains(&statement);
        let regions = regions::read(model, self.connection, &steps, &self.blocks, &is_dropped)?;
        for &statement in &regions.gone {
            self.drop_statement(statement)?;
        }
        self.regions = regions;
        Ok(())
    }

    /// The statement whose rows are fetched.
    fn executed(&self, fetch: &Fetch) -> Option<&Execute<'a>> {
        let statement = self.model.statement_of(fetch.node);
        let start = self.model.nodes.range(statement).start();
        self.executes
            .iter()
            .filter(|one| one.of == fetch.of && one.call.end() <= start)
            .max_by_key(|one| one.call.start())
    }

    /// What becomes of one row.
    fn row(&self, node: NodeId, class: &str) -> Result<Shape, Refusal> {
        let model = self.model;
        let flow = model.follow(&[node], false);
        let other = flow.uses.iter().find(|use_| match use_.kind {
            UseKind::Truth | UseKind::IsNone | UseKind::Discarded => false,
            UseKind::Unpacked => class == "dict",
            UseKind::Subscripted => !self.is_index(use_.node, class),
            _ => true,
        });
        let Some(other) = other else {
            return Ok(Shape::Rows);
        };
        let is_whole = match model.nodes.parent_node(node) {
            AnyNodeRef::StmtReturn(_) => true,
            AnyNodeRef::StmtAssign(assign) => model.id(assign.value.as_ref()) == node,
            _ => false,
        };
        if is_whole && model.is_builtin(class, node) {
            return Ok(Shape::Row);
        }
        Err(Refusal::at(&ROW, model.nodes.range(other.node)))
    }

    /// What becomes of all rows.
    fn rows(&self, node: NodeId, class: &'static str) -> Result<Shape, Refusal> {
        let model = self.model;
        let is_plain = |target: &Expr, within: NodeId| match target {
            Expr::Tuple(_) | Expr::List(_) => class == "tuple",
            Expr::Name(name) => {
                self.is_only_indexed(name.id.as_str(), target.range(), within, class)
            }
            _ => false,
        };
        let at_once = match model.nodes.parent_node(node) {
            AnyNodeRef::StmtFor(loop_) => Some(is_plain(&loop_.target, scope(model, node))),
            AnyNodeRef::Comprehension(clause) => {
                Some(is_plain(&clause.target, self.comprehension(clause)))
            }
            _ => None,
        };
        let shape = match at_once {
            Some(true) => Shape::Rows,
            Some(false) => Shape::Map,
            None => {
                let flow = model.follow(&[node], false);
                let is_local = flow.uses.iter().all(|use_| match use_.kind {
                    UseKind::Truth | UseKind::Discarded => true,
                    UseKind::Iterated(loop_) => is_plain(&loop_.target, scope(model, use_.node)),
                    UseKind::IteratedInComprehension(clause) => {
                        is_plain(&clause.target, self.comprehension(clause))
                    }
                    UseKind::Argument {
                        call,
                        keyword: None,
                    } => model.meaning(&call.func).path() == Some("builtins.len"),
                    _ => false,
                });
                if is_local { Shape::Rows } else { Shape::Tuples }
            }
        };
        let is_taken = |name: &str| !model.is_builtin(name, node);
        let clashes = match shape {
            Shape::Rows => false,
            Shape::Tuples | Shape::Row => is_taken(class),
            Shape::Map => is_taken(class) || is_taken("map"),
        };
        if clashes {
            return Err(Refusal::at(&ROW, model.nodes.range(node)));
        }
        Ok(shape)
    }

    /// The comprehension of a clause.
    fn comprehension(&self, clause: &Comprehension) -> NodeId {
        let node = self.model.id(clause);
        self.model.nodes.ancestors(node).next().unwrap_or(node)
    }

    /// Whether everything of this name in some code is an index of it, or bound.
    fn is_only_indexed(&self, name: &str, target: TextRange, within: NodeId, class: &str) -> bool {
        self.model
            .nodes
            .subtree(within)
            .all(|node| match self.model.nodes.get(node) {
                AnyNodeRef::ExprName(other) if other.id.as_str() == name => {
                    other.range() == target
                        || self.is_index(node, class)
                        || class == "tuple" && self.is_unpacked(node)
                }
                AnyNodeRef::StmtGlobal(_) | AnyNodeRef::StmtNonlocal(_) => false,
                _ => true,
            })
    }

    fn is_index(&self, node: NodeId, class: &str) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::ExprSubscript(subscript) => {
                subscript.ctx.is_load()
                    && subscript.value.range() == self.model.nodes.range(node)
                    && match class {
                        "dict" => literal::string(&subscript.slice).is_some(),
                        _ => literal::integer(&subscript.slice).is_some(),
                    }
            }
            _ => false,
        }
    }

    fn is_unpacked(&self, node: NodeId) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) => {
                assign.value.range() == self.model.nodes.range(node)
                    && assign
                        .targets
                        .iter()
                        .all(|target| target.is_tuple_expr() || target.is_list_expr())
            }
            _ => false,
        }
    }

    /// Joins each fetch with the statement before it, which goes.
    fn pair(&mut self) -> Result<(), Refusal> {
        let model = self.model;
        let mut gone = Vec::new();
        let mut kept: Vec<(usize, String)> = Vec::new();
        for fetch in &self.fetches {
            let range = model.nodes.range(fetch.node);
            let refuse = |why: &str| Refusal::with_detail(&FETCH, range, why);
            let statement = model.statement_of(fetch.node);
            let before = model
                .suite_of(statement)
                .and_then(|(body, index)| body.get(index.checked_sub(1)?));
            let before = before.map(|before| model.id(before));
            let at = self.executes.iter().position(|one| {
                one.of == fetch.of && Some(model.statement_of(one.cursor)) == before
            });
            let number = at.ok_or_else(|| refuse("no `execute` stands before it"))?;
            let execute = &self.executes[number];
            let at = model.statement_of(execute.cursor);
            if gone.contains(&at)
                || kept.iter().any(|(one, _)| *one == number)
                || !self.is_first(fetch.node, statement)
            {
                return Err(refuse("other code may run before it"));
            }
            if !execute.statement.gives_rows {
                return Err(Refusal::with_detail(
                    &SQL,
                    execute.call.range(),
                    "a fetch, and no rows",
                ));
            }
            if execute.statement.locks_rows && fetch.method == "fetchrow" {
                return Err(Refusal::with_detail(
                    &SQL,
                    execute.call.range(),
                    "asyncpg would lock one row only",
                ));
            }
            if fetch.shape == Shape::Row {
                let name = match model.nodes.parent_node(fetch.node) {
                    // The name that gets the tuple holds the record before.
                    AnyNodeRef::StmtAssign(assign) => match assign.targets.as_slice() {
                        [Expr::Name(target)] => Some(target.id.to_string()),
                        _ => None,
                    },
                    _ => None,
                };
                let taken: Vec<String> = kept.iter().map(|(_, name)| name.clone()).collect();
                let name = name.unwrap_or_else(|| model.free_name("row", fetch.node, &taken));
                kept.push((number, name));
                continue;
            }
            if model.has_comment(model.nodes.range(at)) {
                return Err(refuse("a comment stands in the `execute`"));
            }
            let is_cursor = !matches!(model.nodes.get(fetch.node), AnyNodeRef::ExprCall(_));
            let of_loop = |other: &Execute<'_>| {
                let other_range = other.call.range();
                other.of == fetch.of && model.nodes.range(statement).contains_range(other_range)
            };
            if is_cursor && self.executes.iter().any(of_loop) {
                return Err(refuse("its loop runs another statement of the cursor"));
            }
            gone.push(at);
        }
        for at in gone {
            self.drop_statement(at)?;
        }
        for (number, name) in kept {
            self.executes[number].kept = Some((name, "fetchrow"));
        }
        Ok(())
    }

    /// Finds the statement of each `cursor.rowcount`.
    fn counted(&mut self) -> Result<(), Refusal> {
        let model = self.model;
        for number in 0..self.counts.len() {
            let count = &self.counts[number];
            let start = count.range.start();
            let refuse = || {
                let why = "`.rowcount` of what does not stand right before it";
                Refusal::with_detail(&CURSOR, count.range, why)
            };
            let mut before: Vec<usize> = (0..self.executes.len())
                .filter(|&at| {
                    self.executes[at].of == count.of && self.executes[at].call.end() <= start
                })
                .collect();
            before.sort_by_key(|&at| self.executes[at].call.start());
            let at = *before.last().ok_or_else(refuse)?;
            let execute = &self.executes[at];
            let statement = model.statement_of(execute.cursor);
            let (body, index) = model.suite_of(statement).ok_or_else(refuse)?;
            // What stands in the same body behind it, and in no loop that runs another statement of the cursor.
            let behind = body[index + 1..]
                .iter()
                .find(|stmt| stmt.range().contains_range(count.range))
                .ok_or_else(refuse)?;
            let mut others = self.executes.iter();
            let is_other = others
                .any(|one| one.of == count.of && behind.range().contains_range(one.call.range()));
            let is_taken = self.dropped.contains(&statement);
            if is_other || is_taken || !execute.statement.is_counted {
                return Err(refuse());
            }
            let name = match &execute.kept {
                None => {
                    let kept = self.executes.iter().filter_map(|one| one.kept.as_ref());
                    let taken: Vec<String> = kept.map(|(name, _)| name.clone()).collect();
                    model.free_name("status", count.node, &taken)
                }
                Some((name, "execute")) => name.clone(),
                Some(_) => return Err(refuse()),
            };
            if !model.is_builtin("int", count.node) {
                return Err(refuse());
            }
            self.counts[number].status.clone_from(&name);
            self.executes[at].kept = Some((name, "execute"));
        }
        Ok(())
    }

    /// Whether an expression is the first thing that a statement does.
    fn is_first(&self, node: NodeId, statement: NodeId) -> bool {
        let nodes = &self.model.nodes;
        let mut below = node;
        for at in nodes.ancestors(node) {
            let range = nodes.range(below);
            let is = |expr: &Expr| expr.range() == range;
            let is_first = match nodes.get(at) {
                AnyNodeRef::ExprSubscript(one) => is(&one.value),
                AnyNodeRef::ExprAttribute(_) | AnyNodeRef::ExprUnaryOp(_) => true,
                AnyNodeRef::Arguments(one) => is_behind_names(&one.args, range),
                AnyNodeRef::ExprTuple(one) => is_behind_names(&one.elts, range),
                AnyNodeRef::ExprList(one) => is_behind_names(&one.elts, range),
                AnyNodeRef::ExprCall(call) => is(&call.func) || call.func.is_name_expr(),
                AnyNodeRef::ExprCompare(one) => is(&one.left),
                AnyNodeRef::Comprehension(clause) => is(&clause.iter) && self.is_outermost(clause),
                AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_) => true,
                AnyNodeRef::StmtAssign(one) => is(&one.value),
                AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtExpr(_) => true,
                AnyNodeRef::StmtIf(one) => is(&one.test),
                AnyNodeRef::StmtFor(one) => is(&one.iter),
                _ => false,
            };
            if !is_first || at == statement {
                return is_first && at == statement;
            }
            below = at;
        }
        false
    }

    /// Whether a clause is the first one of its comprehension.
    fn is_outermost(&self, clause: &Comprehension) -> bool {
        let first = match self.model.nodes.get(self.comprehension(clause)) {
            AnyNodeRef::ExprListComp(one) => one.generators.first(),
            AnyNodeRef::ExprSetComp(one) => one.generators.first(),
            AnyNodeRef::ExprDictComp(one) => one.generators.first(),
            _ => None,
        };
        first.is_some_and(|first| first.range() == clause.range())
    }

    /// Writes everything.
    pub(super) fn write(self, unit: &mut UnitBuilder<'a, '_>) -> Result<(), Refusal> {
        let model = self.model;
        let name = self.connection.name;
        let mut drops = self.drops()?;
        let mut replaced: Vec<TextRange> = Vec::new();
        for fetch in &self.fetches {
            let range = model.nodes.range(fetch.node);
            let execute = self.executed(fetch);
            let execute = execute.ok_or_else(|| Refusal::at(&FETCH, range))?;
            if fetch.shape == Shape::Row {
                let row = execute.kept.as_ref().map_or("row", |(name, _)| name);
                let text = format!("{}({row}) if {row} else None", fetch.class);
                unit.edit(Edit::replace(range, text));
                continue;
            }
            let arguments =
                execute
                    .statement
                    .arguments(model, execute.call, self.columns(execute.call));
            let text = format!("{name}.{}({arguments})", fetch.method);
            replaced.push(range);
            unit.edit(Edit::replace(range, text));
            unit.await_node(fetch.node)?;
            match fetch.shape {
                Shape::Rows | Shape::Row => {}
                Shape::Tuples => {
                    let before = format!("[{}(row) for row in ", fetch.class);
                    unit.edit(Edit::surround(range, before, "]", Layer::Outer));
                }
                Shape::Map => {
                    let before = format!("map({}, ", fetch.class);
                    unit.edit(Edit::surround(range, before, ")", Layer::Outer));
                }
            }
        }
        for execute in &self.executes {
            if self.dropped.contains(&model.statement_of(execute.cursor)) {
                continue;
            }
            unit.edit(Edit::replace(model.nodes.range(execute.cursor), name));
            for (range, text) in &execute.statement.changes {
                if !range.is_empty() || !text.is_empty() {
                    unit.edit(Edit::replace(*range, text.clone()));
                }
            }
            if let Some((kept, method)) = &execute.kept {
                let before = format!("{kept} = ");
                let range = execute.call.range();
                unit.edit(Edit::surround(range, before, "", Layer::Outer));
                if let (Expr::Attribute(attribute), "fetchrow") = (&*execute.call.func, *method) {
                    unit.edit(Edit::replace(attribute.attr.range(), *method));
                }
            }
            unit.await_(execute.call)?;
        }
        for count in &self.counts {
            let text = format!("int({}.split()[-1])", count.status);
            unit.edit(Edit::replace(count.range, text));
        }
        for block in self.all_blocks() {
            self.block(unit, block, &replaced, &mut drops)?;
        }
        for &(first, last) in &self.regions.wrapped {
            let header = colour::async_with_header(&format!("{name}.transaction()"));
            let range = model.nodes.range(first);
            let edits = model.wrap_statements(first, last, &header);
            unit.edits(edits.ok_or_else(|| Refusal::at(&BLOCK, range))?);
            unit.runs_in(first);
        }
        for edit in drops.into_values() {
            unit.edit(edit);
        }
        Ok(())
    }

    /// By how much code moves to the left: where a block round it goes.
    fn columns(&self, call: &ExprCall) -> usize {
        let is_transaction = |block: &&&StmtWith| {
            let mut entered = self.regions.entered.iter();
            let mut transactions = self.connection.transactions.iter();
            transactions.any(|(other, _)| other.range() == block.range())
                || entered.any(|other| other.range() == block.range())
        };
        let goes = self.blocks.iter().filter(|block| !is_transaction(block));
        let mut round = goes.filter(|block| block.range().contains_range(call.range()));
        round.next().map_or(0, |block| self.inside(block))
    }

    /// The columns between a block and its body.
    fn inside(&self, block: &StmtWith) -> usize {
        let body = block.body.first().map_or(block.start(), Ranged::start);
        let inner = self.model.line_indent(body).len();
        inner.saturating_sub(self.model.line_indent(block.start()).len())
    }

    /// The calls that may raise exceptions of psycopg2.
    pub(super) fn calls(&self) -> impl Iterator<Item = NodeId> {
        let executes = self.executes.iter().map(|one| one.cursor);
        executes.chain(self.fetches.iter().map(|one| one.node))
    }

    /// The blocks of transactions and of cursors, each once.
    fn all_blocks(&self) -> Vec<&'a StmtWith> {
        let mut all: Vec<&'a StmtWith> = self
            .connection
            .transactions
            .iter()
            .map(|(block, _)| *block)
            .collect();
        all.extend(&self.blocks);
        all.sort_by_key(|block| block.start());
        all.dedup_by_key(|block| block.start());
        all
    }

    /// `with conn, conn.cursor() as cursor:` -> `async with conn.transaction():`; a block of cursors alone goes.
    fn block(
        &self,
        unit: &mut UnitBuilder<'a, '_>,
        block: &'a StmtWith,
        replaced: &[TextRange],
        drops: &mut BTreeMap<NodeId, Edit>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let refuse = || Refusal::at(&BLOCK, block.range());
        let of_cursors = block
            .items
            .iter()
            .filter(|item| {
                self.connection
                    .cursors
                    .iter()
                    .any(|call| call.range() == item.context_expr.range())
            })
            .count();
        let transactions: Vec<usize> = self
            .connection
            .transactions
            .iter()
            .filter(|(other, _)| other.range() == block.range())
            .map(|(_, item)| *item)
            .collect();
        let (Some(first), Some(last)) = (block.items.first(), block.items.last()) else {
            return Err(refuse());
        };
        let items = TextRange::new(first.start(), last.end());
        let is_bare = model
            .slice(TextRange::new(block.start(), first.start()))
            .trim()
            == "with";
        if of_cursors + transactions.len() != block.items.len()
            || !is_bare
            || model.has_comment(items)
        {
            return Err(refuse());
        }
        let mut entered = self.regions.entered.iter();
        let commits = entered.any(|other| other.range() == block.range());
        match transactions.as_slice() {
            [] if !commits => self.unwrap(unit, block, replaced, drops),
            [] | [_] => {
                unit.edit(Edit::replace(
                    items,
                    format!("{}.transaction()", self.connection.name),
                ));
                for item in 0..block.items.len() {
                    unit.async_with(block, item)?;
                }
                Ok(())
            }
            _ => Err(refuse()),
        }
    }

    /// Leaves only the body of a block.
    fn unwrap(
        &self,
        unit: &mut UnitBuilder<'a, '_>,
        block: &'a StmtWith,
        replaced: &[TextRange],
        drops: &mut BTreeMap<NodeId, Edit>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let refuse = || Refusal::at(&BLOCK, block.range());
        let is_nested = self.blocks.iter().any(|other| {
            other.range() != block.range() && other.range().contains_range(block.range())
        });
        let (Some(first), Some(last)) = (block.body.first(), block.body.last()) else {
            return Err(refuse());
        };
        if is_nested {
            return Err(refuse());
        }
        if !model.is_alone_on_its_lines(model.id(first)) {
            return Err(refuse());
        }
        let body = model.block_range(model.id(first), model.id(last));
        let columns = self.inside(block);
        let kept = block
            .body
            .iter()
            .find(|one| !self.dropped.contains(&model.id(*one)));
        let kept: &Stmt = kept.ok_or_else(refuse)?;
        for stmt in block
            .body
            .iter()
            .take_while(|one| one.start() < kept.start())
        {
            drops.remove(&model.id(stmt));
        }
        unit.edit(Edit::delete(TextRange::new(block.start(), kept.start())));
        let rest = TextRange::new(kept.start(), body.end());
        let is_gone = |edit: &Edit| {
            let covers = |range: &TextRange| range.contains_range(edit.extent);
            drops.values().any(|drop| covers(&drop.extent)) || replaced.iter().any(covers)
        };
        unit.edits(
            model
                .dedent(rest, columns)
                .into_iter()
                .filter(|edit| !is_gone(edit)),
        );
        Ok(())
    }
}

/// The function round a node, or the module.
pub(super) fn scope(model: &Model<'_>, node: NodeId) -> NodeId {
    let is_scope = |at: &NodeId| {
        matches!(
            model.nodes.get(*at),
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) | AnyNodeRef::ModModule(_)
        )
    };
    model.nodes.ancestors(node).find(is_scope).unwrap_or(node)
}

/// Whether only names and literals stand before an expression among others: reading those tells nothing of what ran before.
fn is_behind_names(all: &[Expr], range: TextRange) -> bool {
    let mut before = all.iter().take_while(|one| one.range() != range);
    all.iter().any(|one| one.range() == range)
        && before.all(|one| one.is_name_expr() || one.is_literal_expr())
}
