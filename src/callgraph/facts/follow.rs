//! Where a value flows: from the expression that gives it upwards to what takes it.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprAttribute, ExprCall, ExprContext};
use rustc_hash::FxHashSet;

use super::super::place::{Escape, Part, Place, PlaceFlow, Slot};
use super::super::{Callee, FileFacts, Target, Type, ValueKind};
use super::Reader;
use super::place::{KEEPS, SAME_ELEMENTS, index};
use super::uses::{IDENTITY_FUNCTIONS, is_identity};
use super::value::Known;
use crate::colour;
use crate::semantic::{NodeId, Runner};

/// Methods that put their last argument into a container.
const TAKES_ONE: &[&str] = &["add", "append", "appendleft", "insert"];

/// Methods that put what their argument holds into a container.
const TAKES_ALL: &[&str] = &["extend", "update"];

/// A value on its way to what takes it.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    /// What it is, or what it is taken from.
    place: Place,
    /// The displays round it, the innermost first.
    wraps: Vec<Part>,
    /// Whether it is called with other arguments than those of its calls.
    is_partial: bool,
}

impl Carried {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            wraps: Vec::new(),
            is_partial: false,
        }
    }

    /// In a display.
    fn wrapped(mut self, part: Part) -> Self {
        self.wraps.push(part);
        self
    }

    /// A part of it; `None` if it is another part of a display that holds it.
    fn part(mut self, part: Part) -> Option<Self> {
        match (self.wraps.pop(), part) {
            (None, part) => {
                self.place = Place::Part(Box::new(self.place), part);
                Some(self)
            }
            // Keys and values of a mapping.
            (Some(Part::Element), Part::Item | Part::At(_)) | (Some(Part::Item), Part::Element) => {
                None
            }
            (Some(Part::At(held)), Part::At(read)) => (held == read).then_some(self),
            (Some(_), _) => Some(self),
        }
    }
}

/// Where a value goes next.
enum Step {
    /// It is the value of the node that is given.
    On(Carried, NodeId),
    /// Several values, each of its node.
    Each(Vec<(Carried, NodeId)>),
    /// It ends there.
    End(ValueKind),
}

/// The facts that the walk adds.
#[derive(Debug, Default)]
pub(super) struct Flows {
    flows: Vec<PlaceFlow>,
    lines: Vec<NodeId>,
    unknown: FxHashSet<Place>,
    escaped: FxHashSet<Place>,
    escapes: Vec<(Place, NodeId)>,
    /// The calls whose results escape.
    pub(super) results: FxHashSet<NodeId>,
    /// The classes that are used as values.
    pub(super) classes: Vec<u32>,
}

impl Flows {
    /// Hands the facts over. `line` gives the 1-based line of a node.
    pub(super) fn finish(self, facts: &mut FileFacts, line: &dyn Fn(NodeId) -> u32) {
        facts.place_flows = self
            .flows
            .into_iter()
            .zip(self.lines)
            .map(|(mut flow, node)| {
                flow.line = line(node);
                flow
            })
            .collect();
        facts.escapes = self
            .escapes
            .into_iter()
            .map(|(place, node)| Escape {
                place,
                line: line(node),
            })
            .collect();
        facts.place_classes = self.classes.into_iter().map(Target::Class).collect();
        for call in &mut facts.calls {
            call.escapes = self.results.contains(&call.node);
        }
    }
}

