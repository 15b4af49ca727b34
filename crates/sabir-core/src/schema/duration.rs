//! The format `duration`.

/// Whether `text` is a duration of ISO 8601-1 §5.5.2: the grammar of RFC 3339 appendix A, and besides it a fraction of the
/// seconds, which most programs write, and units left out between others.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    if let Some(weeks) = rest.strip_suffix('W') {
        return is_digits(weeks);
    }
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let is_time = |time| amounts(time, "HMS") == Some(true);
    match (amounts(date, "YMD"), time) {
        (Some(has_date), None) => has_date,
        (Some(_), Some(time)) => is_time(time),
        (None, _) => false,
    }
}

/// Whether there are amounts of these units, each at most once and in this order; `None` when anything else is there.
fn amounts(mut text: &str, units: &str) -> Option<bool> {
    let has_any = !text.is_empty();
    let mut units = units.chars();
    while !text.is_empty() {
        let at =
            text.find(|character: char| !character.is_ascii_digit() && !matches!(character, '.' | ','))?;
        let (amount, rest) = text.split_at(at);
        let mut rest = rest.chars();
        let unit = rest.next()?;
        units.find(|known| *known == unit)?;
        let is_amount = match amount.split_once(['.', ',']) {
            Some((whole, fraction)) => unit == 'S' && is_digits(whole) && is_digits(fraction),
            None => is_digits(amount),
        };
        if !is_amount {
            return None;
        }
        text = rest.as_str();
    }
    Some(has_any)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_durations_with_and_without_fractions() {
        for text in [
            "P1Y2M3DT4H5M6S",
            "P1W",
            "PT36H",
            "P1DT12H",
            "PT0S",
            "PT0.5S",
            "PT1M1,25S",
            "PT1H1S",
            "P4Y",
        ] {
            assert!(is_duration(text), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "4DT12H30M5S",
            "P2D1Y",
            "P1D2H",
            "PT1D",
            "P2S",
            "P1Y2W",
            "P1DT",
            "PT0.5M",
            "PT.5S",
            "PT5.S",
            "PT1.2.3S",
            "P0.5D",
            "-P1D",
            "P১Y",
            "P1WT1H",
            "PT1S1S",
            "p1d",
        ] {
            assert!(!is_duration(text), "{text}");
        }
    }
}
