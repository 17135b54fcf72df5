//! Takes the components out of what was joined: what makes, holds and uses the values of each set of places, in all files,
//! and what is wrong with it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::key::{Key, Keys};
use super::link::Link;
use super::open::{open_functions, used_as_values};
use super::spots::{has_decorator, is_property};
use super::union::Union;
use super::{
    Component, Named, Origin, Parameter, Part, Trouble, VALUE_ESCAPES, VALUE_FIXED, VALUE_MIXED,
    VALUE_PATCHED, VALUE_UNKNOWN_OWNER, ValueUse,
};
use crate::callgraph::resolve::ClassId;
use crate::callgraph::values::{Leaf, Role, Spot, Step, To};
use crate::callgraph::{Given, Target, ValueKind};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId, Reason};

/// The components as they are found.
struct Filing<'l, 'f> {
    link: Link<'l, 'f>,
    /// The kinds of the roots that hold a tracked value.
    kinds: BTreeMap<u32, usize>,
    /// The parameters of all functions, by their variables.
    owners: FxHashMap<(FileId, u32), (FunctionId, u32)>,
    /// The places that may hold `None`.
    perhaps_none: FxHashSet<u32>,
    /// The components by what stands for them.
    found: FxHashMap<u32, Component>,
    /// Those that have a place which is an attribute of this name.
    names: FxHashMap<String, Vec<u32>>,
    /// Those that have a place which a module has under this name: a variable, or what a function gives.
    module_names: FxHashMap<String, Vec<u32>>,
    /// The places that are given a value, or that an annotation names.
    fed: FxHashSet<Key>,
    /// For each kind, where a value of it first goes out of sight.
    escaped: BTreeMap<usize, (FileId, u32)>,
    /// The parameters that a framework or a fixture gives a value.
    provided: FxHashSet<(FileId, u32)>,
}

/// What each expression of a file reads: what stands for the components.
type Reads = FxHashMap<NodeId, Vec<u32>>;

