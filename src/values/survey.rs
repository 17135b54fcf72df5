//! What a codemod asks of files that hold no value it follows: facts that decide whether a component may change.

use ruff_text_size::TextRange;

use super::Trouble;
use crate::semantic::Model;
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
}

/// Asks the files, and says what stands in the way of every component.
pub type Survey = fn(&dyn Files) -> Option<Trouble>;
