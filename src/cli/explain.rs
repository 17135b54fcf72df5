//! `list` and `explain`.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::engine::{CodemodInfo, RuleInfo};

// Writing to a String cannot fail: the results are dropped in this file.

/// A line for each codemod: its name, its role, the lowest Python, its summary. Then one for each rule of `check`.
pub(super) fn list(codemods: &[CodemodInfo], rules: &[RuleInfo], colour: bool) -> String {
    let names = codemods.iter().map(|codemod| codemod.name);
    let width = names
        .chain(rules.iter().map(|rule| rule.name))
        .map(str::len)
        .max()
        .unwrap_or(0);
    let style = if colour {
        AnsiColor::Cyan.on_default()
    } else {
        Style::new()
    };
    let mut text = String::new();
    for codemod in codemods {
        let _ = writeln!(
            text,
            "{style}{:width$}{style:#}  {:8}  {:>5}  {}",
            codemod.name,
            codemod.role.name(),
            format!("{}+", codemod.min_python),
            codemod.summary,
        );
    }
    for rule in rules {
        let _ = writeln!(
            text,
            "{style}{:width$}{style:#}  {:8}  {:>5}  {}",
            rule.name, "check", "", rule.summary,
        );
    }
    text
}

/// The codemods as a JSON array of `name`, `summary`, `role`, `min_python` and `reasons` (`code`, `message`, `help`).
pub(super) fn list_json(codemods: &[CodemodInfo]) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        summary: &'static str,
        role: &'static str,
        min_python: String,
        reasons: Vec<JsonReason>,
    }
    #[derive(Serialize)]
    struct JsonReason {
        code: &'static str,
        message: &'static str,
        help: &'static str,
    }
    let rows: Vec<Row> = codemods
        .iter()
        .map(|codemod| Row {
            name: codemod.name,
            summary: codemod.summary,
            role: codemod.role.name(),
            min_python: codemod.min_python.to_string(),
            reasons: codemod
                .reasons
                .iter()
                .map(|reason| JsonReason {
                    code: reason.code,
                    message: reason.message,
                    help: reason.help,
                })
                .collect(),
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&rows)?;
    text.push('\n');
    Ok(text)
}

/// The README of a codemod and the reasons that it gives: markdown as it is, or drawn for a terminal.
pub(super) fn explain(codemod: &CodemodInfo, colour: bool) -> String {
    let mut markdown = codemod.readme.trim_end().to_string();
    markdown.push('\n');
    if !codemod.reasons.is_empty() {
        markdown.push_str("\n## Reasons in its reports\n\n");
        for reason in &codemod.reasons {
            let _ = writeln!(
                markdown,
                "- `{}`: {}. To do: {}.",
                reason.code, reason.message, reason.help
            );
        }
    }
    if colour { draw(&markdown) } else { markdown }
}

/// The README of a rule: markdown as it is, or drawn for a terminal.
pub(super) fn explain_rule(rule: &RuleInfo, colour: bool) -> String {
    let markdown = format!("{}\n", rule.readme.trim_end());
    if colour { draw(&markdown) } else { markdown }
}

/// Headings bold, code coloured. Everything else stays as it is: markdown is made to be read.
fn draw(markdown: &str) -> String {
    let heading = Style::new().bold();
    let code = AnsiColor::Cyan.on_default();
    let mut text = String::with_capacity(markdown.len() * 2);
    let mut fenced = false;
    for line in markdown.lines() {
        let title = line.trim_start_matches('#');
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            // The fence itself is noise where colour shows the code.
            continue;
        }
        let _ = if fenced {
            writeln!(text, "    {code}{line}{code:#}")
        } else if title.len() < line.len() && title.starts_with(' ') {
            writeln!(text, "{heading}{}{heading:#}", title.trim())
        } else {
            writeln!(text, "{}", spans(line, code))
        };
    }
    text
}

/// Colours what is between backticks.
fn spans(line: &str, code: Style) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((inside, next)) = after.split_once('`')
    {
        let _ = write!(text, "{before}{code}{inside}{code:#}");
        rest = next;
    }
    text.push_str(rest);
    text
}
