//! What a codemod is, and what it gets to work with.
//!
//! A codemod is a value: a name, a README, its triggers and reasons, and one function that looks at a file and reports
//! units. It writes no `async`, no `await` and no import statement; it decides nothing about other functions. What two
//! codemods need belongs in [`crate::semantic`].

use std::cell::RefCell;

use ruff_python_ast::{AnyNodeRef, ExprCall, HasNodeIndex, StmtWith};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use crate::callgraph::values::To;
use crate::colour;
use crate::config::{FileIo, HttpClient, HttpStyle, PostgresDriver, Scope};
use crate::coroutines;
use crate::declare::Declared;
use crate::edit::{Edit, EditKind, Piece};
use crate::helper::{self, Helper};
use crate::importer;
use crate::index::{Definition, Project};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId, Runner, locks, race};
use crate::unit::{
    ANY_EXCEPTION, ColourSite, Dependency, FileId, FunctionId, Given, Holder, ImportRequest, Note,
    OfCalls, Reason, Reshaped, Safety, Skip, Told, Unit,
};
use crate::values::{Component, Part, Survey, Tracked, ValueUse};

/// Whether a codemod's units turn functions async on their own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Drives the propagation: network and database clients.
    Seed,
    /// Is applied where a function is async already or becomes so through a seed: files, sleep, processes.
    Follower,
    /// Is applied there too, but what it rewrites blocks nobody: it turns no function async, whatever `--seed` says, and no
    /// caller has a reason to hand it to a thread.
    Idiom,
    /// Changes how code that is async already is built: which calls overlap, who holds a client. It runs only where it is named,
    /// whatever else is selected, and turns no function async.
    Structure,
}

impl Role {
    /// Whether the codemod runs only where it is named.
    pub fn is_opt_in(self) -> bool {
        self == Self::Structure
    }

    /// Whether what it rewrites blocks the thread that it runs in.
    pub fn blocks(self) -> bool {
        matches!(self, Self::Seed | Self::Follower)
    }
}

/// One migration pattern.
#[derive(Debug)]
pub struct Codemod {
    /// The name: the same as the folder's, `--select`'s value and the output's.
    pub name: &'static str,
    /// What it does, in one line, for `awaitify list`.
    pub summary: &'static str,
    /// Its `README.md`, which `awaitify explain` prints.
    pub readme: &'static str,
    /// Byte strings of which at least one is in every file that it can change.
    pub triggers: &'static [&'static str],
    /// Seed or follower.
    pub role: Role,
    /// Whether it also rewrites code outside of `async def` with `--scope function`: then files without any are looked
    /// at too.
    pub outside_async: bool,
    /// The lowest Python that can run its output.
    pub min_python: PythonVersion,
    /// How its idiom differs by nature, if it does: then its safe units are [`Safety::Declared`].
    pub declares: Option<&'static str>,
    /// Byte strings that show, in another file, a test double of what it replaces: `"time.sleep"` in quotes.
    pub doubles: &'static [&'static str],
    /// Every reason of its own for leaving a candidate alone.
    pub reasons: &'static [&'static Reason],
    /// What its `codemod.toml` says, if it is declarative.
    pub declared: Option<&'static Declared>,
    /// Looks at one file and reports units and skips.
    pub run: fn(&mut Context<'_, '_>),
}

/// A codemod that follows the values of a library's classes over the project: see [`crate::values`]. Its units are
/// components, which change in all files or in none.
#[derive(Debug)]
pub struct Following {
    /// The codemod.
    pub codemod: &'static Codemod,
    /// What is followed.
    pub tracked: Tracked,
    /// Whether the codemod's units of single files take a component: then this one says nothing of it.
    pub is_taken: fn(&Context<'_, '_>, &Component) -> bool,
    /// What else of the project decides whether a component may change.
    pub survey: Option<Survey>,
    /// Says what becomes of the part of a component in one file, or why the whole component has to stay.
    pub rewrite: Rewrite,
    /// Whether another thread may do what a component that stays does: not with the sessions of a database, which are one
    /// thread's.
    pub may_thread: bool,
    /// Whether it follows what the codemod's units give away ([`Unit::gives`]), and becomes a part of them.
    pub is_of_units: bool,
    /// The reasons of its own that are about the object, and not about a call that blocks where it stands.
    pub about_object: &'static [&'static Reason],
}

