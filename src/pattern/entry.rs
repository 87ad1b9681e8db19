//! Entries of the vocabulary: a word, or an expression, with what else it may be.

use super::expression::Expression;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// One entry of a list: `"项目名称"`, `{ word = "项目名称", also = "forms.head.project" }`, `{ regex = "…" }`, `{ not = "项目" }`.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub what: What,
    /// Other lists that it is in: one word stands once, whatever it may be.
    pub also: Vec<String>,
}

/// What an entry names.
#[derive(Debug, Clone)]
pub(super) enum What {
    Word(String),
    Expression(Expression),
    /// A word or an expression that this list shall not hold.
    Not(String),
}

/// The keys of an entry that is a table.
const KEYS: [&str; 4] = ["word", "regex", "not", "also"];

/// One text or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Several(Vec<String>),
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, or a table such as { word = \"…\", also = \"…\" }, { regex = \"…\" } or { not = \"…\" }")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Entry, E> {
        Ok(Entry {
            what: What::Word(text.to_owned()),
            also: Vec::new(),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let (mut what, mut also) = (None, Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            let named = match key.as_str() {
                "word" => What::Word(map.next_value()?),
                "regex" => What::Expression(map.next_value()?),
                "not" => What::Not(map.next_value()?),
                "also" => {
                    also = match map.next_value()? {
                        Texts::One(text) => vec![text],
                        Texts::Several(texts) => texts,
                    };
                    continue;
                }
                _ => return Err(A::Error::unknown_field(&key, &KEYS)),
            };
            if what.replace(named).is_some() {
                return Err(A::Error::custom("an entry has one of `word`, `regex` and `not`"));
            }
        }
        let what = what.ok_or_else(|| A::Error::custom("an entry has one of `word`, `regex` and `not`"))?;
        Ok(Entry { what, also })
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}
