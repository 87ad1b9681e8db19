//! Which files: arguments, folders, lists on standard input.

use super::archive::{self, Member};
use super::own::{self, Own};
use crate::error::{Error, ErrorKind};
use crate::ingest::signature::Sort;
use crate::ingest::sniff;
use crate::model::{Format, Limits};
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Names that a folder is searched for. Files of other names are looked into, and those that are named themselves are
/// tried whatever they are called.
pub const EXTENSIONS: [&str; 22] = [
    "docx", "docm", "dotx", "dotm", "pdf", "txt", "doc", "dot", "wps", "wpt", "xls", "xlt", "et", "xlsx", "xlsm",
    "ods", "html", "htm", "mht", "mhtml", "rtf", "zip",
];

/// Names of texts that are no reports, whatever they begin with.
const NO_REPORTS: [&str; 16] = [
    "json", "ndjson", "toml", "md", "yml", "yaml", "xml", "xsl", "svg", "css", "js", "ts", "php", "py", "rs", "log",
];

/// Bytes that a file is told by.
pub(super) const HEAD: u64 = sniff::HEAD as u64;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Path to open.
    pub path: PathBuf,
    /// Path as it stands in records and messages: as given, joined with the walk below it.
    pub shown: String,
    /// The file in the archive that `path` names.
    pub member: Option<Member>,
}

impl Input {
    /// A file of the file system.
    pub fn file(path: PathBuf) -> Self {
        Input {
            shown: shown(&path),
            path,
            member: None,
        }
    }

    /// A file as a user names it, which may stand in an archive: `archive.zip!/inner.docx`.
    ///
    /// # Errors
    /// When the archive holds no such file, or cannot be read.
    pub fn named(path: PathBuf, limits: &Limits) -> Result<Self, Error> {
        let Some((archive, wanted)) = inside(&path) else {
            return Ok(Input::file(path));
        };
        let listing = archive::list(&archive, &shown(&archive), limits)?.unwrap_or_default();
        let mut problems = listing.problems.into_iter();
        if let Some(problem) = problems.find(|problem| problem.shown == wanted) {
            return Err(problem.error);
        }
        let mut files = listing.files.into_iter();
        match files.find(|(name, _)| *name == wanted) {
            Some((shown, member)) => Ok(Input {
                path: archive,
                shown,
                member: Some(member),
            }),
            None => Err(Error::new(ErrorKind::Io("no such file in the archive".to_owned()))),
        }
    }
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
///
/// Archives are opened to see what they hold, under `limits`.
pub fn collect(arguments: &[PathBuf], stdin: impl BufRead, limits: &Limits) -> Inputs {
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
                add(argument, &mut inputs, &mut seen, &mut own, limits);
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
                        add(&path, &mut inputs, &mut seen, &mut own, limits);
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

    /// A file, or the files in it if it is an archive.
    fn file(&mut self, path: PathBuf, head: &[u8], seen: &mut HashSet<PathBuf>, limits: &Limits) {
        // A file reached twice (named, and in a folder; or through a link) is one report.
        let identity = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if !seen.insert(identity) {
            self.repeated += 1;
            return;
        }
        let input = Input::file(path);
        if !archive::is_zip(head) {
            self.files.push(input);
            return;
        }
        match archive::list(&input.path, &input.shown, limits) {
            Ok(None) => self.files.push(input),
            Ok(Some(listing)) => {
                self.problems.extend(listing.problems);
                for (extension, count) in listing.skipped {
                    *self.skipped.entry(extension).or_default() += count;
                }
                self.files
                    .extend(listing.files.into_iter().map(|(shown, member)| Input {
                        path: input.path.clone(),
                        shown,
                        member: Some(member),
                    }));
            }
            Err(error) => self.problems.push(Problem {
                shown: input.shown,
                error,
            }),
        }
    }

    /// A file in an archive, named by itself.
    fn member(&mut self, path: &Path, seen: &mut HashSet<PathBuf>, limits: &Limits) {
        match Input::named(path.to_owned(), limits) {
            Ok(input) if seen.insert(path.to_owned()) => self.files.push(input),
            Ok(_) => self.repeated += 1,
            Err(error) => self.problems.push(Problem {
                shown: shown(path),
                error,
            }),
        }
    }
}

fn add(path: &Path, inputs: &mut Inputs, seen: &mut HashSet<PathBuf>, own: &mut Own, limits: &Limits) {
    if path.is_dir() {
        add_folder(path, inputs, seen, own, limits);
    } else if inside(path).is_some() {
        inputs.member(path, seen, limits);
    } else {
        // A path that does not exist fails when it is opened, with the system's own words.
        inputs.file(path.to_owned(), &head(path), seen, limits);
    }
}

/// The archive and the whole name, where a path leads into one.
fn inside(path: &Path) -> Option<(PathBuf, String)> {
    let whole = shown(path);
    let mut ends = whole.match_indices(archive::SEPARATOR).map(|(at, _)| &whole[..at]);
    let archive = ends.find(|archive| Path::new(archive).is_file())?;
    (!path.exists()).then(|| (PathBuf::from(archive), whole.clone()))
}

/// The first bytes of a file; none where it cannot be read, or is no plain file.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
        && let Ok(file) = std::fs::File::open(path)
    {
        // What cannot be read now fails again, with its reason, when the file's turn comes.
        let _ = std::io::Read::read_to_end(&mut std::io::Read::take(file, HEAD), &mut head);
    }
    head
}

