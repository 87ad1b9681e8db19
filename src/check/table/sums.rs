//! TBL-01 and TBL-02: totals and subtotals.

use super::beside::{is_a_mean, runs_on};
use super::column::{Column, ColumnKey};
use super::evidence::{
    Examined, any_holds, column_holds, holds_nowhere, is_excerpt, look, one_figure_explains, others_hold, pairs,
    parts_may_stand_unmarked, proven,
};
use super::hierarchy::{Group, Reading, readings};
use super::lines::Sequence;
use super::{TBL_01, TBL_02};
use crate::check::catalogue::Rule;
use crate::check::figure::Figure;
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, RowRole, Severity, Source};

/// Examines the totals of one sequence under the reading that holds best.
pub fn examine(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let candidates = readings(sequence);
    let sums = |i: &usize| matches!(sequence.lines[*i].role, RowRole::Total | RowRole::Subtotal);
    let summing = (0..sequence.lines.len()).filter(sums).count();
    let mut best: Option<(usize, usize, usize, &Reading)> = None;
    for reading in &candidates {
        let (mut holds, mut fails) = (0usize, 0usize);
        for (group, column) in pairs(sequence, reading) {
            if let Examined::Compared { outcome, total, .. } = look(group, column) {
                match outcome.status {
                    CheckStatus::Fail => fails += 1,
                    _ if total.value.is_zero() => {}
                    _ => holds += 1,
                }
            }
        }
        if reading.inferred && fails > 0 {
            continue;
        }
        // A total that the reading leaves without parts is as bad as one that does not hold.
        let explained = reading.groups.iter().filter(|g| sums(&g.parent)).count();
        let open = fails + summing.saturating_sub(explained);
        // A larger share that holds wins; of equals the one that one wrong figure explains, then the one that explains
        // more totals, then the more natural one.
        let by_one = sequence
            .columns
            .iter()
            .filter(|c| one_figure_explains(reading, c))
            .count();
        let rank = by_one * candidates.len().max(8) + explained;
        let better = best.is_none_or(|(h, o, r, _)| {
            let (ours, theirs) = (holds * (h + o).max(1), h * (holds + open).max(1));
            ours > theirs || (ours == theirs && rank > r && open > 0)
        });
        if better {
            best = Some((holds, open, rank, reading));
        }
    }
    let Some((.., reading)) = best else {
        return;
    };
    let (mut holds, mut fails) = (0usize, 0usize);
    for (group, column) in pairs(sequence, reading) {
        if let Examined::Compared {
            outcome, total, items, ..
        } = look(group, column)
        {
            // An excerpt says nothing of the other sums.
            let failed = outcome.status == CheckStatus::Fail;
            fails += usize::from(failed && !is_excerpt(sequence, reading, group, &total, &items));
            holds += usize::from(!failed && !total.value.is_zero());
        }
    }
    let clear = if parts_may_stand_unmarked(sequence) {
        fails == 0 || holds > fails
    } else {
        fails == 0 || holds >= fails || reading.plain
    };
    let blanks_are_nought = proven(sequence, reading);
    let explained: Vec<bool> = sequence
        .columns
        .iter()
        .map(|c| one_figure_explains(reading, c))
        .collect();
    for (group, column) in pairs(sequence, reading) {
        let place = sequence.columns.iter().position(|c| std::ptr::eq(c, column));
        let clear = clear || place.is_some_and(|p| explained[p]);
        let belief = Belief {
            sequence,
            reading,
            column,
            clear,
            blanks_are_nought,
        };
        belief.enter(group, ledger);
    }
}

/// How far a reading is to be believed in a column.
struct Belief<'s, 'a> {
    sequence: &'s Sequence<'a>,
    reading: &'s Reading,
    column: &'s Column<'a>,
    /// Whether it is clear enough for a verdict.
    clear: bool,
    /// Whether some sum of the table holds only with blanks as noughts.
    blanks_are_nought: bool,
}

/// Why a difference is no contradiction, if it is none.
enum Doubt {
    None,
    Levels,
    Mean,
    Excerpt,
    Blank,
}

impl Belief<'_, '_> {
    /// The unit of a sum: in a table with rows of counts that of the total.
    fn unit(&self, group: &Group) -> Option<&str> {
        let column = self.column;
        let own = column.cells[group.parent].and_then(|c| c.unit);
        own.filter(|_| column.mixed).or(column.unit)
    }

    /// How messages name the line. How the table was read stands outside the quotation: inside it would be a name that the
    /// report does not hold.
    fn label(&self, group: &Group) -> String {
        let parent = self.sequence.lines[group.parent];
        match group.total {
            true => format!("“{}”行", parent.name),
            false => format!("“{}”行（{}）", parent.name, self.reading.name),
        }
    }

    /// Whether every part has a figure in the column or in another one: a blank beside figures is no line that was not read.
    fn told_beside(&self, group: &Group) -> bool {
        let beside = |i: &usize| {
            let mut others = self.sequence.columns.iter().filter(|c| c.adds_up());
            self.column.figure(*i).is_some() || others.any(|c| c.figure(*i).is_some())
        };
        group.children.iter().all(beside)
    }

