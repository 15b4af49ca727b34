//! A multipart body cut into its parts while it arrives (RFC 2046 §5.1.1).

use bytes::{Buf, Bytes, BytesMut};
use futures_util::StreamExt;
use memchr::memmem::{self, Finder};

use crate::{
    Problem,
    body::{BodyStream, PartHead},
};

/// The most bytes that the head of one part may have.
const HEAD_LIMIT: usize = 16 * 1024;

/// Reads the parts of one body.
///
/// A byte is looked at a bounded number of times, however the body is cut into chunks, and no more is kept than the
/// chunk that is being read and the beginning of what may be a delimiter.
pub(super) struct Reader {
    body: BodyStream,
    buffer: BytesMut,
    /// The boundary with the line end and the dashes before it.
    delimiter: Finder<'static>,
    position: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Before a delimiter: in the preamble, or in the content of a part.
    Content,
    /// Behind a delimiter.
    Delimiter,
    /// Behind the last delimiter.
    End,
}

impl Reader {
    pub(super) fn new(body: BodyStream, boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}");
        Self {
            body,
            // The first delimiter may stand at the very beginning, without a line end before it.
            buffer: BytesMut::from(&b"\r\n"[..]),
            delimiter: Finder::new(&delimiter).into_owned(),
            position: Position::Content,
        }
    }

    /// Reads on to the next part; what is left of the current one is passed over. `None` when there are no more, and
    /// the body has been read to its end.
    ///
    /// # Errors
    /// `bad-request` when the content is not well formed or ends too early, and whatever the stream fails with.
    pub(super) async fn next_part(&mut self) -> Result<Option<PartHead>, Problem> {
        while self.chunk().await?.is_some() {}
        if self.position == Position::End || !self.is_followed_by_part().await? {
            self.position = Position::End;
            self.pass_over_epilogue().await?;
            return Ok(None);
        }
        let head = self.head().await?;
        self.position = Position::Content;
        PartHead::parse(&head).map(Some)
    }

    /// The next bytes of the current part's content; `None` after the last.
    ///
    /// # Errors
    /// As [`next_part`](Self::next_part).
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.position != Position::Content {
            return Ok(None);
        }
        loop {
            if let Some(at) = self.delimiter.find(&self.buffer) {
                if at > 0 {
                    return Ok(Some(self.buffer.split_to(at).freeze()));
                }
                self.buffer.advance(self.delimiter.needle().len());
                self.position = Position::Delimiter;
                return Ok(None);
            }
            let certain = self.buffer.len() - begun(&self.buffer, self.delimiter.needle());
            if certain > 0 {
                return Ok(Some(self.buffer.split_to(certain).freeze()));
            }
            self.fill().await?;
        }
    }

    /// Whether a part comes behind the delimiter, and not the end.
    async fn is_followed_by_part(&mut self) -> Result<bool, Problem> {
        self.fill_to(2).await?;
        if self.buffer.starts_with(b"--") {
            return Ok(false);
        }
        // Transport padding (RFC 2046 §5.1.1).
        loop {
            let padding = self
                .buffer
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            self.buffer.advance(padding);
            if !self.buffer.is_empty() {
                break;
            }
            self.fill().await?;
        }
        self.fill_to(2).await?;
        if !self.buffer.starts_with(b"\r\n") {
            return Err(Problem::bad_request(
                "the multipart content has a boundary that no line end follows",
            ));
        }
        Ok(true)
    }

    /// The lines before the content. The buffer starts with the line end before the first of them, so that a head
    /// without lines ends like any other.
    async fn head(&mut self) -> Result<Bytes, Problem> {
        const END: &[u8] = b"\r\n\r\n";
        let mut looked_at = 0;
        loop {
            let end = memmem::find(&self.buffer[looked_at..], END).map(|at| looked_at + at);
            if end.unwrap_or(self.buffer.len()) > HEAD_LIMIT {
                return Err(Problem::bad_request(format!(
                    "a part of the multipart content has a head of more than {HEAD_LIMIT} bytes"
                )));
            }
            if let Some(end) = end {
                let head = self.buffer.split_to(end).freeze();
                self.buffer.advance(END.len());
                return Ok(head);
            }
            looked_at = self.buffer.len().saturating_sub(END.len() - 1);
            self.fill().await?;
        }
    }

    /// Reads what follows the last delimiter, which has no meaning, so that the connection can be used again.
    async fn pass_over_epilogue(&mut self) -> Result<(), Problem> {
        self.buffer.clear();
        while let Some(chunk) = self.body.next().await {
            chunk?;
        }
        Ok(())
    }

    async fn fill_to(&mut self, length: usize) -> Result<(), Problem> {
        while self.buffer.len() < length {
            self.fill().await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), Problem> {
        let Some(chunk) = self.body.next().await else {
            return Err(Problem::bad_request("the multipart content ends too early"));
        };
        let chunk = chunk?;
        if !self.buffer.is_empty() {
            self.buffer.extend_from_slice(&chunk);
            return Ok(());
        }
        match chunk.try_into_mut() {
            Ok(chunk) => self.buffer = chunk,
            Err(shared) => self.buffer.extend_from_slice(&shared),
        }
        Ok(())
    }
}

/// How many bytes at the end of `content` are the beginning of `delimiter`, which has one line end, at its start.
fn begun(content: &[u8], delimiter: &[u8]) -> usize {
    let from = content.len().saturating_sub(delimiter.len() - 1);
    memchr::memrchr(b'\r', &content[from..])
        .map(|at| &content[from + at..])
        .filter(|end| delimiter.starts_with(end))
        .map_or(0, <[u8]>::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_back_what_may_be_a_delimiter() {
        let delimiter = b"\r\n--b";
        for (content, kept) in [
            (&b"abc"[..], 0),
            (b"abc\r", 1),
            (b"abc\r\n--", 4),
            (b"\r\n-\r\n-", 3),
            (b"\r\n-x", 0),
            (b"", 0),
        ] {
            assert_eq!(begun(content, delimiter), kept, "{content:?}");
        }
    }
}
