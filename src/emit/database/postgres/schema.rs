//! The schema on a server: made, or brought forward from an older version. Nothing is ever dropped.

use super::super::{Layout, failure, is_older, literal, quoted};
use super::message::Failure;
use super::relation;
use crate::emit::flat::{ColumnSpec, ColumnType, TableSpec};
use ::postgres::{Client, Transaction};
use std::collections::HashMap;
use std::fmt::Write;

const META: &str = "heshu_meta";

/// Columns as they stand: whether each may be null.
type Columns = HashMap<(String, String), bool>;

/// Makes the schema or brings it forward, in one transaction.
pub(super) fn bring_up(client: &mut Client, layout: Layout, schema: &str) -> Result<(), Failure> {
    let encoding: String = client.query_one("SHOW server_encoding", &[])?.get(0);
    if encoding != "UTF8" {
        let what = format!("the database has the encoding {encoding}, which does not hold every character");
        return Err(failure(what, "create one with ENCODING 'UTF8' (TEMPLATE template0)").into());
    }
    // The values of heshu's tables stand in the schema of that name; nothing else shall be found by accident.
    client.batch_execute("SET search_path TO pg_catalog, pg_temp; SET statement_timeout TO 0; SET DateStyle TO ISO")?;
    let mut transaction = client.transaction()?;
    transaction.execute(
        "SELECT pg_advisory_xact_lock(hashtext('heshu load'), hashtext($1))",
        &[&schema],
    )?;
    let exists = transaction.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema])?;
    if exists.is_none() {
        transaction.batch_execute(&format!("CREATE SCHEMA {}", quoted(schema)))?;
    }
    let columns = columns(&mut transaction, schema)?;
    let place = format!("the schema {schema}");
    if columns.contains_key(&(META.to_owned(), "key".to_owned())) {
        let sql = format!(
            "SELECT value FROM {} WHERE key = 'schema_version'",
            relation(schema, META)
        );
        let found = transaction.query_opt(&sql, &[])?.map(|row| row.get::<_, String>(0));
        let older = is_older(found.as_deref(), layout, &place)?;
        let is_there = |t: &TableSpec, c: &ColumnSpec| columns.contains_key(&(t.name.to_owned(), c.name.clone()));
        let complete = layout.tables.iter().all(|t| t.columns.iter().all(|c| is_there(t, c)));
        if older || !complete {
            transaction.batch_execute(&changes(layout, schema, &columns))?;
        }
    } else {
        let ours = layout.tables.iter().map(|t| t.name).chain([META, "checks"]);
        let taken: Vec<&str> = ours
            .filter(|name| columns.keys().any(|(table, _)| table == name))
            .collect();
        if !taken.is_empty() {
            let what = format!("{place} has tables that heshu did not make ({})", taken.join(", "));
            return Err(failure(what, "name another schema with --schema").into());
        }
        transaction.batch_execute(&changes(layout, schema, &columns))?;
    }
    transaction.commit()?;
    Ok(())
}

fn columns(transaction: &mut Transaction, schema: &str) -> Result<Columns, Failure> {
    let sql = "SELECT c.relname::text, a.attname::text, NOT a.attnotnull FROM pg_class c \
               JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = $1 AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped";
    let rows = transaction.query(sql, &[&schema])?;
    Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect())
}

/// SQL that leads from what is there to the layout.
fn changes(layout: Layout, schema: &str, there: &Columns) -> String {
    let mut sql = format!(
        "CREATE TABLE IF NOT EXISTS {meta} (key text PRIMARY KEY, value text NOT NULL);\n\
         COMMENT ON TABLE {meta} IS 'Version of these tables, kept by heshu';\n",
        meta = relation(schema, META)
    );
    for table in layout.tables {
        let name = relation(schema, table.name);
        if there.keys().any(|(t, _)| t == table.name) {
            bring_forward(&mut sql, table, &name, there);
        } else {
            create(&mut sql, table, &name);
        }
        comment(&mut sql, table, &name);
    }
    if layout.tables.iter().any(|t| t.name == "check") {
        // "check" is a word of SQL: whoever does not want to quote it takes the view. Replaced, because a view keeps the
        // columns that it was made with; new ones come last in the table too.
        let (view, table) = (relation(schema, "checks"), relation(schema, "check"));
        let _ = writeln!(sql, "CREATE OR REPLACE VIEW {view} AS SELECT * FROM {table};");
        let _ = writeln!(
            sql,
            "COMMENT ON VIEW {view} IS 'The table check under a name that needs no quotes';"
        );
    }
    let _ = writeln!(
        sql,
        "INSERT INTO {meta} (key, value) VALUES ('schema_version', '{}') \
         ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;",
        layout.version,
        meta = relation(schema, META)
    );
    sql
}

fn create(sql: &mut String, table: &TableSpec, name: &str) {
    let column = |c: &ColumnSpec| {
        let not_null = if c.nullable { "" } else { " NOT NULL" };
        format!("  {} {}{not_null},\n", quoted(&c.name), sql_type(c))
    };
    let columns: String = table.columns.iter().map(column).collect();
    let _ = writeln!(
        sql,
        "CREATE TABLE {name} (\n{columns}  PRIMARY KEY (document_sha256, row_id)\n);"
    );
}

/// Adds what is missing. A new column may be null: older rows have no value until their document is loaded again.
fn bring_forward(sql: &mut String, table: &TableSpec, name: &str, there: &Columns) {
    for column in &table.columns {
        match there.get(&(table.name.to_owned(), column.name.clone())) {
            None => {
                let _ = writeln!(
                    sql,
                    "ALTER TABLE {name} ADD COLUMN {} {};",
                    quoted(&column.name),
                    sql_type(column)
                );
            }
            Some(false) if column.nullable => {
                let _ = writeln!(
                    sql,
                    "ALTER TABLE {name} ALTER COLUMN {} DROP NOT NULL;",
                    quoted(&column.name)
                );
            }
            Some(_) => {}
        }
    }
    // Columns of older versions stay with what they hold, and shall not refuse new rows.
    let mut gone: Vec<&String> = there
        .iter()
        .filter(|((t, c), nullable)| t == table.name && !**nullable && !table.columns.iter().any(|x| x.name == *c))
        .map(|((_, c), _)| c)
        .collect();
    gone.sort();
    for column in gone {
        let _ = writeln!(sql, "ALTER TABLE {name} ALTER COLUMN {} DROP NOT NULL;", quoted(column));
    }
}

fn comment(sql: &mut String, table: &TableSpec, name: &str) {
    let _ = writeln!(sql, "COMMENT ON TABLE {name} IS {};", literal(table.doc));
    for c in &table.columns {
        let _ = writeln!(
            sql,
            "COMMENT ON COLUMN {name}.{} IS {};",
            quoted(&c.name),
            literal(&c.doc)
        );
    }
}

fn sql_type(column: &ColumnSpec) -> &'static str {
    match column.kind {
        // Keys are compared byte by byte: faster than by any language's rules.
        ColumnType::Text if matches!(column.name.as_str(), "document_sha256" | "row_id") => "text COLLATE \"C\"",
        ColumnType::Text => "text",
        ColumnType::Integer => "bigint",
        ColumnType::Boolean => "boolean",
        ColumnType::Money => "numeric(20,2)",
        ColumnType::Decimal => "numeric(38,12)",
        ColumnType::Coordinate => "double precision",
    }
}
