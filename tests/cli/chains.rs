//! Blocking chains: `check` finds async functions that reach a blocking call through sync helpers.

use serde_json::Value;

use crate::support::Project;

const API: &str = "\
import time

import requests


def fetch(url):
    return requests.get(url, timeout=5).json()


def middle(url):
    return fetch(url)


def nap():
    time.sleep(1)


def ticks():
    time.sleep(1)
    yield 1


class Client:
    def load(self, url):
        return middle(url)
";

const APP: &str = "\
import asyncio

from api import Client, nap, ticks


async def list_users(client: Client):
    return client.load('https://example.org')


async def rest():
    await asyncio.to_thread(nap)
    later = ticks()
    for tick in ticks():
        print(tick)
    return later


def sync_only():
    nap()
";

fn project() -> Project {
    Project::with(&[("api.py", API), ("app.py", APP)])
}

#[test]
fn the_chain_is_told_with_its_remedy() {
    let text = project().run("check --scope function").exits(1).text();
    assert!(
        text.contains(
            "warning[blocking-chain]: this call blocks the event loop: list_users (app.py:7) -> Client.load -> middle -> fetch -> requests.get (api.py:7)\n --> app.py:7:12\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("help: let `--scope project` turn the helpers async, or make the call through `await asyncio.to_thread(...)`"),
        "{text}"
    );
    assert!(
        text.contains("rest (app.py:13) -> ticks -> time.sleep (api.py:19)"),
        "{text}"
    );
    assert!(text.contains("--seed time_sleep_to_asyncio"), "{text}");
    // Neither a function that is handed to a thread, nor a generator that nobody iterates, nor a sync caller.
    assert_eq!(text.matches("blocking-chain").count(), 2, "{text}");
    assert!(
        text.contains("2 block the event loop through helpers"),
        "{text}"
    );
}

#[test]
fn what_the_plan_mends_is_no_finding_and_what_it_turns_async_counts() {
    let text = project().run("check --scope project").exits(1).text();
    assert!(!text.contains("list_users (app.py"), "{text}");
    assert!(text.contains("rest (app.py:13) -> ticks"), "{text}");
    let project = Project::with(&[(
        "api.py",
        "import time\n\nimport requests\n\n\ndef nap():\n    time.sleep(1)\n\n\n# awaitify: keep-sync\ndef pause():\n    global N\n    N = 1\n    nap()\n\n\n\
         def fetch(url):\n    pause()\n    return requests.get(url, timeout=5).json()\n\n\nasync def main():\n    return fetch('u')\n",
    )]);
    let text = project.run("check --scope project").exits(1).text();
    assert!(
        text.contains("fetch (api.py:18) -> pause -> nap -> time.sleep (api.py:7)"),
        "{text}"
    );
    assert!(!text.contains("main (api.py"), "{text}");
}

#[test]
fn the_other_formats_carry_it() {
    let project = project();
    let json: Value = serde_json::from_str(
        &project
            .run("check --scope function --output-format json")
            .exits(1)
            .text(),
    )
    .unwrap();
    let chain = &json["chains"][0];
    assert_eq!(chain["function"], "list_users");
    assert_eq!(chain["place"]["line"], 7);
    assert_eq!(chain["through"][0]["function"], "Client.load");
    assert_eq!(chain["through"][2]["line"], 6);
    assert_eq!(chain["what"], "requests.get");
    assert_eq!(chain["end"]["file"], "api.py");
    assert_eq!(json["counts"]["chains"], 2);
    let github = project
        .run("check --scope function --output-format github")
        .exits(1)
        .text();
    assert!(
        github
            .contains("::warning file=app.py,line=7,col=12,title=blocking-chain::this call blocks"),
        "{github}"
    );
    let sarif = project
        .run("check --scope function --output-format sarif")
        .exits(1)
        .text();
    assert!(sarif.contains("\"ruleId\": \"blocking-chain\""), "{sarif}");
    // Only `check` looks for them.
    let diff = project
        .run("diff --scope function --output-format json")
        .exits(0)
        .text();
    let json: Value = serde_json::from_str(&diff).unwrap();
    assert_eq!(json["chains"], Value::Array(Vec::new()));
}

#[test]
fn a_comment_hides_one() {
    let project = Project::with(&[(
        "a.py",
        "import time\n\n\ndef nap():\n    time.sleep(1)\n\n\nasync def main():\n    nap()  # awaitify: ignore[blocking-chain]\n    \
         # awaitify: ignore\n    nap()\n    await main()\n",
    )]);
    let ran = project.run("check --scope function").exits(0);
    assert!(ran.text().starts_with("No findings"), "{ran}");
    assert_eq!(ran.err, "");
    // The blocking call itself may be left on purpose as well.
    let project = Project::with(&[
        (
            "a.py",
            "import time\n\n\ndef nap():\n    time.sleep(0)  # awaitify: ignore\n",
        ),
        (
            "b.py",
            "from a import nap\n\n\nasync def main():\n    nap()\n    await main()\n",
        ),
    ]);
    project.run("check --scope function").exits(0);
}

#[test]
fn odd_ways_end() {
    // Recursion, methods by `self`, star imports, an alias, a decorator, a lambda, a nested function.
    let project = Project::with(&[
        (
            "pkg/__init__.py",
            "from .low import *\nfrom .low import nap as doze\n",
        ),
        (
            "pkg/low.py",
            "import functools\nimport time as clock\n\n\n@functools.lru_cache\ndef nap():\n    clock.sleep(1)\n\n\n\
             def again(n):\n    if n:\n        return again(n - 1)\n    nap()\n\n\n\
             class Low:\n    def __init__(self):\n        self.one()\n\n    def one(self):\n        again(3)\n",
        ),
        (
            "top.py",
            "import pkg\nfrom pkg import doze, again as repeat\n\n\nasync def a():\n    pkg.again(1)\n\n\nasync def b():\n    doze()\n\n\n\
             async def c():\n    def inner():\n        repeat(2)\n    inner()\n    return lambda: repeat(3)\n\n\n\
             async def d(low: pkg.Low):\n    low.one()\n",
        ),
    ]);
    let text = project.run("check --scope function").exits(1).text();
    for chain in [
        "a (top.py:6) -> again -> nap -> clock.sleep (pkg/low.py:7)",
        "b (top.py:10) -> nap -> clock.sleep",
        "c (top.py:16) -> c.inner -> again -> nap -> ",
        "d (top.py:21) -> Low.one -> again -> nap -> ",
    ] {
        assert!(text.contains(chain), "no {chain}\n{text}");
    }
    assert_eq!(text.matches("blocking-chain").count(), 4, "{text}");
}
