//! Stages that are set, and the chains that they become.

use std::sync::Arc;

use http::Extensions;
use serde_json::Value as Json;

use super::{Halt, Leaving, Lines, Stage, Surroundings, table};
use crate::{Reply, RequestHead, SetupError, Switch};

/// The stages of an application or of a route.
#[derive(Debug, Clone, Default)]
pub struct Stages {
    settings: [Setting; table::COUNT],
}

#[derive(Debug, Clone, Default)]
enum Setting {
    /// As around it.
    #[default]
    Unset,
    Off,
    On(Arc<dyn Stage>),
}

impl Stages {
    /// Reads an object of options by the names of stages.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn read(data: &serde_json::Map<String, Json>) -> Result<Self, SetupError> {
        let mut stages = Self::default();
        for (name, options) in data {
            stages.set(name, options)?;
        }
        Ok(stages)
    }

    /// Reads what a route says of its stages.
    ///
    /// # Errors
    /// As [`read`](Self::read), and for stages that are for the whole application.
    pub(crate) fn read_of_route(data: &serde_json::Map<String, Json>) -> Result<Self, SetupError> {
        for name in data.keys() {
            if table::place(name).is_ok_and(table::is_for_applications) {
                return Err(SetupError::new(
                    format!("stages.{name}"),
                    "the stage sees requests before their route is known",
                    "set it for the application",
                ));
            }
        }
        Self::read(data)
    }

    /// Sets the stage called `name`: `options` is an object, `true` for the defaults, or `false` for no such stage.
    ///
    /// # Errors
    /// Names the field as `stages.cors.max_age`.
    pub fn set(&mut self, name: &str, options: &Json) -> Result<(), SetupError> {
        let defaults = serde_json::Map::new();
        let compiled = match options {
            Json::Bool(false) => table::place(name).map(|place| (place, Setting::Off)),
            Json::Bool(true) => {
                table::compile(name, &defaults).map(|(place, stage)| (place, Setting::On(stage)))
            }
            Json::Object(options) => {
                table::compile(name, options).map(|(place, stage)| (place, Setting::On(stage)))
            }
            other => Err(SetupError::new(
                "",
                format!("{other} is neither an object of options nor true or false"),
                "give its options",
            )),
        };
        let (place, setting) = compiled.map_err(|mut error| {
            let field = std::mem::take(&mut error.field);
            let dot = if field.is_empty() { "" } else { "." };
            error.field = format!("stages.{name}{dot}{field}");
            error
        })?;
        if let Some(known) = self.settings.get_mut(place) {
            *known = setting;
        }
        Ok(())
    }

    /// Has the stages open what they need.
    ///
    /// # Errors
    /// The first one that cannot; the field is as of [`set`](Self::set).
    pub(crate) fn prepare(&self, around: &Surroundings) -> Result<(), SetupError> {
        for (place, setting) in self.settings.iter().enumerate() {
            if let Setting::On(stage) = setting {
                stage.prepare(around).map_err(|error| {
                    let field = format!("stages.{}.{}", table::name(place), error.field);
                    SetupError { field, ..error }
                })?;
            }
        }
        Ok(())
    }

    /// What writes lines of the requests of a route with these stages in an application that has those.
    pub(crate) fn lines(&self, application: &Self) -> Option<Arc<Lines>> {
        self.within_places(application)
            .find_map(|(_, stage)| stage.lines().cloned())
    }

    /// The stages of a route with these ones in an application that has those, with their places.
    fn within_places<'s>(
        &'s self,
        application: &'s Self,
    ) -> impl Iterator<Item = (usize, &'s Arc<dyn Stage>)> {
        let both = self.settings.iter().zip(&application.settings).enumerate();
        both.filter(|(place, _)| table::is_on(*place))
            .filter_map(|(place, (own, around))| match (own, around) {
                (Setting::On(stage), _) | (Setting::Unset, Setting::On(stage)) => Some((place, stage)),
                _ => None,
            })
    }

    /// Has the stages get ready for requests. `place` is the route that has set them, or `app`.
    pub(crate) fn start(&self, place: &str, around: &Surroundings) {
        for setting in &self.settings {
            if let Setting::On(stage) = setting {
                stage.start(place, around);
            }
        }
    }

    /// The chain that requests meet before their route is looked for.
    pub(crate) fn arrivals(&self) -> Option<Chain> {
        let stages = self
            .settings
            .iter()
            .enumerate()
            .filter_map(|(place, setting)| match setting {
                Setting::On(stage) if table::is_for_applications(place) && table::is_on(place) => {
                    Some(Arc::clone(stage))
                }
                _ => None,
            });
        let stages: Vec<_> = stages.collect();
        (!stages.is_empty()).then(|| Chain(stages.into()))
    }

    /// The chain of a route with these stages in an application that has those.
    /// Who sends a request is asked by `security`, at its place among them.
    pub(crate) fn within(&self, application: &Self, security: Option<Arc<dyn Stage>>) -> Option<Chain> {
        let security = security.filter(|_| Switch::Security.is_on());
        let mut stages: Vec<(usize, Arc<dyn Stage>)> = self
            .within_places(application)
            .filter(|(_, stage)| stage.lines().is_none())
            .map(|(place, stage)| (place, Arc::clone(stage)))
            .collect();
        if let Some(security) = security {
            let at = stages.partition_point(|(place, _)| *place < table::behind_security());
            stages.insert(at, (at, security));
        }
        let stages: Arc<[Arc<dyn Stage>]> = stages.into_iter().map(|(_, stage)| stage).collect();
        (!stages.is_empty()).then(|| Chain(stages))
    }
}

/// What a request meets on its way in, and its answer on its way out.
#[derive(Debug, Clone)]
pub(crate) struct Chain(Arc<[Arc<dyn Stage>]>);

impl Chain {
    /// Shows the stages a request whose route is not known yet.
    ///
    /// # Errors
    /// The answer of the first stage that gives one.
    pub(crate) fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        self.0.iter().try_for_each(|stage| stage.arrive(head))
    }

    /// Shows the stages a request whose route is known, without the first `entered` ones, which have seen it.
    ///
    /// # Errors
    /// The first stage that holds the request, and how many have seen it then.
    pub(crate) fn enter(
        &self,
        entered: usize,
        head: &RequestHead,
        notes: &mut Extensions,
    ) -> Result<(), (usize, Halt)> {
        for (place, stage) in self.0.iter().enumerate().skip(entered) {
            stage.enter(head, notes).map_err(|halt| (place + 1, halt))?;
        }
        Ok(())
    }

    /// Has the stages note what they need of a request that is given away before all of them have seen it.
    pub(crate) fn note(&self, head: &RequestHead, notes: &mut Extensions) {
        self.0.iter().for_each(|stage| stage.note(head, notes));
    }

    /// Shows the stages an answer.
    pub(crate) fn leave(&self, exchange: Leaving<'_>, reply: &mut Reply) {
        self.0
            .iter()
            .rev()
            .for_each(|stage| stage.leave(&exchange, reply));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn routes_have_no_stages_of_the_whole_application() {
        for (name, options) in [
            ("request_id", json!({})),
            ("trusted_proxies", json!(true)),
            ("trusted_hosts", json!(false)),
            ("https_redirect", json!(false)),
        ] {
            let mut data = serde_json::Map::new();
            data.insert(name.into(), options);
            let error = Stages::read_of_route(&data).unwrap_err();
            assert_eq!(error.field, format!("stages.{name}"));
            assert_eq!(error.remedy, "set it for the application");
        }
    }
}
