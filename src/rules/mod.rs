//! The rules of `awaitify check`: what a reviewer of async code looks for besides blocking calls. A rule reports; it
//! changes nothing. Where a codemod can mend what it finds, it names the codemod.
//!
//! One folder for each rule: the code, its `README.md` (what, why, remedy), and fixtures whose findings are snapshots.

mod async_without_await;
mod await_outside_async;
mod client_per_call;
mod cpu_bound;
mod inspection;
mod line_by_line;
mod lost_task;
mod no_timeout;
mod sequential_awaits;
mod sync_session;
mod sync_with;
mod unawaited_coroutine;
mod unbounded_concurrency;
mod unchecked_gather;
mod unclosed_resource;

use ruff_text_size::TextRange;

pub use inspection::Inspection;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab-case: what `--select`, `--ignore` and `# awaitify: ignore[...]` take.
    pub name: &'static str,
    /// What it finds, in one line, for `awaitify list`.
    pub summary: &'static str,
    /// Its `README.md`, which `awaitify explain` prints.
    pub readme: &'static str,
    /// What is wrong: one sentence without a full stop.
    pub message: &'static str,
    /// What to do: one sentence in the imperative, without a full stop.
    pub help: &'static str,
    /// The codemod that mends it where it can.
    pub codemod: Option<&'static str>,
    /// Whether it is about functions as such. Then it has nothing to say where a codemod or another rule found something, for
    /// that will be awaited, nor where several files have a function of that name: that is a convention, and others
    /// keep it.
    pub gives_way: bool,
    /// Looks at one file.
    pub run: fn(&mut Inspection<'_, '_>),
}

/// What a rule found at one place.
#[derive(Clone, Debug)]
pub struct Breach {
    /// The rule.
    pub rule: &'static Rule,
    /// Where, in bytes.
    pub range: TextRange,
    /// What exactly.
    pub detail: Option<String>,
    /// The codemod that mends it where it can.
    pub codemod: Option<&'static str>,
}

/// Every rule, sorted by name.
pub static RULES: &[&Rule] = &[
    &async_without_await::RULE,
    &await_outside_async::RULE,
    &client_per_call::RULE,
    &cpu_bound::RULE,
    &line_by_line::RULE,
    &lost_task::RULE,
    &no_timeout::RULE,
    &sequential_awaits::RULE,
    &sync_session::RULE,
    &sync_with::RULE,
    &unawaited_coroutine::RULE,
    &unbounded_concurrency::RULE,
    &unchecked_gather::RULE,
    &unclosed_resource::RULE,
];

/// The rule of this name.
pub fn named(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
