//! Which fixtures are written in which way: they take turns, so that a suite tests all ways.

/// A number that is always the same for the fixture with this name, and that spreads names.
pub(crate) fn of(name: &str) -> u64 {
    // FNV-1a spreads names that differ in a word only.
    name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
