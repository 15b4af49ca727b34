//! Where access logs are written: on a thread of each one's own, beside the requests.

mod output;

use std::{
    sync::{
        Arc, Mutex, Once, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, SyncSender, TrySendError},
    },
    thread::{self, Thread},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use sabir_core::{
    SetupError,
    access_log::{AccessLog, AccessLogFormat, AccessLogSink, AccessRecord},
};

use self::output::Output;

/// How many records wait at most.
const MOST_RECORDS: usize = 16 * 1024;

/// How long the thread lets records come together. A request that finds it asleep does not pay for waking it.
const PAUSE: Duration = Duration::from_millis(5);

/// How long those who end wait for what is still to be written.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// Opens standard output, standard error, and files.
#[derive(Debug)]
pub(crate) struct AccessLogs;

/// The logs of this process.
static LOGS: Mutex<Vec<Weak<Log>>> = Mutex::new(Vec::new());

/// A log and the thread that writes it, which is there once there is something to write.
struct Log {
    /// Taken away as the log ends, so that its thread does.
    sender: Option<SyncSender<Message>>,
    waiting: Mutex<Option<Waiting>>,
    start: Once,
    thread: Mutex<Option<Running>>,
    /// How many records had no room.
    dropped: Arc<AtomicU64>,
}

/// What the thread is started with.
struct Waiting {
    receiver: Receiver<Message>,
    output: Output,
    format: AccessLogFormat,
}

struct Running {
    thread: Thread,
    /// Has no sender any more when the thread has ended.
    ended: Receiver<()>,
}

enum Message {
    /// With when the answer has ended.
    Record(Duration, Box<AccessRecord>),
    /// Asks to say when everything that came before is written.
    Flush(SyncSender<()>),
}

/// Waits until the records of this process that are there are written, for two seconds at most. A server that stops does so by itself.
pub fn flush_access_logs() {
    let logs: Vec<Arc<Log>> = {
        let mut logs = LOGS.lock().unwrap_or_else(PoisonError::into_inner);
        logs.retain(|log| log.strong_count() > 0);
        logs.iter().filter_map(Weak::upgrade).collect()
    };
    let end = Instant::now() + LAST_WRITE;
    for log in logs {
        log.flush(end);
    }
}

impl AccessLogSink for AccessLogs {
    fn open(&self, output: &str, format: AccessLogFormat) -> Result<Arc<dyn AccessLog>, SetupError> {
        let opened = Output::open(output).map_err(|error| {
            let problem = format!("{output} cannot be opened: {error}");
            SetupError::new(
                "output",
                problem,
                "give the path of a file that can be written to",
            )
        })?;
        let (sender, receiver) = mpsc::sync_channel(MOST_RECORDS);
        let log = Arc::new(Log {
            sender: Some(sender),
            waiting: Mutex::new(Some(Waiting {
                receiver,
                output: opened,
                format,
            })),
            start: Once::new(),
            thread: Mutex::default(),
            dropped: Arc::default(),
        });
        let mut logs = LOGS.lock().unwrap_or_else(PoisonError::into_inner);
        logs.retain(|log| log.strong_count() > 0);
        logs.push(Arc::downgrade(&log));
        Ok(log)
    }
}

impl AccessLog for Log {
    fn write(&self, record: AccessRecord) {
        // Not as the log is opened: the process may fork until it serves.
        self.start.call_once(|| self.start());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let message = Message::Record(now, Box::new(record));
        let sent = self.sender.as_ref().map(|sender| sender.try_send(message));
        if !matches!(sent, Some(Ok(()))) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Log {
    fn start(&self) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(waiting) = waiting else { return };
        let (ending, ended) = mpsc::channel();
        let dropped = Arc::clone(&self.dropped);
        let started = thread::Builder::new().name("sabir-access".into()).spawn(move || {
            write_all(waiting, &dropped);
            drop(ending);
        });
        match started {
            Ok(handle) => {
                let thread = handle.thread().clone();
                *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(Running { thread, ended });
            }
            Err(error) => tracing::error!(%error, "there is no thread for the access log, which stays empty"),
        }
    }

    /// Waits until `end` for what has been recorded.
    fn flush(&self, end: Instant) {
        let running = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(running), Some(sender)) = (&*running, &self.sender) else {
            return;
        };
        let (done, is_done) = mpsc::sync_channel(1);
        let mut message = Message::Flush(done);
        loop {
            running.thread.unpark();
            message = match sender.try_send(message) {
                Err(TrySendError::Full(message)) if Instant::now() < end => message,
                _ => break,
            };
            thread::sleep(Duration::from_millis(1));
        }
        running.thread.unpark();
        // Whoever ends does not wait for an output that takes nothing.
        let _ = is_done.recv_timeout(end.saturating_duration_since(Instant::now()));
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.sender = None;
        let running = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(Running { thread, ended }) = running.take() {
            thread.unpark();
            let _ = ended.recv_timeout(LAST_WRITE);
        }
    }
}

/// Writes records until nobody can send any more.
fn write_all(waiting: Waiting, dropped: &AtomicU64) {
    let Waiting {
        receiver,
        mut output,
        format,
    } = waiting;
    while let Ok(first) = receiver.recv() {
        let mut flushed = Vec::new();
        let mut next = Some(first);
        output.begin();
        while let Some(message) = next {
            match message {
                Message::Record(ended, record) => output.line(&record.line(format, ended)),
                Message::Flush(done) => flushed.push(done),
            }
            next = receiver.try_recv().ok();
        }
        output.end();
        let count = dropped.swap(0, Ordering::Relaxed);
        if count > 0 {
            tracing::warn!(
                count,
                "lines of the access log were left out, since they came faster than they were written"
            );
        }
        if flushed.is_empty() {
            thread::park_timeout(PAUSE);
        }
        for done in flushed {
            // Whoever waited may have given up.
            let _ = done.try_send(());
        }
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
