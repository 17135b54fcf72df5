//! What a call of a function gives, and which decorators leave it as it is.

use super::protocol::{Protocol, is_plain_iter};
use super::reasons::GENERATOR_CLEANUP;
use crate::callgraph::{Call, Callee, Function, Usage};
use crate::doubles;
use crate::semantic::common::is_plain_decorator;
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
    /// be. `closes` says of a generator that it is to be closed where it is left.
    pub(super) fn sites(
        self,
        function: &Function,
        call: &Call,
        closes: bool,
    ) -> Option<Result<Vec<ColourSite>, &'static Reason>> {
        let is_entered = matches!(call.usage, Usage::With(..) | Usage::Stacked(_));
        let consumed = || call.consumed.clone();
        match self {
            Self::Plain => {
                let lifted = |reason| call.lifted.clone().ok_or(reason);
                Some(call.placement.clone().or_else(lifted))
            }
            Self::Generator if is_entered => None,
            Self::Generator if closes && call.consumed.is_some() => {
                Some(call.closing.clone().unwrap_or(Err(&GENERATOR_CLEANUP)))
            }
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
    is_plain_decorator(path)
        || matches!(
            path,
            "contextlib.contextmanager" | "typing.overload" | "typing_extensions.overload"
        )
}

/// Decorators outside of the project that hand a coroutine function through, or know it.
///
/// Sources: tenacity and backoff have forms for coroutine functions that they choose by themselves; web frameworks await
/// what a route gives (<https://fastapi.tiangolo.com/async/>, <https://www.starlette.io/routing/>,
/// <https://docs.aiohttp.org/en/stable/web_quickstart.html>, <https://quart.palletsprojects.com/>,
/// <https://sanic.dev/>, <https://docs.litestar.dev/>); slowapi asks `iscoroutinefunction` for each of its limits
/// (<https://slowapi.readthedocs.io/>); `unittest.skip` and the like set attributes, or never call.
pub(super) fn takes_coroutine_functions(path: &str) -> bool {
    is_plain_decorator(path)
        || doubles::awaits(path)
        || matches!(
            path,
            "typing.overload"
                | "typing_extensions.overload"
                | "typing.no_type_check"
                | "functools.wraps"
                | "tenacity.retry"
                | "backoff.on_exception"
                | "backoff.on_predicate"
                | "slowapi.Limiter.exempt"
                | "slowapi.Limiter.limit"
                | "slowapi.Limiter.shared_limit"
                | "slowapi.extension.Limiter.exempt"
                | "slowapi.extension.Limiter.limit"
                | "slowapi.extension.Limiter.shared_limit"
                | "unittest.skip"
                | "unittest.skipIf"
                | "unittest.skipUnless"
                | "unittest.expectedFailure"
                | "unittest.mock.patch"
                | "unittest.mock.patch.object"
                | "mock.patch"
                | "mock.patch.object"
                | "warnings.deprecated"
                | "typing_extensions.deprecated"
        )
        || path.strip_prefix("pytest.mark.").is_some_and(is_label)
        || path
            .rsplit_once('.')
            .is_some_and(|(app, verb)| is_async_app(app) && ROUTES.contains(&verb))
}

/// Whether a mark of pytest says something of a test, and has nothing run it in another way.
fn is_label(mark: &str) -> bool {
    !matches!(
        mark,
        "django_db" | "trio" | "gen_test" | "twisted" | "inlineCallbacks" | "celery" | "benchmark"
    )
}

/// Web applications and routers whose routes may be coroutine functions.
fn is_async_app(class: &str) -> bool {
    matches!(
        class,
        "fastapi.FastAPI"
            | "fastapi.APIRouter"
            | "fastapi.routing.APIRouter"
            | "fastapi.applications.FastAPI"
            | "starlette.applications.Starlette"
            | "aiohttp.web.RouteTableDef"
            | "quart.Quart"
            | "quart.Blueprint"
            | "sanic.Sanic"
            | "sanic.Blueprint"
            | "litestar"
            | "litestar.handlers"
    )
}

/// The decorators of routes, and of the handlers of events and errors.
#[rustfmt::skip]
const ROUTES: &[&str] = &[
    "api_route", "delete", "exception_handler", "get", "head", "on_event", "options", "patch", "post", "put", "route",
    "trace",
];

/// What becomes of a coroutine function under a decorator that is known not to take one.
pub(super) fn why_not(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("builtins.").unwrap_or(path);
    let top = path.split('.').next().unwrap_or(path);
    Some(match path {
        "functools.lru_cache"
        | "functools.cache"
        | "cachetools.cached"
        | "cachetools.func.ttl_cache" => {
            "it would keep a coroutine, which can be awaited only once"
        }
        "functools.cached_property"
        | "werkzeug.utils.cached_property"
        | "django.utils.functional.cached_property" => {
            "it would keep a coroutine, which can be awaited only once"
        }
        "property" => "every read of the property would have to be awaited",
        "functools.singledispatch" | "functools.singledispatchmethod" => {
            "what is registered for it would have to be async as well"
        }
        "atexit.register" | "signal.signal" => "nobody awaits what it calls",
        "numba.jit" | "numba.njit" => "it compiles sync functions only",
        _ => match top {
            "flask" => "Flask runs views without an event loop",
            "celery" => "a Celery worker does not await its tasks",
            "django" => "Django is told of sync and async views apart",
            "rq" | "huey" | "dramatiq" => "the worker does not await its tasks",
            "click" | "typer" => "a command is run without an event loop",
            "joblib" | "diskcache" => "it would keep a coroutine, which can be awaited only once",
            _ => return None,
        },
    })
}
