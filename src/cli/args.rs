//! The arguments.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::engine::{CodemodInfo, Overrides, Place, RuleInfo, Scope};
use crate::python::PythonVersion;
use crate::report::Verbosity;

/// Migrates Python codebases from blocking to async
#[derive(Debug, Parser)]
#[command(
    name = "awaitify",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,

    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Say more: list every place
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
}

impl Cli {
    pub(super) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, 0) => Verbosity::Normal,
            (false, _) => Verbosity::Verbose,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what would change, as a diff that `git apply` accepts
    Diff(DiffArgs),
    /// Change the files
    Apply(ApplyArgs),
    /// Show what can be migrated and what stands in the way
    Check(PlanArgs),
    /// Say why a function becomes async, or cannot
    Why(WhyArgs),
    /// List the codemods, and the rules of `check`
    List(ListArgs),
    /// Explain a codemod or a rule
    Explain(ExplainArgs),
    /// Write a commented codemod.toml, for a library of your own
    New(NewArgs),
    /// Print the JSON Schema of a codemod.toml, for editors
    Schema,
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,

    /// Show how many lines change in each file in place of the diff
    #[arg(long)]
    pub(super) stat: bool,
}

#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,

    /// Also change files that hold uncommitted changes
    #[arg(long)]
    pub(super) allow_dirty: bool,
}

#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// A function or a line: `file.py:line`, `pkg.module.function`, `pkg.module:function`, `Class.method` or a bare name
    #[arg(value_name = "PLACE")]
    pub(super) place: String,

    #[command(flatten)]
    pub(super) plan: PlanArgs,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: ListFormat,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The name of the codemod or rule, as `awaitify list` shows it, or the file of a codemod (`tools/our_sdk.toml`)
    #[arg(value_name = "CODEMOD", hide_possible_values = true)]
    pub(super) codemod: String,
}

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// The name of the codemod: lower-case letters, digits and underscores. The file is NAME.toml, here
    #[arg(value_name = "NAME")]
    pub(super) name: String,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// What `diff`, `apply`, `check` and `why` share.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Files and directories to migrate
    #[arg(value_name = "PATHS", default_value = ".", value_hint = clap::ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,

    /// Run only these codemods (`all` for all that run by default); accepts the differences that they declare
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    select: Vec<String>,

    /// Do not run these codemods
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    ignore: Vec<String>,

    /// Also make changes after which the code may behave differently
    #[arg(long = "unsafe")]
    allow_unsafe: bool,

    /// How far async spreads
    #[arg(long)]
    scope: Option<Scope>,

    /// Codemods that turn functions async besides the seeds by nature, or `all` (repeatable, comma separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    seed: Vec<String>,

    /// Make these functions async, and all that calls them: `pkg.module:function`, `Class.method`, or a pattern such as
    /// `pkg.transport:*Transport.*` (repeatable, comma separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    make_async: Vec<String>,

    /// Also migrate code that has up to N barriers in its way, and leave a comment `# awaitify: blocked: REASON` at each:
    /// that code is half migrated until you mend it. Implies `--scope project`
    #[arg(long, value_name = "N")]
    assist: Option<NonZeroUsize>,

    /// Keep these functions sync, and all that would make them async; names as in `--make-async` (repeatable, comma
    /// separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    keep_sync: Vec<String>,

    /// The lowest Python version that must run the result, such as 3.11
    #[arg(long, value_name = "VERSION")]
    target_version: Option<PythonVersion>,

    /// Read the configuration from this file
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    config: Option<PathBuf>,

    /// Leave out files and directories that match the pattern
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,

    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: Format,

    /// The number of threads [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Exit with 0 even where there are changes or findings
    #[arg(long)]
    pub(super) exit_zero: bool,
}

impl PlanArgs {
    pub(super) fn jobs(&self) -> Option<usize> {
        self.jobs.map(NonZeroUsize::get)
    }

    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            select: (!self.select.is_empty()).then(|| self.select.clone()),
            ignore: self.ignore.clone(),
            allow_unsafe: self.allow_unsafe,
            scope: self.scope,
            seeds: self.seed.clone(),
            make_async: self.make_async.clone(),
            assist: self.assist.map(NonZeroUsize::get),
            keep_sync: self.keep_sync.clone(),
            target_version: self.target_version,
            exclude: self.exclude.clone(),
        }
    }
}

