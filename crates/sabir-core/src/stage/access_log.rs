//! The stage `access_log`.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::{Compile, Stage, Surroundings};
use crate::{
    SetupError,
    access_log::{AccessLog as Output, AccessLogFormat, AccessRecord},
    options::options,
};

options! {
    /// One line for each request.
    AccessLog ("option", at "") {
        /// What lines look like: `json` has every field, `common` and `combined` are the formats of other servers, `human` is for people who
        /// read along.
        format: AccessLogFormat = AccessLogFormat::Json;
        /// Where lines go: `stdout`, `stderr`, or the path of a file, which grows, and is opened again when it was moved away or removed.
        output: String = "stdout".into();
        /// Whether lines have the query. It may hold secrets.
        query: bool = false;
        /// Whether lines have the name of who has sent a request, as security schemes have found it out.
        identity: bool = false;
        /// Paths, of requests or of routes, that make no lines, such as those of health checks.
        skip: Vec<String> = Vec::new();
    }
}

/// The options, made ready before the first request.
pub(crate) struct Lines {
    options: AccessLog,
    output: OnceLock<Arc<dyn Output>>,
}

impl Compile for AccessLog {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        if self.output.is_empty() {
            return Err(SetupError::new(
                "output",
                "it is empty",
                "use `stdout`, `stderr`, or the path of a file",
            ));
        }
        for (place, path) in self.skip.iter().enumerate() {
            if !path.starts_with('/') {
                let problem = format!("{path:?} is no path");
                return Err(SetupError::new(
                    format!("skip[{place}]"),
                    problem,
                    "begin it with a slash",
                ));
            }
        }
        Ok(Arc::new(Compiled(Arc::new(Lines {
            options: self.clone(),
            output: OnceLock::new(),
        }))))
    }
}

#[derive(Debug)]
struct Compiled(Arc<Lines>);

impl Stage for Compiled {
    fn prepare(&self, around: &Surroundings) -> Result<(), SetupError> {
        if self.0.output.get().is_some() {
            return Ok(());
        }
        let AccessLog { output, format, .. } = &self.0.options;
        let sink = around.access_log.as_ref().ok_or_else(|| {
            SetupError::new(
                "output",
                "nothing can be written here",
                "leave the stage out, or log in the host",
            )
        })?;
        self.0.output.get_or_init({
            let opened = sink.open(output, *format)?;
            || opened
        });
        Ok(())
    }

    fn lines(&self) -> Option<&Arc<Lines>> {
        Some(&self.0)
    }
}

impl Lines {
    /// Whether lines name who has sent requests.
    pub(crate) fn has_identity(&self) -> bool {
        self.options.identity
    }

    /// Writes the line of a request, unless it makes none.
    pub(crate) fn write(&self, mut record: AccessRecord) {
        let is_skipped = |path: Option<&str>| {
            path.is_some_and(|path| self.options.skip.iter().any(|skipped| skipped == path))
        };
        let skip =
            !self.options.skip.is_empty() && (is_skipped(record.path()) || is_skipped(record.template()));
        if let (Some(output), false) = (self.output.get(), skip) {
            record.shows_query = self.options.query;
            output.write(record);
        }
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccessLog").field(&self.options).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stage::Stages;

    #[test]
    fn names_the_option_that_is_wrong() {
        for (options, field) in [
            (json!({ "format": "xml" }), "stages.access_log.format"),
            (json!({ "output": "" }), "stages.access_log.output"),
            (json!({ "skip": ["/a", "b"] }), "stages.access_log.skip[1]"),
        ] {
            let error = Stages::default().set("access_log", &options).unwrap_err();
            assert_eq!(error.field, field, "{options}");
        }
    }

    #[test]
    fn is_refused_where_nothing_can_be_written() {
        let mut builder = crate::pipeline::ApplicationBuilder::new(crate::Settings::default());
        let error = builder.stage("access_log", &json!({})).unwrap_err();
        assert_eq!(error.field, "stages.access_log.output");
    }
}
