//! Channels that JavaScript reads.

use napi::{Env, Result, bindgen_prelude::Object};
use napi_derive::napi;
use sabir_core::channel::Hub;
use sabir_host::ContentReader;

use crate::{error::misuse, memory::read};

/// The messages of a channel as events, each as it is written in an event stream. Collected, it ends its subscription.
#[napi]
pub struct NativeChannel(ContentReader);

impl NativeChannel {
    /// Subscribes to a channel.
    pub(crate) fn new(hub: &Hub, channel: &str, last: Option<&str>) -> Result<Self> {
        let position = last.and_then(|last| last.parse().ok());
        let events = Box::pin(hub.events(channel, position));
        let reader = ContentReader::of(events).map_err(|error| misuse(error.to_string()))?;
        Ok(Self(reader))
    }
}

#[napi]
impl NativeChannel {
    /// The next event; nothing when the subscriber has read too slowly, or has closed. One is read at a time.
    #[napi(ts_return_type = "Promise<Uint8Array | null>")]
    pub fn read<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        read(env, &self.0)
    }

    /// Ends the subscription.
    #[napi]
    pub fn close(&self) {
        self.0.close();
    }
}
