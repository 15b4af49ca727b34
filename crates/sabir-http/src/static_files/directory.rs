//! Looking for files below a folder.

use std::{
    fs::{File, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, VARY},
};
use sabir_core::{
    RequestHead, SetupError,
    pipeline::{OriginalUri, StaticFiles, SymbolicLinks},
};

use super::{
    codings::{Coding, Codings},
    found::{Found, FoundFile},
    name::{BadName, Name},
};
use crate::file::{self, field_value};

/// What says of an answer that it never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A folder, and what is sent of it.
#[derive(Debug)]
pub(super) struct Directory {
    /// Absolute.
    root: PathBuf,
    files: StaticFiles,
    cache_control: Option<HeaderValue>,
}

/// A regular file or a folder that may be seen.
enum Seen {
    File(File, Metadata),
    Folder,
}

impl Directory {
    /// # Errors
    /// There is no such folder, or an option does not fit.
    pub(super) fn new(files: &StaticFiles) -> Result<Self, SetupError> {
        if files.directory.is_empty() {
            let remedy = "name the folder, such as `public`";
            return Err(SetupError::new("directory", "it is missing", remedy));
        }
        let root = std::path::absolute(&files.directory).unwrap_or_else(|_| files.directory.clone().into());
        match std::fs::metadata(&root) {
            Ok(metadata) if metadata.is_dir() => {}
            other => {
                let why = match other {
                    Ok(_) => "is no folder".to_owned(),
                    Err(error) => format!("cannot be read: {error}"),
                };
                let remedy =
                    "make the folder, or give an absolute path: others begin at the working directory";
                return Err(SetupError::new(
                    "directory",
                    format!("{} {why}", root.display()),
                    remedy,
                ));
            }
        }
        for (option, name) in [("index", &files.index), ("fallback", &files.fallback)] {
            if Path::new(name)
                .components()
                .any(|part| !matches!(part, std::path::Component::Normal(_)))
            {
                let problem = format!("{name:?} is no file below the folder");
                return Err(SetupError::new(option, problem, "give a name such as index.html"));
            }
        }
        let fallback = root.join(&files.fallback);
        if !files.fallback.is_empty() && !fallback.is_file() {
            let problem = format!("there is no file {}", fallback.display());
            return Err(SetupError::new(
                "fallback",
                problem,
                "give a file below the folder",
            ));
        }
        let cache_control = HeaderValue::try_from(&files.cache_control).map_err(|_| {
            let problem = "it has characters that no header field has";
            SetupError::new("cache_control", problem, "leave them out")
        })?;
        Ok(Self {
            root,
            files: files.clone(),
            cache_control: Some(cache_control).filter(|value| !value.is_empty()),
        })
    }

    /// The codings that count for a request.
    pub(super) fn codings(&self, head: &RequestHead) -> Codings {
        if self.files.precompressed {
            Codings::of(&head.headers)
        } else {
            Codings::default()
        }
    }

    /// What there is for a request whose path goes on with `below`. It blocks.
    pub(super) fn find(&self, below: &str, codings: Codings, head: &RequestHead) -> Found {
        let found = match Name::of(below, self.files.hidden_files) {
            Ok(name) => self.look(&name, codings, head),
            Err(BadName::Malformed) => return Found::Malformed,
            Err(BadName::Nowhere) => Ok(None),
        };
        let found = found.and_then(|found| match found {
            None => self.fall_back(below, codings, head),
            found => Ok(found),
        });
        match found {
            Ok(Some(found)) => found,
            Ok(None) => Found::Nothing {
                varies: !self.files.fallback.is_empty(),
            },
            Err(error) => Found::Failed(error),
        }
    }

