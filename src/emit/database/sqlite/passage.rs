//! The full-text index: each distinct text once, however many documents say it, and the places where it stands.

use super::super::Passage;
use super::super::words::{index_text, words};
use super::Sql;
use rusqlite::{OptionalExtension, Statement, Transaction, params};

/// `passage_index` holds no text of its own (contentless): its words are made by [`words`], not by SQLite.
pub const TABLES: &str = "\
CREATE TABLE IF NOT EXISTS passage_text (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS passage (
  document_sha256 TEXT NOT NULL, position INTEGER NOT NULL, text_id INTEGER NOT NULL, kind TEXT NOT NULL,
  page INTEGER, block INTEGER, table_id TEXT, row INTEGER, col INTEGER,
  PRIMARY KEY (document_sha256, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS passage_by_text ON passage (text_id);
CREATE VIRTUAL TABLE IF NOT EXISTS passage_index USING fts5(words, content='', contentless_delete=1, tokenize='ascii');
";

/// Statements of the index, prepared once a batch.
pub struct PassageIndex<'a> {
    known: Statement<'a>,
    upsert: Statement<'a>,
    shorten: Statement<'a>,
    find_text: Statement<'a>,
    add_text: Statement<'a>,
    add_words: Statement<'a>,
    is_said: Statement<'a>,
    remove_text: Statement<'a>,
    remove_words: Statement<'a>,
}

impl<'a> PassageIndex<'a> {
    pub fn prepare(transaction: &'a Transaction) -> Sql<Self> {
        Ok(PassageIndex {
            known: transaction.prepare("SELECT text_id FROM passage WHERE document_sha256 = ?")?,
            upsert: transaction.prepare(
                "INSERT INTO passage (document_sha256, position, text_id, kind, page, block, table_id, row, col) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (document_sha256, position) DO UPDATE SET \
                 text_id = ?3, kind = ?4, page = ?5, block = ?6, table_id = ?7, row = ?8, col = ?9 \
                 WHERE text_id IS NOT ?3 OR kind IS NOT ?4 OR page IS NOT ?5 OR block IS NOT ?6 OR table_id IS NOT ?7 \
                 OR row IS NOT ?8 OR col IS NOT ?9",
            )?,
            shorten: transaction.prepare("DELETE FROM passage WHERE document_sha256 = ? AND position >= ?")?,
            find_text: transaction.prepare("SELECT id FROM passage_text WHERE text = ?")?,
            add_text: transaction.prepare("INSERT INTO passage_text (text) VALUES (?)")?,
            add_words: transaction.prepare("INSERT INTO passage_index (rowid, words) VALUES (?, ?)")?,
            is_said: transaction.prepare("SELECT EXISTS (SELECT 1 FROM passage WHERE text_id = ?)")?,
            remove_text: transaction.prepare("DELETE FROM passage_text WHERE id = ?")?,
            remove_words: transaction.prepare("DELETE FROM passage_index WHERE rowid = ?")?,
        })
    }

    /// Makes the passages of a document those given; texts that no document says any more are removed.
    pub fn load(&mut self, sha256: &str, passages: &[Passage]) -> Sql<()> {
        let mut known: Vec<i64> = self.known.query_map([sha256], |row| row.get(0))?.collect::<Sql<_>>()?;
        let number = |n: Option<usize>| n.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        for (position, p) in (0_i64..).zip(passages) {
            let text = self.text_id(&p.text)?;
            let (block, row, col) = (number(p.block), number(p.row), number(p.col));
            let table = p.table.as_deref();
            self.upsert
                .execute(params![sha256, position, text, p.kind, p.page, block, table, row, col])?;
        }
        if known.is_empty() {
            return Ok(());
        }
        let length = i64::try_from(passages.len()).unwrap_or(i64::MAX);
        self.shorten.execute(params![sha256, length])?;
        known.sort_unstable();
        known.dedup();
        for id in known {
            if !self.is_said.query_row([id], |row| row.get::<_, bool>(0))? {
                self.remove_words.execute([id])?;
                self.remove_text.execute([id])?;
            }
        }
        Ok(())
    }

    fn text_id(&mut self, text: &str) -> Sql<i64> {
        if let Some(id) = self.find_text.query_row([text], |row| row.get(0)).optional()? {
            return Ok(id);
        }
        let id = self.add_text.insert([text])?;
        self.add_words.execute(params![id, index_text(&words(text))])?;
        Ok(id)
    }
}
