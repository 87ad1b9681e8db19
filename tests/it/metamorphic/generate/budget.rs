//! Budget tables: names, one to five columns of money, groups, 其中, a total that holds.

use super::super::words::{FUNCTIONS, GROUPS, OFFICES, PROJECTS, REGIONS};
use super::{chance, some};
use crate::mutate::Random;
use heshu::model::Measure;

/// Money is counted in 分, so that both units are exact.
pub type Fen = i64;

#[derive(Clone, Debug)]
pub struct Budget {
    pub title: String,
    pub wan: bool,
    /// Decimals in 万元.
    pub decimals: usize,
    /// Zeros at the end of a figure are left out.
    pub trim: bool,
    pub names: String,
    pub columns: Vec<(Measure, String)>,
    pub rate: Option<String>,
    /// Heading of a column of groups, merged downwards.
    pub levels: Option<String>,
    pub groups: Vec<Group>,
    pub subtotals: Subtotals,
    /// The total's word, and whether it stands first.
    pub total: Option<(String, bool)>,
    pub wide_total: bool,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub of_which: bool,
    /// One a column; no figure where the cell is blank.
    pub values: Vec<Option<Fen>>,
}

/// Where the sum of a group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subtotals {
    None,
    /// 小计 below the group's lines.
    Below,
    /// The group's own name above them.
    Above,
}

use Measure::{
    Actual, AdjustedBudget, Allocated, Balance, Budget as Plain, Change, FinalAccounts, InitialBudget, PriorYear,
};

/// Measures that stand side by side, and the plain words for each.
const SETS: [&[(Measure, &str)]; 16] = [
    &[(Plain, "预算金额")],
    &[(Allocated, "下达金额")],
    &[(Plain, "预算数"), (Actual, "实际支出金额")],
    &[(AdjustedBudget, "全年预算数"), (Actual, "全年执行数")],
    &[(InitialBudget, "年初预算数"), (Actual, "执行数")],
    &[(InitialBudget, "年初预算数"), (FinalAccounts, "决算数")],
    &[
        (InitialBudget, "年初预算数"),
        (AdjustedBudget, "全年预算数"),
        (Actual, "全年执行数"),
    ],
    &[
        (InitialBudget, "年初预算数"),
        (AdjustedBudget, "调整预算数"),
        (FinalAccounts, "决算数"),
    ],
    &[(Plain, "预算安排数"), (Actual, "实际支出数"), (Balance, "结转结余")],
    &[(Allocated, "到位资金"), (Actual, "支出数"), (Balance, "结余资金")],
    &[
        (PriorYear, "上年决算数"),
        (InitialBudget, "年初预算数"),
        (FinalAccounts, "决算数"),
    ],
    &[(PriorYear, "上年决算数"), (Plain, "本年预算数")],
    &[(PriorYear, "上年执行数"), (Plain, "本年预算数"), (Change, "增减额")],
    &[
        (PriorYear, "上年决算数"),
        (FinalAccounts, "本年决算数"),
        (Change, "增减额"),
    ],
    &[
        (InitialBudget, "年初预算数"),
        (AdjustedBudget, "全年预算数"),
        (Allocated, "下达资金"),
        (Actual, "全年执行数"),
    ],
    &[
        (PriorYear, "上年执行数"),
        (InitialBudget, "年初预算数"),
        (AdjustedBudget, "调整后预算数"),
        (Allocated, "到位金额"),
        (Actual, "全年执行数"),
    ],
];

