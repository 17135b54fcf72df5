//! Joins the places of all files, and takes the components out of them.

use std::collections::{BTreeMap, BTreeSet};

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::union::Union;
use super::{
    Component, DeclaredKinds, Named, Origin, Parameter, Part, Tracked, Trouble, VALUE_ESCAPES,
    VALUE_FIXED, VALUE_MIXED, VALUE_PATCHED, VALUE_UNKNOWN_OWNER, ValueUse,
};
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver};
use crate::callgraph::values::{FileValues, How, Leaf, Role, Slot, Spot, Step, To};
use crate::callgraph::{Callee, FileFacts, Function, Target, Usage};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId, Reason};

/// A place of the project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A variable or parameter.
    Variable(FileId, u32),
    /// An attribute of the instances of a class. It is one with that of each class that derives from it.
    Member(ClassId, String),
    /// What a function gives back. It is one with what its kin gives.
    Returned(FunctionId),
    /// What it yields.
    Yielded(FunctionId),
    /// A new value.
    Made(FileId, NodeId),
    /// What another value gives: a call of it or of a member of it, its item, its attribute.
    Given(FileId, NodeId),
    /// The instances of a class, and of those that it derives from and that derive from it.
    Instance(ClassId),
}

/// A value has to do with another one.
enum Bond {
    /// It is handed over: both change together.
    Together,
    /// A call of this member of it gives the other.
    Gives(String),
}

/// The places of a spot.
enum Keys {
    /// These.
    Known(Vec<Key>),
    /// An attribute of this name of who knows what.
    Unknown(String),
    /// Nothing that holds a value of the project.
    Nothing,
    /// Something that is not followed.
    Lost,
}

/// A place that holds a value whatever flows in.
struct Source {
    /// Its number.
    number: u32,
    /// The kind of the value.
    kind: usize,
    file: FileId,
    range: TextRange,
}

/// What flows on only once the value is tracked.
struct Entered {
    from: Vec<Key>,
    to: Vec<Key>,
    /// Whether a new value takes it: they change together, and are not one if they are of two kinds.
    is_taken: bool,
}

/// The places of all files.
pub(super) struct Link<'l, 'f> {
    tracked: &'l Tracked,
    /// Tells the values of a declared codemod apart; those of others are told apart by [`Tracked::kinds`].
    declared: Option<&'l dyn DeclaredKinds>,
    resolver: &'l Resolver<'f>,
    facts: &'f FxHashMap<FileId, FileFacts>,
    values: &'l FxHashMap<FileId, FileValues>,
    files: Vec<FileId>,
    union: Union<Key>,
    /// The places that are one with those of their families.
    settled: FxHashSet<Key>,
    /// The places that hold a value whatever flows in.
    sources: Vec<Source>,
    /// Those of them whose kind nothing says.
    origins: Vec<u32>,
    /// The expressions that give a value of another one, with [`DeclaredKinds`].
    given: FxHashSet<(FileId, NodeId)>,
    /// The steps of each expression, with [`DeclaredKinds`].
    by_node: FxHashMap<(FileId, NodeId), Vec<u32>>,
    /// Places whose values change together though they are not one, with [`DeclaredKinds`]: what each does is told apart.
    links: Vec<(u32, u32)>,
    /// Values that have to do with each other, with [`super::Kinds`].
    bonds: Vec<(Vec<Key>, Bond, Key)>,
    /// Places whose values hang together, with [`super::Kinds`].
    groups: Vec<(u32, u32)>,
    /// What stands for the component of a root, where that is not the root itself.
    heads: FxHashMap<u32, u32>,
    /// The classes of the project that name a tracked one as their base.
    derived: FxHashSet<ClassId>,
    /// Which places rest on what callers give.
    doubts: FxHashMap<Key, (FileId, TextRange)>,
    /// The steps of `with value as name` and of values that others take, which count once the value is tracked.
    entered: Vec<Entered>,
    /// The places that are given a value, or that an annotation names.
    fed: FxHashSet<Key>,
    /// What flows from where, by number.
    edges: Vec<(u32, u32)>,
}

impl<'l, 'f> Link<'l, 'f> {
    pub(super) fn new(
        tracked: &'l Tracked,
        declared: Option<&'l dyn DeclaredKinds>,
        resolver: &'l Resolver<'f>,
        facts: &'f FxHashMap<FileId, FileFacts>,
        values: &'l FxHashMap<FileId, FileValues>,
    ) -> Self {
        let mut files: Vec<FileId> = values.keys().copied().collect();
        files.retain(|file| facts.contains_key(file));
        files.sort_unstable();
        let mut by_node: FxHashMap<(FileId, NodeId), Vec<u32>> = FxHashMap::default();
        if declared.is_some() {
            for &file in &files {
                for (index, step) in values[&file].steps.iter().enumerate() {
                    let steps = by_node.entry((file, step.node)).or_default();
                    steps.push(index as u32);
                }
            }
        }
        Self {
            tracked,
            declared,
            resolver,
            facts,
            values,
            files,
            union: Union::default(),
            settled: FxHashSet::default(),
            sources: Vec::new(),
            origins: Vec::new(),
            given: FxHashSet::default(),
            by_node,
            links: Vec::new(),
            bonds: Vec::new(),
            groups: Vec::new(),
            heads: FxHashMap::default(),
            derived: FxHashSet::default(),
            doubts: FxHashMap::default(),
            entered: Vec::new(),
            fed: FxHashSet::default(),
            edges: Vec::new(),
        }
    }

    /// Joins what flows into each other.
    pub(super) fn join(&mut self) {
        for at in 0..self.files.len() {
            let file = self.files[at];
            for &index in &self.values[&file].derived {
                let class = ClassId { file, index };
                self.derived.insert(class);
                let mut mentions = self.values[&file].mentions.iter();
                match mentions.find(|mention| mention.role == Role::Base(index)) {
                    Some(base) => {
                        let kind = self.kind_of_class(&base.path);
                        self.source(&Key::Instance(class), kind, file, base.range);
                    }
                    None => self.originate(&Key::Instance(class)),
                }
            }
        }
        for at in 0..self.files.len() {
            let file = self.files[at];
            let values = &self.values[&file];
            for mention in &values.mentions {
                let keys = match &mention.role {
                    Role::Made(call) => vec![Key::Made(file, *call)],
                    Role::Annotates(spot) => match self.keys(file, spot, mention.range) {
                        Keys::Known(keys) => keys,
                        _ => continue,
                    },
                    // An instance of a class of the project that derives from a tracked one is made where that is called.
                    Role::Base(index) => {
                        let index = *index;
                        vec![Key::Instance(ClassId { file, index })]
                    }
                    _ => continue,
                };
                let kind = self.kind_of_class(&mention.path);
                for key in keys {
                    self.source(&key, kind, file, mention.range);
                }
            }
            for step in &values.steps {
                self.flow(file, step);
            }
            // A place that is only given something is a place all the same: of the family of one that is read.
            for write in &values.writes {
                if let Keys::Known(to) = self.keys(file, &write.to, write.range) {
                    for key in to {
                        self.place(&key);
                    }
                }
            }
        }
        self.settle();
    }

