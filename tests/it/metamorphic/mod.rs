//! Tables whose facts are known, in many shapes: what must change nothing changes nothing.
//!
//! `HESHU_META_COUNT` documents from `HESHU_META_SEED`; `HESHU_META_ONLY` keeps those whose kind, format and changes
//! (“budget docx column numbers”, “grid html plain”) hold one of its words (separated by commas); `HESHU_META_VERBOSE` is the number of failures a class that are made
//! small and shown; `HESHU_META_KEEP` is a folder for their files.
//!
//! ```text
//! HESHU_META_VERBOSE=40 cargo test --test it metamorphic::facts -- --nocapture
//! ```

mod case;
mod cells;
mod change;
mod columns;
mod compare;
mod facts;
mod formats;
mod generate;
mod report;
mod shapes;
mod sheet;
mod shrink;
mod tests;
mod words;
mod write;

use case::Case;
use compare::Failure;
use heshu::pattern::Patterns;
use report::Outcome;
use std::env::var;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const SEED: u64 = 20_261_127;
const COUNT: usize = 2_250;

/// What each format reaches today, as a ratchet (to be tightened as the reading gets better, never loosened): the least
/// share of right facts, the most of wrong, lost and invented ones of the facts and of false errors of the documents, in
/// thousandths. Measured on four seeds, the worst of them and little more; anew when the tenth format made other documents of
/// the seeds, and again when more synonyms did. The aim is right 980 and everything else 0 for
/// all but what tells no cell's place (one cell a line, words in rows: 900).
const REACHED: [(&str, usize, [usize; 4]); 10] = [
    ("docx", 999, [0, 0, 0, 0]),
    ("html", 1000, [0, 0, 0, 0]),
    ("xlsx", 999, [0, 0, 0, 0]),
    ("pdf", 999, [0, 0, 0, 0]),
    ("pdf-cut", 987, [0, 1, 1, 0]),
    ("bars", 999, [0, 0, 1, 5]),
    ("tabs", 994, [1, 3, 1, 0]),
    ("csv", 997, [0, 0, 0, 0]),
    ("cells", 990, [2, 2, 2, 4]),
    ("rows", 985, [1, 2, 0, 0]),
];

fn knob(name: &str, default: usize) -> usize {
    var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// What some work makes of each item, on every core, in the items' order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(2, |n| n.get());
    let share = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return done };
            done.push((number, work(item)));
        }
    };
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(share)).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, made)| made).collect()
}

/// The same for tables in PDF whose columns no rules part: cells wrap, stand in the middle of their rows, are merged.
/// Documents of which the reader cannot tell what stands where are refused; what it tells is right.
const BARE: (usize, [usize; 4]) = (910, [10, 3, 3, 60]);

fn run(case: &Case, patterns: &Patterns) -> Outcome {
    let plain = Case {
        changes: Vec::new(),
        ..case.clone()
    };
    Outcome {
        case: case.clone(),
        verdict: case.run(patterns),
        base: (case.changes.len() == 1).then(|| plain.run(patterns)),
    }
}

#[test]
fn tables_without_rules_are_read_or_refused() {
    let patterns = Patterns::builtin().unwrap();
    let (seed, count) = (
        knob("HESHU_META_SEED", SEED as usize) as u64,
        knob("HESHU_META_BARE", 100),
    );
    let bare = |case: Case| Case {
        format: write::Format::PdfBare,
        ..case
    };
    let cases: Vec<Case> = (0..)
        .map(|n| Case::new(seed, n))
        .filter(|case| case.format == write::Format::Pdf)
        .map(bare)
        .take(count)
        .collect();
    let outcomes = in_parallel(&cases, |case| run(case, &patterns));
    println!("{}", report::table(&outcomes));
    println!(
        "{}",
        report::examples(&outcomes, knob("HESHU_META_VERBOSE", 0), &patterns)
    );
    let sums = report::sums(&outcomes);
    let sum = &sums[&("all".to_owned(), "pdf-bare")];
    let (right, most) = BARE;
    assert!(sum.right * 1000 >= right * sum.facts, "fewer facts are right");
    let wholes = [sum.facts, sum.facts, sum.facts, sum.documents];
    let kinds = [Failure::Wrong, Failure::Lost, Failure::Invented, Failure::FalseError];
    for ((failure, most), whole) in kinds.into_iter().zip(most).zip(wholes) {
        assert!(sum.of(failure) * 1000 <= most * whole, "more is {failure}");
    }
    assert_eq!(sum.of(Failure::Miscount), 0, "figures are miscounted");
    assert_eq!(sum.of(Failure::Error), 0, "not read");
}

#[test]
fn facts_survive_every_change_of_shape() {
    let patterns = Patterns::builtin().unwrap();
    let (seed, count) = (
        knob("HESHU_META_SEED", SEED as usize) as u64,
        knob("HESHU_META_COUNT", COUNT),
    );
    let only = var("HESHU_META_ONLY").unwrap_or_default().to_lowercase();
    let fits = |case: &Case| {
        let text = format!("{:?} {} {}", case.subject, case.format.name(), case.told()).to_lowercase();
        only.split(',').any(|word| text.contains(word))
    };
    let start = Instant::now();
    let cases: Vec<Case> = (0..)
        .map(|n| Case::new(seed, n))
        .take(count * 100)
        .filter(fits)
        .take(count)
        .collect();
    let outcomes = in_parallel(&cases, |case| run(case, &patterns));
    println!("{}\n{}", report::table(&outcomes), report::changes(&outcomes));
    println!("{} documents in {:.1} s", outcomes.len(), start.elapsed().as_secs_f64());
    let whole = seed == SEED && count >= COUNT && only.is_empty();
    println!(
        "{}",
        report::examples(&outcomes, knob("HESHU_META_VERBOSE", 0), &patterns)
    );
    if !whole {
        return;
    }
    let sums = report::sums(&outcomes);
    for (format, right, most) in REACHED {
        let sum = &sums[&("all".to_owned(), format)];
        assert!(sum.right * 1000 >= right * sum.facts, "{format}: fewer facts are right");
        let wholes = [sum.facts, sum.facts, sum.facts, sum.documents];
        let kinds = [Failure::Wrong, Failure::Lost, Failure::Invented, Failure::FalseError];
        for ((failure, most), whole) in kinds.into_iter().zip(most).zip(wholes) {
            assert!(sum.of(failure) * 1000 <= most * whole, "{format}: more is {failure}");
        }
        assert_eq!(sum.of(Failure::Miscount), 0, "{format}: figures are miscounted");
        assert_eq!(sum.of(Failure::Error), 0, "{format}: not read");
    }
}
