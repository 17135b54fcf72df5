//! `sessionmaker(engine, class_=AsyncSession)` -> `async_sessionmaker(engine)`.
//!
//! Source: `async_sessionmaker`, <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#sqlalchemy.ext.asyncio.async_sessionmaker>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, StmtClassDef};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::flow::UseKind;
use crate::semantic::{Meaning, Model, NodeId, literal};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "sessionmaker_to_async_sessionmaker",
    summary: "SQLAlchemy: sessionmaker(engine, class_=AsyncSession) -> async_sessionmaker(engine)",
    readme: include_str!("README.md"),
    triggers: &["sessionmaker"],
    role: Role::Follower,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[
        &UNKNOWN_CLASS,
        &UNPACKED,
        &POSITIONAL,
        &SUBCLASSED,
        &AS_VALUE,
        &TYPE_CHECKED,
        &SYNC_ONLY_USE,
        &OLD_SQLALCHEMY,
    ],
    declared: None,
    run,
};

/// The class of the sessions is not known.
static UNKNOWN_CLASS: Reason = Reason {
    code: "session-class-unknown",
    message: "it is not known whether the class of the sessions is an AsyncSession",
    help: "import the class where the maker is made, or name `AsyncSession` itself",
};

/// `class_` may be in `**kwargs`.
static UNPACKED: Reason = Reason {
    code: "unpacked-arguments",
    message: "the class of the sessions may be among the unpacked arguments",
    help: "write `class_=` out",
};

/// More positional arguments than the engine.
static POSITIONAL: Reason = Reason {
    code: "positional-arguments",
    message: "only the engine can be passed by position, and the call passes more",
    help: "pass the others by name",
};

/// A subclass of sessionmaker.
static SUBCLASSED: Reason = Reason {
    code: "sessionmaker-subclass",
    message: "the maker is a subclass of sessionmaker",
    help: "derive it from `async_sessionmaker`",
};

/// sessionmaker itself is handed on.
static AS_VALUE: Reason = Reason {
    code: "sessionmaker-as-value",
    message: "sessionmaker is handed on together with its arguments, so its call cannot be seen",
    help: "call it directly, or hand on `async_sessionmaker`",
};

/// The type of the maker is asked for.
static TYPE_CHECKED: Reason = Reason {
    code: "sessionmaker-type-check",
    message: "the type of the maker is asked for, and an async_sessionmaker is no sessionmaker",
    help: "ask for `async_sessionmaker` as well",
};

/// A use that only sessionmaker has, or that yields something else.
static SYNC_ONLY_USE: Reason = Reason {
    code: "sessionmaker-only",
    message: "the maker is used in a way that async_sessionmaker does not have, or has in another way",
    help: "use `AsyncSession` or its `sync_session_class` for this",
};

/// SQLAlchemy 1.4 has no async_sessionmaker.
static OLD_SQLALCHEMY: Reason = Reason {
    code: "sqlalchemy-version",
    message: "the project asks for SQLAlchemy below 2.0, which has no async_sessionmaker",
    help: "raise the requirement to `sqlalchemy>=2.0`",
};

