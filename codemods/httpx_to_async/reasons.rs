//! Why sync httpx code is left alone.

use crate::unit::Reason;

/// The body is an iterator or a file.
pub static SYNC_BODY: Reason = Reason {
    code: "sync-body",
    message: "an async client takes no iterator or file as a body: it raises RuntimeError when the request is sent",
    help: "pass bytes (`content=file.read()`), or an async generator",
};

/// A transport that is not followed.
pub static TRANSPORT: Reason = Reason {
    code: "transport",
    message: "the transport is sync, or cannot be seen, and an async client needs an async one",
    help: "pass `httpx.HTTPTransport(...)`, `httpx.MockTransport(...)` or an instance of a class of the project",
};

/// Event hooks.
pub static EVENT_HOOKS: Reason = Reason {
    code: "event-hooks",
    message: "an async client awaits its event hooks, so they have to be coroutine functions",
    help: "write the hooks as `async def` and the client by hand",
};

/// An authentication that only sync clients use.
pub static SYNC_AUTH: Reason = Reason {
    code: "sync-auth",
    message: "an async client does not call `sync_auth_flow`: the request would be sent without authentication",
    help: "override `auth_flow`, which both clients use, or add `async_auth_flow`",
};

/// A member of a client that has no async counterpart.
pub static MEMBER: Reason = Reason {
    code: "client-member",
    message: "what is done with the client has no known async counterpart",
    help: "change it by hand",
};

/// A method of a client is used as a value.
pub static METHOD_VALUE: Reason = Reason {
    code: "client-method-value",
    message: "a blocking method of the client is used as a value, so its calls cannot be found",
    help: "call it directly, or wrap it in a function",
};

/// A method of a client is replaced.
pub static OVERRIDE: Reason = Reason {
    code: "client-override",
    message: "the class overrides a part of the sync client that the async client has in another form",
    help: "override `request` or `send`, or change the class by hand",
};

/// A stream that is not entered by a `with` statement, or a streamed response that goes out of sight.
pub static STREAM: Reason = Reason {
    code: "streamed-response",
    message: "the streamed response goes where its uses cannot be listed, and reading it has to be awaited",
    help: "read it in the function that opens the stream",
};

/// What a streamed response gives is not iterated in place.
pub static STREAM_ITERATOR: Reason = Reason {
    code: "stream-iterator",
    message: "the parts of a streamed response are handed on as an iterator, and they come asynchronously",
    help: "iterate them in a `for` statement or comprehension",
};

/// An argument that belongs on the client.
pub static CLIENT_ARGUMENT: Reason = Reason {
    code: "client-argument",
    message: "the argument is one of the client, and the requests of this function do not agree on it, or it cannot move \
              to the top of the block",
    help: "make a client of your own with it",
};

/// `*args` or `**kwargs` in a call of the module.
pub static STARRED: Reason = Reason {
    code: "starred-request",
    message: "the arguments are unpacked, so it is not visible which of them belong on the client",
    help: "write the arguments out",
};

/// There is no block for the client.
pub static NO_PLACE: Reason = Reason {
    code: "no-block-for-client",
    message: "no block of statements can hold the client and all requests",
    help: "move the requests into statements of one block",
};

/// The client would live across a `yield`.
pub static YIELDS: Reason = Reason {
    code: "client-across-yield",
    message: "the client would stay open where the generator yields, and nothing closes it if the generator is left",
    help: "make a client of your own, or collect the results first",
};

/// Both clients are meant.
pub static BOTH: Reason = Reason {
    code: "both-clients",
    message: "the code takes the sync client as well as the async one",
    help: "drop the sync one by hand",
};

/// A comment stands in a name.
pub static COMMENT: Reason = Reason {
    code: "comment-in-name",
    message: "a comment stands inside the name that changes",
    help: "move the comment",
};

/// `from httpx import *`.
pub static STAR_IMPORT: Reason = Reason {
    code: "httpx-star-import",
    message: "`from httpx import *` hides which names come from httpx",
    help: "import the names that are used",
};

/// Every reason of the codemod.
pub static REASONS: &[&Reason] = &[
    &SYNC_BODY,
    &TRANSPORT,
    &EVENT_HOOKS,
    &SYNC_AUTH,
    &MEMBER,
    &METHOD_VALUE,
    &OVERRIDE,
    &STREAM,
    &STREAM_ITERATOR,
    &CLIENT_ARGUMENT,
    &STARRED,
    &NO_PLACE,
    &YIELDS,
    &BOTH,
    &COMMENT,
    &STAR_IMPORT,
];

/// Those that are about a client, and not about a request.
pub static ABOUT_OBJECT: &[&Reason] = &[
    &TRANSPORT,
    &EVENT_HOOKS,
    &SYNC_AUTH,
    &MEMBER,
    &METHOD_VALUE,
    &OVERRIDE,
    &BOTH,
];
