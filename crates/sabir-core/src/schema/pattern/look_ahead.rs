//! Patterns that begin with look-ahead.

/// Takes apart a pattern of the form `^(?=a)(?!b)…rest`: whether each look-ahead must match and what, and the rest.
/// `None` when it has another form.
pub(super) fn leading_look_ahead(source: &str) -> Option<(Vec<(bool, &str)>, &str)> {
    let mut rest = source.strip_prefix('^')?;
    let mut conditions = Vec::new();
    loop {
        let (must, inner) = match (rest.strip_prefix("(?="), rest.strip_prefix("(?!")) {
            (Some(inner), _) => (true, inner),
            (_, Some(inner)) => (false, inner),
            _ => break,
        };
        let end = closing(inner)?;
        conditions.push((must, &inner[..end]));
        rest = &inner[end + 1..];
        if rest.starts_with(['*', '+', '?', '{']) {
            return None;
        }
    }
    (!conditions.is_empty() && !has_alternatives(rest)).then_some((conditions, rest))
}

/// Where the parenthesis is that closes a group whose inside begins with `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    scan(text, |character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' if depth == 0 => true,
        ')' => {
            depth -= 1;
            false
        }
        _ => false,
    })
}

/// Whether `text` is several alternatives.
fn has_alternatives(text: &str) -> bool {
    let mut depth = 0;
    let found = scan(text, |character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth -= 1;
            false
        }
        other => other == '|' && depth == 0,
    });
    found.is_some()
}

/// The place of the first character outside of classes and escapes that `is_found` accepts.
fn scan(text: &str, mut is_found: impl FnMut(char) -> bool) -> Option<usize> {
    let (mut in_class, mut is_escaped) = (false, false);
    for (place, character) in text.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match character {
            '\\' => is_escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            _ if is_found(character) => return Some(place),
            _ => {}
        }
    }
    None
}
