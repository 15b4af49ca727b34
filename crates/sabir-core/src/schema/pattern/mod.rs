//! The keyword `pattern`: regular expressions of ECMA-262, as JSON Schema recommends them (2020-12 §6.4), matched in
//! time that is linear in the text wherever the expression allows it.

use std::fmt;

mod look_ahead;
mod translate;

use look_ahead::leading_look_ahead;
use translate::{Translation, translate};

/// A compiled pattern.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// No look-around and no back-reference: the engine never goes back.
    Linear(regex::Regex),
    /// Look-ahead at the beginning only, which is how most patterns with look-around are: each part is linear.
    Begins {
        /// What must, and what must not, match at the beginning of the text.
        conditions: Vec<(bool, regex::Regex)>,
        rest: regex::Regex,
    },
    /// Everything else, by steps that are counted. Longer texts are given more of them.
    Backtracking(Vec<(usize, fancy_regex::Regex)>),
}

/// Whether a text matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Yes,
    No,
    /// It was not found out within the permitted steps.
    Unknown,
}

/// Up to which length of text how many steps backwards are permitted.
const STEPS: [(usize, usize); 3] = [(256, 2_000), (8_192, 32_000), (usize::MAX, 250_000)];

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault(pub(super) String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Pattern {
    /// Compiles `source`.
    ///
    /// # Errors
    /// What is not a regular expression of ECMA-262 §22.2.1.
    pub(crate) fn compile(source: &str) -> Result<Self, Fault> {
        // The whole must be well formed, also where it is taken apart afterwards.
        let whole = translate(source)?;
        if whole.is_linear {
            return linear(&whole).map(Self::Linear);
        }
        if let Some((conditions, rest)) = leading_look_ahead(source)
            && let Ok(rest) = translate(&format!("^(?:{rest})"))
            && rest.is_linear
        {
            let conditions = conditions.into_iter().map(|(must, body)| {
                let part = translate(&format!("^(?:{body})"))?;
                if part.is_linear {
                    Ok((must, linear(&part)?))
                } else {
                    Err(Fault(String::new()))
                }
            });
            if let Ok(conditions) = conditions.collect() {
                return Ok(Self::Begins {
                    conditions,
                    rest: linear(&rest)?,
                });
            }
        }
        let engines = STEPS.iter().map(|(length, steps)| {
            fancy_regex::RegexBuilder::new(&whole.text)
                .backtrack_limit(*steps)
                .build()
                .map(|engine| (*length, engine))
                .map_err(|error| Fault(format!("{source:?} is not a regular expression: {error}")))
        });
        engines.collect::<Result<_, _>>().map(Self::Backtracking)
    }

    /// Holds `text` against the pattern, which may match anywhere in it.
    pub(crate) fn fit(&self, text: &str) -> Fit {
        let does_match = match self {
            Self::Linear(engine) => engine.is_match(text),
            Self::Begins { conditions, rest } => {
                conditions
                    .iter()
                    .all(|(must, engine)| engine.is_match(text) == *must)
                    && rest.is_match(text)
            }
            Self::Backtracking(engines) => {
                let engine = engines.iter().find(|(length, _)| text.len() <= *length);
                match engine.map(|(_, engine)| engine.is_match(text)) {
                    Some(Ok(does_match)) => does_match,
                    _ => return Fit::Unknown,
                }
            }
        };
        if does_match { Fit::Yes } else { Fit::No }
    }

    /// Whether matching takes time that is linear in the text.
    pub(crate) fn is_linear(&self) -> bool {
        !matches!(self, Self::Backtracking(_))
    }
}

fn linear(translation: &Translation) -> Result<regex::Regex, Fault> {
    regex::Regex::new(&translation.text)
        .map_err(|error| Fault(format!("it is too large or not a regular expression: {error}")))
}

/// `source` in the notation of the validator's engine, for the patterns of property names, which the validator matches.
///
/// # Errors
/// What [`Pattern::compile`] refuses, and what cannot be matched in linear time.
pub(crate) fn for_names(source: &str) -> Result<String, Fault> {
    if Pattern::compile(source)?.is_linear() {
        return Ok(translate(source)?.text);
    }
    Err(Fault(format!(
        "the pattern {source:?} of property names has look-around or a back-reference that takes more than linear time"
    )))
}

/// An engine that matches texts which are `source` as a whole, in linear time: for segments of paths, which decide on the
/// route before anything else is known of a request.
///
/// # Errors
/// What [`Pattern::compile`] refuses, and what cannot be matched in linear time.
pub(crate) fn of_whole_texts(source: &str) -> Result<regex::Regex, Fault> {
    // By itself first, so that unbalanced parentheses cannot escape from the group.
    if !translate(source)?.is_linear {
        return Err(Fault(format!(
            "{source:?} has look-around or a back-reference, which takes more than linear time"
        )));
    }
    linear(&translate(&format!("^(?:{source})$"))?)
}

#[cfg(test)]
mod tests;
