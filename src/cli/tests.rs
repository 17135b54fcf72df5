//! The command line on a fake engine.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};

use std::path::Path;

use super::engine::{
    ApplyRequest, CodemodInfo, Engine, Failure, Overrides, Place, Request, Role, RuleInfo, Scope,
};
use super::{Environment, Sink, run, run_with};
use crate::plan::{FileChange, Plan, Severity};
use crate::python::PythonVersion;
use crate::report::samples::{SORT_KEY, plan};

/// Plans what it is told, and remembers what it was asked.
#[derive(Default)]
struct Fake {
    plan: Plan,
    refuses: bool,
    planned: RefCell<Option<(Overrides, Option<usize>)>>,
    applied: Cell<Option<(usize, bool)>>,
}

impl Fake {
    fn with(plan: Plan) -> Self {
        Self {
            plan,
            ..Self::default()
        }
    }
}

impl Engine for Fake {
    fn rules(&self) -> Vec<RuleInfo> {
        vec![RuleInfo {
            name: "lost-task",
            summary: "a task that nobody keeps",
            readme: "# lost-task\n\nKeep it.\n",
        }]
    }

    fn codemods(&self, _place: &Place) -> anyhow::Result<Vec<CodemodInfo>> {
        Ok(self.built_in())
    }

    fn declared(&self, file: &Path) -> anyhow::Result<CodemodInfo> {
        Err(anyhow::anyhow!("cannot read `{}`", file.display()))
    }

    fn create(&self, _file: &Path, _text: &str) -> anyhow::Result<()> {
        Ok(())
    }

    fn built_in(&self) -> Vec<CodemodInfo> {
        let codemod = |name, summary, role, min_python| CodemodInfo {
            name,
            summary,
            readme: "# A codemod\n\nRewrites `get`.\n\n```python\nget()  # `x`\n```\n",
            role,
            min_python,
            reasons: vec![&SORT_KEY],
        };
        vec![
            codemod(
                "requests_to_httpx",
                "requests to httpx",
                Role::Seed,
                PythonVersion::PY38,
            ),
            codemod(
                "gather_to_task_group",
                "gather to TaskGroup",
                Role::Follower,
                PythonVersion::PY311,
            ),
        ]
    }

    fn plan(&self, request: Request<'_>) -> anyhow::Result<Plan> {
        assert!(request.progress.is_none(), "no bar off a terminal");
        self.planned
            .replace(Some((request.overrides.clone(), request.jobs)));
        if self.refuses {
            let error = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
            return Err(anyhow::Error::from(error).context("cannot read `pyproject.toml`"));
        }
        Ok(self.plan.clone())
    }

    fn apply(&self, files: &[FileChange], request: ApplyRequest<'_>) -> anyhow::Result<()> {
        if files.iter().any(|file| file.name.contains("dirty")) && !request.allow_dirty {
            return Err(Failure::new(
                "`dirty.py` has changes that are not committed",
                "commit or stash them, or use `--allow-dirty`",
            )
            .into());
        }
        self.applied.set(Some((files.len(), request.allow_dirty)));
        Ok(())
    }

    fn diff(&self, file: &FileChange, colour: bool) -> Vec<u8> {
        format!("--- a/{}\ncolour: {colour}\n", file.name).into_bytes()
    }

    fn stat(&self, files: &[FileChange], width: usize, _colour: bool) -> String {
        format!("{} in {width}\n", files.len())
    }
}

/// What a command did.
struct Ran {
    code: u8,
    out: String,
    err: String,
}

fn ran(engine: &Fake, args: &str) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["awaitify"].into_iter().chain(args.split_whitespace());
    let code = run(args, &mut out, &mut err, engine);
    Ran {
        code,
        out: String::from_utf8_lossy(&out).into_owned(),
        err: String::from_utf8_lossy(&err).into_owned(),
    }
}

