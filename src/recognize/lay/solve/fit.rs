//! Pieces below headings in their columns, which learn what they hold.

use super::heads::Reading;
use super::kind::Kind;
use super::place::{self, Border, Columns, Item, Spot};
use super::profile::{BIT, Cost, Profile};
use crate::model::ColumnRole;

/// How often columns learn from what was placed in them.
const ROUNDS: usize = 3;
/// Rows that are taken for whole to begin with, where headings say nothing of what is below them.
const WHOLE: usize = 3;
/// Cost of a column that holds what its heading rules out.
const VETO: Cost = 12 * BIT;
/// Cost of words among the figures of a measure.
const STRANGER: Cost = 8 * BIT;
/// Cost of a column that nothing stands in.
const UNUSED: Cost = 10 * BIT;
/// Cost of a known heading below the headings.
const BELOW: Cost = 4 * BIT;

/// Pieces below the headings in their columns, and the length of the description.
pub(super) struct Fitted {
    pub spots: Vec<Spot>,
    pub profiles: Vec<Profile>,
    pub left_out: Kind,
    pub cost: Cost,
}

/// Places the pieces below the headings of a reading. `last` asks how certain each place is.
pub(super) fn fit(items: &[Item], reading: &Reading, last: bool) -> Fitted {
    let below = &items[reading.head..];
    let left_out = match below.iter().any(|i| i.kind == Kind::Empty) {
        true => Kind::Covered,
        false => Kind::Empty,
    };
    let fitting = Fitting {
        below,
        reading,
        left_out,
    };
    let from_headings = fitting.from(fitting.expected());
    let in_step = (reading.above.is_none() && below.iter().all(|i| i.border == Border::Any))
        .then(|| fitting.from(fitting.in_step()));
    let best = match in_step {
        Some(other) if other.cost < from_headings.cost => other,
        _ => from_headings,
    };
    if last { fitting.doubted(best) } else { best }
}

struct Fitting<'a> {
    below: &'a [Item],
    reading: &'a Reading,
    left_out: Kind,
}

impl Fitting<'_> {
    /// What the headings, or the table above, let expect.
    fn expected(&self) -> Vec<Profile> {
        let by_heading = || self.reading.roles.iter().map(|role| Profile::new(*role)).collect();
        let mut profiles: Vec<Profile> = self.reading.above.clone().unwrap_or_else(by_heading);
        for (profile, _) in profiles.iter_mut().zip(&self.reading.rare).filter(|(_, rare)| **rare) {
            profile.expect_empty(self.left_out, 1);
        }
        if self.reading.side {
            profiles[0].expect_empty(self.left_out, 8);
        }
        profiles
    }

    /// The first rows as if nothing were left out of them.
    fn in_step(&self) -> Vec<Profile> {
        let mut profiles = self.expected();
        let n = profiles.len();
        for (at, item) in self.below.iter().take(WHOLE * n).enumerate() {
            profiles[at % n].take(item.kind);
        }
        profiles
    }

    /// Places and learns in turn until nothing changes.
    fn from(&self, mut profiles: Vec<Profile>) -> Fitted {
        let mut spots = Vec::new();
        for _ in 0..ROUNDS {
            let columns = Columns {
                costs: profiles.iter().map(Profile::costs).collect(),
                left_out: self.left_out,
            };
            let now = place::place(self.below, &columns, false);
            profiles = self.expected();
            learn(self.below, &now, &mut profiles, self.left_out);
            let stays = now == spots;
            spots = now;
            if stays {
                break;
            }
        }
        self.told(spots)
    }

    /// The same columns, with how much dearer each piece were elsewhere.
    fn doubted(&self, fitted: Fitted) -> Fitted {
        let doubt = |(profile, rare): (&Profile, &bool)| profile.costs_of_doubt(self.left_out, *rare);
        let columns = Columns {
            costs: fitted.profiles.iter().zip(&self.reading.rare).map(doubt).collect(),
            left_out: self.left_out,
        };
        self.told(place::place(self.below, &columns, true))
    }

    /// The length of the description with the pieces in these places.
    fn told(&self, spots: Vec<Spot>) -> Fitted {
        let mut profiles = self.expected();
        let rest: Cost = self.below[spots.len()..].iter().map(|i| i.prose).sum();
        let body = learn(self.below, &spots, &mut profiles, self.left_out);
        let columns = || self.reading.roles.iter().zip(&profiles);
        let against = columns().filter(|(role, profile)| vetoed(**role, profile)).count();
        let odd: usize = columns().map(|(role, profile)| strangers(*role, profile)).sum();
        let unused = (0..profiles.len())
            .filter(|j| self.is_unused(*j, &profiles[*j]))
            .count();
        Fitted {
            spots,
            left_out: self.left_out,
            cost: body + rest + against as Cost * VETO + odd as Cost * STRANGER + unused as Cost * UNUSED,
            profiles,
        }
    }

    /// Whether nothing stands in a column, as it may in the label's at the left and in a last one of remarks.
    fn is_unused(&self, column: usize, profile: &Profile) -> bool {
        let role = self.reading.roles[column];
        let (first, last) = (column == 0, column + 1 == self.reading.roles.len());
        let remarks = matches!(role, Some(ColumnRole::Remark | ColumnRole::Reason));
        let may = last && (first || remarks) || first && (self.reading.side || role.is_none());
        !may && profile.count(Kind::Empty, Kind::Covered) == profile.placed()
    }
}

