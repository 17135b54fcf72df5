//! What pytest collects, by the settings of the project.
//!
//! Source: <https://docs.pytest.org/en/stable/reference/reference.html#configuration-options>.

use std::path::{Path, PathBuf};

use super::{PYPROJECT, ini_value};

/// The names by which pytest knows tests: `python_files` and `python_functions`.
#[derive(Clone, Debug)]
pub struct TestNames {
    files: Vec<String>,
    functions: Vec<String>,
}

impl Default for TestNames {
    fn default() -> Self {
        Self {
            files: vec!["test_*.py".to_string(), "*_test.py".to_string()],
            functions: vec!["test".to_string()],
        }
    }
}

/// The folders that pytest puts on the search path, by `pythonpath`: modules below them have their names from there. Packages
/// are left out, whose modules are imported by the name of the package as well.
pub fn search_path(root: &Path) -> Vec<PathBuf> {
    let folders = setting(root, "pythonpath").unwrap_or_default();
    let folders = folders
        .iter()
        .map(|folder| root.join(folder.trim_matches('/')));
    folders
        .filter(|folder| folder.is_dir() && !folder.join("__init__.py").is_file())
        .collect()
}

impl TestNames {
    /// Whether pytest looks for tests in a file, by its path with `/` from the root of the project. A file with a name that
    /// pytest knows by itself counts whatever the settings are: they say nothing of files that the command line names.
    pub fn has_tests(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with("test_") && name.ends_with(".py") || name.ends_with("_test.py") {
            return true;
        }
        self.files.iter().any(|pattern| {
            // A pattern with folders may begin at any of them.
            match pattern.contains('/') {
                true => matches(&format!("*/{pattern}"), &format!("/{path}")),
                false => matches(pattern, name),
            }
        })
    }

    /// Whether a function of this name is a test there: a pattern without wildcards is a prefix.
    pub fn is_test(&self, function: &str) -> bool {
        self.functions.iter().any(|pattern| {
            function.starts_with(pattern.as_str())
                || pattern.contains(['*', '?', '[']) && matches(pattern, function)
        })
    }
}

/// The names by which pytest knows the tests of a project: those of the first file that sets them.
pub fn test_names(root: &Path) -> TestNames {
    let mut names = TestNames::default();
    if let Some(files) = setting(root, "python_files") {
        names.files = files;
    }
    if let Some(functions) = setting(root, "python_functions") {
        names.functions = functions;
    }
    names
}

/// The words of a setting of pytest.
fn setting(root: &Path, key: &str) -> Option<Vec<String>> {
    let read = |name: &str| std::fs::read_to_string(root.join(name)).ok();
    let of_ini = |name: &str, section: &str| {
        let value = ini_value(&read(name)?, section, key)?;
        Some(value.split_whitespace().map(str::to_string).collect())
    };
    of_ini("pytest.ini", "pytest")
        .or_else(|| of_ini(".pytest.ini", "pytest"))
        .or_else(|| of_pyproject(&read(PYPROJECT)?, key))
        .or_else(|| of_ini("tox.ini", "pytest"))
        .or_else(|| of_ini("setup.cfg", "tool:pytest"))
}

/// A string of words, or a list of them, in `[tool.pytest.ini_options]`.
fn of_pyproject(text: &str, key: &str) -> Option<Vec<String>> {
    let document: toml::Table = toml::from_str(text).ok()?;
    let options = document.get("tool")?.get("pytest")?.get("ini_options")?;
    match options.get(key)? {
        toml::Value::String(words) => Some(words.split_whitespace().map(str::to_string).collect()),
        toml::Value::Array(words) => Some(
            words
                .iter()
                .filter_map(|word| word.as_str().map(str::to_string))
                .collect(),
        ),
        _ => None,
    }
}

/// Whether a name matches a pattern with `*` (any text) and `?` (any character). A class of characters, `[a-z]`, is taken
/// for any text: too many tests make for a marker too many, too few for a test that nobody runs.
fn matches(pattern: &str, name: &str) -> bool {
    let mut pattern: Vec<char> = pattern.chars().collect();
    if let Some(at) = pattern.iter().position(|c| *c == '[') {
        pattern.truncate(at);
        pattern.push('*');
    }
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    n = from + 1;
                    star = Some((at, n));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_a_shell() {
        assert!(matches("test_*.py", "test_a.py"));
        assert!(matches("*_test.py", "a_test_test.py"));
        assert!(!matches("*_test.py", "a_tests.py"));
        assert!(matches("check?", "check1"));
        assert!(!matches("check?", "check"));
        assert!(matches("*", ""));
    }

    #[test]
    fn settings_replace_the_defaults() {
        let text = "[tool.pytest.ini_options]\npython_files = [\"tests.py\", \"check_*.py\"]\n";
        let files = of_pyproject(text, "python_files").unwrap();
        let names = TestNames {
            files,
            ..TestNames::default()
        };
        assert!(names.has_tests("shop/tests.py"));
        assert!(names.has_tests("check_a.py"));
        assert!(names.has_tests("shop/test_a.py"));
        assert!(!names.has_tests("shop/a.py"));
        assert!(names.is_test("test_a") && names.is_test("testing"));
        assert!(!names.is_test("check"));
        assert_eq!(of_pyproject(text, "python_functions"), None);
    }

    #[test]
    fn a_pattern_may_name_folders() {
        let names = TestNames {
            files: vec!["tests/*.py".to_string()],
            functions: vec!["test".to_string(), "it_*".to_string()],
        };
        assert!(names.has_tests("tests/pages.py"));
        assert!(names.has_tests("shop/tests/pages.py"));
        assert!(!names.has_tests("shop/pages.py"));
        assert!(names.is_test("it_works"));
        assert!(!names.is_test("it"));
    }
}
