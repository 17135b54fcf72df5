//! Declarative codemods: a `codemod.toml` says what the async twin of a library is, and the engine does the rest.
//!
//! A file names *types*: the sync class, its async twin, and for each of its members whether a call of it is awaited,
//! stays as it is, has another name, gives a value of another type, or has no twin. [`parse`] reads it, [`values`] follows
//! the values of these types through a function, [`rewrite`] turns what is done with them into a unit. The files of the
//! built-in codemods are `codemods/NAME/codemod.toml`; those of the user are named by `codemods` in the configuration.
//!
//! Invariant: a use of a value that the file does not name is a refusal with a typed reason, never a guess.

mod arguments;
mod block;
mod explain;
mod mentions;
mod parse;
pub mod reasons;
pub(crate) mod rewrite;
mod skeleton;
pub(crate) mod sql;
mod values;

pub use explain::describe;
pub use reasons::REASONS;
pub use skeleton::{SCHEMA, skeleton};

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::values::How;
use crate::codemod::{Codemod, Following, Settings};
use crate::config::PostgresDriver;
use crate::python::PythonVersion;
use crate::selector::matches_pattern;
use crate::unit::Dependency;
use crate::values::{DeclaredKinds, Tracked};
use values::Kind;

/// What one file declares.
#[derive(Debug, Default)]
pub struct Declared {
    /// The types, in the order of the file.
    pub types: Vec<Type>,
    /// The functions of modules.
    pub functions: Vec<Function>,
    /// Exceptions that move: the old path and the new one.
    pub exceptions: Vec<(String, Twin)>,
    /// Attributes of those exceptions: the old name and the new one.
    pub caught: Vec<(String, String)>,
    /// Exceptions for some of which the twin raises others: a handler that names the first has to name one of the rest.
    pub caught_with: Vec<(String, Vec<String>)>,
    /// Dotted paths that have no twin, each with the reason.
    pub refused: Vec<(String, String)>,
    /// Distributions that the new code needs.
    pub install: Vec<String>,
    /// Distributions that may go.
    pub remove: Vec<String>,
    /// Whether the old library is async, too: what is awaited already stays so.
    pub is_async: bool,
    /// The driver that the configuration has to name for it.
    pub postgres_driver: Option<PostgresDriver>,
    /// What dotted paths name.
    paths: FxHashMap<String, Named>,
    /// The top-level modules of those paths.
    words: &'static [&'static str],
    /// What is followed over the project.
    following: OnceLock<Option<Following>>,
    /// The kinds of values: the types, in their order, then what stands behind dotted members of them.
    kinds: OnceLock<Vec<Kind>>,
}

/// What a dotted path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A type, by its number.
    Type(usize),
    /// Something that makes a value of a type: `redis.Redis.from_url`.
    Constructor(usize),
    /// A function, by its number.
    Function(usize),
    /// Something without a twin: its number in [`Declared::refused`].
    Refused(usize),
}

impl Declared {
    /// The type whose values a dotted path makes when it is called, or annotates.
    fn made_by(&self, path: &str) -> Option<usize> {
        match self.named(path)? {
            Named::Type(type_) | Named::Constructor(type_) => Some(type_),
            Named::Function(function) => {
                let function = &self.functions[function];
                let gives = function.member.gives.filter(|_| !function.takes)?;
                self.is_followed(gives).then_some(gives)
            }
            Named::Refused(_) => None,
        }
    }

    /// Whether the values of a type are followed over the project: those that are good for one thing are not.
    pub(crate) fn is_followed(&self, number: usize) -> bool {
        !self.types[number].name.is_empty()
    }

    /// The kinds of values.
    fn kinds(&self) -> &[Kind] {
        self.kinds.get_or_init(|| {
            let types = self.types.iter().enumerate();
            let whole = (0..self.types.len()).map(Kind::of);
            let mut parts: Vec<Kind> = types
                .flat_map(|(type_, one)| {
                    one.prefixes.iter().map(move |prefix| Kind {
                        type_,
                        prefix: prefix.clone(),
                    })
                })
                .collect();
            parts.sort();
            whole.chain(parts).collect()
        })
    }

    fn kind_number(&self, kind: &Kind) -> Option<usize> {
        if kind.prefix.is_empty() {
            return Some(kind.type_);
        }
        let parts = self.kinds().get(self.types.len()..)?;
        let at = parts.binary_search(kind).ok()?;
        Some(self.types.len() + at)
    }

    /// The kind of this number: see [`DeclaredKinds`].
    fn kind(&self, number: usize) -> Kind {
        let kind = self.kinds().get(number).cloned();
        kind.unwrap_or_else(|| Kind::of(0))
    }

