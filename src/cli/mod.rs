//! Subcommands, one file each, and what they share: arguments, exit codes, messages.
//!
//! Exit codes: 0 done, nothing wrong; 1 `check` found a failed check of severity error; 2 some file could not be
//! processed, or the arguments make no sense (wins over 1).

mod check;
mod eval;
mod explain;
mod extract;
mod find;
mod folder;
mod limits;
mod load;
mod log;
mod rules;
mod run;
mod schema;
#[cfg(feature = "second-opinion")]
mod second_opinion;
mod show;
mod worker;

use clap::{Args, Parser, Subcommand};
use heshu::batch::{Converter, Isolation, Reader};
use heshu::error::Error;
use heshu::pattern::Patterns;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Reads Chinese government performance reports (.docx, .pdf, .txt) into exact, traceable records and checks whether
/// their figures agree.
#[derive(Parser)]
#[command(name = "heshu", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn reports into records (JSON)
    Extract(extract::ExtractArguments),
    /// Examine whether the figures of reports agree with each other
    Check(check::CheckArguments),
    /// Draw a report as read, and say why each table was recognized or not
    Show(show::ShowArguments),
    /// List the rules of `check`
    Rules(rules::RulesArguments),
    /// Explain one rule
    Explain(explain::ExplainArguments),
    /// Load reports or records into PostgreSQL or a SQLite file
    Load(Box<load::LoadArguments>),
    /// Find words in a SQLite file made by `load`
    Find(find::FindArguments),
    /// Print the JSON Schema of a record
    Schema(schema::SchemaArguments),
    /// Measure records of DIR/reports against DIR/truth
    Eval(eval::EvalArguments),
    /// The child process in which documents are read
    #[command(hide = true)]
    Worker,
    /// The child process of --second-opinion
    #[cfg(feature = "second-opinion")]
    #[command(hide = true)]
    SecondOpinionWorker {
        /// PDF file to read
        file: PathBuf,
        /// File for the pages' texts
        out: PathBuf,
    },
}

impl Command {
    /// How messages are to be given; plainly where a subcommand has no flags for it.
    fn log(&self) -> log::Log {
        match self {
            Command::Extract(arguments) => arguments.log(),
            Command::Check(arguments) => arguments.log(),
            Command::Eval(arguments) => arguments.log(),
            Command::Load(arguments) => arguments.run.log,
            _ => log::Log::default(),
        }
    }
}

/// What every subcommand that reads files takes.
#[derive(Args, Clone)]
struct ReadArguments {
    /// Folder of pattern files (named like those of patterns/) that add to the built-in ones, or take from them
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
    /// Password of encrypted PDF files
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,
    /// Convert what heshu does not read itself (Word 95, WPS's own formats, flat XML …) with LibreOffice, where it is
    /// installed: `soffice`, or `soffice=PATH`
    #[arg(long, value_name = "soffice[=PATH]", value_parser = converter)]
    converter: Option<PathBuf>,
    /// Convert .doc and .rtf files that heshu reads too, and warn where the figures of the two readings differ
    #[arg(long, requires = "converter")]
    cross_check: bool,
    #[command(flatten)]
    limits: limits::LimitArguments,
}

/// `soffice` or `soffice=PATH`.
fn converter(text: &str) -> Result<PathBuf, String> {
    match text.split_once('=') {
        None if text == "soffice" => Ok(PathBuf::from(text)),
        Some(("soffice", path)) if !path.is_empty() => Ok(PathBuf::from(path)),
        _ => Err("the converter is soffice, or soffice=PATH".to_owned()),
    }
}

impl ReadArguments {
    fn patterns(&self) -> Result<Patterns, Error> {
        match &self.patterns {
            Some(dir) => Patterns::with_overrides(dir),
            None => Patterns::builtin(),
        }
    }

    fn options(&self) -> heshu::ReadOptions {
        heshu::ReadOptions {
            password: self.password.clone(),
            limits: self.limits.limits(),
        }
    }

    /// What reads files, in threads and in worker processes as the arguments say.
    fn reader<'a>(&self, patterns: &'a Patterns, options: &'a heshu::ReadOptions) -> anyhow::Result<Reader<'a>> {
        let isolation = self.limits.isolation();
        let converter = self
            .converter
            .as_ref()
            .map(|program| Converter::new(program, self.cross_check));
        let reader = match isolation {
            Isolation::Thread => Reader::in_threads(patterns, options),
            _ => Reader::new(patterns, options, isolation, limits::worker_command()?),
        };
        Ok(reader.with_converter(converter.transpose()?))
    }
}

/// How a subcommand ended.
enum Done {
    /// Nothing wrong.
    Clean,
    /// A check of severity error failed.
    Findings,
    /// Some file could not be processed; the message stands on standard error.
    Failed,
}

/// Parses the arguments, runs the subcommand and gives the exit code.
pub fn main() -> ExitCode {
    // A panic inside a file becomes that file's error message; the default hook would print a second, longer one.
    std::panic::set_hook(Box::new(|_| {}));
    let command = Arguments::parse().command;
    let log = command.log();
    let result = match command {
        Command::Extract(arguments) => extract::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Show(arguments) => show::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Load(arguments) => load::run(*arguments),
        Command::Find(arguments) => find::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Worker => worker::run(),
        #[cfg(feature = "second-opinion")]
        Command::SecondOpinionWorker { file, out } => second_opinion::work(&file, &out).map(|()| Done::Clean),
    };
    match result {
        Ok(Done::Clean) => ExitCode::SUCCESS,
        Ok(Done::Findings) => ExitCode::from(1),
        Ok(Done::Failed) => ExitCode::from(2),
        // The reader of our output has what it wanted (`heshu … | head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            log.fatal(&error);
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes text to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