#[test]
fn exit_codes() {
    let mut failing = plan();
    failing.problems[0].severity = Severity::Error;
    let mut only_left = plan();
    only_left.files.clear();
    only_left.units.clear();
    only_left.markers.clear();
    only_left.chains.clear();
    only_left.advice.clear();
    let mut full = plan();
    full.markers.clear();
    let (empty, full, half, failing, only_left) = (
        Fake::default(),
        Fake::with(full),
        Fake::with(plan()),
        Fake::with(failing),
        Fake::with(only_left),
    );
    for (engine, args, code) in [
        (&empty, "diff", 0),
        (&empty, "apply", 0),
        (&empty, "check", 0),
        (&full, "diff", 1),
        (&full, "diff --stat", 1),
        (&full, "diff --exit-zero", 0),
        (&full, "diff --output-format json", 1),
        (&full, "apply", 0),
        (&half, "apply", 1),
        (&half, "apply --exit-zero", 0),
        (&half, "diff", 1),
        (&half, "check", 1),
        (&full, "check", 1),
        (&full, "check --exit-zero", 0),
        (&only_left, "diff", 0),
        (&only_left, "check", 1),
        (&failing, "diff", 2),
        (&failing, "diff --exit-zero", 2),
        (&failing, "apply", 2),
        (&failing, "check", 2),
        (&full, "", 2),
        (&full, "list", 0),
        (&full, "--version", 0),
        (&full, "diff --help", 0),
        (&full, "diff --nonsense", 2),
        (&full, "diff --jobs 0", 2),
        (&full, "diff --target-version 2.7", 2),
        (&full, "diff no/such/path", 2),
        (&full, "diff -q -v", 2),
        (&full, "completions bash", 0),
    ] {
        assert_eq!(ran(engine, args).code, code, "{args}");
    }
}

#[test]
fn the_diff_is_data_and_the_summary_is_talk() {
    let engine = Fake::with(plan());
    let diff = ran(&engine, "diff");
    assert_eq!(diff.out, "--- a/app/api.py\ncolour: false\n");
    assert!(diff.err.contains("1 file would change"), "{}", diff.err);
    assert_eq!(
        ran(&engine, "diff --color always").out,
        "--- a/app/api.py\ncolour: true\n"
    );
    assert_eq!(ran(&engine, "diff --stat").out, "1 in 100\n");
    assert_eq!(ran(&engine, "diff -q").err, "");
    assert_eq!(engine.applied.get(), None);
}

#[test]
fn apply_writes_and_tells() {
    let engine = Fake::with(plan());
    let apply = ran(&engine, "apply --allow-dirty");
    assert_eq!(engine.applied.get(), Some((1, true)));
    assert_eq!(apply.out, "");
    assert!(apply.err.contains("1 file changed"), "{}", apply.err);
}

