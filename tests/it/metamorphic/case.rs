//! One document: how it is made, and what comes of it.

use super::change::{self, Change};
use super::compare::{Failure, Verdict, compare};
use super::generate::{Document, Plan, SUBJECTS, Subject, chance};
use super::write::{FORMATS, Format};
use crate::mutate::Random;
use heshu::pattern::Patterns;

/// A document, told by little.
#[derive(Clone, Debug)]
pub struct Case {
    pub subject: Subject,
    pub format: Format,
    pub plan: Plan,
    pub changes: Vec<Change>,
    pub seed: u64,
}

impl Case {
    /// The case of a number: subjects and formats take turns, and so do the numbers of changes.
    pub fn new(seed: u64, number: usize) -> Self {
        let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let format = FORMATS[number % FORMATS.len()];
        let subject = SUBJECTS[number / FORMATS.len() % SUBJECTS.len()];
        let plan = Plan::new(subject, &mut random);
        let fitting: Vec<Change> = Change::ALL
            .iter()
            .copied()
            .filter(|c| c.fits(subject, format))
            .collect();
        let turn = number / FORMATS.len() / SUBJECTS.len();
        let mut changes = match turn % 4 {
            0 | 2 => vec![fitting[turn / 2 % fitting.len()]],
            // Two to seven of them, sometimes none.
            _ if chance(&mut random, 10) => Vec::new(),
            _ => (0..2 + random.below(6)).map(|_| *random.pick(&fitting)).collect(),
        };
        changes.sort_unstable();
        changes.dedup();
        let seed = random.next();
        Case {
            subject,
            format,
            plan,
            changes,
            seed,
        }
    }

    pub fn document(&self) -> Document {
        change::document(&self.plan, &self.changes, self.seed)
    }

    pub fn run(&self, patterns: &Patterns) -> Verdict {
        let document = self.document();
        match heshu::extract(&self.format.write(&document), self.format.file(), patterns) {
            Ok(report) => compare(&document, &report),
            Err(error) => Verdict {
                facts: document.facts.len(),
                failures: vec![(Failure::Error, error.to_string())],
            },
        }
    }
}
