//! Seeds that the user names with `--make-async`: functions of the project that become async, with no codemod involved.
//!
//! A name is looked up in the facts of the files whose text holds it. Each function that it names is a [`Unit`] without
//! edits of its own, which needs that function async: the propagation and the solver do with it what they do with the
//! units of a seed codemod, and reports name it [`NAME`].

use std::fmt;

use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::{FileFacts, Function};
use crate::discovery::{self, Found, Kind};
use crate::index::Project;
use crate::plan::{Outcome, Place, UnitReport};
use crate::propagate::Loader;
use crate::python::PythonVersion;
use crate::source;
use crate::unit::{FileId, FunctionId, Holder, Safety, Unit};

/// What reports say in place of a codemod's name.
pub const NAME: &str = "make_async";

/// How many functions an error suggests.
const SUGGESTED: usize = 3;

/// Names that no function of the project has.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFound {
    /// Each with the names of functions that are like it, the nearest first.
    pub names: Vec<(String, Vec<String>)>,
}

impl NotFound {
    /// What the user can do about it.
    pub fn help(&self) -> String {
        let mut near: Vec<String> = Vec::new();
        for name in self.names.iter().flat_map(|(_, near)| near) {
            let quoted = format!("`{name}`");
            if !near.contains(&quoted) {
                near.push(quoted);
            }
        }
        if near.is_empty() {
            return "write `package.module:function`, `package.module:Class.method`, `Class.method` or a pattern such as \
                    `*Transport.*`, and give the paths that hold it"
                .to_string();
        }
        format!("did you mean {}?", near.join(" or "))
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self
            .names
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        write!(
            f,
            "make-async: no function of the project is named {}",
            names.join(" or ")
        )
    }
}

impl std::error::Error for NotFound {}

/// The functions that were named.
#[derive(Default)]
pub struct Seeds {
    /// A unit for each that is not async already.
    pub units: Vec<(Unit, UnitReport)>,
    /// The facts of the files that hold them, where they were not known.
    pub facts: Vec<(FileId, FileFacts)>,
}

/// Finds what these names name. `place` shows a span of a text to the user.
///
/// # Errors
/// A name that no function has.
pub fn find(
    names: &[String],
    project: &Project,
    found: &[Found],
    known: &FxHashMap<FileId, FileFacts>,
    loader: &dyn Loader,
    place: &dyn Fn(&str, &str, TextRange) -> Place,
) -> Result<Seeds, NotFound> {
    let wanted: Vec<Wanted<'_>> = names.iter().map(|name| Wanted::new(name)).collect();
    // A stub is no code, and what a generator writes would be lost with its next run.
    let is_ours = |file: &FileId| {
        let found = &found[file.0 as usize];
        let is_generated = || {
            discovery::is_generated_name(&found.path)
                || discovery::read(&found.path).is_ok_and(|bytes| discovery::is_generated(&bytes))
        };
        matches!(found.kind, Kind::Module | Kind::Script) && (found.explicit || !is_generated())
    };
    let mut loaded: FxHashMap<FileId, FileFacts> = loader
        .load(&candidates(&wanted, project, known, loader))
        .into_iter()
        .collect();
    loaded.retain(|file, _| is_ours(file));

    let mut files: Vec<FileId> = known
        .keys()
        .filter(|file| is_ours(file))
        .chain(loaded.keys())
        .copied()
        .collect();
    files.sort_unstable();
    let mut matched = vec![false; wanted.len()];
    let mut seeds = Seeds::default();
    for file in files {
        let Some(facts) = known.get(&file).or_else(|| loaded.get(&file)) else {
            continue;
        };
        let mut chosen: Vec<u32> = Vec::new();
        for (index, function) in facts.functions.iter().enumerate() {
            let mut is_named = false;
            for (wanted, matched) in wanted.iter().zip(&mut matched) {
                if wanted.names(&project.file(file).module.name, function) {
                    *matched = true;
                    is_named = true;
                }
            }
            // One that is async already is what the user wants.
            if is_named && !function.is_async {
                chosen.push(index as u32);
            }
        }
        if !chosen.is_empty() {
            seeds
                .units
                .extend(units(project, file, facts, &chosen, place));
        }
    }
    let missing: Vec<&Wanted<'_>> = wanted
        .iter()
        .zip(&matched)
        .filter(|(_, matched)| !**matched)
        .map(|(wanted, _)| wanted)
        .collect();
    if !missing.is_empty() {
        let names = missing
            .into_iter()
            .map(|wanted| (wanted.text.to_string(), nearest(wanted, project, loader)))
            .collect();
        return Err(NotFound { names });
    }
    // What a pattern made us read, and nothing came of it, is none of the propagation's business.
    let holding: FxHashSet<FileId> = seeds.units.iter().map(|(unit, _)| unit.file).collect();
    loaded.retain(|file, _| holding.contains(file));
    seeds.facts = loaded.into_iter().collect();
    seeds.facts.sort_by_key(|(file, _)| *file);
    Ok(seeds)
}

