use super::*;

fn is_linear(pattern: &str) -> bool {
    !matches!(Pattern::compile(pattern), Err(_) | Ok(Pattern::Backtracking(_)))
}

fn fits(pattern: &str, text: &str) -> bool {
    let compiled = Pattern::compile(pattern).unwrap_or_else(|fault| unreachable!("{fault}"));
    compiled.fit(text) == Fit::Yes
}

#[test]
fn means_what_ecma_262_says() {
    for (pattern, yes, no) in [
        // A dot is no line end, of which there are four.
        (
            "^.$",
            vec!["a", "\u{85}", "😀"],
            vec!["\n", "\r", "\u{2028}", "\u{2029}", "ab"],
        ),
        ("^a$", vec!["a"], vec!["a\n", "b\na"]),
        ("^\\d+$", vec!["09"], vec!["٣", "a"]),
        ("^\\D$", vec!["٣"], vec!["1"]),
        ("^\\w+$", vec!["aZ_9"], vec!["é", "-"]),
        ("^[\\w-]+$", vec!["a-b"], vec!["a.b"]),
        ("^[\\w.-]+$", vec!["a-b.c"], vec!["a b"]),
        ("^\\W$", vec!["é"], vec!["a"]),
        (
            "^\\s$",
            vec![" ", "\u{a0}", "\u{feff}", "\u{2029}", "\u{b}"],
            vec!["\u{85}", "\u{200b}"],
        ),
        ("^[^\\s]$", vec!["\u{85}"], vec!["\u{feff}"]),
        ("^\\S$", vec!["\u{85}"], vec!["\u{feff}"]),
        ("^[\\S]$", vec!["a"], vec![" "]),
        ("^\\cC\\cj$", vec!["\u{3}\n"], vec!["cC"]),
        ("^a\\/b$", vec!["a/b"], vec!["a\\/b"]),
        ("^\\-\\_\\#\\&\\~\\%$", vec!["-_#&~%"], vec![""]),
        (
            "^\\x41\\u0042\\u{1F600}\\uD83D\\uDE00$",
            vec!["AB😀😀"],
            vec!["AB"],
        ),
        ("^[\\uD83D\\uDE00-\\uD83D\\uDE02]$", vec!["😁"], vec!["😃"]),
        ("\\uD800", vec![], vec!["", "a", "\u{fffd}"]),
        ("^[\\uD800-\\uDFFF]$", vec![], vec!["a"]),
        ("^[^\\uD800-\\uDFFF]$", vec!["a"], vec![""]),
        ("^[\\u0000-\\uFFFF]$", vec!["a", "\u{e000}"], vec!["😀"]),
        (
            "^\\p{L}\\p{Script=Greek}\\P{Lu}$",
            vec!["éαa"],
            vec!["1αa", "éaa"],
        ),
        ("^\\p{Letter}[\\p{Nd}]$", vec!["é٣"], vec!["é-"]),
        ("^(?<year>\\d{4})-(?<ab$c>x)$", vec!["2024-x"], vec!["24-x"]),
        ("\\bfoo\\b", vec!["a foo.", "éfoo"], vec!["afoo"]),
        ("^[[a&&c~~d-]$", vec!["[", "&", "-", "c", "~"], vec!["e"]),
        ("^[]$", vec![], vec!["", "a"]),
        ("^[^]$", vec!["\n", "a"], vec![""]),
        ("^[a-]$", vec!["a", "-"], vec!["b"]),
        ("^[\\b]$", vec!["\u{8}"], vec!["b"]),
        ("^[\\d-x]$", vec!["1", "-", "x"], vec!["w"]),
        ("^a{2}b{1,}c{0,1}?$", vec!["aabb", "aabc"], vec!["ab"]),
        ("^a{,2}$", vec!["a{,2}"], vec!["aa"]),
        ("^{$", vec!["{"], vec![""]),
        ("^a b#c$", vec!["a b#c"], vec!["abc"]),
        ("^<a>$", vec!["<a>"], vec!["a"]),
        ("^(?:a|b)$", vec!["a", "b"], vec!["ab"]),
        ("^\\0$", vec!["\0"], vec!["0"]),
    ] {
        for text in yes {
            assert!(fits(pattern, text), "{pattern} {text:?}");
        }
        for text in no {
            assert!(!fits(pattern, text), "{pattern} {text:?}");
        }
    }
}