/// What becomes of a file that a folder or an archive holds.
pub(super) enum Class {
    /// It is read.
    Read,
    /// It may hold a report that cannot be read: a line of its own.
    Problem(Error),
    /// It is no report: counted.
    Skip,
}

/// Decides by name and first bytes.
pub(super) fn classify(extension: &str, head: &[u8]) -> Class {
    if EXTENSIONS.contains(&extension) {
        return Class::Read;
    }
    if NO_REPORTS.contains(&extension) {
        return Class::Skip;
    }
    if let Some(known) = sniff::known(head) {
        return match known.sort {
            Sort::Picture | Sort::Archive | Sort::Document => Class::Problem(known.error()),
            Sort::Other => Class::Skip,
        };
    }
    if sniff::is_compound_file(head) {
        // Windows keeps its previews in one; all others may be documents, and their readers tell.
        return if extension == "db" { Class::Skip } else { Class::Read };
    }
    match sniff::sniff(head) {
        // Any program's notes are text: without the name of a text it is none of ours.
        Ok(Format::Txt) => Class::Skip,
        Ok(_) => Class::Read,
        Err(error) if error.to_string().contains("flat") => Class::Problem(error),
        Err(_) => Class::Skip,
    }
}

/// The extension of a name, in lower case; empty where there is none.
pub(super) fn extension(name: &str) -> String {
    let extension = Path::new(name).extension();
    extension
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}

/// The folder of pictures and sheets that Word, Excel and browsers put beside a page that they save.
fn is_companion(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let stem = [".files", "_files", ".fld"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let Some(stem) = stem.filter(|_| entry.file_type().is_dir()) else {
        return false;
    };
    let pages = ["htm", "html", "doc", "xls", "mht"];
    pages
        .iter()
        .any(|page| entry.path().with_file_name(format!("{stem}.{page}")).is_file())
}

fn add_folder(folder: &Path, inputs: &mut Inputs, seen: &mut HashSet<PathBuf>, own: &mut Own, limits: &Limits) {
    let (files_before, problems_before, repeated_before) = (inputs.files.len(), inputs.problems.len(), inputs.repeated);
    // Linked files are read, linked folders are not entered: they may form a circle.
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    let mut outputs = 0;
    let mut companions = 0;
    let wanted = |entry: &DirEntry| {
        if entry.depth() > 0 && own.is_output(entry.path()) {
            // What lies in the hidden folder is nothing that a user would count.
            outputs += if is_hidden(entry) { 0 } else { own::count(entry.path()) };
            return false;
        }
        if entry.depth() > 0 && is_companion(entry) {
            companions += own::count(entry.path());
            return false;
        }
        entry.depth() == 0 || !is_hidden(entry)
    };
    for entry in walk.filter_entry(wanted) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() || entry.path().is_dir() => {}
            Ok(entry) => {
                let extension = extension(&entry.file_name().to_string_lossy());
                let head = head(entry.path());
                match classify(&extension, &head) {
                    Class::Read => inputs.file(entry.into_path(), &head, seen, limits),
                    Class::Skip => *inputs.skipped.entry(extension).or_default() += 1,
                    Class::Problem(error) => inputs.problems.push(Problem {
                        shown: shown(entry.path()),
                        error,
                    }),
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
    if companions > 0 {
        *inputs.skipped.entry("files/".to_owned()).or_default() += companions;
    }
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
        let inputs = collect(&[dir.path().to_owned()], std::io::empty(), &Limits::default());
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
            &Limits::default(),
        );
        assert_eq!(names(&inputs, dir.path()), ["a.txt", "b.dat"]);
        assert_eq!(inputs.repeated, 2);
    }

    #[test]
    fn a_list_on_standard_input() {
        let dir = tree(&["a.txt", "b.txt"]);
        let list = format!("{0}/b.txt\r\n\n{0}/a.txt", dir.path().display());
        let inputs = collect(&[PathBuf::from("-")], list.as_bytes(), &Limits::default());
        assert_eq!(names(&inputs, dir.path()), ["b.txt", "a.txt"]);
    }

    #[test]
    fn a_folder_without_reports_is_a_problem() {
        let dir = tree(&["a.json"]);
        let inputs = collect(&[dir.path().to_owned()], std::io::empty(), &Limits::default());
        assert!(
            inputs.problems[0].error.to_string().contains("without reports"),
            "{inputs:?}"
        );
    }
}
