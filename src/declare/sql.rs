//! Literal SQL whose placeholders have another meaning for the twin.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef, ExprStringLiteral};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Sql, reasons};
use crate::codemod::{Refusal, UnitBuilder};
use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId, literal};

/// All text that is written in an expression, and in what its names stand for: `"a" + f"b{c}"`, a constant of the file.
pub(super) fn texts(model: &Model<'_>, expr: &Expr) -> String {
    let mut text = String::new();
    let mut add = |at: NodeId| {
        for node in model.nodes.subtree(at) {
            match model.nodes.get(node) {
                AnyNodeRef::ExprStringLiteral(part) => {
                    text.push_str(part.value.to_str());
                }
                AnyNodeRef::InterpolatedStringLiteralElement(part) => {
                    text.push_str(&part.value);
                }
                _ => {}
            }
        }
    };
    match expr {
        Expr::Name(_) => {
            let symbol = model.scopes.symbol_of(model.id(expr));
            for &binding in symbol
                .iter()
                .flat_map(|&symbol| &model.scopes.symbol(symbol).bindings)
            {
                let statement = model.statement_of(model.scopes.binding(binding).node);
                if let AnyNodeRef::StmtAssign(assign) = model.nodes.get(statement) {
                    add(model.node_of(assign.value.as_ref()));
                }
            }
        }
        _ => add(model.node_of(expr)),
    }
    text
}

/// Rewrites the SQL in the first argument of a call.
///
/// # Errors
/// SQL that means something else to the twin, and cannot be rewritten where it stands.
pub(super) fn rewrite<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
    sql: Sql,
) -> Result<(), Refusal> {
    match sql {
        Sql::InList => in_list(model, unit, call),
        Sql::Rows => rows(model, unit, call),
    }
}

fn refuse(range: TextRange, why: &str) -> Refusal {
    Refusal::with_detail(&reasons::ARGUMENT, range, why)
}

/// `in %s` with a tuple -> `= any(%s)` with a list.
fn in_list<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
) -> Result<(), Refusal> {
    let Some(first) = call.arguments.args.first() else {
        return Ok(());
    };
    let whole = placeholders(&texts(model, first));
    let wanted = whole.iter().filter(|one| one.operator.is_some()).count();
    if wanted == 0 {
        return Ok(());
    }
    let Some(found) = written(model, first).filter(|found| found.len() == whole.len()) else {
        return Err(refuse(first.range(), IN_TEXT));
    };
    let values = call.arguments.args.get(1);
    let values = values.or_else(|| {
        let mut keywords = call.arguments.keywords.iter();
        let keyword = keywords.find(|keyword| keyword.arg.is_some())?;
        Some(&keyword.value)
    });
    let Some(values) = values else {
        // Without parameters it is no placeholder.
        return Ok(());
    };
    let mut edits = Vec::new();
    for (number, one) in found.iter().enumerate() {
        let Some(operator) = &one.operator else {
            continue;
        };
        let value = match (&one.name, values) {
            (Some(name), Expr::Dict(dict)) => {
                if found
                    .iter()
                    .filter(|other| other.name.as_ref() == Some(name))
                    .count()
                    > 1
                {
                    return Err(refuse(first.range(), IN_TEXT));
                }
                let mut items = dict.items.iter();
                items
                    .find(|item| item.key.as_ref().and_then(literal::string) == Some(name))
                    .map(|item| &item.value)
            }
            (None, Expr::Tuple(tuple)) if tuple.elts.len() == found.len() => tuple.elts.get(number),
            (None, Expr::List(list)) if list.elts.len() == found.len() => list.elts.get(number),
            _ => None,
        };
        let Some(value) = value.filter(|value| !value.is_starred_expr()) else {
            return Err(refuse(values.range(), IN_VALUES));
        };
        edits.push(Edit::replace(operator.range, operator.twin()));
        edits.push(Edit::insert(one.range.end(), first.range(), ")"));
        edits.extend(as_list(model, value));
    }
    unit.edits(edits);
    unit.unsafe_because(first.range(), EMPTY_LIST);
    Ok(())
}

