//! `keep-sync` and `public-api`: functions that stay sync because the settings say so.

use crate::support::Project;

const CLIENT: &str = "\
import time


class Client:
    def fetch(self, url):
        time.sleep(1)
        return url

    def close(self):
        time.sleep(1)


def load(client: Client):
    return client.fetch(\"/a\")


def _warm():
    time.sleep(1)
";

const SETTINGS: &str = "scope = 'project'\nseeds = ['time_sleep_to_asyncio']\n";

fn project(settings: &str) -> Project {
    Project::with(&[
        ("pkg/__init__.py", ""),
        ("pkg/client.py", CLIENT),
        ("awaitify.toml", &format!("{SETTINGS}{settings}")),
    ])
}

/// The lines of a diff that define async functions.
fn defined(project: &Project, args: &str) -> Vec<String> {
    let diff = project
        .run(&format!("diff --exit-zero {args}"))
        .exits(0)
        .text();
    diff.lines()
        .filter_map(|line| line.strip_prefix('+'))
        .map(str::trim)
        .filter(|line| line.starts_with("async "))
        .map(str::to_string)
        .collect()
}

#[test]
fn named_functions_stay_sync() {
    let (load, warm) = ("async def load(client: Client):", "async def _warm():");
    let fetch = "async def fetch(self, url):";
    // Nothing in sight calls it, and nobody gets an object whose `close` they may call.
    let close = "async def close(self):";
    for (names, expected) in [
        ("'pkg.client:_warm'", &[fetch, close, load][..]),
        ("'Client.fetch'", &[close, warm]),
        ("'pkg.client:load'", &[close, warm]),
        ("'pkg.client:*'", &[]),
        ("'*.load', '*._warm'", &[close]),
    ] {
        let project = project(&format!("keep-sync = [{names}]\n"));
        assert_eq!(defined(&project, ""), expected, "{names}");
        // The command line says the same.
        let project = self::project("");
        let option = names.replace(['\'', ' '], "");
        assert_eq!(
            defined(&project, &format!("--keep-sync {option}")),
            expected
        );
    }
    let project = project("keep-sync = ['*.load']\n");
    let ran = project.run("check").exits(1);
    let reason = "info[time_sleep_to_asyncio/keep-sync]: left alone in `Client.fetch`";
    assert!(ran.text().contains(reason), "{ran}");
    assert!(
        ran.text()
            .contains("needed by `load` (pkg/client.py:13): `*.load`"),
        "{ran}"
    );
    let ran = project.run("why pkg.client:Client.fetch").exits(0);
    assert!(ran.text().contains("[keep-sync]"), "{ran}");
    // What the user wants async and sync stays sync.
    let ran = project
        .run("diff --make-async pkg.client:load --keep-sync pkg.client:load,_warm.x*,*._warm")
        .exits(2);
    assert!(
        ran.err
            .contains("error: keep-sync: no function of the project is named `_warm.x*`")
    );
    let ran = project
        .run("check --make-async pkg.client:load --keep-sync pkg.client:load,*._warm")
        .exits(1);
    assert!(ran.text().contains("info[make_async/keep-sync]"), "{ran}");
}

#[test]
fn names_that_are_not_there_are_told() {
    let project = project("keep-sync = [\n  'Client.*',\n  'pkg.client:laod',\n]\n");
    let ran = project.run("diff --exit-zero").exits(0);
    let warning = "warning: awaitify.toml:5: keep-sync: no function of the project is named `pkg.client:laod`\n  \
                   help: did you mean `pkg.client:load`?\n";
    assert!(ran.err.contains(warning), "{ran}");
    assert!(!ran.err.contains("named `Client.*`"), "{ran}");
    // No function changes colour, so no name matters.
    let ran = project.run("diff --scope function").exits(0);
    assert_eq!(ran.err.matches("keep-sync").count(), 0, "{ran}");
    let ran = project.run("diff --keep-sync Client.fecth").exits(2);
    assert!(
        ran.err
            .contains("error: keep-sync: no function of the project is named `Client.fecth`")
    );
    assert!(
        ran.err.contains("did you mean `pkg.client:Client.fetch`?"),
        "{ran}"
    );
}

#[test]
fn mistakes_in_the_settings_have_a_place() {
    for (settings, error) in [
        (
            "keep-snyc = []\n",
            "awaitify.toml:3: unknown key `keep-snyc`; did you mean `keep-sync`?",
        ),
        (
            "keep-sync = 'a:b'\n",
            "awaitify.toml:3: keep-sync must be a list of strings, found: string",
        ),
        (
            "keep-sync = ['a:b',\n1]\n",
            "awaitify.toml:4: keep-sync must be a list of strings, found: integer",
        ),
        (
            "public-api = 'kep'\n",
            "awaitify.toml:3: public-api must be \"keep\" or \"change\", not \"kep\"; did you mean `keep`?",
        ),
        (
            "public-api = true\n",
            "awaitify.toml:3: public-api must be a string, found: boolean",
        ),
        (
            "publik-api = 'keep'\n",
            "awaitify.toml:3: unknown key `publik-api`; did you mean `public-api`?",
        ),
    ] {
        let ran = project(settings).run("diff").exits(2);
        assert!(ran.err.contains(error), "{ran}");
    }
}

#[test]
fn public_names_are_kept_or_listed() {
    let project = project("public-api = 'keep'\n");
    assert_eq!(defined(&project, ""), ["async def _warm():"]);
    let ran = project.run("check").exits(1);
    let reason = "info[time_sleep_to_asyncio/public-api]: left alone in `Client.fetch`";
    assert!(ran.text().contains(reason), "{ran}");
    let ran = project.run("why Client.fetch").exits(0);
    assert!(ran.text().contains("[public-api]"), "{ran}");
    let project = self::project("public-api = 'change'\n");
    let ran = project.run("diff").exits(1);
    let listed = "3 public functions would become async; callers outside of the project must await them:\n  \
                  pkg/client.py: Client.close\n  pkg/client.py: Client.fetch\n  pkg/client.py: load\n\n\
                  1 other function would become async:\n  pkg/client.py: _warm\n";
    assert!(ran.err.contains(listed), "{ran}");
    let ran = project.run("diff --output-format json").exits(1);
    let public = "\"public\": [\n    \"pkg/client.py: Client.close\",\n    \"pkg/client.py: Client.fetch\",\n    \"pkg/client.py: load\"\n  ],";
    assert!(ran.text().contains(public), "{ran}");
}
