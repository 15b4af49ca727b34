//! The channels of one process.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Engine, Position, Published,
    history::{History, HistoryLimits},
};
use crate::{
    threads::{MaybeSend, MaybeSync},
    websocket::Message,
};

/// Whoever has subscribed to a channel.
pub trait Subscriber: MaybeSend + MaybeSync + 'static {
    /// Takes a message. Must not block, nor publish or subscribe: messages of a channel are given one after the other.
    fn deliver(&self, message: &Arc<Published>) -> Delivery;
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is on its way.
    Taken,
    /// There is nobody any more: no other message is given.
    Gone,
}

/// What a subscriber that comes back has been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resumed {
    /// How many messages of the history it got.
    pub messages: usize,
    /// Whether these are all that it had missed. Otherwise some are not kept any more.
    pub is_complete: bool,
}

/// The channels of one process. Clones have the same ones.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use sabir_core::channel::{Delivery, Hub, Published, Subscriber};
///
/// #[derive(Default)]
/// struct Seen(Mutex<Vec<String>>);
///
/// impl Subscriber for Seen {
///     fn deliver(&self, message: &Arc<Published>) -> Delivery {
///         self.0.lock().unwrap().extend(message.content.as_text().map(str::to_owned));
///         Delivery::Taken
///     }
/// }
///
/// let hub = Hub::default();
/// let seen = Arc::new(Seen::default());
/// let subscription = hub.subscribe("news", seen.clone());
/// assert_eq!(hub.publish("news", "hello"), 1);
/// assert_eq!(*seen.0.lock().unwrap(), ["hello"]);
/// drop(subscription);
/// assert_eq!(hub.publish("news", "bye"), 0);
/// ```
#[derive(Clone, Default)]
pub struct Hub(Arc<Shared>);

#[derive(Default)]
struct Shared {
    limits: HistoryLimits,
    engine: Option<Box<dyn Engine>>,
    channels: Mutex<Channels>,
    subscriptions: AtomicU64,
}

#[derive(Default)]
struct Channels {
    by_name: HashMap<Arc<str>, Arc<Mutex<Channel>>>,
    /// Channels without subscribers that have a history, by when they were used last.
    idle: BTreeMap<u64, Arc<str>>,
    uses: u64,
    /// The epoch of the next channel.
    epochs: u64,
}

struct Channel {
    name: Arc<str>,
    epoch: u64,
    /// The number of the last message.
    last: u64,
    history: History,
    subscribers: HashMap<u64, Arc<dyn Subscriber>>,
    /// Where it stands among the idle ones.
    idle_since: Option<u64>,
    /// Whether it has been taken out of the hub.
    is_removed: bool,
}

/// Is subscribed to a channel until it is dropped.
#[must_use = "dropping it ends the subscription"]
pub struct Subscription {
    hub: Weak<Shared>,
    channel: Arc<str>,
    id: u64,
}

impl Hub {
    /// A hub of a process that is alone.
    pub fn new(limits: HistoryLimits) -> Self {
        Self(Arc::new(Shared {
            limits,
            ..Shared::default()
        }))
    }

    /// A hub whose messages go through `engine`.
    pub fn with_engine(limits: HistoryLimits, engine: impl Engine) -> Self {
        Self(Arc::new(Shared {
            limits,
            engine: Some(Box::new(engine)),
            ..Shared::default()
        }))
    }

    /// Publishes a message. Gives how many subscribers of this process got it; with an [`Engine`] none have yet.
    pub fn publish(&self, channel: &str, content: impl Into<Message>) -> usize {
        let content = content.into();
        match &self.0.engine {
            Some(engine) => {
                engine.publish(channel, content);
                0
            }
            None => self.0.give(channel, None, content),
        }
    }

    /// Gives a message that an engine has brought to the subscribers of this process, and keeps it. Gives how many got it.
    pub fn deliver(&self, channel: &str, position: Position, content: impl Into<Message>) -> usize {
        self.0.give(channel, Some(position), content.into())
    }

    /// Subscribes to the messages of a channel from now on.
    pub fn subscribe(&self, channel: &str, subscriber: Arc<dyn Subscriber>) -> Subscription {
        self.0.subscribe(channel, subscriber, None).0
    }

    /// Subscribes to a channel after the message at `position`: what has been published since is given first, as far as it is kept.
    pub fn resume(
        &self,
        channel: &str,
        subscriber: Arc<dyn Subscriber>,
        position: Position,
    ) -> (Subscription, Resumed) {
        self.0.subscribe(channel, subscriber, Some(position))
    }

    /// How many subscribers a channel has in this process.
    pub fn presence(&self, channel: &str) -> usize {
        let found = self.0.lock().by_name.get(channel).cloned();
        found.map_or(0, |channel| lock(&channel).subscribers.len())
    }

