//! Sets of peers, as options name them.

use std::net::{IpAddr, SocketAddr};

use crate::SetupError;

/// Networks (RFC 4632), and peers that have no address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Networks {
    /// Addresses and masks. Those of IPv4 are mapped into IPv6 (RFC 4291 §2.5.5.2).
    networks: Vec<(u128, u128)>,
    /// Whether peers without an address are in it: those of Unix sockets, and in memory.
    has_unix: bool,
}

impl Networks {
    /// The networks with these names.
    ///
    /// # Errors
    /// Names the first of `option` that is none.
    pub(super) fn read(option: &str, names: &[String]) -> Result<Self, SetupError> {
        let mut networks = Self::default();
        for (place, name) in names.iter().enumerate() {
            networks.add(name).ok_or_else(|| {
                SetupError::new(
                    format!("{option}[{place}]"),
                    format!("{name:?} is no network"),
                    "write it as 10.0.0.0/8 or 2001:db8::/32, or use loopback, private, unix or all",
                )
            })?;
        }
        Ok(networks)
    }

    fn add(&mut self, name: &str) -> Option<()> {
        let names: &[&str] = match name {
            "loopback" => &["127.0.0.0/8", "::1"],
            "private" => &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
            "all" => &["::/0"],
            "unix" => &[],
            other => {
                self.networks.push(network(other)?);
                return Some(());
            }
        };
        self.networks
            .extend(names.iter().filter_map(|name| network(name)));
        self.has_unix |= matches!(name, "unix" | "all");
        Some(())
    }

    pub(super) fn has_peer(&self, peer: Option<SocketAddr>) -> bool {
        peer.map_or(self.has_unix, |peer| self.has(peer.ip()))
    }

    pub(super) fn has(&self, address: IpAddr) -> bool {
        let address = bits(address);
        self.networks
            .iter()
            .any(|(network, mask)| address & mask == *network)
    }
}

/// An address and its mask. An address behind which there are no bits of the network's is a slip of the pen.
fn network(text: &str) -> Option<(u128, u128)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let whole = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => length.parse().ok()?,
        Some(_) => return None,
        None => whole,
    };
    let cut: u32 = 128 - (128 - whole) - length.min(whole);
    let mask = u128::MAX.checked_shl(cut).unwrap_or(0);
    let is_one = length <= whole && bits(address) & !mask == 0;
    is_one.then_some((bits(address), mask))
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
    .to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(names: &[&str]) -> Networks {
        let names: Vec<String> = names.iter().map(|name| (*name).into()).collect();
        Networks::read("trust", &names).unwrap()
    }

    #[test]
    fn knows_its_addresses() {
        for (name, inside, outside) in [
            ("loopback", "127.8.9.1", "128.0.0.1"),
            ("loopback", "::1", "::2"),
            ("private", "172.31.255.255", "172.32.0.0"),
            ("private", "fd00::1", "2001:db8::1"),
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7", "::ffff:192.0.2.7", "::192.0.2.7"),
            ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
        ] {
            let networks = networks(&[name]);
            assert!(networks.has(inside.parse().unwrap()), "{name} {inside}");
            assert!(!networks.has(outside.parse().unwrap()), "{name} {outside}");
            assert!(!networks.has_peer(None), "{name}");
        }
        assert!(networks(&["all"]).has("203.0.113.9".parse().unwrap()));
        assert!(networks(&["unix"]).has_peer(None) && networks(&["all"]).has_peer(None));
        assert!(!networks(&["unix"]).has_peer("127.0.0.1:1".parse().ok()));
    }

    #[test]
    fn refuses_what_is_no_network() {
        for text in [
            "",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10/8",
            "lan",
            "::1%1",
        ] {
            let error = Networks::read("trust", &["unix".into(), text.into()]).unwrap_err();
            assert_eq!(error.field, "trust[1]", "{text}");
        }
    }
}
