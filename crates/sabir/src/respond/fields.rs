//! Statuses, header fields and cookies before the content of an answer.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::SET_COOKIE};
use sabir_core::{Operation, Problem, Reply, header::cookie::SetCookie};

use super::Respond;

/// What stands before the content in a tuple, and changes the answer: a [`StatusCode`], header fields as an array, a `Vec` or
/// a [`HeaderMap`], and cookies as [`SetCookie`].
///
/// Fields take the place of those of the same name that the content has; a name that is repeated has all its values. Cookies are
/// added.
///
/// A [`Problem`] keeps the status that it states: a status before one has no effect.
///
/// ```
/// use sabir::{Respond, SetCookie, StatusCode, header};
///
/// async fn create() -> impl Respond {
///     let links = [(header::LINK, "</a>; rel=prev"), (header::LINK, "</c>; rel=next")];
///     (StatusCode::CREATED, links, SetCookie::new("seen", "b"), "created")
/// }
/// ```
pub trait RespondFields {
    /// Changes the answer.
    ///
    /// # Errors
    /// The answer that is sent instead, when a name or a value is no header field.
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>>;
}

impl RespondFields for StatusCode {
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        reply.status = self;
        Ok(())
    }
}

impl RespondFields for HeaderMap {
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        for name in self.keys().filter(|name| *name != SET_COOKIE) {
            reply.headers.remove(name);
        }
        // Without their names, the values of a field follow the first of them.
        let mut last = None;
        for (name, value) in self {
            last = name.or(last);
            if let Some(name) = &last {
                reply.headers.append(name, value);
            }
        }
        Ok(())
    }
}

impl RespondFields for SetCookie {
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        let value = self.header_value().map_err(|error| no_field(&error))?;
        reply.headers.append(SET_COOKIE, value);
        Ok(())
    }
}

impl RespondFields for Vec<SetCookie> {
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        self.into_iter().try_for_each(|cookie| cookie.apply(reply))
    }
}

impl<T: RespondFields> RespondFields for Option<T> {
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        self.map_or(Ok(()), |fields| fields.apply(reply))
    }
}

impl<K, V, const N: usize> RespondFields for [(K, V); N]
where
    K: TryInto<HeaderName, Error: std::fmt::Display>,
    V: TryInto<HeaderValue, Error: std::fmt::Display>,
{
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        insert(self, reply)
    }
}

impl<K, V> RespondFields for Vec<(K, V)>
where
    K: TryInto<HeaderName, Error: std::fmt::Display>,
    V: TryInto<HeaderValue, Error: std::fmt::Display>,
{
    fn apply(self, reply: &mut Reply) -> Result<(), Box<Problem>> {
        insert(self, reply)
    }
}

fn insert<K, V>(fields: impl IntoIterator<Item = (K, V)>, reply: &mut Reply) -> Result<(), Box<Problem>>
where
    K: TryInto<HeaderName, Error: std::fmt::Display>,
    V: TryInto<HeaderValue, Error: std::fmt::Display>,
{
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        let name = name.try_into().map_err(|error| no_field(&error))?;
        let value = value.try_into().map_err(|error| no_field(&error))?;
        headers.append(name, value);
    }
    headers.apply(reply)
}

fn no_field(error: &dyn std::fmt::Display) -> Box<Problem> {
    let cause = format!("the answer has a header field that cannot be sent: {error}");
    Box::new(Problem::failed(cause))
}

macro_rules! tuples {
    ($($($fields:ident)*;)*) => {
        $(
            impl<$($fields: RespondFields,)* T: Respond> Respond for ($($fields,)* T,) {
                #[allow(non_snake_case)]
                fn respond(self) -> Reply {
                    let ($($fields,)* content,) = self;
                    let mut reply = content.respond();
                    $(
                        if let Err(problem) = $fields.apply(&mut reply) {
                            return problem.into_reply();
                        }
                    )*
                    reply
                }

                fn describe(operation: &mut Operation) {
                    T::describe(operation);
                }
            }
        )*
    };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
}
