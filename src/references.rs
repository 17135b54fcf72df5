//! Names in other files that would go stale: `patch("pkg.api.requests.get")`, `from pkg.api import requests`,
//! `monkeypatch.setattr(api, "time", ...)`, and test doubles of the blocking call itself (`patch("time.sleep")`).
//!
//! A unit releases names of its module (`requests` in `pkg/api.py`). Whoever refers to such a name through that module
//! would miss it, and a test double of it would double nothing: the migrated code would reach the network. So the unit is
//! left alone. The search is textual, over the bytes of all other files, because what it looks for stands in strings as
//! often as in code; it may find too much, never too little.

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashSet;

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

/// The doubles in a test file are for code that stays.
pub static CODE_STAYS: Reason = Reason {
    code: "code-stays",
    message: "the test doubles of this file are for code that goes on calling what they replace",
    help: "migrate that code first: see why it is left",
};

/// A mock would see another call.
pub static RESHAPED: Reason = Reason {
    code: "mock-reshaped",
    message: "a mock takes the place of a call that gets other arguments, or gives a response with other names, in the new code",
    help: "use respx or `responses` for the double, or change the mock by hand",
};

/// Another file names a function that takes or gives what changes.
pub static USED_ELSEWHERE: Reason = Reason {
    code: "used-elsewhere",
    message: "a function that takes or gives the value is named in another file too, where it may get or give another one",
    help: "keep the function to its module, or hand on the data instead",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[
    &NAMED_ELSEWHERE,
    &DOUBLED_ELSEWHERE,
    &CODE_STAYS,
    &RESHAPED,
    &USED_ELSEWHERE,
];

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
    /// How sure it is that it concerns the unit.
    pub certainty: Certainty,
    /// Whether a unit migrates it: see [`Search::migrating`].
    pub is_migrated: bool,
}

/// How sure it is that a place concerns a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It does.
    Certain,
    /// A double in a file that names the unit's module: it does where the file's code comes to the unit's functions.
    NamesModule,
    /// A double in a file that may come to them through others.
    Unknown,
}

/// A search for everything that a set of removals would leave stale. Built once, used on each file.
pub struct Search {
    removals: Vec<Removal>,
    names: Option<AhoCorasick>,
    /// For each pattern of `names`: what it means.
    patterns: Vec<Pattern>,
    /// The lines, from 1, with doubles that units migrate.
    migrated: FxHashSet<(FileId, usize)>,
}

#[derive(Clone, Debug)]
enum Pattern {
    /// `module.name`, or `module, "name"`.
    Named { module: String, name: String },
    /// `module import`: the names that follow count.
    Import { module: String },
    /// A double of a call.
    Double { text: &'static str },
    /// `time.sleep`, at the end of a string or set.
    Member { path: &'static str },
    /// `object(x, "time")`, `setattr(x, "time", ...)`, `f"{x}.time"`: a name of something that is not told.
    Quoted { name: String },
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
            for path in removal.members() {
                add(path.to_string(), Pattern::Member { path });
            }
            for name in removal.quoted() {
                for quote in ['"', '\''] {
                    let name = name.to_string();
                    add(format!("{name}{quote}"), Pattern::Quoted { name });
                }
            }
        }
        let names = (!texts.is_empty())
            .then(|| AhoCorasick::new(&texts).ok())
            .flatten();
        Self {
            removals,
            names,
            patterns,
            migrated: FxHashSet::default(),
        }
    }

