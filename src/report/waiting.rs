//! The to-do list of a migration: what waits for which barriers, the fewest barriers first.

use super::words::{Paint, clean, count, plural};
use crate::plan::{InTheWay, Plan, Waiting};

/// How many groups are shown without `--verbose`.
const GROUPS: usize = 5;

/// The list as lines, with a heading; empty where nothing waits. `all` shows every group and barrier.
pub(super) fn lines(plan: &Plan, paint: Paint, all: bool) -> Vec<String> {
    if plan.waiting.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![paint.heading("In the way, the fewest barriers first:")];
    let total = plan.waiting.len();
    let shown = if all { total } else { total.min(GROUPS) };
    for waiting in &plan.waiting[..shown] {
        lines.extend(group(waiting, paint, all));
    }
    if total > shown {
        let more = format!("... {} more (-v lists all)", count(total - shown));
        lines.push(format!("  {}", paint.faint(&more)));
    }
    if let Some(waiting) = plan.waiting.iter().find(|waiting| waiting.halves > 0) {
        let label = paint.help("help:");
        lines.push(format!(
            "  {label} mend them; or migrate what waits with `--assist {}`, which leaves a marker comment at each",
            waiting.barriers.len()
        ));
    }
    lines
}

fn group(waiting: &Waiting, paint: Paint, all: bool) -> Vec<String> {
    let sites = plural(waiting.sites, "site");
    let number = waiting.barriers.len();
    let head = match (waiting.more, number) {
        (true, _) => format!(
            "more than {} stand before {sites}",
            plural(number, "barrier")
        ),
        (false, 1) => format!("1 barrier stands before {sites}"),
        (false, _) => format!("{} stand before {sites}", plural(number, "barrier")),
    };
    if let ([only], false) = (&waiting.barriers[..], waiting.more) {
        return vec![format!("  {head}: {}", barrier(only, paint))];
    }
    let mut lines = vec![format!("  {head}:")];
    let shown = if all { number } else { number.min(3) };
    for at in &waiting.barriers[..shown] {
        lines.push(format!("    {}", barrier(at, paint)));
    }
    if number > shown {
        let more = format!("... {} more (-v lists all)", count(number - shown));
        lines.push(format!("    {}", paint.faint(&more)));
    }
    lines
}

/// `special-method, pkg/client.py:50 in Client.__len__`
pub(super) fn barrier(at: &InTheWay, paint: Paint) -> String {
    let mut text = format!(
        "{}, {}:{}",
        paint.name(at.reason.code),
        clean(&at.file),
        at.line
    );
    if !at.function.is_empty() {
        let link = if at.is_use { "of" } else { "in" };
        text.push_str(&format!(" {link} {}", clean(&at.function)));
    }
    if let Some(detail) = &at.detail {
        text.push_str(&format!(": {}", clean(detail)));
    }
    text
}
