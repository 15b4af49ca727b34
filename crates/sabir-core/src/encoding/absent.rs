//! A build without codings.

use std::{convert::Infallible, io};

use super::Coding;

/// Nobody makes one.
#[derive(Debug)]
pub(crate) struct Encoder(Infallible);

impl Encoder {
    pub(crate) fn new(_coding: Coding, _level: u32) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn write(&mut self, _bytes: &[u8]) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn len(&self) -> usize {
        match self.0 {}
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        match self.0 {}
    }
}

pub(crate) fn encode(_coding: Coding, _level: u32, _content: &[u8]) -> io::Result<Vec<u8>> {
    Err(io::ErrorKind::Unsupported.into())
}
