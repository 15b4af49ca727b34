//! The stage `server_timing`.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use http::{Extensions, HeaderName, HeaderValue};

use super::{Compile, Halt, Leaving, Stage, Surroundings};
use crate::{Reply, RequestHead, SetupError, options::options, pipeline::Timer};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

options! {
    /// How long an answer has taken, in the field `Server-Timing`.
    ServerTiming ("option", at "") {
        /// What the time is called.
        metric: String = "total".into();
    }
}

/// The options, made ready before the first request.
struct Compiled {
    metric: String,
    timer: OnceLock<Arc<dyn Timer>>,
}

/// When a request has come.
#[derive(Debug, Clone, Copy)]
struct Began(Duration);

impl Compile for ServerTiming {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        // Names of fields are tokens, too (RFC 9110 §5.6.2).
        if HeaderName::from_bytes(self.metric.as_bytes()).is_err() {
            let problem = format!("{:?} is no name of a metric", self.metric);
            return Err(SetupError::new("metric", problem, "write it as one word"));
        }
        Ok(Arc::new(Compiled {
            metric: self.metric.clone(),
            timer: OnceLock::new(),
        }))
    }
}

impl Stage for Compiled {
    fn start(&self, _place: &str, around: &Surroundings) {
        if let Some(timer) = &around.timer {
            self.timer.get_or_init(|| Arc::clone(timer));
        }
    }

    fn enter(&self, _head: &RequestHead, notes: &mut Extensions) -> Result<(), Halt> {
        if let Some(timer) = self.timer.get() {
            notes.insert(Began(timer.now()));
        }
        Ok(())
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        let (Some(Began(began)), Some(timer)) = (exchange.extensions().get::<Began>(), self.timer.get())
        else {
            return;
        };
        let milliseconds = timer.now().saturating_sub(*began).as_secs_f64() * 1000.0;
        // Beside what the handler has measured.
        if let Ok(timing) = HeaderValue::try_from(format!("{};dur={milliseconds:.3}", self.metric)) {
            reply.headers.append(SERVER_TIMING, timing);
        }
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTiming")
            .field("metric", &self.metric)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stage::Stages;

    #[test]
    fn names_the_option_that_is_wrong() {
        let error = Stages::default()
            .set("server_timing", &json!({ "metric": "a b" }))
            .unwrap_err();
        assert_eq!(error.field, "stages.server_timing.metric");
    }
}
