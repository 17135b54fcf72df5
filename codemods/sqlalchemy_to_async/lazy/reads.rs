//! Where a file reads attributes that are loaded when they are read, and what it gives to functions and returns.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprContext, ExprName, Stmt, StmtClassDef,
    StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::declared::is_mapped;
use super::values::{Callee, Ends, LOADERS, Objects, Root, Value};
use crate::semantic::{BindingKind, NodeId, Runner, literal};

/// Methods of statements, loaders and comparators that take attributes of classes.
const CLAUSES: &[&str] = &["any", "has", "join", "of_type", "outerjoin", "with_parent"];

/// Methods of lists that only a collection of objects has among what a model has.
const OF_LISTS: &[&str] = &["append", "extend", "insert", "remove"];

/// What a mapper has that is no column, or more than columns.
const OF_MAPPERS: &[&str] = &[
    ".attrs",
    ".relationships",
    ".all_orm_descriptors",
    ".iterate_properties",
];

/// What reads an attribute by its name.
const LOOKUPS: &[&str] = &[
    "builtins.getattr",
    "builtins.hasattr",
    "operator.attrgetter",
];

/// What may be done where an object is read after the transaction that it was loaded in: `refresh`.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The statement before which it stands.
    pub statement: TextRange,
    /// The name of the object.
    pub object: String,
    /// The session, as it is named there.
    pub session: String,
    /// A call of the session, or an argument that it is.
    pub owner: TextRange,
}

/// An object at a place.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where it comes from.
    pub value: Value,
    /// Whether a new object may have been written since.
    pub is_written: bool,
    /// Whether a transaction may have ended since.
    pub ends: Ends,
    /// Whether a change of it may have been written since.
    pub is_flushed: bool,
    /// Whether all its columns were read again, and nothing was asked of a session since.
    pub is_fresh: bool,
    /// What can be done at the place.
    pub repair: Option<Repair>,
}

impl Seen {
    /// An object that nothing was done with since.
    pub fn of(value: Value) -> Self {
        Self {
            value,
            is_written: false,
            is_flushed: false,
            is_fresh: false,
            ends: Ends::default(),
            repair: None,
        }
    }

    /// The same where a part of it, as of this value, is taken.
    pub fn part_of(&self, value: &Value) -> Self {
        let mut part = self.clone();
        part.value.is_part |= value.is_part;
        part
    }
}

/// A read of an attribute.
#[derive(Clone, Debug)]
pub struct Read {
    /// The span to tell.
    pub range: TextRange,
    /// The attribute.
    pub name: String,
    /// The object.
    pub seen: Vec<Seen>,
    /// Whether only what is done with it says that it is a relationship, of a class that is not seen.
    pub is_guess: bool,
    /// Whether what is made here is of a class that the file asks a session for.
    pub asks: bool,
    /// Whether it may be any attribute: its name is computed.
    pub is_any: bool,
}

/// Objects that a schema reads.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The span to tell.
    pub range: TextRange,
    /// The names of the schemas.
    pub schemas: Vec<String>,
    /// The field of these that is given the objects: `{"items": posts}`, `Page(items=posts)`.
    pub field: Option<String>,
    /// The objects.
    pub seen: Vec<Seen>,
}

/// A class that reads attributes by its fields' names.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// Its bases.
    pub bases: Vec<String>,
    /// Its fields, each with the names in its type.
    pub fields: Vec<(String, Vec<String>)>,
    /// A field that reads otherwise than pydantic does: its place.
    pub odd: Option<(TextRange, String)>,
}

/// What a file says of lazy attributes.
#[derive(Debug, Default)]
pub struct Reads {
    /// The reads.
    pub reads: Vec<Read>,
    /// What schemas show.
    pub shown: Vec<Shown>,
    /// The schemas.
    pub schemas: Vec<Schema>,
}

/// A function of a name that was asked for.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its dotted path.
    pub path: String,
    /// Whether it stands in a class.
    pub is_method: bool,
    /// Its parameters, those by position first; `self` and `cls` left out.
    pub parameters: Vec<String>,
    /// The functions that the defaults hand over.
    pub depends: Vec<(String, Callee)>,
    /// What it returns and yields.
    pub gives: Vec<Seen>,
    /// Whether it ends a transaction.
    pub ends: Ends,
    /// Whether reading it calls it.
    pub is_property: bool,
}

/// A call of a name that was asked for, or another use of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// What it hands over, by position and by name; `None` where that cannot be told (the function is a value, `*args`).
    pub given: Option<Given>,
    /// The object whose method it is; `None` where the name stands alone, or in a text (`getattr(user, "title")`).
    pub receiver: Option<Vec<Seen>>,
}

/// What a call hands over: by position and by name.
pub type Given = (Vec<Vec<Seen>>, Vec<(String, Vec<Seen>)>);

/// What a file says of functions.
#[derive(Debug, Default)]
pub struct Functions {
    /// Those that it defines.
    pub definitions: Vec<Definition>,
    /// Those that it calls.
    pub calls: Vec<Call>,
}

