//! What the models declare: the attributes that are loaded when they are read, and the mapped classes.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprName, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::{left_out, trouble};
use crate::semantic::{Model, literal};
use crate::values::{Fact, Files, Trouble};

/// A relationship whose name or class cannot be seen.
const HIDDEN: u8 = 100;
/// A mapped class.
const MAPPED: u8 = 101;
/// A relationship that is loaded with its object.
const EAGER: u8 = 102;
/// A column.
const COLUMN: u8 = 103;
/// A column of the key.
const KEY: u8 = 104;
/// A class of which not every column can be told.
const ODD: u8 = 105;
/// A class whose columns were read.
const SEEN: u8 = 106;

/// A class that is made a dataclass.
const DATACLASS: u8 = 107;
/// A lazy relationship that the `repr` of a dataclass would read.
const SHOWN: u8 = 108;

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

/// What declares an attribute that the database computes.
const COMPUTED: &[&str] = &["sqlalchemy.orm.column_property"];

/// What stands for an attribute of the other end of a relationship.
const PROXIES: &[&str] = &["sqlalchemy.ext.associationproxy.association_proxy"];

/// What every file that declares a model has one of.
const WORDS: &[&str] = &[
    "relationship",
    "relation",
    "Relationship",
    "deferred",
    "dynamic_loader",
    "column_property",
    "__tablename__",
    "__table__",
    "DeclarativeBase",
    "SQLModel",
];

/// What a lazy attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A relationship to one object.
    One,
    /// A relationship to many.
    Many,
    /// A relationship to one or many: what it is annotated with does not say.
    Either,
    /// A column that is loaded when it is read.
    Deferred,
    /// A column that an UPDATE renews by SQL, or one that the database computes: it is loaded with its object, and again after
    /// an UPDATE.
    Renewed,
    /// It stands for an attribute of the other end of a relationship.
    Proxy,
    /// A column that a class has and its base has not: a query for the base loads it when it is read.
    Inherited,
}

const KINDS: [Kind; 7] = [
    Kind::One,
    Kind::Many,
    Kind::Either,
    Kind::Deferred,
    Kind::Renewed,
    Kind::Proxy,
    Kind::Inherited,
];

impl Kind {
    fn number(self) -> u8 {
        KINDS
            .iter()
            .position(|kind| *kind == self)
            .map_or(HIDDEN, |at| at as u8)
    }
}

/// What the models of all files say.
#[derive(Debug, Default)]
pub struct Declared {
    /// The lazy attributes by name: the class of each (empty where a `backref` names it), and what it is.
    pub lazy: FxHashMap<String, Vec<(String, Kind)>>,
    /// The relationships that are loaded with their objects, by name: the class of each.
    pub eager: FxHashMap<String, Vec<String>>,
    /// The mapped classes by name, with the names of their bases.
    pub mapped: FxHashMap<String, Vec<String>>,
    /// The columns of the mapped classes and of what they derive from, by the name of the class.
    columns: FxHashMap<String, Columns>,
}

/// The columns that a class declares.
#[derive(Debug, Default)]
struct Columns {
    /// Their names, each with whether it is one of the key.
    names: Vec<(String, bool)>,
    /// Whether there are others, of which nothing is known.
    is_odd: bool,
    /// How many classes have the name.
    classes: usize,
}

