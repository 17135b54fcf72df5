//! Notebooks: the code that they hold. They are not migrated, but what they call must stay as it is.

use serde_json::Value;

/// Stands between two cells: no identifier goes on behind it, and [`cell_at`] counts it.
const BETWEEN: u8 = b'\x0c';

/// The text of the code cells of a notebook, each as it stands there. `None` if it is not one.
///
/// Source: <https://nbformat.readthedocs.io/en/latest/format_description.html>
pub fn code(bytes: &[u8]) -> Option<Vec<u8>> {
    let notebook: Value = serde_json::from_slice(bytes).ok()?;
    // Before version 4, the cells are in worksheets.
    let sheets = notebook.get("worksheets").and_then(Value::as_array);
    let cells = sheets
        .into_iter()
        .flatten()
        .chain(std::iter::once(&notebook))
        .filter_map(|sheet| sheet.get("cells")?.as_array())
        .flatten();
    let mut code = Vec::new();
    for cell in cells {
        code.push(BETWEEN);
        if cell.get("cell_type").and_then(Value::as_str) != Some("code") {
            continue;
        }
        match cell.get("source").or_else(|| cell.get("input")) {
            Some(Value::String(text)) => code.extend(text.as_bytes()),
            Some(Value::Array(lines)) => {
                let lines = lines.iter().filter_map(Value::as_str);
                code.extend(lines.flat_map(str::bytes));
            }
            _ => {}
        }
    }
    Some(code)
}

/// The 1-based number of the cell that holds an offset of [`code`].
pub fn cell_at(code: &[u8], offset: usize) -> usize {
    let before = &code[..offset.min(code.len())];
    memchr::memchr_iter(BETWEEN, before).count()
}

#[cfg(test)]
mod tests {
    use super::{cell_at, code};

    #[test]
    fn only_code_cells_count() {
        let notebook = br#"{"cells": [
            {"cell_type": "markdown", "source": ["calls go"]},
            {"cell_type": "code", "source": ["import lib\n", "lib.run()"], "outputs": ["go"]},
            {"cell_type": "code", "source": "x = 1\nstop()"}
        ], "nbformat": 4}"#;
        let text = code(notebook).expect("a notebook");
        let text = String::from_utf8(text).expect("Unicode");
        assert_eq!(text, "\x0c\x0cimport lib\nlib.run()\x0cx = 1\nstop()");
        assert_eq!(
            cell_at(text.as_bytes(), text.find("stop").expect("there")),
            3
        );
        assert_eq!(code(b"[1]"), Some(Vec::new()));
        assert_eq!(code(b"not JSON"), None);
    }
}
