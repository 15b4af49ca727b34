//! Problems as errors.

use std::{error::Error, fmt};

use super::Problem;

/// A problem as an [`Error`], for functions and libraries whose errors have to be some. [`Problem`] itself is none, so that `?` can make
/// a problem of every error.
///
/// Where a problem is made of errors, by `?` or [`Problem::failed`], this one becomes the problem that it was.
///
/// ```
/// use std::error::Error;
///
/// use sabir_core::{Problem, ProblemType};
///
/// fn find(name: &str) -> Result<u8, Box<dyn Error + Send + Sync>> {
///     Err(Problem::new(ProblemType::NotFound).with_detail(format!("There is no {name}.")))?
/// }
///
/// let error = find("tea").unwrap_err();
/// assert_eq!(error.to_string(), "The resource was not found: There is no tea.");
/// assert_eq!(Problem::failed(error).status, 404);
/// ```
#[derive(Debug, Clone)]
pub struct ProblemError(Box<Problem>);

impl ProblemError {
    /// The problem.
    pub fn problem(&self) -> &Problem {
        &self.0
    }

    pub(super) fn into_problem(self) -> Problem {
        *self.0
    }
}

impl From<Problem> for ProblemError {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl fmt::Display for ProblemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.problem();
        match (problem.cause_text(), &problem.detail) {
            (Some(text), _) => f.write_str(&text),
            (None, Some(detail)) => write!(f, "{}: {detail}", problem.title),
            (None, None) => f.write_str(&problem.title),
        }
    }
}

impl Error for ProblemError {}

/// A problem that comes when an answer has begun: it breaks the content off, and stands in the log.
impl From<Problem> for Box<dyn Error + Send + Sync> {
    fn from(problem: Problem) -> Self {
        Box::new(ProblemError::from(problem))
    }
}

impl From<Problem> for Box<dyn Error> {
    fn from(problem: Problem) -> Self {
        Box::new(ProblemError::from(problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProblemType;

    fn conflict() -> Problem {
        Problem::new(ProblemType::Conflict).with_detail("The name is taken.")
    }

    #[test]
    fn says_what_is_the_matter() {
        let boxed: Box<dyn Error> = conflict().into();
        let expected = "The request conflicts with the current state: The name is taken.";
        assert_eq!(boxed.to_string(), expected);
        let bare = ProblemError::from(Problem::new(ProblemType::Gone));
        assert_eq!(bare.to_string(), "The resource is gone");
        let caused = ProblemError::from(Problem::failed("no disk"));
        assert_eq!(caused.to_string(), "no disk");
    }

    #[test]
    fn becomes_the_problem_that_it_was() {
        fn raises() -> Result<(), Problem> {
            Ok(Err(ProblemError::from(conflict()))?)
        }
        let boxed: Box<dyn Error + Send + Sync> = conflict().into();
        for problem in [raises().unwrap_err(), Problem::failed(boxed)] {
            assert_eq!(
                (problem.status, problem.detail.as_deref()),
                (409, Some("The name is taken."))
            );
            assert!(problem.cause.is_none());
        }
    }
}
