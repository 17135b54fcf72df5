//! Why code that uses requests is left alone. Most reasons are those of `requests_to_httpx`.

use crate::codemods::requests_to_httpx::reasons as shared;
use crate::unit::Reason;

/// A request stands where its response cannot have a block.
pub static POSITION: Reason = Reason {
    code: "no-place-for-response",
    message: "a response of aiohttp lives in a block, and there is no place for one round this request",
    help: "assign the response to a name in a statement of its own",
};

/// Every reason of this codemod.
pub static REASONS: &[&Reason] = &[
    &POSITION,
    &shared::STREAM,
    &shared::STARRED,
    &shared::ARGUMENT,
    &shared::PARAMS_VALUE,
    &shared::BODY,
    &shared::FILES,
    &shared::HEADERS,
    &shared::AUTH,
    &shared::SESSION_CLASS,
    &shared::SESSION_USE,
    &shared::SESSION_LIFE,
    &shared::RESPONSE_ESCAPES,
    &shared::RESPONSE_USE,
    &shared::RESPONSE_MIXED,
    &shared::CAUGHT_AS_OSERROR,
    &shared::CAUGHT_ELSEWHERE,
    &shared::MIXED_TRY,
    &shared::EXCEPTION,
    &shared::EXCEPTION_USE,
    &shared::RAISES,
    &shared::NO_COUNTERPART,
    &shared::RELATED,
    &shared::MOCKED,
    &shared::STAR_IMPORT,
    &shared::NO_PLACE,
];
