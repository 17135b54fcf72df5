//! Verification: does the new text still compile for the target version?
//!
//! The parser alone accepts `await` in a plain function and `return value` in an async generator, and those are just
//! the mistakes that a migration can make. So a text is checked in four steps: parse errors, syntax that the target
//! version does not have, the tokenizer's limits, and the semantic syntax errors of CPython's compiler.
//!
//! **Stack.** Parsing grows its own stack, but the walk of the tree (and dropping it) recurses with the nesting of the
//! source, and an overflow aborts the process. Callers run [`check`] and [`new_problems`] on the big-stack threads of
//! the pipeline (512 MB).

use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use crate::python::PythonVersion;

mod limits;
mod scope;
mod semantic;

/// One reason why a text does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// Where, in bytes of the checked text.
    pub range: TextRange,
    /// What is wrong: one sentence, no full stop. Two problems of the same kind have the same message.
    pub message: String,
}

/// Everything for which Python `version` would refuse to compile `text`, sorted by offset.
///
/// Where the text does not parse, only the parse errors (and unsupported syntax) are reported: the tree of a broken
/// file would give semantic errors that no compiler ever prints.
///
/// Known gaps: a bare `except:` that is not last, `nonlocal` without a binding, and more than 20 nested blocks are not
/// found. An `await` in the annotation of a local variable of a plain function is reported, though CPython before 3.14
/// never compiles that annotation.
pub fn check(text: &str, version: PythonVersion) -> Vec<SyntaxProblem> {
    let options = ParseOptions::from(Mode::Module).with_target_version(version.to_ruff());
    let parsed = parse_unchecked(text, options);

    let mut problems: Vec<SyntaxProblem> = parsed
        .errors()
        .iter()
        .map(|error| SyntaxProblem {
            range: error.location,
            message: error.error.to_string(),
        })
        .collect();
    problems.extend(
        parsed
            .unsupported_syntax_errors()
            .iter()
            .map(|error| SyntaxProblem {
                range: error.range,
                message: error.to_string(),
            }),
    );
    if parsed.has_valid_syntax() {
        problems.extend(limits::check(parsed.tokens()));
        if let Some(module) = parsed.syntax().as_module() {
            problems.extend(semantic::check(module, text, version));
        }
    }
    // The parser does not report in source order.
    problems.sort_by_key(|problem| (problem.range.start(), problem.range.end()));
    problems
}

/// The problems of `after` that `before` does not have: those for which an edit is to blame.
///
/// Offsets differ between the two texts, so problems are compared by message: first those that also cover the same
/// source text are paired off, then as many as `before` has of the message. What is left over is new.
pub fn new_problems(before: &str, after: &str, version: PythonVersion) -> Vec<SyntaxProblem> {
    let after_problems = check(after, version);
    if after_problems.is_empty() {
        return after_problems;
    }
    let before_problems = check(before, version);

    let mut same_text: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut same_message: FxHashMap<&str, usize> = FxHashMap::default();
    for problem in &before_problems {
        *same_text
            .entry((&problem.message, covered(before, problem)))
            .or_default() += 1;
        *same_message.entry(&problem.message).or_default() += 1;
    }
    let mut unmatched = Vec::new();
    for problem in &after_problems {
        match same_text.get_mut(&(problem.message.as_str(), covered(after, problem))) {
            Some(count) if *count > 0 => {
                *count -= 1;
                if let Some(count) = same_message.get_mut(problem.message.as_str()) {
                    *count -= 1;
                }
            }
            _ => unmatched.push(problem),
        }
    }
    unmatched.retain(
        |problem| match same_message.get_mut(problem.message.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        },
    );
    unmatched.into_iter().cloned().collect()
}

/// The source text that a problem points at; empty where the range is not on character boundaries.
fn covered<'t>(text: &'t str, problem: &SyntaxProblem) -> &'t str {
    let (start, end) = (
        problem.range.start().to_usize(),
        problem.range.end().to_usize(),
    );
    text.get(start..end).unwrap_or_default()
}

impl Ranged for SyntaxProblem {
    fn range(&self) -> TextRange {
        self.range
    }
}

#[cfg(test)]
mod tests;
