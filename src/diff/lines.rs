//! The line diff of two byte strings, and its hunks.
//!
//! The result must depend on the input alone, so there is no time limit: large inputs are cut at lines that both sides
//! have once, and what cannot be cut is walked with a bounded look-ahead. The cost is near linear in the file's size.

use std::hash::Hash;
use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::DiffOp;
use similar::algorithms::{Capture, myers};

use super::LineCounts;

/// A region of at most this many lines (both sides together) is diffed exactly, by Myers' algorithm.
const EXACT: usize = 3_000;

/// How far the look-ahead goes, in lines of both sides together; its cost is the square of this for every difference.
const LOOK_AHEAD: usize = 128;

/// How many equal lines in a row the look-ahead wants before it trusts them.
const TRUSTED_RUN: usize = 4;

/// How often a region is cut at anchors before it is walked: input made for it could be cut a line at a time.
const DEEPEST: usize = 32;

/// How many bytes of a function's line stand in a hunk header; git's limit.
const SECTION: usize = 80;

/// The lines of a text; only `\n` ends one, and the end is part of the line.
fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

/// Lines of the old text that are replaced by lines of the new one. Either side may be empty, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// 0-based lines of the old text.
    pub(super) old: Range<usize>,
    /// 0-based lines of the new text.
    pub(super) new: Range<usize>,
}

/// Two texts and what differs.
#[derive(Debug)]
pub(super) struct LineDiff<'a> {
    /// The lines of the old text, with their ends.
    pub(super) old: Vec<&'a [u8]>,
    /// The lines of the new text, with their ends.
    pub(super) new: Vec<&'a [u8]>,
    /// Sorted and disjoint; at least one common line is between two of them.
    pub(super) changes: Vec<Change>,
}

impl<'a> LineDiff<'a> {
    /// Compares two texts.
    pub(super) fn new(before: &'a [u8], after: &'a [u8]) -> Self {
        let (old, new) = (split(before), split(after));
        let mut numbers: FxHashMap<&[u8], u32> = FxHashMap::default();
        let mut number = |line: &&'a [u8]| {
            // More than 2^32 different lines do not fit in the memory that would hold them.
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(line).or_insert(next)
        };
        let old_numbers: Vec<u32> = old.iter().map(&mut number).collect();
        let new_numbers: Vec<u32> = new.iter().map(&mut number).collect();
        let mut search = Search {
            old: &old_numbers,
            new: &new_numbers,
            changes: Vec::new(),
        };
        search.region(0..old.len(), 0..new.len(), 0);
        let changes = search.slid();
        Self { old, new, changes }
    }

    /// How many lines come and go.
    pub(super) fn counts(&self) -> LineCounts {
        self.changes
            .iter()
            .fold(LineCounts::default(), |sum, change| LineCounts {
                added: sum.added + change.new.len(),
                removed: sum.removed + change.old.len(),
            })
    }

    /// Groups the changes; as in git, two of them share a hunk when their contexts touch.
    pub(super) fn hunks(&self, context: usize) -> Vec<Hunk<'_>> {
        // Looked for once over the whole file: from every hunk to the top would be quadratic.
        let (mut heading, mut searched) = (None, 0);
        self.changes
            .chunk_by(|left, right| right.old.start - left.old.end <= 2 * context)
            .filter_map(|changes| {
                let (first, last) = (changes.first()?, changes.last()?);
                let lead = first.old.start.min(context);
                let tail = (self.old.len() - last.old.end).min(context);
                let above = &self.old[searched..first.old.start - lead];
                heading = above
                    .iter()
                    .rev()
                    .find_map(|line| section(line))
                    .or(heading);
                searched += above.len();
                Some(Hunk {
                    heading,
                    old: first.old.start - lead..last.old.end + tail,
                    new: first.new.start - lead..last.new.end + tail,
                    changes,
                })
            })
            .collect()
    }
}

/// Changes that are close to each other, with the lines around them.
#[derive(Debug)]
pub(super) struct Hunk<'d> {
    /// 0-based lines of the old text, context included.
    old: Range<usize>,
    /// 0-based lines of the new text, context included.
    new: Range<usize>,
    /// What differs in it.
    changes: &'d [Change],
    /// The function or class that it starts in, as far as the lines tell.
    heading: Option<&'d [u8]>,
}

