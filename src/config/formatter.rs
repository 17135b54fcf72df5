//! How long the lines of a project get, by the settings of its formatter.
//!
//! Sources: <https://black.readthedocs.io/en/stable/usage_and_configuration/the_basics.html>,
//! <https://docs.astral.sh/ruff/settings/#line-length>.

use std::path::Path;

use super::PYPROJECT;

/// The default of black and of ruff, in characters.
pub const LINE_LENGTH: usize = 88;

/// How many characters a line of a project has at most: as ruff or black is told, else [`LINE_LENGTH`].
pub fn line_length(root: &Path) -> usize {
    let read = |name: &str| -> Option<toml::Table> {
        toml::from_str(&std::fs::read_to_string(root.join(name)).ok()?).ok()
    };
    let own = |table: &toml::Table| {
        let length = table.get("line-length")?.as_integer()?;
        usize::try_from(length).ok().filter(|length| *length > 0)
    };
    let of_ruff = ["ruff.toml", ".ruff.toml"]
        .into_iter()
        .find_map(|name| own(&read(name)?));
    of_ruff
        .or_else(|| {
            let document = read(PYPROJECT)?;
            let tools = document.get("tool")?;
            let mut tables = ["ruff", "black"].into_iter();
            tables.find_map(|tool| own(tools.get(tool)?.as_table()?))
        })
        .unwrap_or(LINE_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::{LINE_LENGTH, line_length};

    #[test]
    fn line_lengths_are_those_of_the_formatter() {
        let folder = tempfile::tempdir().unwrap();
        let told = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
            line_length(folder.path())
        };
        assert_eq!(line_length(folder.path()), LINE_LENGTH);
        assert_eq!(
            told("pyproject.toml", "[tool.black]\nline-length = 100\n"),
            100
        );
        assert_eq!(
            told("pyproject.toml", "[tool.ruff]\nline-length = 79\n"),
            79
        );
        assert_eq!(
            told("pyproject.toml", "[tool.ruff]\nline-length = \"a\"\n"),
            LINE_LENGTH
        );
        assert_eq!(told("ruff.toml", "line-length = 120\n"), 120);
        assert_eq!(told("ruff.toml", "not toml"), LINE_LENGTH);
    }
}
