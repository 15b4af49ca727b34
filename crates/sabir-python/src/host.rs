//! Running calls on an asyncio loop.

use std::{
    collections::HashMap,
    os::fd::RawFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use http::StatusCode;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyTuple};
use sabir_core::RequestHead;
use sabir_host::{CallId, Message, Pending, Queue, ReplyHandle};

use crate::{
    arguments::ArgumentPlan,
    error::unraisable,
    response::Encoder,
    task::{Outcome, Suspended, run_in},
    wake::EventFd,
};

/// The functions of `sabir._hooks`.
pub(crate) struct Hooks {
    pub(crate) make_request: Py<PyAny>,
    pub(crate) encode_json: Py<PyAny>,
    pub(crate) encode_result: Py<PyAny>,
    pub(crate) problem_of: Py<PyAny>,
    pub(crate) report: Py<PyAny>,
    pub(crate) submit: Py<PyAny>,
}

impl Hooks {
    pub(crate) fn read(module: &Bound<'_, PyAny>) -> PyResult<Self> {
        let function = |name: &str| module.getattr(name).map(Bound::unbind);
        Ok(Self {
            make_request: function("make_request")?,
            encode_json: function("encode_json")?,
            encode_result: function("encode_result")?,
            problem_of: function("problem_of")?,
            report: function("report")?,
            submit: module.getattr("executor")?.getattr("submit")?.unbind(),
        })
    }
}

/// How a handler is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It makes a coroutine.
    Coroutine,
    /// It is called on the thread pool.
    Blocking,
    /// It is called on the loop.
    Inline,
}

/// One Python handler.
pub(crate) struct Target {
    pub(crate) function: Py<PyAny>,
    pub(crate) mode: Mode,
    pub(crate) arguments: ArgumentPlan,
    pub(crate) status: Option<StatusCode>,
    /// The statuses that may stand beside a value in a tuple; `None` where a tuple is an array.
    pub(crate) statuses: Py<PyAny>,
}

/// A call between its first step and its end.
pub(crate) struct Running {
    pub(crate) id: CallId,
    pub(crate) coroutine: Py<PyAny>,
    pub(crate) context_run: Py<PyAny>,
    ticket: Ticket,
}

/// What is needed to answer a call.
struct Ticket {
    target: Arc<Target>,
    head: Arc<RequestHead>,
    reply: ReplyHandle,
}

/// The loop that runs calls, and the functions of asyncio that it takes.
struct Attachment {
    event_loop: Py<PyAny>,
    create_future: Py<PyAny>,
    task_type: Py<PyAny>,
    enter_task: Py<PyAny>,
    leave_task: Py<PyAny>,
    copy_context: Py<PyAny>,
    wake: EventFd,
}