    /// The kind of what the class of this path makes.
    fn kind_of_class(&self, path: &str) -> usize {
        let declared = self.declared.and_then(|kinds| kinds.of_class(path));
        declared.unwrap_or_else(|| self.tracked.kind_of(path))
    }

    fn source(&mut self, key: &Key, kind: usize, file: FileId, range: TextRange) -> u32 {
        let number = self.place(key);
        self.sources.push(Source {
            number,
            kind,
            file,
            range,
        });
        number
    }

    fn originate(&mut self, key: &Key) {
        let number = self.place(key);
        self.origins.push(number);
    }

    /// Joins the places of a step.
    fn flow(&mut self, file: FileId, step: &Step) {
        let Keys::Known(from) = self.keys_of(file, step) else {
            return;
        };
        // What a unit gives away is made by a call that names no class.
        if self.declared.is_none() && matches!(step.from, Spot::Made(_)) {
            self.originate(&from[0]);
        }
        // One expression reads them all: what becomes of it holds for each.
        self.join_all(&from, &[]);
        let has_kinds = self.tracked.kinds.is_some();
        match &step.to {
            // One that takes another is of another kind.
            To::Entered(to @ (Spot::Made(_) | Spot::Argument(..))) if has_kinds => {
                if let Keys::Known(to) = self.keys(file, to, step.range) {
                    for key in to {
                        self.bonds.push((from.clone(), Bond::Together, key));
                    }
                }
            }
            To::Spot(to) => match (self.keys(file, to, step.range), to) {
                (Keys::Known(to), _) => self.join_all(&from, &to),
                // What a call of a value takes changes with it: `make_session(bind=engine)`.
                (_, Spot::Argument(call, _)) if has_kinds => {
                    let given = Key::Given(file, *call);
                    self.bonds.push((from, Bond::Together, given));
                }
                _ => {}
            },
            To::Attribute {
                name,
                call: Some(call),
                ..
            } if self.tracked.asked().givers.contains(&name.as_str()) => {
                let given = Key::Given(file, *call);
                self.bonds.push((from, Bond::Gives(name.clone()), given));
            }
            To::Called(call) => {
                let given = Key::Given(file, *call);
                self.bonds.push((from, Bond::Gives(String::new()), given));
            }
            To::Entered(to) => {
                if let Keys::Known(to) = self.keys(file, to, step.range) {
                    let is_taken = matches!(to.as_slice(), [Key::Made(..)]);
                    self.entered.push(Entered { from, to, is_taken });
                }
            }
            _ => {}
        }
    }

    /// Joins what depends on which values are tracked, until nothing more comes.
    fn settle(&mut self) {
        loop {
            let mut grew = self.bond();
            let tracked = self.tracked_kinds();
            for entered in std::mem::take(&mut self.entered) {
                let is_tracked = entered.from.iter().any(|key| {
                    let root = self.union.root_of(key);
                    root.is_some_and(|root| tracked.contains_key(&root))
                });
                if !is_tracked {
                    self.entered.push(entered);
                    continue;
                }
                if entered.is_taken && self.declared.is_some() {
                    let from = self.place(&entered.from[0]);
                    let to = self.place(&entered.to[0]);
                    self.links.push((from, to));
                } else {
                    self.join_all(&entered.from, &entered.to);
                }
                grew = true;
            }
            if let Some(kinds) = self.declared {
                grew |= self.give(kinds, &tracked);
            }
            if !grew {
                break;
            }
        }
        if self.declared.is_some() {
            self.link_arguments();
        }
    }

    /// Notes what the tracked values give; whether that is more than was known.
    fn give(&mut self, kinds: &dyn DeclaredKinds, tracked: &BTreeMap<u32, usize>) -> bool {
        let mut grew = false;
        for at in 0..self.files.len() {
            let file = self.files[at];
            let values = self.values;
            let steps = &values[&file].steps;
            for step in steps {
                let Some(gives) = &step.gives else {
                    continue;
                };
                if self.given.contains(&(file, gives.node)) {
                    continue;
                }
                let Some((from, kind)) = self.kind_of(file, step, tracked) else {
                    continue;
                };
                let Some(kind) = kinds.given(kind, &gives.how) else {
                    continue;
                };
                grew = true;
                self.given.insert((file, gives.node));
                let key = Key::Given(file, gives.node);
                let number = self.source(&key, kind, file, step.range);
                self.links.push((from, number));
                let of_node = self.by_node.get(&(file, gives.node)).cloned();
                for index in of_node.unwrap_or_default() {
                    self.flow(file, &steps[index as usize]);
                }
            }
        }
        grew
    }

    /// The number of the tracked place that a step reads, and the kind of its values.
    fn kind_of(
        &mut self,
        file: FileId,
        step: &Step,
        tracked: &BTreeMap<u32, usize>,
    ) -> Option<(u32, usize)> {
        let Keys::Known(keys) = self.keys_of(file, step) else {
            return None;
        };
        keys.iter().find_map(|key| {
            let root = self.union.root_of(key)?;
            Some((root, *tracked.get(&root)?))
        })
    }

    /// A value that is an argument of a call of a tracked one changes with it: `users.insert(row, session=session)`.
    fn link_arguments(&mut self) {
        let tracked = self.tracked_kinds();
        let mut receivers: FxHashMap<(FileId, NodeId), u32> = FxHashMap::default();
        let mut arguments: Vec<((FileId, NodeId), u32)> = Vec::new();
        for at in 0..self.files.len() {
            let file = self.files[at];
            let values = self.values;
            for step in &values[&file].steps {
                let call = match (&step.gives, &step.to) {
                    (_, To::Spot(Spot::Argument(call, _))) => (*call, true),
                    (Some(gives), _) if matches!(gives.how, How::Call { .. }) => {
                        (gives.node, false)
                    }
                    _ => continue,
                };
                let Some((root, _)) = self.kind_of(file, step, &tracked) else {
                    continue;
                };
                match call {
                    (call, true) => arguments.push(((file, call), root)),
                    (call, false) => {
                        receivers.insert((file, call), root);
                    }
                }
            }
        }
        for (call, root) in arguments {
            if let Some(&receiver) = receivers.get(&call) {
                self.links.push((receiver, root));
            }
        }
    }

