//! A file handle and what is done with it: which operations are awaited, what the functions that take a file become, and
//! which uses are refused. An aiofiles handle that reaches a sync function raises nothing and loses data, so every use of it
//! must be known.
//!
//! Source: <https://github.com/Tinche/aiofiles/tree/v25.1.0/src/aiofiles> (which methods are coroutines).

pub mod consumer;
mod copy;
pub mod library;
pub mod reasons;
mod sentinel;
mod writer;

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use library::{Library, Way};

use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::{Edit, Layer};
use crate::semantic::flow::{Certainty, Flow, Use, UseKind};
use crate::semantic::{Model, NodeId, Runner, literal};

/// What a loop over lines costs: measured on 20 000 lines, 3-5 ms in one thread and 730-970 ms with aiofiles.
const LINE_BY_LINE: &str = "each line is a trip to a thread, 200 times the cost of one thread that reads all: for large files set `file-io = \"thread\"`";

/// What `open`'s mode says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Text.
    Text,
    /// Binary, for writing alone.
    BinaryWriter,
    /// Binary, for reading at least.
    BinaryReader,
    /// Not a literal.
    Unknown,
}

impl Mode {
    /// The mode of a call that takes it as `mode`, or at this position; without it, `default`.
    pub fn of(call: &ExprCall, position: usize, default: Self) -> Self {
        if literal::has_starred(call) {
            return Self::Unknown;
        }
        let mode = call
            .arguments
            .args
            .get(position)
            .or_else(|| literal::keyword(call, "mode").map(|keyword| &keyword.value));
        mode.map_or(default, Self::of_value)
    }

    fn of_value(mode: &Expr) -> Self {
        if let Expr::If(choice) = mode {
            return Self::of_value(&choice.body).or(Self::of_value(&choice.orelse));
        }
        match literal::string(mode) {
            Some(mode) if !mode.contains('b') => Self::Text,
            Some(mode) if mode.contains(['r', '+']) => Self::BinaryReader,
            Some(_) => Self::BinaryWriter,
            None => Self::Unknown,
        }
    }

    /// The mode of a handle that is one or the other.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::BinaryReader, Self::BinaryWriter) | (Self::BinaryWriter, Self::BinaryReader) => {
                Self::BinaryWriter
            }
            _ => Self::Unknown,
        }
    }

    /// Whether it has bytes.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::BinaryReader | Self::BinaryWriter)
    }
}

/// The handle of one or more calls that open a file.
pub struct Handle<'a, 'c, 'x> {
    /// The file.
    pub context: &'x Context<'a, 'c>,
    /// The calls that open it, in `with` statements.
    pub origins: Vec<NodeId>,
    /// Text or binary.
    pub mode: Mode,
    /// Its new name, where the old code had none.
    pub name: Option<String>,
    /// Whether it is a `SpooledTemporaryFile`, which has fewer methods.
    pub is_spooled: bool,
    /// The arguments for parameters of functions of the file, whose uses of it are followed too.
    pub helpers: FxHashSet<NodeId>,
    /// The uses of each of several handles that are converted together, for itself.
    pub lives: Vec<Flow<'a>>,
    /// The names that hold it besides in this flow: what `shutil.copyfileobj` copies from and to.
    pub uses: FxHashSet<NodeId>,
    /// The uses that hand it to callers whose uses of it are followed too.
    pub given: FxHashSet<NodeId>,
    /// Whether other code may read on where this leaves off.
    pub is_spread: bool,
}

impl<'a, 'c, 'x> Handle<'a, 'c, 'x> {
    /// The handle that these expressions open.
    pub fn new(context: &'x Context<'a, 'c>, origins: Vec<NodeId>, mode: Mode) -> Self {
        Self {
            context,
            origins,
            mode,
            name: None,
            is_spooled: false,
            helpers: FxHashSet::default(),
            lives: Vec::new(),
            uses: FxHashSet::default(),
            given: FxHashSet::default(),
            is_spread: false,
        }
    }

