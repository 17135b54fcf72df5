//! The codemods: one folder each. Add a line to the lists; a test says so where one is missing.

use std::sync::LazyLock;

use crate::codemod::{Codemod, Following};
use crate::declare;
use crate::unit::Reason;

pub mod async_timeout_to_asyncio;
pub mod client_per_call_to_shared;
pub mod client_to_async_with;
pub mod coroutine_decorator_to_async;
pub mod cpu_bound_to_thread;
pub mod create_task_keeps_reference;
pub mod drop_loop_argument;
pub mod ensure_future_to_create_task;
pub mod executor_to_asyncio;
pub mod gather_to_bounded;
pub mod gather_to_taskgroup;
pub mod get_event_loop_to_running_loop;
pub mod httpx_to_async;
pub mod input_to_thread;
pub mod on_event_to_lifespan;
pub mod open_to_aiofiles;
pub mod os_to_aiofiles_os;
pub mod pathlib_to_thread;
pub mod psycopg2_to_asyncpg;
pub mod queue_to_asyncio;
pub mod requests_to_aiohttp;
pub mod requests_to_httpx;
pub mod run_in_executor_to_thread;
pub mod run_until_complete_to_run;
pub mod sequential_awaits_to_taskgroup;
pub mod sessionmaker_to_async_sessionmaker;
pub mod socket_to_thread;
pub mod sqlalchemy_to_async;
pub mod subprocess_to_asyncio;
pub mod tempfile_to_aiofiles;
pub mod threading_to_asyncio;
pub mod time_sleep_to_asyncio;
pub mod timeout_error_to_builtin;
pub mod urllib_to_thread;
pub mod uvloop_policy_to_run;
pub mod wait_for_to_timeout;

/// Every codemod, by name.
pub static CODEMODS: LazyLock<Vec<&Codemod>> = LazyLock::new(|| {
    // One that is wrong would be missing: a test says what is wrong with it.
    let declared = DECLARED
        .iter()
        .filter_map(|(name, text, readme)| declare::read(text, name, Some(readme)).ok());
    let mut all: Vec<&Codemod> = WRITTEN.iter().copied().chain(declared).collect();
    all.sort_by_key(|codemod| codemod.name);
    all
});

/// Those that are written in Rust.
static WRITTEN: &[&Codemod] = &[
    &async_timeout_to_asyncio::CODEMOD,
    &coroutine_decorator_to_async::CODEMOD,
    &client_per_call_to_shared::CODEMOD,
    &client_to_async_with::CODEMOD,
    &cpu_bound_to_thread::CODEMOD,
    &create_task_keeps_reference::CODEMOD,
    &drop_loop_argument::CODEMOD,
    &ensure_future_to_create_task::CODEMOD,
    &executor_to_asyncio::CODEMOD,
    &gather_to_bounded::CODEMOD,
    &gather_to_taskgroup::CODEMOD,
    &get_event_loop_to_running_loop::CODEMOD,
    &httpx_to_async::CODEMOD,
    &input_to_thread::CODEMOD,
    &on_event_to_lifespan::CODEMOD,
    &open_to_aiofiles::CODEMOD,
    &os_to_aiofiles_os::CODEMOD,
    &pathlib_to_thread::CODEMOD,
    &psycopg2_to_asyncpg::CODEMOD,
    &queue_to_asyncio::CODEMOD,
    &requests_to_aiohttp::CODEMOD,
    &requests_to_httpx::CODEMOD,
    &run_in_executor_to_thread::CODEMOD,
    &run_until_complete_to_run::CODEMOD,
    &sequential_awaits_to_taskgroup::CODEMOD,
    &sessionmaker_to_async_sessionmaker::CODEMOD,
    &socket_to_thread::CODEMOD,
    &sqlalchemy_to_async::CODEMOD,
    &subprocess_to_asyncio::CODEMOD,
    &tempfile_to_aiofiles::CODEMOD,
    &threading_to_asyncio::CODEMOD,
    &time_sleep_to_asyncio::CODEMOD,
    &timeout_error_to_builtin::CODEMOD,
    &urllib_to_thread::CODEMOD,
    &uvloop_policy_to_run::CODEMOD,
    &wait_for_to_timeout::CODEMOD,
];

/// The opt-in codemods that say of code, where they are not named, why it must stay as it is: for which reasons.
pub static TELLING: &[(&Codemod, &[&Reason])] = &[(
    &sequential_awaits_to_taskgroup::CODEMOD,
    sequential_awaits_to_taskgroup::TOLD,
)];

/// Reasons for leaving calls that do not block, or not for long.
pub static BRIEF: &[&Reason] = &[
    &executor_to_asyncio::NOTHING,
    &os_to_aiofiles_os::AT_ONCE,
    &threading_to_asyncio::LOCK,
    &time_sleep_to_asyncio::NEGATIVE,
];

/// What codemods follow over the project, by name.
pub static FOLLOWING: &[&Following] = &[
    &httpx_to_async::FOLLOWING,
    &httpx_to_async::FOLLOWING_HTTPX2,
    &requests_to_httpx::FOLLOWING,
    &sqlalchemy_to_async::FOLLOWING,
    &requests_to_httpx::FOLLOWING_RESPONSES,
];

/// Name, `codemod.toml` and README of those that are declared.
macro_rules! declared {
    ($($name:literal)*) => {
        &[$((
            $name,
            include_str!(concat!($name, "/codemod.toml")),
            include_str!(concat!($name, "/README.md")),
        )),*]
    };
}

/// Those that are declared: name, `codemod.toml` and README.
pub static DECLARED: &[(&str, &str, &str)] = declared! {
    "anthropic_to_async"
    "boto3_to_aioboto3"
    "dnspython_to_async"
    "elasticsearch_to_async"
    "motor_to_pymongo"
    "mysql_connector_to_aio"
    "mysqlclient_to_aiomysql"
    "neo4j_to_async"
    "openai_to_async"
    "opensearch_to_async"
    "psycopg2_to_psycopg"
    "psycopg_to_async"
    "pymongo_to_async"
    "pymysql_to_aiomysql"
    "redis_to_redis_asyncio"
    "slack_sdk_to_async"
    "smtplib_to_aiosmtplib"
    "sqlite3_to_aiosqlite"
    "testclient_to_async"
    "websockets_to_asyncio"
};
