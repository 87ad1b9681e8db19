//! The output folder of a run: its lock, the stored records, and the manifest as it grows.
//!
//! A record is written first, whole, then its line is appended to the manifest. So at any moment the manifest speaks
//! only of records that are there, and a run that is killed loses at most the files that it was just reading.

use super::manifest::Previous;
use crate::emit::folder::{WholeFile, write_whole};
use crate::emit::json;
use crate::emit::manifest::ManifestEntry;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Report;
use crate::sha256;
use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Folder of what only the program needs; it marks its parent as an output folder ([`super::walk`]).
pub const STATE: &str = ".heshu";
/// Folder of the stored records.
pub const RECORDS: &str = "records";
/// Name of the manifest.
pub const MANIFEST: &str = "manifest.ndjson";

/// An output folder, held by this process alone.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    journal: Mutex<Journal>,
    /// Released by the system when the process ends, however it ends.
    _lock: File,
}

/// The end of the manifest.
#[derive(Debug, Default)]
struct Journal {
    file: Option<File>,
    /// Something without an end stands before: a cut line of an earlier run, or a write that failed half way.
    open_end: bool,
}

impl Store {
    /// Takes a folder, making it where it is missing.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] when it is a file or cannot be written; [`ErrorKind::Busy`] while another run has it.
    pub fn open(root: &Path) -> Result<Self> {
        if fs::metadata(root).is_ok_and(|m| !m.is_dir()) {
            let reason = format!("{}: is a file, not a folder", root.display());
            return Err(Error::new(ErrorKind::Write(reason)));
        }
        let state = root.join(STATE);
        fs::create_dir_all(&state).map_err(|error| Error::write(root, &error))?;
        let path = state.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|error| Error::write(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(ErrorKind::Busy(root.display().to_string())));
            }
            // Some network file systems know no locks; there the user must see to it.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(Error::write(&path, &error)),
        }
        let store = Store {
            root: root.to_owned(),
            journal: Mutex::default(),
            _lock: lock,
        };
        store.clear_staging()?;
        Ok(store)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where outputs are made before they get their names.
    pub fn staging(&self) -> PathBuf {
        self.root.join(STATE).join("staging")
    }

    /// Removes what a run that was killed left half made.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn clear_staging(&self) -> Result<()> {
        let staging = self.staging();
        match fs::remove_dir_all(&staging) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::write(&staging, &error)),
            _ => Ok(()),
        }
    }

    /// What earlier runs left.
    ///
    /// # Errors
    /// When the manifest is there and cannot be read.
    pub fn previous(&self) -> Result<Previous> {
        let previous = Previous::read(&self.root.join(MANIFEST))?;
        self.journal().open_end = previous.open_end;
        Ok(previous)
    }

    /// Stores a record and gives what was written: one line.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn put(&self, report: &Report) -> Result<Vec<u8>> {
        let line = json::line(report)?;
        let path = self.root.join(record_name(&report.document.sha256));
        write_whole(path.clone(), &line).map_err(|error| Error::write(&path, &error))?;
        Ok(line)
    }

    /// The stored record that an entry speaks of: its line and what it says. `None` when it is not there any more, or
    /// not as it was written.
    pub fn get(&self, entry: &ManifestEntry) -> Option<(Vec<u8>, Report)> {
        // The path is made of the content's hash, never taken from the manifest: that is a file which anybody may edit.
        let line = fs::read(self.root.join(record_name(entry.sha256.as_ref()?))).ok()?;
        if entry.record_sha256.as_deref() != Some(sha256(&line).as_str()) {
            return None;
        }
        let report: Report = serde_json::from_slice(&line).ok()?;
        (Some(&report.document.sha256) == entry.sha256.as_ref()).then_some((line, report))
    }

    /// Adds a line to the manifest, at once.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn append(&self, entry: &ManifestEntry) -> Result<()> {
        let path = self.root.join(MANIFEST);
        let mut line = json::line(entry)?;
        let mut journal = self.journal();
        let Journal { file, open_end } = &mut *journal;
        let mut write = || {
            let file = match file {
                Some(file) => file,
                None => file.insert(OpenOptions::new().create(true).append(true).open(&path)?),
            };
            if std::mem::replace(open_end, true) {
                line.insert(0, b'\n');
            }
            file.write_all(&line)?;
            *open_end = false;
            Ok(())
        };
        write().map_err(|error| Error::write(&path, &error))
    }

    /// Replaces the manifest by these entries and removes the stored records that none of them speaks of.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(self, entries: &[ManifestEntry]) -> Result<()> {
        let staged = self.staging().join(MANIFEST);
        let path = self.root.join(MANIFEST);
        let write = || -> io::Result<()> {
            let mut file = WholeFile::create(staged.clone())?;
            for entry in entries {
                file.write_all(&json::line(entry).map_err(io::Error::other)?)?;
            }
            file.finish()?;
            fs::rename(&staged, &path)
        };
        let result = write().map_err(|error| Error::write(&path, &error));
        self.clear_staging()?;
        result?;
        let named: HashSet<&str> = entries.iter().filter_map(|entry| entry.record.as_deref()).collect();
        let records = self.root.join(RECORDS);
        sweep(&records, &named).map_err(|error| Error::write(&records, &error))
    }

    fn journal(&self) -> std::sync::MutexGuard<'_, Journal> {
        // Valid whatever a panicking thread did: `open_end` is set before each write and unset after it.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Path of a content's record below the output folder: `records/ab/ab….json`.
