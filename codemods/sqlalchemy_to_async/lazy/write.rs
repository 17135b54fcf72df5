//! Writes what the survey of lazy loads found: options of queries, and objects that are refreshed.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::reasons;
use super::loads::{GET, OLD, QUERY, REFRESH, SELECT, UNSEEN};
use crate::callgraph::values::To;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::Edit;
use crate::semantic::{Model, NodeId, literal};
use crate::unit::ImportRequest;
use crate::values::{Advice, Component, Part};

/// What the project's models say is not known of a class that is in none of its files.
const GUESSED: &str = "the class is in no file of the project: the attribute is taken for a relationship by what is done with it";

/// What a query gets.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The loaders: `selectinload(User.posts), joinedload(User.group)`.
    pub options: String,
    /// Whether what the session holds is to be read again.
    pub is_again: bool,
}

impl Loaded {
    fn write(&self, model: &Model<'_>, start: &ExprCall, unit: &mut UnitBuilder<'_, '_>) {
        let mut text = format!(".options({})", self.options);
        if self.is_again {
            text.push_str(".execution_options(populate_existing=True)");
        }
        unit.edit(behind(model, start, &text));
    }
}

/// What the queries of a file get, by the call that starts each.
#[derive(Debug, Default)]
pub struct Options {
    of: FxHashMap<TextRange, Loaded>,
}

impl Options {
    /// What the query gets that a call starts.
    pub fn of(&self, start: &ExprCall) -> Option<&Loaded> {
        self.of.get(&start.range())
    }

    /// Writes it behind the call that starts a query.
    pub fn write(&self, model: &Model<'_>, start: &ExprCall, unit: &mut UnitBuilder<'_, '_>) {
        if let Some(loaded) = self.of(start) {
            loaded.write(model, start, unit);
        }
    }
}

/// Rewrites what a component has in this file; what its queries get is handed back.
///
/// # Errors
/// A name that the option needs means something else there, or the arguments of a call do not show.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    component: &Component,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<Options, Refusal> {
    let model = context.model;
    let mut options = Options::default();
    let own = component
        .advice
        .iter()
        .filter(|advice| context.is_of(advice.file));
    let mut own = own.peekable();
    if own.peek().is_none() {
        return Ok(options);
    }
    let calls: FxHashMap<TextRange, NodeId> = part
        .uses
        .iter()
        .filter_map(|use_| match &use_.to {
            To::Attribute {
                call: Some(call), ..
            } => Some((model.nodes.range(*call), *call)),
            _ => None,
        })
        .collect();
    let values: FxHashSet<TextRange> = part
        .values
        .iter()
        .map(|&value| model.nodes.range(value))
        .collect();
    for advice in own {
        if advice.what == REFRESH {
            if calls.contains_key(&advice.owner) || values.contains(&advice.owner) {
                refresh(model, advice, unit)?;
            }
            continue;
        }
        let Some(&owner) = calls.get(&advice.owner) else {
            continue;
        };
        let start = match model.nodes.get(owner) {
            AnyNodeRef::ExprCall(call) if call.range() == advice.range => Some(call),
            _ => model.calls().find(|call| call.range() == advice.range),
        };
        let Some(start) = start else {
            continue;
        };
        let Some((flags, chains)) = advice.texts.split_first() else {
            continue;
        };
        if flags.contains(UNSEEN) {
            unit.unsafe_because(start.range(), GUESSED);
        }
        for chain in chains {
            names(model, start, chain, unit)?;
        }
        let loaded = Loaded {
            options: chains.join(", "),
            is_again: flags.contains(OLD),
        };
        match advice.what {
            QUERY => {
                options.of.insert(start.range(), loaded);
            }
            SELECT => loaded.write(model, start, unit),
            GET => get(model, start, &loaded, unit)?,
            _ => {}
        }
    }
    Ok(options)
}

