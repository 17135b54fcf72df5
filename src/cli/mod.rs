//! The command line: arguments in, text and an exit code out.
//!
//! Data (diffs, findings, JSON, lists) goes to stdout; talk (the summary, problems, progress) to stderr. The exit code
//! is 0 where there is nothing to do or all was applied, 1 where there are changes or findings, or a migration is half done,
//! 2 for an error.

mod args;
pub mod engine;
mod explain;
mod progress;
mod stream;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::AutoStream;
use clap::error::ErrorKind;

use self::args::{Cli, Command, Format, ListFormat, PlanArgs, WhyArgs};
use self::engine::{
    ApplyRequest, Awaitify, CodemodInfo, Engine, Failure, Overrides, Progress, Request, RuleInfo,
    Scope,
};
use self::progress::Bar;
pub use self::stream::{Environment, Sink};
use crate::declare;
use crate::plan::{Plan, Severity};
use crate::report::{self, Look, PlanCommand, Verbosity};
use crate::why::{Answer, Explained};

/// Nothing to do, or all done.
const DONE: u8 = 0;
/// Changes or findings.
const FOUND: u8 = 1;
/// An error.
const ERROR: u8 = 2;

/// How many of the places that a name may mean are listed.
const CHOICES: usize = 20;

/// The widths to draw source lines at, in columns.
const WIDTHS: (usize, usize) = (60, 200);

/// Runs the program with the arguments, streams and environment of the process.
pub fn main() -> ExitCode {
    let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
    let (out_terminal, err_terminal) = (stdout.is_terminal(), stderr.is_terminal());
    // `always` leaves the decision on colour to us, and translates it for old Windows consoles. stderr is not locked:
    // the progress bar writes to it from another thread.
    let stdout = BufWriter::new(AutoStream::always(stdout.lock()));
    let stderr = AutoStream::always(stderr);
    let code = run_with(
        std::env::args_os(),
        Sink::new(stdout, out_terminal),
        Sink::new(stderr, err_terminal),
        Environment::read(),
        &Awaitify,
    );
    ExitCode::from(code)
}

/// Runs a command and gives its exit code; neither stream is a terminal. `args` begins with the program's name.
pub fn run(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    engine: &dyn Engine,
) -> u8 {
    run_with(
        args,
        Sink::new(stdout, false),
        Sink::new(stderr, false),
        Environment::default(),
        engine,
    )
}

/// Like [`run`], on streams that may be terminals.
pub fn run_with<'a>(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    stdout: Sink<'a>,
    stderr: Sink<'a>,
    environment: Environment,
    engine: &'a dyn Engine,
) -> u8 {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let glance = args::glance(&args);
    // What is wrong with the configuration is told where it is needed; the arguments can be read without.
    let (codemods, unread) = match engine.codemods(&glance.place) {
        Ok(codemods) => (codemods, None),
        Err(error) => (engine.built_in(), Some(error)),
    };
    let rules = engine.rules();
    let mut session = Session {
        stdout,
        stderr,
        out: Look::default(),
        err: Look::default(),
        engine,
        codemods,
        rules,
        unread,
    };
    let file = glance.file.as_deref();
    let code = match args::parse(args, &session.codemods, &session.rules, file) {
        Ok(cli) => {
            session.look(&cli, environment);
            match session.command(&cli) {
                Ok(code) => code,
                Err(error) => session.fail(&error),
            }
        }
        // The name may be that of a codemod which cannot be read.
        Err(error) if error.kind() == ErrorKind::InvalidValue && session.unread.is_some() => {
            let unread = session.unread.take();
            unread.map_or(ERROR, |unread| session.fail(&unread))
        }
        Err(error) => session.usage(&error, environment),
    };
    session.finish(code)
}

/// One run: where it writes, and how.
struct Session<'a> {
    stdout: Sink<'a>,
    stderr: Sink<'a>,
    /// How stdout looks.
    out: Look,
    /// How stderr looks.
    err: Look,
    engine: &'a dyn Engine,
    codemods: Vec<CodemodInfo>,
    rules: Vec<RuleInfo>,
    /// Why the codemods of the user are not among them.
    unread: Option<anyhow::Error>,
}

