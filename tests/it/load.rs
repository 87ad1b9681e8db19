//! Loads into SQLite and into a real PostgreSQL server (HESHU_TEST_POSTGRES, see scripts/with-postgres): nothing is lost,
//! nothing stands there twice or half, and every value is the record's.

use crate::corpus::root;
use heshu::emit::database::{Database, DocumentRows, Layout, Options, Target};
use heshu::emit::flat::{ColumnType, Field, TableSpec, rows_by_table, tables};
use heshu::model::{Report, Source, Warning};
use postgres::{Client, IsolationLevel, NoTls, SimpleQueryMessage};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Rows by document and table, by id; values as canonical text.
type Dump = BTreeMap<(String, String), BTreeMap<String, Vec<Option<String>>>>;

/// The answer to a query, as text.
type Rows = Vec<Vec<Option<String>>>;

/// A database of a test.
enum Base {
    Sqlite(PathBuf),
    Postgres { url: String, server: String, name: String },
}

impl Base {
    /// Every kind of database that is here, empty.
    fn all(folder: &Path) -> Vec<Base> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let mut bases = vec![Base::Sqlite(folder.join(format!("{number}.db")))];
        bases.extend(server().map(|server| {
            let name = format!("heshu_test_{}_{number}", std::process::id());
            let mut client = Client::connect(&server, NoTls).unwrap();
            let sql = format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0");
            client.batch_execute(&sql).unwrap();
            let (start, _) = server.rsplit_once('/').unwrap();
            Base::Postgres {
                url: format!("{start}/{name}"),
                server: server.clone(),
                name,
            }
        }));
        bases
    }

    fn postgres(folder: &Path) -> Option<Base> {
        Base::all(folder)
            .into_iter()
            .find(|b| matches!(b, Base::Postgres { .. }))
    }

    fn to(&self) -> String {
        match self {
            Base::Sqlite(path) => path.display().to_string(),
            Base::Postgres { url, .. } => url.clone(),
        }
    }

    fn target(&self) -> Target {
        Target::parse(&self.to(), None).unwrap()
    }

    fn client(&self) -> Client {
        Client::connect(&self.to(), NoTls).unwrap()
    }

    /// The text of each value of a query.
    fn query(&self, sql: &str) -> Rows {
        self.queries(&[sql.to_owned()]).remove(0)
    }

    /// The answers to several questions about one state: a server may still be
    /// committing what a killed load had sent.
    fn queries(&self, sqls: &[String]) -> Vec<Rows> {
        match self {
            Base::Sqlite(path) => {
                let mut connection = rusqlite::Connection::open(path).unwrap();
                let transaction = connection.transaction().unwrap();
                let text = |value: rusqlite::types::Value| match value {
                    rusqlite::types::Value::Null => None,
                    rusqlite::types::Value::Integer(n) => Some(n.to_string()),
                    rusqlite::types::Value::Real(n) => Some(n.to_string()),
                    rusqlite::types::Value::Text(t) => Some(t),
                    rusqlite::types::Value::Blob(_) => panic!("no column is binary"),
                };
                let answer = |sql: &String| {
                    let mut statement = transaction.prepare(sql).unwrap();
                    let columns = statement.column_count();
                    let row = |row: &rusqlite::Row| (0..columns).map(|i| row.get(i).map(text)).collect();
                    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
                };
                let answers = sqls.iter().map(answer).collect();
                transaction.commit().unwrap();
                answers
            }
            Base::Postgres { .. } => {
                let mut client = self.client();
                let mut transaction = client
                    .build_transaction()
                    .isolation_level(IsolationLevel::RepeatableRead)
                    .start()
                    .unwrap();
                let mut answer = |sql: &String| {
                    let rows = transaction.simple_query(sql).unwrap().into_iter();
                    rows.filter_map(|message| match message {
                        SimpleQueryMessage::Row(row) => {
                            Some((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect())
                        }
                        _ => None,
                    })
                    .collect()
                };
                let answers = sqls.iter().map(&mut answer).collect();
                transaction.commit().unwrap();
                answers
            }
        }
    }

    fn relation(&self, table: &str) -> String {
        match self {
            Base::Sqlite(_) => format!("\"{table}\""),
            Base::Postgres { .. } => format!("heshu.\"{table}\""),
        }
    }

    fn dump(&self, tables: &[TableSpec]) -> Dump {
        let mut dump = Dump::new();
        let select = |table: &TableSpec| {
            let columns: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
            format!("SELECT {} FROM {}", columns.join(", "), self.relation(table.name))
        };
        let selects: Vec<String> = tables.iter().map(select).collect();
        for (table, rows) in tables.iter().zip(self.queries(&selects)) {
            for row in rows {
                let values: Vec<Option<String>> = table
                    .columns
                    .iter()
                    .zip(&row)
                    .map(|(c, value)| value.as_deref().map(|v| canonical(c.kind, v)))
                    .collect();
                add(&mut dump, table, values);
            }
        }
        dump
    }

    /// What tells a row that was written again from one that was let be.
    fn versions(&self) -> Vec<Vec<Option<String>>> {
        match self {
            Base::Sqlite(path) => vec![vec![Some(heshu::sha256(&std::fs::read(path).unwrap()))]],
            Base::Postgres { .. } => tables()
                .iter()
                .flat_map(|t| {
                    self.query(&format!(
                        "SELECT xmin, ctid FROM {} ORDER BY ctid",
                        self.relation(t.name)
                    ))
                })
                .collect(),
        }
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        if let Base::Postgres { server, name, .. } = self
            && let Ok(mut client) = Client::connect(server, NoTls)
        {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn server() -> Option<String> {
    let server = std::env::var("HESHU_TEST_POSTGRES").ok();
    if server.is_none() {
        assert!(
            std::env::var("HESHU_TEST_REQUIRE").as_deref() != Ok("1"),
            "HESHU_TEST_POSTGRES is not set"
        );
        eprintln!("HESHU_TEST_POSTGRES is not set: loads are tested with SQLite only (scripts/with-postgres sets it)");
    }
    server
}

fn canonical(kind: ColumnType, value: &str) -> String {
    match kind {
        ColumnType::Money | ColumnType::Decimal => {
            let plain = match value.contains('.') {
                true => value.trim_end_matches('0').trim_end_matches('.'),
                false => value,
            };
            if plain == "-0" {
                "0".to_owned()
            } else {
                plain.to_owned()
            }
        }
        ColumnType::Boolean => ["t", "1", "true"].contains(&value).to_string(),
        ColumnType::Coordinate => format!("{:?}", value.parse::<f64>().unwrap()),
        ColumnType::Text | ColumnType::Integer => value.to_owned(),
    }
}

fn add(dump: &mut Dump, table: &TableSpec, values: Vec<Option<String>>) {
    let (sha256, id) = (values[0].clone().unwrap(), values[1].clone().unwrap());
    let rows = dump.entry((sha256, table.name.to_owned())).or_default();
    assert!(rows.insert(id, values).is_none(), "a row twice in {}", table.name);
}

/// What a database must hold.
fn expected(records: &[Report], tables: &[TableSpec]) -> Dump {
    let mut dump = Dump::new();
    for record in records {
        for table in tables {
            rows_by_table::<()>(record, table.id, |row| {
                let row = project(table, row);
                let value = |(column, field): (_, &Field)| {
                    let text = match field {
                        Field::Null => return None,
                        Field::Text(text) => text.replace('\0', "␀"),
                        Field::Integer(n) => n.to_string(),
                        Field::Boolean(b) => b.to_string(),
                        Field::Decimal(d) => d.to_string(),
                        Field::Coordinate(c) => c.to_string(),
                    };
                    Some(canonical(column, &text))
                };
                let kinds = table.columns.iter().map(|c| c.kind);
                add(&mut dump, table, kinds.zip(&row).map(value).collect());
                Ok(())
            })
            .unwrap();
        }
    }
    dump
}

/// A row in the columns of an older table.
fn project<'a>(table: &TableSpec, row: &[Field<'a>]) -> Vec<Field<'a>> {
    let now = tables().iter().find(|t| t.id == table.id).unwrap();
    let place = |name: &str| now.column(name).unwrap();
    table.columns.iter().map(|c| row[place(&c.name)].clone()).collect()
}