    /// The code that names the handle at one of its uses.
    pub fn text(&self, node: NodeId) -> &str {
        self.name.as_deref().unwrap_or_else(|| {
            self.context
                .model
                .slice(self.context.model.nodes.range(node))
        })
    }

    /// The library that opens it.
    pub fn library(&self) -> &'static Library {
        Library::of(self.context.settings.file_io)
    }

    /// Awaits an expression, if nothing speaks against an `await` there.
    pub fn awaits(&self, unit: &mut UnitBuilder<'_, '_>, node: NodeId) -> Result<(), Refusal> {
        self.may_suspend(unit, node)?;
        unit.await_node(node)
    }

    /// Whether this code may give way to other tasks: not between the read and the write of shared state.
    pub fn may_suspend(&self, unit: &mut UnitBuilder<'_, '_>, node: NodeId) -> Result<(), Refusal> {
        let model = self.context.model;
        if let AnyNodeRef::StmtAugAssign(statement) = model.nodes.get(model.statement_of(node))
            && model
                .nodes
                .is_within(node, model.id(statement.value.as_ref()))
            && is_shared(model, &statement.target)
        {
            let target = model.slice(statement.target.range());
            unit.unsafe_because(
                statement.range(),
                format!("`{target}` is read before the `await` and written after it: what another task writes to it meanwhile is lost"),
            );
        }
        Ok(())
    }

    /// `f` -> `await f.readlines()`.
    pub fn takes_lines(&self, unit: &mut UnitBuilder<'_, '_>, node: NodeId) -> Result<(), Refusal> {
        self.takes(unit, node, ".readlines()")
    }

    /// `f` -> `await f.read()`.
    pub fn takes_all(&self, unit: &mut UnitBuilder<'_, '_>, node: NodeId) -> Result<(), Refusal> {
        self.takes(unit, node, ".read()")
    }

    fn takes(
        &self,
        unit: &mut UnitBuilder<'_, '_>,
        node: NodeId,
        method: &str,
    ) -> Result<(), Refusal> {
        let range = self.context.model.nodes.range(node);
        unit.edit(Edit::surround(range, "", method, Layer::Wrap));
        self.awaits(unit, node)
    }

    /// The uses of the handles that a use may see: of all in the flow, if they are not told apart.
    pub fn own_uses<'f>(
        &'f self,
        flow: &'f Flow<'a>,
        node: NodeId,
    ) -> impl Iterator<Item = &'f Use<'a>> {
        let holds = move |life: &&'f Flow<'a>| life.uses.iter().any(|use_| use_.node == node);
        let own = self
            .lives
            .iter()
            .filter(holds)
            .flat_map(|life| life.uses.iter());
        let is_known = self.lives.iter().any(|life| holds(&life));
        let all = flow.uses.iter().filter(move |_| !is_known);
        own.chain(all)
    }

    /// Whether the position in the file may count after this use: the file is used again, or the use is in a loop.
    pub fn is_used_again(&self, flow: &Flow<'a>, node: NodeId) -> bool {
        if self.is_spread {
            return true;
        }
        let model = self.context.model;
        let is_later = self
            .own_uses(flow, node)
            .any(|use_| use_.node > node && moves(&use_.kind));
        let in_loop = model
            .nodes
            .ancestors(node)
            .take_while(|&at| !model.nodes.get(at).is_stmt_function_def())
            .any(|at| {
                let repeats = match model.nodes.get(at) {
                    AnyNodeRef::StmtFor(for_) => {
                        !model.nodes.is_within(node, model.id(for_.iter.as_ref()))
                    }
                    AnyNodeRef::StmtWhile(_) => true,
                    AnyNodeRef::ExprListComp(_)
                    | AnyNodeRef::ExprSetComp(_)
                    | AnyNodeRef::ExprDictComp(_)
                    | AnyNodeRef::ExprGenerator(_) => !model.is_first_iterable(node, at),
                    _ => false,
                };
                repeats
                    && !self
                        .origins
                        .iter()
                        .any(|&origin| model.nodes.is_within(origin, at))
            });
        is_later || in_loop
    }

    /// Turns every use of the handle, or says which one is in the way.
    pub fn convert(&self, unit: &mut UnitBuilder<'a, 'c>, flow: &Flow<'a>) -> Result<(), Refusal> {
        for use_ in &flow.uses {
            self.use_(unit, flow, use_)?;
        }
        Ok(())
    }

    fn use_(
        &self,
        unit: &mut UnitBuilder<'a, 'c>,
        flow: &Flow<'a>,
        use_: &Use<'a>,
    ) -> Result<(), Refusal> {
        let model = self.context.model;
        let range = model.nodes.range(use_.node);
        if use_.certainty == Certainty::Mixed && !stays(&use_.kind) {
            return Err(Refusal::at(&reasons::MIXED, range));
        }
        if self.given.contains(&use_.node) {
            return Ok(());
        }
        if let Some(found) = sentinel::find(model, use_) {
            return sentinel::convert(self, unit, &found);
        }
        if use_.captured {
            return Err(Refusal::at(&reasons::CAPTURED, range));
        }
        match use_.kind {
            UseKind::Method { attribute, call } => self.method(unit, flow, attribute, call),
            UseKind::Attribute(attribute) => property(attribute),
            UseKind::Iterated(for_) => {
                unit.note(range, LINE_BY_LINE);
                self.may_suspend(unit, use_.node)?;
                unit.async_for(for_)
            }
            UseKind::IteratedInComprehension(clause) => {
                unit.note(range, LINE_BY_LINE);
                self.may_suspend(unit, use_.node)?;
                unit.async_for(clause)
            }
            UseKind::Argument { call, keyword } => {
                consumer::convert(self, unit, flow, use_.node, call, keyword)
            }
            UseKind::With { .. } if self.origins.contains(&use_.node) => Ok(()),
            UseKind::With { .. } => Err(Refusal::at(&reasons::OPENED_BEFORE, range)),
            UseKind::Truth | UseKind::IsNone | UseKind::Deleted | UseKind::Discarded => Ok(()),
            UseKind::Unpacked if is_iterable_unpacking(model, use_.node) => {
                self.takes_lines(unit, use_.node)
            }
            kind => Err(Refusal::with_detail(
                &reasons::ESCAPES,
                range,
                escape(&kind),
            )),
        }
    }

    fn method(
        &self,
        unit: &mut UnitBuilder<'a, 'c>,
        flow: &Flow<'a>,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Result<(), Refusal> {
        let model = self.context.model;
        let name = attribute.attr.as_str();
        let refuse = |reason| {
            let detail = format!("`{name}`");
            Err(Refusal::with_detail(reason, attribute.range(), detail))
        };
        if self.is_spooled
            && matches!(
                name,
                "detach"
                    | "fileno"
                    | "peek"
                    | "read1"
                    | "readable"
                    | "readall"
                    | "readinto"
                    | "seekable"
                    | "writable"
            )
        {
            return refuse(&reasons::ATTRIBUTE);
        }
        match name {
            "tell" if !self.mode.is_binary() && is_in_own_loop(flow, call.range()) => {
                return refuse(&reasons::TELL);
            }
            "fileno" if !keeps_descriptor(model, call) => return refuse(&reasons::DESCRIPTOR),
            _ => {}
        }
        let library = self.library();
        match library.method(name, self.mode) {
            Way::Awaited(other) => {
                if other != name {
                    unit.edit(Edit::replace(attribute.attr.range(), other));
                }
            }
            Way::Plain => return Ok(()),
            Way::ByMode => return refuse(&reasons::MODE),
            Way::Missing => return refuse(library.missing),
        }
        self.awaits(unit, model.id(call))
    }
}

