//! Requests in memory that no connection would let through.

use http::{HeaderName, HeaderValue, Method, Request};
use sabir_core::{Problem, Settings};

use crate::{connection::check_head, service::Refused};

/// Makes a request for [`Service::call_in_memory`](crate::Service::call_in_memory) or
/// [`open_in_memory`](crate::Service::open_in_memory) of what a client would write. A head that no request has makes one all the
/// same, which is answered as it would be on a connection with these settings.
pub fn memory_request<N: AsRef<[u8]>, V: AsRef<[u8]>, B>(
    method: &str,
    target: &str,
    fields: &[(N, V)],
    content: B,
    settings: &Settings,
) -> Request<B> {
    let checked = check_head(method, target, fields, settings).and_then(|()| {
        // What is left is what `http` cannot hold.
        head(method, target, fields).map_err(|error| Box::new(Problem::bad_request(format!("{error}."))))
    });
    let request = checked.unwrap_or_else(|problem| {
        let mut request = Request::new(());
        // An answer to HEAD has no content.
        *request.method_mut() = method.parse().unwrap_or(Method::GET);
        request.extensions_mut().insert(Refused(problem));
        request
    });
    request.map(|()| content)
}

fn head<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    method: &str,
    target: &str,
    fields: &[(N, V)],
) -> http::Result<Request<()>> {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_ref())?;
        request = request.header(name, HeaderValue::from_bytes(value.as_ref())?);
    }
    request.body(())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn refused(method: &str, target: &str, field: (&str, &str)) -> Option<u16> {
        let request = memory_request(method, target, &[field], Bytes::new(), &Settings::default());
        let Refused(problem) = request.extensions().get::<Refused>()?;
        Some(problem.status)
    }

    #[test]
    fn refuses_what_no_request_is() {
        let long = format!("/{}", "a".repeat(70_000));
        for (method, target, field, status) in [
            ("G ET", "/", ("a", "b"), 400),
            ("", "/", ("a", "b"), 400),
            ("GET", "", ("a", "b"), 400),
            ("GET", "/ ", ("a", "b"), 400),
            ("GET", "/\r\na: b", ("a", "b"), 400),
            ("GET", "/#a", ("a", "b"), 400),
            ("GET", "?a", ("a", "b"), 400),
            ("GET", "http://[", ("a", "b"), 400),
            ("GET", &long, ("a", "b"), 414),
            ("GET", "/", ("", "b"), 400),
            ("GET", "/", ("a b", "b"), 400),
            ("GET", "/", ("a:b", "c"), 400),
            ("GET", "/", ("a", "b\nc: d"), 400),
            ("GET", "/", ("a", "\x7f"), 400),
        ] {
            assert_eq!(
                refused(method, target, field),
                Some(status),
                "{method} {target:.9} {field:?}"
            );
        }
        assert_eq!(refused("get", "http://a/b?c", ("A", "é ")), None);
        assert_eq!(refused("OPTIONS", "*", ("a", "")), None);
    }
}
