//! `heshu extract --out DIR`: only what is new, changed or failed is read; the outputs are made from stored records.

use super::Done;
use super::log::Log;
use super::run::{RunArguments, left_out};
use heshu::batch::outputs::{Item, OutputFormat, Outputs};
use heshu::batch::plan::{self, Content};
use heshu::batch::store::{MANIFEST, Store, record_name};
use heshu::batch::summary::error_code;
use heshu::batch::{self, Input, Outcome, Problem, Summary};
use heshu::emit::folder::OutputNames;
use heshu::emit::json;
use heshu::emit::manifest::{ManifestEntry, Status};
use heshu::error::{Error, ErrorKind};
use heshu::model::{CheckStatus, Report};
use std::collections::HashMap;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is asked for.
pub struct FolderRun<'a, A> {
    /// Inputs and flags.
    pub arguments: &'a RunArguments,
    /// The output folder.
    pub root: &'a Path,
    /// Outputs to make.
    pub formats: &'a [OutputFormat],
    /// Read everything, whatever was stored.
    pub force: bool,
    /// Options of the caller that change records, by name.
    pub further: &'a [&'a str],
    /// Changes each record that is read.
    pub amend: A,
}

/// Results that may wait for an earlier one, for each thread: records of large reports are large.
const AHEAD: usize = 8;

/// A content that the run owes a record.
struct Job<'a> {
    sha256: &'a str,
    /// Under which it may be read, the first path first; never empty.
    names: Vec<Name<'a>>,
}

/// A path of a content.
struct Name<'a> {
    input: &'a Input,
    /// Path of its indented record, where such files are asked for.
    output: Option<String>,
}

/// What came of a job.
struct Settled {
    entry: ManifestEntry,
    /// The record, or why there is none.
    result: Result<Item, Error>,
    reused: bool,
}

/// What the run keeps of it.
struct Kept {
    entry: ManifestEntry,
    reused: bool,
}

/// Reads contents, or takes their stored records.
struct Settler<'a, A> {
    store: &'a Store,
    previous: batch::manifest::Previous,
    reader: batch::Reader<'a>,
    settings: String,
    run: &'a FolderRun<'a, A>,
}

impl<A: Fn(Report) -> Report + Sync> FolderRun<'_, A> {
    /// Runs.
    pub fn run(&self) -> anyhow::Result<Done> {
        let start = Instant::now();
        let log = self.arguments.log;
        let jobs = self.arguments.jobs();
        let patterns = self.arguments.read.patterns()?;
        let options = self.arguments.read.options();
        let reader = self.arguments.read.reader(&patterns, &options)?;
        // First of all: nothing is read in vain for a folder that cannot be written.
        let store = Store::open(self.root)?;
        let previous = store.previous()?;
        tell_broken(log, self.root, &previous);
        let inputs = batch::collect(
            &self.arguments.paths,
            io::stdin().lock(),
            &self.arguments.read.options().limits,
        );

        let progress = log.progress("looking", inputs.files.len());
        let contents = plan::plan(&inputs.files, &options.limits, jobs, || progress.step())?;
        progress.finish();
        for Problem { shown, error } in &inputs.problems {
            log.error(shown, error);
        }
        if previous.any_done() && contents.iter().all(|c| matches!(c, Content::Unreadable(_))) {
            // A share that is not mounted, a slip of the pen: no reason to drop everything.
            for (input, content) in inputs.files.iter().zip(&contents) {
                if let Content::Unreadable(error) = content {
                    log.error(&input.shown, error);
                }
            }
            let root = self.root.display();
            anyhow::bail!("no file can be read; the outputs in {root} are left as they are");
        }

        let settler = Settler {
            store: &store,
            previous,
            settings: plan::settings(&patterns, &options, self.further),
            reader,
            run: self,
        };
        let mut summary = Summary::default();
        let list = self.jobs(&inputs.files, &contents);
        let mut outputs = Outputs::create(&store, self.formats);
        let settled = self.settle_all(&settler, &list, &mut outputs, &mut summary)?;
        let reused = settled.iter().filter(|settled| settled.reused).count();
        let entries = gather(log, &inputs, &contents, settled, &mut summary)?;
        self.write(outputs, store, &entries)?;

        let duplicates = contents.iter().filter(|c| matches!(c, Content::Again { .. })).count();
        let mut lines = vec![
            ("reused", reused, "(unchanged since an earlier run)".to_owned()),
            ("duplicates", duplicates, "(same content under another name)".to_owned()),
        ];
        lines.extend(left_out(&inputs));
        let done = entries.iter().filter(|entry| entry.status == Status::Done).count();
        let end = format!(
            "{done} of {} files have a record; {} tried in {:.2} s",
            entries.len(),
            list.len() - reused,
            start.elapsed().as_secs_f64()
        );
        log.summary(&summary, &lines, &end);
        Ok(if summary.has_errors() {
            Done::Failed
        } else {
            Done::Clean
        })
    }

    /// Gives every content its record, or says why it has none; records go on into the outputs at once.
    fn settle_all(
        &self,
        settler: &Settler<'_, A>,
        list: &[Job<'_>],
        outputs: &mut Outputs,
        summary: &mut Summary,
    ) -> anyhow::Result<Vec<Kept>> {
        let log = self.arguments.log;
        let mut kept = Vec::with_capacity(list.len());
        let mut progress = log.progress("reading", list.len());
        let mut stopped = None;
        let sink = |job: &Job<'_>, result: Result<Settled, Error>| match result {
            Ok(Settled { entry, result, reused }) => {
                progress.step();
                match result {
                    Ok(item) => {
                        summary.add(&item.report);
                        outputs.take(&entry, &item);
                    }
                    Err(error) => {
                        summary.add_error(&error);
                        progress.failed(|| log.error(&job.names[0].input.shown, &error));
                    }
                }
                kept.push(Kept { entry, reused });
                ControlFlow::Continue(())
            }
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        };
        batch::pool::ordered_within(list, self.arguments.jobs(), AHEAD, |job| settler.settle(job), sink)?;
        progress.finish();
        match stopped {
            Some(error) => Err(error.into()),
            None => Ok(kept),
        }
    }

    /// Completes the outputs, then the manifest that speaks of them.
    fn write(&self, outputs: Outputs, store: Store, entries: &[ManifestEntry]) -> anyhow::Result<()> {
        let log = self.arguments.log;
        let progress = log.progress("writing", outputs.count());
        let kept = outputs.finish(&store, entries, || progress.step());
        progress.finish();
        if kept.is_err() {
            // What was begun takes room that is lacking, perhaps; the stored records stay.
            let _ = store.clear_staging();
        }
        for name in kept? {
            let message = "kept, because it was changed by hand; the new file stands beside it";
            log.warning(&self.root.join(name).display().to_string(), "kept", message);
        }
        store.finish(entries)?;
        tell_stale(log, self.root, self.formats);
        Ok(())
    }

    fn jobs<'i>(&self, files: &'i [Input], contents: &'i [Content]) -> Vec<Job<'i>> {
        let mut given = OutputNames::default();
        let json_files = self.formats.contains(&OutputFormat::Json);
        let mut inputs = plan::names(files, contents);
        let mut list = Vec::new();
        for (position, content) in contents.iter().enumerate() {
            if let Content::First(sha256) = content {
                let names = inputs.remove(&position).unwrap_or_default().into_iter();
                let names = names.map(|input| Name {
                    input,
                    output: json_files.then(|| given.name("json", &input.shown, "json")),
                });
                list.push(Job {
                    sha256,
                    names: names.collect(),
                });
            }
        }
        list
    }
}

