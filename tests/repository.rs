//! Tests of the repository itself: every codemod has what a codemod needs, every reason has a fixture, and the examples
//! in the documents are true.

// I/O stays at the edges of the program; tests read the repository.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use awaitify::codemod::Codemod;
use awaitify::codemods::{CODEMODS, DECLARED};
use awaitify::config::{Config, HttpClient, PostgresDriver, TargetSource};
use awaitify::pipeline::{self, Render, Request};
use awaitify::python::PythonVersion;
use awaitify::unit::Reason;
use awaitify::{codemod, colour, declare, exceptions, importer, references, solve};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = pending.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

#[test]
fn declared_codemods_can_be_read() {
    for (name, text, _) in DECLARED {
        if let Err(mistakes) = declare::read(text, name, None) {
            panic!("codemods/{name}/codemod.toml: {mistakes:?}");
        }
    }
}

#[test]
fn every_folder_is_a_codemod_and_the_other_way_round() {
    let mut folders: Vec<String> = fs::read_dir(Path::new(ROOT).join("codemods"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let names: Vec<&str> = CODEMODS.iter().map(|codemod| codemod.name).collect();
    assert_eq!(
        folders, names,
        "codemods/mod.rs must list every folder, sorted: add `pub mod NAME;` and `&NAME::CODEMOD`, or, with a codemod.toml, the name to `DECLARED`"
    );
}

#[test]
fn every_codemod_has_its_readme_fixtures_and_changelog_line() {
    let (changelog, manual) = (read("CHANGELOG.md"), read("README.md"));
    for &codemod in CODEMODS.iter() {
        let name = codemod.name;
        let folder = Path::new("codemods").join(name);
        assert_eq!(codemod.readme, read(folder.join("README.md")));
        assert!(
            codemod.readme.starts_with(&format!("# {name}\n")),
            "{name}: the README starts with its name"
        );
        let mut at = 0;
        for section in [
            "## What it does",
            "## Before / after",
            "## Safety",
            "## What it leaves alone",
        ] {
            let found = codemod.readme[at..].find(section);
            at += found
                .unwrap_or_else(|| panic!("{name}: README.md lacks `{section}` (in this order)"));
        }
        for reason in codemod.reasons {
            let (plain, bracketed) = (format!("`{}`", reason.code), format!("[{}]", reason.code));
            assert!(
                codemod.readme[at..].contains(&plain) || codemod.readme[at..].contains(&bracketed),
                "{name}: README.md does not name the reason {plain}"
            );
        }
        let fixtures: Vec<String> = fs::read_dir(Path::new(ROOT).join(folder.join("fixtures")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        let unchanged = fixtures
            .iter()
            .filter(|fixture| fixture.starts_with("unchanged_"))
            .count();
        assert!(
            unchanged * 2 >= fixtures.len(),
            "{name}: {unchanged} of {} fixtures are `unchanged_*`; at least half should be",
            fixtures.len()
        );
        assert!(
            manual.contains(&format!("`{name}`")),
            "the tables of README.md do not name `{name}`"
        );
        assert!(
            changelog.contains(&format!("`{name}`")),
            "CHANGELOG.md does not name `{name}`"
        );
    }
}

#[test]
fn codemods_write_no_async_and_no_await() {
    for path in files("codemods")
        .into_iter()
        // What unit tests expect is Python, too.
        .filter(|path| {
            path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs")
        })
    {
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            // Messages for people may say the words; text for Python may not.
            let is_prose = ["//", "message:", "help:", "summary:", "declares:"]
                .iter()
                .any(|start| code.starts_with(start));
            let is_python = [
                "\"await ",
                "\"(await ",
                "\"async ",
                "{indent}async ",
                "{indent}await ",
                "\\nasync ",
                "\\nawait ",
            ]
            .iter()
            .any(|text| code.contains(text));
            assert!(
                is_prose || !is_python,
                "{}:{}: only src/colour.rs writes `async` and `await`",
                path.display(),
                number + 1
            );
        }
    }
}

fn reasons() -> Vec<&'static Reason> {
    let engine = [
        awaitify::blocking::REASONS,
        codemod::REASONS,
        colour::REASONS,
        declare::REASONS,
        exceptions::REASONS,
        importer::REASONS,
        pipeline::REASONS,
        awaitify::pins::REASONS,
        awaitify::propagate::REASONS,
        references::REASONS,
        awaitify::seeds::REASONS,
        awaitify::semantic::locks::REASONS,
        solve::REASONS,
        awaitify::values::REASONS,
    ];
    let own = CODEMODS.iter().flat_map(|codemod| codemod.reasons.iter());
    engine.into_iter().flatten().chain(own).copied().collect()
}

#[test]
fn every_reason_is_well_formed_and_has_a_fixture() {
    let snapshots: String = files("snapshots")
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "snap"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    let mut missing = Vec::new();
    let mut seen: Vec<&Reason> = Vec::new();
    for reason in reasons() {
        if seen.iter().any(|other| std::ptr::eq(*other, reason)) {
            continue;
        }
        seen.push(reason);
        assert!(
            codes.insert(reason.code),
            "two reasons have the code `{}`",
            reason.code
        );
        assert!(
            reason
                .code
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{}: codes are kebab-case",
            reason.code
        );
        for text in [reason.message, reason.help] {
            assert!(
                !text.is_empty() && !text.ends_with('.'),
                "{}: no full stop, not empty",
                reason.code
            );
        }
        if !snapshots.contains(&format!("[{}]", reason.code)) {
            missing.push(reason.code);
        }
    }
    assert!(
        missing.is_empty(),
        "no fixture shows these reasons: {missing:?}"
    );
}

/// The fenced Python blocks of a document, each with the line that it stands under.
fn python_blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut label = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```python") {
            let block: Vec<&str> = lines
                .by_ref()
                .take_while(|line| !line.starts_with("```"))
                .collect();
            blocks.push((label.clone(), block.join("\n") + "\n"));
        } else if !line.trim().is_empty() {
            label = line.trim().trim_matches(['*', ':']).to_string();
        }
    }
    blocks
}

