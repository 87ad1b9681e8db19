//! A PostgreSQL server: COPY into staging tables, then upsert, each batch in one transaction.

mod message;
mod schema;

use super::prepare::Parts;
use super::target::ServerPlace;
use super::{Counts, Layout, Loaded, Prepared, quoted};
use crate::emit::flat::TableSpec;
use crate::error::Result;
use ::postgres::{Client, NoTls, Statement};
use message::Failure;
use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// A load into a server. A thread writes one batch while the next one is read.
#[derive(Debug)]
pub(super) struct Server {
    batches: SyncSender<Vec<Prepared>>,
    answers: Receiver<Result<Loaded>>,
    writer: JoinHandle<()>,
    /// Batches that have not been answered.
    waiting: usize,
}

impl Server {
    pub fn open(place: &ServerPlace, layout: Layout, schema: &str) -> Result<Self> {
        let mut writer = Writer::connect(place, layout, schema).map_err(|f| f.into_error(place))?;
        let (batches, work) = sync_channel::<Vec<Prepared>>(0);
        let (done, answers) = sync_channel(2);
        let writer = std::thread::spawn(move || {
            for batch in work {
                let loaded = writer.load(&batch).map(|counts| Loaded::new(counts, batch.len()));
                if done.send(loaded).is_err() {
                    break;
                }
            }
        });
        Ok(Server {
            batches,
            answers,
            writer,
            waiting: 0,
        })
    }

    /// Hands a batch to the writer and gives the counts of the one before.
    pub fn load(&mut self, batch: Vec<Prepared>) -> Result<Loaded> {
        let loaded = self.answer()?;
        if self.batches.send(batch).is_err() {
            return Err(Failure::WRITER_GONE.into_error_without_place());
        }
        self.waiting += 1;
        Ok(loaded)
    }

    /// Waits for the last batch.
    pub fn finish(mut self) -> Result<Loaded> {
        let loaded = self.answer()?;
        drop(self.batches);
        match self.writer.join() {
            Ok(()) => Ok(loaded),
            Err(_) => Err(Failure::WRITER_GONE.into_error_without_place()),
        }
    }

    fn answer(&mut self) -> Result<Loaded> {
        if self.waiting == 0 {
            return Ok(Loaded::default());
        }
        self.waiting -= 1;
        let gone = |_| Failure::WRITER_GONE.into_error_without_place();
        self.answers.recv().map_err(gone)?
    }
}

/// One connection and what was prepared on it.
struct Writer {
    place: ServerPlace,
    layout: Layout,
    schema: String,
    session: Session,
}

struct Session {
    client: Client,
    known: Statement,
    tables: Vec<TableStatements>,
}

struct TableStatements {
    copy: String,
    /// Removes what documents no longer have; takes their keys.
    remove: Statement,
    /// Inserts and updates; gives how many of each.
    upsert: Statement,
    /// Inserts where no document of the batch is known.
    insert: Statement,
}

impl Writer {
    fn connect(place: &ServerPlace, layout: Layout, schema: &str) -> std::result::Result<Self, Failure> {
        let mut client = place.config.connect(NoTls)?;
        schema::bring_up(&mut client, layout, schema)?;
        Ok(Writer {
            place: place.clone(),
            layout,
            schema: schema.to_owned(),
            session: Session::prepare(client, layout, schema)?,
        })
    }

    /// Loads a batch, once more on a fresh connection where the first one is lost: a transaction that the server did
    /// not finish left nothing, and one that it did finish makes the second a load of the same again.
    fn load(&mut self, batch: &[Prepared]) -> Result<Vec<Counts>> {
        let again = match self.session.load(batch, self.layout, &self.schema) {
            Ok(counts) => return Ok(counts),
            Err(failure) if failure.is_worth_another_try() || self.session.client.is_closed() => {
                Writer::connect(&self.place, self.layout, &self.schema).and_then(|fresh| {
                    *self = fresh;
                    self.session.load(batch, self.layout, &self.schema)
                })
            }
            Err(failure) => Err(failure),
        };
        again.map_err(|failure| failure.into_error(&self.place))
    }
}

