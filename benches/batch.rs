//! Many files and one: `cargo bench --bench batch`. Prints ratios of one run; no figure depends on the machine alone.
//!
//! - wall time of `--jobs 1` over that of `--jobs 2`, 2,000 files (aim: at least 1.8 on two free processors);
//! - peak memory over 2,000 files against 200 (aim: flat);
//! - CPU of one small file from process start to record (aim: under 30 ms);
//! - 10,000 different reports into a folder with every output: peak memory (aim: under 300 MB), time for each file
//!   against 1,000 reports (aim: flat), a second run over the same, and CPU of all outputs over that of extraction
//!   alone (aim: at most 1). `cargo bench --bench batch -- folder` measures only this.

use heshu::batch::outputs::OutputFormat;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const FILES: usize = 2_000;

fn main() -> std::io::Result<()> {
    // `cargo test --benches` runs this too: nothing to measure in an unoptimized build.
    if cfg!(debug_assertions) {
        eprintln!("benches measure optimized builds: cargo bench --bench batch");
        return Ok(());
    }
    let folder = std::env::temp_dir().join(format!("heshu-bench-{}", std::process::id()));
    let only_folder = std::env::args().any(|argument| argument == "folder");
    let all = || if only_folder { Ok(()) } else { measure(&folder) };
    let result = all().and_then(|()| measure_folder(&folder));
    std::fs::remove_dir_all(&folder)?;
    result
}

fn measure(folder: &Path) -> std::io::Result<()> {
    let (few, many) = (folder.join("few"), folder.join("many"));
    fill(&few, FILES / 10)?;
    fill(&many, FILES)?;

    extract(&many, 1)?; // the files come into the page cache
    let mut seconds = [f64::MAX; 2];
    for _ in 0..3 {
        for (jobs, best) in [1, 2].into_iter().zip(&mut seconds) {
            let start = Instant::now();
            extract(&many, jobs)?;
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    let processors = std::thread::available_parallelism()?;
    println!(
        "{FILES} files: --jobs 1 {:.2} s, --jobs 2 {:.2} s",
        seconds[0], seconds[1]
    );
    println!("  ratio {:.2} on {processors} processors", seconds[0] / seconds[1]);
    println!("  {:.0} files a second and processor", FILES as f64 / seconds[0]);

    let (small, large) = (peak_kb(command(&few, 2))?, peak_kb(command(&many, 2))?);
    println!("peak memory: {} files {small} kB, {FILES} files {large} kB", FILES / 10);
    println!("  ratio {:.2}", large as f64 / small.max(1) as f64);

    let runs = 50;
    let one = corpus().join("f7_project_tables.txt");
    let before = children_ticks();
    for _ in 0..runs {
        extract(&one, 1)?;
    }
    match (before, children_ticks()) {
        // Linux counts ticks of 10 ms.
        (Some(before), Some(after)) => {
            let milliseconds = (after - before) as f64 * 10.0 / f64::from(runs);
            println!("one small file, process start to record: {milliseconds:.1} ms of CPU");
        }
        _ => println!("one small file: CPU time is read from /proc, which is not here"),
    }
    Ok(())
}

fn measure_folder(folder: &Path) -> std::io::Result<()> {
    let formats = OutputFormat::ALL.map(|format| format.name()).join(",");
    let mut each = Vec::new();
    for count in [1_000, 10_000] {
        let input = folder.join(format!("different-{count}"));
        fill_different(&input, count)?;
        // Every run has a folder of its own: a file system that has just lost thousands of files is slow to make others.
        let into = |name: &str, formats: &str| {
            let mut command = command(&input, 2);
            command
                .arg("--out")
                .arg(folder.join(format!("out-{count}-{name}")))
                .args(["--format", formats]);
            command
        };
        let start = Instant::now();
        let before = children_ticks();
        extract(&input, 2)?;
        let alone = (before, children_ticks());
        println!(
            "{count} different reports: to standard output {:.1} s",
            start.elapsed().as_secs_f64()
        );

        let start = Instant::now();
        let before = children_ticks();
        let peak = peak_kb(into("all", &formats))?;
        let with_outputs = (before, children_ticks());
        let first = start.elapsed().as_secs_f64();
        each.push(first / f64::from(count) * 1000.0);
        println!("  {formats}: {first:.1} s, peak memory {peak} kB");
        if let ((Some(a), Some(b)), (Some(c), Some(d))) = (alone, with_outputs) {
            let (alone, with_outputs) = ((b - a) as f64, (d - c) as f64);
            println!(
                "  CPU of the outputs over that of extraction: {:.2}",
                (with_outputs - alone) / alone
            );
        }
        let start = Instant::now();
        let peak = peak_kb(into("all", &formats))?;
        println!(
            "  again, all reused: {:.1} s, peak memory {peak} kB",
            start.elapsed().as_secs_f64()
        );
        for format in OutputFormat::ALL {
            let start = Instant::now();
            let before = children_ticks();
            let peak = peak_kb(into(format.name(), format.name()))?;
            let ticks = before.zip(children_ticks()).map_or(0, |(a, b)| b - a);
            println!(
                "    alone {}: {:.1} s, {:.1} s of CPU, peak memory {peak} kB",
                format.name(),
                start.elapsed().as_secs_f64(),
                ticks as f64 / 100.0
            );
        }
    }
    println!("  time for each file: {:.2} ms, then {:.2} ms", each[0], each[1]);
    println!("  ratio {:.2}", each[1] / each[0]);
    Ok(())
}

/// Copies of the corpus' reports of every format, each with other bytes.
fn fill_different(folder: &Path, count: u32) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut reports: Vec<PathBuf> = std::fs::read_dir(corpus())?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    reports.sort();
    for (n, report) in (0..count).zip(reports.iter().cycle()) {
        let name = report.file_name().unwrap_or_default().to_string_lossy();
        let mut bytes = std::fs::read(report)?;
        let mark = format!("\n%{n:08}\n");
        if name.ends_with(".docx") {
            // The comment of a zip archive, whose length stands in its last two bytes while it has none.
            let end = bytes.len() - 2;
            bytes[end..].copy_from_slice(&(mark.len() as u16).to_le_bytes());
        }
        bytes.extend(mark.bytes());
        std::fs::write(folder.join(format!("{n:05}.{name}")), bytes)?;
    }
    Ok(())
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/reports")
}

/// Copies of the corpus' reports, in turn.
fn fill(folder: &Path, count: usize) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut reports: Vec<PathBuf> = std::fs::read_dir(corpus())?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    reports.sort();
    for (n, report) in reports.iter().cycle().take(count).enumerate() {
        let name = report.file_name().unwrap_or_default().to_string_lossy();
        std::fs::copy(report, folder.join(format!("{n:05}.{name}")))?;
    }
    Ok(())
}

fn command(path: &Path, jobs: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heshu"));
    command.arg("extract").arg("--jobs").arg(jobs.to_string()).arg(path);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn extract(path: &Path, jobs: usize) -> std::io::Result<()> {
    let status = command(path, jobs).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("extract ended with {status}")))
    }
}

/// Highest resident memory of a run over a folder, as /proc tells while it lasts; 0 where there is no /proc.
fn peak_kb(mut command: Command) -> std::io::Result<u64> {
    let mut child = command.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(kb.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    Ok(peak)
}

/// CPU ticks of the processes that this one has waited for.
fn children_ticks() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    // proc(5): cutime and cstime are fields 16 and 17; the state, field 3, is the first here.
    Some(fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?)
}