/// Whether a use stays as it is, so that it may be one of a sync file as well.
pub fn stays(kind: &UseKind<'_>) -> bool {
    match kind {
        UseKind::Attribute(attribute) => property(attribute).is_ok(),
        UseKind::Truth | UseKind::IsNone | UseKind::Deleted | UseKind::Discarded => true,
        _ => false,
    }
}

/// Attributes that aiofiles hands through.
fn property(attribute: &ExprAttribute) -> Result<(), Refusal> {
    let name = attribute.attr.as_str();
    let reason = match name {
        "name" | "mode" | "closed" | "encoding" | "errors" | "newlines" | "line_buffering"
        | "buffer" | "raw" => return Ok(()),
        "read" | "readline" | "readlines" | "write" | "writelines" | "seek" | "tell"
        | "truncate" | "flush" | "close" | "fileno" | "isatty" | "seekable" | "writable"
        | "readable" | "readinto" | "read1" | "readall" | "peek" | "detach" | "__next__" => {
            &reasons::METHOD_ALIAS
        }
        _ => &reasons::ATTRIBUTE,
    };
    Err(Refusal::with_detail(
        reason,
        attribute.range(),
        format!("`{name}`"),
    ))
}

/// Whether a use may move the position in the file, or depends on it.
pub fn moves(kind: &UseKind<'_>) -> bool {
    match kind {
        UseKind::Method { attribute, .. } => !matches!(
            attribute.attr.as_str(),
            "close" | "flush" | "fileno" | "isatty" | "seekable" | "writable" | "readable"
        ),
        UseKind::Attribute(_)
        | UseKind::With { .. }
        | UseKind::Truth
        | UseKind::IsNone
        | UseKind::Deleted
        | UseKind::Discarded => false,
        _ => true,
    }
}

