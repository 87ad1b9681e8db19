//! Many files and one: `cargo bench --bench batch`. Prints ratios of one run; no figure depends on the machine alone.
//!
//! - wall time of `--jobs 1` over that of `--jobs 2`, 2,000 files (aim: at least 1.8 on two free processors);
//! - peak memory over 2,000 files against 200 (aim: flat);
//! - CPU of one small file from process start to record (aim: under 30 ms).

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
    let result = measure(&folder);
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

    let (small, large) = (peak_kb(&few)?, peak_kb(&many)?);
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
fn peak_kb(folder: &Path) -> std::io::Result<u64> {
    let mut child = command(folder, 2).spawn()?;
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
