//! A security scheme at work.

use std::borrow::Cow;

use super::{
    credentials::{Place, Sent},
    identity::Identity,
    jwt::Tokens,
    scheme::{Check, SchemeType, SecurityScheme},
    secrets::Secrets,
};
use crate::{RequestHead, SetupError};

/// A security scheme, made ready before the first request.
#[derive(Debug)]
pub(crate) struct Verifier {
    name: String,
    place: Place,
    held_against: HeldAgainst,
    realm: String,
    scheme: SecurityScheme,
}

/// What credentials are held against.
#[derive(Debug)]
enum HeldAgainst {
    Secrets(Secrets),
    Tokens(Box<Tokens>),
    /// A handler does it.
    Nothing,
}

/// What becomes of the credentials of a request.
#[derive(Debug)]
pub(super) enum Verdict {
    /// There are none.
    Absent,
    /// They are not valid, for a reason that the client may know.
    Invalid(Cow<'static, str>),
    /// They are those of somebody.
    Known(Box<Identity>),
}

impl Verifier {
    /// Reads and compiles the scheme called `name`.
    ///
    /// # Errors
    /// Names the field that is missing or does not fit.
    pub(crate) fn compile(name: &str, scheme: SecurityScheme) -> Result<Self, SetupError> {
        let check = scheme.check.clone().unwrap_or_default();
        let place = place_of(&scheme)?;
        let held_against = held_against(name, &place, &check)?;
        let realm = check.realm.unwrap_or_else(|| name.to_owned());
        if realm.contains(['"', '\\']) || realm.chars().any(|c| !matches!(c, ' '..='~')) {
            let problem = format!("{realm:?} does not fit into a challenge");
            return Err(SetupError::new(
                "x-sabir.realm",
                problem,
                "use plain words of ASCII",
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            place,
            held_against,
            realm,
            scheme,
        })
    }

    /// What documents say of it.
    pub(crate) fn scheme(&self) -> &SecurityScheme {
        &self.scheme
    }

    /// Looks at the credentials of a request.
    pub(super) fn verify(&self, head: &RequestHead) -> Verdict {
        let sent = match self.place.read(head) {
            Sent::Nothing => return Verdict::Absent,
            Sent::Malformed(why) => return Verdict::Invalid(why.into()),
            Sent::Credentials(sent) => sent,
        };
        match &self.held_against {
            HeldAgainst::Secrets(secrets) => match secrets.find(&sent) {
                Some(identity) => Verdict::Known(Box::new(identity.clone())),
                None => Verdict::Invalid("Nobody has these credentials.".into()),
            },
            HeldAgainst::Tokens(tokens) => match tokens.verify(&sent) {
                Ok(identity) => Verdict::Known(Box::new(Identity {
                    scheme: self.name.clone(),
                    ..identity
                })),
                Err(why) => Verdict::Invalid(why),
            },
            HeldAgainst::Nothing => Verdict::Known(Box::new(Identity {
                scheme: self.name.clone(),
                credentials: Some(sent.into_owned()),
                ..Identity::default()
            })),
        }
    }

    /// The challenge (RFC 9110 §11.6.1). What is wrong with a token is told by `error` (RFC 6750 §3).
    pub(super) fn challenge(&self, invalid: Option<&str>) -> String {
        let realm = &self.realm;
        match &self.place {
            Place::Basic => format!("Basic realm=\"{realm}\", charset=\"UTF-8\""),
            Place::Bearer => match invalid {
                Some(why) => {
                    format!("Bearer realm=\"{realm}\", error=\"invalid_token\", error_description=\"{why}\"")
                }
                None => format!("Bearer realm=\"{realm}\""),
            },
            // No scheme is registered for keys, and a 401 has a challenge.
            Place::Header(name) => format!("ApiKey realm=\"{realm}\", in=\"header\", name=\"{name}\""),
            Place::Query(name) => format!("ApiKey realm=\"{realm}\", in=\"query\", name=\"{name}\""),
            Place::Cookie(name) => format!("ApiKey realm=\"{realm}\", in=\"cookie\", name=\"{name}\""),
        }
    }

    /// The challenge of somebody who may too little (RFC 6750 §3.1); other schemes have none.
    pub(super) fn challenge_for(&self, scopes: &[String]) -> Option<String> {
        let (realm, scopes) = (&self.realm, scopes.join(" "));
        matches!(self.place, Place::Bearer)
            .then(|| format!("Bearer realm=\"{realm}\", error=\"insufficient_scope\", scope=\"{scopes}\""))
    }
}

fn place_of(scheme: &SecurityScheme) -> Result<Place, SetupError> {
    let missing = |field: &str, remedy: &str| SetupError::new(field, "it is missing", remedy);
    match scheme.kind {
        SchemeType::OAuth2 | SchemeType::OpenIdConnect => Ok(Place::Bearer),
        SchemeType::Http => match scheme.scheme.as_deref() {
            Some(name) if name.eq_ignore_ascii_case("basic") => Ok(Place::Basic),
            Some(name) if name.eq_ignore_ascii_case("bearer") => Ok(Place::Bearer),
            Some(other) => {
                let problem = format!("the runtime cannot read credentials of {other:?}");
                Err(SetupError::new("scheme", problem, "use basic or bearer"))
            }
            None => Err(missing("scheme", "use basic or bearer")),
        },
        SchemeType::ApiKey => {
            let location = scheme
                .location
                .ok_or_else(|| missing("in", "use header, query or cookie"))?;
            let name = scheme
                .name
                .as_deref()
                .filter(|name| !name.is_empty() && !name.contains(['"', '\\', ';', '=', ' ']))
                .ok_or_else(|| {
                    SetupError::new(
                        "name",
                        "there is none that fits",
                        "name the field, parameter or cookie",
                    )
                })?;
            Place::of_key(location, name).ok_or_else(|| {
                let problem = format!("{name:?} is no name of a header field");
                SetupError::new("name", problem, "write it as x-api-key")
            })
        }
    }
}

fn held_against(name: &str, place: &Place, check: &Check) -> Result<HeldAgainst, SetupError> {
    let ways = [!check.keys.is_empty(), check.jwt.is_some(), check.by_handler];
    if ways.iter().filter(|is_said| **is_said).count() != 1 {
        return Err(SetupError::new(
            "x-sabir",
            "credentials are to be held against one thing",
            "give one of keys, jwt, and by_handler: true where handlers check them",
        ));
    }
    if let Some(rules) = &check.jwt {
        if matches!(place, Place::Basic) {
            return Err(SetupError::new(
                "x-sabir.jwt",
                "no token has a name and a password",
                "use bearer",
            ));
        }
        let tokens = Tokens::compile(rules).map_err(|mut error| {
            error.field = format!("x-sabir.jwt.{}", error.field);
            error
        })?;
        return Ok(HeldAgainst::Tokens(Box::new(tokens)));
    }
    if check.by_handler {
        return Ok(HeldAgainst::Nothing);
    }
    let is_basic = matches!(place, Place::Basic);
    for (subject, key) in &check.keys {
        if key.text().is_empty() || (is_basic && subject.contains(':')) {
            let field = format!("x-sabir.keys.{subject}");
            let problem = if key.text().is_empty() {
                "it is empty"
            } else {
                "no name of a user has a colon (RFC 7617 §2)"
            };
            return Err(SetupError::new(field, problem, "give it another one"));
        }
    }
    Ok(HeldAgainst::Secrets(Secrets::new(check.keys.iter().map(
        |(subject, key)| {
            let secret = if is_basic {
                format!("{subject}:{}", key.text())
            } else {
                key.text().to_owned()
            };
            let identity = Identity {
                scheme: name.to_owned(),
                subject: Some(subject.clone()),
                scopes: key.scopes().to_vec(),
                ..Identity::default()
            };
            (secret, identity)
        },
    ))))
}
