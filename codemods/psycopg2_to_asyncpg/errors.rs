//! The exceptions of psycopg2 that handlers name, as those of asyncpg.
//!
//! Both libraries have a class for each SQLSTATE. The wide classes of psycopg2 are those of several states and of what the
//! client finds out by itself, so two classes of asyncpg stand for them. Measured with psycopg2 2.9.13 and asyncpg 0.32.0.

/// What takes the place of a class.
pub(super) struct Twin {
    /// The names in the package `asyncpg`.
    pub(super) names: &'static [&'static str],
    /// Whether each such exception comes from the server, and has its state.
    pub(super) has_state: bool,
}

/// The twin of a class of psycopg2, by its dotted path.
///
/// `OperationalError`, `ProgrammingError` and the like have none: asyncpg parts the states in other ways. What the server
/// finds wrong in a text (`InvalidTextRepresentation`), asyncpg finds before it is sent.
pub(super) fn twin(path: &str) -> Option<Twin> {
    let server = |names| {
        Some(Twin {
            names,
            has_state: true,
        })
    };
    match path {
        "psycopg2.Error" | "psycopg2.DatabaseError" => Some(Twin {
            names: &["PostgresError", "InterfaceError"],
            has_state: false,
        }),
        "psycopg2.IntegrityError" => server(&["IntegrityConstraintViolationError"]),
        "psycopg2.errors.CheckViolation" => server(&["CheckViolationError"]),
        "psycopg2.errors.DeadlockDetected" => server(&["DeadlockDetectedError"]),
        "psycopg2.errors.DivisionByZero" => server(&["DivisionByZeroError"]),
        "psycopg2.errors.DuplicateColumn" => server(&["DuplicateColumnError"]),
        "psycopg2.errors.DuplicateDatabase" => server(&["DuplicateDatabaseError"]),
        "psycopg2.errors.DuplicateObject" => server(&["DuplicateObjectError"]),
        "psycopg2.errors.DuplicateSchema" => server(&["DuplicateSchemaError"]),
        "psycopg2.errors.DuplicateTable" => server(&["DuplicateTableError"]),
        "psycopg2.errors.ExclusionViolation" => server(&["ExclusionViolationError"]),
        "psycopg2.errors.ForeignKeyViolation" => server(&["ForeignKeyViolationError"]),
        "psycopg2.errors.InsufficientPrivilege" => server(&["InsufficientPrivilegeError"]),
        "psycopg2.errors.LockNotAvailable" => server(&["LockNotAvailableError"]),
        "psycopg2.errors.NotNullViolation" => server(&["NotNullViolationError"]),
        "psycopg2.errors.QueryCanceled" => server(&["QueryCanceledError"]),
        "psycopg2.errors.RaiseException" => server(&["RaiseError"]),
        "psycopg2.errors.SerializationFailure" => server(&["SerializationError"]),
        "psycopg2.errors.StringDataRightTruncation" => server(&["StringDataRightTruncationError"]),
        "psycopg2.errors.SyntaxError" => server(&["PostgresSyntaxError"]),
        "psycopg2.errors.UndefinedColumn" => server(&["UndefinedColumnError"]),
        "psycopg2.errors.UndefinedFunction" => server(&["UndefinedFunctionError"]),
        "psycopg2.errors.UndefinedObject" => server(&["UndefinedObjectError"]),
        "psycopg2.errors.UndefinedTable" => server(&["UndefinedTableError"]),
        "psycopg2.errors.UniqueViolation" => server(&["UniqueViolationError"]),
        _ => None,
    }
}

/// Whether a class of Python is raised by none of the two: all but `OSError` and its kind, which asyncpg raises where it lost
/// its server, and psycopg2 does not.
pub(super) fn is_of_neither(path: &str) -> bool {
    const OF_SYSTEM: &[&str] = &[
        "OSError",
        "IOError",
        "EnvironmentError",
        "BlockingIOError",
        "BrokenPipeError",
        "ChildProcessError",
        "ConnectionError",
        "ConnectionAbortedError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "FileExistsError",
        "FileNotFoundError",
        "InterruptedError",
        "IsADirectoryError",
        "NotADirectoryError",
        "PermissionError",
        "ProcessLookupError",
        "TimeoutError",
    ];
    path.strip_prefix("builtins.")
        .is_some_and(|name| !OF_SYSTEM.contains(&name))
}
