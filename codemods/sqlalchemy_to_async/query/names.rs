//! The names of SQLAlchemy that the new code uses: as the file imports them already, or by a new import.

use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use crate::codemod::{Refusal, UnitBuilder};
use crate::importer;
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Meaning, Model, NodeId, Runner, Scopes};
use crate::unit::ImportRequest;

/// The modules that the same functions are imported from.
const HOMES: &[&str] = &[
    "sqlalchemy",
    "sqlalchemy.sql",
    "sqlalchemy.sql.expression",
    "sqlalchemy.future",
];

/// What is read once of a file.
pub struct Names<'a> {
    /// The imports of SQLAlchemy: what each means, and its name.
    imports: Vec<(String, &'a str, SymbolId)>,
    /// The attributes that are assigned, as written, each with the function that does it.
    stored: FxHashSet<(Option<u32>, &'a str)>,
}

impl<'a> Names<'a> {
    /// Reads the imports of a file.
    pub fn new(model: &Model<'a>) -> Self {
        let imports = model.scopes.symbols().filter_map(|(id, symbol)| {
            let is_import = symbol.bindings.iter().all(|&binding| {
                let binding = model.scopes.binding(binding);
                !binding.type_checking
                    && matches!(
                        binding.kind,
                        BindingKind::Import { .. } | BindingKind::FromImport { .. }
                    )
            });
            match model.meaning_of_symbol(id) {
                Meaning::Path(path) if is_import && path.starts_with("sqlalchemy") => {
                    Some((path, symbol.name, id))
                }
                _ => None,
            }
        });
        let stored = model
            .attributes()
            .filter(|attribute| !attribute.ctx.is_load())
            .map(|attribute| {
                let runner = number(model.runner(model.id(attribute)));
                (runner, model.slice(attribute.range()))
            });
        Self {
            imports: imports.collect(),
            stored: stored.collect(),
        }
    }

    /// Whether a function assigns an attribute (`self.session`).
    pub fn stores(&self, runner: Runner, attribute: &str) -> bool {
        self.stored.contains(&(number(runner), attribute))
    }

    /// How the code at a place names a function of SQLAlchemy (`select`, `func`, `update`, `delete`, `Select`); the import
    /// that it needs is asked for.
    ///
    /// # Errors
    /// [`importer::NAME_TAKEN`] where neither the name nor that of the module is free.
    pub fn name(
        &self,
        model: &Model<'a>,
        unit: &mut UnitBuilder<'_, '_>,
        name: &'static str,
        at: NodeId,
    ) -> Result<String, Refusal> {
        let is_home = |path: &str| {
            path.rsplit_once('.')
                .is_some_and(|(module, member)| member == name && HOMES.contains(&module))
        };
        if let Some(found) = self.bound_to(model, at, is_home) {
            return Ok(found.to_string());
        }
        if let Some(module) = self.bound_to(model, at, |path| path == "sqlalchemy") {
            return Ok(format!("{module}.{name}"));
        }
        let request = ImportRequest::Name {
            module: "sqlalchemy",
            name,
        };
        if importer::is_available(model, &request, at) && is_free_in_module(model, name) {
            unit.import(request, at)?;
            return Ok(name.to_string());
        }
        unit.import(ImportRequest::Module("sqlalchemy"), at)?;
        Ok(format!("sqlalchemy.{name}"))
    }

    /// The name that is bound to a path, and means it at a place.
    fn bound_to(
        &self,
        model: &Model<'a>,
        at: NodeId,
        is_it: impl Fn(&str) -> bool,
    ) -> Option<&'a str> {
        let scope = model.scope_at(at);
        self.imports
            .iter()
            .find(|(path, name, id)| is_it(path) && model.scopes.lookup(scope, name) == Some(*id))
            .map(|(_, name, _)| *name)
    }
}

/// The number of a function; `None` for the module and the bodies of its classes, which run once, with it.
pub fn number(runner: Runner) -> Option<u32> {
    match runner {
        Runner::Function(index) => Some(index),
        Runner::Module | Runner::Class => None,
    }
}

/// Whether nothing else of the module has the name: the import would take its place, or the other way round.
fn is_free_in_module(model: &Model<'_>, name: &str) -> bool {
    let scopes = &model.scopes;
    scopes
        .named(name)
        .iter()
        .all(|&symbol| scopes.symbol(symbol).scope != Scopes::MODULE)
}
