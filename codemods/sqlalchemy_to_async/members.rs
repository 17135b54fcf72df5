//! What engines, makers, sessions, connections and transactions have, and what becomes of it.
//!
//! Source: `dir()` of both classes in SQLAlchemy 2.0.57 and 2.1.9, each method called on both.

use super::reasons;
use crate::unit::Reason;
use crate::values::Giver;

/// An `Engine`.
pub const ENGINE: usize = 0;
/// A `sessionmaker`.
pub const MAKER: usize = 1;
/// A `Session`.
pub const SESSION: usize = 2;
/// A `Connection`.
pub const CONNECTION: usize = 3;
/// A `scoped_session`.
pub const SCOPED: usize = 4;
/// A `Transaction` or `SessionTransaction`.
pub const TRANSACTION: usize = 5;

/// What gives what.
pub static GIVERS: &[Giver] = &[
    giver(ENGINE, "connect", CONNECTION),
    giver(ENGINE, "begin", CONNECTION),
    giver(ENGINE, "execution_options", ENGINE),
    giver(MAKER, "", SESSION),
    giver(MAKER, "begin", SESSION),
    giver(SESSION, "begin", TRANSACTION),
    giver(SESSION, "begin_nested", TRANSACTION),
    giver(SESSION, "connection", CONNECTION),
    giver(CONNECTION, "begin", TRANSACTION),
    giver(CONNECTION, "begin_nested", TRANSACTION),
    giver(CONNECTION, "execution_options", CONNECTION),
    giver(SCOPED, "", SESSION),
    giver(SCOPED, "begin", TRANSACTION),
    giver(SCOPED, "begin_nested", TRANSACTION),
    giver(SCOPED, "connection", CONNECTION),
];

const fn giver(of: usize, member: &'static str, gives: usize) -> Giver {
    Giver { of, member, gives }
}

/// The names in [`GIVERS`].
pub static GIVER_NAMES: &[&str] = &[
    "",
    "begin",
    "begin_nested",
    "connect",
    "connection",
    "execution_options",
];

/// Methods of other objects that take an engine or a connection.
pub static TAKING_METHODS: &[&str] = &["configure", "create_all", "drop_all", "reflect"];

/// Those, and the functions that take one.
pub static TAKERS: &[&str] = &[
    ".configure",
    ".create_all",
    ".drop_all",
    ".reflect",
    "pandas.read_sql",
    "pandas.read_sql_query",
    "pandas.read_sql_table",
    "sqlalchemy.Table",
    "sqlalchemy.schema.Table",
    "sqlalchemy.inspect",
    "sqlalchemy.inspection.inspect",
    "sqlalchemy.event.listen",
    "sqlalchemy.event.api.listen",
    "sqlalchemy.event.listens_for",
    "sqlalchemy.event.api.listens_for",
];

/// What becomes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A method that is awaited.
    Awaited,
    /// A method whose result is entered, or awaited where it is not.
    Block,
    /// A method whose result has to be entered.
    Entered,
    /// A method or attribute that is the same.
    Same,
    /// `get_bind`, `bind`: the same as long as only its dialect is asked for.
    Bind,
    /// A method that only the sync session has: it is run by `run_sync`.
    Synced,
    /// `query`.
    Query,
    /// What has no async counterpart.
    Refused(&'static Reason),
}

/// The member of this name of a value of that kind.
pub fn member(kind: usize, name: &str) -> Member {
    match kind {
        ENGINE => engine(name),
        MAKER => maker(name),
        SESSION => session(name),
        CONNECTION => connection(name),
        SCOPED => match name {
            "remove" => Member::Awaited,
            "configure" => Member::Same,
            "registry"
            | "session_factory"
            | "query_property"
            | "in_transaction"
            | "in_nested_transaction"
            | "get_transaction"
            | "get_nested_transaction"
            | "close_all" => Member::Refused(&reasons::MEMBER),
            _ => session(name),
        },
        TRANSACTION => match name {
            "commit" | "rollback" | "close" => Member::Awaited,
            "is_active" | "is_valid" | "nested" => Member::Same,
            _ => Member::Refused(&reasons::MEMBER),
        },
        _ => Member::Refused(&reasons::MEMBER),
    }
}

fn engine(name: &str) -> Member {
    match name {
        "connect" => Member::Block,
        "begin" => Member::Entered,
        "dispose" => Member::Awaited,
        "clear_compiled_cache"
        | "dialect"
        | "driver"
        | "echo"
        | "execution_options"
        | "get_execution_options"
        | "name"
        | "pool"
        | "update_execution_options"
        | "url" => Member::Same,
        _ => Member::Refused(&reasons::MEMBER),
    }
}

fn maker(name: &str) -> Member {
    match name {
        "begin" => Member::Entered,
        "configure" | "kw" => Member::Same,
        _ => Member::Refused(&reasons::MEMBER),
    }
}

fn session(name: &str) -> Member {
    match name {
        "close" | "commit" | "connection" | "delete" | "delete_all" | "exec" | "execute"
        | "flush" | "get" | "get_one" | "invalidate" | "merge" | "merge_all" | "refresh"
        | "reset" | "rollback" | "scalar" | "scalars" => Member::Awaited,
        "begin" | "begin_nested" => Member::Block,
        "add"
        | "add_all"
        | "autoflush"
        | "deleted"
        | "dirty"
        | "expunge"
        | "expunge_all"
        | "get_nested_transaction"
        | "get_transaction"
        | "identity_key"
        | "identity_map"
        | "in_nested_transaction"
        | "in_transaction"
        | "info"
        | "is_active"
        | "is_modified"
        | "new"
        | "no_autoflush" => Member::Same,
        "bind" | "get_bind" => Member::Bind,
        "bulk_save_objects" | "bulk_insert_mappings" | "bulk_update_mappings" => Member::Synced,
        "query" => Member::Query,
        "expire" | "expire_all" => Member::Refused(&reasons::EXPIRES),
        _ => Member::Refused(&reasons::MEMBER),
    }
}

fn connection(name: &str) -> Member {
    match name {
        "close"
        | "commit"
        | "exec_driver_sql"
        | "execute"
        | "execution_options"
        | "get_isolation_level"
        | "invalidate"
        | "rollback"
        | "scalar"
        | "scalars" => Member::Awaited,
        "begin" | "begin_nested" => Member::Block,
        "closed"
        | "default_isolation_level"
        | "dialect"
        | "get_nested_transaction"
        | "get_transaction"
        | "in_nested_transaction"
        | "in_transaction"
        | "info"
        | "invalidated" => Member::Same,
        _ => Member::Refused(&reasons::MEMBER),
    }
}

/// The names of the members: what counts where the receiver is not known.
pub static NAMES: &[&str] = &[
    "add",
    "add_all",
    "begin",
    "begin_nested",
    "close",
    "commit",
    "connect",
    "connection",
    "delete",
    "dispose",
    "exec",
    "exec_driver_sql",
    "execute",
    "execution_options",
    "expire",
    "expunge",
    "flush",
    "get",
    "get_one",
    "merge",
    "query",
    "refresh",
    "remove",
    "rollback",
    "scalar",
    "scalars",
];
