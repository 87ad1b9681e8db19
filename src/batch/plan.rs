//! What has to be read: every input hashed, the first path of a content owning it.

use super::isolate;
use super::pool::ordered;
use super::walk::Input;
use crate::ReadOptions;
use crate::error::Error;
use crate::model::Limits;
use crate::pattern::Patterns;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

/// An input and what its bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes could not be read.
    Unreadable(Error),
    /// The first path of this SHA-256: it is read, and its record bears this path.
    First(String),
    /// The same bytes as an earlier input.
    Again {
        /// Position of that input.
        first: usize,
    },
}

/// Hashes the inputs on `jobs` threads, in bounded memory; `each` is called once an input, in order.
///
/// # Errors
/// When the system gives no thread at all.
pub fn plan(files: &[Input], limits: &Limits, jobs: usize, mut each: impl FnMut()) -> std::io::Result<Vec<Content>> {
    let mut owners: HashMap<String, usize> = HashMap::new();
    let mut contents = Vec::with_capacity(files.len());
    let hash = |input: &Input| isolate::hash(input, limits);
    ordered(files, jobs, hash, |_, hashed| {
        let position = contents.len();
        contents.push(match hashed {
            Err(error) => Content::Unreadable(error),
            Ok(sha256) => match owners.get(&sha256) {
                Some(&first) => Content::Again { first },
                None => {
                    owners.insert(sha256.clone(), position);
                    Content::First(sha256)
                }
            },
        });
        each();
        ControlFlow::Continue(())
    })?;
    Ok(contents)
}

/// Fingerprint of what a record depends on besides the file and its name: the program, the patterns, the options.
///
/// `further` names options that only a caller knows, such as a second opinion.
pub fn settings(patterns: &Patterns, options: &ReadOptions, further: &[&str]) -> String {
    // Every option stands here, so that a new one is decided on: the password says whether a file can be read, not
    // what its record holds, and shall not be guessed from a manifest. The same goes for limits that end the reading;
    // those on what is read may cost a part of a document (its styles) and change the record.
    let ReadOptions { password: _, limits } = options;
    let Limits {
        inflated,
        entries,
        depth,
        pages,
        cells,
        bytes: _,
        seconds: _,
        memory: _,
    } = limits;
    let limits = format!("{inflated} {entries} {depth} {pages} {cells}");
    let mut hasher = Sha256::new();
    for part in [crate::EXTRACTOR, crate::model::SCHEMA, &patterns.fingerprint, &limits]
        .iter()
        .chain(further)
    {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The inputs of a content under which it may have to be read, in order: its first path, and others with another
/// extension than those before. A name may keep a document from being read ([`super::reader`] compares the two).
pub fn names<'a>(files: &'a [Input], contents: &[Content]) -> HashMap<usize, Vec<&'a Input>> {
    let mut names: HashMap<usize, Vec<&Input>> = HashMap::new();
    for (position, (input, content)) in files.iter().zip(contents).enumerate() {
        let owner = match content {
            Content::Unreadable(_) => continue,
            Content::First(_) => position,
            Content::Again { first } => *first,
        };
        let known = names.entry(owner).or_default();
        if !known
            .iter()
            .any(|before| same_kind_of_name(&before.shown, &input.shown))
        {
            known.push(input);
        }
    }
    names
}

/// Whether a record that was made of the same bytes under the name `before` is that of `now`: what the reader takes
/// from a name is its extension.
pub fn same_kind_of_name(before: &str, now: &str) -> bool {
    let extension = |name: &str| Path::new(name).extension().map(|e| e.to_string_lossy().to_lowercase());
    before == now || extension(before) == extension(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_path_of_a_content_owns_it() {
        let dir = tempfile::tempdir().unwrap();
        let input = |name: &str, text: Option<&str>| {
            let path = dir.path().join(name);
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            Input::file(path)
        };
        let files = [
            input("a", Some("甲")),
            input("b", Some("乙")),
            input("c", None),
            input("d", Some("甲")),
            input("e", Some("甲")),
        ];
        for jobs in [1, 3] {
            let mut seen = 0;
            let contents = plan(&files, &Limits::default(), jobs, || seen += 1).unwrap();
            assert_eq!(seen, 5);
            assert_eq!(contents[0], Content::First(crate::sha256("甲".as_bytes())));
            assert_eq!(contents[1], Content::First(crate::sha256("乙".as_bytes())));
            assert!(matches!(contents[2], Content::Unreadable(_)));
            assert_eq!(contents[3], Content::Again { first: 0 });
            assert_eq!(contents[4], Content::Again { first: 0 });
        }
    }

    #[test]
    fn settings_tell_options_apart() {
        let patterns = Patterns::builtin().unwrap();
        let options = ReadOptions::default();
        let plain = settings(&patterns, &options, &[]);
        assert_eq!(plain, settings(&patterns, &options, &[]));
        assert_ne!(plain, settings(&patterns, &options, &["second opinion"]));
        let secret = ReadOptions {
            password: Some("x".to_owned()),
            ..ReadOptions::default()
        };
        assert_eq!(plain, settings(&patterns, &secret, &[]));
        let mut limited = ReadOptions::default();
        limited.limits.seconds = 1;
        assert_eq!(plain, settings(&patterns, &limited, &[]));
        limited.limits.inflated = 1 << 20;
        assert_ne!(plain, settings(&patterns, &limited, &[]));
        let mut other = patterns.clone();
        other.fingerprint.push('0');
        assert_ne!(plain, settings(&other, &options, &[]));
    }

    #[test]
    fn an_extension_is_all_that_a_name_says() {
        assert!(same_kind_of_name("a/x.docx", "b/y.DOCX"));
        assert!(!same_kind_of_name("a/x.docx", "a/x.txt"));
        assert!(!same_kind_of_name("a/x", "a/x.txt"));
    }
}
