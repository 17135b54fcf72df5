//! The project index: the files, their module names, and what they define.
//!
//! Files that no codemod looks at join on demand: the first question about a module parses it, and only its facts stay.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::discovery::Kind;
use crate::importer::stdlib::is_stdlib;
use crate::semantic::ModuleName;
use crate::unit::FileId;

/// One discovered file.
pub struct ProjectFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub kind: Kind,
    /// Whether it is read, and never changed: see [`crate::discovery::Found::outside`].
    pub outside: bool,
    /// The name shown to the user: `/` between the parts.
    pub name: String,
    /// Its dotted module name.
    pub module: ModuleName,
    /// Its dotted name as scripts beside its package import it: without the folders above the topmost package. The same
    /// as the module's name where that folder is a source root.
    pub local_name: String,
    exports: OnceLock<Exports>,
}

/// What a definition is, for callers in other files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// A plain `def` without decorators.
    Function,
    /// An `async def` without decorators or `yield`: a call of it gives a coroutine.
    Coroutine,
    /// A `def` with `yield`.
    Generator,
    /// An `async def` with `yield`.
    AsyncGenerator,
    /// A function whose decorators may change what a call of it gives.
    Decorated,
    /// A class.
    Class,
    /// Anything else that the module binds.
    Other,
}

/// The top-level names of a module, and the methods of its classes as `Class.method`.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    definitions: FxHashMap<String, Definition>,
    /// Names that are imported: the dotted path that each means.
    imports: FxHashMap<String, String>,
}

/// Reads and parses a file's text for the index; `None` where that is not possible.
pub type Load = dyn Fn(&ProjectFile) -> Option<Exports> + Send + Sync;

/// The project.
pub struct Project {
    /// The files, sorted by name.
    pub files: Vec<ProjectFile>,
    modules: FxHashMap<String, FileId>,
    top_level: FxHashSet<String>,
    /// The parts of the names of modules.
    parts: FxHashSet<String>,
    /// The folders that programs are started from, each with the top-level names beside it.
    beside: FxHashSet<(PathBuf, String)>,
    /// The stubs of each file of code.
    stubs: FxHashMap<FileId, Vec<FileId>>,
    /// The stubs that describe a file of code.
    described: FxHashSet<FileId>,
    /// The names by which files may be imported from folders above or below the one that their module's name starts at.
    other_names: OnceLock<FxHashMap<String, Vec<FileId>>>,
    /// The `conftest.py` files, by name.
    conftests: FxHashMap<String, FileId>,
    load: Box<Load>,
}

/// A module of the project under another name than its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherName {
    /// From a folder above: `src.pkg.api.load` is `pkg.api.load`. The path by the module's own name.
    Above(String),
    /// From a folder below, which only a search path of the program's own can tell: `api.load` may be `pkg.api.load`. The
    /// files that it may be of, and what is left of the path.
    Below(Vec<FileId>, String),
}

impl Project {
    /// An index over these files. `load` is asked at most once for each file.
    pub fn new(files: Vec<ProjectFile>, load: Box<Load>) -> Self {
        let mut modules = FxHashMap::default();
        // A stub stands for a module only where there is no code.
        let kinds = [
            (Kind::Module, false),
            (Kind::Module, true),
            (Kind::Stub, false),
            (Kind::Stub, true),
        ];
        for (kind, outside) in kinds {
            for (index, file) in files.iter().enumerate() {
                let is_next = file.kind == kind && file.outside == outside;
                if is_next && !file.module.name.is_empty() {
                    modules
                        .entry(file.module.name.clone())
                        .or_insert(FileId(index as u32));
                }
            }
        }
        let importable = || files.iter().filter(|file| file.is_importable());
        let beside: FxHashSet<(PathBuf, String)> = importable()
            .filter_map(|file| Some((file.base()?, file.local_top().to_string())))
            .collect();
        let top_level = modules
            .keys()
            .map(String::as_str)
            .chain(importable().map(ProjectFile::local_top))
            .map(|name| name.split('.').next().unwrap_or(name).to_string())
            .collect();
        let parts = modules.keys().flat_map(|name: &String| name.split('.'));
        let parts = parts.map(str::to_string).collect();
        let stubs = stubs_of(&files);
        let numbered = files.iter().enumerate();
        let conftests = numbered
            .filter(|(_, file)| file.name.ends_with("conftest.py"))
            .map(|(index, file)| (file.name.clone(), FileId(index as u32)))
            .collect();
        Self {
            described: stubs.values().flatten().copied().collect(),
            stubs,
            files,
            modules,
            top_level,
            parts,
            beside,
            other_names: OnceLock::new(),
            conftests,
            load,
        }
    }

