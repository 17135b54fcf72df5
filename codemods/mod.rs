//! The codemods: one folder each. Add a line to both lists; a test says so where one is missing.

use crate::codemod::Codemod;

pub mod gather_to_taskgroup;
pub mod open_to_aiofiles;
pub mod requests_to_httpx;
pub mod sessionmaker_to_async_sessionmaker;
pub mod time_sleep_to_asyncio;

/// Every codemod, by name.
pub static CODEMODS: &[&Codemod] = &[
    &gather_to_taskgroup::CODEMOD,
    &open_to_aiofiles::CODEMOD,
    &requests_to_httpx::CODEMOD,
    &sessionmaker_to_async_sessionmaker::CODEMOD,
    &time_sleep_to_asyncio::CODEMOD,
];