/// See [`Following::rewrite`].
pub type Rewrite = for<'a, 'c> fn(
    &Context<'a, 'c>,
    &Component,
    &Part,
    &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal>;

/// The settings that codemods may look at.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether `open_to_aiofiles` runs as well: what another codemod makes of the uses of a file, it would see only in a
    /// second run.
    pub rewrites_files: bool,
    /// Whether `gather_to_taskgroup` runs as well: then what has a time limit is its own.
    pub groups_tasks: bool,
    /// Whether `gather_to_bounded` runs as well: then some names for new semaphores are its own.
    pub bounds_gathers: bool,
    /// The Python version that the output must run on.
    pub target: PythonVersion,
    /// How far async spreads.
    pub scope: Scope,
    /// The HTTP client that new code uses.
    pub http_client: HttpClient,
    /// How httpx clients are written.
    pub http_style: HttpStyle,
    /// What does the work of file operations.
    pub file_io: FileIo,
    /// What takes the place of psycopg2.
    pub postgres_driver: PostgresDriver,
    /// Distributions that the project pins below a version, lower case: `("sqlalchemy", 2, 0)`.
    pub pins: Vec<(String, u32, u32)>,
    /// How many characters a line of the project has at most.
    pub line_length: usize,
}

/// The code is under a suppression comment.
pub static SUPPRESSED: Reason = Reason {
    code: "suppressed",
    message: "an `awaitify: ignore` comment asks to leave it",
    help: "remove the comment to migrate it",
};

/// The target version is too low.
pub static PYTHON_VERSION: Reason = Reason {
    code: "python-version",
    message: "the new code needs a newer Python than the target version",
    help: "raise `requires-python` or pass `--target-version`",
};

/// A name of a library is bound in more than one way.
pub static AMBIGUOUS_BINDING: Reason = Reason {
    code: "ambiguous-binding",
    message: "the name is bound in more than one way, so what it calls is not certain",
    help: "import it in one place, without a fallback",
};

/// A function of a library is used as a value.
pub static USED_AS_VALUE: Reason = Reason {
    code: "used-as-value",
    message: "the blocking function is used as a value, so its calls cannot be found",
    help: "call it directly, or wrap it in an `async def`",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &SUPPRESSED,
    &PYTHON_VERSION,
    &AMBIGUOUS_BINDING,
    &USED_AS_VALUE,
];

/// Why a unit cannot be made: the reason, where, and what exactly.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The typed reason.
    pub reason: &'static Reason,
    /// The span that is in the way, in bytes; `None` for the unit's anchor.
    pub range: Option<TextRange>,
    /// What exactly.
    pub detail: Option<String>,
}

impl Refusal {
    /// A refusal because of the code at `range`.
    pub fn at(reason: &'static Reason, range: TextRange) -> Self {
        Self {
            reason,
            range: Some(range),
            detail: None,
        }
    }

    /// The same, with what exactly is in the way.
    pub fn with_detail(
        reason: &'static Reason,
        range: TextRange,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            reason,
            range: Some(range),
            detail: Some(detail.into()),
        }
    }
}

impl From<&'static Reason> for Refusal {
    fn from(reason: &'static Reason) -> Self {
        Self {
            reason,
            range: None,
            detail: None,
        }
    }
}

/// One file, as a codemod sees it, and what it reports.
pub struct Context<'a, 'c> {
    /// The semantic model of the file.
    pub model: &'c Model<'a>,
    /// The settings.
    pub settings: &'c Settings,
    project: &'c Project,
    file: FileId,
    codemod: &'static Codemod,
    search: Option<&'c Search<'c>>,
    units: Vec<Unit>,
    skips: Vec<Skip>,
    /// Whether statements at module level can become part of the function with which the program begins.
    begins: RefCell<FxHashMap<u32, bool>>,
}

/// Whether another file than this one holds a word.
pub type Search<'s> = dyn Fn(FileId, &str) -> bool + Sync + 's;

impl<'a, 'c> Context<'a, 'c> {
    /// A context for one codemod on one file.
    pub fn new(
        model: &'c Model<'a>,
        settings: &'c Settings,
        project: &'c Project,
        file: FileId,
        codemod: &'static Codemod,
    ) -> Self {
        Self {
            model,
            settings,
            project,
            file,
            codemod,
            search: None,
            units: Vec::new(),
            skips: Vec::new(),
            begins: RefCell::default(),
        }
    }

    /// The same with the means to ask other files.
    pub fn searching(self, search: &'c Search<'c>) -> Self {
        Self {
            search: Some(search),
            ..self
        }
    }

    /// Whether another file may name this; so it is taken to be where nobody can tell.
    pub fn is_named_elsewhere(&self, word: &str) -> bool {
        self.search.is_none_or(|search| search(self.file, word))
    }

    /// What the codemod reported.
    pub fn finish(self) -> (Vec<Unit>, Vec<Skip>) {
        (self.units, self.skips)
    }

    /// Whether this is the file of that number.
    pub fn is_of(&self, file: FileId) -> bool {
        self.file == file
    }

