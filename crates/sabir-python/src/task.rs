//! Stepping coroutines.
//!
//! A coroutine is stepped the moment its call arrives; most finish in that step and never become a Task of their
//! own. The first step must still see a real `asyncio.current_task()`, since `asyncio.timeout`, `TaskGroup` and anyio
//! ask for it. One spare Task therefore waits, suspended on a future, with a [`Suspended`] as its coroutine. It is made
//! the current task for the first step; when the coroutine suspends, the spare becomes that call's Task, and a new spare
//! is made when one is next needed.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, PyStopIteration, asyncio::CancelledError},
    ffi,
    prelude::*,
    types::{PyDict, PyTuple},
};

use sabir_host::{CallId, Calls};

use crate::{
    call::{Running, Ticket},
    event_loop::{Attachment, EventLoop},
    interpreter::Inside,
    response::Responder,
};

/// What one step of a coroutine came to.
enum Outcome {
    /// It waits for this object.
    Yielded(Py<PyAny>),
    /// It returned.
    Returned(Py<PyAny>),
    /// It raised.
    Raised(PyErr),
}

thread_local! {
    /// The outcome of the step that `Context.run` has just made; `run` can only pass on one object.
    static OUTCOME: RefCell<Option<Outcome>> = const { RefCell::new(None) };
}

/// Steps a coroutine by `send(None)`; the outcome is left in [`OUTCOME`].
#[pyfunction]
fn step(coroutine: &Bound<'_, PyAny>) {
    let outcome = send(coroutine);
    OUTCOME.set(Some(outcome));
}

/// Throws `exception` into a coroutine; the outcome is left in [`OUTCOME`].
#[pyfunction]
fn throw(coroutine: &Bound<'_, PyAny>, exception: &Bound<'_, PyAny>) {
    let py = coroutine.py();
    let outcome = match coroutine.call_method1("throw", (exception,)) {
        Ok(yielded) => Outcome::Yielded(yielded.unbind()),
        Err(error) if error.is_instance_of::<PyStopIteration>(py) => match error.value(py).getattr("value") {
            Ok(value) => Outcome::Returned(value.unbind()),
            Err(error) => Outcome::Raised(error),
        },
        Err(error) => Outcome::Raised(error),
    };
    OUTCOME.set(Some(outcome));
}

#[allow(unsafe_code)]
fn send(coroutine: &Bound<'_, PyAny>) -> Outcome {
    let py = coroutine.py();
    let mut result = std::ptr::null_mut();
    // SAFETY: `coroutine` is a live object, `None` is immortal for the call, and `result` receives a new reference or
    // null as the status says. The GIL is held, as `py` shows.
    unsafe {
        match ffi::PyIter_Send(coroutine.as_ptr(), ffi::Py_None(), &raw mut result) {
            ffi::PySendResult::PYGEN_NEXT => Outcome::Yielded(Bound::from_owned_ptr(py, result).unbind()),
            ffi::PySendResult::PYGEN_RETURN => Outcome::Returned(Bound::from_owned_ptr(py, result).unbind()),
            ffi::PySendResult::PYGEN_ERROR => Outcome::Raised(PyErr::fetch(py)),
        }
    }
}

/// Runs `operation` (a [`step`] or [`throw`]) in `context` and takes the outcome.
fn run_in(context_run: &Bound<'_, PyAny>, arguments: &Bound<'_, PyTuple>) -> Outcome {
    if let Err(error) = context_run.call1(arguments) {
        return Outcome::Raised(error);
    }
    OUTCOME
        .take()
        .unwrap_or_else(|| Outcome::Raised(PyRuntimeError::new_err("the step left no outcome")))
}

/// A Task and its coroutine.
type Spare = (Py<PyAny>, Py<Suspended>);

/// Runs coroutines of one application.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct Tasks {
    pub(crate) attachment: Attachment,
    responder: Arc<Responder>,
    step: Py<PyAny>,
    throw: Py<PyAny>,
    spare: Mutex<Option<Spare>>,
    /// The Tasks of the calls that have suspended.
    running: Calls<Py<PyAny>>,
}

