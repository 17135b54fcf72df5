//! The codemods: one folder each. Add a line to both lists; a test says so where one is missing.

use crate::codemod::{Codemod, Following};

pub mod gather_to_taskgroup;
pub mod httpx_to_async;
pub mod open_to_aiofiles;
pub mod os_to_aiofiles_os;
pub mod pathlib_to_thread;
pub mod requests_to_httpx;
pub mod sessionmaker_to_async_sessionmaker;
pub mod tempfile_to_aiofiles;
pub mod time_sleep_to_asyncio;

/// Every codemod, by name.
pub static CODEMODS: &[&Codemod] = &[
    &gather_to_taskgroup::CODEMOD,
    &httpx_to_async::CODEMOD,
    &open_to_aiofiles::CODEMOD,
    &os_to_aiofiles_os::CODEMOD,
    &pathlib_to_thread::CODEMOD,
    &requests_to_httpx::CODEMOD,
    &sessionmaker_to_async_sessionmaker::CODEMOD,
    &tempfile_to_aiofiles::CODEMOD,
    &time_sleep_to_asyncio::CODEMOD,
];

/// What codemods follow over the project, by name.
pub static FOLLOWING: &[&Following] = &[
    &httpx_to_async::FOLLOWING,
    &httpx_to_async::FOLLOWING_HTTPX2,
    &requests_to_httpx::FOLLOWING,
];
