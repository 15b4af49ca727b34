//! Converters: which texts a variable matches and which schema its parameter gets.

use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde_json::json;

use super::fit;
use crate::{SetupError, operation::SchemaData, schema::of_whole_texts};

/// What one variable matches.
#[derive(Debug)]
pub(super) struct Converter {
    /// The name as written in patterns; the alternatives for a choice.
    pub(super) name: String,
    /// The schema that an undeclared parameter gets.
    pub(super) schema: SchemaData,
    /// Smaller is more specific.
    pub(super) order: u32,
    /// The test that a text must pass.
    pub(super) test: Test,
}

/// How a text is tested.
#[derive(Debug)]
pub(super) enum Test {
    /// Anything that is not empty.
    Any,
    /// One or more whole segments.
    Path,
    /// A built-in grammar.
    Grammar(fn(&str) -> bool),
    /// One of these texts.
    Choice(Vec<String>),
    /// A custom expression, anchored at both ends.
    Regex(Regex),
}

/// Where custom converters come in the order: after every built-in type, before plain strings.
const FIRST_CUSTOM_ORDER: u32 = 100;

static BUILT_IN: LazyLock<Vec<Arc<Converter>>> = LazyLock::new(|| {
    let formatted = |format: &str| json!({ "type": "string", "format": format });
    let rows: [(&str, SchemaData, Test); 9] = [
        ("bool", json!({ "type": "boolean" }), Test::Grammar(fit::is_bool)),
        (
            "int",
            json!({ "type": "integer" }),
            Test::Grammar(fit::is_integer),
        ),
        ("float", json!({ "type": "number" }), Test::Grammar(fit::is_float)),
        ("date", formatted("date"), Test::Grammar(fit::is_date)),
        ("time", formatted("time"), Test::Grammar(fit::is_time)),
        (
            "datetime",
            formatted("date-time"),
            Test::Grammar(fit::is_datetime),
        ),
        ("uuid", formatted("uuid"), Test::Grammar(fit::is_uuid)),
        ("str", json!({ "type": "string" }), Test::Any),
        ("path", json!({ "type": "string" }), Test::Path),
    ];
    (1..)
        .zip(rows)
        .map(|(order, (name, schema, test))| {
            Arc::new(Converter {
                name: name.into(),
                schema,
                order,
                test,
            })
        })
        .collect()
});

impl Converter {
    /// A choice between fixed texts; the most specific of all.
    pub(super) fn choice(alternatives: Vec<String>) -> Self {
        Self {
            name: alternatives.join("|"),
            schema: json!({ "type": "string", "enum": alternatives }),
            order: 0,
            test: Test::Choice(alternatives),
        }
    }

    /// Whether `text`, already decoded, is a value of this converter.
    pub(super) fn fits(&self, text: &str) -> bool {
        !text.is_empty()
            && match &self.test {
                Test::Any => true,
                _ if !crate::Switch::PathConversion.is_on() => true,
                // What is handed to a file system must not look like an absolute path.
                Test::Path => !text.starts_with('/'),
                Test::Grammar(fits) => fits(text),
                Test::Choice(alternatives) => alternatives.iter().any(|alternative| alternative == text),
                Test::Regex(regex) => regex.is_match(text),
            }
    }

    /// Whether the converter matches the same texts as `other`.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.order == other.order
            && match (&self.test, &other.test) {
                (Test::Choice(a), Test::Choice(b)) => a == b,
                (Test::Regex(a), Test::Regex(b)) => a.as_str() == b.as_str(),
                _ => self.name == other.name,
            }
    }

    /// Whether some text fits this converter and `other`, which has the same order.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match (&self.test, &other.test) {
            (Test::Choice(a), Test::Choice(b)) => a.iter().any(|text| b.contains(text)),
            _ => self.order == other.order,
        }
    }
}

/// The set of converters: the built-in ones (`int float bool str uuid date datetime time path`) and custom ones.
///
/// ```
/// use sabir_core::routing::{Converters, Pattern};
///
/// let mut converters = Converters::default();
/// converters.add("sku", "[A-Z]{3}-[0-9]{4}", serde_json::json!({ "type": "string" }))?;
/// let pattern = Pattern::parse("/items/{sku:sku}", &converters)?;
/// assert_eq!(pattern.build(&[("sku", "ABC-0001")])?, "/items/ABC-0001");
/// # Ok::<(), sabir_core::SetupError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Converters {
    custom: Vec<Arc<Converter>>,
}

