//! Finding Python, and the virtual environment of the cases.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::case::ROOT;

/// The interpreter of the virtual environment.
#[derive(Debug)]
pub struct Python {
    /// Its path.
    pub executable: PathBuf,
    /// Its version.
    pub version: (u32, u32),
}

/// The oldest Python that the cases run on: `asyncio.TaskGroup` came with it.
const OLDEST: (u32, u32) = (3, 11);

/// Newest first; `python` is the name on Windows.
const CANDIDATES: [&str; 6] = [
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3",
    "python",
];

/// Prints the version, and whether a virtual environment with pip can be made.
const PROBE: &str = "import sys, importlib.util as u\n\
    print(*sys.version_info[:2], int(all(u.find_spec(m) for m in ('venv', 'ensurepip'))))";

/// The virtual environment, made on first use. The error says what to install.
pub fn shared() -> Result<&'static Python, String> {
    static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
    PYTHON.get_or_init(make).as_ref().map_err(Clone::clone)
}

fn make() -> Result<Python, String> {
    // Beside the `tmp` folder that Cargo gives integration tests: that is the target directory.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let target = target.parent().unwrap_or(target);
    let venv = target.join("behaviour-venv");
    fs::create_dir_all(target).map_err(|error| format!("{}: {error}", target.display()))?;

    // Two test processes may come here at once. The lock goes with its process, however that ends.
    let lock_path = target.join("behaviour-venv.lock");
    let lock =
        File::create(&lock_path).map_err(|error| format!("{}: {error}", lock_path.display()))?;
    lock.lock()
        .map_err(|error| format!("cannot lock {}: {error}", lock_path.display()))?;

    let (base, version) = find()?;
    let requirements_path = Path::new(ROOT).join("requirements.txt");
    let requirements = fs::read_to_string(&requirements_path)
        .map_err(|error| format!("{}: {error}", requirements_path.display()))?;
    let python = Python {
        executable: if cfg!(windows) {
            venv.join("Scripts/python.exe")
        } else {
            venv.join("bin/python")
        },
        version,
    };
    // Made again when the requirements or the interpreter change; written last, so that a half-made one never counts.
    let wanted = format!(
        "{} {}.{}\n{requirements}",
        base.display(),
        version.0,
        version.1
    );
    let stamp = venv.join("stamp.txt");
    let usable = || probe(&python.executable).is_some_and(|(found, _)| found == version);
    if fs::read_to_string(&stamp).is_ok_and(|text| text == wanted) && usable() {
        return Ok(python);
    }
    if venv.exists() {
        fs::remove_dir_all(&venv)
            .map_err(|error| format!("cannot remove {}: {error}", venv.display()))?;
    }
    step(
        Command::new(&base).args(["-m", "venv"]).arg(&venv),
        "on Debian and Ubuntu, install the package python3-venv (or point AWAITIFY_PYTHON at another Python)",
    )?;
    step(
        Command::new(&python.executable)
            .args([
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--no-input",
                "--quiet",
                "--no-deps",
                "-r",
            ])
            .arg(&requirements_path),
        "pip needs PyPI, or a mirror or wheel folder in pip's own settings (PIP_INDEX_URL, PIP_FIND_LINKS)",
    )?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

/// The newest suitable Python on the path, or the one that `AWAITIFY_PYTHON` names.
fn find() -> Result<(PathBuf, (u32, u32)), String> {
    let named = env::var_os("AWAITIFY_PYTHON").map(PathBuf::from);
    let candidates = match &named {
        Some(path) => vec![path.clone()],
        None => CANDIDATES.iter().map(PathBuf::from).collect(),
    };
    let mut seen = Vec::new();
    for candidate in candidates {
        match probe(&candidate) {
            None => seen.push(format!("{}: does not run", candidate.display())),
            Some((version, _)) if version < OLDEST => {
                seen.push(format!(
                    "{}: is {}.{}",
                    candidate.display(),
                    version.0,
                    version.1
                ));
            }
            Some((_, false)) => {
                seen.push(format!(
                    "{}: has no venv or no ensurepip (Debian: apt install python3-venv)",
                    candidate.display()
                ));
            }
            Some((version, true)) => return Ok((candidate, version)),
        }
    }
    Err(format!(
        "The behaviour tests need Python {}.{} or newer with venv and pip, and found none.\n\
         Install one, or set AWAITIFY_PYTHON to its path.\n  {}",
        OLDEST.0,
        OLDEST.1,
        seen.join("\n  ")
    ))
}

/// The version of an interpreter, and whether it can make a virtual environment with pip.
fn probe(executable: &Path) -> Option<((u32, u32), bool)> {
    let output = Command::new(executable).args(["-c", PROBE]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text.split_whitespace().map(|word| word.parse::<u32>().ok());
    let version = (numbers.next()??, numbers.next()??);
    Some((version, numbers.next()?? == 1))
}

/// Runs one step of making the environment. There is no time limit: the first download may be slow.
fn step(command: &mut Command, remedy: &str) -> Result<(), String> {
    let what = format!("{command:?}");
    let output = command
        .output()
        .map_err(|error| format!("cannot start {what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "Making the Python environment of the behaviour tests failed.\nRemedy: {remedy}.\n{what}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}