    /// Whether the configuration asks for this twin, and not for another one.
    pub(crate) fn is_asked_for(&self, settings: &Settings) -> bool {
        let driver = self.postgres_driver;
        driver.is_none_or(|driver| driver == settings.postgres_driver)
    }

    /// What a dotted path names.
    pub fn named(&self, path: &str) -> Option<Named> {
        self.paths.get(path).copied()
    }
}

/// A class of the sync library.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Type {
    /// How the file refers to it.
    pub name: String,
    /// Its dotted paths.
    pub sync: Vec<String>,
    /// The dotted path of the twin; `None` for one that nobody constructs or annotates.
    pub twin: Option<Twin>,
    /// Class methods that make one.
    pub construct: Vec<String>,
    /// What becomes of each member; nested ones by dotted names (`chat.completions.create`).
    members: FxHashMap<String, Member>,
    /// Patterns of members, in the order of the file.
    patterns: Vec<(String, Member)>,
    /// The beginnings of dotted members: `chat`, `chat.completions`.
    prefixes: FxHashSet<String>,
    /// `with value` becomes `async with value`.
    pub with: bool,
    /// `for x in value` becomes `async for x in value`.
    pub iterated: bool,
    /// The method whose list is iterated in its place: `for x in value` becomes `for x in await value.fetchall()`.
    pub all: Option<String>,
    /// What `value[key]` gives.
    pub item: Option<usize>,
    /// What `value["key"]` gives for these keys; all others give plain data.
    pub items: FxHashMap<String, usize>,
    /// Whether `value[key]` is plain data, whatever the key.
    pub is_data: bool,
    /// What every attribute that is not listed gives.
    pub attributes: Option<usize>,
    /// The keywords by which a value may be passed to members of other declared values.
    pub passed: Vec<String>,
    /// The arguments of the constructor.
    pub constructor: Arguments,
    /// How long a value lives.
    pub life: Life,
    /// Whether `with value` commits or rolls back, and does not close it: what the block of the twin does.
    pub transaction: Option<Transaction>,
    /// Attributes that are set by an awaited method of the twin: `value.name = x` -> `await value.method(x)`.
    pub set: FxHashMap<String, String>,
    /// Attributes that are read as before, and cannot be set: each with the reason.
    pub fixed: FxHashMap<String, String>,
    /// Attributes that say the opposite of one of the twin: `value.name` -> `not value.other`.
    pub negate: FxHashMap<String, String>,
    /// The method that is awaited behind the statement that makes a value.
    pub start: Option<String>,
    /// What is entered before a value that a `with` statement makes, with `{}` for its first argument.
    pub around: Option<String>,
    /// The calls, with `{}` for the index, that give a list with what `value[index]` is.
    pub index: Option<String>,
    /// Methods that take a value of a type as their first argument, at the end of its life: `pool.putconn(connection)`.
    pub takes: FxHashMap<String, usize>,
    /// Distributions that the new code needs where a value is made.
    pub install: Vec<String>,
}

/// What an `async with` block of the twin does, where the block of the sync value commits or rolls back and does not close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// It only closes.
    Closes,
    /// It commits or rolls back, and closes.
    Commits,
}

/// An async twin: how new code names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Twin {
    /// Its dotted path, or an expression that begins with one: `aioboto3.Session().client`.
    pub path: String,
    /// The module to import where the path is an expression.
    pub import: Option<String>,
}

/// What has to be done at the end of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// Nothing.
    #[default]
    Free,
    /// It is closed by hand or entered; else its statements move into an `async with` block.
    Close,
    /// It has to be entered: else its statements move into an `async with` block.
    Enter,
    /// As [`Self::Close`], but a value that nothing closes stays as it is: the program would not end.
    End,
}

/// What becomes of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Its colour.
    pub colour: Colour,
    /// Not awaited where what it gives is iterated at once: `async for x in client.list()`.
    pub is_pages: bool,
    /// Not awaited where what it gives is entered at once: `async with connect() as connection`.
    pub is_open: bool,
    /// The new name.
    pub rename: Option<String>,
    /// The type of what a call (or, for an attribute, a read) gives.
    pub gives: Option<usize>,
    /// The type that an argument makes it give.
    pub when: Option<When>,
    /// How the result of the call may differ.
    pub note: Option<String>,
    /// How what a call gives differs: it may not be used, or with `pick` only with `--unsafe`.
    pub result: Option<String>,
    /// The part of what a call gives that the sync call gave: `[0]`.
    pub pick: Option<String>,
    /// What becomes of the arguments.
    pub arguments: Arguments,
}

