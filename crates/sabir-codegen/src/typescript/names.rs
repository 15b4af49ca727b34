//! Names that TypeScript accepts.

use std::collections::HashSet;

/// The constants of one application.
#[derive(Debug, Default)]
pub(super) struct Scope {
    used: HashSet<String>,
}

impl Scope {
    /// A free name for the options of the route at `path`.
    pub(super) fn options(&mut self, path: &str) -> String {
        let name = format!("{}Options", camel_case(&last_plain_segment(path)));
        let mut free = name.clone();
        let mut count = 1;
        while !self.used.insert(free.clone()) {
            count += 1;
            free = format!("{name}{count}");
        }
        free
    }
}

/// The last segment of a path pattern without a variable.
fn last_plain_segment(path: &str) -> String {
    let mut plain = path
        .split('/')
        .filter(|segment| !segment.is_empty() && !segment.contains(['{', '}']));
    plain.next_back().unwrap_or("root").to_owned()
}

/// `text`, such as `body_limit` or `x-a`, as one word with capitals inside.
pub(super) fn camel_case(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        let (first, rest) = word.split_at(1);
        if name.is_empty() {
            name = first.to_ascii_lowercase();
        } else {
            name += &first.to_ascii_uppercase();
        }
        name += rest;
    }
    match name.chars().next() {
        None => "root".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_one_word_of_several() {
        for (text, name) in [
            ("body_limit", "bodyLimit"),
            ("Line-Items", "lineItems"),
            ("1st", "n1st"),
            ("ü", "root"),
        ] {
            assert_eq!(camel_case(text), name);
        }
    }

    #[test]
    fn names_options_after_the_path() {
        let mut scope = Scope::default();
        assert_eq!(scope.options("/shop/items/{id}"), "itemsOptions");
        assert_eq!(scope.options("/items"), "itemsOptions2");
        assert_eq!(scope.options("/{id}"), "rootOptions");
    }
}
