//! `awaitify why`: the way to a seed, the barrier in the way, and what a place may name.

use serde_json::Value;

use crate::support::Project;

const API: &str = "\
import time

import requests


class Client:
    def fetch(self, url):
        return requests.get(url, timeout=5).json()

    def count(self, url):
        return len(requests.get(url, timeout=5).json())

    def size(self):
        return self.count('https://example.org')

    def __len__(self):
        return self.size()


def stream(url):
    return requests.get(url, timeout=5, stream=True)


async def ping(url):
    time.sleep(1)
    return requests.get(url, timeout=5).status_code
";

const LOAD: &str = "\
from app.api import Client, stream


def load(client: Client, url):
    return client.fetch(url)


def total(client: Client):
    return client.count('https://example.org/all')


def again():
    return stream('https://example.org')


def name():
    return 'x'
";

const MAIN: &str = "\
from app.api import Client
from app.load import load, name


def load_all(urls):
    client = Client()
    return [load(client, url) for url in urls]


class Job:
    def name(self):
        return name()


if __name__ == '__main__':
    load_all(['https://example.org'])
";

/// Callers above a barrier: nothing that a plan would read.
const FAR: &str = "\
from app.load import total


def report():
    print(total(None))


if __name__ == '__main__':
    report()
";

fn project() -> Project {
    Project::with(&[
        ("app/__init__.py", ""),
        ("app/api.py", API),
        ("app/load.py", LOAD),
        ("app/main.py", MAIN),
        ("app/summary.py", FAR),
    ])
}

#[test]
fn a_function_becomes_async_because_of_the_shortest_way_down() {
    let project = project();
    let expected = "\
load_all (app/main.py:5) becomes async because
  it calls load (app/main.py:7),
  which calls Client.fetch (app/load.py:5),
  which awaits requests.get (app/api.py:8; requests_to_httpx)
";
    // A name, a line in it, the line at module level that runs it.
    for place in [
        "load_all",
        "app.main.load_all",
        "app.main:load_all",
        "main:load_all",
        "app/main.py:load_all",
        "app/main.py:7",
        "./app/main.py:7:5",
        "main.py:16",
    ] {
        let ran = project.run(&format!("why {place}")).exits(0);
        assert_eq!(ran.text(), expected, "{place}");
        assert_eq!(ran.err, "", "{place}");
    }
}

#[test]
fn a_function_stays_sync_because_of_the_barrier_above() {
    let project = project();
    let barrier = "  it is needed by Client.size (app/api.py:14),
  which is needed by Client.__len__ (app/api.py:17):
  Python calls this special method itself, and does not await it [special-method]: `Client.__len__`
  help: move the blocking call into a method of another name
";
    let ran = project.run("why Client.count").exits(0);
    let expected = format!(
        "\
Client.count (app/api.py:10) stays sync:
  it would await requests.get (app/api.py:11; requests_to_httpx)
but Client.count cannot be async:
{barrier}"
    );
    assert_eq!(ran.text(), expected);
    // The line says the same, once.
    assert_eq!(project.run("why app/api.py:11").exits(0).text(), expected);
    // A caller is not blocked itself: what it calls is.
    let ran = project.run("why total").exits(0);
    assert_eq!(
        ran.text(),
        format!(
            "\
total (app/load.py:8) stays sync:
  it calls Client.count (app/load.py:9),
  which would await requests.get (app/api.py:11; requests_to_httpx)
but Client.count cannot be async:
{barrier}"
        )
    );
}

#[test]
fn callers_above_a_barrier_stay_sync_because_of_it() {
    let project = project();
    for place in ["report", "app/summary.py:9"] {
        project.run(&format!("why {place}")).exits(0).prints(&[
            "report (app/summary.py:4) stays sync:\n",
            "  it calls total (app/summary.py:5),\n",
            "  which calls Client.count (app/load.py:9),\n",
            "but Client.count cannot be async:\n",
        ]);
    }
}

