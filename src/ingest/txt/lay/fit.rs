//! Pieces below headings in their columns, which learn what they hold.

use super::super::place::{Part, parts};
use super::super::words::Words;
use super::heads::Reading;
use super::kind::Kind;
use super::place::{self, Border, Columns, Item, Spot};
use super::profile::{BIT, Cost, Profile};
use crate::model::ColumnRole;
use crate::pattern::text_layout::Label;

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
/// Cost of a further word in a cell.
const FURTHER: Cost = 5 * BIT;

/// Pieces below the headings in their columns, and the length of the description.
pub(super) struct Fitted {
    pub spots: Vec<Spot>,
    pub profiles: Vec<Profile>,
    pub left_out: Kind,
    pub cost: Cost,
}

/// Places the pieces below the headings of a reading. `last` asks how certain each place is.
pub(super) fn fit(items: &[Item], reading: &Reading, last: bool, words: &Words<'_>) -> Fitted {
    let below = &items[reading.head..];
    let left_out = match below.iter().any(|i| i.kind == Kind::Empty) {
        true => Kind::Covered,
        false => Kind::Empty,
    };
    let headings: Vec<&str> = reading.leaves.iter().map(String::as_str).collect();
    let parts = parts(&reading.roles, &headings, words);
    let rare: Vec<bool> = (0..headings.len())
        .map(|j| parts.get(j) == Some(&Part::Adjusted))
        .collect();
    let side = is_side(reading, words);
    let fitting = Fitting {
        below,
        reading,
        left_out,
        rare,
        side,
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
    /// Columns that most rows leave empty by their headings.
    rare: Vec<bool>,
    /// The first heading is the label at the left of the grid.
    side: bool,
}

/// Whether the first heading is the label at the left of the grid: 绩效指标 before 指标名称.
pub(super) fn is_side(reading: &Reading, words: &Words<'_>) -> bool {
    let named = reading
        .roles
        .get(1)
        .copied()
        .flatten()
        .is_some_and(|role| role != ColumnRole::Other);
    named && matches!(words.label(&reading.leaves[0]), Some(Label::Side | Label::FundingHead))
}

impl Fitting<'_> {
    /// What the headings, or the table above, let expect.
    fn expected(&self) -> Vec<Profile> {
        let by_heading = || self.reading.roles.iter().map(|role| Profile::new(*role)).collect();
        let mut profiles: Vec<Profile> = self.reading.above.clone().unwrap_or_else(by_heading);
        for (profile, _) in profiles.iter_mut().zip(&self.rare).filter(|(_, rare)| **rare) {
            profile.expect_empty(self.left_out, 1);
        }
        if self.side {
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
            costs: fitted.profiles.iter().zip(&self.rare).map(doubt).collect(),
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
        // A column that nothing stands in, but for the label at the left and a last column of remarks.
        let unused = columns()
            .enumerate()
            .filter(|(j, (role, profile))| {
                let (out, all) = profile.share(|k| k == self.left_out as usize || k == Kind::Empty as usize);
                let may = *j == 0 || matches!(role, Some(ColumnRole::Remark | ColumnRole::Reason));
                out == all && !(may && *j + 1 == self.rare.len()) && !(*j == 0 && (self.side || role.is_none()))
            })
            .count();
        Fitted {
            spots,
            left_out: self.left_out,
            cost: body + rest + against as Cost * VETO + odd as Cost * STRANGER + unused as Cost * UNUSED,
            profiles,
        }
    }
}

/// Whether a column holds what its heading rules out: words under 金额, figures under 项目名称.
fn vetoed(role: Option<ColumnRole>, profile: &Profile) -> bool {
    use ColumnRole as R;
    let (words, all) = profile.share(|k| k >= Kind::Level1 as usize);
    let (figures, _) = profile.share(|k| (Kind::Small as usize..=Kind::Value as usize).contains(&k));
    let mostly = |n: u32| n * 2 > all;
    match role {
        None | Some(R::Other | R::Target | R::ActualValue | R::Sequence) => false,
        Some(R::Level1 | R::Level2 | R::Level3 | R::Project | R::Indicator | R::Unit | R::Comparator) => {
            mostly(figures)
        }
        Some(R::Reason | R::Remark) => mostly(figures),
        Some(_) => mostly(words),
    }
}

/// Whether a column holds words and figures by turns, as no column but one of targets does.
pub(super) fn is_mixed(role: Option<ColumnRole>, profile: &Profile) -> bool {
    let figures = profile
        .share(|k| (Kind::Small as usize..=Kind::Value as usize).contains(&k))
        .0;
    let words = profile.share(|k| k >= Kind::RowName as usize).0;
    let may = matches!(
        role,
        Some(ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Remark | ColumnRole::Reason)
    );
    !may && words.min(figures) * 5 > words + figures
}

/// Words in a column of money, rates or points; other words among the labels of levels.
fn strangers(role: Option<ColumnRole>, profile: &Profile) -> usize {
    let count = |first: Kind, last: Kind| profile.share(|k| (first as usize..=last as usize).contains(&k)).0;
    let words = count(Kind::Level1, Kind::Sentence);
    let (strange, usual) = match role {
        Some(ColumnRole::Level1 | ColumnRole::Level2) => {
            let labels = count(Kind::Level1, Kind::Level2);
            (words - labels, labels)
        }
        Some(role) if role.measure().is_some() => (words, count(Kind::Run, Kind::Percent)),
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
    for (item, spot) in items.iter().zip(spots) {
        let Some(at) = spot.row else {
            cost += item.prose;
            continue;
        };
        if row.is_some_and(|row| row != at) {
            cost += close(&mut filled, profiles);
        }
        row = Some(at);
        if std::mem::replace(&mut filled[spot.col], true) {
            cost += FURTHER;
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
