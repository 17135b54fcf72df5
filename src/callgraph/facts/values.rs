//! Where the values of a library's classes go in one file: see [`crate::callgraph::values`].
//!
//! A value is followed from the expression that gives it upwards, through `or`, `if ... else` and `:=`, to what takes it.
//! What is not listed here is [`To::Lost`]: nothing is missed in silence.

use ruff_python_ast::{
    AnyNodeRef, CmpOp, Expr, ExprCall, ExprContext, ExprRef, Stmt, StmtAnnAssign, StmtAssign,
    UnaryOp,
};
use ruff_python_parser::parse_expression;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::super::values::{
    Asked, Fields, FileValues, Gives, How, Leaf, Mention, Role, Slot, Spot, Step, To, Write,
};
use super::super::{Target, Type};
use super::value::Known;
use super::{Outlook, Reader};
use crate::callgraph::facts::{ends, split};
use crate::python::PythonVersion;
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Model, NodeId, Runner, ScopeKind, literal};

/// Functions that look at a value and keep nothing of it.
const ONLOOKERS: &[&str] = &[
    "builtins.bool",
    "builtins.callable",
    "builtins.hash",
    "builtins.id",
    "builtins.print",
    "builtins.repr",
    "builtins.str",
    "builtins.type",
];

/// Decorators that write an `__init__` with a parameter for each field.
const DATACLASSES: &[&str] = &[
    "attr.attrs",
    "attr.dataclass",
    "attr.define",
    "attr.frozen",
    "attr.mutable",
    "attr.s",
    "attrs.define",
    "attrs.frozen",
    "attrs.mutable",
    "dataclasses.dataclass",
    "pydantic.dataclasses.dataclass",
];

/// Bases whose instances are tuples of their fields.
const TUPLES: &[&str] = &["typing.NamedTuple", "typing_extensions.NamedTuple"];

/// What marks a parameter that a framework fills with what a function gives.
const DEPENDS: &[&str] = &[
    "fastapi.Depends",
    "fastapi.Security",
    "fastapi.param_functions.Depends",
    "fastapi.params.Depends",
];

/// Reads where the values of the classes that are asked for go, and those of the calls `given`. `target` decides where
/// `await` is possible.
pub fn read(
    model: &Model<'_>,
    target: PythonVersion,
    outlook: Outlook<'_>,
    asked: Asked<'_>,
    given: &FxHashSet<NodeId>,
) -> FileValues {
    let mut walk = Walk {
        reader: Reader::new(model, outlook),
        target,
        asked,
        given,
        split: split::Split::new(model),
        values: FileValues::default(),
        ends: memchr::memchr_iter(b'\n', model.text.as_bytes()).collect(),
    };
    walk.classes();
    walk.variables();
    walk.parameters();
    for node in model.nodes.all() {
        walk.mention(node);
        walk.step(node);
        walk.matched(node);
        walk.write(node);
    }
    walk.values
}

struct Walk<'a, 'm, 'c> {
    reader: Reader<'a, 'm>,
    target: PythonVersion,
    asked: Asked<'c>,
    /// The calls whose values are followed, whatever their class.
    given: &'c FxHashSet<NodeId>,
    /// The local variables that hold different things one after the other.
    split: split::Split,
    values: FileValues,
    /// Where lines end.
    ends: Vec<usize>,
}

