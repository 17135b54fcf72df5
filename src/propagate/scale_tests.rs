//! The work of the solver grows with the project, and not faster: each project is built at one size and at twice that.

use std::path::PathBuf;

use super::*;
use crate::callgraph::facts::{self, Outlook};
use crate::callgraph::{FileFacts, work};
use crate::index::{Project, ProjectFile};
use crate::python::PythonVersion;
use crate::semantic::{Model, ModuleName};
use crate::solve::Graph;
use crate::suppress::Suppressions;

/// Twice, and what the number of rounds adds.
const LIMIT: f64 = 2.4;

const BASE: &str = "def load(key):\n    return wait(key)\n";

/// The modules of a project, in memory; the first one holds the function `load`, which becomes async.
struct Memory {
    texts: Vec<String>,
}

impl Loader for Memory {
    fn load(&self, files: &[FileId]) -> Vec<(FileId, FileFacts)> {
        let read = |&file: &FileId| {
            let text = &self.texts[file.0 as usize];
            let parsed = crate::pipeline::parse(text, PythonVersion::PY314).ok()?;
            let module = module(file);
            let model = Model::new(text, &parsed, &module);
            let suppressions = Suppressions::of(&model);
            let outlook = Outlook {
                is_first_party: &|name| name.starts_with('m'),
                is_seed: &|_| false,
            };
            let facts = facts::read(&model, &suppressions, PythonVersion::PY311, outlook);
            Some((file, facts))
        };
        files.iter().filter_map(read).collect()
    }

    fn holding(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId> {
        let words: FxHashSet<&str> = words.iter().map(String::as_str).collect();
        let holds = |text: &String| {
            text.split(|at: char| !at.is_alphanumeric() && at != '_')
                .any(|word| words.contains(word))
        };
        (0..self.texts.len() as u32)
            .map(FileId)
            .filter(|file| !known.contains(file) && holds(&self.texts[file.0 as usize]))
            .collect()
    }
}

fn module(file: FileId) -> ModuleName {
    ModuleName {
        name: format!("m{}", file.0),
        is_package: false,
    }
}

/// The steps that it takes to join a project and to find what it requires, and how many functions turn.
fn steps(texts: Vec<String>, allow_unsafe: bool) -> (usize, usize) {
    let files = (0..texts.len() as u32).map(|index| {
        let module = module(FileId(index));
        let name = format!("{}.py", module.name);
        let local = module.name.clone();
        ProjectFile::new(PathBuf::from(&name), name, module, local)
    });
    let project = Project::new(files.collect(), Box::new(|_| None));
    let memory = Memory { texts };
    let mut propagation = Propagation {
        facts: memory.load(&[FileId(0)]).into_iter().collect(),
        allow_unsafe,
        ..Propagation::default()
    };
    let functions = &propagation.facts[&FileId(0)].functions;
    let index = functions
        .iter()
        .position(|function| function.name == "load");
    let file = FileId(0);
    let index = index.map_or(0, |index| index as u32);
    let holder = Holder::Function(FunctionId { file, index });
    work::take();
    propagation.join(&project, &[holder], &memory, allow_unsafe);
    let settled = propagation.settle(&project);
    let propagation = settled.propagation;
    let units = [crate::seeds::unit(
        file,
        ruff_text_size::TextRange::default(),
        holder,
        Vec::new(),
    )];
    let mut graph = Graph::of_units(&units, 8);
    let nothing = Places::default();
    let named = FxHashSet::default();
    let rules = Rules {
        is_script: &|_| false,
        is_loaded: &|_| false,
        begins: &[],
        blocking: &FxHashSet::default(),
        allow_unsafe,
        halves: false,
        tests: TestRunner::Auto,
        shared_loop: None,
        has_loop_scope: true,
        quoted: &|_, _| nothing.clone(),
        held: &|_, _| nothing.clone(),
        doctests: &|| None,
        named: &named,
        stays: &named,
    };
    propagation.requirements(&settled, &mut graph, &rules, &|_, _| String::new());
    graph.solve();
    let recolour = propagation.recolour(&[holder], &settled, TestRunner::Auto, &Halves::default());
    (work::take(), recolour.functions.len())
}

/// The project of each size takes at most so many times the steps, and turns twice the functions.
fn is_linear(count: usize, allow_unsafe: bool, project: impl Fn(usize) -> Vec<String>) {
    let (small, few) = steps(project(count), allow_unsafe);
    let (large, many) = steps(project(2 * count), allow_unsafe);
    assert!(few > count / 2, "{few} functions turn in {count} files");
    assert!(many > 2 * few - 10, "{few} functions, then {many}");
    let ratio = large as f64 / small as f64;
    assert!(
        ratio < LIMIT,
        "{small} steps, then {large}: {ratio:.2} times"
    );
}

fn with_base(count: usize, module: impl Fn(usize) -> String) -> Vec<String> {
    std::iter::once(BASE.to_string())
        .chain((1..=count).map(module))
        .collect()
}

#[test]
fn callers_of_one_function() {
    is_linear(100, false, |count| {
        with_base(count, |at| {
            format!("from m0 import load\n\ndef use{at}(key):\n    return load(key)\n")
        })
    });
}

#[test]
fn a_chain_through_all_files() {
    is_linear(120, false, |count| {
        with_base(count, |at| {
            let below = match at {
                1 => "load".to_string(),
                _ => format!("step{}", at - 1),
            };
            let module = at - 1;
            format!(
                "from m{module} import {below}\n\ndef step{at}(key):\n    return {below}(key)\n"
            )
        })
    });
}

#[test]
fn overrides_of_one_method() {
    is_linear(100, false, |count| {
        let base = "class Base:\n    def load(self):\n        return wait()\n\n    def poll(self):\n        return self.load()\n";
        let own = |at: usize| {
            format!(
                "from m0 import Base\n\nclass Own{at}(Base):\n    def poll(self):\n        return self.load()\n\n\
                 def use{at}():\n    own = Own{at}()\n    return own.poll()\n"
            )
        };
        let others = (1..=count).map(own);
        std::iter::once(base.to_string()).chain(others).collect()
    });
}

#[test]
fn context_managers() {
    is_linear(100, false, |count| {
        with_base(count, |at| {
            format!(
                "from m0 import load\n\nclass Session{at}:\n    def __enter__(self):\n        load(1)\n        return self\n\n    \
                 def __exit__(self, *rest):\n        load(2)\n\n\
                 def use{at}():\n    with Session{at}() as session:\n        pass\n"
            )
        })
    });
}

#[test]
fn tables_of_functions() {
    is_linear(100, false, |count| {
        with_base(count, |at| {
            format!(
                "from m0 import load\n\ndef first{at}(key):\n    return load(key)\n\n\
                 def second{at}(key):\n    return load(key)\n\n\
                 OWN{at} = {{'first': first{at}, 'second': second{at}}}\n\n\
                 def choose{at}(name, key):\n    return OWN{at}[name](key)\n"
            )
        })
    });
}

#[test]
fn receivers_that_only_callers_tell() {
    is_linear(100, true, |count| {
        let base = "class Client:\n    def load(self, key):\n        return wait(key)\n";
        let own = |at: usize| {
            format!(
                "from m0 import Client\n\ndef read{at}(client, key):\n    return client.load(key)\n\n\
                 def begin{at}():\n    return read{at}(Client(), 1)\n"
            )
        };
        let others = (1..=count).map(own);
        std::iter::once(base.to_string()).chain(others).collect()
    });
}