/// Asks for the imports of a chain of loaders, and checks that its classes have their names there.
fn names<'a>(
    model: &Model<'a>,
    start: &'a ExprCall,
    chain: &str,
    unit: &mut UnitBuilder<'a, '_>,
) -> Result<(), Refusal> {
    let node = model.id(start);
    for loader in ["selectinload", "joinedload", "undefer", "defaultload"] {
        if chain.contains(&format!("{loader}(")) {
            let import = ImportRequest::Name {
                module: "sqlalchemy.orm",
                name: match loader {
                    "selectinload" => "selectinload",
                    "joinedload" => "joinedload",
                    "undefer" => "undefer",
                    _ => "defaultload",
                },
            };
            unit.import(import, node)?;
        }
    }
    let classes = chain.split(").").filter_map(|step| {
        let (_, argument) = step.split_once('(')?;
        argument.split('.').next()
    });
    for class in classes {
        if model.scopes.lookup(model.scope_at(node), class).is_none() {
            let detail = format!("`{class}` is not imported here");
            return Err(Refusal::with_detail(
                &reasons::LAZY_LOAD,
                start.range(),
                detail,
            ));
        }
    }
    Ok(())
}

/// `session.get(User, key)` -> `session.get(User, key, options=[selectinload(User.posts)])`.
fn get<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
    loaded: &Loaded,
    unit: &mut UnitBuilder<'a, '_>,
) -> Result<(), Refusal> {
    let options = &loaded.options;
    let is_open = call.arguments.args.len() > 2 || literal::has_starred(call);
    let given = literal::keyword(call, "options").map(|keyword| &keyword.value);
    let again = loaded.is_again && literal::keyword(call, "populate_existing").is_none();
    match given {
        _ if is_open => Err(Refusal::at(&reasons::LAZY_LOAD, call.range())),
        None => {
            let mut text = format!("options=[{options}]");
            if again {
                text.push_str(", populate_existing=True");
            }
            unit.edit(model.append_argument(call, &text));
            Ok(())
        }
        Some(Expr::List(list)) if !list.elts.is_empty() => {
            let end = list.elts[list.elts.len() - 1].end();
            unit.edit(Edit::insert(end, list.range(), format!(", {options}")));
            if again {
                unit.edit(model.append_argument(call, "populate_existing=True"));
            }
            Ok(())
        }
        Some(other) => Err(Refusal::at(&reasons::LAZY_LOAD, other.range())),
    }
}

/// `await session.refresh(user, ["posts"])` before a statement.
fn refresh<'a>(
    model: &Model<'a>,
    advice: &Advice,
    unit: &mut UnitBuilder<'a, '_>,
) -> Result<(), Refusal> {
    let refuse = || Refusal::at(&reasons::LAZY_LOAD, advice.range);
    let statement = model
        .nodes
        .all()
        .find(|&node| {
            model.nodes.range(node) == advice.range && model.nodes.get(node).is_statement()
        })
        .ok_or_else(refuse)?;
    let [session, object, attributes @ ..] = &advice.texts[..] else {
        return Err(refuse());
    };
    let names: Vec<String> = attributes
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let line = colour::awaited(&format!(
        "{session}.refresh({object}, [{}])",
        names.join(", ")
    ));
    unit.edits(model.hoist(statement, &[line]).ok_or_else(refuse)?);
    unit.runs_in(statement);
    Ok(())
}

/// Text behind a call; on a line of its own, if what is called on it has one.
fn behind(model: &Model<'_>, call: &ExprCall, text: &str) -> Edit {
    let end = call.end();
    if let AnyNodeRef::ExprAttribute(next) = model.nodes.parent_node(model.id(call)) {
        let gap = TextRange::new(end, next.attr.start());
        let between = model.slice(gap);
        if between.contains('\n') && !between.contains(['\\', '#', ')']) {
            let indent = model.line_indent(next.attr.start());
            return Edit::insert(end, gap, format!("\n{indent}{text}"));
        }
    }
    let last = TextRange::new(end - TextSize::new(1), end);
    Edit::replace(last, format!("){text}"))
}
