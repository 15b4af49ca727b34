//! Object schemas as `msgspec.Struct` classes.

use serde_json::{Map, Value};

use super::{
    literal,
    names::Scope,
    types::{self, Typed},
};

/// The classes of one test.
#[derive(Debug)]
pub(super) struct Models<'a> {
    components: &'a Map<String, Value>,
    /// Whether a struct keeps all that the fixture sends. A struct drops members that it does not know, so one can only
    /// stand for a schema that lets unknown members through where none are sent.
    structs_fit: bool,
    scope: &'a mut Scope,
    classes: Vec<String>,
    /// Components that are classes already.
    known: Vec<String>,
    /// Components that are about to be. A class inside a function cannot name itself.
    open: Vec<String>,
    is_json: bool,
    permits_classes: bool,
}

impl<'a> Models<'a> {
    /// `is_json` says that the models are for JSON, where `3` is an integer also for `type: number`.
    pub(super) fn new(
        components: &'a Map<String, Value>,
        structs_fit: bool,
        scope: &'a mut Scope,
        is_json: bool,
    ) -> Self {
        Self {
            components,
            structs_fit,
            scope,
            classes: Vec::new(),
            known: Vec::new(),
            open: Vec::new(),
            is_json,
            permits_classes: true,
        }
    }

    /// No class at all: for parameters, whose deep objects arrive as dictionaries.
    pub(super) fn none(components: &'a Map<String, Value>, scope: &'a mut Scope) -> Self {
        Self {
            permits_classes: false,
            ..Self::new(components, false, scope, false)
        }
    }

    /// Whether the types are of a parameter, and not of content.
    pub(super) fn is_of_parameter(&self) -> bool {
        !self.permits_classes
    }

    /// The classes in the order in which they must be defined.
    pub(super) fn into_classes(self) -> Vec<String> {
        self.classes
    }

    /// Whether `float` stands for `type: number` without changing what arrives.
    pub(super) fn number_is_float(&self) -> bool {
        !self.is_json
    }

    /// The class of a component.
    pub(super) fn reference(&mut self, reference: &str) -> Option<String> {
        let name = reference.strip_prefix("#/components/schemas/")?;
        if self.known.iter().any(|known| known == name) {
            return Some(name.to_owned());
        }
        let schema = self.components.get(name)?.as_object()?;
        let is_recursive = self.open.iter().any(|open| open == name);
        (schema.contains_key("properties") && !is_recursive).then_some(())?;
        self.open.push(name.to_owned());
        let mut rest = schema.clone();
        (rest.shift_remove("type")? == "object").then_some(())?;
        self.scope.reserve(name);
        let source = self.class(name, &mut rest)?;
        rest.is_empty().then_some(())?;
        self.open.pop();
        self.known.push(name.to_owned());
        self.classes.push(source);
        Some(name.to_owned())
    }

    /// A class for an object schema without its `type`; what the class says is taken out of `rest`.
    pub(super) fn define(&mut self, rest: &mut Map<String, Value>, wanted_name: &str) -> Option<String> {
        let name = self.scope.class(wanted_name);
        let source = self.class(&name, rest)?;
        self.classes.push(source);
        Some(name)
    }

    fn class(&mut self, name: &str, rest: &mut Map<String, Value>) -> Option<String> {
        let properties = rest.shift_remove("properties")?;
        let properties = properties.as_object()?;
        let required = rest.shift_remove("required").unwrap_or_default();
        let required: Vec<&str> = match &required {
            Value::Null => Vec::new(),
            names => names.as_array()?.iter().filter_map(Value::as_str).collect(),
        };
        let is_closed = match rest.shift_remove("additionalProperties") {
            None | Some(Value::Bool(true)) => false,
            Some(Value::Bool(false)) => true,
            Some(_) => return None,
        };
        if !self.permits_classes
            || properties.is_empty()
            || required.iter().any(|name| !properties.contains_key(*name))
        {
            return None;
        }
        if !is_closed && !self.structs_fit {
            return None;
        }
        let (mut fields, mut is_ordered, mut seen_optional) = (Vec::new(), true, false);
        let mut scope = Scope::default();
        for (wire_name, schema) in properties {
            let typed = types::exact(schema, wire_name, self)?;
            let is_optional = !required.contains(&wire_name.as_str());
            is_ordered &= is_optional || !seen_optional;
            seen_optional |= is_optional;
            fields.push(field(wire_name, typed, is_optional, &mut scope)?);
        }
        let mut head = format!("class {name}(msgspec.Struct");
        if !is_ordered {
            head += ", kw_only=True";
        }
        if is_closed {
            head += ", forbid_unknown_fields=True";
        }
        Some(format!("    {head}):\n{}\n", fields.concat()))
    }
}

fn field(wire_name: &str, typed: Typed, is_optional: bool, scope: &mut Scope) -> Option<String> {
    let name = scope.variable(wire_name);
    let default = match &typed.default {
        // msgspec leaves a field with a default out of `required`.
        Some(value) if is_optional => Some(types::default_of(&typed.base, value)?),
        Some(_) => return None,
        None if is_optional => Some("msgspec.UNSET".to_owned()),
        None => None,
    };
    let has_default = typed.default.is_some();
    let mut annotation = typed.annotated()?;
    if is_optional && !has_default {
        annotation += " | msgspec.UnsetType";
    }
    let mut arguments: Vec<String> = default.iter().map(|value| format!("default={value}")).collect();
    if name != wire_name {
        arguments.push(format!("name={}", literal::string(wire_name)));
    }
    let value = match (arguments.len(), default) {
        (0, _) => String::new(),
        (1, Some(value)) => format!(" = {value}"),
        _ => format!(" = msgspec.field({})", arguments.join(", ")),
    };
    Some(format!("        {name}: {annotation}{value}\n"))
}
