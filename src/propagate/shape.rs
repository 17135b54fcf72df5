//! What a call of a function gives, and which decorators leave it as it is.

use super::protocol::{Protocol, is_plain_iter};
use crate::callgraph::{Call, Callee, Function, Usage};
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
    /// `__enter__` or `__exit__`: what is entered is an instance of its class.
    Manager,
    /// `__iter__` or `__next__`: what is iterated is an instance of its class.
    Iterator,
    /// A property, which becomes a method.
    Property,
    /// `__init__`, which becomes a class method.
    Constructor,
}

impl Shape {
    /// What a call of this function gives.
    pub fn of(function: &Function) -> Self {
        match Protocol::of(function) {
            Some(Protocol::Manager) => return Self::Manager,
            Some(Protocol::Iterator) => return Self::Iterator,
            Some(Protocol::Constructor) => return Self::Constructor,
            Some(Protocol::Call) | None => {}
        }
        if function.is_property {
            return Self::Property;
        }
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

    /// Whether it changes its name or its kind: no use of it may stay as it is.
    pub(super) fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Manager | Self::Iterator | Self::Property | Self::Constructor
        )
    }

    /// What to write at a call of this function; `None` where the call is not used as one of a function of this kind must
    /// be.
    pub(super) fn sites(
        self,
        function: &Function,
        call: &Call,
    ) -> Option<Result<Vec<ColourSite>, &'static Reason>> {
        let is_entered = matches!(call.usage, Usage::With(..) | Usage::Stacked(_));
        let consumed = || call.consumed.clone();
        match self {
            Self::Plain => Some(call.placement.clone()),
            Self::Generator if is_entered => None,
            Self::ContextManager if !is_entered => None,
            Self::Generator | Self::ContextManager => consumed(),
            Self::Property => call.is_implicit.then(|| call.placement.clone()),
            Self::Constructor => match call.callee {
                Callee::Target(_) => Some(call.placement.clone().map(|mut sites| {
                    sites.push(ColourSite::Constructed { call: call.node });
                    sites
                })),
                _ => None,
            },
            Self::Manager | Self::Iterator if call.is_implicit => consumed(),
            Self::Manager | Self::Iterator => {
                let mut sites = match call.usage {
                    // Its iterator would be an async one, wherever it goes.
                    _ if is_plain_iter(function) => None,
                    Usage::Value if !function.is_generator => Some(call.placement.clone()),
                    _ if function.is_generator => consumed(),
                    _ => None,
                }?;
                if let Ok(sites) = &mut sites {
                    sites.push(ColourSite::Special { node: call.node });
                }
                Some(sites)
            }
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