/// Records of the corpus under other names and keys.
fn records(count: usize) -> Vec<Report> {
    static CORPUS: OnceLock<Vec<Report>> = OnceLock::new();
    let corpus = CORPUS.get_or_init(|| {
        let patterns = heshu::pattern::Patterns::builtin().unwrap();
        let folder = root().join("corpus/reports");
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        paths.sort();
        paths.retain(|p| p.extension().is_some_and(|e| e != "report"));
        let read = |p: &PathBuf| heshu::extract(&std::fs::read(p).unwrap(), &p.to_string_lossy(), &patterns).ok();
        paths.iter().filter_map(read).collect()
    });
    let make = |i: usize| {
        let mut record = corpus[i % corpus.len()].clone();
        record.document.sha256 = heshu::sha256(i.to_string().as_bytes());
        record.document.path = format!("合成/{i}.docx");
        record
    };
    (0..count).map(make).collect()
}

/// The same documents as a later version reads them: rows changed, gone and new.
fn reread(records: &[Report]) -> Vec<Report> {
    let change = |(i, record): (usize, &Report)| {
        let mut record = record.clone();
        if i % 3 != 0 {
            record.report.title = Some(format!("第{i}号"));
            record.budgets.truncate(record.budgets.len() / 2);
            record.statements.truncate(1);
            record
                .warnings
                .push(Warning::new("test", "重读之后的提示", Source::default()));
            if let Some(cell) = record.tables.first_mut().and_then(|t| t.cells.last_mut()) {
                cell.text = "改后的单元格".to_owned();
            }
        }
        record
    };
    records.iter().enumerate().map(change).collect()
}