    /// Whether the code of a node runs in an `async def`, or in a function that may become one: then a follower applies to
    /// it.
    pub fn is_async(&self, node: NodeId) -> bool {
        let runner = self.model.runner(node);
        match self.settings.scope {
            Scope::Function => self.model.is_async(runner),
            Scope::Project => match runner {
                Runner::Function(_) => true,
                // What blocks nobody has no reason to move.
                Runner::Module => self.codemod.role != Role::Idiom && self.begins(node).is_some(),
                Runner::Class => false,
            },
        }
    }

    /// Whether the code of a node runs in a coroutine, or in a function that may become one: [`Self::is_async`], or a coroutine that
    /// a generator makes, in which nothing can be awaited.
    pub fn is_coroutine(&self, node: NodeId) -> bool {
        self.is_async(node) || coroutines::is_of_generator(self.model, node)
    }

    /// The number of the statement at module level round a node, if it can become part of the function with which the
    /// program begins.
    fn begins(&self, node: NodeId) -> Option<u32> {
        let statement = colour::statement_of(self.model, node);
        let number = statement as u32;
        let mut known = self.begins.borrow_mut();
        let can_begin = known
            .entry(number)
            .or_insert_with(|| colour::can_begin(self.model, statement));
        can_begin.then_some(number)
    }

    /// The definition that a dotted path names in this project.
    pub fn definition(&self, path: &str) -> Option<Definition> {
        self.project.definition(path)
    }

    /// What the codemod's file declares, if it is declarative.
    pub fn declared(&self) -> Option<&'static Declared> {
        self.codemod.declared
    }

    /// Starts a unit. The anchor is what the user is shown.
    pub fn unit(&self, anchor: TextRange) -> UnitBuilder<'a, 'c> {
        UnitBuilder {
            model: self.model,
            target: self.settings.target,
            line_length: self.settings.line_length,
            file: self.file,
            awaited: Vec::new(),
            unit: Unit {
                codemod: self.codemod.name,
                file: self.file,
                range: anchor,
                needs_async: Vec::new(),
                edits: Vec::new(),
                colour: Vec::new(),
                imports: Vec::new(),
                helpers: Vec::new(),
                released: Vec::new(),
                successions: Vec::new(),
                renamed: Vec::new(),
                doubles: self.codemod.doubles,
                doubling: None,
                reshaped: Reshaped::default(),
                confined: Vec::new(),
                stops_raising: None,
                raised_in: Vec::new(),
                handlers: Vec::new(),
                made: Vec::new(),
                foreign: Vec::new(),
                nexts: Vec::new(),
                gives: Vec::new(),
                seen: Vec::new(),
                follows: None,
                dependencies: Vec::new(),
                min_python: self.codemod.min_python,
                safety: if self.codemod.declares.is_some() {
                    Safety::Declared
                } else {
                    Safety::Safe
                },
                notes: Vec::new(),
            },
        }
    }

    /// Reports a unit, or that it would await where a thread lock is held. One that parts a read of shared state from the
    /// write that depends on it is unsafe.
    pub fn add(&mut self, mut builder: UnitBuilder<'a, 'c>) {
        let becomes_async = |at: NodeId, number: u32| {
            let mut sites = builder.unit.colour.iter();
            sites.any(|(_, site)| {
                matches!(site, ColourSite::WithItem { statement, item } if *statement == at && *item == number)
            })
        };
        let held = builder.awaited.iter().find_map(|&node| {
            let lock = locks::lock_held_beside(self.model, node, becomes_async)?;
            Some((self.model.nodes.range(node), lock))
        });
        if let Some((range, lock)) = held {
            let detail = format!("`{}`", self.model.slice(lock));
            self.skip(range, &locks::LOCK_HELD, Some(detail));
            return;
        }
        let race = builder.awaited.iter().copied().find(|&node| {
            let is_awaited = |at| matches!(self.model.nodes.get(at), AnyNodeRef::ExprAwait(_));
            race::is_race(self.model, node) && !self.model.nodes.ancestors(node).any(is_awaited)
        });
        if let Some(node) = race
            && builder.unit.safety != Safety::Unsafe
        {
            let range = self.model.nodes.range(node);
            builder.unsafe_because(range, race::NOTE);
        }
        let mut unit = builder.unit;
        unit.needs_async.sort_unstable();
        unit.needs_async.dedup();
        if unit.min_python > self.settings.target {
            let detail = format!(
                "needs Python {}, the target is {}",
                unit.min_python, self.settings.target
            );
            self.skip(unit.range, &PYTHON_VERSION, Some(detail));
            return;
        }
        self.units.push(unit);
    }

    /// Reports a candidate that is left alone.
    pub fn skip(&mut self, range: TextRange, reason: &'static Reason, detail: Option<String>) {
        self.skips.push(Skip {
            codemod: self.codemod.name,
            file: self.file,
            range,
            reason,
            detail,
        });
    }

    /// Reports a unit, or the refusal that stopped it, at its anchor.
    pub fn report(&mut self, anchor: TextRange, result: Result<UnitBuilder<'a, 'c>, Refusal>) {
        match result {
            Ok(builder) => self.add(builder),
            Err(refusal) => self.skip(
                refusal.range.unwrap_or(anchor),
                refusal.reason,
                refusal.detail,
            ),
        }
    }
}

