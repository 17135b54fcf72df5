//! What a library offers: its public names.
//!
//! Public is what a module without a leading underscore in its path binds to a name without one, or lists in `__all__` where
//! it has one (PEP 8, "Public and Internal Interfaces"): functions, and the methods of classes, inherited ones and those of
//! module-level instances too. A package's `__init__` offers what it imports; another module only what it lists or imports
//! under the same name again (`import x as x`, PEP 484). Tests, scripts and `__main__` offer nothing.

use std::path::PathBuf;

use rayon::prelude::*;
use ruff_python_ast::{Expr, ModModule, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::{FileFacts, Function};
use crate::discovery::{self, Kind};
use crate::index::{Project, ProjectFile};
use crate::pipeline;
use crate::python::PythonVersion;
use crate::semantic::{ModuleName, literal};
use crate::source;
use crate::unit::FileId;

/// Re-exports rarely go through more than a few modules; a cycle ends here too.
const HOPS: usize = 16;

/// Folders outside of packages whose files are no part of a library.
const FOLDERS: [&str; 12] = [
    "bench",
    "benchmarks",
    "ci",
    "demo",
    "doc",
    "docs",
    "example",
    "examples",
    "scripts",
    "test",
    "tests",
    "tools",
];

/// Modules outside of packages that tools run.
const TOOLS: [&str; 4] = ["setup", "noxfile", "tasks", "fabfile"];

/// The public names of a project.
#[derive(Debug, Default)]
pub struct Api {
    /// The functions at module level, by file and name.
    functions: FxHashSet<(FileId, String)>,
    /// The classes, by file and dotted name, with those that they inherit from.
    classes: FxHashSet<(FileId, String)>,
    /// Names that an `__all__` lists and its module binds in a way that cannot be read.
    unresolved: FxHashSet<String>,
}

impl Api {
    /// Reads every module of the project. `roots` are the directories that hold its top-level modules.
    pub fn of(project: &Project, roots: &[PathBuf]) -> Self {
        let modules: FxHashMap<FileId, Module> = project
            .files
            .par_iter()
            .enumerate()
            .filter(|(_, file)| file.kind == Kind::Module && !is_test(file))
            .filter_map(|(index, file)| Some((FileId(index as u32), Module::load(file)?)))
            .collect();
        let mut search = Search {
            project,
            modules: &modules,
            asked: FxHashMap::default(),
            api: Self::default(),
        };
        let mut files: Vec<FileId> = modules.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            if !is_public(project.file(file), &modules[&file], roots) {
                continue;
            }
            for name in modules[&file].offered(project.file(file).module.is_package) {
                search.offer(file, &name);
            }
        }
        search.api
    }

    /// Whether a function is one of them, by the facts of its file.
    pub fn holds(&self, file: FileId, facts: &FileFacts, function: &Function) -> bool {
        if function.outer.is_some() || function.is_lambda {
            return false;
        }
        let Some(class) = function.class else {
            return self.unresolved.contains(&function.name)
                || self.functions.contains(&(file, function.name.clone()));
        };
        let Some(class) = facts.classes.get(class as usize) else {
            return false;
        };
        if function.name.starts_with('_') {
            return false;
        }
        // A class in a class: each of its names counts from the one that is offered.
        let name = class.qualified_name.as_str();
        let ends = name.match_indices('.').map(|(dot, _)| dot);
        ends.chain([name.len()]).any(|end| {
            let inner = name.get(end..).unwrap_or("");
            let top = name.get(..end).unwrap_or(name);
            !inner.contains("._")
                && (self.classes.contains(&(file, top.to_string()))
                    || self.unresolved.contains(top))
        })
    }
}

/// Whether a file belongs to the tests.
fn is_test(file: &ProjectFile) -> bool {
    file.module.name.split('.').any(|part| {
        part == "tests"
            || part == "conftest"
            || part.starts_with("test_")
            || part.ends_with("_test")
    })
}

/// Whether the library offers a module.
fn is_public(file: &ProjectFile, module: &Module, roots: &[PathBuf]) -> bool {
    let parts: Vec<&str> = file.local_name.split('.').collect();
    if parts
        .iter()
        .any(|part| part.is_empty() || part.starts_with('_'))
    {
        return false;
    }
    if parts.len() > 1 || file.module.is_package {
        return true;
    }
    // Outside of any package: a module of a folder that is imported by its own name, or of one without `__init__`.
    let above: Vec<&str> = file
        .path
        .parent()
        .and_then(|folder| {
            let root = roots.iter().filter(|root| folder.starts_with(root));
            let root = root.max_by_key(|root| root.components().count())?;
            folder.strip_prefix(root).ok()
        })
        .map(|folder| folder.iter().filter_map(|part| part.to_str()).collect())
        .unwrap_or_default();
    !module.is_program
        && !TOOLS.contains(&parts[0])
        && !above
            .iter()
            .any(|folder| FOLDERS.contains(folder) || folder.starts_with(['_', '.']))
}

