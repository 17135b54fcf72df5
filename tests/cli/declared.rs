//! Declarative codemods of the user: ten lines migrate a project, and every mistake has an error to act on.

use crate::support::Project;

/// The codemod of the README: ten lines.
const SDK: &str = r#"summary = "acme clients become async"

[[type]]
sync = "acme.Client"
async = "acme.aio.AsyncClient"
await = ["fetch", "store", "close"]
with = true
iterate = ["scan"]
rename = { close = "aclose" }
refuse = { in_thread = "the async client has no threads" }
"#;

const SETTINGS: &str = "[tool.awaitify]\ncodemods = [\"tools/acme_to_async.toml\"]\n";

const STORE: &str = "\
import acme


class Store:
    def __init__(self, url):
        self.client = acme.Client(url)

    def names(self):
        return [row.name for row in self.client.scan(\"*\")]

    def copy(self, old, new):
        self.client.store(new, self.client.fetch(old))

    def close(self):
        self.client.close()
";

const MAIN: &str = "\
from store import Store


def main():
    store = Store(\"acme://here\")
    store.copy(\"a\", \"b\")
    print(store.names())
    store.close()


if __name__ == \"__main__\":
    main()
";

fn project(files: &[(&str, &str)]) -> Project {
    let mut all = vec![("pyproject.toml", SETTINGS)];
    all.extend_from_slice(files);
    Project::with(&all)
}

#[test]
fn ten_lines_migrate_an_sdk() {
    assert_eq!(SDK.lines().count(), 10);
    let project = project(&[
        ("tools/acme_to_async.toml", SDK),
        ("store.py", STORE),
        ("main.py", MAIN),
    ]);
    project.run("apply --allow-dirty .").exits(0);
    assert_eq!(
        String::from_utf8_lossy(&project.read("store.py")),
        "\
import acme.aio


class Store:
    def __init__(self, url):
        self.client = acme.aio.AsyncClient(url)

    async def names(self):
        return [row.name async for row in self.client.scan(\"*\")]

    async def copy(self, old, new):
        await self.client.store(new, await self.client.fetch(old))

    async def close(self):
        await self.client.aclose()
"
    );
    assert_eq!(
        String::from_utf8_lossy(&project.read("main.py")),
        "\
import asyncio

from store import Store


async def main():
    store = Store(\"acme://here\")
    await store.copy(\"a\", \"b\")
    print(await store.names())
    await store.close()


if __name__ == \"__main__\":
    asyncio.run(main())
"
    );
    project.run("diff .").exits(0);
}

#[test]
fn its_name_is_known_to_all_commands() {
    let project = project(&[
        ("tools/acme_to_async.toml", SDK),
        ("store.py", STORE),
        ("main.py", MAIN),
    ]);
    project
        .run("list")
        .exits(0)
        .prints(&["acme_to_async", "acme clients become async"]);
    for name in ["acme_to_async", "tools/acme_to_async.toml"] {
        project.run(&format!("explain {name}")).exits(0).prints(&[
            "# acme_to_async",
            "Awaited: `close`, `fetch`, `store`",
            "`in_thread` is left: the async client has no threads",
            "`no-twin`",
        ]);
    }
    project.run("diff --select acme_to_async .").exits(1);
    project.run("diff --ignore acme_to_async .").exits(0);
    project
        .run("diff --select acme_to_asyn .")
        .exits(2)
        .tells(&["a similar value exists: 'acme_to_async'"]);
}

#[test]
fn what_the_file_does_not_name_stays_with_a_reason() {
    let text = "\
import acme


async def f():
    with acme.Client(\"x\") as client:
        client.in_thread()


async def g():
    with acme.Client(\"x\") as client:
        client.frobnicate()
";
    let project = project(&[("tools/acme_to_async.toml", SDK), ("a.py", text)]);
    project.run("diff .").exits(0).tells(&[
        "[no-twin]",
        "the async client has no threads",
        "[unknown-member]",
        "`.frobnicate()`",
    ]);
}

#[test]
fn mistakes_have_a_line_and_the_nearest_right_word() {
    let base = "summary = 's'\n[[type]]\nsync = 'a.C'\n";
    let with = |line: &str| format!("{base}{line}\n");
    let cases: &[(String, &[&str])] = &[
        (
            "summary = 's'\n[[type]\n".to_string(),
            &["tools/acme_to_async.toml:2: not valid TOML"],
        ),
        (
            with("awiat = ['get']"),
            &[".toml:4: unknown key `awiat` in [[type]]; did you mean `await`?"],
        ),
        (
            with("await = 3"),
            &[".toml:4: await must be a list of strings, found: integer"],
        ),
        (
            with("with = 'yes'"),
            &[".toml:4: with must be true or false, found: string"],
        ),
        (
            with("gives = { cursor = 'Cursor' }\n[[type]]\nname = 'Cursr'\nsync = 'a.D'"),
            &[".toml:4: gives: no [[type]] has the name `Cursor`; did you mean `Cursr`?"],
        ),
        (
            with("await = ['get']\nrename = { gett = 'fetch' }"),
            &[
                ".toml:5: rename: `gett` is in none of the lists",
                "did you mean `get`?",
            ],
        ),
        (
            with("await = ['get']\nsame = ['get']"),
            &[".toml:5: same: `get` has its colour in line 4 already"],
        ),
        (
            with("await = ['get()']"),
            &[".toml:4: await: `get()` is not the name of a member: write it without brackets"],
        ),
        (
            "summary = 's'\n[[type]]\nsync = 'Client'\n".to_string(),
            &[".toml:3: sync: `Client` is not a dotted path such as `our_sdk.Client`"],
        ),
        (
            "summary = 's'\n[[type]]\nawait = ['get']\n".to_string(),
            &[".toml:2: [[type]] has no `sync`"],
        ),
        (
            "[[type]]\nsync = 'a.C'\n".to_string(),
            &[".toml:1: `summary` is missing"],
        ),
        (
            "summary = 's'\n".to_string(),
            &[".toml:1: there is no [[type]] and no [[function]]"],
        ),
        (
            "summary = 's'\n[type]\nsync = 'a.C'\n".to_string(),
            &[".toml:2: write [[type]] with two brackets"],
        ),
        (
            with("[[type]]\nsync = 'b.C'"),
            &[".toml:5: there are two types of the name `C`: give one of them another `name`"],
        ),
        (
            with("name = 'D'\n[[type]]\nsync = 'a.C'"),
            &[".toml:6: `a.C` is declared twice"],
        ),
        (
            with("life = 'closed'"),
            &[".toml:4: life must be", "did you mean `close`?"],
        ),
        (with("pages = ['list']"), &[".toml:4: `pages` needs `page`"]),
        (
            "summary = 's'\nmin-python = '2.7'\n[[type]]\nsync = 'a.C'\n".to_string(),
            &[".toml:2: min-python: `2.7` is not a Python version"],
        ),
        (
            "summary = 's'\nname = 'Our SDK'\n[[type]]\nsync = 'a.C'\n".to_string(),
            &[".toml:2: name: `Our SDK` is not made of lower-case letters"],
        ),
        (
            "summary = 's'\nname = 'requests_to_httpx'\n[[type]]\nsync = 'a.C'\nasync = 'b.C'\n"
                .to_string(),
            &[
                "pyproject.toml:2: codemods: ",
                "there is a codemod of this name already",
            ],
        ),
        (
            "summary = 's'\n[[function]]\nsync = 'a.f'\n".to_string(),
            &[".toml:2: [[function]] has no `async`", "(or `method`"],
        ),
        (
            "summary = 's'\nrole = 'followr'\n[[type]]\nsync = 'a.C'\n".to_string(),
            &[".toml:2: role must be \"seed\"", "did you mean `follower`?"],
        ),
        (
            with("transaction = 'commit'"),
            &[".toml:4: transaction must be", "did you mean `commits`?"],
        ),
        (
            with("index = 'get(1)'"),
            &[".toml:4: index: `get(1)` is written behind the value, with one `{}`"],
        ),
        (
            with("around = 'lifespan()'"),
            &[".toml:4: around: `lifespan()` has no `{}`, which stands for the argument"],
        ),
        (
            with("takes = { give_back = 'Conn' }"),
            &[".toml:4: takes: no [[type]] has the name `Conn`"],
        ),
        (
            with("await = ['run']\narguments.run = { sql = 'in_list' }"),
            &[
                ".toml:5: sql must be \"in-list\"",
                "did you mean `in-list`?",
            ],
        ),
        (
            with("constructor = { wrap = { app = 'x' } }"),
            &[".toml:4: wrap: `x` has no `{}`"],
        ),
        (
            with("when = [{ call = 'get', argument = 'stream' }]"),
            &[".toml:4: [[type.when]] needs `call`, `argument` and `gives`"],
        ),
        (
            with("await = ['send']\npick = { send = '0' }"),
            &[".toml:5: pick: `0` is written behind the call"],
        ),
        (
            with("twin = 'b.C'"),
            &[".toml:4: unknown key `twin` in [[type]]; did you mean `async`?"],
        ),
        (
            with("iter = true"),
            &[".toml:4: unknown key `iter` in [[type]]; did you mean `for`?"],
        ),
        (
            with("async = 'a.C'"),
            &[".toml:4: async: `a.C` is the sync class itself"],
        ),
        (
            with("await = ['get']"),
            &[".toml:2: [[type]] `C` has no `async`: write the dotted path of its twin"],
        ),
        (
            with("await = ['C.get']"),
            &[".toml:4: await: write `get` for `C.get`: members are named without their class"],
        ),
        (
            with("await = ['get']\nrename = { get = 'C.aget' }"),
            &[".toml:5: rename: `C.aget` is not a name: write that of the member alone"],
        ),
        (
            with("refuse = ['run']"),
            &[".toml:4: refuse must be a table, such as { run = \"why\" }, found: array"],
        ),
        (
            "summary = 's'\nfrom = 'asynch'\n[[type]]\nsync = 'a.C'\n".to_string(),
            &[
                ".toml:2: from must be \"sync\" or \"async\"",
                "did you mean `async`?",
            ],
        ),
        (
            with("[[function]]\nsync = 'a.f'\nasync = 'b.f'\ngives = 'Connection'"),
            &[".toml:7: gives: no [[type]] has the name `Connection`; there are C"],
        ),
        (
            with("refuse = { run = ' ' }"),
            &[".toml:4: refuse: say why `run` has no twin"],
        ),
        (
            with("async = 'b.aio.C'\nimport = 'b.io'"),
            &[".toml:5: import: `b.io` is not the module that `b.aio.C` begins with"],
        ),
        (
            "summary = 's'\nexceptions = { Timeout = 'b.Timeout' }\n[[type]]\nsync = 'a.C'\n"
                .to_string(),
            &[".toml:2: exceptions: `Timeout` is not a dotted path"],
        ),
        (
            "summary = 's'\ncaught-with = { 'a.Closed' = ['Failed'] }\n[[type]]\nsync = 'a.C'\n"
                .to_string(),
            &[".toml:2: caught-with: `Failed` is not a dotted path"],
        ),
        (
            "summary = 's'\ncaught-with = ['a.Closed']\n[[type]]\nsync = 'a.C'\n".to_string(),
            &[".toml:2: caught-with must be a table"],
        ),
    ];
    for (text, words) in cases {
        let project = project(&[("tools/acme_to_async.toml", text), ("a.py", "x = 1\n")]);
        for command in ["diff .", "list"] {
            project.run(command).exits(2).tells(words);
        }
    }
    // All of them at once.
    let both = with("awiat = ['get']\nwith = 3");
    let project = project(&[("tools/acme_to_async.toml", &both), ("a.py", "x = 1\n")]);
    project
        .run("explain tools/acme_to_async.toml")
        .exits(2)
        .tells(&[".toml:4: unknown key", ".toml:5: with must be"]);
}

#[test]
fn files_that_are_not_there() {
    let project = project(&[("a.py", "x = 1\n")]);
    project
        .run("diff .")
        .exits(2)
        .tells(&["pyproject.toml:2: codemods: cannot read `tools/acme_to_async.toml`"]);
    project
        .run("explain tools/none.toml")
        .exits(2)
        .tells(&["cannot read `tools/none.toml`", "awaitify list"]);
}

#[test]
fn new_writes_a_file_that_can_be_read() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    project.run("new our_sdk").exits(0).tells(&["our_sdk.toml"]);
    project
        .run("explain our_sdk.toml")
        .exits(0)
        .prints(&["# our_sdk", "`close` becomes `aclose`"]);
    project
        .run("new our_sdk")
        .exits(2)
        .tells(&["cannot write `our_sdk.toml`", "choose another name"]);
    project
        .run("new Our-SDK")
        .exits(2)
        .tells(&["`Our-SDK` is no name of a codemod", "our_sdk_to_async"]);
    project
        .run("new requests_to_httpx")
        .exits(2)
        .tells(&["there is a codemod `requests_to_httpx` already"]);
    project
        .run("schema")
        .exits(0)
        .prints(&["json-schema.org", "\"await\""]);
}

/// The README shows the very file that migrates a project here.
#[test]
fn the_readme_shows_it() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    assert!(readme.contains(SDK), "README.md does not hold\n{SDK}");
}

#[test]
fn a_folder_with_a_readme_is_a_codemod() {
    let project = Project::with(&[
        (
            "pyproject.toml",
            "[tool.awaitify]\ncodemods = [\"tools/acme_to_async\"]\n",
        ),
        ("tools/acme_to_async/codemod.toml", SDK),
        (
            "tools/acme_to_async/README.md",
            "# acme_to_async\n\nOurs.\n",
        ),
        ("store.py", STORE),
    ]);
    project
        .run("explain acme_to_async")
        .exits(0)
        .prints(&["Ours."]);
}
