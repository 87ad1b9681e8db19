//! One run over many files: walk, read in parallel, hand over in order, count.

use super::{ReadArguments, complain};
use clap::Args;
use heshu::batch::{self, Input, Outcome, Problem, Summary};
use heshu::error::Error;
use heshu::model::Report;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

/// Which files, and on how many threads.
#[derive(Args)]
pub struct RunArguments {
    #[command(flatten)]
    pub read: ReadArguments,
    /// Number of threads [default: one a processor]
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Files; folders, searched for .docx, .pdf and .txt; or - for a list on standard input, one path a line
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl RunArguments {
    /// A run over one folder.
    pub fn of_folder(read: ReadArguments, folder: PathBuf) -> Self {
        RunArguments {
            read,
            jobs: None,
            paths: vec![folder],
        }
    }
}

/// What came of one file, made on a reader's thread.
pub struct Finished<T> {
    /// SHA-256 of the bytes; `None` when they could not be read.
    pub sha256: Option<String>,
    /// What `make` gave, or why there is no record.
    pub result: Result<T, Error>,
    counts: Summary,
}

/// Reads every file that the arguments name. `make` turns each record into what is kept of it, on a reader's thread;
/// `take` gets the results in input order, with the path as shown; those of paths that name no file come first. Messages go to standard error as files fail.
///
/// The summary holds every file that was tried, and every path that names none.
pub fn run<T: Send>(
    arguments: &RunArguments,
    make: impl Fn(&Report) -> Result<T, Error> + Sync,
    mut take: impl FnMut(&str, Finished<T>) -> anyhow::Result<()>,
) -> anyhow::Result<Summary> {
    let start = Instant::now();
    let patterns = arguments.read.patterns()?;
    let options = arguments.read.options();
    let inputs = batch::collect(&arguments.paths, io::stdin().lock());
    let mut summary = Summary::default();
    for Problem { shown, error } in &inputs.problems {
        complain(shown, error);
        summary.add_error(error);
        let finished = Finished {
            sha256: None,
            result: Err(error.clone()),
            counts: Summary::default(),
        };
        take(shown, finished)?;
    }

    let jobs = arguments.jobs.map(usize::from);
    let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = progress_bar(inputs.files.len());
    let work = |input: &Input| {
        let Outcome { sha256, result } = batch::process(input, &patterns, &options);
        let mut counts = Summary::default();
        let result = result.and_then(|report| {
            let made = make(&report)?;
            counts.add(&report);
            Ok(made)
        });
        if let Err(error) = &result {
            counts.add_error(error);
        }
        Finished { sha256, result, counts }
    };
    let mut stopped = None;
    batch::ordered(&inputs.files, jobs, work, |input, finished| {
        bar.inc(1);
        summary.merge(&finished.counts);
        if let Err(error) = &finished.result {
            bar.suspend(|| complain(&input.shown, error));
        }
        match take(&input.shown, finished) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    bar.finish_and_clear();
    if let Some(error) = stopped {
        return Err(error);
    }
    report(&summary, &inputs, start);
    Ok(summary)
}

fn report(summary: &Summary, inputs: &batch::Inputs, start: Instant) {
    let mut text = format!("{summary}\n");
    if !inputs.skipped.is_empty() {
        let total: usize = inputs.skipped.values().sum();
        let name = |(extension, n): (&String, &usize)| match extension.as_str() {
            "" => format!("without extension {n}"),
            extension => format!(".{extension} {n}"),
        };
        let list: Vec<String> = inputs.skipped.iter().map(name).collect();
        text.push_str(&format!(
            "left out      {total:<8}{} (no report by name)\n",
            list.join(", ")
        ));
    }
    if inputs.repeated > 0 {
        text.push_str(&format!("named twice   {}\n", inputs.repeated));
    }
    text.push_str(&format!(
        "{} of {} files read in {:.2} s\n",
        summary.reports(),
        inputs.files.len(),
        start.elapsed().as_secs_f64()
    ));
    let _ = io::stderr().write_all(text.as_bytes());
}

/// A bar on a terminal, nothing elsewhere.
fn progress_bar(files: usize) -> ProgressBar {
    if !io::stderr().is_terminal() || files < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} reports, {eta} left") {
        bar.set_style(style);
    }
    bar
}