    /// Takes what values give for values; whether there was any.
    fn bond(&mut self) -> bool {
        if self.bonds.is_empty() {
            return false;
        }
        let kinds = self.kinds_of_sources();
        let mut grew = false;
        for (from, bond, to) in std::mem::take(&mut self.bonds) {
            let source = from.iter().find_map(|key| {
                let root = self.union.root_of(key)?;
                Some((root, *kinds.get(&root)?))
            });
            let is_done = match (source, &bond) {
                (None, _) => false,
                (Some((root, _)), Bond::Together) => match self.union.root_of(&to) {
                    Some(other) if kinds.contains_key(&other) => {
                        self.group(root, other);
                        true
                    }
                    _ => false,
                },
                (Some((root, kind)), Bond::Gives(member)) => {
                    if let Some(kind) = self.tracked.given_by(kind, member)
                        && let Key::Given(file, node) = to
                    {
                        let range = self.facts[&file]
                            .call_at(node)
                            .map(|index| self.facts[&file].calls[index].range)
                            .unwrap_or_default();
                        let other = self.source(&to, kind, file, range);
                        self.group(root, other);
                        grew = true;
                    }
                    true
                }
            };
            if !is_done {
                self.bonds.push((from, bond, to));
            }
        }
        grew
    }

    fn group(&mut self, one: u32, other: u32) {
        self.groups.push((one, other));
    }

    /// Notes what stands for each set that hangs together with another, once no more places are joined.
    fn close_groups(&mut self) {
        let mut closed: Union<u32> = Union::default();
        for (one, other) in std::mem::take(&mut self.groups) {
            let one = self.union.root(one);
            let other = self.union.root(other);
            let one = closed.number(&one);
            let other = closed.number(&other);
            closed.join(one, other);
        }
        let mut firsts: FxHashMap<u32, u32> = FxHashMap::default();
        for (root, group) in closed.all() {
            let first = *firsts.entry(group).or_insert(root);
            self.heads.insert(root, first);
        }
    }

    /// What stands for the component of a set of places.
    fn head(&self, root: u32) -> u32 {
        self.heads.get(&root).copied().unwrap_or(root)
    }

    fn join_all(&mut self, from: &[Key], to: &[Key]) {
        for one in from {
            for other in to {
                let edge = (self.union.number(one), self.union.number(other));
                self.edges.push(edge);
            }
        }
        let mut all = from.iter().chain(to);
        let Some(first) = all.next() else {
            return;
        };
        let first = self.place(first);
        for key in all {
            let number = self.place(key);
            self.union.join(first, number);
        }
    }

    /// The number of a place, which is one with those of its family.
    fn place(&mut self, key: &Key) -> u32 {
        let number = self.union.number(key);
        let mut pending = vec![key.clone()];
        while let Some(key) = pending.pop() {
            if !self.settled.insert(key.clone()) {
                continue;
            }
            let family: Vec<Key> = match key {
                // What a method of a class sets, an object of a class below has.
                Key::Member(class, name) => {
                    let below = self.resolver.descendants(class).into_iter();
                    below
                        .map(|class| Key::Member(class, name.clone()))
                        .collect()
                }
                Key::Instance(class) => {
                    let related = self.resolver.related(class);
                    related.iter().map(|&class| Key::Instance(class)).collect()
                }
                // Kin leads to kin.
                Key::Returned(id) => {
                    let kin = self.resolver.kin(id).into_iter().map(Key::Returned);
                    kin.inspect(|key| pending.push(key.clone())).collect()
                }
                Key::Yielded(id) => {
                    let kin = self.resolver.kin(id).into_iter().map(Key::Yielded);
                    kin.inspect(|key| pending.push(key.clone())).collect()
                }
                Key::Variable(..) | Key::Made(..) | Key::Given(..) => Vec::new(),
            };
            for key in family {
                let other = self.union.number(&key);
                self.union.join(number, other);
                self.edges.extend([(number, other), (other, number)]);
            }
        }
        number
    }

    /// The roots of the places that hold a tracked value.
    fn tracked_roots(&mut self) -> BTreeSet<u32> {
        self.tracked_kinds().into_keys().collect()
    }

    /// The same, each with the kind of the first value.
    fn tracked_kinds(&mut self) -> BTreeMap<u32, usize> {
        let mut kinds = self.kinds_of_sources();
        for &number in &self.origins {
            let root = self.union.root(number);
            kinds.entry(root).or_insert(self.tracked.kind);
        }
        kinds
    }

    /// The roots of the places that hold a value of a kind that something says, with that of the first one.
    fn kinds_of_sources(&mut self) -> BTreeMap<u32, usize> {
        let mut kinds = BTreeMap::new();
        for source in &self.sources {
            let root = self.union.root(source.number);
            kinds.entry(root).or_insert(source.kind);
        }
        kinds
    }

    /// The places that a step reads.
    fn keys_of(&mut self, file: FileId, step: &Step) -> Keys {
        if self.given.contains(&(file, step.node)) {
            return Keys::Known(vec![Key::Given(file, step.node)]);
        }
        self.keys(file, &step.from, step.range)
    }

    /// Whether values of a kind have a member of this name.
    fn has_member(&self, kind: Option<&usize>, name: &str) -> bool {
        match (self.declared, kind) {
            (Some(kinds), Some(&kind)) => kinds.has_member(kind, name),
            _ => self.tracked.members.contains(&name),
        }
    }

    /// Whether the instances of a class are ones of a tracked class.
    fn is_derived(&self, class: ClassId) -> bool {
        let related = self.resolver.related(class);
        related.iter().any(|related| self.derived.contains(related))
    }

    /// What a function gives to whoever calls it through a framework.
    fn given_by(&self, id: FunctionId) -> Key {
        match self.resolver.function(id) {
            Some(function) if function.is_generator => Key::Yielded(id),
            _ => Key::Returned(id),
        }
    }

