//! What the project's metadata says is run as a program: console and GUI scripts.
//!
//! Read from `[project.scripts]`, `[project.gui-scripts]` and Poetry's `[tool.poetry.scripts]` of `pyproject.toml`, from
//! `[options.entry_points]` of `setup.cfg`, and from the literal `entry_points` of a `setup(...)` call in `setup.py`
//! (<https://packaging.python.org/en/latest/specifications/entry-points/>). Everything else in these files that looks like
//! `package.module:function` names a function that something unknown calls, and so does the build backend.

// Reads the project's metadata: one of the edges.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use ruff_python_ast::{Expr, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use super::PYPROJECT;
use crate::pipeline;
use crate::python::PythonVersion;
use crate::semantic::literal;

/// The functions that the project's metadata names, as `package.module:function`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scripts {
    /// Those that a script runs: the installer writes `sys.exit(function())`.
    pub programs: FxHashSet<String>,
    /// Those that are named in any other way, or in another way as well: plugins and the like.
    pub others: FxHashSet<String>,
}

/// What a frontend calls in a build backend, and does not await (<https://peps.python.org/pep-0517/>,
/// <https://peps.python.org/pep-0660/>).
pub const BUILD_HOOKS: [&str; 8] = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
];

/// The groups of entry points whose functions are programs.
const GROUPS: [&str; 2] = ["console_scripts", "gui_scripts"];

/// Reads the metadata in these directories: one repository may hold several projects.
pub fn scripts<'d>(directories: impl IntoIterator<Item = &'d Path>) -> Scripts {
    let mut scripts = Scripts::default();
    for directory in directories {
        for name in [PYPROJECT, "setup.cfg", "setup.py"] {
            let Ok(text) = std::fs::read_to_string(directory.join(name)) else {
                continue;
            };
            let (programs, settings) = match name {
                PYPROJECT => (of_pyproject(&text), settings_of(&text)),
                "setup.cfg" => (of_setup_cfg(&text), Vec::new()),
                _ => (of_setup_py(&text), Vec::new()),
            };
            scripts.add(&text, programs, &settings);
            if name == PYPROJECT {
                scripts.others.extend(hooks(&text));
            }
        }
    }
    let Scripts { programs, others } = &mut scripts;
    programs.retain(|name| !others.contains(name));
    scripts
}

impl Scripts {
    /// Adds what one file says: a name that stands in it more often than it is a script's, or one of our own settings, is
    /// something else as well.
    fn add(&mut self, text: &str, programs: Vec<String>, settings: &[String]) {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for word in text
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | ':')))
            .filter(|word| word.contains(':'))
        {
            *counts.entry(word).or_default() += 1;
        }
        for (word, count) in counts {
            let known = programs
                .iter()
                .chain(settings)
                .filter(|name| *name == word)
                .count();
            if count > known {
                self.others.insert(word.to_string());
            }
        }
        self.programs.extend(programs);
    }
}

/// `pkg.module:function [extra]` without the extra.
fn reference(text: &str) -> Option<String> {
    let name = text.split('[').next().unwrap_or(text).trim();
    name.contains(':').then(|| name.to_string())
}

fn of_pyproject(text: &str) -> Vec<String> {
    let Ok(document) = toml::from_str::<toml::Table>(text) else {
        return Vec::new();
    };
    let table = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        let mut at = document.get(*first)?;
        for key in rest {
            at = at.get(key)?;
        }
        at.as_table()
    };
    let tables = [
        table(&["project", "scripts"]),
        table(&["project", "gui-scripts"]),
        table(&["tool", "poetry", "scripts"]),
    ];
    tables
        .into_iter()
        .flatten()
        .flat_map(toml::Table::values)
        .filter_map(|value| match value {
            toml::Value::String(name) => reference(name),
            // Poetry's long forms.
            toml::Value::Table(table) => table
                .get("reference")
                .or_else(|| table.get("callable"))
                .and_then(toml::Value::as_str)
                .and_then(reference),
            _ => None,
        })
        .collect()
}

/// The hooks of the build backend, which is a module or, behind a colon, an object of one.
fn hooks(text: &str) -> Vec<String> {
    let document = toml::from_str::<toml::Table>(text).ok();
    let backend = document
        .as_ref()
        .and_then(|document| document.get("build-system")?.get("build-backend")?.as_str());
    let Some(backend) = backend else {
        return Vec::new();
    };
    let separator = if backend.contains(':') { '.' } else { ':' };
    BUILD_HOOKS
        .iter()
        .map(|hook| format!("{backend}{separator}{hook}"))
        .collect()
}

/// The functions that our own settings name.
fn settings_of(text: &str) -> Vec<String> {
    let Ok(document) = toml::from_str::<toml::Table>(text) else {
        return Vec::new();
    };
    let own = document.get("tool").and_then(|tool| tool.get("awaitify"));
    ["entry-points", "make-async", "keep-sync"]
        .into_iter()
        .filter_map(|key| own?.get(key)?.as_array())
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_string))
        .collect()
}

/// `tool = pkg.module:function`
fn assigned(line: &str) -> Option<String> {
    reference(line.split_once('=')?.1)
}

