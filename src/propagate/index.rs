//! Calls and uses as values, by function.

use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::decorators::{self, Decorators};
use super::doubles::Doubles;
use super::flow::{self, Shared};
use super::misfits::Misfits;
use super::protocol::{self, Protocol, is_special};
use crate::callgraph::arity::Given;
use crate::callgraph::names::matters_always;
pub(super) use crate::callgraph::names::{any_name, is_wanted};
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver, UNKNOWN_BASE};
use crate::callgraph::work;
use crate::callgraph::{Call, Callee, Function, Target, Value, ValueKind};
use crate::semantic::{NodeId, Runner};
use crate::unit::{FileId, FunctionId};

/// A use of a member of something unknown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unknown {
    pub(super) file: FileId,
    /// 1-based.
    pub(super) line: u32,
    /// Whether it is a call on a receiver of which nothing is known, so that it may be one of any method of its name.
    pub(super) is_open_call: bool,
    /// Whether it is a call whose result goes nowhere.
    pub(super) is_dropped: bool,
    /// The classes that the object may be of besides its own, if they are known: a number in [`CallIndex::kin`].
    kin: Option<u32>,
}

impl Unknown {
    /// A use that may do anything with what it gets.
    fn used(file: FileId, line: u32) -> Self {
        Self {
            file,
            line,
            is_open_call: false,
            is_dropped: false,
            kin: None,
        }
    }

    /// A call.
    fn called(file: FileId, call: &Call, is_open_call: bool) -> Self {
        Self {
            file,
            line: call.line,
            is_open_call,
            is_dropped: call.is_dropped,
            kin: None,
        }
    }
}

/// A call or a use as a value, by its number in the facts of its file; in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Call(u32),
    Value(u32),
}

/// Calls and value uses by function.
#[derive(Debug)]
pub(crate) struct CallIndex {
    /// Methods that one call may reach: they have one colour.
    pub(super) peers: FxHashMap<FunctionId, Vec<FunctionId>>,
    pub(super) calls: FxHashMap<FunctionId, Vec<(FileId, usize)>>,
    pub(super) values: FxHashMap<FunctionId, Vec<(FileId, u32)>>,
    /// Functions that something in sight takes as a value, whether or not that forbids anything.
    taken_as_values: FxHashSet<FunctionId>,
    pub(super) unknown: FxHashMap<String, Vec<Unknown>>,
    /// Classes that are related to one of the project, with what an object of that may be of.
    kin: Vec<(ClassId, Arc<BTreeSet<ClassId>>)>,
    /// Their numbers, for objects and for what stands above a class; `None` where it may be any other.
    kin_numbers: FxHashMap<(ClassId, bool), Option<u32>>,
    /// The methods that calls on receivers of unknown class are taken for, by name.
    owners: FxHashMap<String, Vec<FunctionId>>,
    /// Whether what callers give tells the class of a receiver.
    trusts_callers: bool,
    /// The calls on receivers of unknown class that are taken for ones of the project's methods, by name.
    pub(super) likely: FxHashMap<String, Vec<(FileId, usize)>>,
    /// The calls on receivers whose class only callers tell, each with the methods.
    pub(super) told: Vec<(FileId, usize, Vec<FunctionId>)>,
    /// The calls and reads of members of what callers or foreign objects give, which are taken for none of the project's
    /// methods, by name.
    pub(super) passed_over: FxHashMap<String, Vec<(FileId, TextRange)>>,
    /// What those give.
    misfits: Misfits,
    /// Calls of this name through a module that was not found.
    pub(super) unresolved: FxHashMap<String, Vec<(FileId, u32)>>,
    /// Members of this name that matter only where they are properties, or classes: replaced in tests, read in formats.
    pub(super) asked: FxHashMap<String, Vec<(FileId, u32)>>,
    /// Members of this name that are taken from something unknown without a call: `getattr(module, "load")`.
    pub(super) taken: FxHashMap<String, Vec<(FileId, u32)>>,
    /// The modules that are used as values, each with the first place: their functions may be called on something unknown.
    pub(super) modules: FxHashMap<FileId, (FileId, u32)>,
    /// The decorators of the project.
    pub(super) decorators: Decorators,
    /// What test doubles take the place of.
    pub(super) doubles: Doubles,
    /// What functions share that flow into one place.
    pub(super) shared: Shared,
    /// [`Propagation::nexts`].
    nexts: FxHashSet<(FileId, NodeId)>,
}