const MAKER: &[&str] = &[
    "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.orm.session.sessionmaker",
];
/// The default of async_sessionmaker: the argument goes.
const STOCK_CLASS: &[&str] = &[
    "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.session.AsyncSession",
];
/// A subclass of it: the argument stays.
const OTHER_CLASSES: &[&str] = &["sqlmodel.ext.asyncio.session.AsyncSession"];
const SYNC_CLASSES: &[&str] = &[
    "sqlalchemy.orm.Session",
    "sqlalchemy.orm.session.Session",
    "sqlmodel.Session",
    "sqlmodel.orm.session.Session",
];
const NAME: &str = "async_sessionmaker";
const IMPORT: ImportRequest = ImportRequest::Name {
    module: "sqlalchemy.ext.asyncio",
    name: NAME,
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let references = model.references_to(MAKER);
    let mut annotations: Vec<NodeId> = Vec::new();
    let mut makers: Vec<(NodeId, &ExprCall)> = Vec::new();
    let mut type_checked = false;
    for &node in &references {
        let is_certain = model
            .expr(node)
            .is_some_and(|expr| model.meaning_of(expr).path().is_some());
        match place_of(model, node) {
            Place::Called(call) if is_certain => makers.push((node, call)),
            Place::Called(call) => context.skip(call.range(), &AMBIGUOUS_BINDING, None),
            Place::Annotation if is_certain => annotations.push(node),
            Place::TypeCheck => type_checked = true,
            Place::Base(class) => skip_subclass(context, class),
            // `Maker = sessionmaker[AsyncSession]`, `cast(sessionmaker[AsyncSession], x)`.
            Place::Other | Place::HandedOn(_)
                if is_certain && session_of(model, node).is_some() =>
            {
                annotations.push(node);
            }
            Place::HandedOn(call) if literal::keyword(call, "class_").is_some() => {
                context.skip(call.range(), &AS_VALUE, None);
            }
            Place::Annotation | Place::HandedOn(_) | Place::Other => {}
        }
    }
    let mut units: Vec<(NodeId, &ExprCall, UnitBuilder<'_, '_>)> = Vec::new();
    let total = makers.len();
    for (name, call) in makers {
        match unit(context, name, call, type_checked) {
            Ok(Some(unit)) => units.push((name, call, unit)),
            // Sync sessions are the business of `sqlalchemy_to_async`.
            Ok(None) => {}
            Err(refusal) => context.report(call.range(), Err(refusal)),
        }
    }
    // Where every maker of the file is async, an annotation that does not say otherwise means an async one, too.
    let all_async = units.len() == total;
    for annotation in annotations {
        let of_call = units
            .iter()
            .position(|(_, call, _)| annotates(model, annotation, call));
        let owner = match of_call {
            Some(owner) => Some(owner),
            None => match session_of(model, annotation) {
                Some(class) => matches!(
                    class_of(model, class),
                    SessionClass::Stock | SessionClass::Other
                ),
                None => all_async,
            }
            .then_some(0),
        };
        if let Some(index) = owner
            && let Some((.., unit)) = units.get_mut(index)
            // Where the name means something else, the annotation stays, and so does its import.
            && unit.import(IMPORT, annotation).is_ok()
        {
            unit.rename(annotation, NAME);
        }
    }
    let quoted = quoted_annotations(model);
    for (index, (name, _, mut unit)) in units.into_iter().enumerate() {
        if all_async && index == 0 {
            for &range in &quoted {
                unit.edit(Edit::replace(range, NAME));
                unit.release_quoted(range);
            }
        }
        // An annotation in quotes is a use that the importer does not see.
        if all_async || quoted.is_empty() {
            unit.release(name);
        }
        context.add(unit);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    name: NodeId,
    call: &'a ExprCall,
    type_checked: bool,
) -> Result<Option<UnitBuilder<'a, 'c>>, Refusal> {
    let model = context.model;
    let class = literal::keyword(call, "class_");
    if let [_, second, ..] = &*call.arguments.args {
        return Err(Refusal::at(&POSITIONAL, second.range()));
    }
    let Some(class) = class else {
        return if literal::has_starred(call) {
            Err((&UNPACKED).into())
        } else {
            Ok(None)
        };
    };
    if call.arguments.args.iter().any(Expr::is_starred_expr) {
        return Err((&UNPACKED).into());
    }
    let is_stock = match class_of(model, &class.value) {
        SessionClass::Stock => true,
        SessionClass::Other => false,
        SessionClass::Sync => return Ok(None),
        SessionClass::Unknown => return Err(Refusal::at(&UNKNOWN_CLASS, class.value.range())),
    };
    if context
        .settings
        .pins
        .iter()
        .any(|(name, ..)| name == "sqlalchemy")
    {
        return Err((&OLD_SQLALCHEMY).into());
    }
    if type_checked {
        return Err((&TYPE_CHECKED).into());
    }
    let mut unit = context.unit(call.range());
    check_uses(model, call)?;
    unit.import(IMPORT, name)?;
    unit.edit(Edit::replace(model.nodes.range(name), NAME));
    let dropped = is_stock
        .then(|| model.drop_argument(call, class.range()))
        .flatten();
    if let Some(edit) = dropped {
        unit.edit(edit);
        unit.release(model.id(&class.value));
    }
    Ok(Some(unit))
}

/// What stands round a reference to sessionmaker.
enum Place<'a> {
    /// `sessionmaker(...)`, `sessionmaker[AsyncSession](...)`.
    Called(&'a ExprCall),
    /// In an annotation.
    Annotation,
    /// `isinstance(x, sessionmaker)`, `type(x) is sessionmaker`.
    TypeCheck,
    /// `class Maker(sessionmaker)`.
    Base(&'a StmtClassDef),
    /// `partial(sessionmaker, ...)`.
    HandedOn(&'a ExprCall),
    /// Anything else.
    Other,
}

fn place_of<'a>(model: &Model<'a>, node: NodeId) -> Place<'a> {
    let mut at = node;
    // `sessionmaker[AsyncSession]` is a sessionmaker, too.
    if let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(at)
        && model.id(subscript.value.as_ref()) == at
    {
        at = model.id(subscript);
    }
    if let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(at)
        && model.id(call.func.as_ref()) == at
    {
        return Place::Called(call);
    }
    let mut below = at;
    for ancestor in model.nodes.ancestors(at) {
        match model.nodes.get(ancestor) {
            AnyNodeRef::Parameter(_) => return Place::Annotation,
            AnyNodeRef::StmtAnnAssign(assign) => {
                return if model.id(assign.annotation.as_ref()) == below {
                    Place::Annotation
                } else {
                    Place::Other
                };
            }
            AnyNodeRef::StmtFunctionDef(function) => {
                let returns = function.returns.as_deref();
                return if returns.is_some_and(|returns| model.id(returns) == below) {
                    Place::Annotation
                } else {
                    Place::Other
                };
            }
            AnyNodeRef::StmtClassDef(class) => return Place::Base(class),
            AnyNodeRef::ExprCompare(_) => return Place::TypeCheck,
            AnyNodeRef::ExprCall(call) => {
                return if is_type_check(model, call) {
                    Place::TypeCheck
                } else {
                    Place::HandedOn(call)
                };
            }
            node if node.is_statement() => return Place::Other,
            _ => {}
        }
        below = ancestor;
    }
    Place::Other
}

fn is_type_check(model: &Model<'_>, call: &ExprCall) -> bool {
    model.meaning(&call.func).may_be(|path| {
        matches!(
            path,
            "builtins.isinstance" | "builtins.issubclass" | "builtins.type"
        )
    })
}

/// The word `sessionmaker` in annotations in quotes.
fn quoted_annotations(model: &Model<'_>) -> Vec<TextRange> {
    const WORD: &str = "sessionmaker";
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let mut found = Vec::new();
    for literal in model.string_literals() {
        let range = literal.range();
        let text = model.slice(range);
        if !text.contains(WORD) || !matches!(place_of(model, model.id(literal)), Place::Annotation)
        {
            continue;
        }
        for (at, _) in text.match_indices(WORD) {
            let starts = !text[..at].ends_with(is_part);
            let ends = !text[at + WORD.len()..].starts_with(is_part);
            if starts && ends {
                let start = range.start() + TextSize::new(at as u32);
                found.push(TextRange::at(start, TextSize::of(WORD)));
            }
        }
    }
    found
}

/// Whether a reference stands in the annotation of the name that a call's value is assigned to.
fn annotates(model: &Model<'_>, annotation: NodeId, call: &ExprCall) -> bool {
    let statement = model.statement_of(annotation);
    matches!(
        model.nodes.get(statement),
        AnyNodeRef::StmtAnnAssign(assign)
            if assign.value.as_deref().is_some_and(|value| value.range() == call.range())
    )
}

/// `AsyncSession` of `sessionmaker[AsyncSession]`.
fn session_of<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a Expr> {
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprSubscript(subscript) if model.id(subscript.value.as_ref()) == node => {
            Some(&subscript.slice)
        }
        _ => None,
    }
}

