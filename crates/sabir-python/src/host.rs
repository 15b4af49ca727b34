//! Running calls on an asyncio loop.

use std::{
    collections::HashMap,
    os::fd::RawFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, asyncio::CancelledError},
    prelude::*,
    types::PyTuple,
};
use sabir_host::{CallId, Message, Pending, Queue};

use crate::{
    blocking::BlockingCall,
    call::{Mode, Running, Target, Ticket},
    error::unraisable,
    interpreter::Inside,
    response::{Answer, Encoder},
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
    /// Runs a call on a thread.
    pub(crate) submit: Py<PyAny>,
}

impl Hooks {
    /// Reads the module, whose plain functions run on up to `threads` threads.
    pub(crate) fn read(module: &Bound<'_, PyAny>, threads: u64) -> PyResult<Self> {
        let function = |name: &str| module.getattr(name).map(Bound::unbind);
        Ok(Self {
            make_request: function("make_request")?,
            encode_json: function("encode_json")?,
            encode_result: function("encode_result")?,
            problem_of: function("problem_of")?,
            report: function("report")?,
            submit: module.call_method1("handler_threads", (threads,))?.unbind(),
        })
    }
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
        host.replace_attachment(Some(Arc::new(attachment)));
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
        let Some(attachment) = self.replace_attachment(None) else {
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

    /// Sets the loop and gives the one before, which is dropped by the caller and not under the lock: code of Python may run
    /// when an object dies.
    fn replace_attachment(&self, attachment: Option<Arc<Attachment>>) -> Option<Arc<Attachment>> {
        let mut current = self.attachment.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, attachment)
    }

    /// Keeps a spare Task. One that is there already is dropped, not under the lock.
    fn keep_spare(&self, spare: Option<(Py<PyAny>, Py<Suspended>)>) {
        let before = std::mem::replace(&mut *lock(&self.spare), spare);
        drop(before);
    }

    /// Forgets the spare Task if it is that of `suspended`: it has ended.
    pub(crate) fn forget_spare(&self, suspended: &Suspended) {
        let spare = lock(&self.spare).take_if(|(_, spare)| std::ptr::eq(spare.get(), suspended));
        drop(spare);
    }

    fn forget_task(&self, id: CallId) -> Option<Py<PyAny>> {
        lock(&self.tasks).remove(&id)
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
            mut ended => {
                let running = suspended.get().release();
                if task.bind(py).call_method0("cancelling")?.extract::<u32>()? == 0 {
                    host.keep_spare(Some((task, suspended)));
                } else if matches!(ended, Outcome::Returned(_)) {
                    // A Task that was asked to cancel carries the request on and is not used again. A coroutine that ends
                    // before the request could reach it has been cancelled, as in asyncio.
                    ended = Outcome::Raised(CancelledError::new_err(()));
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
        let result = run.call1(prepend(ticket.target.function.bind(py), arguments)?);
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
        let call = prepend(&run, &prepend(ticket.target.function.bind(py), arguments)?)?;
        let call = BlockingCall::new(slf.clone().unbind(), call.unbind(), ticket);
        slf.get()
            .hooks
            .submit
            .bind(py)
            .call1((Bound::new(py, call)?,))
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
            drop(self.forget_task(running.id));
        }
        match outcome {
            Outcome::Returned(result) => self.answer(py, running.ticket, Ok(result.into_bound(py))),
            Outcome::Raised(error) => {
                let cancelled = error.is_instance_of::<CancelledError>(py);
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

    pub(crate) fn answer(&self, py: Python<'_>, ticket: Ticket, result: PyResult<Bound<'_, PyAny>>) {
        let encoder = Encoder {
            hooks: &self.hooks,
            status: ticket.target.status,
            statuses: ticket.target.statuses.bind(py),
            py,
        };
        let answer = match result.and_then(|result| encoder.encode(&result)) {
            Ok(answer) => answer,
            Err(error) => Answer::Reply(encoder.refuse(&error, &ticket.head, self.debug)),
        };
        answer.send(ticket.reply);
    }

    fn cancel(&self, py: Python<'_>, id: CallId) -> PyResult<()> {
        match self.forget_task(id) {
            Some(task) => task.bind(py).call_method0("cancel").map(drop),
            None => Ok(()),
        }
    }
}

fn prepend<'py>(first: &Bound<'py, PyAny>, rest: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
    let objects: Vec<_> = std::iter::once(first.clone()).chain(rest.iter()).collect();
    PyTuple::new(first.py(), objects)
}

impl Attachment {
    fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.event_loop)?;
        visit.call(&self.create_future)?;
        visit.call(&self.task_type)?;
        visit.call(&self.enter_task)?;
        visit.call(&self.leave_task)?;
        visit.call(&self.copy_context)
    }
}

#[pymethods]
impl Host {
    /// Runs the calls that wait. The loop calls it when the eventfd is readable.
    fn drain(slf: &Bound<'_, Self>) -> PyResult<()> {
        let (py, host) = (slf.py(), slf.get());
        let Some(_inside) = Inside::unless_closed() else {
            return Ok(());
        };
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

    // The collector runs at any time, also while a lock is held: what cannot be seen then counts as used from outside, and is
    // looked at again the next time.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.hooks.submit)?;
        if let Ok(targets) = self.targets.try_read() {
            targets
                .iter()
                .try_for_each(|target| Target::visit(target, &visit))?;
        }
        if let Ok(attachment) = self.attachment.try_read()
            && let Some(attachment) = &*attachment
            && Arc::strong_count(attachment) == 1
        {
            attachment.visit(&visit)?;
        }
        if let Ok(spare) = self.spare.try_lock()
            && let Some((task, suspended)) = &*spare
        {
            visit.call(task)?;
            visit.call(suspended)?;
        }
        match self.tasks.try_lock() {
            Ok(tasks) => tasks.values().try_for_each(|task| visit.call(task)),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let targets = std::mem::take(&mut *self.targets.write().unwrap_or_else(PoisonError::into_inner));
        let attachment = self.replace_attachment(None);
        let tasks = std::mem::take(&mut *lock(&self.tasks));
        drop((targets, attachment, tasks));
        self.keep_spare(None);
    }
}