fn of_setup_cfg(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_section = false;
    let mut in_group = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with('[') {
            in_section = trimmed == "[options.entry_points]";
            in_group = false;
        } else if in_section && !line.starts_with([' ', '\t']) {
            in_group = trimmed
                .split(['=', ':'])
                .next()
                .is_some_and(|key| GROUPS.contains(&key.trim()));
        } else if in_section && in_group {
            found.extend(assigned(trimmed));
        }
    }
    found
}

/// `entry_points` may be a dictionary of lists or texts, or one text in the form of an `.ini` file.
fn of_setup_py(text: &str) -> Vec<String> {
    let Ok(parsed) = pipeline::parse(text, PythonVersion::PY314) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut pending: Vec<&Stmt> = parsed.syntax().body.iter().collect();
    while let Some(stmt) = pending.pop() {
        match stmt {
            Stmt::If(if_) => pending.extend(&if_.body),
            Stmt::Expr(stmt) => {
                if let Expr::Call(call) = stmt.value.as_ref()
                    && is_setup(&call.func)
                    && let Some(keyword) = literal::keyword(call, "entry_points")
                {
                    of_entry_points(&keyword.value, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

fn is_setup(func: &Expr) -> bool {
    match func {
        Expr::Name(name) => name.id.as_str() == "setup",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "setup",
        _ => false,
    }
}

fn of_entry_points(value: &Expr, found: &mut Vec<String>) {
    match value {
        Expr::Dict(dict) => {
            for item in &dict.items {
                let is_group = item
                    .key
                    .as_ref()
                    .and_then(literal::string)
                    .is_some_and(|key| GROUPS.contains(&key));
                if !is_group {
                    continue;
                }
                let lines: Vec<&str> = match &item.value {
                    Expr::List(list) => list.elts.iter().filter_map(literal::string).collect(),
                    Expr::Tuple(tuple) => tuple.elts.iter().filter_map(literal::string).collect(),
                    value => literal::string(value)
                        .map(|text| text.lines().collect())
                        .unwrap_or_default(),
                };
                found.extend(lines.into_iter().filter_map(assigned));
            }
        }
        value => {
            let mut in_group = false;
            for line in literal::string(value).unwrap_or_default().lines() {
                let line = line.trim();
                if let Some(group) = line.strip_prefix('[') {
                    in_group = GROUPS.contains(&group.trim_end_matches(']').trim());
                } else if in_group {
                    found.extend(assigned(line));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Scripts, hooks, of_pyproject, of_setup_cfg, of_setup_py, settings_of};

    #[test]
    fn scripts_of_pyproject() {
        let text = "[project.scripts]\na = 'pkg.cli:main'\n[project.gui-scripts]\nb='pkg.gui:run'\n\
                    [project.entry-points.pytest11]\nplugin = 'pkg.plugin:hook'\n\
                    [tool.poetry.scripts]\nc = 'pkg:c'\nd = {reference = 'pkg:d', type = 'console'}\n";
        let programs = of_pyproject(text);
        assert_eq!(programs, ["pkg.cli:main", "pkg.gui:run", "pkg:c", "pkg:d"]);
        let mut scripts = Scripts::default();
        scripts.add(text, programs, &[]);
        assert_eq!(
            scripts.others.into_iter().collect::<Vec<_>>(),
            ["pkg.plugin:hook"]
        );
    }

    #[test]
    fn hooks_of_a_build_backend() {
        let of = |backend: &str| hooks(&format!("[build-system]\nbuild-backend = '{backend}'\n"));
        assert_eq!(of("_build.wheels")[2], "_build.wheels:build_wheel");
        assert_eq!(of("_build:backend")[1], "_build:backend.build_sdist");
        assert!(hooks("[project]\nname = 'x'\n").is_empty());
    }

    #[test]
    fn scripts_of_setup_cfg() {
        let text = "[options]\nx = a:b\n[options.entry_points]\nconsole_scripts =\n    # run\n    tool = tool:run [extra]\n\
                    other =\n    x = tool:hook\ngui_scripts=\n  g = tool:gui\n";
        assert_eq!(of_setup_cfg(text), ["tool:run", "tool:gui"]);
    }

    #[test]
    fn scripts_of_setup_py() {
        let dict = "from setuptools import setup\nsetup(name='x', entry_points={'console_scripts': ['a = p.cli:main',\n'b=p:b'],\n'other': ['c = p:c'],\n'gui_scripts': 'g = p:g'})\n";
        assert_eq!(of_setup_py(dict), ["p.cli:main", "p:b", "p:g"]);
        let text = "import setuptools\nif True:\n    setuptools.setup(entry_points='''\n[console_scripts]\na = p:a\n[other]\nb = p:b\n''')\n";
        assert_eq!(of_setup_py(text), ["p:a"]);
        assert!(of_setup_py("setup(entry_points=load())").is_empty());
    }

    #[test]
    fn a_name_that_stands_twice_is_something_else_as_well() {
        let text = "[project.scripts]\na = 'p:main'\n[project.entry-points.x]\nb = 'p:main'\n";
        let mut scripts = Scripts::default();
        scripts.add(text, of_pyproject(text), &settings_of(text));
        assert!(scripts.others.contains("p:main"));
        let text = "[tool.awaitify]\nentry-points = ['p:main']\nmake-async = ['p:f']\n";
        let mut scripts = Scripts::default();
        scripts.add(text, of_pyproject(text), &settings_of(text));
        assert_eq!(scripts, Scripts::default());
    }
}
