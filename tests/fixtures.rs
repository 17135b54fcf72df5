//! Fixtures: every `codemods/NAME/fixtures/*.py` (or folder of files) is migrated, and the result is a snapshot in
//! `snapshots/NAME/`. Each also goes through the checks that hold for every migration.
//!
//! A fixture may start with settings, one per line: `# fixture: unsafe`, `# fixture: target 3.9`, `# fixture: faithful`
//! (the default style), `# fixture: idiomatic`, `# fixture: aiohttp` (that client) `# fixture: project` (async spreads) or
//! `# fixture: seed` (it spreads from this codemod). A folder with a `pyproject.toml` is read with it. Fixtures named `unchanged_*` must stay as
//! they are; all others must change. `AWAITIFY_FIXTURES=text` runs only those whose path holds the text.

// I/O stays at the edges of the program; tests write the files that they migrate.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use awaitify::codemods::CODEMODS;
use awaitify::config::{Config, FileIo, HttpClient, HttpStyle, PostgresDriver, Scope};
use awaitify::pipeline::{self, Render, Request};
use awaitify::plan::Plan;
use awaitify::python::PythonVersion;
use awaitify::source;
use awaitify::verify;

use support::describe;

mod annotate;
mod erase;
mod support;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

struct Fixture {
    codemod: &'static str,
    name: String,
    /// The files: relative name and text.
    files: Vec<(String, String)>,
    config: Config,
}

fn fixtures() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    let filter = std::env::var("AWAITIFY_FIXTURES").unwrap_or_default();
    for &codemod in CODEMODS.iter() {
        let folder = Path::new(ROOT)
            .join("codemods")
            .join(codemod.name)
            .join("fixtures");
        let mut entries: Vec<PathBuf> = fs::read_dir(&folder)
            .unwrap_or_else(|error| {
                panic!("{}: {error}: every codemod has fixtures", folder.display())
            })
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for entry in entries {
            if !entry.to_string_lossy().contains(&filter) {
                continue;
            }
            let name = entry.file_stem().unwrap().to_string_lossy().into_owned();
            let mut files = Vec::new();
            if entry.is_dir() {
                collect(&entry, &entry, &mut files);
            } else {
                files.push((format!("{name}.py"), read(&entry)));
            }
            let config = config(&files);
            fixtures.push(Fixture {
                codemod: codemod.name,
                name,
                files,
                config,
            });
        }
    }
    fixtures
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(root, &entry, files);
        } else {
            let name = entry
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.push((name, read(&entry)));
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn config(files: &[(String, String)]) -> Config {
    let mut config = Config {
        target_version: PythonVersion::PY311,
        // A fixture shows what its codemod does; how far async spreads is the business of the engine's tests.
        scope: Scope::Function,
        ..Config::default()
    };
    for line in files.iter().flat_map(|(_, text)| text.lines()) {
        let Some(setting) = line.strip_prefix("# fixture: ") else {
            continue;
        };
        match setting.split_once(' ').unwrap_or((setting, "")) {
            ("unsafe", _) => config.allow_unsafe = true,
            ("project", _) => config.scope = Scope::Project,
            ("seed", _) => {
                config.scope = Scope::Project;
                config.seeds.push("all".to_string());
            }
            ("target", version) => config.target_version = version.parse().unwrap(),
            ("faithful", _) => config.http_style = HttpStyle::Faithful,
            ("idiomatic", _) => config.http_style = HttpStyle::Idiomatic,
            ("aiohttp", _) => config.http_client = HttpClient::Aiohttp,
            ("anyio", _) => config.file_io = FileIo::Anyio,
            ("thread", _) => config.file_io = FileIo::Thread,
            ("asyncpg", _) => config.postgres_driver = PostgresDriver::Asyncpg,
            _ => panic!("unknown setting `{setting}`"),
        }
    }
    config
}

/// Writes the files to a folder and plans their migration with one codemod.
fn plan(fixture: &Fixture, files: &[(String, String)], folder: &Path) -> Plan {
    plan_with(fixture, files, folder, Render::All)
}

fn plan_with(fixture: &Fixture, files: &[(String, String)], folder: &Path, render: Render) -> Plan {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let codemod = CODEMODS
        .iter()
        .copied()
        .find(|codemod| codemod.name == fixture.codemod)
        .unwrap();
    let config = if files.iter().any(|(name, _)| name == "pyproject.toml") {
        let known: Vec<&str> = CODEMODS.iter().map(|codemod| codemod.name).collect();
        let config = awaitify::config::load(folder, None, &known).unwrap();
        Config {
            scope: fixture.config.scope,
            allow_unsafe: config.allow_unsafe || fixture.config.allow_unsafe,
            ..config
        }
    } else {
        Config {
            root: folder.to_path_buf(),
            src: vec![folder.to_path_buf()],
            ..fixture.config.clone()
        }
    };
    pipeline::plan(&Request {
        paths: &[folder.to_path_buf()],
        config: &config,
        codemods: vec![codemod],
        telling: Vec::new(),
        named: vec![codemod.name],
        seeds: config.seeds.iter().map(|_| codemod.name).collect(),
        jobs: Some(1),
        progress: None,
        render,
        explain: None,
        chains: false,
        rules: Vec::new(),
    })
    .unwrap()
}

/// The files after the migration.
fn migrated(files: &[(String, String)], plan: &Plan, folder: &Path) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(name, text)| {
            let path = folder.join(name);
            let after = plan.files.iter().find(|change| change.path == path);
            let text = after.map_or_else(
                || text.clone(),
                |change| source::decode(&change.after).unwrap().text,
            );
            (name.clone(), text)
        })
        .collect()
}

