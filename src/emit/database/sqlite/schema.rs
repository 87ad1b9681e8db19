//! The tables of a file: made, or brought forward from an older version. A file of anybody else is left as it is.

use super::super::{Layout, failure, is_older, literal, quoted};
use super::{Sql, describe, fen_name, passage};
use crate::emit::flat::{ColumnSpec, ColumnType, TableSpec};
use crate::error::{Error, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// In the header of each file of ours ("hesh"), so that no other program's file is taken for one.
const APPLICATION_ID: u32 = 0x6865_7368;

/// How long to wait for another program that writes to the file.
const PATIENCE: Duration = Duration::from_secs(60);

/// What stands under a path.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A SQLite file whose header does not name its program.
    Unnamed,
    Ours,
}

/// Looks at the header alone (<https://www.sqlite.org/fileformat.html>, 1.3): nothing is opened that is not ours.
fn look(path: &Path) -> Result<Found> {
    let io = |error: &std::io::Error| {
        failure(
            format!("{}: cannot be opened ({error})", path.display()),
            "check the path and the permissions, or name another file",
        )
    };
    let mut header = Vec::new();
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(io(&error)),
        Ok(data) if !data.is_file() => return Err(foreign(path, "it is no file")),
        Ok(_) => {}
    }
    let file = std::fs::File::open(path).map_err(|e| io(&e))?;
    file.take(100).read_to_end(&mut header).map_err(|e| io(&e))?;
    if header.is_empty() {
        return Ok(Found::Nothing);
    }
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(foreign(path, "it is no SQLite database"));
    }
    match header.get(68..72) {
        Some([0, 0, 0, 0]) => Ok(Found::Unnamed),
        Some(id) if *id == APPLICATION_ID.to_be_bytes() => Ok(Found::Ours),
        _ => Err(foreign(path, "it is another program's database")),
    }
}

fn foreign(path: &Path, why: &str) -> Error {
    let what = format!("{}: not a database of heshu ({why})", path.display());
    failure(what, "it was left as it is; name another file")
}

/// Opens a file for a load.
pub fn open(path: &Path, layout: Layout) -> Result<Connection> {
    if look(path)? == Found::Unnamed {
        // Somebody else's, unless there is nothing in it.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let empty = Connection::open_with_flags(path, flags)
            .and_then(|c| c.query_row("SELECT count(*) = 0 FROM sqlite_master", [], |row| row.get(0)));
        if !empty.unwrap_or(false) {
            return Err(foreign(path, "it is another program's database"));
        }
    }
    let connect = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        // 64 MB: the index over many documents is larger than the default cache.
        connection
            .execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;")?;
        Ok(connection)
    };
    let mut connection = connect().map_err(|error| describe(&error, path))?;
    bring_up(&mut connection, layout, path)?;
    Ok(connection)
}

/// Opens a file to read from; it is neither made nor changed.
pub fn open_existing(path: &Path) -> Result<Connection> {
    match look(path)? {
        Found::Ours => {}
        Found::Unnamed => return Err(foreign(path, "it is another program's database")),
        Found::Nothing => {
            let what = format!("{}: no database", path.display());
            return Err(failure(what, "make it with heshu load --to FILE PATH…"));
        }
    }
    let connect = || {
        // Not read-only: what a killed load left in the journal must be undone first.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch("PRAGMA query_only = ON")?;
        let tables = "SELECT count(*) = 4 FROM sqlite_master \
                      WHERE name IN ('document', 'passage', 'passage_text', 'passage_index')";
        let whole: bool = connection.query_row(tables, [], |row| row.get(0))?;
        Ok((connection, whole))
    };
    match connect().map_err(|error| describe(&error, path))? {
        (connection, true) => Ok(connection),
        (_, false) => {
            let what = format!("{}: its tables are missing or of another version", path.display());
            Err(failure(what, "load into it once more with this heshu"))
        }
    }
}

