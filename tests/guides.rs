//! The guides that the project grew from: each *bad* example of the patterns that awaitify migrates becomes its *good* one.
//!
//! The guides leave imports and surroundings out; here they are complete modules. Where the guide's good example differs in
//! more than its form (a bare `httpx.AsyncClient()`, which times out and follows no redirects), the faithful form stands
//! here, and the bare one is what `http-style = "idiomatic"` writes.

// I/O stays at the edges of the program; tests write the files that they migrate.
#![allow(clippy::disallowed_methods)]

use std::fs;

use awaitify::codemod::Codemod;
use awaitify::codemods::CODEMODS;
use awaitify::config::{Config, HttpStyle};
use awaitify::pipeline::{self, Render, Request};
use awaitify::rules::RULES;

fn migrate(text: &str, style: HttpStyle) -> String {
    // The guides ask for each of them by name.
    let default = CODEMODS.iter().copied();
    let default = default.filter(|codemod| !codemod.role.is_opt_in());
    migrate_with(
        text,
        style,
        style == HttpStyle::Idiomatic,
        default.collect(),
    )
}

/// What one codemod that runs only where it is named makes of a text.
fn opted_in(text: &str, name: &str) -> String {
    let named = CODEMODS.iter().copied();
    let named = named.filter(|codemod| codemod.name == name).collect();
    migrate_with(text, HttpStyle::Faithful, true, named)
}

fn migrate_with(
    text: &str,
    style: HttpStyle,
    allow_unsafe: bool,
    codemods: Vec<&'static Codemod>,
) -> String {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("guide.py");
    fs::write(&file, text).unwrap();
    let config = Config {
        root: temp.path().to_path_buf(),
        http_style: style,
        allow_unsafe,
        ..Config::default()
    };
    let plan = pipeline::plan(&Request {
        paths: &[file],
        config: &config,
        telling: Vec::new(),
        named: codemods.iter().map(|codemod| codemod.name).collect(),
        codemods,
        seeds: Vec::new(),
        jobs: Some(1),
        progress: None,
        render: Render::All,
        explain: None,
        chains: false,
        rules: Vec::new(),
    })
    .unwrap();
    plan.files.first().map_or_else(
        || text.to_string(),
        |change| String::from_utf8(change.after.clone()).unwrap(),
    )
}

/// The rules of `check` that a text breaks, each with its line.
fn breaks(text: &str) -> Vec<(&'static str, u32)> {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("guide.py");
    fs::write(&file, text).unwrap();
    let config = Config {
        root: temp.path().to_path_buf(),
        ..Config::default()
    };
    let plan = pipeline::plan(&Request {
        paths: &[file],
        config: &config,
        codemods: CODEMODS.to_vec(),
        telling: Vec::new(),
        named: Vec::new(),
        seeds: Vec::new(),
        jobs: Some(1),
        progress: None,
        render: Render::All,
        explain: None,
        chains: true,
        rules: RULES.to_vec(),
    })
    .unwrap();
    plan.advice
        .iter()
        .map(|advice| (advice.rule, advice.place.line))
        .collect()
}

fn becomes(bad: &str, good: &str) {
    assert_eq!(migrate(bad, HttpStyle::Faithful), good);
}

/// "Blocking the Event Loop"
#[test]
fn blocking_the_event_loop() {
    let bad = "\
import time

import requests

url = 'https://api.example.com'


async def bad_example():
    time.sleep(1)  # Blocks event loop!
    requests.get(url)  # Blocks event loop!
";
    becomes(
        bad,
        "\
import asyncio

import httpx

url = 'https://api.example.com'


async def bad_example():
    await asyncio.sleep(1)  # Blocks event loop!
    async with httpx.AsyncClient(timeout=None, follow_redirects=True, max_redirects=30) as client:
        await client.get(url)  # Blocks event loop!
",
    );
    assert_eq!(
        migrate(bad, HttpStyle::Idiomatic),
        "\
import asyncio

import httpx

url = 'https://api.example.com'


async def bad_example():
    await asyncio.sleep(1)  # Blocks event loop!
    async with httpx.AsyncClient() as client:
        await client.get(url)  # Blocks event loop!
"
    );
}

