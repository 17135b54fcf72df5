//! Behaviour tests: a migrated program does what it did before.
//!
//! A case is a small Python program that runs against the real libraries and a server on the loopback interface. It is
//! run, migrated by the real binary with `awaitify apply`, and run again: standard output and exit code must be equal.
//! `tests/behaviour/README.md` says how to add one.

// I/O stays at the edges of the program; tests write the programs that they migrate.
#![allow(clippy::disallowed_methods)]

#[path = "catalogue/mod.rs"]
mod catalogue;
#[path = "behaviour/harness/mod.rs"]
mod harness;

use std::path::Path;

/// One test per folder of cases.
macro_rules! areas {
    ($($area:ident)*) => {
        $(
            #[test]
            fn $area() {
                harness::run_area(stringify!($area));
            }
        )*

        /// A folder that no test runs would look as if it passed.
        #[test]
        fn every_area_has_a_test() {
            let tested = [$(stringify!($area)),*];
            for area in harness::case::areas() {
                assert!(tested.contains(&area.as_str()), "add `{area}` to `areas!` in tests/behaviour.rs");
            }
            for area in tested {
                assert!(Path::new(harness::case::ROOT).join(area).is_dir(), "tests/behaviour/{area} is missing");
            }
        }
    };
}

areas! {
    anthropic_to_async
    boto3_to_aioboto3
    client_per_call_to_shared
    client_to_async_with
    cpu_bound_to_thread
    create_task_keeps_reference
    declared
    dnspython_to_async
    elasticsearch_to_async
    ensure_future_to_create_task
    executor_to_asyncio
    gather_to_bounded
    gather_to_taskgroup
    get_event_loop_to_running_loop
    httpx_to_async
    input_to_thread
    motor_to_pymongo
    mysql_connector_to_aio
    mysqlclient_to_aiomysql
    neo4j_to_async
    on_event_to_lifespan
    open_to_aiofiles
    openai_to_async
    opensearch_to_async
    os_to_aiofiles_os
    pathlib_to_thread
    project
    psycopg2_to_asyncpg
    psycopg2_to_psycopg
    psycopg_to_async
    pymongo_to_async
    pymysql_to_aiomysql
    queue_to_asyncio
    redis_to_redis_asyncio
    requests_to_aiohttp
    requests_to_httpx
    run_in_executor_to_thread
    run_until_complete_to_run
    sequential_awaits_to_taskgroup
    sessionmaker_to_async_sessionmaker
    slack_sdk_to_async
    smtplib_to_aiosmtplib
    socket_to_thread
    sqlalchemy_to_async
    sqlite3_to_aiosqlite
    subprocess_to_asyncio
    tempfile_to_aiofiles
    testclient_to_async
    threading_to_asyncio
    time_sleep_to_asyncio
    timeout_error_to_builtin
    urllib_to_thread
    wait_for_to_timeout
    websockets_to_asyncio
}

/// What the README of `requests_to_aiohttp` says of the two libraries was measured: it is measured again.
#[test]
fn the_facts_about_aiohttp_hold() {
    let python = harness::python::shared().unwrap_or_else(|error| panic!("{error}"));
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("codemods/requests_to_aiohttp/measure.py");
    let output = std::process::Command::new(&python.executable)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(script)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let changed: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("CHANGED"))
        .collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{changed:#?}\n{errors}");
    assert!(text.lines().count() > 200, "{text}");
}

/// The example that the README starts with: it prints the same before and after, and a second run changes nothing.
#[test]
fn the_shipped_example() {
    let python = harness::python::shared().unwrap_or_else(|error| panic!("{error}"));
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/status_board");
    let temp = tempfile::tempdir().unwrap();
    let copy = temp.path().join("status_board");
    copy_folder(&example, &copy);
    let play = || {
        let mut command = std::process::Command::new(&python.executable);
        let command = command.env("PYTHONDONTWRITEBYTECODE", "1").args([
            "-W",
            "error::RuntimeWarning",
            "-m",
            "status_board",
        ]);
        let output = command.current_dir(&copy).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && stderr.is_empty(), "{stderr}");
        String::from_utf8(output.stdout).unwrap()
    };
    let awaitify = |command: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_awaitify"))
            .args([command, "--unsafe", "."])
            .current_dir(&copy)
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let before = play();
    let (_, summary) = awaitify("apply");
    // Those that its README promises.
    let readme = std::fs::read_to_string(example.join("README.md")).unwrap();
    let promised = awaitify::codemods::CODEMODS
        .iter()
        .filter(|codemod| readme.contains(&format!("`{}`", codemod.name)));
    assert!(promised.clone().count() >= 5);
    for codemod in promised {
        assert!(
            summary.contains(codemod.name),
            "the example does not show {}:\n{summary}",
            codemod.name
        );
    }
    assert_eq!(play(), before);
    assert_eq!(awaitify("diff").0, "");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
