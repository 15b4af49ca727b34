//! Statuses, header fields and cookies before the content of an answer.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::SET_COOKIE};
use sabir_core::{Problem, ProblemType, Reply, header::cookie::SetCookie};

use super::Respond;

/// What stands before the content in a tuple, and changes the answer: a [`StatusCode`], header fields as an array, a `Vec` or
/// a [`HeaderMap`], and cookies as [`SetCookie`].
///
/// A field of an array or a `Vec` takes the place of those that the content has; those of a [`HeaderMap`] take it all together.
/// Cookies are added.
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
        // A name that is repeated has its values together, so that only the first of them replaces.
        let mut name = None;
        for (next, value) in self {
            match (next, &name) {
                (Some(next), _) => {
                    reply.headers.insert(next.clone(), value);
                    name = Some(next);
                }
                (None, Some(name)) => {
                    reply.headers.append(name, value);
                }
                (None, None) => {}
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
    for (name, value) in fields {
        let name = name.try_into().map_err(|error| no_field(&error))?;
        let value = value.try_into().map_err(|error| no_field(&error))?;
        reply.headers.insert(name, value);
    }
    Ok(())
}

fn no_field(error: &dyn std::fmt::Display) -> Box<Problem> {
    tracing::error!(%error, "the answer has a header field that cannot be sent");
    Box::new(Problem::new(ProblemType::InternalError))
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