/// "Sync file I/O in async code"
#[test]
fn sync_file_io_in_async_code() {
    becomes(
        "\
async def bad():
    with open(\"file.txt\") as f:  # Blocks!
        return f.read()
",
        "\
import aiofiles


async def bad():
    async with aiofiles.open(\"file.txt\") as f:  # Blocks!
        return await f.read()
",
    );
}

/// "Avoid Blocking Operations", "Blocking call in async function", "Avoid blocking": three guides
#[test]
fn time_sleep() {
    becomes(
        "\
import time


# Bad: Blocking operations in async function
async def process_user(user_id: int):
    time.sleep(5)  # Blocks the event loop!
    user = await get_user(user_id)
    return user


async def bad_blocking() -> None:
    \"\"\"This blocks the event loop.\"\"\"
    time.sleep(2.0)  # BLOCKS!
    print(\"Done\")
",
        "\
import asyncio


# Bad: Blocking operations in async function
async def process_user(user_id: int):
    await asyncio.sleep(5)  # Blocks the event loop!
    user = await get_user(user_id)
    return user


async def bad_blocking() -> None:
    \"\"\"This blocks the event loop.\"\"\"
    await asyncio.sleep(2.0)  # BLOCKS!
    print(\"Done\")
",
    );
}

/// "gather - Run multiple tasks concurrently" and "TaskGroup - Better error handling"
#[test]
fn gather_with_several_calls() {
    becomes(
        "\
import asyncio


async def fetch_data(path):
    return path


async def main():
    # Run all concurrently, wait for all
    results = await asyncio.gather(
        fetch_data(\"/users\"),
        fetch_data(\"/posts\"),
        fetch_data(\"/comments\"),
    )
    users, posts, comments = results
",
        "\
import asyncio


async def fetch_data(path):
    return path


async def main():
    # Run all concurrently, wait for all
    async with asyncio.TaskGroup() as tg:
        tasks = [
            tg.create_task(fetch_data(\"/users\")),
            tg.create_task(fetch_data(\"/posts\")),
            tg.create_task(fetch_data(\"/comments\")),
        ]
    results = [t.result() for t in tasks]
    users, posts, comments = results
",
    );
}

/// "Concurrent Operations"
#[test]
fn gather_of_a_list() {
    becomes(
        "\
import asyncio


async def fetch_data(url):
    return url


async def fetch_multiple_urls():
    urls = [\"url1\", \"url2\", \"url3\"]
    tasks = [fetch_data(url) for url in urls]
    results = await asyncio.gather(*tasks)
    return results
",
        "\
import asyncio


async def fetch_data(url):
    return url


async def fetch_multiple_urls():
    urls = [\"url1\", \"url2\", \"url3\"]
    tasks = [fetch_data(url) for url in urls]
    async with asyncio.TaskGroup() as tg:
        running = [tg.create_task(coro) for coro in tasks]
    results = [t.result() for t in running]
    return results
",
    );
}

/// "Async Database Connections", "Use Async Drivers"
#[test]
fn sessionmaker_of_async_sessions() {
    becomes(
        "\
from sqlalchemy.ext.asyncio import create_async_engine, AsyncSession
from sqlalchemy.orm import sessionmaker

engine = create_async_engine(
    \"postgresql+asyncpg://user:password@localhost/dbname\"
)

AsyncSessionLocal = sessionmaker(
    engine, class_=AsyncSession, expire_on_commit=False
)


async def get_user(user_id: int):
    async with AsyncSessionLocal() as session:
        result = await session.execute(
            select(User).where(User.id == user_id)
        )
        return result.scalar_one_or_none()
",
        "\
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    \"postgresql+asyncpg://user:password@localhost/dbname\"
)

AsyncSessionLocal = async_sessionmaker(
    engine, expire_on_commit=False
)


async def get_user(user_id: int):
    async with AsyncSessionLocal() as session:
        result = await session.execute(
            select(User).where(User.id == user_id)
        )
        return result.scalar_one_or_none()
",
    );
}

/// "DON'T: Use async for CPU-bound tasks"
#[test]
fn cpu_bound_work() {
    let bad = "\
async def cpu_intensive():
    return sum(i**2 for i in range(1000000))
";
    assert!(breaks(bad).contains(&("cpu-bound", 2)));
}

/// "Exception Handling", and "Creating tasks without awaiting"
#[test]
fn silent_failures() {
    let bad = "\
import asyncio


async def bad_error_handling():
    task = asyncio.create_task(risky_operation())
    # Task exception will be lost if not awaited


async def bad():
    asyncio.create_task(work())  # Fire and forget = lost errors
";
    let found = breaks(bad);
    assert!(found.contains(&("lost-task", 5)), "{found:?}");
    assert!(found.contains(&("lost-task", 10)), "{found:?}");
}

/// "Context Manager Issues"
#[test]
fn context_manager_without_async() {
    let bad = "\
from contextlib import asynccontextmanager


@asynccontextmanager
async def async_resource():
    yield


async def bad_context():
    with async_resource():  # Missing 'async'
        pass
";
    assert!(breaks(bad).contains(&("sync-with", 10)));
}

/// "Forgetting `await`"
#[test]
fn forgotten_await() {
    let bad = "\
import asyncio


async def fetch_data():
    await asyncio.sleep(0)


async def bad_example():
    result = fetch_data()  # Returns coroutine, not result
    print(result)  # <coroutine object>
";
    assert_eq!(breaks(bad), [("unawaited-coroutine", 9)]);
}

/// "Mixing sync and async"
#[test]
fn async_called_from_sync() {
    let bad = "\
def bad_sync():
    result = await async_function()  # Syntax error


async def async_function():
    pass
";
    assert_eq!(breaks(bad), [("await-outside-async", 2)]);
}

/// "Not closing resources", and "Always Use Async Context Managers"
#[test]
fn client_that_is_not_closed() {
    let bad = "\
import httpx


async def bad_fetch(url: str):
    client = httpx.AsyncClient()
    response = await client.get(url)
    return response.json()
";
    assert!(breaks(bad).contains(&("unclosed-resource", 5)));
    assert_eq!(
        opted_in(bad, "client_to_async_with"),
        "\
import httpx


async def bad_fetch(url: str):
    async with httpx.AsyncClient() as client:
        response = await client.get(url)
        return response.json()
"
    );
}

/// "Overusing async"
#[test]
fn async_for_a_simple_task() {
    let bad = "\
async def bad_calculate(n: int) -> int:
    # No I/O, no benefit from async
    return sum(range(n))
";
    assert_eq!(breaks(bad), [("async-without-await", 1)]);
}

/// "Use asyncio.gather() for Concurrent Operations"
#[test]
fn sequential_execution() {
    let bad = "\
async def all_of_them(urls):
    results = []
    for url in urls:
        result = await fetch_data(url)
        results.append(result)
    return results
";
    assert_eq!(breaks(bad), [("sequential-awaits", 4)]);
    let known = "\
import httpx


async def fetch_data(url):
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).text


";
    assert_eq!(
        opted_in(&format!("{known}{bad}"), "sequential_awaits_to_taskgroup"),
        "\
import asyncio

import httpx


async def fetch_data(url):
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).text


async def all_of_them(urls):
    semaphore = asyncio.Semaphore(10)

    async def bounded(url):
        async with semaphore:
            return await fetch_data(url)

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(bounded(url)) for url in urls]
    results = [t.result() for t in tasks]
    return results
"
    );
}

/// "Async All The Way"
#[test]
fn sync_database_session() {
    let bad = "\
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.models import User

app = FastAPI()


# Bad: Blocking database operation
def get_user(db: Session, user_id: int):
    return db.query(User).filter(User.id == user_id).first()


@app.get('/users/{user_id}')
async def read_user(user_id: int, db: Session):
    return get_user(db, user_id)
";
    let found = breaks(bad);
    assert!(found.contains(&("sync-session", 11)), "{found:?}");
}

/// `tests/guides.md` lists every test here, and no other.
#[test]
fn the_table_is_complete() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/");
    let table = fs::read_to_string(format!("{root}guides.md")).unwrap();
    let code = fs::read_to_string(format!("{root}guides.rs")).unwrap();
    let mut listed: Vec<&str> = table
        .lines()
        .filter_map(|line| line.rsplit("| `").next()?.strip_suffix("` |"))
        .collect();
    listed.sort_unstable();
    listed.dedup();
    let mut tests: Vec<&str> = code
        .split("#[test]\nfn ")
        .skip(1)
        .filter_map(|rest| rest.split("()").next())
        .filter(|name| *name != "the_table_is_complete")
        .collect();
    tests.sort_unstable();
    assert_eq!(listed, tests);
}
