//! A project in a temporary directory, and runs of the binary in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The binary.
pub const AWAITIFY: &str = env!("CARGO_BIN_EXE_awaitify");

/// A file with one unit.
pub const BEFORE: &str = "import time\n\n\nasync def main():\n    time.sleep(1)\n";

/// [`BEFORE`], migrated.
pub const AFTER: &str = "import asyncio\n\n\nasync def main():\n    await asyncio.sleep(1)\n";

/// A directory that goes at the end of the test.
pub struct Project {
    directory: tempfile::TempDir,
    root: PathBuf,
}

impl Project {
    /// An empty one.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        Self { directory, root }
    }

    /// One with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let project = Self::new();
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }

    pub fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// A command in the project that no configuration of the machine reaches.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.directory.path())
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CEILING_DIRECTORIES", self.root.parent().unwrap());
        command
    }

    /// Runs the binary with arguments that blanks separate.
    pub fn run(&self, args: &str) -> Ran {
        let args: Vec<&str> = args.split_whitespace().collect();
        Ran::of(
            self.command(AWAITIFY).args(&args).output().unwrap(),
            &args.join(" "),
        )
    }

    /// Runs the binary in a shell that limits its address space to so many megabytes.
    pub fn run_within(&self, megabytes: usize, args: &str) -> Ran {
        let limit = if cfg!(target_os = "linux") {
            format!("ulimit -v {} && ", megabytes * 1024)
        } else {
            String::new()
        };
        let script = format!("{limit}exec \"$0\" {args}");
        let output = self
            .command("sh")
            .args(["-c", &script, AWAITIFY])
            // Threads and arenas that are only reserved count too, and there are more of them on larger machines.
            .env("RAYON_NUM_THREADS", "2")
            .env("MALLOC_ARENA_MAX", "2")
            .output()
            .unwrap();
        Ran::of(output, args)
    }

    /// Runs the binary and gives the processor time that it took, in seconds.
    pub fn time(&self, args: &str) -> (Ran, f64) {
        // `times` prints a line for the shell and one for its children: `0m0.120s 0m0.010s`.
        let script = format!("\"$0\" {args} >out 2>err; code=$?; times; exit $code");
        let mut output = self
            .command("sh")
            .args(["-c", &script, AWAITIFY])
            .output()
            .unwrap();
        let times = String::from_utf8(output.stdout).unwrap();
        let seconds = times
            .lines()
            .nth(1)
            .unwrap()
            .split_whitespace()
            .map(|time| {
                let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
                minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
            })
            .sum();
        output.stdout = self.read("out");
        output.stderr = self.read("err");
        (Ran::of(output, args), seconds)
    }

    /// Runs git, which must succeed.
    pub fn git(&self, args: &[&str]) -> Vec<u8> {
        self.git_with(args, b"")
    }

    /// Runs git with this on its standard input.
    pub fn git_with(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = self
            .command("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("these tests need git: {error}"));
        // Git may end before it has read everything; its exit code tells.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "git {args:?}: {}\n{}",
            String::from_utf8_lossy(&output.stderr),
            input.escape_ascii().to_string().replace("\\n", "\n")
        );
        output.stdout
    }

    /// Makes a repository and commits everything.
    pub fn commit(&self) {
        if !self.path(".git").exists() {
            self.git(&["init", "-q"]);
        }
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "-q", "-m", "all"]);
    }
}

/// What a run did.
#[derive(Debug)]
pub struct Ran {
    /// `None` where a signal ended it: an overflow of the stack or a lack of memory.
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
    args: String,
}

impl Ran {
    fn of(output: Output, args: &str) -> Self {
        Self {
            code: output.status.code(),
            out: output.stdout,
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            args: args.to_string(),
        }
    }

    /// What it printed, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Checks the exit code, and that it is nobody's panic.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert!(!self.err.contains("panicked"), "{self}");
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Checks that stderr holds all of these.
    #[track_caller]
    pub fn tells(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "no {text:?} in stderr\n{self}");
        }
        self
    }

    /// Checks that stdout holds all of these.
    #[track_caller]
    pub fn prints(self, texts: &[&str]) -> Self {
        let out = self.text();
        for text in texts {
            assert!(out.contains(text), "no {text:?} in stdout\n{self}");
        }
        self
    }

    /// Checks that stdout is empty.
    #[track_caller]
    pub fn prints_nothing(self) -> Self {
        assert!(self.out.is_empty(), "{self}");
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shorten = |text: &str| text.chars().take(4_000).collect::<String>();
        write!(
            f,
            "awaitify {}: {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.args,
            self.code,
            shorten(&self.text()),
            shorten(&self.err)
        )
    }
}