impl CallIndex {
    /// The calls and uses of the files that have joined, of what has one of the names that matter.
    pub(crate) fn new(resolver: &Resolver<'_>, propagation: &Propagation) -> Self {
        Self::with_names(resolver, propagation, &propagation.names)
    }

    /// The same of what has one of these names.
    pub(super) fn with_names(
        resolver: &Resolver<'_>,
        propagation: &Propagation,
        names: &FxHashSet<String>,
    ) -> Self {
        let facts = &propagation.facts;
        let mut index = Self {
            nexts: propagation.nexts.clone(),
            owners: propagation.likely.owners(facts),
            trusts_callers: propagation.likely.trusts_callers(),
            likely: FxHashMap::default(),
            told: Vec::new(),
            passed_over: FxHashMap::default(),
            peers: FxHashMap::default(),
            calls: FxHashMap::default(),
            values: FxHashMap::default(),
            taken_as_values: FxHashSet::default(),
            unknown: FxHashMap::default(),
            kin: Vec::new(),
            kin_numbers: FxHashMap::default(),
            misfits: Misfits::default(),
            unresolved: FxHashMap::default(),
            taken: FxHashMap::default(),
            decorators: Decorators::default(),
            doubles: Doubles::new(resolver, facts, names),
            shared: Shared::default(),
            asked: FxHashMap::default(),
            modules: FxHashMap::default(),
        };
        for &(function, double) in &index.doubles.peers {
            index.peers.entry(function).or_default().push(double);
            index.peers.entry(double).or_default().push(function);
        }
        index.decorate(resolver, facts, names);
        let tables = facts.tables();
        let mut uses: Vec<(FileId, Use)> = Vec::new();
        let always = tables.always.iter();
        uses.extend(always.map(|&(file, number)| (file, Use::Call(number))));
        for name in names {
            let calls = tables.calls.of(name).iter();
            uses.extend(calls.map(|&(file, number)| (file, Use::Call(number))));
            let values = tables.values.of(name).iter();
            uses.extend(values.map(|&(file, number)| (file, Use::Value(number))));
        }
        uses.sort_unstable();
        uses.dedup();
        work::note(uses.len());
        for (file, used) in uses {
            match used {
                Use::Call(number) => {
                    let call = &facts[&file].calls[number as usize];
                    let is_followed = propagation.followed.contains(&(file, call.node));
                    index.add_call(resolver, file, number as usize, call, is_followed);
                }
                Use::Value(number) => {
                    index.add_value(resolver, file, &facts[&file].values[number as usize]);
                }
            }
        }
        protocol::pair(resolver, facts, &mut index.peers);
        flow::join(&mut index, resolver, facts, names);
        index
    }

    /// Notes a call of one of these functions.
    fn call(
        &mut self,
        resolver: &Resolver<'_>,
        functions: &[FunctionId],
        file: FileId,
        number: usize,
        call: &Call,
    ) {
        for pair in functions.windows(2) {
            self.peers.entry(pair[0]).or_default().push(pair[1]);
            self.peers.entry(pair[1]).or_default().push(pair[0]);
        }
        let is_decoration = resolver.is_decoration(file, call.range);
        for &function in functions {
            if !is_decoration {
                self.decorators.note(resolver, function, file, call.line);
            }
            self.calls.entry(function).or_default().push((file, number));
        }
    }

    /// Notes that something of this name, of an object that is not known, is called or used there. Without `given` it may
    /// take any signature.
    fn unknown(&mut self, name: String, at: Unknown, given: Option<&Given>) {
        self.misfits.note(&name, (at.file, at.line), given);
        self.unknown.entry(name).or_default().push(at);
    }

