//! How much a client may take, by the generic cell rate algorithm (GCRA).

use std::time::Duration;

/// So many requests in so much time.
///
/// A request moves the moment at which all of the quota is there again by [`interval`](Self::interval). As long as that moment
/// is no further away than the whole quota takes, the request may pass.
///
/// ```
/// use std::time::Duration;
/// use sabir_core::stage::Quota;
///
/// let quota = Quota::read("100/minute", 10).unwrap();
/// assert_eq!((quota.limit(), quota.period(), quota.burst()), (100, Duration::from_secs(60), 10));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    limit: u32,
    period: Duration,
    burst: u32,
}

/// What is left of a quota after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Taken {
    /// Whether the request may pass. One that may not has taken nothing.
    pub is_within: bool,
    /// How many more requests may pass now.
    pub remaining: u64,
    /// After how long one may pass, where this one may not.
    pub retry_after: Duration,
    /// After how long all of the quota is there again.
    pub reset: Duration,
}

/// The largest number of requests that a quota counts.
const MOST: u32 = 1_000_000;

impl Quota {
    /// The quota that `limit` names as `100/minute`, of which `burst` requests may come at once; 0 is all of them.
    pub fn read(limit: &str, burst: u64) -> Option<Self> {
        let (number, unit) = limit.split_once('/')?;
        let period = match unit {
            "second" => 1,
            "minute" => 60,
            "hour" => 60 * 60,
            "day" => 24 * 60 * 60,
            _ => return None,
        };
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let limit: u32 = number.parse().ok().filter(|_| is_number)?;
        let burst = if burst == 0 { limit } else { burst.try_into().ok()? };
        let is_countable = (1..=MOST).contains(&limit) && burst <= MOST;
        is_countable.then_some(Self {
            limit,
            period: Duration::from_secs(period),
            burst,
        })
    }

    /// How many requests may come in a [`period`](Self::period).
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// In how much time.
    pub fn period(&self) -> Duration {
        self.period
    }

    /// How many may come at once.
    pub fn burst(&self) -> u32 {
        self.burst
    }

    /// After how long a request that was taken is there again.
    pub fn interval(&self) -> Duration {
        self.period / self.limit
    }

    /// After how long all of the quota is there again where nothing is left of it.
    pub fn recovery(&self) -> Duration {
        self.interval() * self.burst
    }

    /// Takes a request at `now` from a quota all of which is there again at `whole`, and says when that is then.
    pub fn take(&self, whole: Duration, now: Duration) -> (Duration, Taken) {
        let (interval, recovery) = (self.interval(), self.recovery());
        let missing = whole.saturating_sub(now);
        let wanted = missing + interval;
        let is_within = wanted <= recovery;
        let missing = if is_within { wanted } else { missing };
        let left = recovery.saturating_sub(missing).as_nanos() / interval.as_nanos().max(1);
        let taken = Taken {
            is_within,
            remaining: u64::try_from(left).unwrap_or(u64::MAX),
            retry_after: wanted.saturating_sub(recovery),
            reset: missing,
        };
        (now + missing, taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn reads_limits_as_people_write_them() {
        for (text, limit, period) in [
            ("5/second", 5, 1),
            ("100/minute", 100, 60),
            ("1000/hour", 1000, 3600),
            ("1/day", 1, 86_400),
        ] {
            let quota = Quota::read(text, 0).unwrap();
            assert_eq!(
                (quota.limit(), quota.period(), quota.burst()),
                (limit, seconds(period), limit),
                "{text}"
            );
        }
        for text in [
            "",
            "100",
            "/minute",
            "0/minute",
            "-1/minute",
            "+1/minute",
            "1.5/second",
            "1/minutes",
            "1 / minute",
            "1000001/day",
        ] {
            assert_eq!(Quota::read(text, 0), None, "{text}");
        }
        assert_eq!(Quota::read("1/day", 1_000_001), None);
    }

    #[test]
    fn gives_all_at_once_and_then_evenly() {
        let quota = Quota::read("4/minute", 2).unwrap();
        let start = seconds(1000);
        let (whole, first) = quota.take(Duration::ZERO, start);
        assert_eq!(
            (first.is_within, first.remaining, first.reset),
            (true, 1, seconds(15))
        );
        let (whole, second) = quota.take(whole, start);
        assert_eq!(
            (second.is_within, second.remaining, second.reset),
            (true, 0, seconds(30))
        );
        let (after, third) = quota.take(whole, start + seconds(5));
        assert_eq!((third.is_within, third.remaining), (false, 0));
        assert_eq!((third.retry_after, third.reset), (seconds(10), seconds(25)));
        assert_eq!(after, whole, "a refusal takes nothing");
        let (_, fourth) = quota.take(after, start + seconds(15));
        assert_eq!((fourth.is_within, fourth.remaining), (true, 0));
    }

    #[test]
    fn gives_no_more_than_its_limit_in_a_long_time() {
        let quota = Quota::read("7/minute", 1).unwrap();
        let mut whole = Duration::ZERO;
        let mut passed = 0;
        for tenths in 0..36_000 {
            let (after, taken) = quota.take(whole, Duration::from_millis(tenths * 100));
            whole = after;
            passed += u32::from(taken.is_within);
        }
        assert!((415..=420).contains(&passed), "{passed}");
    }
}
