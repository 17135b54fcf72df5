//! Makers and sessions: `sessionmaker(...)`, `Session(...)`, `scoped_session(...)`.

use ruff_python_ast::{AnyNodeRef, ExprCall, Keyword};
use ruff_text_size::Ranged;

use super::members::{MAKER, SCOPED, SESSION};
use super::{classes, reasons};
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::{Model, literal};
use crate::unit::ImportRequest;
use crate::values::{Component, Part};

/// What `scoped_session` means for tasks.
const SCOPE: &str = "the sessions belong to tasks, no longer to threads: `remove` has to be awaited in the task that used the session";

const NO_EXPIRY: &str = "expire_on_commit=False";

const UNPACKED: &str =
    "the unpacked arguments may set `expire_on_commit`, or a class for the sessions";

/// Whether a component is no business of this codemod: a maker of the file makes async sessions, or nothing but annotations
/// is there.
pub fn is_none_of_ours(context: &Context<'_, '_>, component: &Component) -> bool {
    let model = context.model;
    let is_idle = |part: &Part| part.made.is_empty() && part.uses.is_empty();
    if component.trouble.is_none() && component.parts.values().all(is_idle) {
        return true;
    }
    let parts = component
        .parts
        .iter()
        .filter(|(file, _)| context.is_of(**file));
    parts
        .flat_map(|(_, part)| &part.made)
        .any(|&node| match model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) => literal::keyword(call, "class_").is_some_and(|class| {
                let meaning = model.meaning(&class.value);
                let name = meaning.path().and_then(|path| path.rsplit('.').next());
                name == Some("AsyncSession") || model.slice(class.value.range()).contains("Async")
            }),
            _ => false,
        })
}

/// Rewrites a call that makes a maker, a session or a registry of sessions.
///
/// # Errors
/// An argument that the async one does not take.
pub fn constructor<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    path: &str,
    kind: usize,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    classes::rename(context, model.id(call.func.as_ref()), path, unit)?;
    match kind {
        SCOPED => {
            if let Some(scope) = call.arguments.find_argument("scopefunc", 1) {
                return refuse(scope.range(), "`scopefunc=`");
            }
            if call.arguments.args.len() != 1 || !call.arguments.keywords.is_empty() {
                return refuse(call.range(), "more than a maker");
            }
            unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
            unit.edit(model.append_argument(call, "scopefunc=asyncio.current_task"));
            unit.unsafe_because(call.range(), SCOPE);
            Ok(())
        }
        MAKER | SESSION => arguments(model, call, unit),
        _ => Ok(()),
    }
}

fn refuse(range: ruff_text_size::TextRange, detail: &str) -> Result<(), Refusal> {
    Err(Refusal::with_detail(
        &reasons::SESSION_ARGUMENT,
        range,
        detail,
    ))
}

/// Checks the arguments of a maker or a session and turns the expiry at a commit off.
fn arguments<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, '_>,
) -> Result<(), Refusal> {
    if let [_, second, ..] = &*call.arguments.args {
        return refuse(second.range(), "a second argument by position");
    }
    let expires = literal::keyword(call, "expire_on_commit");
    for keyword in &call.arguments.keywords {
        let Some(name) = &keyword.arg else {
            unit.unsafe_because(keyword.range(), UNPACKED);
            continue;
        };
        match name.as_str() {
            "class_" if is_stock(model, keyword) => {
                unit.release(model.id(&keyword.value));
                if expires.is_none() {
                    unit.edit(Edit::replace(keyword.range(), NO_EXPIRY));
                    return Ok(());
                }
                match model.drop_argument(call, keyword.range()) {
                    Some(edit) => unit.edit(edit),
                    None => return refuse(keyword.range(), "`class_=`"),
                }
            }
            "class_" => return refuse(keyword.range(), "`class_=`"),
            "autocommit" if literal::boolean(&keyword.value) == Some(true) => {
                return refuse(keyword.range(), "`autocommit=True`");
            }
            _ => {}
        }
    }
    match expires {
        None => unit.edit(model.append_argument(call, NO_EXPIRY)),
        Some(keyword) if literal::boolean(&keyword.value) == Some(false) => {}
        Some(keyword) => return refuse(keyword.range(), "`expire_on_commit=`"),
    }
    Ok(())
}

/// `class_=Session`: the default.
fn is_stock(model: &Model<'_>, keyword: &Keyword) -> bool {
    matches!(
        model.meaning(&keyword.value).path(),
        Some("sqlalchemy.orm.Session" | "sqlalchemy.orm.session.Session")
    )
}

/// Checks what a maker is given where it is called or configured: `SessionLocal(bind=connection)`.
///
/// # Errors
/// [`reasons::SESSION_ARGUMENT`] where the sessions would expire what they hold.
pub fn called(call: &ExprCall) -> Result<(), Refusal> {
    for keyword in &call.arguments.keywords {
        match keyword.arg.as_deref() {
            Some("expire_on_commit") if literal::boolean(&keyword.value) != Some(false) => {
                return refuse(keyword.range(), "`expire_on_commit=`");
            }
            Some("class_") => return refuse(keyword.range(), "`class_=`"),
            _ => {}
        }
    }
    Ok(())
}

/// An engine is handed to a listener: its sync half.
pub fn sync_half(range: ruff_text_size::TextRange) -> Edit {
    Edit::insert(range.end(), range, ".sync_engine")
}