impl<'a> Objects<'a, '_> {
    /// The reads of a file.
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        for attribute in self.model.attributes() {
            let name = attribute.attr.as_str();
            let is_known = self.declared.lazy.contains_key(name);
            let is_read = if is_known {
                self.may_load(attribute)
            } else {
                self.is_relationship_by_use(attribute)
            };
            if is_read {
                let range = attribute.range();
                let read = self.read(range, name, &attribute.value, !is_known);
                reads.reads.push(read);
            }
        }
        self.looked_up(&mut reads);
        self.matched(&mut reads);
        self.schemas(&mut reads);
        self.shown(&mut reads);
        reads
    }

    /// What an expression gives, at a place.
    fn seen(&self, expr: &'a Expr, to: TextSize) -> Vec<Seen> {
        let values = self.values(expr);
        let node = self.model.id(expr);
        let seen = values.into_iter().map(|value| {
            let span = self.span(node, value.at, to);
            let is_new = matches!(value.root, Root::New(_));
            Seen {
                is_written: is_new
                    && self
                        .handed_out(expr, span)
                        .is_some_and(|span| self.writes_in(node, span)),
                ends: self.ends_in(node, span),
                is_flushed: self
                    .changed(expr, span)
                    .is_some_and(|changed| self.writes_in(node, changed)),
                is_fresh: self.is_read_again(expr),
                repair: self.repair(expr),
                value,
            }
        });
        seen.collect()
    }

    /// From where a new object is given to a session, or to anything else, in a span of its function, to the end of that: before,
    /// no session can write it. The whole span where that cannot be told.
    fn handed_out(&self, expr: &'a Expr, span: TextRange) -> Option<TextRange> {
        let model = self.model;
        let Expr::Name(name) = expr else {
            return Some(span);
        };
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return Some(span);
        };
        let references = &model.scopes.symbol(symbol).references;
        let handed = references.iter().filter(|&&reference| {
            let is_own = |at: NodeId| {
                matches!(model.nodes.get(at), AnyNodeRef::ExprName(name) if name.ctx.is_load())
            };
            is_own(reference)
                && span.contains_range(model.nodes.range(reference))
                && !matches!(
                    model.nodes.parent_node(reference),
                    AnyNodeRef::ExprAttribute(_)
                )
        });
        let first = handed.min_by_key(|&&reference| model.nodes.range(reference).start())?;
        let statement = model.statement_of(*first);
        // The next turn of a loop has what the one before has done.
        let in_loop = model
            .nodes
            .ancestors(statement)
            .any(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) => {
                    model.nodes.range(at).contains_range(expr.range())
                }
                _ => false,
            });
        if in_loop {
            return Some(span);
        }
        let start = model.nodes.range(statement).start().max(span.start());
        Some(TextRange::new(start, span.end()))
    }

    /// From the first change of an attribute of an object, in a span of its function, to the end of that.
    fn changed(&self, expr: &'a Expr, span: TextRange) -> Option<TextRange> {
        let model = self.model;
        let Expr::Name(name) = expr else {
            return None;
        };
        let symbol = model.scopes.symbol(model.scopes.symbol_of(model.id(name))?);
        let stores = symbol.references.iter().filter_map(|&reference| {
            match model.nodes.parent_node(reference) {
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx.is_store() => {
                    Some(attribute.end())
                }
                _ => None,
            }
        });
        let first = stores.filter(|&at| span.contains_inclusive(at)).min()?;
        Some(TextRange::new(first, span.end()))
    }

    /// Whether `session.refresh(object)` has read all columns of the object of a name on the way to it, and no other call asks a
    /// session for anything since.
    fn is_read_again(&self, expr: &'a Expr) -> bool {
        let model = self.model;
        let Expr::Name(name) = expr else {
            return false;
        };
        let node = model.id(expr);
        let Some(symbol) = model.scopes.symbol_of(node) else {
            return false;
        };
        let is_refresh = |call: &ExprCall| match (call.func.as_ref(), &*call.arguments.args) {
            (Expr::Attribute(method), [Expr::Name(object)]) => {
                method.attr.as_str() == "refresh"
                    && call.arguments.keywords.is_empty()
                    && self.is_session(&method.value)
                    && object.id == name.id
                    && model.scopes.symbol_of(model.id(object)) == Some(symbol)
            }
            _ => false,
        };
        let own = self.calls_of(model.runner(node)).iter();
        let before = own.filter(|call| call.end() <= expr.start() && is_refresh(call));
        let Some(last) = before.max_by_key(|call| call.end()) else {
            return false;
        };
        let statement = model.statement_of(model.id(*last));
        let parent = model.nodes.parent(statement);
        let is_on_the_way = matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_))
            && model.nodes.ancestors(node).any(|at| at == parent)
            && model.suite_of(statement).is_some_and(|(suite, _)| {
                suite
                    .iter()
                    .any(|one| one.range().contains_range(expr.range()))
            });
        let since = TextRange::new(last.end(), expr.start());
        let is_bound_since = model
            .scopes
            .symbol(symbol)
            .bindings
            .iter()
            .any(|&binding| since.contains_range(model.scopes.binding(binding).range));
        is_on_the_way && !is_bound_since && !self.asks_in(node, since)
    }

    /// From where an object is had to a place; in a loop that it is not had in, to the end of the loop.
    fn span(&self, node: NodeId, from: TextSize, to: TextSize) -> TextRange {
        let mut end = to;
        for at in self.model.nodes.ancestors(node) {
            let inside = self.model.nodes.get(at);
            if matches!(inside, AnyNodeRef::StmtFunctionDef(_)) {
                break;
            }
            if matches!(inside, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_))
                && inside.range().start() > from
            {
                end = end.max(inside.range().end());
            }
        }
        TextRange::new(from.min(end), end)
    }

    /// `session.refresh(object, [...])` before the statement of an expression, where it is a name that has its object by then.
    fn repair(&self, expr: &'a Expr) -> Option<Repair> {
        let model = self.model;
        let Expr::Name(name) = expr else {
            return None;
        };
        let node = model.id(expr);
        let statement = model.statement_of(node);
        let range = model.nodes.range(statement);
        if matches!(model.nodes.get(statement), AnyNodeRef::StmtWhile(_)) {
            return None;
        }
        let symbol = model.scopes.symbol(model.scopes.symbol_of(node)?);
        let is_bound_before = symbol.bindings.iter().all(|&binding| {
            let binding = model.scopes.binding(binding);
            let is_loop = matches!(
                model.nodes.parent_node(binding.node),
                AnyNodeRef::Comprehension(_)
            );
            !is_loop && !range.contains_range(binding.range)
        });
        // What stands behind a condition is not always read.
        let is_conditional = model
            .nodes
            .ancestors(node)
            .take_while(|&at| model.nodes.get(at).is_expression())
            .any(|at| {
                matches!(
                    model.nodes.get(at),
                    AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_) | AnyNodeRef::ExprLambda(_)
                )
            });
        if !is_bound_before || is_conditional {
            return None;
        }
        let own = self.calls_of(model.runner(node)).iter();
        let before = own.filter(|call| call.end() <= range.start());
        let used = before.filter_map(|call| {
            let receiver = match call.func.as_ref() {
                Expr::Attribute(method) => Some((method.value.as_ref(), call.range())),
                _ => None,
            };
            let handed = literal::arguments(call).map(|argument| (argument, argument.range()));
            receiver
                .into_iter()
                .chain(handed)
                .find(|(session, _)| self.is_session(session) && is_plain(session))
        });
        let (session, owner) = used.max_by_key(|(_, range)| range.start())?;
        Some(Repair {
            statement: range,
            object: name.id.to_string(),
            session: model.slice(session.range()).to_string(),
            owner,
        })
    }

    fn may_load(&self, attribute: &'a ExprAttribute) -> bool {
        let model = self.model;
        let node = model.id(attribute);
        match attribute.ctx {
            ExprContext::Load => {}
            // A scalar's old value is not asked for, but that of a collection is.
            ExprContext::Store => {
                return !self.is_scalar_store(node) && !self.is_other(&attribute.value);
            }
            _ => return false,
        }
        // Attributes that are called are methods of something else.
        if let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(node)
            && model.id(call.func.as_ref()) == node
        {
            return false;
        }
        !(self.is_class(&attribute.value)
            || self.is_other(&attribute.value)
            || self.is_in_clause(node))
    }

    /// Whether what is done with an attribute says that it holds objects: its elements are added or read, or it has the name
    /// of a class that the file knows (`post.user.name`).
    fn is_relationship_by_use(&self, attribute: &'a ExprAttribute) -> bool {
        let model = self.model;
        let node = model.id(attribute);
        if !self.declared.mapped.is_empty()
            || !attribute.ctx.is_load()
            || self.is_in_clause(node)
            || self.is_class(&attribute.value)
        {
            return false;
        }
        let is_called = |node: NodeId| {
            matches!(model.nodes.parent_node(node), AnyNodeRef::ExprCall(call)
                if model.id(call.func.as_ref()) == node)
        };
        if self.knows_class(attribute.attr.as_str()) {
            return !is_called(node);
        }
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprAttribute(next) => {
                is_called(model.id(next)) && OF_LISTS.contains(&next.attr.as_str())
            }
            AnyNodeRef::Comprehension(clause) => {
                model.id(&clause.iter) == node && self.reads_elements(&clause.target)
            }
            AnyNodeRef::StmtFor(for_) => {
                model.id(for_.iter.as_ref()) == node && self.reads_elements(&for_.target)
            }
            _ => false,
        }
    }

    /// Whether attributes of the elements of a loop are read.
    fn reads_elements(&self, target: &Expr) -> bool {
        let Expr::Name(name) = target else {
            return false;
        };
        let model = self.model;
        let Some(binding) = model.scopes.binding_at(model.id(name)) else {
            return false;
        };
        let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
        symbol.references.iter().any(|&reference| {
            let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(reference) else {
                return false;
            };
            let is_called = matches!(model.nodes.parent_node(model.id(attribute)), AnyNodeRef::ExprCall(call)
                if model.id(call.func.as_ref()) == model.id(attribute));
            !is_called
        })
    }

    /// Whether an assignment gives what is visibly no collection.
    fn is_scalar_store(&self, node: NodeId) -> bool {
        match self.model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) => {
                matches!(assign.value.as_ref(), Expr::Name(_) | Expr::NoneLiteral(_))
            }
            _ => false,
        }
    }

    /// Whether an expression is a class: a mapped one, or an alias of one.
    fn is_class(&self, value: &'a Expr) -> bool {
        let last = |path: &str| {
            let name = path.rsplit('.').next().unwrap_or(path);
            name.starts_with(|c: char| c.is_uppercase())
        };
        match value {
            Expr::Name(name) => {
                if self.declared.mapped.contains_key(name.id.as_str()) || name.id.as_str() == "cls"
                {
                    return true;
                }
                if self.model.meaning(value).path().is_some_and(last) {
                    return true;
                }
                let Some(symbol) = self.model.scopes.symbol_of(self.model.id(name)) else {
                    return false;
                };
                let bindings = &self.model.scopes.symbol(symbol).bindings;
                !bindings.is_empty()
                    && bindings.iter().all(|&binding| {
                        let BindingKind::Assign { value } = self.model.scopes.binding(binding).kind
                        else {
                            return false;
                        };
                        match self.expr_at(value) {
                            Some(Expr::Call(call)) => {
                                let meaning = self.model.meaning(&call.func);
                                meaning
                                    .path()
                                    .is_some_and(|path| path.ends_with(".aliased"))
                            }
                            _ => false,
                        }
                    })
            }
            Expr::Attribute(attribute) => {
                self.declared.mapped.contains_key(attribute.attr.as_str())
                    && !self.is_row(&attribute.value)
                    || self.model.meaning(value).path().is_some_and(last)
            }
            _ => false,
        }
    }

    /// Whether an expression can be a row, of which `row.User` is an object: no module.
    fn is_row(&self, value: &Expr) -> bool {
        let Expr::Name(name) = value else {
            return matches!(value, Expr::Call(_) | Expr::Await(_) | Expr::Subscript(_));
        };
        let scopes = &self.model.scopes;
        let Some(symbol) = scopes.symbol_of(self.model.id(name)) else {
            return false;
        };
        let bindings = &scopes.symbol(symbol).bindings;
        bindings.iter().any(|&binding| {
            matches!(
                scopes.binding(binding).kind,
                BindingKind::Assign { .. } | BindingKind::For { .. } | BindingKind::Unpacked
            )
        })
    }

    /// Whether an expression is visibly no instance of a model: a module, a value of another class, `self` in a class that
    /// is not mapped.
    fn is_other(&self, value: &Expr) -> bool {
        let model = self.model;
        if model.meaning(value).path().is_some() {
            return true;
        }
        let Expr::Name(name) = value else {
            return matches!(
                value,
                Expr::StringLiteral(_) | Expr::FString(_) | Expr::Dict(_) | Expr::List(_)
            );
        };
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return false;
        };
        let [binding] = model.scopes.symbol(symbol).bindings[..] else {
            return false;
        };
        let binding = model.scopes.binding(binding);
        let AnyNodeRef::Parameter(parameter) = model.nodes.get(binding.node) else {
            return false;
        };
        // SQLAlchemy calls a listener of a mapper where it may wait for the database.
        if let Some(function) = self.function_of(binding.node)
            && is_mapper_listener(function)
        {
            return true;
        }
        if let Some(annotation) = parameter.annotation.as_deref() {
            return match annotation {
                Expr::Name(class) => {
                    !self.declared.mapped.contains_key(class.id.as_str())
                        && !matches!(class.id.as_str(), "Any" | "object")
                        && !self.is_open(class)
                }
                // `schemas.PostCreate`
                Expr::Attribute(class) => {
                    let name = class.attr.as_str();
                    !self.declared.mapped.is_empty()
                        && !self.declared.mapped.contains_key(name)
                        && !matches!(name, "Any")
                        && name.starts_with(|first: char| first.is_uppercase())
                }
                _ => false,
            };
        }
        if name.id.as_str() != "self" {
            return false;
        }
        let class = model
            .nodes
            .ancestors(binding.node)
            .find_map(|at| match model.nodes.get(at) {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            });
        class.is_some_and(|class| {
            !self.declared.mapped.contains_key(class.name.as_str()) && !is_mapped(class)
        })
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

    /// Whether a read stands in what builds a statement: in an option, or as an argument of a clause (`query.join(alias.posts)`).
    /// `", ".join(tag.name for tag in post.tags)` and `any(post.tags)` are none.
    fn is_in_clause(&self, node: NodeId) -> bool {
        let nodes = &self.model.nodes;
        let arguments = nodes.parent(node);
        let is_argument = matches!(nodes.get(arguments), AnyNodeRef::Arguments(_));
        if is_argument
            && let AnyNodeRef::ExprCall(call) = nodes.parent_node(arguments)
            && let Expr::Attribute(method) = call.func.as_ref()
            && CLAUSES.contains(&method.attr.as_str())
            && !matches!(*method.value, Expr::StringLiteral(_) | Expr::FString(_))
        {
            return true;
        }
        nodes.ancestors(node).any(|at| {
            let AnyNodeRef::ExprCall(call) = nodes.get(at) else {
                return false;
            };
            let name = match call.func.as_ref() {
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                Expr::Name(name) => name.id.as_str(),
                _ => return false,
            };
            LOADERS.contains(&name) && call.arguments.range().contains_range(nodes.range(node))
        })
    }

    /// Reads of attributes by a name that is written out: `getattr(post, "tags")`, `attrgetter("author.name")`.
    fn looked_up(&self, reads: &mut Reads) {
        for call in self.model.calls() {
            let arguments = &call.arguments.args;
            let meaning = self.model.meaning(&call.func);
            let (object, names) = match (meaning.path(), &**arguments) {
                (Some("builtins.getattr" | "builtins.hasattr"), [object, name, ..]) => {
                    (Some(object), std::slice::from_ref(name))
                }
                (Some("operator.attrgetter"), names) => (None, names),
                _ => continue,
            };
            if let (Some(object), [name]) = (object, names)
                && literal::string(name).is_none()
            {
                self.looked_up_by_value(call, object, name, reads);
                continue;
            }
            let names = names.iter().filter_map(literal::string);
            let lazy = names
                .flat_map(|name| name.split('.'))
                .find(|name| self.declared.lazy.contains_key(*name));
            let Some(name) = lazy else {
                continue;
            };
            match object {
                Some(object) if self.is_class(object) || self.is_other(object) => {}
                Some(object) => {
                    let read = self.read(call.range(), name, object, false);
                    reads.reads.push(read);
                }
                None => reads.reads.push(unseen(call.range(), name)),
            }
        }
    }

    /// Attributes that are read by patterns (`case Post(author=author)`) and by the fields of a text
    /// (`"{0.author.name}".format(post)`).
    fn matched(&self, reads: &mut Reads) {
        let lazy = &self.declared.lazy;
        for node in self.model.nodes.all() {
            match self.model.nodes.get(node) {
                AnyNodeRef::PatternKeyword(pattern) if lazy.contains_key(pattern.attr.as_str()) => {
                    reads.reads.push(unseen(pattern.range(), &pattern.attr));
                }
                AnyNodeRef::ExprCall(call) => {
                    let Expr::Attribute(method) = call.func.as_ref() else {
                        continue;
                    };
                    let Expr::StringLiteral(text) = method.value.as_ref() else {
                        continue;
                    };
                    if !matches!(method.attr.as_str(), "format" | "format_map") {
                        continue;
                    }
                    let text = text.value.to_str();
                    let fields = text.split('{').skip(1);
                    let names = fields.flat_map(|field| {
                        let end = field.find(['}', '!', ':']).unwrap_or(field.len());
                        field[..end].split(['.', '[', ']']).skip(1)
                    });
                    for name in names.filter(|name| lazy.contains_key(*name)) {
                        reads.reads.push(unseen(method.value.range(), name));
                    }
                }
                _ => {}
            }
        }
    }

    /// `getattr(post, name)`: what the names are that a loop goes through, or any. Those of columns
    /// (`for column in table.columns`) are none.
    fn looked_up_by_value(
        &self,
        call: &'a ExprCall,
        object: &'a Expr,
        name: &'a Expr,
        reads: &mut Reads,
    ) {
        if self.is_class(object)
            || self.is_other(object)
            || self.guards_store(call)
            || matches!(name, Expr::Attribute(of)
                if matches!(of.attr.as_str(), "key" | "name") && !self.is_of_mapper(&of.value))
        {
            return;
        }
        match self.listed(name) {
            Some(names) => {
                let lazy = names
                    .iter()
                    .filter(|name| self.declared.lazy.contains_key(**name));
                for name in lazy {
                    let read = self.read(call.range(), name, object, false);
                    reads.reads.push(read);
                }
            }
            None => {
                let text = self.model.slice(call.range());
                let read = self.read(call.range(), text, object, false);
                reads.reads.push(Read {
                    is_any: true,
                    ..read
                });
            }
        }
    }

    /// Whether a loop gives a name what a mapper has beside columns: `for attribute in inspect(Post).attrs`.
    fn is_of_mapper(&self, value: &Expr) -> bool {
        let Expr::Name(name) = value else {
            return false;
        };
        let model = self.model;
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return false;
        };
        let bindings = &model.scopes.symbol(symbol).bindings;
        bindings.iter().any(|&binding| {
            let BindingKind::For { value } = model.scopes.binding(binding).kind else {
                return false;
            };
            let text = model.slice(model.nodes.range(value));
            OF_MAPPERS.iter().any(|word| text.contains(word))
        })
    }

    /// `if hasattr(post, name): setattr(post, name, value)`: what is given to it is no object, or it would be named.
    fn guards_store(&self, call: &'a ExprCall) -> bool {
        let model = self.model;
        if model.meaning(&call.func).path() != Some("builtins.hasattr") {
            return false;
        }
        let statement = model.statement_of(model.id(call));
        let AnyNodeRef::StmtIf(if_) = model.nodes.get(statement) else {
            return false;
        };
        let arguments = |call: &ExprCall| {
            let given = call.arguments.args.iter().take(2);
            given
                .map(|one| model.slice(one.range()))
                .collect::<Vec<_>>()
        };
        if_.body.iter().any(|statement| match statement {
            Stmt::Expr(expr) => matches!(expr.value.as_ref(), Expr::Call(store)
                if model.meaning(&store.func).path() == Some("builtins.setattr")
                    && arguments(store) == arguments(call)),
            _ => false,
        })
    }

    /// The texts that a name stands for, where a loop goes through a display of them.
    fn listed(&self, name: &'a Expr) -> Option<Vec<&'a str>> {
        let Expr::Name(name) = name else {
            return None;
        };
        let model = self.model;
        let symbol = model.scopes.symbol(model.scopes.symbol_of(model.id(name))?);
        let [binding] = symbol.bindings[..] else {
            return None;
        };
        let BindingKind::For { value } = model.scopes.binding(binding).kind else {
            return None;
        };
        let elements = match self.expr_at(value)? {
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::List(list) => &list.elts,
            Expr::Set(set) => &set.elts,
            _ => return None,
        };
        elements.iter().map(literal::string).collect()
    }

    /// A read of an attribute of an object.
    fn read(&self, range: TextRange, name: &str, object: &'a Expr, is_guess: bool) -> Read {
        let seen = self.seen(object, range.start());
        Read {
            range,
            name: name.to_string(),
            is_guess,
            is_any: false,
            asks: seen.iter().all(|seen| match &seen.value.root {
                Root::New(class) => self.asks_for(class),
                _ => true,
            }),
            seen,
        }
    }

    /// Classes that read attributes by their fields' names: models of pydantic and schemas of marshmallow.
    fn schemas(&self, reads: &mut Reads) {
        for node in self.model.nodes.all() {
            let AnyNodeRef::StmtClassDef(class) = self.model.nodes.get(node) else {
                continue;
            };
            if self.declared.mapped.contains_key(class.name.as_str())
                || is_mapped(class)
                || class.bases().is_empty()
            {
                continue;
            }
            reads.schemas.push(self.schema(class));
        }
    }

    fn schema(&self, class: &StmtClassDef) -> Schema {
        let mut schema = Schema {
            name: class.name.to_string(),
            bases: class
                .bases()
                .iter()
                .flat_map(|base| self.names_in(base))
                .collect(),
            fields: Vec::new(),
            odd: None,
        };
        for statement in &class.body {
            match statement {
                Stmt::AnnAssign(assign) => {
                    if let Expr::Name(name) = assign.target.as_ref() {
                        let types = self.names_in(&assign.annotation);
                        // What a field is called in an object.
                        for alias in assign.value.as_deref().iter().flat_map(|one| aliases(one)) {
                            schema.fields.push((alias.to_string(), types.clone()));
                        }
                        schema.fields.push((name.id.to_string(), types));
                    }
                }
                Stmt::Assign(assign) => {
                    if let [Expr::Name(name)] = &*assign.targets
                        && self.is_field(&assign.value)
                        && self.declared.lazy.contains_key(name.id.as_str())
                    {
                        schema.odd = Some((name.range(), name.id.to_string()));
                    }
                }
                _ => {}
            }
        }
        schema
    }

    /// Whether a class body declares a field of marshmallow by it: `fields.Nested(PostSchema)`, `ma.List(...)`, `Nested(...)`.
    fn is_field(&self, value: &Expr) -> bool {
        let Expr::Call(call) = value else {
            return false;
        };
        let func = self.model.slice(call.func.range());
        let path = self.model.meaning(&call.func);
        func.starts_with("fields.")
            || func.starts_with("ma.")
            || func.ends_with("Nested")
            || path.path().is_some_and(|path| path.contains("marshmallow"))
    }

    /// The names in a type.
    fn names_in(&self, annotation: &Expr) -> Vec<String> {
        let text = self.model.slice(annotation.range());
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words
            .filter(|word| word.starts_with(char::is_uppercase))
            .map(str::to_string)
            .collect()
    }

    /// Where schemas read objects: what routes return, and `Schema.model_validate(user)`.
    fn shown(&self, reads: &mut Reads) {
        let model = self.model;
        for (index, function) in model.scopes.functions().iter().enumerate() {
            let Some(definition) = function.definition else {
                continue;
            };
            let mut schemas = Vec::new();
            for decorator in &definition.decorator_list {
                let Expr::Call(call) = &decorator.expression else {
                    continue;
                };
                let is_route = matches!(call.func.as_ref(), Expr::Attribute(attribute)
                    if matches!(attribute.attr.as_str(), "get" | "post" | "put" | "patch" | "delete" | "api_route"));
                if let Some(keyword) = literal::keyword(call, "response_model") {
                    schemas.extend(self.names_in(&keyword.value));
                } else if is_route && let Some(returns) = definition.returns.as_deref() {
                    schemas.extend(self.names_in(returns));
                }
            }
            if schemas.is_empty() {
                continue;
            }
            for seen in self.given_by(model.id(definition), index as u32) {
                reads.shown.push(Shown {
                    range: seen.0,
                    schemas: schemas.clone(),
                    field: None,
                    seen: seen.1,
                });
            }
            self.shown_in_dicts(model.id(definition), index as u32, &schemas, reads);
        }
        self.shown_in_fields(reads);
        for call in model.calls() {
            let Expr::Attribute(method) = call.func.as_ref() else {
                continue;
            };
            if !matches!(
                method.attr.as_str(),
                "model_validate" | "from_orm" | "parse_obj" | "validate_python"
            ) {
                continue;
            }
            let Some(first) = call.arguments.args.first() else {
                continue;
            };
            reads.shown.push(Shown {
                range: call.range(),
                schemas: self.names_in(&method.value),
                field: None,
                seen: self.seen(first, call.start()),
            });
        }
    }

    /// `return {"items": posts}` of a route: the field of its schema reads the objects.
    fn shown_in_dicts(&self, function: NodeId, index: u32, schemas: &[String], reads: &mut Reads) {
        let model = self.model;
        for node in model.nodes.subtree(function) {
            let AnyNodeRef::StmtReturn(return_) = model.nodes.get(node) else {
                continue;
            };
            let Some(Expr::Dict(dict)) = return_.value.as_deref() else {
                continue;
            };
            if model.runner(node) != Runner::Function(index) {
                continue;
            }
            for item in &dict.items {
                let Some(field) = item.key.as_ref().and_then(literal::string) else {
                    continue;
                };
                reads.shown.push(Shown {
                    range: item.value.range(),
                    schemas: schemas.to_vec(),
                    field: Some(field.to_string()),
                    seen: self.seen(&item.value, item.value.start()),
                });
            }
        }
    }

    /// `Page(items=posts)`: the field reads the objects.
    fn shown_in_fields(&self, reads: &mut Reads) {
        for call in self.model.calls() {
            let schemas = match call.func.as_ref() {
                Expr::Name(name) if !self.declared.mapped.contains_key(name.id.as_str()) => {
                    self.names_in(&call.func)
                }
                Expr::Attribute(name) if !self.declared.mapped.contains_key(name.attr.as_str()) => {
                    vec![name.attr.to_string()]
                }
                // `Page[PostOut](items=posts)`
                Expr::Subscript(_) => self.names_in(&call.func),
                _ => continue,
            };
            if !schemas
                .iter()
                .any(|name| name.starts_with(char::is_uppercase))
            {
                continue;
            }
            for keyword in &call.arguments.keywords {
                let Some(field) = &keyword.arg else {
                    continue;
                };
                if keyword.value.is_literal_expr() {
                    continue;
                }
                reads.shown.push(Shown {
                    range: keyword.value.range(),
                    schemas: schemas.clone(),
                    field: Some(field.to_string()),
                    seen: self.seen(&keyword.value, keyword.value.start()),
                });
            }
        }
    }

    /// What a function returns and yields.
    fn given_by(&self, function: NodeId, index: u32) -> Vec<(TextRange, Vec<Seen>)> {
        let model = self.model;
        let mut found = Vec::new();
        for node in model.nodes.subtree(function) {
            let value = match model.nodes.get(node) {
                AnyNodeRef::StmtReturn(return_) => return_.value.as_deref(),
                AnyNodeRef::ExprYield(yield_) => yield_.value.as_deref(),
                AnyNodeRef::ExprYieldFrom(yield_) => Some(yield_.value.as_ref()),
                _ => continue,
            };
            if model.runner(node) != Runner::Function(index) {
                continue;
            }
            if let Some(value) = value {
                found.push((value.range(), self.seen(value, value.start())));
            }
        }
        found
    }

    /// The functions of these names that the file defines, and their calls.
    pub fn functions(&self, names: &FxHashSet<String>) -> Functions {
        let model = self.model;
        let mut found = Functions::default();
        for (index, function) in model.scopes.functions().iter().enumerate() {
            let Some(definition) = function.definition else {
                continue;
            };
            if !names.contains(definition.name.as_str()) {
                continue;
            }
            let parameters = &definition.parameters;
            let all = parameters
                .posonlyargs
                .iter()
                .chain(&parameters.args)
                .chain(&parameters.kwonlyargs);
            let mut depends = Vec::new();
            let mut own = Vec::new();
            for parameter in all {
                let name = parameter.parameter.name.to_string();
                let in_annotation = parameter.parameter.annotation.as_deref().and_then(
                    |annotation| match annotation {
                        Expr::Subscript(subscript) => match subscript.slice.as_ref() {
                            Expr::Tuple(tuple) => {
                                tuple.elts.iter().find_map(|one| self.depends(one))
                            }
                            _ => None,
                        },
                        _ => None,
                    },
                );
                let by_default = parameter
                    .default
                    .as_deref()
                    .and_then(|default| self.depends(default));
                if let Some(callee) = by_default.or(in_annotation) {
                    depends.push((name.clone(), callee));
                }
                if !matches!(name.as_str(), "self" | "cls") {
                    own.push(name);
                }
            }
            found.definitions.push(Definition {
                path: self.path_of(definition),
                is_method: matches!(
                    model.nodes.parent_node(model.id(definition)),
                    AnyNodeRef::StmtClassDef(_)
                ),
                parameters: own,
                depends,
                ends: match definition.body.first() {
                    Some(first) => self.ends_in(model.id(first), definition.range()),
                    None => Ends::default(),
                },
                is_property: definition.decorator_list.iter().any(|decorator| {
                    let meaning = model.meaning(&decorator.expression);
                    let last = meaning.path().and_then(|path| path.rsplit('.').next());
                    matches!(
                        last,
                        Some("property" | "cached_property" | "hybrid_property")
                    )
                }),
                gives: self
                    .given_by(model.id(definition), index as u32)
                    .into_iter()
                    .flat_map(|(_, seen)| seen)
                    .collect(),
            });
        }
        self.uses(names, &mut found);
        found
    }

    /// The calls of functions of these names, and where they are values.
    fn uses(&self, names: &FxHashSet<String>, found: &mut Functions) {
        let model = self.model;
        for node in model.nodes.all() {
            let mut receiver = None;
            let (callee, is_value) = match model.nodes.get(node) {
                AnyNodeRef::ExprStringLiteral(literal)
                    if names.contains(literal.value.to_str()) && self.is_looked_up(node) =>
                {
                    (Callee::Method(literal.value.to_str().to_string()), true)
                }
                AnyNodeRef::ExprName(name) if names.contains(name.id.as_str()) => {
                    let Some(expr) = model.expr(node) else {
                        continue;
                    };
                    match model.meaning_of(expr).path() {
                        Some(path) => (Callee::Path(path.to_string()), name.ctx.is_load()),
                        None => match self.local_function(name) {
                            Some(function) => {
                                (Callee::Path(self.path_of(function)), name.ctx.is_load())
                            }
                            None => continue,
                        },
                    }
                }
                AnyNodeRef::ExprAttribute(attribute)
                    if names.contains(attribute.attr.as_str()) && attribute.ctx.is_load() =>
                {
                    let Some(expr) = model.expr(node) else {
                        continue;
                    };
                    let call = match model.nodes.parent_node(node) {
                        AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => {
                            Some(call)
                        }
                        _ => None,
                    };
                    let of_class = self.is_class(&attribute.value);
                    let object = match call {
                        // `User.title(user)`
                        Some(call) if of_class => call.arguments.args.first(),
                        _ if of_class => None,
                        _ => Some(attribute.value.as_ref()),
                    };
                    receiver = object.map(|object| self.seen(object, attribute.start()));
                    match model.meaning_of(expr).path() {
                        Some(path) => (Callee::Path(path.to_string()), true),
                        None => (self.method(attribute), true),
                    }
                }
                _ => continue,
            };
            if !is_value {
                continue;
            }
            let call = match model.nodes.parent_node(node) {
                AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => call,
                // `Depends(get_user)`: what it gives is taken by parameters.
                _ if self.is_handed_to_depends(node) => continue,
                _ => {
                    found.calls.push(Call {
                        callee,
                        given: None,
                        receiver,
                    });
                    continue;
                }
            };
            let given = (!literal::has_starred(call)).then(|| {
                let by_position = call
                    .arguments
                    .args
                    .iter()
                    .map(|argument| self.seen(argument, call.start()))
                    .collect();
                let by_name = call.arguments.keywords.iter().filter_map(|keyword| {
                    let name = keyword.arg.as_ref()?.to_string();
                    Some((name, self.seen(&keyword.value, call.start())))
                });
                (by_position, by_name.collect())
            });
            found.calls.push(Call {
                callee,
                given,
                receiver,
            });
        }
    }

    /// Whether a text is the name in `getattr(user, "title")` or the like.
    fn is_looked_up(&self, node: NodeId) -> bool {
        let arguments = self.model.nodes.parent(node);
        matches!(self.model.nodes.parent_node(arguments), AnyNodeRef::ExprCall(call)
            if self.model.meaning(&call.func).path().is_some_and(|path| LOOKUPS.contains(&path)))
    }

    fn is_handed_to_depends(&self, node: NodeId) -> bool {
        let taker =
            self.model
                .nodes
                .ancestors(node)
                .find_map(|at| match self.model.nodes.get(at) {
                    AnyNodeRef::ExprCall(call) => Some(call),
                    _ => None,
                });
        taker.is_some_and(|call| self.depends_call(call))
    }

    fn depends_call(&self, call: &ExprCall) -> bool {
        let meaning = self.model.meaning(&call.func);
        let last = meaning.path().and_then(|path| path.rsplit('.').next());
        matches!(last, Some("Depends" | "Security"))
    }
}

