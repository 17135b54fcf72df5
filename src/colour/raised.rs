//! `self.assertRaises(E, f, x)` and `pytest.raises(E, f, x)` call `f` themselves. Their other form, a `with` statement, lets
//! the test await it.
//!
//! Sources: <https://docs.python.org/3/library/unittest.html#unittest.TestCase.assertRaises>,
//! <https://docs.pytest.org/en/stable/how-to/assert.html#alternate-legacy-form>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef};
use ruff_text_size::{Ranged, TextRange};

use super::{Placement, place};
use crate::edit::{Edit, Piece};
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId};
use crate::unit::{ColourSite, Reason};

/// The methods of a test case, each with the number of arguments before the function.
const METHODS: &[(&str, usize)] = &[
    ("assertRaises", 1),
    ("assertRaisesRegex", 2),
    ("assertRaisesRegexp", 2),
    ("assertWarns", 1),
    ("assertWarnsRegex", 2),
    ("failUnlessRaises", 1),
];

/// The functions of pytest, likewise.
const FUNCTIONS: &[(&str, usize)] = &[
    ("pytest.deprecated_call", 0),
    ("pytest.raises", 1),
    ("pytest.warns", 1),
];

/// How long a line may get before its arguments stand one below the other, in bytes.
const LINE: usize = 88;

/// A statement that has another function called, and expects that to fail.
pub struct Raised<'a> {
    call: &'a ExprCall,
    /// The statement: the call, or the assignment of what it gives.
    statement: NodeId,
    /// The name that the statement binds.
    name: Option<TextRange>,
    /// How many arguments stand before the function.
    count: usize,
    /// The function that is called.
    pub function: &'a Expr,
}

impl Raised<'_> {
    /// The number of the first argument that the function is given.
    pub fn first_argument(&self) -> usize {
        self.count + 1
    }
}

/// The statement that a call is, if it can become a `with` statement.
pub fn read_raised<'a>(model: &Model<'a>, call: &'a ExprCall) -> Option<Raised<'a>> {
    let count = expectation(model, call)?;
    let function = call.arguments.args.get(count)?;
    let node = model.id(call);
    let statement = model.nodes.parent(node);
    let name = match model.nodes.get(statement) {
        AnyNodeRef::StmtExpr(_) => None,
        AnyNodeRef::StmtAssign(assign) => match &assign.targets[..] {
            [Expr::Name(name)] if assign.value.range() == call.range() => Some(name.range()),
            _ => return None,
        },
        _ => return None,
    };
    let before = &call.arguments.args[..=count];
    let is_callable = match function {
        Expr::Name(_) | Expr::Attribute(_) => true,
        Expr::Lambda(lambda) => {
            lambda.parameters.is_none()
                && call.arguments.len() == count + 1
                && lambda.body.is_call_expr()
        }
        _ => false,
    };
    let slot = model.slot(statement)?;
    (is_callable
        && before.iter().all(|argument| !argument.is_starred_expr())
        && slot.breaks.is_empty()
        && model.is_alone_on_its_lines(statement)
        && !model.has_comment(call.range()))
    .then_some(Raised {
        call,
        statement,
        name,
        count,
        function,
    })
}

/// The number of arguments before the function, where a call is of something that calls one.
fn expectation(model: &Model<'_>, call: &ExprCall) -> Option<usize> {
    if let Expr::Attribute(attribute) = call.func.as_ref()
        && let Expr::Name(name) = attribute.value.as_ref()
        && let Some((_, count)) = METHODS
            .iter()
            .find(|(method, _)| *method == attribute.attr.as_str())
    {
        return is_own_object(model, name.range(), model.id(call)).then_some(*count);
    }
    let meaning = model.meaning(&call.func);
    let path = meaning.path()?;
    let (_, count) = FUNCTIONS.iter().find(|(function, _)| *function == path)?;
    Some(*count)
}

/// Whether a name is the first parameter of the method that it stands in.
fn is_own_object(model: &Model<'_>, name: TextRange, call: NodeId) -> bool {
    let mut above = model.nodes.ancestors(call);
    let method = above.find_map(|at| match model.nodes.get(at) {
        AnyNodeRef::StmtFunctionDef(function)
            if matches!(model.nodes.parent_node(at), AnyNodeRef::StmtClassDef(_)) =>
        {
            Some(function)
        }
        _ => None,
    });
    let first = method.and_then(|method| method.parameters.args.first());
    first.is_some_and(|first| first.parameter.name.as_str() == model.slice(name))
}

