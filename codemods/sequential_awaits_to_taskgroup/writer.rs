//! The new lines: the bounded function, the group or `gather`, and what becomes of the results.

use ruff_python_ast::{AnyNodeRef, Expr, ExprRef, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{Loop, PLACE, Results};
use crate::catching::Failure;
use crate::codemod::Refusal;
use crate::colour;
use crate::concurrency::{Bounded, WIDTH};
use crate::edit::{Edit, Piece};
use crate::importer;
use crate::semantic::statement::width_of;
use crate::semantic::{BindingKind, Model, NodeId};

pub struct Writer<'a, 'm, 'l> {
    model: &'m Model<'a>,
    found: &'l Loop<'a>,
    /// The statement that the new lines stand before, or for.
    statement: NodeId,
    bounded: Option<Bounded<'a>>,
    /// How a `TaskGroup` fails; `None` for `gather`.
    failure: Option<Failure>,
    pieces: Vec<Piece>,
    edits: Vec<Edit>,
    indent: String,
}

/// An assignment of an empty container right before a loop that fills it.
struct Empty<'a> {
    /// `results = ` or `results: list[str] = `.
    head: &'a str,
    /// Removes it.
    drop: Edit,
}

impl<'a, 'm, 'l> Writer<'a, 'm, 'l> {
    pub fn new(
        model: &'m Model<'a>,
        found: &'l Loop<'a>,
        statement: NodeId,
        bounded: Option<Bounded<'a>>,
        failure: Option<Failure>,
    ) -> Self {
        Self {
            model,
            found,
            statement,
            bounded,
            failure,
            pieces: Vec::new(),
            edits: Vec::new(),
            indent: String::new(),
        }
    }

    /// The edits that write all of it.
    ///
    /// # Errors
    /// There is no place for the lines, or a name that they need means something else.
    pub fn edits(mut self) -> Result<Vec<Edit>, Refusal> {
        let model = self.model;
        let range = model.nodes.range(self.found.node);
        self.comments(range)?;
        let slot = model.slot(self.statement).ok_or(Refusal::from(&PLACE))?;
        self.indent = slot.indent;
        let indent = self.indent.clone();
        if let Some(bounded) = &self.bounded {
            let call = self.found.call;
            self.pieces.extend(bounded.pieces(model, &indent, call));
            self.edits.extend(bounded.realigned(model, &indent, call));
        }
        if self.found.node == self.statement {
            if !model.is_alone_on_its_lines(self.statement) {
                return Err((&PLACE).into());
            }
            match self.failure {
                Some(failure) => self.group_statement(failure)?,
                None => self.gather_statement(),
            }
            self.edits.push(Edit::pieces(range, self.pieces));
            return Ok(self.edits);
        }
        self.edits.extend(slot.breaks);
        match self.failure {
            Some(failure) => {
                let tasks = model.free_name("tasks", self.statement, &[]);
                self.group(failure, Some(&tasks))?;
                self.text(&format!("\n{indent}"));
                let results = match self.found.result {
                    Results::Dict(_) => format!("dict(t.result() for t in {tasks})"),
                    _ => format!("[t.result() for t in {tasks}]"),
                };
                self.edits.push(Edit::replace(range, results));
            }
            None => {
                let hoisted = std::mem::take(&mut self.pieces);
                let is_dict = matches!(self.found.result, Results::Dict(_));
                let bracketed = is_dict || self.binds_tighter();
                let open = match (is_dict, bracketed) {
                    (true, _) => "dict(",
                    (false, true) => "(",
                    (false, false) => "",
                };
                self.gather(open, if bracketed { ")" } else { "" });
                let pieces = std::mem::replace(&mut self.pieces, hoisted);
                self.edits.push(Edit::pieces(range, pieces));
            }
        }
        if !self.pieces.is_empty() {
            let range = model.nodes.range(self.statement);
            self.edits.push(Edit::hoist(range, self.pieces));
        }
        Ok(self.edits)
    }

