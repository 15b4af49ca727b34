//! What clients have taken, in the memory of this process.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{
    Quota,
    store::{RateLimitKey, RateLimitStore, Taking},
};

/// Keeps the clients of one stage, and no more of them than it may.
///
/// They are in two generations. Whoever sends a request is in the young one, which takes the place of the old one when it is full,
/// or has been young for as long as a quota needs to be whole again: whom the old one then held has all of it, and is forgotten
/// without anybody looking. Where there are more clients than there may be, those that were silent for longest are forgotten
/// early.
#[derive(Debug)]
pub(super) struct Memory {
    /// In each generation.
    most: usize,
    /// Clients are kept by a hash that nobody can foresee.
    hasher: RandomState,
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    /// When all of a client's quota is there again.
    young: HashMap<u64, Duration>,
    old: HashMap<u64, Duration>,
    /// When the young one began.
    since: Duration,
}

impl Memory {
    /// Room for `most` clients.
    pub(super) fn new(most: u64) -> Self {
        Self {
            most: usize::try_from(most / 2).unwrap_or(usize::MAX).max(1),
            hasher: RandomState::new(),
            generations: Mutex::default(),
        }
    }
}

impl Generations {
    fn turn(&mut self, now: Duration) {
        self.old = std::mem::take(&mut self.young);
        self.since = now;
    }
}

impl RateLimitStore for Memory {
    fn take(&self, _place: &str, key: &RateLimitKey<'_>, quota: &Quota, now: Duration) -> Taking {
        let key = self.hasher.hash_one(key);
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(generations.since) >= quota.recovery() {
            generations.turn(now);
        }
        if let Some(whole) = generations.young.get_mut(&key) {
            let (after, taken) = quota.take(*whole, now);
            *whole = after;
            return Taking::Now(Ok(taken));
        }
        let whole = generations.old.remove(&key).unwrap_or_default();
        let (after, taken) = quota.take(whole, now);
        if generations.young.len() >= self.most {
            generations.turn(now);
        }
        generations.young.insert(key, after);
        Taking::Now(Ok(taken))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn is_within(memory: &Memory, client: u32, quota: &Quota, seconds: u64) -> bool {
        let key = RateLimitKey::Address(Ipv4Addr::from(client).into());
        match memory.take("app", &key, quota, Duration::from_secs(seconds)) {
            Taking::Now(Ok(taken)) => taken.is_within,
            other => unreachable!("{other:?}"),
        }
    }

    fn size(memory: &Memory) -> usize {
        let generations = memory.generations.lock().unwrap();
        generations.young.len() + generations.old.len()
    }

    #[test]
    fn counts_each_client_alone() {
        let (memory, quota) = (Memory::new(100), Quota::read("1/minute", 0).unwrap());
        assert!(is_within(&memory, 1, &quota, 1000));
        assert!(!is_within(&memory, 1, &quota, 1059));
        assert!(is_within(&memory, 2, &quota, 1059));
        assert!(is_within(&memory, 1, &quota, 1060));
    }

    #[test]
    fn forgets_whose_quota_is_whole() {
        let (memory, quota) = (Memory::new(100), Quota::read("1/minute", 0).unwrap());
        for client in 0..20 {
            assert!(is_within(&memory, client, &quota, 1000));
        }
        assert!(is_within(&memory, 90, &quota, 1060));
        assert!(is_within(&memory, 91, &quota, 1120));
        assert_eq!(size(&memory), 2);
    }

    #[test]
    fn keeps_no_more_clients_than_it_may_and_forgets_the_most_silent_first() {
        let (memory, quota) = (Memory::new(10), Quota::read("1/hour", 0).unwrap());
        assert!(is_within(&memory, 0, &quota, 1000));
        for client in 1..1000 {
            assert!(is_within(&memory, client, &quota, 1001));
            assert!(!is_within(&memory, 0, &quota, 1001), "0 is never silent");
            assert!(size(&memory) <= 10);
        }
        assert!(!is_within(&memory, 998, &quota, 1001));
        assert!(is_within(&memory, 1, &quota, 1001), "1 has been forgotten");
    }
}