    /// The places of a spot of a file.
    fn keys(&mut self, file: FileId, spot: &Spot, range: TextRange) -> Keys {
        match spot {
            Spot::Variable(number) => Keys::Known(vec![Key::Variable(file, *number)]),
            Spot::Made(node) => Keys::Known(vec![Key::Made(file, *node)]),
            Spot::Part(_) => Keys::Nothing,
            Spot::Instance(index) => {
                let class = ClassId {
                    file,
                    index: *index,
                };
                Keys::Known(vec![Key::Instance(class)])
            }
            Spot::Returned(index) => {
                let id = FunctionId {
                    file,
                    index: *index,
                };
                // A decorator may hand out something else.
                if !self.resolver.function(id).is_some_and(is_transparent) {
                    return Keys::Lost;
                }
                Keys::Known(vec![Key::Returned(id)])
            }
            Spot::Yielded(index) => {
                let id = FunctionId {
                    file,
                    index: *index,
                };
                if !self.resolver.function(id).is_some_and(is_transparent) {
                    return Keys::Lost;
                }
                Keys::Known(vec![Key::Yielded(id)])
            }
            Spot::Path(path) => self.path(file, path),
            Spot::Member(None, name) => Keys::Unknown(name.clone()),
            Spot::Member(Some(type_), name) => {
                let mut classes = self.resolver.classes_of(file, type_);
                let mut doubt = false;
                if classes.is_empty() {
                    classes = self.resolver.seen_classes(file, type_);
                    doubt = true;
                }
                if classes.is_empty() {
                    return if self.resolver.is_foreign(file, type_) {
                        Keys::Nothing
                    } else {
                        Keys::Unknown(name.clone())
                    };
                }
                let keys: Vec<Key> = classes
                    .into_iter()
                    .flat_map(|class| self.member(class, name))
                    .collect();
                if doubt {
                    for key in &keys {
                        self.doubts.entry(key.clone()).or_insert((file, range));
                    }
                }
                Keys::Known(keys)
            }
            Spot::Result(call) => self.result(file, *call),
            Spot::Given(call) => match self.result(file, *call) {
                Keys::Nothing => Keys::Known(vec![Key::Given(file, *call)]),
                keys => keys,
            },
            Spot::Iterated(call) => {
                let functions = self.called(file, *call).unwrap_or_default();
                let is_generator = |id: &FunctionId| {
                    self.resolver.function(*id).is_some_and(|function| {
                        function.is_generator && function.context_manager.is_none()
                    })
                };
                let generators = functions.into_iter().filter(is_generator);
                match generators.map(Key::Yielded).collect::<Vec<_>>() {
                    keys if keys.is_empty() => Keys::Nothing,
                    keys => Keys::Known(keys),
                }
            }
            Spot::Entered(call) => match self.called(file, *call) {
                Some(functions) => {
                    let keys: Vec<Key> = functions
                        .into_iter()
                        .filter(|&id| {
                            self.resolver
                                .function(id)
                                .is_some_and(|function| function.context_manager.is_some())
                        })
                        .map(Key::Yielded)
                        .collect();
                    if keys.is_empty() {
                        Keys::Nothing
                    } else {
                        Keys::Known(keys)
                    }
                }
                None => Keys::Nothing,
            },
            Spot::Fixture(name) => {
                let functions = self.resolver.fixture_functions(file, name);
                if functions.is_empty() {
                    return Keys::Nothing;
                }
                Keys::Known(functions.into_iter().map(|id| self.given_by(id)).collect())
            }
            Spot::Provided(target) => match self.resolver.target(file, target) {
                Resolved::Function(id) => Keys::Known(vec![self.given_by(id)]),
                _ => Keys::Nothing,
            },
            Spot::Argument(call, slot) => self.argument(file, *call, slot),
        }
    }

    /// An attribute, and what the properties of this name give: a class of the family may have either.
    fn member(&self, class: ClassId, name: &str) -> Vec<Key> {
        let mut keys = vec![Key::Member(class, name.to_string())];
        for &related in self.resolver.related(class).iter().chain([&class]) {
            let property = self
                .resolver
                .method(related, name)
                .filter(|&id| self.resolver.function(id).is_some_and(is_property));
            let given = property.map(Key::Returned);
            keys.extend(given.filter(|key| !keys.contains(key)));
        }
        keys
    }

    /// A variable of another module, or an attribute of what one holds.
    fn path(&self, file: FileId, path: &str) -> Keys {
        if let Some((owner, name)) = self.resolver.global(file, path) {
            let globals = &self.facts[&owner].globals;
            return match globals.iter().find(|(own, _)| *own == name) {
                Some((_, number)) => Keys::Known(vec![Key::Variable(owner, *number)]),
                None => Keys::Nothing,
            };
        }
        if let Some((head, name)) = path.rsplit_once('.')
            && let Some(class) = self.resolver.class_at(file, head)
        {
            return Keys::Known(self.member(class, name));
        }
        Keys::Nothing
    }

    /// Whether what a generator yields is followed from this call of it.
    fn is_iterated(&self, file: FileId, call: NodeId) -> bool {
        let facts = &self.facts[&file];
        facts
            .call_at(call)
            .is_some_and(|call| matches!(facts.calls[call].usage, Usage::Advanced))
    }

    /// The functions of the project that a call calls.
    fn called(&self, file: FileId, call: NodeId) -> Option<Vec<FunctionId>> {
        let facts = &self.facts[&file];
        let call = &facts.calls[facts.call_at(call)?];
        match self.resolver.called(file, &call.callee) {
            Called::Functions(functions) => Some(functions),
            _ => self
                .resolver
                .told(file, &call.callee)
                .filter(|found| !found.is_empty()),
        }
    }

    /// The class of the project that a call makes an instance of.
    fn constructed(&self, file: FileId, call: NodeId) -> Option<ClassId> {
        let facts = &self.facts[&file];
        let call = &facts.calls[facts.call_at(call)?];
        let Callee::Target(target) = &call.callee else {
            return None;
        };
        match self.resolver.target(file, target) {
            Resolved::Class(class) => Some(class),
            _ => None,
        }
    }

    fn result(&self, file: FileId, call: NodeId) -> Keys {
        if let Some(class) = self.constructed(file, call) {
            return if self.is_derived(class) {
                Keys::Known(vec![Key::Instance(class)])
            } else {
                Keys::Nothing
            };
        }
        match self.called(file, call) {
            Some(functions) => {
                let keys: Vec<Key> = functions
                    .into_iter()
                    .filter(|&id| {
                        self.resolver.function(id).is_some_and(|function| {
                            !function.is_generator && is_transparent(function)
                        })
                    })
                    .map(Key::Returned)
                    .collect();
                if keys.is_empty() {
                    Keys::Nothing
                } else {
                    Keys::Known(keys)
                }
            }
            None => Keys::Nothing,
        }
    }

    /// The parameters or fields that an argument is given to.
    fn argument(&self, file: FileId, node: NodeId, slot: &Slot) -> Keys {
        let facts = &self.facts[&file];
        let Some(call) = facts.call_at(node).map(|index| &facts.calls[index]) else {
            return Keys::Lost;
        };
        let functions = match self.constructed(file, node) {
            Some(class) => match self.resolver.method(class, "__init__") {
                Some(init) => vec![init],
                None => return self.field(class, slot),
            },
            None => match self.called(file, node) {
                Some(functions) => functions
                    .into_iter()
                    .flat_map(|id| {
                        // Constructors need not agree.
                        let is_special = self
                            .resolver
                            .function(id)
                            .is_some_and(|function| function.name.starts_with("__"));
                        let family = (!is_special).then(|| self.resolver.family(id));
                        family.into_iter().flatten().chain([id])
                    })
                    .collect(),
                None => return self.base(file, &call.callee),
            },
        };
        let mut keys = Vec::new();
        for id in functions {
            let Some(function) = self.resolver.function(id) else {
                return Keys::Lost;
            };
            if !is_transparent(function) {
                return Keys::Lost;
            }
            // The object is no argument, unless the method is called on its class.
            let is_static = has_decorator(function, "builtins.staticmethod");
            let is_class = has_decorator(function, "builtins.classmethod");
            let by_class = call.is_unbound
                || matches!(&call.callee, Callee::Target(target)
                    if self.resolver.is_method_of_class(file, target));
            let has_self = function.class.is_some() && !is_static && (is_class || !by_class);
            let parameter = match slot {
                Slot::Position(position) => function
                    .parameters
                    .get(*position as usize + usize::from(has_self))
                    .filter(|parameter| !parameter.is_keyword_only),
                Slot::Keyword(name) => function
                    .parameters
                    .iter()
                    .find(|parameter| parameter.name == *name && !parameter.is_positional_only),
            };
            match parameter {
                Some(parameter) => keys.push(Key::Variable(id.file, parameter.variable)),
                None => return Keys::Lost,
            }
        }
        if keys.is_empty() {
            return Keys::Lost;
        }
        Keys::Known(keys)
    }