#[test]
fn a_refused_apply_says_what_to_do() {
    let mut plan = plan();
    plan.files[0].name = "dirty.py".to_string();
    let apply = ran(&Fake::with(plan), "apply");
    assert_eq!(apply.code, 2);
    insta::assert_snapshot!(apply.err, @r##"
    error: `dirty.py` has changes that are not committed
      help: commit or stash them, or use `--allow-dirty`
    "##);
}

#[test]
fn errors_below_are_told_in_one_line() {
    let engine = Fake {
        refuses: true,
        ..Fake::default()
    };
    let diff = ran(&engine, "diff");
    assert_eq!(
        diff.err,
        "error: cannot read `pyproject.toml`: permission denied\n"
    );
    assert_eq!((diff.code, diff.out.as_str()), (2, ""));
}

#[test]
fn findings_are_data_and_problems_are_talk() {
    let check = ran(&Fake::with(plan()), "check");
    assert!(check.out.contains("app/a.py:5:13"), "{}", check.out);
    assert!(
        check.err.starts_with("warning: app/bad.py:3: "),
        "{}",
        check.err
    );
}

#[test]
fn formats() -> serde_json::Result<()> {
    let engine = Fake::with(plan());
    for (args, key, value) in [
        ("diff --output-format json", "command", "diff"),
        ("apply --output-format json", "command", "apply"),
        ("check --output-format json", "command", "check"),
        ("check --output-format sarif", "version", "2.1.0"),
    ] {
        let ran = ran(&engine, args);
        let document: serde_json::Value = serde_json::from_str(&ran.out)?;
        assert_eq!(document[key], value, "{args}");
        assert!(ran.err.starts_with("warning: app/bad.py:3: "), "{args}");
    }
    let github = ran(&engine, "check --output-format github").out;
    assert!(
        github.starts_with("::notice file=app/a.py,line=5,col=13,"),
        "{github}"
    );
    let list: serde_json::Value =
        serde_json::from_str(&ran(&engine, "list --output-format json").out)?;
    assert_eq!(list[0]["name"], "requests_to_httpx");
    Ok(())
}

#[test]
fn formats_that_are_refused_are_refused_before_the_work() {
    let engine = Fake::with(plan());
    for args in [
        "diff --output-format html",
        "apply --output-format html",
        "apply --output-format sarif",
        "apply --output-format github",
    ] {
        let ran = ran(&engine, args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args}");
        assert!(ran.err.contains("\n  help: "), "{}", ran.err);
    }
    assert!(engine.planned.borrow().is_none());
}

#[test]
fn options_reach_the_engine() {
    let engine = Fake::default();
    ran(
        &engine,
        "diff --select requests_to_httpx,gather_to_task_group --select all --ignore gather_to_task_group --unsafe \
         --scope function --target-version 3.12 --config x.toml --make-async a:f,C.m --keep-sync b:g,D.* --exclude a --exclude b -j 4",
    );
    let expected = Overrides {
        config: Some("x.toml".into()),
        select: Some(vec![
            "requests_to_httpx".to_string(),
            "gather_to_task_group".to_string(),
            "all".to_string(),
        ]),
        ignore: vec!["gather_to_task_group".to_string()],
        allow_unsafe: true,
        scope: Some(Scope::Function),
        seeds: Vec::new(),
        make_async: vec!["a:f".to_string(), "C.m".to_string()],
        assist: None,
        keep_sync: vec!["b:g".to_string(), "D.*".to_string()],
        target_version: Some(PythonVersion::PY312),
        exclude: vec!["a".to_string(), "b".to_string()],
    };
    assert_eq!(engine.planned.take(), Some((expected, Some(4))));
    ran(&engine, "check");
    assert_eq!(engine.planned.take(), Some((Overrides::default(), None)));
}

#[test]
fn unknown_codemods_get_the_nearest_name() {
    let engine = Fake::default();
    for args in [
        "diff --select request_to_httpx",
        "apply --ignore requests_to_http",
        "explain requests-to-httpx",
    ] {
        let ran = ran(&engine, args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args}");
        assert!(
            ran.err
                .contains("a similar value exists: 'requests_to_httpx'"),
            "{}",
            ran.err
        );
    }
    insta::assert_snapshot!(ran(&engine, "diff --select nothing_like_it").err, @r##"
    error: invalid value 'nothing_like_it' for '--select <NAME>'

      tip: run `awaitify list` to see the codemods and rules

    For more information, try '--help'.
    "##);
    // Other options keep the list of their values.
    let scope = ran(&engine, "diff --scope world").err;
    assert!(
        scope.contains("[possible values: function, project]"),
        "{scope}"
    );
}

#[test]
fn missing_paths_are_named() {
    insta::assert_snapshot!(ran(&Fake::default(), "diff . no/such other").err, @r##"
    error: no such file or directory: `no/such`, `other`
      help: check the spelling, and the directory that you are in
    "##);
}

#[test]
fn list_and_explain() {
    let engine = Fake::default();
    insta::assert_snapshot!(ran(&engine, "list").out, @r##"
    requests_to_httpx     seed       3.8+  requests to httpx
    gather_to_task_group  follower  3.11+  gather to TaskGroup
    lost-task             check            a task that nobody keeps
    "##);
    insta::assert_snapshot!(ran(&engine, "explain requests_to_httpx").out, @r##"
    # A codemod

    Rewrites `get`.

    ```python
    get()  # `x`
    ```

    ## Reasons in its reports

    - `sort-key`: the function is a sort key, which cannot be async. To do: sort the results after they are awaited.
    "##);
    let drawn = ran(&engine, "explain requests_to_httpx --color always").out;
    assert!(
        drawn.starts_with("\u{1b}[1mA codemod\u{1b}[0m\n\nRewrites \u{1b}[36mget\u{1b}[0m.\n"),
        "{drawn:?}"
    );
    assert!(
        drawn.contains("    \u{1b}[36mget()  # `x`\u{1b}[0m\n"),
        "{drawn:?}"
    );
}

#[test]
fn completions_know_the_codemods() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = ran(&Fake::default(), &format!("completions {shell}")).out;
        assert!(script.contains("awaitify"), "{shell}");
    }
    let bash = ran(&Fake::default(), "completions bash").out;
    assert!(bash.contains("gather_to_task_group"));
}

/// A stream that fails after so many bytes.
struct Broken {
    left: usize,
    kind: io::ErrorKind,
}

impl Write for Broken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.left);
        self.left -= taken;
        if taken == 0 {
            return Err(self.kind.into());
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn closed_pipes_end_quietly() {
    let engine = Fake::with(plan());
    for args in [
        "diff",
        "diff --stat",
        "diff --output-format json",
        "list",
        "explain requests_to_httpx",
        "completions zsh",
        "--help",
    ] {
        let mut out = Broken {
            left: 5,
            kind: io::ErrorKind::BrokenPipe,
        };
        let mut err = Vec::new();
        let args: Vec<&str> = ["awaitify"].into_iter().chain(args.split(' ')).collect();
        let code = run(&args, &mut out, &mut err, &engine);
        assert_eq!(code, u8::from(args[1] == "diff"), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&err), "", "{args:?}");
    }
}

#[test]
fn apply_is_told_even_where_nobody_reads_the_data() {
    let engine = Fake::with(plan());
    let mut out = Broken {
        left: 0,
        kind: io::ErrorKind::BrokenPipe,
    };
    let mut err = Broken {
        left: 0,
        kind: io::ErrorKind::BrokenPipe,
    };
    let args = ["awaitify", "apply", "--output-format", "json"];
    // A marker is left.
    assert_eq!(run(args, &mut out, &mut err, &engine), 1);
    assert_eq!(engine.applied.get(), Some((1, false)));
}

#[test]
fn a_full_disk_is_an_error() {
    let mut out = Broken {
        left: 5,
        kind: io::ErrorKind::StorageFull,
    };
    let mut err = Vec::new();
    let code = run(
        ["awaitify", "list"],
        &mut out,
        &mut err,
        &Fake::with(plan()),
    );
    assert_eq!(code, 2);
    assert!(
        String::from_utf8_lossy(&err).starts_with("error: cannot write to standard output: "),
        "{err:?}"
    );
}

#[test]
fn each_stream_decides_on_its_own_colour() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let environment = Environment {
        width: Some(72),
        ..Environment::default()
    };
    let engine = Fake::with(plan());
    // Only stdout is a terminal; were stderr one, the bar would be real.
    let args = ["awaitify", "check"];
    run_with(
        args,
        Sink::new(&mut out, true),
        Sink::new(&mut err, false),
        environment,
        &engine,
    );
    assert!(String::from_utf8_lossy(&out).contains('\u{1b}'));
    assert!(!String::from_utf8_lossy(&err).contains('\u{1b}'));
}
