//! What an operation demands.

use std::{borrow::Cow, sync::Arc};

use http::{Extensions, HeaderValue, header::WWW_AUTHENTICATE};
use indexmap::IndexMap;

use super::{
    identity::Identity,
    verifier::{Verdict, Verifier},
};
use crate::{
    Problem, ProblemType, RequestHead, SetupError,
    stage::{Halt, Stage},
};

/// The schemes of which the requests of an operation have to satisfy one alternative (OpenAPI 3.1 §4.8.30).
#[derive(Debug)]
pub(crate) struct Requirement(Vec<Vec<Demand>>);

/// A scheme, and what its credentials have to permit.
#[derive(Debug)]
struct Demand {
    verifier: Arc<Verifier>,
    scopes: Vec<String>,
}

/// Why an alternative is not satisfied.
enum Refusal {
    /// `401`, with the scheme that has found it out.
    Unauthorized(Arc<Verifier>, Option<Cow<'static, str>>),
    /// `403`, with the challenge that there may be.
    Forbidden(Vec<String>, Option<String>),
}

impl Requirement {
    /// Compiles `security` of an operation with the schemes of the application.
    ///
    /// # Errors
    /// There is no scheme of that name.
    pub(crate) fn compile(
        security: &[IndexMap<String, Vec<String>>],
        schemes: &IndexMap<String, Arc<Verifier>>,
    ) -> Result<Self, SetupError> {
        let alternatives = security.iter().enumerate().map(|(place, alternative)| {
            let demands = alternative.iter().map(|(name, scopes)| {
                let verifier = schemes.get(name).ok_or_else(|| {
                    let known: Vec<&str> = schemes.keys().map(String::as_str).collect();
                    let remedy = if known.is_empty() {
                        "add the scheme before the route".to_owned()
                    } else {
                        format!(
                            "use one of {}, or add the scheme before the route",
                            known.join(" ")
                        )
                    };
                    SetupError::new(
                        format!("security[{place}].{name}"),
                        "there is no such scheme",
                        remedy,
                    )
                })?;
                Ok(Demand {
                    verifier: Arc::clone(verifier),
                    scopes: scopes.clone(),
                })
            });
            demands.collect::<Result<_, SetupError>>()
        });
        Ok(Self(alternatives.collect::<Result<_, SetupError>>()?))
    }

    /// Who sends the request; of several schemes that have to be satisfied together, what the first one says. `None` where nobody has to
    /// say it.
    fn identity(&self, head: &RequestHead) -> Result<Option<Box<Identity>>, Vec<Refusal>> {
        let mut refusals = Vec::new();
        for alternative in &self.0 {
            match satisfied(alternative, head) {
                Ok(identity) => return Ok(identity),
                Err(refusal) => refusals.push(refusal),
            }
        }
        Err(refusals)
    }
}

fn satisfied(alternative: &[Demand], head: &RequestHead) -> Result<Option<Box<Identity>>, Refusal> {
    let mut first = None;
    let mut forbidden = None;
    for Demand { verifier, scopes } in alternative {
        match verifier.verify(head) {
            Verdict::Absent => return Err(Refusal::Unauthorized(Arc::clone(verifier), None)),
            Verdict::Invalid(why) => return Err(Refusal::Unauthorized(Arc::clone(verifier), Some(why))),
            // What a handler checks, it finds the scopes of.
            Verdict::Known(identity) if identity.credentials.is_some() || identity.may(scopes) => {
                first.get_or_insert(identity);
            }
            Verdict::Known(_) => {
                forbidden.get_or_insert_with(|| {
                    Refusal::Forbidden(scopes.clone(), verifier.challenge_for(scopes))
                });
            }
        }
    }
    forbidden.map_or(Ok(first), Err)
}

/// The problem of a request that satisfies no alternative. One that is known, and may too little, is not asked who it is.
fn refused(refusals: &[Refusal]) -> Problem {
    let forbidden = refusals.iter().find_map(|refusal| match refusal {
        Refusal::Forbidden(scopes, challenge) => Some((scopes, challenge)),
        Refusal::Unauthorized(..) => None,
    });
    if let Some((scopes, challenge)) = forbidden {
        let detail = format!("The credentials do not permit {}.", scopes.join(", "));
        let problem = Problem::new(ProblemType::Forbidden).with_detail(detail);
        return with_challenges(problem, challenge.iter().cloned());
    }
    let mut detail = None;
    let mut challenges: Vec<String> = Vec::new();
    for refusal in refusals {
        let Refusal::Unauthorized(verifier, invalid) = refusal else {
            continue;
        };
        if let Some(why) = invalid {
            detail.get_or_insert_with(|| format!("The credentials are not valid. {why}"));
        }
        let challenge = verifier.challenge(invalid.as_deref());
        if !challenges.contains(&challenge) {
            challenges.push(challenge);
        }
    }
    let detail = detail.unwrap_or_else(|| "The request has no credentials.".into());
    let problem = Problem::new(ProblemType::Unauthorized).with_detail(detail);
    with_challenges(problem, challenges.into_iter())
}

fn with_challenges(mut problem: Problem, challenges: impl Iterator<Item = String>) -> Problem {
    for challenge in challenges {
        if let Ok(value) = HeaderValue::try_from(challenge) {
            problem.headers.append(WWW_AUTHENTICATE, value);
        }
    }
    problem
}

impl Stage for Requirement {
    fn enter(&self, head: &RequestHead, notes: &mut Extensions) -> Result<(), Halt> {
        match self.identity(head) {
            Ok(Some(identity)) => {
                notes.insert(*identity);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(refusals) => Err(Halt::Answer(Box::new(refused(&refusals).into_reply()))),
        }
    }
}