impl Declared {
    /// Reads the models of all files.
    ///
    /// # Errors
    /// A relationship whose name or class cannot be seen.
    pub fn read(files: &dyn Files) -> Result<Self, Trouble> {
        let words: Vec<String> = WORDS.iter().map(|word| (*word).to_string()).collect();
        let found = files.facts(&files.holding(&words), &|model| declarations(model));
        let mut declared = Self::default();
        let mut dataclasses = Vec::new();
        let mut shown = Vec::new();
        for (file, facts) in &found {
            for fact in facts {
                match (fact.what, KINDS.get(usize::from(fact.what))) {
                    (MAPPED, _) => {
                        let bases = fact.of.split(',').map(str::to_string);
                        let known = declared.mapped.entry(fact.name.clone()).or_default();
                        known.extend(bases.filter(|base| !base.is_empty()));
                    }
                    (EAGER, _) => {
                        let known = declared.eager.entry(fact.name.clone()).or_default();
                        known.push(fact.of.clone());
                    }
                    (COLUMN | KEY, _) => {
                        let known = declared.columns.entry(fact.of.clone()).or_default();
                        known.names.push((fact.name.clone(), fact.what == KEY));
                    }
                    (ODD, _) => {
                        declared.columns.entry(fact.of.clone()).or_default().is_odd = true;
                    }
                    (DATACLASS, _) => dataclasses.push(fact.name.as_str()),
                    (SHOWN, _) => shown.push((*file, fact)),
                    (SEEN, _) => {
                        declared.columns.entry(fact.of.clone()).or_default().classes += 1;
                    }
                    (_, Some(&kind)) => {
                        let known = declared.lazy.entry(fact.name.clone()).or_default();
                        known.push((fact.of.clone(), kind));
                    }
                    _ => return Err(trouble(*file, fact.range, &fact.name)),
                }
            }
        }
        // The `repr` of a dataclass reads its relationships, wherever it is asked for.
        let by_repr = shown.iter().find(|(_, fact)| {
            let mut bases = dataclasses.iter();
            bases.any(|base| declared.derives(&fact.of, base))
        });
        if let Some((file, fact)) = by_repr {
            return Err(trouble(*file, fact.range, &fact.name));
        }
        declared.read_used(files);
        left_out::check(files, &declared)?;
        Ok(declared)
    }

    /// Reads what the files do with the classes: which attributes are given SQL, so that an UPDATE renews them, and which are
    /// added to the classes.
    fn read_used(&mut self, files: &dyn Files) {
        let words: Vec<String> = self.mapped.keys().cloned().collect();
        let found = files.facts(&files.holding(&words), &|model| used(model, &self.mapped));
        for (_, facts) in found {
            for fact in facts {
                if fact.what == ODD {
                    self.columns.entry(fact.of).or_default().is_odd = true;
                    continue;
                }
                let known = self.lazy.entry(fact.name).or_default();
                if known.is_empty() {
                    known.push((String::new(), Kind::Renewed));
                }
            }
        }
    }

    /// The columns that objects of a class are loaded with, each with whether it is one of the key; `None` where they cannot
    /// all be told.
    pub fn columns_of(&self, class: &str) -> Option<Vec<(&str, bool)>> {
        let is_base = |other: &&String| other.as_str() != class && self.derives(other, class);
        if self.mapped.keys().any(|other| is_base(&other)) {
            return None;
        }
        let mut found = Vec::new();
        let mut pending = vec![class];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(class) = pending.pop() {
            if seen.contains(&class) {
                continue;
            }
            seen.push(class);
            match self.columns.get(class) {
                Some(columns) if columns.is_odd || columns.classes > 1 => return None,
                Some(columns) => {
                    found.extend(
                        columns
                            .names
                            .iter()
                            .map(|(name, key)| (name.as_str(), *key)),
                    );
                }
                None if !is_root(class) => return None,
                None => {}
            }
            let bases = self.mapped.get(class).map_or(&[][..], Vec::as_slice);
            pending.extend(bases.iter().map(String::as_str));
        }
        let is_plain = |(name, _): &(&str, bool)| !self.lazy.contains_key(*name);
        found.iter().all(is_plain).then_some(found)
    }

    /// Whether a class, or one that it derives from, is this one.
    pub fn derives(&self, class: &str, base: &str) -> bool {
        let mut pending = vec![class];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(class) = pending.pop() {
            if class == base {
                return true;
            }
            if seen.contains(&class) {
                continue;
            }
            seen.push(class);
            let bases = self.mapped.get(class).map_or(&[][..], Vec::as_slice);
            pending.extend(bases.iter().map(String::as_str));
        }
        false
    }

    /// Whether a class has attributes that are loaded when they are read.
    pub fn has_lazy(&self, class: &str) -> bool {
        let is_lazy = |kind| !matches!(kind, Kind::Renewed | Kind::Inherited);
        let mut names = self.lazy.keys();
        names.any(|name| self.kind(class, name).is_some_and(is_lazy))
    }

    /// What an attribute of a class is; `None` where it is nothing that is lazy.
    pub fn kind(&self, class: &str, attribute: &str) -> Option<Kind> {
        let known = self.lazy.get(attribute)?;
        let mut pending = vec![class];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(class) = pending.pop() {
            if seen.contains(&class) {
                continue;
            }
            seen.push(class);
            let is_it = |(owner, _): &&(String, Kind)| owner == class || owner.is_empty();
            if let Some((_, kind)) = known.iter().find(is_it) {
                return Some(*kind);
            }
            match self.mapped.get(class) {
                Some(bases) => pending.extend(bases.iter().map(String::as_str)),
                // A base that is not seen: whatever has the name is taken for it.
                None if !is_root(class) => return known.first().map(|(_, kind)| *kind),
                None => {}
            }
        }
        None
    }