impl Session {
    fn prepare(mut client: Client, layout: Layout, schema: &str) -> std::result::Result<Self, Failure> {
        for (i, table) in layout.tables.iter().enumerate() {
            let (stage, table) = (stage(i), relation(schema, table.name));
            client.batch_execute(&format!(
                "CREATE TEMP TABLE {stage} (LIKE {table}) ON COMMIT DELETE ROWS"
            ))?;
        }
        let mut prepare = |(i, table): (usize, &TableSpec)| TableStatements::prepare(&mut client, i, table, schema);
        let tables = layout
            .tables
            .iter()
            .enumerate()
            .map(&mut prepare)
            .collect::<std::result::Result<_, _>>()?;
        // A document has rows in other tables only together with its row in the first one: they are written together.
        let known = client.prepare(&match layout.tables.first() {
            Some(first) => format!(
                "SELECT document_sha256 FROM {} WHERE document_sha256 = ANY($1::text[])",
                relation(schema, first.name)
            ),
            None => "SELECT NULL::text WHERE NULL = ANY($1::text[])".to_owned(),
        })?;
        Ok(Session { client, known, tables })
    }

    fn load(&mut self, batch: &[Prepared], layout: Layout, schema: &str) -> std::result::Result<Vec<Counts>, Failure> {
        let mut transaction = self.client.transaction()?;
        // One batch at a time in one schema: two loads that hold the same documents would wait for each other's rows.
        transaction.execute(
            "SELECT pg_advisory_xact_lock(hashtext('heshu load'), hashtext($1))",
            &[&schema],
        )?;
        let keys: Vec<&str> = batch.iter().map(|d| d.sha256.as_str()).collect();
        let known: Vec<String> = transaction
            .query(&self.known, &[&keys])?
            .iter()
            .map(|row| row.get(0))
            .collect();
        let mut all = Vec::with_capacity(layout.tables.len());
        for (i, table) in self.tables.iter().enumerate() {
            let mut staged = 0;
            let mut copy = transaction.copy_in(&table.copy)?;
            for document in batch {
                if let Parts::Copy(tables) = &document.parts
                    && let Some((bytes, rows)) = tables.get(i)
                {
                    copy.write_all(bytes)?;
                    staged += rows;
                }
            }
            copy.finish()?;
            let mut counts = Counts::default();
            if known.is_empty() {
                counts.inserted = transaction.execute(&table.insert, &[])?;
            } else {
                counts.removed = transaction.execute(&table.remove, &[&known])?;
                let row = transaction.query_one(&table.upsert, &[])?;
                let count = |i| u64::try_from(row.get::<_, i64>(i)).unwrap_or(0);
                (counts.inserted, counts.updated) = (count(0), count(1));
            }
            counts.unchanged = staged.saturating_sub(counts.inserted + counts.updated);
            all.push(counts);
        }
        transaction.commit()?;
        Ok(all)
    }
}

impl TableStatements {
    fn prepare(client: &mut Client, i: usize, table: &TableSpec, schema: &str) -> std::result::Result<Self, Failure> {
        let (stage, target) = (stage(i), relation(schema, table.name));
        let names: Vec<String> = table.columns.iter().map(|c| quoted(&c.name)).collect();
        let list = names.join(", ");
        let rest = names.get(2..).unwrap_or_default();
        let of = |prefix: &str| {
            rest.iter()
                .map(|n| format!("{prefix}.{n}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let set: Vec<String> = rest.iter().map(|n| format!("{n} = EXCLUDED.{n}")).collect();
        let conflict = if rest.is_empty() {
            "DO NOTHING".to_owned()
        } else {
            format!(
                "DO UPDATE SET {} WHERE ROW({}) IS DISTINCT FROM ROW({})",
                set.join(", "),
                of("t"),
                of("EXCLUDED")
            )
        };
        let insert = format!("INSERT INTO {target} AS t ({list}) SELECT {list} FROM {stage}");
        Ok(TableStatements {
            copy: format!("COPY {stage} ({list}) FROM STDIN"),
            remove: client.prepare(&format!(
                "DELETE FROM {target} t WHERE t.document_sha256 = ANY($1::text[]) AND NOT EXISTS (SELECT 1 FROM {stage} s \
                 WHERE s.document_sha256 = t.document_sha256 AND s.row_id = t.row_id)"
            ))?,
            // A row version that an update made has the transaction that replaced its forerunner in xmax.
            upsert: client.prepare(&format!(
                "WITH changed AS ({insert} ON CONFLICT (document_sha256, row_id) {conflict} RETURNING xmax = 0 AS fresh) \
                 SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM changed"
            ))?,
            insert: client.prepare(&insert)?,
        })
    }
}

fn relation(schema: &str, table: &str) -> String {
    format!("{}.{}", quoted(schema), quoted(table))
}

/// Staging table of the i-th table; temporary, so that each session has its own.
fn stage(i: usize) -> String {
    format!("pg_temp.heshu_stage_{i}")
}
