//! Who wants to know when calls have ended.

use pyo3::{Py, PyAny};
use sabir_host::Calls;

/// What is called when calls have ended, and the bound `run` of the contexts that their handlers have run in.
pub(crate) type Ended = Calls<(Py<PyAny>, Option<Py<PyAny>>)>;
