//! What the arguments of a query are: classes, whose rows are objects, or columns.
//!
//! The two are read differently. A query for one class gives objects; one for columns, or for several things, gives rows;
//! and a query that has a class among its arguments drops duplicates, which a statement does not.

use std::collections::BTreeSet;

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprName, ExprRef, Parameter, Stmt,
};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::Context;
use crate::index::Definition;
use crate::semantic::{BindingKind, Model, NodeId};

/// What one row of a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// An object.
    Entity,
    /// A row that holds an object.
    Mixed,
    /// A row of columns.
    Columns,
}

/// What one argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A mapped class or an alias of one.
    Entity,
    /// A column or a table.
    Column,
}

/// The arguments of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What a row is.
    pub rows: Rows,
    /// The classes and aliases that are named, as the source names them.
    pub sources: BTreeSet<String>,
    /// The first of them, if the first argument names just one.
    pub first: Option<String>,
    /// Whether there is one argument, and it is an aggregate: then there is one row.
    pub is_aggregate: bool,
}

/// How far names are followed: longer chains are of no use to a reader either.
const DEPTH: u32 = 8;

/// Reads the arguments of a query.
///
/// # Errors
/// The span of the one that is not known.
pub fn shape(context: &Context<'_, '_>, call: &ExprCall) -> Result<Shape, TextRange> {
    let arguments = &call.arguments;
    if let Some(keyword) = arguments.keywords.first() {
        return Err(keyword.range());
    }
    let mut kinds = Vec::new();
    let mut sources = BTreeSet::new();
    let mut first = None;
    for (index, argument) in arguments.args.iter().enumerate() {
        kinds.push(kind(context, argument, DEPTH).ok_or(argument.range())?);
        let named = named_classes(context, argument);
        if let (0, [name]) = (index, &*named) {
            first = Some(name.clone());
        }
        sources.extend(named);
    }
    let rows = match &*kinds {
        [] => return Err(call.range()),
        [Kind::Entity] => Rows::Entity,
        kinds if kinds.contains(&Kind::Entity) => Rows::Mixed,
        _ => Rows::Columns,
    };
    let is_aggregate = match &*arguments.args {
        [only] => is_aggregate(context, only),
        _ => false,
    };
    Ok(Shape {
        rows,
        sources,
        first,
        is_aggregate,
    })
}

/// What an argument is, if that is visible.
pub fn kind(context: &Context<'_, '_>, expr: &Expr, depth: u32) -> Option<Kind> {
    let depth = depth.checked_sub(1)?;
    let model = context.model;
    if is_class(context, expr.into(), depth) == Some(true) {
        return Some(Kind::Entity);
    }
    match expr {
        Expr::Name(name) => kind(context, only_value(context, name)?, depth),
        Expr::Attribute(attribute) => {
            is_column_of(context, attribute, depth).then_some(Kind::Column)
        }
        Expr::Call(call) => {
            if is_type_call(context, call) {
                return Some(Kind::Entity);
            }
            if let Some(path) = model.meaning(&call.func).path()
                && let Some(below) = path.strip_prefix("sqlalchemy.")
            {
                return match below.rsplit('.').next() {
                    Some("aliased" | "with_polymorphic") => Some(Kind::Entity),
                    Some("Bundle" | "Table") if below.contains("Bundle") => None,
                    _ => Some(Kind::Column),
                };
            }
            let Expr::Attribute(attribute) = call.func.as_ref() else {
                return None;
            };
            // Whatever has these, what they give is a column or a table.
            let is_part = matches!(
                attribute.attr.as_str(),
                "subquery" | "cte" | "label" | "exists" | "scalar_subquery" | "as_scalar"
            );
            if is_part {
                return Some(Kind::Column);
            }
            match kind(context, &attribute.value, depth) {
                Some(Kind::Column) => Some(Kind::Column),
                _ => None,
            }
        }
        Expr::BinOp(operation) => {
            let either = |expr| kind(context, expr, depth) == Some(Kind::Column);
            (either(&operation.left) || either(&operation.right)).then_some(Kind::Column)
        }
        Expr::UnaryOp(operation) => {
            kind(context, &operation.operand, depth).filter(|kind| *kind == Kind::Column)
        }
        Expr::Compare(compare) => {
            kind(context, &compare.left, depth).filter(|kind| *kind == Kind::Column)
        }
        Expr::Subscript(subscript) => {
            kind(context, &subscript.value, depth).filter(|kind| *kind == Kind::Column)
        }
        Expr::If(if_) => {
            let (one, other) = (
                kind(context, &if_.body, depth)?,
                kind(context, &if_.orelse, depth)?,
            );
            (one == other).then_some(one)
        }
        _ => None,
    }
}

