//! The rows of a budget table, with its sums, and their facts.

use super::super::facts::{Fact, plain};
use super::super::sheet::{Cell, Column, Kind, Role, Sheet};
use super::budget::{Budget, Fen, Line, Subtotals};
use super::{Draft, Part, decimal, money, share};
use heshu::model::Measure::{
    self, Actual, AdjustedBudget, Allocated, Budget as Plain, Change, FinalAccounts, InitialBudget, PriorYear,
};

impl Budget {
    /// Rows from top to bottom: group, name, kind, figures.
    fn rows(&self) -> Vec<(usize, String, Kind, Vec<Option<Fen>>)> {
        let sum = |lines: &mut dyn Iterator<Item = &Line>| {
            let mut sums = vec![0; self.columns.len()];
            for line in lines.filter(|l| !l.of_which) {
                sums.iter_mut()
                    .zip(&line.values)
                    .for_each(|(s, v)| *s += v.unwrap_or(0));
            }
            sums.into_iter().map(Some).collect::<Vec<_>>()
        };
        let mut rows = Vec::new();
        for (g, group) in self.groups.iter().enumerate() {
            let of_group = sum(&mut group.lines.iter());
            if self.subtotals == Subtotals::Above {
                rows.push((g, group.name.clone(), Kind::Subtotal, of_group.clone()));
            }
            for line in &group.lines {
                let kind = if line.of_which { Kind::OfWhich } else { Kind::Item };
                rows.push((g, line.name.clone(), kind, line.values.clone()));
            }
            if self.subtotals == Subtotals::Below {
                rows.push((g, "小计".to_owned(), Kind::Subtotal, of_group));
            }
        }
        if let Some((word, first)) = &self.total {
            let all = sum(&mut self.groups.iter().flat_map(|g| &g.lines));
            let row = (self.groups.len(), word.clone(), Kind::Total, all);
            if *first { rows.insert(0, row) } else { rows.push(row) }
        }
        rows
    }

    pub fn draft(&self, wan: bool) -> Draft {
        let rows = self.rows();
        let mut facts = Vec::new();
        let mut columns = Vec::new();
        if let Some(heading) = &self.levels {
            let mut column = Column::new(Role::Level, heading, Vec::new());
            for (index, (group, ..)) in rows.iter().enumerate() {
                let name = self.groups.get(*group).map_or("", |g| g.name.as_str());
                let with_above = index > 0 && rows[index - 1].0 == *group && !name.is_empty();
                let text = if with_above { String::new() } else { name.to_owned() };
                column.cells.push(Cell { text, with_above });
            }
            columns.push(column);
        }
        columns.push(Column::new(
            Role::Name,
            &self.names,
            rows.iter().map(|r| r.1.clone()).collect(),
        ));
        for (c, (measure, heading)) in self.columns.iter().enumerate() {
            let texts: Vec<String> = rows
                .iter()
                .map(|r| r.3[c].map_or(String::new(), |v| money(v, wan, self.decimals, self.trim)))
                .collect();
            for (row, text) in rows.iter().zip(&texts) {
                if let Some(fen) = row.3[c] {
                    let unit_scale = if wan { 6 } else { 2 };
                    facts.push(Fact {
                        name: plain(&row.1),
                        what: measure.name().to_owned(),
                        value: decimal(fen, unit_scale, true),
                        yuan: Some(decimal(fen, 2, true)),
                        raw: text.clone(),
                    });
                }
            }
            columns.push(Column::new(Role::Money, heading, texts));
        }
        if let Some(heading) = &self.rate {
            let find = |wanted: &[Measure]| {
                wanted
                    .iter()
                    .find_map(|w| self.columns.iter().position(|(m, _)| m == w))
            };
            let change = find(&[Change]);
            let what = if change.is_some() {
                "change_rate"
            } else {
                "execution_rate"
            };
            let part = change.or(find(&[Actual, FinalAccounts])).unwrap_or(0);
            let whole = change.and(find(&[PriorYear]));
            let whole = whole
                .or(find(&[AdjustedBudget, Plain, InitialBudget, Allocated]))
                .unwrap_or(0);
            let mut texts = Vec::new();
            for row in &rows {
                let (a, b) = (row.3[whole].unwrap_or(1).max(1), row.3[part].unwrap_or(0));
                let share = share(b, a);
                let text = decimal(share, 2, false);
                facts.push(Fact {
                    name: plain(&row.1),
                    what: what.to_owned(),
                    value: decimal(share, 2, true),
                    yuan: None,
                    raw: text.clone(),
                });
                texts.push(text + "%");
            }
            columns.push(Column::new(Role::Rate, heading, texts));
        }
        let mut before = vec![self.title.clone()];
        before.retain(|t| !t.is_empty());
        let unit = if wan { "万元" } else { "元" };
        before.push(format!("单位：{unit}"));
        Draft {
            before,
            parts: vec![Part::Sheet(Sheet {
                columns,
                kinds: rows.iter().map(|r| r.2).collect(),
                wide_total: self.wide_total,
                ..Sheet::default()
            })],
            names: rows.iter().map(|r| plain(&r.1)).collect(),
            facts,
            ..Draft::default()
        }
    }
}
