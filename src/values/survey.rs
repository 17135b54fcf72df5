//! What a codemod asks of files that hold no value it follows: facts that decide whether a component may change.

use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use super::{Component, Trouble};
use crate::semantic::{Model, NodeId};
use crate::unit::FileId;

/// Something that a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What kind of fact: the codemod's own number.
    pub what: u8,
    /// Where.
    pub range: TextRange,
    /// The name that it is about.
    pub name: String,
    /// The class or object that the name belongs to; empty where there is none.
    pub of: String,
}

/// The files of the project.
pub trait Files {
    /// The files whose text holds one of these words.
    fn holding(&self, words: &[String]) -> Vec<FileId>;
    /// What `look` finds in each of these files; those that cannot be parsed are left out.
    fn facts(
        &self,
        files: &[FileId],
        look: &(dyn Fn(&Model<'_>) -> Vec<Fact> + Sync),
    ) -> Vec<(FileId, Vec<Fact>)>;
    /// Shows each of these files, in no order; those that cannot be parsed are left out.
    fn visit(&self, files: &[FileId], look: &(dyn Fn(FileId, &Model<'_>) + Sync));
    /// The values that are followed.
    fn held(&self) -> &Held;
}

/// The expressions of all files that give a value which is followed.
#[derive(Debug, Default)]
pub struct Held {
    kinds: FxHashMap<FileId, FxHashMap<NodeId, usize>>,
}

impl Held {
    /// What these components hold.
    pub fn of(components: &[Component]) -> Self {
        let mut held = Self::default();
        for (&file, part) in components.iter().flat_map(|component| &component.parts) {
            let kinds = held.kinds.entry(file).or_default();
            kinds.extend(part.kinds.iter().map(|(&node, &kind)| (node, kind)));
        }
        held
    }

    /// The kinds of the values that the expressions of a file give: see [`super::Kinds`].
    pub fn of_file(&self, file: FileId) -> Option<&FxHashMap<NodeId, usize>> {
        self.kinds.get(&file)
    }
}

/// What a survey found for one place, for the codemod that asked: it comes back with every component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The file.
    pub file: FileId,
    /// The use of a value whose component it belongs to.
    pub owner: TextRange,
    /// The place.
    pub range: TextRange,
    /// What is to be done there: the codemod's own number.
    pub what: u8,
    /// What exactly.
    pub texts: Vec<String>,
}

/// What a survey says.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// What stands in the way of every component.
    pub trouble: Option<Trouble>,
    /// What is to be done, in the order of files and places.
    pub advice: Vec<Advice>,
}

/// Asks the files, and says what stands in the way of every component, and what is to be done at which places.
pub type Survey = fn(&dyn Files) -> Surveyed;
