//! Outputs of this program, so that they are never read as inputs: neither those of this run nor of another one.
//!
//! A folder that holds [`STATE`] is an output folder; in it, the names that the program gives are outputs, and
//! whatever else lies there is not.

use super::outputs::OutputFormat;
use super::store::{MANIFEST, RECORDS, STATE};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Tells outputs from other files; looks at each folder once.
#[derive(Debug, Default)]
pub struct Own {
    folders: HashMap<PathBuf, bool>,
}

impl Own {
    /// Whether a path is a file or folder that the program made in an output folder.
    pub fn is_output(&mut self, path: &Path) -> bool {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return false;
        };
        if !is_output_name(name) {
            return false;
        }
        // Most names end here; so few folders are looked at.
        let known = self.folders.get(folder).copied();
        known.unwrap_or_else(|| {
            let is_output_folder = folder.join(STATE).is_dir();
            self.folders.insert(folder.to_owned(), is_output_folder);
            is_output_folder
        })
    }

    /// Whether a path lies in what the program made, however deep.
    pub fn is_within(&mut self, path: &Path) -> bool {
        // Relative paths do not show all the folders that they lie in.
        let Ok(whole) = std::fs::canonicalize(path) else {
            return false;
        };
        whole.ancestors().any(|path| self.is_output(path))
    }
}

/// Files in an output.
pub fn count(path: &Path) -> usize {
    let entries = WalkDir::new(path).into_iter().filter_map(Result::ok);
    entries.filter(|entry| !entry.file_type().is_dir()).count()
}

fn is_output_name(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let places = OutputFormat::ALL.iter().map(|format| format.place());
    [STATE, RECORDS, MANIFEST].into_iter().chain(places).any(|place| {
        // Also what was set aside: `审计底稿.1.xlsx` beside `审计底稿.xlsx`.
        let set_aside = || {
            let (stem, extension) = place.rsplit_once('.')?;
            let number = name.strip_prefix(stem)?.strip_suffix(extension)?;
            number.strip_prefix('.')?.strip_suffix('.')?.parse::<u64>().ok()
        };
        name == place || set_aside().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_names_in_an_output_folder_are_ours() {
        let dir = tempfile::tempdir().unwrap();
        let root = std::fs::canonicalize(dir.path()).unwrap();
        std::fs::create_dir_all(root.join("out/json/a")).unwrap();
        std::fs::create_dir_all(root.join("json")).unwrap();
        std::fs::write(root.join("out/json/a/b.docx.json"), "x").unwrap();
        std::fs::write(root.join("out/report.docx"), "x").unwrap();
        assert!(!Own::default().is_output(&root.join("out/json")), "no mark, no output");
        std::fs::create_dir(root.join("out").join(STATE)).unwrap();
        let mut own = Own::default();
        assert!(own.is_output(&root.join("out/json")));
        assert!(own.is_output(&root.join("out/reports.ndjson")));
        assert!(own.is_output(&root.join("out/reports.12.ndjson")));
        assert!(!own.is_output(&root.join("out/reports.x.ndjson")));
        assert!(!own.is_output(&root.join("out/report.docx")));
        assert!(!own.is_output(&root.join("json")));
        assert!(own.is_within(&root.join("out/json/../json/a/b.docx.json")));
        assert!(!own.is_within(&root.join("out/report.docx")));
        assert_eq!(count(&root.join("out/json")), 1);
    }
}