    /// The stubs that describe a file, in order.
    pub fn stubs_of(&self, file: FileId) -> &[FileId] {
        self.stubs.get(&file).map_or(&[], Vec::as_slice)
    }

    /// Whether a file is a stub that describes code of the project.
    pub fn describes_code(&self, file: FileId) -> bool {
        self.described.contains(&file)
    }

    /// A file.
    pub fn file(&self, id: FileId) -> &ProjectFile {
        &self.files[id.0 as usize]
    }

    /// The `conftest.py` of this name, with its folders.
    pub fn conftest(&self, name: &str) -> Option<FileId> {
        self.conftests.get(name).copied()
    }

    /// The file of a module.
    pub fn module(&self, name: &str) -> Option<FileId> {
        self.modules.get(name).copied()
    }

    /// A path as this file means it: a script imports what stands beside it without the folders above.
    pub fn absolute(&self, file: FileId, path: &str) -> String {
        let file = self.file(file);
        let prefix = file
            .module
            .name
            .strip_suffix(file.local_name.as_str())
            .unwrap_or("");
        let top = path.split('.').next().unwrap_or(path);
        let is_beside = !prefix.is_empty()
            && file
                .base()
                .is_some_and(|base| self.beside.contains(&(base, top.to_string())));
        if is_beside && !path.starts_with(prefix) {
            format!("{prefix}{path}")
        } else {
            self.below_a_folder_above(file, path, top)
                .or_else(|| self.named_from_above_a_root(path, top))
                .unwrap_or_else(|| path.to_string())
        }
    }

    /// A path that begins with the folder of a source root, as a program means it that is started from the folder above:
    /// `src.app.db` is `app.db`. Only folders of the project count, since the one that it lies in may be named like anything.
    fn named_from_above_a_root(&self, path: &str, top: &str) -> Option<String> {
        // Nearly every path of a project comes through here, and few begin with such a folder.
        let names = self.other_names();
        if !names.contains_key(top)
            || is_stdlib(path)
            || self.module(path).is_some()
            || self.split(path).is_some()
        {
            return None;
        }
        let ends = path.rmatch_indices('.').map(|(dot, _)| dot);
        std::iter::once(path.len()).chain(ends).find_map(|end| {
            let (name, rest) = path.split_at(end);
            let [file] = names.get(name)?[..] else {
                return None;
            };
            let file = self.file(file);
            let above = name.strip_suffix(file.module.name.as_str())?;
            let is_inside = file.name.starts_with(&name.replace('.', "/"))
                || file.name.contains(&format!("/{}", name.replace('.', "/")));
            (above.ends_with('.') && is_inside).then(|| format!("{}{rest}", file.module.name))
        })
    }

    /// A path as a program means it that is started from a folder between the root and this file: `app.db` in
    /// `backend/app/main.py` is `backend.app.db`, if that is there and no `app.db` is. The nearest folder counts.
    fn below_a_folder_above(&self, file: &ProjectFile, path: &str, top: &str) -> Option<String> {
        if !self.parts.contains(top)
            || is_stdlib(path)
            || self.module(path).is_some()
            || self.split(path).is_some()
        {
            return None;
        }
        let mut folder = match file.module.is_package {
            true => file.module.name.as_str(),
            false => file.module.name.rsplit_once('.')?.0,
        };
        while !folder.is_empty() {
            let candidate = format!("{folder}.{path}");
            let is_there = self.module(&candidate).is_some()
                || self.split(&candidate).is_some_and(|(of, _)| {
                    self.file(of).module.name.len() > folder.len()
                        && self.definition(&candidate).is_some()
                });
            if is_there {
                return Some(candidate);
            }
            folder = folder.rsplit_once('.').map_or("", |(above, _)| above);
        }
        None
    }

    /// What a path may mean that no module's own name begins.
    pub fn other_name(&self, path: &str) -> Option<OtherName> {
        if is_stdlib(path) {
            return None;
        }
        let names = self.other_names();
        path.rmatch_indices('.').find_map(|(dot, _)| {
            let (name, rest) = (&path[..dot], &path[dot + 1..]);
            let files = names.get(name)?;
            let above = match files[..] {
                [file] => name
                    .strip_suffix(&self.file(file).module.name)
                    .is_some_and(|above| above.ends_with('.'))
                    .then(|| format!("{}.{rest}", self.file(file).module.name)),
                _ => None,
            };
            Some(match above {
                Some(path) => OtherName::Above(path),
                None => OtherName::Below(files.clone(), rest.to_string()),
            })
        })
    }

    /// Whether a top-level module may be one of the project under another name than its own.
    pub fn may_be_first_party(&self, module: &str) -> bool {
        self.is_first_party(module) || !is_stdlib(module) && self.other_names().contains_key(module)
    }

