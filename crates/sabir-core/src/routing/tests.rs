use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::{Converters, Found, Pattern, Router};
use crate::{SetupError, settings::TrailingSlash};

fn converters() -> Converters {
    let mut converters = Converters::default();
    converters
        .add(
            "sku",
            "[A-Z]{3}-[0-9]{4}",
            json!({ "type": "string", "maxLength": 8 }),
        )
        .unwrap();
    converters
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text, &converters()).unwrap()
}

fn add(router: &mut Router<String>, method: &str, path: &str) -> Result<(), SetupError> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    router.add(method, Arc::new(pattern(path)), path.to_owned())
}

/// A router of `METHOD /path` lines.
fn router_with(trailing_slash: TrailingSlash, routes: &[&str]) -> Router<String> {
    let mut built = Router::new(trailing_slash);
    for route in routes {
        let (method, path) = route.split_once(' ').unwrap_or(("GET", route));
        add(&mut built, method, path).unwrap();
    }
    built
}

fn router(routes: &[&str]) -> Router<String> {
    router_with(TrailingSlash::Strict, routes)
}

/// What `request` finds, as one line.
fn found(router: &Router<String>, request: &str) -> String {
    let (method, path) = request.split_once(' ').unwrap_or(("GET", request));
    match router.find(&Method::from_bytes(method.as_bytes()).unwrap(), path) {
        Found::Route { target, captures } => captures
            .0
            .iter()
            .fold(target.clone(), |line, capture| format!("{line} [{capture}]")),
        Found::Options { allow } => format!("options: {allow}"),
        Found::MethodNotAllowed { allow } => format!("not allowed: {allow}"),
        Found::Redirect { path } => format!("redirect: {path}"),
        Found::NotFound => "not found".into(),
        Found::Malformed { detail } => format!("malformed: {detail}"),
    }
}

fn problem(text: &str) -> String {
    Pattern::parse(text, &converters()).unwrap_err().problem
}

#[test]
fn literal_segments_win_over_typed_over_plain_over_wildcards() {
    let router = router(&[
        "/u/{rest:path}",
        "/u/{name}",
        "/u/{id:int}",
        "/u/{kind:a|b}",
        "/u/me",
    ]);
    assert_eq!(found(&router, "/u/me"), "/u/me");
    assert_eq!(found(&router, "/u/a"), "/u/{kind:a|b} [a]");
    assert_eq!(found(&router, "/u/7"), "/u/{id:int} [7]");
    assert_eq!(found(&router, "/u/x"), "/u/{name} [x]");
    assert_eq!(found(&router, "/u/x/y"), "/u/{rest:path} [x/y]");
}

#[test]
fn narrower_types_win_over_wider_ones() {
    let router = router(&[
        "/{v:float}",
        "/{v:int}",
        "/{v:bool}",
        "/{v:sku}",
        "/{v:date}",
        "/{v:uuid}",
    ]);
    assert_eq!(found(&router, "/7"), "/{v:int} [7]");
    assert_eq!(found(&router, "/7.5"), "/{v:float} [7.5]");
    assert_eq!(found(&router, "/true"), "/{v:bool} [true]");
    assert_eq!(found(&router, "/ABC-1234"), "/{v:sku} [ABC-1234]");
    assert_eq!(found(&router, "/2024-02-29"), "/{v:date} [2024-02-29]");
}

#[test]
fn a_typed_segment_that_does_not_fit_is_no_match() {
    let router = router(&["/users/{id:int}", "/at/{t:datetime}"]);
    assert_eq!(found(&router, "/users/ten"), "not found");
    assert_eq!(found(&router, "POST /users/ten"), "not found");
    assert_eq!(found(&router, "/at/2024-02-30T00:00:00Z"), "not found");
}

#[test]
fn a_choice_that_leads_nowhere_is_taken_back() {
    let router = router(&["/a/b/c", "/a/{x}/d", "/{x}/b/e", "/{x:path}"]);
    assert_eq!(found(&router, "/a/b/c"), "/a/b/c");
    assert_eq!(found(&router, "/a/b/d"), "/a/{x}/d [b]");
    assert_eq!(found(&router, "/a/b/e"), "/{x}/b/e [a]");
    assert_eq!(found(&router, "/a/b/f"), "/{x:path} [a/b/f]");
}