/// A name, or attributes of one.
/// The names that a field of a schema has in objects: `Field(validation_alias="author")`, `AliasPath("author", "name")`.
fn aliases(value: &Expr) -> Vec<&str> {
    let Expr::Call(call) = value else {
        return Vec::new();
    };
    let keywords = ["alias", "validation_alias"].into_iter();
    let given = keywords.filter_map(|name| literal::keyword(call, name));
    let mut found = Vec::new();
    for keyword in given {
        let mut pending = vec![&keyword.value];
        while let Some(one) = pending.pop() {
            match one {
                Expr::StringLiteral(text) => found.push(text.value.to_str()),
                // `AliasChoices("author", AliasPath("writer", "name"))`
                Expr::Call(of) => pending.extend(&of.arguments.args),
                _ => {}
            }
        }
    }
    found
}

/// A read of an attribute of an object that cannot be followed.
fn unseen(range: TextRange, name: &str) -> Read {
    Read {
        range,
        name: name.to_string(),
        seen: vec![Seen::of(Value::new(Root::Unknown, range.start()))],
        is_guess: false,
        asks: true,
        is_any: false,
    }
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => is_plain(&attribute.value),
        _ => false,
    }
}

/// Whether a function takes what listeners of mappers do: `before_insert(mapper, connection, target)`.
fn is_mapper_listener(function: &StmtFunctionDef) -> bool {
    let parameters = function.parameters.iter_non_variadic_params();
    let names = parameters.map(|one| one.parameter.name.trim_start_matches('_'));
    names.eq(["mapper", "connection", "target"])
}
