//! Zip archives as folders: `archive.zip!/inner.docx`.
//!
//! Nothing is unpacked to disk: a member is a place in the archive's bytes, read as a stream when its turn comes, so that
//! a member's name reaches no file system. No size that an archive declares is trusted.

use super::isolate::guarded;
use super::walk::{self, Class, Problem};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Limit, Limits};
use encoding_rs::GB18030;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use zip::{CompressionMethod, ZipArchive};

/// What parts an archive's name from the names in it.
pub const SEPARATOR: &str = "!/";

/// Archives in each other.
const DEPTH: usize = 3;

/// Parts that tell a document from an archive (lower case).
const PACKAGES: [&str; 11] = [
    "[content_types].xml",
    "_rels/.rels",
    "mimetype",
    "word/document.xml",
    "xl/workbook.xml",
    "ppt/presentation.xml",
    "visio/document.xml",
    "ofd.xml",
    "content.xml",
    "index.apxl",
    "index/document.iwa",
];

/// Names that only documents bear: such a file is none of an archive's, whatever the zip in it holds.
const PACKAGE_NAMES: [&str; 13] = [
    "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "ods", "odt", "pptx", "ofd", "epub", "jar",
];

/// A file in an archive, or in an archive in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// From the outermost archive to the file.
    steps: Vec<Step>,
}

/// Where a member's bytes lie in its archive.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    start: u64,
    packed: u64,
    deflated: bool,
    crc: u32,
}

/// What an archive holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Name from the archive's own one on, and place, in order of the names.
    pub(super) files: Vec<(String, Member)>,
    /// Members that cannot be read.
    pub(super) problems: Vec<Problem>,
    /// Members left out, by extension.
    pub(super) skipped: BTreeMap<String, usize>,
}

/// Whether a file begins as a zip container does.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Lists an archive with the archives in it; `None` when the file is no archive (a document, or broken: its reader will
/// say so).
///
/// # Errors
/// Over a limit, or made to deceive.
pub(super) fn list(path: &Path, shown: &str, limits: &Limits) -> Result<Option<Listing>> {
    if PACKAGE_NAMES.contains(&walk::extension(shown).as_str()) {
        return Ok(None);
    }
    let Ok(file) = File::open(path) else { return Ok(None) };
    let mut entries = 0;
    let Some(top) = guarded(|| entries_of(file, &[], shown, &mut entries, limits))? else {
        return Ok(None);
    };
    let mut listing = Listing::default();
    let mut inflated = 0u64;
    let mut waiting: Vec<Entry> = top;
    waiting.reverse();
    while let Some(Entry { shown, place }) = waiting.pop() {
        let problem = match place.and_then(|member| look(path, &shown, member, &mut inflated, limits)) {
            Err(error) => error,
            Ok(Look::Skip) => {
                *listing.skipped.entry(walk::extension(&shown)).or_default() += 1;
                continue;
            }
            Ok(Look::File(member)) => {
                listing.files.push((shown, member));
                continue;
            }
            Ok(Look::Archive(member, _)) if member.steps.len() > DEPTH => {
                Error::limit("zip archives in each other", format!("{DEPTH} levels"))
            }
            Ok(Look::Archive(member, bytes)) => {
                let inner =
                    guarded(|| entries_of(Cursor::new(Shared(bytes)), &member.steps, &shown, &mut entries, limits));
                match inner {
                    Err(error) if matches!(error.kind, ErrorKind::Limit { .. }) => return Err(error),
                    Err(error) => error,
                    Ok(Some(inner)) => {
                        waiting.extend(inner.into_iter().rev());
                        continue;
                    }
                    Ok(None) => {
                        listing.files.push((shown, member));
                        continue;
                    }
                }
            }
        };
        listing.problems.push(Problem { shown, error: problem });
    }
    if listing.files.is_empty() && listing.problems.is_empty() {
        return Err(Error::unsupported(
            "a zip archive without reports",
            "unpack it and name the files one by one",
        ));
    }
    Ok(Some(listing))
}

struct Entry {
    shown: String,
    place: Result<Member>,
}

enum Look {
    Skip,
    File(Member),
    Archive(Member, Arc<Vec<u8>>),
}