#[test]
fn a_candidate_that_is_left_is_named() {
    let project = project();
    let reason = "which this use does not fit into [stream]";
    project.run("why again").exits(0).prints(&[
        "it calls stream (app/load.py:13),\n",
        "which would await requests.get (app/api.py:21; requests_to_httpx)\n",
        "but requests.get is left alone:\n",
        reason,
    ]);
    let ran = project.run("why app/api.py:21").exits(0);
    assert_eq!(ran.text().matches(reason).count(), 1, "{ran}");
    // What is async says what is in it.
    assert_eq!(
        project.run("why ping").exits(0).text(),
        "\
ping (app/api.py:24) is async already
  time.sleep (app/api.py:25; time_sleep_to_asyncio) is migrated
  requests.get (app/api.py:26; requests_to_httpx) is migrated
"
    );
}

#[test]
fn methods_of_one_colour_and_recursion_have_a_way_too() {
    let project = Project::with(&[(
        "source.py",
        "\
import requests


class Source:
    def page(self, depth):
        raise NotImplementedError


class Web(Source):
    def page(self, depth):
        if depth:
            return twice(self, depth - 1)
        return requests.get('https://example.org', timeout=5).text


def twice(source: Source, depth):
    return source.page(depth) * 2
",
    )]);
    assert_eq!(
        project.run("why twice").exits(0).text(),
        "\
twice (source.py:16) becomes async because
  it calls Source.page (source.py:17),
  which has the colour of Web.page (source.py:10),
  which awaits requests.get (source.py:13; requests_to_httpx)
"
    );
}

#[test]
fn nothing_is_an_answer() {
    let project = project();
    let nothing = "nothing that awaitify migrates needs it to be async";
    for place in ["load:name", "Job.name", "app/main.py:1"] {
        project
            .run(&format!("why {place}"))
            .exits(0)
            .prints(&[nothing]);
    }
    project
        .run("why load --ignore requests_to_httpx")
        .exits(0)
        .prints(&[nothing]);
    project
        .run("why --scope function Client.fetch")
        .exits(0)
        .prints(&["[sync-function]"]);
}

#[test]
fn what_names_several_or_nothing_is_an_error() {
    let project = project();
    project.run("why name").exits(2).prints_nothing().tells(&[
        "names several places",
        "  app.load:name\n  app.main:Job.name\n",
    ]);
    for (place, help) in [
        ("laod_all", "did you mean `load_all`?"),
        ("app.laod.load", "did you mean `app.load:load`?"),
        (
            "app/mian.py:5",
            "did you mean `app/main.py` or `app/load.py`?",
        ),
        ("Job", "did you mean `app.main:Job.name`?"),
        (
            "Client",
            "did you mean `app.api:Client.__len__` or `app.api:Client.count` or `app.api:Client.fetch`, or another?",
        ),
        ("app/main.py:99", "it has 16"),
        ("app/main.py:0", "it has 16"),
        ("\u{e9}:", "name it as"),
    ] {
        project
            .run(&format!("why {place}"))
            .exits(2)
            .prints_nothing()
            .tells(&[help]);
    }
    project
        .run("why load --output-format sarif")
        .exits(2)
        .tells(&["use text or json"]);
}

#[test]
fn scripts_read_the_same() {
    let project = project();
    let json = |place: &str| -> Value {
        let ran = project
            .run(&format!("why {place} --output-format json"))
            .exits(0);
        serde_json::from_slice(&ran.out).unwrap()
    };
    let found = json("load_all");
    assert_eq!(found["version"], 1);
    assert_eq!(found["place"], "load_all");
    let function = &found["functions"][0];
    assert_eq!(function["module"], "app.main");
    assert_eq!(function["verdict"], "becomes-async");
    assert_eq!(function["steps"][0]["function"], "load");
    assert_eq!(function["steps"][1]["place"]["file"], "app/load.py");
    assert_eq!(function["seed"]["what"], "requests.get");
    assert_eq!(function["barrier"], Value::Null);

    let blocked = json("total");
    let function = &blocked["functions"][0];
    assert_eq!(function["verdict"], "cannot-be-async");
    assert_eq!(function["barrier"]["function"], "Client.count");
    assert_eq!(function["barrier"]["code"], "special-method");
    assert_eq!(
        function["barrier"]["needed_by"][1]["function"],
        "Client.__len__"
    );

    let line = json("app/api.py:21");
    assert_eq!(line["candidates"][0]["code"], "stream");
    assert_eq!(line["functions"][0]["verdict"], "stays-sync");
}