fn bring_up(connection: &mut Connection, layout: Layout, path: &Path) -> Result<()> {
    let say = |error: rusqlite::Error| describe(&error, path);
    let version = |connection: &Connection| -> Sql<Option<Option<String>>> {
        let made = connection.query_row(
            "SELECT count(*) FROM sqlite_master WHERE name = 'heshu_meta'",
            [],
            |row| row.get::<_, i64>(0),
        )?;
        if made == 0 {
            return Ok(None);
        }
        let sql = "SELECT value FROM heshu_meta WHERE key = 'schema_version'";
        connection.query_row(sql, [], |row| row.get(0)).optional().map(Some)
    };
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(say)?;
    let missing = |transaction: &Connection| -> Sql<bool> {
        for table in layout.tables {
            let there = columns(transaction, table.name)?;
            if table.columns.iter().any(|c| !there.contains(&c.name)) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let change = match version(&transaction).map_err(say)? {
        None => true,
        Some(found) => {
            is_older(found.as_deref(), layout, &path.display().to_string())? || missing(&transaction).map_err(say)?
        }
    };
    if change {
        changes(&transaction, layout).map_err(say)?;
    }
    transaction.commit().map_err(say)
}

fn columns(connection: &Connection, table: &str) -> Sql<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?)")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

/// Makes what is missing. New columns may be null: older rows have no value until their document is loaded again.
fn changes(connection: &Connection, layout: Layout) -> Sql<()> {
    let mut sql = format!("PRAGMA application_id = {APPLICATION_ID};\n");
    sql.push_str("CREATE TABLE IF NOT EXISTS heshu_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;\n");
    sql.push_str(
        "CREATE TABLE IF NOT EXISTS heshu_column (table_name TEXT NOT NULL, column_name TEXT NOT NULL, \
                  meaning TEXT NOT NULL, PRIMARY KEY (table_name, column_name)) STRICT;\n",
    );
    for table in layout.tables {
        let there = columns(connection, table.name)?;
        let name = quoted(table.name);
        if there.is_empty() {
            create(&mut sql, table);
        } else {
            for (column, sql_type) in all_columns(table) {
                if !there.contains(&column) {
                    let _ = writeln!(sql, "ALTER TABLE {name} ADD COLUMN {} {sql_type};", quoted(&column));
                }
            }
        }
        document(&mut sql, table);
    }
    if layout.tables.iter().any(|t| t.name == "check") {
        // "check" is a word of SQL: whoever does not want to quote it takes the view.
        sql.push_str("DROP VIEW IF EXISTS checks; CREATE VIEW checks AS SELECT * FROM \"check\";\n");
    }
    sql.push_str(passage::TABLES);
    let _ = writeln!(
        sql,
        "INSERT INTO heshu_meta VALUES ('schema_version', '{}') ON CONFLICT DO UPDATE SET value = excluded.value;",
        layout.version
    );
    connection.execute_batch(&sql)
}

/// Columns of a table with their types: those of the layout, then the amounts in 分.
fn all_columns(table: &TableSpec) -> Vec<(String, &'static str)> {
    let plain = table.columns.iter().map(|c| (c.name.clone(), sql_type(c)));
    let money = table.columns.iter().filter(|c| c.kind == ColumnType::Money);
    plain.chain(money.map(|c| (fen_name(&c.name), "INTEGER"))).collect()
}

fn create(sql: &mut String, table: &TableSpec) {
    let _ = writeln!(sql, "CREATE TABLE {} (", quoted(table.name));
    for (column, sql_type) in all_columns(table) {
        // Only the key is demanded: a later version may drop a column, and SQLite cannot take a NOT NULL back.
        let not_null = if matches!(column.as_str(), "document_sha256" | "row_id") {
            " NOT NULL"
        } else {
            ""
        };
        let _ = writeln!(sql, "  {} {sql_type}{not_null},", quoted(&column));
    }
    let _ = writeln!(sql, "  PRIMARY KEY (document_sha256, row_id)\n) STRICT;");
}

/// SQLite has no comments on columns: they stand in a table.
fn document(sql: &mut String, table: &TableSpec) {
    let mut row = |column: &str, doc: &str| {
        let _ = writeln!(
            sql,
            "INSERT INTO heshu_column VALUES ({}, {}, {}) ON CONFLICT DO UPDATE SET meaning = excluded.meaning;",
            literal(table.name),
            literal(column),
            literal(doc)
        );
    };
    row("", table.doc);
    for column in &table.columns {
        row(&column.name, &column.doc);
        if column.kind == ColumnType::Money {
            row(
                &fen_name(&column.name),
                &format!(
                    "{} in 分: a whole number, exact; null where it needs more than 64 bits",
                    column.name
                ),
            );
        }
    }
}

fn sql_type(column: &ColumnSpec) -> &'static str {
    match column.kind {
        ColumnType::Text | ColumnType::Money | ColumnType::Decimal => "TEXT",
        ColumnType::Integer | ColumnType::Boolean => "INTEGER",
        ColumnType::Coordinate => "REAL",
    }
}
