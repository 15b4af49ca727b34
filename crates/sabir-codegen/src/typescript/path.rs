//! The variables of path patterns.

/// A variable and the converter behind its colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variable<'a> {
    /// The name.
    pub(super) name: &'a str,
    /// The converter; `None` where the variable takes any segment.
    pub(super) converter: Option<&'a str>,
}

/// The variables of the pattern `path`.
pub(super) fn variables(path: &str) -> impl Iterator<Item = Variable<'_>> {
    let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(variable, _)| match variable.split_once(':') {
        Some((name, converter)) => Variable {
            name,
            converter: Some(converter),
        },
        None => Variable {
            name: variable,
            converter: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_and_converters() {
        let found: Vec<_> = variables("/a/{id:int}/{rest:path}.{kind}")
            .map(|variable| (variable.name, variable.converter))
            .collect();
        assert_eq!(
            found,
            [("id", Some("int")), ("rest", Some("path")), ("kind", None)]
        );
    }
}
