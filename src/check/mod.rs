//! Examines whether what a report states agrees with itself.
//!
//! Works on the record alone. Each rule is one entry of the [`catalogue`] and one function; each relation that a rule
//! examines becomes one [`Check`] of the ledger, the ones that hold too. A check never says which side is wrong.

mod capital;
pub mod catalogue;
mod elsewhere;
pub mod figure;
mod fund;
mod incomplete;
mod indicator;
pub mod interval;
pub mod ledger;
mod prose;
pub mod render;
mod score;
mod table;

use crate::model::{Check, Report};
use crate::pattern::Patterns;
use ledger::Ledger;

/// Examines every relation that applies; the ledger holds the relations that hold too.
pub fn run(report: &Report, patterns: &Patterns) -> Vec<Check> {
    let mut ledger = Ledger::new(patterns);
    let sequences = table::sequences(report, patterns);
    table::examine(report, &sequences, patterns, &mut ledger);
    fund::examine(report, &sequences, patterns, &mut ledger);
    score::examine(report, &sequences, patterns, &mut ledger);
    indicator::examine(report, patterns, &mut ledger);
    prose::examine(report, &sequences, patterns, &mut ledger);
    capital::examine(report, patterns, &mut ledger);
    let mut checks = ledger.into_checks();
    incomplete::withhold(report, &mut checks);
    checks
}