    /// The instance whose constructor a call of `super().__init__` runs: that of a tracked class.
    fn base(&self, file: FileId, callee: &Callee) -> Keys {
        let Callee::Super { class, name } = callee else {
            return Keys::Lost;
        };
        if name != "__init__" {
            return Keys::Lost;
        }
        let class = ClassId {
            file,
            index: *class,
        };
        if self.is_derived(class) {
            Keys::Known(vec![Key::Instance(class)])
        } else {
            Keys::Lost
        }
    }

    /// The field of a dataclass, or of a class whose base writes the constructor.
    fn field(&self, class: ClassId, slot: &Slot) -> Keys {
        // Bases come first, in reverse order; a field that is there already keeps its place.
        let mut fields: Vec<String> = Vec::new();
        let mut bases = self.resolver.ancestors(class);
        bases.reverse();
        for at in bases {
            let own = self
                .values
                .get(&at.file)
                .and_then(|values| values.fields.iter().find(|(index, _)| *index == at.index));
            for name in own.map_or(&[][..], |(_, names)| names) {
                if !fields.contains(name) {
                    fields.push(name.clone());
                }
            }
        }
        let name = match slot {
            Slot::Position(position) => fields.get(*position as usize).cloned(),
            Slot::Keyword(name) => fields.iter().find(|own| *own == name).cloned(),
        };
        match name {
            Some(name) => Keys::Known(self.member(class, &name)),
            None => Keys::Lost,
        }
    }

    /// The words by which other files get at what is tracked.
    pub(super) fn words(&mut self) -> Vec<String> {
        let roots = self.tracked_roots();
        let mut words = Vec::new();
        let owners = self.owners();
        for (key, root) in self.union.all() {
            // Only for its family, and named nowhere.
            let is_read = self.settled.contains(&key);
            if !roots.contains(&root) || !is_read {
                continue;
            }
            match key {
                Key::Variable(file, number) => {
                    let globals = &self.facts[&file].globals;
                    words.extend(
                        globals
                            .iter()
                            .filter(|(_, own)| *own == number)
                            .map(|(name, _)| name.clone()),
                    );
                    if let Some((id, _)) = owners.get(&(file, number)) {
                        self.names_of(*id, &mut words);
                    }
                }
                Key::Member(class, name) => {
                    // The constructor of a dataclass gives it.
                    words.extend(self.resolver.names_below(class));
                    words.push(name);
                }
                Key::Returned(id) | Key::Yielded(id) => self.names_of(id, &mut words),
                Key::Instance(class) => words.extend(self.resolver.names_below(class)),
                Key::Made(..) | Key::Given(..) => {}
            }
        }
        words
    }

    /// The parameters of all functions, by their variables.
    fn owners(&self) -> FxHashMap<(FileId, u32), (FunctionId, u32)> {
        let mut owners = FxHashMap::default();
        for (&file, facts) in self.facts {
            for (index, function) in facts.functions.iter().enumerate() {
                let id = FunctionId {
                    file,
                    index: index as u32,
                };
                for (at, parameter) in function.parameters.iter().enumerate() {
                    owners.insert((file, parameter.variable), (id, at as u32));
                }
            }
        }
        owners
    }

    /// The names by which a function is called.
    fn names_of(&self, id: FunctionId, words: &mut Vec<String>) {
        let Some(function) = self.resolver.function(id) else {
            return;
        };
        if function.is_lambda {
            return;
        }
        match (function.class, function.name.as_str()) {
            (Some(index), "__init__") => {
                let class = ClassId {
                    file: id.file,
                    index,
                };
                words.extend(self.resolver.names_below(class));
            }
            (_, name) if name.starts_with("__") => {}
            (_, name) => {
                words.push(name.to_string());
                words.extend(
                    function
                        .fixture
                        .as_ref()
                        .map(|fixture| fixture.name.clone()),
                );
            }
        }
    }

