//! From what follows a prefix in the path of a request to the name of a file.

use std::path::PathBuf;

/// What a path asks for below a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Relative to the folder; empty for the folder itself.
    pub(super) path: PathBuf,
    /// Whether it ends with a slash, as those of folders do.
    pub(super) is_folder: bool,
}

/// Why a path asks for nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadName {
    /// An escape is none, or they are no UTF-8.
    Malformed,
    /// No file has such a name, or none that is to be seen.
    Nowhere,
}

impl Name {
    /// The name that `below` asks for, which is empty or begins with a slash. Each segment is one name: a slash that is escaped separates
    /// nothing, and neither does a backslash, and dots lead nowhere. So a path never leaves the folder.
    ///
    /// # Errors
    /// It asks for nothing.
    pub(super) fn of(below: &str, with_hidden: bool) -> Result<Self, BadName> {
        let mut path = PathBuf::new();
        let mut segments = below.strip_prefix('/').unwrap_or(below).split('/').peekable();
        let mut is_folder = false;
        while let Some(segment) = segments.next() {
            if segment.is_empty() {
                // Only the last one may be empty: two slashes in a row name nothing.
                if segments.peek().is_some() {
                    return Err(BadName::Nowhere);
                }
                is_folder = !below.is_empty();
                break;
            }
            let name = decoded(segment)?;
            if name.contains(['/', '\\', '\0']) || name == "." || name == ".." {
                return Err(BadName::Nowhere);
            }
            if name.starts_with('.') && !with_hidden && name != ".well-known" {
                return Err(BadName::Nowhere);
            }
            path.push(name);
        }
        Ok(Self { path, is_folder })
    }
}

/// A segment without escapes.
fn decoded(segment: &str) -> Result<String, BadName> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        match (digit(), digit()) {
            (Some(high), Some(low)) => bytes.push(u8::try_from(high * 16 + low).unwrap_or_default()),
            _ => return Err(BadName::Malformed),
        }
    }
    String::from_utf8(bytes).map_err(|_| BadName::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names() {
        for (below, path, is_folder) in [
            ("", "", false),
            ("/", "", true),
            ("/a.txt", "a.txt", false),
            ("/a/b/", "a/b", true),
            ("/a%20b/%C3%A9.txt", "a b/é.txt", false),
            ("/a+b", "a+b", false),
            ("/..a/a..", "..a/a..", false),
            ("/.well-known/acme", ".well-known/acme", false),
        ] {
            // A name that begins with two dots is a hidden one.
            let name = Name::of(below, below.starts_with("/.."));
            let expected = Name {
                path: path.into(),
                is_folder,
            };
            assert_eq!(name, Ok(expected), "{below}");
        }
    }

    #[test]
    fn never_leaves_the_folder() {
        for below in [
            "/..",
            "/../a",
            "/a/../../b",
            "/%2e%2e/a",
            "/%2E./a",
            "/..%2fa",
            "/a%2f..%2f..%2fb",
            "/%2fetc/passwd",
            "//etc/passwd",
            "/a//b",
            "/..\\a",
            "/..%5ca",
            "/a%5c..%5cb",
            "/C:%5cwindows",
            "/a%00.txt",
            "/.",
            "/a/.",
        ] {
            assert_eq!(Name::of(below, true), Err(BadName::Nowhere), "{below}");
        }
        for below in ["/%", "/%2", "/%zz", "/a%2g", "/%c0%ae%c0%ae/a"] {
            assert_eq!(Name::of(below, true), Err(BadName::Malformed), "{below}");
        }
    }

    #[test]
    fn hides_what_begins_with_a_dot() {
        for below in ["/.env", "/.git/config", "/a/.b", "/%2eenv", "/.well-known-too"] {
            assert_eq!(Name::of(below, false), Err(BadName::Nowhere), "{below}");
            assert!(Name::of(below, true).is_ok(), "{below}");
        }
    }
}