impl Session<'_> {
    fn look(&mut self, cli: &Cli, environment: Environment) {
        let look = |terminal| Look {
            colour: environment.colour(cli.color, terminal),
            width: match environment.width {
                Some(width) if terminal => width.clamp(WIDTHS.0, WIDTHS.1),
                _ => Look::default().width,
            },
        };
        self.out = look(self.stdout.is_terminal());
        self.err = look(self.stderr.is_terminal());
    }

    fn command(&mut self, cli: &Cli) -> anyhow::Result<u8> {
        let verbosity = cli.verbosity();
        match &cli.command {
            Command::Diff(args) => {
                let plan = self.plan(&args.plan, PlanCommand::Diff, verbosity)?;
                match args.plan.output_format {
                    Format::Text if args.stat => self.stat(&plan),
                    Format::Text => self.diff(&plan),
                    format => self.data(&plan, PlanCommand::Diff, format, verbosity)?,
                }
                self.talk(&plan, PlanCommand::Diff, args.plan.output_format, verbosity);
                let found = !plan.files.is_empty() || !plan.markers.is_empty();
                Ok(code(&plan, found, &args.plan))
            }
            Command::Apply(args) => {
                let plan = self.plan(&args.plan, PlanCommand::Apply, verbosity)?;
                if !plan.files.is_empty() {
                    let request = ApplyRequest {
                        allow_dirty: args.allow_dirty,
                        roots: &args.plan.paths,
                    };
                    self.engine.apply(&plan.files, request)?;
                }
                let format = args.plan.output_format;
                if format != Format::Text {
                    self.data(&plan, PlanCommand::Apply, format, verbosity)?;
                }
                self.talk(&plan, PlanCommand::Apply, format, verbosity);
                // A half migration is not done.
                Ok(code(&plan, !plan.markers.is_empty(), &args.plan))
            }
            Command::Check(args) => {
                let plan = self.plan(args, PlanCommand::Check, verbosity)?;
                self.data(&plan, PlanCommand::Check, args.output_format, verbosity)?;
                let problems = report::problems(&plan, verbosity, self.err);
                self.stderr.write(problems.as_bytes());
                let found = !plan.units.is_empty()
                    || !plan.left.is_empty()
                    || !plan.chains.is_empty()
                    || !plan.advice.is_empty()
                    || plan.markers.iter().any(|marker| !marker.is_new);
                Ok(code(&plan, found, args))
            }
            Command::Why(args) => self.why(args, verbosity),
            Command::List(_) if self.unread.is_some() => self.cannot_read(),
            Command::List(args) => {
                let text = match args.output_format {
                    ListFormat::Text => explain::list(&self.codemods, &self.rules, self.out.colour),
                    ListFormat::Json => explain::list_json(&self.codemods)?,
                };
                self.stdout.write(text.as_bytes());
                Ok(DONE)
            }
            Command::Explain(args) => {
                let declared;
                let codemod = if args::names_file(&args.codemod) {
                    declared = self.engine.declared(Path::new(&args.codemod))?;
                    Some(&declared)
                } else {
                    // Parsing has checked the name already; an unknown one prints nothing rather than panics.
                    self.codemods.iter().find(|c| c.name == args.codemod)
                };
                if let Some(codemod) = codemod {
                    let text = explain::explain(codemod, self.out.colour);
                    self.stdout.write(text.as_bytes());
                }
                let rule = self.rules.iter().find(|r| r.name == args.codemod);
                if let Some(rule) = rule {
                    let text = explain::explain_rule(rule, self.out.colour);
                    self.stdout.write(text.as_bytes());
                }
                Ok(DONE)
            }
            Command::New(args) => {
                check_name(&args.name, &self.codemods)?;
                let file = format!("{}.toml", args.name);
                self.engine
                    .create(Path::new(&file), &declare::skeleton(&args.name))?;
                let text = format!(
                    "wrote {file}\nadd it to the configuration, [tool.awaitify] in pyproject.toml: codemods = [\"{file}\"]\n"
                );
                self.stderr.write(text.as_bytes());
                Ok(DONE)
            }
            Command::Schema => {
                self.stdout.write(declare::SCHEMA.as_bytes());
                Ok(DONE)
            }
            Command::Completions(args) => {
                // Into memory first: the generator panics where it cannot write.
                let mut script = Vec::new();
                let mut command = args::command(&self.codemods, &self.rules, None);
                clap_complete::generate(args.shell, &mut command, "awaitify", &mut script);
                self.stdout.write(&script);
                Ok(DONE)
            }
        }
    }

    /// Tells why the codemods of the user are not known.
    fn cannot_read(&mut self) -> anyhow::Result<u8> {
        self.unread.take().map_or(Ok(DONE), Err)
    }

    /// Checks what can be checked before the work, and plans.
    fn plan(
        &self,
        args: &PlanArgs,
        command: PlanCommand,
        verbosity: Verbosity,
    ) -> anyhow::Result<Plan> {
        check_format(args.output_format, command)?;
        self.plan_with(
            args,
            &args.overrides(),
            None,
            command == PlanCommand::Check,
            verbosity,
        )
    }

    /// Answers a question about a place: with the whole project in view, unless the user asks for less.
    fn why(&mut self, args: &WhyArgs, verbosity: Verbosity) -> anyhow::Result<u8> {
        let format = args.plan.output_format;
        if !matches!(format, Format::Text | Format::Json) {
            return Err(Failure::new(
                "`why` answers one question, and has no findings to print",
                "use text or json, or run `awaitify check` with this format",
            )
            .into());
        }
        let mut overrides = args.plan.overrides();
        overrides.scope.get_or_insert(Scope::Project);
        let plan = self.plan_with(&args.plan, &overrides, Some(&args.place), false, verbosity)?;
        let code = code(&plan, false, &args.plan);
        let problems = report::problems(&plan, verbosity, self.err);
        let explained = match plan.answer {
            Some(Answer::Explained(explained)) => explained,
            Some(Answer::Several(choices)) => {
                let more = choices.len().saturating_sub(CHOICES);
                let mut choices: Vec<String> = choices
                    .iter()
                    .take(CHOICES)
                    .map(|choice| format!("\n  {choice}"))
                    .collect();
                if more > 0 {
                    choices.push(format!("\n  and {more} more"));
                }
                return Err(Failure::new(
                    format!("`{}` names several places:{}", args.place, choices.concat()),
                    "name one of them",
                )
                .into());
            }
            Some(Answer::Unknown { message, help }) => {
                return Err(Failure::new(message, help).into());
            }
            None => Explained::default(),
        };
        let text = match format {
            Format::Json => report::why_json(&args.place, &explained)?,
            _ => report::why(&explained, self.out),
        };
        self.stdout.write(text.as_bytes());
        self.stdout.flush();
        self.stderr.write(problems.as_bytes());
        Ok(code)
    }

    fn plan_with(
        &self,
        args: &PlanArgs,
        overrides: &Overrides,
        explain: Option<&str>,
        check: bool,
        verbosity: Verbosity,
    ) -> anyhow::Result<Plan> {
        check_paths(&args.paths)?;
        let bar = (self.stderr.is_terminal() && verbosity > Verbosity::Quiet).then(Bar::start);
        self.engine.plan(Request {
            paths: &args.paths,
            overrides,
            jobs: args.jobs(),
            progress: bar.as_ref().map(|bar| bar as &dyn Progress),
            explain,
            chains: check,
            rules: check,
        })
    }

    fn diff(&mut self, plan: &Plan) {
        for file in &plan.files {
            if !self.stdout.is_open() {
                break;
            }
            let diff = self.engine.diff(file, self.out.colour);
            self.stdout.write(&diff);
        }
        // Before the summary, so that on a terminal they come in this order.
        self.stdout.flush();
    }

    fn stat(&mut self, plan: &Plan) {
        let stat = self
            .engine
            .stat(&plan.files, self.out.width, self.out.colour);
        self.stdout.write(stat.as_bytes());
        self.stdout.flush();
    }

    fn data(
        &mut self,
        plan: &Plan,
        command: PlanCommand,
        format: Format,
        verbosity: Verbosity,
    ) -> anyhow::Result<()> {
        let text = match format {
            Format::Text => report::findings(plan, verbosity, self.out),
            Format::Json => report::json(plan, command)?,
            Format::Sarif => report::sarif(plan)?,
            Format::Github => report::github(plan),
            // Refused before the work.
            Format::Html => String::new(),
        };
        self.stdout.write(text.as_bytes());
        self.stdout.flush();
        Ok(())
    }

    /// The summary beside text; only the problems beside formats that programs read.
    fn talk(&mut self, plan: &Plan, command: PlanCommand, format: Format, verbosity: Verbosity) {
        // Who closes the diff's pipe has seen enough of it. What was applied is told in any case.
        if command == PlanCommand::Diff && !self.stdout.is_open() {
            return;
        }
        let text = match format {
            Format::Text => report::summary(plan, command, verbosity, self.err),
            _ => report::problems(plan, verbosity, self.err),
        };
        self.stderr.write(text.as_bytes());
    }

    fn usage(&mut self, error: &clap::Error, environment: Environment) -> u8 {
        let to_stderr = error.use_stderr();
        let sink = if to_stderr {
            &mut self.stderr
        } else {
            &mut self.stdout
        };
        let text = error.render();
        // The option is not known where the arguments cannot be read.
        let text = if environment.colour(args::When::Auto, sink.is_terminal()) {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        sink.write(text.as_bytes());
        if to_stderr { ERROR } else { DONE }
    }

    fn fail(&mut self, error: &anyhow::Error) -> u8 {
        let help = error
            .chain()
            .find_map(|cause| cause.downcast_ref::<Failure>())
            .map(|failure| failure.help.as_str());
        let text = report::error(&format!("{error:#}"), help, self.err);
        self.stderr.write(text.as_bytes());
        ERROR
    }

    fn finish(mut self, code: u8) -> u8 {
        self.stdout.flush();
        let code = match self.stdout.error() {
            None => code,
            Some(error) => {
                let text = report::error(
                    &format!("cannot write to standard output: {error}"),
                    None,
                    self.err,
                );
                self.stderr.write(text.as_bytes());
                ERROR
            }
        };
        self.stderr.flush();
        code
    }
}