impl<'a> Walk<'a, '_, '_> {
    fn model(&self) -> &Model<'a> {
        self.reader.model
    }

    fn line(&self, at: TextSize) -> u32 {
        self.ends.partition_point(|&end| end < at.to_usize()) as u32 + 1
    }

    fn is_asked_for(&self, path: &str) -> bool {
        self.asked.classes.contains(&path)
    }

    /// The classes that derive from one that is asked for, and the fields of dataclasses.
    fn classes(&mut self) {
        for index in 0..self.reader.classes.len() {
            let info = &self.reader.classes[index];
            let is_derived = info
                .bases
                .iter()
                .any(|base| matches!(base, Target::Path(path) if self.is_asked_for(path)));
            let node = info.node;
            if is_derived {
                self.values.derived.push(index as u32);
            }
            let is_dataclass = node.decorator_list.iter().any(|decorator| {
                let func = match &decorator.expression {
                    Expr::Call(call) => call.func.as_ref(),
                    func => func,
                };
                let path = self.model().meaning(func);
                path.path().is_some_and(|path| DATACLASSES.contains(&path))
            });
            let fields: Vec<String> = node
                .body
                .iter()
                .filter_map(|statement| match statement {
                    Stmt::AnnAssign(assign) if self.is_field(assign) => {
                        match assign.target.as_ref() {
                            Expr::Name(name) => Some(name.id.to_string()),
                            _ => None,
                        }
                    }
                    _ => None,
                })
                .collect();
            let is_tuple = info
                .bases
                .iter()
                .any(|base| matches!(base, Target::Path(path) if TUPLES.contains(&path.as_str())));
            if is_tuple {
                // Its values are read by number, by unpacking and by iteration as well.
                let node = self.model().id(node);
                for field in &fields {
                    let from = Spot::Member(Some(Type::Class(index as u32)), field.clone());
                    self.push(from, node, To::Lost("it is stored in a container"));
                }
            }
            if !fields.is_empty() {
                self.values.fields.push(Fields {
                    class: index as u32,
                    names: fields,
                    is_dataclass,
                });
            }
        }
    }

    /// Whether an annotated name of a class is a parameter of its constructor: no variable of the class, and not left out.
    fn is_field(&self, assign: &StmtAnnAssign) -> bool {
        let head = match assign.annotation.as_ref() {
            Expr::Subscript(subscript) => subscript.value.as_ref(),
            annotation => annotation,
        };
        let is_shared = matches!(
            self.model().meaning(head).path(),
            Some("typing.ClassVar" | "typing_extensions.ClassVar")
        );
        let is_left_out = matches!(assign.value.as_deref(), Some(Expr::Call(call))
            if literal::keyword(call, "init").is_some_and(|init| literal::boolean(&init.value) == Some(false)));
        !is_shared && !is_left_out
    }

    /// The bindings of variables that are no assignments.
    fn variables(&mut self) {
        let model = self.reader.model;
        for (id, symbol) in model.scopes.symbols() {
            if self.reader.definition(id).is_some() {
                self.defined(id);
                continue;
            }
            let Some(to) = self.variable(id) else {
                continue;
            };
            for &number in &symbol.bindings {
                let binding = model.scopes.binding(number);
                let is_other = match binding.kind {
                    BindingKind::For { .. }
                    | BindingKind::Augmented
                    | BindingKind::Except
                    | BindingKind::Match => true,
                    BindingKind::Unpacked => !is_paired(model, binding.node),
                    BindingKind::Parameter => self.reader.is_variadic(binding.node),
                    _ => false,
                };
                if is_other {
                    let to = match self.split.at_binding(number) {
                        Some(number) => Spot::Variable(number),
                        None => to.clone(),
                    };
                    self.put(to, binding.range, vec![Leaf::Other]);
                }
            }
        }
        // `self` in a class is an instance of it.
        let mut selves: Vec<(SymbolId, u32)> = self
            .reader
            .selves
            .iter()
            .filter(|(_, (_, is_class))| !is_class)
            .map(|(&symbol, &(class, _))| (symbol, class))
            .collect();
        selves.sort_unstable();
        for (symbol, class) in selves {
            if self.reader.classes[class as usize].bases.is_empty() {
                continue;
            }
            let node = model
                .scopes
                .binding(model.scopes.symbol(symbol).bindings[0])
                .node;
            self.push(
                Spot::Instance(class),
                node,
                To::Spot(Spot::Variable(symbol.number())),
            );
        }
    }

    /// What a class defines under the name of an attribute, which another class of its family may have a value for.
    fn defined(&mut self, symbol: SymbolId) {
        let model = self.reader.model;
        let Some(to @ Spot::Member(..)) = self.variable(symbol) else {
            return;
        };
        for &binding in &model.scopes.symbol(symbol).bindings {
            let binding = model.scopes.binding(binding);
            // What a property gives is told by what it returns.
            let is_property = match model.nodes.get(binding.node) {
                AnyNodeRef::StmtFunctionDef(function) => function
                    .decorator_list
                    .iter()
                    .any(|decorator| is_property(model, &decorator.expression)),
                _ => false,
            };
            if !is_property {
                self.put(to.clone(), binding.range, vec![Leaf::Other]);
            }
        }
    }

    /// Attributes that a pattern takes out of a value: `case Api(client=client)`.
    fn matched(&mut self, node: NodeId) {
        let AnyNodeRef::PatternMatchClass(pattern) = self.reader.model.nodes.get(node) else {
            return;
        };
        let type_ = match self.reader.known(&pattern.cls) {
            Known::Class(class) => Type::Class(class),
            Known::Path(path) => Type::Path(path),
            _ => return,
        };
        let fields = match type_ {
            Type::Class(class) if !pattern.arguments.patterns.is_empty() => self
                .values
                .fields
                .iter()
                .find(|fields| fields.class == class)
                .map_or_else(Vec::new, |fields| fields.names.clone()),
            _ => Vec::new(),
        };
        let named = pattern.arguments.keywords.iter();
        let names = named.map(|keyword| keyword.attr.to_string());
        for name in names.chain(fields) {
            let from = Spot::Member(Some(type_.clone()), name);
            self.push(from, node, To::Lost("a pattern takes it out of its object"));
        }
    }

    /// What frameworks give to parameters, and their defaults.
    fn parameters(&mut self) {
        let model = self.reader.model;
        for node in model.nodes.all() {
            let AnyNodeRef::Parameter(parameter) = model.nodes.get(node) else {
                continue;
            };
            let Some(symbol) = self.symbol_at(node) else {
                continue;
            };
            let to = Spot::Variable(symbol.number());
            if let Known::Instance(Type::Fixture(name)) = self.reader.taken(symbol, parameter) {
                self.push(Spot::Fixture(name), node, To::Spot(to.clone()));
            }
            let default = match model.nodes.parent_node(node) {
                AnyNodeRef::ParameterWithDefault(parameter) => parameter.default.as_deref(),
                _ => None,
            };
            if let Some(default) = default
                && !self.is_provided(default)
            {
                let leaves = self.leaves(default);
                self.put(to.clone(), default.range(), leaves);
            }
            let annotated = parameter.annotation.as_deref().and_then(annotated_parts);
            let extras = annotated.into_iter().flatten().chain(default);
            self.provided(extras, node, &to);
        }
        // `SessionDep = Annotated[Session, Depends(get_session)]`
        for node in model.nodes.all() {
            if let AnyNodeRef::StmtAssign(assign) = model.nodes.get(node)
                && let [target] = &*assign.targets
                && let Some(extras) = annotated_parts(&assign.value)
                && let Some(to) = self.target(target)
            {
                self.provided(extras, node, &to);
            }
        }
    }

    /// Notes what the functions among the extras of a type, or in a default, give to a place.
    fn provided(&mut self, extras: impl Iterator<Item = &'a Expr>, node: NodeId, to: &Spot) {
        for extra in extras {
            if let Some(target) = self.provider(extra) {
                self.push(Spot::Provided(target), node, To::Spot(to.clone()));
            }
        }
    }

    /// The function that an expression names.
    fn named_function(&mut self, expr: &'a Expr) -> Option<Target> {
        match self.reader.known(expr) {
            Known::Function(index) => Some(Target::Function(index)),
            Known::Path(path) => Some(Target::Path(path)),
            _ => None,
        }
    }

    fn is_provided(&self, default: &'a Expr) -> bool {
        match default {
            Expr::Call(call) => self
                .model()
                .meaning(&call.func)
                .path()
                .is_some_and(|path| DEPENDS.contains(&path)),
            _ => false,
        }
    }

    /// The function in `Depends(function)`.
    fn provider(&mut self, expr: &'a Expr) -> Option<Target> {
        let Expr::Call(call) = expr else {
            return None;
        };
        if !self.is_provided(expr) {
            return None;
        }
        let given = call.arguments.find_argument_value("dependency", 0)?;
        Some(match self.reader.known(given) {
            Known::Function(index) => Target::Function(index),
            Known::Path(path) => Target::Path(path),
            _ => Target::Unknown,
        })
    }

    fn symbol_at(&self, node: NodeId) -> Option<SymbolId> {
        let binding = self.model().scopes.binding_at(node)?;
        Some(self.model().scopes.binding(binding).symbol)
    }

    /// The place of a name: a variable, or an attribute of the class whose body it stands in.
    fn variable(&self, symbol: SymbolId) -> Option<Spot> {
        let scopes = &self.model().scopes;
        let info = scopes.symbol(symbol);
        let scope = scopes.scope(info.scope);
        if scope.kind == ScopeKind::Class {
            let class = *self.reader.classes_at.get(&scope.node)?;
            let name = self.reader.private(info.name, scope.node);
            return Some(Spot::Member(Some(Type::Class(class)), name));
        }
        Some(Spot::Variable(symbol.number()))
    }

    /// The place of the name that a node binds.
    fn variable_bound_at(&self, node: NodeId) -> Option<Spot> {
        let binding = self.model().scopes.binding_at(node)?;
        match self.split.at_binding(binding) {
            Some(number) => Some(Spot::Variable(number)),
            None => self.variable(self.model().scopes.binding(binding).symbol),
        }
    }

    fn push(&mut self, from: Spot, node: NodeId, to: To) {
        let range = self.model().nodes.range(node);
        let gives = self.gives(node, &to);
        let step = Step {
            from,
            node,
            range,
            line: self.line(range.start()),
            runner: self.model().runner(node),
            to,
            gives,
        };
        self.values.steps.push(step);
    }

    /// What a use of the value of an expression gives.
    fn gives(&self, node: NodeId, to: &To) -> Option<Gives> {
        if !self.asked.parts {
            return None;
        }
        let model = self.model();
        let call_of = |at: NodeId| match model.nodes.parent_node(at) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == at => Some(call),
            _ => None,
        };
        let called = |name: String, call: &ExprCall| Gives {
            node: model.id(call),
            how: How::called(name, call),
        };
        match to {
            To::Attribute { is_store: true, .. } => None,
            To::Attribute { node, name, .. } => Some(match call_of(*node) {
                Some(call) => called(name.clone(), call),
                None => Gives {
                    node: *node,
                    how: How::Attribute(name.clone()),
                },
            }),
            To::Item => {
                let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(node) else {
                    return None;
                };
                let key = crate::semantic::literal::string(&subscript.slice);
                Some(Gives {
                    node: model.id(subscript),
                    how: How::Item(key.map(str::to_string)),
                })
            }
            To::Handed(path) => {
                let mut above = model.nodes.ancestors(node);
                let call =
                    above.find(|&at| matches!(model.nodes.get(at), AnyNodeRef::ExprCall(_)))?;
                Some(Gives {
                    node: call,
                    how: How::Handed(path.clone()),
                })
            }
            To::Lost(_) => call_of(node).map(|call| called(String::new(), call)),
            _ => None,
        }
    }

    fn put(&mut self, to: Spot, range: TextRange, leaves: Vec<Leaf>) {
        let line = self.line(range.start());
        self.values.writes.push(Write {
            to,
            range,
            line,
            leaves,
        });
    }

    /// The place that an expression reads.
    fn spot(&mut self, node: NodeId) -> Option<Spot> {
        let model = self.reader.model;
        match model.expr(node)? {
            ExprRef::Name(name) if name.ctx == ExprContext::Load => {
                let symbol = model.scopes.symbol_of(node)?;
                if self.is_type_parameter(symbol) {
                    return None;
                }
                match self.reader.definition(symbol) {
                    None => match self.split.at_load(node) {
                        Some(number) => Some(Spot::Variable(number)),
                        None => self.variable(symbol),
                    },
                    Some(Known::Path(path)) => Some(Spot::Path(path)),
                    Some(_) => None,
                }
            }
            ExprRef::Attribute(attribute) if attribute.ctx == ExprContext::Load => self
                .member(&attribute.value, attribute.attr.as_str(), node)
                .or_else(|| self.part(node)),
            // `vars(api)["client"]`, `api.__dict__["client"]`
            ExprRef::Subscript(subscript) if subscript.ctx == ExprContext::Load => {
                let of = match subscript.value.as_ref() {
                    Expr::Attribute(attribute) if attribute.attr.as_str() == "__dict__" => {
                        Some(attribute.value.as_ref())
                    }
                    Expr::Call(call)
                        if model.meaning(&call.func).path() == Some("builtins.vars") =>
                    {
                        call.arguments.args.first()
                    }
                    _ => None,
                };
                match (of, crate::semantic::literal::string(&subscript.slice)) {
                    (Some(of), Some(name)) => self.member(of, name, node),
                    _ => self.part(node),
                }
            }
            ExprRef::Call(call) => {
                let meaning = model.meaning(&call.func);
                if self.given.contains(&node)
                    || meaning.path().is_some_and(|path| self.is_asked_for(path))
                {
                    return Some(Spot::Made(node));
                }
                if let Some((of, name)) = self.looked_up(call) {
                    return match meaning.path() {
                        Some("builtins.getattr") => self.member(of, name, node),
                        _ => None,
                    };
                }
                if let Some(made) = self.reader.advances(call) {
                    return Some(Spot::Iterated(made));
                }
                match self.reader.known(&call.func) {
                    Known::Outside { path, .. } if path == "builtins.super" => {
                        match self.reader.known_at(ExprRef::from(call)) {
                            Known::Super(class) => Some(Spot::Instance(class)),
                            _ => None,
                        }
                    }
                    Known::Outside { .. } if meaning.path().is_none() && self.is_giver(call) => {
                        Some(Spot::Given(node))
                    }
                    Known::Outside { .. } => self.part(node),
                    _ if self.asked.givers.is_empty() => Some(Spot::Result(node)),
                    _ => Some(Spot::Given(node)),
                }
            }
            _ => None,
        }
    }

    fn part(&self, node: NodeId) -> Option<Spot> {
        self.asked.parts.then_some(Spot::Part(node))
    }

    /// Whether a call is one of a member that may give another value.
    fn is_giver(&self, call: &ExprCall) -> bool {
        match call.func.as_ref() {
            Expr::Attribute(attribute) => self.asked.givers.contains(&attribute.attr.as_str()),
            _ => false,
        }
    }

    /// The object and the name of a member that a call takes or replaces: `getattr(api, "client")`,
    /// `patch.object(api, "client")`, `monkeypatch.setattr(api, "client", fake)`.
    fn looked_up(&self, call: &'a ExprCall) -> Option<(&'a Expr, &'a str)> {
        let is_lookup =
            is_patch(call) || self.model().meaning(&call.func).path() == Some("builtins.getattr");
        let [of, name, ..] = &*call.arguments.args else {
            return None;
        };
        let name = crate::semantic::literal::string(name).filter(|_| is_lookup)?;
        Some((of, name))
    }

    /// The place of an attribute.
    fn member(&mut self, value: &'a Expr, name: &str, node: NodeId) -> Option<Spot> {
        let name = self.reader.mangled(name, node);
        match self.reader.known(value) {
            Known::Path(path) => Some(Spot::Path(format!("{path}.{name}"))),
            Known::Class(class) => Some(Spot::Member(Some(Type::Class(class)), name)),
            Known::Instance(type_) if self.reader.is_of_project(&type_) => {
                Some(Spot::Member(Some(type_), name))
            }
            Known::Unknown | Known::None | Known::Nothing => Some(Spot::Member(None, name)),
            _ => None,
        }
    }

    /// The place that a target stores to.
    fn target(&mut self, target: &'a Expr) -> Option<Spot> {
        let node = self.model().id(target);
        match target {
            Expr::Name(_) => self.variable_bound_at(node),
            Expr::Attribute(attribute) => {
                self.member(&attribute.value, attribute.attr.as_str(), node)
            }
            _ => None,
        }
    }

    /// What an expression may be.
    fn leaves(&mut self, expr: &'a Expr) -> Vec<Leaf> {
        let node = self.model().id(expr);
        match expr {
            Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) => vec![Leaf::Nothing],
            Expr::If(if_) => {
                let mut leaves = self.leaves(&if_.body);
                leaves.extend(self.leaves(&if_.orelse));
                leaves
            }
            Expr::BoolOp(operation) => operation
                .values
                .iter()
                .flat_map(|value| self.leaves(value))
                .collect(),
            Expr::Named(named) => self.leaves(&named.value),
            Expr::Await(await_) => self.leaves(&await_.value),
            Expr::Call(call) => {
                if let Some(through) = self.through(call) {
                    return self.leaves(through);
                }
                let meaning = self.model().meaning(&call.func);
                let is_field = matches!(
                    meaning.path(),
                    Some("dataclasses.field" | "attrs.field" | "attr.ib")
                );
                if is_field {
                    let makes = call.arguments.keywords.iter().any(|keyword| {
                        keyword.arg.as_ref().is_some_and(|name| {
                            matches!(name.as_str(), "default_factory" | "factory" | "converter")
                                || name.as_str() == "default"
                                    && !keyword.value.is_none_literal_expr()
                        })
                    });
                    return vec![if makes { Leaf::Other } else { Leaf::Nothing }];
                }
                vec![match self.spot(node) {
                    Some(_) => Leaf::Read(node),
                    None => Leaf::Other,
                }]
            }
            Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => {
                vec![match self.spot(node) {
                    Some(_) => Leaf::Read(node),
                    None => Leaf::Other,
                }]
            }
            _ => vec![Leaf::Other],
        }
    }

    /// The argument that a call gives back: of `cast(C, value)`, of `stack.enter_context(value)`, of `closing(value)` to its
    /// block.
    fn through(&mut self, call: &'a ExprCall) -> Option<&'a Expr> {
        let meaning = self.model().meaning(&call.func);
        if matches!(
            meaning.path(),
            Some("typing.cast" | "typing_extensions.cast")
        ) {
            return call.arguments.args.get(1);
        }
        let [entered] = &*call.arguments.args else {
            return None;
        };
        // `with closing(connect()) as connection`
        if self.asked.parts && meaning.path() == Some("contextlib.closing") {
            let item = self.model().nodes.parent_node(self.model().id(call));
            return matches!(item, AnyNodeRef::WithItem(_)).then_some(entered);
        }
        let node = self.model().id(entered);
        self.reader.stacked(node).is_some().then_some(entered)
    }

    /// Notes what an assignment, a `return` or a call gives.
    fn write(&mut self, node: NodeId) {
        let model = self.reader.model;
        match model.nodes.get(node) {
            AnyNodeRef::StmtAssign(assign) => {
                for target in &assign.targets {
                    // `app.dependency_overrides[get_session] = other`
                    if let Expr::Subscript(subscript) = target
                        && let Expr::Attribute(overrides) = subscript.value.as_ref()
                        && overrides.attr.as_str() == "dependency_overrides"
                        && let Some(own) = self.named_function(&subscript.slice)
                        && let Some(other) = self.named_function(&assign.value)
                    {
                        let to = Spot::Provided(other);
                        self.push(Spot::Provided(own), node, To::Spot(to));
                    }
                    for (target, value) in pairs(target, &assign.value) {
                        if let Some(to) = self.target(target) {
                            let leaves = self.leaves(value);
                            self.put(to, value.range(), leaves);
                        }
                    }
                    if let Some(to) = self.target(target) {
                        let leaves = if is_type(&assign.value) {
                            vec![Leaf::Nothing]
                        } else {
                            self.leaves(&assign.value)
                        };
                        self.put(to, assign.value.range(), leaves);
                    }
                }
            }
            AnyNodeRef::StmtAnnAssign(assign) => {
                if let Some(value) = assign.value.as_deref()
                    && let Some(to) = self.target(&assign.target)
                {
                    let leaves = self.leaves(value);
                    self.put(to, value.range(), leaves);
                }
            }
            AnyNodeRef::ExprNamed(named) => {
                if let Some(to) = self.target(&named.target) {
                    let leaves = self.leaves(&named.value);
                    self.put(to, named.value.range(), leaves);
                }
            }
            AnyNodeRef::WithItem(item) => {
                if let Some(vars) = item.optional_vars.as_deref()
                    && let Some(to) = self.target(vars)
                {
                    let leaves = self.leaves(&item.context_expr);
                    self.put(to, item.context_expr.range(), leaves);
                }
            }
            AnyNodeRef::StmtFunctionDef(function) => {
                if let Some(&index) = self.reader.functions_at.get(&node)
                    && ends::falls_through(&function.body)
                {
                    self.put(
                        Spot::Returned(index),
                        function.name.range(),
                        vec![Leaf::Nothing],
                    );
                }
            }
            AnyNodeRef::StmtReturn(statement) => {
                if let Runner::Function(index) = model.runner(node) {
                    let leaves = match statement.value.as_deref() {
                        Some(value) => self.leaves(value),
                        None => vec![Leaf::Nothing],
                    };
                    self.put(Spot::Returned(index), statement.range(), leaves);
                }
            }
            AnyNodeRef::ExprLambda(lambda) => {
                if let Some(&index) = self.reader.functions_at.get(&node) {
                    let leaves = self.leaves(&lambda.body);
                    self.put(Spot::Returned(index), lambda.body.range(), leaves);
                }
            }
            AnyNodeRef::ExprYield(yield_) => {
                if let Runner::Function(index) = model.runner(node)
                    && let Some(value) = yield_.value.as_deref()
                {
                    let leaves = self.leaves(value);
                    self.put(Spot::Yielded(index), value.range(), leaves);
                }
            }
            // What another generator yields is not followed.
            AnyNodeRef::ExprYieldFrom(from) => {
                if let Runner::Function(index) = model.runner(node) {
                    let range = from.range();
                    self.put(Spot::Yielded(index), range, vec![Leaf::Other]);
                }
            }
            AnyNodeRef::ExprCall(call) if is_patch(call) => {
                if let Some((of, name)) = self.looked_up(call)
                    && let Some(to) = self.member(of, name, node)
                {
                    self.put(to, call.range(), vec![Leaf::Other]);
                }
                // `monkeypatch.setattr("pkg.web.client", fake)`
                self.replaced(call);
            }
            AnyNodeRef::ExprCall(call) if is_patch_by_name(call) => self.replaced(call),
            AnyNodeRef::ExprCall(call)
                if !matches!(self.reader.known(&call.func), Known::Outside { .. }) =>
            {
                // What stands before the first `*` has its place.
                let mut arguments = call.arguments.args.iter();
                let star = arguments.position(Expr::is_starred_expr);
                for (index, argument) in call.arguments.args.iter().enumerate() {
                    let slot = Slot::Position(index as u32);
                    let leaves = if star.is_some_and(|star| star <= index) {
                        vec![Leaf::Other]
                    } else {
                        self.leaves(argument)
                    };
                    self.put(Spot::Argument(node, slot), argument.range(), leaves);
                }
                for keyword in &call.arguments.keywords {
                    if let Some(name) = &keyword.arg {
                        let slot = Slot::Keyword(name.to_string());
                        let leaves = self.leaves(&keyword.value);
                        self.put(Spot::Argument(node, slot), keyword.range(), leaves);
                    }
                }
            }
            _ => {}
        }
    }

    /// Notes what a test double replaces by its dotted name.
    fn replaced(&mut self, call: &'a ExprCall) {
        let Some(path) = call
            .arguments
            .args
            .first()
            .and_then(crate::semantic::literal::string)
        else {
            return;
        };
        if path.contains('.') && self.reader.is_own(path) {
            let to = Spot::Path(path.to_string());
            self.put(to, call.range(), vec![Leaf::Other]);
            // What takes the place of a function gives something else than it.
            let given = Spot::Provided(Target::Path(path.to_string()));
            self.put(given, call.range(), vec![Leaf::Other]);
        }
    }

    /// Notes what takes the value of an expression.
    fn step(&mut self, node: NodeId) {
        let Some(from) = self.spot(node) else {
            return;
        };
        let mut takers = Vec::new();
        self.takers(node, &mut takers);
        for to in takers {
            // What a context manager of the project gives is told by its function.
            if let (Spot::Result(call) | Spot::Given(call), To::Entered(spot)) = (&from, &to) {
                let entered = Spot::Entered(*call);
                self.push(entered, node, To::Spot(spot.clone()));
            }
            self.push(from.clone(), node, to);
        }
    }

    fn takers(&mut self, node: NodeId, takers: &mut Vec<To>) {
        let model = self.reader.model;
        let mut at = node;
        // Whether it was entered on the way.
        let mut is_entered = false;
        let spot = |spot: Option<Spot>, is_entered: bool| match spot {
            Some(spot) if is_entered => To::Entered(spot),
            Some(spot) => To::Spot(spot),
            None => To::Lost("it is stored in a container"),
        };
        loop {
            let parent = model.nodes.parent(at);
            let is = |expr: &Expr| model.id(expr) == at;
            match model.nodes.get(parent) {
                AnyNodeRef::ExprNamed(named) => {
                    let target = self.target(&named.target);
                    takers.push(spot(target, is_entered));
                    at = parent;
                    continue;
                }
                AnyNodeRef::ExprIf(if_) if is(&if_.test) => takers.push(To::Nowhere),
                // What a coroutine gives is what its function returns.
                AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_) | AnyNodeRef::ExprAwait(_) => {
                    at = parent;
                    continue;
                }
                AnyNodeRef::ExprAttribute(attribute) => {
                    let call = match model.nodes.parent_node(parent) {
                        AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == parent => {
                            Some(model.id(call))
                        }
                        _ => None,
                    };
                    takers.push(To::Attribute {
                        node: parent,
                        name: attribute.attr.to_string(),
                        call,
                        is_store: attribute.ctx != ExprContext::Load,
                    });
                }
                AnyNodeRef::StmtExpr(_)
                | AnyNodeRef::StmtIf(_)
                | AnyNodeRef::StmtWhile(_)
                | AnyNodeRef::StmtAssert(_)
                | AnyNodeRef::ElifElseClause(_)
                | AnyNodeRef::InterpolatedElement(_)
                | AnyNodeRef::StmtDelete(_) => takers.push(To::Nowhere),
                AnyNodeRef::ExprUnaryOp(operation) if operation.op == UnaryOp::Not => {
                    takers.push(To::Nowhere);
                }
                AnyNodeRef::ExprCompare(compare)
                    if compare.ops.iter().all(|op| {
                        matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq)
                    }) =>
                {
                    takers.push(To::Nowhere);
                }
                // `user in session`
                AnyNodeRef::ExprCompare(compare)
                    if !self.asked.givers.is_empty()
                        && !is(&compare.left)
                        && compare
                            .ops
                            .iter()
                            .all(|op| matches!(op, CmpOp::In | CmpOp::NotIn)) =>
                {
                    takers.push(To::Nowhere);
                }
                AnyNodeRef::StmtAssign(assign) if is(&assign.value) => {
                    for target in &assign.targets {
                        let target = self.target(target);
                        takers.push(spot(target, is_entered));
                    }
                }
                AnyNodeRef::StmtAnnAssign(assign) if assign.value.as_deref().is_some_and(is) => {
                    let target = self.target(&assign.target);
                    takers.push(spot(target, is_entered));
                }
                AnyNodeRef::WithItem(item) if is(&item.context_expr) => {
                    let statement = model.nodes.parent(parent);
                    if let AnyNodeRef::StmtWith(with) = model.nodes.get(statement) {
                        let item_number = with
                            .items
                            .iter()
                            .position(|other| other.range() == item.range())
                            .unwrap_or(0);
                        takers.push(To::With {
                            statement,
                            item: item_number as u32,
                            is_async: with.is_async,
                        });
                    }
                    if let Some(vars) = item.optional_vars.as_deref() {
                        let target = self.target(vars);
                        takers.push(spot(target, true));
                    }
                }
                AnyNodeRef::StmtReturn(_) => match model.runner(parent) {
                    Runner::Function(index) => takers.push(To::Spot(Spot::Returned(index))),
                    _ => takers.push(To::Lost("it is returned")),
                },
                AnyNodeRef::ExprLambda(_) => match self.reader.functions_at.get(&parent) {
                    Some(&index) => takers.push(To::Spot(Spot::Returned(index))),
                    None => takers.push(To::Lost("a lambda gives it")),
                },
                AnyNodeRef::ExprYield(_) => match model.runner(parent) {
                    Runner::Function(index) => takers.push(To::Spot(Spot::Yielded(index))),
                    _ => takers.push(To::Lost("it is yielded")),
                },
                // The name of a type: `session: SessionDep`.
                AnyNodeRef::Parameter(parameter)
                    if parameter.annotation.as_deref().is_some_and(is) =>
                {
                    if let Some(symbol) = self.symbol_at(parent) {
                        takers.push(To::Spot(Spot::Variable(symbol.number())));
                    }
                }
                AnyNodeRef::StmtAnnAssign(assign) if is(&assign.annotation) => {
                    if let Some(target) = self.target(&assign.target) {
                        takers.push(To::Spot(target));
                    }
                }
                AnyNodeRef::StmtFunctionDef(function)
                    if function.returns.as_deref().is_some_and(is) =>
                {
                    if let Some(&index) = self.reader.functions_at.get(&parent)
                        && !self.reader.generators[index as usize]
                    {
                        takers.push(To::Spot(Spot::Returned(index)));
                    }
                }
                AnyNodeRef::ExprBinOp(operation)
                    if operation.op == ruff_python_ast::Operator::BitOr
                        && self.is_annotation(parent) =>
                {
                    at = parent;
                    continue;
                }
                AnyNodeRef::ParameterWithDefault(parameter) => {
                    let symbol = self.symbol_at(model.id(&parameter.parameter));
                    let target = symbol.map(|symbol| Spot::Variable(symbol.number()));
                    takers.push(spot(target, is_entered));
                }
                AnyNodeRef::Arguments(arguments) => {
                    let position = arguments.args.iter().position(is);
                    let is_starred = arguments
                        .args
                        .iter()
                        .take(position.unwrap_or(0))
                        .any(Expr::is_starred_expr);
                    match (position, model.nodes.parent_node(parent)) {
                        (Some(position), AnyNodeRef::ExprCall(call)) if !is_starred => {
                            if let Some(through) = self.through(call)
                                && model.id(through) == at
                            {
                                let call = model.id(call);
                                if self.reader.stacked(at).is_some() {
                                    let sites = self.reader.place_stacked(call, self.target);
                                    takers.push(To::Stacked { call, sites });
                                    is_entered = true;
                                }
                                at = call;
                                continue;
                            }
                            let slot = Slot::Position(position as u32);
                            let to = self.argument(call, slot);
                            takers.push(to);
                        }
                        _ => takers.push(To::Lost("it is unpacked")),
                    }
                }
                AnyNodeRef::Keyword(keyword) => {
                    let arguments = model.nodes.parent(parent);
                    match (&keyword.arg, model.nodes.parent_node(arguments)) {
                        (Some(name), AnyNodeRef::ExprCall(call)) => {
                            let slot = Slot::Keyword(name.to_string());
                            let to = self.argument(call, slot);
                            takers.push(to);
                        }
                        _ => takers.push(To::Lost("it is unpacked")),
                    }
                }
                // `Client(mounts={"http://": transport})`
                AnyNodeRef::ExprDict(_) => {
                    let keyword = model.nodes.parent(parent);
                    let made = match model.nodes.get(keyword) {
                        AnyNodeRef::Keyword(_) => {
                            let call = model.nodes.parent(model.nodes.parent(keyword));
                            self.spot(call).filter(|spot| matches!(spot, Spot::Made(_)))
                        }
                        _ => None,
                    };
                    takers.push(spot(made, true));
                }
                // `self.client, self.name = client, name`
                AnyNodeRef::ExprTuple(_)
                    if matches!(model.nodes.parent_node(parent), AnyNodeRef::StmtAssign(assign)
                        if is_parallel(assign) && model.id(assign.value.as_ref()) == parent) =>
                {
                    let AnyNodeRef::StmtAssign(assign) = model.nodes.parent_node(parent) else {
                        return;
                    };
                    for whole in &assign.targets {
                        for (target, value) in pairs(whole, &assign.value) {
                            if model.id(value) == at {
                                let target = self.target(target);
                                takers.push(spot(target, is_entered));
                            }
                        }
                    }
                }
                AnyNodeRef::ExprList(_) | AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprSet(_) => {
                    takers.push(To::Lost("it is stored in a container"));
                }
                AnyNodeRef::ExprSubscript(subscript)
                    if is(&subscript.value) && subscript.ctx == ExprContext::Load =>
                {
                    takers.push(To::Item);
                }
                AnyNodeRef::ExprCall(_) if self.asked.givers.contains(&"") => {
                    takers.push(To::Called(parent));
                }
                AnyNodeRef::ExprCall(_) => takers.push(To::Lost("it is called")),
                _ => takers.push(To::Lost("it is used in a way that is not known")),
            }
            return;
        }
    }

    /// What becomes of a value that a call is given.
    fn argument(&mut self, call: &'a ExprCall, slot: Slot) -> To {
        let node = self.model().id(call);
        let meaning = self.model().meaning(&call.func);
        // One takes the other: a client its transport. They change together.
        if meaning.path().is_some_and(|path| self.is_asked_for(path)) {
            return To::Entered(Spot::Made(node));
        }
        // So does `super().__init__(...)` of a class that derives from one.
        if let Expr::Attribute(method) = call.func.as_ref()
            && method.attr.as_str() == "__init__"
            && matches!(self.reader.known(&method.value), Known::Super(_))
        {
            return To::Entered(Spot::Argument(node, slot));
        }
        let known = self.reader.known(&call.func);
        if !matches!(known, Known::Function(_) | Known::Class(_))
            && let Expr::Attribute(method) = call.func.as_ref()
            && self.asked.takers.contains(&method.attr.as_str())
        {
            return To::Handed(format!(".{}", method.attr));
        }
        match known {
            Known::Outside { path, .. } => match path.as_str() {
                "builtins.isinstance" if slot == Slot::Position(0) => To::Asked(node),
                path if ONLOOKERS.contains(&path) => To::Nowhere,
                path => To::Handed(path.to_string()),
            },
            _ => To::Spot(Spot::Argument(node, slot)),
        }
    }

    /// Notes the names of the classes.
    fn mention(&mut self, node: NodeId) {
        let model = self.reader.model;
        match model.expr(node) {
            Some(expr @ (ExprRef::Name(_) | ExprRef::Attribute(_))) => {
                let meaning = model.meaning_of(expr);
                let Some(path) = meaning.path().filter(|path| self.is_asked_for(path)) else {
                    return;
                };
                let role = self.role(node);
                let range = model.nodes.range(node);
                self.values.mentions.push(Mention {
                    node,
                    range,
                    is_quoted: false,
                    path: path.to_string(),
                    line: self.line(range.start()),
                    role,
                });
            }
            Some(ExprRef::StringLiteral(literal)) => {
                // Only a plain literal shows where its parts stand.
                let text = literal.value.to_str();
                let inner = TextRange::new(
                    literal.start() + TextSize::new(1),
                    literal
                        .end()
                        .checked_sub(TextSize::new(1))
                        .unwrap_or(literal.end()),
                );
                if inner.start() > inner.end() || model.slice(inner) != text {
                    return;
                }
                if !self.is_annotation(node) {
                    return;
                }
                let Ok(parsed) = parse_expression(text) else {
                    return;
                };
                let scope = model.scope_at(node);
                let mut names = Vec::new();
                chains(parsed.expr(), &mut names);
                for name in names {
                    let Known::Outside { path, .. } = self.reader.head(name, scope) else {
                        continue;
                    };
                    if !self.is_asked_for(&path) {
                        continue;
                    }
                    let is_plain = is_plain_type(parsed.expr(), name);
                    let role = if is_plain {
                        self.role(node)
                    } else {
                        Role::Type
                    };
                    let range = name.range() + inner.start();
                    self.values.mentions.push(Mention {
                        node,
                        range,
                        is_quoted: true,
                        path,
                        line: self.line(range.start()),
                        role,
                    });
                }
            }
            _ => {}
        }
    }

    /// Whether an expression is an annotation, or a part of one.
    fn is_annotation(&self, node: NodeId) -> bool {
        let model = self.model();
        let mut inner = node;
        for at in model.nodes.ancestors(node) {
            let is = |expr: &Expr| model.id(expr) == inner;
            match model.nodes.get(at) {
                AnyNodeRef::Parameter(parameter) => {
                    return parameter.annotation.as_deref().is_some_and(is);
                }
                AnyNodeRef::StmtFunctionDef(function) => {
                    return function.returns.as_deref().is_some_and(is);
                }
                AnyNodeRef::StmtAnnAssign(assign) => return is(&assign.annotation),
                other if other.is_statement() => return false,
                AnyNodeRef::ExprCall(_) => return false,
                _ => inner = at,
            }
        }
        false
    }

    /// What a class is named for.
    fn role(&mut self, node: NodeId) -> Role {
        let model = self.reader.model;
        let mut at = node;
        let mut is_yielded = false;
        loop {
            let parent = model.nodes.parent(at);
            let is = |expr: &Expr| model.id(expr) == at;
            match model.nodes.get(parent) {
                AnyNodeRef::ExprCall(call) if is(&call.func) && at == node => {
                    return Role::Made(model.id(call));
                }
                AnyNodeRef::ExprBinOp(operation)
                    if operation.op == ruff_python_ast::Operator::BitOr =>
                {
                    at = parent;
                }
                AnyNodeRef::ExprTuple(_) => at = parent,
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx != ExprContext::Load => {
                    return Role::Patched;
                }
                AnyNodeRef::ExprSubscript(subscript) if is(&subscript.slice) => {
                    let head = model.meaning(&subscript.value);
                    let path = head.path().unwrap_or_default();
                    let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
                    match (module, name) {
                        (
                            "typing" | "typing_extensions",
                            "Optional" | "Union" | "Annotated" | "Final" | "ClassVar" | "Required"
                            | "NotRequired",
                        ) => {}
                        (
                            "typing" | "typing_extensions" | "collections.abc",
                            "Iterator" | "Generator" | "Iterable",
                        ) => is_yielded = true,
                        _ => {
                            return match self.reader.known(&subscript.value) {
                                Known::Class(_) | Known::Path(_) => Role::Type,
                                _ => Role::Other,
                            };
                        }
                    }
                    at = parent;
                }
                AnyNodeRef::Parameter(parameter)
                    if parameter.annotation.as_deref().is_some_and(is) =>
                {
                    return match self.symbol_at(parent) {
                        Some(symbol) if !is_yielded => {
                            Role::Annotates(Spot::Variable(symbol.number()))
                        }
                        _ => Role::Other,
                    };
                }
                AnyNodeRef::StmtFunctionDef(function)
                    if function.returns.as_deref().is_some_and(is) =>
                {
                    let Some(&index) = self.reader.functions_at.get(&parent) else {
                        return Role::Other;
                    };
                    return match (is_yielded, self.reader.generators[index as usize]) {
                        (true, true) => Role::Annotates(Spot::Yielded(index)),
                        (false, false) => Role::Annotates(Spot::Returned(index)),
                        _ => Role::Other,
                    };
                }
                // Another name of the type: `SessionDep = Annotated[Session, Depends(get_session)]`.
                AnyNodeRef::StmtAssign(assign) if at != node && is(&assign.value) => {
                    return match &*assign.targets {
                        [target] if !is_yielded => match self.target(target) {
                            Some(spot) => Role::Annotates(spot),
                            None => Role::Other,
                        },
                        _ => Role::Other,
                    };
                }
                AnyNodeRef::StmtAnnAssign(assign) if is(&assign.annotation) => {
                    return match self.target(&assign.target) {
                        Some(spot) if !is_yielded => Role::Annotates(spot),
                        _ => Role::Other,
                    };
                }
                AnyNodeRef::Arguments(_) => {
                    let owner = model.nodes.parent(parent);
                    return match model.nodes.get(owner) {
                        AnyNodeRef::StmtClassDef(_) if at == node => {
                            match self.reader.classes_at.get(&owner) {
                                Some(&class) => Role::Base(class),
                                None => Role::Other,
                            }
                        }
                        AnyNodeRef::ExprCall(call) => self.role_in_call(call, at),
                        _ => Role::Other,
                    };
                }
                AnyNodeRef::Keyword(keyword) => {
                    let owner = model.nodes.parent(model.nodes.parent(parent));
                    let is_bound = keyword.arg.as_ref().is_some_and(|name| name == "bound");
                    return match model.nodes.get(owner) {
                        AnyNodeRef::ExprCall(call) if is_bound && self.is_type_variable(call) => {
                            Role::Type
                        }
                        _ => Role::Other,
                    };
                }
                _ => return Role::Other,
            }
        }
    }

    fn role_in_call(&mut self, call: &'a ExprCall, at: NodeId) -> Role {
        let model = self.reader.model;
        let meaning = model.meaning(&call.func);
        match (meaning.path(), &*call.arguments.args) {
            (Some("builtins.isinstance"), [value, asked]) if model.id(asked) == at => {
                Role::Asked(model.id(value))
            }
            (Some("typing.cast" | "typing_extensions.cast"), [type_, value])
                if model.id(type_) == at =>
            {
                Role::Asked(model.id(value))
            }
            _ if self.is_type_variable(call) => Role::Type,
            _ if is_patch(call) => Role::Patched,
            _ => Role::Other,
        }
    }

    /// Whether a name is that of a type variable: it stands for a type wherever it is read.
    fn is_type_parameter(&self, symbol: SymbolId) -> bool {
        let scopes = &self.model().scopes;
        let bindings = &scopes.symbol(symbol).bindings;
        bindings
            .iter()
            .any(|&binding| match scopes.binding(binding).kind {
                BindingKind::Assign { value } => match self.model().nodes.get(value) {
                    AnyNodeRef::ExprCall(call) => self.is_type_variable(call),
                    _ => false,
                },
                _ => false,
            })
    }

    fn is_type_variable(&self, call: &ExprCall) -> bool {
        matches!(
            self.model().meaning(&call.func).path(),
            Some("typing.TypeVar" | "typing_extensions.TypeVar")
        )
    }
}

