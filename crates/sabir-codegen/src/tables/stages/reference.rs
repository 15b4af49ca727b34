//! The page of the stages.

use sabir_core::stage;

use super::super::page::{HEADER, rows};

/// `docs/reference/stages.md`.
pub(in super::super) fn page() -> String {
    let mut page = format!(
        "{HEADER}# Stages\n\nWhat stands around handlers, and is done in the runtime before a host language is entered: in Python\n\
         `app.use(Cors(max_age=60))`, in TypeScript `app.use(cors({{ maxAge: 60 }}))`, in Ruby `use Sabir::Cors, max_age: 60`, in Rust\n\
         `Sabir::new().stage(Cors {{ max_age: 60, ..Cors::default() }})`. A stage of the application covers every answer, refusals too. A\n\
         router and a route have the option `use`, which takes the place of what is around them: `Cors(…)`, or `Cors.off()`\n\
         (`cors(false)`) for no such stage.\n\nRequests meet the stages in the order of this page, answers the other way round, whichever order they are set in. An option that\n\
         does not fit is an error at once, which names it as `stages.cors.allow_origins[1]`.\n"
    );
    for info in stage::table() {
        let text = info
            .documentation
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        page += &format!(
            "\n## `{}`\n\n{text}\n\n| option | takes | default | |\n|---|---|---|---|\n",
            info.name
        );
        page += &rows(info.options);
    }
    page
}
