//! Why a declarative codemod leaves a value.

use crate::unit::Reason;
pub use crate::values::{VALUE_ESCAPES as ESCAPES, VALUE_MIXED as MIXED};

/// The file says that there is no twin.
pub static NO_TWIN: Reason = Reason {
    code: "no-twin",
    message: "the async twin has nothing that does the same",
    help: "change this use by hand first, or keep the function sync",
};

/// The file does not name the member.
pub static UNKNOWN_MEMBER: Reason = Reason {
    code: "unknown-member",
    message: "the codemod's file does not say what becomes of this member, so the code round it cannot be migrated",
    help: "name the member in the codemod.toml, or change this use by hand",
};

/// A member is used without a call.
pub static MEMBER_AS_VALUE: Reason = Reason {
    code: "member-as-value",
    message: "a method whose calls are awaited is used as a value, so its calls cannot be found",
    help: "call it directly, or wrap it in an `async def`",
};

/// The value is used in a way that its type does not declare.
pub static PROTOCOL: Reason = Reason {
    code: "undeclared-use",
    message: "the value is used in a way for which the codemod's file has no async form",
    help: "change this use by hand, or say in the codemod.toml what becomes of it",
};

/// An argument has no twin, or is not known.
pub static ARGUMENT: Reason = Reason {
    code: "argument-without-twin",
    message: "the async twin does not take this argument",
    help: "drop or replace the argument first",
};

/// An argument decides what the call gives, and its value is not known.
pub static DECIDING_ARGUMENT: Reason = Reason {
    code: "deciding-argument",
    message: "the value of this argument decides what the call gives, and it is not `True` or `False` here",
    help: "write one call with `True` and one with `False`",
};

/// The class is used as a value.
pub static CLASS_AS_VALUE: Reason = Reason {
    code: "class-as-value",
    message: "the class or function is used as a value, a base or in a type check, so its instances cannot be found",
    help: "call it directly, or migrate this use by hand",
};

/// The value has to be entered, and no block can be put round its uses.
pub static NO_BLOCK: Reason = Reason {
    code: "no-block",
    message: "the async twin has to be closed, and its uses are not in the statements that follow it",
    help: "put the value into a `with` statement round its uses",
};

/// The value has to be started, and there is no place for it.
pub static NO_START: Reason = Reason {
    code: "no-start",
    message: "the async twin has to be started by an awaited call, which has no place here",
    help: "assign it to a name or an attribute in a statement of its own, in a function",
};

/// An exception is caught where old and new code may raise it.
pub static EXCEPTIONS: Reason = Reason {
    code: "moved-exception",
    message: "the async twin raises exceptions of other classes, and what is caught here cannot be told apart",
    help: "catch the errors of this call in a `try` of its own",
};

/// What the twin gives differs, and it is used.
pub static RESULT: Reason = Reason {
    code: "other-result",
    message: "the async twin gives another result, and what this call gives is used",
    help: "change the code that uses the result first",
};

/// The value waits for nothing.
pub static IDLE: Reason = Reason {
    code: "waits-for-nothing",
    message: "what is done with this value waits for nothing, so an async form would only cost time",
    help: "nothing is to be done; hand long work of it to a thread as a whole, from its making to its end",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &NO_TWIN,
    &UNKNOWN_MEMBER,
    &MEMBER_AS_VALUE,
    &PROTOCOL,
    &ARGUMENT,
    &DECIDING_ARGUMENT,
    &CLASS_AS_VALUE,
    &NO_BLOCK,
    &NO_START,
    &EXCEPTIONS,
    &RESULT,
    &IDLE,
];

/// Those that are about a value as a whole, and not about a call that blocks where it stands.
pub(super) static ABOUT_OBJECT: &[&Reason] =
    &[&ARGUMENT, &CLASS_AS_VALUE, &NO_BLOCK, &NO_START, &IDLE];
