//! Documents made ready on a reader's thread: as the bytes that COPY takes, or as values.

use super::passages::passages;
use super::{Layout, Passage};
use crate::emit::flat::{Field, rows_by_table};
use crate::error::{Error, Result};
use crate::model::{Exact, Report};
use std::collections::HashSet;
use std::io::Write;

/// Longest row id; a B-tree of PostgreSQL takes no key of more than 2,704 bytes.
const MAX_ROW_ID: usize = 200;

/// What stands for a NUL character, which neither database holds in text.
const NUL_SIGN: &str = "␀";

/// Rows of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRows<'a> {
    /// SHA-256 of the document, as in the first column of each row.
    pub sha256: &'a str,
    /// Rows by table, in the order of the layout.
    pub tables: Vec<Vec<Vec<Field<'a>>>>,
    /// Texts to find.
    pub passages: Vec<Passage<'a>>,
}

/// Turns records into rows for one database.
#[derive(Debug, Clone, Copy)]
pub struct Preparer {
    pub(super) layout: Layout,
    copy: bool,
}

/// A document that is ready to be loaded.
#[derive(Debug)]
pub struct Prepared {
    pub(super) sha256: String,
    pub(super) parts: Parts,
    pub(super) nul_characters: u64,
    bytes: usize,
    rows: u64,
}

#[derive(Debug)]
pub(super) enum Parts {
    /// By table: lines of COPY's text format, and how many.
    Copy(Vec<(Vec<u8>, u64)>),
    /// By table: rows.
    Rows {
        tables: Vec<Vec<Vec<Field<'static>>>>,
        passages: Vec<Passage<'static>>,
    },
}

impl Prepared {
    /// Memory that it holds, about.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

impl Preparer {
    pub(super) fn new(layout: Layout, copy: bool) -> Self {
        Preparer { layout, copy }
    }

    /// Makes a record ready, its rows being those of [`crate::emit::flat`].
    ///
    /// # Errors
    /// When it cannot be keyed: one bad record shall not fail the batch that it is in.
    pub fn report(&self, report: &Report) -> Result<Prepared> {
        let mut builder = Builder::new(self, &report.document.sha256)?;
        for (index, table) in self.layout.tables.iter().enumerate() {
            rows_by_table(report, table.id, |row| builder.row(index, row))?;
        }
        builder.finish(if self.copy { Vec::new() } else { passages(report) })
    }

