//! The parts of multipart content for a handler that takes them as they arrive.

use futures_util::stream::try_unfold;

use super::reader::Reader;
use crate::{
    Problem, ProblemType,
    body::{BodyStream, PartItem, PartStream, limits::BodyLimits},
};

/// Where the stream is.
struct Place {
    reader: Reader,
    limits: BodyLimits,
    parts: u64,
    /// The name of the part that is being read, and how much of it has been.
    part: Option<(String, u64)>,
}

/// The parts of `body`, within the limits for their number and size.
pub(in crate::body) fn parts(body: BodyStream, boundary: &str, limits: &BodyLimits) -> PartStream {
    let place = Place {
        reader: Reader::new(body, boundary),
        limits: *limits,
        parts: 0,
        part: None,
    };
    Box::pin(try_unfold(place, async |mut place| {
        Ok(place.next().await?.map(|item| (item, place)))
    }))
}

impl Place {
    async fn next(&mut self) -> Result<Option<PartItem>, Problem> {
        if let Some((name, size)) = &mut self.part
            && let Some(chunk) = self.reader.chunk().await?
        {
            *size += chunk.len() as u64;
            if *size > self.limits.part {
                let detail = format!("the part `{name}` is larger than {} bytes", self.limits.part);
                return Err(Problem::new(ProblemType::ContentTooLarge).with_detail(detail));
            }
            return Ok(Some(PartItem::Chunk(chunk)));
        }
        self.part = None;
        let Some(head) = self.reader.next_part().await? else {
            return Ok(None);
        };
        self.parts += 1;
        self.limits.check_fields(self.parts)?;
        self.part = Some((head.name.clone(), 0));
        Ok(Some(PartItem::Head(head)))
    }
}
