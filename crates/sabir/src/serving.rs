//! Adding folders and redirects.

use sabir_core::Operation;

use crate::{
    Redirect, Sabir, StaticFiles,
    served::{PendingServed, Served},
};

impl Sabir {
    /// Answers GET and HEAD of the paths below `path` with the files of a folder. A route comes before a file. What is there is sent with
    /// a type by its name, conditions and ranges count, and nothing outside of the folder can be reached.
    ///
    /// ```
    /// use sabir::{Sabir, StaticFiles};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new().static_files("/source", StaticFiles::new("src")).build()?;
    /// let response = app.call_in_memory(http::Request::get("/source/lib.rs").body("".into()).unwrap()).await;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn static_files(self, path: &str, files: StaticFiles) -> Self {
        self.serving(path, Operation::default(), Served::Files(files))
    }

    /// The same for a folder with security or stages of its own, which `operation` says.
    ///
    /// ```
    /// use sabir::{Operation, Sabir, StaticFiles};
    /// use serde_json::json;
    ///
    /// # fn main() -> Result<(), sabir::SetupError> {
    /// let mut operation = Operation::default();
    /// operation.secured_by("key", &["reports:read"]);
    /// let app = Sabir::new()
    ///     .security_scheme("key", json!({ "type": "apiKey", "in": "header", "name": "x-api-key", "x-sabir": { "by_handler": true } }))
    ///     .static_files_with("/reports", StaticFiles::new("src"), operation)
    ///     .build()?;
    /// # let _ = app;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn static_files_with(self, path: &str, files: StaticFiles, operation: Operation) -> Self {
        self.serving(path, operation, Served::Files(files))
    }

    /// Sends requests of every method for `path` elsewhere. The location may have the variables of the path, and gets the query of a
    /// request unless it has one itself.
    ///
    /// ```
    /// use sabir::{Redirect, Sabir};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new().redirect("/old/{id}", Redirect::permanent("/new/{id}")).build()?;
    /// let response = app.call_in_memory(http::Request::get("/old/7").body("".into()).unwrap()).await;
    /// assert_eq!((response.status().as_u16(), &response.headers()["location"]), (308, &"/new/7".parse().unwrap()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn redirect(self, path: &str, redirect: Redirect) -> Self {
        self.serving(path, Operation::default(), Served::Redirect(redirect))
    }

    fn serving(mut self, path: &str, operation: Operation, what: Served) -> Self {
        self.served.push(PendingServed {
            path: path.to_owned(),
            operation,
            what,
        });
        self
    }
}
