//! Paths below others.

/// What follows `prefix` in `path`: empty, or starting with a slash. `None` where `path` is not below it, as a nested
/// handler's paths are.
///
/// ```
/// use sabir_core::pipeline::below;
///
/// assert_eq!(below("/api", "/api/users"), Some("/users"));
/// assert_eq!(below("/api", "/apis"), None);
/// ```
pub fn below<'p>(prefix: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(prefix)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_whole_segments_away() {
        assert_eq!(below("/api", "/api/users"), Some("/users"));
        assert_eq!(below("/api", "/api"), Some(""));
        assert_eq!(below("/api", "/apis"), None);
        assert_eq!(below("", "/users"), Some("/users"));
    }
}