    /// The class that declares a relationship, if one alone does.
    pub fn owner(&self, attribute: &str) -> Option<&str> {
        let lazy = self.lazy.get(attribute).map_or(&[][..], Vec::as_slice);
        let eager = self.eager.get(attribute).map_or(&[][..], Vec::as_slice);
        match (lazy, eager) {
            ([(class, _)], []) | ([], [class]) if !class.is_empty() => Some(class),
            _ => None,
        }
    }
}

/// What models derive from in the end.
fn is_root(class: &str) -> bool {
    matches!(
        class,
        "Base"
            | "DeclarativeBase"
            | "DeclarativeBaseNoMeta"
            | "MappedAsDataclass"
            | "SQLModel"
            | "Model"
            | "AsyncAttrs"
            | "object"
    )
}

fn fact(what: u8, range: TextRange, name: &str, of: &str) -> Fact {
    Fact {
        what,
        range,
        name: name.to_string(),
        of: of.to_string(),
    }
}

/// The names of the bases of a class.
fn bases(class: &StmtClassDef) -> String {
    let names = class.bases().iter().filter_map(|base| match base {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    });
    names.collect::<Vec<_>>().join(",")
}

/// Whether a relationship leads to one object or to many: `uselist=`, or what the attribute is annotated with.
fn ends(model: &Model<'_>, call: &ExprCall) -> Kind {
    if let Some(keyword) = literal::keyword(call, "uselist") {
        return match literal::boolean(&keyword.value) {
            Some(true) => Kind::Many,
            Some(false) => Kind::One,
            None => Kind::Either,
        };
    }
    let AnyNodeRef::StmtAnnAssign(assign) = model.nodes.parent_node(model.id(call)) else {
        return Kind::Either;
    };
    let text = model.slice(assign.annotation.range());
    let is_many = [
        "list[",
        "List[",
        "set[",
        "Set[",
        "dict[",
        "Dict[",
        "Sequence[",
        "Collection[",
    ]
    .iter()
    .any(|word| text.contains(word));
    if is_many {
        Kind::Many
    } else if text.contains("Any") {
        Kind::Either
    } else {
        Kind::One
    }
}