#[test]
fn a_function_with_which_a_program_begins_runs_what_is_async_in_it() {
    let metadata = "[project]\nname = 'tool'\nversion = '1'\nscripts = { tool = 'tool:main' }\n";
    let tool = "import requests\n\n\ndef load(url):\n    return requests.get(url, timeout=5).json()\n\n\n\
                def main():\n    print(load('https://example.org'))\n";
    let project = Project::with(&[("pyproject.toml", metadata), ("tool.py", tool)]);
    project.run("why main").exits(0).prints(&[
        "begins a program: it stays sync and runs with `asyncio.run`",
        "requests.get",
    ]);
    let ran = project.run("why main --output-format json").exits(0);
    let found: Value = serde_json::from_slice(&ran.out).unwrap();
    assert_eq!(found["functions"][0]["verdict"], "runs-async");
    // What calls it must not be async, whatever else it calls.
    let twice = "def twice():\n    main()\n    print(load('https://example.org'))\n";
    let both = format!("{tool}\n\n{twice}");
    let project = Project::with(&[("pyproject.toml", metadata), ("tool.py", &both)]);
    project
        .run("why twice")
        .exits(0)
        .prints(&["runs-loop", "through `main`"]);
}

#[test]
fn a_wrapper_and_what_it_decorates_are_explained_together() {
    let tools = "import time


def slow(fn):
    def wrapper(*args):
        time.sleep(1)
        return fn(*args)

    return wrapper
";
    let work = "from tools import slow


@slow
def load(key):
    return key
";
    let project = Project::with(&[("tools.py", tools), ("work.py", work)]);
    let ran = project.run("why load --seed all").exits(0);
    assert_eq!(
        ran.text(),
        "\
load (work.py:4) becomes async because
  it has the colour of slow.wrapper (tools.py:5),
  which awaits time.sleep (tools.py:6; time_sleep_to_asyncio)
"
    );
    let work = format!("{work}\n\nsize = slow(len)\n");
    let project = Project::with(&[("tools.py", tools), ("work.py", &work)]);
    let ran = project.run("why load --seed all").exits(0);
    assert_eq!(
        ran.text(),
        "\
load (work.py:4) stays sync:
  it has the colour of slow.wrapper (tools.py:5),
  which would await time.sleep (tools.py:6; time_sleep_to_asyncio)
but load cannot be async:
  it is needed by slow.wrapper (tools.py:7):
  the function stands in for whatever its decorator decorates, and not every such function can be awaited where it is \
called [decorator-use]: `slow` is used in another way (work.py:9)
  help: use the decorator only with `@`, on functions that may become async together
"
    );
}

#[test]
fn stubs_and_overloads_are_explained_by_what_they_describe() {
    let project = Project::with(&[
        (
            "store.py",
            "import time\nfrom typing import overload\n\n\n@overload\ndef load(key: int) -> int: ...\n@overload\n\
             def load(key: str) -> str: ...\ndef load(key):\n    time.sleep(1)\n    return key\n",
        ),
        ("store.pyi", "def load(key): ...\n"),
    ]);
    for place in ["store.pyi:1", "store.py:6", "store.py:9", "store:load"] {
        let text = project
            .run(&format!("why {place} --scope project --seed all"))
            .text();
        assert!(
            text.starts_with("load (store.py:9) becomes async because"),
            "{place}: {text}"
        );
    }
}

#[test]
fn callers_that_are_no_modules_are_named() {
    let project = Project::with(&[
        (
            "store.py",
            "import time\n\n\ndef load(key):\n    \"\"\"\n    >>> load(1)\n    \"\"\"\n    time.sleep(1)\n\n\n\
             def save(key):\n    time.sleep(1)\n\n\ndef drop(key):\n    time.sleep(1)\n",
        ),
        ("pytest.ini", "[pytest]\naddopts = --doctest-modules\n"),
        (
            "test_store.py",
            "from unittest.mock import patch\n\npatch(\"store.save\", print)\n",
        ),
        (
            "study.ipynb",
            "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"from store import drop\"}]}",
        ),
    ]);
    for (name, reason, place) in [
        ("load", "[doctest]", "store.py:6, run by pytest.ini:2"),
        ("save", "[double]", "test_store.py:3"),
        ("drop", "[unread-caller]", "study.ipynb, cell 1"),
    ] {
        let text = project
            .run(&format!("why store:{name} --scope project --seed all"))
            .text();
        assert!(text.contains(reason) && text.contains(place), "{text}");
    }
}