/// Those that run where none is named.
fn default_codemods() -> Vec<&'static Codemod> {
    let all = CODEMODS.iter().copied();
    all.filter(|codemod| !codemod.role.is_opt_in()).collect()
}

fn migrate(codemods: Vec<&'static Codemod>, text: &str, is_unsafe: bool) -> String {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("example.py");
    fs::write(&file, text).unwrap();
    let config = Config {
        root: temp.path().to_path_buf(),
        target_version: PythonVersion::PY311,
        target_source: TargetSource::Config,
        // It has no other setting to work with.
        http_client: if codemods.iter().all(|one| one.name == "requests_to_aiohttp") {
            HttpClient::Aiohttp
        } else {
            HttpClient::default()
        },
        postgres_driver: if codemods.iter().all(|one| one.name == "psycopg2_to_asyncpg") {
            PostgresDriver::Asyncpg
        } else {
            PostgresDriver::default()
        },
        // What runs only where it is named is unsafe throughout.
        allow_unsafe: is_unsafe || matches!(&*codemods, [only] if only.role.is_opt_in()),
        ..Config::default()
    };
    let named = codemods.iter().map(|codemod| codemod.name).collect();
    let plan = pipeline::plan(&Request {
        paths: &[file],
        config: &config,
        codemods,
        telling: Vec::new(),
        named,
        seeds: Vec::new(),
        jobs: Some(1),
        progress: None,
        render: Render::All,
        explain: None,
        chains: false,
        rules: Vec::new(),
    })
    .unwrap();
    plan.files.first().map_or_else(
        || text.to_string(),
        |change| String::from_utf8(change.after.clone()).unwrap(),
    )
}

#[test]
fn the_examples_in_the_readmes_of_codemods_are_true() {
    for &codemod in CODEMODS.iter() {
        let blocks = python_blocks(codemod.readme);
        let pairs: Vec<_> = blocks
            .windows(2)
            .filter(|pair| pair[0].0 == "Before" && pair[1].0.starts_with("After"))
            .map(|pair| {
                (
                    &pair[0].1,
                    &pair[1].1,
                    pair[1].0 == "After, with `--unsafe`",
                )
            })
            .collect();
        assert!(
            !pairs.is_empty(),
            "{}: README.md has no Before / After pair",
            codemod.name
        );
        for (before, after, is_unsafe) in pairs {
            assert_eq!(
                &migrate(vec![codemod], before, is_unsafe),
                after,
                "{}: README.md",
                codemod.name
            );
        }
    }
}