    /// The same, where units migrate the doubles in these lines (from 1).
    #[must_use]
    pub fn migrating(mut self, lines: FxHashSet<(FileId, usize)>) -> Self {
        self.migrated = lines;
        self
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
        let mut done: FxHashSet<(usize, bool)> = FxHashSet::default();
        let ends: std::cell::OnceCell<Vec<usize>> = std::cell::OnceCell::new();
        let mut report = |unit: usize, reason: &'static Reason, at: usize, certainty: Certainty| {
            let ends = ends.get_or_init(|| memchr::memchr_iter(b'\n', bytes).collect());
            let line = ends.partition_point(|&end| end < at) + 1;
            let is_migrated = self.migrated.contains(&(file, line));
            if done.insert((unit, is_migrated)) {
                found.push(Stale {
                    unit,
                    reason,
                    file,
                    line,
                    certainty,
                    is_migrated,
                });
            }
        };
        // Only code that comes to the functions can test them.
        let certainty = |removal: &Removal| {
            let names = |word: &String| !word.is_empty() && contains_word(bytes, word.as_bytes());
            if removal.file == file || removal.functions.iter().any(names) {
                Certainty::Certain
            } else if names(&removal.module) {
                Certainty::NamesModule
            } else {
                Certainty::Unknown
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
                            report(
                                removal.unit,
                                &NAMED_ELSEWHERE,
                                hit.start(),
                                Certainty::Certain,
                            );
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
                            report(
                                removal.unit,
                                &NAMED_ELSEWHERE,
                                hit.start(),
                                Certainty::Certain,
                            );
                        }
                    }
                }
                Pattern::Double { .. } if is_parameter(bytes, hit.start(), hit.end()) => {}
                Pattern::Double { text } => {
                    let module = module_given(bytes, hit.start());
                    for removal in &self.removals {
                        // In its own file it may say a type.
                        if removal.doubles.contains(text)
                            && (removal.file != file || is_replaced(bytes, hit.start()))
                            && module.is_none_or(|name| name == removal.module.as_bytes())
                        {
                            let certainty = certainty(removal);
                            report(removal.unit, &DOUBLED_ELSEWHERE, hit.start(), certainty);
                        }
                    }
                }
                Pattern::Member { path } => {
                    if !ends_string(bytes, hit.end()) && !is_set(bytes, hit.end()) {
                        continue;
                    }
                    for removal in &self.removals {
                        if removal.members().any(|member| member == *path) {
                            let certainty = certainty(removal);
                            report(removal.unit, &DOUBLED_ELSEWHERE, hit.start(), certainty);
                        }
                    }
                }
                Pattern::Quoted { name } => {
                    if !is_member_of_something(bytes, hit.start()) {
                        continue;
                    }
                    for removal in &self.removals {
                        if removal.quoted().any(|quoted| quoted == name) {
                            let certainty = certainty(removal);
                            report(removal.unit, &DOUBLED_ELSEWHERE, hit.start(), certainty);
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

impl Removal {
    /// What its doubles name in full: `time.sleep` for `"time.sleep"`.
    fn members(&self) -> impl Iterator<Item = &'static str> {
        self.doubles.iter().filter_map(|text| {
            let path = text.strip_prefix('"')?.strip_suffix('"')?;
            path.contains('.').then_some(path)
        })
    }

    /// The names that stand in strings where something is replaced: `time`, and `sleep` of it.
    fn quoted(&self) -> impl Iterator<Item = &str> {
        let members = self.members().filter_map(|path| path.rsplit('.').next());
        self.names.iter().map(String::as_str).chain(members)
    }
}

/// Whether a string ends here.
fn ends_string(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at), Some(b'"' | b'\''))
}

/// Whether what ends here is set: ` = `.
fn is_set(bytes: &[u8], at: usize) -> bool {
    let rest = bytes[at..].trim_ascii_start();
    rest.starts_with(b"=") && !rest.starts_with(b"==")
}

/// Whether the first argument of `patch` or `setattr` begins here.
fn is_replaced(bytes: &[u8], at: usize) -> bool {
    let call = bytes[..at].trim_ascii_end().strip_suffix(b"(");
    call.is_some_and(|call| call.ends_with(b"patch") || call.ends_with(b"setattr"))
}

/// Whether what stands here is a parameter, or something is asked of one: a double that a decorator gives may be named as what makes
/// doubles (`def test(mock_open): ... mock_open.assert_called_once()`).
fn is_parameter(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = &bytes[..start];
    if !bytes[start..end].iter().all(is_word_part) || before.last() == Some(&b'.') {
        return false;
    }
    let line = before.rsplit(|&byte| byte == b'\n').next();
    let line = line.unwrap_or_default().trim_ascii_start();
    bytes.get(end) == Some(&b'.') || line.starts_with(b"def ") || line.starts_with(b"async def ")
}

/// The last name of the one module whose name is replaced by what stands here: `api` for `mock_open` in
/// `patch("pkg.api.open", mock.mock_open())`. No other module sees that double. `None` if that is not told, or is a module of the
/// standard library, whose members all others share.
fn module_given(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let is_chain = |byte: &&u8| is_word_part(byte) || **byte == b'.';
    let before = &bytes[..at];
    let before = &before[..before.len() - before.iter().rev().take_while(is_chain).count()];
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"new=").unwrap_or(before);
    let before = before.trim_ascii_end().strip_suffix(b",")?;
    let (quote, before) = before.trim_ascii_end().split_last()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let length = before.iter().rev().take_while(is_chain).count();
    let (before, path) = before.split_at(before.len() - length);
    let call = before.strip_suffix(std::slice::from_ref(quote))?;
    let call = call.trim_ascii_end().strip_suffix(b"(")?;
    if !call.ends_with(b"patch") && !call.ends_with(b"setattr") {
        return None;
    }
    let mut names = path.rsplit(|&byte| byte == b'.');
    let (_, module, _) = (names.next()?, names.next()?, names.next()?);
    (!SHARED.contains(&module)).then_some(module)
}

/// The modules and classes of the standard library whose `open` tests replace.
const SHARED: &[&[u8]] = &[
    b"Path",
    b"__builtin__",
    b"__builtins__",
    b"__main__",
    b"builtins",
    b"codecs",
    b"io",
    b"os",
    b"pathlib",
];

