//! Queries that leave columns out (`load_only(User.name)`, `defer(User.age)`): what is left out is loaded when it is read, so
//! from each such query all that is done with its objects is followed, as far as its function goes. They may only be asked for
//! columns that are loaded, and go nowhere else.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprCall, ExprContext};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::super::query::words;
use super::declared::Declared;
use super::trouble;
use super::values::{HANDS_ON, Objects, RUNS};
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};
use crate::values::{Files, Trouble};

/// Options of queries that leave columns out.
const COLUMNS: &[&str] = &[
    "sqlalchemy.orm.defer",
    "sqlalchemy.orm.load_only",
    "sqlalchemy.orm.strategy_options.defer",
    "sqlalchemy.orm.strategy_options.load_only",
];

/// Options of queries that leave relationships out.
const RELATIONSHIPS: &[&str] = &[
    "sqlalchemy.orm.lazyload",
    "sqlalchemy.orm.noload",
    "sqlalchemy.orm.raiseload",
    "sqlalchemy.orm.strategy_options.lazyload",
    "sqlalchemy.orm.strategy_options.noload",
    "sqlalchemy.orm.strategy_options.raiseload",
];

/// The names of both, which the options of a loader have, too: `selectinload(User.posts).load_only(Post.title)`.
const NAMES: &[&str] = &["defer", "lazyload", "load_only", "noload", "raiseload"];

/// Builtins that give what they are given, or what is in it.
const BUILTINS: &[&str] = &["iter", "list", "next", "reversed", "tuple"];

/// Methods of a session that hand out an object which it holds as it is.
const AS_IT_IS: &[&str] = &["get", "get_one", "merge"];

/// Sees to it that nothing is read that a query leaves out.
///
/// # Errors
/// The first query of which that cannot be shown.
pub fn check(files: &dyn Files, declared: &Declared) -> Result<(), Trouble> {
    let words: Vec<String> = NAMES.iter().map(|name| (*name).to_string()).collect();
    let held = files.held();
    let found = std::sync::Mutex::new(std::collections::BTreeMap::new());
    files.visit(&files.holding(&words), &|file, model| {
        let objects = Objects::new(model, declared, held.of_file(file));
        let first = model.calls().find(|call| !is_harmless(&objects, call));
        if let (Some(call), Ok(mut found)) = (first, found.lock()) {
            let range = call.range();
            let name = model.slice(range).to_string();
            found.insert(file, (range, name));
        }
    });
    let found: std::collections::BTreeMap<_, (TextRange, String)> =
        found.into_inner().unwrap_or_default();
    match found.into_iter().next() {
        Some((file, (range, name))) => Err(trouble(file, range, &name)),
        None => Ok(()),
    }
}

/// Whether a call leaves nothing out that may be read.
fn is_harmless<'a>(objects: &Objects<'a, '_>, call: &'a ExprCall) -> bool {
    let model = objects.model;
    let meaning = model.meaning(&call.func);
    match meaning.path() {
        Some(path) if COLUMNS.contains(&path) => is_unread(objects, call, path.ends_with(".defer")),
        Some(path) => !RELATIONSHIPS.contains(&path),
        None => match call.func.as_ref() {
            Expr::Attribute(method) => {
                !NAMES.contains(&method.attr.as_str()) || !is_option(model, &method.value)
            }
            _ => true,
        },
    }
}

/// Whether an expression is an option of a query: a loader, or `Load(User)`.
fn is_option(model: &Model<'_>, expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => match (model.meaning(&call.func).path(), call.func.as_ref()) {
            (Some(path), _) => path.starts_with("sqlalchemy."),
            (None, Expr::Attribute(method)) => is_option(model, &method.value),
            (None, _) => false,
        },
        // What a name holds is not followed.
        Expr::Name(_) => true,
        _ => false,
    }
}