/// Whether a decorator makes a property of its function, or adds to one.
fn is_property(model: &Model<'_>, decorator: &Expr) -> bool {
    match decorator {
        Expr::Attribute(attribute) => {
            matches!(
                attribute.attr.as_str(),
                "setter" | "deleter" | "getter" | "cached_property"
            )
        }
        other => matches!(
            model.meaning(other).path(),
            Some("builtins.property" | "functools.cached_property")
        ),
    }
}

/// Whether a call puts a test double in the place of a part of its first argument.
pub(super) fn is_patch(call: &ExprCall) -> bool {
    let name = match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    };
    matches!(name, "object" | "multiple" | "setattr" | "delattr" | "spy")
}

/// Whether a call puts a test double in the place of what its first argument names: `mock.patch("pkg.web.client")`.
fn is_patch_by_name(call: &ExprCall) -> bool {
    match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str() == "patch",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "patch",
        _ => false,
    }
}

/// The arguments of `Annotated[T, ...]` behind the type.
fn annotated_parts(annotation: &Expr) -> Option<impl Iterator<Item = &Expr>> {
    let Expr::Subscript(subscript) = annotation else {
        return None;
    };
    let is_annotated = match subscript.value.as_ref() {
        Expr::Name(name) => name.id.as_str() == "Annotated",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "Annotated",
        _ => false,
    };
    match subscript.slice.as_ref() {
        Expr::Tuple(tuple) if is_annotated => Some(tuple.elts.iter().skip(1)),
        _ => None,
    }
}