fn check(fixture: &Fixture) {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().canonicalize().unwrap().join("project");
    let first = plan(fixture, &fixture.files, &folder);
    let after = migrated(&fixture.files, &first, &folder);

    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{ROOT}/snapshots/{}", fixture.codemod));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(fixture.name.as_str(), describe(&first, &folder)));

    if fixture.name.starts_with("unchanged") {
        assert!(first.files.is_empty(), "an `unchanged_*` fixture changes");
    } else {
        assert!(
            !first.files.is_empty(),
            "the fixture does not change: call it `unchanged_*`"
        );
    }
    for change in &first.files {
        let before = source::decode(&change.before).unwrap().text;
        let result = source::decode(&change.after).unwrap().text;
        let problems = verify::new_problems(&before, &result, fixture.config.target_version);
        assert!(
            problems.is_empty(),
            "{}: {}",
            change.name,
            problems[0].message
        );
        // Outside of the edits every byte is as it was, and the edits are sorted and disjoint.
        let mut rebuilt = String::new();
        let mut at = 0;
        for edit in &change.edits {
            assert!(at <= edit.start as usize, "edits overlap");
            rebuilt.push_str(&before[at..edit.start as usize]);
            rebuilt.push_str(&edit.text);
            at = edit.end as usize;
        }
        rebuilt.push_str(&before[at..]);
        assert_eq!(rebuilt, result);
    }

    let again = plan(
        fixture,
        &after,
        &temp.path().canonicalize().unwrap().join("again"),
    );
    assert!(
        again.files.is_empty(),
        "a second run changes something:\n{}",
        describe(&again, &folder)
    );

    // The colour edits alone change nothing but the colour: where async spreads, names and programs change as well.
    let erased = temp.path().canonicalize().unwrap().join("erased");
    let coloured = plan_with(fixture, &fixture.files, &erased, Render::ColourOnly);
    let spreads = fixture.config.scope == Scope::Project;
    for change in coloured.files.iter().filter(|_| !spreads) {
        let before = source::decode(&change.before).unwrap().text;
        let after = source::decode(&change.after).unwrap().text;
        erase::assert_equal_but_for_colour(&before, &after);
    }

    // The same edits in a file with CRLF, and in one with tabs.
    let crlf = |files: &[(String, String)]| -> Vec<(String, String)> {
        files
            .iter()
            .map(|(name, text)| (name.clone(), text.replace('\n', "\r\n")))
            .collect()
    };
    if fixture.files.iter().all(|(_, text)| !text.contains('\r')) {
        let folder = temp.path().canonicalize().unwrap().join("crlf");
        let files = crlf(&fixture.files);
        let result = plan(fixture, &files, &folder);
        assert_eq!(
            migrated(&files, &result, &folder),
            crlf(&after),
            "the CRLF variant differs"
        );
    }
    if fixture
        .files
        .iter()
        .all(|(_, text)| !text.contains('\t') && !text.contains("\"\"\"\\") && is_tabbable(text))
    {
        let folder = temp.path().canonicalize().unwrap().join("tabs");
        let files = tabs(&fixture.files);
        let result = plan(fixture, &files, &folder);
        assert_eq!(
            migrated(&files, &result, &folder),
            tabs(&after),
            "the variant with tabs differs"
        );
    }
}