    fn other_names(&self) -> &FxHashMap<String, Vec<FileId>> {
        self.other_names.get_or_init(|| {
            let mut names: FxHashMap<String, Vec<FileId>> = FxHashMap::default();
            for (index, file) in self.files.iter().enumerate() {
                if file.kind != Kind::Module || file.module.name.is_empty() {
                    continue;
                }
                let id = FileId(index as u32);
                for name in file.names_from_any_folder() {
                    if name != file.module.name {
                        names.entry(name.clone()).or_default().push(id);
                    }
                    // A package by itself: what is imported from it has a longer name.
                    let top = name.split('.').next().unwrap_or(&name);
                    if top != name {
                        names.entry(top.to_string()).or_default();
                    }
                }
            }
            names
        })
    }

    /// Whether a top-level module belongs to the project.
    pub fn is_first_party(&self, module: &str) -> bool {
        self.top_level.contains(module)
    }

    /// What a dotted path names in this project, re-exports followed.
    pub fn definition(&self, path: &str) -> Option<Definition> {
        let mut path = path.to_string();
        // Re-exports rarely go through more than a few modules; a cycle ends here too.
        for _ in 0..16 {
            let (file, rest) = self.split(&path)?;
            let file = self.file(file);
            let exports = file
                .exports
                .get_or_init(|| (self.load)(file).unwrap_or_default());
            if let Some(&definition) = exports.definitions.get(rest) {
                return Some(definition);
            }
            let (first, tail) = rest
                .split_once('.')
                .map_or((rest, ""), |(first, tail)| (first, tail));
            let target = exports.imports.get(first)?;
            path = if tail.is_empty() {
                target.clone()
            } else {
                format!("{target}.{tail}")
            };
        }
        None
    }

    /// The longest prefix of a dotted path that is a module, and what is left.
    pub fn split<'p>(&self, path: &'p str) -> Option<(FileId, &'p str)> {
        path.rmatch_indices('.').find_map(|(dot, _)| {
            self.module(&path[..dot])
                .map(|file| (file, &path[dot + 1..]))
        })
    }
}

/// How many folders above a file may begin its name.
const FOLDERS: usize = 8;

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|char| char.is_alphanumeric() || char == '_')
}

/// The stubs of each file of code: beside it, or in a folder for stubs (PEP 561's `pkg-stubs`, mypy's `stubs`, pyright's
/// `typings`).
fn stubs_of(files: &[ProjectFile]) -> FxHashMap<FileId, Vec<FileId>> {
    let mut stubs: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
    if files.iter().all(|file| file.kind != Kind::Stub) {
        return stubs;
    }
    let mut paths: FxHashMap<&Path, FileId> = FxHashMap::default();
    let mut names: FxHashMap<&str, Vec<FileId>> = FxHashMap::default();
    for (index, file) in files.iter().enumerate() {
        if file.kind == Kind::Module {
            let id = FileId(index as u32);
            paths.insert(&file.path, id);
            names.entry(&file.module.name).or_default().push(id);
            if file.local_name != file.module.name {
                names.entry(&file.local_name).or_default().push(id);
            }
        }
    }
    for (index, file) in files.iter().enumerate() {
        if file.kind != Kind::Stub {
            continue;
        }
        let beside = ["py", "pyw"]
            .iter()
            .find_map(|extension| paths.get(file.path.with_extension(extension).as_path()));
        let found = match beside {
            Some(&code) => Some(code),
            None => described_module(file).and_then(|name| match names.get(name.as_str()) {
                Some(codes) if codes.len() == 1 => codes.first().copied(),
                _ => None,
            }),
        };
        if let Some(code) = found {
            stubs.entry(code).or_default().push(FileId(index as u32));
        }
    }
    stubs
}

/// The module that a stub in a folder for stubs describes.
fn described_module(stub: &ProjectFile) -> Option<String> {
    let mut parts: Vec<&str> = stub
        .path
        .parent()?
        .iter()
        .filter_map(|part| part.to_str())
        .collect();
    let folder = parts
        .iter()
        .rposition(|part| matches!(*part, "stubs" | "typings") || part.ends_with("-stubs"))?;
    parts.drain(..folder);
    match parts.first()?.strip_suffix("-stubs") {
        Some(package) => parts[0] = package,
        None => drop(parts.remove(0)),
    }
    let stem = stub.path.file_stem()?.to_str()?;
    if stem != "__init__" {
        parts.push(stem);
    }
    Some(parts.join("."))
}

