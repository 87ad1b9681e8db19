//! Records as flat tables, for warehouses: one definition serves CSV, Parquet, SQL and the data dictionary.
//!
//! A table is a [`TableSpec`]; a record becomes rows of [`Field`]s in the order of the columns. Rows are keyed by
//! `document_sha256` and `row_id` and come in the order of the record, so the same record always gives the same rows.

use rust_decimal::Decimal;
use std::borrow::Cow;

/// Version of the tables below: rises when a column is added, changed or dropped.
pub const SCHEMA_VERSION: i64 = 1;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text as the record has it.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// Money in 元: `DECIMAL(20,2)`; null where the amount has parts of a 分, which its text column keeps.
    Money,
    /// Any other figure: `DECIMAL(38,12)`; null where it has more digits, which its text column keeps.
    Decimal,
    /// Page geometry in points; the only column that is a float.
    Coordinate,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name, `lower_snake_case`.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
    /// For the data dictionary: meaning, unit, the field of the record that it comes from.
    pub doc: &'static str,
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSpec {
    /// Name: of the file, the partition folder and the relation in a database.
    pub name: &'static str,
    /// Columns; the first two are always `document_sha256` and `row_id`, the key.
    pub columns: &'static [ColumnSpec],
    /// For the data dictionary: what one row is.
    pub doc: &'static str,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Field<'a> {
    /// Absent.
    Null,
    /// [`ColumnType::Text`].
    Text(Cow<'a, str>),
    /// [`ColumnType::Integer`].
    Integer(i64),
    /// [`ColumnType::Boolean`].
    Boolean(bool),
    /// [`ColumnType::Money`] or [`ColumnType::Decimal`]; fits the column exactly, never rounded.
    Decimal(Decimal),
    /// [`ColumnType::Coordinate`].
    Coordinate(f64),
}
