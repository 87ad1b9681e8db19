//! Forms that no plan makes: each kind lays out facts in its own way, in formats that tell where cells stand.
//!
//! `HESHU_SHAPES_COUNT` documents from `HESHU_SHAPES_SEED`; `HESHU_SHAPES_ONLY` is a kind; `HESHU_SHAPES_VERBOSE` shows so many.

use super::compare::{Failure, compare};
use super::facts::{Fact, exact, plain};
use super::generate::{Document, decimal};
use super::sheet::{Grid, Piece, Slot};
use super::write::{Format, readable};
use super::{in_parallel, knob};
use crate::mutate::Random;
use heshu::pattern::Patterns;
use std::collections::BTreeMap;

mod budgets;
mod named;
mod offices;
mod scores;

/// A document that is being made: rows of cells with their spans, as in HTML.
#[derive(Default)]
struct Form {
    before: Vec<String>,
    rows: Vec<Vec<(String, usize, usize)>>,
    facts: Vec<Fact>,
    kept: Vec<Fact>,
    names: Vec<String>,
    points: Vec<String>,
}

fn one(text: impl Into<String>) -> (String, usize, usize) {
    (text.into(), 1, 1)
}

/// 分 in 万元 with two decimals.
fn wan(fen: i64) -> String {
    decimal(fen, 6, false)[..decimal(fen, 6, false).len() - 4].to_owned()
}

fn amount(random: &mut Random) -> i64 {
    (1 + random.below(90_000)) as i64 * 10_000
}

impl Form {
    fn titled(title: &str) -> Form {
        Form {
            before: vec![title.to_owned(), "单位：万元".to_owned()],
            ..Form::default()
        }
    }

    fn money(&mut self, name: &str, what: &str, fen: i64) -> String {
        let raw = wan(fen);
        let value = decimal(fen, 6, true);
        self.facts.push(Fact {
            name: plain(name),
            what: what.to_owned(),
            value,
            yuan: Some(decimal(fen, 2, true)),
            raw: raw.clone(),
        });
        self.name(name);
        raw
    }

    /// Money under a heading that no measure names.
    fn other(&mut self, name: &str, fen: i64) -> String {
        let raw = self.money(name, "other", fen);
        self.kept.extend(self.facts.pop());
        raw
    }

    fn points(&mut self, name: &str, what: &str, points: i64) -> String {
        let raw = decimal(points, 1, true);
        self.facts.push(Fact {
            name: plain(name),
            what: what.to_owned(),
            value: exact(raw.parse().expect("a number")),
            yuan: None,
            raw: raw.clone(),
        });
        raw
    }

    fn name(&mut self, name: &str) {
        self.names.push(plain(name));
    }

    fn document(self) -> Document {
        let width = self.rows.iter().map(|r| r.iter().map(|c| c.2).sum()).max().unwrap_or(0);
        let mut rows: Vec<Vec<Option<Slot>>> = vec![vec![None; width]; self.rows.len()];
        for (r, cells) in self.rows.into_iter().enumerate() {
            let mut at = 0;
            for (text, high, cols) in cells {
                while rows[r][at].is_some() {
                    at += 1;
                }
                for below in 1..high {
                    rows[r + below][at] = Some(Slot::Below { cols });
                }
                for row in &mut rows[r..r + high] {
                    (at + 1..at + cols).for_each(|c| row[c] = Some(Slot::Right));
                }
                rows[r][at] = Some(Slot::Cell { text, rows: high, cols });
                at += cols;
            }
        }
        let whole = |row: Vec<Option<Slot>>| row.into_iter().map(|s| s.expect("a table has no holes")).collect();
        let grid = Grid {
            rows: rows.into_iter().map(whole).collect(),
            header: 1,
        };
        let mut pieces: Vec<Piece> = self.before.into_iter().map(Piece::Paragraph).collect();
        pieces.push(Piece::Table(grid));
        Document {
            pieces,
            facts: self.facts,
            kept: self.kept,
            names: self.names,
            points: self.points,
        }
    }
}

type Maker = fn(&mut Random) -> Form;

const KINDS: [(&str, Maker); 17] = [
    ("two sides", budgets::two_sides),
    ("sources as columns", budgets::sources_as_columns),
    ("deep headings", budgets::deep_headings),
    ("其中 runs on", budgets::of_which_runs_on),
    ("unknown heading", budgets::unknown_heading),
    ("points of levels", scores::points_of_levels),
    ("sheet sideways", scores::sheet_sideways),
    ("money sideways", named::money_sideways),
    ("headings name the figures", named::headings_name),
    ("divided budget", named::divided_budget),
    ("endings of headings", offices::endings),
    ("blank heading of names", offices::blank_heading_of_names),
    ("columns numbered", offices::columns_numbered),
    ("row of units", offices::unit_row),
    ("unit beside names", offices::unit_beside_names),
    ("year before", offices::year_before),
    ("third level", offices::third_level),
];

const SEED: usize = 11;
const COUNT: usize = 600;
const FORMATS: [Format; 4] = [Format::Docx, Format::Html, Format::Xlsx, Format::Pdf];

#[test]
fn facts_survive_in_unusual_forms() {
    let patterns = Patterns::builtin().unwrap();
    let (seed, count) = (
        knob("HESHU_SHAPES_SEED", SEED) as u64,
        knob("HESHU_SHAPES_COUNT", COUNT),
    );
    let only = std::env::var("HESHU_SHAPES_ONLY").unwrap_or_default();
    let numbers: Vec<usize> = (0..count)
        .filter(|n| KINDS[n % KINDS.len()].0.contains(&only))
        .collect();
    let verdicts = in_parallel(&numbers, |number| {
        let mut random = Random::new(seed.wrapping_mul(7919).wrapping_add(*number as u64));
        let document = KINDS[number % KINDS.len()].1(&mut random).document();
        let format = FORMATS[number / KINDS.len() % FORMATS.len()];
        let file = format.write(&document, *number as u64);
        let report = heshu::extract(&file, format.file(), &patterns).unwrap();
        (format, compare(&document, &report), readable(&document.pieces))
    });
    let mut sums: BTreeMap<(&str, &str), [usize; 7]> = BTreeMap::new();
    let (mut shown, mut failed) = (knob("HESHU_SHAPES_VERBOSE", 0), 0);
    for (number, (format, verdict, text)) in numbers.iter().zip(&verdicts) {
        let kind = KINDS[number % KINDS.len()].0;
        let sum = sums.entry((kind, format.name())).or_default();
        sum[0] += verdict.facts;
        let counts = [
            Failure::Wrong,
            Failure::Refused,
            Failure::Lost,
            Failure::Invented,
            Failure::FalseError,
            Failure::Miscount,
        ];
        sum[1..]
            .iter_mut()
            .zip(counts)
            .for_each(|(s, f)| *s += verdict.count(f));
        failed += verdict.failures.len();
        if shown > 0 && !verdict.failures.is_empty() {
            shown -= 1;
            println!("{kind} {} number {number}\n{text}", format.name());
            verdict.failures.iter().for_each(|(f, t)| println!("    {f} {t}"));
        }
    }
    println!("kind, format: facts, wrong, refused, lost, invented, false errors, miscounted");
    sums.iter()
        .for_each(|((kind, format), sum)| println!("{kind:<28} {format:<5} {sum:?}"));
    if seed == SEED as u64 && count == COUNT && only.is_empty() {
        assert_eq!(
            failed, 0,
            "forms that were read right are not any more (HESHU_SHAPES_VERBOSE=5 shows them)"
        );
    }
}
