//! What a call of a function gives, and which decorators leave it as it is.

use crate::callgraph::{Call, Function, Usage};
use crate::unit::{ColourSite, Reason};

/// What a call of a function gives, and so how a caller takes it once the function is async.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Something to await.
    Plain,
    /// Something to iterate.
    Generator,
    /// Something to enter.
    ContextManager,
}

impl Shape {
    /// What a call of this function gives.
    pub fn of(function: &Function) -> Self {
        match function {
            Function {
                context_manager: Some(_),
                ..
            } => Self::ContextManager,
            Function {
                is_generator: true, ..
            } => Self::Generator,
            _ => Self::Plain,
        }
    }

    /// What to write at a call; `None` where the call is not used as one of a function of this kind must be.
    pub(super) fn sites(self, call: &Call) -> Option<Result<&[ColourSite], &'static Reason>> {
        let is_entered = matches!(call.usage, Usage::With(..));
        match self {
            Self::Plain => None,
            Self::Generator if is_entered => None,
            Self::ContextManager if !is_entered => None,
            Self::Generator | Self::ContextManager => call
                .consumed
                .as_ref()
                .map(|sites| sites.as_deref().map_err(|reason| *reason)),
        }
    }
}

/// Decorators outside of the project that go round `contextmanager` and do not look at the function.
pub(super) fn goes_with_context_manager(path: &str) -> bool {
    matches!(
        path,
        "contextlib.contextmanager"
            | "builtins.staticmethod"
            | "builtins.classmethod"
            | "abc.abstractmethod"
            | "typing.override"
            | "typing_extensions.override"
            | "typing.final"
            | "typing.overload"
            | "typing_extensions.overload"
    )
}

/// Decorators outside of the project that hand a coroutine function through, or know it.
pub(super) fn takes_coroutine_functions(path: &str) -> bool {
    matches!(
        path,
        "builtins.staticmethod"
            | "builtins.classmethod"
            | "abc.abstractmethod"
            | "typing.override"
            | "typing_extensions.override"
            | "typing.final"
            | "typing.overload"
            | "typing_extensions.overload"
            | "typing.no_type_check"
            | "functools.wraps"
            | "tenacity.retry"
            | "backoff.on_exception"
            | "backoff.on_predicate"
            | "pytest.mark.parametrize"
            | "unittest.mock.patch"
            | "unittest.mock.patch.object"
            | "mock.patch"
            | "mock.patch.object"
            | "warnings.deprecated"
            | "typing_extensions.deprecated"
    )
}