    /// The same of an object whose class is known, and has no such member: another class of it may.
    fn unknown_member(
        &mut self,
        resolver: &Resolver<'_>,
        name: String,
        at: Unknown,
        callee: &Callee,
        given: Option<&Given>,
    ) {
        let kin = self.kin_of(resolver, at.file, callee);
        self.unknown(name, Unknown { kin, ..at }, given);
    }

    /// The classes that the object of a callee may be of, where they are known: a number in [`Self::kin`]. A method that
    /// `super()` finds is one of a class that is above such an object's.
    fn kin_of(&mut self, resolver: &Resolver<'_>, file: FileId, callee: &Callee) -> Option<u32> {
        let (class, is_above) = match callee {
            Callee::Method { receiver, .. } => (resolver.only_class(file, receiver)?, false),
            &Callee::Super { class: index, .. } => (ClassId { file, index }, true),
            _ => return None,
        };
        if let Some(&known) = self.kin_numbers.get(&(class, is_above)) {
            return known;
        }
        let related = resolver.related(class);
        let is_closed = related.iter().all(|&at| match is_above {
            true => resolver.knows_bases(at),
            false => resolver.is_closed(at),
        });
        let number = is_closed.then(|| {
            self.kin.push((class, related));
            self.kin.len() as u32 - 1
        });
        self.kin_numbers.insert((class, is_above), number);
        number
    }

    /// Adds a call; gives the functions that it may call.
    fn add_call(
        &mut self,
        resolver: &Resolver<'_>,
        file: FileId,
        number: usize,
        call: &Call,
        is_followed: bool,
    ) -> Vec<FunctionId> {
        let place = (file, call.line);
        match resolver.called(file, &call.callee) {
            Called::Functions(mut functions) => {
                // What is read is a call only if it is a property.
                if call.is_implicit
                    && matches!(&call.callee, Callee::Method { name, .. } | Callee::Super { name, .. } if !is_special(name))
                {
                    functions.retain(|&id| {
                        resolver
                            .function(id)
                            .is_some_and(|function| function.is_property)
                    });
                }
                self.call(resolver, &functions, file, number, call);
                return functions;
            }
            // An instance does not get there, unless it escapes.
            Called::Method(_) | Called::Member(_) | Called::Unresolved(_) if call.is_implicit => {
                for function in resolver.some_of(file, &call.callee) {
                    self.values.entry(function).or_default().push(place);
                }
            }
            // It is awaited, whatever it calls, or calls something of a library.
            Called::Method(_) | Called::Member(_) if is_followed => {}
            Called::Method(name) => {
                let given = resolver.given_to(file, call.node);
                let told = self
                    .trusts_callers
                    .then(|| resolver.told(file, &call.callee))
                    .flatten();
                match (told, self.owners.get(&name)) {
                    (Some(functions), _) if functions.is_empty() => {
                        let calls = self.passed_over.entry(name).or_default();
                        calls.push((file, call.range));
                    }
                    (Some(functions), _) => {
                        self.call(resolver, &functions, file, number, call);
                        self.told.push((file, number, functions.clone()));
                        return functions;
                    }
                    (None, Some(owners)) if any_takes(resolver, owners, given) => {
                        let owners = owners.clone();
                        self.call(resolver, &owners, file, number, call);
                        self.likely.entry(name).or_default().push((file, number));
                        return owners;
                    }
                    (None, _) => self.unknown(name, Unknown::called(file, call, true), given),
                }
            }
            Called::Member(name) => {
                let given = resolver.given_to(file, call.node);
                let at = Unknown::called(file, call, false);
                self.unknown_member(resolver, name, at, &call.callee, given);
            }
            Called::Unresolved(name) => {
                self.unresolved.entry(name.clone()).or_default().push(place);
                self.unknown(name, Unknown::called(file, call, false), None);
            }
            Called::AttributeOf(function, attribute) => {
                if !decorators::is_kept(resolver, function, &attribute) {
                    self.decorators.note(resolver, function, file, place.1);
                    self.values.entry(function).or_default().push(place);
                }
            }
            Called::Nothing => {
                if let Callee::Target(target) = &call.callee
                    && let Resolved::Class(class) = resolver.target(file, target)
                    && let Some(init) = resolver.method(class, "__init__")
                {
                    self.calls.entry(init).or_default().push((file, number));
                    return vec![init];
                }
            }
            Called::Unknown => {}
        }
        Vec::new()
    }

