//! The markers that the files hold, and those that the plan writes.

use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use super::lines::Lines;
use super::parse::parse;
use crate::index::Project;
use crate::marker::{self, Marker, TRIGGER};
use crate::plan::{FileChange, HalfDone};
use crate::python::PythonVersion;
use crate::source;
use crate::unit::FileId;

/// A marker in a file, with its lines.
#[derive(Clone, Debug)]
pub(super) struct Present {
    pub(super) marker: Marker,
    /// The first and the last 1-based line of what it is about.
    pub(super) lines: (u32, u32),
    pub(super) shown: HalfDone,
}

/// The markers of a file with these bytes. Parses it only if the bytes hold one.
pub(super) fn present(name: &str, bytes: &[u8]) -> Vec<Present> {
    if memchr::memmem::find(bytes, TRIGGER.as_bytes()).is_none() {
        return Vec::new();
    }
    let Ok(source) = source::decode(bytes) else {
        return Vec::new();
    };
    in_text(name, &source.text)
}

fn in_text(name: &str, text: &str) -> Vec<Present> {
    let found = match parse(text, PythonVersion::PY314) {
        Ok(parsed) => marker::read(text, parsed.tokens()),
        Err(_) => marker::read_lines(text),
    };
    let lines = Lines::new(text);
    found
        .into_iter()
        .map(|marker| {
            let place = lines.place(name, marker.range);
            Present {
                lines: (
                    lines.position(marker.about.start()).0,
                    lines.position(marker.about.end()).0,
                ),
                shown: HalfDone {
                    line_after: place.line,
                    place,
                    code: marker.code.clone(),
                    text: marker.text.clone(),
                    is_new: false,
                },
                marker,
            }
        })
        .collect()
}

/// Whether a barrier on this line has its marker.
pub(super) fn is_marked(
    present: &FxHashMap<FileId, Vec<Present>>,
    file: FileId,
    line: u32,
    code: &str,
) -> bool {
    present.get(&file).into_iter().flatten().any(|present| {
        present.marker.code == code && (present.lines.0..=present.lines.1).contains(&line)
    })
}

/// All markers that the files hold once the plan is applied.
pub(super) fn after(
    project: &Project,
    before: &FxHashMap<FileId, Vec<Present>>,
    changes: &[FileChange],
) -> Vec<HalfDone> {
    let mut all = Vec::new();
    for (&file, markers) in before {
        let name = &project.file(file).name;
        if changes
            .binary_search_by(|change| change.name.cmp(name))
            .is_err()
        {
            all.extend(markers.iter().map(|present| present.shown.clone()));
        }
    }
    for change in changes {
        let new = present(&change.name, &change.after);
        if new.is_empty() {
            continue;
        }
        let old = present(&change.name, &change.before);
        let shifts = Shifts::new(change, &old);
        all.extend(new.into_iter().map(|present| shifts.shown(present)));
    }
    all.sort();
    all
}

/// Where the markers of the new text stand in the old one.
struct Shifts<'c> {
    old: FxHashMap<u32, &'c Present>,
    /// The edits: start and end in the old text, and the length of the new text.
    edits: Vec<(i64, i64, i64)>,
    before: Option<source::Source>,
    name: &'c str,
}

impl<'c> Shifts<'c> {
    fn new(change: &'c FileChange, old: &'c [Present]) -> Self {
        Self {
            old: old
                .iter()
                .map(|present| (present.marker.range.start().to_u32(), present))
                .collect(),
            edits: change
                .edits
                .iter()
                .map(|edit| {
                    (
                        i64::from(edit.start),
                        i64::from(edit.end),
                        edit.text.len() as i64,
                    )
                })
                .collect(),
            before: source::decode(&change.before).ok(),
            name: &change.name,
        }
    }

    /// The marker of the new text, placed in the old one.
    fn shown(&self, present: Present) -> HalfDone {
        let at = i64::from(present.marker.range.start().to_u32());
        let mut delta = 0;
        let mut place = None;
        for &(start, end, length) in &self.edits {
            let new_start = start + delta;
            if at < new_start {
                break;
            }
            if at < new_start + length {
                // Written by this edit.
                place = Some(end);
                break;
            }
            delta += length - (end - start);
        }
        let old_at = place.unwrap_or(at - delta);
        let line_after = present.shown.place.line;
        let is_new = place.is_some() || !self.old.contains_key(&(old_at as u32));
        let place = match &self.before {
            Some(source) => {
                let at = (old_at.max(0) as usize).min(source.text.len());
                let range = match self.old.get(&(at as u32)) {
                    Some(old) if !is_new => old.marker.range,
                    _ => {
                        let length = source.text[at..].find(['\n', '\r']);
                        let end = at + length.unwrap_or(source.text.len() - at);
                        TextRange::new((at as u32).into(), (end as u32).into())
                    }
                };
                Lines::new(&source.text).place(self.name, range)
            }
            None => present.shown.place.clone(),
        };
        HalfDone {
            place,
            line_after,
            is_new,
            ..present.shown
        }
    }
}
