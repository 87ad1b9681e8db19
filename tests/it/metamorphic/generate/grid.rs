//! Grids of indicators, with targets and actuals or with points only.

use super::super::facts::{Fact, plain};
use super::super::sheet::{Cell, Column, Kind, Role, Sheet, SideFrom};
use super::indicator_words::{EVALUATED, INDICATORS};
use super::{Draft, Part, chance, decimal, some};
use crate::mutate::Random;

/// Points are counted in hundredths.
#[derive(Clone, Debug)]
pub struct Indicators {
    pub title: String,
    /// Headings of the levels above the names, outermost first.
    levels: Vec<String>,
    /// The points of each level stand beside it: their weights or their scores.
    level_points: Option<(bool, String)>,
    name: String,
    targets: Option<(String, String)>,
    weight: Option<String>,
    score: Option<String>,
    /// A column of words after the points, or of the standard before them.
    reason: Option<String>,
    standard: Option<String>,
    rows: Vec<Row>,
    pub total: Option<String>,
    wide_total: bool,
    pub side: Option<String>,
    trim: bool,
}

#[derive(Clone, Debug)]
struct Row {
    levels: [String; 2],
    name: String,
    target: String,
    actual: String,
    standard: String,
    reason: String,
    weight: i64,
    score: i64,
}

impl Indicators {
    pub fn new(random: &mut Random, targets: bool, full: i64) -> Self {
        let count = 4 + random.below(8);
        // Lists keep the order of the levels.
        let chosen = |random: &mut Random, of: usize| {
            let mut at = some(random, &(0..of).collect::<Vec<_>>(), count);
            at.sort_unstable();
            at
        };
        let mut weights = weights(random, count, full * 100);
        let numbered = targets && chance(random, 20);
        let mut rows: Vec<Row> = Vec::new();
        if targets {
            let mut entries: Vec<_> = chosen(random, INDICATORS.len())
                .into_iter()
                .map(|i| INDICATORS[i])
                .collect();
            // Stable: within a level they stay as they were chosen.
            let order = |level: &str| INDICATORS.iter().position(|e| e.1 == level);
            entries.sort_by_key(|e| order(e.1));
            for (level1, level2, name, target, reached, missed) in entries {
                let weight = weights.pop().unwrap_or(100);
                let short = chance(random, 20);
                let score = if short {
                    weight * (50 + random.below(45) as i64) / 100 / 10 * 10
                } else {
                    weight
                };
                let number = rows.iter().filter(|r| r.levels[1] == level2).count() + 1;
                let reason = if short {
                    *random.pick(&["受疫情影响，进度滞后", "前期准备不充分", "资金下达较晚，下一步加快进度"])
                } else {
                    ""
                };
                rows.push(Row {
                    levels: [level1.to_owned(), level2.to_owned()],
                    name: if numbered {
                        format!("指标{number}：{name}")
                    } else {
                        name.to_owned()
                    },
                    target: target.to_owned(),
                    actual: if short { missed } else { reached }.to_owned(),
                    standard: String::new(),
                    reason: reason.to_owned(),
                    weight,
                    score,
                });
            }
        } else {
            for (level1, level2, name, standard) in chosen(random, EVALUATED.len()).into_iter().map(|i| EVALUATED[i]) {
                let weight = weights.pop().unwrap_or(100);
                let short = chance(random, 30);
                let score = if short {
                    weight * (50 + random.below(45) as i64) / 100 / 10 * 10
                } else {
                    weight
                };
                let reason = if short {
                    *random.pick(&["部分资料不完整", "未按期完成", "制度未更新"])
                } else {
                    ""
                };
                rows.push(Row {
                    levels: [level1.to_owned(), level2.to_owned()],
                    name: name.to_owned(),
                    target: String::new(),
                    actual: String::new(),
                    standard: standard.to_owned(),
                    reason: reason.to_owned(),
                    weight,
                    score,
                });
            }
        }
        let depth = *random.pick(&[2, 2, 2, 1, 0]);
        let headings = [["一级指标", "二级指标"], ["一级指标", "二级指标"]];
        let levels: Vec<String> = random.pick(&headings)[..depth]
            .iter()
            .map(|h| (*h).to_owned())
            .collect();
        let name = match depth {
            2 => "三级指标",
            _ => *random.pick(&["三级指标", "指标名称", "绩效指标"]),
        };
        let pointless = targets && full == 100 && chance(random, 12);
        let pair = [
            ("年度指标值", "实际完成值"),
            ("年度指标值", "全年完成值"),
            ("目标值", "实际值"),
            ("年初目标值", "实际完成值"),
            ("指标值", "完成值"),
        ];
        let pair = *random.pick(&pair);
        let level_points = (depth == 2 && !pointless && chance(random, if targets { 25 } else { 35 })).then(|| {
            if chance(random, 50) {
                (true, "得分".to_owned())
            } else {
                (false, random.pick(&["分值", "权重"]).to_string())
            }
        });
        let plain_weight = if level_points.as_ref().is_some_and(|(scores, _)| *scores) {
            *random.pick(&["标准分", "分值"])
        } else {
            level_points
                .as_ref()
                .map_or(*random.pick(&["分值", "分值", "权重", "标准分"]), |(_, h)| {
                    if h == "权重" { "权重" } else { "分值" }
                })
        };
        Indicators {
            title: format!(
                "{}年度{}",
                2019 + random.below(6),
                if targets {
                    *random.pick(&["项目支出绩效自评表", "绩效目标完成情况表", "部门整体支出绩效自评表"])
                } else {
                    *random.pick(&["项目绩效评价评分表", "项目支出绩效评价指标体系评分表"])
                }
            ),
            levels,
            level_points,
            name: name.to_owned(),
            targets: targets.then(|| (pair.0.to_owned(), pair.1.to_owned())),
            weight: (!pointless).then(|| plain_weight.to_owned()),
            score: (!pointless).then(|| random.pick(&["得分", "得分", "自评得分"]).to_string()),
            reason: chance(random, 70).then(|| {
                if targets {
                    *random.pick(&["偏差原因分析及改进措施", "未完成原因分析", "备注"])
                } else {
                    *random.pick(&["扣分原因", "备注"])
                }
                .to_owned()
            }),
            standard: (!targets && chance(random, 50)).then(|| random.pick(&["评分标准", "评分细则"]).to_string()),
            rows,
            total: (!pointless && chance(random, 75))
                .then(|| random.pick(&["总分", "总分", "合计", "总计"]).to_string()),
            wide_total: chance(random, 60),
            side: chance(random, 20).then(|| "绩效指标".to_owned()),
            trim: chance(random, 60),
        }
    }