    fn look(&self, name: &Name, codings: Codings, head: &RequestHead) -> io::Result<Option<Found>> {
        match self.see(&name.path)? {
            Some(Seen::File(file, metadata)) if !name.is_folder => {
                self.described(&name.path, file, metadata, codings).map(Some)
            }
            Some(Seen::Folder) if !self.files.index.is_empty() => {
                let path = name.path.join(&self.files.index);
                match self.see(&path)? {
                    Some(Seen::File(..)) if !name.is_folder => Ok(Some(redirect(head))),
                    Some(Seen::File(file, metadata)) => {
                        self.described(&path, file, metadata, codings).map(Some)
                    }
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// The page that stands for paths without a file.
    fn fall_back(&self, below: &str, codings: Codings, head: &RequestHead) -> io::Result<Option<Found>> {
        let last = below.rsplit('/').next().unwrap_or_default();
        if self.files.fallback.is_empty() || last.contains('.') || !accepts_pages(&head.headers) {
            return Ok(None);
        }
        let path = PathBuf::from(&self.files.fallback);
        let Some(Seen::File(file, metadata)) = self.see(&path)? else {
            return Ok(None);
        };
        let mut found = self.described(&path, file, metadata, codings)?;
        if let Found::File(found) = &mut found {
            found.headers.append(VARY, HeaderValue::from_name(ACCEPT));
            // Anybody could ask for any number of such paths.
            found.may_be_kept = false;
        }
        Ok(Some(found))
    }

    /// The file with what is said of it, or its compressed sibling.
    fn described(&self, path: &Path, file: File, metadata: Metadata, codings: Codings) -> io::Result<Found> {
        let mut headers = HeaderMap::with_capacity(8);
        let mut chosen = (file, metadata, self.root.join(path));
        for coding in codings.iter() {
            let mut sibling = path.as_os_str().to_owned();
            sibling.push(coding.extension);
            if let Some(Seen::File(file, metadata)) = self.see(Path::new(&sibling))? {
                chosen = (file, metadata, self.root.join(&sibling));
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name));
                headers.insert(ETAG, etag_of_sibling(&chosen.1, coding));
                break;
            }
        }
        if self.files.precompressed {
            headers.append(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
        }
        let (file, metadata, chosen) = chosen;
        file::describe(path, &metadata, &mut headers);
        let is_immutable = path
            .to_str()
            .is_some_and(|path| self.files.immutable.iter().any(|pattern| fits(pattern, path)));
        if is_immutable {
            headers.insert(CACHE_CONTROL, IMMUTABLE);
        } else if let Some(value) = &self.cache_control {
            headers.insert(CACHE_CONTROL, value.clone());
        }
        Ok(Found::File(Box::new(FoundFile {
            path: chosen,
            file,
            metadata,
            headers,
            may_be_kept: true,
        })))
    }

    /// What there is at `path` below the folder; nothing where it may not be seen.
    fn see(&self, path: &Path) -> io::Result<Option<Seen>> {
        match self.try_see(path) {
            Err(error) if file::is_missing(&error) || is_hidden(&error) => Ok(None),
            seen => seen,
        }
    }

    fn try_see(&self, path: &Path) -> io::Result<Option<Seen>> {
        let whole = self.root.join(path);
        // Devices do something when they are opened, so what is none of the two is not.
        let before = std::fs::metadata(&whole)?;
        let opened = if before.is_file() {
            let file = file::open(&whole)?;
            let metadata = file.metadata()?;
            Some((file, metadata))
        } else if before.is_dir() {
            None
        } else {
            return Ok(None);
        };
        let identity = opened.as_ref().map_or(&before, |(_, metadata)| metadata);
        if !self.may_be_seen(path, &whole, identity)? {
            return Ok(None);
        }
        Ok(match opened {
            None => Some(Seen::Folder),
            Some((file, metadata)) if metadata.is_file() => Some(Seen::File(file, metadata)),
            Some(_) => None,
        })
    }

    /// Whether symbolic links on the way to `whole` permit that it is seen. It has to be what has been opened: a link may have been
    /// changed meanwhile.
    fn may_be_seen(&self, path: &Path, whole: &Path, identity: &Metadata) -> io::Result<bool> {
        if self.files.symbolic_links == SymbolicLinks::Follow {
            return Ok(true);
        }
        let root = std::fs::canonicalize(&self.root)?;
        let real = std::fs::canonicalize(whole)?;
        let leads_well = match self.files.symbolic_links {
            SymbolicLinks::Refuse => real == root.join(path),
            _ => real.starts_with(&root),
        };
        if !leads_well {
            return Ok(false);
        }
        let there = std::fs::symlink_metadata(&real)?;
        Ok((there.dev(), there.ino()) == (identity.dev(), identity.ino()))
    }
}

/// Leads from a folder to its path with a final slash, without which references of its index would lead elsewhere.
fn redirect(head: &RequestHead) -> Found {
    let uri = head
        .extensions
        .get::<OriginalUri>()
        .map_or(&head.uri, |original| &original.0);
    let path = uri.path();
    // A reference that begins with "//" names another host (RFC 3986 §4.2).
    let guard = if path.starts_with("//") { "/." } else { "" };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Found::Folder(field_value(format!("{guard}{path}/{query}")))
}

/// A strong entity tag of a compressed sibling, whose name tells it from the file's own.
fn etag_of_sibling(metadata: &Metadata, coding: Coding) -> HeaderValue {
    let nanoseconds = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
    field_value(format!(
        "\"{nanoseconds:x}-{:x}-{}\"",
        metadata.len(),
        coding.name
    ))
}

/// Whether a client asks for a page: its `Accept` names HTML, as browsers do when they open one and not for its parts.
fn accepts_pages(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .any(|range| {
            let mut parameters = range.split(';').map(|part| part.trim().to_ascii_lowercase());
            parameters.next().as_deref() == Some("text/html")
                && !parameters
                    .any(|parameter| matches!(parameter.as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

/// Whether what is there is not for this process, or is a circle of links: for clients there is nothing.
fn is_hidden(error: &io::Error) -> bool {
    if error.kind() == io::ErrorKind::PermissionDenied {
        tracing::warn!(%error, "a file may not be read, and is answered as if it were not there");
        return true;
    }
    error.raw_os_error() == Some(libc::ELOOP)
}

/// Whether `path` fits `pattern`, in which a star is any text.
fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_any_text() {
        for (pattern, path, is_fitting) in [
            ("assets/*", "assets/app-1a2b.js", true),
            ("assets/*", "assets/fonts/a.woff2", true),
            ("assets/*", "other/assets/a", false),
            ("*.js", "a/b.js", true),
            ("*.js", "a/b.json", false),
            ("*-????.js", "a-1234.js", false),
            ("a.txt", "a.txt", true),
            ("a.txt", "a.txt2", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(fits(pattern, path), is_fitting, "{pattern} {path}");
        }
    }

    #[test]
    fn pages_are_what_names_html() {
        for (field, is_page) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("Text/HTML; q=0.5", true),
            ("text/html;q=0, */*", false),
            ("*/*", false),
            ("application/json", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(field))]);
            assert_eq!(accepts_pages(&headers), is_page, "{field}");
        }
    }
}