#[test]
fn text_around_a_variable_is_part_of_the_segment() {
    let router = router(&["/f/{name}.json", "/f/{name}", "/v{major:int}.{minor:int}"]);
    assert_eq!(found(&router, "/f/a.b.json"), "/f/{name}.json [a.b]");
    assert_eq!(found(&router, "/f/a.xml"), "/f/{name} [a.xml]");
    assert_eq!(found(&router, "/f/.json"), "/f/{name} [.json]");
    assert_eq!(found(&router, "/v1.20"), "/v{major:int}.{minor:int} [1] [20]");
    assert_eq!(found(&router, "/v1.x"), "not found");
}

#[test]
fn each_variable_of_a_segment_takes_the_shortest_text_that_fits() {
    let router = router(&["/p/{a}-{b}", "/d/{day:date}-{rest}"]);
    assert_eq!(found(&router, "/p/x-y-z"), "/p/{a}-{b} [x] [y-z]");
    assert_eq!(found(&router, "/p/-y"), "not found");
    assert_eq!(
        found(&router, "/d/2024-02-29-x"),
        "/d/{day:date}-{rest} [2024-02-29] [x]"
    );
}

#[test]
fn variables_never_match_empty_text() {
    let router = router(&["/u/{name}", "/f/{rest:path}"]);
    assert_eq!(found(&router, "/u/"), "not found");
    assert_eq!(found(&router, "/f/"), "not found");
    assert_eq!(found(&router, "/f"), "not found");
}

#[test]
fn a_wildcard_never_captures_an_absolute_path() {
    let router = router(&["/f/{rest:path}"]);
    assert_eq!(found(&router, "/f//etc/passwd"), "not found");
    assert_eq!(found(&router, "/f/%2Fetc/passwd"), "not found");
    assert_eq!(found(&router, "/f/a//b/"), "/f/{rest:path} [a//b/]");
}

#[test]
fn a_wildcard_leaves_what_follows_it() {
    let router = router(&["/f/{p:path}", "/f/{p:path}/raw", "/f/{p:path}/{n:int}/raw"]);
    assert_eq!(found(&router, "/f/a/b/raw"), "/f/{p:path}/raw [a/b]");
    assert_eq!(found(&router, "/f/a/7/raw"), "/f/{p:path}/{n:int}/raw [a] [7]");
    assert_eq!(found(&router, "/f/raw"), "/f/{p:path} [raw]");
    assert_eq!(found(&router, "/f/raw/raw/x"), "/f/{p:path} [raw/raw/x]");
}

#[test]
fn an_encoded_slash_is_data() {
    let router = router(&["/u/{name}", "/u/{name}/x", "/f/{rest:path}", "/s/a%2Fb"]);
    assert_eq!(found(&router, "/u/a%2Fx"), "/u/{name} [a/x]");
    assert_eq!(found(&router, "/u/a%2fx/x"), "/u/{name}/x [a/x]");
    assert_eq!(found(&router, "/f/a%2Fb/c"), "/f/{rest:path} [a/b/c]");
    assert_eq!(found(&router, "/s/a%2Fb"), "/s/a%2Fb");
    assert_eq!(found(&router, "/s/a/b"), "not found");
}

#[test]
fn escapes_are_decoded_before_segments_are_compared() {
    let router = router(&["/users/me", "/café", "/n/{id:int}", "/b/{a}-{b}"]);
    assert_eq!(found(&router, "/us%65rs/me"), "/users/me");
    assert_eq!(found(&router, "/caf%C3%A9"), "/café");
    assert_eq!(found(&router, "/n/%37"), "/n/{id:int} [7]");
    assert_eq!(found(&router, "/b/%41-a+b"), "/b/{a}-{b} [A] [a+b]");
}

#[test]
fn bad_escapes_are_malformed_even_without_a_route() {
    let router = router(&["/u/{name}"]);
    assert_eq!(
        found(&router, "/u/%zz"),
        "malformed: The path has a percent sign without two hexadecimal digits"
    );
    assert_eq!(
        found(&router, "/else/%ff"),
        "malformed: The path is not UTF-8 once decoded"
    );
}

