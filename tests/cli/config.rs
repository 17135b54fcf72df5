//! `[tool.awaitify]`, `awaitify.toml` and `requires-python`.

use crate::support::{BEFORE, Project};

/// A project with one unit and this `pyproject.toml`.
fn project(pyproject: &str) -> Project {
    Project::with(&[
        ("a.py", BEFORE),
        ("sub/b.py", BEFORE),
        ("pyproject.toml", pyproject),
    ])
}

#[test]
fn select_and_ignore() {
    let name = "time_sleep_to_asyncio";
    for (settings, args, code) in [
        (format!("select = ['{name}']"), "", 1),
        (format!("ignore = ['{name}']"), "", 0),
        (
            format!("ignore = ['{name}']"),
            &*format!("--select {name}"),
            0,
        ),
        ("select = ['all']".to_string(), "", 1),
        (String::new(), &*format!("--ignore {name}"), 0),
        (String::new(), &*format!("--select all --ignore {name}"), 0),
    ] {
        let project = project(&format!("[tool.awaitify]\n{settings}\n"));
        project.run(&format!("diff {args}")).exits(code);
    }
}

#[test]
fn exclude() {
    for settings in [
        "exclude = ['sub']",
        "exclude = ['sub/*.py']",
        "extend-exclude = ['/sub/']",
    ] {
        let project = project(&format!("[tool.awaitify]\n{settings}\n"));
        let diff = project.run("diff").exits(1).text();
        assert!(
            diff.contains("a/a.py") && !diff.contains("sub"),
            "{settings}: {diff}"
        );
        project.run("diff sub/b.py").exits(1);
    }
    let project = project("");
    project.run("diff --exclude sub --exclude a.py").exits(0);
    project.write("build/c.py", BEFORE);
    project.write("awaitify.toml", "exclude = ['!build/']\n");
    project.run("diff").exits(1).prints(&["a/build/c.py"]);
}

#[test]
fn target_versions() {
    let newer = format!("{BEFORE}type X = int\n");
    for (metadata, args, code) in [
        ("[project]\nname = 'x'\nrequires-python = '>=3.12'\n", "", 1),
        ("[project]\nname = 'x'\nrequires-python = '>=3.8'\n", "", 0),
        (
            "[project]\nname = 'x'\nrequires-python = '>=3.8'\n",
            "--target-version 3.12",
            1,
        ),
        ("[tool.awaitify]\ntarget-version = '3.12'\n", "", 1),
        (
            "[project]\nname = 'x'\nrequires-python = '>=3.12'\n[tool.awaitify]\ntarget-version = '3.8'\n",
            "",
            0,
        ),
        ("[tool.poetry.dependencies]\npython = '^3.12'\n", "", 1),
    ] {
        let project = Project::with(&[("a.py", &newer), ("pyproject.toml", metadata)]);
        let ran = project.run(&format!("diff {args}")).exits(code);
        assert_eq!(
            ran.err.contains("syntax was added in Python 3.12"),
            code == 0,
            "{metadata}{ran}"
        );
    }
}

#[test]
fn unsafe_is_a_setting_too() {
    project("[tool.awaitify]\nunsafe = true\n")
        .run("diff")
        .exits(1);
    project("[tool.awaitify]\nunsafe = 'yes'\n")
        .run("diff")
        .exits(2)
        .tells(&["pyproject.toml:2", "unsafe"]);
}

#[test]
fn mistakes_name_file_line_and_nearest() {
    for (settings, tells) in [
        (
            "selct = []",
            &["pyproject.toml:2", "selct", "did you mean `select`"][..],
        ),
        (
            "select = ['time_sleep_to_asynco']",
            &["pyproject.toml:2", "did you mean `time_sleep_to_asyncio`"],
        ),
        ("ignore = ['nonsense']", &["pyproject.toml:2", "nonsense"]),
        ("select = 'all'", &["pyproject.toml:2", "select"]),
        ("target-version = '2.7'", &["pyproject.toml:2", "2.7"]),
        (
            "target-version = 3.11",
            &["pyproject.toml:2", "target-version"],
        ),
        ("exclude = [1]", &["pyproject.toml:2", "exclude"]),
        ("exclude = ['[z-a]']", &["[z-a]"]),
        ("scope = 'galaxy'", &["pyproject.toml:2", "galaxy"]),
        ("select = [", &["pyproject.toml", "not valid TOML"]),
        ("= 1", &["pyproject.toml:2", "not valid TOML"]),
    ] {
        let project = project(&format!("[tool.awaitify]\n{settings}\n"));
        project.run("diff").exits(2).tells(&["error:"]).tells(tells);
    }
    // All at once.
    project("[tool.awaitify]\nselct = []\nignre = []\n")
        .run("diff")
        .exits(2)
        .tells(&["selct", "ignre"]);
    let project = project("");
    project.write("pyproject.toml", b"[tool.awaitify]\nselect = ['\xff']\n");
    project.run("diff").exits(2).tells(&["pyproject.toml"]);
}

#[test]
fn a_named_configuration_wins() {
    let project = project("[tool.awaitify]\nignore = ['time_sleep_to_asyncio']\n");
    project.write("etc/mine.toml", "select = ['all']\n");
    project.run("diff").exits(0);
    project.run("diff --config etc/mine.toml").exits(1);
    project.run("diff --config a.py").exits(2).tells(&["a.py"]);
    project.run("diff --config sub").exits(2).tells(&["sub"]);
    project.write("etc/pyproject.toml", "[project]\nname = 'x'\n");
    project
        .run("diff --config etc/pyproject.toml")
        .exits(2)
        .tells(&["has no [tool.awaitify] table"]);
}

#[test]
fn the_nearest_configuration_of_all_paths_counts() {
    let project = project("[tool.awaitify]\nignore = ['time_sleep_to_asyncio']\n");
    project.write("sub/awaitify.toml", "");
    project.run("diff sub").exits(1);
    project.run("diff sub/b.py").exits(1);
    project.run("diff a.py sub/b.py").exits(0);
}
