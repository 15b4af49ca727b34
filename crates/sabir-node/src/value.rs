//! Values across the boundary: built once, as the JavaScript values that the schema's kind asks for.

use std::sync::Arc;

use bytes::Bytes;
use napi::{
    Env, Property, PropertyAttributes, Result,
    bindgen_prelude::{
        BigInt, FromNapiValue, JsObjectValue, Null, Object, ObjectFinalize, ToNapiValue, Uint8Array, Unknown,
    },
    sys,
};
use napi_derive::napi;
use sabir_core::{File, Value, json::whole_digits, value::FileContent};

/// The largest integer that a number of JavaScript holds exactly, and that its neighbours do not round to.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A value on its way to JavaScript.
pub(crate) struct Js<'a>(pub(crate) &'a Value);

impl ToNapiValue for Js<'_> {
    #[allow(unsafe_code)]
    unsafe fn to_napi_value(env: sys::napi_env, Js(value): Self) -> Result<sys::napi_value> {
        // SAFETY: the caller vouches for `env`, which is passed on as it is.
        unsafe {
            match value {
                Value::Null => ToNapiValue::to_napi_value(env, Null),
                Value::Bool(value) => ToNapiValue::to_napi_value(env, *value),
                Value::Integer(value) => ToNapiValue::to_napi_value(env, Integer(*value)),
                Value::Number(value) => ToNapiValue::to_napi_value(env, *value),
                Value::Literal(text) => ToNapiValue::to_napi_value(env, Literal(text)),
                Value::String(text) => ToNapiValue::to_napi_value(env, text.as_str()),
                Value::Bytes(bytes) => ToNapiValue::to_napi_value(env, shared(bytes)),
                Value::File(file) => {
                    let file = NativeFile {
                        file: Arc::clone(file),
                    };
                    // What JavaScript does not know of, it does not hurry to collect.
                    Env::from_raw(env).adjust_external_memory(file.memory())?;
                    ToNapiValue::to_napi_value(env, file)
                }
                Value::Array(items) => {
                    ToNapiValue::to_napi_value(env, items.iter().map(Js).collect::<Vec<_>>())
                }
                Value::Object(members) => {
                    let mut object = Object::new(&Env::from_raw(env))?;
                    for (name, member) in &members.0 {
                        if name == "__proto__" {
                            // Set like any other, it would become the object's prototype.
                            let property = Property::new().with_utf8_name(name)?;
                            let value = Unknown::from_napi_value(env, Js::to_napi_value(env, Js(member))?)?;
                            let attributes = PropertyAttributes::default() | PropertyAttributes::Enumerable;
                            object.define_properties(&[property
                                .with_value(&value)
                                .with_property_attributes(attributes)])?;
                        } else {
                            object.set(name, Js(member))?;
                        }
                    }
                    ToNapiValue::to_napi_value(env, object)
                }
            }
        }
    }
}

/// An integer: a number where that is exact, otherwise a `BigInt`.
struct Integer(i64);

impl ToNapiValue for Integer {
    #[allow(unsafe_code)]
    unsafe fn to_napi_value(env: sys::napi_env, Self(value): Self) -> Result<sys::napi_value> {
        // SAFETY: as above.
        unsafe {
            match safe_number(&Value::Integer(value)) {
                Some(number) => ToNapiValue::to_napi_value(env, number),
                None => ToNapiValue::to_napi_value(env, BigInt::from(value)),
            }
        }
    }
}

/// A number that no machine type holds: whole ones are exact as a `BigInt`, others become the nearest number.
struct Literal<'a>(&'a str);

impl ToNapiValue for Literal<'_> {
    #[allow(unsafe_code)]
    unsafe fn to_napi_value(env: sys::napi_env, Self(text): Self) -> Result<sys::napi_value> {
        // SAFETY: as above.
        unsafe {
            match big_integer(text) {
                Some(value) => ToNapiValue::to_napi_value(env, value),
                None => ToNapiValue::to_napi_value(env, text.parse::<f64>().unwrap_or(f64::NAN)),
            }
        }
    }
}

/// The integer that `text` spells, with an exponent or without.
fn big_integer(text: &str) -> Option<BigInt> {
    let text = whole_digits(text)?;
    let (sign_bit, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, &*text),
    };
    let mut words: Vec<u64> = Vec::new();
    for digit in digits.bytes() {
        let mut carry = u128::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        for word in &mut words {
            let value = u128::from(*word) * 10 + carry;
            #[allow(clippy::cast_possible_truncation, reason = "the low half is meant")]
            {
                *word = value as u64;
            }
            carry = value >> 64;
        }
        if let Ok(carry @ 1..) = u64::try_from(carry) {
            words.push(carry);
        }
    }
    Some(BigInt { sign_bit, words })
}

/// The number that JavaScript sees in `value`, where one is exact.
#[allow(clippy::cast_precision_loss, reason = "only exact ones are cast")]
pub(crate) fn safe_number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(value) => (value.unsigned_abs() <= MAX_SAFE_INTEGER).then_some(*value as f64),
        Value::Number(value) => (!value.is_nan()).then_some(*value),
        _ => None,
    }
}

/// An uploaded file.
#[napi(custom_finalize)]
pub struct NativeFile {
    file: Arc<File>,
}

impl NativeFile {
    /// The bytes that it keeps in memory.
    fn memory(&self) -> i64 {
        match &self.file.content {
            FileContent::Disk(_) => 0,
            FileContent::Memory(bytes) => i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        }
    }
}

impl ObjectFinalize for NativeFile {
    fn finalize(self, env: Env) -> Result<()> {
        env.adjust_external_memory(-self.memory()).map(drop)
    }
}

#[napi]
impl NativeFile {
    /// The `filename` parameter, without directories.
    #[napi(getter)]
    pub fn filename(&self) -> Option<&str> {
        self.file.filename.as_deref()
    }

    /// The part's media type.
    #[napi(getter)]
    pub fn content_type(&self) -> Option<&str> {
        self.file.content_type.as_deref()
    }

    /// The length in bytes.
    #[napi(getter)]
    #[allow(clippy::cast_precision_loss, reason = "no file is that long")]
    pub fn size(&self) -> f64 {
        self.file.size as f64
    }

    /// Where the content lies when it is on disk.
    #[napi(getter)]
    pub fn path(&self) -> Option<String> {
        match &self.file.content {
            FileContent::Disk(path) => Some(path.to_string_lossy().into_owned()),
            FileContent::Memory(_) => None,
        }
    }

    /// The content when it is in memory; to be asked for once, see [`shared`].
    #[napi]
    pub fn content(&self) -> Option<Uint8Array> {
        match &self.file.content {
            FileContent::Disk(_) => None,
            FileContent::Memory(bytes) => Some(shared(bytes)),
        }
    }
}

/// Content from so many bytes on is not copied.
const SHARED_FROM: usize = 16 * 1024;

/// The content of a request, or of an answer in memory, as JavaScript gets it. Larger ones are in memory once: the array keeps `bytes`, and must be the
/// only one that is made of them, since engines know memory by its address.
#[allow(unsafe_code)]
pub(crate) fn shared(bytes: &Bytes) -> Uint8Array {
    if bytes.len() < SHARED_FROM {
        return Uint8Array::from(bytes.as_ref());
    }
    let kept = bytes.clone();
    // SAFETY: the memory is valid until `kept` is dropped, which the engine does with the array. It was read or
    // made for one call, so it lies on the heap, and nothing but JavaScript reads it once it has come here.
    unsafe { Uint8Array::with_external_data(kept.as_ptr().cast_mut(), kept.len(), move |_, _| drop(kept)) }
}