/// `type(user)`.
fn is_type_call(context: &Context<'_, '_>, call: &ExprCall) -> bool {
    context.model.meaning(&call.func).path() == Some("builtins.type")
        && call.arguments.args.len() == 1
        && call.arguments.keywords.is_empty()
}

/// Whether an attribute is a column: of a class, or of a part of a statement (`sub.c.name`). Classes keep other classes, too:
/// what sounds like one, and the members of a class that says nothing of them, are not taken for columns.
fn is_column_of(context: &Context<'_, '_>, attribute: &ExprAttribute, depth: u32) -> bool {
    match attribute.value.as_ref() {
        Expr::Attribute(inner) if matches!(inner.attr.as_str(), "c" | "columns") => true,
        Expr::Name(name) if matches!(name.id.as_str(), "self" | "cls") => {
            declares_column(context, attribute)
        }
        value @ (Expr::Name(_) | Expr::Attribute(_)) => {
            !sounds_like_a_class(attribute.attr.as_str())
                && is_class(context, value.into(), depth) == Some(true)
        }
        // `User.data["key"].astext`, `func.json(User.data).value`
        value @ (Expr::Subscript(_) | Expr::Call(_)) => {
            kind(context, value, depth) == Some(Kind::Column)
        }
        _ => false,
    }
}

/// `model`, `user_model`, `model_cls`, `entity_class`.
fn sounds_like_a_class(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    matches!(
        last,
        "model" | "cls" | "klass" | "class" | "entity" | "schema" | "dao"
    )
}

/// Whether the class round `cls.name` declares it as a column: `name = Column(...)`, `name: Mapped[str]`.
fn declares_column(context: &Context<'_, '_>, attribute: &ExprAttribute) -> bool {
    let model = context.model;
    let class =
        model
            .nodes
            .ancestors(model.id(attribute))
            .find_map(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            });
    let is_it = |target: &Expr| matches!(target, Expr::Name(name) if name.id == attribute.attr.id);
    let is_column = |value: &Expr| match value {
        Expr::Call(call) => model
            .meaning(&call.func)
            .path()
            .is_some_and(|path| path.ends_with(".Column") || path.ends_with(".mapped_column")),
        _ => false,
    };
    class.is_some_and(|class| {
        class.body.iter().any(|stmt| match stmt {
            Stmt::Assign(assign) => assign.targets.iter().any(is_it) && is_column(&assign.value),
            Stmt::AnnAssign(assign) => {
                let is_mapped = matches!(assign.annotation.as_ref(), Expr::Subscript(subscript)
                    if matches!(subscript.value.as_ref(), Expr::Name(name) if name.id.as_str() == "Mapped"));
                is_it(&assign.target)
                    && (is_mapped || assign.value.as_deref().is_some_and(is_column))
            }
            _ => false,
        })
    })
}

/// Whether an expression is a mapped class; `None` where that is not visible.
pub fn is_class(context: &Context<'_, '_>, expr: ExprRef<'_>, depth: u32) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let model = context.model;
    if let Some(path) = model.meaning_of(expr).path() {
        return match context.definition(path) {
            Some(Definition::Class) => Some(true),
            Some(Definition::Other) => None,
            Some(_) => Some(false),
            None => {
                let (owner, last) = path.rsplit_once('.').unwrap_or(("", path));
                if path.starts_with("builtins.") || path.starts_with("sqlalchemy.") {
                    return Some(false);
                }
                // `models.User.name`: the column of a class.
                let is_member = context.definition(owner) == Some(Definition::Class)
                    || owner.rsplit('.').next().is_some_and(is_cap_words);
                match (is_member, is_cap_words(last)) {
                    (true, _) => Some(false),
                    (false, true) => Some(true),
                    (false, false) => None,
                }
            }
        };
    }
    match expr {
        ExprRef::Name(name) => is_class_name(context, name, depth),
        ExprRef::Attribute(attribute) => is_class_attribute(context, attribute, depth),
        ExprRef::Call(call) => {
            let path = model.meaning(&call.func);
            let last = path
                .path()?
                .strip_prefix("sqlalchemy.")?
                .rsplit('.')
                .next()?;
            Some(matches!(last, "aliased" | "with_polymorphic"))
        }
        _ => None,
    }
}

