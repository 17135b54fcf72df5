//! awaitify migrates Python codebases from blocking to async.
//!
//! The data flows one way (see `ARCHITECTURE.md`):
//!
//! ```text
//! discover -> read -> scan -> index -> units -> solve -> edits -> verify -> plan -> diff | report | apply
//! ```
//!
//! Only [`discovery`], [`config`] and [`apply`] touch the file system; everything between them is pure.

pub mod align;
pub mod apply;
pub mod assist;
pub mod blocking;
pub mod callers;
pub mod callgraph;
pub mod catching;
pub mod chains;
pub mod cli;
pub mod clients;
pub mod codemod;
pub mod collecting;
pub mod colour;
pub mod comments;
pub mod concurrency;
pub mod config;
pub mod coroutines;
pub mod declare;
pub mod diff;
pub mod discovery;
pub mod doubles;
pub mod edit;
mod events;
pub mod exceptions;
pub mod handles;
pub mod helper;
pub mod importer;
pub mod independence;
pub mod index;
pub mod judges;
pub mod listing;
pub mod loops;
pub mod marker;
pub mod notebook;
pub mod pins;
pub mod pipeline;
pub mod plan;
pub mod propagate;
pub mod public;
pub mod python;
pub mod references;
pub mod report;
pub mod rules;
pub mod scan;
pub mod seeds;
pub mod selector;
pub mod semantic;
pub mod solve;
pub mod source;
pub mod suppress;
pub mod timeouts;
pub mod unit;
pub mod values;
pub mod verify;
pub mod why;

#[path = "../codemods/mod.rs"]
pub mod codemods;
