//! Edits.
use ruff_text_size::TextRange;
/// An edit.
#[derive(Clone, Debug)]
pub struct Edit {
    /// r
    pub range: TextRange,
}
