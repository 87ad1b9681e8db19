//! Which files: arguments, folders, lists on standard input.

use super::own::{self, Own};
use crate::error::{Error, ErrorKind};
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Names that a folder is searched for. A file that is named itself is tried whatever it is called.
pub const EXTENSIONS: [&str; 3] = ["docx", "pdf", "txt"];

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Path to open.
    pub path: PathBuf,
    /// Path as it stands in records and messages: as given, joined with the walk below it.
    pub shown: String,
}

/// A path that gives no input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path as given.
    pub shown: String,
    /// Why.
    pub error: Error,
}

/// What the arguments name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Files to read, each once, in the order of the arguments; those of a folder sorted by path.
    pub files: Vec<Input>,
    /// Paths that name nothing.
    pub problems: Vec<Problem>,
    /// Files of folders that were left out, by extension (`""` for none): nothing is skipped in silence.
    pub skipped: BTreeMap<String, usize>,
    /// Files that the arguments name again.
    pub repeated: usize,
    /// Files of folders and lists that are outputs of this program, which are never inputs.
    pub outputs: usize,
}

/// Finds the files that the arguments name. `-` stands for a list on `stdin`, one path a line.
pub fn collect(arguments: &[PathBuf], stdin: impl BufRead) -> Inputs {
    let mut inputs = Inputs::default();
    let mut seen = HashSet::new();
    let mut own = Own::default();
    let mut stdin = Some(stdin);
    for argument in arguments {
        if argument.as_os_str() != "-" {
            if own.is_within(argument) {
                let found = "an output of heshu, no report".to_owned();
                let advice = "name the reports that it was made from".to_owned();
                inputs.problem(shown(argument), ErrorKind::Unsupported { found, advice });
            } else {
                add(argument, &mut inputs, &mut seen, &mut own);
            }
            continue;
        }
        // A second `-` finds the list read to its end.
        let Some(list) = stdin.take() else { continue };
        for line in list.split(b'\n') {
            match line {
                Ok(line) => {
                    let line = line.strip_suffix(b"\r").unwrap_or(&line);
                    let path = path_of(line);
                    if own.is_within(&path) {
                        inputs.outputs += own::count(&path);
                    } else if !line.is_empty() {
                        add(&path, &mut inputs, &mut seen, &mut own);
                    }
                }
                Err(error) => {
                    inputs.problem("-", ErrorKind::Io(error.to_string()));
                    break;
                }
            }
        }
    }
    inputs
}

impl Inputs {
    fn problem(&mut self, shown: impl Into<String>, kind: ErrorKind) {
        self.problems.push(Problem {
            shown: shown.into(),
            error: Error::new(kind),
        });
    }

    fn file(&mut self, path: PathBuf, seen: &mut HashSet<PathBuf>) {
        // A file reached twice (named, and in a folder; or through a link) is one report.
        let identity = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if seen.insert(identity) {
            let shown = shown(&path);
            self.files.push(Input { path, shown });
        } else {
            self.repeated += 1;
        }
    }
}

fn add(path: &Path, inputs: &mut Inputs, seen: &mut HashSet<PathBuf>, own: &mut Own) {
    if path.is_dir() {
        add_folder(path, inputs, seen, own);
    } else {
        // A path that does not exist fails when it is opened, with the system's own words.
        inputs.file(path.to_owned(), seen);
    }
}

