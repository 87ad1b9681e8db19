//! The manifest of earlier runs, read tolerantly: it may be cut anywhere, hold lines twice, or be no manifest at all.

use crate::emit::manifest::{ManifestEntry, Status};
use crate::error::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind as IoKind, Read};
use std::path::Path;

/// Longest line that is taken for an entry, in bytes; what is longer is foreign.
const MAX_LINE: u64 = 1 << 20;

/// What earlier runs left.
#[derive(Debug, Default)]
pub struct Previous {
    /// Last entry of each content.
    contents: HashMap<String, ManifestEntry>,
    /// Lines, from 1, that are no entries.
    pub broken: Vec<usize>,
    /// Whether the last line has no end: whoever appends must close it first.
    pub open_end: bool,
}

impl Previous {
    /// Reads a manifest; without one, nothing is known.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when it exists and cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| Error::new(ErrorKind::Io(format!("{}: {error}", path.display())));
        match File::open(path) {
            Ok(file) => Self::parse(BufReader::new(file)).map_err(failed),
            Err(error) if error.kind() == IoKind::NotFound => Ok(Previous::default()),
            Err(error) => Err(failed(error)),
        }
    }

    fn parse(mut reader: impl BufRead) -> std::io::Result<Self> {
        let mut previous = Previous::default();
        let mut bytes = Vec::new();
        for line in 1.. {
            bytes.clear();
            if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            previous.open_end = bytes.last() != Some(&b'\n');
            if previous.open_end && bytes.len() as u64 == MAX_LINE {
                previous.open_end = !skip_line(&mut reader)?;
            }
            match serde_json::from_slice::<ManifestEntry>(&bytes) {
                Ok(entry) => {
                    if let Some(sha256) = entry.sha256.clone() {
                        previous.contents.insert(sha256, entry);
                    }
                }
                // Lines without text are no loss.
                Err(_) if bytes.trim_ascii().is_empty() => {}
                Err(_) => previous.broken.push(line),
            }
        }
        Ok(previous)
    }

    /// Whether some content gave a record.
    pub fn any_done(&self) -> bool {
        self.contents.values().any(|entry| entry.status == Status::Done)
    }

    /// The entry of a content that gave a record under these settings.
    pub fn done(&self, sha256: &str, settings: &str) -> Option<&ManifestEntry> {
        let entry = self.contents.get(sha256)?;
        let same = entry.status == Status::Done && entry.settings.as_deref() == Some(settings);
        same.then_some(entry)
    }
}

/// Goes to the end of a line without keeping it; whether there is one.
fn skip_line(reader: &mut impl BufRead) -> std::io::Result<bool> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let n = end.map_or(buffer.len(), |n| n + 1);
        reader.consume(n);
        if end.is_some() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(path: &str, sha256: &str, status: Status) -> String {
        let mut entry = ManifestEntry::new(path, status);
        entry.sha256 = Some(sha256.to_owned());
        entry.settings = Some("s".to_owned());
        serde_json::to_string(&entry).unwrap() + "\n"
    }

    #[test]
    fn the_last_entry_of_a_content_wins() {
        let text = [
            entry("a", "1", Status::Done),
            entry("b", "2", Status::Done),
            entry("a", "1", Status::Failed),
            entry("c", "3", Status::Failed),
            entry("c", "3", Status::Done),
        ];
        let previous = Previous::parse(text.concat().as_bytes()).unwrap();
        assert!(previous.done("1", "s").is_none());
        assert_eq!(previous.done("2", "s").unwrap().path, "b");
        assert!(previous.done("2", "other settings").is_none());
        assert!(previous.done("3", "s").is_some());
        assert!(previous.broken.is_empty() && !previous.open_end);
    }

    #[test]
    fn a_cut_line_costs_only_itself() {
        let text = entry("a", "1", Status::Done) + &entry("b", "2", Status::Done);
        for end in 0..text.len() {
            let mut bytes = text.as_bytes()[..end].to_vec();
            let first = text.find('\n').unwrap();
            let previous = Previous::parse(&bytes[..]).unwrap();
            assert_eq!(previous.done("1", "s").is_some(), end >= first, "{end}");
            assert_eq!(previous.done("2", "s").is_some(), end == text.len() - 1, "{end}");
            // As a later run goes on behind the cut.
            if previous.open_end {
                bytes.push(b'\n');
            }
            bytes.extend(entry("c", "3", Status::Done).into_bytes());
            assert!(Previous::parse(&bytes[..]).unwrap().done("3", "s").is_some(), "{end}");
        }
    }

    #[test]
    fn foreign_lines_are_named_and_long_ones_not_kept() {
        let long = "x".repeat(3 * MAX_LINE as usize);
        let text = format!("[1]\n\n{long}\n{}{long}", entry("a", "1", Status::Done));
        let previous = Previous::parse(text.as_bytes()).unwrap();
        assert_eq!(previous.broken, [1, 3, 5]);
        assert!(previous.open_end);
        assert!(previous.done("1", "s").is_some());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let previous = Previous::parse(&bytes[..]).unwrap();
            prop_assert!(previous.contents.is_empty());
        }
    }
}
