//! What the client asked for, as axum tells it.

#[cfg(feature = "axum")]
pub(crate) use with_axum::{read, told};
#[cfg(not(feature = "axum"))]
pub(crate) use without_axum::{read, told};

#[cfg(not(feature = "axum"))]
mod without_axum {
    use http::{Extensions, Uri};

    /// Nobody else has told it.
    pub(crate) fn read(_: &Extensions) -> Option<Uri> {
        None
    }

    /// Nobody else asks.
    pub(crate) fn told<S>(service: S) -> S {
        service
    }
}

#[cfg(feature = "axum")]
mod with_axum {
    use std::task::{Context, Poll};

    use axum::extract::OriginalUri;
    use http::{Extensions, Request, Uri};
    use tower_service::Service;

    /// What a router of axum around this application has put into the extensions of a request.
    pub(crate) fn read(extensions: &Extensions) -> Option<Uri> {
        extensions.get().map(|OriginalUri(uri)| uri.clone())
    }

    /// Tells `service` in the way of axum.
    pub(crate) fn told<S>(service: S) -> Told<S> {
        Told(service)
    }

    #[derive(Clone)]
    pub(crate) struct Told<S>(S);

    impl<S, B> Service<Request<B>> for Told<S>
    where
        S: Service<Request<B>>,
    {
        type Response = S::Response;
        type Error = S::Error;
        type Future = S::Future;

        fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
            self.0.poll_ready(context)
        }

        fn call(&mut self, mut request: Request<B>) -> S::Future {
            let extensions = request.extensions_mut();
            if let Some(sabir_http::OriginalUri(uri)) = extensions.get().cloned() {
                extensions.get_or_insert_with(|| OriginalUri(uri));
            }
            self.0.call(request)
        }
    }
}
