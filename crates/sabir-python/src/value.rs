//! Values across the boundary: built once, as the Python types that the schema's kind asks for.

use bytes::Bytes;
use pyo3::{
    prelude::*,
    types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};
use sabir_core::{File, SetupError, Value, json::whole_digits, value::FileContent};
use serde_json::{Map, Number, Value as Json};
use std::{str::FromStr, sync::Arc};

use crate::error;

/// Builds the Python object for `value`.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Value::Integer(value) => value.into_pyobject(py)?.into_any(),
        Value::Number(value) => PyFloat::new(py, *value).into_any(),
        Value::Literal(text) => literal(py, text)?,
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        Value::File(file) => Bound::new(
            py,
            NativeFile {
                file: Arc::clone(file),
            },
        )?
        .into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(to_python(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(members) => {
            let dict = PyDict::new(py);
            for (name, member) in &members.0 {
                dict.set_item(PyString::new(py, name), to_python(py, member)?)?;
            }
            dict.into_any()
        }
    })
}

/// A number that no machine type holds: a Python `int` is exact at any size, however the number is written; a fraction
/// becomes the nearest `float`.
fn literal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    match whole_digits(text) {
        Some(digits) => py.get_type::<PyInt>().call1((digits.as_ref(),)),
        None => py.get_type::<PyFloat>().call1((text,)),
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
    pub(crate) fn of(self, route: &str) -> PyErr {
        let Self { mut path, problem } = self;
        path.reverse();
        let remedy = "use None, bool, int, float, str, list, tuple and dict";
        error::setup(SetupError::new(path.join("."), problem, remedy).at(route))
    }
}

/// How deeply set-up data may be nested. Data that contain themselves have no end.
const DEPTH_LIMIT: usize = 512;

/// Reads set-up data (operations, settings, schemas): None, bool, int, float, str, list, tuple and dict.
pub(crate) fn to_json(object: &Bound<'_, PyAny>) -> Result<Json, NotJson> {
    read(object, DEPTH_LIMIT)
}

/// The members of `dict`, which is called `whole`.
pub(crate) fn members(dict: &Bound<'_, PyDict>, whole: &str) -> PyResult<Map<String, Json>> {
    read_members(dict, DEPTH_LIMIT).map_err(|error| error.of(whole))
}

fn read_members(dict: &Bound<'_, PyDict>, depth: usize) -> Result<Map<String, Json>, NotJson> {
    let mut members = Map::with_capacity(dict.len());
    for (name, member) in dict {
        let name: String = name
            .extract()
            .map_err(|_| NotJson::new(format!("{name} is no name of a member")))?;
        let member = read(&member, depth).map_err(|error| error.at(name.as_str()))?;
        members.insert(name, member);
    }
    Ok(members)
}

fn read(object: &Bound<'_, PyAny>, depth: usize) -> Result<Json, NotJson> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(NotJson::new(format!(
            "it is nested more than {DEPTH_LIMIT} levels deep"
        )));
    };
    if object.is_none() {
        return Ok(Json::Null);
    }
    if let Ok(value) = object.cast_exact::<PyBool>() {
        return Ok(Json::Bool(value.is_true()));
    }
    let no_number = || NotJson::new(format!("{object} is not a JSON number"));
    if object.is_instance_of::<PyInt>() {
        if let Ok(value) = object.extract::<i64>() {
            return Ok(value.into());
        }
        // An integer of any size: a bound of a schema, say.
        let digits = object.str().map_err(|_| no_number())?;
        return Number::from_str(&digits.to_string_lossy())
            .map(Json::Number)
            .map_err(|_| no_number());
    }
    if let Ok(value) = object.extract::<f64>() {
        return Number::from_f64(value).map(Json::Number).ok_or_else(no_number);
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Json::String(text.to_string()));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        return read_members(dict, depth).map(Json::Object);
    }
    if (object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>())
        && let Ok(items) = object.try_iter()
    {
        let item = |(index, item): (usize, PyResult<Bound<'_, PyAny>>)| {
            let item = item.map_err(|error| NotJson::new(error.to_string()));
            item.and_then(|item| read(&item, depth))
                .map_err(|error| error.at(index.to_string()))
        };
        return items
            .enumerate()
            .map(item)
            .collect::<Result<_, _>>()
            .map(Json::Array);
    }
    let kind = object.get_type();
    let kind = kind
        .name()
        .map_or_else(|_| "this".to_owned(), |name| name.to_string());
    Err(NotJson::new(format!("{kind} is not JSON data")))
}

/// An uploaded file.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeFile {
    file: Arc<File>,
}

#[pymethods]
impl NativeFile {
    #[getter]
    fn filename(&self) -> Option<&str> {
        self.file.filename.as_deref()
    }

    #[getter]
    fn content_type(&self) -> Option<&str> {
        self.file.content_type.as_deref()
    }

    #[getter]
    fn size(&self) -> u64 {
        self.file.size
    }

    /// Where the content lies when it is on disk.
    #[getter]
    fn path(&self) -> Option<String> {
        match &self.file.content {
            FileContent::Disk(path) => Some(path.to_string_lossy().into_owned()),
            FileContent::Memory(_) => None,
        }
    }

    /// The whole content.
    fn read<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match &self.file.content {
            FileContent::Memory(bytes) => Ok(PyBytes::new(py, bytes)),
            FileContent::Disk(path) => {
                let content = py.detach(|| std::fs::read(path))?;
                Ok(PyBytes::new(py, &content))
            }
        }
    }
}

/// Content above this size is shared with Python instead of copied: then the reference costs less than the copy.
const SHARE_ABOVE: usize = 16 * 1024;

/// The content of a `bytes` object.
pub(crate) fn content(object: &Bound<'_, PyBytes>) -> Bytes {
    struct Shared {
        _owner: Py<PyBytes>,
        start: *const u8,
        length: usize,
    }
    #[allow(unsafe_code)]
    // SAFETY: a `bytes` object never changes, so its content may be read from any thread while `Shared` keeps it alive.
    unsafe impl Send for Shared {}
    impl AsRef<[u8]> for Shared {
        #[allow(unsafe_code)]
        fn as_ref(&self) -> &[u8] {
            // SAFETY: pointer and length come from the object that `_owner` keeps alive, and `bytes` does not move.
            unsafe { std::slice::from_raw_parts(self.start, self.length) }
        }
    }

    let slice = object.as_bytes();
    if slice.len() <= SHARE_ABOVE {
        return Bytes::copy_from_slice(slice);
    }
    Bytes::from_owner(Shared {
        _owner: object.clone().unbind(),
        start: slice.as_ptr(),
        length: slice.len(),
    })
}
