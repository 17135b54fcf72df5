//! Follows the values of a library's classes over the project: an HTTP client, a session, a connection.
//!
//! [`crate::callgraph::values`] says for each file what flows where. Here the places of all files are joined: places that
//! flow into each other, in either direction, are one, because what is done with either is done with the value of both. A
//! [`Component`] is such a set of places that holds a value of the classes: all that makes, holds and uses it, in all
//! files. It changes whole or not at all. Where a value goes out of sight, or a place may hold something else, the
//! component has a [`Trouble`], and stays.
//!
//! Files join on demand: first those that name the library, then those that name an attribute, a variable, a function or a
//! class by which others get at what is tracked.

mod filing;
mod key;
mod link;
mod open;
mod spots;
mod survey;
mod union;
mod words;

pub use survey::{Advice, Fact, Files, Held, Survey, Surveyed};

use std::collections::BTreeMap;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::{ClassId, Resolver};
use crate::callgraph::values::{Asked, FileValues, How, To};
use crate::index::Project;
use crate::propagate::Loader;
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId, Reason};

/// The value goes out of sight.
pub static VALUE_ESCAPES: Reason = Reason {
    code: "value-escapes",
    message: "the object goes where its uses cannot be listed, so some would stay blocking",
    help: "pass it to functions of the project, or keep it in a variable or an attribute",
};

/// A place holds other things, too.
pub static VALUE_MIXED: Reason = Reason {
    code: "value-mixed",
    message: "what holds the object may hold something else, which would not be awaited",
    help: "give the two different names, or change both by hand",
};

/// A receiver is not known.
pub static VALUE_UNKNOWN_OWNER: Reason = Reason {
    code: "value-unknown-owner",
    message: "an attribute of this name is used on an object of unknown class, which may hold the object",
    help: "annotate the parameter or variable with its class",
};

/// The class is patched.
pub static VALUE_PATCHED: Reason = Reason {
    code: "value-patched",
    message: "the class of the object is patched, and the double would no longer take its place",
    help: "replace the double by one of the async class",
};

/// Code that stays as it is uses it.
pub static VALUE_FIXED: Reason = Reason {
    code: "value-fixed",
    message: "the object is used in a file that is generated or not among those to migrate",
    help: "name the file on the command line too, or change its generator",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &VALUE_ESCAPES,
    &VALUE_MIXED,
    &VALUE_UNKNOWN_OWNER,
    &VALUE_PATCHED,
    &VALUE_FIXED,
];

/// What to follow.
#[derive(Clone, Copy, Debug)]
pub struct Tracked {
    /// The dotted paths of the classes: every path that names one.
    pub classes: &'static [&'static str],
    /// Words of which every file has one that names one of them: `httpx`.
    pub words: &'static [&'static str],
    /// The names of the members that their instances have: on a receiver of unknown class, only these count.
    pub members: &'static [&'static str],
    /// Whether what `value[key]` gives is the codemod's business: else it is a use that is not known.
    pub items: bool,
    /// The dotted paths of functions that may be handed a value: their calls are the codemod's business.
    pub takers: &'static [&'static str],
    /// The kind of the values, where all are of one: the codemod's own number.
    pub kind: usize,
    /// The kinds of values, where they are of more than one: an engine, its sessions. `None` where all are alike.
    pub kinds: Option<&'static Kinds>,
}

/// Values of several kinds, one of which gives another. All that hang together are one [`Component`].
#[derive(Debug)]
pub struct Kinds {
    /// The kind of what each of [`Tracked::classes`] makes, in their order.
    pub classes: &'static [usize],
    /// What gives a value of another kind.
    pub givers: &'static [Giver],
    /// The names in [`Kinds::givers`].
    pub names: &'static [&'static str],
    /// The methods of other objects that may be handed a value; [`Tracked::takers`] has them with a dot before the name.
    pub takers: &'static [&'static str],
}

/// The call of a value, or of one of its members, gives a value.
#[derive(Clone, Copy, Debug)]
pub struct Giver {
    /// The kind of the value.
    pub of: usize,
    /// The member; `""` if the value itself is called.
    pub member: &'static str,
    /// The kind of what that gives, or of what is entered in its `with` statement.
    pub gives: usize,
}