/// An argument that decides what a call gives: `create(..., stream=True)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The keyword that has to be `True`.
    pub argument: String,
    /// Whether it is enough that it is given.
    pub is_given: bool,
    /// What the call gives then.
    pub gives: usize,
}

/// The colour of a member or function of the twin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Its calls are awaited.
    Awaited,
    /// As it is.
    #[default]
    Same,
    /// It has no twin: why.
    Refused(String),
}

/// What becomes of the arguments of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The keywords that positional arguments get, in order; an empty one stays positional.
    pub positional: Vec<String>,
    /// New names of keywords.
    pub rename: Vec<(String, String)>,
    /// Keywords to add where they are not given, each with its value.
    pub add: Vec<(String, String)>,
    /// Keywords without a twin, each with the reason.
    pub refuse: Vec<(String, String)>,
    /// Keywords that have to be given, each with the reason.
    pub require: Vec<(String, String)>,
    /// Keywords that take a value of a type, which has to be one that is migrated along.
    pub takes: Vec<(String, usize)>,
    /// By keyword, or position: which values it takes, by dotted path, and what stands for each.
    pub values: Vec<(String, Vec<(String, Twin)>)>,
    /// What a text in the first argument may not hold, in lower case, each with the reason.
    pub forbid: Vec<(String, String)>,
    /// First arguments, as texts, of values that never wait for anything, each with the reason: where all values that meet are
    /// such, they stay.
    pub idle: Vec<(String, String)>,
    /// Keywords that go.
    pub drop: Vec<String>,
    /// By keyword (of the twin): the text round an argument, with `{}` for it.
    pub wrap: Vec<(String, String)>,
    /// The keyword that takes all others in a dictionary.
    pub gather: Option<String>,
    /// How the SQL in the first argument changes.
    pub sql: Option<Sql>,
}

/// A rewriting of literal SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sql {
    /// `in %s` with a tuple -> `= any(%s)` with a list.
    InList,
    /// `values %s` with rows -> `values (%s, %s)`, once for each row.
    Rows,
}

impl Arguments {
    /// Whether calls stay as they are.
    pub fn is_plain(&self) -> bool {
        self == &Self::default()
    }

    /// Whether only the text of the first argument counts.
    fn is_about_text(&self) -> bool {
        let Self {
            positional,
            rename,
            add,
            refuse,
            require,
            takes,
            values,
            drop,
            wrap,
            gather,
            forbid: _,
            idle: _,
            sql: _,
        } = self;
        positional.is_empty()
            && rename.is_empty()
            && add.is_empty()
            && refuse.is_empty()
            && require.is_empty()
            && takes.is_empty()
            && values.is_empty()
            && drop.is_empty()
            && wrap.is_empty()
            && gather.is_none()
    }
}

/// A function of a module.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Function {
    /// Its dotted paths.
    pub sync: Vec<String>,
    /// The twin.
    pub twin: Twin,
    /// What becomes of its calls.
    pub member: Member,
    /// Whether values of the declared types may be its arguments.
    pub takes: bool,
    /// The method of its first argument that takes its place: `f(value, x)` -> `value.method(x)`.
    pub method: Option<String>,
}

/// What a name behind a value of a type means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'t> {
    /// A member.
    Member(&'t Member),
    /// The beginning of dotted members.
    Prefix(String),
    /// A value of another type.
    Gives(usize),
}

