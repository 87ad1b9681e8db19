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

/// Cost of a label of levels among remarks, and of other words among labels.
const STRANGE: Cost = 8 * BIT;
/// Cost of a total's name more than that of another name.
const RARE: Cost = 2 * BIT;
/// Cost of a figure that a row leaves out, when it is asked which it was.
const DOUBT: Cost = 4 * BIT;

/// What a heading says that a column takes and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Figures,
    Names,
    Anything,
}

impl Takes {
    fn of(role: Option<ColumnRole>) -> Self {
        use ColumnRole as R;
        match role {
            Some(R::Project | R::Indicator | R::Level1 | R::Level2 | R::Level3) => Takes::Names,
            Some(role) if role.measure().is_some() || matches!(role, R::Weight | R::Score) => Takes::Figures,
            _ => Takes::Anything,
        }
    }

    /// The kinds that are strange in it: names where figures stand, sums and rates where names do.
    fn strange(self) -> &'static [Kind] {
        use Kind as K;
        match self {
            Takes::Figures => &[K::Level1, K::Level2, K::RowName, K::Outline, K::Words, K::Phrase],
            Takes::Names => &[K::Grouped, K::Decimal, K::Percent, K::Bound],
            Takes::Anything => &[],
        }
    }
}

/// What a column is expected to hold and does hold.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    expected: [u32; KINDS],
    seen: [u32; KINDS],
    /// Sums of both.
    all: (u32, u32),
    /// It is a column of remarks: no chapter begins there.
    notes: bool,
    /// It takes figures alone, or names alone, by its heading.
    takes: Takes,
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
            notes: matches!(role, Some(ColumnRole::Remark | ColumnRole::Reason)),
            takes: Takes::of(role),
        }
    }

    /// Expects most rows to leave it empty (调整指标值), so many times over.
    pub fn expect_empty(&mut self, left_out: Kind, times: u32) {
        self.expected[left_out as usize] += 3 * SEEN * times;
        self.all.0 += 3 * SEEN * times;
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
        let of = |kind: Kind| self.whole() - log2(self.weight(kind as usize));
        let cost = of(kind);
        if !(kind == Kind::RowName || kind == Kind::Outline && !self.notes) {
            return cost;
        }
        // 合计, 其中：财政拨款 and 一、教育类 are names like others, and rare.
        let names = [Kind::Short, Kind::Words, Kind::Phrase].map(of);
        cost.min(names.into_iter().min().unwrap_or(cost) + RARE)
    }

    /// Costs of all kinds.
    pub fn costs(&self) -> [Cost; KINDS] {
        let all = self.whole();
        let mut costs = std::array::from_fn(|k| all - log2(self.weight(k)));
        for kind in [Kind::RowName, Kind::Outline] {
            costs[kind as usize] = self.cost(kind);
        }
        for kind in self.takes.strange() {
            costs[*kind as usize] += STRANGE;
        }
        // Remarks are no labels of levels, and where a column holds such labels, other words are none of it.
        let labels = self.count(Kind::Level1, Kind::Level2);
        let strange = match labels > self.count(Kind::Qualitative, Kind::Sentence) {
            _ if self.notes => Kind::Level1 as usize..=Kind::Level2 as usize,
            true => Kind::Qualitative as usize..=Kind::Sentence as usize,
            false => return costs,
        };
        for cost in &mut costs[strange] {
            *cost += STRANGE;
        }
        costs
    }

    /// Costs by which a placed row is doubted: which figure of a row is left out must not follow
    /// from how often rows leave one out: that was decided by the same cost.
    ///
    /// `rare` tells a column that most rows leave empty by its heading (调整指标值).
    pub fn costs_of_doubt(&self, left_out: Kind, rare: bool) -> [Cost; KINDS] {
        let mut costs = self.costs();
        if rare {
            costs[left_out as usize] = 0;
            return costs;
        }
        let out = self.count(left_out, left_out);
        if self.words() * 2 < self.placed() - out {
            costs[left_out as usize] = DOUBT;
        }
        costs
    }

    fn weight(&self, kind: usize) -> u32 {
        self.expected[kind] + SEEN * self.seen[kind]
    }

    fn whole(&self) -> Cost {
        log2(self.all.0 + SEEN * self.all.1)
    }

    /// How many pieces were placed, cells that are left out among them.
    pub fn placed(&self) -> u32 {
        self.all.1
    }

    /// How many of them are of the kinds from one to another.
    pub fn count(&self, first: Kind, last: Kind) -> u32 {
        self.seen[first as usize..=last as usize].iter().sum()
    }

    /// How many of them are in words.
    pub fn words(&self) -> u32 {
        self.count(Kind::Level1, Kind::Sentence)
    }

    /// How many of them are figures, numbers of rows apart.
    pub fn figures(&self) -> u32 {
        self.count(Kind::Small, Kind::Value)
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
        Some(R::Level1) => &[(&[K::Level1, K::Covered], 32), (&[K::Short], 4), (&[K::Words], 1)],
        Some(R::Level2) => &[
            (&[K::Level2, K::Covered], 32),
            (&[K::Short], 4),
            (&[K::Level1], 2),
            (&[K::Words], 1),
        ],
        Some(R::Level3 | R::Project | R::Indicator) => NAMES,
        Some(R::Target) => &[
            (&[K::Bound, K::Value, K::Percent], 10),
            (&[K::Qualitative, K::Small, K::Whole], 4),
            (&[K::Short, K::Words, K::Phrase, K::Date, K::Decimal, K::Dash], 2),
        ],
        Some(R::ActualValue) => &[
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