/// What a module-level name, or one in a class body, is bound to.
#[derive(Clone, Debug)]
enum Bound {
    Function,
    /// With the dotted names of its bases.
    Class(Vec<String>),
    /// Another name of what a dotted path names: an import.
    Import(String),
    /// Another name of a name of this module: `load = _load`, `load = client.load`.
    Alias(String),
    /// What a call of a name of this module gives: `client = _Client()`.
    Made(String),
    Other,
}

/// The names of a module.
#[derive(Debug, Default)]
struct Module {
    names: FxHashMap<String, Vec<Bound>>,
    /// The imports under the same name: `from x import y as y`.
    reexported: Vec<String>,
    /// The modules of star imports.
    stars: Vec<String>,
    /// What `__all__` lists.
    listed: Option<Vec<String>>,
    /// Whether all that it lists could be read.
    is_listed_whole: bool,
    /// Whether it runs functions of its own when it is loaded, or has a main guard.
    is_program: bool,
}

impl Module {
    fn load(file: &ProjectFile) -> Option<Self> {
        let bytes = discovery::read(&file.path).ok()?;
        let source = source::decode(&bytes).ok()?;
        let parsed = pipeline::parse(&source.text, PythonVersion::PY314).ok()?;
        Some(Self::new(parsed.syntax(), &file.module))
    }

    fn new(tree: &ModModule, name: &ModuleName) -> Self {
        let mut module = Self {
            is_listed_whole: true,
            ..Self::default()
        };
        module.read(&tree.body, name, "");
        let calls = tree.body.iter().filter_map(|stmt| match stmt {
            Stmt::Expr(stmt) => stmt.value.as_call_expr(),
            _ => None,
        });
        let mut called = calls.filter_map(|call| dotted(&call.func));
        let names = &module.names;
        module.is_program |= called.any(|name| {
            names
                .get(&name)
                .is_some_and(|bound| bound.iter().any(|one| matches!(one, Bound::Function)))
        });
        module
    }

    /// Reads statements; `prefix` is the class that holds them, with a dot.
    fn read(&mut self, body: &[Stmt], module: &ModuleName, prefix: &str) {
        for stmt in body {
            match stmt {
                Stmt::FunctionDef(function) => {
                    self.bind(format!("{prefix}{}", function.name), Bound::Function);
                }
                Stmt::ClassDef(class) => {
                    let bases = class.bases().iter().filter_map(dotted).collect();
                    self.bind(format!("{prefix}{}", class.name), Bound::Class(bases));
                    self.read(&class.body, module, &format!("{prefix}{}.", class.name));
                }
                Stmt::Import(import) if prefix.is_empty() => {
                    for alias in &import.names {
                        let path = alias.name.as_str();
                        match &alias.asname {
                            Some(name) => self.import(name, path, path),
                            None => {
                                let top = path.split('.').next().unwrap_or(path);
                                self.bind(top.to_string(), Bound::Import(top.to_string()));
                            }
                        }
                    }
                }
                Stmt::ImportFrom(import) if prefix.is_empty() => {
                    let from = import.module.as_ref().map_or("", |name| name.as_str());
                    let Some(from) = module.resolve(import.level, from) else {
                        continue;
                    };
                    for alias in &import.names {
                        if alias.name.as_str() == "*" {
                            self.stars.push(from.clone());
                            continue;
                        }
                        let path = format!("{from}.{}", alias.name);
                        match &alias.asname {
                            Some(name) => self.import(name, &alias.name, &path),
                            None => self.bind(alias.name.to_string(), Bound::Import(path)),
                        }
                    }
                }
                Stmt::Assign(assign) => {
                    for target in &assign.targets {
                        self.assign(target, &assign.value, prefix);
                    }
                }
                Stmt::AnnAssign(assign) => {
                    if let Some(value) = &assign.value {
                        self.assign(&assign.target, value, prefix);
                    }
                }
                Stmt::AugAssign(assign) if prefix.is_empty() && is_all(&assign.target) => {
                    self.list(&assign.value);
                }
                Stmt::Expr(stmt) if prefix.is_empty() => {
                    if let Expr::Call(call) = stmt.value.as_ref()
                        && let Expr::Attribute(attribute) = call.func.as_ref()
                        && is_all(&attribute.value)
                    {
                        match (attribute.attr.as_str(), &*call.arguments.args) {
                            ("extend", [values]) => self.list(values),
                            ("append", [value]) => self.list_one(value),
                            _ => self.is_listed_whole = false,
                        }
                    }
                }
                Stmt::If(if_) => {
                    self.is_program |= prefix.is_empty() && literal::is_main_guard(&if_.test);
                    self.read(&if_.body, module, prefix);
                    for clause in &if_.elif_else_clauses {
                        self.read(&clause.body, module, prefix);
                    }
                }
                Stmt::Try(try_) => {
                    self.read(&try_.body, module, prefix);
                    for handler in &try_.handlers {
                        let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                        self.read(&handler.body, module, prefix);
                    }
                    self.read(&try_.orelse, module, prefix);
                    self.read(&try_.finalbody, module, prefix);
                }
                Stmt::With(with) => self.read(&with.body, module, prefix),
                Stmt::For(for_) => {
                    self.read(&for_.body, module, prefix);
                    self.read(&for_.orelse, module, prefix);
                }
                Stmt::While(while_) => {
                    self.read(&while_.body, module, prefix);
                    self.read(&while_.orelse, module, prefix);
                }
                Stmt::Match(match_) => {
                    for case in &match_.cases {
                        self.read(&case.body, module, prefix);
                    }
                }
                _ => {}
            }
        }
    }