/// What a member is, by its name and its first bytes.
fn look(path: &Path, shown: &str, member: Member, inflated: &mut u64, limits: &Limits) -> Result<Look> {
    let mut head = Vec::new();
    let extension = walk::extension(shown);
    let read = member.open(path, limits).and_then(|stream| {
        stream
            .take(walk::HEAD)
            .read_to_end(&mut head)
            .map_err(|error| broken(&error))
    });
    read?;
    let left = limits.inflated.saturating_sub(*inflated);
    if is_zip(&head) && !PACKAGE_NAMES.contains(&extension.as_str()) {
        // Whether it is an archive or a document stands at its end.
        let bytes = load(path, &member.steps, left, limits)?;
        *inflated = inflated.saturating_add(bytes.len() as u64);
        return Ok(Look::Archive(member, bytes));
    }
    match walk::classify(&extension, &head) {
        Class::Read => Ok(Look::File(member)),
        Class::Skip => Ok(Look::Skip),
        Class::Problem(error) => Err(error),
    }
}

/// The members of one archive, sorted by name; `None` when it is a document or no zip at all.
fn entries_of<R: Read + Seek>(
    mut source: R,
    around: &[Step],
    shown: &str,
    entries: &mut usize,
    limits: &Limits,
) -> Result<Option<Vec<Entry>>> {
    let Ok(length) = source.seek(SeekFrom::End(0)) else {
        return Ok(None);
    };
    let too_many = || limits.over(Limit::Entries, "the number of files in the archive");
    if declared_entries(&mut source, length).is_some_and(|n| n > limits.entries) {
        return Err(too_many());
    }
    let Ok(mut archive) = ZipArchive::new(source) else {
        return Ok(None);
    };
    let is_package = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).replace('\\', "/").to_ascii_lowercase();
        PACKAGES.contains(&name.as_str())
    };
    if archive.file_names_raw().any(is_package) {
        return Ok(None);
    }
    *entries = entries.saturating_add(archive.len());
    if *entries > limits.entries {
        return Err(too_many());
    }
    let mut found = Vec::with_capacity(archive.len());
    let mut ranges = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let raw = archive.by_index_data(index).map(|data| data.name_raw().to_vec());
        let name = plain_name(raw.as_deref().unwrap_or_default());
        let place = match archive.by_index_raw(index) {
            Ok(member) if member.is_dir() || member.is_symlink() => continue,
            Ok(member) => place(&member, around, length).inspect(|member| {
                ranges.extend(member.steps.last().map(|step| (step.start, step.packed)));
            }),
            Err(_) => Err(Error::damaged("a broken member of the zip archive")),
        };
        // What systems leave behind, and what is hidden in folders too.
        let hidden = |part: &str| part.starts_with('.') || part.starts_with("~$") || part == "__MACOSX";
        if name.is_empty() || name.split('/').any(hidden) {
            continue;
        }
        found.push((name, place));
    }
    ranges.sort_unstable();
    if ranges.windows(2).any(|pair| pair[0].0 + pair[0].1 > pair[1].0) {
        return Err(Error::damaged(
            "the members of the zip archive overlap, as in a zip bomb",
        ));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let entry = |(name, place)| Entry {
        shown: format!("{shown}{SEPARATOR}{name}"),
        place,
    };
    Ok(Some(found.into_iter().map(entry).collect()))
}

fn place<R: Read>(member: &zip::read::ZipFile<'_, R>, around: &[Step], length: u64) -> Result<Member> {
    if member.encrypted() {
        let what = "a member of a zip archive with a password; unpack it and extract the result";
        return Err(Error::new(ErrorKind::Encrypted(what.to_owned())));
    }
    let deflated = match member.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        other => {
            return Err(Error::unsupported(
                format!("a member packed by the method {other}"),
                "unpack the archive and extract the documents in it",
            ));
        }
    };
    let packed = member.compressed_size();
    let start = member.data_start();
    let start = start.filter(|start| start.checked_add(packed).is_some_and(|end| end <= length));
    let Some(start) = start else {
        return Err(Error::damaged("a member that reaches over the end of the zip archive"));
    };
    let mut steps = around.to_vec();
    steps.push(Step {
        start,
        packed,
        deflated,
        crc: member.crc32(),
    });
    Ok(Member { steps })
}

/// A member's name: UTF-8, else GB18030 as Chinese programs write it without saying so; `/` between its parts, none of
/// which leads anywhere else.
fn plain_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => match GB18030.decode_without_bom_handling_and_without_replacement(raw) {
            Some(name) => name.into_owned(),
            None => String::from_utf8_lossy(raw).into_owned(),
        },
    };
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_control() {
                '\u{FFFD}'
            } else if c == '\\' {
                '/'
            } else {
                c
            }
        })
        .collect();
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

