//! The fixed limits of CPython's tokenizer, which ruff's does not have. An edit that wraps a block in `async with` or
//! an expression in `(await ...)` can cross them.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::Ranged;

use super::SyntaxProblem;

/// `MAXINDENT` in CPython's `Parser/lexer/state.h`: this many levels are one too many.
const MAX_INDENT: usize = 100;
/// `MAXLEVEL` in the same file: open brackets; this many are still allowed.
const MAX_BRACKETS: usize = 200;

/// The first place, if any, where each limit is crossed.
pub(super) fn check(tokens: &Tokens) -> Vec<SyntaxProblem> {
    let mut problems = Vec::new();
    let (mut indents, mut brackets) = (0_usize, 0_usize);
    for token in tokens {
        match token.kind() {
            TokenKind::Indent => {
                indents += 1;
                if indents == MAX_INDENT {
                    problems.push(SyntaxProblem {
                        range: token.range(),
                        message: "too many levels of indentation".to_owned(),
                    });
                }
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                brackets += 1;
                if brackets == MAX_BRACKETS + 1 {
                    problems.push(SyntaxProblem {
                        range: token.range(),
                        message: "too many nested parentheses".to_owned(),
                    });
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                brackets = brackets.saturating_sub(1);
            }
            _ => {}
        }
    }
    problems
}