/// Whether an expression is visibly a type: `Annotated[Session, Depends(get_session)]`.
fn is_type(expr: &Expr) -> bool {
    let Expr::Subscript(subscript) = expr else {
        return false;
    };
    let name = match subscript.value.as_ref() {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    };
    matches!(name, "Annotated" | "Optional" | "Union")
}

/// The names and attribute chains of a type.
fn chains<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Name(_) | Expr::Attribute(_) => found.push(expr),
        Expr::BinOp(operation) => {
            chains(&operation.left, found);
            chains(&operation.right, found);
        }
        Expr::Subscript(subscript) => {
            chains(&subscript.value, found);
            chains(&subscript.slice, found);
        }
        Expr::Tuple(tuple) => {
            for element in &tuple.elts {
                chains(element, found);
            }
        }
        _ => {}
    }
}

/// Whether a value of the type may be one of the class that is named in it.
fn is_plain_type(type_: &Expr, name: &Expr) -> bool {
    match type_ {
        Expr::BinOp(operation) => {
            is_plain_type(&operation.left, name) || is_plain_type(&operation.right, name)
        }
        Expr::Subscript(subscript) => {
            let head = match subscript.value.as_ref() {
                Expr::Name(head) => head.id.as_str(),
                Expr::Attribute(head) => head.attr.as_str(),
                _ => "",
            };
            matches!(head, "Optional" | "Union" | "Annotated")
                && match subscript.slice.as_ref() {
                    Expr::Tuple(tuple) => tuple
                        .elts
                        .iter()
                        .any(|element| is_plain_type(element, name)),
                    element => is_plain_type(element, name),
                }
        }
        other => other.range() == name.range(),
    }
}

