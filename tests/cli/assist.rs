//! `--assist N`: half units, with a marker at each barrier that they leave; and the list of what is in the way.

use serde_json::Value;

use crate::support::Project;

const API: &str = "\
import requests


def load(url):
    return requests.get(url, timeout=5).text


def show(url):
    print(load(url))
";

const APP: &str = "\
import events

from api import load, show


def setup():
    if load:
        events.register(
            'tick',
            load,  # every second
        )


def main():
    setup()
    show('https://example.org')


if __name__ == '__main__':
    main()
";

fn project() -> Project {
    Project::with(&[("api.py", API), ("app.py", APP)])
}

fn text(project: &Project, name: &str) -> String {
    String::from_utf8(project.read(name)).unwrap()
}

/// Every line of the project's files that is a marker, without its indentation.
fn markers(project: &Project, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| {
            text(project, name)
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with("# awaitify: blocked"))
                .map(str::to_string)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn without_it_no_half_unit_is_written() {
    let project = project();
    let ran = project.run("diff --scope project").exits(0);
    assert_eq!(ran.text(), "");
    let talk = ran.err.as_str();
    assert!(
        talk.contains(
            "In the way, the fewest barriers first:\n  1 barrier stands before 1 site: used-as-value, app.py:10 of load\n"
        ),
        "{talk}"
    );
    assert!(talk.contains("`--assist 1`"), "{talk}");
}

#[test]
fn one_foreign_callback_gets_one_marker() {
    let project = project();
    let ran = project.run("apply --allow-dirty --assist 1").exits(1);
    let talk = ran.err.as_str();
    assert!(
        talk.contains("Half migrated, 1 marker for you to mend and remove:\n  app.py:"),
        "{talk}"
    );
    assert_eq!(
        markers(&project, &["api.py", "app.py"]),
        ["# awaitify: blocked: used-as-value: `load` is async now, and is used as a value here"]
    );
    let app = text(&project, "app.py");
    // Above the statement, with its indentation; the statement is as it was.
    assert!(
        app.contains("        # awaitify: blocked: used-as-value: `load` is async now, and is used as a value here\n        events.register(\n            'tick',\n            load,  # every second\n        )\n"),
        "{app}"
    );
    assert!(app.contains("await show("), "{app}");
    assert!(text(&project, "api.py").contains("async def load(url):"));

    // A second run is empty, and the exit code says that something is left to do, with the option and without.
    for args in ["diff --assist 1", "diff", "diff --scope project"] {
        let ran = project.run(args).exits(1);
        assert_eq!(ran.text(), "", "{args}");
        assert!(ran.err.contains("1 marker to mend"), "{args}");
    }
    project.run("apply --allow-dirty --assist 1").exits(1);
    project.run("check").exits(1);
    project.run("check --exit-zero").exits(0);

    let mended: String = app
        .lines()
        .filter(|line| !line.contains("awaitify: blocked"))
        .map(|line| format!("{line}\n"))
        .collect();
    project.write("app.py", mended);
    project.run("check").exits(0);
    let ran = project.run("diff --assist 1").exits(0);
    assert_eq!(ran.text(), "");
}

#[test]
fn a_function_that_stays_sync_keeps_its_calls() {
    let project = Project::with(&[(
        "box.py",
        "import requests\n\n\nclass Box:\n    @property\n    # the text\n    def text(self):\n        return self.load('a').upper()\n\n    \
         def load(self, url):\n        return requests.get(url, timeout=5).text\n\n    def __len__(self):\n        return len(self.load('b'))\n\n    \
         def show(self):\n        print(self.load('c'))\n",
    )]);
    let ran = project.run("diff --assist 1").exits(0);
    assert_eq!(ran.text(), "");
    project.run("apply --allow-dirty --assist 2").exits(1);
    assert_eq!(
        text(&project, "box.py"),
        "import httpx\n\n\nclass Box:\n    # awaitify: blocked: property: who reads `Box.text` does not await it\n    \
         @property\n    # the text\n    def text(self):\n        return self.load('a').upper()\n\n    \
         async def load(self, url):\n        async with httpx.AsyncClient(timeout=None, follow_redirects=True, max_redirects=30) as client:\n            \
         return (await client.get(url, timeout=5)).text\n\n    \
         # awaitify: blocked: special-method: Python does not await `Box.__len__`\n    def __len__(self):\n        return len(self.load('b'))\n\n    \
         async def show(self):\n        print(await self.load('c'))\n"
    );
    let ran = project.run("diff --assist 2").exits(1);
    assert_eq!(ran.text(), "");
}

#[test]
fn what_the_user_pinned_and_what_holds_the_site_itself_is_never_half_done() {
    for text in [
        "import requests\n\n\ndef load(url):\n    return requests.get(url, timeout=5).text\n\n\n# awaitify: keep-sync\ndef show(url):\n    print(load(url))\n",
        "import functools\n\nimport requests\n\n\n@functools.lru_cache\ndef load(url):\n    return requests.get(url, timeout=5).text\n",
    ] {
        let project = Project::with(&[("api.py", text)]);
        let ran = project.run("diff --assist 9").exits(0);
        assert_eq!(ran.text(), "");
        assert!(!ran.err.contains("--assist"), "{}", ran.err);
    }
}

#[test]
fn a_marked_barrier_stands_before_no_other_unit() {
    // `save` waits for a second barrier: together they are more than one, until the first is accepted for `load`.
    let project = Project::with(&[(
        "api.py",
        "import events\nimport requests\n\n\ndef load(url):\n    return requests.get(url, timeout=5).text\n\n\n\
         def save(url):\n    return requests.post(url, timeout=5).text\n\n\n\
         def both(url):\n    return load(url) + save(url)\n\n\nevents.register(both)\nevents.register(save)\n",
    )]);
    project.run("apply --allow-dirty --assist 1").exits(1);
    assert_eq!(
        markers(&project, &["api.py"]),
        [
            "# awaitify: blocked: used-as-value: `both` is async now, and is used as a value here",
            "# awaitify: blocked: used-as-value: `save` is async now, and is used as a value here",
        ]
    );
    let ran = project.run("diff --assist 1").exits(1);
    assert_eq!(ran.text(), "");
}

#[test]
fn a_marker_in_place_lets_its_unit_pass_and_without_it_the_finding_is_back() {
    let api = "\
import events
import requests


def load(url):
    return requests.get(url, timeout=5).text


# awaitify: blocked: used-as-value: later
events.register(load)
events.register_all([load])
";
    let project = Project::with(&[("api.py", api)]);
    // Marked, and yet no half unit without the option.
    let ran = project.run("diff --scope project").exits(1);
    assert_eq!(ran.text(), "");
    let diff = project.run("diff --assist 1").exits(1).text();
    assert_eq!(diff.matches("+# awaitify: blocked").count(), 1, "{diff}");
    project.write(
        "api.py",
        api.replace("# awaitify: blocked: used-as-value: later\n", ""),
    );
    let ran = project.run("diff --assist 1").exits(0);
    assert_eq!(ran.text(), "");
    assert!(
        ran.err.contains("2 barriers stand before 1 site:\n"),
        "{}",
        ran.err
    );
}

#[test]
fn only_comments_are_markers() {
    let project = Project::with(&[(
        "a.py",
        "TEXT = '''\n# awaitify: blocked: x: no\n'''\n# see awaitify: blocked for this\n# awaitify: blockedness\n",
    )]);
    project.run("check").exits(0);
    // In a file that cannot be parsed, a line counts as what it looks like.
    project.write(
        "a.py",
        "def f(:\n    # awaitify: blocked: lambda: mend me\n    pass\n",
    );
    let ran = project.run("check").exits(1);
    assert!(ran.text().contains("blocked/lambda"), "{}", ran.text());
}

#[test]
fn markers_are_findings_in_every_format() {
    let project = Project::with(&[(
        "a.py",
        "def f(g):\n    return g()  # awaitify: blocked: unknown-receiver: `C.g` is async now\n",
    )]);
    let text = project.run("check").exits(1).text();
    assert!(
        text.contains("warning[blocked/unknown-receiver]: half migrated: `C.g` is async now\n"),
        "{text}"
    );
    assert!(text.contains("--> a.py:2:17\n"), "{text}");
    let github = project.run("check --output-format github").exits(1).text();
    assert_eq!(
        github,
        "::warning file=a.py,line=2,col=17,title=blocked/unknown-receiver::half migrated: `C.g` is async now; mend the code below, then remove the comment\n"
    );
    let sarif: Value =
        serde_json::from_str(&project.run("check --output-format sarif").exits(1).text()).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"][0]["ruleId"],
        "blocked/unknown-receiver"
    );
    let json: Value =
        serde_json::from_str(&project.run("check --output-format json").exits(1).text()).unwrap();
    assert_eq!(json["markers"][0]["code"], "unknown-receiver");
    assert_eq!(json["markers"][0]["new"], false);
    assert_eq!(json["counts"]["markers"], 1);
}

