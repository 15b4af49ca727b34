use super::*;

fn routes(paths: &[&str]) -> OrderedRoutes {
    let patterns: Vec<_> = paths
        .iter()
        .map(|path| OrderedPattern::Path((*path).into()))
        .collect();
    OrderedRoutes::new(&patterns, &Converters::default()).unwrap()
}

fn captures<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let found = routes(&[pattern]).find(path.as_bytes(), 0)?;
    let texts = found.captures.into_iter();
    Some(
        texts
            .map(|text| text.map_or("-", |text| std::str::from_utf8(text).unwrap()))
            .collect(),
    )
}

#[test]
fn finds_routes_in_their_order() {
    let routes = routes(&["/*", "/a", "/:b", "/a", "/b/:c", "/b/d"]);
    let all = |path: &str| {
        let mut found = Vec::new();
        while let Some(next) = routes.find(path.as_bytes(), found.last().map_or(0, |last| last + 1)) {
            found.push(next.index);
        }
        found
    };
    assert_eq!(all("/a"), [0, 1, 2, 3]);
    assert_eq!(all("/b/d"), [0, 4, 5]);
    assert_eq!(all("b"), [0_usize; 0]);
}

#[test]
fn literals_behind_and_before_others() {
    let routes = routes(&["/a", "/:b", "/a"]);
    assert_eq!(routes.find(b"/a", 0).unwrap().index, 0);
    assert_eq!(routes.find(b"/a", 1).unwrap().index, 1);
    assert_eq!(routes.find(b"/a", 2).unwrap().index, 2);
    assert!(routes.find(b"/a", 3).is_none());
}

#[test]
fn variables_end_at_slashes() {
    assert_eq!(captures("/:a/:b", "/x/y"), Some(vec!["x", "y"]));
    assert_eq!(captures("/:a", "/x/y"), None);
    assert_eq!(captures("/{a}-{b}", "/x-y"), Some(vec!["x", "y"]));
    assert_eq!(captures("/:file.:ext", "/a.tar.gz"), Some(vec!["a.tar", "gz"]));
}

#[test]
fn splats_take_slashes() {
    assert_eq!(
        captures("/*/foo/*/*", "/bar/foo/bling/baz/boom"),
        Some(vec!["bar", "bling", "baz/boom"])
    );
    assert_eq!(captures("/*", "/"), Some(vec![""]));
    assert_eq!(captures("/{+rest}", "/a/b"), Some(vec!["a/b"]));
}

#[test]
fn optional_endings_are_taken_off() {
    for pattern in ["/:id.?:format?", "/:id(.:format)?"] {
        assert_eq!(
            captures(pattern, "/pony.jpg"),
            Some(vec!["pony", "jpg"]),
            "{pattern}"
        );
        assert_eq!(captures(pattern, "/pony"), Some(vec!["pony", "-"]), "{pattern}");
    }
    assert_eq!(captures("/?:foo?/?:bar?", "/hello"), Some(vec!["hello", "-"]));
    assert_eq!(
        captures("/?:foo?/?:bar?", "/hello/world"),
        Some(vec!["hello", "world"])
    );
}

#[test]
fn characters_match_their_escapes() {
    assert!(captures("/föö", "/f%C3%B6%c3%b6").is_some());
    assert!(captures("/te+st", "/te%2Bst").is_some());
    assert!(captures("/a b", "/a+b").is_some() && captures("/a b", "/a%20b").is_some());
    assert!(captures("/test$", "/test$").is_some() && captures(r"/\(a\)", "/(a)").is_some());
    assert!(captures("/a/b", "/a%2Fb").is_none());
    assert_eq!(captures(r"/\:/:x", "/%3a/b"), Some(vec!["b"]));
}

#[test]
fn converters_say_what_fits() {
    assert_eq!(captures("/users/{id:int}", "/users/42"), Some(vec!["42"]));
    assert_eq!(captures("/users/{id:int}", "/users/me"), None);
    assert_eq!(captures("/{kind:a|b}/x", "/b/x"), Some(vec!["b"]));
    assert_eq!(captures("/files/{rest:path}", "/files/a/b"), Some(vec!["a/b"]));
}

#[test]
fn expressions_capture_by_name_where_there_are_names() {
    let patterns = [
        OrderedPattern::Expression("/(?<a>x)(y)".into()),
        OrderedPattern::Expression("/(x)(y)?.*".into()),
        OrderedPattern::Any,
    ];
    let routes = OrderedRoutes::new(&patterns, &Converters::default()).unwrap();
    let found = routes.find(b"/xy", 0).unwrap();
    assert_eq!((found.index, &*found.captures), (0, &[Some(&b"x"[..])][..]));
    assert_eq!(routes.names(0), [Some("a".to_owned())]);
    let found = routes.find(b"/xz", 0).unwrap();
    assert_eq!((found.index, &*found.captures), (1, &[Some(&b"x"[..]), None][..]));
    assert_eq!(routes.find(b"/", 0).unwrap().index, 2);
}

#[test]
fn many_patterns_are_one_automaton() {
    let paths: Vec<_> = (0..500).map(|n| format!("/r{n}/:id")).collect();
    let paths: Vec<_> = paths.iter().map(String::as_str).collect();
    let routes = routes(&paths);
    assert_eq!(routes.find(b"/r499/x", 0).unwrap().index, 499);
    assert!(routes.find(b"/r500/x", 0).is_none());
}

#[test]
fn refuses_what_cannot_be_read() {
    for pattern in ["/(a", "/a)", "/:", "/?? ", "/{a", "/a}", "/\\", "/{a:nothing}"] {
        let patterns = [OrderedPattern::Path(pattern.into())];
        assert!(
            OrderedRoutes::new(&patterns, &Converters::default()).is_err(),
            "{pattern}"
        );
    }
}
