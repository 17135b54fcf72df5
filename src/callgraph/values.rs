//! Where the values of a library's classes go, as one file tells it: an HTTP client, a session, a connection.
//!
//! A value begins where its class is called, or where an annotation says that something holds one. Each read of a place
//! that may hold a value is a [`Step`], with what takes it; each thing that a place is given is a [`Write`].
//! [`crate::values`] joins the places of all files.

use ruff_python_ast::ExprCall;
use ruff_text_size::TextRange;

use super::{Target, Type};
use crate::semantic::{NodeId, Runner, literal};
use crate::unit::{ColourSite, Reason};

/// What is asked of a file.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'c> {
    /// The dotted paths of the classes.
    pub classes: &'c [&'c str],
    /// The members whose calls may give another value; `""` for a call of the value itself.
    pub givers: &'c [&'c str],
    /// The methods of other objects that may be handed a value.
    pub takers: &'c [&'c str],
    /// Whether to tell what the values give, too, which may be values themselves: see [`Step::gives`].
    pub parts: bool,
}

/// What one file tells of the values of some classes.
#[derive(Clone, Debug, Default)]
pub struct FileValues {
    /// The names of the classes.
    pub mentions: Vec<Mention>,
    /// What is done with what places hold, in source order.
    pub steps: Vec<Step>,
    /// What places are given.
    pub writes: Vec<Write>,
    /// The classes of this file, by number, that derive from a class that is asked for.
    pub derived: Vec<u32>,
    /// The annotated names of the classes of this file, in order: what the constructor that a dataclass gets, or a base outside
    /// of the project has, takes by position or name.
    pub fields: Vec<Fields>,
}

/// The annotated names of a class that a constructor which nobody wrote takes.
#[derive(Clone, Debug)]
pub struct Fields {
    /// The class, by its number in the file.
    pub class: u32,
    /// Their names, in order.
    pub names: Vec<String>,
    /// Whether a decorator of the class writes the constructor. It counts the fields of classes with such a decorator only
    /// (<https://docs.python.org/3/library/dataclasses.html#inheritance>).
    pub is_dataclass: bool,
}

/// A class that is asked for is named.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The name or attribute chain, or the string that holds it.
    pub node: NodeId,
    /// The span of the name itself.
    pub range: TextRange,
    /// Whether it stands in a quoted annotation.
    pub is_quoted: bool,
    /// The dotted path of the class.
    pub path: String,
    /// 1-based line.
    pub line: u32,
    /// What for.
    pub role: Role,
}

/// What a class is named for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is called: that call.
    Made(NodeId),
    /// It says what a place holds.
    Annotates(Spot),
    /// It is a base of this class of the file.
    Base(u32),
    /// `isinstance(value, C)`: the value.
    Asked(NodeId),
    /// It stands for a type whose values are told elsewhere: the argument of a generic class of the project, the bound of a
    /// type variable, another name of the type.
    Type,
    /// A test double takes the place of a part of it, or it is set: `patch.object(C, "get")`, `C.get = fake`.
    Patched,
    /// Anything else.
    Other,
}

/// Something that may hold a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// A variable or parameter of this file: its number in [`crate::semantic::Scopes`].
    Variable(u32),
    /// What another file has under this dotted path.
    Path(String),
    /// An attribute of a value of this class; `None` where the class is not known.
    Member(Option<Type>, String),
    /// What this call gives.
    Result(NodeId),
    /// A part of a value of a class that is asked for, if its receiver is one: `client["db"]`, `client.db`.
    Part(NodeId),
    /// What this call gives, if it calls a value or a member of one that gives another; else the same as `Result`.
    Given(NodeId),
    /// What is entered where this call stands in a `with` statement.
    Entered(NodeId),
    /// What the generator that this call gives yields, where it is advanced by hand.
    Iterated(NodeId),
    /// What a fixture of this name gives.
    Fixture(String),
    /// What a function gives or yields to a framework that calls it: `Depends(f)`.
    Provided(Target),
    /// A new value: the call of a class that is asked for.
    Made(NodeId),
    /// An instance of this class of the file.
    Instance(u32),
    /// What this function gives back.
    Returned(u32),
    /// What this function yields.
    Yielded(u32),
    /// An argument of this call.
    Argument(NodeId, Slot),
}