    fn bind(&mut self, name: String, bound: Bound) {
        self.names.entry(name).or_default().push(bound);
    }

    fn import(&mut self, name: &str, same: &str, path: &str) {
        if name == same {
            self.reexported.push(name.to_string());
        }
        self.bind(name.to_string(), Bound::Import(path.to_string()));
    }

    fn assign(&mut self, target: &Expr, value: &Expr, prefix: &str) {
        if prefix.is_empty() && is_all(target) {
            self.listed = None;
            self.is_listed_whole = true;
            self.list(value);
            return;
        }
        let Expr::Name(name) = target else {
            return;
        };
        let bound = match value {
            Expr::Lambda(_) => Some(Bound::Function),
            Expr::Call(call) => dotted(&call.func).map(Bound::Made),
            value => dotted(value).map(Bound::Alias),
        };
        let bound = bound.unwrap_or(Bound::Other);
        self.bind(format!("{prefix}{}", name.id), bound);
    }

    /// Reads the value of `__all__`, or what is added to it.
    fn list(&mut self, value: &Expr) {
        self.listed.get_or_insert_default();
        match value {
            Expr::List(list) => list.elts.iter().for_each(|one| self.list_one(one)),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|one| self.list_one(one)),
            Expr::BinOp(sum) => {
                self.list(&sum.left);
                self.list(&sum.right);
            }
            _ => self.is_listed_whole = false,
        }
    }

    fn list_one(&mut self, value: &Expr) {
        match literal::string(value) {
            Some(name) => self.listed.get_or_insert_default().push(name.to_string()),
            None => self.is_listed_whole = false,
        }
    }

    /// The names that it offers where its path is public.
    fn offered(&self, is_package: bool) -> Vec<String> {
        let mut names: Vec<String> = self.listed.iter().flatten().cloned().collect();
        if self.listed.is_none() || !self.is_listed_whole {
            let is_own = |bound: &Bound| !matches!(bound, Bound::Import(_));
            names.extend(
                self.names
                    .iter()
                    .filter(|(name, bound)| {
                        !name.starts_with('_')
                            && !name.contains('.')
                            && (is_package
                                || bound.iter().any(is_own)
                                || self.reexported.contains(name))
                    })
                    .map(|(name, _)| name.clone()),
            );
            // Names that could not be read are most often those of a module that is imported with a star.
            if is_package || self.listed.is_some() {
                names.extend(self.stars.iter().map(|_| STAR.to_string()));
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// In place of a name: all that star imports bring.
const STAR: &str = "*";

fn is_all(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.id.as_str() == "__all__")
}

/// The text of a name or attribute chain; of `Base[T]` that of `Base`.
fn dotted(expr: &Expr) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::Name(name) => {
                parts.push(name.id.as_str());
                parts.reverse();
                return Some(parts.join("."));
            }
            Expr::Attribute(attribute) => {
                parts.push(attribute.attr.as_str());
                at = &attribute.value;
            }
            Expr::Subscript(subscript) if parts.is_empty() => at = &subscript.value,
            // `Client().load`: a method of what the call gives.
            Expr::Call(call) => at = &call.func,
            _ => return None,
        }
    }
}