    /// Adds a use as a value.
    fn add_value(&mut self, resolver: &Resolver<'_>, file: FileId, value: &Value) {
        if value.kind == ValueKind::TakesCoroutine {
            if let Called::Functions(functions) = resolver.called(file, &value.callee) {
                self.taken_as_values.extend(functions);
            }
            return;
        }
        if self.doubles.tracked.contains(&(file, value.range)) {
            return;
        }
        let place = (file, value.line);
        let is_identity = value.kind == ValueKind::Identity;
        // What flows is seen where it flows to.
        let flows = value.kind == ValueKind::Flows;
        let is_member = !matches!(value.callee, Callee::Target(_));
        if let Callee::Target(target) = &value.callee
            && !is_identity
            && !value.leaves
            && let Some(module) = resolver.module_of(file, target)
        {
            self.modules.entry(module).or_insert(place);
            return;
        }
        match resolver.called(file, &value.callee) {
            Called::Functions(functions) => {
                for function in functions {
                    self.taken_as_values.insert(function);
                    let facts = resolver.function(function);
                    let is_property = facts.is_some_and(|function| function.is_property);
                    match value.kind {
                        // That is a call of it.
                        _ if value.may_be_property && is_property => continue,
                        ValueKind::Asked if !is_property => continue,
                        _ => {}
                    }
                    // The function stays sync at its outside then.
                    if value.kind == ValueKind::Program
                        && facts.is_some_and(|function| function.can_split)
                    {
                        continue;
                    }
                    // A name that holds an object which can be called: that goes where its instances go.
                    if is_call_of_an_instance(resolver, function, &value.callee) {
                        continue;
                    }
                    // At the end of a path a property is read, whatever becomes of the value.
                    let is_plain = facts.is_some_and(|function| function.class.is_none());
                    let is_kept = value.attribute.as_ref().is_some_and(|attribute| {
                        decorators::is_kept(resolver, function, attribute)
                    });
                    if is_identity && is_plain || is_kept || flows && !is_property {
                        continue;
                    }
                    if !resolver.is_decoration(file, value.range) {
                        self.decorators.note(resolver, function, file, value.line);
                    } else if resolver
                        .decorating(function)
                        .is_some_and(|decorating| decorating.keeps.is_some())
                    {
                        // What it decorates flows into its parameter.
                        continue;
                    }
                    self.values.entry(function).or_default().push(place);
                }
            }
            _ if is_identity && !is_member => {}
            Called::Method(name) | Called::Member(name) | Called::Unresolved(name)
                if value.kind == ValueKind::Asked =>
            {
                self.asked.entry(name).or_default().push(place);
            }
            // What is set there is no method, and is seen where it flows to.
            Called::Member(_)
                if value.kind == ValueKind::Stored && resolver.lacks(file, &value.callee) => {}
            Called::Member(_)
                if resolver.is_assigned(file, &value.callee)
                    && !is_in_constructor(resolver, file, value.runner) => {}
            _ if value.kind == ValueKind::Asked => {
                if let Callee::Target(Target::Path(path)) = &value.callee {
                    let name = path.rsplit('.').next().unwrap_or(path);
                    self.asked.entry(name.to_string()).or_default().push(place);
                }
            }
            // An object of a known class is no module.
            Called::Member(name) => {
                let at = Unknown::used(file, value.line);
                self.unknown_member(resolver, name, at, &value.callee, None);
            }
            Called::Method(name) if self.is_of_no_method(resolver, file, &value.callee) => {
                let places = self.passed_over.entry(name).or_default();
                places.push((file, value.range));
            }
            Called::Method(name) | Called::Unresolved(name) => {
                self.taken.entry(name.clone()).or_default().push(place);
                self.unknown(name, Unknown::used(file, value.line), None);
            }
            Called::AttributeOf(function, attribute) => {
                if !decorators::is_kept(resolver, function, &attribute) {
                    self.decorators.note(resolver, function, file, place.1);
                    self.values.entry(function).or_default().push(place);
                }
            }
            Called::Nothing | Called::Unknown => {
                if let Callee::UnknownMethod { name } = &value.callee {
                    self.unknown(name.clone(), Unknown::used(file, value.line), None);
                }
            }
        }
    }

