//! Look-ups of names and operations on blocking sockets, in a thread. Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::Expr;

use crate::blocking::{self, Blocking, always};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;
use crate::semantic::{Model, literal};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "socket_to_thread",
    summary: "socket.getaddrinfo(...), sock.recv(...) in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &["socket"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[],
    declared: None,
    run,
};

static TABLE: &[Blocking] = &[
    Blocking {
        of: "socket",
        names: &[
            "create_connection",
            "getaddrinfo",
            "getfqdn",
            "gethostbyaddr",
            "gethostbyname",
            "gethostbyname_ex",
            "getnameinfo",
        ],
        judge: always,
    },
    Blocking {
        of: "socket.socket",
        names: &[
            "accept",
            "connect",
            "connect_ex",
            "recv",
            "recv_into",
            "recvfrom",
            "recvfrom_into",
            "recvmsg",
            "send",
            "sendall",
            "sendfile",
            "sendto",
        ],
        judge: always,
    },
];

/// Whether the file switches a socket to non-blocking.
fn switches(model: &Model<'_>) -> bool {
    model.calls().any(|call| {
        let Expr::Attribute(method) = call.func.as_ref() else {
            return false;
        };
        match (method.attr.as_str(), &*call.arguments.args) {
            ("setblocking", [flag]) => literal::boolean(flag) != Some(true),
            ("settimeout", [seconds]) => literal::integer(seconds) == Some(0),
            _ => false,
        }
    })
}

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let switches = switches(model);
    // Then no operation on a socket is taken for one that blocks.
    blocking::report_if(context, TABLE, &|call| {
        !switches || model.meaning(&call.func).path().is_some()
    });
}
