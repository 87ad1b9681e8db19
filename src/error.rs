//! Errors: what could not be done, where, and what the reader can do about it.
//!
//! An error means that a file gave no record. A failed check and a warning are other things ([`crate::model::Check`],
//! [`crate::model::Warning`]).

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// Result of the library.
pub type Result<T> = std::result::Result<T, Error>;

/// Where in a file an error arose. Holds the keys that apply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Part of a container (`word/document.xml`) or name of a pattern file.
    pub part: Option<String>,
    /// Byte in the file or part.
    pub byte: Option<u64>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Page, from 1.
    pub page: Option<u32>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut places = Vec::new();
        if let Some(part) = &self.part {
            places.push(part.clone());
        }
        if let Some(page) = self.page {
            places.push(format!("page {page}"));
        }
        if let Some(line) = self.line {
            places.push(format!("line {line}"));
        }
        if let Some(byte) = self.byte {
            places.push(format!("byte {byte}"));
        }
        if places.is_empty() {
            Ok(())
        } else {
            write!(f, " (at {})", places.join(", "))
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ErrorKind {
    /// The file could not be opened or read.
    #[error("cannot be read: {0}; check the path and the permissions")]
    Io(String),
    /// No bytes, or nothing but white space.
    #[error("empty file; export it again")]
    Empty,
    /// Bytes of a format that is not read.
    #[error("{found}; {advice}")]
    Unsupported {
        /// What the bytes are.
        found: String,
        /// What to do.
        advice: String,
    },
    /// The file asks for a password.
    #[error("encrypted: {0}")]
    Encrypted(String),
    /// The file is broken.
    #[error("damaged: {0}; obtain the file again or save it anew in its program")]
    Damaged(String),
    /// A limit against hostile input was reached.
    #[error("refused: {what} exceeds the limit of {limit}; {advice}")]
    Limit {
        /// What was too much.
        what: String,
        /// The limit, with its unit.
        limit: Box<str>,
        /// What to do: which flag raises the limit, where one does.
        advice: Box<str>,
    },
    /// Pages without any text.
    #[error("scanned page, no text: {0}; run OCR and extract the result")]
    Scanned(String),
    /// An output could not be written.
    #[error("cannot be written: {0}; free some space, check the permissions, or name another place")]
    Write(String),
    /// Another process is at work there.
    #[error("{0}: another run of heshu is writing there; wait for its end, or name another folder")]
    Busy(String),
    /// A database could not be opened, understood or written.
    #[error("{what}; {advice}")]
    Database {
        /// What is wrong, and which one.
        what: String,
        /// What to do.
        advice: String,
    },
    /// A pattern file is wrong.
    #[error("pattern file: {0}")]
    Pattern(String),
    /// The worker process that read the file came to its end; a bug, or a machine out of memory.
    #[error("the worker process that read it {0}; please report it with the file")]
    Crashed(String),
    /// No worker process could be had.
    #[error("no worker process to read it in: {0}; run with --isolation thread to read without")]
    Worker(String),
    /// The reader itself failed; a bug.
    #[error("internal failure: {0}; please report it with the file")]
    Internal(String),
}

/// An error with its origin. It travels from worker processes as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{kind}{origin}")]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// Where.
    pub origin: Origin,
}

impl Error {
    /// An error of a kind, origin unknown.
    pub fn new(kind: ErrorKind) -> Self {
        Error {
            kind,
            origin: Origin::default(),
        }
    }

    /// A damaged file. Libraries quote the file in what they say: line breaks in it become blanks.
    pub fn damaged(what: impl Into<String>) -> Self {
        let what: String = what.into();
        Error::new(ErrorKind::Damaged(what.replace(char::is_control, " ")))
    }

    /// A limit reached that no flag raises.
    pub fn limit(what: impl Into<String>, limit: impl Into<String>) -> Self {
        Error::new(ErrorKind::Limit {
            what: what.into(),
            limit: limit.into().into(),
            advice: "if the file is genuine, split it".into(),
        })
    }

    /// A limit reached that a flag raises (`--max-pages`); readers say it through [`crate::model::Limits::over`].
    pub fn over(what: impl Into<String>, limit: impl Into<String>, flag: &str) -> Self {
        Error::new(ErrorKind::Limit {
            what: what.into(),
            limit: limit.into().into(),
            advice: format!("raise {flag} if the file is genuine").into(),
        })
    }

    /// A format that is not read.
    pub fn unsupported(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Error::new(ErrorKind::Unsupported {
            found: found.into().replace(char::is_control, " "),
            advice: advice.into(),
        })
    }

    /// An output that could not be written; `path` as the user named it.
    pub fn write(path: &std::path::Path, error: &std::io::Error) -> Self {
        Error::new(ErrorKind::Write(format!("{}: {error}", path.display())))
    }

    /// Names the part of the container.
    pub fn in_part(mut self, part: impl Into<String>) -> Self {
        self.origin.part = Some(part.into());
        self
    }

    /// Names the byte.
    pub fn at_byte(mut self, byte: u64) -> Self {
        self.origin.byte = Some(byte);
        self
    }

    /// Names the line, from 1.
    pub fn at_line(mut self, line: usize) -> Self {
        self.origin.line = Some(line);
        self
    }

    /// Names the page, from 1.
    pub fn on_page(mut self, page: u32) -> Self {
        self.origin.page = Some(page);
        self
    }
}
