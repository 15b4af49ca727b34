//! Folders whose files are answers, as plain data.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::{
    Handler, SetupError,
    options::{choice, options},
    threads::{MaybeSend, MaybeSync},
};

choice! {
    /// What becomes of symbolic links below a folder.
    SymbolicLinks {
        /// They are followed where they lead to something below the folder.
        Within = "within",
        /// They are followed wherever they lead.
        Follow = "follow",
        /// There is nothing at them.
        Refuse = "refuse",
    }
}

options! {
    /// A folder whose files are answers.
    StaticFiles ("option", at "static") {
        /// The folder. A path that is not absolute begins at the working directory of the process.
        directory: String = String::new();
        /// The file that is sent for a folder; empty for none, so that there is nothing at a folder.
        index: String = "index.html".into();
        /// The file that is sent with the status 200 to a page's request for a path without a file, as applications of one page need it; empty
        /// for none. It is sent to GET and HEAD whose `Accept` names `text/html`, for paths whose last segment has no dot: a script or a picture
        /// that is missing is a 404.
        fallback: String = String::new();
        /// The field `Cache-Control` of files; empty means that nothing is said.
        cache_control: String = "no-cache".into();
        /// Paths below the folder of files that never change, since their names do, as `assets/*`: clients keep them for a year and do not
        /// ask again. A star is any text, slashes too.
        immutable: Vec<String> = Vec::new();
        /// Whether a file's compressed sibling is sent to clients that take it: `app.js.br`, `app.js.zst` or `app.js.gz` for `app.js`.
        precompressed: bool = false;
        /// Whether there is something at paths with a segment that begins with a dot. `.well-known` never counts as one.
        hidden_files: bool = false;
        /// Whether symbolic links are followed: where they lead to something below the folder, always, or never.
        symbolic_links: SymbolicLinks = SymbolicLinks::Within;
    }
}

/// The options that are text or nothing.
const OPTIONAL: [&str; 3] = ["index", "fallback", "cache_control"];

impl StaticFiles {
    /// Whether the option called `name` may be nothing.
    pub fn is_optional(name: &str) -> bool {
        OPTIONAL.contains(&name)
    }

    /// The files of `directory`.
    pub fn new(directory: impl Into<String>) -> Self {
        Self {
            directory: directory.into(),
            ..Self::default()
        }
    }

    /// Reads them from plain data: an object of options, where null is no text.
    ///
    /// # Errors
    /// Names the option that is unknown or does not fit.
    pub fn from_json(data: &Json) -> Result<Self, SetupError> {
        let mut files = Self::default();
        for (name, value) in data.as_object().into_iter().flatten() {
            let is_none = value.is_null() && OPTIONAL.contains(&name.as_str());
            files.set(
                name,
                if is_none {
                    const { &Json::String(String::new()) }
                } else {
                    value
                },
            )?;
        }
        Ok(files)
    }
}

/// Who answers requests for files. Implemented where there are files.
pub trait StaticServer: MaybeSend + MaybeSync {
    /// What answers the paths below `prefix`, which has no final slash, with `files`.
    ///
    /// # Errors
    /// There is no such folder, or an option does not fit.
    fn serve(&self, prefix: &str, files: &StaticFiles) -> Result<Arc<dyn Handler>, SetupError>;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_what_does_not_fit() {
        let files = StaticFiles::from_json(&json!({ "directory": "public", "index": null })).unwrap();
        assert_eq!(
            files,
            StaticFiles {
                index: String::new(),
                ..StaticFiles::new("public")
            }
        );
        for (data, field) in [
            (json!({ "folder": "public" }), "folder"),
            (json!({ "symbolic_links": "some" }), "symbolic_links"),
            (json!({ "immutable": "*" }), "immutable"),
        ] {
            let error = StaticFiles::from_json(&data).unwrap_err();
            assert_eq!((error.route.as_str(), error.field.as_str()), ("static", field));
        }
    }
}
