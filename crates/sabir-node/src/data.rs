//! JSON data from JavaScript.

use napi::Result;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::error::misuse;

/// The largest magnitude of which every whole number is one of JavaScript's.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The members of `data` with whole numbers as integers.
///
/// JavaScript has one type of number, and Node-API gives every one beyond 32 bits as a float, which would be written
/// as `5000000000.0` and is no limit in bytes.
pub(crate) fn exact_members(mut data: Map<String, Json>) -> Map<String, Json> {
    data.values_mut().for_each(make_exact);
    data
}

/// Reads a schema, an operation or components, which come as text: it has all digits of a number.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| misuse(error.to_string()))
}

fn make_exact(data: &mut Json) {
    match data {
        Json::Number(number) if number.is_f64() => {
            if let Some(float) = number.as_f64()
                && float.fract() == 0.0
                && float.abs() <= MAX_SAFE_INTEGER
            {
                #[allow(clippy::cast_possible_truncation, reason = "it is whole and in range")]
                let integer = float as i64;
                *number = integer.into();
            }
        }
        Json::Array(items) => items.iter_mut().for_each(make_exact),
        Json::Object(members) => members.values_mut().for_each(make_exact),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
