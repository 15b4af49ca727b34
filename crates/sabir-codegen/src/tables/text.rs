//! Prose of the tables in comments.

/// The words of `text` in lines of at most `width` characters, which leave `last` characters free at the end of the last one.
pub(super) fn wrap(text: &str, width: usize, last: usize) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut lines = vec![String::new()];
    for (index, word) in words.iter().enumerate() {
        let needed = word.chars().count() + if index + 1 == words.len() { last } else { 0 };
        let line = lines.last_mut().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + needed > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn fills_lines_and_leaves_room_at_the_end() {
        assert_eq!(wrap("a bb  ccc\ndd", 6, 0), ["a bb", "ccc dd"]);
        assert_eq!(wrap("a bb ccc dd", 6, 1), ["a bb", "ccc", "dd"]);
        assert_eq!(wrap("", 6, 3), [""]);
    }
}
