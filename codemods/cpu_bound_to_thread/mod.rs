//! Functions of C libraries that compute for long -> `await asyncio.to_thread(...)`.
//!
//! They let go of the interpreter's lock while they work, so the event loop goes on. Sources: the note on the GIL in
//! <https://docs.python.org/3/library/hashlib.html>, `Py_BEGIN_ALLOW_THREADS` in `Modules/_hashopenssl.c`,
//! `zlibmodule.c`, `_bz2module.c` and `_lzmamodule.c` of CPython, and the READMEs of bcrypt and argon2-cffi.

use ruff_python_ast::{Expr, ExprCall};

use crate::blocking::{self, Blocking, Verdict};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;
use crate::semantic::Model;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "cpu_bound_to_thread",
    summary: "hashing and compression in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &[
        "pbkdf2_hmac",
        "scrypt",
        "checkpw",
        "hashpw",
        "compress",
        "PasswordHasher",
    ],
    role: Role::Structure,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[],
    declared: None,
    run,
};

/// How the result differs.
const NOTE: &str = "other tasks run meanwhile, and a buffer that is compressed must not change until it is done; with many calls at \
                    once the threads of the loop's pool are all busy";

/// Functions that are slow by design or by nature.
const SLOW: &[Blocking] = &[
    of("argon2.PasswordHasher", &["hash", "verify"]),
    of("bcrypt", &["checkpw", "hashpw"]),
    of("bz2", &["compress", "decompress"]),
    of("gzip", &["compress", "decompress"]),
    of("hashlib", &["pbkdf2_hmac", "scrypt"]),
    of("lzma", &["compress", "decompress"]),
    of("zlib", &["compress", "decompress"]),
];

const fn of(of: &'static str, names: &'static [&'static str]) -> Blocking {
    Blocking { of, names, judge }
}

fn judge(_: &Model<'_>, call: &ExprCall) -> Verdict {
    match is_short(call) {
        true => Verdict::Harmless,
        false => Verdict::Unsafe(NOTE),
    }
}

/// Whether a function is given a text that stands in the code: no such text takes long to compress.
pub fn is_short(call: &ExprCall) -> bool {
    let is_compression = matches!(call.func.as_ref(), Expr::Attribute(attribute)
        if matches!(attribute.attr.as_str(), "compress" | "decompress"));
    is_compression
        && call
            .arguments
            .args
            .first()
            .is_some_and(|data| data.is_bytes_literal_expr())
}

/// Whether a function of this path is slow by design or by nature.
pub fn is_slow(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(owner, name)| {
        SLOW.iter()
            .any(|row| row.of == owner && row.names.contains(&name))
    })
}

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, SLOW);
}
