//! Records as lines.

use std::{
    fmt::{self, Write as _},
    time::Duration,
};

use super::{AccessLogFormat, AccessRecord, Outcome, time};
use crate::RequestId;

/// The longest value of a client's that a line has, in bytes.
const LONGEST: usize = 4096;

impl AccessRecord {
    /// The record as one line, without its end. `ended` is when the answer has ended, since 1970-01-01T00:00:00Z; lines say when the
    /// request has begun.
    ///
    /// What clients say is escaped, so that no request makes two lines, moves a terminal, or ends a field.
    pub fn line(&self, format: AccessLogFormat, ended: Duration) -> String {
        let began = ended.saturating_sub(self.duration);
        let mut line = String::with_capacity(256);
        // Writing to a string does not fail.
        let _ = match format {
            AccessLogFormat::Json => self.json(&mut line, began),
            AccessLogFormat::Common => self.common(&mut line, began),
            AccessLogFormat::Combined => self.combined(&mut line, began),
            AccessLogFormat::Human => self.human(&mut line, began),
        };
        line
    }

    fn json(&self, line: &mut String, began: Duration) -> fmt::Result {
        write!(line, "{{\"time\":\"{}\"", time::rfc_3339(began))?;
        let id = self.id.as_ref().map(ToString::to_string);
        text(line, "request_id", id.as_deref().map(str::as_bytes))?;
        let client = self.client.map(|client| client.to_string());
        text(line, "client", client.as_deref().map(str::as_bytes))?;
        text(
            line,
            "method",
            self.method.as_ref().map(|method| method.as_str().as_bytes()),
        )?;
        text(line, "path", self.path().map(str::as_bytes))?;
        if let Some(query) = self.query() {
            text(line, "query", Some(query.as_bytes()))?;
        }
        text(line, "route", self.template().map(str::as_bytes))?;
        write!(line, ",\"protocol\":\"{:?}\",\"status\":", self.version)?;
        match self.status {
            Some(status) => write!(line, "{status}")?,
            None => line.push_str("null"),
        }
        let milliseconds = self.duration.as_secs_f64() * 1000.0;
        write!(
            line,
            ",\"bytes\":{},\"duration_ms\":{milliseconds:.3}",
            self.bytes
        )?;
        text(line, "outcome", Some(self.outcome.as_str().as_bytes()))?;
        for (name, value) in [("user_agent", &self.user_agent), ("referer", &self.referer)] {
            if let Some(value) = value {
                text(line, name, Some(value))?;
            }
        }
        if let Some(trace) = self.id.as_ref().and_then(RequestId::trace) {
            let (trace, span) = (trace.trace_id(), trace.span_id());
            write!(line, ",\"trace_id\":\"{trace}\",\"span_id\":\"{span}\"")?;
        }
        if let Some(identity) = &self.identity {
            text(line, "identity", Some(identity.as_bytes()))?;
        }
        line.push('}');
        Ok(())
    }

    fn common(&self, line: &mut String, began: Duration) -> fmt::Result {
        match self.client {
            Some(client) => write!(line, "{client}")?,
            None => line.push('-'),
        }
        line.push_str(" - ");
        match self.identity.as_deref() {
            None | Some("") => line.push('-'),
            Some(identity) => word(line, identity.as_bytes())?,
        }
        write!(line, " [{}] \"", time::common(began))?;
        match &self.method {
            Some(method) => {
                quoted(line, method.as_str().as_bytes())?;
                line.push(' ');
                quoted(line, self.path().unwrap_or("-").as_bytes())?;
                if let Some(query) = self.query() {
                    line.push('?');
                    quoted(line, query.as_bytes())?;
                }
                write!(line, " {:?}", self.version)?;
            }
            None => line.push('-'),
        }
        line.push_str("\" ");
        match self.status {
            Some(status) => write!(line, "{status} ")?,
            None => line.push_str("- "),
        }
        match self.bytes {
            0 => line.push('-'),
            bytes => write!(line, "{bytes}")?,
        }
        Ok(())
    }

    fn combined(&self, line: &mut String, began: Duration) -> fmt::Result {
        self.common(line, began)?;
        for value in [&self.referer, &self.user_agent] {
            line.push_str(" \"");
            quoted(line, value.as_deref().unwrap_or(b"-"))?;
            line.push('"');
        }
        Ok(())
    }

    fn human(&self, line: &mut String, began: Duration) -> fmt::Result {
        write!(line, "{} ", time::clock(began))?;
        match self.status {
            Some(status) => write!(line, "{status} ")?,
            None => line.push_str("--- "),
        }
        word(
            line,
            self.method
                .as_ref()
                .map_or("-", |method| method.as_str())
                .as_bytes(),
        )?;
        line.push(' ');
        word(line, self.path().unwrap_or("-").as_bytes())?;
        if let Some(query) = self.query() {
            line.push('?');
            word(line, query.as_bytes())?;
        }
        let milliseconds = self.duration.as_secs_f64() * 1000.0;
        write!(line, " {milliseconds:.1} ms {} B", self.bytes)?;
        if self.outcome != Outcome::Complete {
            write!(line, " {}", self.outcome.as_str())?;
        }
        if let Some(client) = self.client {
            write!(line, " {client}")?;
        }
        if let Some(identity) = &self.identity {
            line.push(' ');
            word(line, identity.as_bytes())?;
        }
        if let Some(id) = &self.id {
            write!(line, " {id}")?;
        }
        Ok(())
    }
}

