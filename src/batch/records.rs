//! Records that were made before, read back from NDJSON line by line.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Report, SCHEMA};
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Longest line. A record of a report of a thousand pages takes a few megabytes.
const MAX_LINE: u64 = 256 << 20;

/// Records of a file, one line in memory at a time.
#[derive(Debug)]
pub struct RecordLines<R = BufReader<File>> {
    reader: R,
    line: usize,
    bytes: Vec<u8>,
    ended: bool,
}

impl RecordLines {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| unreadable(&e))?;
        Ok(RecordLines::new(BufReader::with_capacity(1 << 16, file)))
    }
}

impl<R: BufRead> RecordLines<R> {
    /// Reads from anything.
    pub fn new(reader: R) -> Self {
        RecordLines {
            reader,
            line: 0,
            bytes: Vec::new(),
            ended: false,
        }
    }

    /// Reads on to the next line that is not empty. After a failure to read there is no other line.
    fn read_line(&mut self) -> Option<Result<()>> {
        loop {
            self.bytes.clear();
            self.line += 1;
            let read = self.reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut self.bytes);
            match read {
                Ok(0) => return None,
                Ok(_) if self.bytes.len() as u64 == MAX_LINE && self.bytes.last() != Some(&b'\n') => {
                    self.bytes = Vec::new();
                    if let Err(error) = skip_line(&mut self.reader) {
                        self.ended = true;
                        return Some(Err(unreadable(&error)));
                    }
                    return Some(Err(Error::limit(
                        "the length of a line",
                        format!("{} MB", MAX_LINE >> 20),
                    )));
                }
                Ok(_) if self.line == 1 && self.bytes.starts_with(b"\xef\xbb\xbf") => {
                    self.bytes.drain(..3);
                }
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(unreadable(&error)));
                }
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                return Some(Ok(()));
            }
        }
    }
}

impl<R: BufRead> Iterator for RecordLines<R> {
    /// Number of the line, from 1, and its record.
    type Item = (usize, Result<Report>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.read_line()?.and_then(|()| parse(&self.bytes));
        Some((self.line, record))
    }
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io(super::walk::io_reason(error)))
}

fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (length, end) = match buffer.iter().position(|b| *b == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(length);
        if end {
            return Ok(());
        }
    }
}

/// What tells a record from any other JSON.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Reads one record.
///
/// # Errors
/// When it is no JSON, no record, or of a schema that this program does not know.
pub fn parse(line: &[u8]) -> Result<Report> {
    // The record itself denies what it does not know; a newer one shall be told apart from a broken one.
    let failed = match serde_json::from_slice::<Report>(line) {
        Ok(report) if report.schema == SCHEMA => return Ok(report),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    match (serde_json::from_slice::<Head>(line), failed) {
        (Ok(head), _) if head.schema != SCHEMA => {
            let schema: String = head.schema.chars().take(60).collect();
            Err(Error::unsupported(
                format!("a record of the schema {schema:?}; this heshu knows {SCHEMA}"),
                "extract the report anew with this heshu, or use the one that made the record",
            ))
        }
        (Ok(_), Some(error)) => Err(Error::damaged(format!("no record of {SCHEMA}: {error}"))),
        (Err(error), _) if error.is_data() => Err(Error::unsupported(
            "no record of heshu (it has no field “schema”)",
            "give the .ndjson that heshu extract wrote",
        )),
        (Err(error), _) => Err(Error::damaged(format!("no JSON: {error}"))),
        (Ok(_), None) => Err(Error::damaged("no record")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_lines_cost_themselves_only() {
        let patterns = crate::pattern::Patterns::builtin().unwrap();
        let report = crate::extract("绩效自评分数为95分。".as_bytes(), "a.txt", &patterns).unwrap();
        let good = serde_json::to_string(&report).unwrap();
        let newer = good.replacen(SCHEMA, "heshu/report/v2", 1);
        let text = format!("\u{feff}{good}\r\n\n{{\"a\":\n[]\n{newer}\n{{\"path\":1}}\n{good}");
        let lines: Vec<(usize, Result<Report>)> = RecordLines::new(text.as_bytes()).collect();
        let seen: Vec<usize> = lines.iter().map(|(line, _)| *line).collect();
        assert_eq!(seen, [1, 3, 4, 5, 6, 7]);
        assert_eq!(lines[0].1.as_ref().unwrap(), &report);
        assert_eq!(lines[5].1.as_ref().unwrap(), &report);
        let said = |i: usize| lines[i].1.as_ref().unwrap_err().to_string();
        assert!(said(1).contains("no JSON"), "{}", said(1));
        assert!(said(2).contains("no record"), "{}", said(2));
        assert!(
            said(3).contains("heshu/report/v2") && said(3).contains("extract"),
            "{}",
            said(3)
        );
        assert!(said(4).contains("no field"), "{}", said(4));
    }
}
