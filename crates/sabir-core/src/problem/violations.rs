//! What is wrong with one request, collected up to a limit.

use std::{collections::HashSet, ops::Deref};

use crate::{Problem, ProblemType, Violation};

/// The violations of one request, of its parameters and its body together.
///
/// A client mends many mistakes in one round when it is told many; it needs no more than the setting `violation_limit`
/// permits, and whoever sends millions of them must not have millions of messages made.
#[derive(Debug, Clone)]
pub struct Violations {
    list: Vec<Violation>,
    limit: usize,
    are_more: bool,
    /// Pointers to what stands in for values that there are none of. Nothing is said of these.
    #[allow(
        clippy::box_collection,
        reason = "there are seldom any, and violations travel with every request"
    )]
    stand_ins: Option<Box<HashSet<String>>>,
}

impl Violations {
    /// None yet, and at most `limit` later.
    pub fn new(limit: u64) -> Self {
        Self {
            list: Vec::new(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            are_more: false,
            stand_ins: None,
        }
    }

    /// Adds `violation`. Beyond the limit it is only remembered that there are more.
    pub fn push(&mut self, violation: Violation) {
        if self.is_of_stand_in(&violation) {
            return;
        }
        if self.list.len() < self.limit {
            self.list.push(violation);
        } else {
            self.are_more = true;
        }
    }

    /// How many more are told.
    pub fn room(&self) -> usize {
        self.limit - self.list.len()
    }

    /// Remembers that there are more than those that are told.
    pub fn note_more(&mut self) {
        self.are_more = true;
    }

    /// Adds what `find` finds and then `misfits`: text that is no value of its schema. Something stands in for each of them,
    /// at `stand_ins`, of which `find` has nothing to say.
    pub(crate) fn push_beside(
        &mut self,
        misfits: Vec<Violation>,
        stand_ins: HashSet<String>,
        find: impl FnOnce(&mut Self),
    ) {
        self.stand_ins = Some(Box::new(stand_ins));
        find(self);
        self.stand_ins = None;
        for misfit in misfits {
            self.push(misfit);
        }
    }

    /// Whether `violation` is of something that stands in, or of a part of it.
    fn is_of_stand_in(&self, violation: &Violation) -> bool {
        let (Some(stand_ins), Some(mut pointer)) = (&self.stand_ins, violation.pointer.as_deref()) else {
            return false;
        };
        loop {
            if stand_ins.contains(pointer) {
                return true;
            }
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => return false,
            }
        }
    }

    /// Whether there are more than those that are told.
    pub fn are_more(&self) -> bool {
        self.are_more
    }

    /// `validation-failed` with all that are told, sorted by where they lie; those of one place keep their order.
    pub fn into_problem(self) -> Problem {
        let mut errors = self.list;
        errors.sort_by_key(|violation| violation.location);
        if !crate::Switch::AllViolations.is_on() {
            errors.truncate(1);
        }
        let detail = match (errors.len(), self.are_more) {
            (1, false) => "1 part of the request is not valid".to_owned(),
            (count, false) => format!("{count} parts of the request are not valid"),
            (count, true) => {
                format!("more parts of the request are not valid than the {count} that are told here")
            }
        };
        let mut problem = Problem::new(ProblemType::ValidationFailed).with_detail(detail);
        problem.errors = errors;
        problem.errors_truncated = self.are_more;
        problem
    }
}

impl Problem {
    /// `422` with every violation, sorted by where it lies; those of one place keep their order.
    pub fn validation(errors: Vec<Violation>) -> Self {
        Violations::from(errors).into_problem()
    }
}

/// Those that are told, in the order in which they were found.
impl Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.list
    }
}

impl Default for Violations {
    /// Without a limit.
    fn default() -> Self {
        Self::new(u64::MAX)
    }
}

impl From<Vec<Violation>> for Violations {
    fn from(list: Vec<Violation>) -> Self {
        Self {
            limit: usize::MAX,
            list,
            are_more: false,
            stand_ins: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Location;

    fn violation(location: Location) -> Violation {
        Violation::new(location, "type", "1")
    }

    #[test]
    fn tells_as_many_as_the_limit_and_that_there_are_more() {
        let mut violations = Violations::new(2);
        for location in [Location::Query, Location::Body, Location::Body] {
            violations.push(violation(location));
        }
        assert_eq!(violations.room(), 0);
        let problem = violations.into_problem();
        assert_eq!(problem.errors.len(), 2);
        assert!(problem.errors_truncated);
        assert_eq!(
            problem.detail.as_deref(),
            Some("more parts of the request are not valid than the 2 that are told here")
        );
    }

    #[test]
    fn has_room_for_what_is_beside_a_stand_in() {
        let of = |pointer: &str| violation(Location::Body).with_pointer(pointer);
        let mut violations = Violations::new(3);
        let stand_ins = HashSet::from(["/a".to_owned(), "/b/0".to_owned()]);
        violations.push_beside(vec![of("/a"), of("/b/0")], stand_ins, |violations| {
            for pointer in ["/a", "/a", "/a/0/c", "/b/0", "/ab"] {
                violations.push(of(pointer));
            }
        });
        let told: Vec<_> = violations
            .iter()
            .filter_map(|violation| violation.pointer.as_deref())
            .collect();
        assert_eq!((told, violations.are_more()), (vec!["/ab", "/a", "/b/0"], false));
    }

    #[test]
    fn does_not_speak_of_more_when_the_limit_is_just_reached() {
        let mut violations = Violations::new(1);
        violations.push(violation(Location::Query));
        assert!(!violations.into_problem().errors_truncated);
    }
}
