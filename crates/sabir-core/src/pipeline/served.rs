//! Routes that the runtime answers by itself.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::{
    builder::ApplicationBuilder,
    nested,
    redirect::{Redirect, RedirectHandler},
    refusing::Refusing,
    served_document::hidden_too,
    static_files::StaticFiles,
    target::Target,
};
use crate::{
    Operation, Route, RouteDefinition, SetupError, Switch,
    operation::{In, Parameter},
    routing::ANY_METHOD,
};

impl ApplicationBuilder {
    /// Answers requests for the paths below `path` that have no route with the files of a folder. Of `operation` it has the security and
    /// the stages. No document describes it.
    ///
    /// # Errors
    /// There is no such folder, an option does not fit, something else answers below the path, or there are no files where this runs.
    pub fn static_files(
        &mut self,
        path: &str,
        files: &StaticFiles,
        operation: Operation,
    ) -> Result<&mut Self, SetupError> {
        self.add_static_files(path, files, operation).map_err(|error| {
            // What a prefix is there, is a path here.
            let field = if error.field == "prefix" {
                "path".to_owned()
            } else {
                error.field
            };
            SetupError { field, ..error }.at(format!("static {path}"))
        })
    }

    fn add_static_files(
        &mut self,
        path: &str,
        files: &StaticFiles,
        operation: Operation,
    ) -> Result<&mut Self, SetupError> {
        let Some(server) = &self.static_server else {
            let problem = "there are no files where this runs";
            let remedy = "have the platform serve them, or a route answer with their content";
            return Err(SetupError::new("directory", problem, remedy));
        };
        let prefix = path.strip_suffix('/').unwrap_or(path);
        let definition = nested::definition(prefix, operation)?.streaming();
        let handler = server.serve(prefix, files)?;
        let route = Arc::new(Route::compile(
            definition,
            &self.converters,
            &self.schemas,
            &self.settings,
        )?);
        let target = Target {
            handler,
            is_nested: true,
            stages: self.stages_of(&route)?,
            security: self.requirement_of(&route)?,
            route,
            chain: None,
            lines: None,
            refusals: None,
        };
        if !Switch::StaticFiles.is_on() {
            return Ok(self);
        }
        self.served.push(Arc::clone(&target.route));
        self.add_nested(prefix, target)
    }

    /// Sends requests of any method for `path`, which no route of their own answers, elsewhere. Of `operation` it has the security and the
    /// stages. No document describes it.
    ///
    /// # Errors
    /// As for [`route`](Self::route); the redirect does not fit the path.
    pub fn redirect(
        &mut self,
        path: &str,
        redirect: &Redirect,
        mut operation: Operation,
    ) -> Result<&mut Self, SetupError> {
        let at = |error: SetupError| error.at(format!("redirect {path}"));
        let pattern = self.pattern(path).map_err(at)?;
        let handler = RedirectHandler::new(redirect, &pattern).map_err(at)?;
        // As they were sent: a number would lose its zeros.
        operation.parameters = pattern.variables().map(|(name, _)| text_variable(name)).collect();
        let any = Method::from_bytes(ANY_METHOD.as_bytes()).unwrap_or_default();
        let definition = RouteDefinition::new(any, path, hidden_too(operation)).streaming();
        if Switch::Redirects.is_on() {
            self.route(definition, Arc::new(handler))?;
        }
        Ok(self)
    }

    /// Has those who answer refusals answer those of files as well.
    pub(super) fn share_refusals(&mut self) {
        let Some(refusals) = &self.refusals else {
            return;
        };
        for target in self.routes.targets_mut() {
            if !self.served.iter().any(|route| Arc::ptr_eq(route, &target.route)) {
                continue;
            }
            target.refusals = Some(refusals.clone());
            target.handler = Arc::new(Refusing {
                handler: Arc::clone(&target.handler),
                refusals: refusals.clone(),
                timer: self.timer.clone(),
            });
        }
    }
}

/// A variable of a path that is taken as text.
fn text_variable(name: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        location: In::Path,
        description: None,
        required: true,
        deprecated: false,
        style: None,
        explode: None,
        schema: json!({ "type": "string" }),
    }
}
