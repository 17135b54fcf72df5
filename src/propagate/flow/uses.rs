//! Other uses of the places that hold functions: the calls and reads that name them, in all files.

use rustc_hash::FxHashSet;

use super::{Found, Key, Places};
use crate::callgraph::facts::is_container_method;
use crate::callgraph::resolve::Called;
use crate::callgraph::{Call, Callee, Lookup, Target, Value, ValueKind};
use crate::unit::FileId;

/// What may be a use of a place, by its number in the facts of its file; in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Call(u32),
    Value(u32),
    Lookup(u32),
}

impl Places<'_, '_, '_> {
    /// Looks for other uses of the places that hold functions: by calls and reads that name them.
    pub(super) fn uses(&mut self) {
        let mut attributes: FxHashSet<String> = FxHashSet::default();
        let mut globals: FxHashSet<String> = FxHashSet::default();
        for root in self.union.roots() {
            // What is lost sight of once is lost.
            if self.union.held(root).is_lost() || !self.holds_functions(root) {
                continue;
            }
            let held = self.union.held(root);
            attributes.extend(held.members.iter().map(|(_, name)| name.clone()));
            attributes.extend(held.defaults.iter().cloned());
            let variables = held.variables.clone();
            globals.extend(
                variables
                    .into_iter()
                    .filter_map(|variable| self.global_name(variable))
                    .map(str::to_string),
            );
        }
        if attributes.is_empty() && globals.is_empty() {
            return;
        }
        let tables = self.facts.tables();
        let mut uses: Vec<(FileId, Use)> = Vec::new();
        for name in attributes.iter().chain(&globals) {
            let calls = tables.calls.of(name).iter();
            uses.extend(calls.map(|&(file, number)| (file, Use::Call(number))));
            let values = tables.values.of(name).iter();
            uses.extend(values.map(|&(file, number)| (file, Use::Value(number))));
        }
        for &file in &tables.with_lookups {
            let count = self.facts[&file].lookups.len() as u32;
            uses.extend((0..count).map(|number| (file, Use::Lookup(number))));
        }
        uses.sort_unstable();
        uses.dedup();
        for (file, used) in uses {
            let facts = &self.facts[&file];
            match used {
                Use::Call(number) => {
                    let number = number as usize;
                    self.call(file, number, &facts.calls[number], &attributes, &globals);
                }
                Use::Value(number) => {
                    let value = &facts.values[number as usize];
                    self.value(file, value, &attributes, &globals);
                }
                Use::Lookup(number) => {
                    self.lookup(file, &facts.lookups[number as usize], &attributes);
                }
            }
        }
    }

    /// A call that may be of one of these attributes or variables.
    fn call(
        &mut self,
        file: FileId,
        number: usize,
        call: &Call,
        attributes: &FxHashSet<String>,
        globals: &FxHashSet<String>,
    ) {
        let line = (file, call.line);
        match &call.callee {
            Callee::Method { name, .. }
            | Callee::UnknownMethod { name }
            | Callee::Super { name, .. }
                if attributes.contains(name) =>
            {
                let receiver = match &call.callee {
                    Callee::Method { receiver, .. } => Some(receiver),
                    _ => None,
                };
                if let Found::Node(node) = self.member(file, receiver, name, line) {
                    self.union.held(node).calls.push((file, number));
                }
            }
            Callee::Target(Target::Path(path)) => {
                let (head, last) = path.rsplit_once('.').unwrap_or(("", path));
                let owner = head.rsplit('.').next().unwrap_or(head);
                let is_known = |name: &str| globals.contains(name) || attributes.contains(name);
                if !is_known(last) && !is_known(owner) {
                    return;
                }
                match self.path(file, path) {
                    Some((node, false)) => self.union.held(node).calls.push((file, number)),
                    // What `TABLE.get(key)` gives is followed from the table.
                    Some((_, true)) if is_container_method(last) => {}
                    Some((node, true)) => self.escape(node, line),
                    None if attributes.contains(last) => {
                        let called = self.resolver.called(file, &call.callee);
                        if matches!(called, Called::Unresolved(_)) {
                            self.member(file, None, last, line);
                        }
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }

    /// `getattr(x, made)`: whatever the name may be.
    fn lookup(&mut self, file: FileId, lookup: &Lookup, attributes: &FxHashSet<String>) {
        if lookup.of.is_none() && lookup.prefix.is_empty() {
            return;
        }
        let line = (file, lookup.line);
        let class = match &lookup.of {
            Some(of) => self.resolver.class_of(file, of),
            None => None,
        };
        let mut found: Vec<u32> = Vec::new();
        match class {
            Some(class) => {
                for class in self.resolver.ancestors(class) {
                    let members = self.members.get(&class).into_iter().flatten();
                    found.extend(
                        members
                            .filter(|(name, _)| name.starts_with(lookup.prefix.as_str()))
                            .map(|(_, node)| *node),
                    );
                }
            }
            None if lookup.prefix.is_empty() => {}
            None => {
                for name in attributes {
                    if name.starts_with(lookup.prefix.as_str()) {
                        found.push(self.named(name, line));
                    }
                }
            }
        }
        for node in found {
            self.escape(node, line);
        }
    }

    /// Whether a place, or a part of it, holds functions that matter.
    fn holds_functions(&mut self, root: u32) -> bool {
        if self.matters(root) {
            return true;
        }
        let mut pending = self.union.parts(root);
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        while let Some(at) = pending.pop() {
            let at = self.union.root(at);
            if !seen.insert(at) {
                continue;
            }
            if !self.union.held(at).is_lost() && self.matters(at) {
                return true;
            }
            pending.extend(self.union.parts(at));
        }
        false
    }

    /// Whether a place holds functions that matter.
    pub(super) fn matters(&mut self, at: u32) -> bool {
        let (resolver, names) = (self.resolver, self.names);
        let functions = &self.union.held(at).functions;
        functions.iter().any(|&(function, _)| {
            let function = resolver.function(function);
            function.is_some_and(|function| names.contains(&function.name))
        })
    }

    fn value(
        &mut self,
        file: FileId,
        value: &Value,
        attributes: &FxHashSet<String>,
        globals: &FxHashSet<String>,
    ) {
        if value.kind != ValueKind::Other {
            return;
        }
        let line = (file, value.line);
        match &value.callee {
            Callee::Target(Target::Path(path)) => {
                let mut parts = path.rsplit('.');
                let named = parts
                    .by_ref()
                    .take(2)
                    .any(|part| globals.contains(part) || attributes.contains(part));
                if named && let Some((node, _)) = self.path(file, path) {
                    self.escape(node, line);
                }
            }
            Callee::Method { name, .. }
            | Callee::UnknownMethod { name }
            | Callee::Super { name, .. } => {
                let receiver = match &value.callee {
                    Callee::Method { receiver, .. } => Some(receiver),
                    _ => None,
                };
                if attributes.contains(name)
                    && let Found::Node(node) = self.member(file, receiver, name, line)
                {
                    self.escape(node, line);
                }
                // A member of something unknown may be one of a module.
                if receiver.is_none() && globals.contains(name) {
                    let same = self.facts.tables().globals.of(name).iter();
                    let found: Vec<u32> = same
                        .filter_map(|&(owner, variable)| {
                            self.union.known(&Key::Variable(owner, variable))
                        })
                        .collect();
                    for node in found {
                        self.escape(node, line);
                    }
                }
            }
            Callee::Target(_) | Callee::Foreign(_) | Callee::UnknownValue => {}
        }
    }
}
