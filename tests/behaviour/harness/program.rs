//! Running commands with a time limit, and the programs of cases.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::case::{PROGRAM, ROOT};
use super::python::Python;

/// How long one run of a program, or of the binary, may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Variables that would lead requests past the loopback interface, or change what Python prints.
const REMOVED: [&str; 16] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONWARNINGS",
    "PYTHONASYNCIODEBUG",
];

/// What a finished command left behind.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Standard output, with the server's address as `BASE` and the working folder as `FOLDER`.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// How strictly a program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As its users run it.
    Plain,
    /// Errors that Python only prints (a coroutine that nobody awaited, a `__del__` that fails) end it with exit code 1,
    /// in child processes as well.
    Strict,
}

/// Runs the program of a case in `folder`, with the server at `base`.
pub fn run(python: &Python, folder: &Path, base: &str, mode: Mode) -> Result<Run, String> {
    let mut command = Command::new(&python.executable);
    command
        .args(["-W", "error::RuntimeWarning", PROGRAM])
        .current_dir(folder);
    command.env("BASE", base);
    clean(&mut command);
    // Servers that cases start for themselves.
    let mut paths = vec![Path::new(ROOT).join("harness/lib")];
    if mode == Mode::Strict {
        // Its `sitecustomize.py` runs before the program.
        paths.push(Path::new(ROOT).join("harness/strict"));
        // Child processes inherit no `-W`.
        command.env("PYTHONWARNINGS", "error::RuntimeWarning");
    }
    let paths = std::env::join_paths(paths).map_err(|error| error.to_string())?;
    command.env("PYTHONPATH", paths);
    let mut run = wait(&mut command)?;
    run.stdout = run
        .stdout
        .replace(base, "BASE")
        .replace(&*folder.to_string_lossy(), "FOLDER");
    Ok(run)
}

/// Runs a command to its end, with clean surroundings. The error says that it could not start or did not end in time.
pub fn finish(command: &mut Command) -> Result<Run, String> {
    clean(command);
    wait(command)
}

fn clean(command: &mut Command) {
    for name in REMOVED {
        command.env_remove(name);
    }
    command
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONUTF8", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
}

fn wait(command: &mut Command) -> Result<Run, String> {
    // Into files, not pipes: a full pipe would stop a program that nobody reads.
    let streams = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let (out, err) = (streams.path().join("out"), streams.path().join("err"));
    let create =
        |path: &Path| File::create(path).map_err(|error| format!("{}: {error}", path.display()));
    command
        .stdin(Stdio::null())
        .stdout(create(&out)?)
        .stderr(create(&err)?);

    let what = format!("{command:?}");
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot start {what}: {error}"))?;
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if start.elapsed() < TIME_LIMIT => thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                // It may have ended just now; either way it is gone after `wait`.
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            Err(error) => return Err(format!("cannot wait for {what}: {error}")),
        }
    };
    let read =
        |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
    let run = Run {
        code: status.and_then(|status| status.code()),
        stdout: read(&out),
        stderr: read(&err),
    };
    match status {
        Some(_) => Ok(run),
        None => Err(format!(
            "no end after {} s: {what}\nstdout so far:\n{}\nstderr so far:\n{}",
            TIME_LIMIT.as_secs(),
            run.stdout,
            run.stderr
        )),
    }
}
