//! What came back.

use bytes::Bytes;
use http::Response;

/// One response.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether it ended before it was whole, and could be seen to.
    pub(crate) breaks_off: bool,
}

impl Answer {
    /// The values of every field called `name`.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let fields = self
            .headers
            .iter()
            .filter(|(field, _)| field.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.clone()).collect()
    }
}

impl From<Response<Bytes>> for Answer {
    fn from(response: Response<Bytes>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let fields = response.headers().iter();
        Self {
            status: response.status().as_u16(),
            headers: fields
                .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                .collect(),
            body: response.into_body().into(),
            breaks_off: false,
        }
    }
}