impl Tasks {
    /// What runs coroutines whose results `responder` answers.
    pub(crate) fn new(py: Python<'_>, responder: Arc<Responder>) -> PyResult<Self> {
        Ok(Self {
            attachment: Attachment::default(),
            responder,
            step: wrap_pyfunction!(step, py)?.into_any().unbind(),
            throw: wrap_pyfunction!(throw, py)?.into_any().unbind(),
            spare: Mutex::default(),
            running: Calls::default(),
        })
    }

    /// Steps the coroutine that the function makes, and answers if it ends with that.
    pub(crate) fn start(
        slf: &Bound<'_, Self>,
        attached: &EventLoop,
        ticket: Ticket,
        function: &Py<PyAny>,
        arguments: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let (py, tasks, id) = (slf.py(), slf.get(), ticket.id);
        let coroutine = match function.bind(py).call1(arguments) {
            Ok(coroutine) => coroutine,
            Err(error) => {
                tasks.responder.answer(py, ticket, Err(error), None);
                return Ok(());
            }
        };
        let context_run = attached.context_run(py)?;
        let (task, suspended) = Self::spare(slf, attached)?;
        suspended.get().begin(Running {
            coroutine: coroutine.clone().unbind(),
            context_run: context_run.clone().unbind(),
            ticket,
        });
        let event_loop = attached.object.bind(py);
        attached.enter_task.bind(py).call1((event_loop, &task))?;
        let outcome = run_in(&context_run, &(tasks.step.bind(py), coroutine).into_pyobject(py)?);
        attached.leave_task.bind(py).call1((event_loop, &task))?;
        match outcome {
            Outcome::Yielded(first) => {
                tasks.running.insert(id, task.clone_ref(py));
                suspended.get().suspend(py, first)
            }
            mut ended => {
                let running = suspended.get().release();
                if task.bind(py).call_method0("cancelling")?.extract::<u32>()? == 0 {
                    tasks.keep_spare(Some((task, suspended)));
                } else if matches!(ended, Outcome::Returned(_)) {
                    // A Task that was asked to cancel carries the request on and is not used again. A coroutine that ends
                    // before the request could reach it has been cancelled, as in asyncio.
                    ended = Outcome::Raised(CancelledError::new_err(()));
                }
                running.map_or(Ok(()), |running| tasks.finish(py, running, ended, false))
            }
        }
    }

    /// Cancels the Task of a call, if it has one.
    pub(crate) fn cancel(&self, py: Python<'_>, id: CallId) -> PyResult<()> {
        match self.running.remove(id) {
            Some(task) => task.bind(py).call_method0("cancel").map(drop),
            None => Ok(()),
        }
    }

    /// The Task that waits for its first call, which the loop is left with.
    pub(crate) fn take_spare(&self) -> Option<Py<PyAny>> {
        let spare = self.lock_spare().take();
        spare.map(|(task, _)| task)
    }

    /// The spare Task, made when there is none.
    fn spare(slf: &Bound<'_, Self>, attached: &EventLoop) -> PyResult<Spare> {
        if let Some(spare) = slf.get().lock_spare().take() {
            return Ok(spare);
        }
        let py = slf.py();
        let suspended = Py::new(py, Suspended::new(slf.clone().unbind()))?;
        let options = PyDict::new(py);
        options.set_item("loop", attached.object.bind(py))?;
        let task = attached.task_type.bind(py).call((&suspended,), Some(&options))?;
        Ok((task.unbind(), suspended))
    }

    /// Keeps a spare Task. One that is there already is dropped, not under the lock.
    fn keep_spare(&self, spare: Option<Spare>) {
        let before = std::mem::replace(&mut *self.lock_spare(), spare);
        drop(before);
    }

    /// Forgets the spare Task if it is that of `suspended`: it has ended.
    fn forget_spare(&self, suspended: &Suspended) {
        let spare = self
            .lock_spare()
            .take_if(|(_, spare)| std::ptr::eq(spare.get(), suspended));
        drop(spare);
    }