/// An expression that gives a tuple, as one that gives a list.
fn as_list(model: &Model<'_>, value: &Expr) -> Vec<Edit> {
    match value {
        Expr::Tuple(tuple) if tuple.parenthesized => {
            let (start, end) = (tuple.start(), tuple.end());
            let one = TextSize::new(1);
            let last = tuple.elts.last().map_or(start + one, |last| {
                model.parenthesized_range(ExprRef::from(last)).end()
            });
            let rest = TextRange::new(last, end - one);
            let mut edits = vec![Edit::replace(TextRange::at(start, one), "[")];
            // `(1,)` -> `[1]`
            if tuple.elts.len() == 1 && model.slice(rest).trim() == "," {
                edits.push(Edit::delete(rest));
            }
            edits.push(Edit::replace(TextRange::new(end - one, end), "]"));
            edits
        }
        Expr::Call(made)
            if made.arguments.len() == 1
                && made.arguments.args.len() == 1
                && model.meaning(&made.func).path() == Some("builtins.tuple")
                && made.func.is_name_expr() =>
        {
            vec![Edit::replace(made.func.range(), "list")]
        }
        _ => {
            let range = model.parenthesized_range(ExprRef::from(value));
            vec![Edit::surround(range, "list(", ")", Layer::Outer)]
        }
    }
}

/// `values %s` with rows -> `values (%s, %s)`.
fn rows<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
) -> Result<(), Refusal> {
    // The first argument is what the call is for: `execute_values(cursor, sql, rows)`.
    let Some(sql) = call.arguments.args.get(1) else {
        return Err(refuse(call.range(), ROWS_TEXT));
    };
    let text = texts(model, sql).to_lowercase();
    if text.contains("returning") {
        return Err(refuse(
            sql.range(),
            "`returning`: `executemany` gives no rows",
        ));
    }
    let found = written(model, sql).unwrap_or_default();
    let [one] = found.as_slice() else {
        return Err(refuse(sql.range(), ROWS_TEXT));
    };
    let template = literal::keyword(call, "template");
    let row = match template.map(|keyword| literal::string(&keyword.value)) {
        Some(Some(text)) => text.to_string(),
        Some(None) => return Err(refuse(sql.range(), ROWS_TEXT)),
        None => {
            let before = text.split("values").next().unwrap_or_default();
            let columns = before
                .rsplit_once(')')
                .filter(|(_, rest)| rest.trim().is_empty())
                .and_then(|(before, _)| before.rsplit_once('('));
            let Some((_, columns)) = columns else {
                return Err(refuse(sql.range(), ROWS_TEXT));
            };
            let columns = vec!["%s"; columns.split(',').count()];
            format!("({})", columns.join(", "))
        }
    };
    unit.edit(Edit::replace(one.range, row));
    unit.unsafe_because(sql.range(), ROW_BY_ROW);
    Ok(())
}

const IN_TEXT: &str = "`in %s`: the twin takes no tuple there: write `= any(%s)` with a list (this SQL is not a plain string here)";

const IN_VALUES: &str = "`in %s`: the twin takes no tuple there: write `= any(%s)` with a list (the parameters are not written here, one for each placeholder)";

const EMPTY_LIST: &str =
    "`= any(%s)` finds nothing for an empty list, where `in %s` failed for an empty tuple";

const ROWS_TEXT: &str = "the rows of this statement cannot be seen: write `insert into t (a, b) values %s` as a plain string";

const ROW_BY_ROW: &str = "each row is a statement of its own: `rowcount` counts all of them, and `on conflict` sees one row at a time";

/// A placeholder of a text.
pub(crate) struct Placeholder {
    /// Where it stands: in the file, for [`written`].
    pub(crate) range: TextRange,
    /// The name in `%(name)s`.
    pub(crate) name: Option<String>,
    /// `in` or `not in` before it.
    operator: Option<Operator>,
}

