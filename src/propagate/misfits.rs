//! Calls on receivers that are not known, and the methods that would not take them.

use rustc_hash::FxHashMap;

use crate::callgraph::Function;
use crate::callgraph::arity::Given;
use crate::unit::FileId;

/// What each use at a place gives; `None` stands for one that may take any signature.
type Places = FxHashMap<(FileId, u32), Vec<Option<Given>>>;

/// What the calls on unknown receivers give, by the name of the method and the place.
#[derive(Debug, Default)]
pub(super) struct Misfits {
    given: FxHashMap<String, Places>,
}

impl Misfits {
    /// Notes a use of a name there. `None` stands for one that may take any signature.
    pub(super) fn note(&mut self, name: &str, place: (FileId, u32), given: Option<&Given>) {
        let places = match self.given.get_mut(name) {
            Some(places) => places,
            None => self.given.entry(name.to_string()).or_default(),
        };
        places.entry(place).or_default().push(given.cloned());
    }

    /// Whether no use of this name there can be one of this method: each would raise TypeError.
    pub(super) fn excludes(&self, name: &str, place: (FileId, u32), method: &Function) -> bool {
        let uses = self.given.get(name).and_then(|places| places.get(&place));
        match (&method.arity, uses) {
            (Some(arity), Some(uses)) => uses
                .iter()
                .all(|given| given.as_ref().is_some_and(|given| !arity.may_take(given))),
            _ => false,
        }
    }
}
