//! When two values are the same (JSON Schema 2020-12 §4.2.2): numbers by their value, objects without regard to order.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use hashbrown::HashTable;
use jsonschema::json::{Array as _, JsonNumber as _, Node as _, Object as _};
use serde_json::Value as Data;
use smallvec::SmallVec;

use super::{
    instance::{Lens, Members},
    number::{AnyNumber, Decimal},
};

/// Up to so many values are compared one by one.
const FEW: usize = 8;

/// Whether `value` is the same as a part of a schema.
pub(super) fn equals_data(value: Lens<'_>, data: &Data) -> bool {
    match data {
        Data::Null => value.is_null(),
        Data::Bool(truth) => value.as_boolean() == Some(*truth),
        Data::String(text) => value.as_string().is_some_and(|own| own == text.as_str()),
        Data::Number(number) => value.as_number().is_some_and(|own| match (own, number.as_i64()) {
            (AnyNumber::Integer(own), Some(number)) => own == number,
            _ => Decimal::of(own) == Decimal::read(&number.to_string()),
        }),
        Data::Array(items) => value.as_array().is_some_and(|own| {
            own.len() == items.len()
                && own
                    .elements()
                    .zip(items)
                    .all(|(own, item)| equals_data(own, item))
        }),
        Data::Object(members) => value.as_object().is_some_and(|own| {
            own.len() == members.len()
                && own
                    .members()
                    .all(|(name, own)| members.get(&*name).is_some_and(|member| equals_data(own, member)))
        }),
    }
}

/// Whether no two of `items` are the same. Each comes with a number by which `find` gives it back, so that millions of
/// them can be held in four bytes each.
pub(super) fn are_unique<'a>(
    items: impl Iterator<Item = (usize, Lens<'a>)>,
    find: impl Fn(usize) -> Option<Lens<'a>>,
) -> bool {
    let mut few: SmallVec<[Lens<'a>; FEW]> = SmallVec::new();
    let state = RandomState::new();
    let mut many: HashTable<u32> = HashTable::new();
    let mut earlier: SmallVec<[u32; FEW]> = SmallVec::new();
    for (number, item) in items {
        let Ok(key) = u32::try_from(number) else {
            return true;
        };
        if many.is_empty() && few.len() < FEW {
            if few.iter().any(|other| equal(*other, item)) {
                return false;
            }
            few.push(item);
            earlier.push(key);
            continue;
        }
        let hash_of = |key: &u32| find(*key as usize).map_or(0, |item| hash(item, &state));
        for key in earlier.drain(..) {
            many.insert_unique(hash_of(&key), key, hash_of);
        }
        let is_same = |key: &u32| find(*key as usize).is_some_and(|other| equal(other, item));
        let hash = hash(item, &state);
        if many.find(hash, is_same).is_some() {
            return false;
        }
        many.insert_unique(hash, key, hash_of);
    }
    true
}

/// Whether two values are the same.
fn equal(left: Lens<'_>, right: Lens<'_>) -> bool {
    if left.json_type() != right.json_type() {
        return false;
    }
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return match (left, right) {
            (AnyNumber::Integer(left), AnyNumber::Integer(right)) => left == right,
            _ => Decimal::of(left) == Decimal::of(right),
        };
    }
    if let (Some(left), Some(right)) = (left.as_string(), right.as_string()) {
        return left == right;
    }
    if let (Some(left), Some(right)) = (left.as_array(), right.as_array()) {
        let (mut left, mut right) = (left.elements(), right.elements());
        return loop {
            match (left.next(), right.next()) {
                (None, None) => break true,
                (Some(left), Some(right)) if equal(left, right) => {}
                _ => break false,
            }
        };
    }
    if let (Some(left), Some(right)) = (left.as_object(), right.as_object()) {
        return equal_members(left, right);
    }
    left.as_boolean() == right.as_boolean()
}

fn equal_members(left: Members<'_>, right: Members<'_>) -> bool {
    let length = left.len();
    if length != right.len() {
        return false;
    }
    if length <= FEW {
        return left
            .members()
            .all(|(name, left)| right.named(&name).is_some_and(|right| equal(left, right)));
    }
    let right: std::collections::HashMap<_, _> = right.members().collect();
    left.members()
        .all(|(name, left)| right.get(&*name).is_some_and(|right| equal(left, *right)))
}

/// The same for values that are [`equal`].
fn hash(value: Lens<'_>, state: &RandomState) -> u64 {
    let mut hasher = state.build_hasher();
    if let Some(number) = value.as_number() {
        match number {
            AnyNumber::Integer(number) => Decimal::read(&number.to_string()).hash(&mut hasher),
            other => Decimal::read(&other.as_str()).hash(&mut hasher),
        }
    } else if let Some(text) = value.as_string() {
        text.hash(&mut hasher);
    } else if let Some(elements) = value.as_array() {
        for element in elements.elements() {
            hasher.write_u64(hash(element, state));
        }
        hasher.write_u8(1);
    } else if let Some(members) = value.as_object() {
        // A sum does not depend on the order.
        let sum = members.members().fold(0_u64, |sum, (name, member)| {
            sum.wrapping_add(state.hash_one((name, hash(member, state))))
        });
        hasher.write_u64(sum);
        hasher.write_u8(2);
    } else {
        value.as_boolean().hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        json::{Document, JsonLimits, from_json, parse},
        settings::DuplicateKeys,
    };

    fn unique(text: &str) -> bool {
        let limits = JsonLimits {
            depth: 128,
            digits: 640,
            duplicate_keys: DuplicateKeys::Refuse,
        };
        let tree = parse(text.as_bytes(), &limits).unwrap();
        let document = Document::read(text.as_bytes(), &limits).unwrap();
        let is_unique = |value: Lens<'_>| value.as_array().unwrap().is_unique();
        let answer = is_unique(Lens::tree(&tree));
        assert_eq!(answer, is_unique(Lens::text(document.root())), "{text}");
        answer
    }

    #[test]
    fn tells_values_apart_exactly() {
        assert!(unique(
            "[100000000000000000000,100000000000000000001,1,true,\"1\",[1],{\"a\":1},null,false,0]"
        ));
        assert!(unique("[1,1.00000000000000000001]"));
        assert!(!unique("[1,1.0]"));
        assert!(!unique("[{\"a\":1,\"b\":[2]},{\"b\":[2.0],\"\\u0061\":1e0}]"));
        let many: Vec<String> = (0..100).map(|number| format!("{{\"a\":{number}}}")).collect();
        assert!(unique(&format!("[{}]", many.join(","))));
        assert!(!unique(&format!("[{},{{\"a\":50.0}}]", many.join(","))));
        let members: Vec<String> = (0..30).map(|number| format!("\"k{number}\":{number}")).collect();
        let reversed: Vec<String> = members.iter().rev().cloned().collect();
        assert!(!unique(&format!(
            "[{{{}}},{{{}}}]",
            members.join(","),
            reversed.join(",")
        )));
    }

    #[test]
    fn compares_with_schemas() {
        let data = json!({"a": [1, 2.5, "x", null, true]});
        let same = from_json(&json!({"a": [1.0, 2.5, "x", null, true]}));
        assert!(equals_data(Lens::tree(&same), &data));
        assert!(!equals_data(Lens::tree(&from_json(&json!({"a": [1]}))), &data));
    }
}