    /// Whether what callers give tells that a member is of no method of the project.
    fn is_of_no_method(&self, resolver: &Resolver<'_>, file: FileId, callee: &Callee) -> bool {
        self.trusts_callers
            && resolver
                .told(file, callee)
                .is_some_and(|methods| methods.is_empty())
    }

    pub(crate) fn calls_of(&self, id: FunctionId) -> &[(FileId, usize)] {
        self.calls.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn peers_of(&self, id: FunctionId) -> impl Iterator<Item = FunctionId> + '_ {
        self.peers.get(&id).into_iter().flatten().copied()
    }

    /// Functions that flow into one place with this one.
    pub(crate) fn shared_with(&self, id: FunctionId) -> impl Iterator<Item = FunctionId> + '_ {
        self.shared.peers.get(&id).into_iter().flatten().copied()
    }

    pub(super) fn values_of(&self, id: FunctionId) -> &[(FileId, u32)] {
        self.values.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether something in sight takes a function as a value: it is called from there, if at all.
    pub(super) fn is_taken_as_value(&self, id: FunctionId) -> bool {
        self.taken_as_values.contains(&id)
    }

    pub(super) fn unknown_receivers(&self, name: &str) -> &[Unknown] {
        self.unknown.get(name).map_or(&[], Vec::as_slice)
    }

    /// Those that may be uses of a function of a module, if the module is used as a value; and where it is.
    pub(super) fn uses_through_modules(
        &self,
        id: FunctionId,
        function: &Function,
    ) -> Option<((FileId, u32), impl Iterator<Item = &Unknown>)> {
        let is_member = function.class.is_none() && function.outer.is_none();
        let module = self.modules.get(&id.file).filter(|_| is_member)?;
        let places = self.unknown_receivers(&function.name).iter();
        // An object of a known class is no module.
        Some((*module, places.filter(|at| at.kin.is_none())))
    }

    /// Those that may be calls of this method: it would take what they give, and an object of its class may be there.
    pub(super) fn possible_receivers<'i>(
        &'i self,
        name: &'i str,
        id: FunctionId,
        method: &'i Function,
    ) -> impl Iterator<Item = Unknown> + 'i {
        let places = self.unknown_receivers(name).iter().copied();
        places.filter(move |at| {
            !self.is_of_others(at, id, method)
                && !self.misfits.excludes(name, (at.file, at.line), method)
        })
    }

    /// Whether no object of the class of a method is at a place. It holds only if every class that derives from one of
    /// both is known: see [`Self::told_apart_by`].
    pub(super) fn is_of_others(&self, at: &Unknown, id: FunctionId, method: &Function) -> bool {
        let class = method.class.map(|index| ClassId {
            file: id.file,
            index,
        });
        class
            .zip(at.kin)
            .is_some_and(|(class, kin)| !self.kin[kin as usize].1.contains(&class))
    }

    /// The classes of objects that tell a method from others of its name.
    pub(super) fn told_apart_by<'i>(&'i self, name: &str) -> impl Iterator<Item = ClassId> + 'i {
        let places = self.unknown_receivers(name).iter();
        places.filter_map(|at| Some(self.kin[at.kin? as usize].0))
    }

    /// Whether a function is a barrier by what is known of it alone; `allow_unsafe` takes restructurings that may differ. A
    /// use that is one ends nothing: the other callers may have barriers too, and the user is told of all.
    pub(super) fn is_fixed(
        &self,
        resolver: &Resolver<'_>,
        id: FunctionId,
        allow_unsafe: bool,
    ) -> bool {
        let Some(function) = resolver.function(id) else {
            return true;
        };
        function.is_lambda && function.hands_on.is_none() && !(function.lifts && allow_unsafe)
            || function.pin.is_some()
            || match Protocol::of(function) {
                Some(Protocol::Constructor) => !allow_unsafe,
                Some(_) => false,
                None => is_special(&function.name),
            }
            || function.is_property && !allow_unsafe
            || function.generator_result
            || function.may_stop(id.file, &self.nexts)
            || decorators::opaque(resolver, id.file, function).is_some()
            || function
                .class
                .and_then(|class| {
                    let class = ClassId {
                        file: id.file,
                        index: class,
                    };
                    resolver.base_that_knows(class, &function.name)
                })
                // A base that is not known yet may be one of the project.
                .is_some_and(|base| base != UNKNOWN_BASE)
    }

    /// The functions that must be async if these are: they, their callers, their families. Async functions are in
    /// it, but nothing is required of their callers.
    pub(super) fn reached(
        &self,
        resolver: &Resolver<'_>,
        starts: &[FunctionId],
        is_blocked: &dyn Fn(FunctionId) -> bool,
    ) -> FxHashSet<FunctionId> {
        self.reach(resolver, starts, is_blocked, &|_, _| true, true)
    }

    /// The functions that must be async if these are, without those that only flow where such a one does.
    pub(super) fn needed(
        &self,
        resolver: &Resolver<'_>,
        starts: &[FunctionId],
        is_blocked: &dyn Fn(FunctionId) -> bool,
    ) -> FxHashSet<FunctionId> {
        self.reach(resolver, starts, is_blocked, &|_, _| true, false)
    }

    /// [`Self::reached`], by those calls alone that are followed: by the file, and the number in its facts.
    pub(super) fn reached_by(
        &self,
        resolver: &Resolver<'_>,
        starts: &[FunctionId],
        is_blocked: &dyn Fn(FunctionId) -> bool,
        follows: &dyn Fn(FileId, usize) -> bool,
    ) -> FxHashSet<FunctionId> {
        self.reach(resolver, starts, is_blocked, follows, true)
    }

    fn reach(
        &self,
        resolver: &Resolver<'_>,
        starts: &[FunctionId],
        is_blocked: &dyn Fn(FunctionId) -> bool,
        follows: &dyn Fn(FileId, usize) -> bool,
        with_shared: bool,
    ) -> FxHashSet<FunctionId> {
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let mut pending: Vec<FunctionId> = starts.to_vec();
        while let Some(id) = pending.pop() {
            work::note(1);
            if seen.insert(id)
                && resolver
                    .function(id)
                    .is_some_and(|function| !function.is_async)
                // Nothing above a barrier can become async because of what is below it.
                && !is_blocked(id)
            {
                pending.extend(self.needs(resolver, id, follows));
                if with_shared {
                    pending.extend(self.shared_with(id));
                }
            }
        }
        seen
    }

    /// The functions that must be async if this one becomes so, by the calls that are followed.
    fn needs(
        &self,
        resolver: &Resolver<'_>,
        id: FunctionId,
        follows: &dyn Fn(FileId, usize) -> bool,
    ) -> Vec<FunctionId> {
        let mut needs = resolver.kin(id);
        needs.extend(self.peers_of(id));
        let callers = self.calls_of(id).iter();
        needs.extend(
            callers
                .filter(|&&(file, call)| follows(file, call))
                .filter_map(|&(file, call)| runner(resolver, file, call)),
        );
        needs
    }

    /// [`Self::reached`] over calls and uses that are added as the names of what is reached come to matter: `names` grows by
    /// them. It goes no further where it `ends`.
    pub(super) fn spread(
        &mut self,
        resolver: &Resolver<'_>,
        facts: &ProjectFacts,
        names: &mut FxHashSet<String>,
        starts: &[FunctionId],
        ends: &dyn Fn(&Self, FunctionId) -> bool,
        follow: Follow,
    ) -> FxHashSet<FunctionId> {
        // What one of the names that were there before makes matter is in the index already.
        let mut added: FxHashSet<String> = FxHashSet::default();
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let mut pending: Vec<FunctionId> = starts.to_vec();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(function) = resolver.function(id) else {
                continue;
            };
            if function.is_async || ends(self, id) {
                continue;
            }
            for name in resolver.called_as(id) {
                if !names.insert(name.clone()) {
                    continue;
                }
                added.insert(name.clone());
                let is_known = |name: &str| names.contains(name) && !added.contains(name);
                work::note(facts.tables().calls.of(&name).len());
                for &(file, number) in facts.tables().calls.of(&name) {
                    let (of_file, number) = (&facts[&file], number as usize);
                    let call = &of_file.calls[number];
                    if matters_always(of_file, call) || any_name(of_file, &call.callee, is_known) {
                        continue;
                    }
                    // One that several names make matter is added once for each: what is asked of the index does not count.
                    let called = self.add_call(resolver, file, number, call, false);
                    if called.iter().any(|function| seen.contains(function)) {
                        pending.extend(runner(resolver, file, number));
                        if follow == Follow::All {
                            pending.extend(called);
                        }
                    }
                }
                for &(file, number) in facts.tables().values.of(&name) {
                    let of_file = &facts[&file];
                    let value = &of_file.values[number as usize];
                    if !any_name(of_file, &value.callee, is_known) {
                        self.add_value(resolver, file, value);
                    }
                }
            }
            match follow {
                Follow::All => {
                    pending.extend(self.needs(resolver, id, &|_, _| true));
                    pending.extend(self.shared_with(id));
                }
                Follow::Calls => {
                    pending.extend(resolver.overridden(id));
                    let callers = self.calls_of(id).iter();
                    pending
                        .extend(callers.filter_map(|&(file, call)| runner(resolver, file, call)));
                }
            }
        }
        seen
    }
}