#[test]
fn head_is_answered_by_get_unless_declared() {
    let router = router(&["GET /a", "GET /b", "HEAD /b", "POST /c"]);
    assert_eq!(found(&router, "HEAD /a"), "/a");
    assert!(matches!(router.find(&Method::HEAD, "/b"), Found::Route { .. }));
    assert_eq!(found(&router, "HEAD /c"), "not allowed: OPTIONS, POST");
}

#[test]
fn allow_is_sorted_and_complete() {
    let router = router(&["PUT /a", "GET /a", "PURGE /a"]);
    assert_eq!(
        found(&router, "DELETE /a"),
        "not allowed: GET, HEAD, OPTIONS, PURGE, PUT"
    );
    assert_eq!(
        found(&router, "OPTIONS /a"),
        "options: GET, HEAD, OPTIONS, PURGE, PUT"
    );
    assert_eq!(found(&router, "PURGE /a"), "/a");
    assert_eq!(
        found(&router, "get /a"),
        "not allowed: GET, HEAD, OPTIONS, PURGE, PUT"
    );
}

#[test]
fn a_path_that_only_changes_the_protocol_does_not_allow_head() {
    let mut router = router(&["POST /b", "HEAD /c", "GET /d/{name}"]);
    for path in ["/a", "/b", "/c", "/d/e"] {
        router
            .add_upgrade(Arc::new(pattern(path)), path.to_owned())
            .unwrap();
    }
    assert_eq!(found(&router, "OPTIONS /a"), "options: GET, OPTIONS");
    assert_eq!(found(&router, "PUT /b"), "not allowed: GET, OPTIONS, POST");
    assert_eq!(found(&router, "PUT /c"), "not allowed: GET, HEAD, OPTIONS");
    assert_eq!(found(&router, "PUT /d/e"), "not allowed: GET, HEAD, OPTIONS");
    // It is refused like a GET that does not ask for the protocol.
    assert_eq!(found(&router, "HEAD /a"), "/a");
}

#[test]
fn a_declared_options_route_is_used() {
    assert_eq!(found(&router(&["OPTIONS /a", "GET /a"]), "OPTIONS /a"), "/a");
}

#[test]
fn a_less_specific_route_answers_the_methods_that_the_specific_one_lacks() {
    let router = router(&["GET /u/me", "DELETE /u/{name}"]);
    assert_eq!(found(&router, "DELETE /u/me"), "/u/{name} [me]");
    assert_eq!(
        found(&router, "POST /u/me"),
        "not allowed: DELETE, GET, HEAD, OPTIONS"
    );
}

#[test]
fn a_strict_final_slash_must_be_as_declared() {
    let router = router(&["/a", "/b/", "/"]);
    assert_eq!(found(&router, "/a/"), "not found");
    assert_eq!(found(&router, "/b"), "not found");
    assert_eq!(found(&router, "/b/"), "/b/");
    assert_eq!(found(&router, "/"), "/");
}

#[test]
fn redirects_to_the_declared_form_of_the_path() {
    let router = router_with(TrailingSlash::Redirect, &["/a", "/b/", "/u/{name}/", "POST /c"]);
    assert_eq!(found(&router, "/a/"), "redirect: /a");
    assert_eq!(found(&router, "/b"), "redirect: /b/");
    assert_eq!(found(&router, "/u/a%20b"), "redirect: /u/a%20b/");
    assert_eq!(found(&router, "/a//"), "not found");
    assert_eq!(found(&router, "/"), "not found");
    assert_eq!(found(&router, "GET /c/"), "redirect: /c");
}

#[test]
fn never_redirects_to_another_host() {
    let router = router_with(TrailingSlash::Redirect, &["/{a}/"]);
    assert_eq!(found(&router, "/\\evil.example"), "not found");
    assert_eq!(found(&router, "//evil.example"), "not found");
}

