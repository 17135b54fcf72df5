//! Texts to trees, within the limits of the stack.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_body};
use ruff_python_ast::{AnyNodeRef, ModModule};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::TextSize;

use crate::python::PythonVersion;

/// Code that is nested deeper than this is left alone: CPython itself gives up far earlier. A level is an expression, a
/// statement or a pattern.
pub const MAX_DEPTH: usize = 20_000;

/// Texts of this many bytes are measured before they are parsed: the parser's own stack grows with the nesting and has
/// no limit, and a megabyte of brackets would take gigabytes.
pub(super) const LONG_TEXT: usize = 512 << 10;

/// The stack of a worker: room for [`MAX_DEPTH`] levels of every recursive walk, also in debug builds. A level takes up
/// to four nodes (those of an f-string). Only the pages that are touched cost memory.
pub const STACK_SIZE: usize = 512 << 20;

/// Why a text cannot be worked on.
#[derive(Debug)]
pub enum ParseFailure {
    /// It is not Python 3.
    Syntax {
        /// Where, in bytes.
        offset: TextSize,
        /// What the parser says.
        message: String,
    },
    /// It uses syntax that the target version does not have.
    Unsupported {
        /// Where, in bytes.
        offset: TextSize,
        /// What the parser says.
        message: String,
    },
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl ParseFailure {
    pub(super) fn offset(&self) -> Option<TextSize> {
        match self {
            Self::Syntax { offset, .. } | Self::Unsupported { offset, .. } => Some(*offset),
            Self::TooDeep => None,
        }
    }

    pub(super) fn describe(&self, target: PythonVersion) -> (String, String) {
        match self {
            Self::Syntax { message, .. } => (
                format!("syntax error: {message}"),
                "mend the syntax (Python 2 code must be ported first); the other files go on"
                    .to_string(),
            ),
            Self::Unsupported { message, .. } => (
                message.clone(),
                format!(
                    "the target version is {target}: raise `requires-python` or pass `--target-version`"
                ),
            ),
            Self::TooDeep => (
                format!("the code is nested more than {MAX_DEPTH} levels deep and was left alone"),
                "split the expression".to_string(),
            ),
        }
    }
}

/// Parses a text for a target version. Runs on a worker of [`plan`], whose stack is large enough for [`MAX_DEPTH`].
///
/// # Errors
/// The first error in the text, or what makes it unfit.
pub fn parse(text: &str, target: PythonVersion) -> Result<Parsed<ModModule>, ParseFailure> {
    if is_text_too_deep(text) {
        return Err(ParseFailure::TooDeep);
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(target.to_ruff());
    let parsed = parse_unchecked(text, options);
    let Some(parsed) = parsed.try_into_module() else {
        return Err(ParseFailure::Syntax {
            offset: TextSize::new(0),
            message: "not a module".to_string(),
        });
    };
    if let Some(error) = parsed
        .errors()
        .iter()
        .min_by_key(|error| error.location.start())
    {
        let failure = ParseFailure::Syntax {
            offset: error.location.start(),
            message: error.error.to_string(),
        };
        discard(parsed);
        return Err(failure);
    }
    if is_too_deep(&parsed) {
        // Dropping a tree recurses once for each level, with no limit of its own: a leak is the lesser evil.
        std::mem::forget(parsed);
        return Err(ParseFailure::TooDeep);
    }
    if let Some(error) = parsed
        .unsupported_syntax_errors()
        .iter()
        .min_by_key(|error| error.range.start())
    {
        return Err(ParseFailure::Unsupported {
            offset: error.range.start(),
            message: error.to_string(),
        });
    }
    Ok(parsed)
}

/// Whether a text is certainly deeper than [`MAX_DEPTH`], told from its brackets and operators alone; most texts are
/// let through by their length and by counting bytes.
pub(super) fn is_text_too_deep(text: &str) -> bool {
    use ruff_python_ast::token::TokenKind;
    // Brackets in strings and comments count here: it is enough that none is missed.
    let opening = || memchr::memchr3_iter(b'(', b'[', b'{', text.as_bytes()).count();
    if text.len() < LONG_TEXT && opening() <= MAX_DEPTH {
        return false;
    }
    let mut lexer = ruff_python_parser::lexer::lex(text, Mode::Module);
    let (mut brackets, mut operators) = (0_usize, 0_usize);
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return false,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                brackets += 1;
                operators = 0;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                brackets = brackets.saturating_sub(1);
            }
            // The operators whose operand is parsed one level down.
            TokenKind::Not
            | TokenKind::Minus
            | TokenKind::Plus
            | TokenKind::Tilde
            | TokenKind::Star
            | TokenKind::DoubleStar
            | TokenKind::Await
            | TokenKind::Yield
            | TokenKind::Lambda
            | TokenKind::Else => operators += 1,
            // What ends an operand and begins another at the same level.
            TokenKind::Newline
            | TokenKind::Comma
            | TokenKind::Semi
            | TokenKind::Equal
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::For => operators = 0,
            _ => {}
        }
        // `-a if -b else c` holds three operators for one level.
        if brackets > MAX_DEPTH || operators > 4 * MAX_DEPTH {
            return true;
        }
    }
}

/// Drops a tree, or leaks it where dropping would overflow the stack.
pub(super) fn discard(parsed: Parsed<ModModule>) {
    if is_too_deep(&parsed) {
        std::mem::forget(parsed);
    }
}

/// Whether the tree is deeper than [`MAX_DEPTH`]. A logical line of few tokens cannot be, so that most files are told
/// apart by their tokens alone.
pub(super) fn is_too_deep(parsed: &Parsed<ModModule>) -> bool {
    use ruff_python_ast::token::TokenKind;
    // A level takes at least one token; statements nest at most a hundred deep in CPython, by indentation.
    let mut tokens = 0;
    let mut indents: usize = 0;
    let mut suspicious = false;
    for token in parsed.tokens().iter() {
        match token.kind() {
            TokenKind::Newline => tokens = 0,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            _ => tokens += 1,
        }
        if tokens + 4 * indents > MAX_DEPTH / 8 {
            suspicious = true;
            break;
        }
    }
    if !suspicious {
        return false;
    }
    let mut gate = DepthGate {
        depth: 0,
        too_deep: false,
    };
    walk_body(&mut gate, &parsed.syntax().body);
    gate.too_deep
}

pub(super) struct DepthGate {
    pub(super) depth: usize,
    pub(super) too_deep: bool,
}

impl<'a> SourceOrderVisitor<'a> for DepthGate {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        self.depth += usize::from(is_level(node));
        if self.depth > MAX_DEPTH {
            self.too_deep = true;
        }
        if self.too_deep {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }

    fn leave_node(&mut self, node: AnyNodeRef<'a>) {
        self.depth -= usize::from(is_level(node));
    }
}

/// Whether a node is a level of nesting to its author: a call is one, though its arguments are a node of their own.
pub(super) fn is_level(node: AnyNodeRef<'_>) -> bool {
    node.is_expression() || node.is_statement() || node.is_pattern()
}
