//! What stands for decoded content in a build that decodes none.

use std::{
    convert::Infallible,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;

use super::DecodedLimits;
use crate::Problem;

/// There is no coding that is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Coding {}

impl Coding {
    /// As `Accept-Encoding` has it.
    pub(super) const SUPPORTED: &str = "identity";
    pub(super) const SUPPORTED_DETAIL: &str = "The content may have no coding.";

    pub(super) fn named(_: &[u8]) -> Option<Self> {
        None
    }
}

/// Content that cannot be.
pub(in crate::pipeline) struct Decoded<S> {
    never: Infallible,
    content: PhantomData<S>,
}

impl<S> Decoded<S> {
    pub(in crate::pipeline) fn new(_: S, coding: Coding, _: DecodedLimits) -> Self {
        match coding {}
    }
}

impl<S: Unpin> Stream for Decoded<S> {
    type Item = Result<Bytes, Problem>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.never {}
    }
}
