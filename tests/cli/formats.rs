//! What other programs read.

use serde_json::Value;

use crate::support::{BEFORE, Project, Ran};

/// Units, something left, and problems.
fn project() -> Project {
    let project = Project::with(&[
        ("a.py", BEFORE),
        ("pkg/b.py", &BEFORE.replace('\n', "\r\n")),
        ("bom.py", &format!("\u{feff}# caf\u{e9}\n{BEFORE}")),
        ("left.py", &BEFORE.replace('1', "-1")),
        ("bad.py", "async def f(:\n    time.sleep(1)\n"),
    ]);
    let latin: String = format!("# coding: latin-1\n# \u{e9}\u{fc}\n{BEFORE}");
    project.write(
        "latin.py",
        latin.chars().map(|c| c as u8).collect::<Vec<u8>>(),
    );
    project
}

#[track_caller]
fn json(ran: &Ran) -> Value {
    serde_json::from_slice(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran}"))
}

/// The text of a file as the offsets of the JSON count it, and how to write it back.
fn text_of(bytes: &[u8]) -> (String, fn(&str) -> Vec<u8>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_string(), |text| text.as_bytes().to_vec()),
        Err(_) => (bytes.iter().copied().map(char::from).collect(), |text| {
            text.chars().map(|c| c as u8).collect()
        }),
    }
}

#[test]
fn json_edits_rebuild_the_files() {
    let project = project();
    let ran = project.run("diff --output-format json").exits(1);
    let plan = json(&ran);
    assert_eq!(plan["version"], 1);
    assert_eq!(plan["command"], "diff");
    assert_eq!(plan["counts"]["files_changed"], 4);
    assert_eq!(plan["counts"]["units_taken"], 4);
    assert_eq!(plan["counts"]["left"], 1);
    assert_eq!(plan["left"][0]["code"], "negative-sleep");
    assert_eq!(plan["left"][0]["place"]["line"], 5);
    assert_eq!(plan["problems"][0]["file"], "bad.py");
    assert_eq!(plan["problems"][0]["line"], 1);
    let mut rebuilt = Vec::new();
    for file in plan["files"].as_array().unwrap() {
        let name = file["name"].as_str().unwrap().to_string();
        let (text, encode) = text_of(&project.read(&name));
        let mut result = String::new();
        let mut at = 0;
        for edit in file["edits"].as_array().unwrap() {
            let number = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
            assert!(
                at <= number("start") && number("start") <= number("end"),
                "{name}"
            );
            result.push_str(&text[at..number("start")]);
            result.push_str(edit["text"].as_str().unwrap());
            at = number("end");
        }
        result.push_str(&text[at..]);
        rebuilt.push((name, encode(&result)));
    }
    assert_eq!(rebuilt.len(), 4);
    // `apply` prints the same plan, and writes what the edits say.
    let applied = json(&project.run("apply --output-format json").exits(0));
    assert_eq!(applied["command"], "apply");
    assert_eq!(applied["files"], plan["files"]);
    for (name, bytes) in rebuilt {
        let found = project.read(&name);
        assert!(
            found == bytes,
            "{name}: {}\n{}",
            found.escape_ascii(),
            bytes.escape_ascii()
        );
    }
    let again = json(&project.run("diff --output-format json").exits(0));
    assert_eq!(again["files"].as_array().unwrap().len(), 0);
}

#[test]
fn sarif_and_github() {
    let project = project();
    for command in ["check", "diff"] {
        let sarif = json(
            &project
                .run(&format!("{command} --output-format sarif"))
                .exits(1),
        );
        assert_eq!(sarif["version"], "2.1.0");
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert!(results.len() >= 5, "{sarif}");
        for result in results {
            assert!(result["message"]["text"].is_string(), "{result}");
        }
        let github = project
            .run(&format!("{command} --output-format github"))
            .exits(1)
            .text();
        assert!(
            github.lines().all(|line| line.starts_with("::")),
            "{github}"
        );
        assert!(github.contains("file=pkg/b.py,line=5"), "{github}");
    }
}

#[test]
fn empty_plans_are_documents_too() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    json(&project.run("diff --output-format json").exits(0));
    json(&project.run("check --output-format sarif").exits(0));
    project
        .run("check --output-format github")
        .exits(0)
        .prints_nothing();
    project.run("check").exits(0).prints(&["No findings"]);
}

#[test]
fn check_shows_the_place_and_the_reason() {
    let project = project();
    project.run("check").exits(1).prints(&[
        "a.py:5",
        "time.sleep(1)",
        "time_sleep_to_asyncio",
        "left.py:5",
        "negative-sleep",
        "help",
    ]);
}

#[test]
fn list_explain_and_completions() {
    let project = Project::new();
    let names: Vec<String> = project
        .run("list")
        .exits(0)
        .text()
        .lines()
        .map(|line| line.split_whitespace().next().unwrap().to_string())
        .collect();
    assert!(names.iter().any(|name| name == "time_sleep_to_asyncio"));
    let rows = json(&project.run("list --output-format json").exits(0));
    let rows: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    // The rules of `check` come after the codemods.
    let (codemods, rules) = names.split_at(rows.len());
    assert_eq!(rows, codemods);
    assert!(rules.iter().any(|name| name == "lost-task"));
    for name in rules {
        project
            .run(&format!("explain {name}"))
            .exits(0)
            .prints(&["# ", name]);
        project.run(&format!("check --select {name}")).exits(0);
        project.run(&format!("diff --select {name}")).exits(2);
    }
    for name in codemods {
        project
            .run(&format!("explain {name}"))
            .exits(0)
            .prints(&["# ", name]);
        project.run(&format!("diff --select {name}")).exits(0);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        project
            .run(&format!("completions {shell}"))
            .exits(0)
            .prints(&["awaitify", "target-version"]);
    }
    // Not every shell completes values.
    for shell in ["bash", "zsh", "fish"] {
        project
            .run(&format!("completions {shell}"))
            .prints(&["time_sleep_to_asyncio"]);
    }
}
