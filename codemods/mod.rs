//! The codemods: one folder each. Add a line to both lists; a test says so where one is missing.

use crate::codemod::Codemod;

pub mod requests_to_httpx;
pub mod time_sleep_to_asyncio;

/// Every codemod, by name.
pub static CODEMODS: &[&Codemod] = &[&requests_to_httpx::CODEMOD, &time_sleep_to_asyncio::CODEMOD];
