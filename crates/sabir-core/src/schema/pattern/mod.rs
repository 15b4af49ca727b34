//! The keyword `pattern`: regular expressions of ECMA-262, as JSON Schema recommends them (2020-12 §6.4), matched in
//! time that is linear in the text wherever the expression allows it.

use std::fmt;

#[cfg(feature = "backtracking")]
mod backtracking;
#[cfg(not(feature = "backtracking"))]
mod linear_only;
mod look_ahead;
mod translate;

#[cfg(feature = "backtracking")]
use backtracking::Backtracking;
#[cfg(not(feature = "backtracking"))]
use linear_only::Backtracking;
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
    /// Everything else, where the build has the feature `backtracking`.
    Backtracking(Backtracking),
}

/// Whether a text matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Yes,
    No,
    /// It was not found out within the permitted steps.
    #[cfg_attr(
        not(feature = "backtracking"),
        expect(dead_code, reason = "no steps are counted")
    )]
    Unknown,
}

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
    /// What is not a regular expression of ECMA-262 §22.2.1, or needs an engine that this build is without.
    pub(crate) fn compile(source: &str) -> Result<Self, Fault> {
        // The whole must be well formed, also where it is taken apart afterwards.
        let whole = translate(source)?;
        match Self::without_backtracking(source, &whole)? {
            Some(pattern) => Ok(pattern),
            None => Backtracking::compile(source, &whole).map(Self::Backtracking),
        }
    }

    /// Compiles `source`, which is translated to `whole`, to be matched in linear time; `None` where it cannot be.
    fn without_backtracking(source: &str, whole: &Translation) -> Result<Option<Self>, Fault> {
        if whole.is_linear {
            return linear(whole).map(|engine| Some(Self::Linear(engine)));
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
                return Ok(Some(Self::Begins {
                    conditions,
                    rest: linear(&rest)?,
                }));
            }
        }
        Ok(None)
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
            Self::Backtracking(engines) => return engines.fit(text),
        };
        if does_match { Fit::Yes } else { Fit::No }
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
    let whole = translate(source)?;
    if Pattern::without_backtracking(source, &whole)?.is_some() {
        return Ok(whole.text);
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
