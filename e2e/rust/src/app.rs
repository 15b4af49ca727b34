//! A fixture's application on the Rust runtime.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sabir_codegen::fixture::Application;
use sabir_core::{Operation, RouteDefinition, Settings, SetupError};
use sabir_http::{App, Service};

use crate::handler::FixtureHandler;

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

/// The settings of `application`.
pub(crate) fn settings(application: &Application) -> Result<Settings, SetupError> {
    let mut settings = Settings::default();
    for (name, value) in &application.settings {
        settings.set(name, value)?;
    }
    Ok(settings)
}

/// Builds the service; handlers count their calls in `calls`.
pub(crate) fn build(application: &Application, calls: &Calls) -> Result<Service, Box<dyn std::error::Error>> {
    let mut app = App::new(settings(application)?).components(application.components.clone());
    for converter in &application.converters {
        let schema = serde_json::from_value(converter.schema.clone())?;
        app.converter(&converter.name, &converter.regex, schema)?;
    }
    for route in &application.routes {
        let operation = Operation::from_json(&route.operation)?;
        let definition = RouteDefinition::new(route.method.parse()?, route.path.as_str(), operation);
        let handler = FixtureHandler::new(route, &application.components, calls.clone());
        app.route(definition, Arc::new(handler))?;
    }
    Ok(app.build())
}