    /// The components, in the order of their first place.
    pub(super) fn components(mut self) -> Vec<Component> {
        let owners = self.owners();
        // What only says a type goes with all that the file has of tracked values.
        self.join_by_types();
        self.close_groups();
        let kinds = self.tracked_kinds();
        let roots: BTreeSet<u32> = kinds.keys().map(|&root| self.head(root)).collect();
        let mut found: FxHashMap<u32, Component> = roots
            .iter()
            .map(|&root| (root, Component::default()))
            .collect();
        let mut names: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (key, root) in self.union.all() {
            let kind = kinds.get(&root).copied().unwrap_or(self.tracked.kind);
            let root = self.head(root);
            let Some(component) = found.get_mut(&root) else {
                continue;
            };
            if let Some(doubt) = self.doubts.get(&key) {
                component.doubt.get_or_insert(*doubt);
            }
            match key {
                Key::Member(_, name) => names.entry(name).or_default().push(root),
                // What a cache holds is shared like a variable of the module.
                Key::Returned(id)
                    if {
                        component.returned.extend(self.resolver.family(id));
                        component.returned.push(id);
                        self.resolver.function(id).is_some_and(|function| {
                            has_decorator(function, "functools.cache")
                                || has_decorator(function, "functools.lru_cache")
                        })
                    } =>
                {
                    let range = self.resolver.function(id).map(|function| function.header);
                    component.global = component.global.or(range.map(|range| (id.file, range)));
                }
                Key::Instance(class) => {
                    let family = self.resolver.related(class);
                    let family = family.iter().copied();
                    component.derived.extend(
                        family.filter(|&at| {
                            self.resolver.derives_only_from(at, self.tracked.classes)
                        }),
                    );
                }
                // Which of its members gives what is told elsewhere.
                Key::Given(..) if self.declared.is_none() => {}
                Key::Made(file, node) | Key::Given(file, node) => {
                    let is_given = matches!(key, Key::Given(..));
                    let part = component.parts.entry(file).or_default();
                    part.origins.push(Origin {
                        node,
                        kind,
                        place: root,
                        is_given,
                    });
                    if !is_given {
                        part.made.push(node);
                    }
                }
                Key::Variable(file, number) => {
                    if let Some(&(function, index)) = owners.get(&(file, number)) {
                        component.parameters.push(Parameter { function, index });
                    }
                }
                _ => {}
            }
        }
        let perhaps_none = self.perhaps_none();
        for at in 0..self.files.len() {
            let file = self.files[at];
            let mut reads: FxHashMap<NodeId, Vec<u32>> = FxHashMap::default();
            let steps = &self.values[&file].steps;
            for step in steps {
                if let Keys::Known(keys) = self.keys_of(file, step) {
                    let roots = self.roots_of(&keys);
                    reads.entry(step.node).or_default().extend(roots);
                }
            }
            for step in steps {
                self.step(file, step, &names, &kinds, &perhaps_none, &mut found);
            }
            self.writes(file, &reads, &names, &mut found);
            self.mentions(file, &reads, &mut found);
        }
        self.mixed(&kinds, &mut found);
        for (key, root) in self.union.all() {
            let Key::Variable(file, number) = key else {
                continue;
            };
            if let Some(&(function, _)) = owners.get(&(file, number))
                && let Some(component) = found.get_mut(&root)
                && !self.fed.contains(&key)
            {
                let header = self
                    .resolver
                    .function(function)
                    .map(|function| function.header);
                component.unfed = component.unfed.or(header.map(|header| (file, header)));
            }
        }
        self.patched(&kinds, &mut found);
        let mut components = self.grouped(roots, found);
        components.retain(|component| !component.parts.is_empty());
        for component in &mut components {
            component.derived.sort_unstable();
            component.derived.dedup();
            for class in &component.derived {
                let part = component.parts.entry(class.file).or_default();
                part.derived.push(class.index);
            }
            for part in component.parts.values_mut() {
                part.made.sort_unstable();
                part.mentions.sort_by_key(|named| named.range.start());
                part.origins.sort_unstable();
                part.values.sort_unstable();
                part.values.dedup();
                part.perhaps_none.sort_unstable();
                part.perhaps_none.dedup();
                part.uses.sort_by_key(|use_| use_.range.start());
            }
            if let Some((&file, part)) = component
                .parts
                .iter()
                .find(|(file, _)| self.facts[file].is_fixed)
                && component.trouble.is_none()
            {
                let range = part
                    .uses
                    .first()
                    .map(|use_| use_.range)
                    .or_else(|| part.mentions.first().map(|named| named.range))
                    .unwrap_or_default();
                component.trouble = Some(Trouble {
                    file,
                    range,
                    reason: &VALUE_FIXED,
                    detail: Some(format!("`{}`", self.resolver.file_name(file))),
                });
            }
        }
        components.sort_by_key(|component| {
            let first = component.parts.iter().next();
            first.map(|(&file, part)| {
                let uses = part.uses.first().map(|use_| use_.node);
                let node = part.made.first().copied().into_iter().chain(uses).min();
                (file, node)
            })
        });
        components
    }

