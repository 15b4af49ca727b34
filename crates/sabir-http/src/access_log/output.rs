//! Files and standard streams that lines are appended to.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write as _},
    os::{fd::AsFd, unix::fs::MetadataExt as _},
    path::PathBuf,
    thread,
    time::Duration,
};

/// The most bytes of lines that are written to a file at once.
const LARGEST: usize = 64 * 1024;

/// So many bytes reach a pipe in one piece, whoever else writes to it (POSIX, `PIPE_BUF`).
const LARGEST_OF_A_PIPE: usize = 4096;

/// How long to wait for an output that takes nothing and does not block, as another part of the process has set it.
const BUSY: Duration = Duration::from_millis(1);

/// What lines are appended to, each of them whole.
pub(super) struct Output {
    file: File,
    /// Present for a file, which may be moved away.
    path: Option<PathBuf>,
    largest: usize,
    lines: Vec<u8>,
    /// Whether the last write has failed, so that a full disk is reported once.
    is_failing: bool,
}

impl Output {
    pub(super) fn open(name: &str) -> io::Result<Self> {
        let (file, path) = match name {
            "stdout" => (File::from(io::stdout().as_fd().try_clone_to_owned()?), None),
            "stderr" => (File::from(io::stderr().as_fd().try_clone_to_owned()?), None),
            // The process may change its directory.
            path => {
                let path = std::path::absolute(path)?;
                (append_to(&path)?, Some(path))
            }
        };
        Ok(Self {
            file,
            largest: if path.is_some() {
                LARGEST
            } else {
                LARGEST_OF_A_PIPE
            },
            path,
            lines: Vec::new(),
            is_failing: false,
        })
    }

    /// Begins to take lines that have come together.
    pub(super) fn begin(&mut self) {
        if let Some(path) = &self.path
            && is_elsewhere(&self.file, path)
        {
            match append_to(path) {
                Ok(file) => self.file = file,
                Err(error) => self.report(&error),
            }
        }
    }

    /// Takes a line, whose end is added.
    pub(super) fn line(&mut self, line: &str) {
        if self.lines.len() + line.len() + 1 > self.largest {
            self.end();
        }
        self.lines.extend_from_slice(line.as_bytes());
        self.lines.push(b'\n');
    }

    /// Writes the lines that were taken.
    pub(super) fn end(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        match self.write(&lines) {
            Ok(()) => self.is_failing = false,
            Err(error) => self.report(&error),
        }
        self.lines = lines;
        self.lines.clear();
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(BUSY),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn report(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::error!(%error, "the access log cannot be written");
        }
    }
}

fn append_to(path: &PathBuf) -> io::Result<File> {
    fs::OpenOptions::new().append(true).create(true).open(path)
}

/// Whether `file` is not what is at `path` any more, as after a rotation.
fn is_elsewhere(file: &File, path: &PathBuf) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(there)) => (own.dev(), own.ino()) != (there.dev(), there.ino()),
        (Ok(_), Err(error)) => error.kind() == ErrorKind::NotFound,
        (Err(_), _) => false,
    }
}
