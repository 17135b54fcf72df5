//! Lines and columns of a text, for people.

use ruff_text_size::{TextRange, TextSize};

use crate::plan::Place;

/// Lines and columns of a text, for people.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    pub(super) starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|found| found + 1));
        Self { text, starts }
    }

    /// 1-based line and column; the column counts characters.
    pub(super) fn position(&self, offset: TextSize) -> (u32, u32) {
        let offset = offset.to_usize().min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let before = self.text[start..offset].trim_start_matches('\u{feff}');
        (line as u32, before.chars().count() as u32 + 1)
    }

    pub(super) fn place(&self, file: &str, range: TextRange) -> Place {
        let (line, column) = self.position(range.start());
        let start = self.starts[line as usize - 1];
        let end = self
            .starts
            .get(line as usize)
            .copied()
            .unwrap_or(self.text.len());
        Place {
            file: file.to_string(),
            line,
            column,
            start: range.start().to_u32(),
            end: range.end().to_u32(),
            snippet: self.text[start..end]
                .trim_start_matches('\u{feff}')
                .trim_end_matches(['\n', '\r'])
                .to_string(),
        }
    }
}