/// What a name is followed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Want {
    /// Whatever it names.
    All,
    /// A class: a base, or what is called for a value.
    Classes,
}

/// Follows offered names to what they name.
struct Search<'s> {
    project: &'s Project,
    modules: &'s FxHashMap<FileId, Module>,
    /// What was asked already, and what it gave: star imports may lead in circles.
    asked: FxHashMap<(FileId, String, Want), bool>,
    api: Api,
}

impl Search<'_> {
    /// A module offers a name.
    fn offer(&mut self, file: FileId, name: &str) {
        if name == STAR {
            self.offer_stars(file);
        } else if !self.mark(file, name, Want::All, HOPS) {
            self.api.unresolved.insert(name.to_string());
        }
    }

    /// A package offers all that the modules do which it imports with a star.
    fn offer_stars(&mut self, file: FileId) {
        let mut seen: FxHashSet<FileId> = FxHashSet::default();
        let mut pending = vec![file];
        while let Some(at) = pending.pop() {
            let Some(module) = self.modules.get(&at) else {
                continue;
            };
            for star in &module.stars {
                let Some(other) = self.project.module(&self.project.absolute(at, star)) else {
                    continue;
                };
                if !seen.insert(other) {
                    continue;
                }
                pending.push(other);
                if let Some(of) = self.modules.get(&other) {
                    for name in of.offered(true) {
                        if name != STAR {
                            self.offer(other, &name);
                        }
                    }
                }
            }
        }
    }

    /// Marks what a dotted name of a module names; `false` if the module does not bind it in a way that can be read.
    fn mark(&mut self, file: FileId, name: &str, want: Want, hops: usize) -> bool {
        let key = (file, name.to_string(), want);
        if let Some(&known) = self.asked.get(&key) {
            return known;
        }
        self.asked.insert(key.clone(), false);
        let is_bound = self.follow(file, name, want, hops);
        self.asked.insert(key, is_bound);
        is_bound
    }

    fn follow(&mut self, file: FileId, name: &str, want: Want, hops: usize) -> bool {
        let modules = self.modules;
        let Some(module) = modules.get(&file).filter(|_| hops > 0) else {
            return hops == 0;
        };
        if let Some(bound) = module.names.get(name) {
            for one in bound {
                match one {
                    Bound::Function if want == Want::All => {
                        self.api.functions.insert((file, name.to_string()));
                    }
                    Bound::Class(bases) => {
                        if self.api.classes.insert((file, name.to_string())) {
                            for base in bases {
                                self.mark(file, base, Want::Classes, hops - 1);
                            }
                        }
                    }
                    Bound::Import(path) => self.mark_path(file, path, want, hops - 1),
                    Bound::Alias(other) if other != name => {
                        self.mark(file, other, want, hops - 1);
                    }
                    Bound::Made(class) => {
                        self.mark(file, class, Want::Classes, hops - 1);
                    }
                    Bound::Function | Bound::Alias(_) | Bound::Other => {}
                }
            }
            return true;
        }
        // `module.name`, `Class.method`, `client.method`: the longest part that is bound says what it is.
        let inner = name.rmatch_indices('.').find_map(|(dot, _)| {
            let bound = module.names.get(name.get(..dot)?)?;
            Some((bound, name.get(..dot)?, name.get(dot + 1..)?))
        });
        if let Some((bound, first, rest)) = inner {
            for one in bound {
                match one {
                    Bound::Import(path) => {
                        self.mark_path(file, &format!("{path}.{rest}"), want, hops - 1);
                    }
                    // The methods of a value, and of what its class inherits from.
                    Bound::Class(_) | Bound::Alias(_) | Bound::Made(_) => {
                        self.mark(file, first, Want::Classes, hops - 1);
                    }
                    Bound::Function | Bound::Other => {}
                }
            }
            return true;
        }
        let stars: Vec<FileId> = module
            .stars
            .iter()
            .filter_map(|star| self.project.module(&self.project.absolute(file, star)))
            .collect();
        let mut is_found = false;
        for other in stars {
            is_found |= self.mark(other, name, want, hops - 1);
        }
        // A submodule of a package.
        let path = format!("{}.{name}", self.project.file(file).module.name);
        is_found || self.project.module(&path).is_some()
    }

    fn mark_path(&mut self, file: FileId, path: &str, want: Want, hops: usize) {
        let path = self.project.absolute(file, path);
        if self.project.module(&path).is_some() {
            return;
        }
        if let Some((other, rest)) = self.project.split(&path) {
            let rest = rest.to_string();
            self.mark(other, &rest, want, hops);
        }
    }
}

#[cfg(test)]
mod tests;
