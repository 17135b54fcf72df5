//! The table of `git diff --stat`.

use anstyle::{AnsiColor, Style};

use super::{LineCounts, counts, name};
use crate::plan::FileChange;

/// The least width of a graph, and what git takes for one (diff.c, `show_stats`).
const LEAST_GRAPH: usize = 6;

/// The columns of a row beside name, number and graph: ` name | 12 ++--` and one to spare.
const FRAME: usize = 6;

/// What `git diff --stat=WIDTH` prints for the changes: a row per file and a summary line, each with its line end.
///
/// `width` is in columns of the terminal; less than git's least width counts as that. Names are quoted as in patches,
/// and long ones lose their front. `colour` paints the graph. Unchanged files have no row.
pub fn stat(changes: &[FileChange], width: usize, colour: bool) -> String {
    let rows: Vec<(String, LineCounts)> = changes
        .iter()
        .filter(|c| c.before != c.after)
        .map(|c| (name::quote(c.name.as_bytes()), counts(c)))
        .collect();
    let most = rows
        .iter()
        .map(|(_, n)| n.added + n.removed)
        .max()
        .unwrap_or(0);
    let longest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let layout = Layout::new(width, longest, most);
    let mut out = String::new();
    for (name, count) in &rows {
        layout.row(&mut out, name, *count, colour);
    }
    let total = rows
        .iter()
        .fold(LineCounts::default(), |sum, (_, n)| LineCounts {
            added: sum.added + n.added,
            removed: sum.removed + n.removed,
        });
    out.push_str(&summary(rows.len(), total));
    out
}

/// The summary line; git leaves out the side that is zero, unless both are.
fn summary(files: usize, total: LineCounts) -> String {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let mut out = format!(" {files} file{} changed", plural(files));
    if files > 0 && (total.added > 0 || total.removed == 0) {
        out.push_str(&format!(
            ", {} insertion{}(+)",
            total.added,
            plural(total.added)
        ));
    }
    if files > 0 && (total.removed > 0 || total.added == 0) {
        out.push_str(&format!(
            ", {} deletion{}(-)",
            total.removed,
            plural(total.removed)
        ));
    }
    out.push('\n');
    out
}

/// The widths of the columns.
struct Layout {
    name: usize,
    number: usize,
    graph: usize,
    most: usize,
}

impl Layout {
    /// Shares the width as git does: five eighths for the name, three eighths for the rest, and what one side does not
    /// need goes to the other.
    fn new(width: usize, longest: usize, most: usize) -> Self {
        let number = most.to_string().len();
        let width = width.max(16 + LEAST_GRAPH + number);
        let (mut name, mut graph) = (longest, most);
        if name + number + FRAME + graph > width {
            let share = (width * 3 / 8).saturating_sub(number + FRAME);
            if graph > share {
                graph = share.max(LEAST_GRAPH);
            }
            let room = width.saturating_sub(number + FRAME + graph);
            if name > room {
                name = room;
            } else {
                graph = width - number - FRAME - name;
            }
        }
        Self {
            name,
            number,
            graph,
            most,
        }
    }

    /// Writes one row.
    fn row(&self, out: &mut String, name: &str, count: LineCounts, colour: bool) {
        let shown = shorten(name, self.name);
        let total = count.added + count.removed;
        out.push_str(&format!(
            " {shown:<name$} | {total:>number$}",
            name = self.name,
            number = self.number
        ));
        let (plus, minus) = self.bars(count);
        if plus + minus > 0 {
            out.push(' ');
        }
        for (length, sign, shade) in [(plus, "+", AnsiColor::Green), (minus, "-", AnsiColor::Red)] {
            let style = if colour && length > 0 {
                shade.on_default()
            } else {
                Style::new()
            };
            out.push_str(&format!("{style}{}{style:#}", sign.repeat(length)));
        }
        out.push('\n');
    }

    /// The lengths of the two bars.
    fn bars(&self, count: LineCounts) -> (usize, usize) {
        let LineCounts { added, removed } = count;
        if self.graph > self.most {
            return (added, removed);
        }
        let scale = |n: usize| {
            if n == 0 {
                0
            } else {
                1 + n * (self.graph - 1) / self.most
            }
        };
        let mut total = scale(added + removed);
        if total < 2 && added > 0 && removed > 0 {
            total = 2;
        }
        if added < removed {
            let plus = scale(added);
            (plus, total.saturating_sub(plus))
        } else {
            let minus = scale(removed);
            (total.saturating_sub(minus), minus)
        }
    }
}

/// Cuts the front of a name, at a slash where there is one; names are quoted, so that a byte is a column.
fn shorten(name: &str, room: usize) -> String {
    if name.len() <= room {
        return name.to_owned();
    }
    let rest = name
        .get(name.len() - room.saturating_sub(3)..)
        .unwrap_or_default();
    let rest = rest
        .find('/')
        .and_then(|slash| rest.get(slash..))
        .unwrap_or(rest);
    format!("...{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, before: &str, after: &str) -> FileChange {
        FileChange {
            path: name.into(),
            name: name.to_owned(),
            before: before.into(),
            after: after.into(),
            edits: Vec::new(),
        }
    }

    #[test]
    fn rows_and_summary() {
        let changes = [
            change("a.py", "a\n", "b\n"),
            change("long.py", "", "1\n2\n"),
            change("same.py", "", ""),
        ];
        assert_eq!(
            stat(&changes, 80, false),
            " a.py    | 2 +-\n long.py | 2 ++\n 2 files changed, 3 insertions(+), 1 deletion(-)\n"
        );
        assert_eq!(stat(&[], 80, false), " 0 files changed\n");
    }

    #[test]
    fn only_the_graph_is_painted() {
        let text = stat(&[change("a.py", "a\n", "b\n")], 80, true);
        assert!(
            text.starts_with(" a.py | 2 \u{1b}[32m+\u{1b}[0m\u{1b}[31m-\u{1b}[0m\n"),
            "{text:?}"
        );
    }

    #[test]
    fn a_tiny_width_is_no_crash() {
        let many = "x\n".repeat(1_000);
        let text = stat(&[change(&"d/".repeat(100), &many, "")], 0, false);
        assert!(text.contains(".../d/"), "{text}");
    }
}
