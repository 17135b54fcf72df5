//! The places of a project.

use crate::callgraph::resolve::ClassId;
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A place of the project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A variable or parameter.
    Variable(FileId, u32),
    /// An attribute of the instances of a class. It is one with that of each class that derives from it.
    Member(ClassId, String),
    /// What a function gives back. It is one with what its kin gives.
    Returned(FunctionId),
    /// What it yields.
    Yielded(FunctionId),
    /// A new value.
    Made(FileId, NodeId),
    /// What another value gives: a call of it or of a member of it, its item, its attribute.
    Given(FileId, NodeId),
    /// The instances of a class, and of those that it derives from and that derive from it.
    Instance(ClassId),
}

/// The places of a spot.
pub(super) enum Keys {
    /// These.
    Known(Vec<Key>),
    /// An attribute of this name of who knows what.
    Unknown(String),
    /// Nothing that holds a value of the project.
    Nothing,
    /// Something that is not followed.
    Lost,
}
