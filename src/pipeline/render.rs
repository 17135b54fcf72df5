//! Phase three: renders the edits of the files that change, and verifies the results.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::choice::Choice;
use super::lines::Lines;
use super::parse::parse;
use super::request::{Render, Request};
use super::trio::RUNS_ON_TRIO;
use crate::align;
use crate::colour;
use crate::comments;
use crate::discovery;
use crate::edit::{self, Baseline, Owned};
use crate::helper;
use crate::importer;
use crate::index::Project;
use crate::marker;
use crate::plan::{FileChange, PlannedEdit};
use crate::propagate::{Recolour, TO_THREAD};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId};
use crate::source::{self, Source};
use crate::unit::{ColourSite, FileId, Holder, ImportRequest, Reason, Unit};
use crate::verify;

/// Two units want to change the same code in different ways.
pub static OVERLAP: Reason = Reason {
    code: "overlap",
    message: "two units change the same code in different ways",
    help: "apply one of the codemods first, with `--select`",
};

/// The result would not be valid Python.
pub static VERIFY: Reason = Reason {
    code: "verify",
    message: "the result would not be valid Python for the target version",
    help: "please report this: awaitify should have known",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&OVERLAP, &VERIFY, &RUNS_ON_TRIO];

/// Phase three.
pub(super) struct Rendering<'p> {
    pub(super) project: &'p Project,
    pub(super) units: &'p [Unit],
    pub(super) baselines: &'p [Option<(Arc<Source>, Vec<u8>)>],
    pub(super) target: PythonVersion,
    pub(super) render: Render,
    pub(super) recolour: &'p Recolour,
    /// The units that touch each file, in order.
    pub(super) by_file: FxHashMap<FileId, Vec<usize>>,
}

/// Why a file cannot be rendered: units to drop.
pub(super) enum Failure {
    /// These two want the same code.
    Overlap(edit::Conflict),
    /// The result is not valid: what the verifier said.
    Invalid(String),
}

impl Failure {
    pub(super) fn message(&self) -> Option<String> {
        match self {
            Self::Overlap(_) => None,
            Self::Invalid(message) => Some(message.clone()),
        }
    }
}

impl<'p> Rendering<'p> {
    pub(super) fn new(
        project: &'p Project,
        units: &'p [Unit],
        baselines: &'p [Option<(Arc<Source>, Vec<u8>)>],
        recolour: &'p Recolour,
        request: &Request<'_>,
    ) -> Self {
        let (target, render) = (request.config.target_version, request.render);
        let mut by_file: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
        for (number, unit) in units.iter().enumerate() {
            for file in touched(unit) {
                by_file.entry(file).or_default().push(number);
            }
        }
        Self {
            project,
            units,
            baselines,
            target,
            render,
            recolour,
            by_file,
        }
    }

