//! The parent's side of isolation: worker processes, kept warm, each with one document at a time.
//!
//! What comes of a document never depends on those before it: a worker that was used and fails is replaced, and the
//! document gets a second chance in a fresh one. Only there its failure is its own.

use super::frame;
use super::worker::{Answer, Job, Setup};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Limit, Limits, Report};
use crate::pattern::Patterns;
use crate::{EXTRACTOR, ReadOptions};
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Longest record that is taken from a worker.
const MAX_RECORD: u64 = 1 << 30;
/// Longest that a worker may take to start.
const START: Duration = Duration::from_secs(60);
/// Added to the seconds of a document: a reader that watches the clock itself ends in time and says more.
const GRACE: Duration = Duration::from_millis(500);
/// How long a worker that closed its pipe may take to end by itself.
const END: Duration = Duration::from_secs(2);
/// How much is kept of what a worker writes to standard error; its last words are the cause of its end.
const WORDS: usize = 8 << 10;

/// How a worker is started: a program and arguments that call [`super::worker::serve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program; as a rule the running one.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// The worker processes of a run. Dropping them ends them.
#[derive(Debug)]
pub struct Workers {
    command: WorkerCommand,
    setup: Setup,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    /// No worker is started yet: each is when it is first needed.
    pub fn new(command: WorkerCommand, patterns: &Patterns, options: &ReadOptions) -> Self {
        Workers {
            command,
            setup: Setup {
                extractor: EXTRACTOR.to_owned(),
                options: options.clone(),
                patterns: patterns.overrides().to_vec(),
            },
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Reads and extracts a document in a worker that is idle, else in a new one.
    ///
    /// # Errors
    /// As [`crate::extract`]; [`ErrorKind::Limit`] out of time or memory; [`ErrorKind::Crashed`] with the cause;
    /// [`ErrorKind::Worker`] when there is none to be had.
    pub fn extract(&self, bytes: &Arc<Vec<u8>>, name: &str) -> Result<Report> {
        let limits = &self.setup.options.limits;
        let idle = self.lock().pop();
        if let Some(mut worker) = idle {
            match worker.ask(bytes, name, limits) {
                Ok(answer) => return self.keep(worker, answer),
                Err(Lost::OutOfTime) => return Err(out_of_time(limits)),
                Err(Lost::Ended(_)) => {} // perhaps by what it read before
            }
        }
        let mut worker = Worker::start(&self.command, &self.setup)?;
        match worker.ask(bytes, name, limits) {
            Ok(answer) => self.keep(worker, answer),
            Err(Lost::OutOfTime) => Err(out_of_time(limits)),
            Err(Lost::Ended(end)) => Err(end.error(limits)),
        }
    }

    fn keep(&self, worker: Worker, answer: Result<Report>) -> Result<Report> {
        self.lock().push(worker);
        answer
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Worker>> {
        // A list of whole workers, whatever a panicking thread did.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn out_of_time(limits: &Limits) -> Error {
    limits.over(Limit::Seconds, "the time that reading takes")
}

/// Why a worker is of no more use.
#[derive(Debug)]
enum Lost {
    /// The document took too long; the worker is killed.
    OutOfTime,
    /// It ended, or said what is no answer.
    Ended(End),
}

/// How a worker ended.
#[derive(Debug)]
struct End {
    how: How,
    /// The last of what it wrote to standard error.
    words: String,
}

#[derive(Debug)]
enum How {
    Status(ExitStatus),
    /// It closed its pipe and went on.
    Silence,
    /// What it said is no answer.
    Nonsense,
}

impl End {
    fn error(&self, limits: &Limits) -> Error {
        // The standard library's own words before it aborts, and those of the errors that it gives where it can.
        let starved = ["memory allocation of", "out of memory", "Cannot allocate memory"];
        if starved.iter().any(|words| self.words.contains(words)) {
            return limits.over(Limit::Memory, "the memory that reading takes");
        }
        if self.words.contains("overflowed its stack") {
            return Error::new(ErrorKind::Crashed("overflowed its stack".to_owned()));
        }
        Error::new(ErrorKind::Crashed(self.cause()))
    }

    fn cause(&self) -> String {
        let status = match self.how {
            How::Status(status) => status,
            How::Silence => return "closed its pipe and did not end".to_owned(),
            How::Nonsense => return "gave an answer that is none".to_owned(),
        };
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            // `signal: 11 (SIGSEGV) (core dumped)`: the name is between the first brackets.
            let text = status.to_string();
            let name = text.split(['(', ')']).nth(1).unwrap_or("unknown");
            let hint = if signal == 9 {
                ", as the system does when memory runs out"
            } else {
                ""
            };
            return format!("was killed by signal {signal} ({name}{hint})");
        }
        match status.code() {
            Some(0) => "ended without an answer".to_owned(),
            Some(code) => format!("ended with exit code {code}"),
            None => format!("ended ({status})"),
        }
    }
}

/// What comes from the thread that holds a worker's pipes.
type Reply = io::Result<Option<(Answer, Vec<u8>)>>;

/// One worker process. Its pipes are held by a thread of their own, so that no wait here is without end.
#[derive(Debug)]
struct Worker {
    child: Child,
    jobs: Sender<(Job, Arc<Vec<u8>>)>,
    replies: Receiver<Reply>,
    words: Receiver<String>,
}

impl Worker {
    fn start(command: &WorkerCommand, setup: &Setup) -> Result<Self> {
        let failed = |message: String| Error::new(ErrorKind::Worker(message));
        let program = || command.program.display();
        let mut worker = Self::spawn(command, setup).map_err(|error| failed(format!("{}: {error}", program())))?;
        match worker.replies.recv_timeout(START) {
            Ok(Ok(Some((Answer::Ready, _)))) => Ok(worker),
            Ok(Ok(Some((Answer::Failed(error), _)))) => Err(error),
            Err(RecvTimeoutError::Timeout) => Err(failed(format!("{}: does not start", program()))),
            _ => {
                let end = worker.end();
                let words = end.words.trim().lines().last().unwrap_or_default().to_owned();
                let colon = if words.is_empty() { "" } else { ": " };
                Err(failed(format!("{} {}{colon}{words}", program(), end.cause())))
            }
        }
    }

    fn spawn(command: &WorkerCommand, setup: &Setup) -> io::Result<Self> {
        let mut process = Command::new(&command.program);
        process.args(&command.arguments);
        process
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Ctrl-C is for the parent; workers end when it does.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut process, 0);
        let mut child = process.spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (jobs, take_jobs) = mpsc::channel();
        let (give_reply, replies) = mpsc::channel();
        let (give_words, words) = mpsc::channel();
        let worker = Worker {
            child,
            jobs,
            replies,
            words,
        };
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("no pipes"));
        };
        let setup = setup.clone();
        thread::Builder::new()
            .name("worker pipes".to_owned())
            .spawn(move || talk(stdin, stdout, &setup, &take_jobs, &give_reply))?;
        thread::Builder::new()
            .name("worker words".to_owned())
            .spawn(move || give_words.send(last_words(stderr)))?;
        Ok(worker)
    }