/// Whether each target of an assignment takes one item of the tuple that is assigned: `a, self.b = x, y`.
pub fn is_parallel(assign: &StmtAssign) -> bool {
    let mut targets = assign.targets.iter();
    targets.all(|target| pairs(target, &assign.value).next().is_some())
}

/// Whether a name is a target of such an assignment.
fn is_paired(model: &Model<'_>, name: NodeId) -> bool {
    let targets = model.nodes.parent(name);
    match (model.nodes.get(targets), model.nodes.parent_node(targets)) {
        (AnyNodeRef::ExprTuple(tuple), AnyNodeRef::StmtAssign(assign)) => {
            let mut wholes = assign.targets.iter();
            wholes.any(|whole| {
                whole.range() == tuple.range() && pairs(whole, &assign.value).next().is_some()
            })
        }
        _ => false,
    }
}

/// The targets of such an assignment with what each is given; none for any other one.
fn pairs<'a>(target: &'a Expr, value: &'a Expr) -> impl Iterator<Item = (&'a Expr, &'a Expr)> {
    let (targets, values): (&[Expr], &[Expr]) = match (target, value) {
        (Expr::Tuple(targets), Expr::Tuple(values)) => (&targets.elts, &values.elts),
        _ => (&[], &[]),
    };
    let is_plain = |expr: &Expr| matches!(expr, Expr::Name(_) | Expr::Attribute(_));
    let fits = targets.len() == values.len()
        && targets.iter().all(is_plain)
        && !values.iter().any(Expr::is_starred_expr);
    targets.iter().zip(values).filter(move |_| fits)
}