/// Calls of a subclass are the makers that stay.
fn skip_subclass(context: &mut Context<'_, '_>, class: &StmtClassDef) {
    let model = context.model;
    let Some(binding) = model.scopes.binding_at(model.id(class)) else {
        return;
    };
    let symbol = model.scopes.binding(binding).symbol;
    for &node in &model.scopes.symbol(symbol).references {
        if let Place::Called(call) = place_of(model, node) {
            context.skip(call.range(), &SUBCLASSED, None);
        }
    }
}

/// What kind of sessions a maker makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SessionClass {
    /// `AsyncSession` itself.
    Stock,
    /// A subclass of it.
    Other,
    Sync,
    Unknown,
}

fn class_of(model: &Model<'_>, class: &Expr) -> SessionClass {
    let mut at = class;
    let mut seen: FxHashSet<NodeId> = FxHashSet::default();
    let mut derived = false;
    loop {
        let kind = match model.meaning(at) {
            Meaning::Path(path) if STOCK_CLASS.contains(&path.as_str()) => SessionClass::Stock,
            Meaning::Path(path) if OTHER_CLASSES.contains(&path.as_str()) => SessionClass::Other,
            Meaning::Path(path) if SYNC_CLASSES.contains(&path.as_str()) => SessionClass::Sync,
            _ => SessionClass::Unknown,
        };
        if kind != SessionClass::Unknown {
            return if derived && kind == SessionClass::Stock {
                SessionClass::Other
            } else {
                kind
            };
        }
        // A class of this file: its first base that is known says.
        let Some(definition) = class_definition(model, at) else {
            return SessionClass::Unknown;
        };
        if !seen.insert(model.id(definition)) {
            return SessionClass::Unknown;
        }
        derived = true;
        match definition.bases() {
            [base] => at = base,
            bases => {
                // Mixins beside the session class: exactly one of the bases is a session.
                let kinds: Vec<SessionClass> = bases
                    .iter()
                    .map(|base| match model.meaning(base) {
                        Meaning::Path(path) if SYNC_CLASSES.contains(&path.as_str()) => {
                            SessionClass::Sync
                        }
                        Meaning::Path(path)
                            if STOCK_CLASS.contains(&path.as_str())
                                || OTHER_CLASSES.contains(&path.as_str()) =>
                        {
                            SessionClass::Other
                        }
                        _ => SessionClass::Unknown,
                    })
                    .filter(|kind| *kind != SessionClass::Unknown)
                    .collect();
                return match kinds[..] {
                    [kind] => kind,
                    _ => SessionClass::Unknown,
                };
            }
        }
    }
}

