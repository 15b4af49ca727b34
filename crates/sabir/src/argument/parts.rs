//! The parts of a form while they arrive.

use std::{fmt, future::poll_fn};

use bytes::Bytes;
use sabir_core::{
    Body, Call, Problem, SetupError,
    body::{PartHead, PartItem, PartStream},
};

use super::Argument;
use crate::Description;

/// The parts of a `multipart/form-data` body (RFC 7578) one after the other, while they arrive: nothing is kept, in memory or
/// on disk. [`Multipart`](crate::Multipart) has them decoded and validated instead.
///
/// The limits hold while they are read: `form_field_limit`, `part_limit`, `body_limit`.
///
/// ```
/// use sabir::{Parts, Problem, Sabir};
///
/// async fn sizes(mut parts: Parts) -> Result<String, Problem> {
///     let mut text = String::new();
///     while let Some(part) = parts.next().await? {
///         let mut size = 0;
///         while let Some(chunk) = parts.chunk().await? {
///             size += chunk.len();
///         }
///         text += &format!("{}: {size} bytes\n", part.name);
///     }
///     Ok(text)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/files", sizes).build()?;
/// let form = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--b--\r\n";
/// let request = http::Request::post("/files").header("content-type", "multipart/form-data; boundary=b");
/// assert_eq!(app.call_in_memory(request.body(form.into()).unwrap()).await.body(), "a: 5 bytes\n");
/// # Ok(())
/// # }
/// ```
pub struct Parts {
    items: Option<PartStream>,
    /// The head of the next part, where it came in place of a chunk.
    next: Option<PartHead>,
}

impl Parts {
    /// The head of the next part. What is left of the one before is passed over. `None` after the last one.
    ///
    /// # Errors
    /// Content that is not well formed, breaks off or goes beyond a limit.
    pub async fn next(&mut self) -> Result<Option<PartHead>, Problem> {
        while self.chunk().await?.is_some() {}
        if self.next.is_none() {
            // Only at the very beginning, and at the end.
            self.chunk().await?;
        }
        Ok(self.next.take())
    }

    /// The next bytes of the part that was begun last; `None` at its end.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.next.is_some() {
            return Ok(None);
        }
        let Some(items) = &mut self.items else {
            return Ok(None);
        };
        match poll_fn(|context| items.as_mut().poll_next(context))
            .await
            .transpose()?
        {
            Some(PartItem::Chunk(chunk)) => return Ok(Some(chunk)),
            Some(PartItem::Head(head)) => self.next = Some(head),
            None => self.items = None,
        }
        Ok(None)
    }
}

impl Argument for Parts {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description.stream_content("multipart/form-data")
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        let items = match std::mem::take(&mut call.body) {
            Body::Parts(items) => Some(items),
            _ => None,
        };
        Ok(Self { items, next: None })
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}