    fn doubt(&self, group: &Group, total: &Figure<'_>, items: &[Figure<'_>], unproven: bool) -> Doubt {
        let (sequence, reading, column) = (self.sequence, self.reading, self.column);
        let mean =
            || is_a_mean(sequence, column, &group.children, total, items) && others_hold(sequence, group, column);
        if !self.clear || holds_nowhere(sequence, reading, group) {
            Doubt::Levels
        } else if mean() || runs_on(column, total, items) {
            Doubt::Mean
        } else if is_excerpt(sequence, reading, group, total, items) {
            Doubt::Excerpt
        } else if unproven {
            Doubt::Blank
        } else {
            Doubt::None
        }
    }

    /// A sum of which something could not be read.
    fn enter_unknown(&self, group: &Group, total: Option<Figure<'_>>, sources: Vec<&Source>, ledger: &mut Ledger<'_>) {
        let message = format!(
            "{}{}“{}”列：{}，无法核对",
            self.sequence.title(),
            self.label(group),
            self.column.header,
            if self.column.mixed {
                "各行单位不同"
            } else {
                "有数未能读出"
            }
        );
        let mut entry = Entry::new(rule_of(group), CheckStatus::Insufficient)
            .message(message)
            .unit(self.unit(group));
        if let Some(total) = total {
            entry = entry.stated(total.value);
        }
        ledger.add(entry.operands(sources));
    }

    /// What a group says in the column.
    fn enter(&self, group: &Group, ledger: &mut Ledger<'_>) {
        let (total, items, outcome, blank, weak) = match look(group, self.column) {
            Examined::Empty => return,
            Examined::Unknown { total, sources } => return self.enter_unknown(group, total, sources, ledger),
            Examined::Compared {
                total,
                items,
                outcome,
                blank,
                weak,
            } => (total, items, outcome, blank, weak),
        };
        let unproven = blank && !self.blanks_are_nought && outcome.difference.is_sign_positive();
        let doubtful = unproven && self.told_beside(group);
        let doubt = match outcome.status {
            CheckStatus::Fail => self.doubt(group, &total, &items, unproven && !doubtful),
            _ => Doubt::None,
        };
        let unit = self.unit(group).unwrap_or("");
        let apart = outcome.difference.abs();
        let (status, reason) = match doubt {
            Doubt::None => {
                let words = verdict(outcome.status, outcome.difference, outcome.tolerance, unit);
                (outcome.status, words)
            }
            Doubt::Levels => (
                CheckStatus::Insufficient,
                format!("相差{apart}{unit}，但表的层级不能确定，无法核对"),
            ),
            Doubt::Mean => (
                CheckStatus::Insufficient,
                "不等于各行之和，但可能是平均数或累计数，无法核对".to_owned(),
            ),
            Doubt::Excerpt => (
                CheckStatus::Insufficient,
                format!("相差{apart}{unit}，但所列各行之和不到其一半，表中可能只列了一部分，无法核对"),
            ),
            Doubt::Blank => (
                CheckStatus::Insufficient,
                format!("相差{apart}{unit}，但有空白格，不能断定其为零，无法核对"),
            ),
        };
        let column = self.column;
        let message = format!(
            "{}：{}{}“{}”写{}{unit}，其下{}行（{}）之和{}{}{unit}，{reason}",
            self.sequence.title(),
            place(total.source),
            self.label(group),
            column.header,
            total.value,
            items.len(),
            rows_in_words(self.sequence, group, column),
            addition(&items),
            outcome.computed,
        );
        let mut entry = Entry::new(rule_of(group), status)
            .message(message)
            .numbers(total.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(self.unit(group))
            .operands([&total].into_iter().chain(&items).map(|f| f.source));
        // A heading that no measure names may stand for what does not add up, unless the table bears it out.
        let unproven_column = matches!(column.key, ColumnKey::Other(_))
            && !column_holds(self.reading, column)
            && !any_holds(self.sequence, self.reading);
        if weak || doubtful || unproven_column {
            entry = entry.severity(Severity::Warning);
        }
        ledger.add(entry);
    }
}

fn rule_of(group: &Group) -> &'static Rule {
    if group.total { &TBL_01 } else { &TBL_02 }
}

/// Most terms of an addition that a message writes out.
const MOST_TERMS: usize = 6;

/// 10+20+…等9项= for a short sum its terms, for a longer one the first of them.
fn addition(items: &[Figure<'_>]) -> String {
    let terms: Vec<String> = items.iter().take(MOST_TERMS).map(|i| i.value.to_string()).collect();
    let sum = terms.join("+").replace("+-", "-");
    match items.len() {
        0 | 1 => "为".to_owned(),
        n if n <= MOST_TERMS => format!("{sum}="),
        n => format!("{sum}+…（共{n}项）="),
    }
}

/// 第2至11行, or the single rows: those that have a figure in the column.
fn rows_in_words(sequence: &Sequence<'_>, group: &Group, column: &Column<'_>) -> String {
    let counted = group.children.iter().filter(|i| column.figure(**i).is_some());
    let rows: Vec<usize> = counted.map(|i| sequence.lines[*i].row + 1).collect();
    match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if rows.len() > 1 && rows.windows(2).all(|w| w[1] == w[0] + 1) => {
            format!("第{first}至{last}行")
        }
        (Some(_), Some(_)) if rows.len() <= 8 => {
            let words: Vec<String> = rows.iter().map(ToString::to_string).collect();
            format!("第{}行", words.join("、"))
        }
        (Some(first), Some(last)) => format!("第{first}行起至第{last}行"),
        _ => String::new(),
    }
}
