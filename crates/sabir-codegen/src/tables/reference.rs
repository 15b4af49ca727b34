//! The tables as pages of `docs/reference`.

use sabir_core::{ProblemType, Settings};

use super::page::{HEADER, rows};
use crate::output::Files;

pub(super) fn generate() -> Files {
    let mut files = Files::new("docs/reference");
    files.add("settings.md", settings());
    files.add("stages.md", super::stages::page());
    files.add("static-files.md", super::static_files::page());
    files.add("problems.md", problems());
    files
}

fn settings() -> String {
    let mut page = format!(
        "{HEADER}# Settings\n\nEvery language has the same settings, given when the application is created: in Python \
         `Sabir(body_limit=1_000_000)`,\nin TypeScript `new Sabir({{ bodyLimit: 1_000_000 }})`, in Rust \
         `Sabir::with_settings(Settings {{ body_limit: 1_000_000,\n..Settings::default() }})`. An unknown name or a value of another type is an error at once.\n\n\
         | setting | takes | default | |\n|---|---|---|---|\n"
    );
    page += &rows(Settings::table());
    page
}

fn problems() -> String {
    let mut page = format!(
        "{HEADER}# Problems\n\nEvery answer of the runtime that is not a success is a problem (RFC 9457), sent as \
         `application/problem+json`. Handlers\nraise the same ones.\n\n| status | type | title |\n|---|---|---|\n"
    );
    for kind in ProblemType::ALL {
        page += &format!("| {} | `{}` | {} |\n", kind.status(), kind.uri(), kind.title());
    }
    page + "\nMembers beside `type`, `title`, `status`, `detail` and `instance`:\n\n\
            - `request_id` is the id of the request. It stands in the header field `x-request-id` of the problem too, and in the log.\n  \
            The id that a client or a proxy sends in `x-request-id` is taken over when it is 1 to 128 visible ASCII characters; any\n  \
            other request gets one of its own, also one whose header section could not be read. Answers that are no problems do\n  \
            not carry it, unless the stage [`request_id`](stages.md#request_id) is set, which also says whose ids are taken over.\n\
            - `errors` lists every part of the request that is not valid. Each entry has `in` (`path`, `query`, `header`, `cookie`\n  \
            or `body`), `name` (of a parameter) or `pointer` (into the body, RFC 6901), `keyword` (the word of JSON Schema that\n  \
            failed) and `detail`, a sentence.\n"
}
