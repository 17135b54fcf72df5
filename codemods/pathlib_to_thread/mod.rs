//! `path.read_text()` in async functions -> `await asyncio.to_thread(path.read_text)`.
//!
//! Source: <https://docs.python.org/3/library/pathlib.html#concrete-paths> (which methods reach the disk).

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext, ExprRef};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use crate::codemod::{Codemod, Context, Refusal, Role, USED_AS_VALUE, UnitBuilder};
use crate::config::FileIo;
use crate::edit::{Edit, Layer};
use crate::listing::{self, Listing};
use crate::python::PythonVersion;
use crate::semantic::callee::Callees;
use crate::semantic::{Model, NodeId, literal, threads};
use crate::unit::{Dependency, ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "pathlib_to_thread",
    summary: "methods of pathlib.Path that reach the disk in async functions -> asyncio.to_thread",
    readme: include_str!("README.md"),
    triggers: &["pathlib"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    // The thread calls what the path has when it runs: a double is called as before.
    doubles: &[],
    reasons: &[&listing::PRUNED, &listing::KEPT, &RECEIVER],
    declared: None,
    run,
};

/// `config.read_text()`, and nothing says what `config` is.
static RECEIVER: Reason = Reason {
    code: "path-unknown",
    message: "nothing in this file says whether this object is a `pathlib.Path`",
    help: "annotate the parameter or attribute with its type",
};

/// Methods that reach the disk. `cwd`, `home`, `expanduser` and `absolute` ask the process or the environment.
const METHODS: &[&str] = &[
    "chmod",
    "exists",
    "group",
    "hardlink_to",
    "is_block_device",
    "is_char_device",
    "is_dir",
    "is_fifo",
    "is_file",
    "is_mount",
    "is_socket",
    "is_symlink",
    "lchmod",
    "link_to",
    "lstat",
    "mkdir",
    "owner",
    "read_bytes",
    "read_text",
    "readlink",
    "rename",
    "replace",
    "resolve",
    "rmdir",
    "samefile",
    "stat",
    "symlink_to",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
];

/// Methods that `anyio.Path` has with the same result. The others give paths, which would be those of anyio.
const IN_ANYIO: &[&str] = &[
    "chmod",
    "exists",
    "group",
    "hardlink_to",
    "is_block_device",
    "is_char_device",
    "is_dir",
    "is_fifo",
    "is_file",
    "is_mount",
    "is_socket",
    "is_symlink",
    "lchmod",
    "lstat",
    "mkdir",
    "owner",
    "read_bytes",
    "read_text",
    "rmdir",
    "samefile",
    "stat",
    "symlink_to",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
];

/// Methods that list a directory.
const LISTINGS: &[&str] = &["glob", "iterdir", "rglob", "walk"];

/// Methods that hardly anything else has: on an unknown object they are told.
const TELLING: &[&str] = &[
    "iterdir",
    "read_bytes",
    "read_text",
    "rglob",
    "write_bytes",
    "write_text",
];

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut callees: Option<Callees<'_, '_>> = None;
    let mut done: FxHashSet<NodeId> = FxHashSet::default();
    for attribute in model.attributes() {
        let name = attribute.attr.as_str();
        let node = model.id(attribute);
        if attribute.ctx != ExprContext::Load
            || !(METHODS.contains(&name) || LISTINGS.contains(&name))
            || done.contains(&node)
            || !context.is_async(node)
            || threads::runs_in_thread(model, node)
        {
            continue;
        }
        let callees = callees.get_or_insert_with(|| Callees::new(model));
        let call = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => Some(call),
            _ => None,
        };
        let Some(call) = call else {
            if callees.is_path(&attribute.value) {
                context.skip(attribute.range(), &USED_AS_VALUE, None);
            }
            continue;
        };
        if !callees.is_path(&attribute.value) {
            if TELLING.contains(&name) && is_unknown(model, attribute, call) {
                let detail = format!("`{}`", model.slice(attribute.value.range()));
                context.skip(call.range(), &RECEIVER, Some(detail));
            }
            continue;
        }
        let result = unit(context, callees, attribute, call, &mut done);
        context.report(call.range(), result);
    }
}

