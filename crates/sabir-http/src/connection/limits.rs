//! The limits of one connection, taken from the settings once.

use std::{borrow::Cow, time::Duration};

use sabir_core::Settings;

/// How much a client may send, and how slowly.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    pub(crate) target: usize,
    pub(crate) header_section: usize,
    pub(crate) header_fields: usize,
    pub(crate) header_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) write_timeout: Option<Duration>,
    pub(crate) event_keep_alive: Option<Duration>,
}

impl Limits {
    pub(crate) fn of(settings: &Settings) -> Self {
        let settings = sabir_core::switch::settings(Cow::Borrowed(settings));
        Self {
            target: bytes(settings.target_limit),
            header_section: bytes(settings.header_limit),
            header_fields: bytes(settings.header_count_limit),
            header_timeout: duration(settings.header_timeout_ms),
            idle_timeout: duration(settings.idle_timeout_ms),
            write_timeout: duration(settings.write_timeout_ms),
            event_keep_alive: duration(settings.event_keep_alive_ms),
        }
    }
}

fn bytes(setting: u64) -> usize {
    usize::try_from(setting).unwrap_or(usize::MAX)
}

/// A setting of 0 means that there is no limit.
fn duration(milliseconds: u64) -> Option<Duration> {
    (milliseconds > 0).then(|| Duration::from_millis(milliseconds))
}
