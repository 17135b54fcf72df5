//! Why a connection of psycopg2 stays, where asyncpg is to take its place.

use crate::unit::Reason;

/// The connection is not made, used and closed in one function.
pub(super) static CONNECTION: Reason = Reason {
    code: "connection-not-local",
    message: "asyncpg has no cursors, so all that is done with a connection has to be seen in one function",
    help: "make, use and close the connection in one function, or use `postgres-driver = \"psycopg\"`",
};

/// Nothing closes it.
pub(super) static NOT_CLOSED: Reason = Reason {
    code: "connection-not-closed",
    message: "nothing closes the connection: `with` ends a transaction of psycopg2, and not its connection",
    help: "assign the connection to a name and close it in a `finally`",
};

/// An argument of `connect`.
pub(super) static ARGUMENT: Reason = Reason {
    code: "connection-argument",
    message: "asyncpg does not take this argument of `psycopg2.connect`",
    help: "write `ssl`, `timeout` and `server_settings` by hand, or use `postgres-driver = \"psycopg\"`",
};

/// A statement that is committed in a way that no block shows.
pub(super) static TRANSACTION: Reason = Reason {
    code: "transaction-without-block",
    message: "asyncpg commits each statement by itself outside of `conn.transaction()`, and psycopg2 begins a transaction",
    help: "put the statements into `with conn:`, or set `conn.autocommit = True` behind `connect`",
};

/// A `with` statement that is more than a transaction or a cursor.
pub(super) static BLOCK: Reason = Reason {
    code: "block-of-cursors",
    message: "the cursor goes, and its statement cannot go with it here",
    help: "make the cursor in a statement or `with` block of its own, in a line of its own",
};

/// A member of a cursor.
pub(super) static CURSOR: Reason = Reason {
    code: "cursor-without-twin",
    message: "asyncpg has no cursors outside of server-side ones, and nothing that does the same",
    help: "use `execute` and a fetch of all rows or of one, or `postgres-driver = \"psycopg\"`",
};

/// Rows that are not fetched right behind their statement.
pub(super) static FETCH: Reason = Reason {
    code: "fetch-apart",
    message: "asyncpg fetches rows with the statement itself, and this fetch is not the first thing behind one `execute`",
    help: "fetch all rows in the statement that follows `execute`",
};

/// A row that is not only unpacked and indexed.
pub(super) static ROW: Reason = Reason {
    code: "row-not-a-tuple",
    message: "a row of asyncpg is a `Record` and no tuple, and this one goes where that may be told",
    help: "unpack the row, or index it by position",
};

/// SQL that cannot be rewritten.
pub(super) static SQL: Reason = Reason {
    code: "sql-for-asyncpg",
    message: "asyncpg takes numbered parameters (`$1`), strictly typed, in one statement, and this SQL cannot be written so",
    help: "write the SQL as one plain string, with casts where the types are not certain",
};

/// Parameters that cannot be rewritten.
pub(super) static PARAMETERS: Reason = Reason {
    code: "parameters-for-asyncpg",
    message: "asyncpg takes each parameter as an argument, and these are not written in the call one by one",
    help: "write the parameters as a tuple, or as a dictionary with a name for each placeholder",
};

/// Another name of psycopg2 in the function, or a handler.
pub(super) static OTHER_NAME: Reason = Reason {
    code: "other-name-of-psycopg2",
    message: "asyncpg has its own exceptions and adapts no values as psycopg2 does, and this function names such a thing, or catches what may be one",
    help: "catch the exceptions in the caller by a wide class, or use `postgres-driver = \"psycopg\"`",
};

/// A pool.
pub(super) static POOL: Reason = Reason {
    code: "pool-for-asyncpg",
    message: "pools of asyncpg are opened by an awaited call and give connections to blocks",
    help: "use `postgres-driver = \"psycopg\"`, or write `asyncpg.create_pool` and `pool.acquire()` by hand",
};

/// Every reason of this module.
pub(super) static REASONS: &[&Reason] = &[
    &CONNECTION,
    &NOT_CLOSED,
    &ARGUMENT,
    &TRANSACTION,
    &BLOCK,
    &CURSOR,
    &FETCH,
    &ROW,
    &SQL,
    &PARAMETERS,
    &OTHER_NAME,
    &POOL,
];
