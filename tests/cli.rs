//! The command line, on the real binary: exit codes, streams, patches that git takes, bad and hostile input.
//!
//! Every run has a directory, an environment and a git configuration of its own, so that nothing depends on the machine.
#![cfg(unix)] // Signals, permissions, links and odd names are.
#![allow(clippy::disallowed_methods)] // These tests are about the file system.

#[path = "cli/apply.rs"]
mod apply;
#[path = "cli/assist.rs"]
mod assist;
#[path = "cli/chains.rs"]
mod chains;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/declared.rs"]
mod declared;
#[path = "cli/deep.rs"]
mod deep;
#[path = "cli/exit.rs"]
mod exit;
#[path = "cli/fixed.rs"]
mod fixed;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/input.rs"]
mod input;
#[path = "cli/make_async.rs"]
mod make_async;
#[path = "cli/patch.rs"]
mod patch;
#[path = "cli/pins.rs"]
mod pins;
#[path = "cli/random.rs"]
mod random;
#[path = "cli/scripts.rs"]
mod scripts;
#[path = "cli/support.rs"]
mod support;
#[path = "cli/suppress.rs"]
mod suppress;
#[path = "cli/why.rs"]
mod why;
