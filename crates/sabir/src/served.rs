//! What the runtime answers by itself: the files of folders, and redirects.

use sabir_core::{Operation, SetupError};
use sabir_http::App;

use crate::{Redirect, StaticFiles};

/// What is known of a folder or a redirect before it is added.
pub(crate) struct PendingServed {
    pub(crate) path: String,
    pub(crate) operation: Operation,
    pub(crate) what: Served,
}

/// A folder or a redirect.
pub(crate) enum Served {
    Files(StaticFiles),
    Redirect(Redirect),
}

impl PendingServed {
    /// Adds it to the application.
    pub(crate) fn add(self, app: &mut App) -> Result<(), SetupError> {
        match self.what {
            Served::Files(files) => app.static_files(&self.path, &files, self.operation).map(drop),
            Served::Redirect(redirect) => app
                .redirect(&self.path, &redirect.into_route(), self.operation)
                .map(drop),
        }
    }
}