/// A unit in the making. Methods that can fail say why: pass the refusal on to [`Context::report`].
pub struct UnitBuilder<'a, 'c> {
    model: &'c Model<'a>,
    target: PythonVersion,
    line_length: usize,
    file: FileId,
    /// Where the new code awaits.
    awaited: Vec<NodeId>,
    unit: Unit,
}

impl UnitBuilder<'_, '_> {
    /// How many characters a line of the project has at most.
    pub fn line_length(&self) -> usize {
        self.line_length
    }

    /// Adds a textual edit. It must not write `async` or `await`.
    pub fn edit(&mut self, edit: Edit) {
        self.unit.edits.push((self.file, edit));
    }

    /// Adds textual edits.
    pub fn edits(&mut self, edits: impl IntoIterator<Item = Edit>) {
        let file = self.file;
        self.unit
            .edits
            .extend(edits.into_iter().map(|edit| (file, edit)));
    }

    /// Awaits an expression.
    ///
    /// # Errors
    /// The reason why Python has no `await` there.
    pub fn await_(&mut self, node: &impl HasNodeIndex) -> Result<(), Refusal> {
        self.await_node(self.model.id(node))
    }

    /// Awaits the expression with this number.
    ///
    /// # Errors
    /// The reason why Python has no `await` there.
    pub fn await_node(&mut self, node: NodeId) -> Result<(), Refusal> {
        let range = self.model.nodes.range(node);
        let placement = colour::place_await(self.model, node, self.target)
            .map_err(|reason| Refusal::at(reason, range))?;
        self.place(node, placement);
        Ok(())
    }

    /// Says that text which the unit writes round an expression awaits there. The expression may be awaited itself: it may be
    /// the call of a function that becomes async.
    ///
    /// # Errors
    /// The reason why Python has no `await` there.
    pub fn awaits_around(&mut self, node: NodeId) -> Result<(), Refusal> {
        let range = self.model.nodes.range(node);
        let mut placement = colour::place_await(self.model, node, self.target)
            .map_err(|reason| Refusal::at(reason, range))?;
        placement
            .sites
            .retain(|site| *site != ColourSite::Await { node });
        self.place(node, placement);
        Ok(())
    }

    /// Awaits the expression with this number; where a lambda does nothing else, who calls that awaits it.
    ///
    /// # Errors
    /// The reason why Python has no `await` there.
    pub fn await_or_hand_on(&mut self, node: NodeId) -> Result<(), Refusal> {
        let functions = self.model.scopes.functions();
        let lambda = self.model.nodes.parent(node);
        let is_all = matches!(self.model.nodes.get(lambda), AnyNodeRef::ExprLambda(lambda)
            if lambda.body.is_call_expr() && self.model.id(lambda.body.as_ref()) == node);
        let index = functions.iter().position(|own| own.node == lambda);
        match index.filter(|_| is_all) {
            Some(index) => {
                self.awaited.push(node);
                self.needs_async(index as u32);
                Ok(())
            }
            None => self.await_node(node),
        }
    }

    /// Says that code of this node's function is awaited in new lines that the unit writes itself.
    pub fn runs_in(&mut self, node: NodeId) {
        let placement = colour::Placement {
            runner: self.model.runner(node),
            sites: Vec::new(),
        };
        self.place(node, placement);
    }

    /// Hands a call to a thread and awaits that: `f(x)` -> `await asyncio.to_thread(f, x)`.
    ///
    /// # Errors
    /// The reason why Python has no `await` there, or that `asyncio` means something else.
    pub fn in_thread(&mut self, call: &ExprCall) -> Result<(), Refusal> {
        let node = self.model.id(call);
        self.import(ImportRequest::Module("asyncio"), node)?;
        self.await_node(node)?;
        let site = ColourSite::ToThread { call: node };
        self.unit.colour.push((self.file, site));
        self.needs_python(PythonVersion::PY39);
        Ok(())
    }