/// A function with two barriers above it.
const TWO: &str = "\
import events
import requests


def load(url):
    return requests.get(url, timeout=5).text


class Box:
    def __len__(self):
        return len(load('a'))


def show():
    return load('b')


events.register(load)
";

#[test]
fn all_barriers_are_listed() {
    let project = Project::with(&[("api.py", TWO)]);
    let text = project.run("why load").exits(0).text();
    assert!(
        text.contains(
            "in all, 2 barriers stand in the way:\n  used-as-value, api.py:18 of load\n  special-method, api.py:10 in Box.__len__\n"
        ),
        "{text}"
    );
    let json: Value =
        serde_json::from_str(&project.run("why load --output-format json").exits(0).text())
            .unwrap();
    let function = &json["functions"][0];
    assert_eq!(function["barriers"].as_array().unwrap().len(), 2);
    assert_eq!(function["barriers"][0]["use"], true);
    assert_eq!(function["more_barriers"], false);
    // One barrier is told once.
    let text = project.run("why Box.__len__").exits(0).text();
    assert!(!text.contains("in all"), "{text}");
}

#[test]
fn a_half_unit_tells_what_it_leaves() {
    let project = Project::with(&[("api.py", TWO)]);
    let text = project.run("why load --assist 2").exits(0).text();
    assert!(text.starts_with("load (api.py:5) becomes async"), "{text}");
    assert!(
        text.ends_with(
            "under a marker each, for you to mend:\n  used-as-value, api.py:18 of load\n"
        ),
        "{text}"
    );
    let text = project.run("why Box.__len__ --assist 2").exits(0).text();
    assert!(
        text.contains("Box.__len__ (api.py:10) stays sync"),
        "{text}"
    );
    assert!(text.contains("[special-method]"), "{text}");
    assert!(text.contains("under a marker each"), "{text}");
    let text = project.run("why show --assist 2").exits(0).text();
    assert!(!text.contains("marker"), "{text}");
}

#[test]
fn special_methods_are_explained() {
    let project = Project::with(&[
        (
            "lease.py",
            "import time\n\n\nclass Lease:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *exc):\n        time.sleep(1)\n",
        ),
        (
            "kept.py",
            "import time\n\n\nclass Kept:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *exc):\n        time.sleep(1)\n",
        ),
        (
            "app.py",
            "from kept import Kept\nfrom lease import Lease\n\n\ndef run():\n    with Lease():\n        pass\n\n\ndef keep():\n    for one in [Kept()]:\n        with one:\n            pass\n",
        ),
    ]);
    let ran = project
        .run("why --scope project app.run --seed all")
        .exits(0);
    assert_eq!(
        ran.text(),
        "\
run (app.py:5) becomes async because
  it calls Lease.__exit__ (app.py:6),
  which awaits time.sleep (lease.py:9; time_sleep_to_asyncio)
"
    );
    let ran = project
        .run("why --scope project Lease.__enter__ --seed all")
        .exits(0);
    assert!(ran.text().contains("becomes async because"), "{ran}");
    let ran = project
        .run("why --scope project Kept.__exit__ --seed all")
        .exits(0);
    assert!(
        ran.text().contains("[instance-escapes]: app.py:11"),
        "{ran}"
    );
}