/// Checks that the function of such a statement can be awaited there.
///
/// # Errors
/// The reason why it cannot.
pub fn place_raised(
    model: &Model<'_>,
    raised: &Raised<'_>,
    target: PythonVersion,
) -> Result<Placement, &'static Reason> {
    let node = model.id(raised.call);
    let mut placement = place(model, node, target)?;
    placement.sites.insert(0, ColourSite::Raised { call: node });
    Ok(placement)
}

/// The `with` statement in place of the statement.
pub(super) fn edit(model: &Model<'_>, node: NodeId) -> Option<Edit> {
    let call = model.expr(node).and_then(|expr| match expr {
        ExprRef::Call(call) => Some(call),
        _ => None,
    })?;
    let raised = read_raised(model, call)?;
    let start = model.nodes.range(raised.statement).start();
    let indent = model.line_indent(start);
    let inner = format!("{indent}{}", model.indent_unit());
    let mut pieces = vec![
        Piece::text("with "),
        Piece::Source(call.func.range()),
        Piece::text("("),
    ];
    for (number, argument) in call.arguments.args[..raised.count].iter().enumerate() {
        if number > 0 {
            pieces.push(Piece::text(", "));
        }
        pieces.push(Piece::Source(model.parenthesized_range(argument.into())));
    }
    pieces.push(Piece::text(")"));
    if let Some(name) = raised.name {
        pieces.push(Piece::text(" as "));
        pieces.push(Piece::Source(name));
    }
    pieces.push(Piece::text(format!(":\n{inner}await ")));
    if let Expr::Lambda(lambda) = raised.function {
        pieces.push(Piece::Source(
            model.parenthesized_range(lambda.body.as_ref().into()),
        ));
    } else {
        pieces.push(Piece::Source(
            model.parenthesized_range(raised.function.into()),
        ));
        pieces.extend(arguments(model, &raised, &inner));
    }
    Some(Edit::pieces(model.nodes.range(raised.statement), pieces))
}

/// The arguments of the function, in parentheses.
fn arguments(model: &Model<'_>, raised: &Raised<'_>, indent: &str) -> Vec<Piece> {
    let arguments = &raised.call.arguments;
    let function = model.parenthesized_range(raised.function.into());
    let mut ranges: Vec<TextRange> = arguments.args[raised.first_argument()..]
        .iter()
        .map(|argument| model.parenthesized_range(argument.into()))
        .chain(arguments.keywords.iter().map(|keyword| {
            let value = model.parenthesized_range((&keyword.value).into());
            TextRange::new(keyword.start(), value.end())
        }))
        .collect();
    ranges.sort_by_key(Ranged::start);
    let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else {
        return vec![Piece::text("()")];
    };
    let whole = TextRange::new(first.start(), last.end());
    let is_short = |range: &TextRange| !model.slice(*range).contains('\n');
    let length = indent.len()
        + "await ()".len()
        + model.slice(function).len()
        + ranges
            .iter()
            .map(|range| range.len().to_usize() + ", ".len())
            .sum::<usize>();
    // As they stand, or each on a line of its own where they stood on several and would not fit into one.
    if is_short(&whole) || !ranges.iter().all(is_short) {
        return vec![Piece::text("("), Piece::Source(whole), Piece::text(")")];
    }
    let is_long = length > LINE + ", ".len();
    let inner = format!("{indent}{}", model.indent_unit());
    let mut pieces = vec![Piece::text("(")];
    for (number, range) in ranges.iter().enumerate() {
        let before = match (is_long, number) {
            (true, _) => format!("\n{inner}"),
            (false, 0) => String::new(),
            (false, _) => ", ".to_string(),
        };
        pieces.push(Piece::text(before));
        pieces.push(Piece::Source(*range));
        if is_long {
            pieces.push(Piece::text(","));
        }
    }
    pieces.push(Piece::text(match is_long {
        true => format!("\n{indent})"),
        false => ")".to_string(),
    }));
    pieces
}