impl ProjectFile {
    /// The dotted names that it has from the folders above it, the nearest first.
    fn names_from_any_folder(&self) -> Vec<String> {
        let mut name = match self.path.file_stem().and_then(|stem| stem.to_str()) {
            Some("__init__") | None => String::new(),
            Some(stem) => stem.to_string(),
        };
        let mut names: Vec<String> = Vec::new();
        names.extend((!name.is_empty()).then(|| name.clone()));
        for folder in self.path.ancestors().skip(1).take(FOLDERS) {
            let Some(folder) = folder.file_name().and_then(|folder| folder.to_str()) else {
                break;
            };
            if !is_identifier(folder) {
                break;
            }
            name = match name.is_empty() {
                true => folder.to_string(),
                false => format!("{folder}.{name}"),
            };
            names.push(name.clone());
        }
        names
    }

    /// Whether other files can import it.
    pub fn is_importable(&self) -> bool {
        matches!(self.kind, Kind::Module | Kind::Stub)
    }

    /// The folder that holds the topmost package of the file, or the file itself.
    fn base(&self) -> Option<PathBuf> {
        let parts = self.local_name.split('.').count();
        let above = if self.module.is_package {
            parts
        } else {
            parts - 1
        };
        self.path
            .parent()?
            .ancestors()
            .nth(above)
            .map(PathBuf::from)
    }

    fn local_top(&self) -> &str {
        self.local_name
            .split('.')
            .next()
            .unwrap_or(&self.local_name)
    }

    /// A file whose definitions are not known yet.
    pub fn new(path: PathBuf, name: String, module: ModuleName, local_name: String) -> Self {
        Self {
            kind: Kind::of(&path),
            outside: false,
            path,
            name,
            module,
            local_name,
            exports: OnceLock::new(),
        }
    }
}

impl Exports {
    /// Reads the top level of a module.
    pub fn new(tree: &ModModule, module: &ModuleName) -> Self {
        let mut exports = Self::default();
        exports.read(&tree.body, module, "");
        exports
    }

    fn read(&mut self, body: &[Stmt], module: &ModuleName, prefix: &str) {
        for stmt in body {
            match stmt {
                Stmt::FunctionDef(function) => {
                    let definition = if function.decorator_list.is_empty() {
                        match (function.is_async, has_yield(&function.body)) {
                            (false, false) => Definition::Function,
                            (true, false) => Definition::Coroutine,
                            (false, true) => Definition::Generator,
                            (true, true) => Definition::AsyncGenerator,
                        }
                    } else {
                        Definition::Decorated
                    };
                    self.define(format!("{prefix}{}", function.name), definition);
                }
                Stmt::ClassDef(class) => {
                    self.define(format!("{prefix}{}", class.name), Definition::Class);
                    self.read(&class.body, module, &format!("{prefix}{}.", class.name));
                }
                Stmt::ImportFrom(import) if prefix.is_empty() => {
                    let from = import.module.as_ref().map_or("", |name| name.as_str());
                    let Some(from) = module.resolve(import.level, from) else {
                        continue;
                    };
                    for alias in &import.names {
                        let name = alias.asname.as_ref().unwrap_or(&alias.name);
                        self.imports
                            .insert(name.to_string(), format!("{from}.{}", alias.name));
                    }
                }
                Stmt::Import(import) if prefix.is_empty() => {
                    for alias in &import.names {
                        if let Some(name) = &alias.asname {
                            self.imports
                                .insert(name.to_string(), alias.name.to_string());
                        }
                    }
                }
                Stmt::Assign(assign) => {
                    for target in &assign.targets {
                        if let Expr::Name(name) = target {
                            self.define(format!("{prefix}{}", name.id), Definition::Other);
                        }
                    }
                }
                Stmt::AnnAssign(assign) if assign.value.is_some() => {
                    if let Expr::Name(name) = assign.target.as_ref() {
                        self.define(format!("{prefix}{}", name.id), Definition::Other);
                    }
                }
                Stmt::If(if_) => {
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
                _ => {}
            }
        }
    }

    /// A name that is defined twice, in different ways, is not known.
    fn define(&mut self, name: String, definition: Definition) {
        self.definitions
            .entry(name)
            .and_modify(|known| {
                if *known != definition {
                    *known = Definition::Other;
                }
            })
            .or_insert(definition);
    }
}

/// Whether a function body yields, without its nested functions and classes.
pub fn has_yield(body: &[Stmt]) -> bool {
    let mut finder = Yields(false);
    finder.visit_body(body);
    finder.0
}

struct Yields(bool);

impl<'a> Visitor<'a> for Yields {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            // Decorators and defaults of a nested definition belong to the function that we look at.
            Stmt::FunctionDef(function) => {
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                for default in function
                    .parameters
                    .iter_non_variadic_params()
                    .filter_map(|one| one.default())
                {
                    self.visit_expr(default);
                }
            }
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.visit_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
            Expr::Lambda(_) => {}
            _ => visitor::walk_expr(self, expr),
        }
    }
}