impl Hunk<'_> {
    /// The `@@` line without a line end: the ranges as git prints them, and the function that the hunk starts in.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut out = format!("@@ -{} +{} @@", numbers(&self.old), numbers(&self.new)).into_bytes();
        if let Some(heading) = self.heading {
            out.push(b' ');
            out.extend_from_slice(heading);
        }
        out
    }

    /// What the hunk is made of, in order.
    pub(super) fn parts<'h>(&'h self) -> impl Iterator<Item = Part<'h>> {
        let mut done = self.old.start;
        let pairs = self.changes.iter().flat_map(move |change| {
            let common = Part::Common(done..change.old.start);
            done = change.old.end;
            [common, Part::Changed(change)]
        });
        let end = self
            .changes
            .last()
            .map_or(self.old.start, |change| change.old.end);
        pairs.chain([Part::Common(end..self.old.end)])
    }
}

/// A part of a hunk.
#[derive(Debug)]
pub(super) enum Part<'h> {
    /// 0-based lines of the old text that the new one has too; may be empty.
    Common(Range<usize>),
    /// A change: a patch shows its old lines, then its new ones.
    Changed(&'h Change),
}

/// A range as hunk headers have it: 1-based start and length; no length for one line; the line before for none.
fn numbers(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        many => format!("{},{many}", range.start + 1),
    }
}

/// A `def` or `class` line, shortened: git's section heading, by its rule for Python (userdiff.c).
fn section(line: &[u8]) -> Option<&[u8]> {
    let indent = line
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let start = &line[indent..];
    if ![b"def ".as_slice(), b"class ", b"async def "]
        .iter()
        .any(|word| start.starts_with(word))
    {
        return None;
    }
    // A lone carriage return would end the header for tools that read it as a line end.
    let text = start.split(|&byte| byte == b'\r' || byte == b'\n').next()?;
    let mut end = text.len().min(SECTION);
    // Not in the middle of a UTF-8 sequence.
    while end < text.len() && end > 0 && text[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    Some(text[..end].trim_ascii_end())
}

/// The shortest diff of two sequences, by Myers' algorithm: quadratic in what differs.
///
/// Not `similar::capture_diff_slices`: the compaction that it ends in gives operations whose indexes do not fit together
/// (similar 2.7, issue 78), in one of two random inputs.
pub(super) fn shortest<T: Eq + Hash + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let mut ops = Capture::new();
    match myers::diff(&mut ops, old, 0..old.len(), new, 0..new.len()) {
        Ok(()) => ops.into_ops(),
        Err(never) => match never {},
    }
}

/// The search for changes over numbered lines: equal lines have equal numbers.
struct Search<'a> {
    old: &'a [u32],
    new: &'a [u32],
    changes: Vec<Change>,
}