    /// Says that the new code must run in a coroutine, though it awaits nothing itself.
    pub fn needs_loop(&mut self, node: NodeId) {
        if coroutines::is_of_generator(self.model, node) {
            return;
        }
        let holder = self.holder(self.model.runner(node), node);
        self.unit.needs_async.push(holder);
    }

    /// Turns an item of a `with` statement async.
    ///
    /// # Errors
    /// The reason why it cannot be.
    pub fn async_with(&mut self, statement: &StmtWith, item: usize) -> Result<(), Refusal> {
        let placement = colour::place_with_item(self.model, statement, item, self.target)
            .map_err(|reason| Refusal::at(reason, statement.items[item].range()))?;
        self.place(
            self.model.id(&statement.items[item].context_expr),
            placement,
        );
        Ok(())
    }

    /// Turns async what enters a followed value: an item of a `with` statement, or an exit stack. Other uses stay.
    ///
    /// # Errors
    /// The reason why it cannot be.
    pub fn enter(&mut self, use_: &ValueUse) -> Result<(), Refusal> {
        match &use_.to {
            To::With {
                statement,
                item,
                is_async: false,
            } => match self.model.nodes.get(*statement) {
                AnyNodeRef::StmtWith(with) => self.async_with(with, *item as usize),
                _ => Ok(()),
            },
            To::Stacked { call, sites } => match sites {
                Ok(sites) => {
                    self.sites(*call, sites.clone());
                    Ok(())
                }
                Err(reason) => Err(Refusal::at(reason, use_.range)),
            },
            _ => Ok(()),
        }
    }

    /// Turns a `for` statement or a comprehension's clause async.
    ///
    /// # Errors
    /// The reason why it cannot be.
    pub fn async_for(&mut self, node: &impl HasNodeIndex) -> Result<(), Refusal> {
        let node = self.model.id(node);
        let range = self.model.nodes.range(node);
        let placement = colour::place_for(self.model, node, self.target)
            .map_err(|reason| Refusal::at(reason, range))?;
        self.place(node, placement);
        Ok(())
    }

    /// Has all that a generator gives taken into a list first, where something takes all of it:
    /// `b"".join(response.iter_bytes())`.
    ///
    /// # Errors
    /// The reason why it cannot be.
    pub fn collect(&mut self, call: &impl HasNodeIndex) -> Result<(), Refusal> {
        let node = self.model.id(call);
        let range = self.model.nodes.range(node);
        let placement = colour::place_collected(self.model, node, self.target)
            .map_err(|reason| Refusal::at(reason, range))?;
        self.place(node, placement);
        Ok(())
    }

    /// Writes these sites, which were placed for the code at a node.
    pub fn sites(&mut self, node: NodeId, sites: Vec<ColourSite>) {
        let runner = self.model.runner(node);
        self.place(node, colour::Placement { runner, sites });
    }

    /// Writes these sites in a function whose callers await it already: nothing is asked of them.
    pub fn recolour(&mut self, sites: impl IntoIterator<Item = ColourSite>) {
        let file = self.file;
        let sites = sites.into_iter().map(|site| (file, site));
        self.unit.colour.extend(sites);
    }

    /// Says that this function has to be async, whatever it awaits: its number among those of the file.
    pub fn needs_async(&mut self, index: u32) {
        let file = self.file;
        self.unit
            .needs_async
            .push(Holder::Function(FunctionId { file, index }));
    }

    fn holder(&self, runner: Runner, node: NodeId) -> Holder {
        match runner {
            Runner::Function(index) => Holder::Function(FunctionId {
                file: self.file,
                index,
            }),
            Runner::Module => {
                let statement = colour::statement_of(self.model, node);
                if colour::can_begin(self.model, statement) {
                    Holder::Statement(self.file, statement as u32)
                } else {
                    Holder::Module(self.file)
                }
            }
            Runner::Class => Holder::Class(self.file),
        }
    }

    fn place(&mut self, node: NodeId, placement: colour::Placement) {
        self.awaited.push(node);
        let holder = self.holder(placement.runner, node);
        self.unit.needs_async.push(holder);
        let file = self.file;
        self.unit.colour.extend(
            placement
                .sites
                .into_iter()
                .map(|site: ColourSite| (file, site)),
        );
    }

    /// Asks for an import whose name is used at `at`.
    ///
    /// # Errors
    /// [`importer::NAME_TAKEN`] where the name means something else there.
    pub fn import(&mut self, import: ImportRequest, at: NodeId) -> Result<(), Refusal> {
        if !importer::is_available(self.model, &import, at) {
            let range = self.model.nodes.range(at);
            let detail = format!("`{}`", import.bound_name());
            return Err(Refusal::with_detail(&importer::NAME_TAKEN, range, detail));
        }
        if !self.unit.imports.iter().any(|(_, other)| *other == import) {
            self.unit.imports.push((self.file, import));
        }
        Ok(())
    }

