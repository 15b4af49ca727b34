//! Schemas of zod, where they mean the same as JSON Schema.

use serde_json::{Map, Value};

use super::{layout::Code, literal};
use crate::{fixture::Fixture, turns};

/// The largest integer that `z.int()` takes, which adds bounds to its JSON Schema.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// How schemas are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// As plain JSON Schema.
    Json,
    /// With zod, where that says the same.
    Zod,
}

impl Dialect {
    /// The dialect of `fixture`: always the same one.
    pub(super) fn of(fixture: &Fixture) -> Self {
        let is_chosen = (turns::of(&fixture.name) >> 24).is_multiple_of(2);
        if is_chosen && !has_long_numbers(fixture) {
            Self::Zod
        } else {
            Self::Json
        }
    }
}

/// Whether a request may have an integer that JavaScript has no number for.
fn has_long_numbers(fixture: &Fixture) -> bool {
    let mut run = 0;
    // What is sent comes in many forms; all of them show their digits.
    format!("{:?}", fixture.content.exchanges).bytes().any(|byte| {
        let has_exponent = run > 0 && matches!(byte, b'e' | b'E');
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        has_exponent || run > 15
    })
}

/// An option that has a schema.
#[derive(Debug)]
pub(super) struct Described {
    /// The member.
    pub(super) member: Code,
    /// What its schema is written in.
    pub(super) dialect: Dialect,
}

impl Described {
    /// The option `name` with a schema of zod, or without one with what `plain` gives.
    pub(super) fn new(name: &str, zod: Option<Code>, plain: impl FnOnce() -> Code) -> Self {
        let (schema, dialect) = match zod {
            Some(schema) => (schema, Dialect::Zod),
            None => (plain(), Dialect::Json),
        };
        Self {
            member: literal::member(name, schema),
            dialect,
        }
    }
}

/// The object of parameters: names, whether they are required, and schemas.
pub(super) fn parameters<'a>(
    parameters: impl IntoIterator<Item = (&'a str, bool, &'a Map<String, Value>)>,
) -> Option<Code> {
    let members = parameters.into_iter().map(|(name, is_required, schema)| {
        // Absent parameters get their defaults; members of content do not.
        let (default, rest): (Vec<_>, Vec<_>) = schema.iter().partition(|(keyword, _)| *keyword == "default");
        let rest: Map<String, Value> = rest
            .into_iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        // An object is spread over several parameters, in which surplus ones have their part.
        if rest.get("type")? == "object" {
            return None;
        }
        let schema = of(&rest)?;
        let schema = match (default.first(), is_required) {
            (Some((_, value)), false) => schema.with_suffix(&format!(".default({})", flat(value)?)),
            (Some(_), true) => return None,
            (None, false) => schema.with_suffix(".optional()"),
            (None, true) => schema,
        };
        Some(literal::member(name, schema))
    });
    let members: Vec<Code> = members.collect::<Option<_>>()?;
    Some(Code::call("z.object", vec![Code::object(members)]))
}

/// The schema of zod that means `schema`; `None` where there is none.
pub(super) fn of(schema: &Map<String, Value>) -> Option<Code> {
    let keywords = Keywords(schema);
    match schema.get("type")?.as_str()? {
        "string" => string(&keywords),
        "integer" => number(&keywords, "z.int()"),
        "number" => number(&keywords, "z.number()"),
        "boolean" => keywords.are(&["type"]).then(|| "z.boolean()".into()),
        "array" => array(&keywords),
        "object" => object(&keywords),
        _ => None,
    }
}

fn string(keywords: &Keywords<'_>) -> Option<Code> {
    if let Some(choices) = keywords.0.get("enum") {
        let choices: Option<Vec<&str>> = choices.as_array()?.iter().map(Value::as_str).collect();
        return keywords
            .are(&["type", "enum"])
            .then_some(Code::call("z.enum", vec![literal::strings(&choices?)]));
    }
    let checks = [("minLength", "min"), ("maxLength", "max")];
    if !keywords.are(&["type", "minLength", "maxLength", "pattern"]) {
        return None;
    }
    let pattern = match keywords.0.get("pattern") {
        Some(pattern) => format!(".regex({})", regular_expression(pattern.as_str()?)?),
        None => String::new(),
    };
    Some(format!("z.string(){}{pattern}", keywords.checks(&checks)?).into())
}

fn number(keywords: &Keywords<'_>, base: &str) -> Option<Code> {
    let checks = [
        ("minimum", "min"),
        ("exclusiveMinimum", "gt"),
        ("maximum", "max"),
        ("exclusiveMaximum", "lt"),
        ("multipleOf", "multipleOf"),
    ];
    let has_others = keywords
        .0
        .keys()
        .any(|keyword| keyword != "type" && !checks.iter().any(|(known, _)| known == keyword));
    let text = format!("{base}{}", keywords.checks(&checks)?);
    (!has_others).then(|| text.into())
}

fn array(keywords: &Keywords<'_>) -> Option<Code> {
    if !keywords.are(&["type", "items", "minItems", "maxItems"]) {
        return None;
    }
    let items = of(keywords.0.get("items")?.as_object()?)?;
    let checks = keywords.checks(&[("minItems", "min"), ("maxItems", "max")])?;
    Some(Code::call("z.array", vec![items]).with_suffix(&checks))
}

