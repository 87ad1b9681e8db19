//! Which cells the facts of a record name.

use super::super::indicator::VALUE_UNREAD;
use crate::model::{Amount, Fate, Report, Source};
use std::collections::{HashMap, HashSet};

/// What a fact makes of a cell; of several the last in this order counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    /// Its name stands there.
    Name,
    /// Its figure stands there and could not be read.
    Unread,
    /// A figure under a heading that no measure names.
    Other,
    /// Its figure.
    Value,
}

/// Cells that facts name, by table.
#[derive(Default)]
pub struct Facts<'r> {
    tables: HashMap<&'r str, HashMap<(usize, usize), Taken>>,
}

impl<'r> Facts<'r> {
    /// The cells that a record's facts name.
    pub fn of(report: &'r Report) -> Self {
        let mut facts = Facts::default();
        for project in &report.projects {
            facts.put(&project.source, Taken::Value);
        }
        for line in &report.budgets {
            facts.put(&line.source, Taken::Name);
            let read = |read: bool, taken: Taken| if read { taken } else { Taken::Unread };
            for Amount { value, source, .. } in line.amounts.values() {
                facts.put(source, read(value.is_some(), Taken::Value));
            }
            for other in &line.others {
                facts.put(&other.source, read(other.value.is_some(), Taken::Other));
            }
        }
        let place = |source: &'r Source| (source.table.as_deref(), source.row, source.col);
        let unread: HashSet<_> = report
            .warnings
            .iter()
            .filter(|w| w.code == VALUE_UNREAD)
            .map(|w| place(&w.source))
            .collect();
        for indicator in &report.indicators {
            facts.put(&indicator.source, Taken::Name);
            let values = [
                &indicator.target,
                &indicator.actual,
                &indicator.interim,
                &indicator.forecast,
            ];
            for value in values.into_iter().flatten() {
                let read = value
                    .source
                    .as_ref()
                    .is_some_and(|source| !unread.contains(&place(source)));
                facts.maybe(value.source.as_ref(), read);
            }
            facts.maybe(indicator.weight_source.as_ref(), indicator.weight.is_some());
            facts.maybe(indicator.score_source.as_ref(), indicator.score.is_some());
            facts.maybe(
                indicator.level1_weight_source.as_ref(),
                indicator.level1_weight.is_some(),
            );
        }
        for score in &report.scores {
            facts.put(&score.source, Taken::Value);
            facts.maybe(score.full_source.as_ref(), score.full.is_some());
        }
        facts
    }

    fn maybe(&mut self, source: Option<&'r Source>, read: bool) {
        if let Some(source) = source {
            self.put(source, if read { Taken::Value } else { Taken::Unread });
        }
    }

    fn put(&mut self, source: &'r Source, taken: Taken) {
        if let (Some(table), Some(row), Some(col)) = (&source.table, source.row, source.col) {
            let cells = self.tables.entry(table.as_str()).or_default();
            let known = cells.entry((row, col)).or_insert(taken);
            *known = (*known).max(taken);
        }
    }

    /// The fate that the facts give to a cell; `None` where no fact names it.
    ///
    /// A name is a name only where it holds words: of a figure alone in its place the facts say nothing.
    pub fn fate(&self, table: &str, place: (usize, usize), words: bool) -> Option<Fate> {
        match self.tables.get(table)?.get(&place)? {
            Taken::Value => Some(Fate::Placed),
            Taken::Other => Some(Fate::Other),
            Taken::Name => words.then_some(Fate::Label),
            Taken::Unread => Some(Fate::Unread),
        }
    }
}
