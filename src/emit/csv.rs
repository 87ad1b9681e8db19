//! Flat tables as CSV: `csv/<table>.csv`, UTF-8 with a byte order mark so that Excel takes it for Chinese text, `\r\n`
//! between rows as RFC 4180 has it.
//!
//! A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula. Such texts get an apostrophe before
//! them ([`guarded`]); so do texts that begin with an apostrophe, so that taking one leading apostrophe away from any
//! text that has one gives the record's text back ([`unguarded`]). Columns that are not text are never guarded.

use super::flat::{self, Field, TableId, TableSpec};
use crate::error::{Error, Result};
use crate::model::Report;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The folder below the output folder.
pub const FOLDER: &str = "csv";

/// Bytes that wait before they are written.
const BUFFER: usize = 64 << 10;

/// CSV files while they are written.
pub struct Csv {
    files: Vec<(PathBuf, csv::Writer<BufWriter<File>>)>,
    /// A number on its way.
    number: String,
}

impl Csv {
    /// Begins one file a table below `root/csv`.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(root: &Path) -> Result<Self> {
        let folder = root.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|error| Error::write(&folder, &error))?;
        let mut files = Vec::new();
        for table in flat::tables() {
            let path = folder.join(format!("{}.csv", table.name));
            files.push(begin(&path, table).map_err(|error| Error::write(&path, &error))?);
        }
        let number = String::new();
        Ok(Csv { files, number })
    }

    /// Writes the rows of a record.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn take(&mut self, report: &Report) -> Result<()> {
        flat::rows(report, |table, fields| self.row(table, fields))
    }

    /// Writes a row of a table.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn row(&mut self, table: TableId, fields: &[Field<'_>]) -> Result<()> {
        let Csv { files, number } = self;
        let (path, writer) = &mut files[table as usize];
        let row = fields.iter().try_for_each(|field| match field {
            Field::Text(text) => writer.write_field(guarded(text).as_bytes()),
            Field::Null => writer.write_field(b""),
            field => {
                number.clear();
                plain(field, number);
                writer.write_field(&*number)
            }
        });
        row.and_then(|()| writer.write_record(None::<&[u8]>))
            .map_err(|error| Error::write(path, &error.into()))
    }

    /// Closes the files.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(self) -> Result<()> {
        for (path, writer) in self.files {
            let inner = writer
                .into_inner()
                .map_err(|error| Error::write(&path, error.error()))?;
            inner.into_inner().map_err(|error| Error::write(&path, error.error()))?;
        }
        Ok(())
    }
}

fn begin(path: &Path, table: &TableSpec) -> std::io::Result<(PathBuf, csv::Writer<BufWriter<File>>)> {
    let mut file = BufWriter::with_capacity(BUFFER, File::create(path)?);
    file.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(file);
    writer.write_record(table.columns.iter().map(|column| column.name.as_str()))?;
    Ok((path.to_owned(), writer))
}

/// A field that is no text: nothing for null, `true`, a plain decimal.
fn plain(field: &Field<'_>, out: &mut String) {
    use std::fmt::Write;
    // Writing to a string never fails.
    let _ = match field {
        Field::Null | Field::Text(_) => Ok(()),
        Field::Integer(number) => write!(out, "{number}"),
        Field::Boolean(flag) => write!(out, "{flag}"),
        Field::Decimal(number) => write!(out, "{}", number.normalize()),
        Field::Coordinate(edge) => write!(out, "{edge}"),
    };
}

/// A text as it may stand in a cell: never a formula.
pub fn guarded(text: &str) -> Cow<'_, str> {
    // Full-width signs are folded to formulas by some spreadsheets; tab and carriage return hide what follows them.
    let formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\'']);
    if formula {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The record's text of a guarded one.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_text_begins_a_formula() {
        for text in ["=1+1", "+1", "-1.5", "@SUM(A1)", "＝cmd", "－5", "\t=1", "\r=1", "'=1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "200万元", "≥90%", "——", "1-2"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn guarding_can_be_undone(text in "['=+@a\\-]{0,4}\\PC{0,6}") {
            let guarded = guarded(&text);
            prop_assert_eq!(unguarded(&guarded), text.as_str());
        }
    }
}
