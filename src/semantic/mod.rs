//! Semantics of one file.