/// A member of an object of JSON, which is not its first.
fn text(line: &mut String, name: &str, value: Option<&[u8]>) -> fmt::Result {
    write!(line, ",\"{name}\":")?;
    let Some(value) = value else {
        line.push_str("null");
        return Ok(());
    };
    line.push('"');
    for character in String::from_utf8_lossy(cut(value)).chars() {
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            // C1 controls move terminals too, and some readers take the separators for ends of lines.
            _ if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') => {
                write!(line, "\\u{:04x}", u32::from(character))?;
            }
            _ => line.push(character),
        }
    }
    line.push('"');
    Ok(())
}

/// A value between quotes, as Apache writes it.
fn quoted(line: &mut String, value: &[u8]) -> fmt::Result {
    for byte in cut(value) {
        match byte {
            b'"' => line.push_str("\\\""),
            b'\\' => line.push_str("\\\\"),
            b' '..=b'~' => line.push(char::from(*byte)),
            _ => write!(line, "\\x{byte:02x}")?,
        }
    }
    Ok(())
}

/// A value without spaces.
fn word(line: &mut String, value: &[u8]) -> fmt::Result {
    for byte in cut(value) {
        match byte {
            b'\\' => line.push_str("\\\\"),
            b'!'..=b'~' => line.push(char::from(*byte)),
            _ => write!(line, "\\x{byte:02x}")?,
        }
    }
    Ok(())
}

fn cut(value: &[u8]) -> &[u8] {
    value.get(..LONGEST).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method, Version};

    use super::*;

    const ENDED: Duration = Duration::from_millis(784_111_777_045);

    fn record() -> AccessRecord {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static("a\"b"));
        AccessRecord {
            duration: Duration::from_micros(1045),
            id: Some(RequestId::of(&headers)),
            client: "192.0.2.7".parse().ok(),
            method: Some(Method::GET),
            target: Some("/a%0Ab?token=s".into()),
            version: Version::HTTP_11,
            status: Some(200),
            bytes: 12,
            outcome: Outcome::Complete,
            ..AccessRecord::default()
        }
    }

    #[test]
    fn writes_json() {
        assert_eq!(
            record().line(AccessLogFormat::Json, ENDED),
            r#"{"time":"1994-11-06T08:49:37.043Z","request_id":"a\"b","client":"192.0.2.7","method":"GET","path":"/a%0Ab","route":null,"protocol":"HTTP/1.1","status":200,"bytes":12,"duration_ms":1.045,"outcome":"complete"}"#
        );
    }

    #[test]
    fn writes_the_log_formats_of_servers() {
        let mut record = record();
        record.identity = Some("Ann \u{e9}".into());
        record.shows_query = true;
        record.user_agent = Some(Box::from(b"a \"b\" \\ \xe9".as_slice()));
        let common = r#"192.0.2.7 - Ann\x20\xc3\xa9 [06/Nov/1994:08:49:37 +0000] "GET /a%0Ab?token=s HTTP/1.1" 200 12"#;
        assert_eq!(record.line(AccessLogFormat::Common, ENDED), common);
        assert_eq!(
            record.line(AccessLogFormat::Combined, ENDED),
            format!(r#"{common} "-" "a \"b\" \\ \xe9""#)
        );
    }

    #[test]
    fn writes_for_people() {
        assert_eq!(
            record().line(AccessLogFormat::Human, ENDED),
            "08:49:37 200 GET /a%0Ab 1.0 ms 12 B 192.0.2.7 a\"b"
        );
    }

    #[test]
    fn writes_requests_that_could_not_be_read() {
        let record = AccessRecord {
            status: Some(431),
            ..AccessRecord::default()
        };
        let line = record.line(AccessLogFormat::Json, ENDED);
        assert!(line.contains(r#""method":null,"path":null"#), "{line}");
        assert_eq!(
            record.line(AccessLogFormat::Common, ENDED),
            r#"- - - [06/Nov/1994:08:49:37 +0000] "-" 431 -"#
        );
    }

    #[test]
    fn no_value_makes_two_lines_or_moves_a_terminal() {
        let mut record = record();
        record.identity = Some("a\r\nb\u{1b}[2J\u{9b}c\u{2028}\"".into());
        record.user_agent = Some(Box::from(b"a\tb\xff\xc2\x9b".as_slice()));
        for format in [
            AccessLogFormat::Json,
            AccessLogFormat::Common,
            AccessLogFormat::Combined,
            AccessLogFormat::Human,
        ] {
            let line = record.line(format, ENDED);
            assert!(
                !line
                    .chars()
                    .any(|character| character.is_control() || character == '\u{2028}'),
                "{line}"
            );
        }
        let line: serde_json::Value =
            serde_json::from_str(&record.line(AccessLogFormat::Json, ENDED)).unwrap();
        assert_eq!(line["identity"], "a\r\nb\u{1b}[2J\u{9b}c\u{2028}\"");
    }

    #[test]
    fn values_are_cut() {
        let mut record = record();
        record.user_agent = Some(vec![b'a'; 100_000].into());
        assert!(record.line(AccessLogFormat::Json, ENDED).len() < 5000);
    }
}
