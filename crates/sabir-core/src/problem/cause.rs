//! Errors that become problems.

use std::{error::Error, fmt, sync::Arc};

use super::{Problem, ProblemError, ProblemType};

/// An error with those that caused it: `outer: inner: innermost`.
struct Chain<'e>(&'e (dyn Error + 'static));

impl Problem {
    /// `500` for an error that a handler did not expect. The log has its text, and with the setting `debug` the client too.
    ///
    /// `?` does the same with every type that implements [`Error`]; this also takes boxed errors and those of libraries
    /// such as `anyhow`: `.map_err(Problem::failed)?`. A [`ProblemError`] becomes the problem that it was.
    pub fn failed(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        match cause.into().downcast::<ProblemError>() {
            Ok(error) => error.into_problem(),
            Err(cause) => {
                let mut problem = Self::new(ProblemType::InternalError);
                problem.cause = Some(Arc::from(cause));
                problem
            }
        }
    }

    /// The text of [`cause`](Self::cause) and of those behind it.
    pub fn cause_text(&self) -> Option<String> {
        self.cause.as_deref().map(|cause| Chain(cause).to_string())
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::failed(error)
    }
}

impl From<Box<Problem>> for Problem {
    fn from(problem: Box<Problem>) -> Self {
        *problem
    }
}

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            write!(f, ": {error}")?;
            next = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::num::ParseIntError);

    fn fails() -> Result<u8, Problem> {
        Ok("x".parse::<u8>().map_err(Outer)?)
    }

    #[test]
    fn an_error_is_a_failure_with_a_cause() {
        let problem = fails().unwrap_err();
        assert_eq!((problem.status, problem.detail.as_deref()), (500, None));
        assert_eq!(
            problem.cause_text().as_deref(),
            Some("outer: invalid digit found in string")
        );
        let boxed: Box<dyn Error + Send + Sync> = "text".into();
        assert_eq!(Problem::failed(boxed).cause_text().as_deref(), Some("text"));
        assert_eq!(Problem::new(ProblemType::Gone).cause_text(), None);
    }
}
