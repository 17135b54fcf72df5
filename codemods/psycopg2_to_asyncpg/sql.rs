//! The arguments of `cursor.execute(sql, parameters)` as those of asyncpg.

use ruff_python_ast::{Expr, ExprCall, ExprRef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::reasons::{PARAMETERS, SQL};
use crate::codemod::Refusal;
use crate::declare::sql::{Placeholder, placeholders, written};
use crate::semantic::{Model, literal};

/// A statement, as asyncpg takes it.
pub(super) struct Statement {
    /// What is replaced in the call, in source order: spans of the file and their new text.
    pub(super) changes: Vec<(TextRange, String)>,
    /// Whether it may give rows.
    pub(super) gives_rows: bool,
    /// Whether it locks the rows that it gives: asyncpg reads one row only where one is asked for.
    pub(super) locks_rows: bool,
    /// Whether it can change nothing: a query without functions but well-known ones.
    pub(super) only_reads: bool,
    /// Whether a string of the call goes over several lines.
    pub(super) has_lines: bool,
    /// Whether its status ends with the number of rows that psycopg2 counts.
    pub(super) is_counted: bool,
}

impl Statement {
    /// The arguments of a call with the changes, for a place that is `columns` to the left of the call.
    pub(super) fn arguments(&self, model: &Model<'_>, call: &ExprCall, columns: usize) -> String {
        let range = call.arguments.inner_range();
        let mut changes = self.changes.clone();
        let is_covered = |at: TextRange| {
            changes
                .iter()
                .any(|(change, _)| change.intersect(at).is_some())
        };
        let moved = model
            .dedent(range, columns)
            .into_iter()
            .map(|edit| edit.extent);
        let moved: Vec<TextRange> = moved.filter(|at| !is_covered(*at)).collect();
        changes.extend(moved.into_iter().map(|at| (at, String::new())));
        changes.sort_by_key(|(change, _)| change.start());
        let mut text = String::new();
        let mut at = range.start();
        for (change, new) in &changes {
            text.push_str(model.slice(TextRange::new(at, change.start())));
            text.push_str(new);
            at = change.end();
        }
        text.push_str(model.slice(TextRange::new(at, range.end())));
        // New text gets the file's line ends.
        let text = text.replace("\r\n", "\n");
        if text.starts_with('\n') {
            return text;
        }
        text.trim().trim_end_matches(',').to_string()
    }
}

/// What the first word of a statement may be where rows come of it.
const QUERIES: &[&str] = &["select", "with", "values", "table", "show"];

/// Statements of the session, of transactions, and those that take no parameters.
const OTHERS: &[&str] = &[
    "abort",
    "begin",
    "call",
    "close",
    "commit",
    "copy",
    "deallocate",
    "declare",
    "do",
    "end",
    "execute",
    "explain",
    "fetch",
    "listen",
    "move",
    "notify",
    "prepare",
    "release",
    "rollback",
    "savepoint",
    "set",
    "start",
    "unlisten",
];

/// What may stand before a bracket in a query that changes nothing: words of SQL, and functions of the server.
const HARMLESS: &[&str] = &[
    "abs",
    "all",
    "and",
    "any",
    "array",
    "array_agg",
    "as",
    "avg",
    "between",
    "bool_and",
    "bool_or",
    "by",
    "cast",
    "ceil",
    "char",
    "coalesce",
    "concat",
    "count",
    "date",
    "date_part",
    "date_trunc",
    "decimal",
    "dense_rank",
    "distinct",
    "else",
    "except",
    "exists",
    "extract",
    "filter",
    "floor",
    "from",
    "generate_series",
    "greatest",
    "having",
    "in",
    "intersect",
    "join",
    "json_agg",
    "jsonb_agg",
    "lag",
    "lateral",
    "lead",
    "least",
    "left",
    "length",
    "like",
    "limit",
    "lower",
    "ltrim",
    "max",
    "min",
    "not",
    "now",
    "nullif",
    "numeric",
    "offset",
    "on",
    "or",
    "over",
    "position",
    "rank",
    "replace",
    "right",
    "round",
    "row_number",
    "rtrim",
    "select",
    "some",
    "split_part",
    "string_agg",
    "substring",
    "sum",
    "then",
    "to_char",
    "to_date",
    "trim",
    "union",
    "unnest",
    "upper",
    "using",
    "values",
    "varchar",
    "when",
    "where",
];

/// Whether a statement in lower case is a query that changes nothing and locks nothing.
fn only_reads(lower: &str) -> bool {
    let word = |at: &str| -> String {
        let is_part = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"');
        let word: String = at.trim_end().chars().rev().take_while(is_part).collect();
        word.chars().rev().collect()
    };
    let calls = lower.match_indices('(').map(|(at, _)| word(&lower[..at]));
    let mut calls = calls.filter(|word| !word.is_empty());
    let begins = ["select", "values", "table"]
        .iter()
        .any(|one| lower.trim_start().starts_with(one));
    let parts = ["into", "for"];
    begins
        && calls.all(|word| HARMLESS.contains(&word.as_str()))
        && !lower
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| parts.contains(&word))
}

