//! Qualified names: what a name or attribute chain means, through every form of import.

use ruff_python_ast::{Expr, ExprRef};

use super::Model;
use super::nodes::NodeId;
use super::scope::{BindingKind, SymbolId};

/// The dotted name of a module.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ModuleName {
    /// The dotted name; empty where it is not known.
    pub name: String,
    /// Whether the file is a package's `__init__.py`: then one leading dot means the module itself.
    pub is_package: bool,
}

impl ModuleName {
    /// The absolute path of `from <level dots><module> import ...` in this module; `None` when it leaves the top level.
    pub fn resolve(&self, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_string());
        }
        let mut parts: Vec<&str> = self
            .name
            .split('.')
            .filter(|part| !part.is_empty())
            .collect();
        let up = level as usize - usize::from(self.is_package);
        if up > parts.len() {
            return None;
        }
        parts.truncate(parts.len() - up);
        parts.extend(module.split('.').filter(|part| !part.is_empty()));
        Some(parts.join("."))
    }
}

/// What an expression means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Exactly this dotted path. Builtins are `builtins.NAME`.
    Path(String),
    /// One of these, or something else: the name is bound in more than one way.
    Ambiguous(Vec<String>),
    /// Not an import: a local value, an expression.
    Unknown,
}

impl Meaning {
    /// The path, if there is exactly one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Path(path) => Some(path),
            Self::Ambiguous(_) | Self::Unknown => None,
        }
    }

    /// The path below a prefix: `get` for `requests.get` and the prefix `requests`.
    pub fn below(&self, prefix: &str) -> Option<&str> {
        self.path()?.strip_prefix(prefix)?.strip_prefix('.')
    }

    /// Whether one of several meanings satisfies the test.
    pub fn may_be(&self, test: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Path(path) => test(path),
            Self::Ambiguous(paths) => paths.iter().any(|path| test(path)),
            Self::Unknown => false,
        }
    }

    fn member(self, name: &str) -> Self {
        match self {
            Self::Path(path) => Self::Path(format!("{path}.{name}")),
            Self::Ambiguous(paths) => Self::Ambiguous(
                paths
                    .into_iter()
                    .map(|path| format!("{path}.{name}"))
                    .collect(),
            ),
            Self::Unknown => Self::Unknown,
        }
    }
}

impl<'a> Model<'a> {
    /// What a name or attribute chain means.
    pub fn meaning(&self, expr: &Expr) -> Meaning {
        self.meaning_of(ExprRef::from(expr))
    }

    /// What a name or attribute chain means.
    pub fn meaning_of(&self, expr: ExprRef<'_>) -> Meaning {
        match expr {
            ExprRef::Attribute(attribute) => match self.meaning(&attribute.value) {
                Meaning::Unknown => Meaning::Unknown,
                meaning => meaning.member(attribute.attr.as_str()),
            },
            ExprRef::Name(name) => {
                let node = self.id(name);
                match self.scopes.symbol_of(node) {
                    Some(symbol) => self.meaning_of_symbol(symbol),
                    None if !self.scopes.may_be_starred(self.scopes.scope_of(node)) => {
                        Meaning::Path(format!("builtins.{}", name.id))
                    }
                    None => Meaning::Ambiguous(self.starred(node, name.id.as_str())),
                }
            }
            _ => Meaning::Unknown,
        }
    }

    /// What an unbound name may mean where star imports are in sight: the builtin, or a member of one of their modules.
    fn starred(&self, node: NodeId, name: &str) -> Vec<String> {
        let mut paths = vec![format!("builtins.{name}")];
        for (module, level) in self.scopes.star_imports(self.scopes.scope_of(node)) {
            if let Some(module) = self.module.resolve(level, module) {
                paths.push(format!("{module}.{name}"));
            }
        }
        paths
    }

    /// What a name means, over all its bindings.
    pub fn meaning_of_symbol(&self, symbol: SymbolId) -> Meaning {
        let mut paths: Vec<String> = Vec::new();
        let mut other = false;
        for &binding in &self.scopes.symbol(symbol).bindings {
            match self.import_path(&self.scopes.binding(binding).kind) {
                Some(path) => {
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                }
                None => {
                    other |= !matches!(self.scopes.binding(binding).kind, BindingKind::Declared)
                }
            }
        }
        match (paths.len(), other) {
            (0, _) => Meaning::Unknown,
            (1, false) => Meaning::Path(paths.swap_remove(0)),
            _ => Meaning::Ambiguous(paths),
        }
    }

    /// Everything that a name or attribute chain may mean, where every binding of the name is an import: that of
    /// `try: import tomllib` with `except ImportError: import tomli as tomllib`. Empty if it may be something else.
    pub fn imported(&self, expr: &Expr) -> Vec<String> {
        match expr {
            Expr::Attribute(attribute) => {
                let mut paths = self.imported(&attribute.value);
                for path in &mut paths {
                    path.push('.');
                    path.push_str(attribute.attr.as_str());
                }
                paths
            }
            Expr::Name(name) => {
                let Some(symbol) = self.scopes.symbol_of(self.id(name)) else {
                    return Vec::new();
                };
                let bindings = self.scopes.symbol(symbol).bindings.iter();
                bindings
                    .map(|&binding| &self.scopes.binding(binding).kind)
                    .filter(|kind| !matches!(kind, BindingKind::Declared))
                    .map(|kind| self.import_path(kind))
                    .collect::<Option<Vec<String>>>()
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a name means the builtin of that name at a place.
    pub fn is_builtin(&self, name: &str, at: NodeId) -> bool {
        let scope = self.scope_at(at);
        self.scopes.lookup(scope, name).is_none() && !self.scopes.may_be_starred(scope)
    }

    /// The dotted path that an import binds.
    pub fn import_path(&self, kind: &BindingKind<'_>) -> Option<String> {
        match kind {
            BindingKind::Import { path } => Some((*path).to_string()),
            BindingKind::FromImport {
                module,
                level,
                member,
            } => {
                let module = self.module.resolve(*level, module)?;
                Some(if module.is_empty() {
                    (*member).to_string()
                } else {
                    format!("{module}.{member}")
                })
            }
            _ => None,
        }
    }
}