/// Runs the calls of one application.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct Host {
    pub(crate) queue: Arc<Queue>,
    pub(crate) hooks: Hooks,
    pub(crate) step: Py<PyAny>,
    pub(crate) throw: Py<PyAny>,
    debug: bool,
    targets: RwLock<Vec<Arc<Target>>>,
    attachment: RwLock<Option<Arc<Attachment>>>,
    spare: Mutex<Option<(Py<PyAny>, Py<Suspended>)>>,
    tasks: Mutex<HashMap<CallId, Py<PyAny>>>,
    batch: Mutex<Vec<Message>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Host {
    pub(crate) fn new(py: Python<'_>, queue: Arc<Queue>, hooks: Hooks, debug: bool) -> PyResult<Self> {
        Ok(Self {
            queue,
            hooks,
            step: wrap_pyfunction!(crate::task::step, py)?.into_any().unbind(),
            throw: wrap_pyfunction!(crate::task::throw, py)?.into_any().unbind(),
            debug,
            targets: RwLock::default(),
            attachment: RwLock::default(),
            spare: Mutex::default(),
            tasks: Mutex::default(),
            batch: Mutex::default(),
        })
    }

    /// Adds a handler and gives its number.
    pub(crate) fn add(&self, target: Target) -> usize {
        let mut targets = self.targets.write().unwrap_or_else(PoisonError::into_inner);
        targets.push(Arc::new(target));
        targets.len() - 1
    }

    /// The number that the next added handler gets.
    pub(crate) fn next_target(&self) -> usize {
        self.targets.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Runs calls on `event_loop` from now on.
    pub(crate) fn attach(slf: &Bound<'_, Self>, event_loop: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let host = slf.get();
        host.detach(py)?;
        let (asyncio, tasks) = (py.import("asyncio")?, py.import("asyncio.tasks")?);
        let wake = EventFd::new()?;
        let attachment = Attachment {
            event_loop: event_loop.clone().unbind(),
            create_future: event_loop.getattr("create_future")?.unbind(),
            task_type: asyncio.getattr("Task")?.unbind(),
            enter_task: tasks.getattr("_enter_task")?.unbind(),
            leave_task: tasks.getattr("_leave_task")?.unbind(),
            copy_context: py.import("contextvars")?.getattr("copy_context")?.unbind(),
            wake: wake.clone(),
        };
        event_loop.call_method1("add_reader", (wake.descriptor(), slf.getattr("drain")?))?;
        *host.attachment.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(attachment));
        host.queue.attach(Some(Box::new(wake)));
        Ok(())
    }

    /// Calls `callback` on the loop's thread; on this one when there is no loop any more.
    pub(crate) fn call_soon(&self, py: Python<'_>, callback: &Py<PyAny>) -> PyResult<()> {
        match self.attached() {
            Ok(attachment) => attachment
                .event_loop
                .call_method1(py, "call_soon_threadsafe", (callback,))
                .map(drop),
            Err(_) => callback.call0(py).map(drop),
        }
    }

    /// Leaves the loop. Calls that arrive meanwhile wait for the next one.
    pub(crate) fn detach(&self, py: Python<'_>) -> PyResult<()> {
        let attachment = self
            .attachment
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(attachment) = attachment else {
            return Ok(());
        };
        self.queue.attach(None);
        let spare = lock(&self.spare).take();
        let event_loop = attachment.event_loop.bind(py);
        if !event_loop.call_method0("is_closed")?.is_truthy()? {
            let descriptor: RawFd = attachment.wake.descriptor();
            event_loop.call_method1("remove_reader", (descriptor,))?;
            if let Some((task, _)) = spare {
                task.bind(py).call_method0("cancel")?;
            }
        }
        Ok(())
    }

    pub(crate) fn create_future(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.attached()?.create_future.call0(py)
    }

    fn attached(&self) -> PyResult<Arc<Attachment>> {
        let attachment = self.attachment.read().unwrap_or_else(PoisonError::into_inner);
        attachment
            .clone()
            .ok_or_else(|| PyRuntimeError::new_err("the application is attached to no event loop"))
    }

    fn target(&self, index: usize) -> Option<Arc<Target>> {
        self.targets
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(index)
            .cloned()
    }

    fn start(slf: &Bound<'_, Self>, attachment: &Attachment, pending: Pending) {
        let (py, host) = (slf.py(), slf.get());
        let Pending {
            id,
            target,
            call,
            reply,
        } = pending;
        if reply.is_abandoned() {
            return;
        }
        let Some(target) = host.target(target) else { return };
        let arguments = target
            .arguments
            .build(py, &call, host.hooks.make_request.bind(py));
        let ticket = Ticket {
            target,
            head: call.head,
            reply,
        };
        let arguments = match arguments {
            Ok(arguments) => arguments,
            Err(error) => return host.answer(py, ticket, Err(error)),
        };
        let ended = match ticket.target.mode {
            Mode::Coroutine => Self::start_coroutine(slf, attachment, id, ticket, &arguments),
            Mode::Inline => host.call_inline(attachment, ticket, &arguments),
            Mode::Blocking => Self::submit(slf, attachment, ticket, &arguments),
        };
        if let Err(error) = ended {
            unraisable(py, &error);
        }
    }

    fn start_coroutine(
        slf: &Bound<'_, Self>,
        attachment: &Attachment,
        id: CallId,
        ticket: Ticket,
        arguments: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let (py, host) = (slf.py(), slf.get());
        let coroutine = match ticket.target.function.bind(py).call1(arguments) {
            Ok(coroutine) => coroutine,
            Err(error) => {
                host.answer(py, ticket, Err(error));
                return Ok(());
            }
        };
        let context_run = attachment.copy_context.bind(py).call0()?.getattr("run")?;
        let (task, suspended) = Self::spare(slf, attachment)?;
        suspended.get().begin(Running {
            id,
            coroutine: coroutine.clone().unbind(),
            context_run: context_run.clone().unbind(),
            ticket,
        });
        let event_loop = attachment.event_loop.bind(py);
        attachment.enter_task.bind(py).call1((event_loop, &task))?;
        let outcome = run_in(&context_run, &(host.step.bind(py), coroutine).into_pyobject(py)?);
        attachment.leave_task.bind(py).call1((event_loop, &task))?;
        match outcome {
            Outcome::Yielded(first) => {
                lock(&host.tasks).insert(id, task.clone_ref(py));
                suspended.get().suspend(py, first)
            }
            ended => {
                let running = suspended.get().release();
                // A Task that was asked to cancel carries the request on; such a one is not used again.
                if task.bind(py).call_method0("cancelling")?.extract::<u32>()? == 0 {
                    *lock(&host.spare) = Some((task, suspended));
                }
                running.map_or(Ok(()), |running| host.finish(py, running, ended, false))
            }
        }
    }

    /// The spare Task, made when there is none.
    fn spare(slf: &Bound<'_, Self>, attachment: &Attachment) -> PyResult<(Py<PyAny>, Py<Suspended>)> {
        let py = slf.py();
        if let Some(spare) = lock(&slf.get().spare).take() {
            return Ok(spare);
        }
        let suspended = Py::new(py, Suspended::new(slf.clone().unbind()))?;
        let options = pyo3::types::PyDict::new(py);
        options.set_item("loop", attachment.event_loop.bind(py))?;
        let task = attachment
            .task_type
            .bind(py)
            .call((&suspended,), Some(&options))?;
        Ok((task.unbind(), suspended))
    }

    fn call_inline(
        &self,
        attachment: &Attachment,
        ticket: Ticket,
        arguments: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let py = arguments.py();
        let run = attachment.copy_context.bind(py).call0()?.getattr("run")?;
        let result = run.call1(prepend(&ticket.target.function, arguments)?);
        self.answer(py, ticket, result);
        Ok(())
    }

    fn submit(
        slf: &Bound<'_, Self>,
        attachment: &Attachment,
        ticket: Ticket,
        arguments: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let py = slf.py();
        let run = attachment.copy_context.bind(py).call0()?.getattr("run")?;
        let job = BlockingCall {
            host: slf.clone().unbind(),
            run: run.unbind(),
            arguments: prepend(&ticket.target.function, arguments)?.unbind(),
            ticket: Mutex::new(Some(ticket)),
        };
        slf.get()
            .hooks
            .submit
            .bind(py)
            .call1((Bound::new(py, job)?,))
            .map(drop)
    }

    /// Ends a call. A cancelled one that ran as a Task of its own passes the exception on, so that the Task counts as
    /// cancelled.
    pub(crate) fn finish(
        &self,
        py: Python<'_>,
        running: Running,
        outcome: Outcome,
        suspended: bool,
    ) -> PyResult<()> {
        if suspended {
            lock(&self.tasks).remove(&running.id);
        }
        match outcome {
            Outcome::Returned(result) => self.answer(py, running.ticket, Ok(result.into_bound(py))),
            Outcome::Raised(error) => {
                let cancelled = error.is_instance_of::<pyo3::exceptions::asyncio::CancelledError>(py);
                let passed_on = (suspended && cancelled).then(|| error.clone_ref(py));
                if !(cancelled && running.ticket.reply.is_abandoned()) {
                    self.answer(py, running.ticket, Err(error));
                }
                return passed_on.map_or(Ok(()), Err);
            }
            Outcome::Yielded(_) => {}
        }
        Ok(())
    }

    fn answer(&self, py: Python<'_>, ticket: Ticket, result: PyResult<Bound<'_, PyAny>>) {
        let encoder = Encoder {
            hooks: &self.hooks,
            status: ticket.target.status,
            statuses: ticket.target.statuses.bind(py),
            py,
        };
        let reply = match result.and_then(|result| encoder.encode(&result)) {
            Ok(reply) => reply,
            Err(error) => encoder.refuse(&error, &ticket.head, self.debug),
        };
        ticket.reply.answer(reply);
    }

    fn cancel(&self, py: Python<'_>, id: CallId) -> PyResult<()> {
        let task = lock(&self.tasks).remove(&id);
        match task {
            Some(task) => task.bind(py).call_method0("cancel").map(drop),
            None => Ok(()),
        }
    }
}

