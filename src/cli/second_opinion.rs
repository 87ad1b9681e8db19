//! `--second-opinion`: the characters of each PDF page, read once more by another library.
//!
//! `pdf-extract` panics or gives up on many good files, so it runs in a process of its own with a time limit, and its
//! failure means no opinion. Only the multiset of characters is compared: it says nothing of order or place.

use anyhow::Context;
use heshu::model::{Format, Report, Source, Warning};
use heshu::pattern::headers::fold;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longest that the other library may take over one file.
const LIMIT: Duration = Duration::from_secs(60);
/// Share of a page's characters that may differ (hyphens, ligatures, marks) before it is worth a warning.
const TOLERATED_PERCENT: usize = 2;

/// Warnings for the pages on which the two readings differ; none where the other library has no opinion.
pub fn compare(report: &Report, password: Option<&str>) -> Vec<Warning> {
    if report.document.format != Format::Pdf || password.is_some() {
        return Vec::new();
    }
    let path = Path::new(&report.document.path);
    let (Some(theirs), Ok(bytes)) = (other_reading(path), std::fs::read(path)) else {
        return Vec::new();
    };
    let mut warnings = Vec::new();
    for (page, text) in (1u32..).zip(&theirs) {
        let Ok(glyphs) = heshu::ingest::pdf::page_glyphs(&bytes, &heshu::ReadOptions::default(), page) else {
            continue;
        };
        let ours = counts(&glyphs.iter().map(|(c, _)| *c).collect::<String>());
        let theirs = counts(text);
        let difference = |only_digits: bool| -> usize {
            let keys = ours
                .keys()
                .chain(theirs.keys())
                .filter(|c| !only_digits || c.is_ascii_digit());
            let keys: std::collections::BTreeSet<&char> = keys.collect();
            keys.iter()
                .map(|c| ours.get(c).unwrap_or(&0).abs_diff(*theirs.get(c).unwrap_or(&0)))
                .sum()
        };
        let total: usize = ours.values().sum();
        // A page that the other library could not read at all is no opinion.
        let digits = difference(true);
        let differs = digits > 0 || difference(false) * 100 > total * TOLERATED_PERCENT;
        if !theirs.is_empty() && differs {
            let message = format!(
                "第{page}页用另一程序再读，字符有{}处不同，其中数字{digits}处；请核对原件",
                difference(false)
            );
            let place = Source {
                page: Some(page),
                ..Source::default()
            };
            warnings.push(Warning::new("second_opinion_differs", message, place));
        }
    }
    warnings
}

fn counts(text: &str) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for c in fold(text).chars() {
        *counts.entry(c).or_insert(0) += 1;
    }
    counts
}

/// The texts of the pages as the other library reads them, from a child process; `None` when it fails or takes too long.
fn other_reading(path: &Path) -> Option<Vec<String>> {
    let program = std::env::current_exe().ok()?;
    let out = std::env::temp_dir().join(format!("heshu-second-opinion-{}-{}", std::process::id(), unique()));
    let mut child = Command::new(program)
        .arg("second-opinion-worker")
        .arg(path)
        .arg(&out)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let start = Instant::now();
    let done = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if start.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break false;
            }
        }
    };
    let text = std::fs::read(&out).ok();
    let _ = std::fs::remove_file(&out);
    serde_json::from_slice(&text.filter(|_| done)?).ok()
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The child: reads a file with the other library and writes its pages as JSON.
pub fn work(path: &Path, out: &Path) -> anyhow::Result<()> {
    let pages = pdf_extract::extract_text_by_pages(path).context("no second opinion")?;
    std::fs::File::create(out)?.write_all(&serde_json::to_vec(&pages)?)?;
    Ok(())
}
