//! Patterns that no engine without backtracking can match, by steps that are counted.

use super::{Fault, Fit, translate::Translation};

/// Up to which length of text how many steps backwards are permitted.
const STEPS: [(usize, usize); 3] = [(256, 2_000), (8_192, 32_000), (usize::MAX, 250_000)];

/// A pattern, for texts up to some lengths. Longer texts are given more steps.
#[derive(Debug)]
pub(crate) struct Backtracking(Vec<(usize, fancy_regex::Regex)>);

impl Backtracking {
    /// Compiles what `source` is translated to.
    ///
    /// # Errors
    /// What is no regular expression.
    pub(super) fn compile(source: &str, translation: &Translation) -> Result<Self, Fault> {
        let engines = STEPS.iter().map(|(length, steps)| {
            fancy_regex::RegexBuilder::new(&translation.text)
                .backtrack_limit(*steps)
                .build()
                .map(|engine| (*length, engine))
                .map_err(|error| Fault(format!("{source:?} is not a regular expression: {error}")))
        });
        engines.collect::<Result<_, _>>().map(Self)
    }

    /// Holds `text` against the pattern, within the permitted steps.
    pub(super) fn fit(&self, text: &str) -> Fit {
        let engine = self.0.iter().find(|(length, _)| text.len() <= *length);
        match engine.map(|(_, engine)| engine.is_match(text)) {
            Some(Ok(true)) => Fit::Yes,
            Some(Ok(false)) => Fit::No,
            _ => Fit::Unknown,
        }
    }
}
