use super::*;
use crate::header::cookie::decode;

fn message(cookie: &SetCookie) -> String {
    cookie.header_value().unwrap_err().to_string()
}

#[test]
fn writes_a_session_cookie() {
    assert_eq!(SetCookie::new("a", "1").header_value().unwrap(), "a=1");
    assert_eq!(SetCookie::new("a", "").header_value().unwrap(), "a=");
}

#[test]
fn writes_every_attribute() {
    let cookie = SetCookie {
        path: Some("/a b".into()),
        domain: Some("example.com".into()),
        max_age: Some(-1),
        expires: Some(784_111_777),
        secure: true,
        http_only: true,
        same_site: Some(SameSite::None),
        partitioned: true,
        ..SetCookie::new("a", "1")
    };
    assert_eq!(
        cookie.header_value().unwrap(),
        "a=1; Path=/a b; Domain=example.com; Max-Age=-1; Expires=Sun, 06 Nov 1994 08:49:37 GMT; \
         Secure; HttpOnly; SameSite=None; Partitioned"
    );
}

#[test]
fn refuses_a_name_that_is_not_a_token() {
    for name in ["", "a b", "a=b", "a;b", "é"] {
        assert!(
            matches!(SetCookie::new(name, "").header_value(), Err(CookieError::Name(_))),
            "{name}"
        );
    }
}

#[test]
fn gives_back_every_text_that_was_set() {
    let every: String = ('\0'..='\u{ff}').chain(['€', '😀']).collect();
    for text in [
        "",
        "a b",
        "\"1\"",
        "100%",
        "%41",
        "a=b; c, d\\",
        "{\"a\":1}",
        &every,
    ] {
        let field = SetCookie::new("a", text).header_value().unwrap();
        let value = field.as_bytes().strip_prefix(b"a=").unwrap();
        assert!(
            value
                .iter()
                .all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(byte)),
            "{field:?}"
        );
        assert_eq!(decode(value), text);
    }
}

#[test]
fn refuses_what_user_agents_would_drop_for_its_length() {
    assert!(SetCookie::new("a", "x".repeat(4095)).header_value().is_ok());
    assert_eq!(
        message(&SetCookie::new("a", "x".repeat(4096))),
        "cookie `a` is longer than 4096 bytes; keep less in it"
    );
    let path = Some(format!("/{}", "x".repeat(1024)));
    assert!(
        SetCookie {
            path,
            ..SetCookie::new("a", "")
        }
        .header_value()
        .is_err()
    );
}

#[test]
fn refuses_a_path_that_would_end_the_attribute() {
    for path in ["", "a", "/a; Domain=b", "/\r\nx: y", "/é", "/ "] {
        let cookie = SetCookie {
            path: Some(path.into()),
            ..SetCookie::new("a", "")
        };
        assert!(
            message(&cookie).starts_with("the Path of cookie `a` cannot be"),
            "{path}"
        );
    }
}

#[test]
fn refuses_a_domain_that_is_not_a_host_name() {
    for domain in ["", ".", "a..b", "a b", "a;b", "bücher.example"] {
        let cookie = SetCookie {
            domain: Some(domain.into()),
            ..SetCookie::new("a", "")
        };
        assert!(
            message(&cookie).starts_with("the Domain of cookie `a` cannot be"),
            "{domain}"
        );
    }
}

#[test]
fn asks_for_secure_where_user_agents_do() {
    let none = SetCookie {
        same_site: Some(SameSite::None),
        ..SetCookie::new("a", "")
    };
    assert_eq!(message(&none), "cookie `a`: SameSite=None needs Secure");
    let partitioned = SetCookie {
        partitioned: true,
        ..SetCookie::new("a", "")
    };
    assert_eq!(message(&partitioned), "cookie `a`: Partitioned needs Secure");
    assert_eq!(
        message(&SetCookie::new("__secure-a", "")),
        "cookie `__secure-a`: the prefix __Secure- needs Secure"
    );
}

#[test]
fn keeps_a_host_cookie_to_its_host() {
    let bare = SetCookie {
        secure: true,
        ..SetCookie::new("__Host-a", "")
    };
    assert_eq!(
        message(&bare),
        "cookie `__Host-a`: the prefix __Host- needs Path=/"
    );
    let wide = SetCookie {
        path: Some("/".into()),
        domain: Some("b".into()),
        ..bare.clone()
    };
    assert_eq!(
        message(&wide),
        "cookie `__Host-a`: the prefix __Host- allows no Domain"
    );
    assert!(
        SetCookie {
            path: Some("/".into()),
            ..bare
        }
        .header_value()
        .is_ok()
    );
}

#[test]
fn refuses_a_time_that_no_date_can_say() {
    let cookie = SetCookie {
        expires: Some(i64::MAX),
        ..SetCookie::new("a", "")
    };
    assert!(message(&cookie).starts_with("the Expires of cookie `a` cannot be"));
}

#[test]
fn reads_same_site_without_regard_to_case() {
    assert_eq!(SameSite::parse("lax"), Some(SameSite::Lax));
    assert_eq!(SameSite::parse("no"), None);
}
