//! Names that nothing has.

use std::fmt;

use rustc_hash::FxHashSet;

use super::name::Wanted;
use crate::discovery;
use crate::index::Project;
use crate::propagate::Loader;

/// How many functions an error suggests.
const SUGGESTED: usize = 3;

/// Names that no function of the project has.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFound {
    /// Each with the names of functions that are like it, the nearest first.
    pub names: Vec<(String, Vec<String>)>,
    /// Whether one of them may have been meant for a callable of a library.
    pub is_foreign: bool,
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
            return "write `package.module:function`, `package.module:Class.method`, `Class.method`, a pattern such as \
                    `*Transport.*` or what a library's callable is imported as (`httpx.Client.get`), and give the paths \
                    that hold it"
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
        )?;
        if self.is_foreign {
            f.write_str(", and nothing in it is seen to call a library's callable of that name")?;
        }
        Ok(())
    }
}

impl std::error::Error for NotFound {}

/// The functions of the project whose names are like the one that was not found. Reads every file: an error may take a
/// moment.
pub(super) fn nearest(wanted: &Wanted<'_>, project: &Project, loader: &dyn Loader) -> Vec<String> {
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
