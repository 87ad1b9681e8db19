//! Wordings of targets and actuals: blanks, comparators, deadlines, and what counts as reached.

use super::change::ChangeWords;
use super::file::PatternFile;
use super::lexicon::Words;
use super::words::{Letters, WordList};
use crate::error::Result;
use crate::model::ValueKind;
use crate::text::fold::bare;
use crate::text::mark::is_nothing;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueFile {
    blank: Vec<String>,
    labels: Vec<String>,
    deadline: Vec<String>,
    periods: Vec<String>,
    before: BTreeMap<ValueKind, Vec<String>>,
    between: BTreeMap<ValueKind, Vec<String>>,
    after: BTreeMap<ValueKind, Vec<String>>,
    not_after: BTreeMap<String, String>,
    not_before: BTreeMap<String, String>,
    negative: Vec<String>,
    deadline_leads: Words,
    deadline_marks: Letters,
    qualitative: WordList,
    negations: Letters,
    goes_on: Letters,
    joins: Letters,
    signed: Vec<String>,
    wordings: Vec<String>,
    direction: Direction,
    met: MetFile,
    change: ChangeWords,
}

/// Words that say which way a change goes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Direction {
    /// 增长, 上升.
    pub up: Vec<String>,
    /// 下降, 减少.
    pub down: Vec<String>,
    /// Words in the name of a figure that may be negative: 增减, 结余.
    pub signed_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetFile {
    band: String,
    less_is_better: Vec<String>,
    unless: Vec<String>,
    costs: Vec<String>,
    savings: Vec<String>,
    gains: WordList,
    promised: Vec<String>,
    negative: Vec<String>,
    controlled: Vec<String>,
    control: Vec<String>,
    time_is_open: Vec<String>,
    time_is_ceiling: Vec<String>,
    done: Vec<String>,
    not_done: Vec<String>,
    reached: WordList,
    ladders: Vec<Vec<String>>,
}

/// A word and the kind that it makes of the number beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualifier {
    /// Folded characters.
    pub chars: Vec<char>,
    /// Kind.
    pub kind: ValueKind,
    not_after: Vec<char>,
    not_before: Vec<char>,
}

/// How `met` judges.
#[derive(Debug, Clone)]
pub struct MetPatterns {
    /// Share below an approximate target that still reaches it.
    pub band: Decimal,
    /// Words in the name of an indicator whose figure shall be small.
    pub less_is_better: Vec<String>,
    /// Words that take that back.
    pub unless: Vec<String>,
    /// Ends of names that are costs, whatever else the name holds.
    pub costs: Vec<String>,
    /// Words that take that back.
    pub savings: Vec<String>,
    /// Words in the name of an amount of which more is better.
    pub gains: WordList,
    /// Words of money that is paid as it was promised, and no ceiling.
    pub promised: Vec<String>,
    /// Words that say by themselves that less is better.
    pub negative: Vec<String>,
    /// What is controlled by a rate that tells neither way …
    pub controlled: Vec<String>,
    /// … and the words of such a rate.
    pub control: Vec<String>,
    /// Words in the name of a span of time that is no delay.
    pub time_is_open: Vec<String>,
    /// Words in the name that make a span of time a ceiling.
    pub time_is_ceiling: Vec<String>,
    /// Wordings for reached.
    pub done: BTreeSet<String>,
    /// Wordings for not, or not fully, reached.
    pub not_done: BTreeSet<String>,
    /// What may stand before the wording of a target that was reached.
    pub reached: WordList,
    /// Wordings in order, best first.
    pub ladders: Vec<Vec<String>>,
}

