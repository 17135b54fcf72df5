//! Imports: the ones that new code asks for, and the ones that lost their last use.
//!
//! Codemods ask with an [`ImportRequest`]; this module puts the statement where isort (profile `black`, the defaults of
//! ruff's `I` rules) would: after the docstring and `from __future__`, in the section of the standard library, of third
//! parties or of the project, `import x` before `from x import y`, sorted by module name.

pub(crate) mod stdlib;

use ruff_python_ast::{Alias, AnyNodeRef, Expr, Stmt, StmtImport, StmtImportFrom};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

use crate::edit::Edit;
use crate::semantic::names::Meaning;
use crate::semantic::nodes::NodeId;
use crate::semantic::scope::{Symbol, SymbolId};
use crate::semantic::{BindingKind, Model, Scopes};
use crate::unit::{ImportRequest, Reason};

/// The name that an import would bind means something else here.
pub static NAME_TAKEN: Reason = Reason {
    code: "import-name-taken",
    message: "the new code needs an import whose name already means something else here",
    help: "rename the other binding",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&NAME_TAKEN];

impl ImportRequest {
    /// The name that the import binds.
    pub fn bound_name(&self) -> &'static str {
        match self {
            Self::Module(module) => module.split('.').next().unwrap_or(module),
            Self::Name { name, .. } => name,
        }
    }

    /// The dotted path that the bound name means.
    pub fn path(&self) -> String {
        match self {
            Self::Module(module) => module.split('.').next().unwrap_or(module).to_string(),
            Self::Name { module, name } => format!("{module}.{name}"),
        }
    }

    fn module(&self) -> &'static str {
        match self {
            Self::Module(module) | Self::Name { module, .. } => module,
        }
    }
}

/// The statements for some requests, those for names of one module as one: how it is sorted, the module, the text.
fn statements(
    model: &Model<'_>,
    requests: &[&ImportRequest],
) -> Vec<(SortKey, &'static str, String)> {
    let unit = model.indent_unit();
    let mut found: Vec<(SortKey, &'static str, String)> = Vec::new();
    let mut names: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    for request in requests {
        match **request {
            ImportRequest::Module(module) => {
                found.push((sort_key(false, module), module, format!("import {module}")));
            }
            ImportRequest::Name { module, name } => names.entry(module).or_default().push(name),
        }
    }
    for (module, mut names) in names {
        names.sort_by_key(|name| member_key(name));
        names.dedup();
        let mut text = format!("from {module} import {}", names.join(", "));
        if text.len() > LINE_LENGTH {
            let names = names.join(&format!(",\n{unit}"));
            text = format!("from {module} import (\n{unit}{names},\n)");
        }
        found.push((sort_key(true, module), module, text));
    }
    found
}

/// Where isort (profile `black`) breaks a line.
const LINE_LENGTH: usize = 88;

/// Whether the name that the import binds is free at a place, or means that import already.
pub fn is_available(model: &Model<'_>, request: &ImportRequest, at: NodeId) -> bool {
    match model
        .scopes
        .lookup(model.scope_at(at), request.bound_name())
    {
        None => true,
        Some(symbol) => model.meaning_of_symbol(symbol) == Meaning::Path(request.path()),
    }
}

/// Whether an import may give way to another one of the same name, once all of its uses do: it binds the name once, at
/// the top of the module, and no other file may take the name from this one.
pub fn is_replaceable(model: &Model<'_>, symbol: SymbolId) -> bool {
    let symbol = model.scopes.symbol(symbol);
    let importer = Importer {
        model,
        is_first_party: &|_| false,
        imports: top_level_imports(model),
    };
    let [binding] = symbol.bindings[..] else {
        return false;
    };
    let binding = model.scopes.binding(binding);
    let statement = model.nodes.parent(binding.node);
    matches!(binding.kind, BindingKind::FromImport { .. })
        && !binding.type_checking
        && importer
            .imports
            .iter()
            .any(|import| model.id(import.stmt) == statement)
        && !importer.is_exported(symbol.name)
        && !importer.quoted_names(&[]).contains(symbol.name)
}

/// The dotted paths that the imports of a name mean.
fn imports_of(model: &Model<'_>, symbol: &Symbol<'_>) -> Vec<String> {
    let bindings = symbol.bindings.iter();
    bindings
        .filter_map(|&binding| model.import_path(&model.scopes.binding(binding).kind))
        .collect()
}

/// The edits that add what is asked for and drop imports all of whose references are in `released` (sorted spans of
/// names). `successions` are references whose new name is that of an import, which may stand in the place of the old one.
/// `is_first_party` tells whether a top-level module belongs to the project.
pub fn edits(
    model: &Model<'_>,
    requests: &[ImportRequest],
    successions: &[(TextRange, ImportRequest)],
    released: &[TextRange],
    is_first_party: &dyn Fn(&str) -> bool,
) -> Vec<Edit> {
    let importer = Importer {
        model,
        is_first_party,
        imports: top_level_imports(model),
    };
    let succeeding = successions.iter().map(|(_, request)| request);
    let mut asked: Vec<&ImportRequest> = requests.iter().chain(succeeding).collect();
    asked.sort();
    asked.dedup();
    let mut unused = importer.unused(&asked, released);
    let (mut edits, left) = importer.successions(successions, &mut unused);
    let mut requests: Vec<&ImportRequest> = requests.iter().chain(left).collect();
    requests.sort();
    requests.dedup();
    requests.retain(|request| !importer.is_satisfied(request));
    let heirs = importer.heirs(&unused, &requests);
    edits.extend(importer.removals(&unused, &requests, &heirs));
    for (statement, heirs) in &heirs {
        let mut lines = statements(model, heirs);
        lines.sort();
        let lines: Vec<String> = lines.into_iter().map(|(_, _, line)| line).collect();
        let range = model.nodes.range(*statement);
        edits.push(Edit::replace(range, lines.join("\n")));
    }
    let is_heir = |request: &&&ImportRequest| !heirs.iter().any(|(_, own)| own.contains(request));
    let others: Vec<&ImportRequest> = requests.iter().filter(is_heir).copied().collect();
    edits.extend(importer.additions(&others, &unused));
    edits
}

/// The sections of isort, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    StandardLibrary,
    ThirdParty,
    FirstParty,
    Relative,
}