#[cfg(feature = "backtracking")]
#[test]
fn finds_again_what_was_found() {
    assert!(fits("^(?<a>.)\\k<a>$", "aa") && !fits("^(?<a>.)\\k<a>$", "ab"));
    assert!(fits("^(.)\\1\\x30$", "aa0") && !fits("^(.)\\1\\x30$", "ab0"));
}

#[cfg(feature = "backtracking")]
#[test]
fn looks_ahead_in_one_of_several_alternatives() {
    assert!(fits("^(?=a)b|c", "xc"));
}

#[cfg(feature = "backtracking")]
#[test]
fn knows_where_no_word_begins_or_ends() {
    assert!(fits("a\\Bb", "ab") && !fits("a\\Bb", "a b"));
}

#[cfg(not(feature = "backtracking"))]
#[test]
fn refuses_what_needs_backtracking() {
    for pattern in ["(.)\\1", "a\\Bb", "(?<=a)b", "a(?!b).", "^(?=a)b|c"] {
        let fault = Pattern::compile(pattern).unwrap_err().to_string();
        assert!(fault.contains("the feature `backtracking`"), "{fault}");
    }
}

#[test]
fn refuses_what_is_no_pattern() {
    for pattern in [
        "(",
        ")",
        "[",
        "a**",
        "*",
        "a++",
        "\\",
        "\\a",
        "\\z",
        "(?>a)",
        "(?P<a>b)",
        "[b-a]",
        "\\1",
        "(?<a>b)\\k<c>",
        "\\u12",
        "\\x1",
        "\\u{110000}",
        "\\p{Nonsense}",
        "\\p",
        "(?<>a)",
        "^*",
        "(?i)a",
        "\\c1",
        "[z--]",
    ] {
        assert!(Pattern::compile(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn takes_look_ahead_at_the_beginning_apart() {
    let password = "^(?=.*[A-Z])(?=.*\\d)(?!.*\\s).{8,}$";
    assert!(is_linear(password));
    for (text, fit) in [
        ("Passw0rd", true),
        ("password1", false),
        ("Passw rd1", false),
        ("Pa55", false),
    ] {
        assert_eq!(fits(password, text), fit, "{text}");
    }
    assert!(is_linear("^(?!x-)"));
    assert!(!fits("^(?!x-)", "x-a") && fits("^(?!x-)", "a"));
    assert!(fits("^(?!a|b)[)]*$", ")") && !fits("^(?!a|b)", "bc"));
    for pattern in [
        "(?=a)b",
        "^(?=a)b|c",
        "^(?=(?!a)b)c",
        "a(?=b)",
        "^(?=a)?b",
        "^(?<=a)b",
    ] {
        assert!(
            !matches!(Pattern::compile(pattern), Ok(Pattern::Begins { .. })),
            "{pattern}"
        );
    }
}

#[cfg(feature = "backtracking")]
#[test]
fn gives_up_where_steps_would_not_end() {
    let pattern = Pattern::compile("^(?:(?:a+)+(?<!b))+c$").unwrap();
    assert_eq!(pattern.fit(&"a".repeat(60)), Fit::Unknown);
    assert_eq!(pattern.fit("aac"), Fit::Yes);
}

#[test]
fn matches_long_texts_in_linear_time() {
    assert_eq!(
        Pattern::compile("^(?:a+)+$")
            .unwrap()
            .fit(&format!("{}b", "a".repeat(100_000))),
        Fit::No
    );
}

#[test]
fn keeps_the_patterns_of_names_linear() {
    assert!(for_names("^(?!x-)[a-z]+$").is_ok());
    assert_eq!(for_names("^a.b$").unwrap(), "^a[^\\n\\r\\x{2028}\\x{2029}]b$");
    assert!(
        for_names("(?<=a)b")
            .unwrap_err()
            .to_string()
            .contains("more than linear time")
    );
}