#[test]
fn the_example_in_the_readme_is_true() {
    let blocks = python_blocks(&read("README.md"));
    let before = blocks
        .iter()
        .find(|(label, _)| label == "Before")
        .expect("README.md has a block under `Before`");
    let after = blocks
        .iter()
        .find(|(label, _)| label == "After")
        .expect("README.md has a block under `After`");
    assert_eq!(migrate(default_codemods(), &before.1, false), after.1);
}

#[test]
fn the_documents_name_every_module() {
    let map = read("ARCHITECTURE.md");
    for path in files("src") {
        let name = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
        let first = name
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let module = first.trim_end_matches(".rs");
        if module != "lib" {
            assert!(
                map.contains(&format!("`{module}")),
                "ARCHITECTURE.md does not name `{module}`"
            );
        }
    }
}

/// The table of what changes when blocking code becomes async names a fixture or a behaviour case for each row.
#[test]
fn every_row_of_the_semantics_has_what_shows_it() {
    let root = Path::new(ROOT);
    let text = read("tests/behaviour/ROWS.md");
    let (mut rows, mut run) = (0, 0);
    for line in text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| row "))
    {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, state, shown] = cells[..] else {
            panic!("ROWS.md: not three cells: {line}");
        };
        rows += 1;
        assert!(
            ["safe", "declared", "unsafe", "refused"].contains(&state),
            "ROWS.md: unknown state `{state}`"
        );
        let exists = if shown.starts_with("behaviour/") {
            let changes = state != "refused";
            run += usize::from(changes);
            root.join("tests").join(shown).join("before.py").exists()
        } else if let Some((codemod, name)) = shown.split_once('/') {
            let fixtures = root.join("codemods").join(codemod).join("fixtures");
            fixtures.join(format!("{name}.py")).exists() || fixtures.join(name).is_dir()
        } else {
            false
        };
        assert!(exists, "ROWS.md: nothing is called `{shown}`");
        // What is left shows in something that stays, and the other way round.
        let name = shown.rsplit('/').next().unwrap_or(shown);
        assert_eq!(
            state == "refused",
            name.starts_with("unchanged_"),
            "ROWS.md: `{shown}` and its state `{state}`"
        );
    }
    assert!(rows > 140, "ROWS.md has {rows} rows");
    assert!(run > 60, "ROWS.md has {run} rows that a program shows");
}

/// The table of what requests does names a fixture or a behaviour case for each row.
#[test]
fn every_row_of_requests_has_what_shows_it() {
    let rows = rows_with_what_shows_them("requests_to_httpx", "ROWS.md");
    assert!(rows > 100, "ROWS.md has {rows} rows");
}

/// So does that of what a legacy query has.
#[test]
fn every_row_of_a_query_has_what_shows_it() {
    let rows = rows_with_what_shows_them("sqlalchemy_to_async", "query/ROWS.md");
    assert!(rows > 50, "query/ROWS.md has {rows} rows");
}

/// Checks a table of a codemod: how many rows it has.
fn rows_with_what_shows_them(codemod: &str, table: &str) -> usize {
    let root = Path::new(ROOT);
    let fixtures = root.join("codemods").join(codemod).join("fixtures");
    let cases = root.join("tests/behaviour").join(codemod);
    let text = read(format!("codemods/{codemod}/{table}"));
    let mut rows = 0;
    for line in text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| row "))
    {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, state, shown] = cells[..] else {
            panic!("ROWS.md: not three cells: {line}");
        };
        rows += 1;
        assert!(
            ["safe", "unsafe", "refused", "noted", "bridged", "missing"].contains(&state),
            "ROWS.md: unknown state `{state}`"
        );
        let fixture = fixtures.join(format!("{shown}.py"));
        let exists = fixture.exists() || fixtures.join(shown).is_dir();
        let case = cases.join(shown).join("before.py");
        assert!(
            exists || case.exists(),
            "ROWS.md: nothing is called `{shown}`"
        );
        // What is left shows in something that stays, and the other way round.
        let is_left = matches!(state, "refused" | "missing");
        assert!(
            !is_left || shown.starts_with("unchanged_"),
            "ROWS.md: `{shown}` changes, and its row says `{state}`"
        );
    }
    rows
}
