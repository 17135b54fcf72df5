//! Standard output and standard error: closed pipes, and whether there is colour.

use std::io::{self, Write};

use super::args::When;

/// A stream that is written to until its reader goes away.
pub struct Sink<'a> {
    writer: Box<dyn Write + 'a>,
    terminal: bool,
    state: State,
}

enum State {
    Open,
    /// The reader has gone, as in `awaitify diff | head`: not an error, but nothing more is written.
    Closed,
    /// The disk is full, say.
    Failed(io::Error),
}

impl<'a> Sink<'a> {
    /// A sink on a writer; `terminal` says whether it is one.
    pub fn new(writer: impl Write + 'a, terminal: bool) -> Self {
        Self {
            writer: Box::new(writer),
            terminal,
            state: State::Open,
        }
    }

    /// Whether a person watches.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether it is any use to write more.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// What went wrong, if it was not only the reader who went away.
    pub(super) fn error(&self) -> Option<&io::Error> {
        match &self.state {
            State::Failed(error) => Some(error),
            State::Open | State::Closed => None,
        }
    }

    /// Writes everything; nothing once the reader has gone.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.is_open() {
            let result = self.writer.write_all(bytes);
            self.note(result);
        }
    }

    /// Brings what is buffered to the reader.
    pub(super) fn flush(&mut self) {
        if self.is_open() {
            let result = self.writer.flush();
            self.note(result);
        }
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.state = match error.kind() {
                io::ErrorKind::BrokenPipe => State::Closed,
                _ => State::Failed(error),
            };
        }
    }
}

/// What the environment says about the terminal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment {
    /// `NO_COLOR` is set, and not empty.
    pub no_colour: bool,
    /// `CLICOLOR_FORCE` is set, and neither empty nor `0`.
    pub force_colour: bool,
    /// `TERM` is `dumb`, or `CLICOLOR` is `0`.
    pub plain: bool,
    /// The width of the terminal in columns, where there is one.
    pub width: Option<usize>,
}

impl Environment {
    /// Reads the variables of this process.
    pub(super) fn read() -> Self {
        let is = |name: &str, test: fn(&std::ffi::OsStr) -> bool| {
            std::env::var_os(name).is_some_and(|value| test(&value))
        };
        Self {
            no_colour: is("NO_COLOR", |value| !value.is_empty()),
            force_colour: is("CLICOLOR_FORCE", |value| !value.is_empty() && value != "0"),
            plain: is("TERM", |value| value == "dumb") || is("CLICOLOR", |value| value == "0"),
            width: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        }
    }

    /// Whether to colour a stream. The option wins over the variables, and `NO_COLOR` over `CLICOLOR_FORCE`.
    pub(super) fn colour(self, when: When, terminal: bool) -> bool {
        match when {
            When::Always => true,
            When::Never => false,
            When::Auto if self.no_colour => false,
            When::Auto if self.force_colour => true,
            When::Auto => terminal && !self.plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, When};

    #[test]
    fn colour_follows_option_then_environment_then_terminal() {
        let none = Environment::default();
        let no_colour = Environment {
            no_colour: true,
            force_colour: true,
            ..none
        };
        let force = Environment {
            force_colour: true,
            ..none
        };
        let plain = Environment {
            plain: true,
            ..none
        };
        for (environment, when, terminal, expected) in [
            (none, When::Auto, true, true),
            (none, When::Auto, false, false),
            (none, When::Always, false, true),
            (none, When::Never, true, false),
            (no_colour, When::Auto, true, false),
            (no_colour, When::Always, false, true),
            (force, When::Auto, false, true),
            (force, When::Never, false, false),
            (plain, When::Auto, true, false),
        ] {
            assert_eq!(
                environment.colour(when, terminal),
                expected,
                "{environment:?} {when:?} {terminal}"
            );
        }
    }
}