    /// Asks for a helper that is called at `at`, and for what it imports.
    ///
    /// # Errors
    /// [`importer::NAME_TAKEN`] where one of the names means something else.
    pub fn helper(&mut self, helper: &'static Helper, at: NodeId) -> Result<(), Refusal> {
        if !helper::is_available(self.model, helper, at) {
            let range = self.model.nodes.range(at);
            let detail = format!("`{}`", helper.name);
            return Err(Refusal::with_detail(&importer::NAME_TAKEN, range, detail));
        }
        for import in helper.imports {
            self.import(import.clone(), at)?;
        }
        if !self.unit.helpers.iter().any(|(_, other)| *other == helper) {
            self.unit.helpers.push((self.file, helper));
        }
        Ok(())
    }

    /// Asks for an import that takes the place of another one that binds the same name: the unit releases every use of
    /// that, and [`importer::is_replaceable`] holds.
    pub fn replace_import(&mut self, import: ImportRequest) {
        if !self.unit.imports.iter().any(|(_, other)| *other == import) {
            self.unit.imports.push((self.file, import));
        }
    }

    /// Says that the edits remove the name at the root of this expression (`requests` of `requests.get`), so that its
    /// import may go.
    pub fn release(&mut self, node: NodeId) {
        let mut at = node;
        loop {
            match self.model.nodes.get(at) {
                AnyNodeRef::ExprAttribute(attribute) => {
                    at = self.model.id(attribute.value.as_ref())
                }
                other => {
                    self.unit.released.push((self.file, other.range()));
                    return;
                }
            }
        }
    }

    /// Replaces the reference of a name by that of another import, which may take the place of the old one.
    ///
    /// # Errors
    /// [`importer::NAME_TAKEN`] where the name means something else there.
    pub fn succeed(
        &mut self,
        name: TextRange,
        import: ImportRequest,
        at: NodeId,
    ) -> Result<(), Refusal> {
        if !importer::is_available(self.model, &import, at) {
            let range = self.model.nodes.range(at);
            let detail = format!("`{}`", import.bound_name());
            return Err(Refusal::with_detail(&importer::NAME_TAKEN, range, detail));
        }
        self.edit(Edit::replace(name, import.bound_name()));
        self.unit.released.push((self.file, name));
        self.unit.successions.push((self.file, name, import));
        Ok(())
    }

    /// Says that the edits replace an attribute chain whose first name stays: `httpx.get`.
    pub fn renames(&mut self, chain: TextRange) {
        self.unit.renamed.push((self.file, chain));
    }

    /// Says that the edits remove this mention of a name, in a quoted annotation.
    pub fn release_quoted(&mut self, name: TextRange) {
        self.unit.released.push((self.file, name));
    }

    /// Replaces a name or attribute chain (`requests.get`) by another, and releases the old one.
    pub fn rename(&mut self, node: NodeId, text: impl Into<String>) {
        self.edit(Edit::replace(self.model.nodes.range(node), text));
        self.release(node);
    }

    /// Whether nothing has been awaited, entered or iterated so far.
    pub fn is_colourless(&self) -> bool {
        self.unit.needs_async.is_empty() && self.unit.colour.is_empty()
    }

    /// Says that the unit follows the value of a call by itself, inside one function.
    pub fn made(&mut self, call: NodeId) {
        self.unit.made.push(call);
    }

    /// Says that a call is one of the library's, on a value that the unit knows: no function of the project of that name is
    /// called there.
    pub fn is_foreign(&mut self, call: NodeId) {
        self.unit.foreign.push((self.file, call));
    }

    /// Says why the unit turns no function async by itself, though the codemod does.
    pub fn only_follows(&mut self, reason: &'static Reason) {
        self.unit.follows = Some(reason);
    }

    /// `next(values)` -> `anext(values)`, which is to be awaited. At the end it raises StopAsyncIteration; what to do with
    /// handlers that wait for StopIteration is for the codemod to say.
    pub fn anext(&mut self, call: &ExprCall) {
        self.edit(Edit::replace(call.func.range(), "anext"));
        self.needs_python(PythonVersion::PY310);
        let node = self.model.id(call);
        if let Runner::Function(index) = self.model.runner(node) {
            let file = self.file;
            self.unit.nexts.push((FunctionId { file, index }, node));
        }
    }

    /// Says that the value of a call leaves the function: see [`Unit::gives`].
    pub fn gives(&mut self, call: NodeId, is_marked: bool) {
        let given = (self.file, Given { call, is_marked });
        if !self.unit.gives.contains(&given) {
            self.unit.gives.push(given);
        }
    }

