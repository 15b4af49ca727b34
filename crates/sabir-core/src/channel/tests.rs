use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::*;
use crate::websocket::Message;

/// Remembers what it gets, until it is gone.
#[derive(Default)]
struct Seen {
    texts: Mutex<Vec<String>>,
    is_gone: AtomicBool,
}

impl Subscriber for Seen {
    fn deliver(&self, message: &Arc<Published>) -> Delivery {
        if self.is_gone.load(Ordering::SeqCst) {
            return Delivery::Gone;
        }
        let text = format!(
            "{}:{}",
            message.position.offset,
            message.content.as_text().unwrap_or("bytes")
        );
        self.texts.lock().unwrap().push(text);
        Delivery::Taken
    }
}

impl Seen {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.texts.lock().unwrap())
    }
}

fn limits(messages: usize, bytes: usize, channels: usize) -> HistoryLimits {
    HistoryLimits {
        messages,
        bytes,
        channels,
    }
}

/// The position of the last message of a channel.
#[derive(Default)]
struct Last(Mutex<Option<Position>>);

impl Subscriber for Last {
    fn deliver(&self, message: &Arc<Published>) -> Delivery {
        *self.0.lock().unwrap() = Some(message.position);
        Delivery::Taken
    }
}

fn position(hub: &Hub, channel: &str) -> Position {
    let last = Arc::new(Last::default());
    let nowhere = Position { epoch: 0, offset: 0 };
    let _subscription = hub.resume(channel, last.clone(), nowhere);
    last.0.lock().unwrap().unwrap()
}

#[test]
fn everybody_gets_what_is_published_while_subscribed() {
    let hub = Hub::default();
    let (a, b) = (Arc::new(Seen::default()), Arc::new(Seen::default()));
    let first = hub.subscribe("x", a.clone());
    assert_eq!(hub.publish("x", "1"), 1);
    let second = hub.subscribe("x", b.clone());
    assert_eq!((hub.publish("x", "2"), hub.publish("y", "3")), (2, 0));
    assert_eq!(hub.presence("x"), 2);
    drop(first);
    assert_eq!(hub.publish("x", vec![0]), 1);
    drop(second);
    assert_eq!(
        (a.take(), b.take()),
        (
            vec!["1:1".into(), "2:2".into()],
            vec!["2:2".into(), "3:bytes".into()]
        )
    );
    assert_eq!((hub.presence("x"), hub.presence("none")), (0, 0));
}

#[test]
fn a_subscriber_that_is_gone_is_forgotten() {
    let hub = Hub::new(limits(0, 0, 10));
    let seen = Arc::new(Seen::default());
    let subscription = hub.subscribe("x", seen.clone());
    seen.is_gone.store(true, Ordering::SeqCst);
    assert_eq!((hub.publish("x", "1"), hub.presence("x")), (0, 0));
    assert_eq!((Arc::strong_count(&seen), hub.channels()), (1, 0));
    drop(subscription);
}

#[test]
fn one_who_comes_back_gets_what_it_has_missed() {
    let hub = Hub::new(limits(3, 1000, 10));
    hub.publish("x", "1");
    let first = position(&hub, "x");
    for text in ["2", "3"] {
        hub.publish("x", text);
    }
    let seen = Arc::new(Seen::default());
    let (subscription, resumed) = hub.resume("x", seen.clone(), first);
    assert_eq!((resumed.messages, resumed.is_complete), (2, true));
    hub.publish("x", "4");
    assert_eq!(seen.take(), ["2:2", "3:3", "4:4"]);
    drop(subscription);
    // The first message is not kept any more; the second one was seen last.
    hub.publish("x", "5");
    let (_subscription, resumed) = hub.resume("x", seen.clone(), Position { offset: 2, ..first });
    assert_eq!((resumed.messages, resumed.is_complete), (3, true));
    let (_subscription, resumed) = hub.resume("x", seen.clone(), first);
    assert_eq!((resumed.messages, resumed.is_complete), (3, false));
    // Nothing was missed, or the position is of another life.
    let (_subscription, resumed) = hub.resume("x", seen.clone(), Position { offset: 5, ..first });
    assert_eq!((resumed.messages, resumed.is_complete), (0, true));
    let (_subscription, resumed) = hub.resume("x", seen.clone(), Position { epoch: 1, offset: 5 });
    assert_eq!((resumed.messages, resumed.is_complete), (3, false));
    let (_subscription, resumed) = hub.resume("x", seen, Position { offset: 6, ..first });
    assert_eq!((resumed.messages, resumed.is_complete), (3, false));
}

#[test]
fn history_has_its_limits() {
    let hub = Hub::new(limits(100, 10, 10));
    for text in ["1234", "5678", "90"] {
        hub.publish("x", text);
    }
    let nowhere = Position { epoch: 0, offset: 0 };
    let resumed = |hub: &Hub| hub.resume("x", Arc::new(Seen::default()), nowhere).1.messages;
    assert_eq!(resumed(&hub), 3);
    hub.publish("x", "!");
    assert_eq!(resumed(&hub), 3);
    hub.publish("x", "a message that is longer than all");
    assert_eq!(resumed(&hub), 0);
}

