//! Output files: whole or not at all.

use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// Longest file name that common file systems take, in bytes, less room for what is added while writing.
const MAX_NAME: usize = 240;

/// A file that stands under its name only once it is complete.
#[derive(Debug)]
pub struct WholeFile {
    partial: PathBuf,
    path: PathBuf,
    writer: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins a file; its folder is made.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(path: PathBuf) -> io::Result<Self> {
        let mut partial = path.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let writer = Some(BufWriter::new(with_folder(&partial, || File::create(&partial))?));
        Ok(WholeFile { partial, path, writer })
    }

    /// Puts the file under its name.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(mut self) -> io::Result<()> {
        let Some(mut writer) = self.writer.take() else {
            return Ok(());
        };
        let finished = writer.flush().and_then(|()| {
            // Some systems rename no open file.
            drop(writer);
            fs::rename(&self.partial, &self.path)
        });
        if finished.is_err() {
            // What was begun takes room that is lacking, perhaps.
            let _ = fs::remove_file(&self.partial);
        }
        finished
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.as_mut().map_or(Ok(0), |w| w.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            // Not finished: nothing of it shall stay. There is nobody to tell if even that fails.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Does what needs the folder of `path`, which is made where it is missing.
///
/// # Errors
/// Those of the file system.
pub fn with_folder<T>(path: &Path, mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    match (work(), path.parent()) {
        // Seldom: folders are made once and files many times.
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(parent)?;
            work()
        }
        (result, _) => result,
    }
}

/// Writes a file whole.
///
/// # Errors
/// Those of the file system.
pub fn write_whole(path: PathBuf, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// Gives each report of a run a file name of its own, the same in every run over the same paths.
#[derive(Debug, Default)]
pub struct OutputNames {
    given: HashSet<String>,
    /// Folders in which these lie: a file may not have the name of one.
    folders: HashSet<String>,
}

impl OutputNames {
    /// `json/corpus/a.docx.json` for the report `corpus/a.docx`: the input's own path below a folder of the format.
    ///
    /// `..` becomes `_up`; a root is dropped. Two inputs that come to the same name, and names too long for a file
    /// system, are told apart by the hash of their path.
    pub fn name(&mut self, folder: &str, shown: &str, extension: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        for component in Path::new(shown).components() {
            match component {
                Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                Component::ParentDir => parts.push("_up".to_owned()),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
        let file = parts.pop().unwrap_or_else(|| "report".to_owned());
        let apart = || format!("{}~{}", cut(&file, MAX_NAME - extension.len() - 20), hash(shown));
        let mut name = file.clone();
        if name.len() + extension.len() + 1 > MAX_NAME {
            name = apart();
        }
        let below = |name: &str| {
            let mut path = vec![folder.to_owned()];
            path.extend(parts.iter().cloned());
            path.push(format!("{name}.{extension}"));
            path.join("/")
        };
        let mut path = below(&name);
        if self.given.contains(&path) {
            path = below(&apart());
        }
        let folders = |path: &str| -> Vec<String> {
            let ends = path.match_indices('/').map(|(end, _)| path[..end].to_owned());
            ends.collect()
        };
        if self.folders.contains(&path) || folders(&path).iter().any(|folder| self.given.contains(folder)) {
            // A file `x` beside a folder `x.json`: only a name at the top is in nobody's way.
            path = format!("{folder}/{}.{extension}", apart());
        }
        self.folders.extend(folders(&path));
        self.given.insert(path.clone());
        path
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_collide() {
        let mut names = OutputNames::default();
        assert_eq!(names.name("json", "corpus/a.docx", "json"), "json/corpus/a.docx.json");
        assert_eq!(names.name("json", "corpus/a.txt", "json"), "json/corpus/a.txt.json");
        assert_eq!(names.name("json", "../x/a.txt", "json"), "json/_up/x/a.txt.json");
        let first = names.name("json", "/x/a.txt", "json");
        let second = names.name("json", "x/a.txt", "json");
        assert_eq!(first, "json/x/a.txt.json");
        assert_ne!(first, second);
    }

    #[test]
    fn a_file_never_has_the_name_of_a_folder() {
        for order in [["x", "x.json/b.txt"], ["x.json/b.txt", "x"]] {
            let mut names = OutputNames::default();
            let [a, b] = order.map(|shown| names.name("json", shown, "json"));
            let below = |folder: &str, path: &str| path.starts_with(&format!("{folder}/"));
            assert!(!below(&a, &b) && !below(&b, &a), "{a} {b}");
        }
    }

    #[test]
    fn long_chinese_names_fit_a_file_system() {
        let mut names = OutputNames::default();
        let name = names.name("json", &format!("{}.docx", "绩".repeat(83)), "json");
        assert!(name.len() <= "json/".len() + MAX_NAME, "{}", name.len());
        let other = names.name("json", &format!("{}乙.docx", "绩".repeat(82)), "json");
        assert_ne!(name, other);
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = WholeFile::create(dir.path().join("a/b.json")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 0);
        write_whole(dir.path().join("a/b.json"), b"whole").unwrap();
        assert_eq!(fs::read(dir.path().join("a/b.json")).unwrap(), b"whole");
    }
}
