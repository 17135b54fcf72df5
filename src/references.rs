//! Names in other files that would go stale: `patch("pkg.api.requests.get")`, `from pkg.api import requests`,
//! `monkeypatch.setattr(api, "time", ...)`, and test doubles of the blocking call itself (`patch("time.sleep")`).
//!
//! A unit releases names of its module (`requests` in `pkg/api.py`). Whoever refers to such a name through that module
//! would miss it, and a test double of it would double nothing: the migrated code would reach the network. So the unit is
//! left alone. The search is textual, over the bytes of all other files, because what it looks for stands in strings as
//! often as in code; it may find too much, never too little.

use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::unit::{FileId, Reason};

/// Another file refers to a name that the unit removes.
pub static NAMED_ELSEWHERE: Reason = Reason {
    code: "named-elsewhere",
    message: "another file refers to the replaced name through this module (an import, an attribute or a patch target), and would miss it",
    help: "change that file to the async name first",
};

/// Another file doubles the blocking call in a test of this function.
pub static DOUBLED_ELSEWHERE: Reason = Reason {
    code: "doubled-elsewhere",
    message: "a test replaces the blocking call by a double, which would no longer be called",
    help: "change the test to double the async call first",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&NAMED_ELSEWHERE, &DOUBLED_ELSEWHERE];

/// What one unit removes, and what would miss it.
#[derive(Clone, Debug)]
pub struct Removal {
    /// The unit.
    pub unit: usize,
    /// The file that it is in.
    pub file: FileId,
    /// The last part of the module's name: `api` for `pkg.api`.
    pub module: String,
    /// The names that it no longer refers to.
    pub names: Vec<String>,
    /// Byte strings that show, in another file, a double of what it replaces.
    pub doubles: &'static [&'static str],
    /// The functions that it changes, by their last names.
    pub functions: Vec<String>,
}

/// A place that would go stale.
#[derive(Clone, Debug)]
pub struct Stale {
    /// The unit.
    pub unit: usize,
    /// Why it is left.
    pub reason: &'static Reason,
    /// The file that refers to it.
    pub file: FileId,
    /// 1-based line there.
    pub line: usize,
}

/// A search for everything that a set of removals would leave stale. Built once, used on each file.
pub struct Search {
    removals: Vec<Removal>,
    names: Option<AhoCorasick>,
    /// For each pattern of `names`: what it means.
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
enum Pattern {
    /// `module.name`, or `module, "name"`.
    Named { module: String, name: String },
    /// `module import`: the names that follow count.
    Import { module: String },
    /// A double of a call.
    Double { text: &'static str },
}

impl Search {
    /// A search for these removals.
    pub fn new(removals: Vec<Removal>) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let mut patterns = Vec::new();
        let mut seen: FxHashSet<String> = FxHashSet::default();
        let mut add = |text: String, pattern: Pattern| {
            if seen.insert(text.clone()) {
                texts.push(text);
                patterns.push(pattern);
            }
        };
        for removal in &removals {
            let module = &removal.module;
            if !module.is_empty() {
                for name in &removal.names {
                    for text in [
                        format!("{module}.{name}"),
                        format!("{module}, \"{name}\""),
                        format!("{module}, '{name}'"),
                    ] {
                        add(
                            text,
                            Pattern::Named {
                                module: module.clone(),
                                name: name.clone(),
                            },
                        );
                    }
                }
                add(
                    format!("{module} import"),
                    Pattern::Import {
                        module: module.clone(),
                    },
                );
            }
            for &text in removal.doubles {
                add(text.to_string(), Pattern::Double { text });
            }
        }
        let names = (!texts.is_empty())
            .then(|| AhoCorasick::new(&texts).ok())
            .flatten();
        Self {
            removals,
            names,
            patterns,
        }
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.names.is_none()
    }

