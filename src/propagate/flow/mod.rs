//! Functions that flow as values: which calls call them, and where they are lost sight of.
//!
//! The files tell what flows where ([`crate::callgraph::place`]); here the places of all files become numbers, those that
//! flow into each other one ([`Union`]), and for each the functions that flow there, the calls of it and its escapes are
//! gathered. A place whose calls are all in sight gives them to its functions, which must have one colour then.

mod mentions;
mod share;
mod unify;
mod uses;

use rustc_hash::{FxHashMap, FxHashSet};

use super::decorators::{self, Effect};
use super::index::CallIndex;
use crate::callgraph::place::{Annotated, Escape, Part, Place, PlaceFlow, Slot};
use crate::callgraph::project::{Mention, ProjectFacts};
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver};
use crate::callgraph::work;
use crate::callgraph::{Callee, Function, Target, Type};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};
use mentions::Unseen;
use unify::{Line, Union};

/// A place, over the whole project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// A variable or parameter.
    Variable(FileId, u32),
    /// An attribute of the instances of a class.
    Member(ClassId, String),
    /// An attribute of this name of an object of unknown class.
    Named(String),
    /// What a function gives back.
    Returned(FunctionId),
    /// What a call calls.
    Called(FileId, NodeId),
    /// An attribute that `argparse` sets.
    Default(String),
}

/// Functions that flow to the same places, and these.
#[derive(Debug)]
pub(super) struct Joined {
    pub(super) functions: Vec<FunctionId>,
    pub(super) places: Vec<(FileId, Annotated)>,
}

/// What the functions of one place share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Functions that flow into one place: they must have one colour.
    pub(super) peers: FxHashMap<FunctionId, Vec<FunctionId>>,
    /// Functions that flow where something else does that stays sync, or may.
    pub(super) mixed: FxHashMap<FunctionId, Line>,
    /// The places that functions flow to, with the containers that they are parts of, as far as an annotation can say what
    /// they hold.
    pub(super) places: Vec<Joined>,
    /// Words that the files hold which know the places.
    pub(super) words: FxHashSet<String>,
}

/// What a place of one file is.
enum Found {
    Node(u32),
    Nodes(Vec<u32>),
    Functions(Vec<FunctionId>),
    Nothing,
    Unknown,
}

/// Adds to the index what flows as a value.
pub(super) fn join(
    index: &mut CallIndex,
    resolver: &Resolver<'_>,
    facts: &ProjectFacts,
    names: &FxHashSet<String>,
) {
    let mut places = Places {
        resolver,
        facts,
        union: Union::default(),
        unseen: Unseen::new(facts),
        flowing: FxHashMap::default(),
        handed: FxHashSet::default(),
        bases: FxHashSet::default(),
        mocked: index.doubles.given.clone(),
        families: FxHashSet::default(),
        registrars: FxHashMap::default(),
        foreign: FxHashMap::default(),
        methods: FxHashMap::default(),
        last: None,
        attributes: FxHashMap::default(),
        members: FxHashMap::default(),
        names,
    };
    places.registered();
    let mut names: Vec<&String> = names.iter().collect();
    names.sort_unstable();
    for name in names {
        let mentions = places.unseen.of_name(name);
        places.look_at(mentions);
    }
    // Nothing that matters flows.
    if places.flowing.is_empty() {
        return;
    }
    places.follow();
    places.union.spread();
    places.uses();
    places.follow();
    places.union.spread();
    places.share(index);
}

struct Places<'r, 'f, 'p> {
    resolver: &'r Resolver<'p>,
    /// The names of the functions that matter.
    names: &'r FxHashSet<String>,
    facts: &'f ProjectFacts,
    union: Union,
    unseen: Unseen<'f>,
    /// The functions that flow anywhere, with the line where one of them is lost sight of.
    flowing: FxHashMap<FunctionId, Option<Line>>,
    /// The classes that are used as values by what was looked at: see [`Self::is_handed`].
    handed: FxHashSet<ClassId>,
    /// The functions whose parameters take what a decorator keeps, each with the function that stands behind the `@`.
    registrars: FxHashMap<FunctionId, FunctionId>,
    /// Whether classes have a base outside of the project.
    foreign: FxHashMap<ClassId, bool>,
    /// The methods of classes that have one of the name.
    methods: FxHashMap<(ClassId, String), Option<Vec<FunctionId>>>,
    /// What the call calls that was looked at last: its arguments follow each other.
    last: Option<(FileId, usize, Called)>,
    /// The attributes, by name.
    attributes: FxHashMap<String, Vec<u32>>,
    /// The attributes, by class.
    members: FxHashMap<ClassId, Vec<(String, u32)>>,
    /// Where a mock that can be awaited takes the place of a method.
    mocked: FxHashSet<(FunctionId, FileId, u32)>,
    /// The methods whose parameters were joined with those of the methods that have their colour.
    families: FxHashSet<FunctionId>,
    /// The members that were joined with those of the bases.
    bases: FxHashSet<(ClassId, String)>,
}