impl Search<'_> {
    /// Finds the changes of a region and adds them, in order.
    fn region(&mut self, old: Range<usize>, new: Range<usize>, depth: usize) {
        let (old, new) = self.trim(old, new);
        if old.is_empty() || new.is_empty() {
            self.push(old, new);
        } else if old.len() + new.len() <= EXACT {
            self.exact(old, new);
        } else {
            let anchors = if depth < DEEPEST {
                self.anchors(old.clone(), new.clone())
            } else {
                Vec::new()
            };
            if anchors.is_empty() {
                self.look_ahead(old, new);
                return;
            }
            let (mut old_done, mut new_done) = (old.start, new.start);
            for (at_old, at_new) in anchors {
                // Consecutive anchors leave an empty region, which costs nothing.
                self.region(old_done..at_old, new_done..at_new, depth + 1);
                (old_done, new_done) = (at_old + 1, at_new + 1);
            }
            self.region(old_done..old.end, new_done..new.end, depth + 1);
        }
    }

    /// Leaves out the common lines at both ends.
    fn trim(&self, old: Range<usize>, new: Range<usize>) -> (Range<usize>, Range<usize>) {
        let (left, right) = (&self.old[old.clone()], &self.new[new.clone()]);
        let head = left.iter().zip(right).take_while(|(a, b)| a == b).count();
        let (left, right) = (&left[head..], &right[head..]);
        let tail = left
            .iter()
            .rev()
            .zip(right.iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        (
            old.start + head..old.end - tail,
            new.start + head..new.end - tail,
        )
    }

    /// Adds a change; one that touches the last becomes part of it.
    fn push(&mut self, old: Range<usize>, new: Range<usize>) {
        if old.is_empty() && new.is_empty() {
            return;
        }
        match self.changes.last_mut() {
            Some(last) if last.old.end == old.start && last.new.end == new.start => {
                last.old.end = old.end;
                last.new.end = new.end;
            }
            _ => self.changes.push(Change { old, new }),
        }
    }

    /// The shortest diff of a small region.
    fn exact(&mut self, old: Range<usize>, new: Range<usize>) {
        let ops = shortest(&self.old[old.clone()], &self.new[new.clone()]);
        for op in ops {
            if matches!(op, DiffOp::Equal { .. }) {
                continue;
            }
            let (left, right) = (op.old_range(), op.new_range());
            self.push(
                old.start + left.start..old.start + left.end,
                new.start + right.start..new.start + right.end,
            );
        }
    }

    /// The changes, with additions and removals that could stand in several places moved down as far as they go, as git
    /// does: a function that is added before another one is shown whole. Those that meet become one change.
    fn slid(self) -> Vec<Change> {
        let mut out: Vec<Change> = Vec::with_capacity(self.changes.len());
        // From the last to the first, so that a change knows how far the next one leaves it room.
        for mut change in self.changes.into_iter().rev() {
            let limit = out.last().map_or(self.old.len(), |next| next.old.start);
            let (lines, range) = match (change.old.is_empty(), change.new.is_empty()) {
                (true, false) => (self.new, change.new.clone()),
                (false, true) => (self.old, change.old.clone()),
                _ => (self.new, 0..0),
            };
            let room = limit - change.old.end;
            let moved = (0..room)
                .take_while(|step| {
                    !range.is_empty() && lines[range.start + step] == lines[range.end + step]
                })
                .count();
            for side in [&mut change.old, &mut change.new] {
                *side = side.start + moved..side.end + moved;
            }
            match out.last_mut() {
                Some(next) if next.old.start == change.old.end => {
                    next.old.start = change.old.start;
                    next.new.start = change.new.start;
                }
                _ => out.push(change),
            }
        }
        out.reverse();
        out
    }

    /// The lines that both sides have exactly once, as the longest list of pairs that rises on both sides: the anchors
    /// of a patience diff.
    fn anchors(&self, old: Range<usize>, new: Range<usize>) -> Vec<(usize, usize)> {
        #[derive(Default)]
        struct Seen {
            old: usize,
            new: usize,
            at_new: usize,
        }
        let mut seen: FxHashMap<u32, Seen> = FxHashMap::default();
        for &line in &self.old[old.clone()] {
            seen.entry(line).or_default().old += 1;
        }
        for at in new {
            let entry = seen.entry(self.new[at]).or_default();
            entry.new += 1;
            entry.at_new = at;
        }
        let pairs: Vec<(usize, usize)> = old
            .filter_map(|at| {
                seen.get(&self.old[at])
                    .filter(|s| s.old == 1 && s.new == 1)
                    .map(|s| (at, s.at_new))
            })
            .collect();
        longest_rising(&pairs)
    }

    /// Walks a large region without anchors: after a difference it goes on at the nearest place where
    /// [`TRUSTED_RUN`] lines agree, and where there is none within [`LOOK_AHEAD`] lines, it takes a whole block of
    /// them as changed. Not the shortest diff, but a right one, in linear time.
    fn look_ahead(&mut self, old: Range<usize>, new: Range<usize>) {
        let (mut i, mut j) = (old.start, new.start);
        while i < old.end && j < new.end {
            if self.old[i] == self.new[j] {
                (i, j) = (i + 1, j + 1);
                continue;
            }
            let (di, dj) = self
                .meeting(i..old.end, j..new.end)
                .unwrap_or(((old.end - i).min(LOOK_AHEAD), (new.end - j).min(LOOK_AHEAD)));
            self.exact(i..i + di, j..j + dj);
            (i, j) = (i + di, j + dj);
        }
        self.push(i..old.end, j..new.end);
    }

    /// How many lines to skip on each side to the nearest place where the sides agree; the smallest sum wins.
    fn meeting(&self, old: Range<usize>, new: Range<usize>) -> Option<(usize, usize)> {
        let (left, right) = (&self.old[old], &self.new[new]);
        let agree = |&(di, dj): &(usize, usize)| {
            let runs = (
                left.get(di..di + TRUSTED_RUN),
                right.get(dj..dj + TRUSTED_RUN),
            );
            matches!(runs, (Some(a), Some(b)) if a == b)
        };
        // An even skip on both sides first, then ever more uneven ones: most edits replace lines one by one.
        (1..=LOOK_AHEAD).find_map(|sum| {
            (0..=sum / 2)
                .rev()
                .flat_map(|less| [(less, sum - less), (sum - less, less)])
                .find(agree)
        })
    }
}

