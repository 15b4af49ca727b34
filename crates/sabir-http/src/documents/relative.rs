//! References from one path to another.

/// What leads from the page at `from` to `to` (RFC 3986 §4.2), wherever the application is mounted.
#[cfg_attr(
    not(feature = "documents-ui"),
    allow(dead_code, reason = "only pages refer to something")
)]
pub(super) fn relative(from: &str, to: &str) -> String {
    let folders = |path: &str| -> Vec<String> {
        let mut folders: Vec<_> = path.split('/').skip(1).map(str::to_owned).collect();
        folders.pop();
        folders
    };
    let (here, there) = (folders(from), folders(to));
    let common = here
        .iter()
        .zip(&there)
        .take_while(|(one, other)| one == other)
        .count();
    let mut reference = "../".repeat(here.len() - common);
    for folder in there.iter().skip(common) {
        reference.extend([folder, "/"]);
    }
    reference.push_str(to.rsplit('/').next().unwrap_or_default());
    // A colon would make a scheme of what is before it.
    if reference.is_empty()
        || reference
            .split('/')
            .next()
            .is_some_and(|first| first.contains(':'))
    {
        reference.insert_str(0, "./");
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_from_one_path_to_another() {
        for (from, to, expected) in [
            ("/docs", "/openapi.json", "openapi.json"),
            ("/docs", "/docs/a.js", "docs/a.js"),
            ("/docs/", "/docs/a.js", "a.js"),
            ("/", "/openapi.json", "openapi.json"),
            ("/api/v1/docs", "/openapi.json", "../../openapi.json"),
            ("/api/docs", "/api/v1/openapi.json", "v1/openapi.json"),
            ("/a", "/b:c", "./b:c"),
            ("/a/b", "/a/", "./"),
        ] {
            assert_eq!(relative(from, to), expected, "{from} to {to}");
        }
    }
}
