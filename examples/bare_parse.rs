#![allow(clippy::disallowed_methods)] // It reads files: that is all it is for.
//! The yardstick of `tests/scale`: parses all Python files below a folder on all cores, and does nothing else.
//!
//!     cargo run --release --example bare_parse -- FOLDER

use std::path::PathBuf;

use rayon::prelude::*;
use ruff_python_parser::{Mode, ParseOptions};

fn main() {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| ".".into());
    let files: Vec<PathBuf> = ignore::WalkBuilder::new(folder)
        .build()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    let began = std::time::Instant::now();
    let nodes: usize = files
        .par_iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|text| {
            let parsed =
                ruff_python_parser::parse_unchecked(&text, ParseOptions::from(Mode::Module));
            parsed.tokens().len()
        })
        .sum();
    println!(
        "{} files, {nodes} tokens: {:.2} s",
        files.len(),
        began.elapsed().as_secs_f64()
    );
}