/// The unknown files that may hold what is wanted.
fn candidates(
    wanted: &[Wanted<'_>],
    project: &Project,
    known: &FxHashMap<FileId, FileFacts>,
    loader: &dyn Loader,
) -> Vec<FileId> {
    let known: FxHashSet<FileId> = known.keys().copied().collect();
    let mut files: Vec<FileId> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for wanted in wanted {
        match wanted.word() {
            Some(word) => words.push(word.to_string()),
            // A pattern for the last name: the module part says where, if there is one.
            None => files.extend(
                (0..project.files.len())
                    .map(|index| FileId(index as u32))
                    .filter(|file| !known.contains(file))
                    .filter(|&file| {
                        let module = project.file(file).module.name.as_str();
                        wanted
                            .module
                            .is_none_or(|pattern| matches_pattern(pattern, module))
                    }),
            ),
        }
    }
    if !words.is_empty() {
        files.extend(loader.holding(&words, &known));
    }
    files.sort_unstable();
    files.dedup();
    files
}

/// The units of the chosen functions of one file.
fn units(
    project: &Project,
    file: FileId,
    facts: &FileFacts,
    chosen: &[u32],
    place: &dyn Fn(&str, &str, TextRange) -> Place,
) -> Vec<(Unit, UnitReport)> {
    let of_file = project.file(file);
    let text = discovery::read(&of_file.path)
        .ok()
        .and_then(|bytes| Some(source::decode(&bytes).ok()?.text.clone()));
    let Some(text) = text else {
        return Vec::new();
    };
    chosen
        .iter()
        .filter_map(|&index| {
            let function = facts.functions.get(index as usize)?;
            let range = definition(&text, function);
            let unit = Unit {
                codemod: NAME,
                file,
                range,
                needs_async: vec![Holder::Function(FunctionId { file, index })],
                edits: Vec::new(),
                colour: Vec::new(),
                imports: Vec::new(),
                released: Vec::new(),
                doubles: &[],
                stops_raising: None,
                dependencies: Vec::new(),
                min_python: PythonVersion::PY38,
                safety: Safety::Safe,
                notes: Vec::new(),
            };
            let report = UnitReport {
                codemod: NAME,
                place: place(&text, &of_file.name, range),
                function: function.qualified_name.clone(),
                safety: Safety::Safe,
                outcome: Outcome::Taken,
                notes: Vec::new(),
            };
            Some((unit, report))
        })
        .collect()
}

/// The header of a function without its decorators: from `def` to the colon.
fn definition(text: &str, function: &Function) -> TextRange {
    let header = function.header;
    let start = function
        .decorators
        .iter()
        .map(|decorator| decorator.range.end())
        .max()
        .unwrap_or(header.start());
    let mut offset = start.to_usize();
    // A call's closing bracket or a comment may follow a decorator: the definition has a line of its own.
    let between = text.get(offset..header.end().to_usize()).unwrap_or("");
    for line in between.split_inclusive('\n') {
        let code = line.trim_start();
        if code.starts_with("def") {
            offset += line.len() - code.len();
            return TextRange::new(TextSize::new(offset as u32), header.end());
        }
        offset += line.len();
    }
    header.range()
}

/// The functions of the project whose names are like the one that was not found. Reads every file: an error may take a
/// moment.
fn nearest(wanted: &Wanted<'_>, project: &Project, loader: &dyn Loader) -> Vec<String> {
    let Some(word) = wanted.word() else {
        return Vec::new();
    };
    let mut defined: FxHashSet<String> = FxHashSet::default();
    for file in &project.files {
        let Ok(bytes) = discovery::read(&file.path) else {
            continue;
        };
        for at in memchr::memmem::find_iter(&bytes, b"def ") {
            let name: Vec<u8> = bytes[at + 4..]
                .iter()
                .copied()
                .skip_while(|&byte| byte == b' ')
                .take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80)
                .collect();
            if let Ok(name) = String::from_utf8(name)
                && !name.is_empty()
            {
                defined.insert(name);
            }
        }
    }
    let fold = |text: &str| text.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    let mut like: Vec<(usize, String)> = defined
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&fold(word), &fold(&name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    like.sort();
    like.truncate(SUGGESTED);
    if like.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = like.into_iter().map(|(_, name)| name).collect();
    let holding = loader.holding(&names, &FxHashSet::default());
    let text = fold(&wanted.text.replace(':', "."));
    let mut found: Vec<(usize, String)> = Vec::new();
    for (file, facts) in loader.load(&holding) {
        let module = &project.file(file).module.name;
        for function in facts.functions.iter().filter(|f| names.contains(&f.name)) {
            let full = format!("{module}.{}", function.qualified_name);
            found.push((
                strsim::damerau_levenshtein(&text, &fold(&full)),
                format!("{module}:{}", function.qualified_name),
            ));
        }
    }
    found.sort();
    found.dedup();
    found.truncate(SUGGESTED);
    found.into_iter().map(|(_, name)| name).collect()
}

/// One name, taken apart.
struct Wanted<'n> {
    text: &'n str,
    /// What stands before the colon.
    module: Option<&'n str>,
    /// The rest.
    name: &'n str,
    /// Whether it is a shell pattern.
    is_pattern: bool,
}