#[test]
fn ignores_the_final_slash_when_asked() {
    let router = router_with(TrailingSlash::Ignore, &["/a", "/u/{name}/", "/f/{p:path}/"]);
    assert_eq!(found(&router, "/a/"), "/a");
    assert_eq!(found(&router, "/u/x"), "/u/{name}/ [x]");
    assert_eq!(found(&router, "/f/x/y"), "/f/{p:path}/ [x/y]");
    assert_eq!(found(&router, "POST /a/"), "not allowed: GET, HEAD, OPTIONS");
}

#[test]
fn targets_without_a_slash_have_no_route() {
    let router = router(&["/a"]);
    assert_eq!(found(&router, "OPTIONS *"), "not found");
    assert!(matches!(router.find(&Method::GET, ""), Found::NotFound));
}

#[test]
fn routes_that_cannot_be_told_apart_are_refused() {
    for (first, second) in [
        ("/a", "/a"),
        ("/{a}", "/{b:str}"),
        ("/{a:int}/x", "/{b:int}/x"),
        ("/{k:a|b}", "/{k:b|c}"),
        ("/{a}-{b}", "/{a}.{b}"),
        ("/f/{a:path}", "/f/{b:path}"),
    ] {
        let mut router = router(&[first]);
        let error = add(&mut router, "GET", second).unwrap_err();
        assert_eq!(
            error.problem,
            format!("`GET {second}` and `GET {first}` match the same paths")
        );
        assert!(
            add(&mut router, "POST", second).is_ok(),
            "another method is no conflict"
        );
    }
}

#[test]
fn a_route_of_any_method_answers_what_no_other_route_does() {
    let router = router(&[
        "* /a",
        "GET /a",
        "PUT /{name}",
        "* /{id:int}",
        "* /f/{rest:path}",
        "GET /f/x",
    ]);
    assert_eq!(found(&router, "GET /a"), "/a");
    assert_eq!(found(&router, "HEAD /a"), "/a");
    for method in ["POST", "OPTIONS", "TRACE", "REPORT"] {
        assert_eq!(found(&router, &format!("{method} /a")), "/a");
        assert_eq!(found(&router, &format!("{method} /7")), "/{id:int} [7]");
        assert_eq!(found(&router, &format!("{method} /f/x")), "/f/{rest:path} [x]");
    }
    assert_eq!(found(&router, "HEAD /f/x"), "/f/x");
    assert_eq!(found(&router, "PUT /7"), "/{id:int} [7]");
    assert_eq!(found(&router, "GET /b"), "not allowed: OPTIONS, PUT");
}

#[test]
fn a_method_of_its_own_comes_before_any_method() {
    let mut routes = Router::new(TrailingSlash::Strict);
    for (method, target) in [("*", "any"), ("GET", "get"), ("OPTIONS", "options")] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        routes
            .add(method, Arc::new(pattern("/{x}")), target.to_owned())
            .unwrap();
    }
    let answers = ["GET", "HEAD", "OPTIONS", "POST"].map(|method| found(&routes, &format!("{method} /1")));
    assert_eq!(answers, ["get [1]", "get [1]", "options [1]", "any [1]"]);
}

#[test]
fn a_route_of_any_method_must_be_told_apart_from_all_others() {
    for (first, second) in [
        ("* /a", "* /a"),
        ("* /{k:a|b}", "GET /{k:b|c}"),
        ("GET /{a}-{b}", "* /{a}.{b}"),
    ] {
        let mut router = router(&[first]);
        let (method, path) = second.split_once(' ').unwrap();
        let error = add(&mut router, method, path).unwrap_err();
        assert_eq!(
            error.problem,
            format!("`{second}` and `{first}` match the same paths")
        );
    }
}

#[test]
fn routes_that_can_be_told_apart_are_accepted() {
    router(&[
        "/{a:int}",
        "/{a:float}",
        "/{k:a|b}",
        "/{k:c|d}",
        "/{a}.json",
        "/{a}.yaml",
        "/{a}/x",
        "/{a}/y",
        "/{p:path}",
    ]);
}

#[test]
fn variables_of_equal_shape_may_have_other_names() {
    let router = router(&["GET /u/{id}", "PUT /u/{name}"]);
    assert_eq!(found(&router, "PUT /u/x"), "/u/{name} [x]");
    assert_eq!(
        found(&router, "POST /u/x"),
        "not allowed: GET, HEAD, OPTIONS, PUT"
    );
}

