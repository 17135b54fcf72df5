//! `--make-async`: functions that the user names.

use crate::support::Project;

const CLIENT: &str = "\
class Client:
    def fetch(self, url):
        return url

    def send(self, url):
        return url

    @property
    def size(self):
        return 1

    def __len__(self):
        return len(self.name())

    def name(self):
        return \"client\"


class Other:
    def fetch(self, url):
        return url


def load(client: Client):
    return client.fetch(\"/a\").upper()
";

const MAIN: &str = "\
from pkg.client import Client, load


def main():
    print(load(Client()))


if __name__ == \"__main__\":
    main()
";

fn project() -> Project {
    Project::with(&[
        ("pkg/__init__.py", ""),
        ("pkg/client.py", CLIENT),
        ("main.py", MAIN),
    ])
}

/// The added lines of a diff that hold `async` or `await`, without their indentation.
fn coloured(project: &Project, args: &str) -> Vec<String> {
    let diff = project.run(&format!("diff {args}")).exits(1).text();
    diff.lines()
        .filter_map(|line| line.strip_prefix('+'))
        .map(str::trim)
        .filter(|line| line.starts_with("async ") || line.contains("await "))
        .map(str::to_string)
        .collect()
}

#[test]
fn a_function_and_its_callers() {
    let project = project();
    let load = [
        "async def main():",
        "print(await load(Client()))",
        "async def load(client: Client):",
    ];
    for name in ["pkg.client:load", "pkg.client.load", "pkg.*:load", "*.load"] {
        assert_eq!(coloured(&project, &format!("--make-async {name}")), load);
    }
    project
        .run("apply --allow-dirty --make-async pkg.client:load")
        .exits(0);
    // The function is async now: nothing is left to do, and its name is still known.
    let ran = project.run("diff --make-async pkg.client:load").exits(0);
    assert_eq!(ran.text(), "");
}

#[test]
fn methods_and_patterns() {
    let project = project();
    let fetch = [
        "async def main():",
        "print(await load(Client()))",
        "async def fetch(self, url):",
        "async def load(client: Client):",
        "return (await client.fetch(\"/a\")).upper()",
    ];
    for name in ["Client.fetch", "pkg.client:Client.fetch", "C*.f?tch"] {
        assert_eq!(coloured(&project, &format!("--make-async {name}")), fetch);
    }
    let other = ["async def fetch(self, url):", "async def send(self, url):"];
    for names in [
        "--make-async Other.fetch,Client.send",
        "--make-async Other.fetch --make-async *.send",
    ] {
        let mut lines = coloured(&project, names);
        lines.sort();
        assert_eq!(lines, other);
    }
    // A pattern does not mean special methods; what it means and cannot be is told.
    let ran = project
        .run("diff --make-async pkg.client:Client.*")
        .exits(1);
    assert!(ran.err.contains("[property]"), "{ran}");
    assert!(!ran.err.contains("Client.__len__: "), "{ran}");
}

#[test]
fn barriers_are_told_with_their_way() {
    let project = project();
    let ran = project
        .run("diff --make-async Client.name,Client.size,Client.__len__")
        .exits(0);
    assert!(ran.err.contains("[special-method]"), "{ran}");
    assert!(
        ran.err
            .contains("pkg/client.py:15:5 in Client.name: `Client.name` (pkg/client.py:15), which is needed by `Client.__len__`")
            || ran.err.contains("in Client.name: `Client.__len__`"),
        "{ran}"
    );
    assert!(
        ran.err
            .contains("pkg/client.py:9:5 in Client.size: `Client.size`"),
        "{ran}"
    );
    project
        .run("check --make-async Client.name")
        .exits(1)
        .prints(&[
            "info[make_async/special-method]: left alone in `Client.name`",
            "--> pkg/client.py:15:5",
        ]);
    let json = project
        .run("diff --output-format json --make-async Client.name,Client.send")
        .exits(1)
        .text();
    for part in [
        "\"codemod\": \"make_async\"",
        "\"function\": \"Client.send\"",
        "\"code\": \"special-method\"",
    ] {
        assert!(json.contains(part), "{json}");
    }
}

#[test]
fn a_lock_that_a_helper_holds() {
    let device = "\
import contextlib
import threading


@contextlib.contextmanager
def acquired(lock):
    lock.acquire(timeout=1)
    try:
        yield
    finally:
        lock.release()


class Device:
    def __init__(self):
        self.guard = threading.Lock()

    def stop(self):
        pass

    def start(self):
        with acquired(self.guard):
            self.stop()
";
    let project = Project::with(&[("device.py", device)]);
    let ran = project.run("diff --make-async Device.stop").exits(0);
    assert!(ran.err.contains("[lock-held]"), "{ran}");
    project.run("diff --make-async Device.start").exits(1);
}

#[test]
fn names_that_are_not_there() {
    let project = project();
    for (name, near) in [
        ("Client.fetchh", "`pkg.client:Client.fetch`"),
        ("pkg.cleint:load", "did you mean `pkg.client:load`"),
        ("load", "did you mean `pkg.client:load`"),
        ("*.nothing_like_it", "write `package.module:function`"),
        ("pkg.none:*", "write `package.module:function`"),
    ] {
        for command in ["diff", "apply", "check"] {
            let ran = project
                .run(&format!("{command} --make-async Client.send,{name}"))
                .exits(2);
            let error = format!("error: make-async: no function of the project is named `{name}`");
            assert!(ran.err.contains(&error), "{ran}");
            assert!(ran.err.contains(near), "{ran}");
            assert_eq!(ran.text(), "");
        }
    }
    assert_eq!(project.read("pkg/client.py"), CLIENT.as_bytes());
}

#[test]
fn stubs_and_generated_files_are_not_meant() {
    let project = Project::with(&[
        (
            "a.py",
            "# Code generated by hand. DO NOT EDIT.\ndef go():\n    pass\n",
        ),
        ("b.pyi", "def stay() -> None: ...\n"),
    ]);
    project.run("diff --make-async a:go .").exits(2);
    project.run("diff --make-async b:stay .").exits(2);
}

#[test]
fn the_key_and_the_scope() {
    let project = project();
    let ran = project
        .run("diff --make-async Client.send --scope function")
        .exits(2);
    assert!(ran.err.contains("drop `--scope function`"), "{ran}");
    project
        .run("diff --make-async Client.send --scope project")
        .exits(1);
    project.write("awaitify.toml", "make-async = ['Client.send']\n");
    assert_eq!(coloured(&project, ""), ["async def send(self, url):"]);
    project.run("diff --scope function").exits(2);
    project.write("awaitify.toml", "make-async = ['Client.snd']\n");
    project.run("diff").exits(2);
    project.write(
        "awaitify.toml",
        "make-async = ['Client.send']\nscope = 'function'\n",
    );
    let ran = project.run("diff").exits(2);
    assert!(ran.err.contains("awaitify.toml:2: scope"), "{ran}");
    // The command line has the last word.
    project.write("awaitify.toml", "scope = 'function'\n");
    project.run("diff --make-async Client.send").exits(1);
}
