//! What the fixtures of pytest give.

use super::super::{Fixture, Target};
use super::types::union;
use super::{Kinds, Resolved, Resolver};
use crate::unit::{FileId, FunctionId};

/// Where pytest finds the fixtures of a folder and those below it.
const CONFTEST: &str = "conftest.py";

impl<'f> Resolver<'f> {
    /// What the fixture of this name gives to a function of a file: the nearest one, in the file itself or along the
    /// `conftest.py` of the folders above it.
    pub(super) fn fixture(&self, file: FileId, name: &str) -> Kinds {
        let path = self.project.file(file).name.as_str();
        let (mut folder, own) = path.rsplit_once('/').unwrap_or(("", path));
        let mut found = self.fixtures_in(file, name);
        let mut is_own = own == CONFTEST;
        while found.is_empty() {
            let conftest = match folder {
                "" => CONFTEST.to_string(),
                folder => format!("{folder}/{CONFTEST}"),
            };
            if let Some(above) = self.project.conftest(&conftest)
                && !std::mem::take(&mut is_own)
            {
                if !self.facts.contains_key(&above) {
                    self.missing.borrow_mut().insert(above);
                    return None;
                }
                found = self.fixtures_in(above, name);
            }
            if folder.is_empty() {
                break;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        // Tests below may have others of the name, which the fixtures of a `conftest.py` get then.
        if own == CONFTEST && !found.is_empty() {
            found.extend(self.facts.keys().flat_map(|&at| self.fixtures_in(at, name)));
        }
        if found.is_empty() {
            return None;
        }
        union(found.into_iter().map(|(at, fixture)| {
            let gives = fixture.gives.as_ref()?;
            self.kinds(at, gives)
        }))
    }

    /// The functions that may be the fixture of this name for a function of a file: those of the file and of every
    /// `conftest.py` above it, and those below a `conftest.py`.
    pub fn fixture_functions(&self, file: FileId, name: &str) -> Vec<FunctionId> {
        let path = self.project.file(file).name.as_str();
        let (mut folder, own) = path.rsplit_once('/').unwrap_or(("", path));
        let mut files = vec![file];
        loop {
            let conftest = match folder {
                "" => CONFTEST.to_string(),
                folder => format!("{folder}/{CONFTEST}"),
            };
            if let Some(above) = self.project.conftest(&conftest) {
                if !self.facts.contains_key(&above) {
                    self.missing.borrow_mut().insert(above);
                }
                files.push(above);
            }
            if folder.is_empty() {
                break;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        if own == CONFTEST {
            files.extend(self.facts.keys());
        }
        let mut found: Vec<FunctionId> = files
            .into_iter()
            .flat_map(|at| self.fixtures_in(at, name))
            .flat_map(|(at, fixture)| {
                let functions = self
                    .facts
                    .get(&at)
                    .map_or(&[][..], |facts| &facts.functions);
                let is_it = move |of: &super::Function| {
                    of.fixture
                        .as_ref()
                        .is_some_and(|own| std::ptr::eq(own, fixture))
                };
                let index = functions.iter().position(is_it);
                index.map(|index| FunctionId {
                    file: at,
                    index: index as u32,
                })
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The fixtures of this name that a file defines or imports.
    fn fixtures_in(&self, file: FileId, name: &str) -> Vec<(FileId, &'f Fixture)> {
        let Some(facts) = self.facts.get(&file) else {
            return Vec::new();
        };
        let named = |fixture: &&Fixture| fixture.name == name;
        let own = facts.functions.iter().filter_map(|of| of.fixture.as_ref());
        let mut found: Vec<(FileId, &Fixture)> =
            own.filter(named).map(|fixture| (file, fixture)).collect();
        let imported = facts.named(name);
        let starred = facts.star_imports.iter().map(|module| {
            let path = format!("{module}.{name}");
            self.path_in(file, &path)
        });
        let others = imported
            .filter(|target| matches!(target, Target::Path(_)))
            .map(|target| self.target(file, target))
            .into_iter()
            .chain(starred);
        for other in others {
            if let Resolved::Function(id) = other
                && let Some(fixture) = self.function(id).and_then(|of| of.fixture.as_ref())
            {
                found.push((id.file, fixture));
            }
        }
        found
    }
}