#[test]
fn says_what_is_wrong_with_a_pattern() {
    assert_eq!(problem("users"), "`users` does not start with a slash");
    assert_eq!(problem("/a//b"), "`/a//b` has an empty segment");
    assert_eq!(problem("/{a}/{a}"), "`/{a}/{a}` has the variable `a` twice");
    assert_eq!(problem("/{a"), "`{a` has no closing brace");
    assert_eq!(problem("/a}"), "`a}` has a stray `}`");
    assert_eq!(problem("/a?b"), "`a?b` has a stray `?`");
    assert_eq!(
        problem("/{a}{b}"),
        "`{a}{b}` has two variables without text between them"
    );
    assert_eq!(problem("/{}"), "`{}` does not start with a variable name");
    assert_eq!(
        problem("/{a:number}"),
        "`{a:number}` names the unknown converter `number`"
    );
    assert_eq!(
        problem("/{a:x|}"),
        "`{a:x|}` has an alternative that is empty or has brackets"
    );
    assert_eq!(problem("/{a:x|x}"), "`{a:x|x}` has the alternative `x` twice");
    assert_eq!(
        problem("/x{a:path}"),
        "`x{a:path}` has other text beside a variable of type `path`"
    );
    assert_eq!(
        problem("/{a:path}/{b:path}"),
        "`/{a:path}/{b:path}` has two variables of type `path`"
    );
    assert_eq!(
        problem("/100%"),
        "`100%` has a percent sign without two hexadecimal digits"
    );
}

#[test]
fn refuses_a_path_that_would_take_too_much_of_the_stack() {
    assert_eq!(
        problem(&"/a".repeat(257)),
        "a path has 257 segments, and 256 are permitted"
    );
    let deepest = "/a".repeat(256);
    assert_eq!(found(&router(&[&deepest]), &deepest), deepest);
}

#[test]
fn names_the_converters_that_exist() {
    let error = Pattern::parse("/{a:number}", &converters()).unwrap_err();
    assert!(
        error.remedy.contains("uuid") && error.remedy.contains("sku"),
        "{error}"
    );
}

#[test]
fn variables_carry_the_schema_of_their_converter() {
    let pattern = pattern("/{a:int}/{b}-{c:datetime}/{d:(x|y)}/{e:sku}/{f:path}");
    let variables: Vec<_> = pattern
        .variables()
        .map(|(name, schema)| (name, schema.clone()))
        .collect();
    assert_eq!(
        variables,
        [
            ("a", json!({ "type": "integer" })),
            ("b", json!({ "type": "string" })),
            ("c", json!({ "type": "string", "format": "date-time" })),
            ("d", json!({ "type": "string", "enum": ["x", "y"] })),
            ("e", json!({ "type": "string", "maxLength": 8 })),
            ("f", json!({ "type": "string" })),
        ]
    );
}

#[test]
fn builds_the_path_of_a_pattern() {
    let values = [("f", "a b/c"), ("n", "x/é"), ("id", "-7")];
    assert_eq!(
        pattern("/u/{id:int}/{n}.json/{f:path}").build(&values).unwrap(),
        "/u/-7/x%2F%C3%A9.json/a%20b/c"
    );
    assert_eq!(pattern("/").build(&[]).unwrap(), "/");
    assert_eq!(pattern("/a b/").build(&[]).unwrap(), "/a%20b/");
}

#[test]
fn builds_no_path_that_would_not_lead_back() {
    let cases: [(&str, &[(&str, &str)]); 8] = [
        ("/{id:int}", &[("id", "ten")]),
        ("/{id}", &[("id", "")]),
        ("/{id}", &[]),
        ("/a", &[("id", "1")]),
        ("/{id}", &[("id", "..")]),
        ("/{p:path}", &[("p", "a/../b")]),
        ("/{p:path}", &[("p", "/a")]),
        ("/{a}-{b}", &[("a", "x-y"), ("b", "z")]),
    ];
    for (text, values) in cases {
        assert!(pattern(text).build(values).is_err(), "{text} {values:?}");
    }
}