/// The exit code of a plan.
fn code(plan: &Plan, found: bool, args: &PlanArgs) -> u8 {
    let failed = plan
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    match (failed, found && !args.exit_zero) {
        (true, _) => ERROR,
        (false, true) => FOUND,
        (false, false) => DONE,
    }
}

/// Whether a new codemod may have this name.
fn check_name(name: &str, codemods: &[CodemodInfo]) -> Result<(), Failure> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(is_letter) {
        return Err(Failure::new(
            format!("`{name}` is no name of a codemod"),
            "use lower-case letters, digits and underscores, such as our_sdk_to_async",
        ));
    }
    if codemods.iter().any(|codemod| codemod.name == name) {
        return Err(Failure::new(
            format!("there is a codemod `{name}` already"),
            "choose another name; `awaitify list` shows those that are taken",
        ));
    }
    Ok(())
}

fn check_format(format: Format, command: PlanCommand) -> Result<(), Failure> {
    match (format, command) {
        (Format::Html, _) => Err(Failure::new(
            "the output format `html` is not available yet",
            "use text, json, sarif or github",
        )),
        (Format::Sarif | Format::Github, PlanCommand::Apply) => Err(Failure::new(
            "`apply` has no findings to print: the lines that they name would have changed",
            "run `awaitify check` with this format before or after, or use text or json",
        )),
        _ => Ok(()),
    }
}

fn check_paths(paths: &[PathBuf]) -> Result<(), Failure> {
    let missing: Vec<String> = paths
        .iter()
        // A path that may not be looked at is there: the walk says what is wrong with it.
        .filter(|path| matches!(path.try_exists(), Ok(false)))
        .map(|path| format!("`{}`", path.display()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("no such file or directory: {}", missing.join(", ")),
        "check the spelling, and the directory that you are in",
    ))
}