/// Whether all that is done with the objects of a query is to read columns that it loads.
fn is_unread<'a>(objects: &Objects<'a, '_>, option: &'a ExprCall, is_defer: bool) -> bool {
    let model = objects.model;
    let mut class = None;
    let mut named = FxHashSet::default();
    if !option.arguments.keywords.is_empty() {
        return false;
    }
    for argument in &option.arguments.args {
        let Expr::Attribute(column) = argument else {
            return false;
        };
        let own = model.slice(column.value.range());
        if *class.get_or_insert(own) != own {
            return false;
        }
        named.insert(column.attr.as_str());
    }
    let Some(text) = class else {
        return false;
    };
    let name = text.rsplit('.').next().unwrap_or(text);
    let Some((start, options)) = query_of(objects, option) else {
        return false;
    };
    let [entity] = &*start.arguments.args else {
        return false;
    };
    if model.slice(entity.range()) != text {
        return false;
    }
    let Some(columns) = objects.declared.columns_of(name) else {
        return false;
    };
    let is_loaded = |column: &str, is_key: bool| is_key || named.contains(column) != is_defer;
    if columns
        .iter()
        .all(|(name, is_key)| is_loaded(name, *is_key))
    {
        return true;
    }
    let mut uses = Uses {
        objects,
        loaded: columns
            .iter()
            .filter(|(name, is_key)| is_loaded(name, *is_key))
            .map(|(name, _)| *name)
            .collect(),
        seen: FxHashSet::default(),
        is_kept: false,
    };
    if !uses.are_harmless(model.id(options)) {
        return false;
    }
    !uses.is_kept || is_alone(objects, model.id(options))
}

/// The call that begins the query of an option, and the call of its method `options`: both in one expression.
fn query_of<'a>(
    objects: &Objects<'a, '_>,
    option: &'a ExprCall,
) -> Option<(&'a ExprCall, &'a ExprCall)> {
    let model = objects.model;
    let arguments = model.nodes.parent(model.id(option));
    let AnyNodeRef::ExprCall(options) = model.nodes.parent_node(arguments) else {
        return None;
    };
    let mut at = options;
    loop {
        let Expr::Attribute(method) = at.func.as_ref() else {
            return (model
                .meaning(&at.func)
                .path()
                .is_some_and(|path| path.ends_with(".select")))
            .then_some((at, options));
        };
        match method.value.as_ref() {
            _ if std::ptr::eq(at, options) && method.attr.as_str() != "options" => return None,
            Expr::Call(next) if words::link(method.attr.as_str()).is_some() => at = next,
            session if method.attr.as_str() == "query" && objects.is_session(session) => {
                return Some((at, options));
            }
            _ => return None,
        }
    }
}

/// Whether the function of a query asks its session for nothing that the session hands out as it is: that might be an object
/// of the query.
fn is_alone(objects: &Objects<'_, '_>, query: NodeId) -> bool {
    let model = objects.model;
    let runner = model.runner(query);
    if !matches!(runner, Runner::Function(_)) {
        return false;
    }
    let body = model.nodes.ancestors(query).find(|&at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)
        )
    });
    let is_generator = body.is_some_and(|body| {
        model.nodes.subtree(body).any(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
            )
        })
    });
    !is_generator
        && objects.calls_of(runner).iter().all(|call| {
            let hands_out = matches!(call.func.as_ref(), Expr::Attribute(method)
                if AS_IT_IS.contains(&method.attr.as_str()) && objects.is_session(&method.value));
            !hands_out && !objects.takes_session(call)
        })
}

/// What is done with the objects of a query.
struct Uses<'o, 'a, 'm> {
    objects: &'o Objects<'a, 'm>,
    /// The columns that may be read.
    loaded: FxHashSet<&'o str>,
    /// The variables that were followed.
    seen: FxHashSet<SymbolId>,
    /// Whether a variable holds them.
    is_kept: bool,
}

