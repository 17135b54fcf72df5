//! The scan: one pass over a file's bytes says which codemods can matter there. Most files are never parsed.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::codemod::Codemod;

/// Finds the triggers of a set of codemods.
pub struct Scanner {
    codemods: Vec<&'static Codemod>,
    automaton: Option<AhoCorasick>,
    /// For each pattern, the codemod that it belongs to; the last pattern is `async`.
    owners: Vec<usize>,
    /// The codemods that turn functions async: they matter in files without any.
    drives: Vec<bool>,
}

impl Scanner {
    /// A scanner for these codemods. `drives` says which of them turn functions async, so that a file without any async
    /// function matters too, and with it what follows.
    pub fn new(codemods: &[&'static Codemod], drives: impl Fn(&Codemod) -> bool) -> Self {
        let mut patterns: Vec<&str> = Vec::new();
        let mut owners = Vec::new();
        for (index, codemod) in codemods.iter().enumerate() {
            for trigger in codemod.triggers {
                patterns.push(trigger);
                owners.push(index);
            }
        }
        patterns.push("async");
        // Triggers may overlap (`open` and `aiofiles.open`), so all matches count.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .ok();
        Self {
            codemods: codemods.to_vec(),
            automaton,
            owners,
            drives: codemods.iter().map(|codemod| drives(codemod)).collect(),
        }
    }

    /// The codemods whose triggers a file has, whether it has async functions or not: it will.
    pub fn all_in(&self, bytes: &[u8]) -> Vec<&'static Codemod> {
        let has = |codemod: &&'static Codemod| {
            codemod
                .triggers
                .iter()
                .any(|trigger| memchr::memmem::find(bytes, trigger.as_bytes()).is_some())
        };
        self.codemods.iter().copied().filter(has).collect()
    }

    /// The codemods that can matter in a file with these bytes, in order. Empty: the file need not be parsed.
    pub fn scan(&self, bytes: &[u8]) -> Vec<&'static Codemod> {
        // Without an automaton (too many patterns, which cannot happen with ours) every file matters.
        let Some(automaton) = &self.automaton else {
            return self.codemods.clone();
        };
        let mut found = vec![false; self.codemods.len()];
        let mut missing = found.len();
        let mut has_async = false;
        for hit in automaton.find_overlapping_iter(bytes) {
            match self.owners.get(hit.pattern().as_usize()) {
                Some(&owner) if !found[owner] => {
                    found[owner] = true;
                    missing -= 1;
                }
                Some(_) => {}
                None => has_async = true,
            }
            if missing == 0 && has_async {
                break;
            }
        }
        let has_async = has_async
            || found
                .iter()
                .zip(&self.drives)
                .any(|(found, drives)| *found && *drives);
        self.codemods
            .iter()
            .zip(found)
            .filter(|(codemod, found)| *found && (has_async || codemod.outside_async))
            .map(|(codemod, _)| *codemod)
            .collect()
    }
}
