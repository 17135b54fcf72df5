//! What is likely and not certain: what a unit that `--unsafe` takes rests on.

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::index::CallIndex;
use super::likely::is_test_file;
use super::unseen::Unseen;
use super::{Propagation, Settled, functions_of};
use crate::callgraph::resolve::Resolver;
use crate::index::Project;
use crate::unit::{FileId, FunctionId, Holder};

/// Something that a unit rests on and that is not certain.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// The file of the first place.
    pub file: FileId,
    /// Its span.
    pub range: TextRange,
    /// What it is.
    pub kind: DoubtKind,
    /// The methods that it is about.
    pub methods: Vec<String>,
    /// How many more places there are.
    pub more: usize,
}

/// What is not certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoubtKind {
    /// A call on an object of unknown class is taken for one of the only methods of its name.
    Likely,
    /// A call on an object whose class only its callers tell is taken for one of its methods.
    Told,
    /// A call on what callers or a foreign object give is taken for none of the methods of its name.
    PassedOver,
    /// A method is called nowhere: who is handed the object may call it.
    Unseen,
}

/// Places of one kind that are about the same methods.
type Groups = FxHashMap<(DoubtKind, Vec<FunctionId>), Vec<(FileId, TextRange)>>;

impl Propagation {
    /// What the functions that each list of holders turns async rest on, in the order of the places. `named` are the
    /// functions that the user wants async.
    pub fn doubts(
        &self,
        settled: &Settled<'_>,
        units: &[Vec<Holder>],
        named: &FxHashSet<FunctionId>,
    ) -> Vec<Vec<Doubt>> {
        let (resolver, index) = (settled.resolver(), settled.index());
        let groups = self.groups(settled.project, resolver, index);
        let entry_points = settled.entry_points();
        let strangers = Unseen::new(self, resolver, index, settled.project, named);
        units
            .iter()
            .map(|holders| {
                let reached = index.reached(resolver, &functions_of(holders), &|id| {
                    entry_points.contains(id)
                });
                let mut unseen: Vec<FunctionId> = reached
                    .iter()
                    .copied()
                    .filter(|&id| strangers.stranger(id).is_some())
                    .collect();
                unseen.sort_unstable();
                let mut doubts: Vec<Doubt> = groups
                    .iter()
                    .filter(|((_, methods), _)| methods.iter().any(|id| reached.contains(id)))
                    .filter_map(|((kind, methods), places)| doubt(resolver, *kind, methods, places))
                    .collect();
                let headers: Vec<(FileId, TextRange)> = unseen
                    .iter()
                    .filter_map(|&id| Some((id.file, resolver.function(id)?.header)))
                    .collect();
                doubts.extend(doubt(
                    resolver,
                    DoubtKind::Unseen,
                    &unseen[..unseen.len().min(1)],
                    &headers,
                ));
                doubts.sort_by_key(|doubt| (doubt.kind, doubt.file, doubt.range.start()));
                doubts
            })
            .collect()
    }

    /// The calls that are likely and not certain, outside of tests.
    fn groups(&self, project: &Project, resolver: &Resolver<'_>, index: &CallIndex) -> Groups {
        let owners = self.likely.owners(&self.facts);
        let mut groups = Groups::default();
        let mut add = |kind, methods: &[FunctionId], file: FileId, range: TextRange| {
            if !is_test_file(&project.file(file).name) {
                let places = groups.entry((kind, methods.to_vec())).or_default();
                places.push((file, range));
            }
        };
        let range_of = |file, call| resolver.call(file, call).map(|call| call.range);
        for (name, calls) in &index.likely {
            for &(file, call) in calls {
                if let Some(owners) = owners.get(name)
                    && let Some(range) = range_of(file, call)
                {
                    add(DoubtKind::Likely, owners, file, range);
                }
            }
        }
        let mut named: FxHashMap<&str, Vec<FunctionId>> = FxHashMap::default();
        for (&file, facts) in &self.facts {
            for class in &facts.classes {
                for (name, index) in class.methods.iter().chain(&class.overloads) {
                    let index = *index;
                    named
                        .entry(name)
                        .or_default()
                        .push(FunctionId { file, index });
                }
            }
        }
        for (name, calls) in &index.passed_over {
            let mut methods = named.get(name.as_str()).cloned().unwrap_or_default();
            methods.sort_unstable();
            for &(file, range) in calls {
                add(DoubtKind::PassedOver, &methods, file, range);
            }
        }
        for (file, call, methods) in &index.told {
            if let Some(range) = range_of(*file, *call) {
                add(DoubtKind::Told, methods, *file, range);
            }
        }
        groups
    }
}

fn doubt(
    resolver: &Resolver<'_>,
    kind: DoubtKind,
    methods: &[FunctionId],
    places: &[(FileId, TextRange)],
) -> Option<Doubt> {
    let &(file, range) = places.first()?;
    let methods = methods
        .iter()
        .filter_map(|&id| resolver.function(id))
        .map(|function| function.qualified_name.clone())
        .collect();
    Some(Doubt {
        file,
        range,
        kind,
        methods,
        more: places.len() - 1,
    })
}
