//! The files that the handlers of a fixture answer with.

use std::{
    fs::{self, File},
    io,
    time::{Duration, SystemTime},
};

use http::{HeaderName, HeaderValue, StatusCode, header};
use sabir_codegen::fixture::{Application, Disposition, FileData, Handler, WrittenFile};
use sabir_core::{Reply, RequestHead};
use tempfile::TempDir;

use crate::handler::AnyError;

/// When every file was last changed, in seconds since 1970: `2024-02-29T12:00:00Z`.
const CHANGED: u64 = 1_709_208_000;

/// A folder with these files, which goes with its last owner.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A folder with the files of `application`.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn of(application: &Application) -> io::Result<Self> {
        let folder = Self(tempfile::tempdir()?);
        for route in &application.routes {
            if let Handler::File(data) = route.handler.last()
                && let Some(content) = data.content()
            {
                folder.write(&data.name, &WrittenFile::Content(content))?;
            }
        }
        for (path, file) in application.written_files().map_err(io::Error::other)? {
            folder.write(path, &file)?;
        }
        Ok(folder)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> String {
        self.0.path().to_string_lossy().into_owned()
    }

    fn write(&self, path: &str, file: &WrittenFile) -> io::Result<()> {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        match file {
            WrittenFile::Content(content) => {
                fs::write(&path, content)?;
                let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(CHANGED);
                File::options().write(true).open(path)?.set_modified(changed)
            }
            WrittenFile::Link(to) => std::os::unix::fs::symlink(to, path),
            WrittenFile::Pipe => {
                let made = std::process::Command::new("mkfifo").arg(path).status()?;
                if made.success() {
                    Ok(())
                } else {
                    Err(io::Error::other("no pipe could be made"))
                }
            }
        }
    }

    /// The answer with the file of `data` to a request with `head`.
    ///
    /// # Errors
    /// When a field is none.
    pub(crate) fn reply(&self, data: &FileData, head: &RequestHead) -> Result<Reply, AnyError> {
        let mut reply = Reply::new(StatusCode::from_u16(data.status.unwrap_or(200))?);
        for (name, value) in &data.headers {
            reply
                .headers
                .append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        if let Some(media_type) = &data.media_type {
            reply
                .headers
                .insert(header::CONTENT_TYPE, HeaderValue::try_from(media_type)?);
        }
        if let Some(filename) = &data.filename {
            let value = HeaderValue::try_from(disposition(data.disposition, filename))?;
            reply.headers.insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(sabir_http::file_reply(
            &self.0.path().join(&data.name),
            head,
            reply,
        ))
    }
}

/// The field that a Rust handler writes by itself (RFC 6266 §4, RFC 8187 §3.2).
fn disposition(kind: Disposition, filename: &str) -> String {
    let kind = match kind {
        Disposition::Attachment => "attachment",
        Disposition::Inline => "inline",
    };
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'%');
    if filename.bytes().all(is_plain) {
        return format!("{kind}; filename=\"{filename}\"");
    }
    let quoted = filename.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    format!("{kind}; filename*=UTF-8''{}", quoted.collect::<String>())
}