impl Tracked {
    fn asked(&self) -> Asked<'_> {
        Asked {
            classes: self.classes,
            givers: self.kinds.map_or(&[], |kinds| kinds.names),
            takers: self.kinds.map_or(&[], |kinds| kinds.takers),
            parts: false,
        }
    }

    /// The kind of what the class of this path makes.
    fn kind_of(&self, path: &str) -> usize {
        let at = self.classes.iter().position(|own| *own == path);
        at.zip(self.kinds)
            .and_then(|(at, kinds)| kinds.classes.get(at).copied())
            .unwrap_or(self.kind)
    }

    /// The kind of what a value of a kind gives by this member.
    fn given_by(&self, of: usize, member: &str) -> Option<usize> {
        let givers = self.kinds?.givers;
        let giver = givers
            .iter()
            .find(|giver| giver.of == of && giver.member == member)?;
        Some(giver.gives)
    }
}

/// Reads what files tell of values.
pub trait Reads {
    /// Those of these files that can be read.
    fn values(&self, files: &[FileId], asked: Asked<'_>) -> Vec<(FileId, FileValues)>;
}

/// Values of several classes that are followed together, told apart by a table that is made when the tool starts: a client
/// gives a cursor, which is as blocking as the client. What one gives is a value of its own, in whatever place it is kept,
/// and changes with what gave it. Whatever is done with a value where it stands is the codemod's business.
pub trait DeclaredKinds: std::fmt::Debug + Sync {
    /// The kind of the values that the class of a dotted path has, or that a call of it makes.
    fn of_class(&self, path: &str) -> Option<usize>;
    /// The kind of what a use of a value gives.
    fn given(&self, kind: usize, how: &How) -> Option<usize>;
    /// Whether values of a kind have a member of this name: on a receiver of unknown class, only these count.
    fn has_member(&self, kind: usize, name: &str) -> bool;
}

/// All that makes, holds and uses the values of some places, in all files.
#[derive(Debug, Default)]
pub struct Component {
    /// By file.
    pub parts: BTreeMap<FileId, Part>,
    /// The first thing that forbids a change.
    pub trouble: Option<Trouble>,
    /// All such things.
    pub troubles: Vec<Trouble>,
    /// A parameter that nothing in sight gives the value, and no annotation says that it holds one: the first such place.
    pub unfed: Option<(FileId, TextRange)>,
    /// The functions that return or yield the value.
    pub returned: Vec<FunctionId>,
    /// What the units say whose values it holds.
    pub units: OfUnits,
    /// The parameters that take the value.
    pub parameters: Vec<Parameter>,
    /// The classes of the project that derive from a tracked one, and from nothing else outside of the project.
    pub derived: Vec<ClassId>,
    /// Whether a variable at module level holds it: that file, and the span of what it is given first.
    pub global: Option<(FileId, TextRange)>,
    /// Whether it rests on what callers give for parameters without annotation: the first such place.
    pub doubt: Option<(FileId, TextRange)>,
    /// What the codemod's survey found, for all components.
    pub advice: std::sync::Arc<[Advice]>,
}

/// What the units that make the values of a component say: see [`crate::codemod::Following::is_of_units`].
#[derive(Debug, Default)]
pub struct OfUnits {
    /// Whether one of the values is marked ([`crate::unit::Given::is_marked`]).
    pub is_marked: bool,
    /// The functions that they rewrite.
    pub functions: Vec<FunctionId>,
    /// The statements whose handlers they map.
    pub handlers: Vec<(FileId, NodeId)>,
    /// The expressions whose uses they have seen to.
    pub seen: FxHashSet<(FileId, NodeId)>,
}

/// What one file has of a component.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The calls that make values.
    pub made: Vec<NodeId>,
    /// The names of the class, apart from those in `made`.
    pub mentions: Vec<Named>,
    /// The uses, in source order.
    pub uses: Vec<ValueUse>,
    /// The classes of the file that derive from it.
    pub derived: Vec<u32>,
    /// Every expression that gives a value, sorted.
    pub values: Vec<NodeId>,
    /// Their kinds: see [`Kinds`] and [`DeclaredKinds`].
    pub kinds: FxHashMap<NodeId, usize>,
    /// Those of them that may give `None` instead, sorted.
    pub perhaps_none: Vec<NodeId>,
    /// What makes or gives values, sorted; what gives them only with [`DeclaredKinds`].
    pub origins: Vec<Origin>,
}

