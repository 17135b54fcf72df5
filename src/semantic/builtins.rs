//! The names of Python's builtin functions and classes in small letters.
//!
//! Source: <https://docs.python.org/3/library/functions.html>.

/// The builtins in small letters that are not in [`RESULTS`].
#[rustfmt::skip]
pub const OTHERS: &[&str] = &[
    "abs", "aiter", "all", "anext", "any", "breakpoint", "callable", "classmethod", "compile", "copyright", "credits",
    "delattr", "eval", "exec", "exit", "getattr", "globals", "hasattr", "help", "iter", "license", "max", "min", "next",
    "object", "pow", "property", "quit", "reload", "reversed", "round", "setattr", "staticmethod", "sum", "super",
    "type", "vars",
];

/// The builtins whose calls give values of builtin types.
#[rustfmt::skip]
pub const RESULTS: &[&str] = &[
    "ascii", "bin", "bool", "bytearray", "bytes", "chr", "complex", "dict", "dir", "divmod", "enumerate", "filter",
    "float", "format", "frozenset", "hash", "hex", "id", "input", "int", "isinstance", "issubclass", "len", "list",
    "locals", "map", "memoryview", "oct", "open", "ord", "print", "range", "repr", "set", "slice", "sorted", "str",
    "tuple", "zip",
];

/// Whether this is the name of one of them.
pub fn is_builtin(name: &str) -> bool {
    OTHERS.contains(&name) || RESULTS.contains(&name)
}