fn object(keywords: &Keywords<'_>) -> Option<Code> {
    if !keywords.are(&["type", "properties", "required", "additionalProperties"]) {
        return None;
    }
    // `z.object` would remove what it does not know.
    let callee = match keywords.0.get("additionalProperties") {
        None | Some(Value::Bool(true)) => "z.looseObject",
        Some(Value::Bool(false)) => "z.strictObject",
        Some(_) => return None,
    };
    let properties = keywords.0.get("properties")?.as_object()?;
    let required = match keywords.0.get("required") {
        Some(names) => names.as_array()?.as_slice(),
        None => &[],
    };
    let is_declared = |name: &Value| name.as_str().is_some_and(|name| properties.contains_key(name));
    // JavaScript puts members that are numbers first, whatever their place in the source.
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    if !required.iter().all(is_declared) || properties.keys().any(is_number) {
        return None;
    }
    let members = properties.iter().map(|(name, schema)| {
        let schema = of(schema.as_object()?)?;
        let is_required = required.iter().any(|required| required == name);
        let suffix = if is_required { "" } else { ".optional()" };
        Some(literal::member(name, schema.with_suffix(suffix)))
    });
    let members: Vec<Code> = members.collect::<Option<_>>()?;
    Some(Code::call(callee, vec![Code::object(members)]))
}

/// The keywords of one schema.
struct Keywords<'a>(&'a Map<String, Value>);

impl Keywords<'_> {
    /// Whether these are all that there may be.
    fn are(&self, known: &[&str]) -> bool {
        self.0.keys().all(|keyword| known.contains(&keyword.as_str()))
    }

    /// Calls of methods for the keywords with a number.
    fn checks(&self, methods: &[(&str, &str)]) -> Option<String> {
        let said = methods
            .iter()
            .filter_map(|(keyword, method)| Some((method, self.0.get(*keyword)?)));
        said.map(|(method, bound)| {
            let is_safe = bound.as_f64()?.abs() <= MAX_SAFE_INTEGER;
            is_safe.then_some(format!(".{method}({})", flat(bound)?))
        })
        .collect()
    }
}

/// `pattern` as a literal, where its source is the same text and it means the same without flags.
fn regular_expression(pattern: &str) -> Option<String> {
    let is_same = pattern
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'/');
    let needs_flag = ["\\p", "\\P", "\\u{"]
        .iter()
        .any(|escape| pattern.contains(escape));
    (is_same && !needs_flag && !pattern.is_empty()).then(|| format!("/{pattern}/"))
}

fn flat(value: &Value) -> Option<String> {
    match literal::json(value) {
        Code::Text(text) => Some(text),
        code => code.fits(0).then(|| code.print(0)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(schema: &Value) -> Option<String> {
        of(schema.as_object().unwrap()).map(|code| code.print(0))
    }

    #[test]
    fn says_what_zod_has_words_for() {
        for (schema, source) in [
            (
                json!({"type": "integer", "minimum": 1, "maximum": 9}),
                "z.int().min(1).max(9)",
            ),
            (
                json!({"type": "number", "exclusiveMinimum": 0}),
                "z.number().gt(0)",
            ),
            (
                json!({"type": "string", "maxLength": 3, "pattern": "^x\\d"}),
                "z.string().max(3).regex(/^x\\d/)",
            ),
            (
                json!({"type": "string", "enum": ["a", "b"]}),
                "z.enum([\"a\", \"b\"])",
            ),
            (
                json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1}),
                "z.array(z.boolean()).min(1)",
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}),
                "z.strictObject({ a: z.string().optional() })",
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}),
                "z.looseObject({ a: z.int() })",
            ),
        ] {
            assert_eq!(printed(&schema).as_deref(), Some(source), "{schema}");
        }
    }

    #[test]
    fn leaves_the_rest_to_json_schema() {
        for schema in [
            json!({"type": ["string", "null"]}),
            json!({"enum": ["a"]}),
            json!({"type": "string", "format": "date"}),
            json!({"type": "string", "pattern": "a/b"}),
            json!({"type": "string", "pattern": "\\p{L}"}),
            json!({"type": "integer", "maximum": 90_071_992_547_409_930_u64}),
            json!({"type": "integer", "default": 1}),
            json!({"type": "array"}),
            json!({"type": "array", "items": {"type": "integer"}, "uniqueItems": true}),
            json!({"type": "object", "properties": {"1": {"type": "integer"}}}),
            json!({"type": "object", "properties": {}, "required": ["a"]}),
            json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}),
        ] {
            assert_eq!(printed(&schema), None, "{schema}");
        }
    }

    #[test]
    fn parameters_have_defaults() {
        let schema = |value: Value| value.as_object().unwrap().clone();
        let page = schema(json!({"type": "integer", "default": 1}));
        let name = schema(json!({"type": "string"}));
        let code = parameters([("page", false, &page), ("name", true, &name), ("q", false, &name)]).unwrap();
        assert_eq!(
            code.print(0),
            "z.object({ page: z.int().default(1), name: z.string(), q: z.string().optional() })"
        );
        let filter = schema(json!({"type": "object", "properties": {}}));
        assert_eq!(parameters([("filter", true, &filter)]), None);
    }
}