    fn ask(&mut self, bytes: &Arc<Vec<u8>>, name: &str, limits: &Limits) -> std::result::Result<Result<Report>, Lost> {
        let job = Job { name: name.to_owned() };
        if self.jobs.send((job, Arc::clone(bytes))).is_err() {
            return Err(Lost::Ended(self.end()));
        }
        let patience = Duration::from_secs(limits.seconds).saturating_add(GRACE);
        match self.replies.recv_timeout(patience) {
            Ok(Ok(Some((Answer::Report, record)))) => match serde_json::from_slice(&record) {
                Ok(report) => Ok(Ok(report)),
                Err(_) => Err(Lost::Ended(self.dismiss())),
            },
            Ok(Ok(Some((Answer::Failed(error), _)))) => Ok(Err(error)),
            Ok(Ok(Some((Answer::Ready, _)))) => Err(Lost::Ended(self.dismiss())),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(Lost::Ended(self.dismiss())),
            Err(RecvTimeoutError::Timeout) => Err(Lost::OutOfTime),
            _ => Err(Lost::Ended(self.end())),
        }
    }

    /// Kills a process that lives and talks nonsense.
    fn dismiss(&mut self) -> End {
        let _ = self.child.kill();
        let _ = self.child.wait();
        End {
            how: How::Nonsense,
            words: String::new(),
        }
    }

    /// Waits for the end of a process that has closed its pipe, and kills it if it does not come.
    fn end(&mut self) -> End {
        let step = Duration::from_millis(1);
        let mut status = None;
        for _ in 0..END.as_millis() / step.as_millis() {
            status = self.child.try_wait().unwrap_or_default();
            if status.is_some() {
                break;
            }
            thread::sleep(step);
        }
        if status.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let words = self.words.recv_timeout(END).unwrap_or_default();
        let how = status.map_or(How::Silence, How::Status);
        End { how, words }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // An idle worker would end by itself when its pipe closes; one that is lost may not.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends documents and receives answers, one after the other, until either side is gone.
fn talk(
    mut stdin: ChildStdin,
    mut stdout: ChildStdout,
    setup: &Setup,
    jobs: &Receiver<(Job, Arc<Vec<u8>>)>,
    replies: &Sender<Reply>,
) {
    let mut sent = frame::write(&mut stdin, setup, &[]);
    loop {
        let reply = match sent {
            Ok(()) => frame::read(&mut stdout, MAX_RECORD),
            Err(error) => Err(error),
        };
        let last = !matches!(reply, Ok(Some(_)));
        if replies.send(reply).is_err() || last {
            return;
        }
        let Ok((job, bytes)) = jobs.recv() else { return };
        sent = frame::write(&mut stdin, &job, &bytes);
    }
}

/// Reads standard error to its end and keeps the last of it.
fn last_words(mut stderr: ChildStderr) -> String {
    let mut kept: Vec<u8> = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stderr.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                kept.extend_from_slice(&buffer[..n]);
                kept.drain(..kept.len().saturating_sub(WORDS));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}
