//! The steps of JSON Pointers (RFC 6901).

use std::borrow::Cow;

/// `name` as a reference token (§3).
///
/// ```
/// use sabir_core::pointer;
///
/// assert_eq!(pointer::token("a/b~c"), "a~1b~0c");
/// assert_eq!(pointer::name("a~1b~0c"), "a/b~c");
/// ```
pub fn token(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}

/// The member that a reference token names (§4).
pub fn name(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~").into()
    } else {
        token.into()
    }
}

/// Adds a step to `pointer`.
pub(crate) fn step(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&token(name));
}
