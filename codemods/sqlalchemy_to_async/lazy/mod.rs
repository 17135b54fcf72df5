//! Lazy loads: attributes whose reading asks the database, which an async session cannot do.
//!
//! The models of all files say which attributes are lazy; then every file that has one of their names is searched for a read
//! on an instance. From each read the object is followed back, over functions and files, to the queries that load it: those
//! get an option that loads the attribute with the object. An object that was made or written in between is refreshed before
//! the statement that reads it. A read of which neither can be said stands in the way.

mod declared;
mod left_out;
mod loads;
mod reads;
mod values;
mod write;

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::reasons;
use crate::semantic::Model;
use crate::unit::FileId;
use crate::values::{Fact, Files, Surveyed, Trouble};
pub use declared::Declared;
pub use values::{Objects, Root};
pub use write::{Options, rewrite};

/// What renders a template, which may read anything.
const TEMPLATES: &[&str] = &["TemplateResponse", "render_template", "get_template"];

/// What stands in the way, and what the queries have to load.
pub fn survey(files: &dyn Files) -> Surveyed {
    let advice = Declared::read(files).and_then(|declared| {
        sessions_of_objects(files)?;
        let mut words: Vec<String> = declared.lazy.keys().cloned().collect();
        words.sort_unstable();
        if !words.is_empty() {
            templates(files)?;
        }
        // Where no model is seen, what is done with attributes tells.
        if declared.mapped.is_empty() {
            words.push("sqlalchemy".to_string());
        }
        if words.is_empty() {
            return Ok(Vec::new());
        }
        loads::advise(files, &declared, &words)
    });
    match advice {
        Ok(advice) => Surveyed {
            trouble: None,
            advice,
        },
        Err(trouble) => Surveyed {
            trouble: Some(trouble),
            advice: Vec::new(),
        },
    }
}

/// An object gives the sync session: what is asked of it outside of `run_sync` and of what SQLAlchemy calls, raises.
fn sessions_of_objects(files: &dyn Files) -> Result<(), Trouble> {
    let words = ["object_session".to_string(), "inspect".to_string()];
    let found = files.facts(&files.holding(&words), &|model| given_by_objects(model));
    let first = found
        .iter()
        .find_map(|(file, facts)| facts.first().map(|fact| (*file, fact)));
    match first {
        Some((file, fact)) => Err(Trouble {
            file,
            range: fact.range,
            reason: &reasons::OBJECT_SESSION,
            detail: Some(format!("`{}`", fact.name)),
        }),
        None => Ok(()),
    }
}

/// `object_session(user)`, `inspect(user).session`, but in listeners.
fn given_by_objects(model: &Model<'_>) -> Vec<Fact> {
    let asks = |call: &ExprCall, name: &str| {
        let meaning = model.meaning(&call.func);
        meaning.path().is_some_and(|path| {
            path.starts_with("sqlalchemy.") && path.rsplit('.').next() == Some(name)
        })
    };
    let in_listener = |node| {
        model.nodes.ancestors(node).any(|at| {
            matches!(model.nodes.get(at), AnyNodeRef::StmtFunctionDef(function)
                if function.decorator_list.iter().any(|one| model.slice(one.range()).contains("listens_for")))
        })
    };
    let calls = model.calls().filter_map(|call| {
        if asks(call, "object_session") {
            return Some((model.id(call), call.range()));
        }
        match model.nodes.parent_node(model.id(call)) {
            AnyNodeRef::ExprAttribute(attribute)
                if attribute.attr.as_str() == "session" && asks(call, "inspect") =>
            {
                Some((model.id(call), attribute.range()))
            }
            _ => None,
        }
    });
    let given = calls.filter(|(node, _)| !in_listener(*node));
    given
        .map(|(_, range)| Fact {
            what: 0,
            range,
            name: model.slice(range).to_string(),
            of: String::new(),
        })
        .collect()
}

/// What a template reads is not seen.
fn templates(files: &dyn Files) -> Result<(), Trouble> {
    let words: Vec<String> = TEMPLATES.iter().map(|word| (*word).to_string()).collect();
    let rendered = files.facts(&files.holding(&words), &|model| renders(model));
    let first = rendered
        .iter()
        .find_map(|(file, facts)| facts.first().map(|fact| (*file, fact)));
    match first {
        Some((file, fact)) => Err(trouble(file, fact.range, &fact.name)),
        None => Ok(()),
    }
}

/// The calls that render a template.
fn renders(model: &Model<'_>) -> Vec<Fact> {
    let calls = model.calls().filter_map(|call| {
        let name = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        let range = call.func.range();
        TEMPLATES.contains(&name).then(|| Fact {
            what: 0,
            range,
            name: model.slice(range).to_string(),
            of: String::new(),
        })
    });
    calls.collect()
}

fn trouble(file: FileId, range: TextRange, name: &str) -> Trouble {
    Trouble {
        file,
        range,
        reason: &reasons::LAZY_LOAD,
        detail: Some(format!("`{name}`")),
    }
}
