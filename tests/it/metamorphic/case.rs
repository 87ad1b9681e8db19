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
        let mut subject = SUBJECTS[number / FORMATS.len() % SUBJECTS.len()];
        if subject == Subject::Form && format.is_loose() {
            // Its sections have no lines to part them: nobody could tell.
            subject = Subject::Budget;
        }
        let plan = Plan::new(subject, &mut random);
        let fitting: Vec<Change> = Change::ALL
            .iter()
            .copied()
            .filter(|c| c.fits(subject, format))
            .collect();
        // Each kind and format begins with another change, so that few documents meet all of them.
        let turn = number / FORMATS.len() / SUBJECTS.len();
        let seed = random.next();
        let mut changes = match turn % 4 {
            0 | 2 => vec![single(&plan, &fitting, turn / 2 + number * 7, seed, format)],
            // Two to seven of them, sometimes none.
            _ if chance(&mut random, 10) => Vec::new(),
            _ => (0..2 + random.below(6)).map(|_| *random.pick(&fitting)).collect(),
        };
        changes.sort_unstable();
        changes.dedup();
        Case {
            subject,
            format,
            plan,
            changes,
            seed,
        }
    }

    /// Its changes by name.
    pub fn told(&self) -> String {
        let names: Vec<&str> = self.changes.iter().map(|c| c.name()).collect();
        if names.is_empty() {
            "plain".to_owned()
        } else {
            names.join(", ")
        }
    }

    pub fn document(&self) -> Document {
        change::document(&self.plan, &self.changes, self.seed, self.format)
    }

    pub fn run(&self, patterns: &Patterns) -> Verdict {
        let document = self.document();
        match heshu::extract(&self.format.write(&document, self.seed), self.format.file(), patterns) {
            Ok(report) => compare(&document, &report),
            Err(error) => Verdict {
                facts: document.facts.len(),
                failures: vec![(Failure::Error, error.to_string())],
            },
        }
    }
}

/// The change whose turn it is, or the next that changes anything in this document.
fn single(plan: &Plan, fitting: &[Change], turn: usize, seed: u64, format: Format) -> Change {
    let plain = change::document(plan, &[], seed, format).pieces;
    let turns = (turn..turn + fitting.len()).map(|t| fitting[t % fitting.len()]);
    let works = |c: &Change| change::document(plan, &[*c], seed, format).pieces != plain;
    turns.clone().find(works).unwrap_or(fitting[0])
}