impl Converters {
    /// Adds a converter: a segment matches when the whole of it matches `regex`; `schema` is given to the parameter.
    ///
    /// `regex` is a regular expression of ECMA-262 with the flag `u`, as in the keyword `pattern`. Segments are matched in
    /// time that is linear in their length, so it has no look-around and no back-references.
    ///
    /// # Errors
    /// A name that is taken, a regular expression that does not compile.
    pub fn add(&mut self, name: &str, regex: &str, schema: SchemaData) -> Result<(), SetupError> {
        let field = format!("converters.{name}");
        if !is_name(name) {
            return Err(SetupError::new(
                field,
                format!("`{name}` is not a converter name"),
                "use letters, digits and underscores, starting with a letter",
            ));
        }
        if self.get(name).is_some() {
            return Err(SetupError::new(
                field,
                format!("there already is a converter `{name}`"),
                "choose another name",
            ));
        }
        let expression = of_whole_texts(regex).map_err(|fault| {
            SetupError::new(
                field,
                format!("the expression cannot be used: {fault}"),
                "write it in the notation of ECMA-262 with the flag u, without look-around and back-references",
            )
        })?;
        let test = Test::Regex(expression);
        let order = FIRST_CUSTOM_ORDER + u32::try_from(self.custom.len()).unwrap_or(u32::MAX >> 1);
        self.custom.push(Arc::new(Converter {
            name: name.into(),
            schema,
            order,
            test,
        }));
        Ok(())
    }

    /// The converter called `name`.
    pub(super) fn get(&self, name: &str) -> Option<Arc<Converter>> {
        BUILT_IN
            .iter()
            .chain(&self.custom)
            .find(|converter| converter.name == name)
            .cloned()
    }

    /// Every name, for messages.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = BUILT_IN
            .iter()
            .chain(&self.custom)
            .map(|converter| &*converter.name)
            .collect();
        names.join(", ")
    }
}

/// Whether `name` can name a converter: never a number or something that reads as a choice.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_expression_must_match_the_whole_text() {
        let mut converters = Converters::default();
        converters.add("short", "a|ab", json!({})).unwrap();
        let converter = converters.get("short").unwrap();
        assert!(converter.fits("ab") && converter.fits("a"));
        assert!(!converter.fits("abc") && !converter.fits("ab\n") && !converter.fits(""));
    }

    #[test]
    fn refuses_a_taken_name() {
        let mut converters = Converters::default();
        let error = converters.add("int", "[0-9]+", json!({})).unwrap_err();
        assert_eq!(error.problem, "there already is a converter `int`");
        converters.add("sku", "[a-z]+", json!({})).unwrap();
        assert!(converters.add("sku", "[a-z]+", json!({})).is_err());
    }

    #[test]
    fn refuses_a_name_that_is_not_a_word() {
        for name in ["", "a|b", "1st", "a b", "é"] {
            assert!(Converters::default().add(name, "a", json!({})).is_err(), "{name}");
        }
    }

    #[test]
    fn expressions_mean_what_ecma_262_says() {
        let mut converters = Converters::default();
        let mut fits = |regex: &str, text: &str| {
            let name = format!("c{}", converters.custom.len());
            converters.add(&name, regex, json!({})).unwrap();
            converters.get(&name).unwrap().fits(text)
        };
        assert!(fits(r"\d+", "09") && !fits(r"\d+", "٣"));
        assert!(fits(r"\w", "_") && !fits(r"\w", "é"));
        assert!(fits(r"\s", "\u{feff}") && !fits(r"\s", "\u{85}"));
        assert!(fits(".", "é") && !fits(".", "\n") && !fits(".", "\u{2028}"));
        assert!(fits("^[a-z]+$", "ab") && !fits("^a$|^b$", "ab") && !fits("a$", "a\n"));
        assert!(fits(r"\p{L}\/", "é/") && fits("[^]", "\n"));
    }

    #[test]
    fn matches_in_linear_time() {
        let mut converters = Converters::default();
        converters.add("slow", "(?:a+)+", json!({})).unwrap();
        let text = format!("{}b", "a".repeat(1 << 20));
        assert!(!converters.get("slow").unwrap().fits(&text));
    }

    #[test]
    fn refuses_an_expression_that_does_not_compile() {
        for (regex, problem) in [
            (
                "(",
                "\"(\" is not a regular expression of ECMA-262: a group is not closed",
            ),
            ("a)|(b", "\"a)|(b\" is not a regular expression of ECMA-262: "),
            ("[", "\"[\" is not a regular expression of ECMA-262: "),
            ("(?i)a", "\"(?i)a\" is not a regular expression of ECMA-262: "),
            ("(?x) # ", "\"(?x) # \" is not a regular expression of ECMA-262: "),
            ("(?=a)b", "\"(?=a)b\" has look-around or a back-reference, "),
            ("a(?!b).", "\"a(?!b).\" has look-around or a back-reference, "),
            (r"(.)\1", r#""(.)\\1" has look-around or a back-reference, "#),
            ("(?:a{1000}){1000}", "it is too large "),
        ] {
            let error = Converters::default().add("broken", regex, json!({})).unwrap_err();
            let problem = format!("the expression cannot be used: {problem}");
            assert!(error.problem.starts_with(&problem), "{error}");
            assert_eq!(error.field, "converters.broken");
        }
    }
}