/// Rewrites the arguments of a call of `execute`.
///
/// # Errors
/// [`SQL`] and [`PARAMETERS`].
pub(super) fn rewrite(model: &Model<'_>, call: &ExprCall) -> Result<Statement, Refusal> {
    statement(model, call, false)
}

/// Rewrites the arguments of a call of `executemany`: its rows stay as they are.
///
/// # Errors
/// [`SQL`] and [`PARAMETERS`].
pub(super) fn rewrite_many(model: &Model<'_>, call: &ExprCall) -> Result<Statement, Refusal> {
    statement(model, call, true)
}

fn statement(model: &Model<'_>, call: &ExprCall, many: bool) -> Result<Statement, Refusal> {
    let refuse = |range: TextRange, why: &str| Refusal::with_detail(&SQL, range, why);
    let (sql, values) = match (&*call.arguments.args, &*call.arguments.keywords) {
        ([sql], []) if !sql.is_starred_expr() => (sql, None),
        ([sql, values], []) if !sql.is_starred_expr() => (sql, Some(values)),
        _ => {
            return Err(refuse(
                call.arguments.range(),
                "its arguments are not `(sql, parameters)`",
            ));
        }
    };
    let Expr::StringLiteral(text) = sql else {
        return Err(refuse(sql.range(), "it is made at run time"));
    };
    let lower = text.value.to_str().to_lowercase();
    let word: String = lower
        .trim_start()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    if OTHERS.contains(&word.as_str()) || word.is_empty() {
        return Err(refuse(
            sql.range(),
            "its first word is not that of a query or a change of data",
        ));
    }
    if lower.trim_end().trim_end_matches(';').contains(';') {
        return Err(refuse(sql.range(), "several statements in one text"));
    }
    let locks_rows = ["for update", "for no key", "for share", "for key"]
        .iter()
        .any(|one| lower.contains(one));
    let has_lines = text
        .value
        .iter()
        .any(|part| model.slice(part.content_range()).contains('\n'))
        || ["\"\"\"", "'''"].iter().any(|quotes| {
            values.is_some_and(|values| model.slice(values.range()).contains(quotes))
        });
    let only_reads = only_reads(&lower);
    let is_counted = ["insert", "update", "delete"].contains(&word.as_str())
        && !many
        && !lower.contains("returning");
    let gives_rows = QUERIES.contains(&word.as_str()) || lower.contains("returning");
    let values = values.filter(|values| !literal::is_none(values));
    let Some(values) = values else {
        if call.arguments.args.len() > 1 {
            return Err(refuse(call.arguments.range(), "`None` for the parameters"));
        }
        return Ok(Statement {
            changes: Vec::new(),
            gives_rows,
            locks_rows,
            only_reads,
            has_lines,
            is_counted,
        });
    };
    if ["$", "--", "/*"].iter().any(|one| lower.contains(one)) {
        return Err(refuse(sql.range(), "comments or `$` beside parameters"));
    }
    let found = written(model, sql).ok_or_else(|| refuse(sql.range(), "it is no plain string"))?;
    let mut changes = Vec::new();
    for part in &text.value {
        let inside = part.content_range();
        if part.as_str().matches('%').count() != model.slice(inside).matches('%').count() {
            return Err(refuse(inside, "a `%` behind an escape"));
        }
        percents(model, inside, &found, &mut changes)?;
    }
    let whole = text.value.to_str();
    let in_value = placeholders(whole);
    if in_value.len() != found.len() {
        return Err(refuse(sql.range(), "a placeholder is parted"));
    }
    for (one, in_file) in in_value.iter().zip(&found) {
        let before = &whole[..one.range.start().to_usize()];
        let after = &whole[one.range.end().to_usize()..];
        surroundings(before, after).map_err(|why| refuse(in_file.range, why))?;
    }
    let numbers = match many {
        false => numbers(&found, values)?,
        // `%s` takes rows that are sequences, and asyncpg takes no others.
        true if found.iter().all(|one| one.name.is_none()) => (1..=found.len()).collect(),
        true => {
            return Err(Refusal::with_detail(
                &PARAMETERS,
                values.range(),
                "rows by name",
            ));
        }
    };
    changes.extend(
        found
            .iter()
            .zip(numbers)
            .map(|(one, number)| (one.range, format!("${number}"))),
    );
    if !many {
        changes.extend(unwrapped(model, sql, values)?);
    }
    changes.sort_by_key(|(range, _)| range.start());
    Ok(Statement {
        changes,
        gives_rows,
        locks_rows,
        only_reads,
        has_lines,
        is_counted,
    })
}

