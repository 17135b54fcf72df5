//! Methods that nothing in sight calls: whether code outside of the project may.
//!
//! A method of a library is called by its users, who are told that it became async. One of an object that a framework is
//! handed (`app.add_route("/", Resource())`, `json.load(Source())`) is called by the framework, which awaits nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::escape::{Escapes, Place};
use super::index::CallIndex;
use super::likely::is_test_file;
use super::protocol::is_special;
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::{ClassId, Resolver};
use crate::callgraph::{Function, Lookup};
use crate::index::Project;
use crate::semantic::common::is_common_method;
use crate::unit::{FileId, FunctionId};

/// Who may call a method that nothing in sight calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stranger {
    /// Code outside of the project that is handed the object, or its class, there.
    Handed(Place),
    /// Whatever the object goes to from there. The method has a name that those of files, streams and clients have, or
    /// something in the project looks members up by names that it makes.
    OutOfSight(Place),
}

/// Looks for those who may call what nothing in sight calls.
pub(super) struct Unseen<'u, 'f> {
    resolver: &'u Resolver<'f>,
    index: &'u CallIndex,
    project: &'u Project,
    /// The functions that the user wants async.
    named: &'u FxHashSet<FunctionId>,
    /// The methods whose objects a unit follows, with every call of them.
    followed: &'u FxHashSet<FunctionId>,
    escapes: Escapes<'u, 'f>,
    /// Members of objects of unknown class are looked up by names that are made at run time: what nothing calls by its name
    /// may be called so.
    by_made_names: bool,
    handed: FxHashMap<ClassId, HandedOver>,
}

/// Where objects of a class are handed over first.
#[derive(Clone, Copy, Debug, Default)]
struct HandedOver {
    anywhere: Option<Place>,
    outside_of_tests: Option<Place>,
}

impl<'u, 'f> Unseen<'u, 'f> {
    pub(super) fn new(
        propagation: &'u Propagation,
        resolver: &'u Resolver<'f>,
        index: &'u CallIndex,
        project: &'u Project,
        named: &'u FxHashSet<FunctionId>,
    ) -> Self {
        Self {
            resolver,
            index,
            project,
            named,
            followed: &propagation.overrides,
            escapes: Escapes::new(resolver, index, &propagation.facts),
            by_made_names: propagation.facts.iter().any(|(&file, facts)| {
                let is_open = |lookup: &Lookup| lookup.of.is_none() && lookup.prefix.is_empty();
                facts.lookups.iter().any(is_open) && !is_test_file(&project.file(file).name)
            }),
            handed: handed(resolver, &propagation.facts, project),
        }
    }

    /// Where instances go.
    pub(super) fn escapes(&self) -> &Escapes<'u, 'f> {
        &self.escapes
    }

    /// Who may call this method out of sight. `None` where something in sight calls it, or nobody gets hold of the object.
    pub(super) fn stranger(&self, id: FunctionId) -> Option<Stranger> {
        let function = self.resolver.function(id)?;
        if !is_uncalled(self.resolver, self.index, self.project, id)
            || self
                .family(id)
                .any(|id| self.named.contains(&id) || self.followed.contains(&id))
        {
            return None;
        }
        let class = ClassId {
            file: id.file,
            index: function.class?,
        };
        let handed = self.handed.get(&class).copied().unwrap_or_default();
        if !is_common_method(&function.name) {
            return match handed.outside_of_tests {
                Some(place) => Some(Stranger::Handed(place)),
                None if self.by_made_names && self.is_never_called(id) => {
                    self.escapes.of(id, function).map(Stranger::OutOfSight)
                }
                None => None,
            };
        }
        match handed.anywhere {
            Some(place) => Some(Stranger::Handed(place)),
            None => self.escapes.of(id, function).map(Stranger::OutOfSight),
        }
    }

    /// Whether not even a test calls a method by its name.
    fn is_never_called(&self, id: FunctionId) -> bool {
        self.family(id).all(|id| self.index.calls_of(id).is_empty())
    }

    fn family(&self, id: FunctionId) -> impl Iterator<Item = FunctionId> + use<> {
        std::iter::once(id).chain(self.resolver.family(id))
    }
}

/// Whether nothing in sight calls a method. A call of what it overrides is one of it. Tests may call what a framework calls
/// as well; of a name that library types have, they show enough.
pub(super) fn is_uncalled(
    resolver: &Resolver<'_>,
    index: &CallIndex,
    project: &Project,
    id: FunctionId,
) -> bool {
    let is_method = |function: &Function| {
        function.class.is_some()
            && !function.is_async
            && !function.is_property
            && !is_special(&function.name)
            && function.fixture.is_none()
    };
    let Some(function) = resolver.function(id).filter(|function| is_method(function)) else {
        return false;
    };
    let is_common = is_common_method(&function.name);
    if !is_common && is_test_file(&project.file(id.file).name) {
        return false;
    }
    let counts =
        |&(file, _): &(FileId, usize)| is_common || !is_test_file(&project.file(file).name);
    std::iter::once(id)
        .chain(resolver.family(id))
        .all(|id| !index.calls_of(id).iter().any(counts))
}

/// The classes whose objects code outside of the project is handed.
fn handed(
    resolver: &Resolver<'_>,
    facts: &ProjectFacts,
    project: &Project,
) -> FxHashMap<ClassId, HandedOver> {
    let mut files: Vec<FileId> = facts.keys().copied().collect();
    files.sort_unstable();
    let mut classes: FxHashMap<ClassId, HandedOver> = FxHashMap::default();
    for file in files {
        let is_test = is_test_file(&project.file(file).name);
        for handed in &facts[&file].handed {
            let place = (file, handed.line);
            for class in resolver.seen_classes(file, &handed.of) {
                for &related in resolver.related(class).iter() {
                    let over = classes.entry(related).or_default();
                    over.anywhere.get_or_insert(place);
                    if !is_test {
                        over.outside_of_tests.get_or_insert(place);
                    }
                }
            }
        }
    }
    classes
}