/// The lazy attributes and the classes that a file declares.
fn declarations(model: &Model<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for node in model.nodes.all() {
        if let AnyNodeRef::StmtClassDef(class) = model.nodes.get(node)
            && (is_mapped(class) || is_root(&class.name))
        {
            columns(model, class, &mut facts);
        }
        if let AnyNodeRef::StmtClassDef(class) = model.nodes.get(node)
            && is_dataclass(model, class)
        {
            facts.push(fact(DATACLASS, class.name.range(), &class.name, ""));
        }
        if let AnyNodeRef::StmtClassDef(class) = model.nodes.get(node)
            && is_mapped(class)
        {
            facts.push(fact(MAPPED, class.name.range(), &class.name, &bases(class)));
            if is_polymorphic(model, class) {
                for name in class.body.iter().filter_map(column_of) {
                    let of = &class.name;
                    facts.push(fact(Kind::Inherited.number(), name.range(), &name.id, of));
                }
            }
        }
    }
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        let path = meaning.path().unwrap_or_default();
        // What a base of all models is made of.
        if path.ends_with(".declarative_base") && literal::keyword(call, "cls").is_some() {
            facts.push(fact(ODD, call.range(), "", "Base"));
        }
        let is_relationship = RELATIONSHIPS.contains(&path);
        let is_computed = COMPUTED.contains(&path) && !is_of_a_column(model, call);
        let is_renewed = (is_renewed(call) || is_computed) && attribute_of(model, call).is_some();
        let is_deferred = DEFERRED.contains(&path) || has_true(call, "deferred");
        let is_proxy = PROXIES.contains(&path);
        if !is_relationship && !is_deferred && !is_renewed && !is_proxy {
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
        facts.push(fact(MAPPED, class.name.range(), &class.name, &bases(class)));
        let kind = if is_proxy {
            Kind::Proxy
        } else if is_deferred {
            Kind::Deferred
        } else if is_renewed {
            Kind::Renewed
        } else {
            ends(model, call)
        };
        let is_relation = matches!(kind, Kind::One | Kind::Many | Kind::Either);
        let strategy_of_all = match annotated(model, call) {
            Some(own) if is_relation => own,
            _ => strategy(call, path),
        };
        if is_relation && !has_false(call, "repr") && matches!(strategy_of_all, Strategy::Lazy) {
            facts.push(fact(SHOWN, range, name, &class.name));
        }
        match strategy_of_all {
            Strategy::Lazy => facts.push(fact(kind.number(), range, name, &class.name)),
            Strategy::Loaded => facts.push(fact(EAGER, range, name, &class.name)),
            Strategy::Dynamic => facts.push(fact(HIDDEN, range, name, &class.name)),
        }
        match literal::keyword(call, "backref").map(|keyword| &keyword.value) {
            None | Some(Expr::NoneLiteral(_)) => {}
            Some(Expr::StringLiteral(name)) => {
                facts.push(fact(
                    Kind::Either.number(),
                    name.range(),
                    name.value.to_str(),
                    "",
                ));
            }
            Some(Expr::Call(backref)) => {
                let name = backref.arguments.args.first().and_then(literal::string);
                match (name, strategy(backref, "")) {
                    (Some(name), Strategy::Lazy) => {
                        facts.push(fact(Kind::Either.number(), backref.range(), name, ""));
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

/// The attributes of objects that are given SQL, which only the database can compute (`post.views = Post.views + 1`), and those
/// that are added to classes.
fn used(model: &Model<'_>, mapped: &FxHashMap<String, Vec<String>>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for node in model.nodes.all() {
        let AnyNodeRef::StmtAssign(assign) = model.nodes.get(node) else {
            continue;
        };
        for target in &assign.targets {
            if let Expr::Attribute(attribute) = target
                && let Expr::Name(class) = attribute.value.as_ref()
                && mapped.contains_key(class.id.as_str())
            {
                facts.push(fact(ODD, attribute.range(), &attribute.attr, &class.id));
            }
        }
        if !is_sql(model, &assign.value, mapped) {
            continue;
        }
        for target in &assign.targets {
            if let Expr::Attribute(attribute) = target {
                let name = attribute.attr.as_str();
                facts.push(fact(Kind::Renewed.number(), attribute.range(), name, ""));
            }
        }
    }
    facts
}

/// Whether an expression visibly computes in the database: with a column of a class, or by `func`.
fn is_sql(model: &Model<'_>, expr: &Expr, mapped: &FxHashMap<String, Vec<String>>) -> bool {
    match expr {
        Expr::BinOp(operation) => [&operation.left, &operation.right].iter().any(|side| {
            is_sql(model, side, mapped)
                || matches!(side.as_ref(), Expr::Attribute(column)
                    if matches!(column.value.as_ref(), Expr::Name(class) if mapped.contains_key(class.id.as_str())))
        }),
        Expr::Call(call) => model.meaning(&call.func).path().is_some_and(|path| {
            path.starts_with("sqlalchemy.func.") || path.starts_with("sqlalchemy.sql.func.")
        }),
        _ => false,
    }
}

/// Whether a class has its own part of its base's rows: it has an identity among the classes of its table, and is not the
/// first of them.
fn is_polymorphic(model: &Model<'_>, class: &StmtClassDef) -> bool {
    let text = model.slice(class.range());
    text.contains("polymorphic_identity") && !text.contains("polymorphic_on")
}

/// The columns that a class declares; [`ODD`] where a statement of its body may declare one that cannot be told.
fn columns(model: &Model<'_>, class: &StmtClassDef, facts: &mut Vec<Fact>) {
    let of = &class.name;
    facts.push(fact(SEEN, of.range(), "", of));
    for statement in &class.body {
        let (target, value) = match statement {
            Stmt::Assign(assign) => match &*assign.targets {
                [Expr::Name(name)] => (name, Some(assign.value.as_ref())),
                _ => {
                    facts.push(fact(ODD, assign.range(), "", of));
                    continue;
                }
            },
            Stmt::AnnAssign(assign) => match assign.target.as_ref() {
                Expr::Name(_) if model.slice(assign.annotation.range()).contains("ClassVar") => {
                    continue;
                }
                Expr::Name(name) => (name, assign.value.as_deref()),
                _ => continue,
            },
            Stmt::FunctionDef(function) => {
                let is_declared = |decorator: &ruff_python_ast::Decorator| {
                    model.slice(decorator.range()).contains("declared_attr")
                };
                if function.decorator_list.iter().any(is_declared) {
                    facts.push(fact(ODD, function.name.range(), "", of));
                }
                continue;
            }
            Stmt::Expr(_) | Stmt::Pass(_) => continue,
            other => {
                facts.push(fact(ODD, other.range(), "", of));
                continue;
            }
        };
        let path = match value {
            Some(Expr::Call(call)) => model
                .meaning(&call.func)
                .path()
                .unwrap_or_default()
                .to_string(),
            _ => String::new(),
        };
        if target.id.starts_with("__") && target.id.as_str() != "__table__"
            || RELATIONSHIPS.contains(&path.as_str())
            || PROXIES.contains(&path.as_str())
            || value.is_some_and(is_constant) && statement.is_assign_stmt()
        {
            continue;
        }
        let is_key = matches!(value, Some(Expr::Call(call))
            if literal::keyword(call, "primary_key").is_some());
        let is_column = column_of(statement).is_some() || value.is_some_and(is_constant);
        let what = if is_key {
            KEY
        } else if is_column {
            COLUMN
        } else {
            ODD
        };
        facts.push(fact(what, target.range(), &target.id, of));
    }
}

/// Whether an expression visibly is a plain value.
fn is_constant(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::Dict(_)
            | Expr::List(_)
            | Expr::Tuple(_)
    )
}

/// The column that a statement of a class body declares.
fn column_of(statement: &Stmt) -> Option<&ExprName> {
    let (target, value) = match statement {
        Stmt::Assign(assign) => match &*assign.targets {
            [target] => (target, Some(assign.value.as_ref())),
            _ => return None,
        },
        Stmt::AnnAssign(assign) => (assign.target.as_ref(), assign.value.as_deref()),
        _ => return None,
    };
    let is_column = match value {
        None => true,
        Some(Expr::Call(call)) => {
            let name = match call.func.as_ref() {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => "",
            };
            matches!(name, "Column" | "mapped_column" | "Field")
                && literal::keyword(call, "primary_key").is_none()
        }
        Some(_) => false,
    };
    target
        .as_name_expr()
        .filter(|name| is_column && !name.id.starts_with("__"))
}

/// Whether an UPDATE gives a column a value that only the database knows, so that the next read asks for it: an expression of
/// SQL. What Python computes is given as a function, or as a plain value.
fn is_renewed(call: &ExprCall) -> bool {
    literal::keyword(call, "server_onupdate").is_some()
        || literal::keyword(call, "onupdate").is_some_and(|keyword| keyword.value.is_call_expr())
}

/// Whether `column_property` is given a column that it visibly declares, which is then loaded as any other.
fn is_of_a_column(model: &Model<'_>, call: &ExprCall) -> bool {
    matches!(call.arguments.args.first(), Some(Expr::Call(column))
        if model.meaning(&column.func).path().is_some_and(|path| path.ends_with(".Column") || path.ends_with(".mapped_column")))
}

fn has_false(call: &ExprCall, name: &str) -> bool {
    literal::keyword(call, name)
        .is_some_and(|keyword| literal::boolean(&keyword.value) == Some(false))
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

/// What the annotation of a relationship says of its loading: `DynamicMapped[Post]`, `WriteOnlyMapped[Post]`.
fn annotated(model: &Model<'_>, call: &ExprCall) -> Option<Strategy> {
    let AnyNodeRef::StmtAnnAssign(assign) = model.nodes.parent_node(model.id(call)) else {
        return None;
    };
    let text = model.slice(assign.annotation.range());
    if text.contains("DynamicMapped") {
        Some(Strategy::Dynamic)
    } else if text.contains("WriteOnlyMapped") {
        Some(Strategy::Loaded)
    } else {
        None
    }
}

/// Whether a class is made a dataclass, whose `repr` reads all of its fields.
fn is_dataclass(model: &Model<'_>, class: &StmtClassDef) -> bool {
    let is_base = |base: &Expr| match base {
        Expr::Name(name) => name.id.as_str() == "MappedAsDataclass",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "MappedAsDataclass",
        _ => false,
    };
    let is_made = |decorator: &ruff_python_ast::Decorator| {
        let text = model.slice(decorator.range());
        text.contains("mapped_as_dataclass") && !text.contains("repr=False")
    };
    class.bases().iter().any(is_base) || class.decorator_list.iter().any(is_made)
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

/// Whether a class is visibly a model: it names its table, or derives from a base of models.
pub fn is_mapped(class: &StmtClassDef) -> bool {
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