fn is_class_name(context: &Context<'_, '_>, name: &ExprName, depth: u32) -> Option<bool> {
    let model = context.model;
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let bindings = &model.scopes.symbol(symbol).bindings;
    let mut all = None;
    for &binding in bindings {
        let binding = model.scopes.binding(binding);
        let one = match binding.kind {
            BindingKind::Class => Some(true),
            BindingKind::Declared => continue,
            BindingKind::Assign { value } => is_class(context, model.expr(value)?, depth),
            BindingKind::For { value } => match model.expr(value)? {
                ExprRef::Tuple(tuple) => all_classes(context, &tuple.elts, depth),
                ExprRef::List(list) => all_classes(context, &list.elts, depth),
                _ => None,
            },
            BindingKind::Parameter => is_class_parameter(context, binding.node),
            BindingKind::Function => Some(false),
            BindingKind::FromImport { .. } | BindingKind::Import { .. } => {
                let path = model.import_path(&binding.kind)?;
                match context.definition(&path) {
                    Some(Definition::Class) => Some(true),
                    _ => None,
                }
            }
            _ => None,
        };
        match (all, one?) {
            (None, one) => all = Some(one),
            (Some(all), one) if all == one => {}
            _ => return None,
        }
    }
    all
}

fn all_classes(context: &Context<'_, '_>, elements: &[Expr], depth: u32) -> Option<bool> {
    (!elements.is_empty()
        && elements
            .iter()
            .all(|element| is_class(context, element.into(), depth) == Some(true)))
    .then_some(true)
}

/// `cls` of a class method, and parameters that are annotated as a class.
fn is_class_parameter(context: &Context<'_, '_>, node: NodeId) -> Option<bool> {
    let model = context.model;
    let AnyNodeRef::Parameter(parameter) = model.nodes.get(node) else {
        return None;
    };
    if is_annotated_class(parameter) {
        return Some(true);
    }
    let function = model
        .nodes
        .ancestors(node)
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtFunctionDef(function) => Some(function),
            _ => None,
        })?;
    let first = function
        .parameters
        .posonlyargs
        .first()
        .or(function.parameters.args.first())?;
    let is_class_method = function.decorator_list.iter().any(|decorator| {
        model.meaning(&decorator.expression).path() == Some("builtins.classmethod")
    });
    (is_class_method && model.id(&first.parameter) == node).then_some(true)
}

fn is_annotated_class(parameter: &Parameter) -> bool {
    parameter.annotation.as_deref().is_some_and(is_type_of)
}

/// `type[T]`, `Type[T]`, `typing.Type[T]`.
fn is_type_of(annotation: &Expr) -> bool {
    let Expr::Subscript(subscript) = annotation else {
        return false;
    };
    match subscript.value.as_ref() {
        Expr::Name(name) => matches!(name.id.as_str(), "type" | "Type"),
        Expr::Attribute(attribute) => attribute.attr.as_str() == "Type",
        _ => false,
    }
}

