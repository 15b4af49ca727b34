//! The ways to send a fixture's requests.

use sabir_codegen::fixture::Fixture;

/// How requests reach the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// As function calls of the core, which has neither runtime nor files. There is no other way on WebAssembly.
    Core,
    /// As function calls of the server.
    Memory,
    /// Over a loopback socket.
    Socket,
    /// Over a loopback socket, each request in two segments and for another host.
    Segments,
    /// Over a loopback socket, in HTTP/2 with prior knowledge (RFC 9113 §3.3).
    Http2,
}

impl Transport {
    /// Every way on which the requests of `fixture` can be sent.
    pub fn all_of(fixture: &Fixture) -> &'static [Self] {
        const ALL: [Transport; 5] = [
            Transport::Core,
            Transport::Memory,
            Transport::Socket,
            Transport::Segments,
            Transport::Http2,
        ];
        if fixture.needs_socket() {
            return &ALL[2..3];
        }
        let first = usize::from(fixture.needs_server());
        let end = if fixture.fits_http2() {
            ALL.len()
        } else {
            ALL.len() - 1
        };
        &ALL[first..end]
    }
}
