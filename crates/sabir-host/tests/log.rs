//! Records on their way to a host. There is one buffer in a process, so this is one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::HeaderMap;
use sabir_core::RequestId;
use sabir_host::{
    Wake,
    log::{self, Level},
};

#[derive(Clone, Default)]
struct Wakes(Arc<AtomicUsize>);

impl Wake for Wakes {
    fn wake(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Wakes {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn carries_what_the_runtime_reports() {
    let (first, second) = (Wakes::default(), Wakes::default());
    let attachment = log::attach(first.clone());
    let other = log::attach(second.clone());

    assert!(
        !tracing::enabled!(Level::INFO),
        "nobody asks for what is less severe"
    );
    tracing::info!("nothing to see");
    assert_eq!((first.count(), log::take().len()), (0, 0));

    let id = RequestId::of(&HeaderMap::new());
    {
        let _entered = id.enter();
        tracing::error!(error = %"no space left", size = 3, "an uploaded file could not be stored");
    }
    tracing::warn!(request_id = "abc", "odd");
    assert_eq!(first.count(), 1, "one wake for records that arrive together");
    let records = log::take();
    assert_eq!(records[0].message, "an uploaded file could not be stored");
    assert_eq!((records[0].level, records[0].target), (Level::ERROR, "log"));
    assert_eq!(records[0].request_id, Some(id.to_string()));
    assert_eq!(
        records[0].fields,
        [("error", "no space left".to_owned()), ("size", "3".to_owned())]
    );
    assert_eq!(
        records[0].text(),
        format!("an uploaded file could not be stored: error=no space left, size=3 (request {id})")
    );
    assert_eq!(
        (records[0].level_name(), records[1].level_name()),
        ("error", "warn")
    );
    assert_eq!(records[1].text(), "odd (request abc)");

    tracing::warn!(text = "\u{e9}".repeat(10_000), "long");
    assert_eq!(first.count(), 2, "what comes after a batch wakes again");
    let text = &log::take()[0].fields[0].1;
    assert!(text.len() < 5_000 && text.ends_with('\u{2026}'));

    for number in 0..2_000 {
        tracing::warn!(number, "many");
    }
    let records = log::take();
    assert_eq!(records[0].fields[0].1, "0", "what came first is kept");
    let (last, kept) = (records.back().unwrap(), records.len() - 1);
    let dropped = 2_000 - kept;
    assert_eq!(
        last.text(),
        format!("records were dropped: they came faster than they were logged: count={dropped}")
    );
    assert!(kept < 2_000 && log::take().is_empty());

    tracing::warn!("waits for the next host");
    drop(attachment);
    assert_eq!(second.count(), 1);
    assert_eq!(log::take().len(), 1);
    tracing::warn!("wakes the next host");
    assert_eq!(second.count(), 2);

    drop(other);
    let third = Wakes::default();
    let _attachment = log::attach(third.clone());
    assert_eq!(third.count(), 1, "what waits is not lost");
}
