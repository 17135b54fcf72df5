//! Where functions flow as values: the places that hold them, as one file tells it.
//!
//! A function that is stored, handed on or returned flows into a place; a place flows into others; what a call calls is a
//! place too. [`crate::propagate`] joins the places of all files. What flows anywhere else has escaped, and is no
//! [`PlaceFlow`]: see [`super::ValueKind::Other`] and [`super::FileFacts::escapes`].

use super::{Target, Type};
use crate::semantic::NodeId;

/// Something that holds functions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A variable or parameter of this file: its number in [`crate::semantic::Scopes`].
    Variable(u32),
    /// What a name means: a function, which flows, or a variable of another module.
    Target(Target),
    /// A member of a value of this class; `None` where the class is not known.
    Member(Option<Type>, String),
    /// What this call gives.
    Result(NodeId),
    /// What this function gives back: its number in the file.
    Returned(u32),
    /// What this call calls.
    Called(NodeId),
    /// An argument of this call.
    Argument(NodeId, Slot),
    /// An attribute that `argparse` sets on its namespace: `set_defaults(func=f)`.
    Default(String),
    /// A part of what a place holds.
    Part(Box<Place>, Part),
    /// A value of which nothing is known: it may be a function that stays sync.
    Anything,
}

/// A part of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// What a subscript gives: any element of a sequence, any value of a mapping.
    Item,
    /// What a loop gives: any element of a collection, any key of a mapping.
    Element,
    /// Both: what a list is given.
    Both,
    /// The element at this position of a tuple.
    At(u32),
}

/// Which argument of a call, or which parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// By position; `self` is not counted.
    Position(u32),
    /// By position in a call of a method through its class: `self` may be among them.
    Unbound(u32),
    /// By name.
    Keyword(String),
    /// Any of them: `*args`, `**kwargs`.
    Any,
}

/// A function or a place flows into a place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlaceFlow {
    /// What flows.
    pub from: Place,
    /// Where to.
    pub to: Place,
    /// 1-based line.
    pub line: u32,
}

/// A variable or parameter is used in a way that is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escape {
    /// The place.
    pub place: Place,
    /// 1-based line.
    pub line: u32,
}

/// Something whose annotation says what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Annotated {
    /// A variable or parameter, as in [`Place::Variable`].
    Variable(u32),
    /// An attribute of the instances of a class of this file.
    Member(u32, String),
    /// What a function of this file gives back.
    Returned(u32),
}
