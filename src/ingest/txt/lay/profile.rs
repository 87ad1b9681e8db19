//! What a column holds, as the cost of each kind of piece in it: few bits for what it mostly holds.
//!
//! Costs are sixteenths of a bit. A column begins with what its heading lets expect and learns from the pieces that
//! were placed in it; the sum over a table is the length of its description, by which readings are compared.

use super::kind::{KINDS, Kind};
use crate::model::ColumnRole;

/// A cost: sixteenths of a bit.
pub(crate) type Cost = u32;
/// One bit.
pub(crate) const BIT: Cost = 16;
/// Weight of one placed piece against the expectation.
const SEEN: u32 = 64;

/// What a column is expected to hold and does hold.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    expected: [u32; KINDS],
    seen: [u32; KINDS],
    /// Sums of both.
    all: (u32, u32),
}

impl Profile {
    /// Of a column whose heading has a role, or none that is known.
    pub fn new(role: Option<ColumnRole>) -> Self {
        let mut expected = [1; KINDS];
        for (kinds, weight) in expectations(role) {
            for kind in *kinds {
                expected[*kind as usize] += weight;
            }
        }
        Profile {
            expected,
            seen: [0; KINDS],
            all: (expected.iter().sum(), 0),
        }
    }

    /// Forgets what was placed.
    pub fn clear(&mut self) {
        self.seen = [0; KINDS];
        self.all.1 = 0;
    }

    /// A piece was placed; its cost before it was known.
    pub fn take(&mut self, kind: Kind) -> Cost {
        let cost = self.cost(kind);
        self.seen[kind as usize] += 1;
        self.all.1 += 1;
        cost
    }

    /// Cost of a piece of this kind.
    pub fn cost(&self, kind: Kind) -> Cost {
        self.whole() - log2(self.weight(kind as usize))
    }

    /// Costs of all kinds.
    pub fn costs(&self) -> [Cost; KINDS] {
        let all = self.whole();
        std::array::from_fn(|k| all - log2(self.weight(k)))
    }

    fn weight(&self, kind: usize) -> u32 {
        self.expected[kind] + SEEN * self.seen[kind]
    }

    fn whole(&self) -> Cost {
        log2(self.all.0 + SEEN * self.all.1)
    }

    /// How many of the placed pieces are of kinds for which `is` holds, and how many there are.
    pub fn share(&self, is: impl Fn(usize) -> bool) -> (u32, u32) {
        let sum = |all: bool| (0..KINDS).filter(|k| all || is(*k)).map(|k| self.seen[k]).sum();
        (sum(false), sum(true))
    }
}

/// What headings let expect, with weights.
fn expectations(role: Option<ColumnRole>) -> &'static [(&'static [Kind], u32)] {
    use ColumnRole as R;
    use Kind as K;
    const NAMES: &[(&[Kind], u32)] = &[(&[K::Words, K::Short, K::Phrase], 8), (&[K::RowName], 4)];
    match role {
        None | Some(R::Other) => &[(&[K::Empty, K::Covered], 1)],
        Some(R::Sequence) => &[(&[K::Run], 24), (&[K::Small, K::Empty], 4), (&[K::Covered], 2)],
        Some(R::Level1) => &[(&[K::Level1, K::Covered], 16), (&[K::Short, K::Words], 4)],
        Some(R::Level2) => &[
            (&[K::Level2, K::Covered], 16),
            (&[K::Short, K::Words], 4),
            (&[K::Level1], 2),
        ],
        Some(R::Level3 | R::Project | R::Indicator) => NAMES,
        Some(R::Target | R::ActualValue) => &[
            (&[K::Value, K::Percent], 10),
            (&[K::Qualitative, K::Small, K::Whole], 4),
            (&[K::Short, K::Words, K::Phrase, K::Date, K::Decimal, K::Dash], 2),
        ],
        Some(R::Weight | R::Score) => &[(&[K::Small], 16), (&[K::Decimal], 10), (&[K::Dash, K::Empty], 3)],
        Some(R::Reason | R::Remark) => &[(&[K::Empty], 16), (&[K::Sentence, K::Phrase, K::Dash, K::Words], 4)],
        Some(R::Unit) => &[(&[K::Unit], 24), (&[K::Short], 6)],
        Some(R::Comparator) => &[(&[K::Comparator], 24), (&[K::Short, K::Qualitative], 4)],
        Some(R::ChangeRate | R::ExecutionRate) => &[(&[K::Percent], 20), (&[K::Decimal], 8), (&[K::Dash, K::Empty], 3)],
        Some(_) => &[
            (&[K::Decimal, K::Grouped], 10),
            (&[K::Whole, K::Long, K::Small], 6),
            (&[K::Dash, K::Empty], 3),
        ],
    }
}

/// log2 in sixteenths.
pub(crate) fn log2(n: u32) -> Cost {
    /// 16 · log2(1 + i/16), rounded.
    const FRACTION: [u32; 16] = [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15];
    let n = n.max(1);
    let whole = n.ilog2();
    let sixteenth = if whole >= 4 { n >> (whole - 4) } else { n << (4 - whole) } & 15;
    whole * BIT + FRACTION[sixteenth as usize]
}
