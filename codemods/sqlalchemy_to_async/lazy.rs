//! Lazy loads: attributes whose reading asks the database, which an async session cannot do.
//!
//! The models of all files say which attributes are lazy; then every file that has one of their names is searched for a read
//! on an instance. A read is fine where the attribute is visibly loaded with the query, where the object was made a moment
//! ago, or where the class is meant. Any other stands in the way.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext, ExprName, ExprRef, Stmt, StmtClassDef,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::reasons;
use crate::semantic::{BindingKind, Model, NodeId, literal};
use crate::unit::FileId;
use crate::values::{Fact, Files, Trouble};

/// A lazy attribute is declared.
const LAZY: u8 = 0;
/// A relationship whose name or class cannot be seen.
const HIDDEN: u8 = 1;
/// A mapped class.
const MAPPED: u8 = 2;
/// A lazy attribute is read.
const READ: u8 = 3;

/// What declares a relationship.
const RELATIONSHIPS: &[&str] = &[
    "sqlalchemy.orm.relationship",
    "sqlalchemy.orm.relation",
    "sqlalchemy.orm.dynamic_loader",
    "sqlmodel.Relationship",
    "sqlmodel.main.Relationship",
];

/// What declares a column that is loaded when it is read.
const DEFERRED: &[&str] = &["sqlalchemy.orm.deferred", "sqlalchemy.orm.query_expression"];

/// What stands for an attribute of the other end of a relationship.
const PROXIES: &[&str] = &["sqlalchemy.ext.associationproxy.association_proxy"];

/// What renders a template, which may read anything.
const TEMPLATES: &[&str] = &["TemplateResponse", "render_template", "get_template"];

/// How deep names are followed to the query that loads.
const DEPTH: usize = 6;

/// What loads a relationship with the query.
const LOADERS: &[&str] = &[
    "contains_eager",
    "defaultload",
    "immediateload",
    "joinedload",
    "selectinload",
    "subqueryload",
    "undefer",
];

/// Methods of statements, loaders and comparators that take attributes of classes.
const CLAUSES: &[&str] = &["any", "has", "join", "of_type", "outerjoin", "with_parent"];

/// The first thing that stands in the way.
pub fn survey(files: &dyn Files) -> Option<Trouble> {
    let words = [
        "relationship",
        "relation",
        "Relationship",
        "deferred",
        "dynamic_loader",
        "__tablename__",
        "__table__",
        "DeclarativeBase",
        "SQLModel",
    ];
    let words: Vec<String> = words.iter().map(|word| (*word).to_string()).collect();
    let declared = files.facts(&files.holding(&words), &|model| declarations(model));
    let mut lazy: FxHashSet<String> = FxHashSet::default();
    let mut mapped: FxHashSet<String> = FxHashSet::default();
    for (file, facts) in &declared {
        for fact in facts {
            match fact.what {
                LAZY => {
                    lazy.insert(fact.name.clone());
                }
                MAPPED => {
                    mapped.insert(fact.name.clone());
                }
                _ => return Some(trouble(*file, fact)),
            }
        }
    }
    if lazy.is_empty() {
        return None;
    }
    // What a template reads is not seen.
    let words: Vec<String> = TEMPLATES.iter().map(|word| (*word).to_string()).collect();
    let rendered = files.facts(&files.holding(&words), &|model| renders(model));
    if let Some((file, fact)) = first_of(&rendered) {
        return Some(trouble(file, fact));
    }
    let mut words: Vec<String> = lazy.iter().cloned().collect();
    words.sort_unstable();
    let readers = files.holding(&words);
    let reads = files.facts(&readers, &|model| {
        let models = Models {
            model,
            lazy: &lazy,
            mapped: &mapped,
        };
        models.reads()
    });
    first_of(&reads).map(|(file, fact)| trouble(file, fact))
}

fn first_of(found: &[(FileId, Vec<Fact>)]) -> Option<(FileId, &Fact)> {
    found
        .iter()
        .find_map(|(file, facts)| facts.first().map(|fact| (*file, fact)))
}

/// The calls that render a template.
fn renders(model: &Model<'_>) -> Vec<Fact> {
    let calls = model.calls().filter_map(|call| {
        let name = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        let range = call.func.range();
        TEMPLATES
            .contains(&name)
            .then(|| fact(READ, range, model.slice(range), ""))
    });
    calls.collect()
}

