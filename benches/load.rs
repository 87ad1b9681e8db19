//! Rows of the flat tables that are loaded in a second: into PostgreSQL (HESHU_TEST_POSTGRES, see scripts/with-postgres)
//! and into SQLite. The records are those of the corpus under other keys, read from JSON as `heshu load` reads them.
//!
//! `scripts/with-postgres cargo bench --bench load [-- RECORDS]`

// A benchmark has nobody to hand an error to.
#![allow(clippy::expect_used)]

use heshu::batch::records;
use heshu::emit::database::{Database, Layout, Options, Target};
use std::time::Instant;

fn main() {
    let count = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(10_000);
    let lines = lines();
    let folder = tempfile::tempdir().expect("a temporary folder");
    match std::env::var("HESHU_TEST_POSTGRES") {
        Ok(url) => {
            let schema = format!("heshu_bench_{}", std::process::id());
            measure("PostgreSQL", &url, &schema, &lines, count);
            let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("the server");
            let sql = format!("DROP SCHEMA {schema} CASCADE");
            client.batch_execute(&sql).expect("the schema to be dropped");
        }
        Err(_) => {
            println!("PostgreSQL: HESHU_TEST_POSTGRES is not set; run scripts/with-postgres cargo bench --bench load")
        }
    }
    let path = folder.path().join("heshu.db").display().to_string();
    measure("SQLite", &path, "heshu", &lines, count);
}

/// Records of the corpus as lines, each with its key.
fn lines() -> Vec<(String, String)> {
    let patterns = heshu::pattern::Patterns::builtin().expect("built-in patterns");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/reports");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("a report");
        let report = heshu::extract(&bytes, &path.to_string_lossy(), &patterns).ok()?;
        let line = heshu::emit::json::line(&report).ok()?;
        Some((String::from_utf8(line).ok()?, report.document.sha256))
    };
    paths.iter().filter_map(read).collect()
}

fn measure(name: &str, to: &str, schema: &str, lines: &[(String, String)], count: usize) {
    let target = Target::parse(to, None).expect("an address");
    let options = || Options {
        schema: schema.to_owned(),
        ..Options::default()
    };
    for pass in ["first load", "same again"] {
        let start = Instant::now();
        let mut database = Database::open(&target, Layout::current(), options()).expect("a database");
        let preparer = database.preparer();
        let mut rows = 0;
        for i in 0..count {
            let (line, key) = &lines[i % lines.len()];
            let line = line.replacen(key, &heshu::sha256(i.to_string().as_bytes()), 1);
            let report = records::parse(line.as_bytes()).expect("a record");
            let document = preparer.report(&report).expect("rows");
            rows += document.rows();
            database.take(document).expect("a load");
        }
        database.finish().expect("a load");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{name:<11}{pass}: {count} records, {rows} rows in {seconds:.1} s, {:.0} rows/s",
            rows as f64 / seconds
        );
    }
}