    fn text(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::text(text));
        }
    }

    fn deeper(&self, indent: &str) -> String {
        format!("{indent}{}", self.model.indent_unit())
    }

    /// Old code at a new place.
    fn source(&mut self, range: TextRange, indent: &str) {
        self.edits.extend(self.model.realign(range, indent.len()));
        self.pieces.push(Piece::Source(range));
    }

    /// Comments within code that stays are kept; others would be lost.
    fn comments(&self, range: TextRange) -> Result<(), Refusal> {
        let model = self.model;
        let mut kept = vec![
            self.found.call.range(),
            self.found.target.range(),
            self.found.items.range(),
        ];
        kept.extend(self.found.filters.iter().map(Ranged::range));
        let lost = model.tokens().in_range(range).iter().find(|token| {
            token.kind().is_comment() && !kept.iter().any(|one| one.contains_range(token.range()))
        });
        match lost {
            Some(comment) => Err(Refusal::at(&PLACE, comment.range())),
            None => Ok(()),
        }
    }

    /// Whether what stands round the expression binds tighter than `await`.
    fn binds_tighter(&self) -> bool {
        let model = self.model;
        let node = self.found.node;
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprAttribute(_) => true,
            AnyNodeRef::ExprSubscript(subscript) => model.id(subscript.value.as_ref()) == node,
            AnyNodeRef::ExprBinOp(operation) => operation.op == Operator::Pow,
            _ => false,
        }
    }

    /// Whether a name is given one value, of this kind.
    fn holds(&self, filled: &Expr, is_one: fn(&Model<'a>, NodeId) -> bool) -> bool {
        let scopes = &self.model.scopes;
        let symbol = scopes.symbol_of(self.model.id(filled));
        let symbol = symbol.map(|symbol| scopes.symbol(symbol));
        match symbol.map(|symbol| &symbol.bindings[..]) {
            Some(&[binding]) => match scopes.binding(binding).kind {
                BindingKind::Assign { value } => is_one(self.model, value),
                _ => false,
            },
            _ => false,
        }
    }

    /// The assignment of an empty container of this kind right before the loop.
    fn empty(&self, filled: &Expr, is_one: fn(&Expr) -> bool) -> Option<Empty<'a>> {
        let model = self.model;
        let name = filled.as_name_expr()?;
        let (body, index) = model.suite_of(self.statement)?;
        let before = &body[index.checked_sub(1)?];
        let (target, value) = match before {
            Stmt::Assign(assign) => match &*assign.targets {
                [target] => (target, assign.value.as_ref()),
                _ => return None,
            },
            Stmt::AnnAssign(assign) => (assign.target.as_ref(), assign.value.as_deref()?),
            _ => return None,
        };
        let is_same = matches!(target, Expr::Name(other) if other.id == name.id);
        let line = TextRange::new(before.end(), model.line_end(before.end()));
        if !is_same
            || !is_one(value)
            || model.has_comment(line)
            || model.has_comment(before.range())
        {
            return None;
        }
        let head = model.slice(TextRange::new(before.start(), value.start()));
        if head.contains('\n') {
            return None;
        }
        Some(Empty {
            head,
            drop: model.drop_statement(model.id(before))?,
        })
    }

    /// `asyncio.gather(*[f(x) for x in xs])`, awaited, between `open` and `close`.
    fn gather(&mut self, open: &str, close: &str) {
        let indent = self.indent.clone();
        let head = format!("{open}{}", colour::awaited("asyncio.gather("));
        let inline = self
            .width("*[", "]")
            .map(|width| width_of(&indent) + head.len() + width + ")".len() + close.len());
        self.text(&head);
        if inline.is_some_and(|width| width <= WIDTH) {
            self.comprehension(&indent, "*[", "]");
        } else {
            let deeper = self.deeper(&indent);
            self.text(&format!("\n{deeper}"));
            self.comprehension(&deeper, "*[", "]");
            self.text(&format!("\n{indent}"));
        }
        self.text(&format!("){close}"));
    }

    fn gather_statement(&mut self) {
        let model = self.model;
        let deeper = self.deeper(&self.indent);
        let name = |base: &str| model.free_name(base, self.statement, &[]);
        match self.found.result {
            Results::Dropped | Results::List | Results::Dict(_) => self.gather("", ""),
            Results::Method(receiver, "append") => match self.empty(receiver, is_empty_list) {
                Some(empty) => {
                    self.edits.push(empty.drop);
                    self.gather(empty.head, "");
                }
                None if self.holds(receiver, is_list) => {
                    let receiver = model.slice(receiver.range());
                    self.gather(&format!("{receiver}.extend("), ")");
                }
                None => self.gather_each(receiver, "append"),
            },
            Results::Method(receiver, "add") if self.holds(receiver, is_set) => {
                let receiver = model.slice(receiver.range());
                self.gather(&format!("{receiver}.update("), ")");
            }
            Results::Method(receiver, method) => self.gather_each(receiver, method),
            Results::Item(item) => match self.empty(&item.value, is_empty_dict) {
                Some(empty) => {
                    self.edits.push(empty.drop);
                    self.gather(&format!("{}dict(", empty.head), ")");
                }
                None => {
                    let (key, result) = (name("key"), name("result"));
                    let filled = model.slice(item.value.range());
                    self.gather(&format!("for {key}, {result} in "), ":");
                    self.text(&format!("\n{deeper}{filled}[{key}] = {result}"));
                }
            },
        }
    }

    /// Hands the results to a method one by one.
    fn gather_each(&mut self, receiver: &Expr, method: &str) {
        let deeper = self.deeper(&self.indent);
        let result = self.model.free_name("result", self.statement, &[]);
        let receiver = self.model.slice(receiver.range());
        self.gather(&format!("for {result} in "), ":");
        self.text(&format!("\n{deeper}{receiver}.{method}({result})"));
    }

    fn group_statement(&mut self, failure: Failure) -> Result<(), Refusal> {
        let model = self.model;
        if matches!(self.found.result, Results::Dropped) {
            return self.group(failure, None);
        }
        let (indent, deeper) = (self.indent.clone(), self.deeper(&self.indent));
        let statement = self.statement;
        let free = |base: &str| model.free_name(base, statement, &[]);
        let (tasks, task) = (free("tasks"), free("task"));
        self.group(failure, Some(&tasks))?;
        let all = format!("t.result() for t in {tasks}");
        let each = |receiver: &Expr, method: &str| {
            let receiver = model.slice(receiver.range());
            format!("for {task} in {tasks}:\n{deeper}{receiver}.{method}({task}.result())")
        };
        let line = match self.found.result {
            Results::Method(receiver, "append") => match self.empty(receiver, is_empty_list) {
                Some(empty) => {
                    self.edits.push(empty.drop);
                    format!("{}[{all}]", empty.head)
                }
                None if self.holds(receiver, is_list) => {
                    format!("{}.extend({all})", model.slice(receiver.range()))
                }
                None => each(receiver, "append"),
            },
            Results::Method(receiver, "add") if self.holds(receiver, is_set) => {
                format!("{}.update({all})", model.slice(receiver.range()))
            }
            Results::Method(receiver, method) => each(receiver, method),
            Results::Item(item) => match self.empty(&item.value, is_empty_dict) {
                Some(empty) => {
                    self.edits.push(empty.drop);
                    format!("{}dict({all})", empty.head)
                }
                None => {
                    let (key, result) = (free("key"), free("result"));
                    let filled = model.slice(item.value.range());
                    format!(
                        "for {task} in {tasks}:\n{deeper}{key}, {result} = {task}.result()\n{deeper}{filled}[{key}] = {result}"
                    )
                }
            },
            Results::Dropped | Results::List | Results::Dict(_) => String::new(),
        };
        self.text(&format!("\n{indent}{line}"));
        Ok(())
    }

    /// The block with the tasks, in a list of this name or dropped.
    fn group(&mut self, failure: Failure, tasks: Option<&str>) -> Result<(), Refusal> {
        let model = self.model;
        let indent = self.indent.clone();
        let mut outer = indent.clone();
        if failure == Failure::Seen {
            let name = "BaseExceptionGroup";
            let scope = model.scope_at(self.statement);
            if model.scopes.lookup(scope, name).is_some() {
                let range = model.nodes.range(self.found.node);
                let detail = format!("`{name}`");
                return Err(Refusal::with_detail(&importer::NAME_TAKEN, range, detail));
            }
            outer = self.deeper(&indent);
            self.text(&format!("try:\n{outer}"));
        }
        let tg = model.free_name("tg", self.statement, &[]);
        let header = colour::async_with_header(&format!("asyncio.TaskGroup() as {tg}"));
        let inner = self.deeper(&outer);
        self.text(&format!("{header}\n{inner}"));
        match tasks {
            Some(tasks) => {
                self.comprehension(&inner, &format!("{tasks} = [{tg}.create_task("), ")]");
            }
            None => {
                let deeper = self.deeper(&inner);
                self.text("for ");
                self.pieces.push(Piece::Source(self.found.target.range()));
                self.text(" in ");
                self.values(&inner);
                self.text(&format!(":\n{deeper}"));
                self.task(&deeper, &format!("{tg}.create_task("));
            }
        }
        if failure == Failure::Seen {
            let eg = model.free_name("eg", self.statement, &[]);
            let deeper = self.deeper(&indent);
            self.text(&format!(
                "\n{indent}except BaseExceptionGroup as {eg}:\n{deeper}raise {eg}.exceptions[0] from None"
            ));
        }
        Ok(())
    }

    /// The call of the bounded function, or the call itself.
    fn made(&mut self, indent: &str) {
        match &self.bounded {
            Some(bounded) => {
                let call = bounded.call();
                self.text(&call);
            }
            None => self.source(self.found.call.range(), indent),
        }
    }

    /// The task of a call, which goes into lines of its own if it has several.
    fn task(&mut self, indent: &str, open: &str) {
        let call = self.model.slice(self.found.call.range());
        let is_inline = self.bounded.is_some()
            || !call.contains('\n') && width_of(indent) + open.len() + call.chars().count() < WIDTH;
        self.text(open);
        if is_inline {
            self.made(indent);
        } else {
            let deeper = self.deeper(indent);
            self.text(&format!("\n{deeper}"));
            self.made(&deeper);
            self.text(&format!("\n{indent}"));
        }
        self.text(")");
    }

    /// The items, in parentheses where a comprehension needs them.
    fn values(&mut self, indent: &str) {
        let items = self.found.items;
        let range = self.model.parenthesized_range(ExprRef::from(items));
        let is_bare = range == items.range()
            && match items {
                Expr::Tuple(tuple) => !tuple.parenthesized,
                Expr::If(_) | Expr::Lambda(_) | Expr::Named(_) | Expr::Yield(_) => true,
                _ => false,
            };
        if is_bare {
            self.text("(");
        }
        self.source(range, indent);
        if is_bare {
            self.text(")");
        }
    }

    /// How long `OPEN CALL for x in xs if y CLOSE` is in one line; `None` if it has several.
    fn width(&self, open: &str, close: &str) -> Option<usize> {
        let model = self.model;
        let one = |range: TextRange| {
            let text = model.slice(range);
            (!text.contains('\n')).then(|| text.chars().count())
        };
        let call = match &self.bounded {
            Some(bounded) => bounded.call().len(),
            None => one(self.found.call.range())?,
        };
        let mut width = open.len() + call + close.len() + " for  in ".len();
        width += one(self.found.target.range())? + one(self.found.items.range())?;
        for filter in self.found.filters {
            width += " if ".len() + one(filter.range())?;
        }
        Some(width)
    }

    /// `OPEN CALL CLOSE for x in xs if y`: `open` ends, and `close` begins, what stands round the call; the last bracket of
    /// `close` is behind the clauses.
    fn comprehension(&mut self, indent: &str, open: &str, close: &str) {
        let bracket = open.find('[').map_or(0, |at| at + 1);
        let (head, before) = open.split_at(bracket);
        let (after, end) = close.split_at(close.len().saturating_sub(1));
        let is_inline = self
            .width(open, close)
            .is_some_and(|width| width_of(indent) + width <= WIDTH);
        let deeper = self.deeper(indent);
        let (at, separator) = match is_inline {
            true => (indent.to_string(), " ".to_string()),
            false => (deeper.clone(), format!("\n{deeper}")),
        };
        self.text(head);
        if !is_inline {
            self.text(&separator);
        }
        match before.is_empty() {
            true => self.made(&at),
            false => self.task(&at, before),
        }
        debug_assert_eq!(after.is_empty(), before.is_empty());
        self.text(&format!("{separator}for "));
        self.pieces.push(Piece::Source(self.found.target.range()));
        self.text(" in ");
        self.values(&at);
        for filter in self.found.filters {
            self.text(&format!("{separator}if "));
            let range = self.model.parenthesized_range(ExprRef::from(filter));
            self.source(range, &at);
        }
        if !is_inline {
            self.text(&format!("\n{indent}"));
        }
        self.text(end);
    }
}

fn is_empty_list(value: &Expr) -> bool {
    matches!(value, Expr::List(list) if list.elts.is_empty())
}

fn is_empty_dict(value: &Expr) -> bool {
    matches!(value, Expr::Dict(dict) if dict.items.is_empty())
}

fn is_list(model: &Model<'_>, value: NodeId) -> bool {
    match model.nodes.get(value) {
        AnyNodeRef::ExprList(_) | AnyNodeRef::ExprListComp(_) => true,
        AnyNodeRef::ExprCall(call) => model.meaning(&call.func).path() == Some("builtins.list"),
        _ => false,
    }
}

fn is_set(model: &Model<'_>, value: NodeId) -> bool {
    match model.nodes.get(value) {
        AnyNodeRef::ExprSet(_) | AnyNodeRef::ExprSetComp(_) => true,
        AnyNodeRef::ExprCall(call) => model.meaning(&call.func).path() == Some("builtins.set"),
        _ => false,
    }
}
