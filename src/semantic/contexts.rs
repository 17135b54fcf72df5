//! Context variables: whether a file has any. Code that runs in a task or a thread of its own may see another context.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{Ranged, TextRange};

use super::Model;

/// Where the file imports `contextvars`.
pub fn variables(model: &Model<'_>) -> Option<TextRange> {
    model.nodes.all().find_map(|node| {
        let is_import = |name: &str| name == "contextvars" || name.starts_with("contextvars.");
        match model.nodes.get(node) {
            AnyNodeRef::StmtImport(import) => import
                .names
                .iter()
                .any(|alias| is_import(alias.name.as_str()))
                .then(|| import.range()),
            AnyNodeRef::StmtImportFrom(import) => import
                .module
                .as_ref()
                .is_some_and(|module| is_import(module.as_str()))
                .then(|| import.range()),
            _ => None,
        }
    })
}
