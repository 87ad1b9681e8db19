//! Flat tables as Parquet: `parquet/<table>/fiscal_year=2022/part-0.parquet`, partitioned as Hive does, the year in the
//! folder's name and in no file. Figures are Decimal128, exact; no clock and no machine stands in a file.

use super::flat::{self, ColumnType, FIGURE, Field, MONEY, TableId, TableSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Report;
use arrow_array::builder::{BooleanBuilder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field as ArrowField, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder below the output folder.
pub const FOLDER: &str = "parquet";

/// The column that is a folder.
const PARTITION: &str = "fiscal_year";

/// What Hive calls the partition of rows without a value.
const NO_YEAR: &str = "__HIVE_DEFAULT_PARTITION__";

/// Rows, and bytes of text, that are gathered before they are encoded.
const BATCH_ROWS: usize = 4096;
const BATCH_BYTES: usize = 4 << 20;

/// Rows, and bytes of text, of a row group: readers skip by these, and what is encoded waits in memory until then.
const GROUP_ROWS: usize = 256 << 10;
const GROUP_BYTES: usize = 32 << 20;

/// Text of all partitions together that may wait before every partition closes its row group.
const TOTAL_BYTES: usize = 64 << 20;

/// Files open at a time; with more the one that was used longest ago is closed, and a further part begun when needed.
const OPEN: usize = 240;

/// Parquet files while they are written.
pub struct Parquet {
    folder: PathBuf,
    schemas: Vec<Arc<Schema>>,
    /// Open files by table and year.
    parts: BTreeMap<(TableId, Option<i64>), Part>,
    /// Files begun of each table and year.
    begun: BTreeMap<(TableId, Option<i64>), usize>,
    /// Counts uses, to tell which file was used longest ago.
    tick: u64,
    /// Place of the column that is a folder, by table.
    years: Vec<usize>,
    /// Bytes of text in the open row groups of all partitions.
    waiting: usize,
}

impl Parquet {
    /// Begins below `root/parquet`.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(root: &Path) -> Result<Self> {
        let folder = root.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|error| Error::write(&folder, &error))?;
        Ok(Parquet {
            folder,
            schemas: flat::tables().iter().map(|table| Arc::new(schema(table))).collect(),
            parts: BTreeMap::new(),
            begun: BTreeMap::new(),
            tick: 0,
            years: flat::tables()
                .iter()
                .map(|table| table.column(PARTITION).unwrap_or(usize::MAX))
                .collect(),
            waiting: 0,
        })
    }

    /// Adds the rows of a record.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn take(&mut self, report: &Report) -> Result<()> {
        flat::rows(report, |table, fields| self.row(table, fields))
    }

    /// Adds a row of a table.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn row(&mut self, table: TableId, fields: &[Field<'_>]) -> Result<()> {
        let at = self.years[table as usize];
        let (before, rest) = fields.split_at(at.min(fields.len()));
        let (year, after) = match rest.split_first() {
            Some((Field::Integer(year), after)) => (Some(*year), after),
            Some((_, after)) => (None, after),
            None => (None, rest),
        };
        let part = self.part(&flat::tables()[table as usize], year)?;
        let waited = part.group_bytes;
        part.push(before.iter().chain(after))?;
        let waits = part.group_bytes;
        self.waiting = (self.waiting + waits).saturating_sub(waited);
        if self.waiting > TOTAL_BYTES {
            self.waiting = 0;
            self.parts.values_mut().try_for_each(Part::close_group)?;
        }
        Ok(())
    }

    /// Closes every file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(mut self) -> Result<()> {
        // A table without a row still is a table: one empty file says what it would hold.
        for table in flat::tables() {
            if !self.begun.keys().any(|(id, _)| *id == table.id) {
                self.part(table, None)?;
            }
        }
        self.parts.into_values().try_for_each(Part::close)
    }

    /// The open file of a table and year.
    fn part(&mut self, table: &TableSpec, year: Option<i64>) -> Result<&mut Part> {
        let key = (table.id, year);
        self.tick += 1;
        if !self.parts.contains_key(&key) {
            if self.parts.len() >= OPEN {
                let oldest = self.parts.iter().min_by_key(|(_, part)| part.used).map(|(key, _)| *key);
                if let Some(part) = oldest.and_then(|key| self.parts.remove(&key)) {
                    self.waiting = self.waiting.saturating_sub(part.group_bytes);
                    part.close()?;
                }
            }
            let number = self.begun.entry(key).or_insert(0);
            let year = year.map_or_else(|| NO_YEAR.to_owned(), |year| year.to_string());
            let folder = self.folder.join(table.name).join(format!("{PARTITION}={year}"));
            let path = folder.join(format!("part-{number}.parquet"));
            *number += 1;
            let schema = Arc::clone(&self.schemas[table.id as usize]);
            self.parts.insert(key, Part::create(path, table, schema)?);
        }
        // Inserted above when it was missing.
        let part = self.parts.get_mut(&key);
        let part = part.ok_or_else(|| Error::new(ErrorKind::Internal("a partition went away".to_owned())))?;
        part.used = self.tick;
        Ok(part)
    }
}

