//! Why sync SQLAlchemy code is left alone.

use super::query::reasons as query;
use crate::unit::Reason;

/// The driver has no async counterpart, or the URL says none.
pub static DRIVER: Reason = Reason {
    code: "database-driver",
    message: "the database driver that the URL names has no async counterpart that is known to behave alike",
    help: "choose an async driver and write its name in the URL",
};

/// An argument of the engine.
pub static ENGINE_ARGUMENT: Reason = Reason {
    code: "engine-argument",
    message: "an async engine does not take the argument, or takes it in another form",
    help: "change the argument by hand",
};

/// An argument of the maker or the session.
pub static SESSION_ARGUMENT: Reason = Reason {
    code: "session-argument",
    message: "an async session does not take the argument, or needs it otherwise",
    help: "change the argument by hand",
};

/// A class of the project derives from a session.
pub static SUBCLASS: Reason = Reason {
    code: "derived-session",
    message: "a class of the project derives from the sync class, and its methods would not be called by the async one",
    help: "pass the class as `sync_session_class`, or derive it from `AsyncSession` by hand",
};

/// A member without an async counterpart.
pub static MEMBER: Reason = Reason {
    code: "session-member",
    message: "what is done with the object has no known async counterpart",
    help: "change it by hand, for example with `run_sync`",
};

/// A method is used as a value.
pub static METHOD_VALUE: Reason = Reason {
    code: "session-method-value",
    message: "a blocking method is used as a value, so its calls cannot be found",
    help: "call it directly, or wrap it in a function",
};

/// What has to be entered is not.
pub static NOT_ENTERED: Reason = Reason {
    code: "connection-not-entered",
    message: "the connection or transaction is not entered where it is made, and the async one cannot be entered later",
    help: "write `with engine.connect() as connection:`",
};

/// Expired attributes are loaded when they are read.
pub static EXPIRES: Reason = Reason {
    code: "expired-attributes",
    message: "attributes that are expired are loaded when they are read, which an async session cannot do",
    help: "use `refresh`, which is awaited",
};

/// A lazy attribute is read.
pub static LAZY_LOAD: Reason = Reason {
    code: "lazy-load",
    message: "reading the attribute loads it from the database, which an async session cannot do: it raises MissingGreenlet",
    help: "load it with the query (`selectinload`), or declare the relationship with `lazy=\"selectin\"`",
};

/// Results that come in parts.
pub static STREAMED: Reason = Reason {
    code: "streamed-rows",
    message: "rows that come in parts are read with `stream`, and its results are async iterators",
    help: "write `await session.stream(...)` and `async for` by hand",
};

/// A session in several tasks.
pub static SHARED: Reason = Reason {
    code: "session-in-tasks",
    message: "the session is handed to code that runs at the same time, and a session works for one task only",
    help: "open a session in each task",
};

/// What takes the object is not known to take the async one.
pub static TAKEN: Reason = Reason {
    code: "engine-taken",
    message: "the function or method takes the sync object, and the async one works otherwise",
    help: "call it with `run_sync` by hand",
};

/// A listener or another function that SQLAlchemy calls with sync objects.
pub static LISTENER: Reason = Reason {
    code: "event-listener",
    message: "SQLAlchemy calls the function with the sync object, whatever the application uses",
    help: "drop the annotation, or keep the sync class in it by hand",
};

/// Tables are made when a module is imported.
pub static STARTUP: Reason = Reason {
    code: "tables-at-import",
    message: "the tables are made when the module is imported, where nothing can be awaited, and the application has handlers \
              or a lifespan that cannot take it",
    help: "make them in the lifespan of the application",
};

/// Tables are made when a module is imported, and tests need them without starting the application.
pub static UNENTERED: Reason = Reason {
    code: "tables-of-a-test-client",
    message: "the tables are made when the module is imported; the application would make them when it starts, which this test \
              client does not do, and its requests use them",
    help: "enter the test client (`with TestClient(app) as client:`), or make the tables in the tests",
};

/// The session of an object.
pub static OBJECT_SESSION: Reason = Reason {
    code: "session-of-an-object",
    message: "the object gives its sync session, which cannot wait for the database here: it raises MissingGreenlet",
    help: "hand the session over to the function",
};

/// Both classes are meant.
pub static BOTH: Reason = Reason {
    code: "both-sessions",
    message: "the code takes the sync class as well as the async one",
    help: "drop the sync one by hand",
};

/// The project is pinned to a version without the async API.
pub static OLD: Reason = Reason {
    code: "old-sqlalchemy",
    message: "the project asks for SQLAlchemy below 2.0",
    help: "raise the requirement to `sqlalchemy>=2.0`",
};

/// A comment stands in what changes.
pub static COMMENT: Reason = Reason {
    code: "sqlalchemy-comment",
    message: "a comment stands inside the code that changes",
    help: "move the comment",
};

/// Every reason of the codemod.
pub static REASONS: &[&Reason] = &[
    &DRIVER,
    &ENGINE_ARGUMENT,
    &SESSION_ARGUMENT,
    &SUBCLASS,
    &MEMBER,
    &METHOD_VALUE,
    &NOT_ENTERED,
    &EXPIRES,
    &LAZY_LOAD,
    &STREAMED,
    &SHARED,
    &TAKEN,
    &LISTENER,
    &STARTUP,
    &UNENTERED,
    &OBJECT_SESSION,
    &BOTH,
    &OLD,
    &COMMENT,
    &query::ROWS,
    &query::METHOD,
    &query::ARGUMENT,
    &query::ESCAPES,
    &query::MIXED,
    &query::TRUTH,
    &query::SESSION,
    &query::FILTER_BY,
    &query::BULK,
    &query::SLICE,
    &query::BATCHES,
    &query::COMMENT,
];

/// Those that are about an object, and not about a call that blocks where it stands.
pub static ABOUT_OBJECT: &[&Reason] = &[
    &DRIVER,
    &ENGINE_ARGUMENT,
    &SESSION_ARGUMENT,
    &SUBCLASS,
    &MEMBER,
    &METHOD_VALUE,
    &NOT_ENTERED,
    &EXPIRES,
    &LAZY_LOAD,
    &SHARED,
    &TAKEN,
    &LISTENER,
    &BOTH,
    &OLD,
];