    /// Says that the unit has seen to all uses of an expression's value: see [`Unit::seen`].
    pub fn sees(&mut self, node: NodeId) {
        self.unit.seen.push((self.file, node));
    }

    /// Names a dependency to add, or one that may go.
    pub fn dependency(&mut self, dependency: Dependency) {
        if !self.unit.dependencies.contains(&dependency) {
            self.unit.dependencies.push(dependency);
        }
    }

    /// Says that all uses of this function in its file are known to the unit; if another file names it, the unit is left.
    pub fn confine(&mut self, function: &str) {
        let confined = (self.file, function.to_string());
        if !self.unit.confined.contains(&confined) {
            self.unit.confined.push(confined);
        }
    }

    /// Turns an `ExitStack` into an `AsyncExitStack`: the call that makes it, which stands in a `with` statement.
    ///
    /// # Errors
    /// [`importer::NAME_TAKEN`] where the new name means something else there.
    pub fn exit_stack(&mut self, call: &ExprCall) -> Result<(), Refusal> {
        let node = self.model.id(call);
        let site = ColourSite::Stack { call: node };
        let (imports, released) = colour::imports(self.model, site);
        for import in imports {
            self.import(import, node)?;
        }
        let file = self.file;
        self.unit
            .released
            .extend(released.into_iter().map(|range| (file, range)));
        self.unit.colour.push((file, site));
        Ok(())
    }

    /// Enters an async context manager into such a stack, and awaits that.
    ///
    /// # Errors
    /// The reason why Python has no `await` there.
    pub fn enters(&mut self, call: &ExprCall) -> Result<(), Refusal> {
        let node = self.model.id(call);
        self.await_node(node)?;
        let site = ColourSite::StackMethod { call: node };
        self.unit.colour.push((self.file, site));
        Ok(())
    }

