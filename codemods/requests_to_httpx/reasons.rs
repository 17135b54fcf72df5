//! Why code that uses requests is left alone.

pub use crate::exceptions::{CAUGHT_ELSEWHERE, MIXED_TRY};
use crate::unit::Reason;

/// A request takes `stream=True`, or a response is read as a stream.
pub static STREAM: Reason = Reason {
    code: "stream",
    message: "the response is streamed, and an async client streams in a block of its own, which this use does not fit into",
    help: "assign the response to a name and read it in the statements that follow",
};

/// `*args` or `**kwargs` in a request.
pub static STARRED: Reason = Reason {
    code: "starred-arguments",
    message: "the arguments are unpacked, so it is not visible which of them the new client takes",
    help: "write the arguments out",
};

/// An argument that has no counterpart on an httpx call.
pub static ARGUMENT: Reason = Reason {
    code: "request-argument",
    message: "the argument has no counterpart in a call of the new client that does the same",
    help: "set it on the client by hand",
};

/// `params=` whose value is not visible.
pub static PARAMS_VALUE: Reason = Reason {
    code: "params-value",
    message: "the new client takes None, booleans and nested values of `params` in another form, and the values are not visible",
    help: "pass a dictionary display of strings and numbers",
};

/// A body whose type is not visible.
pub static BODY: Reason = Reason {
    code: "body-type",
    message: "the new client sends form fields, text and files in different ways, and the type of the body is not visible",
    help: "pass a dictionary display, a string or bytes",
};

/// `files=` in a form that httpx sends differently.
pub static FILES: Reason = Reason {
    code: "files-form",
    message: "the new client sends this form of `files` differently",
    help: "pass `{\"field\": (name, content, content_type)}`",
};

/// Header values that httpx does not take.
pub static HEADERS: Reason = Reason {
    code: "header-value",
    message: "the new client does not take this header value: None removes a header in requests, and text that is not ASCII is sent as Latin-1",
    help: "leave the header out, or encode its value",
};

/// An authentication value that is not visible.
pub static AUTH: Reason = Reason {
    code: "auth-value",
    message: "the new client takes other values here, and this one may be a class of requests",
    help: "pass `(user, password)`",
};

/// A class derived from `requests.Session`.
pub static SESSION_CLASS: Reason = Reason {
    code: "session-subclass",
    message: "the class derives from `requests.Session`, and the new client calls other methods of its own",
    help: "derive it from the new client by hand, or give it a session instead",
};

/// A use of a session that httpx has not.
pub static SESSION_USE: Reason = Reason {
    code: "session-use",
    message: "the session is used in a way that the new client does not know, or knows differently",
    help: "configure the client by hand",
};

/// The session's life cannot become a block.
pub static SESSION_LIFE: Reason = Reason {
    code: "session-life",
    message: "the session is used where a closed client fails, or is never closed and cannot be",
    help: "use the session in `with requests.Session() as session:`",
};

/// The response leaves the function.
pub static RESPONSE_ESCAPES: Reason = Reason {
    code: "response-escapes",
    message: "the response goes where its uses are not known, and one of the new client is not the same",
    help: "hand on what is read from the response instead",
};

/// A use of a response that httpx has not.
pub static RESPONSE_USE: Reason = Reason {
    code: "response-use",
    message: "a response of the new client does not have this, or does it differently",
    help: "read the response in another way",
};

/// A name is a response only at times.
pub static RESPONSE_MIXED: Reason = Reason {
    code: "mixed-value",
    message: "the name may hold something else than what requests returned",
    help: "use a name of its own for the response",
};

/// An `except OSError` catches what requests raises.
pub static CAUGHT_AS_OSERROR: Reason = Reason {
    code: "caught-as-oserror",
    message: "errors of requests are OSErrors and are caught as such here; those of the new client are not, or not all",
    help: "catch `requests.RequestException`",
};

/// An exception that httpx has no match for.
pub static EXCEPTION: Reason = Reason {
    code: "exception-type",
    message: "no exception of the new client is raised in the same cases",
    help: "catch `requests.RequestException`",
};

/// An exception of requests is used in another way than being caught.
pub static EXCEPTION_USE: Reason = Reason {
    code: "exception-use",
    message: "an exception of requests is used in a way that is not known to be right for one of the new client",
    help: "catch it by name in an `except` clause and read only its response",
};

/// The function raises an exception of requests.
pub static RAISES: Reason = Reason {
    code: "raises-requests",
    message: "the function raises an exception of requests, and callers may catch it by that name",
    help: "raise an exception of your own",
};

/// A part of requests that httpx has not.
pub static NO_COUNTERPART: Reason = Reason {
    code: "no-counterpart",
    message: "the new client has no counterpart for this part of requests, or it is not known",
    help: "migrate it by hand",
};

/// A library on top of requests.
pub static RELATED: Reason = Reason {
    code: "related-library",
    message: "the library is built on requests and blocks, and async clients have others in its place",
    help: "move to the counterpart that is named, by hand",
};

/// The file replaces requests by a double.
pub static MOCKED: Reason = Reason {
    code: "mocked",
    message: "the file replaces requests by a test double, which would no longer be called",
    help: "migrate the doubles together with the code: respx or pytest-httpx for httpx, aioresponses for aiohttp",
};

/// `from requests import *`.
pub static STAR_IMPORT: Reason = Reason {
    code: "star-import",
    message: "`from requests import *` hides which names are of requests",
    help: "import the names that are used",
};

/// There is no place for the client.
pub static NO_PLACE: Reason = Reason {
    code: "no-place-for-client",
    message: "there is no run of statements for the client's block",
    help: "assign the response to a name in a statement of its own",
};

/// Every reason of this codemod.
pub static REASONS: &[&Reason] = &[
    &STREAM,
    &STARRED,
    &ARGUMENT,
    &PARAMS_VALUE,
    &BODY,
    &FILES,
    &HEADERS,
    &AUTH,
    &SESSION_CLASS,
    &SESSION_USE,
    &SESSION_LIFE,
    &RESPONSE_ESCAPES,
    &RESPONSE_USE,
    &RESPONSE_MIXED,
    &CAUGHT_AS_OSERROR,
    &CAUGHT_ELSEWHERE,
    &MIXED_TRY,
    &EXCEPTION,
    &EXCEPTION_USE,
    &RAISES,
    &NO_COUNTERPART,
    &RELATED,
    &MOCKED,
    &STAR_IMPORT,
    &NO_PLACE,
];