impl Type {
    /// The member of this name, behind a prefix (empty for the value itself).
    pub fn member(&self, prefix: &str, name: &str) -> Option<Found<'_>> {
        let full = if prefix.is_empty() {
            name.to_string()
        } else {
            format!("{prefix}.{name}")
        };
        if let Some(member) = self.members.get(&full) {
            return Some(Found::Member(member));
        }
        if self.prefixes.contains(&full) {
            return Some(Found::Prefix(full));
        }
        let is_special = name.starts_with('_');
        if let Some((_, member)) = self
            .patterns
            .iter()
            .find(|(pattern, _)| !is_special && matches_pattern(pattern, &full))
        {
            return Some(Found::Member(member));
        }
        self.attributes
            .filter(|_| !is_special && prefix.is_empty())
            .map(Found::Gives)
    }

    /// Whether a method of this name closes a value.
    fn is_end(&self, name: &str) -> bool {
        let renamed = || {
            let member = self.members.get(name)?;
            member.rename.as_deref()
        };
        name == "close" || renamed() == Some("close")
    }

    /// The names that members begin with, sorted.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .members
            .keys()
            .map(|name| name.split('.').next().unwrap_or(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The named members, sorted.
    pub fn members(&self) -> Vec<(&str, &Member)> {
        let mut members: Vec<(&str, &Member)> = self
            .members
            .iter()
            .chain(self.patterns.iter().map(|(name, member)| (name, member)))
            .map(|(name, member)| (name.as_str(), member))
            .collect();
        members.sort_by_key(|(name, _)| *name);
        members
    }
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// 1-based line.
    pub line: u32,
    /// What is wrong, and the nearest right word.
    pub message: String,
}

/// Reads a file into a codemod, which lives as long as the program. `name` is its name where the file gives none; `readme`
/// its README, if it has one.
///
/// # Errors
/// All that is wrong with it, in the order of its lines.
pub fn read(
    text: &str,
    name: &str,
    readme: Option<&'static str>,
) -> Result<&'static Codemod, Vec<Mistake>> {
    let head = parse::parse(text)?;
    let mut declared = head.declared;
    declared.words = triggers(&declared);
    let declared: &'static Declared = Box::leak(Box::new(declared));
    let name: &'static str = Box::leak(head.name.unwrap_or_else(|| name.to_string()).into());
    let summary: &'static str = Box::leak(head.summary.into());
    let readme = readme.unwrap_or_else(|| Box::leak(describe(name, summary, declared).into()));
    Ok(Box::leak(Box::new(Codemod {
        name,
        summary,
        readme,
        triggers: declared.words,
        role: head.role,
        outside_async: false,
        min_python: head.min_python.unwrap_or(PythonVersion::PY38),
        declares: None,
        doubles: doubles(declared),
        reasons: &[],
        declared: Some(declared),
        run: rewrite::run,
    })))
}

/// The top-level modules of everything that is named: one is in every file that imports any of it.
fn triggers(declared: &Declared) -> &'static [&'static str] {
    let mut modules: Vec<&str> = declared
        .paths
        .keys()
        .filter_map(|path| path.split('.').next())
        .collect();
    modules.sort_unstable();
    modules.dedup();
    let modules = modules.into_iter().map(|module| &*Box::leak(module.into()));
    Box::leak(modules.collect())
}

/// The paths in quotes: `patch("redis.Redis")` replaces what is no longer called.
fn doubles(declared: &'static Declared) -> &'static [&'static str] {
    let mut doubles: Vec<&'static str> = Vec::new();
    let mut paths: Vec<&String> = declared.paths.keys().collect();
    paths.sort();
    for path in paths {
        for quote in ['"', '\''] {
            doubles.push(Box::leak(format!("{quote}{path}").into()));
        }
    }
    Box::leak(doubles.into())
}

impl DeclaredKinds for Declared {
    fn of_class(&self, path: &str) -> Option<usize> {
        self.made_by(path)
    }

    fn given(&self, kind: usize, how: &How) -> Option<usize> {
        let kind = self.kind(kind);
        let given = values::given_by(self, &kind, how)?;
        self.kind_number(&given)
    }

    fn has_member(&self, kind: usize, name: &str) -> bool {
        let kind = self.kind(kind);
        matches!(
            self.types[kind.type_].member(&kind.prefix, name),
            Some(Found::Member(_) | Found::Prefix(_))
        )
    }
}

/// What a declared codemod follows over the project: the values of all of its types, which [`DeclaredKinds`] tells apart.
pub(crate) fn following(
    codemod: &'static Codemod,
    declared: &'static Declared,
) -> Option<&'static Following> {
    let following = declared.following.get_or_init(|| {
        let paths = declared.paths.keys().map(String::as_str);
        let mut classes: Vec<&str> = paths
            .filter(|path| declared.made_by(path).is_some())
            .collect();
        classes.sort_unstable();
        classes.first()?;
        let members = declared.types.iter().flat_map(Type::names);
        Some(Following {
            codemod,
            tracked: Tracked {
                classes: Box::leak(classes.into()),
                words: declared.words,
                members: Box::leak(members.collect()),
                items: true,
                takers: &[],
                kind: 0,
                kinds: None,
            },
            // Those units say which values they follow: see `Unit::made`.
            is_taken: |_, _| false,
            survey: None,
            rewrite: rewrite::rewrite,
            may_thread: true,
            is_of_units: false,
            about_object: reasons::ABOUT_OBJECT,
        })
    });
    following.as_ref()
}

/// The dependencies that a unit of this file brings.
pub(crate) fn dependencies(declared: &'static Declared) -> impl Iterator<Item = Dependency> {
    let add = declared.install.iter().map(|name| Dependency::Add(name));
    let drop = declared.remove.iter().map(|name| Dependency::MayDrop(name));
    add.chain(drop)
}