fn trouble(file: FileId, fact: &Fact) -> Trouble {
    Trouble {
        file,
        range: fact.range,
        reason: &reasons::LAZY_LOAD,
        detail: Some(format!("`{}`", fact.name)),
    }
}

fn fact(what: u8, range: TextRange, name: &str, of: &str) -> Fact {
    Fact {
        what,
        range,
        name: name.to_string(),
        of: of.to_string(),
    }
}

/// The lazy attributes and the classes that a file declares.
fn declarations(model: &Model<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for node in model.nodes.all() {
        if let AnyNodeRef::StmtClassDef(class) = model.nodes.get(node)
            && is_mapped(class)
        {
            facts.push(fact(MAPPED, class.name.range(), &class.name, ""));
        }
    }
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        let path = meaning.path().unwrap_or_default();
        let is_relationship = RELATIONSHIPS.contains(&path);
        let is_renewed = is_renewed(call) && attribute_of(model, call).is_some();
        let is_deferred = DEFERRED.contains(&path) || has_true(call, "deferred") || is_renewed;
        if !is_relationship && !is_deferred && !PROXIES.contains(&path) {
            continue;
        }
        let Some((class, name, range)) = attribute_of(model, call) else {
            facts.push(fact(
                HIDDEN,
                call.range(),
                model.slice(call.func.range()),
                "",
            ));
            continue;
        };
        facts.push(fact(MAPPED, class.name.range(), &class.name, ""));
        match strategy(call, path) {
            Strategy::Lazy => facts.push(fact(LAZY, range, name, &class.name)),
            Strategy::Loaded => {}
            Strategy::Dynamic => facts.push(fact(HIDDEN, range, name, &class.name)),
        }
        match literal::keyword(call, "backref").map(|keyword| &keyword.value) {
            None | Some(Expr::NoneLiteral(_)) => {}
            Some(Expr::StringLiteral(name)) => {
                facts.push(fact(LAZY, name.range(), name.value.to_str(), ""));
            }
            Some(Expr::Call(backref)) => {
                let name = backref.arguments.args.first().and_then(literal::string);
                match (name, strategy(backref, "")) {
                    (Some(name), Strategy::Lazy) => {
                        facts.push(fact(LAZY, backref.range(), name, ""));
                    }
                    (Some(_), Strategy::Loaded) => {}
                    _ => facts.push(fact(HIDDEN, backref.range(), "backref", "")),
                }
            }
            Some(other) => facts.push(fact(HIDDEN, other.range(), "backref", "")),
        }
    }
    facts
}

/// Whether an UPDATE gives a column a value that only the database knows, so that the next read asks for it: an expression of
/// SQL. What Python computes is given as a function, or as a plain value.
fn is_renewed(call: &ExprCall) -> bool {
    literal::keyword(call, "server_onupdate").is_some()
        || literal::keyword(call, "onupdate").is_some_and(|keyword| keyword.value.is_call_expr())
}

fn has_true(call: &ExprCall, name: &str) -> bool {
    literal::keyword(call, name)
        .is_some_and(|keyword| literal::boolean(&keyword.value) == Some(true))
}

/// When a relationship is loaded.
enum Strategy {
    /// When it is read.
    Lazy,
    /// With its object, or never by itself.
    Loaded,
    /// It is a query of its own.
    Dynamic,
}

fn strategy(call: &ExprCall, path: &str) -> Strategy {
    if path.ends_with("dynamic_loader") {
        return Strategy::Dynamic;
    }
    // `Relationship(sa_relationship_kwargs={"lazy": "selectin"})`
    let in_dict = literal::keyword(call, "sa_relationship_kwargs").and_then(|keyword| {
        let Expr::Dict(dict) = &keyword.value else {
            return None;
        };
        let is_lazy = |key: &Expr| literal::string(key) == Some("lazy");
        let item = dict
            .items
            .iter()
            .find(|item| item.key.as_ref().is_some_and(is_lazy));
        item.map(|item| &item.value)
    });
    let lazy = literal::keyword(call, "lazy")
        .map(|keyword| &keyword.value)
        .or(in_dict);
    match lazy {
        None => Strategy::Lazy,
        Some(value) => match (literal::string(value), literal::boolean(value)) {
            (
                Some(
                    "selectin" | "joined" | "subquery" | "immediate" | "raise" | "raise_on_sql"
                    | "noload" | "write_only",
                ),
                _,
            )
            | (_, Some(false)) => Strategy::Loaded,
            (Some("dynamic"), _) => Strategy::Dynamic,
            _ => Strategy::Lazy,
        },
    }
}

