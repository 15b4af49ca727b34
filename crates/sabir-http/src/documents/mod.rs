//! Routes that give the application's documents, and the page that shows them.

mod difference;
#[cfg(feature = "documents-ui")]
mod page;
mod relative;
mod snapshot;
#[cfg(feature = "documents-ui")]
mod swagger_ui;

pub use snapshot::check_snapshot;

use sabir_core::{
    SetupError,
    document::{Info, OpenApiVersion},
    pipeline::ServedDocument,
};
use serde_json::Value as Json;

use crate::App;

/// Where an application gives its documents, and what they say of it as a whole.
///
/// ```
/// use http::Request;
/// use sabir_core::{Settings, document::Info};
/// use sabir_http::{App, Documents};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir_core::SetupError> {
/// let mut app = App::new(Settings::default());
/// app.documents(&Documents::new(Info::new("Shop", "1.0.0")).asyncapi(None))?;
/// let service = app.build();
/// let response = service.call_in_memory(Request::get("/openapi.json").body("".into()).unwrap()).await;
/// assert_eq!(response.headers()["content-type"], "application/json");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    info: Info,
    version: OpenApiVersion,
    openapi: Option<String>,
    asyncapi: Option<String>,
    docs: Option<String>,
}

impl Documents {
    /// The documents at `/openapi.json` and `/asyncapi.json`, and a page that shows the first at `/docs`.
    pub fn new(info: Info) -> Self {
        Self {
            info,
            version: OpenApiVersion::default(),
            openapi: Some("/openapi.json".into()),
            asyncapi: Some("/asyncapi.json".into()),
            docs: Some("/docs".into()),
        }
    }

    /// The same with the OpenAPI document at another path, or nowhere.
    #[must_use]
    pub fn openapi(mut self, path: Option<&str>) -> Self {
        self.openapi = path.map(str::to_owned);
        self
    }

    /// The same with another version of OpenAPI.
    #[must_use]
    pub fn openapi_version(mut self, version: OpenApiVersion) -> Self {
        self.version = version;
        self
    }

    /// The same with the AsyncAPI document at another path, or nowhere. Servers that are given without a host are left out of it.
    #[must_use]
    pub fn asyncapi(mut self, path: Option<&str>) -> Self {
        self.asyncapi = path.map(str::to_owned);
        self
    }

    /// The same with the page at another path, or nowhere.
    #[must_use]
    pub fn docs(mut self, path: Option<&str>) -> Self {
        self.docs = path.map(str::to_owned);
        self
    }

    /// Reads it from plain data: `openapi`, `asyncapi` and `docs` are paths, or null for none; `ui` is the program that the page shows
    /// the document with; `openapi_version` is `3.1` or `3.2`; the rest is [`Info`].
    ///
    /// # Errors
    /// Names what is unknown or does not fit.
    pub fn from_json(data: &Json) -> Result<Self, SetupError> {
        let mut info = data.clone();
        let mut take = |name: &str| info.as_object_mut().and_then(|members| members.remove(name));
        let (openapi, asyncapi, docs) = (take("openapi"), take("asyncapi"), take("docs"));
        check_ui(take("ui"))?;
        let version = OpenApiVersion::taken_from(&mut info)?;
        let mut documents = Self::new(Info::from_json(&info)?);
        documents.version = version;
        for (name, given, path) in [
            ("openapi", openapi, &mut documents.openapi),
            ("asyncapi", asyncapi, &mut documents.asyncapi),
            ("docs", docs, &mut documents.docs),
        ] {
            match given {
                None => {}
                Some(Json::Null) => *path = None,
                Some(Json::String(text)) => *path = Some(text),
                Some(_) => {
                    return Err(SetupError::new(
                        name,
                        "it is no path",
                        "give a text that begins with /",
                    ));
                }
            }
        }
        Ok(documents)
    }
}

fn check_ui(name: Option<Json>) -> Result<(), SetupError> {
    let name = match name {
        None | Some(Json::Null) => return Ok(()),
        Some(Json::String(name)) if name == "swagger" => return Ok(()),
        Some(Json::String(name)) => name,
        Some(other) => other.to_string(),
    };
    let problem = format!("the package has no pages of {name:?}");
    let remedy = "use swagger, or serve a page of your own that reads the document, with docs left out";
    Err(SetupError::new("ui", problem, remedy))
}

impl App {
    /// Answers requests for the documents of the application, which are made once, at the first request for one, and of all of its
    /// routes. The page comes with the package: it works without a network, and behind a policy that lets nothing else run
    /// (Content Security Policy). No document describes these routes.
    ///
    /// # Errors
    /// A path that another route has or that has variables, what no document could say, and a page without a document, or in a build
    /// without the feature `documents-ui`.
    pub fn documents(&mut self, documents: &Documents) -> Result<&mut Self, SetupError> {
        self.add_documents(documents)
            .map_err(|error| error.at("documents"))
    }

    fn add_documents(&mut self, documents: &Documents) -> Result<&mut Self, SetupError> {
        let Documents {
            info,
            version,
            openapi,
            asyncapi,
            docs,
        } = documents;
        if let Some(path) = openapi {
            self.builder
                .document(path, ServedDocument::OpenApi(info.clone(), *version))?;
        }
        if let Some(path) = asyncapi {
            let mut info = info.clone();
            info.servers.retain(|server| !server.url.starts_with('/'));
            self.builder.document(path, ServedDocument::AsyncApi(info))?;
        }
        match (docs, openapi) {
            (None, _) => Ok(self),
            (Some(_), None) => {
                let problem = "it shows the OpenAPI document, which has no path";
                Err(SetupError::new(
                    "docs",
                    problem,
                    "give `openapi` a path, or `docs` none",
                ))
            }
            (Some(docs), Some(openapi)) => self.page(docs, openapi, info),
        }
    }

    #[cfg(not(feature = "documents-ui"))]
    fn page(&mut self, _: &str, _: &str, _: &Info) -> Result<&mut Self, SetupError> {
        let problem = "this build has no pages";
        Err(SetupError::new(
            "docs",
            problem,
            "enable the feature `documents-ui`, or give it no path",
        ))
    }
}
