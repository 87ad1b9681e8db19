//! Flags that say where documents are read and how much one may take.

use clap::{Args, ValueEnum};
use heshu::batch::{Isolation, WorkerCommand};
use heshu::model::{Limits, limits};

/// Of the group in the help. Not `next_help_heading`, which would take in what follows where this is flattened.
const HEADING: &str = "Limits on one document (a size is a number with kB, MB or GB)";

/// Where documents are read.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IsolationChoice {
    /// PDF and legacy formats in processes, Word packages (.docx) and plain text in threads
    Auto,
    /// All in worker processes: a crash, a hang or a memory bomb costs one document
    Process,
    /// All in threads of this process: faster by a little, but a crash ends the run
    Thread,
}

/// How much one document may take.
#[derive(Args, Clone)]
pub struct LimitArguments {
    /// Where documents are read
    #[arg(long, value_enum, help_heading = HEADING, value_name = "WHERE", default_value = "auto")]
    isolation: IsolationChoice,
    /// Size of the file
    #[arg(long, help_heading = HEADING, value_name = "SIZE", value_parser = size, default_value_t = Size(Limits::default().bytes))]
    max_bytes: Size,
    /// Size after decompression, of all parts that are read; single parts have shares of it
    #[arg(long, help_heading = HEADING, value_name = "SIZE", value_parser = size, default_value_t = Size(Limits::default().inflated))]
    max_inflated: Size,
    /// Entries of an archive or a package
    #[arg(long, help_heading = HEADING, value_name = "N", value_parser = count, default_value_t = Limits::default().entries)]
    max_entries: usize,
    /// Levels of nesting
    #[arg(long, help_heading = HEADING, value_name = "N", value_parser = count, default_value_t = Limits::default().depth)]
    max_depth: usize,
    /// Pages, and sheets of a workbook
    #[arg(long, help_heading = HEADING, value_name = "N", value_parser = count, default_value_t = Limits::default().pages)]
    max_pages: usize,
    /// Cells of all tables
    #[arg(long, help_heading = HEADING, value_name = "N", value_parser = count, default_value_t = Limits::default().cells)]
    max_cells: usize,
    /// Seconds that reading may take; worker processes only, but for PDF
    #[arg(long, help_heading = HEADING, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=86_400), default_value_t = Limits::default().seconds)]
    max_seconds: u64,
    /// Address space of the worker process
    #[arg(long, help_heading = HEADING, value_name = "SIZE", value_parser = size, default_value_t = Size(Limits::default().memory))]
    max_memory: Size,
}

impl LimitArguments {
    pub fn limits(&self) -> Limits {
        Limits {
            bytes: self.max_bytes.0,
            inflated: self.max_inflated.0,
            entries: self.max_entries,
            depth: self.max_depth,
            pages: self.max_pages,
            cells: self.max_cells,
            seconds: self.max_seconds,
            memory: self.max_memory.0,
        }
    }

    pub fn isolation(&self) -> Isolation {
        match self.isolation {
            IsolationChoice::Auto => Isolation::Auto,
            IsolationChoice::Process => Isolation::Process,
            IsolationChoice::Thread => Isolation::Thread,
        }
    }
}

/// This very program, as worker.
pub fn worker_command() -> anyhow::Result<WorkerCommand> {
    use anyhow::Context;
    let program =
        std::env::current_exe().context("the program's own file is not found, so no worker can be started")?;
    Ok(WorkerCommand {
        program,
        arguments: vec!["worker".into()],
    })
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size(u64);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&limits::size(self.0).replace(' ', "").replace("bytes", ""))
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("write a whole number, at least 1".to_owned()),
        Ok(n) => Ok(n),
    }
}

fn size(text: &str) -> Result<Size, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err("write a size as 64MB or 2GB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "write a size as 64MB or 2GB".to_owned())?;
    number
        .checked_mul(1 << shift)
        .filter(|n| *n > 0)
        .map(Size)
        .ok_or_else(|| "a size is more than zero and less than 16 EB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("7", 7),
            ("64MB", 64 << 20),
            ("2 gb", 2 << 30),
            ("3k", 3 << 10),
            ("10MiB", 10 << 20),
        ] {
            assert_eq!(size(text).map(|s| s.0), Ok(bytes), "{text}");
        }
        for text in ["", "MB", "-1", "1.5GB", "0", "99999999999GB", "5TB", "１MB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn defaults_are_shown_as_they_are_written() {
        for n in [512 << 20, 384 << 20, 2 << 30, 1000] {
            assert_eq!(size(&Size(n).to_string()), Ok(Size(n)));
        }
    }
}