fn prepend<'py>(function: &Py<PyAny>, arguments: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
    let py = arguments.py();
    PyTuple::new(
        py,
        std::iter::once(function.bind(py).clone())
            .chain(arguments.iter())
            .collect::<Vec<_>>(),
    )
}

#[pymethods]
impl Host {
    /// Runs the calls that wait. The loop calls it when the eventfd is readable.
    fn drain(slf: &Bound<'_, Self>) -> PyResult<()> {
        let (py, host) = (slf.py(), slf.get());
        let attachment = host.attached()?;
        let mut batch = std::mem::take(&mut *lock(&host.batch));
        host.queue.take(&mut batch);
        for message in batch.drain(..) {
            match message {
                Message::Call(pending) => Self::start(slf, &attachment, *pending),
                Message::Cancelled(id) => {
                    if let Err(error) = host.cancel(py, id) {
                        unraisable(py, &error);
                    }
                }
            }
        }
        *lock(&host.batch) = batch;
        // Cleared before going idle: a wake that comes after `try_sleep` must stay visible. While calls keep arriving
        // the counter is left set, and the loop comes back here after its other callbacks had their turn.
        attachment.wake.clear();
        if !host.queue.try_sleep() {
            sabir_host::Wake::wake(&attachment.wake);
        }
        Ok(())
    }
}

/// A call on its way to the thread pool.
#[pyclass(frozen, module = "sabir._sabir")]
struct BlockingCall {
    host: Py<Host>,
    run: Py<PyAny>,
    arguments: Py<PyTuple>,
    ticket: Mutex<Option<Ticket>>,
}

#[pymethods]
impl BlockingCall {
    fn __call__(&self, py: Python<'_>) {
        let Some(ticket) = lock(&self.ticket).take() else {
            return;
        };
        if ticket.reply.is_abandoned() {
            return;
        }
        let result = self.run.bind(py).call1(self.arguments.bind(py));
        self.host.get().answer(py, ticket, result);
    }
}