    /// The places whose values change together are one component.
    fn grouped(
        &mut self,
        roots: BTreeSet<u32>,
        mut found: FxHashMap<u32, Component>,
    ) -> Vec<Component> {
        let mut groups: Union<u32> = Union::default();
        for &root in &roots {
            groups.number(&root);
        }
        for (one, other) in std::mem::take(&mut self.links) {
            let (one, other) = (self.union.root(one), self.union.root(other));
            let (one, other) = (groups.number(&one), groups.number(&other));
            groups.join(one, other);
        }
        let mut components: BTreeMap<u32, Component> = BTreeMap::new();
        for root in roots {
            let (Some(component), Some(group)) = (found.remove(&root), groups.root_of(&root))
            else {
                continue;
            };
            match components.entry(group) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(component);
                }
                std::collections::btree_map::Entry::Occupied(mut entry) => {
                    merge(entry.get_mut(), component);
                }
            }
        }
        components.into_values().collect()
    }

    /// A place that holds values of two kinds: what is done with it would need two meanings.
    fn mixed(&mut self, kinds: &BTreeMap<u32, usize>, found: &mut FxHashMap<u32, Component>) {
        for source in &self.sources {
            let root = self.union.root(source.number);
            if kinds.get(&root) != Some(&source.kind) {
                let root = self.head(root);
                let detail = "values of two classes meet here".to_string();
                trouble(found, root, source.file, source.range, &VALUE_MIXED, detail);
            }
        }
    }

    /// The places that may hold `None`, or nothing: they are given that, or something flows there that may be.
    fn perhaps_none(&mut self) -> FxHashSet<u32> {
        let mut pending: Vec<u32> = Vec::new();
        for at in 0..self.files.len() {
            let file = self.files[at];
            for write in &self.values[&file].writes {
                if write.leaves.contains(&Leaf::Nothing)
                    && let Keys::Known(keys) = self.keys(file, &write.to, write.range)
                {
                    pending.extend(keys.iter().map(|key| self.union.number(key)));
                }
            }
        }
        let mut next: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for &(from, to) in &self.edges {
            next.entry(from).or_default().push(to);
        }
        let mut found: FxHashSet<u32> = FxHashSet::default();
        while let Some(at) = pending.pop() {
            if found.insert(at) {
                pending.extend(next.get(&at).into_iter().flatten());
            }
        }
        found
    }

    fn join_by_types(&mut self) {
        for at in 0..self.files.len() {
            let file = self.files[at];
            let values = &self.values[&file];
            let types = values.mentions.iter();
            let mut types: Vec<usize> = types
                .filter(|mention| mention.role == Role::Type)
                .map(|mention| self.kind_of_class(&mention.path))
                .collect();
            types.sort_unstable();
            types.dedup();
            // One value gives another: they change together, of whatever kind.
            let hangs_together = self.tracked.kinds.is_some();
            if hangs_together {
                types.truncate(1);
            }
            for kind in types {
                let tracked = self.tracked_kinds();
                let mut touching: Vec<u32> = Vec::new();
                for step in &values.steps {
                    if let Keys::Known(keys) = self.keys_of(file, step) {
                        touching.extend(self.roots_of(&keys));
                    }
                }
                touching.retain(|root| match tracked.get(root) {
                    Some(own) => hangs_together || *own == kind,
                    None => false,
                });
                for pair in touching.windows(2) {
                    if hangs_together {
                        self.group(pair[0], pair[1]);
                    } else {
                        self.union.join(pair[0], pair[1]);
                    }
                }
            }
        }
    }

    fn roots_of(&mut self, keys: &[Key]) -> Vec<u32> {
        let mut roots: Vec<u32> = keys
            .iter()
            .filter_map(|key| self.union.root_of(key))
            .map(|root| self.heads.get(&root).copied().unwrap_or(root))
            .collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// Files a step with its component, or says what is wrong with it.
    fn step(
        &mut self,
        file: FileId,
        step: &Step,
        names: &FxHashMap<String, Vec<u32>>,
        kinds: &BTreeMap<u32, usize>,
        perhaps_none: &FxHashSet<u32>,
        found: &mut FxHashMap<u32, Component>,
    ) {
        // A generator that yields a value is entered, or called by a framework: nothing else is followed.
        if let Spot::Result(call) | Spot::Given(call) = step.from
            && !matches!(
                step.to,
                To::With { .. } | To::Entered(_) | To::Stacked { .. } | To::Nowhere
            )
            && !self.is_iterated(file, call)
            && let Some(functions) = self.called(file, call)
        {
            for id in functions {
                if self
                    .resolver
                    .function(id)
                    .is_some_and(|function| function.is_generator)
                    && let Some(root) = self.union.root_of(&Key::Yielded(id))
                    && let root = self.head(root)
                    && found.contains_key(&root)
                {
                    let detail = "a generator that yields it is iterated".to_string();
                    trouble(found, root, file, step.range, &VALUE_ESCAPES, detail);
                }
            }
        }
        let from = match self.keys_of(file, step) {
            Keys::Known(keys) => keys,
            Keys::Unknown(name) => {
                let counts = match &step.to {
                    To::Nowhere | To::Asked(_) => false,
                    // What it flows into is looked at there, if it is of a component.
                    To::Spot(to) | To::Entered(to) => {
                        let keys = self.keys(file, to, step.range);
                        !matches!(keys, Keys::Nothing) && !is_local(to)
                    }
                    _ => true,
                };
                if counts {
                    for root in names.get(&name).into_iter().flatten() {
                        if let To::Attribute { name, .. } = &step.to
                            && !self.has_member(kinds.get(root), name)
                        {
                            continue;
                        }
                        let detail = format!("`.{name}`");
                        trouble(found, *root, file, step.range, &VALUE_UNKNOWN_OWNER, detail);
                    }
                }
                return;
            }
            Keys::Nothing | Keys::Lost => return,
        };
        let roots = self.roots_of(&from);
        let is_tracked = |root: &&u32| found.contains_key(root);
        // What one expression reads is one component: see `join`.
        let Some(&root) = roots.iter().find(is_tracked) else {
            return;
        };
        let kind = from
            .iter()
            .filter_map(|key| self.union.root_of(key))
            .find_map(|root| kinds.get(&root).copied())
            .unwrap_or(self.tracked.kind);
        if let Some(component) = found.get_mut(&root) {
            let part = component.parts.entry(file).or_default();
            part.values.push(step.node);
            part.kinds.insert(step.node, kind);
            if from
                .iter()
                .any(|key| perhaps_none.contains(&self.union.number(key)))
            {
                part.perhaps_none.push(step.node);
            }
        }
        let lost = |why: &str| why.to_string();
        // With kinds, the codemod says what becomes of everything that stays where it is.
        let is_judged = self.declared.is_some();
        let used = |is_own: bool| ValueUse {
            node: step.node,
            range: step.range,
            to: step.to.clone(),
            kind,
            place: root,
            is_own,
        };
        let mut push = |use_: ValueUse| {
            if let Some(component) = found.get_mut(&root) {
                component.parts.entry(file).or_default().uses.push(use_);
            }
        };
        match &step.to {
            To::Nowhere => {}
            To::Item if !is_judged && !self.tracked.items => {
                let why = lost("it is used in a way that is not known");
                trouble(found, root, file, step.range, &VALUE_ESCAPES, why);
            }
            To::Handed(path) if !is_judged && !self.tracked.takers.contains(&path.as_str()) => {
                let why = lost("it is handed to code outside of the project");
                trouble(found, root, file, step.range, &VALUE_ESCAPES, why);
            }
            To::Lost(_) if is_judged => push(used(false)),
            To::Lost(why) => trouble(found, root, file, step.range, &VALUE_ESCAPES, lost(why)),
            To::Spot(to) | To::Entered(to) => {
                let why = match self.keys(file, to, step.range) {
                    Keys::Known(_) if is_judged && matches!(to, Spot::Made(_)) => {
                        return push(used(false));
                    }
                    Keys::Known(_) => return,
                    Keys::Lost if is_judged && matches!(to, Spot::Argument(..)) => {
                        return push(used(false));
                    }
                    Keys::Unknown(name) => {
                        format!("it is stored as `.{name}` of an unknown object")
                    }
                    Keys::Nothing => lost("it is stored outside of the project"),
                    Keys::Lost if self.takes(file, to, root) => return,
                    Keys::Lost if matches!(to, Spot::Argument(..)) => {
                        lost("it is an argument of a call that is not known")
                    }
                    Keys::Lost => lost("a decorator stands between the function and its callers"),
                };
                trouble(found, root, file, step.range, &VALUE_ESCAPES, why);
            }
            To::Attribute { name, .. } => {
                let is_own = from.iter().any(|key| match key {
                    Key::Instance(class) => self.defines(*class, name),
                    _ => false,
                }) || self.is_own_member(root, name);
                push(used(is_own));
            }
            To::With { .. }
            | To::Stacked { .. }
            | To::Asked(_)
            | To::Item
            | To::Handed(_)
            | To::Called(_) => push(used(false)),
        }
    }

    /// Whether a class of the project whose instances a component holds has a member of this name.
    fn is_own_member(&mut self, root: u32, name: &str) -> bool {
        let derived: Vec<ClassId> = self.derived.iter().copied().collect();
        derived.into_iter().any(|class| {
            self.roots_of(&[Key::Instance(class)]) == [root] && self.defines(class, name)
        })
    }

    fn defines(&self, class: ClassId, name: &str) -> bool {
        self.resolver.related(class).iter().any(|&at| {
            self.resolver.class(at).is_some_and(|class| {
                class.methods.iter().any(|(own, _)| own == name)
                    || class.attributes.iter().any(|(own, _)| own == name)
                    || class.untyped.iter().any(|own| own == name)
            })
        })
    }

    /// Looks at what places are given.
    fn writes(
        &mut self,
        file: FileId,
        reads: &FxHashMap<NodeId, Vec<u32>>,
        names: &FxHashMap<String, Vec<u32>>,
        found: &mut FxHashMap<u32, Component>,
    ) {
        let globals: Vec<u32> = self.facts[&file]
            .globals
            .iter()
            .map(|(_, number)| *number)
            .collect();
        for write in &self.values[&file].writes {
            let is_nothing = write.leaves.iter().all(|leaf| *leaf == Leaf::Nothing);
            let keys = match self.keys(file, &write.to, write.range) {
                // What a constructor is given is no instance itself.
                Keys::Known(keys) if matches!(keys[0], Key::Instance(_)) => continue,
                Keys::Known(keys) => keys,
                Keys::Unknown(name) if !is_nothing => {
                    for root in names.get(&name).into_iter().flatten() {
                        let detail = format!("`.{name}` is set");
                        trouble(
                            found,
                            *root,
                            file,
                            write.range,
                            &VALUE_UNKNOWN_OWNER,
                            detail,
                        );
                    }
                    continue;
                }
                _ => continue,
            };
            for root in self.roots_of(&keys) {
                let Some(component) = found.get_mut(&root) else {
                    continue;
                };
                if let Spot::Variable(number) = write.to
                    && globals.contains(&number)
                    && !is_nothing
                {
                    component.global.get_or_insert((file, write.range));
                }
                let is_value =
                    |node: &NodeId| reads.get(node).is_some_and(|roots| roots.contains(&root));
                if write
                    .leaves
                    .iter()
                    .any(|leaf| matches!(leaf, Leaf::Read(node) if is_value(node)))
                {
                    self.fed.extend(keys.iter().cloned());
                }
                let is_mixed = write.leaves.iter().any(|leaf| match leaf {
                    Leaf::Read(node) => !is_value(node),
                    Leaf::Nothing => false,
                    Leaf::Other => true,
                });
                if is_mixed {
                    let detail = String::new();
                    trouble(found, root, file, write.range, &VALUE_MIXED, detail);
                }
            }
        }
    }

    /// Files the names of the classes with the components.
    fn mentions(
        &mut self,
        file: FileId,
        reads: &FxHashMap<NodeId, Vec<u32>>,
        found: &mut FxHashMap<u32, Component>,
    ) {
        let values = &self.values[&file];
        let in_file: Vec<u32> = {
            let mut roots: Vec<u32> = reads.values().flatten().copied().collect();
            roots.retain(|root| found.contains_key(root));
            roots.sort_unstable();
            roots.dedup();
            roots
        };
        for mention in &values.mentions {
            let roots = match &mention.role {
                Role::Annotates(spot) => match self.keys(file, spot, mention.range) {
                    Keys::Known(keys) => {
                        self.fed.extend(keys.iter().cloned());
                        self.roots_of(&keys)
                    }
                    _ => continue,
                },
                Role::Base(index) => {
                    let class = ClassId {
                        file,
                        index: *index,
                    };
                    self.roots_of(&[Key::Instance(class)])
                }
                Role::Asked(value) => reads.get(value).cloned().unwrap_or_default(),
                Role::Type => in_file.clone(),
                Role::Made(_) | Role::Patched | Role::Other => continue,
            };
            let root = roots.iter().find(|root| found.contains_key(root));
            if let Some(component) = root.and_then(|root| found.get_mut(root)) {
                component
                    .parts
                    .entry(file)
                    .or_default()
                    .mentions
                    .push(Named {
                        node: mention.node,
                        range: mention.range,
                        is_quoted: mention.is_quoted,
                        path: mention.path.clone(),
                    });
            }
        }
    }

    /// Whether a call of a value takes another one of the same component.
    fn takes(&mut self, file: FileId, to: &Spot, root: u32) -> bool {
        match to {
            Spot::Argument(call, _) => self.roots_of(&[Key::Given(file, *call)]) == [root],
            _ => false,
        }
    }

    /// Where a class is patched, no value may change: none of its kind, if the kinds are told apart.
    fn patched(&self, kinds: &BTreeMap<u32, usize>, found: &mut FxHashMap<u32, Component>) {
        let mut told: BTreeSet<Option<usize>> = BTreeSet::new();
        for &file in &self.files {
            for mention in &self.values[&file].mentions {
                if mention.role != Role::Patched {
                    continue;
                }
                let patched = self.declared.map(|_| self.kind_of_class(&mention.path));
                if !told.insert(patched) {
                    continue;
                }
                let roots: Vec<u32> = found
                    .keys()
                    .copied()
                    .filter(|root| patched.is_none() || kinds.get(root).copied() == patched)
                    .collect();
                for root in roots {
                    let range = mention.range;
                    trouble(found, root, file, range, &VALUE_PATCHED, String::new());
                }
            }
        }
    }
}