impl<'a> Reader<'a, '_> {
    /// How a value is used that stands at this node. What flows into a place is noted.
    pub(super) fn follow(&mut self, place: Place, node: NodeId) -> ValueKind {
        self.walk(Carried::new(place), node)
    }

    fn walk(&mut self, mut carried: Carried, mut at: NodeId) -> ValueKind {
        // What stands beside the way: `(x := f)`.
        let mut beside = ValueKind::Identity;
        loop {
            let place = carried.place.clone();
            match self.step(carried, at, &mut beside) {
                Step::On(next, node) => (carried, at) = (next, node),
                Step::Each(several) => {
                    return several
                        .into_iter()
                        .map(|(carried, node)| self.walk(carried, node))
                        .fold(beside, ValueKind::and);
                }
                // Only a part of it is lost.
                Step::End(ValueKind::Other) if matches!(place, Place::Part(..)) => {
                    self.escape(place, at);
                    return beside.and(ValueKind::Flows);
                }
                Step::End(kind) => return beside.and(kind),
            }
        }
    }

    fn step(&mut self, carried: Carried, at: NodeId, beside: &mut ValueKind) -> Step {
        let model = self.model;
        let parent = model.nodes.parent(at);
        let is = |expr: &Expr| model.id(expr) == at;
        let harmless = Step::End(ValueKind::Identity);
        let escapes = Step::End(ValueKind::Other);
        match model.nodes.get(parent) {
            AnyNodeRef::ExprNamed(named) => {
                *beside = beside.and(self.bind(carried.clone(), &named.target));
                Step::On(carried, parent)
            }
            AnyNodeRef::ExprIf(if_) if is(&if_.test) => harmless,
            AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_) => Step::On(carried, parent),
            AnyNodeRef::ExprUnaryOp(operation) if operation.op == ruff_python_ast::UnaryOp::Not => {
                harmless
            }
            AnyNodeRef::ExprCompare(compare) => {
                let is_place = !matches!(carried.place, Place::Target(Target::Function(_)))
                    || !carried.wraps.is_empty();
                // `f in table` looks it up; `x in f` would call it.
                let told = compare.ops.iter().all(|op| match op {
                    CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq => true,
                    CmpOp::In | CmpOp::NotIn => is(&compare.left) || is_place,
                    _ => false,
                });
                if told { harmless } else { escapes }
            }
            AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::StmtAssert(_)
            | AnyNodeRef::StmtDelete(_)
            | AnyNodeRef::ElifElseClause(_) => harmless,
            AnyNodeRef::ExprList(_) | AnyNodeRef::ExprSet(_) => {
                Step::On(carried.wrapped(Part::Both), parent)
            }
            AnyNodeRef::ExprListComp(comprehension) if is(&comprehension.elt) => {
                Step::On(carried.wrapped(Part::Both), parent)
            }
            AnyNodeRef::ExprSetComp(comprehension) if is(&comprehension.elt) => {
                Step::On(carried.wrapped(Part::Both), parent)
            }
            AnyNodeRef::ExprGenerator(comprehension) if is(&comprehension.elt) => {
                Step::On(carried.wrapped(Part::Both), parent)
            }
            AnyNodeRef::ExprDictComp(comprehension) => {
                let part = if comprehension.key.as_deref().is_some_and(is) {
                    Part::Element
                } else {
                    Part::Item
                };
                Step::On(carried.wrapped(part), parent)
            }
            AnyNodeRef::ExprTuple(tuple) => {
                let position = tuple.elts.iter().position(is);
                let part = match position {
                    Some(index) if !tuple.elts.iter().any(Expr::is_starred_expr) => {
                        Part::At(index as u32)
                    }
                    _ => Part::Both,
                };
                Step::On(carried.wrapped(part), parent)
            }
            AnyNodeRef::ExprDict(dict) => {
                let is_key = |item: &ruff_python_ast::DictItem| item.key.as_ref().is_some_and(is);
                let item = dict.items.iter().find(|item| is(&item.value));
                if dict.items.iter().any(is_key) {
                    Step::On(carried.wrapped(Part::Element), parent)
                } else if item.is_some_and(|item| item.key.is_none()) {
                    Step::On(carried, parent)
                } else {
                    Step::On(carried.wrapped(Part::Item), parent)
                }
            }
            AnyNodeRef::ExprStarred(_) => {
                let outer = model.nodes.parent(parent);
                match model.nodes.get(outer) {
                    AnyNodeRef::ExprList(_) | AnyNodeRef::ExprSet(_) | AnyNodeRef::ExprTuple(_) => {
                        match carried.part(Part::Element) {
                            Some(element) => Step::On(element.wrapped(Part::Both), outer),
                            None => harmless,
                        }
                    }
                    AnyNodeRef::Arguments(arguments) => {
                        let call = model.nodes.parent(model.id(arguments));
                        Step::End(self.any_argument(&carried, call))
                    }
                    _ => escapes,
                }
            }
            AnyNodeRef::Comprehension(clause) if is(&clause.iter) => {
                self.loop_over(carried, &clause.target, clause.is_async)
            }
            AnyNodeRef::Comprehension(_) => harmless,
            AnyNodeRef::StmtFor(for_) if is(&for_.iter) => {
                self.loop_over(carried, &for_.target, for_.is_async)
            }
            AnyNodeRef::ExprSubscript(subscript) if is(&subscript.slice) => harmless,
            AnyNodeRef::ExprSubscript(subscript) => match subscript.ctx {
                ExprContext::Load if subscript.slice.is_slice_expr() => Step::On(carried, parent),
                ExprContext::Load => match carried.part(index(&subscript.slice)) {
                    Some(part) => Step::On(part, parent),
                    None => harmless,
                },
                // What is put in flows from the other side.
                _ => harmless,
            },
            AnyNodeRef::ExprAttribute(attribute) => self.member_of(carried, attribute, parent),
            AnyNodeRef::ExprCall(call) if is(&call.func) => {
                // What is known by name is a call of it already.
                match self.known(&call.func) {
                    Known::Function(_) | Known::Path(_) if carried.wraps.is_empty() => harmless,
                    _ => {
                        let node = model.id(call);
                        Step::End(self.flow_into(&carried, Place::Called(node), at))
                    }
                }
            }
            AnyNodeRef::StmtAssign(assign) if is(&assign.value) => {
                let mut kind = ValueKind::Identity;
                for target in &assign.targets {
                    kind = kind.and(self.bind(carried.clone(), target));
                }
                Step::End(kind)
            }
            AnyNodeRef::StmtAnnAssign(assign) if assign.value.as_deref().is_some_and(is) => {
                Step::End(self.bind(carried, &assign.target))
            }
            AnyNodeRef::StmtAugAssign(assign) if is(&assign.value) => {
                Step::End(self.bind(carried, &assign.target))
            }
            AnyNodeRef::ParameterWithDefault(parameter) => {
                match self.variable_of(model.id(&parameter.parameter)) {
                    Some(place) => Step::End(self.flow_into(&carried, place, at)),
                    None => escapes,
                }
            }
            AnyNodeRef::StmtReturn(_) => match model.runner(parent) {
                Runner::Function(index) if !self.generators[index as usize] => {
                    Step::End(self.flow_into(&carried, Place::Returned(index), at))
                }
                _ => escapes,
            },
            AnyNodeRef::ExprLambda(_) => match self.functions_at.get(&parent) {
                Some(&index) => Step::End(self.flow_into(&carried, Place::Returned(index), at)),
                None => escapes,
            },
            AnyNodeRef::ExprYield(_) => match model.runner(parent) {
                Runner::Function(index) => {
                    let carried = carried.wrapped(Part::Both);
                    Step::End(self.flow_into(&carried, Place::Returned(index), at))
                }
                _ => escapes,
            },
            AnyNodeRef::Arguments(arguments) => {
                self.argument(carried, model.nodes.parent(model.id(arguments)), at)
            }
            AnyNodeRef::Keyword(keyword) => {
                let arguments = model.nodes.parent(model.id(keyword));
                self.argument(carried, model.nodes.parent(arguments), at)
            }
            _ => escapes,
        }
    }

    /// `for target in VALUE`
    fn loop_over(&mut self, carried: Carried, target: &'a Expr, is_async: bool) -> Step {
        if is_async {
            return Step::End(ValueKind::Other);
        }
        Step::End(match carried.part(Part::Element) {
            Some(element) => self.bind(element, target),
            None => ValueKind::Identity,
        })
    }

    /// `VALUE.member`
    fn member_of(&mut self, carried: Carried, attribute: &'a ExprAttribute, at: NodeId) -> Step {
        if is_identity(attribute) && attribute.ctx == ExprContext::Load {
            return Step::End(ValueKind::Identity);
        }
        let model = self.model;
        let call = match model.nodes.parent_node(at) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == at => call,
            _ => return Step::End(ValueKind::Other),
        };
        let node = model.id(call);
        let name = attribute.attr.as_str();
        let is_function =
            matches!(carried.place, Place::Target(Target::Function(_))) && carried.wraps.is_empty();
        if is_function || self.is_own_method(&attribute.value) {
            return Step::End(ValueKind::Other);
        }
        if KEEPS.contains(&name) {
            return Step::End(ValueKind::Identity);
        }
        let given = match name {
            "copy" => vec![carried],
            "get" | "pop" | "setdefault" | "popleft" => {
                carried.part(Part::Item).into_iter().collect()
            }
            "values" => carried
                .part(Part::Item)
                .map(|value| value.wrapped(Part::Both))
                .into_iter()
                .collect(),
            "keys" => carried
                .part(Part::Element)
                .map(|key| key.wrapped(Part::Both))
                .into_iter()
                .collect(),
            "items" | "popitem" => {
                let key = carried.clone().part(Part::Element);
                let value = carried.part(Part::Item);
                let pairs = [(key, 0), (value, 1)];
                pairs
                    .into_iter()
                    .filter_map(|(part, index)| {
                        let part = part?.wrapped(Part::At(index));
                        Some(if name == "items" {
                            part.wrapped(Part::Both)
                        } else {
                            part
                        })
                    })
                    .collect()
            }
            _ => return Step::End(ValueKind::Other),
        };
        Step::Each(given.into_iter().map(|given| (given, node)).collect())
    }

    /// An argument of a call.
    fn argument(&mut self, carried: Carried, call: NodeId, at: NodeId) -> Step {
        let escapes = Step::End(ValueKind::Other);
        let model = self.model;
        let AnyNodeRef::ExprCall(call) = model.nodes.get(call) else {
            return escapes;
        };
        let node = model.id(call);
        let position = call
            .arguments
            .args
            .iter()
            .position(|argument| model.id(argument) == at);
        let keyword = call
            .arguments
            .keywords
            .iter()
            .find(|keyword| model.id(&keyword.value) == at);
        let name = keyword.and_then(|keyword| keyword.arg.as_ref());
        if keyword.is_some() && name.is_none() {
            return Step::End(self.any_argument(&carried, node));
        }
        // It is called there: see `raised`.
        if let Some(raised) = colour::read_raised(model, call)
            && model.id(raised.function) == at
        {
            return escapes;
        }
        if let Some(path) = self.builtin_path(&call.func) {
            let builtin = path.strip_prefix("builtins.").unwrap_or("");
            match (path.as_str(), position) {
                ("functools.partial", Some(0)) => {
                    let mut carried = carried;
                    // Its arguments are not those of the calls.
                    self.flow_into(&carried, Place::Anything, at);
                    carried.is_partial = true;
                    return Step::On(carried, node);
                }
                ("builtins.staticmethod", Some(0)) => return Step::On(carried, node),
                ("typing.cast" | "typing_extensions.cast", Some(1)) => {
                    return Step::On(carried, node);
                }
                ("builtins.dict", Some(_)) => return Step::On(carried, node),
                ("builtins.dict", None) => return Step::On(carried.wrapped(Part::Item), node),
                ("builtins.next", Some(0)) => {
                    return self.elements_in(carried, &[], node);
                }
                ("builtins.enumerate", Some(0)) => {
                    return self.elements_in(carried, &[Part::At(1), Part::Both], node);
                }
                ("builtins.zip", Some(index)) => {
                    return self.elements_in(carried, &[Part::At(index as u32), Part::Both], node);
                }
                (_, Some(0)) if SAME_ELEMENTS.contains(&builtin) => {
                    return self.elements_in(carried, &[Part::Both], node);
                }
                ("builtins.len" | "builtins.bool", Some(0)) => {
                    return Step::End(ValueKind::Identity);
                }
                _ if IDENTITY_FUNCTIONS.contains(&path.as_str()) => {
                    return Step::End(ValueKind::Identity);
                }
                _ => {}
            }
        }
        let is_whole = carried.wraps.is_empty() && !carried.is_partial;
        if is_whole && let Some(kind) = self.takes_function(call) {
            // What tells coroutine functions from others cannot see through a place: a lambda may be in it.
            return Step::End(match carried.place {
                Place::Target(_) | Place::Member(..) => kind,
                _ => ValueKind::Other,
            });
        }
        if let Expr::Attribute(method) = call.func.as_ref() {
            let member = method.attr.as_str();
            if member == "set_defaults"
                && let Some(name) = name
                && !matches!(self.known(&method.value), Known::Instance(Type::Class(_)))
            {
                return Step::End(self.flow_into(&carried, Place::Default(name.to_string()), at));
            }
            if !self.is_own_method(&method.value)
                && let Some(container) = self.place_of(&method.value)
            {
                let count = call.arguments.args.len();
                let is_last = position.is_some_and(|index| index + 1 == count);
                if matches!(member, "get" | "pop") && position == Some(1) {
                    return Step::On(carried, node);
                }
                if member == "setdefault" && position == Some(1) {
                    let carried = carried.wrapped(Part::Item);
                    return Step::End(self.flow_into(&carried, container, at));
                }
                if TAKES_ONE.contains(&member) && is_last {
                    let carried = carried.wrapped(Part::Both);
                    return Step::End(self.flow_into(&carried, container, at));
                }
                if TAKES_ALL.contains(&member) && position == Some(0) {
                    return Step::End(self.flow_into(&carried, container, at));
                }
                if member == "update" && name.is_some() {
                    let carried = carried.wrapped(Part::Item);
                    return Step::End(self.flow_into(&carried, container, at));
                }
                if matches!(
                    member,
                    "get" | "pop" | "setdefault" | "remove" | "discard" | "index" | "count"
                ) && position == Some(0)
                {
                    return Step::End(ValueKind::Identity);
                }
            }
        }
        // Who takes it is not known.
        match self.callee(call, &mut Vec::new()) {
            Some(Callee::Method { receiver, .. }) if receiver.is_given() => return escapes,
            None
            | Some(
                Callee::UnknownMethod { .. }
                | Callee::UnknownValue
                | Callee::Target(Target::Unknown),
            ) => return escapes,
            Some(_) => {}
        }
        let slot = match (position, name) {
            (Some(index), _) if self.follows_star(call, index) => {
                let _ = index;
                Slot::Any
            }
            (Some(index), _) => match call.func.as_ref() {
                Expr::Attribute(method) if matches!(self.known(&method.value), Known::Class(_)) => {
                    Slot::Unbound(index as u32)
                }
                _ => Slot::Position(index as u32),
            },
            (None, Some(name)) => Slot::Keyword(name.to_string()),
            (None, None) => Slot::Any,
        };
        Step::End(self.flow_into(&carried, Place::Argument(node, slot), at))
    }

    fn follows_star(&self, call: &ExprCall, index: usize) -> bool {
        call.arguments.args[..index]
            .iter()
            .any(Expr::is_starred_expr)
    }

    /// The elements of an argument, in new containers.
    fn elements_in(&self, carried: Carried, wraps: &[Part], at: NodeId) -> Step {
        match carried.part(Part::Element) {
            Some(mut element) => {
                element.wraps.extend(wraps);
                Step::On(element, at)
            }
            None => Step::End(ValueKind::Identity),
        }
    }

    /// `f(*VALUE)`, `f(**VALUE)`
    fn any_argument(&mut self, carried: &Carried, call: NodeId) -> ValueKind {
        self.flow_into(carried, Place::Argument(call, Slot::Any), call);
        ValueKind::Other
    }

    /// A value is bound to a target.
    fn bind(&mut self, carried: Carried, target: &'a Expr) -> ValueKind {
        let model = self.model;
        let node = model.id(target);
        match target {
            Expr::Name(_) => {
                let Some(binding) = model.scopes.binding_at(node) else {
                    return ValueKind::Other;
                };
                let symbol = model.scopes.binding(binding).symbol;
                let is_plain = carried.wraps.is_empty();
                if is_plain && self.is_alias(symbol) {
                    // Every use of the name is one of the function.
                    return ValueKind::Identity;
                }
                match self.place_of_symbol(symbol) {
                    Some(place) => self.flow_into(&carried, place, node),
                    None => ValueKind::Other,
                }
            }
            Expr::Attribute(_) => match self.place_of(target) {
                Some(place @ (Place::Member(..) | Place::Default(_))) => {
                    self.flow_into(&carried, place, node)
                }
                _ => ValueKind::Other,
            },
            Expr::Subscript(subscript) => {
                if is_overrides(&subscript.value) && carried.wraps.is_empty() && !carried.is_partial
                {
                    return match carried.place {
                        Place::Target(_) | Place::Member(..) => ValueKind::TakesCoroutine,
                        _ => ValueKind::Other,
                    };
                }
                match self.place_of(&subscript.value) {
                    Some(place) if subscript.slice.is_slice_expr() => {
                        self.flow_into(&carried, place, node)
                    }
                    Some(place) => {
                        let part = match self.known(&subscript.value) {
                            Known::Foreign(Some(class)) if class == "builtins.dict" => Part::Item,
                            // A list is iterated as well.
                            _ => Part::Both,
                        };
                        self.flow_into(&carried.wrapped(part), place, node)
                    }
                    None => ValueKind::Other,
                }
            }
            Expr::Tuple(ruff_python_ast::ExprTuple { elts, .. })
            | Expr::List(ruff_python_ast::ExprList { elts, .. }) => {
                let mut kind = ValueKind::Identity;
                let starred = elts.iter().any(Expr::is_starred_expr);
                for (index, element) in elts.iter().enumerate() {
                    let part = if starred {
                        Part::Element
                    } else {
                        Part::At(index as u32)
                    };
                    let Some(carried) = carried.clone().part(part) else {
                        continue;
                    };
                    kind = kind.and(match element {
                        Expr::Starred(rest) => self.bind(carried.wrapped(Part::Both), &rest.value),
                        element => self.bind(carried, element),
                    });
                }
                kind
            }
            _ => ValueKind::Other,
        }
    }

    /// Notes that a value flows into a place.
    pub(super) fn flow_into(&mut self, carried: &Carried, to: Place, at: NodeId) -> ValueKind {
        let to = carried
            .wraps
            .iter()
            .rev()
            .fold(to, |to, &part| Place::Part(Box::new(to), part));
        if matches!(carried.place, Place::Anything) && !self.flows.unknown.insert(to.clone()) {
            return ValueKind::Flows;
        }
        self.flows.flows.push(PlaceFlow {
            from: carried.place.clone(),
            to,
            line: 0,
        });
        self.flows.lines.push(at);
        ValueKind::Flows
    }

    pub(super) fn escape(&mut self, place: Place, node: NodeId) {
        if self.flows.escaped.insert(place.clone()) {
            self.flows.escapes.push((place, node));
        }
    }
}

/// `app.dependency_overrides`
fn is_overrides(value: &Expr) -> bool {
    matches!(value, Expr::Attribute(attribute) if attribute.attr.as_str() == "dependency_overrides")
}