/// `%%` -> `%`. Any other `%` that is no placeholder fails in psycopg2.
fn percents(
    model: &Model<'_>,
    inside: TextRange,
    found: &[Placeholder],
    changes: &mut Vec<(TextRange, String)>,
) -> Result<(), Refusal> {
    let text = model.slice(inside);
    let mut skipped = 0;
    for (at, _) in text.match_indices('%') {
        let start = inside.start() + TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        if at < skipped || found.iter().any(|one| one.range.contains(start)) {
            continue;
        }
        if !text[at..].starts_with("%%") {
            return Err(Refusal::with_detail(
                &SQL,
                inside,
                "a `%` that is no placeholder",
            ));
        }
        skipped = at + 2;
        changes.push((TextRange::at(start, TextSize::new(2)), "%".to_string()));
    }
    Ok(())
}

/// What stands round a placeholder must not need a type that the server cannot tell, or text that it does not bind.
fn surroundings(before: &str, after: &str) -> Result<(), &'static str> {
    if ['\'', '"']
        .iter()
        .any(|&quote| before.matches(quote).count() % 2 == 1)
    {
        return Err("a placeholder in quotes");
    }
    let lower = before.trim_end().to_lowercase();
    let word = lower
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    let after = after.trim_start().to_lowercase();
    match word {
        "in" => return Err("`in %s`: write `= any(%s)` with a list"),
        "interval" => return Err("`interval %s`: write `%s::interval` with a timedelta"),
        "select" | "distinct" if !after.starts_with("::") => {
            return Err("the type of `select %s` is not known: write a cast");
        }
        _ => {}
    }
    if after.starts_with("is ") || after.starts_with("as ") {
        return Err("the type of the parameter is not known: write a cast");
    }
    Ok(())
}