/// Whether the receiver may be a path for all that is known, and the call is not awaited already (of `anyio.Path`).
fn is_unknown(model: &Model<'_>, attribute: &ExprAttribute, call: &ExprCall) -> bool {
    let is_awaited = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::StmtFor(for_) => for_.is_async,
        AnyNodeRef::Comprehension(clause) => clause.is_async,
        _ => false,
    };
    !is_awaited && model.meaning(&attribute.value).path().is_none()
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    callees: &Callees<'a, '_>,
    attribute: &'a ExprAttribute,
    call: &'a ExprCall,
    done: &mut FxHashSet<NodeId>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(call.range());
    let name = attribute.attr.as_str();
    if LISTINGS.contains(&name) {
        let pattern = call.arguments.args.first().and_then(literal::string);
        let listing = Listing {
            is_recursive: name != "iterdir"
                && (name != "glob"
                    || pattern
                        .is_none_or(|pattern| pattern.contains('/') || pattern.contains("**"))),
            is_steered: name == "walk" && !is_bottom_up(call),
            // From 3.13 on.
            is_eager: name == "iterdir",
        };
        listing::in_thread(model, &mut unit, call, listing)?;
        return Ok(unit);
    }
    let inner = inner_calls(callees, attribute);
    let is_anyio = context.settings.file_io == FileIo::Anyio;
    if is_anyio && inner.is_empty() && IN_ANYIO.contains(&name) {
        unit.import(ImportRequest::Module("anyio"), model.id(call))?;
        unit.dependency(Dependency::Add("anyio"));
        unit.await_(call)?;
        if let Expr::Call(made) = attribute.value.as_ref()
            && model.meaning(&made.func).path() == Some("pathlib.Path")
        {
            unit.rename(model.id(made.func.as_ref()), "anyio.Path");
            return Ok(unit);
        }
        let receiver = model.parenthesized_range(ExprRef::from(attribute.value.as_ref()));
        let within = TextRange::new(attribute.start(), receiver.end());
        let is_bare = receiver == attribute.value.range();
        let (before, after) = match is_bare {
            true => ("anyio.Path(", ")"),
            false => ("anyio.Path", ""),
        };
        unit.edit(Edit::surround(within, before, after, Layer::Wrap));
        return Ok(unit);
    }
    if !inner.is_empty() && is_one_step(model, &attribute.value, call, &inner) {
        // One thread for the whole chain.
        done.extend(inner.iter().map(|inner| model.id(inner.func.as_ref())));
        unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
        unit.edit(Edit::surround(
            call.range(),
            "asyncio.to_thread(lambda: ",
            ")",
            Layer::Wrap,
        ));
        unit.await_(call)?;
    } else {
        unit.in_thread(call)?;
    }
    Ok(unit)
}

/// `path.walk(top_down=False)`: then the lists of directories tell it nothing.
fn is_bottom_up(call: &ExprCall) -> bool {
    let value = call
        .arguments
        .args
        .first()
        .or_else(|| literal::keyword(call, "top_down").map(|keyword| &keyword.value));
    value.and_then(literal::boolean) == Some(false)
}

/// The calls that reach the disk as well on the way to the receiver: `path.resolve()` of `path.resolve().read_text()`.
fn inner_calls<'a>(callees: &Callees<'a, '_>, attribute: &'a ExprAttribute) -> Vec<&'a ExprCall> {
    let mut found = Vec::new();
    let mut at = attribute.value.as_ref();
    loop {
        at = match at {
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Attribute(method) => {
                    if METHODS.contains(&method.attr.as_str()) && callees.is_path(&method.value) {
                        found.push(call);
                    }
                    method.value.as_ref()
                }
                _ => return found,
            },
            Expr::Attribute(attribute) => attribute.value.as_ref(),
            Expr::BinOp(operation) => operation.left.as_ref(),
            Expr::Subscript(subscript) => subscript.value.as_ref(),
            _ => return found,
        };
    }
}

/// Whether a chain of calls may run as one step: all that it evaluates besides them may wait.
fn is_one_step<'a>(
    model: &Model<'a>,
    receiver: &'a Expr,
    call: &'a ExprCall,
    inner: &[&'a ExprCall],
) -> bool {
    let arguments = |call: &'a ExprCall| listing::can_wait_for(model, &call.arguments);
    arguments(call)
        && match receiver {
            Expr::Call(of) if inner.iter().any(|inner| inner.range() == of.range()) => {
                let Expr::Attribute(method) = of.func.as_ref() else {
                    return false;
                };
                is_one_step(model, &method.value, of, inner)
            }
            Expr::Attribute(attribute) => is_one_step(model, &attribute.value, call, inner),
            Expr::BinOp(operation) => {
                listing::is_still(model, &operation.right)
                    && is_one_step(model, &operation.left, call, inner)
            }
            receiver => listing::is_still(model, receiver),
        }
}