/// How to print a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// The whole plan, for scripts
    Json,
    /// Findings for code scanning services
    Sarif,
    /// Findings as workflow commands of GitHub
    Github,
    /// Refused for now: known, so that the error can say so
    #[value(hide = true)]
    Html,
}

/// How to print the list of codemods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    Text,
    /// For scripts
    Json,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Even where the output is not a terminal
    Always,
    /// Nowhere
    Never,
}

/// What has to be known before the arguments can be checked: where the configuration is, which names codemods of the user.
#[derive(Debug, Default)]
pub(super) struct Glance {
    pub(super) place: Place,
    /// The file that `explain` is asked about.
    pub(super) file: Option<String>,
}

/// Looks at arguments that may be wrong.
pub(super) fn glance(args: &[OsString]) -> Glance {
    let Ok(cli) = Cli::try_parse_from(args) else {
        return Glance::default();
    };
    let of_plan = |plan: PlanArgs| Place {
        paths: plan.paths,
        config: plan.config,
    };
    let (mut place, mut file) = (Place::default(), None);
    match cli.command {
        Command::Diff(args) => place = of_plan(args.plan),
        Command::Apply(args) => place = of_plan(args.plan),
        Command::Check(args) => place = of_plan(args),
        Command::Why(args) => place = of_plan(args.plan),
        Command::Explain(args) if names_file(&args.codemod) => file = Some(args.codemod),
        _ => {}
    }
    Glance { place, file }
}

/// Whether `explain` is asked about a file.
pub(super) fn names_file(codemod: &str) -> bool {
    codemod.ends_with(".toml") || codemod.contains(['/', std::path::MAIN_SEPARATOR])
}

/// The commands, with the names of the codemods where one is asked for, and those of the rules where they count too: clap
/// then checks them, suggests the nearest and completes them.
pub(super) fn command(
    codemods: &[CodemodInfo],
    rules: &[RuleInfo],
    file: Option<&str>,
) -> clap::Command {
    let names = || {
        codemods
            .iter()
            .map(|codemod| PossibleValue::new(codemod.name).help(codemod.summary))
    };
    let rules = || {
        rules
            .iter()
            .map(|rule| PossibleValue::new(rule.name).help(rule.summary))
    };
    let all = || [PossibleValue::new("all")];
    let one = PossibleValuesParser::new(names());
    let some = PossibleValuesParser::new(names().chain(all()));
    let any_one = PossibleValuesParser::new(names().chain(rules()));
    let any = PossibleValuesParser::new(names().chain(rules()).chain(all()));
    let mut command = Cli::command();
    for name in ["diff", "apply", "check", "why"] {
        let (select, ignore) = match name {
            "check" => (any.clone(), any_one.clone()),
            _ => (some.clone(), one.clone()),
        };
        command = command.mut_subcommand(name, |command| {
            command
                .mut_arg("select", |arg| arg.value_parser(select))
                .mut_arg("ignore", |arg| arg.value_parser(ignore))
        });
    }
    command.mut_subcommand("explain", |command| {
        command.mut_arg("codemod", |arg| match file {
            // It is no name of the list.
            Some(_) => arg,
            None => arg.value_parser(any_one),
        })
    })
}

/// Reads the arguments; the first is the program's name.
///
/// # Errors
///
/// The arguments are wrong, or ask for the help or the version.
pub(super) fn parse(
    args: impl IntoIterator<Item = OsString>,
    codemods: &[CodemodInfo],
    rules: &[RuleInfo],
    file: Option<&str>,
) -> Result<Cli, clap::Error> {
    let mut command = command(codemods, rules, file);
    command
        .try_get_matches_from_mut(args)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| shorten(error, codemods))
}

/// Names of codemods are too many to list in an error: the nearest one and the way to the list are enough.
fn shorten(mut error: clap::Error, codemods: &[CodemodInfo]) -> clap::Error {
    let about_codemods = !codemods.is_empty()
        && error.kind() == ErrorKind::InvalidValue
        && matches!(
            error.get(ContextKind::ValidValue),
            Some(ContextValue::Strings(values))
                if !values.is_empty() && codemods.iter().all(|codemod| values.iter().any(|v| v == codemod.name))
        );
    if about_codemods {
        error.remove(ContextKind::ValidValue);
        let tip = "run `awaitify list` to see the codemods and rules".into();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_definition_holds_together() {
        super::command(&[], &[], None).debug_assert();
    }
}
