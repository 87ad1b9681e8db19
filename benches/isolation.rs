//! What worker processes cost: `cargo bench --bench isolation`. Prints times and ratios of one run.
//!
//! - wall and CPU time of each document in a warm worker beyond that in a thread (aim: under 1 ms), by format;
//! - time of a folder with 1,000 good and 50 poisoned documents over that of the good ones alone, timeouts left out
//!   (aim: at most 1.3).
//!
//! This program is its own worker, so that documents can kill it in an optimized build too.

use heshu::ReadOptions;
use heshu::batch::{Isolation, Reader, WorkerCommand, ordered, worker};
use heshu::pattern::Patterns;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 40;
const GOOD: usize = 1_000;
const POISONED: usize = 50;
const SECONDS: u64 = 1;

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        worker::serve(std::io::stdin(), std::io::stdout(), misbehave)?;
        return Ok(());
    }
    // `cargo test --benches` runs this too: nothing to measure in an unoptimized build.
    if cfg!(debug_assertions) {
        eprintln!("benches measure optimized builds: cargo bench --bench isolation");
        return Ok(());
    }
    let patterns = Patterns::builtin()?;
    overhead(&patterns)?;
    poisoned(&patterns)
}

/// As the word after `%bench ` says.
fn misbehave(document: &[u8]) {
    let Some(at) = document.windows(7).position(|w| w == b"%bench ") else {
        return;
    };
    match document.get(at + 7) {
        Some(b'a') => std::process::abort(),
        Some(b'e') => std::process::exit(3),
        Some(b'l') => loop {
            std::thread::sleep(std::time::Duration::from_millis(10));
        },
        Some(b'm') => {
            let mut held = Vec::new();
            loop {
                held.push(std::hint::black_box(Vec::<u8>::with_capacity(16 << 20)));
            }
        }
        _ => {}
    }
}

fn command() -> std::io::Result<WorkerCommand> {
    Ok(WorkerCommand {
        program: std::env::current_exe()?,
        arguments: vec!["worker".into()],
    })
}

fn corpus() -> std::io::Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/reports");
    let mut reports: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    reports.sort();
    Ok(reports)
}

fn overhead(patterns: &Patterns) -> Result<(), AnyError> {
    let options = ReadOptions::default();
    let threads = Reader::in_threads(patterns, &options);
    let processes = Reader::new(patterns, &options, Isolation::Process, command()?);
    for format in ["txt", "docx", "pdf"] {
        let files = corpus()?
            .into_iter()
            .filter(|f| f.extension().is_some_and(|e| e == format));
        let documents: Vec<Arc<Vec<u8>>> = files
            .map(|f| std::fs::read(f).map(Arc::new))
            .collect::<Result<_, _>>()?;
        let mut record_bytes = 0;
        for document in &documents {
            let report = processes.extract(document, "warm")?;
            record_bytes += serde_json::to_vec(&report)?.len();
        }
        // The best of several rounds each, by turns: other programs disturb both alike.
        let mut best = [f64::MAX; 2];
        for _ in 0..ROUNDS {
            for (reader, best) in [&threads, &processes].into_iter().zip(&mut best) {
                let start = Instant::now();
                for document in &documents {
                    std::hint::black_box(reader.extract(document, "a")?);
                }
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
        let [thread, process] = best.map(|seconds| seconds * 1000.0 / documents.len() as f64);
        println!(
            "{format}: thread {thread:.2} ms, worker {process:.2} ms a document, overhead {:.2} ms (records of {} kB)",
            process - thread,
            record_bytes / documents.len() / 1000
        );
    }
    Ok(())
}

fn poisoned(patterns: &Patterns) -> Result<(), AnyError> {
    let mut options = ReadOptions::default();
    options.limits.seconds = SECONDS;
    let reader = Reader::new(patterns, &options, Isolation::Auto, command()?);
    let reports: Vec<Vec<u8>> = corpus()?.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let good: Vec<Arc<Vec<u8>>> = reports.iter().cycle().take(GOOD).cloned().map(Arc::new).collect();
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken");
    let mut fixtures: Vec<Vec<u8>> = Vec::new();
    for entry in walkdir::WalkDir::new(broken).sort_by_file_name().into_iter().flatten() {
        if entry.file_type().is_file() {
            fixtures.push(std::fs::read(entry.path())?);
        }
    }
    let mut all = good.clone();
    let mut loops = 0;
    for n in 0..POISONED {
        // Every other one kills its worker: two loops, else a crash or a bomb; the rest are what is in fixtures/broken/.
        let bytes = if n % 2 == 0 || fixtures.is_empty() {
            let how = match n {
                10 | 30 => "l",
                _ => ["a", "e", "m"][n / 2 % 3],
            };
            loops += usize::from(how == "l");
            [b"%PDF-1.7\n%bench ".as_slice(), how.as_bytes(), b"\n"].concat()
        } else {
            fixtures[n / 2 % fixtures.len()].clone()
        };
        all.insert((n * GOOD / POISONED) + n, Arc::new(bytes));
    }
    let run = |documents: &[Arc<Vec<u8>>]| -> std::io::Result<(f64, usize)> {
        let start = Instant::now();
        let mut records = 0;
        ordered(
            documents,
            2,
            |document| reader.extract(document, "a"),
            |_, result| {
                records += usize::from(result.is_ok());
                ControlFlow::Continue(())
            },
        )?;
        Ok((start.elapsed().as_secs_f64(), records))
    };
    run(&good)?;
    let (mut clean, mut mixed) = (f64::MAX, f64::MAX);
    for _ in 0..3 {
        let (seconds, records) = run(&good)?;
        assert_eq!(records, GOOD);
        clean = clean.min(seconds);
        let (seconds, records) = run(&all)?;
        assert!(records >= GOOD, "{records} records");
        mixed = mixed.min(seconds);
    }
    // Records come in order, so the other reader gets only so far ahead of one that waits: a timeout is lost to both. The
    // half second is what a reader that watches the clock itself gets to end in time.
    let timeouts = loops as f64 * (SECONDS as f64 + 0.5);
    println!(
        "{GOOD} good documents {clean:.2} s; with {POISONED} poisoned {mixed:.2} s, of that timeouts {timeouts:.2} s"
    );
    println!("  ratio {:.2}", (mixed - timeouts) / clean);
    Ok(())
}
