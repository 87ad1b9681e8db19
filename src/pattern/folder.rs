//! The folder of `--patterns`: which files it holds, and what is said of a name that none has.

use super::nearest::suggestion;
use super::{BUILTIN, Override};
use crate::error::{Error, ErrorKind, Result};
use std::fs;
use std::path::Path;

/// Files of earlier versions, and where their words stand now.
const GONE: [(&str, &str); 1] = [(
    "text_layout.toml",
    "labels and names of rows stand in forms.toml now, headings in headers.toml, wordings of values in values.toml, units in units.toml",
)];

/// The pattern files of a folder, in the order of their names.
pub(super) fn read(dir: &Path) -> Result<Vec<Override>> {
    let failed = |path: &Path, error: &std::io::Error| {
        Error::new(ErrorKind::Pattern(error.to_string())).in_part(path.display().to_string())
    };
    if !dir.is_dir() {
        return Err(Error::new(ErrorKind::Pattern(format!(
            "{}: no such folder; give a folder laid out like patterns/",
            dir.display()
        ))));
    }
    let entries = fs::read_dir(dir).map_err(|error| failed(dir, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| failed(dir, &error))?.path());
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if is_other(&name) {
            continue;
        }
        let shown = path.display().to_string();
        if path.is_dir() || !BUILTIN.iter().any(|(known, _)| *known == name) {
            return Err(Error::new(ErrorKind::Pattern(unknown(&name))).in_part(shown));
        }
        let bytes = fs::read(&path).map_err(|error| failed(&path, &error))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::new(ErrorKind::Pattern("not UTF-8; save it in that encoding".to_owned())).in_part(shown.clone())
        })?;
        files.push(Override { name, shown, text });
    }
    Ok(files)
}

/// Whether a file is none of patterns: hidden, a safety copy of an editor, or about the others (README.md).
fn is_other(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with('.') || lower.ends_with('~') || lower.starts_with("readme")
}

fn unknown(name: &str) -> String {
    let gone = GONE.iter().find(|(old, _)| *old == name);
    let names: Vec<&str> = BUILTIN.iter().map(|(name, _)| *name).collect();
    match gone {
        Some((_, now)) => format!("there is no such pattern file any more: {now}"),
        None => format!(
            "no pattern file has this name{}; they are {}",
            suggestion(name, names.iter().copied()),
            names.join(", ")
        ),
    }
}
