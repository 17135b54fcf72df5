//! The codemods.