/// The class and the attribute that a call in a class body declares.
fn attribute_of<'a>(
    model: &Model<'a>,
    call: &'a ExprCall,
) -> Option<(&'a StmtClassDef, &'a str, TextRange)> {
    let statement = model.nodes.parent(model.id(call));
    let target = match model.nodes.get(statement) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [target] => target,
            _ => return None,
        },
        AnyNodeRef::StmtAnnAssign(assign) => assign.target.as_ref(),
        // `@declared_attr def posts(cls): return relationship(...)`
        AnyNodeRef::StmtReturn(_) => {
            let function =
                model
                    .nodes
                    .ancestors(statement)
                    .find_map(|at| match model.nodes.get(at) {
                        AnyNodeRef::StmtFunctionDef(function) => Some(function),
                        _ => None,
                    })?;
            let class = model.nodes.parent_node(model.id(function));
            return match class {
                AnyNodeRef::StmtClassDef(class) if !function.decorator_list.is_empty() => {
                    Some((class, function.name.as_str(), function.name.range()))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    let Expr::Name(name) = target else {
        return None;
    };
    match model.nodes.parent_node(statement) {
        AnyNodeRef::StmtClassDef(class) => Some((class, name.id.as_str(), name.range())),
        _ => None,
    }
}

/// A file, and what the models of the project say.
struct Models<'a, 'm> {
    model: &'m Model<'a>,
    lazy: &'m FxHashSet<String>,
    mapped: &'m FxHashSet<String>,
}

impl<'a> Models<'a, '_> {
    /// The reads of lazy attributes that may load.
    fn reads(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        for attribute in self.model.attributes() {
            let name = attribute.attr.as_str();
            if self.lazy.contains(name) && self.may_load(attribute) {
                facts.push(fact(READ, attribute.range(), name, ""));
            }
        }
        self.schemas(&mut facts);
        facts
    }

    fn may_load(&self, attribute: &'a ExprAttribute) -> bool {
        let node = self.model.id(attribute);
        match attribute.ctx {
            ExprContext::Load => {}
            // A new object has nothing to load; a scalar's old value is not asked for, but that of a collection is.
            ExprContext::Store => {
                return !self.is_new(&attribute.value, attribute.start(), DEPTH)
                    && !self.is_scalar_store(node)
                    && !self.is_other(&attribute.value);
            }
            _ => return false,
        }
        // Attributes that are called are methods of something else.
        if let AnyNodeRef::ExprCall(call) = self.model.nodes.parent_node(node)
            && self.model.id(call.func.as_ref()) == node
        {
            return false;
        }
        !(self.is_class(&attribute.value)
            || self.is_other(&attribute.value)
            || self.is_in_clause(node)
            || self.is_new(&attribute.value, attribute.start(), DEPTH)
            || self.is_loaded(&attribute.value, attribute.attr.as_str(), DEPTH))
    }

    /// Whether an assignment gives what is visibly no collection.
    fn is_scalar_store(&self, node: NodeId) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) => {
                !matches!(
                    assign.value.as_ref(),
                    Expr::List(_)
                        | Expr::ListComp(_)
                        | Expr::Set(_)
                        | Expr::SetComp(_)
                        | Expr::Dict(_)
                ) && matches!(assign.value.as_ref(), Expr::Name(_) | Expr::NoneLiteral(_))
            }
            _ => false,
        }
    }

    /// Whether an expression is a class: a mapped one, or an alias of one.
    fn is_class(&self, value: &Expr) -> bool {
        let last = |path: &str| {
            let name = path.rsplit('.').next().unwrap_or(path);
            name.starts_with(|c: char| c.is_uppercase())
        };
        match value {
            Expr::Name(name) => {
                if self.mapped.contains(name.id.as_str()) || name.id.as_str() == "cls" {
                    return true;
                }
                if self.model.meaning(value).path().is_some_and(last) {
                    return true;
                }
                self.values_of(value).is_some_and(|values| {
                    values.iter().all(|value| match value {
                        Expr::Call(call) => {
                            let meaning = self.model.meaning(&call.func);
                            meaning
                                .path()
                                .is_some_and(|path| path.ends_with(".aliased"))
                        }
                        _ => false,
                    })
                })
            }
            Expr::Attribute(attribute) => {
                self.mapped.contains(attribute.attr.as_str())
                    || self.model.meaning(value).path().is_some_and(last)
            }
            _ => false,
        }
    }

    /// Whether an expression is visibly no instance of a model: a module, a value of another class, `self` in a class that
    /// is not mapped.
    fn is_other(&self, value: &Expr) -> bool {
        if self.model.meaning(value).path().is_some() {
            return true;
        }
        let Expr::Name(name) = value else {
            return matches!(
                value,
                Expr::StringLiteral(_) | Expr::FString(_) | Expr::Dict(_) | Expr::List(_)
            );
        };
        let Some(symbol) = self.model.scopes.symbol_of(self.model.id(name)) else {
            return false;
        };
        let [binding] = self.model.scopes.symbol(symbol).bindings[..] else {
            return false;
        };
        let binding = self.model.scopes.binding(binding);
        let AnyNodeRef::Parameter(parameter) = self.model.nodes.get(binding.node) else {
            return false;
        };
        if let Some(annotation) = parameter.annotation.as_deref() {
            return match annotation {
                Expr::Name(class) => {
                    !self.mapped.contains(class.id.as_str())
                        && !matches!(class.id.as_str(), "Any" | "object")
                        && !self.is_open(class)
                }
                _ => false,
            };
        }
        if name.id.as_str() != "self" {
            return false;
        }
        let class = self.model.nodes.ancestors(binding.node).find_map(|at| {
            match self.model.nodes.get(at) {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            }
        });
        class.is_some_and(|class| !self.mapped.contains(class.name.as_str()) && !is_mapped(class))
    }

    /// Whether the name of a type may stand for a model: a type variable, or an alias.
    fn is_open(&self, class: &ExprName) -> bool {
        let Some(symbol) = self.model.scopes.symbol_of(self.model.id(class)) else {
            return false;
        };
        let bindings = &self.model.scopes.symbol(symbol).bindings;
        bindings.iter().any(|&binding| {
            matches!(
                self.model.scopes.binding(binding).kind,
                BindingKind::Assign { .. }
            )
        })
    }

    /// Whether a read stands in what builds a statement.
    fn is_in_clause(&self, node: NodeId) -> bool {
        self.model.nodes.ancestors(node).any(|at| {
            let AnyNodeRef::ExprCall(call) = self.model.nodes.get(at) else {
                return false;
            };
            let name = match call.func.as_ref() {
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                Expr::Name(name) => name.id.as_str(),
                _ => return false,
            };
            let is_inside = call
                .arguments
                .range()
                .contains_range(self.model.nodes.range(node));
            is_inside && (LOADERS.contains(&name) || CLAUSES.contains(&name))
        })
    }

    /// The values that a local name is given; `None` where one is not known.
    fn values_of(&self, value: &Expr) -> Option<Vec<&'a Expr>> {
        match value {
            Expr::Name(name) => self.values_of_name(name),
            _ => None,
        }
    }

    fn values_of_name(&self, name: &ExprName) -> Option<Vec<&'a Expr>> {
        let symbol = self.model.scopes.symbol_of(self.model.id(name))?;
        let bindings = &self.model.scopes.symbol(symbol).bindings;
        bindings
            .iter()
            .map(|&binding| {
                let value = match self.model.scopes.binding(binding).kind {
                    BindingKind::Assign { value }
                    | BindingKind::With { value, .. }
                    | BindingKind::For { value } => value,
                    _ => return None,
                };
                self.expr_at(value)
            })
            .collect()
    }

    fn expr_at(&self, node: NodeId) -> Option<&'a Expr> {
        let expr = match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) => assign.value.as_ref(),
            AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref()?,
            AnyNodeRef::ExprNamed(named) => named.value.as_ref(),
            AnyNodeRef::StmtFor(for_) => for_.iter.as_ref(),
            AnyNodeRef::Comprehension(comprehension) => &comprehension.iter,
            AnyNodeRef::WithItem(item) => &item.context_expr,
            _ => return None,
        };
        (self.model.id(expr) == node).then_some(expr)
    }

    /// Whether a value is an object that was made here, and nothing was written to the database since.
    fn is_new(&self, value: &Expr, before: TextSize, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let Some(values) = self.values_of(value) else {
            return false;
        };
        !values.is_empty()
            && values.iter().all(|value| match value {
                Expr::Call(call) => self.is_class(&call.func) && !self.writes(call.end(), before),
                Expr::Name(_) => self.is_new(value, before, depth),
                _ => false,
            })
    }

    /// Whether a method of a session that may write stands between two places.
    fn writes(&self, from: TextSize, to: TextSize) -> bool {
        self.model.attributes().any(|attribute| {
            (from..to).contains(&attribute.start())
                && matches!(
                    attribute.attr.as_str(),
                    "begin"
                        | "begin_nested"
                        | "close"
                        | "commit"
                        | "exec"
                        | "execute"
                        | "flush"
                        | "get"
                        | "get_one"
                        | "merge"
                        | "query"
                        | "refresh"
                        | "rollback"
                        | "scalar"
                        | "scalars"
                )
        })
    }

    /// Whether a value visibly comes from a query that loads the attribute.
    fn is_loaded(&self, value: &Expr, name: &str, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        if self.loads(value, name) {
            return true;
        }
        let own = match value {
            Expr::Name(_) => {
                return self.values_of(value).is_some_and(|values| {
                    !values.is_empty()
                        && values
                            .iter()
                            .all(|value| self.is_loaded(value, name, depth))
                });
            }
            _ => self.model.id(value),
        };
        // Any name in it, such as that of the statement.
        self.model.nodes.subtree(own).any(|at| {
            let Some(ExprRef::Name(inner)) = self.model.expr(at) else {
                return false;
            };
            self.values_of_name(inner).is_some_and(|values| {
                !values.is_empty()
                    && values
                        .iter()
                        .all(|value| self.is_loaded(value, name, depth))
            })
        })
    }

    /// Whether an expression holds `selectinload(Class.name)` or the like.
    fn loads(&self, value: &Expr, name: &str) -> bool {
        let node = self.model.id(value);
        std::iter::once(node)
            .chain(self.model.nodes.subtree(node))
            .any(|at| {
                let AnyNodeRef::ExprCall(call) = self.model.nodes.get(at) else {
                    return false;
                };
                let loader = match call.func.as_ref() {
                    Expr::Attribute(attribute) => attribute.attr.as_str(),
                    Expr::Name(name) => name.id.as_str(),
                    _ => return false,
                };
                let takes = |argument: &Expr| match argument {
                    Expr::Attribute(attribute) => attribute.attr.as_str() == name,
                    _ => false,
                };
                LOADERS.contains(&loader) && call.arguments.args.iter().any(takes)
            })
    }

    /// Classes that read attributes by their fields' names: models of pydantic and schemas of marshmallow.
    fn schemas(&self, facts: &mut Vec<Fact>) {
        for node in self.model.nodes.all() {
            let AnyNodeRef::StmtClassDef(class) = self.model.nodes.get(node) else {
                continue;
            };
            if self.mapped.contains(class.name.as_str())
                || is_mapped(class)
                || class.bases().is_empty()
            {
                continue;
            }
            for statement in &class.body {
                let (target, value) = match statement {
                    Stmt::AnnAssign(assign) => (assign.target.as_ref(), assign.value.as_deref()),
                    Stmt::Assign(assign) => match &*assign.targets {
                        [target] => (target, Some(assign.value.as_ref())),
                        _ => continue,
                    },
                    _ => continue,
                };
                let Expr::Name(name) = target else {
                    continue;
                };
                let is_field = matches!(statement, Stmt::AnnAssign(_))
                    || value.is_some_and(Expr::is_call_expr);
                if is_field && self.lazy.contains(name.id.as_str()) {
                    facts.push(fact(READ, target.range(), name.id.as_str(), &class.name));
                }
            }
        }
    }
}

/// Whether a class is visibly a model: it names its table, or derives from a base of models.
fn is_mapped(class: &StmtClassDef) -> bool {
    let names_table = class.body.iter().any(|statement| match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(|target| {
            matches!(target, Expr::Name(name) if name.id.as_str() == "__tablename__" || name.id.as_str() == "__table__")
        }),
        _ => false,
    });
    let is_table = class.arguments.as_ref().is_some_and(|arguments| {
        arguments.keywords.iter().any(|keyword| {
            keyword
                .arg
                .as_ref()
                .is_some_and(|name| name.as_str() == "table")
        })
    });
    let has_base = class.bases().iter().any(|base| match base {
        Expr::Name(name) => name.id.as_str() == "Base" || name.id.as_str().ends_with("Mixin"),
        Expr::Attribute(attribute) => matches!(attribute.attr.as_str(), "Base" | "Model"),
        _ => false,
    });
    names_table || is_table || has_base
}
