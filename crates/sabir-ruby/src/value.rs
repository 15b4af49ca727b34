//! Values across the boundary: built once, as the Ruby classes that the schema's kind asks for.

use std::{borrow::Cow, str::FromStr, sync::Arc};

use bytes::Bytes;
use magnus::{
    Error, Float, Integer, Module, RArray, RHash, RModule, RString, Ruby, Symbol, TryConvert,
    Value as Object, encoding::EncodingCapable, method, prelude::*, r_hash::ForEach,
};
use sabir_core::{File, SetupError, Value, json::whole_digits, value::FileContent};
use serde_json::{Map, Number, Value as Json};

use crate::{class, error, filling::Filling, interpreter::without_lock};

/// Builds the Ruby object for `value`.
pub(crate) fn to_ruby(ruby: &Ruby, value: &Value) -> Result<Object, Error> {
    Ok(match value {
        Value::Null => ruby.qnil().as_value(),
        Value::Bool(true) => ruby.qtrue().as_value(),
        Value::Bool(false) => ruby.qfalse().as_value(),
        Value::Integer(value) => ruby.integer_from_i64(*value).as_value(),
        Value::Number(value) => ruby.float_from_f64(*value).as_value(),
        Value::Literal(text) => literal(ruby, text)?,
        Value::String(text) => ruby.str_new(text).as_value(),
        Value::Bytes(bytes) => ruby.str_from_slice(bytes).as_value(),
        Value::File(file) => ruby.obj_wrap(UploadFile(Arc::clone(file))).as_value(),
        Value::Array(items) => {
            let array = ruby.ary_new_capa(items.len());
            for item in items {
                array.push(to_ruby(ruby, item)?)?;
            }
            array.as_value()
        }
        Value::Object(members) => {
            // There is one for each level of nesting.
            let mut hash = Filling::<16>::new(ruby);
            for (name, member) in &members.0 {
                hash.add(key(ruby, name), to_ruby(ruby, member)?);
            }
            hash.finish().as_value()
        }
    })
}

/// The key of a hash. Those of the same name are one string, as in hashes that `JSON.parse` makes.
#[allow(unsafe_code)]
pub(crate) fn key(ruby: &Ruby, name: &str) -> Object {
    use magnus::rb_sys::FromRawValue;
    let Ok(length) = name.len().try_into() else {
        return ruby.str_new(name).as_value();
    };
    // Ruby reads at the pointer also where the length is 0, and that of an empty `&str` points to nothing.
    let start = if name.is_empty() {
        c"".as_ptr()
    } else {
        name.as_ptr().cast()
    };
    // SAFETY: pointer and length are those of `name`, which Ruby copies, and the result is an object. It raises only where
    // there is no memory left.
    unsafe {
        let encoding = rb_sys::rb_utf8_encoding();
        Object::from_raw(rb_sys::rb_enc_interned_str(start, length, encoding))
    }
}

/// A number that no machine type holds: an `Integer` of Ruby is exact at any size, however the number is written; a fraction
/// becomes the nearest `Float`.
fn literal(ruby: &Ruby, text: &str) -> Result<Object, Error> {
    match whole_digits(text) {
        Some(digits) => ruby.module_kernel().funcall("Integer", (digits.as_ref(),)),
        None => Ok(ruby
            .float_from_f64(f64::from_str(text).unwrap_or(f64::NAN))
            .as_value()),
    }
}

/// Data that JSON has no word for, and where they stand.
#[derive(Debug)]
pub(crate) struct NotJson {
    /// The steps from the value to the whole, the last one first.
    path: Vec<String>,
    problem: String,
}

impl NotJson {
    fn new(problem: String) -> Self {
        Self {
            path: Vec::new(),
            problem,
        }
    }

    /// The same error, said of the member or the whole called `name`.
    pub(crate) fn at(mut self, name: impl Into<String>) -> Self {
        self.path.push(name.into());
        self
    }

    /// The error for `route`, or what else the data belong to.
    pub(crate) fn of(self, ruby: &Ruby, route: &str) -> Error {
        let Self { mut path, problem } = self;
        path.reverse();
        let remedy = "use nil, true, false, Integer, Float, String, Symbol, Array and Hash";
        error::setup(ruby, SetupError::new(path.join("."), problem, remedy).at(route))
    }
}

/// How deeply set-up data may be nested. Data that contain themselves have no end.
const DEPTH_LIMIT: usize = 512;

/// Reads set-up data (operations, settings, schemas).
pub(crate) fn to_json(ruby: &Ruby, object: Object) -> Result<Json, NotJson> {
    read(ruby, object, DEPTH_LIMIT)
}

/// The members of `hash`, which is called `whole`.
pub(crate) fn members(ruby: &Ruby, hash: RHash, whole: &str) -> Result<Map<String, Json>, Error> {
    read_members(ruby, hash, DEPTH_LIMIT).map_err(|error| error.of(ruby, whole))
}

