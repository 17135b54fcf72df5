//! Reads files that join later.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::lines::Lines;
use super::parse::parse;
use super::search::is_part;
use super::words::WordIndex;
use crate::callgraph::FileFacts;
use crate::callgraph::facts::{self, Outlook};
use crate::discovery::{self, Kind};
use crate::index::Project;
use crate::pins::Pins;
use crate::propagate::Loader;
use crate::python::PythonVersion;
use crate::seeds::foreign::Foreign;
use crate::semantic::Model;
use crate::source;
use crate::suppress::Suppressions;
use crate::unit::FileId;
use crate::why::Line;

/// What `work` tells of the bytes of a file, in whatever version of Python 3 they are; `None` if they cannot be read as that.
pub(super) fn with_model<T>(
    project: &Project,
    id: FileId,
    bytes: &[u8],
    work: impl FnOnce(&Model<'_>) -> T,
) -> Option<T> {
    let source = source::decode(bytes).ok()?;
    let parsed = parse(&source.text, PythonVersion::PY314).ok()?;
    Some(work(&Model::new(
        &source.text,
        &parsed,
        &project.file(id).module,
    )))
}

/// Reads files for the propagation.
pub(super) struct FactsLoader<'p> {
    project: &'p Project,
    target: PythonVersion,
    pins: &'p Pins<'p>,
    /// The callables of libraries that the user names.
    foreign: &'p Foreign<'p>,
    /// How often files were searched.
    searches: AtomicUsize,
    words: OnceLock<WordIndex>,
}

/// So many searches read every file; from then on an index of their words is cheaper.
const FEW_SEARCHES: usize = 3;

/// The automaton for more words than this takes longer than the index.
const FEW_WORDS: usize = 500;

impl Loader for FactsLoader<'_> {
    fn load(&self, files: &[FileId]) -> Vec<(FileId, FileFacts)> {
        files
            .par_iter()
            .filter(|&&id| self.project.file(id).kind != Kind::Foreign)
            .filter_map(|&id| {
                let bytes = discovery::read(&self.project.file(id).path).ok()?;
                let mut facts = with_model(self.project, id, &bytes, |model| {
                    let suppressions = Suppressions::of(model);
                    let is_first_party = |module: &str| self.project.may_be_first_party(module);
                    let outlook = Outlook {
                        is_first_party: &is_first_party,
                        is_seed: &|path| self.foreign.names(path),
                    };
                    facts::read(model, &suppressions, self.target, outlook)
                })?;
                self.pins.set(self.project, id, &mut facts);
                let file = self.project.file(id);
                let is_fixed = file.outside
                    || discovery::is_generated(&bytes)
                    || discovery::is_generated_name(&file.path)
                    || discovery::is_build_script(&file.path, &bytes);
                Some((id, FileFacts { is_fixed, ..facts }))
            })
            .collect()
    }

    fn holding(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId> {
        let searches = self.searches.fetch_add(1, Ordering::Relaxed);
        let are_identifiers = words.iter().all(|word| word.bytes().all(is_part));
        let are_few = searches < FEW_SEARCHES && words.len() < FEW_WORDS;
        if are_few || !are_identifiers {
            return self.search(words, known);
        }
        let index = self.words.get_or_init(|| WordIndex::new(self.project));
        let mut files: Vec<FileId> = words
            .iter()
            .flat_map(|word| index.files(word))
            .filter(|file| !known.contains(file))
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

impl<'p> FactsLoader<'p> {
    pub(super) fn new(
        project: &'p Project,
        target: PythonVersion,
        pins: &'p Pins<'p>,
        foreign: &'p Foreign<'p>,
    ) -> Self {
        Self {
            project,
            target,
            pins,
            foreign,
            searches: AtomicUsize::new(0),
            words: OnceLock::new(),
        }
    }

    /// The files outside of `known` that hold one of these words, by a search of all.
    fn search(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId> {
        let Ok(finder) = aho_corasick::AhoCorasick::new(words) else {
            return Vec::new();
        };
        self.project
            .files
            .par_iter()
            .enumerate()
            .filter_map(|(index, file)| {
                let id = FileId(index as u32);
                if known.contains(&id) || self.project.describes_code(id) {
                    return None;
                }
                let bytes = discovery::read_code(&file.path).ok()?;
                let found = finder.find_overlapping_iter(&bytes).any(|hit| {
                    let before = hit
                        .start()
                        .checked_sub(1)
                        .is_some_and(|at| is_part(bytes[at]));
                    let after = bytes.get(hit.end()).is_some_and(|&byte| is_part(byte));
                    !before && !after
                });
                found.then_some(id)
            })
            .collect()
    }
}

/// What stands on a line of a file.
pub(super) fn line_of(project: &Project, id: FileId, line: u32) -> Line {
    let file = project.file(id);
    let Some(source) = discovery::read(&file.path)
        .ok()
        .and_then(|bytes| source::decode(&bytes).ok())
    else {
        return Line::Unreadable;
    };
    let lines = Lines::new(&source.text);
    let count = source.text.lines().count() as u32;
    if line == 0 || line > count {
        return Line::Beyond(count);
    }
    let Ok(parsed) = parse(&source.text, PythonVersion::PY314) else {
        return Line::Unreadable;
    };
    let model = Model::new(&source.text, &parsed, &file.module);
    // In source order, so that the last one is the innermost.
    let function = model.scopes.functions().iter().rposition(|function| {
        function.definition.is_some_and(|definition| {
            let last = lines.position(definition.end()).0;
            (lines.position(definition.start()).0..=last).contains(&line)
        })
    });
    function.map_or(Line::Module, |index| Line::Function(index as u32))
}