/// One file.
struct Part {
    path: PathBuf,
    schema: Arc<Schema>,
    columns: Vec<Builder>,
    /// Rows and bytes of text that are gathered.
    rows: usize,
    bytes: usize,
    /// Rows and bytes of text in the row group, gathered ones included.
    group_rows: usize,
    group_bytes: usize,
    writer: ArrowWriter<File>,
    used: u64,
}

impl Part {
    fn create(path: PathBuf, table: &TableSpec, schema: Arc<Schema>) -> Result<Self> {
        let file = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| File::create(&path))
            .map_err(|error| Error::write(&path, &error))?;
        let about = [
            ("heshu.table", table.name.to_owned()),
            ("heshu.schema_version", flat::SCHEMA_VERSION.to_string()),
            ("heshu.doc", table.doc.to_owned()),
        ];
        let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value)).to_vec();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("heshu ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(about))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties);
        let writer = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options);
        let writer = writer.map_err(|error| failed(&path, &error))?;
        let columns = own_columns(table).map(|column| Builder::new(column.kind)).collect();
        Ok(Part {
            path,
            schema,
            columns,
            rows: 0,
            bytes: 0,
            group_rows: 0,
            group_bytes: 0,
            writer,
            used: 0,
        })
    }

    fn push<'f, 'a: 'f>(&mut self, fields: impl Iterator<Item = &'f Field<'a>>) -> Result<()> {
        let mut bytes = 0;
        for (column, field) in self.columns.iter_mut().zip(fields) {
            bytes += column.push(field);
        }
        self.rows += 1;
        self.bytes += bytes;
        self.group_rows += 1;
        self.group_bytes += bytes;
        if self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.encode()?;
        }
        if self.group_rows >= GROUP_ROWS || self.group_bytes >= GROUP_BYTES {
            self.close_group()?;
        }
        Ok(())
    }

    /// Encodes what is gathered.
    fn encode(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        let batch = batch.map_err(|error| Error::new(ErrorKind::Internal(error.to_string())))?;
        self.rows = 0;
        self.bytes = 0;
        self.writer.write(&batch).map_err(|error| failed(&self.path, &error))
    }

    /// Writes the row group to the file.
    fn close_group(&mut self) -> Result<()> {
        self.encode()?;
        self.group_rows = 0;
        self.group_bytes = 0;
        self.writer.flush().map_err(|error| failed(&self.path, &error))
    }

    fn close(mut self) -> Result<()> {
        self.encode()?;
        let closed = self.writer.close();
        closed.map(|_| ()).map_err(|error| failed(&self.path, &error))
    }
}

/// Gathers the values of a column.
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Boolean(BooleanBuilder),
    /// With the digits after the point.
    Decimal(Decimal128Builder, i8),
    Coordinate(Float64Builder),
}

