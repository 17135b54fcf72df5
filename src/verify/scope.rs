//! The scopes of Python's compiler, and the rules on async code that hang on them.
//!
//! Source of the rules: `Python/symtable.c` and `Python/compile.c` of CPython 3.8 to 3.13, checked against those
//! interpreters. In short:
//!
//! - `async for` and `async with` statements need an `async def` as innermost scope;
//! - so does `await`, but it may also stand in any comprehension or generator expression, which it makes asynchronous;
//! - an asynchronous list, set or dict comprehension needs an `async def` as the scope around it. In a comprehension or
//!   generator expression it is allowed from 3.11 on, and makes that asynchronous too; before 3.11, only where the
//!   outer one is asynchronous by itself;
//! - an asynchronous generator expression is allowed everywhere, because nothing runs until it is iterated.

use ruff_python_ast::Parameters;
use ruff_text_size::TextRange;

/// What kind of scope this is.
#[derive(Clone, Copy, Debug)]
pub(super) enum ScopeKind<'a> {
    /// The file.
    Module,
    /// A class body.
    Class,
    /// A function body.
    Function {
        /// `async def`.
        is_async: bool,
        /// Its parameters, which `global` and `nonlocal` must not name.
        parameters: &'a Parameters,
    },
    /// The body of a `lambda`.
    Lambda {
        /// Its parameters.
        parameters: Option<&'a Parameters>,
    },
    /// A part that is evaluated later, outside the function that holds it: type parameters, the value of a `type`
    /// statement, and annotations from 3.14 on.
    Lazy,
    /// A comprehension or generator expression, without its first iterable.
    Comprehension {
        /// A generator expression.
        is_generator: bool,
    },
}

/// One scope while it is visited.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// What it is.
    pub(super) kind: ScopeKind<'a>,
    /// The names that a `global` statement declares anywhere in it.
    pub(super) globals: Vec<(&'a str, TextRange)>,
    /// How many loop bodies are open.
    pub(super) loops: u32,
    /// How many `try` statements are open.
    pub(super) tries: u32,
    /// Whether it holds a `yield` of its own.
    pub(super) has_yield: bool,
    /// Its own `return` statements with a value.
    pub(super) returns: Vec<TextRange>,
    /// For a comprehension: the first place that makes it asynchronous by itself.
    pub(super) asynchronous: Option<TextRange>,
    /// For a comprehension: the asynchronous list, set and dict comprehensions directly in it.
    pub(super) nested: Vec<TextRange>,
}

impl<'a> Scope<'a> {
    /// A scope in which nothing has been seen yet.
    pub(super) fn new(kind: ScopeKind<'a>) -> Self {
        Self {
            kind,
            globals: Vec::new(),
            loops: 0,
            tries: 0,
            has_yield: false,
            returns: Vec::new(),
            asynchronous: None,
            nested: Vec::new(),
        }
    }

    /// Whether it is the body of an `async def`.
    pub(super) fn is_async_function(&self) -> bool {
        matches!(self.kind, ScopeKind::Function { is_async: true, .. })
    }
}
