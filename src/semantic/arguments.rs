//! Arguments of a call, as text.

use ruff_python_ast::ExprCall;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Model;
use crate::edit::Edit;

impl<'a> Model<'a> {
    /// Drops the argument at `range` from a call with its comma, and with its line where it has one of its own. A comment
    /// that only a tool reads (`# type: ignore`, `# noqa`) goes with it.
    ///
    /// `None` where a comment for people belongs to the argument: then it cannot go without losing the comment.
    pub fn drop_argument(&self, call: &ExprCall, range: TextRange) -> Option<Edit> {
        let inside = TextRange::new(
            call.arguments.start() + TextSize::new(1),
            call.arguments.end() - TextSize::new(1),
        );
        let is_comma = |kind: TokenKind| kind == TokenKind::Comma;
        let comma_before = self
            .tokens()
            .in_range(TextRange::new(inside.start(), range.start()))
            .iter()
            .rev()
            .find(|token| !token.kind().is_trivia())
            .filter(|token| is_comma(token.kind()))
            .map(Ranged::start);
        let comma_behind = self
            .tokens()
            .in_range(TextRange::new(range.end(), inside.end()))
            .iter()
            .find(|token| !token.kind().is_trivia())
            .filter(|token| is_comma(token.kind()))
            .map(Ranged::end);
        let next = comma_behind.and_then(|comma| {
            self.tokens()
                .in_range(TextRange::new(comma, inside.end()))
                .iter()
                .find(|token| !token.kind().is_trivia())
                .map(Ranged::start)
        });
        if self.has_comment(range) || self.has_comment_above(range, inside) {
            return None;
        }
        let end = comma_behind.unwrap_or(range.end());
        let comment = self.comment_behind(end, inside);
        if comment.is_some_and(|comment| !is_pragma(self.slice(comment))) {
            return None;
        }
        let end = comment.map_or(end, TextRange::end);
        let line = self.line_start(range.start());
        let starts_line = line >= inside.start()
            && self
                .slice(TextRange::new(line, range.start()))
                .trim()
                .is_empty();
        let rest = &self.text[end.to_usize()..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let ends_line = rest[blank..].starts_with('\n');
        let behind = end + TextSize::new(blank as u32 + 1);
        let gap_has_comment =
            |from: TextSize, to: TextSize| self.has_comment(TextRange::new(from, to));
        Some(Edit::delete(match (comma_before, next) {
            // The only one.
            (None, None)
                if !gap_has_comment(inside.start(), range.start())
                    && !gap_has_comment(end, inside.end()) =>
            {
                inside
            }
            // The last one goes with the comma before it; a trailing comma stays.
            (Some(comma), None) if comment.is_none() && !gap_has_comment(comma, range.start()) => {
                TextRange::new(comma, range.end())
            }
            _ if starts_line && ends_line => TextRange::new(line, behind),
            // Another one on the same line.
            (_, Some(next))
                if comment.is_none() && !self.slice(TextRange::new(end, next)).contains('\n') =>
            {
                TextRange::new(range.start(), next)
            }
            // The last one of its line, behind others or behind the parenthesis.
            (Some(comma), Some(_)) if !gap_has_comment(comma, range.start()) => {
                TextRange::new(comma, range.end())
            }
            (None, Some(next)) if comment.is_none() && !gap_has_comment(end, next) => {
                TextRange::new(range.start(), next)
            }
            _ => return None,
        }))
    }

    /// Adds an argument behind the others, on a line of its own where the last one has that.
    pub fn append_argument(&self, call: &ExprCall, argument: &str) -> Edit {
        let range = call.arguments.range();
        let inside = TextRange::new(
            range.start() + TextSize::new(1),
            range.end() - TextSize::new(1),
        );
        let last = self
            .tokens()
            .in_range(inside)
            .iter()
            .rev()
            .find(|token| !token.kind().is_trivia() && token.kind() != TokenKind::Comma);
        let Some(last) = last else {
            return Edit::insert(inside.start(), range, argument);
        };
        let args = call.arguments.args.iter().map(Ranged::start);
        let keywords = call.arguments.keywords.iter().map(Ranged::start);
        let start = args.chain(keywords).max().unwrap_or(inside.start());
        let line = self.line_start(start);
        let starts_line =
            line >= inside.start() && self.slice(TextRange::new(line, start)).trim().is_empty();
        let text = if starts_line {
            format!(",\n{}{argument}", self.line_indent(start))
        } else {
            format!(", {argument}")
        };
        Edit::insert(last.end(), range, text)
    }

    /// Whether a comment stands on the line right above a span that starts its line.
    fn has_comment_above(&self, range: TextRange, inside: TextRange) -> bool {
        let line = self.line_start(range.start());
        if line <= inside.start()
            || !self
                .slice(TextRange::new(line, range.start()))
                .trim()
                .is_empty()
        {
            return false;
        }
        let above = self.line_start(line - TextSize::new(1));
        above >= inside.start()
            && self
                .slice(TextRange::new(above, line))
                .trim_start()
                .starts_with('#')
    }

    /// The comment behind `at` on the same line.
    fn comment_behind(&self, at: TextSize, inside: TextRange) -> Option<TextRange> {
        let token = self
            .tokens()
            .in_range(TextRange::new(at, inside.end()))
            .iter()
            .next()?;
        let is_here = token.kind().is_comment()
            && !self.slice(TextRange::new(at, token.start())).contains('\n');
        is_here.then(|| token.range())
    }
}

/// Whether only tools read a comment: it goes with the code that it is about.
pub fn is_pragma(comment: &str) -> bool {
    let text = comment.trim_start_matches('#').trim_start();
    ["type:", "noqa", "pyright:", "pylint:", "mypy:", "ty:"]
        .iter()
        .any(|tool| text.starts_with(tool))
}

#[cfg(test)]
mod tests {
    use crate::edit::{Baseline, Owned, apply, render};
    use crate::pipeline::parse;
    use crate::python::PythonVersion;
    use crate::semantic::{Model, ModuleName, literal};
    use ruff_text_size::Ranged;

