//! Searches the bytes of every file: names in strings, imports, references.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::discovery;
use crate::index::Project;
use crate::notebook;
use crate::propagate::Texts;
use crate::references::{Search, Stale, contains_word};
use crate::unit::FileId;

/// Whether another file than this one holds a word.
pub(super) fn is_elsewhere(project: &Project, own: FileId, word: &str) -> bool {
    project.files.par_iter().enumerate().any(|(number, file)| {
        number != own.0 as usize
            && discovery::read(&file.path).is_ok_and(|bytes| contains_word(&bytes, word.as_bytes()))
    })
}

/// Whether a file is run and never imported: it has no name to import, or stands outside of any package, or is a package's
/// `__main__`, and no other file imports a module of its name.
pub(super) fn is_script(project: &Project, file: FileId) -> bool {
    if !project.file(file).is_importable() {
        return true;
    }
    let name = &project.file(file).local_name;
    let stem = name.rsplit('.').next().unwrap_or(name);
    if stem == "__main__" {
        return true;
    }
    if stem.is_empty() || name.contains('.') || project.file(file).module.is_package {
        return false;
    }
    let imports = [
        format!("import {stem}"),
        format!("from {stem}"),
        format!("from .{stem}"),
        format!(", {stem}"),
    ];
    let Ok(finder) = aho_corasick::AhoCorasick::new(&imports) else {
        return false;
    };
    !project.files.par_iter().enumerate().any(|(index, other)| {
        index != file.0 as usize
            && discovery::read(&other.path).is_ok_and(|bytes| {
                finder.find_iter(&bytes).any(|found| {
                    let (before, rest) = (&bytes[..found.start()], &bytes[found.end()..]);
                    let is_from = found.pattern().as_usize() == FROM
                        || found.pattern().as_usize() == FROM_BESIDE;
                    is_whole_name(rest)
                        && !is_in_comment(before)
                        && (!is_from || imports_from(rest))
                })
            })
    })
}

/// The numbers of `from name` and `from .name` among the patterns of [`is_script`].
const FROM: usize = 1;
const FROM_BESIDE: usize = 2;

/// Whether what follows a name makes the text before it an import: `from .env import url`, not `read from .env`.
fn imports_from(rest: &[u8]) -> bool {
    match rest.trim_ascii_start() {
        [b'.', next, ..] => is_part(*next),
        [b'\\', ..] => true,
        rest => rest.starts_with(b"import"),
    }
}

/// Whether the line that a text ends with has a comment.
fn is_in_comment(before: &[u8]) -> bool {
    let line = before.rsplit(|&byte| byte == b'\n' || byte == b'\r').next();
    line.is_some_and(|line| line.contains(&b'#'))
}

/// Whether a name that ends before this text ends there, and is not the one of an argument: `, env_file=` and `, env=` import
/// nothing.
fn is_whole_name(rest: &[u8]) -> bool {
    let next = rest.iter().find(|byte| **byte != b' ');
    !rest.first().is_some_and(|&byte| is_part(byte)) && next != Some(&b'=')
}

/// Whether a tool loads a file by its name: what it does at module level is no program, though no other file imports it.
pub(super) fn is_loaded(project: &Project, file: FileId) -> bool {
    let name = &project.file(file).name;
    let stem = name.rsplit('/').next().unwrap_or(name);
    let stem = stem.strip_suffix(".py").unwrap_or(stem);
    LOADED.contains(&stem)
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with(".conf")
}

/// The modules that tools load: setuptools, Sphinx, pytest, nox, invoke, Fabric, Celery, Alembic, Locust, SCons, waf, Django
/// and Jupyter.
static LOADED: &[&str] = &[
    "SConstruct",
    "celeryconfig",
    "conf",
    "conftest",
    "dodo",
    "env",
    "fabfile",
    "hubconf",
    "jupyter_notebook_config",
    "local_settings",
    "locustfile",
    "noxfile",
    "settings",
    "setup",
    "tasks",
    "wscript",
];

/// Which of these names, a method's with its dot, stand in one of these files, each with the first such place.
pub(super) fn held_names(
    project: &Project,
    files: &[FileId],
    names: &[String],
) -> FxHashMap<usize, String> {
    let mut places = FxHashMap::default();
    for &id in files {
        let file = project.file(id);
        let Ok(bytes) = discovery::read_code(&file.path) else {
            continue;
        };
        // Every identifier with its dot and without.
        let mut words: FxHashMap<&[u8], usize> = FxHashMap::default();
        let mut at = 0;
        while at < bytes.len() {
            let length = bytes[at..]
                .iter()
                .take_while(|&&byte| is_part(byte))
                .count();
            if length > 0 {
                words.entry(&bytes[at..at + length]).or_insert(at);
                if at > 0 && bytes[at - 1] == b'.' {
                    words.entry(&bytes[at - 1..at + length]).or_insert(at);
                }
            }
            at += length.max(1);
        }
        for (number, name) in names.iter().enumerate() {
            if let Some(&at) = words.get(name.as_bytes()) {
                places
                    .entry(number)
                    .or_insert_with(|| place_in(&file.name, &bytes, at));
            }
        }
    }
    places
}

