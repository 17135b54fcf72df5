//! Files that an `async def` reads or asks for, and then writes: what it writes depends on what it saw, and until now nothing
//! of its loop ran in between.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::{Model, Runner, literal};

/// Functions that ask for a file, by its first argument.
const ASKING: &[&str] = &[
    "os.path.exists",
    "os.path.getsize",
    "os.path.isfile",
    "os.stat",
];

/// Methods of paths that read a file or ask for it.
const READING: &[&str] = &["exists", "is_file", "read_bytes", "read_text", "stat"];

/// Methods of paths that write a file.
const WRITING: &[&str] = &["write_bytes", "write_text"];

/// What a call does with a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// The spans from a read of a file, or a question for it, to a later write of the same in one `async def`: by the number of
/// the function. Two files are the same where their paths are written the same. What only makes or removes a name
/// (`mkdir`, `unlink`) is no write: who comes second gets an error.
pub fn spans(model: &Model<'_>) -> Vec<(u32, TextRange)> {
    let holds = |word: &str| memchr::memmem::find(model.text.as_bytes(), word.as_bytes()).is_some();
    if !holds("async def") || !holds("open(") && !WRITING.iter().any(|name| holds(name)) {
        return Vec::new();
    }
    let mut calls: Vec<(&ExprCall, u32)> = model
        .calls()
        .filter_map(|call| match model.runner(model.id(call)) {
            runner @ Runner::Function(function) if model.is_async(runner) => Some((call, function)),
            _ => None,
        })
        .collect();
    calls.sort_by_key(|(call, _)| call.start());
    let mut reads: FxHashMap<(u32, &str), TextSize> = FxHashMap::default();
    let mut found = Vec::new();
    for (call, function) in calls {
        match access(model, call) {
            Some((Access::Read, path)) => {
                reads.entry((function, path)).or_insert(call.start());
            }
            Some((Access::Write, path)) => {
                if let Some(&start) = reads.get(&(function, path)) {
                    found.push((function, TextRange::new(start, call.end())));
                }
            }
            None => {}
        }
    }
    found
}

/// What a call does with a file, and how the file's path is written.
fn access<'a>(model: &Model<'a>, call: &'a ExprCall) -> Option<(Access, &'a str)> {
    let meaning = model.meaning(&call.func);
    if let Some(path) = meaning.path() {
        let first = call.arguments.args.first();
        return match path {
            "builtins.open" | "io.open" => Some((opening(call, 1)?, spelling(model, first?))),
            _ if ASKING.contains(&path) => Some((Access::Read, spelling(model, first?))),
            _ => None,
        };
    }
    let Expr::Attribute(method) = call.func.as_ref() else {
        return None;
    };
    let file = spelling(model, &method.value);
    match method.attr.as_str() {
        "open" => Some((opening(call, 0)?, file)),
        name if READING.contains(&name) => Some((Access::Read, file)),
        name if WRITING.contains(&name) => Some((Access::Write, file)),
        _ => None,
    }
}

/// What a file is opened for, with its mode at this position. `r+` writes what was read from the same handle.
fn opening(call: &ExprCall, position: usize) -> Option<Access> {
    let mode = call
        .arguments
        .args
        .get(position)
        .or_else(|| literal::keyword(call, "mode").map(|keyword| &keyword.value));
    let Some(mode) = mode else {
        return Some(Access::Read);
    };
    match literal::string(mode)?.contains(['w', 'a', 'x']) {
        true => Some(Access::Write),
        false => Some(Access::Read),
    }
}

/// How the path of a file is written, without `Path(...)` round it.
fn spelling<'a>(model: &Model<'a>, path: &'a Expr) -> &'a str {
    match path {
        Expr::Call(call) if model.meaning(&call.func).path() == Some("pathlib.Path") => {
            match &*call.arguments.args {
                [only] => model.slice(only.range()),
                _ => model.slice(path.range()),
            }
        }
        _ => model.slice(path.range()),
    }
}
