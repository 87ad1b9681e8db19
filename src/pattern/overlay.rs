//! A partial pattern file over the built-in one: lists add, values replace, ordered entries are asked first, and
//! `{ not = "…" }` takes away.

use super::file::PatternFile;
use super::nearest::suggestion;
use super::vocabulary::Use;
use crate::error::Result;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Lists in which the first that fits decides: what is laid over stands before what is built in.
const FIRST: [&str; 3] = ["headers.keyword", "report.kind", "checks.office"];

/// Lists that say something only as a whole.
const WHOLE: [&str; 1] = ["checks.grades"];

/// Lays `over` over the table of the file (or of a part of it) that `path` names.
pub(super) fn lay<'t>(file: &PatternFile, path: &str, table: &mut DeTable<'t>, over: DeTable<'t>) -> Result<()> {
    for (key, value) in over {
        let path = format!("{path}.{}", key.get_ref());
        let Some(old) = table.get_mut(&key) else {
            // Whether there may be such a key is asked of the types; of what is not there nothing can be taken away.
            let value = match value.get_ref() {
                DeValue::Array(_) => {
                    let mut list = empty();
                    let span = value.span();
                    add(file, &path, &mut list, value)?;
                    Spanned::new(span, DeValue::Array(list))
                }
                _ => value,
            };
            table.insert(key, value);
            continue;
        };
        match (old.get_mut(), value.get_ref()) {
            (DeValue::Table(old), DeValue::Table(_)) => {
                if let DeValue::Table(value) = value.into_inner() {
                    lay(file, &path, old, value)?;
                }
            }
            (DeValue::Array(_), DeValue::Array(_)) if WHOLE.contains(&path.as_str()) => *old = value,
            (DeValue::Array(old), DeValue::Array(_)) => add(file, &path, old, value)?,
            (DeValue::Table(_), _) => {
                let message = format!("{path} is a table: write [{}] and its keys below", short(&path));
                return Err(file.error_at(&message, value.span().start));
            }
            (DeValue::Array(_), _) => {
                let message = format!("{path} is a list: write [\"…\"]");
                return Err(file.error_at(&message, value.span().start));
            }
            // The types say what is wrong with another kind of value.
            _ => *old = value,
        }
    }
    Ok(())
}

/// A path as the file itself has it.
fn short(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, rest)| rest)
}

/// Adds the entries of a list to a list.
fn add<'t>(file: &PatternFile, path: &str, list: &mut DeArray<'t>, value: Spanned<DeValue<'t>>) -> Result<()> {
    let DeValue::Array(over) = value.into_inner() else {
        return Ok(());
    };
    // The vocabulary itself knows words from expressions, and what a word is besides.
    let vocabulary = Use::of_path(path).is_some();
    let of_words = !vocabulary && list.iter().next().is_some_and(|old| old.get_ref().is_str());
    let mut added = Vec::new();
    for entry in over {
        match taken_away(entry.get_ref()) {
            Some(word) if !vocabulary => {
                let before = list.len();
                let old = std::mem::replace(list, empty());
                *list = old
                    .into_iter()
                    .filter(|old| old.get_ref().as_str() != Some(word))
                    .collect();
                if list.len() == before {
                    let known = list.iter().filter_map(|old| old.get_ref().as_str());
                    let meant = suggestion(word, known);
                    let message = format!("{path} holds no `{word}` to take away{meant}");
                    return Err(file.error_at(&message, entry.span().start));
                }
            }
            None if of_words && entry.get_ref().is_table() => {
                let message = format!("{path} takes words and {{ not = \"…\" }}: they are looked for within texts");
                return Err(file.error_at(&message, entry.span().start));
            }
            _ => {
                let text = entry.get_ref().as_str();
                let known = !vocabulary && text.is_some() && list.iter().any(|old| old.get_ref().as_str() == text);
                if !known {
                    added.push(entry);
                }
            }
        }
    }
    let built_in = std::mem::replace(list, empty());
    *list = if FIRST.contains(&path) {
        added.into_iter().chain(built_in).collect()
    } else {
        built_in.into_iter().chain(added).collect()
    };
    Ok(())
}

fn empty<'t>() -> DeArray<'t> {
    std::iter::empty().collect()
}

/// The word of `{ not = "…" }`.
fn taken_away<'v>(entry: &'v DeValue<'_>) -> Option<&'v str> {
    let table = entry.as_table()?;
    let not = table.get("not")?.get_ref().as_str()?;
    (table.len() == 1).then_some(not)
}