/// What [`CallIndex::spread`] goes on to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// All that has one colour, and the callers.
    All,
    /// The callers of a function and of what it overrides.
    Calls,
}

/// The function that runs a call.
fn runner(resolver: &Resolver<'_>, file: FileId, call: usize) -> Option<FunctionId> {
    match resolver.call(file, call)?.runner {
        Runner::Function(index) => Some(FunctionId { file, index }),
        Runner::Module | Runner::Class => None,
    }
}

/// Whether a callee is a name that holds an instance, whose `__call__` this function is.
fn is_call_of_an_instance(resolver: &Resolver<'_>, id: FunctionId, callee: &Callee) -> bool {
    let name = match callee {
        Callee::Method { name, .. } => name.as_str(),
        Callee::Target(Target::Path(path)) => path.rsplit('.').next().unwrap_or(path),
        _ => return false,
    };
    name != "__call__"
        && resolver
            .function(id)
            .is_some_and(|function| function.name == "__call__" && function.class.is_some())
}

/// Whether the `__init__` of a class runs something: what it sets may not be there yet.
fn is_in_constructor(resolver: &Resolver<'_>, file: FileId, runner: Runner) -> bool {
    let Runner::Function(index) = runner else {
        return false;
    };
    resolver
        .function(FunctionId { file, index })
        .is_none_or(|function| function.name == "__init__")
}

/// Whether one of these methods would take what a call gives.
fn any_takes(resolver: &Resolver<'_>, methods: &[FunctionId], given: Option<&Given>) -> bool {
    let Some(given) = given else { return true };
    methods.iter().any(|&id| {
        let arity = resolver
            .function(id)
            .and_then(|method| method.arity.as_ref());
        arity.is_none_or(|arity| arity.may_take(given))
    })
}