/// How isort orders the statements of a section: `import x` first, then by module name.
type SortKey = (bool, String, String);

struct TopLevelImport<'a> {
    stmt: &'a Stmt,
    key: SortKey,
}

struct Importer<'a, 'm> {
    model: &'m Model<'a>,
    is_first_party: &'m dyn Fn(&str) -> bool,
    /// The import statements of the module's head, in source order.
    imports: Vec<TopLevelImport<'a>>,
}

/// The import statements at the top of the module: up to the first statement that is neither an import, a string, a plain
/// value of a name such as `__all__` nor a compound statement of imports (`try`, `if`), which stays in between.
fn top_level_imports<'a>(model: &Model<'a>) -> Vec<TopLevelImport<'a>> {
    let mut imports = Vec::new();
    for stmt in &model.parsed.syntax().body {
        match stmt {
            Stmt::Import(import) => {
                let name = import.names.first().map_or("", |alias| alias.name.as_str());
                imports.push(TopLevelImport {
                    stmt,
                    key: sort_key(false, name),
                });
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                imports.push(TopLevelImport {
                    stmt,
                    key: sort_key(true, module),
                });
            }
            Stmt::Expr(expr) if expr.value.is_string_literal_expr() => {}
            Stmt::Assign(assign)
                if assign.targets.iter().all(is_about_module) && is_plain(&assign.value) => {}
            Stmt::AnnAssign(assign)
                if is_about_module(&assign.target)
                    && assign.value.as_deref().is_some_and(is_plain) => {}
            Stmt::Try(_) | Stmt::If(_) => {}
            _ => break,
        }
    }
    imports
}

/// `__all__`, `__version__`, `__author__`: PEP 8 puts them above the imports.
fn is_about_module(target: &Expr) -> bool {
    matches!(target, Expr::Name(name) if name.id.starts_with("__") && name.id.ends_with("__"))
}

/// Whether an expression is written in literals alone.
fn is_plain(value: &Expr) -> bool {
    match value {
        Expr::List(list) => list.elts.iter().all(is_plain),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_plain),
        _ => value.is_literal_expr(),
    }
}

/// How many statements at the top of the module end with its last import there.
pub(crate) fn head_length(model: &Model<'_>) -> usize {
    let Some(last) = top_level_imports(model)
        .last()
        .map(|import| import.stmt.end())
    else {
        return 0;
    };
    model
        .parsed
        .syntax()
        .body
        .partition_point(|stmt| stmt.end() <= last)
}

fn sort_key(is_from: bool, module: &str) -> SortKey {
    (is_from, module.to_lowercase(), module.to_string())
}