/// An expression that makes a value, or that has one of another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The expression.
    pub node: NodeId,
    /// The kind of the value.
    pub kind: usize,
    /// Which places hold it: equal for values that may be in one place.
    pub place: u32,
    /// Whether another value gives it.
    pub is_given: bool,
}

/// A class is named in an annotation, as a base, or to ask for it.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name or attribute chain, or the string that holds it.
    pub node: NodeId,
    /// The span of the name.
    pub range: TextRange,
    /// Whether it stands in a quoted annotation.
    pub is_quoted: bool,
    /// The path of the class.
    pub path: String,
}

/// Something is done with a value.
#[derive(Clone, Debug)]
pub struct ValueUse {
    /// The expression that gives the value.
    pub node: NodeId,
    /// Its span.
    pub range: TextRange,
    /// What: [`To::Attribute`], [`To::With`], [`To::Stacked`], [`To::Asked`], [`To::Item`], [`To::Handed`] or
    /// [`To::Called`]; with [`DeclaredKinds`], whatever is done with it where it stands.
    pub to: To,
    /// The kind of the value: see [`Kinds`] and [`DeclaredKinds`].
    pub kind: usize,
    /// The places that hold it: see [`Origin::place`].
    pub place: u32,
    /// Whether the attribute is one that a class of the project which derives from the tracked one defines itself.
    pub is_own: bool,
}

/// A parameter that takes a value.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The function.
    pub function: FunctionId,
    /// Its number among the parameters.
    pub index: u32,
}

/// Why a component stays.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The file.
    pub file: FileId,
    /// What is in the way.
    pub range: TextRange,
    /// The typed reason.
    pub reason: &'static Reason,
    /// What exactly.
    pub detail: Option<String>,
}

impl Part {
    /// Whether an expression gives a value of the component.
    pub fn is_value(&self, node: NodeId) -> bool {
        self.values.binary_search(&node).is_ok()
    }

    /// The kind of the value that an expression gives: see [`Kinds`].
    pub fn kind(&self, node: NodeId) -> Option<usize> {
        self.kinds.get(&node).copied()
    }
}

/// Follows the values of some classes, of several kinds if `kinds` tells them apart, and those of the calls that `reads` was
/// told of, in `of_calls`. The files that are read for it are added to the facts.
pub fn follow(
    tracked: &Tracked,
    kinds: Option<&dyn DeclaredKinds>,
    of_calls: &[FileId],
    project: &Project,
    facts: &mut ProjectFacts,
    loader: &dyn Loader,
    reads: &dyn Reads,
) -> Vec<Component> {
    let mut values: FxHashMap<FileId, FileValues> = FxHashMap::default();
    let mut words: FxHashSet<String> = FxHashSet::default();
    let mut new: Vec<String> = tracked
        .words
        .iter()
        .map(|word| (*word).to_string())
        .collect();
    loop {
        words.extend(new.iter().cloned());
        let known: FxHashSet<FileId> = values.keys().copied().collect();
        let mut files = loader.holding(&new, &known);
        if known.is_empty() {
            files.extend(of_calls);
        }
        files.sort_unstable();
        files.dedup();
        let missing: Vec<FileId> = files
            .iter()
            .copied()
            .filter(|file| !facts.contains_key(file))
            .collect();
        facts.extend(loader.load(&missing));
        let asked = Asked {
            parts: kinds.is_some(),
            ..tracked.asked()
        };
        values.extend(reads.values(&files, asked));
        if of_calls.is_empty() && values.values().all(|values| values.mentions.is_empty()) {
            return Vec::new();
        }
        // The modules that the types of receivers lead to.
        let mut tried: FxHashSet<FileId> = FxHashSet::default();
        loop {
            let resolver = Resolver::new(project, facts, &FxHashSet::default());
            let mut link = link::Link::new(tracked, kinds, &resolver, facts, &values);
            link.join();
            let mut missing = resolver.missing();
            missing.retain(|file| !facts.contains_key(file) && tried.insert(*file));
            if missing.is_empty() {
                new = link.words();
                new.retain(|word| !words.contains(word));
                if new.is_empty() {
                    return filing::components(link);
                }
                new.sort_unstable();
                new.dedup();
                break;
            }
            drop(link);
            drop(resolver);
            let loaded = loader.load(&missing);
            facts.extend(loaded);
        }
    }
}