    fn lock_spare(&self) -> MutexGuard<'_, Option<Spare>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends a call. A cancelled one that ran as a Task of its own passes the exception on, so that the Task counts as
    /// cancelled.
    fn finish(&self, py: Python<'_>, running: Running, outcome: Outcome, suspended: bool) -> PyResult<()> {
        if suspended {
            drop(self.running.remove(running.ticket.id));
        }
        match outcome {
            Outcome::Returned(result) => {
                let context_run = running.context_run.bind(py);
                self.responder
                    .answer(py, running.ticket, Ok(result.into_bound(py)), Some(context_run));
            }
            Outcome::Raised(error) => {
                let cancelled = error.is_instance_of::<CancelledError>(py);
                let passed_on = (suspended && cancelled).then(|| error.clone_ref(py));
                if cancelled && running.ticket.reply.is_abandoned() {
                    self.responder
                        .forget(running.ticket, running.context_run.bind(py));
                } else {
                    let context_run = running.context_run.bind(py);
                    self.responder
                        .answer(py, running.ticket, Err(error), Some(context_run));
                }
                return passed_on.map_or(Ok(()), Err);
            }
            Outcome::Yielded(_) => {}
        }
        Ok(())
    }
}

#[pymethods]
impl Tasks {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.attachment.visit(&visit)?;
        if let Ok(spare) = self.spare.try_lock()
            && let Some((task, suspended)) = &*spare
        {
            visit.call(task)?;
            visit.call(suspended)?;
        }
        self.running.try_visit(|task| visit.call(task))
    }

    fn __clear__(&self) {
        let attached = self.attachment.replace(None);
        drop(attached);
        self.running.take_all().for_each(drop);
        self.keep_spare(None);
    }
}

/// The coroutine of a spare or running call Task.
#[pyclass(frozen, weakref, module = "sabir._sabir")]
struct Suspended {
    tasks: Py<Tasks>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the spare Task waits on until it is needed.
    parked: Option<Py<PyAny>>,
    /// What the coroutine's first step yielded; passed to the Task when it is next stepped.
    first: Option<Py<PyAny>>,
    /// The call, from its first step to its end.
    running: Option<Running>,
}

impl Suspended {
    fn new(tasks: Py<Tasks>) -> Self {
        Self {
            tasks,
            state: Mutex::default(),
        }
    }

    /// Binds a call to this Task for its first step.
    fn begin(&self, running: Running) {
        let before = self.lock().running.replace(running);
        drop(before);
    }

    /// Gives the call back: it ended in its first step, and the Task is spare again.
    fn release(&self) -> Option<Running> {
        self.lock().running.take()
    }

    /// Hands over to the Task: it is to wait for `first`.
    fn suspend(&self, py: Python<'_>, first: Py<PyAny>) -> PyResult<()> {
        let parked = {
            let mut state = self.lock();
            state.first = Some(first);
            state.parked.take()
        };
        if let Some(parked) = parked {
            let parked = parked.bind(py);
            // A Task that was asked to cancel has cancelled it, and is on its way.
            if let Err(error) = parked.call_method1("set_result", (py.None(),))
                && !parked.call_method0("cancelled")?.is_truthy()?
            {
                return Err(error);
            }
        }
        Ok(())
    }

    /// The state. Objects are taken out under the lock and dropped after it, since code of Python may run when one dies.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The coroutine and the bound `Context.run` of the call.
    fn current(&self, py: Python<'_>) -> Option<(Py<PyAny>, Py<PyAny>)> {
        let state = self.lock();
        let running = state.running.as_ref()?;
        Some((running.coroutine.clone_ref(py), running.context_run.clone_ref(py)))
    }

    /// Passes a yielded object on, or ends the call and with it the Task.
    fn settle(&self, py: Python<'_>, outcome: Outcome) -> PyResult<Option<Py<PyAny>>> {
        match outcome {
            Outcome::Yielded(yielded) => Ok(Some(yielded)),
            ended => {
                let Some(running) = self.release() else {
                    return Ok(None);
                };
                self.tasks.get().finish(py, running, ended, true)?;
                Ok(None)
            }
        }
    }
}