impl<'n> Wanted<'n> {
    fn new(text: &'n str) -> Self {
        let text = text.trim();
        let (module, name) = match text.split_once(':') {
            Some((module, name)) => (Some(module), name),
            None => (None, text),
        };
        Self {
            text,
            module,
            name,
            is_pattern: is_pattern(text),
        }
    }

    /// The last name, unless it is a pattern.
    fn word(&self) -> Option<&'n str> {
        let word = self.name.rsplit('.').next().unwrap_or(self.name);
        (!is_pattern(word) && !word.is_empty()).then_some(word)
    }

    /// Whether it names this function of this module.
    fn names(&self, module: &str, function: &Function) -> bool {
        if function.is_lambda {
            return false;
        }
        // A pattern means the functions that callers see. Special methods and those inside of others have to be named.
        let is_special = function.name.starts_with("__") && function.name.ends_with("__");
        let is_inner = function.outer.is_some();
        if is_pattern(self.name) && (is_special || is_inner) {
            return false;
        }
        let matches = |pattern: &str, text: &str| {
            if self.is_pattern {
                matches_pattern(pattern, text)
            } else {
                pattern == text
            }
        };
        let qualified = function.qualified_name.as_str();
        if let Some(pattern) = self.module {
            return matches(pattern, module) && matches(self.name, qualified);
        }
        if matches(self.name, &format!("{module}.{qualified}")) {
            return true;
        }
        // `Class.method`, whatever the class stands in.
        let method = qualified
            .rmatch_indices('.')
            .nth(1)
            .map_or(qualified, |(dot, _)| &qualified[dot + 1..]);
        function.class.is_some() && matches(self.name, method)
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether a shell pattern (`*`, `?`, `[abc]`, `[a-z]`, `[!abc]`) matches a whole text. A `*` matches dots too.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where to go on if what follows the last star does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            retry = Some((p + 1, t));
            p += 1;
            continue;
        }
        if let Some(next) = matches_one(&pattern, p, text[t]) {
            p = next;
            t += 1;
            continue;
        }
        let Some((after_star, from)) = retry else {
            return false;
        };
        retry = Some((after_star, from + 1));
        p = after_star;
        t = from + 1;
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// Where the pattern goes on, if its item at `at` matches a character.
fn matches_one(pattern: &[char], at: usize, character: char) -> Option<usize> {
    match *pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let is_negated = pattern.get(at + 1) == Some(&'!');
            let first = at + 1 + usize::from(is_negated);
            // A bracket that comes first is a member; one that is never closed is a plain character.
            let length = pattern
                .get(first + 1..)
                .and_then(|rest| rest.iter().position(|&c| c == ']'));
            let Some(length) = length else {
                return (character == '[').then_some(at + 1);
            };
            let end = first + 1 + length;
            let members = &pattern[first..end];
            let mut holds = false;
            let mut m = 0;
            while m < members.len() {
                if m + 2 < members.len() && members[m + 1] == '-' {
                    holds |= (members[m]..=members[m + 2]).contains(&character);
                    m += 3;
                } else {
                    holds |= members[m] == character;
                    m += 1;
                }
            }
            (holds != is_negated).then_some(end + 1)
        }
        other => (other == character).then_some(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn shell_patterns() {
        for (pattern, text, expected) in [
            ("a.b", "a.b", true),
            ("a?b", "a.b", true),
            ("*.fetch", "pkg.client.Client.fetch", true),
            ("*.fetch", "pkg.client.fetch_all", false),
            ("*Transport.*", "HttpTransport.send", true),
            ("*Transport.*", "Transport", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]x", "]x", true),
            ("[x", "[x", true),
            ("**", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }
}
