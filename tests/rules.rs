//! The rules of `awaitify check`: each fixture says with `# breach` at the end of a line where its rule finds something,
//! and nowhere else. Every rule has fixtures with findings and fixtures without, and a README.

// I/O stays at the edges of the program; tests read the fixtures.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use awaitify::config::{Config, TargetSource};
use awaitify::pipeline::{self, Render, Request};
use awaitify::plan::Plan;
use awaitify::python::PythonVersion;
use awaitify::report::{self, Look, Verbosity};
use awaitify::rules::{RULES, Rule};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What ends a line at which a rule finds something.
const MARK: &str = "# breach";

fn check(path: &Path, rules: Vec<&'static Rule>) -> Plan {
    let config = Config {
        root: path.parent().unwrap().to_path_buf(),
        target_version: PythonVersion::PY312,
        target_source: TargetSource::Config,
        ..Config::default()
    };
    pipeline::plan(&Request {
        paths: &[path.to_path_buf()],
        config: &config,
        codemods: Vec::new(),
        telling: Vec::new(),
        named: Vec::new(),
        seeds: Vec::new(),
        jobs: Some(1),
        progress: None,
        render: Render::All,
        explain: None,
        chains: false,
        rules,
    })
    .unwrap()
}

fn folder(rule: &Rule) -> PathBuf {
    Path::new(ROOT)
        .join("src/rules")
        .join(rule.name.replace('-', "_"))
}

fn fixtures(rule: &Rule) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder(rule).join("fixtures"))
        .unwrap_or_else(|error| panic!("{}: {error}", rule.name))
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

#[test]
fn each_finds_what_its_fixtures_say() {
    let mut wrong = Vec::new();
    for rule in RULES.iter().copied() {
        let (mut with, mut without) = (0, 0);
        for path in fixtures(rule) {
            let text = fs::read_to_string(&path).unwrap();
            let expected: BTreeSet<u32> = (1..)
                .zip(text.lines())
                .filter(|(_, line)| line.ends_with(MARK))
                .map(|(number, _)| number)
                .collect();
            let plan = check(&path, vec![rule]);
            assert!(plan.problems.is_empty(), "{:?}", plan.problems);
            let found: BTreeSet<u32> = plan.advice.iter().map(|advice| advice.place.line).collect();
            match expected.is_empty() {
                true => without += 1,
                false => with += 1,
            }
            if found != expected {
                let name = path.strip_prefix(ROOT).unwrap().display();
                let missing: Vec<_> = expected.difference(&found).collect();
                let extra: Vec<_> = found.difference(&expected).collect();
                wrong.push(format!(
                    "{name}: missing {missing:?}, not expected {extra:?}"
                ));
            }
        }
        assert!(
            with > 0 && without > 0,
            "{}: wants a fixture with findings and one without",
            rule.name
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn findings_read_well() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/rules"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for rule in RULES.iter().copied() {
            let texts = fixtures(rule).into_iter().map(|path| {
                let plan = check(&path, vec![rule]);
                report::findings(&plan, Verbosity::Normal, Look::default())
            });
            let prefix = format!("{}/", folder(rule).display());
            let text = texts.collect::<String>().replace(&prefix, "");
            insta::assert_snapshot!(rule.name, text);
        }
    });
}

#[test]
fn a_comment_silences_one() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("quiet.py");
    let text = "import asyncio\n\n\nasync def f():\n    asyncio.create_task(f())  # awaitify: ignore[lost-task]\n\
                \x20   # awaitify: ignore\n    asyncio.create_task(f())\n    await f()\n";
    fs::write(&path, text).unwrap();
    let plan = check(&path, RULES.to_vec());
    assert!(plan.advice.is_empty(), "{:?}", plan.advice);
    assert!(plan.problems.is_empty(), "{:?}", plan.problems);
}

#[test]
fn every_rule_has_its_folder_and_manual() {
    let mut folders: Vec<String> = fs::read_dir(Path::new(ROOT).join("src/rules"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().replace('_', "-"))
        .collect();
    folders.sort();
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(
        folders, names,
        "src/rules/mod.rs must list every folder, sorted"
    );
    let manual = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    for rule in RULES {
        let name = rule.name;
        assert!(
            rule.readme.starts_with(&format!("# {name}\n")),
            "{name}: the README starts with its name"
        );
        let mut at = 0;
        for section in ["## What it finds", "## Why", "## Remedy"] {
            let found = rule.readme[at..].find(section);
            at += found
                .unwrap_or_else(|| panic!("{name}: README.md lacks `{section}` (in this order)"));
        }
        for text in [rule.message, rule.help, rule.summary] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{name}: {text}");
        }
        assert!(
            manual.contains(&format!("`{name}`")),
            "README.md does not name `{name}`"
        );
    }
}