    /// The text without the argument `x=`.
    fn dropped(text: &str) -> Option<String> {
        let Ok(parsed) = parse(text, PythonVersion::PY311) else {
            panic!("does not parse");
        };
        let module = ModuleName::default();
        let model = Model::new(text, &parsed, &module);
        let call = model.calls().next().unwrap();
        let edit = model.drop_argument(call, literal::keyword(call, "x").unwrap().range())?;
        let owned = vec![Owned {
            edit,
            unit: None,
            codemod: None,
        }];
        let baseline = Baseline {
            text,
            protected: &[],
            indent_unit: "    ",
        };
        let Ok(rendered) = render(&baseline, &owned) else {
            panic!("edits overlap");
        };
        Some(apply(text, &rendered))
    }

    #[test]
    fn on_one_line() {
        for (before, after) in [
            ("f(x=1)", "f()"),
            ("f(x=1,)", "f()"),
            ("f(a, x=1)", "f(a)"),
            ("f((a), x=1)", "f((a))"),
            ("f(a, x=1,)", "f(a,)"),
            ("f(a, x=1, b=2)", "f(a, b=2)"),
            ("f(x=1, b=2)", "f(b=2)"),
            ("f(x=(1), **b)", "f(**b)"),
        ] {
            assert_eq!(dropped(before).as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn on_several_lines() {
        for (before, after) in [
            ("f(\n    x=1,\n)", "f()"),
            ("f(\n    a,\n    x=1,\n)", "f(\n    a,\n)"),
            ("f(\n    a,\n    x=1\n)", "f(\n    a\n)"),
            (
                "f(\n    a,\n    x=1,\n    b=2,\n)",
                "f(\n    a,\n    b=2,\n)",
            ),
            ("f(\n    a, x=1,\n    b=2,\n)", "f(\n    a,\n    b=2,\n)"),
            ("f(\n    x=1, b=2,\n)", "f(\n    b=2,\n)"),
            ("f(x=1,\n  b=2)", "f(b=2)"),
            ("f(a,\n  x=1,\n  b=2)", "f(a,\n  b=2)"),
            (
                "f(\n    a\n    , x=1\n    , b=2\n)",
                "f(\n    a\n    , b=2\n)",
            ),
        ] {
            assert_eq!(dropped(before).as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn comments_for_people_stay_and_those_for_tools_go() {
        for (before, after) in [
            (
                "f(\n    a,  # one\n    x=1,\n)",
                Some("f(\n    a,  # one\n)"),
            ),
            (
                "f(\n    a,  # one\n    x=1\n)",
                Some("f(\n    a,  # one\n)"),
            ),
            (
                "f(\n    a,\n    x=1,  # type: ignore\n    b=2,\n)",
                Some("f(\n    a,\n    b=2,\n)"),
            ),
            (
                "f(\n    a,\n    x=1,  # type: ignore\n)",
                Some("f(\n    a,\n)"),
            ),
            (
                "f(\n    a,\n    x=1,\n    # two\n    b=2,\n)",
                Some("f(\n    a,\n    # two\n    b=2,\n)"),
            ),
            (
                "f(\n    x=1,\n    # two\n    b=2,\n)",
                Some("f(\n    # two\n    b=2,\n)"),
            ),
            ("f(\n    a,\n    x=1,  # why\n    b=2,\n)", None),
            ("f(\n    a,\n    # why\n    x=1,\n    b=2,\n)", None),
        ] {
            assert_eq!(dropped(before).as_deref(), after, "{before}");
        }
    }
}
