//! Which files hold a word.

use std::hash::Hasher as _;

use rayon::prelude::*;
use rustc_hash::FxHasher;

use super::search::is_part;
use crate::discovery;
use crate::index::Project;
use crate::unit::FileId;

/// The identifiers of all files, by hash: two words of one hash only make a file join for nothing.
pub(super) struct WordIndex {
    /// Hash and file, sorted.
    words: Vec<(u32, FileId)>,
}

impl WordIndex {
    /// Reads every file once. Files that cannot be read hold nothing.
    pub(super) fn new(project: &Project) -> Self {
        let by_file: Vec<Vec<u32>> = project
            .files
            .par_iter()
            .map(|file| {
                discovery::read(&file.path).map_or_else(|_| Vec::new(), |text| hashes(&text))
            })
            .collect();
        let mut words: Vec<(u32, FileId)> = by_file
            .into_iter()
            .enumerate()
            .flat_map(|(index, hashes)| {
                hashes
                    .into_iter()
                    .map(move |hash| (hash, FileId(index as u32)))
            })
            .collect();
        words.par_sort_unstable();
        Self { words }
    }

    /// The files that hold a word, in order.
    pub(super) fn files(&self, word: &str) -> impl Iterator<Item = FileId> + '_ {
        let hash = hash(word.as_bytes());
        let from = self.words.partition_point(|&(other, _)| other < hash);
        self.words[from..]
            .iter()
            .take_while(move |&&(other, _)| other == hash)
            .map(|&(_, file)| file)
    }
}

/// The hashes of the identifiers of a text, each once.
fn hashes(text: &[u8]) -> Vec<u32> {
    let mut hashes: Vec<u32> = text
        .split(|&byte| !is_part(byte))
        .filter(|word| word.first().is_some_and(|byte| !byte.is_ascii_digit()))
        .map(hash)
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn hash(word: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}
