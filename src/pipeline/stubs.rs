//! Stubs: what describes a function that becomes async changes with it.

use std::collections::BTreeMap;

use rayon::prelude::*;
use ruff_text_size::Ranged;

use super::lines::Lines;
use super::load::with_model;
use crate::colour;
use crate::discovery;
use crate::importer;
use crate::index::Project;
use crate::plan::{Problem, Severity};
use crate::propagate::{Propagation, Recolour, Shape};
use crate::semantic::Model;
use crate::unit::{ColourSite, FileId};

/// Adds the sites of the stubs that describe what becomes async, and notes what they say in a way that is not known.
pub(super) fn follow(project: &Project, propagation: &Propagation, recolour: &mut Recolour) {
    let mut wanted: BTreeMap<FileId, Vec<(&str, Shape)>> = BTreeMap::new();
    for id in &recolour.functions {
        let function = propagation
            .facts
            .get(&id.file)
            .and_then(|facts| facts.functions.get(id.index as usize));
        let Some(function) = function else {
            continue;
        };
        for &stub in project.stubs_of(id.file) {
            if project.file(stub).outside {
                let name = &project.file(stub).name;
                recolour.notes.push(Problem {
                    severity: Severity::Warning,
                    file: name.clone(),
                    line: None,
                    message: format!(
                        "the stub describes `{}`, which becomes async, and is not among the files to change",
                        function.qualified_name
                    ),
                    remedy: "give awaitify the whole project, or change it by hand".to_string(),
                });
                continue;
            }
            let of_stub = wanted.entry(stub).or_default();
            of_stub.push((&function.qualified_name, Shape::of(function)));
        }
    }
    let wanted: Vec<_> = wanted.into_iter().collect();
    let found: Vec<(FileId, Vec<ColourSite>, Vec<Problem>)> = wanted
        .par_iter()
        .filter_map(|(stub, names)| {
            let name = &project.file(*stub).name;
            let bytes = discovery::read(&project.file(*stub).path).ok()?;
            let read = with_model(project, *stub, &bytes, |model| describe(model, name, names));
            let (sites, notes) = read.unwrap_or_else(|| (Vec::new(), vec![unread(name)]));
            Some((*stub, sites, notes))
        })
        .collect();
    for (stub, sites, notes) in found {
        recolour.notes.extend(notes);
        if !sites.is_empty() {
            recolour.sites.insert(stub, sites);
        }
    }
}

/// The sites of one stub.
fn describe(
    model: &Model<'_>,
    name: &str,
    wanted: &[(&str, Shape)],
) -> (Vec<ColourSite>, Vec<Problem>) {
    let lines = Lines::new(model.text);
    let mut sites = Vec::new();
    let mut notes = Vec::new();
    for function in model.scopes.functions() {
        let shape = wanted
            .iter()
            .find(|(name, _)| *name == function.qualified_name)
            .map(|(_, shape)| *shape);
        let (Some(shape), Some(definition)) = (shape, function.definition) else {
            continue;
        };
        if definition.is_async {
            continue;
        }
        let node = function.node;
        match shape {
            Shape::Plain => {
                sites.push(ColourSite::Def { node });
                continue;
            }
            Shape::Manager => {
                sites.extend([ColourSite::Def { node }, ColourSite::Special { node }]);
                continue;
            }
            Shape::Iterator => {
                sites.push(ColourSite::Special { node });
                if definition.name.as_str() == "__next__" {
                    sites.push(ColourSite::Def { node });
                }
                let annotation = definition.returns.as_deref();
                let result = annotation.and_then(|result| colour::place_yields(model, result));
                sites.extend(result.map(colour::yields_site));
                continue;
            }
            Shape::Property => {
                sites.extend([ColourSite::Def { node }, ColourSite::Property { node }]);
                continue;
            }
            Shape::Constructor => {
                sites.push(ColourSite::Create { node });
                continue;
            }
            Shape::Generator | Shape::ContextManager => {}
        }
        // A stub has no `yield`: it names what a call gives, and stays `def`.
        let decorator = definition
            .decorator_list
            .iter()
            .map(|decorator| &decorator.expression)
            .find(|decorator| colour::is_context_manager(model, decorator))
            .map(|decorator| colour::context_manager_site(model.id(decorator)));
        let is_writable = |site: &ColourSite| {
            let (imports, _) = colour::imports(model, *site);
            imports
                .iter()
                .all(|request| importer::is_available(model, request, function.node))
        };
        let annotation = definition.returns.as_deref();
        let result = annotation.and_then(|annotation| colour::place_yields(model, annotation));
        let fits =
            decorator.as_ref().is_none_or(is_writable) && annotation.is_some() == result.is_some();
        if fits {
            sites.extend(decorator);
            sites.extend(result.map(colour::yields_site));
        } else {
            let at = annotation.map_or(definition.name.range(), Ranged::range);
            notes.push(Problem {
                severity: Severity::Warning,
                file: name.to_string(),
                line: Some(lines.position(at.start()).0),
                message: format!(
                    "the stub of `{}` says what the sync function gave, in a way that has no known async form",
                    function.qualified_name
                ),
                remedy: "change its annotation by hand".to_string(),
            });
        }
    }
    (sites, notes)
}

fn unread(name: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        file: name.to_string(),
        line: None,
        message: "the stub describes a function that becomes async, and cannot be read".to_string(),
        remedy: "mend its syntax, and change it by hand".to_string(),
    }
}