impl<'a> Importer<'a, '_> {
    fn section(&self, stmt: &Stmt) -> Section {
        match stmt {
            Stmt::ImportFrom(import) if import.level > 0 => Section::Relative,
            Stmt::ImportFrom(import) => {
                self.section_of(import.module.as_ref().map_or("", |module| module.as_str()))
            }
            Stmt::Import(import) => {
                self.section_of(import.names.first().map_or("", |alias| alias.name.as_str()))
            }
            _ => Section::ThirdParty,
        }
    }

    fn section_of(&self, module: &str) -> Section {
        let first = module.split('.').next().unwrap_or(module);
        if module == "__future__" {
            Section::Future
        } else if stdlib::is_stdlib(module) {
            Section::StandardLibrary
        } else if (self.is_first_party)(first) {
            Section::FirstParty
        } else {
            Section::ThirdParty
        }
    }

    /// Whether the module binds the name to that import already, outside of `TYPE_CHECKING`.
    fn is_satisfied(&self, request: &ImportRequest) -> bool {
        let scopes = &self.model.scopes;
        let Some(&symbol) = scopes
            .scope(Scopes::MODULE)
            .symbols
            .get(request.bound_name())
        else {
            return false;
        };
        let exact = match request {
            // `import a.b` is more than `import a`.
            ImportRequest::Module(module) if module.contains('.') => {
                self.imports.iter().any(|import| match import.stmt {
                    Stmt::Import(import) => import
                        .names
                        .iter()
                        .any(|alias| alias.asname.is_none() && alias.name.as_str() == *module),
                    _ => false,
                })
            }
            _ => true,
        };
        exact
            && self.model.meaning_of_symbol(symbol) == Meaning::Path(request.path())
            && scopes
                .symbol(symbol)
                .bindings
                .iter()
                .any(|&binding| !scopes.binding(binding).type_checking)
    }

    /// The aliases whose names lost their last reference, as nodes.
    fn unused(&self, requests: &[&ImportRequest], released: &[TextRange]) -> Vec<NodeId> {
        let scopes = &self.model.scopes;
        if released.is_empty() {
            return Vec::new();
        }
        let quoted = self.quoted_names(released);
        let mut unused = Vec::new();
        for (_, symbol) in scopes.symbols() {
            let lost = |&node: &NodeId| {
                let range = self.model.nodes.range(node);
                released
                    .binary_search_by_key(&range.start(), |range| range.start())
                    .is_ok()
            };
            if symbol.references.is_empty() || !symbol.references.iter().all(lost) {
                continue;
            }
            let imported = symbol.bindings.iter().all(|&binding| {
                matches!(
                    scopes.binding(binding).kind,
                    BindingKind::Import { .. } | BindingKind::FromImport { .. }
                )
            });
            if !imported || self.is_exported(symbol.name) || quoted.contains(symbol.name) {
                continue;
            }
            // A name that is asked for stays bound; what it means may change.
            let own = imports_of(self.model, symbol);
            let asked: Vec<&str> = requests
                .iter()
                .filter(|request| {
                    request.bound_name() == symbol.name && own.contains(&request.path())
                })
                .map(|request| match request {
                    ImportRequest::Module(module) => module,
                    ImportRequest::Name { name, .. } => name,
                })
                .copied()
                .collect();
            if asked.iter().any(|module| !module.contains('.')) {
                continue;
            }
            // `import a.b` is enough where `import a` is not used for itself.
            let is_asked = |node: &NodeId| match self.model.nodes.get(*node) {
                AnyNodeRef::Alias(alias) => asked.contains(&alias.name.as_str()),
                _ => false,
            };
            let bindings = symbol.bindings.iter();
            unused.extend(
                bindings
                    .map(|&binding| scopes.binding(binding).node)
                    .filter(|node| !is_asked(node)),
            );
        }
        unused.sort_unstable();
        unused
    }

    /// The names in quoted annotations that stay: `def f(response: "requests.Response")` needs its import, too.
    fn quoted_names(&self, released: &[TextRange]) -> FxHashSet<&str> {
        let nodes = &self.model.nodes;
        let mut names = FxHashSet::default();
        for id in (0..nodes.len() as u32).map(NodeId) {
            let AnyNodeRef::ExprStringLiteral(string) = nodes.get(id) else {
                continue;
            };
            let mut inner = id;
            let mut holder = id;
            for ancestor in nodes.ancestors(id) {
                inner = holder;
                holder = ancestor;
                if !nodes.get(ancestor).is_expression() {
                    break;
                }
            }
            let is = |expr: &Expr| self.model.id(expr) == inner;
            let is_annotation = match nodes.get(holder) {
                AnyNodeRef::Parameter(parameter) => parameter.annotation.as_deref().is_some_and(is),
                AnyNodeRef::StmtAnnAssign(assign) => is(&assign.annotation),
                AnyNodeRef::StmtFunctionDef(function) => {
                    function.returns.as_deref().is_some_and(is)
                }
                _ => false,
            };
            if is_annotation {
                let text = self.model.slice(string.range());
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                let words = text
                    .split(|c: char| !is_word(c))
                    .filter(|word| !word.is_empty());
                names.extend(words.filter(|word| {
                    // A part of `text`: its place in the file is what its unit released.
                    let offset = word.as_ptr() as usize - text.as_ptr() as usize;
                    let at = string.start() + TextSize::new(offset as u32);
                    released
                        .binary_search_by_key(&at, |range| range.start())
                        .is_err()
                }));
            }
        }
        names
    }

    /// Whether other modules may take the name from this one: it is in `__all__`, or the file is a package's
    /// `__init__.py`.
    fn is_exported(&self, name: &str) -> bool {
        if self.model.module.is_package {
            return true;
        }
        self.model.parsed.syntax().body.iter().any(|stmt| {
            let (targets, value): (&[Expr], _) = match stmt {
                Stmt::Assign(assign) => (&assign.targets, Some(assign.value.as_ref())),
                Stmt::AugAssign(assign) => (
                    std::slice::from_ref(assign.target.as_ref()),
                    Some(assign.value.as_ref()),
                ),
                Stmt::AnnAssign(assign) => (
                    std::slice::from_ref(assign.target.as_ref()),
                    assign.value.as_deref(),
                ),
                _ => return false,
            };
            let is_all = targets
                .iter()
                .any(|target| matches!(target, Expr::Name(all) if all.id.as_str() == "__all__"));
            is_all && value.is_some_and(|value| self.model.slice(value.range()).contains(name))
        })
    }

    /// Names that take the place of others, where those are imported outside of the head of the file: under
    /// `if TYPE_CHECKING:`, in a function. Each takes the place of one from its own module; names of another module do
    /// where they take all that the statement imports. Such aliases are taken out of `unused`; the requests that need an
    /// import of their own are given back.
    fn successions<'s>(
        &self,
        successions: &'s [(TextRange, ImportRequest)],
        unused: &mut Vec<NodeId>,
    ) -> (Vec<Edit>, Vec<&'s ImportRequest>) {
        let (nodes, scopes) = (&self.model.nodes, &self.model.scopes);
        // By the name that goes: what takes its place, everywhere.
        let mut heirs: BTreeMap<SymbolId, Vec<&ImportRequest>> = BTreeMap::new();
        let by_start: FxHashMap<TextSize, &ImportRequest> = successions
            .iter()
            .map(|(at, request)| (at.start(), request))
            .collect();
        for (id, symbol) in scopes.symbols() {
            for &node in &symbol.references {
                if let Some(&request) = by_start.get(&nodes.range(node).start()) {
                    heirs.entry(id).or_default().push(request);
                }
            }
        }
        // The aliases that one name each takes the place of.
        let mut placed: BTreeMap<NodeId, (&ImportRequest, SymbolId)> = BTreeMap::new();
        for (&id, requests) in &mut heirs {
            requests.sort();
            requests.dedup();
            if let [request @ ImportRequest::Name { module, .. }] = requests[..]
                && self.extended_statement(module).is_none()
            {
                let bindings = scopes.symbol(id).bindings.iter();
                let aliases = bindings.map(|&binding| scopes.binding(binding).node);
                placed.extend(aliases.map(|alias| (alias, (request, id))));
            }
        }
        // A name goes with all of its aliases, or with none.
        loop {
            let stays: FxHashSet<SymbolId> = placed
                .iter()
                .filter(|&(&alias, &(request, _))| {
                    !unused.contains(&alias) || !self.is_in_place(alias, request, &placed)
                })
                .map(|(_, &(_, id))| id)
                .collect();
            if stays.is_empty() {
                break;
            }
            placed.retain(|_, (_, id)| !stays.contains(id));
        }
        let mut edits = Vec::new();
        let mut moved: FxHashSet<NodeId> = FxHashSet::default();
        for (&alias, &(request, _)) in &placed {
            let ImportRequest::Name { module, name } = request else {
                continue;
            };
            edits.push(Edit::replace(nodes.range(alias), *name));
            if let AnyNodeRef::StmtImportFrom(import) = nodes.parent_node(alias)
                && let Some(own) = &import.module
                && own.as_str() != *module
                && moved.insert(nodes.parent(alias))
            {
                edits.push(Edit::replace(own.range(), *module));
            }
        }
        unused.retain(|alias| !placed.contains_key(alias));
        let mut left: Vec<&ImportRequest> = Vec::new();
        for (id, requests) in heirs {
            if !placed.values().any(|(_, placed)| *placed == id) {
                left.extend(requests);
            }
        }
        // Names in quoted annotations are no references: they mean what the others mean.
        let written: FxHashSet<&ImportRequest> =
            placed.values().map(|(request, _)| *request).collect();
        let told: FxHashSet<&ImportRequest> = left.iter().copied().collect();
        left.extend(
            successions
                .iter()
                .map(|(_, request)| request)
                .filter(|request| !told.contains(request) && !written.contains(request)),
        );
        (edits, left)
    }

    /// Whether a new name may stand where an alias does.
    fn is_in_place(
        &self,
        alias: NodeId,
        request: &ImportRequest,
        placed: &BTreeMap<NodeId, (&ImportRequest, SymbolId)>,
    ) -> bool {
        let nodes = &self.model.nodes;
        let AnyNodeRef::StmtImportFrom(import) = nodes.parent_node(alias) else {
            return false;
        };
        let module = request.module();
        let own = import.module.as_ref().filter(|_| import.level == 0);
        if own.is_some_and(|own| own.as_str() == module) {
            return true;
        }
        let statement = nodes.parent(alias);
        let is_head = self
            .imports
            .iter()
            .any(|import| self.model.id(import.stmt) == statement);
        own.is_some()
            && !is_head
            && import.names.iter().all(|name| {
                let heir = placed.get(&self.model.id(name));
                heir.is_some_and(|(heir, _)| heir.module() == module)
            })
    }

    /// The statements that lose all of their names and get no new ones.
    fn gone(&self, unused: &[NodeId], requests: &[&ImportRequest]) -> Vec<NodeId> {
        unused
            .iter()
            .map(|&alias| self.model.nodes.parent(alias))
            .filter(|&stmt| match self.model.nodes.get(stmt) {
                AnyNodeRef::StmtImport(StmtImport { names, .. })
                | AnyNodeRef::StmtImportFrom(StmtImportFrom { names, .. }) => names
                    .iter()
                    .all(|name| unused.contains(&self.model.id(name))),
                _ => false,
            })
            .filter(|&stmt| self.names_for(stmt, requests).is_empty())
            .collect()
    }

    /// The statements that go with their whole section, and whose place new statements of a later section take: the gaps
    /// round them stay.
    fn heirs<'r>(
        &self,
        unused: &[NodeId],
        requests: &[&'r ImportRequest],
    ) -> Vec<(NodeId, Vec<&'r ImportRequest>)> {
        let gone = self.gone(unused, requests);
        let mut heirs: Vec<(NodeId, Vec<&'r ImportRequest>)> = Vec::new();
        for request in requests {
            let section = self.section_of(request.module());
            let is_extended = matches!(request, ImportRequest::Name { module, .. } if self.extended_statement(module).is_some());
            let has_section = self
                .imports
                .iter()
                .any(|import| self.section(import.stmt) == section);
            if is_extended || has_section {
                continue;
            }
            let earlier = self
                .imports
                .iter()
                .rfind(|import| self.section(import.stmt) < section);
            let Some(earlier) = earlier.map(|import| import.stmt) else {
                continue;
            };
            let stays = |import: &TopLevelImport<'_>| {
                self.section(import.stmt) == self.section(earlier)
                    && !gone.contains(&self.model.id(import.stmt))
            };
            let asked = requests
                .iter()
                .any(|other| self.section_of(other.module()) == self.section(earlier));
            if asked || !self.is_own_line(earlier) || self.imports.iter().any(stays) {
                continue;
            }
            let node = self.model.id(earlier);
            match heirs.iter_mut().find(|(heir, _)| *heir == node) {
                Some((_, requests)) => requests.push(request),
                None => heirs.push((node, vec![request])),
            }
        }
        // One section takes the place; others stand behind it.
        for (_, requests) in &mut heirs {
            let section = requests
                .iter()
                .map(|one| self.section_of(one.module()))
                .min();
            requests.retain(|one| Some(self.section_of(one.module())) == section);
        }
        heirs
    }

    /// Drops aliases, and statements that lose all of theirs.
    fn removals(
        &self,
        unused: &[NodeId],
        requests: &[&ImportRequest],
        heirs: &[(NodeId, Vec<&ImportRequest>)],
    ) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut done: Vec<NodeId> = Vec::new();
        let gone: Vec<NodeId> = self
            .gone(unused, requests)
            .into_iter()
            .filter(|stmt| !heirs.iter().any(|(heir, _)| heir == stmt))
            .collect();
        for &alias in unused {
            let stmt = self.model.nodes.parent(alias);
            if done.contains(&stmt) {
                continue;
            }
            done.push(stmt);
            let names = match self.model.nodes.get(stmt) {
                AnyNodeRef::StmtImport(StmtImport { names, .. })
                | AnyNodeRef::StmtImportFrom(StmtImportFrom { names, .. }) => names,
                _ => continue,
            };
            let goes: Vec<bool> = names
                .iter()
                .map(|name| unused.contains(&self.model.id(name)))
                .collect();
            if goes.iter().all(|&goes| goes) {
                let new = self.names_for(stmt, requests);
                if heirs.iter().any(|(heir, _)| *heir == stmt) {
                    continue;
                }
                if new.is_empty() {
                    edits.extend(self.removal(stmt, requests, &gone));
                } else if let (Some(first), Some(last)) = (names.first(), names.last()) {
                    // The statement stays for the names that others ask for.
                    let range = TextRange::new(first.start(), last.end());
                    edits.push(Edit::replace(range, new.join(", ")));
                }
                continue;
            }
            // A list that keeps some: each dropped alias goes with the comma behind it, or before it at the end.
            let ranges: Vec<TextRange> = names.iter().map(Ranged::range).collect();
            let last_kept = goes.iter().rposition(|&goes| !goes).unwrap_or(0);
            for (index, _) in goes.iter().enumerate().filter(|(_, goes)| **goes) {
                if index < last_kept {
                    edits.push(Edit::delete(TextRange::new(
                        ranges[index].start(),
                        ranges[index + 1].start(),
                    )));
                }
            }
            if last_kept + 1 < ranges.len() {
                let end = ranges[ranges.len() - 1].end();
                edits.push(Edit::delete(TextRange::new(ranges[last_kept].end(), end)));
            }
        }
        edits
    }

    /// Drops a whole statement with its line; `None` where that would leave an empty suite or hit other code. `gone`
    /// are all statements that are to go.
    fn removal(&self, stmt: NodeId, requests: &[&ImportRequest], gone: &[NodeId]) -> Option<Edit> {
        let (body, index) = self.model.suite_of(stmt)?;
        let at_module = self.model.nodes.parent(stmt) == crate::semantic::Nodes::ROOT;
        let goes = |stmt: &Stmt| gone.contains(&self.model.id(stmt));
        if body.iter().all(goes) && !at_module {
            return None;
        }
        // A docstring alone is no body that says `pass`, but it is one that compiles.
        let range = self.model.nodes.range(stmt);
        let start = self.model.line_start(range.start());
        let lead = self
            .model
            .slice(TextRange::new(start, range.start()))
            .trim_start_matches('\u{feff}');
        if !lead.trim_matches([' ', '\t', '\x0c']).is_empty() {
            return None;
        }
        let rest = &self.model.text[range.end().to_usize()..];
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        let tail = line.trim_start_matches([' ', '\t']);
        if !(tail.trim_end_matches('\r').is_empty() || tail.starts_with('#')) {
            return None;
        }
        let mut end = range.end().to_usize() + line.len();
        if self.model.text[end..].starts_with('\n') {
            end += 1;
        }
        if !at_module && body[..index].iter().all(goes) {
            // The first statement of a suite: the gap behind it was there for it.
            let rest = &self.model.text[end..];
            end += rest.len() - rest.trim_start_matches(['\n', '\r']).len();
        }
        // A BOM stays where it is.
        let start = if start.to_usize() == 0 && self.model.text.starts_with('\u{feff}') {
            TextSize::new('\u{feff}'.len_utf8() as u32)
        } else {
            start
        };
        // A blank line may part imports of one section.
        let is_beside = |other: &Stmt| {
            let (one, other) = (range, other.range());
            let between =
                TextRange::new(one.end().min(other.end()), one.start().max(other.start()));
            let mut lines = self.model.slice(between).lines().skip(1);
            !lines.any(|line| line.trim().is_empty())
        };
        let is_written_here = |request: &&ImportRequest| {
            let is_from = matches!(request, ImportRequest::Name { .. });
            let key = sort_key(is_from, request.module());
            let (at, _) = self.place(self.section_of(request.module()), &key);
            (start.to_usize()..=end).contains(&at.to_usize())
        };
        let section = self.section(&body[index]);
        let others: Vec<&Stmt> = self
            .imports
            .iter()
            .map(|import| import.stmt)
            .filter(|other| !goes(other) && self.section(other) == section)
            .collect();
        let section_stays = others.iter().any(|other| is_beside(other))
            || requests.iter().any(|request| {
                self.section_of(request.module()) == section
                    && (others.is_empty() || is_written_here(request))
            });
        // Statements that go side by side leave one gap.
        let group = body[..index]
            .iter()
            .rev()
            .take_while(|before| at_module && goes(before))
            .last()
            .filter(|_| !section_stays)
            .map_or(start, |first| self.line_of(first));
        let is_adjacent = |next: &Stmt| {
            let gap = self.model.slice(TextRange::new(range.end(), next.start()));
            gap.bytes().filter(|&byte| byte == b'\n').count() < 2
        };
        let is_last = !body
            .get(index + 1)
            .is_some_and(|next| goes(next) && is_adjacent(next));
        let blank_before = {
            let before = self.model.text[..group.to_usize()].trim_start_matches('\u{feff}');
            before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n")
        };
        if at_module && !section_stays && blank_before && is_last {
            // The section goes, and one of the two gaps round it with it.
            let rest = &self.model.text[end..];
            let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
            let next_is_import = body
                .get(index + 1)
                .is_some_and(|next| next.is_import_stmt() || next.is_import_from_stmt());
            if group.to_usize() == 0 && !next_is_import && !requests.is_empty() {
                // What comes in its place brings a blank line of its own.
                end += rest.find('\n').map_or(0, |found| found + 1).min(blank);
            } else if next_is_import || group.to_usize() == 0 {
                end += blank;
            } else if group == start {
                let before = &self.model.text[..start.to_usize()];
                let kept = before.trim_end_matches(['\n', '\r']).len();
                if blank > 0 && kept > 0 {
                    let first_line = before[kept..]
                        .find('\n')
                        .map_or(kept, |found| kept + found + 1);
                    return Some(Edit::delete(TextRange::new(
                        TextSize::new(first_line as u32),
                        TextSize::new(end as u32),
                    )));
                }
            }
        }
        Some(Edit::delete(TextRange::new(
            start,
            TextSize::new(end as u32),
        )))
    }

    /// The names that requests add to this statement.
    fn names_for<'r>(&self, stmt: NodeId, requests: &[&'r ImportRequest]) -> Vec<&'r str> {
        requests
            .iter()
            .filter_map(|request| match request {
                ImportRequest::Name { module, name } => {
                    let target = self.extended_statement(module)?;
                    (self.model.id(target) == stmt).then_some(*name)
                }
                ImportRequest::Module(_) => None,
            })
            .collect()
    }

    fn additions(&self, requests: &[&ImportRequest], unused: &[NodeId]) -> Vec<Edit> {
        let mut edits = Vec::new();
        // New statements, by the point where they go: several at one point become one insertion, in order.
        let mut lines: Vec<(TextSize, Section, SortKey, String, Gaps)> = Vec::new();
        let mut own: Vec<&ImportRequest> = Vec::new();
        for request in requests {
            match request {
                ImportRequest::Name { module, name } => match self.extended_statement(module) {
                    Some(import) => edits.extend(self.extend_statement(import, name, unused)),
                    None => own.push(request),
                },
                ImportRequest::Module(_) => own.push(request),
            }
        }
        for (key, module, statement) in statements(self.model, &own) {
            let section = self.section_of(module);
            let (at, gaps) = self.place(section, &key);
            lines.push((at, section, key, statement, gaps));
        }
        lines.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        let module = TextRange::up_to(TextSize::of(self.model.text));
        let mut index = 0;
        while index < lines.len() {
            let at = lines[index].0;
            let group = lines[index..]
                .iter()
                .take_while(|line| line.0 == at)
                .count();
            let mut text = String::new();
            let first = &lines[index].4;
            let last = &lines[index + group - 1].4;
            if first.newline_before {
                text.push('\n');
            }
            if first.blank_before {
                text.push('\n');
            }
            let mut section = lines[index].1;
            for line in &lines[index..index + group] {
                if line.1 != section {
                    text.push('\n');
                    section = line.1;
                }
                text.push_str(&line.3);
                text.push('\n');
            }
            for _ in 0..last.blank_after {
                text.push('\n');
            }
            edits.push(Edit::insert(at, module, text));
            index += group;
        }
        edits
    }

    /// The statement `from module import ...` of the head of the file that a new name joins.
    fn extended_statement(&self, module: &str) -> Option<&'a StmtImportFrom> {
        self.imports.iter().find_map(|import| match import.stmt {
            Stmt::ImportFrom(from)
                if from.level == 0
                    && from
                        .module
                        .as_ref()
                        .is_some_and(|found| found.as_str() == module)
                    && from.names.iter().all(|alias| alias.name.as_str() != "*") =>
            {
                Some(from)
            }
            _ => None,
        })
    }

    /// Adds a name to a statement, beside the names that stay. `None` if none does: then [`Self::removals`] puts the new
    /// one in their place.
    fn extend_statement(
        &self,
        import: &StmtImportFrom,
        name: &str,
        unused: &[NodeId],
    ) -> Option<Edit> {
        let kept: Vec<&Alias> = import
            .names
            .iter()
            .filter(|alias| !unused.contains(&self.model.id(*alias)))
            .collect();
        let after = kept
            .iter()
            .take_while(|alias| member_key(alias.name.as_str()) < member_key(name))
            .last();
        let (at, text) = match after {
            Some(alias) => {
                // On lines of their own, the new name gets one too.
                let lead = self.model.slice(TextRange::new(
                    self.model.line_start(alias.start()),
                    alias.start(),
                ));
                let own_line = lead.trim().is_empty() && import.names.len() > 1;
                let gap = if own_line {
                    format!(",\n{lead}")
                } else {
                    ", ".to_string()
                };
                (alias.end(), format!("{gap}{name}"))
            }
            None => {
                let first = kept.first()?;
                let lead = self.model.slice(TextRange::new(
                    self.model.line_start(first.start()),
                    first.start(),
                ));
                let own_line = lead.trim().is_empty();
                let gap = if own_line {
                    format!(",\n{lead}")
                } else {
                    ", ".to_string()
                };
                (first.start(), format!("{name}{gap}"))
            }
        };
        Some(Edit::insert(at, import.range(), text))
    }

    /// Where a new statement goes, and the blank lines that it needs.
    fn place(&self, section: Section, key: &SortKey) -> (TextSize, Gaps) {
        let of_section = |import: &&TopLevelImport<'a>| {
            self.section(import.stmt) == section && self.is_own_line(import.stmt)
        };
        let mut same = self.imports.iter().filter(of_section).peekable();
        if same.peek().is_some() {
            let mut last_smaller = None;
            let mut first_larger = None;
            for import in same {
                if import.key <= *key {
                    last_smaller = Some(import);
                } else if first_larger.is_none() {
                    first_larger = Some(import);
                }
            }
            return match (last_smaller, first_larger) {
                (Some(import), _) => self.after(import.stmt),
                (None, Some(import)) => (self.above(import.stmt), Gaps::default()),
                (None, None) => self.after_head(),
            };
        }
        let earlier = self
            .imports
            .iter()
            .rfind(|import| self.section(import.stmt) < section && self.is_own_line(import.stmt));
        let later = self
            .imports
            .iter()
            .find(|import| self.section(import.stmt) > section && self.is_own_line(import.stmt));
        match (earlier, later) {
            (Some(earlier), later) => {
                let (at, mut gaps) = self.after(earlier.stmt);
                gaps.blank_before = true;
                let rest = &self.model.text[at.to_usize()..];
                let followed_by_import = later.is_some_and(|later| {
                    self.model.line_start(later.stmt.start()) >= at
                        && self.model.text
                            [at.to_usize()..self.model.line_start(later.stmt.start()).to_usize()]
                            .trim()
                            .is_empty()
                });
                // Between two sections there is one gap; it now stands behind the new one.
                if followed_by_import && !rest.starts_with(['\n', '\r']) {
                    gaps.blank_after = 1;
                }
                (at, gaps)
            }
            (None, Some(later)) => {
                let (at, mut gaps) = (self.above(later.stmt), Gaps::default());
                gaps.blank_after = 1;
                (at, gaps)
            }
            (None, None) => self.after_head(),
        }
    }

    fn is_own_line(&self, stmt: &Stmt) -> bool {
        let start = self.model.line_start(stmt.start());
        self.model
            .slice(TextRange::new(start, stmt.start()))
            .trim_matches('\u{feff}')
            .is_empty()
    }

    /// The start of the lines of a statement, with the comments right above it. Not above those that the file begins with:
    /// they are about the file.
    fn above(&self, stmt: &Stmt) -> TextSize {
        let line = self.line_of(stmt);
        let mut start = line;
        while start.to_usize() > 0 {
            let before = self.model.line_start(start - TextSize::new(1));
            let text = self.model.slice(TextRange::new(before, start));
            let text = text.trim_start_matches('\u{feff}');
            if !text.starts_with('#') {
                return start;
            }
            start = before;
        }
        line
    }

    /// The start of a statement's line, behind a BOM.
    fn line_of(&self, stmt: &Stmt) -> TextSize {
        let start = self.model.line_start(stmt.start());
        if start.to_usize() == 0 && self.model.text.starts_with('\u{feff}') {
            return TextSize::new('\u{feff}'.len_utf8() as u32);
        }
        start
    }

    /// The start of the line behind a statement.
    fn after(&self, stmt: &Stmt) -> (TextSize, Gaps) {
        let end = stmt.end().to_usize();
        match self.model.text[end..].find('\n') {
            Some(found) => (TextSize::new((end + found + 1) as u32), Gaps::default()),
            None => (
                TextSize::of(self.model.text),
                Gaps {
                    newline_before: true,
                    ..Gaps::default()
                },
            ),
        }
    }

    /// The start of the line behind the comments about the file that stand below its docstring: a blank line parts them from
    /// the code.
    fn past_notices(&self, at: TextSize) -> TextSize {
        let mut end = at;
        let mut at = at;
        let mut is_comment = false;
        for line in self.model.text[at.to_usize()..].split_inclusive('\n') {
            match line.trim_end() {
                "" if is_comment => {
                    is_comment = false;
                    end = at;
                }
                "" => {}
                text if text.starts_with('#') => is_comment = true,
                _ => break,
            }
            at += TextSize::of(line);
        }
        end
    }

    /// No imports yet: behind the docstring, or before the first statement and the comments that belong to it.
    fn after_head(&self) -> (TextSize, Gaps) {
        let body = &self.model.parsed.syntax().body;
        let docstring = body
            .first()
            .filter(|stmt| matches!(stmt, Stmt::Expr(expr) if matches!(*expr.value, Expr::StringLiteral(_))));
        if let Some(docstring) = docstring {
            let (at, mut gaps) = self.after(docstring);
            let at = self.past_notices(at);
            gaps.blank_before = true;
            let rest = self.model.text[at.to_usize()..].lines();
            let blank = rest.take(2).take_while(|line| line.trim().is_empty());
            gaps.blank_after = blank_lines_before(body.get(1)).saturating_sub(blank.count() as u8);
            return (at, gaps);
        }
        let Some(first) = body.first() else {
            return (TextSize::of(self.model.text), Gaps::default());
        };
        let mut at = self.line_of(first);
        // Comment lines right above the statement stay with it, unless they are the head of the file.
        loop {
            let before = &self.model.text[..at.to_usize()];
            let Some(line) = before.strip_suffix('\n') else {
                break;
            };
            let start = line.rfind('\n').map_or(0, |found| found + 1);
            if start == 0 || !line[start..].trim_start().starts_with('#') {
                if start == 0 && line.trim_start_matches('\u{feff}').starts_with('#') {
                    at = self.line_of(first);
                }
                break;
            }
            at = TextSize::new(start as u32);
        }
        (
            at,
            Gaps {
                blank_after: blank_lines_before(Some(first)),
                ..Gaps::default()
            },
        )
    }
}

/// How many blank lines stand between imports and a statement.
fn blank_lines_before(stmt: Option<&Stmt>) -> u8 {
    match stmt {
        Some(Stmt::FunctionDef(_) | Stmt::ClassDef(_)) => 2,
        Some(_) => 1,
        None => 0,
    }
}

/// isort's order of members: constants, classes, then the rest, each without regard to case.
fn member_key(name: &str) -> (u8, String, String) {
    let kind = if name.len() > 1
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    {
        0
    } else if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        1
    } else {
        2
    };
    (kind, name.to_lowercase(), name.to_string())
}

/// The empty lines and line ends round a new statement.
#[derive(Clone, Copy, Debug, Default)]
struct Gaps {
    newline_before: bool,
    blank_before: bool,
    blank_after: u8,
}