impl<A: Fn(Report) -> Report + Sync> Settler<'_, A> {
    /// Gives a content its record: the stored one if it is still true, else a new one, under the first name that lets it
    /// be read. What came of it stands in the manifest when this returns.
    fn settle(&self, job: &Job<'_>) -> Result<Settled, Error> {
        let mut failed = None;
        for name in &job.names {
            let settled = match self.reuse(job, name)? {
                Some(settled) => settled,
                None => self.read(job, name)?,
            };
            // Only what a name does not fit may be read under another; whatever else fails, fails under each.
            let misnamed = matches!(&settled.result, Err(error) if matches!(error.kind, ErrorKind::Unsupported { .. }));
            if !misnamed {
                return Ok(settled);
            }
            failed.get_or_insert(settled);
        }
        failed.ok_or_else(|| Error::new(ErrorKind::Internal("a content without a name".to_owned())))
    }

    /// Reads a content under one of its names.
    fn read(&self, job: &Job<'_>, name: &Name<'_>) -> Result<Settled, Error> {
        let start = Instant::now();
        let Outcome { sha256, result } = self.reader.process(name.input);
        let result = match sha256 {
            Some(found) if found != job.sha256 => {
                let reason = "changed while it was being read".to_owned();
                Err(Error::new(ErrorKind::Io(reason)))
            }
            _ => result,
        };
        let (entry, result) = match result {
            Ok(report) => {
                let report = (self.run.amend)(report);
                let line = self.store.put(&report)?;
                let entry = self.entry(&report, heshu::sha256(&line), start.elapsed(), name);
                (entry, Ok(item(report, line, name)))
            }
            Err(error) => {
                let entry = failed(&name.input.shown, Some(job.sha256), &error, start.elapsed());
                (entry, Err(error))
            }
        };
        self.store.append(&entry)?;
        Ok(Settled {
            entry,
            result,
            reused: false,
        })
    }

    /// The stored record of an earlier run, where it says what reading again under this name would say.
    fn reuse(&self, job: &Job<'_>, name: &Name<'_>) -> Result<Option<Settled>, Error> {
        if self.run.force {
            return Ok(None);
        }
        let Some(known) = self.previous.done(job.sha256, &self.settings) else {
            return Ok(None);
        };
        let Some((mut line, mut report)) = self.store.get(known) else {
            return Ok(None);
        };
        let shown = &name.input.shown;
        if !plan::same_kind_of_name(&report.document.path, shown) {
            return Ok(None);
        }
        let renamed = report.document.path != *shown;
        if renamed {
            // Renamed, or its first path is gone: the record bears the path that it would have in a first run.
            report.document.path.clone_from(shown);
            line = self.store.put(&report)?;
        }
        // Of an old entry, which anybody may have edited, nothing is taken but what the record itself bears out.
        let took = Duration::try_from_secs_f64(known.seconds).unwrap_or_default();
        let entry = self.entry(&report, heshu::sha256(&line), took, name);
        if renamed {
            self.store.append(&entry)?;
        }
        Ok(Some(Settled {
            entry,
            result: Ok(item(report, line, name)),
            reused: true,
        }))
    }

    /// The entry of a stored record.
    fn entry(&self, report: &Report, record_sha256: String, took: Duration, name: &Name<'_>) -> ManifestEntry {
        let mut entry = ManifestEntry::new(&report.document.path, Status::Done);
        entry.sha256 = Some(report.document.sha256.clone());
        entry.record = Some(record_name(&report.document.sha256));
        entry.record_sha256 = Some(record_sha256);
        entry.settings = Some(self.settings.clone());
        entry.warnings = report.warnings.len();
        entry.failed_checks = report.checks.iter().filter(|c| c.status == CheckStatus::Fail).count();
        entry.seconds = seconds(took);
        entry.output.clone_from(&name.output);
        entry
    }
}