    pub fn smaller(&self) -> Vec<Indicators> {
        let mut out = Vec::new();
        let mut less = |change: &dyn Fn(&mut Indicators)| {
            let mut less = self.clone();
            change(&mut less);
            out.push(less);
        };
        for row in 0..self.rows.len() {
            if self.rows.len() > 1 {
                less(&|g| {
                    // The others get its points: their sum stays full.
                    let gone = g.rows.remove(row);
                    let heir = row.saturating_sub(1);
                    let reached = g.rows[heir].score == g.rows[heir].weight;
                    g.rows[heir].weight += gone.weight;
                    g.rows[heir].score += if reached { gone.weight } else { gone.score };
                });
            }
        }
        if self.reason.is_some() {
            less(&|g| g.reason = None);
        }
        if self.standard.is_some() {
            less(&|g| g.standard = None);
        }
        if self.level_points.is_some() {
            less(&|g| g.level_points = None);
        } else if !self.levels.is_empty() {
            less(&|g| _ = g.levels.pop());
        }
        if self.total.is_some() {
            less(&|g| g.total = None);
        }
        if self.side.is_some() {
            less(&|g| g.side = None);
        }
        out
    }

    /// The grid's part of a document, with what the total counts besides it.
    pub fn part(&self, besides: (i64, i64), facts: &mut Vec<Fact>) -> Sheet {
        let points = |v: i64| decimal(v, 2, self.trim || v % 100 == 0);
        let total = usize::from(self.total.is_some());
        let mut columns: Vec<Column> = Vec::new();
        let column = |role: Role, heading: &str, of: &dyn Fn(&Row) -> String, last: &str| {
            let mut texts: Vec<String> = self.rows.iter().map(of).collect();
            texts.extend(vec![last.to_owned(); total]);
            Column::new(role, heading, texts)
        };
        for (level, heading) in self.levels.iter().enumerate() {
            let same = |a: &Row, b: &Row| a.levels[..=level] == b.levels[..=level];
            let begins = |r: usize| r == 0 || !same(&self.rows[r], &self.rows[r - 1]);
            let merged = |of: &dyn Fn(&Row) -> String, role: Role, heading: &str| {
                let mut column = Column::new(role, heading, Vec::new());
                for (r, row) in self.rows.iter().enumerate() {
                    let text = if begins(r) { of(row) } else { String::new() };
                    column.cells.push(Cell {
                        text,
                        with_above: !begins(r),
                    });
                }
                column.cells.extend(vec![Cell::default(); total]);
                column
            };
            columns.push(merged(&|row| row.levels[level].clone(), Role::Level, heading));
            if let Some((scores, heading)) = &self.level_points {
                let sum = |of: &Row| {
                    let rows = self.rows.iter().filter(|r| same(r, of));
                    rows.map(|r| if *scores { r.score } else { r.weight }).sum::<i64>()
                };
                columns.push(merged(&|row| points(sum(row)), Role::Points, heading));
            }
        }
        columns.push(column(
            Role::Name,
            &self.name,
            &|r| r.name.clone(),
            self.total.as_deref().unwrap_or(""),
        ));
        if let Some((target, actual)) = &self.targets {
            columns.push(column(Role::Text, target, &|r| r.target.clone(), ""));
            columns.push(column(Role::Text, actual, &|r| r.actual.clone(), ""));
        }
        if let Some(standard) = &self.standard {
            columns.push(column(Role::Neutral, standard, &|r| r.standard.clone(), ""));
        }
        let weights: i64 = self.rows.iter().map(|r| r.weight).sum::<i64>() + besides.0;
        let scores: i64 = self.rows.iter().map(|r| r.score).sum::<i64>() + besides.1;
        if let Some(weight) = &self.weight {
            columns.push(column(Role::Points, weight, &|r| points(r.weight), &points(weights)));
        }
        if let Some(score) = &self.score {
            columns.push(column(Role::Points, score, &|r| points(r.score), &points(scores)));
        }
        if let Some(reason) = &self.reason {
            columns.push(column(Role::Neutral, reason, &|r| r.reason.clone(), ""));
        }
        for row in &self.rows {
            let mut put = |what: &str, value: String, raw: &str| {
                let (name, what) = (plain_indicator(&row.name), what.to_owned());
                facts.push(Fact {
                    name,
                    what,
                    value,
                    yuan: None,
                    raw: raw.to_owned(),
                });
            };
            if self.targets.is_some() {
                put("target", heshu::pattern::headers::fold(&row.target), &row.target);
                put("actual_value", heshu::pattern::headers::fold(&row.actual), &row.actual);
            }
            for (column, what, value) in [(&self.weight, "weight", row.weight), (&self.score, "score", row.score)] {
                if column.is_some() {
                    put(what, decimal(value, 2, true), &points(value));
                }
            }
        }
        if self.total.is_some() && self.score.is_some() {
            let (name, what) = ("总分".to_owned(), "total".to_owned());
            facts.push(Fact {
                name,
                what,
                value: decimal(scores, 2, true),
                yuan: None,
                raw: points(scores),
            });
        }
        let mut kinds = vec![Kind::Item; self.rows.len()];
        kinds.extend(vec![Kind::Total; total]);
        Sheet {
            columns,
            kinds,
            fixed: self.level_points.is_some(),
            wide_total: self.wide_total,
            side: self.side.clone().map(|s| (s, SideFrom::Header)),
            ..Sheet::default()
        }
    }

