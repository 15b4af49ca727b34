//! Waiting for threads of the runtime, without the interpreter's lock or while other fibers run.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    task::{Wake, Waker},
};

use magnus::{Error, Ruby, TryConvert};
use sabir_host::Wake as _;

use crate::{
    bell::{self, Bell},
    hooks,
    interpreter::without_lock,
};

/// Something that a thread of the runtime gives once, and a thread or a fiber of Ruby waits for.
pub(crate) struct Awaited<T> {
    sender: Notifier<T>,
    receiver: Receiver<Event<T>>,
}

/// Tells whoever waits.
struct Notifier<T> {
    sender: Sender<Event<T>>,
    /// What the fiber waits for that does, if it is one.
    bell: Arc<Mutex<Option<Bell>>>,
}

enum Event<T> {
    Given(T),
    /// Nobody will give it.
    Gone,
    Interrupted,
}

/// Gives it; dropped instead, it says that nobody will.
struct Giver<T>(Option<Notifier<T>>);

/// Tells a thread that waits that a task would be woken.
struct Woken(Notifier<()>);

impl<T> Notifier<T> {
    fn send(&self, event: Event<T>) {
        // Whoever waited may have been interrupted for good.
        let _ = self.sender.send(event);
        if let Some(bell) = &*self.bell.lock().unwrap_or_else(PoisonError::into_inner) {
            bell.wake();
        }
    }

    fn ring(&self, bell: Option<Bell>) {
        *self.bell.lock().unwrap_or_else(PoisonError::into_inner) = bell;
    }
}

impl<T> Clone for Notifier<T> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            bell: Arc::clone(&self.bell),
        }
    }
}

impl<T: Send + 'static> Awaited<T> {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = channel();
        let sender = Notifier {
            sender,
            bell: Arc::default(),
        };
        Self { sender, receiver }
    }

    /// What gives it.
    pub(crate) fn giver(&self) -> impl FnOnce(T) + Send + 'static {
        let mut giver = Giver(Some(self.sender.clone()));
        move |value| {
            if let Some(sender) = giver.0.take() {
                sender.send(Event::Given(value));
            }
        }
    }

    /// Waits for it, also while the thread is interrupted for something that raises nothing. `None` when nobody will give it. In
    /// a fiber that has a scheduler, others run meanwhile.
    ///
    /// # Errors
    /// What is raised here meanwhile. It can be waited for again then.
    pub(crate) fn wait(&self, ruby: &Ruby) -> Result<Option<T>, Error> {
        if bell::is_scheduled(ruby) {
            return self.wait_in_fiber(ruby);
        }
        let sender = &self.sender;
        let interrupt = || sender.send(Event::Interrupted);
        loop {
            match without_lock(|| self.receiver.recv(), &interrupt) {
                Some(Ok(Event::Given(value))) => return Ok(Some(value)),
                Some(Ok(Event::Gone) | Err(_)) => return Ok(None),
                Some(Ok(Event::Interrupted)) | None => ruby.thread_check_ints()?,
            }
        }
    }

    fn wait_in_fiber(&self, ruby: &Ruby) -> Result<Option<T>, Error> {
        let object = hooks::take_bell(ruby)?;
        let bell = <&Bell>::try_convert(object)?;
        self.sender.ring(Some(bell.clone()));
        let given = loop {
            match self.receiver.try_recv() {
                Ok(Event::Given(value)) => break Ok(Some(value)),
                Ok(Event::Gone) | Err(TryRecvError::Disconnected) => break Ok(None),
                Ok(Event::Interrupted) => {}
                Err(TryRecvError::Empty) => {
                    if let Err(raised) = hooks::wait_for_bell(object) {
                        break Err(raised);
                    }
                }
            }
        };
        self.sender.ring(None);
        match (given, hooks::give_back_bell(ruby, object)) {
            // It comes when it is waited for again.
            (Ok(given), Err(raised)) => {
                self.sender.send(given.map_or(Event::Gone, Event::Given));
                Err(raised)
            }
            (given, _) => given,
        }
    }
}

impl Awaited<()> {
    /// What gives it by waking a task.
    pub(crate) fn waker(&self) -> Waker {
        Waker::from(Arc::new(Woken(self.sender.clone())))
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.send(Event::Given(()));
    }
}

impl Drop for Woken {
    fn drop(&mut self) {
        self.0.send(Event::Gone);
    }
}

impl<T> Drop for Giver<T> {
    fn drop(&mut self) {
        if let Some(sender) = self.0.take() {
            sender.send(Event::Gone);
        }
    }
}