#[test]
fn the_list_groups_sites_by_what_is_in_the_way() {
    let mut api = String::from("import events\nimport requests\n\n\n");
    for number in 0..3 {
        api.push_str(&format!(
            "def load_{number}(url):\n    return requests.get(url, timeout=5).text\n\n\n"
        ));
    }
    api.push_str(
        "def lone(url):\n    return requests.get(url, timeout=5).text\n\n\n\
         def all_three(url):\n    return load_0(url) + load_1(url) + load_2(url)\n\n\n\
         events.register(all_three)\nevents.register(lone)\nevents.again(lone)\n",
    );
    let project = Project::with(&[("api.py", &api)]);
    let ran = project
        .run("diff --scope project --output-format json")
        .exits(0);
    let json: Value = serde_json::from_str(&ran.text()).unwrap();
    let groups: Vec<(usize, u64, bool)> = json["waiting"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group["barriers"].as_array().unwrap().len(),
                group["sites"].as_u64().unwrap(),
                group["more"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(groups, [(1, 3, false), (2, 1, false)]);
    let talk = &project.run("diff --scope project").exits(0).err;
    assert!(
        talk.contains("  1 barrier stands before 3 sites: used-as-value, api.py:"),
        "{talk}"
    );
    let check = project.run("check --scope project").exits(1).text();
    assert!(check.contains("1 barrier stands before 3 sites"), "{check}");
}

#[test]
fn it_cannot_go_with_the_scope_of_one_function() {
    let project = project();
    let ran = project.run("diff --assist 1 --scope function").exits(2);
    assert!(ran.err.contains("half units"), "{}", ran.err);
    project.run("diff --assist 0").exits(2);
}

#[test]
fn the_configuration_may_ask_for_it() {
    let project = project();
    project.write("awaitify.toml", "assist = 1\n");
    project.run("diff").exits(1);
    project.write("awaitify.toml", "assist = 0\n");
    assert!(project.run("diff").exits(2).err.contains("assist"));
    project.write("awaitify.toml", "assist = 1\nscope = 'function'\n");
    assert!(project.run("diff").exits(2).err.contains("assist"));
}

#[test]
fn a_call_that_stays_asks_nothing_of_its_caller() {
    // Both callers hold nothing but a call that cannot be awaited: they stay sync, and one of them has to.
    let project = Project::with(&[(
        "api.py",
        "import requests\n\n\ndef load(url):\n    return requests.get(url, timeout=5).text\n\n\n\
         def first(urls):\n    return next(load(url) for url in urls)\n\n\n\
         class Box:\n    def __bool__(self):\n        return bool(next(load(url) for url in 'ab'))\n",
    )]);
    project.run("apply --allow-dirty --assist 2").exits(1);
    let api = text(&project, "api.py");
    assert_eq!(api.matches("async def").count(), 1, "{api}");
    assert_eq!(
        api.matches("# awaitify: blocked: generator-expression: ")
            .count(),
        2,
        "{api}"
    );
    let ran = project.run("diff --assist 2").exits(1);
    assert_eq!(ran.text(), "");
}