/// Whether code stands in the body of a loop over the handle.
fn is_in_own_loop(flow: &Flow<'_>, range: TextRange) -> bool {
    flow.uses.iter().any(|use_| {
        matches!(use_.kind, UseKind::Iterated(for_)
        if for_.body.first().zip(for_.body.last()).is_some_and(|(first, last)| {
            TextRange::new(first.start(), last.end()).contains_range(range)
        }))
    })
}

/// Whether the descriptor that `f.fileno()` returns goes nowhere, or to a function that is done with it at once.
fn keeps_descriptor(model: &Model<'_>, call: &ExprCall) -> bool {
    let parent = model.nodes.parent(model.id(call));
    match model.nodes.get(parent) {
        AnyNodeRef::Arguments(_) => match model.nodes.parent_node(parent) {
            AnyNodeRef::ExprCall(outer) => model.meaning(&outer.func).path().is_some_and(|path| {
                matches!(
                    path,
                    "os.fsync"
                        | "os.fdatasync"
                        | "os.fstat"
                        | "os.fchmod"
                        | "os.fchown"
                        | "os.isatty"
                        | "os.posix_fadvise"
                        | "os.posix_fallocate"
                        | "builtins.isinstance"
                        | "builtins.print"
                )
            }),
            _ => false,
        },
        AnyNodeRef::StmtExpr(_)
        | AnyNodeRef::ExprCompare(_)
        | AnyNodeRef::InterpolatedElement(_) => true,
        _ => false,
    }
}

/// `a, b = f` and `*f`, but not `**f`.
fn is_iterable_unpacking(model: &Model<'_>, node: NodeId) -> bool {
    matches!(
        model.nodes.parent_node(node),
        AnyNodeRef::StmtAssign(_) | AnyNodeRef::ExprStarred(_)
    )
}

/// Whether other code can see a target: anything but a name of this function.
fn is_shared(model: &Model<'_>, target: &Expr) -> bool {
    let Expr::Name(name) = target else {
        return true;
    };
    let node = model.id(name);
    let Some(symbol) = model.scopes.symbol_of(node) else {
        return true;
    };
    let Runner::Function(index) = model.runner(node) else {
        return true;
    };
    model
        .scopes
        .functions()
        .get(index as usize)
        .is_none_or(|function| function.scope != model.scopes.symbol(symbol).scope)
}

fn escape(kind: &UseKind<'_>) -> &'static str {
    match kind {
        UseKind::Returned => "returned",
        UseKind::Yielded => "yielded",
        UseKind::Stored => "stored",
        UseKind::Contained => "put into a container",
        UseKind::Compared => "compared",
        UseKind::Formatted => "formatted",
        UseKind::Branch | UseKind::BoolOperand => "one of several values",
        _ => "used in a way that is not known",
    }
}