/// Which argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// By position.
    Position(u32),
    /// By name.
    Keyword(String),
}

/// What is done with what a place holds.
#[derive(Clone, Debug)]
pub struct Step {
    /// The place.
    pub from: Spot,
    /// The expression that reads it.
    pub node: NodeId,
    /// Its span.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What runs it.
    pub runner: Runner,
    /// Where it goes.
    pub to: To,
    /// What this use gives, which may be a value of another class; only where that is asked for.
    pub gives: Option<Gives>,
}

/// What a use of a value gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gives {
    /// The expression: the call, the attribute or the subscript.
    pub node: NodeId,
    /// How it is had.
    pub how: How,
}

/// How something is had of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// `value.name`, read and not called.
    Attribute(String),
    /// `value.name(...)`; an empty name for a call of the value itself.
    Call {
        /// The name.
        name: String,
        /// The keywords that are literally `True`.
        told: Vec<String>,
        /// What is given and not literally `None`: keywords, and the numbers of positions.
        given: Vec<String>,
    },
    /// `value[key]`: the key, if it is a plain string.
    Item(Option<String>),
    /// `path(value)`: a function outside of the project.
    Handed(String),
}

impl How {
    /// A call of the member of this name.
    pub fn called(name: String, call: &ExprCall) -> Self {
        let keywords = call.arguments.keywords.iter();
        let keywords = keywords.filter_map(|keyword| Some((keyword.arg.as_ref()?, &keyword.value)));
        let positions = call.arguments.args.iter().enumerate();
        let positions = positions.map(|(at, value)| (at.to_string(), value));
        Self::Call {
            name,
            told: keywords
                .clone()
                .filter(|(_, value)| literal::boolean(value) == Some(true))
                .map(|(name, _)| name.to_string())
                .collect(),
            given: keywords
                .map(|(name, value)| (name.to_string(), value))
                .chain(positions)
                .filter(|(_, value)| !literal::is_none(value))
                .map(|(name, _)| name)
                .collect(),
        }
    }
}

/// What takes a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Nothing: it is dropped, tested, compared, shown.
    Nowhere,
    /// A place.
    Spot(Spot),
    /// A place, if entering the value gives itself: `with value as name`.
    Entered(Spot),
    /// An attribute of it is used.
    Attribute {
        /// The attribute.
        node: NodeId,
        /// Its name.
        name: String,
        /// The call, if it is called.
        call: Option<NodeId>,
        /// Whether it is set or deleted.
        is_store: bool,
    },
    /// An item of a `with` statement enters it.
    With {
        /// The statement.
        statement: NodeId,
        /// The 0-based item.
        item: u32,
        /// Whether it is `async with` already.
        is_async: bool,
    },
    /// An exit stack whose every use is seen enters it.
    Stacked {
        /// The call that does.
        call: NodeId,
        /// What turns the stack async, or why it cannot be.
        sites: Result<Vec<ColourSite>, &'static Reason>,
    },
    /// `isinstance(value, ...)`: that call.
    Asked(NodeId),
    /// `value[key]`, read.
    Item,
    /// It is handed to a function of this dotted path, outside of the project, or to a method of that name (`.create_all`).
    Handed(String),
    /// It is called, and that may give another value: the call.
    Called(NodeId),
    /// It goes where it is not followed: how.
    Lost(&'static str),
}

/// What a place is given.
#[derive(Clone, Debug)]
pub struct Write {
    /// The place.
    pub to: Spot,
    /// The span of what is given.
    pub range: TextRange,
    /// 1-based line.
    pub line: u32,
    /// What it may be.
    pub leaves: Vec<Leaf>,
}

/// One thing that a place is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// What the step of this expression reads.
    Read(NodeId),
    /// `None`, or nothing.
    Nothing,
    /// Anything else.
    Other,
}
