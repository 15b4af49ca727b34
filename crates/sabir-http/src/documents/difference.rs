//! How two texts differ, line by line.

use std::fmt::Write;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// How many lines are shown at most.
const LONGEST: usize = 200;

/// How many pairs of lines are compared; texts that differ in more are shown as removed and added.
const PAIRS: usize = 4_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Kept,
    Removed,
    Added,
}

/// The lines in which `new` differs from `old`, with those around them, as `diff -u` shows them.
pub(super) fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let lines = lines(&old, &new);
    let is_near = |index: usize| {
        let near = index.saturating_sub(CONTEXT)..(index + CONTEXT + 1).min(lines.len());
        lines[near].iter().any(|(change, _)| *change != Change::Kept)
    };
    let mut text = String::new();
    let (mut number, mut shown, mut follows) = (1, 0, false);
    for (index, (change, line)) in lines.iter().enumerate() {
        if is_near(index) {
            if shown == LONGEST {
                text.push_str("…\n");
                break;
            }
            if !follows {
                // Writing to a text does not fail.
                let _ = writeln!(text, "@@ line {number} @@");
            }
            let sign = match change {
                Change::Kept => ' ',
                Change::Removed => '-',
                Change::Added => '+',
            };
            let _ = writeln!(text, "{sign}{line}");
            shown += 1;
        }
        follows = is_near(index);
        number += usize::from(*change != Change::Removed);
    }
    text
}

/// The lines of both, each once, with what became of it: those that both have in the same order are as many as there can be.
fn lines<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Change, &'t str)> {
    let start = old
        .iter()
        .zip(new)
        .take_while(|(one, other)| one == other)
        .count();
    let ends = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = ends.take_while(|(one, other)| one == other).count();
    let (removed, added) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let kept = |lines: &[&'t str]| -> Vec<_> { lines.iter().map(|line| (Change::Kept, *line)).collect() };
    let mut all = kept(&old[..start]);
    all.extend(changed(removed, added));
    all.extend(kept(&old[old.len() - end..]));
    all
}

/// The same for lines of which the first and the last differ.
fn changed<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Change, &'t str)> {
    let width = new.len() + 1;
    // The length of the longest common subsequence behind each pair of lines.
    let mut common = vec![
        0_u32;
        if old.len() * new.len() > PAIRS {
            0
        } else {
            (old.len() + 1) * width
        }
    ];
    if !common.is_empty() {
        for (i, one) in old.iter().enumerate().rev() {
            for (j, other) in new.iter().enumerate().rev() {
                common[i * width + j] = if one == other {
                    common[(i + 1) * width + j + 1] + 1
                } else {
                    common[(i + 1) * width + j].max(common[i * width + j + 1])
                };
            }
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        let is_kept = !common.is_empty() && i < old.len() && j < new.len() && old[i] == new[j];
        let is_removed = i < old.len()
            && (j == new.len()
                || common.is_empty()
                || common[(i + 1) * width + j] >= common[i * width + j + 1]);
        if is_kept {
            all.push((Change::Kept, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if is_removed {
            all.push((Change::Removed, old[i]));
            i += 1;
        } else {
            all.push((Change::Added, new[j]));
            j += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_changed_and_what_is_around_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
        let new = "a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\nl\nm\n";
        assert_eq!(
            difference(old, new),
            "@@ line 2 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n@@ line 10 @@\n j\n k\n l\n+m\n"
        );
    }

    #[test]
    fn keeps_lines_that_have_moved_little() {
        assert_eq!(
            difference("a\nb\nc\n", "b\nc\na\n"),
            "@@ line 1 @@\n-a\n b\n c\n+a\n"
        );
    }

    #[test]
    fn shows_no_more_than_a_person_reads() {
        let (old, new) = ("a\n".repeat(5000), "b\n".repeat(5000));
        assert_eq!(difference(&old, &new).lines().count(), LONGEST + 2);
    }
}