    /// What would go stale in one file. Linear in its size, apart from the removals that it names.
    pub fn stale_in(&self, file: FileId, bytes: &[u8]) -> Vec<Stale> {
        let Some(names) = &self.names else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut done: FxHashMap<usize, ()> = FxHashMap::default();
        let mut report = |unit: usize, reason: &'static Reason, at: usize| {
            if done.insert(unit, ()).is_none() {
                let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
                found.push(Stale {
                    unit,
                    reason,
                    file,
                    line,
                });
            }
        };
        for hit in names.find_overlapping_iter(bytes) {
            if !is_word(bytes, hit.start(), hit.end()) {
                continue;
            }
            match &self.patterns[hit.pattern().as_usize()] {
                Pattern::Named { module, name } => {
                    for removal in self.others(file) {
                        if removal.module == *module && removal.names.contains(name) {
                            report(removal.unit, &NAMED_ELSEWHERE, hit.start());
                        }
                    }
                }
                Pattern::Import { module } => {
                    let imported = import_list(&bytes[hit.end()..]);
                    for removal in self
                        .others(file)
                        .filter(|removal| removal.module == *module)
                    {
                        if removal
                            .names
                            .iter()
                            .any(|name| contains_word(imported, name.as_bytes()))
                        {
                            report(removal.unit, &NAMED_ELSEWHERE, hit.start());
                        }
                    }
                }
                Pattern::Double { text } => {
                    for removal in self
                        .others(file)
                        .filter(|removal| removal.doubles.contains(text))
                    {
                        // Only a file that knows the function can test it.
                        if removal
                            .functions
                            .iter()
                            .any(|name| contains_word(bytes, name.as_bytes()))
                        {
                            report(removal.unit, &DOUBLED_ELSEWHERE, hit.start());
                        }
                    }
                }
            }
        }
        found
    }

    fn others(&self, file: FileId) -> impl Iterator<Item = &Removal> {
        self.removals
            .iter()
            .filter(move |removal| removal.file != file)
    }
}

/// The names behind `import`: to the end of the line, or of the parentheses.
fn import_list(rest: &[u8]) -> &[u8] {
    let trimmed = rest
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t'))
        .unwrap_or(rest.len());
    let end = if rest.get(trimmed) == Some(&b'(') {
        memchr::memchr(b')', rest)
    } else {
        memchr::memchr(b'\n', rest)
    };
    &rest[..end.unwrap_or(rest.len())]
}

fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let quoted_or_word = |at: usize| bytes.get(at).is_some_and(is_part);
    let before = start > 0 && quoted_or_word(start - 1) && is_part(&bytes[start]);
    let after = quoted_or_word(end) && end > 0 && is_part(&bytes[end - 1]);
    !before && !after
}

fn contains_word(haystack: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find_iter(haystack, word)
        .any(|start| is_word(haystack, start, start + word.len()))
}

#[cfg(test)]
mod tests {
    use super::{Removal, Search};
    use crate::unit::FileId;

    fn stale(text: &str) -> Vec<&'static str> {
        let removal = Removal {
            unit: 0,
            file: FileId(0),
            module: "api".to_string(),
            names: vec!["requests".to_string()],
            doubles: &["\"requests.get\""],
            functions: vec!["fetch".to_string()],
        };
        let search = Search::new(vec![removal]);
        search
            .stale_in(FileId(1), text.as_bytes())
            .iter()
            .map(|stale| stale.reason.code)
            .collect()
    }

    #[test]
    fn finds_what_would_go_stale() {
        assert_eq!(stale("patch('pkg.api.requests.get')"), ["named-elsewhere"]);
        assert_eq!(
            stale("from .api import (\n    fetch,\n    requests,\n)"),
            ["named-elsewhere"]
        );
        assert_eq!(
            stale("monkeypatch.setattr(api, \"requests\", fake)"),
            ["named-elsewhere"]
        );
        assert_eq!(
            stale("@patch(\"requests.get\")\nasync def test(get): await fetch()"),
            ["doubled-elsewhere"]
        );
    }

    #[test]
    fn leaves_what_does_not_concern_it() {
        assert!(stale("from .api import fetch\nimport requests\n").is_empty());
        assert!(stale("my_api.requests").is_empty());
        assert!(stale("api.requests_total").is_empty());
        assert!(stale("@patch(\"requests.get\")\ndef test(get): other()").is_empty());
    }
}
