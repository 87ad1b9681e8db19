//! One file, walled off: whatever it holds, the others are done all the same.

use super::convert::Converter;
use super::isolate::{check_name, guarded, read};
use super::walk::Input;
use super::workers::{WorkerCommand, Workers};
use crate::ReadOptions;
use crate::error::Result;
use crate::ingest::sniff::sniff;
use crate::model::{Format, Report};
use crate::pattern::Patterns;
use std::sync::Arc;

/// Where documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Isolation {
    /// PDF and legacy formats in worker processes; Word packages and plain text, whose readers are all our own, in
    /// threads.
    #[default]
    Auto,
    /// All in worker processes.
    Process,
    /// All in threads of this process: a panic costs one document, anything worse costs the run.
    Thread,
}

/// What came of one file.
#[derive(Debug)]
pub struct Outcome {
    /// SHA-256 of the bytes; `None` when they could not be read.
    pub sha256: Option<String>,
    /// The report, or why there is none.
    pub result: Result<Report>,
}

/// Reads files, from any number of threads at once.
#[derive(Debug)]
pub struct Reader<'a> {
    patterns: &'a Patterns,
    options: &'a ReadOptions,
    isolation: Isolation,
    workers: Option<Workers>,
    converter: Option<Converter>,
}

impl<'a> Reader<'a> {
    /// A reader that uses no worker process: for programs that have no binary of heshu to run.
    pub fn in_threads(patterns: &'a Patterns, options: &'a ReadOptions) -> Self {
        Reader {
            patterns,
            options,
            isolation: Isolation::Thread,
            workers: None,
            converter: None,
        }
    }

    /// A reader that starts worker processes by `command`, one for each thread that reads, as they are needed.
    pub fn new(patterns: &'a Patterns, options: &'a ReadOptions, isolation: Isolation, command: WorkerCommand) -> Self {
        Reader {
            patterns,
            options,
            isolation,
            workers: Some(Workers::new(command, patterns, options)),
            converter: None,
        }
    }

    /// The same reader with a converter for what it does not read itself.
    pub fn with_converter(mut self, converter: Option<Converter>) -> Self {
        self.converter = converter;
        self
    }

    /// Reads and extracts one file.
    pub fn process(&self, input: &Input) -> Outcome {
        let bytes = match read(input, &self.options.limits) {
            Ok(bytes) => Arc::new(bytes),
            Err(error) => {
                return Outcome {
                    sha256: None,
                    result: Err(error),
                };
            }
        };
        let result = match &self.converter {
            None => self.extract(&bytes, &input.shown),
            Some(converter) => converter.read(&bytes, |bytes| self.extract(&Arc::new(bytes.to_vec()), &input.shown)),
        };
        let result = result.and_then(|report| check_name(&input.shown, report));
        let sha256 = match &result {
            Ok(report) => report.document.sha256.clone(),
            Err(_) => crate::sha256(&bytes),
        };
        Outcome {
            sha256: Some(sha256),
            result,
        }
    }

    /// Extracts a document from its bytes, in a worker process or here.
    ///
    /// # Errors
    /// As [`crate::extract`], and [`Workers::extract`]; a panic becomes [`crate::error::ErrorKind::Internal`].
    pub fn extract(&self, bytes: &Arc<Vec<u8>>, name: &str) -> Result<Report> {
        match &self.workers {
            Some(workers) if self.wants_process(bytes) => workers.extract(bytes, name),
            _ => guarded(|| Ok(crate::extract_with(bytes, name, self.patterns, self.options)?.report)),
        }
    }

    fn wants_process(&self, bytes: &[u8]) -> bool {
        match self.isolation {
            Isolation::Process => true,
            Isolation::Thread => false,
            Isolation::Auto => !is_our_own(bytes),
        }
    }
}

/// Whether only readers of our own will see the bytes. Containers that libraries must parse to tell what they hold are
/// not looked into here.
fn is_our_own(bytes: &[u8]) -> bool {
    const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";
    let pdf = || bytes[..bytes.len().min(1024)].windows(5).any(|w| w == b"%PDF-");
    if bytes.starts_with(COMPOUND_FILE) || pdf() {
        return false;
    }
    matches!(guarded(|| sniff(bytes)), Ok(Format::Docx | Format::Txt))
}

/// Reads and extracts one file in this thread; a panic becomes [`crate::error::ErrorKind::Internal`].
pub fn process(input: &Input, patterns: &Patterns, options: &ReadOptions) -> Outcome {
    Reader::in_threads(patterns, options).process(input)
}
