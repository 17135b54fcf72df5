//! Joins the places of all files that flow into each other.

use std::collections::{BTreeMap, BTreeSet};

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::key::{Key, Keys};
use super::spots::Spots;
use super::union::Union;
use super::{DeclaredKinds, Tracked};
use crate::callgraph::FileFacts;
use crate::callgraph::resolve::{ClassId, Resolver};
use crate::callgraph::values::{FileValues, How, Leaf, Role, Spot, Step, To};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A value has to do with another one.
enum Bond {
    /// It is handed over: both change together.
    Together,
    /// A call of this member of it gives the other.
    Gives(String),
}

/// A place that holds a value whatever flows in.
pub(super) struct Source {
    /// Its number.
    pub(super) number: u32,
    /// The kind of the value.
    pub(super) kind: usize,
    pub(super) file: FileId,
    pub(super) range: TextRange,
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
    pub(super) tracked: &'l Tracked,
    /// Tells the values of a declared codemod apart; those of others are told apart by [`Tracked::kinds`].
    pub(super) declared: Option<&'l dyn DeclaredKinds>,
    pub(super) spots: Spots<'l, 'f>,
    pub(super) values: &'l FxHashMap<FileId, FileValues>,
    pub(super) files: Vec<FileId>,
    pub(super) union: Union<Key>,
    /// The places that are one with those of their families.
    pub(super) settled: FxHashSet<Key>,
    /// The places that hold a value whatever flows in.
    pub(super) sources: Vec<Source>,
    /// Those of them that are calls of values: what other calls give is nothing that is known.
    given_by_values: FxHashSet<Key>,
    /// Those of them whose kind nothing says.
    origins: Vec<u32>,
    /// The expressions that give a value of another one, with [`DeclaredKinds`].
    given: FxHashSet<(FileId, NodeId)>,
    /// The steps of each expression, with [`DeclaredKinds`].
    by_node: FxHashMap<(FileId, NodeId), Vec<u32>>,
    /// Places whose values change together though they are not one, with [`DeclaredKinds`]: what each does is told apart.
    pub(super) links: Vec<(u32, u32)>,
    /// Values that have to do with each other, with [`super::Kinds`].
    bonds: Vec<(Vec<Key>, Bond, Key)>,
    /// Places whose values hang together, with [`super::Kinds`].
    groups: Vec<(u32, u32)>,
    /// What stands for the component of a root, where that is not the root itself.
    heads: FxHashMap<u32, u32>,
    /// The steps of `with value as name` and of values that others take, which count once the value is tracked.
    entered: Vec<Entered>,
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
            spots: Spots::new(resolver, facts, values),
            values,
            files,
            union: Union::default(),
            settled: FxHashSet::default(),
            sources: Vec::new(),
            given_by_values: FxHashSet::default(),
            origins: Vec::new(),
            given: FxHashSet::default(),
            by_node,
            links: Vec::new(),
            bonds: Vec::new(),
            groups: Vec::new(),
            heads: FxHashMap::default(),
            entered: Vec::new(),
            edges: Vec::new(),
        }
    }

    /// Joins what flows into each other.
    pub(super) fn join(&mut self) {
        for at in 0..self.files.len() {
            let file = self.files[at];
            for &index in &self.values[&file].derived {
                let class = ClassId { file, index };
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
                    Role::Annotates(spot) => match self.spots.keys(file, spot, mention.range) {
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
                if let Keys::Known(to) = self.spots.keys(file, &write.to, write.range) {
                    for key in to {
                        self.place(&key);
                    }
                }
            }
        }
        self.settle();
    }

    /// The kind of what the class of this path makes.
    pub(super) fn kind_of_class(&self, path: &str) -> usize {
        let declared = self.declared.and_then(|kinds| kinds.of_class(path));
        declared.unwrap_or_else(|| self.tracked.kind_of(path))
    }

    fn source(&mut self, key: &Key, kind: usize, file: FileId, range: TextRange) -> u32 {
        let number = self.place(key);
        if matches!(key, Key::Given(..)) {
            self.given_by_values.insert(key.clone());
        }
        self.sources.push(Source {
            number,
            kind,
            file,
            range,
        });
        number
    }

    /// Whether a place is a call of which nothing says that it gives a value.
    pub(super) fn is_unknown_call(&self, key: &Key) -> bool {
        matches!(key, Key::Given(..)) && !self.given_by_values.contains(key)
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
                if let Keys::Known(to) = self.spots.keys(file, to, step.range) {
                    for key in to {
                        self.bonds.push((from.clone(), Bond::Together, key));
                    }
                }
            }
            To::Spot(to) => match (self.spots.keys(file, to, step.range), to) {
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
                if let Keys::Known(to) = self.spots.keys(file, to, step.range) {
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
                        let range = self.spots.facts[&file]
                            .call_at(node)
                            .map(|index| self.spots.facts[&file].calls[index].range)
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
    pub(super) fn close_groups(&mut self) {
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
    pub(super) fn head(&self, root: u32) -> u32 {
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
                    let below = self.spots.resolver.descendants(class).into_iter();
                    below
                        .map(|class| Key::Member(class, name.clone()))
                        .collect()
                }
                Key::Instance(class) => {
                    let related = self.spots.resolver.related(class);
                    related.iter().map(|&class| Key::Instance(class)).collect()
                }
                // Kin leads to kin.
                Key::Returned(id) => {
                    let kin = self.spots.resolver.kin(id).into_iter().map(Key::Returned);
                    kin.inspect(|key| pending.push(key.clone())).collect()
                }
                Key::Yielded(id) => {
                    let kin = self.spots.resolver.kin(id).into_iter().map(Key::Yielded);
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
    pub(super) fn tracked_roots(&mut self) -> BTreeSet<u32> {
        self.tracked_kinds().into_keys().collect()
    }

    /// The same, each with the kind of the first value.
    pub(super) fn tracked_kinds(&mut self) -> BTreeMap<u32, usize> {
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
    pub(super) fn keys_of(&mut self, file: FileId, step: &Step) -> Keys {
        if self.given.contains(&(file, step.node)) {
            return Keys::Known(vec![Key::Given(file, step.node)]);
        }
        self.spots.keys(file, &step.from, step.range)
    }

    /// Whether values of a kind have a member of this name.
    pub(super) fn has_member(&self, kind: Option<&usize>, name: &str) -> bool {
        match (self.declared, kind) {
            (Some(kinds), Some(&kind)) => kinds.has_member(kind, name),
            _ => self.tracked.members.contains(&name),
        }
    }

    /// Joins the values that a file names only by their type.
    pub(super) fn join_by_types(&mut self) {
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

    /// What stands for the components of these places.
    pub(super) fn roots_of(&mut self, keys: &[Key]) -> Vec<u32> {
        let mut roots: Vec<u32> = keys
            .iter()
            .filter_map(|key| self.union.root_of(key))
            .map(|root| self.heads.get(&root).copied().unwrap_or(root))
            .collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// The places that may hold `None`, or nothing: they are given that, or something flows there that may be.
    pub(super) fn perhaps_none(&mut self) -> FxHashSet<u32> {
        let mut pending: Vec<u32> = Vec::new();
        for at in 0..self.files.len() {
            let file = self.files[at];
            for write in &self.values[&file].writes {
                if write.leaves.contains(&Leaf::Nothing)
                    && let Keys::Known(keys) = self.spots.keys(file, &write.to, write.range)
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

    /// The parameters of all functions, by their variables.
    pub(super) fn owners(&self) -> FxHashMap<(FileId, u32), (FunctionId, u32)> {
        let mut owners = FxHashMap::default();
        for (&file, facts) in self.spots.facts {
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
}