    /// How many channels there are, remembered ones too.
    pub fn channels(&self) -> usize {
        self.0.lock().by_name.len()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Channels> {
        lock(&self.channels)
    }

    /// Works on a channel, which is made where there is none.
    fn with<T>(&self, name: &str, work: impl FnOnce(&mut Channel) -> T) -> T {
        loop {
            let channel = self.lock().get(name);
            let mut channel = lock(&channel);
            // Between the two locks somebody may have removed it.
            if !channel.is_removed {
                return work(&mut channel);
            }
        }
    }

    fn give(&self, name: &str, position: Option<Position>, content: Message) -> usize {
        let (gone, count) = self.with(name, |channel| {
            let gone = channel.give(position, content, &self.limits);
            let count = channel.subscribers.len();
            if count == 0
                && !gone.is_empty()
                && let Some(engine) = &self.engine
            {
                engine.unsubscribe(name);
            }
            (gone, count)
        });
        // Whatever their end does, no lock is held.
        drop(gone);
        if count == 0 {
            self.rest(name);
        }
        count
    }

    fn subscribe(
        self: &Arc<Self>,
        name: &str,
        subscriber: Arc<dyn Subscriber>,
        after: Option<Position>,
    ) -> (Subscription, Resumed) {
        let id = self.subscriptions.fetch_add(1, Ordering::Relaxed);
        let (resumed, name, idle_since) = self.with(name, |channel| {
            let resumed = channel.catch_up(&*subscriber, after);
            channel.subscribers.insert(id, subscriber);
            if channel.subscribers.len() == 1
                && let Some(engine) = &self.engine
            {
                engine.subscribe(name);
            }
            (resumed, Arc::clone(&channel.name), channel.idle_since.take())
        });
        if let Some(since) = idle_since {
            self.lock().idle.remove(&since);
        }
        let subscription = Subscription {
            hub: Arc::downgrade(self),
            channel: name,
            id,
        };
        (subscription, resumed)
    }

    fn unsubscribe(&self, name: &str, id: u64) {
        let Some(found) = self.lock().by_name.get(name).cloned() else {
            return;
        };
        let mut channel = lock(&found);
        let subscriber = channel.subscribers.remove(&id);
        let is_last = subscriber.is_some() && channel.subscribers.is_empty();
        if is_last && let Some(engine) = &self.engine {
            engine.unsubscribe(name);
        }
        drop(channel);
        // Whatever its end does, no lock is held.
        drop(subscriber);
        if is_last {
            self.rest(name);
        }
    }

    /// Nobody has subscribed to a channel: it is remembered for its history, or goes.
    fn rest(&self, name: &str) {
        let mut channels = self.lock();
        let Some(found) = channels.by_name.get(name).cloned() else {
            return;
        };
        let mut channel = lock(&found);
        if !channel.subscribers.is_empty() {
            return;
        }
        if let Some(since) = channel.idle_since.take() {
            channels.idle.remove(&since);
        }
        if channel.history.is_empty() {
            channel.is_removed = true;
            channels.by_name.remove(name);
            return;
        }
        channels.uses += 1;
        let now = channels.uses;
        channel.idle_since = Some(now);
        channels.idle.insert(now, Arc::clone(&channel.name));
        drop(channel);
        while channels.idle.len() > self.limits.channels {
            channels.forget_oldest();
        }
    }
}

impl Channels {
    fn get(&mut self, name: &str) -> Arc<Mutex<Channel>> {
        if let Some(channel) = self.by_name.get(name) {
            return Arc::clone(channel);
        }
        if self.epochs == 0 {
            // So that positions of an earlier process are told apart.
            self.epochs = RandomState::new().hash_one(0) >> 16;
        }
        self.epochs = self.epochs.wrapping_add(1);
        let name: Arc<str> = name.into();
        let channel = Arc::new(Mutex::new(Channel {
            name: Arc::clone(&name),
            epoch: self.epochs,
            last: 0,
            history: History::default(),
            subscribers: HashMap::new(),
            idle_since: None,
            is_removed: false,
        }));
        self.by_name.insert(name, Arc::clone(&channel));
        channel
    }

    fn forget_oldest(&mut self) {
        let Some((_, name)) = self.idle.pop_first() else {
            return;
        };
        let Some(found) = self.by_name.get(&name) else {
            return;
        };
        let mut channel = lock(found);
        if channel.subscribers.is_empty() {
            channel.is_removed = true;
            drop(channel);
            self.by_name.remove(&name);
        }
    }
}

impl Channel {
    /// Gives a message to all, and keeps it. Those who are gone come out, to be dropped without a lock.
    fn give(
        &mut self,
        position: Option<Position>,
        content: Message,
        limits: &HistoryLimits,
    ) -> Vec<Arc<dyn Subscriber>> {
        let position = position.unwrap_or(Position {
            epoch: self.epoch,
            offset: self.last + 1,
        });
        if position.epoch != self.epoch {
            // The engine has begun anew.
            self.history = History::default();
        }
        (self.epoch, self.last) = (position.epoch, position.offset);
        let message = Arc::new(Published::new(position, content));
        let gone = self
            .subscribers
            .extract_if(|_, subscriber| subscriber.deliver(&message) == Delivery::Gone);
        let gone = gone.map(|(_, subscriber)| subscriber).collect();
        self.history.add(message, limits);
        gone
    }

    fn catch_up(&self, subscriber: &dyn Subscriber, after: Option<Position>) -> Resumed {
        let Some(position) = after else {
            return Resumed {
                messages: 0,
                is_complete: true,
            };
        };
        let (missed, is_complete) = self.history.since(position, self.epoch, self.last);
        let messages = missed
            .take_while(|message| subscriber.deliver(message) == Delivery::Taken)
            .count();
        Resumed {
            messages,
            is_complete,
        }
    }
}

impl Subscription {
    /// The name of the channel.
    pub fn channel(&self) -> &str {
        &self.channel
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(hub) = self.hub.upgrade() {
            hub.unsubscribe(&self.channel, self.id);
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("channels", &self.channels()).finish()
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