    /// Makes rows ready that were made elsewhere, in the columns of the layout.
    ///
    /// # Errors
    /// As [`Preparer::report`].
    pub fn rows(&self, document: DocumentRows) -> Result<Prepared> {
        let mut builder = Builder::new(self, document.sha256)?;
        for (index, rows) in document.tables.iter().enumerate() {
            for row in rows {
                builder.row(index, row)?;
            }
        }
        builder.finish(document.passages)
    }
}

/// A document that is being made ready.
struct Builder {
    layout: Layout,
    document: Prepared,
    /// Ids of the table that is being filled.
    ids: (usize, HashSet<String>),
}

impl Builder {
    fn new(preparer: &Preparer, sha256: &str) -> Result<Self> {
        if sha256.len() != 64 || !sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Error::damaged(
                "the record's document.sha256 is no SHA-256 in lower case",
            ));
        }
        let tables = preparer.layout.tables.len();
        let parts = if preparer.copy {
            Parts::Copy(vec![(Vec::new(), 0); tables])
        } else {
            Parts::Rows {
                tables: vec![Vec::new(); tables],
                passages: Vec::new(),
            }
        };
        Ok(Builder {
            layout: preparer.layout,
            document: Prepared {
                sha256: sha256.to_owned(),
                parts,
                nul_characters: 0,
                bytes: 0,
                rows: 0,
            },
            ids: (0, HashSet::new()),
        })
    }

    fn row(&mut self, table: usize, row: &[Field]) -> Result<()> {
        if self.ids.0 != table {
            self.ids.0 = table;
            self.ids.1.clear();
        }
        let name = self.layout.tables.get(table).map_or("?", |t| t.name);
        let id = match row.get(1) {
            Some(Field::Text(id)) => id.as_ref(),
            _ => "",
        };
        if id.len() > MAX_ROW_ID || !self.ids.1.insert(id.to_owned()) {
            let shown: String = id.chars().take(40).collect();
            let what = format!("the id {shown:?} in the record's {name} is too long or stands there twice");
            return Err(Error::damaged(what));
        }
        let document = &mut self.document;
        document.rows += 1;
        match &mut document.parts {
            Parts::Copy(tables) => {
                if let Some((bytes, rows)) = tables.get_mut(table) {
                    document.nul_characters += copy_line(bytes, row);
                    *rows += 1;
                }
            }
            Parts::Rows { tables, .. } => {
                if let Some(rows) = tables.get_mut(table) {
                    let text = |field: &Field| if let Field::Text(text) = field { text.len() } else { 0 };
                    document.bytes += row.iter().map(|field| size_of::<Field>() + text(field)).sum::<usize>();
                    let nul = &mut document.nul_characters;
                    rows.push(row.iter().map(|field| owned(field, nul)).collect());
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, texts: Vec<Passage>) -> Result<Prepared> {
        match &mut self.document.parts {
            Parts::Copy(tables) => self.document.bytes = tables.iter().map(|(bytes, _)| bytes.capacity()).sum(),
            Parts::Rows { passages, .. } => {
                self.document.bytes += texts.iter().map(|p| size_of::<Passage>() + p.text.len()).sum::<usize>();
                *passages = texts.into_iter().map(without_nul).collect();
            }
        }
        Ok(self.document)
    }
}

fn without_nul(passage: Passage) -> Passage<'static> {
    let mut passage = passage.into_owned();
    if passage.text.contains('\0') {
        passage.text = passage.text.replace('\0', NUL_SIGN).into();
    }
    passage
}

/// A value without borrows and without NUL; counts those.
fn owned(field: &Field, nul: &mut u64) -> Field<'static> {
    match field {
        Field::Text(text) if text.contains('\0') => {
            *nul += text.matches('\0').count() as u64;
            Field::Text(text.replace('\0', NUL_SIGN).into())
        }
        Field::Text(text) => Field::Text(text.as_ref().to_owned().into()),
        Field::Null => Field::Null,
        Field::Integer(n) => Field::Integer(*n),
        Field::Boolean(b) => Field::Boolean(*b),
        Field::Decimal(d) => Field::Decimal(*d),
        Field::Coordinate(c) => Field::Coordinate(*c),
    }
}

/// A row in the text format of COPY (PostgreSQL manual, COPY, "Text Format"); gives the number of NUL characters.
fn copy_line(out: &mut Vec<u8>, row: &[Field]) -> u64 {
    let mut nul = 0;
    for (i, field) in row.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        // Writing to memory cannot fail.
        let _ = match field {
            Field::Null => out.write_all(b"\\N"),
            Field::Text(text) => {
                nul += copy_text(out, text);
                Ok(())
            }
            Field::Integer(n) => write!(out, "{n}"),
            Field::Boolean(b) => out.write_all(if *b { b"t" } else { b"f" }),
            Field::Decimal(d) => write!(out, "{}", Exact(*d)),
            Field::Coordinate(c) => write!(out, "{c}"),
        };
    }
    out.push(b'\n');
    nul
}

fn copy_text(out: &mut Vec<u8>, text: &str) -> u64 {
    let mut nul = 0;
    let bytes = text.as_bytes();
    let mut done = 0;
    for (i, byte) in bytes.iter().enumerate() {
        let escaped: &[u8] = match byte {
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0 => {
                nul += 1;
                NUL_SIGN.as_bytes()
            }
            _ => continue,
        };
        out.extend_from_slice(&bytes[done..i]);
        out.extend_from_slice(escaped);
        done = i + 1;
    }
    out.extend_from_slice(&bytes[done..]);
    nul
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_one_field_of_one_line() {
        let mut out = Vec::new();
        let row = [
            Field::Text("a\tb\\.\r\n\\N\0".into()),
            Field::Null,
            Field::Boolean(true),
            Field::Decimal("-0.00".parse().unwrap()),
            Field::Coordinate(0.1),
        ];
        assert_eq!(copy_line(&mut out, &row), 1);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a\\tb\\\\.\\r\\n\\\\N␀\t\\N\tt\t0.00\t0.1\n"
        );
    }
}