impl Budget {
    pub fn new(random: &mut Random) -> Self {
        let decimals = *random.pick(&[2, 2, 2, 0, 1, 4, 6]);
        let columns: Vec<(Measure, String)> = random.pick(&SETS).iter().map(|(m, h)| (*m, (*h).to_owned())).collect();
        let has = |wanted: &[Measure]| columns.iter().any(|(m, _)| wanted.contains(m));
        let spends = has(&[Actual, FinalAccounts]) && has(&[AdjustedBudget, Plain, InitialBudget, Allocated]);
        let rates: &[&str] = if has(&[Change]) {
            &["增减%", "增减幅度", "增减率"]
        } else {
            &["执行率", "预算执行率", "支出进度"]
        };
        let rated = (spends || has(&[Change])) && chance(random, 40);
        let rate = rated.then(|| random.pick(rates).to_string());
        let (names, pool): (&[&str], &[&str]) = match random.below(5) {
            0 => (&["县区", "地区", "市县", "县(市、区)", "区县"], &REGIONS),
            1 => (&["功能分类科目名称", "支出功能分类科目", "科目名称"], &FUNCTIONS),
            2 => (&["单位名称", "预算单位", "用款单位"], &OFFICES),
            _ => (
                &["项目名称", "项目", "支出项目", "资金名称", "专项名称", "子项目"],
                &PROJECTS,
            ),
        };
        let year = 2019 + random.below(6);
        let mut budget = Budget {
            title: if chance(random, 12) {
                String::new()
            } else {
                format!(
                    "{year}年度{}",
                    random.pick(&[
                        "资金安排及使用情况表",
                        "专项资金明细表",
                        "预算执行情况表",
                        "资金分配及支出情况表"
                    ])
                )
            },
            wan: chance(random, 70),
            decimals,
            trim: chance(random, 30),
            names: random.pick(names).to_string(),
            columns,
            rate,
            levels: None,
            groups: Vec::new(),
            subtotals: Subtotals::None,
            total: chance(random, 90).then(|| {
                (
                    random.pick(&["合计", "合计", "总计", "合  计"]).to_string(),
                    chance(random, 30),
                )
            }),
            wide_total: chance(random, 50),
        };
        let grouped = chance(random, 45) && pool.len() == PROJECTS.len();
        if grouped {
            budget.levels = chance(random, 70).then(|| random.pick(&["一级项目", "一级项目", "项目类别"]).to_string());
            budget.subtotals = match (&budget.levels, random.below(3)) {
                (Some(_), 0) => Subtotals::None,
                (Some(_), _) => Subtotals::Below,
                (None, _) => Subtotals::Above,
            };
        }
        let groups = if grouped { 2 + random.below(2) } else { 1 };
        let mut left = some(random, pool, 14);
        for name in some(random, &GROUPS, groups) {
            let count = if grouped {
                2 + random.below(3)
            } else {
                2 + random.below(7)
            };
            let names = left.split_off(left.len() - count.min(left.len() - 1));
            let lines = names.iter().map(|n| budget.line(random, n)).collect();
            budget.groups.push(Group {
                name: (*name).to_owned(),
                lines,
            });
        }
        budget.ordinals(random);
        // Part of the line above; the total tells that it is one.
        if budget.total.is_some() && chance(random, 25) {
            budget.of_which(random);
        }
        budget
    }

    fn line(&self, random: &mut Random, name: &str) -> Line {
        let step: Fen = 10_i64.pow(6 - self.decimals as u32);
        let size = *random.pick(&[30, 900, 900, 20_000]);
        let base = 1 + random.below(size * 10_usize.pow(self.decimals as u32)) as Fen;
        let of = |random: &mut Random, from: usize, to: usize, v: Fen| {
            (v * (from + random.below(to - from + 1)) as Fen / 100).max(1)
        };
        let mut before = base;
        let mut values: Vec<Option<Fen>> = Vec::new();
        for (index, (measure, _)) in self.columns.iter().enumerate() {
            let value = match measure {
                PriorYear => of(random, 60, 140, base),
                AdjustedBudget => of(random, 80, 150, base),
                Actual | FinalAccounts => of(random, 55, 100, before),
                Balance => before - values[index - 1].unwrap_or(0) / step,
                Change => (values[index - 1].unwrap_or(0) - values[index - 2].unwrap_or(0)) / step,
                Allocated => of(random, 90, 100, before),
                _ => base,
            };
            if !matches!(measure, PriorYear | Actual | FinalAccounts) {
                before = value;
            }
            values.push(Some(value * step));
        }
        // A blank is sure to be no figure only where no other cell follows from it.
        let free = self.rate.is_none() && !self.columns.iter().any(|(m, _)| matches!(m, Balance | Change));
        if free && self.columns.len() > 1 && chance(random, 12) {
            let at = random.below(values.len());
            values[at] = None;
        }
        Line {
            name: name.to_owned(),
            of_which: false,
            values,
        }
    }