impl<'a> Uses<'_, 'a, '_> {
    /// Whether an expression that gives the objects, or one of them, is only asked for columns that are loaded.
    fn are_harmless(&mut self, node: NodeId) -> bool {
        let model = self.objects.model;
        let parent = model.nodes.parent(node);
        match model.nodes.get(parent) {
            AnyNodeRef::ExprAttribute(attribute) => {
                let name = attribute.attr.as_str();
                match model.nodes.parent_node(parent) {
                    AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == parent => {
                        if name == "with_entities" && self.are_columns(call) {
                            return true;
                        }
                        let hands_on = HANDS_ON.contains(&name)
                            || words::link(name).is_some() && name != "with_entities";
                        hands_on && self.are_harmless(model.id(call))
                    }
                    _ => attribute.ctx == ExprContext::Load && self.loaded.contains(name),
                }
            }
            AnyNodeRef::ExprAwait(_) | AnyNodeRef::ExprSubscript(_) => {
                is_value(model, node, parent) && self.are_harmless(parent)
            }
            AnyNodeRef::ExprBoolOp(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprGenerator(_) => self.are_harmless(parent),
            AnyNodeRef::ExprIf(if_) => {
                model.id(if_.test.as_ref()) == node || self.are_harmless(parent)
            }
            AnyNodeRef::ExprUnaryOp(_) | AnyNodeRef::StmtExpr(_) => true,
            AnyNodeRef::StmtIf(_) | AnyNodeRef::StmtWhile(_) => true,
            AnyNodeRef::ElifElseClause(_) => true,
            AnyNodeRef::ExprCompare(compare) => compare
                .ops
                .iter()
                .all(|op| matches!(op, CmpOp::Is | CmpOp::IsNot)),
            AnyNodeRef::StmtAssign(assign) => {
                model.id(assign.value.as_ref()) == node
                    && assign.targets.iter().all(|target| self.are_kept(target))
            }
            AnyNodeRef::StmtFor(for_) => {
                model.id(for_.iter.as_ref()) == node && self.are_kept(&for_.target)
            }
            AnyNodeRef::Comprehension(clause) => {
                model.id(&clause.iter) == node && self.are_kept(&clause.target)
            }
            AnyNodeRef::Arguments(arguments) => {
                let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(parent) else {
                    return false;
                };
                let [only] = &*arguments.args else {
                    return false;
                };
                let hands_on = match (model.meaning(&call.func).path(), call.func.as_ref()) {
                    (Some("builtins.len" | "builtins.bool"), _) => return true,
                    (Some(path), _) => path
                        .strip_prefix("builtins.")
                        .is_some_and(|name| BUILTINS.contains(&name)),
                    (None, Expr::Attribute(method)) => {
                        RUNS.contains(&method.attr.as_str())
                            && self.objects.is_session(&method.value)
                    }
                    (None, _) => false,
                };
                hands_on
                    && arguments.keywords.is_empty()
                    && model.id(only) == node
                    && self.are_harmless(model.id(call))
            }
            _ => false,
        }
    }

    /// The same for a variable that holds them.
    fn are_kept(&mut self, target: &'a Expr) -> bool {
        let model = self.objects.model;
        let Expr::Name(name) = target else {
            return false;
        };
        self.is_kept = true;
        let Some(binding) = model.scopes.binding_at(model.id(name)) else {
            return false;
        };
        let symbol = model.scopes.binding(binding).symbol;
        if !self.seen.insert(symbol) {
            return true;
        }
        let symbol = model.scopes.symbol(symbol);
        let is_declared = symbol.bindings.iter().any(|&binding| {
            matches!(
                model.scopes.binding(binding).kind,
                BindingKind::Declared | BindingKind::Deleted
            )
        });
        !is_declared
            && symbol.references.iter().all(|&reference| {
                model.runner(reference) == model.runner(model.id(name))
                    && self.are_harmless(reference)
            })
    }

    /// Whether a call is given columns of classes alone.
    fn are_columns(&self, call: &ExprCall) -> bool {
        literal::arguments(call).all(|argument| {
            matches!(argument, Expr::Attribute(column) if self.objects.names_class(&column.value))
        })
    }
}

/// Whether a node is what is awaited, or what an item is taken of.
fn is_value(model: &Model<'_>, node: NodeId, parent: NodeId) -> bool {
    match model.nodes.get(parent) {
        AnyNodeRef::ExprSubscript(subscript) => model.id(subscript.value.as_ref()) == node,
        _ => true,
    }
}
