//! The calls of all known files together.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Callee, Calls, FileCalls, Taker, is_outside, last};
use crate::semantic::common::is_common_method;
use crate::unit::FileId;

/// What can be called, or calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node<'f> {
    /// A function of a file, by its number.
    Function(FileId, u32),
    /// Whatever is called by this last name.
    Name(&'f str),
    /// What the functions in this one call without knowing what it is.
    Inside(FileId, u32),
    /// The same for functions and classes of this last name.
    InsideName(&'f str),
    /// Any call of something unknown.
    Anything,
}

impl Calls {
    /// What an unknown call in this function of a file may be: anything that is handed to it, or to a function round it.
    pub fn inside(&self, file: FileId, number: u32) -> impl Iterator<Item = Node<'_>> {
        let numbers = std::iter::once(number).chain(self.around.iter().copied());
        let inside = numbers.map(move |number| Node::Inside(file, number));
        inside.chain(self.qualified_name.split('.').map(Node::InsideName))
    }
}

/// Who calls whom, over all known files.
#[derive(Debug)]
pub struct CallGraph<'f> {
    functions: FxHashMap<&'f str, Vec<(FileId, u32, &'f Calls, &'f str)>>,
    /// The dotted names of the known modules.
    modules: FxHashSet<&'f str>,
    /// The parts of those names; `None` if the name of one is not known.
    parts: Option<FxHashSet<&'f str>>,
    /// The parts of the qualified names of all functions.
    owners: FxHashSet<&'f str>,
    callers: FxHashMap<Node<'f>, Vec<Node<'f>>>,
}

