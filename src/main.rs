//! The `awaitify` binary: a thin shell round [`awaitify::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    awaitify::cli::main()
}