/// Whether the end of a string that begins here names a member of something that is not told: `f"{x}.NAME"`,
/// `x + ".NAME"`, `object(x, "NAME"`, `setattr(x, "NAME"`.
fn is_member_of_something(bytes: &[u8], start: usize) -> bool {
    let (before, last) = match bytes[..start].split_last() {
        Some((last, before)) => (before, *last),
        None => return false,
    };
    if last == b'.' {
        return matches!(before.last(), Some(b'}' | b'"' | b'\''));
    }
    if !matches!(last, b'"' | b'\'') {
        return false;
    }
    let Some(before) = before.trim_ascii_end().strip_suffix(b",") else {
        return false;
    };
    let before = before.trim_ascii_end();
    let is_chain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || *byte >= 0x80;
    let length = before
        .iter()
        .rev()
        .take_while(|byte| is_chain(byte))
        .count();
    let call = before[..before.len() - length].trim_ascii_end();
    let Some(call) = call.strip_suffix(b"(") else {
        return false;
    };
    length > 0 && (call.ends_with(b"object") || call.ends_with(b"setattr"))
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

fn is_word_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80
}

fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let quoted_or_word = |at: usize| bytes.get(at).is_some_and(is_word_part);
    let before = start > 0 && quoted_or_word(start - 1) && is_word_part(&bytes[start]);
    let after = quoted_or_word(end) && end > 0 && is_word_part(&bytes[end - 1]);
    !before && !after
}

/// Whether bytes hold a word.
pub(crate) fn contains_word(haystack: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find_iter(haystack, word)
        .any(|start| is_word(haystack, start, start + word.len()))
}

#[cfg(test)]
mod tests {
    use super::{Certainty, Removal, Search};
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
            .filter(|stale| stale.certainty != Certainty::Unknown)
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
    fn doubles_come_in_many_forms() {
        for text in [
            "fetch; patch(f'{api}.requests.get')",
            "fetch; patch(MODULE + '.requests')",
            "fetch; patch.object(module, 'requests')",
            "fetch; patch.object(\n    requests,\n    \"get\",\n)",
            "fetch; monkeypatch.setattr(r, 'get', fake)",
            "fetch; requests.get = fake",
            "import api; requests.get = fake",
        ] {
            assert_eq!(stale(text), ["doubled-elsewhere"], "{text}");
        }
        for text in [
            "fetch; print('requests')",
            "fetch; requests.get == fake",
            "fetch; table['get']",
            "fetch; object.get('get', 1)",
        ] {
            assert!(stale(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn doubles_of_one_module_concern_no_other() {
        let removal = Removal {
            unit: 0,
            file: FileId(0),
            module: "api".to_string(),
            names: Vec::new(),
            doubles: &["mock_open"],
            functions: vec!["fetch".to_string()],
        };
        let search = Search::new(vec![removal]);
        let is_stale = |text: &str| !search.stale_in(FileId(1), text.as_bytes()).is_empty();
        for text in [
            "@patch('pkg.api.open', mock.mock_open())\ndef test(): fetch()",
            "@patch('api.open', new=mock_open())\ndef test(): fetch()",
            "@patch('builtins.open', mock_open())\ndef test(): fetch()",
            "@patch('six.moves.builtins.open', mock_open())\ndef test(): fetch()",
            "@patch(f'{name}.api.open', mock_open())\ndef test(): fetch()",
            "@patch(__name__ + '.files.open', mock_open())\ndef test(): fetch()",
            "opener = mock_open(); fetch()",
        ] {
            assert!(is_stale(text), "{text}");
        }
        for text in [
            "@patch('pkg.files.open', mock.mock_open())\ndef test(): fetch()",
            "@patch('pkg.files.open')\ndef test(mock_open):\n    fetch(); mock_open.assert_called_once()",
            "@mock.patch(\n    \"pkg.files.open\",\n    new=mock_open(),\n)\ndef test(): fetch()",
        ] {
            assert!(!is_stale(text), "{text}");
        }
    }

    #[test]
    fn doubles_that_are_migrated_are_told_apart() {
        let removal = Removal {
            unit: 0,
            file: FileId(0),
            module: "api".to_string(),
            names: vec!["requests".to_string()],
            doubles: &["\"requests.get\""],
            functions: vec!["fetch".to_string()],
        };
        let lines = [(FileId(1), 2)].into_iter().collect();
        let search = Search::new(vec![removal]).migrating(lines);
        let found = |text: &str| -> Vec<(usize, bool)> {
            let stale = search.stale_in(FileId(1), text.as_bytes());
            stale
                .iter()
                .map(|stale| (stale.line, stale.is_migrated))
                .collect()
        };
        let migrated = "import api\nfetch; patch('api.requests.get')\n";
        assert_eq!(found(migrated), [(2, true)]);
        let other = format!("{migrated}patch('api.requests.get')\n");
        assert_eq!(found(&other), [(2, true), (3, false)]);
    }

    #[test]
    fn leaves_what_does_not_concern_it() {
        assert!(stale("from .api import fetch\nimport requests\n").is_empty());
        assert!(stale("my_api.requests").is_empty());
        assert!(stale("api.requests_total").is_empty());
        assert!(stale("@patch(\"requests.get\")\ndef test(get): other()").is_empty());
    }
}