/// Whether a column holds what its heading rules out: words under 金额, figures under 项目名称.
fn vetoed(role: Option<ColumnRole>, profile: &Profile) -> bool {
    use ColumnRole as R;
    let mostly = |n: u32| n * 2 > profile.placed();
    match role {
        None | Some(R::Other | R::Target | R::ActualValue) => false,
        Some(R::Sequence) => mostly(profile.words() - profile.count(Kind::RowName, Kind::Outline)),
        Some(R::Level1 | R::Level2 | R::Level3 | R::Project | R::Indicator | R::Unit | R::Comparator) => {
            mostly(profile.figures())
        }
        Some(R::Reason | R::Remark) => mostly(profile.figures()),
        Some(_) => mostly(profile.words()),
    }
}

/// Whether a column holds words and figures by turns, as no column but one of targets does.
pub(super) fn is_mixed(role: Option<ColumnRole>, profile: &Profile) -> bool {
    let figures = profile.figures();
    let words = profile.count(Kind::RowName, Kind::Sentence);
    let may = matches!(
        role,
        Some(ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Remark | ColumnRole::Reason)
    );
    !may && words.min(figures) * 5 > words + figures
}

/// Words in a column of money, rates or points; other words among the labels of levels.
fn strangers(role: Option<ColumnRole>, profile: &Profile) -> usize {
    let words = profile.words();
    let (strange, usual) = match role {
        Some(ColumnRole::Level1 | ColumnRole::Level2) => {
            let labels = profile.count(Kind::Level1, Kind::Level2);
            (words - labels, labels)
        }
        Some(role) if role.measure().is_some() => (words, profile.count(Kind::Run, Kind::Percent)),
        _ => (0, 0),
    };
    if strange < usual { strange as usize } else { 0 }
}

/// Profiles take in the placed pieces; the cost of telling them one after the other.
fn learn(items: &[Item], spots: &[Spot], profiles: &mut [Profile], left_out: Kind) -> Cost {
    let mut cost = 0;
    let mut filled = vec![false; profiles.len()];
    let mut row = None;
    let close = |filled: &mut Vec<bool>, profiles: &mut [Profile]| {
        let mut cost = 0;
        for (profile, filled) in profiles.iter_mut().zip(filled) {
            if !std::mem::take(filled) {
                cost += profile.take(left_out);
            }
        }
        cost
    };
    let mut before = Kind::Empty;
    for (item, spot) in items.iter().zip(spots) {
        let above = std::mem::replace(&mut before, item.kind);
        let Some(at) = spot.row else {
            cost += item.prose;
            continue;
        };
        if row.is_some_and(|row| row != at) {
            cost += close(&mut filled, profiles);
        }
        row = Some(at);
        if std::mem::replace(&mut filled[spot.col], true) {
            cost += place::merge(above, item.kind);
        } else if item.echo >> spot.col & 1 == 1 {
            cost += place::ECHO;
        } else {
            cost += profiles[spot.col].take(item.kind) + if item.heading { BELOW } else { 0 };
        }
    }
    if row.is_some() {
        cost += close(&mut filled, profiles);
    }
    cost
}
