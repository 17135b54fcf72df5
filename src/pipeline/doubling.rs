//! Test doubles and the code that they are for: taken together, or left together.
//!
//! A unit that migrates the doubles of a file ([`Unit::doubling`]) goes with every unit whose functions the file's code
//! comes to: a double of requests does nothing for code that calls httpx, and the other way round. So it is left as well
//! where the file comes to code that goes on calling requests.

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::choice::{Choice, Group};
use super::search::is_part;
use crate::discovery;
use crate::index::Project;
use crate::plan::Left;
use crate::propagate::Settled;
use crate::references::{self, Stale};
use crate::semantic::common::is_common_method;
use crate::unit::{FileId, FunctionId, Holder, Unit};

/// The units that migrate doubles, and those that go with them.
pub(super) struct Doubling {
    /// By file.
    by_file: FxHashMap<FileId, Vec<usize>>,
    /// The units that must be taken together, by two.
    pairs: Vec<(usize, usize)>,
}

impl Doubling {
    /// The units that migrate doubles and are still to be had.
    pub(super) fn new(units: &[Unit], state: &Choice) -> Self {
        let mut by_file: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
        for (number, unit) in units.iter().enumerate() {
            if state.taken[number] && unit.doubling.is_some() {
                by_file.entry(unit.file).or_default().push(number);
            }
        }
        Self {
            by_file,
            pairs: state.pairs.clone(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_file.is_empty() && self.pairs.is_empty()
    }

    /// Says that a unit replaces what a file has migrated doubles of.
    pub(super) fn pair(&mut self, units: &[Unit], stale: &Stale) {
        for &double in self.by_file.get(&stale.file).into_iter().flatten() {
            if units[double].codemod == units[stale.unit].codemod {
                self.pairs.push((stale.unit, double));
            }
        }
    }

    /// Forms the groups, and leaves those that cannot be taken whole.
    pub(super) fn settle(
        mut self,
        settled: &Settled<'_>,
        units: &[Unit],
        left: &[Left],
        staying: &[FunctionId],
        state: &mut Choice,
    ) {
        if self.is_empty() {
            return;
        }
        let project = settled.project;
        // What a file with doubles does itself.
        for (number, unit) in units.iter().enumerate() {
            if !state.taken[number] || unit.doubling.is_some() {
                continue;
            }
            let files = unit.edits.iter().map(|(file, _)| *file);
            let files: FxHashSet<FileId> = files.collect();
            for file in files {
                for &double in self.by_file.get(&file).into_iter().flatten() {
                    if units[double].codemod == unit.codemod {
                        self.pairs.push((number, double));
                    }
                }
            }
        }
        // Doubles that other files get from a fixture or a helper.
        let shared: Vec<usize> = self
            .doubles()
            .filter(|&double| !is_test(&project.file(units[double].file).name))
            .collect();
        for &helper in &shared {
            let others: Vec<usize> = self.doubles().filter(|&other| other != helper).collect();
            self.pairs
                .extend(others.into_iter().map(|other| (helper, other)));
        }
        // A test may take them from another one.
        let all: Vec<usize> = self.doubles().collect();
        let stem = |double: usize| {
            let name = project.file(units[double].file).name.as_str();
            let last = name.rsplit('/').next().unwrap_or(name);
            last.strip_suffix(".py").unwrap_or(last).as_bytes().to_vec()
        };
        for &double in &all {
            let words = words(project, units[double].file);
            let named = all
                .iter()
                .filter(|&&other| other != double && words.contains(&stem(other)));
            self.pairs.extend(named.map(|&other| (double, other)));
        }
        let place = |double: usize| project.file(units[double].file).name.clone();
        state.groups = groups(units, &self.pairs, &place);
        for double in all {
            let has_code = state
                .groups
                .iter()
                .any(|group| group.holds(double) && !group.code.is_empty());
            if !has_code {
                state.leave(double, &references::CODE_STAYS, None);
            }
        }
        for &(code, double) in &self.pairs {
            let doubling = units[double].doubling.as_ref();
            let Some(of_calls) = doubling.and_then(|doubling| doubling.of_calls) else {
                continue;
            };
            if let Some((file, range, what)) = units[code].reshaped.told_by(&of_calls) {
                let file = project.file(file);
                let line = discovery::read(&file.path).map_or(1, |bytes| line_at(&bytes, range));
                let detail = format!("{what} ({}:{line})", file.name);
                state.leave(double, &references::RESHAPED, Some(detail));
            }
        }
        if settled.propagation.facts.is_empty() {
            // No call graph says what a test comes to.
            for double in self.doubles() {
                let detail = "with `--scope function` it is not known what the tests call";
                state.leave(double, &references::CODE_STAYS, Some(detail.to_string()));
            }
        }
        for (double, at) in self.reaching(settled, units, left, staying, state) {
            state.leave(double, &references::CODE_STAYS, Some(at));
        }
        state.leave_broken_groups();
    }

    fn doubles(&self) -> impl Iterator<Item = usize> + '_ {
        let mut all: Vec<usize> = self.by_file.values().flatten().copied().collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// The units whose files come to functions that go on calling what is doubled, each with the first such function.
    fn reaching(
        &self,
        settled: &Settled<'_>,
        units: &[Unit],
        left: &[Left],
        staying: &[FunctionId],
        state: &Choice,
    ) -> Vec<(usize, String)> {
        let (project, propagation) = (settled.project, settled.propagation);
        let codemods: FxHashSet<&str> =
            self.doubles().map(|double| units[double].codemod).collect();
        let mut functions: Vec<FunctionId> = staying.to_vec();
        for (number, unit) in units.iter().enumerate() {
            if !state.taken[number] && unit.doubling.is_none() && codemods.contains(unit.codemod) {
                functions.extend(unit.needs_async.iter().filter_map(|holder| match holder {
                    Holder::Function(id) => Some(*id),
                    Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
                }));
            }
        }
        let named: FxHashSet<(&str, &str)> = left
            .iter()
            .filter(|left| codemods.contains(left.codemod))
            .map(|left| (left.place.file.as_str(), left.function.as_str()))
            .collect();
        for (&file, facts) in &propagation.facts {
            let name = project.file(file).name.as_str();
            for (index, function) in facts.functions.iter().enumerate() {
                if named.contains(&(name, function.qualified_name.as_str())) {
                    let index = index as u32;
                    functions.push(FunctionId { file, index });
                }
            }
        }
        functions.sort_unstable();
        functions.dedup();
        let holders: Vec<[Holder; 1]> =
            functions.iter().map(|&id| [Holder::Function(id)]).collect();
        let slices: Vec<&[Holder]> = holders.iter().map(|holder| &holder[..]).collect();
        let files = propagation.files_reaching(settled, &slices);
        let mut found = Vec::new();
        for double in self.doubles() {
            let file = units[double].file;
            let words = words(project, file);
            let at = functions.iter().zip(&files).find_map(|(id, files)| {
                let facts = propagation.facts.get(&id.file)?;
                let function = facts.functions.get(id.index as usize)?;
                let is_named =
                    !is_common_method(&function.name) && words.contains(function.name.as_bytes());
                let comes = files.iter().any(|&other| covers(project, file, other));
                (is_named || comes).then(|| {
                    let name = &project.file(id.file).name;
                    format!("`{}` ({name}:{})", function.qualified_name, function.line)
                })
            });
            found.extend(at.map(|at| (double, at)));
        }
        found
    }
}

/// Whether the doubles of a file are there for another one: its own, or those below the folder of a `conftest.py`.
pub(super) fn covers(project: &Project, file: FileId, other: FileId) -> bool {
    if file == other {
        return true;
    }
    let name = &project.file(file).name;
    let Some(folder) = name.strip_suffix("conftest.py") else {
        return false;
    };
    (folder.is_empty() || folder.ends_with('/')) && project.file(other).name.starts_with(folder)
}

/// The line, from 1, where a span starts.
fn line_at(bytes: &[u8], range: TextRange) -> usize {
    let before = bytes.get(..range.start().to_usize()).unwrap_or(bytes);
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// Whether pytest or unittest collects a file, so that no other takes doubles from it.
fn is_test(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name);
    stem != "conftest.py"
        && (stem.starts_with("test") || stem.ends_with("_test.py") || !name.contains('/'))
}

fn words(project: &Project, file: FileId) -> FxHashSet<Vec<u8>> {
    let Ok(bytes) = discovery::read_code(&project.file(file).path) else {
        return FxHashSet::default();
    };
    let words = bytes.split(|&byte| !is_part(byte));
    words.map(<[u8]>::to_vec).collect()
}

/// Joins pairs to groups, in the order of their units.
fn groups(units: &[Unit], pairs: &[(usize, usize)], place: &dyn Fn(usize) -> String) -> Vec<Group> {
    let mut root: Vec<usize> = (0..units.len()).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for &(one, other) in pairs {
        let (one, other) = (find(&mut root, one), find(&mut root, other));
        root[one.max(other)] = one.min(other);
    }
    let mut members: Vec<usize> = pairs
        .iter()
        .flat_map(|&(one, other)| [one, other])
        .collect();
    members.sort_unstable();
    members.dedup();
    let mut numbers: FxHashMap<usize, usize> = FxHashMap::default();
    let mut found: Vec<Group> = Vec::new();
    for member in members {
        let first = find(&mut root, member);
        let at = *numbers.entry(first).or_insert_with(|| {
            found.push(Group::default());
            found.len() - 1
        });
        match units[member].doubling {
            Some(_) => found[at].doubles.push((member, place(member))),
            None => found[at].code.push(member),
        }
    }
    found
}
