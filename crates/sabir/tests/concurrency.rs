//! How many calls of an application run at a time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{future::Future, pin::pin, sync::Arc, task::Poll};

use bytes::Bytes;
use http::{Request, StatusCode};
use sabir::{Sabir, Settings};
use tokio::sync::Notify;

fn request(target: &str) -> Request<Bytes> {
    Request::builder().uri(target).body(Bytes::new()).unwrap()
}

/// Lets `future` begin; it must not end.
async fn begin<F: Future + Unpin>(future: &mut F) {
    std::future::poll_fn(|context| {
        assert!(pin!(&mut *future).poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn calls_beyond_the_limit_are_refused_until_one_has_ended() {
    let settings = Settings {
        concurrency_limit: 1,
        ..Settings::default()
    };
    let end = Arc::new(Notify::new());
    let waits = Arc::clone(&end);
    let app = Sabir::with_settings(settings)
        .get("/", move || {
            let end = Arc::clone(&waits);
            async move {
                end.notified().await;
                "done"
            }
        })
        .build()
        .unwrap();

    let mut first = Box::pin(app.call_in_memory(request("/")));
    begin(&mut first).await;
    let refused = app.call_in_memory(request("/")).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    let not_counted = app.call_in_memory(request("/nowhere")).await;
    assert_eq!(not_counted.status(), StatusCode::NOT_FOUND);

    end.notify_one();
    assert_eq!(first.await.body(), "done");
    let mut cancelled = Box::pin(app.call_in_memory(request("/")));
    begin(&mut cancelled).await;
    drop(cancelled);
    end.notify_one();
    assert_eq!(app.call_in_memory(request("/")).await.body(), "done");
}

#[test]
fn the_number_of_threads_for_handlers_is_refused() {
    let settings = Settings {
        handler_threads: 4,
        ..Settings::default()
    };
    let error = Sabir::with_settings(settings).build().unwrap_err();
    assert_eq!(error.field, "handler_threads");
    assert!(error.to_string().contains("spawn_blocking"), "{error}");
}

#[test]
fn settings_of_channels_are_refused() {
    let change: [fn(&mut Settings); 2] = [
        |settings| settings.channel_history_limit = 5,
        |settings| settings.channel_history_bytes = 5,
    ];
    for (change, field) in change
        .into_iter()
        .zip(["channel_history_limit", "channel_history_bytes"])
    {
        let mut settings = Settings::default();
        change(&mut settings);
        let error = Sabir::with_settings(settings).build().unwrap_err();
        assert_eq!(error.field, field);
        assert!(error.to_string().contains("Hub::new"), "{error}");
    }
}