/// The components, in the order of their first place.
pub(super) fn components(mut link: Link<'_, '_>) -> Vec<Component> {
    // What only says a type goes with all that the file has of tracked values.
    link.join_by_types();
    link.close_groups();
    let kinds = link.tracked_kinds();
    let roots: BTreeSet<u32> = kinds.keys().map(|&root| link.head(root)).collect();
    let found = roots.iter().map(|&root| (root, Component::default()));
    let mut filing = Filing {
        kinds,
        owners: link.owners(),
        perhaps_none: link.perhaps_none(),
        found: found.collect(),
        names: FxHashMap::default(),
        module_names: FxHashMap::default(),
        fed: FxHashSet::default(),
        escaped: BTreeMap::new(),
        provided: FxHashSet::default(),
        link,
    };
    filing.places();
    for file in filing.link.files.clone() {
        filing.file(file);
    }
    filing.mixed();
    filing.handed_on();
    filing.given_out_of_sight();
    filing.unfed();
    filing.patched();
    let mut components = filing.grouped(roots);
    // What only annotates is nothing to migrate: who makes and uses the objects is out of sight.
    components.retain(|component| {
        !component.derived.is_empty()
            || component.parts.values().any(|part| {
                !part.made.is_empty() || !part.origins.is_empty() || !part.uses.is_empty()
            })
    });
    for component in &mut components {
        filing.sort(component);
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

impl Filing<'_, '_> {
    /// Files the places of each component.
    fn places(&mut self) {
        for (key, root) in self.link.union.all() {
            let kind = self.kinds.get(&root).copied();
            let kind = kind.unwrap_or(self.link.tracked.kind);
            let root = self.link.head(root);
            let Some(component) = self.found.get_mut(&root) else {
                continue;
            };
            if let Some(doubt) = self.link.spots.doubt(&key) {
                component.doubt.get_or_insert(doubt);
            }
            let resolver = self.link.spots.resolver;
            let name = match &key {
                Key::Variable(file, number) => {
                    let facts = &self.link.spots.facts[file];
                    let global = facts.globals.iter().find(|(_, own)| own == number);
                    global.map(|(name, _)| name.as_str())
                }
                Key::Returned(id) | Key::Yielded(id) => resolver
                    .function(*id)
                    .map(|function| function.name.as_str()),
                _ => None,
            };
            if let Some(name) = name {
                let known = self.module_names.entry(name.to_string()).or_default();
                if !known.contains(&root) {
                    known.push(root);
                }
            }
            match key {
                Key::Member(_, name) => self.names.entry(name).or_default().push(root),
                Key::Returned(id) => {
                    component.returned.extend(resolver.family(id));
                    component.returned.push(id);
                    // What a cache holds is shared like a variable of the module.
                    if let Some(function) = resolver.function(id)
                        && (has_decorator(function, "functools.cache")
                            || has_decorator(function, "functools.lru_cache"))
                    {
                        component.global.get_or_insert((id.file, function.header));
                    }
                }
                Key::Instance(class) => {
                    let family = resolver.related(class);
                    let classes = self.link.tracked.classes;
                    let family = family.iter().copied();
                    component
                        .derived
                        .extend(family.filter(|&at| resolver.derives_only_from(at, classes)));
                }
                // Which of its members gives what is told elsewhere.
                Key::Given(..) if self.link.declared.is_none() => {}
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
                    if let Some(&(function, index)) = self.owners.get(&(file, number)) {
                        component.parameters.push(Parameter { function, index });
                    }
                }
                Key::Yielded(_) => {}
            }
        }
    }

    /// Files what a file does with the values.
    fn file(&mut self, file: FileId) {
        let mut reads = Reads::default();
        let steps = &self.link.values[&file].steps;
        for step in steps {
            if let Keys::Known(mut keys) = self.link.keys_of(file, step) {
                // It flows into places of values; that makes it none.
                keys.retain(|key| !self.link.is_unknown_call(key));
                let roots = self.link.roots_of(&keys);
                reads.entry(step.node).or_default().extend(roots);
            }
        }
        for step in steps {
            self.step(file, step);
        }
        self.writes(file, &reads);
        self.mentions(file, &reads);
    }

    /// A value that goes out of sight may come back in the parameters of functions that are called where their arguments are
    /// not seen: these stay with it.
    fn given_out_of_sight(&mut self) {
        if self.escaped.is_empty() {
            return;
        }
        let mut parameters: Vec<(FunctionId, u32, usize, bool)> = Vec::new();
        for (key, root) in self.link.union.all() {
            let Key::Variable(file, number) = key else {
                continue;
            };
            let Some(&kind) = self.kinds.get(&root) else {
                continue;
            };
            if let Some(&(function, index)) = self.owners.get(&(file, number))
                && self.escaped.contains_key(&kind)
                && !self.provided.contains(&(file, number))
            {
                // `Depends(TABLE[key])`: a default of which nothing is known.
                let facts = self.link.spots.resolver.function(function);
                let parameter = facts.and_then(|facts| facts.parameters.get(index as usize));
                let has_default =
                    parameter.is_some_and(|parameter| parameter.default != Given::Nothing);
                parameters.push((function, root, kind, has_default));
            }
        }
        parameters.sort_unstable();
        let functions = parameters.iter().map(|&(function, ..)| function).collect();
        let open = open_functions(&self.link.spots, &functions);
        for (function, root, kind, has_default) in parameters {
            let Some(facts) = self.link.spots.resolver.function(function) else {
                continue;
            };
            let (file, line) = self.escaped[&kind];
            if has_default || open.contains(&function) {
                let name = self.link.spots.resolver.file_name(file);
                let detail = format!(
                    "`{}` may be given the one that goes out of sight at {name}:{line}",
                    facts.name
                );
                let root = self.link.head(root);
                self.trouble(root, function.file, facts.header, &VALUE_ESCAPES, &detail);
            }
        }
    }

    /// Notes the parameters that nothing gives a value.
    fn unfed(&mut self) {
        for (key, root) in self.link.union.all() {
            let Key::Variable(file, number) = key else {
                continue;
            };
            if let Some(&(function, _)) = self.owners.get(&(file, number))
                && let Some(component) = self.found.get_mut(&root)
                && !self.fed.contains(&key)
            {
                let function = self.link.spots.resolver.function(function);
                let header = function.map(|function| (file, function.header));
                component.unfed = component.unfed.or(header);
            }
        }
    }

    /// Looks for functions that give a value and are used as values themselves: what calls them is not followed.
    fn handed_on(&mut self) {
        let mut givers: FxHashMap<FunctionId, Vec<(u32, usize)>> = FxHashMap::default();
        for (key, root) in self.link.union.all() {
            let head = self.link.head(root);
            if let Key::Returned(id) | Key::Yielded(id) = key
                && self.found.contains_key(&head)
            {
                let kind = self.kinds.get(&root).copied();
                let kind = kind.unwrap_or(self.link.tracked.kind);
                givers.entry(id).or_default().push((head, kind));
            }
        }
        let wanted = givers.keys().copied().collect();
        let resolver = self.link.spots.resolver;
        let mut found: Vec<(FileId, TextRange, u32, &str)> = Vec::new();
        for used in used_as_values(&self.link.spots, &wanted) {
            let is_handed = matches!(used.value.kind, ValueKind::Flows | ValueKind::Other)
                && used.value.attribute.is_none()
                && !resolver.is_decoration(used.file, used.value.range);
            // What is read of a property is followed, and so is what its setter is given.
            if !is_handed || used.functions.iter().any(|&id| self.is_read(id)) {
                continue;
            }
            for id in used.functions {
                let name = resolver.function(id).map_or("", |function| &function.name);
                let roots = givers.get(&id).into_iter().flatten();
                for &(root, kind) in roots {
                    found.push((used.file, used.value.range, root, name));
                    let place = (used.file, used.value.line);
                    let first = self.escaped.entry(kind).or_insert(place);
                    *first = place.min(*first);
                }
            }
        }
        found.sort_unstable_by_key(|(file, range, root, _)| (*file, range.start(), *root));
        for (file, range, root, name) in found {
            let detail = format!("`{name}`, which gives it, is used as a value");
            self.trouble(root, file, range, &VALUE_ESCAPES, &detail);
        }
    }

    /// Whether a function is the getter or setter of a property.
    fn is_read(&self, id: FunctionId) -> bool {
        let resolver = self.link.spots.resolver;
        let function = resolver.function(id);
        let class = function.and_then(|function| Some((function.class?, &function.name)));
        let defined = class.map(|(index, name)| {
            let class = ClassId {
                file: id.file,
                index,
            };
            resolver.definitions(class, name)
        });
        let mut defined = defined.iter().flatten();
        defined.any(|&one| resolver.function(one).is_some_and(is_property))
    }

    /// Brings what a component has in order, and looks for files that stay as they are.
    fn sort(&self, component: &mut Component) {
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
        let spots = &self.link.spots;
        let mut parts = component.parts.iter();
        let fixed = parts.find(|(file, _)| spots.facts[file].is_fixed);
        if component.trouble.is_none()
            && let Some((&file, part)) = fixed
        {
            let uses = part.uses.iter().map(|use_| use_.range);
            let mentions = part.mentions.iter().map(|named| named.range);
            component.trouble = Some(Trouble {
                file,
                range: uses.chain(mentions).next().unwrap_or_default(),
                reason: &VALUE_FIXED,
                detail: Some(format!("`{}`", spots.resolver.file_name(file))),
            });
        }
    }

    /// The places whose values change together are one component.
    fn grouped(&mut self, roots: BTreeSet<u32>) -> Vec<Component> {
        let mut groups: Union<u32> = Union::default();
        for &root in &roots {
            groups.number(&root);
        }
        for (one, other) in std::mem::take(&mut self.link.links) {
            let (one, other) = (self.link.union.root(one), self.link.union.root(other));
            let (one, other) = (groups.number(&one), groups.number(&other));
            groups.join(one, other);
        }
        let mut components: BTreeMap<u32, Component> = BTreeMap::new();
        for root in roots {
            let (Some(component), Some(group)) = (self.found.remove(&root), groups.root_of(&root))
            else {
                continue;
            };
            match components.entry(group) {
                Entry::Vacant(entry) => {
                    entry.insert(component);
                }
                Entry::Occupied(mut entry) => {
                    merge(entry.get_mut(), component);
                }
            }
        }
        components.into_values().collect()
    }

    /// A place that holds values of two kinds: what is done with it would need two meanings.
    fn mixed(&mut self) {
        for source in std::mem::take(&mut self.link.sources) {
            let root = self.link.union.root(source.number);
            if self.kinds.get(&root) != Some(&source.kind) {
                let root = self.link.head(root);
                let detail = "values of two classes meet here";
                self.trouble(root, source.file, source.range, &VALUE_MIXED, detail);
            }
        }
    }

    /// Files a step with its component, or says what is wrong with it.
    fn step(&mut self, file: FileId, step: &Step) {
        self.iterated(file, step);
        if let (Spot::Provided(_) | Spot::Fixture(_), To::Spot(Spot::Variable(number))) =
            (&step.from, &step.to)
            && step.from != Spot::Provided(Target::Unknown)
        {
            self.provided.insert((file, *number));
        }
        let from = match self.link.keys_of(file, step) {
            Keys::Known(keys) => keys,
            Keys::Unknown(name) => return self.used_of_unknown(file, step, &name),
            Keys::Nothing | Keys::Lost => return self.out_of_sight(file, step),
        };
        let roots = self.link.roots_of(&from);
        // What one expression reads is one component: see `Link::join`.
        let is_tracked = |root: &&u32| self.found.contains_key(root);
        let Some(&root) = roots.iter().find(is_tracked) else {
            return;
        };
        let of_keys = from.iter().filter_map(|key| self.link.union.root_of(key));
        let kind = of_keys
            .filter_map(|root| self.kinds.get(&root).copied())
            .next();
        let kind = kind.unwrap_or(self.link.tracked.kind);
        let may_be_none = from.iter().any(|key| {
            let number = self.link.union.number(key);
            self.perhaps_none.contains(&number)
        });
        let part = self.part(root, file);
        part.values.push(step.node);
        part.kinds.insert(step.node, kind);
        if may_be_none {
            part.perhaps_none.push(step.node);
        }
        let becomes = self.becomes(file, step, root);
        if matches!(becomes, Becomes::Lost(_)) || self.is_handed_on(file, step) {
            self.escaped.entry(kind).or_insert((file, step.line));
        }
        match becomes {
            Becomes::Used => {
                let is_own = match &step.to {
                    To::Attribute { name, .. } => self.is_own(&from, root, name),
                    _ => false,
                };
                self.part(root, file).uses.push(ValueUse {
                    node: step.node,
                    range: step.range,
                    to: step.to.clone(),
                    kind,
                    place: root,
                    is_own,
                });
            }
            Becomes::Followed => {}
            Becomes::Lost(why) => self.trouble(root, file, step.range, &VALUE_ESCAPES, &why),
        }
    }

    /// Whether a step hands a value to something that may hand it on to a function of the project.
    fn is_handed_on(&self, file: FileId, step: &Step) -> bool {
        match &step.to {
            To::Lost(_) => true,
            To::Handed(path) => path == "functools.partial",
            To::Spot(to @ Spot::Argument(..)) => {
                matches!(self.link.spots.keys(file, to, step.range), Keys::Lost)
            }
            _ => false,
        }
    }

    /// A generator that yields a value is entered, or called by a framework: nothing else is followed.
    fn iterated(&mut self, file: FileId, step: &Step) {
        let (Spot::Result(call) | Spot::Given(call)) = step.from else {
            return;
        };
        if matches!(
            step.to,
            To::With { .. } | To::Entered(_) | To::Stacked { .. } | To::Nowhere
        ) || self.link.spots.is_advanced(file, call)
        {
            return;
        }
        let functions = self.link.spots.called(file, call);
        for id in functions.into_iter().flatten() {
            let function = self.link.spots.resolver.function(id);
            if function.is_some_and(|function| function.is_generator)
                && let Some(root) = self.link.union.root_of(&Key::Yielded(id))
            {
                let root = self.link.head(root);
                let detail = "a generator that yields it is iterated";
                self.trouble(root, file, step.range, &VALUE_ESCAPES, detail);
            }
        }
    }

    /// A step from what a module has that may be one of the project: all that is called so there may be meant.
    fn out_of_sight(&mut self, file: FileId, step: &Step) {
        let path = match &step.from {
            Spot::Path(path) | Spot::Provided(Target::Path(path)) => path,
            _ => return,
        };
        let name = path.rsplit('.').next().unwrap_or(path);
        let mut roots = self.module_names.get(name).cloned().unwrap_or_default();
        // What it flows into would be of its kind.
        if let To::Spot(to) | To::Entered(to) = &step.to
            && let Keys::Known(keys) = self.link.spots.keys(file, to, step.range)
        {
            roots.extend(self.link.roots_of(&keys));
        }
        roots.retain(|root| self.found.contains_key(root));
        if roots.is_empty() || !self.link.spots.resolver.is_out_of_sight(file, path) {
            return;
        }
        for root in roots {
            let detail = format!("`{path}` may be it, and is not found in the project");
            self.trouble(root, file, step.range, &VALUE_ESCAPES, &detail);
        }
    }

    /// Something is done with an attribute of this name of an object of unknown class.
    fn used_of_unknown(&mut self, file: FileId, step: &Step, name: &str) {
        let counts = match &step.to {
            To::Nowhere | To::Asked(_) => false,
            // What it flows into is looked at there, if it is of a component.
            To::Spot(to) | To::Entered(to) => {
                let keys = self.link.spots.keys(file, to, step.range);
                !matches!(keys, Keys::Nothing) && !is_local(to)
            }
            _ => true,
        };
        if !counts {
            return;
        }
        for root in self.names.get(name).cloned().unwrap_or_default() {
            if let To::Attribute { name, .. } = &step.to
                && !self.link.has_member(self.kinds.get(&root), name)
            {
                continue;
            }
            let detail = format!("`.{name}`");
            self.trouble(root, file, step.range, &VALUE_UNKNOWN_OWNER, &detail);
        }
    }

    /// What a step makes of a value of a component.
    fn becomes(&mut self, file: FileId, step: &Step, root: u32) -> Becomes {
        // With kinds, the codemod says what becomes of everything that stays where it is.
        let is_judged = self.link.declared.is_some();
        let tracked = self.link.tracked;
        let lost = |why: &str| Becomes::Lost(why.to_string());
        match &step.to {
            To::Nowhere => Becomes::Followed,
            To::Item if !is_judged && !tracked.items => {
                lost("it is used in a way that is not known")
            }
            To::Handed(path) if !is_judged && !tracked.takers.contains(&path.as_str()) => {
                lost("it is handed to code outside of the project")
            }
            To::Lost(why) if !is_judged => lost(why),
            To::Spot(to) | To::Entered(to) => match self.link.spots.keys(file, to, step.range) {
                Keys::Known(_) if is_judged && matches!(to, Spot::Made(_)) => Becomes::Used,
                Keys::Known(_) => Becomes::Followed,
                Keys::Lost if is_judged && matches!(to, Spot::Argument(..)) => Becomes::Used,
                Keys::Unknown(name) => {
                    Becomes::Lost(format!("it is stored as `.{name}` of an unknown object"))
                }
                Keys::Nothing => lost("it is stored outside of the project"),
                Keys::Lost if self.takes(file, to, root) => Becomes::Followed,
                Keys::Lost if matches!(to, Spot::Argument(..)) => {
                    lost("it is an argument of a call that is not known")
                }
                Keys::Lost => lost("a decorator stands between the function and its callers"),
            },
            To::Attribute { .. }
            | To::With { .. }
            | To::Stacked { .. }
            | To::Asked(_)
            | To::Item
            | To::Handed(_)
            | To::Lost(_)
            | To::Called(_) => Becomes::Used,
        }
    }

    /// The part of a component in a file.
    fn part(&mut self, root: u32, file: FileId) -> &mut Part {
        let component = self.found.entry(root).or_default();
        component.parts.entry(file).or_default()
    }

    /// Whether a class of the project whose instances these places hold has a member of this name.
    fn is_own(&mut self, keys: &[Key], root: u32, name: &str) -> bool {
        let mut instances = keys.iter().filter_map(|key| match key {
            Key::Instance(class) => Some(*class),
            _ => None,
        });
        if instances.any(|class| self.defines(class, name)) {
            return true;
        }
        let derived: Vec<ClassId> = self.link.spots.derived.iter().copied().collect();
        derived.into_iter().any(|class| {
            self.link.roots_of(&[Key::Instance(class)]) == [root] && self.defines(class, name)
        })
    }

    fn defines(&self, class: ClassId, name: &str) -> bool {
        let resolver = self.link.spots.resolver;
        resolver.related(class).iter().any(|&at| {
            resolver.class(at).is_some_and(|class| {
                class.methods.iter().any(|(own, _)| own == name)
                    || class.attributes.iter().any(|(own, _)| own == name)
                    || class.untyped.iter().any(|own| own == name)
            })
        })
    }

    /// Looks at what places are given.
    fn writes(&mut self, file: FileId, reads: &Reads) {
        let globals = &self.link.spots.facts[&file].globals;
        for write in &self.link.values[&file].writes {
            let is_nothing = write.leaves.iter().all(|leaf| *leaf == Leaf::Nothing);
            let keys = match self.link.spots.keys(file, &write.to, write.range) {
                // What a constructor is given is no instance itself.
                Keys::Known(keys) if matches!(keys[0], Key::Instance(_)) => continue,
                Keys::Known(keys) => keys,
                Keys::Unknown(name) if !is_nothing => {
                    let detail = format!("`.{name}` is set");
                    for root in self.names.get(&name).cloned().unwrap_or_default() {
                        self.trouble(root, file, write.range, &VALUE_UNKNOWN_OWNER, &detail);
                    }
                    continue;
                }
                _ => continue,
            };
            let is_global = matches!(write.to, Spot::Variable(number)
                if globals.iter().any(|(_, own)| *own == number));
            for root in self.link.roots_of(&keys) {
                let Some(component) = self.found.get_mut(&root) else {
                    continue;
                };
                if is_global && !is_nothing {
                    component.global.get_or_insert((file, write.range));
                }
                let is_value =
                    |node: &NodeId| reads.get(node).is_some_and(|roots| roots.contains(&root));
                let mut leaves = write.leaves.iter();
                if leaves.any(|leaf| matches!(leaf, Leaf::Read(node) if is_value(node))) {
                    self.fed.extend(keys.iter().cloned());
                }
                let is_mixed = write.leaves.iter().any(|leaf| match leaf {
                    Leaf::Read(node) => !is_value(node),
                    Leaf::Nothing => false,
                    Leaf::Other => true,
                });
                if is_mixed {
                    self.trouble(root, file, write.range, &VALUE_MIXED, "");
                }
            }
        }
    }

    /// Files the names of the classes with the components.
    fn mentions(&mut self, file: FileId, reads: &Reads) {
        let mut in_file: Vec<u32> = reads.values().flatten().copied().collect();
        in_file.retain(|root| self.found.contains_key(root));
        in_file.sort_unstable();
        in_file.dedup();
        for mention in &self.link.values[&file].mentions {
            let roots = match &mention.role {
                Role::Annotates(spot) => {
                    let keys = self.link.spots.keys(file, spot, mention.range);
                    let Keys::Known(keys) = keys else {
                        continue;
                    };
                    let roots = self.link.roots_of(&keys);
                    self.fed.extend(keys);
                    roots
                }
                &Role::Base(index) => {
                    let class = ClassId { file, index };
                    self.link.roots_of(&[Key::Instance(class)])
                }
                Role::Asked(value) => reads.get(value).cloned().unwrap_or_default(),
                Role::Type => in_file.clone(),
                Role::Made(_) | Role::Patched | Role::Other => continue,
            };
            let root = roots.into_iter().find(|root| self.found.contains_key(root));
            if let Some(root) = root {
                self.part(root, file).mentions.push(Named {
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
            Spot::Argument(call, _) => self.link.roots_of(&[Key::Given(file, *call)]) == [root],
            _ => false,
        }
    }

    /// Where a class is patched, no value may change: none of its kind, if the kinds are told apart.
    fn patched(&mut self) {
        let mut told: BTreeSet<Option<usize>> = BTreeSet::new();
        for &file in &self.link.files.clone() {
            for mention in &self.link.values[&file].mentions {
                if mention.role != Role::Patched {
                    continue;
                }
                let kind = self
                    .link
                    .declared
                    .map(|_| self.link.kind_of_class(&mention.path));
                if !told.insert(kind) {
                    continue;
                }
                let mut roots: Vec<u32> = self.found.keys().copied().collect();
                roots.retain(|root| kind.is_none() || self.kinds.get(root).copied() == kind);
                for root in roots {
                    self.trouble(root, file, mention.range, &VALUE_PATCHED, "");
                }
            }
        }
    }

    /// Notes what is wrong with a component, if there is one: the first thing in source order counts.
    fn trouble(
        &mut self,
        root: u32,
        file: FileId,
        range: TextRange,
        reason: &'static Reason,
        detail: &str,
    ) {
        let Some(component) = self.found.get_mut(&root) else {
            return;
        };
        let trouble = Trouble {
            file,
            range,
            reason,
            detail: (!detail.is_empty()).then(|| detail.to_string()),
        };
        component.troubles.push(trouble.clone());
        component.trouble.get_or_insert(trouble);
        // The file is a part of it.
        component.parts.entry(file).or_default();
    }
}

/// What a step makes of a value.
enum Becomes {
    /// The codemod's business.
    Used,
    /// It is looked at elsewhere.
    Followed,
    /// Nobody can tell: how.
    Lost(String),
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