impl Builder {
    fn new(kind: ColumnType) -> Self {
        let decimal = |(digits, scale)| {
            Builder::Decimal(
                Decimal128Builder::new().with_data_type(DataType::Decimal128(digits, scale)),
                scale,
            )
        };
        match kind {
            ColumnType::Text => Builder::Text(StringBuilder::new()),
            ColumnType::Integer => Builder::Integer(Int64Builder::new()),
            ColumnType::Boolean => Builder::Boolean(BooleanBuilder::new()),
            ColumnType::Money => decimal(MONEY),
            ColumnType::Decimal => decimal(FIGURE),
            ColumnType::Coordinate => Builder::Coordinate(Float64Builder::new()),
        }
    }

    /// Adds a value; gives the bytes that it takes, about.
    fn push(&mut self, field: &Field<'_>) -> usize {
        match (&mut *self, field) {
            (Builder::Text(builder), Field::Text(text)) => {
                builder.append_value(text);
                return text.len() + 4;
            }
            (Builder::Integer(builder), Field::Integer(number)) => builder.append_value(*number),
            (Builder::Boolean(builder), Field::Boolean(flag)) => builder.append_value(*flag),
            (Builder::Decimal(builder, scale), Field::Decimal(number)) => {
                builder.append_option(scaled(*number, *scale));
            }
            (Builder::Coordinate(builder), Field::Coordinate(edge)) => builder.append_value(*edge),
            // Null; a field of another type than its column has does not occur, a test holds the rows to it.
            (Builder::Text(builder), _) => builder.append_null(),
            (Builder::Integer(builder), _) => builder.append_null(),
            (Builder::Boolean(builder), _) => builder.append_null(),
            (Builder::Decimal(builder, _), _) => builder.append_null(),
            (Builder::Coordinate(builder), _) => builder.append_null(),
        }
        8
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(builder) => Arc::new(builder.finish()),
            Builder::Integer(builder) => Arc::new(builder.finish()),
            Builder::Boolean(builder) => Arc::new(builder.finish()),
            Builder::Decimal(builder, _) => Arc::new(builder.finish()),
            Builder::Coordinate(builder) => Arc::new(builder.finish()),
        }
    }
}

/// The number as Decimal128 stores it: so many times the smallest unit of the column. `None` if it does not fit, which
/// [`flat`] has ruled out.
fn scaled(number: Decimal, scale: i8) -> Option<i128> {
    let number = number.normalize();
    let up = u32::from(scale.unsigned_abs()).checked_sub(number.scale())?;
    number.mantissa().checked_mul(10i128.checked_pow(up)?)
}

/// The columns of a file: all but the one that is a folder.
fn own_columns(table: &TableSpec) -> impl Iterator<Item = &flat::ColumnSpec> {
    table.columns.iter().filter(|column| column.name != PARTITION)
}

fn schema(table: &TableSpec) -> Schema {
    let field = |column: &flat::ColumnSpec| {
        let kind = match column.kind {
            ColumnType::Text => DataType::Utf8,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Money => DataType::Decimal128(MONEY.0, MONEY.1),
            ColumnType::Decimal => DataType::Decimal128(FIGURE.0, FIGURE.1),
            ColumnType::Coordinate => DataType::Float64,
        };
        ArrowField::new(&column.name, kind, column.nullable)
    };
    Schema::new(own_columns(table).map(field).collect::<Vec<_>>())
}

fn failed(path: &Path, error: &parquet::errors::ParquetError) -> Error {
    Error::new(ErrorKind::Write(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_scaled_exactly() {
        let scaled = |text: &str, scale| scaled(text.parse().unwrap(), scale);
        assert_eq!(scaled("1020.16", 2), Some(102_016));
        assert_eq!(scaled("-3", 2), Some(-300));
        assert_eq!(scaled("97.00", 12), Some(97_000_000_000_000));
        assert_eq!(scaled("97.000000", 2), Some(9700));
        assert_eq!(scaled("0.001", 2), None);
    }
}