/// The longest sub-list of pairs, sorted by their first part, whose second parts rise too.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[k]` is the index of the pair with the least second part that ends a rising list of k + 1 pairs.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        out.push(pairs[index]);
        at = previous[index];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts the new text together from the old one and the changes.
    fn replay(diff: &LineDiff) -> Vec<u8> {
        let mut out = Vec::new();
        let mut done = 0;
        for change in &diff.changes {
            out.extend(diff.old[done..change.old.start].concat());
            out.extend(diff.new[change.new.clone()].concat());
            done = change.old.end;
        }
        out.extend(diff.old[done..].concat());
        out
    }

    fn check(before: &str, after: &str) -> LineCounts {
        let diff = LineDiff::new(before.as_bytes(), after.as_bytes());
        assert_eq!(replay(&diff), after.as_bytes());
        for pair in diff.changes.windows(2) {
            assert!(pair[0].old.end < pair[1].old.start && pair[0].new.end < pair[1].new.start);
            assert_eq!(
                pair[1].old.start - pair[0].old.end,
                pair[1].new.start - pair[0].new.end
            );
        }
        diff.counts()
    }

    fn numbered(lines: usize, line: impl Fn(usize) -> String) -> String {
        (0..lines).map(|n| line(n) + "\n").collect()
    }

    #[test]
    fn lines_end_at_line_feeds_only() {
        let text = "a\rb\x0c\u{2028}c\r\nd";
        assert_eq!(
            split(text.as_bytes()),
            ["a\rb\x0c\u{2028}c\r\n".as_bytes(), b"d"]
        );
    }

    #[test]
    fn many_changes_in_a_long_file_are_found_exactly() {
        let before = numbered(50_000, |n| format!("line {n}"));
        let after = numbered(50_000, |n| {
            if n % 3 == 0 {
                format!("await {n}")
            } else {
                format!("line {n}")
            }
        });
        assert_eq!(
            check(&before, &after),
            LineCounts {
                added: 16_667,
                removed: 16_667
            }
        );
    }

    #[test]
    fn few_changes_in_a_long_file_of_equal_lines() {
        let before = numbered(60_000, |n| format!("pass  # {}", n % 7));
        let after = numbered(60_000, |n| match n {
            100 | 30_000 => "await x".to_owned(),
            40_001 => "a\nb\nc".to_owned(),
            _ => format!("pass  # {}", n % 7),
        });
        assert_eq!(
            check(&before, &after),
            LineCounts {
                added: 5,
                removed: 3
            }
        );
    }

    #[test]
    fn nothing_in_common_and_no_anchor() {
        let before = numbered(40_000, |n| format!("a{}", n % 5));
        let after = numbered(30_000, |n| format!("b{}", n % 5));
        assert_eq!(
            check(&before, &after),
            LineCounts {
                added: 30_000,
                removed: 40_000
            }
        );
    }

    #[test]
    fn noise_over_a_small_alphabet_is_replayed() {
        let noise = |seed: usize| {
            let mut state = seed;
            (0..20_000)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    if state >> 60 & 1 == 0 { "x\n" } else { "y\n" }
                })
                .collect::<String>()
        };
        check(&noise(1), &noise(2));
    }

    #[test]
    fn short_noise_is_replayed() {
        let mut state = 7_u64;
        for round in 0..3_000 {
            let mut text = || -> String {
                (0..round % 40)
                    .map(|_| {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        ["x\n", "y\n", "z\n"]
                            [usize::from(state >> 60 & 1 == 1) + usize::from(state >> 50 & 3 == 3)]
                    })
                    .collect()
            };
            check(&text(), &text());
        }
    }

    #[test]
    fn an_added_function_is_shown_whole() {
        let before = "def a():\n    pass\n\ndef b():\n    pass\n";
        let after = "def a():\n    pass\n\ndef n():\n    pass\n\ndef b():\n    pass\n";
        let diff = LineDiff::new(before.as_bytes(), after.as_bytes());
        assert_eq!(
            diff.changes,
            [Change {
                old: 3..3,
                new: 3..6
            }]
        );
    }

    #[test]
    fn a_moved_block_keeps_the_longer_part() {
        let before = numbered(5_000, |n| format!("{n}"));
        let after = numbered(5_000, |n| format!("{}", (n + 100) % 5_000));
        assert_eq!(
            check(&before, &after),
            LineCounts {
                added: 100,
                removed: 100
            }
        );
    }

    #[test]
    fn a_section_is_cut_between_characters() {
        let line = format!("def f{}():\n", "é".repeat(60));
        let found = section(line.as_bytes())
            .map(<[u8]>::to_vec)
            .unwrap_or_default();
        assert!(found.len() <= SECTION && std::str::from_utf8(&found).is_ok());
    }
}