/// Wordings of values.
#[derive(Debug, Clone)]
pub struct ValuePatterns {
    blank: BTreeSet<String>,
    labels: Vec<Vec<char>>,
    deadline: BTreeSet<String>,
    periods: BTreeSet<String>,
    before: Vec<Qualifier>,
    between: Vec<Qualifier>,
    after: Vec<Qualifier>,
    negative: Vec<Qualifier>,
    signed: Vec<Vec<char>>,
    /// Targets and actuals in words, those that `met` ranks among them.
    wordings: BTreeSet<String>,
    /// What may stand before the date of a deadline.
    pub deadline_leads: Words,
    /// What follows a month and day in digits.
    pub deadline_marks: Letters,
    qualitative: WordList,
    /// Characters that say the opposite of the word behind them.
    pub negations: Letters,
    /// What follows a number and is no unknown unit.
    pub goes_on: Letters,
    /// What joins two values of one cell.
    pub joins: Letters,
    /// Words that say which way a change goes.
    pub direction: Direction,
    /// The same in running text.
    pub change: ChangeWords,
    /// How `met` judges.
    pub met: MetPatterns,
}

impl ValuePatterns {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let parsed: ValueFile = file.parse()?;
        let band = Decimal::from_str_exact(&parsed.met.band)
            .map_err(|_| file.error_about("met.band must be a plain decimal such as \"0.10\"", "band"))?;
        let qualifiers =
            |table: &BTreeMap<ValueKind, Vec<String>>| qualifiers(table, &parsed.not_after, &parsed.not_before);
        let set = |words: Vec<String>| words.iter().map(|w| bare(w)).collect::<BTreeSet<_>>();
        let mut labels: Vec<Vec<char>> = parsed.labels.iter().map(|w| bare(w).chars().collect()).collect();
        labels.sort_by_key(|l| std::cmp::Reverse(l.len()));
        let mut change = parsed.change;
        change.up.add(&parsed.direction.up);
        change.down.add(&parsed.direction.down);
        let ranked = parsed.met.ladders.iter().flatten();
        let reached = parsed.met.done.iter().chain(&parsed.met.not_done).chain(ranked);
        let wordings = parsed.wordings.iter().chain(reached).map(|word| bare(word)).collect();
        Ok(ValuePatterns {
            change,
            wordings,
            blank: set(parsed.blank),
            labels,
            deadline: set(parsed.deadline),
            periods: set(parsed.periods),
            before: qualifiers(&parsed.before),
            between: qualifiers(&parsed.between),
            after: qualifiers(&parsed.after),
            negative: qualifiers(&BTreeMap::from([(ValueKind::Exact, parsed.negative)])),
            signed: parsed.signed.iter().map(|w| bare(w).chars().collect()).collect(),
            deadline_leads: parsed.deadline_leads,
            deadline_marks: parsed.deadline_marks,
            qualitative: parsed.qualitative,
            negations: parsed.negations,
            goes_on: parsed.goes_on,
            joins: parsed.joins,
            direction: parsed.direction,
            met: MetPatterns {
                band,
                less_is_better: parsed.met.less_is_better,
                unless: parsed.met.unless,
                costs: parsed.met.costs,
                savings: parsed.met.savings,
                gains: parsed.met.gains,
                promised: parsed.met.promised,
                negative: parsed.met.negative,
                controlled: parsed.met.controlled,
                control: parsed.met.control,
                time_is_open: parsed.met.time_is_open,
                time_is_ceiling: parsed.met.time_is_ceiling,
                done: set(parsed.met.done),
                not_done: set(parsed.met.not_done),
                reached: parsed.met.reached,
                ladders: parsed.met.ladders,
            },
        })
    }

    /// Whether a cell says nothing: empty, dashes, dots, or one of the words for it.
    pub fn is_blank(&self, text: &str) -> bool {
        let text = bare(text);
        is_nothing(&text) || self.blank.contains(&text)
    }

    /// Length of a label and its colon at the start of folded, blank-free characters.
    pub fn label(&self, chars: &[char]) -> usize {
        let fits = |l: &&Vec<char>| chars.starts_with(l) && chars.get(l.len()) == Some(&':');
        self.labels.iter().find(fits).map_or(0, |l| l.len() + 1)
    }

    /// Whether a folded text is a target or an actual in words: 有效提升, 基本完成.
    pub fn is_wording(&self, folded: &str) -> bool {
        self.wordings.contains(folded)
    }

    /// Whether folded characters are a word that stands behind a unit: 以上 of 家以上.
    pub fn follows_unit(&self, chars: &[char]) -> bool {
        self.after.iter().any(|q| q.chars == chars)
    }

    /// Whether a text may follow a date and leave it a date.
    pub fn is_deadline(&self, text: &str) -> bool {
        text.is_empty() || self.deadline.contains(text)
    }

    /// Whether a text is a point in time without a day: 年底前.
    pub fn is_period(&self, text: &str) -> bool {
        self.periods
            .iter()
            .any(|p| text.strip_prefix(p.as_str()).is_some_and(|rest| self.is_deadline(rest)))
    }

    /// The longest qualifier that ends at `end` (exclusive).
    pub fn before(&self, chars: &[char], end: usize) -> Option<&Qualifier> {
        ending(&self.before, &chars[..end])
    }

    /// Length of the longest word about a number that starts at `start`, on whichever side of one it may stand.
    pub fn word_at(&self, chars: &[char], start: usize) -> Option<usize> {
        let lists = [&self.before, &self.between, &self.after, &self.negative];
        lists
            .into_iter()
            .filter_map(|list| Some(starting(list, chars, start)?.chars.len()))
            .max()
    }

    /// The word that makes the number after it negative and ends at `end` (exclusive): 负增长, 负.
    pub fn negative(&self, chars: &[char], end: usize) -> Option<&Qualifier> {
        ending(&self.negative, &chars[..end])
    }

    /// Whether a dash behind a text is a minus: 差额为, 结余.
    pub fn may_be_signed(&self, before: &[char]) -> bool {
        self.signed.iter().any(|w| before.ends_with(w))
    }

    /// The longest qualifier between a number and its unit that starts at `start`.
    pub fn between(&self, chars: &[char], start: usize) -> Option<&Qualifier> {
        starting(&self.between, chars, start)
    }

    /// The longest qualifier after a unit that starts at `start`.
    pub fn after(&self, chars: &[char], start: usize) -> Option<&Qualifier> {
        starting(&self.after, chars, start)
    }

    /// The kind that a comparator cell states (四川 forms: ≥ ≤ = 定性); `None` when it is no comparator.
    pub fn comparator(&self, cell: &str) -> Option<ValueKind> {
        let text = bare(cell);
        if self.qualitative.is(&text) {
            return Some(ValueKind::Qualitative);
        }
        let chars: Vec<char> = text.chars().collect();
        self.before.iter().find(|q| q.chars == chars).map(|q| q.kind)
    }
}

