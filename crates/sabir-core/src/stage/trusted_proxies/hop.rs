//! What a proxy says of who has sent it a request.

use std::net::{IpAddr, SocketAddr};

use super::super::networks::Networks;
use crate::request_head::Scheme;

/// The sender that a proxy names: an address, in brackets or not, with a port or not. `None` for names that stand for somebody, as
/// `unknown` (RFC 7239 §6), and for what is nothing at all.
pub(super) fn sender(text: &str) -> Option<SocketAddr> {
    let text = text.trim_ascii();
    // A port that has been made unrecognizable (RFC 7239 §6.2).
    let text = text.split_once(":_").map_or(text, |(address, _)| address);
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = match text.parse() {
        Ok(address) => address,
        Err(_) => SocketAddr::new(bare.parse::<IpAddr>().ok()?, 0),
    };
    Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
}

/// The scheme that a proxy was asked with. Some name that of sockets.
pub(super) fn scheme(text: &str) -> Option<Scheme> {
    let is = |name: &str| text.trim_ascii().eq_ignore_ascii_case(name);
    match () {
        () if is("https") || is("wss") => Some(Scheme::Https),
        () if is("http") || is("ws") => Some(Scheme::Http),
        () => None,
    }
}

/// The client among senders, of whom the nearest comes first: the first one that is not `trusted`, or the last one that is. It comes
/// with its place. Nobody looks behind a sender that has no address.
pub(super) fn client<'t>(
    senders: impl Iterator<Item = &'t str>,
    trusted: &Networks,
) -> Option<(usize, SocketAddr)> {
    let mut client = None;
    for (place, sender) in senders.map_while(sender).enumerate() {
        client = Some((place, sender));
        if !trusted.has(sender.ip()) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_senders_in_every_spelling() {
        for (text, address) in [
            ("192.0.2.7", "192.0.2.7:0"),
            (" 192.0.2.7:80 ", "192.0.2.7:80"),
            ("2001:db8::1", "[2001:db8::1]:0"),
            ("[2001:db8::1]", "[2001:db8::1]:0"),
            ("[2001:db8::1]:443", "[2001:db8::1]:443"),
            ("192.0.2.7:_hidden", "192.0.2.7:0"),
            ("::ffff:192.0.2.7", "192.0.2.7:0"),
        ] {
            assert_eq!(sender(text), address.parse().ok(), "{text}");
        }
        for text in [
            "",
            "unknown",
            "_secret",
            "192.0.2",
            "192.0.2.7:99999",
            "[192.0.2.7",
            "shop.example",
        ] {
            assert_eq!(sender(text), None, "{text}");
        }
    }

    #[test]
    fn the_client_is_the_nearest_that_is_not_trusted() {
        let trusted = Networks::read("trust", &["10.0.0.0/8".into()]).unwrap();
        for (senders, expected) in [
            (vec!["192.0.2.7"], Some((0, "192.0.2.7:0"))),
            (
                vec!["10.0.0.2", "192.0.2.7", "203.0.113.9"],
                Some((1, "192.0.2.7:0")),
            ),
            (vec!["10.0.0.2", "10.0.0.3"], Some((1, "10.0.0.3:0"))),
            (
                vec!["10.0.0.2", "unknown", "203.0.113.9"],
                Some((0, "10.0.0.2:0")),
            ),
            (vec!["unknown", "203.0.113.9"], None),
            (vec![], None),
        ] {
            let expected = expected.map(|(place, address)| (place, address.parse().unwrap()));
            assert_eq!(client(senders.iter().copied(), &trusted), expected, "{senders:?}");
        }
    }
}