fn write(folder: &Path, name: &str, records: &[Report]) -> String {
    let path = folder.join(name);
    let lines = records.iter().map(|r| heshu::emit::json::line(r).unwrap());
    std::fs::write(&path, lines.collect::<Vec<_>>().concat()).unwrap();
    path.display().to_string()
}

fn heshu(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heshu"));
    command.args(arguments).stdin(Stdio::null()).env_remove("PGPASSWORD");
    command
}

fn run(arguments: &[&str]) -> Output {
    heshu(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Loads a file; gives the sums of inserted, updated, unchanged and removed rows.
fn load(base: &Base, file: &str) -> [u64; 4] {
    let output = run(&["load", "--log", "json", "--to", &base.to(), file]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    sums(&output)
}

fn sums(output: &Output) -> [u64; 4] {
    let text = stderr(output);
    let summary: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let tables = summary["summary"]["tables"].as_object().unwrap();
    assert_eq!(tables.len(), heshu::emit::flat::tables().len());
    ["inserted", "updated", "unchanged", "removed"].map(|k| tables.values().map(|t| t[k].as_u64().unwrap()).sum())
}

fn rows(dump: &Dump) -> u64 {
    dump.values().map(|rows| rows.len() as u64).sum()
}

/// Passages of a SQLite file in full; checks that the index holds each text once.
fn passages(base: &Base) -> Vec<Vec<Option<String>>> {
    let Base::Sqlite(_) = base else { return Vec::new() };
    let counts = base.query(
        "SELECT (SELECT count(*) FROM passage_text), (SELECT count(*) FROM passage_index), \
         (SELECT count(DISTINCT text_id) FROM passage)",
    );
    assert!(
        counts[0][0] == counts[0][1] && counts[0][0] == counts[0][2],
        "{counts:?}"
    );
    base.query(
        "SELECT document_sha256, position, kind, page, block, table_id, row, col, text \
         FROM passage JOIN passage_text ON id = text_id ORDER BY document_sha256, position",
    )
}

#[test]
fn every_value_arrives_and_loading_twice_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let first = records(30);
    let second = reread(&first);
    let (a, b) = (
        write(dir.path(), "a.ndjson", &first),
        write(dir.path(), "b.ndjson", &second),
    );
    for base in Base::all(dir.path()) {
        let (was, is) = (expected(&first, tables()), expected(&second, tables()));
        assert_eq!(load(&base, &a), [rows(&was), 0, 0, 0]);
        assert_eq!(base.dump(tables()), was);
        let versions = base.versions();
        assert_eq!(load(&base, &a), [0, 0, rows(&was), 0]);
        assert_eq!(base.versions(), versions, "a row was written again");

        // What a re-read document no longer has is gone; only what differs is written.
        let [inserted, updated, unchanged, removed] = load(&base, &b);
        assert_eq!(base.dump(tables()), is);
        assert_eq!(inserted + updated + unchanged, rows(&is));
        assert_eq!(rows(&was) + inserted - removed, rows(&is));
        assert!(
            inserted == 20 && updated >= 40 && removed > 20 && unchanged > updated,
            "{updated} {removed}"
        );
        let fresh = Base::all(dir.path()).remove(0);
        load(&fresh, &b);
        if let Base::Sqlite(_) = base {
            assert_eq!(passages(&base), passages(&fresh));
        }
        let view = base.query(&format!("SELECT count(*) FROM {}", base.relation("checks")));
        let checks: usize = second.iter().map(|r| r.checks.len()).sum();
        assert_eq!(view[0][0].as_deref(), Some(checks.to_string().as_str()));
    }
}

#[test]
fn money_is_exact_in_both() {
    let dir = TempDir::new().unwrap();
    let records = records(12);
    let file = write(dir.path(), "a.ndjson", &records);
    // From the JSON itself, past the types of this program.
    let mut sum = 0_i128;
    for line in std::fs::read_to_string(&file).unwrap().lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        for line in record["budgets"].as_array().unwrap() {
            let others = line["others"].as_array().unwrap().iter();
            for amount in line["amounts"].as_object().unwrap().values().chain(others) {
                if let Some(yuan) = amount["yuan"].as_str() {
                    let (whole, part) = yuan.split_once('.').unwrap_or((yuan, ""));
                    sum += format!("{whole}{part:0<2}").parse::<i128>().unwrap();
                }
            }
        }
    }
    assert!(sum > 0);
    for base in Base::all(dir.path()) {
        load(&base, &file);
        let sql = match base {
            Base::Sqlite(_) => "SELECT sum(yuan_fen) FROM budget_line",
            Base::Postgres { .. } => "SELECT (sum(yuan) * 100)::numeric(38, 0) FROM heshu.budget_line",
        };
        assert_eq!(base.query(sql)[0][0].as_deref(), Some(sum.to_string().as_str()));
    }
}

#[test]
fn hostile_texts_arrive_as_they_are_and_bad_lines_cost_themselves_only() {
    let dir = TempDir::new().unwrap();
    let mut all = records(6);
    let hostile = "a\0b\\.\n\\N\t\r\"'; DROP TABLE document; --\u{202e}\u{feff}𠮷😀{}$1%s";
    all[0].report.title = Some(hostile.to_owned());
    all[0].tables[0].cells[0].text = hostile.to_owned();
    all[1].document.path = "\\.".to_owned();
    all[2].budgets[0].name = String::new();
    let mut bad = records(9).split_off(6);
    // Keys that a file of records may claim.
    bad[0].document.sha256 = "x".to_owned();
    bad[1].indicators = vec![all[0].indicators[0].clone(); 2];
    bad[2].checks.clear();
    bad[2].tables[0].id = "t".repeat(5000);
    let mut text = std::fs::read(write(dir.path(), "good.ndjson", &all)).unwrap();
    text.extend(b"{\"half\": \n");
    text.extend(std::fs::read(write(dir.path(), "bad.ndjson", &bad)).unwrap());
    let repeated = heshu::emit::json::line(&all[3]).unwrap();
    text.extend(repeated);
    let file = dir.path().join("all.ndjson");
    std::fs::write(&file, text).unwrap();
    for base in Base::all(dir.path()) {
        let output = run(&["load", "--to", &base.to(), file.to_str().unwrap(), "missing.ndjson"]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        for line in [7, 8, 9, 10] {
            let place = format!("all.ndjson:{line}: ");
            assert_eq!(
                said.lines().filter(|l| l.contains(&place)).count(),
                1,
                "{place}\n{said}"
            );
        }
        assert!(said.contains("missing.ndjson: cannot be read"), "{said}");
        assert!(
            said.contains("2 NUL characters") && said.contains("1 records of documents"),
            "{said}"
        );
        assert!(said.contains("6 documents loaded"), "{said}");
        assert_eq!(base.dump(tables()), expected(&all, tables()));
    }
}

#[test]
fn a_killed_load_leaves_whole_documents_and_the_next_run_completes_it() {
    let dir = TempDir::new().unwrap();
    let first = records(90);
    let second = reread(&first);
    let files = [
        write(dir.path(), "a.ndjson", &first),
        write(dir.path(), "b.ndjson", &second),
    ];
    let states = [expected(&first, tables()), expected(&second, tables())];
    for base in Base::all(dir.path()) {
        let start = |file: &str| {
            let to = base.to();
            let mut command = heshu(&["load", "--quiet", "--batch", "2", "--to", &to, file]);
            command.stderr(Stdio::null()).spawn().unwrap()
        };
        let undisturbed = Base::all(dir.path())
            .into_iter()
            .find(|b| std::mem::discriminant(b) == std::mem::discriminant(&base));
        let undisturbed = undisturbed.unwrap();
        let begin = Instant::now();
        let output = run(&["load", "--batch", "2", "--to", &undisturbed.to(), &files[0]]);
        assert!(output.status.success(), "{}", stderr(&output));
        let mut whole = begin.elapsed();
        let mut killed = 0;
        // A fixed series of points that looks like chance. One that comes too late makes the next ones come sooner: the
        // first load may have been a slow one.
        for i in 0_u32..200 {
            let mut child = start(&files[i as usize % 2]);
            std::thread::sleep(whole.mul_f64(f64::from(i * 37 % 97 + 3) / 100.0));
            let _ = child.kill();
            if child.wait().unwrap().success() {
                whole = whole.mul_f64(0.7);
            } else {
                killed += 1;
            }
            let Some(there) = base.dump_if_made() else { continue };
            let documents: HashSet<&String> = there.keys().map(|(sha256, _)| sha256).collect();
            for sha256 in documents {
                let of = |dump: &Dump| -> Dump {
                    dump.iter()
                        .filter(|((s, _), _)| s == sha256)
                        .map(|(k, v)| (k.clone(), v.clone()))
                        .collect()
                };
                let found = of(&there);
                assert!(
                    states.iter().any(|state| of(state) == found),
                    "half a document: {sha256}"
                );
            }
            if killed == 7 {
                break;
            }
        }
        assert_eq!(killed, 7, "loads killed before their end");
        load(&base, &files[0]);
        assert_eq!(base.dump(tables()), undisturbed.dump(tables()));
        assert_eq!(base.dump(tables()), states[0]);
        assert_eq!(passages(&base), passages(&undisturbed));
    }
}

impl Base {
    /// The dump, if the tables are there yet: the first kill may come before them.
    fn dump_if_made(&self) -> Option<Dump> {
        match self {
            Base::Sqlite(path) => {
                if !path.exists() {
                    return None;
                }
                let made = self.query("SELECT count(*) FROM sqlite_master WHERE name = 'heshu_meta'");
                (made[0][0].as_deref() == Some("1")).then(|| self.dump(tables()))
            }
            Base::Postgres { .. } => {
                let made = self.query("SELECT to_regclass('heshu.heshu_meta') IS NOT NULL");
                (made[0][0].as_deref() == Some("t")).then(|| self.dump(tables()))
            }
        }
    }
}

/// Version 1 of a layout whose version 2 is the tables of today: columns and a table fewer.
fn older() -> Layout {
    static TABLES: OnceLock<Vec<TableSpec>> = OnceLock::new();
    let old = TABLES.get_or_init(|| {
        let mut old = tables().to_vec();
        old.retain(|t| t.name != "warning");
        for table in &mut old {
            table
                .columns
                .retain(|c| !["grade", "yuan", "region_code", "fiscal_year"].contains(&c.name.as_str()));
        }
        old
    });
    Layout {
        version: 1,
        tables: old,
    }
}

fn load_layout(base: &Base, layout: Layout, records: &[Report]) -> heshu::error::Result<()> {
    let mut database = Database::open(&base.target(), layout, Options::default())?;
    let preparer = database.preparer();
    for record in records {
        let rows = |table: &TableSpec| {
            let mut all = Vec::new();
            rows_by_table::<()>(record, table.id, |row| {
                all.push(project(table, row));
                Ok(())
            })
            .unwrap();
            all
        };
        database.take(preparer.rows(DocumentRows {
            sha256: &record.document.sha256,
            tables: layout.tables.iter().map(rows).collect(),
            passages: Vec::new(),
        })?)?;
    }
    database.finish().map(|_| ())
}

#[test]
fn an_older_schema_is_brought_forward_and_a_newer_one_refused() {
    let dir = TempDir::new().unwrap();
    let records = records(14);
    let newer = Layout {
        version: 2,
        tables: tables(),
    };
    for base in Base::all(dir.path()) {
        load_layout(&base, older(), &records).unwrap();
        assert_eq!(base.dump(older().tables), expected(&records, older().tables));
        // Nothing of the old rows is lost, and what is read anew has the new columns.
        load_layout(&base, newer, &records[..7]).unwrap();
        assert_eq!(base.dump(older().tables), expected(&records, older().tables));
        let whole = base.dump(tables());
        for (key, rows) in expected(&records[..7], tables()) {
            assert_eq!(whole.get(&key), Some(&rows), "{key:?}");
        }
        load_layout(&base, newer, &records).unwrap();
        assert_eq!(base.dump(tables()), expected(&records, tables()));
        let version = format!(
            "SELECT value FROM {} WHERE key = 'schema_version'",
            base.relation("heshu_meta")
        );
        assert_eq!(base.query(&version)[0][0].as_deref(), Some("2"));
        // A program that knows version 1 only leaves it alone.
        let versions = base.versions();
        let error = load_layout(&base, older(), &records).unwrap_err().to_string();
        assert!(error.contains("newer heshu") && error.contains("; "), "{error}");
        assert_eq!(base.versions(), versions);
    }
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_as_it_is() {
    let dir = TempDir::new().unwrap();
    let file = write(dir.path(), "a.ndjson", &records(1));
    let place = |name: &str| dir.path().join(name);
    std::fs::write(place("text.db"), "预算 report\n".repeat(30)).unwrap();
    std::fs::create_dir(place("folder.db")).unwrap();
    let other = rusqlite::Connection::open(place("other.db")).unwrap();
    other
        .execute_batch("CREATE TABLE document (a); INSERT INTO document VALUES (1)")
        .unwrap();
    let named = rusqlite::Connection::open(place("named.db")).unwrap();
    named
        .execute_batch("PRAGMA application_id = 7; CREATE TABLE document (a)")
        .unwrap();
    drop((other, named));
    for name in ["text.db", "folder.db", "other.db", "named.db", "missing/folder.db"] {
        let before = std::fs::read(place(name)).ok();
        let to = place(name).display().to_string();
        for arguments in [vec!["load", "--to", &to, &file], vec!["find", "预算", "--in", &to]] {
            let output = run(&arguments);
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{name}: {said}");
            assert!(
                said.lines().count() == 1 && said.contains("; ") && said.contains(name),
                "{said}"
            );
        }
        assert_eq!(std::fs::read(place(name)).ok(), before, "{name}");
    }
    let missing = place("missing.db").display().to_string();
    let output = run(&["find", "预算", "--in", &missing]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no database") && !place("missing.db").exists());
}

/// A file system that takes no more: a limit on the size of files acts like it.
#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_the_next_run_mends_it() {
    let dir = TempDir::new().unwrap();
    let all = records(60);
    let file = write(dir.path(), "a.ndjson", &all);
    let base = Base::Sqlite(dir.path().join("full.db"));
    let script = "trap '' XFSZ; ulimit -f 2000; exec \"$0\" load --batch 5 --to \"$1\" \"$2\"";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_heshu"), &base.to(), &file])
        .output()
        .unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("full.db") && said.contains("run again"), "{said}");
    let kept = base.dump(tables());
    assert!(kept.len() < expected(&all, tables()).len());
    load(&base, &file);
    assert_eq!(base.dump(tables()), expected(&all, tables()));
}

#[test]
fn words_of_any_length_are_found_with_their_place() {
    let dir = TempDir::new().unwrap();
    let all = records(12);
    let base = Base::Sqlite(dir.path().join("heshu.db"));
    load(&base, &write(dir.path(), "a.ndjson", &all));
    let to = base.to();
    let find = |words: &[&str]| -> Vec<serde_json::Value> {
        let mut arguments = vec!["find", "--in", &to, "--limit", "100000", "--format", "ndjson", "--"];
        arguments.extend(words);
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    // Against a plain search through all texts.
    let passages = passages(&base);
    for word in ["率", "预算", "执行", "资金总额", "得分", "年度资金总额"] {
        let plain = passages
            .iter()
            .filter(|p| p[8].as_ref().unwrap().contains(word))
            .count();
        let found = find(&[word]);
        assert!(plain > 0, "{word}");
        assert!(found.len() >= plain, "{word}: {} of {plain}", found.len());
        for hit in &found {
            let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
            for mark in hit["marks"].as_array().unwrap() {
                let (start, end) = (mark[0].as_u64().unwrap() as usize, mark[1].as_u64().unwrap() as usize);
                // Line breaks and marks within a cell do not part a word.
                let marked: String = text[start..end].iter().filter(|c| c.is_alphanumeric()).collect();
                assert!(
                    marked.starts_with(word) && marked.replace(word, "").is_empty(),
                    "{marked}"
                );
            }
            assert!(!hit["marks"].as_array().unwrap().is_empty(), "{hit}");
        }
    }
    let both = find(&["预算", "率"]);
    assert!(!both.is_empty() && both.len() < find(&["率"]).len());
    // Nothing of a query language.
    for hostile in [
        "\"预算\"",
        "预算 OR 率",
        "预算*",
        "NEAR(预算)",
        "text:预算",
        "^预算",
        "-预算",
        "'预算",
    ] {
        find(&[hostile]);
    }
    assert_eq!(find(&["\"预算\""]), find(&["预算"]));
    let output = run(&["find", "--in", &to, "--", "*\"("]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nothing to look for"), "{}", stderr(&output));

    // For people: path, place, text with the hit marked.
    let cell = all[0].tables[0].cells.iter().find(|c| c.text == "得分").unwrap();
    let output = run(&["find", "--in", &to, "--limit", "100000", "得分"]);
    let place = format!(
        "{}: 表t1 第{}行第{}列: 【得分】",
        all[0].document.path,
        cell.row + 1,
        cell.col + 1
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().any(|line| line == place), "{place}\n{text}");
    let output = run(&["find", "--in", &to, "天外来客"]);
    assert!(output.status.success() && output.stdout.is_empty() && stderr(&output).contains("none found"));

    // A re-read document is found by what it says now.
    load(&base, &write(dir.path(), "b.ndjson", &reread(&all)));
    assert_eq!(find(&["改后的单元格"]).len(), 8);
    assert_eq!(find(&["重读之后"])[0]["kind"], "warning");
}

#[test]
fn reports_and_records_are_loaded_by_one_command() {
    let dir = TempDir::new().unwrap();
    let reports = root().join("corpus/reports");
    let some = reports.join("f1_project.docx");
    std::fs::write(dir.path().join("broken.docx"), "no").unwrap();
    let broken = dir.path().join("broken.docx").display().to_string();
    let file = write(dir.path(), "a.ndjson", &records(3));
    for base in Base::all(dir.path()) {
        let output = run(&["load", "--to", &base.to(), some.to_str().unwrap(), &broken, &file]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("broken.docx: ") && said.contains("4 documents loaded"),
            "{said}"
        );
        let patterns = heshu::pattern::Patterns::builtin().unwrap();
        let name = some.display().to_string();
        let mut all = records(3);
        all.push(heshu::extract(&std::fs::read(&some).unwrap(), &name, &patterns).unwrap());
        assert_eq!(base.dump(tables()), expected(&all, tables()));
    }
}

#[test]
fn a_server_that_refuses_is_said_without_the_password() {
    let dir = TempDir::new().unwrap();
    let file = write(dir.path(), "a.ndjson", &records(2));
    let refused = "postgres://u:geheim@127.0.0.1:1/d";
    let mut cases = vec![
        (refused.to_owned(), "connection refused"),
        ("postgres://u:geheim@127.0.0.1/d?sslmode=require".to_owned(), "TLS"),
        ("postgres://u:geheim@h:port/d".to_owned(), "cannot be understood"),
        ("postgres://u:ge@heim@h/d".to_owned(), "cannot be understood"),
    ];
    let base = Base::postgres(dir.path());
    if let Some(base) = &base {
        let url = base.to();
        let (start, name) = url.rsplit_once('/').unwrap();
        let host = start.rsplit_once('@').unwrap().1;
        cases.push((format!("postgres://heshu:geheim@{host}/{name}"), "PGPASSWORD"));
        cases.push((format!("{start}/gibt_es_nicht"), "create the database"));
        let mut client = base.client();
        client
            .batch_execute("CREATE SCHEMA heshu; CREATE TABLE heshu.score (a int)")
            .unwrap();
        cases.push((url.clone(), "--schema"));
    }
    for (to, word) in cases {
        let output = run(&["load", "--to", &to, &file]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains(word) && said.contains("; ") && !said.contains("heim"),
            "{word}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let Some(base) = base else { return };
    let Base::Postgres { name, .. } = &base else {
        unreachable!()
    };
    let mut client = base.client();
    client.batch_execute("DROP SCHEMA heshu CASCADE").unwrap();
    load(&base, &file);
    client
        .batch_execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"))
        .unwrap();
    let output = run(&["load", "--to", &base.to(), &write(dir.path(), "b.ndjson", &records(3))]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("read-only"), "{}", stderr(&output));
    client.batch_execute("SET default_transaction_read_only = off").unwrap();
    client
        .batch_execute(&format!("ALTER DATABASE {name} RESET default_transaction_read_only"))
        .unwrap();
    assert_eq!(base.dump(tables()), expected(&records(2), tables()));
}

#[test]
fn a_lost_connection_is_made_anew_once_a_batch() {
    let dir = TempDir::new().unwrap();
    let Some(base) = Base::postgres(dir.path()) else { return };
    let all = records(150);
    let file = write(dir.path(), "a.ndjson", &all);
    let Base::Postgres { server, name, .. } = &base else {
        unreachable!()
    };
    let mut admin = Client::connect(server, NoTls).unwrap();
    let terminate = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND application_name = 'heshu load'"
    );
    let mut terminate = || admin.query_one(&terminate, &[]).unwrap().get::<_, i64>(0);
    let loaded = || {
        let made = base.query("SELECT to_regclass('heshu.document') IS NOT NULL");
        made[0][0].as_deref() == Some("t")
            && base.query("SELECT count(*) >= 10 FROM heshu.document")[0][0].as_deref() == Some("t")
    };
    let start = || {
        heshu(&["load", "--log", "json", "--batch", "2", "--to", &base.to(), &file])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };

    let empty = || {
        base.client()
            .batch_execute("DROP SCHEMA IF EXISTS heshu CASCADE")
            .unwrap()
    };

    // A load may be over before this process gets its turn to cut it: then once more.
    let cut = (0..50).any(|_| {
        empty();
        let mut child = start();
        while !loaded() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let cut = terminate() == 1;
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(base.dump(tables()), expected(&all, tables()));
        cut
    });
    assert!(cut, "no load was cut in its middle");

    // A server that throws us out again and again.
    let refused = (0..50).any(|_| {
        empty();
        let mut child = start();
        while child.try_wait().unwrap().is_none() {
            terminate();
            std::thread::sleep(Duration::from_millis(1));
        }
        let output = child.wait_with_output().unwrap();
        let said = stderr(&output);
        if output.status.success() {
            return false;
        }
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("run again") && !said.contains("heshu-test"), "{said}");
        true
    });
    assert!(refused, "no load was thrown out often enough");
    load(&base, &file);
    assert_eq!(base.dump(tables()), expected(&all, tables()));
}

#[test]
fn two_loads_at_once_give_what_one_gives() {
    let dir = TempDir::new().unwrap();
    let all = records(40);
    let mut backwards = all.clone();
    backwards.reverse();
    let files = [
        write(dir.path(), "a.ndjson", &all),
        write(dir.path(), "b.ndjson", &backwards),
    ];
    for base in Base::all(dir.path()) {
        let start = |file: &String| {
            heshu(&["load", "--log", "json", "--batch", "3", "--to", &base.to(), file])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let children: Vec<_> = files.iter().map(start).collect();
        let mut inserted = 0;
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            let [new, updated, _, removed] = sums(&output);
            inserted += new;
            assert_eq!((updated, removed), (0, 0));
        }
        assert_eq!(base.dump(tables()), expected(&all, tables()));
        assert_eq!(inserted, rows(&expected(&all, tables())));
    }
}