fn add_folder(folder: &Path, inputs: &mut Inputs, seen: &mut HashSet<PathBuf>, own: &mut Own) {
    let (files_before, problems_before, repeated_before) = (inputs.files.len(), inputs.problems.len(), inputs.repeated);
    // Linked files are read, linked folders are not entered: they may form a circle.
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    let mut outputs = 0;
    let wanted = |entry: &DirEntry| {
        if entry.depth() > 0 && own.is_output(entry.path()) {
            // What lies in the hidden folder is nothing that a user would count.
            outputs += if is_hidden(entry) { 0 } else { own::count(entry.path()) };
            return false;
        }
        entry.depth() == 0 || !is_hidden(entry)
    };
    for entry in walk.filter_entry(wanted) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() || entry.path().is_dir() => {}
            Ok(entry) => {
                let extension = entry.path().extension().map(|e| e.to_string_lossy().to_lowercase());
                let extension = extension.unwrap_or_default();
                if EXTENSIONS.contains(&extension.as_str()) {
                    inputs.file(entry.into_path(), seen);
                } else {
                    *inputs.skipped.entry(extension).or_default() += 1;
                }
            }
            Err(error) => {
                let place = error.path().map_or_else(|| shown(folder), shown);
                let reason = error.io_error().map_or_else(|| error.to_string(), io_reason);
                inputs.problem(place, ErrorKind::Io(reason));
            }
        }
    }
    inputs.outputs += outputs;
    if (inputs.files.len(), inputs.problems.len(), inputs.repeated) == (files_before, problems_before, repeated_before)
    {
        let found = "a folder without reports".to_owned();
        let advice = format!(
            "a folder is searched for .{}; name other files one by one",
            EXTENSIONS.join(", .")
        );
        inputs.problem(shown(folder), ErrorKind::Unsupported { found, advice });
    }
}

/// Hidden files, and the lock files that Word leaves beside an open document.
fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || name.starts_with("~$")
}

/// A path as it stands in records: with `/` between its parts on every system.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// The system's words for a failure, without its number.
pub(super) fn io_reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

#[cfg(unix)]
fn path_of(line: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(line))
}

#[cfg(not(unix))]
fn path_of(line: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        dir
    }

    fn names(inputs: &Inputs, root: &Path) -> Vec<String> {
        let strip = |i: &Input| shown(i.path.strip_prefix(root).unwrap());
        inputs.files.iter().map(strip).collect()
    }

    #[test]
    fn a_folder_gives_its_reports_sorted_and_counts_the_rest() {
        let dir = tree(&[
            "b/2.TXT",
            "b/1.docx",
            "a.pdf",
            "truth/a.json",
            "notes",
            ".git/x.txt",
            "b/~$1.docx",
        ]);
        let inputs = collect(&[dir.path().to_owned()], std::io::empty());
        assert_eq!(names(&inputs, dir.path()), ["a.pdf", "b/1.docx", "b/2.TXT"]);
        assert_eq!(
            inputs.skipped,
            BTreeMap::from([(String::new(), 1), ("json".to_owned(), 1)])
        );
        assert!(inputs.problems.is_empty());
    }

    #[test]
    fn a_file_named_twice_is_read_once() {
        let dir = tree(&["a.txt", "b.dat"]);
        let a = dir.path().join("a.txt");
        let again = dir
            .path()
            .join("../")
            .join(dir.path().file_name().unwrap())
            .join("a.txt");
        let inputs = collect(
            &[a.clone(), dir.path().to_owned(), again, dir.path().join("b.dat")],
            std::io::empty(),
        );
        assert_eq!(names(&inputs, dir.path()), ["a.txt", "b.dat"]);
        assert_eq!(inputs.repeated, 2);
    }

    #[test]
    fn a_list_on_standard_input() {
        let dir = tree(&["a.txt", "b.txt"]);
        let list = format!("{0}/b.txt\r\n\n{0}/a.txt", dir.path().display());
        let inputs = collect(&[PathBuf::from("-")], list.as_bytes());
        assert_eq!(names(&inputs, dir.path()), ["b.txt", "a.txt"]);
    }

    #[test]
    fn a_folder_without_reports_is_a_problem() {
        let dir = tree(&["a.json"]);
        let inputs = collect(&[dir.path().to_owned()], std::io::empty());
        assert!(
            inputs.problems[0].error.to_string().contains("without reports"),
            "{inputs:?}"
        );
    }
}
