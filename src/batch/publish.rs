//! Outputs get their names once all of them are complete.
//!
//! A file takes the place of the old one; a folder is brought up to date file by file, and what the run did not make is
//! removed from it. A workbook or report that somebody has written into is kept beside the new one.

use super::store::{STATE, Store};
use crate::emit::folder::write_whole;
use crate::error::{Error, Result};
use crate::sha256_of;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Files that people write into, by extension.
const EDITED: [&str; 2] = ["xlsx", "docx"];

/// Hashes of such files as the program wrote them, by name.
type Written = BTreeMap<String, BTreeSet<String>>;

/// Moves everything from the staging folder to its place. Gives the new names of old files that somebody had changed.
///
/// # Errors
/// Those of the file system; the next run mends what is half done.
pub fn publish(store: &Store) -> Result<Vec<String>> {
    let staging = store.staging();
    let mut kept = Vec::new();
    let mut entries = fs::read_dir(&staging)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>())
        .map_err(|error| Error::write(&staging, &error))?;
    entries.sort();
    for staged in entries {
        let Some(name) = staged.file_name().map(|n| n.to_string_lossy().into_owned()) else {
            continue;
        };
        let place = store.root().join(&name);
        let edited = staged
            .extension()
            .is_some_and(|e| EDITED.iter().any(|known| e == *known));
        let moved = if staged.is_dir() {
            merge(&staged, &place)
        } else if edited {
            replace_edited(store.root(), &staged, &name).map(|old| kept.extend(old))
        } else {
            fs::rename(&staged, &place)
        };
        moved.map_err(|error| Error::write(&place, &error))?;
    }
    Ok(kept)
}

/// Brings a folder up to date: files of ours that the run did not make go, the others come.
///
/// Ours are those with the folder's name as extension (`csv/….csv`); whatever else stands there is left alone.
fn merge(staged: &Path, place: &Path) -> io::Result<()> {
    if !place.exists() {
        return fs::rename(staged, place);
    }
    let made = files(staged)?;
    let made_set: HashSet<&Path> = made.iter().map(PathBuf::as_path).collect();
    for entry in WalkDir::new(place).min_depth(1).contents_first(true) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            // One that still holds something stays.
            let _ = fs::remove_dir(entry.path());
            continue;
        }
        let path = entry.path().strip_prefix(place).map_err(io::Error::other)?;
        let ours = path.extension().is_some_and(|e| Some(e) == place.file_name());
        if ours && !made_set.contains(path) {
            fs::remove_file(entry.path())?;
        }
    }
    for path in &made {
        let to = place.join(path);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(staged.join(path), to)?;
    }
    fs::remove_dir_all(staged)
}

/// The files below a folder, relative to it.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            files.push(entry.path().strip_prefix(folder).map_err(io::Error::other)?.to_owned());
        }
    }
    Ok(files)
}

/// Puts a file that people write into in the place of the old one; an old one that is not as the program wrote it is
/// renamed, never lost. Gives its new name.
fn replace_edited(root: &Path, staged: &Path, name: &str) -> io::Result<Option<String>> {
    let place = root.join(name);
    let state = root.join(STATE).join("written.json");
    let mut written: Written = match fs::read(&state) {
        // Nothing known of the old file: it is kept, which loses nothing.
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(_) => Written::new(),
    };
    let known = written.entry(name.to_owned()).or_default();
    let new = hash(staged)?;
    let old = match hash(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        old => Some(old?),
    };
    let changed = old.is_some_and(|old| old != new && !known.contains(&old));
    // Told before it is done: a run that is killed between the two steps finds its own file all the same.
    known.insert(new.clone());
    save(&state, &written)?;
    let kept = if changed { Some(set_aside(root, name)?) } else { None };
    fs::rename(staged, &place)?;
    written.insert(name.to_owned(), BTreeSet::from([new]));
    save(&state, &written)?;
    Ok(kept)
}

fn save(state: &Path, written: &Written) -> io::Result<()> {
    write_whole(state.to_owned(), &serde_json::to_vec(written)?)
}

fn hash(path: &Path) -> io::Result<String> {
    Ok(sha256_of(fs::File::open(path)?)?.0)
}

/// Renames `审计底稿.xlsx` to `审计底稿.1.xlsx`, or the next number that is free.
fn set_aside(root: &Path, name: &str) -> io::Result<String> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "old"));
    let mut number = 1u64;
    let free = loop {
        let free = format!("{stem}.{number}.{extension}");
        if fs::symlink_metadata(root.join(&free)).is_err() {
            break free;
        }
        number += 1;
    };
    fs::rename(root.join(name), root.join(&free))?;
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(store: &Store, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = store.staging().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn a_folder_is_brought_up_to_date_and_foreign_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        stage(
            &store,
            &[("csv/a/1.csv", "1"), ("csv/b/2.csv", "2"), ("reports.ndjson", "x")],
        );
        publish(&store).unwrap();
        fs::write(dir.path().join("csv/notes.md"), "mine").unwrap();
        stage(&store, &[("csv/a.csv/3.csv", "3"), ("csv/a/1.csv", "new")]);
        publish(&store).unwrap();
        let files = files(&dir.path().join("csv")).unwrap();
        let files: BTreeSet<String> = files.iter().map(|f| f.to_string_lossy().into_owned()).collect();
        assert_eq!(
            files,
            BTreeSet::from(["a/1.csv", "a.csv/3.csv", "notes.md"].map(str::to_owned))
        );
        assert!(!dir.path().join("csv/b").exists());
        assert_eq!(fs::read(dir.path().join("csv/a/1.csv")).unwrap(), b"new");
        assert!(dir.path().join("reports.ndjson").exists());
    }

    #[test]
    fn an_empty_folder_takes_the_old_files_away() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        stage(&store, &[("csv/a.csv", "1")]);
        publish(&store).unwrap();
        fs::create_dir_all(store.staging().join("csv")).unwrap();
        publish(&store).unwrap();
        assert!(files(&dir.path().join("csv")).unwrap().is_empty());
    }

    #[test]
    fn a_workbook_that_was_written_into_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let name = "审计底稿.xlsx";
        let place = dir.path().join(name);
        let run = |text: &str| {
            stage(&store, &[(name, text)]);
            publish(&store).unwrap()
        };
        assert!(run("one").is_empty());
        assert!(run("two").is_empty(), "our own file is replaced");
        fs::write(&place, "two, with remarks").unwrap();
        assert_eq!(run("three"), ["审计底稿.1.xlsx"]);
        assert_eq!(
            fs::read(dir.path().join("审计底稿.1.xlsx")).unwrap(),
            "two, with remarks".as_bytes()
        );
        fs::write(&place, "more remarks").unwrap();
        assert_eq!(run("three"), ["审计底稿.2.xlsx"]);
        assert_eq!(fs::read(&place).unwrap(), b"three");
        assert!(run("three").is_empty());
    }

    #[test]
    fn a_run_that_is_killed_between_the_steps_knows_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let name = "核对报告.docx";
        stage(&store, &[(name, "one")]);
        publish(&store).unwrap();
        // As after a kill: the new file is there, the list still names both.
        let both = BTreeSet::from(["one", "two"].map(|text| crate::sha256(text.as_bytes())));
        save(
            &dir.path().join(".heshu/written.json"),
            &BTreeMap::from([(name.to_owned(), both)]),
        )
        .unwrap();
        fs::write(dir.path().join(name), "two").unwrap();
        stage(&store, &[(name, "three")]);
        assert!(publish(&store).unwrap().is_empty());
    }
}