impl<'f> CallGraph<'f> {
    /// Joins the calls of the files.
    pub fn new(files: impl Iterator<Item = (FileId, &'f FileCalls)> + Clone) -> Self {
        let mut graph = Self {
            functions: FxHashMap::default(),
            modules: FxHashSet::default(),
            parts: Some(FxHashSet::default()),
            owners: FxHashSet::default(),
            callers: FxHashMap::default(),
        };
        for (file, calls) in files.clone() {
            graph.modules.insert(&calls.module);
            match &mut graph.parts {
                Some(_) if calls.module.is_empty() => graph.parts = None,
                Some(parts) => parts.extend(calls.module.split('.')),
                None => {}
            }
            for (number, function) in calls.functions.iter().enumerate() {
                graph.owners.extend(function.qualified_name.split('.'));
                if !function.name.is_empty() {
                    let one = (file, number as u32, function, calls.module.as_str());
                    graph.functions.entry(&function.name).or_default().push(one);
                }
            }
        }
        for (file, calls) in files {
            for (number, function) in calls.functions.iter().enumerate() {
                graph.add(file, number as u32, function);
            }
        }
        graph
    }

    fn add(&mut self, file: FileId, number: u32, function: &'f Calls) {
        let own = Node::Function(file, number);
        let mut edges: Vec<(Node<'f>, Node<'f>)> = Vec::new();
        if !function.name.is_empty() {
            edges.push((own, Node::Name(&function.name)));
        }
        let around = || function.inside(file, number);
        for callee in &function.calls {
            edges.extend(self.nodes(file, callee).map(|node| (node, own)));
            if self.is_unknown(callee) {
                edges.extend(around().map(|inside| (inside, own)));
                edges.push((Node::Anything, own));
            }
        }
        for callee in &function.forwards {
            for inner in self.inside(file, callee) {
                edges.extend(around().map(|outer| (outer, inner)));
            }
        }
        for callee in &function.decorators {
            let inside = self.inside(file, callee);
            // A decorator that is made at run time.
            let is_open = inside.is_empty() && !matches!(callee, Callee::Path(_));
            edges.extend(inside.into_iter().map(|node| (own, node)));
            edges.extend(is_open.then_some((own, Node::Anything)));
        }
        for (value, taker) in &function.hands {
            for value in self.nodes(file, value) {
                edges.push((value, own));
                match taker {
                    Taker::Call(Callee::Unknown) | Taker::Anything => {
                        edges.push((value, Node::Anything));
                    }
                    Taker::Call(callee) => {
                        edges.extend(self.inside(file, callee).into_iter().map(|to| (value, to)));
                    }
                    Taker::Return => {}
                }
            }
        }
        for (callee, caller) in edges {
            self.callers.entry(callee).or_default().push(caller);
        }
    }

    /// What a callee of this file leads to. Nothing for what is unknown: see [`Self::is_unknown`].
    pub fn nodes(&self, file: FileId, callee: &'f Callee) -> impl Iterator<Item = Node<'f>> {
        let mut found: Vec<Node<'f>> = Vec::new();
        match callee {
            Callee::Function(number) => found.push(Node::Function(file, *number)),
            Callee::Path(path) => self.at_path(path, &mut found),
            Callee::Own(name) if !self.functions.contains_key(name.as_str()) => {}
            Callee::Named(name) | Callee::Own(name) => found.push(Node::Name(name)),
            Callee::Unknown => {}
        }
        found.into_iter()
    }

    /// Whether a callee may be any function: a value of which nothing is known.
    pub fn is_unknown(&self, callee: &Callee) -> bool {
        match callee {
            Callee::Unknown => true,
            Callee::Own(name) => !self.functions.contains_key(name.as_str()),
            Callee::Function(_) | Callee::Path(_) | Callee::Named(_) => false,
        }
    }

    /// The functions of a dotted path. Modules are told by their last part, so that it does not matter from which folder
    /// they are imported; what a module only hands on is sought by its last name.
    fn at_path(&self, path: &'f str, found: &mut Vec<Node<'f>>) {
        let Some((module, name)) = path.rsplit_once('.') else {
            found.push(Node::Name(path));
            return;
        };
        if let Some(parts) = &self.parts
            && (is_outside(path) && !self.modules.contains(module)
                || !module.split('.').any(|part| parts.contains(part)))
        {
            return;
        }
        let before = found.len();
        let mut is_defined = !self.modules.contains(module);
        for (file, number, function, of) in self.functions.get(name).into_iter().flatten() {
            let qualified = &function.qualified_name;
            let is_at = |module: &str| {
                path.strip_suffix(qualified.as_str())
                    .and_then(|rest| rest.strip_suffix('.'))
                    .is_some_and(|rest| {
                        rest == module
                            || rest
                                .strip_suffix(module)
                                .is_some_and(|rest| rest.ends_with('.'))
                    })
            };
            is_defined |= is_at(of);
            if is_at(last(of)) {
                found.push(Node::Function(*file, *number));
            }
        }
        if found.len() == before || !is_defined {
            found.truncate(before);
            found.push(Node::Name(name));
        }
    }

    /// Where a function is called that is handed to this callee, or decorated with it.
    fn inside(&self, file: FileId, callee: &'f Callee) -> Vec<Node<'f>> {
        let inside = |node: Node<'f>| match node {
            Node::Function(file, number) => Some(Node::Inside(file, number)),
            Node::Name(name) => self.owners.contains(name).then_some(Node::InsideName(name)),
            Node::Inside(..) | Node::InsideName(_) | Node::Anything => None,
        };
        self.nodes(file, callee).filter_map(inside).collect()
    }

    /// These nodes and all that call one of them, directly or through others.
    pub fn reaching(&self, starts: impl IntoIterator<Item = Node<'f>>) -> FxHashSet<Node<'f>> {
        self.closure(starts, true)
    }

    /// The same without calls of which nothing is known: what is stored somewhere is not followed.
    pub fn surely_reaching(
        &self,
        starts: impl IntoIterator<Item = Node<'f>>,
    ) -> FxHashSet<Node<'f>> {
        self.closure(starts, false)
    }

    fn closure(
        &self,
        starts: impl IntoIterator<Item = Node<'f>>,
        takes_anything: bool,
    ) -> FxHashSet<Node<'f>> {
        let mut found: FxHashSet<Node<'f>> = FxHashSet::default();
        let mut pending: Vec<Node<'f>> = starts.into_iter().collect();
        while let Some(node) = pending.pop() {
            if (takes_anything || node != Node::Anything) && found.insert(node) {
                pending.extend(self.callers_of(node));
            }
        }
        found
    }

    /// Who calls what this node stands for.
    pub fn callers_of(&self, node: Node<'f>) -> impl Iterator<Item = Node<'f>> {
        self.callers.get(&node).into_iter().flatten().copied()
    }

    /// The names by which other files may call what these nodes stand for, or call what is handed to them.
    pub fn names<'g>(
        &'g self,
        nodes: &'g FxHashSet<Node<'f>>,
        of_file: impl Fn(FileId) -> Option<&'f FileCalls> + 'g,
    ) -> impl Iterator<Item = &'f str> + 'g {
        nodes.iter().flat_map(move |&node| {
            let mut found: Vec<&'f str> = Vec::new();
            match node {
                Node::Name(name) | Node::InsideName(name) => found.push(name),
                Node::Function(file, number) => {
                    let calls = of_file(file);
                    let Some(function) =
                        calls.and_then(|calls| calls.functions.get(number as usize))
                    else {
                        return found;
                    };
                    let takers = function.hands.iter().filter_map(|(_, taker)| match taker {
                        Taker::Call(callee) => Some(callee),
                        Taker::Return | Taker::Anything => None,
                    });
                    let callees = function.decorators.iter().chain(takers);
                    found.extend(callees.filter_map(to_follow));
                }
                Node::Inside(..) | Node::Anything => {}
            }
            found
        })
    }
}

/// The last name of what takes a function, where it may be one of the project.
fn to_follow(taker: &Callee) -> Option<&str> {
    match taker {
        Callee::Path(path) if is_outside(path) => None,
        other => other.last_name().filter(|name| !is_common_method(name)),
    }
}
