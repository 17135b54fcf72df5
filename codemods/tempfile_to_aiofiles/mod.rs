//! `with tempfile.TemporaryDirectory() as d` in async functions -> `async with aiofiles.tempfile.TemporaryDirectory() as d`.
//!
//! Source: <https://github.com/Tinche/aiofiles/blob/v25.1.0/src/aiofiles/tempfile/__init__.py> (parameters, and what the
//! handles have).

use ruff_python_ast::{AnyNodeRef, ExprCall, StmtWith};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use crate::codemod::{
    AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder,
};
use crate::config::FileIo;
use crate::handles::library::Library;
use crate::handles::{Handle, Mode, reasons};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId, literal, threads};
use crate::unit::{Dependency, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "tempfile_to_aiofiles",
    summary: "temporary files and directories in async functions -> aiofiles.tempfile, or asyncio.to_thread",
    readme: include_str!("README.md"),
    triggers: &["tempfile"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[
        "\"tempfile.TemporaryDirectory\"",
        "'tempfile.TemporaryDirectory'",
        "\"tempfile.NamedTemporaryFile\"",
        "'tempfile.NamedTemporaryFile'",
        "\"tempfile.TemporaryFile\"",
        "'tempfile.TemporaryFile'",
        "\"tempfile.SpooledTemporaryFile\"",
        "'tempfile.SpooledTemporaryFile'",
    ],
    reasons: &[
        &OUTSIDE_WITH,
        &PARAMETER,
        &reasons::TARGET,
        &reasons::ATTRIBUTE,
        &reasons::ESCAPES,
        &reasons::PASSED,
        &reasons::NEEDS_FILE,
        &reasons::CAPTURED,
        &reasons::DESCRIPTOR,
        &reasons::NOT_A_HELPER,
    ],
    declared: None,
    run,
};

/// `d = tempfile.TemporaryDirectory()`.
static OUTSIDE_WITH: Reason = Reason {
    code: "temporary-outside-with",
    message: "the temporary file or directory is not made by a `with` statement, so when it goes is not known",
    help: "make it in a `with` statement",
};

/// `delete=`, `errors=` ...
static PARAMETER: Reason = Reason {
    code: "temporary-parameter",
    message: "aiofiles does not have this parameter, or the arguments cannot be matched with its signature",
    help: "leave the parameter out, or run the whole helper in `asyncio.to_thread`",
};

/// What a function makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    Directory,
    File,
    Spooled,
    /// A name, made in a thread.
    Name,
}

const PATHS: &[(&str, Made)] = &[
    ("tempfile.TemporaryDirectory", Made::Directory),
    ("tempfile.NamedTemporaryFile", Made::File),
    ("tempfile.TemporaryFile", Made::File),
    ("tempfile.SpooledTemporaryFile", Made::Spooled),
    ("tempfile.mkdtemp", Made::Name),
    ("tempfile.mkstemp", Made::Name),
];

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let paths: Vec<&str> = PATHS.iter().map(|(path, _)| *path).collect();
    let mut found: Vec<(&ExprCall, Made)> = Vec::new();
    for node in model.references_to(&paths) {
        if !context.is_async(node) || threads::runs_in_thread(model, node) {
            continue;
        }
        let range = model.nodes.range(node);
        let call = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => Some(call),
            _ => None,
        };
        let made = model.expr(node).and_then(|expr| {
            let meaning = model.meaning_of(expr);
            let path = meaning.path()?;
            PATHS
                .iter()
                .find(|(other, _)| *other == path)
                .map(|(_, made)| *made)
        });
        match (call, made) {
            (_, None) => context.skip(range, &AMBIGUOUS_BINDING, None),
            (Some(call), Some(made)) => found.push((call, made)),
            (None, Some(_)) if is_type(model, node) => {}
            (None, Some(_)) => context.skip(range, &USED_AS_VALUE, None),
        }
    }
    let mut done: FxHashSet<NodeId> = FxHashSet::default();
    for &(call, made) in &found {
        if !done.insert(model.id(call)) {
            continue;
        }
        if made == Made::Name || context.settings.file_io == FileIo::Thread {
            let result = in_thread(context, call, made);
            context.report(call.range(), result);
            continue;
        }
        // One statement, one unit.
        let Some(statement) = statement_of(model, call) else {
            context.skip(call.range(), &OUTSIDE_WITH, None);
            continue;
        };
        let items: Vec<(usize, &ExprCall, Made)> = statement
            .items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| {
                let at = item.context_expr.range();
                let (call, made) = found.iter().find(|(call, _)| call.range() == at)?;
                (*made != Made::Name).then_some((index, *call, *made))
            })
            .collect();
        done.extend(items.iter().map(|(_, call, _)| model.id(*call)));
        let result = unit(context, statement, &items);
        context.report(call.range(), result);
    }
}

