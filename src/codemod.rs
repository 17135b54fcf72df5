//! codemod.
