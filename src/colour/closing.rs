//! Loops over async generators that clean up.
//!
//! A generator that a `for` statement leaves early (`break`, `return`, an exception) is closed at once, because nothing
//! holds it any longer. An async one is closed by a task of its own, some time later, unless `aclosing` does it: see
//! <https://docs.python.org/3/library/contextlib.html#contextlib.aclosing> and PEP 525.

use ruff_python_ast::{AnyNodeRef, Expr, ExprRef, StmtFor};
use ruff_text_size::{Ranged, TextRange};

use super::{Placement, async_with_header, place_for};
use crate::edit::{Edit, Piece};
use crate::importer;
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId};
use crate::unit::{ColourSite, ImportRequest, Reason};

/// What closes the generator. Since Python 3.10.
const CLOSING: ImportRequest = ImportRequest::Name {
    module: "contextlib",
    name: "aclosing",
};

/// What the generator is called where it is iterated.
const ITEMS: &str = "items";

/// Checks that a `for` statement or a comprehension over a generator that cleans up can take an async one. `None` where it
/// may leave the generator early, and `aclosing` cannot be there.
///
/// # Errors
/// The reason why it cannot become `async for`.
pub fn place_closing(
    model: &Model<'_>,
    node: NodeId,
    target: PythonVersion,
) -> Option<Result<Placement, &'static Reason>> {
    match model.nodes.get(node) {
        AnyNodeRef::StmtFor(_) => {
            let is_there =
                target >= PythonVersion::PY310 && importer::is_available(model, &CLOSING, node);
            is_there.then(|| {
                let mut placement = place_for(model, node, target)?;
                for site in &mut placement.sites {
                    if *site == (ColourSite::For { node }) {
                        *site = ColourSite::Closing { node };
                    }
                }
                Ok(placement)
            })
        }
        AnyNodeRef::Comprehension(_) => {
            takes_all(model, node).then(|| place_for(model, node, target))
        }
        _ => None,
    }
}

/// Whether nothing in a comprehension can fail but the generator itself.
fn takes_all(model: &Model<'_>, clause: NodeId) -> bool {
    let AnyNodeRef::ExprListComp(comprehension) = model.nodes.parent_node(clause) else {
        return false;
    };
    let [clause] = &comprehension.generators[..] else {
        return false;
    };
    clause.ifs.iter().all(Expr::is_name_expr)
        && clause.target.is_name_expr()
        && comprehension.elt.is_name_expr()
}

pub(super) fn imports() -> Vec<ImportRequest> {
    vec![CLOSING]
}

/// The loop in a block that closes what it iterates.
pub(super) fn edits(model: &Model<'_>, statement: &StmtFor) -> Vec<Edit> {
    let id = model.id(statement);
    let values = model.parenthesized_range(ExprRef::from(statement.iter.as_ref()));
    let values_inside = statement.iter.range();
    let target = model.parenthesized_range(ExprRef::from(statement.target.as_ref()));
    let name = model.free_name(ITEMS, id, &[]);
    let indent = model.line_indent(statement.start());
    let unit = model.indent_unit();
    let (before, after) = ("aclosing(", ")");
    let header = async_with_header(&format!("\0 as {name}"));
    let (opening, closing) = header.split_once('\0').unwrap_or((&header, ""));
    let pieces = vec![
        Piece::text(format!("{opening}{before}")),
        Piece::Source(values_inside),
        Piece::text(format!("{after}{closing}\n{indent}{unit}async for ")),
        Piece::Source(target),
        Piece::text(format!(" in {name}")),
    ];
    let block = TextRange::new(values.end(), model.block_range(id, id).end());
    vec![
        Edit::pieces(TextRange::new(statement.start(), values.end()), pieces),
        Edit::indent(block),
    ]
}
