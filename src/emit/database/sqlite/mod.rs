//! A SQLite file: the same tables, and a full-text index over what the documents say.
//!
//! Decimals are text, exactly as the record has them, because SQLite has no decimal type and a REAL would round; each
//! amount of money stands beside as a whole number of 分 (`…_fen`), which adds up exactly.
//!
//! The file keeps SQLite's rollback journal: it is one file when no load runs, which can be copied and sent as it is.

mod message;
mod passage;
mod schema;

use super::prepare::Parts;
use super::{Counts, Layout, Loaded, Prepared, quoted};
use crate::emit::flat::{ColumnType, Field, TableSpec};
use crate::error::Result;
use crate::model::Exact;
use message::describe;
use passage::PassageIndex;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Statement, ToSql, Transaction, TransactionBehavior, params};
use rust_decimal::prelude::ToPrimitive;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub(super) use message::describe as describe_failure;
pub(super) use schema::open_existing;

type Sql<T> = std::result::Result<T, rusqlite::Error>;

/// A load into a file.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    connection: Connection,
    tables: Vec<TableSql>,
}

/// Statements of a table.
#[derive(Debug)]
struct TableSql {
    upsert: String,
    row_ids: String,
    remove: String,
    /// Columns whose amount stands a second time in 分.
    money: Vec<usize>,
}

impl File {
    pub fn open(path: &Path, layout: Layout) -> Result<Self> {
        Ok(File {
            path: path.to_owned(),
            connection: schema::open(path, layout)?,
            tables: layout.tables.iter().map(TableSql::of).collect(),
        })
    }

    /// Loads a batch in one transaction.
    pub fn load(&mut self, batch: &[Prepared]) -> Result<Loaded> {
        let counts = self.try_load(batch).map_err(|error| describe(&error, &self.path))?;
        Ok(Loaded::new(counts, batch.len()))
    }

    fn try_load(&mut self, batch: &[Prepared]) -> Sql<Vec<Counts>> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut all = vec![Counts::default(); self.tables.len()];
        {
            let prepare = |table| TableStatements::prepare(&transaction, table);
            let mut statements = self.tables.iter().map(prepare).collect::<Sql<Vec<_>>>()?;
            let mut index = PassageIndex::prepare(&transaction)?;
            for document in batch {
                let Parts::Rows { tables, passages } = &document.parts else {
                    continue;
                };
                for ((table, rows), counts) in statements.iter_mut().zip(tables).zip(&mut all) {
                    table.load(&document.sha256, rows, counts)?;
                }
                index.load(&document.sha256, passages)?;
            }
        }
        transaction.commit()?;
        Ok(all)
    }

    /// Closes the file.
    pub fn finish(self) -> Result<()> {
        self.connection
            .close()
            .map_err(|(_, error)| describe(&error, &self.path))
    }
}

impl TableSql {
    fn of(table: &TableSpec) -> Self {
        let name = quoted(table.name);
        let money = |c: &(usize, &crate::emit::flat::ColumnSpec)| c.1.kind == ColumnType::Money;
        let money: Vec<usize> = table.columns.iter().enumerate().filter(money).map(|(i, _)| i).collect();
        let mut names: Vec<String> = table.columns.iter().map(|c| quoted(&c.name)).collect();
        names.extend(money.iter().map(|i| quoted(&fen_name(&table.columns[*i].name))));
        let marks = vec!["?"; names.len()].join(", ");
        let rest = names.get(2..).unwrap_or_default();
        let set: Vec<String> = rest.iter().map(|n| format!("{n} = excluded.{n}")).collect();
        let differs: Vec<String> = rest.iter().map(|n| format!("{n} IS NOT excluded.{n}")).collect();
        let conflict = if rest.is_empty() {
            "DO NOTHING".to_owned()
        } else {
            format!("DO UPDATE SET {} WHERE {}", set.join(", "), differs.join(" OR "))
        };
        TableSql {
            upsert: format!(
                "INSERT INTO {name} ({}) VALUES ({marks}) ON CONFLICT (document_sha256, row_id) {conflict}",
                names.join(", ")
            ),
            row_ids: format!("SELECT row_id FROM {name} WHERE document_sha256 = ?"),
            remove: format!("DELETE FROM {name} WHERE document_sha256 = ? AND row_id = ?"),
            money,
        }
    }
}

/// Statements of a table, prepared once a batch.
struct TableStatements<'a> {
    upsert: Statement<'a>,
    row_ids: Statement<'a>,
    remove: Statement<'a>,
    money: &'a [usize],
}

impl<'a> TableStatements<'a> {
    fn prepare(transaction: &'a Transaction, table: &'a TableSql) -> Sql<Self> {
        Ok(TableStatements {
            upsert: transaction.prepare(&table.upsert)?,
            row_ids: transaction.prepare(&table.row_ids)?,
            remove: transaction.prepare(&table.remove)?,
            money: &table.money,
        })
    }

    fn load(&mut self, sha256: &str, rows: &[Vec<Field>], counts: &mut Counts) -> Sql<()> {
        let mut stale: HashSet<String> = self
            .row_ids
            .query_map([sha256], |row| row.get(0))?
            .collect::<Sql<_>>()?;
        for row in rows {
            let fen = self
                .money
                .iter()
                .map(|i| Column::Fen(row.get(*i).unwrap_or(&Field::Null)));
            let values = row.iter().map(Column::Plain).chain(fen);
            let changed = self.upsert.execute(rusqlite::params_from_iter(values))?;
            let known = matches!(row.get(1), Some(Field::Text(id)) if stale.remove(id.as_ref()));
            match (known, changed) {
                (false, _) => counts.inserted += 1,
                (true, 0) => counts.unchanged += 1,
                (true, _) => counts.updated += 1,
            }
        }
        for id in stale {
            counts.removed += self.remove.execute(params![sha256, id])? as u64;
        }
        Ok(())
    }
}

/// Column of an amount in 分.
fn fen_name(money: &str) -> String {
    format!("{money}_fen")
}

/// A value of a row as SQLite takes it.
enum Column<'a> {
    Plain(&'a Field<'a>),
    Fen(&'a Field<'a>),
}

impl ToSql for Column<'_> {
    fn to_sql(&self) -> Sql<ToSqlOutput<'_>> {
        Ok(match self {
            Column::Plain(Field::Null) => ToSqlOutput::Borrowed(ValueRef::Null),
            Column::Plain(Field::Text(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Column::Plain(Field::Integer(n)) => ToSqlOutput::Owned(Value::Integer(*n)),
            Column::Plain(Field::Boolean(b)) => ToSqlOutput::Owned(Value::Integer((*b).into())),
            Column::Plain(Field::Decimal(d)) => ToSqlOutput::Owned(Value::Text(Exact(*d).to_string())),
            Column::Plain(Field::Coordinate(c)) => ToSqlOutput::Owned(Value::Real(*c)),
            Column::Fen(Field::Decimal(yuan)) => {
                let fen = yuan
                    .checked_mul(rust_decimal::Decimal::ONE_HUNDRED)
                    .map(|d| d.normalize());
                // More than 92 quadrillion 元 has no whole number of 64 bits; the text column holds it.
                let fen = fen.filter(|d| d.scale() == 0).and_then(|d| d.to_i64());
                ToSqlOutput::Owned(fen.map_or(Value::Null, Value::Integer))
            }
            Column::Fen(_) => ToSqlOutput::Borrowed(ValueRef::Null),
        })
    }
}