    /// The taken units that touch a file.
    pub(super) fn taken_in<'s>(
        &'s self,
        file: FileId,
        taken: &'s [bool],
    ) -> impl Iterator<Item = usize> + 's {
        self.by_file
            .get(&file)
            .into_iter()
            .flatten()
            .copied()
            .filter(|&unit| taken[unit])
    }

    /// Renders every file that a taken unit touches. A unit that does not fit is dropped in all files, and the files that
    /// it touched are rendered again.
    pub(super) fn run(&self, state: &mut Choice) -> Vec<FileChange> {
        let mut done: FxHashMap<FileId, Option<FileChange>> = FxHashMap::default();
        let mut pending: Vec<FileId> = self
            .by_file
            .keys()
            .copied()
            .filter(|&file| self.taken_in(file, &state.taken).next().is_some())
            .chain(self.recolour.sites.keys().copied())
            .chain(self.recolour.markers.keys().copied())
            .collect();
        pending.sort_unstable();
        pending.dedup();
        while !pending.is_empty() {
            let results: Vec<(FileId, Result<Option<FileChange>, Failure>)> = pending
                .par_iter()
                .map(|&file| (file, self.file(file, &state.taken)))
                .collect();
            let mut again: FxHashSet<FileId> = FxHashSet::default();
            for (file, result) in results {
                match result {
                    Ok(change) => {
                        done.insert(file, change);
                    }
                    Err(failure) => {
                        let message = failure.message();
                        let mut dropped = self.drop_for(file, failure, state);
                        if dropped.is_empty() {
                            // No unit of this file: the colour that others spread to it does not fit. Without knowing
                            // whose it is, all go; nothing is half done.
                            dropped = (0..self.units.len())
                                .filter(|&unit| state.taken[unit])
                                .collect();
                            for &unit in &dropped {
                                state.leave(unit, &VERIFY, message.clone());
                            }
                        }
                        if dropped.is_empty() {
                            continue;
                        }
                        for unit in dropped {
                            again.extend(touched(&self.units[unit]));
                        }
                        again.insert(file);
                    }
                }
            }
            pending = again.into_iter().collect();
            pending.sort_unstable();
        }
        let mut changes: Vec<FileChange> = done.into_values().flatten().collect();
        changes.sort_by(|a, b| a.name.cmp(&b.name));
        changes
    }

    /// Drops the smallest set of units that holds a failure, and returns it.
    pub(super) fn drop_for(
        &self,
        file: FileId,
        failure: Failure,
        state: &mut Choice,
    ) -> Vec<usize> {
        match failure {
            Failure::Overlap(conflict) => {
                // Both go: if one stayed, a second run would find the other one alone and take it.
                let both: Vec<usize> = conflict.first.into_iter().chain(conflict.second).collect();
                for &unit in &both {
                    state.leave(unit, &OVERLAP, None);
                }
                if !both.is_empty() {
                    return both;
                }
                // Edits of the file itself (imports) cannot overlap; should they, all units of the file go.
                self.drop_all(file, &OVERLAP, None, state)
            }
            Failure::Invalid(message) => {
                let here: Vec<usize> = self.taken_in(file, &state.taken).collect();
                for &unit in &here {
                    let mut without = state.taken.clone();
                    without[unit] = false;
                    if self.file(file, &without).is_ok() {
                        state.leave(unit, &VERIFY, Some(message));
                        return vec![unit];
                    }
                }
                self.drop_all(file, &VERIFY, Some(message), state)
            }
        }
    }

    pub(super) fn drop_all(
        &self,
        file: FileId,
        reason: &'static Reason,
        detail: Option<String>,
        state: &mut Choice,
    ) -> Vec<usize> {
        let here: Vec<usize> = self.taken_in(file, &state.taken).collect();
        for &unit in &here {
            state.leave(unit, reason, detail.clone());
        }
        here
    }

    pub(super) fn file(&self, id: FileId, taken: &[bool]) -> Result<Option<FileChange>, Failure> {
        let loaded;
        let (source, bytes) = match &self.baselines[id.0 as usize] {
            Some((source, bytes)) => (source, bytes),
            // A file that only calls what changes: nothing but its facts was kept.
            None => {
                let read = discovery::read(&self.project.file(id).path).ok();
                let Some((source, bytes)) =
                    read.and_then(|bytes| Some((source::decode(&bytes).ok()?, bytes)))
                else {
                    return Ok(None);
                };
                loaded = (Arc::new(source), bytes);
                (&loaded.0, &loaded.1)
            }
        };
        // Phase one has parsed the same text, and judged its syntax: the target may be older where nobody named one.
        let Ok(parsed) = parse(&source.text, PythonVersion::PY314) else {
            return Ok(None);
        };
        let file = self.project.file(id);
        let model = Model::new(&source.text, &parsed, &file.module);
        let edits = self.edits(id, &model, taken);
        if edits.is_empty() {
            return Ok(None);
        }
        // The call graph keeps to this; nothing is written where the user did not ask for it, whatever it missed.
        if file.outside {
            return Err(Failure::Invalid(format!(
                "`{}` would have to change, and is not among the files to migrate",
                file.name
            )));
        }
        let protected = model.protected_lines();
        let baseline = Baseline {
            text: &source.text,
            protected: &protected,
            indent_unit: model.indent_unit(),
        };
        let rendered = edit::render(&baseline, &edits).map_err(Failure::Overlap)?;
        let mut rendered = align::continuation_lines(&model, &protected, rendered);
        let original = source.original();
        for edit in &mut rendered {
            source.return_lines(edit.range.start().to_usize(), &mut edit.text);
        }
        let text = edit::apply(&original, &rendered);
        if text == *original {
            return Ok(None);
        }
        if let Some(problem) = verify::new_problems(&original, &text, self.target).first() {
            let line = Lines::new(&text).position(problem.range.start()).0;
            return Err(Failure::Invalid(format!(
                "{} (line {line} of the result)",
                problem.message
            )));
        }
        let after = source.encode(&text).map_err(|_| {
            Failure::Invalid("the file's encoding cannot hold the new text".to_string())
        })?;
        Ok(Some(FileChange {
            path: file.path.clone(),
            name: file.name.clone(),
            before: bytes.clone(),
            after,
            edits: rendered
                .into_iter()
                .map(|edit| PlannedEdit {
                    start: edit.range.start().to_u32(),
                    end: edit.range.end().to_u32(),
                    text: edit.text,
                    codemod: edit.codemod,
                })
                .collect(),
        }))
    }

    /// All edits of one file: those of the units, the colour's, the imports'.
    pub(super) fn edits(&self, id: FileId, model: &Model<'_>, taken: &[bool]) -> Vec<Owned> {
        let mut owned = Vec::new();
        let mut imports: Vec<ImportRequest> = Vec::new();
        let mut helpers = Vec::new();
        let mut released: Vec<TextRange> = Vec::new();
        let mut successions: Vec<(TextRange, ImportRequest)> = Vec::new();
        let mut written: FxHashSet<ColourSite> = FxHashSet::default();
        let mut with_statements: BTreeMap<NodeId, (Option<usize>, Vec<ColourSite>)> =
            BTreeMap::new();
        for number in self.taken_in(id, taken) {
            let unit = &self.units[number];
            let own = |edit| Owned {
                edit,
                unit: Some(number),
                codemod: Some(unit.codemod),
            };
            if self.render == Render::All {
                owned.extend(here(id, &unit.edits).cloned().map(own));
                imports.extend(here(id, &unit.imports).cloned());
                helpers.extend(here(id, &unit.helpers).copied());
                released.extend(here(id, &unit.released).copied());
                let own = unit.successions.iter().filter(|(file, ..)| *file == id);
                successions.extend(own.map(|(_, at, import)| (*at, import.clone())));
            }
            // Two units may want the same site: it is written once.
            for site in here(id, &unit.colour)
                .copied()
                .filter(|site| written.insert(*site))
            {
                if self.render == Render::All {
                    let (wanted, dropped) = colour::imports(model, site);
                    imports.extend(wanted);
                    released.extend(dropped);
                }
                match site {
                    // The items of one `with` are written together, whoever wants them.
                    ColourSite::WithItem { statement, .. } => {
                        with_statements
                            .entry(statement)
                            .or_insert_with(|| (Some(number), Vec::new()))
                            .1
                            .push(site);
                    }
                    _ => owned.extend(colour::edits(model, &[site]).into_iter().map(own)),
                }
            }
        }
        for site in self
            .recolour
            .sites
            .get(&id)
            .into_iter()
            .flatten()
            .copied()
            .filter(|site| written.insert(*site))
        {
            let (wanted, dropped) = colour::imports(model, site);
            imports.extend(wanted);
            if !self.recolour.keep_imports.contains(&id) {
                released.extend(dropped);
            }
            if let ColourSite::WithItem { statement, .. } = site {
                let sites = with_statements.entry(statement).or_default();
                sites.1.push(site);
                continue;
            }
            let own = |edit| Owned {
                edit,
                unit: None,
                codemod: match site {
                    ColourSite::ToThread { .. } => Some(TO_THREAD),
                    _ => None,
                },
            };
            owned.extend(colour::edits(model, &[site]).into_iter().map(own));
        }
        for (number, sites) in with_statements.into_values() {
            owned.extend(colour::edits(model, &sites).into_iter().map(|edit| Owned {
                edit,
                unit: number,
                codemod: number.map(|number| self.units[number].codemod),
            }));
        }
        if self.render == Render::All
            && let Some(markers) = self.recolour.markers.get(&id)
        {
            owned.extend(marker::edits(model, markers).into_iter().map(|edit| Owned {
                edit,
                unit: None,
                codemod: None,
            }));
        }
        if owned.is_empty() {
            return owned;
        }
        if self.render == Render::All {
            owned.extend(comments::kept(model, &owned));
        }
        released.sort_unstable_by_key(|range| range.start());
        let is_first_party = |module: &str| self.project.is_first_party(module);
        let import_edits =
            importer::edits(model, &imports, &successions, &released, &is_first_party);
        // What a script does at module level runs before the functions that come behind it.
        let at_import = self.taken_in(id, taken).any(|number| {
            let mut holders = self.units[number].needs_async.iter();
            holders.any(|holder| matches!(holder, Holder::Statement(file, _) if *file == id))
        });
        let helper_edits = helper::edits(model, &helpers, at_import);
        // Where both stand at one point, imports come first.
        let edits = import_edits.into_iter().chain(helper_edits);
        owned.extend(edits.map(|edit| Owned {
            edit,
            unit: None,
            codemod: None,
        }));
        owned
    }
}

/// The files that a unit touches, sorted.
pub(super) fn touched(unit: &Unit) -> Vec<FileId> {
    let mut files: Vec<FileId> = unit.edits.iter().map(|(file, _)| *file).collect();
    files.extend(unit.colour.iter().map(|(file, _)| *file));
    files.extend(unit.imports.iter().map(|(file, _)| *file));
    files.push(unit.file);
    files.sort_unstable();
    files.dedup();
    files
}

pub(super) fn here<T>(id: FileId, items: &[(FileId, T)]) -> impl Iterator<Item = &T> {
    items
        .iter()
        .filter(move |(file, _)| *file == id)
        .map(|(_, item)| item)
}