#[test]
fn channels_that_nobody_uses_go() {
    let hub = Hub::new(limits(1, 100, 3));
    for name in ["a", "b", "c"] {
        hub.publish(name, "1");
    }
    // `a` is used again, so that `b` is the one that goes.
    hub.publish("a", "2");
    hub.publish("d", "1");
    assert_eq!(hub.channels(), 3);
    let before = position(&hub, "a");
    assert_eq!(before.offset, 2);
    hub.publish("b", "1");
    assert_eq!(position(&hub, "b").offset, 1);
    // Without history nothing is left of a channel.
    let hub = Hub::new(limits(0, 0, 3));
    drop(hub.subscribe("a", Arc::new(Seen::default())));
    hub.publish("b", "1");
    assert_eq!(hub.channels(), 0);
}

#[test]
fn a_channel_that_is_used_does_not_go() {
    let hub = Hub::new(limits(1, 100, 1));
    hub.publish("a", "1");
    let seen = Arc::new(Seen::default());
    let _subscription = hub.subscribe("a", seen.clone());
    for index in 0..10 {
        hub.publish(&format!("other {index}"), "1");
    }
    assert_eq!(hub.publish("a", "2"), 1);
    assert_eq!(seen.take(), ["2:2"]);
}

#[cfg(not(target_family = "wasm"))]
#[test]
fn messages_of_a_channel_have_one_order_for_all() {
    let hub = Hub::new(limits(10_000, 1_000_000, 10));
    let seen: Vec<_> = (0..4).map(|_| Arc::new(Seen::default())).collect();
    let _subscriptions: Vec<_> = seen.iter().map(|seen| hub.subscribe("x", seen.clone())).collect();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let hub = hub.clone();
            scope.spawn(move || {
                for index in 0..500 {
                    hub.publish("x", format!("{thread}-{index}"));
                    // Subscribers come and go meanwhile, of this channel and of others.
                    drop(hub.subscribe("x", Arc::new(Seen::default())));
                    drop(hub.subscribe(&index.to_string(), Arc::new(Seen::default())));
                }
            });
        }
    });
    let first = seen[0].take();
    assert_eq!(first.len(), 2000);
    assert!(seen[1..].iter().all(|seen| seen.take() == first));
    let offsets = first
        .iter()
        .map(|text| text.split_once(':').unwrap().0.parse::<usize>().unwrap());
    assert!(offsets.eq(1..=2000));
    assert_eq!(hub.channels(), 1);
}

#[test]
fn messages_are_written_once() {
    let message = Published::new(Position { epoch: 10, offset: 2 }, "a\nb".into());
    assert_eq!(message.event().unwrap(), "id: a-2\ndata: a\ndata: b\n\n");
    assert_eq!(
        message.event().unwrap().as_ptr(),
        message.event().unwrap().as_ptr()
    );
    assert_eq!(message.frame(Message::len), Some(&3));
    assert_eq!(message.frame(|_| 4_usize), Some(&3));
    assert_eq!(message.frame(|_| "other"), None);
    let bytes = Published::new(message.position, vec![0xff].into());
    assert_eq!(bytes.event(), None);
}

#[test]
fn positions_are_text_and_back() {
    for text in [
        "",
        "1",
        "1-",
        "-1",
        "+1-1",
        "1-+1",
        "x-1",
        "1-a",
        "1-1-1",
        "1-18446744073709551616",
        "\u{ff11}-1",
    ] {
        assert!(text.parse::<Position>().is_err(), "{text:?}");
    }
    let position = Position {
        epoch: u64::MAX,
        offset: u64::MAX,
    };
    assert_eq!(position.to_string().parse(), Ok(position));
}

/// Two hubs that hear each other.
#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Wired>>);

#[derive(Default)]
struct Wired {
    hubs: Vec<Hub>,
    offset: u64,
    /// Who has subscribed and unsubscribed.
    said: Vec<String>,
}

impl Engine for Wire {
    fn publish(&self, channel: &str, content: Message) {
        let mut wire = self.0.lock().unwrap();
        wire.offset += 1;
        let position = Position {
            epoch: 1,
            offset: wire.offset,
        };
        let hubs = wire.hubs.clone();
        drop(wire);
        for hub in hubs {
            hub.deliver(channel, position, content.clone());
        }
    }

    fn subscribe(&self, channel: &str) {
        self.0.lock().unwrap().said.push(format!("+{channel}"));
    }

    fn unsubscribe(&self, channel: &str) {
        self.0.lock().unwrap().said.push(format!("-{channel}"));
    }
}

#[test]
fn an_engine_carries_messages_to_other_hubs() {
    let wire = Wire::default();
    let hubs: Vec<_> = (0..2)
        .map(|_| Hub::with_engine(HistoryLimits::default(), wire.clone()))
        .collect();
    wire.0.lock().unwrap().hubs.clone_from(&hubs);
    let (a, b) = (Arc::new(Seen::default()), Arc::new(Seen::default()));
    let first = hubs[0].subscribe("x", a.clone());
    let second = hubs[1].subscribe("x", b.clone());
    assert_eq!(hubs[0].publish("x", "1"), 0);
    hubs[1].publish("x", "2");
    assert_eq!(
        (a.take(), b.take()),
        (
            vec!["1:1".to_owned(), "2:2".into()],
            vec!["1:1".to_owned(), "2:2".into()]
        )
    );
    drop(first);
    b.is_gone.store(true, Ordering::SeqCst);
    hubs[1].publish("x", "3");
    drop(second);
    assert_eq!(wire.0.lock().unwrap().said, ["+x", "+x", "-x", "-x"]);
}