/// What runs doctest, in Python.
const DOCTEST_RUNNERS: [&str; 6] = [
    "doctest.testmod",
    "import testmod",
    "DocTestSuite",
    "DocTestFinder",
    "--doctest-modules",
    "sphinx.ext.doctest",
];

/// The first place in the project that runs the examples of docstrings.
pub(super) fn runs_doctests(project: &Project) -> Option<String> {
    let finder = aho_corasick::AhoCorasick::new(DOCTEST_RUNNERS).ok()?;
    let places: Vec<Option<String>> = project
        .files
        .par_iter()
        .map(|file| {
            let bytes = discovery::read(&file.path).ok()?;
            let hit = finder.find(&bytes)?;
            Some(place_in(&file.name, &bytes, hit.start()))
        })
        .collect();
    places.into_iter().flatten().next()
}

/// Where an offset of a file's code is, for people.
pub(super) fn place_in(file: &str, code: &[u8], at: usize) -> String {
    if file.ends_with(".ipynb") {
        return format!("{file}, cell {}", notebook::cell_at(code, at));
    }
    let line = memchr::memchr_iter(b'\n', &code[..at]).count() + 1;
    format!("{file}:{line}")
}

/// Whether a byte may be part of an identifier.
pub(super) fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The ends of the dotted names that a text begins with: `a`, `a.b` and `a.b.c` for `a.b.c(`.
fn ends_of_names(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let length = text
        .iter()
        .take_while(|&&byte| is_part(byte) || byte == b'.')
        .count();
    (1..=length).filter(move |&end| end == length || text[end] == b'.')
}

/// The dotted names that code imports with which a text begins: `a.b.c` and `a.b.d` for `from a.b import c, d`. The text ends with
/// its line, its statement or its quote.
fn imported_names(text: &[u8]) -> Vec<Vec<u8>> {
    let Some(rest) = text.strip_prefix(b"from ") else {
        return Vec::new();
    };
    let Some(length) = ends_of_names(rest).last() else {
        return Vec::new();
    };
    let (module, rest) = rest.split_at(length);
    let Some(rest) = rest.strip_prefix(b" import ") else {
        return Vec::new();
    };
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b';' | b'"' | b'\'' | b'\\');
    let list = rest.split(ends).next().unwrap_or_default();
    list.split(|&byte| byte == b',')
        .map(|item| {
            let item = item.trim_ascii_start();
            let item = item.strip_prefix(b"(").unwrap_or(item);
            let length = item.iter().take_while(|&&byte| is_part(byte)).count();
            [module, b".", &item[..length]].concat()
        })
        .collect()
}

/// Which of these dotted names stand right behind a quote in some file, or are imported by code that begins there, each with its
/// place. The strings that begin at these offsets do not count.
pub(super) fn quoted_names(
    project: &Project,
    names: &[String],
    known: &Texts,
) -> FxHashMap<usize, String> {
    let mut numbers: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (number, name) in names.iter().enumerate() {
        numbers.entry(name.as_bytes()).or_default().push(number);
    }
    let found: Vec<Vec<(usize, String)>> = project
        .files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let Ok(bytes) = discovery::read(&file.path) else {
                return Vec::new();
            };
            let mut places = Vec::new();
            for quote in memchr::memchr2_iter(b'"', b'\'', &bytes) {
                let at = quote + 1;
                // A prefix or two more quotes may stand before.
                let is_known = (1..=3).any(|back| {
                    let at = at.checked_sub(back);
                    at.is_some_and(|at| known.contains(&(FileId(index as u32), at as u32)))
                });
                if is_known {
                    continue;
                }
                let text = &bytes[at..];
                let itself = ends_of_names(text).map(|end| Cow::Borrowed(&text[..end]));
                let imported = imported_names(text).into_iter().map(Cow::Owned);
                for name in itself.chain(imported) {
                    for &number in numbers.get(name.as_ref()).into_iter().flatten() {
                        let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
                        places.push((number, format!("{}:{line}", file.name)));
                    }
                }
            }
            places
        })
        .collect();
    // The first place in the order of the files.
    let mut places = FxHashMap::default();
    for (name, place) in found.into_iter().flatten() {
        places.entry(name).or_insert(place);
    }
    places
}

/// What would go stale in any file.
pub(super) fn stale(project: &Project, search: &Search) -> Vec<Stale> {
    if search.is_empty() {
        return Vec::new();
    }
    let stale: Vec<Vec<Stale>> = project
        .files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            discovery::read(&file.path).map_or_else(
                |_| Vec::new(),
                |bytes| search.stale_in(FileId(index as u32), &bytes),
            )
        })
        .collect();
    stale.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::imported_names;

    fn imported(text: &str) -> Vec<String> {
        let names = imported_names(text.as_bytes()).into_iter();
        names.map(|name| String::from_utf8(name).unwrap()).collect()
    }

    #[test]
    fn code_in_a_string_imports_names() {
        assert_eq!(
            imported("from a.b import c, d as e; c()\", f"),
            ["a.b.c", "a.b.d"]
        );
        assert_eq!(imported("from a import (b, c)'"), ["a.b", "a.c"]);
        assert_eq!(imported("from a import b\\nb()\""), ["a.b"]);
        assert!(imported("from here to there").is_empty());
        assert!(imported("import a.b").is_empty());
    }
}
