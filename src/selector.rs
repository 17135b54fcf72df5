//! Names of functions as the user writes them: `pkg.module:function`, `Class.method`, shell patterns.

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::{FileFacts, Function};
use crate::discovery;
use crate::index::Project;
use crate::propagate::Loader;
use crate::unit::FileId;

/// How many functions an error suggests.
const SUGGESTED: usize = 3;

/// Names that no function of the project has.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFound {
    /// The option that names them.
    pub option: &'static str,
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
            "{}: no function of the project is named {}",
            self.option,
            names.join(" or ")
        )
    }
}

impl std::error::Error for NotFound {}

/// The unknown files that may hold what is wanted.
pub fn candidates(
    wanted: &[&Selector<'_>],
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

/// The functions of the project whose names are like the one that was not found. Reads every file: an error may take a
/// moment.
pub fn nearest(wanted: &Selector<'_>, project: &Project, loader: &dyn Loader) -> Vec<String> {
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
pub struct Selector<'n> {
    /// As it was written.
    pub text: &'n str,
    /// What stands before the colon.
    module: Option<&'n str>,
    /// The rest.
    name: &'n str,
    /// Whether it is a shell pattern.
    is_pattern: bool,
}

impl<'n> Selector<'n> {
    /// Takes a name apart.
    pub fn new(text: &'n str) -> Self {
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
    pub fn names(&self, module: &str, function: &Function) -> bool {
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
