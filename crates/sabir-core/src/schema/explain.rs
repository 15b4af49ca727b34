//! What is wrong with a value that is not valid.

use jsonschema::{ValidationError, Validator};

use super::{
    instance::{Instance, Lens, Watch},
    message, sketch,
};
use crate::{Location, Text, Violation, Violations};

/// Adds what is wrong with `value` to `violations`, until these are full.
///
/// The validator knows no limit: it makes a failure for every wrong item, and for every branch of every combination.
/// `watch` ends it after some more than are told, since those of branches are not told.
pub(super) fn explain(
    validator: &Validator<Instance>,
    value: Lens<'_>,
    location: Location,
    name: Option<&Text>,
    watch: &Watch,
    violations: &mut Violations,
) {
    if violations.room() == 0 {
        violations.note_more();
        return;
    }
    watch.limit(violations.room().saturating_mul(4).saturating_add(512));
    let errors: Vec<ValidationError<'_>> = validator.iter_errors(value.watched(watch)).collect();
    // A combination that was found not to fit is itself only reported after the failures of its branches, which may have
    // been too many.
    let are_branches = errors.iter().all(sketch::is_after_the_limit);
    for (index, error) in errors.iter().enumerate() {
        if sketch::is_after_the_limit(error) && !(are_branches && index == 0) {
            continue;
        }
        let pointer = error.instance_path().as_str();
        let violation = |keyword, detail| Violation {
            location,
            name: name.cloned(),
            pointer: (location == Location::Body || !pointer.is_empty()).then(|| pointer.to_owned()),
            keyword,
            detail,
        };
        if let Some((names, keyword)) = message::unexpected(error, value) {
            for name in names {
                violations.push(violation(keyword.into(), message::not_permitted(&name)));
                if violations.are_more() {
                    return;
                }
            }
            continue;
        }
        violations.push(violation(message::keyword(error), message::detail(error, value)));
        if violations.are_more() {
            return;
        }
    }
    if watch.is_over() {
        violations.note_more();
    }
}