    /// Names the test doubles that the unit would no longer call, instead of all those of the codemod.
    pub fn doubles(&mut self, doubles: &'static [&'static str]) {
        self.unit.doubles = doubles;
    }

    /// Says that the unit migrates all test doubles of its file: see [`Unit::doubling`].
    pub fn migrates_doubles(&mut self) {
        self.unit.doubles = &[];
        self.unit.doubling.get_or_insert_default();
    }

    /// Says that a decorator of the doubles, which would not await a coroutine function, is replaced by one that does.
    pub fn replaces_decorator(&mut self, decorator: TextRange) {
        let file = self.file;
        let doubling = self.unit.doubling.get_or_insert_default();
        doubling.decorators.push((file, decorator));
    }

    /// Says that some of these doubles take the place of single calls.
    pub fn doubles_calls(&mut self, double: OfCalls) {
        let doubling = self.unit.doubling.get_or_insert_default();
        let all = doubling.of_calls.get_or_insert(double);
        all.sees_arguments |= double.sees_arguments;
        all.told &= double.told;
    }

    /// Says that a mock of the call in this span would not be called.
    pub fn reshapes_method(&mut self, range: TextRange) {
        let file = self.file;
        self.unit.reshaped.method.get_or_insert((file, range));
    }

    /// Says that a mock of the call in this span would see other arguments.
    pub fn reshapes_arguments(&mut self, range: TextRange) {
        let file = self.file;
        self.unit.reshaped.arguments.get_or_insert((file, range));
    }

    /// Says that what a call gives is asked for another attribute in this span, of which a mock must be told.
    pub fn reshapes_response(&mut self, range: TextRange, told: Told) {
        self.unit.reshaped.responses.push((self.file, range, told));
    }

    /// The textual edits so far.
    pub fn written(&self) -> impl Iterator<Item = &Edit> {
        self.unit.edits.iter().map(|(_, edit)| edit)
    }

    /// Says that a test double in this span is migrated.
    pub fn handles_double(&mut self, range: TextRange) {
        let file = self.file;
        let doubling = self.unit.doubling.get_or_insert_default();
        doubling.spans.push((file, range));
    }

    /// Says that the functions of the unit no longer raise the exceptions of this module (`requests`).
    pub fn stops_raising(&mut self, module: &'static str) {
        self.unit.stops_raising = Some(module);
    }

    /// Says that the function that runs a node raises its exceptions in groups, where it raised them by themselves.
    pub fn groups_failures(&mut self, model: &Model<'_>, node: NodeId) {
        if let Runner::Function(index) = model.runner(node) {
            self.stops_raising(ANY_EXCEPTION);
            self.raises_in(index);
        }
    }

    /// Writes another module of the same API in the place of one: in new text, imports and dependencies.
    pub fn use_module(&mut self, from: &'static str, to: &'static str) {
        let rename = |text: &mut String| *text = renamed(text, from, to);
        for (_, edit) in &mut self.unit.edits {
            match &mut edit.kind {
                EditKind::Replace(pieces) | EditKind::Hoist(pieces) => {
                    for piece in pieces {
                        if let Piece::Text(text) = piece {
                            rename(text);
                        }
                    }
                }
                EditKind::Surround { before, after, .. } => {
                    rename(before);
                    rename(after);
                }
                EditKind::Insert { text, .. } => rename(text),
                EditKind::Indent | EditKind::Break { .. } => {}
            }
        }
        for (_, import) in &mut self.unit.imports {
            if *import == ImportRequest::Module(from) {
                *import = ImportRequest::Module(to);
            }
        }
        for dependency in &mut self.unit.dependencies {
            if *dependency == Dependency::Add(from) {
                *dependency = Dependency::Add(to);
            }
        }
    }

    /// Says that a function of this file, by number, raises the old exceptions no longer: see [`Unit::raised_in`].
    pub fn raises_in(&mut self, index: u32) {
        let file = self.file;
        self.unit.raised_in.push(FunctionId { file, index });
    }

    /// Says that the edits map the handlers of this statement (a `try`, a `with`, a decorated function), round a call that
    /// raises what the unit no longer does.
    pub fn handles(&mut self, statement: NodeId) {
        self.unit.handlers.push((self.file, statement));
    }

    /// The functions that would have to be async so far.
    pub fn functions(&self) -> Vec<FunctionId> {
        let holders = self.unit.needs_async.iter();
        holders
            .filter_map(|holder| match holder {
                Holder::Function(id) => Some(*id),
                Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
            })
            .collect()
    }

    /// Takes over all that another builder of the same file holds.
    pub fn absorb(&mut self, other: Self) {
        self.awaited.extend(other.awaited);
        let (unit, its) = (&mut self.unit, other.unit);
        unit.needs_async.extend(its.needs_async);
        unit.edits.extend(its.edits);
        unit.colour.extend(its.colour);
        for import in its.imports {
            if !unit.imports.contains(&import) {
                unit.imports.push(import);
            }
        }
        for helper in its.helpers {
            if !unit.helpers.contains(&helper) {
                unit.helpers.push(helper);
            }
        }
        unit.released.extend(its.released);
        unit.successions.extend(its.successions);
        unit.renamed.extend(its.renamed);
        unit.foreign.extend(its.foreign);
        unit.nexts.extend(its.nexts);
        unit.confined.extend(its.confined);
        unit.handlers.extend(its.handlers);
        unit.raised_in.extend(its.raised_in);
        unit.gives.extend(its.gives);
        unit.seen.extend(its.seen);
        unit.stops_raising = unit.stops_raising.or(its.stops_raising);
        unit.reshaped.absorb(its.reshaped);
        for dependency in its.dependencies {
            if !unit.dependencies.contains(&dependency) {
                unit.dependencies.push(dependency);
            }
        }
        unit.min_python = unit.min_python.max(its.min_python);
        unit.safety = unit.safety.max(its.safety);
        for note in its.notes {
            if !unit.notes.contains(&note) {
                unit.notes.push(note);
            }
        }
    }

    /// Raises the lowest Python that can run the result.
    pub fn needs_python(&mut self, version: PythonVersion) {
        self.unit.min_python = self.unit.min_python.max(version);
    }

    /// Tells the user something about the unit.
    pub fn note(&mut self, range: TextRange, text: impl Into<String>) {
        let note = Note {
            range,
            text: text.into(),
        };
        if !self.unit.notes.contains(&note) {
            self.unit.notes.push(note);
        }
    }

    /// Says how the result may differ; the unit is taken with `--unsafe` only.
    pub fn unsafe_because(&mut self, range: TextRange, text: impl Into<String>) {
        self.unit.safety = Safety::Unsafe;
        self.note(range, text);
    }

    /// Says that what the codemod declares does not hold for this unit.
    pub fn is_safe(&mut self) {
        self.unit.safety = Safety::Safe;
    }

    /// How many edits and sites there are so far.
    pub fn is_empty(&self) -> bool {
        self.unit.edits.is_empty() && self.unit.colour.is_empty()
    }
}

/// Text with each `from.` at the start of a dotted name as `to.`.
pub(crate) fn renamed(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, found) = rest.split_at(at);
        let behind = &found[from.len()..];
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        out.push_str(before);
        let starts = !out.ends_with(is_part) && behind.starts_with('.');
        out.push_str(if starts { to } else { from });
        rest = behind;
    }
    out.push_str(rest);
    out
}