/// Wherever a comment stands between the brackets of a fixture, the migration loses none and repeats none.
fn check_comments(fixture: &Fixture) {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().canonicalize().unwrap();
    let annotate = |(name, text): &(String, String)| {
        let annotated = name.ends_with(".py").then(|| annotate::annotate(text));
        (name.clone(), annotated.flatten().unwrap_or(text.clone()))
    };
    let files: Vec<(String, String)> = fixture.files.iter().map(annotate).collect();
    let result = plan(fixture, &files, &folder);
    let broken: Vec<_> = result
        .left
        .iter()
        .filter(|left| [&pipeline::VERIFY, &pipeline::OVERLAP].contains(&left.reason))
        .map(|left| (left.place.line, left.detail.clone()))
        .collect();
    assert!(
        broken.is_empty() || fixture.name.contains("overlap"),
        "a comment breaks the result: {broken:?}"
    );
    for ((name, before), (_, after)) in files.iter().zip(migrated(&files, &result, &folder)) {
        let wrong = annotate::lost_or_doubled(before, &after);
        assert!(
            wrong.is_empty(),
            "{name}: lost or doubled: {wrong:?} in\n{after}"
        );
    }
}

/// Whether every line is indented by multiples of four spaces, so that tabs can stand for them.
fn is_tabbable(text: &str) -> bool {
    text.lines()
        .all(|line| (line.len() - line.trim_start_matches(' ').len()).is_multiple_of(4))
}

fn tabs(files: &[(String, String)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(name, text)| {
            let lines: Vec<String> = text
                .split('\n')
                .map(|line| {
                    let content = line.trim_start_matches(' ');
                    format!("{}{content}", "\t".repeat((line.len() - content.len()) / 4))
                })
                .collect();
            (name.clone(), lines.join("\n"))
        })
        .collect()
}

#[test]
fn no_fixture_loses_a_comment() {
    let failed: Vec<String> = fixtures()
        .iter()
        .filter(|fixture| catch_unwind(AssertUnwindSafe(|| check_comments(fixture))).is_err())
        .map(|fixture| format!("{}/{}", fixture.codemod, fixture.name))
        .collect();
    assert!(
        failed.is_empty(),
        "{} fixtures lose or repeat comments:\n  {}",
        failed.len(),
        failed.join("\n  ")
    );
}

#[test]
fn every_fixture_migrates_as_its_snapshot_says() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty());
    let failed: Vec<String> = fixtures
        .iter()
        .filter(|fixture| catch_unwind(AssertUnwindSafe(|| check(fixture))).is_err())
        .map(|fixture| format!("{}/{}", fixture.codemod, fixture.name))
        .collect();
    assert!(
        failed.is_empty(),
        "{} fixtures fail:\n  {}",
        failed.len(),
        failed.join("\n  ")
    );
}