/// Entries that the end record declares: a guard before the directory is read into memory.
fn declared_entries(source: &mut (impl Read + Seek), length: u64) -> Option<usize> {
    let tail = length.min(22 + u64::from(u16::MAX));
    source.seek(SeekFrom::Start(length - tail)).ok()?;
    let mut bytes = Vec::new();
    source.take(tail).read_to_end(&mut bytes).ok()?;
    let at = bytes.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let count = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

impl Member {
    /// The member's bytes as a stream, checked against its checksum at the end.
    pub(super) fn open(&self, path: &Path, limits: &Limits) -> Result<Box<dyn Read>> {
        let Some((last, around)) = self.steps.split_last() else {
            return Err(Error::damaged("a member without a place"));
        };
        if around.is_empty() {
            let file = File::open(path).map_err(|error| Error::new(ErrorKind::Io(walk::io_reason(&error))))?;
            return last.open(file);
        }
        last.open(Cursor::new(Shared(load(path, around, limits.inflated, limits)?)))
    }
}

impl Step {
    fn open(&self, mut source: impl Read + Seek + 'static) -> Result<Box<dyn Read>> {
        source
            .seek(SeekFrom::Start(self.start))
            .map_err(|error| broken(&error))?;
        let packed = source.take(self.packed);
        let stream: Box<dyn Read> = match self.deflated {
            true => Box::new(DeflateDecoder::new(packed)),
            false => Box::new(packed),
        };
        Ok(Box::new(Checked {
            stream,
            crc: Crc::new(),
            expected: self.crc,
        }))
    }
}

/// An archive inside an archive, kept while its members are read one after the other.
struct Kept {
    path: PathBuf,
    steps: Vec<Step>,
    length: u64,
    bytes: Arc<Vec<u8>>,
}

/// One is enough: members come in the order of their archives, and most archives hold no others.
static KEPT: Mutex<Option<Kept>> = Mutex::new(None);

/// The bytes of an archive inside an archive.
fn load(path: &Path, steps: &[Step], most: u64, limits: &Limits) -> Result<Arc<Vec<u8>>> {
    let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    // Others that want the same archive wait rather than inflate it again.
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = kept.as_ref()
        && (kept.path.as_path(), kept.steps.as_slice(), kept.length) == (path, steps, length)
    {
        return Ok(Arc::clone(&kept.bytes));
    }
    let mut bytes: Option<Arc<Vec<u8>>> = None;
    for step in steps {
        let stream = match bytes.take() {
            None => {
                let file = File::open(path).map_err(|error| Error::new(ErrorKind::Io(walk::io_reason(&error))))?;
                step.open(file)?
            }
            Some(outer) => step.open(Cursor::new(Shared(outer)))?,
        };
        let mut inner = Vec::new();
        let most = most.min(limits.bytes);
        stream
            .take(most.saturating_add(1))
            .read_to_end(&mut inner)
            .map_err(|error| broken(&error))?;
        if inner.len() as u64 > most {
            return Err(limits.over(Limit::Inflated, "the archives inside the archive, unpacked,"));
        }
        bytes = Some(Arc::new(inner));
    }
    let bytes = bytes.unwrap_or_default();
    *kept = Some(Kept {
        path: path.to_owned(),
        steps: steps.to_vec(),
        length,
        bytes: Arc::clone(&bytes),
    });
    Ok(bytes)
}

/// What a failure inside a member's stream means.
pub(super) fn broken(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Error::damaged("a broken member of the zip archive")
        }
        _ => Error::new(ErrorKind::Io(walk::io_reason(error))),
    }
}

/// Bytes that several streams read.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A stream that fails at its end when its checksum is wrong.
struct Checked {
    stream: Box<dyn Read>,
    crc: Crc,
    expected: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.crc.update(&buffer[..read]);
        if read == 0 && !buffer.is_empty() && self.crc.sum() != self.expected {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "wrong checksum"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_whatever_they_say() {
        let gbk = GB18030.encode("绩效/自评.docx").0.into_owned();
        assert_eq!(plain_name(&gbk), "绩效/自评.docx");
        assert_eq!(plain_name("绩效\\a.docx".as_bytes()), "绩效/a.docx");
        assert_eq!(plain_name(b"../../etc/./passwd"), "etc/passwd");
        assert_eq!(plain_name(b"/abs//x\n.txt"), "abs/x\u{FFFD}.txt");
        assert_eq!(plain_name(b"\xff\xff"), "\u{FFFD}\u{FFFD}");
    }
}
