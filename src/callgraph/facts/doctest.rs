//! The examples in docstrings: what they name, doctest may call.
//!
//! Source: <https://docs.python.org/3/library/doctest.html#how-are-docstring-examples-recognized>. An example runs with the
//! names of its module.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{AnyNodeRef, Expr, ExprContext, Stmt, StringLiteralValue};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Reader;
use super::value::Known;
use crate::callgraph::{Callee, FileFacts, Mention, Target};
use crate::semantic::{NodeId, Scopes};

/// What begins a line of an example.
const PROMPT: &str = ">>>";

/// What begins the next lines of its statement.
const CONTINUATION: &str = "...";

/// Longer examples are read word by word.
const LONG_EXAMPLE: usize = 16 << 10;

impl<'a> Reader<'a, '_> {
    /// Notes what the examples of a file name. Every string with a prompt in it counts: doctest reads `__test__` and
    /// assigned `__doc__`s as well.
    pub(super) fn examples(&mut self, facts: &mut FileFacts) {
        let model = self.model;
        if memchr::memmem::find(model.text.as_bytes(), PROMPT.as_bytes()).is_none() {
            return;
        }
        for node in (0..model.nodes.len() as u32).map(NodeId) {
            let AnyNodeRef::ExprStringLiteral(literal) = model.nodes.get(node) else {
                continue;
            };
            let first = model.text[..literal.start().to_usize()]
                .matches('\n')
                .count() as u32
                + 1;
            let mut docstring = Docstring::default();
            for (line, source) in examples(&literal.value) {
                docstring.read(&source, first + line);
            }
            for (name, line) in std::mem::take(&mut docstring.names) {
                if let Some(callee) = self.mentioned(&docstring, &name) {
                    facts.mentions.push(Mention { callee, line });
                }
            }
        }
    }

    /// What a name or chain of names in an example is; `None` if it is nothing of the project.
    fn mentioned(&mut self, docstring: &Docstring, chain: &[String]) -> Option<Callee> {
        let (head, rest) = chain.split_first()?;
        let name = rest.last().unwrap_or(head).clone();
        let known = match docstring.imports.get(head) {
            Some(path) if self.is_own(path) => Known::Path(path.clone()),
            Some(_) => return None,
            None if docstring.stored.contains(head) && rest.is_empty() => return None,
            None if docstring.stored.contains(head) || head.is_empty() => Known::Unknown,
            None => match self.model.scopes.lookup(Scopes::MODULE, head) {
                Some(symbol) => self.symbol(symbol),
                None => Known::Unknown,
            },
        };
        match known {
            Known::Function(index) if rest.is_empty() => {
                Some(Callee::Target(Target::Function(index)))
            }
            Known::Path(path) => {
                let chain: String = rest.iter().map(|part| format!(".{part}")).collect();
                Some(Callee::Target(Target::Path(format!("{path}{chain}"))))
            }
            Known::Outside { .. } | Known::Foreign(_) => None,
            Known::Class(_) if rest.is_empty() => None,
            _ => Some(Callee::UnknownMethod { name }),
        }
    }
}

/// What the examples of one docstring name.
#[derive(Default)]
struct Docstring {
    /// Chains of names, each with its line. The first part is empty where the chain begins with an expression.
    names: Vec<(Vec<String>, u32)>,
    /// The names that the examples import: what each means.
    imports: FxHashMap<String, String>,
    /// The names that they bind otherwise.
    stored: FxHashSet<String>,
}

impl Docstring {
    fn read(&mut self, source: &str, line: u32) {
        let parsed = (source.len() < LONG_EXAMPLE)
            .then(|| parse_module(source).ok())
            .flatten();
        match parsed {
            Some(parsed) => {
                let mut finder = Finder {
                    docstring: self,
                    source,
                    line,
                };
                finder.visit_body(&parsed.syntax().body);
            }
            // Not Python as it stands: every word counts.
            None => {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                let words = source
                    .split(|c| !is_part(c))
                    .filter(|word| !word.is_empty());
                let names = words.map(|word| (vec![String::new(), word.to_string()], line));
                self.names.extend(names);
            }
        }
    }
}

/// The examples of a string: the 0-based line of each, and its source.
fn examples(text: &StringLiteralValue) -> Vec<(u32, String)> {
    let mut examples: Vec<(u32, String)> = Vec::new();
    let mut is_open = false;
    for (number, line) in text.to_str().lines().enumerate() {
        let code = line.trim_start();
        let rest = |prompt: &str| {
            let rest = code.strip_prefix(prompt)?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| rest.get(1..).unwrap_or(""))
        };
        if let Some(source) = rest(PROMPT) {
            examples.push((number as u32, format!("{source}\n")));
            is_open = true;
        } else if let Some(source) = rest(CONTINUATION).filter(|_| is_open)
            && let Some((_, example)) = examples.last_mut()
        {
            example.push_str(source);
            example.push('\n');
        } else {
            is_open = false;
        }
    }
    examples
}

/// Finds the names of one example.
struct Finder<'d> {
    docstring: &'d mut Docstring,
    source: &'d str,
    line: u32,
}

impl Finder<'_> {
    fn note(&mut self, chain: Vec<String>, at: &impl Ranged) {
        let before = &self.source[..at.start().to_usize()];
        let line = self.line + before.matches('\n').count() as u32;
        self.docstring.names.push((chain, line));
    }
}

impl<'s> Visitor<'s> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'s Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.docstring.stored.insert(function.name.to_string());
            }
            Stmt::ClassDef(class) => {
                self.docstring.stored.insert(class.name.to_string());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let path = alias.name.as_str();
                    let top = path.split('.').next().unwrap_or(path);
                    let (name, path) = match &alias.asname {
                        Some(name) => (name.as_str(), path),
                        None => (top, top),
                    };
                    let (name, path) = (name.to_string(), path.to_string());
                    self.docstring.imports.insert(name, path);
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                    let path = format!("{module}.{}", alias.name);
                    self.docstring.imports.insert(name, path);
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'s Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Load => {
                self.note(vec![name.id.to_string()], name);
                return;
            }
            Expr::Name(name) => {
                self.docstring.stored.insert(name.id.to_string());
                return;
            }
            Expr::Attribute(_) => {
                let mut chain = Vec::new();
                let mut at = expr;
                while let Expr::Attribute(attribute) = at {
                    chain.push(attribute.attr.to_string());
                    at = attribute.value.as_ref();
                }
                match at {
                    Expr::Name(name) => chain.push(name.id.to_string()),
                    _ => chain.push(String::new()),
                }
                chain.reverse();
                self.note(chain, expr);
                if !at.is_name_expr() {
                    self.visit_expr(at);
                }
                return;
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