#[test]
fn tests_and_what_calls_them_are_explained() {
    let project = Project::with(&[
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"pytest-asyncio\"]\n",
        ),
        (
            "store.py",
            "import time\n\n\ndef load():\n    time.sleep(1)\n\n\ndef share():\n    time.sleep(1)\n",
        ),
        (
            "test_store.py",
            "import pytest\n\nimport store\n\nSCOPE = 'module'\n\n\n@pytest.fixture\ndef loaded():\n    return store.load()\n\n\n\
             @pytest.fixture(scope=SCOPE)\ndef shared():\n    return store.share()\n\n\n\
             def setup_function(function):\n    store.share()\n",
        ),
    ]);
    for (name, texts) in [
        (
            "test_store:loaded",
            ["calls load (test_store.py:10)", "store.py:5"],
        ),
        (
            "test_store:shared",
            ["[test-hook]", "the scope of the fixture is not written out"],
        ),
        (
            "test_store:setup_function",
            ["[test-hook]", "fixtures only"],
        ),
    ] {
        let text = project
            .run(&format!("why {name} --scope project --seed all"))
            .text();
        for expected in texts {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }
}

#[test]
fn what_follows_and_what_threads_run_is_explained() {
    let app = "import time\n\n\ndef follows():\n    time.sleep(1)\n\n\ndef through():\n    follows()\n\n\n\
               def key(name):\n    time.sleep(1)\n    return name\n\n\nKEYS = [key]\n\n\n\
               async def main():\n    through()\n    print(key('a'))\n";
    let project = Project::with(&[("app.py", app)]);
    project
        .run("why through --scope project")
        .exits(0)
        .prints(&["becomes async because", "it calls follows", "time.sleep"]);
    project
        .run("why main --scope project")
        .exits(0)
        .prints(&["is async already", "key (app.py:22; to_thread) is migrated"]);
}

#[test]
fn functions_that_are_kept_together_are_explained() {
    let project = Project::with(&[
        (
            "jobs.py",
            "import time\n\nTABLE = {}\n\n\ndef job(f):\n    TABLE[f.__name__] = f\n    return f\n\n\n@job\ndef load(n):\n    time.sleep(n)\n\n\n@job\ndef add(n):\n    return n + 1\n\n\ndef run(name, n):\n    return TABLE[name](n)\n",
        ),
        (
            "awaitify.toml",
            "scope = 'project'\nseeds = ['time_sleep_to_asyncio']\n",
        ),
    ]);
    let ran = project.run("why jobs:load").exits(0);
    assert!(ran.text().contains("[mixed-functions]"), "{ran}");
    assert!(ran.text().contains("`add` has nothing to await"), "{ran}");
    let ran = project.run("why jobs.py:21").exits(0);
    assert!(ran.text().contains("[mixed-functions]"), "{ran}");
}

#[test]
fn calls_that_a_method_would_not_take_are_none_of_it() {
    let store = "import time\n\n\nclass Store:\n    def fetch(self, key, *, fresh):\n        time.sleep(1)\n        return key\n\n\ndef first(store: Store):\n    return store.fetch('a', fresh=True)\n";
    let settings = "scope = 'project'\nseeds = ['time_sleep_to_asyncio']\n";
    // Without `fresh` it would raise TypeError: this is a call of something else.
    for (call, expected) in [
        ("thing.fetch('a')", "becomes async"),
        ("thing.fetch('a', fresh=False)", "[unknown-receiver]"),
        ("thing.fetch(*keys)", "[unknown-receiver]"),
    ] {
        let other = format!("def use(thing, keys):\n    return {call}\n");
        let project = Project::with(&[
            ("store.py", store),
            ("other.py", &other),
            ("awaitify.toml", settings),
        ]);
        let ran = project.run("why Store.fetch").exits(0);
        assert!(ran.text().contains(expected), "{call}: {ran}");
    }
}

#[test]
fn methods_that_others_may_call_are_explained() {
    let app = "import time\n\nimport web\n\n\nclass Page:\n    def on_get(self, request):\n        time.sleep(1)\n\n\nweb.App().add_route('/', Page())\n";
    let project = Project::with(&[
        ("app.py", app),
        (
            "awaitify.toml",
            "scope = 'project'\nseeds = ['time_sleep_to_asyncio']\n",
        ),
    ]);
    let ran = project.run("why Page.on_get").exits(0);
    assert!(ran.text().contains("[called-outside]"), "{ran}");
    assert!(ran.text().contains("app.py:11"), "{ran}");
}
