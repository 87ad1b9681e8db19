//! Records in databases: a PostgreSQL server, or one SQLite file that needs none.
//!
//! Both hold the flat tables of [`crate::emit::flat`], keyed by `document_sha256` and `row_id`. Documents are loaded in
//! batches, each one transaction: rows are inserted, updated where something differs, and removed where a document no
//! longer has them, so that loading the same records again changes nothing and a load that is killed leaves whole
//! documents only.

pub mod find;
mod passages;
mod postgres;
mod prepare;
mod sqlite;
pub mod target;
mod words;

use crate::emit::flat::{SCHEMA_VERSION, TableSpec, tables};
use crate::error::{Error, ErrorKind, Result};
use serde::{Serialize, Serializer};
use std::collections::HashSet;

pub use passages::Passage;
pub use prepare::{DocumentRows, Prepared, Preparer};
pub use target::Target;

/// The tables of a database and their version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Version, from 1; stands in the database.
    pub version: i64,
    /// The tables.
    pub tables: &'static [TableSpec],
}

impl Layout {
    /// The tables of this version.
    pub fn current() -> Self {
        Layout {
            version: SCHEMA_VERSION,
            tables: tables(),
        }
    }
}

/// How to load.
#[derive(Debug, Clone)]
pub struct Options {
    /// Schema of a PostgreSQL database that holds the tables.
    pub schema: String,
    /// Documents in one transaction at most; fewer where they are large.
    pub batch: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            schema: "heshu".to_owned(),
            batch: 500,
        }
    }
}

/// Bytes of rows in one transaction, about: bounds the memory of a load.
const BATCH_BYTES: usize = 16 << 20;

/// What became of the rows of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows that are new.
    pub inserted: u64,
    /// Rows in which something differed.
    pub updated: u64,
    /// Rows that stood there exactly so.
    pub unchanged: u64,
    /// Rows that their document no longer has.
    pub removed: u64,
}

impl Counts {
    /// Adds others.
    pub fn add(&mut self, other: Counts) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
    }
}

/// What a batch did; nothing by default.
#[derive(Debug, Default)]
struct Loaded {
    counts: Vec<Counts>,
    documents: u64,
}

impl Loaded {
    fn new(counts: Vec<Counts>, documents: usize) -> Self {
        let documents = documents as u64;
        Loaded { counts, documents }
    }
}

/// What a load did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Tables in the order of the layout; in JSON an object.
    #[serde(serialize_with = "as_object")]
    pub tables: Vec<(&'static str, Counts)>,
    /// Documents loaded.
    pub documents: u64,
    /// Records of a document that was loaded before in the same run; the first one counts.
    pub repeated: u64,
    /// NUL characters, which databases cannot hold in text, written as ␀.
    pub nul_characters: u64,
}

fn as_object<S: Serializer>(tables: &[(&'static str, Counts)], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_map(tables.iter().map(|(name, counts)| (name, counts)))
}

/// A load into a database.
#[derive(Debug)]
pub struct Database {
    kind: Kind,
    layout: Layout,
    options: Options,
    seen: HashSet<String>,
    batch: Vec<Prepared>,
    batch_bytes: usize,
    summary: Summary,
}

#[derive(Debug)]
enum Kind {
    Postgres(Box<postgres::Server>),
    Sqlite(Box<sqlite::File>),
}

impl Database {
    /// Opens a database for a load: makes its tables, or brings older ones to the layout.
    ///
    /// # Errors
    /// When it cannot be reached, is none of ours, is of a newer version, or cannot be written.
    pub fn open(target: &Target, layout: Layout, options: Options) -> Result<Self> {
        if options.schema.is_empty() || options.schema.contains('\0') || options.schema.len() > 63 {
            return Err(failure(
                "the name of the schema is empty or too long",
                "give --schema a name of 1 to 63 bytes",
            ));
        }
        let kind = match target {
            Target::Postgres(server) => {
                Kind::Postgres(Box::new(postgres::Server::open(server, layout, &options.schema)?))
            }
            Target::Sqlite(path) => Kind::Sqlite(Box::new(sqlite::File::open(path, layout)?)),
        };
        let counts = layout.tables.iter().map(|t| (t.name, Counts::default()));
        Ok(Database {
            kind,
            layout,
            options,
            seen: HashSet::new(),
            batch: Vec::new(),
            batch_bytes: 0,
            summary: Summary {
                tables: counts.collect(),
                ..Summary::default()
            },
        })
    }

    /// What turns records into rows for this database; to be used on any thread.
    pub fn preparer(&self) -> Preparer {
        Preparer::new(self.layout, matches!(self.kind, Kind::Postgres(_)))
    }

    /// Takes a document into the load. It stands in the database when its batch is full, or at the end.
    ///
    /// # Errors
    /// When a batch cannot be written; it then left nothing behind, and the batches before it are there.
    pub fn take(&mut self, document: Prepared) -> Result<()> {
        if !self.seen.insert(document.sha256.clone()) {
            self.summary.repeated += 1;
            return Ok(());
        }
        self.batch_bytes += document.bytes();
        self.batch.push(document);
        if self.batch.len() >= self.options.batch.max(1) || self.batch_bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// As [`Database::take`].
    pub fn finish(mut self) -> Result<Summary> {
        self.flush()?;
        match self.kind {
            Kind::Postgres(server) => {
                let last = server.finish();
                add(&mut self.summary, last)?;
            }
            Kind::Sqlite(file) => file.finish()?,
        }
        Ok(self.summary)
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        if batch.is_empty() {
            return Ok(());
        }
        self.summary.nul_characters += batch.iter().map(|d| d.nul_characters).sum::<u64>();
        let loaded = match &mut self.kind {
            Kind::Postgres(server) => server.load(batch),
            Kind::Sqlite(file) => file.load(&batch),
        };
        add(&mut self.summary, loaded)
    }
}

/// Adds what a batch did, or says in its error how far the load came.
fn add(summary: &mut Summary, loaded: Result<Loaded>) -> Result<()> {
    let before = summary.documents;
    let loaded = loaded.map_err(|error| match error.kind {
        ErrorKind::Database { what, advice } if before > 0 => {
            failure(what, format!("{advice} ({before} documents were loaded)"))
        }
        _ => error,
    })?;
    summary.documents += loaded.documents;
    for ((_, sum), counts) in summary.tables.iter_mut().zip(&loaded.counts) {
        sum.add(*counts);
    }
    Ok(())
}

/// An error of a database: what is wrong, what to do.
fn failure(what: impl Into<String>, advice: impl Into<String>) -> Error {
    Error::new(ErrorKind::Database {
        what: what.into(),
        advice: advice.into(),
    })
}

/// A name in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Compares the version of a database with the layout's: whether it has to be brought forward.
fn is_older(found: Option<&str>, layout: Layout, place: &str) -> Result<bool> {
    let Some(version) = found.and_then(|v| v.parse::<i64>().ok()).filter(|v| *v >= 1) else {
        let what = format!("{place} has a table heshu_meta without a schema_version");
        return Err(failure(what, "it was not made by heshu; name another one"));
    };
    if version > layout.version {
        let what = format!(
            "{place} has schema version {version}, made by a newer heshu; this one knows up to {}",
            layout.version
        );
        return Err(failure(what, "use that heshu, or load into a new one"));
    }
    Ok(version < layout.version)
}
