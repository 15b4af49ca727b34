//! Writing what was generated.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// The generated files of one directory, which holds nothing else.
#[derive(Debug)]
pub struct Files {
    directory: &'static str,
    is_shared: bool,
    contents: BTreeMap<String, String>,
}

impl Files {
    /// No files yet in `directory`, which is relative to the root of the project.
    pub fn new(directory: &'static str) -> Self {
        Self {
            directory,
            is_shared: false,
            contents: BTreeMap::new(),
        }
    }

    /// No files yet in `directory`, which also holds files that are not generated.
    pub fn among_others(directory: &'static str) -> Self {
        Self {
            is_shared: true,
            ..Self::new(directory)
        }
    }

    /// Adds the file called `name`.
    pub fn add(&mut self, name: impl Into<String>, content: String) {
        self.contents.insert(name.into(), content);
    }

    /// Writes every file below `root` and removes files of the directory that are no longer generated. A file that is
    /// current is left alone, so that nothing is built again because of it.
    ///
    /// # Errors
    /// What the file system reports, with the path.
    pub fn write(&self, root: &Path) -> io::Result<()> {
        let directory = root.join(self.directory);
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        };
        fs::create_dir_all(&directory).map_err(at(&directory))?;
        for stale in self.stale(&directory).map_err(at(&directory))? {
            fs::remove_file(&stale).map_err(at(&stale))?;
        }
        for (name, content) in &self.contents {
            let path = directory.join(name);
            if fs::read(&path).ok().as_deref() != Some(content.as_bytes()) {
                fs::write(&path, content).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    /// Files in `directory` that were not generated now.
    fn stale(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let mut stale = Vec::new();
        if self.is_shared {
            return Ok(stale);
        }
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_file() && !self.contents.contains_key(&*name) {
                stale.push(path);
            }
        }
        Ok(stale)
    }
}
