//! Writes the auditor's outputs (审计底稿.xlsx, 核对报告.docx) over files or folders, through the library alone.
//!
//! ```text
//! cargo run --release --example outputs -- OUT PATH… [--times N]
//! ```
//!
//! `--times N` takes each record N times, under paths of their own: how the outputs do on many reports. What reading and
//! each output took, and the peak of memory, are printed at the end.

use heshu::batch::{self, summary::error_code};
use heshu::emit::audit::FileRow;
use heshu::emit::word::AuditReport;
use heshu::emit::workbook::AuditWorkbook;
use heshu::model::{CheckStatus, Report};
use heshu::pattern::Patterns;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut times = 1;
    if let Some(at) = arguments.iter().position(|a| a == "--times") {
        times = arguments.get(at + 1).ok_or("--times N")?.parse()?;
        arguments.drain(at..at + 2);
    }
    let mut paths = arguments.into_iter().map(PathBuf::from);
    let out = paths.next().ok_or("name an output folder and the reports")?;
    let paths: Vec<PathBuf> = paths.collect();

    let patterns = Patterns::builtin()?;
    let inputs = batch::collect(&paths, std::io::empty(), &heshu::model::Limits::default());
    let mut files: Vec<FileRow> = Vec::new();
    let mut reports: Vec<Report> = Vec::new();
    let start = Instant::now();
    for input in &inputs.files {
        let outcome = batch::process(input, &patterns, &heshu::ReadOptions::default());
        let mut row = FileRow {
            path: input.shown.clone(),
            sha256: outcome.sha256,
            ..FileRow::default()
        };
        match outcome.result {
            Ok(report) => {
                row.done = true;
                row.warnings = report.warnings.len();
                row.failed_checks = report.checks.iter().filter(|c| c.status == CheckStatus::Fail).count();
                let same = files.iter().find(|f| f.sha256 == row.sha256).map(|f| f.path.clone());
                if same.is_none() {
                    reports.push(report);
                }
                row.duplicate_of = same;
            }
            Err(error) => {
                row.error_code = Some(error_code(&error.kind).to_owned());
                row.message = Some(error.to_string());
            }
        }
        files.push(row);
    }
    let read = start.elapsed();

    let mut spent = [Duration::ZERO; 2];
    let mut workbook = AuditWorkbook::create(&out)?;
    let mut word = AuditReport::create(&out)?;
    for time in 0..times {
        for report in &reports {
            let mut report = report.clone();
            if time > 0 {
                report.document.path = format!("{time}/{}", report.document.path);
                report.document.sha256 = format!("{time:08}{}", &report.document.sha256[8..]);
            }
            timed(&mut spent[0], || workbook.take(&report))?;
            timed(&mut spent[1], || word.take(&report))?;
        }
    }
    timed(&mut spent[0], || workbook.finish(&files))?;
    timed(&mut spent[1], || word.finish(&files))?;
    let records = reports.len() * times;
    let each = |time: Duration, n: usize| time.as_secs_f64() * 1e3 / n.max(1) as f64;
    println!("reading       {:.3} ms a report", each(read, reports.len()));
    println!(
        "审计底稿.xlsx {:.3} ms a report, {records} reports",
        each(spent[0], records)
    );
    println!("核对报告.docx {:.3} ms a report", each(spent[1], records));
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("");
        println!("{peak}");
    }
    Ok(())
}

fn timed<T>(spent: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    *spent += start.elapsed();
    done
}
