//! Small files in memory.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs::Metadata,
    mem,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use sabir_core::{Reply, RequestHead};

use super::codings::Codings;
use crate::file::{self, Origin};

/// How many bytes of files are kept at most.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What a file is counted as beside its content.
const OVERHEAD: usize = 1024;

/// How long a file is kept before its path is looked up anew: a better one may have come, such as a compressed sibling.
const LONGEST: Duration = Duration::from_secs(1);

/// How long a file has not been changed that is kept: one that has just been may be changed once more with the same time.
const SETTLED: Duration = Duration::from_secs(2);

/// Small files that have been asked for, by what follows the prefix in the path. Each is compared with the file system whenever it is
/// sent, so that nobody gets what has been replaced.
#[derive(Default)]
pub(super) struct Kept(Mutex<Generations>);

/// Files that were asked for lately, and those before. When there are too many the older ones go.
#[derive(Default)]
struct Generations {
    young: HashMap<Key, Arc<KeptFile>>,
    old: HashMap<Key, Arc<KeptFile>>,
    young_bytes: usize,
}

/// What follows the prefix, and where a client takes codings, these too.
type Key = Box<str>;

fn key(below: &str, codings: Codings) -> Cow<'_, str> {
    if codings == Codings::default() {
        return Cow::Borrowed(below);
    }
    let mut key = below.to_owned();
    for coding in codings.iter() {
        // No path has it.
        key.push('\0');
        key.push_str(coding.name);
    }
    Cow::Owned(key)
}

struct KeptFile {
    path: PathBuf,
    identity: Identity,
    headers: HeaderMap,
    content: Bytes,
    since: Instant,
}

/// What tells a file from another one, and from itself when it has been changed.
#[derive(PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl Kept {
    /// The answer with the file that is kept, if it still is what the file system has.
    pub(super) fn reply(&self, below: &str, codings: Codings, head: &RequestHead) -> Option<Reply> {
        let file = self.find(below, codings)?;
        let metadata = std::fs::metadata(&file.path).ok()?;
        if file.since.elapsed() > LONGEST || Identity::of(&metadata) != file.identity {
            return None;
        }
        let mut reply = Reply::new(StatusCode::OK);
        reply.headers = file.headers.clone();
        let size = file.content.len() as u64;
        file::selected(Origin::Memory(file.content.clone()), size, head, reply).ok()
    }

    /// Keeps a file that has been read, unless it has just been changed.
    pub(super) fn add(
        &self,
        below: &str,
        codings: Codings,
        path: &Path,
        metadata: &Metadata,
        headers: &HeaderMap,
        content: &Bytes,
    ) {
        let age = metadata
            .modified()
            .ok()
            .and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if age.is_none_or(|age| age < SETTLED) {
            return;
        }
        let file = KeptFile {
            path: path.to_owned(),
            identity: Identity::of(metadata),
            headers: headers.clone(),
            content: content.clone(),
            since: Instant::now(),
        };
        self.lock().insert(key(below, codings).into(), Arc::new(file));
    }

    fn find(&self, below: &str, codings: Codings) -> Option<Arc<KeptFile>> {
        self.lock().find(&key(below, codings))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        // Nothing that can panic leaves half of a change behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn find(&mut self, key: &str) -> Option<Arc<KeptFile>> {
        if let Some(file) = self.young.get(key) {
            return Some(Arc::clone(file));
        }
        let file = self.old.remove(key)?;
        self.insert(key.into(), Arc::clone(&file));
        Some(file)
    }

    fn insert(&mut self, key: Key, file: Arc<KeptFile>) {
        let size = file.content.len() + key.len() + OVERHEAD;
        if self.young_bytes + size > MOST_BYTES / 2 {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        let key_length = key.len();
        if let Some(before) = self.young.insert(key, file) {
            self.young_bytes -= before.content.len() + key_length + OVERHEAD;
        }
        self.young_bytes += size;
    }
}