    /// Names of the indicators, and the points of levels and total.
    pub fn names(&self) -> Vec<String> {
        self.rows.iter().map(|r| plain_indicator(&r.name)).collect()
    }

    pub fn points(&self) -> Vec<String> {
        let mut all = Vec::new();
        for level in 0..2 {
            for row in &self.rows {
                let same = self.rows.iter().filter(|r| r.levels[..=level] == row.levels[..=level]);
                let (weight, score) = same.fold((0, 0), |(w, s), r| (w + r.weight, s + r.score));
                all.extend([decimal(weight, 2, true), decimal(score, 2, true)]);
            }
        }
        all
    }

    pub fn draft(&self) -> Draft {
        let mut facts = Vec::new();
        let sheet = self.part((0, 0), &mut facts);
        Draft {
            before: vec![self.title.clone()],
            parts: vec![Part::Sheet(sheet)],
            facts,
            names: self.names(),
            points: self.points(),
            ..Draft::default()
        }
    }
}

/// 指标1： is no part of a name.
fn plain_indicator(name: &str) -> String {
    let name = plain(name);
    match name.strip_prefix("指标").and_then(|n| n.split_once(':')) {
        Some((number, rest)) if number.parse::<u32>().is_ok() => rest.to_owned(),
        _ => name,
    }
}

/// Weights in hundredths that add up to the full points: whole or half ones.
fn weights(random: &mut Random, count: usize, full: i64) -> Vec<i64> {
    let step = *random.pick(&[100, 100, 50]);
    let mut left = full / step;
    let mut out = Vec::new();
    for index in 0..count as i64 {
        let others = count as i64 - index - 1;
        let mean = left / (others + 1);
        let own = if others == 0 {
            left
        } else {
            (mean - 1 + random.below(3) as i64).clamp(1, left - others)
        };
        left -= own;
        out.push(own * step);
    }
    out
}