impl<'f> Places<'_, 'f, '_> {
    /// Whether a class is used as a value: it may be called anywhere.
    fn is_handed(&self, class: ClassId) -> bool {
        self.handed.contains(&class) || self.facts.tables().handed.contains(&class)
    }

    /// The function whose parameter a variable is.
    fn owner(&self, (file, variable): (FileId, u32)) -> Option<FunctionId> {
        let index = self.facts[&file].owner(variable)?;
        Some(FunctionId { file, index })
    }

    /// The name of a variable at module level.
    fn global_name(&self, (file, variable): (FileId, u32)) -> Option<&'f str> {
        self.facts[&file].global_name(variable)
    }

    /// What a decorator keeps flows into its parameter.
    fn registered(&mut self) {
        let tables = self.facts.tables();
        for &file in &tables.decorating {
            for (&index, decorating) in &self.facts[&file].decorating {
                let maker = FunctionId { file, index };
                let owner = decorating
                    .keeps
                    .and_then(|variable| self.owner((file, variable)));
                if let Some(owner) = owner {
                    self.registrars.insert(owner, maker);
                }
            }
        }
        if self.registrars.is_empty() {
            return;
        }
        let mut decorated = tables.with_decorators.clone();
        decorated.sort_unstable();
        for id in decorated {
            let Some(function) = self.resolver.function(id) else {
                continue;
            };
            for decorator in &function.decorators {
                let Resolved::Function(maker) = self.resolver.target(id.file, &decorator.target)
                else {
                    continue;
                };
                let effect = decorators::effect(self.resolver, id.file, function, decorator);
                let Effect::Own(decorating) = effect else {
                    continue;
                };
                if let Some(variable) = decorating.keeps {
                    let to = self.node(Key::Variable(maker.file, variable));
                    let from = Found::Functions(vec![id]);
                    self.flow(from, Found::Node(to), false, (id.file, function.line));
                }
            }
        }
    }

    /// Joins the places that functions which matter come to, over everything that is known of those.
    fn follow(&mut self) {
        loop {
            while let Some(key) = self.union.fresh() {
                // What is lost sight of once is lost: its functions stay sync.
                if let Some(node) = self.union.known(&key)
                    && self.union.held(node).is_lost()
                {
                    continue;
                }
                let mentions = self.unseen.of_place(&key);
                self.look_at(mentions);
                let owner = match &key {
                    Key::Variable(file, variable) => {
                        if let Some(name) = self.global_name((*file, *variable)) {
                            let mentions = self.unseen.of_name(name);
                            self.look_at(mentions);
                        }
                        self.owner((*file, *variable))
                    }
                    Key::Returned(function) => Some(*function),
                    Key::Member(..) | Key::Named(_) | Key::Called(..) | Key::Default(_) => None,
                };
                if let Some(owner) = owner {
                    self.calls_of(owner);
                }
                if let Key::Returned(function) = key {
                    self.hand_to_tests(function);
                }
            }
            self.join_overrides();
            if !self.union.has_fresh() {
                return;
            }
        }
    }

    /// Looks at what is given to a function, at what it gives, and at where itself goes.
    fn calls_of(&mut self, owner: FunctionId) {
        let Some(function) = self.resolver.function(owner) else {
            return;
        };
        let mentions = self.unseen.of_callable(&function.name);
        self.look_at(mentions);
        if function.name != "__init__" {
            return;
        }
        let Some(index) = function.class else {
            return;
        };
        let class = ClassId {
            file: owner.file,
            index,
        };
        let mut classes = self.resolver.descendants(class);
        classes.push(class);
        for class in classes {
            let Some(class) = self.resolver.class(class) else {
                continue;
            };
            let name = &class.qualified_name;
            let name = name.rsplit('.').next().unwrap_or(name);
            let mentions = self.unseen.of_callable(name);
            self.look_at(mentions);
        }
    }

    /// Joins what a fixture gives with the parameters by which tests and other fixtures take it. Which fixture of a name a
    /// test gets is not asked: all have what flows from any.
    fn hand_to_tests(&mut self, id: FunctionId) {
        let Some((function, fixture)) = self
            .resolver
            .function(id)
            .and_then(|function| Some((function, function.fixture.as_ref()?)))
        else {
            return;
        };
        let line = (id.file, function.line);
        let own = self.node(Key::Returned(id));
        let given = match function.is_generator {
            true => self.union.part(own, Part::Element),
            false => own,
        };
        let takers = self.facts.tables().takers.of(&fixture.name).to_vec();
        for (file, variable, is_taken) in takers {
            if is_taken {
                let taker = self.node(Key::Variable(file, variable));
                self.union.join(given, taker);
            } else {
                self.escape(given, line);
            }
        }
    }

    fn look_at(&mut self, mentions: Vec<Mention>) {
        work::note(mentions.len());
        for mention in mentions {
            match mention {
                Mention::Flow(file, number) => {
                    let flow = &self.facts[&file].place_flows[number as usize];
                    self.look_at_flow(file, flow);
                }
                Mention::Escape(file, number) => {
                    let escape = &self.facts[&file].escapes[number as usize];
                    self.look_at_escape(file, escape);
                }
            }
        }
    }

    fn look_at_flow(&mut self, file: FileId, flow: &PlaceFlow) {
        let line = (file, flow.line);
        let from = self.find(file, &flow.from, line);
        if flow.to == Place::Anything {
            // Called with other arguments than those of the calls.
            if let Found::Functions(functions) = from {
                for function in functions {
                    self.flowing.entry(function).or_insert(None);
                }
            }
            return;
        }
        let to = self.find(file, &flow.to, line);
        // The key of a mapping is looked up more often than called.
        let is_key = matches!(flow.to, Place::Part(_, Part::Element));
        self.flow(from, to, is_key, line);
    }

    fn look_at_escape(&mut self, file: FileId, escape: &Escape) {
        let line = (file, escape.line);
        match self.find(file, &escape.place, line) {
            Found::Node(node) => self.escape(node, line),
            Found::Nodes(nodes) => nodes.into_iter().for_each(|node| self.escape(node, line)),
            Found::Functions(functions) => {
                for function in functions {
                    self.flowing.insert(function, Some(line));
                }
            }
            Found::Nothing | Found::Unknown => {}
        }
    }

    fn escape(&mut self, node: u32, line: Line) {
        let held = self.union.held(node);
        held.escape = Some(held.escape.map_or(line, |old| old.min(line)));
    }

    fn flow(&mut self, from: Found, to: Found, is_key: bool, line: Line) {
        let to = match to {
            Found::Node(node) => vec![node],
            Found::Nodes(nodes) => nodes,
            Found::Functions(functions) => {
                // A method is set on an object.
                for function in functions {
                    if !self.mocked.contains(&(function, line.0, line.1)) {
                        self.flowing.insert(function, Some(line));
                    }
                }
                Vec::new()
            }
            Found::Nothing | Found::Unknown => Vec::new(),
        };
        match from {
            Found::Functions(functions) => {
                for function in functions {
                    let lost = self.flowing.entry(function).or_insert(None);
                    if to.is_empty() {
                        *lost = Some(line);
                    }
                    for &to in &to {
                        self.union.held(to).functions.push((function, line));
                        self.union.held(to).is_kept |= !is_key;
                        if self.is_wanted(function) {
                            self.union.matter(to);
                        }
                    }
                }
            }
            Found::Node(node) if to.is_empty() => self.escape(node, line),
            Found::Node(node) => to.into_iter().for_each(|to| self.union.join(node, to)),
            Found::Nodes(nodes) => {
                for node in nodes {
                    if to.is_empty() {
                        self.escape(node, line);
                    }
                    to.iter().for_each(|&to| self.union.join(node, to));
                }
            }
            Found::Unknown => {
                for to in to {
                    let held = self.union.held(to);
                    held.unknown = Some(held.unknown.map_or(line, |old| old.min(line)));
                }
            }
            Found::Nothing => {}
        }
    }

    fn node(&mut self, key: Key) -> u32 {
        let name = match &key {
            Key::Member(_, name) | Key::Default(name) | Key::Named(name) => Some(name.clone()),
            Key::Variable(..) | Key::Returned(_) | Key::Called(..) => None,
        };
        let is_named = matches!(key, Key::Named(_));
        let class = match &key {
            Key::Member(class, _) => Some(*class),
            _ => None,
        };
        let (number, is_new) = self.union.number(key);
        // An attribute of something unknown may be that of every class that has one of its name.
        if is_new && let Some(name) = name {
            let same = self.attributes.entry(name.clone()).or_default();
            same.push(number);
            if let Some(class) = class {
                let members = self.members.entry(class).or_default();
                members.push((name.clone(), number));
            }
            if is_named {
                let same = same.clone();
                same.into_iter()
                    .for_each(|other| self.union.join(number, other));
            } else if let Some(named) = self.union.known(&Key::Named(name)) {
                self.union.join(number, named);
            }
        }
        number
    }

    /// What a place of a file is.
    fn find(&mut self, file: FileId, place: &Place, line: Line) -> Found {
        match place {
            Place::Variable(variable) => Found::Node(self.node(Key::Variable(file, *variable))),
            Place::Target(target) => match self.resolver.target(file, target) {
                Resolved::Function(function) => {
                    let name = match target {
                        Target::Path(path) => path.rsplit('.').next().unwrap_or(path),
                        _ => "__call__",
                    };
                    self.functions(vec![function], name, line)
                }
                Resolved::Class(class) => {
                    self.handed.insert(class);
                    Found::Unknown
                }
                Resolved::AttributeOf(..) | Resolved::Foreign(_) | Resolved::Alias(..) => {
                    Found::Unknown
                }
                Resolved::Unknown => match target {
                    Target::Path(path) => match self.path(file, path) {
                        Some((node, false)) => Found::Node(node),
                        Some((node, true)) => {
                            self.escape(node, line);
                            Found::Unknown
                        }
                        None => Found::Unknown,
                    },
                    _ => Found::Unknown,
                },
            },
            Place::Member(receiver, name) => self.member(file, receiver.as_ref(), name, line),
            Place::Result(node) => self.result(file, *node),
            Place::Returned(index) => Found::Node(self.node(Key::Returned(FunctionId {
                file,
                index: *index,
            }))),
            Place::Called(node) => {
                let (number, is_new) = self.union.number(Key::Called(file, *node));
                if is_new && let Some(call) = self.call_at(file, *node) {
                    self.union.held(number).calls.push((file, call));
                }
                Found::Node(number)
            }
            Place::Argument(node, slot) => self.argument(file, *node, slot, line),
            Place::Default(name) => Found::Node(self.node(Key::Default(name.clone()))),
            Place::Part(of, part) => match self.find(file, of, line) {
                Found::Node(node) => Found::Node(self.union.part(node, *part)),
                Found::Nodes(nodes) => Found::Nodes(
                    nodes
                        .into_iter()
                        .map(|node| self.union.part(node, *part))
                        .collect(),
                ),
                Found::Nothing => Found::Nothing,
                found @ (Found::Functions(_) | Found::Unknown) => found,
            },
            Place::Anything => Found::Unknown,
        }
    }

    fn has_foreign_base(&mut self, class: ClassId) -> bool {
        let resolver = self.resolver;
        *self
            .foreign
            .entry(class)
            .or_insert_with(|| resolver.foreign_base(class).is_some())
    }

    /// What a call calls.
    fn called(&mut self, file: FileId, call: usize) -> Called {
        match &self.last {
            Some((at, number, called)) if *at == file && *number == call => called.clone(),
            _ => {
                let called = self
                    .resolver
                    .called(file, &self.facts[&file].calls[call].callee);
                self.last = Some((file, call, called.clone()));
                called
            }
        }
    }

    fn call_at(&self, file: FileId, node: NodeId) -> Option<usize> {
        self.facts[&file].call_at(node)
    }

    /// Whether a function is one of those that matter.
    fn is_wanted(&self, function: FunctionId) -> bool {
        self.resolver
            .function(function)
            .is_some_and(|function| self.names.contains(&function.name))
    }

    /// Functions that something is by this name. What a property gives is not known, nor what an object is that can be
    /// called.
    fn functions(&mut self, functions: Vec<FunctionId>, name: &str, line: Line) -> Found {
        let is_other = |id: &FunctionId| {
            self.resolver.function(*id).is_some_and(|function| {
                function.is_property
                    || function.name == "__call__" && name != "__call__" && function.class.is_some()
            })
        };
        if !functions.iter().any(is_other) {
            return Found::Functions(functions);
        }
        let (_, rest): (Vec<_>, Vec<_>) = functions.into_iter().partition(is_other);
        for function in rest {
            self.flowing.insert(function, Some(line));
        }
        Found::Unknown
    }

    /// The variable of a module, or the member of a class, that a path names, and whether it goes on behind that.
    fn path(&mut self, file: FileId, path: &str) -> Option<(u32, bool)> {
        for (head, is_longer) in [
            (Some(path), false),
            (path.rsplit_once('.').map(|(head, _)| head), true),
        ] {
            let head = head?;
            if let Some((owner, name)) = self.resolver.global(file, head)
                && let Some(variable) = self.facts[&owner].global(&name)
            {
                return Some((self.node(Key::Variable(owner, variable)), is_longer));
            }
            if let Some((class, name)) = head.rsplit_once('.')
                && let Resolved::Class(class) =
                    self.resolver.target(file, &Target::Path(class.to_string()))
                && self.resolver.method(class, name).is_none()
            {
                return Some((self.member_node(class, name), is_longer));
            }
        }
        None
    }

    /// The attribute of a class, which is also that of its bases.
    fn member_node(&mut self, class: ClassId, name: &str) -> u32 {
        let node = self.node(Key::Member(class, name.to_string()));
        let mut pending = vec![class];
        while let Some(at) = pending.pop() {
            if !self.bases.insert((at, name.to_string())) {
                continue;
            }
            for base in self.resolver.bases_of(at) {
                let above = self.node(Key::Member(base, name.to_string()));
                self.union.join(node, above);
                pending.push(base);
            }
        }
        node
    }

    fn member(&mut self, file: FileId, receiver: Option<&Type>, name: &str, line: Line) -> Found {
        let Some(receiver) = receiver else {
            return Found::Node(self.named(name, line));
        };
        let callee = || Callee::Method {
            receiver: receiver.clone(),
            name: name.to_string(),
        };
        match self.resolver.class_of(file, receiver) {
            Some(class) => {
                let key = (class, name.to_string());
                let methods = match self.methods.get(&key) {
                    Some(methods) => methods.clone(),
                    // No class has a method of this name.
                    None if !self.facts.tables().methods.contains_key(name)
                        && !self.facts.tables().overloads.contains(name) =>
                    {
                        None
                    }
                    None => {
                        let methods = match self.resolver.called(file, &callee()) {
                            Called::Functions(functions) => Some(functions),
                            Called::Method(_) | Called::Member(_) => None,
                            _ => Some(Vec::new()),
                        };
                        self.methods.insert(key, methods.clone());
                        methods
                    }
                };
                match methods {
                    // An object that cannot be called.
                    Some(methods) if methods.is_empty() => return Found::Unknown,
                    Some(methods) => return self.functions(methods, name, line),
                    None => {}
                }
                let node = self.member_node(class, name);
                // What the base does with it is not known.
                if self.has_foreign_base(class) {
                    self.escape(node, line);
                }
                Found::Node(node)
            }
            None => match self.resolver.called(file, &callee()) {
                Called::Functions(functions) => self.functions(functions, name, line),
                // Of a foreign class that none of the project derives from.
                Called::Nothing => Found::Unknown,
                _ => Found::Node(self.named(name, line)),
            },
        }
    }

    /// An attribute of something unknown: it may be that of any class.
    fn named(&mut self, name: &str, line: Line) -> u32 {
        let node = self.node(Key::Named(name.to_string()));
        self.escape(node, line);
        node
    }

    /// What a call gives.
    fn result(&mut self, file: FileId, node: NodeId) -> Found {
        let Some(call) = self.call_at(file, node) else {
            return Found::Unknown;
        };
        let callee = &self.facts[&file].calls[call].callee;
        match self.called(file, call) {
            Called::Functions(functions) => {
                let mut nodes = Vec::new();
                for function in functions {
                    if self
                        .resolver
                        .function(function)
                        .is_none_or(|function| function.is_async)
                    {
                        return Found::Unknown;
                    }
                    nodes.push(self.node(Key::Returned(function)));
                }
                Found::Nodes(nodes)
            }
            Called::Unresolved(_) => match callee {
                // `TABLE.get(key)` of another module: followed from the table.
                Callee::Target(Target::Path(path))
                    if matches!(self.path(file, path), Some((_, true))) =>
                {
                    Found::Nothing
                }
                _ => Found::Unknown,
            },
            _ => Found::Unknown,
        }
    }

    /// The parameters that an argument is given to.
    fn argument(&mut self, file: FileId, node: NodeId, slot: &Slot, line: Line) -> Found {
        let Some(call) = self.call_at(file, node) else {
            return Found::Unknown;
        };
        let callee = &self.facts[&file].calls[call].callee;
        let is_path = matches!(callee, Callee::Target(Target::Path(_)));
        let (functions, is_bound) = match self.called(file, call) {
            Called::Functions(functions) => (
                functions,
                matches!(
                    callee,
                    Callee::Method { .. } | Callee::Super { .. } | Callee::UnknownMethod { .. }
                ),
            ),
            _ => match callee {
                Callee::Target(target) => match self.resolver.target(file, target) {
                    Resolved::Class(class) => match self.resolver.method(class, "__init__") {
                        Some(init) => (vec![init], true),
                        None => return Found::Unknown,
                    },
                    _ => return Found::Unknown,
                },
                _ => return Found::Unknown,
            },
        };
        let mut nodes = Vec::new();
        for id in functions {
            let Some(function) = self.resolver.function(id) else {
                return Found::Unknown;
            };
            let is_method = function.class.is_some();
            let given = match slot {
                Slot::Any => None,
                Slot::Keyword(name) => function
                    .parameters
                    .iter()
                    .find(|parameter| parameter.name == *name),
                // Through a path it may be the class or an instance of it.
                Slot::Position(_) if is_path && is_method && !is_bound => None,
                Slot::Position(index) => {
                    let skips = u32::from(is_method && is_bound && !is_static(function));
                    positional(function, index + skips)
                }
                Slot::Unbound(index) => {
                    let skips = u32::from(has_decorator(function, "builtins.classmethod"));
                    positional(function, index + skips)
                }
            };
            match given {
                Some(parameter) => nodes.push(self.parameter(id, parameter.variable)),
                None => {
                    // Any of them may be given anything.
                    for parameter in &function.parameters {
                        let node = self.parameter(id, parameter.variable);
                        let held = self.union.held(node);
                        held.unknown = Some(held.unknown.map_or(line, |old| old.min(line)));
                    }
                    return Found::Unknown;
                }
            }
        }
        Found::Nodes(nodes)
    }

    fn parameter(&mut self, id: FunctionId, variable: u32) -> u32 {
        self.node(Key::Variable(id.file, variable))
    }

    /// Joins the parameters of the places that matter with those at their places in the methods that override the
    /// function.
    fn join_overrides(&mut self) {
        let mut pending: Vec<FunctionId> = Vec::new();
        for root in self.union.roots() {
            if self.matters(root) {
                self.methods_of(root, &mut pending);
            }
        }
        while let Some(at) = pending.pop() {
            let Some(function) = self.resolver.function(at) else {
                continue;
            };
            if function.class.is_none() || function.name == "__init__" || !self.families.insert(at)
            {
                continue;
            }
            for other in self.resolver.kin(at) {
                let Some(facts) = self.resolver.function(other) else {
                    continue;
                };
                for (one, two) in function.parameters.iter().zip(&facts.parameters) {
                    let one = self.node(Key::Variable(at.file, one.variable));
                    let two = self.node(Key::Variable(other.file, two.variable));
                    if self.union.root(one) == self.union.root(two) {
                        continue;
                    }
                    let matters = self.matters(one) || self.matters(two);
                    self.union.join(one, two);
                    if matters {
                        self.methods_of(one, &mut pending);
                    }
                }
                pending.push(other);
            }
        }
    }

    /// The methods whose parameters are in a place.
    fn methods_of(&mut self, at: u32, methods: &mut Vec<FunctionId>) {
        let variables = std::mem::take(&mut self.union.held(at).variables);
        methods.extend(
            variables
                .iter()
                .filter_map(|&variable| self.owner(variable)),
        );
        self.union.held(at).variables = variables;
    }
}

fn positional(function: &Function, index: u32) -> Option<&crate::callgraph::Parameter> {
    function
        .parameters
        .get(index as usize)
        .filter(|parameter| !parameter.is_keyword_only)
}

fn has_decorator(function: &Function, path: &str) -> bool {
    function
        .decorators
        .iter()
        .any(|decorator| matches!(&decorator.target, Target::Path(own) if own == path))
}

fn is_static(function: &Function) -> bool {
    has_decorator(function, "builtins.staticmethod")
}