fn ending<'a>(list: &'a [Qualifier], head: &[char]) -> Option<&'a Qualifier> {
    list.iter().find(|q| {
        head.strip_suffix(&q.chars[..])
            .is_some_and(|rest| rest.last().is_none_or(|c| !q.not_after.contains(c)))
    })
}

fn starting<'a>(list: &'a [Qualifier], chars: &[char], start: usize) -> Option<&'a Qualifier> {
    let tail = &chars[start.min(chars.len())..];
    list.iter().find(|q| {
        tail.strip_prefix(&q.chars[..])
            .is_some_and(|rest| rest.first().is_none_or(|c| !q.not_before.contains(c)))
    })
}

fn qualifiers(
    table: &BTreeMap<ValueKind, Vec<String>>,
    not_after: &BTreeMap<String, String>,
    not_before: &BTreeMap<String, String>,
) -> Vec<Qualifier> {
    let guard =
        |words: &BTreeMap<String, String>, word: &str| words.get(word).map_or_else(Vec::new, |g| g.chars().collect());
    let mut list: Vec<Qualifier> = Vec::new();
    for (kind, words) in table {
        list.extend(words.iter().map(|word| Qualifier {
            chars: bare(word).chars().collect(),
            kind: *kind,
            not_after: guard(not_after, word),
            not_before: guard(not_before, word),
        }));
    }
    // Of a word under two kinds the one that says more than “exactly” counts.
    list.sort_by(|a, b| {
        b.chars
            .len()
            .cmp(&a.chars.len())
            .then_with(|| rank(a.kind).cmp(&rank(b.kind)))
    });
    list
}

fn rank(kind: ValueKind) -> u8 {
    u8::from(kind == ValueKind::Exact)
}