pub fn record_name(sha256: &str) -> String {
    let folder = sha256.get(..2).unwrap_or("__");
    format!("{RECORDS}/{folder}/{sha256}.json")
}

/// Removes stored records, whole or begun, that are not named; only files that bear such a name as [`record_name`] gives.
fn sweep(records: &Path, named: &HashSet<&str>) -> io::Result<()> {
    let folders = match fs::read_dir(records) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        folders => folders?,
    };
    for folder in folders {
        let folder = folder?;
        let Ok(prefix) = folder.file_name().into_string() else {
            continue;
        };
        if !is_hex(&prefix, 2) || !folder.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let Ok(name) = file.file_name().into_string() else {
                continue;
            };
            let stem = name.strip_suffix(".partial").unwrap_or(&name).strip_suffix(".json");
            let ours = stem.is_some_and(|stem| is_hex(stem, 64) && stem.starts_with(&prefix));
            if ours && !named.contains(format!("{RECORDS}/{prefix}/{name}").as_str()) {
                fs::remove_file(file.path())?;
            }
        }
        // A folder that still holds something stays.
        let _ = fs::remove_dir(folder.path());
    }
    Ok(())
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::manifest::Status;

    #[test]
    fn only_one_run_has_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let first = Store::open(dir.path()).unwrap();
        let error = Store::open(dir.path()).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Busy(_)), "{error}");
        drop(first);
        Store::open(dir.path()).unwrap();
    }

    #[test]
    fn a_file_is_no_folder() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        fs::write(&path, "mine").unwrap();
        let error = Store::open(&path).unwrap_err().to_string();
        assert!(error.contains("is a file"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }

    #[test]
    fn a_record_that_was_changed_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let patterns = crate::pattern::Patterns::builtin().unwrap();
        let report = crate::extract("绩效自评分数为95分。".as_bytes(), "a.txt", &patterns).unwrap();
        let hash = sha256(&store.put(&report).unwrap());
        let mut entry = ManifestEntry::new("a.txt", Status::Done);
        entry.sha256 = Some(report.document.sha256.clone());
        entry.record_sha256 = Some(hash);
        assert_eq!(store.get(&entry).unwrap().1, report);
        let path = dir.path().join(record_name(&report.document.sha256));
        let line = fs::read(&path).unwrap();
        fs::write(&path, &line[..line.len() - 1]).unwrap();
        assert!(store.get(&entry).is_none());
        fs::remove_file(&path).unwrap();
        assert!(store.get(&entry).is_none());
    }

    #[test]
    fn the_sweep_takes_only_what_bears_our_names() {
        let dir = tempfile::tempdir().unwrap();
        let hash = format!("ab{}", "0".repeat(62));
        let other = format!("cd{}", "0".repeat(62));
        let ours = [
            format!("ab/{hash}.json"),
            format!("ab/{hash}.json.partial"),
            format!("cd/{other}.json"),
        ];
        let foreign = [
            format!("ab/{other}.json"),
            "ab/notes.json".to_owned(),
            format!("{hash}.json"),
            "xy/z".to_owned(),
        ];
        for name in ours.iter().chain(&foreign) {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let kept = format!("records/{}", ours[0]);
        sweep(dir.path(), &HashSet::from([kept.as_str()])).unwrap();
        assert!(dir.path().join(&ours[0]).exists());
        assert!(!dir.path().join(&ours[1]).exists() && !dir.path().join("cd").exists());
        for name in foreign {
            assert!(dir.path().join(&name).exists(), "{name}");
        }
    }
}
