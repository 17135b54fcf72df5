//! The words by which other files get at what is tracked.

use super::key::Key;
use super::link::Link;
use crate::callgraph::resolve::ClassId;
use crate::unit::FunctionId;

impl Link<'_, '_> {
    /// The words by which other files get at what is tracked.
    pub(super) fn words(&mut self) -> Vec<String> {
        let roots = self.tracked_roots();
        let mut words = Vec::new();
        let owners = self.owners();
        for (key, root) in self.union.all() {
            // Only for its family, and named nowhere.
            let is_read = self.settled.contains(&key);
            if !roots.contains(&root) || !is_read {
                continue;
            }
            match key {
                Key::Variable(file, number) => {
                    let globals = &self.spots.facts[&file].globals;
                    words.extend(
                        globals
                            .iter()
                            .filter(|(_, own)| *own == number)
                            .map(|(name, _)| name.clone()),
                    );
                    if let Some((id, _)) = owners.get(&(file, number)) {
                        self.names_of(*id, &mut words);
                    }
                }
                Key::Member(class, name) => {
                    // The constructor of a dataclass gives it.
                    words.extend(self.spots.resolver.names_below(class));
                    words.push(name);
                }
                Key::Returned(id) | Key::Yielded(id) => self.names_of(id, &mut words),
                Key::Instance(class) => words.extend(self.spots.resolver.names_below(class)),
                Key::Made(..) | Key::Given(..) => {}
            }
        }
        words
    }

    /// The names by which a function is called.
    fn names_of(&self, id: FunctionId, words: &mut Vec<String>) {
        let Some(function) = self.spots.resolver.function(id) else {
            return;
        };
        if function.is_lambda {
            return;
        }
        match (function.class, function.name.as_str()) {
            (Some(index), "__init__") => {
                let class = ClassId {
                    file: id.file,
                    index,
                };
                words.extend(self.spots.resolver.names_below(class));
            }
            (_, name) if name.starts_with("__") => {}
            (_, name) => {
                words.push(name.to_string());
                words.extend(
                    function
                        .fixture
                        .as_ref()
                        .map(|fixture| fixture.name.clone()),
                );
            }
        }
    }
}
