//! One run over many files: walk, read in parallel, hand over in order, count.

use super::ReadArguments;
use super::log::Log;
use clap::Args;
use heshu::batch::{self, Input, Outcome, Problem, Summary};
use heshu::error::Error;
use heshu::model::Report;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

/// Which files, and on how many threads.
#[derive(Args)]
pub struct RunArguments {
    #[command(flatten)]
    pub read: ReadArguments,
    #[command(flatten)]
    pub log: Log,
    /// Number of threads [default: one a processor]
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Files; folders and .zip archives, searched for reports of every format; or - for a list on standard input, one path a line
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

impl RunArguments {
    /// A run over one folder.
    pub fn of_folder(read: ReadArguments, log: Log, folder: PathBuf) -> Self {
        RunArguments {
            read,
            log,
            jobs: None,
            paths: vec![folder],
        }
    }

    /// Threads to read on.
    pub fn jobs(&self) -> usize {
        let asked = self.jobs.map(usize::from);
        asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}

/// What came of one file, made on a reader's thread.
pub struct Finished<T> {
    /// What `make` gave, or why there is no record.
    pub result: Result<T, Error>,
    counts: Summary,
}

/// Reads every file that the arguments name. `make` turns each record into what is kept of it, on a reader's thread;
/// `take` gets the results in input order, with the path as shown; those of paths that name no file come first.
/// Messages go to standard error as files fail.
///
/// The summary holds every file that was tried, and every path that names none.
pub fn run<T: Send>(
    arguments: &RunArguments,
    make: impl Fn(Report) -> Result<T, Error> + Sync,
    mut take: impl FnMut(&str, Finished<T>) -> anyhow::Result<()>,
) -> anyhow::Result<Summary> {
    let start = Instant::now();
    let log = arguments.log;
    let patterns = arguments.read.patterns()?;
    let options = arguments.read.options();
    let reader = arguments.read.reader(&patterns, &options)?;
    let inputs = batch::collect(&arguments.paths, io::stdin().lock(), &arguments.read.options().limits);
    let mut summary = Summary::default();
    for Problem { shown, error } in &inputs.problems {
        log.error(shown, error);
        summary.add_error(error);
        let finished = Finished {
            result: Err(error.clone()),
            counts: Summary::default(),
        };
        take(shown, finished)?;
    }

    let mut progress = log.progress("reading", inputs.files.len());
    let work = |input: &Input| {
        let Outcome { result, .. } = reader.process(input);
        let mut counts = Summary::default();
        let result = result.and_then(|report| {
            counts.add(&report);
            make(report)
        });
        if let Err(error) = &result {
            // What could not be made counts as a failure alone.
            counts = Summary::default();
            counts.add_error(error);
        }
        Finished { result, counts }
    };
    let mut stopped = None;
    batch::ordered(&inputs.files, arguments.jobs(), work, |input, finished| {
        progress.step();
        summary.merge(&finished.counts);
        if let Err(error) = &finished.result {
            progress.failed(|| log.error(&input.shown, error));
        }
        match take(&input.shown, finished) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    progress.finish();
    if let Some(error) = stopped {
        return Err(error);
    }
    let files = inputs.files.len() + inputs.problems.len();
    let (reports, seconds) = (summary.reports(), start.elapsed().as_secs_f64());
    let end = format!("{reports} of {files} files read in {seconds:.2} s");
    log.summary(&summary, &left_out(&inputs), &end);
    Ok(summary)
}

/// Lines of a summary about what was not read: nothing is skipped in silence.
pub fn left_out(inputs: &batch::Inputs) -> Vec<(&'static str, usize, String)> {
    let name = |(extension, n): (&String, &usize)| match extension.as_str() {
        "" => format!("without extension {n}"),
        extension => format!(".{extension} {n}"),
    };
    let list: Vec<String> = inputs.skipped.iter().map(name).collect();
    let remark = format!("{} (no report by name)", list.join(", "));
    vec![
        ("left out", inputs.skipped.values().sum(), remark),
        (
            "own outputs",
            inputs.outputs,
            "(of this or an earlier run; never read)".to_owned(),
        ),
        ("named twice", inputs.repeated, String::new()),
    ]
}
