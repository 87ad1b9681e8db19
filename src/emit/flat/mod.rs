//! Records as flat tables, for warehouses: one definition serves CSV, Parquet, SQL and the data dictionary.
//!
//! A table is a [`TableSpec`]; a record becomes rows of [`Field`]s in the order of the columns. Rows are keyed by
//! `document_sha256` and `row_id` and come in the order of the record, so the same record always gives the same rows.

mod dictionary;
mod row;
mod rows;
mod spec;

pub use dictionary::dictionary;
pub use row::{fits_decimal, fits_money};
pub use rows::{rows, rows_by_table};
pub use spec::tables;

use rust_decimal::Decimal;
use std::borrow::Cow;

/// Version of the tables: rises when a column is added, changed or dropped.
pub const SCHEMA_VERSION: i64 = 2;

/// Digits of a [`ColumnType::Money`] column, in all and after the point.
pub const MONEY: (u8, i8) = (20, 2);

/// Digits of a [`ColumnType::Decimal`] column, in all and after the point.
pub const FIGURE: (u8, i8) = (38, 12);

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name, `lower_snake_case`.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
    /// For the data dictionary: meaning, unit, the field of the record that it comes from.
    pub doc: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// Which.
    pub id: TableId,
    /// Name: of the file, the partition folder and the relation in a database.
    pub name: &'static str,
    /// Columns; the first two are always `document_sha256` and `row_id`, the key.
    pub columns: Vec<ColumnSpec>,
    /// For the data dictionary: what one row is.
    pub doc: &'static str,
}

impl TableSpec {
    /// Place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// The tables, in the order of [`tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableId {
    /// One row a report.
    Document,
    /// One row a form's head.
    Project,
    /// One row a table of the report.
    ReportTable,
    /// One row a cell.
    Cell,
    /// One row a figure of a budget line.
    BudgetLine,
    /// One row an indicator.
    Indicator,
    /// One row a score.
    Score,
    /// One row a figure in prose.
    Statement,
    /// One row an examined relation.
    Check,
    /// One row a warning.
    Warning,
}

impl TableId {
    /// Every table, in order.
    pub const ALL: [TableId; 10] = [
        TableId::Document,
        TableId::Project,
        TableId::ReportTable,
        TableId::Cell,
        TableId::BudgetLine,
        TableId::Indicator,
        TableId::Score,
        TableId::Statement,
        TableId::Check,
        TableId::Warning,
    ];
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
