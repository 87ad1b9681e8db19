//! The zip container and its parts (ECMA-376 part 2): names, relationships, and parts as streams under limits.

use super::limits::{self, Allowance};
use super::xml::{Node, Xml};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Limit, Limits};
use std::collections::BTreeMap;
use std::io::Cursor;
use zip::ZipArchive;
use zip::result::ZipError;

/// An open package.
pub(in crate::ingest) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Part names in lower case (part names are equal without case), with `/` and without a leading `/`.
    names: BTreeMap<String, usize>,
    allowance: Allowance,
    /// Bytes that a part other than the main one may have.
    other_part: u64,
}

impl<'a> Package<'a> {
    /// Opens the container; no part is decompressed.
    pub(in crate::ingest) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        let too_many_entries = || limits.over(Limit::Entries, "the number of files in the package");
        if declared_entries(bytes).is_some_and(|n| n > limits.entries) {
            return Err(too_many_entries());
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| container_error(&e))?;
        if archive.len() > limits.entries {
            return Err(too_many_entries());
        }
        let mut names = BTreeMap::new();
        for index in 0..archive.len() {
            if let Some(Ok(name)) = archive.name_for_index(index) {
                names.entry(canonical(&name)).or_insert(index);
            }
        }
        Ok(Package {
            archive,
            names,
            allowance: Allowance::new(limits),
            other_part: limits::other_part(limits),
        })
    }

    /// Whether the package holds a part.
    pub(in crate::ingest) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&canonical(name))
    }

    /// Canonical names of all entries, sorted.
    pub(in crate::ingest) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// A part as a stream of XML, or `None` when the package does not hold it.
    pub(in crate::ingest) fn part(&mut self, name: &str) -> Result<Option<Xml<'_>>> {
        self.part_within(name, self.other_part)
    }

    /// As [`Package::part`], with a limit of its own.
    pub(in crate::ingest) fn part_within(&mut self, name: &str, limit: u64) -> Result<Option<Xml<'_>>> {
        let Some(&index) = self.names.get(&canonical(name)) else {
            return Ok(None);
        };
        let file = self
            .archive
            .by_index(index)
            .map_err(|e| container_error(&e).in_part(name))?;
        Ok(Some(Xml::new(name, Box::new(file), limit, &self.allowance)?))
    }

    /// The relationships of a part (`""` for those of the package), or `None` when there is no such part.
    pub(in crate::ingest) fn relationships(&mut self, source: &str) -> Result<Option<Vec<Relationship>>> {
        let (folder, file) = source.rsplit_once('/').unwrap_or(("", source));
        let separator = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{separator}_rels/{file}.rels");
        let Some(mut xml) = self.part(&name)? else {
            return Ok(None);
        };
        let mut found = Vec::new();
        loop {
            match xml.next()? {
                Node::Open(element) if element.local() == "Relationship" => {
                    let target = element.attr("Target")?.unwrap_or_default();
                    let kind = element.attr("Type")?.unwrap_or_default();
                    let external = element
                        .attr("TargetMode")?
                        .is_some_and(|mode| mode.eq_ignore_ascii_case("External"));
                    if !external {
                        found.push(Relationship {
                            id: element.attr("Id")?.unwrap_or_default().into_owned(),
                            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                            target: resolve(folder, &target),
                        });
                    }
                }
                Node::End => return Ok(Some(found)),
                _ => {}
            }
        }
    }
}

/// One relationship to a part of the package.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct Relationship {
    /// Id that the source part names it by.
    pub(in crate::ingest) id: String,
    /// Last segment of its type: the same in the strict and the transitional namespace.
    pub(in crate::ingest) kind: String,
    /// Part, as a path from the root without a leading `/`.
    pub(in crate::ingest) target: String,
}

/// Some producers write `word\document.xml` or other letter case than the relationships.
fn canonical(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// A relationship target as a path from the root.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|s| !s.is_empty()).collect()
    };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path.join("/")
}

/// Entries that the end record declares: a guard before the central directory is read into memory.
fn declared_entries(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let at = bytes[tail..].windows(4).rposition(|w| w == b"PK\x05\x06")? + tail;
    let count = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

fn container_error(error: &ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => Error::new(
            ErrorKind::Encrypted("zip with a password; unpack it and save without one".to_owned()),
        ),
        ZipError::InvalidArchive(what) => Error::damaged(format!("broken zip container: {what}")),
        other => Error::damaged(format!("broken zip container: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_against_their_folder() {
        assert_eq!(resolve("word", "styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "/word/document2.xml"), "word/document2.xml");
        assert_eq!(resolve("word/sub", "../header1.xml"), "word/header1.xml");
        assert_eq!(resolve("", "./word\\document.xml"), "word/document.xml");
    }
}
