//! Sync SQLAlchemy -> `sqlalchemy.ext.asyncio`: engines, session makers, sessions and connections.
//!
//! An engine, the makers that are given it, the sessions and connections that these give: all of them are followed over the
//! project, and what hangs together is one unit.
//!
//! Sources: <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>, and SQLAlchemy 2.0.57 and 2.1.9, compared by
//! running both halves: see the README.

mod alembic;
mod classes;
mod engine;
mod lazy;
mod maker;
mod members;
mod query;
mod reasons;
mod schema;
mod session;
mod sharing;
mod stale;
mod startup;
mod synced;
mod test_clients;
mod url;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Following, Role};
use crate::python::PythonVersion;
use crate::values::{Files, Kinds, Surveyed, Tracked};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "sqlalchemy_to_async",
    summary: "SQLAlchemy: create_engine, sessionmaker and Session -> create_async_engine, async_sessionmaker and AsyncSession",
    readme: include_str!("README.md"),
    triggers: &["sqlalchemy", "sqlmodel"],
    role: Role::Seed,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: reasons::REASONS,
    declared: None,
    run,
};

/// What is followed.
pub static FOLLOWING: Following = Following {
    codemod: &CODEMOD,
    tracked: Tracked {
        classes: classes::PATHS,
        words: &["sqlalchemy", "sqlmodel"],
        members: members::NAMES,
        items: false,
        takers: members::TAKERS,
        kind: 0,
        kinds: Some(&Kinds {
            classes: classes::KINDS,
            givers: members::GIVERS,
            names: members::GIVER_NAMES,
            takers: members::TAKING_METHODS,
        }),
    },
    is_taken: maker::is_none_of_ours,
    survey: Some(survey),
    rewrite: session::rewrite,
    may_thread: false,
    is_of_units: false,
    about_object: reasons::ABOUT_OBJECT,
};

/// What the files say that hold no session: attributes that are read, and tests that need what the import of a module makes.
fn survey(files: &dyn Files) -> Surveyed {
    match test_clients::trouble(files) {
        Some(trouble) => Surveyed {
            trouble: Some(trouble),
            advice: Vec::new(),
        },
        None => lazy::survey(files),
    }
}

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        let is_maker = |path: &str| classes::makes(path);
        if meaning.path().is_none() && meaning.may_be(is_maker) {
            let detail = format!(
                "`{}`",
                model.slice(ruff_text_size::Ranged::range(call.func.as_ref()))
            );
            context.skip(
                ruff_text_size::Ranged::range(call.func.as_ref()),
                &AMBIGUOUS_BINDING,
                Some(detail),
            );
        }
    }
}
