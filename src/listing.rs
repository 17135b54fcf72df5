//! Listings in async code: a thread makes a list of what a directory yields, and the loop takes its entries from there.

use ruff_python_ast::{Arguments, Expr, ExprCall};
use ruff_text_size::Ranged;

use crate::codemod::{Refusal, UnitBuilder};
use crate::edit::{Edit, Layer};
use crate::python::PythonVersion;
use crate::semantic::Model;
use crate::semantic::listing::Consumer;
use crate::unit::{ImportRequest, Reason};

/// `dirs[:] = ...` in a loop over `os.walk`.
pub static PRUNED: Reason = Reason {
    code: "walk-pruned",
    message: "the loop changes the list of directories, which tells the walk where to go: with the whole tree listed before, it would tell nothing",
    help: "move the loop into a sync function that returns what is wanted, and run that in `asyncio.to_thread`",
};

/// `tree = os.walk(p)`.
pub static KEPT: Reason = Reason {
    code: "listing-kept",
    message: "what lists the directory is not consumed on the spot, so a thread cannot make a list of it first",
    help: "loop over it directly, or make a list of it",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&PRUNED, &KEPT];

/// What a call lists, and when it looks.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// Whether it goes into directories below: then what the loop does meanwhile may be seen.
    pub is_recursive: bool,
    /// Whether the lists that it yields tell it where to go.
    pub is_steered: bool,
    /// Whether it looks when it is called, and not when it is iterated, so that the thread must call it.
    pub is_eager: bool,
}

/// Makes a list of what `call` yields in a thread.
///
/// # Errors
/// [`PRUNED`], [`KEPT`], or the reason why Python has no `await` there.
pub fn in_thread<'a>(
    model: &Model<'a>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &'a ExprCall,
    listing: Listing,
) -> Result<(), Refusal> {
    let node = model.id(call);
    let consumer = model
        .consumer_of(node)
        .ok_or_else(|| Refusal::at(&KEPT, call.range()))?;
    match consumer {
        Consumer::Loop { target, node } => {
            if listing.is_steered
                && let Some(range) = model.prunes_walk(target, node)
            {
                return Err(Refusal::at(&PRUNED, range));
            }
            if listing.is_recursive {
                if let Some(change) = model.changes_directories(node) {
                    unit.unsafe_because(
                        change,
                        "the whole tree is listed before the loop runs: what the loop changes in it was seen before, and is not now",
                    );
                }
                if let Some(end) = model.ends_early(node) {
                    unit.unsafe_because(
                        end,
                        "the loop may end early, and the whole tree is listed before it runs",
                    );
                }
            }
        }
        Consumer::Part if listing.is_recursive => {
            unit.unsafe_because(
                call.range(),
                "the whole tree is listed, and before only a part of it may have been",
            );
        }
        Consumer::Whole(_) | Consumer::WholeWith | Consumer::Part => {}
    }
    let whole = match consumer {
        Consumer::Whole(taker) => Some(taker),
        _ => None,
    };
    if let Some(taker) = whole
        && !listing.is_eager
    {
        return unit.in_thread(taker);
    }
    unit.import(ImportRequest::Module("asyncio"), node)?;
    unit.needs_python(PythonVersion::PY39);
    if !(listing.is_eager && can_wait(model, call)) {
        unit.edit(Edit::surround(
            call.range(),
            "asyncio.to_thread(list, ",
            ")",
            Layer::Wrap,
        ));
        return unit.await_(call);
    }
    match whole {
        Some(taker) => {
            unit.edit(Edit::surround(
                taker.range(),
                "asyncio.to_thread(lambda: ",
                ")",
                Layer::Wrap,
            ));
            unit.await_(taker)
        }
        None => {
            unit.edit(Edit::surround(
                call.range(),
                "asyncio.to_thread(lambda: list(",
                "))",
                Layer::Wrap,
            ));
            unit.await_(call)
        }
    }
}

/// Whether a call may be evaluated a little later, in a thread, with the same result: it reads names that nobody else
/// binds, constants and attributes of those, and makes paths of them.
pub fn can_wait<'a>(model: &Model<'a>, call: &'a ExprCall) -> bool {
    is_still(model, &call.func) && can_wait_for(model, &call.arguments)
}

/// [`can_wait`] for the arguments of a call.
pub fn can_wait_for<'a>(model: &Model<'a>, arguments: &'a Arguments) -> bool {
    let keywords = &arguments.keywords;
    arguments
        .args
        .iter()
        .all(|argument| is_still(model, argument))
        && keywords
            .iter()
            .all(|keyword| keyword.arg.is_some() && is_still(model, &keyword.value))
}

/// [`can_wait`] for one expression.
pub fn is_still<'a>(model: &Model<'a>, expr: &'a Expr) -> bool {
    match expr {
        Expr::Name(_) => model.is_settled_name(model.id(expr)),
        Expr::StringLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_) => true,
        Expr::Attribute(attribute) => is_still(model, &attribute.value),
        Expr::BinOp(operation) => {
            is_still(model, &operation.left) && is_still(model, &operation.right)
        }
        Expr::Subscript(subscript) => {
            is_still(model, &subscript.value) && is_still(model, &subscript.slice)
        }
        Expr::Call(call) => {
            let makes_path = matches!(
                model.meaning(&call.func).path(),
                Some("pathlib.Path" | "pathlib.PurePath" | "os.path.join" | "builtins.str")
            );
            makes_path && can_wait(model, call)
        }
        _ => false,
    }
}