/// A record on its way into the outputs.
fn item(report: Report, line: Vec<u8>, name: &Name<'_>) -> Item {
    let pretty = match name.output {
        Some(_) => json::indented(&line),
        None => Vec::new(),
    };
    Item { report, line, pretty }
}

fn failed(shown: &str, sha256: Option<&str>, error: &Error, took: Duration) -> ManifestEntry {
    let mut entry = ManifestEntry::new(shown, Status::Failed);
    entry.sha256 = sha256.map(str::to_owned);
    entry.seconds = seconds(took);
    entry.error_code = Some(error_code(&error.kind).to_owned());
    entry.message = Some(error.to_string());
    entry
}

/// Seconds to the millisecond.
fn seconds(took: Duration) -> f64 {
    took.as_millis() as f64 / 1000.0
}

/// The manifest's entries: paths that name nothing, then the files in input order.
fn gather(
    log: Log,
    inputs: &batch::Inputs,
    contents: &[Content],
    settled: Vec<Kept>,
    summary: &mut Summary,
) -> anyhow::Result<Vec<ManifestEntry>> {
    let mut entries: Vec<ManifestEntry> = Vec::with_capacity(inputs.problems.len() + inputs.files.len());
    for Problem { shown, error } in &inputs.problems {
        summary.add_error(error);
        entries.push(failed(shown, None, error, Duration::ZERO));
    }
    // Of each content that was settled, by the position of its first path.
    let mut owners: HashMap<usize, ManifestEntry> = HashMap::new();
    let mut settled = settled.into_iter();
    for (position, (input, content)) in inputs.files.iter().zip(contents).enumerate() {
        let entry = match content {
            Content::Unreadable(error) => {
                log.error(&input.shown, error);
                summary.add_error(error);
                failed(&input.shown, None, error, Duration::ZERO)
            }
            Content::First(_) => {
                let Some(Kept { entry, .. }) = settled.next() else {
                    anyhow::bail!("{}: no result; please report it", input.shown);
                };
                let own = named(&entry, input);
                owners.insert(position, entry);
                own
            }
            Content::Again { first } => {
                let Some(owner) = owners.get(first) else {
                    anyhow::bail!("{}: no result; please report it", input.shown);
                };
                let entry = named(owner, input);
                if let (Some(code), Some(message)) = (&entry.error_code, &entry.message) {
                    let message = format!("same content as {}: {message}", owner.path);
                    log.failed(&input.shown, code, &message);
                    summary.add_error_code(code);
                }
                entry
            }
        };
        entries.push(entry);
    }
    Ok(entries)
}

/// The entry of one path of a content: the one that its record bears owns it.
fn named(owner: &ManifestEntry, input: &Input) -> ManifestEntry {
    let mut entry = owner.clone();
    if owner.path != input.shown {
        entry.duplicate_of = Some(std::mem::replace(&mut entry.path, input.shown.clone()));
    }
    entry
}

/// Lines of the manifest that are no entries: whoever cut or edited it shall know.
fn tell_broken(log: Log, root: &Path, previous: &batch::manifest::Previous) {
    let Some(first) = previous.broken.first() else {
        return;
    };
    let others = match previous.broken.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let message = format!("line {first}{others} cannot be read; what it spoke of is read again");
    log.warning(&root.join(MANIFEST).display().to_string(), "manifest", &message);
}

/// Outputs of an earlier run that this one was not asked for: they may speak of files as they were then.
fn tell_stale(log: Log, root: &Path, formats: &[OutputFormat]) {
    for format in OutputFormat::ALL.iter().filter(|format| !formats.contains(format)) {
        let place = root.join(format.place());
        if place.exists() {
            let name = format.name();
            let message = format!("of an earlier run and left as it is; add {name} to --format to bring it up to date");
            log.warning(&place.display().to_string(), "not_updated", &message);
        }
    }
}
