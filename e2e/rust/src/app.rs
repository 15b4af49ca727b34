//! A fixture's application.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sabir_codegen::fixture;
use sabir_core::{
    Handler, Operation, RouteDefinition, Settings, SetupError,
    operation::SchemaData,
    pipeline::{Application, ApplicationBuilder, Redirect},
};

#[cfg(not(target_family = "wasm"))]
use sabir_core::pipeline::StaticFiles;

use crate::{
    handler::FixtureHandler,
    time::{Clock, Time},
};

/// How often handlers have run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<AtomicU64>);

impl Calls {
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// The calls since this was last asked.
    pub(crate) fn take(&self) -> u64 {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// What an application is made of.
pub(crate) struct Parts {
    settings: Settings,
    stages: serde_json::Map<String, serde_json::Value>,
    security_schemes: serde_json::Map<String, serde_json::Value>,
    components: serde_json::Map<String, serde_json::Value>,
    converters: Vec<(String, String, SchemaData)>,
    routes: Vec<(RouteDefinition, Arc<dyn Handler>)>,
    redirects: Vec<fixture::RedirectData>,
    static_files: Vec<fixture::StaticData>,
    #[cfg(not(target_family = "wasm"))]
    folder: Arc<crate::folder::Folder>,
}

impl Parts {
    /// The parts of `application`; handlers count their calls in `calls`, and wait by `time`.
    pub(crate) fn of(
        application: &fixture::Application,
        calls: &Calls,
        time: &Time,
    ) -> Result<Self, Box<dyn Error>> {
        let mut settings = Settings::default();
        for (name, value) in &application.settings {
            settings.set(name, value)?;
        }
        let mut converters = Vec::new();
        for converter in &application.converters {
            let schema = serde_json::from_value(converter.schema.clone())?;
            converters.push((converter.name.clone(), converter.regex.clone(), schema));
        }
        let mut routes: Vec<(_, Arc<dyn Handler>)> = Vec::new();
        #[cfg(not(target_family = "wasm"))]
        let folder = Arc::new(crate::folder::Folder::of(application)?);
        for route in &application.routes {
            let operation = Operation::from_json(&route.operation)?;
            let mut definition = RouteDefinition::new(route.method.parse()?, route.path.as_str(), operation);
            if matches!(route.handler.last(), fixture::Handler::Collect { .. }) {
                definition = definition.streaming();
            }
            let handler = FixtureHandler::new(
                route,
                &application.components,
                calls.clone(),
                time.clone(),
                #[cfg(not(target_family = "wasm"))]
                Arc::clone(&folder),
            );
            routes.push((definition, Arc::new(handler)));
        }
        Ok(Self {
            settings,
            stages: application.stages.clone(),
            security_schemes: application.security_schemes.clone(),
            components: application.components.clone(),
            converters,
            routes,
            redirects: application.redirects.clone(),
            static_files: application.static_files.clone(),
            #[cfg(not(target_family = "wasm"))]
            folder,
        })
    }

    /// The application of the core alone, by `clock`. Files stay in memory.
    pub(crate) fn in_the_core(self, clock: Clock) -> Result<Application, SetupError> {
        let mut builder = ApplicationBuilder::new(self.settings)
            .timer(clock)
            .components(self.components);
        for (name, regex, schema) in self.converters {
            builder.converter(&name, &regex, schema)?;
        }
        for (name, scheme) in &self.security_schemes {
            builder.security_scheme(name, scheme)?;
        }
        for (definition, handler) in self.routes {
            builder.route(definition, handler)?;
        }
        for redirect in &self.redirects {
            let data = Redirect::from_json(&redirect.data())?;
            builder.redirect(&redirect.path, &data, Operation::default())?;
        }
        for (name, options) in self.stages {
            builder.stage(&name, &options)?;
        }
        Ok(builder.build())
    }

    /// The application of the server.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn in_the_server(self) -> Result<Served, SetupError> {
        let mut app = sabir_http::App::new(self.settings).components(self.components);
        for (name, regex, schema) in self.converters {
            app.converter(&name, &regex, schema)?;
        }
        for (name, scheme) in &self.security_schemes {
            app.security_scheme(name, scheme)?;
        }
        for (definition, handler) in self.routes {
            app.route(definition, handler)?;
        }
        for redirect in &self.redirects {
            let data = Redirect::from_json(&redirect.data())?;
            app.redirect(&redirect.path, &data, Operation::default())?;
        }
        for files in &self.static_files {
            let data = StaticFiles::from_json(&files.data(&self.folder.path()))?;
            app.static_files(&files.path, &data, Operation::from_json(&files.operation())?)?;
        }
        for (name, options) in self.stages {
            app.stage(&name, &options)?;
        }
        Ok(Served {
            service: app.build(),
            folder: self.folder,
        })
    }
}

/// The application of the server, and the folder that it may serve.
#[cfg(not(target_family = "wasm"))]
pub(crate) struct Served {
    pub(crate) service: sabir_http::Service,
    pub(crate) folder: Arc<crate::folder::Folder>,
}