/// The class statement that is the only binding of a name.
fn class_definition<'a>(model: &Model<'a>, expr: &Expr) -> Option<&'a StmtClassDef> {
    let symbol = match expr {
        Expr::Name(_) => model.scopes.symbol_of(model.id(expr))?,
        _ => return None,
    };
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return None;
    };
    match model.nodes.get(model.scopes.binding(binding).node) {
        AnyNodeRef::StmtClassDef(class) => Some(class),
        _ => None,
    }
}

/// A maker can go anywhere: both kinds are called, `begin` and `configure` alike. What differs is what only
/// sessionmaker has, and its type.
fn check_uses(model: &Model<'_>, call: &ExprCall) -> Result<(), Refusal> {
    if let Some(attribute) = only_sessionmaker_has(model, call) {
        let detail = format!("`.{}`", attribute.attr);
        return Err(Refusal::with_detail(
            &SYNC_ONLY_USE,
            attribute.range(),
            detail,
        ));
    }
    let flow = model.follow(&[model.id(call)], false);
    for use_ in &flow.uses {
        match use_.kind {
            UseKind::Method { attribute, .. } | UseKind::Attribute(attribute)
                if matches!(attribute.attr.as_str(), "begin" | "configure" | "kw") => {}
            UseKind::Method { attribute, .. }
            | UseKind::Attribute(attribute)
            | UseKind::AttributeStore(attribute) => {
                let detail = format!("`.{}`", attribute.attr);
                return Err(Refusal::with_detail(
                    &SYNC_ONLY_USE,
                    attribute.range(),
                    detail,
                ));
            }
            UseKind::Argument { call, .. } => {
                if is_type_check(model, call) {
                    return Err(Refusal::at(&TYPE_CHECKED, call.range()));
                }
                if is_event(model, call) {
                    return Err(Refusal::with_detail(
                        &SYNC_ONLY_USE,
                        call.range(),
                        "events of a maker",
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A use of what only sessionmaker has, by way of an attribute or a global that the maker is assigned to: those are not
/// followed, so the last part of the name has to do.
fn only_sessionmaker_has<'a>(model: &Model<'a>, call: &ExprCall) -> Option<&'a ExprAttribute> {
    let targets = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtAssign(assign) => assign.targets.as_slice(),
        AnyNodeRef::StmtAnnAssign(assign) => std::slice::from_ref(assign.target.as_ref()),
        _ => return None,
    };
    let names: Vec<&str> = targets.iter().filter_map(last_name).collect();
    model.attributes().find(|attribute| {
        matches!(
            attribute.attr.as_str(),
            "class_" | "identity_key" | "object_session"
        ) && last_name(&attribute.value).is_some_and(|name| names.contains(&name))
    })
}

/// `b` of `a.b`, `a` of `a`.
fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn is_event(model: &Model<'_>, call: &ExprCall) -> bool {
    model.meaning(&call.func).may_be(|path| {
        path.strip_prefix("sqlalchemy.event.").is_some_and(|name| {
            matches!(
                name.rsplit('.').next(),
                Some("listen" | "listens_for" | "contains" | "remove")
            )
        })
    })
}