fn read_members(ruby: &Ruby, hash: RHash, depth: usize) -> Result<Map<String, Json>, NotJson> {
    let mut members = Map::with_capacity(hash.len());
    let mut failure = None;
    let walked = hash.foreach(|name: Object, member: Object| {
        let read = name_of(name).and_then(|name| {
            let member = read(ruby, member, depth).map_err(|error| error.at(name.as_str()))?;
            Ok((name, member))
        });
        Ok(match read {
            Ok((name, member)) => {
                members.insert(name, member);
                ForEach::Continue
            }
            Err(error) => {
                failure = Some(error);
                ForEach::Stop
            }
        })
    });
    match (failure, walked) {
        (Some(failure), _) => Err(failure),
        (None, Err(error)) => Err(NotJson::new(error.to_string())),
        (None, Ok(())) => Ok(members),
    }
}

/// The name that a string or a symbol is.
fn name_of(name: Object) -> Result<String, NotJson> {
    let text = match Symbol::from_value(name) {
        Some(symbol) => symbol.name().map(Cow::into_owned),
        None => RString::try_convert(name).and_then(RString::to_string),
    };
    text.map_err(|_| NotJson::new(format!("{} is no name of a member", name.inspect())))
}

fn read(ruby: &Ruby, object: Object, depth: usize) -> Result<Json, NotJson> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(NotJson::new(format!(
            "it is nested more than {DEPTH_LIMIT} levels deep"
        )));
    };
    if object.is_nil() {
        return Ok(Json::Null);
    }
    if object.is_kind_of(ruby.class_true_class()) || object.is_kind_of(ruby.class_false_class()) {
        return Ok(Json::Bool(object.to_bool()));
    }
    let no_number = || NotJson::new(format!("{object} is not a JSON number"));
    if let Some(integer) = Integer::from_value(object) {
        // An integer of any size: a bound of a schema, say.
        return match integer.to_i64() {
            Ok(value) => Ok(value.into()),
            Err(_) => Number::from_str(&integer.to_string())
                .map(Json::Number)
                .map_err(|_| no_number()),
        };
    }
    if let Some(float) = Float::from_value(object) {
        return Number::from_f64(float.to_f64())
            .map(Json::Number)
            .ok_or_else(no_number);
    }
    if RString::from_value(object).is_some() || Symbol::from_value(object).is_some() {
        return name_of(object).map(Json::String);
    }
    if let Some(hash) = RHash::from_value(object) {
        return read_members(ruby, hash, depth).map(Json::Object);
    }
    if let Some(array) = RArray::from_value(object) {
        let item = |(index, item): (usize, Object)| {
            read(ruby, item, depth).map_err(|error| error.at(index.to_string()))
        };
        return array
            .into_iter()
            .enumerate()
            .map(item)
            .collect::<Result<_, _>>()
            .map(Json::Array);
    }
    Err(NotJson::new(format!("{} is not JSON data", object.class())))
}

/// The content of a string.
#[allow(unsafe_code)]
pub(crate) fn content(string: RString) -> Bytes {
    // SAFETY: nothing of Ruby runs between taking the slice and copying it.
    Bytes::copy_from_slice(unsafe { string.as_slice() })
}

/// Whether a string is text, and not bytes of no particular kind.
pub(crate) fn is_text(ruby: &Ruby, string: RString) -> bool {
    string.enc_get() != ruby.ascii8bit_encindex()
}

/// An uploaded file.
#[magnus::wrap(class = "Sabir::UploadFile", free_immediately)]
pub(crate) struct UploadFile(Arc<File>);

impl UploadFile {
    fn filename(&self) -> Option<&str> {
        self.0.filename.as_deref()
    }

    fn content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    fn size(&self) -> u64 {
        self.0.size
    }

    /// Where the content lies when it is on disk.
    fn path(&self) -> Option<String> {
        match &self.0.content {
            FileContent::Disk(path) => Some(path.to_string_lossy().into_owned()),
            FileContent::Memory(_) => None,
        }
    }

    /// The whole content.
    fn read(ruby: &Ruby, this: &Self) -> Result<RString, Error> {
        match &this.0.content {
            FileContent::Memory(bytes) => Ok(ruby.str_from_slice(bytes)),
            FileContent::Disk(path) => {
                // It is short, so that it is not interrupted; but it may not have begun.
                let content =
                    without_lock(|| std::fs::read(path), &|| ()).unwrap_or_else(|| std::fs::read(path));
                let content =
                    content.map_err(|error| error::system(ruby, &error, &path.to_string_lossy()))?;
                Ok(ruby.str_from_slice(&content))
            }
        }
    }
}

pub(crate) fn define(ruby: &Ruby, sabir: RModule) -> Result<(), Error> {
    let class = class::define::<UploadFile>(ruby, sabir, "UploadFile")?;
    class.define_method("filename", method!(UploadFile::filename, 0))?;
    class.define_method("content_type", method!(UploadFile::content_type, 0))?;
    class.define_method("size", method!(UploadFile::size, 0))?;
    class.define_method("path", method!(UploadFile::path, 0))?;
    class.define_method("read", method!(UploadFile::read, 0))
}
