//! What stands for reading multipart content in a build that reads none. It is refused before.

use super::NOT_SUPPORTED;
use crate::{
    Problem, ProblemType, Text, Value, Violation,
    body::{BodyStream, FileStore, PartStream, fields::Leaf, limits::BodyLimits},
    parameters::text_schema::TextPart,
};

/// Refuses the content.
pub(in crate::body) async fn decode(
    _: BodyStream,
    _: &str,
    _: TextPart<'_>,
    _: &BodyLimits,
    _: Option<&dyn FileStore>,
    _: &mut Vec<Violation>,
) -> Result<Value, Problem> {
    Err(refusal())
}

/// Refuses the content.
pub(in crate::body) async fn read_pairs(
    _: BodyStream,
    _: &str,
    _: &BodyLimits,
) -> Result<Vec<(Text, Leaf)>, Problem> {
    Err(refusal())
}

/// Refuses the content.
pub(in crate::body) fn parts(_: BodyStream, _: &str, _: &BodyLimits) -> PartStream {
    Box::pin(futures_util::stream::iter([Err(refusal())]))
}

fn refusal() -> Problem {
    Problem::new(ProblemType::UnsupportedMediaType).with_detail(NOT_SUPPORTED)
}