struct Operator {
    range: TextRange,
    is_negated: bool,
    is_upper: bool,
}

impl Operator {
    fn twin(&self) -> &'static str {
        match (self.is_negated, self.is_upper) {
            (false, false) => "= any(",
            (false, true) => "= ANY(",
            (true, false) => "<> all(",
            (true, true) => "<> ALL(",
        }
    }
}

/// The placeholders of SQL that is a string literal, where they stand in the file; `None` if it is anything else.
pub(crate) fn written(model: &Model<'_>, sql: &Expr) -> Option<Vec<Placeholder>> {
    let Expr::StringLiteral(ExprStringLiteral { value, .. }) = sql else {
        return None;
    };
    let mut all = Vec::new();
    for part in value {
        let inside = part.content_range();
        let start = inside.start();
        let raw = model.slice(inside);
        // An escape may hide what stands before a placeholder.
        if raw != part.as_str() && placeholders(raw).len() != placeholders(part.as_str()).len() {
            return None;
        }
        all.extend(placeholders(raw).into_iter().map(|mut one| {
            one.range += start;
            if let Some(operator) = &mut one.operator {
                operator.range += start;
            }
            one
        }));
    }
    // An operator that ends one part and stands before a placeholder of the next is none of either.
    let operators =
        |found: &[Placeholder]| found.iter().filter(|one| one.operator.is_some()).count();
    (operators(&all) == operators(&placeholders(value.to_str()))).then_some(all)
}

/// The placeholders of a text.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'%', &bytes[at..]) {
        let start = at + next;
        let (end, name) = match bytes.get(start + 1) {
            Some(b's') => (start + 2, None),
            Some(b'(') => match text[start + 2..].find(")s") {
                Some(close) => {
                    let name = &text[start + 2..start + 2 + close];
                    (start + 2 + close + 2, Some(name.to_string()))
                }
                None => (start + 2, Some(String::new())),
            },
            _ => {
                at = (start + 2).min(bytes.len());
                continue;
            }
        };
        found.push(Placeholder {
            range: span(start, end),
            name,
            operator: operator(text, start),
        });
        at = end;
    }
    found
}

fn operator(text: &str, placeholder: usize) -> Option<Operator> {
    let (before, word) = last_word(&text[..placeholder])?;
    if !word.eq_ignore_ascii_case("in") || before.len() + word.len() == placeholder {
        return None;
    }
    let negated = last_word(before).filter(|(_, word)| word.eq_ignore_ascii_case("not"));
    let start = negated.map_or(before.len(), |(before, _)| before.len());
    Some(Operator {
        range: span(start, placeholder),
        is_negated: negated.is_some(),
        is_upper: word.starts_with('I'),
    })
}

/// The word that a text ends with, white space behind it left out, and what stands before the word.
fn last_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let word = text.rfind(|c| !is_part(c)).map_or(0, |at| {
        at + text[at..].chars().next().map_or(0, char::len_utf8)
    });
    (word < text.len()).then(|| text.split_at(word))
}

fn span(start: usize, end: usize) -> TextRange {
    // Offsets of a text that is part of a file: the parser's limit holds for it.
    let at = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
    TextRange::new(at(start), at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, &'static str)> {
        let found = placeholders(text).into_iter();
        found
            .map(|one| {
                let operator = one.operator.as_ref().map_or("", Operator::twin);
                (text[one.range].to_string(), operator)
            })
            .collect()
    }

    #[test]
    fn placeholders_and_what_stands_before_them() {
        assert_eq!(
            told("a IN %s and b not  in %(b)s or c in (%s) and d like '%%s' and begin %s"),
            [
                ("%s".to_string(), "= ANY("),
                ("%(b)s".to_string(), "<> all("),
                ("%s".to_string(), ""),
                ("%s".to_string(), ""),
            ]
        );
    }
}
