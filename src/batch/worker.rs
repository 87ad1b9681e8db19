//! The worker's side of isolation: a process that reads documents for another one, one at a time.
//!
//! It gets bytes and gives records; after its start it can open no file and no connection (`confine` below). It ends when
//! the pipe from its parent closes, in the middle of a document too.

use super::frame;
use super::isolate::guarded;
use crate::error::{Error, ErrorKind};
use crate::model::{Limit, Limits};
use crate::pattern::{Override, Patterns};
use crate::{EXTRACTOR, ReadOptions};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

/// First message to a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// [`EXTRACTOR`] of the parent: a program replaced while it runs must not mix two versions' records.
    pub extractor: String,
    /// Options for every document.
    pub options: ReadOptions,
    /// Pattern files in place of built-in ones.
    pub patterns: Vec<Override>,
}

/// A document to read; its bytes are the frame's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Path as it stands in the record.
    pub name: String,
}

/// What a worker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It can read.
    Ready,
    /// The record is the frame's body.
    Report,
    /// There is no record.
    Failed(Error),
}

/// Stack of the thread that reads; as in [`super::pool`], so that a document reads alike with and without isolation.
const STACK_BYTES: usize = super::pool::STACK_BYTES;

/// Reads documents until `input` closes. `before` runs before each, on the reading thread; tests misbehave there.
///
/// The calling thread does nothing but wait for messages, so that it sees at once when the parent is gone: returning
/// from here and from `main` ends the process whatever a document has made of the reading thread.
///
/// # Errors
/// Those of the pipes, and what is no message of the parent.
pub fn serve(
    mut input: impl Read,
    mut output: impl Write + Send + 'static,
    before: impl Fn(&[u8]) + Send + 'static,
) -> io::Result<()> {
    let Some((setup, _)) = frame::read::<Setup>(&mut input, 0)? else {
        return Ok(());
    };
    let (options, patterns) = match prepare(setup) {
        Ok(ready) => ready,
        Err(error) => return frame::write(&mut output, &Answer::Failed(error), &[]),
    };
    let limits = options.limits.clone();
    let (send, receive) = mpsc::sync_channel::<(Job, Vec<u8>)>(1);
    // Shared, because it is needed here when the thread cannot be had.
    let output = Arc::new(Mutex::new(output));
    let reading_output = Arc::clone(&output);
    let reading = move || {
        let Ok(mut output) = reading_output.lock() else { return };
        let mut written = frame::write(&mut *output, &Answer::Ready, &[]);
        for (job, bytes) in receive {
            if written.is_err() {
                return; // the parent is gone
            }
            let record = guarded(|| {
                before(&bytes);
                let report = crate::extract_with(&bytes, &job.name, &patterns, &options)?.report;
                serde_json::to_vec(&report).map_err(|error| Error::new(ErrorKind::Internal(error.to_string())))
            });
            written = match record {
                Ok(record) => frame::write(&mut *output, &Answer::Report, &record),
                Err(error) => frame::write(&mut *output, &Answer::Failed(error), &[]),
            };
        }
    };
    let thread = thread::Builder::new().name("reader".to_owned()).stack_size(STACK_BYTES);
    if thread.spawn(reading).is_err() {
        // So little memory that not even a stack fits.
        let error = limits.over(Limit::Memory, "the memory that a worker process needs");
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        return frame::write(&mut *output, &Answer::Failed(error), &[]);
    }
    while let Some(job) = frame::read::<Job>(&mut input, u64::MAX)? {
        if send.send(job).is_err() {
            break;
        }
    }
    Ok(())
}

fn prepare(setup: Setup) -> Result<(ReadOptions, Patterns), Error> {
    if setup.extractor != EXTRACTOR {
        let message = format!(
            "the program is now {EXTRACTOR} and was {} when the run began",
            setup.extractor
        );
        return Err(Error::new(ErrorKind::Worker(message)));
    }
    let patterns = Patterns::with_texts(&setup.patterns)?;
    confine(&setup.options.limits)
        .map_err(|error| Error::new(ErrorKind::Worker(format!("its limits cannot be set: {error}"))))?;
    Ok((setup.options, patterns))
}

/// Takes from this process what reading a document does not need: memory over the limit, core dumps, files,
/// connections, growing files.
#[cfg(target_os = "linux")]
fn confine(limits: &Limits) -> io::Result<()> {
    use rlimit::Resource;
    // An administrator's own limit may be lower already; it cannot be raised.
    let lower = |resource: Resource, value: u64| {
        let (_, hard) = resource.get()?;
        let value = value.min(hard);
        resource.set(value, value)
    };
    lower(Resource::CORE, 0)?;
    lower(Resource::FSIZE, 0)?;
    // The three pipes are open; any further descriptor is one too many (`open`, `socket`: EMFILE).
    lower(Resource::NOFILE, 3)?;
    lower(Resource::AS, limits.memory)
}

/// Other systems honour these limits in part or not at all; the seconds are kept by the parent on each.
#[cfg(all(unix, not(target_os = "linux")))]
fn confine(limits: &Limits) -> io::Result<()> {
    let _ = rlimit::Resource::CORE.set(0, 0);
    let _ = rlimit::Resource::AS.set(limits.memory, limits.memory);
    Ok(())
}

/// No such limits here; the seconds are kept by the parent.
#[cfg(not(unix))]
fn confine(_: &Limits) -> io::Result<()> {
    Ok(())
}