/// Adds what another set of places makes, holds and uses.
fn merge(into: &mut Component, other: Component) {
    for (file, part) in other.parts {
        let Part {
            made,
            mentions,
            uses,
            derived,
            values,
            kinds,
            perhaps_none,
            origins,
        } = part;
        let own = into.parts.entry(file).or_default();
        own.made.extend(made);
        own.mentions.extend(mentions);
        own.uses.extend(uses);
        own.derived.extend(derived);
        own.values.extend(values);
        own.kinds.extend(kinds);
        own.perhaps_none.extend(perhaps_none);
        own.origins.extend(origins);
    }
    into.trouble = match (into.trouble.take(), other.trouble) {
        (Some(one), Some(two)) => {
            let place = |trouble: &Trouble| (trouble.file, trouble.range.start());
            Some(if place(&two) < place(&one) { two } else { one })
        }
        (one, two) => one.or(two),
    };
    into.troubles.extend(other.troubles);
    into.unfed = into.unfed.or(other.unfed);
    into.returned.extend(other.returned);
    into.parameters.extend(other.parameters);
    into.derived.extend(other.derived);
    into.global = into.global.or(other.global);
    into.doubt = into.doubt.or(other.doubt);
}

/// Whether a place is a variable: what is done with it is looked at where it is read.
fn is_local(spot: &Spot) -> bool {
    matches!(spot, Spot::Variable(_))
}

fn is_property(function: &Function) -> bool {
    has_decorator(function, "builtins.property")
        || has_decorator(function, "functools.cached_property")
}

fn has_decorator(function: &Function, path: &str) -> bool {
    function
        .decorators
        .iter()
        .any(|decorator| matches!(&decorator.target, Target::Path(own) if own == path))
}

/// Whether its callers' arguments are those of the function: no decorator takes one or adds one.
fn is_transparent(function: &Function) -> bool {
    function.decorators.iter().all(|decorator| {
        matches!(&decorator.target, Target::Path(path) if matches!(
            path.as_str(),
            "builtins.staticmethod" | "builtins.classmethod" | "builtins.property" | "abc.abstractmethod"
                | "typing.override" | "typing_extensions.override" | "typing.final" | "typing.overload"
                | "contextlib.contextmanager" | "functools.cache" | "functools.cached_property"
                | "functools.lru_cache" | "pytest.fixture" | "pytest_asyncio.fixture"
                | "deprecation.deprecated"
        ))
    })
}

/// Notes the first thing in source order that is wrong with a component.
fn trouble(
    found: &mut FxHashMap<u32, Component>,
    root: u32,
    file: FileId,
    range: TextRange,
    reason: &'static Reason,
    detail: String,
) {
    let Some(component) = found.get_mut(&root) else {
        return;
    };
    let trouble = Trouble {
        file,
        range,
        reason,
        detail: Some(detail).filter(|detail| !detail.is_empty()),
    };
    component.troubles.push(trouble.clone());
    component.trouble.get_or_insert(trouble);
    // The file is a part of it.
    component.parts.entry(file).or_default();
}
