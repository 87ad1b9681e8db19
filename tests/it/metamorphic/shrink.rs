//! Makes a failing document smaller while it fails in the same way.

use super::case::Case;
use super::compare::Failure;
use heshu::pattern::Patterns;

/// Documents tried for one failure, at most.
const TRIES: usize = 150;

/// The case with fewer changes, rows and columns that still has the failure.
pub fn shrink(case: &Case, failure: Failure, patterns: &Patterns) -> Case {
    let mut best = case.clone();
    let mut tries = 0;
    'again: loop {
        let without = (0..best.changes.len()).map(|c| {
            let mut less = best.clone();
            less.changes.remove(c);
            less
        });
        let smaller = best
            .plan
            .smaller()
            .into_iter()
            .map(|plan| Case { plan, ..best.clone() });
        for candidate in without.chain(smaller).collect::<Vec<_>>() {
            tries += 1;
            if tries > TRIES {
                return best;
            }
            if candidate.run(patterns).has(failure) {
                best = candidate;
                continue 'again;
            }
        }
        return best;
    }
}