#[pymethods]
impl Suspended {
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let Some(_inside) = Inside::unless_closed() else {
            return self.park(py).map(Some);
        };
        let first = self.lock().first.take();
        if first.is_some() {
            return Ok(first);
        }
        let Some((coroutine, run)) = self.current(py) else {
            return self.park(py).map(Some);
        };
        let tasks = self.tasks.get();
        let outcome = run_in(run.bind(py), &(tasks.step.bind(py), coroutine).into_pyobject(py)?);
        self.settle(py, outcome)
    }

    fn send(&self, py: Python<'_>, _value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.__next__(py)?.ok_or_else(|| PyStopIteration::new_err(()))
    }

    #[pyo3(signature = (exception, *_rest))]
    fn throw(
        &self,
        py: Python<'_>,
        exception: &Bound<'_, PyAny>,
        _rest: &Bound<'_, PyTuple>,
    ) -> PyResult<Py<PyAny>> {
        let is_cancellation = exception.is_instance_of::<CancelledError>();
        let first = self.lock().first.take();
        if let Some(first) = first
            && is_cancellation
        {
            return Self::cancel_late(exception, first);
        }
        let Some((coroutine, run)) = self.current(py) else {
            if is_cancellation && current_task(py)?.call_method0("cancelling")?.extract::<u32>()? == 0 {
                // Asked to cancel and asked not to, while the Task was used for a call that has ended.
                return self.park(py);
            }
            self.tasks.get().forget_spare(self);
            return Err(PyErr::from_value(exception.clone()));
        };
        let tasks = self.tasks.get();
        let outcome = run_in(
            run.bind(py),
            &(tasks.throw.bind(py), coroutine, exception).into_pyobject(py)?,
        );
        self.settle(py, outcome)?
            .ok_or_else(|| PyStopIteration::new_err(()))
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        match self.release() {
            Some(running) => running.coroutine.bind(py).call_method0("close").map(drop),
            None => Ok(()),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.tasks)?;
        let Ok(state) = self.state.try_lock() else {
            return Ok(());
        };
        visit.call(&state.parked)?;
        visit.call(&state.first)?;
        state
            .running
            .as_ref()
            .map_or(Ok(()), |running| running.visit(&visit))
    }

    fn __clear__(&self) {
        let state = std::mem::take(&mut *self.lock());
        drop(state);
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// What `inspect` and task listings ask of a coroutine (`cr_running`, `cr_frame`, `__name__` and the like) is
    /// answered by the handler's.
    fn __getattr__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        match self.current(py) {
            Some((coroutine, _)) => coroutine.getattr(py, name),
            None if name == "cr_running" => Ok(false.into_pyobject(py)?.to_owned().into_any().unbind()),
            None if name == "cr_suspended" => Ok(true.into_pyobject(py)?.to_owned().into_any().unbind()),
            None if name.starts_with("cr_") => Ok(py.None()),
            None => Err(pyo3::exceptions::PyAttributeError::new_err(name.to_owned())),
        }
    }
}

impl Suspended {
    /// The call asked its Task to cancel before it first waited, for `first`, which the Task has not seen yet. asyncio cancels
    /// what a coroutine waits for and tells the coroutine when that is done; so the Task gets `first` to wait for, and the
    /// request once more. Without a request the exception is one that was taken back, and only `first` is left to wait for.
    fn cancel_late(exception: &Bound<'_, PyAny>, first: Py<PyAny>) -> PyResult<Py<PyAny>> {
        let task = current_task(exception.py())?;
        if task.call_method0("cancelling")?.extract::<u32>()? > 0 {
            let message = exception.getattr("args")?.cast_into::<PyTuple>()?;
            task.call_method1("cancel", message)?;
            // It counts as one request.
            task.call_method0("uncancel")?;
        }
        Ok(first)
    }

    /// Lets the spare Task wait on a future of its own, the way `await future` does.
    fn park(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let future = self.tasks.get().attachment.get()?.create_future.call0(py)?;
        let yielded = future
            .bind(py)
            .call_method0("__await__")?
            .call_method0("__next__")?;
        let before = self.lock().parked.replace(future);
        drop(before);
        Ok(yielded.unbind())
    }
}

fn current_task(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    py.import("asyncio")?.call_method0("current_task")
}

/// Makes `Suspended` a coroutine in asyncio's eyes.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    py.import("collections.abc")?
        .getattr("Coroutine")?
        .call_method1("register", (py.get_type::<Suspended>(),))?;
    Ok(())
}