/// The number of each placeholder.
fn numbers(found: &[Placeholder], values: &Expr) -> Result<Vec<usize>, Refusal> {
    let refuse = |why: &str| Refusal::with_detail(&PARAMETERS, values.range(), why);
    match values {
        Expr::Tuple(_) | Expr::List(_) => {
            let elts = match values {
                Expr::Tuple(tuple) => &tuple.elts,
                Expr::List(list) => &list.elts,
                _ => return Err(refuse("no tuple")),
            };
            if elts.len() != found.len() || found.iter().any(|one| one.name.is_some()) {
                return Err(refuse("not one for each placeholder"));
            }
            Ok((1..=found.len()).collect())
        }
        Expr::Dict(dict) => {
            let keys: Option<Vec<&str>> = dict
                .items
                .iter()
                .map(|item| literal::string(item.key.as_ref()?))
                .collect();
            let keys = keys.ok_or_else(|| refuse("a key is no plain string"))?;
            let number = |one: &Placeholder| {
                let name = one.name.as_deref()?;
                keys.iter().position(|key| *key == name).map(|at| at + 1)
            };
            let numbers: Option<Vec<usize>> = found.iter().map(number).collect();
            let numbers = numbers.ok_or_else(|| refuse("a placeholder has no parameter"))?;
            let mut once = numbers.clone();
            once.sort_unstable();
            once.dedup();
            // One name in two places may be of two types; a parameter that no placeholder has fails.
            if once.len() != numbers.len() || once.len() != keys.len() {
                return Err(refuse("not one placeholder for each name"));
            }
            Ok(numbers)
        }
        _ => Err(refuse("they are made elsewhere")),
    }
}

/// `(a, b)` -> `a, b`; `{"x": a}` -> `a`.
fn unwrapped(
    model: &Model<'_>,
    sql: &Expr,
    values: &Expr,
) -> Result<Vec<(TextRange, String)>, Refusal> {
    let items: Vec<&Expr> = match values {
        Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        Expr::List(list) => list.elts.iter().collect(),
        Expr::Dict(dict) => dict.items.iter().map(|item| &item.value).collect(),
        _ => Vec::new(),
    };
    let is_adapted = |item: &&&Expr| {
        matches!(
            item,
            Expr::Starred(_) | Expr::Named(_) | Expr::Tuple(_) | Expr::Dict(_) | Expr::Generator(_)
        )
    };
    if let Some(item) = items.iter().find(is_adapted) {
        return Err(Refusal::with_detail(
            &PARAMETERS,
            item.range(),
            "asyncpg adapts no values of this kind",
        ));
    }
    let spans: Vec<TextRange> = items
        .iter()
        .map(|item| model.parenthesized_range(ExprRef::from(*item)))
        .collect();
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        let sql = model.parenthesized_range(ExprRef::from(sql));
        let values = model.parenthesized_range(ExprRef::from(values));
        return Ok(vec![(
            TextRange::new(sql.end(), values.end()),
            String::new(),
        )]);
    };
    let whole = values.range();
    let mut changes = vec![(TextRange::new(whole.start(), first.start()), String::new())];
    if let Expr::Dict(_) = values {
        for pair in spans.windows(2) {
            changes.push((
                TextRange::new(pair[0].end(), pair[1].start()),
                ", ".to_string(),
            ));
        }
    }
    changes.push((TextRange::new(last.end(), whole.end()), String::new()));
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_that_change_nothing() {
        let reads = [
            "select id, count(*) from item where name in ('a', 'b') and upper(name) = $1",
            " select * from (select 1) as one order by (id)",
            "values (1, 2)",
        ];
        assert!(reads.iter().all(|text| only_reads(text)));
        let others = [
            "select nextval('item_id')",
            "select pg_advisory_xact_lock(1)",
            "select \"lower\"(name) from item",
            "select shop.lower(name) from item",
            "select * into other from item",
            "select * from item for update",
            "with gone as (delete from item returning id) select id from gone",
            "insert into item values (1)",
        ];
        assert!(!others.iter().any(|text| only_reads(text)));
    }
}
