//! Comments in every place where Python takes one: behind each opening bracket and each comma between brackets.

use awaitify::pipeline::parse;
use awaitify::python::PythonVersion;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::Ranged;

/// A Python text with a numbered comment in each place that has none, or `None` where the text does not parse.
pub fn annotate(text: &str) -> Option<String> {
    let parsed = parse(text, PythonVersion::PY314).ok()?;
    let (mut brackets, mut strings, mut number) = (0_u32, 0_u32, 0_u32);
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    let tokens: Vec<_> = parsed.tokens().iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => strings += 1,
            TokenKind::FStringEnd | TokenKind::TStringEnd => strings -= 1,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => brackets += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                brackets -= 1;
                continue;
            }
            TokenKind::Comma => {}
            _ => continue,
        }
        let ends_line = tokens.get(index + 1).is_none_or(|next| {
            next.kind().is_comment() || next.kind() == TokenKind::NonLogicalNewline
        });
        if brackets == 0 || strings > 0 || ends_line {
            continue;
        }
        let end = token.end().to_usize();
        out.push_str(&text[at..end]);
        number += 1;
        out.push_str(&format!("  {}\n        ", comment(number)));
        at = end + text[end..].len() - text[end..].trim_start_matches(' ').len();
    }
    out.push_str(&text[at..]);
    Some(out)
}

/// The comments of [`annotate`] that are not in the text exactly once.
pub fn lost_or_doubled(annotated: &str, after: &str) -> Vec<String> {
    (1..)
        .map(comment)
        .take_while(|comment| annotated.contains(comment))
        .filter(|comment| after.matches(comment).count() != 1)
        .collect()
}

fn comment(number: u32) -> String {
    format!("# note-{number:05}.")
}