/// Whether a name stands in an annotation.
fn is_type(model: &Model<'_>, node: NodeId) -> bool {
    matches!(
        model.nodes.parent_node(node),
        AnyNodeRef::Parameter(_) | AnyNodeRef::StmtAnnAssign(_) | AnyNodeRef::StmtFunctionDef(_)
    )
}

/// The `with` statement of which a call is an item.
fn statement_of<'a>(model: &Model<'a>, call: &ExprCall) -> Option<&'a StmtWith> {
    let AnyNodeRef::WithItem(item) = model.nodes.parent_node(model.id(call)) else {
        return None;
    };
    match model.nodes.parent_node(model.id(item)) {
        AnyNodeRef::StmtWith(statement) if item.context_expr.range() == call.range() => {
            Some(statement)
        }
        _ => None,
    }
}

/// `tempfile.mkdtemp()` -> `await asyncio.to_thread(tempfile.mkdtemp)`.
fn in_thread<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &ExprCall,
    made: Made,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    if made != Made::Name {
        return Err((&reasons::NOT_A_HELPER).into());
    }
    let mut unit = context.unit(call.range());
    unit.doubles(&[]);
    unit.in_thread(call)?;
    Ok(unit)
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    statement: &'a StmtWith,
    items: &[(usize, &'a ExprCall, Made)],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(items[0].1.range());
    let library = Library::of(context.settings.file_io);
    let (prefix, import) = &library.temporary;
    for &(index, call, made) in items {
        let node = model.id(call);
        parameters(call, made)?;
        let target = statement.items[index].optional_vars.as_deref();
        if let Some(target) = target.filter(|target| !target.is_name_expr()) {
            return Err(Refusal::at(&reasons::TARGET, target.range()));
        }
        let func = model.id(call.func.as_ref());
        let meaning = model.meaning(&call.func);
        let name = meaning
            .path()
            .and_then(|path| path.rsplit('.').next())
            .unwrap_or_default();
        unit.rename(func, format!("{prefix}{name}"));
        unit.import(import.clone(), node)?;
        unit.dependency(Dependency::Add(library.name));
        unit.async_with(statement, index)?;
        if made == Made::Directory {
            // Its name is text.
            continue;
        }
        let position = usize::from(made == Made::Spooled);
        let mode = Mode::of(call, position, Mode::BinaryReader);
        let mut handle = Handle::new(context, vec![node], mode);
        handle.is_spooled = made == Made::Spooled;
        let flow = model.follow(&[node], true);
        handle.convert(&mut unit, &flow)?;
    }
    Ok(unit)
}

/// Refuses what aiofiles does not take.
fn parameters(call: &ExprCall, made: Made) -> Result<(), Refusal> {
    const FILE: &[&str] = &[
        "mode",
        "buffering",
        "encoding",
        "newline",
        "suffix",
        "prefix",
        "dir",
    ];
    let (names, most): (&[&str], usize) = match made {
        Made::Directory => (&["suffix", "prefix", "dir"], 3),
        Made::File => (FILE, 7),
        Made::Spooled | Made::Name => (FILE, 8),
    };
    let keywords = call.arguments.keywords.iter();
    let unknown = keywords
        .filter(|keyword| {
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            let is_extra = match made {
                Made::File => name == "delete",
                Made::Spooled => name == "max_size",
                Made::Directory | Made::Name => false,
            };
            !names.contains(&name) && !is_extra
        })
        .map(Ranged::range)
        .next();
    if let Some(range) = unknown {
        return Err(Refusal::at(&PARAMETER, range));
    }
    if literal::has_starred(call) || call.arguments.args.len() > most {
        return Err(Refusal::at(&PARAMETER, call.arguments.range()));
    }
    Ok(())
}
