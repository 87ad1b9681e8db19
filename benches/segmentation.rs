//! Whether word segmentation would help to find the noun that a figure of prose belongs to, and what it costs.
//!
//! The program scans for the words of `patterns/lexicon.toml`. Beside it stand jieba with its own dictionary and jieba
//! with ours alone; for each figure with a subject the bench asks whether the subject begins and ends where a word does.
//! `cargo bench --bench segmentation [FILE…]`; without files, the project's own text reports and the seeds where they exist.

// A benchmark has nobody to hand an error to.
#![allow(clippy::expect_used)]

use heshu::model::Report;
use heshu::pattern::Patterns;
use jieba_rs::Jieba;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let patterns = Patterns::builtin().expect("built-in patterns");
    let start = Instant::now();
    let mut statements: Vec<(String, String)> = Vec::new();
    let (mut bytes, mut figures) = (0usize, 0usize);
    for path in files() {
        let content = std::fs::read(&path).expect("a file that can be read");
        bytes += content.len();
        let Ok(report) = heshu::extract(&content, "report", &patterns) else {
            continue;
        };
        figures += report.statements.len();
        statements.extend(subjects(&report));
    }
    let scan = start.elapsed();
    println!("figures in prose {figures}, with a subject {}", statements.len());
    println!(
        "{:36} whole extraction of {} kB {scan:>9.2?}",
        "scan of lexicon.toml",
        bytes / 1000
    );
    let (jieba, load) = timed(Jieba::new);
    judge("jieba, its own dictionary", &jieba, load, &statements);
    let (jieba, load) = timed(|| {
        let mut jieba = Jieba::empty();
        for word in nouns(&patterns, &statements) {
            jieba.add_word(&word, Some(1_000), None);
        }
        jieba
    });
    judge("jieba, empty with our words", &jieba, load, &statements);
}

/// Sentence and subject of each figure whose subject stands in its sentence.
fn subjects(report: &Report) -> Vec<(String, String)> {
    let pairs = report
        .statements
        .iter()
        .filter_map(|s| Some((s.source.text.clone()?, s.subject.clone()?)));
    pairs
        .filter(|(text, subject)| text.contains(subject.as_str()))
        .collect()
}

/// The dictionary that a user of an empty jieba would write: headings, and the last two to four characters of subjects
/// that several figures share.
fn nouns(patterns: &Patterns, statements: &[(String, String)]) -> BTreeSet<String> {
    let mut counts = std::collections::BTreeMap::new();
    for (_, subject) in statements {
        let chars: Vec<char> = subject.chars().collect();
        for n in 2..=4.min(chars.len()) {
            *counts
                .entry(chars[chars.len() - n..].iter().collect::<String>())
                .or_insert(0usize) += 1;
        }
    }
    let shared = counts.into_iter().filter(|(_, n)| *n >= 3).map(|(w, _)| w);
    shared
        .filter(|w| patterns.headers.exact_role(w).is_some() || w.chars().count() <= 4)
        .collect()
}

fn judge(name: &str, jieba: &Jieba, load: Duration, statements: &[(String, String)]) {
    let (mut begins, mut ends) = (0usize, 0usize);
    let ((), cut) = timed(|| {
        for (text, subject) in statements {
            let mut edges = BTreeSet::from([0usize]);
            let mut at = 0;
            for token in jieba.cut(text, false) {
                at += token.word.len();
                edges.insert(at);
            }
            let Some(start) = text.find(subject.as_str()) else {
                continue;
            };
            begins += usize::from(edges.contains(&start));
            ends += usize::from(edges.contains(&(start + subject.len())));
        }
    });
    let share = |n: usize| 100.0 * n as f64 / statements.len().max(1) as f64;
    println!(
        "{name:36} load {load:>9.2?}  cut {cut:>9.2?}  subject begins at a word {:5.1} %  ends at one {:5.1} %",
        share(begins),
        share(ends)
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn files() -> Vec<PathBuf> {
    let named: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    if !named.is_empty() {
        return named;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in [root.join("corpus/reports"), root.join("../shared/corpus/reports")] {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            eprintln!("{} does not exist: skipped", folder.display());
            continue;
        };
        let texts = entries.flatten().map(|e| e.path()).filter(|p| {
            let name = p.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.ends_with(".txt") && !name.contains(".gbk.") && !name.contains(".cells.")
        });
        found.extend(texts);
    }
    found.sort();
    found
}