/// `self.model`, where its class says that it is one: in its body, or in `__init__`.
fn is_class_attribute(
    context: &Context<'_, '_>,
    attribute: &ExprAttribute,
    depth: u32,
) -> Option<bool> {
    let model = context.model;
    let Expr::Name(owner) = attribute.value.as_ref() else {
        return None;
    };
    if !matches!(owner.id.as_str(), "self" | "cls") {
        return None;
    }
    let class =
        model
            .nodes
            .ancestors(model.id(attribute))
            .find_map(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            })?;
    let is_it = |target: &Expr| match target {
        Expr::Name(name) => name.id == attribute.attr.id,
        Expr::Attribute(other) => {
            other.attr.id == attribute.attr.id
                && matches!(other.value.as_ref(), Expr::Name(name) if name.id.as_str() == "self")
        }
        _ => false,
    };
    let mut found = None;
    let mut statements: Vec<&Stmt> = class.body.iter().collect();
    for stmt in &class.body {
        if let Stmt::FunctionDef(function) = stmt
            && function.name.as_str() == "__init__"
        {
            statements.extend(&function.body);
        }
    }
    for stmt in statements {
        let one = match stmt {
            Stmt::AnnAssign(assign) if is_it(&assign.target) => {
                if is_type_of(&assign.annotation) {
                    Some(true)
                } else {
                    is_class(context, assign.value.as_deref()?.into(), depth)
                }
            }
            Stmt::Assign(assign) if assign.targets.iter().any(is_it) => {
                is_class(context, assign.value.as_ref().into(), depth)
            }
            _ => continue,
        };
        found = Some(one?);
    }
    found
}

/// The value of an assignment, by its number.
pub fn value_at<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a Expr> {
    match model.nodes.parent_node(node) {
        AnyNodeRef::StmtAssign(assign) => Some(assign.value.as_ref()),
        AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref(),
        AnyNodeRef::ExprNamed(named) => Some(named.value.as_ref()),
        _ => None,
    }
}

/// The value of a name that is bound once.
fn only_value<'a>(context: &Context<'a, '_>, name: &ExprName) -> Option<&'a Expr> {
    let model = context.model;
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return None;
    };
    match model.scopes.binding(binding).kind {
        BindingKind::Assign { value } => value_at(model, value),
        _ => None,
    }
}

/// `User`, and neither `USERS` nor `users`.
fn is_cap_words(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// The path of a class that an argument is, if no file of the project defines it.
pub fn unseen_class(context: &Context<'_, '_>, expr: &Expr) -> Option<String> {
    let meaning = context.model.meaning(expr);
    let path = meaning.path()?;
    let is_unseen =
        context.definition(path).is_none() && is_class(context, expr.into(), DEPTH) == Some(true);
    is_unseen.then(|| path.to_string())
}

/// The classes and aliases that an argument names, as written, each once.
pub fn named_classes(context: &Context<'_, '_>, expr: &Expr) -> Vec<String> {
    let model = context.model;
    let mut found: Vec<String> = Vec::new();
    let mut skip_until = None;
    for node in model.nodes.subtree(model.id(expr)) {
        let range = model.nodes.range(node);
        if skip_until.is_some_and(|end| range.start() < end) {
            continue;
        }
        let Some(inner) = model.expr(node) else {
            continue;
        };
        if !matches!(inner, ExprRef::Name(_) | ExprRef::Attribute(_)) {
            continue;
        }
        let is_source = is_class(context, inner, DEPTH) == Some(true)
            || matches!(model.nodes.parent_node(node), AnyNodeRef::ExprAttribute(outer)
                if matches!(outer.attr.as_str(), "c" | "columns"));
        if is_source {
            let text = model.slice(range).to_string();
            if !found.contains(&text) {
                found.push(text);
            }
            skip_until = Some(range.end());
        }
    }
    found
}

/// `func.count(...)` and the like: always one row, as long as nothing is grouped.
fn is_aggregate(context: &Context<'_, '_>, expr: &Expr) -> bool {
    let Expr::Call(call) = expr else {
        return false;
    };
    let model = context.model;
    if let Some(path) = model.meaning(&call.func).path() {
        let mut parts = path.rsplit('.');
        let is_one = matches!(parts.next(), Some("count" | "sum" | "max" | "min" | "avg"));
        return is_one && parts.next() == Some("func") && path.starts_with("sqlalchemy.");
    }
    // `func.count(...).label(...)`, `session.query(...).exists()`
    match call.func.as_ref() {
        Expr::Attribute(attribute) => match attribute.attr.as_str() {
            "label" => is_aggregate(context, &attribute.value),
            "exists" => true,
            _ => false,
        },
        _ => false,
    }
}