    fn of_which(&mut self, random: &mut Random) {
        let group = random.below(self.groups.len());
        let lines = &mut self.groups[group].lines;
        let at = random.below(lines.len());
        let step: Fen = 10_i64.pow(6 - self.decimals as u32);
        let part = |v: Fen| (v / step * 2 / 5).max(Fen::from(v > 0)) * step;
        let mut values: Vec<Option<Fen>> = lines[at].values.iter().map(|v| v.map(part)).collect();
        if let Some(index) = self.columns.iter().position(|(m, _)| matches!(m, Balance | Change)) {
            let sign = if self.columns[index].0 == Balance { 1 } else { -1 };
            values[index] = values[index - 2].zip(values[index - 1]).map(|(a, b)| sign * (a - b));
        }
        let name = random
            .pick(&["其中：省级补助", "其中：中央资金", "其中：人员经费", "其中：设备购置"])
            .to_string();
        lines.insert(
            at + 1,
            Line {
                name,
                of_which: true,
                values,
            },
        );
    }

    /// Ordinals before names: of the groups where they stand as lines, and of the lines.
    fn ordinals(&mut self, random: &mut Random) {
        let chinese = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
        let above = self.subtotals == Subtotals::Above;
        let style = if above { 1 + random.below(2) } else { random.below(6) };
        for (g, group) in self.groups.iter_mut().enumerate() {
            if above {
                group.name = format!("{}、{}", chinese[g], group.name);
            }
            for (index, line) in group.lines.iter_mut().enumerate() {
                // “3.5G园区” would be another number.
                let mark = if line.name.starts_with(|c: char| c.is_ascii_digit()) {
                    "、"
                } else {
                    "."
                };
                line.name = match (style, above) {
                    (1, true) => format!("（{}）{}", chinese[index], line.name),
                    (2, _) => format!("{}{mark}{}", index + 1, line.name),
                    (1, false) if self.levels.is_none() => format!("{}、{}", chinese[index], line.name),
                    _ => line.name.clone(),
                };
            }
        }
    }

    pub fn smaller(&self) -> Vec<Budget> {
        let mut out = Vec::new();
        for g in 0..self.groups.len() {
            if self.groups.len() > 1 {
                let mut less = self.clone();
                less.groups.remove(g);
                out.push(less);
            }
            for l in 0..self.groups[g].lines.len() {
                let lines = &self.groups[g].lines;
                let whole = lines.get(l + 1).is_some_and(|n| n.of_which);
                if lines.len() > 1 && !whole {
                    let mut less = self.clone();
                    less.groups[g].lines.remove(l);
                    out.push(less);
                }
            }
        }
        for c in 0..self.columns.len() {
            // A balance needs its terms.
            let follows = |m: &Measure| matches!(m, Balance | Change);
            let balance = self.columns.iter().any(|(m, _)| follows(m)) && !follows(&self.columns[c].0);
            let spent = self.rate.is_some();
            if self.columns.len() > 1 && !balance && !spent {
                let mut less = self.clone();
                less.columns.remove(c);
                less.groups
                    .iter_mut()
                    .flat_map(|g| &mut g.lines)
                    .for_each(|l| _ = l.values.remove(c));
                out.push(less);
            }
        }
        let mut plain = |change: &dyn Fn(&mut Budget)| {
            let mut less = self.clone();
            change(&mut less);
            out.push(less);
        };
        if self.rate.is_some() {
            plain(&|b| b.rate = None);
        }
        if self.total.is_some() && !self.groups.iter().flat_map(|g| &g.lines).any(|l| l.of_which) {
            plain(&|b| b.total = None);
        }
        if self.levels.is_some() && self.groups.len() == 1 {
            plain(&|b| {
                b.levels = None;
                b.subtotals = Subtotals::None;
            });
        }
        out
    }
}
